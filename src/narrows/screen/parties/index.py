"""All names of all lists, laid out so that the few worth comparing are found at once."""

import json
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import pairwise
from math import log2
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from narrows.screen.parties.names import KINDS, Name, Token, read_name
from narrows.screen.parties.neighbours import Neighbours, neighbours_of
from narrows.screen.parties.phonetics import consonants, sound
from narrows.screen.parties.records import (
    ListedName,
    ListedParty,
    PartyList,
    identifier_key,
)
from narrows.screen.parties.scoring import plain_weight

__all__ = ["GROUPS", "Index", "ListCard", "build_index", "joined_key"]

GROUPS = ("person", "company", "thing", "any")
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class ListCard:
    """What names a list in a result."""

    name: str
    title: str
    publisher: str
    date: str
    digest: str
    file: str
    entries: int
    names: int
    notes: tuple[str, ...] = ()


@dataclass
class Index:
    """The names of lists as arrays; entries and names are unpacked when asked for.

    Attributes
    ----------
    lists
        The lists within.
    texts
        Text tables: `sounds`, `words` (one JSON row a word), `names`, `entries`.
    arrays
        Number tables; see `build_index`.
    """

    lists: tuple[ListCard, ...]
    texts: Mapping[str, "Texts"]
    arrays: Mapping[str, NDArray[Any]]
    _names: OrderedDict[int, Name] = field(default_factory=OrderedDict, repr=False)
    _weights: dict[Token, float] = field(default_factory=dict, repr=False)
    _known: dict[str, bool] = field(default_factory=dict, repr=False)
    _tokens: dict[int, Token] = field(default_factory=dict, repr=False)

    @cached_property
    def sound_ids(self) -> dict[str, int]:
        """Number of each sound key."""
        return {text: number for number, text in enumerate(self.texts["sounds"].all())}

    @cached_property
    def sounds(self) -> list[str]:
        """The sound keys."""
        return self.texts["sounds"].all()

    @cached_property
    def near_sounds(self) -> Neighbours:
        """Variants of the sound keys."""
        return Neighbours(self.arrays["near_hashes"], self.arrays["near_owners"])

    @property
    def n_names(self) -> int:
        """How many names there are."""
        return len(self.arrays["owner"])

    @property
    def n_entries(self) -> int:
        """How many listed parties there are."""
        return len(self.arrays["list_of"])

    def rarity(self, text: str) -> float:
        """Give how rare a word is on the lists, in bits: log2 of entries over entries with it."""
        number = self.sound_ids.get(sound(text))
        entries = 0 if number is None else int(self.arrays["entries_with"][number])
        return log2((self.n_entries + 1) / (entries + 1)) if self.n_entries else 1.0

    def weigh(self, token: Token) -> float:
        """Give what a word of a name tells: much where it is rare on the lists."""
        found = self._weights.get(token)
        if found is None:
            most = log2(self.n_entries + 1) or 1.0
            rare = min(self.rarity(token.text) / most, 1.0)
            found = self._weights[token] = plain_weight(token) * (0.3 + 0.7 * rare)
            if len(self._weights) > _KEPT:
                self._weights.clear()
        return found

    def knows(self, token: Token) -> bool:
        """Whether a word stands on the lists just so."""
        found = self._known.get(token.written)
        if found is None:
            hashes = self.arrays["word_hashes"]
            key = np.uint32(joined_key(token.written))
            at = int(np.searchsorted(hashes, key))
            found = self._known[token.written] = at < len(hashes) and hashes[at] == key
        return found

    def entry(self, number: int) -> ListedParty:
        """Give a listed party."""
        held = json.loads(self.texts["entries"][number])
        held["names"] = tuple(ListedName(text, weak) for text, weak in held["names"])
        fields: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in held.items()
        }
        return ListedParty(**fields)

    @cached_property
    def first_names(self) -> NDArray[np.int64]:
        """Number of the main name of each entry."""
        return np.searchsorted(self.arrays["owner"], np.arange(self.n_entries))

    def with_identifier(self, identifiers: Sequence[str]) -> list[int]:
        """Give the entries that may have one of some numbers."""
        hashes, owners = self.arrays["id_hashes"], self.arrays["id_owners"]
        found: list[int] = []
        for text in identifiers:
            if not (number := identifier_key(text)):
                continue
            key = np.uint32(joined_key(number))
            low, high = np.searchsorted(hashes, key, "left"), np.searchsorted(hashes, key, "right")
            found += owners[low:high].tolist()
        return list(dict.fromkeys(found))

    def list_of(self, entry: int) -> ListCard:
        """Give the list an entry stands on."""
        return self.lists[int(self.arrays["list_of"][entry])]

    def token(self, number: int) -> Token:
        """Give a word of the names."""
        found = self._tokens.get(number)
        if found is None:
            text, kind, loose, written, signs = json.loads(self.texts["words"][number])
            found = Token(text, KINDS[kind], bool(loose), written, bool(signs))
            self._tokens[number] = found
        return found

    def name(self, number: int) -> Name:
        """Give a name as read; those used of late are kept."""
        found = self._names.get(number)
        if found is not None:
            return found
        start, end = self.arrays["word_start"][number : number + 2]
        tokens = tuple(map(self.token, self.arrays["word_ids"][start:end].tolist()))
        forms, whole, initials, signs = json.loads(self.texts["rests"][number])
        text = self.texts["names"][number]
        made = Name(
            original=text,
            group=GROUPS[int(self.arrays["group"][number])],
            tokens=tokens,
            forms=tuple(forms),
            joined="".join(token.text for token in tokens if token.kind != "title"),
            whole=whole,
            initials=tuple(initials),
            signs=signs,
        )
        self._names[number] = made
        if len(self._names) > _KEPT:
            self._names.popitem(last=False)
        return made


