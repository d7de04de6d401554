"""Opening hours in the syntax of OpenStreetMap, evaluated by opening-hours-py.

The library reads the whole specification; a weekly mask can hold only a part of it. So the text is first cut into the
parts that a week of some month can say (months, weekdays, times, off), and anything else (sunset, week numbers, years,
the second Tuesday, school holidays, fallbacks) is refused by name instead of being evaluated in an arbitrary week.

Public holidays never reach the library: its table of Chinese holidays knows single festival days and no make-up
workdays, and is wrong on 19 days of 2026. Rules that name ``PH`` are taken out and kept as the record's holiday hours.

Nor do spans past midnight reach it whole: in ``Su-Th 18:00-02:00; Fr,Sa 18:00-04:00`` it lets Friday's rule cut the end
off Thursday's night. Evenings and the nights that follow them are evaluated apart, each night by its evening's rules.

Stretches of dates become whole months by their 15ths, so that each month can be evaluated in one week of its middle.

Some things are valid there and yet refused, because what they say is not what those who write them mean: a rule that
blots out an earlier one (``Mo-Fr 08:00-12:00; Mo-Fr 13:00-17:00``, where a comma was meant), times that may be of the
afternoon (``08:00-05:00``, ``8:30-11:30,1:30-5:00``), and selectors without times (``Mo-Fr``, all day and all night).

Weekdays may also be written Mon, Tue, ... so that the English side of `to_spans` reads back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from xsgeo.errors import HoursError
from xsgeo.hours.clock import is_of_either_half, later_close
from xsgeo.hours.week import DAY_MIN, Hours, Span, pack_day, pack_week
from xsgeo.hours.words import ALL_MONTHS, LONGEST_TEXT, WEEK, fold, months_between, visible

_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LAST_DAY = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NAMES: dict[str, tuple[str, int]] = {
    **{name.lower(): ("month", number) for number, name in enumerate(_MONTH_NAMES, start=1)},
    **{name[:length]: ("day", number) for number, name in enumerate(_LONG_DAYS) for length in (2, 3, len(name))},
    "ph": ("holiday", 0),
    "off": ("off", 0),
    "closed": ("off", 0),
    "open": ("on", 0),
}
_TOKEN = re.compile(
    r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?![0-9:]))|(?P<always>24/7)|(?P<number>[0-9]{1,2}(?![0-9:/]))|(?P<name>[A-Za-z]+)"
    r'|(?P<sign>[-,;:])|(?P<booking>"(?:by appointment(?: only)?|appointment required)")',
    re.ASCII | re.IGNORECASE,
)
# Any year would do: no rule that is let through depends on it.
_YEAR = 2026


@dataclass(frozen=True)
class _Token:
    kind: str
    value: int
    start: int
    end: int


@dataclass(frozen=True)
class _Rule:
    """One rule of the text; `adds` when a comma joins it to those before, where a semicolon would override them."""

    source: str
    months: frozenset[int]
    days: frozenset[int]
    holiday: bool
    spans: tuple[Span, ...]
    is_off: bool
    adds: bool

    def selectors(self) -> str:
        """Months and weekdays in plain syntax, public holidays left out."""
        days = ",".join(_DAY_NAMES[day] for day in sorted(self.days))
        if self.months == ALL_MONTHS:
            return days
        return ",".join(_MONTH_NAMES[month - 1] for month in sorted(self.months)) + " " + days


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_osm(text: str) -> Hours:
    """Read a text of hours in OpenStreetMap's syntax.

    Parameters
    ----------
    text
        As written.

    Returns
    -------
    Hours
        Month by month.

    Raises
    ------
    HoursError
        With the part that is no such syntax, or that a weekly mask cannot hold.

    Examples
    --------
    >>> hours = parse_osm("Mo-Fr 08:30-11:30,13:30-17:00; Sa 09:00-12:00; PH off")
    >>> hours.holidays, hours.mask(5).sum() / 2
    ('closed', np.float64(35.5))
    """
    reader = _Reader(text)
    rules = reader.read()
    weekly = [rule for rule in rules if rule.days]
    if not weekly:
        raise HoursError(text, visible(text).strip())
    _refuse_blotted(text, weekly)
    holidays = [rule for rule in rules if rule.holiday]
    by_month = _holiday_spans(holidays)
    is_open = any(by_month)
    return Hours(
        text,
        _evaluate(weekly),
        ("open" if is_open else "closed") if holidays else "as_usual",
        reader.by_appointment,
        tuple(pack_day(spans) for spans in by_month) if is_open else (),
    )


class _Reader:
    """One pass over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown = visible(text)
        self.tokens = self._tokens()
        self.at = 0
        self.by_appointment = False

    def read(self) -> list[_Rule]:
        """Take the words one by one; a semicolon ends a rule."""
        rules: list[_Rule] = []
        adds = False
        while self.at < len(self.tokens):
            rules.append(self._rule(adds=adds))
            if self._kind() == "":
                break
            if self._kind() not in {";", ","}:
                raise self._refusal(self.at)
            adds = self._kind() == ","
            self.at += 1
            if adds and self._kind() not in {"month", "day", "holiday"}:
                raise self._refusal(self.at)
        return rules

    def _tokens(self) -> list[_Token]:
        if len(self.shown) > LONGEST_TEXT:
            raise HoursError(self.text, self.shown[LONGEST_TEXT : LONGEST_TEXT + 60])
        tokens: list[_Token] = []
        # A new line parts rules as a semicolon does; at the ends it is a blank.
        folded = fold(self.text)
        blank = len(folded) - len(folded.lstrip())
        folded = (" " * blank + folded.strip()).replace("\n", ";")
        at = 0
        while at < len(folded):
            if folded[at] == " ":
                at += 1
                continue
            match = _TOKEN.match(folded, at)
            kind, value = self._token(match) if match else ("", 0)
            if match is None or not kind:
                stop = match.end() if match else at + len(re.split(r"[\s,;]", folded[at:], maxsplit=1)[0])
                raise HoursError(self.text, self.shown[at : max(stop, at + 1)])
            tokens.append(_Token(kind, value, at, match.end()))
            at = match.end()
        return tokens

    def _token(self, match: re.Match[str]) -> tuple[str, int]:
        kind = match.lastgroup or ""
        if kind == "name":
            return _NAMES.get(match[0].lower(), ("", 0))
        if kind == "clock":
            hour, minute = map(int, match[0].split(":"))
            return ("clock", hour * 60 + minute) if minute < 60 else ("", 0)
        if kind == "number":
            return kind, int(match[0])
        return (match[0], 0) if kind == "sign" else (kind, 0)

    def _kind(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].kind if self.at + ahead < len(self.tokens) else ""

    def _take(self) -> int:
        self.at += 1
        return self.tokens[self.at - 1].value

    def _source(self, first: int, last: int) -> str:
        return self.shown[self.tokens[first].start : self.tokens[last].end]

    def _refusal(self, first: int, last: int | None = None) -> HoursError:
        top = len(self.tokens) - 1
        return HoursError(self.text, self._source(min(first, top), min(first if last is None else last, top)))

    def _rule(self, *, adds: bool) -> _Rule:
        first = self.at
        months, days, holiday = self._months(), frozenset[int](), False
        if self._kind() == ":":
            self.at += 1
        while self._kind() in {"day", "holiday"}:
            if self._kind() == "holiday":
                self.at += 1
                holiday = True
            else:
                days |= self._day_range()
            self._next_of_list("day", "holiday")
        says_days = bool(days) or holiday
        spans = self._spans()
        is_always = not months and not says_days and not spans and self._kind() == "always"
        if is_always:
            self.at += 1
            spans = ((0, DAY_MIN),)
        is_off = self._kind() == "off"
        if is_off or (spans and self._kind() == "on"):
            self.at += 1
        if self._kind() == "booking":
            self.at += 1
            self.by_appointment = True
        is_partly_off = is_off and bool(spans) and holiday
        if self.at == first or not (spans or is_off) or is_partly_off or (adds and is_off and days):
            raise self._refusal(first, max(first, self.at - 1))
        days = days if says_days else WEEK
        return _Rule(self._source(first, self.at - 1), months or ALL_MONTHS, days, holiday, spans, is_off, adds)

    def _next_of_list(self, *kinds: str) -> None:
        """Step over a comma when the list goes on behind it, and refuse a list that goes on without one."""
        if self._kind() == "," and self._kind(1) in kinds:
            self.at += 1
        elif self._kind() in kinds:
            raise self._refusal(self.at)

    def _day_range(self) -> frozenset[int]:
        start = self._take()
        if self._kind() != "-" or self._kind(1) != "day":
            return frozenset({start})
        self.at += 1
        end = self._take()
        return frozenset((start + step) % 7 for step in range((end - start) % 7 + 1))

    def _months(self) -> frozenset[int]:
        months: frozenset[int] = frozenset()
        while self._kind() == "month":
            months |= self._month_range()
            self._next_of_list("month")
        return months

    def _month_range(self) -> frozenset[int]:
        """Months of ``Jun``, ``Jun-Aug``, ``May 01-Sep 30``; a stretch that covers no 15th is not a season."""
        first = self.at
        start = self._take()
        start_day = self._take() if self._kind() == "number" else 0
        end, end_day = start, 0
        if self._kind() == "-" and self._kind(1) == "month":
            self.at += 1
            end = self._take()
            end_day = self._take() if self._kind() == "number" else 0
        elif start_day and self._kind() == "-" and self._kind(1) == "number":
            self.at += 1
            end_day = self._take()
        elif start_day:
            raise self._refusal(first, self.at - 1)
        months = months_between(start, start_day or 1, end, end_day or _LAST_DAY[end - 1])
        if not months:
            raise self._refusal(first, self.at - 1)
        return months

    def _spans(self) -> tuple[Span, ...]:
        spans: list[Span] = []
        while self._kind() == "clock":
            first = self.at
            start = self._take()
            if self._kind() != "-" or self._kind(1) != "clock":
                raise self._refusal(first)
            self.at += 1
            written = self._take()
            end = later_close(start, written) if written <= DAY_MIN else written
            hour = self._source(first, first).partition(":")[0]
            if end is None or not start < end <= start + DAY_MIN or start >= DAY_MIN:
                raise self._refusal(first, self.at - 1)
            if is_of_either_half(hour, (start, end)) or (spans and start < spans[-1][1]):
                raise self._refusal(first, self.at - 1)
            spans.append((start, end))
            self._next_of_list("clock")
        return tuple(spans)


