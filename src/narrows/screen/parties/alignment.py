"""Words of two names set side by side: which answers to which, and what stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from narrows.screen.parties.names import Token
from narrows.screen.parties.phonetics import consonants, sound
from narrows.screen.parties.wordlists import words

__all__ = ["ALIKE", "Alignment", "Pair", "align", "alike"]

ALIKE = 0.6
"""Below this likeness two words are taken for different ones."""


_POOR = 0.8  # below this likeness a pair may be half of a word written in two
_VOWEL = 0.9  # one vowel heard otherwise
_ONE = str.maketrans("1l", "ii")


@dataclass(frozen=True, slots=True)
class Pair:
    """Words of the first name (`left`) that answer to words of the second (`right`)."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    likeness: float
    how: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs found, and the words of either name that no word answers to."""

    pairs: tuple[Pair, ...]
    only_left: tuple[int, ...]
    only_right: tuple[int, ...]


@lru_cache(maxsize=300_000)
def alike(left: str, right: str, loose: bool = False) -> tuple[float, str]:
    """Give how alike two words are from 0 to 1, and what made them so.

    >>> alike("mohammed", "muhammad")[1], alike("55", "56")[0]
    ('sound', 0.0)
    """
    if left == right:
        return 1.0, "same"
    if _digits(left) != _digits(right):
        return 0.0, "number"
    longest = max(len(left), len(right))
    edits = OSA.distance(left, right)
    best, how = 1.0 - edits / longest, "spelling"
    first, second = sound(left), sound(right)
    if first == second:
        heard = 0.95 if longest > 3 else 0.88
    else:
        apart = OSA.distance(first, second)
        heard = 0.95 * (1.0 - apart / max(len(first), len(second), 1))
        even = len(first) == len(second) > 3
        if apart == 1 and even and consonants(left) == consonants(right):
            heard = max(heard, _VOWEL)
    if heard > best:
        best, how = heard, "sound"
    if loose:
        best, how = max((best, how), _rough(left, right))
    return best, how


def _digits(word: str) -> str:
    return "" if word.isalpha() else "".join(filter(str.isdigit, word))


def _rough(left: str, right: str) -> tuple[float, str]:
    first, second = consonants(left), consonants(right)
    longest = max(len(first), len(second))
    if not longest:
        return 0.0, "consonants"
    return 0.9 * (1.0 - OSA.distance(first, second) / longest), "consonants"


def align(left: Sequence[Token], right: Sequence[Token], *, person: bool) -> Alignment:
    """Give the words of two names side by side, the best pairs first, each word used once.

    Words in a row are also tried as one ("van der bilt", "vanderbilt"), initials as the word they
    begin.
    """
    pairs = _pairs(left, right, person=person)
    if person:
        pairs = _without_idle_initials(left, right, pairs)
    used_left = {place for pair in pairs for place in pair.left}
    used_right = {place for pair in pairs for place in pair.right}
    free_left = [place for place in range(len(left)) if place not in used_left]
    free_right = [place for place in range(len(right)) if place not in used_right]
    poor = any(pair.likeness < _POOR for pair in pairs)
    if (free_left or free_right) and (poor or (free_left and free_right)):
        joins = _joins(left, right, pairs)
        if joins:
            pairs = joins
            used_left = {place for pair in pairs for place in pair.left}
            used_right = {place for pair in pairs for place in pair.right}
            free_left = [place for place in range(len(left)) if place not in used_left]
            free_right = [place for place in range(len(right)) if place not in used_right]
    return Alignment(tuple(pairs), tuple(free_left), tuple(free_right))


def _pairs(left: Sequence[Token], right: Sequence[Token], *, person: bool) -> list[Pair]:
    options = []
    for first, one in enumerate(left):
        for second, other in enumerate(right):
            likeness, how = _likeness(one, other, person=person)
            if likeness >= ALIKE:
                gap = abs(first - second) * 1e-4
                rank = likeness * (1 + len(one.text) * 0.01) - gap
                options.append((rank, -first, -second, likeness, how))
    options.sort(reverse=True)
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for _, first, second, likeness, how in options:
        if first not in used_left and second not in used_right:
            used_left.add(first)
            used_right.add(second)
            pairs.append(Pair((-first,), (-second,), likeness, how))
    return pairs


def _without_idle_initials(
    left: Sequence[Token], right: Sequence[Token], pairs: list[Pair]
) -> list[Pair]:
    """Give the pairs without initials beside which a full name of theirs finds no answer.

    "Gustavo A. Rosales" is not "Ayyub Rosales": Ayyub stands against Gustavo.
    """
    kept = []
    for pair in pairs:
        if pair.how == "initial":
            side = 0 if left[pair.left[0]].kind == "initial" else 1
            tokens = (left, right)[side]
            used = {place for other in pairs for place in (other.left, other.right)[side]}
            if any(
                place not in used and token.kind == "name" for place, token in enumerate(tokens)
            ):
                continue
        kept.append(pair)
    return kept


def _likeness(one: Token, other: Token, *, person: bool) -> tuple[float, str]:
    if one.text == other.text or (one.written and one.written == other.written):
        return 1.0, "same"
    if one.kind == "initial" or other.kind == "initial":
        same = one.text[0] == other.text[0] and one.kind != other.kind
        return (0.85, "initial") if same and "particle" not in {one.kind, other.kind} else (0.0, "")
    if one.kind in {"particle", "title"} and other.kind == one.kind:
        return max(alike(one.text, other.text)[0], 0.7), "particle"
    return _of_words(one, other, person=person)


def _of_words(one: Token, other: Token, *, person: bool) -> tuple[float, str]:
    if one.disguised or other.disguised:
        return alike(one.text.translate(_ONE), other.text.translate(_ONE))
    found = alike(one.text, other.text, one.loose or other.loose)
    if person and found[0] < 0.9:
        names = words().nicknames
        if names.get(one.text, one.text) == names.get(other.text, other.text):
            return 0.9, "nickname"
    return found


def _joins(left: Sequence[Token], right: Sequence[Token], pairs: list[Pair]) -> list[Pair] | None:
    """Give the pairs with words in a row joined where that answers to a word left alone."""
    found = list(pairs)
    changed = False
    for side in (0, 1):
        many, one = (left, right) if side == 0 else (right, left)
        for place, token in enumerate(one):
            if len(token.text) < 4 or _answered(found, 1 - side, place) >= 0.9:
                continue
            run = _run(many, token, found, side)
            if run:
                ends = (run[0], (place,)) if side == 0 else ((place,), run[0])
                found = [pair for pair in found if not _meets(pair, ends)]
                found.append(Pair(ends[0], ends[1], run[1], "joined"))
                changed = True
    return found if changed else None


def _answered(pairs: list[Pair], side: int, place: int) -> float:
    return max(
        (pair.likeness for pair in pairs if place in (pair.left, pair.right)[side]), default=0.0
    )


def _meets(pair: Pair, ends: tuple[tuple[int, ...], tuple[int, ...]]) -> bool:
    return bool(set(pair.left) & set(ends[0]) or set(pair.right) & set(ends[1]))


def _run(
    many: Sequence[Token], token: Token, pairs: list[Pair], side: int
) -> tuple[tuple[int, ...], float] | None:
    best: tuple[tuple[int, ...], float] | None = None
    for start in range(len(many) - 1):
        text = many[start].written or many[start].text
        for end in range(start + 1, min(start + 5, len(many))):
            text += many[end].written or many[end].text
            if len(text) > len(token.text) + 3:
                break
            if abs(len(text) - len(token.text)) > 2:
                continue
            run = tuple(range(start, end + 1))
            if any(_answered(pairs, side, place) >= 0.97 for place in run):
                continue
            likeness = alike(text, token.written or token.text, token.loose)[0] * 0.98
            if likeness >= 0.8 and (best is None or likeness > best[1]):
                best = (run, likeness)
    return best
