"""Covering and p-median with rooms that fill up.

A group is made of workers, so it may be split: some go to one room and some to another, and who goes where is a flow
from groups through sites. With whole workers and whole seats the best flow is whole as well, so only the sites need to
be whole in the program; once they are chosen the flow is found again by itself and counted.

::

    z_ij <= w_i x_j,   sum_i z_ij <= q_j x_j,   sum_j z_ij <= w_i (covering)  or  = w_i (p-median)

The first kind of row looks idle beside the second and is what makes the relaxed program tight.

References
----------
Current, J. and Storbeck, J. (1988). Capacitated covering models. Environment and Planning B 15, 153-163.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.siting.explain import cheapest_breach, elastic_sites
from xsgeo.siting.frames import costs_matrix, covering_case, named, no_plan, told
from xsgeo.siting.problem import (
    Floats,
    Limits,
    Places,
    Sense,
    Sites,
    Siting,
    Status,
    Whole,
    lacking,
    meets,
    whole_numbers,
)
from xsgeo.siting.program import Program, site_columns
from xsgeo.siting.swap import affordable
from xsgeo.siting.watch import Progress, Watch

News = Callable[[Progress], object]


@dataclass(frozen=True, eq=False)
class _Flows:
    """Pairs along which workers may go, groups, seats and limits; cost of a worker on each pair."""

    row: Places
    site: Places
    cost: Floats
    weight: Whole
    seats: Whole
    sites: Sites
    must: bool


def capacitated_covering(
    weights: pd.Series,
    covers: pd.DataFrame,
    capacity: pd.Series,
    limits: Limits,
    *,
    time_limit_s: float = 20.0,
    progress: News | None = None,
) -> Siting:
    """Choose sites so that the most workers find a seat in one that covers them.

    Parameters
    ----------
    weights, covers, limits, time_limit_s, progress
        As in `xsgeo.siting.maximal_covering`; floors are not read.
    capacity
        Most workers of each site, whole numbers, on ids of sites.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in workers; ``details`` has one row a flow: ``group_id``, ``site_id``,
        ``n_workers``; ``assignment`` names the site to which most of a group go.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> covers = pd.DataFrame({"site_id": list("LLR"), "group_id": list("abb")})
    >>> seats = pd.Series({"L": 5, "R": 3})
    >>> answer = capacitated_covering(pd.Series({"a": 4, "b": 4}), covers, seats, Limits(n_sites=2))
    >>> answer.objective, answer.details["n_workers"].tolist()
    (8.0, [4, 1, 3])
    """
    watch = Watch(time_limit_s, progress)
    case, order = covering_case(weights, covers, replace(limits, floor=0.0))
    site, row = case.cover.tocoo().coords
    seats = _seats(capacity, case.sites)
    flows = _Flows(row, site, np.full(len(row), -1.0), case.weight, seats, case.sites, must=False)
    return _answered(flows, weights, order, watch, sense="max")


def capacitated_p_median(
    weights: pd.Series,
    ways: pd.DataFrame,
    capacity: pd.Series,
    limits: Limits,
    *,
    time_limit_s: float = 20.0,
    progress: News | None = None,
) -> Siting:
    """Choose sites with seats for everyone so that all together have the fewest minutes to go.

    Parameters
    ----------
    weights, ways, limits, time_limit_s, progress
        As in `xsgeo.siting.p_median`, weights whole.
    capacity
        Most workers of each site, whole numbers, on ids of sites.

    Returns
    -------
    Siting
        ``objective`` and ``bound`` in worker minutes; ``details`` and ``assignment`` as in `capacitated_covering`. If
        it is ``infeasible``, `lacks` says how many workers of which group find no seat, or which limit is too tight.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> ways = pd.DataFrame({"group_id": list("aabb"), "site_id": list("LRLR"), "minutes": [1.0, 5.0, 9.0, 2.0]})
    >>> seats = pd.Series({"L": 12, "R": 12})
    >>> capacitated_p_median(pd.Series({"a": 10, "b": 13}), ways, seats, Limits(n_sites=2)).objective
    43.0
    """
    watch = Watch(time_limit_s, progress)
    minutes, sites, order = costs_matrix(weights.index, ways, limits)
    weight = whole_numbers(weights, "weights")[order]
    row, site = np.nonzero(np.isfinite(minutes) & (weight > 0)[:, None])
    flows = _Flows(row, site, minutes[row, site], weight, _seats(capacity, sites), sites, must=True)
    return _answered(flows, weights, order, watch, sense="min")


def _seats(capacity: pd.Series, sites: Sites) -> Whole:
    if not capacity.index.is_unique:
        msg = f"`capacity` repeats the id {capacity.index[capacity.index.duplicated()][0]!r}"
        raise PlanError(msg)
    return whole_numbers(capacity.reindex(pd.Index(sites.ids, dtype=object)), "capacity")


def _program(flows: _Flows, chosen: Places | None = None) -> tuple[Program, slice, slice]:
    """The program of all sites, or the flow alone when they are chosen."""
    program, sites, n = Program(), flows.sites, len(flows.row)
    if chosen is None:
        x = site_columns(program, sites)
    else:
        is_open = np.zeros(len(sites))
        is_open[chosen] = 1.0
        x = program.columns(len(sites), lower=is_open, upper=is_open)
    z = program.columns(n, cost=flows.cost, upper=flows.weight[flows.row].astype(np.float64))
    at, one = np.arange(n), np.ones(n)
    of_row = csr_array((one, (flows.row, at)), shape=(len(flows.weight), n))
    of_site = csr_array((one, (flows.site, at)), shape=(len(sites), n))
    places = np.arange(len(sites))
    seats = csr_array((-flows.seats.astype(np.float64), (places, places)), shape=(len(sites), len(sites)))
    need = flows.weight.astype(np.float64)
    program.rows([(z, of_row)], lower=need if flows.must else -np.inf, upper=need)
    program.rows([(z, of_site), (x, seats)], upper=0.0)
    if chosen is None:
        within = csr_array((-need[flows.row], (at, flows.site)), shape=(n, len(sites)))
        program.rows([(z, csr_array((one, (at, at)), shape=(n, n))), (x, within)], upper=0.0)
    return program, x, z


def _answered(flows: _Flows, weights: pd.Series, order: Places, watch: Watch, *, sense: Sense) -> Siting:
    way = sense
    with watch.listening():
        program, x, _ = _program(flows)
        guess = _guess(flows, program.n_columns)
        watch.tell("search", np.nan if guess is None else abs(float(flows.cost @ guess[len(flows.sites) :])))
        answer = program.solve(watch, start=guess, abs_gap=0.98 if way == "max" else 1e-6)
        if answer.word == "infeasible":
            return no_plan(weights.index, "infeasible", way, watch, lacks=_lacks(flows, weights, order, watch))
        sign = -1.0 if way == "max" else 1.0
        easy = float(flows.weight.sum()) if way == "max" else 0.0
        bound = sign * answer.bound if np.isfinite(answer.bound) else easy
        bound = min(easy, float(np.floor(bound + 0.01))) if way == "max" else bound
        found = guess if answer.values is None else answer.values
        if found is None:
            return no_plan(weights.index, watch.ending, way, watch, bound=bound)
        chosen = np.flatnonzero(found[x] > 0.5)
        inner, _, z = _program(flows, chosen)
        # The flow is a moment's work, so it gets its moment even if time is over.
        flow = inner.solve(Watch(60.0), solver_name="simplex")
    if flow.values is None:
        return no_plan(weights.index, "unproven", way, watch, bound=bound)
    going = np.rint(flow.values[z]).astype(np.int64)
    value = float(going.sum()) if way == "max" else float(going @ flows.cost)
    bound = max(bound, value) if way == "max" else min(bound, value)
    status: Status = "optimal" if meets(value, bound, is_whole=way == "max") else watch.ending
    goes, details = _flow_tables(flows, going, weights, order)
    return Siting(named(flows.sites, chosen), goes, value, bound, status, way, watch.seconds, "highs", details=details)


def _guess(flows: _Flows, n_columns: int) -> Floats | None:
    """Sites and flows to begin with, so that there is a plan whenever the search is stopped; None if none is found."""
    reach = np.minimum(np.bincount(flows.site, flows.weight[flows.row], len(flows.sites)), flows.seats)
    for order in (np.argsort(-reach, kind="stable"), np.argsort(-flows.seats, kind="stable")):
        chosen = affordable(flows.sites, order)
        if flows.sites.allow(chosen):
            inner, _, z = _program(flows, chosen)
            flow = inner.solve(Watch(60.0), solver_name="simplex")
            if flow.values is not None:
                start = np.zeros(n_columns)
                start[chosen], start[z] = 1.0, np.rint(flow.values[z])
                return start
    return None


def _flow_tables(flows: _Flows, going: Whole, weights: pd.Series, order: Places) -> tuple[pd.Series, pd.DataFrame]:
    some = np.flatnonzero(going > 0)
    row, site, n = flows.row[some], flows.site[some], going[some]
    most = np.full(len(weights), -1, dtype=np.intp)
    for at in np.lexsort((-site, n)):
        most[row[at]] = site[at]
    by = np.lexsort((site, row))
    details = pd.DataFrame(
        {
            "group_id": weights.index.to_numpy()[order][row[by]],
            "site_id": flows.sites.ids[site[by]],
            "n_workers": n[by],
        }
    )
    return told(weights.index, order, flows.sites, most), details


def _lacks(flows: _Flows, weights: pd.Series, order: Places, watch: Watch) -> pd.DataFrame:
    """The least breach of the limits and the fewest workers without a seat."""
    program, x, breaches = elastic_sites(flows.sites)
    n, n_rows = len(flows.row), len(flows.weight)
    z = program.columns(n, upper=flows.weight[flows.row].astype(np.float64))
    left = program.columns(n_rows, cost=1.0 / max(float(flows.weight.sum()), 1.0), upper=np.inf)
    at, one, places = np.arange(n), np.ones(n), np.arange(len(flows.sites))
    need = flows.weight.astype(np.float64)
    eye = csr_array((np.ones(n_rows), (np.arange(n_rows), np.arange(n_rows))), shape=(n_rows, n_rows))
    program.rows([(z, csr_array((one, (flows.row, at)), shape=(n_rows, n))), (left, eye)], lower=need, upper=need)
    seats = csr_array((-flows.seats.astype(np.float64), (places, places)), shape=(len(places), len(places)))
    program.rows([(z, csr_array((one, (flows.site, at)), shape=(len(places), n))), (x, seats)], upper=0.0)
    for i in range(n_rows):
        if need[i]:
            breaches.append(("no_seat", weights.index[order[i]], "workers", slice(left.start + i, left.start + i + 1)))
    table = cheapest_breach(program, breaches, watch)
    return table if len(table) else lacking([])
