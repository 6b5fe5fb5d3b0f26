"""Parties held against lists."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from narrows.screen.parties.asking import parties_of
from narrows.screen.parties.candidates import candidates
from narrows.screen.parties.cleaning import LONGEST, other_names
from narrows.screen.parties.evidence import evidence_of, same_identifier
from narrows.screen.parties.explaining import reasons
from narrows.screen.parties.index import Index
from narrows.screen.parties.loading import Lists, index_of
from narrows.screen.parties.names import Name, Token, read_name
from narrows.screen.parties.records import ListedParty, Party, PartyList
from narrows.screen.parties.results import Hit, PartyScreening
from narrows.screen.parties.scoring import Likeness, likeness
from narrows.terms import BadInput, Fault

__all__ = ["THRESHOLD", "ListSource", "Progress", "parties", "screen_party"]

THRESHOLD = 0.83
"""Score from which a hit is told; docs/methods/party-screening.md says how it was chosen."""

_MOST_HITS = 20
_MOST_NAMES = 30

Progress = Callable[[int, int], None]
"""Called with the parties done and all of them."""

ListSource = str | Path | PartyList | Index | Lists | Sequence[str | Path | PartyList]


def parties(
    asked: object,
    *,
    lists: ListSource,
    threshold: float = THRESHOLD,
    most: int = _MOST_HITS,
    today: date | None = None,
    progress: Progress | None = None,
) -> PartyScreening:
    """Hold parties against lists.

    Parameters
    ----------
    asked
        A name, a record (name, schema, aliases, birth_date, birth_place, country, address,
        identifiers, reference), several of them, or a table with these columns.
    lists
        A folder, files, lists as read, or an index.
    threshold
        Score from which a hit is told, 0 to 1.
    most
        Hits told for one party.
    today
        Date of the screening; today where not given.
    progress
        Called now and then with the parties done and all of them.

    Returns
    -------
    PartyScreening
        Hits with score, evidence and reasons.

    Raises
    ------
    BadInput
        When a party has no name, a list cannot be read, or the threshold is outside 0 to 1.
    """
    if not 0 < threshold <= 1:
        raise BadInput(Fault("parties", None, "threshold", str(threshold), "above 0, up to 1"))
    wanted = parties_of(asked)
    index = index_of(lists, today=today)
    hits: list[Hit] = []
    for number, party in enumerate(wanted, 1):
        hits += screen_party(index, party, number, threshold=threshold, most=most)
        if progress is not None and (number % 50 == 0 or number == len(wanted)):
            progress(number, len(wanted))
    return PartyScreening(
        parties=wanted,
        hits=tuple(hits),
        lists=index.lists,
        threshold=threshold,
        screened_on=(today or datetime.now(tz=UTC).date()).isoformat(),
        version=_version(),
        notes=tuple(_notes(wanted, index)),
    )


def _version() -> str:
    from importlib.metadata import version

    return version("narrows")


def _notes(wanted: Sequence[Party], index: Index) -> Iterable[str]:
    for card in index.lists:
        for note in card.notes:
            yield f"{card.file}: {note}"
    for number, party in enumerate(wanted, 1):
        if len(party.name) > LONGEST:
            yield f"party {number}: only the first {LONGEST} characters of the name were read"
        if len(party.aliases) >= _MOST_NAMES:
            yield f"party {number}: only the first {_MOST_NAMES} names were read"


def screen_party(
    index: Index, party: Party, number: int = 1, *, threshold: float = THRESHOLD, most: int = 20
) -> list[Hit]:
    """Give the hits of one party, the greatest score first, then the most evidence."""
    best: dict[int, tuple[float, int, Name, Likeness]] = {}
    for text in _names(party):
        name = read_name(text, party.schema)
        for other in candidates(index, name):
            found = likeness(name, index.name(other), index.weigh, index.knows)
            owner = int(index.arrays["owner"][other])
            if found.score > best.get(owner, (0.0,))[0]:
                best[owner] = (found.score, other, name, found)
    for owner in index.with_identifier(party.identifiers):
        if owner not in best or best[owner][0] < threshold:
            best[owner] = _by_number(index, party, owner)
    kept = [
        _hit(index, party, number, owner, *found)
        for owner, found in best.items()
        if found[0] >= threshold or (party.identifiers and _same_number(index, party, owner))
    ]
    kept.sort(key=lambda hit: (-hit.score, -hit.evidence.bits, hit.file, hit.record))
    return kept[:most]


def _names(party: Party) -> list[str]:
    names = [part for text in (party.name, *party.aliases) for part in other_names(text)]
    return list(dict.fromkeys(text for text in names if any(map(str.isalnum, text))))[:_MOST_NAMES]


def _by_number(index: Index, party: Party, owner: int) -> tuple[float, int, Name, Likeness]:
    """Give the find of a listed party that has a number of the party asked about."""
    first = int(index.first_names[owner])
    name = read_name(party.name, party.schema)
    found = likeness(name, index.name(first), index.weigh, index.knows)
    return found.score, first, name, found


def _same_number(index: Index, party: Party, owner: int) -> bool:
    return bool(same_identifier(party, index.entry(owner)))


def _hit(
    index: Index,
    party: Party,
    number: int,
    owner: int,
    score: float,
    other: int,
    name: Name,
    found: Likeness,
) -> Hit:
    entry: ListedParty = index.entry(owner)
    card = index.list_of(owner)

    def rarity(token: Token) -> float:
        return index.rarity(token.text)

    evidence = evidence_of(
        name,
        found,
        rarity,
        asked=party,
        listed=entry,
        weak_alias=bool(index.arrays["weak"][other]),
    )
    numbers = [f.sentence for f in evidence.facts if f.what == "identifier"]
    return Hit(
        number=number,
        reference=party.reference,
        query=party.name,
        asked=name.original,
        listed=index.texts["names"][other],
        entity=entry.name,
        entity_key=entry.key,
        schema=entry.schema,
        score=round(score, 4),
        evidence=evidence,
        rules=(*numbers, *reasons(name, index.name(other), found)),
        list_name=entry.list_name,
        list_date=card.date,
        list_digest=card.digest,
        file=card.file,
        record=entry.record,
        programmes=entry.programmes,
        start_date=entry.start_date,
        end_date=entry.end_date,
        remarks=entry.remarks,
        source_url=entry.source_url,
    )
