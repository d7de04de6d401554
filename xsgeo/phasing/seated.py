"""Search for a plan with seats: what rooms can seat is learned cut by cut, and never written down whole.

Written out, a county's plan with seats has half a million columns, one for each group that might go to each action in
each year, and a solver ends with a bound a tenth above its plan. But what seats mean in one year is a single number
that prices bound (`xsgeo.phasing.rooms`). So a small program holds the actions, the state of the rooms that may be
closed and one number a year, and learns prices where it is wrong. The number is the same function in every year, so
each lesson is learned for all years at once, and looking between the last answer and the best one known instead of at
the answer itself makes lessons few (in-out separation, Ben-Ameur and Neto 2007): some twenty for a county.

References
----------
Ben-Ameur, W. and Neto, J. (2007). Acceleration of cutting-plane and column generation algorithms. Networks 49, 3-17.
McCormick, G. P. (1976). Computability of global solutions to factorable nonconvex programs: part I. Mathematical
Programming 10, 147-175.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, kron

from xsgeo.phasing.closing import Floats
from xsgeo.phasing.found import Found, slack, years_in
from xsgeo.phasing.lessons import Aim, AllRooms, Lesson
from xsgeo.phasing.model import Task
from xsgeo.phasing.program import Built, keep_to_terms, upper_bounds
from xsgeo.phasing.seat_rows import state_columns
from xsgeo.phasing.states import number_of
from xsgeo.siting.program import Program, Word
from xsgeo.siting.watch import Watch

_MOST_LESSONS = 80
_CLOSE = 1e-5  # of the bound: near enough to stop learning before the choice is made whole
_STEP = 0.4  # how far from the best known towards the last answer the next lesson is taken
_SLACK = 0.02  # cuts further from binding than this share of a year's workers are left out of the search
_LEARN_S = 0.4  # most of the time that may go into the bound
_NEAR = 0.01  # of the bound: near enough for a first plan, whose floors are still to be seen to
_IN_PART = 0.2  # lessons are taken in each state that the relaxed answer is in to this degree


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What is known once actions may be taken in part: cuts, a bound, and what a plan with each action is worth."""

    cuts: tuple[Lesson, ...]
    top: float
    at_most: Floats  # actions by years
    at: tuple[Floats, Floats, Floats]  # to what degree actions are done, states entered and turns taken, by years
    word: Word


@dataclass(frozen=True, eq=False)
class _Master:
    """The small program, and where its parts stand."""

    program: Program
    x: slice
    theta: slice
    p: slice | None
    w: slice | None

    def read(self, values: Floats, n_years: int) -> tuple[Floats, Floats, Floats]:
        """To what degree actions are done, states entered and turns taken, by years."""
        opened = values[self.x].reshape(-1, n_years).cumsum(axis=1)
        if self.p is None or self.w is None:
            return opened, np.ones((1, n_years)), np.zeros((0, n_years))
        return opened, values[self.p].reshape(-1, n_years), values[self.w].reshape(-1, n_years)


def relax(
    rooms: AllRooms,
    aim: Aim,
    years: NDArray[np.intp] | None,
    *,
    exclude: tuple[frozenset[str], ...] = (),
    watch: Watch,
) -> Relaxed:
    """Bound every plan with seats from above, actions taken in part allowed.

    Parameters
    ----------
    rooms
        What `xsgeo.phasing.lessons.all_rooms` found.
    aim
        What the plan is to do.
    years
        A plan to begin with, if there is one.
    exclude
        As in `xsgeo.phasing.solve`.
    watch
        Its time; no more than some of what is left is used.

    Returns
    -------
    Relaxed
        Cuts, bound and prices of the actions. ``word`` says whether anything keeps to the terms at all.
    """
    task = rooms.task
    shape = (len(task.actions), task.terms.n_years)
    best = _done(years, shape) if years is not None else np.zeros(shape)
    within = _states(task, best)
    value, cuts = rooms.count(best, aim)
    found = value if years is not None and np.isfinite(value) else np.nan  # what is looked at in between is no plan
    cuts, top = [rooms.learn(np.zeros(shape[0]), 0), *cuts] if aim.rise is None else cuts, aim.top * aim.worth.sum()
    at_most, at = np.full(shape, np.inf), (best, within, _turns_of(rooms, best, within))
    until, step = watch.seconds + watch.left_s * _LEARN_S, _STEP
    for _ in range(_MOST_LESSONS):
        built = _master(rooms, cuts, aim, exclude=exclude, may=np.ones(shape, dtype=bool))
        answer = built.program.solve(watch, is_relaxed=True, stage="bound")
        if answer.values is None:
            return Relaxed(tuple(cuts), top, np.minimum(at_most, top), at, answer.word)
        opened, states, _ = at = built.read(answer.values, shape[1])
        top, prices = -answer.bound, np.maximum(answer.reduced_costs[built.x].reshape(shape), 0.0)
        at_most = top - prices
        watch.tell("bound", found, top)
        between, inside = best + step * (opened - best), within + step * (states - within)
        here, lessons = _between(rooms, between, inside, aim)
        if here > value or not np.isfinite(value):
            best, within, value = between, inside, here
        if top - value <= _CLOSE * top or watch.seconds >= until:
            break
        corrects = bool((_over(lessons, at, answer.values[built.theta]) > _CLOSE * top / shape[1]).any())
        if not corrects and step == 1.0:
            break
        # Where nothing new is learned on the way to the last answer, look at the answer itself.
        step, cuts = _STEP if corrects else 1.0, [*cuts, *lessons]
    return Relaxed(tuple(cuts), top, at_most, at, "optimal")


