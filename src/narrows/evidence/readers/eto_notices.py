"""Say what was noticed in the ETO data set: nothing of it is changed or left out silently."""

from collections import Counter
from collections.abc import Iterator

from narrows.evidence.readers.eto_chain import Chain
from narrows.evidence.readers.eto_figures import PROVIDER_MEASURE, sets_of, size_row
from narrows.evidence.readers.eto_records import EUROPE, EtoData
from narrows.terms import OTHER

__all__ = ["notices"]

_STEP = 0.05  # half of the digit to which the file prints shares


def notices(data: EtoData, chain: Chain) -> tuple[str, ...]:
    """Give the notices, one sentence each."""
    found = (_rows(data), _sums(data), _names(data), _seats(data), _edges(chain), _sizes(data))
    return tuple(text for texts in found for text in texts)


def _rows(data: EtoData) -> Iterator[str]:
    rows = data.provisions
    various = [row for row in rows if row.provider.entity == OTHER]
    if various:
        names = ", ".join(sorted({row.name_printed for row in various}))
        yield f"{len(various)} shares of {names}: kept as `Other`, since they name nobody."
    region = [row for row in rows if row.provider.entity == EUROPE]
    if region:
        yield f"{len(region)} shares of the region EUR: kept as the group {EUROPE}."
    bare = [row for row in rows if row.share is None]
    words = Counter(row.share_printed for row in bare if row.share_printed)
    if bare:
        extra = "".join(f"; {number} say {word!r}" for word, number in sorted(words.items()))
        yield (
            f"{len(bare)} of {len(rows)} rows name a provider without a number: kept as "
            f"`{PROVIDER_MEASURE}`, with no share{extra}."
        )
    years = Counter(row.year for row in rows)
    if len(years) > 1:
        text = ", ".join(f"{year} ({number})" for year, number in sorted(years.items()))
        yield f"Rows of several years stand side by side: {text}. Each keeps its own."


def _sums(data: EtoData) -> Iterator[str]:
    """Name the sets that do not add to 100."""
    for firms, word in ((False, "country"), (True, "firm")):
        sums = {
            key.subject: sum(row.share or 0.0 for row in rows)
            for key, rows in sets_of(data).items()
            if key.firms == firms
        }
        off = {name: total for name, total in sums.items() if abs(total - 100) > _STEP}
        if off:
            largest = sorted(off, key=lambda name: -abs(off[name] - 100))[:5]
            text = ", ".join(f"{data.things[name].name} {off[name]:g}" for name in largest)
            yield (
                f"{len(off)} of {len(sums)} lists of {word} shares do not add to 100, from "
                f"{min(off.values()):g} to {max(off.values()):g} ({text}): rounding, kept as "
                "printed and brought to 100 in results."
            )


def _names(data: EtoData) -> Iterator[str]:
    renamed = {
        row.name_printed: row.provider.name
        for row in data.provisions
        if row.name_printed != row.provider.name
    }
    if renamed:
        text = ", ".join(f"{old} is {new}" for old, new in sorted(renamed.items()))
        yield f"Names that differ between the files, by provider id: {text}."


def _seats(data: EtoData) -> Iterator[str]:
    lost = [each for each in data.providers.values() if each.firm and not each.seat]
    homeless = [each.name for each in lost if each.entity != OTHER]
    if homeless:
        yield f"Firms without a seat: {', '.join(homeless)}."
    pairs, beyond = _seated(data)
    if pairs:
        yield (
            f"In {pairs - beyond} of {pairs} pairs of item and country the firms seated there add "
            "to no more than the share of the country: country shares are read as headquarters, "
            "except where a caption speaks of sites."
        )


def _seated(data: EtoData) -> tuple[int, int]:
    """Compare the firms seated in a country with the share of the country."""
    countries: dict[tuple[str, str], float] = {}
    firms: dict[tuple[str, str], list[float]] = {}
    for row in data.provisions:
        if row.share is None:
            continue
        if not row.provider.firm:
            countries[row.subject, row.provider.entity] = row.share
        elif row.provider.seat:
            firms.setdefault((row.subject, row.provider.seat), []).append(row.share)
    beyond = sum(
        sum(shares) > countries.get(pair, 0.0) + _STEP * (len(shares) + 1) + 1e-9
        for pair, shares in firms.items()
    )
    return len(firms), beyond


def _edges(chain: Chain) -> Iterator[str]:
    ids = chain.ids
    outside = {name for kinds in chain.classes.values() for name in kinds}
    outside -= {name for pair in chain.pairs for name in pair}
    yield (
        f"{len(chain.pairs)} recipe rows from the edges *goes into*; {len(outside)} inputs stand "
        "beside the chain as kinds of a class."
    )
    if chain.composed:
        text = ", ".join(f"{ids[kind]} of {ids[whole]}" for kind, whole in chain.composed)
        yield f"Tools printed as going into tools are read as kinds: {text}."
    if chain.handed_over:
        text = ", ".join(sorted(ids[name] for name in chain.handed_over))
        yield f"Classes without shares that their kinds stand for: {text}."


def _sizes(data: EtoData) -> Iterator[str]:
    odd = [
        f"{thing.name} ({thing.market_size})"
        for thing in data.things.values()
        if thing.market_size and size_row(thing) is None
    ]
    if odd:
        yield f"Market sizes without a number or a year, left out: {', '.join(odd)}."
