"""Whether a pack is whole: names that exist, no circles, a test for every rule."""

from collections.abc import Iterator, Mapping

from narrows.screen.items.entries import covers
from narrows.screen.rules.conditions import All, Any_, Entry, Holds, Not, atoms
from narrows.screen.rules.deciding import decide
from narrows.screen.rules.leaves import Column, Condition, Fires
from narrows.screen.rules.packs import Effect, Pack, PackTest
from narrows.screen.rules.yaml_nodes import Nodes, nearest
from narrows.terms import BadInput, Fault

__all__ = ["check_names", "no_cycles", "run_tests"]

_REQUIRE = (Effect.LICENCE, Effect.PROHIBIT)


def check_names(pack: Pack, nodes: Nodes) -> None:
    """Note every rule, entry, condition, column or reason that does not exist."""
    seen: set[str] = set()
    for rule in pack.rules:
        if rule.id in seen:
            nodes.fault(rule.line, "id", f"{rule.id!r} twice", "each identifier once")
        seen.add(rule.id)
        if rule.effect in _REQUIRE and not rule.reason:
            nodes.fault(rule.line, "reason", f"nothing in {rule.id}", "what the licence is for")
        if rule.effect is Effect.EXCEPTION and not rule.lifts:
            nodes.fault(rule.line, "lifts", f"nothing in {rule.id}", "the reasons it lifts")
    if not any(rule.effect is Effect.SUBJECT for rule in pack.rules):
        nodes.fault(1, "rules", "no rule with effect subject", "a rule on whom the pack reaches")
    reasons = sorted({rule.reason for rule in pack.rules if rule.reason})
    for rule in pack.rules:
        for reason in sorted(rule.lifts - set(reasons)):
            nodes.fault(rule.line, "lifts", repr(reason), nearest(reason, reasons))
        _check_leaves(pack, nodes, rule.when, rule.line)
    for condition in pack.conditions.values():
        _check_leaves(pack, nodes, condition, 1)
    _check_tests(pack, nodes)


def _check_leaves(pack: Pack, nodes: Nodes, condition: Condition, line: int) -> None:
    rules = [rule.id for rule in pack.rules]
    entries = [entry.id for entry in pack.controls.entries]
    for leaf in atoms(condition):
        if isinstance(leaf, Fires) and leaf.rule not in rules:
            nodes.fault(line, "fires", repr(leaf.rule), nearest(leaf.rule, rules))
        if isinstance(leaf, Holds) and leaf.name not in pack.conditions:
            nodes.fault(line, "holds", repr(leaf.name), nearest(leaf.name, list(pack.conditions)))
        if isinstance(leaf, Column) and leaf.name not in pack.chart_columns:
            expected = nearest(leaf.name, sorted(pack.chart_columns) or ["a chart"])
            nodes.fault(line, "column", repr(leaf.name), expected)
        if isinstance(leaf, Entry):
            for each in leaf.ids:
                if not any(covers(each, entry) for entry in entries):
                    nodes.fault(line, "entry", repr(each), nearest(each, entries))


def _check_tests(pack: Pack, nodes: Nodes) -> None:
    rules = {rule.id for rule in pack.rules}
    for test in pack.tests:
        for name in sorted({*test.fires, *test.quiet} - rules):
            nodes.fault(test.line, "tests", repr(name), nearest(name, sorted(rules)))
    for rule in pack.rules:
        for word in ("fires", "quiet"):
            if not any(rule.id in getattr(test, word) for test in pack.tests):
                found = f"no test with {rule.id} under {word!r}"
                nodes.fault(
                    rule.line, "tests", found, "one that fires it, one that leaves it quiet"
                )


def no_cycles(pack: Pack, nodes: Nodes) -> None:
    """Note rules and named conditions that wait for each other."""
    waits: dict[str, list[str]] = {rule.id: list(_waits(rule.when)) for rule in pack.rules}
    waits |= {f"={name}": list(_waits(each)) for name, each in pack.conditions.items()}
    lines = {rule.id: rule.line for rule in pack.rules}
    circle = _circle(waits)
    if circle:
        line = next((lines[each] for each in circle if each in lines), 1)
        shown = " -> ".join(each.removeprefix("=") for each in circle)
        nodes.fault(line, "fires", f"a circle: {shown}", "rules that do not wait for each other")


def _waits(condition: Condition) -> Iterator[str]:
    if isinstance(condition, All | Any_):
        for part in condition.parts:
            yield from _waits(part)
    elif isinstance(condition, Not):
        yield from _waits(condition.part)
    elif isinstance(condition, Fires):
        yield condition.rule
    elif isinstance(condition, Holds):
        yield f"={condition.name}"


def _circle(waits: Mapping[str, list[str]]) -> list[str]:
    """Give a circle of names, the first one repeated at the end; empty where there is none."""
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for each in waits.get(name, []):
            if found := walk(each, [*way, name]):
                return found
        done.add(name)
        return []

    return next((found for name in waits if (found := walk(name, []))), [])


def run_tests(pack: Pack) -> int:
    """Run the tests that a pack carries; give how many.

    Raises
    ------
    BadInput
        With every test that does not come out as the pack says.
    """
    faults = [fault for test in pack.tests for fault in _failures(pack, test)]
    if faults:
        raise BadInput(faults)
    return len(pack.tests)


def _failures(pack: Pack, test: PackTest) -> Iterator[Fault]:
    found = decide(pack, test.facts, test.on, as_written=test.as_written)
    if test.outcome and found.required != test.outcome:
        yield Fault(pack.file, test.line, test.name, found.required, test.outcome)
    fires = {step.rule.id: step.fires for step in found.steps}
    for name in test.fires:
        if fires.get(name) is not True:
            yield Fault(pack.file, test.line, test.name, f"{name} {fires.get(name)}", "it to fire")
    for name in test.quiet:
        if fires.get(name, False) is not False:
            yield Fault(pack.file, test.line, test.name, f"{name} {fires[name]}", "it to be quiet")
