"""The tables of the annex on what helps: plan, payers, frontier, proof, regret, what moves it."""

from narrows.brief import words
from narrows.brief.facts import Facts, Row, records
from narrows.brief.helping_words import (
    banded,
    billions,
    figure_value,
    figure_words,
    option_title,
    payer_names,
    titles,
)
from narrows.brief.pictures import cells
from narrows.brief.planned import Help
from narrows.brief.tree import Cell, Column, Name, Runs, Table, Text
from narrows.brief.values import part, tally
from narrows.terms import Grade

__all__ = ["frontier", "knowing", "moves", "payments", "proof", "started"]

_MOVES = 12
_STILL = 1e7  # US dollars: what moves less does not move the answer


def started(facts: Facts, help_: Help) -> Table:
    """Tabulate what is started, where, when, by whom and at what cost."""
    rows = records(help_.portfolio)
    maybe = any(float(row["probability"]) < 1 - 1e-9 for row in rows)
    columns = (
        Column("What", width=0.36),
        Column("Where", width=0.12),
        Column("Starts", "right", 0.06),
        Column("Works", "right", 0.06),
        Column("Steps", "right", 0.06),
        *((Column("If research", width=0.12),) if maybe else ()),
        Column("Who may pay", width=0.22),
        Column("Cost, USD billion", "right", 0.12),
    )
    lines = []
    for number, row in enumerate(rows):
        key = f"plan/portfolio/{number}"
        steps = tally(int(row["steps"]), f"{key}/steps", f"{row['steps']:g}")
        where: list[str | Runs] = [str(row["outcome"]) or "whatever"] if maybe else []
        lines.append(
            cells(
                option_title(help_, str(row["option"])),
                facts.place(str(row["place"])),
                str(int(row["year"])),
                str(int(row["works"])),
                (steps,),
                *where,
                words.listed(payer_names(facts, str(row["payers"]))),
                (billions(float(row["cost_usd"]), f"{key}/cost_usd", unit=False, bare=True),),
            )
        )
    return Table("What the plan starts", columns, tuple(lines), small=True, short="Plan")


def payments(facts: Facts, help_: Help) -> Table:
    """Tabulate what each payer pays by year."""
    years = range(int(help_.summary["first_year"]), help_.last_year + 1)
    columns = (
        Column("Payer, USD billion", width=0.2),
        *(Column(str(year), "right", 0.7 / len(years)) for year in years),
        Column("All", "right", 0.1),
    )
    rows = []
    frame = help_.payments
    for payer in dict.fromkeys(frame["payer"]):
        mine = frame[frame["payer"] == payer].set_index("year")["usd"]
        key = f"plan/payments/{payer}"
        values: list[Runs] = [
            (billions(float(mine.get(y, 0.0)), f"{key}/{y}", unit=False, bare=True),) for y in years
        ]
        total = billions(float(mine.sum()), key, unit=False, bare=True)
        rows.append(cells(facts.place(str(payer)), *values, (total,)))
    title = "Payments by payer and year"
    return Table(title, columns, tuple(rows), small=True, short=title)


def frontier(help_: Help) -> Table:
    """Tabulate the least loss that each budget can buy."""
    columns = (
        Column("Budget, USD billion", "right", 0.13),
        Column("Spent", "right", 0.1),
        Column("Expected loss left", "right", 0.12),
        Column("Worst tenth, loss left", "right", 0.13),
        Column("What is started", width=0.52),
    )
    names = ("budget_usd", "cost_usd", "expected_loss_usd", "tail_loss_usd")
    rows = tuple(
        cells(
            *(
                (billions(float(row[name]), f"plan/frontier/{n}/{name}", unit=False, bare=True),)
                for name in names
            ),
            _options(help_, str(row["options"])),
        )
        for n, row in enumerate(records(help_.frontier))
    )
    title = "Least loss that each budget can buy"
    return Table(title, columns, rows, small=True, short="Frontier")


def _options(help_: Help, ids: str) -> str:
    names = [option_title(help_, name) for name in ids.split(", ") if name]
    return "; ".join(names) or "nothing that helps"


