"""The p-center problem (Hakimi 1964): p sites, the least minutes of whoever has the farthest to go.

The answer is one of the minutes in the table, and "can everyone be within t?" is a covering question (Minieka 1970). So
the sorted distinct minutes are halved again and again, each time by one covering question, which reduces to almost
nothing before it is asked (`xsgeo.siting.setcover`). It is never answered further than need be: the first cover that
keeps the number will do, and so does a bound above the number. Even so the questions next to the answer are hard ones,
each of which could take all the time there is. They are put off: at first what a relaxation and a short search can say
is asked everywhere, then what some branches can, and only then all. Both ends of the interval are proven at every
moment: a search that is cut short still has its bound.

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

from xsgeo.siting.cover_case import SLACK, Case
from xsgeo.siting.cover_tree import Aim
from xsgeo.siting.explain import cheapest_breach, elastic_sites
from xsgeo.siting.frames import costs_matrix, named, nearest_open, no_plan, told
from xsgeo.siting.problem import Floats, Limits, Places, Sites, Siting, Status, lacking, whole_numbers
from xsgeo.siting.setcover import cheapest_cover
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch

_SOON = 20  # branches
_BRANCHES = (0, 1, _SOON, 400, None)  # looked into before a question is put off, each time round


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
    best, is_infeasible = _within(table, steps[-1], sites, watch, None)
    if best is None:
        return None, least, is_infeasible
    span = _Span(table, sites, steps, best, watch)
    for n_branches in _BRANCHES:
        span.narrow(n_branches)
    span.spare()
    return span.best, float(steps[span.low]), False


class _Span:
    """The steps between which the answer lies: `high` has a plan, and all below `low` are ruled out."""

    def __init__(self, table: Floats, sites: Sites, steps: Floats, best: Places, watch: Watch) -> None:
        self.table, self.sites, self.steps, self.watch = table, sites, steps, watch
        self.low, self.high = 0, len(steps) - 1
        self.take(best)

    def take(self, best: Places) -> None:
        """Note a plan."""
        self.best = best
        self.high = min(self.high, int(np.searchsorted(self.steps, _radius(self.table, best))))

    def narrow(self, n_branches: int | None) -> None:
        """Halve until a question is not answered with so many branches, then what is above it, then what is below."""
        bottom, top, is_split = self.low, self.high, False
        while bottom < self.high and not self.watch.is_over:
            middle = (bottom + self.high) // 2
            if not self.is_answered(middle, n_branches):
                bottom, top, is_split = middle + 1, top if is_split else middle, True
                if n_branches == 1:
                    # Cuts without a search only rule out.
                    break
            bottom = max(bottom, self.low)
        while self.low < min(top, self.high) and not self.watch.is_over:
            middle = (self.low + min(top, self.high)) // 2
            if not self.is_answered(middle, n_branches):
                top = middle

    def spare(self) -> None:
        """Leave out sites that nobody needs within the same minutes, as far as is soon seen."""
        if not self.watch.is_over:
            fewer, _ = _within(self.table, self.steps[self.high], self.sites, self.watch, _SOON, is_any_enough=False)
            if fewer is not None and len(fewer) < len(self.best):
                self.take(fewer)

    def is_answered(self, at: int, n_branches: int | None) -> bool:
        """Ask for a plan within so many minutes, and whether there is an answer."""
        self.watch.tell("solve", self.steps[self.high], self.steps[self.low])
        found, is_infeasible = _within(self.table, self.steps[at], self.sites, self.watch, n_branches)
        if found is not None:
            self.take(found)
        elif is_infeasible:
            self.low = max(self.low, at + 1)
        return found is not None or is_infeasible


def _radius(table: Floats, chosen: Places) -> float:
    return float(table[:, chosen].min(axis=1).max(initial=0.0)) if len(chosen) else 0.0


def _within(
    table: Floats, minutes: float, sites: Sites, watch: Watch, n_branches: int | None, *, is_any_enough: bool = True
) -> tuple[Places | None, bool]:
    """Sites that have everyone within so many minutes, or None; and whether there are none."""
    cover = csr_array((table <= minutes).T.astype(np.int64))
    weight = np.ones(cover.shape[1], dtype=np.int64)
    if sites.budget is not None:
        chosen, _, is_infeasible = cheapest_cover(Case(cover, weight, sites), watch)
        return chosen, is_infeasible
    # The number is what is scarce, so it is what is counted, and any plan that keeps it is enough.
    most = len(sites) if sites.n_sites is None else sites.n_sites
    counted = Case(cover, weight, replace(sites, cost=np.ones(len(sites)), n_sites=None))
    chosen, bound, is_infeasible = cheapest_cover(counted, watch, Aim(most if is_any_enough else None, n_branches))
    if chosen is not None and len(chosen) <= most:
        return chosen, False
    return None, is_infeasible or bound > most + SLACK


def _too_tight(table: Floats, sites: Sites, watch: Watch) -> pd.DataFrame:
    program, x, breaches = elastic_sites(sites)
    program.rows([(x, csr_array(np.isfinite(table).astype(np.float64)))], lower=1.0)
    return cheapest_breach(program, breaches, watch)
