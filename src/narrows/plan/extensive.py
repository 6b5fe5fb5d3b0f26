"""The whole question as one labelled programme in linopy: for small questions, and as a check.

It is written anew from labels (branch, node, use, market, period), not from the rows and columns of
the cuts, so that the two ways control each other. Its size grows with the number of branches; the
cuts of `solve` do not.

References
----------
Hofmann (2023), Linopy: Linear optimization with n-dimensional labeled variables, Journal of Open
Source Software 8(84):4823.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.plan.kernels.two_stage import Branch
from narrows.plan.layout import SLACK_COST
from narrows.plan.question import Question
from narrows.terms import CouldNotFinish

__all__ = ["Extensive", "extensive_model", "solve_extensive"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Extensive:
    """The solution of the extensive form.

    Attributes
    ----------
    objective_usd
        Cost plus weighed loss.
    decisions
        In the order of the question's first stage.
    """

    objective_usd: float
    decisions: Array


def solve_extensive(question: Question, *, gap: float = 1e-6) -> Extensive:
    """Solve a question as one programme.

    Raises
    ------
    CouldNotFinish
        When the solver reports no optimum.
    """
    model = extensive_model(question)
    options = {"mip_rel_gap": gap, "output_flag": False, "threads": 1}
    status, condition = model.solve(solver_name="highs", progress=False, **options)
    if status != "ok":
        message = f"the extensive form was not solved: {condition}"
        raise CouldNotFinish(message)
    value = float(model.objective.value) * 1e9
    return Extensive(value, np.asarray(model.solution["start"].values, dtype=np.float64))


def extensive_model(question: Question) -> Any:  # noqa: ANN401 - a linopy.Model
    """Write a question as one labelled programme."""
    import linopy

    with linopy.options as settings:
        settings["semantics"] = "v1"  # labels must match, and what is absent stays absent
        return _Writer(question).model()


class _Writer:
    def __init__(self, question: Question) -> None:
        import linopy
        import xarray as xr

        self.xr: Any = xr
        self.q, self.layout, self.chain = question, question.layout, question.layout.chain
        self.m: Any = linopy.Model()
        self.branches = [each for each in question.problem.branches if each.known is None]
        self.at = {
            "branch": pd.RangeIndex(len(self.branches), name="branch"),
            "period": pd.RangeIndex(self.layout.periods.count, name="period"),
            "decision": pd.RangeIndex(len(question.problem.choice.cost), name="decision"),
        }
        self.days = float(self.layout.periods.days)

    def model(self) -> Any:  # noqa: ANN401 - a linopy.Model
        self._first_stage()
        self._columns()
        self._balances()
        self._needs()
        self._limits()
        self._objective()
        return self.m

    def _index(self, kind: str, name: str) -> pd.RangeIndex:
        return pd.RangeIndex(len(self.layout.columns.keys.get(kind, [])), name=name)

    def _first_stage(self) -> None:
        choice, m = self.q.problem.choice, self.m
        coords = [self.at["decision"]]
        whole = np.zeros(len(choice.cost), dtype=bool)
        whole[choice.whole] = True
        self.start = m.add_variables(
            choice.low, choice.high, coords=coords, name="start", integer=True
        )
        if not whole.all():  # payments and slack are no whole numbers: tie a free copy to them
            free = m.add_variables(choice.low, choice.high, coords=coords, name="part")
            tie = np.flatnonzero(whole)
            m.add_constraints((1 * self.start - free).isel(decision=tie), "=", 0, name="whole")
            self.start = free
        rows = choice.matrix.tocoo()
        for number in range(choice.matrix.shape[0]):
            mine = rows.row == number
            part = self.xr.DataArray(rows.data[mine], [("decision", rows.col[mine])])
            total = (part * self.start.sel(decision=rows.col[mine])).sum()
            if np.isfinite(choice.row_low[number]):
                m.add_constraints(total, ">=", choice.row_low[number], name=f"low{number}")
            if np.isfinite(choice.row_high[number]):
                m.add_constraints(total, "<=", choice.row_high[number], name=f"high{number}")

    def _columns(self) -> None:
        self.v: dict[str, Any] = {}
        for kind, keys in self.layout.columns.keys.items():
            if not keys:
                continue
            coords = [self.at["branch"], self._index(kind, kind), self.at["period"]]
            self.v[kind] = self.m.add_variables(lower=0, coords=coords, name=kind)

    def _sum_at_nodes(self, kind: str, values: Any, node: Sequence[tuple[int, ...]]) -> Any:  # noqa: ANN401
        """Add up columns of a kind at their nodes."""
        nodes = {key: number for number, key in enumerate(self.layout.nodes)}
        group = pd.Series([nodes[key] for key in node], index=self._index(kind, kind), name="node")
        return values.groupby(group).sum()

    def _balances(self) -> None:
        layout, m, days = self.layout, self.m, self.days
        keys = layout.columns.keys
        parts = []
        lags = [int(layout.lags[item]) for item, _ in keys["make"]]
        for lag in sorted(set(lags)):
            mine = [number for number, each in enumerate(lags) if each == lag]
            made = (days * self.v["make"]).isel(make=mine)
            parts.append(self._grouped(_shifted(made, lag), "make", mine))
        for kind, sign in (("recycle", 1), ("in", 1), ("out", -1)):
            if keys.get(kind):
                parts.append(self._sum_at_nodes(kind, sign * days * self.v[kind], keys[kind]))
        if keys.get("ship"):
            ship = self.v["ship"]
            parts.append(self._sum_at_nodes("ship", -days * ship, [k[:2] for k in keys["ship"]]))
            into = [(item, other) for item, _, other in keys["ship"]]
            parts.append(self._sum_at_nodes("ship", days * ship, into))
        hold = self.v["hold"]
        parts.append(self._sum_at_nodes("hold", _shifted(1 * hold, 1) - hold, keys["hold"]))
        where = list(
            zip(self.chain.market_item.tolist(), self.chain.market_bloc.tolist(), strict=True)
        )
        parts.append(self._sum_at_nodes("short", days * self.v["short"], where))
        parts += self._used()
        nodes = range(len(layout.nodes))
        whole = [each.reindex(node=nodes).fillna(0) for each in parts]
        total = whole[0]
        for each in whole[1:]:
            total = total + each
        m.add_constraints(total, ">=", self._bound("balance", "node"), name="balance")
        if keys.get("in"):
            item = {"out": [k[0] for k in keys["out"]], "in": [k[0] for k in keys["in"]]}
            flows: list[Any] = [
                (sign * self.v[kind])
                .groupby(pd.Series(item[kind], index=self._index(kind, kind), name="item"))
                .sum()
                for kind, sign in (("out", 1), ("in", -1))
            ]
            items = sorted(set(item["in"]))
            sent, taken = (each.reindex(item=items).fillna(0) for each in flows)
            m.add_constraints(sent + taken, ">=", 0, name="pool")

    def _grouped(self, values: Any, kind: str, mine: list[int]) -> Any:  # noqa: ANN401 - linopy
        nodes = {key: number for number, key in enumerate(self.layout.nodes)}
        keys = self.layout.columns.keys[kind]
        index = pd.Index(mine, name=kind)
        group = pd.Series([nodes[keys[number]] for number in mine], index=index, name="node")
        return values.groupby(group).sum()

    def _used(self) -> list[Any]:
        """Give what is used of each input, negative, at its node."""
        uses, columns = self.layout.uses, self.layout.columns
        makes = {key: number for number, key in enumerate(columns.keys["make"])}
        nodes = {key: number for number, key in enumerate(self.layout.nodes)}
        plain = [
            number
            for number in range(len(uses.input))
            if self.layout.needed[uses.user[number]]
            and not self.layout.explicit[number]
            and (int(uses.user[number]), int(uses.bloc[number])) in makes
        ]
        out = []
        if plain:
            user = [makes[int(uses.user[n]), int(uses.bloc[n])] for n in plain]
            made = _picked(self.v["make"], "make", user, "edge")
            binds = self.layout.periods.starts[None, :] < uses.substitute_days[plain][:, None]
            factor = self.xr.DataArray(
                -self.days * uses.recipe[plain][:, None] * binds,
                coords={"edge": range(len(plain)), "period": self.at["period"]},
                dims=("edge", "period"),
            )
            node = [nodes[int(uses.input[n]), int(uses.bloc[n])] for n in plain]
            group = pd.Series(node, index=pd.RangeIndex(len(node), name="edge"), name="node")
            out.append((factor * made).groupby(group).sum())
        if columns.keys["use"]:
            where = [
                (int(uses.input[number]), int(uses.bloc[number]))
                for (number,) in columns.keys["use"]
            ]
            out.append(self._sum_at_nodes("use", -self.days * self.v["use"], where))
        return out

    def _needs(self) -> None:
        uses, columns = self.layout.uses, self.layout.columns
        numbers = [number for (number,) in columns.keys["use"]]
        if not numbers:
            return
        makes = {key: number for number, key in enumerate(columns.keys["make"])}
        user = [makes[int(uses.user[n]), int(uses.bloc[n])] for n in numbers]
        made = _picked(self.v["make"], "make", user, "use")
        binds = self.layout.periods.starts[None, :] < uses.substitute_days[numbers][:, None]
        slope = (uses.recipe[numbers] / uses.stops[numbers])[:, None] * binds
        coords = {"use": self._index("use", "use"), "period": self.at["period"]}
        factor = self.xr.DataArray(slope, coords=coords, dims=("use", "period"))
        need = 1 * self.v["use"] - factor * made
        self.m.add_constraints(need, ">=", self._bound("need", "use"), name="need")

    def _limits(self) -> None:
        for kind in ("make", "recycle", "out", "in", "ship", "short"):
            if kind not in self.v:
                continue
            columns = self.layout.columns.all(kind)
            high = np.stack([branch.high[columns] for branch in self.branches])
            shape = (len(self.branches), -1, self.layout.periods.count)
            limit = self.xr.DataArray(high.reshape(shape), dims=("branch", kind, "period"))
            effect = self._effect([branch.high_effect for branch in self.branches], columns, kind)
            total = 1 * self.v[kind] if effect is None else self.v[kind] - effect
            finite = np.isfinite(limit)
            self.m.add_constraints(
                total, "<=", limit.where(finite, 0.0), name=f"most {kind}", mask=finite
            )
        if "ship" in self.v:
            self._own()
        if "slack" in self.v:
            market = [number for (number,) in self.layout.columns.keys["slack"]]
            short = _picked(self.v["short"], "short", market, "slack")
            self.m.add_constraints(
                1 * self.v["slack"] - short, ">=", self._bound("floor", "slack"), name="floor"
            )

    def _own(self) -> None:
        """Let a bloc ship no more than it makes."""
        keys = self.layout.columns.keys
        makes = {key: number for number, key in enumerate(keys["make"])}
        for number, key in enumerate(self.layout.rows.keys["own"]):
            mine = [n for n, each in enumerate(keys["ship"]) if each[:2] == key]
            sent = (1 * self.v["ship"]).isel(ship=mine).sum("ship")
            made = (1 * self.v["make"]).isel(make=makes[key], drop=True)
            made = _shifted(made, int(self.layout.lags[key[0]]))
            rows = self.layout.rows.of("own", key)
            low = np.stack([branch.row_low[rows] for branch in self.branches])
            bound = self.xr.DataArray(low, dims=("branch", "period"))
            self.m.add_constraints(made - sent, ">=", bound, name=f"own{number}")

    def _bound(self, kind: str, dim: str) -> Any:  # noqa: ANN401 - an expression in the decisions
        """Give the lower bound of rows of a kind, moved by the decisions."""
        rows = self.layout.rows.all(kind)
        low = np.stack([branch.row_low[rows] for branch in self.branches])
        shape = (len(self.branches), -1, self.layout.periods.count)
        fixed = self.xr.DataArray(low.reshape(shape), dims=("branch", dim, "period"))
        effect = self._effect([branch.row_effect for branch in self.branches], rows, dim)
        return fixed if effect is None else effect + fixed

    def _effect(self, effects: list[Any], rows: Numbers, dim: str) -> Any:  # noqa: ANN401
        """Give what the decisions add to bounds, (branch, dim, period); None where nothing."""
        used = np.unique(np.concatenate([each[rows].nonzero()[1] for each in effects]))
        if not used.size:
            return None
        dense = np.stack([each[rows][:, used].toarray() for each in effects])
        shape = (len(effects), -1, self.layout.periods.count, len(used))
        factor = self.xr.DataArray(
            dense.reshape(shape),
            dims=("branch", dim, "period", "decision"),
            coords={"decision": used},
        )
        return (factor * self.start.sel(decision=used)).sum("decision")

    def _objective(self) -> None:
        problem, m = self.q.problem, self.m
        risk = problem.risk
        weight = np.array([branch.probability for branch in self.branches])
        chance = self.xr.DataArray(weight, [("branch", self.at["branch"])])
        value = self.xr.DataArray(self.chain.value * self.days, dims="short")
        loss = (value * self.v["short"]).sum(["short", "period"])
        if "slack" in self.v:
            penalty = SLACK_COST * float((self.chain.value * self.days).max(initial=1.0))
            loss = loss + penalty * self.v["slack"].sum(["slack", "period"])
        var = m.add_variables(lower=0.0, name="value_at_risk")
        excess = m.add_variables(lower=0, coords=[self.at["branch"]], name="excess")
        m.add_constraints(loss - var - excess, "<=", 0, name="tail")
        cost = self.xr.DataArray(problem.choice.cost, [("decision", self.at["decision"])])
        total = (cost * self.start).sum() + (1 - risk.weight) * (chance * loss).sum("branch")
        total = total + risk.weight * var
        total = total + risk.weight / (1 - risk.level) * (chance * excess).sum("branch")
        m.add_objective(total)


def _picked(variable: Any, dim: str, numbers: list[int], name: str) -> Any:  # noqa: ANN401
    """Give chosen columns, some more than once, along a new dimension."""
    chosen = (1 * variable).isel({dim: numbers}).rename({dim: name})
    return chosen.assign_coords({name: pd.RangeIndex(len(numbers), name=name)})


def _shifted(values: Any, lag: int) -> Any:  # noqa: ANN401 - an expression of linopy
    """Give what was some periods before; nothing before the first."""
    return values.shift(period=lag).fillna(0) if lag else values


def size_of(question: Question) -> tuple[int, int]:
    """Give the columns and rows that the extensive form would have."""
    count = sum(branch.known is None for branch in question.problem.branches)
    branch: Branch = question.problem.branches[0]
    rows = len(branch.row_low)
    return count * len(branch.high), count * rows
