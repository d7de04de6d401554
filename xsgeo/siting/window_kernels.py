"""The search for the cheapest way to leave holes and overlaps in one window, compiled by numba.

A window (`xsgeo.siting.windows`) has rows and sites. Of a plan it is asked what it pays there: for each row left out
its price as a hole, for each site that covers a row which another covers already the price of the row once more, and
for each site a price of its own. The search goes through the plans in depth, one row after the other: either one of the
sites left covers it, each in its turn and the earlier ones then closed, or none does and all of them are closed.

What is paid only grows on the way down, and so a plan is given up as soon as it pays as much as the limit. Sites whose
overlaps alone would reach the limit are closed at once, a row that has lost its last site is a hole for good, and what
that costs may close further sites. The row to decide next is drawn from a few at random: the one that few sites cover,
and whose hole would tear open much around it.

Each level of the search holds what is left in arrays of its own: the sites still free as bits, the undecided rows, and
what each site would pay for overlaps. A level is written from the one above and thrown away, so nothing has to be taken
back, and whether a row has lost its sites is seen by a word or two. That is ten times as fast as counting up and down
for each row how many sites are left to it. What two sites have in common is summed up once, before.

All prices are whole numbers, so the answer is exact. The search stands in arrays that the caller holds: it can be run
for a while, looked at and run on.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: PLR0917

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xsgeo.siting.kernels import Flags, Int32s, Int64s, Lines, compiled, draw

Words = NDArray[np.uint64]
WordTable = NDArray[np.uint64]
Int32Table = NDArray[np.int32]
Int64Table = NDArray[np.int64]
Prices = tuple[Int64s, Int64s, Int64Table]
"""Of each row: what it costs as a hole, and once more; of each two sites, what they have in common costs once more."""
Stacks = tuple[Int32s, Int64Table, Int32Table, WordTable, Int64Table]
"""Sites in line, one level after the other; of each level: its figures, its rows, the sites still free, and what each
site would pay for overlaps."""

LIMIT, DEPTH, NODES, RANDOM = range(4)
"""Places of the figures that a search keeps from one call to the next."""
BEGIN, END, NEXT, PAID, ROWS = range(5)
"""Of each level: where its sites begin and end, which is next, what is paid so far, how many rows are undecided."""

_DRAWN = 16  # rows of which the best to decide next is taken


@compiled
def bits(by_row: Lines, n_sites: int) -> WordTable:
    """The sites of each row as bits, so that one row's can be told from another's a word at a time."""
    first, sites = by_row
    found = np.zeros((len(first) - 1, (n_sites + 63) // 64), np.uint64)
    for row in range(len(found)):
        for e in range(first[row], first[row + 1]):
            found[row, sites[e] >> 6] |= np.uint64(1) << np.uint64(sites[e] & 63)
    return found


@compiled
def overlaps(by_row: Lines, twice: Int64s, n_sites: int) -> Int64Table:
    """Of each two sites, what the rows that both cover cost once more."""
    first, sites = by_row
    found = np.zeros((n_sites, n_sites), np.int64)
    for row in range(len(twice)):
        for e in range(first[row], first[row + 1]):
            mine = found[sites[e]]
            for o in range(first[row], first[row + 1]):
                mine[sites[o]] += twice[row]
    return found


@compiled
def has(words: Words, site: int) -> bool:
    """Whether a site's bit is set."""
    return bool((words[site >> 6] >> np.uint64(site & 63)) & np.uint64(1))


@compiled
def drop(words: Words, site: int) -> None:
    """Take a site's bit away."""
    words[site >> 6] &= ~(np.uint64(1) << np.uint64(site & 63))


@compiled
def lost(owned: WordTable, hole: Int64s, rows: Int32s, free: Words, level: Int64s) -> np.int64:
    """Take out the rows that have no site left, and pay their holes."""
    n, paid = 0, np.int64(0)
    for k in range(level[ROWS]):
        row = rows[k]
        is_lost = True
        for word in range(len(free)):
            if owned[row, word] & free[word] != 0:
                is_lost = False
                break
        if is_lost:
            paid += hole[row]
        else:
            rows[n] = row
            n += 1
    level[ROWS] = n
    level[PAID] += paid
    return paid


@compiled
def settle(owned: WordTable, hole: Int64s, rows: Int32s, free: Words, extra: Int64s, level: Int64s, limit: int) -> None:
    """Close what would reach the limit and pay for the holes, until nothing more follows from it."""
    while level[PAID] < limit:
        for site in range(len(extra)):
            if extra[site] + level[PAID] >= limit and has(free, site):
                drop(free, site)
        if lost(owned, hole, rows, free, level) == 0:
            return


@compiled
def put(lines: Lines, by_row: Lines, prices: Prices, is_covered: Flags, extra: Int64s, site: int) -> None:
    """What other sites pay for overlaps once a site is open; rows that were covered before have been paid for."""
    _, twice, shared = prices
    for other in range(len(extra)):
        extra[other] += shared[site, other]
    for k in range(lines[0][site], lines[0][site + 1]):
        row = lines[1][k]
        if is_covered[row]:
            for e in range(by_row[0][row], by_row[0][row + 1]):
                extra[by_row[1][e]] -= twice[row]


@compiled
def torn(row: int, hole: Int64s, owned: WordTable, rows: Int32s, left: WordTable, free: Words, seen: Words) -> np.int64:
    """What it costs to close all sites of a row: the holes of the rows that have no others."""
    n = len(rows)
    other = free[0] & ~owned[row, 0]
    for k in range(n):
        seen[k] = left[0, k] & other
    for word in range(1, len(free)):
        other = free[word] & ~owned[row, word]
        if other != 0:
            for k in range(n):
                seen[k] |= left[word, k] & other
    paid = np.int64(0)
    for k in range(n):
        if seen[k] == 0:
            paid += hole[rows[k]]
    return paid


