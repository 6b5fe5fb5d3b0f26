"""The import of the ETO chip data set: what must come out, and what must be refused."""

import csv
import errno
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from narrows import evidence, measure, network
from narrows.evidence.readers import import_eto
from narrows.terms import BadInput, CouldNotWrite

PUBLISHED_HHI = {
    "euv-lithography-tools": 1.000,
    "arf-immersion-duv-lithography-tools": 0.986,
    "resist-processing-tools": 0.909,
    "dicing-tools": 0.903,
    "logic-chip-design": 0.440,
    "wafer": 0.370,
    "fabrication": 0.166,
}
LEADERS = {"USA": 25, "JPN": 13, "SGP": 6, "NLD": 5, "DEU": 3, "Other": 2, "AUT": 1, "SWE": 1}


@pytest.fixture(scope="module")
def eto(shared_data):
    folder = shared_data / "eto-chips"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}: the ETO chip data set as downloaded")
    return folder


@pytest.fixture(scope="module")
def imported(eto, tmp_path_factory):
    out = tmp_path_factory.mktemp("eto") / "case"
    return import_eto(eto, out), evidence.load(out)


def rows_of(folder, name):
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------- a plain twin: csv and arithmetic, no library


@pytest.fixture(scope="module")
def country_shares(eto):
    kinds = {row["provider_id"]: row["provider_type"] for row in rows_of(eto, "providers")}
    shares = defaultdict(dict)
    for row in rows_of(eto, "provision"):
        if kinds[row["provider_id"]] == "country" and row["share_provided"]:
            name = row["provider_name"]
            entity = "Other" if name.startswith("Various") else name
            shares[row["provided_id"]][entity] = float(row["share_provided"])
    return dict(shares)


def plain_hhi(shares):
    total = sum(shares.values())
    return sum((share / total) ** 2 for share in shares.values())


def test_plain_count_finds_56_of_96_items_with_one_holder_above_65_percent(eto, country_shares):
    assert len(rows_of(eto, "inputs")) == 126
    assert len(country_shares) == 96  # 93 inputs and the 3 stages
    leaders = Counter(
        max(shares, key=shares.get)
        for shares in country_shares.values()
        if max(shares.values()) > 65
    )
    assert leaders == LEADERS
    assert sum(leaders.values()) == 56
    sums = [sum(shares.values()) for shares in country_shares.values()]
    assert min(sums) == 99
    assert max(sums) == 102


def test_plain_index_agrees_with_the_published_ones(eto, country_shares):
    ids = {row["input_id"]: row["input_name"] for row in rows_of(eto, "inputs")}
    by_name = {ids.get(key, key): plain_hhi(shares) for key, shares in country_shares.items()}
    for name, expected in (
        ("EUV lithography tools", 1.000),
        ("ArF immersion (DUV) lithography tools", 0.986),
        ("Logic chip design", 0.440),
        ("Wafer", 0.370),
        ("S2", 0.166),
    ):
        assert round(by_name[name], 3) == expected, name


# ------------------------------------------------------------------------ through the library


def test_all_inputs_and_stages_become_items_under_their_eto_id(eto, imported):
    _, case = imported
    ids = {row["input_id"] for row in rows_of(eto, "inputs")}
    stages = {row["stage_id"] for row in rows_of(eto, "stages")}
    assert len(ids) == 126
    assert set(case.items["alias"]) == ids | stages
    assert len(case.items) == 126 + 3
    assert case.item("N20").id == "euv-lithography-tools"


def test_concentration_gives_the_published_counts(imported):
    table = measure.concentration(imported[1])
    assert len(table) == 96
    above = table[table["top_share"] > 0.65]
    assert above["top_entity"].value_counts().to_dict() == LEADERS


def test_concentration_gives_the_published_indices(imported):
    table = measure.concentration(imported[1]).set_index("item")
    assert table.loc[list(PUBLISHED_HHI), "hhi"].round(3).to_dict() == PUBLISHED_HHI
    assert (table["hhi_low"] <= table["hhi"]).all()
    assert (table["hhi"] <= table["hhi_high"] + 1e-12).all()


