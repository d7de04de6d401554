"""Covering models by their names: maximal covering, set covering, backup covering, capacitated, worst off first.

Each function is one question and reads the same two tables: how many workers each group has, and which site covers
which group. What covers means (a cut-off on the network, enough usable hours) was settled before.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from xsgeo.siting import explain
from xsgeo.siting.cover_case import Case, Found, reduced
from xsgeo.siting.frames import covering_case, first_coverer, named, told
from xsgeo.siting.maximal import Method, best_cover
from xsgeo.siting.problem import Limits, Places, Siting, Status
from xsgeo.siting.ties import settled
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch

News = Callable[[Progress], object]


def maximal_covering(
    weights: pd.Series,
    covers: pd.DataFrame,
    limits: Limits,
    *,
    time_limit_s: float = 20.0,
    progress: News | None = None,
    method: Method = "auto",
    settle: bool = False,
) -> Siting:
    """Choose sites within the limits that cover the most workers: the maximal covering location problem.

    Parameters
    ----------
    weights
        Workers of each group, whole numbers of 0 or more, on ids of groups.
    covers
        Columns ``site_id`` and ``group_id``: one row for each group that a site covers. Repeated rows count once.
    limits
        Number of sites, budget, fixed and forbidden sites, quotas, floors.
    time_limit_s
        Seconds after which the best answer must be handed over with its bound.
    progress
        Told now and then how far the search is.
    method
        ``auto``; or how to finish: ``highs``, ``branch`` (on Lagrangian bounds), ``benders`` (cuts on sites alone);
        ``windows`` forces the bound from holes and overlaps in parts of the country, however little is left.
    settle
        Whether to name one plan among equals: the cheapest, then the first in the order of preference.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in workers.

    Raises
    ------
    PlanError
        When the question is badly put.

    References
    ----------
    Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science
    Association 32, 101-118.

    Examples
    --------
    >>> weights = pd.Series([3, 4, 4, 3], index=["a", "b", "c", "d"])
    >>> covers = pd.DataFrame({"site_id": list("LLMMRR"), "group_id": list("abbccd")})
    >>> maximal_covering(weights, covers, Limits(n_sites=2))
    <Siting: 2 sites, objective 14, bound 14, gap 0.00%, optimal, highs>
    """
    ready(len(covers))
    watch = Watch(time_limit_s, progress)
    case, order = covering_case(weights, covers, limits)
    with watch.listening():
        kept, small = reduced(case)
        found = best_cover(small, watch, method)
        if found.chosen is None:
            return _without_answer(case, found, weights, watch, explain.covering(case, weights, limits, watch))
        chosen, is_settled = found.chosen, False
        if settle and small.worth(chosen) >= found.bound:
            chosen, is_settled = settled(small, chosen, watch, found.dual)
    return _answered(case, order, kept[chosen], found, weights=weights, watch=watch, is_settled=is_settled)


def _answered(
    case: Case, order: Places, chosen: Places, found: Found, *, weights: pd.Series, watch: Watch, is_settled: bool
) -> Siting:
    worth = case.worth(chosen)
    bound = max(found.bound, worth)
    status: Status = "optimal" if bound == worth else watch.ending
    assignment = told(weights.index, order, case.sites, first_coverer(case.cover, chosen))
    return Siting(
        named(case.sites, chosen), assignment, worth, bound, status, "max", watch.seconds, found.method, is_settled
    )


def _without_answer(case: Case, found: Found, weights: pd.Series, watch: Watch, lacks: pd.DataFrame) -> Siting:
    status: Status = "infeasible" if found.is_infeasible else watch.ending
    nobody = pd.Series("", index=weights.index, name="site_id", dtype=object)
    bound = float("nan") if found.is_infeasible else found.bound
    lacks = lacks if found.is_infeasible else lacks.iloc[:0]
    return Siting((), nobody, float("nan"), bound, status, "max", watch.seconds, found.method, lacks=lacks)
