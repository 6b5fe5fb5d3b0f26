"""Places as the US regulations write them."""

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

from narrows.terms import places

__all__ = ["us_place"]


def us_place(name: str) -> str | None:
    """Give the code of a place as the Country Chart or the Country Groups name it.

    Examples
    --------
    >>> us_place("Korea, South"), us_place("China (PRC)"), us_place("Atlantis")
    ('KOR', 'CHN', None)
    """
    clean = re.sub(r"\s+\d+$", "", " ".join(name.split()))
    return _written().get(clean) or _short().get(_plain(clean))


@cache
def _written() -> dict[str, str]:
    text = files("narrows.screen.control_lists").joinpath("us_names.csv").read_text("utf-8")
    return {row["name"]: row["place"] for row in csv.DictReader(text.splitlines())}


@cache
def _short() -> dict[str, str]:
    return {_plain(name): code for code, name in places().items()}


def _plain(name: str) -> str:
    """Fold accents, `Saint` and signs, so that two ways of writing a name meet."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    letters = re.sub(r"\bsaint\b", "st", letters).replace("&", "and")
    return re.sub(r"[^a-z]", "", letters)
