"""How much a find tells, apart from how alike the names are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from narrows.screen.parties.alignment import Pair
from narrows.screen.parties.countries import country_codes, country_names
from narrows.screen.parties.names import Name, Token, group_of
from narrows.screen.parties.phonetics import sound
from narrows.screen.parties.records import ListedParty, Party, identifier_key
from narrows.screen.parties.scoring import Likeness

__all__ = ["STRENGTHS", "Evidence", "Fact", "evidence_of", "plain_rarity", "same_identifier"]

STRENGTHS = ("contradicted", "weak", "moderate", "strong")
_BOUNDS = {"person": (18.0, 30.0)}  # moderate from, strong from
_OTHER_BOUNDS = (11.0, 26.0)  # there are fewer companies than people
_PLAIN = {"name": (3.0, 0.8), "trade": (3.0, 0.1), "place": (3.0, 0.1), "number": (3.0, 0.5)}
_MOST_PLAIN = 10.0
_WEAK_ALIAS = 4.0
_BITS = {"date": 14.0, "year": 5.0, "near": 2.0, "other": -10.0}
_COUNTRY = (3.0, -2.0)
_PLACE = 4.0
_NUMBER = 30.0
_ADDRESS = 3.0

Rarity = Callable[[Token], float]
"""Bits that a word tells: log2 of how many names there are for one that has it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing compared beside the names.

    Attributes
    ----------
    what
        `names`, `birth date`, `birth place`, `country`, `identifier` or `address`.
    verdict
        `same`, `near`, `differs`.
    bits
        What it adds; below 0 it speaks against.
    sentence
        The two values and what was found.
    """

    what: str
    verdict: str
    bits: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much a find tells.

    Attributes
    ----------
    strength
        One of `STRENGTHS`: of persons weak below 18 bits and strong from 30, of others below 11
        and from 26; contradicted where a birth date speaks against it.
    bits
        Sum of the facts. 30 bits single out one in a thousand million.
    facts
        What was compared.
    """

    strength: str
    bits: float
    facts: tuple[Fact, ...] = field(repr=False)


def plain_rarity(token: Token) -> float:
    """Give a guess of the bits a word tells where no list says how frequent it is."""
    start, each = _PLAIN.get(token.kind, (0.5, 0.0))
    return min(start + each * len(token.text), _MOST_PLAIN)


def evidence_of(
    left: Name,
    found: Likeness,
    rarity: Rarity = plain_rarity,
    *,
    asked: Party | None = None,
    listed: ListedParty | None = None,
    weak_alias: bool = False,
) -> Evidence:
    """Give the evidence of a find.

    Parameters
    ----------
    left
        The name asked about, as read.
    found
        How alike the names are.
    rarity
        Bits that a word tells.
    asked, listed
        The parties, for what is known beside their names.
    weak_alias
        Whether the list calls the name a weak alias.
    """
    facts = [_of_names(left, found, rarity, weak_alias=weak_alias)]
    if asked is not None and listed is not None:
        further = (_birth, _birth_place, _country, _identifier, _address)
        facts += [fact for compare in further if (fact := compare(asked, listed)) is not None]
    bits = sum(fact.bits for fact in facts)
    proved = any(fact.what == "identifier" and fact.verdict == "same" for fact in facts)
    against = any(fact.what == "birth date" and fact.verdict == "differs" for fact in facts)
    if against and not proved:
        strength = "contradicted"
    else:
        kind = group_of(listed.schema) if listed is not None and listed.schema else left.group
        moderate, strong = _BOUNDS.get("person" if kind == "any" else kind, _OTHER_BOUNDS)
        strength = "strong" if bits >= strong else "moderate" if bits >= moderate else "weak"
    return Evidence(strength, round(bits, 1), tuple(facts))


