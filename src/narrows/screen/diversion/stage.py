"""The flows of one group of goods with the spans of time that are compared."""

from dataclasses import dataclass

import numpy as np

from narrows.screen.diversion.flows import Flows
from narrows.screen.diversion.question import Question
from narrows.screen.diversion.series import Board, board, lasting
from narrows.screen.diversion.windows import Windows
from narrows.terms import BadInput, Fault

__all__ = ["Stage", "staged"]

_HEADING = 4  # digits of an HS heading, within which neighbours of a code lie


@dataclass(frozen=True, eq=False)
class Stage:
    """The flows of one group of goods, ready to be judged.

    Attributes
    ----------
    codes, board, neighbours
        HS codes, their flows, and those of the other codes under the same heading (none where
        the data hold none).
    windows, cuts
        What is compared: the control date first, then earlier dates.
    origins
        Who reports exports in every period compared.
    question, notes
        What was asked, and what was left out.
    """

    codes: tuple[str, ...]
    board: Board
    neighbours: Board | None
    windows: Windows
    cuts: list[int]
    origins: tuple[str, ...]
    question: Question
    notes: tuple[str, ...]

    @property
    def before(self) -> str:
        """The periods of the baseline, in words."""
        spans = self.windows.before(self.cuts[0])[::-1]
        return ", ".join(self._span(int(row[0]), int(row[-1])) for row in spans)

    @property
    def after(self) -> str:
        """The periods after the control, in words."""
        cut = self.cuts[0]
        return self._span(cut, cut + self.windows.width - 1)

    def _span(self, first: int, last: int) -> str:
        names = [self.board.calendar.name(at) for at in (first, last)]
        return names[0] if first == last else " to ".join(names)


def staged(flows: Flows, codes: tuple[str, ...], question: Question) -> Stage:
    """Choose the spans: as long as asked, as far as most origins report.

    Raises
    ------
    BadInput
        When nothing lies a year before the control, or no origin reports on both sides of it.
    """
    seen = board(flows, codes, start=question.start, monthly=question.monthly)
    cut = seen.calendar.at(question.start)
    width = lasting(seen, cut, set(question.origins), question.longest)
    windows = _windows(seen, cut, width, question)
    spans = np.concatenate([windows.after(cut), windows.before(cut).ravel()])
    there = seen.reporting("export", spans) & set(question.origins)
    if not there:
        expected = f"an origin that reports exports in each period around {question.start}"
        raise BadInput(Fault("flows", None, "reporter", "none", expected))
    gone = sorted(set(question.origins) - there)
    notes = []
    if gone:
        few = ", ".join(gone[:8]) + (f" and {len(gone) - 8} more" if len(gone) > 8 else "")
        notes.append(f"left out as they did not report exports in every period: {few}")
    if width < question.longest:
        notes.append(f"{width} of {question.longest} periods after the control are reported")
    near = _neighbours(flows, codes, question)
    cuts = [cut, *windows.placebos(cut)]
    return Stage(codes, seen, near, windows, cuts, tuple(sorted(there)), question, tuple(notes))


def _windows(seen: Board, cut: int, width: int, question: Question) -> Windows:
    """Take as many years for the baseline as asked, fewer where the data do not reach back."""
    season = seen.calendar.season
    for years in range(question.years, 0, -1):
        windows = Windows(season, width, years)
        reaches = width and int(windows.before(cut).min()) >= 0
        if reaches and (years == 1 or len(windows.placebos(cut)) >= 2):
            return windows
    names = [seen.calendar.name(at) for at in (0, len(seen.calendar) - 1)]
    expected = f"a year before {question.start}, and origins that report after it"
    raise BadInput(Fault("flows", None, "period", f"data from {' to '.join(names)}", expected))


def _neighbours(flows: Flows, codes: tuple[str, ...], question: Question) -> Board | None:
    """Give the flows of the other codes under the same headings."""
    headings = tuple({code[:_HEADING] for code in codes if len(code) > _HEADING})
    near = tuple(
        code for code in flows.items if code.startswith(headings) and not code.startswith(codes)
    )
    if not headings or not near:
        return None
    return board(flows, near, start=question.start, monthly=question.monthly)
