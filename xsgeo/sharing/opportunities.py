"""What sharing the rooms there are would gain: who is shut out of which, and which rooms complete one another.

A room is worth opening to others for the workers who would then be *served*, not for those who merely live nearby, so
every figure here is the answer of `xsgeo.access` with that one room changed. Each room is looked at by itself: two
rooms may gain the same workers, and a plan (`xsgeo.plan`) decides among them.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo import access, crs, hours
from xsgeo.settings import Standard

NEAR_M = 500.0
"""Rooms that can complete one another lie within a few minutes on foot."""


def opportunities(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    open_hours: str,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: access.Sailings | None = None,
) -> pd.DataFrame:
    """Count, for each room, the workers shut out today who would be served if it let them in, opened longer, or both.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings
        As in `xsgeo.access.coverage`; what it was given there, or the answers are to two questions.
    groups
        What it said of the groups.
    open_hours
        Hours the room would keep beside those of today. Where a room that is not open to everybody states its
        ``shareable_hours``, others may use it in those only, and it opens no longer than they last.

    Returns
    -------
    pandas.DataFrame
        On the index of `venues`, most workers first, then by id: ``n_shut_out``, unserved workers within the cut-off;
        ``n_if_shared``, those served if only the door opened to every worker; ``n_if_longer``, if only the hours grew;
        ``n_if_both``. Zero for rooms that are not in use or lack a function asked for; groups whose cluster needs what
        a room lacks are gained by none of the three.

    Examples
    --------
    >>> workers = pd.DataFrame(
    ...     {"n_workers": [100], "free_hours": ["周一至周五 18:00-22:00"]}, index=pd.Index(["day"], name="group_id")
    ... )
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "own_staff", "share_terms": "none", "open_hours": ["周一至周五 8:00-21:00"]},
    ...     index=pd.Index(["mill"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["day"], "venue_id": ["mill"], "minutes": [10.0]})
    >>> located = pd.Series(True, index=workers.index)
    >>> groups = access.coverage(workers, venues, table, located=located, standard=Standard())
    >>> evenings = "周一至周五 18:00-21:00"
    >>> opportunities(workers, venues, table, groups, open_hours=evenings, standard=Standard()).loc["mill"].to_dict()
    {'n_shut_out': 100, 'n_if_shared': 100, 'n_if_longer': 0, 'n_if_both': 100}
    """
    asked: _Asked = {"standard": standard, "needs": needs, "sailings": sailings}
    both = access.cheapest_opening(workers, venues, minutes, groups, open_hours=open_hours, **asked)
    fit = venues[(venues["status"] == "open").to_numpy() & access.equipped(venues, standard.functions).to_numpy()]
    limits = fit["shareable_hours"] if "shareable_hours" in fit else pd.Series("", index=fit.index)
    limits = limits.fillna("").mask(access.admits_everyone(fit), "")
    usable = access.usable_slots(workers, venues, minutes, **asked)
    sites = fit.assign(available_hours=limits).rename_axis("site_id")

    def served(table: pd.DataFrame, at: str) -> pd.Series:
        ways = table.rename(columns={"venue_id": "site_id"})
        pairs = access.would_serve(
            workers, groups, sites, ways, usable=usable, open_hours=at, standard=standard, sailings=sailings
        )  # fmt: skip
        n = workers["n_workers"].reindex(pairs["group_id"]).to_numpy()
        return pairs.assign(n=n).groupby("site_id")["n"].sum()

    of_use = minutes if needs is None else minutes[access.meets_needs(workers, venues, minutes, needs)]
    gains = {
        "n_shut_out": _shut_out(workers, groups, fit, minutes, standard),
        "n_if_shared": served(of_use, "不开放"),
        "n_if_longer": served(of_use[access.admits(workers, venues, of_use)], open_hours),
        "n_if_both": both["n_workers_gained"],
    }
    table = pd.DataFrame(
        {name: gain.reindex(venues.index, fill_value=0) for name, gain in gains.items()}, dtype="int64"
    )
    order = np.lexsort((venues.index.to_numpy(dtype=object), -table["n_shut_out"], -table["n_if_both"]))
    return table.iloc[order]


class _Asked(TypedDict):
    standard: Standard
    needs: pd.DataFrame | None
    sailings: access.Sailings | None


def _shut_out(
    workers: pd.DataFrame, groups: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, standard: Standard
) -> pd.Series:
    unserved = ~groups["reason"].astype(str).isin(["served", "unknown"])
    near = minutes[within(minutes, standard)]
    n = workers["n_workers"].where(unserved, 0).reindex(near["group_id"], fill_value=0).to_numpy()
    table = near.assign(n=n).drop_duplicates(["group_id", "venue_id"])
    return table[table["venue_id"].isin(venues.index)].groupby("venue_id")["n"].sum()


def within(minutes: pd.DataFrame, standard: Standard) -> NDArray[np.bool_]:
    """Rows of a table of minutes within the standard's cut-off of their mode.

    Examples
    --------
    >>> table = pd.DataFrame({"mode": ["walk", "walk", "bus"], "minutes": [9.0, 16.0, 9.0]})
    >>> within(table, Standard(cutoff_min={"walk": 15.0})).tolist()
    [True, False, False]
    """
    if "mode" not in minutes:
        return np.ones(len(minutes), dtype=bool)
    limit = minutes["mode"].astype(object).map(dict(standard.cutoff_min)).to_numpy(np.float64, na_value=np.nan)
    return np.asarray(minutes["minutes"].to_numpy(np.float64) <= limit + 1e-6)


def complements(venues: pd.DataFrame, *, standard: Standard, near_m: float = NEAR_M) -> pd.DataFrame:
    """Pairs of rooms near one another whose opening hours complete each other.

    Parameters
    ----------
    venues
        Plaques, index ``venue_id``; columns ``lon``, ``lat``, ``open_hours``, ``status`` and, where there are,
        ``room_id``: plaques of one room stand for it together, at the place of its first by id, with all their hours.
    standard
        Its month.
    near_m
        Longest way between the two, as the crow flies.

    Returns
    -------
    pandas.DataFrame
        One row a pair of rooms, each named by its first plaque, ``venue_a`` before ``venue_b``: ``distance_m``,
        ``hours_a``, ``hours_b``, ``hours_both`` (open at once) and ``hours_gained``, what the lesser of the two adds to
        the other, hours a week. Most gained first. Pairs that add nothing are left out, and rooms whose hours are not
        known.

    Examples
    --------
    >>> venues = pd.DataFrame(
    ...     {"lon": [121.9, 121.901], "lat": 29.2, "status": "open",
    ...      "open_hours": ["周一至周五 8:00-17:00", "周一至周五 16:00-21:00"]},
    ...     index=pd.Index(["V1", "V2"], name="venue_id"),
    ... )
    >>> complements(venues, standard=Standard()).round(0).to_dict("records")  # doctest: +NORMALIZE_WHITESPACE
    [{'venue_a': 'V1', 'venue_b': 'V2', 'distance_m': 97.0, 'hours_a': 45.0, 'hours_b': 25.0, 'hours_both': 5.0,
      'hours_gained': 20.0}]
    """
    known = venues[((venues["status"] == "open") & (venues["open_hours"].fillna("") != "")).to_numpy()].sort_index()
    number, masks = hours.masks(known["open_hours"], month=standard.month)
    room, first_of = _rooms(known)
    open_at = np.zeros((len(first_of), hours.SLOTS), dtype=bool)
    np.logical_or.at(open_at, room, masks[number])
    known = known.iloc[first_of]
    x, y = crs.project(known["lon"].to_numpy(np.float64), known["lat"].to_numpy(np.float64))
    points = np.asarray(shapely.points(x, y))
    first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=near_m)
    first, second = first[first < second], second[first < second]
    one, other = open_at[first], open_at[second]
    table = pd.DataFrame(
        {
            "venue_a": known.index.to_numpy(dtype=object)[first],
            "venue_b": known.index.to_numpy(dtype=object)[second],
            "distance_m": np.hypot(x[first] - x[second], y[first] - y[second]),
            "hours_a": one.sum(axis=1) / 2,
            "hours_b": other.sum(axis=1) / 2,
            "hours_both": (one & other).sum(axis=1) / 2,
            "hours_gained": ((one | other).sum(axis=1) - np.maximum(one.sum(axis=1), other.sum(axis=1))) / 2,
        }
    )
    gained = table[table["hours_gained"] > 0]
    return gained.sort_values(["hours_gained", "venue_a", "venue_b"], ascending=[False, True, True], ignore_index=True)


def _rooms(venues: pd.DataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Number of each plaque's room, and the row of each room's first plaque; a plaque without one is its own."""
    own = pd.Series("plaque " + venues.index.astype(str), index=venues.index, dtype=object)
    stated = venues["room_id"].fillna("") if "room_id" in venues else pd.Series("", index=venues.index)
    number = pd.factorize(own.where(stated == "", "room " + stated.astype(str)))[0]
    return number.astype(np.intp), np.unique(number, return_index=True)[1].astype(np.intp)


