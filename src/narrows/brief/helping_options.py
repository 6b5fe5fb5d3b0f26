"""The list of all options with their figures, sources and reasons."""

from narrows.brief import words
from narrows.brief.facts import Facts
from narrows.brief.helping_words import figure_value, figure_words, idle, payer_names
from narrows.brief.planned import Help
from narrows.brief.tree import Cell, Column, Name, Paragraph, Runs, Section, Table, Text
from narrows.plan import Option

__all__ = ["every_option"]

_COLUMNS = (
    Column("Option", width=0.25),
    Column("Figure", width=0.22),
    Column("Best (range)", width=0.19),
    Column("Formula or reason", width=0.34),
)


def every_option(facts: Facts, help_: Help) -> Section:
    """Tabulate every option that could be chosen, figure by figure."""
    rows = tuple(row for option in help_.asked.options for row in _rows(facts, option))
    about: Runs = (
        Text("What could be chosen, with low and high end of each figure. Costs are those of one "),
        Text("step, the part of payers and of others together. A figure without a mark stands in "),
        Text("its source; “d” is worked out from it, “a” is an assumption with its reason."),
    )
    table = Table("All options", _COLUMNS, rows, small=True, short="Options")
    return Section("options", "All options", (Paragraph(about, role="small"), table))


def _rows(facts: Facts, option: Option) -> list[tuple[Cell, ...]]:
    """Give the rows of an option; the first names it."""
    out: list[tuple[Cell, ...]] = []
    for name, figure in option.figures().items():
        if idle(option, name, figure):
            continue
        named = (option.title or option.id) if out else _title(facts, option)
        value = figure_value(figure, f"options/{option.id}/{name}", name)
        out.append(
            (
                Cell((Name(named),), head=not out),
                Cell((Name(figure_words(facts, name)),)),
                Cell((value,)),
                Cell(facts.reason(figure.reason)),
            )
        )
    return out


def _title(facts: Facts, option: Option) -> str:
    """Give title, most steps and payers of an option."""
    said = option.title or option.id
    if option.steps > 1:
        said += f"; up to {words.number(option.steps)} steps"
    names = payer_names(facts, option.payers)
    return f"{said}; paid by {words.listed(names)}" if names else said
