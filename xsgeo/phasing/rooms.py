"""What rooms can seat in one year: the most workers, the prices at which that is all, and what each action earns.

In one year all that seats mean is a single number, f(X), the most workers whom rooms open to the degree X can seat, and
prices u of the rows, 0 <= u_i <= w_i, bound it::

    f(X) <= sum_i u_i + sum_a X_a v_a(u)

where v_a(u) is the most that action a, alone, earns of what is left of the rows, w_i - u_i. For the best prices the two
are equal (duality of linear programs; Benders 1962).

A cut holds whatever the prices are, so rounding in the solver's prices costs tightness and never truth: what an action
earns is worked out here again, by the greedy rule of a knapsack in each crowd, or with rent for its seats, whichever is
less. Both are never less than the truth.

**Where rooms may be closed** each state S has an f of its own, and leaves l_S workers more without a seat. Prices
learned in one state, each as a share of the workers of its row, are prices in any other as well, and only the actions
that a closing touches earn something else there. So one row holds in all states, and is tight where it was learned::

    seated less lost <= sum_S p_S (sum_i u_iS - l_S) + sum_a X_a v_a + sum_k W_k (v_k - v_a(k))

with p_S 1 where the plan is in state S, and W_k = X_a(k) p(k): a *turn* k is an action a(k) with the states in which it
earns v_k instead of what it earns while nothing is closed.

References
----------
Benders, J. F. (1962). Partitioning procedures for solving mixed-variables programming problems. Numerische Mathematik
4, 238-252.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from xsgeo.phasing.closing import Bools, Floats
from xsgeo.phasing.model import Task
from xsgeo.phasing.seat_rows import crowds, seat_pairs
from xsgeo.phasing.states import State, number_of
from xsgeo.siting.program import Program
from xsgeo.siting.watch import Watch

_ONE_YEAR_S = 600.0  # one year's seats are a small linear program and must come to an end


@dataclass(frozen=True, eq=False)
class Cut:
    """Prices of the rows and rents of the crowds' seats, what each action earns at these, and the workers seated."""

    prices: Floats
    rent: Floats
    earned: Floats
    value: float


@dataclass(frozen=True, eq=False)
class Lesson:
    """One row of the small program, for any year.

    Attributes
    ----------
    heights
        On the states: sum of the prices, less the workers lost.
    earned
        On the actions, while nothing is closed.
    more
        On the turns: what the action earns more in its states.
    value
        Workers seated where it was learned, less those lost.
    """

    heights: Floats
    earned: Floats
    more: Floats
    value: float


@dataclass(frozen=True, eq=False)
class Rooms:
    """Whom each action could seat, and the crowds in which seats may be too few.

    Attributes
    ----------
    weight
        Workers of each row.
    row, action
        Of each pair of them.
    n_actions
        How many actions there are.
    sits
        Crowds by pairs: seats that a row takes which goes there whole. Crowds that always fit are left out.
    seats, whose
        Of each crowd: the seats, and the action they are at.
    """

    weight: Floats
    row: NDArray[np.intp]
    action: NDArray[np.intp]
    n_actions: int
    sits: csr_array
    seats: Floats
    whose: NDArray[np.intp]

    def earn(self, prices: Floats, rent: Floats | None = None) -> Floats:
        """Find the most each action earns by itself, or a little more where several crowds meet.

        Parameters
        ----------
        prices
            Of each row; what is left of its workers is earned by seating it.
        rent
            Of a seat in each crowd; none when None.

        Returns
        -------
        numpy.ndarray
            On the actions; never less than the truth.
        """
        profit = np.maximum(self.weight - prices, 0.0)[self.row]
        whole = np.bincount(self.action, weights=profit, minlength=self.n_actions)
        most = whole.copy()
        np.minimum.at(most, self.whose, whole[self.whose] - self._turned_away(profit))
        if rent is None:
            return np.maximum(most, 0.0)
        paid = self.sits.T @ rent
        kept = np.bincount(self.action, weights=np.maximum(profit - paid, 0.0), minlength=self.n_actions)
        kept += np.bincount(self.whose, weights=self.seats * rent, minlength=self.n_actions)
        return np.maximum(np.minimum(most, kept), 0.0)

    def _turned_away(self, profit: Floats) -> Floats:
        """What each crowd by itself keeps from being earned: those who earn least for a seat stay out."""
        at = np.repeat(np.arange(len(self.seats)), np.diff(self.sits.indptr))
        mine, size = profit[self.sits.indices], self.sits.data
        order = np.lexsort((-mine / size, at))
        mine, size = mine[order], size[order]
        before = np.concatenate([[0.0], np.cumsum(size)])
        before = before[:-1] - before[self.sits.indptr[:-1]][at]
        out = 1.0 - np.clip((self.seats[at] - before) / size, 0.0, 1.0)
        return np.asarray(np.bincount(at, weights=out * mine, minlength=len(self.seats)))

    def seat(self, opened: Floats) -> Cut:
        """Seat as many as one year's rooms can, and learn the prices at which that is all.

        Parameters
        ----------
        opened
            To what degree each action is taken, 0 to 1.

        Returns
        -------
        Cut
            Its value is attained, and its prices bound what any other rooms can seat.
        """
        mine = np.flatnonzero(opened[self.action] > 0)
        rows, at = np.unique(self.row[mine], return_inverse=True)
        held = np.flatnonzero(opened[self.whose] > 0)
        program = Program()
        z = program.columns(len(mine), cost=-self.weight[self.row[mine]], upper=opened[self.action[mine]])
        once = csr_array((np.ones(len(mine)), (at, np.arange(len(mine)))), shape=(len(rows), len(mine)))
        program.rows([(z, once)], upper=1.0)
        program.rows([(z, csc_array(self.sits[held])[:, mine])], upper=self.seats[held] * opened[self.whose[held]])
        answer = program.solve(Watch(_ONE_YEAR_S), is_relaxed=True) if len(mine) else None
        prices, rent, value = np.zeros(len(self.weight)), np.zeros(len(self.seats)), 0.0
        if answer is not None and answer.values is not None:
            prices[rows] = np.clip(-answer.duals[: len(rows)], 0.0, self.weight[rows])
            rent[held] = np.maximum(-answer.duals[len(rows) :], 0.0)
            value = float(answer.values @ self.weight[self.row[mine]])
        return Cut(prices, rent, self.earn(prices, rent), value)

    def only(self, some: NDArray[np.intp]) -> Rooms:
        """Leave out all actions but some; they keep their numbers."""
        pairs, held = np.flatnonzero(np.isin(self.action, some)), np.flatnonzero(np.isin(self.whose, some))
        sits = csr_array(csc_array(self.sits[held])[:, pairs])
        return Rooms(
            self.weight, self.row[pairs], self.action[pairs], self.n_actions, sits, self.seats[held], self.whose[held]
        )


