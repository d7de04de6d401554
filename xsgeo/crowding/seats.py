"""How many find a seat at the same time, by half hour; and where floating catchments say otherwise.

A planning assumption stands under every figure here: of the workers who could use some room in a half hour, the share
`Standard.peak_share` comes in that half hour, in each such half hour alike. No count of visits is published for the
county; whoever has one changes the one number.

Two answers are given to the same question. `seats_per_worker` is the enhanced two-step floating catchment by half hour:
smooth, comparable between places, and blind to queues. `seated` is an exact assignment (`xsgeo.crowding.flow`): it
says how many can sit at once and whose share that is. `disagreements` lists where one finds enough and the other does
not. Two reasons recur: the catchment counts a worker as demand at every room within reach, so that a group with many
rooms near looks worse off than it is; and it adds up seats of rooms that others need more, which the assignment gives
to those others.

**What decides** whether a group is crowded out is not one unlucky half hour. A standard asks for so many hours a week;
`seated` is the share of the group that finds a seat in its best so many hours. A group is thus crowded when it has
fewer than the standard's hours in which that share of those who come can sit. More seats, a further room, or a room
open in more half hours never lower anybody's share (proof in `xsgeo.crowding.flow`), so they never crowd anybody out.
Letting more people into a room can: it seats no fewer in all, but not the same ones.
"""

from __future__ import annotations

import math
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.crowding.catchment import Floats, shared_out
from xsgeo.crowding.claims import Claims, When, alike, find_claims
from xsgeo.crowding.decay import Decay, as_decay
from xsgeo.crowding.flow import fair_shares
from xsgeo.settings import Standard

Ints = NDArray[np.intp]

SUMMARIES = ("enough", "mean", "min")


def seated(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    located: pd.Series | None = None,
    **when: Unpack[When],
) -> pd.Series:
    """Share of each group's visitors who find a seat, in as many hours a week as the standard asks for.

    In every half hour, of each group that could use some room then, `Standard.peak_share` comes. As many of them are
    seated as can be, in rooms that are near, open, equipped and admit them; among the ways to do so the worst-off
    groups come first (see `xsgeo.crowding.flow`). Rooms whose capacity is not known seat everybody.

    Parameters
    ----------
    workers, venues, minutes, standard
        As in `xsgeo.access.coverage`; `venues` with ``capacity`` (people at a time) and, where rooms have been told
        apart, ``room_id``.
    located
        Whether a group's position is known, bool on the index of `workers`; those of unknown position are in nobody's
        way.
    needs, sailings, on, calendar
        As in `xsgeo.access.coverage`.

    Returns
    -------
    pandas.Series
        ``seated`` on the index of `workers`, 0 to 1: the greatest share that is reached in at least
        `Standard.min_hours_per_week` hours a week; 0 for a group with fewer usable hours.

    Examples
    --------
    The 200 of *a* and the 100 of *b*, of whom a tenth come, may use a room of 12 seats; *b* has another of 5.

    >>> workers = pd.DataFrame(
    ...     {"n_workers": [200, 100], "free_hours": "每天 18:00-22:00"}, index=pd.Index(["a", "b"], name="group_id")
    ... )
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "everyone", "open_hours": "每天 18:00-22:00", "capacity": [12, 5]},
    ...     index=pd.Index(["x", "y"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["a", "b", "b"], "venue_id": ["x", "x", "y"], "minutes": [9.0, 9.0, 9.0]})
    >>> seated(workers, venues, table, standard=Standard()).round(3).to_dict()
    {'a': 0.567, 'b': 0.567}
    """
    claims = find_claims(workers, venues, minutes, standard=standard, located=located, **when)
    kind, share = _shares(claims, _heads(workers), standard.peak_share)
    return pd.Series(_held(share[:, claims.situation], standard)[kind], index=workers.index, name="seated")


