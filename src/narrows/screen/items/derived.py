"""Parameters that follow from others by the formula of the lists."""

from collections.abc import Mapping
from typing import Any

__all__ = ["RESOLUTION_FACTOR", "derive"]

RESOLUTION_FACTOR = 0.25
"""Factor of the minimum resolvable feature in the rules of 2023 on immersion scanners."""


def derive(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Add what follows from the facts; what was stated stays.

    - what leaves a place is exported, unless the act is named;
    - minimum resolvable feature = 0.25 x wavelength / numerical aperture;
    - total processing performance = rate (a multiply-accumulate counts as two) x bit length;
    - performance density = total processing performance / die area.

    References
    ----------
    15 CFR 774 suppl. 1, 3A090, technical notes 1 and 4; Japan's ministerial order of 23 May 2023.

    Examples
    --------
    >>> found = derive({"item.wavelength_nm": 193, "item.numerical_aperture": 1.35})
    >>> round(found["item.minimum_resolvable_feature_nm"], 1)
    35.7
    """
    out = dict(facts)
    if "route.from" in out:
        out.setdefault("act", "export")
    wave, aperture = out.get("item.wavelength_nm"), out.get("item.numerical_aperture")
    if wave is not None and aperture:
        out.setdefault("item.minimum_resolvable_feature_nm", RESOLUTION_FACTOR * wave / aperture)
    rate, bits = out.get("item.tops"), out.get("item.bit_length")
    if rate is not None and bits is not None:
        out.setdefault("item.tpp", rate * bits)
    performance, area = out.get("item.tpp"), out.get("item.die_area_mm2")
    if performance is not None and area:
        out.setdefault("item.performance_density", performance / area)
    return out
