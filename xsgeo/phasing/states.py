"""Seats while rooms are closed: one question for every set of rooms that may be closed together.

To close a room sends its people to the next one, where they need seats; who finds one there, who is crowded out by
them, and whose hours no longer add up, cannot be put together from the rooms one by one. So the question is asked anew
for every set of rooms that may be closed, the *states*: who lacks a seat then, which action would serve them, and what
seats it would have. A plan is in one state each year. With k rooms there are two to the k states, and k is kept small
(`MOST_CLOSABLE`).

Groups are joined to rows only where they are alike in all states, so a row is the same people whatever is closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.phasing.closing import Bools, Floats

MOST_CLOSABLE = 5
"""Most rooms that may be closed in a plan with seats; 32 sets of them are looked at."""


@dataclass(frozen=True, eq=False)
class Seats:
    """What seats ask of the model.

    Attributes
    ----------
    free
        Bool, groups by 336 half hours: when each would look for a seat; on the order of `weights`.
    left
        Actions by 336 half hours, on the order of the actions: seats that are free for those who come new; infinite
        where nobody knows how many there are, 0 where it is shut or full.
    peak_share
        Share of those who are free that come at the same time.
    """

    free: Bools
    left: Floats
    peak_share: float


@dataclass(frozen=True, eq=False)
class Without:
    """The same question with seats, once some rooms are closed.

    Attributes
    ----------
    closed
        Ids of the actions that close them.
    weights
        Workers of each group who lack a seat then, on the ids of the question's own `weights`.
    covers
        ``action_id`` and ``group_id``: whom each action would serve then.
    seats
        Who would look for a seat when, and the seats there are.
    """

    closed: frozenset[str]
    weights: pd.Series
    covers: pd.DataFrame
    seats: Seats


@dataclass(frozen=True, eq=False)
class State:
    """A set of closed rooms, in arrays on the actions and rows of a question.

    Attributes
    ----------
    closed
        Which actions have closed a room.
    cover
        Actions by rows: whom each would serve.
    lacking
        Workers of each row who lack a seat.
    free
        Rows by 336 half hours; without columns where seats are not counted.
    left
        Actions by 336 half hours.
    """

    closed: Bools
    cover: csr_array
    lacking: Floats
    free: Bools
    left: Floats


def in_order(
    parts: Sequence[Without], weights: pd.Series, actions: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame, list[State]]:
    """Put every state on sorted groups and actions; groups are not joined yet.

    Parameters
    ----------
    parts
        The question as it is, then once rooms are closed.
    weights, actions
        In the caller's order.

    Returns
    -------
    weights, actions
        Sorted.
    states
        Of each state the table of actions by groups, and the rest of it.

    Raises
    ------
    PlanError
        When a set of closings is missing or repeated, or a group is not known.
    """
    people, ordered = weights.sort_index(), actions.sort_index()
    by_group, by_action = weights.index.argsort(), actions.index.argsort()
    states = []
    for part in parts:
        a, g = ordered.index.get_indexer(part.covers["action_id"]), people.index.get_indexer(part.covers["group_id"])
        if (g < 0).any():
            msg = f"the covers name the group {part.covers['group_id'].to_numpy()[g < 0][0]!r}, which has no weight"
            raise PlanError(msg)
        strange = part.weights.index.difference(people.index)
        if len(strange):
            msg = f"with rooms closed the group {strange[0]!r} lacks a seat, which has no weight as things are"
            raise PlanError(msg)
        lacking = part.weights.reindex(people.index).to_numpy(np.float64)
        if not (lacking >= 0).all():
            msg = f"group {people.index[~(lacking >= 0)][0]!r} has no number of workers of 0 or more"
            raise PlanError(msg)
        table = csr_array((np.ones(int((a >= 0).sum())), (a[a >= 0], g[a >= 0])), shape=(len(ordered), len(people)))
        table.sum_duplicates()
        table.data[:] = 1.0
        closed = np.asarray(ordered.index.isin(list(part.closed)), dtype=bool)
        states.append(State(closed, table, lacking, part.seats.free[by_group], part.seats.left[by_action]))
    return people, ordered, states


def check_states(parts: Sequence[Without], closings: Sequence[str]) -> None:
    """See that there is one state for every set of closings.

    Parameters
    ----------
    parts
        The question as it is, then once rooms are closed.
    closings
        Ids of the actions that close a room.

    Raises
    ------
    PlanError
        When there are too many rooms, or a set is missing, repeated or strange.
    """
    if len(closings) > MOST_CLOSABLE:
        msg = f"{len(closings)} rooms may be closed, at most {MOST_CLOSABLE} can be compared where seats count"
        raise PlanError(msg)
    given = [part.closed for part in parts]
    strange = {i for closed in given for i in closed} - set(closings)
    if strange:
        msg = f"the action {min(strange)!r} closes no room"
        raise PlanError(msg)
    if len(set(given)) < len(given) or len(given) < 2 ** len(closings):
        msg = "with seats, every set of closings has to have its state, told once"
        raise PlanError(msg)


def joined(
    states: Sequence[State], home: NDArray[np.object_], depends: Mapping[int, object]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats, tuple[State, ...]]:
    """Join groups that are alike in every state.

    Parameters
    ----------
    states
        On groups.
    home
        Town of each group; all the same where towns do not count.
    depends
        What else must be alike, by number of the group. Such a group is kept though no action serves it.

    Returns
    -------
    row_of : numpy.ndarray
        Row of each group, -1 where no action serves it and no closing touches it.
    first : numpy.ndarray
        One group of each row.
    weight : numpy.ndarray
        Workers of each row who lack a seat in the state in which most do.
    states : tuple of State
        On rows.
    """
    lacking = np.array([s.lacking for s in states])
    most = lacking.max(axis=0)
    ratio = np.round(np.divide(lacking, most, out=np.ones_like(lacking), where=most > 0), 12).T
    tables = [_by_group(s.cover) for s in states]
    packed = [np.packbits(s.free, axis=1) for s in states]
    matters = np.ptp(ratio, axis=1) > 0
    for table in tables:
        matters |= np.diff(table.indptr) > 0
    matters[list(depends)] = True
    kinds: dict[tuple[object, ...], int] = {}
    row_of = np.full(len(home), -1, dtype=np.intp)
    first: list[int] = []
    for i in np.flatnonzero(matters):
        served = tuple(t.indices[t.indptr[i] : t.indptr[i + 1]].tobytes() for t in tables)
        key = (served, home[i], tuple(p[i].tobytes() for p in packed), ratio[i].tobytes(), depends.get(int(i)))
        row_of[i] = kinds.setdefault(key, len(kinds))
        if row_of[i] == len(first):
            first.append(int(i))
    rows, mine = np.array(first, dtype=np.intp), row_of >= 0
    sums = [np.bincount(row_of[mine], weights=n[mine], minlength=len(rows)) for n in (most, *lacking)]
    on_rows = tuple(
        State(s.closed, csr_array(t[rows].T), np.asarray(n, dtype=np.float64), s.free[rows], s.left)
        for s, t, n in zip(states, tables, sums[1:], strict=True)
    )
    return row_of, rows, np.asarray(sums[0], dtype=np.float64), on_rows


def _by_group(cover: csr_array) -> csr_array:
    table = csr_array(cover.T)
    table.sort_indices()
    return table


def number_of(states: Sequence[State], done: Bools) -> int:
    """Number of the state that a plan is in.

    Parameters
    ----------
    states
        As `joined` gave them.
    done
        Which actions have been taken.

    Examples
    --------
    >>> none = np.zeros((0, 0))
    >>> state = lambda *closed: State(np.array(closed), csr_array((2, 0)), np.zeros(0), none.astype(bool), none)
    >>> number_of([state(False, False), state(True, False)], np.array([True, True]))
    1
    """
    shut = np.any([s.closed for s in states], axis=0) & done
    return next(number for number, state in enumerate(states) if (state.closed == shut).all())
