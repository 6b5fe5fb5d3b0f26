"""The answer on what helps: what to start, when, who pays, what it avoids, what the test says."""

from narrows.brief import words
from narrows.brief.amounts import FELT
from narrows.brief.facts import Facts, Row, records
from narrows.brief.helping_pictures import curve, schedule
from narrows.brief.helping_words import (
    banded,
    billions,
    chance,
    idle,
    likelihood,
    named,
    origin,
    payer_names,
)
from narrows.brief.limits import Limits
from narrows.brief.planned import Help
from narrows.brief.planning import PERIOD_DAYS
from narrows.brief.tree import Answer, Figure, Name, Paragraph, Run, Runs, Strong, Text, Value
from narrows.brief.values import part, tally
from narrows.plan import BreakEven
from narrows.terms import Grade

__all__ = ["helps"]

_NAMED = 2
_ALIKE = 0.01


def helps(facts: Facts, limits: Limits, help_: Help) -> Answer:
    """Answer what helps, at what price."""
    question = "What helps, at what price?"
    if help_.portfolio.empty:
        return Answer("helps", question, _nothing(help_), (Paragraph(_without(facts, help_)),), ())
    support = (
        Paragraph((*_price(facts, help_), *_gain(help_))),
        Paragraph((*_worth(help_), *_tested(help_))),
    )
    figures: tuple[Figure, ...] = (curve(facts, help_), schedule(facts, help_, limits))
    return Answer("helps", question, _sentence(help_), support, figures)


def _sentence(help_: Help) -> Runs:
    groups = _groups(help_)
    shown = [named(help_, rows) for rows in groups[:_NAMED]]
    more = len(groups) - len(shown)
    names = [*shown, words.count(more, "more option")] if more else shown
    pay = "pay for themselves" if len(groups) > 1 else "pays for itself"
    fail = "they do not pay for themselves" if len(groups) > 1 else "it does not pay for itself"
    budget = billions(help_.asked.budget_usd, "plan/budget_usd", bare=True)
    if help_.pays:
        return (
            Text("Within "),
            budget,
            Text(", "),
            Strong(words.listed(names)),
            Text(f" {pay}."),
        )
    return (
        Text("With "),
        budget,
        Text(", most loss is avoided by "),
        Strong(words.listed(names)),
        Text(f"; at the likelihood assumed {fail}."),
    )


def _nothing(help_: Help) -> Runs:
    if not help_.harms:
        return (
            Strong("Nothing needs to be bought"),
            Text(": stocks and spare capacity bridge the gap where all act with foresight."),
        )
    return (
        Strong("Nothing on the list"),
        Text(" makes the loss smaller for "),
        billions(help_.asked.budget_usd, "plan/budget_usd", bare=True),
        Text(" or less."),
    )


def _without(facts: Facts, help_: Help) -> Runs:
    if not help_.harms:
        runs: Runs = (
            Text("That is reckoned in steps of "),
            tally(PERIOD_DAYS, "plan/period_days"),
            Text(" days. "),
        )
        stress = facts.results.stress
        if stress is None or float(stress.rows["all"]["shortfall_days_90"]) < FELT:
            return runs
        return (
            *runs,
            Text("Without foresight there is the loss told above; what would help against that "),
            Text("this plan cannot say."),
        )
    return (
        Text("The loss expected stays at "),
        billions(help_.summary["expected_loss_without_usd"], "plan/expected_loss_without_usd"),
        Text(", that in the worst tenth of outcomes at "),
        billions(help_.summary["tail_loss_without_usd"], "plan/tail_loss_without_usd"),
        Text("."),
    )


def _groups(help_: Help) -> list[list[Row]]:
    """Give the rows of the portfolio by option, the dearest option first."""
    found: dict[str, list[Row]] = {}
    for row in records(help_.portfolio):
        found.setdefault(str(row["option"]), []).append(row)
    return sorted(found.values(), key=lambda rows: -sum(map(_mean_cost, rows)))


def _mean_cost(row: Row) -> float:
    return float(row["cost_usd"]) * float(row["probability"])


def _costs(help_: Help) -> tuple[Grade, tuple[str, ...]]:
    """Give grade and sources of the cost of what is started."""
    options = help_.asked.options
    wanted = ("cost_usd", "yearly_usd", "public_part")
    started = dict.fromkeys(zip(help_.portfolio["option"], help_.portfolio["place"], strict=True))
    return origin(
        figure
        for name, place in started
        for key, figure in options[str(name)].figures().items()
        if (key in (*wanted[1:], f"cost_usd.{place}") or key.startswith("gates."))
        and not idle(options[str(name)], key, figure)
    )


