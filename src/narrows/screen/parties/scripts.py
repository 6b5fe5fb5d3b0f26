"""Names of other scripts in Latin letters: words with known meaning first, sounds for the rest."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from narrows.screen.parties.hangul import syllables
from narrows.screen.parties.wordlists import company_forms, words

__all__ = ["Piece", "east_asian", "east_asian_signs", "romanised", "script_of"]

Piece = tuple[str, str]
"""Latin text and what it is: `word`, `form` (a legal form), `sound` or `loose` (a rough sound)."""

_ABJAD = re.compile(r"[\u0590-\u074F\u0750-\u077F\u08A0-\u08FF\uFB1D-\uFEFC]")
_BRAHMIC = re.compile(r"[\u0900-\u109F\u1780-\u17FF\u1200-\u139F]")
_EAST = re.compile(r"[\u3005-\u3007\u3040-\u30FF\u3400-\u9FFF\uF900-\uFAFF\uAC00-\uD7A3]+")
_COUNT = re.compile(
    r"第?([〇零一二三四五六七八九十百]+)(?=[研工厂廠局部院所分])|第([〇零一二三四五六七八九十百]+)"
)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_KANA = re.compile(r"[\u3040-\u30FF]")
_HANGUL = re.compile(r"[\uAC00-\uD7A3]")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ـ": None})


@lru_cache(maxsize=2048)
def script_of(letter: str) -> str:
    """Give the script of a letter by the first word of its Unicode name."""
    return unicodedata.name(letter, "?").split(" ", 1)[0].split("-", 1)[0]


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, (*words().script, *company_forms().script)))


def romanised(text: str) -> tuple[str, bool]:
    """Give text of an alphabet in Latin letters, and whether its vowels are missing.

    >>> romanised("Владимир"), romanised("محمد")
    (('Vladimir', False), ('mhmd', True))
    """
    if text.isascii():
        return text, False
    from anyascii import anyascii

    loose = bool(_ABJAD.search(text) or _BRAHMIC.search(text))
    if loose:
        text = text.translate(_ARABIC)
    return anyascii(unicodedata.normalize("NFC", text)).replace("'", ""), loose


def east_asian(text: str, *, person: bool) -> list[Piece] | None:
    """Give a text with Han, kana or hangul as pieces in Latin letters; None where it has none.

    Legal forms and words of trade are found by the longest match and come out in English; what
    is left is read by sound: pinyin for Han, the Revised Romanisation for hangul.

    >>> east_asian("华为技术有限公司", person=False)
    [('huawei', 'word'), ('technology', 'word'), ('limited', 'form')]
    """
    if not _EAST.search(text):
        return None
    if not person:
        text = _COUNT.sub(lambda found: f" {_count(found.group(1) or found.group(2))} ", text)
    japanese = bool(_KANA.search(text)) or "株式会社" in text or "有限会社" in text
    pieces: list[Piece] = []
    place = 0
    for run in _EAST.finditer(text):
        if text[place : run.start()].strip():
            pieces.append((text[place : run.start()], "plain"))
        pieces += _run(run.group(), person=person, japanese=japanese, alone=_alone(text))
        place = run.end()
    if text[place:].strip():
        pieces.append((text[place:], "plain"))
    return pieces


def _count(signs: str) -> int:
    """Give a number written in Han numerals below a thousand."""
    if not set(signs) & {"十", "百"}:
        return int("".join(str(_DIGITS[sign]) for sign in signs))
    total, digit = 0, 0
    for sign in signs:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def east_asian_signs(text: str) -> str:
    """Give the Han, kana and hangul signs of a text, traditional forms made simplified.

    >>> east_asian_signs("華為 Ltd") == east_asian_signs("华为")
    True
    """
    signs = "".join(_EAST.findall(text))
    if not signs or _KANA.search(signs) or _HANGUL.search(signs):
        return signs
    return _simplified(signs)


def _simplified(signs: str) -> str:
    from hanziconv import HanziConv

    return str(HanziConv.toSimplified(signs))


def _alone(text: str) -> bool:
    """Whether the text is one undivided run, as native names are written."""
    return len(_EAST.findall(text)) == 1


def _run(run: str, *, person: bool, japanese: bool, alone: bool) -> list[Piece]:
    if person:
        return list(_person(run, japanese=japanese, alone=alone))
    pieces: list[Piece] = []
    rest = ""
    for part, found in _longest_match(run):
        if found is None:
            rest += part
            continue
        if rest:
            pieces += _sound(rest, japanese=japanese)
            rest = ""
        pieces.append(found)
    return pieces + (_sound(rest, japanese=japanese) if rest else [])


def _longest_match(run: str) -> Iterator[tuple[str, Piece | None]]:
    forms, known, names = company_forms().script, words().script, words().japanese
    place = 0
    while place < len(run):
        for size in range(min(_longest(), len(run) - place), 0, -1):
            part = run[place : place + size]
            if part in forms:
                yield part, (forms[part], "form")
            elif part in known and (size > 1 or part in "厂局部"):
                yield part, (known[part], "word")
            elif part in names and size > 1:
                yield part, (names[part], "word")
            else:
                continue
            place += size
            break
        else:
            yield run[place], None
            place += 1


def _sound(text: str, *, japanese: bool) -> list[Piece]:
    """Give the sound of a run that no word covers, as one piece."""
    if _HANGUL.search(text):
        return [("".join(syllables(text)), "sound")]
    if _KANA.search(text):
        return [(_kana(text), "loose")]
    return [("".join(pinyin(text)), "loose" if japanese else "sound")]


def _kana(text: str) -> str:
    from anyascii import anyascii

    return anyascii(text.replace("ー", "")).lower().replace("-", " ").replace("'", "")


@lru_cache(maxsize=4096)
def pinyin(text: str) -> tuple[str, ...]:
    """Give the Mandarin syllables of a text in Han, traditional or simplified.

    >>> pinyin("重庆"), pinyin("重慶")
    (('chong', 'qing'), ('chong', 'qing'))
    """
    from pypinyin import lazy_pinyin

    read = (str(part).lower().replace("ü", "u") for part in lazy_pinyin(_simplified(text)))
    return tuple(part if part.isascii() else romanised(part)[0].lower() for part in read)


def _person(run: str, *, japanese: bool, alone: bool) -> Iterator[Piece]:
    """Give family name and given name of one person, or the sounds of a foreign name's part."""
    if _KANA.search(run):
        yield from ((part, "loose") for part in _kana(run).split())
    elif _HANGUL.search(run):
        yield from _family_first(run, syllables(run), kind="sound", longest=4)
    elif japanese or _japanese_name(run):
        yield from _japanese_parts(run)
    elif alone and len(run) <= 4:
        yield from _family_first(run, list(pinyin(run)), kind="sound", longest=4)
    else:
        yield ("".join(pinyin(run)), "loose")


def _family_first(run: str, read: list[str], *, kind: str, longest: int) -> Iterator[Piece]:
    if not 2 <= len(run) <= longest or len(read) != len(run):
        yield ("".join(read), kind if len(run) < 2 else "loose")
        return
    names = words().surnames
    two = run[:2] in names and len(run) > 2
    family = run[: 2 if two else 1]
    yield (names.get(family, "".join(read[: len(family)])), kind)
    yield ("".join(read[len(family) :]), kind)


def _japanese_name(run: str) -> bool:
    names = words().japanese
    return any(run[:size] in names and run[size:] in names for size in (1, 2, 3))


def _japanese_parts(run: str) -> Iterator[Piece]:
    names = words().japanese
    for size in (3, 2, 1):
        if run[:size] in names:
            yield (names[run[:size]], "word")
            if run[size:]:
                yield (names.get(run[size:], "".join(pinyin(run[size:]))), "loose")
            return
    yield ("".join(pinyin(run)), "loose")
