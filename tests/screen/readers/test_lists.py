"""Lists as published: small invented ones in each official layout, and the real ones whole."""

import gzip
import json
from datetime import date

import pytest

from narrows.screen.parties import list_changes, read_list
from narrows.screen.readers.detecting import list_files, read_lists
from narrows.terms import BadInput

TODAY = date(2026, 11, 23)

CSL_29 = (
    '"_id","source","entity_number","type","programs","name","title","addresses",'
    '"federal_register_notice","start_date","end_date","standard_order","license_requirement",'
    '"license_policy","call_sign","vessel_type","gross_tonnage","gross_registered_tonnage",'
    '"vessel_flag","vessel_owner","remarks","source_list_url","alt_names","citizenships",'
    '"dates_of_birth","nationalities","places_of_birth","source_information_url","ids"\n'
    '"a1","Entity List (EL)","","","","Orion Works f.k.a. Vega Works","","1 Road, Moscow, RU",'
    '"","2022-02-03","","","For all items","","","","","","","","","","OW; Orion Plant","",'
    '"1970-02-03","","","","RU, 1027739108649, Registration ID"\n'
)
CSL_28 = CSL_29.replace('"_id",', "").replace('"a1",', "")
CSL_JSON = json.dumps(
    {
        "results": [
            {
                "id": "a1",
                "source": "Entity List (EL)",
                "entity_number": 7,
                "type": "Entity",
                "name": "Orion Works",
                "alt_names": ["OW"],
                "addresses": [{"address": "1 Road", "city": "Moscow", "country": "RU"}],
                "dates_of_birth": ["1970-02-03"],
                "ids": [{"type": "Registration ID", "number": "1027739108649"}],
            }
        ]
    }
)
CSL_COMPACT = json.dumps(
    {
        "fieldKey": {},
        "sourceGeneratedAt": "2026-07-31T13:15:00Z",
        "entryCount": 1,
        "tables": {"sources": ["Entity List (EL)"]},
        "entries": [{"n": "Orion Works", "a": ["OW"], "s": 0, "c": ["RU"]}],
    }
)
SDN = (
    '36,"ORION WORKS",-0- ,"RUSSIA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    "\"DOB 03 Feb 1970; POB Moscow; Tax ID No. 7702070139; a.k.a. 'OW'.\"\r\n\x1a"
)
ADD = '36,25,"1 Road","Moscow","Russia",-0- \r\n\x1a'
ALT = '36,12,"aka","ORION PLANT",-0- \r\n\x1a'
SDN_XML = """<?xml version="1.0"?>
<sdnList xmlns="http://tempuri.org/sdnList.xsd">
 <publshInformation><Publish_Date>07/31/2026</Publish_Date><Record_Count>1</Record_Count>
 </publshInformation>
 <sdnEntry><uid>36</uid><firstName>Ivan</firstName><lastName>KESTREL</lastName>
  <sdnType>Individual</sdnType><programList><program>RUSSIA</program></programList>
  <idList><id><idType>Passport</idType><idNumber>B1234567</idNumber></id></idList>
  <akaList><aka><category>weak</category><lastName>Falcon</lastName></aka></akaList>
  <addressList><address><city>Moscow</city><country>Russia</country></address></addressList>
  <dateOfBirthList><dateOfBirthItem><dateOfBirth>03 Feb 1970</dateOfBirth></dateOfBirthItem>
  </dateOfBirthList></sdnEntry></sdnList>"""
