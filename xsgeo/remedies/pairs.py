"""Unserved groups and the doors near them: what a change could reach, before any change is made.

Time on the way, boats and calendars are `xsgeo.access`'s business. They are not worked out again here: each pair of
group and venue is asked of it as a group of its own about a door that never shuts, and what it can use then is what is
left of its free time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import access
from xsgeo.access.masks import text
from xsgeo.crowding import When
from xsgeo.remedies.stretches import Flags
from xsgeo.settings import Standard

MENDABLE = ("closed", "not_shared", "no_function")
"""Reasons that a change to a venue in reach can mend."""

_TOLERANCE_MIN = 1e-6


def asked(standard: Standard, when: When) -> dict[str, Any]:
    """Put together what every question about time is asked with.

    Parameters
    ----------
    standard
        The standard.
    when
        What clusters need, when boats sail, which week is meant; what is None is left out.

    Examples
    --------
    >>> sorted(asked(Standard(), {"on": None, "needs": pd.DataFrame()}))
    ['needs', 'standard']
    """
    return {"standard": standard, **{k: v for k, v in when.items() if v is not None}}


@dataclass(frozen=True)
class Pairs:
    """Unserved groups and the venues in use within the cut-off, sorted by group, minutes and venue id.

    Attributes
    ----------
    workers, venues
        The groups and the venues, sorted by id.
    base
        Half hours that each group can use today, shape (groups, 336).
    group, venue
        Row numbers of each pair.
    minutes
        Its quickest way.
    left
        Half hours in which the group could be there if it were open, shape (pairs, 336).
    admitted, equipped
        Whether the venue lets the group in, and has what is asked for.
    opened, shareable
        The weeks of each venue, shape (venues, 336).
    limited
        Whether it says when others may use it.
    """

    workers: pd.DataFrame
    venues: pd.DataFrame
    base: Flags
    group: NDArray[np.intp]
    venue: NDArray[np.intp]
    minutes: NDArray[np.float64]
    left: Flags
    admitted: Flags
    equipped: Flags
    opened: Flags
    shareable: Flags
    limited: Flags


def find_pairs(
    workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, groups: pd.DataFrame, ask: Mapping[str, Any]
) -> Pairs:
    """Lay out every unserved group with the venues in use within its cut-off.

    Parameters
    ----------
    workers, venues, minutes, groups
        As in `xsgeo.remedies.cheapest_changes`.
    ask
        What `asked` gave.

    Returns
    -------
    Pairs
        Sorted by group, minutes and venue id, whatever the order of the rows.
    """
    mendable = groups["reason"].reindex(workers.index).isin(MENDABLE).to_numpy()
    some = workers[mendable].sort_index()
    used = venues[text(venues, "status") == "open"].sort_index()
    ways, near = near_pairs(minutes, some, used, ask["standard"])
    # Each pair is asked as a group of its own about one door that never shuts: what is left is the time on the way,
    # boats and all, taken off the free time by the one function that knows how.
    asking = some.take(near["group"]).set_axis(near.index)
    doors = pd.DataFrame({"status": "open", "serves": "everyone", "open_hours": "全天"}, index=used.index)
    bare = without_functions(ask)
    texts = text(used, "shareable_hours")
    group, venue = (near[name].to_numpy(np.intp) for name in ("group", "venue"))
    both = pd.DataFrame({"group_id": some.index[group], "venue_id": used.index[venue]})
    return Pairs(
        some,
        used,
        access.usable_slots(some, venues, minutes, **ask),
        group,
        venue,
        near["minutes"].to_numpy(np.float64),
        access.usable_slots(asking, doors, ways, **bare),
        access.admits(some, used, both).to_numpy(bool),
        fits(some, used, both, ask),
        weeks_of(text(used, "open_hours"), ask),
        weeks_of(texts, ask),
        texts != "",
    )


def near_pairs(
    minutes: pd.DataFrame, workers: pd.DataFrame, venues: pd.DataFrame, standard: Standard
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ways within the cut-off under the number of their pair, and the pairs with their quickest way."""
    group = workers.index.get_indexer(minutes["group_id"])
    venue = venues.index.get_indexer(minutes["venue_id"])
    took = minutes["minutes"].to_numpy(np.float64)
    limit = np.full(len(minutes), np.inf)
    if "mode" in minutes:
        by_mode = minutes["mode"].astype(object).map(dict(standard.cutoff_min))
        limit = by_mode.to_numpy(np.float64, na_value=np.nan)
    keep = (group >= 0) & (venue >= 0) & (took <= limit + _TOLERANCE_MIN)
    number = (group * max(len(venues), 1) + venue)[keep].astype(str)
    ways = minutes[keep].assign(group_id=number)
    pairs = pd.DataFrame({"group": group[keep], "venue": venue[keep], "minutes": took[keep]}, index=number)
    pairs = pairs.sort_values(["group", "minutes", "venue"], kind="stable")
    return ways, pairs[~pairs.index.duplicated()]


