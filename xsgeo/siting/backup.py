"""Backup coverage (Hogan and ReVelle 1986): whom two sites cover, so that one may close for repairs.

::

    maximise    sum_i w_i (a y_i + u_i)
    subject to  y_i + u_i <= sum of x_j over the sites j that cover i,   u_i <= y_i,   sum_j x_j <= p

Here u_i says that a second site covers group i, and y_i that a first one does. With ``once="required"`` every group
must be covered (their BACOP1) and the second cover is maximised; with ``once="free"`` only the second counts; a whole
number a of one or more weighs the first cover against the second (their BACOP2).

A site that another dominates is kept here: as the second cover it may be the very one that is wanted.

References
----------
Hogan, K. and ReVelle, C. (1986). Concepts and applications of backup coverage. Management Science 32, 1434-1444.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.siting.cover_case import SLACK, Case, on_sites
from xsgeo.siting.explain import cheapest_breach, elastic_sites
from xsgeo.siting.frames import covering_case, first_coverer, named, no_plan, told
from xsgeo.siting.problem import Limits, Places, Siting, Status, lacking
from xsgeo.siting.program import Program, site_columns
from xsgeo.siting.setcover import greedy_cover
from xsgeo.siting.swap import affordable, covered_rows, greedy
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch


def backup_covering(
    weights: pd.Series,
    covers: pd.DataFrame,
    limits: Limits,
    *,
    once: Literal["required", "free"] | int = "required",
    time_limit_s: float = 20.0,
    progress: Callable[[Progress], object] | None = None,
) -> Siting:
    """Choose sites that cover the most workers at least twice: the backup coverage problem.

    Parameters
    ----------
    weights, covers, limits, time_limit_s, progress
        As in `xsgeo.siting.maximal_covering`; floors are not read.
    once
        What a first cover is worth: ``required`` for everyone, ``free`` for nothing, or a whole number of times the
        second.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in workers covered twice (plus `once` times those covered at all). ``details`` has
        ``n_sites``, by how many chosen sites each group is covered.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> weights = pd.Series([3, 4], index=["a", "b"])
    >>> covers = pd.DataFrame({"site_id": list("LMMR"), "group_id": list("aabb")})
    >>> backup_covering(weights, covers, Limits(n_sites=2))
    <Siting: 2 sites, objective 4, bound 4, gap 0.00%, optimal, highs>
    """
    first = 0 if isinstance(once, str) else int(once)
    if once not in ("required", "free") and not first >= 1:
        msg = f"`once` must be required, free, or a whole number of 1 or more, got {once!r}"
        raise PlanError(msg)
    ready(len(covers))
    watch = Watch(time_limit_s, progress)
    case, order = covering_case(weights, covers, replace(limits, floor=0.0))
    with watch.listening():
        may = np.flatnonzero(case.sites.upper)
        missed = np.flatnonzero((covered_rows(case.cover, may) == 0) & (case.weight > 0))
        if once == "required" and len(missed):
            lacks = lacking([("uncovered", weights.index[order[i]], int(case.weight[i]), "workers") for i in missed])
            return no_plan(weights.index, "infeasible", "max", watch, lacks=lacks)
        small = on_sites(case, may)
        chosen, bound, is_infeasible = _twice(small, first, watch, is_required=once == "required")
        if is_infeasible:
            lacks = _too_tight(small, watch, is_required=once == "required")
            return no_plan(weights.index, "infeasible", "max", watch, lacks=lacks)
    if chosen is None:
        return no_plan(weights.index, watch.ending, "max", watch, bound=bound)
    value, opened = _worth(small, chosen, first), may[chosen]
    bound = max(bound, value)
    status: Status = "optimal" if bound == value else watch.ending
    times = np.empty(len(weights), dtype=np.int64)
    times[order] = covered_rows(case.cover, opened)
    goes = told(weights.index, order, case.sites, first_coverer(case.cover, opened))
    details = pd.DataFrame({"n_sites": times}, index=weights.index)
    return Siting(named(case.sites, opened), goes, value, bound, status, "max", watch.seconds, "highs", details=details)


def _worth(case: Case, chosen: Places, first: int) -> int:
    times = covered_rows(case.cover, chosen)
    return int(first * case.weight[times > 0].sum() + case.weight[times > 1].sum())


def _twice(case: Case, first: int, watch: Watch, *, is_required: bool) -> tuple[Places | None, float, bool]:
    program, n = Program(), len(case.weight)
    x = site_columns(program, case.sites)
    y = program.columns(n, cost=-float(first) * case.weight, lower=float(is_required))
    u = program.columns(n, cost=-case.weight.astype(np.float64), whole=not is_required and first == 0)
    if n:
        eye = csr_array((np.ones(n), np.arange(n), np.arange(n + 1)), shape=(n, n))
        program.rows([(x, case.cover.T), (y, -eye), (u, -eye)], lower=0.0)
        program.rows([(y, eye), (u, -eye)], lower=0.0)
    most = float(case.weight.sum()) * (1 + first)
    guess, start = _guess(case, is_required=is_required), None
    if guess is not None:
        times, start = covered_rows(case.cover, guess), np.zeros(program.n_columns)
        start[guess], start[y], start[u] = 1.0, times > 0, times > 1
    watch.tell("search", np.nan if guess is None else _worth(case, guess, first), most)
    answer = program.solve(watch, start=start, abs_gap=1 - 2 * SLACK)
    if answer.word == "infeasible":
        return None, np.nan, True
    bound = min(most, float(np.floor(-answer.bound + SLACK))) if np.isfinite(answer.bound) else most
    if answer.values is None:
        return guess, bound, False
    found = np.flatnonzero(answer.values[x] > 0.5)
    is_better = guess is None or _worth(case, found, first) >= _worth(case, guess, first)
    return (found if is_better and _keeps(case, found, is_required=is_required) else guess), bound, False


def _keeps(case: Case, chosen: Places, *, is_required: bool) -> bool:
    """Whether a plan keeps the limits, and covers everyone where that is required."""
    return case.sites.allow(chosen) and not (is_required and bool((covered_rows(case.cover, chosen) == 0).any()))


def _guess(case: Case, *, is_required: bool) -> Places | None:
    """A plan to begin with, so that there is one whenever the search is stopped; None if none is easily found."""
    plans = [greedy(case.cover, case.weight, case.sites)]
    cover = greedy_cover(case) if is_required else None
    if cover is not None:
        left = np.setdiff1d(np.argsort(-np.diff(case.cover.indptr), kind="stable"), cover, assume_unique=True)
        plans += [cover, affordable(case.sites, np.concatenate([cover, left]))]
    kept = [plan for plan in plans if _keeps(case, plan, is_required=is_required)]
    return max(kept, key=lambda plan: _worth(case, plan, 0)) if kept else None


def _too_tight(case: Case, watch: Watch, *, is_required: bool) -> pd.DataFrame:
    program, x, breaches = elastic_sites(case.sites)
    if is_required:
        program.rows([(x, case.cover.T)], lower=1.0)
    return cheapest_breach(program, breaches, watch)
