"""Places: ISO codes with short neutral names."""

import pytest

from narrows.terms import FIRM, OTHER, WORLD, is_firm, place_name, places


def test_codes_are_three_capitals_and_names_are_given_once():
    known = places()
    assert len(known) >= 240
    assert all(len(code) == 3 and code.isalpha() and code.isupper() for code in known)
    assert len(set(known.values())) == len(known)
    assert all(name == name.strip() and name for name in known.values())


def test_reserved_words_are_no_places():
    assert not {WORLD, OTHER, FIRM} & places().keys()


@pytest.mark.parametrize(
    ("entity", "name"),
    [
        ("TWN", "Taiwan"),
        ("KOR", "South Korea"),
        ("NLD", "Netherlands"),
        ("firm:ASML", "ASML"),
        ("EU27", "EU27"),
        ("Other", "Other"),
    ],
)
def test_every_entity_has_a_name_to_show(entity, name):
    assert place_name(entity) == name
    assert is_firm(entity) == entity.startswith("firm:")
