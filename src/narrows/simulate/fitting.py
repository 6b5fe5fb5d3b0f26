"""Rules written for one network, on another that has fewer items."""

from dataclasses import replace
from fnmatch import fnmatchcase

from narrows.network import Network
from narrows.simulate.routes import ALL, names
from narrows.simulate.rules import Special
from narrows.simulate.scenario import Scenario

__all__ = ["fitted"]


def fitted(scenario: Scenario, net: Network) -> tuple[Scenario, tuple[str, ...]]:
    """Leave out the rules for some items that a network does not have.

    A scenario of a chain names items that a chain joined into a table has no more (`joined`
    carves out some only). Shocks are not touched: one that names what is not there is an error
    of the run.

    Parameters
    ----------
    scenario
        A scenario, of another network.
    net
        The network it is to run on.

    Returns
    -------
    scenario
        The same, with the rules that are about something here.
    left_out
        Items and inputs that rules name and the network has not.
    """
    kept, missing = [], []
    for special in scenario.rules.special:
        mine, gone = _of_network(special, net)
        missing += gone
        kept += [mine] if mine is not None else []
    rules = replace(scenario.rules, special=kept)
    return replace(scenario, rules=rules), tuple(dict.fromkeys(missing))


def _of_network(special: Special, net: Network) -> tuple[Special | None, list[str]]:
    """Give a rule with the items there are; None where none is left."""
    items, inputs = (
        [each for each in names(wanted) if each == ALL or _known(each, net)]
        for wanted in (special.items, special.inputs)
    )
    here = {*items, *inputs}
    missing = [x for x in (*names(special.items), *names(special.inputs)) if x not in here]
    if not items or not inputs:
        return None, missing
    return replace(special, items=items, inputs=inputs), missing


def _known(pattern: str, net: Network) -> bool:
    return any(fnmatchcase(item, pattern) for item in net.items)
