"""`narrows show`: a chain, an item, a place, a group, a firm; as tables, JSON and CSV."""

import csv
import io
import json
import re

import jsonschema
import pytest

import tiny
from narrows.measure import json_schema

LEADING_EDGE = ("logic-lt10nm", "--period", "2019")


def plain(text):
    """Give text with every run of blanks as one."""
    return " ".join(text.split())


def test_who_made_logic_below_10_nm_in_2019(narrows):
    out = plain(narrows("show", *LEADING_EDGE).out)
    assert "Who makes it: capacity share, 2019, by location" in out
    assert "Taiwan TWN 92 % stated sia-2021-strengthening landing page, findings" in out
    assert "South Korea KOR 8 % stated sia-2021-strengthening landing page, findings" in out
    assert re.search(r"Sources sia-2021-strengthening: \S.*https?://", out)


def test_and_in_2022(narrows):
    out = plain(narrows("show", "logic-lt10nm", "--period", "2022").out)
    assert "Taiwan TWN 69 % stated" in out
    assert "South Korea KOR 31 % stated" in out


def test_an_item_shows_what_it_needs_and_what_needs_it(narrows):
    out = plain(narrows("show", *LEADING_EDGE).out)
    assert re.search(
        r"What it needs input name .* photomask Photomask essential 30 % 730 days", out
    )
    assert re.search(r"What needs it item name .* chip-logic-lt10nm .* essential 100 %", out)


@pytest.mark.parametrize("name", ["logic-lt10nm", "TWN", "ASML", "Europe", "semiconductors"])
def test_everything_fits_a_small_window(narrows, name):
    done = narrows("show", name, columns=80)
    assert done.code == 0
    assert "…" not in done.out
    assert max(map(len, done.out.split("\nSources\n")[0].splitlines())) <= 80


@pytest.mark.parametrize("columns", [72, 80, 120, 200])
@pytest.mark.parametrize("name", ["chip", "TWN", "Lito", "EastAsia", "tiny"])
def test_no_number_is_cut_in_any_window(narrows, case, name, columns):
    arguments = ("show", case) if name == "tiny" else ("show", name, "--case", case)
    done, wide = narrows(*arguments, columns=columns), narrows(*arguments)
    assert max(map(len, done.out.split("\nSources\n")[0].splitlines())) <= columns
    assert re.findall(r"[\d.]+ %", done.out) == re.findall(r"[\d.]+ %", wide.out)


def test_a_place_shows_what_is_made_there_and_what_its_firms_make(narrows):
    out = narrows("show", "TWN").out
    assert out.startswith("Taiwan (TWN), 2022\n")
    there, firms = out.split("Made by firms seated there, wherever they make it")
    assert re.search(r"^logic-lt10nm +Logic below 10 nm +69 %", there, re.MULTILINE)
    assert re.search(r"^logic-lt10nm +Logic below 10 nm +92 %", firms, re.MULTILINE)


@pytest.mark.parametrize("name", ["firm:ASML", "ASML", "asml", "FIRM:asml"])
def test_a_firm_is_found_by_its_name(narrows, name):
    out = narrows("show", name).out
    assert out.startswith("ASML (firm:ASML), seated in Netherlands, 2022\n")
    assert re.search(r"^lithography-euv +\S.* +100 %", out, re.MULTILINE)


@pytest.mark.parametrize("name", ["Taiwan", "taiwan", "TWN"])
def test_a_place_is_found_by_its_name(narrows, case, name):
    assert narrows("show", name, "--case", case).out.startswith("Taiwan (TWN)")


def test_a_group_names_its_members_and_says_whose_share_it_is(narrows):
    out = plain(narrows("show", "Europe").out)
    assert out.startswith("Europe, 2022: Austria, Belgium,")
    assert "lithography-euv EUV scanner Netherlands 100 %" in out
    assert "the rest of the group" in out


def test_a_chain_comes_by_stage_with_the_most_concentrated_first(narrows):
    out = narrows("show", "semiconductors").out
    stages = ["Design, software and IP", "Minerals and raw gases", "Wafer fabrication"]
    assert [line for line in out.splitlines() if line in stages] == stages
    minerals = out.split("Minerals and raw gases")[1].split("\n\n")[0]
    values = [float(value) for value in re.findall(r" (0\.\d{3}|1\.000) ", minerals)]
    assert values == sorted(values, reverse=True)


def test_what_nobody_knows_is_said(narrows, case):
    out = narrows("show", "power", "--case", case).out
    assert "Who makes it: no share is known." in out
    assert "What it needs: nothing in this case." in out
    assert "What it makes: no share is known." in narrows("show", "FRA", "--case", case).out


