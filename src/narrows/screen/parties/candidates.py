"""The listed names worth comparing with one name."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from narrows.screen.parties.index import GROUPS, Index, joined_key
from narrows.screen.parties.names import Name, Token
from narrows.screen.parties.neighbours import edits_allowed
from narrows.screen.parties.phonetics import consonants, sound

__all__ = ["MOST", "candidates"]

MOST = 24
"""Names that are compared in full, beside those with the same letters or the acronym."""

_POSTS = 30_000
_NEAR = 40
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
    wanted = _wanted(name)
    heard, weights = _heard(index, wanted)
    if len(heard):
        found += _by_words(index, name, heard, weights, most)
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


def _wanted(name: Name) -> list[tuple[str, bool]]:
    """Give the words to look up: each word, and words in a row as one."""
    content = [token for token in name.tokens if token.kind not in {"particle", "title", "initial"}]
    content = content or list(name.tokens)
    found = [(token.text, token.loose) for token in content]
    found += [
        (one.written + other.written, False)
        for one, other in zip(name.tokens, name.tokens[1:], strict=False)
        if _joinable(one, other)
    ]
    found += [(part, False) for text in name.initials[:1] for part in (text,)]
    return list(dict.fromkeys(found))


def _joinable(one: Token, other: Token) -> bool:
    return len(one.written) + len(other.written) <= 16


def _heard(
    index: Index, wanted: Iterable[tuple[str, bool]]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give the sound keys of the lists near the wanted words, with what each is worth."""
    pairs = [(sound(text), text, loose) for text, loose in wanted]
    near = index.near_sounds.near([key for key, _, _ in pairs])
    rarity = index.arrays["rarity"]
    keys: list[NDArray[np.int32]] = []
    worth: list[NDArray[np.float32]] = []
    for (key, text, loose), numbers in zip(pairs, near, strict=True):
        if loose:
            numbers = np.union1d(numbers, _same_bones(index, text))
        elif not len(numbers):
            numbers = _halves(index, text)
        if not len(numbers):
            continue
        likeness = _likeness(index, key, text, numbers, loose=loose)
        value = likeness * rarity[numbers]
        if len(numbers) > _NEAR:
            best = np.argpartition(-value, _NEAR)[:_NEAR]
            numbers, value = numbers[best], value[best]
        keep = value > 0
        keys.append(numbers[keep].astype(np.int32))
        worth.append(value[keep])
    if not keys:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
    return np.concatenate(keys), np.concatenate(worth)


def _likeness(
    index: Index, key: str, text: str, numbers: NDArray[np.int32], *, loose: bool
) -> NDArray[np.float32]:
    others = [index.sounds[number] for number in numbers]
    edits = cdist([key], others, scorer=OSA.distance, dtype=np.uint8)[0].astype(np.float32)
    allowed = edits_allowed(len(key))
    likeness = np.where(edits <= allowed, 1.0 - edits / max(len(key), 1), 0.0).astype(np.float32)
    if loose:
        bones = consonants(text)
        same = np.array([consonants(other) == bones for other in others])
        likeness = np.where(same, np.maximum(likeness, 0.8), likeness).astype(np.float32)
    elif not likeness.any():
        likeness[:] = [0.9 * (other in key and len(other) > 2) for other in others]
    return likeness


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


def _by_words(
    index: Index,
    name: Name,
    heard: NDArray[np.int32],
    weights: NDArray[np.float32],
    most: int,
) -> list[int]:
    starts = index.arrays["post_start"]
    counts = starts[heard + 1] - starts[heard]
    order = np.argsort(counts, kind="stable")
    kept = order[: max(int(np.searchsorted(np.cumsum(counts[order]), _POSTS)), 1)]
    posts = index.arrays["post_names"]
    names = np.concatenate([posts[starts[key] : starts[key + 1]] for key in heard[kept]])
    value = np.repeat(weights[kept], counts[kept])
    shared = np.bincount(names, value, minlength=index.n_names)
    hit = np.flatnonzero(shared > 0.3 * shared.max())
    asked = sum(index.rarity(token.text) for token in name.tokens if token.kind != "particle")
    ratio = shared[hit] / np.maximum(asked + index.arrays["told"][hit] - shared[hit], shared[hit])
    if len(hit) > most:
        best = np.argpartition(-ratio, most)[:most]
        hit, ratio = hit[best], ratio[best]
    return [int(number) for number in hit[np.argsort(-ratio, kind="stable")]]
