"""Import the ETO Advanced Semiconductor Supply Chain data set, which the user has downloaded.

Nothing of the data set is bundled: its licence is Creative Commons
Attribution-NonCommercial 4.0.

References
----------
Emerging Technology Observatory, Advanced Semiconductor Supply Chain data set; Khan, Mann and
Peterson (2021), The Semiconductor Supply Chain: Assessing National Competitiveness, CSET.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from narrows.evidence import datapackage
from narrows.evidence.checking import check
from narrows.evidence.readers.eto_chain import PRODUCT_STAGE, Chain, item_ids
from narrows.evidence.readers.eto_figures import (
    CREDIT,
    DATA_SET,
    TERMS,
    Sources,
    observations,
    sets_of,
)
from narrows.evidence.readers.eto_front import front
from narrows.evidence.readers.eto_groups import groups
from narrows.evidence.readers.eto_notices import notices
from narrows.evidence.readers.eto_records import EtoData
from narrows.evidence.readers.eto_tables import read_eto
from narrows.evidence.schema import TABLES
from narrows.terms import BadInput, CaseError, CouldNotWrite, Fault, Period

__all__ = ["ImportReport", "import_eto"]

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    out
        The case folder that was written.
    terms, credit
        Terms of use of the data, and whom to name.
    rows
        Number of rows written, by table.
    noticed
        What was noticed on the way, one sentence each.
    """

    out: Path
    terms: str
    credit: str
    rows: Mapping[str, int]
    noticed: tuple[str, ...]

    def __str__(self) -> str:
        """Give the report as text, the terms first."""
        counts = ", ".join(f"{number} {name}" for name, number in self.rows.items())
        return "\n".join([self.terms, f"Written to {self.out}: {counts}.", *self.noticed])


def import_eto(folder: str | Path, out: str | Path, *, period: str | None = None) -> ImportReport:
    """Write the ETO data set as a case folder and report what was noticed.

    Parameters
    ----------
    folder
        The folder with `inputs.csv`, `providers.csv`, `provision.csv`, `sequence.csv` and
        `stages.csv` as downloaded.
    out
        The case folder to write: new or empty. It appears whole or not at all.
    period
        Default period of the case, such as ``2025``; the latest year of the data where not
        given. Items without shares of that year use the nearest one, as in every case.

    Raises
    ------
    BadInput
        When a file is missing, is no CSV, lacks a column or holds a cell that cannot be used,
        with file, row, field, found and expected of every fault; or when `out` holds something.
    CouldNotWrite
        When `out` cannot be written; nothing is left behind.
    """
    target = Path(out)
    _must_be_free(target)
    data = read_eto(Path(folder))
    ids = item_ids(data)
    chain = Chain(data, ids)
    sources = Sources()
    tables: dict[str, list[Cells]] = {
        "items": list(chain.items(chain.stages())),
        "recipes": list(chain.recipes()),
        "observations": list(observations(data, ids, sources)),
        "assumptions": [],
        "sources": list(sources.rows()),
        "groups": list(groups(data, DATA_SET)),
    }
    about = _about(data, chain, sources, _period(data, period))
    _write(target, tables, about)
    return ImportReport(
        out=target,
        terms=TERMS,
        credit=CREDIT,
        rows={name: len(rows) for name, rows in tables.items()},
        noticed=notices(data, chain),
    )


def _must_be_free(target: Path) -> None:
    try:
        taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise BadInput(_target_fault(target, error.strerror or str(error))) from error
    if taken:
        found = "a folder that is not empty" if target.is_dir() else "a file"
        raise BadInput(_target_fault(target, found))


def _target_fault(target: Path, found: str) -> Fault:
    return Fault(str(target), None, "out", found, "a new or an empty folder")


def _period(data: EtoData, period: str | None) -> str:
    if period is None:
        return max(key.year for key in sets_of(data))
    try:
        Period.parse(str(period))
    except ValueError:
        fault = Fault("period", None, "", repr(period), "a period such as 2025")
        raise BadInput(fault) from None
    return str(period)


def _about(data: EtoData, chain: Chain, sources: Sources, period: str) -> dict[str, object]:
    """Give the contents of `case.yaml`."""
    years = sorted({key.year for key in sets_of(data)} | {period})
    titles = {chain.ids[thing.id]: thing.name for thing in data.of_type("stage")}
    titles[PRODUCT_STAGE] = "Finished product"
    return {
        "name": "eto-chips",
        "title": "Advanced chips (ETO data set)",
        "summary": "Inputs to advanced logic chips and who provides them, by country and by firm.",
        "version": f"imported, data to {years[-1]}",
        "evidence_date": max(row.year for row in data.provisions),
        "terms": TERMS,
        "periods": years,
        "default_period": period,
        "fill": "nearest",
        "combine": "nested",
        "combine_why": "The data set says nothing on it; the worst input counts, the milder rule.",
        "stages": [{"id": name, "title": title} for name, title in titles.items()],
        "sets": _choices(data, chain, sources),
        "brief": front(data, chain),
    }


def _choices(data: EtoData, chain: Chain, sources: Sources) -> list[dict[str, str]]:
    """Name the set in use where two sources give shares of one item, year and kind."""
    rows = {cells["id"]: cells for cells in chain.items(chain.stages())}
    rivals: dict[tuple[str, str, bool], list[tuple[float, str]]] = {}
    for key, members in sets_of(data).items():
        total = sum(row.share or 0.0 for row in members)
        pair = (key.subject, key.year, key.firms)
        rivals.setdefault(pair, []).append((total, sources.id(key.source)))
    return [
        {
            "subject": chain.ids[subject],
            "measure": rows[chain.ids[subject]]["measure_headquarters" if firms else "measure"],
            "period": year,
            "source": max(found)[1],
            "why": "covers the larger part of the market of the two sets printed",
        }
        for (subject, year, firms), found in rivals.items()
        if len(found) > 1
    ]


def _write(
    target: Path, tables: Mapping[str, Iterable[Cells]], about: Mapping[str, object]
) -> None:
    """Write into a temporary folder beside the target, check it, and rename it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as holder:
            waiting = Path(holder) / "case"
            waiting.mkdir()
            for name, rows in tables.items():
                text = _csv(TABLES[name].names, rows)
                (waiting / TABLES[name].file).write_text(text, encoding="utf-8", newline="")
            text = yaml.safe_dump(dict(about), sort_keys=False, allow_unicode=True, width=100)
            (waiting / "case.yaml").write_text(text, encoding="utf-8")
            faults = check(waiting)
            if faults:
                raise CaseError(faults)
            datapackage.write(waiting)
            waiting.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{target}: could not be written ({reason}); nothing was left behind"
        raise CouldNotWrite(message) from error


def _csv(names: tuple[str, ...], rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
