"""Readers of the US texts: the JSON that open repositories derive, and the eCFR XML itself."""

import json

import pytest

from narrows.screen import read_us_controls
from narrows.screen.control_lists.us_names import us_place
from narrows.screen.control_lists.us_scope import applies, requires
from narrows.screen.rules.deciding import decide
from narrows.screen.rules.pack_checks import run_tests
from narrows.screen.rules.pack_reading import pack
from narrows.terms import BadInput, UnknownName, places

COLUMNS = ["CB 1", "NS 1", "NS 2", "RS 1"]


@pytest.fixture(scope="module")
def controls(shared_data):
    return read_us_controls(shared_data / "controls" / "us")


def test_the_whole_list_is_read_and_every_place_is_known(controls):
    assert len(controls.entries) == 633  # counted in notes on the source
    assert sum(len(each.rows) for each in controls.entries.values()) == 1536
    assert controls.unplaced == ()
    assert controls.embargoed == {"CUB", "IRN", "PRK", "SYR"}


def test_the_bundled_chart_and_groups_are_those_of_the_official_text(controls):
    bundled, fresh = pack("us"), controls.pack()
    kept = {"NS 1", "NS 2", "RS 1", "RS 2", "AT 1"}
    for place, marks in bundled.columns.items():
        if place not in bundled.embargoed:
            assert marks == controls.columns[place] & kept, place
    assert [each.members for each in fresh.sets] == [each.members for each in bundled.sets]


def test_the_pack_with_the_fresh_chart_passes_its_own_tests(controls):
    assert run_tests(controls.pack()) >= len(pack("us").tests) - 5


@pytest.mark.parametrize(
    ("code", "place", "required"),
    [
        # 15 CFR 774 suppl. 1, licence requirements of 3B001 and the chart of July 2026
        ("3B001.f.1.b", "CHN", [True, True, False]),
        ("3B001.f.1.b", "JPN", [False, False, False]),
        ("3B001.a.2", "VNM", [True, False]),
        ("3B001.a.2", "KOR", [False, False]),
        ("3A090.a", "FRA", [True, False]),  # the text, which is not enforced
        ("3A090.b", "ARE", [True, False]),
        ("3A090.b", "SGP", [False, False]),
        ("3C002.a.1", "HKG", [True, False]),
        ("5A001.f.1", "CAN", [False, True, False]),
        ("3C002.a.1", "IRN", [None, None]),
        ("3B993.f.1", "CHN", [None, False]),
    ],
)
def test_reasons_for_control_at_a_destination(controls, code, place, required):
    found = controls.requirements(code, place)
    assert [each.required for each in found if each.applies] == required


@pytest.mark.parametrize(
    ("code", "place", "required"),
    [
        # 1C010 is controlled for NS column 2 and others; 5A992 for AT column 1 alone
        ("1C010.a", "CHN", "licence"),
        ("1C010.a", "CAN", "nothing_found"),
        ("5A992.c", "CHN", "nothing_found"),
        ("5A002.a", "CHN", "licence"),
        ("EAR99", "CHN", "nothing_found"),
        ("9Z999", "CHN", "needs_facts"),
    ],
)
def test_a_stated_entry_is_decided_over_the_whole_list(controls, code, place, required):
    test = next(each for each in pack("us").tests if each.name == "a plain thing leaves the US")
    facts = {**test.facts, "item.code.us": code, "route.to": place}
    assert decide(controls.pack(), facts, test.on).required == required
    held = decide(pack("us"), facts, test.on).required
    assert held == ("nothing_found" if code == "EAR99" else "needs_facts")


def test_an_entry_without_its_paragraph_leaves_rows_open(controls):
    found = controls.requirements("3B001", "CHN")
    assert {each.applies for each in found} == {None, True}


def test_an_entry_that_is_not_there(controls):
    with pytest.raises(UnknownName, match=r"nearest: .*3B001"):
        controls.requirements("3B00", "CHN")


@pytest.mark.parametrize(
    ("row", "code", "truth"),
    [
        ("AT applies to entire entry", "1A001", True),
        ("RS applies to the entire entry.", "1A001.a", True),
        ("NS applies to entire entry except 0A606.b.4 and .y", "0A606.a", True),
        ("NS applies to entire entry, except 0A606.b.4 and .y", "0A606.y", False),
        ("NS applies to entire entry, except 0A606.b.4 and .y", "0A606.b.4", False),
        ("NS applies to 3B001.c.1.a, 3B001.c.1.c, and 3B001.q", "3B001.c.1.c", True),
        ("NS applies to 3B001.a.4, c, d, f.1, f.5, f.6, k to n, p.2", "3B001.m", True),
        ("NS applies to 3B001.a.4, c, d, f.1, f.5, f.6, k to n, p.2", "3B001.o", False),
        ("NS applies to 3B001.a.4, c, d", "3B001.a", None),
        ("MT applies to 3A001.a.1.a when usable in “missiles”", "3A001.a.1.a", None),
        ("NS applies to 5A001.b (except .b.5), .c, .f (except f.3)", "5A001.f.1", True),
        ("NS applies to 5A001.b (except .b.5), .c, .f (except f.3)", "5A001.f.3", False),
        ("See something", "3A001", None),
    ],
)
def test_for_which_paragraphs_a_row_speaks(row, code, truth):
    assert applies(row, code) is truth


