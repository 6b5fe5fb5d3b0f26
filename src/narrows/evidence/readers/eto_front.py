"""Choose what a brief on the imported case puts in front: the most concentrated inputs."""

from collections import Counter

from narrows.evidence.readers.eto_chain import Chain
from narrows.evidence.readers.eto_figures import sets_of
from narrows.evidence.readers.eto_records import EtoData
from narrows.terms import places

__all__ = ["front"]


def front(data: EtoData, chain: Chain) -> dict[str, object]:
    """Give the entry `brief` of `case.yaml`."""
    shares = _by_place(data)
    inside = {name for pair in chain.pairs for name in pair}
    order = sorted(
        (name for name in shares if name in inside), key=lambda name: -max(shares[name].values())
    )
    ranked = [chain.ids[name] for name in order]
    total: Counter[str] = Counter()
    for name in order:
        total.update(shares[name])
    leading = [place for place, _ in total.most_common(8)]
    return {
        "question": "On how few countries and firms do advanced chips rest?",
        "focus_place": leading[0] if leading else "",
        "focus_items": ranked[:3],
        "matrix_items": ranked[:12],
        "matrix_places": leading,
    }


def _by_place(data: EtoData) -> dict[str, Counter[str]]:
    """Give the shares of named countries by input, the latest year counting."""
    out: dict[str, Counter[str]] = {}
    for key, rows in sorted(sets_of(data).items(), key=lambda pair: pair[0].year):
        named = {row.provider.entity: row.share for row in rows if row.provider.entity in places()}
        if not key.firms and named:
            out[key.subject] = Counter({place: share or 0.0 for place, share in named.items()})
    return out
