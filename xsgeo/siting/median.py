"""The p-median problem (Hakimi 1964): p sites, the least sum of everybody's minutes.

::

    minimise    sum_ij w_i d_ij y_ij
    subject to  sum_j y_ij = 1,   y_ij <= x_j,   sum_j x_j <= p,   x_j in {0, 1},   y_ij >= 0

The order of work is that of `xsgeo.siting.maximal`: a plan by interchange (`xsgeo.siting.median_swap`), a bound by
what groups offer (`xsgeo.siting.median_dual`), prices that decide sites, and an exact program for what is left. A pair
dearer than its group's offer by more than the gap cannot occur in a better plan, which is why the last program is
small. A small table goes to HiGHS at once; the loops of a large one are compiled (`xsgeo.siting.median_kernels`).

Real-valued minutes: an answer is called optimal when bound and objective agree to one part in a million.

References
----------
Hakimi, S. (1964). Optimum locations of switching centers and the absolute centers and medians of a graph. Operations
Research 12, 450-459.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.siting.explain import cheapest_breach, elastic_sites
from xsgeo.siting.frames import costs_matrix, named, nearest_open, no_plan, told
from xsgeo.siting.median_dual import MedianDual, median_dual
from xsgeo.siting.median_swap import greedy_median, shaken_median
from xsgeo.siting.problem import TOLERANCE, Flags, Floats, Limits, Places, Sites, Siting, Status, lacking, meets
from xsgeo.siting.program import Program, site_columns
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch

__all__ = ["MedianCase", "best_median", "median_dual", "p_median", "shaken_median"]

_SMALL = 3_000  # pairs; below this HiGHS alone is done before a bound is worth its trouble
_PAIRS = 400_000  # pairs up to which the last program is worth a solver's time


def p_median(
    weights: pd.Series,
    ways: pd.DataFrame,
    limits: Limits,
    *,
    time_limit_s: float = 20.0,
    progress: Callable[[Progress], object] | None = None,
) -> Siting:
    """Choose sites so that all workers together have the fewest minutes to go: the p-median problem.

    Parameters
    ----------
    weights
        Workers of each group, numbers of 0 or more, on ids of groups.
    ways
        Columns ``group_id``, ``site_id`` and ``minutes``; a pair that is missing cannot be used.
    limits
        Number of sites, budget, fixed and forbidden sites, quotas. Floors are not read.
    time_limit_s, progress
        As in `xsgeo.siting.maximal_covering`.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in worker minutes. ``infeasible`` if some group can go nowhere (``uncovered``) or
        the limits leave too few sites.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> ways = pd.DataFrame({"group_id": list("aabb"), "site_id": list("LRLR"), "minutes": [1.0, 5.0, 9.0, 2.0]})
    >>> p_median(pd.Series({"a": 10, "b": 3}), ways, Limits(n_sites=1))
    <Siting: 1 sites, objective 37, bound 37, gap 0.00%, optimal, highs>
    """
    ready(len(ways))
    watch = Watch(time_limit_s, progress)
    minutes, sites, order = costs_matrix(weights.index, ways, limits)
    weight = _weight(weights)[order]
    rows, may = np.flatnonzero(weight > 0), np.flatnonzero(sites.upper)
    with watch.listening():
        cost = minutes[np.ix_(rows, may)]
        lost = rows[~np.isfinite(cost).any(axis=1)]
        if len(lost):
            lacks = lacking([("uncovered", weights.index[order[at]], float(weight[at]), "workers") for at in lost])
            return no_plan(weights.index, "infeasible", "min", watch, lacks=lacks)
        case = MedianCase(cost, weight[rows], sites.only(may))
        chosen, bound, method, is_infeasible = best_median(case, watch)
        if is_infeasible:
            return no_plan(weights.index, "infeasible", "min", watch, lacks=_too_tight(case, watch))
    nowhere = np.full(len(weights), -1, dtype=np.intp)
    if chosen is None:
        goes = told(weights.index, order, sites, nowhere)
        return Siting((), goes, np.nan, max(bound, 0.0), watch.ending, "min", watch.seconds, method)
    value = case.total(chosen)
    bound = min(max(bound, 0.0), value)
    status: Status = "optimal" if meets(value, bound, is_whole=False) else watch.ending
    opened = may[np.sort(chosen)]
    goes = told(weights.index, order, sites, nearest_open(minutes, opened))
    return Siting(named(sites, opened), goes, value, bound, status, "min", watch.seconds, method)


def _weight(weights: pd.Series) -> Floats:
    if not weights.index.is_unique:
        msg = f"`weights` repeats the id {weights.index[weights.index.duplicated()][0]!r}"
        raise PlanError(msg)
    numbers: Floats = weights.to_numpy(np.float64, na_value=np.nan)
    bad = ~(np.isfinite(numbers) & (numbers >= 0))
    if bad.any():
        at = int(np.argmax(bad))
        msg = f"`weights` of {weights.index[at]!r} must be a number of 0 or more, got {weights.iloc[at]}"
        raise PlanError(msg)
    return numbers


@dataclass(frozen=True, eq=False)
class MedianCase:
    """One median question in arrays.

    Attributes
    ----------
    minutes
        Demand rows by sites, infinite where there is no way.
    weight
        Of each row, above 0.
    sites
        Limits.
    """

    minutes: Floats
    weight: Floats
    sites: Sites

    @property
    def cost(self) -> Floats:
        """Weighted minutes of each pair."""
        return np.asarray(self.minutes * self.weight[:, None])

    def total(self, chosen: Places) -> float:
        """Weighted minutes when everyone goes to the nearest chosen site."""
        if not len(chosen):
            return np.inf if len(self.weight) else 0.0
        return float(self.weight @ self.minutes[:, chosen].min(axis=1))

    @property
    def has_plain_number(self) -> bool:
        """Whether a number of sites is the only limit."""
        return self.sites.is_plain and self.sites.n_sites is not None


def best_median(case: MedianCase, watch: Watch) -> tuple[Places | None, float, str, bool]:
    """The best plan found or None, a bound, what had the last word, and whether there is no plan."""
    cost = case.cost
    is_small = cost.size < _SMALL
    if (
        is_small
        or not case.has_plain_number
        or case.sites.lower.sum() > (case.sites.n_sites or 0)
        or case.sites.n_sites == 0
    ):
        return _exact(case, cost, np.isfinite(cost), None, sites=case.sites, bound=-np.inf, watch=watch)
    tall = _finite(cost)
    watch.tell("search")
    start = greedy_median(tall, case.sites, int(case.sites.n_sites or 0))
    kept = int(case.sites.lower.sum())
    # Where the table is large the shaking waits for the bound, which says on which few sites to do it.
    rounds = 60 if tall.size < 300_000 else 0
    chosen = shaken_median(tall, start, watch, rounds=rounds, kept=kept)
    value = float(tall[:, chosen].min(axis=1).sum())
    two = np.partition(tall[:, chosen], min(1, len(chosen) - 1), axis=1)
    first = two[:, :2].mean(axis=1)
    dual = median_dual(tall, case.sites, value, first, watch)
    few = np.union1d(np.flatnonzero(dual.share > 1e-3), chosen)
    if len(few) > len(chosen) and value - dual.bound > TOLERANCE * value:
        ordered = np.concatenate(
            [np.flatnonzero(case.sites.lower), np.setdiff1d(chosen, np.flatnonzero(case.sites.lower))]
        )
        again = few[shaken_median(tall[:, few], np.searchsorted(few, ordered), watch, rounds=150, kept=kept)]
        if tall[:, again].min(axis=1).sum() < value:
            chosen, value = again, float(tall[:, again].min(axis=1).sum())
    is_real = np.isfinite(case.total(chosen))
    if is_real and meets(value, dual.bound, is_whole=False):
        return chosen, dual.bound, "lagrange", False
    return _finish(case, cost, dual, chosen if is_real else None, value=value, watch=watch)


def _finite(cost: Floats) -> Floats:
    """Costs with missing ways so dear that no plan uses one unless it must."""
    is_there = np.isfinite(cost)
    if is_there.all():
        return cost
    dear = float(np.where(is_there, cost, 0.0).max(axis=1).sum()) + 1.0
    return np.where(is_there, cost, dear)


def _finish(
    case: MedianCase, cost: Floats, dual: MedianDual, chosen: Places | None, *, value: float, watch: Watch
) -> tuple[Places | None, float, str, bool]:
    """Leave out what no better plan contains, and ask HiGHS about the rest."""
    sites, pairs, bound = case.sites, np.isfinite(cost), -np.inf
    if chosen is not None:
        gap, bound = value - dual.bound + 1e-9 * value, dual.bound
        closed, opened = dual.opening > gap, dual.closing > gap
        pairs &= (cost <= dual.offer[:, None] + gap) & ~closed[None, :]
        pairs[np.arange(len(cost)), chosen[np.argmin(cost[:, chosen], axis=1)]] = True
        upper, lower = sites.upper & ~closed, sites.lower | opened
        upper[chosen] = True
        sites = Sites(sites.ids, sites.cost, lower, upper, sites.n_sites, sites.budget, sites.quotas, sites.excluded)
        if (lower & ~np.isin(np.arange(len(lower)), chosen)).any():
            sites = Sites(sites.ids, sites.cost, case.sites.lower, upper, sites.n_sites, None, (), ())
        if pairs.sum() > _PAIRS or watch.is_over:
            return chosen, bound, "lagrange", False
    return _exact(case, cost, pairs, chosen, sites=sites, bound=bound, watch=watch)


def _exact(
    case: MedianCase, cost: Floats, pairs: Flags, chosen: Places | None, *, sites: Sites, bound: float, watch: Watch
) -> tuple[Places | None, float, str, bool]:
    """Ask HiGHS for the best plan that uses these pairs."""
    row, column = np.nonzero(pairs)
    program = Program()
    x = site_columns(program, sites)
    median_rows(program, x, row, column, cost=cost[row, column], n_rows=len(cost))
    start = None
    if chosen is not None:
        start = np.zeros(program.n_columns)
        start[chosen] = 1.0
        goes = chosen[np.argmin(cost[:, chosen], axis=1)]
        start[len(sites) :] = column == goes[row]
    size = 1.0 if chosen is None else case.total(chosen)
    answer = program.solve(watch, start=start, abs_gap=max(0.5 * TOLERANCE * size, 1e-9))
    if answer.word == "infeasible":
        return chosen, (np.nan if chosen is None else case.total(chosen)), "highs", chosen is None
    if answer.values is not None:
        found = np.flatnonzero(answer.values[x] > 0.5)
        if case.sites.allow(found) and (chosen is None or case.total(found) < case.total(chosen)):
            chosen = found
    known = max(bound, answer.bound)
    return chosen, known if chosen is None else min(known, case.total(chosen)), "highs", False


def median_rows(program: Program, x: slice, row: Places, column: Places, *, cost: Floats, n_rows: int) -> slice:
    """Add a column for each pair, and that everyone goes somewhere that is open; the columns of the pairs."""
    n = len(row)
    y = program.columns(n, cost=cost)
    at, one = np.arange(n), np.ones(n)
    program.rows([(y, csr_array((one, (row, at)), shape=(n_rows, n)))], lower=1.0, upper=1.0)
    open_ = csr_array((-one, (at, column)), shape=(n, x.stop - x.start))
    program.rows([(x, open_), (y, csr_array((one, (at, at)), shape=(n, n)))], upper=0.0)
    return y


def _too_tight(case: MedianCase, watch: Watch) -> pd.DataFrame:
    """The least that the limits must give so that everyone can go somewhere."""
    program, x, breaches = elastic_sites(case.sites)
    program.rows([(x, csr_array(np.isfinite(case.minutes).astype(np.float64)))], lower=1.0)
    return cheapest_breach(program, breaches, watch)
