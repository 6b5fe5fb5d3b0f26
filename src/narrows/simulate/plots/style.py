"""How pictures look: the colours of the product, one hue and one accent, and quiet axes."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ACCENT", "BAND", "INK", "LINE", "MUTED", "PAPER", "RULE", "SHADES", "WASH"]
__all__ += ["figure", "ink_on", "quiet", "signed"]

INK, MUTED, RULE, WASH, PAPER = "#1d2630", "#5b6570", "#c9d0d6", "#f4f6f8", "#ffffff"
ACCENT, LINE, BAND = "#a8401c", "#173f67", "#a9c6de"
SHADES = ("#f1f5f9", "#d5e2ee", "#a9c6de", "#6f9dc3", "#386a97", "#173f67")
_FIRST_DARK = 4


def figure(width: float, height: float) -> "Figure":
    """Make an empty picture, in inches, that needs no screen."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), facecolor=PAPER)
    FigureCanvasAgg(made)
    return made


def quiet(axes: "Axes") -> None:
    """Leave only what carries a number."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
    axes.tick_params(colors=MUTED, labelsize=8, length=0)
    axes.grid(visible=True, axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)


def signed(made: "Figure", title: str, under: str, source: str) -> None:
    """Put title, a line of what is shown, and where it comes from, around a picture."""
    height = made.get_figheight()
    text: dict[str, Any] = {"ha": "left", "va": "top"}
    made.text(0.02, 1 - 0.10 / height, title, size=12, weight="bold", color=INK, **text)
    made.text(0.02, 1 - 0.36 / height, under, size=9, color=MUTED, **text)
    made.text(0.02, 0.08 / height, source, size=7.5, color=MUTED, ha="left", va="bottom")


def ink_on(shade: int) -> str:
    """Give the colour of text that reads well on a shade."""
    return PAPER if shade >= _FIRST_DARK else INK
