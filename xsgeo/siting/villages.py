"""Better plans village by village.

Interchange over a whole country looks among a few hundred sites, or it would be slow: each step reads a table of open
sites by sites. In a village only the village's own open sites count. The table is then small, more of the sites near by
can be let in, and a plan that no swap over the country betters is bettered here.

Villages are found by the sites that the averaged plan of the Lagrangian bound opens (`xsgeo.siting.lagrange`): those
that share demand, or share it with a third, and so on, are one village. Every other site belongs to the village with
whose sites it shares most.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from xsgeo.siting.lagrange import Dual
from xsgeo.siting.problem import Places, Sites, Whole
from xsgeo.siting.swap import covered_rows, covered_weight, shaken_swaps
from xsgeo.siting.watch import Watch

_MANY = 800  # sites of a village among which swaps look
_ROUNDS = 3_000  # shakes of a village


def villages(cover: csr_array, weight: Whole, dual: Dual, chosen: Places) -> Places:
    """Number of the village of each site; -1 for a site that shares no demand with any.

    Parameters
    ----------
    cover, weight
        Sites by demand rows, and the weight of each row.
    dual
        With the averaged plan.
    chosen
        Sites that count as the averaged plan's too.

    Examples
    --------
    >>> cover = csr_array(np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]]))
    >>> dual = Dual(4.0, np.ones(4), np.array([0.5, 0.0, 1.0, 0.5]), np.zeros(4), np.zeros(4))
    >>> villages(cover, np.ones(4, dtype=np.int64), dual, np.array([2])).tolist()
    [0, 0, 1, 1]
    """
    counts = dual.share > 1e-3
    counts[chosen] = True
    own = cover[np.flatnonzero(counts)]
    n, label = connected_components(own @ own.T, directed=False)
    which = csr_array((np.ones(len(label)), (label, np.arange(len(label)))), shape=(n, len(label)))
    is_near = ((which @ own) > 0).astype(np.float64) * weight[None, :]
    shared = (cover @ is_near.T.tocsr()).toarray()
    return np.where(shared.any(axis=1), np.argmax(shared, axis=1), -1)


def shaken_villages(
    cover: csr_array, weight: Whole, sites: Sites, chosen: Places, *, dual: Dual, watch: Watch
) -> Places:
    """Shake and climb in each village, the sites open elsewhere staying as they are; the best plan met.

    Parameters
    ----------
    cover, weight, sites
        The question; a plan is only changed where one number of sites is the only limit.
    chosen
        Where to begin.
    dual
        With the averaged plan and the prices of sites.
    watch
        Says when to stop.
    """
    if not sites.is_plain or sites.n_sites is None:
        return chosen
    label = villages(cover, weight, dual, chosen)
    for village in range(int(label.max(initial=-1)) + 1):
        mine = chosen[label[chosen] == village]
        if not len(mine) or watch.is_over:
            continue
        others = np.setdiff1d(chosen, mine)
        order = np.argsort(np.where(label == village, dual.opening, np.inf), kind="stable")[:_MANY]
        few = np.union1d(order[np.isfinite(dual.opening[order]) & (label[order] == village)], mine)
        free = np.flatnonzero(covered_rows(cover, others) == 0)
        part = cover[few][:, free]
        kept = mine[sites.lower[mine]]
        start = np.searchsorted(few, np.concatenate([kept, np.setdiff1d(mine, kept)]))
        elsewhere = int(weight.sum() - weight[free].sum())
        best = shaken_swaps(part, weight[free], start, watch=watch, rounds=_ROUNDS, kept=len(kept), elsewhere=elsewhere)
        found = few[best]
        plan = np.sort(np.concatenate([others, found]))
        if covered_weight(cover, weight, plan) > covered_weight(cover, weight, chosen):
            chosen = plan
    return chosen
