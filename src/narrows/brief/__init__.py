"""Brief: results to pages. Two pages and an annex, as PDF, HTML and JSON."""

from narrows.brief.compose import compose
from narrows.brief.render.to_json import schema
from narrows.brief.results import Results
from narrows.brief.tree import Document
from narrows.brief.writing import Brief, write

__all__ = ["Brief", "Document", "Results", "compose", "schema", "write"]
