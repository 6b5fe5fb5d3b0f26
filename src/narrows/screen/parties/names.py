"""A name read into words: what each is, in Latin letters, legal forms set apart."""

import re
from dataclasses import dataclass
from functools import lru_cache

from narrows.screen.parties.cleaning import (
    clean,
    disguised,
    letters_from_signs,
    marks_to_letters,
    repaired,
)
from narrows.screen.parties.phonetics import sound
from narrows.screen.parties.scripts import Piece, east_asian, east_asian_signs, romanised
from narrows.screen.parties.wordlists import company_forms, form_word, sounded, words

__all__ = ["KINDS", "Name", "Token", "group_of", "read_name"]

KINDS = ("name", "trade", "place", "particle", "title", "number", "initial", "form")
_MOST_WORDS = 40
_PERSON = frozenset({"person", "individual"})
_THINGS = frozenset({"vessel", "aircraft", "airplane", "vehicle"})
_ANY = frozenset({"", "legalentity", "entity", "unknown", "thing"})
_DOTTED = re.compile(r"(?<![^\W_])((?:[^\W\d_]\.[\s-]?){2,}[^\W\d_]?)(?![^\W\d_])")
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][A-Za-z])|(?<=[а-яё]{2})(?=[А-ЯЁ][А-ЯЁа-яё])")
_POSSESSIVE = re.compile(r"'s\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SPACES = re.compile(r"[\s,;.()\"]+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_TENS = frozenset(["20", "30", "40", "50", "60", "70", "80", "90"])
_SURE_FORMS = frozenset({"llc", "ltd", "inc", "gmbh", "plc", "ooo", "jsc", "corp", "limited"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a name.

    Attributes
    ----------
    text
        Latin letters and digits, lower case; the one English word where it is a word of trade.
    kind
        One of `KINDS`.
    loose
        Whether the vowels or the sounds are rough, as after Arabic, kana or Han of a foreign name.
    written
        The word before its meaning was taken.
    disguised
        Whether digits stood for letters, so that i and l cannot be told apart.
    """

    text: str
    kind: str
    loose: bool = False
    written: str = ""
    disguised: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the matcher sees it.

    Attributes
    ----------
    original
        As given.
    group
        `person`, `company`, `thing` or `any`.
    tokens
        Its words, legal forms left out.
    forms
        Kinds of the legal forms found.
    joined
        All words in one, legal forms left out.
    whole
        All words in one, legal forms kept.
    initials
        First letters of the words, without and with particles and legal forms.
    signs
        Its Han, kana or hangul, simplified; empty where it has none.
    """

    original: str
    group: str
    tokens: tuple[Token, ...]
    forms: tuple[str, ...]
    joined: str
    whole: str
    initials: tuple[str, ...]
    signs: str = ""


def group_of(schema: str) -> str:
    """Give the group whose reading rules hold for a schema.

    >>> group_of("Person"), group_of("Company"), group_of("Vessel"), group_of("LegalEntity")
    ('person', 'company', 'thing', 'any')
    """
    key = schema.replace(" ", "").replace("_", "").casefold()
    if key in _PERSON:
        return "person"
    if key in _THINGS:
        return "thing"
    return "any" if key in _ANY else "company"


@lru_cache(maxsize=4096)
def read_name(text: str, schema: str = "") -> Name:
    """Give a name read into words.

    Parameters
    ----------
    text
        The name in any script; beyond 400 characters it is not read.
    schema
        What bears it: Person, Company, Organization, LegalEntity, Vessel ...

    >>> [token.text for token in read_name("HUAWEI Tech. Co., Ltd", "Company").tokens]
    ['huawei', 'technology']
    """
    group = group_of(schema)
    person = group == "person"
    cleaned = clean(text)
    pieces = east_asian(cleaned, person=person)
    raw = _tokens(cleaned, person=person) if pieces is None else _of_pieces(pieces, person=person)
    raw = raw[:_MOST_WORDS]
    found = tuple(kind for word, _, kind in raw if kind == "form" and word)
    plain = [
        (_known_by_sound(word) if kind == "foreign" and not person else word, loose)
        for word, loose, kind in raw
        if kind != "form"
    ]
    signs = disguised([word for word, _ in plain])
    if person:
        kept, forms = _without_last_form(plain), found
    else:
        kept, more = _without_forms(plain)
        forms = (*(word for word, _, kind in raw if kind == "form"), *more)
    tokens = tuple(_from_signs(kept, group) if signs else _kinds(kept, group))
    return Name(
        original=text,
        group=group,
        tokens=tokens,
        forms=tuple(dict.fromkeys(forms)),
        joined="".join(token.text for token in tokens if token.kind != "title"),
        whole="".join(word for word, _ in plain),
        initials=() if person else _initials(cleaned, tokens, [word for word, _ in plain]),
        signs="" if pieces is None else east_asian_signs(cleaned),
    )


def _of_pieces(pieces: list[Piece], *, person: bool) -> list[tuple[str, bool, str]]:
    found: list[tuple[str, bool, str]] = []
    for text, kind in pieces:
        if kind == "plain":
            found += _tokens(text, person=person)
        elif kind == "form":
            found.append((text, False, "form"))
        else:
            found += [(word, kind == "loose", "word") for word in text.split()]
    return found


def _tokens(text: str, *, person: bool) -> list[tuple[str, bool, str]]:
    """Give the words of a text of alphabets: Latin, lower case, with marks put right."""
    text = marks_to_letters(text)
    if "." in text:
        text = _DOTTED.sub(lambda found: _undotted(found.group(1), person=person), text)
    text = _CAMEL.sub(" ", text)
    if "&" in text:
        text = text.replace("&", " and ")
    if "'" in text:
        text = _POSSESSIVE.sub("", text.replace("'S", "'s"))
    if text.isascii():
        found = [(word, False, "word") for word in _WORD.findall(text.lower())]
    else:
        found = _of_scripts(text)
    words_only = [(word.replace("'", ""), loose, kind) for word, loose, kind in found]
    return [entry for entry in words_only if entry[0]] if person else _letters_joined(words_only)


def _undotted(text: str, *, person: bool) -> str:
    letters = [letter.lower() for letter in text if letter.isalpha()]
    return (" ".join(letters) if person else "".join(letters)) + " "


def _of_scripts(text: str) -> list[tuple[str, bool, str]]:
    parts = re.findall(r"[\w\u0300-\u036f\u0900-\u0dff\u1780-\u17ff']+", text)
    latin = any(part.isascii() and any(map(str.isalpha, part)) for part in parts) or any(
        letter.isascii() and letter.isalpha() for letter in text
    )
    found = []
    for part in parts:
        whole = repaired(part, among_latin=latin)
        read, loose = romanised(whole)
        foreign = not whole.isascii() and not loose and not latin
        kind = "foreign" if foreign else "word"
        found += [(word, loose, kind) for word in _WORD.findall(read.lower())]
    return found


def _known_by_sound(word: str) -> str:
    """Give the word of trade or of a legal form that a word of another alphabet sounds like."""
    known = words()
    if word in known.trade or word in company_forms().parts or len(word) < 4:
        return word
    return sounded().get(sound(word), word)


def _letters_joined(found: list[tuple[str, bool, str]]) -> list[tuple[str, bool, str]]:
    """Give the words with single letters in a row made one ("A B C Company")."""
    joined: list[tuple[str, bool, str]] = []
    run = ""
    for word, loose, kind in found:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append((run, False, "word"))
            run = ""
        if word:
            joined.append((word, loose, kind))
    return [*joined, (run, False, "word")] if run else joined


def _without_last_form(plain: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    while len(plain) > 2 and plain[-1][0] in _SURE_FORMS:
        plain = plain[:-1]
    return plain


def _without_forms(plain: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], list[str]]:
    """Give the words without legal forms at either end, and long forms anywhere; one word stays."""
    forms = company_forms()
    kinds: list[str] = []
    changed = True
    while changed and len(plain) > 1:
        changed = False
        for size in range(min(forms.longest, len(plain) - 1), 0, -1):
            last = tuple(word for word, _ in plain[-size:])
            first = tuple(word for word, _ in plain[:size])
            if last in forms.latin:
                kinds.append(forms.latin[last])
                plain, changed = plain[:-size], True
            elif first in forms.latin:
                kinds.append(forms.latin[first])
                plain, changed = plain[size:], True
            if changed:
                break
    return _without_inner_forms(plain, kinds), kinds


def _without_inner_forms(plain: list[tuple[str, bool]], kinds: list[str]) -> list[tuple[str, bool]]:
    forms = company_forms()
    place = 1
    while place < len(plain) - 1:
        for size in range(min(forms.longest, len(plain) - 1 - place), 0, -1):
            part = tuple(word for word, _ in plain[place : place + size])
            if part in forms.latin and (size > 1 or len(part[0]) >= 3):
                kinds.append(forms.latin[part])
                plain = plain[:place] + plain[place + size :]
                break
        else:
            place += 1
    return plain


def _from_signs(plain: list[tuple[str, bool]], group: str) -> list[Token]:
    """Give the words of a name whose digits stand for letters."""
    found = []
    for word, loose in plain:
        mixed = any(map(str.isdigit, word))
        token = _kinds([(letters_from_signs(word) if mixed else word, loose)], group)[0]
        found.append(Token(token.text, token.kind, token.loose, token.written, mixed))
    return found


def _kinds(plain: list[tuple[str, bool]], group: str) -> list[Token]:
    known = words()
    found: list[Token] = []
    place = 0
    while place < len(plain):
        word, loose = plain[place]
        two = (word, plain[place + 1][0]) if place + 1 < len(plain) else ()
        if group != "person" and two in known.phrases:
            means = known.phrases[two]
            found += [_token(part, written=" ".join(two), group=group) for part in means.split()]
            place += 2
            continue
        number = _number(word, two)
        found.append(number or _one(word, loose=loose, group=group))
        place += 1 + (number is not None and " " in number.written)
    return found


def _number(word: str, two: tuple[str, str] | tuple[()]) -> Token | None:
    """Give digits, an ordinal or two number words as one number; None where it is none."""
    if word.isdigit():
        return Token(word.lstrip("0") or "0", "number", written=word)
    numbers = words().numbers
    if two and numbers.get(word) in _TENS and two[1].isalpha():
        unit = numbers.get(two[1], "")
        if len(unit) == 1:
            total = int(numbers[word]) + int(unit)
            return Token(str(total), "number", written=" ".join(two))
    ordinal = _ORDINAL.fullmatch(word)
    return Token(ordinal.group(1), "number", written=word) if ordinal else None


def _one(word: str, *, loose: bool, group: str) -> Token:
    known = words()
    if group == "person":
        return _of_person(word, loose=loose)
    if word in known.numbers:
        return Token(known.numbers[word], "number", written=word)
    return _token(word, loose=loose, written=word, group=group)


def _token(word: str, *, written: str, group: str, loose: bool = False) -> Token:
    known = words()
    means = known.trade.get(word, word)
    if " " in means:
        means = means.replace(" ", "")
    if means == word and form_word(word):
        return Token(form_word(word), "form", loose, written)
    if means in known.places:
        return Token(means, "place", loose, written)
    if means in known.generic:
        return Token(means, "trade", loose, written)
    if means in known.particles:
        return Token(means, "particle", loose, written)
    if group == "any" and means in known.titles:
        return Token(means, "title", loose, written)
    return Token(means, "name", loose, written)


def _of_person(word: str, *, loose: bool) -> Token:
    known = words()
    if len(word) == 1:
        return Token(word, "initial", loose, word)
    if word in known.particles:
        return Token(word, "particle", loose, word)
    if word in known.titles:
        return Token(word, "title", loose, word)
    return Token(word, "name", loose, word)


def _initials(cleaned: str, tokens: tuple[Token, ...], plain: list[str]) -> tuple[str, ...]:
    particles = words().particles
    content = "".join(token.written[:1] for token in tokens if token.kind != "particle")
    every = "".join(token.written[:1] for token in tokens)
    formed = "".join(word[0] for word in plain if word not in particles)
    whole = "".join(word[0] for word in plain)
    spaced = [word for word in _SPACES.split(cleaned.lower()) if word[:1].isalnum()]
    apart = "".join(word[0] for word in spaced)
    bare = "".join(word[0] for word in spaced if word not in company_forms().parts)
    found = (content, every, formed, whole, apart, bare)
    return tuple(dict.fromkeys(text for text in found if len(text) > 2))
