"""Brief: results to pages. Two pages and an annex, as PDF, HTML, JSON, Word and workbook."""

from narrows.brief.compose import compose
from narrows.brief.render.to_json import schema
from narrows.brief.results import Results
from narrows.brief.tree import Document
from narrows.brief.writing import FORMATS, Brief, write

__all__ = ["FORMATS", "Brief", "Document", "Results", "compose", "schema", "write"]
