"""How a shock sets in and how it fades."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.values import Number, best, checked
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["SHAPES", "Onset", "Recovery", "profile"]

Array = NDArray[np.float64]


def _linear(days: Array, length: float, _rate: float) -> Array:
    return 1.0 - days / length


def _s_curve(days: Array, length: float, _rate: float) -> Array:
    part = np.clip(days / length, 0.0, 1.0)
    return 1.0 - part * part * (3.0 - 2.0 * part)


def _exponential(days: Array, length: float, rate: float) -> Array:
    return np.asarray((1.0 - 1.0 / length) ** (rate * days))


SHAPES: dict[str, Callable[[Array, float, float], Array]] = {
    "linear": _linear,
    "s-curve": _s_curve,
    "exponential": _exponential,
}
"""What is left of a shock so many days into the recovery, by shape."""
_NAMES = ("step", *SHAPES, "curve")


@dataclass(frozen=True)
class Recovery:
    """How a shock fades after its last day.

    Parameters
    ----------
    shape
        ``step`` (at once), ``linear``, ``s-curve``, ``exponential`` or ``curve``.
    days
        Length: the shock is gone on the last of these days; with ``exponential`` it has
        fallen by ``(1 - 1/days)`` to the power ``rate * days`` (2 % left with rate 4).
    rate
        Of ``exponential`` only.
    curve
        Of ``curve`` only: the part of the shock left on each day of the recovery, 0 to 1.

    Examples
    --------
    >>> Recovery("linear", days=4).left(np.arange(5))
    array([0.75, 0.5 , 0.25, 0.  , 0.  ])
    """

    shape: str = "step"
    days: Number = 0
    rate: float = 4.0
    curve: tuple[float, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.shape not in _NAMES:
            raise UnknownName("shape", self.shape, _NAMES, where="shape")
        checked(self.days, "days", 0)
        checked(self.rate, "rate", 0)
        object.__setattr__(self, "curve", tuple(self.curve))
        for each in self.curve:
            checked(each, "curve", 0, 1)
        if (self.shape == "curve") != bool(self.curve):
            found = f"shape {self.shape} with {len(self.curve)} values"
            raise BadInput(Fault("curve", None, "", found, "values with the shape curve only"))

    def left(self, days: NDArray[np.int64]) -> Array:
        """Give the part of the shock left; day 0 is the first day after the plateau."""
        length = float(best(self.days))
        if self.shape == "curve":
            padded = np.append(self.curve, 0.0)
            return np.asarray(padded[np.minimum(days, len(self.curve))])
        if self.shape == "step" or length <= 1:
            return np.zeros(len(days))
        return np.clip(
            SHAPES[self.shape](np.asarray(days + 1.0, np.float64), length, self.rate), 0.0, 1.0
        )

    def left_in_peer(self, days: NDArray[np.int64]) -> Array:
        """Give the part left as BoARIO computes it, for parity only."""
        length = max(float(best(self.days)), 1.0)
        if self.shape == "s-curve":
            steep = 1e-6
            power = (np.log(length) - np.log(steep)) / (np.log(length) - np.log(2.0))
            return np.asarray(length / (length + steep * days.astype(np.float64) ** power))
        if self.shape == "exponential":
            return _exponential(days.astype(np.float64), length, self.rate)
        if self.shape in ("linear", "step"):
            return np.clip(1.0 - days / length, 0.0, 1.0)
        return self.left(days)


@dataclass(frozen=True)
class Onset:
    """How a shock sets in; the days of the onset are the first days of the shock.

    Parameters
    ----------
    shape
        ``step`` (at once), ``linear``, ``s-curve`` or ``exponential``.
    days
        Length: the plateau is reached on the last of these days.

    Examples
    --------
    >>> Onset("linear", days=4).reached(np.arange(5))
    array([0.25, 0.5 , 0.75, 1.  , 1.  ])
    """

    shape: str = "step"
    days: Number = 0

    def __post_init__(self) -> None:
        if self.shape not in _NAMES[:-1]:
            raise UnknownName("shape", self.shape, _NAMES[:-1], where="shape")
        checked(self.days, "days", 0)

    def reached(self, days: NDArray[np.int64]) -> Array:
        """Give the part of the plateau reached; day 0 is the first day of the shock."""
        length = float(best(self.days))
        if self.shape == "step" or length <= 1:
            return np.ones(len(days))
        rising = 1.0 - np.clip(
            SHAPES[self.shape](np.asarray(days + 1.0, np.float64), length, 4.0), 0.0, 1.0
        )
        return np.where(days + 1 >= length, 1.0, rising)


def profile(
    horizon: int,
    start: int,
    days: int | None,
    onset: Onset,
    recovery: Recovery,
    *,
    late: int | None = None,
) -> Array:
    """Give the part of a shock in force on each day, shape (horizon,).

    Parameters
    ----------
    horizon
        Days of the run.
    start
        First day of the shock.
    days
        Days until the recovery begins; None: it lasts to the end.
    onset, recovery
        How it sets in and fades.
    late
        None; to time it as BoARIO does, the days it is late (1 for losses of capacity, 0 for
        losses of capital): its recovery begins a day later still.
    """
    out = np.zeros(horizon)
    first = start + (late or 0)
    end = horizon if days is None else start + days + (0 if late is None else late + 1)
    plateau = np.arange(min(first, horizon), min(end, horizon))
    out[plateau] = onset.reached(plateau - first)
    fading = np.arange(min(end, horizon), horizon)
    left = recovery.left(fading - end) if late is None else recovery.left_in_peer(fading - end)
    out[fading] = left
    return out
