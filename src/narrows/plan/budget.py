"""Money: how much, when, and whose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from narrows.terms import BadInput, Fault

__all__ = ["Budget"]


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The most that may be spent, US dollars.

    Parameters
    ----------
    total
        Over all years and payers; None: no limit.
    by_year, by_payer, by_payer_year
        Limits of a year, of a payer, and of a payer in a year.

    Examples
    --------
    >>> Budget.of(50e9).total
    50000000000.0
    """

    total: float | None = None
    by_year: Mapping[int, float] = field(default_factory=dict)
    by_payer: Mapping[str, float] = field(default_factory=dict)
    by_payer_year: Mapping[tuple[str, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        limits: list[tuple[object, float | None]] = [
            ("total", self.total),
            *self.by_year.items(),
            *self.by_payer.items(),
            *self.by_payer_year.items(),
        ]
        faults = [
            Fault("budget_usd", None, str(name), f"{value:g}", "0 or more US dollars")
            for name, value in limits
            if value is not None and not value >= 0
        ]
        if faults:
            raise BadInput(faults)

    @classmethod
    def of(cls, value: "float | Budget | None") -> "Budget":
        """Take a number as the total."""
        return value if isinstance(value, Budget) else cls(total=value)

    @property
    def is_split(self) -> bool:
        """Whether payers have limits of their own."""
        return bool(self.by_payer or self.by_payer_year)
