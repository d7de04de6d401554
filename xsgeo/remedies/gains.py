"""For each change, everybody whom it would serve if it alone were made."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import access, hours
from xsgeo.access.masks import text
from xsgeo.crowding import When
from xsgeo.remedies.cheapest import would_convert
from xsgeo.remedies.pairs import Pairs, asked, find_pairs, fits
from xsgeo.remedies.stretches import Extension, Flags, slots_needed
from xsgeo.settings import Standard


def remedies(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    changes: pd.DataFrame,
    *,
    standard: Standard,
    beyond: pd.DataFrame | None = None,
    assets: pd.DataFrame | None = None,
    open_hours: str = "",
    **when: Unpack[When],
) -> pd.DataFrame:
    """Rank the changes by the workers each would serve if it alone were made.

    Parameters
    ----------
    workers, venues, minutes, groups, standard, beyond, assets, open_hours, **when
        As in `cheapest_changes`.
    changes
        What `cheapest_changes` found. Only what some group needs as its own cheapest change is looked at.

    Returns
    -------
    pandas.DataFrame
        Index ``change_id``, most workers first, then fewest hours added, then by id: ``action``, ``place_id``,
        ``days``, ``start``, ``end``, ``manner``, ``functions``, ``hours_added``, ``seats``; ``n_workers_gained`` and
        ``n_groups_gained``, everybody whom the change would serve, whatever is cheapest for them; ``n_workers_asked``,
        those for whom it is the cheapest; ``reason`` of most of those gained. Two changes may gain the same workers:
        the numbers do not add up. Seats are put down as wanted and nothing more: whom they would serve is what
        `counted_with_seats` finds out, and so is what the other changes gain where rooms can be full.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.remedies import cheapest_changes
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> study = found.study
    >>> frames = (study.workers, study.venues, found.minutes, found.groups)
    >>> changes = cheapest_changes(*frames, standard=study.standard)
    >>> remedies(*frames, changes, standard=study.standard)["n_workers_gained"].to_dict()
    {'extend:V1:weekdays 17:00-19:30': 100, 'share:V3': 30}
    """
    ask = asked(standard, when)
    needed = changes[changes["change_id"] != ""]
    first = needed.sort_index().drop_duplicates("change_id").set_index("change_id")
    columns = ["action", "place_id", "days", "start", "end", "manner", "functions", "hours_added"]
    table = first[columns].sort_index()
    table["seats"] = needed.groupby("change_id")["seats"].sum()
    gained = _gained(workers, venues, minutes, groups, table[~table["action"].isin(["convert", "seats"])], ask)
    for place_id, wanted in needed[needed["action"] == "seats"].groupby("place_id"):
        gained[f"seats:{place_id}"] = sorted(map(str, wanted.index))
    converted = table[table["action"] == "convert"]
    if len(converted) and assets is not None and beyond is not None:
        usable = access.usable_slots(workers, venues, minutes, **ask)
        some = assets.loc[converted["place_id"]]
        pairs = would_convert(workers, groups, some, beyond, open_hours, ask, usable)
        for place_id, groups_there in pairs.groupby("place_id"):
            gained[f"convert:{place_id}"] = sorted(groups_there["group_id"])
    n, why = workers["n_workers"], groups["reason"].astype(str)
    ids = [gained.get(change_id, []) for change_id in table.index]
    table["n_workers_gained"] = [int(n.loc[found].sum()) for found in ids]
    table["n_groups_gained"] = [len(found) for found in ids]
    per_change = n.reindex(needed.index).groupby(needed["change_id"]).sum()
    table["n_workers_asked"] = per_change.reindex(table.index).to_numpy(np.int64)
    table["reason"] = [next(iter(access.tally(why.loc[found], n.loc[found])), "") for found in ids]
    table = table.assign(_id=table.index).sort_values(
        ["n_workers_gained", "hours_added", "_id"], ascending=[False, True, True]
    )
    return table.drop(columns="_id")


def _gained(  # noqa: PLR0917  # the frames of one question
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    table: pd.DataFrame,
    ask: Mapping[str, Any],
) -> dict[str, list[str]]:
    """Ids of the groups that each change of a venue would serve."""
    pairs = find_pairs(workers, venues, minutes, groups, ask)
    order = np.argsort(pairs.venue, kind="stable")
    starts = np.searchsorted(pairs.venue[order], np.arange(len(pairs.venues) + 1))
    rows_of = {str(v): order[a:b] for v, (a, b) in zip(pairs.venues.index, pairwise(starts), strict=True)}
    needed = slots_needed(ask["standard"])
    gained = {}
    for change in table.itertuples():
        rows = rows_of[change.place_id]
        group, venue = pairs.group[rows], pairs.venue[rows]
        steps = set(change.action.split("+"))
        added = np.zeros(hours.SLOTS, dtype=bool)
        if "extend" in steps:
            added = Extension(change.days, change.start, change.end, 0, touches=False).mask()
        # Those who may come in today keep the venue's hours; where others are let in at hours it states, so are they.
        week = pairs.opened[venue] | added
        if "share" in steps:
            shared = pairs.shareable[venue] if pairs.limited[venue[0]] else week
            week = np.where(pairs.admitted[rows][:, None], week | shared, shared)
        fit = _equipped(pairs, rows, change.functions, ask) if "equip" in steps else pairs.equipped[rows]
        comes_in = (pairs.admitted[rows] | ("share" in steps)) & fit
        usable = pairs.base[group] | (pairs.left[rows] & week & comes_in[:, None])
        served = usable.sum(axis=1) >= needed
        gained[str(change.Index)] = sorted(map(str, pairs.workers.index[group[served]]))
    return gained


def _equipped(pairs: Pairs, rows: NDArray[np.intp], functions: str, ask: Mapping[str, Any]) -> Flags:
    """Whether a venue with these functions besides its own has what each of its groups needs."""
    venue = pairs.venues.iloc[[pairs.venue[rows[0]]]]
    there = [f for f in text(venue, "functions")[0].split("|") if f]
    both = pd.DataFrame({"group_id": pairs.workers.index[pairs.group[rows]], "venue_id": venue.index[0]})
    return fits(pairs.workers, venue.assign(functions="|".join([*there, functions])), both, ask)
