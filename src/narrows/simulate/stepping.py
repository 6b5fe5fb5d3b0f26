"""Which day a simulation takes: the plain one, or the fused one where it is worth it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from narrows.network import Network
from narrows.simulate.convert import converted
from narrows.simulate.kernels.states import Day, Report, State
from narrows.simulate.kernels.step import step
from narrows.simulate.prepare import Prepared

__all__ = ["PRECISIONS", "stepper", "takes_fused"]

Step = Callable[[Day], tuple[State, Report]]
PRECISIONS = {"float64": np.float64, "float32": np.float32}
"""Types of numbers by name."""
_LEAST_FUSED = 100_000
"""Needs x scenarios from which the fused day is taken.

Below it a year of plain days takes less than about a second, and loading compiled code as long.
"""
_COARSE_SHARE = 1e-4  # free sourcing share that is rounding in float32


def stepper(prepared: Prepared, *, precision: str = "float64", fused: bool | None = None) -> Step:
    """Give what moves a simulation on by a day; called with each day in turn.

    Parameters
    ----------
    prepared
        Network, rules and shocks in the form of the kernel.
    precision
        ``float64`` or ``float32``.
    fused
        Whether to take the fused day; None: where it can do the model, and needs x scenarios
        are 100 000 or more.
    """
    model, kind = prepared.model, PRECISIONS[precision]
    if kind is np.float32:
        model = replace(model, no_free_share=_COARSE_SHARE)
    if fused is None:
        fused = _worth(prepared)
    if fused:
        from narrows.simulate.kernels.step_fused import Fused

        return Fused(model, prepared.state, kind).step
    return _Plain(prepared, model, kind).step


def takes_fused(net: Network, width: int) -> bool:
    """Tell by the network whether so many scenarios side by side take the fused day."""
    dense = net.combine == "nested" and any(each.kind == "dense" for each in net.sourcing)
    return dense and len(net.needs.item) * width >= _LEAST_FUSED


def _worth(prepared: Prepared) -> bool:
    needs = sum(len(block.base) for block in prepared.model.blocks)
    if needs * prepared.drive.width < _LEAST_FUSED:
        return False
    from narrows.simulate.kernels.packed import fits

    return fits(prepared.model, prepared.drive.day(0))


class _Plain:
    """The plain day with its state."""

    def __init__(self, prepared: Prepared, model: Any, kind: Any) -> None:  # noqa: ANN401
        self.kind = kind
        self.model, self.state = self._coarse((model, prepared.state))

    def step(self, day: Day) -> tuple[State, Report]:
        """Move on by a day."""
        self.state, report = step(self.model, self.state, self._coarse(day))
        return self.state, report

    def _coarse(self, thing: Any) -> Any:  # noqa: ANN401 - parts of the kernel
        if self.kind is np.float64:
            return thing
        return converted(
            thing, lambda each: each.astype(self.kind) if each.dtype.kind == "f" else each
        )