def seated_by_half_hour(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    located: pd.Series | None = None,
    **when: Unpack[When],
) -> pd.DataFrame:
    """Visitors and seats of the whole study, half hour by half hour.

    Parameters
    ----------
    workers, venues, minutes, standard, located, needs, sailings, on, calendar
        As in `seated`.

    Returns
    -------
    pandas.DataFrame
        Index ``half_hour``, 0 to 335 from Monday 00:00: ``n_free`` workers who could use some room, ``n_come`` of them,
        ``n_seated`` (the most that can be), ``n_unseated``, ``n_unlimited`` who could sit in a room of unknown
        capacity and are among the seated, ``n_seats`` known in the rooms that anybody could use, ``n_rooms`` of them,
        and ``n_rooms_unknown`` of which nobody knows the seats.

    Examples
    --------
    >>> workers = pd.DataFrame({"n_workers": [200], "free_hours": ["周一 18:00-20:00"]}, index=["a"])
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "serves": ["everyone"], "open_hours": ["每天 18:00-22:00"], "capacity": [12]},
    ...     index=["x"],
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [0.0]})
    >>> seated_by_half_hour(workers, venues, table, standard=Standard()).loc[36, ["n_come", "n_seated"]].to_dict()
    {'n_come': 20.0, 'n_seated': 12.0}
    """
    claims, heads = find_claims(workers, venues, minutes, standard=standard, located=located, **when), _heads(workers)
    kind, share = _shares(claims, heads, standard.peak_share)
    n_of_kind = np.bincount(kind, weights=heads, minlength=len(share))
    come = n_of_kind[:, None] * standard.peak_share * ~np.isnan(share)
    on = claims.weeks[claims.week]
    in_use = np.zeros((len(claims.rooms), on.shape[1]), dtype=bool)
    np.logical_or.at(in_use, claims.room, on)
    unknown = np.isnan(claims.seats)
    unlimited = np.zeros((len(workers), on.shape[1]), dtype=bool)
    np.logical_or.at(unlimited, claims.group[unknown[claims.room]], on[unknown[claims.room]])
    n_seated = np.nansum(come * np.nan_to_num(share), axis=0)
    columns = {
        "n_free": n_of_kind @ ~np.isnan(share),
        "n_come": come.sum(axis=0),
        "n_seated": n_seated,
        "n_unseated": np.maximum(come.sum(axis=0) - n_seated, 0.0),
        "n_unlimited": heads @ unlimited * standard.peak_share,
        "n_seats": np.nan_to_num(claims.seats) @ in_use,
        "n_rooms": in_use.sum(axis=0),
        "n_rooms_unknown": in_use[unknown].sum(axis=0),
    }
    table = pd.DataFrame({name: values[claims.situation] for name, values in columns.items()}).round(6)
    return table.rename_axis("half_hour").astype({"n_free": "int64", "n_rooms": "int64", "n_rooms_unknown": "int64"})