def _of_names(left: Name, found: Likeness, rarity: Rarity, *, weak_alias: bool) -> Fact:
    told: list[tuple[float, str]] = []
    for pair in found.alignment.pairs:
        told += [_told(left.tokens[place], pair, rarity) for place in pair.left]
    bits = sum(value for value, _ in told)
    if found.how == "acronym":
        bits, told = 3.0 + 1.5 * len(left.joined), []
    if found.how in {"one word", "signs"}:
        bits = max(bits, found.score**2 * sum(map(rarity, left.tokens)))
    bits *= found.score
    bits -= _WEAK_ALIAS * weak_alias
    rare = max(told, default=(0.0, ""))
    words = f"; its rarest word in common, '{rare[1]}', {rare[0]:.0f}" if rare[1] else ""
    weak = "; the list calls this name a weak alias" if weak_alias else ""
    sentence = f"the words in common tell {max(bits, 0):.0f} bits{words}{weak}"
    return Fact("names", "same" if found.score >= 0.995 else "near", max(bits, 0.0), sentence)


def _told(token: Token, pair: Pair, rarity: Rarity) -> tuple[float, str]:
    if pair.how == "initial":
        return 1.0, token.text
    return pair.likeness**2 * rarity(token), token.text


def _birth(asked: Party, listed: ListedParty) -> Fact | None:
    if not asked.birth_date or not listed.birth_dates:
        return None
    best = max(
        (_dates(asked.birth_date, date) for date in listed.birth_dates), key=_BITS.__getitem__
    )
    verdict = {"date": "same", "year": "same", "near": "near", "other": "differs"}[best]
    told = f"birth date {asked.birth_date} against {', '.join(listed.birth_dates)}"
    said = {"date": "same day", "year": "same year", "near": "one year apart", "other": "differs"}
    return Fact("birth date", verdict, _BITS[best], f"{told}: {said[best]}")


def _dates(one: str, other: str) -> str:
    if one == other:
        return "date" if len(one) == len("2000-01-01") else "year"
    years = abs(int(one[:4]) - int(other[:4]))
    full = len(one) == len(other) == len("2000-01-01")
    if years == 0:
        return "near" if full else "year"
    return "near" if years == 1 else "other"


def _birth_place(asked: Party, listed: ListedParty) -> Fact | None:
    if not asked.birth_place or not listed.birth_places:
        return None
    own = _keys(asked.birth_place)
    same = [place for place in listed.birth_places if own & _keys(place)]
    told = f"birth place {asked.birth_place} against {'; '.join(same or listed.birth_places)}"
    if same:
        return Fact("birth place", "same", _PLACE, f"{told}: same")
    return Fact("birth place", "differs", 0.0, f"{told}: differs")


def _country(asked: Party, listed: ListedParty) -> Fact | None:
    own, theirs = country_codes(asked.countries), country_codes(listed.countries)
    if not own or not theirs:
        return None
    told = f"country {country_names(own)} against {country_names(theirs)}"
    if own & theirs:
        return Fact("country", "same", _COUNTRY[0], f"{told}: same")
    return Fact("country", "differs", _COUNTRY[1], f"{told}: differs")


def same_identifier(asked: Party, listed: ListedParty) -> str:
    """Give the number that both have, empty where there is none."""
    theirs = {identifier_key(text) for text in listed.identifiers} - {""}
    return next((text for text in asked.identifiers if identifier_key(text) in theirs), "")


def _identifier(asked: Party, listed: ListedParty) -> Fact | None:
    number = same_identifier(asked, listed)
    if not number:
        return None
    return Fact("identifier", "same", _NUMBER, f"number {number}: same as on the list")


def _address(asked: Party, listed: ListedParty) -> Fact | None:
    if not asked.address or not listed.addresses:
        return None
    own = _keys(asked.address)
    best = max(listed.addresses, key=lambda text: len(own & _keys(text)))
    shared = own & _keys(best)
    share = len(shared) / max(min(len(own), len(_keys(best))), 1)
    told = f"address {asked.address} against {best}"
    if share >= 0.6 and len(shared) > 1:
        return Fact("address", "same", _ADDRESS * min(len(shared), 4), f"{told}: same or near")
    return Fact("address", "differs", 0.0, f"{told}: differs")


def _keys(text: str) -> set[str]:
    found = re.findall(r"\w+", text.lower())
    return {word if word.isdigit() else sound(word) for word in found if len(word) > 1}
