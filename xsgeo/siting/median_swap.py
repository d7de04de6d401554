"""Interchange for the p-median problem: one open site for a closed one, as long as somebody gets nearer by it.

The fast interchange of Resende and Werneck (2007): for every site what it would save, for every open site what closing
it would cost, and for every pair the correction, since the newcomer may make good what the closed one leaves. A swap
touches only the groups whose nearest or second nearest site changes, so the books are mended and never written anew.
From a summit it is shaken: one to three sites move somewhere at random, and it climbs again.

References
----------
Resende, M. and Werneck, R. (2007). A fast swap-based local search procedure for location problems. Annals of Operations
Research 150, 205-230.
"""

from __future__ import annotations

import numpy as np

from xsgeo.siting.problem import Floats, Places, Sites
from xsgeo.siting.watch import Watch


class MedianSwaps:
    """A fast interchange under way.

    Parameters
    ----------
    cost
        Demand rows by sites, finite.
    chosen
        Open sites at the beginning.

    Examples
    --------
    >>> swaps = MedianSwaps(np.array([[1.0, 5.0, 3.0], [9.0, 2.0, 4.0], [8.0, 3.0, 1.0]]), np.array([0]))
    >>> swaps.objective, swaps.climb(Watch(5.0)), swaps.open.tolist()
    (18.0, 8.0, [2])
    """

    def __init__(self, cost: Floats, chosen: Places) -> None:
        self.cost, self.open = np.ascontiguousarray(cost), np.array(chosen, dtype=np.int64)
        n_rows, n_sites = cost.shape
        self.far = float(cost.max(initial=0.0)) * 2 + 1
        self.first, self.second = np.zeros(n_rows), np.zeros(n_rows)
        self.slot, self.next = np.zeros(n_rows, dtype=np.int64), np.zeros(n_rows, dtype=np.int64)
        self.gain, self.loss = np.zeros(n_sites), np.zeros(len(chosen))
        self.extra = np.zeros((len(chosen), n_sites))
        every = np.arange(n_rows)
        self._rank(every)
        self._account(every, 1.0)

    @property
    def objective(self) -> float:
        """Sum over rows of the cost of the nearest open site."""
        return float(self.first.sum())

    def _rank(self, rows: Places) -> None:
        """Find the nearest and the second nearest open site."""
        from xsgeo.siting import median_kernels

        median_kernels.rank(self.cost, rows, self.open, self.far, self.first, self.second, self.slot, self.next)

    def _account(self, rows: Places, sign: float) -> None:
        """Add what rows say of gains, losses and corrections, or take it back."""
        from xsgeo.siting import median_kernels

        median_kernels.account(
            self.cost, rows, sign, self.first, self.second, self.slot, self.gain, self.loss, self.extra
        )  # fmt: skip

    def put(self, slot: int, at: int) -> None:
        """Open a site in the place of the one in a slot."""
        rows = np.flatnonzero((self.slot == slot) | (self.next == slot) | (self.cost[:, at] < self.second))
        self._account(rows, -1.0)
        self.open[slot] = at
        self._rank(rows)
        self._account(rows, 1.0)

    def climb(self, watch: Watch, *, kept: int = 0) -> float:
        """Swap as long as it gains; the first `kept` slots stay."""
        while len(self.open) > kept and not watch.is_over:
            better = self.gain[None, :] + self.extra[kept:] - self.loss[kept:, None]
            better[:, self.open] = -np.inf
            slot, at = divmod(int(np.argmax(better)), better.shape[1])
            before = self.objective
            if not better[slot, at] > 1e-9 * max(1.0, before):
                break
            self.put(slot + kept, at)
            if self.objective >= before:
                break
        return self.objective


def shaken_median(cost: Floats, chosen: Places, watch: Watch, *, rounds: int, kept: int = 0) -> Places:
    """Climb, shake and climb again; the best plan met.

    Parameters
    ----------
    cost
        Demand rows by sites, finite.
    chosen
        Where to begin; the first `kept` stay.
    watch
        Says when to stop.
    rounds
        How often to shake.
    kept
        How many of `chosen` are fixed.

    Examples
    --------
    >>> cost = np.array([[1.0, 5.0, 3.0], [9.0, 2.0, 4.0], [8.0, 3.0, 1.0]])
    >>> shaken_median(cost, np.array([0]), Watch(5.0), rounds=2).tolist()
    [2]
    """
    random = np.random.RandomState(0)
    swaps = MedianSwaps(cost, chosen)
    best, best_plan = swaps.climb(watch, kept=kept), swaps.open.copy()
    free = np.arange(kept, len(chosen))
    for _ in range(rounds if len(free) and cost.shape[1] > len(chosen) else 0):
        if watch.is_over:
            break
        for slot in random.choice(free, min(len(free), random.randint(1, 4)), replace=False):
            closed = np.setdiff1d(np.arange(cost.shape[1]), swaps.open)
            drawn = random.choice(closed, min(len(closed), 1 + len(closed) // 4), replace=False)
            swaps.put(int(slot), int(drawn[np.argmax((swaps.gain + swaps.extra[slot])[drawn])]))
        found = swaps.climb(watch, kept=kept)
        if found < best:
            best, best_plan = found, swaps.open.copy()
        elif found > best:
            for slot in np.flatnonzero(swaps.open != best_plan):
                swaps.put(int(slot), int(best_plan[slot]))
    return best_plan


def greedy_median(cost: Floats, sites: Sites, n_sites: int) -> Places:
    """Open sites one by one, each the one that saves most; the fixed ones first."""
    chosen = [int(at) for at in np.flatnonzero(sites.lower)]
    near = cost[:, chosen].min(axis=1) if chosen else np.full(len(cost), cost.max(initial=0.0))
    while len(chosen) < min(n_sites, cost.shape[1]):
        gain = np.maximum(near[:, None] - cost, 0.0).sum(axis=0) if chosen else -cost.sum(axis=0)
        gain[chosen] = -np.inf
        at = int(np.argmax(gain))
        chosen.append(at)
        near = np.minimum(near, cost[:, at])
    return np.array(chosen, dtype=np.intp)
