"""The inner loops of set covering, compiled by numba; imported only when a question is large.

`decisive` and `beaten` are the two rules that shrink a set cover (`xsgeo.siting.setcover`), each a count of common
entries by marks that are never cleared. `weighted_search` looks for a cover cheaper than the best one known (Gao and
others 2015): a site is closed, the rows that this leaves bare become heavier at every step, and the site that covers
most of that weight is opened, unless it was closed a moment ago. Growing weights lead it out of every corner, and
nothing is drawn at random.

References
----------
Gao, C., Yao, X., Weise, T. and Li, J. (2015). An efficient local search heuristic with row weighting for the unicost
set covering problem. European Journal of Operational Research 246, 750-761.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: PLR0917

from __future__ import annotations

import numpy as np

from xsgeo.siting.kernels import Flags, Floats, Int32s, Int64s, compiled

Lines = tuple[Int32s, Int32s]


@compiled
def decisive(by_row: Lines, cover: Lines, order: Int64s, keep: Flags) -> None:
    """Clear `keep` for rows that are covered as a matter of course when another one is; rows in the order given."""
    n = len(keep)
    seen, times = np.full(n, -1, np.int64), np.zeros(n, np.int64)
    for row in order:
        begin, end = by_row[0][row], by_row[0][row + 1]
        if not keep[row] or begin == end:
            continue
        for k in range(begin, end):
            site = by_row[1][k]
            for e in range(cover[0][site], cover[0][site + 1]):
                other = cover[1][e]
                if seen[other] != row:
                    # Only rows of every site met so far can still be in all of them.
                    if k > begin:
                        continue
                    seen[other] = row
                    times[other] = 0
                if times[other] == k - begin:
                    times[other] += 1
                    if k == end - 1 and other != row:
                        keep[other] = False


@compiled
def beaten(cover: Lines, by_row: Lines, cost: Floats, may_beat: Flags, keep: Flags) -> None:
    """Clear `keep` for sites whose rows an earlier one that is no dearer covers as well."""
    n = len(keep)
    seen, times = np.full(n, -1, np.int64), np.zeros(n, np.int64)
    for site in range(n):
        begin, end = cover[0][site], cover[0][site + 1]
        if not keep[site]:
            continue
        for k in range(begin, end):
            row = cover[1][k]
            for e in range(by_row[0][row], by_row[0][row + 1]):
                other = by_row[1][e]
                if other >= site:
                    continue
                if seen[other] != site:
                    if k > begin:
                        continue
                    seen[other] = site
                    times[other] = 0
                if times[other] == k - begin:
                    times[other] += 1
                    if k == end - 1 and cost[other] <= cost[site] and may_beat[other]:
                        keep[site] = False


@compiled
def _toggle(
    at: int, cover: Lines, by_row: Lines, weight: Int64s, times: Int32s, score: Int64s, is_open: Flags, bare: Int64s
) -> None:
    """Open or close a site and mend the scores: what opening would cover, or closing leave bare."""
    sign = -1 if is_open[at] else 1
    is_open[at] = not is_open[at]
    for k in range(cover[0][at], cover[0][at + 1]):
        row = cover[1][k]
        before = times[row]
        times[row] += sign
        now, w = times[row], weight[row]
        if before + now == 1:
            # From none to one or back: for the others it is no longer, or again, something to gain.
            bare[0] -= sign
            for e in range(by_row[0][row], by_row[0][row + 1]):
                if by_row[1][e] != at:
                    score[by_row[1][e]] -= sign * w
        elif before + now == 3:
            # From one to two or back: the other open one is no longer, or again, alone.
            for e in range(by_row[0][row], by_row[0][row + 1]):
                if by_row[1][e] != at and is_open[by_row[1][e]]:
                    score[by_row[1][e]] -= sign * w
                    break


@compiled
def _to_close(cost: Floats, score: Int64s, is_open: Flags, fixed: Flags, stamp: Int64s, tabu: int) -> int:
    """The open site that leaves least weight bare for its cost, the one longest untouched among equals."""
    at, least = -1, np.inf
    for j in range(len(cost)):
        if is_open[j] and not fixed[j] and j != tabu:
            value = score[j] / cost[j]
            if value < least or (value == least and stamp[j] < stamp[at]):
                at, least = j, value
    return at


@compiled
def _idle(score: Int64s, is_open: Flags, fixed: Flags) -> int:
    """An open site whose rows others cover as well; -1 if there is none."""
    for j in range(len(score) - 1, -1, -1):
        if is_open[j] and not fixed[j] and score[j] == 0:
            return j
    return -1


@compiled
def _to_open(
    step: int, by_row: Lines, times: Int32s, cost: Floats, score: Int64s, stamp: Int64s, may: Flags, most_cost: float
) -> int:
    """Of the sites of a bare row, another row each time, the one that covers most bare weight for its cost."""
    at, most, n_rows = -1, -1.0, len(times)
    for i in range(n_rows):
        row = (i + step * 7919) % n_rows
        if times[row] > 0:
            continue
        for e in range(by_row[0][row], by_row[0][row + 1]):
            j = by_row[1][e]
            value = score[j] / cost[j]
            is_better = value > most or (value == most and stamp[j] < stamp[at])
            if may[j] and is_better and cost[j] < most_cost:
                at, most = j, value
        if at >= 0:
            break
    return at


@compiled
def _let_neighbours(at: int, cover: Lines, by_row: Lines, may: Flags) -> None:
    """Whoever shares a row with this site may be opened again."""
    for k in range(cover[0][at], cover[0][at + 1]):
        row = cover[1][k]
        for e in range(by_row[0][row], by_row[0][row + 1]):
            may[by_row[1][e]] = True


@compiled
def _heavier(by_row: Lines, times: Int32s, weight: Int64s, score: Int64s) -> None:
    """Bare rows weigh one more."""
    for i in range(len(times)):
        if times[i] == 0:
            weight[i] += 1
            for e in range(by_row[0][i], by_row[0][i + 1]):
                score[by_row[1][e]] += 1


@compiled
def weighted_search(cover: Lines, by_row: Lines, cost: Floats, fixed: Flags, best: Flags, n_steps: int) -> None:
    """Look for a cheaper cover than `best`, which is replaced by what is found.

    Costs are above 0, and a site that alone covers some row is `fixed`.
    """
    n, n_rows = len(cost), len(by_row[0]) - 1
    weight, times = np.ones(n_rows, np.int64), np.zeros(n_rows, np.int32)
    score, stamp, may = np.zeros(n, np.int64), np.zeros(n, np.int64), np.ones(n, np.bool_)
    is_open, bare = np.zeros(n, np.bool_), np.full(1, n_rows, np.int64)
    spent, tabu = 0.0, -1
    for j in range(n):
        score[j] = cover[0][j + 1] - cover[0][j]
    for j in range(n):
        if best[j]:
            _toggle(j, cover, by_row, weight, times, score, is_open, bare)
            spent += cost[j]
    least = spent + 1.0
    for step in range(n_steps):
        if bare[0] == 0:
            # A cover: note it, and go on below its cost.
            idle = _idle(score, is_open, fixed)
            while idle >= 0:
                _toggle(idle, cover, by_row, weight, times, score, is_open, bare)
                spent -= cost[idle]
                idle = _idle(score, is_open, fixed)
            if spent < least - 1e-9:
                least = spent
                best[:] = is_open
            at = _to_close(cost, score, is_open, fixed, stamp, -1)
            if at < 0:
                return
            _toggle(at, cover, by_row, weight, times, score, is_open, bare)
            spent -= cost[at]
            stamp[at] = step
            continue
        at = _to_close(cost, score, is_open, fixed, stamp, tabu)
        if at >= 0:
            _toggle(at, cover, by_row, weight, times, score, is_open, bare)
            spent -= cost[at]
            _let_neighbours(at, cover, by_row, may)
            stamp[at], may[at] = step, False
        at = _to_open(step, by_row, times, cost, score, stamp, may, least - 1e-9 - spent)
        if at >= 0:
            _toggle(at, cover, by_row, weight, times, score, is_open, bare)
            spent += cost[at]
            stamp[at], tabu = step, at
            _let_neighbours(at, cover, by_row, may)
        _heavier(by_row, times, weight, score)
