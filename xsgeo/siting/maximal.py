"""The maximal covering location problem (Church and ReVelle 1974): at most p sites, the most workers covered.

::

    maximise    sum_i w_i y_i
    subject to  y_i <= sum of x_j over the sites j that cover i,   sum_j x_j <= p,   x_j in {0, 1},   0 <= y_i <= 1

Branch and bound on this program as it stands is not enough at a county's size: at 2,000 sites and 20,000 demand rows
three solvers held a bound of more than twice the best plan after a minute. So the work is done in the order in which
each step makes the next one cheap:

1. merge equal rows, leave out dominated sites (`xsgeo.siting.reduce`, `xsgeo.siting.cover_case`);
2. a greedy plan with interchange (`xsgeo.siting.swap`);
3. a Lagrangian bound, whose averaged plan names the few dozen sites that matter (`xsgeo.siting.lagrange`);
4. the exact answer on those few dozen (`xsgeo.siting.cover_program`), nearly always the best plan or next to it;
5. with so good a plan, most sites are decided by their prices;
6. where much is left, village by village: better plans, and a bound below that of the relaxed program
   (`xsgeo.siting.windows`);
7. branching for what is left, by HiGHS where it is small and by Lagrangian bounds where it is not.

With quotas, floors for towns, or a number and a budget together, the bound of step 3 leaves those out and so stays a
bound; HiGHS, which knows them all, then has the last word. Weights are whole workers: a bound below the next whole
number is proof.

References
----------
Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science Association
32, 101-118.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from xsgeo.siting.benders import cover_by_cuts
from xsgeo.siting.cover_case import SLACK, Case, Found, on_sites
from xsgeo.siting.cover_program import exact_cover
from xsgeo.siting.lagrange import Branching, Dual, covering_dual, decided, first_charges, rounded
from xsgeo.siting.problem import Places
from xsgeo.siting.swap import covered_rows, greedy, shaken_swaps
from xsgeo.siting.villages import shaken_villages
from xsgeo.siting.watch import Watch

Method = Literal["auto", "highs", "branch", "benders", "windows"]

_SMALL = 3_000  # entries; below this HiGHS alone is done before a bound is worth its trouble
_ROUNDS = 3_000  # shakes of a plan among the nearest sites, at most; among more of them ten times as many
_NEAR, _FAR = 4, 20  # times the number of sites asked for: how many sites swaps look among, first and if that is not it
_FEW = 600  # sites among which swaps look, at most
_SEARCHED = 0.4  # of the time left for searching plans where much is undecided
_OPEN_QUESTION = 40_000  # entries left undecided from which on a better plan is worth a longer search
_KERNEL = 12_000  # entries of those sites up to which the exact answer among them is worth its time
_MIDDLE = 6_000  # entries left after fixing; above this branching on Lagrangian bounds is faster than HiGHS


def best_cover(case: Case, watch: Watch, method: Method = "auto") -> Found:
    """Find the plan that covers most, with a bound, on a reduced case."""
    has_number = case.sites.n_sites is not None or case.sites.budget is not None
    is_small = method in ("auto", "highs") and case.cover.nnz < _SMALL
    chosen, bound = _first_plan(case, watch, is_swapped=not is_small), float(case.easy_bound)
    if chosen is not None and case.worth(chosen) >= bound:
        return Found(chosen, case.worth(chosen), "greedy")
    if is_small or method == "highs" or not has_number:
        return exact_cover(case, chosen, bound, watch)
    watch.tell("bound", np.nan if chosen is None else case.worth(chosen), bound)
    dual = root_dual(case, chosen, watch)
    bound = min(bound, float(np.floor(dual.bound + SLACK)))
    chosen = _near_the_mean(case, dual, chosen, watch)
    if chosen is None:
        return exact_cover(case, None, bound, watch)
    if case.worth(chosen) >= bound or watch.is_over:
        return Found(chosen, max(bound, case.worth(chosen)), "lagrange", dual=dual)
    known = dual
    if method in ("auto", "windows") and case.is_plain and _is_open_question(case, dual, chosen, method):
        chosen, bound, known = _in_windows(case, dual, chosen, bound, watch)
        if case.worth(chosen) >= bound or watch.is_over:
            return Found(chosen, max(bound, case.worth(chosen)), "windows", dual=dual)
    return replace(_finish(case, known, chosen, bound, watch=watch, method=method), dual=dual)


def _is_open_question(case: Case, dual: Dual, chosen: Places, method: Method = "auto") -> bool:
    """Whether so much is undecided that branching alone will not end."""
    closed, _ = decided(dual, case.worth(chosen))
    return method == "windows" or int(np.diff(case.cover.indptr)[~closed].sum()) > _OPEN_QUESTION


def _in_windows(case: Case, dual: Dual, chosen: Places, bound: float, watch: Watch) -> tuple[Places, float, Dual]:
    """Better plans village by village, and what each plan pays for holes and overlaps there.

    Returns
    -------
    chosen, bound, dual
        The best plan, the bound, and the charges with the sites closed that no better plan opens. Where too much is
        left for branching, windows have all the time there is.
    """
    from xsgeo.siting.windows import Windows, closed_by

    chosen = shaken_villages(case.cover, case.weight, case.sites, chosen, dual=dual, watch=watch)
    fixed, worth = np.flatnonzero(case.sites.lower), case.worth(chosen)
    windows = Windows(case.cover, case.weight, dual, fixed, objective=worth, n_open=len(chosen))
    windows.run(watch, watch.seconds + 0.5 * watch.left_s)
    known = replace(dual, opening=np.where(closed_by(windows), np.inf, dual.opening))
    if _is_open_question(case, known, chosen):
        windows.run(watch, np.inf)
    return chosen, min(bound, float(np.floor(windows.bound + SLACK))), known


def _finish(case: Case, dual: Dual, chosen: Places, bound: float, *, watch: Watch, method: Method) -> Found:
    """Decide what the prices decide and branch on the rest."""
    worth = case.worth(chosen)
    closed, opened = decided(dual, worth)
    keep = np.flatnonzero(~closed | case.sites.lower | np.isin(np.arange(len(closed)), chosen))
    rest = on_sites(case, keep)
    forced = opened[keep] | rest.sites.lower
    place = np.full(len(closed), -1, dtype=np.intp)
    place[keep] = np.arange(len(keep))
    if method == "benders":
        found = cover_by_cuts(rest, place[chosen], watch)
    elif case.is_plain and (method == "branch" or rest.cover.nnz > _MIDDLE):
        charge = root_dual(rest, place[chosen], watch, target=worth, steps=300) if len(keep) < len(closed) else dual
        branching = Branching(rest.cover, rest.weight, rest.sites, place[chosen], dual=charge, watch=watch)
        branching.run()
        found = Found(branching.chosen, float(np.floor(branching.bound + SLACK)), "branch")
    else:
        sites = replace(rest.sites, lower=forced) if not forced[place[chosen]].sum() < forced.sum() else rest.sites
        found = exact_cover(replace(rest, sites=sites), place[chosen], bound, watch)
    best = keep[found.chosen] if found.chosen is not None else chosen
    best = best if case.worth(best) >= worth else chosen
    return Found(best, max(min(bound, found.bound), case.worth(best)), found.method)


def _first_plan(case: Case, watch: Watch, *, is_swapped: bool) -> Places | None:
    """A greedy plan, swapped where a swap keeps the limits; None where it does not keep them."""
    sites = case.sites
    if int(sites.lower.sum()) > (len(sites) if sites.n_sites is None else sites.n_sites):
        return None
    plans = [greedy(case.cover, case.weight, sites)]
    if sites.budget is not None:
        plans.append(greedy(case.cover, case.weight, sites, per_cost=True))
    chosen = max(plans, key=case.worth)
    if is_swapped and case.is_plain and sites.n_sites is not None:
        chosen = _swapped(case, chosen, watch, rounds=0)
    return chosen if case.allows(chosen) else None


def _swapped(
    case: Case, chosen: Places, watch: Watch, *, rounds: int, seed: int = 1, until_s: float = np.inf
) -> Places:
    """Interchange where one number of sites is the only limit; a site opened in another's place costs the same."""
    kept = np.flatnonzero(case.sites.lower)
    ordered = np.concatenate([kept, np.setdiff1d(chosen, kept)])
    found = shaken_swaps(
        case.cover, case.weight, ordered, watch=watch, rounds=rounds, kept=len(kept), seed=seed, until_s=until_s
    )
    return np.unique(found)


