"""When a ferry sails: times as written, the mean wait they make, and the half hours of the week in which it serves.

A ferry that stops at eight is no way home at nine, and a wait is most of a short crossing. Ledgers say the times in
one of three ways, and each is taken at its word: a list of departures, an interval (``headway_min``) with a first and a
last sailing, or only a mean wait that somebody knows. What is stated wins over what is derived, departures win over an
interval, and a ferry that says none of the three is refused rather than boarded at once.

The wait of people who come at any moment of the service is ``sum(g**2) / (2 * sum(g))`` over the gaps ``g`` between
departures (Osuna and Newell 1972, Control strategies for an idealized public transportation system): a long gap
catches more people and keeps them longer. For even gaps that is half the interval. Who knows the timetable waits less;
a planner who wants that states ``wait_min``.

The service of a day runs from the first sailing to the last one's arrival. A half hour is within it when it is so to
the end: minutes are rounded so that nobody is promised a boat that has left. Times are the same on all seven days.
Blank times mean that nothing is known, and then the boat is taken to go at all hours: the search for what would be
lost by a timetable begins by entering one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SLOTS = 336
"""Half hours of a week, from Monday 00:00."""

_DAY_MIN, _SLOT_MIN, _SLOTS_A_DAY = 1440, 30, 48
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_PARTING = re.compile(r"[|、,;\s]+")

Problem = tuple[str, str, dict[str, str]]
"""Column, code and details of what is wrong with a timetable."""


def read_time(text: str) -> int:
    """Minutes since midnight of a time written HH:MM.

    Raises
    ------
    ValueError
        When it is none; 24:00 is one, and 24:01 is not.

    Examples
    --------
    >>> read_time("6:30"), read_time("０６：３０"), read_time("24:00")
    (390, 390, 1440)
    """
    match = _TIME.fullmatch(unicodedata.normalize("NFKC", text).strip())
    minutes = 60 * int(match[1]) + int(match[2]) if match and int(match[2]) < 60 else _DAY_MIN + 1
    if minutes > _DAY_MIN:
        msg = f"not a time of day written HH:MM: {text!r}"
        raise ValueError(msg)
    return minutes


def read_times(text: str) -> tuple[int, ...]:
    """Minutes since midnight of a list of times, in order, each once.

    Raises
    ------
    ValueError
        Naming the first that is none.

    Examples
    --------
    >>> read_times("07:00|6:30、18:00")
    (390, 420, 1080)
    """
    parts = _PARTING.split(unicodedata.normalize("NFKC", text).strip())
    return tuple(sorted({read_time(part) for part in parts if part}))


def write_time(minutes: int) -> str:
    """Minutes since midnight as HH:MM.

    Examples
    --------
    >>> write_time(390)
    '06:30'
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def mean_wait(departures: tuple[int, ...]) -> float:
    """Mean wait in minutes of who comes at any moment between the first departure and the last.

    ``sum(g**2) / (2 * sum(g))`` over the gaps g; NaN for fewer than two departures.

    Examples
    --------
    >>> mean_wait((360, 390, 420)), mean_wait((360, 370, 420)), mean_wait((360,))
    (15.0, 21.666666666666668, nan)
    """
    gaps = np.diff(departures)
    return float((gaps**2).sum() / (2 * gaps.sum())) if len(gaps) else float("nan")


def wait_min(ferries: pd.DataFrame) -> pd.Series[float]:
    """Mean wait for each ferry: as stated, else from its departures, else half its interval.

    Parameters
    ----------
    ferries
        Columns ``wait_min``, ``departures`` and ``headway_min``, each where there is one.

    Returns
    -------
    pandas.Series
        Minutes on the index of `ferries`, NaN where nothing says.

    Raises
    ------
    ValueError
        When a departure is no time.

    Examples
    --------
    >>> ferries = pd.DataFrame({"wait_min": [5.0, None, None], "headway_min": [40.0, 40.0, None]})
    >>> wait_min(ferries.assign(departures=["", "", "06:00|07:00"])).tolist()
    [5.0, 20.0, 30.0]
    """
    stated, headway = (_numbers(ferries, column) for column in ("wait_min", "headway_min"))
    listed = [mean_wait(read_times(text)) for text in _texts(ferries, "departures")]
    waits = np.where(np.isfinite(stated), stated, np.where(np.isfinite(listed), listed, headway / 2))
    return pd.Series(waits, index=ferries.index, name="wait_min")