def without_functions(ask: Mapping[str, Any]) -> dict[str, Any]:
    """Return the question less what it asks of a room, for what is about time alone.

    Examples
    --------
    >>> without_functions({"standard": Standard(functions=("library",)), "needs": None})["standard"].functions
    ()
    """
    standard = dataclasses.replace(ask["standard"], functions=())
    return {**{k: v for k, v in ask.items() if k != "needs"}, "standard": standard}


def fits(workers: pd.DataFrame, venues: pd.DataFrame, pairs: pd.DataFrame, ask: Mapping[str, Any]) -> Flags:
    """Whether the venue of each pair has what the standard asks for and what the group's cluster needs.

    Parameters
    ----------
    workers, venues
        Groups and venues.
    pairs
        Columns ``group_id`` and ``venue_id``.
    ask
        What `asked` gave.

    Examples
    --------
    >>> venues = pd.DataFrame({"functions": ["library", ""]}, index=["V1", "V2"])
    >>> pairs = pd.DataFrame({"group_id": ["a", "a"], "venue_id": ["V1", "V2"]})
    >>> fits(pd.DataFrame(index=["a"]), venues, pairs, {"standard": Standard(functions=("library",))}).tolist()
    [True, False]
    """
    has = access.equipped(venues, ask["standard"].functions).reindex(pairs["venue_id"]).to_numpy(bool)
    if ask.get("needs") is None:
        return np.asarray(has)
    return np.asarray(has & access.meets_needs(workers, venues, pairs, ask["needs"]).to_numpy(bool))


def lacking_of(group: pd.Series, functions: str, ask: Mapping[str, Any]) -> str:
    """Return the functions that a room lacks for a group, joined by ``|``: as few as will do, in the order asked for.

    Parameters
    ----------
    group
        Row of the group.
    functions
        What the room has, joined by ``|``.
    ask
        What `asked` gave.

    Examples
    --------
    >>> ask = {"standard": Standard(functions=("library", "childcare"))}
    >>> lacking_of(pd.Series({"cluster_id": "k"}), "library", ask)
    'childcare'
    """
    has = set(functions.split("|")) - {""}
    lacking = [f for f in ask["standard"].functions if f not in has]
    needs = ask.get("needs")
    rows = () if needs is None else needs[needs["cluster_id"] == group.get("cluster_id")].itertuples()
    for row in rows:
        wanted = [f for f in str(row.functions).split("|") if f]
        least = getattr(row, "at_least", np.nan)
        n = len(wanted) if pd.isna(least) else min(int(least), len(wanted))
        missing = [f for f in wanted if f not in has and f not in lacking]
        short = n - len(has.union(lacking) & set(wanted))
        lacking += missing[: max(short, 0)]
    return "|".join(lacking)


def weeks_of(texts: NDArray[np.object_], ask: Mapping[str, Any]) -> Flags:
    """Half hours of the week that each text of hours opens, asked of a worker who is always free and always there.

    Examples
    --------
    >>> ask = {"standard": Standard()}
    >>> weeks_of(np.array(["周一 9:00-10:00", "全天"], dtype=object), ask).sum(axis=1).tolist()
    [2, 336]
    """
    distinct, number = np.unique(texts.astype(str), return_inverse=True)
    ids = [str(i) for i in range(len(distinct))]
    always = pd.DataFrame({"free_hours": "全天"}, index=ids)
    hours = distinct.astype(object)
    doors = pd.DataFrame({"status": "open", "serves": "everyone", "open_hours": hours}, index=ids)
    here = pd.DataFrame({"group_id": ids, "venue_id": ids, "minutes": 0.0})
    return access.usable_slots(always, doors, here, **without_functions(ask))[number.reshape(-1)]