@dataclass(frozen=True, eq=False)
class AllRooms:
    """The rooms of every state.

    Attributes
    ----------
    task
        The question.
    every
        Of each state.
    near
        As `every`, of the actions that are not alike in all states only.
    lost
        Of each state: workers who lack a seat and have one today.
    alike
        Of each pair of states, of each crowd of the one: the crowd of the other that has most of the same people.
    whose, among
        Of each turn: the action, and in which states it is; bool, turns by states.
    """

    task: Task
    every: tuple[Rooms, ...]
    near: tuple[Rooms, ...]
    lost: Floats
    alike: Mapping[tuple[int, int], NDArray[np.intp]]
    whose: NDArray[np.intp]
    among: Bools

    def learn(self, opened: Floats, state: int) -> Lesson:
        """Seat as many as one year's rooms can in a state, and learn what bounds that in all of them.

        Parameters
        ----------
        opened
            To what degree each action is taken, 0 to 1.
        state
            Number of the state.

        Returns
        -------
        Lesson
            Its value is attained.
        """
        rooms = self.every[state]
        cut = rooms.seat(opened)
        part = np.divide(cut.prices, rooms.weight, out=np.ones(len(cut.prices)), where=rooms.weight > 0)
        heights = np.array([part @ other.weight for other in self.every]) - self.lost
        earned, at_turn = cut.earned.copy(), np.zeros(len(self.whose))
        needed = {0, *self.among.argmax(axis=1).tolist()} - {state}
        for number in sorted(needed):
            to = self.alike[state, number]
            near = self.near[number]
            rent = np.bincount(to[to >= 0], weights=cut.rent[to >= 0], minlength=len(near.seats)).astype(np.float64)
            elsewhere = near.earn(part * near.weight, rent)
            mine = self.among.argmax(axis=1) == number
            at_turn[mine] = elsewhere[self.whose[mine]]
            if number == 0:
                changes = self._changing(state)
                earned[changes] = elsewhere[changes]
        here = self.among[:, state]
        at_turn[here] = cut.earned[self.whose[here]]
        return Lesson(heights, earned, at_turn - earned[self.whose], cut.value - self.lost[state])

    def _changing(self, state: int) -> NDArray[np.intp]:
        """Actions that do in a state what they do not while nothing is closed, and those at rooms closed there."""
        closed = _at_rooms(self.task, self.task.states[state].closed)
        return np.concatenate([self.whose[self.among[:, state]], np.flatnonzero(closed)])

    def count(self, done: Floats) -> list[Lesson]:
        """Learn from a plan: in each year in the state it is in.

        Parameters
        ----------
        done
            Whether each action has been taken by each year, actions by years.
        """
        return [self.learn(opened, number_of(self.task.states, opened > 0)) for opened in done.T]


