"""Draft a week for each room: its keeper's hours as they are, and the hours it can share given out by trade.

区 and 块 meet here: a room that others may use is promised, in blocks of an hour or two, to the industry clusters whose
workers are near, free at that time and served nowhere. It is a draft for people to talk about, so it follows a rule
that can be said in one sentence: each block goes to the cluster with most such workers, but one that has had k blocks
of the room already counts for 1/(2k+1) of them (Sainte-Laguë's divisors, as seats are shared out among parties), so
that a large cluster does not take all. No half hour of a room is promised twice: every block is cut from what is left.

What is left depends on whose hours they are. A door that lets every worker in keeps its hours for all of them
(``open``), and needs no calendar then. A door that does not keeps its hours for its own people (``own``), except those
that its keeper has said others may have: those are shared out even while the room is open to its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import access, hours
from xsgeo.access import Sailings
from xsgeo.access.masks import aligned, find_pairs, find_patterns, find_timetable, unpack
from xsgeo.hours.week import SLOTS_PER_DAY
from xsgeo.settings import Standard

BLOCK_SLOTS = 4
"""Half hours of a block: two hours, the length of a class or a match."""

COLUMNS = ("room_id", "weekday", "start", "end", "use", "cluster_id", "n_workers")


def draft_calendar(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    rooms: pd.Series,
    *,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
) -> pd.DataFrame:
    """Draft who uses each shareable room when.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``free_hours``, ``cluster_id``.
    venues
        Plaques, index ``venue_id``; columns ``status``, ``open_hours``, ``shareable_hours``, ``serves`` and
        ``share_terms``, which say whether a door lets every worker in (`xsgeo.access.admits_everyone`), and
        ``functions`` where the standard or `needs` ask for any.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, where there are, ``mode`` (unless cut already),
        ``minutes_back`` and ``ferries``.
    groups
        What `xsgeo.access.coverage` said of the groups; only the unserved are given hours.
    rooms
        What `xsgeo.sharing.room_labels` gave.
    standard
        Cut-off by mode, month, and what a room must have to be promised to anybody.
    needs
        What a cluster asks of a room, as in `xsgeo.access.coverage`: none is promised a room that lacks it.
    sailings
        When each ferry serves, as in `xsgeo.access.coverage`; all the week when None.

    Returns
    -------
    pandas.DataFrame
        ``room_id``, ``weekday`` (0 is Monday), ``start`` and ``end`` (HH:MM; 24:00 ends a day), ``use`` (``open`` and
        ``own`` for the hours the room keeps today, for every worker or for its own people, ``shared`` for what is given
        out), ``cluster_id`` and ``n_workers``: unserved workers of that cluster who are near and free all through the
        block, the way there and back included. Only rooms that have shared blocks; sorted by room, day and start. No
        two rows of a room overlap.

    Raises
    ------
    ValueError
        When `groups` lacks a group of `workers`.

    Examples
    --------
    >>> workers = pd.DataFrame(
    ...     {"n_workers": [30, 20], "cluster_id": ["knit", "fish"], "free_hours": "周一 17:00-22:00"},
    ...     index=pd.Index(["a", "b"], name="group_id"),
    ... )
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "open_hours": ["周一 8:00-12:00"], "shareable_hours": ["周一 18:00-21:30"]},
    ...     index=pd.Index(["V1"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["a", "b"], "venue_id": "V1", "minutes": 8.0})
    >>> groups = pd.DataFrame({"reason": "closed"}, index=workers.index)
    >>> rooms = pd.Series(["R1"], index=venues.index)
    >>> draft = draft_calendar(workers, venues, table, groups, rooms, standard=Standard())
    >>> print(draft[["start", "end", "use", "cluster_id", "n_workers"]].to_string(index=False, header=False))
    08:00 12:00    own       0
    18:00 20:00 shared knit 30
    20:00 21:30 shared fish 20
    """
    in_use = venues[(venues["status"] == "open").to_numpy()].sort_index()
    kept, offered = (_weeks(in_use[name], standard.month) for name in ("open_hours", "shareable_hours"))
    for_all = access.admits_everyone(in_use).to_numpy()[:, None]
    room = rooms.reindex(in_use.index).to_numpy(dtype=object)
    fit = access.equipped(in_use, standard.functions).to_numpy()
    ways = minutes if needs is None else minutes[access.meets_needs(workers, in_use, minutes, needs)]
    demand = _Demand(workers, in_use[fit], ways, groups, room=room[fit], standard=standard, sailings=sailings)
    rows: list[tuple[object, ...]] = []
    for name in sorted(set(room)):
        mine = room == name
        to_all = (kept & for_all)[mine].any(axis=0)
        own = (kept & ~for_all & ~offered)[mine].any(axis=0) & ~to_all
        shared = list(demand.share_out(name, list(_blocks(offered[mine].any(axis=0) & ~to_all & ~own))))
        if shared:
            rows += [(name, *_when(*run), "open", "", 0) for run in _runs(to_all)]
            rows += [(name, *_when(*run), "own", "", 0) for run in _runs(own)]
            rows += [(name, *_when(*block), "shared", cluster, n) for block, cluster, n in shared]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["room_id", "weekday", "start"], ignore_index=True)


class _Demand:
    """Unserved workers near each room and the half hours they could spend in it."""

    def __init__(
        self,
        workers: pd.DataFrame,
        venues: pd.DataFrame,
        minutes: pd.DataFrame,
        groups: pd.DataFrame,
        *,
        room: NDArray[np.object_],
        standard: Standard,
        sailings: Sailings | None,
    ) -> None:
        why = aligned(groups["reason"], workers.index, "groups").astype(str)
        waiting = workers[~why.isin(["served", "unknown"]).to_numpy()].sort_index()
        always = venues.assign(open_hours="每天 0:00-24:00")
        near = find_pairs(waiting, always, minutes)
        near = near.only(near.are_within(standard.cutoff_min))
        times = find_timetable(waiting, always, near, sailings=sailings)
        patterns = find_patterns(near, times.of_group, times.of_place)
        self.there = times.month(standard.month).usable(patterns)
        self.pattern, self.group = patterns.of_pair, near.group
        self.rows = pd.Series(room[near.place]).groupby(room[near.place]).indices
        self.cluster = waiting["cluster_id"].to_numpy(dtype=object)
        self.n = waiting["n_workers"].to_numpy(np.int64)

    def share_out(self, room: str, blocks: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str, int]]:
        """Give each block of a room to a cluster; blocks nobody is free for are left out."""
        if room not in self.rows or not blocks:
            return
        rows = self.rows[room]
        group, door = np.unique(self.group[rows], return_inverse=True)
        left = np.zeros((len(group), hours.SLOTS), dtype=bool)
        # Two plaques are two doors to one room: whichever leaves more of the evening.
        np.logical_or.at(left, door, unpack(self.there[self.pattern[rows]]))
        had: dict[str, int] = {}
        for start, end in blocks:
            free = left[:, start:end].all(axis=1)
            n = pd.Series(self.n[group[free]]).groupby(self.cluster[group[free]]).sum()
            if n.empty:
                continue
            best = min(n.index, key=lambda c: (-int(n[c]) / (2 * had.get(c, 0) + 1), c))
            had[best] = had.get(best, 0) + 1
            yield (start, end), str(best), int(n[best])


def _weeks(texts: pd.Series, month: int) -> NDArray[np.bool_]:
    number, masks = hours.masks(texts, month=month)
    never = np.zeros((1, hours.SLOTS), dtype=bool)
    return np.asarray(np.concatenate([masks, never])[number])


def _runs(week: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches of true half hours, cut at midnight."""
    for day in range(7):
        row = week[day * SLOTS_PER_DAY : (day + 1) * SLOTS_PER_DAY].astype(np.int8)
        edges = np.diff(np.concatenate([[0], row, [0]]))
        midnight = day * SLOTS_PER_DAY
        starts, ends = midnight + np.flatnonzero(edges == 1), midnight + np.flatnonzero(edges == -1)
        yield from zip(starts.tolist(), ends.tolist(), strict=True)


def _blocks(week: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Cut stretches into blocks; a last piece shorter than an hour goes with the one before."""
    for start, end in _runs(week):
        at = start
        while at < end:
            stop = at + BLOCK_SLOTS
            stop = end if end - stop < BLOCK_SLOTS // 2 else stop
            yield at, stop
            at = stop


def _when(start: int, end: int) -> tuple[int, str, str]:
    day = start // SLOTS_PER_DAY
    return day, _clock(start - day * SLOTS_PER_DAY), _clock(end - day * SLOTS_PER_DAY)


def _clock(slot: int) -> str:
    return f"{slot // 2:02d}:{slot % 2 * 30:02d}"
