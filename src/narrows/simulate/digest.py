"""Fingerprint of the inputs of a run: the same inputs give the same one anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from hashlib import blake2b

import numpy as np
from scipy import sparse

from narrows.network import Network

__all__ = ["digest_of"]


def digest_of(net: Network, *others: object) -> str:
    """Give the fingerprint of a network and of anything else a result rests on.

    Parameters
    ----------
    net
        The network.
    others
        What its ``repr`` tells in full: a scenario, a seed.
    """
    found = blake2b(digest_size=16)
    for part in (net.items, net.units, net.needs, net.sourcing, net.markets, net.demand):
        _feed(found, part)
    _feed(found, net.market_names)
    for other in others:
        found.update(repr(other).encode())
    return found.hexdigest()


def _feed(found: blake2b, part: object) -> None:
    if isinstance(part, np.ndarray):
        text = part.dtype.kind in "OUS"
        found.update("\n".join(part.tolist()).encode() if text else part.tobytes())
    elif sparse.issparse(part):
        for name in ("data", "indices", "indptr"):
            _feed(found, getattr(part, name))
    elif is_dataclass(part) and not isinstance(part, type):
        for each in fields(part):
            _feed(found, getattr(part, each.name))
    elif isinstance(part, Mapping):
        found.update(repr(sorted(part.items())).encode())
    elif isinstance(part, Sequence) and not isinstance(part, str):
        for each in part:
            _feed(found, each)
    else:
        found.update(str(part).encode())
