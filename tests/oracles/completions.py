"""Slow twin of the three-valued evaluation: try every completion of what is not known."""

from itertools import product

from narrows.screen.rules.deciding import decide
from narrows.screen.rules.questions import trial_values


def completed(pack, facts, unknown, on):
    """Give the outcome of every way to fill in some unknown facts."""
    values = [trial_values(pack, name) for name in unknown]
    for chosen in product(*values):
        filled = {**facts, **dict(zip(unknown, chosen, strict=True))}
        yield filled, decide(pack, filled, on)
