"""Figures of the brief, written as SVG: numbers in, one drawing out."""

from narrows.brief.figures.bands import Panel, draw_bands
from narrows.brief.figures.bars import BarRow, draw_bars
from narrows.brief.figures.lanes import Box, Lane, draw_lanes
from narrows.brief.figures.matrix import MatrixCell, MatrixRow, draw_matrix
from narrows.brief.figures.pairs import PairRow, draw_pairs
from narrows.brief.figures.scatter import Corners, Point, draw_scatter
from narrows.brief.figures.spells import Spell, draw_spells
from narrows.brief.figures.stairs import Stair, draw_stairs
from narrows.brief.figures.strips import Piece, Strip, draw_strips
from narrows.brief.figures.svg import Drawn

__all__ = [
    "BarRow",
    "Box",
    "Corners",
    "Drawn",
    "Lane",
    "MatrixCell",
    "MatrixRow",
    "PairRow",
    "Panel",
    "Piece",
    "Point",
    "Spell",
    "Stair",
    "Strip",
    "draw_bands",
    "draw_bars",
    "draw_lanes",
    "draw_matrix",
    "draw_pairs",
    "draw_scatter",
    "draw_spells",
    "draw_stairs",
    "draw_strips",
]
