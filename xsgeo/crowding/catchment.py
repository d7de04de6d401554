r"""Seats per worker by floating catchments: the measure the field knows, on one table of minutes.

Step one gives each venue the ratio of its seats to the workers who could come, step two adds up, for each group of
workers, the ratios of the venues it could go to; both weigh by the same decay :math:`w`:

.. math:: R_j = S_j / \sum_i P_i w_{ij}, \qquad A_i = \sum_j R_j w_{ij}

With weights of 0 and 1 this is the two-step method of Luo and Wang (2003), with zones the enhanced one of Luo and Qi
(2009). The three-step method of Wan, Zou and Sternberg (2012) multiplies each weight by the share of it in the group's
weights, :math:`w_{ij} w_{ij} / \sum_k w_{ik}`: who has many venues near does not crowd them all.

What makes it trustworthy is one identity: :math:`\sum_i P_i A_i` is the number of seats within reach of anybody,
whatever the decay. Nothing is made and nothing lost, and a test holds it. What it cannot say is whether everybody finds
a seat: it counts a worker as demand at every venue within reach, and averages what the queue at one door and the empty
room behind another do not share. That is asked of `xsgeo.crowding.seated`.

References
----------
Luo and Wang 2003, Environment and Planning B 30, 865-884; Luo and Qi 2009, Health & Place 15, 1100-1107; Dai 2010,
Health & Place 16, 1038-1052; Wan, Zou and Sternberg 2012, International Journal of Geographical Information Science 26,
1073-1089.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.crowding.decay import Decay, as_decay

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ROUNDING_MIN = 1e-6
"""As much as sums of minutes differ by the order they are added in."""


def two_step_floating_catchment(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    cutoff_min: Mapping[str, float] | float,
    decay: Decay | str = "gaussian",
    supply: str = "capacity",
    demand: str = "n_workers",
    three_steps: bool = False,
) -> pd.Series:
    """Seats per worker within reach, every worker of the catchment sharing them.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column `demand`.
    venues
        Index ``venue_id``; column `supply`. A venue whose supply is missing adds nothing, as no seat of it is known.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, where the cut-off goes by it, ``mode``. Of several ways
        between a group and a venue the quickest counts; rows of ids not in the frames are left out.
    cutoff_min
        Catchment in minutes, or minutes by mode.
    decay
        Name of a form of `Decay`, or a `Decay`.
    supply, demand
        Columns of seats and of workers.
    three_steps
        Share each group's demand out among the venues it can choose from first (Wan, Zou and Sternberg 2012).

    Returns
    -------
    pandas.Series
        ``two_step_floating_catchment`` on the index of `workers`: seats per worker, 0 where no venue is within reach.
        The formula and its sources stand at the head of this module.

    Raises
    ------
    ValueError
        When an index repeats an id, or a supply or demand is negative, or a demand is missing.

    Examples
    --------
    One room of 30 seats for the 100 workers of *a* and the 50 of *b*; one of 20 for *b* alone.

    >>> workers = pd.DataFrame({"n_workers": [100, 50]}, index=["a", "b"])
    >>> venues = pd.DataFrame({"capacity": [30, 20]}, index=["x", "y"])
    >>> table = pd.DataFrame({"group_id": ["a", "b", "b"], "venue_id": ["x", "x", "y"], "minutes": [5.0, 9.0, 14.0]})
    >>> two_step_floating_catchment(workers, venues, table, cutoff_min=15, decay="none").round(3).to_dict()
    {'a': 0.2, 'b': 0.6}
    """
    seats, people = _amounts(venues, supply, missing=0.0), _amounts(workers, demand, missing=None)
    group, venue, took, cutoff = _ways(workers.index, venues.index, minutes, cutoff_min)
    weight = as_decay(decay).weights(took, cutoff)
    if three_steps:
        total = np.bincount(group, weights=weight, minlength=len(workers))[group]
        weight = np.divide(weight**2, total, out=np.zeros_like(weight), where=total > 0)
    answer = shared_out(group, venue, weight, people, seats)
    return pd.Series(answer, index=workers.index, name="two_step_floating_catchment")


def shared_out(group: Ints, venue: Ints, weight: Floats, people: Floats, seats: Floats) -> Floats:
    """Both steps on arrays: one weight a pair of row numbers; seats per person of each group.

    Examples
    --------
    >>> pair = np.array([0, 1, 1]), np.array([0, 0, 1])
    >>> shared_out(*pair, np.ones(3), np.array([100.0, 50.0]), np.array([30.0, 20.0])).round(3).tolist()
    [0.2, 0.6]
    """
    crowd = np.bincount(venue, weights=people[group] * weight, minlength=len(seats))
    ratio = np.divide(seats, crowd, out=np.zeros(len(seats)), where=crowd > 0)
    return np.bincount(group, weights=ratio[venue] * weight, minlength=len(people)).astype(np.float64)


def _ways(
    groups: pd.Index, venues: pd.Index, minutes: pd.DataFrame, cutoff_min: Mapping[str, float] | float
) -> tuple[Ints, Ints, Floats, Floats]:
    """Row numbers, minutes and cut-off of the quickest way of each pair within its cut-off, sorted by group, venue."""
    for name, index in (("workers", groups), ("venues", venues)):
        if not index.is_unique:
            msg = f"the index of `{name}` repeats the id {index[index.duplicated()][0]!r}"
            raise ValueError(msg)
    group, venue = groups.get_indexer(minutes["group_id"]), venues.get_indexer(minutes["venue_id"])
    took, cutoff = minutes["minutes"].to_numpy(np.float64), cutoffs(minutes, cutoff_min)
    keep = (group >= 0) & (venue >= 0) & (took <= cutoff + ROUNDING_MIN)
    group, venue, took, cutoff = group[keep], venue[keep], took[keep], cutoff[keep]
    order = np.lexsort((took, venue, group))
    group, venue = group[order], venue[order]
    quickest = np.ones(len(order), dtype=bool)
    quickest[1:] = (group[1:] != group[:-1]) | (venue[1:] != venue[:-1])
    return group[quickest], venue[quickest], took[order][quickest], cutoff[order][quickest]


def cutoffs(minutes: pd.DataFrame, cutoff_min: Mapping[str, float] | float) -> Floats:
    """Cut-off of each row; -inf where its mode has none.

    Examples
    --------
    >>> cutoffs(pd.DataFrame({"mode": ["walk", "drive"]}), {"walk": 15.0}).tolist()
    [15.0, -inf]
    """
    if not isinstance(cutoff_min, Mapping):
        return np.full(len(minutes), float(cutoff_min))
    if "mode" not in minutes:
        return np.full(len(minutes), float(max(cutoff_min.values())))
    return np.asarray(minutes["mode"].astype(object).map(dict(cutoff_min)).fillna(-np.inf), dtype=np.float64)


def _amounts(frame: pd.DataFrame, column: str, *, missing: float | None) -> Floats:
    values = frame[column].to_numpy(np.float64, na_value=np.nan)
    if missing is None and np.isnan(values).any():
        msg = f"{column} is missing for {frame.index[np.isnan(values)][0]!r}"
        raise ValueError(msg)
    if (values < 0).any():
        msg = f"{column} is below 0 for {frame.index[values < 0][0]!r}"
        raise ValueError(msg)
    return np.where(np.isnan(values), missing or 0.0, values)