def test_every_index_agrees_with_the_plain_twin(imported, country_shares):
    case = imported[1]
    table = measure.concentration(case).set_index("item")
    for eto_id, shares in country_shares.items():
        found = table.loc[case.item(eto_id).id, "hhi"]
        assert found == pytest.approx(plain_hhi(shares), abs=1e-9), eto_id


def test_sums_of_99_to_102_load_as_printed_and_are_brought_to_100_in_results(imported):
    case = imported[1]
    printed = case.shares("electronic-design-automation-software")["value"]
    assert printed.sum() == 102
    net = network.from_case(case)
    number = net.number("electronic-design-automation-software")
    assert net.units.output[net.unit_slices[number]].sum() == pytest.approx(1)


def test_no_row_of_the_provisions_is_lost(eto, imported):
    case = imported[1]
    table = case.observations
    table = table[table["measure"] != "market_size"]
    printed = rows_of(eto, "provision")
    assert len(table) == len(printed) == 1300
    named = table[table["measure"] == "named_provider"]
    assert len(named) == sum(not row["share_provided"] for row in printed) == 246
    assert set(table["period"]) == {row["year"] for row in printed}
    sources = {row["source"] for row in printed}
    assert table["source_id"].nunique() == len(sources)


def test_firms_and_countries_of_one_item_are_two_sets(imported):
    case = imported[1]
    countries = case.shares("lithography-tools")
    firms = case.shares("lithography-tools", "firm_market_share")
    assert not countries["entity"].str.startswith("firm:").any()
    assert firms["entity"].iloc[0] == "firm:ASML"
    assert firms["entity"].iloc[-1] == "Other"  # printed as Various companies
    assert case.seat("firm:ASML") == "NLD"


def test_country_shares_are_by_headquarters_except_where_the_caption_speaks_of_sites(imported):
    report, case = imported
    shares = case.observations[
        case.observations["measure"].isin(["market_share", "capacity_share"])
    ]
    by_site = shares[shares["basis"] == "location"]
    assert set(by_site["subject"]) == {"fabrication", "assembly-testing-and-packaging-atp"}
    assert set(by_site["measure"]) == {"capacity_share"}
    assert any(text.startswith("In 293 of 293 pairs") for text in report.noticed)


def test_europe_is_a_group(imported):
    case = imported[1]
    assert "Europe" in set(case.shares("fabrication")["entity"])
    assert {"DEU", "GBR"} <= case.members("Europe")


def test_the_terms_are_shown_and_kept(imported):
    report, case = imported
    assert "CC BY-NC 4.0" in report.terms
    assert "Emerging Technology Observatory" in str(report)
    assert case.info.terms == report.terms
    assert set(case.sources["terms"].dropna()) == {"CC BY-NC 4.0", ""}


def test_the_chain_ends_in_the_finished_chip_and_can_be_measured(imported):
    net = network.from_case(imported[1], basis="headquarters")
    assert net.end_uses == ("finished-logic-chip",)
    left = measure.contingency(net, k=1)
    japan = left[(left["dropped"] == "JPN") & (left["end_use"] == "finished-logic-chip")]
    assert japan["left_fixed"].iloc[0] <= 0.44 + 1e-9  # wafers: 56 % from Japan
    by_place = network.from_case(imported[1])
    tools = by_place.frame().query("item == 'lithography-tools'")
    assert tools["stand_in"].all()  # seats stand in for the places where tools are made


def test_a_kind_stands_beside_its_class_and_not_in_the_chain(imported):
    case = imported[1]
    used = set(case.recipes["input"]) | set(case.recipes["item"])
    assert "lithography-tools" in used
    assert "euv-lithography-tools" not in used
    assert "Kind of: lithography-tools." in case.item("euv-lithography-tools").description
    assert case.item("assembly-tools").kind == "group"  # no shares: its kinds stand for it
    assert {"dicing-tools", "bonding-tools"} <= used


def test_the_default_period_can_be_chosen(eto, tmp_path):
    import_eto(eto, tmp_path / "case", period="2022")
    case = evidence.load(tmp_path / "case")
    assert case.info.default_period == "2022"
    assert case.periods == ("2019", "2021", "2022", "2025")


# --------------------------------------------------------- a small folder in the same layout


