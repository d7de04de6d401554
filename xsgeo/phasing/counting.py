"""Count what a choice of actions does: what it costs, whom it serves in each year, and whom it leaves without.

A solver's objective is never shown. Whatever is chosen, by the exact search, greedily or by hand, is counted here again
from the chosen actions and years alone. With seats the count is a linear program with the choice held fixed.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.phasing.closing import Floats, Ways
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.program import CENT, TOLERANCE, build, floors, limits
from xsgeo.phasing.states import number_of
from xsgeo.siting.problem import Status
from xsgeo.siting.watch import Watch

_ENOUGH = 1e9  # 万元: more than any choice costs

COUNT_S = 3600.0
"""Counting a chosen plan again is quick and must come to an end."""


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
    return keeps_budgets(task, tried) and keeps_limits(task, tried)


def keeps_budgets(task: Task, years: NDArray[np.intp]) -> bool:
    """Whether a choice keeps to the money of each year, or to what is carried over.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    """
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
    if most is not None and (taken & ~task.closes).sum() > most:
        return False
    return all(taken @ row <= n for row, n, _ in limits(task))


def keeps_floors(task: Task, years: NDArray[np.intp]) -> bool:
    """Whether a choice serves as many of each town in the end as its floor asks for.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    """
    if not task.terms.floors:
        return True
    at_end = task.weight * (evaluate(task, years)[0][:, -1] - task.today)
    return all(float(at_end[task.town == town].sum()) >= least - TOLERANCE for town, least in floors(task))


def covered(task: Task, years: NDArray[np.intp], year: int) -> NDArray[np.bool_]:
    """Rows served by what has been done by a year.

    Parameters
    ----------
    task
        The question; its seats are left out of account.
    years
        Year of each action, 0 for none.
    year
        The year.

    Returns
    -------
    numpy.ndarray
        Bool, on the rows of the question; with closings, those served today that still are as well.
    """
    done = ((years > 0) & (years <= year)).astype(np.float64)
    if task.ways is None:
        return np.asarray(task.cover.T @ done > 0)
    answer = np.asarray(task.ways.always.T @ done > 0)
    answer[task.ways.row[holding(task.ways, done)]] = True
    return answer


def wanted(task: Task, years: NDArray[np.intp], year: int) -> Floats:
    """Workers of each row whom one more action could gain in a year.

    Parameters
    ----------
    task
        The question; of its seats only who lacks one with the rooms closed that are.
    years
        Year of each action, 0 for none.
    year
        The year.
    """
    lacking = task.weight
    if task.states:
        lacking = task.states[number_of(task.states, (years > 0) & (years <= year))].lacking
    return np.asarray(lacking * ~covered(task, years, year))


def holding(ways: Ways, done: Floats) -> NDArray[np.bool_]:
    """Ways whose action is taken and that no closing has ended.

    Parameters
    ----------
    ways
        The ways of a question.
    done
        1 for each action that has been done, else 0.
    """
    taken = np.where(ways.action >= 0, done[ways.action], 1.0)
    return np.asarray((taken > 0) & (ways.voids @ done == 0))


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
    if not task.states:
        share = np.column_stack([covered(task, years, t) for t in at]).astype(np.float64)
        return share.reshape(len(task.weight), task.terms.n_years), None, np.zeros((0, 2), dtype=np.intp)
    # A plan without one of its actions is counted as well, so only floors say anything of who is seated.
    loose = replace(task, terms=replace(task.terms, must=frozenset(), most_actions=None, most_by={}))
    built = build(loose, held=years)
    values = built.program.solve(Watch(COUNT_S), is_relaxed=True).values
    if values is None and task.terms.floors:
        # Seats may have to be kept for a town with a floor; where that is not enough they go to whoever is there.
        built = build(replace(loose, terms=replace(loose.terms, floors={})), held=years)
        values = built.program.solve(Watch(COUNT_S), is_relaxed=True).values
    if values is None or built.z is None:
        msg = "the seats of a chosen plan could not be counted again"
        raise PlanError(msg)
    shape = (-1, task.terms.n_years)
    return values[built.y].reshape(shape), values[built.z].reshape(shape), built.pairs


def workers_at_end(task: Task, years: NDArray[np.intp]) -> float:
    """Workers of the rows who are served when all of a choice is done, most of them; floors are left out of account.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    """
    last = replace(task, terms=replace(task.terms, budgets=(_ENOUGH,), floors={}))
    share, _, _ = evaluate(last, (years > 0).astype(np.intp))
    return float(task.weight @ share[:, 0])


def worth_of(task: Task, years: NDArray[np.intp]) -> float:
    """Workers that a choice serves, discounted by year, less those it leaves without.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    """
    share, _, _ = evaluate(task, years)
    worth = task.terms.discount ** np.arange(task.terms.n_years)
    return float(task.weight @ share @ worth) - task.worth_today


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
    share, _, _ = evaluate(task, years)
    n_years = task.terms.n_years
    added = _added(task, years)
    chosen = np.flatnonzero(years > 0)
    order = chosen[np.lexsort((chosen, -added[chosen], years[chosen]))]
    actions = task.actions.iloc[order].copy()
    actions.insert(0, "year", years[order])
    actions.insert(1, "n_workers_added", added[order])
    # From the year after the last in which some are without; nobody is served "from" a year who is served today.
    lacking = share < 1 - 1e-6
    from_row = np.where(lacking.any(axis=1), n_years - lacking[:, ::-1].argmax(axis=1), 0) + 1
    from_row = np.where((from_row > n_years) | (task.today > 1 - 1e-6), 0, from_row)
    from_group = np.where(task.row_of >= 0, from_row[task.row_of] if len(from_row) else 0, 0)
    spent = spending(task, years)
    by_year = pd.DataFrame(
        {
            "n_workers_added": np.round(task.weight @ (share - task.today[:, None])).astype(np.int64),
            "spent": spent,
            "budget": list(task.terms.budgets),
        },
        index=pd.RangeIndex(1, n_years + 1, name="year"),
    )
    served_from = pd.Series(from_group.astype(np.int64), index=task.groups, name="served_from")
    return Phased(actions, served_from, by_year, worth_of(task, years), bound, status, watch.seconds)


def counted(task: Task, years: NDArray[np.intp]) -> Phased:
    """Count what any choice of actions does, as if it were a plan.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none; on the order of ``task.actions``.

    Returns
    -------
    Phased
        Unproven, with no bound.
    """
    return tell(task, years, float("inf"), "unproven", Watch(COUNT_S))


def gains(task: Task, years: NDArray[np.intp]) -> dict[int, Floats]:
    """Share of each row that each action serves in the end: whoever comes first in time, then whoever adds most.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.

    Returns
    -------
    dict of int to numpy.ndarray
        By row of the action, shares on the rows of the question; with seats those who are sent there. What was served
        before the plan is in none.
    """
    _, sent, pairs = evaluate(task, years)
    out = {int(a): np.zeros(len(task.weight)) for a in np.flatnonzero((years > 0) & ~task.closes)}
    if sent is not None:
        for (row, action), share in zip(pairs, sent[:, -1], strict=True):
            if int(action) in out:
                out[int(action)][row] = share
        return out
    reach = reach_at_end(task, years)
    left_over = covered(task, years, task.terms.n_years) & (task.today == 0)
    for year in range(1, task.terms.n_years + 1):
        left = {a for a in out if years[a] == year}
        while left:
            gain = {a: float(task.weight[reach[[a]].indices] @ left_over[reach[[a]].indices]) for a in left}
            best = min(left, key=lambda a: (-gain[a], a))
            mine = reach[[best]].indices
            out[best][mine] = left_over[mine]
            left_over[mine] = False
            left.remove(best)
    return out


def losses(task: Task, years: NDArray[np.intp]) -> dict[int, Floats]:
    """Share of each row that is served today and that a closing leaves unserved, one closing after the other.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.

    Returns
    -------
    dict of int to numpy.ndarray
        By row of the action that closes a room, shares on the rows of the question.
    """
    out = {}
    shut = np.flatnonzero((years > 0) & task.closes)
    tried, kept = np.where(task.closes, 0, years), task.today
    for first in shut[np.lexsort((shut, years[shut]))]:
        tried[first] = years[first]
        left = _kept(task, tried, kept)
        out[int(first)], kept = kept - left, left
    return out


def _kept(task: Task, years: NDArray[np.intp], kept: Floats) -> Floats:
    """Share of each row that has still what it has today."""
    if not task.states:
        return np.asarray(kept * covered(task, years, task.terms.n_years))
    return np.asarray(1.0 - task.lacking[number_of(task.states, years > 0)])


def _added(task: Task, years: NDArray[np.intp]) -> NDArray[np.int64]:
    """Workers whom each action adds, less those it leaves without."""
    added = np.zeros(len(task.actions))
    for action, share in gains(task, years).items():
        added[action] = task.weight @ share
    for action, rows in losses(task, years).items():
        added[action] = -(task.weight @ rows)
    return np.round(added).astype(np.int64)


def reach_at_end(task: Task, years: NDArray[np.intp]) -> csr_array:
    """Actions by rows: whom each action would serve with the rooms closed that the plan closes.

    Parameters
    ----------
    task
        The question.
    years
        Year of each action, 0 for none.
    """
    if task.ways is None:
        return task.cover
    ways = task.ways
    holds = (ways.voids @ (years > 0).astype(np.float64) == 0) & (ways.action >= 0)
    more = csr_array((np.ones(int(holds.sum())), (ways.action[holds], ways.row[holds])), shape=task.cover.shape)
    reach = csr_array(ways.always + more)
    reach.data[:] = 1.0
    return reach
