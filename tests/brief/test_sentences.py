"""The sentences of the brief: what they say, and that every number in them is bound to a result."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from narrows.brief import compose
from narrows.brief.chain import read_chains
from narrows.brief.dating import meta, oldest
from narrows.brief.facts import Facts, weakest
from narrows.brief.reading import blocks_of, plain, runs_of
from narrows.brief.tree import Answer, Bullets, Cite, Figure, Paragraph, Table, Text, Value
from narrows.brief.words import in_sentence
from narrows.terms import Grade, Period


def answers(case, results):
    return {
        block.id: block
        for section in compose(case, results).first
        for block in section.blocks
        if isinstance(block, Answer)
    }


def said(answer):
    return " ".join([plain(answer.sentence), *(plain(part.runs) for part in answer.support)])


# ---------------------------------------------------------------- what the answers say


def test_where_names_the_largest_maker_with_share_year_and_source(plain_case, plain_results):
    answer = answers(plain_case, replace_focus(plain_results))["narrow"]
    assert plain(answer.sentence).endswith(")."), plain(answer.sentence)
    value = next(run for run in answer.sentence if isinstance(run, Value))
    row = plain_results.concentration.set_index("item").loc[value.key.split("/")[1]]
    assert value.number == pytest.approx(row["top_share"])
    assert value.sources
    assert value.grade == row["grade"] or value.grade == Grade.STATED


def replace_focus(results):
    return results


def test_the_first_answer_reads_as_the_case_has_it(plain_case, plain_results):
    case = with_brief(plain_case, focus_items=["chip"])
    sentence = plain(answers(case, plain_results)["narrow"].sentence)
    assert sentence == "Taiwan holds 69 % of the world’s capacity for chip (2022)."


def test_shares_by_seat_say_so(plain_case, plain_results):
    frame = plain_results.concentration.copy()
    frame.loc[frame["item"] == "chip", "basis"] = "headquarters"
    case = with_brief(plain_case, focus_items=["chip"])
    sentence = plain(answers(case, replace(plain_results, concentration=frame))["narrow"].sentence)
    assert sentence.startswith("Firms seated in Taiwan hold 69 %")


def test_an_unnamed_rest_is_never_called_the_largest_maker(plain_case, plain_results):
    facts = Facts(plain_case, plain_results)
    frame = plain_results.concentration
    frame = frame.assign(
        top_entity=frame["top_entity"].where(frame["item"] != "gas", "Other"),
        top_share=frame["top_share"].where(frame["item"] != "gas", 0.51),
    )
    hidden = Facts(plain_case, replace(plain_results, concentration=frame))
    assert facts.top("gas") == hidden.top("gas") == "UKR"
    assert hidden.top_value("gas").key == "concentration/gas/cr1"


def test_what_stops_puts_both_numbers_side_by_side_with_the_chain(plain_case, plain_results):
    case = with_brief(plain_case, focus_place="TWN")
    answer = answers(case, plain_results)["stops"]
    values = [run for run in answer.sentence if isinstance(run, Value)]
    assert [value.key.rsplit("/", 1)[1] for value in values] == ["left_fixed", "left_best"]
    assert all(value.grade is Grade.ASSUMED for value in values)
    assert "Phone ← Chip ← Taiwan 69 %" in said(answer)
    assert "Stocks on that way last about" in said(answer)
    rows = plain_results.contingency
    row = rows[(rows["dropped"] == "TWN") & (rows["end_use"] == "phone")].iloc[0]
    assert values[0].number == pytest.approx(row["left_fixed"])


def test_the_rank_of_the_place_is_told_with_how_often_it_holds(plain_case, plain_results):
    text = {
        place: said(answers(with_brief(plain_case, focus_place=place), plain_results)["stops"])
        for place in ("TWN", "NLD")
    }
    first = (
        plain_results.contingency.query("end_use == 'all'").sort_values("rank")["dropped"].iloc[0]
    )
    for place, words in text.items():
        assert "rank that holds in" in words
        assert ("leaves least (a rank" in words) == (place == first)


def test_a_place_that_stops_nothing_is_told_without_a_chain(plain_case, plain_results):
    frame = plain_results.contingency.copy()
    calm = frame["dropped"] == "TWN"
    frame.loc[calm, ["left_fixed", "left_best"]] = 1.0
    frame.loc[calm, "stock_days"] = math.inf
    frame.loc[calm, "because"] = ""
    case = with_brief(plain_case, focus_place="TWN")
    answer = answers(case, replace(plain_results, contingency=frame))["stops"]
    assert "100 %" in plain(answer.sentence)
    assert "Stocks" not in said(answer)
    assert "←" not in said(answer)


def test_who_holds_whom_gives_the_firmest_hold_each_way(plain_case, plain_results):
    answer = answers(plain_case, plain_results)["whom"]
    frame = plain_results.autonomy.dropna(subset=["reliance", "leverage"])
    values = [run.number for run in answer.sentence if isinstance(run, Value)]
    assert values == pytest.approx([frame["reliance"].max(), frame["leverage"].max()])
    assert plain(answer.sentence).startswith("Japan relies on China most for ")
    assert "China relies on it most for" in plain(answer.sentence)


def test_without_a_pair_of_sides_the_third_answer_says_why(plain_case, plain_results):
    bare = replace(plain_results, perspective=None, autonomy=pd.DataFrame())
    answer = answers(plain_case, bare)["whom"]
    assert plain(answer.sentence).startswith("No two sides are weighed here: ")
    assert answer.figures == ()


def test_a_side_that_makes_nothing_is_named_and_the_other_direction_told(bundled):
    case, results = bundled("energy-and-food")
    answer = answers(case, results)["whom"]
    sentence = plain(answer.sentence)
    assert sentence.startswith("Russia has 40 % of uranium enrichment, its largest share; ")
    assert sentence.endswith("cannot be weighed, for Japan makes nothing in this chain.")
    facts = Facts(case, results)
    shares = [
        float(row["value"])
        for item in facts.rows
        for row in facts.shares(item, rest="split")
        if row["entity"] == "RUS"
    ]
    told = [run.number for run in answer.support[0].runs if isinstance(run, Value)]
    first = next(run.number for run in answer.sentence if isinstance(run, Value))
    assert first == pytest.approx(max(shares) / 100)
    assert told == sorted(told, reverse=True)
    assert facts.makes("EU27")
    assert not facts.makes("JPN")


def test_where_places_are_ranked_the_figure_says_that_this_is_no_loss(document):
    pictures = [b for s in document.first for b in blocks_of(s.blocks) if isinstance(b, Figure)]
    ranking = next(picture for picture in pictures if picture.id == "ranking")
    assert "ranks exposure, not losses" in plain(ranking.caption)
    stops = next(b for s in document.first for b in s.blocks if getattr(b, "id", "") == "stops")
    assert "exposure, not losses" in said(stops)


def with_brief(case, **settings):
    info = replace(case.info, brief={**case.info.brief, **settings})
    return replace(case, package=replace(case.package, info=info))


# ---------------------------------------------------------------- every number is bound


def test_no_sentence_of_the_two_pages_holds_a_number_outside_a_value_or_a_name(document):
    for section in (*document.first, *document.second):
        for block in blocks_of(section.blocks):
            lines = ()
            if isinstance(block, Answer):
                lines = (block.sentence,)
            elif isinstance(block, Paragraph):
                lines = (block.runs,)
            elif isinstance(block, Bullets):
                lines = block.points
            loose = [
                r.text
                for runs in lines
                for r in runs
                if isinstance(r, Text) and re.search(r"\d", r.text)
            ]
            assert loose == []


def test_every_value_that_is_no_count_has_a_key_and_an_origin(document):
    for runs in runs_of(document):
        for run in runs:
            if isinstance(run, Value):
                assert "/" in run.key
                assert run.bare or run.sources or run.grade is not Grade.STATED


def test_every_source_of_a_value_is_numbered_in_order_of_first_use(document):
    seen = dict.fromkeys(
        name
        for runs in runs_of(document)
        for run in runs
        for name in getattr(run, "sources", ())
        if name != "narrows-assumption"
    )
    assert [entry.id for entry in document.sources] == list(seen)
    assert [entry.number for entry in document.sources] == list(range(1, len(seen) + 1))


def test_the_oldest_figure_in_use_its_source_and_the_day_of_the_evidence_are_named(document):
    meta = plain(document.meta[0])
    assert "Evidence of 23 November 2026" in meta
    assert "period shown 2022" in meta
    oldest = document.oldest
    named = f"oldest figure in use: {in_sentence(oldest.name)}, {oldest.period}, Agency"
    assert named in meta
    cited = next(run for run in document.meta[0] if isinstance(run, Cite))
    assert cited.sources == (oldest.source,)


def test_an_older_share_behind_the_answers_is_the_oldest_figure(bundled):
    facts = Facts(*bundled("semiconductors"))
    found = oldest(facts)
    periods = {
        str(row["period"])
        for item in (*facts.rows, *facts.focus_items)
        for row in facts.shares(item)
        if row["grade"] != Grade.ASSUMED
    }
    assert Period.parse(found.period) <= min(map(Period.parse, periods))
    assert found.source in facts.case.package.sources


def test_a_brief_of_assumptions_alone_names_no_oldest_figure(
    plain_case, plain_results, monkeypatch
):
    monkeypatch.setattr(Facts, "shares", lambda *_, **__: ())
    monkeypatch.setattr(type(plain_case), "value", lambda *_, **__: None)
    facts = Facts(plain_case, plain_results)
    assert oldest(facts) is None
    assert "oldest" not in plain(meta(facts)[0])


def test_what_the_user_set_is_named_on_every_page(plain_case, plain_results):
    changed = plain_case.override({"share.chip.TWN": 50})
    document = compose(changed, plain_results)
    assert "assumed by user: share.chip.TWN = 50" in plain(document.legend)


def test_the_brief_says_that_static_numbers_are_no_losses(document):
    text = " ".join(plain(runs) for runs in runs_of(document))
    assert "They rank exposure; they are not losses." in text


def test_ranges_and_reasons_of_the_assumptions_used_are_in_the_annex(plain_case, plain_results):
    section = next(s for s in compose(plain_case, plain_results).annex if s.id == "assumptions")
    text = " ".join(
        plain(cell.runs) for table in section.blocks[1:] for row in table.rows for cell in row
    )
    assert "Netherlands 90 (80–95)" in text
    assert "stand-in: where the firm is seated" in text
    assert "80 % (60–90)" in text
    assert "newest phones" in text
    assert "1.1 (1–1.2) multiple of output" in text


def test_source_ids_inside_a_reason_become_references(plain_case, plain_results):
    runs = Facts(plain_case, plain_results).reason("two months are printed (s2), see s1; not s9")
    assert [getattr(run, "sources", run) for run in runs if not hasattr(run, "text")] == [
        ("s2",),
        ("s1",),
    ]
    assert plain(runs) == "two months are printed, see ; not s9"


def test_many_end_uses_are_split_over_tables_that_fit_the_page(bundled):
    case, results = bundled("energy-and-food")
    section = next(s for s in compose(case, results).annex if s.id == "contingency")
    tables = [block for block in section.blocks if isinstance(block, Table)]
    uses = Facts(case, results).end_uses
    assert len(tables) == 2
    assert sum(len(table.columns) - 3 for table in tables) == len(uses) + 1
    assert len({table.caption for table in tables}) == len(tables)
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


# ---------------------------------------------------------------- small parts


def test_the_weakest_grade_counts():
    assert weakest([]) is Grade.STATED
    assert weakest(["stated", "derived"]) is Grade.DERIVED


@pytest.mark.parametrize(
    ("text", "items", "holders"),
    [
        ("phone <- chip <- TWN 92 %", ("phone", "chip"), (("TWN", "92 %"),)),
        ("phone <- VNM 13 %", ("phone",), (("VNM", "13 %"),)),
        (
            "a <- b <- Big Firm 60 %, C 5.5 % and 2 more",
            ("a", "b"),
            (("Big Firm", "60 %"), ("C", "5.5 %")),
        ),
    ],
)
def test_a_chain_of_reasons_is_read(text, items, holders):
    chain = read_chains(text)[0]
    assert (chain.items, chain.holders) == (items, holders)


@pytest.mark.parametrize("text", ["", "nothing", "a <- ", "a <- b"])
def test_what_is_no_chain_is_left_out(text):
    assert read_chains(text) == ()