def seats_per_worker(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    located: pd.Series | None = None,
    decay: Decay | str = "gaussian",
    summary: str = "enough",
    **when: Unpack[When],
) -> pd.Series:
    """Seats per worker who comes, by floating catchments in the half hours that both can be there.

    In a half hour a room's seats are shared by `Standard.peak_share` of the groups that could use it then, weighed by
    `decay`, and a group adds up what it gets from its rooms (`xsgeo.crowding.catchment`).

    Parameters
    ----------
    workers, venues, minutes, standard, located, needs, sailings, on, calendar
        As in `seated`. Seats that nobody has written down add nothing.
    decay
        Name of a form of `Decay`, or a `Decay`.
    summary
        Over the half hours that the group could use some room: ``enough``, what it has in at least
        `Standard.min_hours_per_week` hours, to be set beside `seated`; ``mean``; or ``min``.

    Returns
    -------
    pandas.Series
        ``seats_per_worker`` on the index of `workers`; missing where the group has no usable half hour, or knows the
        seats of no room that it could use.

    Raises
    ------
    ValueError
        When the summary is none of these.

    Examples
    --------
    >>> workers = pd.DataFrame({"n_workers": [200], "free_hours": ["每天 18:00-20:00"]}, index=["a"])
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "serves": ["everyone"], "open_hours": ["每天 18:00-22:00"], "capacity": [12]},
    ...     index=["x"],
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [0.0]})
    >>> seats_per_worker(workers, venues, table, standard=Standard()).to_dict()
    {'a': 0.6}
    """
    if summary not in SUMMARIES:
        msg = f"summary must be one of {', '.join(SUMMARIES)}, got {summary!r}"
        raise ValueError(msg)
    claims = find_claims(workers, venues, minutes, standard=standard, located=located, **when)
    visitors = np.asarray(_heads(workers) * standard.peak_share, dtype=np.float64)
    have = _catchments(claims, visitors, as_decay(decay))
    knows = np.zeros(len(workers), dtype=bool)
    knows[claims.group[~np.isnan(claims.seats)[claims.room]]] = True
    if summary == "enough":
        answer = _held(have[:, claims.situation], standard)
    else:
        n_slots = np.bincount(claims.situation, minlength=have.shape[1])
        used = np.maximum(~np.isnan(have) @ n_slots, 1)
        answer = np.nan_to_num(have) @ n_slots / used if summary == "mean" else np.nanmin(_filled(have), axis=1)
    knows &= ~np.isnan(have).all(axis=1)
    return pd.Series(np.where(knows, answer, np.nan), index=workers.index, name="seats_per_worker")


def disagreements(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    located: pd.Series | None = None,
    decay: Decay | str = "gaussian",
    **when: Unpack[When],
) -> pd.DataFrame:
    """List the groups for which floating catchments and the assignment do not agree whether there are seats enough.

    Parameters
    ----------
    workers, venues, minutes, standard, located, decay, needs, sailings, on, calendar
        As in `seats_per_worker`. Enough is a seat for everybody who comes by catchment, and `min_seated_share` of them
        by assignment, each in as many hours a week as the standard asks for.

    Returns
    -------
    pandas.DataFrame
        The rows of `workers` that differ: ``n_workers``, ``seats_per_worker`` (by catchment), ``seated`` (by
        assignment) and ``enough_by``, the one of the two that finds seats enough: ``catchment`` or ``assignment``.

    Examples
    --------
    Both rooms hold 5. *b* may use either, *a* the first only, and five of each come: there is a seat for everybody, but
    by catchment *a* shares its room with *b*.

    >>> workers = pd.DataFrame({"n_workers": [50, 50], "free_hours": "每天 18:00-22:00"}, index=["a", "b"])
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "everyone", "open_hours": "每天 18:00-22:00", "capacity": [5, 5]},
    ...     index=["x", "y"],
    ... )
    >>> table = pd.DataFrame({"group_id": ["a", "b", "b"], "venue_id": ["x", "x", "y"], "minutes": [9.0, 9.0, 9.0]})
    >>> disagreements(workers, venues, table, standard=Standard(), decay="none")
       n_workers  seats_per_worker  seated   enough_by
    a         50               0.5     1.0  assignment
    """
    args = workers, venues, minutes
    catchment = seats_per_worker(*args, standard=standard, located=located, decay=decay, **when)
    assigned = seated(*args, standard=standard, located=located, **when)
    by_catchment = catchment.ge(1 - 1e-9)
    by_assignment = assigned.ge(standard.min_seated_share)
    table = pd.DataFrame({"n_workers": workers["n_workers"], "seats_per_worker": catchment, "seated": assigned})
    table["enough_by"] = np.where(by_catchment, "catchment", "assignment")
    return table[catchment.notna() & (by_catchment != by_assignment)]


def _heads(workers: pd.DataFrame) -> NDArray[np.int64]:
    heads = workers["n_workers"].to_numpy(np.int64)
    if (heads < 0).any():
        msg = f"n_workers is below 0 for {workers.index[heads < 0][0]!r}"
        raise ValueError(msg)
    return np.asarray(heads, dtype=np.int64)


