"""What a search with seats learns: rows of the small program that hold in every year and every state.

What is learned of one year's rooms (`xsgeo.phasing.rooms`) bounds them all. Where rooms may be closed, each state S has
seats of its own, and leaves l_S workers more without one. Prices learned in one state, each as a share of the workers
of its row, are prices in any other as well, and only the actions that a closing touches earn something else there. So
one row holds in all states, and is tight where it was learned::

    seated less lost <= sum_S p_S (sum_i u_iS - l_S) + sum_a X_a v_a + sum_k W_k (v_k - v_a(k))

with p_S 1 where the plan is in state S, and W_k = X_a(k) p(k): a *turn* k is an action a(k) with the states in which it
earns v_k instead of what it earns while nothing is closed. With floors, which are asked of the last year, what towns
pay for the workers they need is taken from the heights; where floors were not reached the value does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.phasing.closing import Bools, Floats
from xsgeo.phasing.model import Task
from xsgeo.phasing.program import floors
from xsgeo.phasing.rooms import Rooms, Towns, rooms_of
from xsgeo.phasing.states import State, number_of


@dataclass(frozen=True, eq=False)
class Aim:
    """What a plan is to do, besides keeping to money and limits.

    Attributes
    ----------
    worth
        What a worker counts in each year.
    top
        No plan is worth more in any one year.
    town
        Of each row: number of its town among those with a floor, -1 for none.
    need
        Workers to be added in each of these towns by the end.
    rise
        None for given floors. Else the floors are to be raised together: ``rise`` workers more are needed in each town
        for each worker of the value, which then is that number of workers.
    """

    worth: Floats
    top: float
    town: NDArray[np.intp]
    need: Floats
    rise: Floats | None = None


@dataclass(frozen=True, eq=False)
class Lesson:
    """One row of the small program, for any year.

    Attributes
    ----------
    heights
        On the states: sum of the prices, less the workers lost and what is paid for those needed.
    earned
        On the actions, while nothing is closed.
    more
        On the turns: what the action earns more in its states.
    value
        Attained where it was learned: workers seated less those lost, or where floors rise the value they rise with.
    on
        How often the value counts.
    is_last
        Whether it holds in the last year only, of which floors are asked.
    """

    heights: Floats
    earned: Floats
    more: Floats
    value: float
    on: float = 1.0
    is_last: bool = False


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

    def learn(self, opened: Floats, state: int, aim: Aim | None = None) -> Lesson:
        """Seat as many as one year's rooms can in a state, and learn what bounds that in all of them.

        Parameters
        ----------
        opened
            To what degree each action is taken, 0 to 1.
        state
            Number of the state.
        aim
            Floors, of the last year; none when None.

        Returns
        -------
        Lesson
            Its value is attained; minus infinity where floors are not.
        """
        rooms = self.every[state]
        towns = None if aim is None else self._towns(aim, state)
        cut = rooms.seat(opened, towns)
        part = np.divide(cut.prices, cut.weight, out=np.ones(len(cut.prices)), where=cut.weight > 0)
        counts = 1.0 if aim is None or (aim.rise is None and cut.on > 0) else 0.0
        each = np.full(len(part), counts)
        if aim is not None:
            each = each + np.append(cut.pay, 0.0)[aim.town]
        heights = np.array([(part * each) @ other.weight for other in self.every]) - counts * self.lost
        if aim is not None:
            heights -= [cut.pay @ self._towns(aim, number).need for number in range(len(self.every))]
        earned, at_turn = cut.earned.copy(), np.zeros(len(self.whose))
        needed = {0, *self.among.argmax(axis=1).tolist()} - {state}
        for number in sorted(needed):
            to = self.alike[state, number]
            near = self.near[number]
            rent = np.bincount(to[to >= 0], weights=cut.rent[to >= 0], minlength=len(near.seats)).astype(np.float64)
            elsewhere = replace(near, weight=each * near.weight).earn(part * each * near.weight, rent)
            mine = self.among.argmax(axis=1) == number
            at_turn[mine] = elsewhere[self.whose[mine]]
            if number == 0:
                changes = self._changing(state)
                earned[changes] = elsewhere[changes]
        here = self.among[:, state]
        at_turn[here] = cut.earned[self.whose[here]]
        value = cut.value - counts * self.lost[state] if np.isfinite(cut.value) else cut.value
        return Lesson(heights, earned, at_turn - earned[self.whose], value, cut.on, aim is not None)

    def _towns(self, aim: Aim, state: int) -> Towns:
        """Floors in a state: whoever it leaves without has to be made up for."""
        more = self.every[state].weight - self.every[0].weight
        lost = np.bincount(aim.town[aim.town >= 0], weights=more[aim.town >= 0], minlength=len(aim.need))
        return Towns(aim.town, aim.need + lost, aim.rise, aim.top)

    def _changing(self, state: int) -> NDArray[np.intp]:
        """Actions that do in a state what they do not while nothing is closed, and those at rooms closed there."""
        closed = _at_rooms(self.task, self.task.states[state].closed)
        return np.concatenate([self.whose[self.among[:, state]], np.flatnonzero(closed)])

    def count(self, done: Floats, aim: Aim) -> tuple[float, list[Lesson]]:
        """Learn from a plan: in each year in the state it is in.

        Parameters
        ----------
        done
            Whether each action has been taken by each year, actions by years.
        aim
            What the plan is to do.

        Returns
        -------
        value : float
            What it is worth; minus infinity where it does not reach the floors.
        lessons : list of Lesson
            Of each year that counts.
        """
        states = [number_of(self.task.states, opened > 0) for opened in done.T]
        lessons = [self.learn_in(done[:, year], states[year], int(year), aim) for year in np.flatnonzero(aim.worth)]
        return float(aim.worth[aim.worth > 0] @ [lesson.value for lesson in lessons]), lessons

    def learn_in(self, opened: Floats, state: int, year: int, aim: Aim) -> Lesson:
        """As `learn`, with floors in the last year."""
        return self.learn(opened, state, aim if len(aim.need) and year == len(aim.worth) - 1 else None)


def most_workers(task: Task) -> Aim:
    """Serve as many as can be, each year as much as it counts, and reach the floors by the end.

    Parameters
    ----------
    task
        The question.
    """
    wanted = floors(task)
    town = _numbered(task, [name for name, _ in wanted])
    worth = np.asarray(task.terms.discount ** np.arange(task.terms.n_years), dtype=np.float64)
    return Aim(worth, float(task.weight.sum()), town, np.array([least for _, least in wanted]))


def least_share(task: Task, most: float) -> Aim:
    """Raise the least share of any town's workers that is served in the end.

    Parameters
    ----------
    task
        The question, with workers by town.
    most
        A share that is known to be no less than the answer.

    Returns
    -------
    Aim
        Its value is that share of all workers.
    """
    towns = sorted(t for t, n in task.workers.items() if n > 0)
    everybody = sum(task.workers[t] for t in towns)
    last = (np.arange(task.terms.n_years) == task.terms.n_years - 1).astype(np.float64)
    need = -np.array([task.served_today.get(t, 0.0) for t in towns])
    rise = np.array([task.workers[t] / everybody for t in towns])
    return Aim(last, everybody * min(most, 1.0), _numbered(task, towns), need, rise)


def _numbered(task: Task, towns: list[str]) -> NDArray[np.intp]:
    number = {name: n for n, name in enumerate(towns)}
    return np.array([number.get(name, -1) for name in task.town], dtype=np.intp)


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
