"""The reader of the OECD ICIO and FIGARO layouts: every edition, and what it refuses."""

import hashlib
import zipfile

import numpy as np
import pandas as pd
import pytest

from narrows.evidence import check_flows, read_icio
from narrows.evidence.readers import icio as icio_module
from narrows.evidence.readers import label_sheets
from narrows.terms import BadInput
from tables import balanced

WORLD = 8e7  # million USD: of the order of the world's GDP
CATEGORIES = ["HFCE", "INVNT"]


def table(regions=("AUS", "CHN", "JPN", "MEX"), sectors=("A01", "A02", "C26"), seed=1):
    """Make a balanced table with the codes asked for, as large as the world."""
    z, y, x = balanced(len(regions), len(sectors), seed)
    scale = WORLD / y.to_numpy().sum()
    index = pd.MultiIndex.from_product([regions, sectors])
    final = np.stack([0.9 * y.to_numpy(), 0.1 * y.to_numpy()], axis=2).reshape(len(y), -1)
    uses = pd.MultiIndex.from_product([regions, CATEGORIES])
    return (
        pd.DataFrame(z.to_numpy() * scale, index, index),
        pd.DataFrame(final * scale, index, uses),
        pd.Series(x.to_numpy() * scale, index),
    )


def sheet_of(z, y, x, *, corner="V1", label=lambda region, code: f"{region}_{code}"):
    """Lay a table out as the editions of 2023 and 2025 do."""
    taxes = 0.1 * (x - z.sum())
    body = np.hstack([z.to_numpy(), y.to_numpy(), x.to_numpy()[:, None]])
    rest = np.zeros(y.shape[1] + 1)
    rows = [np.append(each, rest) for each in (taxes, 0.9 * (x - z.sum()), x)]
    columns = [f"{a}_{b}" for a, b in z.columns] + [label(a, b) for a, b in y.columns] + ["OUT"]
    frame = pd.DataFrame(np.vstack([body, *rows]), columns=columns)
    frame.insert(0, corner, [f"{a}_{b}" for a, b in z.index] + ["TLS", "VA", "OUT"])
    return frame


def written(frame, path):
    frame.to_csv(path, index=False)
    return path


def renamed(frame, rows=None, columns=None):
    frame = frame.rename(columns=columns or {})
    frame.iloc[:, 0] = frame.iloc[:, 0].replace(rows or {})
    return frame


def same(table_, z, y, x):
    np.testing.assert_allclose(table_.Z.loc[z.index, z.columns], z, rtol=1e-13)
    np.testing.assert_allclose(table_.Y.loc[y.index, y.columns], y, rtol=1e-13)
    np.testing.assert_allclose(table_.x[x.index], x, rtol=1e-13)


# ------------------------------------------------------------------ editions and layouts


def test_the_layout_of_2025_is_read(tmp_path):
    z, y, x = table()
    found = read_icio(written(sheet_of(z, y, x), tmp_path / "2022_SML.csv"))
    same(found, z, y, x)
    assert (found.name, found.edition, found.year) == ("icio-2025-2022", "2025", "2022")
    assert found.unit == "million USD"
    assert found.source.startswith("OECD")
    assert "attribution" in found.licence
    np.testing.assert_allclose(found.value_added + found.taxes, x - z.sum(), rtol=1e-9)
    assert found.world_gdp == pytest.approx(WORLD)
    digest = hashlib.sha256((tmp_path / "2022_SML.csv").read_bytes()).hexdigest()
    assert found.digest == digest


@pytest.mark.parametrize(
    ("code", "file", "edition", "name"),
    [
        ("A01_02", "2019_SML.csv", "2023", "icio-2023-2019"),
        ("A01_02", "ICIO2023_2020.csv", "2023", "icio-2023-2020"),
        ("01T02", "ICIO2021_2018.csv", "2021", "icio-2021-2018"),
        ("01T03", "table.csv", "2018", "icio-2018"),
        ("C01T05AGR", "ICIO2016_2011.csv", "2016", "icio-2016-2011"),
        ("farms", "my table.csv", "", "my-table"),
    ],
)
def test_edition_and_year_are_told_by_name_or_codes(tmp_path, code, file, edition, name):
    z, y, x = table(sectors=(code, "C26"))
    found = read_icio(written(sheet_of(z, y, x), tmp_path / file))
    assert (found.edition, found.name) == (edition, name)
    assert found.source.startswith("OECD" if edition else "not stated")


