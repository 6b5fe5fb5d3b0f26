"""Why two names were found alike, in sentences."""

from collections.abc import Iterator, Sequence

from narrows.screen.parties.alignment import Pair
from narrows.screen.parties.cleaning import LONGEST
from narrows.screen.parties.names import Name, Token
from narrows.screen.parties.scoring import ANY_FORM, Likeness

__all__ = ["reasons"]

_HOW = {
    "spelling": "are spelt alike",
    "sound": "sound alike",
    "consonants": "have like consonants, vowels being uncertain",
    "nickname": "are a name and its short form",
    "initial": "are a name and its initial",
    "joined": "are the same letters, parted otherwise",
    "particle": "are particles or titles",
}


def reasons(left: Name, right: Name, found: Likeness) -> tuple[str, ...]:
    """Give the reasons of a score, the words that answer first.

    Parameters
    ----------
    left, right
        The name asked about and the name on the list.
    found
        How alike they are.
    """
    return tuple(_sentences(left, right, found))


def _sentences(left: Name, right: Name, found: Likeness) -> Iterator[str]:
    if left.original == right.original:
        yield "The two names are written the same."
    yield from _whole(left, right, found)
    if found.how != "acronym":
        for pair in sorted(found.alignment.pairs, key=lambda one: one.left):
            yield _pair(left.tokens, right.tokens, pair)
        yield from _alone(left, right, found)
    if found.turned:
        yield "Names of the chain of fathers stand in another order."
    yield from _forms(left, right)
    if max(len(left.original), len(right.original)) > LONGEST:
        yield f"Only the first {LONGEST} characters were read."


def _whole(left: Name, right: Name, found: Likeness) -> Iterator[str]:
    if found.how == "acronym":
        short, long = sorted((left, right), key=lambda name: len(name.tokens))
        yield f"'{short.original}' is the first letters of '{long.original}'."
    elif found.how == "one word":
        yield f"Written as one word the names are alike: {left.joined}, {right.joined}."
    elif found.how == "signs":
        yield f"The signs differ: {left.signs} against {right.signs}."
    elif found.how == "initials":
        yield "Only initials answer, no full word."


def _pair(left: Sequence[Token], right: Sequence[Token], pair: Pair) -> str:
    one = _text(left, pair.left)
    other = _text(right, pair.right)
    if pair.how == "same" and one == other:
        return f"'{one}' is the same."
    if pair.how == "same":
        meaning = right[pair.right[0]].text
        if right[pair.right[0]].kind == "name" and left[pair.left[0]].kind == "name":
            return f"'{one}' and '{other}' are read the same."
        return f"'{one}' and '{other}' are the same word, {meaning}."
    return f"'{one}' and '{other}' {_HOW.get(pair.how, 'are alike')} ({pair.likeness:.2f})."


def _text(tokens: Sequence[Token], places: tuple[int, ...]) -> str:
    return " ".join(tokens[place].written or tokens[place].text for place in places)


def _alone(left: Name, right: Name, found: Likeness) -> Iterator[str]:
    only_left = _text(left.tokens, found.alignment.only_left)
    only_right = _text(right.tokens, found.alignment.only_right)
    if only_left and only_right:
        yield f"'{only_left}' stands against '{only_right}'."
    elif only_left:
        yield f"'{only_left}' is asked about and not in the other name."
    elif only_right:
        yield f"'{only_right}' is in the other name and not asked about."


def _forms(left: Name, right: Name) -> Iterator[str]:
    one, other = set(left.forms) - ANY_FORM, set(right.forms) - ANY_FORM
    if one and other and not one & other:
        yield f"Legal forms differ: {', '.join(sorted(one))} against {', '.join(sorted(other))}."
    elif left.forms or right.forms:
        named = ", ".join(dict.fromkeys((*left.forms, *right.forms)))
        yield f"Legal forms were set aside: {named}."
