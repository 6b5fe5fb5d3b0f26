"""Concentration, exposure and autonomy as tables."""

from typing import TYPE_CHECKING

from narrows.cli.cells import part
from narrows.cli.notes import FILLED, Settings, dated, first, how, more, notes
from narrows.cli.printing import records, say
from narrows.cli.tables import Column, number, print_table, text
from narrows.terms import place_name

if TYPE_CHECKING:
    import pandas as pd

    from narrows.evidence import Case

__all__ = ["autonomy", "concentration", "exposure"]


def concentration(frame: "pd.DataFrame", case: "Case", used: Settings, *, top: int) -> None:
    """Print how concentrated each item is."""
    drawn = bool(used["draws"])
    columns = [
        *(number("rank"), text("item", 16), text("largest", 13), number("share"), number("HHI")),
        *(number("at least"), number("first 3", spare=5), number("named", spare=7)),
        *(number("Other", spare=4), text("basis", 8, spare=8), Column("period", spare=6)),
        *(Column("grade"), text("source", 18, spare=2)),
        *((number("holds", spare=1), number("top ten", spare=3)) if drawn else ()),
    ]
    rows = [
        [
            *(str(row.rank), str(row.item), place_name(str(row.top_entity))),
            *(part(row.top_share), f"{row.hhi:.3f}", f"{row.hhi_low:.3f}", part(row.cr3)),
            *(str(row.n_entities), part(row.other_share), str(row.basis)),
            *(dated(row), str(row.grade), str(row.source_id)),
            *([part(row.holds), part(row.top_ten)] if drawn else []),
        ]
        for row in records(first(frame, top))
    ]
    title = f"{case.title}: how concentrated, by {used['by']}, {used['period']}"
    if not rows:
        say(f"{title}: no item has such a set of shares.")
        return
    print_table(rows, columns, title=title)
    lines = [
        (
            "HHI: sum of squared shares, 1 for a single provider. It counts Other as one provider; "
            "'at least' spreads Other over endlessly many, and ranks."
        )
    ]
    if drawn:
        lines.append(
            f"holds: part of {used['draws']} draws of the estimates with the same rank; "
            "top ten: part within the first ten."
        )
    if frame["filled"].astype(bool).any():
        lines.append(FILLED)
    notes([*lines, *more(frame, top)])


def exposure(frame: "pd.DataFrame", used: Settings, *, top: int, every: bool) -> None:
    """Print what each need takes from a place."""
    shown = frame if every else _by_item(frame)
    columns = [text("buyer", 20), text("buys"), number("direct"), number("look-through")]
    columns.append(number("on stand-ins"))
    rows = [
        [
            *(str(row.buyer), str(row.item), part(row.direct)),
            *(part(row.look_through), part(row.stand_in)),
        ]
        for row in records(first(shown, top))
    ]
    title = f"Reliance on {place_name(used['on'])}, {used['period']}"
    if not rows:
        say(f"{title}: nobody buys anything there.")
        return
    print_table(rows, columns, title=title)
    notes(
        [
            (
                "direct: part bought there. look-through: part of the supply lost without it, "
                "nothing re-routed. on stand-ins: part of direct on assumed locations."
            ),
            how(used),
            *more(shown, top),
        ]
    )


def _by_item(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Give one row for all buyers of a kind that have the same reliance on an input."""
    kind = frame["buyer"].str.partition("/")[2]
    keys = [kind.rename("kind"), "item", frame["direct"].round(9), frame["look_through"].round(9)]
    many = frame.groupby(keys, sort=False)["buyer"].transform("size")
    together = kind + " (" + many.astype(str) + " buyers)"
    shown = frame.assign(buyer=frame["buyer"].where(many == 1, together), kind=kind)
    return shown.drop_duplicates(["kind", "item", "direct", "look_through"])


def autonomy(frame: "pd.DataFrame", used: Settings, *, top: int) -> None:
    """Print our reliance on them beside theirs on us."""
    columns = [text("item", 16), number("we on them"), number("they on us")]
    columns += [number("we, look-through"), number("they, look-through")]
    rows = [
        [
            *(str(row.item), part(row.reliance), part(row.leverage)),
            *(part(row.reliance_look_through), part(row.leverage_look_through)),
        ]
        for row in records(first(frame, top))
    ]
    us, them = (" and ".join(place_name(place) for place in used[side]) for side in ("us", "them"))
    title = f"{us} (we) with {them} (they), {used['period']}"
    if not rows:
        say(f"{title}: neither side buys anything.")
        return
    print_table(rows, columns, title=title)
    notes(
        [
            (
                "on: part of the use bought from the other side. look-through: part of the supply "
                "lost without it. A dash: the side does not buy the item."
            ),
            how(used),
            *more(frame, top),
        ]
    )
