"""What holds for every pack and every shipment."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrows.screen import Outcome, bundled_packs
from narrows.screen.rules.conditions import All
from narrows.screen.rules.deciding import decide
from narrows.screen.rules.pack_reading import pack
from narrows.screen.rules.packs import Effect, Rule, Span
from narrows.screen.rules.questions import missing_facts, trial_values
from narrows.screen.rules.telling import notes_on
from narrows.screen.rules.vocabulary import vocabulary
from oracles.completions import completed

PACKS = [pack(name) for name in sorted(bundled_packs())]
DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))
BASES = {each.id: [dict(test.facts) for test in each.tests] for each in PACKS}


@st.composite
def cases(draw):
    """A pack, facts near one of its own cases, and a day."""
    found = draw(st.sampled_from(PACKS))
    facts = dict(draw(st.sampled_from(BASES[found.id])))
    asked = sorted({*facts, "route.to", "item.kind", "end_use.military"})
    for name in draw(st.lists(st.sampled_from(asked), max_size=4, unique=True)):
        values = trial_values(found, name)
        if values:
            facts[name] = draw(st.sampled_from(values))
    return found, facts, draw(DAYS)


@given(cases(), st.data())
@settings(max_examples=300)
def test_a_fact_that_becomes_unknown_never_turns_a_licence_into_nothing(case, data):
    found, facts, day = case
    before = decide(found, facts, day)
    lost = data.draw(st.lists(st.sampled_from(sorted(facts)), min_size=1, max_size=6, unique=True))
    after = decide(found, {k: v for k, v in facts.items() if k not in lost}, day)
    assert after.low <= before.low
    assert after.high >= before.high
    if before.low >= Outcome.LICENCE:
        assert after.required in ("licence", "prohibited", "needs_facts")


@given(cases(), st.data())
@settings(max_examples=60)
def test_every_completion_of_the_unknown_lies_within_the_span(case, data):
    found, facts, day = case
    names = sorted(facts)
    unknown = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    left = {key: value for key, value in facts.items() if key not in unknown}
    open_ = decide(found, left, day)
    for _, closed in completed(found, left, unknown, day):
        assert open_.low <= closed.low
        assert closed.high <= open_.high


@given(cases(), st.data())
@settings(max_examples=200)
def test_a_stricter_pack_never_requires_less(case, data):
    found, facts, day = case
    before = decide(found, facts, day)
    kind = data.draw(st.sampled_from(["no exceptions", "one rule more", "all final"]))
    rules = list(found.rules)
    if kind == "no exceptions":
        rules = [rule for rule in rules if rule.effect is not Effect.EXCEPTION]
    elif kind == "all final":
        rules = [replace(rule, final=True) for rule in rules]
    else:
        like = data.draw(st.sampled_from(rules))
        effect = data.draw(st.sampled_from([Effect.LICENCE, Effect.PROHIBIT]))
        rules.append(Rule("more", effect, like.when, "x", "memory", Span(None, None), "MORE"))
    after = decide(replace(found, rules=tuple(rules)), facts, day)
    assert after.low >= before.low
    assert after.high >= before.high


@given(cases())
@settings(max_examples=80)
def test_answering_every_question_settles_the_answer_or_asks_another(case):
    found, facts, day = case
    for _ in range(len(vocabulary().names)):
        decision = decide(found, facts, day)
        asked = missing_facts(decision)
        if not asked:  # settled, or open for what the rules held here do not say
            unread = all(leaf.fact in facts for step in decision.open for leaf in step.leaves)
            assert decision.settled or decision.low is Outcome.PROHIBITED or unread
            break
        assert asked[0] not in facts
        facts[asked[0]] = trial_values(found, asked[0])[-1]
    else:
        pytest.fail("the questions do not end")


def test_nothing_known_is_never_nothing_found():
    for each in PACKS:
        decision = decide(each, {}, date(2026, 7, 1))
        assert decision.required == "needs_facts"
        assert decision.high >= Outcome.LICENCE


def test_an_exception_lifts_its_own_reason_and_no_other():
    us = pack("us")
    test = next(each for each in us.tests if each.name == "resist to Singapore")
    assert decide(us, test.facts, test.on).required == "exception"
    listed = {**test.facts, "parties.us_entity_list": True}
    assert decide(us, listed, test.on).required == "licence"


def test_a_rule_that_is_final_is_not_lifted():
    us = pack("us")
    test = next(each for each in us.tests if each.name == "resist to Singapore")
    final = tuple(replace(rule, final=rule.id == "us.list.ns2.resists") for rule in us.rules)
    assert decide(replace(us, rules=final), test.facts, test.on).required == "licence"


def test_an_open_exception_leaves_the_answer_open():
    us = pack("us")
    test = next(each for each in us.tests if each.name == "EUV masks to Japan")
    facts = {k: v for k, v in test.facts.items() if k != "authorisation.us_iec"}
    decision = decide(us, facts, test.on)
    assert decision.required == "needs_facts"
    assert missing_facts(decision) == ("authorisation.us_iec",)


def test_a_set_whose_members_are_not_all_known_answers_unknown():
    jp = pack("jp")
    bulk = next(each for each in jp.sets if each.name == "BULK")
    assert (bulk.has("TWN"), bulk.has("CHN"), bulk.has("FRA")) == (True, False, None)


def test_what_the_rules_held_here_leave_open_is_said_in_a_note():
    eu = pack("eu")
    test = next(each for each in eu.tests if "embargo was not read" in each.name)
    decision = decide(eu, test.facts, test.on)
    assert missing_facts(decision) == ()
    assert any("whether SDN is in ARMS_EMBARGO was not read" in note for note in notes_on(decision))


def test_rules_are_dated_to_the_day():
    us, facts = pack("us"), {"route.from": "USA", "parties.us_owned_by_listed_percent": 50}
    fires = {
        day: any(step.rule.id == "us.party.affiliates" for step in decide(us, facts, day).fired)
        for day in map(
            date.fromisoformat,
            ("2025-09-28", "2025-09-29", "2025-11-09", "2025-11-10", "2026-11-09", "2026-11-10"),
        )
    }
    assert list(fires.values()) == [False, True, True, False, False, True]


def test_hong_kong_is_read_as_china_in_the_us_rules():
    us = pack("us")
    test = next(each for each in us.tests if each.name == "memory to China")
    there = {**test.facts, "route.to": "HKG"}
    assert decide(us, there, test.on).required == "licence"


def test_the_chart_says_nothing_of_embargoed_places():
    us = pack("us")
    test = next(each for each in us.tests if each.name == "resist to China")
    found = decide(us, {**test.facts, "route.to": "IRN"}, test.on)
    steps = {step.rule.id: step.fires for step in found.steps}
    assert steps["us.list.ns2.resists"] is None
    assert found.required == "licence"  # part 746


def test_an_empty_condition_holds():
    assert All(()).test(None) == (True, ())
