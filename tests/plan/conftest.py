"""A small chain to plan on: two gases, two chips, a phone and a car."""

import pytest

import narrows as nw
import tiny


@pytest.fixture(scope="session")
def net(tmp_path_factory):
    case = nw.evidence.load(tiny.write(tmp_path_factory.mktemp("case")))
    return nw.network.from_case(case)


def stop(place="TWN", *, lost=1.0, days=120, horizon=300, items="*", name="", wait=60):
    """Give a scenario in which a place stops."""
    return nw.simulate.Scenario(
        name=name or f"{place}-stops",
        days=horizon,
        shocks=[nw.simulate.CapacityLoss(place=place, items=items, lost=lost, start=5, days=days)],
        rules=nw.simulate.Rules(qualification_days=wait),
    )


def threat(place="TWN", yearly=0.05, **more):
    return nw.plan.Threat(scenario=stop(place, **more), yearly=yearly)


def choices(*extra, **changes):
    """Give a few options of all kinds, with figures that tests can change by id and name."""
    plan = nw.plan
    options = plan.Options(
        (
            plan.Capacity(
                id="fab", item="chip", size=0.15, cost_usd={"JPN": 4e9, "KOR": 3e9},
                years=1, ramp_years=1, steps=2, payers=("JPN", "KOR"),
            ),
            plan.Stockpile(
                id="stock", item="chip", days=30, cost_usd={"World": 2e9}, steps=2, yearly_usd=1e8,
                payers=("JPN", "KOR"),
            ),
            plan.HeadroomContract(id="room", item="chip", size=0.2, cost_usd={"KOR": 5e8}),
            plan.Qualification(
                id="qualify", item="chip", saves_days=45, cost_usd={"World": 3e8}, payers=("JPN",)
            ),
            plan.Substitution(
                id="redesign", item="car", input="chip", part=0.3, cost_usd={"World": 1e9},
                years=1, payers=("JPN",),
            ),
            plan.Recycling(id="recycle", item="gas", size=0.2, cost_usd={"JPN": 4e8}),
            *extra,
        )
    )  # fmt: skip
    for name, value in changes.items():
        option, _, figure = name.partition("__")
        options = options.changed(option, figure.replace("__", "."), value)
    return options


QUICK = {"first_year": 2027, "years": 4, "period_days": 30}
