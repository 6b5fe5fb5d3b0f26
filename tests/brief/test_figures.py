"""The drawings: labels apart and inside, readable in grey, with words for those who do not see."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.brief import compose
from narrows.brief.figures import (
    Box,
    Corners,
    Lane,
    MatrixCell,
    MatrixRow,
    PairRow,
    Piece,
    Point,
    Strip,
    colour,
    draw_lanes,
    draw_matrix,
    draw_pairs,
    draw_scatter,
    draw_strips,
)
from narrows.brief.figures.metrics import fit, text_width, wrap
from narrows.brief.reading import blocks_of
from narrows.brief.tree import Figure

SVG = "{http://www.w3.org/2000/svg}"
CORNERS = Corners("we hold them", "each holds the other", "neither", "they hold us", "across", "up")
LONG = "Chemical mechanical polishing slurry for copper and barrier metals"


def labels(svg):
    """Bounding boxes of all text, turned text left out."""
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    turned = {
        text for g in root.iter(f"{SVG}g") if g.get("transform") for text in g.iter(f"{SVG}text")
    }
    boxes = []
    for text in root.iter(f"{SVG}text"):
        if text in turned:
            continue
        size, weight = float(text.get("font-size")), int(text.get("font-weight", 400))
        room = text_width(text.text or "", size, weight)
        x, y = float(text.get("x")), float(text.get("y"))
        start = {"end": x - room, "middle": x - room / 2}.get(text.get("text-anchor"), x)
        boxes.append((text.text, start, y - 0.62 * size, start + room, y + 0.02 * size))
    return boxes


def overlaps(svg):
    found = labels(svg)
    return [
        (one[0], other[0])
        for number, one in enumerate(found)
        for other in found[number + 1 :]
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]


def outside(svg, width, height):
    return [
        text
        for text, left, top, right, bottom in labels(svg)
        if left < -0.5 or right > width + 0.5 or top < -0.5 or bottom > height + 0.5
    ]


def check(drawn):
    assert overlaps(drawn.svg) == []
    assert outside(drawn.svg, drawn.width, drawn.height) == []


def figures_of(document):
    return [
        block
        for section in document.sections
        for block in blocks_of(section.blocks)
        if isinstance(block, Figure)
    ]


# ---------------------------------------------------------------- many items, long names


def test_lanes_of_120_items_keep_their_labels_apart():
    names = [
        LONG,
        "Neon",
        "Extreme ultraviolet photoresist",
        "Wafers",
        "Tin light source for scanners",
    ]
    lanes = tuple(
        Lane(
            f"{stage} stage with a name",
            tuple(
                Box(f"{names[n % 5]} {n}", f"TWN {90 - n} %", 0.99 / (n + 1), n % 2 == 0, n == 3)
                for n in range(6)
            ),
            more=7,
        )
        for stage in range(8)
    )
    ends = Lane("End uses", tuple(Box(f"End use with a name {n}") for n in range(16)))
    drawn = draw_lanes((*lanes, ends), width=493, per_lane=6)
    check(drawn)
    assert "and 7" in drawn.svg
    assert re.search(r"and \d+ more", drawn.svg)


def test_a_matrix_keeps_its_labels_apart_and_prints_from_five_percent():
    places = ("TWN", "KOR", "JPN", "MiddleEast", "WWW", "MMM")
    heads = ("TWN", "KOR", "JPN", "Middle East", "WWW", "MMM")
    rows = tuple(
        MatrixRow(
            f"{LONG} {n}",
            {
                p: MatrixCell(part, assumed=n % 2 == 0)
                for p, part in zip(places, (1.0, 0.049, 0.05, 0.5, 0.3, 0), strict=True)
            },
        )
        for n in range(14)
    )
    drawn = draw_matrix(rows, places, heads, width=326)
    check(drawn)
    printed = [text for text, *_ in labels(drawn.svg)]
    assert printed.count("100") == 14
    assert printed.count("5") == 14
    assert "4" not in printed


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=9))
def test_pairs_keep_their_numbers_apart(pairs):
    rows = tuple(PairRow(f"{LONG} {n}", *pair) for n, pair in enumerate(pairs))
    check(
        draw_pairs(
            rows, width=235, words=("what is left, %", "nothing re-routed", "best re-routed")
        )
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans()), max_size=30))
def test_the_field_keeps_its_labels_apart(spots):
    points = tuple(Point(f"Item {n} {LONG}", x, y, main) for n, (x, y, main) in enumerate(spots))
    check(draw_scatter(points, CORNERS, width=214, height=150))


def test_points_on_one_spot_still_get_their_labels():
    points = tuple(Point(f"Item {n}", 0.0, 1.0, main=True) for n in range(4))
    drawn = draw_scatter(points, CORNERS, width=214, height=150)
    assert all(f">Item {n}<" in drawn.svg for n in range(4))


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12))
def test_strips_print_what_fits_and_no_more(parts):
    pieces = tuple(
        Piece("South Korea", "KOR", part / sum(parts)) for part in sorted(parts, reverse=True)
    )
    check(draw_strips((Strip(LONG, "capacity 2022", pieces), Strip("B", "x", pieces)), width=214))


# ---------------------------------------------------------------- the figures of a brief


@pytest.mark.parametrize("name", ["tiny", "batteries", "energy-and-food", "semiconductors"])
def test_the_figures_of_a_brief_are_apart_inside_and_described(name, case, results, bundled):
    found = compose(*((case, results) if name == "tiny" else bundled(name)))
    figures = figures_of(found)
    assert len({figure.id for figure in figures}) == len(figures) >= 5
    for figure in figures:
        assert overlaps(figure.svg) == [], figure.id
        assert outside(figure.svg, figure.width, figure.height) == [], figure.id
        assert len(figure.alt) > 60
        assert figure.twin.rows
        assert all(len(row) == len(figure.twin.columns) for row in figure.twin.rows)


def test_a_name_full_of_markup_is_only_words_in_a_drawing(document):
    for figure in figures_of(document):
        ET.fromstring(figure.svg)  # noqa: S314 - our own drawing
        assert "<b>" not in figure.svg


# ---------------------------------------------------------------- colours


def luminance(colour_):
    parts = [int(colour_[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_shades_grow_darker_step_by_step_so_that_they_read_in_grey():
    steps = [luminance(shade) for shade in colour.SHADES]
    assert all(a / b > 1.15 for a, b in pairwise(steps))


def test_words_on_every_shade_and_on_paper_reach_the_contrast_of_wcag():
    for number, shade in enumerate(colour.SHADES):
        assert contrast(colour.ink_on(number), shade) >= 4.5
    for words in (colour.INK, colour.MUTED, colour.ACCENT):
        assert contrast(words, colour.PAPER) >= 4.5
        assert contrast(words, colour.WASH) >= 4.5


# ---------------------------------------------------------------- widths of text


@given(st.text(st.characters(min_codepoint=32, max_codepoint=400), max_size=60), st.floats(8, 200))
def test_shortened_text_fits_its_room(text, room):
    shown = fit(text, room, 7)
    assert shown == text or shown.endswith("…")
    assert text_width(shown, 7) <= room or shown == "…"


def test_wrapping_loses_no_word_that_fits():
    assert " ".join(wrap("one two three four", 60, 10, lines=3)) == "one two three four"