def proof(help_: Help) -> Table:
    """Set what the plan promises beside what the simulation shows."""
    columns = (
        Column("Who reckons", width=0.32),
        Column("Loss without, USD billion", "right", 0.15),
        Column("Loss with the plan", "right", 0.12),
        Column("Avoided", "right", 0.15),
        Column("Of the promise", "right", 0.11),
        Column("Draws that avoid half of it", "right", 0.15),
    )
    if help_.proof is None:
        return Table("Promise and simulation", columns, ())
    (row,) = records(help_.proof.table)
    lines = [
        _reckoned("The plan, with foresight", row, "promised"),
        _reckoned("The simulation, which foresees nothing", row, "simulated"),
        *_of_draws(help_, row),
    ]
    title = f"Promise and simulation, where it begins in {int(row['year'])}"
    return Table(title, columns, tuple(lines), small=True, short="Promise and simulation")


def _reckoned(said: str, row: Row, name: str) -> tuple[Cell, ...]:
    values: list[Runs] = [
        (billions(float(row[f"{name}{e}"]), f"plan/proof/{name}{e}", unit=False, bare=True),)
        for e in ("_without_usd", "_with_usd", "_usd")
    ]
    return cells(said, *values, _part(row, "part") if name == "simulated" else (Text("–"),), "–")


def _of_draws(help_: Help, row: Row) -> tuple[tuple[Cell, ...], ...]:
    """Give what the draws of the simulation avoid; nothing where there are none."""
    proof = help_.proof
    if proof is None or not proof.draws:
        return ()
    low, middle, high = (float(row[f"simulated_{end}_usd"]) for end in ("10", "50", "90"))
    shown = billions(middle, "plan/proof/simulated_50_usd", unit=False, bare=True)
    said = f"The same, median of {proof.draws} draws: {proof.verdict}"
    parts = _part(row, "borne_out"), _part(row, "enough")
    return (cells(said, "–", "–", (banded(shown, low, high),), *parts),)


def _part(row: Row, name: str) -> Runs:
    number = float(row[name])
    if words.missing(number):
        return (Text("–"),)
    return (part(max(number, 0.0), f"plan/proof/{name}", Grade.ASSUMED, bare=True),)


def knowing(help_: Help) -> Table:
    """Tabulate loss and regret by the year in which it begins."""
    what = "cost and loss" if help_.pays else "loss, same money"
    columns = (
        Column("It begins in", "right", 0.12),
        Column("Chance", "right", 0.1),
        Column("Loss without, USD billion", "right", 0.18),
        Column("Loss with the plan", "right", 0.18),
        Column(f"Had the year been known: {what}", "right", 0.24),
        Column("Regret", "right", 0.18),
    )
    names = ("without_usd", "loss_usd", "foreseen_usd", "regret_usd")
    rows = tuple(
        cells(
            str(int(row["year"])),
            (
                part(
                    float(row["probability"]), f"plan/years/{row['year']}", Grade.ASSUMED, bare=True
                ),
            ),
            *(
                (
                    billions(
                        float(row[name]), f"plan/years/{row['year']}/{name}", unit=False, bare=True
                    ),
                )
                for name in names
            ),
        )
        for row in records(help_.knowing)
    )
    title = "If it begins in a certain year"
    return Table(title, columns, rows, small=True, short="By year")


def moves(facts: Facts, help_: Help) -> Table:
    """Tabulate how far each figure moves the answer."""
    what = "Cost and loss" if help_.pays else "Loss left"
    columns = (
        Column("Of", width=0.24),
        Column("Figure (range)", width=0.26, parts=("Figure", "Number")),
        Column(f"{what} at its low end, USD billion", "right", 0.11),
        Column("At its high end", "right", 0.1),
        Column("Apart by", "right", 0.08),
        Column("What changes in the plan", width=0.21),
    )
    rows = []
    told = [row for row in records(help_.moves) if float(row["swing_usd"]) >= _STILL]
    for row in told[:_MOVES]:
        subject, name = str(row["subject"]), str(row["figure"])
        key = f"plan/moves/{subject}/{name}"
        mine = subject == help_.scenario.name
        of = (help_.scenario.title or subject) if mine else option_title(help_, subject)
        figure = help_.yearly if mine else help_.asked.options[subject].figure(name)
        number = figure_value(figure, key, name)
        ends: list[Runs] = [
            (billions(float(row[each]), f"{key}/{each}", unit=False, bare=True),)
            for each in ("objective_low_usd", "objective_high_usd", "swing_usd")
        ]
        said: Runs = (Name(figure_words(facts, name)), Text(" "), number)
        changes = titles(help_, str(row["changes"])) or "nothing"
        rows.append(cells(of, said, *ends, changes))
    title = "What moves the answer: each figure at both ends of its range, planned again"
    return Table(title, columns, tuple(rows), small=True, short="What moves the answer")
