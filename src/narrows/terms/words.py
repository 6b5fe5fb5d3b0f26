"""The words that columns and results use, as types."""

from enum import StrEnum

__all__ = ["ASSUMED_SOURCE", "BY_USER", "Basis", "Criticality", "Grade", "ItemKind", "Status"]


ASSUMED_SOURCE = "narrows-assumption"  # source of every assumption of ours
BY_USER = "assumed by user"  # source of what the user set


class Grade(StrEnum):
    """How a figure came about; a result carries the weakest grade of its parts."""

    STATED = "stated"
    DERIVED = "derived"
    ASSUMED = "assumed"


class Basis(StrEnum):
    """What a share counts: where it is made, or where the maker is seated."""

    LOCATION = "location"
    HEADQUARTERS = "headquarters"
    NONE = "n/a"


class Status(StrEnum):
    """Whether a figure happened, is forecast, or is planned."""

    ACTUAL = "actual"
    FORECAST = "forecast"
    PLAN = "plan"


class Criticality(StrEnum):
    """What the lack of an input does: stops the item, can be replaced, or hardly matters."""

    ESSENTIAL = "essential"
    SUBSTITUTABLE = "substitutable"
    MINOR = "minor"


class ItemKind(StrEnum):
    """What an item is; a `group` is shown and never a unit of the network."""

    DESIGN = "design"
    SOFTWARE = "software"
    MATERIAL = "material"
    MINERAL = "mineral"
    GAS = "gas"
    CHEMICAL = "chemical"
    TOOL = "tool"
    PROCESS = "process"
    PRODUCT = "product"
    END_USE = "end-use"
    ENERGY = "energy"
    FOOD = "food"
    SERVICE = "service"
    GROUP = "group"
