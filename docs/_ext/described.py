"""Print what the code describes itself: case format, commands, columns and schemas of results."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from typer.main import get_command

from narrows.cli.app import app as command_line
from narrows.evidence.schema import TABLES, Column
from narrows.measure import json_schema
from narrows.measure.results import COLUMNS
from narrows.plan import json_schema as plan_schema
from narrows.plan.columns import TABLES as PLANNED_TABLES
from narrows.simulate import json_schema as simulation_schema
from narrows.simulate.json_form import COLUMNS as SIMULATED
from narrows.simulate.json_form import TABLES as SIMULATED_TABLES
from narrows.simulate.replay.json_form import COLUMNS as REPLAYED
from narrows.simulate.replay.json_form import TABLES as REPLAYED_TABLES

Cell = list[nodes.Node]


class CaseTable(SphinxDirective):
    """``{case-table} observations``: one row a column, with what it may hold."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the description, the table, and its key."""
        table = TABLES[self.arguments[0]]
        rows = [
            [_code(column.name), _text(column.about), _allowed(column)] for column in table.columns
        ]
        key = nodes.paragraph("", "", nodes.Text("Key: "), *_listed(table.key))
        head = ("column", "meaning", "may hold")
        return [nodes.paragraph(text=table.about), _table(head, rows, (20, 40, 40)), key]


class ResultTable(SphinxDirective):
    """``{result-table} concentration``: one row a column of a result."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the table of columns."""
        columns = _columns(self.arguments[0])
        rows = [[_code(name), _text(kind), _text(about)] for name, (kind, about) in columns.items()]
        return [_table(("column", "type", "meaning"), rows, (25, 15, 60))]


def _columns(name: str) -> dict[str, tuple[str, str]]:
    """Give the columns of a result, or after a dot of one of its other tables."""
    result, _, table = name.partition(".")
    if table:
        return {**SIMULATED_TABLES, **REPLAYED_TABLES, "plan": PLANNED_TABLES}[result][table]
    return {**COLUMNS, **SIMULATED, **REPLAYED}[result]


class CommandOptions(SphinxDirective):
    """``{command-options} measure worst``: what the command does, and its options."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Give the help of the command and one row an argument or option."""
        command = get_command(command_line)
        for word in self.arguments[0].split():
            command = command.commands[word]
        rows = []
        for param in command.params:
            option = param.param_type_name == "option"
            name = ", ".join(param.opts) if option else (param.metavar or param.name).upper()
            rows.append([_code(name), _default(param), _text(param.help or "")])
        head = ("argument or option", "default", "meaning")
        return [nodes.paragraph(text=command.help), _table(head, rows, (25, 20, 55))]


def _default(param: Any) -> Cell:
    """Say what holds where an option is not given."""
    if param.required:
        return _text("required")
    if param.default in (None, False, ()):
        return []
    value = param.default
    return _code(f"{value:g}" if isinstance(value, float) else str(value))


def _code(text: str) -> Cell:
    return [nodes.literal(text=text)]


def _text(text: str) -> Cell:
    return [nodes.Text(text)]


def _listed(words: tuple[str, ...]) -> Cell:
    """Give words as literals with commas between."""
    said: Cell = []
    for number, word in enumerate(words):
        said += _text(", ") if number else []
        said += _code(word)
    return said


def _allowed(column: Column) -> Cell:
    """Say in words and literals what a column may hold."""
    said = _text("required; " if column.required else "may be empty; ")
    if column.allowed:
        return [*said, *_text("one of "), *_listed(column.allowed)]
    if column.refers:
        return [*said, *_text("a "), *_code(".".join(column.refers))]
    if column.maximum is not None:
        return [*said, *_text(f"number from {column.minimum:g} to {column.maximum:g}")]
    if column.minimum is not None:
        return [*said, *_text(f"number, at least {column.minimum:g}")]
    return [*said, *_text("number" if column.type == "number" else "text")]


def _table(head: tuple[str, ...], rows: list[list[Cell]], widths: tuple[int, ...]) -> nodes.table:
    table = nodes.table(classes=["described"])
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    top, body = nodes.thead(), nodes.tbody()
    top += _row([_text(word) for word in head])
    body += [_row(cells) for cells in rows]
    group += [top, body]
    table += group
    return table


def _row(cells: list[Cell]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        row += nodes.entry("", nodes.paragraph("", "", *cell))
    return row


def _write_schemas(app: Sphinx, error: Exception | None) -> None:
    """Put the JSON Schema of each result beside the pages, as ``schemas/NAME.json``."""
    if error is None and app.builder.format == "html":
        folder = Path(app.outdir) / "schemas"
        folder.mkdir(exist_ok=True)
        for name in COLUMNS:
            text = json.dumps(json_schema(name), indent=2) + "\n"
            (folder / f"{name}.json").write_text(text, "utf-8")
        for name in (*SIMULATED, *REPLAYED):
            text = json.dumps(simulation_schema(name), indent=2) + "\n"
            (folder / f"{name}.json").write_text(text, "utf-8")
        (folder / "plan.json").write_text(json.dumps(plan_schema(), indent=2) + "\n", "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directives and publish the schemas."""
    app.add_directive("case-table", CaseTable)
    app.add_directive("command-options", CommandOptions)
    app.add_directive("result-table", ResultTable)
    app.connect("build-finished", _write_schemas)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