def _between(rooms: AllRooms, opened: Floats, states: Floats, aim: Aim) -> tuple[float, list[Lesson]]:
    """Learn in every state that a year is in to some degree; and what that is worth, each state by its degree."""
    value, lessons = 0.0, []
    for year in np.flatnonzero(aim.worth):
        some = np.flatnonzero(states[:, year] >= min(_IN_PART, states[:, year].max()))
        mine = [rooms.learn_in(opened[:, year], int(state), int(year), aim) for state in some]
        value += aim.worth[year] * float(np.average([c.value for c in mine], weights=states[some, year]))
        lessons += mine
    return value, lessons


def branch(
    rooms: AllRooms,
    aim: Aim,
    known: Relaxed,
    first: tuple[NDArray[np.intp] | None, float],
    *,
    share: float,
    exclude: tuple[frozenset[str], ...] = (),
    watch: Watch,
) -> Found:
    """Make the choice whole: the small program proposes a plan, its seats are counted, and the cuts learn from it.

    Parameters
    ----------
    rooms, aim, exclude, watch
        As in `relax`.
    known
        What `relax` found.
    first
        A plan to begin with and its value, None and 0 where there is none.
    share
        How far of the way from the bound to the first plan the search looks at once.

    Returns
    -------
    Found
        The best plan, and what none passes.
    """
    task, shape, (years, value), bound = rooms.task, known.at_most.shape, first, known.top
    cuts = _near(known)
    down_to = -np.inf if years is None else bound - share * (bound - value)
    while True:
        may = known.at_most >= down_to - slack(task, known.top)
        may = may if years is None else may | (years[:, None] == np.arange(1, shape[1] + 1))
        built = _master(rooms, cuts, aim, exclude=exclude, may=may)
        start = None if years is None else _start(rooms, built, aim, _done(years, shape), years)
        watch.tell("plan", value if years is not None else np.nan, bound)
        near = (bound - value) / 4 if years is not None else _NEAR * bound
        near = max(near, slack(task, bound) / 10)
        answer = built.program.solve(
            watch, start=start, abs_gap=near, stage="plan", time_limit_s=max(watch.left_s / 2, 2.0)
        )
        if answer.word == "infeasible" and years is None:
            return Found(None, 0.0, 0.0, "infeasible", known.at_most)
        if answer.word == "infeasible":  # by the solver's rounding: there is a plan in hand
            return Found(years, value, bound, "unproven", known.at_most)
        if answer.values is not None:
            other = years_in(task, answer.values[built.x])
            here, lessons = rooms.count(_done(other, shape), aim)
            cuts = [*cuts, *lessons]
            if np.isfinite(here) and (years is None or here > value):
                years, value = other, here
        within = -answer.bound if np.isfinite(answer.bound) else bound
        # A plan is made of what was looked at, or it takes something whose price leaves no more than this.
        bound = min(bound, max(within, down_to))
        if years is not None and value >= bound - slack(task, value) / 2:
            return Found(years, value, max(bound, value), "optimal", known.at_most)
        if watch.is_over or answer.word in ("interrupted", "unproven"):
            return Found(years, value, bound, watch.ending if watch.is_over else answer.word, known.at_most)
        down_to = value if years is not None else down_to


def _done(years: NDArray[np.intp], shape: tuple[int, ...]) -> Floats:
    """Whether each action has been taken by each year."""
    return ((years[:, None] > 0) & (years[:, None] <= np.arange(1, shape[1] + 1))).astype(np.float64)


def _states(task: Task, done: Floats) -> Floats:
    """1 for the state a plan is in, states by years."""
    numbers = [number_of(task.states, opened > 0) for opened in done.T]
    return np.asarray(np.arange(len(task.states))[:, None] == numbers, dtype=np.float64)


def _turns_of(rooms: AllRooms, opened: Floats, states: Floats) -> Floats:
    """Turns that a plan takes, turns by years."""
    return np.asarray(opened[rooms.whose] * (rooms.among @ states), dtype=np.float64)


