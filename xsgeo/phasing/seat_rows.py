"""Seats in the whole program: who goes where, in which state, and how many come at the same time.

A crowd is a set of people who are free in the same half hour, at an action with fewer seats than would come. Of 336
half hours few matter: where the same people are free only the fewest seats do, and a crowd within a larger one that has
no more seats is implied. What is alike in all states is written once; what holds in some states only is loosened by as
many as could come where the plan is in another.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, kron

from xsgeo.phasing.closing import Floats
from xsgeo.phasing.model import Task
from xsgeo.phasing.states import State
from xsgeo.siting.program import Program


def state_columns(program: Program, task: Task, x: slice) -> slice | None:
    """Say in which state the plan is in each year: 1 for the set of rooms that has been closed, 0 for any other.

    Parameters
    ----------
    program
        Grows by the columns of states by years, and by rows that tie them to the closings.
    task
        The question.
    x
        Columns of actions by years.

    Returns
    -------
    slice or None
        The columns; None where no room may be closed.
    """
    if len(task.states) <= 1:
        return None
    n_years = task.terms.n_years
    own, done = eye_array(n_years), csr_array(np.tril(np.ones((n_years, n_years))))
    p = program.columns(len(task.states) * n_years)
    program.rows([(p, kron(np.ones((1, len(task.states))), own))], lower=1.0, upper=1.0)
    shut = np.flatnonzero(task.closes)
    among = csr_array(np.array([s.closed[shut] for s in task.states], dtype=np.float64).T)
    which = csr_array((np.ones(len(shut)), (np.arange(len(shut)), shut)), shape=(len(shut), len(task.actions)))
    program.rows([(p, kron(among, own)), (x, -kron(which, done))], lower=0.0, upper=0.0)
    return p


def seat_pairs(covers: Sequence[csr_array], taken: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Row and action of each pair that could be seated, by row, of the actions that may be taken.

    Parameters
    ----------
    covers
        Actions by rows, in each state.
    taken
        Bool, on the actions.
    """
    some = np.flatnonzero(taken)
    every = [np.column_stack([c.coords[1], some[c.coords[0]]]) for c in (cover[some].tocoo() for cover in covers)]
    pairs = np.concatenate(every).astype(np.intp)
    return np.asarray(np.unique(pairs, axis=0) if len(covers) > 1 else pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


def seat_rows(
    program: Program, task: Task, columns: tuple[slice, slice], taken: NDArray[np.bool_]
) -> tuple[slice, NDArray[np.intp], slice | None]:
    """Let workers go to actions, as many as find a seat in every half hour.

    Parameters
    ----------
    program
        Grows by the columns of pairs by years and of states by years, and by the rows that tie them.
    task
        The question, with seats.
    columns
        Columns of actions and of rows, by years.
    taken
        Bool, on the actions: which may be taken.

    Returns
    -------
    z : slice
        Share of a row that goes to an action, pairs by years.
    pairs : numpy.ndarray
        Row and action of each.
    p : slice or None
        As `state_columns` gives them.
    """
    (x, y), n_years = columns, task.terms.n_years
    own, done = eye_array(n_years), csr_array(np.tril(np.ones((n_years, n_years))))
    pairs = seat_pairs([s.cover for s in task.states], taken)
    n_pairs = len(pairs)
    z = program.columns(n_pairs * n_years)
    p = state_columns(program, task, x)
    ones, at = np.ones(n_pairs), np.arange(n_pairs)
    to_row = csr_array((ones, (pairs[:, 0], at)), shape=(len(task.weight), n_pairs))
    to_action = csr_array((ones, (at, pairs[:, 1])), shape=(n_pairs, len(task.actions)))
    program.rows([(z, eye_array(n_pairs * n_years)), (x, -kron(to_action, done))], upper=0.0)
    served = [(y, eye_array(len(task.weight) * n_years)), (z, -kron(to_row, own))]
    if p is not None:
        served.append((p, -kron(csr_array(1.0 - task.lacking.T), own)))
        _only_where_true(program, task, (z, pairs), p)
    program.rows(served, lower=0.0, upper=0.0)
    _crowd_rows(program, task, x, (z, pairs), p)
    return z, pairs, p


def _only_where_true(program: Program, task: Task, seated: tuple[slice, NDArray[np.intp]], p: slice) -> None:
    """Seat nobody at an action that would not serve him with the rooms closed that are."""
    z, pairs = seated
    own = eye_array(task.terms.n_years)
    taken = np.isin(np.arange(len(task.actions)), pairs[:, 1])
    there = [seat_pairs([state.cover], taken) @ [len(task.actions), 1] for state in task.states]
    serves = np.array([np.isin(pairs @ [len(task.actions), 1], keys) for keys in there]).T
    some = np.flatnonzero(~serves.all(axis=1))
    if len(some):
        which = csr_array((np.ones(len(some)), (np.arange(len(some)), some)), shape=(len(some), len(pairs)))
        holds = csr_array(serves[some].astype(np.float64))
        program.rows([(z, kron(which, own)), (p, -kron(holds, own))], upper=0.0)


def _crowd_rows(
    program: Program, task: Task, x: slice, seated: tuple[slice, NDArray[np.intp]], p: slice | None
) -> None:
    """Let no more come at the same time than there are seats; what is so in some states only holds in these."""
    (z, pairs), n_years, share = seated, task.terms.n_years, task.peak_share
    own, done = eye_array(n_years), csr_array(np.tril(np.ones((n_years, n_years))))
    found: dict[tuple[int, float, bytes], list[int]] = {}
    for number, state in enumerate(task.states):
        for members, action, left in crowds(state, pairs):
            found.setdefault((action, left, members.tobytes()), []).append(number)
    if not found:
        return
    who = [np.frombuffer(key[2], dtype=np.intp) for key in found]
    members, at = np.concatenate(who), np.repeat(np.arange(len(who)), [len(w) for w in who])
    sits = csr_array((share * task.weight[pairs[members, 0]], (at, members)), shape=(len(who), len(pairs)))
    held, whose = np.array([k[1] for k in found]), np.array([k[0] for k in found], dtype=np.intp)
    seat = csr_array((held, (np.arange(len(who)), whose)), shape=(len(who), len(task.actions)))
    terms = [(z, kron(sits, own)), (x, -kron(seat, done))]
    if p is not None:
        every = np.arange(len(task.states))
        idle = np.array([~np.isin(every, numbers) for numbers in found.values()], dtype=np.float64)
        terms.append((p, -kron(csr_array(np.asarray(sits.sum(axis=1)).reshape(-1, 1) * idle), own)))
    program.rows(terms, upper=0.0)


def crowds(state: State, pairs: NDArray[np.intp]) -> list[tuple[NDArray[np.intp], int, float]]:
    """Find each action's sets of pairs that are free there in one half hour, but those others imply.

    Parameters
    ----------
    state
        Who would look for a seat when, and the seats there are.
    pairs
        What `seat_pairs` found.

    Returns
    -------
    list of tuple
        Of each crowd the pairs, sorted, the action, and the seats.
    """
    rows: list[tuple[NDArray[np.intp], int, float]] = []
    # Half hours in which the same people are free differ in their seats only, of which the fewest count.
    kinds, kind = _distinct(state.free)
    order = np.argsort(pairs[:, 1], kind="stable")
    starts = np.searchsorted(pairs[order, 1], np.arange(len(state.left) + 1))
    limited = (np.isfinite(state.left) & (state.left > 0)).any(axis=1)
    for action in np.flatnonzero(limited & (np.diff(starts) > 0)):
        mine = order[starts[action] : starts[action + 1]]
        when = np.isfinite(state.left[action]) & (state.left[action] > 0)
        least = np.full(kinds.shape[1], np.inf)
        np.minimum.at(least, kind[when], state.left[action][when])
        there = kinds[pairs[mine, 0]][:, np.isfinite(least)]
        sets, number = _distinct(there)
        left = np.full(sets.shape[1], np.inf)
        np.minimum.at(left, number, least[np.isfinite(least)])
        rows += [(np.sort(mine[s]), int(action), n) for s, n in _tightest(sets.T, left)]
    return rows


def _distinct(table: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """The different columns of a table, and which of them each column is."""
    if not table.size:
        return table[:, :1], np.zeros(table.shape[1], dtype=np.intp)
    packed = np.ascontiguousarray(np.packbits(table, axis=0).T)
    _, first, number = np.unique(packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True)
    return table[:, first], number.astype(np.intp)


def _tightest(sets: NDArray[np.bool_], left: Floats) -> list[tuple[NDArray[np.bool_], float]]:
    """Sets of people with the seats left to them, but those that lie in a larger set with no more seats."""
    kept = []
    for n, one in enumerate(sets):
        holds = np.asarray((sets | ~one).all(axis=1)) & (left <= left[n])
        if one.any() and not np.delete(holds, n).any():
            kept.append((one, float(left[n])))
    return kept
