"""Usable weeks by distinct pattern: pairs of group and door, what of a week is left there, and its union over doors.

A county has thousands of groups but a few dozen shift patterns and a few dozen ways to keep a door open. So what is
left of a group's free time after the way there and back, and how much of it finds a door open, is worked out once for
each distinct (free pattern, half hours there, half hours back, ferries, open pattern). A group's doors then fall into a
few *cells*, one for each such pattern and for what the door means to the group, and a week costs one look-up and one
bitwise OR over the cells, six 64-bit words each. Twelve months, or fifty-two weeks, reuse the cells.

Weeks come in two makes. An ordinary week of a month is a ring: Sunday's night flows into Monday's morning. The week of
a date is a stretch of real days, with a day before and a day after it, so a run of free time that began on the Sunday
before is seen to have begun there. A way of more than a day then leaves nothing, on the ring or off it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.hours.calendar import Calendar, day_rows, week_of
from xsgeo.hours.week import SLOT_MIN
from xsgeo.settings import Standard

WORDS = 6
"""336 half hours in 64-bit words, the last one part filled."""

DAY = 48
Sailings = Mapping[str, NDArray[np.bool_]]
"""Half hours of the week in which each ferry serves, bool of shape (336,), by id."""

_COUNTED = 2_000_000  # keys below it are told apart by a table of flags, beyond it by sorting
_ROUNDING_MIN = 1e-6  # as much as sums of minutes differ by the order they are added in


def pack(masks: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Weeks as six words each.

    Examples
    --------
    >>> pack(np.ones((1, 336), dtype=bool)).shape
    (1, 6)
    """
    padded = np.zeros((len(masks), WORDS * 64), dtype=bool)
    padded[:, : hours.SLOTS] = masks
    return np.packbits(padded, axis=1).view(np.uint64)


