"""Slow twins of the measures of concentration, one share at a time."""

from math import exp, log


def hhi(shares):
    """Give the sum of squared shares."""
    total = 0.0
    for share in shares:
        total += share * share
    return total


def entropy(shares):
    """Give the entropy, in natural units."""
    total = 0.0
    for share in shares:
        if share > 0:
            total -= share * log(share)
    return total


def theil(shares):
    """Give sum s ln(n s) over the providers with a share."""
    makers = [share for share in shares if share > 0]
    return sum(share * log(len(makers) * share) for share in makers)


def hannah_kay(shares, alpha):
    """Give the effective number of order alpha."""
    if alpha == 1:
        return exp(entropy(shares))
    return sum(share**alpha for share in shares if share > 0) ** (1 / (1 - alpha))


def highest(named, rest, most):
    """Give the greatest HHI when the rest is filled hand by hand, each with as much as it may."""
    hands = []
    while rest > 1e-12:
        hands.append(min(rest, most))
        rest -= hands[-1]
    return hhi([*named, *hands])