def test_value_added_output_and_taxes_by_country_of_2021_are_read(tmp_path):
    z, y, x = table(sectors=("01T02", "26"))
    frame = renamed(sheet_of(z, y, x), {"VA": "VALU", "OUT": "OUTPUT"}, {"OUT": "TOTAL"})
    whole = frame[frame["V1"] == "TLS"]
    parts = [whole.assign(V1=f"{region}_TAXSUB") for region in ("AUS", "CHN", "JPN", "MEX")]
    for part in parts:
        part.iloc[:, 1:] /= 4
    frame = pd.concat([frame[frame["V1"] != "TLS"].iloc[:-2], *parts, frame.iloc[-2:]])
    found = read_icio(written(frame, tmp_path / "ICIO2021_2018.csv"))
    same(found, z, y, x)
    np.testing.assert_allclose(found.taxes, 0.1 * (x - z.sum()), rtol=1e-9)


def test_the_reversed_final_use_and_the_discrepancy_of_2016_are_read(tmp_path):
    z, y, x = table(sectors=("C01T05AGR", "C30T33XCEQ"))
    frame = sheet_of(z, y, x, label=lambda region, code: f"{code}_{region}")
    frame = renamed(frame[frame["V1"] != "TLS"], {"VA": "VA+TAXSUB"})
    frame.loc[frame["V1"] == "VA+TAXSUB", [f"{a}_{b}" for a, b in z.columns]] /= 0.9
    odd = np.zeros(len(frame))
    odd[0], odd[1] = 3.0, -3.0
    frame.insert(len(frame.columns) - 1, "DISC", odd)
    frame.loc[frame["V1"].isin(["AUS_C01T05AGR", "AUS_C30T33XCEQ"]), "HFCE_AUS"] -= [3.0, -3.0]
    found = read_icio(written(frame, tmp_path / "ICIO2016_2011.csv"))
    assert ("AUS", "HFCE") in found.markets
    assert found.Y[("World", "DISC")].iloc[:2].tolist() == [3.0, -3.0]
    np.testing.assert_allclose(found.Y.sum(axis=1), y.sum(axis=1), rtol=1e-12)


@pytest.mark.parametrize("whole_rows", [False, True], ids=["parts only", "beside empty wholes"])
def test_kinds_of_firms_of_china_and_mexico_are_put_together(tmp_path, whole_rows):
    """Split China and Mexico in two, write the extended layout, and get back what was split."""
    z, y, x = table()
    part = {"CHN": {"CN1": 0.6, "CN2": 0.4}, "MEX": {"MX1": 0.3, "MX2": 0.7}}
    split = [
        (kind, sector, region, share)
        for region, sector in z.index
        for kind, share in part.get(region, {region: 1.0}).items()
    ]
    if whole_rows:
        split += [(r, s, r, 0.0) for r, s in z.index if r in part]
    old = [(region, sector) for _, sector, region, _ in split]
    new = pd.MultiIndex.from_tuples([(kind, sector) for kind, sector, _, _ in split])
    share = np.array([each[3] for each in split])
    wide = sheet_of(
        pd.DataFrame(z.loc[old, old].to_numpy() * np.outer(share, share), new, new),
        pd.DataFrame(y.loc[old].to_numpy() * share[:, None], new, y.columns),
        pd.Series(x[old].to_numpy() * share, new),
    )
    found = read_icio(written(wide, tmp_path / "2022.csv"))
    same(found, z, y, x)
    assert found.regions == ("AUS", "CHN", "JPN", "MEX")
    assert any("put together as CHN and MEX" in note for note in found.notes)


def figaro(z, y, x):
    body = pd.DataFrame(
        np.hstack([z.to_numpy(), y.to_numpy()]),
        columns=[f"{a}_{b}" for a, b in [*z.columns, *y.columns]],
    )
    body.insert(0, "rowLabels", [f"{a}_{b}" for a, b in z.index])
    left = (x - z.sum()).to_numpy()
    parts = {"W2_D21X31": 0.1, "W2_OP_RES": 0, "W2_OP_NRES": 0}
    parts |= {"W2_D1": 0.5, "W2_D29X39": -0.1, "W2_B2A3G": 0.5}
    final = np.arange(y.shape[1], dtype=float)
    for label, share in parts.items():
        row = [label, *(share * left), *(final if label.startswith("W2_OP") else 0 * final)]
        body.loc[len(body)] = row
    return body


