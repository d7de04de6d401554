"""Sums of workers over what was said of their groups: the headline, and every breakdown of it.

A share is of workers, never of groups, and those of unknown position stay in the denominator: a ledger without
coordinates must not make a county look better. Where it is said how many workers are present in the month, they are
counted beside all workers, not in their place.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access.ladder import REASONS
from xsgeo.access.masks import aligned, text


def summarise(
    workers: pd.DataFrame, groups: pd.DataFrame, *, by: str | None = None, present: pd.Series | None = None
) -> pd.DataFrame:
    """Count workers covered, nominally and effectively, and those who fail for each reason.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column ``n_workers``.
    groups
        What `coverage` said of them.
    by
        Column to sum by: ``town_id``, ``cluster_id``, ``shift``, ``place``, ``means``, ``reason`` or any other column
        of either frame; None for the whole.
    present
        Workers of each group who are there at that time (`xsgeo.access.present`).

    Returns
    -------
    pandas.DataFrame
        One row a key, sorted, index named as `by` (``all`` for the whole): ``n_workers``, ``n_nominal``,
        ``n_effective``, ``share_nominal``, ``share_effective`` and ``n_<reason>`` for each of `REASONS`. Workers
        whose key is blank are a row of their own, so each column sums to the whole; those of unknown position stay in
        the denominators. With `present` also ``n_present``, ``n_effective_present`` and ``share_effective_present``.

    Raises
    ------
    ValueError
        When neither frame has the column `by`, or `groups` lacks a group.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10], "town_id": ["T1", "T1"]}, index=index)
    >>> groups = pd.DataFrame({"is_nominal": True, "is_served": [True, False]}, index=index)
    >>> groups["reason"] = ["served", "closed"]
    >>> row = summarise(workers, groups, by="town_id").loc["T1"]
    >>> int(row["n_workers"]), int(row["n_effective"]), float(row["share_effective"]), int(row["n_closed"])
    (40, 30, 0.75, 10)
    """
    missing = workers.index.difference(groups.index)
    if len(missing):
        msg = f"`groups` lacks {len(missing)} groups of `workers`, the first is {missing[0]!r}"
        raise ValueError(msg)
    answer = groups.loc[workers.index]
    n = workers["n_workers"].to_numpy(np.int64)
    why = answer["reason"].astype(str).to_numpy()
    counts = {
        "n_workers": n,
        "n_nominal": n * answer["is_nominal"].to_numpy(bool),
        "n_effective": n * answer["is_served"].to_numpy(bool),
    }
    counts |= {f"n_{rung}": n * (why == rung) for rung in REASONS}
    key = key_of(workers, answer, by)
    if present is not None:
        there = aligned(present, workers.index, "present").to_numpy(np.float64)
        counts |= {"n_present": there, "n_effective_present": there * answer["is_served"].to_numpy(bool)}
    table = pd.DataFrame(counts).groupby(key, observed=False).sum()
    table.index.name = by or "all"
    for share in ("nominal", "effective"):
        ratio = _ratio(table[f"n_{share}"], table["n_workers"])
        table.insert(table.columns.get_loc("n_effective") + 1 + (share == "effective"), f"share_{share}", ratio)
    if present is not None:
        table["share_effective_present"] = _ratio(table["n_effective_present"], table["n_present"])
    return table


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)


def tally(keys: pd.Series, n_workers: pd.Series) -> dict[str, int]:
    """Sum workers by key, most first.

    Parameters
    ----------
    keys
        Town, cluster or reason of each group; blank keys count under an empty text.
    n_workers
        Workers of each group, on the same index.

    Returns
    -------
    dict of str to int
        Workers by key, by number and then by key; keys without workers are left out.

    Examples
    --------
    >>> tally(pd.Series(["T2", "T1", "T3"]), pd.Series([5, 9, 5]))
    {'T1': 9, 'T2': 5, 'T3': 5}
    """
    texts = keys.astype(object).where(keys.notna(), "")
    sums = n_workers.groupby(texts).sum()
    return {str(key): int(n) for key, n in sorted(sums.items(), key=lambda item: (-item[1], item[0])) if n > 0}


def key_of(workers: pd.DataFrame, groups: pd.DataFrame, by: str | None) -> pd.Series | NDArray[np.object_]:
    """What each group is counted under.

    Examples
    --------
    >>> workers = pd.DataFrame({"town_id": ["T1", None]}, index=["a", "b"])
    >>> key_of(workers, pd.DataFrame(index=workers.index), "town_id").tolist()
    ['T1', '']
    """
    if by is None:
        return np.full(len(workers), "all", dtype=object)
    if by == "reason":
        return pd.Series(pd.Categorical(groups["reason"].astype(str), categories=list(REASONS), ordered=True))
    for frame in (workers, groups):
        if by in frame:
            return text(frame, by) if not pd.api.types.is_bool_dtype(frame[by]) else frame[by].to_numpy()
    msg = f"`by` must be town_id, cluster_id, shift, place, means, reason or another column of the frames, got {by!r}"
    raise ValueError(msg)
