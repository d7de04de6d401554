"""The inner loops of local cuts (`xsgeo.siting.local_cuts`), compiled by numba; imported only when a question is large.

A window is a few rows of a set cover and the sites that matter there. Its rows are the bits of one number, so "which
rows are bare" is one number too, and what a site leaves bare is one operation. `least_cover` is a branch and bound on
such a window: in a row with fewest sites it tries them one by one, and prunes by what the bare rows can pay (a dual
ascent). It answers the three questions of which a cut is made: which cover the inequality forgets (`facet`), what its
right side is, and what a site left out must count (`lifted`). The last two are asked in whole numbers, so rounding
cannot make a cut cut off a cover.

Every search counts its steps down in `work[0]`, and what is asked when none are left is void: a caller looks at it
before it believes an answer.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: C901, PLR0917, SIM110

from __future__ import annotations

import numpy as np

from xsgeo.siting.cover_kernels import Lines, decisive
from xsgeo.siting.kernels import Flags, Floats, Int64s, compiled

Window = tuple[Int64s, Int64s, Int64s]
"""Rows of each site as the bits of a number; where the sites of each row begin, and the sites."""

WHOLE = 0.999999
"""What a cover in whole numbers is better by, at least."""
_VIOLATION = 0.01
_MOST_FACTOR = 60
_GRAIN = 1000.0


@compiled
def framed(mask: Int64s, n_rows: int) -> Window:
    """A window by the rows of its sites."""
    begins, sites = np.zeros(n_rows + 1, np.int64), np.empty(n_rows * len(mask), np.int64)
    for row in range(n_rows):
        begins[row + 1] = begins[row]
        for j in range(len(mask)):
            if (mask[j] >> row) & 1:
                sites[begins[row + 1]] = j
                begins[row + 1] += 1
    return mask, begins, sites


@compiled
def _paid(window: Window, bare: int, cost: Floats, is_out: Flags, slack: Floats) -> tuple[float, int]:
    """What the bare rows can pay when each in turn gives what its cheapest site still lacks; a row of fewest sites."""
    begins, sites = window[1], window[2]
    total, fewest, at = 0.0, len(cost) + 1, 0
    slack[:] = cost
    for row in range(len(begins) - 1):
        if not (bare >> row) & 1:
            continue
        n, least = 0, np.inf
        for k in range(begins[row], begins[row + 1]):
            if not is_out[sites[k]]:
                n += 1
                least = min(least, slack[sites[k]])
        if n == 0:
            return np.inf, row
        if n < fewest:
            fewest, at = n, row
        if least > 0:
            total += least
            for k in range(begins[row], begins[row + 1]):
                slack[sites[k]] -= least
    return total, at


@compiled
def _choices(window: Window, row: int, slack: Floats, is_out: Flags, room: float, choice: Int64s) -> int:
    """The sites of a row that may lead to something better, the most promising first; how many."""
    n = 0
    for k in range(window[1][row], window[1][row + 1]):
        j = window[2][k]
        if is_out[j] or slack[j] > room:
            continue
        at = n
        while at > 0 and slack[choice[at - 1]] > slack[j]:
            choice[at] = choice[at - 1]
            at -= 1
        choice[at] = j
        n += 1
    return n


@compiled
def least_cover(window: Window, cost: Floats, bare: int, most: float, step: float, best: Flags, work: Int64s) -> float:
    """Find the cheapest sites of a window that cover its bare rows; `most` if none costs at least `step` less.

    The answer is void if no work is left.
    """
    n, n_rows = len(cost), len(window[1]) - 1
    is_out, slack = np.zeros(n, np.bool_), np.empty(n)
    left, spent = np.zeros(n_rows + 1, np.int64), np.zeros(n_rows + 1)
    choice, n_choices = np.empty((n_rows + 1, n), np.int64), np.zeros(n_rows + 1, np.int64)
    tried, depth, is_new = np.zeros(n_rows + 1, np.int64), 0, True
    left[0] = bare
    while work[0] > 0:
        if is_new:
            work[0] -= 1
            tried[depth] = n_choices[depth] = 0
            if left[depth]:
                paid, row = _paid(window, left[depth], cost, is_out, slack)
                room = most - step - spent[depth] - paid
                n_choices[depth] = _choices(window, row, slack, is_out, room, choice[depth])
            elif spent[depth] <= most - step:
                most = spent[depth]
                best[:] = False
                for d in range(depth):
                    best[choice[d, tried[d] - 1]] = True
        is_new = tried[depth] < n_choices[depth]
        if is_new:
            j = choice[depth, tried[depth]]
            tried[depth] += 1
            left[depth + 1], spent[depth + 1] = left[depth] & ~window[0][j], spent[depth] + cost[j]
            depth += 1
            continue
        for k in range(n_choices[depth]):
            is_out[choice[depth, k]] = False
        if depth == 0:
            break
        depth -= 1
        # All covers with this site have been seen.
        is_out[choice[depth, tried[depth] - 1]] = True
    return most


@compiled
def _entered(basis: Floats, level: Floats, gain: Floats, column: Floats, its_gain: float) -> bool:
    """A step of the simplex method: the column enters, the one that first falls to nothing leaves."""
    n, at, least = len(level), -1, np.inf
    for i in range(n):
        if column[i] > 1e-9:
            ratio = level[i] / column[i]
            if ratio < least - 1e-12 or (ratio < least + 1e-12 and column[i] > column[at]):
                at, least = i, min(ratio, least)
    if at < 0:
        return False
    basis[at] /= column[at]
    level[at] /= column[at]
    for i in range(n):
        if i != at and column[i] != 0.0:
            level[i] = max(level[i] - column[i] * level[at], 0.0)
            for j in range(n):
                basis[i, j] -= column[i] * basis[at, j]
    gain[at] = its_gain
    return True


@compiled
def facet(window: Window, point: Floats, dual: Floats, work: Int64s) -> bool:
    """Find `dual`, 0 or more, with dual.x >= 1 for every cover of the window, and least at the point.

    False if the point violates no such inequality by much, or the work ran out. Covers are packed into the point: as
    many as fit, maximise sum y_k subject to sum y_k x^k <= point. The dual prices of that program are the inequality,
    and the cheapest cover by them is the one to enter (Applegate and others 2001, section 5).
    """
    n, n_rows = len(point), len(window[1]) - 1
    basis, level, gain = np.eye(n), point.copy(), np.zeros(n)
    cover, column, cost = np.zeros(n, np.bool_), np.empty(n), np.empty(n)
    while work[0] > 0:
        work[0] -= 1
        dual[:] = 0.0
        for i in range(n):
            if gain[i] != 0.0:
                dual += basis[i]
        low = np.argmin(dual)
        is_slack = dual[low] < -1e-9
        if is_slack:
            column[:] = basis[:, low]
        else:
            if (level * gain).sum() > 1 - _VIOLATION:
                return False
            # Among equals the smallest cover, so that sites at no price do not all come along.
            cost[:] = np.maximum(dual, 0.0) + 1e-7
            least_cover(window, cost, (1 << n_rows) - 1, np.inf, 1e-9, cover, work)
            if work[0] <= 0:
                return False
            if dual[cover].sum() >= 1 - 1e-6:
                dual[:] = np.maximum(dual, 0.0)
                return True
            for i in range(n):
                column[i] = basis[i][cover].sum()
        if not _entered(basis, level, gain, column, 0.0 if is_slack else 1.0):
            return False
    return False


@compiled
def _make_whole(dual: Floats) -> None:
    """The smallest multiple in whole numbers; if there is none, rounded to thousandths."""
    for factor in range(1, _MOST_FACTOR + 1):
        if np.abs(dual * factor - np.rint(dual * factor)).max() < 1e-5:
            dual[:] = np.rint(dual * factor)
            return
    dual[:] = np.rint(dual * _GRAIN)


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
def _beaten(mask: int, coef: float, masks: Int64s, coefs: Floats, n: int) -> bool:
    """Whether one of the first n sites does all that a site of this mask does for no more than `coef`."""
    for k in range(n):
        if coefs[k] <= coef and not mask & ~masks[k]:
            return True
    return False


@compiled
def lifted(
    masks: Int64s, coefs: Floats, right: float, new: Int64s, new_coefs: Floats, n_rows: int, work: Int64s
) -> None:
    """What sites that were left out must count: the right side less the least that covers the rows they leave bare.

    One after the other, those with many rows first; each is known to the next ones.
    """
    n, n_new = len(masks), len(new)
    all_masks, all_coefs = np.empty(n + n_new, np.int64), np.empty(n + n_new)
    all_masks[:n], all_coefs[:n] = masks, coefs
    size, cover = np.zeros(n_new, np.int64), np.zeros(n + n_new, np.bool_)
    for k in range(n_new):
        for row in range(n_rows):
            size[k] += (new[k] >> row) & 1
    for k in np.argsort(-size, kind="mergesort"):
        if _beaten(new[k], 0.0, all_masks, all_coefs, n):
            new_coefs[k] = 0.0
            continue
        window = framed(all_masks[:n], n_rows)
        bare = ((1 << n_rows) - 1) & ~new[k]
        new_coefs[k] = right - least_cover(window, all_coefs[:n], bare, right, WHOLE, cover[:n], work)
        if not _beaten(new[k], new_coefs[k], all_masks, all_coefs, n):
            all_masks[n], all_coefs[n] = new[k], new_coefs[k]
            n += 1


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
def _turned(lines: Lines, n: int) -> Lines:
    """The same entries the other way round."""
    begins, places = np.zeros(n + 1, np.int32), np.empty(lines[0][-1], np.int32)
    for k in range(lines[0][-1]):
        begins[lines[1][k] + 1] += 1
    begins[:] = np.cumsum(begins)
    free = begins[:-1].copy()
    for i in range(len(lines[0]) - 1):
        for k in range(lines[0][i], lines[0][i + 1]):
            places[free[lines[1][k]]] = i
            free[lines[1][k]] += 1
    return begins, places


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
    cover = _turned(near, len(point))
    decisive(near, cover, np.ones(len(point), np.bool_), keep)
    return near, cover, keep


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
    _make_whole(dual)
    right = least_cover(window, dual, (1 << n_rows) - 1, np.inf, WHOLE, cover, work)
    if (dual * point[sites]).sum() > right * (1 - 0.5 * _VIOLATION):
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
