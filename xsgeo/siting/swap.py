"""Good plans fast: the greedy choice, interchange, and interchange again from shaken plans.

The interchange (Teitz and Bart 1968) takes out one open site and puts in one closed site, always the pair that gains
most, until none gains. What makes it fast is that all its figures are kept and only mended: for each closed site what
it would add, for each open site what only it covers, and for each pair how much of the loss the newcomer would make
good. A swap touches the rows of two sites; everything else stays as it is. Each step is then one look at a table of
p times n numbers.

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
        self.cover, self.weight = cover, weight
        self.by_demand = cover.T.tocsr()
        self.n_by_demand = np.diff(self.by_demand.indptr)
        n_sites, n_rows = cover.shape
        self.open = np.full(len(chosen), -1, dtype=np.intp)
        self.times = np.zeros(n_rows, dtype=np.int64)
        # Sum of the numbers of the open sites that cover a row: where one does, it is that one.
        self.whose = np.zeros(n_rows, dtype=np.int64)
        self.gain = (cover @ weight).astype(np.int64)
        self.saved = np.zeros((len(chosen), n_sites), dtype=np.int64)
        self.loss = np.zeros(len(chosen), dtype=np.int64)
        self.objective = 0
        for slot, at in enumerate(chosen):
            self.insert(slot, int(at))

    def _add(self, figures: Whole, rows: Places, sign: int) -> int:
        """Add the weight of rows to the figures of the sites that cover them."""
        worth = self.weight[rows]
        sums = np.bincount(joined(self.by_demand, rows), np.repeat(worth, self.n_by_demand[rows]), len(figures))
        figures += sign * sums.astype(np.int64)
        return int(worth.sum())

    def insert(self, slot: int, at: int) -> None:
        """Open a site in an empty slot."""
        rows = joined(self.cover, np.array([at]))
        new, shared = rows[self.times[rows] == 0], rows[self.times[rows] == 1]
        self._add(self.gain, new, -1)
        added = self._add(self.saved[slot], new, 1)
        self.loss[slot] += added
        self.objective += added
        self._share(shared, -1)
        self.times[rows] += 1
        self.whose[rows] += slot
        self.open[slot] = at

    def remove(self, slot: int) -> None:
        """Close the site of a slot."""
        rows = joined(self.cover, self.open[[slot]])
        alone, shared = rows[self.times[rows] == 1], rows[self.times[rows] == 2]
        self._add(self.gain, alone, 1)
        lost = self._add(self.saved[slot], alone, -1)
        self.loss[slot] -= lost
        self.objective -= lost
        self.times[rows] -= 1
        self.whose[rows] -= slot
        self._share(shared, 1)
        self.open[slot] = -1

    def _share(self, rows: Places, sign: int) -> None:
        """Rows that become, or cease to be, the business of one open site alone."""
        whose = self.whose[rows]
        for slot in np.unique(whose):
            self.loss[slot] += sign * self._add(self.saved[slot], rows[whose == slot], sign)

    def climb(self, *, kept: int = 0) -> int:
        """Swap as long as it gains; the first `kept` slots stay. Returns the objective."""
        while self.cover.shape[0] and len(self.open) > kept:
            better = self.saved[kept:] + self.gain[None, :] - self.loss[kept:, None]
            slot, at = divmod(int(np.argmax(better)), better.shape[1])
            if better[slot, at] <= 0:
                break
            self.remove(slot + kept)
            self.insert(slot + kept, at)
        return self.objective

    def move_to(self, chosen: Places) -> None:
        """Go back to another plan with as many sites."""
        slots = [slot for slot in range(len(chosen)) if self.open[slot] != chosen[slot]]
        for slot in slots:
            self.remove(slot)
        for slot in slots:
            self.insert(slot, int(chosen[slot]))


def shaken_swaps(
    cover: csr_array, weight: Whole, chosen: Places, *, watch: Watch, rounds: int, kept: int = 0
) -> Places:
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
    """
    random = np.random.RandomState(0)
    swaps = Swaps(cover, weight, chosen)
    best = held = swaps.climb(kept=kept)
    best_plan = held_plan = swaps.open.copy()
    near = _neighbours(cover) if rounds and len(chosen) > kept else np.empty((0, 0), dtype=bool)
    since = 0
    for turn in range(rounds if len(chosen) > kept else 0):
        if watch.is_over or since > rounds / 3:
            break
        slots = kept + np.arange(len(chosen) - kept)
        if random.rand() < 0.8:
            slots = slots[near[random.randint(len(near))][swaps.open[slots]]]
        for slot in random.permutation(slots)[: random.randint(1, 6)]:
            swaps.remove(int(slot))
            swaps.insert(int(slot), int(np.argmax(np.where(random.rand(len(near)) < 0.5, swaps.gain, -1))))
        found, since = swaps.climb(kept=kept), since + 1
        if found > best:
            best, best_plan, since = found, swaps.open.copy(), 0
        if found >= held - 0.001 * best * (1 - turn / rounds) * random.rand():
            held, held_plan = found, swaps.open.copy()
        else:
            swaps.move_to(held_plan)
    return best_plan


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
