"""The tables of words the matcher reads: company forms, words of trade, particles, titles."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

__all__ = [
    "CompanyForms",
    "Words",
    "company_forms",
    "confusables",
    "form_word",
    "rows_of",
    "sounded",
    "words",
]


def rows_of(name: str) -> list[list[str]]:
    """Give the rows of a table of the package, without the header."""
    text = files("narrows.screen.parties").joinpath(f"data/{name}").read_text("utf-8")
    return list(csv.reader(text.splitlines()))[1:]


@dataclass(frozen=True, slots=True)
class CompanyForms:
    """Legal forms of companies by their words, and by their signs in East Asian scripts.

    Attributes
    ----------
    latin
        Kind of legal form by its words.
    script
        Kind by the text as written in Han, kana or hangul.
    longest
        Most words one form has.
    parts
        Words that stand in a form of several words or are a long form, and so tell little.
    """

    latin: dict[tuple[str, ...], str]
    script: dict[str, str]
    longest: int
    parts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Words that say little about who somebody is, and words with several spellings.

    Attributes
    ----------
    trade
        Word of trade or place in its many languages and short forms -> the one English word.
    phrases
        The same for two and more words in a row.
    script
        The same as written in Han, kana or hangul, with brands and family names.
    places, particles, titles
        Words of each kind, in the form they have after `trade`.
    numbers
        Number words and Roman numerals -> digits.
    nicknames
        Short given names -> the long one.
    surnames
        Chinese and Korean family names that are read otherwise than the rule says.
    japanese
        Japanese family and given names in kanji -> their reading.
    """

    trade: dict[str, str]
    phrases: dict[tuple[str, ...], str]
    script: dict[str, str]
    generic: frozenset[str]
    places: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    numbers: dict[str, str]
    nicknames: dict[str, str]
    surnames: dict[str, str]
    japanese: dict[str, str]


@lru_cache(maxsize=1)
def confusables() -> dict[str, str]:
    """Give the letters that look like a Latin letter, with that letter."""
    return {row[0]: row[1] for row in rows_of("confusables.csv")}


@lru_cache(maxsize=1)
def company_forms() -> CompanyForms:
    """Give the legal forms of companies."""
    latin, script = {}, {}
    for form, kind in rows_of("legal_forms.csv"):
        if form.isascii():
            latin[tuple(form.split())] = kind
        else:
            script[form] = kind
    parts = {word for form in latin for word in form if len(word) > 4 or len(form) == 1}
    return CompanyForms(latin, script, max(map(len, latin)), frozenset(parts))


@lru_cache(maxsize=20_000)
def form_word(word: str) -> str:
    """Give the word of a legal form that a word is, or misspells where it is long; else nothing.

    >>> form_word("limmited"), form_word("obshchestvo"), form_word("united")
    ('limited', 'obshchestvo', '')
    """
    known = company_forms().parts
    if word in known or len(word) < 6:
        return word if word in known else ""
    from rapidfuzz.distance import OSA

    allowed = 1 if len(word) < 8 else 2
    return next(
        (
            form
            for form in _long_parts()
            if abs(len(form) - len(word)) <= allowed
            and OSA.distance(form, word, score_cutoff=allowed) <= allowed
        ),
        "",
    )


@lru_cache(maxsize=1)
def _long_parts() -> tuple[str, ...]:
    return tuple(sorted(word for word in company_forms().parts if len(word) > 6))


@lru_cache(maxsize=1)
def sounded() -> dict[str, str]:
    """Give words of trade, and words of legal forms, by their sound."""
    from narrows.screen.parties.phonetics import sound

    forms = {sound(word): word for word in company_forms().parts if len(word) > 2}
    return forms | {sound(word): means for word, means in words().trade.items() if len(word) > 3}


@lru_cache(maxsize=1)
def words() -> Words:
    """Give the words of trade, places, particles, titles, numbers and name variants."""
    tables: dict[str, dict[str, str]] = {}
    for word, means, kind in rows_of("words.csv"):
        tables.setdefault(kind, {})[word] = means
    trade = {**tables["trade"], **tables["place"]}
    plain = {word: means for word, means in trade.items() if word.isascii()}
    signs = {word: means for word, means in trade.items() if not word.isascii()}
    brands = {word: means for word, means in tables["brand"].items() if not word.isascii()}
    surnames = tables["surname"]
    return Words(
        trade={word: means for word, means in plain.items() if " " not in word},
        phrases={tuple(word.split()): means for word, means in plain.items() if " " in word},
        script={**signs, **brands},
        generic=frozenset(part for means in tables["trade"].values() for part in means.split()),
        places=frozenset(part for means in tables["place"].values() for part in means.split()),
        particles=frozenset(tables["particle"]),
        titles=frozenset(tables["title"]),
        numbers=tables["number"],
        nicknames=tables["nickname"],
        surnames=surnames,
        japanese=tables["japanese"],
    )
