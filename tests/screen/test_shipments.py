import json
from datetime import date

import jsonschema
import pytest

from narrows.screen import (
    NOTICE,
    bundled_packs,
    decision_schema,
    read_shipment,
    shipment,
    worked_shipments,
    worked_table,
)
from narrows.terms import BadInput, UnknownName

NOW = date(2026, 7, 1)
WORKED = worked_shipments()


def test_every_jurisdiction_answers_each_with_the_date_of_its_rules():
    frame = shipment(WORKED["euv-scanner"], on=NOW).to_frame().set_index("jurisdiction")
    assert sorted(frame.index) == sorted(bundled_packs())
    assert set(frame["on"]) == {"2026-07-01"}
    assert frame.loc["us", "rules_as_of"] == "2026-07-23"
    assert frame.loc["nl", "rules"] == "nl.nexus; nl.tools.2023"
    assert "Staatscourant 2023, 18212" in frame.loc["nl", "citations"]
    assert frame.loc["nl", "entries"] == "3B001.f.4-2023"
    assert frame.loc["us", "missing"] == "item.us_content_percent"


def test_the_trace_names_the_rule_the_facts_and_the_citation():
    trace = shipment(WORKED["gallium-us"], on=date(2025, 6, 1)).trace("cn").set_index("rule")
    row = trace.loc["cn.us.materials"]
    assert row["fires"] == "yes"
    assert "route.to is USA: USA" in row["because"]
    assert "gallium-metal" in row["because"]
    assert row["cite"] == "Announcement 46 of 2024, clause 2"
    assert (trace.loc["cn.party", "fires"], trace.loc["cn.us.materials", "lifted"]) == ("no", "no")


@pytest.mark.parametrize("name", list(WORKED))
def test_the_json_form_holds_its_schema_and_never_says_that_a_shipment_may_go(name):
    found = json.loads(json.dumps(shipment(WORKED[name], on=NOW).as_json()))
    jsonschema.validate(found, decision_schema("shipment"))
    text = json.dumps(found["rows"]).lower()
    assert not [word for word in ("cleared", "no licence required", "approved") if word in text]
    assert found["notice"] == NOTICE
    assert all(row["rules_as_of"] and row["rules_digest"] for row in found["rows"])


def test_a_suspended_rule_is_named_with_its_end():
    row = shipment(WORKED["gallium-us"], on=date(2026, 6, 1), jurisdictions=["cn"]).to_frame()
    assert "cn.us.materials" in row["notes"][0]
    assert "is not applied until 2026-11-27: announcement 72 of 2025" in row["notes"][0]


def test_an_answer_past_the_rules_says_so():
    row = shipment(WORKED["unlisted-subsidiary"], on=date(2026, 11, 20)).to_frame()
    notes = row.set_index("jurisdiction").loc["us", "notes"]
    assert "rules read up to 2026-07-23, the day asked is later" in notes
    assert "us.party.affiliates was not checked after 2026-11-09" in notes


def test_a_shipment_is_a_file_a_mapping_or_one_that_was_read():
    path = WORKED["gallium-japan"]
    read = read_shipment(path)
    mapping = {"shipment": "x", **read.stated}
    days = {"on": NOW, "jurisdictions": ["cn"]}
    answers = {
        str(shipment(each, **days).required())
        for each in (path, str(path), read, mapping, {"shipment": "y", **dict(read.stated)})
    }
    assert len(answers) == 1


