"""How unevenly usable hours are spread over workers, who has fewest, and which town makes it so.

A county at 83 % can be a county where one shift has nothing. Coverage alone cannot tell, so here the usable hours a
week of `xsgeo.access.coverage` are treated as economists treat incomes: a row is a group of workers, its weight their
number, and every measure is that of the *workers*, so that splitting a group in two changes nothing.

* `inequality`: measures of any weighted distribution, each with its source; it knows no workers;
* `parts`: the workers by town, cluster, shift, sex, age or island, and what part each has in the whole.

Frames in, frames out; nothing here knows files or roads.
"""

from __future__ import annotations

from xsgeo.equity.inequality import Floats, concentration, deprivation, fgt, gini, lorenz, palma, theil, theil_parts
from xsgeo.equity.parts import DIMENSIONS, UNSTATED, equity, strata, summary

__all__ = [
    "DIMENSIONS",
    "UNSTATED",
    "Floats",
    "concentration",
    "deprivation",
    "equity",
    "fgt",
    "gini",
    "lorenz",
    "palma",
    "strata",
    "summary",
    "theil",
    "theil_parts",
]
