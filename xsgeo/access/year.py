"""The year: twelve ordinary weeks, each weighed by who is there in that month.

The county breathes with its seasons. Crews are ashore from May to September and mostly at sea in October; hotels take
on people in July; at the Spring Festival half the factories stand. ``month_weights`` of a cluster say how many of its
workers are present in each month against the mid figure, and the year's share is of workers *present*, month by month,
so a room for fishermen that opens in the moratorium alone can be worth a good deal, and one open in October little.

Weights are of months. On a date, two things are known better: crews (shift ``ashore``) are all in harbour when a
typhoon stops the boats, and a month that the end of a moratorium stage cuts in two is on each side like the month
beyond. A group whose hours name no hour of the month (5月至9月 每天8:00-21:00, in October) is at sea, and counts as
absent.

Holidays are no part of the yearly average, which is of ordinary weeks; `usable_by_week` goes through the real ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.access.ladder import REASONS, Judged, find_case
from xsgeo.access.masks import Sailings, Timetable, find_pairs, find_timetable, text
from xsgeo.access.summary import key_of
from xsgeo.hours.calendar import Calendar, day_rows
from xsgeo.settings import Standard

MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, eq=False, repr=False)
class Year:
    """Who is served in each month of a year, by one standard.

    Attributes
    ----------
    standard
        The standard.
    usable_hours
        Hours a week on the index of the groups, columns 1 to 12; missing where the position is unknown.
    reason
        Reason by month, categorical in the order of `REASONS`, on the same index and columns.
    present
        Workers of each group who are there in each month.
    """

    standard: Standard
    usable_hours: pd.DataFrame
    reason: pd.DataFrame
    present: pd.DataFrame

    @property
    def share_effective(self) -> float:
        """Share of the workers present, over all months, who are served; missing where nobody is present."""
        there = self.present.to_numpy()
        total = there.sum()
        served = self.reason.to_numpy(dtype=object) == REASONS[-1]
        return float((there * served).sum() / total) if total > 0 else float("nan")


def present(
    workers: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    month: int | None = None,
    on: date | None = None,
    calendar: Calendar | None = None,
) -> pd.Series:
    """How many workers of each group are there in a month, or on a date.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``cluster_id``, ``free_hours`` and, where known, ``shift``.
    clusters
        Index ``cluster_id``; ``month_weights``, twelve numbers. A cluster that is not there weighs 1 all year.
    month, on
        A month (1 to 12) or a date; give one.
    calendar
        Stages of the moratorium and typhoon stops, for crews (shift ``ashore``) on a date.

    Returns
    -------
    pandas.Series
        ``n_workers`` times the weight, 0 for groups without a free hour at that time; on the index of `workers`.

    Raises
    ------
    ValueError
        When both a month and a date are given, or neither.
    CalendarError
        When `on` lies in a year whose public holidays are not known.

    Examples
    --------
    >>> weights = [(0.35, 0.7, 0.25, 0.25, 0.95, 0.95, 0.95, 0.58, 0.4, 0.2, 0.2, 0.3)]
    >>> clusters = pd.DataFrame({"month_weights": weights}, index=pd.Index(["fishing"], name="cluster_id"))
    >>> crew = {"n_workers": 100, "cluster_id": "fishing", "shift": "ashore", "free_hours": "每天 8:00-21:00"}
    >>> workers = pd.DataFrame([crew], index=pd.Index(["a"], name="group_id"))
    >>> [float(present(workers, clusters, month=m)["a"]) for m in (5, 9)]
    [95.0, 40.0]

    In September crews are ashore as in August until the moratorium ends, and then as in October.

    >>> [round(float(present(workers, clusters, on=date(2026, 9, d))["a"])) for d in (15, 16)]
    [58, 20]
    """
    if (month is None) == (on is None):
        msg = "give a month or a date, one of them"
        raise ValueError(msg)
    codes, tables = hours.day_tables(pd.Series(text(workers, "free_hours"), dtype=object))
    weights = _weights(workers, clusters)
    if on is None:
        week = tables[:, (month or 1) - 1, :7]
        weight = weights[:, (month or 1) - 1]
    else:
        rows = day_rows([on + timedelta(days=n - on.weekday()) for n in range(7)])
        week = tables[:, rows[0], rows[1]]
        weight = _weight_on(workers, weights, on, calendar or Calendar())
    there = workers["n_workers"].to_numpy(np.float64) * weight * _any_hour(week)[codes]
    return pd.Series(there, index=workers.index, name="present")


def yearly(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    located: pd.Series,
    standard: Standard,
    clusters: pd.DataFrame,
    seated: pd.Series | None = None,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
) -> Year:
    """Judge the ordinary week of every month of a year.

    Parameters
    ----------
    workers, venues, minutes, located, standard, seated, needs, sailings
        As in `coverage`; the standard's own month is left out of account.
    clusters
        Index ``cluster_id``; ``month_weights``, twelve numbers.

    Returns
    -------
    Year
        Usable hours and reason by month, and who is present.

    Examples
    --------
    >>> workers = pd.DataFrame(
    ...     {"n_workers": 10, "cluster_id": "c", "free_hours": ["5月至9月 每天 8:00-21:00", "每天 18:00-22:00"]},
    ...     index=pd.Index(["crew", "cook"], name="group_id"),
    ... )
    >>> clusters = pd.DataFrame({"month_weights": [(1.0,) * 12]}, index=pd.Index(["c"], name="cluster_id"))
    >>> venues = pd.DataFrame(
    ...     {"status": "open", "serves": "workers", "open_hours": ["周一至周五 8:00-17:00"]},
    ...     index=pd.Index(["palace"], name="venue_id"),
    ... )
    >>> ways = pd.DataFrame({"group_id": workers.index, "venue_id": "palace", "minutes": 5.0})
    >>> located = pd.Series(True, index=workers.index)
    >>> year = yearly(workers, venues, ways, located=located, standard=Standard(), clusters=clusters)
    >>> year.usable_hours.loc["crew", [4, 5]].tolist(), round(year.share_effective, 3)
    ([0.0, 42.5], 0.294)
    """
    return yearly_by_standard(
        workers,
        venues,
        minutes,
        located=located,
        standards=(standard,),
        clusters=clusters,
        seated=seated,
        needs=needs,
        sailings=sailings,
    )[0]


def yearly_by_standard(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    located: pd.Series,
    standards: Sequence[Standard],
    clusters: pd.DataFrame,
    seated: pd.Series | None = None,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
) -> list[Year]:
    """Judge every month of a year by several standards, reading the tables once.

    Parameters
    ----------
    workers, venues, minutes, located, clusters, seated, needs, sailings
        As in `yearly`; the minutes must go as far as the longest cut-off.
    standards
        The standards.

    Returns
    -------
    list of Year
        One a standard, in their order.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> study = found.study
    >>> both = [study.standard, replace(study.standard, min_hours_per_week=40.0)]
    >>> years = yearly_by_standard(
    ...     study.workers, study.venues, found.minutes, located=found.snapped["reason"] == "",
    ...     standards=both, clusters=study.clusters,
    ... )
    >>> [int((year.reason[6] == "served").sum()) for year in years]
    [3, 0]
    """
    pairs = find_pairs(workers, venues, minutes)
    times = find_timetable(workers, venues, pairs, sailings=sailings)
    there = _present_by_month(workers, clusters, times)
    years = []
    for standard in standards:
        case = find_case(workers, venues, pairs, times, located=located, standard=standard, needs=needs)
        judged: dict[bytes, Judged] = {}
        months = []
        for month in MONTHS:
            weeks = times.month(month).usable(case.cells.patterns)
            key = weeks.tobytes()
            judged[key] = judged[key] if key in judged else case.judge(weeks, seated)
            months.append(judged[key])
        years.append(_year(workers.index, standard, months, there))
    return years


def _year(index: pd.Index, standard: Standard, months: Sequence[Judged], there: pd.DataFrame) -> Year:
    hours_by_month = np.stack([m.usable_hours for m in months], axis=1)
    rungs = {
        month: pd.Categorical.from_codes(m.rung, categories=list(REASONS), ordered=True)
        for month, m in zip(MONTHS, months, strict=True)
    }
    return Year(
        standard=standard,
        usable_hours=pd.DataFrame(hours_by_month, index=index, columns=list(MONTHS)),
        reason=pd.DataFrame(rungs, index=index),
        present=there,
    )


def summarise_year(workers: pd.DataFrame, year: Year, *, by: str | None = None) -> pd.DataFrame:
    """Count the workers present and those of them who are served, by month or over the year.

    Parameters
    ----------
    workers
        Groups, index ``group_id``.
    year
        What `yearly` found.
    by
        ``month`` for a row a month; a column of `workers` for the year's average by its values; None for one row.

    Returns
    -------
    pandas.DataFrame
        Index named as `by` (``all`` for the whole): ``n_present``, ``n_effective``, ``share_effective`` and
        ``n_<reason>`` for each of `REASONS`, all of workers present, on average over the months of a row.

    Raises
    ------
    ValueError
        When `workers` has no column `by`.

    Examples
    --------
    >>> index = pd.Index(["a"], name="group_id")
    >>> hours_by_month, there = (pd.DataFrame(x, index=index, columns=list(MONTHS)) for x in (5.0, 10.0))
    >>> reasons = pd.DataFrame({m: ["served" if m < 4 else "closed"] for m in MONTHS}, index=index)
    >>> year = Year(Standard(), hours_by_month, reasons, there)
    >>> summarise_year(pd.DataFrame(index=index), year)[["n_present", "n_effective"]].loc["all"].tolist()
    [10.0, 2.5]
    """
    there = year.present.loc[workers.index].to_numpy()
    why = year.reason.loc[workers.index].to_numpy(dtype=object)
    parts = {"n_present": there} | {f"n_{rung}": there * (why == rung) for rung in REASONS}
    if by == "month":
        table = pd.DataFrame({name: part.sum(axis=0) for name, part in parts.items()}, index=list(MONTHS))
    else:
        average = pd.DataFrame({name: part.mean(axis=1) for name, part in parts.items()}, index=workers.index)
        table = average.groupby(key_of(workers, average, by)).sum()
    table.index.name = by or "all"
    table.insert(1, "n_effective", table[f"n_{REASONS[-1]}"])
    table.insert(2, "share_effective", table["n_effective"] / table["n_present"].where(table["n_present"] > 0))
    return table


def _weights(workers: pd.DataFrame, clusters: pd.DataFrame) -> NDArray[np.float64]:
    """Weight of each group by month; 1 where its cluster is not there."""
    table = np.ones((len(clusters) + 1, len(MONTHS)))
    for row, weights in enumerate(clusters["month_weights"]):
        table[row] = weights
    return np.asarray(table[clusters.index.get_indexer(text(workers, "cluster_id"))])


def _weight_on(
    workers: pd.DataFrame, weights: NDArray[np.float64], on: date, calendar: Calendar
) -> NDArray[np.float64]:
    weight = weights[:, on.month - 1].copy()
    crews = text(workers, "shift") == "ashore"
    if calendar.is_stopped(on):
        weight[crews] = weights[crews].max(axis=1, initial=0)
        return weight
    beyond = _month_beyond(on, calendar)
    weight[crews] = weights[crews, beyond - 1]
    return weight


def _month_beyond(on: date, calendar: Calendar) -> int:
    """Month whose weight holds on a date for crews: the next one on the same side, where a stage ends within it."""
    first = on.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    ends = [calendar.stage_on(day) for day in (first, last)]
    if ends[0] == ends[1]:
        return on.month
    return (first - timedelta(days=1) if calendar.stage_on(on) == ends[0] else last + timedelta(days=1)).month


def _present_by_month(workers: pd.DataFrame, clusters: pd.DataFrame, times: Timetable) -> pd.DataFrame:
    there = workers["n_workers"].to_numpy(np.float64)[:, None] * _weights(workers, clusters)
    there = there * _any_hour(times.free[:, :, :7])[times.of_group]
    return pd.DataFrame(there, index=workers.index, columns=list(MONTHS))


def _any_hour(days: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether days, the last axis but one, hold any half hour together."""
    return np.asarray(days.any(axis=(-2, -1)), dtype=bool)
