"""The phased model as a mixed-integer program, block by block.

`xsgeo.phasing.model` writes the model down; here its rows become sparse matrices. The columns are, in this order, the
actions by years (an action's years side by side), the rows of demand by years, and with seats the pairs of row and
action by years and the states by years, or without seats, where rooms may be closed, the ways by years; then whatever
slack is asked for. The order never depends on the caller's, so neither does the answer.

A program may be *elastic*: one family of its terms (floors, budgets, limits) may give, and what it has to give is then
the objective. That is how `xsgeo.phasing.solve` finds out why nothing fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, kron

from xsgeo.phasing.closing import Floats
from xsgeo.phasing.model import Task
from xsgeo.phasing.seat_rows import seat_rows
from xsgeo.siting.program import Program

CENT = 1e-6
"""万元; far below a price, far above a solver's rounding."""

TOLERANCE = 1e-7
"""Workers that a floor may be missed by; much more, and HiGHS finds whole rows of whole weights infeasible."""

Family = Literal["floors", "budgets", "limits"]
FAMILIES: tuple[Family, ...] = ("floors", "budgets", "limits")


@dataclass(frozen=True, eq=False)
class Built:
    """A program with the places of its parts."""

    program: Program
    x: slice
    y: slice
    z: slice | None = None
    pairs: NDArray[np.intp] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.intp))  # row and action of each z
    p: slice | None = None
    v: slice | None = None
    slack: dict[Family, tuple[slice, list[tuple[str, str]]]] = field(default_factory=dict)


def build(
    task: Task,
    *,
    exclude: tuple[frozenset[str], ...] = (),
    held: NDArray[np.intp] | None = None,
    may: NDArray[np.bool_] | None = None,
    elastic: Family | None = None,
) -> Built:
    """Put the program together.

    Parameters
    ----------
    task
        The question.
    exclude
        Sets of action ids that may not be chosen whole, whatever the years.
    held
        Year of each action, where the choice is fixed and only the seats are looked for.
    may
        Whether an action may be taken in a year, actions by years; every one when None.
    elastic
        A family of terms that may give, at a price; nothing else then counts.

    Returns
    -------
    Built
        The program and the places of its parts.
    """
    n_years, n_actions, n_rows = task.terms.n_years, len(task.actions), len(task.weight)
    program = Program()
    fixed = None if held is None else (held[:, None] == np.arange(1, n_years + 1)).astype(np.float64).ravel()
    upper = upper_bounds(task, may)
    x = program.columns(
        n_actions * n_years,
        lower=0.0 if fixed is None else fixed,
        upper=upper if fixed is None else fixed,
        whole=fixed is None,
    )
    worth = -(task.terms.discount ** np.arange(n_years)) * (elastic is None)
    y = program.columns(n_rows * n_years, cost=np.outer(task.weight, worth).ravel())
    built = Built(program, x, y)
    taken = np.asarray(upper.reshape(n_actions, n_years).any(axis=1) if held is None else held > 0, dtype=bool)
    if task.states:
        z, pairs, p = seat_rows(program, task, (x, y), taken)
        built = replace(built, z=z, pairs=pairs, p=p)
    else:
        built = replace(built, v=serve_rows(program, task, x, y))
    return replace(built, slack=keep_to_terms(task, built, exclude=exclude, elastic=elastic))


def upper_bounds(task: Task, may: NDArray[np.bool_] | None) -> Floats:
    """Whether an action may be taken in a year, 1 or 0, as bounds of the columns of actions by years.

    Parameters
    ----------
    task
        The question, with the sites that must not be taken.
    may
        As in `build`.
    """
    barred = np.isin(task.actions["site_id"].to_numpy(dtype=object), list(task.terms.must_not))
    upper = np.repeat(np.where(barred, 0.0, 1.0), task.terms.n_years)
    return upper if may is None else upper * may.ravel()


def serve_rows(program: Program, task: Task, x: slice, y: slice) -> slice | None:
    """Let a row be served by what has been done for it, and by the ways that no closing has ended.

    Parameters
    ----------
    program
        Grows by rows and, where rooms may be closed, by the columns of the ways.
    task
        Whom actions serve.
    x, y
        Columns of actions and of rows, by years.

    Returns
    -------
    slice or None
        Columns of the ways by years, if there are any.
    """
    n_years, ways = task.terms.n_years, task.ways
    done, size = csr_array(np.tril(np.ones((n_years, n_years)))), len(task.weight) * n_years
    if ways is None:
        program.rows([(y, eye_array(size)), (x, -kron(task.cover.T, done))], upper=0.0)
        return None
    n = len(ways.row)
    v = program.columns(n * n_years)
    own, at = eye_array(n_years), np.arange(n)
    to_row = csr_array((np.ones(n), (ways.row, at)), shape=(len(task.weight), n))
    program.rows([(y, eye_array(size)), (x, -kron(ways.always.T, done)), (v, -kron(to_row, own))], upper=0.0)
    needs = np.flatnonzero(ways.action >= 0)
    if len(needs):
        which = csr_array((np.ones(len(needs)), (np.arange(len(needs)), needs)), shape=(len(needs), n))
        whose = np.arange(len(needs)), ways.action[needs]
        takes = csr_array((np.ones(len(needs)), whose), shape=(len(needs), len(task.actions)))
        program.rows([(v, kron(which, own)), (x, -kron(takes, done))], upper=0.0)
    way, ends = ways.voids.nonzero()
    if len(way):
        which = csr_array((np.ones(len(way)), (np.arange(len(way)), way)), shape=(len(way), n))
        closed = csr_array((np.ones(len(way)), (np.arange(len(way)), ends)), shape=(len(way), len(task.actions)))
        program.rows([(v, kron(which, own)), (x, kron(closed, done))], upper=1.0)
    return v


