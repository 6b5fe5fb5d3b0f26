"""What compose reads of a case and its results: names, shares, sources, rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pandas as pd

from narrows.brief import words
from narrows.brief.results import Results
from narrows.brief.tree import Cite, Name, Run, Runs, Value
from narrows.brief.values import NO_ENDS, part
from narrows.evidence import Case
from narrows.evidence.records import RecipeRow
from narrows.terms import ASSUMED_SOURCE, BY_USER, FIRM, OTHER, Grade, ItemKind, place_name

__all__ = ["UNNAMED", "Facts", "records", "weakest"]

UNNAMED = (OTHER, FIRM + OTHER)
Row: TypeAlias = Mapping[str, Any]
_ORDER = (Grade.STATED, Grade.DERIVED, Grade.ASSUMED)


def weakest(grades: Sequence[str]) -> Grade:
    """Give the weakest of some grades; stated for none.

    Examples
    --------
    >>> weakest(["stated", "assumed", "derived"])
    <Grade.ASSUMED: 'assumed'>
    """
    return max((Grade(grade) for grade in grades), key=_ORDER.index, default=Grade.STATED)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as mappings."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


@dataclass(frozen=True)
class Facts:
    """A case and the results on it, asked in the words of the brief."""

    case: Case
    results: Results

    def brief(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as the YAML has it
        """Give a setting of the block `brief` of the case."""
        return self.case.info.brief.get(key, default)

    @cached_property
    def items(self) -> Mapping[str, Row]:
        """Rows of the items by id."""
        return {str(row["id"]): row for row in records(self.case.items)}

    @cached_property
    def estimates(self) -> Mapping[str, Row]:
        """Rows of everything in the case that has a range, by id."""
        return {str(row["id"]): row for row in records(self.case.estimates())}

    @cached_property
    def assumptions(self) -> Mapping[str, Row]:
        """Rows of the assumptions of the case by id."""
        return {str(row["id"]): row for row in records(self.case.assumptions)}

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Rows of the concentration result by item, the first in rank first.

        Groups are left out: they lie across the items of the chain and would count twice.
        """
        frame = self.results.concentration.sort_values("rank", kind="stable")
        rows = {str(row["item"]): row for row in records(frame)}
        return {item: row for item, row in rows.items() if not self.is_group(item)}

    @cached_property
    def every(self) -> Mapping[str, Row]:
        """Rows of the concentration result by item, groups among them."""
        return {str(row["item"]): row for row in records(self.results.concentration)}

    def is_group(self, item: str) -> bool:
        """Tell whether an item only sums others up."""
        row = self.items.get(item)
        return row is not None and row["kind"] == ItemKind.GROUP

    def name(self, item: str) -> str:
        """Give the name of an item, or the id itself where the case has no such item."""
        row = self.items.get(item)
        return str(row["name"]) if row else item

    def place(self, entity: str) -> str:
        """Give the name of a place, group or firm; the rest of a set is `others`."""
        if entity in UNNAMED:
            return "others"
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", place_name(entity))

    @cached_property
    def stages(self) -> Mapping[str, str]:
        """Titles of the stages, in the order of the flow."""
        return {stage.id: stage.title for stage in self.case.info.stages}

    @cached_property
    def _shares(self) -> dict[tuple[str, str], tuple[Row, ...]]:
        return {}

    def shares(self, item: str, *, rest: str = "visible") -> tuple[Row, ...]:
        """Give the shares behind the row of an item, the largest first; none where unknown."""
        known = self._shares.get((item, rest))
        if known is None:
            row = self.every.get(item)
            measure, basis = (str(row["measure"]), str(row["basis"])) if row else (None, None)
            period = self.results.period
            frame = self.case.shares(item, measure, period=period, basis=basis, rest=rest)
            known = self._shares[item, rest] = tuple(records(frame))
        return known

    def top(self, item: str) -> str:
        """Give the largest maker that has a name, `Other` where none has."""
        row = self.every[item]
        if row["top_entity"] not in UNNAMED:
            return str(row["top_entity"])
        named = (str(share["entity"]) for share in self.shares(item))
        return next((entity for entity in named if entity not in UNNAMED), OTHER)

    def top_value(self, item: str) -> Value:
        """Give the share of the largest maker that has a name."""
        row, entity = self.every[item], self.top(item)
        column = "top_share" if row["top_entity"] == entity else "cr1"
        number = float(row[column])
        share = next((each for each in self.shares(item) if each["entity"] == entity), None)
        grade, sources, ends = Grade(row["grade"]), self.sources_of(item), NO_ENDS
        if share is not None:
            by_user = BY_USER in str(share["note"])
            grade = Grade(share["grade"])
            sources = (BY_USER if by_user else str(share["source_id"]),)
            ends = (float(share["low"]) / 100, float(share["high"]) / 100)
        key = f"concentration/{item}/{column}"
        return part(number, key, grade, sources, ends=ends)

    def left(self, row: Row, column: str, because: tuple[str, ...] = ()) -> Value:
        """Give what is left of an end use, with the sources of the item that decides."""
        key = f"contingency/{row['dropped']}/{row['end_use']}/{column}"
        grade = Grade(str(row.get("grade") or Grade.ASSUMED))
        sources = self.sources_of(because[-1]) if because else ()
        sources = tuple(dict.fromkeys((*sources, ASSUMED_SOURCE)))
        ends = (row.get(f"{column}_low"), row.get(f"{column}_high"))
        return part(float(row[column]), key, grade, sources, ends=ends)

    def seat(self, item: str) -> Row | None:
        """Give the largest named share by headquarters where a source prints one."""
        measure = self.case.package.items[item].measure_headquarters
        if not measure or self.every[item]["measure"] == measure:
            return None
        frame = self.case.shares(item, measure, period=self.results.period)
        named = frame[~frame["entity"].isin(UNNAMED) & (frame["grade"] != Grade.ASSUMED)]
        return records(named)[0] if len(named) else None

    def sources_of(self, item: str) -> tuple[str, ...]:
        """Give the sources of the shares of an item."""
        return tuple(dict.fromkeys(str(share["source_id"]) for share in self.shares(item)))

    def reason(self, text: str) -> Runs:
        """Give a reason with the ids of sources and assumptions in it turned into references."""
        listed = self.results.help.asked.sources if self.results.help else {}
        known = {*self.case.package.sources, *self.assumptions, *listed}
        runs: list[Run] = []
        for word in re.split(r"(\s*\([^()]*\)|[\w-]+)", text):
            ids = [name.strip() for name in re.split("[,;]", word.strip(" ()"))]
            if word.strip() and all(name in known for name in ids):
                runs.append(Cite(tuple(ids)))
            elif runs and isinstance(runs[-1], Name):
                runs[-1] = Name(runs[-1].text + word)
            elif word:
                runs.append(Name(word))
        return tuple(runs)

    def year(self, item: str) -> str:
        """Give the period of the figures behind an item, for reading."""
        shares = self.shares(item)
        period = str(shares[0]["period"]) if shares else self.results.period
        return words.year_of(period)

    def makes(self, place: str) -> bool:
        """Tell whether a place, or one of a group of places, makes anything in the chain."""
        return bool((self.case.members(place) | {place}) & self._makers)

    @cached_property
    def _makers(self) -> frozenset[str]:
        shares = (row for item in self.rows for row in self.shares(item, rest="split"))
        return frozenset(str(row["entity"]) for row in shares)

    @cached_property
    def needs(self) -> Mapping[tuple[str, str], RecipeRow]:
        """Recipe rows of the period by item and input."""
        return self.case.recipe(self.results.period)

    def cover(self, item: str) -> tuple[float, float, tuple[RecipeRow, ...]] | None:
        """Give the least and the most days of stock that buyers of an item hold, with the rows."""
        rows = [row for (_, input_), row in self.needs.items() if input_ == item]
        found = [
            (days, row) for row in rows if (days := self.case.number(row, "cover_days")) is not None
        ]
        if not found:
            return None
        numbers = [days for days, _ in found]
        return min(numbers), max(numbers), tuple(row for _, row in found)

    @cached_property
    def end_uses(self) -> tuple[str, ...]:
        """End uses in the result, in the order of the case."""
        present = set(self.results.contingency["end_use"]) - {"all"}
        known = [item for item in self.items if item in present]
        return (*known, *sorted(present - set(known)))

    def dropped(self, place: str) -> Mapping[str, Row]:
        """Give the rows of the contingency of one place by end use, ``all`` among them."""
        frame = self.results.contingency
        part = frame[frame["dropped"] == place]
        return {str(row["end_use"]): row for row in records(part)}

    @cached_property
    def places_ranked(self) -> tuple[Row, ...]:
        """Rows of the sum over end uses, the place that leaves least first."""
        frame = self.results.contingency
        part = frame[frame["end_use"] == "all"].sort_values("rank", kind="stable")
        return tuple(records(part))

    @cached_property
    def focus_place(self) -> str:
        """The place the brief asks about: the case's own, or the first in rank."""
        wanted = str(self.brief("focus_place", ""))
        ranked = [str(row["dropped"]) for row in self.places_ranked]
        return wanted if wanted in ranked or not ranked else ranked[0]

    @cached_property
    def focus_items(self) -> tuple[str, ...]:
        """The items the brief puts in front: the case's own, or the first in rank."""
        wanted = tuple(item for item in self.brief("focus_items", ()) if item in self.every)
        return wanted or tuple(self.rows)[:5]
