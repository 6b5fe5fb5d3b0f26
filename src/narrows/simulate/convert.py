"""Bring the arrays of a simulation into another precision or another library."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

__all__ = ["converted"]

Thing = TypeVar("Thing")


def converted(thing: Thing, convert: Callable[[Any], Any]) -> Thing:
    """Give a model, a state or a day with every numpy array converted.

    Parameters
    ----------
    thing
        A dataclass, tuple, mapping or array of `kernels.blocks`.
    convert
        From a numpy array to the wanted one; whole numbers (rows of arrays) come through it too.

    Examples
    --------
    >>> converted((np.ones(2), "label"), lambda array: array.astype(np.float32))
    (array([1., 1.], dtype=float32), 'label')
    """
    return _converted(thing, convert)  # type: ignore[no-any-return]


def _converted(thing: Any, convert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - any part
    if isinstance(thing, np.ndarray):
        return convert(thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        changes = {each.name: getattr(thing, each.name) for each in fields(thing)}
        return replace(thing, **{name: _converted(part, convert) for name, part in changes.items()})
    if isinstance(thing, tuple):
        return tuple(_converted(part, convert) for part in thing)
    if isinstance(thing, Mapping):
        return {key: _converted(part, convert) for key, part in thing.items()}
    return thing
