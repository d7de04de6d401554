"""What an opening would change: the groups that a room, kept open at proposed hours, would serve.

No door moves here and nothing is built unless the caller says so; the hours are joined to those a group can use today.
A group that is crowded out lacks seats and not hours, and no hours are promised to help it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.access.admission import admits_everyone, equipped, meets_needs
from xsgeo.access.ladder import in_use
from xsgeo.access.masks import Sailings, aligned, count_hours, find_pairs, find_patterns, find_timetable, pack, text
from xsgeo.access.usable import usable_slots
from xsgeo.settings import Standard


def would_serve(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    sites: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    usable: NDArray[np.bool_],
    open_hours: str,
    standard: Standard,
    sailings: Sailings | None = None,
) -> pd.DataFrame:
    """Find the unserved groups that each site would serve by itself, open to every worker at the proposed hours.

    A site serves a group when it lies within the cut-off and the hours the group can use already, joined with those it
    could use there, reach the standard's hours a week. A site that is a room today keeps the hours it has and adds the
    proposed ones; where it can be had at certain hours only, those are the limit. It is taken to have the functions
    asked for: pass only sites that have or will have them.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column ``free_hours``.
    groups
        What `coverage` said of them.
    sites
        Index ``site_id``; columns ``open_hours``, the hours a room keeps today (blank: none), and ``available_hours``,
        beyond which it cannot be had (blank: no limit). Either may be absent.
    minutes
        Long table ``group_id``, ``site_id``, ``minutes`` and, unless cut already, ``mode``.
    usable
        What `usable_slots` said of the groups today.
    open_hours
        Hours the site would keep.
    standard
        Cut-off by mode, hours a week and month.
    sailings
        Half hours of the week in which each ferry serves, as in `coverage`.

    Returns
    -------
    pandas.DataFrame
        Columns ``site_id`` and ``group_id``, one row for each pair that would be served, sorted by both. Groups that
        are served, or whose position is unknown, are in no row; nor are those crowded out, who lack seats, not hours.

    Examples
    --------
    >>> workers = pd.DataFrame({"free_hours": ["每天 18:00-22:00"]}, index=pd.Index(["a"], name="group_id"))
    >>> groups = pd.DataFrame({"reason": ["out_of_reach"]}, index=workers.index)
    >>> sites = pd.DataFrame(index=pd.Index(["B1", "B2"], name="site_id"))
    >>> table = pd.DataFrame({"group_id": ["a", "a"], "site_id": ["B1", "B2"], "minutes": [5.0, 14.0]})
    >>> would_serve(
    ...     workers, groups, sites, table,
    ...     usable=np.zeros((1, 336), bool), open_hours="每天 19:00-20:00", standard=Standard(),
    ... )
      site_id group_id
    0      B1        a
    1      B2        a
    """
    proposed = hours.parse_hours(open_hours).mask(standard.month)
    return _would_serve(
        workers,
        groups,
        sites,
        minutes,
        "site_id",
        usable=usable,
        proposed=proposed,
        standard=standard,
        sailings=sailings,
    )


def cheapest_opening(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    open_hours: str,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
) -> pd.DataFrame:
    """Count the workers each room would gain if it opened at the proposed hours to everybody.

    No door moves and nothing is built, so these are the cheapest remedies there are; sort by the first column to rank
    them. Each room is looked at by itself: two rooms may gain the same workers. A room that is not open to everybody
    today is opened no further than its ``shareable_hours`` allow, where it states any.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings
        As in `coverage`.
    groups
        What `coverage` said of the groups.
    open_hours
        Hours the room would keep beside those it keeps now.

    Returns
    -------
    pandas.DataFrame
        On the index of `venues`: ``n_workers_gained`` and, by what is wrong for them today, ``n_closed``,
        ``n_not_shared`` and ``n_no_function``. Zero for rooms that are not in use or lack a function asked for.

    Examples
    --------
    >>> from xsgeo.access import coverage
    >>> workers = pd.DataFrame(
    ...     {"n_workers": [100], "free_hours": ["周一至周五 18:00-22:00"]}, index=pd.Index(["day"], name="group_id")
    ... )
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "workers", "open_hours": ["周一至周五 8:00-17:00"]},
    ...     index=pd.Index(["palace"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["day"], "venue_id": ["palace"], "minutes": [10.0]})
    >>> groups = coverage(workers, venues, table, located=pd.Series(True, index=workers.index), standard=Standard())
    >>> evenings = "周一至周五 18:00-21:00"
    >>> gains = cheapest_opening(workers, venues, table, groups, open_hours=evenings, standard=Standard())
    >>> gains.loc["palace"].to_dict()
    {'n_workers_gained': 100, 'n_closed': 100, 'n_not_shared': 0, 'n_no_function': 0}
    """
    fit = venues[in_use(venues) & equipped(venues, standard.functions).to_numpy()]
    limits = np.where(admits_everyone(fit), "", text(fit, "shareable_hours"))
    told = minutes if needs is None else minutes[meets_needs(workers, venues, minutes, needs)]
    pairs = _would_serve(
        workers,
        groups,
        fit.assign(available_hours=limits),
        told,
        "venue_id",
        usable=usable_slots(workers, venues, minutes, standard=standard, needs=needs, sailings=sailings),
        proposed=hours.parse_hours(open_hours).mask(standard.month),
        standard=standard,
        sailings=sailings,
    )
    pairs["n_workers"] = workers["n_workers"].reindex(pairs["group_id"]).to_numpy()
    pairs["reason"] = groups["reason"].astype(str).reindex(pairs["group_id"]).to_numpy()
    gains = {
        f"n_{why}": pairs.loc[pairs["reason"] == why].groupby("venue_id")["n_workers"].sum()
        for why in ("closed", "not_shared", "no_function")
    }
    parts = pd.DataFrame({name: gain.reindex(venues.index, fill_value=0) for name, gain in gains.items()})
    parts = parts.astype("int64")
    parts.insert(0, "n_workers_gained", parts.sum(axis=1))
    return parts


def _would_serve(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    sites: pd.DataFrame,
    minutes: pd.DataFrame,
    place: str,
    *,
    usable: NDArray[np.bool_],
    proposed: NDArray[np.bool_],
    standard: Standard,
    sailings: Sailings | None,
) -> pd.DataFrame:
    others = ["served", "unknown", "crowded"]
    unserved = ~aligned(groups["reason"], workers.index, "groups").isin(others).to_numpy()
    lacking = workers[unserved]
    near = find_pairs(lacking, sites, minutes, place=place)
    near = near.only(near.are_within(standard.cutoff_min))
    times = find_timetable(lacking, sites, near, sailings=sailings)
    number, offered = _offered(sites, proposed, standard.month)
    patterns = find_patterns(near, times.of_group, number)
    words = replace(times.month(standard.month), opening=offered).usable(patterns)
    words = words[patterns.of_pair] | pack(usable[unserved])[near.group]
    # Two ways to one door, by boat and dry, are joined before they are counted.
    key = near.group * max(len(sites), 1) + near.place
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(key[order]) > 0][: len(key)])
    joined = np.bitwise_or.reduceat(words[order], starts, axis=0) if len(starts) else words
    enough = order[starts][count_hours(joined) >= standard.min_hours_per_week]
    found = pd.DataFrame(
        {
            place: sites.index.to_numpy(dtype=object)[near.place[enough]],
            "group_id": lacking.index.to_numpy(dtype=object)[near.group[enough]],
        }
    )
    return found.sort_values([place, "group_id"], ignore_index=True)


def _offered(
    sites: pd.DataFrame, proposed: NDArray[np.bool_], month: int
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Weeks in which each site would be open to every worker: number of each site's, and the distinct ones."""
    texts = {c: pd.Series(text(sites, c), dtype=object) for c in ("open_hours", "available_hours")}
    (today, kept), (limit, allowed) = (hours.masks(t, month=month) for t in texts.values())
    never, always = (np.full((1, hours.SLOTS), value) for value in (False, True))
    weeks = (np.concatenate([kept, never])[today] | proposed) & np.concatenate([allowed, always])[limit]
    masks, number = np.unique(weeks, axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.intp), masks
