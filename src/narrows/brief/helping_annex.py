"""The annex on what helps: the plan, who pays, the frontier, the proof, and what it rests on."""

from narrows.brief import words
from narrows.brief.facts import Facts, records
from narrows.brief.helping_options import every_option
from narrows.brief.helping_words import (
    billions,
    figure_value,
    figure_words,
    likelihood,
    option_title,
    payer_names,
    titles,
)
from narrows.brief.pictures import cells
from narrows.brief.planning import EVERY, GAP, LEAST_RETURN, PERIOD_DAYS, Help
from narrows.brief.tree import (
    Bullets,
    Column,
    Name,
    Paragraph,
    Runs,
    Section,
    Strong,
    Table,
    Text,
)
from narrows.brief.values import part, tally
from narrows.plan import Figure
from narrows.terms import Grade

__all__ = ["helping_sections"]

_MOVES = 12
_STILL = 1e7  # US dollars: what moves less does not move the answer


def helping_sections(facts: Facts) -> tuple[Section, ...]:
    """Give the sections on the plan; where there is none though it could be, the reason."""
    help_ = facts.results.help
    if help_ is None:
        reason = facts.results.unplanned
        said: Runs = (Text("Not answered, for no plan could be made: "), Name(reason))
        lines = (Paragraph(said, role="small"),)
        return (Section("plan", "What helps, at what price", lines),) if reason else ()
    tables = (
        _started(facts, help_),
        _payments(facts, help_),
        _frontier(help_),
        _proof(help_),
        _knowing(help_),
        _moves(facts, help_),
    )
    kept = tuple(table for table in tables if table.rows)
    title = f"What helps against: {help_.scenario.title or help_.scenario.name}"
    section = Section("plan", title, (Bullets(_method(facts, help_)), *kept))
    return (section, every_option(facts, help_))


def _method(facts: Facts, help_: Help) -> tuple[Runs, ...]:
    """Say in a few lines how it was planned and what the numbers mean."""
    return (
        (
            Strong("What is weighed. "),
            Text(
                "Cost against loss, where loss is the value of end uses that buyers all over the "
            ),
            Text("world go without. Half the weight is on the loss expected over all futures, "),
            Text(
                "half on the worst tenth of them. Costs are what the payers bear, not discounted; "
            ),
            Text("private money beside them is not counted. "),
            *_choice(help_),
        ),
        (
            Strong("Futures. "),
            Text("The scenario begins in one of the years "),
            Name(f"{help_.summary['first_year']} to {help_.last_year}"),
            Text(", with a chance of "),
            likelihood(help_),
            Text(" a year, or never. "),
            *facts.reason(_reason(help_.yearly)),
            Text(" Research may succeed or fail on the way."),
        ),
        (
            Strong("Foresight. "),
            Text("A plan follows a scenario with foresight and everybody acting together. Its "),
            Text("losses are therefore lower than those of the simulation, and what it promises "),
            Text("to avoid is tested there: it counts as confirmed where at least half shows."),
        ),
        (
            Strong("Coarse on purpose. "),
            Text("Starts and futures every "),
            tally(EVERY, "plan/every", words.count(EVERY, "year")),
            Text(", the crisis in steps of "),
            tally(PERIOD_DAYS, "plan/period_days"),
            Text(" days; every plan within "),
            part(GAP, "plan/gap", Grade.DERIVED, bare=True),
            Text(" of the best there can be. Finer settings: "),
            Name("narrows plan"),
            Text("."),
        ),
        _information(help_),
    )


def _choice(help_: Help) -> Runs:
    if help_.pays:
        return (Text("Only what avoids more than it costs is started."),)
    cents = tally(round(100 * LEAST_RETURN), "plan/least_return", "five cents")
    return (
        Text("Nothing avoids what it costs; so the budget is spent on the least loss, and what "),
        Text("avoids less than "),
        cents,
        Text(" of loss for each dollar is left out."),
    )


def _reason(figure: Figure) -> str:
    return (
        (figure.reason[:1].upper() + figure.reason[1:]).rstrip(".") + "." if figure.reason else ""
    )


def _information(help_: Help) -> Runs:
    """Say what knowing would be worth."""
    what = "cost and loss together" if help_.pays else "loss at the same cost"
    return (
        Strong("Worth of knowing. "),
        Text("To know beforehand whether and when it begins would be worth "),
        billions(help_.evpi_usd, "plan/evpi_usd"),
        Text(" (value of perfect information). Planning for the average future instead of all of "),
        Text("them would lose "),
        billions(help_.vss_usd, "plan/vss_usd"),
        Text(f" (value of the stochastic solution). Both in {what}, weighed as above."),
    )


def _started(facts: Facts, help_: Help) -> Table:
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


def _payments(facts: Facts, help_: Help) -> Table:
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


def _frontier(help_: Help) -> Table:
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


def _proof(help_: Help) -> Table:
    columns = (
        Column("Who reckons", width=0.38),
        Column("Loss without, USD billion", "right", 0.17),
        Column("Loss with the plan", "right", 0.15),
        Column("Avoided", "right", 0.15),
        Column("Of the promise", "right", 0.15),
    )
    if help_.proof is None:
        return Table("Promise and simulation", columns, ())
    (row,) = records(help_.proof.table)
    lines = []
    for name, said in (
        ("promised", "The plan, with foresight"),
        ("simulated", f"The simulation, which foresees nothing: {_verdict(help_)}"),
    ):
        values: list[Runs] = [
            (
                billions(
                    float(row[f"{name}{end}"]), f"plan/proof/{name}{end}", unit=False, bare=True
                ),
            )
            for end in ("_without_usd", "_with_usd", "_usd")
        ]
        known = name == "simulated" and not words.missing(float(row["part"]))
        share: Runs = (Text("–"),)
        if known:
            ratio = max(float(row["part"]), 0.0)
            share = (part(ratio, "plan/proof/part", Grade.ASSUMED, bare=True),)
        lines.append(cells(said, *values, share))
    title = f"Promise and simulation, where it begins in {int(row['year'])}"
    return Table(title, columns, tuple(lines), small=True, short="Promise and simulation")


def _verdict(help_: Help) -> str:
    assert help_.proof is not None  # noqa: S101 - asked only then
    return "confirmed" if help_.proof.confirmed else "not confirmed"


def _knowing(help_: Help) -> Table:
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


def _moves(facts: Facts, help_: Help) -> Table:
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
