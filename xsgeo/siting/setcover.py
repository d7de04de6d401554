"""The location set covering problem (Toregas and others 1971): everyone covered, by the fewest or the cheapest sites.

::

    minimise    sum_j c_j x_j
    subject to  sum of x_j over the sites j that cover i  >= 1  for every group i,   x_j in {0, 1}

Two rules take most of such a question away before a solver sees it, each making work for the other. A site whose groups
a no dearer one covers as well may go. A group that is covered whenever another group is may go too: where all sites of
the second cover the first, serving the second serves the first. A site that alone covers some group is then decided,
with all its groups. What is left is a matter of a bound: a search with growing weights (`xsgeo.siting.cover_kernels`)
finds what is nearly always the best cover, and the proof takes the time (`xsgeo.siting.cover_tree`). Small questions go
to HiGHS as they are, for which nothing compiled need be loaded. A group that no site covers makes the question
unanswerable, and is named.

References
----------
Toregas, C., Swain, R., ReVelle, C. and Bergman, L. (1971). The location of emergency service facilities. Operations
Research 19, 1363-1373.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.siting.cover_case import SLACK, Case
from xsgeo.siting.cover_tree import Aim, cheapest_by_branching
from xsgeo.siting.explain import cheapest_breach, elastic_sites
from xsgeo.siting.frames import covering_case, first_coverer, named, told
from xsgeo.siting.problem import Limits, Places, Siting, Status, lacking, meets
from xsgeo.siting.program import Program, site_columns
from xsgeo.siting.reduce import MANY, is_worth_compiling, merged_rows, undominated
from xsgeo.siting.swap import covered_rows, joined
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch

_WORK = 30_000_000  # entries looked at in one round of comparing rows
_LARGE = 1_000  # entries left from which on loading the loops of the tree pays


def set_covering(
    weights: pd.Series,
    covers: pd.DataFrame,
    limits: Limits | None = None,
    *,
    time_limit_s: float = 20.0,
    progress: Callable[[Progress], object] | None = None,
) -> Siting:
    """Choose the fewest or cheapest sites that cover every group: the location set covering problem.

    Parameters
    ----------
    weights
        Workers of each group, whole numbers, on ids of groups; a group of none need not be covered.
    covers
        Columns ``site_id`` and ``group_id``: one row for each group that a site covers.
    limits
        ``cost`` (each site costs 1 when None), fixed and forbidden sites, quotas, and a number or budget that must
        suffice. Floors are not read: everyone is covered.
    time_limit_s, progress
        As in `xsgeo.siting.maximal_covering`.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in the unit of the cost; sites when there is none. If it is ``infeasible``, `lacks`
        names the groups that nobody can serve (``uncovered``), or the limits that are too tight.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> weights = pd.Series([3, 4, 4, 3], index=["a", "b", "c", "d"])
    >>> covers = pd.DataFrame({"site_id": list("LLMMRR"), "group_id": list("abbccd")})
    >>> set_covering(weights, covers)
    <Siting: 2 sites, objective 2, bound 2, gap 0.00%, optimal, highs>
    >>> set_covering(weights, covers[covers["site_id"] != "R"]).lacks
            rule subject  amount     unit
    0  uncovered       d       3  workers
    """
    ready(len(covers))
    watch = Watch(time_limit_s, progress)
    case, order = covering_case(weights, covers, replace(limits or Limits(), floor=0.0))
    with watch.listening():
        may = np.flatnonzero(case.sites.upper)
        missed = np.flatnonzero((case.cover.T @ case.sites.upper == 0) & (case.weight > 0))
        if len(missed):
            rows = [("uncovered", weights.index[order[at]], int(case.weight[at]), "workers") for at in missed]
            return _no_answer(weights, watch, lacking(rows))
        best, bound, is_infeasible = cheapest_cover(case, watch)
        if is_infeasible:
            return _no_answer(weights, watch, _too_tight(_small(case, may)[1], watch))
    whole = bool((case.sites.cost == np.floor(case.sites.cost)).all())
    bound = float(np.ceil(bound - SLACK)) if whole else bound
    return _answered(case, order, best, bound, weights=weights, watch=watch, is_whole=whole)


def _answered(
    case: Case, order: Places, best: Places | None, bound: float, *, weights: pd.Series, watch: Watch, is_whole: bool
) -> Siting:
    cost = float("nan") if best is None else float(case.sites.cost[best].sum())
    chosen = np.empty(0, dtype=np.intp) if best is None else best
    bound = min(max(bound, 0.0), cost) if best is not None else max(bound, 0.0)
    status: Status = "optimal" if best is not None and meets(cost, bound, is_whole=is_whole) else watch.ending
    goes = told(weights.index, order, case.sites, first_coverer(case.cover, chosen))
    return Siting(named(case.sites, chosen), goes, cost, bound, status, "min", watch.seconds, "highs")


def _no_answer(weights: pd.Series, watch: Watch, lacks: pd.DataFrame) -> Siting:
    nobody = pd.Series("", index=weights.index, name="site_id", dtype=object)
    nan = float("nan")
    return Siting((), nobody, nan, nan, "infeasible", "min", watch.seconds, "highs", lacks=lacks)


def cheapest_cover(case: Case, watch: Watch, aim: Aim | None = None) -> tuple[Places | None, float, bool]:
    """The cheapest sites that cover every row, a bound on their cost, and whether no sites do.

    Parameters
    ----------
    case
        Every row is covered by some site that may be open, and has a weight above 0.
    watch
        Says when to stop.
    aim
        When less than the cheapest cover will do.
    """
    kept, small = _small(case, np.flatnonzero(case.sites.upper))
    aim = (aim or Aim()) if _is_large(case, small) else None
    chosen, bound, is_infeasible = _cheapest(_settled(small), watch, aim)
    return None if chosen is None else kept[chosen], bound, is_infeasible


def _small(case: Case, may: Places) -> tuple[Places, Case]:
    """Leave out sites and rows in turn until neither rule finds anything."""
    if is_worth_compiling(case.cover.nnz):
        return _small_by_kernel(case, may)
    kept, sites = may, case.sites.only(may)
    cover, weight, n_before = case.cover[may], case.weight, -1
    while n_before != len(kept):
        n_before = len(kept)
        cover, weight, _ = merged_rows(cover, weight)
        rows = decisive_rows(cover)
        cover, weight = cover[:, rows], weight[rows]
        if not sites.quotas and not sites.excluded:
            keep = undominated(cover, sites.cost, may_go=~sites.lower)
            kept, sites, cover = kept[keep], sites.only(keep), cover[keep]
    return kept, Case(cover, weight, sites)


def _small_by_kernel(case: Case, may: Places) -> tuple[Places, Case]:
    """The same in one compiled loop."""
    from xsgeo.siting import cover_kernels, kernels

    cover, sites = case.cover, case.sites
    left, rows = sites.upper.copy(), np.zeros(cover.shape[1], dtype=bool)
    may_go = ~left if sites.quotas or sites.excluded else left & ~sites.lower
    begins, entries = cover_kernels.shrink(kernels.arrays(cover), sites.cost, may_go, left.copy(), left, rows)
    kept, held = np.flatnonzero(left), np.flatnonzero(rows)
    ones = np.ones(len(entries), dtype=np.int64)
    small = csr_array((ones, entries, begins), shape=(len(kept), len(held)))
    return kept, Case(small, case.weight[held], sites.only(kept))


def _settled(case: Case) -> Case:
    """Fix the sites that alone cover some row, and leave out all rows that fixed sites cover."""
    cover, lower = case.cover, case.sites.lower.copy()
    site = np.repeat(np.arange(len(lower)), np.diff(cover.indptr))
    lower[site[np.bincount(cover.indices, minlength=cover.shape[1])[cover.indices] == 1]] = True
    rows = np.flatnonzero(covered_rows(cover, np.flatnonzero(lower)) == 0)
    return Case(cover[:, rows], case.weight[rows], replace(case.sites, lower=lower))


def decisive_rows(cover: csr_array) -> Places:
    """Rows that are not covered as a matter of course when another row is.

    Examples
    --------
    >>> decisive_rows(csr_array(np.array([[1, 1, 0], [0, 1, 1]]))).tolist()
    [0, 2]
    """
    by_demand = cover.T.tocsr()
    size = np.diff(by_demand.indptr)
    if is_worth_compiling(cover.nnz):
        from xsgeo.siting import cover_kernels, kernels

        keep = size > 0
        sites = np.ones(cover.shape[0], dtype=bool)
        cover_kernels.decisive(kernels.arrays(by_demand), kernels.arrays(cover), sites, keep)
        return np.flatnonzero(keep)
    reach = np.diff(cover.indptr)
    keep, work = size > 0, 0
    for row in np.argsort(size, kind="stable"):
        if not keep[row] or size[row] == cover.shape[0]:
            continue
        sites = joined(by_demand, np.array([row]))
        work += int(reach[sites].sum())
        if work > _WORK:
            break
        rows, times = np.unique(joined(cover, sites), return_counts=True)
        others = rows[times == len(sites)]
        keep[others[others != row]] = False
    return np.flatnonzero(keep)


def _written(case: Case, program: Program, x: slice) -> None:
    if case.cover.shape[1]:
        program.rows([(x, case.cover.T)], lower=1.0)


def _is_large(case: Case, small: Case) -> bool:
    """Whether the tree will have answered first: where much is left, or where the loops are loaded anyway."""
    return bool(small.cover.nnz > _LARGE or case.cover.nnz > MANY)


def _cheapest(case: Case, watch: Watch, aim: Aim | None) -> tuple[Places | None, float, bool]:
    """The cheapest cover, a bound, and whether there is none; by branching if there is an aim."""
    guess = greedy_cover(case)
    cost = np.nan if guess is None else float(case.sites.cost[guess].sum())
    watch.tell("search", cost)
    if guess is not None and not case.cover.shape[1]:
        return guess, cost, False
    program = Program()
    x = site_columns(program, case.sites, cost=case.sites.cost)
    _written(case, program, x)
    if guess is not None and aim is not None and (case.sites.cost > 0).all():
        proof = cheapest_by_branching(case, program, guess, watch, aim)
        if proof.is_done or watch.is_over or aim.n_branches is not None:
            return proof.best, proof.bound, False
        guess = proof.best
    start = None
    if guess is not None:
        start = np.zeros(len(case.sites))
        start[guess] = 1.0
    whole = (case.sites.cost == np.floor(case.sites.cost)).all()
    answer = program.solve(watch, start=start, abs_gap=1 - 2 * SLACK if whole else 1e-7)
    if answer.word == "infeasible":
        return (None, np.nan, True) if guess is None else (guess, float(case.sites.cost[guess].sum()), False)
    best = guess
    if answer.values is not None:
        found = np.flatnonzero(answer.values[x] > 0.5)
        is_right = case.sites.allow(found) and bool((covered_rows(case.cover, found) > 0).all())
        if is_right and (best is None or case.sites.cost[found].sum() < case.sites.cost[best].sum() - 1e-9):
            best = found
    return best, answer.bound, False


def greedy_cover(case: Case) -> Places | None:
    """The site that covers most of what is left for its cost, again and again; None if that breaks a limit."""
    if is_worth_compiling(case.cover.nnz):
        return _greedy_by_kernel(case)
    chosen = [int(at) for at in np.flatnonzero(case.sites.lower)]
    left = covered_rows(case.cover, np.array(chosen, dtype=np.intp)) == 0
    while left.any():
        gain = (case.cover @ left.astype(np.int64)) / np.maximum(case.sites.cost, 1e-9)
        at = int(np.argmax(gain))
        chosen.append(at)
        left[joined(case.cover, np.array([at]))] = False
    plan = np.unique(np.array(chosen, dtype=np.intp))
    for at in plan[::-1]:
        fewer = plan[plan != at]
        if not case.sites.lower[at] and (covered_rows(case.cover, fewer) > 0).all():
            plan = fewer
    return plan if case.sites.allow(plan) else None


def _greedy_by_kernel(case: Case) -> Places | None:
    """The same in a compiled loop."""
    from xsgeo.siting import cover_kernels, kernels

    is_open = np.zeros(len(case.sites), dtype=bool)
    cover = kernels.arrays(case.cover)
    cover_kernels.greedy(
        cover, cover_kernels.turned(cover, case.cover.shape[1]), case.sites.cost, case.sites.lower, is_open
    )
    plan = np.flatnonzero(is_open)
    return plan if case.sites.allow(plan) else None


def _too_tight(case: Case, watch: Watch) -> pd.DataFrame:
    program, x, breaches = elastic_sites(case.sites)
    _written(case, program, x)
    return cheapest_breach(program, breaches, watch)
