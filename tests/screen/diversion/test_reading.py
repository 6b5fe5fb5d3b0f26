"""Readers of trade flows: the official layouts with their traps, and damaged files."""

import gzip
import json
import zipfile

import pandas as pd
import pytest

from narrows.screen.diversion import baci, place_code, read_flows
from narrows.screen.diversion.countries import numeric_codes
from narrows.terms import BadInput, UnknownName, places

BACI = "t,i,j,k,v,q\n2021,276,417,854231,12.5,       0.345\n2021,276,490,10121,1.0,   NA\n"
HEAD = (
    "period,reporterCode,reporterISO,flowCode,partnerCode,partner2Code,cmdCode,"
    "customsCode,motCode,netWgt,primaryValue"
)
ROWS = [
    '"202203","490","S19","X","417","0","8542","C00","0","12.5","1000"',
    '"202203","490","S19","X","417","643","8542","C00","0","2","100"',
    '"202203","490","S19","X","417","0","8542","C01","0","3","200"',
    '"202203","490","S19","X","417","0","8542","C00","1000","3","300"',
    '"202203","490","S19","RX","417","0","8542","C00","0","3","400"',
    '"202203","842","USA","M","757","0","8542","C00","0","","50"',
]


def comtrade(rows=ROWS):
    """Give the web export: latin-1, and one comma more in each row than in the heading."""
    return (HEAD + "\n" + "".join(row + ",\n" for row in rows)).encode("latin-1")


def test_baci_is_read_with_units_blanks_and_lost_zeros(tmp_path):
    (tmp_path / "BACI_HS17_Y2021_V202301.csv").write_text(BACI)
    (tmp_path / "country_codes_V202301.csv").write_text(
        "country_code,country_name_abbreviation,country_name_full\n417,Kyrgyzstan,Kyrgyzstan\n"
    )
    flows = read_flows(tmp_path)
    first, second = flows.frame.to_dict("records")
    assert (second["partner"], second["item"], second["value_usd"]) == ("TWN", "010121", 1000.0)
    assert pd.isna(second["weight_kg"])
    assert (first["partner"], first["value_usd"], first["weight_kg"]) == ("KGZ", 12500.0, 345.0)
    assert flows.reconciled
    assert any("no mirror gap" in note for note in flows.notes)


def test_baci_comes_in_a_zip_too(tmp_path):
    with zipfile.ZipFile(tmp_path / "BACI_HS17.zip", "w") as packed:
        packed.writestr("BACI_HS17_Y2021_V202301.csv", BACI)
        packed.writestr("BACI_HS17_Y2022_V202301.csv", BACI.replace("2021", "2022"))
        packed.writestr("product_codes_HS17_V202301.csv", "code,description\n854231,chips\n")
    assert read_flows(tmp_path / "BACI_HS17.zip").periods == ("2021", "2022")


def test_comtrade_counts_each_flow_once_and_knows_its_own_codes(tmp_path):
    file = tmp_path / "export.csv.gz"
    file.write_bytes(gzip.compress(comtrade()))
    flows = read_flows(file)
    rows = flows.frame.set_index("reporter")
    assert rows.loc["TWN", "value_usd"] == 1000.0
    assert rows.loc["TWN", "period"] == "2022-03"
    assert rows.loc["USA", ["flow", "partner"]].tolist() == ["import", "CHE"]
    assert sum("left out" in note for note in flows.notes) == 4


def test_the_answer_of_the_api_reads_as_the_web_export(tmp_path):
    names = HEAD.split(",")
    rows = [dict(zip(names, json.loads(f"[{row}]"), strict=True)) for row in ROWS]
    (tmp_path / "a.json").write_text(json.dumps({"count": len(rows), "data": rows, "error": ""}))
    (tmp_path / "b.csv").write_bytes(comtrade())
    one, two = (read_flows(tmp_path / name) for name in ("a.json", "b.csv"))
    pd.testing.assert_frame_equal(one.frame, two.frame)


def test_a_table_of_ones_own_takes_names_codes_and_numbers(tmp_path):
    file = tmp_path / "own.csv"
    file.write_text(
        "reporter,partner,item,period,value_usd\n"
        "Germany,417,8542.31,2022-03,5\nDEU,Kyrgyzstan,854231,202203,7\n"
    )
    frame = read_flows(file).frame
    assert frame[["reporter", "partner", "item", "value_usd"]].to_numpy().tolist() == [
        ["DEU", "KGZ", "854231", 12.0]
    ]


def test_parquet_is_read(tmp_path):
    pytest.importorskip("pyarrow")
    table = {"reporter": ["DEU"], "partner": ["KGZ"], "item": ["8542"], "period": ["2022"]}
    pd.DataFrame(table | {"value_usd": [3.0]}).to_parquet(tmp_path / "own.parquet")
    assert read_flows(tmp_path).frame["value_usd"].tolist() == [3.0]