def root_dual(
    case: Case, chosen: Places | None, watch: Watch, *, target: float | None = None, steps: int = 1500
) -> Dual:
    """The Lagrangian bound of the question with its fixed sites open, quotas and floors left out."""
    sites, fixed = case.sites, np.flatnonzero(case.sites.lower)
    free = np.flatnonzero(sites.upper & ~sites.lower)
    times = covered_rows(case.cover, fixed)
    rows, held = np.flatnonzero(times == 0), int(case.weight[times > 0].sum())
    is_number = sites.n_sites is not None
    capacity = float((sites.n_sites or 0) - len(fixed)) if is_number else float(sites.budget or 0)
    capacity -= 0.0 if is_number else float(sites.cost[fixed].sum())
    cost = np.ones(len(free)) if is_number else sites.cost[free]
    within = cost <= capacity + 1e-9
    free, cost = free[within], cost[within]
    cover = case.cover[free][:, rows]
    guess = greedy(case.cover, case.weight, replace(sites, lower=sites.lower)) if chosen is None else chosen
    inner = np.flatnonzero(np.isin(free, guess))
    weight = case.weight[rows].astype(np.float64)
    aim = float(case.worth(guess) if target is None else target) - held
    dual = covering_dual(
        cover, weight, cost, max(capacity, 0.0), is_number=is_number, target=aim,
        charge=first_charges(cover, weight, inner), watch=watch, steps=steps,
    )  # fmt: skip
    return _widened(dual, case, free, rows, fixed=fixed, held=held)


