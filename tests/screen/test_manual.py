"""The pages on screening say what the rules say today."""

import re
from pathlib import Path

import pytest

from narrows.screen import bundled_packs, read_shipment, worked_shipments, worked_table
from narrows.screen.decision_json import COLUMNS
from narrows.screen.items.reading import bundled_lists, control_list
from narrows.screen.rules.pack_reading import pack
from narrows.terms import place_name

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "methods" / "worked-shipments.md"
SHORT = {"nothing_found": "nothing found", "needs_facts": "needs facts", "outside": "–"}


def tables():
    """Give the tables of the page on worked shipments, one a shipment, as the rules have them."""
    found = worked_table()
    out = []
    for name, path in worked_shipments().items():
        read = read_shipment(path)
        rows = found[found["shipment"] == name]
        asked = [each for each in sorted(bundled_packs()) if set(rows[each]) != {"outside"}]
        ends = [place_name(read.facts[key]) for key in ("route.from", "route.to")]
        note = f"{read.note}. " if read.note else ""
        lines = [
            f"## {read.title}",
            "",
            f"`{name}`. From {' to '.join(ends)}. {note}Sources: {'; '.join(read.sources)}.",
            "",
            f"| day | | {' | '.join(asked)} |",
            f"|---|---|{'---|' * len(asked)}",
        ]
        for _, row in rows.iterrows():
            shown = [SHORT.get(row[each], row[each]) for each in asked]
            lines.append(f"| {row['on']} | {row['why']} | {' | '.join(shown)} |")
        out.append("\n".join(lines))
    return out


@pytest.mark.parametrize("table", tables(), ids=list(worked_shipments()))
def test_the_page_shows_what_each_jurisdiction_requires_on_each_day(table):
    assert table in PAGE.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(bundled_packs()))
def test_the_page_on_rules_counts_them(name):
    page = (DOCS / "methods" / "licence-rules.md").read_text("utf-8")
    assert f"| `{name}` | {len(pack(name).rules)} |" in page


@pytest.mark.parametrize("name", sorted(bundled_lists()))
def test_the_page_on_items_counts_the_entries(name):
    page = (DOCS / "methods" / "item-classification.md").read_text("utf-8")
    assert re.search(rf"^\| `{name}` \| {len(control_list(name).entries)}\b", page, re.MULTILINE)


def test_the_reference_names_every_column_of_an_answer():
    page = (DOCS / "reference" / "results.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert {name for table in ("shipment", "step", "item") for name in COLUMNS[table]} <= listed
