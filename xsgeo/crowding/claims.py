"""Who could sit where in which half hour: the one table that both measures of crowding stand on.

A claim is a group and a *room*, not a plaque: a room under four names has its seats once, and is to be had whenever
any of its plaques lets the group in. The half hours come from `xsgeo.access.usable_slots`, asked for each pair as if it
were a group of its own, so that near, open, off shift, admitted and equipped mean here what they mean on the ladder.

A week has 336 half hours, but a county only about a hundred situations: half hours in which the same groups could use
the same rooms are worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import access, hours
from xsgeo.crowding.catchment import Floats, cutoffs
from xsgeo.hours.calendar import Calendar
from xsgeo.settings import Standard

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

_AT_ONCE = 100_000


class When(TypedDict, total=False):
    """What else `xsgeo.access.coverage` may be told: what clusters need, when boats sail, which week is meant."""

    needs: pd.DataFrame | None
    sailings: Mapping[str, Bools] | None
    on: date | None
    calendar: Calendar | None


@dataclass(frozen=True, eq=False, repr=False)
class Claims:
    """Pairs of groups and rooms, sorted by both, and the situations of the week.

    Attributes
    ----------
    group, room
        Row of the group among the workers, and place of the room among `rooms`.
    minutes, cutoff
        Quickest way of the pair, and its cut-off.
    week, weeks
        Which of the distinct weeks is the pair's; the weeks as bool, one column a situation.
    situation
        Situation of each of the 336 half hours.
    rooms
        Ids of all rooms in use.
    seats
        Their seats, missing where nobody has written them down.
    """

    group: Ints
    room: Ints
    minutes: Floats
    cutoff: Floats
    week: Ints
    weeks: Bools
    situation: Ints
    rooms: pd.Index
    seats: Floats


def seats_of_rooms(venues: pd.DataFrame) -> pd.Series:
    """Seats of each room that is in use, counted once whatever the number of its plaques.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``; columns ``status``, ``capacity`` and, where rooms have been told apart,
        ``room_id``. A plaque without one is a room by itself.

    Returns
    -------
    pandas.Series
        ``capacity`` on the ids of the rooms, sorted: the greatest that any of its plaques states, missing where none
        does.

    Examples
    --------
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "room_id": ["R1", "R1", ""], "capacity": [40, None, None]},
    ...     index=pd.Index(["V1", "V2", "V3"], name="venue_id"),
    ... )
    >>> seats_of_rooms(venues).to_dict()
    {'R1': 40.0, 'V3': nan}
    """
    used = venues[venues["status"].astype(object).eq("open")]
    capacity = pd.Series(used["capacity"].to_numpy(np.float64, na_value=np.nan), name="capacity")
    if (capacity < 0).any():
        msg = f"capacity is below 0 for {used.index[(capacity < 0).to_numpy()][0]!r}"
        raise ValueError(msg)
    return capacity.groupby(pd.Index(room_ids(used), name="room_id")).max()


def find_claims(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    located: pd.Series | None = None,
    **when: Unpack[When],
) -> Claims:
    """Find the rooms that each group could use, and when.

    Parameters
    ----------
    workers, venues, minutes, standard
        As in `xsgeo.access.coverage`; `venues` with ``capacity`` and ``room_id``.
    located
        Whether a group's position is known, bool on the index of `workers`; where it is not, nobody is counted.
    needs, sailings, on, calendar
        As in `xsgeo.access.coverage`.

    Returns
    -------
    Claims
        The pairs with any usable half hour.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> study = found.study
    >>> claims = find_claims(study.workers, study.venues, found.minutes, standard=study.standard)
    >>> list(zip(study.workers.index[claims.group], claims.rooms[claims.room]))
    [('g2', 'V2'), ('g3', 'V1'), ('g6', 'V3')]
    """
    seats = seats_of_rooms(venues)
    took = minutes[access.admits(workers, venues, minutes).to_numpy()]
    if located is not None:
        took = took[located.reindex(took["group_id"]).eq(True).to_numpy()]
    packed = _weeks(workers, venues, took, standard, when)
    usable = packed.any(axis=1)
    took, packed = took[usable], packed[usable]
    group = workers.index.get_indexer(took["group_id"])
    room = seats.index.get_indexer(pd.Index(room_ids(venues).reindex(took["venue_id"]), dtype=object))
    ways, cutoff = took["minutes"].to_numpy(np.float64), cutoffs(took, standard.cutoff_min)
    order = np.lexsort((ways, room, group))
    group, room = group[order], room[order]
    first = np.flatnonzero(np.r_[True, (group[1:] != group[:-1]) | (room[1:] != room[:-1])][: len(group)])
    joined = np.bitwise_or.reduceat(packed[order], first, axis=0) if len(first) else packed
    week, kept = alike(row.tobytes() for row in joined)
    weeks = np.unpackbits(joined[kept], axis=1, count=hours.SLOTS).astype(bool)
    situation, slots = alike(column.tobytes() for column in weeks.T.copy())
    return Claims(
        group=group[first],
        room=room[first],
        minutes=ways[order][first],
        cutoff=cutoff[order][first],
        week=week,
        weeks=weeks[:, slots],
        situation=situation,
        rooms=seats.index,
        seats=seats.to_numpy(np.float64),
    )


def alike(things: Iterable[bytes]) -> tuple[Ints, Ints]:
    """Number things so that equal ones share a number; also the position of the first of each number.

    Examples
    --------
    >>> number, first = alike([b"x", b"y", b"x"])
    >>> number.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])
    """
    known: dict[bytes, int] = {}
    number = np.array([known.setdefault(thing, len(known)) for thing in things], dtype=np.intp)
    return number, np.unique(number, return_index=True)[1].astype(np.intp)


def _weeks(
    workers: pd.DataFrame, venues: pd.DataFrame, took: pd.DataFrame, standard: Standard, when: When
) -> NDArray[np.uint8]:
    """Packed usable week of each row of the table of minutes."""
    people = pd.DataFrame(workers.drop(columns="geometry", errors="ignore"))
    rows = workers.index.get_indexer(took["group_id"])
    found = [np.empty((0, hours.SLOTS // 8), dtype=np.uint8)]
    for begin in range(0, len(took), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        each = people.iloc[rows[part]]
        each.index = pd.RangeIndex(len(each))
        ways = took.iloc[part].assign(group_id=each.index)
        found.append(np.packbits(access.usable_slots(each, venues, ways, standard=standard, **when), axis=1))
    return np.concatenate(found)


def room_ids(venues: pd.DataFrame) -> pd.Series:
    """Room behind each plaque.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``; column ``room_id`` where rooms have been told apart.

    Returns
    -------
    pandas.Series
        ``room_id`` on the index of `venues`; a plaque without one is a room by itself, under its own id.

    Examples
    --------
    >>> room_ids(pd.DataFrame({"room_id": ["R1", ""]}, index=["V1", "V2"])).to_dict()
    {'V1': 'R1', 'V2': 'V2'}
    """
    own = np.asarray(venues.index, dtype=object)
    names = own
    if "room_id" in venues:
        given = venues["room_id"].astype(object)
        named = np.asarray(given.where(given.notna(), ""), dtype=object)
        names = np.asarray(np.where(named == "", own, named), dtype=object)
    return pd.Series(names, index=venues.index, name="room_id", dtype=object)
