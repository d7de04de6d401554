"""Count rooms behind plaques: which plaques people, or the ledgers, have put on one door.

Verdicts are links of a graph and its connected parts are the rooms, so what is confirmed of the first and second plaque
and of the second and third holds for the first and third as well. A pair that somebody called two rooms and that others
make one is a contradiction only people can resolve; it is refused with the links that join it, whichever is mistaken.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, shortest_path

from xsgeo.access.masks import text
from xsgeo.errors import Fault, StudyError, listing, phrase

PAIRS_FILE = "room_pairs.csv"
"""File of a study that holds what people have confirmed."""


def with_rooms(venues: pd.DataFrame, confirmed: pd.DataFrame) -> pd.DataFrame:
    """Write what people have confirmed into the column ``room_id``, for every measure that counts rooms.

    Parameters
    ----------
    venues, confirmed
        As in `room_labels`.

    Returns
    -------
    pandas.DataFrame
        A copy of `venues`. A plaque that shares its room, or whose room the ledger states, has its label; one that is
        alone stays blank.

    Raises
    ------
    StudyError
        As in `room_labels`.

    Examples
    --------
    >>> venues = pd.DataFrame({"capacity": [40, 40, 9]}, index=pd.Index(["V1", "V2", "V3"], name="venue_id"))
    >>> confirmed = pd.DataFrame({"venue_a": ["V1"], "venue_b": ["V2"], "verdict": ["same"]})
    >>> with_rooms(venues, confirmed)["room_id"].to_dict()
    {'V1': 'V1', 'V2': 'V1', 'V3': ''}
    """
    label = room_labels(venues, confirmed)
    is_known = label.duplicated(keep=False).to_numpy() | (text(venues, "room_id") != "")
    return venues.assign(room_id=label.where(is_known, ""))


def room_labels(venues: pd.DataFrame, confirmed: pd.DataFrame) -> pd.Series:
    """Which room each plaque hangs on, from what people have confirmed.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``; column ``room_id`` where a ledger states it.
    confirmed
        Columns ``venue_a``, ``venue_b`` and ``verdict``, of which ``same`` joins the two. Pairs with ids that are not
        among `venues` are left out.

    Returns
    -------
    pandas.Series
        On the index of `venues`: the least stated ``room_id`` of the room, or else its least venue id.

    Raises
    ------
    StudyError
        When pairs called ``different`` are joined by others called ``same`` or by a stated ``room_id``: every such
        pair, with the links that join it.

    Examples
    --------
    >>> venues = pd.DataFrame({"room_id": ["", "R1", ""]}, index=pd.Index(["V1", "V2", "V3"], name="venue_id"))
    >>> confirmed = pd.DataFrame({"venue_a": ["V1"], "venue_b": ["V2"], "verdict": ["same"]})
    >>> room_labels(venues, confirmed).to_dict()
    {'V1': 'R1', 'V2': 'R1', 'V3': 'V3'}
    """
    ids = venues.index
    stated = text(venues, "room_id")
    first, second = ids.get_indexer(confirmed["venue_a"]), ids.get_indexer(confirmed["venue_b"])
    known = (first >= 0) & (second >= 0)
    same = known & (confirmed["verdict"] == "same").to_numpy()
    by_room = pd.Series(np.arange(len(ids))).groupby(stated).first()
    home = np.where(stated == "", np.arange(len(ids)), by_room.reindex(stated).to_numpy()).astype(np.intp)
    one = np.r_[first[same], np.arange(len(ids))]
    other = np.r_[second[same], home]
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(ids), len(ids)))
    part = connected_components(links, directed=False)[1]
    apart = np.flatnonzero(known & (confirmed["verdict"] == "different").to_numpy())
    torn = apart[part[first[apart]] == part[second[apart]]]
    if len(torn):
        paths = shortest_path(links, directed=False, unweighted=True, indices=first[torn], return_predecessors=True)[1]
        raise StudyError(
            _torn(ids, stated, int(first[row]), int(second[row]), before)
            for row, before in zip(torn, paths, strict=True)
        )
    names = pd.DataFrame({"part": part, "stated": stated, "own": ids.to_numpy(dtype=object)})
    least_stated = names[names["stated"] != ""].groupby("part")["stated"].min()
    least_own = names.groupby("part")["own"].min()
    label = least_stated.reindex(least_own.index).where(lambda s: s.notna(), least_own)
    return pd.Series(label.reindex(part).to_numpy(dtype=object), index=ids, name="room_id")


def _torn(ids: pd.Index, stated: NDArray[np.object_], a: int, b: int, before: NDArray[np.intp]) -> Fault:
    """Say which links make one room of two plaques that were called different."""
    chain = [b]
    while chain[-1] != a:
        chain.append(int(before[chain[-1]]))
    why = []
    for j, i in itertools.pairwise(chain):
        one, other = sorted((str(ids[i]), str(ids[j])))
        is_stated = stated[i] and stated[i] == stated[j]
        why.append(
            phrase("room.stated", a=one, b=other, room=str(stated[i]))
            if is_stated
            else phrase("room.confirmed", a=one, b=other)
        )
    one, other = sorted((str(ids[a]), str(ids[b])))
    return Fault(PAIRS_FILE, 0, "", f"{one}+{other}", "torn_room", (("why", listing(*reversed(why))),))


def count_rooms(venues: pd.DataFrame, rooms: pd.Series, *, by: str | None = None) -> pd.DataFrame:
    """Count plaques and the rooms behind them.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``.
    rooms
        What `room_labels` gave.
    by
        Column of `venues` to count by; a room with plaques of two kinds counts once for each. None for the whole.

    Returns
    -------
    pandas.DataFrame
        ``n_plaques`` and ``n_rooms`` by key, sorted; index ``all`` for the whole.

    Examples
    --------
    >>> venues = pd.DataFrame({"kind": ["a", "b", "b"]}, index=["V1", "V2", "V3"])
    >>> rooms = pd.Series(["R1", "R1", "R2"], index=venues.index)
    >>> count_rooms(venues, rooms).to_dict("index"), count_rooms(venues, rooms, by="kind")["n_rooms"].to_dict()
    ({'all': {'n_plaques': 3, 'n_rooms': 2}}, {'a': 1, 'b': 2})
    """
    key = np.full(len(venues), "all", dtype=object) if by is None else text(venues, by)
    grouped = rooms.reindex(venues.index).groupby(key)
    table = pd.DataFrame({"n_plaques": grouped.size(), "n_rooms": grouped.nunique()})
    table.index.name = by or "all"
    return table
