"""Rules of behaviour of a run."""

from dataclasses import dataclass

from narrows.simulate.values import Number, checked
from narrows.terms import UnknownName

__all__ = ["Rules"]

_SOURCING = ("fixed", "adaptive")
_RATIONING = ("proportional",)
_ORDERS = {"noalt": "fixed", "alt": "adaptive"}
_TECHNOLOGY = 1e-5 / 365  # the peer compares a flow of a year with an output of a day


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
    rationing
        ``proportional``: all customers of a unit get the same part of their orders.
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
    rationing: str = "proportional"
    cover_days: Number | None = None
    restocking_days: Number = 60
    psi: Number = 0.8
    headroom: Number | None = None
    headroom_days: Number | None = None
    least_recipe: float = 0.0
    peer: bool = False

    def __post_init__(self) -> None:
        if self.sourcing not in _SOURCING:
            raise UnknownName("sourcing", self.sourcing, _SOURCING, where="rules")
        if self.rationing not in _RATIONING:
            raise UnknownName("rationing", self.rationing, _RATIONING, where="rules")
        checked(self.qualification_days, "qualification_days", 0, where="rules")
        checked(self.restocking_days, "restocking_days", 1, where="rules")
        checked(self.psi, "psi", 0, 1, where="rules")
        for name, low in (("cover_days", 0), ("headroom", 1), ("headroom_days", 0)):
            value = getattr(self, name)
            if value is not None:
                checked(value, name, low, where="rules")

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
