"""A slow twin of the simulation: every order between a unit and a buyer written out.

For networks from tables, with losses of capacity and trade cuts; follows the order of steps of
the method page, one array of units x buyers for the orders.
"""

import numpy as np


def simulate(  # noqa: C901, PLR0912 - as plain as it can be
    net, *, days, loss, factor, adaptive, cover, tau, psi, headroom, headroom_days
):
    """Give production by day and unit.

    `loss(day)` is the part of capacity lost of each unit, `factor(day)` the trade factor of each
    link (units, buyers).
    """
    size, buyers = len(net.units.item), len(net.buyers)
    x0, items = net.units.output, net.units.item
    kinds = len(net.items)
    base_out = np.concatenate([x0, net.demand])
    recipe = net.needs.recipe.reshape(kinds, buyers)
    share = np.concatenate([each.shares for each in net.sourcing])
    base_need = recipe * base_out
    stock = base_need[:, :size] * cover
    order = share * base_need[items]
    ordered_at = np.ones((size, buyers))
    alpha, produced, held = np.ones(size), x0.copy(), np.zeros(size)
    out = []
    for day in range(days):
        total = order.sum(1)
        for u in range(size):
            scarcity = (total[u] - produced[u]) / total[u] if total[u] > 0 else 0.0
            move = (headroom - alpha[u]) * scarcity if scarcity > 1e-5 else 1 - alpha[u]
            alpha[u] = max(1.0, alpha[u] + move / headroom_days)
        weight = (1 - loss(day)) * alpha
        wanted = np.minimum(np.maximum(total - held, 0), x0 * weight)
        produced = wanted.copy()
        for u in range(size):
            for item in range(kinds):
                if recipe[item, u] > 0:
                    most = stock[item, u] / (recipe[item, u] * max(1, psi * cover))
                    produced[u] = min(produced[u], most)
        ready = produced + held
        filled = np.array(
            [min(1, r / t) if t > 0 else 1.0 for r, t in zip(ready, total, strict=True)]
        )
        opened = factor(day)
        gate = np.where(
            ordered_at > 0, np.minimum(1, opened / np.where(ordered_at > 0, ordered_at, 1)), 1
        )
        sent = order * filled[:, None] * gate
        held = ready - sent.sum(1)
        new_order = np.zeros_like(order)
        for b in range(buyers):
            for item in range(kinds):
                mine = np.flatnonzero(items == item)
                if b < size:
                    use = recipe[item, b] * produced[b]
                    stock[item, b] += sent[mine, b].sum() - min(use, stock[item, b])
                    goal = cover * recipe[item, b] * wanted[b]
                    need = use + max(0, goal - stock[item, b]) / tau
                else:
                    need = base_need[item, b]
                free = [u for u in mine if opened[u, b] == 1]
                closed = [u for u in mine if opened[u, b] < 1]
                for u in closed:
                    new_order[u, b] = share[u, b] * opened[u, b] * min(need, base_need[item, b])
                spread = sum(share[u, b] * weight[u] for u in free)
                left = need - new_order[closed, b].sum()
                for u in free:
                    if not adaptive:
                        new_order[u, b] = share[u, b] * need
                    elif spread > 1e-8:
                        new_order[u, b] = share[u, b] * weight[u] * left / spread
        order, ordered_at = new_order, opened
        out.append(produced)
    return np.array(out)
