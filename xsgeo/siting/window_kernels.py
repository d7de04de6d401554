"""The search for the cheapest way to leave holes and overlaps in one window, compiled by numba.

A window (`xsgeo.siting.windows`) has rows and sites. Of a plan it is asked what it pays there: for each row left out
its price as a hole, for each site that covers a row which another covers already the price of the row once more, and
for each site a price of its own. The search goes through the plans in depth, one row after the other: either one of the
sites left covers it, each in its turn and the earlier ones then closed, or none does and all of them are closed.

What is paid only grows on the way down, and so a plan is given up as soon as it pays as much as the limit. Sites whose
overlaps alone would reach the limit are closed at once, a row that has lost its last site is a hole for good, and what
that costs may close further sites. The row to decide next is drawn from a few at random: the one that few sites cover,
and whose hole would tear open much around it.

All prices are whole numbers, so that what is taken back is taken back exactly. The search stands in arrays that the
caller holds: it can be run for a while, looked at and run on.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: PLR0917

from __future__ import annotations

import numpy as np

from xsgeo.siting.kernels import Flags, Int32s, Int64s, compiled, draw

COST, LIMIT, DEPTH, TRAIL, NODES, GOES_DOWN, DONE, RANDOM = range(8)
"""Places of the figures that a search keeps from one call to the next."""
BEGIN, END, NEXT, UNDO, BEFORE = range(5)
"""Of each level: where its sites begin and end, which is next, how far to take back, and what was paid before."""

_DRAWN = 16  # rows of which the best to decide next is taken


@compiled
def close(
    lines: tuple[Int32s, Int32s], hole: Int64s, books: tuple[Flags, Int32s, Int32s, Int64s], site: int
) -> np.int64:
    """Close a site; what the rows cost of which it was the last."""
    free, left, times, _ = books
    start, rows = lines
    free[site] = False
    paid = np.int64(0)
    for k in range(start[site], start[site + 1]):
        row = rows[k]
        left[row] -= 1
        if left[row] == 0 and times[row] == 0:
            paid += hole[row]
    return paid


@compiled
def put(
    lines: tuple[Int32s, Int32s],
    by_row: tuple[Int32s, Int32s],
    twice: Int64s,
    books: tuple[Flags, Int32s, Int32s, Int64s],
    site: int,
    sign: int,
) -> None:
    """Open a site (sign 1), or take that back (-1); others then pay for the rows they share with it, or no more."""
    free, left, times, extra = books
    start, rows = lines
    first, sites = by_row
    free[site] = sign < 0
    for k in range(start[site], start[site + 1]):
        row = rows[k]
        times[row] += sign
        left[row] -= sign
        if times[row] == (1 if sign > 0 else 0):
            change = sign * twice[row]
            for e in range(first[row], first[row + 1]):
                extra[sites[e]] += change


@compiled
def settle(
    lines: tuple[Int32s, Int32s],
    hole: Int64s,
    books: tuple[Flags, Int32s, Int32s, Int64s],
    trail: Int64s,
    state: Int64s,
) -> None:
    """Close what would reach the limit, until nothing more follows from it."""
    free, _, _, extra = books
    is_changed = True
    while is_changed and state[COST] < state[LIMIT]:
        is_changed = False
        for site in range(len(free)):
            if free[site] and state[COST] + extra[site] >= state[LIMIT]:
                paid = close(lines, hole, books, site)
                trail[state[TRAIL]] = site
                state[TRAIL] += 1
                state[COST] += paid
                if paid > 0:
                    is_changed = True


@compiled
def take_back(
    lines: tuple[Int32s, Int32s],
    by_row: tuple[Int32s, Int32s],
    twice: Int64s,
    books: tuple[Flags, Int32s, Int32s, Int64s],
    trail: Int64s,
    state: Int64s,
    until: int,
) -> None:
    """Undo what was closed and opened since."""
    free, left, _, _ = books
    start, rows = lines
    while state[TRAIL] > until:
        state[TRAIL] -= 1
        site = trail[state[TRAIL]]
        if site < 0:
            put(lines, by_row, twice, books, -site - 1, -1)
        else:
            free[site] = True
            for k in range(start[site], start[site + 1]):
                left[rows[k]] += 1


@compiled
def row_to_decide(
    lines: tuple[Int32s, Int32s],
    by_row: tuple[Int32s, Int32s],
    hole: Int64s,
    books: tuple[Flags, Int32s, Int32s, Int64s],
    marks: tuple[Int32s, Int64s, Int64s],
    state: Int64s,
) -> int:
    """Of some rows drawn at random, the one whose hole would cost much and that few sites cover; -1 if none is left."""
    free, left, times, _ = books
    start, rows = lines
    first, sites = by_row
    lost, seen, undecided = marks
    n = 0
    for row in range(len(hole)):
        if times[row] == 0 and left[row] > 0:
            undecided[n] = row
            n += 1
    best, most, room, mark = -1, -1.0, state[LIMIT] - state[COST], state[NODES] * _DRAWN
    for _ in range(_DRAWN if n else 0):
        row, torn = undecided[draw(state[RANDOM : RANDOM + 1], n)], np.int64(0)
        mark += 1
        for e in range(first[row], first[row + 1]):
            site = sites[e]
            if not free[site]:
                continue
            for k in range(start[site], start[site + 1]):
                other = rows[k]
                if times[other] == 0:
                    if seen[other] != mark:
                        seen[other], lost[other] = mark, 0
                    lost[other] += 1
                    if lost[other] == left[other]:
                        torn += hole[other]
        part = torn / room
        promise = (3.0 if part >= 1.0 else part**3) / (left[row] + 3.0)
        if promise > most:
            best, most = row, promise
    return best


@compiled
def begin_level(
    by_row: tuple[Int32s, Int32s],
    books: tuple[Flags, Int32s, Int32s, Int64s],
    stacks: tuple[Int64s, Int32s, Int64s],
    state: Int64s,
    row: int,
) -> None:
    """Put the sites that may cover a row in line, the one that pays least for overlaps first."""
    free, _, _, extra = books
    _, line, levels = stacks
    depth = state[DEPTH]
    begin = levels[depth - 1, END] if depth else np.int64(0)
    end = begin
    for e in range(by_row[0][row], by_row[0][row + 1]):
        site = by_row[1][e]
        if free[site]:
            at = end
            while at > begin and extra[line[at - 1]] > extra[site]:
                line[at] = line[at - 1]
                at -= 1
            line[at] = site
            end += 1
    levels[depth, BEGIN], levels[depth, END], levels[depth, NEXT] = begin, end, begin
    levels[depth, UNDO], levels[depth, BEFORE] = state[TRAIL], state[COST]
    state[DEPTH] += 1


@compiled
def search(
    lines: tuple[Int32s, Int32s],
    by_row: tuple[Int32s, Int32s],
    prices: tuple[Int64s, Int64s],
    books: tuple[Flags, Int32s, Int32s, Int64s],
    marks: tuple[Int32s, Int64s, Int64s],
    stacks: tuple[Int64s, Int32s, Int64s],
    state: Int64s,
    n_nodes: int,
) -> None:
    """Go on for some nodes. When DONE, no plan pays less than LIMIT, which came down to the cheapest plan met."""
    hole, twice = prices
    trail, line, levels = stacks
    until = state[NODES] + n_nodes
    while state[NODES] < until:
        if state[GOES_DOWN]:
            state[GOES_DOWN] = 0
            state[NODES] += 1
            settle(lines, hole, books, trail, state)
            if state[COST] < state[LIMIT]:
                row = row_to_decide(lines, by_row, hole, books, marks, state)
                if row < 0:
                    state[LIMIT] = state[COST]
                else:
                    begin_level(by_row, books, stacks, state, row)
        if state[DEPTH] == 0:
            state[DONE] = 1
            return
        level = levels[state[DEPTH] - 1]
        take_back(lines, by_row, twice, books, trail, state, level[UNDO])
        state[COST] = level[BEFORE]
        at = level[NEXT]
        if level[BEGIN] < at <= level[END]:
            # The site before was tried: from here on it is closed.
            if books[0][line[at - 1]]:
                state[COST] += close(lines, hole, books, line[at - 1])
                trail[state[TRAIL]] = line[at - 1]
                state[TRAIL] += 1
            settle(lines, hole, books, trail, state)
            level[UNDO], level[BEFORE] = state[TRAIL], state[COST]
        level[NEXT] = at + 1
        if at > level[END] or state[COST] >= state[LIMIT]:
            state[DEPTH] -= 1
        elif at == level[END]:
            state[GOES_DOWN] = 1
        elif books[0][line[at]]:
            state[COST] += books[3][line[at]]
            put(lines, by_row, twice, books, line[at], 1)
            trail[state[TRAIL]] = -line[at] - 1
            state[TRAIL] += 1
            state[GOES_DOWN] = 1
