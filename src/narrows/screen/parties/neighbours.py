"""Words within one or two edits of a word, found by the words that deletions leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["Neighbours", "edits_allowed", "neighbours_of"]


def edits_allowed(length: int) -> int:
    """Give the edits within which a word of a length counts as near.

    >>> [edits_allowed(length) for length in (2, 3, 5, 6, 12)]
    [0, 1, 1, 2, 2]
    """
    return 0 if length < 3 else 1 if length < 6 else 2


def _variants(word: str) -> set[str]:
    """Give a word and what is left of it without one or two letters."""
    found = {word}
    allowed = edits_allowed(len(word))
    if allowed >= 1:
        found.update(word[:at] + word[at + 1 :] for at in range(len(word)))
    if allowed >= 2 and len(word) <= 14:
        places = combinations(range(len(word)), 2)
        found.update(word[:one] + word[one + 1 : two] + word[two + 1 :] for one, two in places)
    return found


@dataclass(frozen=True)
class Neighbours:
    """The hashes of all variants of all words, sorted, each with the number of its word.

    References
    ----------
    W. Garbe (2012), symmetric delete spelling correction.
    """

    hashes: NDArray[np.uint32]
    owners: NDArray[np.int32]

    def near(self, wanted: Sequence[str]) -> list[NDArray[np.int32]]:
        """Give, for each word, the numbers of the words that share a variant with it."""
        keys: list[int] = []
        ends = []
        for word in wanted:
            keys += [crc32(variant.encode()) for variant in _variants(word)]
            ends.append(len(keys))
        asked = np.array(keys, dtype=np.uint32)
        low = np.searchsorted(self.hashes, asked, "left")
        high = np.searchsorted(self.hashes, asked, "right")
        found = []
        start = 0
        for end in ends:
            hit = np.flatnonzero(high[start:end] > low[start:end]) + start
            slices = [self.owners[low[at] : high[at]] for at in hit]
            found.append(
                np.unique(np.concatenate(slices)) if slices else np.empty(0, dtype=np.int32)
            )
            start = end
        return found


def neighbours_of(known: Iterable[str]) -> Neighbours:
    """Give the table of variants of words; their numbers are their places."""
    keys: list[int] = []
    owners: list[int] = []
    for number, word in enumerate(known):
        found = _variants(word)
        keys += [crc32(variant.encode()) for variant in found]
        owners += [number] * len(found)
    hashes = np.array(keys, dtype=np.uint32)
    order = np.argsort(hashes, kind="stable")
    return Neighbours(hashes[order], np.array(owners, dtype=np.int32)[order])
