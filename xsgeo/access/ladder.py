"""The ladder: who is served, nominally and effectively, and exactly one reason for everybody else.

What does not depend on the week is found once for a table of minutes and a standard (`Case`): which ways lie within the
cut-off, what each door means to its group, and the patterns of their hours. A week is then judged at the cost of one
look-up, so that twelve months of a county take little longer than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access.admission import admits_pairs, equipped, meets_pairs, parts_of_pairs
from xsgeo.access.masks import (
    Cells,
    Pairs,
    Sailings,
    Timetable,
    aligned,
    count_hours,
    find_cells,
    find_pairs,
    find_patterns,
    find_timetable,
    text,
)
from xsgeo.hours.calendar import Calendar
from xsgeo.settings import Standard

REASONS = ("unknown", "out_of_reach", "closed", "not_shared", "no_function", "crowded", "served")
"""Rungs of the ladder, in the order they are tried; the last one is no complaint."""

_NEAR, _ADMITTED, _USEFUL, _WOMEN, _YOUNG = range(5)
_PARTS = {"n_women": _WOMEN, "n_under_35": _YOUNG}


def coverage(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    located: pd.Series,
    standard: Standard,
    seated: pd.Series | None = None,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    on: date | None = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Say who is served, nominally and effectively, and what stands in the way of the others.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``free_hours``, ``employer_id``, and ``n_women``,
        ``n_under_35`` and ``cluster_id`` where known.
    venues
        Plaques, index ``venue_id``; columns ``status``, ``serves``, ``share_terms``, ``employer_id``, ``open_hours``,
        ``functions``. Only those whose status is ``open`` count.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, unless it has been cut already, ``mode``. Where there
        are, ``minutes_back``, the way home, and ``ferries``, the boats on the way there or back, parted by ``|``; a
        venue that is reached by boat and dry has a row for each.
    located
        Whether a group's position is known well enough to travel from, bool on the index of `workers`.
    standard
        Cut-off by mode, hours a week, functions, month, and the share of a group that must find a seat.
    seated
        Share of each group, 0 to 1, that finds a seat, on the index of `workers`; everybody does when None, and where
        it is missing.
    needs
        What a venue must have for a cluster, as in `meets_needs`; nothing when None.
    sailings
        Half hours of the week in which each ferry serves, bool of shape (336,) by id; all of them when None. A way by
        boat counts from the first sailing of the day to the last one home.
    on
        A date: its week is judged, with its holidays, make-up days and season, in place of an ordinary one of the
        standard's month.
    calendar
        Typhoon stops and closures of the study; they matter with `on` alone.

    Returns
    -------
    pandas.DataFrame
        On the index of `workers`: ``nearest_venue_id`` (empty where none), ``nearest_min``, ``is_nominal``,
        ``usable_hours`` a week (missing where the position is unknown), ``is_served``, ``reason`` (categorical, in the
        order of `REASONS`), ``n_near`` venues within the cut-off, ``n_near_without_hours``, those of them whose
        opening hours nobody has written down (they are near, and never open), and ``n_admitted``, workers of the group
        who have the standard's hours in equipped venues that admit *them*: the whole group, or its women in women's
        homes or its young in youth homes, whichever are more. Seats are not asked after.

    Raises
    ------
    ValueError
        When an index repeats an id, `located` or `seated` does not know every group, or `sailings` not every ferry.
    CalendarError
        When `on` lies in a year whose public holidays are not known.

    Notes
    -----
    The ladder, from the top; the first rung that fails is the reason::

        unknown       the position is not known, or lies too far from the network
        out_of_reach  no open venue within the cut-off
        closed        all venues within the cut-off together are open in too few of the group's free hours
        not_shared    those that admit the group are
        no_function   those that admit it and have every function asked for are
        crowded       too small a share of the group finds a seat there
        served        none of these

    A half hour of ``free & boats`` counts when the group has been free, and the boats on the way in service, since it
    set out, and will be until it is back: the run of such half hours loses the way there at its start and the way back
    at its end, each rounded up to half hours. What is left is usable where the venue is open.

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
    pairs = find_pairs(workers, venues, minutes)
    times = find_timetable(workers, venues, pairs, sailings=sailings, calendar=calendar)
    case = find_case(workers, venues, pairs, times, located=located, standard=standard, needs=needs)
    judged = case.judge(times.week(standard, on).usable(case.cells.patterns), seated)
    return pd.DataFrame(
        {
            "nearest_venue_id": case.nearest_id,
            "nearest_min": case.nearest_min,
            "is_nominal": case.n_near > 0,
            "usable_hours": judged.usable_hours,
            "is_served": judged.rung == len(REASONS) - 1,
            "reason": pd.Categorical.from_codes(judged.rung, categories=list(REASONS), ordered=True),
            "n_near": case.n_near,
            "n_near_without_hours": case.n_near_without_hours,
            "n_admitted": judged.n_admitted,
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


def reason(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    located: pd.Series,
    standard: Standard,
    seated: pd.Series | None = None,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    on: date | None = None,
    calendar: Calendar | None = None,
) -> pd.Series:
    """Why the group is not served, exactly one reason each; see `coverage` for the ladder.

    Parameters
    ----------
    workers, venues, minutes, located, standard, seated, needs, sailings, on, calendar
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
    return coverage(
        workers,
        venues,
        minutes,
        located=located,
        standard=standard,
        seated=seated,
        needs=needs,
        sailings=sailings,
        on=on,
        calendar=calendar,
    )["reason"]


