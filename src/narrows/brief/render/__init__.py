"""Renderers: the document tree to PDF, HTML and JSON, one file each."""
