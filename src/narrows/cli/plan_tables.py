"""What `narrows plan` prints and writes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narrows as nw
from narrows.cli.printing import records, say
from narrows.cli.tables import number, print_table, text
from narrows.terms import write_whole

if TYPE_CHECKING:
    import pandas as pd

    from narrows.plan import BreakEven, Plan, Proof, Rolled, Worth

__all__ = ["Asked", "show_plan", "write_plan"]

_BILLION = 1e9
_SHOWN = {
    "frontier": ("budget_usd", "cost_usd", "expected_loss_usd", "tail_loss_usd", "options"),
    "next_billion": ("budget_usd", "step_usd", "weighed_gain_usd", "starts", "stops"),
    "worth": ("option", "worth_usd"),
    "sensitivity": ("subject", "figure", "low", "high", "swing_usd"),
    "robustness": ("title", "loss_usd", "without_usd", "avoided"),
}
_TITLES = {
    "frontier": "Loss against money",
    "next_billion": "What more money brings",
    "worth": "What each option is worth",
    "sensitivity": "What each assumption moves",
    "robustness": "Under scenarios it was not made for",
}
_REGRETS = 8
_PROVED = 1e-6
_LARGE = 1e6
_IF = 5  # column that names the outcome of research


@dataclass
class Asked:
    """A plan and what else was asked of it."""

    plan: "Plan"
    proof: "Proof | None" = None
    worth: "Worth | None" = None
    even: "BreakEven | None" = None
    rolled: "Rolled | None" = None
    tables: "dict[str, pd.DataFrame]" = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give all of it in the JSON form of results."""
        parts = {"proof": self.proof, "worth": self.worth, "even": self.even}
        return nw.plan.as_json(self.plan, **parts, rolled=self.rolled, tables=self.tables)  # type: ignore[arg-type]

    def frames(self) -> "dict[str, pd.DataFrame]":
        """Give every table by its name."""
        found = {
            "portfolio": self.plan.portfolio(),
            "payments": self.plan.payments(),
            "losses": self.plan.losses(),
            **self.tables,
        }
        if self.proof is not None:
            found["proof"] = self.proof.table
        if self.worth is not None:
            found["regret"] = self.worth.regret
        if self.even is not None:
            found["break_even"] = self.even.rows
        if self.rolled is not None:
            found |= {"stages": self.rolled.summary(), "stage_decisions": self.rolled.decisions()}
        return found


def show_plan(asked: Asked) -> None:
    """Print a plan and what else was asked of it."""
    found = asked.plan
    terms, summary = found.question.terms, found.summary()
    last = terms.first_year + terms.years - 1
    names = ", ".join(threat.name for threat in found.question.threats)
    say(f"Plan {terms.first_year} to {last} against {names}", style="bold")
    _show_portfolio(found.portfolio())
    if asked.even is not None:
        say(asked.even.sentence())
    worst = f"the worst {100 * (1 - terms.level):.3g} %"
    mean, tail = (
        _from_to(summary[f"{name}_without_usd"], summary[f"{name}_usd"])
        for name in ("expected_loss", "tail_loss")
    )
    say(
        f"Cost {_money(summary['cost_usd'])}. Mean loss {mean}; mean of {worst} of outcomes {tail}."
    )
    ended = "" if summary["ended"] == "optimal" else f" ({summary['ended']}: the best so far)"
    near = max(float(summary["gap"]), 0.0)
    said = "Proved: no plan is better" if near < _PROVED else f"Within {100 * near:.2g} % of"
    say(f"{said}{'' if near < _PROVED else ' the best plan there can be'}{ended}.")
    if asked.proof is not None:
        say(asked.proof.sentence())
        for note in asked.proof.notes:
            say(f"Not shown by the simulation: {note}.", style="dim")
    if asked.worth is not None:
        _show_worth(asked.worth)
    for name, frame in asked.tables.items():
        _show_table(frame, _SHOWN[name], title=_TITLES[name])
    if asked.rolled is not None:
        _show_stages(asked.rolled)
    say("Losses follow from what is assumed and foresee each shock; no forecast.", style="dim")