def _refuse_blotted(text: str, rules: Sequence[_Rule]) -> None:
    """Refuse a rule of which later ones leave nothing."""
    for place, rule in enumerate(rules):
        left = set() if rule.is_off else set(product(rule.months, rule.days))
        for later in rules[place + 1 :]:
            if left and not later.adds:
                left -= set() if later.is_off and later.spans else set(product(later.months, later.days))
                if not left:
                    raise HoursError(text, later.source)


def _holiday_spans(rules: Sequence[_Rule]) -> list[tuple[Span, ...]]:
    """Hours of a public holiday in each month: the last rule that names ``PH`` holds."""
    by_month: list[tuple[Span, ...]] = []
    for month in sorted(ALL_MONTHS):
        spans: tuple[Span, ...] = ()
        for rule in rules:
            if month in rule.months:
                spans = (*spans, *rule.spans) if rule.adds and not rule.is_off else rule.spans
        by_month.append(spans)
    return by_month


def _evaluate(rules: Sequence[_Rule]) -> tuple[bytes, ...]:
    """Weekly masks of the twelve months."""
    evenings = _spans_by_month(rules, _until_midnight)
    nights = _spans_by_month(rules, _after_midnight)
    return tuple(
        pack_week([evening + [(start + DAY_MIN, end + DAY_MIN) for start, end in night], [], [], [], [], [], []])
        for evening, night in zip(evenings, nights, strict=True)
    )


