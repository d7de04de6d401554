"""The inner loop of `xsgeo.crowding.streams`, compiled by numba; imported only when a search has run compiled.

Both steps of a floating catchment belong to one venue at a time: its ratio is known as soon as its own catchment has
been added up, and can be handed out at once. So no pair is kept, looked up again or sorted. The weight of a way is read
from a table by whole milliseconds, which makes any curve cost the same. The weights of the venue at hand are kept
beside, because reading the table is what the time goes to.
"""

# Compiled functions take arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


@_compiled
def hand_out(
    first: Int64s, target: Int32s, ms: Int32s, seats: Floats, people: Floats, weight: Floats, have: Floats
) -> Floats:
    """Add to `have` what each source has for its targets, and return the seats a head of each source."""
    ratio = np.zeros(len(first) - 1)
    longest = 0
    for i in range(len(first) - 1):
        longest = max(longest, first[i + 1] - first[i])
    near = np.empty(longest)
    for i in range(len(first) - 1):
        begin, count = np.uint64(first[i]), np.uint64(first[i + 1] - first[i])
        crowd = 0.0
        for k in range(count):
            w = weight[np.uint32(ms[begin + k])]
            near[k] = w
            crowd += people[np.uint32(target[begin + k])] * w
        if crowd > 0:
            ratio[i] = seats[i] / crowd
            for k in range(count):
                have[np.uint32(target[begin + k])] += ratio[i] * near[k]
    return ratio
