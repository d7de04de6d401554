"""Search for a plan with seats: what rooms can seat is learned cut by cut, and never written down whole.

Written out, a county's plan with seats has half a million columns, one for each group that might go to each action in
each year, and a solver ends with a bound a tenth above its plan. But in one year all of that is a single number, f(X),
the most workers whom rooms open to the degree X can seat; and prices u of the groups, 0 <= u_i <= w_i, bound it::

    f(X) <= sum_i u_i + sum_a X_a v_a(u)

where v_a(u) is the most that action a, alone, earns of what is left of the groups, w_i - u_i. For the best prices the
two are equal (duality of linear programs; Benders 1962). So a small program holds the actions and one number a year,
and learns prices where it is wrong. f is the same in every year, so each lesson is learned for all years at once, and
looking between the last answer and the best one known instead of at the answer itself makes lessons few (in-out
separation, Ben-Ameur and Neto 2007): some twenty for a county.

A cut holds whatever the prices are, so rounding in the solver's prices costs tightness and never truth: what an action
earns is worked out here again, by the greedy rule of a knapsack in each crowd, or with rent for its seats, whichever is
less. Both are never less than the truth.

References
----------
Benders, J. F. (1962). Partitioning procedures for solving mixed-variables programming problems. Numerische Mathematik
4, 238-252. Ben-Ameur, W. and Neto, J. (2007). Acceleration of cutting-plane and column generation algorithms. Networks
49, 3-17.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array, kron

from xsgeo.phasing.closing import Floats
from xsgeo.phasing.found import Found, slack, years_in
from xsgeo.phasing.model import Task
from xsgeo.phasing.program import Built, crowds, keep_to_terms, seat_pairs, upper_bounds
from xsgeo.siting.program import Program, Word
from xsgeo.siting.watch import Watch

_MOST_LESSONS = 80
_CLOSE = 1e-5  # of the bound: near enough to stop learning before the choice is made whole
_STEP = 0.4  # how far from the best known towards the last answer the next lesson is taken
_SLACK = 0.02  # cuts further from binding than this share of a year's workers are left out of the search
_LEARN_S = 0.4  # most of the time that may go into the bound
_ONE_YEAR_S = 600.0  # one year's seats are a small linear program and must come to an end


@dataclass(frozen=True, eq=False)
class Cut:
    """Prices of the rows, what each action earns at these, and the workers seated where they were learned."""

    prices: Floats
    earned: Floats
    value: float


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What is known once actions may be taken in part: cuts, a bound, and what a plan with each action is worth."""

    cuts: tuple[Cut, ...]
    top: float
    at_most: Floats  # actions by years
    opened: Floats  # actions by years, to what degree
    word: Word


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
        return Cut(prices, self.earn(prices, rent), value)


def rooms_of(task: Task) -> Rooms:
    """Find the pairs and the crowds of a question with seats.

    Parameters
    ----------
    task
        The question, with seats.

    Returns
    -------
    Rooms
        Every pair, and the crowds in which not all find a seat who would come.
    """
    pairs = seat_pairs(task, np.ones(len(task.actions), dtype=bool))
    sits, seat = crowds(task, pairs)
    sits.eliminate_zeros()
    seats = np.asarray(seat.sum(axis=1)).ravel()
    tight = np.flatnonzero(np.asarray(sits.sum(axis=1)).ravel() > seats)
    whose = seat.tocoo().coords[1].astype(np.intp)
    return Rooms(
        task.weight, pairs[:, 0], pairs[:, 1], len(task.actions), csr_array(sits[tight]), seats[tight], whose[tight]
    )


