"""Solve the phased model: greedy start, exact search, the cheapest among equals, and what binds where nothing fits.

The relaxed program prices every action in every year: a plan that takes one whose reduced cost is p is worth at most
the relaxed bound less p. So the search looks first at the actions with the least prices only, and what it finds there
says how far it still has to look: past the distance between bound and best value nothing can be better (reduced-cost
fixing, Dantzig, Fulkerson and Johnson 1954). Most of the actions are never looked at, and the proof is as good. Of two
actions at one site the one that is no cheaper and serves nobody besides is left out at once.

The objective is counted again from the chosen actions, never taken from the solver, and `Phased.status` is ``optimal``
only where that count meets the bound. With seats the count is a linear program with the choice held fixed. Columns and
rows stand in the order of ids, so the answer does not depend on the order of the caller's rows.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.phasing.model import Floats, Phased, Task
from xsgeo.phasing.program import CENT, FAMILIES, Built, build, floors, limits
from xsgeo.siting.problem import Status
from xsgeo.siting.program import Word
from xsgeo.siting.watch import Progress, Watch

_TOLERANCE = 1e-6
_COUNT_S = 3600.0  # counting a chosen plan again is quick and must come to an end
_SHARE = 0.25  # how far of the way from the relaxed bound to the first plan the search looks at once


class InfeasibleError(PlanError):
    """No choice of actions keeps to the terms.

    Attributes
    ----------
    lacks
        What would have to give: ``family`` (``floors``, ``budgets``, ``limits``), ``name`` (town, year or limit),
        ``lacking`` and ``unit``. Each family is the least that has to give if it alone gives; a family that cannot
        help by itself has no rows.
    """

    def __init__(self, lacks: pd.DataFrame) -> None:
        self.lacks = lacks
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
            raise InfeasibleError(_what_binds(task, watch))
        years, bound = found.years, found.bound
        if years is None:
            return tell(task, np.zeros(len(task.actions), dtype=np.intp), bound, watch.ending, watch)
        is_best = found.value >= bound - _slack(found.value)
        if is_best and not watch.is_over:
            years = _cheapest(task, found, exclude, watch)
        status: Status = "optimal" if is_best else watch.ending if found.word == "optimal" else found.word
        return tell(task, years, max(bound, found.value), status, watch)


@dataclass(frozen=True, eq=False)
class _Found:
    """The best plan a search found, its value, what none passes, and what a plan with each action is worth at most."""

    years: NDArray[np.intp] | None
    value: float
    bound: float
    word: Word
    at_most: Floats  # actions by years


def _search(task: Task, exclude: tuple[frozenset[str], ...], watch: Watch) -> _Found:
    """Look at the actions with the least reduced costs, then as far as what was found leaves room for better."""
    shape = (len(task.actions), task.terms.n_years)
    every = _undominated(task) if task.seats is None and not exclude else np.ones(shape, dtype=bool)
    built = build(task, exclude=exclude, may=every)
    relaxed = built.program.solve(watch, is_relaxed=True, stage="bound")
    if relaxed.word == "infeasible":
        return _Found(None, 0.0, 0.0, "infeasible", np.zeros(shape))
    years = _first(task, exclude)
    value = _value(task, years) if years is not None else 0.0
    if relaxed.values is None:
        return _Found(years, value, _easy_bound(task), relaxed.word, np.full(shape, _easy_bound(task)))
    top = -relaxed.bound
    at_most = np.where(every, top - np.maximum(relaxed.reduced_costs[built.x].reshape(shape), 0.0), -np.inf)
    down_to = -np.inf if years is None else top - _SHARE * (top - value)
    while True:
        may = at_most >= down_to - _slack(top)
        if years is not None:
            may |= years[:, None] == np.arange(1, shape[1] + 1)
        built = build(task, exclude=exclude, may=may)
        start = None if years is None else _columns(task, built, years)
        answer = built.program.solve(watch, start=start, abs_gap=_slack(top) / 10, stage="plan")
        if answer.word == "infeasible":
            return _Found(None, 0.0, 0.0, "infeasible", at_most)
        if answer.values is not None:
            other = _years(task, answer.values[built.x])
            if years is None or _value(task, other) > value:
                years, value = other, _value(task, other)
        within = -answer.bound if np.isfinite(answer.bound) else top
        # A plan is made of what was looked at, or it takes something whose price leaves no more than this.
        bound = min(top, max(within, down_to))
        if answer.word != "optimal" or value >= down_to or watch.is_over:
            return _Found(years, value, bound, answer.word, at_most)
        down_to = value


def _first(task: Task, exclude: tuple[frozenset[str], ...]) -> NDArray[np.intp] | None:
    """The greedy plan, if it keeps to all the terms."""
    years = greedy(task)
    taken = task.actions.index[years > 0]
    sites = set(task.actions["site_id"].to_numpy(dtype=object)[years > 0])
    is_new = not any(ids <= set(taken) for ids in exclude)
    return years if is_new and task.terms.must <= sites and _keeps_floors(task, years) else None


def _undominated(task: Task) -> NDArray[np.bool_]:
    """Actions by years that no other action at the same site makes idle; limits count both alike."""
    columns = sorted(task.terms.most_by)
    kind = task.actions[columns].astype(str).agg("|".join, axis=1).to_numpy(object) if columns else task.site
    n_served, keep = np.diff(task.cover.indptr), np.ones(len(task.actions), dtype=bool)
    order = np.argsort(task.site, kind="stable")
    for at in np.split(order, np.flatnonzero(np.diff(task.site[order])) + 1) if len(order) else []:
        shared = (task.cover[at] @ task.cover[at].T).toarray()
        for i, a in enumerate(at):
            for j, b in enumerate(at):
                is_as_good = shared[i, j] == n_served[a] and kind[a] == kind[b]
                is_as_cheap = task.once[b] <= task.once[a] and task.yearly[b] <= task.yearly[a]
                if i != j and keep[b] and is_as_good and is_as_cheap:
                    keep[a] = False
    return np.repeat(keep[:, None], task.terms.n_years, axis=1)


def _slack(value: float) -> float:
    return _TOLERANCE * max(1.0, abs(value))


def greedy(task: Task) -> NDArray[np.intp]:
    """Year of each action, 0 for none, chosen one by one: most workers for the money in the year at hand.

    Parameters
    ----------
    task
        The question; its seats are left out of account.

    Returns
    -------
    numpy.ndarray
        On the order of ``task.actions``. Keeps to budgets and limits, not always to floors.
    """
    terms, n_years = task.terms, task.terms.n_years
    years = np.zeros(len(task.actions), dtype=np.intp)
    covered = np.zeros(len(task.weight), dtype=bool)
    allowed = ~np.isin(task.actions["site_id"].to_numpy(dtype=object), list(terms.must_not))
    wanted = np.isin(task.actions["site_id"].to_numpy(dtype=object), list(terms.must))
    for year in range(1, n_years + 1):
        while True:
            gain = task.cover @ (task.weight * ~covered)
            cost = task.once + task.yearly * (n_years - year + 1)
            free = allowed & ~np.isin(task.site, task.site[years > 0]) & ((gain > 0) | wanted)
            order = np.lexsort((np.arange(len(gain)), -gain / np.maximum(cost, 1e-9), ~wanted))
            pick = next((int(a) for a in order if free[a] and affords(task, years, int(a), year)), None)
            if pick is None:
                break
            years[pick] = year
            covered[task.cover[[pick]].indices] = True
    return years


def spending(task: Task, years: NDArray[np.intp]) -> Floats:
    """Money of each year, 万元.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.

    Returns
    -------
    numpy.ndarray
        One amount a year.
    """
    at = np.arange(1, task.terms.n_years + 1)
    taken = years > 0
    first = (years[:, None] == at) * task.once[:, None]
    running = (taken[:, None] & (years[:, None] <= at)) * task.yearly[:, None]
    return np.asarray((first + running).sum(axis=0))


def affords(task: Task, years: NDArray[np.intp], action: int, year: int) -> bool:
    """Whether one more action in a year keeps to budgets and limits.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action so far.
    action
        Its row.
    year
        When it would be done.
    """
    tried = years.copy()
    tried[action] = year
    return _keeps_budgets(task, tried) and keeps_limits(task, tried)


def _keeps_budgets(task: Task, years: NDArray[np.intp]) -> bool:
    spent, budget = spending(task, years), np.asarray(task.terms.budgets, dtype=np.float64)
    if task.terms.carries:
        spent, budget = spent.cumsum(), budget.cumsum()
    return bool((spent <= budget + CENT).all())


def keeps_limits(task: Task, years: NDArray[np.intp]) -> bool:
    """Whether a choice keeps to how many actions there may be.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    """
    taken = years > 0
    most = task.terms.most_actions
    if most is not None and taken.sum() > most:
        return False
    return all(taken @ row <= n for row, n, _ in limits(task))


def _keeps_floors(task: Task, years: NDArray[np.intp]) -> bool:
    if not task.terms.floors:
        return True
    at_end = task.weight * evaluate(task, years)[0][:, -1]
    return all(float(at_end[task.town == town].sum()) >= least - 1e-9 for town, least in floors(task))


def _covered(task: Task, years: NDArray[np.intp], year: int) -> NDArray[np.bool_]:
    done = ((years > 0) & (years <= year)).astype(np.float64)
    return np.asarray(task.cover.T @ done > 0)


# ---- reading an answer -----------------------------------------------


def _years(task: Task, x: Floats) -> NDArray[np.intp]:
    chosen = x.reshape(len(task.actions), task.terms.n_years) > 0.5
    return np.where(chosen.any(axis=1), chosen.argmax(axis=1) + 1, 0).astype(np.intp)


def _columns(task: Task, built: Built, years: NDArray[np.intp]) -> Floats | None:
    """Values of all columns for a plan, as the solver wants its start."""
    at = np.arange(1, task.terms.n_years + 1)
    if task.seats is not None:
        return build(task, held=years).program.solve(Watch(_COUNT_S), is_relaxed=True).values
    values = np.zeros(built.program.n_columns)
    values[built.x] = (years[:, None] == at).ravel()
    values[built.y] = np.column_stack([_covered(task, years, int(t)) for t in at]).ravel()
    return values


def evaluate(task: Task, years: NDArray[np.intp]) -> tuple[Floats, Floats | None, NDArray[np.intp]]:
    """Count again what a choice does.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.

    Returns
    -------
    share : numpy.ndarray
        Share of each row that is served, rows by years.
    sent : numpy.ndarray or None
        With seats, the share of each pair's row that goes to its action, pairs by years.
    pairs : numpy.ndarray
        Row and action of each pair.
    """
    at = range(1, task.terms.n_years + 1)
    if task.seats is None:
        covered = np.column_stack([_covered(task, years, t) for t in at]).astype(np.float64)
        return covered.reshape(len(task.weight), task.terms.n_years), None, np.zeros((0, 2), dtype=np.intp)
    built = build(task, held=years)
    values = built.program.solve(Watch(_COUNT_S), is_relaxed=True).values
    if values is None or built.z is None:
        msg = "the seats of a chosen plan could not be counted again"
        raise PlanError(msg)
    shape = (-1, task.terms.n_years)
    return values[built.y].reshape(shape), values[built.z].reshape(shape), built.pairs


def _value(task: Task, years: NDArray[np.intp]) -> float:
    share, _, _ = evaluate(task, years)
    worth = task.terms.discount ** np.arange(task.terms.n_years)
    return float(task.weight @ share @ worth)


def _easy_bound(task: Task) -> float:
    return float(task.weight.sum() * (task.terms.discount ** np.arange(task.terms.n_years)).sum())


def _cheapest(task: Task, found: _Found, exclude: tuple[frozenset[str], ...], watch: Watch) -> NDArray[np.intp]:
    """Among plans that serve as many, the one that costs least; the one in hand where time runs out."""
    years, least = found.years, found.value - _slack(found.value)
    if years is None:
        return np.zeros(len(task.actions), dtype=np.intp)
    may = found.at_most >= least - _slack(found.value)
    may |= years[:, None] == np.arange(1, task.terms.n_years + 1)
    built = build(task, exclude=exclude, may=may)
    program, n_years = built.program, task.terms.n_years
    worth = np.outer(task.weight, task.terms.discount ** np.arange(n_years)).ravel()
    program.rows([(built.y, csr_array(worth[None, :]))], lower=least)
    price = np.zeros(program.n_columns)
    left = n_years - np.arange(n_years)
    price[built.x] = (task.once[:, None] + task.yearly[:, None] * left).ravel()
    program.set_cost(price)
    start = _columns(task, built, years)
    answer = program.solve(watch, start=start, abs_gap=CENT, stage="cheapest", time_limit_s=watch.left_s / 2)
    if answer.values is None:
        return years
    cheaper = _years(task, answer.values[built.x])
    is_as_good = _value(task, cheaper) >= least - _slack(found.value)
    return cheaper if is_as_good and spending(task, cheaper).sum() <= spending(task, years).sum() + CENT else years


def years_of(task: Task, plan: Phased) -> NDArray[np.intp]:
    """Year of each of the task's actions in a plan, 0 for none.

    Parameters
    ----------
    task
        The question.
    plan
        A plan of the same actions.
    """
    return np.asarray(plan.actions["year"].reindex(task.actions.index).fillna(0), dtype=np.intp)


def tell(task: Task, years: NDArray[np.intp], bound: float, status: Status, watch: Watch) -> Phased:
    """Put a choice into a record.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    bound, status
        How good it can be, and what is known of it.
    watch
        For the time taken.
    """
    share, sent, pairs = evaluate(task, years)
    n_years = task.terms.n_years
    added = _added(task, years, sent, pairs)
    chosen = np.flatnonzero(years > 0)
    order = chosen[np.lexsort((chosen, -added[chosen], years[chosen]))]
    actions = task.actions.iloc[order].copy()
    actions.insert(0, "year", years[order])
    actions.insert(1, "n_workers_added", added[order])
    whole = share >= 1 - 1e-6
    from_row = np.where(whole.any(axis=1), whole.argmax(axis=1) + 1, 0)
    from_group = np.where(task.row_of >= 0, from_row[task.row_of] if len(from_row) else 0, 0)
    spent = spending(task, years)
    by_year = pd.DataFrame(
        {
            "n_workers_added": np.round(task.weight @ share).astype(np.int64),
            "spent": spent,
            "budget": list(task.terms.budgets),
        },
        index=pd.RangeIndex(1, n_years + 1, name="year"),
    )
    served_from = pd.Series(from_group.astype(np.int64), index=task.groups, name="served_from")
    return Phased(actions, served_from, by_year, _value(task, years), bound, status, watch.seconds)


def _added(task: Task, years: NDArray[np.intp], sent: Floats | None, pairs: NDArray[np.intp]) -> NDArray[np.int64]:
    """Workers whom each action adds to those before it: earlier years first, then whoever adds most."""
    added = np.zeros(len(task.actions))
    if sent is not None:
        np.add.at(added, pairs[:, 1], task.weight[pairs[:, 0]] * sent[:, -1])
        return np.round(added).astype(np.int64)
    covered = np.zeros(len(task.weight), dtype=bool)
    for year in range(1, task.terms.n_years + 1):
        left = set(np.flatnonzero(years == year).tolist())
        while left:
            gain = {a: float(task.weight[task.cover[[a]].indices] @ ~covered[task.cover[[a]].indices]) for a in left}
            best = min(left, key=lambda a: (-gain[a], a))
            added[best] = gain[best]
            covered[task.cover[[best]].indices] = True
            left.remove(best)
    return np.round(added).astype(np.int64)


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