def _near(known: Relaxed) -> list[Lesson]:
    """Cuts that bind, or nearly, in some year of the relaxed answer."""
    on = np.array([cut.on for cut in known.cuts])
    counts = on > 0
    says = -_over(known.cuts, known.at, np.zeros(known.at_most.shape[1])) / np.where(counts, on, 1.0)[:, None]
    least = says[counts].min(axis=0, initial=np.inf)
    binds = (np.isfinite(says) & (says <= least + _SLACK * np.maximum(least, 1.0))).any(axis=1)
    return [cut for cut, keep in zip(known.cuts, binds | ~counts, strict=True) if keep]


def _over(cuts: Sequence[Lesson], at: tuple[Floats, Floats, Floats], theta: Floats) -> Floats:
    """By how much an answer passes each cut in each year that it holds in."""
    opened, states, turns = at
    parts = zip(*((c.earned, c.heights, c.more) for c in cuts), strict=True)
    earned, heights, more = (np.array(part) for part in parts)
    over = np.outer([c.on for c in cuts], theta) - earned @ opened - heights @ states - more @ turns
    holds = ~np.array([c.is_last for c in cuts])[:, None] | (np.arange(len(theta)) == len(theta) - 1)
    return np.where(holds, over, -np.inf)


def _master(
    rooms: AllRooms, cuts: Sequence[Lesson], aim: Aim, *, exclude: tuple[frozenset[str], ...], may: NDArray[np.bool_]
) -> _Master:
    """The actions by years, and what the cuts say of the workers seated in each year."""
    task, program = rooms.task, Program()
    n_years = task.terms.n_years
    x = program.columns(len(task.actions) * n_years, upper=upper_bounds(task, may), whole=True)
    theta = program.columns(n_years, cost=-aim.worth, lower=-float(task.weight.sum()), upper=aim.top)
    p = state_columns(program, task, x)
    w = None if p is None else _turn_columns(program, rooms, x, p)
    loose = replace(task, terms=replace(task.terms, floors={}))
    keep_to_terms(loose, Built(program, x, slice(0, 0)), exclude=exclude)
    built = _Master(program, x, theta, p, w)
    _cut_rows(built, [c for c in cuts if not c.is_last], np.eye(n_years))
    _cut_rows(built, [c for c in cuts if c.is_last], np.eye(n_years)[-1:])
    return built


def _cut_rows(built: _Master, cuts: Sequence[Lesson], which: Floats) -> None:
    """What cuts say of some years, a row of `which` each."""
    if not cuts:
        return
    done = csr_array(which @ np.tril(np.ones((which.shape[1], which.shape[1]))))
    on = np.array([[c.on] for c in cuts])
    earned, heights, more = (
        csr_array(np.array(part)) for part in zip(*((c.earned, c.heights, c.more) for c in cuts), strict=True)
    )
    says = [(built.theta, kron(on, which)), (built.x, -kron(earned, done))]
    if built.p is None or built.w is None:
        built.program.rows(says, upper=np.repeat([c.heights[0] for c in cuts], len(which)))
    else:
        says += [(built.p, -kron(heights, csr_array(which))), (built.w, -kron(more, csr_array(which)))]
        built.program.rows(says, upper=0.0)


def _turn_columns(program: Program, rooms: AllRooms, x: slice, p: slice) -> slice:
    """A turn is taken where its action is and the plan is in one of its states (McCormick 1976)."""
    n_years, n = rooms.task.terms.n_years, len(rooms.whose)
    own, done = eye_array(n_years), csr_array(np.tril(np.ones((n_years, n_years))))
    w = program.columns(n * n_years)
    takes = csr_array((np.ones(n), (np.arange(n), rooms.whose)), shape=(n, len(rooms.task.actions)))
    among, each = csr_array(rooms.among.astype(np.float64)), eye_array(n * n_years)
    actions, which = np.unique(rooms.whose, return_inverse=True)
    together = csr_array((np.ones(n), (which, np.arange(n))), shape=(len(actions), n))
    mine = csr_array(
        (np.ones(len(actions)), (np.arange(len(actions)), actions)), shape=(len(actions), len(rooms.task.actions))
    )
    program.rows([(w, kron(together, own)), (x, -kron(mine, done))], upper=0.0)
    program.rows([(w, each), (p, -kron(among, own))], upper=0.0)
    program.rows([(w, each), (x, -kron(takes, done)), (p, -kron(among, own))], lower=-1.0)
    return w


def _start(rooms: AllRooms, built: _Master, aim: Aim, done: Floats, years: NDArray[np.intp]) -> Floats:
    values = np.zeros(built.program.n_columns)
    values[built.x] = (years[:, None] == np.arange(1, done.shape[1] + 1)).ravel()
    values[built.theta][aim.worth > 0] = [lesson.value for lesson in rooms.count(done, aim)[1]]
    if built.p is not None and built.w is not None:
        states = _states(rooms.task, done)
        values[built.p], values[built.w] = states.ravel(), _turns_of(rooms, done, states).ravel()
    return values
