"""Other ways to spend the same money, to set beside the exact plan: by clusters alone, greedily, with interchange.

Each of them is what somebody does: a planner who puts a room in the middle of each cluster, a program that takes the
best next step, one that then tries every exchange of one action for another (Teitz and Bart 1968). None of them knows
how far it is from the best; that is what the comparison is for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.crs import project
from xsgeo.phasing.counting import affords, keeps_limits, spending, tell, wanted
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.solve import greedy
from xsgeo.siting.watch import Watch

_CENT = 1e-6


def by_clusters(task: Task, gaps: pd.DataFrame) -> NDArray[np.intp]:
    """One action for each gap in the order of their workers: the nearest site to its medoid that the money allows.

    Parameters
    ----------
    task
        The question.
    gaps
        What `xsgeo.gaps.find_gaps` found, largest first; columns ``lon`` and ``lat``.

    Returns
    -------
    numpy.ndarray
        Year of each action, 0 for none.
    """
    years = np.zeros(len(task.actions), dtype=np.intp)
    x, y = project(*(task.actions[c].to_numpy(np.float64) for c in ("lon", "lat")))
    middle = np.column_stack(project(*(gaps[c].to_numpy(np.float64) for c in ("lon", "lat"))))
    hours = task.actions["cost_per_year"].to_numpy(np.float64)
    for year in range(1, task.terms.n_years + 1):
        for at in middle:
            taken = np.isin(task.site, task.site[years > 0])
            away = np.round(np.hypot(x - at[0], y - at[1]), 1)
            # The nearest site; of its patterns the one with most hours, which costs most a year.
            order = np.lexsort((np.arange(len(away)), -hours, away))
            pick = next((int(a) for a in order[: 3 * 3] if not taken[a] and affords(task, years, int(a), year)), None)
            if pick is not None:
                years[pick] = year
        middle = middle[_unmet(task, years, middle, np.column_stack([x, y]))]
    return years


def _unmet(
    task: Task, years: NDArray[np.intp], middle: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Gaps near whose middle nothing has been done yet."""
    done = at[years > 0]
    if not len(done):
        return np.ones(len(middle), dtype=bool)
    away = np.hypot(middle[:, :1] - done[:, 0], middle[:, 1:] - done[:, 1]).min(axis=1)
    return np.asarray(away > 500.0)


def interchange(task: Task, years: NDArray[np.intp]) -> NDArray[np.intp]:
    """Exchange one action for another, or add one, as long as that serves more.

    Parameters
    ----------
    task
        The question; its seats are left out of account.
    years
        A plan to begin with.

    Returns
    -------
    numpy.ndarray
        A plan that no single exchange makes better.
    """
    years = years.copy()
    asked = np.isin(task.actions["site_id"].to_numpy(dtype=object), list(task.terms.must))
    while True:
        best, change = 1e-6, None
        for out in [-1, *np.flatnonzero((years > 0) & ~asked).tolist()]:
            found = _best_exchange(task, years, out)
            if found is not None and found[0] > best:
                best, change = found[0], (out, found[1], found[2])
        if change is None:
            return years
        if change[0] >= 0:
            years[change[0]] = 0
        years[change[1]] = change[2]


def _best_exchange(task: Task, years: NDArray[np.intp], out: int) -> tuple[float, int, int] | None:
    """What is gained by taking one action out, and which one goes in when."""
    n_years = task.terms.n_years
    without = years.copy()
    if out >= 0:
        without[out] = 0
    worth = task.terms.discount ** np.arange(n_years)
    unmet = np.column_stack([wanted(task, without, t) for t in range(1, n_years + 1)])
    lost = 0.0
    if out >= 0:
        mine = task.cover[[out]].indices
        lost = float((unmet[mine, years[out] - 1 :] @ worth[years[out] - 1 :]).sum())
    best: tuple[float, int, int] | None = None
    spent = spending(task, without)
    for year in range(1, n_years + 1):
        gain = task.cover @ (unmet[:, year - 1 :] @ worth[year - 1 :]) - lost
        at = np.arange(1, n_years + 1)
        after = spent + np.outer(task.once, at == year) + np.outer(task.yearly, at >= year)
        budget = np.asarray(task.terms.budgets, dtype=np.float64)
        fits = (after.cumsum(axis=1) <= budget.cumsum() + _CENT) if task.terms.carries else (after <= budget + _CENT)
        free = fits.all(axis=1) & ~np.isin(task.site, task.site[without > 0]) & _allowed(task)
        for action in np.lexsort((np.arange(len(gain)), -gain)):
            if gain[action] <= (best[0] if best else 1e-6):
                break
            if free[action]:
                tried = without.copy()
                tried[action] = year
                if keeps_limits(task, tried):
                    best = (float(gain[action]), int(action), year)
                    break
    return best


def _allowed(task: Task) -> NDArray[np.bool_]:
    return ~np.isin(task.actions["site_id"].to_numpy(dtype=object), list(task.terms.must_not))


def ways(task: Task, exact: Phased, gaps: pd.DataFrame) -> dict[str, Phased]:
    """Spend the same money in each way.

    Parameters
    ----------
    task
        The question.
    exact
        Its exact plan.
    gaps
        As in `by_clusters`.

    Returns
    -------
    dict of str to Phased
        ``clusters``, ``greedy``, ``swapped`` and ``exact``; the first three with the exact plan's bound.
    """
    first = greedy(task)
    plans = {"clusters": by_clusters(task, gaps), "greedy": first, "swapped": interchange(task, first)}
    told = {name: tell(task, years, exact.bound, "unproven", Watch(60.0)) for name, years in plans.items()}
    return {**told, "exact": exact}
