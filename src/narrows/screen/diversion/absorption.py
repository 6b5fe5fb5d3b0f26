"""How much of an item a country could use: from a case, or from an input-output table."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from narrows.evidence import Case
from narrows.terms import FIRM, OTHER, BadInput, Fault, UnknownName

__all__ = ["absorption_from_case", "absorption_from_table"]


def absorption_from_case(
    case: Case, item: str, *, world_usd: float, period: str | int | None = None
) -> pd.DataFrame:
    """Give what each country could use of an item, from who makes what it goes into.

    A country uses as much as its share in the making of each next product, weighted by how the
    item is divided among them. A country that no source names could have all of the unnamed rest,
    so its figure is the highest possible, not the likely one.

    Parameters
    ----------
    case
        The case.
    item
        Item of the case, by id or alias.
    world_usd
        What the world buys of it in a year, in US dollars; world trade is a fair lower bound.
    period
        As in `narrows.evidence.Case.shares`.

    Returns
    -------
    DataFrame
        place, use_usd (a year), part (of the world), named (whether a source names the country),
        source. `Other` is the most that a country without a row could use.

    Raises
    ------
    UnknownName
        When the case has no such item.
    BadInput
        When nothing of the case says what the item goes into, or `world_usd` is not positive.
    """
    if not world_usd > 0 or np.isinf(world_usd):
        raise BadInput(Fault("world_usd", None, "", f"{world_usd}", "US dollars above 0"))
    wanted, when = case.item(item).id, case.period(period)
    users = {user: row for (user, given), row in case.recipe(when).items() if given == wanted}
    parts: dict[str, float] = {}
    sources: list[str] = []
    weights = 0.0
    for user, row in users.items():
        weight = case.number(row, "allocation") or 0.0
        shares = case.shares(user, period=when)
        shares = shares[~shares["entity"].str.startswith(FIRM)]
        if not weight or shares.empty:
            continue
        weights += weight
        sources += [f"{user}: {source}" for source in dict.fromkeys(shares["source_id"])]
        total = shares["value"].sum()
        for entity, value in zip(shares["entity"], shares["value"], strict=True):
            parts[entity] = parts.get(entity, 0.0) + weight * value / total
    if not weights:
        expected = "an item with users whose makers are known by place"
        raise BadInput(Fault(case.name, None, wanted, "no such users", expected))
    parts.setdefault(OTHER, 0.0)
    frame = pd.DataFrame({"place": list(parts), "part": [p / weights for p in parts.values()]})
    frame["use_usd"] = frame["part"] * world_usd
    frame["named"] = frame["place"] != OTHER
    frame["source"] = f"case {case.name}, makers of " + "; ".join(sources)
    return frame.sort_values("use_usd", ascending=False, ignore_index=True)


def absorption_from_table(
    use: pd.DataFrame,
    *,
    product: str,
    part: float | Mapping[str, float] = 1.0,
    unit_usd: float = 1e6,
    final: pd.DataFrame | None = None,
    growth: float = 1.0,
    source: str = "input-output table",
) -> pd.DataFrame:
    """Give what the industries and households of each country buy of a product in a year.

    Parameters
    ----------
    use
        Purchases: rows (region, sector) that sell, columns (region, sector) that buy. `Z` of an
        input-output table of many regions.
    product
        Sector that sells the item, such as ``C26``.
    part
        Part of that sector's goods which the item is: one number, or one a country. 1 where not
        known, which gives the highest possible use.
    unit_usd
        US dollars of one unit of the table; 1e6 for million.
    final
        Final use, rows as in `use`, columns (region, category); negative draws on stocks are
        taken as they are.
    growth
        Factor from the year of the table to the year of the trade data.
    source
        To be named in explanations.

    Returns
    -------
    DataFrame
        place, use_usd (a year), part, source; the largest first.

    Raises
    ------
    UnknownName
        When no row of the table is of that sector.
    BadInput
        When rows or columns have no two labels, or a number is out of range.
    """
    for name, labels in (("use", use.index), ("use", use.columns)):
        if labels.nlevels != 2:
            found = f"{labels.nlevels} label" + "s" * (labels.nlevels != 1)
            raise BadInput(Fault(name, None, "", found, "(region, sector)"))
    sectors = use.index.get_level_values(1)
    if product not in sectors:
        known = [str(name) for name in dict.fromkeys(sectors)]
        raise UnknownName("sector", product, known, where="product")
    _positive(part, growth, unit_usd)
    bought = _by_region(use[sectors == product])
    if final is not None:
        bought = bought.add(_by_region(final.loc[use.index[sectors == product]]), fill_value=0.0)
    shares = pd.Series(part) if isinstance(part, Mapping) else pd.Series(part, bought.index)
    shares = shares.reindex(bought.index).fillna(1.0).astype(np.float64)
    frame = pd.DataFrame({"place": bought.index, "part": shares.to_numpy()})
    frame["use_usd"] = np.maximum(bought.to_numpy() * shares.to_numpy() * unit_usd * growth, 0.0)
    frame["source"] = f"{source}, purchases of {product}"
    return frame.sort_values("use_usd", ascending=False, ignore_index=True)


def _by_region(rows: pd.DataFrame) -> pd.Series:
    """Sum what each region buys, whoever sells it."""
    summed = rows.sum(axis=0)
    return summed.groupby(level=0, sort=False).sum()


def _positive(part: float | Mapping[str, float], *numbers: float) -> None:
    parts: ArrayLike = list(part.values()) if isinstance(part, Mapping) else [part]
    values = np.asarray(parts, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise BadInput(Fault("part", None, "", f"{part}", "0 to 1"))
    for number in numbers:
        if not 0 < number < np.inf:
            raise BadInput(Fault("growth, unit_usd", None, "", f"{number}", "above 0"))
