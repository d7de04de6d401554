"""Seats for newcomers: what today's users leave of each room, half hour by half hour, and rooms that could be enlarged.

A plan that promised seats which others sit on would promise nothing. Who sits where today is not unique, so whoever
could use a room in a half hour is taken to come to it, with the share of people that comes at the same time: that is
never less than any assignment would send there. A room shut today has all its seats left when it opens longer; one that
is shared has left what its own people do not need. Fewer than one seat is none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import crowding, hours
from xsgeo.access.masks import text
from xsgeo.crowding.claims import Claims
from xsgeo.phasing.actions import action_prices
from xsgeo.phasing.closing import Bools, Floats
from xsgeo.settings import CostRules, Standard

ENLARGE = "enlarge"
"""The action that adds seats to a room at the hours it keeps."""


def seats_left(claims: Claims, workers: pd.DataFrame, *, peak_share: float) -> pd.DataFrame:
    """Seats of each room that those who could use it today would leave, if all of them came to it.

    Parameters
    ----------
    claims
        Who could use which room when (`xsgeo.crowding.find_claims`).
    workers
        Groups; column ``n_workers``.
    peak_share
        Share of those who are free that come at the same time.

    Returns
    -------
    pandas.DataFrame
        Index ``room_id``, 336 columns; infinite where nobody knows the seats, 0 where fewer than one is left.

    Examples
    --------
    >>> workers = pd.DataFrame({"n_workers": [200], "free_hours": ["周一 18:00-20:00"]}, index=["a"])
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "serves": ["everyone"], "open_hours": ["每天 18:00-22:00"], "capacity": [32]},
    ...     index=["x"],
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [0.0]})
    >>> claims = crowding.find_claims(workers, venues, table, standard=Standard())
    >>> seats_left(claims, workers, peak_share=0.1).loc["x", [35, 36]].tolist()
    [32.0, 12.0]
    """
    come = np.zeros((len(claims.rooms), claims.weeks.shape[1]))
    heads = workers["n_workers"].to_numpy(np.float64)[claims.group]
    np.add.at(come, claims.room, heads[:, None] * claims.weeks[claims.week] * peak_share)
    seats = np.where(np.isnan(claims.seats), np.inf, claims.seats)
    left = seats[:, None] - (come[:, claims.situation] if come.shape[1] else np.zeros((len(seats), hours.SLOTS)))
    return pd.DataFrame(np.where(left < 1 - 1e-9, 0.0, left), index=claims.rooms)


def enlargements(venues: pd.DataFrame, claims: Claims, crowded: Bools, *, costs: CostRules, month: int) -> pd.DataFrame:
    """List the rooms that crowded groups could use if they had more seats, and what these cost.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``; columns ``name``, ``town_id``, ``owner_system``, ``open_hours``, ``lon``, ``lat``.
    claims
        Who could use which room when.
    crowded
        Which groups are crowded out, in the order of the claims' groups.
    costs
        Prices; ``enlarge`` is paid once and buys ``enlarged_seats``.
    month
        Month whose opening hours count.

    Returns
    -------
    pandas.DataFrame
        Index ``action_id``; the columns of `xsgeo.phasing.possible_actions`, ``capacity`` the seats added.

    Raises
    ------
    PlanError
        When there is no price for enlarging a room.
    """
    full = claims.room[crowded[claims.group] & ~np.isnan(claims.seats[claims.room])]
    rooms = crowding.room_ids(venues)
    plaques = venues[rooms.isin(claims.rooms[np.unique(full)]).to_numpy()].sort_index()
    first = plaques[~rooms.reindex(plaques.index).duplicated().to_numpy()]
    number, masks = hours.masks(pd.Series(text(plaques, "open_hours"), index=plaques.index, dtype=object), month=month)
    weeks = pd.DataFrame(np.concatenate([masks, np.zeros((1, hours.SLOTS), dtype=bool)])[number], index=plaques.index)
    kept = weeks.groupby(rooms.reindex(plaques.index)).any()
    sites = pd.Series([f"{ENLARGE}:{i}" for i in first.index], dtype=object)
    price = action_prices(pd.DataFrame({"action": ENLARGE}, index=pd.Index(sites)), costs)
    return pd.DataFrame(
        {
            "site_id": sites.to_numpy(),
            "action": ENLARGE,
            "pattern": "enlarged",
            "open_hours": [hours.to_spans(kept.loc[rooms[i]].to_numpy()) for i in first.index],
            "cost_once": price,
            "cost_per_year": 0.0,
            "capacity": float(costs.enlarged_seats),
            **{c: text(first, c) for c in ("town_id", "owner_system", "name")},
            "lon": first["lon"].to_numpy(),
            "lat": first["lat"].to_numpy(),
        },
        index=pd.Index([f"{s}|enlarged" for s in sites], name="action_id", dtype=object),
    ).sort_index()


def enlarged_for(
    actions: pd.DataFrame, venues: pd.DataFrame, claims: Claims, groups: pd.Index, crowded: Bools, *, standard: Standard
) -> pd.DataFrame:
    """Find whom more seats would do: crowded groups with the standard's hours in that room alone.

    Parameters
    ----------
    actions
        What `enlargements` listed.
    venues, claims, crowded
        As there.
    groups
        Ids of the claims' groups.
    standard
        Hours a week.

    Returns
    -------
    pandas.DataFrame
        ``action_id`` and ``group_id``.
    """
    slots = np.bincount(claims.situation, minlength=claims.weeks.shape[1])
    enough = claims.weeks[claims.week] @ slots >= standard.min_hours_per_week * 2
    mine = crowded[claims.group] & enough
    venue = actions["site_id"].str.removeprefix(f"{ENLARGE}:")
    action_of = pd.Series(actions.index, index=crowding.room_ids(venues).reindex(venue).to_numpy())
    pairs = pd.DataFrame(
        {
            "action_id": action_of.reindex(claims.rooms[claims.room[mine]]).to_numpy(),
            "group_id": groups[claims.group[mine]],
        }
    )
    return pairs.dropna().reset_index(drop=True)


def room_to_newcomers(actions: pd.DataFrame, rooms: pd.Series, weeks: Bools, kept: Bools, left: pd.DataFrame) -> Floats:
    """Seats that each action has for those who come new, half hour by half hour.

    Parameters
    ----------
    actions
        Column ``capacity``, missing where nobody knows it, and ``action``.
    rooms
        Room of each action, missing where it opens one of its own; on the index of `actions`.
    weeks
        Half hours in which each would be open; bool, actions by 336.
    kept
        Half hours of it that the room keeps today.
    left
        What `seats_left` found.

    Returns
    -------
    numpy.ndarray
        Actions by 336; 0 where it is shut or full, infinite where nobody knows the seats.

    Examples
    --------
    >>> actions = pd.DataFrame({"action": ["open_longer"], "capacity": [32.0]}, index=["a"])
    >>> weeks, kept = np.zeros((1, 336), bool), np.zeros((1, 336), bool)
    >>> weeks[0, 34:38] = kept[0, 36:40] = True
    >>> left = pd.DataFrame(np.full((1, 336), 12.0), index=["x"])
    >>> room_to_newcomers(actions, pd.Series(["x"], index=["a"]), weeks, kept, left)[0, 33:38].tolist()
    [0.0, 32.0, 32.0, 12.0, 12.0]
    """
    capacity = actions["capacity"].to_numpy(np.float64, na_value=np.nan)
    seats = np.broadcast_to(np.where(np.isnan(capacity), np.inf, capacity)[:, None], weeks.shape).copy()
    has_room = rooms.isin(left.index).to_numpy() & (actions["action"] != ENLARGE).to_numpy()
    today = left.reindex(rooms[has_room]).to_numpy(np.float64)
    seats[has_room] = np.where(kept[has_room], np.minimum(today, seats[has_room]), seats[has_room])
    answer: NDArray[np.float64] = np.where(weeks, seats, 0.0)
    return answer