def cross_town(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: access.Sailings | None = None,
) -> pd.DataFrame:
    """Who can use the rooms of another town.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings
        As in `xsgeo.access.coverage`; both frames with ``town_id``.

    Returns
    -------
    pandas.DataFrame
        One row for each town of workers and town of venues: ``town_id``, ``venue_town_id``, ``n_workers`` who have the
        standard's hours a week in rooms of that town alone, and ``n_only_there``, those of them who have not in the
        rooms of their own. Pairs of towns without such workers are left out.

    Examples
    --------
    >>> workers = pd.DataFrame(
    ...     {"n_workers": [30], "town_id": ["T1"], "free_hours": ["每天 18:00-22:00"]},
    ...     index=pd.Index(["a"], name="group_id"),
    ... )
    >>> venues = pd.DataFrame(
    ...     {"town_id": ["T2"], "status": "open", "serves": "everyone", "open_hours": "每天 8:00-22:00"},
    ...     index=pd.Index(["V1"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["V1"], "minutes": [9.0]})
    >>> cross_town(workers, venues, table, standard=Standard()).to_dict("records")
    [{'town_id': 'T1', 'venue_town_id': 'T2', 'n_workers': 30, 'n_only_there': 30}]
    """
    towns = sorted(set(venues["town_id"]))
    asked: _Asked = {"standard": standard, "needs": needs, "sailings": sailings}
    least = 2 * standard.min_hours_per_week
    enough = {
        town: access.usable_slots(workers, venues[venues["town_id"] == town], minutes, **asked).sum(axis=1) >= least
        for town in towns
    }
    home = workers["town_id"].to_numpy(dtype=object)
    at_home = np.zeros(len(workers), dtype=bool)
    for town, can in enough.items():
        at_home |= can & (home == town)
    n = workers["n_workers"].to_numpy(np.int64)
    rows = [
        pd.DataFrame(
            {"town_id": home, "venue_town_id": town, "n_workers": n * can, "n_only_there": n * (can & ~at_home)}
        )
        for town, can in enough.items()
    ]
    columns = ["town_id", "venue_town_id", "n_workers", "n_only_there"]
    table = pd.concat(rows) if rows else pd.DataFrame(columns=columns)
    sums = table.groupby(["town_id", "venue_town_id"], as_index=False)[columns[2:]].sum()
    return sums[sums["n_workers"] > 0].reset_index(drop=True)
