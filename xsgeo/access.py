"""Say who is served and why the others are not: near, open when off shift, willing to let them in, equipped.

A planner's map usually asks one thing of a venue, that it be near. The finding this package began with is that a palace
in the middle of town, open Monday to Friday in working hours, is near everybody and serves nobody. So distance gives
only *nominal* coverage here, and the headline is *effective* coverage: workers who have at least the standard's hours a
week in which they are off shift, a venue within the cut-off is open, it admits them, it has what is needed, and there
is time left to go there and come back.

Frames in, frames out: the module reads the long table of door-to-door minutes that `xsgeo.travel` makes, and knows
neither files nor the road network. Rows of that table whose group or venue is not in the frames given are left out, so
a cluster, or a county without one venue, is asked about by passing fewer rows and nothing else.

Hours are weekly masks of 336 half hours. A county has thousands of groups but a few dozen shift patterns and a few
dozen ways to keep a door open, so time on the way and the overlap of the two are worked out once for each distinct
(free pattern, half hours on the way, open pattern), packed into six 64-bit words, and joined over a group's venues by
one bitwise OR. Nothing is ever computed by row.

Two limits to know. Time on the way is rounded up to whole half hours, so a spell shorter than an hour and a half leaves
little: the measure is rather strict than generous. And nobody is turned away for want of seats yet; `crowded` gets its
rung when crowding gets its own measure, and until then it stands in no output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.settings import Standard

REASONS = ("unknown", "out_of_reach", "closed", "not_shared", "no_function", "served")
"""Rungs of the ladder, in the order they are tried; the last one is no complaint."""

_WORDS = 6  # 336 half hours in 64-bit words, the last one part filled
_SHARED = ("open", "appointment")
_ROUNDING_MIN = 1e-6  # as much as sums of minutes differ by the order they are added in


def coverage(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    located: pd.Series,
    standard: Standard,
) -> pd.DataFrame:
    """Say who is served, nominally and effectively, and what stands in the way of the others.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``free_hours``, ``employer_id``, and ``n_women`` and
        ``n_under_35`` where known.
    venues
        Plaques, index ``venue_id``; columns ``status``, ``serves``, ``share_terms``, ``employer_id``, ``open_hours``,
        ``functions``. Only those whose status is ``open`` count.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, unless it has been cut already, ``mode``.
    located
        Whether a group's position is known well enough to travel from, bool on the index of `workers`.
    standard
        Cut-off by mode, hours a week, functions and month.

    Returns
    -------
    pandas.DataFrame
        On the index of `workers`: ``nearest_venue_id`` (empty where none), ``nearest_min``, ``is_nominal``,
        ``usable_hours`` a week (missing where the position is unknown), ``is_served``, ``reason`` (categorical, in the
        order of `REASONS`), ``n_near`` venues within the cut-off and ``n_near_without_hours``, those of them whose
        opening hours nobody has written down: they are near, and never open.

    Raises
    ------
    ValueError
        When an index repeats an id, or `located` does not know every group.

    Notes
    -----
    The ladder, from the top; the first rung that fails is the reason::

        unknown       the position is not known, or lies too far from the network
        out_of_reach  no open venue within the cut-off
        closed        all venues within the cut-off together are open in too few of the group's free hours
        not_shared    those that admit the group are
        no_function   those that admit it and have every function asked for are
        served        none of these

    Examples
    --------
    >>> workers = pd.DataFrame(
    ...     {"n_workers": [100, 60], "free_hours": ["周一至周五 18:00-22:00", "周一至周五 9:00-15:00"]},
    ...     index=pd.Index(["day", "night"], name="group_id"),
    ... )
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "workers", "share_terms": "open", "open_hours": ["周一至周五 8:00-17:00"]},
    ...     index=pd.Index(["palace"], name="venue_id"),
    ... )
    >>> minutes = pd.DataFrame({"group_id": ["day", "night"], "venue_id": "palace", "minutes": [10.0, 10.0]})
    >>> located = pd.Series(True, index=workers.index)
    >>> answer = coverage(workers, venues, minutes, located=located, standard=Standard())
    >>> answer[["is_nominal", "usable_hours", "reason"]]  # doctest: +NORMALIZE_WHITESPACE
              is_nominal  usable_hours  reason
    group_id
    day             True           0.0  closed
    night           True          25.0  served
    """
    known = _aligned(located, workers.index, "located").to_numpy(bool)
    near = _near_venues(workers, venues, minutes, standard=standard)
    near = near.only(known[near.group])
    admitted = _admits(workers, venues, near.group, near.place)
    useful = admitted & equipped(venues, standard.functions).to_numpy()[near.place]
    n = len(workers)
    n_near = np.bincount(near.group, minlength=n)
    everything, open_to_them, usable = (
        _hours(near.only(keep).union(n)) for keep in (np.ones(len(near.group), dtype=bool), admitted, useful)
    )
    enough = standard.min_hours_per_week
    rung = np.select(
        [~known, n_near == 0, everything < enough, open_to_them < enough, usable < enough], [0, 1, 2, 3, 4], default=5
    )
    first = near.first()
    nearest_id = np.full(n, "", dtype=object)
    nearest_id[near.group[first]] = venues.index.to_numpy(dtype=object)[near.place[first]]
    nearest = np.full(n, np.nan)
    nearest[near.group[first]] = near.minutes[first]
    unwritten = (_text(venues, "open_hours") == "")[near.place]
    return pd.DataFrame(
        {
            "nearest_venue_id": nearest_id,
            "nearest_min": nearest,
            "is_nominal": n_near > 0,
            "usable_hours": np.where(known, usable, np.nan),
            "is_served": rung == len(REASONS) - 1,
            "reason": pd.Categorical.from_codes(rung, categories=list(REASONS), ordered=True),
            "n_near": n_near,
            "n_near_without_hours": np.bincount(near.group[unwritten], minlength=n),
        },
        index=workers.index,
    )


def nearest_min(workers: pd.DataFrame, minutes: pd.DataFrame) -> pd.Series:
    """Minutes to the nearest venue of the table.

    Parameters
    ----------
    workers
        Groups, index ``group_id``.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes``; every row counts, whatever the venue's state.

    Returns
    -------
    pandas.Series
        Minutes on the index of `workers`, missing where the table has no row for a group.

    Examples
    --------
    >>> workers = pd.DataFrame(index=pd.Index(["a", "b"], name="group_id"))
    >>> table = pd.DataFrame({"group_id": ["a", "a"], "venue_id": ["x", "y"], "minutes": [9.0, 4.0]})
    >>> nearest_min(workers, table).to_dict()
    {'a': 4.0, 'b': nan}
    """
    least = minutes.groupby("group_id", observed=True)["minutes"].min().astype(float)
    return least.reindex(workers.index).rename("nearest_min")


def nominal(workers: pd.DataFrame, minutes: pd.DataFrame) -> pd.Series:
    """Whether the group has any venue of the table, hours and doors left out of account.

    Parameters
    ----------
    workers
        Groups, index ``group_id``.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes``, already cut at the standard's limit.

    Returns
    -------
    pandas.Series
        bool on the index of `workers`.

    Examples
    --------
    >>> workers = pd.DataFrame(index=pd.Index(["a", "b"], name="group_id"))
    >>> nominal(workers, pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [9.0]})).to_dict()
    {'a': True, 'b': False}
    """
    return nearest_min(workers, minutes).notna().rename("nominal")


def admits(workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame) -> pd.Series:
    """Whether the whole group may come in.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``employer_id``, ``n_workers``, ``n_women``, ``n_under_35``.
    venues
        Plaques, index ``venue_id``; columns ``serves``, ``share_terms``, ``employer_id``.
    minutes
        Any table with ``group_id`` and ``venue_id``.

    Returns
    -------
    pandas.Series
        bool on the index of `minutes`; False where the group or the venue is not in the frames.

    Notes
    -----
    The rule, in one place. Share terms ``open`` and ``appointment`` let every worker in; ``agreement`` lets in whom the
    agreement names, and no table says whom, so it opens no door here; ``none`` opens none.

    ===========  ==================================  =================================================
    serves       terms ``open``, ``appointment``     terms ``agreement``, ``none``
    ===========  ==================================  =================================================
    everyone     every group                         every group
    workers      every group                         every group
    members      every group                         no group: membership is counted by employer, not
                                                     by group, and some of any group are not members
    own_staff    every group                         groups of the same ``employer_id``
    women        every group                         groups of women only
    youth        every group                         groups of workers under 35 only
    ===========  ==================================  =================================================

    A venue that would admit *part* of a group does not admit the group: to call all of it served would be wrong for
    the rest.

    Examples
    --------
    >>> workers = pd.DataFrame({"employer_id": ["P1", "P2"]}, index=pd.Index(["a", "b"], name="group_id"))
    >>> venues = pd.DataFrame(
    ...     {"serves": ["own_staff"], "share_terms": ["none"], "employer_id": ["P1"]},
    ...     index=pd.Index(["x"], name="venue_id"),
    ... )
    >>> admits(workers, venues, pd.DataFrame({"group_id": ["a", "b"], "venue_id": ["x", "x"]})).tolist()
    [True, False]
    """
    group = workers.index.get_indexer(minutes["group_id"])
    venue = venues.index.get_indexer(minutes["venue_id"])
    known = (group >= 0) & (venue >= 0)
    answer = np.zeros(len(minutes), dtype=bool)
    answer[known] = _admits(workers, venues, group[known], venue[known])
    return pd.Series(answer, index=minutes.index, name="admits")


def admits_everyone(venues: pd.DataFrame) -> pd.Series:
    """Whether the door is open to every worker, whoever employs them.

    Parameters
    ----------
    venues
        Plaques; columns ``serves`` and ``share_terms``. The rule is that of `admits`.

    Returns
    -------
    pandas.Series
        bool on the index of `venues`.

    Examples
    --------
    >>> admits_everyone(pd.DataFrame({"serves": ["members", "members"], "share_terms": ["none", "open"]})).tolist()
    [False, True]
    """
    serves, terms = _text(venues, "serves"), _text(venues, "share_terms")
    answer = np.isin(serves, ("everyone", "workers")) | np.isin(terms, _SHARED)
    return pd.Series(answer, index=venues.index, name="admits_everyone")


def equipped(venues: pd.DataFrame, functions: tuple[str, ...]) -> pd.Series:
    """Whether the venue has every function asked for.

    Parameters
    ----------
    venues
        Plaques; column ``functions``, names parted by ``|``; blank has none.
    functions
        Functions asked for; empty asks for none.

    Returns
    -------
    pandas.Series
        bool on the index of `venues`.

    Examples
    --------
    >>> equipped(pd.DataFrame({"functions": ["reading|tea", "tea", ""]}), ("reading",)).tolist()
    [True, False, False]
    """
    asked = set(functions)
    texts = _text(venues, "functions")
    answer = {text: asked <= set(re.split(r"[|\s]+", text)) for text in set(texts)}
    return pd.Series([answer[text] for text in texts], index=venues.index, name="equipped", dtype=bool)


def usable_slots(
    workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, *, standard: Standard
) -> NDArray[np.bool_]:
    """Half hours of the week in which the group can be in some venue that is open, equipped and lets it in.

    Parameters
    ----------
    workers, venues, minutes, standard
        As in `coverage`.

    Returns
    -------
    numpy.ndarray
        bool, one row a group in the order of `workers`, 336 columns from Monday 00:00.

    Examples
    --------
    >>> workers = pd.DataFrame({"free_hours": ["周一 18:00-22:00"]}, index=pd.Index(["a"], name="group_id"))
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "serves": ["everyone"], "open_hours": ["周一 9:00-20:00"]},
    ...     index=pd.Index(["x"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [12.0]})
    >>> np.flatnonzero(usable_slots(workers, venues, table, standard=Standard())[0]).tolist()
    [37, 38, 39]
    """
    near = _near_venues(workers, venues, minutes, standard=standard)
    useful = _admits(workers, venues, near.group, near.place)
    useful &= equipped(venues, standard.functions).to_numpy()[near.place]
    return _unpack(near.only(useful).union(len(workers)))


def usable_hours(
    workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, *, standard: Standard
) -> pd.Series:
    """Hours a week in which the group can use some venue.

    An hour in which two venues are open counts once: it is the union that a worker lives in.

    Parameters
    ----------
    workers, venues, minutes, standard
        As in `coverage`.

    Returns
    -------
    pandas.Series
        Hours a week on the index of `workers`; 0 for a group that the table of minutes does not know.

    Examples
    --------
    >>> workers = pd.DataFrame({"free_hours": ["周一 18:00-22:00"]}, index=pd.Index(["a"], name="group_id"))
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "serves": ["everyone"], "open_hours": ["周一 9:00-20:00"]},
    ...     index=pd.Index(["x"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [12.0]})
    >>> usable_hours(workers, venues, table, standard=Standard()).to_dict()
    {'a': 1.5}
    """
    slots = usable_slots(workers, venues, minutes, standard=standard)
    return pd.Series(slots.sum(axis=1) / 2, index=workers.index, name="usable_hours")


def reason(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    located: pd.Series,
    standard: Standard,
) -> pd.Series:
    """Why the group is not served, exactly one reason each; see `coverage` for the ladder.

    Parameters
    ----------
    workers, venues, minutes, located, standard
        As in `coverage`.

    Returns
    -------
    pandas.Series
        Ordered categorical on the index of `workers`, categories `REASONS`.

    Examples
    --------
    >>> workers = pd.DataFrame({"free_hours": ["每天 18:00-22:00"]}, index=pd.Index(["a"], name="group_id"))
    >>> venues = pd.DataFrame({"status": [], "open_hours": []}, index=pd.Index([], name="venue_id"), dtype=str)
    >>> table = pd.DataFrame({"group_id": [], "venue_id": [], "minutes": []})
    >>> located = pd.Series(True, index=workers.index)
    >>> reason(workers, venues, table, located=located, standard=Standard()).tolist()
    ['out_of_reach']
    """
    return coverage(workers, venues, minutes, located=located, standard=standard)["reason"]


def would_serve(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    sites: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    usable: NDArray[np.bool_],
    open_hours: str,
    standard: Standard,
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

    Returns
    -------
    pandas.DataFrame
        Columns ``site_id`` and ``group_id``, one row for each pair that would be served, sorted by both. Groups that
        are served, or whose position is unknown, are in no row.

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
        _renamed(minutes, "site_id"),
        usable=usable,
        proposed=proposed,
        standard=standard,
    ).rename(columns={"place_id": "site_id"})


def cheapest_opening(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    open_hours: str,
    standard: Standard,
) -> pd.DataFrame:
    """Count the workers each room would gain if it opened at the proposed hours to everybody.

    No door moves and nothing is built, so these are the cheapest remedies there are; sort by the first column to rank
    them. Each room is looked at by itself: two rooms may gain the same workers. A room that is not open to everybody
    today is opened no further than its ``shareable_hours`` allow, where it states any.

    Parameters
    ----------
    workers, venues, minutes, standard
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
    fit = venues[_in_use(venues) & equipped(venues, standard.functions).to_numpy()]
    limits = np.where(admits_everyone(fit), "", _text(fit, "shareable_hours"))
    pairs = _would_serve(
        workers,
        groups,
        fit.assign(available_hours=limits),
        _renamed(minutes, "venue_id"),
        usable=usable_slots(workers, venues, minutes, standard=standard),
        proposed=hours.parse_hours(open_hours).mask(standard.month),
        standard=standard,
    )
    pairs["n_workers"] = workers["n_workers"].reindex(pairs["group_id"]).to_numpy()
    pairs["reason"] = groups["reason"].astype(str).reindex(pairs["group_id"]).to_numpy()
    gains = {
        f"n_{why}": pairs.loc[pairs["reason"] == why].groupby("place_id")["n_workers"].sum()
        for why in ("closed", "not_shared", "no_function")
    }
    parts = pd.DataFrame({name: gain.reindex(venues.index, fill_value=0) for name, gain in gains.items()})
    parts = parts.astype("int64")
    parts.insert(0, "n_workers_gained", parts.sum(axis=1))
    return parts


