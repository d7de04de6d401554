"""A bound that no plan can pass, and the branching that brings it down to a proof.

In the covering model each demand row i asks that a site be open if it is to count. Take that demand back and charge
for it instead: u_i for counting the row, paid to every open site that covers it (Lagrangian relaxation; Galvao and
ReVelle 1996). What is left falls apart. A row counts if its weight exceeds its charge, and the best sites are simply
those that are paid most::

    L(u) = sum_i (w_i - u_i) + max { sum_j x_j s_j : sum_j c_j x_j <= B, 0 <= x_j <= 1 }, s_j = sum_{i covered by j} u_i

Every u between 0 and w gives a bound; the least one equals that of the relaxed program. It is looked for by the volume
algorithm (Barahona and Anbil 2000), which steps along an average of the answers met rather than along the last one.
Plain subgradients came to rest 0.2% above the optimum on the same cases, this comes to 0.02%, and it leaves behind a
fractional plan (the average) that shows which sites matter: usually a few dozen of thousands.

Prices prove more than a bound. If opening j, or leaving it out, takes the bound below the best plan known, j is decided
(reduced-cost fixing). What is still open is branched on: the site nearest to half in the average is opened in one
branch and closed in the other, each begins with the charges of its parent and needs some hundred cheap steps, and the
branch with the highest bound goes first, so that the bound falls steadily and may be stopped at any time.

References
----------
Galvao, R. and ReVelle, C. (1996). A Lagrangean heuristic for the maximal covering location problem. European Journal
of Operational Research 88, 114-123.
Barahona, F. and Anbil, R. (2000). The volume algorithm. Mathematical Programming 87, 385-399.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.problem import Flags, Floats, Places, Sites, Whole
from xsgeo.siting.swap import affordable, covered_rows, covered_weight
from xsgeo.siting.watch import Watch

_SLACK = 1e-6  # of a worker; sums of floats are exact to far less
_AT_ONCE = 20_000_000  # entries read before the watch is asked again, some hundredths of a second


@dataclass(frozen=True, eq=False)
class Dual:
    """Charges, the bound they prove, and what they say about sites.

    Attributes
    ----------
    bound
        No plan covers more.
    charge
        Of each demand row.
    share
        How much of each site the averaged plan opens.
    closing, opening
        What the bound loses at least if a site is left out, and if it is opened; 0 or more.
    """

    bound: float
    charge: Floats
    share: Floats
    closing: Floats
    opening: Floats


def covering_dual(
    cover: csr_array,
    weight: Floats,
    cost: Floats,
    capacity: float,
    *,
    is_number: bool,
    target: float,
    charge: Floats,
    watch: Watch,
    steps: int = 1500,
    stride: float = 0.5,
    patience: int = 20,
    least_progress: float = 0.0,
) -> Dual:
    """Look for the charges with the least bound.

    Parameters
    ----------
    cover
        Sites by demand rows, 1 where covered.
    weight
        Of each row.
    cost, capacity
        What each site takes of the capacity; when `is_number`, each takes one.
    is_number
        Whether the capacity is a number of sites.
    target
        Value of the best plan known; a bound below the next whole number ends the search.
    charge
        Where to begin.
    watch
        Says when to stop.
    steps, stride, patience, least_progress
        Most steps, the first stride, steps without success before the stride shrinks, and the share of the gap that
        fifty steps must gain.
    """
    from xsgeo.siting import kernels

    n_sites, n_rows = cover.shape
    best, paid, share, mean = np.clip(charge, 0.0, weight), np.empty(n_sites), np.empty(n_sites), np.empty(n_rows)
    matrix = kernels.arrays(cover)
    worth, _, _ = kernels.ask(*matrix, cost, capacity, is_number, best, paid, share, mean)
    state = np.zeros(kernels.DONE + 1)
    state[kernels.BOUND], state[kernels.STRIDE] = float(weight.sum() - best.sum() + worth), stride
    most = max(10, min(250, _AT_ONCE // max(cover.nnz, 1)))
    while state[kernels.STEP] < steps and not state[kernels.DONE] and not watch.is_over:
        before = state[kernels.BOUND]
        n_steps = min(50 if least_progress else most, steps - int(state[kernels.STEP]))
        kernels.ascend(
            *matrix, weight, cost, capacity, is_number, target, patience, n_steps, state, best, mean, share
        )  # fmt: skip
        if before - state[kernels.BOUND] < least_progress * (state[kernels.BOUND] - target):
            break
    # The bound was added up step by step; what is handed over is added up anew at the charges it belongs to.
    worth, price_in, price_out = kernels.ask(
        *matrix, cost, capacity, is_number, best, paid, np.empty(n_sites), np.empty(n_rows)
    )
    bound = float(weight.sum() - best.sum() + worth)
    closing, opening = np.maximum(paid - price_in * cost, 0.0), np.maximum(price_out * cost - paid, 0.0)
    return Dual(bound, best, share, closing, opening)


def first_charges(cover: csr_array, weight: Floats, chosen: Places) -> Floats:
    """Charges to begin with: the whole weight where the plan leaves a row out, half where one site alone covers it.

    Examples
    --------
    >>> cover = csr_array(np.array([[1, 1, 0], [0, 1, 1]]))
    >>> first_charges(cover, np.array([5.0, 3.0, 4.0]), np.array([0])).tolist()
    [2.5, 1.5, 4.0]
    """
    times = covered_rows(cover, chosen)
    return np.asarray(weight * np.select([times == 0, times == 1], [1.0, 0.5], 0.1))


def decided(dual: Dual, target: float) -> tuple[Flags, Flags]:
    """Sites that are closed, and that are open, in every plan worth more than `target`.

    Examples
    --------
    The plan known is worth 8 and the bound is 9.5: a site that takes the bound below 9 leads to nothing better.

    >>> dual = Dual(9.5, np.ones(3), np.ones(2), closing=np.array([2.0, 0.0]), opening=np.array([0.0, 0.6]))
    >>> [part.tolist() for part in decided(dual, 8.0)]
    [[False, True], [True, False]]
    """
    to_lose = dual.bound - (target + 1 - _SLACK)
    return dual.opening > to_lose, dual.closing > to_lose


@dataclass(frozen=True, eq=False)
class _Branch:
    """Sites still free, sites opened, and the charges of the parent."""

    free: Places
    opened: Places
    charge: Floats


class Branching:
    """Branch and bound on the sites of a covering question that one number limits.

    Parameters
    ----------
    cover, weight
        Sites by demand rows, and the weight of each row.
    sites
        Limits: a number of sites or a budget.
    chosen
        The best plan known.
    dual
        What is known at the root.
    watch
        Says when to stop and hears of the progress.
    """

    def __init__(
        self, cover: csr_array, weight: Whole, sites: Sites, chosen: Places, *, dual: Dual, watch: Watch
    ) -> None:
        self.cover, self.weight, self.sites, self.watch = cover, weight, sites, watch
        self.chosen, self.objective = chosen, covered_weight(cover, weight, chosen)
        self.is_number = sites.n_sites is not None
        self.capacity = float(sites.n_sites if sites.n_sites is not None else sites.budget or 0.0)
        self.cost = np.ones(len(sites)) if self.is_number else sites.cost
        root = _Branch(np.flatnonzero(sites.upper & ~sites.lower), np.flatnonzero(sites.lower), dual.charge)
        self.open: list[tuple[float, int, _Branch]] = [(-dual.bound, 0, root)]
        self.n_branches = 0

    @property
    def bound(self) -> float:
        """No plan covers more."""
        return max(float(self.objective), -self.open[0][0]) if self.open else float(self.objective)

    def run(self) -> None:
        """Branch until nothing is left to gain or time is over."""
        while self.open and self.bound >= self.objective + 1 - _SLACK and not self.watch.is_over:
            if self.n_branches % 20 == 0:
                self.watch.tell("branch", self.objective, self.bound)
            self.n_branches += 1
            bound, _, branch = self.open[0]
            children = self._split(branch, -bound)
            if children is None:
                break
            heapq.heappop(self.open)
            for least, child in children:
                heapq.heappush(self.open, (-least, 2 * self.n_branches + len(self.open), child))
        if self.open and self.bound < self.objective + 1 - _SLACK:
            self.open = []

    def _offer(self, chosen: Places) -> None:
        worth = covered_weight(self.cover, self.weight, chosen)
        if worth > self.objective and self.sites.allow(chosen):
            self.chosen, self.objective = chosen, worth

    def _split(self, branch: _Branch, known: float) -> list[tuple[float, _Branch]] | None:
        """The two halves of a branch that may still hold something better; None when time ended meanwhile."""
        left = self.capacity - float(self.cost[branch.opened].sum())
        if left < -1e-9:
            return []
        free = branch.free[self.cost[branch.free] <= left + 1e-9]
        times = covered_rows(self.cover, branch.opened)
        rows = np.flatnonzero(times == 0)
        held = int(self.weight[times > 0].sum())
        if float(self.cost[free].sum()) <= left + 1e-9:
            self._offer(np.concatenate([branch.opened, free]))
            return []
        dual = covering_dual(
            self.cover[free][:, rows],
            self.weight[rows].astype(np.float64),
            self.cost[free],
            left,
            is_number=self.is_number,
            target=float(self.objective - held),
            charge=branch.charge[rows],
            watch=self.watch,
            steps=200,
            stride=0.02,
            patience=10,
            least_progress=0.02,
        )
        if self.watch.is_over:
            return None
        self._round(branch, free[np.argsort(-dual.share, kind="stable")])
        bound = min(known, dual.bound + held)
        if bound < self.objective + 1 - _SLACK:
            return []
        closed, opened = decided(dual, float(self.objective - held))
        at = np.flatnonzero(~closed & ~opened)
        held_open = np.concatenate([branch.opened, free[opened]])
        charge = np.zeros(len(self.weight))
        charge[rows] = dual.charge
        if not len(at):
            self._offer(held_open)
            return []
        pick = int(np.argmin(np.abs(dual.share[at] - 0.5) - 1e-9 * dual.closing[at]))
        rest = np.delete(free[at], pick)
        with_it = np.concatenate([held_open, free[at][[pick]]])
        return [(bound, _Branch(rest, with_it, charge)), (bound, _Branch(rest, held_open, charge))]

    def _round(self, branch: _Branch, order: Places) -> None:
        """Try the plan that the averaged one suggests."""
        spent, chosen = float(self.cost[branch.opened].sum()), [int(at) for at in branch.opened]
        for at in order:
            if spent + self.cost[at] <= self.capacity + 1e-9:
                spent += float(self.cost[at])
                chosen.append(int(at))
        self._offer(np.array(chosen, dtype=np.intp))


def rounded(sites: Sites, dual: Dual) -> Places:
    """The plan that the averaged one suggests, within number and budget."""
    return affordable(sites, np.argsort(-dual.share, kind="stable"))
