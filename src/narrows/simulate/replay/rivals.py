"""Two rules anybody can work out on paper, to compare with.

A, static: a share of supply lost is a share of output lost on the same day.
B, stocks first: the same, but buyers and makers run down their stocks before.

Demand that falls or rises carries over to what it is made of, in proportion. Neither knows slack,
other makers or backlogs. Both take best values.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.replay.case import Provider, ReplayCase
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.measures import Seen
from narrows.simulate.replay.timing import licensed, loss_as_stated, passed, wanted_by_day
from narrows.simulate.values import best

__all__ = ["rival"]

Array = NDArray[np.float64]


def rival(case: ReplayCase, chain: Chain, *, stocks: bool) -> Seen:
    """Give what a rival says.

    Parameters
    ----------
    case
        The replay.
    chain
        The same at best values.
    stocks
        Whether stocks are run down first (B), or not (A).
    """
    run = _Paper(chain, stocks=stocks)
    for item in case.upstream_first:
        for maker in case.makers(item):
            run.provider(maker)
    return run.seen()


class _Paper:
    """Works down the chain, one provider after the other, each over all days."""

    def __init__(self, chain: Chain, *, stocks: bool) -> None:
        self.chain, self.stocks = chain, stocks
        self.ready: dict[str, Array] = {}
        self.shipped: dict[str, Array] = {}
        self.made: dict[str, Array] = {}
        self.held: dict[tuple[str, str], Array] = {}
        self.wanted = wanted_by_day(chain)
        self.lost = {each.id: loss_as_stated(chain, each.id) for each in chain.case.providers}

    def provider(self, maker: Provider) -> None:
        """Find what a provider makes and ships by day, as parts of what is wanted of it."""
        case = self.chain.case
        days = case.horizon
        limits = []
        for recipe in self.chain.recipes_of(maker.item):
            came = self._arrivals(maker.id, recipe.needs)
            cover = 0.0
            if self.stocks:
                usual = self.chain.kind_of(recipe.needs).cover_days
                own = recipe.cover_of(maker.id)
                cover = best(usual if own is None else own) + best(recipe.transit_days)
            limits.append((recipe, came, cover))
        stocks = {recipe.needs: cover for recipe, _, cover in limits}
        made = np.ones(days)
        for recipe, _, _ in limits:
            self.held[maker.id, recipe.needs] = np.zeros(days)
        for day in range(days):
            made[day] = 1.0 - self.lost[maker.id][day]
            for recipe, came, _ in limits:
                bound = min(1.0, stocks[recipe.needs] + came[day])
                if recipe.essential:
                    spare = (
                        best(recipe.substitute_share) if best(recipe.substitute_days) <= 0 else 0
                    )
                    made[day] = min(made[day], spare + (1 - spare) * bound)
            for recipe, came, cover in limits:
                left = max(0.0, min(cover, stocks[recipe.needs] + came[day] - made[day]))
                stocks[recipe.needs] = left
                self.held[maker.id, recipe.needs][day] = left
        self.made[maker.id] = made
        self.ready[maker.id] = self._sold(maker, made) * licensed(self.chain, maker.id)
        self.shipped[maker.id] = self.ready[maker.id] * self._let_out(maker)

    def _let_out(self, maker: Provider) -> Array:
        """Give the part of what a provider ships that lanes let through, over all buyers."""
        chain, item = self.chain, maker.item
        row = [each.id for each in chain.case.makers(item)].index(maker.id)
        parts = {
            buyer: use * chain.shares[item][buyer][row] for buyer, use in chain.uses[item].items()
        }
        through = sum(part * passed(chain, maker.id, buyer) for buyer, part in parts.items())
        return np.asarray(through / max(sum(parts.values()), 1e-12))

    def _sold(self, maker: Provider, made: Array) -> Array:
        """Sell from the stock of finished goods while it lasts."""
        usual = self.chain.kind_of(maker.item).finished_days
        stock = best(usual if maker.finished_days is None else maker.finished_days)
        if not self.stocks or not stock:
            return made
        out, most = np.empty_like(made), stock
        for day, today in enumerate(made.tolist()):
            out[day] = min(1.0, today + stock)
            stock = max(0.0, min(most, stock + today - out[day]))
        return out

    def _arrivals(self, buyer: str, item: str) -> Array:
        makers = self.chain.case.makers(item)
        shares = self.chain.shares[item][buyer]
        return np.asarray(
            sum(
                part * self.ready[maker.id] * passed(self.chain, maker.id, buyer)
                for part, maker in zip(shares, makers, strict=True)
            )
        )

    def seen(self) -> Seen:
        """Give everything in the form of a run."""
        chain, case = self.chain, self.chain.case
        base = np.array([chain.made[maker.id] for maker in case.providers])
        orders = base * np.stack([self.wanted[maker.item] for maker in case.providers], axis=1)

        def of(series: Mapping[str, Array]) -> Array:
            parts = np.stack([series[each.id] for each in case.providers], axis=1)
            return np.asarray(parts * orders)

        pairs = {
            (buyer.id, recipe.needs)
            for recipe in case.recipes
            for buyer in case.makers(recipe.buyer)
        }
        delivered = {
            (buyer, item): np.stack(
                [
                    part * self.ready[maker.id] * passed(chain, maker.id, buyer) * self.wanted[item]
                    for part, maker in zip(
                        chain.shares[item][buyer], case.makers(item), strict=True
                    )
                ],
                axis=1,
            )
            for buyer, item in pairs
        }
        return Seen(chain, of(self.shipped), of(self.made), orders, self.held, delivered)