def _held(value: Floats, standard: Standard) -> Floats:
    """The greatest value that each row of half hours reaches in the standard's hours; missing half hours count as 0."""
    k = math.ceil(standard.min_hours_per_week * 2)
    least = hours.SLOTS - k
    return np.partition(np.nan_to_num(value), least, axis=1)[:, least] if len(value) else np.zeros(0)


def _filled(value: Floats) -> Floats:
    """Rows without any value as zeros, so that they have a minimum."""
    empty = np.asarray(np.isnan(value).all(axis=1))
    return np.where(empty[:, None], 0.0, value)


def _shares(claims: Claims, heads: NDArray[np.int64], peak_share: float) -> tuple[Ints, Floats]:
    """Kind of each group, and the share of each kind's visitors seated by situation; missing where it has no room.

    Groups that could use the same rooms in the same half hours are of a kind and fare alike.
    """
    kind, kept = alike(_lists(claims.group, np.stack([claims.room, claims.week], axis=1), len(heads)))
    of_kind = np.full(len(heads), -1, dtype=np.intp)
    of_kind[kept] = np.arange(len(kept))
    chosen = of_kind[claims.group] >= 0
    who, room, week = of_kind[claims.group][chosen], claims.room[chosen], claims.week[chosen]
    pair, situation = np.nonzero(claims.weeks[week])
    n_situations = claims.weeks.shape[1]
    asks, seat = who[pair] * n_situations + situation, room[pair] * n_situations + situation
    share = np.full(len(kept) * n_situations, np.nan)
    share[asks] = 1.0
    no_limit = np.repeat(np.isnan(claims.seats), n_situations)
    free = np.zeros(len(share), dtype=bool)
    free[asks[no_limit[seat]]] = True
    asks, seat = asks[~free[asks]], seat[~free[asks]]
    order = np.lexsort((seat, asks))
    n_of_kind = np.bincount(kind, weights=heads, minlength=len(kept)).astype(np.int64)
    limited = np.unique(asks)
    seats = np.repeat(np.nan_to_num(claims.seats), n_situations).astype(np.int64)
    heads_of = np.repeat(n_of_kind, n_situations)
    share[limited] = _solve(asks[order], seat[order], limited, heads=heads_of, seats=seats, peak_share=peak_share)
    return kind, share.reshape(len(kept), n_situations)


def _solve(
    asks: Ints, seat: Ints, limited: Ints, *, heads: NDArray[np.int64], seats: NDArray[np.int64], peak_share: float
) -> Floats:
    """Fair shares of the claimants `limited`, those who may use exactly the same rooms taken together."""
    who = np.searchsorted(limited, asks)
    kind, kept = alike(_lists(who, seat[:, None], len(limited)))
    together = np.bincount(kind, weights=heads[limited], minlength=len(kept)).astype(np.int64)
    chosen = np.zeros(len(limited), dtype=bool)
    chosen[kept] = True
    rooms, room = np.unique(seat[chosen[who]], return_inverse=True)
    claimant = kind[who[chosen[who]]]
    return fair_shares(claimant, room.astype(np.int64), together, seats[rooms], peak_share=peak_share)[kind]


def _lists(owner: Ints, values: NDArray[np.intp], n_owners: int) -> list[bytes]:
    """The rows of `values` that each owner has, as bytes; `owner` is sorted."""
    ends = np.searchsorted(owner, np.arange(n_owners + 1))
    rows = np.ascontiguousarray(values)
    return [rows[begin:end].tobytes() for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]


def _catchments(claims: Claims, visitors: Floats, decay: Decay) -> Floats:
    """Seats per visitor of each group by situation; missing where the group could use no room."""
    weight, seats = decay.weights(claims.minutes, claims.cutoff), np.nan_to_num(claims.seats)
    have = np.full((len(visitors), claims.weeks.shape[1]), np.nan)
    for situation, on in enumerate(claims.weeks.T):
        now = on[claims.week]
        group, room = claims.group[now], claims.room[now]
        shared = shared_out(group, room, weight[now], visitors, seats)
        have[group, situation] = shared[group]
    return have