def keep_to_terms(
    task: Task, built: Built, *, exclude: tuple[frozenset[str], ...], elastic: Family | None = None
) -> dict[Family, tuple[slice, list[tuple[str, str]]]]:
    """Let a choice keep to sites, budgets, floors and limits.

    Parameters
    ----------
    task
        The question.
    built
        The program, which grows by rows, and by columns where something may give.
    exclude, elastic
        As in `build`.

    Returns
    -------
    dict
        Of the family that may give: its columns, and the name and unit of each.
    """
    program, x, terms, n_years = built.program, built.x, task.terms, task.terms.n_years
    n_actions = len(task.actions)
    once_a_site = csr_array(
        (np.ones(n_actions), (task.site, np.arange(n_actions))), shape=(task.site.max(initial=-1) + 1, n_actions)
    )
    ever = np.ones((1, n_years))
    program.rows([(x, kron(once_a_site, ever))], upper=1.0)
    for site_id in sorted(terms.must):
        at = (task.actions["site_id"] == site_id).to_numpy(np.float64)[None, :]
        program.rows([(x, kron(csr_array(at), ever))], lower=1.0)
    for ids in exclude:
        at = np.isin(task.actions.index.to_numpy(dtype=object), list(ids)).astype(np.float64)[None, :]
        program.rows([(x, kron(csr_array(at), ever))], upper=len(ids) - 1.0)
    slack: dict[Family, tuple[slice, list[tuple[str, str]]]] = {}

    def may_give(family: Family, names: list[tuple[str, str]]) -> slice | None:
        if elastic != family or not names:
            return None
        slack[family] = program.columns(len(names), cost=1.0, upper=np.inf), names
        return slack[family][0]

    _budget_rows(task, built, may_give)
    _floor_rows(task, built, may_give)
    limited = limits(task)
    if terms.most_actions is not None:
        limited = [((~task.closes).astype(np.float64), terms.most_actions, "most_actions"), *limited]
    if limited:
        table = kron(csr_array(np.array([row for row, _, _ in limited])), ever)
        gives = may_give("limits", [(name, "actions") for _, _, name in limited])
        program.rows(
            [(x, table), *([(gives, -eye_array(len(limited)))] if gives else [])], upper=[n for _, n, _ in limited]
        )
    return slack


def _budget_rows(task: Task, built: Built, may_give: Callable[[Family, list[tuple[str, str]]], slice | None]) -> None:
    n_years = task.terms.n_years
    first, running = np.eye(n_years), np.tril(np.ones((n_years, n_years)))
    table = np.einsum("a,ts->tas", task.once, first) + np.einsum("a,ts->tas", task.yearly, running)
    table = table.reshape(n_years, -1)
    budget = np.asarray(task.terms.budgets, dtype=np.float64)
    give = np.eye(n_years)
    if task.terms.carries:
        table, budget, give = table.cumsum(axis=0), budget.cumsum(), running
    gives = may_give("budgets", [(str(t), "万元") for t in range(1, n_years + 1)])
    built.program.rows([(built.x, csr_array(table)), *([(gives, -give)] if gives else [])], upper=budget + CENT / 2)


def _floor_rows(task: Task, built: Built, may_give: Callable[[Family, list[tuple[str, str]]], slice | None]) -> None:
    wanted = floors(task)
    if not wanted:
        return
    n_years = task.terms.n_years
    table = np.array([np.where(task.town == town, task.weight, 0.0) for town, _ in wanted])
    last = np.zeros((1, n_years))
    last[0, -1] = 1.0
    gives = may_give("floors", [(town, "workers") for town, _ in wanted])
    extra = [(gives, np.eye(len(wanted)))] if gives else []
    # Rows hold those served today who may be lost as well; what is wanted counts the others only.
    lower = [least + float(row @ task.today) - TOLERANCE for row, (_, least) in zip(table, wanted, strict=True)]
    built.program.rows([(built.y, kron(csr_array(table), last)), *extra], lower=lower)


def limits(task: Task) -> list[tuple[Floats, int, str]]:
    """Actions that share a town or an owner, how many of them there may be, and what to call the limit.

    To close a room counts for no limit.
    """
    out = []
    for column, mosts in sorted(task.terms.most_by.items()):
        for value, most in sorted(mosts.items()):
            row = ((task.actions[column].astype(str) == value) & ~task.closes).to_numpy(np.float64)
            out.append((row, most, f"{column} {value}"))
    return out


def floors(task: Task) -> list[tuple[str, float]]:
    """Town and workers to be added in it, for each floor."""
    return [
        (town, floor * task.workers[town] - task.served_today.get(town, 0.0))
        for town, floor in sorted(task.terms.floors.items())
    ]
