"""A bound that no p-median plan can pass, from what groups would pay to go somewhere.

It relaxes "everyone goes somewhere": each group offers v_i, a site is worth what the offers exceed its minutes by, and
the p sites worth most are open::

    L(v) = sum_i v_i - max { sum_j x_j s_j : sum_j x_j <= p },  s_j = sum_i max(v_i - w_i d_ij, 0)

Only pairs below the offer count, so each group keeps its nearest sites in order and the rest of the matrix is never
looked at again. The best offers are sought by the volume algorithm, as in `xsgeo.siting.lagrange`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xsgeo.siting.problem import TOLERANCE, Floats, Sites
from xsgeo.siting.watch import Watch

_AT_ONCE = 50_000_000  # prices looked at, at most, before the watch is asked again


@dataclass(frozen=True, eq=False)
class MedianDual:
    """Offers, the bound they prove, how much the averaged plan opens of each site, and what changes would cost."""

    bound: float
    offer: Floats
    share: Floats
    closing: Floats
    opening: Floats


def median_dual(
    cost: Floats, sites: Sites, target: float, first: Floats, watch: Watch, *, steps: int = 2000
) -> MedianDual:
    """Look for the offers with the greatest bound, by the volume algorithm (see `xsgeo.siting.lagrange`).

    Parameters
    ----------
    cost
        Demand rows by sites.
    sites
        Number of sites, and which are fixed.
    target
        Value of the best plan known.
    first
        Offers to begin with.
    watch
        Says when to stop.
    steps
        How many to make at most.
    """
    from xsgeo.siting import kernels, median_kernels

    n_rows, n_sites = cost.shape
    room = min(int(sites.n_sites or 0), n_sites)
    depth = min(n_sites, max(40, 5 * n_sites // max(room, 1)))
    near = np.argpartition(cost, depth - 1, axis=1)[:, :depth]
    order = np.argsort(np.take_along_axis(cost, near, axis=1), axis=1, kind="stable")
    near = np.take_along_axis(near, order, axis=1)
    prices = np.take_along_axis(cost, near, axis=1)
    most = prices[:, -1].copy() if depth < n_sites else np.full(n_rows, np.inf)
    free, lower = room - int(sites.lower.sum()), sites.lower
    places = np.asarray(near, dtype=np.int32)
    best, worth = np.minimum(first, most), np.empty(n_sites)
    share, mean, state = np.empty(n_sites), np.empty(n_rows), np.zeros(kernels.DONE + 1)
    state[kernels.BOUND] = median_kernels.ask(places, prices, lower, free, best, worth, share, mean)
    state[kernels.STRIDE] = 0.5
    n_steps = max(10, min(100, _AT_ONCE // max(prices.size, 1)))
    while state[kernels.STEP] < steps and not state[kernels.DONE] and not watch.is_over:
        watch.tell("bound", target, float(state[kernels.BOUND]))
        median_kernels.ascend(
            places, prices, most, lower, free, target, TOLERANCE * target * 0.1, n_steps, state, best, mean, share
        )  # fmt: skip
    bound = median_kernels.ask(places, prices, lower, free, best, worth, np.empty(n_sites), np.empty(n_rows))
    return _priced(float(bound), best, share, worth, sites=sites, free=free)


def _priced(bound: float, offer: Floats, share: Floats, worth: Floats, *, sites: Sites, free: int) -> MedianDual:
    loose = np.sort(worth[~sites.lower])[::-1]
    inside = float(loose[free - 1]) if 0 < free <= len(loose) else (np.inf if free <= 0 else 0.0)
    outside = float(loose[free]) if 0 <= free < len(loose) else 0.0
    opening, closing = np.maximum(inside - worth, 0.0), np.maximum(worth - outside, 0.0)
    opening[sites.lower] = closing[sites.lower] = 0.0
    return MedianDual(bound, offer, share, closing, opening)
