"""Items against places: who makes what, as shaded cells with the percent in them."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width, wrap

__all__ = ["MatrixCell", "MatrixRow", "draw_matrix"]

SHARE_STEPS = (0.05, 0.15, 0.30, 0.50, 0.75)
_PRINTED = 0.05  # smaller shares are shaded and not printed
_DARK = 4  # shades from this one on are dark
_LABEL = 112.0
_HEAD = 13.0
_ROW = 11.8
_LEGEND = 15.0


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """The share of one place; `assumed` hatches the cell."""

    part: float
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One item with its cells by place."""

    name: str
    cells: dict[str, MatrixCell]


def draw_matrix(
    rows: tuple[MatrixRow, ...],
    places: tuple[str, ...],
    headings: tuple[str, ...],
    *,
    width: float,
) -> svg.Drawn:
    """Draw the matrix; `headings` stand over the columns of `places`."""
    step = (width - _LABEL) / len(places)
    heads = [wrap(heading, step - 0.5, 6.5, weight=700) for heading in headings]
    head = _HEAD + 7 * (max(map(len, heads)) - 1)
    height = head + _ROW * len(rows) + _LEGEND
    parts = [
        svg.text(
            _LABEL + step * (column + 0.5),
            head - 4.5 - 7 * (len(lines) - 1 - line),
            words,
            size=6.5,
            fill=colour.INK,
            weight=700,
            anchor="middle",
            kind="ink",
        )
        for column, lines in enumerate(heads)
        for line, words in enumerate(lines)
    ]
    for number, row in enumerate(rows):
        parts.extend(_row(row, places, head + number * _ROW, step))
    parts.extend(_legend(head + _ROW * len(rows) + 5))
    patterns = svg.hatch("matrix-light", colour.HATCH) + svg.hatch("matrix-dark", colour.HATCH_DARK)
    return svg.Drawn(svg.drawing(width, height, parts, patterns=patterns), width, height)


def _row(row: MatrixRow, places: tuple[str, ...], y: float, step: float) -> list[str]:
    name = fit(row.name, _LABEL - 6, 7.2)
    right = _LABEL - 5
    parts = [svg.text(right, y + 8.3, name, size=7.2, fill=colour.INK, anchor="end", kind="ink")]
    for column, place in enumerate(places):
        x = _LABEL + step * column
        cell = row.cells.get(place)
        if cell is None or cell.part <= 0:
            parts.append(
                svg.rect(x + 0.5, y + 0.5, step - 1, _ROW - 1, fill=colour.WASH, kind="wash")
            )
        else:
            parts.extend(_cell(cell, x + 0.5, y + 0.5, step - 1, _ROW - 1))
    return parts


def _cell(cell: MatrixCell, x: float, y: float, width: float, height: float) -> list[str]:
    number = colour.shade(cell.part, SHARE_STEPS)
    fill, edge = colour.SHADES[number], colour.HATCH if number == 0 else ""
    parts = [svg.rect(x, y, width, height, fill=fill, stroke=edge, stroke_width=0.3, kind="cell")]
    if cell.assumed:
        name = "matrix-dark" if number >= _DARK else "matrix-light"
        parts.append(svg.rect(x, y, width, height, fill=f"url(#{name})", kind="hatch"))
    if cell.part >= _PRINTED - 1e-9:
        parts += _printed(cell, number, x + width / 2, y, height)
    return parts


def _printed(cell: MatrixCell, number: int, middle: float, y: float, height: float) -> list[str]:
    """Print the share in a cell, on a ground of its own where the cell is hatched."""
    words = str(int(100 * cell.part + 0.5))
    shown = svg.text(
        middle,
        y + height / 2 + 2.4,
        words,
        size=7.2,
        fill=colour.ink_on(number),
        anchor="middle",
        weight=700 if number >= _DARK else 400,
        italic=cell.assumed,
        kind="on",
    )
    if not cell.assumed:
        return [shown]
    back, tall = text_width(words, 7.2) + 2.4, height - 2.4
    fill = colour.SHADES[number]
    left = middle - back / 2
    return [svg.rect(left, y + 1.2, back, tall, fill=fill, radius=1, kind="cell"), shown]


def _legend(y: float) -> list[str]:
    parts = []
    x = _LABEL
    limits = ("0", *(f"{100 * step:.0f}" for step in SHARE_STEPS), "100")
    for number, fill in enumerate(colour.SHADES):
        parts.append(
            svg.rect(x, y, 9, 7, fill=fill, stroke=colour.EDGE, stroke_width=0.3, kind="cell")
        )
        words = f"{limits[number]}–{limits[number + 1]}"
        parts.append(svg.text(x + 11, y + 5.8, words, size=6.3, fill=colour.MUTED, kind="muted"))
        x += 11 + text_width(words, 6.3) + 4.5
    parts.append(svg.text(x, y + 5.8, "%", size=6.3, fill=colour.MUTED, kind="muted"))
    words = "assumed"
    room = text_width(words, 6.3)
    parts.append(
        svg.rect(
            0, y, 9, 7, fill=colour.SHADES[0], stroke=colour.EDGE, stroke_width=0.3, kind="cell"
        )
    )
    parts.append(svg.rect(0, y, 9, 7, fill="url(#matrix-light)", kind="hatch"))
    parts.append(
        svg.text(11, y + 5.8, words, size=6.3, fill=colour.MUTED, italic=True, kind="muted")
    )
    x0 = 11 + room + 6
    parts.append(svg.rect(x0, y, 9, 7, fill=colour.WASH, kind="wash"))
    parts.append(svg.text(x0 + 11, y + 5.8, "none", size=6.3, fill=colour.MUTED, kind="muted"))
    return parts
