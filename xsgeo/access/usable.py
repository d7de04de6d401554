"""Usable time told as time: not only whether it is enough, but when it is, and how long one can stay.

Two groups with six usable hours a week can live very different weeks: six evenings, or one Sunday. The measures here
are all of the half hours that `coverage` counts, so they cannot contradict it. The longest stay is of one venue, not of
the union: whoever leaves a room that shuts for another that opens has not stayed.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access.admission import admits_pairs, equipped, meets_pairs
from xsgeo.access.ladder import in_use
from xsgeo.access.masks import (
    DAY,
    Cells,
    Sailings,
    Timetable,
    find_cells,
    find_pairs,
    find_patterns,
    find_timetable,
    unpack,
)
from xsgeo.hours.calendar import Calendar, week_of
from xsgeo.hours.week import SLOT_MIN
from xsgeo.settings import Standard

EVENING_SLOT = 34
"""An evening begins at 17:00."""

EVENING_SLOTS = 2
"""An evening needs an hour: a half hour after the way there is not one out."""

_WEEKEND_SLOT = 5 * DAY


def usable_slots(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    on: date | None = None,
    calendar: Calendar | None = None,
) -> NDArray[np.bool_]:
    """Half hours of the week in which the group can be in some venue that is open, equipped and lets it in.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings, on, calendar
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
    cells, times = _useful(
        workers, venues, minutes, standard=standard, needs=needs, sailings=sailings, calendar=calendar
    )
    return unpack(cells.union(times.week(standard, on).usable(cells.patterns))[:, 0])


def usable_hours(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    on: date | None = None,
    calendar: Calendar | None = None,
) -> pd.Series:
    """Hours a week in which the group can use some venue.

    An hour in which two venues are open counts once: it is the union that a worker lives in.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings, on, calendar
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
    slots = usable_slots(
        workers, venues, minutes, standard=standard, needs=needs, sailings=sailings, on=on, calendar=calendar
    )
    return pd.Series(slots.sum(axis=1) / 2, index=workers.index, name="usable_hours")


def usable_time(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    on: date | None = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """When in the week a group can use some venue, and for how long at a stretch.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings, on, calendar
        As in `coverage`.

    Returns
    -------
    pandas.DataFrame
        On the index of `workers`: ``usable_hours`` a week, ``weekday_hours`` and ``weekend_hours`` of them (Monday to
        Friday, Saturday and Sunday, whatever kind of days they are), ``evenings``, days with an hour or more after
        17:00, and ``longest_stay_min``, the longest stretch in one venue.

    Examples
    --------
    >>> workers = pd.DataFrame(
    ...     {"free_hours": ["周一至周六 18:00-22:00；周日 8:00-22:00"]}, index=pd.Index(["a"], name="group_id")
    ... )
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "everyone", "open_hours": ["周一至周五 9:00-20:00", "周日 9:00-12:00"]},
    ...     index=pd.Index(["x", "y"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": "a", "venue_id": ["x", "y"], "minutes": 12.0})
    >>> usable_time(workers, venues, table, standard=Standard()).loc["a"].to_dict()
    {'usable_hours': 10.5, 'weekday_hours': 7.5, 'weekend_hours': 3.0, 'evenings': 5.0, 'longest_stay_min': 180.0}
    """
    cells, times = _useful(
        workers, venues, minutes, standard=standard, needs=needs, sailings=sailings, calendar=calendar
    )
    week = times.week(standard, on)
    weeks = week.usable(cells.patterns)
    slots = unpack(cells.union(weeks)[:, 0])
    return pd.DataFrame(
        {
            "usable_hours": slots.sum(axis=1) / 2,
            "weekday_hours": slots[:, :_WEEKEND_SLOT].sum(axis=1) / 2,
            "weekend_hours": slots[:, _WEEKEND_SLOT:].sum(axis=1) / 2,
            "evenings": evenings(slots),
            "longest_stay_min": cells.longest(weeks, is_ring=week.is_ring) * SLOT_MIN,
        },
        index=workers.index,
    )


def evenings(slots: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Days of each week with an hour or more after 17:00, not necessarily at one stretch.

    Parameters
    ----------
    slots
        Weeks as of `usable_slots`, shape (n, 336).

    Returns
    -------
    numpy.ndarray
        0 to 7 for each week.

    Examples
    --------
    >>> week = np.zeros((1, 336), dtype=bool)
    >>> week[0, [34, 40, 34 + 48]] = True
    >>> evenings(week).tolist()
    [1]
    """
    after = slots.reshape(len(slots), 7, DAY)[:, :, EVENING_SLOT:]
    return np.asarray((after.sum(axis=2) >= EVENING_SLOTS).sum(axis=1), dtype=np.intp)


def usable_by_week(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    weeks: list[date],
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Usable hours of each group in each of many weeks of dates: what holidays, seasons and typhoons do to a year.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings, calendar
        As in `coverage`.
    weeks
        A date of each week.

    Returns
    -------
    pandas.DataFrame
        Hours on the index of `workers`, a column for each week, named by its Monday.

    Raises
    ------
    CalendarError
        When a week lies in a year whose public holidays are not known.

    Examples
    --------
    The week of National Day against the one before it.

    >>> workers = pd.DataFrame({"free_hours": ["每天 18:00-22:00"]}, index=pd.Index(["a"], name="group_id"))
    >>> venues = pd.DataFrame(
    ...     {"status": ["open"], "serves": ["everyone"], "open_hours": ["每天 18:00-21:00（节假日除外）"]},
    ...     index=pd.Index(["x"], name="venue_id"),
    ... )
    >>> table = pd.DataFrame({"group_id": ["a"], "venue_id": ["x"], "minutes": [12.0]})
    >>> days = [date(2026, 9, 16), date(2026, 9, 30)]
    >>> usable_by_week(workers, venues, table, standard=Standard(), weeks=days).loc["a"].tolist()
    [17.5, 7.5]
    """
    cells, times = _useful(
        workers, venues, minutes, standard=standard, needs=needs, sailings=sailings, calendar=calendar
    )
    columns = {}
    for day in weeks:
        words = cells.union(times.date(day).usable(cells.patterns))[:, 0]
        columns[week_of(day)[0]] = np.bitwise_count(words).sum(axis=1) / 2
    return pd.DataFrame(columns, index=workers.index)


def _useful(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    needs: pd.DataFrame | None,
    sailings: Sailings | None,
    calendar: Calendar | None,
) -> tuple[Cells, Timetable]:
    """Cells of the ways that end at a door which is in use, admits the group and has what it needs."""
    near = find_pairs(workers, venues, minutes)
    near = near.only(near.are_within(standard.cutoff_min))
    keep = in_use(venues)[near.place] & equipped(venues, standard.functions).to_numpy()[near.place]
    keep &= admits_pairs(workers, venues, near.group, near.place)
    keep &= meets_pairs(workers, venues, near.group, near.place, needs)
    near = near.only(keep)
    times = find_timetable(workers, venues, near, sailings=sailings, calendar=calendar)
    level = np.zeros(len(near.group), dtype=np.intp)
    patterns = find_patterns(near, times.of_group, times.of_place)
    return find_cells(near.group, level, patterns, n_groups=len(workers), n_levels=1), times
