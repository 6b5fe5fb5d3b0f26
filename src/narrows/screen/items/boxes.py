"""Interval arithmetic on conditions: which items one list controls and another does not."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from narrows.screen.rules.conditions import All, Any_, Not
from narrows.screen.rules.leaves import Atom, Condition
from narrows.screen.rules.vocabulary import vocabulary

__all__ = ["Box", "Interval", "boxes", "difference", "words"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two ends; an open end is not in it.

    Examples
    --------
    >>> Interval(1.5, 2.4, low_open=True).words()
    'above 1.5 and at most 2.4'
    """

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        at_one_point = self.low == self.high and (self.low_open or self.high_open)
        return self.low > self.high or at_one_point

    def meet(self, other: "Interval") -> "Interval":
        """Give what is in both."""
        low = max((self.low, self.low_open), (other.low, other.low_open))
        high = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low[0], high[0], low[1], not high[1])

    def outside(self) -> tuple["Interval", ...]:
        """Give the numbers that are not in it."""
        parts = []
        if self.low > -math.inf:
            parts.append(Interval(high=self.low, high_open=not self.low_open))
        if self.high < math.inf:
            parts.append(Interval(low=self.high, low_open=not self.high_open))
        return tuple(parts)

    def words(self) -> str:
        """Say which numbers are in it."""
        if self.low == self.high:
            return f"exactly {self.low:g}"
        low = "" if self.low == -math.inf else f"{'above' if self.low_open else 'at least'} "
        high = "" if self.high == math.inf else f"{'below' if self.high_open else 'at most'} "
        parts = [f"{low}{self.low:g}" if low else "", f"{high}{self.high:g}" if high else ""]
        return " and ".join(filter(None, parts)) or "any"


Region = Interval | frozenset[object]
Box = Mapping[str, Region]
"""A region for each parameter; a parameter that is absent may be anything."""


def boxes(condition: Condition) -> list[Box]:
    """Give the items that meet a condition, as a union of boxes.

    Parameters
    ----------
    condition
        A condition on parameters of items alone, as control entries have it.
    """
    return [box for box in _boxes(condition, holds=True) if not _empty(box)]


def _boxes(condition: Condition, *, holds: bool) -> list[Box]:
    if isinstance(condition, Not):
        return _boxes(condition.part, holds=not holds)
    if isinstance(condition, All | Any_):
        parts = [_boxes(part, holds=holds) for part in condition.parts]
        if isinstance(condition, All) is holds:
            return _product(parts)
        return [box for part in parts for box in part]
    if not isinstance(condition, Atom):
        message = f"no condition on an item: {condition!r}"
        raise TypeError(message)
    region = _region(condition)
    if holds:
        return [{condition.name: region}]
    return [{condition.name: part} for part in _outside(condition.name, region)]


def _product(parts: Sequence[list[Box]]) -> list[Box]:
    out: list[Box] = [{}]
    for part in parts:
        met = [_meet(one, other) for one in out for other in part]
        out = [box for box in met if not _empty(box)]
    return out


def _region(atom: Atom) -> Region:
    value = atom.value
    if atom.sign == "in":
        return frozenset(value)
    if atom.sign == "eq":
        number = vocabulary()[atom.name].type == "number"
        return Interval(value, value) if number else frozenset((value,))
    if atom.sign in ("at_least", "above"):
        return Interval(low=value, low_open=atom.sign == "above")
    return Interval(high=value, high_open=atom.sign == "below")


def _domain(name: str) -> frozenset[object]:
    fact = vocabulary()[name]
    return frozenset((True, False)) if fact.type == "flag" else frozenset(fact.choices)


def _outside(name: str, region: Region) -> tuple[Region, ...]:
    if isinstance(region, Interval):
        return region.outside()
    rest = _domain(name) - region
    return (rest,) if rest else ()


def _join(one: Region | None, other: Region | None) -> Region:
    if one is None or other is None:
        return one if other is None else other  # type: ignore[return-value]
    if isinstance(one, Interval) and isinstance(other, Interval):
        return one.meet(other)
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other
    message = "a number and a choice under one name"
    raise TypeError(message)


def _meet(one: Box, other: Box) -> Box:
    return {name: _join(one.get(name), other.get(name)) for name in {**one, **other}}


def _empty(box: Box) -> bool:
    return any(
        region.empty if isinstance(region, Interval) else not region for region in box.values()
    )


def difference(first: Iterable[Box], second: Iterable[Box]) -> list[Box]:
    """Give what is in the first boxes and in none of the second.

    Each box is cut along the sides of the others: what lies outside along one parameter is kept,
    and the rest is cut along the next.
    """
    left = list(first)
    for cut in second:
        left = [piece for box in left for piece in _cut(box, cut)]
    return _absorbed(left)


def _absorbed(found: list[Box]) -> list[Box]:
    """Drop boxes that lie within another one."""
    out: list[Box] = []
    for box in sorted(found, key=len):
        if not any(_within(box, other) for other in out):
            out.append(box)
    return out


def _within(box: Box, other: Box) -> bool:
    return all(_join(box.get(name), region) == box.get(name) for name, region in other.items())


def _cut(box: Box, cut: Box) -> list[Box]:
    if _empty(_meet(box, cut)):
        return [box]
    out: list[Box] = []
    inside = dict(box)
    for name, region in cut.items():
        for rest in _outside(name, region):
            piece = {**inside, name: _join(inside.get(name), rest)}
            if not _empty(piece):
                out.append(piece)
        inside[name] = _join(inside.get(name), region)
    return out


def words(box: Box) -> str:
    """Say which items are in a box, the bounds with their units."""
    parts = []
    for name, region in box.items():
        short = name.removeprefix("item.")
        unit = vocabulary()[name].unit
        if isinstance(region, Interval):
            parts.append(f"{short} {region.words()}{f' {unit}' if unit not in ('', '1') else ''}")
        else:
            parts.append(f"{short} {' or '.join(sorted(_shown(each) for each in region))}")
    return ", ".join(parts)


def _shown(value: object) -> str:
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )
