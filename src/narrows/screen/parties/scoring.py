"""How alike two names are, from 0 to 1, out of their words side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from narrows.screen.parties.alignment import Alignment, align
from narrows.screen.parties.names import Name, Token

__all__ = ["ANY_FORM", "Known", "Likeness", "Weigh", "likeness", "plain_weight"]

Weigh = Callable[[Token], float]
"""What one word of a name tells: 1 for a full name part."""

Known = Callable[[Token], bool]
"""Whether a word is known to be a right spelling, and so hardly a slip for another word."""

_KIND = {
    "name": 1.0,
    "number": 1.2,
    "place": 0.8,
    "trade": 0.8,
    "initial": 0.8,
    "title": 0.08,
    "particle": 0.12,
    "form": 0.1,
}
_EDIT = 1.0  # cost of an unlike part of answered words
_AGAINST = 1.25  # cost of words that stand against each other
_EXTRA_PERSON = 0.35  # cost of words that one name has more
_EXTRA = 0.52
_EXTRA_ONE = 0.8  # the same where only one full word answers
_FORM = 0.02  # other legal form
ANY_FORM = frozenset({"company", "corporation"})
_TURNED = 0.15  # father and son change places
_SIGN = 1.15  # cost of another sign where both names are in one East Asian script
_INITIALS_ALONE = 0.6  # the most that initials give without one full word
_ACRONYM = {3: 0.88, 4: 0.9}  # first letters of all words, by their number
_ACRONYM_LONG = 0.92
_SURE = 1.8  # cost of unlike letters in a word that is a right spelling by itself
_SPELLED = frozenset({"spelling", "sound"})
_TELLING = frozenset({"name", "trade", "place", "number"})
_ACRONYM_LISTED = 0.1  # the list has the acronym, the name asked about the words
_CHAIN = frozenset({"bin", "ibn", "ben", "bint"})


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of two names and what it is made of.

    Attributes
    ----------
    score
        From 0 to 1.
    alignment
        The words side by side.
    how
        What the score rests on: `words`, `one word` (written without spaces), `acronym`,
        `signs` (two names of one East Asian script), `initials`.
    turned
        Whether parts of a patronymic chain stand in another order.
    """

    score: float
    alignment: Alignment
    how: str = "words"
    turned: bool = False


def plain_weight(token: Token) -> float:
    """Give what a word tells where no list says how frequent it is."""
    return _KIND[token.kind] * min(1.0, 0.5 + 0.1 * len(token.text))


def _unknown(_: Token) -> bool:
    return False


def likeness(
    left: Name, right: Name, weigh: Weigh = plain_weight, known: Known = _unknown
) -> Likeness:
    """Give how alike two names are.

    Parameters
    ----------
    left, right
        The names, `read_name` of each.
    weigh
        What a word tells; a list gives rare words more.
    known
        Whether a word of the first name is a right spelling by itself.
    """
    person = left.group == "person"
    alignment = align(left.tokens, right.tokens, person=person)
    score = _of_words(left, right, alignment, weigh, known)
    turned = person and _turned(left, right, alignment)
    found = Likeness(max(score - _TURNED * turned, 0.0), alignment, "words", turned)
    found = _capped(found, left, right)
    as_one = _as_one(left, right)
    if as_one > found.score and not turned and found.how == "words":
        found = Likeness(as_one, alignment, "one word")
    acronym = _acronym(left, right)
    return Likeness(acronym, alignment, "acronym") if acronym > found.score else found


