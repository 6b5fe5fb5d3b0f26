"""Read chains of reasons: ``smartphone <- logic-lt10nm <- TWN 92 %; ...``."""

import re
from dataclasses import dataclass

__all__ = ["Chain", "read_chains"]

_HOLDER = re.compile(r"(.+?) ([\d.]+(?:e[+-]?\d+)? %)( and \d+ more)?")


@dataclass(frozen=True, slots=True)
class Chain:
    """The items on the way, the end use first, and who stands at its end.

    `holders` are the dropped places or firms, each with its printed share.
    """

    items: tuple[str, ...]
    holders: tuple[tuple[str, str], ...]
    more: str = ""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The needs on the way: each item with the input it lacks."""
        return tuple(zip(self.items, self.items[1:], strict=False))


def read_chains(because: str) -> tuple[Chain, ...]:
    """Take chains apart, the worst first; what is no chain is left out.

    Examples
    --------
    >>> read_chains("smartphone <- logic-lt10nm <- TWN 92 %")[0].items
    ('smartphone', 'logic-lt10nm')
    >>> read_chains("car <- resin <- JPN 60 %, KOR 5 % and 2 more")[0].holders
    (('JPN', '60 %'), ('KOR', '5 %'))
    """
    return tuple(chain for part in because.split(";") if (chain := _chain(part)) is not None)


def _chain(text: str) -> Chain | None:
    links = [link.strip() for link in text.split("<-")]
    if len(links) < 2 or not all(links):
        return None
    holders, more = [], ""
    for part in links[-1].split(", "):
        found = _HOLDER.fullmatch(part)
        if found is None:
            return None
        holders.append((found[1], found[2]))
        more = found[3] or more
    return Chain(tuple(links[:-1]), tuple(holders), more)
