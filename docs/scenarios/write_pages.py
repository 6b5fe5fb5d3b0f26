"""Write the pages of the bundled scenarios.

Run `python docs/scenarios/write_pages.py [DRAWS] [NAME ...]`.

The figures are those of this version; each page names its draws and seed.
"""

import sys
from pathlib import Path

import numpy as np

import narrows as nw
from narrows.simulate.targets import items_named

HERE = Path(__file__).parent
SEED, WORKERS = 1, 2


def days(low, high):
    """Give a span of days; what is not reached is a dash."""
    if low != low or high != high:
        return "-" if low != low else f"{low:.0f} or later"
    return f"{low:.0f}-{high:.0f}"


def table(ensemble):
    """Give the end uses that lose, with bands."""
    found = ensemble.summary()
    felt = found[(found["market"] != "all") & (found["deepest_90"] > 0.005)]
    if not len(felt):
        return "No end use loses more than half a percent of a day's supply in nine draws of ten.\n"
    heads = "end use|days of supply lost|deepest day|first missed after, days|back after, days"
    lines = [f"| {heads.replace('|', ' | ')} | never short |", "|---|---|---|---|---|---|"]
    for row in felt.itertuples():
        lost = (
            f"{row.shortfall_days_50:.1f} ({row.shortfall_days_10:.1f}-{row.shortfall_days_90:.1f})"
        )
        deepest = f"{row.deepest_50:.0%} ({row.deepest_10:.0%}-{row.deepest_90:.0%})"
        lines.append(
            f"| {row.market.partition('/')[2]} | {lost} | {deepest} "
            f"| {days(row.survive_days_10, row.survive_days_90)} "
            f"| {days(row.recover_days_10, row.recover_days_90)} | {row.never_short:.0%} |"
        )
    note = "Median, and 10 to 90 % of the draws. Days count from the first shock.\n"
    return "\n".join(lines) + f"\n\n{note}"


def felt(net, scenario, run):
    """Name the items of the chain that fall most, whether or not an end use feels it."""
    lost = run.losses("item")
    fallen = lost[lost["deepest"] > 0.02].sort_values("deepest", ascending=False)
    own = fallen["item"].isin(hit_or_lacked(net, scenario, run))
    text = ""
    for rows, words in (
        (fallen[own].head(8), "Hit by the shock, or lacked by somebody, at the best values:"),
        (fallen[~own].head(4), "Made less because their users make less or were served late:"),
    ):
        if len(rows):
            text += f"{words}\n\n| item | deepest | on day | days of production lost |\n"
            text += "|---|---|---|---|\n"
            for row in rows.itertuples():
                days_lost = row.shortfall / row.production
                text += (
                    f"| {row.item} | {row.deepest:.0%} | {row.deepest_day} | {days_lost:.1f} |\n"
                )
            text += "\n"
    return text


def hit_or_lacked(net, scenario, run):
    """Give the items that a shock names, and those for want of which somebody stood still."""
    data = run.to_dataset()
    items = data["item"].to_numpy()
    numbers = np.unique(data["limited_by"].to_numpy())
    found = set(items[numbers[numbers > 1] - 2].tolist())
    for shock in scenario.shocks:
        if getattr(shock, "items", "*") != "*":
            found |= set(items[items_named(net, shock.items, where=scenario.name)].tolist())
    return found | {each.partition("/")[2] for each in net.market_names.tolist()}


def drivers(ensemble):
    """Name the inputs that move the result more than noise."""
    if (ensemble.outcomes().groupby("market")["shortfall_days"].median() < 0.05).all():
        return "In most draws there is no loss to be moved.\n"
    found = ensemble.drivers()
    above = found[found["above_noise"]].head(6)
    if not len(above):
        return "No single input stands out from the noise of these draws.\n"
    lines = ["| input | first-order index | more of it means |", "|---|---|---|"]
    for row in above.itertuples():
        way = "more loss" if row.direction > 0 else "less loss"
        lines.append(f"| {row.about} | {row.first_order:.2f} | {way} |")
    return "\n".join(lines) + f"\n\nNoise floor {found['noise_floor'].iloc[0]:.2f}.\n"


def why(net, run):
    """Tell the turning points of the run at best values."""
    turns = nw.simulate.turning_points(run, net)
    if not len(turns):
        return "At the best values no market turns.\n"
    return "\n".join(f"- {sentence}" for sentence in turns["sentence"].head(6)) + "\n"


def page(name, draws):
    """Write a page and its picture."""
    scenario = nw.simulate.load_scenario(name)
    net = nw.network.from_case(nw.evidence.load(scenario.case))
    ensemble = nw.simulate.ensemble(net, scenario, draws=draws, seed=SEED, workers=WORKERS)
    run = nw.simulate.run(net, scenario)
    picture = HERE / f"{name}.svg"
    ensemble.plot().savefig(picture, metadata={"Date": None})
    shocks = "\n".join(f"- Day {each.start}, {each.kind}: {each.why}" for each in scenario.shocks)
    rules = "\n".join(f"- `{key}`: {text}" for key, text in scenario.rules.why.items())
    special = "\n".join(f"- {each.why}" for each in scenario.rules.special if each.why)
    sources = ", ".join(f"`{each}`" for each in scenario.sources) or "assumptions of this scenario"
    text = f"""# {scenario.title}

{scenario.reasoning}

```text
$ narrows stress {name} --draws {draws} --seed {SEED}
```

## What happens

{draws} draws, seed {SEED}, case {scenario.case}.

{table(ensemble)}
![{scenario.title}: supply of each end use over time with bands]({name}.svg)

## Why

{why(net, run)}
{felt(net, scenario, run)}
## How sure

What moves the loss most:

{drivers(ensemble)}
## What was assumed

{shocks}

Sources: {sources}.

Behaviour:

{rules}
{special}
"""
    (HERE / f"{name}.md").write_text(text.rstrip() + "\n", "utf-8")


def main(words):
    """Write all pages, or some."""
    draws = int(words[0]) if words and words[0].isdigit() else 200
    names = [word for word in words if not word.isdigit()] or list(nw.simulate.bundled_scenarios())
    for name in names:
        page(name, draws)
        print(name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
