"""Arcs as a sparse matrix: the one form in which every search, and the network above them, holds its graph.

It stands below the graph and both engines, so that none of them has to ask another for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]


def least_arcs(start: NDArray[Any], end: NDArray[Any], cost: NDArray[Any], n_nodes: int) -> tuple[Ints, Any, Any]:
    """Arcs by start, then end: where those of each start begin, their ends and costs.

    Of parallel arcs the least stays, loops go, and arcs that cost nothing stay.

    Examples
    --------
    >>> first, end, cost = least_arcs(np.array([1, 0, 0, 1]), np.array([0, 1, 1, 1]), np.array([0, 4, 3, 9]), 2)
    >>> first.tolist(), end.tolist(), cost.tolist()
    ([0, 1, 2], [1, 0], [3, 0])
    """
    proper = start != end
    start, end, cost = start[proper], end[proper], cost[proper]
    order = np.lexsort((cost, end, start))
    start, end, cost = start[order], end[order], cost[order]
    least = np.ones(len(start), dtype=bool)
    least[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    first = np.zeros(n_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(start[least], minlength=n_nodes), out=first[1:])
    return first, end[least], cost[least]


def transposed(first: Ints, column: NDArray[Any], n_columns: int) -> tuple[Ints, Ints]:
    """Positions of the entries of a sparse matrix in the order of its columns, and how many each column has."""
    # scipy's conversion is a counting sort, which leaves the rows of each column in order.
    matrix = csr_array((np.arange(len(column)), column, first), shape=(len(first) - 1, n_columns)).tocsc()
    return matrix.data.astype(np.int64), np.diff(matrix.indptr).astype(np.int64)