def all_rooms(task: Task) -> AllRooms:
    """Find the rooms of every state, and the actions that a closing touches.

    Parameters
    ----------
    task
        The question, with seats.
    """
    every = tuple(rooms_of(task, state) for state in task.states)
    whose, among = _turns(task)
    some = np.concatenate([whose, np.flatnonzero(_at_rooms(task, task.closes))])
    near = tuple(rooms.only(some) for rooms in every) if len(every) > 1 else every
    lost = np.array([float((s.lacking - task.states[0].lacking).sum()) for s in task.states])
    reached = {0, *among.argmax(axis=1).tolist()}
    alike = {(a, b): _alike(every[a], near[b]) for a in range(len(every)) for b in reached if a != b}
    return AllRooms(task, every, near, lost, alike, whose, among)


def _turns(task: Task) -> tuple[NDArray[np.intp], Bools]:
    """Actions that do not do in some states what they do while nothing is closed, and these states, alike together."""
    kinds = np.zeros((len(task.actions), len(task.states)), dtype=np.intp)
    for number, state in enumerate(task.states[1:], 1):
        left = ~_at_rooms(task, state.closed)  # nothing is done in a room that is closed
        for before in range(number):
            same = left & (kinds[:, before] == before) & ~_differs(task.states[before], state)
            kinds[same, number] = before
            left &= ~same
        kinds[left, number] = number
    pairs = [(a, kind) for a, of in enumerate(kinds) for kind in sorted(set(of.tolist()) - {0})]
    whose = np.array([a for a, _ in pairs], dtype=np.intp)
    among = np.array([kinds[a] == kind for a, kind in pairs], dtype=bool).reshape(len(pairs), len(task.states))
    return whose, among


def _at_rooms(task: Task, closed: Bools) -> Bools:
    """Actions at the rooms that some actions close."""
    return np.isin(task.site, task.site[closed])


def _alike(one: Rooms, other: Rooms) -> NDArray[np.intp]:
    """For each crowd the other's crowd at the same action with most of the same people; -1 where there is none."""
    n_rows, kinds = len(one.weight), []
    for rooms in (one, other):
        pair = (rooms.action * n_rows + rooms.row)[rooms.sits.indices]
        kinds.append(
            csr_array((np.ones(len(pair)), pair, rooms.sits.indptr), shape=(len(rooms.seats), n_rows * one.n_actions))
        )
    shared = (kinds[0] @ kinds[1].T).tocoo()
    at, to = shared.coords
    sizes = [np.diff(kind.indptr) for kind in kinds]
    likeness = shared.data / (sizes[0][at] + sizes[1][to])
    best = np.full(len(one.seats), -1, dtype=np.intp)
    order = np.lexsort((-to, likeness))
    best[at[order]] = to[order]
    return best


def _differs(one: State, other: State) -> Bools:
    """Actions that serve others, or have other seats, in one state than in another."""
    changed = (one.lacking != other.lacking) | (one.free != other.free).any(axis=1)
    serves_changed = (one.cover @ changed.astype(np.float64) > 0) | (other.cover @ changed.astype(np.float64) > 0)
    serves_others = np.asarray(abs(one.cover - other.cover).sum(axis=1)).ravel() > 0
    return np.asarray(serves_changed | serves_others | ~np.isclose(one.left, other.left).all(axis=1))


def rooms_of(task: Task, state: State) -> Rooms:
    """Find the pairs and the crowds of a state.

    Parameters
    ----------
    task
        The question, with seats.
    state
        One of its states.

    Returns
    -------
    Rooms
        Every pair, and the crowds in which not all find a seat who would come.
    """
    pairs = seat_pairs([state.cover], np.ones(len(task.actions), dtype=bool))
    found = crowds(state, pairs)
    members = np.concatenate([np.zeros(0, dtype=np.intp), *(who for who, _, _ in found)])
    at = np.repeat(np.arange(len(found)), [len(who) for who, _, _ in found])
    size = task.peak_share * state.lacking[pairs[members, 0]]
    some = size > 0
    sits = csr_array((size[some], (at[some], members[some])), shape=(len(found), len(pairs)))
    seats = np.array([n for _, _, n in found], dtype=np.float64)
    whose = np.array([action for _, action, _ in found], dtype=np.intp)
    tight = np.flatnonzero(np.asarray(sits.sum(axis=1)).ravel() > seats)
    return Rooms(
        state.lacking, pairs[:, 0], pairs[:, 1], len(task.actions), csr_array(sits[tight]), seats[tight], whose[tight]
    )
