"""Rules of behaviour of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from narrows.simulate.routes import ALL, Names, Route, names
from narrows.simulate.values import Number, checked
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["FINAL_DEMAND", "HOME", "INDUSTRY", "Rules", "Special", "Transit"]

HOME = "home"
FINAL_DEMAND = "final demand"
INDUSTRY = "industry"
_SOURCING = ("fixed", "adaptive")
_RATIONING: dict[str, tuple[tuple[str, ...], ...]] = {
    "proportional": (),
    "home-first": ((HOME,),),
    "final-demand-first": ((FINAL_DEMAND,),),
    "final-demand-last": ((INDUSTRY,),),
}
_ORDERS = {"noalt": "fixed", "alt": "adaptive"}
_TECHNOLOGY = 1e-5 / 365  # the peer compares a flow of a year with an output of a day


@dataclass(frozen=True, kw_only=True)
class Transit(Route):
    """Days from dispatch to arrival on some routes.

    Parameters
    ----------
    days
        Whole days; where routes overlap, the longest counts.

    Examples
    --------
    >>> Transit(from_="TWN", to="*", days=30).days
    30
    """

    days: Number = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.days, "days", 0, where=self.where or "transit")


@dataclass(frozen=True, kw_only=True)
class Special:
    """Numbers of behaviour for some units or needs only; a later one overrides an earlier one.

    Parameters
    ----------
    items, places
        Units meant: what they make, and where.
    units
        Labels of units instead.
    inputs
        Inputs meant, for the numbers of a need.
    markets
        Markets meant too, for the numbers of a need.
    cover_days, restocking_days, psi
        Of the needs; see `Rules`.
    qualification_days, redirected
        Of the inputs, whoever buys them; ``inf``: never re-sourced.
    headroom, headroom_days, process_days, finished_days, sold_off_days, classes_days
        Of the units; see `Rules`.
    why
        The reason.
    where
        File and line it was read from, for messages.

    Examples
    --------
    >>> Special(items="logic-*", inputs="neon*", cover_days=60).cover_days
    60
    """

    items: Names = ALL
    places: Names = ALL
    units: Names = ()
    inputs: Names = ALL
    markets: Names = ()
    cover_days: Number | None = None
    restocking_days: Number | None = None
    psi: Number | None = None
    qualification_days: Number | None = None
    redirected: Number | None = None
    headroom: Number | None = None
    headroom_days: Number | None = None
    process_days: Number | None = None
    finished_days: Number | None = None
    sold_off_days: Number | None = None
    classes_days: Number | None = None
    why: str = field(default="", compare=False)
    where: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        _check(self, "special")


@dataclass(frozen=True)
class Rules:
    """How units and markets behave; a number may carry a range.

    Parameters
    ----------
    sourcing
        ``fixed``: buyers keep their suppliers (rho 0). ``adaptive``: they re-source to what
        can make more (rho 1).
    qualification_days
        With ``adaptive``: days from the first loss or cut of an item until buyers re-source it.
    redirected
        Part of the orders, 0 to 1, that buyers can re-source at once; it grows evenly to all on
        the last of the qualification days. None: nothing before that day, all from it on.
    rationing
        Who is served first when a unit cannot fill all orders: ``proportional`` (all get the
        same part), ``home-first``, ``final-demand-first``, ``final-demand-last``, or a list of
        classes in order, each a list of places, items made by the buyer, markets, or the words
        ``home``, ``industry``, ``final demand``. Who is in no class comes last; within a class
        all get the same part.
    classes_days
        Days of the run for which the classes hold; after them all get the same part. None: always.
    runs_down
        Whether buyers order less than they use while they have more than their target stock,
        as after a fall of demand or after ordering ahead of a measure. Otherwise they order what
        they use, and keep it.
    sold_off_days
        Days in which makers work off finished goods too many, as after a fall of demand; None: as
        fast as they close any gap, over the process time and the days of finished goods.
    transit
        Days at sea of some routes; trade within a day elsewhere.
    cover_days
        Stock of every input in days; None: as the network says, 90 in a network from a table.
    restocking_days
        tau. Never longer than the cover outside `boario`: a buyer that is short would else ask
        for less than it uses, and the shortage would feed itself.
    psi
        Part of the target stock below which a unit slows.
    headroom, headroom_days
        Most a unit can make as a multiple of base output, and the days to get there; None: as
        the network says.
    process_days
        Days from start to finished goods; None: as the network says.
    finished_days
        Stock of finished goods that a unit keeps, in days of normal output; None: none.
    special
        Other numbers for some units or needs.
    why
        Reasons, by the name of the rule.
    least_recipe
        Inputs with a recipe at or below this never stop a unit.
    peer
        Whether to keep BoARIO's timing and defects; set by `boario` only.

    Examples
    --------
    >>> Rules.boario(order="alt").headroom
    1.25
    """

    sourcing: str = "adaptive"
    qualification_days: Number = 0
    redirected: Number | None = None
    rationing: str | Sequence[Names] = "proportional"
    classes_days: Number | None = None
    runs_down: bool = False
    sold_off_days: Number | None = None
    transit: Sequence[Transit] = ()
    cover_days: Number | None = None
    restocking_days: Number = 60
    psi: Number = 0.8
    headroom: Number | None = None
    headroom_days: Number | None = None
    process_days: Number | None = None
    finished_days: Number | None = None
    special: Sequence[Special] = ()
    least_recipe: float = 0.0
    peer: bool = False
    why: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if self.sourcing not in _SOURCING:
            raise UnknownName("sourcing", self.sourcing, _SOURCING, where="rules")
        runs_down: object = self.runs_down  # a file may give anything
        if not isinstance(runs_down, bool):
            raise BadInput(Fault("rules", None, "runs_down", repr(runs_down), "true or false"))
        object.__setattr__(self, "transit", tuple(self.transit))
        object.__setattr__(self, "special", tuple(self.special))
        if not isinstance(self.rationing, str):
            named = tuple(names(each) for each in self.rationing)
            object.__setattr__(self, "rationing", named)
        elif self.rationing not in _RATIONING:
            raise UnknownName("rationing", self.rationing, list(_RATIONING), where="rules")
        _check(self, "rules")

    @property
    def classes(self) -> tuple[tuple[str, ...], ...]:
        """Give the rationing classes but the last, each the names of its buyers."""
        if isinstance(self.rationing, str):
            return _RATIONING[self.rationing]
        return tuple(names(each) for each in self.rationing)

    @classmethod
    def boario(cls, order: str = "alt") -> "Rules":
        """Give the rules of BoARIO 0.7.2 with its default settings, its timing and its defects.

        Parameters
        ----------
        order
            ``noalt``: fixed suppliers; ``alt``: orders follow what suppliers can make.

        Raises
        ------
        UnknownName
            For another order.
        """
        if order not in _ORDERS:
            raise UnknownName("order", order, list(_ORDERS), where="order")
        return cls(
            sourcing=_ORDERS[order],
            cover_days=90,
            restocking_days=60,
            psi=0.8,
            headroom=1.25,
            headroom_days=365,
            least_recipe=_TECHNOLOGY,
            peer=True,
        )


def _check(thing: Rules | Special, where: str) -> None:
    """Refuse numbers out of range."""
    limits = {
        "cover_days": (0, inf),
        "restocking_days": (1, inf),
        "psi": (0, 1),
        "qualification_days": (0, inf),
        "redirected": (0, 1),
        "headroom": (1, inf),
        "headroom_days": (0, inf),
        "process_days": (0, inf),
        "finished_days": (0, inf),
        "sold_off_days": (1, inf),
        "classes_days": (0, inf),
    }
    for name, (low, high) in limits.items():
        value = getattr(thing, name, None)
        if value is not None:
            checked(value, name, low, high, where=where)
