"""Hold two answers side by side: who gains, who loses, and from which reason to which.

A difference of two coverage figures hides most of what a change does: a county can stay at 83% while one town gains
what another loses. So the comparison is made group by group and summed afterwards, gains and losses kept apart.

Nothing here is estimated, and nothing is drawn at random anywhere before it, so a difference is never noise: two
answers to the same question differ by exactly zero in every cell. What has to be the same on both sides besides the
change asked about (travel rules, standard) is seen to by `xsgeo.workflow`; this module takes frames and compares them.

A scenario may also change how many workers there are. Then only those who are there both before and after can gain or
lose; the others arrive or leave, under the reason `ABSENT`, and the sums still close::

    served after = served before + gained - lost + arrived and served - left and served before
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import REASONS

ABSENT = "absent"
"""Stands for the reason of workers who are not there on one of the two sides."""

STATES = (*REASONS, ABSENT)

_KEYS = ("town_id", "cluster_id", "shift", "place", "means", "employer_id")
_COUNTS = (
    "n_workers_before",
    "n_workers_after",
    "n_served_before",
    "n_served_after",
    "n_gained",
    "n_lost",
    "n_arrived",
    "n_left",
)


def compare(
    workers: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    workers_after: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Hold the two answers side by side, group by group.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column ``n_workers`` and whatever of ``town_id``, ``cluster_id``, ``shift``,
        ``place``, ``means``, ``employer_id`` is to be summed by.
    before, after
        What `xsgeo.access.coverage` said of them: ``reason``, ``is_served`` and ``usable_hours``.
    workers_after
        The groups as they are afterwards, where they are otherwise; `workers` when None.

    Returns
    -------
    pandas.DataFrame
        One row a group of either side, sorted by id: the keys (as they are before; those of a group that arrives, as
        after), ``n_workers_before``, ``n_workers_after``, ``reason_before``, ``reason_after`` (categories `STATES`),
        ``usable_hours_before``, ``usable_hours_after`` (a week; 0 where nothing is usable or known),
        ``n_served_before``, ``n_served_after``, ``n_gained``, ``n_lost``, ``n_stayed`` (there on both sides),
        ``n_arrived``, ``n_left``.

    Raises
    ------
    ValueError
        When an answer lacks a group of its side, or an index repeats an id.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10]}, index=index)
    >>> before = pd.DataFrame({"reason": ["closed", "served"], "is_served": [False, True]}, index=index)
    >>> before["usable_hours"] = [0.0, 5.0]
    >>> after = before.assign(reason="served", is_served=True, usable_hours=[4.0, 5.0])
    >>> compare(workers, before, after)[["n_gained", "n_lost"]].to_dict("list")
    {'n_gained': [30, 0], 'n_lost': [0, 0]}
    """
    then = workers if workers_after is None else workers_after
    sides = [_side(workers, before, "before"), _side(then, after, "after")]
    ids = sides[0].index.union(sides[1].index).sort_values()
    first, second = (side.reindex(ids) for side in sides)
    n_before, n_after = (side["n_workers"].fillna(0).to_numpy(np.int64) for side in (first, second))
    was, now = (side["is_served"].eq(True).to_numpy(bool) for side in (first, second))
    stayed = np.minimum(n_before, n_after)
    return pd.DataFrame(
        {
            **_keys(workers, then, ids),
            "n_workers_before": n_before,
            "n_workers_after": n_after,
            "reason_before": _states(first, n_before),
            "reason_after": _states(second, n_after),
            "usable_hours_before": first["usable_hours"].fillna(0.0).to_numpy(np.float64),
            "usable_hours_after": second["usable_hours"].fillna(0.0).to_numpy(np.float64),
            "n_served_before": n_before * was,
            "n_served_after": n_after * now,
            "n_gained": stayed * (now & ~was),
            "n_lost": stayed * (was & ~now),
            "n_stayed": stayed,
            "n_arrived": n_after - stayed,
            "n_left": n_before - stayed,
        },
        index=pd.Index(ids, name=workers.index.name),
    )


def _side(workers: pd.DataFrame, groups: pd.DataFrame, name: str) -> pd.DataFrame:
    missing = workers.index.difference(groups.index)
    if len(missing):
        msg = f"`{name}` lacks {len(missing)} groups of its workers, the first is {missing[0]!r}"
        raise ValueError(msg)
    if not workers.index.is_unique:
        msg = f"the index of the workers {name} repeats the id {workers.index[workers.index.duplicated()][0]!r}"
        raise ValueError(msg)
    said = groups.loc[workers.index]
    return pd.DataFrame(
        {
            "n_workers": workers["n_workers"],
            "reason": said["reason"].astype(str),
            "is_served": said["is_served"],
            "usable_hours": said["usable_hours"],
        }
    )


