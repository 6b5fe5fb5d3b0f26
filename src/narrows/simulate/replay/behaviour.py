"""How everybody behaves in a replay, by kind of item: one set for all replays."""

from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from narrows.simulate.replay.checks import KINDS
from narrows.simulate.replay.nodes import Nodes, Read, composed
from narrows.simulate.values import Number
from narrows.terms import BadInput

__all__ = ["HISTORY", "Behaviour", "Kind", "behaviour"]

HISTORY = Path(str(files("narrows.evidence"))) / "data" / "history"
"""Folder of the bundled replays."""


@dataclass(frozen=True)
class Kind:
    """Behaviour around items of a kind, where a file is silent.

    Parameters
    ----------
    dedicated
        Whether what is made for one buyer can serve no other.
    served
        When it is short: ``alike``, all get the same part of their orders; ``named-first``, the
        uses that the file does not name give way; ``loyal-first``, buyers who had cut their
        orders come last.
    types_at_once
        How many of the missing types of the item a product needs, and holds in stock; the mean
        over products.
    without
        Part of the products that need none of the item.
    moved
        Where one provider alone makes an item: part of what it has lost that is made elsewhere
        once buyers have qualified that; it grows evenly from the first day.
    redirected, qualification_days
        Part of its orders a buyer moves to other makers at once; days until all can move.
    cover_days, headroom, ramp_days, finished_days
        As of a provider and a recipe.
    booked_days
        Where buyers who cut their orders come last: days after their return for which the rest is
        booked; then each is allotted its usual part. None: they stay last.
    sold_off_days
        See `narrows.simulate.Rules`.
    """

    kind: str
    dedicated: bool
    served: str
    types_at_once: Number
    without: Number
    moved: Number
    redirected: Number
    qualification_days: Number
    cover_days: Number
    headroom: Number
    ramp_days: Number
    finished_days: Number
    booked_days: Number | None = None
    sold_off_days: Number | None = None


@dataclass(frozen=True)
class Behaviour:
    """The one set of rules.

    Parameters
    ----------
    psi, restocking_days
        See `narrows.simulate.Rules`.
    wip_usable
        Part of the goods in process that survives a stop.
    front_loaded, order_days
        Part of the gap expected behind an announced measure that buyers order before it; days
        from the announcement until an order can leave.
    licence_first_days, licence_first_share, licence_ramp_days
        Days in which nothing is licensed, the part that is from then on, days until all is.
    covered
        Part of shipments that a licence reaches.
    stays
        Part of the orders moved to other makers during a measure that never comes back.
    leaks
        Part that still reaches buyers who alone are barred.
    lost_over_stated, hold_over_stated
        What a loss and its full length come to, over what a file states as one number.
    scarcity_exponent
        Of the index shown beside prices.
    kinds
        By kind of item.
    """

    psi: Number
    restocking_days: Number
    wip_usable: Number
    front_loaded: Number
    order_days: Number
    licence_first_days: Number
    licence_first_share: Number
    licence_ramp_days: Number
    covered: Number
    stays: Number
    leaks: Number
    lost_over_stated: Number
    hold_over_stated: Number
    scarcity_exponent: Number
    kinds: tuple[Kind, ...]

    def of(self, kind: str) -> Kind:
        """Give the behaviour around a kind of item."""
        return next(each for each in self.kinds if each.kind == kind)


@lru_cache(maxsize=1)
def behaviour() -> Behaviour:
    """Read the bundled behaviour."""
    return read_behaviour(HISTORY / "behaviour.yaml")


def read_behaviour(path: Path) -> Behaviour:
    """Read a set of behaviour.

    Raises
    ------
    BadInput
        With every fault found.
    """
    nodes = Nodes(path.name)
    part, above = nodes.number(0, 1), nodes.number(0)
    all_of: dict[str, Read] = {
        "psi": part,
        "restocking_days": nodes.number(1),
        "wip_usable": part,
        "front_loaded": nodes.number(0),
        "order_days": above,
        "covered": part,
        "stays": part,
        "leaks": part,
        "lost_over_stated": above,
        "hold_over_stated": above,
        "licence_first_days": above,
        "licence_first_share": part,
        "licence_ramp_days": above,
        "scarcity_exponent": above,
    }
    of_kind: dict[str, Read] = {
        "dedicated": lambda node, name: nodes.word(("true", "false"))(_as_word(node), name),
        "served": nodes.word(("alike", "named-first", "loyal-first")),
        "types_at_once": nodes.number(1),
        **dict.fromkeys(("redirected", "without", "moved"), part),
        "headroom": nodes.number(1),
        **dict.fromkeys(("qualification_days", "cover_days", "ramp_days", "finished_days"), above),
    }
    needed = tuple(of_kind)
    of_kind |= {"booked_days": above, "sold_off_days": nodes.number(1)}
    kinds = partial(nodes.mapping, keys=of_kind, needed=needed)
    keys: dict[str, Read] = {
        "everywhere": partial(nodes.mapping, keys=all_of, needed=tuple(all_of)),
        "kinds": partial(nodes.mapping, keys=dict.fromkeys(KINDS, kinds), needed=KINDS),
    }
    given: dict[str, Any] = nodes.mapping(composed(path), "", keys, tuple(keys))
    if nodes.faults:
        raise BadInput(nodes.faults)
    made = tuple(
        Kind(kind=kind, **{**each, "dedicated": each["dedicated"] == "true"})
        for kind, each in given["kinds"].items()
    )
    return Behaviour(**given["everywhere"], kinds=made)


def _as_word(node: Any) -> Any:  # noqa: ANN401 - a node of YAML
    import yaml

    return yaml.ScalarNode("tag:yaml.org,2002:str", node.value.lower(), node.start_mark)
