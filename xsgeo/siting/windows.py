"""A bound below that of the relaxed program: what every plan must pay for holes and overlaps in one place or another.

Where sites lie close together the relaxed program covers a village seamlessly with fractions of sites, as no plan of
whole sites can: discs leave holes or overlap. Branching does not help, for there are thousands of seamless ways. But
the charges u_i of the Lagrangian bound L (`xsgeo.siting.lagrange`) say what a plan X loses against that bound. With
t_i the number of its sites that cover row i::

    covered(X) <= L - sum_{i: t_i = 0} (w_i - u_i) - sum_{i: t_i > 1} (t_i - 1) u_i - sum_{j in X} v_j

Each row left out is a hole, each row covered again an overlap, and a site that the bound would not open is too dear by
v_j; all of these are 0 or more. (Add up w_i over the covered rows, charge u_i for each time a row is covered: what the
chosen sites are paid is at most what the best sites are paid, less v_j for each that is not among them.)

So the rows are dealt into windows, each some two or three sites wide. A site that reaches into several windows stands
in each of them by itself, its v_j shared out among them. The least that any choice of sites pays in window r, C_r, is
found by itself, and as the parts add up, no plan covers more than L - sum_r C_r. This is Lagrangian decomposition
(Guignard and Kim 1987) with the copies of a site held together by the prices v_j, u_i alone, which costs no further
search for multipliers. It holds whatever else limits a plan: number, budget, quotas and floors only take plans away.

The windows begin small, and then two neighbours at a time are made one: a pair pays at least what both pay alone, and
often much more, but the search in it takes longer. Each search first asks for little (does every choice pay this
much?), then for more, so that whatever has been shown when time ends counts. It is exact arithmetic: prices are rounded
down to whole numbers of a small unit.

References
----------
Guignard, M. and Kim, S. (1987). Lagrangean decomposition: a model yielding stronger Lagrangean bounds. Mathematical
Programming 39, 215-228.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from xsgeo.siting.lagrange import Dual
from xsgeo.siting.problem import Flags, Floats, Places, Whole
from xsgeo.siting.swap import covered_rows
from xsgeo.siting.watch import Watch

UNIT = 1 / 65_536
"""Workers; prices are rounded down to so many."""

_WIDTH = 1.5  # sites of the averaged plan in a window at first
_MOST_SITES = 800  # in a window, and of the averaged plan's sites by which windows are laid out
_AT_ONCE = 1_000  # plans looked at before the watch is asked again, some tenths of a second
_FIRST = 16_000  # plans looked at for a window in the first round; four times as many in each round after it
_WARM_UP = 1_000  # plans that a search of any pair may be expected to take
_LAST = 10**9  # and in the last
_GROWTH = 0.4  # a search asks for so much more than is proven; at first in a pair for an eighth of it
_SHARE = 1e-3  # of a site in the averaged plan, from which on it counts


@dataclass(frozen=True, eq=False)
class Prices:
    """What a plan loses against the Lagrangian bound, in units.

    Attributes
    ----------
    cover
        Sites by demand rows, 1 where covered.
    hole, twice
        Of each row: what it costs to leave it out, and to cover it once more.
    dear
        Of each site: what it costs to open it.
    """

    cover: csr_array
    hole: Whole
    twice: Whole
    dear: Whole

    @cached_property
    def shared(self) -> Whole:
        """Sites by sites: what it costs to cover again what both cover."""
        from xsgeo.siting import kernels, window_kernels

        return window_kernels.overlaps(kernels.arrays(self.cover.T.tocsr()), self.twice, self.cover.shape[0])


def prices_of(cover: csr_array, weight: Whole, dual: Dual, fixed: Places) -> Prices:
    """The prices that charges name; rows that fixed sites cover have none.

    Examples
    --------
    >>> dual = Dual(3.0, np.array([1.0, 0.5]), np.ones(1), np.zeros(1), np.zeros(1))
    >>> prices = prices_of(csr_array(np.array([[1, 1]])), np.array([2, 1]), dual, np.empty(0, dtype=np.intp))
    >>> (prices.hole * UNIT).tolist(), (prices.twice * UNIT).tolist()
    ([1.0, 0.5], [1.0, 0.5])
    """
    is_open = covered_rows(cover, fixed) > 0
    charge = np.clip(dual.charge, 0.0, weight)
    hole, twice = (np.where(is_open, 0.0, price) for price in (weight - charge, charge))
    dear = np.minimum(dual.opening, 1e9)
    return Prices(cover, *(np.floor(price / UNIT).astype(np.int64) for price in (hole, twice, dear)))


def laid_out(prices: Prices, share: Floats, n_windows: int) -> Places:
    """The window of each row, -1 for a row that the averaged plan's sites do not cover.

    Two of these sites are as far apart as the part of their rows that they do not share, summed along the shortest way
    from one to the other. Sites in the middle of windows are spread out first and then moved to the middle of the sites
    nearest to them (k-medoids); a row belongs where its sites are nearest on average.
    """
    keep = np.sort(np.argsort(-share, kind="stable")[:_MOST_SITES])
    keep = keep[share[keep] > _SHARE]
    if not len(keep):
        return np.full(prices.cover.shape[1], -1, dtype=np.intp)
    cover = csr_array(prices.cover[keep].astype(np.float64))
    apart = _apart(cover, (prices.hole + prices.twice).astype(np.float64))
    middle = [int(np.argmax(share[keep]))]
    while len(middle) < min(n_windows, len(keep)):
        middle.append(int(np.argmax(apart[middle].min(axis=0))))
    for _ in range(20):
        nearest = np.argmin(apart[middle], axis=0)
        groups = [np.flatnonzero(nearest == k) for k in range(len(middle))]
        moved = [int(g[np.argmin(apart[np.ix_(g, g)] ** 2 @ share[keep][g])]) for g in groups if len(g)]
        if moved == middle:
            break
        middle = moved
    times = np.asarray(cover.sum(axis=0)).ravel()
    near = (cover.T @ apart[middle].T) / np.maximum(times, 1)[:, None]
    return np.where(times > 0, np.argmin(near, axis=1), -1)


def _apart(cover: csr_array, weight: Floats) -> Floats:
    """How far sites are from one another: 0 to 1 where they share rows, farther along a chain of such."""
    shared = ((cover * weight[None, :]).tocsr() @ cover.T).toarray()
    size = np.maximum(np.minimum.outer(np.diag(shared), np.diag(shared)), 1e-9)
    ways = np.where(shared > 0, np.maximum(1 - shared / size, 1e-6), 0.0)
    found = np.asarray(shortest_path(csr_array(ways), directed=False))
    return np.where(np.isfinite(found), found, 2.0 * len(found))


class Search:
    """The question whether every choice of sites pays `limit` in one window.

    Parameters
    ----------
    prices
        Of the window's rows and sites.
    limit
        In units.
    """

    def __init__(self, prices: Prices, limit: int) -> None:
        from xsgeo.siting import kernels, window_kernels

        keep = np.flatnonzero(prices.dear < limit)
        cover = prices.cover[keep]
        by_row = cover.T.tocsr()
        n_sites, n_rows = cover.shape
        self.lines, self.by_row = kernels.arrays(cover), kernels.arrays(by_row)
        self.prices = prices.hole, prices.twice, np.ascontiguousarray(prices.shared[np.ix_(keep, keep)])
        self.owned = window_kernels.bits(self.by_row, n_sites)
        depth, n_words = n_sites + 2, self.owned.shape[1]
        levels = np.zeros((depth, window_kernels.ROWS + 1), dtype=np.int64)
        rows, free = np.zeros((depth, n_rows), dtype=np.int32), np.zeros((depth, n_words), dtype=np.uint64)
        extra = np.zeros((depth, n_sites), dtype=np.int64)
        levels[0, window_kernels.NEXT], levels[0, window_kernels.ROWS] = -1, n_rows
        rows[0], extra[0] = np.arange(n_rows), prices.dear[keep]
        if n_rows:
            free[0] = np.bitwise_or.reduce(self.owned, axis=0)
        self.stacks = np.zeros((n_sites + 1) ** 2, dtype=np.int32), levels, rows, free, extra
        self.state = np.zeros(window_kernels.RANDOM + 1, dtype=np.int64)
        self.state[window_kernels.LIMIT], self.state[window_kernels.RANDOM] = limit, 1

    def run(self, n_nodes: int) -> bool:
        """Go on for some nodes and say whether the search is done."""
        from xsgeo.siting import window_kernels

        window_kernels.search(self.lines, self.by_row, self.prices, self.owned, self.stacks, self.state, n_nodes)
        return bool(self.state[window_kernels.DEPTH] < 0)

    @property
    def n_nodes(self) -> int:
        """Plans looked at so far."""
        from xsgeo.siting import window_kernels

        return int(self.state[window_kernels.NODES])

    @property
    def limit(self) -> int:
        """When done: what every choice pays at least."""
        from xsgeo.siting import window_kernels

        return int(self.state[window_kernels.LIMIT])


@dataclass(eq=False)
class Window:
    """Some rows and the sites that cover them; how much every choice of sites is known to pay there.

    Attributes
    ----------
    rows, sites
        Their places in the question.
    prices
        Of these rows and sites alone.
    proven, is_exact
        What every choice pays at least, in units, and whether some choice pays no more.
    growth
        How much more than is proven is asked for next, as a share of it.
    n_nodes, under_way, asked
        Plans looked at so far, the search that is not done, and what it asks for.
    """

    rows: Places
    sites: Places
    prices: Prices
    proven: int = 0
    is_exact: bool = False
    growth: float = _GROWTH
    n_nodes: int = 0
    under_way: Search | None = field(default=None, repr=False)
    asked: int = 0

    def work(self, watch: Watch, n_nodes: int, *, least: int) -> None:
        """Ask for more and more, until some choice pays less than asked for or so many plans were looked at."""
        until = self.n_nodes + n_nodes
        while not self.is_exact and self.n_nodes < until and not watch.is_over:
            if self.under_way is None:
                self.asked = self.proven + max(int(self.proven * self.growth), least, 1)
                self.growth = min(2 * self.growth, _GROWTH)
                self.under_way = Search(self.prices, self.asked)
            before = self.under_way.n_nodes
            is_done = self.under_way.run(_AT_ONCE)
            self.n_nodes += self.under_way.n_nodes - before
            if is_done:
                self.proven = max(self.proven, self.under_way.limit)
                self.is_exact = self.under_way.limit < self.asked
                self.under_way = None


class Windows:
    """The windows of a question, and what they show together.

    Parameters
    ----------
    cover, weight
        Sites by demand rows, and the weight of each row.
    dual
        Charges of the question.
    fixed
        Sites that are open in every plan.
    objective
        Worth of the best plan known.
    n_open
        How many sites a plan opens.
    """

    def __init__(
        self, cover: csr_array, weight: Whole, dual: Dual, fixed: Places, *, objective: int, n_open: int
    ) -> None:
        self.prices = prices_of(cover, weight, dual, fixed)
        self.dual, self.objective = dual, objective
        # Half a per cent of what one site covers is asked for first.
        self.least = max(int(0.005 * objective / max(n_open, 1) / UNIT), 1)
        n_windows = int(np.ceil(dual.share.sum() / _WIDTH))
        row_of = laid_out(self.prices, dual.share, n_windows)
        self.heavy = np.asarray(cover[:, row_of >= 0] @ weight[row_of >= 0], dtype=np.float64)
        self.weight = weight
        windows = [self._window(np.flatnonzero(row_of == at)) for at in range(n_windows)]
        self.windows = [window for window in windows if len(window.sites)]
        self.n_nodes = _FIRST
        self.kept: list[Window] = []  # or else a new window could get the id of one that is gone
        self.pairs: dict[tuple[int, int], Window] = {}
        self.ties: dict[tuple[int, int], float] = {}

    def _window(self, rows: Places) -> Window:
        """One window; sites too dear to be opened in any better plan are left out."""
        may = np.flatnonzero(self.dual.opening <= self.dual.bound - self.objective)
        cover = self.prices.cover[may][:, rows]
        at = np.flatnonzero(np.diff(cover.indptr))
        cover, sites = cover[at], may[at]
        part = np.asarray(cover @ self.weight[rows]) / np.maximum(self.heavy[sites], 1.0)
        dear = np.floor(self.prices.dear[sites] * np.minimum(part, 1.0) * (1 - 1e-12)).astype(np.int64)
        return Window(rows, sites, Prices(cover, self.prices.hole[rows], self.prices.twice[rows], dear))

    @property
    def paid(self) -> float:
        """What every plan better than the one known pays, in workers."""
        return sum(window.proven for window in self.windows) * UNIT

    @property
    def bound(self) -> float:
        """No plan covers more."""
        return max(self.dual.bound - self.paid, float(self.objective))

    @property
    def is_done(self) -> bool:
        """Whether the plan known is proven the best."""
        return self.bound < self.objective + 1 - 1e-6

    def run(self, watch: Watch, until_s: float) -> None:
        """Search the windows and make neighbours one, in rounds that look at more and more plans; may be run on.

        Parameters
        ----------
        watch
            Says when to stop and hears of the progress.
        until_s
            Second of the watch at which to stop.
        """
        while not self._is_over(watch, until_s) and self.n_nodes <= _LAST:
            for window in self.windows:
                if self._is_over(watch, until_s):
                    return
                window.work(watch, self.n_nodes, least=self.least)
                watch.tell("windows", float(self.objective), self.bound)
            tried: set[tuple[int, int]] = set()
            while not self._is_over(watch, until_s) and (pair := self._next_pair(tried)):
                tried.add((id(pair[0]), id(pair[1])))
                self._join(*pair, watch)
                watch.tell("windows", float(self.objective), self.bound)
            if not self._is_over(watch, until_s):
                self.n_nodes *= 4

    def _is_over(self, watch: Watch, until_s: float) -> bool:
        return watch.is_over or watch.seconds >= until_s or self.is_done

    def _next_pair(self, tried: set[tuple[int, int]]) -> tuple[Window, Window] | None:
        """The neighbours that share most for the time that their searches took; None when all were tried."""
        best, most = None, 0.0
        for at, one in enumerate(self.windows):
            for other in self.windows[:at]:
                key = id(one), id(other)
                if key in tried or len(one.sites) + len(other.sites) > 2 * _MOST_SITES:
                    continue
                if key not in self.ties:
                    self.ties[key] = self._tie(one, other)
                promise = self.ties[key] / (_WARM_UP + one.n_nodes + other.n_nodes)
                if promise > most:
                    best, most = (one, other), promise
        return best

    def _tie(self, one: Window, other: Window) -> float:
        """How much of the averaged plan reaches into both windows."""
        _, first, second = np.intersect1d(one.sites, other.sites, return_indices=True)
        paid = [w.prices.cover[at] @ w.prices.twice for w, at in ((one, first), (other, second))]
        return float(self.dual.share[one.sites[first]] @ np.minimum(*paid)) * UNIT

    def _join(self, one: Window, other: Window, watch: Watch) -> None:
        """Make two windows one if more can be shown of it than of both; what was begun is kept for the next round."""
        key = id(one), id(other)
        known = one.proven + other.proven
        joined = self.pairs.get(key)
        if joined is None:
            joined = self.pairs[key] = self._window(np.union1d(one.rows, other.rows))
            joined.growth = _GROWTH / 8
        joined.proven = max(joined.proven, known)
        joined.work(watch, self.n_nodes, least=self.least // 8)
        if joined.proven > known:
            gone = {id(one), id(other)}
            self.windows = [window for window in self.windows if id(window) not in gone] + [joined]
            self.kept += [one, other]
            self.pairs = {key: pair for key, pair in self.pairs.items() if not gone & set(key)}


def closed_by(windows: Windows) -> Flags:
    """Sites that no better plan opens: what it would pay elsewhere, and for the site, is more than there is to lose."""
    within = np.zeros(len(windows.dual.opening))
    for window in windows.windows:
        within[window.sites] += window.proven * UNIT
    to_lose = windows.dual.bound - (windows.objective + 1 - 1e-6)
    elsewhere = windows.paid - within
    return np.asarray(elsewhere + np.maximum(windows.dual.opening, 0.0) > to_lose + 1e-3)
