"""Texts of hours to weekly masks: when a room is open, and when people are off shift.

Ledgers say hours in words, and everything xsgeo measures in time stands on how those words are read. A reader that does
its best is worse than none here: a palace read as open in the evening is a gap nobody sees. So the rule of this package
is that a text is understood to the last character, in one way, or it is a `HoursError` that shows the part that is not.
Whoever kept the ledger can mend a text that was refused; nobody finds one that was misread.

Opening hours and free time share one grammar, because they are compared with one another half hour by half hour. Mind
one word: 周日休息 closes a Sunday. For people who are off on Sundays, write 周日全天.

The parts, each below the next:

* `week`: the mask of 336 half hours, packing, `shrink`, `to_spans`;
* `words`, `clock`: Chinese words, seasons as months, times of day as minutes;
* `rules`: rules laid over one another, contradictions refused;
* `chinese`, `osm`: the two readers. Latin letters without a Chinese character make a text OpenStreetMap's;
* `calendar`: which of a record's hours hold on a date.

Months carry the seasons: one that covers the 15th of a month is that month's, and a stretch of dates that covers no
15th (10月1日至10月7日) is refused, since no month could hold it. 夏季 without dates is June to September, 冬季 the
rest. Public holidays are recorded, not applied: which days they are changes every year and is decided where dates are
known, in `calendar`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xsgeo.errors import HoursError
from xsgeo.hours.calendar import DAY_ROWS, Calendar, day_kind, day_on, day_table, week_on
from xsgeo.hours.chinese import parse_chinese
from xsgeo.hours.osm import parse_osm
from xsgeo.hours.week import MONTHS, SLOTS, SLOTS_PER_DAY, Holidays, Hours, erode, shrink, to_spans
from xsgeo.hours.words import fold

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SLOTS",
    "Calendar",
    "Holidays",
    "Hours",
    "HoursError",
    "day_kind",
    "day_on",
    "day_tables",
    "erode",
    "masks",
    "parse_hours",
    "shrink",
    "to_spans",
    "week_on",
]


def parse_hours(text: str) -> Hours:
    """Which half hours of the week a text of hours means, month by month.

    Parameters
    ----------
    text
        Chinese as written in ledgers, or OpenStreetMap's ``opening_hours``.

    Returns
    -------
    Hours
        Weekly masks by month, what is said of public holidays, and whether entry must be booked.

    Raises
    ------
    HoursError
        When any part of the text is not understood, or can be understood in two ways; `residue` is that part.

    Examples
    --------
    >>> hours = parse_hours("周一至周五 8:30-11:30，13:30-17:00（夏季14:00-17:30），节假日除外")
    >>> to_spans(hours.mask(1)), to_spans(hours.mask(7)), hours.holidays
    ('周一至周五 08:30-11:30、13:30-17:00', '周一至周五 08:30-11:30、14:00-17:30', 'closed')
    >>> parse_hours("周一至周五 8:00-5:00")
    Traceback (most recent call last):
        ...
    xsgeo.errors.HoursError: hours not understood at '8:00-5:00': '周一至周五 8:00-5:00'
    """
    folded = fold(text)
    is_chinese = re.search(r"[\u3400-\u9fff]", folded)
    is_osm = not is_chinese and re.search(r"[A-Za-z]|24/7", re.sub(r"(?i)24\s*h\b", "", folded))
    return parse_osm(text) if is_osm else parse_chinese(text)


def masks(texts: pd.Series[str], *, month: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Weekly masks of many rows, by pattern: thousands of rows share a few dozen patterns.

    Each distinct text is parsed once, and texts that mean the same hours share a pattern.

    Parameters
    ----------
    texts
        Texts of hours; NaN and blank text are missing.
    month
        1 to 12.

    Returns
    -------
    codes : numpy.ndarray
        Pattern number of each row, -1 where the text is missing.
    patterns : numpy.ndarray
        Shape (n_patterns, 336), distinct, in an order that does not depend on the order of the rows.

    Raises
    ------
    HoursError
        For the first text, in the order of texts, that is not understood.

    Examples
    --------
    >>> import pandas as pd
    >>> codes, patterns = masks(pd.Series(["每天 9:00-17:00", "", "9点到17点", "24小时"]), month=1)
    >>> codes.tolist(), (patterns.sum(axis=1) / 2).tolist()
    ([0, -1, 0, 1], [56.0, 168.0])
    """
    import pandas as pd

    present = texts.notna() & (texts.astype("string").str.strip() != "").fillna(value=False)
    text_of_row, distinct = pd.factorize(texts.where(present), sort=True)
    parsed = [np.packbits(parse_hours(text).mask(month)) for text in distinct]
    table = np.array(parsed, dtype=np.uint8).reshape(len(parsed), SLOTS // 8)
    packed, pattern_of_text = np.unique(table, axis=0, return_inverse=True)
    codes = np.full(len(texts), -1, dtype=np.intp)
    known = text_of_row >= 0
    codes[known] = pattern_of_text.reshape(-1)[text_of_row[known]]
    return codes, np.unpackbits(packed, axis=1, count=SLOTS).astype(bool)


def day_tables(texts: pd.Series[str]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """What many rows say of every kind of day, by distinct text.

    Parameters
    ----------
    texts
        Texts of hours; NaN and blank text are missing.

    Returns
    -------
    codes : numpy.ndarray
        Number of each row's text; the last number of all is that of a missing text.
    tables : numpy.ndarray
        bool, shape (n_texts + 1, 12, 14, 48) as of `xsgeo.hours.calendar.day_table`; the last one is empty.

    Raises
    ------
    HoursError
        For the first text, in the order of texts, that is not understood.

    Examples
    --------
    >>> import pandas as pd
    >>> codes, tables = day_tables(pd.Series(["周六 9:00-17:00", "", "周六 9:00-17:00"]))
    >>> codes.tolist(), (tables[:, 0].sum(axis=(1, 2)) / 2).tolist()
    ([0, 1, 0], [16.0, 0.0])
    """
    import pandas as pd

    present = texts.notna() & (texts.astype("string").str.strip() != "").fillna(value=False)
    codes, distinct = pd.factorize(texts.where(present), sort=True)
    tables = np.zeros((len(distinct) + 1, MONTHS, DAY_ROWS, SLOTS_PER_DAY), dtype=bool)
    for number, text in enumerate(distinct):
        tables[number] = _table_of(str(text))
    return np.where(codes < 0, len(distinct), codes).astype(np.intp), tables


@lru_cache(maxsize=1024)
def _table_of(text: str) -> NDArray[np.bool_]:
    """Table of days of a text; the same few texts are asked about again and again."""
    table = day_table(parse_hours(text))
    table.flags.writeable = False
    return table
