"""Screens used by officials: EU core indicators, EU supply risk, the single-producer test.

They are shown beside the other measures because officials use them; each is a rule of thumb
with a threshold that its house chose.

References
----------
European Commission (2021), Strategic dependencies and capacities, SWD(2021) 352, section 2
(core dependency indicators). European Commission (2017), Methodology for establishing the EU
list of critical raw materials. U.S. Geological Survey (2025), Open-File Report 2025-1047
(single-producer test).
"""

import numpy as np
import pandas as pd

from narrows.evidence import Case
from narrows.measure.concentration import concentration
from narrows.measure.kernels.supply_risk import governed_hhi, supply_risk
from narrows.terms import BadInput, Fault

__all__ = ["eu_core_indicators", "eu_supply_risk", "single_producer"]

_TRADE = ("product", "partner", "imports_usd")
_TOTALS = ("product", "total_imports_usd", "total_exports_usd")
_RISK = ("material", "stage", "country", "world_share", "own_share", "governance")
_STAGE = ("import_reliance", "recycling", "substitution")
_MOST = {
    **dict.fromkeys(("world_share", "own_share", "recycling", "substitution"), 1.0),
    "governance": 10.0,
}


def eu_core_indicators(
    partners: pd.DataFrame,
    totals: pd.DataFrame,
    *,
    concentration_above: float = 0.4,
    foreign_above: float = 0.5,
    ratio_above: float = 1.0,
) -> pd.DataFrame:
    """Give the European Commission's three core dependency indicators for each product.

    Parameters
    ----------
    partners
        Imports from outside by partner: product, partner, imports_usd.
    totals
        product, total_imports_usd (inside and outside), total_exports_usd.
    concentration_above, foreign_above, ratio_above
        Thresholds of the three indicators.

    Returns
    -------
    DataFrame
        product, cdi1 (HHI of imports from outside), cdi2 (imports from outside over all imports),
        cdi3 (imports from outside over exports), dependent (all three above), margin (the
        smallest distance to a threshold as a part of it: how close the verdict is).

    Raises
    ------
    BadInput
        When a column is missing, a value is negative, or a product has no totals or two.
    """
    _need(partners, _TRADE, "partners")
    _need(totals, _TOTALS, "totals")
    _once(totals, ["product"], "totals")
    imports = partners.groupby(["product", "partner"])["imports_usd"].sum()
    outside = imports.groupby("product").sum()
    frame = pd.DataFrame({"cdi1": ((imports / outside) ** 2).groupby("product").sum()})
    known = totals.set_index("product").reindex(frame.index)
    if known.isna().any(axis=None):
        missing = known.index[known.isna().any(axis=1)][0]
        raise BadInput(
            Fault("totals", None, "product", f"no totals of {missing!r}", "every product")
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        frame["cdi2"] = outside / known["total_imports_usd"]
        frame["cdi3"] = outside / known["total_exports_usd"]
    limits = pd.Series({"cdi1": concentration_above, "cdi2": foreign_above, "cdi3": ratio_above})
    frame["dependent"] = (frame[list(limits.index)] > limits).all(axis=1)
    frame["margin"] = (frame[list(limits.index)] / limits - 1).min(axis=1)
    return frame.rename_axis("product").reset_index()


def eu_supply_risk(table: pd.DataFrame) -> pd.DataFrame:
    """Give the supply risk of raw materials by the European Commission's formula.

    Parameters
    ----------
    table
        One row a material, stage and country: material, stage, country, world_share, own_share
        (0 to 1), governance (0 to 10, high is bad; no default: a missing score is refused),
        import_reliance, recycling, substitution (0 to 1, the same on every row of a stage) and
        optionally trade (1 where absent).

    Returns
    -------
    DataFrame
        material, stage, hhi_world, hhi_own, supply_risk, counts (whether it is the greater of the
        stages), critical_supply (1.0 or more).

    Raises
    ------
    BadInput
        When a column or a value is missing or out of range, or a country stands twice.
    """
    _need(table, (*_RISK, *_STAGE), "supply risk table")
    _once(table, ["material", "stage", "country"], "supply risk table")
    for column, limit in _MOST.items():
        above = np.flatnonzero(table[column] > limit)
        if above.size:
            found, row = f"{table[column].iloc[above[0]]:g}", int(above[0]) + 2
            expected = f"at most {limit:g}"
            raise BadInput(Fault("supply risk table", row, column, found, expected))
    rows = []
    for (material, stage), part in table.groupby(["material", "stage"], sort=False):
        trade = part["trade"].to_numpy(np.float64) if "trade" in part else 1.0
        weights = part["governance"].to_numpy(np.float64)
        world = governed_hhi(part["world_share"].to_numpy(np.float64), weights, trade)
        own = governed_hhi(part["own_share"].to_numpy(np.float64), weights, trade)
        settings = {name: float(part[name].iloc[0]) for name in _STAGE}
        rows.append((material, stage, world, own, supply_risk(world, own, **settings)))
    frame = pd.DataFrame(rows, columns=["material", "stage", "hhi_world", "hhi_own", "supply_risk"])
    most = frame.groupby("material")["supply_risk"].transform("max")
    frame["counts"] = frame["supply_risk"] == most
    frame["critical_supply"] = frame["supply_risk"] >= 1.0
    return frame


def single_producer(
    case: Case, *, period: str | int | None = None, share: float = 0.65
) -> pd.DataFrame:
    """Give the items of which one place or one firm makes more than a share.

    Parameters
    ----------
    case
        The case.
    period
        As in `concentration`.
    share
        Share that counts as a single producer; 0.65 is the mark of the SIA/BCG report of 2021,
        1 asks for a sole one.

    Returns
    -------
    DataFrame
        item, name, stage, level (place or firm), holder, held (0 to 1), basis, period, source_id,
        grade, filled; the largest first.
    """
    frames = [
        concentration(case, period=period, by=level).assign(level=level)
        for level in ("place", "firm")
    ]
    frame = pd.concat(frames, ignore_index=True)
    named = frame[(frame["cr1"] == frame["top_share"]) & (frame["top_share"] >= share)]
    columns = {"top_entity": "holder", "top_share": "held"}
    wanted = ["item", "name", "stage", "level", "holder", "held", "basis", "period"]
    out = named.rename(columns=columns)[[*wanted, "source_id", "grade", "filled"]]
    return out.sort_values("held", ascending=False, kind="stable").reset_index(drop=True)


def _once(table: pd.DataFrame, columns: list[str], name: str) -> None:
    """Refuse a table that says the same thing twice."""
    again = np.flatnonzero(table.duplicated(columns))
    if again.size:
        found = " ".join(str(value) for value in table[columns].iloc[again[0]])
        fault = Fault(name, int(again[0]) + 2, "+".join(columns), f"{found} again", "each once")
        raise BadInput(fault)


def _need(table: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    """Refuse a table with a column missing, an empty cell or a negative number."""
    faults = [
        Fault(name, 1, column, "no such column", "the columns " + ", ".join(columns))
        for column in columns
        if column not in table.columns
    ]
    for column in [column for column in columns if column in table.columns]:
        cells = table[column]
        numeric = pd.api.types.is_numeric_dtype(cells)
        faults += [
            Fault(name, int(row) + 2, column, f"{cells.iloc[row]}", "a value of 0 or more")
            for row in np.flatnonzero(cells.isna() | (cells < 0 if numeric else False))
        ]
    if faults:
        raise BadInput(faults)
