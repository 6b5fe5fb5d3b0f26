"""Values as one text that is the same anywhere, and the digest of it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

import numpy as np

__all__ = ["canonical", "digest_of", "plain"]


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Give a value as JSON knows it: dates as text, sets in order, infinite numbers as text.

    Examples
    --------
    >>> from datetime import date
    >>> plain({"on": date(2026, 11, 23), "to": {"JPN", "CHN"}, "part": float("nan")})
    {'on': '2026-11-23', 'to': ['CHN', 'JPN'], 'part': None}
    """
    found = value
    if isinstance(value, Enum):
        found = value.value
    elif isinstance(value, np.generic):
        found = value.item()
    if isinstance(found, float):
        return _number(found)
    if found is None or isinstance(found, bool | int | str):
        return found
    return _plain_group(found)


def canonical(value: object) -> str:
    """Give the one text of a value: keys in order, no blanks.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(
        plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest_of(value: object) -> str:
    """Give the SHA-256 digest of a value: the same value gives the same one anywhere.

    Examples
    --------
    >>> digest_of({"a": 1, "b": 2}) == digest_of({"b": 2.0, "a": 1})
    True
    """
    return sha256(canonical(value).encode()).hexdigest()


def _plain_group(value: object) -> Any:  # noqa: ANN401 - any JSON value
    if is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=canonical)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(each) for each in value]
    return _word(value)


def _word(value: object) -> str:
    """Give what is no group as one word: a date, the digest of bytes, a path."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return sha256(value).hexdigest() if isinstance(value, bytes) else str(value)


def _number(value: float) -> int | float | str | None:
    """Write whole numbers as such, so that 1.0 and 1 are the same."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
