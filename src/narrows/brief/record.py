"""The record of the model on disruptions of the past."""

from narrows.brief.tree import Runs, Strong, Text

__all__ = ["record_line"]


def record_line() -> Runs:
    """Say where the record of the model stands."""
    return (
        Strong("How far to trust the model: "),
        Text("its score on disruptions of the past stands in the manual."),
    )
