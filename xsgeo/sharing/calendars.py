"""Draft a week for each room: its keeper's hours as they are, and the hours it can share given out by trade.

区 and 块 meet here: a room that others may use is promised, in blocks of an hour or two, to the industry clusters whose
workers are near, free at that time and served nowhere. It is a draft for people to talk about, so it follows a rule
that can be said in one sentence: each block goes to the cluster with most such workers, but one that has had k blocks
of the room already counts for 1/(2k+1) of them (Sainte-Laguë's divisors, as seats are shared out among parties), so
that a large cluster does not take all. No half hour of a room is promised twice: every block is cut from what is left.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.hours.week import SLOT_MIN, SLOTS_PER_DAY
from xsgeo.settings import Standard
from xsgeo.sharing.opportunities import within

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
) -> pd.DataFrame:
    """Draft who uses each shareable room when.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``free_hours``, ``cluster_id``.
    venues
        Plaques, index ``venue_id``; columns ``status``, ``open_hours``, ``shareable_hours``.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, unless cut already, ``mode``.
    groups
        What `xsgeo.access.coverage` said of the groups; only the unserved are given hours.
    rooms
        What `xsgeo.sharing.room_labels` gave.
    standard
        Cut-off by mode and month.

    Returns
    -------
    pandas.DataFrame
        ``room_id``, ``weekday`` (0 is Monday), ``start`` and ``end`` (HH:MM; 24:00 ends a day), ``use`` (``own`` for
        the hours the room keeps today, ``shared`` for what is given out), ``cluster_id`` and ``n_workers``: unserved
        workers of that cluster who are near and free all through the block, the way there and back included. Only
        rooms that have shared blocks; sorted by room, day and start. No two rows of a room overlap.

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
    own = _weeks(in_use["open_hours"], standard.month)
    offered = _weeks(in_use["shareable_hours"], standard.month)
    room = rooms.reindex(in_use.index).to_numpy(dtype=object)
    demand = _Demand(workers, in_use, minutes, groups, room=room, standard=standard)
    rows: list[tuple[object, ...]] = []
    for name in sorted(set(room)):
        mine = room == name
        kept = own[mine].any(axis=0)
        blocks = list(_blocks(offered[mine].any(axis=0) & ~kept))
        shared = list(demand.share_out(name, blocks))
        if shared:
            rows += [(name, *_when(start, end), "own", "", 0) for start, end in _runs(kept)]
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
    ) -> None:
        why = groups["reason"].astype(str).reindex(workers.index)
        waiting = workers[~why.isin(["served", "unknown"]).to_numpy()]
        near = minutes[within(minutes, standard)]
        group, venue = waiting.index.get_indexer(near["group_id"]), venues.index.get_indexer(near["venue_id"])
        known = (group >= 0) & (venue >= 0)
        table = pd.DataFrame({"room": room[venue[known]], "group": group[known]})
        table["minutes"] = near["minutes"].to_numpy(np.float64)[known]
        # The nearest plaque of a room is its door.
        self.near = table.groupby(["room", "group"], as_index=False)["minutes"].min()
        self.rows = self.near.groupby("room").indices
        self.free = _weeks(waiting["free_hours"], standard.month)
        self.cluster = waiting["cluster_id"].to_numpy(dtype=object)
        self.n = waiting["n_workers"].to_numpy(np.int64)

    def share_out(self, room: str, blocks: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str, int]]:
        """Give each block of a room to a cluster; blocks nobody is free for are left out."""
        if room not in self.rows or not blocks:
            return
        rows = self.near.iloc[self.rows[room]]
        group = rows["group"].to_numpy()
        slots = np.ceil((rows["minutes"].to_numpy() - 1e-6) / SLOT_MIN).clip(min=0).astype(int)
        left = np.zeros((len(group), hours.SLOTS), dtype=bool)
        for way in np.unique(slots):
            left[slots == way] = hours.shrink(self.free[group[slots == way]], int(way))
        had: dict[str, int] = {}
        for start, end in blocks:
            there = left[:, start:end].all(axis=1)
            n = pd.Series(self.n[group[there]]).groupby(self.cluster[group[there]]).sum()
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
