"""Trial cases of the manual: they are read, name their sources, and come out as the page says."""

import re
from pathlib import Path

import pytest

from narrows.simulate import score_card
from narrows.simulate.replay import bundled_replays, read_replay

DOCS = Path(__file__).parents[3] / "docs/replays"
FILES = sorted((DOCS / "trials").glob("*.yaml"))


def test_there_are_some_and_none_is_bundled():
    assert len(FILES) == 11
    assert not {path.stem for path in FILES} & set(bundled_replays())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_trial_case_names_its_sources(path):
    case = read_replay(path)
    assert case.name == path.stem
    cited = re.findall(r'src: (?:"([^"]*)"|([\w-]+))', path.read_text("utf-8"))
    used = {name.strip() for pair in cited for name in "".join(pair).split(";")}
    assert used <= set(case.sources)


@pytest.mark.slow
def test_the_page_is_what_comes_out():
    card = score_card(FILES, draws=200)
    text = (DOCS / "trial-cases.md").read_text("utf-8")
    found = re.search(r"<!-- card -->\n(.*)<!-- end -->", text, re.DOTALL)[1]
    assert found.strip() == card.to_markdown().strip()
