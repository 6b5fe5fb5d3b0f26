"""Recall under attack and false alarms, on a list: used by the tests and by the benchmark."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from narrows.screen.parties import build_index, read_list
from narrows.screen.parties.index import Index
from narrows.screen.parties.names import read_name
from narrows.screen.parties.phonetics import sound
from narrows.screen.parties.records import ListedParty, Party
from narrows.screen.parties.screening import THRESHOLD, screen_party
from screen.parties.attacks import ATTACKS, invented_companies, invented_persons

_SLIGHT = frozenset({"particle", "title", "form"})
_VOWEL = re.compile(r"[aiu]")
_COMMON = _SLIGHT | {"trade", "place"}


def key_of(text):
    """Give the sound of a word without telling its vowels apart: Ahmed and Ahmad are one name."""
    return _VOWEL.sub("*", sound(text))


@dataclass
class Bench:
    """A list, its index, and the entries by kind."""

    index: Index
    entries: dict[str, list[ListedParty]]
    holders: dict[str, set[int]] = field(default_factory=dict)


def bench_of(path):
    """Give the bench of a list's file."""
    held = read_list(path)
    index = build_index([held])
    entries = defaultdict(list)
    for entry in held.entries:
        words = len(entry.name.split())
        if words >= (2 if entry.schema == "Person" else 3):
            entries[entry.schema].append(entry)
    bench = Bench(index, entries)
    holders = defaultdict(set)
    for number in range(index.n_names):
        for token in index.name(number).tokens:
            holders[key_of(token.text)].add(number)
    bench.holders = holders
    return bench


def is_listed(bench, schema):
    """Give a test whether a name holds all telling words of a listed one, or the other way."""
    keys = {}

    def of(number):
        if number not in keys:
            tokens = [
                token for token in bench.index.name(number).tokens if token.kind not in _SLIGHT
            ]
            telling = [token for token in tokens if token.kind not in _COMMON] or tokens
            keys[number] = tuple(
                {key_of(token.text) for token in part} for part in (tokens, telling)
            )
        return keys[number]

    plain = [
        number
        for number in range(bench.index.n_names)
        if all(token.kind in _COMMON for token in bench.index.name(number).tokens)
    ]

    def test(words):
        tokens = read_name(" ".join(words), schema).tokens
        tokens = [token for token in tokens if token.kind not in _SLIGHT]
        own = {key_of(token.text) for token in tokens}
        named = {key_of(token.text) for token in tokens if token.kind == "name"}
        near = {number for key in named for number in bench.holders.get(key, ())}
        for number in (*near, *plain):
            every, telling = of(number)
            alone = schema == "Person" and len(bench.index.name(number).tokens) < 2
            if own <= every or (telling and not alone and telling <= own):
                return True
        return not named

    return test


def pool(bench, family, schema):
    """Give the entries that an attack can be made on."""
    entries = bench.entries[schema]
    if family == "initials":
        return [entry for entry in entries if len(entry.name.split()) >= 3]
    if family == "acronym":
        return [entry for entry in entries if _content(entry) >= 3]
    return entries


def _content(entry):
    tokens = read_name(entry.name, entry.schema).tokens
    return sum(token.kind not in {"form", "particle"} for token in tokens)


def recall(bench, family, schema, *, count, chance, threshold=THRESHOLD):
    """Part of the attacked names whose entry is found, with the highest score."""
    found = total = 0
    for attack in ATTACKS[family]:
        for entry in chance.sample(pool(bench, family, schema), count):
            disguised = attack(entry.name, chance)
            hits = screen_party(
                bench.index, Party(disguised, schema=schema), threshold=threshold, most=200
            )
            top = hits[0].score if hits else 0.0
            found += any(hit.record == entry.record and hit.score >= top - 1e-9 for hit in hits)
            total += 1
    return found / total


def invented(bench, schema, *, count, chance):
    """Names that look listed and are not."""
    names = [entry.name for entry in bench.entries[schema]]
    make = invented_persons if schema == "Person" else invented_companies
    return make(names, count, chance, listed=is_listed(bench, schema))


def false_alarms(bench, schema, *, count, chance, threshold=THRESHOLD):
    """Part of the invented names that give a hit."""
    names = invented(bench, schema, count=count, chance=chance)
    hit = (
        bool(screen_party(bench.index, Party(name, schema=schema), threshold=threshold))
        for name in names
    )
    return sum(hit) / count
