"""The inner loops of the covering models, compiled by numba; imported only when a question is large.

Three loops are here, each the innermost of its step, and each with all its state in arrays that the caller holds, so
that it can be run for a while, stopped, looked at and run on:

* **Merging rows** (`merge`): rows are found by a hash of their places and compared place by place, never by hash alone.
* **The ascent** (`ascend`): some dozens of steps of the volume algorithm (`xsgeo.siting.lagrange`). A step reads every
  entry of the matrix once, to add up what each site is paid, and after that only the rows of the sites it opens. Four
  sums run side by side, because a single one waits for itself.
* **Interchange** (`climb`, `shake`): for each closed site what it would add, for each open one what only it covers,
  and for each pair how much of the loss the newcomer would make good (`xsgeo.siting.swap`). All figures are whole
  numbers, so they may be mended for ever without drifting.

Random numbers are a linear congruential stream held in one number, the same on every machine. The loops release the
GIL, hold no state and raise nothing: whoever calls them has checked the input.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: C901, PLR0912, PLR0917

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Lines = tuple[Int32s, Int32s]
"""Where the lines of a sparse matrix begin, and the places of its entries."""
Books = tuple[Int64s, Int32s, Int32s, Int64s, Int64s, Int64s]
"""Of an interchange: open sites by slot; of each row how often it is covered and the sum of the slots that do; of each
site what it would add; of each slot and site how much of the loss it would make good; of each slot what is lost."""
_Function = TypeVar("_Function", bound=Callable[..., Any])

BOUND, STRIDE, FAILURES, STEP, DONE = range(5)
"""Places of the figures that an ascent keeps from one call to the next."""


def compiled(function: _Function) -> _Function:
    """Compile a function when it is first called, and keep what was compiled on the disk."""
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


def arrays(matrix: csr_array | csc_array) -> Lines:
    """The lines of a sparse matrix as the loops want them."""
    return matrix.indptr.astype(np.int32, copy=False), matrix.indices.astype(np.int32, copy=False)


@compiled
def merge(indptr: Int32s, indices: Int32s, kind: Int64s, member: Int64s) -> Int64s:
    """Number the distinct rows in the order of their first appearance; the first of each, and `member` filled in."""
    n = len(indptr) - 1
    size = 2
    while size < 2 * n:
        size *= 2
    table = np.full(size, -1, np.int64)
    first = np.empty(n, np.int64)
    found = 0
    for row in range(n):
        begin, end = indptr[row], indptr[row + 1]
        if begin == end:
            continue
        mixed = np.uint64(kind[row])
        for k in range(begin, end):
            mixed = (mixed ^ np.uint64(indices[k])) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        at = np.int64(mixed & np.uint64(size - 1))
        while table[at] >= 0:
            other = first[table[at]]
            is_same = kind[other] == kind[row] and indptr[other + 1] - indptr[other] == end - begin
            if is_same:
                for k in range(end - begin):
                    if indices[begin + k] != indices[indptr[other] + k]:
                        is_same = False
                        break
            if is_same:
                break
            at = (at + 1) & (size - 1)
        if table[at] < 0:
            table[at] = found
            first[found] = row
            found += 1
        member[row] = table[at]
    return first[:found].copy()


@compiled
def pay(indptr: Int32s, indices: Int32s, charge: Floats, paid: Floats) -> None:
    """Add up the charges of the rows of each site."""
    for j in range(len(paid)):
        begin, end = indptr[j], indptr[j + 1]
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        k = begin
        while k + 4 <= end:
            a += charge[indices[k]]
            b += charge[indices[k + 1]]
            c += charge[indices[k + 2]]
            d += charge[indices[k + 3]]
            k += 4
        while k < end:
            a += charge[indices[k]]
            k += 1
        paid[j] = (a + b) + (c + d)


@compiled
def fill(paid: Floats, cost: Floats, capacity: float, is_number: bool, opened: Floats) -> tuple[float, float, float]:
    """Open the sites that are paid most for their cost, the last one in part; worth, and prices in and out."""
    n = len(paid)
    opened[:] = 0.0
    worth = 0.0
    if is_number:
        room = int(capacity)
        if n <= room:
            opened[:] = 1.0
            return paid.sum(), 0.0, 0.0
        least = np.partition(paid, n - room)[n - room] if room > 0 else np.inf
        best_out, left = -np.inf, room
        for j in range(n):
            if paid[j] > least:
                opened[j] = 1.0
                worth += paid[j]
                left -= 1
        for j in range(n):
            if paid[j] == least and left > 0:
                opened[j] = 1.0
                worth += paid[j]
                left -= 1
            elif opened[j] == 0.0 and paid[j] > best_out:
                best_out = paid[j]
        return worth, best_out, least
    order = np.argsort(-paid / np.maximum(cost, 1e-12), kind="mergesort")
    left_money = capacity
    for j in order:
        if cost[j] <= left_money + 1e-9:
            opened[j] = 1.0
            worth += paid[j]
            left_money -= cost[j]
        else:
            part = max(left_money, 0.0) / cost[j]
            opened[j] = part
            price = paid[j] / cost[j]
            return worth + part * paid[j], price, price
    return worth, 0.0, 0.0


@compiled
def ask(
    indptr: Int32s,
    indices: Int32s,
    cost: Floats,
    capacity: float,
    is_number: bool,
    charge: Floats,
    paid: Floats,
    opened: Floats,
    times: Floats,
) -> tuple[float, float, float]:
    """What charges lead to: what sites are paid, which open, how often each row is covered; worth and prices."""
    pay(indptr, indices, charge, paid)
    worth, price_in, price_out = fill(paid, cost, capacity, is_number, opened)
    times[:] = 0.0
    for j in range(len(paid)):
        if opened[j] > 0.0:
            for k in range(indptr[j], indptr[j + 1]):
                times[indices[k]] += opened[j]
    return worth, price_in, price_out


@compiled
def average(times: Floats, opened: Floats, mean: Floats, share: Floats) -> None:
    """Mix an answer into the averages, by as much as brings the mean of the rows nearest to once (a tenth at most)."""
    top, size = 0.0, 0.0
    for i in range(len(times)):
        moved = times[i] - mean[i]
        top += (1.0 - mean[i]) * moved
        size += moved * moved
    blend = 0.1 if size == 0.0 else min(max(top / size, 0.01), 0.1)
    for i in range(len(times)):
        mean[i] += blend * (times[i] - mean[i])
    for j in range(len(opened)):
        share[j] += blend * (opened[j] - share[j])


@compiled
def fail(state: Floats, patience: int) -> None:
    """Count a step without success; after too many the stride is shortened."""
    state[FAILURES] += 1
    if state[FAILURES] > patience:
        state[STRIDE] *= 0.66
        state[FAILURES] = 0.0


@compiled
def ascend(
    indptr: Int32s,
    indices: Int32s,
    weight: Floats,
    cost: Floats,
    capacity: float,
    is_number: bool,
    target: float,
    patience: int,
    n_steps: int,
    state: Floats,
    best: Floats,
    mean: Floats,
    share: Floats,
) -> None:
    """Make some steps of the volume algorithm; `state`, `best`, `mean` and `share` are carried on."""
    n_sites, n_rows = len(share), len(weight)
    paid, opened = np.empty(n_sites), np.empty(n_sites)
    times, tried, way = np.empty(n_rows), np.empty(n_rows), np.empty(n_rows)
    total = weight.sum()
    for _ in range(n_steps):
        norm = 0.0
        for i in range(n_rows):
            step = 1.0 - mean[i]
            if (best[i] <= 0.0 and step < 0.0) or (best[i] >= weight[i] and step > 0.0):
                step = 0.0
            way[i] = step
            norm += step * step
        if norm < 1e-12 or state[BOUND] < target + 1 - 1e-6 or state[STRIDE] < 1e-4:
            state[DONE] = 1.0
            return
        length = state[STRIDE] * (state[BOUND] - target) / norm
        charged = 0.0
        for i in range(n_rows):
            tried[i] = min(max(best[i] + length * way[i], 0.0), weight[i])
            charged += tried[i]
        worth, _, _ = ask(indptr, indices, cost, capacity, is_number, tried, paid, opened, times)
        found = total - charged + worth
        along = 0.0
        for i in range(n_rows):
            along += (times[i] - 1.0) * way[i]
        average(times, opened, mean, share)
        state[STEP] += 1
        if found < state[BOUND] - 1e-9:
            if along < 0.0:
                state[STRIDE] *= 1.1
            state[BOUND] = found
            state[FAILURES] = 0.0
            best[:] = tried
        else:
            fail(state, patience)


@compiled
def draw(random: Int64s, n: int) -> np.int64:
    """The next random number below n."""
    state = np.uint64(random[0]) * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    random[0] = np.int64(state)
    return np.int64((state >> np.uint64(33)) % np.uint64(n))


@compiled
def put(cover: Lines, by_row: Lines, weight: Int64s, books: Books, slot: int, at: int) -> int:
    """Close the site of a slot, if there is one, and open another there, unless it is -1; what is gained."""
    opened, times, whose, gain, saved, loss = books
    change = 0
    for sign in (-1, 1):
        site = opened[slot] if sign < 0 else at
        if site < 0:
            continue
        for k in range(cover[0][site], cover[0][site + 1]):
            row = cover[1][k]
            if sign < 0:
                times[row] -= 1
                whose[row] -= slot
            if times[row] < 2:
                begin, end, worth = by_row[0][row], by_row[0][row + 1], sign * weight[row]
                if times[row] == 0:
                    change += worth
                    loss[slot] += worth
                    for e in range(begin, end):
                        gain[by_row[1][e]] -= worth
                        saved[slot, by_row[1][e]] += worth
                else:
                    other = whose[row]
                    loss[other] -= worth
                    for e in range(begin, end):
                        saved[other, by_row[1][e]] -= worth
            if sign > 0:
                times[row] += 1
                whose[row] += slot
    opened[slot] = at
    return change


@compiled
def climb(cover: Lines, by_row: Lines, weight: Int64s, books: Books, kept: int) -> int:
    """Swap as long as it gains, always the pair that gains most; what is gained."""
    opened, _, _, gain, saved, loss = books
    won = 0
    while True:
        best, slot, at = 0, -1, -1
        for s in range(kept, len(opened)):
            row, less = saved[s], loss[s]
            for j in range(len(gain)):
                better = row[j] + gain[j] - less
                if better > best:
                    best, slot, at = better, s, j
        if slot < 0:
            return won
        won += put(cover, by_row, weight, books, slot, at)


@compiled
def shake(
    cover: Lines,
    by_row: Lines,
    weight: Int64s,
    books: Books,
    near: Flags,
    kept: int,
    rounds: int,
    n_rounds: int,
    state: Int64s,
    held_plan: Int64s,
    best_plan: Int64s,
) -> None:
    """Shake and climb some times. `state`: worth now, held, best; rounds, rounds without success, random number."""
    opened, _, _, gain, _, _ = books
    n, slots = len(gain), np.empty(len(opened), np.int64)
    random = state[5:6]
    for _ in range(n_rounds):
        if state[3] >= rounds or 3 * state[4] > rounds:
            return
        n_slots, centre = 0, draw(random, n) if draw(random, 5) > 0 else np.int64(-1)
        for s in range(kept, len(opened)):
            if centre < 0 or near[centre, opened[s]]:
                slots[n_slots] = s
                n_slots += 1
        for turn in range(min(1 + int(draw(random, 5)), n_slots)):
            pick = turn + draw(random, n_slots - turn)
            slots[turn], slots[pick] = slots[pick], slots[turn]
            slot = slots[turn]
            state[0] += put(cover, by_row, weight, books, slot, -1)
            at, most = -1, -1
            for j in range(n):
                if gain[j] > most and draw(random, 2) == 0:
                    at, most = j, gain[j]
            state[0] += put(cover, by_row, weight, books, slot, max(at, 0))
        state[0] += climb(cover, by_row, weight, books, kept)
        state[4] += 1
        if state[0] > state[2]:
            state[2], state[4] = state[0], 0
            best_plan[:] = opened
        worse = 0.001 * state[2] * (1 - state[3] / rounds) * (draw(random, 1 << 20) / (1 << 20))
        if state[0] >= state[1] - worse:
            state[1] = state[0]
            held_plan[:] = opened
        else:
            for slot in range(len(opened)):
                if opened[slot] != held_plan[slot]:
                    state[0] += put(cover, by_row, weight, books, slot, -1)
            for slot in range(len(opened)):
                if opened[slot] < 0:
                    state[0] += put(cover, by_row, weight, books, slot, held_plan[slot])
        state[3] += 1