def test_the_day_of_the_file_holds_unless_another_is_given(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("on: 2024-01-02\nroute: {from: CHN, to: JPN}\n", "utf-8")
    assert shipment(path, jurisdictions=["cn"]).on == date(2024, 1, 2)
    assert shipment(path, on=NOW, jurisdictions=["cn"]).on == NOW


def test_unknown_written_out_is_the_same_as_left_out(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("route: {from: CHN, to: unknown}\n", "utf-8")
    assert read_shipment(path).facts == {"route.from": "CHN", "act": "export"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("route: {form: CHN}\n", 1, r"unknown fact 'route\.form'.*nearest: route\.from"),
        ("title: x\nroute:\n  from: China\n", 3, "a place code of three letters"),
        ("item:\n  kind: scaner\n", 2, "one of scanner"),
        ("item:\n  overlay_nm: 1,5\n", 2, "a number in nm"),
        ("end_use:\n  military: perhaps\n", 2, "true or false, or unknown"),
        ("on: tomorrow\n", 1, "a date such as"),
        ("- a\n", 1, "keys: values"),
        ("route: [\n", None, "a YAML file"),
    ],
)
def test_a_faulty_shipment_is_told_with_file_and_line(tmp_path, text, line, said):
    path = tmp_path / "shipment.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=said) as caught:
        shipment(path, on=NOW)
    assert caught.value.faults[0].file == "shipment.yaml"
    assert line is None or caught.value.faults[0].row == line


def test_faults_of_a_mapping_have_no_line():
    with pytest.raises(BadInput) as caught:
        shipment({"route": {"form": "CHN"}}, on=NOW)
    assert caught.value.faults[0].row is None


def test_a_jurisdiction_that_is_not_held():
    with pytest.raises(UnknownName, match="jurisdiction"):
        shipment({}, on=NOW, jurisdictions=["fr"])


def test_a_pack_of_ones_own_is_taken_by_its_file(tmp_path):
    own = tmp_path / "mine.yaml"
    own.write_text(
        bundled_packs()["kr"]
        .read_text("utf-8")
        .replace("pack: kr", "pack: mine")
        .replace("as_of: 2026-11-23", "as_of: 2025-11-23")
    )
    found = shipment({"route": {"from": "KOR", "to": "CHN"}}, on=NOW, jurisdictions=[own, "kr"])
    assert found.jurisdictions == ("mine", "kr")
    assert found.required()["mine"] == found.required()["kr"]


def test_there_is_no_schema_of_another_name():
    with pytest.raises(UnknownName):
        decision_schema("party")


ANSWERS = {
    # checked by hand against the sources that each worked shipment names
    ("euv-scanner", "2026-07-01"): {"eu": "licence", "nl": "licence", "us": "needs_facts"},
    ("immersion-first-band", "2023-08-31"): {"nl": "outside"},
    ("immersion-first-band", "2023-09-01"): {"nl": "licence"},
    ("immersion-second-band", "2023-11-16"): {"nl": "nothing_found", "us": "outside"},
    ("immersion-second-band", "2023-11-17"): {"nl": "nothing_found", "us": "licence"},
    ("immersion-second-band", "2024-09-07"): {"nl": "licence", "us": "licence"},
    ("immersion-third-band-nl", "2026-07-01"): {"nl": "nothing_found", "us": "outside"},
    ("immersion-third-band-jp", "2023-07-22"): {"jp": "nothing_found"},
    ("immersion-third-band-jp", "2023-07-23"): {"jp": "licence"},
    ("computing-chip-over", "2022-10-20"): {"us": "nothing_found"},
    ("computing-chip-over", "2022-10-21"): {"us": "licence"},
    ("computing-chip-links", "2023-11-16"): {"us": "nothing_found"},
    ("computing-chip-links", "2023-11-17"): {"us": "licence"},
    ("computing-chip-under", "2023-11-17"): {"us": "nothing_found"},
    ("memory-stack", "2024-12-30"): {"us": "outside"},
    ("memory-stack", "2024-12-31"): {"us": "licence"},
    ("resist-listed-fab-jp", "2026-07-01"): {"jp": "licence", "us": "outside"},
    ("resist-listed-fab-us", "2026-07-01"): {"jp": "outside", "us": "licence"},
    ("surveillance-eu", "2021-10-01"): {"eu": "licence"},
    ("surveillance-us", "2021-10-01"): {"us": "nothing_found"},
    ("surveillance-us", "2026-07-01"): {"us": "licence"},
    ("gallium-japan", "2023-07-31"): {"cn": "nothing_found"},
    ("gallium-japan", "2023-08-01"): {"cn": "licence"},
    ("gallium-japan", "2026-06-01"): {"cn": "licence"},
    ("gallium-japan", "2026-11-23"): {"cn": "licence"},
    ("gallium-japan-military", "2025-12-31"): {"cn": "licence"},
    ("gallium-japan-military", "2026-06-01"): {"cn": "prohibited"},
    ("gallium-us", "2024-12-02"): {"cn": "licence"},
    ("gallium-us", "2024-12-03"): {"cn": "prohibited"},
    ("gallium-us", "2026-06-01"): {"cn": "licence"},
    ("gallium-us", "2026-11-28"): {"cn": "prohibited"},
    ("mature-tool-vietnam", "2026-07-01"): {"us": "nothing_found"},
    ("mature-tool-advanced", "2026-07-01"): {"kr": "nothing_found", "us": "licence"},
    ("unlisted-subsidiary", "2025-10-15"): {"us": "licence"},
    ("unlisted-subsidiary", "2026-03-01"): {"us": "nothing_found"},
    ("unlisted-subsidiary", "2026-11-20"): {"us": "licence"},
}


def test_the_worked_shipments_come_out_as_their_sources_say():
    table = worked_table().set_index(["shipment", "on"])
    assert len(WORKED) >= 12
    for key, expected in ANSWERS.items():
        assert {name: table.loc[key, name] for name in expected} == expected, key


def test_every_worked_shipment_names_its_sources():
    assert [name for name, path in WORKED.items() if not read_shipment(path).sources] == []