def summarise(workers: pd.DataFrame, groups: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """Count workers covered, nominally and effectively, and those who fail for each reason.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column ``n_workers``.
    groups
        What `coverage` said of them.
    by
        Column to sum by: ``town_id``, ``cluster_id``, ``shift``, ``place``, ``means``, ``reason`` or any other column
        of either frame; None for the whole.

    Returns
    -------
    pandas.DataFrame
        One row a key, sorted, index named as `by` (``all`` for the whole): ``n_workers``, ``n_nominal``,
        ``n_effective``, ``share_nominal``, ``share_effective`` and ``n_<reason>`` for each of `REASONS`. Workers
        whose key is blank are a row of their own, so each column sums to the whole; those of unknown position stay in
        the denominators.

    Raises
    ------
    ValueError
        When neither frame has the column `by`, or `groups` lacks a group.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [30, 10], "town_id": ["T1", "T1"]}, index=index)
    >>> groups = pd.DataFrame({"is_nominal": True, "is_served": [True, False]}, index=index)
    >>> groups["reason"] = ["served", "closed"]
    >>> row = summarise(workers, groups, by="town_id").loc["T1"]
    >>> int(row["n_workers"]), int(row["n_effective"]), float(row["share_effective"]), int(row["n_closed"])
    (40, 30, 0.75, 10)
    """
    missing = workers.index.difference(groups.index)
    if len(missing):
        msg = f"`groups` lacks {len(missing)} groups of `workers`, the first is {missing[0]!r}"
        raise ValueError(msg)
    answer = groups.loc[workers.index]
    n = workers["n_workers"].to_numpy(np.int64)
    why = answer["reason"].astype(str).to_numpy()
    counts = {
        "n_workers": n,
        "n_nominal": n * answer["is_nominal"].to_numpy(bool),
        "n_effective": n * answer["is_served"].to_numpy(bool),
    }
    counts |= {f"n_{rung}": n * (why == rung) for rung in REASONS}
    key = _key(workers, answer, by)
    table = pd.DataFrame(counts).groupby(key, observed=False).sum()
    table.index.name = by or "all"
    for share in ("nominal", "effective"):
        ratio = table[f"n_{share}"] / table["n_workers"].where(table["n_workers"] > 0)
        table.insert(table.columns.get_loc("n_effective") + 1 + (share == "effective"), f"share_{share}", ratio)
    return table


def tally(keys: pd.Series, n_workers: pd.Series) -> dict[str, int]:
    """Sum workers by key, most first.

    Parameters
    ----------
    keys
        Town, cluster or reason of each group; blank keys count under an empty text.
    n_workers
        Workers of each group, on the same index.

    Returns
    -------
    dict of str to int
        Workers by key, by number and then by key; keys without workers are left out.

    Examples
    --------
    >>> tally(pd.Series(["T2", "T1", "T3"]), pd.Series([5, 9, 5]))
    {'T1': 9, 'T2': 5, 'T3': 5}
    """
    texts = keys.astype(object).where(keys.notna(), "")
    sums = n_workers.groupby(texts).sum()
    return {str(key): int(n) for key, n in sorted(sums.items(), key=lambda item: (-item[1], item[0])) if n > 0}


def _key(workers: pd.DataFrame, groups: pd.DataFrame, by: str | None) -> pd.Series | NDArray[np.object_]:
    if by is None:
        return np.full(len(workers), "all", dtype=object)
    if by == "reason":
        return pd.Series(pd.Categorical(groups["reason"].astype(str), categories=list(REASONS), ordered=True))
    for frame in (workers, groups):
        if by in frame:
            return _text(frame, by) if not pd.api.types.is_bool_dtype(frame[by]) else frame[by].to_numpy()
    msg = f"`by` must be town_id, cluster_id, shift, place, means, reason or another column of the frames, got {by!r}"
    raise ValueError(msg)


@dataclass(frozen=True)
class _Near:
    """Pairs within the cut-off as row numbers, sorted by group, minutes and id of the place.

    `masks` holds the distinct usable weeks, packed; `mask` says which of them is a pair's.
    """

    group: NDArray[np.intp]
    place: NDArray[np.intp]
    minutes: NDArray[np.float64]
    mask: NDArray[np.intp]
    masks: NDArray[np.uint64]

    def only(self, keep: NDArray[np.bool_]) -> _Near:
        """Return the pairs that are kept; the order stays."""
        return _Near(self.group[keep], self.place[keep], self.minutes[keep], self.mask[keep], self.masks)

    def first(self) -> NDArray[np.intp]:
        """Position of each group's nearest pair."""
        return np.flatnonzero(np.r_[True, self.group[1:] != self.group[:-1]][: len(self.group)])

    def union(self, n_groups: int) -> NDArray[np.uint64]:
        """Packed weeks of all groups, each the union over its pairs."""
        out = np.zeros((n_groups, _WORDS), dtype=np.uint64)
        starts = self.first()
        if len(starts):
            out[self.group[starts]] = np.bitwise_or.reduceat(self.masks[self.mask], starts, axis=0)
        return out


@dataclass(frozen=True)
class _Weeks:
    """Distinct weekly masks, and which of them is each row's; the last one is the empty week of a missing text."""

    number: NDArray[np.intp]
    masks: NDArray[np.bool_]


def _near_venues(workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, *, standard: Standard) -> _Near:
    opening = _weeks(venues, "open_hours", standard.month)
    near = _near(workers, venues, _renamed(minutes, "venue_id"), opening, standard=standard)
    return near.only(_in_use(venues)[near.place])


def _near(
    workers: pd.DataFrame, places: pd.DataFrame, minutes: pd.DataFrame, opening: _Weeks, *, standard: Standard
) -> _Near:
    """Pairs of `minutes` within the standard, each with the half hours that can be used there."""
    for name, index in (("workers", workers.index), ("places", places.index)):
        if not index.is_unique:
            msg = f"the index of `{name}` repeats the id {index[index.duplicated()][0]!r}"
            raise ValueError(msg)
    group = workers.index.get_indexer(minutes["group_id"])
    place = places.index.get_indexer(minutes["place_id"])
    took = minutes["minutes"].to_numpy(np.float64)
    keep = (group >= 0) & (place >= 0) & (took <= _limits(minutes, standard.cutoff_min) + _ROUNDING_MIN)
    group, place, took = group[keep], place[keep], took[keep]
    rank = np.argsort(np.argsort(places.index.to_numpy(dtype=object), kind="stable"))
    order = np.lexsort((rank[place], took, group))
    group, place, took = group[order], place[order], took[order]
    free = _weeks(workers, "free_hours", standard.month)
    mask, masks = _usable(free.number[group], free.masks, took, opening.number[place], opening.masks)
    return _Near(group, place, took, mask, masks)


def _usable(
    free: NDArray[np.intp],
    free_masks: NDArray[np.bool_],
    took: NDArray[np.float64],
    opening: NDArray[np.intp],
    open_masks: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
    """Half hours usable by each pair: number of the packed week, and the distinct packed weeks."""
    way = np.ceil((took - _ROUNDING_MIN) / 30).clip(min=0).astype(np.intp)
    longest = int(way.max(initial=0)) + 1
    spells, spell = np.unique(free * longest + way, return_inverse=True)
    left = np.zeros((len(spells), hours.SLOTS), dtype=bool)
    for slots in np.unique(spells % longest):
        rows = spells % longest == slots
        left[rows] = hours.shrink(free_masks[spells[rows] // longest], int(slots))
    pairs, mask = np.unique(spell * len(open_masks) + opening, return_inverse=True)
    return mask, _pack(left)[pairs // len(open_masks)] & _pack(open_masks)[pairs % len(open_masks)]


def _would_serve(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    sites: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    usable: NDArray[np.bool_],
    proposed: NDArray[np.bool_],
    standard: Standard,
) -> pd.DataFrame:
    unserved = ~_aligned(groups["reason"], workers.index, "groups").isin(["served", "unknown"]).to_numpy()
    offered = _offered(sites, proposed, standard.month)
    near = _near(workers[unserved], sites, minutes, offered, standard=standard)
    enough = _hours(near.masks[near.mask] | _pack(usable[unserved])[near.group]) >= standard.min_hours_per_week
    pairs = pd.DataFrame(
        {
            "place_id": sites.index.to_numpy(dtype=object)[near.place[enough]],
            "group_id": workers.index[unserved].to_numpy(dtype=object)[near.group[enough]],
        }
    )
    return pairs.drop_duplicates().sort_values(["place_id", "group_id"], ignore_index=True)


def _offered(sites: pd.DataFrame, proposed: NDArray[np.bool_], month: int) -> _Weeks:
    """Weeks in which each site would be open to every worker."""
    today = _weeks(sites, "open_hours", month)
    limit = _weeks(sites, "available_hours", month)
    limit.masks[-1] = True
    weeks = (today.masks[today.number] | proposed) & limit.masks[limit.number]
    masks, number = np.unique(weeks, axis=0, return_inverse=True)
    return _Weeks(number.astype(np.intp).reshape(-1), masks)


def _admits(
    workers: pd.DataFrame, venues: pd.DataFrame, group: NDArray[np.intp], venue: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """The rule of `admits`, on row numbers."""
    serves = _text(venues, "serves")[venue]
    owner, employer = _text(venues, "employer_id")[venue], _text(workers, "employer_id")[group]
    all_women, all_young = (_is_whole(workers, part)[group] for part in ("n_women", "n_under_35"))
    return np.asarray(
        admits_everyone(venues).to_numpy()[venue]
        | ((serves == "own_staff") & (owner != "") & (owner == employer))
        | ((serves == "women") & all_women)
        | ((serves == "youth") & all_young),
        dtype=bool,
    )


def _is_whole(workers: pd.DataFrame, part: str) -> NDArray[np.bool_]:
    if part not in workers or "n_workers" not in workers:
        return np.zeros(len(workers), dtype=bool)
    n = workers["n_workers"].to_numpy(np.float64)
    return np.asarray(workers[part].to_numpy(np.float64, na_value=np.nan) == n, dtype=bool)


def _in_use(venues: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray(_text(venues, "status") == "open", dtype=bool)


def _limits(minutes: pd.DataFrame, cutoff_min: Mapping[str, float]) -> NDArray[np.float64]:
    """Cut-off of each row in minutes; a mode without one cannot be used."""
    if "mode" not in minutes:
        return np.full(len(minutes), np.inf)
    by_mode = minutes["mode"].astype(object).map(dict(cutoff_min))
    return np.asarray(by_mode.to_numpy(np.float64, na_value=np.nan))


def _weeks(frame: pd.DataFrame, column: str, month: int) -> _Weeks:
    texts = pd.Series(_text(frame, column), index=frame.index, dtype=object)
    number, masks = hours.masks(texts, month=month)
    never = np.zeros((1, hours.SLOTS), dtype=bool)
    return _Weeks(np.where(number < 0, len(masks), number).astype(np.intp), np.concatenate([masks, never]))


def _pack(masks: NDArray[np.bool_]) -> NDArray[np.uint64]:
    padded = np.zeros((len(masks), _WORDS * 64), dtype=bool)
    padded[:, : hours.SLOTS] = masks
    return np.packbits(padded, axis=1).view(np.uint64)


def _unpack(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    return np.unpackbits(words.view(np.uint8), axis=1, count=hours.SLOTS).astype(bool)


def _hours(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    return np.asarray(np.bitwise_count(words).sum(axis=1) / 2, dtype=np.float64)


def _renamed(minutes: pd.DataFrame, place_name: str) -> pd.DataFrame:
    return minutes.rename(columns={place_name: "place_id"})


def _text(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Texts of a column, empty where missing or where the frame has no such column."""
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    return np.asarray(frame[column].astype(object).where(frame[column].notna(), ""), dtype=object)


def _aligned(series: pd.Series, index: pd.Index, name: str) -> pd.Series:
    missing = index.difference(series.index)
    if len(missing):
        msg = f"`{name}` lacks {len(missing)} groups of `workers`, the first is {missing[0]!r}"
        raise ValueError(msg)
    return series.loc[index]