def _price(facts: Facts, help_: Help) -> Runs:
    """Say when it starts, what it costs and who pays."""
    years = sorted(set(help_.portfolio["year"].astype(int)))
    paid = help_.payments.groupby("payer")["usd"].sum().sort_values(ascending=False)
    names = payer_names(facts, [str(name) for name in paid.index])
    runs: Runs = (
        Text("Started in "),
        Name(words.listed([str(year) for year in years])),
        Text(", this costs "),
        billions(help_.summary["cost_usd"], "plan/cost_usd", _costs(help_)),
        Text(" until "),
        Name(str(help_.last_year)),
    )
    if len(paid) == 1:
        return (*runs, Text(", paid by "), Name(names[0]), Text(". "))
    if paid.min() >= (1 - _ALIKE) * paid.max():
        return (*runs, Text(", paid alike by "), Name(words.listed(names)), Text(". "))
    told: list[Run] = []
    for number, (code, usd) in enumerate(paid.items()):
        joint = "" if number == 0 else " and " if number == len(paid) - 1 else ", "
        value = billions(float(usd), f"plan/payments/{code}", bare=True)
        told += [Text(joint), Name(names[number]), Text(" ("), value, Text(")")]
    return (*runs, Text(", paid by "), *told, Text(". "))


def _gain(help_: Help) -> Runs:
    """Say what is avoided, in the mean and in the worst tenth."""
    level = 1 - float(help_.summary["level"])
    tenth = "the worst tenth" if abs(level - 0.1) < 1e-9 else "the worst"
    return (
        Text("It takes "),
        billions(help_.avoided_usd, "plan/avoided_usd"),
        Text(" off an expected world-wide loss of "),
        billions(
            help_.summary["expected_loss_without_usd"], "plan/expected_loss_without_usd", unit=False
        ),
        Text(", and "),
        billions(help_.tail_avoided_usd, "plan/tail_avoided_usd", unit=False),
        Text(" off "),
        billions(help_.summary["tail_loss_without_usd"], "plan/tail_loss_without_usd", unit=False),
        Text(f" in {tenth} of outcomes."),
    )


def _worth(help_: Help) -> Runs:
    """Say from which likelihood on anything is worth its cost."""
    runs: Runs = (Text("With a chance of "), likelihood(help_), Text(" a year "))
    runs += (Text("it pays; " if help_.pays else "nothing on the list is worth its cost; "),)
    if help_.even is None or help_.even_from is None:
        return (*runs, Text("at no likelihood would anything be. " if not help_.pays else ""))
    runs += (Name(_first(help_, help_.even)), Text(" pays from "))
    runs += (chance(help_.even_from, "plan/even_from"), Text(" on"))
    if help_.even_mean is None:
        return (*runs, Text(", by the expected loss alone at no likelihood. "))
    mean = chance(help_.even_mean, "plan/even_mean")
    return (*runs, Text(", by the expected loss alone from about "), mean, Text(" on. "))


def _first(help_: Help, even: BreakEven) -> str:
    """Name what is worth its cost first, the dearest option of it."""
    groups: dict[str, list[Row]] = {}
    for row in records(even.first):
        groups.setdefault(str(row["option"]), []).append(row)
    return named(help_, max(groups.values(), key=lambda rows: sum(map(_mean_cost, rows))))


def _tested(help_: Help) -> Runs:
    """Say what the simulation says of the promise."""
    if help_.proof is None:
        return ()
    (row,) = records(help_.proof.table)
    head = "plan/proof"
    if float(row["promised_usd"]) <= 0:
        return (Text("It promises to avoid no loss that a simulation could confirm."),)
    shown = part(max(float(row["borne_out"]), 0.0), f"{head}/borne_out", Grade.ASSUMED)
    return (
        Strong(_upper(help_.proof.verdict)),
        Text(": the simulation, without foresight, bears out "),
        shown,
        Text(" of the promise: "),
        _shown(row, head),
        Text(" off a loss of "),
        billions(float(row["simulated_without_usd"]), f"{head}/simulated_without_usd", unit=False),
        Text(" once it happens, where the plan, with foresight, promises "),
        billions(float(row["promised_usd"]), f"{head}/promised_usd", unit=False),
        Text(" off "),
        billions(float(row["promised_without_usd"]), f"{head}/promised_without_usd", unit=False),
        Text("."),
    )


def _shown(row: Row, key: str) -> Value:
    """Give what the simulation avoids: the median of its draws with their band."""
    low, middle, high = (float(row[f"simulated_{end}_usd"]) for end in ("10", "50", "90"))
    if words.missing(middle):
        return billions(float(row["simulated_usd"]), f"{key}/simulated_usd")
    return banded(billions(middle, f"{key}/simulated_50_usd"), low, high)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
