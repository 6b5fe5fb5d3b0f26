"""Economic systemic risk: how much of an economy of firms stops when a firm fails."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.measure.firms import Base, FirmLinks
from narrows.measure.kernels.firm_links import Queue, empty_columns, nothing_lost, plain
from narrows.measure.ranking import ranks
from narrows.network import Network
from narrows.terms import BadInput, Fault

__all__ = ["firms_left", "systemic_risk"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Progress = Callable[[int, int], None]
EPS = 1e-2
_STEPS = 50  # between two reports of progress


def systemic_risk(
    net: Network,
    shocks: pd.DataFrame | pd.Series | None = None,
    *,
    replaceable: bool = True,
    base: Base = "sales",
    eps: float = EPS,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Give the economic systemic risk index of every firm, or of shocks of one's own.

    Parameters
    ----------
    net
        A network of firms, from `from_firms`.
    shocks
        Part of each firm that fails (0 to 1): a series indexed by firm, or a table with a column
        for each case; firms not named are untouched. None: every firm fails alone, wholly.
    replaceable
        Whether the lack of a supplier counts only as far as what is left of its sector cannot
        replace it, as in the published index.
    base
        What weighs a firm, and what its customers' losses are a part of: ``sales`` to firms (as
        published), or ``output``, which counts sales to final use too.
    eps
        A case has settled in the first step in which no firm loses `eps` more. The published
        1e-2 is coarse; 1e-6 follows losses to their end.
    progress
        Called with cases done and cases in all.

    Returns
    -------
    DataFrame
        shock (the firm that fails, or the column), sector and place of a single firm, direct
        (weight of what fails itself), esri (weighted sum of what is lost, down or up, whichever
        is worse for a firm), esri_down and esri_up (each alone), steps, rank. In the order of the
        firms or columns; rank 1 is the greatest esri.

    Raises
    ------
    BadInput
        When a shock names an unknown firm or is not from 0 to 1, `eps` is not above 0, the
        network is one of a case, or no firm sells anything.
    UnknownName
        For another base.

    References
    ----------
    Diem, Borsos, Reisch, Kertesz and Thurner (2022), Scientific Reports 12:7719.
    """
    links = FirmLinks.of(net)
    size = _size(links, base)
    weight = size / size.sum()
    labels, cases = _defaults(links) if shocks is None else _given(links, shocks)
    _run(links, size, cases, replaceable=replaceable, eps=eps, progress=progress)
    direct = np.add.reduceat(np.append(weight[cases.firm] * cases.size, 0.0), cases.first[:-1])
    alone = shocks is None
    frame = pd.DataFrame({"shock": labels})
    frame["sector"] = [net.items[item] for item in net.units.item] if alone else ""
    frame["place"] = net.units.place if alone else ""
    frame["direct"] = np.where(np.diff(cases.first) > 0, direct, 0.0)
    frame[["esri", "esri_down", "esri_up"]] = cases.lost
    frame["steps"] = cases.steps
    frame["rank"] = ranks(-cases.lost[:, 0])
    return frame


def firms_left(
    net: Network,
    shock: pd.Series,
    *,
    replaceable: bool = True,
    base: Base = "sales",
    eps: float = EPS,
) -> pd.DataFrame:
    """Give what is left of each firm after one shock has settled.

    Parameters
    ----------
    net, replaceable, base, eps
        As in `systemic_risk`.
    shock
        Part of each firm that fails (0 to 1), indexed by firm.

    Returns
    -------
    DataFrame
        firm, sector, place, weight, left_down (as far as suppliers reach), left_up (as far as
        customers go on buying), left (the smaller of the two); one row a firm.

    Raises
    ------
    BadInput, UnknownName
        As in `systemic_risk`.
    """
    links = FirmLinks.of(net)
    size = _size(links, base)
    _, cases = _given(links, shock)
    left = 1.0 - _run(links, size, cases, replaceable=replaceable, eps=eps, keep=True)
    return pd.DataFrame(
        {
            "firm": links.names,
            "sector": [net.items[item] for item in net.units.item],
            "place": net.units.place,
            "weight": size / size.sum(),
            "left_down": left[0],
            "left_up": left[1],
            "left": left.min(axis=0),
        }
    )


def _run(
    links: FirmLinks,
    size: Array,
    cases: Queue,
    *,
    replaceable: bool,
    eps: float,
    keep: bool = False,
    progress: Progress | None = None,
) -> Array:
    """Run the cases; results go into the queue. Give what was lost of each firm, if kept."""
    if not eps > 0:
        raise BadInput(Fault("eps", None, "", f"{eps:g}", "a number above 0"))
    from narrows.measure.kernels.systemic_risk import WIDTH, advance

    firms = len(size)
    columns = empty_columns(WIDTH)
    work = plain(
        *(links.down(), links.up(size)),
        *(nothing_lost(firms, WIDTH), nothing_lost(firms, WIDTH)),
        *(links.markets(size, replaceable=replaceable), columns, cases),
    )
    kept = np.zeros((2, firms if keep else 0))
    while advance(work, size / size.sum(), eps, kept, _STEPS):
        if progress:
            progress(int(columns.waiting[0]), len(cases.steps))
    if progress:
        progress(len(cases.steps), len(cases.steps))
    return kept


def _size(links: FirmLinks, base: Base) -> Array:
    size = links.size(base)
    if not size.sum() > 0:
        raise BadInput(Fault("network", None, "", f"no {base} of any firm", "at least one sale"))
    return size


def _queue(case: Numbers, firm: Numbers, size: Array, cases: int) -> Queue:
    """Line up shocks that are sorted by case."""
    return Queue(
        first=np.searchsorted(case, np.arange(cases + 1)),
        firm=firm.astype(np.int32),
        size=size,
        lost=np.zeros((cases, 3)),
        steps=np.zeros(cases, dtype=np.int64),
    )


def _defaults(links: FirmLinks) -> tuple[list[str], Queue]:
    """Let every firm fail alone."""
    firms = np.arange(len(links.names))
    return links.names.tolist(), _queue(firms, firms, np.ones(len(firms)), len(firms))


def _given(links: FirmLinks, shocks: pd.DataFrame | pd.Series) -> tuple[list[str], Queue]:
    """Take shocks over, checked."""
    table = shocks.to_frame() if isinstance(shocks, pd.Series) else shocks
    number = {name: at for at, name in enumerate(links.names.tolist())}
    firm = np.array([number.get(str(name), -1) for name in table.index], dtype=np.int64)
    values = table.to_numpy(dtype=np.float64)
    faults = [
        Fault("shocks", None, str(name), "no such firm", "a firm of the network")
        for name, at in zip(table.index, firm, strict=True)
        if at < 0
    ]
    faults += [
        Fault("shocks", None, str(name), "the firm twice", "each firm once")
        for name in table.index[table.index.duplicated()].unique()
    ]
    bad = ~((values >= 0) & (values <= 1))
    faults += [
        Fault("shocks", None, str(table.index[row]), f"{values[row, column]:g}", "0 to 1")
        for row, column in zip(*np.nonzero(bad), strict=True)
    ]
    if faults:
        raise BadInput(faults)
    case, row = np.nonzero(values.T)
    labels = [str(name) for name in table.columns]
    return labels, _queue(case, firm[row], values.T[case, row], len(labels))
