"""The room behind a plaque, where seats are what is wanting.

More seats near a group help it only in a room that lets it in, has what it needs and is open when it is free; the
nearest room may be none of these. Of those that are, the one that the group could use for most of the week is taken,
and of these the nearest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from xsgeo.crowding import find_claims, room_ids, seats_of_rooms


def most_useful_rooms(
    workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, ask: Mapping[str, Any]
) -> pd.DataFrame:
    """Find the room, of those whose seats are known, in which each group could sit for most of the week.

    Parameters
    ----------
    workers, venues, minutes
        As in `xsgeo.crowding.seated`.
    ask
        What `xsgeo.remedies.pairs.asked` gave.

    Returns
    -------
    pandas.DataFrame
        Index ``group_id``: ``venue_id``, the room's nearest plaque, and ``minutes`` to it. Groups that can use no such
        room are left out.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> study = found.study
    >>> ask = {"standard": study.standard}
    >>> most_useful_rooms(study.workers, study.venues, found.minutes, ask)["venue_id"].to_dict()
    {'g2': 'V2', 'g3': 'V1', 'g6': 'V3'}
    """
    claims = find_claims(workers, venues, minutes, **ask)
    known = ~np.isnan(claims.seats[claims.room])
    n_slots = claims.weeks @ np.bincount(claims.situation, minlength=claims.weeks.shape[1])
    pairs = pd.DataFrame(
        {
            "group_id": workers.index[claims.group[known]],
            "room_id": claims.rooms[claims.room[known]],
            "n_slots": n_slots[claims.week[known]],
            "minutes": claims.minutes[known],
        }
    )
    order = ["group_id", "n_slots", "minutes", "room_id"]
    best = pairs.sort_values(order, ascending=[True, False, True, True]).drop_duplicates("group_id")
    rooms = room_ids(venues[venues["status"].astype(object).eq("open")])
    plaques = minutes.assign(room_id=rooms.reindex(minutes["venue_id"]).to_numpy(dtype=object))
    merged = best.merge(plaques[["group_id", "venue_id", "room_id", "minutes"]], on=["group_id", "room_id", "minutes"])
    found = merged.sort_values(["group_id", "venue_id"]).drop_duplicates("group_id").set_index("group_id")
    return found[["venue_id", "minutes"]]


def seats_of_plaque(venues: pd.DataFrame, venue_id: str) -> float:
    """Count the seats of the room behind a plaque; none where nobody has written them down.

    Parameters
    ----------
    venues
        Plaques, as for `xsgeo.crowding.seats_of_rooms`.
    venue_id
        One of them, in use.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> seats_of_plaque(toy_county().venues, "V2")
    50.0
    """
    seats = float(seats_of_rooms(venues).at[room_ids(venues).at[venue_id]])
    return 0.0 if np.isnan(seats) else seats
