"""Sets of shares: which rows belong together, what is left over, and which set is in use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from narrows.evidence.info import Choice
from narrows.evidence.records import Figure
from narrows.evidence.schema import is_share
from narrows.terms import ASSUMED_SOURCE, OTHER, WORLD, Basis, Grade, Period, Status, is_firm

__all__ = ["Index", "SetKey", "ShareSet", "overlaps", "tolerance"]

_BASIS_ORDER = (Basis.LOCATION, Basis.HEADQUARTERS, Basis.NONE)
_FLOOR = 0.01  # points a row may miss by besides rounding: shares derived with many digits


@dataclass(frozen=True, slots=True)
class SetKey:
    """What the rows of one set have in common."""

    subject: str
    measure: str
    period: str
    basis: Basis
    status: Status
    source_id: str
    firms: bool


@dataclass(frozen=True, slots=True)
class ShareSet:
    """The rows of one set; `Other` is among them where the named ones do not add to 100."""

    key: SetKey
    span: Period
    rows: tuple[Figure, ...]
    named_total: float

    @property
    def tolerance(self) -> float:
        """Percentage points by which rounding may move the sum from 100."""
        return tolerance(self.rows)


def tolerance(rows: Iterable[Figure]) -> float:
    """Half a unit of the last printed digit for each row, in percentage points."""
    steps = [max(row.half_step, _FLOOR) for row in rows if row.value is not None]
    return max(steps, default=0.0) * len(steps)


class Index:
    """All sets of a case by subject and measure, and the choices made among them."""

    def __init__(self, figures: Sequence[Figure], choices: Sequence[Choice]) -> None:
        self.choices = {
            (choice.subject, choice.measure, choice.period, choice.basis): choice
            for choice in choices
        }
        self.sets: dict[tuple[str, str], list[ShareSet]] = defaultdict(list)
        self.splits: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        for key, rows in _grouped(figures).items():
            if self._splits(key, rows):
                self.splits[key.subject, key.measure] += rows
            else:
                self.sets[key.subject, key.measure].append(_closed(key, rows))
        self._measures = {
            subject: tuple(sorted(measure for each, measure in self.sets if each == subject))
            for subject in dict.fromkeys(subject for subject, _ in self.sets)
        }
        self._found: dict[tuple[object, ...], ShareSet | None] = {}

    def _splits(self, key: SetKey, rows: Sequence[Figure]) -> bool:
        """Tell whether assumption rows only split the rest of a printed set."""
        return key.source_id == ASSUMED_SOURCE and any(
            choice.rest
            and (choice.subject, choice.measure) == (key.subject, key.measure)
            and Period.parse(choice.period).overlaps(rows[0].span)
            and choice.basis in ("", key.basis)
            for choice in self.choices.values()
        )

    def choice(self, key: SetKey) -> Choice | None:
        """Give the entry of `case.yaml` that names this set, if there is one."""
        for basis in (key.basis, ""):
            choice = self.choices.get((key.subject, key.measure, key.period, basis))
            if choice and choice.source == key.source_id:
                return choice
        return None

    def measures(self, subject: str) -> tuple[str, ...]:
        """Give the share measures of a subject, in alphabetical order."""
        return self._measures.get(subject, ())

    def in_use(
        self,
        subject: str,
        measure: str,
        *,
        period: str,
        status: Status,
        basis: str | None,
        firms: bool | None,
    ) -> ShareSet | None:
        """Choose the set of a period, or the nearest one where the period has none.

        Order: nearest period; named in `case.yaml`; location before headquarters; places
        before firms; then the source that is named first in the file.
        """
        asked = (subject, measure, period, status, basis, firms)
        if asked not in self._found:
            sets = self.candidates(subject, measure, status, basis, firms)
            self._found[asked] = self._nearest(sets, period)
        return self._found[asked]

    def candidates(
        self, subject: str, measure: str, status: Status, basis: str | None, firms: bool | None
    ) -> list[ShareSet]:
        """Give the sets of one status, and of one basis and kind of entity where asked."""
        return [
            found
            for found in self.sets.get((subject, measure), [])
            if found.key.status == status
            and basis in (None, found.key.basis)
            and firms in (None, found.key.firms)
        ]

    def _nearest(self, sets: Sequence[ShareSet], period: str) -> ShareSet | None:
        wanted = Period.parse(period)

        def order(found: ShareSet) -> tuple[object, ...]:
            key = found.key
            near = (0.0,) * 4 if key.period == period else found.span.distance(wanted)
            named = self.choice(key) is None
            return (*near, named, _BASIS_ORDER.index(key.basis), key.firms)

        return min(sets, key=order, default=None)

    def unsettled(self) -> list[list[ShareSet]]:
        """Give the groups of sets that compete for one place without a choice between them."""
        rivals = defaultdict(list)
        for sets in self.sets.values():
            for found in sets:
                key = found.key
                if key.status == Status.ACTUAL:
                    rivals[replace(key, source_id="")].append(found)
        return [
            sets
            for sets in rivals.values()
            if len(sets) > 1 and not any(self.choice(found.key) for found in sets)
        ]


def _grouped(figures: Iterable[Figure]) -> dict[SetKey, list[Figure]]:
    """Sort the share rows into sets; `Other` goes with the places unless there are only firms."""
    whole: dict[SetKey, list[Figure]] = defaultdict(list)
    for row in figures:
        if is_share(row.measure) and row.entity != WORLD and row.value is not None:
            key = SetKey(
                row.subject, row.measure, row.period, row.basis, row.status, row.source_id, False
            )
            whole[key].append(row)
    out = {}
    for key, rows in whole.items():
        firms = [row for row in rows if is_firm(row.entity)]
        places = [row for row in rows if not is_firm(row.entity)]
        if firms and all(row.entity == OTHER for row in places):
            firms, places = firms + places, []
        if places:
            out[key] = places
        if firms:
            out[replace(key, firms=True)] = firms
    return out


def _closed(key: SetKey, rows: list[Figure]) -> ShareSet:
    """Add the unnamed rest as a derived `Other`."""
    total = sum(row.value or 0.0 for row in rows)
    rest = round(100.0 - total, 9)
    if rest > tolerance(rows):
        rows = [row for row in rows if row.entity != OTHER] + [_other(rows, rest)]
    return ShareSet(key, rows[0].span, tuple(rows), total)


def _other(rows: Sequence[Figure], rest: float) -> Figure:
    printed = sum(row.value or 0.0 for row in rows if row.entity == OTHER)
    return replace(
        rows[0],
        id=f"{rows[0].id}:other",
        entity=OTHER,
        value=rest + printed,
        low=None,
        high=None,
        grade=Grade.ASSUMED if rows[0].grade == Grade.ASSUMED else Grade.DERIVED,
        note="100 minus the rows named in the set",
    )


def overlaps(found: ShareSet, members: Mapping[str, frozenset[str]]) -> list[tuple[Figure, str]]:
    """Give the rows of groups that stand beside one of their own members unannounced."""
    names = {row.entity for row in found.rows}
    out = []
    for row in found.rows:
        inside = members.get(row.entity, frozenset()) & names - {row.entity}
        if inside and "rest of the group" not in row.note.lower():
            out.append((row, min(inside)))
    return out
