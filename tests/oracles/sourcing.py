"""Slow twin of home-first sourcing, with places by name and one flow at a time."""

NOWHERE = ("Other", "World")


def home_first(output, needs):
    """Give the part of each need that each unit fills.

    Parameters
    ----------
    output
        (place, output) of each unit.
    needs
        (place, need) of each buyer; a market's place is World.

    Returns
    -------
    list of list of float
        One row a unit, one column a need.
    """
    filled = [[0.0] * len(needs) for _ in output]
    left = [made for _, made in output]
    open_ = [need for _, need in needs]
    for place in sorted({place for place, _ in output} - set(NOWHERE)):
        units = [number for number, (at, _) in enumerate(output) if at == place]
        buyers = [number for number, (at, _) in enumerate(needs) if at == place]
        made = sum(output[unit][1] for unit in units)
        wanted = sum(needs[buyer][1] for buyer in buyers)
        for unit in units:
            for buyer in buyers:
                if made > 0 and wanted > 0:
                    flow = min(made, wanted) * output[unit][1] / made * needs[buyer][1] / wanted
                    filled[unit][buyer] += flow
                    left[unit] -= flow
                    open_[buyer] -= flow
    pool = sum(left)
    for unit in range(len(output)):
        for buyer in range(len(needs)):
            if pool > 1e-12:
                filled[unit][buyer] += open_[buyer] * left[unit] / pool
    return [
        [flow / need if need > 0 else None for flow, (_, need) in zip(row, needs, strict=True)]
        for row in filled
    ]
