"""Other plans as good, or nearly; and what more money, or more fairness, would buy.

A planner who is given one plan asks for the next best, and what they all share. `alternatives` asks the same model
again and again, each time forbidding that all sites of a plan already told be open at once. So no plan comes twice, nor
merely with an idle site added to it. The plans come in the order of their objective, and when no other is within the
given share of the best, the list is complete and says so.

`pareto` draws what is given up for what (epsilon constraint, Haimes and others 1971): the most workers at each budget
and the least cost of serving that many, or the most workers at each floor for the worst-off town. Each point is solved
twice, first for one measure and then for the other with the first held, so that no point is beaten by another.

References
----------
Haimes, Y., Lasdon, L. and Wismer, D. (1971). On a bicriterion formulation of the problems of integrated system
identification and system optimization. IEEE Transactions on Systems, Man, and Cybernetics 1, 296-297.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from xsgeo.errors import PlanError
from xsgeo.siting.cover_case import SLACK, Case, on_sites
from xsgeo.siting.cover_program import cover_program
from xsgeo.siting.covering import maximal_covering
from xsgeo.siting.frames import covering_case, towns_of
from xsgeo.siting.problem import Limits, Places, Siting
from xsgeo.siting.swap import covered_rows
from xsgeo.siting.watch import Watch

Measure = Literal["n_served", "worst_share", "cost"]
_CURVES = (("n_served", "cost"), ("n_served", "worst_share"), ("worst_share", "cost"))


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The best plan and those next to it.

    Attributes
    ----------
    plans
        The best first.
    is_complete
        Whether no other plan is within the share that was asked for.
    """

    plans: tuple[Siting, ...]
    is_complete: bool

    @property
    def shared(self) -> tuple[object, ...]:
        """Sites that all plans open, sorted."""
        common = set.intersection(*(set(plan.chosen) for plan in self.plans)) if self.plans else set()
        return tuple(sorted(common, key=str))

    def table(self) -> pd.DataFrame:
        """Which plan opens which site: one row a site, one column a plan, the most shared sites first."""
        sites = sorted({site for plan in self.plans for site in plan.chosen}, key=str)
        columns = {n: [site in plan.chosen for site in sites] for n, plan in enumerate(self.plans, start=1)}
        table = pd.DataFrame(columns, index=pd.Index(sites, name="site_id"), dtype=bool)
        return table.iloc[np.argsort(-table.sum(axis=1).to_numpy(), kind="stable")]


def alternatives(
    solve: Callable[[Limits], Siting],
    limits: Limits,
    *,
    within: float = 0.01,
    most: int = 10,
) -> Alternatives:
    """Find the plans whose objective is within a share of the best, in order.

    Parameters
    ----------
    solve
        Any model of this package as a function of the limits alone.
    limits
        As for the model.
    within
        Share of the best objective that a plan may be worse.
    most
        How many plans to tell, the best one counted.

    Returns
    -------
    Alternatives
        The list ends early at the first plan that is not proven the best of the rest, and is then not complete.

    Raises
    ------
    PlanError
        When `within` is negative or `most` below 1.

    Examples
    --------
    >>> weights = pd.Series([50, 49, 9], index=["a", "b", "c"])
    >>> covers = pd.DataFrame({"site_id": ["s1", "s2", "s3"], "group_id": ["a", "b", "c"]})
    >>> found = alternatives(lambda given: maximal_covering(weights, covers, given), Limits(n_sites=1), within=0.05)
    >>> [plan.chosen for plan in found.plans], found.is_complete
    ([('s1',), ('s2',)], True)
    """
    if within < 0 or most < 1:
        msg = f"within must be 0 or more and most at least 1, got {within} and {most}"
        raise PlanError(msg)
    best = solve(limits)
    if best.status == "infeasible" or not np.isfinite(best.objective):
        return Alternatives((), is_complete=best.status == "infeasible")
    room = within * abs(best.objective) + 1e-9 * max(1.0, abs(best.objective))
    plans, told = [best], [*limits.excluded, frozenset(best.chosen)]
    while plans[-1].status == "optimal":
        plan = solve(replace(limits, excluded=tuple(told)))
        worse = best.objective - plan.objective if best.sense == "max" else plan.objective - best.objective
        if plan.status == "infeasible" or (plan.status == "optimal" and worse > room):
            return Alternatives(tuple(plans), is_complete=True)
        if not np.isfinite(plan.objective) or worse > room or len(plans) == most:
            break
        plans.append(plan)
        told.append(frozenset(plan.chosen))
    return Alternatives(tuple(plans), is_complete=False)