def unpack(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Words as weeks, the way back from `pack`.

    Examples
    --------
    >>> unpack(pack(np.ones((1, 336), dtype=bool))).sum()
    np.int64(336)
    """
    flat = np.ascontiguousarray(words)
    return np.unpackbits(flat.view(np.uint8), axis=-1, count=hours.SLOTS).astype(bool)


def count_hours(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Hours of packed weeks; the last axis holds the words.

    Examples
    --------
    >>> count_hours(pack(np.ones((1, 336), dtype=bool))).tolist()
    [168.0]
    """
    return np.asarray(np.bitwise_count(words).sum(axis=-1) / 2, dtype=np.float64)


def text(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Texts of a column, empty where missing or where the frame has no such column.

    Examples
    --------
    >>> text(pd.DataFrame({"serves": ["workers", None]}), "serves").tolist()
    ['workers', '']
    """
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    return np.asarray(frame[column].astype(object).where(frame[column].notna(), ""), dtype=object)


def aligned(series: pd.Series, index: pd.Index, name: str) -> pd.Series:
    """The series in the order of an index; ValueError where it lacks a group.

    Examples
    --------
    >>> aligned(pd.Series({"b": 1, "a": 2}), pd.Index(["a", "b"]), "located").tolist()
    [2, 1]
    """
    missing = index.difference(series.index)
    if len(missing):
        msg = f"`{name}` lacks {len(missing)} groups of `workers`, the first is {missing[0]!r}"
        raise ValueError(msg)
    return series.loc[index]


@dataclass(frozen=True)
class Pairs:
    """Ways from groups to doors as row numbers, sorted by group, minutes and id of the door.

    `before` and `after` are half hours there and back, `ferries` the boats on the way, as a number of `boats`.
    """

    group: NDArray[np.intp]
    place: NDArray[np.intp]
    minutes: NDArray[np.float64]
    before: NDArray[np.intp]
    after: NDArray[np.intp]
    mode: NDArray[np.intp]
    modes: tuple[str, ...]
    ferries: NDArray[np.intp]
    boats: tuple[str, ...]

    def only(self, keep: NDArray[np.bool_]) -> Pairs:
        """The ways that are kept; the order stays."""
        return replace(
            self,
            group=self.group[keep],
            place=self.place[keep],
            minutes=self.minutes[keep],
            before=self.before[keep],
            after=self.after[keep],
            mode=self.mode[keep],
            ferries=self.ferries[keep],
        )

    def are_within(self, cutoff_min: Mapping[str, float]) -> NDArray[np.bool_]:
        """Whether ways lie within the cut-off of their mode; a mode without one cannot be used.

        A table without modes has been cut already.
        """
        limits = np.array([np.inf if mode == "" else cutoff_min.get(mode, np.nan) for mode in self.modes])
        return self.minutes <= limits[self.mode] + _ROUNDING_MIN

    def first(self) -> NDArray[np.intp]:
        """Position of each group's nearest way."""
        return np.flatnonzero(np.r_[True, self.group[1:] != self.group[:-1]][: len(self.group)])

    def doors(self) -> NDArray[np.bool_]:
        """Whether a way is the shortest to its door: two ways to one door are one door."""
        shortest = np.ones(len(self.group), dtype=bool)
        key = self.group * (int(self.place.max(initial=0)) + 1) + self.place
        if len(_distinct_sorted(key)) < len(key):
            shortest[:] = False
            shortest[np.unique(key, return_index=True)[1]] = True
        return shortest


def find_pairs(workers: pd.DataFrame, places: pd.DataFrame, minutes: pd.DataFrame, *, place: str = "venue_id") -> Pairs:
    """Number and sort the ways of a long table; those of strangers to the frames are left out.

    Parameters
    ----------
    workers, places
        Groups and doors by id.
    minutes
        Long table ``group_id``, the column `place`, ``minutes`` and, where there are, ``mode``, ``minutes_back`` and
        ``ferries``.
    place
        Column with the id of the door.

    Raises
    ------
    ValueError
        When an index repeats an id.
    """
    for name, index in (("workers", workers.index), ("places", places.index)):
        if not index.is_unique:
            msg = f"the index of `{name}` repeats the id {index[index.duplicated()][0]!r}"
            raise ValueError(msg)
    group = workers.index.get_indexer(minutes["group_id"])
    door = places.index.get_indexer(minutes[place])
    keep = np.flatnonzero((group >= 0) & (door >= 0))
    rank = np.argsort(np.argsort(places.index.to_numpy(dtype=object), kind="stable"))
    took = minutes["minutes"].to_numpy(np.float64)
    keep = keep[np.lexsort((rank[door[keep]], took[keep], group[keep]))]
    back = minutes["minutes_back"].to_numpy(np.float64) if "minutes_back" in minutes else took
    mode, modes = _numbered(minutes, "mode")
    ferries, boats = _numbered(minutes, "ferries")
    return Pairs(
        group=group[keep],
        place=door[keep],
        minutes=took[keep],
        before=_slots(took[keep]),
        after=_slots(back[keep]),
        mode=mode[keep],
        modes=modes,
        ferries=ferries[keep],
        boats=boats,
    )


def _slots(minutes: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.ceil((minutes - _ROUNDING_MIN) / SLOT_MIN).clip(min=0).astype(np.intp)


def _numbered(frame: pd.DataFrame, column: str) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Numbers of a column's texts and the texts, of which the empty one is the first whether or not it occurs."""
    if column not in frame:
        return np.zeros(len(frame), dtype=np.intp), ("",)
    number, texts = pd.factorize(frame[column].astype(object).replace("", np.nan), sort=True)
    return (number + 1).astype(np.intp), ("", *(str(t) for t in texts))


@dataclass(frozen=True)
class Patterns:
    """Distinct ways to spend a week: free time, half hours there and back, boats, opening hours.

    Each is a number of its own table; `of_pair` says which pattern is a way's.
    """

    free: NDArray[np.intp]
    before: NDArray[np.intp]
    after: NDArray[np.intp]
    boats: NDArray[np.intp]
    opening: NDArray[np.intp]
    of_pair: NDArray[np.intp]


def find_patterns(pairs: Pairs, free: NDArray[np.intp], opening: NDArray[np.intp]) -> Patterns:
    """Number the distinct patterns of a table of ways.

    Parameters
    ----------
    pairs
        The ways.
    free, opening
        Number of each group's free time and of each door's opening hours.
    """
    columns = (free[pairs.group], pairs.before, pairs.after, pairs.ferries, opening[pairs.place])
    sizes = [int(c.max(initial=0)) + 1 for c in columns]
    patterns, of_pair = _distinct(np.ravel_multi_index(columns, sizes), int(np.prod(sizes)))
    free_of, before, after, boats, opening_of = np.unravel_index(patterns, sizes)
    return Patterns(free_of, before, after, boats, opening_of, of_pair)


def _distinct(key: NDArray[np.intp], size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Distinct keys in order and the number of each key; counted where keys are small, which spares the sort."""
    if size > _COUNTED:
        found, number = np.unique(key, return_inverse=True)
        return found, number.reshape(-1).astype(np.intp)
    seen = np.zeros(size, dtype=bool)
    seen[key] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[key].astype(np.intp)


def _distinct_sorted(key: NDArray[np.intp]) -> NDArray[np.intp]:
    """Distinct keys in order, by sorting: what numpy does by hashing takes several times as long on such keys."""
    ordered = np.sort(key)
    return np.asarray(ordered[np.r_[True, np.diff(ordered) > 0][: len(key)]], dtype=np.intp)


@dataclass(frozen=True)
class Cells:
    """Ways that come to the same, counted once: a group, what the doors mean to it, and a pattern.

    `slot` is group times `n_levels` plus level, in order; `pattern` is the number of a pattern of `patterns`.
    """

    n_groups: int
    n_levels: int
    slot: NDArray[np.intp]
    pattern: NDArray[np.intp]
    patterns: Patterns

    def union(self, weeks: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Packed week of each group and level, shape (groups, levels, words), each the union over its cells."""
        out = np.zeros((self.n_groups * self.n_levels, WORDS), dtype=np.uint64)
        starts = np.flatnonzero(np.r_[True, self.slot[1:] != self.slot[:-1]][: len(self.slot)])
        if len(starts):
            out[self.slot[starts]] = np.bitwise_or.reduceat(weeks[self.pattern], starts, axis=0)
        return out.reshape(self.n_groups, self.n_levels, WORDS)

    def longest(self, weeks: NDArray[np.uint64], *, is_ring: bool) -> NDArray[np.intp]:
        """Slots of each group's longest stretch in one cell."""
        out = np.zeros(self.n_groups, dtype=np.intp)
        np.maximum.at(out, self.slot // self.n_levels, longest_run(unpack(weeks), is_ring=is_ring)[self.pattern])
        return out


def find_cells(
    group: NDArray[np.intp], level: NDArray[np.intp], patterns: Patterns, *, n_groups: int, n_levels: int
) -> Cells:
    """Put ways that come to the same into one cell.

    Parameters
    ----------
    group
        Group of each way.
    level
        What the door of each way means to its group, below `n_levels`.
    patterns
        Pattern of each way.
    n_groups, n_levels
        How many there are.
    """
    n_patterns = max(len(patterns.free), 1)
    cells = _distinct_sorted((group * n_levels + level) * n_patterns + patterns.of_pair)
    return Cells(n_groups, n_levels, cells // n_patterns, cells % n_patterns, patterns)


@dataclass(frozen=True)
class Week:
    """Free time, boats and doors of one week, by distinct pattern.

    `free` and `boats` reach `margin` slots beyond the week on both sides. A week of dates is no ring.
    """

    free: NDArray[np.bool_]
    boats: NDArray[np.bool_]
    opening: NDArray[np.bool_]
    is_ring: bool = True
    margin: int = DAY

    def usable(self, patterns: Patterns) -> NDArray[np.uint64]:
        """Packed usable week of each pattern."""
        columns = (patterns.free, patterns.boats, patterns.before, patterns.after)
        sizes = [int(c.max(initial=0)) + 1 for c in columns]
        spells, spell = np.unique(np.ravel_multi_index(columns, sizes), return_inverse=True)
        free, boats, before, after = np.unravel_index(spells, sizes)
        left = np.zeros((len(spells), hours.SLOTS), dtype=bool)
        for there, back in sorted(set(zip(before.tolist(), after.tolist(), strict=True))):
            rows = (before == there) & (after == back)
            left[rows] = self._left(self.free[free[rows]] & self.boats[boats[rows]], there, back)
        return pack(left)[spell.reshape(-1)] & pack(self.opening)[patterns.opening]

    def _left(self, line: NDArray[np.bool_], there: int, back: int) -> NDArray[np.bool_]:
        if max(there, back) > self.margin:
            return np.zeros((len(line), hours.SLOTS), dtype=bool)
        return hours.erode(line[:, self.margin - there : line.shape[1] - self.margin + back], there, back)


@dataclass(frozen=True)
class Timetable:
    """What the texts of groups and doors say of every kind of day, and when the boats sail.

    `free` and `opening` are tables of days (`xsgeo.hours.day_tables`); `of_group` and `of_place` say which is whose.
    `shut` are the doors that close for a while, each with a table of its own.
    """

    free: NDArray[np.bool_]
    of_group: NDArray[np.intp]
    opening: NDArray[np.bool_]
    of_place: NDArray[np.intp]
    boats: NDArray[np.bool_]
    calendar: Calendar
    shut: Mapping[str, int]

    def week(self, standard: Standard, on: date | None = None) -> Week:
        """The week of a date, or an ordinary one of the standard's month."""
        return self.month(standard.month) if on is None else self.date(on)

    def month(self, month: int) -> Week:
        """An ordinary week of a month, as a ring."""
        free, opening = (
            table[:, month - 1, :7].reshape(len(table), hours.SLOTS) for table in (self.free, self.opening)
        )
        turns = np.arange(-DAY, hours.SLOTS + DAY) % hours.SLOTS
        return Week(free[:, turns], self.boats[:, turns], opening)

    def date(self, day: date) -> Week:
        """The week of a date, each day by what it is, with the day before and the day after it."""
        days = week_of(day)
        days = [days[0] - timedelta(days=1), *days, days[-1] + timedelta(days=1)]
        month, row = day_rows(days)
        free = self.free[:, month, row].reshape(len(self.free), -1)
        boats = np.stack([self.boats[:, d.weekday() * DAY : (d.weekday() + 1) * DAY] for d in days], axis=1)
        boats[1:, [self.calendar.is_stopped(d) for d in days]] = False
        opening = self.opening[:, month[1:-1], row[1:-1]]
        for number, one in enumerate(days[1:-1]):
            opening[[self.shut[v] for v in self.calendar.closed_on(one) if v in self.shut], number] = False
        return Week(free, boats.reshape(len(boats), -1), opening.reshape(len(opening), -1), is_ring=False)


def find_timetable(
    workers: pd.DataFrame,
    places: pd.DataFrame,
    pairs: Pairs,
    *,
    sailings: Sailings | None = None,
    calendar: Calendar | None = None,
) -> Timetable:
    """Read the hours of groups and doors, and lay the sailings of each way's boats over one another.

    Parameters
    ----------
    workers, places
        Groups with ``free_hours`` and doors with ``open_hours``.
    pairs
        Ways between them.
    sailings
        Half hours of the week in which each ferry serves; all of them when None.
    calendar
        Typhoon stops and closures, for weeks of dates.

    Raises
    ------
    ValueError
        When a ferry on the way has no sailings.
    """
    kept = calendar or Calendar()
    of_group, free = hours.day_tables(pd.Series(text(workers, "free_hours"), dtype=object))
    of_place, opening = hours.day_tables(pd.Series(text(places, "open_hours"), dtype=object))
    rows = {v: int(places.index.get_indexer([v])[0]) for v in sorted({c.venue_id for c in kept.closures})}
    there = {v: row for v, row in rows.items() if row >= 0}
    shut = {v: len(opening) + n for n, v in enumerate(there)}
    opening = np.concatenate([opening, opening[of_place[list(there.values())]]]) if shut else opening
    for venue_id, row in there.items():
        of_place[row] = shut[venue_id]
    return Timetable(free, of_group, opening, of_place, _boats(pairs.boats, sailings), kept, shut)


def _boats(boats: Sequence[str], sailings: Sailings | None) -> NDArray[np.bool_]:
    """Half hours in which all boats of each way serve; without any boat, all of them. The dry way is the first."""
    masks = np.ones((len(boats), hours.SLOTS), dtype=bool)
    if sailings is None:
        return masks
    for number, names in enumerate(boats):
        for ferry in names.split("|") if names else ():
            if ferry not in sailings:
                msg = f"`sailings` lacks the ferry {ferry!r}"
                raise ValueError(msg)
            masks[number] &= sailings[ferry]
    return masks


def longest_run(masks: NDArray[np.bool_], *, is_ring: bool = True) -> NDArray[np.intp]:
    """Slots of the longest run of each mask, over the seam of the week where it is a ring.

    Examples
    --------
    >>> week = np.zeros((1, 336), dtype=bool)
    >>> week[0, [0, 1, 2, 100, 335]] = True
    >>> longest_run(week).tolist(), longest_run(week, is_ring=False).tolist()
    ([4], [3])
    """
    line = np.concatenate([masks, masks], axis=1) if is_ring else masks
    at = np.arange(1, line.shape[1] + 1)
    last_gap = np.maximum.accumulate(np.where(line, 0, at), axis=1)
    runs = (at - last_gap).max(axis=1, initial=0).clip(max=masks.shape[1])
    return np.asarray(runs, dtype=np.intp)
