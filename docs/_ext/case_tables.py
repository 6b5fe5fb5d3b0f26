"""Print the tables of the case format from the one description in `narrows.evidence.schema`."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from narrows.evidence.schema import TABLES, Column


class CaseTable(SphinxDirective):
    """``{case-table} observations``: one row a column, with what it may hold."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the description, the table, and its key."""
        table = TABLES[self.arguments[0]]
        rows = [(column.name, column.about, _allowed(column)) for column in table.columns]
        about = nodes.paragraph(text=table.about)
        key = nodes.paragraph("", "Key: ")
        for number, name in enumerate(table.key):
            key += [nodes.Text(", ")] if number else []
            key += nodes.literal(text=name)
        return [about, _table(("column", "meaning", "may hold"), rows), key]


def _allowed(column: Column) -> list[nodes.Node]:
    """Say in words and literals what a column may hold."""
    said: list[nodes.Node] = [nodes.Text("required; " if column.required else "may be empty; ")]
    if column.allowed:
        said.append(nodes.Text("one of "))
        for number, word in enumerate(column.allowed):
            said += [nodes.Text(", ")] if number else []
            said.append(nodes.literal(text=word))
    elif column.refers:
        said += [nodes.Text("a "), nodes.literal(text=".".join(column.refers))]
    elif column.type == "number" and column.maximum is not None:
        said.append(nodes.Text(f"number from {column.minimum:g} to {column.maximum:g}"))
    elif column.type == "number" and column.minimum is not None:
        said.append(nodes.Text(f"number, at least {column.minimum:g}"))
    else:
        said.append(nodes.Text("number" if column.type == "number" else "text"))
    return said


def _table(head: tuple[str, ...], rows: list[tuple[str, str, list[nodes.Node]]]) -> nodes.table:
    table = nodes.table(classes=["case-table"])
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in (20, 40, 40)]
    top, body = nodes.thead(), nodes.tbody()
    top += _row([[nodes.Text(word)] for word in head])
    for name, about, allowed in rows:
        body += _row([[nodes.literal(text=name)], [nodes.Text(about)], allowed])
    group += [top, body]
    table += group
    return table


def _row(cells: list[list[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        row += nodes.entry("", nodes.paragraph("", "", *cell))
    return row


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive ``case-table``."""
    app.add_directive("case-table", CaseTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
