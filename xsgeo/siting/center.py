"""The p-center problem (Hakimi 1964): p sites, the least minutes of whoever has the farthest to go.

The answer is one of the minutes in the table, and "can everyone be within t?" is a covering question (Minieka 1970). So
the sorted distinct minutes are halved again and again, each time by one covering question, which reduces to almost
nothing before it is asked (`xsgeo.siting.setcover`). Both ends of the interval are proven at every moment: a search
that is cut short still has its bound.

References
----------
Minieka, E. (1970). The m-center problem. SIAM Review 12, 138-139.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.siting.explain import cheapest_breach, elastic_sites
from xsgeo.siting.frames import costs_matrix, named, nearest_open, no_plan, told
from xsgeo.siting.maximal import Case
from xsgeo.siting.problem import Floats, Limits, Places, Sites, Siting, Status, lacking, whole_numbers
from xsgeo.siting.setcover import cheapest_cover
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch


def p_center(
    weights: pd.Series,
    ways: pd.DataFrame,
    limits: Limits,
    *,
    time_limit_s: float = 20.0,
    progress: Callable[[Progress], object] | None = None,
) -> Siting:
    """Choose sites so that the farthest group has the fewest minutes to go: the p-center problem.

    Parameters
    ----------
    weights
        Workers of each group; a group of none does not count, and otherwise it does not matter how many.
    ways
        Columns ``group_id``, ``site_id`` and ``minutes``; a pair that is missing cannot be used.
    limits
        Number of sites, budget, fixed and forbidden sites, quotas. Floors are not read.
    time_limit_s, progress
        As in `xsgeo.siting.maximal_covering`.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in minutes. ``infeasible`` if some group can go nowhere (``uncovered``) or the
        limits leave too few sites.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> ways = pd.DataFrame({"group_id": list("aabb"), "site_id": list("LRLR"), "minutes": [1.0, 5.0, 9.0, 2.0]})
    >>> p_center(pd.Series({"a": 10, "b": 3}), ways, Limits(n_sites=1))
    <Siting: 1 sites, objective 5, bound 5, gap 0.00%, optimal, highs>
    """
    ready(len(ways))
    watch = Watch(time_limit_s, progress)
    minutes, sites, order = costs_matrix(weights.index, ways, limits)
    rows = np.flatnonzero(whole_numbers(weights, "weights")[order] > 0)
    may = np.flatnonzero(sites.upper)
    table, part = minutes[np.ix_(rows, may)], sites.only(may)
    with watch.listening():
        lost = rows[~np.isfinite(table).any(axis=1)]
        if len(lost):
            lacks = lacking([("uncovered", weights.index[order[at]], 1.0, "groups") for at in lost])
            return no_plan(weights.index, "infeasible", "min", watch, lacks=lacks)
        chosen, bound, is_infeasible = _halved(table, part, watch)
        if is_infeasible:
            return no_plan(weights.index, "infeasible", "min", watch, lacks=_too_tight(table, part, watch))
    if chosen is None:
        return no_plan(weights.index, watch.ending, "min", watch, bound=bound)
    opened = may[np.sort(chosen)]
    value = float(table[:, chosen].min(axis=1).max(initial=0.0)) if len(chosen) else 0.0
    status: Status = "optimal" if bound >= value else watch.ending
    goes = told(weights.index, order, sites, nearest_open(minutes, opened))
    return Siting(named(sites, opened), goes, value, min(bound, value), status, "min", watch.seconds, "highs")


def _halved(table: Floats, sites: Sites, watch: Watch) -> tuple[Places | None, float, bool]:
    """The best plan, the least minutes that are not ruled out, and whether no minutes would do."""
    finite = table[np.isfinite(table)]
    # Whatever is done, the worst-off group is no nearer than its own nearest site.
    least = float(table.min(axis=1).max(initial=0.0))
    steps = np.unique(finite[finite >= least]) if len(finite) else np.zeros(1)
    low, high = 0, len(steps) - 1
    best, is_infeasible = _within(table, steps[high], sites, watch)
    if best is None:
        return None, least, is_infeasible
    high = int(np.searchsorted(steps, _radius(table, best)))
    while low < high and not watch.is_over:
        watch.tell("solve", steps[high], steps[low])
        middle = (low + high) // 2
        found, is_infeasible = _within(table, steps[middle], sites, watch)
        if found is not None:
            best, high = found, min(middle, int(np.searchsorted(steps, _radius(table, found))))
        elif is_infeasible:
            low = middle + 1
        else:
            break
    return best, float(steps[low]), False


def _radius(table: Floats, chosen: Places) -> float:
    return float(table[:, chosen].min(axis=1).max(initial=0.0)) if len(chosen) else 0.0


def _within(table: Floats, minutes: float, sites: Sites, watch: Watch) -> tuple[Places | None, bool]:
    """Sites that have everyone within so many minutes, or None; and whether there are none."""
    cover = csr_array((table <= minutes).T.astype(np.int64))
    case = Case(cover, np.ones(cover.shape[1], dtype=np.int64), sites)
    # One site the fewer does no harm: the number is what is scarce, so it is what is minimised.
    counted = (
        replace(case, sites=replace(sites, cost=np.ones(len(sites)), budget=None)) if sites.budget is None else case
    )
    chosen, _, is_infeasible = cheapest_cover(counted, watch)
    return chosen, is_infeasible


def _too_tight(table: Floats, sites: Sites, watch: Watch) -> pd.DataFrame:
    program, x, breaches = elastic_sites(sites)
    program.rows([(x, csr_array(np.isfinite(table).astype(np.float64)))], lower=1.0)
    return cheapest_breach(program, breaches, watch)