@dataclass(frozen=True)
class Judged:
    """What one week comes to: rung, usable hours and workers admitted of each group, in the order of the groups."""

    rung: NDArray[np.intp]
    usable_hours: NDArray[np.float64]
    n_admitted: NDArray[np.int64]


@dataclass(frozen=True)
class Case:
    """A table of minutes by one standard, whatever the week; all arrays are in the order of the groups.

    `counts` are workers by whom a door may be meant for; zero where nobody counted them.
    """

    index: pd.Index
    standard: Standard
    known: NDArray[np.bool_]
    n_near: NDArray[np.intp]
    n_near_without_hours: NDArray[np.intp]
    nearest_id: NDArray[np.object_]
    nearest_min: NDArray[np.float64]
    counts: dict[str, NDArray[np.int64]]
    cells: Cells

    def judge(self, weeks: NDArray[np.uint64], seated: pd.Series | None = None) -> Judged:
        """Climb the ladder in a week, given the usable week of each pattern of the cells."""
        union = self.cells.union(weeks)
        useful = union[:, _USEFUL]
        usable = count_hours(useful)
        open_to_them = count_hours(union[:, _ADMITTED] | useful)
        everything = count_hours(np.bitwise_or.reduce(union, axis=1))
        enough = self.standard.min_hours_per_week
        fails = [~self.known, self.n_near == 0, everything < enough, open_to_them < enough, usable < enough]
        fails.append(self._crowded_out(seated))
        rung = np.select(fails, list(range(len(fails))), default=len(fails))
        admitted = self.counts["n_workers"] * (usable >= enough)
        for column, level in _PARTS.items():
            served = count_hours(union[:, level] | useful) >= enough
            admitted = np.maximum(admitted, self.counts[column] * served)
        return Judged(rung.astype(np.intp), np.where(self.known, usable, np.nan), admitted)

    def _crowded_out(self, seated: pd.Series | None) -> NDArray[np.bool_]:
        if seated is None:
            return np.zeros(len(self.index), dtype=bool)
        share = aligned(seated, self.index, "seated").to_numpy(np.float64, na_value=np.nan)
        return np.asarray(share < self.standard.min_seated_share, dtype=bool)


def find_case(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    pairs: Pairs,
    times: Timetable,
    *,
    located: pd.Series,
    standard: Standard,
    needs: pd.DataFrame | None = None,
) -> Case:
    """Find what does not depend on the week: who is near what, and what it means to them.

    Parameters
    ----------
    workers, venues, located, standard, needs
        As in `coverage`.
    pairs
        Ways from `workers` to `venues`, uncut.
    times
        Hours of both.
    """
    n = len(workers)
    known = aligned(located, workers.index, "located").to_numpy(bool)
    near = pairs.only(pairs.are_within(standard.cutoff_min) & known[pairs.group] & in_use(venues)[pairs.place])
    doors = near.only(near.doors())
    first = near.first()
    nearest_id = np.full(n, "", dtype=object)
    nearest_id[near.group[first]] = venues.index.to_numpy(dtype=object)[near.place[first]]
    nearest = np.full(n, np.nan)
    nearest[near.group[first]] = near.minutes[first]
    unwritten = (text(venues, "open_hours") == "")[doors.place]
    patterns = find_patterns(near, times.of_group, times.of_place)
    level = _levels(workers, venues, near, standard=standard, needs=needs)
    return Case(
        index=workers.index,
        standard=standard,
        known=known,
        n_near=np.bincount(doors.group, minlength=n),
        n_near_without_hours=np.bincount(doors.group[unwritten], minlength=n),
        nearest_id=nearest_id,
        nearest_min=nearest,
        counts={c: _counts(workers, c) for c in ("n_workers", *_PARTS)},
        cells=find_cells(near.group, level, patterns, n_groups=n, n_levels=5),
    )


def _levels(
    workers: pd.DataFrame, venues: pd.DataFrame, near: Pairs, *, standard: Standard, needs: pd.DataFrame | None
) -> NDArray[np.intp]:
    """What the door at the end of each way means to the group."""
    admitted = admits_pairs(workers, venues, near.group, near.place)
    fit = equipped(venues, standard.functions).to_numpy()[near.place]
    fit &= meets_pairs(workers, venues, near.group, near.place, needs)
    level = np.where(admitted, np.where(fit, _USEFUL, _ADMITTED), _NEAR)
    for column, admits_part in parts_of_pairs(venues, near.place, admitted).items():
        level[admits_part & fit] = _PARTS[column]
    return np.asarray(level, dtype=np.intp)


def in_use(venues: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each venue is open at all: neither closed nor planned.

    Examples
    --------
    >>> in_use(pd.DataFrame({"status": ["open", "planned"]})).tolist()
    [True, False]
    """
    return np.asarray(text(venues, "status") == "open", dtype=bool)


def _counts(workers: pd.DataFrame, column: str) -> NDArray[np.int64]:
    if column not in workers:
        return np.zeros(len(workers), dtype=np.int64)
    counted = np.nan_to_num(workers[column].to_numpy(np.float64, na_value=np.nan))
    return np.asarray(counted, dtype=np.int64)
