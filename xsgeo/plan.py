"""Choose the sites that serve the most workers, and prove that no other choice serves more.

The question is the maximal covering location problem (Church and ReVelle 1974): of the sites that could be opened,
choose at most p so that the workers covered are as many as possible::

    maximise    sum_i w_i y_i
    subject to  y_i <= sum of x_j over the sites j that cover i,   sum_j x_j <= p,   x_j in {0, 1},   0 <= y_i <= 1

How it is solved is `xsgeo.siting.maximal`: rows and sites are taken away that cannot matter, interchange finds a good
plan, a Lagrangian bound and branching prove it. Here the question is put in a planner's words and answered in frames.

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
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import Sailings, meets_needs, tally, usable_slots, would_serve
from xsgeo.candidates import ACTIONS
from xsgeo.errors import PlanError
from xsgeo.gaps import UNSERVED
from xsgeo.settings import SitingRules, Standard
from xsgeo.siting.cover_case import Case, reduced
from xsgeo.siting.maximal import best_cover
from xsgeo.siting.problem import Limits, Status, site_limits, whole_numbers
from xsgeo.siting.swap import greedy
from xsgeo.siting.ties import settled
from xsgeo.siting.watch import Progress, Watch


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
        What had the last word: ``greedy``, ``lagrange``, ``branch`` or ``highs`` (see `xsgeo.siting.maximal`).
    """

    sites: pd.DataFrame
    assigned: pd.Series
    objective: int
    bound: int
    status: Status
    is_settled: bool
    seconds: float
    method: str

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
    progress: Callable[[Progress], object] | None = None,
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
    progress
        Told now and then how far the search is. Ctrl-C ends the search with the best plan so far and its bound.

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
    watch = Watch(time_limit_s, progress)
    with watch.listening():
        kept, small = reduced(case)
        found = best_cover(small, watch)
        # A number of sites of 0 or more can always be kept to, so there is always a plan.
        chosen = np.empty(0, dtype=np.intp) if found.chosen is None else found.chosen
        objective = case.worth(kept[chosen])
        bound, is_settled = max(int(found.bound), objective), False
        if objective == bound:
            chosen, is_settled = settled(small, chosen, watch, found.dual)
    sites, assigned = _told(case, kept[chosen], weights)
    status: Status = "optimal" if objective == bound else watch.ending
    seconds = time.perf_counter() - began
    return Plan(sites, assigned, objective, bound, status, is_settled, seconds, found.method)


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
    chosen, bound = greedy(case.cover, case.weight, case.sites), case.easy_bound
    objective = case.worth(chosen)
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
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
) -> Plan:
    """Propose what to open, share, equip, convert, rent or build so that most unserved workers become served.

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
    needs, sailings
        What clusters ask of a room, and when ferries serve, as in `xsgeo.access.coverage`. A room that is there has
        what it has; an equipped, converted, rented or new one is taken to have what is asked for.

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
        of_use(workers, candidates, candidate_minutes, venues, needs),
        usable=usable_slots(workers, venues, minutes, standard=standard, needs=needs, sailings=sailings),
        open_hours=rules.open_hours,
        standard=standard,
        sailings=sailings,
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


def of_use(
    workers: pd.DataFrame,
    candidates: pd.DataFrame,
    ways: pd.DataFrame,
    venues: pd.DataFrame,
    needs: pd.DataFrame | None,
) -> pd.DataFrame:
    """Keep the ways to sites that have, or will have, what the group's cluster needs.

    Parameters
    ----------
    workers, venues, needs
        As in `xsgeo.access.meets_needs`; nothing is asked for when `needs` is None.
    candidates
        Sites; columns ``action`` and ``refers_to``.
    ways
        Long table with ``group_id`` and ``site_id``.

    Returns
    -------
    pandas.DataFrame
        Rows of `ways`. A room that is there has what it has; an equipped, converted, rented or new one will have what
        is asked for.

    Examples
    --------
    >>> workers = pd.DataFrame({"cluster_id": ["fishing"]}, index=pd.Index(["a"], name="group_id"))
    >>> venues = pd.DataFrame({"functions": ["reading"]}, index=pd.Index(["V1"], name="venue_id"))
    >>> sites = pd.DataFrame({"action": ["share", "build"], "refers_to": ["V1", ""]}, index=["share:V1", "build:a"])
    >>> ways = pd.DataFrame({"group_id": "a", "site_id": sites.index})
    >>> needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["shower"]})
    >>> of_use(workers, sites, ways, venues, needs)["site_id"].tolist()
    ['build:a']
    """
    if needs is None or needs.empty:
        return ways
    kept = candidates["refers_to"].where(candidates["action"].isin(["open_longer", "share"]))
    rooms = ways.assign(venue_id=kept.reindex(ways["site_id"]).to_numpy())
    return ways[rooms["venue_id"].isna() | meets_needs(workers, venues, rooms, needs)]


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


def _case(weights: pd.Series, covers: pd.DataFrame, *, n_sites: int, prefer: pd.Series | None) -> Case:
    """Check the question and put it into arrays, sites in the order of preference."""
    from scipy.sparse import csr_array

    if n_sites < 0:
        msg = f"n_sites must be 0 or more, got {n_sites}"
        raise PlanError(msg)
    weight = whole_numbers(weights, "weights", least=0)
    pairs = covers[["site_id", "group_id"]].drop_duplicates()
    names = np.array(sorted(pairs["site_id"].unique()), dtype=object)
    row = pd.Index(names, dtype=object).get_indexer(pairs["site_id"])
    column = weights.index.get_indexer(pairs["group_id"])
    if (column < 0).any():
        msg = f"`covers` names the group {pairs['group_id'].iloc[int(np.argmin(column))]!r}, which has no weight"
        raise PlanError(msg)
    cost = pd.Series(1, index=names)
    if prefer is not None:
        cost = prefer.reindex(names) if prefer.index.is_unique else prefer
        cost = pd.Series(whole_numbers(cost, "prefer", least=1), index=names)
    heavy = weight[column] > 0
    shape = (len(names), len(weights))
    cover = csr_array((np.ones(int(heavy.sum()), dtype=np.int64), (row[heavy], column[heavy])), shape=shape)
    limits = Limits(n_sites=n_sites, cost=cost)
    sites = site_limits(names, limits, reach=(cover @ weight).astype(np.float64))
    return Case(cover[pd.Index(names, dtype=object).get_indexer(sites.ids)], weight, sites)


def _told(case: Case, chosen: NDArray[np.intp], weights: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
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
        rows.append((case.sites.ids[at], len(rows) + 1, int(left[new].sum()), int((case.cover[[at]] @ case.weight)[0])))
        assigned.iloc[new] = case.sites.ids[at]
        left[new] = 0
    columns = ["site_id", "order", "n_workers_added", "n_workers_in_reach"]
    return pd.DataFrame(rows, columns=columns).set_index("site_id").astype("int64"), assigned