def _keys(workers: pd.DataFrame, then: pd.DataFrame, ids: pd.Index) -> dict[str, NDArray[np.object_]]:
    keys = {}
    for name in _KEYS:
        if name in workers or name in then:
            sides = [f[name].astype(object) for f in (workers, then) if name in f]
            known = sides[0].reindex(ids)
            for side in sides[1:]:
                known = known.where(known.index.isin(workers.index), side.reindex(ids))
            keys[name] = known.where(known.notna(), "").to_numpy(dtype=object)
    return keys


def _states(side: pd.DataFrame, n_workers: NDArray[np.int64]) -> pd.Categorical:
    said = side["reason"].where(n_workers > 0, ABSENT)
    return pd.Categorical(said, categories=list(STATES), ordered=True)


def summarise_changes(changed: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Count who gains and who loses, by town, cluster, shift or any other key.

    Parameters
    ----------
    changed
        What `compare` said.
    by
        A key column of `changed`, or ``reason`` for the reason before; None for the whole.

    Returns
    -------
    pandas.DataFrame
        One row a key, sorted, index named as `by` (``all`` for the whole): ``n_workers_before``, ``n_workers_after``,
        ``n_served_before``, ``n_served_after``, ``n_gained``, ``n_lost``, ``n_arrived``, ``n_left``; ``share_before``,
        ``share_after`` and ``share_change`` of effective coverage; ``hours_change``, usable hours a week gained (or,
        below 0, lost) on average by each worker who is there on both sides.

    Raises
    ------
    ValueError
        When there is no column `by`.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10], "town_id": ["T1", "T2"]}, index=index)
    >>> before = pd.DataFrame({"reason": "closed", "is_served": False, "usable_hours": 0.0}, index=index)
    >>> after = before.assign(reason=["served", "closed"], is_served=[True, False], usable_hours=[4.0, 0.0])
    >>> table = summarise_changes(compare(workers, before, after), by="town_id")
    >>> table[["n_gained", "share_change", "hours_change"]].to_dict("index")  # doctest: +NORMALIZE_WHITESPACE
    {'T1': {'n_gained': 30, 'share_change': 1.0, 'hours_change': 4.0},
     'T2': {'n_gained': 0, 'share_change': 0.0, 'hours_change': 0.0}}
    """
    key = _key(changed, by)
    hours = (changed["usable_hours_after"] - changed["usable_hours_before"]) * changed["n_stayed"]
    parts = changed[list(_COUNTS)].assign(stayed=changed["n_stayed"], worker_hours=hours)
    table = parts.groupby(key, observed=True).sum()
    table.index.name = by or "all"
    for side in ("before", "after"):
        n_workers = table[f"n_workers_{side}"]
        table[f"share_{side}"] = table[f"n_served_{side}"] / n_workers.where(n_workers > 0)
    table["share_change"] = table["share_after"] - table["share_before"]
    table["hours_change"] = table["worker_hours"] / table["stayed"].where(table["stayed"] > 0)
    return table.drop(columns=["stayed", "worker_hours"])


def _key(changed: pd.DataFrame, by: str | None) -> pd.Series | NDArray[np.object_]:
    if by is None:
        return np.full(len(changed), "all", dtype=object)
    if by == "reason":
        return changed["reason_before"].cat.remove_unused_categories()
    if by in _KEYS and by in changed:
        return changed[by]
    msg = f"`by` must be reason or one of {', '.join(k for k in _KEYS if k in changed)}, got {by!r}"
    raise ValueError(msg)


def flows(changed: pd.DataFrame) -> pd.DataFrame:
    """Count workers by what stood in their way before and what stands there now.

    Parameters
    ----------
    changed
        What `compare` said.

    Returns
    -------
    pandas.DataFrame
        Square, rows (``reason_before``) and columns (``reason_after``) in the order of `STATES`: workers. The diagonal
        is who stays as they were; rows sum to the workers before, columns to those after, `ABSENT` left out.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10]}, index=index)
    >>> before = pd.DataFrame({"reason": "closed", "is_served": False, "usable_hours": 0.0}, index=index)
    >>> after = before.assign(reason=["served", "closed"], is_served=[True, False])
    >>> int(flows(compare(workers, before, after)).loc["closed", "served"])
    30
    """
    ways = [
        ("reason_before", "reason_after", changed["n_stayed"]),
        ("absent", "reason_after", changed["n_arrived"]),
        ("reason_before", "absent", changed["n_left"]),
    ]
    matrix = np.zeros((len(STATES), len(STATES)), dtype=np.int64)
    for start, end, n in ways:
        rows, columns = (
            np.full(len(changed), STATES.index(ABSENT)) if side == ABSENT else changed[side].cat.codes.to_numpy()
            for side in (start, end)
        )
        np.add.at(matrix, (rows, columns), n.to_numpy(np.int64))
    states = list(STATES)
    table = pd.DataFrame(matrix, index=pd.Index(states, name="reason_before"), columns=states)
    table.columns.name = "reason_after"
    return table
