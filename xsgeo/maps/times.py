"""The week as a slider: who has a venue to go to at a certain half hour of an ordinary week of a month.

Coverage says who has enough hours a week; a planner also asks about one evening. The answer for a half hour is exactly
that of `xsgeo.access.usable_slots`: off shift, near a venue that is open then, admits them and is equipped, and time
left to get there and back.

A page holds no row of it. Groups that stand in one square are put together, and what is kept of a square is its week:
in which half hours at least half of its workers have somewhere to go, a category and never a count. A county of 8,000
groups has some 460 distinct weeks of squares and two kinds of months, so they are written once and referred to by
number. The one count there is, of all workers of the page, is rounded to a step of at least a two-thousandth of them:
fine enough for any decision, and too coarse to tell by subtraction what one employer's shift does at nine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import folium
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import usable_slots
from xsgeo.access.masks import Sailings, text
from xsgeo.catalogue import Language
from xsgeo.hours import day_tables
from xsgeo.maps.canvas import SCRIPTS, CanvasLayer
from xsgeo.maps.pack import pack_whole, to_text
from xsgeo.maps.publish import Area, PublishRules, areas, cells
from xsgeo.settings import Standard

_STEPS = (5, 10, 50, 100, 500, 1000, 5000)
_PARTS = 2000


@dataclass(frozen=True, eq=False)
class Weeks:
    """Usable and free half hours of groups in each kind of month.

    Attributes
    ----------
    index
        The groups.
    kind_of_month
        Number of the kind of each of the twelve months.
    usable, free
        bool, shape (kinds, groups, 336).
    """

    index: pd.Index
    kind_of_month: tuple[int, ...]
    usable: NDArray[np.bool_]
    free: NDArray[np.bool_]

    def of(self, index: pd.Index) -> Weeks:
        """Those of some of the groups, in their order."""
        rows = self.index.get_indexer(index)
        return Weeks(index, self.kind_of_month, self.usable[:, rows], self.free[:, rows])


def weeks_by_month(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
) -> Weeks:
    """Half hours in which each group has a venue to go to, in an ordinary week of each month.

    Parameters
    ----------
    workers, venues, minutes, standard, needs, sailings
        As in `xsgeo.access.usable_slots`; the standard's month is left out of account.

    Returns
    -------
    Weeks
        Months whose texts of hours mean the same are one kind.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> weeks = weeks_by_month(found.study.workers, found.study.venues, found.minutes, standard=found.study.standard)
    >>> weeks.kind_of_month, weeks.usable.shape
    ((0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), (1, 7, 336))
    """
    of_group, free = day_tables(pd.Series(text(workers, "free_hours"), dtype=object))
    _, opening = day_tables(pd.Series(text(venues, "open_hours"), dtype=object))
    both = np.concatenate([free, opening])[:, :, :7]
    kinds: dict[bytes, int] = {}
    kind_of_month = tuple(kinds.setdefault(both[:, month].tobytes(), len(kinds)) for month in range(12))
    months = [kind_of_month.index(kind) + 1 for kind in range(len(kinds))]
    usable = [
        usable_slots(
            workers,
            venues,
            minutes,
            standard=dataclasses.replace(standard, month=month),
            needs=needs,
            sailings=sailings,
        )
        for month in months
    ]
    at_leisure = [free[of_group, month - 1, :7].reshape(len(workers), 336) for month in months]
    return Weeks(workers.index, kind_of_month, np.stack(usable), np.stack(at_leisure))


class TimesLayer(CanvasLayer):
    """Who has somewhere to go at one half hour, drawn by a script of its own."""

    scripts = (*SCRIPTS, "dock.js", "times.js")


def add_times(
    m: folium.Map,
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    weeks: Weeks,
    *,
    month: int,
    rules: PublishRules | None = None,
    found: Sequence[Area] | None = None,
    language: Language = "both",
) -> folium.Map:
    """Let the reader ask who has a venue to go to at a half hour of the week.

    Parameters
    ----------
    m
        A map with the layer of `xsgeo.maps.layers.add_workers`, of the same workers and rules.
    workers, groups
        As for that layer.
    weeks
        What `weeks_by_month` found of the workers.
    month
        Month that is asked about at first.
    rules, found
        As for that layer.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map; the layer is switched off at first.
    """
    data = times_data(workers, groups, weeks, month=month, rules=rules, found=found)
    return m.add_child(TimesLayer("times", data, m=m, language=language, show=False))


def times_data(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    weeks: Weeks,
    *,
    month: int,
    rules: PublishRules | None = None,
    found: Sequence[Area] | None = None,
) -> Mapping[str, object]:
    """Pack the weeks of squares and the counts of the whole.

    Parameters
    ----------
    workers, groups, weeks, month, rules, found
        As for `add_times`.

    Returns
    -------
    dict
        ``weeks``, distinct weeks as flags; ``places`` and ``areas``, number of the week of each of those of the layer
        of workers, by kind of month; ``usable`` and ``free``, rounded workers by kind and half hour; ``step``, what
        they are rounded to; ``total``; ``kind_of_month``; ``month``.
    """
    rules = rules or PublishRules()
    workers = workers.sort_index()
    weeks = weeks.of(workers.index)
    n = workers["n_workers"].to_numpy(np.int64)
    spot = cells(workers).to_numpy()
    found = areas(workers, groups.loc[workers.index], rules=rules) if found is None else found
    squares = [a.rows for a in found]
    at_places = [_mostly(slots, n, spot, int(spot.max(initial=-1)) + 1) for slots in weeks.usable]
    at_areas = [np.stack([2 * (n[rows] @ slots[rows]) >= n[rows].sum() for rows in squares]) for slots in weeks.usable]
    every = np.concatenate([*at_places, *at_areas])
    distinct, number = np.unique(np.packbits(every, axis=1), axis=0, return_inverse=True)
    of_places, of_areas = np.split(number.reshape(-1), [sum(len(part) for part in at_places)])
    step = count_step(int(n.sum()), rules)
    return {
        "weeks": to_text(distinct),
        "places": [pack_whole(part) for part in np.split(of_places, len(at_places))],
        "areas": [pack_whole(part) for part in np.split(of_areas, len(at_areas))],
        "usable": [_coarse(n @ slots, step).tolist() for slots in weeks.usable],
        "free": [_coarse(n @ slots, step).tolist() for slots in weeks.free],
        "step": step,
        "total": int(n.sum()),
        "kind_of_month": list(weeks.kind_of_month),
        "month": month,
    }


def count_step(total: int, rules: PublishRules) -> int:
    """What a count of the workers of a page at one half hour is rounded to.

    Examples
    --------
    >>> count_step(130_500, PublishRules()), count_step(340, PublishRules()), count_step(340, PublishRules(round_to=1))
    (100, 5, 1)
    """
    if rules.round_to == 1:
        return 1
    return next((s for s in _STEPS if s % rules.round_to == 0 and s * _PARTS >= total), max(_STEPS))


def _coarse(counts: NDArray[np.int64], step: int) -> NDArray[np.int64]:
    return (counts + step // 2) // step * step


def _mostly(slots: NDArray[np.bool_], n: NDArray[np.int64], part: NDArray[np.intp], n_parts: int) -> NDArray[np.bool_]:
    """Half hours in which at least half of the workers of each part have somewhere to go."""
    order = np.argsort(part, kind="stable")
    starts = np.searchsorted(part[order], np.arange(n_parts))
    weighted = slots[order] * n[order, None]
    return np.asarray(2 * np.add.reduceat(weighted, starts, axis=0) >= np.bincount(part, weights=n)[:, None])
