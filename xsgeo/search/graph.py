"""What a search runs on: a graph laid out as flat arrays, and the doors where searches start and end.

Nodes are put in the order of a Hilbert curve through their places, so that what is near on the map is near in memory,
and the arcs of a node stand side by side as (end, ms). Whole milliseconds in 32 bits: sums are exact, and a relaxation
moves half the memory that floats would. The caller's numbers of nodes go in and come out; the order inside is nobody
else's business and changes no answer.

A compiled search from many sources takes a second form of the same graph, in which most nodes are folded into
shortcuts between those that are left (`xsgeo.search.contraction`). It is made when first asked for and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xsgeo.search.arcs import least_arcs, transposed

if TYPE_CHECKING:
    from xsgeo.search.contraction import Contracted

Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]

_MOST_MS = 2**31 - 2
_HILBERT_ORDER = 16


@dataclass(frozen=True, eq=False, repr=False)
class Graph:
    """Arcs laid out for searching, by `build_graph`.

    Attributes
    ----------
    rank, number
        Place of each of the caller's nodes within the layout, and the caller's node at each place.
    first, arcs
        ``arcs[first[i] : first[i + 1]]`` are the arcs that leave place ``i``, as (place of the end, ms).
    longest_ms
        The longest arc.
    bits
        Binary logarithm of the width of a queue bucket in ms.
    """

    rank: Int32s
    number: Int32s
    first: Int32s
    arcs: Int32s
    longest_ms: int
    bits: int

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @property
    def greatest_limit_ms(self) -> int:
        """The farthest a search may go, so that no sum leaves 32 bits."""
        return _MOST_MS - self.longest_ms

    @cached_property
    def contracted(self) -> Contracted:
        """The same graph, folded; compiled, so numba must be there."""
        from xsgeo.search.contraction import contract

        return contract(self.first, self.arcs, self.longest_ms)

    def __repr__(self) -> str:
        """One line that says what is held."""
        return f"<Graph: nodes {self.n_nodes:,}, arcs {len(self.arcs):,}, longest {self.longest_ms:,} ms>"


@dataclass(frozen=True, eq=False, repr=False)
class Doors:
    """Where searches start or end: door ``i`` is ``ms[k]`` from ``node[k]`` for each k in `first[i] : first[i + 1]`."""

    first: Ints
    node: Ints
    ms: Ints

    def __len__(self) -> int:
        """Number of doors."""
        return len(self.first) - 1


@dataclass(frozen=True, eq=False, repr=False)
class Pairs:
    """What each source reaches: `target` and `ms` of source ``i`` stand in ``first[i] : first[i + 1]``."""

    first: Ints
    target: Int32s
    ms: Int32s

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.target)

    def by_target(self, n_targets: int) -> tuple[Ints, Ints, Ints]:
        """The pairs sorted by target, then source: source, target, ms."""
        order, per_target = transposed(self.first, self.target, n_targets)
        source = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        return source[order], np.repeat(np.arange(n_targets), per_target), self.ms[order].astype(np.int64)


def build_graph(
    start: ArrayLike,
    end: ArrayLike,
    ms: ArrayLike,
    n_nodes: int,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
) -> Graph:
    """Lay arcs out for searching.

    Parameters
    ----------
    start, end
        Nodes of each arc, numbered from 0. Of parallel arcs the least counts; loops are dropped.
    ms
        Whole milliseconds of each arc, 0 or more.
    n_nodes
        Number of nodes; some may have no arc.
    x, y
        Where the nodes are, in any unit. Nodes near each other are then kept near in memory; answers are the same.

    Returns
    -------
    Graph
        The layout.

    Raises
    ------
    ValueError
        When an arc names no node, or its ms are negative, not whole, or above 12 days.

    Examples
    --------
    >>> build_graph([0, 0, 1], [1, 1, 2], [4000, 3000, 0], 3)
    <Graph: nodes 3, arcs 2, longest 3,000 ms>
    """
    start, end, ms = (whole(values, name) for values, name in ((start, "start"), (end, "end"), (ms, "ms")))
    for name, values, bound in (("start", start, n_nodes), ("end", end, n_nodes), ("ms", ms, _MOST_MS // 2)):
        if len(values) and (values.min() < 0 or values.max() >= bound):
            msg = f"{name} must be from 0 to below {bound:,}, got {values.min():,} to {values.max():,}"
            raise ValueError(msg)
    rank, number = _layout(n_nodes, x, y)
    first, ends, least = least_arcs(rank[start], rank[end], ms, n_nodes)
    positive = least[least > 0]
    typical = float(np.median(positive)) if len(positive) else 1.0
    return Graph(
        rank=rank,
        number=number,
        first=first.astype(np.int32),
        arcs=np.stack([ends, least], axis=1).astype(np.int32),
        longest_ms=int(least.max(initial=0)),
        bits=max(0, round(np.log2(typical))),
    )


def at_nodes(nodes: ArrayLike) -> Doors:
    """Doors that are the nodes themselves.

    Examples
    --------
    >>> len(at_nodes([5, 7]))
    2
    """
    node = whole(nodes, "nodes")
    return Doors(first=np.arange(len(node) + 1), node=node, ms=np.zeros(len(node), dtype=np.int64))


def doors(door: ArrayLike, node: ArrayLike, ms: ArrayLike, n_doors: int) -> Doors:
    """Doors from their ways, given in any order: ``ms[k]`` between ``door[k]`` and ``node[k]``.

    Examples
    --------
    >>> doors([1, 0, 1], [7, 5, 6], [100, 0, 50], 2).node.tolist()
    [5, 6, 7]
    """
    door, node, ms = whole(door, "door"), whole(node, "node"), whole(ms, "ms")
    order = np.lexsort((ms, node, door))
    return Doors(first=first_of(door, n_doors), node=node[order], ms=ms[order])


def shortcuts(source: ArrayLike, target: ArrayLike, ms: ArrayLike, n_sources: int) -> Pairs:
    """Ways from source doors to target doors that touch no node, given in any order.

    Examples
    --------
    >>> shortcuts([2, 0], [4, 9], [250, 0], 3).first.tolist()
    [0, 1, 1, 2]
    """
    source, target, ms = whole(source, "source"), whole(target, "target"), whole(ms, "ms")
    order = np.lexsort((ms, target, source))
    return Pairs(first_of(source, n_sources), target[order].astype(np.int32), ms[order].astype(np.int32))


# --- laying out --------------------------------------------------------------------------------------------------


def whole(values: ArrayLike, name: str) -> Ints:
    """The values as 64-bit integers; refuses fractions, which are most likely seconds or minutes."""
    given = np.asarray(values)
    if given.size and given.dtype.kind not in "iu":
        msg = f"{name} must be whole numbers, got {given.dtype}"
        raise ValueError(msg)
    return given.astype(np.int64)


def first_of(owner: NDArray[Any], n: int) -> Ints:
    """Where the rows of each of `n` owners begin among rows sorted by owner, and where the last end."""
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=n))]).astype(np.int64)


def _layout(n_nodes: int, x: ArrayLike | None, y: ArrayLike | None) -> tuple[Int32s, Int32s]:
    """Rank of each node along a Hilbert curve through their places, and the node of each rank."""
    if x is None or y is None or not n_nodes:
        number = np.arange(n_nodes, dtype=np.int32)
    else:
        number = np.argsort(_along_hilbert(np.asarray(x, float), np.asarray(y, float)), kind="stable").astype(np.int32)
    rank = np.empty(n_nodes, dtype=np.int32)
    rank[number] = np.arange(n_nodes, dtype=np.int32)
    return rank, number


def _along_hilbert(x: NDArray[np.float64], y: NDArray[np.float64]) -> Ints:
    """How far along a Hilbert curve each point lies (Hilbert 1891; the loop over bits is Lam and Shapiro's)."""
    side = max(np.ptp(x), np.ptp(y)) or 1.0
    step = ((1 << _HILBERT_ORDER) - 1) / side
    i, j = ((x - x.min()) * step).astype(np.int64), ((y - y.min()) * step).astype(np.int64)
    along = np.zeros(len(x), dtype=np.int64)
    for half in (1 << bit for bit in reversed(range(_HILBERT_ORDER))):
        east, north = (i & half) > 0, (j & half) > 0
        along += half * half * ((3 * east) ^ north)
        i, j = i & (half - 1), j & (half - 1)
        mirrored = east & ~north
        i, j = np.where(mirrored, half - 1 - i, i), np.where(mirrored, half - 1 - j, j)
        i, j = np.where(north, i, j), np.where(north, j, i)
    return along


# --- checking ----------------------------------------------------------------------------------------------------


def checked_limit(graph: Graph, limit_ms: int, targets: Doors | None = None) -> int:
    """The limit, if no sum within it, nor one arc or way beyond, leaves 32 bits."""
    if not 0 <= limit_ms <= graph.greatest_limit_ms:
        msg = f"limit_ms must be from 0 to {graph.greatest_limit_ms:,} on this graph, got {limit_ms:,}"
        raise ValueError(msg)
    longest = 0 if targets is None else int(targets.ms[targets.ms <= limit_ms].max(initial=0))
    if limit_ms + longest > _MOST_MS:
        msg = f"limit_ms and the way to a target may be {_MOST_MS:,} together, got {limit_ms:,} and {longest:,}"
        raise ValueError(msg)
    return int(limit_ms)


def check_doors(given: Doors | None, graph: Graph) -> None:
    """Refuse doors at nodes that are not there, and ways that are negative or endless."""
    if given is None or not len(given.node):
        return
    if given.node.min() < 0 or given.node.max() >= graph.n_nodes:
        msg = f"doors must be at nodes from 0 to below {graph.n_nodes:,}"
        raise ValueError(msg)
    if given.ms.min() < 0 or given.ms.max() > _MOST_MS // 2:
        msg = f"the ways of doors must be from 0 to {_MOST_MS // 2:,} ms, got {given.ms.min():,} to {given.ms.max():,}"
        raise ValueError(msg)
