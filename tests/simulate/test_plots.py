"""Pictures: what is drawn is what the tables say."""

import numpy as np
import pytest

import tiny
from narrows.brief.figures import colour
from narrows.evidence import load
from narrows.network import from_case, from_mrio
from narrows.simulate import CapacityLoss, Range, Rules, Scenario, ensemble, run
from narrows.simulate.plots import style
from narrows.terms import BadInput, UnknownName
from tables import balanced

NET = from_mrio(*balanced(3, 3, seed=4))
STOP = CapacityLoss(place="R00", items="s00", lost=Range(0.3, 0.5, 0.9), start=3, days=20)
SCENARIO = Scenario(name="loss", title="A loss", days=60, shocks=[STOP], rules=Rules(cover_days=5))


@pytest.fixture(scope="module")
def made():
    return run(NET, SCENARIO)


@pytest.fixture(scope="module")
def many():
    return ensemble(NET, SCENARIO, 20, by_unit=True)


def words(figure):
    return " ".join(
        text.get_text() for text in figure.findobj(lambda each: hasattr(each, "get_text"))
    )


def test_the_lines_of_a_run_are_its_series_in_percent(made):
    figure = made.plot("items")
    panel = next(axes for axes in figure.axes if axes.get_title(loc="left") == "s00")
    data = made.to_dataset()
    item = data["production"].to_numpy()[:, data["unit_item"].to_numpy() == "s00"].sum(axis=1)
    assert np.allclose(panel.lines[0].get_ydata(), 100 * item / item[0])
    said = words(figure)
    assert "A loss" in said
    assert "percent of day 0" in said
    assert "no forecast" in said
    assert data.attrs["digest"][:8] in said


def test_the_deepest_point_is_written_beside_the_line(made):
    data = made.to_dataset()
    place = data["production"].to_numpy()[:, data["unit_place"].to_numpy() == "R00"].sum(axis=1)
    low = 100 * place / place[0]
    assert f"{low.min():.3g} %, day {low.argmin()}" in words(made.plot("places", names=["R00"]))


def test_where_nothing_is_lost_the_axis_goes_from_nothing():
    still = run(NET, Scenario(name="still", days=20))
    assert {axes.get_ylim() for axes in still.plot("items").axes} == {(0.0, 106.0)}
    hardly = CapacityLoss(place="R00", items="s00", lost=0.3, start=3, days=5)
    slight = run(NET, Scenario(name="slight", days=20, shocks=[hardly]))
    assert min(axes.get_ylim()[0] for axes in slight.plot("items").axes) > 50


def test_the_band_of_an_ensemble_is_ten_to_ninety_percent(many):
    figure = many.plot("places", names=["R00"])
    (panel,) = [axes for axes in figure.axes if axes.get_title(loc="left") == "R00"]
    band = many.bands()["production_of_place"].sel(place="R00").to_numpy()
    drawn = panel.collections[0].get_paths()[0].vertices
    level = 100 * band / band[1, 0]
    assert drawn[:, 1].min() == pytest.approx(level[0].min())
    assert np.allclose(panel.lines[0].get_ydata(), level[1])


def test_the_map_shows_days_of_own_production_lost(made):
    figure = made.plot("losses")
    lost = made.losses("unit").set_index("unit")["lost_days"]
    assert f"{lost['R00/s00']:.2g}" in words(figure)
    assert figure.axes[0].get_yticklabels()[0].get_text() == "R00"


def test_a_map_of_draws_needs_the_units(many):
    assert "median of the draws" in words(many.plot("losses"))
    with pytest.raises(BadInput, match="by_unit"):
        ensemble(NET, SCENARIO, 2, by_unit=False).plot("losses")


def test_items_of_a_chain_are_not_added_up_by_place(tmp_path):
    net = from_case(load(tiny.write(tmp_path)))
    stop = CapacityLoss(place="TWN", lost=0.5, start=3, days=20)
    scenario = Scenario(name="x", days=40, shocks=[stop])
    for result in (run(net, scenario), ensemble(net, scenario, 2)):
        assert "World/phone" in words(result.plot())
        with pytest.raises(BadInput, match="not added"):
            result.plot("places")


def test_wrong_words_are_told(made):
    with pytest.raises(UnknownName, match="markets"):
        made.plot("market")
    with pytest.raises(UnknownName, match="R00"):
        made.plot("places", names=["R0"])


def test_a_picture_is_the_same_twice(made, tmp_path):
    files = [tmp_path / name for name in ("one.png", "two.png")]
    for file in files:
        made.plot().savefig(file, metadata={"Software": None})
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_colours_are_those_of_the_product():
    for name in ("INK", "MUTED", "RULE", "WASH", "PAPER", "ACCENT", "SHADES"):
        assert getattr(style, name) == getattr(colour, name)
