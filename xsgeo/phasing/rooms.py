"""What rooms can seat in one year: the most workers, the prices at which that is all, and what each action earns.

In one year all that seats mean is a single number, f(X), the most workers whom rooms open to the degree X can seat, and
prices u of the rows, 0 <= u_i <= w_i, bound it::

    f(X) <= sum_i u_i + sum_a X_a v_a(u)

where v_a(u) is the most that action a, alone, earns of what is left of the rows, w_i - u_i. For the best prices the two
are equal (duality of linear programs; Benders 1962).

A cut holds whatever the prices are, so rounding in the solver's prices costs tightness and never truth: what an action
earns is worked out here again, by the greedy rule of a knapsack in each crowd, or with rent for its seats, whichever is
less. Both are never less than the truth.

**Floors** of towns are asked of the last year. Where rooms can reach them a town pays for its workers as well, beside
what they count; where they cannot, what the towns would pay bounds any rooms that can. To raise the least share is the
same with floors that rise.

References
----------
Benders, J. F. (1962). Partitioning procedures for solving mixed-variables programming problems. Numerische Mathematik
4, 238-252.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, eye_array

from xsgeo.errors import PlanError
from xsgeo.phasing.closing import Floats
from xsgeo.phasing.model import Task
from xsgeo.phasing.seat_rows import crowds, seat_pairs
from xsgeo.phasing.states import State
from xsgeo.siting.program import Program
from xsgeo.siting.watch import Watch

_ROUNDING = 1e-6  # workers
_ONE_YEAR_S = 600.0  # one year's seats are a small linear program and must come to an end


@dataclass(frozen=True, eq=False)
class Cut:
    """What a year's seats cost.

    Attributes
    ----------
    prices, rent
        Of the rows, and of a seat in each crowd.
    weight
        What a row is worth: its workers, and what its town pays for them.
    pay
        Of each town with a floor, for a worker.
    on
        How often the value counts in the row of the small program; 0 where floors cannot be reached.
    earned
        By each action.
    value
        Attained: workers seated, or where floors rise the value they rise with; minus infinity where they cannot be
        reached.
    """

    prices: Floats
    rent: Floats
    weight: Floats
    pay: Floats
    on: float
    earned: Floats
    value: float


@dataclass(frozen=True, eq=False)
class Towns:
    """Floors of a state: rows of each town, and what is needed in it there."""

    town: NDArray[np.intp]
    need: Floats
    rise: Floats | None
    top: float


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

    def seat(self, opened: Floats, towns: Towns | None = None) -> Cut:
        """Seat as many as one year's rooms can, and learn the prices at which that is all.

        Parameters
        ----------
        opened
            To what degree each action is taken, 0 to 1.
        towns
            Floors to be reached or raised; none when None.

        Returns
        -------
        Cut
            Its value is attained, and its prices bound what any other rooms can seat.
        """
        mine = np.flatnonzero(opened[self.action] > 0)
        if towns is None:
            return self._seated(opened, mine, None) if len(mine) else self._nobody()
        found = self._seated(opened, mine, towns)
        if not np.isfinite(found.value):
            # Missed by no more than the solver rounds, floors are reached; else the same plan would come for ever.
            found = self._seated(opened, mine, replace(towns, need=towns.need - _ROUNDING))
        return found if np.isfinite(found.value) else self._seated(opened, mine, towns, is_short=True)

    def _nobody(self) -> Cut:
        none = np.zeros(len(self.weight))
        rent = np.zeros(len(self.seats))
        return Cut(none, rent, self.weight, np.zeros(0), 1.0, self.earn(none, rent), 0.0)

    def _seated(self, opened: Floats, mine: NDArray[np.intp], towns: Towns | None, *, is_short: bool = False) -> Cut:
        """One year's seats as a linear program; where `is_short`, the fewest that floors lack is what it finds."""
        rows, at = np.unique(self.row[mine], return_inverse=True)
        held = np.flatnonzero(opened[self.whose] > 0)
        n, raises = self.weight[self.row[mine]], towns is not None and towns.rise is not None
        program = Program()
        z = program.columns(len(mine), cost=0.0 if is_short or raises else -n, upper=opened[self.action[mine]])
        once = csr_array((np.ones(len(mine)), (at, np.arange(len(mine)))), shape=(len(rows), len(mine)))
        program.rows([(z, once)], upper=1.0)
        program.rows([(z, csc_array(self.sits[held])[:, mine])], upper=self.seats[held] * opened[self.whose[held]])
        if towns is not None:
            _town_rows(program, z, towns, (towns.town[self.row[mine]], n), is_short=is_short)
        answer = program.solve(Watch(_ONE_YEAR_S), is_relaxed=True)
        n_towns = 0 if towns is None else len(towns.need)
        prices, rent, pay = np.zeros(len(self.weight)), np.zeros(len(self.seats)), np.zeros(n_towns)
        if answer.values is None and (towns is None or is_short):
            msg = f"the seats of one year could not be counted: {answer.word}"
            raise PlanError(msg)
        if answer.values is None:
            return Cut(prices, rent, self.weight, pay, 1.0, self.earn(prices, rent), -np.inf)
        # Nobody to be seated, and no floor that anybody is needed for: there is nothing to solve and nothing to pay.
        duals = answer.duals if len(answer.duals) else np.zeros(len(rows) + len(held) + n_towns)
        weight, on = self.weight * (not (is_short or raises)), float(not is_short)
        value = float(answer.values[z] @ n)
        if towns is not None:
            pay = np.maximum(duals[len(rows) + len(held) :], 0.0)
            weight = weight + self.weight * np.append(pay, 0.0)[towns.town]
            if towns.rise is not None and not is_short:
                on, value = float(pay @ towns.rise), float(answer.values[-1])
            value = -np.inf if is_short else value
        prices[rows] = np.clip(-duals[: len(rows)], 0.0, weight[rows])
        rent[held] = np.maximum(-duals[len(rows) : len(rows) + len(held)], 0.0)
        return Cut(prices, rent, weight, pay, on, replace(self, weight=weight).earn(prices, rent), value)

    def only(self, some: NDArray[np.intp]) -> Rooms:
        """Leave out all actions but some; they keep their numbers."""
        pairs, held = np.flatnonzero(np.isin(self.action, some)), np.flatnonzero(np.isin(self.whose, some))
        sits = csr_array(csc_array(self.sits[held])[:, pairs])
        return Rooms(
            self.weight, self.row[pairs], self.action[pairs], self.n_actions, sits, self.seats[held], self.whose[held]
        )


def _town_rows(
    program: Program, z: slice, towns: Towns, whose: tuple[NDArray[np.intp], Floats], *, is_short: bool
) -> None:
    """Reach the floors, or say by how much they are missed, or raise them all."""
    of, n = whose
    n_towns, some = len(towns.need), np.flatnonzero(of >= 0)
    table = csr_array((n[some], (of[some], some)), shape=(n_towns, len(n)))
    terms: list[tuple[slice, object]] = [(z, table)]
    if is_short:
        terms.append((program.columns(n_towns, cost=1.0, upper=np.inf), eye_array(n_towns)))
    elif towns.rise is not None:
        terms.append((program.columns(1, cost=-1.0, upper=towns.top), -towns.rise[:, None]))
    program.rows(terms, lower=towns.need)


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