def _widened(dual: Dual, case: Case, free: Places, rows: Places, *, fixed: Places, held: int) -> Dual:
    """A dual of the free part, told of all sites and rows; what may not be opened at all has an infinite price."""
    n_sites, n_rows = case.cover.shape
    charge, share = np.zeros(n_rows), np.zeros(n_sites)
    closing, opening = np.zeros(n_sites), np.full(n_sites, np.inf)
    charge[rows], share[free], share[fixed] = dual.charge, dual.share, 1.0
    closing[free], opening[free], opening[fixed] = dual.closing, dual.opening, 0.0
    return Dual(dual.bound + held, charge, share, closing, opening)


def _near_the_mean(case: Case, dual: Dual, chosen: Places | None, watch: Watch) -> Places | None:
    """A better plan among the sites that the averaged plan opens, or that would cost the bound little."""
    if case.is_plain:
        plan = rounded(case.sites, dual)
        if case.allows(plan) and (chosen is None or case.worth(plan) > case.worth(chosen)):
            chosen = plan
    if chosen is not None and case.is_plain and case.sites.n_sites is not None:
        near = _shaken(case, dual, chosen, watch, times=_NEAR, rounds=_ROUNDS)
        return _searched(case, dual, (near, chosen), watch) if _is_open_question(case, dual, near) else near
    few = _promising(case, dual, chosen, 0)
    part = on_sites(case, few)
    if chosen is None or part.cover.nnz < _KERNEL:
        start = None if chosen is None else np.searchsorted(few, np.sort(chosen))
        found = exact_cover(part, start, np.inf, watch, time_limit_s=max(0.2 * watch.left_s, 0.1))
        if found.chosen is not None and (chosen is None or part.worth(found.chosen) > case.worth(chosen)):
            chosen = few[found.chosen]
    return chosen


def _searched(case: Case, dual: Dual, starts: tuple[Places, ...], watch: Watch) -> Places:
    """The best of longer searches, each from a plan of its own, and searches from there.

    Among the averaged plan's own sites a shake is most often right; others are let in after that. A worse plan to begin
    with may well lead to a better one: it is farther from a summit that no shake leaves.
    """
    until_s = watch.seconds + _SEARCHED * watch.left_s

    def better(start: Places, times: int, seed: int) -> Places:
        return _shaken(case, dual, start, watch, times=times, rounds=10 * _ROUNDS, seed=seed, until_s=until_s)

    found = [better(start, 0, 1) for start in starts]
    best = max(found, key=case.worth)
    for seed in (2, 3):
        best = better(best, 0, seed)
    ends = [best] if np.array_equal(best, found[0]) else [best, found[0]]
    return max((better(end, _FAR, 1) for end in ends), key=case.worth)


def _shaken(
    case: Case, dual: Dual, chosen: Places, watch: Watch, *, times: int, rounds: int, seed: int = 1,
    until_s: float = np.inf,
) -> Places:  # fmt: skip
    """The plan shaken among some promising sites."""
    few = _promising(case, dual, chosen, times * int(case.sites.n_sites or 0))
    start = np.searchsorted(few, np.sort(chosen))
    plan = few[_swapped(on_sites(case, few), start, watch, rounds=rounds, seed=seed, until_s=until_s)]
    return plan if case.worth(plan) > case.worth(chosen) else chosen


def _promising(case: Case, dual: Dual, chosen: Places | None, n: int) -> Places:
    """Sites that the averaged plan opens at least a little, n that would cost the bound least, and the plan's own."""
    order = np.argsort(-dual.share, kind="stable")[:_FEW]
    support = case.sites.lower.copy()
    support[order[dual.share[order] > 1e-3]] = True
    cheap = np.argsort(dual.opening, kind="stable")[: min(n, _FEW)]
    support[cheap[np.isfinite(dual.opening[cheap])]] = True
    if chosen is not None:
        support[chosen] = True
    return np.flatnonzero(support)
