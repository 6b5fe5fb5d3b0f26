"""Draws: which numbers have a range, and how a design spreads over them.

A Latin hypercube cuts the range of each input into as many strata of equal probability as there
are draws and takes one value from each, in an order of its own. The stream of an input hangs on
the seed and its name alone, so an input more or less changes no other one.

References
----------
McKay, Beckman and Conover (1979), A comparison of three methods for selecting values of input
variables in the analysis of output from a computer code, Technometrics 21(2):239-245.
Owen (1998), Scrambling Sobol' and Niederreiter-Xing points, Journal of Complexity 14(4):466-489.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.evidence import pert
from narrows.simulate.routes import ALL, names
from narrows.simulate.scenario import Scenario
from narrows.simulate.values import Range
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["METHODS", "design", "ranges_of", "with_values", "words_of"]

Array = NDArray[np.float64]
_BARE = ("place", "places", "market", "items")  # said without the name of the field
_NAMED = 3  # names said of a longer list
METHODS = ("latin-hypercube", "sobol")
_MOST_SOBOL = 21_201  # dimensions of the direction numbers that scipy carries


def ranges_of(scenario: Scenario) -> dict[str, Range]:
    """Find every number of a scenario that has a range, by its path.

    Examples
    --------
    >>> from narrows.simulate import CapacityLoss, Rules
    >>> shock = CapacityLoss(place="TWN", lost=Range(0.2, 0.5, 0.6))
    >>> rules = Rules(qualification_days=Range(90, 180, 365))
    >>> list(ranges_of(Scenario(name="x", days=10, shocks=[shock], rules=rules)))
    ['shocks.0.lost', 'rules.qualification_days']
    """
    return dict(_found(scenario, ""))


def words_of(scenario: Scenario, path: str) -> str:
    """Say what a number of a scenario is: its field, and whose it is.

    Examples
    --------
    >>> from narrows.simulate import Rules, Special
    >>> own = Special(items="logic-*", inputs="neon", cover_days=Range(20, 30, 60))
    >>> scenario = Scenario(name="x", days=9, rules=Rules(special=[own]))
    >>> words_of(scenario, "rules.special.0.cover_days")
    'cover_days of logic-*, inputs neon'
    """
    kind, *steps = path.split(".")
    if kind == "shocks":
        shock = scenario.shocks[int(steps[0])]
        whose = f" of {_whose(shock)}" if _whose(shock) else ""
        return f"{' '.join(steps[1:])}{whose} ({shock.kind}, from day {shock.start})"
    if steps[0] == "special":
        return f"{' '.join(steps[2:])} of {_whose(scenario.rules.special[int(steps[1])]) or 'all'}"
    return f"{' '.join(steps)} (rule for all)"


def _whose(part: object) -> str:
    """Give the places, items and other names that a shock or a rule is for."""
    sides = [" ".join(names(side)) for side in getattr(part, "between", ())]
    said = ["between " + " and ".join(sides)] if sides else []
    for name in ("place", "places", "market", "items", "inputs", "units", "markets", "from_", "to"):
        mine = names(getattr(part, name, ()))
        if mine and mine != (ALL,):
            more = f" and {len(mine) - _NAMED} more" if len(mine) > _NAMED else ""
            label = "" if name in _BARE else f"{name.strip('_')} "
            said.append(label + " ".join(mine[:_NAMED]) + more)
    return ", ".join(said)


def with_values(scenario: Scenario, u: Mapping[str, float]) -> Scenario:
    """Give a scenario of plain numbers, each range at its quantile.

    Parameters
    ----------
    scenario
        The scenario.
    u
        Quantiles between 0 and 1 by path. A range that is not named keeps its best value.
    """
    at = {path: _quantile(each, u[path]) for path, each in ranges_of(scenario).items() if path in u}
    drawn: Scenario = _replaced(scenario, "", at)
    return drawn


def design(names: Sequence[str], *, draws: int, seed: int, method: str = METHODS[0]) -> Array:
    """Spread draws over inputs.

    Parameters
    ----------
    names
        One name an input.
    draws
        How many; a power of two for ``sobol``.
    seed
        Where the streams start.
    method
        ``latin-hypercube`` or ``sobol``.

    Returns
    -------
    ndarray
        Quantiles in the open interval from 0 to 1, shape (inputs, draws).

    Raises
    ------
    BadInput
        When ``sobol`` gets a number of draws that is no power of two, or too many inputs.
    """
    if method not in METHODS:
        raise UnknownName("method", method, METHODS, where="ensemble")
    if method == "sobol":
        out = _sobol(len(names), draws, seed)
    else:
        out = np.empty((len(names), draws))
        for row, name in enumerate(names):
            random = _stream(seed, name)
            out[row] = (random.permutation(draws) + random.random(draws)) / draws
    return np.clip(out, 1e-12, 1 - 1e-12, out=out)


def _sobol(inputs: int, draws: int, seed: int) -> Array:
    from scipy.stats import qmc

    power = max(draws, 1).bit_length() - 1
    if 2**power != draws:
        expected = f"a power of two, such as {2**power} or {2 ** (power + 1)}"
        raise BadInput(Fault("ensemble", None, "draws", f"{draws} with sobol", expected))
    if inputs > _MOST_SOBOL:
        expected = f"at most {_MOST_SOBOL}; or the latin-hypercube"
        raise BadInput(Fault("ensemble", None, "method", f"sobol over {inputs} inputs", expected))
    if not inputs:
        return np.empty((0, draws))
    engine = qmc.Sobol(inputs, scramble=True, rng=np.random.default_rng(seed))
    return np.ascontiguousarray(engine.random_base2(power).T)


def _stream(seed: int, name: str) -> np.random.Generator:
    key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
    return np.random.Generator(np.random.Philox(key=np.array([seed % 2**64, key], dtype=np.uint64)))


def _quantile(value: Range, u: float) -> float:
    low, middle, high = (np.array([float(each)]) for each in (value.low, value.best, value.high))
    return float(np.clip(pert(np.array([u]), low, middle, high)[0], value.low, value.high))


def _found(thing: object, path: str) -> Iterator[tuple[str, Range]]:
    if isinstance(thing, Range):
        if thing.high > thing.low:
            yield path, thing
        return
    for name, part in _parts(thing):
        yield from _found(part, f"{path}.{name}" if path else name)


def _replaced(thing: Any, path: str, values: Mapping[str, float]) -> Any:  # noqa: ANN401 - any part
    """Put values in place of ranges; what holds none stays the object it was."""
    if isinstance(thing, Range):
        return values.get(path, thing)
    changes = {}
    for name, part in _parts(thing):
        new = _replaced(part, f"{path}.{name}" if path else name, values)
        if new is not part:
            changes[name] = new
    if changes and isinstance(thing, tuple):
        return tuple(changes.get(str(number), part) for number, part in enumerate(thing))
    return replace(thing, **changes) if changes else thing


def _parts(thing: object) -> Iterator[tuple[str, object]]:
    if isinstance(thing, tuple):
        yield from ((str(number), part) for number, part in enumerate(thing))
    elif is_dataclass(thing) and not isinstance(thing, type):
        yield from ((each.name, getattr(thing, each.name)) for each in fields(thing) if each.init)
