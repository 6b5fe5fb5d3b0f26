"""Rules written for a chain, on a network that has only some of its items."""

import pytest

from narrows.network import from_mrio
from narrows.simulate import CapacityLoss, Rules, Scenario, Special, fitted, run
from narrows.terms import UnknownName
from tables import balanced

NET = from_mrio(*balanced(2, 3, seed=1))
SHOCK = CapacityLoss(place="R00", lost=0.5, start=5, days=20)


def scenario(*special):
    return Scenario(name="x", days=30, shocks=[SHOCK], rules=Rules(special=special))


def test_rules_for_items_that_are_not_there_are_left_out_and_named():
    ours, gone = Special(items="s00", psi=0.2), Special(items="chip-*", finished_days=9)
    partly = Special(items=["s01", "water"], inputs=["s0*", "gas"], cover_days=20)
    given = scenario(ours, gone, partly)
    with pytest.raises(UnknownName, match="chip"):
        run(NET, given)
    found, left_out = fitted(given, NET)
    assert left_out == ("chip-*", "water", "gas")
    assert [list(each.items) for each in found.rules.special] == [["s00"], ["s01"]]
    assert list(found.rules.special[1].inputs) == ["s0*"]
    by_hand = scenario(ours, Special(items="s01", inputs="s0*", cover_days=20))
    assert run(NET, found).to_dataset().equals(run(NET, by_hand).to_dataset())


def test_a_scenario_that_fits_stays_as_it_is():
    given = scenario(Special(items="s00", psi=0.2), Special(units="R01/s02", psi=0.1))
    found, left_out = fitted(given, NET)
    assert left_out == ()
    assert run(NET, found).to_dataset().equals(run(NET, given).to_dataset())
