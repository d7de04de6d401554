"""Opening hours, and hours free of work, as Chinese ledgers write them.

The reader goes through the words once and collects rules (when, which days, which spans) and closures, which
`xsgeo.hours.rules` lays over one another. It never weighs two readings. Where a sentence has two, the words that have
them are refused:

* 8:00-5:00 may close at 17:00 or at 5:00 next day. 18:00-2:00 has one reading, and 18:00-次日2:00 says it.
* 每天9:00-17:00，周六18:00-21:00: on Saturday as well, or instead? Fewer days replace the hours of more days only
  when they tell the same part of the day anew (每天9:00-17:00，周六9:00-12:00).
* 8:30-11:30，13:30-17:00；夏季14:00-17:30: a summer without mornings? In brackets, 13:30-17:00（夏季14:00-17:30）,
  the span before the bracket is the one that changes.
* 周一闭馆，节假日除外: shut on holidays, or open on a holiday that is a Monday? 周一闭馆（节假日除外） is the second.
* 周一至周五8:00-17:00，周六9:00-12:00；夏季8:00-18:00: which days of summer?

Seasons named without dates are 夏季 June to September and 冬季 the other months; if one of the two is dated, the other
is the rest of the year; and both must be told, since 夏季8:00-18:00 says nothing of winter, not even that it is closed.
工作日 alone says that public holidays are closed; 周一至周五 does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from xsgeo.errors import HoursError
from xsgeo.hours.clock import read_span
from xsgeo.hours.rules import Cell, Closure, Rule, Slot, hours_of_other_days, lay, overlap, to_hours
from xsgeo.hours.week import DAY_MIN, Holidays, Hours, Span
from xsgeo.hours.words import ALL_MONTHS, HOLIDAY, WEEK, WORKDAYS, Word, read_words, visible

_LUNCH: Span = (720, 780)
_FILLERS = ("opens", "filler")


@dataclass(frozen=True)
class _Scope:
    """What the words so far say of the spans to come; `fresh` are the selectors no span has used yet."""

    months: frozenset[int] | None = None
    months_clause: int = -1
    is_header: bool = False
    days: frozenset[int] | None = None
    fresh: tuple[Word, ...] = ()

    def has_fresh(self, kind: str) -> bool:
        """Whether a selector of this kind waits for its first span."""
        return any(word.kind == kind for word in self.fresh)


@dataclass
class _Variant:
    """Spans in a bracket that stand in for those before it, in some months or on some days."""

    word: Word
    months: frozenset[int]
    days: frozenset[int]
    spans: list[Span] = field(default_factory=list)


@dataclass
class _Bracket:
    """An open bracket; `rule` is the rule it comments on when it directly follows a span."""

    rule: Rule | None
    outer: _Scope
    after: str
    variants: list[_Variant] = field(default_factory=list)


def parse_chinese(text: str) -> Hours:
    """Read a Chinese text of hours.

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
        When any part has no meaning, or more than one.

    Examples
    --------
    >>> parse_chinese("周二至周日9:00-16:30（周一闭馆），需预约").by_appointment
    True
    """
    return _Reader(text).read()


class _Reader:
    """One pass over the words of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown = visible(text)
        self.words = read_words(text)
        self.names_parts = any(word.kind == "label" or _names_part(word) for word in self.words)
        self.at = 0
        self.clause = 0
        self.scope = _Scope()
        self.rules: list[Rule] = []
        self.current: Rule | None = None
        self.closures: list[Closure] = []
        self.closing_clause = -1
        self.bracket: _Bracket | None = None
        self.label: Word | None = None
        self.day_words: set[str] = set()
        self.holidays: Holidays | None = None
        self.holidays_like_others = False
        self.always_closed: Word | None = None
        self.by_appointment = False

    def read(self) -> Hours:
        """Take the words one by one, then lay the rules over one another."""
        read_word: dict[str, Callable[[Word], None]] = {
            "span": self._span,
            "all_day": self._span,
            "label": self._label,
            "lunch": self._lunch,
            "no_break": self._no_break,
            "season": self._season,
            "days": self._days,
            "without": self._without,
            "with": self._with,
            "closed": self._closed,
            "usual": self._usual,
            "booking": self._booking,
            "open": self._open_bracket,
            "shut": self._shut_bracket,
            "break": self._break,
        }
        while self.at < len(self.words):
            word = self._take()
            if word.kind in read_word:
                read_word[word.kind](word)
            elif word.kind not in {"comma", "colon", *_FILLERS, "no_booking", "last_entry"}:
                raise self._refusal(word)
        self._end_clause()
        return self._hours()

    # -- moving along --------------------------------------------------------------------------------------------------

    def _take(self) -> Word:
        self.at += 1
        return self.words[self.at - 1]

    def _next(self, ahead: int = 0) -> str:
        """Kind of a word to come, "" past the end."""
        return self.words[self.at + ahead].kind if self.at + ahead < len(self.words) else ""

    def _past(self, *kinds: str) -> int:
        """How many words of these kinds come next."""
        ahead = 0
        while self._next(ahead) in kinds:
            ahead += 1
        return ahead

    def _skip(self, *kinds: str) -> None:
        self.at += self._past(*kinds)

    def _source(self, first: Word, last: Word | None = None) -> str:
        return self.shown[first.start : (last or first).end]

    def _refusal(self, first: Word, last: Word | None = None) -> HoursError:
        return HoursError(self.text, self._source(first, last))

    # -- spans ---------------------------------------------------------------------------------------------------------

    def _span(self, word: Word) -> None:
        span = self._minutes(word)
        if word.kind == "span" and self._is_pause():
            self._pause(word, span, self._take())
        elif self.bracket and self.bracket.rule:
            self._vary(self.bracket, self.bracket.rule, word, span)
        else:
            rule = self._rule_for(word)
            if rule.slots and span[0] < rule.slots[-1].span[1]:
                # Overlapping, or out of order, as 8:30-11:30，01:30-05:00 is when the afternoon was meant.
                raise self._refusal(word)
            rule.slots.append(Slot(span))
            self.scope = replace(self.scope, fresh=())
            self.closing_clause = -1

    def _is_pause(self) -> bool:
        """12:00-13:00午休, but not 8:30-17:00 午休12:00-13:00."""
        return self._next() == "closed" or (self._next() == "lunch" and self._next(1) not in {"span", "colon"})

    def _minutes(self, word: Word) -> Span:
        label, self.label = self.label, None
        if word.kind == "all_day":
            span: Span | None = None if label else (0, DAY_MIN)
        else:
            span = read_span(word.parts, label=label.text if label else "", names_parts=self.names_parts)
        if span is None:
            raise self._refusal(label or word, word)
        return span

    def _label(self, word: Word) -> None:
        self._skip("colon", *_FILLERS)
        if self._next() != "span":
            raise self._refusal(word)
        self.label = word

    def _rule_for(self, word: Word) -> Rule:
        """The rule a span belongs to: the current one, or a new one once a selector has been said."""
        if self.current and not self.scope.fresh:
            resumes = self.current.clause != self.clause
            if resumes and self.current.says_months and not all(rule.says_months for rule in self.rules):
                raise self._refusal(word)
            return self.current
        first = self.scope.fresh[0] if self.scope.fresh else word
        months, says_months = self._months_for(first, word)
        days, says_days = self._days_for(first, word)
        self.current = Rule(self._source(first, word), self.clause, months, days, says_months, says_days)
        self.rules.append(self.current)
        return self.current

    def _months_for(self, first: Word, word: Word) -> tuple[frozenset[int], bool]:
        """A season holds for the clause it opens, as long as nothing has been said for the whole year."""
        scope = self.scope
        if scope.months is None:
            return ALL_MONTHS, False
        is_same_clause = scope.months_clause == self.clause and all(rule.says_months for rule in self.rules)
        if scope.has_fresh("season") or scope.is_header or is_same_clause:
            return scope.months, True
        raise self._refusal(first, word)

    def _days_for(self, first: Word, word: Word) -> tuple[frozenset[int], bool]:
        """Days said for this span, else the only days said in the clause, else the only days said at all."""
        if self.scope.days is not None and self.scope.has_fresh("days"):
            return self.scope.days, True
        said = [rule for rule in self.rules if rule.says_days]
        for rules in ([rule for rule in said if rule.clause == self.clause], said):
            days = {rule.days for rule in rules}
            if len(days) > 1:
                raise self._refusal(first, word)
            if days:
                return days.pop(), False
        return WEEK, False

    # -- breaks --------------------------------------------------------------------------------------------------------

    def _lunch(self, word: Word) -> None:
        self._skip("colon", *_FILLERS)
        if self._next() != "span":
            raise self._refusal(word)
        span_word = self._take()
        self._pause(word, self._minutes(span_word), span_word)

    def _pause(self, first: Word, pause: Span, last: Word) -> None:
        rule = self._commented_rule()
        fits = rule and any(slot.span[0] <= pause[0] and pause[1] <= slot.span[1] for slot in rule.slots)
        if rule is None or not fits or self.scope.fresh:
            raise self._refusal(*sorted((first, last), key=lambda word: word.start))
        rule.breaks.append(pause)

    def _no_break(self, word: Word) -> None:
        rule = self._commented_rule()
        if rule is None or not any(slot.span[0] <= _LUNCH[0] and _LUNCH[1] <= slot.span[1] for slot in rule.slots):
            raise self._refusal(word)

    def _commented_rule(self) -> Rule | None:
        return self.bracket.rule if self.bracket and self.bracket.rule else self.current

    # -- selectors -----------------------------------------------------------------------------------------------------

    def _season(self, word: Word) -> None:
        if self.scope.has_fresh("season"):
            raise self._refusal(word)
        fresh = (*self.scope.fresh, word)
        self.scope = replace(self.scope, months=word.members, months_clause=self.clause, is_header=False, fresh=fresh)

    def _days(self, word: Word) -> None:
        groups = self._day_groups(word)
        last = groups[-1][-1]
        ahead = self._past("colon", "filler")
        if self._next(ahead) in {"closed", "except"}:
            self.at += ahead
            # 周一至周五，节假日除外: only what follows the last comma is closed.
            for group in groups[:-1]:
                self._select_days(group)
            verb = self._take()
            self._exclude(groups[-1], verb, is_exception=verb.kind == "except")
        elif _members(groups[0]) == HOLIDAY and len(groups) == 1 and self._is_as_usual():
            self._say_holidays("as_usual", last)
        else:
            self._select_days([day_word for group in groups for day_word in group])

    def _day_groups(self, word: Word) -> list[list[Word]]:
        """Days listed one after another: a comma parts groups; 、 和 及 / join."""
        groups = [[word]]
        while self._next() == "comma" and self._next(1) == "days":
            if self._take().text in {",", "，"}:
                groups.append([])
            groups[-1].append(self._take())
        return groups

    def _is_as_usual(self) -> bool:
        """Whether 照常 or 开放 follows, with no hours of its own behind it."""
        ahead = self._past("usual", "colon", *_FILLERS)
        says_open = {"usual", "opens"} & {word.kind for word in self.words[self.at : self.at + ahead]}
        if not says_open or self._next(ahead) in {"span", "all_day", "label", "open"}:
            return False
        self.at += ahead
        return True

    def _select_days(self, group: list[Word]) -> None:
        days = _members(group)
        if self.scope.has_fresh("days"):
            if days != self.scope.days:
                raise self._refusal(group[0], group[-1])
            return
        self.day_words.update(word.text for word in group)
        self.scope = replace(self.scope, days=days, fresh=(*self.scope.fresh, *group))

    # -- closures and holidays -----------------------------------------------------------------------------------------

    def _without(self, word: Word) -> None:
        if self._next() != "days":
            raise self._refusal(word)
        group = [day_word for part in self._day_groups(self._take()) for day_word in part]
        self._skip("closed")
        if self._next() == "outside":
            self._take()
        elif word.text == "除":
            raise self._refusal(word, group[-1])
        self._exclude([word, *group], group[-1], is_exception=True)

    def _exclude(self, group: list[Word], verb: Word, *, is_exception: bool) -> None:
        days = _members(group)
        months = self.scope.months if self.scope.has_fresh("season") else None
        if is_exception and self.closing_clause == self.clause:
            if days != HOLIDAY or self.bracket is None or self.bracket.after != "closed":
                raise self._refusal(group[0], verb)
            self.holidays_like_others = True
            return
        if days >= HOLIDAY and (months is not None or len(days) > 5):
            raise self._refusal(group[0], verb)
        if months is None and days != HOLIDAY and self._is_between_seasons():
            raise self._refusal(group[0], verb)
        self.closures.append(Closure(self._source(group[0], verb), months or ALL_MONTHS, days))
        if days >= HOLIDAY:
            self._say_holidays("closed", verb)
        self._use_season()
        self.closing_clause = self.clause

    def _is_between_seasons(self) -> bool:
        """Whether a closure may be of the season before it alone: 夏季8:00-18:00，周一闭馆；冬季8:30-17:00."""
        scope = self.scope
        if scope.months is None:
            return False
        more = any(word.kind == "season" for word in self.words[self.at :])
        return scope.is_header or (more and scope.months_clause == self.clause)

    def _closed(self, word: Word) -> None:
        """冬季闭馆, or a text that says nothing else."""
        if self.scope.has_fresh("season") and not self.scope.has_fresh("days") and self.scope.months:
            self.closures.append(Closure(self._source(self.scope.fresh[0], word), self.scope.months, WEEK | HOLIDAY))
            self._use_season()
        elif self.scope.fresh or self.rules or self.closures or self.always_closed:
            raise self._refusal(word)
        else:
            self.always_closed = word

    def _use_season(self) -> None:
        fresh = tuple(word for word in self.scope.fresh if word.kind != "season")
        self.scope = replace(self.scope, fresh=fresh)

    def _with(self, word: Word) -> None:
        """每天（含节假日）."""
        if self._next() != "days":
            raise self._refusal(word)
        group = [day_word for part in self._day_groups(self._take()) for day_word in part]
        rule = self._commented_rule()
        days = self.scope.days if self.scope.has_fresh("days") else rule.days if rule else None
        if days is None or not _members(group) - HOLIDAY <= days:
            raise self._refusal(word, group[-1])
        if self.scope.has_fresh("days"):
            self.scope = replace(self.scope, days=days | _members(group))
        elif rule and self._next() in {"shut", "comma", "break", ""}:
            rule.days = days | _members(group)
        else:
            raise self._refusal(word, group[-1])

    def _usual(self, word: Word) -> None:
        if not self.scope.fresh and self._next() not in {*_FILLERS, "colon", "span", "all_day"}:
            raise self._refusal(word)

    def _say_holidays(self, holidays: Holidays, word: Word) -> None:
        if self.holidays not in {None, holidays}:
            raise self._refusal(word)
        self.holidays = holidays

    def _booking(self, word: Word) -> None:
        self.by_appointment = True

    # -- brackets and clauses ------------------------------------------------------------------------------------------

    def _open_bracket(self, word: Word) -> None:
        if self.bracket or "shut" not in {later.kind for later in self.words[self.at :]}:
            raise self._refusal(word)
        after = self.words[self.at - 2].kind if self.at > 1 else ""
        rule = self.current if after in {"span", "all_day"} else None
        self.bracket = _Bracket(rule, self.scope, after)
        if rule:
            self.scope = _Scope()

    def _vary(self, bracket: _Bracket, rule: Rule, word: Word, span: Span) -> None:
        scope = self.scope
        if scope.fresh:
            months, days = scope.months or rule.months, scope.days or rule.days
            bracket.variants.append(_Variant(scope.fresh[0], months, days))
        elif not bracket.variants:
            raise self._refusal(word)
        bracket.variants[-1].spans.append(span)
        self.scope = replace(scope, fresh=())

    def _shut_bracket(self, word: Word) -> None:
        bracket, self.bracket = self.bracket, None
        if bracket is None:
            raise self._refusal(word)
        if bracket.rule is None:
            return
        if self.scope.fresh:
            if bracket.variants or not self._qualify(bracket.rule):
                raise self._refusal(self.scope.fresh[0], self.scope.fresh[-1])
            self.current = None
        for variant in bracket.variants:
            self._apply(bracket.rule, variant, word)
        self.scope = bracket.outer

    def _apply(self, rule: Rule, variant: _Variant, shut: Word) -> None:
        """Put the spans of a bracket in the place of those before it, or beside them if they are for other days."""
        word, months, days, spans = variant.word, variant.months, variant.days, variant.spans
        is_apart = days.isdisjoint(rule.days) and (len(rule.slots) == 1 or not days & HOLIDAY)
        source = self.shown[word.start : shut.start]
        if is_apart:
            slots = [Slot(span) for span in spans]
            self.rules.append(Rule(source, self.clause, months, days, months != ALL_MONTHS, True, slots))
            return
        replaced = rule.slots[-len(spans) :]
        fits = len(replaced) == len(spans) and all(
            overlap(slot.span, span) for slot, span in zip(replaced, spans, strict=True)
        )
        is_narrower = months <= rule.months and days <= rule.days and (months, days) != (rule.months, rule.days)
        kept = rule.slots[: -len(spans)]
        if not fits or not is_narrower or any(overlap(slot.span, span) for slot in kept for span in spans):
            raise HoursError(self.text, source)
        for slot, span in zip(replaced, spans, strict=True):
            slot.variants.append((months, days, span))

    def _qualify(self, rule: Rule) -> bool:
        """Let selectors that follow a single span speak for it: 9:00-17:00（周一至周五）."""
        has_season, has_days = self.scope.has_fresh("season"), self.scope.has_fresh("days")
        if len(rule.slots) != 1 or (has_season and rule.says_months) or (has_days and rule.says_days):
            return False
        if has_season and self.scope.months:
            rule.months, rule.says_months = self.scope.months, True
        if has_days and self.scope.days:
            rule.days, rule.says_days = self.scope.days, True
        return True

    def _break(self, word: Word) -> None:
        """A semicolon or a full stop ends a clause; a new line after a heading (夏季：) does not."""
        if self.bracket:
            if self.scope.fresh:
                raise self._refusal(self.scope.fresh[-1])
            return
        if self.scope.fresh and word.text.isspace():
            is_header = not self.scope.has_fresh("days")
            self.scope = replace(self.scope, is_header=self.scope.is_header or is_header)
            return
        self._end_clause()
        self.clause += 1

    def _end_clause(self) -> None:
        fresh = self.scope.fresh
        if not fresh:
            return
        before = self.words[self.words.index(fresh[0]) - 1].kind if self.words[0] is not fresh[0] else ""
        rule = self.current
        if before != "span" or rule is None or rule.clause != self.clause or not self._qualify(rule):
            raise self._refusal(fresh[0], fresh[-1])
        self.scope, self.current = _Scope(), None

    # -- the end -------------------------------------------------------------------------------------------------------

    def _hours(self) -> Hours:
        is_closed = self.always_closed or any(
            closure.days >= WEEK and closure.months == ALL_MONTHS for closure in self.closures
        )
        if not self.rules and not is_closed:
            raise HoursError(self.text, self.shown.strip())
        if self.rules and self.always_closed:
            raise self._refusal(self.always_closed)
        self._refuse_half_a_year()
        cells = lay(self.text, self.rules, self.closures)
        return to_hours(self.text, cells, holidays=self._holidays(cells), by_appointment=self.by_appointment)

    def _refuse_half_a_year(self) -> None:
        """夏季8:00-18:00 and not a word of winter is a text cut short; 7月、8月9:00-17:00 is a summer venue."""
        named = [word for word in self.words if word.parts.get("name")]
        told: list[Rule | Closure] = [*self.rules, *(closure for closure in self.closures if closure.days >= WEEK)]
        if named and frozenset().union(*(part.months for part in told)) != ALL_MONTHS:
            raise self._refusal(named[0])

    def _holidays(self, cells: dict[Cell, list[Span]]) -> Holidays:
        """What is said of public holidays; adds their hours to `cells` when they are kept like any open day."""
        named = [rule for rule in self.rules if rule.days >= HOLIDAY]
        if named and (self.holidays or self.holidays_like_others):
            raise HoursError(self.text, named[0].source)
        if self.holidays_like_others:
            holiday = None if self.holidays else hours_of_other_days(cells)
            if holiday is None:
                raise HoursError(self.text, self.shown.strip())
            cells.update(holiday)
        if named or self.holidays_like_others:
            return "open"
        return self.holidays or ("closed" if self._is_for_workdays() else "as_usual")

    def _is_for_workdays(self) -> bool:
        """Whether every hour is said of 工作日, which a public holiday is not."""
        return "工作日" in self.day_words and all(rule.days <= WORKDAYS for rule in self.rules)


def _members(group: list[Word]) -> frozenset[int]:
    return frozenset().union(*(word.members for word in group))


def _names_part(word: Word) -> bool:
    """Whether a span says 上午, 晚上 or the like."""
    return word.kind == "span" and bool(word.parts["period1"] or word.parts["period2"])
