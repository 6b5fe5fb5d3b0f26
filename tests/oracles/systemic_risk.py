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
    sales = dict.fromkeys(firms, 0.0)
    bought = dict.fromkeys(firms, 0.0)
    bought_of = {}
    for (supplier, buyer), value in links.items():
        sales[supplier] += value
        bought[buyer] += value
        key = buyer, firms[supplier]
        bought_of[key] = bought_of.get(key, 0.0) + value
    size = sales if size is None else size
    down = dict.fromkeys(firms, 1.0)
    up = dict.fromkeys(firms, 1.0)
    steps = 0
    while True:
        steps += 1
        sigma = dict.fromkeys(firms, 1.0)
        if replaceable:
            for firm, sector in firms.items():
                left = sum(size[each] * down[each] for each in firms if firms[each] == sector)
                sigma[firm] = min(1.0, size[firm] / left) if left > 0 else 1.0
        new_down, new_up = {}, {}
        for firm, sector in firms.items():
            supply = {}
            other = 1.0
            demand = 1.0
            for (supplier, buyer), value in links.items():
                if buyer == firm:
                    kind = criticality[firms[supplier], sector]
                    lost = sigma[supplier] * (1 - down[supplier])
                    if kind == ESSENTIAL:
                        product = firms[supplier]
                        part = value / bought_of[firm, product]
                        supply[product] = supply.get(product, 1.0) - part * lost
                    elif kind == NON_ESSENTIAL:
                        other -= value / bought[firm] * lost
                if supplier == firm:
                    demand -= value / size[firm] * (1 - up[buyer])
            whole = 1.0 - shock.get(firm, 0.0)
            new_down[firm] = max(0.0, min([whole, other, *supply.values()]))
            new_up[firm] = max(0.0, min(whole, demand))
        change = max(max(down[firm] - new_down[firm], up[firm] - new_up[firm]) for firm in firms)
        down, up = new_down, new_up
        if change < eps:
            break
    total = sum(size.values())
    index = sum(size[firm] / total * (1 - min(down[firm], up[firm])) for firm in firms)
    return down, up, index, steps
