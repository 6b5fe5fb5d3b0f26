"""Truth with a third value: True, False, and None for what is not known (Kleene)."""

from collections.abc import Iterable

__all__ = ["Truth", "all_of", "any_of", "not_"]

Truth = bool | None
"""True, False, or None where the facts do not say."""


def all_of(parts: Iterable[Truth]) -> Truth:
    """Tell whether all hold: one False settles it, else one unknown leaves it open.

    References
    ----------
    Kleene, S. C. (1952), Introduction to Metamathematics, section 64: the strong tables.

    Examples
    --------
    >>> all_of([True, None]), all_of([False, None]), all_of([])
    (None, False, True)
    """
    found: Truth = True
    for part in parts:
        if part is False:
            return False
        if part is None:
            found = None
    return found


def any_of(parts: Iterable[Truth]) -> Truth:
    """Tell whether one holds: one True settles it, else one unknown leaves it open.

    Examples
    --------
    >>> any_of([False, None]), any_of([True, None]), any_of([])
    (None, True, False)
    """
    found: Truth = False
    for part in parts:
        if part is True:
            return True
        if part is None:
            found = None
    return found


def not_(part: Truth) -> Truth:
    """Turn a truth around; the unknown stays unknown.

    Examples
    --------
    >>> not_(True), not_(None)
    (False, None)
    """
    return None if part is None else not part
