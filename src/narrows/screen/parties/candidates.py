"""The listed names worth comparing with one name."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from narrows.screen.parties.index import GROUPS, Index, joined_key
from narrows.screen.parties.names import Name
from narrows.screen.parties.neighbours import edits_allowed
from narrows.screen.parties.phonetics import consonants, sound

__all__ = ["MOST", "candidates"]

MOST = 24
"""Names that are compared in full, beside those with the same letters or the acronym."""

_SLIGHT = frozenset({"particle", "title", "initial", "form"})
_POSTS = 30_000
_LEAST = 2_000
_SHARE = 0.4  # of what the best name shares, below which a name is left out
_NEAR = 150
_SAME_KEY = 12


def candidates(index: Index, name: Name, most: int = MOST) -> list[int]:
    """Give the numbers of the listed names that share rare words, sounds or letters with a name.

    Parameters
    ----------
    index
        The lists.
    name
        The name asked about.
    most
        How many to give, the best first.
    """
    if not index.n_names:
        return []
    found = _by_key(index, name)
    heard = _heard(index, _wanted(name))
    if heard:
        found += _by_words(index, name, heard, most)
    return list(dict.fromkeys(number for number in found if _fits(index, name, number)))


def _fits(index: Index, name: Name, number: int) -> bool:
    other = GROUPS[int(index.arrays["group"][number])]
    return name.group == other or "any" in {name.group, other}


def _by_key(index: Index, name: Name) -> list[int]:
    """Give the names with the same letters, signs, or first letters."""
    marks = {name.joined, name.whole, name.signs} - {""}
    hashes, names = index.arrays["key_hashes"], index.arrays["key_names"]
    found: list[int] = []
    for mark in marks:
        key = np.uint32(joined_key(mark))
        low, high = np.searchsorted(hashes, key, "left"), np.searchsorted(hashes, key, "right")
        found += names[low : min(high, low + _SAME_KEY)].tolist()
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word to look up; `joined` where it is several words of the name written as one."""

    text: str
    loose: bool = False
    joined: bool = False


def _wanted(name: Name) -> list[_Wanted]:
    """Give the words to look up: each word, and words in a row as one."""
    content = [token for token in name.tokens if token.kind not in _SLIGHT] or list(name.tokens)
    found = [_Wanted(token.text, token.loose) for token in content]
    found += [_Wanted(token.text.replace("i", "l")) for token in content if token.disguised]
    found += [
        _Wanted(one.written + other.written, joined=True)
        for one, other in zip(name.tokens, name.tokens[1:], strict=False)
        if len(one.written) + len(other.written) <= 16
    ]
    if name.initials and len(name.initials[0]) > 3:
        found.append(_Wanted(name.initials[0], joined=True))
    return list(dict.fromkeys(found))


_Heard = list[tuple[NDArray[np.int32], NDArray[np.float32]]]


def _heard(index: Index, wanted: list[_Wanted]) -> _Heard:
    """Give, for each wanted word, the sound keys of the lists near it and what each is worth."""
    keys = [sound(word.text) for word in wanted]
    plain = [key for key, word in zip(keys, wanted, strict=True) if not word.joined]
    near = iter(index.near_sounds.near(plain))
    heard: _Heard = []
    for key, word in zip(keys, wanted, strict=True):
        exact = index.sound_ids.get(key)
        if word.joined:
            numbers = np.array([] if exact is None else [exact], dtype=np.int32)
        else:
            numbers = _numbers(index, word, next(near))
        if not len(numbers):
            continue
        rarity = index.arrays["rarity"][numbers]
        if exact is not None:
            rarity = np.minimum(rarity, index.arrays["rarity"][exact])
        value = _nearness(index, key, word, numbers) ** 2 * rarity
        if len(numbers) > _NEAR:
            best = np.argpartition(-value, _NEAR)[:_NEAR]
            numbers, value = numbers[best], value[best]
        keep = value > 0
        if keep.any():
            heard.append((numbers[keep], value[keep]))
    return heard


