"""The plan of least regret, found in a program in which the states of the world share what they have in common.

Regret in a state is what a plan serves less there than the plan made for that state alone (Savage 1951). A gale that
stops one ferry changes whom an action serves for few groups only, so most rows of demand are the same in every state:
they are written once, with one weight for each state. Actions are then left out by their reduced costs, as in
`xsgeo.phasing.solve`, but of the regret: a plan that takes one whose price is p has at least the relaxed regret and p.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, kron

from xsgeo.phasing.closing import Floats
from xsgeo.phasing.found import years_in
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.narrowing import alike
from xsgeo.phasing.program import Built, keep_to_terms, serve_rows, upper_bounds
from xsgeo.phasing.solve import undominated
from xsgeo.siting.program import Answer, Program
from xsgeo.siting.watch import Watch

_SAME = 1e-6  # of the best plan's worth
_SHARE = 0.25  # how far from the relaxed regret to the first plan's the search looks at once


@dataclass(frozen=True, eq=False)
class _Joint:
    """One question in several states: rows that some state has, and how many workers they are in each."""

    task: Task  # actions and terms; its cover is of all rows, its weight of the first state
    weights: Floats  # states by rows
    goals: Floats  # what the plan made for each state alone is worth there


def least_regret(
    cases: Mapping[str, Task], own: Mapping[str, Phased], watch: Watch
) -> tuple[NDArray[np.intp] | None, float]:
    """Find the plan whose greatest regret is least, as far as time goes.

    Parameters
    ----------
    cases
        The same actions and terms in each state, without floors, seats and closings.
    own
        The plan made for each state alone.
    watch
        Its time.

    Returns
    -------
    years : numpy.ndarray or None
        Year of each action, 0 for none.
    least : float
        No plan's greatest regret is less.
    """
    joint = _joined(cases, own)
    shape = (len(joint.task.actions), joint.task.terms.n_years)
    same = _SAME * max(float(joint.goals.max()), 1.0)
    years, regret = None, np.inf
    for plan in own.values():
        other = np.asarray(plan.actions["year"].reindex(joint.task.actions.index).fillna(0), dtype=np.intp)
        if (greatest := _regret(joint, other)) < regret:
            years, regret = other, greatest
    every = undominated(joint.task)
    answer, kept = _solved(joint, every, None, watch, same, is_relaxed=True)
    if answer.values is None:
        return years, 0.0
    least, at_least = max(answer.bound, 0.0), np.full(shape, np.inf)
    at_least[kept] = least + np.maximum(answer.reduced_costs[: len(kept) * shape[1]].reshape(-1, shape[1]), 0.0)
    up_to = least + _SHARE * (regret - least)
    bottom = least
    while True:
        may = at_least <= up_to + same
        if years is not None:
            may |= years[:, None] == np.arange(1, shape[1] + 1)
        watch.tell("robust", regret, bottom)
        answer, kept = _solved(joint, may, years, watch, same)
        if answer.values is not None:
            other = np.zeros(shape[0], dtype=np.intp)
            small = replace(joint.task, actions=joint.task.actions.iloc[kept])
            other[kept] = years_in(small, answer.values[: len(kept) * shape[1]])
            if (greatest := _regret(joint, other)) < regret:
                years, regret = other, greatest
        # A plan is made of what was looked at, or it takes something that costs at least this much regret.
        bottom = max(bottom, min(answer.bound, up_to))
        if answer.word != "optimal" or regret <= up_to or watch.is_over:
            return years, bottom
        up_to = regret


def _joined(cases: Mapping[str, Task], own: Mapping[str, Phased]) -> _Joint:
    tasks = list(cases.values())
    every = csr_array(hstack([t.cover for t in tasks]))
    to, first = alike(every)
    weights = np.zeros((len(tasks), len(first)))
    start = 0
    for n, task in enumerate(tasks):
        mine = to[start : start + len(task.weight)]
        np.add.at(weights[n], mine[mine >= 0], task.weight[mine >= 0])
        start += len(task.weight)
    joint = replace(
        tasks[0],
        cover=csr_array(every[:, first]),
        weight=weights[0],
        town=np.full(len(first), "", dtype=object),
        first=np.zeros(len(first), dtype=np.intp),
    )
    return _Joint(joint, weights, np.array([own[n].objective for n in cases]))


def _regret(joint: _Joint, years: NDArray[np.intp]) -> float:
    """The greatest regret of a plan."""
    at = np.arange(1, joint.task.terms.n_years + 1)
    done = ((years[:, None] > 0) & (years[:, None] <= at)).astype(np.float64)
    served = (joint.task.cover.T @ done > 0) @ joint.task.terms.discount ** (at - 1.0)
    return float((joint.goals - joint.weights @ served).max())


def _solved(
    joint: _Joint,
    may: NDArray[np.bool_],
    years: NDArray[np.intp] | None,
    watch: Watch,
    same: float,
    *,
    is_relaxed: bool = False,
) -> tuple[Answer, NDArray[np.intp]]:
    """Make the greatest regret least with the actions that may be taken; these stand first among the columns."""
    n_years, kept = may.shape[1], np.flatnonzero(may.any(axis=1))
    to, first = alike(joint.task.cover[kept])
    weights = np.zeros((len(joint.weights), len(first)))
    np.add.at(weights.T, to[to >= 0], joint.weights.T[to >= 0])
    small = replace(
        joint.task,
        actions=joint.task.actions.iloc[kept],
        cover=csr_array(joint.task.cover[kept][:, first]),
        weight=weights[0],
        town=joint.task.town[first],
        site=np.unique(joint.task.site[kept], return_inverse=True)[1].astype(np.intp),
    )
    program = Program()
    x = program.columns(len(kept) * n_years, upper=upper_bounds(small, may[kept]), whole=True)
    worth = small.terms.discount ** np.arange(n_years)
    # Among plans of equal regret the one that serves most as things are.
    y = program.columns(len(first) * n_years, cost=-np.outer(weights[0], worth).ravel() * _SAME / 10)
    worst = program.columns(1, cost=1.0, lower=0.0, upper=np.inf)
    keep_to_terms(small, Built(program, x, y), exclude=())
    serve_rows(program, small, x, y)
    program.rows(
        [(y, kron(csr_array(weights), worth[None, :])), (worst, np.ones((len(weights), 1)))], lower=joint.goals
    )
    start = None
    if years is not None and not is_relaxed:
        at = np.arange(1, n_years + 1)
        done = ((years[kept, None] > 0) & (years[kept, None] <= at)).astype(np.float64)
        start = np.zeros(program.n_columns)
        start[x], start[y] = (years[kept, None] == at).ravel(), (small.cover.T @ done > 0).ravel()
        start[worst] = max(_regret(joint, years), 0.0)
    stage = "bound" if is_relaxed else "robust"
    return program.solve(watch, start=start, abs_gap=same, stage=stage, is_relaxed=is_relaxed), kept
