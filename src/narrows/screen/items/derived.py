"""Parameters that follow from others by the formula of the lists."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

__all__ = ["derive", "formula_figures"]


@cache
def formula_figures() -> dict[str, float]:
    """Give the figures of the formulas by name, as ``formulas.yaml`` holds them with citations.

    Examples
    --------
    >>> formula_figures()["resolution_factor"]
    0.25
    """
    text = files("narrows.screen.items").joinpath("formulas.yaml").read_text("utf-8")
    return {name: row["value"] for name, row in yaml.safe_load(text).items()}


def derive(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Add what follows from the facts; what was stated stays.

    - what leaves a place is exported, unless the act is named;
    - minimum resolvable feature = 0.25 x wavelength / numerical aperture;
    - total processing performance = rate (a multiply-accumulate counts as two) x bit length;
    - performance density = total processing performance / die area;
    - a facility at 16 nm or below, with non-planar transistors, 128 layers of NAND or more, or
      18 nm half-pitch of DRAM or below, makes advanced-node chips.

    References
    ----------
    15 CFR 774 suppl. 1, 3A090, technical notes 1 and 4; Japan's ministerial order of
    23 May 2023; 15 CFR 744.23(a)(2)(iii) of October 2022 (the later definition of DRAM was not
    read).

    Examples
    --------
    >>> found = derive({"item.wavelength_nm": 193, "item.numerical_aperture": 1.35})
    >>> round(found["item.minimum_resolvable_feature_nm"], 1)
    35.7
    """
    out = dict(facts)
    if "route.from" in out:
        out.setdefault("act", "export")
    factor = formula_figures()["resolution_factor"]
    wave, aperture = out.get("item.wavelength_nm"), out.get("item.numerical_aperture")
    if wave is not None and aperture:
        out.setdefault("item.minimum_resolvable_feature_nm", factor * wave / aperture)
    rate, bits = out.get("item.tops"), out.get("item.bit_length")
    if rate is not None and bits is not None:
        out.setdefault("item.tpp", rate * bits)
    performance, area = out.get("item.tpp"), out.get("item.die_area_mm2")
    if performance is not None and area:
        out.setdefault("item.performance_density", performance / area)
    advanced = _advanced_node(out)
    if advanced is not None:
        out.setdefault("end_use.advanced_fab", advanced)
    return out


def _advanced_node(facts: Mapping[str, Any]) -> bool | None:
    """Tell whether a facility makes advanced-node chips, by the bounds of October 2022.

    One bound that is met settles it; it is no advanced facility only where all four are known.
    """
    bound = formula_figures()
    tests = (
        ("facility.logic_node_nm", lambda node: node <= bound["advanced_logic_node"]),
        ("facility.non_planar", bool),
        ("facility.nand_layers", lambda layers: layers >= bound["advanced_nand_layers"]),
        ("facility.dram_half_pitch_nm", lambda pitch: pitch <= bound["advanced_dram_half_pitch"]),
    )
    met = [test(facts[name]) if name in facts else None for name, test in tests]
    if any(met):
        return True
    return None if None in met else False
