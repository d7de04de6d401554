"""The searches by scipy's Dijkstra on the same whole milliseconds: oracle of the tests, engine of small jobs.

scipy takes a sparse matrix and gives a dense row of distances for each source, so memory grows with nodes times the
sources of a block. Doors become further nodes: one that leads into the network for each source. Integers below 2**53
are exact in floats, so the answers equal those of the compiled engine to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from xsgeo.search.arcs import least_arcs

if TYPE_CHECKING:
    from xsgeo.search.graph import Doors, Graph, Pairs

Ints = NDArray[np.int64]

_CELLS = 2_000_000
_STEPS = 1 << 21


def blocks(
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int,
    targets: Doors | None,
    shortcuts: Pairs | None,
    make: Callable[[Ints, Any, Any], Pairs],
) -> Iterator[tuple[Ints, Pairs]]:
    """Yield blocks of sources and what each reaches, as `xsgeo.search.within_blocks` does."""
    matrix = _with_sources(graph, sources)
    size = max(1, _CELLS // max(matrix.shape[0], 0 if targets is None else len(targets.node), 1))
    for begin in range(0, len(sources), size):
        numbers = np.arange(begin, min(begin + size, len(sources)))
        rows = dijkstra(matrix, indices=graph.n_nodes + numbers, limit=limit_ms)[:, graph.rank]
        if targets is not None:
            rows = _at_doors(rows, targets)
            _take_shortcuts(rows, numbers, shortcuts)
        row, target = np.nonzero(rows <= limit_ms)
        first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(numbers)))])
        yield numbers, make(first, target.astype(np.int32), rows[row, target].astype(np.int32))


def step_labels(graph: Graph, source: Doors, limit_ms: int) -> Ints:
    """``ms << 32 | arcs`` of the shortest way with the fewest arcs from the source to each place; -1 beyond reach."""
    matrix = _with_sources(graph, source)
    # An arc weighs a little more than its ms, and a whole way of arcs less than one ms; still below 2**53.
    matrix.data = matrix.data * _STEPS + 1
    weight = dijkstra(matrix, indices=graph.n_nodes)[: graph.n_nodes]
    known = weight < (limit_ms + 1) * _STEPS
    whole = np.where(known, weight, 0).astype(np.int64)
    # The arc from the door into the network is not one of the way.
    return np.where(known, (whole // _STEPS << 32) + whole % _STEPS - 1, -1)


def least_labels(found: Iterable[tuple[Ints, Pairs]], n_targets: int, k: int) -> Ints:
    """The k least ``ms << 32 | source`` of each target, sorted; -1 where there are fewer."""
    labels = np.full((n_targets, k), -1, dtype=np.int64)
    for numbers, pairs in found:
        source = np.repeat(numbers, np.diff(pairs.first))
        known = labels >= 0
        label = np.concatenate([labels[known], pairs.ms.astype(np.int64) << 32 | source])
        owner = np.concatenate([np.nonzero(known)[0], pairs.target])
        labels = least_of_each(owner, label, n_targets, k)
    return labels


def least_of_each(owner: NDArray[Any], label: Ints, n_owners: int, k: int) -> Ints:
    """The k least labels of different sources for each owner, sorted; -1 where there are fewer.

    Examples
    --------
    >>> least_of_each(np.array([1, 1, 1]), np.array([5 << 32 | 8, 4 << 32 | 8, 9 << 32 | 2]), 2, 2) >> 32
    array([[-1, -1],
           [ 4,  9]])
    """
    order = np.lexsort((label, label & 0xFFFFFFFF, owner))
    owner, label = owner[order], label[order]
    new = np.ones(len(owner), dtype=bool)
    new[1:] = (owner[1:] != owner[:-1]) | ((label[1:] ^ label[:-1]) & 0xFFFFFFFF != 0)
    owner, label = owner[new], label[new]
    order = np.lexsort((label, owner))
    owner, label = owner[order], label[order]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    labels = np.full((n_owners, k), -1, dtype=np.int64)
    labels[owner[place < k], place[place < k]] = label[place < k]
    return labels


def _with_sources(graph: Graph, sources: Doors) -> csr_array:
    """The arcs, with one more node for each source, from which its ways lead out and none in."""
    door = graph.n_nodes + np.repeat(np.arange(len(sources)), np.diff(sources.first))
    start = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first))
    n_nodes = graph.n_nodes + len(sources)
    first, end, ms = least_arcs(
        np.concatenate([start, door]),
        np.concatenate([graph.arcs[:, 0], graph.rank[sources.node]]),
        np.concatenate([graph.arcs[:, 1], sources.ms]),
        n_nodes,
    )
    return csr_array((ms.astype(float), end.astype(np.int32), first.astype(np.int32)), shape=(n_nodes, n_nodes))


def _at_doors(rows: NDArray[np.float64], targets: Doors) -> NDArray[np.float64]:
    """Distances to doors from those to nodes."""
    reached = np.full((len(rows), len(targets)), np.inf)
    width = np.diff(targets.first)
    for way in range(int(width.max(initial=0))):
        has = np.flatnonzero(width > way)
        at = targets.first[has] + way
        reached[:, has] = np.minimum(reached[:, has], rows[:, targets.node[at]] + targets.ms[at])
    return reached


def _take_shortcuts(rows: NDArray[np.float64], numbers: Ints, short: Pairs | None) -> None:
    if short is None:
        return
    part = slice(short.first[numbers[0]], short.first[numbers[-1] + 1])
    source = np.repeat(numbers, np.diff(short.first[numbers[0] : numbers[-1] + 2])) - numbers[0]
    np.minimum.at(rows, (source, short.target[part]), short.ms[part])
