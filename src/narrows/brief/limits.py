"""How much a page holds: what is shown before "and N more"."""

from dataclasses import dataclass

__all__ = ["STEPS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Most rows, boxes and points of each part of the two pages.

    Parameters
    ----------
    strips, end_uses, places
        Rows of the drawings beside the answers.
    boxes
        Boxes in a lane of the chain.
    matrix_rows, matrix_places
        Size of the matrix.
    labels
        Points with a name in the field of autonomy and indispensability.
    narrowest
        Rows of the table of the narrowest points.
    points
        Points in each list of words.
    field_height
        Height of the field in points.
    """

    strips: int = 5
    end_uses: int = 8
    places: int = 7
    boxes: int = 6
    matrix_rows: int = 24
    matrix_places: int = 12
    labels: int = 9
    narrowest: int = 10
    points: int = 4
    field_height: float = 152.0


STEPS = (
    Limits(),
    Limits(matrix_rows=20, field_height=145.0),
    Limits(end_uses=8, places=6, matrix_rows=17, points=3, field_height=140.0),
    Limits(strips=4, end_uses=7, places=5, matrix_rows=14, points=3, labels=7, field_height=130.0),
    Limits(strips=4, end_uses=6, places=4, matrix_rows=10, points=2, labels=6, field_height=120.0),
    Limits(strips=3, end_uses=5, places=3, matrix_rows=8, points=1, labels=5, field_height=110.0),
)
