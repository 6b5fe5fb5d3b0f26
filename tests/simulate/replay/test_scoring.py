"""Scores by hand."""

import pytest

from narrows.simulate.replay.case import Measure, Observation
from narrows.simulate.replay.scoring import error, hit, interval_score, rival_band, strict_hit

SEEN = Observation("x", Measure("ratio"), 0.4, 0.6, "share", "s")
NULL = Observation("x", Measure("loss_percent"), 0.0, 2.0, "percent", "s", "null")


def test_error_is_the_distance_to_the_band_over_its_upper_end():
    assert error(SEEN, 0.5) == 0
    assert error(SEEN, 0.9) == pytest.approx(0.5)
    assert error(SEEN, 0.1) == pytest.approx(0.5)
    assert error(SEEN, 100.0) == 3.0
    assert error(SEEN, float("nan")) == 3.0


def test_interval_score_is_width_plus_ten_times_the_miss():
    assert interval_score(SEEN, 0.2, 0.8) == pytest.approx(0.6 / 0.6)
    assert interval_score(SEEN, 0.8, 1.1) == pytest.approx(0.3 / 0.6 + 10 * 0.3 / 0.6)
    assert interval_score(SEEN, 0.45, 0.46) == pytest.approx(0.01 / 0.6)  # inside what was seen


def test_a_hit_holds_the_middle_or_lies_inside():
    assert hit(SEEN, 0.3, 0.55)
    assert not hit(SEEN, 0.55, 0.8)
    assert hit(SEEN, 0.55, 0.6)
    assert not strict_hit(SEEN, 0.55, 0.6)


def test_where_nothing_happened_the_whole_band_must_say_so():
    assert hit(NULL, 0.0, 0.1)
    assert not hit(NULL, 0.0, 2.5)


def test_the_band_of_a_rival():
    assert rival_band(0.5) == pytest.approx((0.4, 0.6))
