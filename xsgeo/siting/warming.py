"""Compile what the large questions need, once, when the package is set up.

The compiled loops are only loaded when a question is large, and compiled when they are first needed on a machine, which
takes about a minute. Whoever sets up the package has that minute; a planner in the middle of a question has not.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.problem import Sites
from xsgeo.siting.reduce import is_worth_compiling, rows_by_kernel
from xsgeo.siting.watch import Watch


@cache
def warm_up() -> None:
    """Compile the loops of the siting models, or load what was compiled before.

    Examples
    --------
    >>> warm_up()
    """
    from xsgeo.siting import cover_kernels, kernels
    from xsgeo.siting.lagrange import covering_dual
    from xsgeo.siting.local_cuts import SIZES, local_cuts
    from xsgeo.siting.median import median_dual, shaken_median
    from xsgeo.siting.swap import shaken_swaps
    from xsgeo.siting.windows import Windows

    watch = Watch(600.0)
    cover = csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=np.int64))
    whole, weight, one = np.ones(3, dtype=np.int64), np.ones(3), np.ones(3)
    rows_by_kernel(cover.tocsc(), None, np.full(3, -1, dtype=np.int64))
    shaken_swaps(cover, whole, np.array([0], dtype=np.intp), watch=watch, rounds=1)
    lines, every = kernels.arrays(cover), np.ones(3, dtype=bool)
    by_row = cover_kernels.turned(lines, 3)
    cover_kernels.decisive(by_row, lines, every, every.copy())
    cover_kernels.beaten(lines, by_row, one, every, every, every.copy())
    cover_kernels.shrink(lines, one, every, every, every.copy(), every.copy())
    cover_kernels.greedy(lines, by_row, one, ~every, every.copy())
    cover_kernels.weighted_search(lines, by_row, one, ~every, every.copy(), 2, 0.0)
    local_cuts(cover.T.tocsr(), 0.5 * one, SIZES[0])
    way = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]])
    shaken_median(way, np.array([0], dtype=np.intp), watch, rounds=1)
    none = np.zeros(3, dtype=bool)
    sites = Sites(np.array(list("abc"), dtype=object), one, none, ~none, 1, None, (), ())
    median_dual(way, sites, 3.0, np.ones(2), watch, steps=2)
    charge = 0.5 * one
    dual = covering_dual(cover, weight, one, 1.0, is_number=True, target=0.0, charge=charge, watch=watch, steps=2)
    windows = Windows(cover, whole, dual, np.empty(0, dtype=np.intp), objective=0, n_open=1)
    windows.run(watch, np.inf)


def ready(n_entries: int) -> None:
    """Have the loops compiled before the clock of a large question starts.

    Parameters
    ----------
    n_entries
        Pairs of sites and groups in the question.
    """
    if is_worth_compiling(n_entries):
        warm_up()