def test_words_that_are_not_known_are_left_open():
    groups = {name: frozenset() for name in ("A:5", "A:6", "D:1", "D:4", "D:5")}
    assert requires("Refer to § 742.15 of the EAR.", "CHN", {}, frozenset(), groups) is None
    assert requires("NS Column 1.", "CHN", {}, frozenset(), groups) is None
    everywhere = "A license is required for ALL destinations, except Canada"
    assert requires(everywhere, "CAN", {}, frozenset(), groups) is False


def test_names_of_the_regulations_are_places():
    assert us_place("Ukraine 4") == "UKR"
    assert us_place("Bosnia & Herzegovina") == us_place("Bosnia and Herzegovina") == "BIH"
    assert us_place("St. Kitts and Nevis") == us_place("Saint Kitts & Nevis") == "KNA"


def ecfr(rows):
    """Write the three supplements in the layout of the eCFR."""
    names = [name for name in sorted(places().values()) if us_place(name)][:rows]
    body = "".join(
        f"<TR><TD>{name.replace('&', '&amp;')} <sup>3</sup></TD><TD>X</TD><TD>X</TD>"
        f"{'<TD>X</TD>' if name != 'Japan' else '<TD/>'}<TD/></TR>"
        for name in names
    )
    head = "".join(f"<TH>{name}</TH>" for name in COLUMNS)
    chart = (
        f'<DIV9 N="Supplement No. 1 to Part 738" TYPE="APPENDIX"><TABLE><THEAD><TR>'
        f'<TH rowspan="2">Countries</TH><TH colspan="4">Reasons</TH></TR><TR>{head}</TR></THEAD>'
        f'<TBODY>{body}<TR><TD>Cuba</TD><TD colspan="4">See part 746</TD></TR>'
        f'<TR><TD colspan="5"><sup>3</sup> See 742.6(a)(3)</TD></TR></TBODY></TABLE></DIV9>'
    )

    def group(letter, count, rows):
        cells = "".join(f"<TH>[{letter}:{n}]</TH>" for n in range(1, count + 1))
        lines = "".join(
            f"<TR><TD>{name}</TD>" + "".join("<TD>X</TD>" for _ in range(count)) + "</TR>"
            for name in rows
        )
        return (
            f"<TABLE><CAPTION>Country Group {letter}</CAPTION><THEAD><TR><TH>Country</TH>{cells}"
            f"</TR></THEAD><TBODY>{lines}</TBODY></TABLE>"
        )

    groups = (
        '<DIV9 N="Supplement No. 1 to Part 740" TYPE="APPENDIX">'
        + group("A", 6, ["Japan", "Korea, South"])
        + "<HD1>Country Group B</HD1><SCOL2><LI>Japan</LI><LI>Vietnam</LI></SCOL2>"
        + group("D", 5, ["China (PRC)"])
        + group("E", 2, ["Cuba"])
        + "</DIV9>"
    )
    controls = (
        '<DIV9 N="Supplement No. 1 to Part 774" TYPE="APPENDIX"><FP-2><B>3C002 Resist materials'
        "</B></FP-2><TABLE><THEAD><TR><TH>Control(s)</TH><TH>Country Chart (See Supp. No. 1)</TH>"
        "</TR></THEAD><TBODY><TR><TD>NS applies to entire entry</TD><TD>NS Column 2</TD></TR>"
        "</TBODY></TABLE><TABLE><TR><TH>Other</TH></TR><TR><TD>x</TD><TD>y</TD></TR></TABLE>"
        "<FP-1><I>LVS:</I> $3,000</FP-1></DIV9>"
    )
    return f"<ECFR><DIV5 N='738'>{chart}</DIV5><DIV5>{groups}{controls}</DIV5></ECFR>"


def test_the_ecfr_xml_is_read_with_empty_cells_in_their_places(tmp_path):
    (tmp_path / "title-15.xml").write_text(ecfr(150), "utf-8")
    found = read_us_controls(tmp_path)
    assert found.columns["JPN"] == {"CB 1", "NS 1"}
    assert found.columns["AUS"] == {"CB 1", "NS 1", "NS 2"}
    assert found.embargoed == {"CUB"}
    assert found.groups["A:5"] == {"JPN", "KOR"}
    assert found.groups["B"] == {"JPN", "VNM"}
    assert found.entries["3C002"].rows == (("NS applies to entire entry", "NS Column 2"),)
    assert found.entries["3C002"].exceptions == {"LVS": "$3,000"}
    assert [each.required for each in found.requirements("3C002", "JPN")] == [False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ecfr(20), "the file is cut off"),
        (ecfr(150)[:900], "a whole XML file"),
        (ecfr(150).replace("Part 740", "Part 741"), "Supplement No. 1 to Part 740"),
        (ecfr(150).replace("<LI>Japan</LI><LI>Vietnam</LI>", ""), "group B"),
        (ecfr(150).replace("NS 1", "NS one"), "no table with NS 1"),
    ],
)
def test_a_text_that_is_cut_off_is_one_clear_error(tmp_path, text, said):
    (tmp_path / "title-15.xml").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=said):
        read_us_controls(tmp_path)


def test_bad_folders_and_files(tmp_path):
    with pytest.raises(BadInput, match="a folder with the US texts"):
        read_us_controls(tmp_path / "gone")
    with pytest.raises(BadInput, match="no such file"):
        read_us_controls(tmp_path)
    (tmp_path / "country-chart.json").write_text('{"countries": ', "utf-8")
    with pytest.raises(BadInput, match="a whole JSON file"):
        read_us_controls(tmp_path)
    (tmp_path / "country-chart.json").write_text(json.dumps([1]), "utf-8")
    with pytest.raises(BadInput, match="an object"):
        read_us_controls(tmp_path)
