"""What is asked of one window of a set cover to make a cut of it, compiled by numba (see `xsgeo.siting.cut_kernels`).

A window is a few rows of a set cover and the sites that matter there. Its rows are the bits of one number, so "which
rows are bare" is one number too, and what a site leaves bare is one operation. `least_cover` is a branch and bound on
such a window: in a row with fewest sites it tries them one by one, and prunes by what the bare rows can pay (a dual
ascent). It answers the three questions of which a cut is made: which cover the inequality forgets (`facet`), what its
right side is, and what a site left out must count (`lifted`). The last two are asked in whole numbers (`make_whole`),
so rounding cannot make a cut cut off a cover.

Every search counts its steps down in `work[0]`, and what is asked when none are left is void: a caller looks at it
before it believes an answer.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: PLR0917, SIM110

from __future__ import annotations

import numpy as np

from xsgeo.siting.kernels import Flags, Floats, Int64s, compiled

Window = tuple[Int64s, Int64s, Int64s]
"""Rows of each site as the bits of a number; where the sites of each row begin, and the sites."""

WHOLE = 0.999999
"""What a cover in whole numbers is better by, at least."""
VIOLATION = 0.01
"""By how much a point must violate an inequality with the right side 1 for a cut to be worth its row."""
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
            if (level * gain).sum() > 1 - VIOLATION:
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
def make_whole(dual: Floats) -> None:
    """The smallest multiple in whole numbers; if there is none, rounded to thousandths."""
    for factor in range(1, _MOST_FACTOR + 1):
        if np.abs(dual * factor - np.rint(dual * factor)).max() < 1e-5:
            dual[:] = np.rint(dual * factor)
            return
    dual[:] = np.rint(dual * _GRAIN)


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
