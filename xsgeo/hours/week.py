"""The week as 336 half hours: what hours become once their words are understood.

A half hour counts only when all of it is open, so 8:15-8:45 is worth nothing and 8:15-9:00 one half hour: a planner who
is told "four hours a week" must be able to find them. Spans are therefore joined minute by minute first and cut into
half hours last; the other order would lose the half hour of 8:00-8:15 and 8:15-8:30.

The week is a ring. A span that runs past midnight flows into the next day, Sunday's into Monday, and a run of free time
may cross the seam between Sunday and Monday like any other midnight.

Masks are kept as bytes (42 for a week), so that a record of hours can be frozen, compared and hashed, and the few
distinct patterns of thousands of rows can be found by comparing bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SLOTS = 336
SLOTS_PER_DAY = 48
SLOT_MIN = 30
DAY_MIN = 1440
MONTHS = 12

Span = tuple[int, int]
"""Opening and closing, in minutes from the midnight before; the close may lie past 1440, on the next day."""

Holidays = Literal["as_usual", "closed", "open"]

# A run that ends by this slot of the next day is told as the end of an evening, not as a morning of its own.
_NIGHT_ENDS_SLOT = 12
_DAY_WORDS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@dataclass(frozen=True)
class Hours:
    """Opening hours, or hours free of work, month by month.

    Attributes
    ----------
    text
        As written.
    months
        Twelve weekly masks, January first, each 336 half hours packed into 42 bytes.
    holidays
        What the text says of public holidays: ``as_usual`` (the weekday's hours hold, or nothing is said), ``closed``,
        or ``open`` at hours of their own.
    by_appointment
        Whether entry, or a part of it, must be booked.
    holiday_days
        Twelve daily masks, 48 half hours packed into 6 bytes; empty unless `holidays` is ``open``.

    Examples
    --------
    >>> from xsgeo.hours import parse_hours
    >>> summer = parse_hours("周一至周五 8:30-11:30，13:30-17:00（夏季14:00-17:30）")
    >>> to_spans(summer.mask(7))
    '周一至周五 08:30-11:30、14:00-17:30'
    """

    text: str
    months: tuple[bytes, ...]
    holidays: Holidays = "as_usual"
    by_appointment: bool = False
    holiday_days: tuple[bytes, ...] = ()

    def mask(self, month: int) -> NDArray[np.bool_]:
        """Half hours of an ordinary week that are wholly open.

        Parameters
        ----------
        month
            1 to 12. A season that covers the 15th of a month is that month's.

        Returns
        -------
        numpy.ndarray
            Shape (336,), slot 0 is Monday 00:00-00:30.

        Raises
        ------
        ValueError
            When the month is not 1 to 12.
        """
        return _unpack(self.months[_index(month)], SLOTS)

    def holiday_mask(self, month: int, weekday: int) -> NDArray[np.bool_]:
        """Half hours open on a public holiday.

        Parameters
        ----------
        month
            1 to 12.
        weekday
            Weekday the holiday falls on, 0 is Monday.

        Returns
        -------
        numpy.ndarray
            Shape (48,), slot 0 is 00:00-00:30.

        Raises
        ------
        ValueError
            When the month is not 1 to 12 or the weekday not 0 to 6.

        Examples
        --------
        >>> from xsgeo.hours import parse_hours
        >>> hours = parse_hours("周一至周五 8:00-17:00，节假日 9:00-12:00")
        >>> int(hours.holiday_mask(10, 3).sum()) / 2
        3.0
        """
        month_index = _index(month)
        if weekday not in range(7):
            msg = f"weekday must be 0 (Monday) to 6 (Sunday), got {weekday}"
            raise ValueError(msg)
        if self.holidays == "closed":
            return np.zeros(SLOTS_PER_DAY, dtype=bool)
        if self.holidays == "open":
            return _unpack(self.holiday_days[month_index], SLOTS_PER_DAY)
        return self.mask(month)[weekday * SLOTS_PER_DAY : (weekday + 1) * SLOTS_PER_DAY]


def _index(month: int) -> int:
    if month not in range(1, MONTHS + 1):
        msg = f"month must be 1 to 12, got {month}"
        raise ValueError(msg)
    return month - 1


def _unpack(packed: bytes, n_slots: int) -> NDArray[np.bool_]:
    bits = np.unpackbits(np.frombuffer(packed, dtype=np.uint8), count=n_slots)
    return np.asarray(bits, dtype=np.bool_)


def pack_week(days: Sequence[Sequence[Span]]) -> bytes:
    """Spans of each day, Monday first, as a packed weekly mask.

    Parameters
    ----------
    days
        Seven lists of spans in minutes; a close past 1440 flows into the next day.

    Returns
    -------
    bytes
        42 bytes.

    Examples
    --------
    >>> monday = pack_week([[(510, 690), (1320, 1560)], [], [], [], [], [], []])
    >>> Hours("", (monday,) * 12).mask(1).sum() / 2
    np.float64(7.0)
    """
    minutes = np.zeros(7 * DAY_MIN, dtype=bool)
    for day, spans in enumerate(days):
        for start, end in spans:
            minutes[np.arange(day * DAY_MIN + start, day * DAY_MIN + end) % len(minutes)] = True
    return np.packbits(minutes.reshape(SLOTS, SLOT_MIN).all(axis=1)).tobytes()


def pack_day(spans: Sequence[Span]) -> bytes:
    """Spans of one day as a packed daily mask of 6 bytes; what runs past midnight is left out.

    Examples
    --------
    >>> np.unpackbits(np.frombuffer(pack_day([(540, 600)]), dtype=np.uint8)).nonzero()[0].tolist()
    [18, 19]
    """
    minutes = np.zeros(DAY_MIN, dtype=bool)
    for start, end in spans:
        minutes[start:end] = True
    return np.packbits(minutes.reshape(SLOTS_PER_DAY, SLOT_MIN).all(axis=1)).tobytes()


def shrink(masks: NDArray[np.bool_], slots: int, slots_after: int | None = None) -> NDArray[np.bool_]:
    """Which half hours are left of each stretch of time when the way there and the way back are taken off.

    Each run of true slots, on the ring of the week, loses `slots` at its start and `slots_after` at its end. A week
    that is true throughout has no ends and keeps every slot.

    Parameters
    ----------
    masks
        Shape (336,) or (n_patterns, 336).
    slots
        Half hours of the way there, 0 or more.
    slots_after
        Half hours of the way back; as many as there when None.

    Returns
    -------
    numpy.ndarray
        Same shape as `masks`.

    Raises
    ------
    ValueError
        When a number of slots is negative or the last axis is not a week.

    Examples
    --------
    >>> evening = np.zeros(336, dtype=bool)
    >>> evening[36:45] = True  # Monday 18:00-22:30
    >>> to_spans(shrink(evening, 1))
    '周一 18:30-22:00'
    >>> to_spans(shrink(evening, 1, 3))
    '周一 18:30-21:00'
    """
    table = _week(masks)
    after = slots if slots_after is None else slots_after
    if slots + after + 1 >= SLOTS and min(slots, after) >= 0:
        return table & table.all(axis=-1, keepdims=True)
    ring = np.take(table, np.arange(-slots, SLOTS + after), axis=-1, mode="wrap")
    return erode(ring, slots, after)


def erode(line: NDArray[np.bool_], before: int, after: int) -> NDArray[np.bool_]:
    """Which slots of a stretch of time stand in a run that began `before` slots earlier and lasts `after` slots more.

    The first `before` and the last `after` slots cannot be answered and are left out: give as much margin.

    Parameters
    ----------
    line
        Slots in order on the last axis.
    before, after
        Half hours, 0 or more.

    Returns
    -------
    numpy.ndarray
        The same axes, the last one shorter by ``before + after``.

    Raises
    ------
    ValueError
        When a number of slots is negative.

    Examples
    --------
    >>> erode(np.array([False, True, True, True, True, False]), 1, 2).tolist()
    [False, True, False]
    """
    if min(before, after) < 0:
        msg = f"slots must be 0 or more, got {before} and {after}"
        raise ValueError(msg)
    # The window must be wholly true: a running sum answers that for every slot at a cost that does not grow with it.
    width = before + after + 1
    sums = np.zeros((*line.shape[:-1], line.shape[-1] + 1), dtype=np.int64)
    np.cumsum(line, axis=-1, out=sums[..., 1:])
    survives: NDArray[np.bool_] = sums[..., width:] - sums[..., :-width] == width
    return survives


def _week(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    table = np.asarray(masks, dtype=bool)
    if table.ndim == 0 or table.shape[-1] != SLOTS:
        msg = f"a weekly mask has {SLOTS} half hours on its last axis, got shape {table.shape}"
        raise ValueError(msg)
    return table


def to_spans(mask: NDArray[np.bool_], *, language: Literal["zh", "en"] = "zh") -> str:
    """Say a weekly mask as a planner would write it.

    Days with the same hours are told together. A run past midnight that is over by 6:00 belongs to the evening it began
    in (22:00-次日02:00; in English 22:00-26:00, as timetables write it); any other is cut at midnight. Both languages
    read back to the same mask.

    Parameters
    ----------
    mask
        Shape (336,).
    language
        ``zh`` or ``en``.

    Returns
    -------
    str
        Text of hours, 不开放 or ``closed`` for an empty mask.

    Raises
    ------
    ValueError
        When the mask is not one week.

    Examples
    --------
    >>> from xsgeo.hours import parse_hours
    >>> week = parse_hours("Mo-Fr 08:30-11:30,13:30-17:00; Sa,Su 09:00-17:00").mask(1)
    >>> to_spans(week)
    '周一至周五 08:30-11:30、13:30-17:00；周六、周日 09:00-17:00'
    >>> to_spans(week, language="en")
    'Mon-Fri 08:30-11:30, 13:30-17:00; Sat, Sun 09:00-17:00'
    """
    week = _week(mask)
    if week.ndim != 1:
        msg = f"one weekly mask is told at a time, got shape {week.shape}"
        raise ValueError(msg)
    if week.all():
        return "全天开放" if language == "zh" else "24/7"
    if not week.any():
        return "不开放" if language == "zh" else "closed"
    days_by_spans: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(_spans_by_day(week)):
        if spans:
            days_by_spans.setdefault(tuple(spans), []).append(day)
    gap, comma, semicolon = (" ", "、", "；") if language == "zh" else (" ", ", ", "; ")
    return semicolon.join(
        _day_text(days, language) + gap + comma.join(_span_text(span, language) for span in spans)
        for spans, days in days_by_spans.items()
    )


def _spans_by_day(week: NDArray[np.bool_]) -> list[list[Span]]:
    """Spans in slots by day, each night's end told with its evening."""
    table = week.reshape(7, SLOTS_PER_DAY)
    edges = np.diff(np.pad(table.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    days = [
        list(zip(np.flatnonzero(row == 1).tolist(), np.flatnonzero(row == -1).tolist(), strict=True)) for row in edges
    ]
    before = [list(spans) for spans in days]
    for day, spans in enumerate(before):
        tomorrow = (day + 1) % 7
        crosses = spans and spans[-1][1] == SLOTS_PER_DAY and spans[-1][0] > 0
        if crosses and before[tomorrow] and before[tomorrow][0][0] == 0:
            night_end = before[tomorrow][0][1]
            if night_end <= min(_NIGHT_ENDS_SLOT, spans[-1][0]):
                days[day][-1] = (spans[-1][0], SLOTS_PER_DAY + night_end)
                days[tomorrow] = [span for span in days[tomorrow] if span[0] != 0]
    return days


def _day_text(days: Sequence[int], language: Literal["zh", "en"]) -> str:
    words = _DAY_WORDS[language]
    if len(days) == 7:
        return "每天" if language == "zh" else "Mon-Sun"
    parts: list[str] = []
    runs = np.split(np.asarray(days), np.flatnonzero(np.diff(days) != 1) + 1)
    for run in runs:
        if len(run) < 3:
            parts.extend(words[day] for day in run)
        else:
            parts.append(f"{words[run[0]]}{'至' if language == 'zh' else '-'}{words[run[-1]]}")
    return ("、" if language == "zh" else ", ").join(parts)


def _span_text(span: Span, language: Literal["zh", "en"]) -> str:
    start, end = span
    if span == (0, SLOTS_PER_DAY) and language == "zh":
        return "全天"
    past_midnight = language == "zh" and end > SLOTS_PER_DAY
    prefix = "次日" if past_midnight else ""
    return f"{_clock(start)}-{prefix}{_clock(end - SLOTS_PER_DAY if past_midnight else end)}"


def _clock(slot: int) -> str:
    return f"{slot // 2:02d}:{slot % 2 * 30:02d}"
