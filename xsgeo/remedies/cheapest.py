"""For each group that is not served, the cheapest change that would serve it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Unpack

import numpy as np
import pandas as pd

from xsgeo import access, hours
from xsgeo.access.masks import text
from xsgeo.crowding import When
from xsgeo.remedies.pairs import Pairs, asked, find_pairs, lacking_of
from xsgeo.remedies.rooms import most_useful_rooms
from xsgeo.remedies.stretches import DAYS, Extension, Flags, clock, least_extension, slots_needed
from xsgeo.settings import Standard

STEPS = ("share", "equip", "extend")
_COLUMNS: Mapping[str, object] = MappingProxyType(
    {
        "reason": "",
        "action": "none",
        "place_id": "",
        "minutes": math.nan,
        "days": "",
        "start": -1,
        "end": -1,
        "manner": "",
        "functions": "",
        "hours_added": 0.0,
        "seats": 0,
        "minutes_beyond": math.nan,
        "detail": "",
        "change_id": "",
    }
)


def cheapest_changes(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    standard: Standard,
    seated: pd.Series | None = None,
    beyond: pd.DataFrame | None = None,
    assets: pd.DataFrame | None = None,
    open_hours: str = "",
    snapped: pd.DataFrame | None = None,
    **when: Unpack[When],
) -> pd.DataFrame:
    """Find the cheapest change that would serve each group that is not.

    Parameters
    ----------
    workers, venues, minutes, standard, seated, **when
        As in `xsgeo.access.coverage`.
    groups
        What it said of them.
    beyond
        Long table ``group_id``, ``place_id``, ``minutes``, ``mode`` to venues and assets, cut further out than the
        standard; for groups without a venue in reach. None where it is not known.
    assets
        Buildings that could be converted, index ``asset_id``, column ``available_hours``.
    open_hours
        Hours that a converted building would keep.
    snapped
        What `xsgeo.network.snap` said of the groups; its ``reason`` says what to survey.

    Returns
    -------
    pandas.DataFrame
        One row a group that is not served, index ``group_id``: ``reason``; ``action``, one of ``extend``, ``share``,
        ``equip`` or several of them joined by ``+``, ``seats``, ``convert``, ``reach``, ``survey``, or ``none`` where
        no single change serves it; ``place_id``, a venue or an asset; ``minutes`` to it; ``days`` (of `DAYS`),
        ``start`` and ``end`` (half hours of the day, -1 for none) of an extension and its ``manner``, whether it keeps
        the venue open ``later``, opens it ``earlier``, stands ``besides`` its hours or, these being ``unwritten``, has
        to be asked about first; ``functions`` lacking, joined
        by ``|``; ``hours_added`` to the venue's week; ``seats`` missing; ``minutes_beyond`` the limit; ``detail``,
        what to survey; ``change_id``, the same for groups that need the same change, empty where nothing can be
        applied.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> study = found.study
    >>> changes = cheapest_changes(study.workers, study.venues, found.minutes, found.groups, standard=study.standard)
    >>> changes[["reason", "action", "place_id", "days", "end"]].to_dict("index")  # doctest: +NORMALIZE_WHITESPACE
    {'g1': {'reason': 'closed', 'action': 'extend', 'place_id': 'V1', 'days': 'weekdays', 'end': 39},
     'g4': {'reason': 'out_of_reach', 'action': 'none', 'place_id': '', 'days': '', 'end': -1},
     'g5': {'reason': 'not_shared', 'action': 'share', 'place_id': 'V3', 'days': '', 'end': -1},
     'g7': {'reason': 'unknown', 'action': 'survey', 'place_id': '', 'days': '', 'end': -1}}
    """
    reason = groups["reason"].reindex(workers.index).astype(str)
    unserved = workers.index[(reason != "served").to_numpy()]
    table = pd.DataFrame(dict(_COLUMNS), index=pd.Index(unserved, name=workers.index.name))
    table["reason"] = reason.loc[unserved].to_numpy(dtype=object)
    ask = asked(standard, when)
    found = _of_venues(find_pairs(workers, venues, minutes, groups, ask), table["reason"], ask)
    found |= _of_seats(table, workers, venues, minutes, seated, ask)
    found |= _of_places(table, workers, groups, beyond, assets, open_hours, ask)
    found |= _of_positions(table, snapped)
    for group_id, row in found.items():
        for name, value in row.items():
            table.at[group_id, name] = value
    return table


def _of_venues(pairs: Pairs, reason: pd.Series, ask: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    """Cheapest change of one venue for each group that such a change can serve."""
    needed = slots_needed(ask["standard"])
    limited = pairs.limited[pairs.venue] & ~pairs.admitted
    today = np.where(limited[:, None], pairs.shareable[pairs.venue], pairs.opened[pairs.venue])
    fresh = pairs.left & ~pairs.base[pairs.group]
    have = pairs.base.sum(axis=1)[pairs.group] + (fresh & today).sum(axis=1)
    wanted = fresh & ~today
    enough_to_want = have + wanted.sum(axis=1) >= needed
    steps = 2 - pairs.admitted.astype(int) - pairs.equipped.astype(int)
    known: dict[tuple[bytes, bytes, int], Extension | None] = {}
    best: dict[int, tuple[tuple[Any, ...], int, Extension | None]] = {}
    for row in np.flatnonzero(enough_to_want):
        added = None
        if have[row] < needed or not steps[row]:
            if limited[row]:
                continue
            deficit = int(needed - have[row])
            key = (np.packbits(wanted[row]).tobytes(), np.packbits(today[row]).tobytes(), deficit)
            if key not in known:
                known[key] = least_extension(wanted[row], today[row], deficit)
            added = known[key]
            if added is None:
                continue
        group = int(pairs.group[row])
        is_closed = reason.loc[pairs.workers.index[group]] == "closed"
        rank = (added is not None and not is_closed, steps[row], _rank(added), pairs.minutes[row], pairs.venue[row])
        if group not in best or rank < best[group][0]:
            best[group] = (rank, int(row), added)
    return {
        str(pairs.workers.index[group]): _venue_change(pairs, row, added, ask)
        for group, (_, row, added) in best.items()
    }


def _rank(added: Extension | None) -> tuple[bool, int, int, int, int]:
    if added is None:
        return (False, 0, 0, 0, 0)
    return (not added.touches, added.slots_added, added.end, -added.start, list(DAYS).index(added.days))


def _venue_change(pairs: Pairs, row: int, added: Extension | None, ask: Mapping[str, Any]) -> dict[str, object]:
    venue_id = str(pairs.venues.index[pairs.venue[row]])
    flags = (not pairs.admitted[row], not pairs.equipped[row], added is not None)
    action = "+".join(step for step, flag in zip(STEPS, flags, strict=True) if flag)
    lacking = ""
    if not pairs.equipped[row]:
        there = text(pairs.venues, "functions")[pairs.venue[row]]
        lacking = lacking_of(pairs.workers.iloc[pairs.group[row]], there, ask)
    change: dict[str, object] = {
        "action": action,
        "place_id": venue_id,
        "minutes": float(pairs.minutes[row]),
        "functions": lacking,
    }
    parts = [action, venue_id]
    if added is not None:
        change |= {"days": added.days, "start": added.start, "end": added.end, "hours_added": added.slots_added / 2}
        written = text(pairs.venues, "open_hours")[pairs.venue[row]] != ""
        change["manner"] = added.manner(pairs.opened[pairs.venue[row]]) if written else "unwritten"
        parts.append(f"{added.days} {clock(added.start)}-{clock(added.end)}")
    return change | {"change_id": ":".join([*parts, *([lacking] if lacking else [])])}


def _of_seats(  # noqa: PLR0917  # the frames of one question
    table: pd.DataFrame,
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    seated: pd.Series | None,
    ask: Mapping[str, Any],
) -> dict[str, dict[str, object]]:
    """Seats that are missing for those whom only the want of seats keeps out, in the room that they can use most."""
    crowded = table.index[table["reason"] == "crowded"]
    if seated is None or crowded.empty:
        return {}
    standard: Standard = ask["standard"]
    short = (standard.min_seated_share - seated.loc[crowded]) * workers.loc[crowded, "n_workers"] * standard.peak_share
    rooms = most_useful_rooms(workers.loc[crowded], venues, minutes, ask)
    return {
        str(row.Index): {
            "action": "seats",
            "place_id": row.venue_id,
            "minutes": row.minutes,
            "seats": math.ceil(round(float(short.at[row.Index]), 9)),
            "change_id": f"seats:{row.venue_id}",
        }
        for row in rooms.itertuples()
    }


def _of_places(  # noqa: PLR0917  # the frames of one question
    table: pd.DataFrame,
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    beyond: pd.DataFrame | None,
    assets: pd.DataFrame | None,
    open_hours: str,
    ask: Mapping[str, Any],
) -> dict[str, dict[str, object]]:
    """For groups without a venue in reach, the asset that would serve them, else how far the nearest place is."""
    far = table.index[table["reason"] == "out_of_reach"]
    if beyond is None or far.empty:
        return {}
    rows = beyond[beyond["group_id"].isin(far)].sort_values(["group_id", "minutes", "place_id"])
    found: dict[str, dict[str, object]] = {}
    for row in rows.drop_duplicates("group_id").itertuples():
        limit = ask["standard"].cutoff_min.get(row.mode, math.nan)
        found[str(row.group_id)] = {
            "action": "reach",
            "place_id": row.place_id,
            "minutes": row.minutes,
            "minutes_beyond": max(0.0, row.minutes - limit),
        }
    if assets is not None and len(assets):
        served = would_convert(workers.loc[far], groups, assets, rows, open_hours, ask)
        served = served.merge(rows, on=["group_id", "place_id"]).sort_values(["group_id", "minutes", "place_id"])
        for row in served.drop_duplicates("group_id").itertuples():
            change_id = f"convert:{row.place_id}"
            found[str(row.group_id)] = {
                "action": "convert", "place_id": row.place_id, "minutes": row.minutes, "change_id": change_id,
            }  # fmt: skip
    return found


def would_convert(  # noqa: PLR0917  # the frames of one question
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    assets: pd.DataFrame,
    beyond: pd.DataFrame,
    open_hours: str,
    ask: Mapping[str, Any],
    usable: Flags | None = None,
) -> pd.DataFrame:
    """Find the groups that each asset would serve if it were converted.

    Parameters
    ----------
    workers, groups, assets, beyond, open_hours
        As in `cheapest_changes`.
    ask
        What `xsgeo.remedies.pairs.asked` gave.
    usable
        Half hours that each group can use today; none when None.

    Returns
    -------
    pandas.DataFrame
        ``place_id`` and ``group_id``, one row a pair.
    """
    usable = np.zeros((len(workers), hours.SLOTS), dtype=bool) if usable is None else usable
    rows = beyond.rename(columns={"place_id": "site_id"})
    some = {name: ask[name] for name in ("standard", "sailings") if name in ask}
    pairs = access.would_serve(workers, groups, assets, rows, usable=usable, open_hours=open_hours, **some)
    return pairs.rename(columns={"site_id": "place_id"})


def _of_positions(table: pd.DataFrame, snapped: pd.DataFrame | None) -> dict[str, dict[str, object]]:
    unknown = table.index[table["reason"] == "unknown"]
    why = pd.Series("", index=unknown) if snapped is None else snapped["reason"].reindex(unknown).fillna("")
    return {str(group_id): {"action": "survey", "detail": str(detail)} for group_id, detail in why.items()}
