"""A kept screening is decided again: the same then, and what flips now."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from narrows.screen import bundled_packs, classify, read_pack, shipment
from narrows.screen.diversion import diversion, read_flows
from narrows.screen.items.reading import bundled_lists
from narrows.screen.record import changed_outcomes, open_record, replay, to_keep
from narrows.screen.record import replaying as replaying_module
from narrows.terms import BadInput, CouldNotFinish

GALLIUM = {
    "shipment": "gallium",
    "route": {"from": "CHN", "to": "USA"},
    "item": {"kind": "raw-material", "material": "gallium-metal", "origin": "CHN"},
}


@pytest.fixture
def record(tmp_path):
    return open_record(tmp_path / "record.sqlite")


def put(record, result, files=()):
    kept = to_keep(result, files=files)
    return record.put(kept.screening, texts=kept.texts)


def test_a_shipment_decided_again_gives_the_same_result_and_digest(record):
    kept = put(record, shipment(GALLIUM, on=date(2026, 6, 1)))
    found = replay(record, 1)
    assert found.same
    assert found.again.digest == kept.digest
    assert found.flips == found.versions == ()
    assert "Decided again: the same result" in found.explain()
    assert "cn of" in found.explain()


def test_an_item_decided_again_gives_the_same_result(record):
    put(record, classify({"item": {"kind": "scanner", "wavelength_nm": 13.5}}, on=date(2026, 1, 1)))
    found = replay(record, 1)
    assert found.same
    assert "us: controlled" in found.explain()


def test_rules_that_changed_since_are_named_and_the_flip_is_shown(record, tmp_path, monkeypatch):
    put(record, shipment(GALLIUM, on=date(2026, 6, 1), jurisdictions=["cn"]))
    then = replay(record, 1).kept.screening
    edited = tmp_path / "packs"
    edited.mkdir()
    text = bundled_packs()["cn"].read_text("utf-8")
    name, sign = "People's Republic of China", "Edited"
    heading = next(line for line in text.splitlines() if line.startswith("name:"))
    (edited / "cn.yaml").write_text(text.replace(heading, f"name: {sign} {name}"), "utf-8")
    changed = read_pack(edited / "cn.yaml")
    monkeypatch.setattr(replaying_module, "pack", lambda _: changed)
    now = replay(record, 1, under="now")
    assert not now.same
    assert [flip.name for flip in now.versions] == ["cn"]
    assert then.rules[0].digest[:12] in now.versions[0].then
    assert replay(record, 1).same  # the text of its time was kept


def test_another_date_shows_which_kept_decisions_flip(record):
    put(record, shipment(GALLIUM, on=date(2026, 6, 1), jurisdictions=["cn"]))
    put(record, shipment(GALLIUM, on=date(2020, 1, 1), jurisdictions=["cn"]))
    flipped = list(changed_outcomes(record, on=date(2026, 6, 1)))
    assert [each.kept.number for each in flipped] == [2]
    assert flipped[0].flips[0].name == "cn"
    assert flipped[0].flips[0].now == "licence"
    assert "is licence" in flipped[0].explain()


def test_a_pack_of_the_users_own_is_kept_too(record, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    for source in (bundled_packs()["cn"], bundled_lists()["cn"]):
        name = source.name if source.parent.name == "packs" else f"list-{source.name}"
        (folder / name).write_bytes(source.read_bytes())
    own = folder / "cn.yaml"
    own.write_text(own.read_text("utf-8") + "\n# ours\n", "utf-8")
    put(record, shipment(GALLIUM, on=date(2026, 6, 1), jurisdictions=[own]), files=[own])
    own.unlink()
    assert replay(record, 1).same


def test_a_text_that_was_not_kept_is_told(record):
    kept = to_keep(shipment(GALLIUM, on=date(2026, 6, 1), jurisdictions=["us"]))
    lost = kept.screening.as_json()
    lost["rules"][0]["digest"] = "0" * 64
    record.put(type(kept.screening).of(lost))
    with pytest.raises(CouldNotFinish, match=r"the text of us of .* was not kept"):
        replay(record, 1)
    assert replay(record, 1, under="now").versions


def test_diversion_needs_its_data_and_the_same_data(record, tmp_path):
    table = pd.DataFrame(
        {
            "reporter": "DEU",
            "partner": [p for p in ("KGZ", "ARM", "AUS") for _ in range(4)],
            "item": "854231",
            "period": ["2019", "2020", "2021", "2022"] * 3,
            "value_usd": [float(n) for n in range(1, 13)],
        }
    )
    file = tmp_path / "flows.csv"
    table.to_csv(file, index=False)
    result = diversion(read_flows(file), item="8542", after="2022-02-24")
    put(record, result)
    assert replay(record, 1, data=file).same
    with pytest.raises(BadInput, match="found nothing; expected the trade data"):
        replay(record, 1)
    table.assign(value_usd=table["value_usd"] + 1).to_csv(file, index=False)
    with pytest.raises(BadInput, match="expected the data of its time"):
        replay(record, 1, data=file)
    assert not replay(record, 1, data=Path(file), under="now").same


def test_an_unknown_way_of_deciding_is_told(record):
    put(record, shipment(GALLIUM, on=date(2026, 6, 1), jurisdictions=["cn"]))
    with pytest.raises(BadInput, match="then or now"):
        replay(record, 1, under="soon")