class Texts:
    """Many short texts in one block of bytes."""

    def __init__(self, block: bytes, starts: NDArray[np.int64]) -> None:
        self.block = block
        self.starts = starts

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Give texts packed."""
        packed = [text.encode("utf-8", "surrogatepass") for text in texts]
        starts = np.zeros(len(packed) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in packed], out=starts[1:])
        return cls(b"".join(packed), starts)

    def __len__(self) -> int:
        """Give how many texts there are."""
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        """Give one text."""
        part = self.block[int(self.starts[number]) : int(self.starts[number + 1])]
        return part.decode("utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Give every text."""
        ends = self.starts.tolist()
        return [
            self.block[low:high].decode("utf-8", "surrogatepass") for low, high in pairwise(ends)
        ]


def joined_key(text: str) -> int:
    """Give the key of a name written as one word."""
    return crc32(text.encode())


def build_index(lists: Sequence[PartyList]) -> Index:
    """Give the index of the names of lists.

    Parameters
    ----------
    lists
        The lists as read.

    Notes
    -----
    Arrays: `owner`, `group`, `weak`, `told` (sum of rarities) a name; `word_start`, `word_ids`
    its words; `list_of` an entry; `post_start`, `post_names` the names with a sound key;
    `entries_with` the entries with it; `near_*` the variants of the keys; `key_*` the names by
    the joined form, acronym or signs; `bone_*` the sound keys by their consonants.
    """
    return _Builder().add(lists).done()


