"""Replay files: the drafts are read as they lie, and what is wrong is told with its line."""

from dataclasses import replace
from pathlib import Path

import pytest

from narrows.simulate.replay import bundled_replays, read_replay
from narrows.simulate.replay.behaviour import behaviour, read_behaviour
from narrows.simulate.values import best
from narrows.terms import BadInput, UnknownName


def test_the_drafts_are_read_as_they_lie(shared_data):
    drafts = sorted((shared_data.parent / "evidence").glob("replay-*.yaml"))
    if not drafts:
        pytest.skip("needs the drafts of replays beside the public tables")
    for path in drafts:
        name = path.stem.removeprefix("replay-")
        ours = read_replay(bundled_replays()[name])
        draft = read_replay(path)
        assert draft.providers == ours.providers
        assert draft.recipes == ours.recipes
        assert [_unlicensed(each) for each in draft.events] == [*map(_unlicensed, ours.events)]
        assert draft.observations == ours.observations


def _unlicensed(event):
    """Leave out what a draft assumed of licences: all licences share the behaviour."""
    return replace(event, first_share=None, ramp_days=None)


def test_every_bundled_file_is_read_and_names_all_its_sources():
    assert len(bundled_replays()) == 7
    for path in bundled_replays().values():
        case = read_replay(path)
        assert case.name == path.stem
        used = {source.strip() for each in case.observations for source in each.src.split(";")}
        assert used <= set(case.sources), path.stem
        assert case.leaks
        assert case.assumptions


def test_a_name_that_nothing_carries():
    with pytest.raises(UnknownName, match="nearest: thai-floods-2011"):
        read_replay("thai-flood-2011")


FAULTS = {
    "a word that YAML takes for another": (
        ("hits: [one]", "on: [one]"),
        r"small.yaml:16: shocks: found key 'on', which YAML reads as bool",
    ),
    "an unknown key": (("title:", "titel:"), "found key 'titel'.*nearest: title"),
    "an unknown item": (("needs: metal", "needs: metall"), "14: recipes: found 'metall'"),
    "an unknown provider": (("hits: [one]", "hits: [ona]"), "nearest: one"),
    "a number that is none": (("share: 60", "share: many"), "10: providers.share: found 'many'"),
    "a share below 0": (("share: 60", "share: -1"), "expected 0 or more"),
    "a range the wrong way": (
        ("share: 60", "share: {low: 70, best: 60, high: 65, grade: assumed, why: x}"),
        "low <= best <= high",
    ),
    "a stated figure without source": (
        ("share: 60", "share: {low: 50, best: 60, high: 65, grade: stated}"),
        "a stated figure without src",
    ),
    "an assumed figure without reason": (
        ("share: 60", "share: {low: 50, best: 60, high: 65, grade: assumed}"),
        "an assumed figure without why",
    ),
    "an unknown grade": (
        ("share: 60", "share: {low: 50, best: 60, high: 65, grade: guess, why: x}"),
        "found 'guess'; expected one of stated, derived, assumed",
    ),
    "an input from after the frontier": (
        ("known: 2020-03-02", "known: 2020-03-11"),
        r"known: found 2020-03-11 \(stop\); expected nothing after as_of, 2020-03-10",
    ),
    "a window outside the run": (
        ("[2020-04-01, 2020-04-20]", "[2020-04-01, 2020-08-20]"),
        "expected days of the run",
    ),
    "a measure nobody knows": (("kind: ratio", "kind: ratios"), "nearest: ratio"),
    "a measure without its window": (
        (", window: [2020-04-01, 2020-04-20]", ""),
        "ratio without 'window'",
    ),
    "an id twice": (("id: two", "id: one"), "id 'one' twice"),
    "no end of the run": (("days: [-10, 100]", "days: [-10]"), "first and last day"),
    "a day that is none": (("day_zero: 2020-03-01", "day_zero: 2020-02-31"), "a day such as"),
    "a word of the engine as id": (("id: two", "id: final"), "11: providers: found 'final'; expe"),
    "a pattern as id": (("id: two", "id: tw*"), "providers: found 'tw.'; expected an id without"),
    "a provider that is called like an item": (
        ("id: two", "id: motor"),
        "11: providers.id: found 'motor'; expected another id",
    ),
    "a comma in a number": (("share: 40", "share: 40,5"), "or a point for the comma in a number"),
    "an observed band the wrong way": (("low: 0.4", "low: 0.9"), "low <= high"),
    "an item nobody makes": (
        ("  motor: {", "  gear: {kind: part, name: Gear}\n  motor: {"),
        "'gear' without a provider",
    ),
    "a shock before the run": (("start: 2020-03-01", "start: 2019-03-01"), "a day after the first"),
    "a shock that hits nothing": (("hits: [one], ", ""), "hits nothing"),
    "a shock that lasts no day": (
        ("hold_days: 60,\n     recovery: {shape: linear, days: 10},", ""),
        "'stop' that lasts no day; expected hold_days, a recovery, or a path",
    ),
    "a lane that lasts no day": (
        (
            (
                "kind: capacity, hits: [one], lost: 1.0, start: 2020-03-01, hold_days: 60,\n"
                "     recovery: {shape: linear, days: 10},"
            ),
            "kind: lane, hits: [one], start: 2020-03-01,",
        ),
        "lane shock 'stop' that lasts no day",
    ),
    "a lane to who buys nothing": (
        ("kind: capacity, hits: [one],", "kind: lane, hits: [one], to: [two],"),
        "to: found 'two'",
    ),
    "a loss with buyers": (
        ("kind: capacity, hits: [one],", "kind: capacity, hits: [one], to: [user],"),
        "to: found 'user'",
    ),
    "a part of 1 in percent": (("lost: 1.0", "lost: 40"), "found 40; .*30 percent is 0.3"),
    "a band in percent": (("high: 0.6", "high: 60"), r"ratio: found 0.4 to 60 \(april\); .*1 is"),
    "a point that no chain can tell": (
        ("{kind: ratio, of: motor, window: [2020-04-01, 2020-04-20]}", "{kind: gdp}"),
        r"score: found gdp as volume \(april\); expected context",
    ),
    "a band below 0": (("low: 0.4", "low: -0.4"), "ratio: found -0.4 to 0.6"),
    "a window turned round": (
        ("[2020-04-01, 2020-04-20]", "[2020-04-20, 2020-04-01]"),
        r"19: observations.measure.window: found a last day before the first",
    ),
    "a window outside, in days of the calendar": (
        ("[2020-04-01, 2020-04-20]", "[2020-04-01, 2020-08-20]"),
        r"2020-04-01 to 2020-08-20 \(april\); expected days of the run: 2020-02-20 to 2020-06-09",
    ),
    "factors in percent": (
        ("hold_days: 60,", "path: [[2020-03-01, 100], [2020-04-01, 40]],"),
        r"path: found a factor of 100 \(stop\); expected factors: 1 is normal",
    ),
}


