"""A small replay to change: a material, two makers, one user."""

import pytest

SMALL = """\
name: small
title: One of two makers stops
day_zero: 2020-03-01
as_of: 2020-03-10
days: [-10, 100]
items:
  metal: {kind: material, name: Metal}
  motor: {kind: end-use, name: Motors}
providers:
  - {id: one, item: metal, place: JPN, share: 60}
  - {id: two, item: metal, place: USA, share: 40}
  - {id: user, item: motor, place: ROW, share: 100}
recipes:
  - {for: motor, needs: metal, cover_days: 20}
shocks:
  - {id: stop, kind: capacity, hits: [one], lost: 1.0, start: 2020-03-01, hold_days: 60,
     recovery: {shape: linear, days: 10}, known: 2020-03-02}
observations:
  - {id: april, measure: {kind: ratio, of: motor, window: [2020-04-01, 2020-04-20]},
     low: 0.4, high: 0.6, unit: share of normal, src: someone}
"""


@pytest.fixture
def small(tmp_path):
    """Give a function that writes the small replay with parts replaced."""

    def write(*changes, name="small.yaml"):
        text = SMALL
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
