"""Narrows: where a supply chain is narrow, and what stops when it closes.

The rooms, in the order data flows: `terms`, `evidence`, `network`, `measure`, `simulate` and
`screen`, `plan`, `brief`, `cli`.
Rooms are loaded on first use, so that ``import narrows`` answers at once.
"""

from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from narrows import brief, evidence, measure, network, plan, screen, simulate, terms

__all__ = ["brief", "evidence", "measure", "network", "plan", "screen", "simulate", "terms"]
__version__ = version("narrows")


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"narrows.{name}")
    message = f"module 'narrows' has no attribute {name!r}"
    raise AttributeError(message)
