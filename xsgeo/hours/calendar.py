"""Which hours hold on a date: holidays, make-up workdays, the fishing moratorium, typhoons, rooms shut for a while.

A weekly mask answers for an ordinary week. A planner who asks about the first of October asks about a week that has no
ordinary day in it, so a date is resolved here by itself: its month gives the season, and its kind the hours.

* ``holiday``: a day of a break as the State Council announces it. The break is the whole run of days off round a
  festival, weekends that join it included (放假调休共8天), and the record's holiday hours hold.
* ``make_up``: a Saturday or Sunday worked in exchange for a day of a break. The hours of the weekday it stands in for
  hold, of rooms and of shifts alike. The notices do not pair such days; the pairs are those of the package `holidays`.
* ``weekend`` and ``workday``: the weekday's hours hold.

The days come from `holidays`, which takes up the State Council's notice year by year; opening-hours-py knows festival
days alone and is wrong on 19 days of 2026. A year whose notice is not in is refused: the package would answer with bare
festival days, and no make-up day would be known to be missing. The last days of December are refused with it, because
a notice has often moved them (29 December 2018 was a workday by the notice of 2019).

Hours that run past midnight belong, from midnight on, to the next date, and are kept or lost by what that date is.

The moratorium is that of 26°30'N to 35°N, where Xiangshan fishes: the notice of the Ministry of Agriculture and Rural
Affairs of 2021 (the same dates in 2018 and 2023) closes it from 1 May 12:00 to 16 September 12:00, and to 1 August
12:00 for beam trawls for shrimp, pots, gillnets and light purse seines. 1,377 of the county's 2,928 boats sailed on a
first of August, 47%; typhoons put the end off to 20 September in 2024. A stage holds on a date when it holds at noon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from xsgeo.errors import CalendarError
from xsgeo.hours.week import MONTHS, SLOTS_PER_DAY, Hours

_T = TypeVar("_T")

DayKind = Literal["workday", "make_up", "weekend", "holiday"]
DAY_KINDS: tuple[DayKind, ...] = ("workday", "make_up", "weekend", "holiday")

DAY_ROWS = 14
"""Rows of a table of days: seven weekdays, Monday first, and a public holiday on each of them."""

_DAY = timedelta(days=1)
_NEXT_NOTICE = (12, 26)  # from here on the notice of the next year may speak of a date
_HOLIDAY = 7


def _month_day(name: str, text: object) -> None:
    try:
        date.fromisoformat(f"2000-{text}")
    except ValueError:
        msg = f"{name} must be a month and a day as MM-DD, got {text!r}"
        raise ValueError(msg) from None


def _date(name: str, value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        msg = f"{name} must hold dates as YYYY-MM-DD, got {value!r}"
        raise ValueError(msg) from None


def _record(kind: type[_T], value: object) -> _T:
    if isinstance(value, kind):
        return value
    if isinstance(value, Mapping):
        return kind(**value)
    msg = f"{kind.__name__} must be given as a table, got {value!r}"
    raise ValueError(msg)


@dataclass(frozen=True)
class Stage:
    """A stage of the fishing moratorium, the same dates every year.

    Attributes
    ----------
    stage_id
        Short name.
    name, name_en
        How planners call it.
    first, last
        First date it holds, and the last, as ``MM-DD``.
    source
        Where the dates come from.
    """

    stage_id: str
    name: str
    name_en: str
    first: str
    last: str
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("first", "last"):
            _month_day(name, getattr(self, name))
        if self.first > self.last:
            msg = f"first must not be after last, got {self.first} and {self.last}"
            raise ValueError(msg)


_NOTICE = "农业农村部关于调整海洋伏季休渔制度的通告（2021、2023），北纬26度30分至35度"

MORATORIUM = (
    Stage("all_gear", "伏季休渔（全部作业）", "fishing moratorium, all gear", "05-01", "07-31", _NOTICE),
    Stage("most_gear", "伏季休渔（拖网等）", "fishing moratorium, trawls and others", "08-01", "09-15", _NOTICE),
)
"""Stages of the fishing moratorium off Xiangshan, by the noon of each date."""


@dataclass(frozen=True)
class Closure:
    """A venue shut for a stretch of dates.

    Attributes
    ----------
    venue_id
        The venue.
    first, last
        First and last date it is shut.
    """

    venue_id: str
    first: date
    last: date

    def __post_init__(self) -> None:
        for name in ("first", "last"):
            object.__setattr__(self, name, _date(f"closures.{name}", getattr(self, name)))
        if self.first > self.last:
            msg = f"first must not be after last, got {self.first} and {self.last}"
            raise ValueError(msg)


@dataclass(frozen=True)
class Calendar:
    """What a study says of its dates, beside the public holidays that hold for everybody.

    Attributes
    ----------
    moratorium
        Stages of the fishing moratorium.
    typhoon_stops
        Dates on which a typhoon keeps boats in harbour and every ferry off, whether or not a gale would stop it.
    closures
        Venues shut for a while.

    Dates may be given as ``YYYY-MM-DD``, and stages and closures as mappings, the way ``study.toml`` holds them.

    Examples
    --------
    >>> calendar = Calendar(typhoon_stops=("2026-08-12",))
    >>> calendar.stage_on(date(2026, 5, 1)).stage_id, calendar.stage_on(date(2026, 9, 16))
    ('all_gear', None)
    >>> calendar.is_stopped(date(2026, 8, 12))
    True
    """

    moratorium: tuple[Stage, ...] = MORATORIUM
    typhoon_stops: tuple[date, ...] = ()
    closures: tuple[Closure, ...] = field(default=())

    def __post_init__(self) -> None:
        stages = tuple(_record(Stage, s) for s in self.moratorium)
        stops = tuple(sorted(_date("typhoon_stops", d) for d in self.typhoon_stops))
        closures = tuple(_record(Closure, c) for c in self.closures)
        for name, value in (("moratorium", stages), ("typhoon_stops", stops), ("closures", closures)):
            object.__setattr__(self, name, value)

    def stage_on(self, day: date) -> Stage | None:
        """Stage of the moratorium that holds on a date, None at open season."""
        return next((s for s in self.moratorium if s.first <= f"{day:%m-%d}" <= s.last), None)

    def is_stopped(self, day: date) -> bool:
        """Whether a typhoon keeps boats in harbour and ferries off."""
        return day in self.typhoon_stops

    def closed_on(self, day: date) -> frozenset[str]:
        """Venues that are shut on a date."""
        return frozenset(c.venue_id for c in self.closures if c.first <= day <= c.last)


def day_kind(day: date) -> DayKind:
    """Say what kind of day a date is in China.

    Parameters
    ----------
    day
        The date.

    Returns
    -------
    str
        One of `DAY_KINDS`.

    Raises
    ------
    CalendarError
        When no notice of holidays is known that would tell.

    Examples
    --------
    >>> [day_kind(date(2026, 10, d)) for d in (3, 8, 10, 11)]
    ['holiday', 'workday', 'make_up', 'weekend']
    """
    if _is_break(day):
        return "holiday"
    if day in _year(day.year).worked:
        return "make_up"
    return "weekend" if day.weekday() > 4 else "workday"


def worked_as(day: date) -> int:
    """Weekday whose hours hold on a date, 0 is Monday: its own, or the one that a make-up day stands in for.

    Parameters
    ----------
    day
        The date.

    Raises
    ------
    CalendarError
        When no notice of holidays is known that would tell.

    Examples
    --------
    On Saturday, 10 October 2026 the hours of Wednesday hold, the 7th having been taken off.

    >>> worked_as(date(2026, 10, 10))
    2
    """
    return _year(day.year).worked.get(day, day).weekday() if day_kind(day) == "make_up" else day.weekday()


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week that holds a date.

    Examples
    --------
    >>> [f"{d:%m-%d}" for d in week_of(date(2026, 10, 3))][::6]
    ['09-28', '10-04']
    """
    monday = day - day.weekday() * _DAY
    return [monday + n * _DAY for n in range(7)]


