"""What a search for a plan hands over, and when two values are the same.

Both searches, with seats and without, end alike: with a plan, its value, what no plan passes, and what a plan that
takes each action in each year is worth at most. The last is what later passes need to leave actions out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xsgeo.phasing.closing import Floats
from xsgeo.phasing.model import Task
from xsgeo.siting.program import Word

_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Found:
    """The best plan a search found, its value, what none passes, and what a plan with each action is worth at most."""

    years: NDArray[np.intp] | None
    value: float
    bound: float
    word: Word
    at_most: Floats  # actions by years


def slack(task: Task, value: float) -> float:
    """How far apart two values may be and still be called the same.

    Parameters
    ----------
    task
        The question.
    value
        One of the two.
    """
    # Where ways hold, those served today stand in the solver's rows as well, and its tolerance goes by the whole.
    return _TOLERANCE * max(1.0, abs(value) + (0.0 if task.states else task.worth_today))


def years_in(task: Task, x: Floats) -> NDArray[np.intp]:
    """Year of each action, 0 for none, read from a solver's columns.

    Parameters
    ----------
    task
        The question.
    x
        Columns of actions by years.
    """
    chosen = x.reshape(len(task.actions), task.terms.n_years) > 0.5
    return np.where(chosen.any(axis=1), chosen.argmax(axis=1) + 1, 0).astype(np.intp)
