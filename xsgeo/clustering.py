"""Three ways to join people into places, on the minutes between them, so that a choice of method can be looked at.

`xsgeo.gaps` uses DBSCAN, for the reasons it gives. Whether a gap is there because people are there or because of the
method is a fair question, and it is answered by doing it again another way:

``dbscan``
    Density-connected places (Ester, Kriegel, Sander and Xu 1996). ``link_min`` says how many minutes still feel like
    one place, ``min_workers`` how many workers within them make it worth a venue. Workers are weights.
``hdbscan``
    The same over all densities at once, keeping the places that last longest (Campello, Moulavi and Sander 2013), so
    a town and a hamlet need not share one ``link_min``: that is only how far a neighbour may be at all. Places less
    than half of it apart stay one (Malzer and Baum 2020), or a dormitory would fall into its rooms. The library's
    version knows no weights, so a place is five groups or more, and those with fewer than ``min_workers`` are dropped.
``kmeans``
    A stated number of places (``n_places``), each worker in the nearest mean (Lloyd 1982). It needs coordinates and
    would join two shores of a strait, so it is done within each piece that minutes connect, and the places are shared
    out among the pieces by their workers. Nobody is left out, which is its weakness: the scattered move the means.

All three take rows in the order of ids, a fixed seed, and give labels that `xsgeo.gaps` numbers by workers and least
id, so the same people give the same places whatever the order of the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Method = Literal["dbscan", "hdbscan", "kmeans"]
METHODS: tuple[Method, ...] = ("dbscan", "hdbscan", "kmeans")

_SEED = 0
_LEAST_GROUPS = 5
_FAR = 4.0  # groups that no minutes join, in units of link_min: far, but finite, as the library asks


def minutes_graph(ids: pd.Index, between: pd.DataFrame, *, link_min: float) -> csr_matrix:
    """Minutes between groups as a sparse symmetrical matrix; the shorter of the two ways counts for both.

    Parameters
    ----------
    ids
        Ids of the groups, in the order of the rows.
    between
        Long table ``group_id``, ``neighbour_id``, ``minutes``; rows of other groups and beyond `link_min` are left out.
    link_min
        Longest way that is kept.

    Returns
    -------
    scipy.sparse.csr_matrix
        Zero minutes stay stored, on the diagonal too: what a sparse table does not store is infinitely far.

    Examples
    --------
    >>> between = pd.DataFrame({"group_id": ["a", "b"], "neighbour_id": ["b", "a"], "minutes": [2.0, 4.0]})
    >>> minutes_graph(pd.Index(["a", "b", "c"]), between, link_min=5).toarray().tolist()
    [[0.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    from scipy.sparse import csr_matrix

    n = len(ids)
    a, b = ids.get_indexer(between["group_id"]), ids.get_indexer(between["neighbour_id"])
    took = between["minutes"].to_numpy(np.float64)
    keep = (a >= 0) & (b >= 0) & (a != b) & (took <= link_min)
    a, b, took = a[keep], b[keep], took[keep]
    pairs = pd.DataFrame({"a": np.r_[a, b], "b": np.r_[b, a], "minutes": np.r_[took, took]})
    least = pairs.groupby(["a", "b"], as_index=False)["minutes"].min()
    own = np.arange(n)
    rows, columns = np.r_[least["a"].to_numpy(), own], np.r_[least["b"].to_numpy(), own]
    return csr_matrix((np.r_[least["minutes"].to_numpy(np.float64), np.zeros(n)], (rows, columns)), shape=(n, n))


def dbscan(graph: csr_matrix, n_workers: NDArray[np.float64], *, link_min: float, min_workers: int) -> NDArray[np.intp]:
    """Density-connected places.

    Parameters
    ----------
    graph
        What `minutes_graph` gave.
    n_workers
        Workers of each group.
    link_min
        Groups within so many minutes are neighbours.
    min_workers
        A place needs a group with so many workers in its neighbourhood, its own included.

    Returns
    -------
    numpy.ndarray
        Number of the place of each group, -1 for the scattered.

    Examples
    --------
    >>> ids = pd.Index(["a", "b", "c"])
    >>> between = pd.DataFrame({"group_id": ["a"], "neighbour_id": ["b"], "minutes": [2.0]})
    >>> dbscan(minutes_graph(ids, between, link_min=5), np.array([9.0, 9.0, 9.0]), link_min=5, min_workers=15).tolist()
    [0, 0, -1]
    """
    from sklearn.cluster import DBSCAN
    from sklearn.neighbors import sort_graph_by_row_values

    model = DBSCAN(eps=link_min, min_samples=min_workers, metric="precomputed")
    model.fit(sort_graph_by_row_values(graph, warn_when_not_sorted=False), sample_weight=n_workers)
    return np.asarray(model.labels_, dtype=np.intp)


def hdbscan(
    graph: csr_matrix, n_workers: NDArray[np.float64], *, link_min: float, min_workers: int
) -> NDArray[np.intp]:
    """Places that last over the widest range of densities.

    Parameters
    ----------
    graph, n_workers, link_min
        As in `dbscan`; beyond `link_min` groups are not joined.
    min_workers
        Places with fewer workers are dropped.

    Returns
    -------
    numpy.ndarray
        Number of the place of each group, -1 for the scattered.

    Examples
    --------
    >>> ids = pd.Index(["a", "b", "c"])
    >>> between = pd.DataFrame({"group_id": ["a"], "neighbour_id": ["b"], "minutes": [2.0]})
    >>> hdbscan(minutes_graph(ids, between, link_min=5), np.array([9.0, 9.0, 9.0]), link_min=5, min_workers=15).tolist()
    [0, 0, -1]
    """
    from sklearn.cluster import HDBSCAN

    place = np.full(graph.shape[0], -1, dtype=np.intp)
    at = 0
    for rows in _pieces(graph):
        if len(rows) < _LEAST_GROUPS:
            found = np.zeros(len(rows), dtype=np.intp)
        else:
            model = HDBSCAN(min_cluster_size=_LEAST_GROUPS, metric="precomputed", allow_single_cluster=True, copy=True)
            model.fit(_dense(graph[rows][:, rows], link_min))
            # The library's own rule for this fails with NumPy 2.4 as soon as there is anything to join.
            near = model.dbscan_clustering(np.nextafter(link_min / 2, np.inf), min_cluster_size=_LEAST_GROUPS)
            found = _joined(np.asarray(model.labels_, dtype=np.intp), np.asarray(near, dtype=np.intp))
        for number in range(found.max(initial=-1) + 1):
            members = rows[found == number]
            if n_workers[members].sum() >= min_workers:
                place[members], at = at, at + 1
    return place


def _joined(place: NDArray[np.intp], near: NDArray[np.intp]) -> NDArray[np.intp]:
    """Places that come apart only within the least distance are one, with whoever is as near to them.

    Parameters
    ----------
    place
        What HDBSCAN found; where that is one place, it is all of the piece, and its number says only who is densest.
    near
        What is connected within the least distance: places of DBSCAN without its border.
    """
    if place.max(initial=-1) < 1:
        return np.where(near >= 0, 0, -1)
    joined = place.copy()
    for number in range(near.max(initial=-1) + 1):
        within = near == number
        several = np.unique(joined[within & (joined >= 0)])
        if len(several) > 1:
            joined[within | np.isin(joined, several)] = several[0]
    return np.asarray(np.where(joined < 0, -1, np.searchsorted(np.unique(joined[joined >= 0]), joined)))


def kmeans(
    graph: csr_matrix, n_workers: NDArray[np.float64], at_m: NDArray[np.float64], *, n_places: int
) -> NDArray[np.intp]:
    """Weighted k-means within each piece that minutes connect.

    Parameters
    ----------
    graph, n_workers
        As in `dbscan`.
    at_m
        Shape (n, 2), metres in EPSG:4550.
    n_places
        How many places in all; at least one a piece, so there may be more.

    Returns
    -------
    numpy.ndarray
        Number of the place of each group; nobody is left out.

    Examples
    --------
    >>> between = pd.DataFrame({"group_id": ["a", "b"], "neighbour_id": ["b", "c"], "minutes": [2.0, 4.0]})
    >>> graph = minutes_graph(pd.Index(["a", "b", "c"]), between, link_min=5)
    >>> at_m = np.array([[0.0, 0.0], [100.0, 0.0], [900.0, 0.0]])
    >>> kmeans(graph, np.array([9.0, 9.0, 9.0]), at_m, n_places=1).tolist()
    [0, 0, 0]
    """
    from sklearn.cluster import KMeans

    pieces = _pieces(graph)
    shares = _share_out(np.array([n_workers[rows].sum() for rows in pieces]), n_places)
    place, at = np.full(graph.shape[0], -1, dtype=np.intp), 0
    for rows, share in zip(pieces, shares, strict=True):
        k = min(int(share), len(np.unique(at_m[rows], axis=0)))
        model = KMeans(n_clusters=k, n_init=10, random_state=_SEED)
        found = model.fit_predict(at_m[rows] - at_m[rows].mean(axis=0), sample_weight=n_workers[rows])
        place[rows] = found + at
        at += k
    return place


def _pieces(graph: csr_matrix) -> list[NDArray[np.intp]]:
    """Rows of each connected piece, by least row."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    # Zero minutes join two groups as well: a graph of ones keeps them.
    ones = csr_matrix((np.ones(graph.nnz, dtype=np.int8), graph.indices, graph.indptr), shape=graph.shape)
    _, piece = connected_components(ones, directed=False)
    return [np.flatnonzero(piece == number) for number in pd.unique(piece)]


def _dense(graph: csr_matrix, link_min: float) -> NDArray[np.float64]:
    table = np.full(graph.shape, _FAR * link_min)
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    table[rows, graph.indices] = graph.data
    return table


def _share_out(workers: NDArray[np.float64], n: int) -> NDArray[np.intp]:
    """Share `n` places out by workers, largest remainder, one each at least."""
    quota = workers / max(workers.sum(), 1) * n
    seats = np.maximum(np.floor(quota), 1).astype(np.intp)
    left = n - int(seats.sum())
    for piece in np.argsort(-(quota - np.floor(quota)), kind="stable")[: max(left, 0)]:
        seats[piece] += 1
    return np.asarray(seats, dtype=np.intp)
