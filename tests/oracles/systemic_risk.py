"""The economic systemic risk index by plain loops over links, in the words of the paper.

Diem, Borsos, Reisch, Kertesz and Thurner (2022), Scientific Reports 12:7719.
"""

ESSENTIAL, NON_ESSENTIAL = "essential", "non-essential"


def systemic_risk(firms, links, criticality, shock, *, replaceable, size=None, eps=1e-2):
    """Give h_down, h_up of each firm, the index, and the steps until nothing moves by eps.

    Parameters
    ----------
    firms
        Sector of each firm by id.
    links
        Value by (supplier, buyer).
    criticality
        Word by (supplier sector, buyer sector).
    shock
        Part of each firm that fails, by id; others do not fail.
    size
        Size of each firm by id; what it sells to firms where not given.
    """
    sales = added(firms, links, lambda supplier, _: supplier)
    size = sales if size is None else size
    down = dict.fromkeys(firms, 1.0)
    up = dict.fromkeys(firms, 1.0)
    steps = 0
    while True:
        steps += 1
        sigma = replaceability(firms, size, down) if replaceable else dict.fromkeys(firms, 1.0)
        supply = supplied(firms, links, criticality, down, sigma)
        demand = dict.fromkeys(firms, 1.0)
        for (supplier, buyer), value in links.items():
            demand[supplier] -= value / size[supplier] * (1 - up[buyer])
        whole = {firm: 1.0 - shock.get(firm, 0.0) for firm in firms}
        new_down = {firm: max(0.0, min(whole[firm], supply[firm])) for firm in firms}
        new_up = {firm: max(0.0, min(whole[firm], demand[firm])) for firm in firms}
        change = max(max(down[firm] - new_down[firm], up[firm] - new_up[firm]) for firm in firms)
        down, up = new_down, new_up
        if change < eps:
            break
    total = sum(size.values())
    index = sum(size[firm] / total * (1 - min(down[firm], up[firm])) for firm in firms)
    return down, up, index, steps


def added(start, links, key):
    """Add up the values of links by a key of supplier and buyer."""
    sums = dict.fromkeys(start, 0.0)
    for (supplier, buyer), value in links.items():
        name = key(supplier, buyer)
        sums[name] = sums.get(name, 0.0) + value
    return sums


def replaceability(firms, size, left):
    """Give min(1, size / what is left of the market) of each firm."""
    market = dict.fromkeys(firms.values(), 0.0)
    for firm, sector in firms.items():
        market[sector] += size[firm] * left[firm]
    return {
        firm: min(1.0, size[firm] / market[sector]) if market[sector] > 0 else 1.0
        for firm, sector in firms.items()
    }


def supplied(firms, links, criticality, left, sigma):
    """Give how much of its output the inputs of each firm allow."""
    bought = added(firms, links, lambda _, buyer: buyer)
    of_sector = added([], links, lambda supplier, buyer: (buyer, firms[supplier]))
    essential, other = {}, dict.fromkeys(firms, 1.0)
    for (supplier, buyer), value in links.items():
        key = buyer, firms[supplier]
        kind = criticality[firms[supplier], firms[buyer]]
        lost = sigma[supplier] * (1 - left[supplier])
        if kind == ESSENTIAL:
            essential[key] = essential.get(key, 1.0) - value / of_sector[key] * lost
        elif kind == NON_ESSENTIAL:
            other[buyer] -= value / bought[buyer] * lost
    supply = dict(other)
    for (buyer, _), part in essential.items():
        supply[buyer] = min(supply[buyer], part)
    return supply