def problems(ferry: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the times of one ferry.

    Parameters
    ----------
    ferry
        A row of the table of ferries; any column may be missing or blank.

    Yields
    ------
    column, code, details
        ``not_a_time``; ``first_after_last``; ``departure_outside`` (before the first or after the last sailing);
        ``no_crossing`` (no time on the water); ``no_wait`` (neither a wait nor two departures nor an interval).

    Examples
    --------
    >>> list(problems({"first": "18:00", "last": "6:00", "crossing_min": 10, "wait_min": 5}))
    [('last', 'first_after_last', {'first': '18:00', 'last': '06:00'})]
    """
    row = pd.DataFrame([dict(ferry)])
    times: dict[str, tuple[int, ...]] = {}
    for column in ("first", "last", "departures"):
        (text,) = _texts(row, column)
        try:
            times[column] = read_times(text) if column == "departures" else (read_time(text),) if text else ()
        except ValueError:
            times[column] = ()
            yield column, "not_a_time", {"text": text}
    yield from _contradictions(times)
    (crossing,), (headway,), (stated,) = (_numbers(row, c) for c in ("crossing_min", "headway_min", "wait_min"))
    if not 0 < crossing < np.inf:
        yield "crossing_min", "no_crossing", {}
    known = stated >= 0 or headway > 0 or np.isfinite(mean_wait(times["departures"]))
    if not known or stated in (np.inf, -np.inf) or stated < 0 or headway <= 0:
        yield "wait_min", "no_wait", {}


def _contradictions(times: Mapping[str, tuple[int, ...]]) -> Iterator[Problem]:
    first, last = (times[column][0] if times[column] else None for column in ("first", "last"))
    if first is not None and last is not None and first > last:
        yield "last", "first_after_last", {"first": write_time(first), "last": write_time(last)}
        return
    low, high = (0 if first is None else first), (_DAY_MIN if last is None else last)
    outside = [write_time(minutes) for minutes in times["departures"] if not low <= minutes <= high]
    if outside:
        span = f"{write_time(low)}-{write_time(high)}"
        yield "departures", "departure_outside", {"departures": " ".join(outside), "span": span}


def sailings(ferries: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Half hours of the week in which each ferry serves: from its first sailing to its last one's arrival.

    Parameters
    ----------
    ferries
        Index ``ferry_id``; ``first``, ``last`` and ``departures`` where there are such columns, ``crossing_min``. A
        blank first or last is that of the departures; where there are none either, the day's beginning or end.

    Returns
    -------
    dict of str to numpy.ndarray
        By ferry id, bool of shape (336,) from Monday 00:00: whether the boat serves throughout that half hour.

    Raises
    ------
    ValueError
        When a time is none.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> (slots,) = sailings(toy_county().ferries).values()
    >>> np.flatnonzero(slots[:48])[[0, -1]].tolist(), int(slots.sum())
    ([12, 39], 196)
    """
    ids = [str(i) for i in ferries.index]
    texts = (_texts(ferries, column) for column in ("first", "last", "departures"))
    rows = zip(ids, *texts, _numbers(ferries, "crossing_min").tolist(), strict=True)
    return {ferry: _service(first, last, listed, crossing) for ferry, first, last, listed, crossing in rows}


def _service(first: str, last: str, departures: str, crossing: float) -> NDArray[np.bool_]:
    listed = read_times(departures)
    begin = read_time(first) if first else min(listed, default=0)
    end = read_time(last) if last else max(listed, default=None)
    if end is None:
        end_min = float(_DAY_MIN)
    else:
        end_min = min(end + (crossing if np.isfinite(crossing) else 0.0), float(begin + _DAY_MIN))
    day = np.zeros(_SLOTS_A_DAY, dtype=bool)
    # A service past midnight goes on in the small hours of the next day, which looks like this one.
    day[np.arange(-(-begin // _SLOT_MIN), int(end_min // _SLOT_MIN)) % _SLOTS_A_DAY] = True
    return np.tile(day, SLOTS // _SLOTS_A_DAY)


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(value) else str(value).strip() for value in frame[column]]


def _numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    if column not in frame:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan), dtype=float)
