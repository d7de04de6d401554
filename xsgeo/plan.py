"""Choose the sites that serve the most workers, and prove that no other choice serves more.

The question is the maximal covering location problem (Church and ReVelle 1974): of the sites that could be opened,
choose at most p so that the workers covered are as many as possible::

    maximise    sum_i w_i y_i
    subject to  y_i <= sum of x_j over the sites j that cover i,   sum_j x_j <= p,   x_j in {0, 1},   0 <= y_i <= 1

What is sent to the solver is much smaller than what is asked. Groups that the same sites cover are one row. A site
whose groups another, no dearer site covers as well is left out. What remains goes to HiGHS with the greedy answer as a
start. Weights are whole workers, so a bound below the next whole number is proof: the search stops there, and bounds
are rounded down without losing anything.

Three decisions, each against something that went wrong elsewhere. An answer is called ``optimal`` if and only if its
bound equals its objective; a solver's own word is not enough (a well-known modelling layer calls a timed-out search
"Optimal"), and both numbers stand in every `Plan`. The objective is counted again from the chosen sites, never taken
from the solver. And an optimum is rarely alone: plans that cover the same workers are told apart by cost (first the
least sum of `prefer`, which prefers opening a room longer to building one), then by which come first in the order of
preference, cost, own reach and id. That makes the answer one answer, whatever the order of rows and the version of
the solver, and it never costs a worker.

A group counts as covered when one chosen site is enough by itself. Two sites that only together give a group its hours
do not count here although they would in `xsgeo.access.coverage`, so a plan promises rather too little than too much.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import tally, usable_slots, would_serve
from xsgeo.candidates import ACTIONS
from xsgeo.errors import PlanError
from xsgeo.gaps import UNSERVED
from xsgeo.settings import SitingRules, Standard

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Status = Literal["optimal", "time_limit", "interrupted", "unproven"]

_SLACK = 0.01  # workers; far above a solver's rounding, far below the one worker that plans differ by
_BLOCK = 16  # sites whose order of preference is settled at once: their weights 1 to 32768 are exact for the solver


@dataclass(frozen=True, eq=False)
class Plan:
    """Chosen sites, what they add, and how sure it is that nothing adds more.

    Attributes
    ----------
    sites
        One row a chosen site, index ``site_id``, in the order in which each adds most to those before it: ``order``
        from 1, ``n_workers_added``, which sums to `objective`, ``n_workers_in_reach``, what the site would cover by
        itself, and whatever `propose` knows of it. A site that would add nobody is not chosen.
    assigned
        For each group with a weight, the first chosen site that covers it; empty where none does.
    objective
        Workers covered.
    bound
        No choice of as many sites covers more than this.
    status
        ``optimal`` if and only if `bound` equals `objective`; else ``time_limit``, ``interrupted`` or ``unproven``.
    is_settled
        Whether ties were broken to the end, so that this is the only plan of its kind; if not, it may differ from
        machine to machine.
    seconds
        Time taken.
    method
        ``highs`` or ``greedy``; a search that runs out of time may still end with the greedy answer.
    """

    sites: pd.DataFrame
    assigned: pd.Series
    objective: int
    bound: int
    status: Status
    is_settled: bool
    seconds: float
    method: Literal["highs", "greedy"]

    @property
    def gap(self) -> float:
        """Share of the bound that may still be missing, 0 for a proven optimum."""
        return (self.bound - self.objective) / self.bound if self.bound else 0.0

    def __repr__(self) -> str:
        """One line that says what is held and how sure it is."""
        return (
            f"<Plan: {len(self.sites)} sites, {self.objective:,} workers, bound {self.bound:,}, "
            f"gap {self.gap:.2%}, {self.status}, {self.method}>"
        )


def maximal_coverage(
    weights: pd.Series,
    covers: pd.DataFrame,
    *,
    n_sites: int,
    time_limit_s: float = 20.0,
    prefer: pd.Series | None = None,
) -> Plan:
    """Choose at most `n_sites` sites that cover the most workers, with proof.

    Parameters
    ----------
    weights
        Workers of each group, whole numbers of 0 or more, on ids of groups.
    covers
        Columns ``site_id`` and ``group_id``: one row for each group that a site covers. Repeated rows count once.
    n_sites
        Most sites to choose.
    time_limit_s
        Seconds after which the best answer found must be handed over with its bound.
    prefer
        Cost of each site in whole numbers of 1 or more, on ids of sites. Among plans that cover the same workers the
        one with the least sum is taken, hence never a site more than needed. None: all cost the same.

    Returns
    -------
    Plan
        Sites with ``order``, ``n_workers_added`` and ``n_workers_in_reach``; objective, bound and status.

    Raises
    ------
    PlanError
        When the question is badly put: a weight or cost that is missing or not a whole number, a group or site that is
        not known, a negative number of sites, no time.

    References
    ----------
    Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science
    Association 32, 101-118.

    Examples
    --------
    The greedy choice takes the middle site first and ends with 11 workers; the optimum leaves it out.

    >>> weights = pd.Series([3, 4, 4, 3], index=["a", "b", "c", "d"])
    >>> covers = pd.DataFrame({"site_id": list("LLMMRR"), "group_id": list("abbccd")})
    >>> greedy_coverage(weights, covers, n_sites=2)
    <Plan: 2 sites, 11 workers, bound 14, gap 21.43%, unproven, greedy>
    >>> plan = maximal_coverage(weights, covers, n_sites=2)
    >>> plan
    <Plan: 2 sites, 14 workers, bound 14, gap 0.00%, optimal, highs>
    >>> plan.sites["n_workers_added"].to_dict()
    {'L': 7, 'R': 7}
    """
    began = time.perf_counter()
    if not time_limit_s > 0:
        msg = f"time_limit_s must be above 0, got {time_limit_s}"
        raise PlanError(msg)
    case = _case(weights, covers, n_sites=n_sites, prefer=prefer)
    kept, small = _reduced(case)
    chosen, bound, status, is_settled = _search(small, began + time_limit_s)
    sites, assigned = _told(case, kept[chosen], weights)
    seconds = time.perf_counter() - began
    return Plan(sites, assigned, case.covered(kept[chosen]), bound, status, is_settled, seconds, "highs")


def greedy_coverage(weights: pd.Series, covers: pd.DataFrame, *, n_sites: int, prefer: pd.Series | None = None) -> Plan:
    """Choose sites one by one, each the one that adds most; quick, and at least 63% of the optimum.

    The start of the exact search, and the yardstick for it. The share is 1 - 1/e (Nemhauser, Wolsey and Fisher 1978).

    Parameters
    ----------
    weights, covers, n_sites, prefer
        As in `maximal_coverage`. Ties go to the cheaper site, then to the one with more reach, then to the least id.

    Returns
    -------
    Plan
        Its bound is the sum of the largest reaches or of all workers in reach, whichever is less.

    Raises
    ------
    PlanError
        As in `maximal_coverage`.

    Examples
    --------
    >>> weights = pd.Series([5, 1, 5], index=["a", "b", "c"])
    >>> covers = pd.DataFrame({"site_id": ["L", "L", "R", "R"], "group_id": ["a", "b", "b", "c"]})
    >>> greedy_coverage(weights, covers, n_sites=1)
    <Plan: 1 sites, 6 workers, bound 6, gap 0.00%, optimal, greedy>
    """
    began = time.perf_counter()
    case = _case(weights, covers, n_sites=n_sites, prefer=prefer)
    chosen, bound = _greedy(case), _easy_bound(case)
    objective = case.covered(chosen)
    sites, assigned = _told(case, chosen, weights)
    status: Status = "optimal" if objective == bound else "unproven"
    seconds = time.perf_counter() - began
    return Plan(sites, assigned, objective, bound, status, is_settled=True, seconds=seconds, method="greedy")


def propose(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    candidates: pd.DataFrame,
    candidate_minutes: pd.DataFrame,
    *,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    standard: Standard,
    rules: SitingRules,
) -> Plan:
    """Propose what to open, share, convert, rent or build so that most unserved workers become served.

    Venues that are there stay as they are; each chosen site opens to every worker at the proposed hours beside the
    hours it keeps already (`xsgeo.access.would_serve`).

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``town_id``, ``cluster_id``, ``free_hours`` and those that
        `xsgeo.access.admits` reads.
    groups
        What `xsgeo.access.coverage` said of them.
    candidates
        What `xsgeo.candidates.candidate_sites` laid out.
    candidate_minutes
        Long table of minutes from groups to candidates: ``group_id``, ``site_id``, ``minutes``, ``mode``.
    venues, minutes
        Venues of today and the minutes to them, as in `xsgeo.access.coverage`.
    standard
        Cut-off by mode, hours a week, functions and month.
    rules
        Number of sites, proposed hours and time limit.

    Returns
    -------
    Plan
        ``sites`` has, beside the columns of `candidates` and those of `maximal_coverage`: ``towns`` and ``clusters``,
        workers added by id, most first, and ``reason``, why most of them are not served today.

    Raises
    ------
    PlanError
        When a candidate's action is not one of `xsgeo.candidates.ACTIONS`, or an id is repeated.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [40, 5], "town_id": "T1", "cluster_id": "knitting"}, index=index)
    >>> workers["free_hours"] = "每天 18:00-22:00"
    >>> groups = pd.DataFrame({"reason": ["out_of_reach", "out_of_reach"]}, index=index)
    >>> sites = pd.DataFrame({"action": ["build", "rent"]}, index=pd.Index(["build:a", "rent:S1"], name="site_id"))
    >>> ways = pd.DataFrame({"group_id": ["a", "a", "b"], "site_id": ["build:a", "rent:S1", "rent:S1"], "minutes": 5.0})
    >>> venues = pd.DataFrame({"status": [], "open_hours": []}, index=pd.Index([], name="venue_id"), dtype=str)
    >>> none = pd.DataFrame({"group_id": [], "venue_id": [], "minutes": []})
    >>> rules = SitingRules(n_sites=2, open_hours="每天 19:00-21:00")
    >>> plan = propose(workers, groups, sites, ways, venues=venues, minutes=none, standard=Standard(), rules=rules)
    >>> plan.sites[["action", "n_workers_added", "towns"]].to_dict("index")
    {'rent:S1': {'action': 'rent', 'n_workers_added': 45, 'towns': {'T1': 45}}}
    """
    cost = _costs(candidates)
    covers = would_serve(
        workers,
        groups,
        candidates,
        candidate_minutes,
        usable=usable_slots(workers, venues, minutes, standard=standard),
        open_hours=rules.open_hours,
        standard=standard,
    )
    unserved = groups["reason"].reindex(workers.index).isin(UNSERVED)
    plan = maximal_coverage(
        workers.loc[unserved, "n_workers"],
        covers,
        n_sites=rules.n_sites,
        time_limit_s=rules.time_limit_s,
        prefer=cost,
    )
    gained = workers.loc[plan.assigned.index, ["n_workers", "town_id", "cluster_id"]].assign(
        reason=groups["reason"].astype(str).reindex(plan.assigned.index)
    )
    sites = candidates.loc[plan.sites.index]
    mended = [_mended(gained[plan.assigned == site_id]) for site_id in sites.index]
    details = pd.DataFrame(mended, index=sites.index, columns=["towns", "clusters", "reason"])
    return replace(plan, sites=sites.assign(**plan.sites, **details))


def _mended(gained: pd.DataFrame) -> tuple[dict[str, int], dict[str, int], str]:
    """Towns, clusters and main reason of the workers whom one site adds."""
    n = gained["n_workers"]
    reasons = tally(gained["reason"], n)
    main = max(UNSERVED, key=lambda why: reasons.get(why, 0))
    return tally(gained["town_id"], n), tally(gained["cluster_id"], n), main


def _costs(candidates: pd.DataFrame) -> pd.Series:
    if not candidates.index.is_unique:
        msg = f"the candidates repeat the id {candidates.index[candidates.index.duplicated()][0]!r}"
        raise PlanError(msg)
    unknown = candidates.index[~candidates["action"].isin(ACTIONS)]
    if len(unknown):
        msg = f"candidate {unknown[0]!r} has the action {candidates['action'].loc[unknown[0]]!r}, not one of {ACTIONS}"
        raise PlanError(msg)
    return candidates["action"].astype(object).map({action: n for n, action in enumerate(ACTIONS, start=1)})


@dataclass(frozen=True)
class _Case:
    """One covering problem. Sites stand in the order of preference: cost, own reach (most first), id."""

    sites: NDArray[np.object_]
    cost: NDArray[np.int64]
    cover: csr_array  # sites by demand rows, 1 where covered
    weight: NDArray[np.int64]
    n_sites: int

    def covered(self, chosen: NDArray[np.intp]) -> int:
        """Workers whom the chosen sites cover together."""
        return int(self.weight[np.asarray(self.cover[chosen].sum(axis=0)).ravel() > 0].sum())


def _case(weights: pd.Series, covers: pd.DataFrame, *, n_sites: int, prefer: pd.Series | None) -> _Case:
    """Check the question and put it into arrays."""
    from scipy.sparse import csr_array

    if n_sites < 0:
        msg = f"n_sites must be 0 or more, got {n_sites}"
        raise PlanError(msg)
    weight = _whole(weights, "weights", least=0)
    pairs = covers[["site_id", "group_id"]].drop_duplicates()
    sites = np.array(sorted(pairs["site_id"].unique()), dtype=object)
    row = pd.Index(sites, dtype=object).get_indexer(pairs["site_id"])
    column = weights.index.get_indexer(pairs["group_id"])
    if (column < 0).any():
        msg = f"`covers` names the group {pairs['group_id'].iloc[int(np.argmin(column))]!r}, which has no weight"
        raise PlanError(msg)
    cost = np.ones(len(sites), dtype=np.int64)
    if prefer is not None:
        costs = prefer.reindex(sites) if prefer.index.is_unique else prefer
        cost = _whole(costs, "prefer", least=1)
    heavy = weight[column] > 0
    shape = (len(sites), len(weights))
    cover = csr_array((np.ones(int(heavy.sum()), dtype=np.int64), (row[heavy], column[heavy])), shape=shape)
    order = np.lexsort((np.arange(len(sites)), -(cover @ weight), cost))
    return _Case(sites[order], cost[order], cover[order], weight, n_sites)


def _whole(values: pd.Series, name: str, *, least: int) -> NDArray[np.int64]:
    if not values.index.is_unique:
        msg = f"`{name}` repeats the id {values.index[values.index.duplicated()][0]!r}"
        raise PlanError(msg)
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    bad = ~((numbers >= least) & (numbers == np.floor(numbers)) & np.isfinite(numbers))
    if bad.any():
        at = int(np.argmax(bad))
        msg = f"`{name}` of {values.index[at]!r} must be a whole number of {least} or more, got {values.iloc[at]}"
        raise PlanError(msg)
    return np.asarray(numbers, dtype=np.int64)


def _reduced(case: _Case) -> tuple[NDArray[np.intp], _Case]:
    """The same problem with fewer rows and sites, and which sites they are.

    Sites stand in the order of preference, so whatever stands further up is no dearer, and a site may go when one
    further up covers all that it covers: putting that one in its place in any plan loses no worker and no tie.
    """
    merged = _merged(case)
    shared = (merged.cover @ merged.cover.T).tocoo()
    size = merged.cover.sum(axis=1)
    beaten = (shared.data == size[shared.row]) & (shared.col < shared.row)
    keep = size > 0
    keep[shared.row[beaten]] = False
    kept = np.flatnonzero(keep)
    return kept, _merged(replace(merged, sites=merged.sites[kept], cost=merged.cost[kept], cover=merged.cover[kept]))


def _merged(case: _Case) -> _Case:
    """Make one demand row of those that the same sites cover, and drop those that none covers."""
    by_demand = case.cover.tocsc()
    by_demand.sort_indices()
    ends = by_demand.indptr
    numbers: dict[bytes, int] = {b"": 0}
    number = np.array(
        [numbers.setdefault(by_demand.indices[a:b].tobytes(), len(numbers)) for a, b in pairwise(ends)],
        dtype=np.intp,
    )
    weight = np.zeros(len(numbers), dtype=np.int64)
    np.add.at(weight, number, case.weight)
    _, first = np.unique(number[number > 0], return_index=True)
    columns = np.flatnonzero(number > 0)[first]
    return replace(case, cover=by_demand[:, columns].tocsr(), weight=weight[1:])


def _greedy(case: _Case) -> NDArray[np.intp]:
    left = case.weight.copy()
    chosen: list[int] = []
    while len(chosen) < case.n_sites and len(case.sites):
        gain = case.cover @ left
        best = int(np.argmax(gain))
        if gain[best] == 0:
            break
        chosen.append(best)
        left[case.cover[[best]].indices] = 0
    return np.array(chosen, dtype=np.intp)


def _easy_bound(case: _Case) -> int:
    """No plan covers more than all that can be covered, nor than the largest reaches together."""
    reach = np.sort(case.cover @ case.weight)[::-1]
    in_reach = case.weight[np.asarray(case.cover.sum(axis=0)).ravel() > 0].sum()
    return int(min(in_reach, reach[: case.n_sites].sum()))


def _search(case: _Case, deadline: float) -> tuple[NDArray[np.intp], int, Status, bool]:
    """Chosen sites, bound, status, and whether ties are settled."""
    best, bound = _greedy(case), _easy_bound(case)
    status: Status = "optimal"
    if case.covered(best) < bound:
        model = _Model(case, np.zeros(len(case.sites)), np.ones(len(case.sites)))
        answer = _solve(model, best, deadline)
        best = max(best, answer.chosen, key=case.covered)
        # A bound below an answer that is there can only be the solver's rounding.
        bound = max(min(bound, answer.bound), case.covered(best))
        status = answer.status
    if case.covered(best) < bound:
        return best, bound, "unproven" if status == "optimal" else status, False
    settled, is_settled = _settle(case, best, deadline)
    return settled, bound, "optimal", is_settled


def _settle(case: _Case, best: NDArray[np.intp], deadline: float) -> tuple[NDArray[np.intp], bool]:
    """Of all plans that cover as much as `best`, find the cheapest, and of those the first in the order of preference.

    The order is lexicographic: the plan with the first site rather than one without it, then the second, and so on. A
    weight of its own for each site would need numbers no solver can hold, so sites are settled by the blockful.
    """
    least = case.covered(best)
    if least == 0:
        return best[:0], True
    lower, upper = _fixed(case, least, deadline)
    model = _Model(case, lower, upper, price=case.cost.astype(np.float64), least_covered=least)
    answer = _solve(model, best, deadline)
    if answer.status != "optimal" or case.covered(answer.chosen) < least:
        return best, False
    best = answer.chosen
    most = int(case.cost[best].sum())
    undecided = np.flatnonzero(lower < upper)
    for block in np.split(undecided, range(_BLOCK, len(undecided), _BLOCK)):
        if case.cost[lower == 1].sum() == most:
            break
        price = np.zeros(len(case.sites))
        price[block] = -(2.0 ** np.arange(len(block))[::-1])
        answer = _solve(replace(model, lower=lower, upper=upper, price=price, most_cost=most), best, deadline)
        if answer.status != "optimal" or case.covered(answer.chosen) < least or case.cost[answer.chosen].sum() > most:
            return best, False
        best = answer.chosen
        lower, upper = lower.copy(), upper.copy()
        lower[block] = upper[block] = np.isin(block, best)
    return best, True


@dataclass(frozen=True)
class _Model:
    """A covering problem for the solver, its sites held between `lower` and `upper`.

    Without a `price` it covers the most workers; with one it looks for the least sum of prices among the plans that
    cover at least `least_covered` workers and cost at most `most_cost`.
    """

    case: _Case
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    price: NDArray[np.float64] | None = None
    least_covered: int | None = None
    most_cost: int | None = None


@dataclass(frozen=True)
class _Answer:
    chosen: NDArray[np.intp]
    bound: int
    status: Status


def _solve(model: _Model, start: NDArray[np.intp], deadline: float) -> _Answer:
    """Ask HiGHS, with `start` as a first answer; `bound` is workers, and means something only without a price."""
    import highspy

    case, left_s = model.case, deadline - time.perf_counter()
    if left_s <= 0:
        return _Answer(start, _easy_bound(case), "time_limit")
    solver = _solver(_program(model), time_limit=left_s, mip_rel_gap=0.0, mip_abs_gap=1 - 2 * _SLACK)
    first = highspy.HighsSolution()
    first.col_value = _start(case, start)
    solver.setSolution(first)
    solver.run()
    status = _status(solver)
    if status == "unproven":
        return _Answer(start, _easy_bound(case), status)
    values = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    found = np.flatnonzero(values[: len(case.sites)] > 0.5) if len(values) else start
    ceiling = -solver.getInfo().mip_dual_bound
    bound = int(np.floor(ceiling + _SLACK)) if np.isfinite(ceiling) else _easy_bound(case)
    return _Answer(found.astype(np.intp), bound, status)


def _status(solver: Any) -> Status:
    """What the solver's last word means here; a word that is not listed is a fault of the model."""
    import highspy

    words: dict[Any, Status] = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kTimeLimit: "time_limit",
        highspy.HighsModelStatus.kInterrupt: "interrupted",
        highspy.HighsModelStatus.kMemoryLimit: "unproven",
        highspy.HighsModelStatus.kSolveError: "unproven",
        highspy.HighsModelStatus.kUnknown: "unproven",
    }
    word = solver.getModelStatus()
    if word not in words:
        msg = f"the solver stopped with {solver.modelStatusToString(word)!r}"
        raise PlanError(msg)
    return words[word]


