"""What a screening of parties found, as table, as JSON, with its published schema."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from narrows.screen.parties.evidence import STRENGTHS, Evidence
from narrows.screen.parties.index import ListCard
from narrows.screen.parties.records import Party

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOTICE", "SCHEMA", "Hit", "PartyScreening", "party_screening_schema"]

SCHEMA = "narrows/screen-parties/1"
NOTICE = (
    "Decision support, not legal advice. A hit is a question, not a finding; no hit does not "
    "clear a party: lists are incomplete and names change."
)
_TEXT = ("string", "")
_COLUMNS: dict[str, tuple[str, str]] = {
    "number": ("integer", "place of the party asked about, from 1"),
    "reference": ("string", "the asker's own key"),
    "query": ("string", "name asked about"),
    "asked": ("string", "value compared, of the name asked about"),
    "listed": ("string", "value compared, of the listed party"),
    "entity": ("string", "main name of the listed party"),
    "entity_key": ("string", "number of the entry on its list"),
    "schema": ("string", "kind of the listed party; empty where the list does not say"),
    "score": ("number", "likeness of the names, 0 to 1"),
    "evidence": ("string", "strength of the evidence: " + ", ".join(STRENGTHS)),
    "evidence_bits": ("number", "sum of the evidence in bits"),
    "rules": ("array", "why the names were found alike, in sentences"),
    "facts": ("array", "what was compared beside the names, in sentences"),
    "list_name": ("string", "list, as its publisher calls it"),
    "list_date": ("string", "date of the list; empty where its file does not say"),
    "list_digest": ("string", "SHA-256 of the list's file"),
    "file": ("string", "file of the list"),
    "record": ("integer", "line of the file, or place of the entry in it"),
    "programmes": ("array", "legal basis or programme"),
    "start_date": ("string", "date of listing"),
    "end_date": ("string", "date of expiry"),
    "remarks": ("string", "what the list says further"),
    "source_url": ("string", "address that the list gives"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed party that a name asked about may be.

    Attributes
    ----------
    number
        Place of the party asked about, from 1.
    reference, query
        Its key and name.
    asked, listed
        The two values compared.
    entity, entity_key, schema
        The listed party: main name, number on its list, kind.
    score
        Likeness of the names from 0 to 1.
    evidence
        How much the find tells, apart from the score.
    rules
        Why, in sentences.
    list_name, list_date, list_digest, file, record
        Where it stands.
    programmes, start_date, end_date, remarks, source_url
        What the entry says.
    """

    number: int
    reference: str
    query: str
    asked: str
    listed: str
    entity: str
    entity_key: str
    schema: str
    score: float
    evidence: Evidence
    rules: tuple[str, ...]
    list_name: str
    list_date: str
    list_digest: str
    file: str
    record: int
    programmes: tuple[str, ...] = ()
    start_date: str = ""
    end_date: str = ""
    remarks: str = ""
    source_url: str = ""

    def row(self) -> dict[str, Any]:
        """Give the hit as one row."""
        row = {name: getattr(self, name) for name in self.__slots__}
        row["evidence"] = self.evidence.strength
        row["evidence_bits"] = self.evidence.bits
        row["facts"] = [fact.sentence for fact in self.evidence.facts]
        row["rules"] = list(self.rules)
        row["programmes"] = list(self.programmes)
        return {name: row[name] for name in _COLUMNS}


@dataclass(frozen=True)
class PartyScreening:
    """Parties held against lists.

    Attributes
    ----------
    parties
        The parties asked about.
    hits
        What was found, by party, the greatest score first, then the most evidence.
    lists
        The lists, with date and digest.
    threshold
        Score from which a hit is told.
    screened_on
        ISO date of the screening.
    version
        Version of Narrows.
    notes
        What a reader must know: lists without a date, an old list in use, parties cut short.
    """

    parties: tuple[Party, ...]
    hits: tuple[Hit, ...]
    lists: tuple[ListCard, ...]
    threshold: float
    screened_on: str
    version: str
    notes: tuple[str, ...] = ()
    notice: str = NOTICE

    def of(self, number: int) -> tuple[Hit, ...]:
        """Give the hits of one party, by its place from 1."""
        return tuple(hit for hit in self.hits if hit.number == number)

    def statement(self, number: int) -> str:
        """Give the answer for one party in a sentence; it never says that a party is cleared."""
        hits = self.of(number)
        if hits:
            best = hits[0]
            return (
                f"{len(hits)} listed parties at or above {self.threshold:.2f}, the nearest "
                f"{best.entity} ({best.list_name}), score {best.score:.2f}, "
                f"evidence {best.evidence.strength}."
            )
        asked = self.parties[number - 1]
        missing = [
            words
            for words, given in (
                ("country", asked.countries),
                ("identifiers", asked.identifiers),
                ("birth date", asked.birth_date or asked.schema not in {"Person", ""}),
            )
            if not given
        ]
        unknown = f" Not given: {', '.join(missing)}." if missing else ""
        return (
            f"No listed name reached {self.threshold:.2f}. That does not clear the party: names "
            f"not on these lists, owners and later lists were not looked at.{unknown}"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Give the hits as a table, one row each."""
        import pandas as pd

        return pd.DataFrame([hit.row() for hit in self.hits], columns=list(_COLUMNS))

    def to_json(self) -> dict[str, Any]:
        """Give everything as plain values; `party_screening_schema` describes them."""
        return {
            "schema": SCHEMA,
            "notice": self.notice,
            "version": self.version,
            "screened_on": self.screened_on,
            "threshold": self.threshold,
            "lists": [{**asdict(card), "notes": list(card.notes)} for card in self.lists],
            "answers": [
                {
                    "number": number,
                    "reference": party.reference,
                    "query": party.name,
                    "hits": len(self.of(number)),
                    "statement": self.statement(number),
                }
                for number, party in enumerate(self.parties, 1)
            ],
            "rows": [hit.row() for hit in self.hits],
            "notes": list(self.notes),
        }


def party_screening_schema() -> dict[str, Any]:
    """Give the JSON Schema of a screening of parties.

    >>> party_screening_schema()["title"]
    'narrows/screen-parties/1'
    """
    text, whole = {"type": "string"}, {"type": "integer"}
    texts = {"type": "array", "items": text}
    rows = {
        name: {**(texts if kind == "array" else {"type": kind}), "description": about}
        for name, (kind, about) in _COLUMNS.items()
    }
    card = dict.fromkeys(("name", "title", "publisher", "date", "digest", "file"), text)
    answer = {"number": whole, "reference": text, "query": text, "hits": whole, "statement": text}
    top: dict[str, Any] = {
        "schema": {"const": SCHEMA},
        "notice": text,
        "version": text,
        "screened_on": text,
        "threshold": {"type": "number"},
        "lists": _array({**card, "entries": whole, "names": whole, "notes": texts}),
        "answers": _array(answer),
        "rows": _array(rows),
        "notes": texts,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **_object(top),
    }


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _array(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(fields)}
