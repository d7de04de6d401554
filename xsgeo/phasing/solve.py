"""Solve the phased model: greedy start, exact search, the cheapest among equals, and what binds where nothing fits.

The relaxed program prices every action in every year: a plan that takes one whose reduced cost is p is worth at most
the relaxed bound less p. So the search looks first at the actions with the least prices only, and what it finds there
says how far it still has to look: past the distance between bound and best value nothing can be better (reduced-cost
fixing, Dantzig, Fulkerson and Johnson 1954). Most of the actions are never looked at, and the proof is as good. Of two
actions at one site the one that is no cheaper and serves nobody besides is left out at once.

The objective is counted again from the chosen actions, never taken from the solver, and `Phased.status` is ``optimal``
only where that count meets the bound. With seats the bound is learned cut by cut (`xsgeo.phasing.seated`) and the count
is a linear program with the choice held fixed. Columns and rows stand in the order of ids, so the answer does not
depend on the order of the caller's rows.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.phasing.closing import Floats
from xsgeo.phasing.counting import (
    covered,
    evaluate,
    holding,
    keeps_floors,
    keeps_limits,
    spending,
    tell,
    wanted,
    worth_of,
)
from xsgeo.phasing.found import Found, slack, years_in
from xsgeo.phasing.lessons import AllRooms, all_rooms, most_workers
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.narrowing import narrowed
from xsgeo.phasing.program import CENT, FAMILIES, Built, build, floors
from xsgeo.phasing.seated import Relaxed, branch, relax
from xsgeo.phasing.states import number_of
from xsgeo.siting.problem import Status
from xsgeo.siting.watch import Progress, Watch

_NO_CUTS = (np.zeros((0, 0)),) * 3  # the whole program learns nothing
_SHARE = 0.25  # how far of the way from the relaxed bound to the first plan the search looks at once


class InfeasibleError(PlanError):
    """No choice of actions keeps to the terms.

    Attributes
    ----------
    lacks
        What would have to give: ``family`` (``floors``, ``budgets``, ``limits``), ``name`` (town, year or limit),
        ``lacking`` and ``unit``. Each family is the least that has to give if it alone gives; a family that cannot
        help by itself has no rows.
    beyond
        Floors that no money reaches: index town, ``n_short`` workers that are lacking if everything were done, and
        ``n_nobody``, workers whom no action serves.
    """

    def __init__(self, lacks: pd.DataFrame, beyond: pd.DataFrame | None = None) -> None:
        self.lacks = lacks
        self.beyond = pd.DataFrame(columns=["n_short", "n_nobody"]) if beyond is None else beyond
        told = "; ".join(
            f"{r.family} {r.name_}: {r.lacking:g} {r.unit}"
            for r in lacks.rename(columns={"name": "name_"}).itertuples()
        )
        super().__init__(
            f"no plan keeps to the terms; any one of these families would have to give: {told or 'none alone'}"
        )


def solve(
    task: Task,
    *,
    time_limit_s: float = 60.0,
    progress: Callable[[Progress], object] | None = None,
    exclude: tuple[frozenset[str], ...] = (),
    is_cheapest: bool = True,
) -> Phased:
    """Choose the actions of each year.

    Parameters
    ----------
    task
        The question (`xsgeo.phasing.task`).
    time_limit_s
        Seconds after which the best answer must be handed over with its bound.
    progress
        Hears how far the search is.
    exclude
        Sets of action ids that may not be chosen whole, whatever the years; for finding other plans.
    is_cheapest
        Of plans that serve as many take the one that costs least.

    Returns
    -------
    Phased
        Actions by year, with bound and status.

    Raises
    ------
    InfeasibleError
        When nothing keeps to the terms; it says what would have to give.
    """
    watch = Watch(time_limit_s, progress)
    with watch.listening():
        found = _search(task, exclude, watch)
        if found.word == "infeasible":
            raise InfeasibleError(_what_binds(task, watch), _beyond(task))
        years, bound = found.years, found.bound
        if years is None:
            return tell(task, np.zeros(len(task.actions), dtype=np.intp), bound, watch.ending, watch)
        is_best = found.value >= bound - slack(task, found.value)
        if is_best and is_cheapest and not watch.is_over:
            years = _cheapest(task, found, exclude, watch)
        status: Status = "optimal" if is_best else watch.ending if found.word == "optimal" else found.word
        return tell(task, years, max(bound, found.value), status, watch)


def _search(task: Task, exclude: tuple[frozenset[str], ...], watch: Watch) -> Found:
    """Bound the plans, then look as far down from the bound as what was found leaves room for better."""
    rooms = all_rooms(task) if task.states else None
    years = _first(task, exclude, rooms)
    value = worth_of(task, years) if years is not None else 0.0
    watch.tell("bound", value if years is not None else np.nan, _easy_bound(task))
    aim = None if rooms is None else most_workers(task)
    if rooms is None or aim is None:
        known = _relaxed(task, exclude, watch)
    else:
        known = relax(rooms, aim, years, exclude=exclude, watch=watch)
    if known.word == "infeasible" and years is None:
        return Found(None, 0.0, 0.0, "infeasible", known.at_most)
    if known.word != "optimal":
        word = "unproven" if known.word == "infeasible" else known.word  # by rounding: there is a plan in hand
        return Found(years, value, known.top, word, known.at_most)
    if rooms is None or aim is None:
        return _whole(task, known, (years, value), exclude=exclude, watch=watch)
    return branch(rooms, aim, known, (years, value), share=_SHARE, exclude=exclude, watch=watch)


def _relaxed(task: Task, exclude: tuple[frozenset[str], ...], watch: Watch) -> Relaxed:
    """Price every action in every year by the relaxed program."""
    shape = (len(task.actions), task.terms.n_years)
    every = np.ones(shape, dtype=bool) if exclude else undominated(task)
    built = build(task, exclude=exclude, may=every)
    relaxed = built.program.solve(watch, is_relaxed=True, stage="bound")
    if relaxed.values is None:
        easy = _easy_bound(task)
        return Relaxed((), easy, np.full(shape, easy), _NO_CUTS, relaxed.word)
    top = -relaxed.bound - task.worth_today
    at_most = np.where(every, top - np.maximum(relaxed.reduced_costs[built.x].reshape(shape), 0.0), -np.inf)
    return Relaxed((), top, at_most, _NO_CUTS, "optimal")


def _whole(
    task: Task,
    known: Relaxed,
    first: tuple[NDArray[np.intp] | None, float],
    *,
    exclude: tuple[frozenset[str], ...],
    watch: Watch,
) -> Found:
    """Look at the actions with the least prices, then as far as what was found leaves room for better."""
    (years, value), top = first, known.top
    down_to = -np.inf if years is None else top - _SHARE * (top - value)
    while True:
        small, kept, may = _within(task, known.at_most >= down_to - slack(task, top), years)
        built = build(small, exclude=exclude, may=may)
        start = None if years is None else _columns(small, built, years[kept])
        watch.tell("plan", value, top)
        answer = built.program.solve(watch, start=start, abs_gap=slack(task, top) / 10, stage="plan")
        if answer.word == "infeasible":
            return Found(None, 0.0, 0.0, "infeasible", known.at_most)
        if answer.values is not None:
            other = _among(task, kept, years_in(small, answer.values[built.x]))
            if years is None or worth_of(task, other) > value:
                years, value = other, worth_of(task, other)
        within = -answer.bound - task.worth_today if np.isfinite(answer.bound) else top
        # A plan is made of what was looked at, or it takes something whose price leaves no more than this.
        bound = min(top, max(within, down_to))
        if answer.word != "optimal" or value >= down_to or watch.is_over:
            return Found(years, value, bound, answer.word, known.at_most)
        down_to = value


def _within(
    task: Task, may: NDArray[np.bool_], years: NDArray[np.intp] | None
) -> tuple[Task, NDArray[np.intp], NDArray[np.bool_]]:
    """The question with the actions that may be taken and those in hand, where they stand, and in which years."""
    if years is not None:
        may = may | (years[:, None] == np.arange(1, may.shape[1] + 1))
    if task.states or task.ways is not None:
        return task, np.arange(len(may)), may
    kept = np.flatnonzero(may.any(axis=1))
    return narrowed(task, kept), kept, may[kept]


def _among(task: Task, kept: NDArray[np.intp], years: NDArray[np.intp]) -> NDArray[np.intp]:
    """Years of some actions, among all of them."""
    answer = np.zeros(len(task.actions), dtype=np.intp)
    answer[kept] = years
    return answer


def _first(task: Task, exclude: tuple[frozenset[str], ...], rooms: AllRooms | None) -> NDArray[np.intp] | None:
    """The greedy plan, if it keeps to all the terms."""
    years = _greedy(task, rooms)
    taken = task.actions.index[years > 0]
    sites = set(task.actions["site_id"].to_numpy(dtype=object)[years > 0])
    is_new = not any(ids <= set(taken) for ids in exclude)
    return years if is_new and task.terms.must <= sites and keeps_floors(task, years) else None


def undominated(task: Task) -> NDArray[np.bool_]:
    """Find the actions that no other action at the same site makes idle; limits count both alike.

    What closes a room, or serves somebody only while one stays open, is not compared.

    Parameters
    ----------
    task
        The question; its seats are left out of account.

    Returns
    -------
    numpy.ndarray
        Bool, actions by years.
    """
    columns = sorted(task.terms.most_by)
    kind = task.actions[columns].astype(str).agg("|".join, axis=1).to_numpy(object) if columns else task.site
    n_served, keep = np.diff(task.cover.indptr), np.ones(len(task.actions), dtype=bool)
    stays = task.closes.copy()
    if task.ways is not None:
        stays[task.ways.action[task.ways.action >= 0]] = True
    order = np.argsort(task.site, kind="stable")
    for at in np.split(order, np.flatnonzero(np.diff(task.site[order])) + 1) if len(order) else []:
        shared = (task.cover[at] @ task.cover[at].T).toarray()
        for i, a in enumerate(at):
            for j, b in enumerate(at):
                is_as_good = shared[i, j] == n_served[a] and kind[a] == kind[b]
                is_as_cheap = task.once[b] <= task.once[a] and task.yearly[b] <= task.yearly[a]
                if i != j and keep[b] and is_as_good and is_as_cheap and not stays[a] and not stays[b]:
                    keep[a] = False
    return np.repeat(keep[:, None], task.terms.n_years, axis=1)


def greedy(task: Task) -> NDArray[np.intp]:
    """Year of each action, 0 for none, chosen one by one: most workers for the money in the year at hand.

    Parameters
    ----------
    task
        The question; of its seats only how many workers each action could seat by itself.

    Returns
    -------
    numpy.ndarray
        On the order of ``task.actions``. Keeps to budgets and limits, not always to floors; closes no room that is not
        asked for.
    """
    return _greedy(task, all_rooms(task) if task.states else None)


def _greedy(task: Task, rooms: AllRooms | None) -> NDArray[np.intp]:
    terms, n_years = task.terms, task.terms.n_years
    years = np.zeros(len(task.actions), dtype=np.intp)
    allowed = ~np.isin(task.actions["site_id"].to_numpy(dtype=object), list(terms.must_not))
    asked = np.isin(task.actions["site_id"].to_numpy(dtype=object), list(terms.must))
    seatless = task.weight * (1.0 - task.today)
    most = None if rooms is None else rooms.every[0].earn(np.zeros(len(seatless)))
    for year in range(1, n_years + 1):
        while True:
            gain = task.cover @ (wanted(task, years, year) if most is None else seatless)
            gain = gain if most is None else np.minimum(gain, most)
            cost = task.once + task.yearly * (n_years - year + 1)
            free = allowed & ~np.isin(task.site, task.site[years > 0]) & ((gain > 0) | asked)
            order = np.lexsort((np.arange(len(gain)), -gain / np.maximum(cost, 1e-9), ~asked))
            free &= _within_budget(task, years, year)
            pick = next((int(a) for a in order if free[a] and keeps_limits(task, _with_one(years, int(a), year))), None)
            if pick is None:
                break
            years[pick] = year
            mine = task.cover[[pick]].indices
            seatless[mine] *= 1.0 - gain[pick] / max(float(seatless[mine].sum()), 1e-9)
    return years


def _with_one(years: NDArray[np.intp], action: int, year: int) -> NDArray[np.intp]:
    tried = years.copy()
    tried[action] = year
    return tried


def _within_budget(task: Task, years: NDArray[np.intp], year: int) -> NDArray[np.bool_]:
    """Which actions the money allows in a year beside those taken."""
    at, budget = np.arange(1, task.terms.n_years + 1), np.asarray(task.terms.budgets, dtype=np.float64)
    after = spending(task, years) + np.outer(task.once, at == year) + np.outer(task.yearly, at >= year)
    if task.terms.carries:
        after, budget = after.cumsum(axis=1), budget.cumsum()
    return np.asarray((after <= budget + CENT).all(axis=1))


def _columns(task: Task, built: Built, years: NDArray[np.intp]) -> Floats | None:
    """Values of all columns for a plan, as the solver wants its start."""
    at = np.arange(1, task.terms.n_years + 1)
    values = np.zeros(built.program.n_columns)
    values[built.x] = (years[:, None] == at).ravel()
    if task.states:
        share, sent, pairs = evaluate(task, years)
        values[built.y] = share.ravel()
        if sent is not None and built.z is not None:
            key, mine = (p[:, 0] * len(task.actions) + p[:, 1] for p in (built.pairs, pairs))
            z = np.zeros((len(key), len(at)))
            z[np.searchsorted(key, mine)] = sent
            values[built.z] = z.ravel()
        if built.p is not None:
            numbers = [number_of(task.states, (years > 0) & (years <= t)) for t in at]
            values[built.p] = (np.arange(len(task.states))[:, None] == numbers).ravel()
        return values
    values[built.y] = np.column_stack([covered(task, years, int(t)) for t in at]).ravel()
    if built.v is not None and task.ways is not None:
        done = ((years[:, None] > 0) & (years[:, None] <= at)).astype(np.float64)
        values[built.v] = np.column_stack([holding(task.ways, done[:, t - 1]) for t in at]).ravel()
    return values


def _easy_bound(task: Task) -> float:
    years = (task.terms.discount ** np.arange(task.terms.n_years)).sum()
    return float(task.weight.sum() * years) - task.worth_today


def _cheapest(task: Task, found: Found, exclude: tuple[frozenset[str], ...], watch: Watch) -> NDArray[np.intp]:
    """Among plans that serve as many, the one that costs least; the one in hand where time runs out."""
    years, least = found.years, found.value - slack(task, found.value)
    if years is None:
        return np.zeros(len(task.actions), dtype=np.intp)
    small, kept, may = _within(task, found.at_most >= least - slack(task, found.value), years)
    built = build(small, exclude=exclude, may=may)
    program, n_years = built.program, task.terms.n_years
    worth = np.outer(small.weight, task.terms.discount ** np.arange(n_years)).ravel()
    program.rows([(built.y, csr_array(worth[None, :]))], lower=least + task.worth_today)
    price = np.zeros(program.n_columns)
    left = n_years - np.arange(n_years)
    price[built.x] = (small.once[:, None] + small.yearly[:, None] * left).ravel()
    program.set_cost(price)
    watch.tell("cheapest", found.value, found.bound)
    start = _columns(small, built, years[kept])
    answer = program.solve(watch, start=start, abs_gap=CENT, stage="cheapest", time_limit_s=watch.left_s / 2)
    if answer.values is None:
        return years
    cheaper = _among(task, kept, years_in(small, answer.values[built.x]))
    is_as_good = worth_of(task, cheaper) >= least - slack(task, found.value)
    return cheaper if is_as_good and spending(task, cheaper).sum() <= spending(task, years).sum() + CENT else years


def _beyond(task: Task) -> pd.DataFrame:
    """Floors that are not reached though everything were done that may be."""
    gained, rows = task.most, {}
    for town, least in floors(task):
        most = float(gained[task.town == town].sum())
        if least > most + 1e-6:
            nobody = task.workers[town] - task.served_today.get(town, 0.0) - most
            rows[town] = {"n_short": least - most, "n_nobody": nobody}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n_short", "n_nobody"])


def _what_binds(task: Task, watch: Watch) -> pd.DataFrame:
    rows: list[tuple[str, str, float, str]] = []
    for family in FAMILIES:
        built = build(task, elastic=family)
        if family not in built.slack:
            continue
        answer = built.program.solve(Watch(max(watch.left_s, 10.0)), stage="explain")
        if answer.values is None:
            continue
        columns, names = built.slack[family]
        rows += [
            (family, name, float(gives), unit)
            for gives, (name, unit) in zip(answer.values[columns], names, strict=True)
            if gives > 1e-6
        ]
    return pd.DataFrame(rows, columns=["family", "name", "lacking", "unit"])