def _fixed(case: _Case, least: int, deadline: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds on each site that hold in every plan that covers at least so many workers.

    The relaxed problem says by its reduced costs how many workers it costs at least to put a site in, or to leave it
    out; more than there is to lose, and the site is decided.
    """
    import highspy

    n = len(case.sites)
    lower, upper = np.zeros(n), np.ones(n)
    left_s = deadline - time.perf_counter()
    if left_s <= 0:
        return lower, upper
    solver = _solver(_program(_Model(case, lower, upper), whole=False), time_limit=left_s)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        to_lose = -solver.getInfo().objective_function_value - least + _SLACK
        loss = np.asarray(solver.getSolution().col_dual, dtype=np.float64)[:n]
        upper[loss > to_lose] = 0
        lower[-loss > to_lose] = 1
    return lower, upper


def _solver(program: Any, **options: float) -> Any:
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("parallel", "off")
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    return solver


def _program(model: _Model, *, whole: bool = True) -> Any:
    """Write the model as HiGHS takes it; columns are the sites, then the rows that several sites cover."""
    import highspy
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    case, n = model.case, len(model.case.sites)
    cover, gain = _split(case)
    m = cover.shape[1]
    one_row = [(np.r_[np.ones(n), np.zeros(m)], -np.inf, float(case.n_sites))]
    if model.least_covered is not None:
        one_row.append((gain, model.least_covered - 0.5, np.inf))
    if model.most_cost is not None:
        one_row.append((np.r_[case.cost, np.zeros(m)], -np.inf, model.most_cost + 0.5))
    rows = vstack([hstack([cover.T, -eye_array(m)]), csr_array(np.array([row for row, _, _ in one_row]))], format="csr")
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = n + m, rows.shape[0]
    program.col_cost_ = -gain if model.price is None else np.r_[model.price, np.zeros(m)]
    program.col_lower_ = np.r_[model.lower, np.zeros(m)]
    program.col_upper_ = np.r_[model.upper, np.ones(m)]
    program.row_lower_ = np.r_[np.zeros(m), [low for _, low, _ in one_row]]
    program.row_upper_ = np.r_[np.full(m, np.inf), [high for _, _, high in one_row]]
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = rows.indptr
    program.a_matrix_.index_ = rows.indices
    program.a_matrix_.value_ = rows.data
    if whole:
        kinds = highspy.HighsVarType
        program.integrality_ = [kinds.kInteger] * n + [kinds.kContinuous] * m
    return program


def _split(case: _Case) -> tuple[csr_array, NDArray[np.float64]]:
    """Demand rows that several sites cover, and the workers that each column of the program is worth.

    A row that one site alone covers is worth its workers to that site, and needs no column of its own.
    """
    times = np.asarray(case.cover.sum(axis=0)).ravel()
    alone = case.cover[:, times == 1] @ case.weight[times == 1]
    return case.cover[:, times > 1], np.r_[alone, case.weight[times > 1]].astype(np.float64)


def _start(case: _Case, chosen: NDArray[np.intp]) -> NDArray[np.float64]:
    cover, _ = _split(case)
    open_ = np.zeros(len(case.sites))
    open_[chosen] = 1
    covered = np.asarray(cover[chosen].sum(axis=0)).ravel() > 0
    return np.concatenate([open_, covered.astype(np.float64)])


def _told(case: _Case, chosen: NDArray[np.intp], weights: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Count what each chosen site adds to those that add more, leaving out what adds nobody; and who is whose."""
    left = case.weight.copy()
    assigned = pd.Series("", index=weights.index, dtype=object, name="site_id")
    remaining = sorted(int(at) for at in chosen)
    rows: list[tuple[object, int, int, int]] = []
    while remaining:
        gain = case.cover[remaining] @ left
        at = remaining.pop(int(np.argmax(gain)))
        new = case.cover[[at]].indices
        new = new[left[new] > 0]
        if not len(new):
            break
        rows.append((case.sites[at], len(rows) + 1, int(left[new].sum()), int((case.cover[[at]] @ case.weight)[0])))
        assigned.iloc[new] = case.sites[at]
        left[new] = 0
    columns = ["site_id", "order", "n_workers_added", "n_workers_in_reach"]
    return pd.DataFrame(rows, columns=columns).set_index("site_id").astype("int64"), assigned
