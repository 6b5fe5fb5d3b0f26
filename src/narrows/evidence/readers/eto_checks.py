"""Check the cells of the ETO chip data set; every fault is gathered."""

from collections.abc import Iterable, Iterator, Mapping

from narrows.evidence.readers.eto_records import EUROPE, Provider, Thing, share_number
from narrows.evidence.tables import Row
from narrows.terms import FIRM, OTHER, Fault, Period, places

__all__ = ["faults_of"]

_TYPES = ("process", "tool_resource", "material_resource", "design_resource", "ultimate_output")


def faults_of(
    rows: Mapping[str, list[Row]], things: Mapping[str, Thing], providers: Mapping[str, Provider]
) -> Iterator[Fault]:
    """Give what cannot be used: ids, types, places, references, shares, years."""
    yield from _doubled("inputs.csv", rows["inputs"], "input_id", ())
    same = ("provider_name", "provider_type", "country")
    yield from _doubled("providers.csv", rows["providers"], "provider_id", same)
    for row in rows["inputs"]:
        yield from _unknown("inputs.csv", row, "type", _TYPES, "a known type")
        yield from _unknown("inputs.csv", row, "stage_id", things, "a stage", empty=True)
    for row in rows["providers"]:
        entity = providers[row.cells["provider_id"]].entity
        if not entity.startswith(FIRM) and entity not in (*places(), EUROPE, OTHER):
            expected = "an ISO 3166 alpha-3 code, EUR, or a name that begins with Various"
            yield Fault("providers.csv", row.line, "provider_name", repr(entity), expected)
    for row in rows["sequence"]:
        for column in ("input_id", "goes_into_id", "is_type_of_id"):
            empty = column != "input_id"
            yield from _unknown("sequence.csv", row, column, things, "an input", empty=empty)
    for row in rows["provision"]:
        yield from _unknown("provision.csv", row, "provided_id", things, "an input or a stage")
        yield from _unknown("provision.csv", row, "provider_id", providers, "a provider")
        yield from _values(row, things)


def _doubled(file: str, rows: Iterable[Row], column: str, same: tuple[str, ...]) -> Iterator[Fault]:
    """Find ids used again; lines that agree in the columns `same` may repeat one."""
    seen: dict[str, Row] = {}
    for row in rows:
        value = row.cells[column]
        first = seen.setdefault(value, row)
        agree = bool(same) and all(first.cells[name] == row.cells[name] for name in same)
        if first is not row and not agree:
            found = f"{value!r} again, first on line {first.line}"
            expected = "an id used once" + (f", or the same {', '.join(same)}" if same else "")
            yield Fault(file, row.line, column, found, expected)


def _unknown(
    file: str, row: Row, column: str, known: Iterable[str], what: str, *, empty: bool = False
) -> Iterator[Fault]:
    value = row.cells[column]
    if value not in known and not (empty and not value):
        yield Fault(file, row.line, column, repr(value), what)


def _values(row: Row, things: Mapping[str, Thing]) -> Iterator[Fault]:
    share, year = share_number(row.cells["share_provided"]), row.cells["year"]
    if share is not None and not 0 <= share <= 100:
        found = row.cells["share_provided"]
        yield Fault("provision.csv", row.line, "share_provided", found, "0 to 100 percent")
    thing = things.get(row.cells["provided_id"])
    try:
        Period.parse(year or (thing.year if thing else "2000"))
    except ValueError:
        yield Fault("provision.csv", row.line, "year", repr(year), "a year such as 2025")
