"""Small random chains, written as case folders: they enter by the same door as a user's data."""

import csv
import io
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from narrows import evidence
from narrows.evidence.schema import TABLES

PLACES = ("CHN", "JPN", "KOR", "NLD", "TWN")
YEAR = "2022"


@dataclass(frozen=True)
class Chain:
    """What a random chain is made of; `loaded` gives it as a case.

    `shares` holds percent by item and place, `edges` a mapping of columns by (item, input).
    """

    items: tuple[str, ...]
    ends: tuple[str, ...]
    shares: dict[str, dict[str, float]]
    edges: dict[tuple[str, str], dict[str, str]]
    headroom: dict[str, float] = field(default_factory=dict)
    revenue: dict[str, float] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    combine: str = "nested"

    def files(self):
        """Give the text of each file by name."""
        return {
            "case.yaml": self._yaml(),
            **{f"{name}.csv": _table(name, rows) for name, rows in self._rows().items()},
        }

    def write(self, folder):
        """Write the case folder."""
        for name, text in self.files().items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return folder

    def _yaml(self):
        return (
            f'name: random\ntitle: Random\nversion: "1"\nevidence_date: 2026-11-23\n'
            f'periods: ["{YEAR}"]\ncombine: {self.combine}\n'
            "stages: [{id: all, title: All}]\n"
            + ("weights: {measure: device_revenue, why: x}\n" if self.revenue else "")
        )

    def _rows(self):
        figures = [
            _figure(item, "production_share", place, share, "percent", "location")
            for item, shares in self.shares.items()
            if item not in self.local
            for place, share in shares.items()
        ]
        figures += [
            _figure(item, "headroom", "World", value, "multiple of output", "n/a")
            for item, value in self.headroom.items()
        ]
        figures += [
            _figure(item, "device_revenue", "World", value, "USD billion a year", "n/a")
            for item, value in self.revenue.items()
        ]
        kinds = dict.fromkeys(self.items, "material") | dict.fromkeys(self.ends, "end-use")
        return {
            "items": [
                {
                    "id": item,
                    "name": item,
                    "kind": kinds[item],
                    "stage": "all",
                    "measure": "" if item in self.local else "production_share",
                    "local": "yes" if item in self.local else "no",
                }
                for item in self.items
            ],
            "recipes": [
                {"item": item, "input": name, "grade": "stated", "source_id": "s", **numbers}
                for (item, name), numbers in self.edges.items()
            ],
            "observations": [{"id": f"o{n}", **row} for n, row in enumerate(figures)],
            "assumptions": [],
            "sources": [{"id": "s", "publisher": "p", "title": "t", "kind": "primary"}],
            "groups": [
                {"group": "EastAsia", "member": place, "relation": "member"}
                for place in ("JPN", "KOR", "TWN")
            ],
        }


def loaded(chain):
    """Give a chain as a case."""
    with tempfile.TemporaryDirectory() as folder:
        return evidence.load(Path(chain.write(folder)))


def _figure(subject, measure, entity, value, unit, basis):
    return {
        "subject": subject,
        "measure": measure,
        "entity": entity,
        "value": f"{value:g}",
        "period": YEAR,
        "unit": unit,
        "basis": basis,
        "status": "actual",
        "grade": "stated",
        "source_id": "s",
    }


def _table(name, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, TABLES[name].names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@st.composite
def splits(draw, count, total):
    """Give whole numbers of at least 1 that add to a total."""
    cuts = sorted(draw(st.sets(st.integers(1, total - 1), min_size=count - 1, max_size=count - 1)))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


@st.composite
def _shares(draw):
    names = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4, unique=True))
    whole = draw(st.sampled_from([100, 100, 80]))  # 80: the rest is Other
    parts = draw(splits(len(names), whole))
    return dict(zip(names, map(float, parts), strict=True))


@st.composite
def chains(draw, *, ends=(1, 3), local=True, whole_stops=False, headroom=True, binding=False):
    """Give a random chain.

    Parameters
    ----------
    draw
        Given by hypothesis.
    ends
        Least and most end uses.
    local
        Whether an input may be bought at home only.
    whole_stops
        Whether every input stops all output of its user.
    headroom
        Whether units may make more than usual.
    binding
        Whether every input is essential and short of stock.
    """
    inner = [f"m{number}" for number in range(draw(st.integers(1, 4)))]
    last = [f"z{number}" for number in range(draw(st.integers(*ends)))]
    items = [*inner, *last]
    edges = {}
    for number, name in enumerate(inner):
        users = draw(
            st.lists(st.sampled_from(items[number + 1 :]), min_size=1, max_size=3, unique=True)
        )
        parts = draw(splits(len(users), 100))
        for user, part in zip(users, parts, strict=True):
            edges[user, name] = draw(_edge(part, whole_stops=whole_stops, binding=binding))
    at_home = draw(st.sets(st.sampled_from(inner), max_size=1)) if local else set()
    return Chain(
        items=tuple(items),
        ends=tuple(last),
        shares={item: draw(_shares()) for item in items},
        edges=edges,
        headroom={
            item: draw(st.sampled_from([1.0, 1.2, 2.0])) for item in items if headroom
        },
        revenue={item: float(draw(st.integers(1, 9))) for item in last},
        local=frozenset(at_home),
        combine=draw(st.sampled_from(["nested", "independent"])),
    )  # fmt: skip


@st.composite
def _edge(draw, part, *, whole_stops, binding):
    stops = "1" if whole_stops else draw(st.sampled_from(["", "1", "0.75", "0.5", "0.1", "0"]))
    kind = (
        "essential"
        if binding
        else draw(
            st.sampled_from(["essential", "essential", "essential", "substitutable", "minor"])
        )
    )
    cover = "10" if binding else draw(st.sampled_from(["", "10", "40", "365", "4000"]))
    return {
        "allocation": f"{part / 100:g}", "criticality": kind, "stops_fraction": stops,
        "cover_days": cover,
    }  # fmt: skip
