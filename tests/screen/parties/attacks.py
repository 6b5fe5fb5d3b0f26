"""Ways in which a listed name is disguised, and names that look listed and are not.

The tables here are the attacker's own: none is taken from the package.
"""

import random
import re
from collections.abc import Callable, Sequence

__all__ = ["ATTACKS", "invented_companies", "invented_persons"]

_ALIKE = dict(zip("acehopxyABCEHKMOPTX", "асеһорхуАВСЕНКМОРТХ", strict=True))
_SIGNS = dict(zip("aeiosltb", "43105178", strict=True))
_CYRILLIC = (
    ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
    ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("ee", "и"), ("oo", "у"), ("ph", "ф"), ("th", "т"),
    ("ck", "к"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"),
    ("g", "г"), ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"),
    ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"),
    ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"), ("y", "й"), ("z", "з"),
)  # fmt: skip
_PLACES = ("Shenzhen", "Hong Kong", "Dubai", "Istanbul", "Guangzhou", "Moscow", "Tehran", "Almaty")
_TRADES = ("Trading", "Technology", "Group", "International", "Logistics", "Holding", "Industrial")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEGAL = (
    "co ltd llc inc corp corporation company limited liability jsc ojsc pjsc joint stock "
    "public open closed private pte pty gmbh ag sa srl bv nv plc fze fzco ooo oao zao pao ao "
    "obshchestvo s ogranichennoi ogranichennoy otvetstvennostyu aktsionernoe of and the for"
)
_FORMS = frozenset(_LEGAL.split())

Attack = Callable[[str, random.Random], str]


def _words(name: str) -> list[str]:
    return re.findall(r"[^\s,;.()\"]+", name)


def lower_without_punctuation(name: str, _: random.Random) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", name.lower().replace("'", "")).split())


def reordered(name: str, chance: random.Random) -> str:
    words = _words(name)
    chance.shuffle(words)
    return " ".join(words)


def full_width(name: str, _: random.Random) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in name)


def zero_width(name: str, chance: random.Random) -> str:
    return "".join(
        letter + chance.choice(("\u200b", "\u200d", "\ufeff", "\u00ad"))
        if chance.random() < 0.3
        else letter
        for letter in name
    )


def look_alike(name: str, chance: random.Random) -> str:
    return "".join(
        _ALIKE.get(letter, letter) if chance.random() < 0.4 else letter for letter in name
    )


def dotted(name: str, _: random.Random) -> str:
    return ".".join(_words(name))


def split_word(name: str, chance: random.Random) -> str:
    words = _words(name)
    long = [place for place, word in enumerate(words) if len(word) >= 6]
    if long:
        place = chance.choice(long)
        at = chance.randrange(2, len(words[place]) - 1)
        words[place] = words[place][:at] + " " + words[place][at:]
    return " ".join(words)


def typo(name: str, chance: random.Random) -> str:
    spots = [
        found.start() + at
        for found in re.finditer(r"[A-Za-z]{4,}", name)
        for at in range(1, len(found.group()))
    ]
    if not spots:
        return name
    at = chance.choice(spots)
    kind = chance.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + chance.choice(_LETTERS) + name[at:]
    if kind == 2:
        return name[:at] + chance.choice(_LETTERS) + name[at + 1 :]
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]


def two_typos(name: str, chance: random.Random) -> str:
    return typo(typo(name, chance), chance)


def joined(name: str, _: random.Random) -> str:
    return "".join(_words(name))


def leet(name: str, _: random.Random) -> str:
    return "".join(_SIGNS.get(letter, letter) for letter in name.lower())


def cyrillic(name: str, _: random.Random) -> str:
    text = name.lower().replace("'", "")
    for latin, letter in _CYRILLIC:
        text = text.replace(latin, letter)
    return text


def inner_initials(name: str, _: random.Random) -> str:
    family, _, given = name.partition(",")
    words = _words(given) + _words(family) if given else _words(name)
    return " ".join([words[0], *(f"{word[0]}." for word in words[1:-1]), words[-1]])


def padded(name: str, chance: random.Random) -> str:
    return f"{chance.choice(_PLACES)} {name} {chance.choice(_TRADES)}"


def acronym_of_all(name: str, _: random.Random) -> str:
    return "".join(word[0] for word in _words(name)).upper()


def acronym_without_form(name: str, _: random.Random) -> str:
    return "".join(word[0] for word in _words(name) if word.lower() not in _FORMS).upper()


FORMATTING: tuple[Attack, ...] = (
    lower_without_punctuation,
    reordered,
    full_width,
    zero_width,
    look_alike,
    dotted,
    split_word,
)


ATTACKS: dict[str, tuple[Attack, ...]] = {
    "formatting": FORMATTING,
    "one typo": (typo,),
    "two typos": (two_typos,),
    "joined": (joined,),
    "leetspeak": (leet,),
    "Cyrillic": (cyrillic,),
    "initials": (inner_initials,),
    "padded": (padded,),
    "acronym": (acronym_of_all, acronym_without_form),
}


def invented_persons(
    names: Sequence[str], count: int, chance: random.Random, *, listed: Callable[[list[str]], bool]
) -> list[str]:
    """Names whose parts each come from another listed person, in their usual places.

    A family name is drawn from one person, given names from one or two others; a name all of
    whose words one listed name holds is thrown away, as it would be a true find.
    """
    split = [name.partition(",") for name in names if "," in name]
    families = [family.strip() for family, _, _ in split]
    given = [word for _, _, rest in split for word in _words(rest)]
    found: list[str] = []
    while len(found) < count:
        words = [chance.choice(given) for _ in range(chance.choice((1, 1, 2)))]
        words += _words(chance.choice(families))
        if not listed(words):
            found.append(" ".join(words))
    return found


def invented_companies(
    names: Sequence[str], count: int, chance: random.Random, *, listed: Callable[[list[str]], bool]
) -> list[str]:
    """Names made of the first half of one listed company's words and the last half of another's.

    Legal forms stay where they stood; a name all of whose words one listed name holds, or that
    leaves out no word but a legal form of one, is thrown away.
    """
    found: list[str] = []
    while len(found) < count:
        first, second = _words(chance.choice(names)), _words(chance.choice(names))
        if len(first) < 2 or len(second) < 2:
            continue
        words = first[: (len(first) + 1) // 2] + second[len(second) // 2 :]
        content = [word for word in words if len(word) > 2 and word.lower() not in _FORMS]
        if len(content) >= 2 and not listed(words):
            found.append(" ".join(words))
    return found