@pytest.fixture
def small(tmp_path):
    folder = tmp_path / "download"
    folder.mkdir()
    files = {
        "inputs": (
            "input_id,input_name,type,stage_name,stage_id,description,year,"
            "market_share_chart_global_market_size_info,market_share_chart_caption,"
            "market_share_chart_source\n"
            'N1,Etching,process,Make,S1,"two\nlines",2025,,,\n'
            "N2,Etch tools,tool_resource,,,,2025,$1.5 billion (2025),,Some text\n"
            "N3,Dry etch tools,tool_resource,,,,2025,$900 million (2025),,Some text\n"
            "N4,Resist,material_resource,,,,2024,about $2,,\n"
            "N5,Chip,ultimate_output,,,,,,,\n"
        ),
        "providers": (
            "provider_name,alias,provider_id,provider_type,country\n"
            "JPN,Japan,P1,country,\n"
            "EUR,Europe,P2,country,EUR\n"
            "DEU,Germany,P3,country,\n"
            "Various countries,,P4,country,\n"
            "Maker One,First,P5,organization,JPN\n"
            "Maker One,Second,P5,organization,JPN\n"
            "Various companies,,P6,organization,Various countries\n"
        ),
        "provision": (
            "provider_name,provider_id,provided_name,provided_id,share_provided,year,source\n"
            "JPN,P1,Etch tools,N2,61.0,2025,[House](https://example.org/a)\n"
            "EUR,P2,Etch tools,N2,20.0,2025,[House](https://example.org/a)\n"
            "DEU,P3,Etch tools,N2,18.0,2025,[House](https://example.org/a)\n"
            "Various countries,P4,Etch tools,N2,2.0,2025,[House](https://example.org/a)\n"
            "One,P5,Etch tools,N2,55.5,2025,[House](https://example.org/a)\n"
            "Various companies,P6,Etch tools,N2,44.6,2025,[House](https://example.org/a)\n"
            "JPN,P1,Resist,N4,Major,,\n"
            "Maker One,P5,Resist,N4,,2024,\n"
        ),
        "sequence": (
            "input_name,input_id,goes_into_name,goes_into_id,is_type_of_name,is_type_of_id\n"
            "Etch tools,N2,Etching,N1,,\n"
            "Dry etch tools,N3,,,Etch tools,N2\n"
            "Resist,N4,Etching,N1,,\n"
            "Etching,N1,Chip,N5,,\n"
        ),
        "stages": "stage_id,stage_name,description\nS1,Make & test,Text\n",
    }
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def change(folder, name, old, new):
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_small_folder_becomes_a_case_that_loads(small, tmp_path):
    report = import_eto(small, tmp_path / "case")
    case = evidence.load(tmp_path / "case")
    assert report.rows["items"] == 6
    assert case.shares("etch-tools")["value"].sum() == 101
    assert case.item("etching").description == "two lines"
    assert case.item("dry-etch-tools").stage == "make-and-test"
    assert "rest of the group" in case.shares("etch-tools")["note"].str.lower().str.cat()
    assert case.value("dry-etch-tools", "market_size").best == 0.9
    links = case.sources.set_index("id")["url"]
    assert "https://example.org/a" in set(links)
    seat = case.groups.set_index("group").loc["firm:Maker One"]
    assert seat["member"] == "JPN"
    assert "also First, Second" in seat["note"]


def test_a_word_for_a_share_is_kept_as_a_note_without_a_number(small, tmp_path):
    report = import_eto(small, tmp_path / "case")
    table = evidence.load(tmp_path / "case").observations
    row = table[(table["measure"] == "named_provider") & (table["entity"] == "JPN")].iloc[0]
    assert "'Major'" in row["note"]
    assert row["period"] == "2024"  # the row has no year: that of its input
    text = " ".join(report.noticed)
    assert "1 say 'Major'" in text
    assert "One is Maker One" in text
    assert "Resist (about $2)" in text


def test_of_two_sources_for_one_year_the_fuller_set_is_named_in_the_case(small, tmp_path):
    with (small / "provision.csv").open("a", encoding="utf-8") as file:
        file.write("JPN,P1,Etch tools,N2,70.0,2025,Another house\n")
    import_eto(small, tmp_path / "case")
    case = evidence.load(tmp_path / "case")
    assert case.shares("etch-tools")["value"].max() == 61
    assert len(case.shares("etch-tools", all=True)) == 6
    assert case.info.sets[0].why


