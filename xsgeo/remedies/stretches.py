"""Stretches of opening hours: one notice on a door, and the cheapest of them that gives enough.

There are 3 times 1,176 stretches of a day, few enough to look at every one: two running sums say what each gains and
costs, and the first in order is taken. Nothing cleverer would be as easy to believe.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xsgeo.settings import Standard

DAYS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"weekdays": (0, 1, 2, 3, 4), "weekend": (5, 6), "every_day": (0, 1, 2, 3, 4, 5, 6)}
)
"""Days that an extension may be for, as a notice on a door says them; 0 is Monday."""

LEAST_ALONE = 4
"""Half hours of a stretch that touches no hours the venue keeps: nobody unlocks a hall for less than two hours."""

SLOTS_PER_DAY = 48
_EDGES = SLOTS_PER_DAY + 1

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Extension:
    """One stretch of time added to the hours of a venue.

    Attributes
    ----------
    days
        Key of `DAYS`.
    start, end
        Half hours of the day, 0 to 48: from when and until when it is open besides.
    slots_added
        Half hours of the week in which it was not open before.
    touches
        Whether it touches the venue's own hours on each of the days.

    Examples
    --------
    >>> import numpy as np
    >>> opened = np.zeros(336, dtype=bool)
    >>> opened[18:34] = True
    >>> Extension("weekdays", 34, 39, 25, touches=True).manner(opened)
    'besides'
    """

    days: str
    start: int
    end: int
    slots_added: int
    touches: bool

    def manner(self, opened: Flags) -> str:
        """Whether it keeps a venue open ``later``, opens it ``earlier`` or stands ``besides`` its hours.

        Parameters
        ----------
        opened
            Half hours of the week in which the venue is open, shape (336,).
        """
        days = opened.reshape(7, SLOTS_PER_DAY)[list(DAYS[self.days])]
        follows = self.start > 0 and bool(days[:, self.start - 1].all())
        leads = self.end < SLOTS_PER_DAY and bool(days[:, self.end].all())
        return "besides" if follows == leads else "later" if follows else "earlier"

    def mask(self) -> Flags:
        """Half hours of the week that it covers, shape (336,)."""
        week = np.zeros((7, SLOTS_PER_DAY), dtype=bool)
        week[list(DAYS[self.days]), self.start : self.end] = True
        return week.reshape(-1)


def least_extension(wanted: Flags, opened: Flags, slots_needed: int) -> Extension | None:
    """Find the cheapest stretch of opening that gives enough of the wanted half hours.

    Parameters
    ----------
    wanted
        Half hours of the week, new to the group, that it could use if the venue were open, shape (336,).
    opened
        Half hours in which the venue is open today, shape (336,).
    slots_needed
        How many of the wanted half hours are needed, 1 or more.

    Returns
    -------
    Extension or None
        The least by (touches first, half hours added, most of the wanted ones, earliest end, latest start, days in
        the order of `DAYS`); None where no stretch gives enough. One that touches nothing is `LEAST_ALONE` half hours
        long at least.

    Examples
    --------
    A venue open on weekdays from 8:00 to 17:00, a group that could be there from 18:30 to 21:30 and needs 4 hours:

    >>> day = np.zeros((7, 48), dtype=bool)
    >>> wanted, opened = day.copy(), day.copy()
    >>> wanted[:5, 37:43], opened[:5, 16:34] = True, True
    >>> least_extension(wanted.reshape(-1), opened.reshape(-1), 8)
    Extension(days='weekdays', start=34, end=39, slots_added=25, touches=True)
    """
    want, open_ = wanted.reshape(7, SLOTS_PER_DAY), opened.reshape(7, SLOTS_PER_DAY)
    best: tuple[tuple[bool, int, int, int, int, int], str] | None = None
    near = _touching(open_)
    long_enough = np.subtract.outer(np.arange(_EDGES), np.arange(_EDGES)).T >= LEAST_ALONE
    for rank, (name, days) in enumerate(DAYS.items()):
        gain, cost = (_stretches(part[list(days)].sum(axis=0)) for part in (want, ~open_))
        possible = (gain >= slots_needed) & (cost > 0)
        touches = near[list(days)].all(axis=0)
        for keep, loose in ((possible & touches, False), (possible & ~touches & long_enough, True)):
            if keep.any():
                start, end = _least(cost, gain, keep)
                key = (loose, int(cost[start, end]), -int(gain[start, end]), end, -start, rank)
                best = min(best, (key, name)) if best else (key, name)
                break
    if best is None:
        return None
    (loose, slots_added, _, end, before, _), name = best
    return Extension(name, -before, end, slots_added, not loose)


def _stretches(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Sum of each stretch [start, end) of a day; below 0 or 0 where the end is not after the start."""
    sums = np.concatenate([[0], np.cumsum(counts.astype(np.int64))])
    return np.asarray(sums[None, :] - sums[:, None], dtype=np.int64)


def _touching(opened: Flags) -> Flags:
    """Whether the stretch [start, end) of each day touches what is open that day, shape (7, 49, 49)."""
    sums = np.pad(np.cumsum(opened, axis=1), ((0, 0), (1, 0)))
    edges = np.arange(_EDGES)
    until, since = np.minimum(edges + 1, SLOTS_PER_DAY), np.maximum(edges - 1, 0)
    return np.asarray(sums[:, None, until] > sums[:, since, None], dtype=bool)


def _least(cost: NDArray[np.int64], gain: NDArray[np.int64], keep: Flags) -> tuple[int, int]:
    starts, ends = np.nonzero(keep)
    first = np.lexsort((-starts, ends, -gain[starts, ends], cost[starts, ends]))[0]
    return int(starts[first]), int(ends[first])


def slots_needed(standard: Standard) -> int:
    """Half hours a week that the standard asks for.

    Examples
    --------
    >>> slots_needed(Standard(min_hours_per_week=4))
    8
    """
    return math.ceil(2 * standard.min_hours_per_week - 1e-9)


def clock(slot: int) -> str:
    """Time of day of a half hour.

    Examples
    --------
    >>> clock(43)
    '21:30'
    """
    return f"{slot // 2}:{slot % 2 * 30:02d}"
