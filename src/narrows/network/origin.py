"""Where the values of a network come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from narrows.evidence import Case, Shares, Value
from narrows.network.layout import Layout
from narrows.terms import BY_USER, OTHER, Grade

__all__ = ["Origins", "Trace"]

_SAME = 1e-9
_KEYS = ("id", "source_id")


@dataclass(frozen=True, slots=True)
class Trace:
    """The origin of one value.

    Attributes
    ----------
    value
        The value in the network.
    formula
        How it follows from the rows named.
    ids
        Ids of observations and assumptions, or of a recipe row (``item<-input``).
    grade
        Weakest grade of the rows.
    source_ids
        Their sources.
    filled
        The rule that filled a period without a figure, empty where none was needed.
    """

    value: float
    formula: str
    ids: tuple[str, ...]
    grade: Grade
    source_ids: tuple[str, ...]
    filled: str = ""


@dataclass(frozen=True)
class Origins:
    """What each unit and need was made from.

    Attributes
    ----------
    case
        The case.
    layout
        Which row each unit and need was made from.
    shares
        For each item its set of shares, None for local items and unknown makers.
    values
        For each single measure the figure of each unit.
    weights
        The value of each market, None where equal weights are taken.
    """

    unit_fields: ClassVar = ("output", "headroom", "headroom_days", "process_days")
    need_fields: ClassVar = ("recipe", "cover", "stops_fraction", "substitute_days")

    case: Case
    layout: Layout
    shares: Sequence[Shares | None]
    values: Mapping[str, Sequence[Value | None]]
    weights: Sequence[Value | None] = ()

    def of_unit(self, what: str, unit: int, value: float) -> Trace:
        """Give the origin of a value of a unit."""
        if what == "output":
            return self._output(unit, value)
        return _single(self.values[what][unit], value)

    def of_market(self, market: int, value: float) -> Trace:
        """Give the origin of the weight of a market."""
        return _single(self.weights[market], value)

    def _output(self, unit: int, value: float) -> Trace:
        row = int(self.layout.unit_row[unit])
        shares = self.shares[self.layout.unit_item[unit]]
        if shares is None or row < 0:
            formula = (
                "use by the buyers at this place" if row == -1 else "all of it: makers unknown"
            )
            return Trace(value, formula, (), Grade.ASSUMED, ())
        own = shares.rows[row]
        total = sum(each.value or 0.0 for each in shares.rows)
        formula = f"{own.entity} {own.value or 0:g} of {total:g} percent"
        rest = shares.source_set.rows
        used = [own]
        if own.entity == OTHER and own.id.endswith(":other"):
            used = [each for each in rest if each.entity != OTHER]
            formula += f": 100 minus the {total - (own.value or 0):g} percent that are named"
        elif own not in rest:
            other = next((each for each in rest if each.entity == OTHER), None)
            if other is not None:
                parts = [each for each in shares.rows if each not in rest]
                size = sum(each.value or 0.0 for each in parts)
                formula = (
                    f"Other {other.value or 0:g} percent x {own.value or 0:g} / {size:g} "
                    "(split by assumption)"
                )
                used += [each for each in rest if each.entity != OTHER]
        if shares.by_user:
            formula = f"{value * 100:g} percent, after a share was {BY_USER}"
        grade = shares.grades[row]
        ids, sources = (dict.fromkeys(getattr(each, at) for each in used) for at in _KEYS)
        return Trace(value, formula, tuple(ids), grade, tuple(sources), shares.filled)

    def of_need(self, what: str, need: int, value: float, *, period: str) -> Trace:
        """Give the origin of a value of a need in a period."""
        edge = int(self.layout.need_edge[need])
        if edge < 0:
            return Trace(value, "what the market buys", (), Grade.DERIVED, ())
        row = self.layout.edges[edge]
        column = {"recipe": "allocation", "cover": "cover_days"}.get(what, what)
        number = row.numbers.get(column)
        filled = ""
        if row.period not in ("", period):
            filled = f"no recipe for {period}: the nearest one, {row.period}, is used"
        if self.case.set_by_user(row, column):
            return Trace(value, BY_USER, (row.id,), Grade.ASSUMED, (BY_USER,), filled)
        if number is None:
            formula = f"{column} not given: the neutral value, the input being {row.criticality}"
        else:
            formula = f"{column} {number.best:g}"
            if number.high > number.low:
                formula += f", from {number.low:g} to {number.high:g}"
        if what == "recipe" and number is not None and abs(number.best - value) > _SAME:
            formula += ", divided by the sum over all users"
        return Trace(value, formula, (row.id,), row.grade, (row.source_id,), filled)

    def row_ids(self) -> frozenset[str]:
        """Give the ids of every row of the case that the network rests on."""
        sets = [shares for shares in self.shares if shares]
        ids = [row.id for shares in sets for row in (*shares.rows, *shares.source_set.rows)]
        ids += [each.id for values in self.values.values() for each in values if each]
        ids += [row.id for row in self.layout.edges]
        measure = self.case.info.weights.get("measure", "")
        ids += [row.id for row in self.case.package.figures if row.measure == measure]
        return frozenset(ids)

    def source_ids(self) -> tuple[str, ...]:
        """Give the sources of all shares, recipe rows, single figures and weights, each once."""
        ids = [row.source_id for shares in self.shares if shares for row in shares.rows]
        ids += [each.source_id for values in self.values.values() for each in values if each]
        ids += [each.source_id for each in self.weights if each]
        ids += [row.source_id for row in self.layout.edges]
        return tuple(dict.fromkeys(ids))


def _single(found: Value | None, value: float) -> Trace:
    """Give the origin of a single figure."""
    if found is None:
        return Trace(value, "no figure: the neutral value", (), Grade.ASSUMED, ())
    formula = BY_USER if found.source_id == BY_USER else found.unit
    return Trace(value, formula, (found.id,), found.grade, (found.source_id,), found.filled)
