from datetime import date

import pytest

from narrows.screen import read_control_list, read_pack
from narrows.terms import BadInput

TODAY = date(2026, 11, 23)
GOOD = """\
pack: xx
name: Example
authority: Example ministry
as_of: 2026-11-01
read: nothing
list: kr
sets:
  NEAR: {members: [JPN, KOR], cite: here}
conditions:
  far: {not: {route.to: NEAR}}
rules:
  - {id: xx.nexus, effect: subject, when: {route.from: KOR}, from: 2020-01-01, cite: act 1, read: memory}
  - {id: xx.list, effect: licence, reason: LIST, when: {entry: [euv-mask], holds: far}, from: 2020-01-01, cite: act 2, read: memory}
  - {id: xx.free, effect: exception, lifts: [LIST], when: {route.to: [USA]}, from: 2020-01-01, cite: act 3, read: memory}
tests:
  - {name: out, on: 2026-01-01, facts: {route: {from: JPN, to: CHN}}, outcome: outside, quiet: [xx.nexus]}
  - {name: in, on: 2026-01-01, facts: {route: {from: KOR, to: CHN}, item: {kind: mask, euv: true}}, outcome: licence, fires: [xx.nexus, xx.list], quiet: [xx.free]}
  - {name: near, like: in, facts: {route.to: JPN}, outcome: nothing_found, quiet: [xx.list]}
  - {name: free, like: in, facts: {route.to: USA}, outcome: exception, fires: [xx.free]}
"""  # noqa: E501 - one rule a line, so that lines can be counted


def written(tmp_path, text):
    path = tmp_path / "xx.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_good_pack_is_read(tmp_path):
    assert len(read_pack(written(tmp_path, GOOD), today=TODAY).rules) == 3


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "authority:",
            "autority:",
            3,
            "unknown key 'autority'; expected a known name; nearest: authority",
        ),
        ("effect: licence", "effect: licens", 13, "'licens'"),
        ("cite: act 2, ", "", 13, "no key 'cite'"),
        ("cite: act 2", 'cite: ""', 13, "where the rule is written"),
        ("read: memory}\n  - {id: xx.list", "read: heard}\n  - {id: xx.list", 12, "'heard'"),
        ("route.from: KOR}", "route.form: KOR}", 12, "nearest: route.from"),
        ("members: [JPN, KOR]", "members: [JPN, KOREA]", 8, "'KOREA'"),
        ("entry: [euv-mask]", "entry: [euv-masc]", 13, "nearest: euv-mask"),
        ("holds: far", "holds: fat", 13, "nearest: far"),
        ("lifts: [LIST]", "lifts: [LSIT]", 14, "nearest: LIST"),
        ("reason: LIST, ", "", 13, "what the licence is for"),
        ("as_of: 2026-11-01", "as_of: 2027-01-01", 4, "a day in the future"),
        ("from: 2020-01-01, cite: act 2", "from: soon, cite: act 2", 13, "a date such as"),
        (
            "from: 2020-01-01, cite: act 2",
            "from: 2020-01-01, until: 2019-01-01, cite: act 2",
            13,
            "a day not before 2020-01-01",
        ),
        ("fires: [xx.free]", "fires: []", 14, "no test with xx.free under 'fires'"),
        ("quiet: [xx.free]", "quiet: []", 14, "no test with xx.free under 'quiet'"),
        ("like: in, facts: {route.to: JPN}", "like: inn, facts: {route.to: JPN}", 18, "'inn'"),
        ("outcome: exception", "outcome: exeption", 19, "nearest: exception"),
        ("euv: true", "euv: maybe", 17, "true or false, or unknown"),
        ("id: xx.list", "id: xx.nexus", 13, "'xx.nexus' twice"),
        ("list: kr", "list: kx", 6, "a control list beside the pack"),
        ("effect: subject", "effect: flag", 1, "no rule with effect subject"),
        ("{route.to: NEAR}}", "{holds: far}}", 1, "a circle: far -> far"),
        ("when: {route.from: KOR}", "when: {route.from: KOR, fires: xx.list}", 12, "a circle"),
        ("rules:", "rules: {", None, "a YAML file"),
    ],
)
def test_a_bad_pack_is_one_clear_error_with_file_and_line(tmp_path, old, new, line, said):
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    if said == "a circle":
        text = text.replace("holds: far}, from", "holds: far, fires: xx.nexus}, from")
    with pytest.raises(BadInput) as caught:
        read_pack(written(tmp_path, text), today=TODAY)
    about = [fault for fault in caught.value.faults if said in str(fault)]
    assert about, str(caught.value)
    assert about[0].file == "xx.yaml"
    assert line is None or about[0].row == line


def test_no_pack_at_all_and_a_pack_in_another_encoding(tmp_path):
    with pytest.raises(BadInput, match="no file"):
        read_pack(tmp_path / "gone.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes("pack: é".encode("latin-1"))
    with pytest.raises(BadInput, match="no UTF-8"):
        read_pack(path)


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace("effect: licence", "effect: licens").replace("cite: act 3", 'cite: ""')
    with pytest.raises(BadInput) as caught:
        read_pack(written(tmp_path, text), today=TODAY)
    assert {fault.row for fault in caught.value.faults} == {13, 14}


def test_a_control_list_that_asks_for_more_than_the_item_is_refused(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text(
        "list: x\ntitle: x\nas_of: 2026-01-01\nsource: x\nentries:\n"
        "  - {id: a, title: a, spine: a, when: {route.to: CHN}, cite: a, read: memory}\n",
        "utf-8",
    )
    with pytest.raises(BadInput, match="more than the item") as caught:
        read_control_list(path)
    assert caught.value.faults[0].row == 6


def test_a_control_list_from_the_future_is_refused(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text(
        "list: x\ntitle: x\nas_of: 2030-01-01\nsource: x\nentries:\n"
        "  - {id: a, title: a, spine: a, when: {item.kind: mask}, cite: a, read: memory}\n",
        "utf-8",
    )
    with pytest.raises(BadInput, match="a day not after 2026-11-23"):
        read_control_list(path, today=TODAY)
