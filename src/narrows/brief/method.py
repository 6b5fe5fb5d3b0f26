"""The methods in a few lines, formulas in words."""

from narrows.brief.facts import Facts
from narrows.brief.tree import Bullets, Name, Runs, Section, Strong, Text

__all__ = ["method"]


def method(facts: Facts) -> Section:
    """Give the lines on method, with the settings of the case and of the run."""
    info = facts.case.info
    settings = facts.results.settings
    drawn: Runs = (
        Strong("Draws. "),
        Text("Every figure with a range is drawn anew "),
        Name(str(settings.get("draws", 0))),
        Text(" times (seed "),
        Name(str(settings.get("seed", 0))),
        Text("); a rank “holds” in the part of the draws that give the same "),
        Text("rank; in brackets its 10 and 90 percent points. Draws move numbers, not structure."),
    )
    points: tuple[Runs, ...] = (
        (
            Strong("HHI "),
            Text("is the sum of the squared shares, from near 0 (very many makers) to 1 (one); "),
            Text("one divided by it is the number of equal makers. Where makers are unnamed, the "),
            Text("bounds take them as very many or as one. Items are ranked by the lower bound."),
        ),
        (
            Strong("Nothing re-routed. "),
            Text("A maker makes no more than the scarcest input allows; an input stops only its "),
            Text("stopping fraction of the output. From normal output on, this is applied down "),
            Text("the chain until nothing moves. Inputs with a substitute, and those whose stock "),
            Text("lasts longer than the window, do not bind. Inputs combine as "),
            Name(info.combine),
            Text(". " + info.combine_why),
        ),
        (
            Strong("Best re-routed. "),
            Text("What is left, with spare capacity, is shared out as well as possible. For one "),
            Text("end use all others give way to it; for all together the most value is kept."),
        ),
        (
            Strong("Days of stock "),
            Text(
                "on the way are the shortest sum of stocks along the chain of reasons, at normal "
            ),
            Text("use. They are not a time to survive."),
        ),
        (
            Strong("Reliance and leverage "),
            Text("are the parts of what one side uses of an item that come from the other side."),
        ),
        drawn,
        (
            Strong("Years. "),
            Text(
                "A period without a figure takes the nearest one, the earlier on a tie. Forecasts "
            ),
            Text("and plans are not used, and figures of different publishers are never added."),
        ),
    )
    return Section("method", "Method in a few lines", (Bullets(points),))