def _show_portfolio(frame: "pd.DataFrame") -> None:
    if frame.empty:
        say("Nothing on the list is worth its cost.")
        return
    rows = [
        [
            *(str(row.option), str(row.place), str(row.year), f"{row.works:.1f}"),
            *(
                f"{row.steps:g}",
                str(row.outcome),
                str(row.payers),
                f"{row.cost_usd / _BILLION:.3g}",
            ),
        ]
        for row in records(frame)
    ]
    columns = [text("option"), text("place", 8), number("start"), number("works"), number("steps")]
    columns += [text("if", 12, spare=3), text("payers", 8, spare=2), number("billion USD")]
    if not any(row[_IF] for row in rows):  # nothing waits for research
        columns = [*columns[:_IF], *columns[_IF + 1 :]]
        rows = [[*row[:_IF], *row[_IF + 1 :]] for row in rows]
    print_table(rows, columns, title="What is started")


def _show_worth(worth: "Worth") -> None:
    say(
        f"To know the future would be worth {_money(worth.evpi_usd)}; to plan for all of it "
        f"instead of the mean is worth {_money(worth.vss_usd)}."
    )
    worst = _joined(worth.regret).sort_values("regret_usd", ascending=False).head(_REGRETS)
    rows = [
        [
            *(str(row.threat), "" if row.threat == "calm" else f"{row.year:.0f}"),
            *(str(row.outcome), f"{row.probability:.3g}"),
            *(f"{usd / _BILLION:,.4g}" for usd in (row.loss_usd, row.foreseen_usd, row.regret_usd)),
        ]
        for row in records(worst)
    ]
    columns = [text("threat"), number("year"), text("if", 12, spare=3), number("probability")]
    columns += [number("loss, billion"), number("had it been known"), number("regret")]
    print_table(rows, columns, title="Regret: cost and loss above what had been best")


def _joined(regret: "pd.DataFrame") -> "pd.DataFrame":
    """Join rows in which the outcome of research makes no difference."""
    parts = regret.assign(alike=(regret["regret_usd"] / _LARGE).round(), year=regret["year"])
    groups = parts.groupby(["threat", "year", "alike"], dropna=False, sort=False, as_index=False)
    found = groups.agg(
        outcome=("outcome", " or ".join),
        probability=("probability", "sum"),
        joined=("outcome", "size"),
        **{name: (name, "first") for name in ("loss_usd", "foreseen_usd", "regret_usd")},
    )
    most = parts.groupby(["threat", "year"], dropna=False)["outcome"].transform("size").max()
    found["outcome"] = found["outcome"].where(found["joined"] < most, "")
    return found


def _show_stages(rolled: "Rolled") -> None:
    rows = [
        [
            *(f"{row.made}", str(row.known) or "-", f"{row.probability:.3g}"),
            *(f"{row.cost_usd / _BILLION:.3g}", f"{row.expected_loss_usd / _BILLION:.3g}"),
            "-" if row.before is None else str(row.changed) or "as planned",
        ]
        for row in records(rolled.summary().astype(object).replace({float("nan"): None}))
    ]
    columns = [number("made in"), text("known", 16), number("probability")]
    columns += [number("cost, billion"), number("loss to come"), text("started otherwise", 24)]
    print_table(rows, columns, title="The plan made again")


def _show_table(frame: "pd.DataFrame", names: tuple[str, ...], *, title: str) -> None:
    rows = [
        [
            f"{value / _BILLION:,.4g}" if name.endswith("_usd") else _plain(value)
            for name, value in zip(names, cells, strict=True)
        ]
        for cells in frame[list(names)].itertuples(index=False)
    ]
    columns = [
        number(name.removesuffix("_usd").replace("_", " ") + ", billion")
        if name.endswith("_usd")
        else text(name, 12)
        for name in names
    ]
    print_table(rows, columns, title=title)


def _plain(value: object) -> str:
    if isinstance(value, float) and abs(value) >= _LARGE:
        return f"{value / _BILLION:.4g} billion"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _from_to(before: float, after: float) -> str:
    """Say how a loss changes."""
    if abs(before - after) < _LARGE:
        return f"stays at {_money(after)}"
    return f"{_money(after)} instead of {_money(before)}"


def _money(usd: float) -> str:
    return f"{usd / _BILLION:,.3g} billion US dollars"


def write_plan(asked: Asked, folder: Path) -> list[Path]:
    """Write every table as CSV and the pictures as SVG."""
    tables = asked.frames()
    files = {
        folder / f"{name}.csv": frame.to_csv(index=False, lineterminator="\n").encode()
        for name, frame in tables.items()
    }
    drawn = {"frontier": nw.plan.draw_frontier, "sensitivity": nw.plan.draw_tornado}
    for name, draw in drawn.items():
        if name in tables:
            files[folder / f"{name}.svg"] = draw(tables[name]).encode()
    write_whole(files)
    return list(files)
