"""How wide a line of text is: advance widths of Libertinus Serif, in thousandths of its size.

Libertinus Serif (SIL Open Font License) travels inside the `typst` package, so the widths are the
same on every machine. Signs outside the table count as wide as a capital.
"""

from functools import cache

__all__ = ["fit", "text_width", "wrap"]

_FIRST = 32
_REGULAR = (
    "250 288 336 465 465 637 705 190 298 298 369 550 220 338 220 323 465 465 465 465 465 465 465 "
    "465 465 465 236 236 550 550 550 435 895 695 588 646 701 557 485 685 730 297 322 637 528 839 "
    "699 702 541 702 587 485 597 661 652 951 660 575 604 356 287 356 518 486 392 457 493 428 506 "
    "447 328 500 538 271 272 512 264 790 542 504 519 503 372 390 316 531 497 747 490 515 424 277 "
    "205 277 449"
)
_BOLD = (
    "250 266 376 514 514 637 729 215 315 315 433 537 244 358 244 316 514 514 514 514 514 514 514 "
    "514 514 514 256 256 512 551 512 430 988 740 654 706 734 609 545 732 817 367 373 736 577 899 "
    "740 730 614 730 716 504 652 732 700 1028 718 624 624 397 307 397 518 486 392 506 542 456 561 "
    "489 391 521 619 322 312 613 325 905 616 551 581 573 428 427 358 598 529 777 561 558 452 307 "
    "220 307 473"
)
_OTHERS = {"\u00a0": 250, "\u202f": 140, "–": 548, "—": 742, "’": 268, "…": 790, "·": 250}
_OTHERS |= {"←": 1140, "→": 1140, "≥": 527, "≤": 527, "×": 550, "↓": 480, "°": 267}
_OTHERS |= {"ä": 480, "ö": 530, "ü": 560, "é": 470, "ç": 445, "ß": 570, "Å": 720, "µ": 540}
_UNKNOWN = 720
_SEMIBOLD = 600


@cache
def _widths(weight: int) -> tuple[int, ...]:
    return tuple(int(part) for part in (_BOLD if weight >= _SEMIBOLD else _REGULAR).split())


def text_width(text: str, size: float, weight: int = 400) -> float:
    """Give the width of a line of text, in the unit of `size`.

    Examples
    --------
    >>> round(text_width("TWN", 10), 2)
    22.47
    """
    widths = _widths(weight)
    total = 0
    for sign in text:
        place = ord(sign) - _FIRST
        known = widths[place] if 0 <= place < len(widths) else _OTHERS.get(sign, _UNKNOWN)
        total += known
    return total * size / 1000


def fit(text: str, room: float, size: float, weight: int = 400) -> str:
    """Shorten a line with an ellipsis where it is wider than the room.

    Examples
    --------
    >>> fit("Photoresist", 30, 10)
    'Phot…'
    """
    if text_width(text, size, weight) <= room:
        return text
    while text and text_width(f"{text}…", size, weight) > room:
        text = text[:-1]
    return f"{text.rstrip(' -,(')}…"


def wrap(text: str, room: float, size: float, *, lines: int = 2, weight: int = 400) -> list[str]:
    """Break a text at its spaces into at most `lines` lines, the last one shortened if needed.

    Examples
    --------
    >>> wrap("Chemical mechanical polishing", 60, 10, lines=2)
    ['Chemical', 'mechanical…']
    """
    out: list[str] = []
    rest = text.split(" ")
    while rest and len(out) < lines - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size, weight) <= room:
            taken += 1
        out.append(fit(" ".join(rest[:taken]), room, size, weight))
        rest = rest[taken:]
    if rest:
        out.append(fit(" ".join(rest), room, size, weight))
    return out