def _until_midnight(spans: Sequence[Span]) -> list[Span]:
    return [(start, min(end, DAY_MIN)) for start, end in spans]


def _after_midnight(spans: Sequence[Span]) -> list[Span]:
    return [(0, end - DAY_MIN) for _, end in spans if end > DAY_MIN]


def _spans_by_month(rules: Sequence[_Rule], cut: Callable[[Sequence[Span]], list[Span]]) -> list[list[Span]]:
    """Open spans of a week of each month, in minutes from Monday, of the part of each span that `cut` leaves."""
    from opening_hours import OpeningHours, State

    expression = _expression(rules, cut)
    if not expression:
        return [[] for _ in ALL_MONTHS]
    hours = OpeningHours(expression, auto_country=False, auto_timezone=False)
    by_month: list[list[Span]] = []
    for month in sorted(ALL_MONTHS):
        ninth = datetime(_YEAR, month, 9)  # noqa: DTZ001  # a wall clock, as opening hours are
        monday = ninth + timedelta(days=-ninth.weekday() % 7)
        by_month.append(
            [
                (_minutes(start - monday), _minutes(end - monday))
                for start, end, state, _ in hours.intervals(monday, monday + timedelta(days=7))
                if state == State.OPEN
            ]
        )
    return by_month


def _expression(rules: Sequence[_Rule], cut: Callable[[Sequence[Span]], list[Span]]) -> str:
    """The rules in plain syntax; a rule of whose hours `cut` leaves none still overrides those before it."""
    expression = ""
    for rule in rules:
        spans = cut(rule.spans)
        is_off = rule.is_off or not spans
        if not spans and (rule.adds or (rule.is_off and rule.spans)):
            continue
        times = ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)
        separator = "" if not expression else ", " if rule.adds else "; "
        expression += separator + " ".join(filter(None, [rule.selectors(), times, "off" if is_off else ""]))
    return expression


def _minutes(elapsed: timedelta) -> int:
    return int(elapsed.total_seconds()) // 60
