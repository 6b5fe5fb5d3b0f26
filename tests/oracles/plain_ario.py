"""A slow twin of the simulation: every order between a unit and a buyer written out.

For networks from tables, with losses of capacity and trade cuts; follows the order of steps of
the method page, one array of units x buyers for the orders.
"""

import numpy as np


def simulate(  # noqa: C901, PLR0912, PLR0915 - as plain as it can be
    net,
    *,
    days,
    loss,
    factor,
    cover,
    tau,
    psi,
    headroom,
    headroom_days,
    rho=lambda _day: 1.0,
    rank=None,
    lag=None,
    process=0,
    stocked=0,
    until=None,
    runs_down=False,
    sold_off=None,
):
    """Give goods finished by day and unit.

    `loss(day)` is the part of capacity lost of each unit, `factor(day)` the trade factor of each
    link (units, buyers), `rho(day)` the part of orders that may be re-sourced. `rank` and `lag`
    give the rationing class and the days at sea of each link, `process` the process time of all
    units in whole days, `stocked` the days of output they keep finished. From the day `until` on
    the classes count no more: each is allotted its usual part. `runs_down` tells whether buyers
    order less than they use while they have more than they want. `sold_off` are the days in which
    finished goods too many are worked off.
    """
    size, buyers = len(net.units.item), len(net.buyers)
    x0, items = net.units.output, net.units.item
    kinds = len(net.items)
    base_out = np.concatenate([x0, net.demand])
    recipe = net.needs.recipe.reshape(kinds, buyers)
    share = np.concatenate([each.shares for each in net.sourcing])
    rank = np.zeros((size, buyers), int) if rank is None else rank
    lag = np.zeros((size, buyers), int) if lag is None else lag
    base_need = recipe * base_out
    stock = base_need[:, :size] * cover
    order = usual = share * base_need[items]
    ships = {}  # goods by the day they arrive
    for day in range(int(lag.max())):
        ships[day] = np.where(lag > day, order, 0.0)
    ordered_at = np.ones((size, buyers))
    alpha, held, short = np.ones(size), stocked * x0, np.zeros(size, bool)
    starts, able = [x0.copy()] * (process + 1), [np.ones(size)] * (process + 1)
    flow = asked_last = order.sum(1)
    behind = np.zeros(size, bool)
    out = []

    def ordered(need_of, weight, opened, part):
        new = np.zeros((size, buyers))
        for b in range(buyers):
            for item in range(kinds):
                mine = np.flatnonzero(items == item)
                need = need_of[item, b]
                free = [u for u in mine if opened[u, b] == 1]
                closed = [u for u in mine if opened[u, b] < 1]
                for u in closed:
                    new[u, b] = share[u, b] * opened[u, b] * min(need, base_need[item, b])
                worth = {u: 1 + part * (weight[u] - 1) for u in free}
                spread = sum(share[u, b] * worth[u] for u in free)
                left = part * (need - new[closed, b].sum())
                left += (1 - part) * need * (1 - share[closed, b].sum())
                for u in free:
                    if spread > 1e-8:
                        new[u, b] = share[u, b] * worth[u] * left / spread
        return new

    for day in range(days):
        total = order.sum(1)
        pull = total.copy()
        if process + stocked:
            within = sum(starts[-process:]) if process else 0.0
            gap = (process + stocked) * flow - within - held
            due = np.where(behind, np.maximum(total, asked_last), total)
            closing = gap / max(process + stocked, 1)
            if sold_off is not None:
                too_many = np.maximum(0, held - stocked * flow)
                slower = max(process + stocked, 1, sold_off)
                closing = (gap + too_many) / max(process + stocked, 1) - too_many / slower
            pull = np.maximum(0, due + closing)
        for u in range(size):
            scarcity = (pull[u] - starts[-1][u]) / pull[u] if pull[u] > 0 else 0.0
            up = scarcity > 1e-5 and not short[u]
            move = (headroom - alpha[u]) * scarcity if up else 1 - alpha[u]
            alpha[u] = max(1.0, alpha[u] + move / headroom_days)
        weight = (1 - loss(day)) * alpha
        spare = np.zeros(size) if process + stocked else held
        wanted = np.minimum(np.maximum(pull - spare, 0), x0 * weight)
        started = wanted.copy()
        for u in range(size):
            for item in range(kinds):
                if recipe[item, u] > 0:
                    most = stock[item, u] / (recipe[item, u] * max(1, psi * cover))
                    started[u] = min(started[u], most)
        short = started < (1 - 1e-5) * wanted
        starts.append(started)
        able.append(weight)
        finished = starts[-1 - process]
        left = finished + held
        filled = np.ones((size, buyers))
        for number in range(rank.max() + 1):
            mine = np.where(rank == number, order, 0.0)
            asked = mine.sum(1)
            for u in range(size):
                part = min(1, left[u] / asked[u]) if asked[u] > 0 else 1.0
                filled[u, rank[u] == number] = part
                left[u] -= part * asked[u]
        for u in range(size) if until is not None and day >= until else ():
            ready = finished[u] + held[u]
            asked = {number: order[u, rank[u] == number].sum() for number in set(rank[u])}
            part = {number: usual[u, rank[u] == number].sum() for number in asked}
            whole = sum(part.values())
            first = {n: min(asked[n], ready * part[n] / whole) for n in asked}
            rest, missing = ready - sum(first.values()), sum(asked.values()) - sum(first.values())
            more = min(1, rest / missing) if missing > 1e-12 else 1.0
            for n in asked:
                gets = first[n] + more * (asked[n] - first[n])
                filled[u, rank[u] == n] = gets / asked[n] if asked[n] > 0 else 1.0
        opened = factor(day)
        gate = np.where(
            ordered_at > 0, np.minimum(1, opened / np.where(ordered_at > 0, ordered_at, 1)), 1
        )
        sent = order * filled * gate
        held = finished + held - sent.sum(1)
        for late in np.unique(lag):
            later = ships.setdefault(day + int(late), np.zeros((size, buyers)))
            ships[day + int(late)] = later + np.where(lag == late, sent, 0.0)
        came = ships.pop(day)
        at_sea = sum(ships.values(), np.zeros((size, buyers)))
        need_of, use_of = base_need.copy(), base_need.copy()
        for b in range(size):
            for item in range(kinds):
                mine = np.flatnonzero(items == item)
                use = recipe[item, b] * started[b]
                use_of[item, b] = recipe[item, b] * min(total[b], x0[b] * weight[b])
                stock[item, b] += came[mine, b].sum() - min(use, stock[item, b])
                days_at_sea = (share[mine, b] * lag[mine, b]).sum()
                goal = (cover + days_at_sea) * recipe[item, b] * wanted[b]
                position = stock[item, b] + at_sea[mine, b].sum()
                gap = goal - position
                need_of[item, b] = max(0, use + (gap if runs_down else max(0, gap)) / tau)
        order, ordered_at = ordered(need_of, able[-1 - process], opened, rho(day)), opened
        asked_last = ordered(use_of, weight, opened, rho(day)).sum(1)
        flow = flow + (asked_last - flow) / (1 + process)
        behind = able[-1 - process] < 0.99 * weight
        out.append(finished)
    return np.array(out)
