"""Slow twin of look-through reliance: the tiers summed one by one."""


def tiers(coefficients, buyer):
    """Give what each sector makes in all for one unit of a buyer's output, tier by tier."""
    size = len(coefficients)
    now = [coefficients[row][buyer] for row in range(size)]
    total = list(now)
    while max(map(abs, now)) > 1e-15:
        now = [
            sum(coefficients[row][middle] * now[middle] for middle in range(size))
            for row in range(size)
        ]
        total = [one + other for one, other in zip(total, now, strict=True)]
    return total


def reliance(coefficients, source, buyer):
    """Give the direct and the look-through share of a buyer's inputs from the source sectors."""
    direct = [row[buyer] for row in coefficients]
    every = tiers(coefficients, buyer)
    return tuple(
        sum(value for value, mine in zip(values, source, strict=True) if mine) / sum(values)
        for values in (direct, every)
    )