DPL = (
    '"Name"\t"Street_Address"\t"City"\t"State"\t"Country"\t"Postal_Code"\t"Effective_Date"\t'
    '"Expiration_Date"\t"Standard_Order"\t"Last_Update"\t"Action"\t"FR_Citation"\n'
    '"ORION WORKS"\t"1 Road"\t"Reno"\t"NV"\t""\t"89501"\t"06/19/2003"\t"06/29/2056"\t"Y"\t'
    '"2007-01-31"\t"ADDED"\t"68 F.R. 1"\n'
)
UN = """<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09Z">
<INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>IVAN</FIRST_NAME>
<SECOND_NAME>KESTREL</SECOND_NAME><UN_LIST_TYPE>X</UN_LIST_TYPE>
<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
<NAME_ORIGINAL_SCRIPT>Иван Кестрел</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Russian Federation</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Falcon</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1970</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>ORION WORKS ; OW</FIRST_NAME>
<REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""
EU_COLUMNS = (
    "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,"
    "previousName,country,birthDate,address,imoNumber"
)
EU_ANNEX = (
    f"{EU_COLUMNS}\n32014R0833,1,EU-RUS,IV,Export,24.9.2022,why,LegalEntity,Orion Works,"
    '"OW; Орион Завод",Falcon,,Russia,,"1 Road, Moscow",\n'
)
EU_CSV = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;"
    "NameAlias_WholeName;BirthDate_BirthDate;Address_CountryDescription\n"
    "30/10/2026;13;EU.27.28;P;Ivan Kestrel;1970-02-03;\n"
    "30/10/2026;13;EU.27.28;P;Иван Кестрел;;RUSSIAN FEDERATION\n"
)
EU_XML = """<?xml version="1.0"?><export generationDate="2026-10-30T10:00:00Z">
<sanctionEntity euReferenceNumber="EU.27.28" logicalId="13"><subjectType code="person"/>
<regulation programme="RUS"/><nameAlias wholeName="Ivan Kestrel" strong="true"/>
<nameAlias wholeName="Falcon" strong="false"/><birthdate birthdate="1970-02-03" city="Moscow"/>
<citizenship countryDescription="RUSSIAN FEDERATION"/></sanctionEntity></export>"""
METI = json.dumps(
    [
        {
            "addresses": ["Islamic Republic of Iran"],
            "aliases": ["OW; Orion Plant"],
            "country": "jp",
            "entity_name": "Orion Works (ORWO)",
            "id": "jp-eul-1",
            "last_verified": "2026-07-20",
            "list_id": "jp-end-user-list",
            "source_list_name": "Foreign End-User List",
        },
        {
            "addresses": ["Islamic Republic of Iran Vega Optics"],
            "aliases": [],
            "country": "jp",
            "entity_name": "",
            "id": "jp-eul-2",
            "last_verified": "2026-07-20",
            "list_id": "jp-end-user-list",
            "source_list_name": "Foreign End-User List",
        },
    ]
)
MOFCOM = METI.replace('"jp"', '"cn"')
NOTICE = """○ 告示（令和四年外務省告示第八十二号）
指定日：2022 年03月01 日
最終更新日：2025 年09 月12 日
１ 株式会社オリオン（別称、オリオン工場及び OW）
Orion Works JSC, a.k.a., the following two aliases:
-Orion Plant; and
-OW.
所在地：1 Road, 101000 Moscow, Russia.２ ベガ光学
Vega Optics
所在地：2 Road, Minsk, Belarus.
"""

LAYOUTS = {
    "csl.csv": (CSL_29, {"Orion Works", "Vega Works", "OW", "Orion Plant"}),
    "csl_2019.csv": (CSL_28, {"Orion Works", "Vega Works", "OW", "Orion Plant"}),
    "csl.json": (CSL_JSON, {"Orion Works", "OW"}),
    "compact.json": (CSL_COMPACT, {"Orion Works", "OW"}),
    "sdn.csv": (SDN, {"ORION WORKS", "ORION PLANT", "OW"}),
    "sdn.xml": (SDN_XML, {"KESTREL, Ivan", "Falcon"}),
    "dpl.txt": (DPL, {"ORION WORKS"}),
    "un.xml": (UN, {"IVAN KESTREL", "Иван Кестрел", "Falcon"}),
    "annex.csv": (EU_ANNEX, {"Orion Works", "OW", "Орион Завод", "Falcon"}),
    "eu.csv": (EU_CSV, {"Ivan Kestrel", "Иван Кестрел"}),
    "eu.xml": (EU_XML, {"Ivan Kestrel", "Falcon"}),
    "meti.json": (METI, {"Orion Works", "ORWO", "OW", "Orion Plant"}),
    "mofcom.json": (MOFCOM, {"Orion Works", "ORWO", "OW", "Orion Plant"}),
    "notice.txt": (
        NOTICE,
        {"株式会社オリオン", "Orion Works JSC", "オリオン工場", "OW", "Orion Plant"},
    ),
}


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    if name == "sdn.csv":
        (folder / "add.csv").write_text(ADD, encoding="utf-8", newline="")
        (folder / "alt.csv").write_text(ALT, encoding="utf-8", newline="")
    return path


@pytest.fixture(params=LAYOUTS)
def layout(request, tmp_path):
    text, names = LAYOUTS[request.param]
    return written(tmp_path, request.param, text), names


def test_every_layout_gives_names_digest_and_place_in_the_file(layout):
    path, names = layout
    found = read_list(path, today=TODAY)
    first = found.entries[0]
    assert {name.text for name in first.names} == names
    assert len(found.digest) == 64
    assert first.record >= 1
    assert first.list_name
    assert found.date or found.notes


def test_every_layout_reads_the_same_when_packed(layout):
    path, _ = layout
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_list(packed, today=TODAY).entries == read_list(path, today=TODAY).entries


def test_a_list_cut_short_is_refused(layout):
    path, _ = layout
    if path.name == "notice.txt":
        pytest.skip("a notice has no end mark: a cut within its last address cannot be told")
    whole = path.read_bytes().rstrip()
    path.write_bytes(whole[: len(whole) - len(whole) // 5])
    with pytest.raises(BadInput) as caught:
        read_list(path, today=TODAY)
    assert caught.value.faults[0].file == path.name


def test_every_layout_in_another_encoding_is_refused(layout):
    path, _ = layout
    path.write_bytes(path.read_text("utf-8").encode("utf-16-le")[1:])
    with pytest.raises(BadInput):
        read_list(path, today=TODAY)


@pytest.mark.parametrize(
    "name", ["compact.json", "sdn.xml", "un.xml", "eu.csv", "eu.xml", "meti.json", "notice.txt"]
)
def test_a_list_dated_in_the_future_is_refused(tmp_path, name):
    path = written(tmp_path, name, LAYOUTS[name][0])
    with pytest.raises(BadInput, match="a date up to today, 2020-01-01"):
        read_list(path, today=date(2020, 1, 1))


def test_a_date_in_the_file_name_counts_where_the_file_has_none(tmp_path):
    path = written(tmp_path, "csl_2026-05-06.csv", CSL_29)
    assert read_list(path, today=TODAY).date == "2026-05-06"


def test_details_beside_the_names_are_kept(tmp_path):
    entry = read_list(written(tmp_path, "sdn.csv", SDN)).entries[0]
    assert entry.birth_dates == ("1970-02-03",)
    assert entry.birth_places == ("Moscow",)
    assert entry.identifiers == ("7702070139",)
    assert entry.countries == ("Russia",)
    assert [name.text for name in entry.names if name.weak] == ["OW"]
    csl = read_list(written(tmp_path, "csl.csv", CSL_29)).entries[0]
    assert csl.identifiers == ("1027739108649",)
    assert csl.countries == ("RU",)


def test_country_and_name_run_together_are_parted(tmp_path):
    second = read_list(written(tmp_path, "meti.json", METI), today=TODAY).entries[1]
    assert (second.name, second.countries) == ("Vega Optics", ("Islamic Republic of Iran",))


def test_xml_that_declares_entities_is_refused(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sdnList>&a;</sdnList>'
    with pytest.raises(BadInput, match="a declaration of document type"):
        read_list(written(tmp_path, "sdn.xml", bomb))


def test_three_files_of_ofac_are_one_list(tmp_path):
    written(tmp_path, "sdn.csv", SDN)
    found = read_lists(list_files(tmp_path))
    assert [one.name for one in found] == ["us-ofac-sdn"]


def test_every_bad_file_of_a_folder_is_told_at_once(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(BadInput) as caught:
        read_lists(list_files(tmp_path))
    assert [fault.file for fault in caught.value.faults] == ["a.csv", "b.json"]


# ---------------------------------------------------------------- the real lists

REAL = {
    "csl/csl_2026-07-31_compact.json.gz": (25_921, "2026-07-31"),
    "csl/csl_2019_layout.csv": (115, ""),
    "csl/consolidated_2025_layout.csv": (13, ""),
    "ofac/sdn.csv.gz": (8_976, ""),
    "ofac/cons_prim.csv.gz": (442, ""),
    "un/consolidated.xml.gz": (1_003, "2026-02-27"),
    "eu/32014R0833.csv.gz": (1_746, ""),
    "eu/32006R0765.csv.gz": (408, ""),
    "eu/32012R0267.csv.gz": (339, ""),
    "eu/32017R1509.csv.gz": (326, ""),
    "jp_meti/foreign_end_user_list_2026.json": (835, "2026-07-20"),
    "jp_meti/250912_list_russia_tokutei.pdf.txt": (561, "2025-09-12"),
    "jp_meti/250912_list_daisangoku_tokutei.pdf.txt": (56, "2025-09-12"),
    "cn_mofcom/control_and_attention_lists_2026.json": (240, "2026-07-19"),
    "bis/entity_list_china_universities_2026.json": (60, "2026-03-30"),
    "bis/mieu.csv": (13, ""),
}


@pytest.mark.parametrize("name", REAL)
def test_the_real_list_is_read_whole(shared_data, name):
    found = read_list(shared_data / "parties" / name, today=TODAY)
    assert (len(found), found.date) == REAL[name]
    assert all(entry.names and entry.name.strip() for entry in found)


def test_the_denied_persons_of_2022_are_581_rows_and_fewer_parties(shared_data):
    found = read_list(shared_data / "parties" / "bis" / "dpl.txt.gz", today=TODAY)
    assert sum(len(entry.addresses) for entry in found) <= 581
    assert 400 < len(found) < 581
    assert any("last day has passed" in entry.remarks for entry in found)


def test_two_versions_of_the_denied_persons_differ_by_what_was_taken_out(shared_data, tmp_path):
    text = gzip.decompress((shared_data / "parties" / "bis" / "dpl.txt.gz").read_bytes())
    lines = text.splitlines(keepends=True)
    (tmp_path / "new.txt").write_bytes(b"".join(lines))
    (tmp_path / "old.txt").write_bytes(b"".join(lines[:1] + lines[2:]))
    found = list_changes(tmp_path / "old.txt", tmp_path / "new.txt")
    assert [entry.name for entry in found.came] == ["I. ASH"]
    assert not found.went
