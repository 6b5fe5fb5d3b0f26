"""Places: ISO 3166 alpha-3 codes with short neutral names, and the reserved words."""

import csv
from functools import cache
from importlib.resources import files

__all__ = ["FIRM", "OTHER", "WORLD", "is_firm", "place_name", "places"]

WORLD = "World"
OTHER = "Other"
FIRM = "firm:"


@cache
def places() -> dict[str, str]:
    """Give the known place codes with their short English names.

    Examples
    --------
    >>> places()["TWN"]
    'Taiwan'
    """
    text = files("narrows.terms").joinpath("places.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def is_firm(entity: str) -> bool:
    """Tell whether an entity is a firm (``firm:NAME``).

    Examples
    --------
    >>> is_firm("firm:ASML"), is_firm("NLD")
    (True, False)
    """
    return entity.startswith(FIRM)


def place_name(entity: str) -> str:
    """Give the name to show for a place, a group or a firm.

    Examples
    --------
    >>> place_name("KOR"), place_name("firm:ASML"), place_name("Other")
    ('South Korea', 'ASML', 'Other')
    """
    if is_firm(entity):
        return entity.removeprefix(FIRM)
    return places().get(entity, entity)
