"""How much a page holds: what is shown before "and N more"."""

from dataclasses import dataclass

__all__ = ["PLAN_STEPS", "STEPS", "STRESS_STEPS", "Limits"]


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
    panels, losing
        Panels of end uses over time, and rows of places that lose.
    started
        Rows of what a plan starts.
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
    panels: int = 6
    losing: int = 7
    started: int = 4


STEPS = (
    Limits(),
    Limits(matrix_rows=20, field_height=145.0),
    Limits(end_uses=8, places=6, matrix_rows=17, points=3, field_height=140.0),
    Limits(strips=4, end_uses=7, places=5, matrix_rows=14, points=3, labels=7, field_height=130.0),
    Limits(strips=4, end_uses=6, places=4, matrix_rows=10, points=2, labels=6, field_height=120.0),
    Limits(strips=3, end_uses=5, places=3, matrix_rows=8, points=1, labels=5, field_height=110.0),
)
STRESS_STEPS = tuple(
    Limits(
        strips=strips,
        places=places,
        matrix_rows=rows,
        matrix_places=12,
        labels=labels,
        narrowest=narrowest,
        points=points,
        field_height=height,
        panels=panels,
        losing=losing,
    )
    for strips, places, rows, labels, narrowest, points, height, panels, losing in (
        (5, 7, 18, 8, 8, 3, 126.0, 6, 8),
        (5, 7, 16, 8, 7, 2, 124.0, 4, 6),
        (4, 7, 14, 8, 6, 1, 114.0, 4, 6),
        (5, 7, 14, 7, 5, 1, 118.0, 4, 6),
        (4, 6, 14, 7, 5, 1, 112.0, 4, 5),
        (4, 5, 12, 6, 4, 1, 108.0, 4, 4),
        (4, 5, 10, 6, 3, 1, 108.0, 2, 4),
        (3, 3, 6, 4, 3, 1, 100.0, 2, 3),
    )
)
"""Steps of a brief with an answer over time, which leaves less room to the rest."""
PLAN_STEPS = tuple(
    Limits(
        strips=strips,
        places=places,
        boxes=boxes,
        labels=labels,
        points=points,
        field_height=height,
        panels=panels,
        losing=losing,
        started=started,
    )
    for strips, places, boxes, labels, points, height, panels, losing, started in (
        (5, 7, 6, 8, 3, 124.0, 4, 6, 4),
        (5, 7, 6, 8, 2, 116.0, 4, 6, 4),
        (5, 7, 6, 8, 1, 112.0, 4, 6, 3),
        (4, 6, 6, 7, 1, 108.0, 4, 5, 3),
        (4, 5, 6, 6, 1, 108.0, 4, 4, 2),
        (4, 5, 5, 6, 1, 108.0, 2, 4, 2),
        (3, 3, 4, 4, 1, 100.0, 2, 3, 1),
    )
)
"""Steps of a brief with a plan: the matrix and the narrowest points stand in the annex."""
