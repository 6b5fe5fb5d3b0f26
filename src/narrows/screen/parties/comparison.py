"""Two names compared, with score, evidence and reasons."""

from dataclasses import dataclass

from narrows.screen.parties.cleaning import other_names
from narrows.screen.parties.evidence import Evidence, evidence_of
from narrows.screen.parties.explaining import reasons
from narrows.screen.parties.names import read_name
from narrows.screen.parties.scoring import likeness
from narrows.terms import BadInput, Fault

__all__ = ["NameComparison", "compare_names"]

_PART = 0.97  # a name that is one of several an entry gives


@dataclass(frozen=True, slots=True)
class NameComparison:
    """How alike two names are, and why.

    Attributes
    ----------
    score
        From 0 to 1; 1 means that nothing told them apart, not that one party bears them.
    evidence
        How much the names tell; without a list the frequency of words is a guess from their
        length.
    reasons
        Sentences.
    first, second
        The two values compared.
    """

    score: float
    evidence: Evidence
    reasons: tuple[str, ...]
    first: str
    second: str


def compare_names(a: str, b: str, schema: str = "") -> NameComparison:
    """Compare two names.

    Parameters
    ----------
    a, b
        The names, in any script.
    schema
        What bears them: Person, Company, Organization, LegalEntity, Vessel; empty for unknown.

    Raises
    ------
    BadInput
        When a name is no text or has no letter and no digit.

    Examples
    --------
    >>> compare_names("Huawei Tech. Co", "华为技术有限公司", schema="Company").score > 0.95
    True
    >>> compare_names("Bashar al-Assad", "Hafez al-Assad", schema="Person").score < 0.7
    True
    """
    best: tuple[float, NameComparison] | None = None
    for first in _values(a, "a"):
        for second in _values(b, "b"):
            left, right = read_name(first, schema), read_name(second, schema)
            found = likeness(left, right)
            whole = first == a and second == b
            score = found.score if whole else found.score * _PART
            if best is None or score > best[0]:
                made = NameComparison(
                    score=round(score, 4),
                    evidence=evidence_of(left, found),
                    reasons=reasons(left, right, found),
                    first=first,
                    second=second,
                )
                best = (score, made)
    assert best is not None  # noqa: S101 - each name has at least one value
    return best[1]


def _values(text: str, argument: str) -> tuple[str, ...]:
    if not any(map(str.isalnum, text)):
        raise BadInput(Fault("compare_names", None, argument, repr(text), "a name with letters"))
    return tuple(dict.fromkeys((text, *other_names(text))))