def relax(
    task: Task, rooms: Rooms, years: NDArray[np.intp] | None, *, exclude: tuple[frozenset[str], ...], watch: Watch
) -> Relaxed:
    """Bound every plan with seats from above, actions taken in part allowed; floors are left out of account.

    Parameters
    ----------
    task
        The question.
    rooms
        What `rooms_of` found.
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
    shape = (len(task.actions), task.terms.n_years)
    worth = task.terms.discount ** np.arange(shape[1])
    best = _done(years, shape) if years is not None else np.zeros(shape)
    cuts = [rooms.seat(np.zeros(shape[0])), *(rooms.seat(best[:, t]) for t in range(shape[1]))]
    value = float(worth @ [c.value for c in cuts[1:]])
    top, at_most, opened = float(rooms.weight.sum() * worth.sum()), np.full(shape, np.inf), best
    until = watch.seconds + watch.left_s * _LEARN_S
    for _ in range(_MOST_LESSONS):
        built, _ = _master(task, cuts, exclude=exclude, may=np.ones(shape, dtype=bool))
        answer = built.program.solve(watch, is_relaxed=True, stage="bound")
        if answer.values is None:
            word: Word = "infeasible" if answer.word == "infeasible" else answer.word
            return Relaxed(tuple(cuts), top, np.minimum(at_most, top), opened, word)
        opened = answer.values[built.x].reshape(shape).cumsum(axis=1)
        top, prices = -answer.bound, np.maximum(answer.reduced_costs[built.x].reshape(shape), 0.0)
        at_most = top - prices
        watch.tell("bound", value, top)
        between = best + _STEP * (opened - best)
        lessons = [rooms.seat(between[:, t]) for t in range(shape[1])]
        here = float(worth @ [c.value for c in lessons])
        best, value = (between, here) if here > value else (best, value)
        if top - value <= _CLOSE * top or watch.seconds >= until:
            break
        cuts += lessons
    return Relaxed(tuple(cuts), top, at_most, opened, "optimal")


def branch(
    task: Task,
    rooms: Rooms,
    known: Relaxed,
    first: tuple[NDArray[np.intp] | None, float],
    *,
    share: float,
    exclude: tuple[frozenset[str], ...],
    watch: Watch,
) -> Found:
    """Make the choice whole: the small program proposes a plan, its seats are counted, and the cuts learn from it.

    Parameters
    ----------
    task, rooms, exclude, watch
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
    shape, (years, value), bound = known.at_most.shape, first, known.top
    worth = task.terms.discount ** np.arange(shape[1])
    cuts = _near(known)
    down_to = -np.inf if years is None else bound - share * (bound - value)
    while True:
        may = known.at_most >= down_to - slack(task, known.top)
        may = may if years is None else may | (years[:, None] == np.arange(1, shape[1] + 1))
        built, theta = _master(task, cuts, exclude=exclude, may=may)
        start = None if years is None else _start(rooms, built, theta, _done(years, shape), years)
        watch.tell("plan", value, bound)
        near = (bound - value) / 4 if years is not None else slack(task, bound)
        near = max(near, slack(task, bound) / 10)
        answer = built.program.solve(
            watch, start=start, abs_gap=near, stage="plan", time_limit_s=max(watch.left_s / 2, 2.0)
        )
        if answer.word == "infeasible":
            return Found(None, 0.0, 0.0, "infeasible", known.at_most)
        if answer.values is not None:
            other = years_in(task, answer.values[built.x])
            lessons = [rooms.seat(opened) for opened in _done(other, shape).T]
            here = float(worth @ [c.value for c in lessons])
            cuts = [*cuts, *lessons]
            if years is None or here > value:
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


def _near(known: Relaxed) -> list[Cut]:
    """Cuts that bind, or nearly, in some year of the relaxed answer."""
    earned = np.array([c.earned for c in known.cuts])
    height = np.array([c.prices.sum() for c in known.cuts])[:, None] + earned @ known.opened
    least = height.min(axis=0)
    binds = (height <= least + _SLACK * np.maximum(least, 1.0)).any(axis=1)
    return [cut for cut, keep in zip(known.cuts, binds, strict=True) if keep]


def _master(
    task: Task, cuts: Sequence[Cut], *, exclude: tuple[frozenset[str], ...], may: NDArray[np.bool_]
) -> tuple[Built, slice]:
    """The actions by years, and what the cuts say of the workers seated in each year."""
    n_years, program = task.terms.n_years, Program()
    x = program.columns(len(task.actions) * n_years, upper=upper_bounds(task, may), whole=True)
    worth = task.terms.discount ** np.arange(n_years)
    theta = program.columns(n_years, cost=-worth, upper=float(task.weight.sum()))
    built = Built(program, x, slice(0, 0), None, np.zeros((0, 2), dtype=np.intp), None, {})
    keep_to_terms(replace(task, terms=replace(task.terms, floors={})), built, exclude=exclude)
    earned = csr_array(np.array([c.earned for c in cuts]))
    done = csr_array(np.tril(np.ones((n_years, n_years))))
    every = kron(np.ones((len(cuts), 1)), eye_array(n_years))
    height = np.repeat([float(c.prices.sum()) for c in cuts], n_years)
    program.rows([(theta, every), (x, -kron(earned, done))], upper=height)
    return built, theta


def _start(rooms: Rooms, built: Built, theta: slice, done: Floats, years: NDArray[np.intp]) -> Floats:
    values = np.zeros(built.program.n_columns)
    values[built.x] = (years[:, None] == np.arange(1, done.shape[1] + 1)).ravel()
    values[theta] = [rooms.seat(opened).value for opened in done.T]
    return values
