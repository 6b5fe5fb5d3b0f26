from datetime import date

import pytest

from narrows.screen import parties, shipment, with_parties
from narrows.screen.parties import Evidence, Hit, ListCard, Party, PartyScreening

CSL = ListCard("us-csl", "Consolidated Screening List", "US", "2026-07-31", "d", "f", 25921, 57260)
PART = ListCard("us-csl", "Consolidated Screening List", "US", "2026-07-31", "d", "f", 13, 28)


def hit(part, key="1", remarks=""):
    return Hit(
        number=1,
        reference="",
        query="x",
        asked="x",
        listed="x",
        entity="x",
        entity_key=key,
        schema="Company",
        score=1.0,
        evidence=Evidence("moderate", 20.0, ()),
        rules=(),
        list_name=part,
        list_date="",
        list_digest="d",
        file="f",
        record=1,
        remarks=remarks,
    )


def screened(*hits, card=CSL):
    return PartyScreening((Party("x"),), hits, (card,), 0.83, "2026-07-31", "0")


ENTITY = "Entity List (EL) - Bureau of Industry and Security"
FIVE = "For all items subject to the EAR (See §§734.9(e)(3), and 744.11 of the EAR)5"
PLAIN = {"route": {"from": "USA", "to": "CHN"}, "item": {"kind": "other", "origin": "USA"}}


def test_no_hit_on_a_whole_list_makes_the_fact_false():
    found = with_parties(PLAIN, screened()).shipment.facts
    assert found["parties.us_entity_list"] is False
    assert found["parties.us_footnote_5"] is False
    assert "parties.cn_control_list" not in found


def test_no_hit_on_a_part_of_a_list_says_nothing():
    found = with_parties(PLAIN, screened(card=PART))
    assert "parties.us_entity_list" not in found.shipment.facts
    assert any("no whole list us-csl" in note for note in found.notes)


def test_an_open_hit_leaves_the_fact_unknown_even_where_it_was_stated():
    stated = {**PLAIN, "parties": {"us_entity_list": False}}
    found = with_parties(stated, screened(hit(ENTITY)))
    assert "parties.us_entity_list" not in found.shipment.facts
    assert [each.entity_key for each in found.open["parties.us_entity_list"]] == ["1"]
    assert found.shipment.facts["parties.us_denied"] is False


def test_a_confirmed_hit_makes_the_fact_true_and_reads_its_footnote():
    found = with_parties(PLAIN, screened(hit(ENTITY, "7", FIVE)), confirmed=["7"]).shipment
    assert found.facts["parties.us_entity_list"] is True
    assert found.facts["parties.us_footnote_5"] is True
    assert found.facts["parties.us_footnote_1"] is False
    answer = shipment(found, on=date(2026, 7, 1), jurisdictions=["us"])
    assert answer.required() == {"us": "licence"}


@pytest.mark.parametrize(
    ("remarks", "footnote"),
    [
        # licence requirements as the list of 31 July 2026 writes them
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", 1),
        ("For all items subject to the EAR, see §§ 734.9(e) 1 and 744.11 of the EAR 2", 1),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4", 4),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR) 4", 4),
        (FIVE, 5),
        ("For all items subject to the EAR. (See §744.11 of the EAR)", None),
    ],
)
def test_the_footnote_is_read_from_the_licence_requirement(remarks, footnote):
    found = with_parties(PLAIN, screened(hit(ENTITY, "7", remarks)), confirmed=["7"]).shipment
    read = [n for n in (1, 4, 5) if found.facts[f"parties.us_footnote_{n}"]]
    assert read == ([] if footnote is None else [footnote])


def test_a_hit_that_was_ruled_out_counts_as_none():
    found = with_parties(PLAIN, screened(hit(ENTITY)), ruled_out=["1"])
    assert found.shipment.facts["parties.us_entity_list"] is False
    assert found.open == {}


@pytest.mark.slow
def test_a_real_screening_of_a_listed_fab_leaves_the_question_open(shared_data):
    lists = shared_data / "parties" / "csl" / "csl_2026-07-31_compact.json.gz"
    asked = Party("Semiconductor Manufacturing International Corporation")
    found = with_parties(PLAIN, parties([asked], lists=lists))
    assert "parties.us_footnote_5" in found.open
    assert found.shipment.facts["parties.us_denied"] is False
