"""Synthetic trade as real trade is: seasons, trends, shared shocks, small flows that jump."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from narrows.screen.diversion import Flows
from narrows.screen.diversion.flows import checked
from narrows.terms import places

CUT = 48  # the control falls on January of the fifth year


@dataclass(frozen=True)
class World:
    """Flows with the places where diversion was planted, and those that only grow."""

    flows: Flows
    hit: tuple[str, ...]
    growing: tuple[str, ...]


def months(count, first=2018):
    return [f"{first + at // 12}-{at % 12 + 1:02d}" for at in range(count)]


def noisy(rng, base, count):
    """Make monthly flows: small ones jump more, shocks last, all share the tide of trade."""
    size = len(base)
    noise = np.clip(0.15 + 1.2 * np.exp(-(np.log(base) - 9) / 2.2), 0.15, 1.2)[:, None]
    phase = rng.random((size, 1))
    season = 1 + 0.15 * np.sin(2 * np.pi * (np.arange(count)[None] / 12 + phase))
    tide = np.cumsum(rng.normal(0.003, 0.02, count))
    slow = np.zeros((size, count))
    for at in range(1, count):
        slow[:, at] = 0.8 * slow[:, at - 1] + rng.normal(0, 0.25 * noise[:, 0])
    jumps = rng.normal(0, 1, (size, count)) * noise - noise**2 / 2
    return base[:, None] * np.exp(jumps + slow + tide) * season


def flows_of(values, names, *, reporter="DEU", item="854231", flow="export", weight=None):
    """Make rows of a table from (partners, months)."""
    count = values.shape[1]
    frame = pd.DataFrame(
        {
            "reporter": reporter,
            "partner": np.repeat(names, count),
            "item": item,
            "period": months(count) * len(names),
            "flow": flow,
            "value_usd": values.ravel(),
        }
    )
    return frame if weight is None else frame.assign(weight_kg=weight.ravel())


def make_world(seed, *, partners=100, planted=0, part=0.05, growers=10, span=3):
    """Plant exports of a part of the lost trade, for some months, in countries that buy less.

    `growers` countries grow by 20 to 50 percent a year all the time: innocent.
    """
    rng = np.random.default_rng(seed)
    names = [name for name in sorted(places()) if name not in ("RUS", "DEU")][:partners]
    base = rng.lognormal(14, 2, partners)
    values = noisy(rng, base, 60)
    growing = rng.choice(partners, growers, replace=False)
    trend = rng.normal(0, 0.06, partners)
    trend[growing] = np.log(rng.uniform(1.2, 1.5, growers))
    values *= np.exp(trend[:, None] / 12 * np.arange(60))
    target = rng.lognormal(18, 0.3)
    direct = target * np.exp(rng.normal(0, 0.1, 60))
    direct[CUT:] *= 0.1
    smaller = [at for at in np.argsort(base)[: int(partners * 0.8)] if at not in growing]
    hit = rng.choice(smaller, planted, replace=False) if planted else np.array([], dtype=int)
    values[hit, CUT : CUT + span] += part * target
    table = flows_of(np.vstack([values, direct]), [*names, "RUS"])
    found = checked(table, source="made for the test")
    return World(found, tuple(names[at] for at in hit), tuple(names[at] for at in growing))


@pytest.fixture
def world():
    """Give the maker of synthetic trade."""
    return make_world


@pytest.fixture
def trade():
    """Give the maker of noisy monthly flows between named places: a table for `checked`."""

    def made(seed, sizes, *, changed=None, count=60, **columns):
        rng = np.random.default_rng(seed)
        names = [*sizes, *[name for name in _others() if name not in sizes]]
        base = np.array([*sizes.values(), *rng.lognormal(14, 2, len(names) - len(sizes))])
        values = noisy(rng, base, count)
        for name, factors in (changed or {}).items():
            values[names.index(name)] *= factors
        return flows_of(values, names, **columns), values, names

    return made


def _others(count=80):
    aside = {"RUS", "DEU", "KGZ", "ARM", "KAZ", "AZE", "GEO"}
    return [name for name in sorted(places()) if name not in aside][:count]