def test_a_period_without_a_set_says_which_one_was_taken(narrows, case):
    done = narrows("show", "gas", "--case", case, "--period", "2019")
    assert "production share, 2022" in done.out
    assert "2019" in done.out.split("p. 4")[-1].split("What")[0]


def test_all_shows_the_other_sets_and_their_sources(narrows, case):
    few = narrows("show", "chip", "--case", case).out
    assert "3 more sets of shares, not in use: --all shows." in few
    out = narrows("show", "chip", "--case", case, "--all").out
    assert "Not in use: capacity share, 2032, by location, forecast" in out
    assert "s2: Press, Gas, 2022-02" in out


def test_a_share_that_the_user_sets_is_assumed(narrows):
    done = narrows("show", "logic-lt10nm", "--set", "share.logic-lt10nm.TWN=50")
    assert re.search(r"TWN +50 % +assumed .* assumed by user$", done.out, re.MULTILINE)
    assert re.search(r"KOR +50 % +assumed .* rescaled after", done.out)


def test_ranges_and_reasons_are_shown(narrows, case):
    assert re.search(r"UKR +50 % +45 to 54 %", narrows("show", "gas", "--case", case).out)
    assert re.search(
        r"NLD +90 % +80 to 95 % .* stand-in", narrows("show", "tool", "--case", case).out
    )


def test_json_holds_everything_that_is_printed(narrows, case):
    item = json.loads(narrows("show", "chip", "--case", case, "--json").out)
    assert item["schema"] == "narrows/item/1"
    assert item["item"]["stage"] == "fab"
    assert [row["entity"] for row in item["makers"]] == ["TWN", "KOR"]
    assert {row["period"] for row in item["other_sets"]} == {"2019", "2022", "2032"}
    assert {row["input"] for row in item["needs"]} == {"gas", "tool", "power"}
    assert {row["item"] for row in item["needed_by"]} == {"phone", "car"}
    assert {row["measure"] for row in item["figures"]} == {"headroom"}
    assert {source["id"] for source in item["sources"]} == {"s1", "s2", "narrows-assumption"}


def test_json_of_shares_follows_the_published_schema(narrows):
    rows = json_schema("shares")["properties"]["rows"]
    found = json.loads(narrows("show", *LEADING_EDGE, "--json").out)
    jsonschema.validate(found["makers"], rows)
    jsonschema.validate(found["other_sets"], rows)


def test_json_of_a_chain_a_place_and_a_firm(narrows, case):
    chain = json.loads(narrows("show", case, "--json").out)
    assert chain["schema"] == "narrows/case/1"
    assert [stage["id"] for stage in chain["stages"]] == ["input", "fab", "use"]
    assert len(chain["items"]) == 8
    place = json.loads(narrows("show", "EastAsia", "--case", case, "--json").out)
    assert place["members"] == ["JPN", "KOR", "TWN"]
    assert {row["entity"] for row in place["makes"]} == {"JPN", "KOR", "TWN"}
    firm = json.loads(narrows("show", "Lito", "--case", case, "--json").out)
    assert (firm["seat"], firm["makes"][0]["item"]) == ("NLD", "tool")


def test_csv_is_the_first_table(narrows):
    done = narrows("show", *LEADING_EDGE, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["entity"], row["value"]) for row in rows] == [("TWN", "92.0"), ("KOR", "8.0")]
    assert rows[0]["source_id"] == "sia-2021-strengthening"


def test_a_folder_of_the_name_of_an_item_does_not_hide_the_item(narrows, tmp_path, monkeypatch):
    (tmp_path / "dram").mkdir()
    monkeypatch.chdir(tmp_path)
    assert narrows("show", "dram").code == 0


def test_a_case_folder_is_shown_by_its_name_alone(narrows, tmp_path, monkeypatch):
    tiny.write(tmp_path / "small")
    monkeypatch.chdir(tmp_path)
    assert narrows("show", "small").out.startswith("Tiny, 2022")


def test_brackets_in_a_text_are_text(narrows, tmp_path):
    text = tiny.FILES["case.yaml"].replace("Two gases", "'[bold]Two [/] gases [PDF]'")
    text = text.replace(
        "'[bold]Two [/] gases [PDF]', two chips, one phone.", "'[b]Gases [/] [PDF]'"
    )
    done = narrows("show", tiny.write(tmp_path / "odd", case=text))
    assert "[b]Gases [/] [PDF]" in done.out


def test_an_item_may_be_typed_by_its_name(narrows):
    assert "EUV scanner (lithography-euv)" in narrows("show", "euv scanner").out
