"""A small case with awkward names, its results, and what is made of them."""

import pytest

import tiny
from narrows import evidence
from narrows.brief import compose
from narrows.brief.wiring import results_of

AWKWARD = 'Chip <b>"#1"</b> $x_2* [@y] \\z & ~co'
SOURCE = 'Capacity #table(1) <script>alert("x")</script> 容量 & more'


@pytest.fixture(scope="session")
def case(tmp_path_factory):
    """A tiny case whose names hold every sign that some format reads as markup."""
    files = tiny.edit(
        "items", ("chip,Chip,process", f'chip,"{AWKWARD.replace(chr(34), chr(34) * 2)}",process')
    )
    files |= tiny.edit(
        "sources", ("s1,Agency,Capacity,", f's1,Agency,"{SOURCE.replace(chr(34), chr(34) * 2)}",')
    )
    return evidence.load(tiny.write(tmp_path_factory.mktemp("case") / "tiny", **files))


@pytest.fixture(scope="session")
def plain_case(tmp_path_factory):
    """The tiny case as it is."""
    return evidence.load(tiny.write(tmp_path_factory.mktemp("case") / "tiny"))


@pytest.fixture(scope="session")
def results(case):
    return results_of(case, draws=8)


@pytest.fixture(scope="session")
def plain_results(plain_case):
    return results_of(plain_case, draws=8)


@pytest.fixture(scope="session")
def document(case, results):
    return compose(case, results)


@pytest.fixture(scope="session")
def bundled():
    """The bundled cases with their results without draws, measured once."""
    known = {}

    def give(name, period=None):
        if (name, period) not in known:
            found = evidence.load(name)
            known[name, period] = (found, results_of(found, period=period, draws=0))
        return known[name, period]

    return give
