"""Make a covering question smaller without changing its answer.

Demand rows that the same sites cover count as one row of their summed weight. A site whose rows another site covers as
well, no dearer and standing further up in the order of preference, is left out: put that other one in its place in any
plan and nothing is lost. Together these usually take away half of the rows and a few sites, and again as much after
each round of fixing, which is why both are functions of a matrix and not of a study.

Merging compares rows exactly (the bytes of their sorted places), never by hash alone. Domination counts common rows by
one sparse product, or where there are many entries by a compiled loop that looks no further at a site as soon as one
row is not shared.
"""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_array, csr_array

from xsgeo.siting.problem import Flags, Floats, Places, Whole

MANY = 3_000
"""Entries from which on loading the compiled loops pays."""


def is_worth_compiling(n_entries: int) -> bool:
    """Whether a compiled loop will have answered first: where there is much to do, or where the loops are loaded."""
    return n_entries > MANY or "xsgeo.siting.cover_kernels" in sys.modules


def merged_rows(cover: csr_array, weight: Whole, kind: Places | None = None) -> tuple[csr_array, Whole, Places]:
    """Make one demand row of those that the same sites cover, and drop those that none covers.

    Parameters
    ----------
    cover
        Sites by demand rows, any number where covered.
    weight
        Of each demand row.
    kind
        Rows of different kinds (towns) are kept apart.

    Returns
    -------
    cover, weight, member
        The smaller matrix, its weights, and the new row of each old one; -1 where no site covers it.

    Examples
    --------
    >>> cover = csr_array(np.array([[1, 1, 0, 0], [0, 0, 1, 0]]))
    >>> smaller, weight, member = merged_rows(cover, np.array([1, 2, 3, 4]))
    >>> smaller.toarray().tolist(), weight.tolist(), member.tolist()
    ([[1, 0], [0, 1]], [3, 3], [0, 0, 1, -1])
    """
    by_demand = cover.tocsc()
    by_demand.sort_indices()
    member = np.full(cover.shape[1], -1, dtype=np.int64)
    if is_worth_compiling(cover.nnz):
        first = rows_by_kernel(by_demand, kind, member)
    else:
        first = _rows_by_bytes(by_demand, kind, member)
    seen = member >= 0
    total = np.bincount(member[seen], weight[seen], len(first)).astype(weight.dtype)
    return by_demand[:, first].tocsr(), total, member.astype(np.intp)


def rows_by_kernel(by_demand: csc_array, kind: Places | None, member: Whole) -> Whole:
    """The first of each kind of row, by the compiled loop; `member` is filled in."""
    from xsgeo.siting import kernels

    kinds = np.zeros(len(member), dtype=np.int64) if kind is None else kind.astype(np.int64)
    return np.asarray(kernels.merge(*kernels.arrays(by_demand), kinds, member))


def _rows_by_bytes(by_demand: csc_array, kind: Places | None, member: Whole) -> Whole:
    """The same without a compiler, which a few rows are not worth."""
    places = by_demand.indices.astype(np.int32, copy=False)
    numbers: dict[object, int] = {}
    first: list[int] = []
    for row, (begin, end) in enumerate(pairwise(by_demand.indptr.tolist())):
        if begin == end:
            continue
        key: object = places[begin:end].tobytes()
        if kind is not None:
            key = (key, int(kind[row]))
        number = numbers.setdefault(key, len(first))
        if number == len(first):
            first.append(row)
        member[row] = number
    return np.array(first, dtype=np.int64)


def undominated(
    cover: csr_array, cost: Floats, *, may_go: Flags | None = None, may_beat: Flags | None = None
) -> Places:
    """Say which sites are worth keeping; sites stand in the order of preference.

    Parameters
    ----------
    cover
        Sites by demand rows, 1 where covered.
    cost
        Of each site; a dearer site beats none.
    may_go
        Sites that may be left out at all; a fixed one may not.
    may_beat
        Sites that can be put in another's place; a forbidden one cannot.

    Examples
    --------
    >>> cover = csr_array(np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]))
    >>> undominated(cover, np.ones(4)).tolist()
    [0, 2]
    """
    size = np.diff(cover.indptr)
    keep = size > 0
    if is_worth_compiling(cover.nnz):
        from xsgeo.siting import cover_kernels, kernels

        beats, rows = np.ones(len(size), dtype=bool) if may_beat is None else may_beat, np.ones(cover.shape[1], bool)
        cover_kernels.beaten(kernels.arrays(cover), kernels.arrays(cover.T.tocsr()), cost, beats, rows, keep)
        return np.flatnonzero(keep if may_go is None else keep | ~may_go)
    counted = csr_array((np.ones(cover.nnz, dtype=np.int32), cover.indices, cover.indptr), shape=cover.shape)
    shared = (counted @ counted.T).tocoo()
    one, other = shared.coords
    is_within = shared.data == size[one]
    one, other = one[is_within], other[is_within]
    is_beaten = (cost[other] <= cost[one]) & (other < one)
    if may_beat is not None:
        is_beaten &= may_beat[other]
    keep[one[is_beaten]] = False
    if may_go is not None:
        keep |= ~may_go
    return np.flatnonzero(keep)