def _of_words(left: Name, right: Name, alignment: Alignment, weigh: Weigh, known: Known) -> float:
    if not alignment.pairs:
        return 0.0
    first = [weigh(token) for token in left.tokens]
    second = [weigh(token) for token in right.tokens]
    total = (sum(first) + sum(second)) or 1.0
    alone_left = sum(first[place] for place in alignment.only_left)
    alone_right = sum(second[place] for place in alignment.only_right)
    against = 2.0 * min(alone_left, alone_right)
    extra = abs(alone_left - alone_right)
    per_extra = _EXTRA_PERSON if left.group == "person" else _EXTRA
    if _full(left, right, alignment) < 2:
        per_extra = _EXTRA_ONE
    sure = [known(token) for token in left.tokens]
    cost = _EDIT * _edited(alignment, first, second, sure) + _AGAINST * against + per_extra * extra
    one, other = set(left.forms) - ANY_FORM, set(right.forms) - ANY_FORM
    other_form = bool(one) and bool(other) and not one & other
    return 1.0 - cost / total - (_FORM if other_form else 0.0)


def _full(left: Name, right: Name, alignment: Alignment) -> int:
    """Give how many words that are neither particle, title, initial nor form answer."""
    return sum(
        max(
            sum(left.tokens[place].kind in _TELLING for place in pair.left),
            sum(right.tokens[place].kind in _TELLING for place in pair.right),
        )
        for pair in alignment.pairs
        if pair.how != "initial"
    )


def _edited(
    alignment: Alignment, first: Sequence[float], second: Sequence[float], sure: Sequence[bool]
) -> float:
    cost = 0.0
    for pair in alignment.pairs:
        weight = sum(first[place] for place in pair.left)
        weight += sum(second[place] for place in pair.right)
        unlike = 1.0 - pair.likeness
        if unlike > 0.06 and pair.how in _SPELLED and all(sure[place] for place in pair.left):
            unlike *= _SURE
        cost += weight * unlike
    return cost


def _turned(left: Name, right: Name, alignment: Alignment) -> bool:
    """Whether a patronymic chain has its names in another order, a moved family name aside."""
    if not any(token.text in _CHAIN for token in left.tokens):
        return False
    order = [
        pair.right[0]
        for pair in sorted(alignment.pairs, key=lambda pair: pair.left)
        if left.tokens[pair.left[0]].kind == "name"
    ]
    if len(order) < 3 or not any(token.text in _CHAIN for token in right.tokens):
        return False
    falls = sum(after < before for before, after in pairwise(order))
    return falls > 0 and not (falls == 1 and order[-1] < order[0])


def _capped(found: Likeness, left: Name, right: Name) -> Likeness:
    """Give the score held down where only initials answer, or signs of one script differ."""
    pairs = found.alignment.pairs
    if left.joined == right.joined and left.signs == right.signs:
        return found
    if pairs and not any(
        pair.how != "initial" and left.tokens[pair.left[0]].kind in {"name", "trade", "place"}
        for pair in pairs
    ):
        numbers = any(left.tokens[pair.left[0]].kind == "number" for pair in pairs)
        if not numbers and found.score > _INITIALS_ALONE:
            return Likeness(_INITIALS_ALONE, found.alignment, "initials")
    if left.signs and right.signs and left.group == "person":
        longest = max(len(left.signs), len(right.signs))
        same = 1.0 - _SIGN * OSA.distance(left.signs, right.signs) / longest
        if same < found.score:
            return Likeness(max(same, 0.0), found.alignment, "signs")
    return found


def _as_one(left: Name, right: Name) -> float:
    """Give the score of the names written without spaces."""
    return max(_letters(left.joined, right.joined), _letters(left.whole, right.whole))


def _letters(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    if not longest or abs(len(one) - len(other)) > 0.25 * longest:
        return 0.0
    edits = OSA.distance(one, other, score_cutoff=int(0.3 * longest) + 1)
    return max(0.98 - 2.0 * edits / longest, 0.0)


def _acronym(left: Name, right: Name) -> float:
    """Give the score of a name that is the first letters of the other's words."""
    for short, long in ((left, right), (right, left)):
        single = len(short.tokens) == 1 and len(long.tokens) > 1 and len(short.joined) > 2
        known = long.initials if short is left else long.initials[:1]
        if single and short.joined in known and (short is left or len(short.joined) > 3):
            found = _ACRONYM.get(len(short.joined), _ACRONYM_LONG)
            return found if short is left else found - _ACRONYM_LISTED
    return 0.0
