"""Find where the unserved live and work together: gaps that one venue could mend.

A county map of unserved workers is a scatter of thousands of groups. A planner thinks in places: "the dormitories
behind the port". So unserved groups that lie within a few minutes of one another *on the network* are joined, by DBSCAN
(Ester, Kriegel, Sander and Xu 1996) on a sparse table of minutes. Straight distance would join two villages across a
strait; minutes do not.

DBSCAN rather than k-means or HDBSCAN, unless one asks for those (`xsgeo.clustering`): it asks for no number of
clusters, its two parameters are a planner's own words (how many minutes still feel like one place, how many workers
make it worth a venue), a group counts with all its workers as weight, and those who live scattered are left out rather
than forced into some cluster. `sensitivity` shows what another choice would have given.

What makes it deterministic: rows are sorted by id, the shorter of the two ways between two groups counts for both (a
one-way street parts no neighbourhood), and labels are given by number of workers and then by least id, so ``G01`` is
the gap with most workers whatever the order of the ledger. Groups of unknown position are in no gap: they are not known
to be unserved, and no point would stand for them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import clustering
from xsgeo.access import REASONS, tally
from xsgeo.crs import project

UNSERVED = REASONS[1:-1]
"""Reasons that a venue or a key can mend: all but an unknown position and being served."""

_BLOCK = 512  # rows of a distance table held at a time


def find_gaps(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    between: pd.DataFrame,
    *,
    link_min: float = 5.0,
    min_workers: int = 20,
    method: clustering.Method = "dbscan",
    n_places: int = 20,
) -> tuple[pd.Series, pd.DataFrame]:
    """Join unserved groups that are close on the network into gaps.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``town_id``, ``cluster_id``, ``lon``, ``lat``.
    groups
        What `xsgeo.access.coverage` said of them; column ``reason``.
    between
        Long table of minutes from unserved group to unserved group: ``group_id``, ``neighbour_id``, ``minutes``. One
        direction of a pair is enough; rows of other groups and rows beyond `link_min` are left out.
    link_min
        Groups within so many minutes of each other are neighbours.
    min_workers
        A gap needs a group that has so many unserved workers in its neighbourhood, its own included; by ``hdbscan`` it
        needs so many in all, by ``kmeans`` it needs none.
    method
        How people are joined into places (`xsgeo.clustering`).
    n_places
        How many places, for ``kmeans`` alone.

    Returns
    -------
    labels : pandas.Series
        ``gap_id`` on the index of `workers`; empty for groups that are served, unknown or scattered.
    gaps : pandas.DataFrame
        One row a gap, index ``gap_id`` (``G01`` has most workers): ``n_workers``, ``n_groups``; ``town_id``,
        ``cluster_id`` and ``reason`` of most of its workers; ``towns`` and ``clusters``, workers by id, most first;
        ``n_<reason>``; ``medoid_id``, ``lon``, ``lat``, the group from which the workers' straight ways sum to least.

    Raises
    ------
    ValueError
        When `link_min` is not above 0, `min_workers` or `n_places` is below 1, or `method` is none of those.

    Examples
    --------
    >>> index = pd.Index(["a", "b", "c"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10, 40], "town_id": "T1", "cluster_id": "knitting"}, index=index)
    >>> workers = workers.assign(lon=[121.90, 121.90, 121.95], lat=29.2)
    >>> groups = pd.DataFrame({"reason": ["closed", "closed", "out_of_reach"]}, index=index)
    >>> between = pd.DataFrame({"group_id": ["a"], "neighbour_id": ["b"], "minutes": [2.0]})
    >>> labels, gaps = find_gaps(workers, groups, between, min_workers=35)
    >>> labels.to_dict()
    {'a': 'G01', 'b': 'G01', 'c': 'G02'}
    >>> gaps["n_workers"].to_dict(), gaps["reason"].to_dict()
    ({'G01': 40, 'G02': 40}, {'G01': 'closed', 'G02': 'out_of_reach'})
    """
    if not link_min > 0 or min_workers < 1:
        msg = f"link_min must be above 0 and min_workers 1 or more, got {link_min} and {min_workers}"
        raise ValueError(msg)
    if method not in clustering.METHODS or n_places < 1:
        msg = f"method must be one of {clustering.METHODS} and n_places 1 or more, got {method!r} and {n_places}"
        raise ValueError(msg)
    unserved = workers.loc[groups["reason"].reindex(workers.index).isin(UNSERVED)].sort_index()
    at_m = _metres(unserved)
    n = unserved["n_workers"].to_numpy(np.float64)
    graph = clustering.minutes_graph(unserved.index, between, link_min=link_min)
    if unserved.empty:
        cluster = np.zeros(0, dtype=np.intp)
    elif method == "kmeans":
        cluster = clustering.kmeans(graph, n, at_m, n_places=n_places)
    else:
        join = clustering.dbscan if method == "dbscan" else clustering.hdbscan
        cluster = join(graph, n, link_min=link_min, min_workers=min_workers)
    members = [np.flatnonzero(cluster == number) for number in range(cluster.max(initial=-1) + 1)]
    members.sort(key=lambda rows: (-unserved["n_workers"].iloc[rows].sum(), unserved.index[rows[0]]))
    width = max(2, len(str(len(members))))
    labels = pd.Series("", index=workers.index, name="gap_id", dtype=object)
    described = {}
    for number, rows in enumerate(members, start=1):
        gap, gap_id = unserved.iloc[rows], f"G{number:0{width}}"
        labels.loc[gap.index] = gap_id
        described[gap_id] = _describe(gap, groups["reason"].astype(str).loc[gap.index], at_m[rows])
    table = pd.DataFrame.from_dict(described, orient="index", columns=_COLUMNS)
    table.index.name = "gap_id"
    return labels, table


def medoid(points: pd.DataFrame) -> str:
    """Id of the point from which the workers' straight ways sum to least.

    The mean of places may lie in the sea; a medoid is always a place where somebody is.

    Parameters
    ----------
    points
        At least one row; index of ids; columns ``lon``, ``lat`` (WGS-84 degrees) and ``n_workers``.

    Returns
    -------
    str
        Id of the medoid; among equals (to the centimetre) the least.

    Examples
    --------
    >>> index = ["a", "b", "c"]
    >>> medoid(pd.DataFrame({"lon": [121.9, 121.91, 121.92], "lat": 29.2, "n_workers": [1, 1, 1]}, index=index))
    'b'
    """
    ordered = points.sort_index()
    return str(ordered.index[_medoid(_metres(ordered), ordered["n_workers"].to_numpy(np.float64))])


def _metres(points: pd.DataFrame) -> NDArray[np.float64]:
    x, y = project(points["lon"].to_numpy(np.float64), points["lat"].to_numpy(np.float64))
    return np.column_stack([x, y])


def _medoid(at_m: NDArray[np.float64], n_workers: NDArray[np.float64]) -> int:
    """Row number of the medoid; among equals the first."""
    # Shifts of one employer share a door: distances are needed between doors, not between groups.
    doors, first, door = np.unique(at_m, axis=0, return_index=True, return_inverse=True)
    weight = np.zeros(len(doors))
    np.add.at(weight, door.reshape(-1), n_workers)
    sums = np.concatenate([_way_sums(doors[at : at + _BLOCK], doors, weight) for at in range(0, len(doors), _BLOCK)])
    best = np.flatnonzero(np.round(sums, 2) == np.round(sums, 2).min())
    return int(first[best].min())


def _way_sums(some: NDArray[np.float64], all_: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    away = np.hypot(some[:, :1] - all_[:, 0], some[:, 1:] - all_[:, 1])
    return np.asarray(away @ weight, dtype=np.float64)


def sensitivity(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    between: pd.DataFrame,
    *,
    link_min: float = 5.0,
    min_workers: int = 20,
) -> pd.DataFrame:
    """How the gaps change with the method and its parameters.

    Parameters
    ----------
    workers, groups, between, link_min, min_workers
        As in `find_gaps`; `between` must reach to one and a half times `link_min`, or the wider row sees too little.

    Returns
    -------
    pandas.DataFrame
        One row a choice: index ``choice`` (``dbscan 5 min 20``); ``n_gaps``, ``n_workers`` in gaps, ``n_scattered``,
        ``n_largest`` and ``agreement`` with the first row, the adjusted Rand index over groups (Hubert and Arabie
        1985; 1 is the same places, 0 no more than chance), each scattered group a place of its own.

    Examples
    --------
    >>> index = pd.Index(["a", "b", "c"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10, 40], "town_id": "T1", "cluster_id": "knitting"}, index=index)
    >>> workers = workers.assign(lon=[121.90, 121.90, 121.95], lat=29.2)
    >>> groups = pd.DataFrame({"reason": "closed"}, index=index)
    >>> between = pd.DataFrame({"group_id": ["a"], "neighbour_id": ["b"], "minutes": [2.0]})
    >>> sensitivity(workers, groups, between, min_workers=35)["n_gaps"].head(3).to_dict()
    {'dbscan 5 min 35': 2, 'dbscan 2.5 min 35': 2, 'dbscan 7.5 min 35': 2}
    """
    from sklearn.metrics import adjusted_rand_score

    tries: list[tuple[clustering.Method, float, int]] = [("dbscan", link_min * f, min_workers) for f in (1, 0.5, 1.5)]
    tries += [("dbscan", link_min, max(1, round(min_workers * f))) for f in (0.5, 2)]
    tries += [("hdbscan", link_min, min_workers), ("kmeans", link_min, min_workers)]
    rows: dict[str, dict[str, float]] = {}
    first: NDArray[np.intp] | None = None
    for method, link, least in tries:
        n_places = int(next(iter(rows.values()))["n_gaps"]) or 1 if rows else 1
        labels, table = find_gaps(
            workers, groups, between, link_min=link, min_workers=least, method=method, n_places=n_places
        )
        unserved = groups["reason"].reindex(workers.index).isin(UNSERVED)
        place = _alone(labels[unserved])
        first = place if first is None else first
        n = workers["n_workers"][unserved]
        name = f"{method} {n_places}" if method == "kmeans" else f"{method} {link:g} min {least}"
        rows[name] = {
            "n_gaps": len(table),
            "n_workers": int(table["n_workers"].sum()),
            "n_scattered": int(n[labels[unserved] == ""].sum()),
            "n_largest": int(table["n_workers"].max()) if len(table) else 0,
            "agreement": float(adjusted_rand_score(first, place)) if len(place) else 1.0,
        }
    frame = pd.DataFrame.from_dict(rows, orient="index").astype(dict.fromkeys(list(next(iter(rows.values())))[:4], int))
    frame.index.name = "choice"
    return frame


def _alone(labels: pd.Series) -> NDArray[np.intp]:
    """Numbers of places; each group without one has its own."""
    own = labels.where(labels != "", "#" + labels.index.astype(str))
    return np.asarray(pd.factorize(own)[0], dtype=np.intp)


_COLUMNS = (
    "n_workers",
    "n_groups",
    "town_id",
    "cluster_id",
    "reason",
    "towns",
    "clusters",
    *(f"n_{why}" for why in UNSERVED),
    "medoid_id",
    "lon",
    "lat",
)


def _describe(gap: pd.DataFrame, why: pd.Series, at_m: NDArray[np.float64]) -> list[object]:
    """One row of the table of gaps, in the order of `_COLUMNS`."""
    n = gap["n_workers"]
    towns, clusters, reasons = tally(gap["town_id"], n), tally(gap["cluster_id"], n), tally(why, n)
    centre = gap.index[_medoid(at_m, n.to_numpy(np.float64))]
    return [
        int(n.sum()),
        len(gap),
        next(iter(towns)),
        next(iter(clusters)),
        max(UNSERVED, key=lambda one: reasons.get(one, 0)),
        towns,
        clusters,
        *(reasons.get(one, 0) for one in UNSERVED),
        centre,
        float(gap.at[centre, "lon"]),
        float(gap.at[centre, "lat"]),
    ]
