"""Pictures of runs and ensembles, drawn with matplotlib, which is loaded when one is asked for."""

from narrows.simulate.plots.heat import losses_map
from narrows.simulate.plots.series import small_multiples

__all__ = ["losses_map", "small_multiples"]
