"""Where a fractional cover is looked at for local cuts, and the cuts themselves, compiled by numba.

Imported only when a question is large (`xsgeo.siting.local_cuts`). Of a point only the sites that it opens in part
matter, and the rows they cover that ask for most (`fractional`). Around each such row a window is grown, next always by
the row that shares most with those inside and brings few new sites; a set of rows that was looked at before is known by
a number. What is asked of a window stands in `xsgeo.siting.facet_kernels`. Sites that the point does not open at all
are counted last, by lifting.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: C901, PLR0917

from __future__ import annotations

import numpy as np

from xsgeo.siting.cover_kernels import decisive, turned
from xsgeo.siting.facet_kernels import VIOLATION, WHOLE, facet, framed, least_cover, lifted, make_whole
from xsgeo.siting.kernels import Flags, Floats, Int64s, Lines, compiled


@compiled
def fractional(by_row: Lines, point: Floats) -> tuple[Lines, Lines, Flags]:
    """Rows with their fractional sites, sites with their rows, and which rows ask for most: those with fewest sites."""
    n_rows = len(by_row[0]) - 1
    begins, sites = np.zeros(n_rows + 1, np.int32), np.empty(len(by_row[1]), np.int32)
    size, keep = np.zeros(n_rows, np.int64), np.zeros(n_rows, np.bool_)
    for row in range(n_rows):
        n, is_covered = 0, False
        for k in range(by_row[0][row], by_row[0][row + 1]):
            j = by_row[1][k]
            is_covered |= point[j] > 1 - 1e-7
            if point[j] > 1e-7:
                sites[begins[row] + n] = j
                n += 1
        size[row] = 0 if is_covered else n
        begins[row + 1] = begins[row] + size[row]
        keep[row] = size[row] > 0
    near = begins, sites[: begins[-1]].copy()
    cover = turned(near, len(point))
    decisive(near, cover, np.ones(len(point), np.bool_), keep)
    return near, cover, keep


@compiled
def _grown(
    seed: int, near: Lines, cover: Lines, keep: Flags, point: Floats, size: Int64s, inside: Int64s, share: Floats,
    rows: Int64s, sites: Int64s,
) -> tuple[int, int]:  # fmt: skip
    """Rows of a window around `seed`, next always one that shares much with those inside and brings few new sites."""
    n_rows, n_sites, n_seen = 0, 0, 0
    seen = np.empty(len(share), np.int64)
    at = seed
    while at >= 0:
        rows[n_rows] = at
        n_rows += 1
        for k in range(near[0][at], near[0][at + 1]):
            j = near[1][k]
            if inside[j] >= 0:
                continue
            inside[j], sites[n_sites] = n_sites, j
            n_sites += 1
            for e in range(cover[0][j], cover[0][j + 1]):
                row = cover[1][e]
                if keep[row]:
                    if share[row] == 0.0:
                        seen[n_seen] = row
                        n_seen += 1
                    share[row] += point[j]
        share[at] = -1.0
        at, best = -1, 0.0
        if n_rows == size[1]:
            break
        for k in range(n_seen):
            row = seen[k]
            if share[row] < 0:
                continue
            n_new = 0
            for e in range(near[0][row], near[0][row + 1]):
                n_new += inside[near[1][e]] < 0
            value = share[row] / (1 + 0.2 * n_new) if n_new else 10 + share[row]
            if value > best and n_sites + n_new <= size[0]:
                at, best = row, value
    for k in range(n_seen):
        share[seen[k]] = 0.0
    return n_rows, n_sites


@compiled
def _name(rows: Int64s) -> np.uint64:
    """A number for a set of rows, whatever their order; two sets of one number are rare and do no harm."""
    total = np.uint64(0)
    for row in rows:
        mixed = np.uint64(row + 1) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        total += mixed ^ (mixed >> np.uint64(32))
    return total


@compiled
def _seen(rows: Int64s, by_row: Lines, inside: Int64s, other: Int64s, mask: Int64s) -> int:
    """Sites that cover rows of the window and do not belong to it, and which; how many."""
    n = 0
    for i in range(len(rows)):
        for k in range(by_row[0][rows[i]], by_row[0][rows[i] + 1]):
            j = by_row[1][k]
            if inside[j] == -1:
                inside[j] = -2 - n
                other[n], mask[n] = j, 0
                n += 1
            if inside[j] < -1:
                mask[-2 - inside[j]] |= 1 << i
    for k in range(n):
        inside[other[k]] = -1
    return n


@compiled
def _cut(
    rows: Int64s, sites: Int64s, near: Lines, by_row: Lines, point: Floats, inside: Int64s, work: Int64s,
    places: Int64s, values: Floats,
) -> tuple[int, float]:  # fmt: skip
    """The cut of one window that the point violates most: how many sites it counts, and its right side."""
    n, n_rows = len(sites), len(rows)
    masks, dual, cover = np.zeros(n, np.int64), np.empty(n), np.zeros(n, np.bool_)
    for i in range(n_rows):
        for k in range(near[0][rows[i]], near[0][rows[i] + 1]):
            masks[inside[near[1][k]]] |= 1 << i
    window = framed(masks, n_rows)
    if not facet(window, point[sites], dual, work):
        return 0, 0.0
    make_whole(dual)
    right = least_cover(window, dual, (1 << n_rows) - 1, np.inf, WHOLE, cover, work)
    if (dual * point[sites]).sum() > right * (1 - 0.5 * VIOLATION):
        return 0, 0.0
    other, their_masks = np.empty(len(point), np.int64), np.empty(len(point), np.int64)
    n_other = _seen(rows, by_row, inside, other, their_masks)
    theirs = np.empty(n_other)
    lifted(masks, dual, right, their_masks[:n_other], theirs, n_rows, work)
    if work[0] <= 0:
        return 0, 0.0
    n_counted = 0
    for k in range(n + n_other):
        value = dual[k] if k < n else theirs[k - n]
        if value > 0.5:
            places[n_counted] = sites[k] if k < n else other[k - n]
            values[n_counted] = value
            n_counted += 1
    return n_counted, right


@compiled
def local_cuts(
    by_row: Lines, point: Floats, size: Int64s, work: Int64s, begins: Int64s, places: Int64s, values: Floats,
    right: Floats,
) -> int:  # fmt: skip
    """Look for cuts in windows around every row that asks for most; how many were found.

    Parameters
    ----------
    size
        Most sites and most rows of a window; 62 rows at most.
    work
        Steps that may be taken in one window, and in all.
    begins, places, values, right
        Filled in: the sites of each cut and what they count, and the right sides.
    """
    near, cover, keep = fractional(by_row, point)
    inside, share = np.full(len(point), -1, np.int64), np.zeros(len(keep))
    rows, sites = np.empty(size[1], np.int64), np.empty(len(point), np.int64)
    names, n_names, n_cuts = np.zeros(len(keep), np.uint64), 0, 0
    left = np.zeros(1, np.int64)
    for seed in range(len(keep)):
        if not keep[seed]:
            continue
        if work[1] <= 0 or n_cuts == len(right) or begins[n_cuts] + len(point) > len(places):
            break
        n_rows, n_sites = _grown(seed, near, cover, keep, point, size, inside, share, rows, sites)
        name = _name(rows[:n_rows])
        if n_sites > 2 and not (names[:n_names] == name).any():
            names[n_names] = name
            n_names += 1
            left[0] = work[0]
            begin = begins[n_cuts]
            n, most = _cut(
                rows[:n_rows], sites[:n_sites], near, by_row, point, inside, left, places[begin:], values[begin:]
            )
            work[1] -= work[0] - left[0]
            if n:
                begins[n_cuts + 1], right[n_cuts] = begin + n, most
                n_cuts += 1
        inside[sites[:n_sites]] = -1
    return n_cuts
