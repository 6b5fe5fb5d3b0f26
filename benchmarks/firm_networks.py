"""Economic systemic risk of a made network of firms: time a firm, against the memory floor.

    python benchmarks/firm_networks.py [--firms 20000] [--links 200000] [--cases 400]

The network is like the published ones: heavy-tailed numbers of customers and suppliers (Pareto,
exponent 2.3 of the density), heavy-tailed values that grow with both sizes, 40 sectors of uneven
size, and for each pair of sectors essential, non-essential or irrelevant in the proportions of the
matrix that ships with the R peer (17, 12 and 71 percent of the pairs of NACE classes).
"""

import argparse
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

import narrows as nw

MIXES = {
    "pairs as in the R peer's matrix": (0.17, 0.12, 0.71),
    "half of the pairs essential": (0.5, 0.3, 0.2),
    "all essential": (1.0, 0.0, 0.0),
}
WORDS = ("essential", "non-essential", "irrelevant")


def made_network(firms=20_000, links=200_000, *, sectors=40, mix=(0.5, 0.3, 0.2), seed=1):
    """Give tables of links, firms and criticality of a made network."""
    rng = np.random.default_rng(seed)
    out_size, in_size = rng.pareto(1.3, firms) + 1, rng.pareto(1.3, firms) + 1
    in_size *= out_size**0.3  # large sellers buy from many, too
    out_size[rng.random(firms) < 0.2] = 0.0  # those who sell to final use only
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < links:
        seller = rng.choice(firms, links, p=out_size / out_size.sum())
        buyer = rng.choice(firms, links, p=in_size / in_size.sum())
        fresh = (seller * firms + buyer)[seller != buyer]
        pairs = np.unique(np.concatenate([pairs, fresh]))
    pairs = rng.permutation(pairs)[:links]
    seller, buyer = pairs // firms, pairs % firms
    value = rng.lognormal(0.0, 1.5, links) * np.sqrt(out_size[seller] * in_size[buyer])
    names = np.array([f"sector-{number:02d}" for number in range(sectors)])
    shares = 1 / np.arange(1, sectors + 1) ** 0.7
    ids = np.array([f"firm-{number:05d}" for number in range(firms)])
    sector = rng.choice(names, firms, p=shares / shares.sum())
    return (
        pd.DataFrame({"supplier": ids[seller], "buyer": ids[buyer], "value": value}),
        pd.DataFrame({"id": ids, "sector": sector}),
        pd.DataFrame(rng.choice(WORDS, (sectors, sectors), p=mix), index=names, columns=names),
    )