def day_table(hours: Hours) -> NDArray[np.bool_]:
    """Lay out what a record of hours says of every kind of day.

    Parameters
    ----------
    hours
        The record.

    Returns
    -------
    numpy.ndarray
        bool, shape (12, 14, 48): month, weekday (0 to 6) or holiday on that weekday (7 to 13), half hour.

    Examples
    --------
    >>> from xsgeo.hours import parse_hours
    >>> int(day_table(parse_hours("周一至周五 9:00-17:00"))[0, 0].sum())
    16
    """
    table = np.empty((MONTHS, DAY_ROWS, SLOTS_PER_DAY), dtype=bool)
    for month in range(1, MONTHS + 1):
        table[month - 1, :_HOLIDAY] = hours.mask(month).reshape(7, SLOTS_PER_DAY)
        for weekday in range(7):
            table[month - 1, _HOLIDAY + weekday] = hours.holiday_mask(month, weekday)
    return table


def day_rows(days: Sequence[date]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each date stands in a table of days.

    Parameters
    ----------
    days
        The dates.

    Returns
    -------
    month, row : numpy.ndarray
        First and second index of `day_table`.

    Raises
    ------
    CalendarError
        When no notice of holidays is known that would tell.

    Examples
    --------
    >>> [part.tolist() for part in day_rows([date(2026, 10, 7), date(2026, 10, 10)])]
    [[9, 9], [9, 2]]
    """
    rows = [worked_as(day) + _HOLIDAY * (day_kind(day) == "holiday") for day in days]
    return np.array([day.month - 1 for day in days], dtype=np.intp), np.array(rows, dtype=np.intp)


def day_on(hours: Hours, day: date) -> NDArray[np.bool_]:
    """Half hours that hold on a date.

    Parameters
    ----------
    hours
        What a text of hours means.
    day
        The date; its month is its season.

    Returns
    -------
    numpy.ndarray
        bool, shape (48,), slot 0 is 00:00-00:30.

    Raises
    ------
    CalendarError
        When no notice of holidays is known that would tell.

    Examples
    --------
    >>> from xsgeo.hours import parse_hours
    >>> palace = parse_hours("周一至周五 8:00-17:00，节假日除外")
    >>> [int(day_on(palace, date(2026, 10, d)).sum()) / 2 for d in (7, 8, 10, 11)]
    [0.0, 9.0, 9.0, 0.0]
    """
    return np.asarray(day_table(hours)[day_rows([day])][0], dtype=bool)


def week_on(hours: Hours, day: date) -> NDArray[np.bool_]:
    """Half hours that hold in the week of a date, each day by what it is.

    Parameters
    ----------
    hours
        What a text of hours means.
    day
        Any date of the week.

    Returns
    -------
    numpy.ndarray
        bool, shape (336,), slot 0 is Monday 00:00-00:30.

    Raises
    ------
    CalendarError
        When no notice of holidays is known that would tell.

    Examples
    --------
    >>> from xsgeo.hours import parse_hours, to_spans
    >>> to_spans(week_on(parse_hours("周一至周五 8:00-17:00，节假日 9:00-12:00"), date(2026, 10, 5)))
    '周一至周三 09:00-12:00；周四至周六 08:00-17:00'
    """
    return np.asarray(day_table(hours)[day_rows(week_of(day))].reshape(-1), dtype=bool)


@dataclass(frozen=True)
class _Year:
    """Days taken off in a year, and days worked instead with the day each stands in for."""

    off: frozenset[date]
    worked: Mapping[date, date]


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    from holidays import country_holidays

    country = country_holidays("CN", years=[year])
    notices: Mapping[int, Iterable[tuple[Any, ...]]] = country.special_public_holidays
    if year not in notices:
        raise CalendarError(year, max(notices))
    # An exchange is told as the day off and the day worked: month, day, month, day and, where it is another, its year.
    pairs = [entry for n in (year, year + 1) for entry in _exchanges(n, notices.get(n, ()))]
    return _Year(frozenset(country), {worked: off for off, worked in pairs if worked.year == year})


def _exchanges(year: int, entries: Iterable[tuple[Any, ...]]) -> Iterable[tuple[date, date]]:
    for entry in entries:
        if len(entry) >= 4:
            month, day, other_month, other_day, *other_year = entry
            yield date(year, month, day), date(other_year[0] if other_year else year, other_month, other_day)


@lru_cache(maxsize=8192)
def _is_break(day: date) -> bool:
    """Whether the run of days off that holds a date holds a festival."""
    if (day.month, day.day) >= _NEXT_NOTICE:
        _year(day.year + 1)
    if not _is_off(day):
        return False
    run = [day]
    for step in (-_DAY, _DAY):
        one = day + step
        while _is_off(one):
            run.append(one)
            one += step
    return any(one in _year(one.year).off for one in run)


def _is_off(day: date) -> bool:
    known = _year(day.year)
    return day in known.off or (day.weekday() > 4 and day not in known.worked)