def pareto(
    weights: pd.Series,
    covers: pd.DataFrame,
    limits: Limits,
    *,
    of: Measure = "n_served",
    against: Measure = "cost",
    n_points: int = 11,
    time_limit_s: float = 20.0,
) -> pd.DataFrame:
    """Draw the curve of one measure against another: workers served, share of the worst-off town, cost.

    Parameters
    ----------
    weights, covers, limits
        As in `xsgeo.siting.maximal_covering`; `limits.cost` is what sites cost, `limits.towns` the towns.
    of, against
        ``n_served`` against ``cost``, ``n_served`` against ``worst_share``, or ``worst_share`` against ``cost``.
    n_points
        Budgets, or floors, tried at even steps; points that fall together are told once.
    time_limit_s
        For each point.

    Returns
    -------
    pandas.DataFrame
        One row a point, none better than another in both: ``cost``, ``n_served``, ``worst_share`` (NaN without towns),
        ``chosen``, and ``status``, ``optimal`` where both measures are proven.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> weights = pd.Series([6, 3, 1], index=["a", "b", "c"])
    >>> covers = pd.DataFrame({"site_id": ["s1", "s2", "s3"], "group_id": ["a", "b", "c"]})
    >>> curve = pareto(weights, covers, Limits(cost=pd.Series({"s1": 4.0, "s2": 1.0, "s3": 2.0})), n_points=8)
    >>> list(zip(curve["cost"].tolist(), curve["n_served"].tolist()))
    [(0.0, 0), (1.0, 3), (3.0, 4), (4.0, 6), (5.0, 9), (7.0, 10)]
    """
    if (of, against) not in _CURVES or n_points < 2:
        msg = f"no curve of {of!r} against {against!r} with {n_points} points; curves are {_CURVES}"
        raise PlanError(msg)
    case, order = covering_case(weights, covers, limits)
    kind = None if limits.towns is None else towns_of(weights, limits, order)[0]
    if "worst_share" in (of, against) and kind is None:
        msg = "the share of the worst-off town needs `towns`"
        raise PlanError(msg)
    steps = np.linspace(0.0, 1.0, n_points)
    top = float(case.sites.cost[case.sites.upper].sum()) if limits.budget is None else float(limits.budget)
    rows = []
    for step in steps.tolist():
        given = (
            replace(limits, budget=top * step)
            if of == "n_served" and against == "cost"
            else replace(limits, floor=step)
        )
        case, _ = covering_case(weights, covers, given)
        if of == "worst_share":
            chosen = _cheapest(case, 0, Watch(time_limit_s))
            status: str = "optimal"
        else:
            chosen, status = _most_served(weights, covers, given, case, time_limit_s, is_cheapest=against == "cost")
        if chosen is not None:
            rows.append((*_measures(case, chosen, kind), tuple(sorted(case.sites.ids[chosen])), status))
    return _unbeaten(pd.DataFrame(rows, columns=["cost", "n_served", "worst_share", "chosen", "status"]), of, against)


def _most_served(
    weights: pd.Series, covers: pd.DataFrame, given: Limits, case: Case, time_limit_s: float, *, is_cheapest: bool
) -> tuple[Places | None, str]:
    """The plan that serves most under a limit, and of those the cheapest; None where no plan keeps the limit."""
    first = maximal_covering(weights, covers, given, time_limit_s=time_limit_s)
    if not np.isfinite(first.objective):
        return None, first.status
    chosen = pd.Index(case.sites.ids, dtype=object).get_indexer(list(first.chosen)).astype(np.intp)
    if not is_cheapest or first.status != "optimal":
        return chosen, first.status
    cheaper = _cheapest(case, int(first.objective), Watch(time_limit_s))
    return (chosen, "unproven") if cheaper is None else (cheaper, "optimal")


def _measures(case: Case, chosen: Places, kind: Places | None) -> tuple[float, int, float]:
    """Cost, workers served, and the share of the worst-off town."""
    covered, worst = covered_rows(case.cover, chosen) > 0, np.nan
    if kind is not None:
        totals = np.bincount(kind, case.weight)
        sums = np.bincount(kind[covered], case.weight[covered], len(totals))
        worst = float((sums[totals > 0] / totals[totals > 0]).min(initial=1.0))
    return float(case.sites.cost[chosen].sum()), case.worth(chosen), worst


def _cheapest(case: Case, least: int, watch: Watch) -> Places | None:
    """The cheapest sites that cover so many; None if that is not proven."""
    may = np.flatnonzero(case.sites.upper)
    small = on_sites(case, may)
    program, x, (y, alone, gain) = cover_program(small)
    program.rows([(slice(x.start, y.stop), np.concatenate([alone, gain])[None, :])], lower=least - 0.5)
    program.set_cost(np.concatenate([small.sites.cost, np.zeros(len(gain))]))
    answer = program.solve(watch, abs_gap=SLACK / 100)
    if answer.word != "optimal" or answer.values is None:
        return None
    found = np.flatnonzero(answer.values[x] > 0.5)
    return may[found] if small.worth(found) >= least and small.allows(found) else None


def _unbeaten(points: pd.DataFrame, of: Measure, against: Measure) -> pd.DataFrame:
    """Leave out points that another beats in one measure and equals in the other."""
    one, other = (points[name].to_numpy(np.float64) * (-1 if name == "cost" else 1) for name in (of, against))
    keep = []
    for at in range(len(points)):
        as_good = (one >= one[at] - 1e-9) & (other >= other[at] - 1e-9)
        better = as_good & ((one > one[at] + 1e-9) | (other > other[at] + 1e-9))
        same = as_good & ~better
        keep.append(not better.any() and int(np.argmax(same)) == at)
    return points[np.array(keep, dtype=bool)].sort_values([against, of]).reset_index(drop=True)
