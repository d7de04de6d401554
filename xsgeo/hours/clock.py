"""Times of day as they are spoken, to minutes.

Chinese names the part of the day (下午2点, 晚上6点到9点, 凌晨2点) where a 24-hour clock counts on. The name
holds for the close too when the close has none of its own. Each name admits the hours a speaker would use it for and no
others: 上午14:00 or 下午9:30 is a slip of the pen, and which half of it is wrong cannot be known.

Where no part of the day is named the clock has 24 hours, with one exception. Many write 8:30-11:30，1:30-5:00 and mean
the afternoon. No room opens before five in the morning without its ledger saying 凌晨, while canteens and gyms do open
at half past five. So a span that ends by noon needs 凌晨 or 下午, or a leading zero (02:00), when it begins at 1 to 4
o'clock, and when it begins at 5 in a text that names a part of the day elsewhere: so is a clock of 12 hours written.
"""

from __future__ import annotations

from collections.abc import Mapping

from xsgeo.hours.week import DAY_MIN, Span
from xsgeo.hours.words import number

_PART_OF_DAY = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "早"), "morning"),
    **dict.fromkeys(("中午", "午间"), "noon"),
    **dict.fromkeys(("午后", "下午", "傍晚"), "afternoon"),
    **dict.fromkeys(("晚上", "晚间", "晚", "夜间", "夜晚", "夜里", "深夜", "半夜", "午夜"), "evening"),
    "凌晨": "small_hours",
}
# Hours of the 24-hour clock a part of the day may be said of, and hours of the 12-hour clock with the hour they mean.
_SAID_OF = {
    "": (range(24), range(0), 0),
    "morning": (range(3, 13), range(0), 0),
    "noon": (range(11, 15), range(1, 3), 12),
    "afternoon": (range(12, 20), range(1, 8), 12),
    "evening": (range(17, 24), range(5, 12), 12),
    "small_hours": (range(7), range(0), 0),
}
_PAST_HOUR = {"": 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
_HALF_DAY_MIN = DAY_MIN // 2
_FIRST_MORNING_MIN = 5 * 60
"""From here on a morning needs no name, unless its text names others."""


def read_span(parts: Mapping[str, str], *, label: str = "", names_parts: bool = False) -> Span | None:
    """Minutes of a span from the pieces of its text.

    Parameters
    ----------
    parts
        ``period1``, ``hour1``, ``minute1``, ``bell1``, ``past1``, the same for the close with 2, and ``next``.
    label
        Part of the day that stands apart before the span (上午：8:30-11:30).
    names_parts
        Whether the text names a part of the day anywhere.

    Returns
    -------
    tuple of int or None
        Opening and close in minutes from midnight; None when there is no such time, or more than one.

    Examples
    --------
    >>> from xsgeo.hours.words import read_words
    >>> [read_span(read_words(text)[0].parts) for text in ("晚上6点到9点", "18:00-次日2:00", "8:00-5:00")]
    [(1080, 1260), (1080, 1560), None]
    """
    if label and parts["period1"]:
        return None
    said = _PART_OF_DAY.get(parts["period1"] or label, "")
    opening, close = _face(parts, 1), _face(parts, 2)
    if opening is None or close is None:
        return None
    start = _minutes(opening, said)
    if start is None:
        return None
    end = _close(start, said, close, parts)
    written = parts["hour1"] or parts["bell1"]
    if end is None:
        return None
    if not said and not parts["period2"] and is_of_either_half(written, (start, end), names_parts=names_parts):
        return None
    return (start, end) if start < end <= start + DAY_MIN else None


def _face(parts: Mapping[str, str], n: int) -> tuple[int, int] | None:
    """Hour and minute as written."""
    if parts[f"hour{n}"]:
        hour, minute = int(parts[f"hour{n}"]), int(parts[f"minute{n}"])
    else:
        past = parts[f"past{n}"]
        hour = number(parts[f"bell{n}"])
        minute = _PAST_HOUR[past] if past in _PAST_HOUR else number(past.removesuffix("分").strip())
    exists = 0 <= hour <= 24 and 0 <= minute < 60 and (hour, minute) <= (24, 0)
    return (hour, minute) if exists else None


def _minutes(face: tuple[int, int], part_of_day: str) -> int | None:
    hour, minute = face
    on_24, on_12, shift = _SAID_OF[part_of_day]
    if hour in on_24:
        return hour * 60 + minute
    return (hour + shift) * 60 + minute if hour in on_12 else None


def _close(start: int, said: str, face: tuple[int, int], parts: Mapping[str, str]) -> int | None:
    own = _PART_OF_DAY.get(parts["period2"], "")
    if parts["next"]:
        end = _minutes(face, own)
        return None if end is None else end + DAY_MIN
    if own:
        return _named_close(start, own, face)
    hour, minute = face
    if said in {"noon", "afternoon", "evening"} and 1 <= hour <= 12:
        end = (hour + 12 if hour < 12 or said == "evening" else hour) * 60 + minute
        if end > start:
            return end
        return hour * 60 + minute + DAY_MIN if said == "evening" and hour <= 6 else None
    if said in {"morning", "small_hours"} and 1 <= hour <= 12:
        return hour * 60 + minute
    return later_close(start, hour * 60 + minute)


def _named_close(start: int, part_of_day: str, face: tuple[int, int]) -> int | None:
    if part_of_day in {"evening", "small_hours"} and face in {(0, 0), (12, 0), (24, 0)}:
        return DAY_MIN
    if part_of_day == "evening" and face < (4, 0):
        return face[0] * 60 + face[1] + DAY_MIN
    end = _minutes(face, part_of_day)
    if end is not None and end <= start and part_of_day == "small_hours":
        return end + DAY_MIN
    return end


def later_close(start: int, end: int) -> int | None:
    """Close on a 24-hour clock, on the next day where that is the only reading.

    8:00-5:00 may mean 17:00 and is refused; 18:00-2:00 cannot, since 14:00 is over by then. 23:59 is how software that
    knows no 24:00 writes midnight.

    Parameters
    ----------
    start, end
        Minutes as written, 0 to 1440.

    Returns
    -------
    int or None
        Minutes from the midnight before the opening; None when there are two readings.

    Examples
    --------
    >>> later_close(480, 300), later_close(1080, 120), later_close(1080, 0)
    (None, 1560, 1440)
    """
    if end == DAY_MIN - 1 or end == 0 < start:
        return DAY_MIN
    if end > start:
        return end
    may_be_afternoon = 60 <= end < _HALF_DAY_MIN and end + _HALF_DAY_MIN > start
    return None if may_be_afternoon or end == start or end > _HALF_DAY_MIN else end + DAY_MIN


def is_of_either_half(written: str, span: Span, *, names_parts: bool = False) -> bool:
    """Whether a span without a part of the day may be of the night or early morning, or of the afternoon.

    Parameters
    ----------
    written
        Hour of the opening as written; a leading zero says that it is of a 24-hour clock.
    span
        Minutes on a 24-hour clock.
    names_parts
        Whether the text names a part of the day for other spans (下午1:30-5:00), as a clock of 12 hours has to.

    Examples
    --------
    >>> is_of_either_half("1", (90, 300)), is_of_either_half("01", (90, 300)), is_of_either_half("5", (330, 540))
    (True, False, False)
    >>> is_of_either_half("5", (330, 540), names_parts=True)
    True
    """
    first_sure = 6 * 60 if names_parts else _FIRST_MORNING_MIN
    return not written.startswith("0") and 60 <= span[0] < first_sure and span[1] <= _HALF_DAY_MIN