class _Builder:
    def __init__(self) -> None:
        self.cards: list[ListCard] = []
        self.entries: list[str] = []
        self.names: list[str] = []
        self.rests: list[str] = []
        self.word_ids: list[int] = []
        self.word_start = [0]
        self.words: dict[Token, int] = {}
        self.sounds: dict[str, int] = {}
        self.posts: list[tuple[int, int]] = []
        self.keys: list[tuple[int, int]] = []
        self.columns: dict[str, list[int]] = {"owner": [], "group": [], "weak": [], "list_of": []}
        self.numbers: list[tuple[int, int]] = []
        self.entries_with: Counter[int] = Counter()

    def add(self, lists: Sequence[PartyList]) -> "_Builder":
        for number, held in enumerate(lists):
            before = len(self.names)
            for entry in held.entries:
                self._entry(entry, number)
            self.cards.append(
                ListCard(
                    held.name,
                    held.title,
                    held.publisher,
                    held.date,
                    held.digest,
                    held.file,
                    len(held.entries),
                    len(self.names) - before,
                    held.notes,
                )
            )
        return self

    def _entry(self, entry: ListedParty, place: int) -> None:
        number = len(self.entries)
        told = asdict(entry)
        told["names"] = [[name.text, name.weak] for name in entry.names]
        self.entries.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
        self.columns["list_of"].append(place)
        self.numbers += [
            (joined_key(key), number) for text in entry.identifiers if (key := identifier_key(text))
        ]
        heard: set[int] = set()
        for name in entry.names:
            heard |= self._name(name, entry.schema, number)
        self.entries_with.update(heard)

    def _name(self, listed: ListedName, schema: str, owner: int) -> set[int]:
        name = read_name.__wrapped__(listed.text, schema)
        number = len(self.names)
        self.names.append(listed.text)
        rest = [name.forms, name.whole, name.initials, name.signs]
        self.rests.append(json.dumps(rest, ensure_ascii=False, separators=(",", ":")))
        self.columns["owner"].append(owner)
        self.columns["group"].append(GROUPS.index(name.group))
        self.columns["weak"].append(listed.weak)
        heard = set()
        for token in name.tokens:
            self.word_ids.append(self.words.setdefault(token, len(self.words)))
            if token.kind not in {"particle", "title", "form"} or len(name.tokens) == 1:
                heard.add(self.sounds.setdefault(sound(token.text), len(self.sounds)))
        self.word_start.append(len(self.word_ids))
        self.posts += [(one, number) for one in heard]
        marks = {name.joined, name.whole, name.signs, *name.initials} - {""}
        self.keys += [(joined_key(mark), number) for mark in marks]
        return heard

    def done(self) -> Index:
        sounds = list(self.sounds)
        near = neighbours_of(sounds)
        bones = np.array([joined_key(consonants(text)) for text in sounds], dtype=np.uint32)
        by_bone = np.argsort(bones, kind="stable").astype(np.int32)
        ids = np.array(sorted(self.numbers), dtype=np.int64).reshape(-1, 2)
        posts = np.array(sorted(self.posts), dtype=np.int32).reshape(-1, 2)
        keys = np.array(sorted(self.keys), dtype=np.int64).reshape(-1, 2)
        with_it = np.array([self.entries_with[n] for n in range(len(sounds))], dtype=np.int32)
        rarity = np.log2((len(self.entries) + 1) / (with_it + 1)).astype(np.float32)
        told = np.bincount(posts[:, 1], rarity[posts[:, 0]], minlength=len(self.names))
        arrays: dict[str, NDArray[Any]] = {
            "owner": np.array(self.columns["owner"], dtype=np.int32),
            "group": np.array(self.columns["group"], dtype=np.int8),
            "weak": np.array(self.columns["weak"], dtype=np.bool_),
            "list_of": np.array(self.columns["list_of"], dtype=np.int16),
            "told": told.astype(np.float32),
            "word_start": np.array(self.word_start, dtype=np.int32),
            "word_ids": np.array(self.word_ids, dtype=np.int32),
            "post_start": np.searchsorted(posts[:, 0], np.arange(len(sounds) + 1)).astype(np.int32),
            "post_names": posts[:, 1].copy(),
            "entries_with": with_it,
            "rarity": rarity,
            "near_hashes": near.hashes,
            "near_owners": near.owners,
            "key_hashes": keys[:, 0].astype(np.uint32),
            "key_names": keys[:, 1].astype(np.int32),
            "id_hashes": ids[:, 0].astype(np.uint32),
            "id_owners": ids[:, 1].astype(np.int32),
            "bone_hashes": bones[by_bone],
            "bone_sounds": by_bone,
            "word_hashes": np.unique(
                np.array([joined_key(token.written) for token in self.words], dtype=np.uint32)
            ),
        }
        rows = [
            json.dumps(
                [t.text, KINDS.index(t.kind), int(t.loose), t.written, int(t.disguised)],
                ensure_ascii=False,
            )
            for t in self.words
        ]
        texts = {
            "sounds": Texts.of(sounds),
            "words": Texts.of(rows),
            "names": Texts.of(self.names),
            "rests": Texts.of(self.rests),
            "entries": Texts.of(self.entries),
        }
        return Index(tuple(self.cards), texts, arrays)
