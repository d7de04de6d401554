"""Rules laid over one another: twelve months by eight days, the eighth being a public holiday.

A later rule takes the place of an earlier one only where that is what a reader would understand: it must be for fewer
months or fewer days, and it must tell anew the part of the day it takes over. Whatever else meets in one cell is a
contradiction, and a contradiction is refused rather than decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from xsgeo.errors import HoursError
from xsgeo.hours.week import Holidays, Hours, Span, pack_day, pack_week
from xsgeo.hours.words import ALL_MONTHS, HOLIDAY, WEEK

Cell = tuple[int, int]
"""A month (1 to 12) and a day (0 Monday to 6 Sunday, 7 a public holiday)."""

_HOLIDAY_DAY = 7


@dataclass
class Slot:
    """One span of a rule, and what stands in its place in some months or on some days."""

    span: Span
    variants: list[tuple[frozenset[int], frozenset[int], Span]] = field(default_factory=list)

    def at(self, cell: Cell) -> Span:
        """The span that holds in a cell: the last variant that fits, else the span itself."""
        fitting = [span for months, days, span in self.variants if cell[0] in months and cell[1] in days]
        return fitting[-1] if fitting else self.span


@dataclass
class Rule:
    """Spans for some months and days, while they are being read.

    `says_months` and `says_days` part what is written from what is understood; `source` is the text a refusal shows.
    """

    source: str
    clause: int
    months: frozenset[int]
    days: frozenset[int]
    says_months: bool
    says_days: bool
    slots: list[Slot] = field(default_factory=list)
    breaks: list[Span] = field(default_factory=list)

    def cells(self) -> Iterator[Cell]:
        """Every month and day the rule speaks of."""
        return product(sorted(self.months), sorted(self.days))

    def spans(self, cell: Cell) -> list[Span]:
        """Spans in a cell, breaks taken out."""
        spans = [slot.at(cell) for slot in self.slots]
        for pause in self.breaks:
            spans = [piece for span in spans for piece in _without(span, pause)]
        return spans


@dataclass(frozen=True)
class Closure:
    """Months and days that are closed whatever the rules say."""

    source: str
    months: frozenset[int]
    days: frozenset[int]

    def holds(self, cell: Cell) -> bool:
        """Whether it closes a cell."""
        return cell[0] in self.months and cell[1] in self.days


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a minute.

    Examples
    --------
    >>> overlap((480, 720), (700, 900)), overlap((480, 720), (720, 900))
    (True, False)
    """
    return max(one[0], other[0]) < min(one[1], other[1])


def _without(span: Span, pause: Span) -> list[Span]:
    if not overlap(span, pause):
        return [span]
    pieces = [(span[0], pause[0]), (pause[1], span[1])]
    return [piece for piece in pieces if piece[0] < piece[1]]


def lay(text: str, rules: Sequence[Rule], closures: Sequence[Closure]) -> dict[Cell, list[Span]]:
    """Spans of every cell that is open, later rules over earlier ones, closures over all.

    Parameters
    ----------
    text
        As written, for the refusal.
    rules, closures
        In the order they were read.

    Returns
    -------
    dict
        Spans by month and day; a closed cell is absent.

    Raises
    ------
    HoursError
        When two rules contradict, or a closure leaves nothing of a rule.
    """
    laid: dict[Cell, tuple[Rule, list[Span]]] = {}
    for rule in rules:
        for cell in rule.cells():
            spans = rule.spans(cell)
            if any(overlap(one, other) for one, other in combinations(spans, 2)):
                raise HoursError(text, rule.source)
            if cell in laid:
                spans = _over(text, *laid[cell], rule, spans)
            laid[cell] = (rule, spans)
    for rule in rules:
        closing = [next((closure for closure in closures if closure.holds(cell)), None) for cell in rule.cells()]
        if closing[0] and all(closing):
            raise HoursError(text, closing[0].source)
    return {cell: spans for cell, (_, spans) in laid.items() if not any(closure.holds(cell) for closure in closures)}


def _over(text: str, old: Rule, old_spans: list[Span], new: Rule, spans: list[Span]) -> list[Span]:
    told_anew = [any(overlap(old_span, span) for span in spans) for old_span in old_spans]
    if new.months == old.months and new.days == old.days:
        if not any(told_anew):
            return old_spans + spans
    elif new.months < old.months:
        if all(told_anew):
            return spans
    elif new.months == old.months and new.days < old.days and any(told_anew):
        return spans
    raise HoursError(text, new.source)


def to_hours(text: str, cells: dict[Cell, list[Span]], *, holidays: Holidays, by_appointment: bool) -> Hours:
    """Pack laid rules into the record that is handed out.

    Parameters
    ----------
    text
        As written.
    cells
        Spans by month and day.
    holidays, by_appointment
        What the text says of them.
    """
    packed: dict[tuple[tuple[Span, ...], ...], bytes] = {}
    months: list[bytes] = []
    for month in sorted(ALL_MONTHS):
        week = tuple(tuple(cells.get((month, day), ())) for day in sorted(WEEK))
        if week not in packed:
            packed[week] = pack_week(week)
        months.append(packed[week])
    days: tuple[bytes, ...] = ()
    if holidays == "open":
        days = tuple(pack_day(cells.get((month, _HOLIDAY_DAY), [])) for month in sorted(ALL_MONTHS))
    return Hours(text, tuple(months), holidays, by_appointment, days)


def hours_of_other_days(cells: dict[Cell, list[Span]]) -> dict[Cell, list[Span]] | None:
    """Hours of a public holiday that is kept like any open day; None when the open days differ among themselves."""
    holiday: dict[Cell, list[Span]] = {}
    for month in sorted(ALL_MONTHS):
        kinds = {tuple(sorted(cells[month, day])) for day in sorted(WEEK) if (month, day) in cells}
        if len(kinds) > 1:
            return None
        holiday.update({(month, day): list(kind) for kind in kinds for day in HOLIDAY})
    return holiday