def test_the_layout_of_figaro_is_read(tmp_path):
    z, y, x = table(regions=("EL", "JP", "FIGW1"), sectors=("A01", "C26"))
    y.columns = pd.MultiIndex.from_product([("EL", "JP", "FIGW1"), ["P3_S14", "P5M"]])
    path = tmp_path / "matrix_eu-ic-io_ind-by-ind_25ed_2023.csv"
    found = read_icio(written(figaro(z, y, x), path))
    assert found.regions == ("GRC", "JPN", "ROW")
    assert found.markets[0] == ("GRC", "P3_S14")
    assert (found.name, found.unit) == ("figaro-2025-2023", "million EUR")
    np.testing.assert_allclose(found.Z.to_numpy(), z.to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(found.x.to_numpy(), x.to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(found.taxes.to_numpy(), 0.1 * (x - z.sum()), rtol=1e-9)
    np.testing.assert_allclose(found.value_added.to_numpy(), 0.9 * (x - z.sum()), rtol=1e-9)
    assert "CC BY 4.0" in found.licence


# ------------------------------------------------------------------ kinds of files


def test_csv_zip_zip_in_zip_and_parquet_give_the_same_table(tmp_path):
    pytest.importorskip("pyarrow")
    frame = sheet_of(*table())
    paths = [written(frame, tmp_path / "2021.SML.csv")]
    with zipfile.ZipFile(tmp_path / "2021.SML.zip", "w") as folder:
        folder.write(paths[0], "2021.SML.csv")
    with zipfile.ZipFile(tmp_path / "ICIO-2016-2021-small.zip", "w") as folder:
        folder.write(tmp_path / "2021.SML.zip", "2021.SML.zip")
    paths += [tmp_path / "2021.SML.zip", tmp_path / "ICIO-2016-2021-small.zip"]
    frame.to_parquet(tmp_path / "2021.parquet")
    tables = [read_icio(path) for path in [*paths, tmp_path / "2021.parquet"]]
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0].Z, other.Z)
        pd.testing.assert_frame_equal(tables[0].Y, other.Y)
        assert (other.year, other.edition) == ("2021", "2025")
    assert len({each.digest for each in tables}) == 4


def test_a_zip_with_several_years_asks_which(tmp_path):
    first, second = sheet_of(*table()), sheet_of(*table(seed=2))
    with zipfile.ZipFile(tmp_path / "2021-2022_SML.zip", "w") as folder:
        folder.writestr("2021_SML.csv", first.to_csv(index=False))
        folder.writestr("2022_SML.csv", second.to_csv(index=False))
        folder.writestr("ReadMe.xlsx", "text")
    with pytest.raises(
        BadInput, match=r"2021_SML\.csv, 2022_SML\.csv; expected one table"
    ) as caught:
        read_icio(tmp_path / "2021-2022_SML.zip")
    assert "--year" in str(caught.value)
    found = read_icio(tmp_path / "2021-2022_SML.zip", year=2022)
    assert found.year == "2022"
    np.testing.assert_array_equal(found.Z.to_numpy(), second.iloc[:12, 1:13].to_numpy())
    with pytest.raises(BadInput, match="0 of them for 1999"):
        read_icio(tmp_path / "2021-2022_SML.zip", year=1999)


def test_semicolons_quotes_and_a_byte_order_mark_are_read(tmp_path):
    z, y, x = table()
    text = sheet_of(z, y, x).to_csv(index=False, sep=";", quoting=2)
    (tmp_path / "2022.csv").write_text(text, encoding="utf-8-sig")
    same(read_icio(tmp_path / "2022.csv"), z, y, x)


def test_a_parquet_file_without_its_extra_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "t.parquet").write_bytes(b"PAR1....PAR1")

    def missing(*_):
        raise ImportError("no engine")

    monkeypatch.setattr(label_sheets.pd, "read_parquet", missing)
    with pytest.raises(BadInput, match=r"narrows\[tables\]"):
        read_icio(tmp_path / "t.parquet")