OWN = "reporter,partner,item,period,value_usd\n"
BAD = [
    ("x.csv", b"", "found an empty file"),
    ("x.csv", b"a,b\n1,2\n", "found the columns a, b"),
    ("x.csv", b"\x89PNG\r\n\x1a\n\x00\xff", "x.csv:1: found the columns"),
    ("x.csv", OWN.encode() + b"DEU,Kirgistan,8542,2022,1\n", "partner: found 'Kirgistan'"),
    ("x.csv", OWN.encode() + b"DEU,KGZ,chips,2022,1\n", "item: found 'chips'"),
    ("x.csv", OWN.encode() + b"DEU,KGZ,8542,2022-13,1\n", "period: found '2022-13'"),
    ("x.csv", OWN.encode() + b"DEU,KGZ,8542,2022,-1\n", "value_usd: found '-1'"),
    ("x.csv", OWN.encode() + b"DEU,KGZ,8542,2022,lots\n", "value_usd: found 'lots'"),
    ("x.csv", OWN.encode() + b"DEU,KGZ,8542,2022,\n", "value_usd: found ''"),
    ("x.csv", BACI.encode() + b"2021,276,AT\n", "j: found 'AT'"),
    ("x.csv", comtrade()[:-30], "x.csv:7: found 6 cells; expected 11"),
    ("x.csv.gz", gzip.compress(comtrade())[:-20], "damaged or cut off"),
    ("x.csv.gz", b"no gzip", "damaged or cut off"),
    ("x.csv.gz", gzip.compress((BACI * 900).encode())[:-20], "cut off|no whole CSV"),
    ("x.csv", BACI.encode() + b"2021,276,417,854231,1,1,1\n", "no whole CSV"),
    ("x.zip", b"PK\x03\x04 broken", "damaged or cut off"),
    ("x.json", b'{"data": [', "no JSON"),
    ("x.json", b'{"data": [], "error": "quota"}', "found the error quota"),
    ("x.json", b"[]", "no records"),
    ("x.parquet", b"PAR1", "no Parquet"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD)
def test_a_bad_file_is_one_clear_error(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=message) as told:
        read_flows(tmp_path / name)
    assert len(told.value.faults) == 1


def test_no_file_and_an_empty_folder_are_told(tmp_path):
    with pytest.raises(BadInput, match="no such file or folder"):
        read_flows(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="no table in this folder"):
        read_flows(tmp_path)


def test_files_that_would_count_twice_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text(BACI)
    (tmp_path / "b.csv").write_text(BACI)
    with pytest.raises(BadInput, match="in two files"):
        read_flows(tmp_path)
    (tmp_path / "b.csv").write_bytes(comtrade())
    with pytest.raises(BadInput, match="BACI beside reported ones"):
        read_flows(tmp_path)


def test_narrowing_keeps_the_heading_and_who_reported_and_changes_no_second_time(tmp_path):
    (tmp_path / "a.csv").write_text(BACI + "2021,276,398,854239,1.0,1\n2021,4,398,020110,7.0,1\n")
    whole = read_flows(tmp_path)
    narrow = read_flows(tmp_path, items=["8542.31"])
    assert narrow.items == ("00", "854231", "854239")
    assert narrow.frame["value_usd"].sum() == whole.frame["value_usd"].sum()
    assert set(narrow.frame["reporter"]) == set(whole.frame["reporter"]) == {"DEU", "AFG"}
    pd.testing.assert_frame_equal(narrow.frame, whole.narrowed(["854231"]).frame)
    assert narrow.narrowed(["854231"]).digest == narrow.digest


def test_a_large_file_read_in_pieces_gives_the_same(tmp_path, monkeypatch):
    rows = "".join(f"2021,{276 + at % 2},417,85423{at % 3},{at},1\n" for at in range(40))
    (tmp_path / "a.csv").write_text("t,i,j,k,v,q\n" + rows)
    whole = read_flows(tmp_path, items=["8542"])
    monkeypatch.setattr(baci, "_ROWS", 7)
    pd.testing.assert_frame_equal(read_flows(tmp_path, items=["8542"]).frame, whole.frame)
    (tmp_path / "a.csv").write_text("t,i,j,k,v,q\n" + rows + "2021,276,417,854231,much,1\n")
    with pytest.raises(BadInput, match=r"a.csv:42: value_usd: found 'nan'"):
        read_flows(tmp_path, items=["8542"])


def test_every_number_leads_to_a_known_place():
    assert set(numeric_codes().values()) - {"World", "Other"} <= set(places())
    assert len(numeric_codes()) > 240
    with pytest.raises(UnknownName, match="nearest: Kyrgyzstan"):
        place_code("Kyrgystan")


def test_the_code_table_of_baci_agrees(shared_data):
    table = pd.read_csv(
        shared_data / "trade/baci/country_codes_V202201.csv", encoding="latin-1", dtype=str
    )
    codes = numeric_codes()
    gone = {"CSK", "ANT", "SUN", "SCG", "N/A", "DDR"}  # countries that are no more, or none
    differing = [
        (number, iso)
        for number, iso in zip(table["country_code"], table["iso_3digit_alpha"], strict=True)
        if codes.get(int(number)) != iso and str(iso) not in gone and str(iso) != "nan"
    ]
    assert differing == []


def test_the_real_files_of_baci_and_comtrade_are_read(shared_data):
    baci = read_flows(shared_data / "trade/baci")
    assert (len(baci.frame), set(baci.frame["reporter"])) == (71192, {"AFG", "ZAF"})
    chips = read_flows(shared_data / "trade/comtrade/hs8542_exports_to_world_2013_2024.csv.gz")
    world = chips.frame.groupby("period")["value_usd"].sum() / 1e9
    assert world["2022"] == pytest.approx(1076.9, abs=0.1)  # as measured on the raw file
    share = chips.frame[chips.frame["period"] == "2022"].set_index("reporter")["value_usd"]
    assert share["TWN"] / share.sum() == pytest.approx(0.171, abs=0.001)