def fault_of(small, tmp_path):
    with pytest.raises(BadInput) as caught:
        import_eto(small, tmp_path / "case")
    assert not (tmp_path / "case").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["download"]
    (fault,) = caught.value.faults
    return fault


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(BadInput, match="no such folder"):
        import_eto(tmp_path / "nowhere", tmp_path / "case")


def test_a_missing_file_is_named(small, tmp_path):
    (small / "sequence.csv").unlink()
    fault = fault_of(small, tmp_path)
    assert (fault.file, fault.found) == ("sequence.csv", "no such file")


def test_a_missing_column_is_named(small, tmp_path):
    change(small, "provision", "share_provided", "share")
    fault = fault_of(small, tmp_path)
    assert (fault.file, fault.row, fault.field) == ("provision.csv", 1, "share_provided")


def test_a_file_that_is_no_csv_is_named(small, tmp_path):
    (small / "stages.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert fault_of(small, tmp_path).file == "stages.csv"


def test_an_open_quote_is_named(small, tmp_path):
    change(small, "stages", "Text", '"Text')
    fault = fault_of(small, tmp_path)
    assert fault.file == "stages.csv"
    assert "no CSV" in fault.found


def test_a_short_row_is_named_by_its_line(small, tmp_path):
    change(small, "inputs", "N5,Chip,ultimate_output,,,,,,,", "N5,Chip")
    fault = fault_of(small, tmp_path)
    assert (fault.file, fault.row, fault.found) == ("inputs.csv", 7, "2 cells")


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "row"),
    [
        ("provision", "61.0", "161.0", "share_provided", 2),
        ("provision", "61.0", "nan", "share_provided", 2),
        ("provision", "N2,20.0", "N9,20.0", "provided_id", 3),
        ("provision", "EUR,P2", "EUR,P9", "provider_id", 3),
        ("provision", "61.0,2025", "61.0,soon", "year", 2),
        ("provision", "61.0", "68.0", "share_provided", 2),
        ("provision", "DEU,P3", "JPN,P1", "provider_id", 4),
        ("inputs", "material_resource", "matter", "type", 6),
        ("inputs", "N3,Dry", "N2,Dry", "input_id", 5),
        ("providers", "DEU,Germany", "XYZ,Germany", "provider_name", 4),
        ("providers", "Second,P5,organization,JPN", "Second,P5,organization,USA", "provider_id", 7),
        ("sequence", "Etching,N1,,\nDry", "Etching,N7,,\nDry", "goes_into_id", 2),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(small, tmp_path, name, old, new, field, row):
    if name == "inputs" and field == "input_id":
        change(small, "sequence", "Dry etch tools,N3,,,Etch tools,N2\n", "")
    change(small, name, old, new)
    fault = fault_of(small, tmp_path)
    assert (fault.file, fault.field, fault.row) == (f"{name}.csv", field, row)


def test_all_faults_are_given_at_once(small, tmp_path):
    change(small, "provision", "61.0", "161.0")
    change(small, "inputs", "material_resource", "matter")
    with pytest.raises(BadInput) as caught:
        import_eto(small, tmp_path / "case")
    assert len(caught.value.faults) == 2


def test_a_folder_that_holds_something_is_not_overwritten(small, tmp_path):
    out = tmp_path / "case"
    out.mkdir()
    (out / "mine.txt").write_text("keep")
    with pytest.raises(BadInput, match="not empty"):
        import_eto(small, out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(small, tmp_path):
    (tmp_path / "case").mkdir()
    import_eto(small, tmp_path / "case")
    assert evidence.check(tmp_path / "case") == ()


def test_a_period_that_is_none_is_refused(small, tmp_path):
    with pytest.raises(BadInput, match="a period such as 2025"):
        import_eto(small, tmp_path / "case", period="soon")


def test_a_full_disk_leaves_nothing_behind(small, tmp_path, monkeypatch):
    written = Path.write_text

    def full(self, *args, **kwargs):
        if self.name == "observations.csv":
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CouldNotWrite, match="No space left"):
        import_eto(small, tmp_path / "case")
    assert [path.name for path in tmp_path.iterdir()] == ["download"]


def test_a_place_that_cannot_hold_a_folder_is_refused(small, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises((CouldNotWrite, BadInput)):
        import_eto(small, tmp_path / "file" / "case")
