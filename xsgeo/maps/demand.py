"""The demand that a page may carry to reckon with: groups of workers put together until anyone may know of them.

A page on which a venue can be moved has to hold what coverage is reckoned from: where workers are, how they travel,
when they are free, and how many they are. Row by row that is a register of employers and their shifts. So a public page
holds this table instead, in which every row passes the rule of `xsgeo.maps.publish`: within a town, workers who travel
alike and are free alike are put together, and cut into squares as small as may be counted. What cannot stand alone
joins the rest of its town and takes on the habits of the most numerous among them; a town that cannot stand alone joins
the other such towns. Counts are rounded.

The table is an ordinary table of groups. Whatever the page reckons, `xsgeo.access.coverage` reckons from the very same
rows, and the two must agree; how far both are from the figures of the groups themselves is the price of the
aggregation, and the page says by which table it reckons. Rooms of an employer's own are the largest part of it, since
no row says for whom its workers work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.crs import WGS84
from xsgeo.maps.publish import (
    AREA_CELLS_M,
    HIDDEN,
    MERGED,
    PublishRules,
    cells,
    employers,
    merge_small,
    middles,
    rounded,
)

if TYPE_CHECKING:
    import geopandas as gpd

UNPLACED_M = 1e6
"""Accuracy of a row of workers whose position is not known: worse than any limit, so nobody travels from it."""

COLUMNS = ("town_id", "cluster_id", "means", "free_hours", "n_workers", "lon", "lat", "accuracy_m")
"""What a row says; nothing else of the groups leaves the office."""


def demand_table(
    workers: pd.DataFrame,
    *,
    means: pd.Series,
    located: pd.Series,
    rules: PublishRules | None = None,
    asking: Mapping[str, object] | None = None,
) -> gpd.GeoDataFrame:
    """Put groups together until each row may be published.

    Parameters
    ----------
    workers
        Groups, index ``group_id``: ``town_id``, ``cluster_id``, ``employer_id``, ``free_hours``, ``lon``, ``lat``,
        ``n_workers``.
    means
        Means of travel of each group, on the index of `workers`.
    located
        Whether a group's position is known well enough to travel from, on the index of `workers`.
    rules
        When a count may be shown.
    asking
        Clusters that ask something of a venue, by id; the workers of others are put together whatever their cluster.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in WGS-84, index ``group_id`` (``c0``, ``c1``, ...), columns `COLUMNS`. ``n_workers`` is rounded,
        ``town_id`` is empty where towns were put together, ``lon`` and ``lat`` have 4 decimals, ``accuracy_m`` is 0
        or `UNPLACED_M`. Empty where all workers together may not be counted.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> groups = toy_county().workers
    >>> known = pd.Series(True, index=groups.index)
    >>> anybody = PublishRules(min_employers=1, max_share=1.0, round_to=1)
    >>> table = demand_table(groups, means=groups["means"], located=known, rules=anybody)
    >>> table["n_workers"].sum(), len(demand_table(groups, means=groups["means"], located=known))
    (np.int64(340), 0)
    """
    import geopandas as gpd

    rules = rules or PublishRules()
    workers = pd.DataFrame(workers.drop(columns="geometry", errors="ignore")).sort_index()
    habits = _habits(workers, means, located, asking or {})
    n = workers["n_workers"].to_numpy(np.int64)
    rows, towns = [], []
    for town, part in _parts(workers, habits, rules):
        rows.append(part)
        towns.append(town)
    habit = habits.iloc[[_commonest(habits, n, part) for part in rows]]
    at = middles(workers, rows)
    table = pd.DataFrame(
        {
            "town_id": np.array(towns, dtype=object),
            **{c: habit[c].to_numpy(dtype=object) for c in ("cluster_id", "means", "free_hours")},
            "n_workers": np.array([rounded(int(n[part].sum()), rules) for part in rows], dtype=np.int64),
            "lon": at[:, 0],
            "lat": at[:, 1],
            "accuracy_m": np.where(habit["placed"].to_numpy(bool), 0.0, UNPLACED_M),
        },
        index=pd.Index([f"c{i}" for i in range(len(rows))], name="group_id", dtype=object),
    )
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=WGS84)


def _habits(workers: pd.DataFrame, means: pd.Series, located: pd.Series, asking: Mapping[str, object]) -> pd.DataFrame:
    """What decides where a group can go and when, as texts, and as one key."""
    cluster = workers["cluster_id"].astype(str)
    frame = pd.DataFrame(
        {
            "means": means.loc[workers.index].astype(str),
            "free_hours": workers["free_hours"].fillna("").astype(str),
            "cluster_id": cluster.where(cluster.isin(list(asking)), ""),
            "placed": located.loc[workers.index].astype(bool),
        },
        index=workers.index,
    )
    key = frame["means"] + "\0" + frame["free_hours"] + "\0" + frame["cluster_id"] + "\0" + frame["placed"].astype(str)
    return frame.assign(key=key)


def _parts(workers: pd.DataFrame, habits: pd.DataFrame, rules: PublishRules) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Row numbers of each row to be, with its town; towns too small come last and together."""
    employer = employers(workers)
    n = workers["n_workers"].to_numpy(np.int64)
    key = habits["key"].to_numpy(dtype=object)
    sides = [cells(workers, cell_m=side).to_numpy() for side in AREA_CELLS_M]
    squares = [number.astype(str).astype(object) for number in sides]
    town = workers["town_id"].astype(str).to_numpy()

    def cut(rows: NDArray[np.intp], depth: int) -> Iterator[NDArray[np.intp]]:
        for deeper in range(depth, len(squares)):
            parts = _split(rows, squares[deeper], employer, n, rules)
            if len(parts) > 1:
                for part in parts:
                    yield from cut(part, deeper + 1)
                return
        yield rows

    left = []
    for name in np.unique(town):
        rows = np.flatnonzero(town == name)
        alike = _split(rows, key, employer, n, rules)
        if not alike:
            left.append(rows)
        for part in alike:
            for small in cut(part, 0):
                yield str(name), small
    if left:
        for part in _split(np.concatenate(left), key, employer, n, rules):
            yield "", part


def _split(
    rows: NDArray[np.intp],
    key: NDArray[np.object_],
    employer: NDArray[np.intp],
    n: NDArray[np.int64],
    rules: PublishRules,
) -> list[NDArray[np.intp]]:
    """Rows by key, the small ones together; nothing where all together may not be counted."""
    merged = merge_small(key[rows], employer[rows], n[rows], rules)
    if HIDDEN in merged:
        return []
    return [rows[merged == k] for k in sorted(set(merged), key=lambda k: (k == MERGED, k))]


def _commonest(habits: pd.DataFrame, n: NDArray[np.int64], rows: NDArray[np.intp]) -> int:
    """Position of the first group with the habits that most workers of these rows have."""
    key = habits["key"].to_numpy(dtype=object)[rows]
    names, number = np.unique(key.astype(str), return_inverse=True)
    most = names[np.argmax(np.bincount(number, weights=n[rows]))]
    return int(rows[np.flatnonzero(key == most)[0]])
