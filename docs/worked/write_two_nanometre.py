"""Write the table and the pictures of the page on the 2-nm centre.

Run `python docs/worked/write_two_nanometre.py [PAGE]`; it takes some minutes. The table stands
between two comments of the page, what is around them is left as it is.
"""

import re
import sys
from pathlib import Path

import narrows as nw

HERE = Path(__file__).parent
PAGE = HERE / "two-nanometre.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
CENTRE = "centre-2nm"
STOCKS = ("stock-leading", "stock-10-22nm", "stock-28-45nm", "stock-gt45nm", "stock-dram")
TERMS = {"first_year": 2022, "years": 14, "every": 2, "period_days": 60, "gap": 2e-3}
BILLION = 1e9


def known():
    """Give the options as known in 2022."""
    return nw.plan.load_options("semiconductors", vintage="2022")


def present(options, names):
    """Give those of the names that the options have."""
    ids = {option.id for option in options}
    return [name for name in names if name in ids]


def certain(options):
    """Give the options with a centre that succeeds on time."""
    for gate in options[CENTRE].gates:
        options = options.changed(CENTRE, f"gates.{gate.name}.success", 1.0)
    return options.changed(CENTRE, "late", 0.0)


def rows():
    """Give the rows of the table: words, options, budget in billions of US dollars."""
    every = known()
    centre = every.only(CENTRE)
    sure = certain(every).only(CENTRE)
    fabs = every.only(*present(every, ["fab-kumamoto"]))
    seconds = every.only(
        *[
            option.id
            for option in every
            if option.kind in ("qualification", "headroom") or option.id.startswith("packaging")
        ]
    )
    stocks = every.only(*present(every, STOCKS))
    return [
        ("the centre, not shared", centre.unshared(), 20),
        ("the centre, shared", centre, 20),
        ("the centre, not shared", centre.unshared(), 60),
        ("the centre, shared", centre, 60),
        ("the centre, certain to succeed in 2027, not shared", sure.unshared(), 60),
        ("the centre, certain to succeed in 2027, shared", sure, 60),
        ("a mature fab in Kumamoto alone", fabs, 20),
        ("second sources, packaging, spare capacity", seconds, 20),
        ("stocks of packaged chips", stocks, 20),
        ("stocks of packaged chips", stocks, 60),
        ("everything to choose from", every, 20),
    ]


def asked(net, options, *, budget, **changes):
    """Plan against the blockade, cost weighed against loss."""
    blockade = nw.simulate.load_scenario("taiwan-strait-blockade")
    given = {**TERMS, **changes}
    return nw.plan.solve(net, [blockade], options, budget_usd=budget * BILLION, **given)


def avoided(plan):
    """Give what a plan promises to avoid in its last year, and what the simulation shows.

    Means over the outcomes of research, billions of US dollars, at best values.
    """
    promised = shown = 0.0
    if plan.steps.any():
        for number, leaf in enumerate(plan.question.leaves):
            found = nw.plan.prove(plan, outcome=number, draws=0).table.iloc[0]
            promised += leaf.probability * found["promised_usd"] / BILLION
            shown += leaf.probability * found["simulated_usd"] / BILLION
    return promised, shown


def line(words, plan, budget):
    """Give a row of the table."""
    promised, shown = avoided(plan)
    numbers = (plan.cost_usd, plan.expected_loss_usd, plan.tail_loss_usd)
    cells = [f"{usd / BILLION:.1f}" for usd in numbers]
    cells += [f"{value:.1f}" for value in (promised, shown)]
    return f"| {words} | {budget} | {' | '.join(cells)} |"


def nothing(plan):
    """Say what is lost if nothing is done."""
    mean, worst = plan.expected_loss_without_usd, plan.tail_loss_without_usd
    return (
        "Billions of US dollars; nothing done leaves an expected loss of "
        f"{mean / BILLION:.1f} and, in the worst tenth of outcomes, a mean of "
        f"{worst / BILLION:.1f}."
    )


def table(net, *, chosen=None, **changes):
    """Give the table of the page and the plan with everything to choose from."""
    heads = ["spent on", "budget", "cost", "expected loss left", "worst tenth left"]
    heads += ["avoided if it begins in 2035", "the same in the simulation"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for words, options, budget in chosen or rows():
        plan = asked(net, options, budget=budget, **changes)
        lines.append(line(words, nw.plan.spend(plan, budget * BILLION, gap=TERMS["gap"]), budget))
        print(lines[-1], flush=True)
    return "\n".join([nothing(plan), "", *lines]), plan


def with_table(text, made):
    """Give a page with another table."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise SystemExit(f"the page has no {BEGIN} and {END}")
    return pattern.sub(lambda _: f"{BEGIN}\n{made}\n{END}", text)


def main():
    """Write the page and its pictures, and print what the text rests on."""
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    net = nw.network.from_case(nw.evidence.load("semiconductors"), period=2022)
    made, plan = table(net)
    page.write_text(with_table(page.read_text("utf-8"), made), "utf-8")
    curve = nw.plan.frontier(plan, [5e9 * step for step in range(13)], gap=TERMS["gap"])
    (page.parent / "two-nanometre-frontier.svg").write_text(nw.plan.draw_frontier(curve), "utf-8")
    print(curve[["budget_usd", "cost_usd", "expected_loss_usd", "options"]].to_string())
    best = nw.plan.spend(plan, 20e9, gap=TERMS["gap"])
    moved = nw.plan.sensitivity(best, options=[CENTRE, "stock-leading"], gap=TERMS["gap"])
    (page.parent / "two-nanometre-tornado.svg").write_text(nw.plan.draw_tornado(moved), "utf-8")
    print(moved[["subject", "figure", "swing_usd", "changes"]].head(12).to_string())
    print(nw.plan.break_even(plan).sentence())
    print(best.portfolio().to_string())
    print(nw.plan.prove(best).sentence())


if __name__ == "__main__":
    main()
