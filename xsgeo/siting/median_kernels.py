"""The inner loops of the p-median problem, compiled by numba; imported only when a question is large.

`ask` answers one set of offers (`xsgeo.siting.median_dual`): each group looks through its nearest sites in order and
stops at the first that is dearer than its offer, which is after a few dozen of hundreds. `ascend` makes some steps of
the volume algorithm with it, its state in arrays that the caller holds. `account` adds what some groups say of gains,
losses and corrections to the books of an interchange (`xsgeo.siting.median_swap`), or takes it back.
"""

# Compiled functions take arrays one by one, and their loops are written out.
# ruff: noqa: C901, PLR0912, PLR0917

from __future__ import annotations

import numpy as np

from xsgeo.siting.kernels import (
    BOUND,
    DONE,
    FAILURES,
    STEP,
    STRIDE,
    Flags,
    Floats,
    Int32s,
    Int64s,
    average,
    compiled,
    fail,
)


@compiled
def ask(
    near: Int32s, prices: Floats, lower: Flags, free: int, offer: Floats, worth: Floats, opened: Floats, times: Floats
) -> float:
    """What offers lead to: what sites are worth, which open, how often each group is served; and the bound."""
    n_rows, depth = prices.shape
    n_sites = len(worth)
    worth[:] = 0.0
    bound = 0.0
    for i in range(n_rows):
        bound += offer[i]
        for k in range(depth):
            if prices[i, k] >= offer[i]:
                break
            worth[near[i, k]] += offer[i] - prices[i, k]
    loose = np.empty(n_sites)
    n_loose = 0
    for j in range(n_sites):
        opened[j] = 1.0 if lower[j] else 0.0
        if not lower[j]:
            loose[n_loose] = worth[j]
            n_loose += 1
    left = min(free, n_loose)
    if left > 0:
        least = np.partition(loose[:n_loose], n_loose - left)[n_loose - left]
        for j in range(n_sites):
            if not lower[j] and worth[j] > least:
                opened[j] = 1.0
                left -= 1
        for j in range(n_sites):
            if left > 0 and not lower[j] and worth[j] == least:
                opened[j] = 1.0
                left -= 1
    for j in range(n_sites):
        bound -= opened[j] * worth[j]
    for i in range(n_rows):
        n = 0.0
        for k in range(depth):
            if prices[i, k] >= offer[i]:
                break
            n += opened[near[i, k]]
        times[i] = n
    return bound


@compiled
def ascend(
    near: Int32s,
    prices: Floats,
    most: Floats,
    lower: Flags,
    free: int,
    target: float,
    enough: float,
    n_steps: int,
    state: Floats,
    best: Floats,
    mean: Floats,
    share: Floats,
) -> None:
    """Make some steps of the volume algorithm; `state`, `best`, `mean` and `share` are carried on."""
    n_rows, n_sites = len(best), len(share)
    worth, opened, times, tried = np.empty(n_sites), np.empty(n_sites), np.empty(n_rows), np.empty(n_rows)
    for _ in range(n_steps):
        norm = 0.0
        for i in range(n_rows):
            norm += (1.0 - mean[i]) ** 2
        if norm < 1e-12 or state[STRIDE] < 1e-4 or target - state[BOUND] <= enough:
            state[DONE] = 1.0
            return
        length = state[STRIDE] * (target - state[BOUND]) / norm
        for i in range(n_rows):
            tried[i] = min(max(best[i] + length * (1.0 - mean[i]), 0.0), most[i])
        found = ask(near, prices, lower, free, tried, worth, opened, times)
        along = 0.0
        for i in range(n_rows):
            along += (1.0 - times[i]) * (1.0 - mean[i])
        average(times, opened, mean, share)
        state[STEP] += 1
        if found > state[BOUND]:
            if along > 0.0:
                state[STRIDE] *= 1.1
            state[BOUND] = found
            state[FAILURES] = 0.0
            best[:] = tried
        else:
            fail(state, 20)


@compiled
def account(
    cost: Floats,
    rows: Int64s,
    sign: float,
    first: Floats,
    second: Floats,
    slot: Int64s,
    gain: Floats,
    loss: Floats,
    extra: Floats,
) -> None:
    """Add what rows say of gains, losses and corrections, or take it back."""
    n_sites = len(gain)
    for i in rows:
        one, two, at = first[i], second[i], slot[i]
        loss[at] += sign * (two - one)
        for j in range(n_sites):
            value = cost[i, j]
            if value < two:
                if value < one:
                    gain[j] += sign * (one - value)
                    extra[at, j] += sign * (two - one)
                else:
                    extra[at, j] += sign * (two - value)


@compiled
def rank(
    cost: Floats,
    rows: Int64s,
    opened: Int64s,
    far: float,
    first: Floats,
    second: Floats,
    slot: Int64s,
    follower: Int64s,
) -> None:
    """Find the nearest and the second nearest open site of some rows."""
    for i in rows:
        one, two, at, after = np.inf, np.inf, 0, 0
        for s in range(len(opened)):
            value = cost[i, opened[s]]
            if value < one:
                one, two, at, after = value, one, s, at
            elif value < two:
                two, after = value, s
        first[i], slot[i] = one, at
        second[i], follower[i] = min(two, far), after