@pytest.mark.parametrize(("change", "message"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told(small, change, message):
    with pytest.raises(BadInput, match=message):
        read_replay(small(change))


def test_a_file_that_is_no_yaml_and_one_that_is_empty(tmp_path):
    path = tmp_path / "x.yaml"
    for text, message in (("a: [", "x.yaml:1"), ("", "an empty file"), ("- a", "no mapping")):
        path.write_text(text)
        with pytest.raises(BadInput, match=message):
            read_replay(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="UTF-8"):
        read_replay(path)


def test_a_comma_in_a_name_does_not_cut_it(small):
    case = read_replay(small(("place: JPN,", "place: JPN, firm: Alpha, Beta and Gamma,")))
    assert case.provider("one").firm == "Alpha, Beta and Gamma"


def test_a_bare_null_is_the_word(small):
    case = read_replay(small(("unit: share of normal", "score: null, unit: share of normal")))
    assert case.observations[0].score == "null"


def test_items_that_need_each_other(small):
    change = ("cover_days: 20}", "cover_days: 20}\n  - {for: metal, needs: motor}")
    with pytest.raises(BadInput, match="14: recipes: found items that need each other: metal, mo"):
        read_replay(small(change))


def test_shares_that_are_all_nothing(small):
    changes = (("share: 60", "share: 0"), ("share: 40", "share: 0"))
    with pytest.raises(BadInput, match=r"7: providers.share: found shares of 'metal' that are all"):
        read_replay(small(*changes))


@pytest.mark.parametrize("what", ["shocks", "observations"])
def test_nothing_to_run_or_nothing_to_compare_with(small, what):
    path = small()
    before, _, after = path.read_text().partition(f"{what}:\n")
    rest = after.partition("observations:\n")
    path.write_text(f"{before}{what}: []\n{''.join(rest[1:])}")
    with pytest.raises(BadInput, match=f"{what}: found an empty list; expected one or more"):
        read_replay(path)


def test_a_null_band_may_reach_below_no_loss(small):
    band = ("low: 0.4, high: 0.6", "low: -1, high: 1, score: null")
    case = read_replay(small(("kind: ratio", "kind: loss_percent"), band))
    assert case.observations[0].low == -1


def test_a_folder_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match="found a folder; expected a replay file"):
        read_replay(tmp_path)
    with pytest.raises(BadInput, match="no such file"):
        read_replay(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("items:\n\ta: 1\n", "x.yaml:2: found character .* indented with spaces, never tabs"),
        ("a: 1\n---\nb: 1\n", "x.yaml:2: found another document; expected one document"),
    ],
)
def test_what_yaml_stumbles_over_is_said_once(tmp_path, text, message):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=message):
        read_replay(path)


def test_the_behaviour_has_a_reason_for_every_number_and_none_by_case():
    rules = behaviour()
    assert {each.kind for each in rules.kinds} == {
        "part",
        "chip",
        "wafer",
        "material",
        "gas",
        "end-use",
    }
    for kind in rules.kinds:
        numbers = [value for value in vars(kind).values() if hasattr(value, "reason")]
        assert len(numbers) == 9 + (kind.kind in ("wafer", "end-use"))
        assert all(number.reason for number in numbers)


def test_a_set_of_behaviour_with_a_gap_is_refused(tmp_path):
    path = tmp_path / "behaviour.yaml"
    path.write_text("everywhere: {psi: 0.5}\nkinds: {}\n")
    with pytest.raises(BadInput, match="no key 'restocking_days'"):
        read_behaviour(path)


def test_the_manual_tells_the_behaviour_of_the_kinds():
    page = (Path(__file__).parents[3] / "docs/how-to/write-a-replay.md").read_text("utf-8")
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    told = {row[0].strip(" `"): [each.strip() for each in row[2:]] for row in rows if len(row) == 6}
    assert told == {
        each.kind: [
            "yes" if each.dedicated else "no",
            f"{best(each.cover_days):g}",
            f"{best(each.qualification_days):g}",
            f"{best(each.types_at_once):g}",
        ]
        for each in behaviour().kinds
    }