FILES = {
    "no file": (None, "no such file"),
    "an empty file": (b"", "no sheet of numbers"),
    "a page": (b"<html>\n<body>not found</body>\n", "no sheet of numbers"),
    "a cut zip": (b"PK\x03\x04rest", "a zip that cannot be read"),
    "a cut Parquet file": (b"PAR1rest", "a Parquet file that cannot be read"),
    "another encoding": ("V1,É_a\n".encode("latin-1"), "not UTF-8"),
    "text in a cell": (b"V1,A_x,A_F\nA_x,1,much\nVA,1,1\n", r"t.csv:2: A_F: found 'much'"),
    "a long row": (b"V1,A_x,A_F\nA_x,1,2\nVA,1,2,3,4\n", r"t.csv:3: found 5 cells"),
    "another table": (b"a,b\n1,2\n", "none of them a column"),
    "a row of no known kind": (
        b"V1,A_x,A_F,OUT\nA_x,1,2,3\nXY,1,0,0\nVA,1,0,0\n",
        r"t.csv:3: XY: found a row of no known kind",
    ),
    "no value added": (b"V1,A_x,A_F\nA_x,1,2\n", "no row of value added"),
    "no final use": (b"V1,A_x,OUT\nA_x,1,1\nVA,1,0\n", "no column of final use"),
    "an industry without a row": (
        b"V1,A_x,A_y,B_x,A_F\nA_x,1,2,3,1\nA_y,1,2,3,1\nVA,1,1,1,0\n",
        "B_x: found final use of an unknown region",
    ),
    "an industry of a known region without a row": (
        b"V1,A_x,B_y,A_y,A_F\nA_x,1,2,3,1\nB_y,1,2,3,1\nVA,1,1,1,0\n",
        "A_y: found an industry without a row",
    ),
    "a label twice": (b"V1,A_x,A_F,A_x\nA_x,1,2,3\nVA,1,2,3\n", r"column 4: found .*'A_x' again"),
    "an empty cell": (b"V1,A_x,A_F,OUT\nA_x,,2,3\nVA,1,0,0\nOUT,3,0,0\n", "A_x to A_x: found nan"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_read_says_why(tmp_path, case):
    content, message = FILES[case]
    path = tmp_path / "t.csv"
    if content is not None:
        path.write_bytes(content)
    if "Parquet" in case:
        pytest.importorskip("pyarrow")
    with pytest.raises(BadInput, match=message):
        read_icio(path)


# ------------------------------------------------------------------ balance and the world


def test_rows_and_columns_that_do_not_balance_are_refused_with_the_worst_named(tmp_path):
    z, y, x = table()
    frame = sheet_of(z, y, x)
    frame.loc[4, "OUT"] *= 2
    with pytest.raises(BadInput) as caught:
        read_icio(written(frame, tmp_path / "2022.csv"))
    assert caught.value.faults[0].field == "CHN_A02"
    assert "the row OUT" in str(caught.value)
    assert "the column sum" in str(caught.value)


def test_a_negative_flow_is_refused(tmp_path):
    z, y, x = table()
    z.iloc[2, 3] = -5.0
    with pytest.raises(BadInput, match=r"Z: AUS_C26 to CHN_A01: found -5"):
        read_icio(written(sheet_of(z, y, x), tmp_path / "2022.csv"))


def test_negative_final_use_is_kept_and_noted(tmp_path):
    z, y, x = table()
    y.iloc[0, 0] += 10.0
    y.iloc[0, 1] = -10.0 + (y.iloc[0, 1] * 0)
    x = z.sum(axis=1) + y.sum(axis=1)
    found = read_icio(written(sheet_of(z, y, x), tmp_path / "2022.csv"))
    assert found.Y.iloc[0, 1] == -10.0
    assert "1 negative cells of final use are kept." in found.notes


def test_a_table_without_its_decimal_points_is_refused_by_its_value(tmp_path):
    z, y, x = (each.round(4) for each in table())
    text = sheet_of(z, y, x).to_csv(index=False, float_format="%.4f").replace(".", "")
    (tmp_path / "2020.csv").write_text(text)
    with pytest.raises(BadInput, match=r"world value added of 8e\+11 million USD"):
        read_icio(tmp_path / "2020.csv")


def test_the_known_corrupted_file_is_refused_by_its_digest(tmp_path, monkeypatch):
    path = written(sheet_of(*table()), tmp_path / "2020.csv")
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    assert icio_module._CORRUPTED == "d1b887aa"
    monkeypatch.setattr(icio_module, "_CORRUPTED", digest[:8])
    with pytest.raises(BadInput, match="corrupted copy"):
        read_icio(path)
    with zipfile.ZipFile(tmp_path / "2020.zip", "w") as folder:
        folder.write(path, "2020.csv")
    with pytest.raises(BadInput, match="corrupted copy"):
        read_icio(tmp_path / "2020.zip")


def test_world_gdp_can_be_given_to_check_against(tmp_path):
    path = written(sheet_of(*table()), tmp_path / "2022.csv")
    assert read_icio(path, world_gdp=1.2 * WORLD).world_gdp == pytest.approx(WORLD)
    with pytest.raises(BadInput, match=r"1\.3e\+08, at most 25 % apart"):
        read_icio(path, world_gdp=1.3e8)


def test_a_table_of_a_part_of_the_world_is_read_and_says_so(tmp_path):
    z, y, x = (each / 1e6 for each in table())
    found = read_icio(written(sheet_of(z, y, x), tmp_path / "2022.csv"))
    assert any("covers a part" in note for note in found.notes)


def test_flows_without_output_are_checked_for_their_cells_only():
    units = ["a", "b"]
    known = {"units": units, "users": units, "markets": ["m"], "where": "t"}
    assert check_flows(np.eye(2), np.ones((2, 1)), None, **known) == []
    assert len(check_flows(-np.eye(2), np.ones((2, 1)), None, **known)) == 2


# ------------------------------------------------------------------ real tables


@pytest.fixture(scope="module")
def folder(shared_data):
    pytest.importorskip("pyarrow")
    if not (shared_data / "mrio" / "icio").is_dir():
        pytest.skip(f"needs {shared_data / 'mrio' / 'icio'}")
    return shared_data / "mrio"


@pytest.mark.parametrize(
    ("file", "size", "year", "gdp"),
    [
        ("icio2023ed_2020_77x11.parquet", (77, 11), "2020", 85.66e6),
        ("icio2023ed_2019_20x20.parquet", (20, 20), "2019", 87.85e6),
    ],
)
def test_the_real_tables_of_the_oecd_are_read_and_balance(folder, file, size, year, gdp):
    found = read_icio(folder / "icio" / file, world_gdp=gdp)
    assert (len(found.regions), len(found.sectors)) == size
    assert (found.edition, found.year) == ("2023", year)
    assert found.world_gdp == pytest.approx(gdp, rel=1e-3)
    assert "Every row adds to its output." in found.notes


def test_csv_and_zip_copies_of_a_real_table_give_the_same_and_pymrio_agrees(folder, tmp_path):
    frame = pd.read_parquet(folder / "icio" / "icio2023ed_2019_20x20.parquet")
    path = written(frame, tmp_path / "ICIO2023_2019.csv")
    with zipfile.ZipFile(tmp_path / "ICIO2023_2019.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    found = read_icio(path)
    packed = read_icio(tmp_path / "ICIO2023_2019.zip")
    pd.testing.assert_frame_equal(found.Z, packed.Z)
    np.testing.assert_array_equal(found.Z.to_numpy(), frame.iloc[:400, 1:401].to_numpy())
    pymrio = pytest.importorskip("pymrio")
    theirs = pymrio.parse_oecd(path)
    np.testing.assert_array_equal(
        found.Z.loc[theirs.Z.index, theirs.Z.columns].to_numpy(), theirs.Z.to_numpy()
    )
    head, _, rest = path.read_text().partition("\n")
    (tmp_path / "bad.csv").write_text(head + "\n" + rest.replace(".", ""))
    with pytest.raises(BadInput, match="decimal points"):
        read_icio(tmp_path / "bad.csv")


@pytest.mark.parametrize("year", [1995, 2003, 2011])
def test_wiod_in_the_layout_of_the_icio_is_read(folder, year):
    found = read_icio(folder / "wiod2013" / f"wiot_{year}.parquet")
    assert (len(found.regions), len(found.sectors)) == (41, 35)
    assert (found.name, found.edition) == (f"wiot-{year}", "")
    assert "Ask the publisher" in found.licence