def _numbers(index: Index, word: _Wanted, near: NDArray[np.int32]) -> NDArray[np.int32]:
    if word.loose:
        return np.union1d(near, _same_bones(index, word.text)).astype(np.int32)
    return near if len(near) else _halves(index, word.text)


def _nearness(
    index: Index, key: str, word: _Wanted, numbers: NDArray[np.int32]
) -> NDArray[np.float32]:
    others = [index.sounds[number] for number in numbers.tolist()]
    edits = cdist([key], others, scorer=OSA.distance, dtype=np.uint8)[0].astype(np.float32)
    allowed = edits_allowed(len(key))
    near = np.where(edits <= allowed, 1.0 - edits / max(len(key), 1), 0.0).astype(np.float32)
    if word.loose:
        bones = consonants(word.text)
        same = np.array([consonants(other) == bones for other in others])
        return np.where(same, np.maximum(near, 0.8), near).astype(np.float32)
    if not near.any():
        near[:] = [0.9 * (other in key and len(other) > 2) for other in others]
    return near


def _same_bones(index: Index, text: str) -> NDArray[np.int32]:
    key = np.uint32(joined_key(consonants(text)))
    hashes = index.arrays["bone_hashes"]
    low, high = np.searchsorted(hashes, key, "left"), np.searchsorted(hashes, key, "right")
    return np.asarray(index.arrays["bone_sounds"][low:high])


def _halves(index: Index, text: str) -> NDArray[np.int32]:
    """Give the sound keys of known words that a long word without spaces is made of."""
    if len(text) < 8:
        return np.empty(0, dtype=np.int32)
    key = sound(text)
    found = {
        index.sound_ids[key[start:end]]
        for start in range(len(key) - 2)
        for end in range(start + 3, min(len(key), start + 14) + 1)
        if key[start:end] in index.sound_ids
    }
    return np.array(sorted(found), dtype=np.int32)


def _by_words(index: Index, name: Name, heard: _Heard, most: int) -> list[int]:
    """Give the names that share most with the words heard, by what is shared over all.

    Half as many are those most of whose own words are shared: a listed name with padding.
    """
    shared = np.zeros(index.n_names, dtype=np.float32)
    held = np.empty(index.n_names, dtype=np.float32)
    room = _POSTS
    for keys, value in sorted(heard, key=lambda pair: -float(pair[1].max())):
        names, worth = _posts(index, keys, value, room)
        held[names] = worth  # ascending, so the best of a name's words stays
        shared[names] += held[names]
        room -= len(names)
    hit = np.flatnonzero(shared > _SHARE * shared.max())
    asked = sum(index.rarity(token.text) for token in name.tokens if token.kind not in _SLIGHT)
    told = np.maximum(index.arrays["told"][hit], shared[hit])
    ratio = shared[hit] / np.maximum(asked + told - shared[hit], shared[hit])
    best = np.concatenate([_first(ratio, most), _first(shared[hit] ** 2 / told, most // 2)])
    return [int(number) for number in hit[best]]


def _posts(
    index: Index, keys: NDArray[np.int32], value: NDArray[np.float32], room: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give the names with any of the sound keys, those worth least first, as far as room goes."""
    starts, posts = index.arrays["post_start"], index.arrays["post_names"]
    order = np.argsort(-value, kind="stable")
    counts = starts[keys[order] + 1] - starts[keys[order]]
    fits = max(int(np.searchsorted(np.cumsum(counts), max(room, _LEAST), "right")), 1)
    kept = order[:fits][::-1]
    names = np.concatenate([posts[starts[key] : starts[key + 1]] for key in keys[kept].tolist()])
    return names, np.repeat(value[kept], counts[:fits][::-1])


def _first(value: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """Give the places of the greatest values, the greatest first."""
    if len(value) <= most:
        return np.argsort(-value, kind="stable")
    best = np.argpartition(-value, most)[:most]
    return best[np.argsort(-value[best], kind="stable")]
