"""The inner loops of set covering, compiled by numba; imported only when a question is large.

`decisive` and `beaten` are the two rules that shrink a set cover (`xsgeo.siting.setcover`), `shrink` is both in turn.
Whether one line of the matrix holds another is first asked of a number with a bit for each entry, which nearly always
says no, and of lines that share the rarest entry alone; then by marks that are never cleared. `weighted_search` looks
for a cover cheaper than the best one known (Gao and others 2015): a site is closed, the rows that this leaves bare
become heavier at every step, and the site that covers most of that weight is opened, unless it was closed a moment ago.
Growing weights lead it out of every corner, and nothing is drawn at random.

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
def turned(lines: Lines, n: int) -> Lines:
    """The same entries the other way round: of each of `n` entries, the lines that hold it."""
    begins, across = np.zeros(n + 1, np.int32), np.empty(len(lines[1]), np.int32)
    for k in range(len(lines[1])):
        begins[lines[1][k] + 1] += 1
    for entry in range(n):
        begins[entry + 1] += begins[entry]
    place = begins.copy()
    for at in range(len(lines[0]) - 1):
        for k in range(lines[0][at], lines[0][at + 1]):
            entry = lines[1][k]
            across[place[entry]] = at
            place[entry] += 1
    return begins, across


@compiled
def _signed(lines: Lines, is_in: Flags) -> tuple[Int64s, Int64s]:
    """How many entries of each line are in, and a number with a bit for each: who lacks a bit lacks the entry."""
    n = len(lines[0]) - 1
    size, sign, bit = np.zeros(n, np.int64), np.zeros(n, np.int64), np.empty(len(is_in), np.int64)
    for entry in range(len(is_in)):
        bit[entry] = 1 << ((entry * 37) % 63)
    for at in range(n):
        for k in range(lines[0][at], lines[0][at + 1]):
            if is_in[lines[1][k]]:
                size[at] += 1
                sign[at] |= bit[lines[1][k]]
    return size, sign


@compiled
def _smallest_first(size: Int64s, keep: Flags) -> Int64s:
    """The lines that are kept and not empty, by size; of one size in their order."""
    begins, n = np.zeros(size.max() + 2 if len(size) else 2, np.int64), 0
    for at in range(len(size)):
        if keep[at] and size[at] > 0:
            begins[size[at] + 1] += 1
            n += 1
    begins = np.cumsum(begins)
    order = np.empty(n, np.int64)
    for at in range(len(size)):
        if keep[at] and size[at] > 0:
            order[begins[size[at]]] = at
            begins[size[at]] += 1
    return order


@compiled
def _marked(at: int, lines: Lines, across: Lines, is_in: Flags, mark: Int64s) -> int:
    """Mark the entries of a line that are in; the one of them that stands in fewest lines."""
    fewest, found = len(lines[0]), -1
    for k in range(lines[0][at], lines[0][at + 1]):
        entry = lines[1][k]
        if is_in[entry]:
            mark[entry] = at
            n = across[0][entry + 1] - across[0][entry]
            if n < fewest or found < 0:
                fewest, found = n, entry
    return found


@compiled
def _holds(other: int, at: int, lines: Lines, mark: Int64s, size: int) -> bool:
    """Whether a line holds all that is marked of another one."""
    others = lines[0][other + 1] - lines[0][other] - size
    if others < 0:
        return False
    for k in range(lines[0][other], lines[0][other + 1]):
        if mark[lines[1][k]] == at:
            size -= 1
            if size == 0:
                return True
        else:
            others -= 1
            if others < 0:
                return False
    return size == 0


@compiled
def decisive(by_row: Lines, cover: Lines, is_in: Flags, keep: Flags) -> None:
    """Clear `keep` for rows that are covered as a matter of course when another one is; sites that are in count."""
    size, sign = _signed(by_row, is_in)
    mark = np.full(len(is_in), -1, np.int64)
    for row in _smallest_first(size, keep):
        if not keep[row]:
            continue
        site = _marked(row, by_row, cover, is_in, mark)
        for k in range(cover[0][site], cover[0][site + 1]):
            other = cover[1][k]
            if keep[other] and other != row and not sign[row] & ~sign[other]:
                # They share the site that was marked, which is all there is to share if it is alone.
                keep[other] = size[row] > 1 and not _holds(other, row, by_row, mark, size[row])


@compiled
def beaten(cover: Lines, by_row: Lines, cost: Floats, may_beat: Flags, is_in: Flags, keep: Flags) -> None:
    """Clear `keep` for sites whose rows an earlier one that is no dearer covers as well; rows that are in count."""
    size, sign = _signed(cover, is_in)
    mark = np.full(len(is_in), -1, np.int64)
    for site in range(len(keep)):
        if not keep[site] or size[site] == 0:
            continue
        row = _marked(site, cover, by_row, is_in, mark)
        for k in range(by_row[0][row], by_row[0][row + 1]):
            other = by_row[1][k]
            is_able = other < site and may_beat[other] and cost[other] <= cost[site]
            if is_able and not sign[site] & ~sign[other] and _holds(other, site, cover, mark, size[site]):
                keep[site] = False
                break


@compiled
def _left(lines: Lines, keep: Flags, is_in: Flags) -> Lines:
    """The same lines without the entries that are out, those that are not kept empty."""
    begins, entries = np.zeros(len(lines[0]), np.int32), np.empty(len(lines[1]), np.int32)
    n = 0
    for at in range(len(keep)):
        if keep[at]:
            for k in range(lines[0][at], lines[0][at + 1]):
                if is_in[lines[1][k]]:
                    entries[n] = lines[1][k]
                    n += 1
        begins[at + 1] = n
    return begins, entries[:n].copy()


@compiled
def shrink(cover: Lines, cost: Floats, may_go: Flags, may_beat: Flags, sites: Flags, rows: Flags) -> Lines:
    """Leave out rows and sites in turn until neither rule finds anything; `sites` and `rows` say what is left.

    What comes back is what is left of the matrix. Rows go first: most of a large question do, and looking at sites is
    the cheaper for it.
    """
    by_row, n_before = turned(cover, len(rows)), -1
    rows[:] = by_row[0][1:] > by_row[0][:-1]
    while n_before != sites.sum():
        n_before = sites.sum()
        decisive(by_row, cover, sites, rows)
        cover = _left(cover, sites, rows)
        by_row = _left(by_row, rows, sites)
        keep = sites & (cover[0][1:] > cover[0][:-1])
        beaten(cover, by_row, cost, may_beat & sites, rows, keep)
        sites &= keep | ~may_go
    number = np.cumsum(rows) - 1
    for k in range(len(cover[1])):
        cover[1][k] = number[cover[1][k]]
    kept = np.flatnonzero(sites)
    begins = np.zeros(len(kept) + 1, np.int32)
    for at in range(len(kept)):
        begins[at + 1] = cover[0][kept[at] + 1]
    return begins, cover[1]


@compiled
def _opened(at: int, cover: Lines, by_row: Lines, times: Int64s, gain: Floats) -> None:
    """Open a site: nobody gains any more by the rows that it is the first to cover."""
    for k in range(cover[0][at], cover[0][at + 1]):
        row = cover[1][k]
        times[row] += 1
        if times[row] == 1:
            for e in range(by_row[0][row], by_row[0][row + 1]):
                gain[by_row[1][e]] -= 1


@compiled
def greedy(cover: Lines, by_row: Lines, cost: Floats, fixed: Flags, is_open: Flags) -> None:
    """Open the site that covers most of what is left for its cost, again and again; then close those that are idle."""
    times, gain, scale = np.zeros(len(by_row[0]) - 1, np.int64), np.zeros(len(cost)), np.maximum(cost, 1e-9)
    is_open[:] = fixed
    for j in range(len(cost)):
        gain[j] = cover[0][j + 1] - cover[0][j]
    for at in range(len(cost)):
        if fixed[at]:
            _opened(at, cover, by_row, times, gain)
    while len(cost) and gain.max() > 0:
        at = int(np.argmax(gain / scale))
        is_open[at] = True
        _opened(at, cover, by_row, times, gain)
    for at in range(len(cost) - 1, -1, -1):
        if not is_open[at] or fixed[at]:
            continue
        least = len(cost)
        for k in range(cover[0][at], cover[0][at + 1]):
            least = min(least, times[cover[1][k]])
        if least > 1:
            is_open[at] = False
            for k in range(cover[0][at], cover[0][at + 1]):
                times[cover[1][k]] -= 1


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
def weighted_search(
    cover: Lines, by_row: Lines, cost: Floats, fixed: Flags, best: Flags, n_steps: int, enough: float
) -> None:
    """Look for a cheaper cover than `best`, which is replaced by what is found, until one costs no more than `enough`.

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
            if least <= enough + 1e-9:
                return
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
