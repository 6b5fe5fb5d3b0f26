"""The annex on what helps: how it was planned, and what it comes to."""

from narrows.brief import words
from narrows.brief.facts import Facts
from narrows.brief.helping_options import every_option
from narrows.brief.helping_tables import frontier, knowing, moves, payments, proof, started
from narrows.brief.helping_words import billions, likelihood
from narrows.brief.planned import Help
from narrows.brief.planning import EVEN_DAYS, EVERY, GAP, LEAST_RETURN, PERIOD_DAYS, PROOF_DRAWS
from narrows.brief.tree import Bullets, Name, Paragraph, Runs, Section, Strong, Text
from narrows.brief.values import part, tally
from narrows.plan import Figure
from narrows.plan.verdicts import CONFIRMED
from narrows.terms import Grade

__all__ = ["helping_sections"]


def helping_sections(facts: Facts) -> tuple[Section, ...]:
    """Give the sections on the plan; where there is none though it could be, the reason."""
    help_ = facts.results.help
    if help_ is None:
        reason = facts.results.unplanned
        said: Runs = (Text("Not answered, for no plan could be made: "), Name(reason))
        lines = (Paragraph(said, role="small"),)
        return (Section("plan", "What helps, at what price", lines),) if reason else ()
    tables = (
        started(facts, help_),
        payments(facts, help_),
        frontier(help_),
        proof(help_),
        knowing(help_),
        moves(facts, help_),
    )
    kept = tuple(table for table in tables if table.rows and help_.harms)
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
            *(_choice(help_) if help_.harms else ()),
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
            Text("to avoid is tested there, at best values and in "),
            tally(PROOF_DRAWS, "plan/proof/draws"),
            Text(" draws (in brackets where eight of ten lie). It counts as confirmed where the "),
            Text("median of the draws avoids "),
            part(CONFIRMED, "plan/proof/least", Grade.DERIVED, bare=True),
            Text(" of it or more, as confirmed in part from half of it on."),
        ),
        (
            Strong("Coarse on purpose. "),
            Text("Starts and futures every "),
            tally(EVERY, "plan/every", words.count(EVERY, "year")),
            Text(", the crisis in steps of "),
            tally(PERIOD_DAYS, "plan/period_days"),
            Text(" days, and of "),
            tally(EVEN_DAYS, "plan/even_days"),
            Text(" where it is asked from when on anything pays; every plan within "),
            part(GAP, "plan/gap", Grade.DERIVED, bare=True),
            Text(" of the best there can be. Finer settings: "),
            Name("narrows plan"),
            Text("."),
        ),
        *((_information(help_),) if help_.harms else ()),
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
