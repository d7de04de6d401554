"""Opening hours as planners read them, in Chinese and in English.

Ledgers and plans write hours as this package does, days and times parted by "; ". A Chinese sentence wants its own
semicolon; an English reader wants names of days he knows. What cannot be read is told as it was written.
"""

from __future__ import annotations

from functools import lru_cache

from xsgeo.catalogue import Language, either
from xsgeo.errors import HoursError
from xsgeo.hours import parse_hours, to_spans


def told(text: str, *, month: int, language: Language = "zh") -> str:
    """Opening hours in words.

    Parameters
    ----------
    text
        As written.
    month
        English tells the hours of this month; Chinese, all that is written.
    language
        ``both`` puts English beside the Chinese.

    Examples
    --------
    >>> told("周一至周五 17:30-21:30; 周六 9:00-17:00", month=11)
    '周一至周五 17:30-21:30；周六 9:00-17:00'
    >>> told("周一至周五 17:30-21:30", month=11, language="both")
    '周一至周五 17:30-21:30 / Mon-Fri 17:30-21:30'
    """
    return either(text.replace("; ", "；"), english_hours(text, month=month), language)


@lru_cache(maxsize=4096)
def english_hours(text: str, *, month: int) -> str:
    """Opening hours of a month in English; as written where they cannot be read.

    Examples
    --------
    >>> english_hours("周一至周五 8:30-17:00", month=11)
    'Mon-Fri 08:30-17:00'
    """
    if not text.strip():
        return ""
    try:
        return to_spans(parse_hours(text).mask(month), language="en")
    except HoursError:
        return text
