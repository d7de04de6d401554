"""Good plans fast: the greedy choice, interchange, and interchange again from shaken plans.

The interchange (Teitz and Bart 1968) takes out one open site and puts in one closed site, always the pair that gains
most, until none gains. What makes it fast is that all its figures are kept and only mended: for each closed site what
it would add, for each open site what only it covers, and for each pair how much of the loss the newcomer would make
good. A swap touches the rows of two sites; everything else stays as it is. Each step is then one look at a table of
p times n numbers. The loops are compiled (`xsgeo.siting.kernels`): some ten thousand shakes a second among a hundred
sites.

One climb ends in a local optimum, often a per cent or two below the best. So the plan is shaken (a few sites
replaced by ones drawn at random among those that add much) and climbed again; what is no worse is kept. The stream of
random numbers is frozen and its seed fixed: the same question gives the same plan.

References
----------
Teitz, M. and Bart, P. (1968). Heuristic methods for estimating the generalized vertex median of a weighted graph.
Operations Research 16, 955-961.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.problem import Flags, Places, Sites, Whole
from xsgeo.siting.watch import Watch

_AT_ONCE = 200  # shakes before the watch is asked again, some hundredths of a second


def joined(cover: csr_array, rows: Places) -> Places:
    """The entries of some rows of a sparse matrix, one after another.

    Examples
    --------
    >>> joined(csr_array(np.array([[1, 1, 0], [0, 0, 1]])), np.array([1, 0])).tolist()
    [2, 0, 1]
    """
    begin, size = cover.indptr[rows], cover.indptr[np.asarray(rows) + 1] - cover.indptr[rows]
    shift = np.repeat(begin - np.concatenate([[0], np.cumsum(size)[:-1]]), size) if len(size) else np.empty(0, int)
    return np.asarray(cover.indices[shift + np.arange(len(shift))], dtype=np.intp)


def covered_rows(cover: csr_array, chosen: Places) -> Whole:
    """How many of the chosen sites cover each demand row."""
    return np.bincount(joined(cover, np.asarray(chosen, dtype=np.intp)), minlength=cover.shape[1]).astype(np.int64)


def covered_weight(cover: csr_array, weight: Whole, chosen: Places) -> int:
    """Weight of the rows that the chosen sites cover together."""
    return int(weight[covered_rows(cover, chosen) > 0].sum())


def greedy(cover: csr_array, weight: Whole, sites: Sites, *, per_cost: bool = False) -> Places:
    """Choose sites one by one, each the one that adds most, or most for its cost, within number and budget.

    Parameters
    ----------
    cover, weight
        Sites by demand rows, and the weight of each row.
    sites
        Limits; quotas and excluded sets are not looked at.
    per_cost
        Divide what a site adds by its cost.
    """
    chosen = [int(at) for at in np.flatnonzero(sites.lower)]
    left = weight.copy()
    left[joined(cover, np.array(chosen, dtype=np.intp))] = 0
    may = sites.upper & ~sites.lower
    by_demand = cover.T.tocsr()
    gain = (cover @ left).astype(np.int64)
    money = np.inf if sites.budget is None else sites.budget - sites.cost[chosen].sum() + 1e-9
    most = len(sites) if sites.n_sites is None else sites.n_sites
    while len(chosen) < most:
        worth = np.where(may & (sites.cost <= money), gain, 0)
        if not worth.any():
            break
        at = int(np.argmax(worth / np.maximum(sites.cost, 1e-9) if per_cost else worth))
        chosen.append(at)
        may[at] = False
        money -= sites.cost[at]
        new = joined(cover, np.array([at]))
        new = new[left[new] > 0]
        size = np.diff(by_demand.indptr)[new]
        gain -= np.bincount(joined(by_demand, new), np.repeat(left[new], size), cover.shape[0]).astype(np.int64)
        left[new] = 0
    return np.array(chosen, dtype=np.intp)


class Swaps:
    """An interchange under way: the open sites and all that a swap would change.

    Parameters
    ----------
    cover, weight
        Sites by demand rows, and the weight of each row.
    chosen
        Open sites at the beginning.
    """

    def __init__(self, cover: csr_array, weight: Whole, chosen: Places) -> None:
        from xsgeo.siting import kernels

        n_sites, n_rows = cover.shape
        self.cover, self.by_demand = kernels.arrays(cover), kernels.arrays(cover.T.tocsr())
        self.weight = weight.astype(np.int64, copy=False)
        self.open = np.full(len(chosen), -1, dtype=np.int64)
        self.gain = (cover @ self.weight).astype(np.int64)
        self.saved = np.zeros((len(chosen), n_sites), dtype=np.int64)
        self.loss = np.zeros(len(chosen), dtype=np.int64)
        # How many open sites cover each row, and the sum of their numbers: where one does, it is that one.
        times, whose = np.zeros(n_rows, dtype=np.int32), np.zeros(n_rows, dtype=np.int32)
        self.books = (self.open, times, whose, self.gain, self.saved, self.loss)
        self.objective = 0
        for slot, at in enumerate(chosen):
            self.put(slot, int(at))

    def put(self, slot: int, at: int) -> None:
        """Open a site in the place of the one in a slot; -1 for none."""
        from xsgeo.siting import kernels

        self.objective += int(kernels.put(self.cover, self.by_demand, self.weight, self.books, slot, at))

    def climb(self, *, kept: int = 0) -> int:
        """Swap as long as it gains; the first `kept` slots stay. Returns the objective."""
        from xsgeo.siting import kernels

        self.objective += int(kernels.climb(self.cover, self.by_demand, self.weight, self.books, kept))
        return self.objective


def shaken_swaps(
    cover: csr_array, weight: Whole, chosen: Places, *, watch: Watch, rounds: int, kept: int = 0, elsewhere: int = 0,
    seed: int = 1, until_s: float = np.inf,
) -> Places:  # fmt: skip
    """Climb, shake and climb again; the best plan met.

    Most shakes replace open sites of one neighbourhood (sites that share demand, or share it with a third), for
    only there do sites take demand from one another. What is a little worse is kept too, ever less of it (simulated
    annealing), and the search ends when a third of the rounds have gone by without success.

    Parameters
    ----------
    cover, weight
        Sites by demand rows, and the weight of each row.
    chosen
        Where to begin; the first `kept` of them stay.
    watch
        Says when to stop.
    rounds
        How often to shake at most.
    kept
        How many of `chosen` are fixed.
    elsewhere
        Worth of what is not looked at here, for the news.
    seed
        Where the stream of random numbers begins.
    until_s
        Second of the watch at which to stop.
    """
    from xsgeo.siting import kernels

    swaps = Swaps(cover, weight, chosen)
    worth = swaps.climb(kept=kept)
    best = swaps.open.copy()
    if not rounds or len(chosen) <= kept:
        return best.astype(np.intp)
    near, held, state = _neighbours(cover), best.copy(), np.array([worth, worth, worth, 0, 0, seed], dtype=np.int64)
    while state[3] < rounds and 3 * state[4] <= rounds and not watch.is_over and watch.seconds < until_s:
        kernels.shake(
            swaps.cover, swaps.by_demand, swaps.weight, swaps.books, near, kept, rounds, _AT_ONCE, state, held, best
        )  # fmt: skip
        watch.tell("search", float(state[2] + elsewhere))
    return best.astype(np.intp)


def _neighbours(cover: csr_array) -> Flags:
    """Sites that share demand, or share it with a third."""
    flat = csr_array((np.ones(cover.nnz, dtype=np.float32), cover.indices, cover.indptr), shape=cover.shape)
    share = ((flat @ flat.T).toarray() > 0).astype(np.float32)
    return np.asarray(share @ share > 0)


def affordable(sites: Sites, order: Places) -> Places:
    """Open sites in the given order as long as number and budget allow; the fixed ones always."""
    chosen = [int(at) for at in np.flatnonzero(sites.lower)]
    money = np.inf if sites.budget is None else sites.budget - sites.cost[chosen].sum() + 1e-9
    most = len(sites) if sites.n_sites is None else sites.n_sites
    for at in order:
        if len(chosen) >= most:
            break
        if sites.upper[at] and not sites.lower[at] and sites.cost[at] <= money:
            chosen.append(int(at))
            money -= sites.cost[at]
    return np.array(chosen, dtype=np.intp)
