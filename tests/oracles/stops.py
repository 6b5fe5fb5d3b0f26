"""Slow twins of the two static numbers, written from their equations over labels and rows.

`fixed` follows every buyer and input by name, again and again until nothing moves. `linear` puts
every flow from a unit to a buyer into one linear programme.
"""

import numpy as np
from scipy.optimize import linprog

FOREVER = 365.0


def rows_of(net):
    """Give units and needs as plain records."""
    units = [
        {
            "item": net.items[net.units.item[n]],
            "place": str(net.units.place[n]),
            "output": float(net.units.output[n]),
            "headroom": float(net.units.headroom[n]),
        }
        for n in range(len(net.units.item))
    ]
    needs = []
    for n in range(len(net.needs.item)):
        item = int(net.needs.item[n])
        first = net.unit_slices[item].start
        shares = net.sourcing[item].shares
        column = shares if shares.ndim == 1 else shares[:, n - net.need_slices[item].start]
        needs.append(
            {
                "buyer": int(net.needs.buyer[n]),
                "item": net.items[item],
                "recipe": float(net.needs.recipe[n]),
                "cover": float(net.needs.cover[n]),
                "stops": float(net.needs.stops_fraction[n]),
                "essential": bool(net.needs.essential[n]),
                "from": {first + at: float(share) for at, share in enumerate(column)},
            }
        )
    return units, needs


def binds(need, within_days):
    """Tell whether an input is essential and its stock used up in time."""
    used = need["recipe"] > 0 and need["stops"] > 0
    return used and need["essential"] and need["cover"] <= within_days


def fixed(net, loss, within_days=FOREVER):
    """Give what is left of each unit and market, nothing re-routed."""
    units, needs = rows_of(net)
    size = len(units) + len(net.markets)
    limit = [1 - part for part in loss] + [1.0] * len(net.markets)
    left = [1.0] * size
    while True:
        after = list(limit)
        for buyer in range(size):
            lost, kept = 0.0, 1.0
            for need in needs:
                if need["buyer"] == buyer and binds(need, within_days):
                    arrives = sum(share * left[unit] for unit, share in need["from"].items())
                    part = need["stops"] * (1 - arrives)
                    lost, kept = max(lost, part), kept * (1 - part)
            bound = 1 - lost if net.combine == "nested" else kept
            after[buyer] = min(after[buyer], bound)
        if max(abs(a - b) for a, b in zip(left, after, strict=True)) < 1e-14:
            return after
        left = after


def linear(net, loss, weight, within_days=FOREVER):
    """Give the most value when every unit may send to any buyer, as a part of base.

    Variables: what each unit makes, and what goes from each unit to each binding need. Needs that
    stop only a part of their buyer (stops below 1) ask for ``recipe (x - (1 - stops) X) / stops``.
    """
    units, needs = rows_of(net)
    needs = [need for need in needs if binds(need, within_days)]
    flows = [
        (number, unit)
        for number, need in enumerate(needs)
        for unit, row in enumerate(units)
        if row["item"] == need["item"]
    ]
    size, markets = len(units), len(net.markets)
    columns = size + markets + len(flows)
    base = [row["output"] for row in units] + [1.0] * markets
    most = [
        row["output"] * row["headroom"] * (1 - part)
        for row, part in zip(units, loss, strict=True)
    ] + [1.0] * markets  # fmt: skip
    above, limits = [], []
    for number, need in enumerate(needs):
        line = np.zeros(columns)
        buyer, stops = need["buyer"], need["stops"]
        line[buyer] = need["recipe"] / stops
        for at, (to, _) in enumerate(flows):
            if to == number:
                line[size + markets + at] = -1
        above.append(line)
        limits.append(need["recipe"] * (1 / stops - 1) * base[buyer])
    for unit in range(size):
        line = np.zeros(columns)
        line[unit] = -1
        for at, (_, source) in enumerate(flows):
            if source == unit:
                line[size + markets + at] = 1
        above.append(line)
        limits.append(0.0)
    cost = np.zeros(columns)
    cost[size : size + markets] = -np.asarray(weight) / np.sum(weight)
    bounds = [(0, top) for top in most] + [(0, None)] * len(flows)
    solved = linprog(cost, A_ub=np.array(above), b_ub=limits, bounds=bounds, method="highs")
    assert solved.status == 0, solved.message
    return -solved.fun