@compiled
def row_to_decide(
    by_row: Lines, hole: Int64s, owned: WordTable, rows: Int32s, free: Words, room: int, random: Int64s
) -> int:
    """Of some rows drawn at random, the one whose hole would cost much and that few sites cover."""
    left = np.empty((len(free), len(rows)), np.uint64)
    for k in range(len(rows)):
        for word in range(len(free)):
            left[word, k] = owned[rows[k], word]
    seen = np.empty(len(rows), np.uint64)
    best, most = -1, -1.0
    for _ in range(_DRAWN):
        row = rows[draw(random, len(rows))]
        part = torn(row, hole, owned, rows, left, free, seen) / room
        n = 0
        for e in range(by_row[0][row], by_row[0][row + 1]):
            n += has(free, by_row[1][e])
        promise = (3.0 if part >= 1.0 else part**3) / (n + 3.0)
        if promise > most:
            best, most = row, promise
    return best


@compiled
def begin_level(by_row: Lines, stacks: Stacks, depth: int, row: int) -> None:
    """Put the sites that may cover a row in line, the one that pays least for overlaps first."""
    line, levels, _, free, extra = stacks
    begin = levels[depth - 1, END] if depth else np.int64(0)
    end = begin
    for e in range(by_row[0][row], by_row[0][row + 1]):
        site = by_row[1][e]
        if has(free[depth], site):
            at = end
            while at > begin and extra[depth, line[at - 1]] > extra[depth, site]:
                line[at] = line[at - 1]
                at -= 1
            line[at] = site
            end += 1
    levels[depth, BEGIN], levels[depth, END], levels[depth, NEXT] = begin, end, begin


@compiled
def descend(
    lines: Lines,
    by_row: Lines,
    prices: Prices,
    owned: WordTable,
    stacks: Stacks,
    depth: int,
    is_covered: Flags,
    site: int,
) -> None:
    """Write the next level: as this one, with a site open, or none if it is -1."""
    line, levels, rows, free, extra = stacks
    free[depth + 1], extra[depth + 1] = free[depth], extra[depth]
    levels[depth + 1, PAID] = levels[depth, PAID]
    n = levels[depth, ROWS]
    if site < 0:
        rows[depth + 1, :n] = rows[depth, :n]
        levels[depth + 1, ROWS] = n
        return
    # A row is covered if a site in line of a level above is the one that was opened there.
    is_covered[:] = False
    for above in range(depth):
        at = levels[above, NEXT] - 1
        if at < levels[above, END]:
            for k in range(lines[0][line[at]], lines[0][line[at] + 1]):
                is_covered[lines[1][k]] = True
    levels[depth + 1, PAID] += extra[depth, site]
    put(lines, by_row, prices, is_covered, extra[depth + 1], site)
    drop(free[depth + 1], site)
    kept = 0
    for k in range(n):
        row = rows[depth, k]
        if not has(owned[row], site):
            rows[depth + 1, kept] = row
            kept += 1
    levels[depth + 1, ROWS] = kept


@compiled
def enter(by_row: Lines, hole: Int64s, owned: WordTable, stacks: Stacks, state: Int64s) -> bool:
    """Look at a level for the first time; whether there is anything to try in it."""
    depth = state[DEPTH]
    _, levels, rows, free, extra = stacks
    level = levels[depth]
    settle(owned, hole, rows[depth], free[depth], extra[depth], level, state[LIMIT])
    room = state[LIMIT] - level[PAID]
    if room <= 0:
        return False
    if level[ROWS] == 0:
        state[LIMIT] = level[PAID]
        return False
    within = rows[depth, : level[ROWS]]
    row = row_to_decide(by_row, hole, owned, within, free[depth], room, state[RANDOM : RANDOM + 1])
    begin_level(by_row, stacks, depth, row)
    return True


@compiled
def search(
    lines: Lines, by_row: Lines, prices: Prices, owned: WordTable, stacks: Stacks, state: Int64s, n_nodes: int
) -> None:
    """Go on for some nodes. When DEPTH is -1, no plan pays less than LIMIT, which came down to the cheapest met."""
    hole, is_covered = prices[0], np.zeros(len(owned), np.bool_)
    line, levels, rows, free, extra = stacks
    until = state[NODES] + n_nodes
    while state[NODES] < until and state[DEPTH] >= 0:
        depth = state[DEPTH]
        level = levels[depth]
        if level[NEXT] < 0:
            state[NODES] += 1
            if not enter(by_row, hole, owned, stacks, state):
                state[DEPTH] -= 1
                continue
        at = level[NEXT]
        if level[BEGIN] < at <= level[END]:
            # The site before was tried: from here on it is closed.
            drop(free[depth], line[at - 1])
            lost(owned, hole, rows[depth], free[depth], level)
            settle(owned, hole, rows[depth], free[depth], extra[depth], level, state[LIMIT])
        level[NEXT] = at + 1
        if at > level[END] or level[PAID] >= state[LIMIT]:
            state[DEPTH] -= 1
        elif at == level[END] or has(free[depth], line[at]):
            site = line[at] if at < level[END] else -1
            descend(lines, by_row, prices, owned, stacks, depth, is_covered, site)
            levels[depth + 1, NEXT] = -1
            state[DEPTH] += 1
