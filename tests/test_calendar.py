"""Days against the State Council's notices, hours of a date against hand-worked weeks, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from xsgeo.errors import CalendarError, XsgeoError
from xsgeo.hours import parse_hours, to_spans
from xsgeo.hours.calendar import (
    DAY_KINDS,
    MORATORIUM,
    Calendar,
    Closure,
    Stage,
    day_kind,
    day_on,
    day_rows,
    day_table,
    week_of,
    week_on,
    worked_as,
)

# Notices of the General Office of the State Council on the holidays of 2024 (25 October 2023), 2025 (12 November 2024)
# and 2026 (4 November 2025). First and last day off; where a notice says 与周末连休, the weekend is counted in.
BREAKS = {
    2024: ("01-01 01-01", "02-10 02-17", "04-04 04-06", "05-01 05-05", "06-08 06-10", "09-15 09-17", "10-01 10-07"),
    2025: ("01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"),
    2026: ("01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05", "06-19 06-21", "09-25 09-27", "10-01 10-07"),
}
MAKE_UP = {
    2024: ("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"),
    2025: ("01-26", "02-08", "04-27", "09-28", "10-11"),
    2026: ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
}
PALACE = parse_hours("周一至周五 8:00-17:00")


def days_of(year: int) -> list[date]:
    """Every day of a year that its own notice settles."""
    first = date(year, 1, 1)
    last = date(year, 12, 25) if year == 2026 else date(year, 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("year", sorted(MAKE_UP))
def test_make_up_days_are_those_of_the_notice(year):
    found = [f"{d:%m-%d}" for d in days_of(year) if day_kind(d) == "make_up"]
    assert tuple(found) == MAKE_UP[year]


@pytest.mark.parametrize("year", sorted(BREAKS))
def test_breaks_are_those_of_the_notice(year):
    expected = set()
    for span in BREAKS[year]:
        first, last = (date.fromisoformat(f"{year}-{d}") for d in span.split())
        expected |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    # The last two days of 2023 were joined to New Year 2024; they are no days of 2024.
    assert {d for d in days_of(year) if day_kind(d) == "holiday"} == expected


def test_every_day_is_of_one_kind_and_weekdays_are_worked_unless_off():
    for year in MAKE_UP:
        kinds = Counter(day_kind(d) for d in days_of(year))
        assert set(kinds) == set(DAY_KINDS)
        for day in days_of(year):
            if day_kind(day) in {"weekend", "make_up"}:
                assert day.weekday() > 4
            elif day_kind(day) == "workday":
                assert day.weekday() < 5


def test_the_weekend_before_new_year_is_joined_to_it():
    assert [day_kind(date(2023, 12, d)) for d in (29, 30, 31)] == ["workday", "holiday", "holiday"]


@pytest.mark.parametrize(
    ("day", "weekday"),
    [("2026-01-04", 4), ("2026-02-14", 4), ("2026-02-28", 0), ("2026-05-09", 1), ("2026-09-20", 1), ("2026-10-10", 2)],
)
def test_a_make_up_day_is_worked_like_the_day_it_stands_in_for(day, weekday):
    assert worked_as(date.fromisoformat(day)) == weekday


def test_other_days_are_worked_like_themselves():
    assert [worked_as(date(2026, 10, d)) for d in range(5, 10)] == [0, 1, 2, 3, 4]


class TestUnknownYears:
    @pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 6, 15), date(2031, 5, 1), date(1999, 10, 1)])
    def test_a_year_without_a_notice_is_refused(self, day):
        with pytest.raises(CalendarError, match=str(day.year)):
            day_kind(day)

    def test_the_last_days_of_december_wait_for_the_next_notice(self):
        assert day_kind(date(2026, 12, 25)) == "workday"
        for day in (26, 31):
            with pytest.raises(CalendarError, match="2027"):
                day_kind(date(2026, 12, day))

    def test_29_december_2018_is_worked_by_the_notice_of_2019(self):
        assert day_kind(date(2018, 12, 29)) == "make_up"
        assert day_kind(date(2018, 12, 31)) == "holiday"

    def test_a_week_that_reaches_into_such_a_year_is_refused(self):
        with pytest.raises(CalendarError):
            week_on(PALACE, date(2026, 12, 30))

    def test_the_refusal_is_said_in_both_languages_and_is_one_of_ours(self):
        error = CalendarError(2027, 2026)
        assert isinstance(error, XsgeoError)
        assert isinstance(error, ValueError)
        assert "2027年" in error.text()
        assert "2027" in error.text("en")


class TestHoursOfADate:
    """The week of 5 to 11 October 2026: three days of a break, two workdays, a make-up Saturday, a Sunday."""

    day = date(2026, 10, 8)

    @pytest.mark.parametrize(
        ("text", "spans"),
        [
            ("周一至周五 8:00-17:00", "周一至周六 08:00-17:00"),
            ("周一至周五 8:00-17:00，节假日除外", "周四至周六 08:00-17:00"),
            ("工作日 8:00-17:00", "周四至周六 08:00-17:00"),
            ("周一至周五 8:00-17:00，节假日 9:00-12:00", "周一至周三 09:00-12:00；周四至周六 08:00-17:00"),
            ("周三 9:00-12:00", "周三、周六 09:00-12:00"),
            ("周六、周日 9:00-12:00", "周日 09:00-12:00"),
            ("每天 9:00-12:00（节假日除外）", "周四至周日 09:00-12:00"),
        ],
    )
    def test_each_day_by_what_it_is(self, text, spans):
        assert to_spans(week_on(parse_hours(text), self.day)) == spans

    def test_an_ordinary_week_is_the_week_of_the_month(self):
        for text in ("周一至周五 8:30-17:00（夏季14:00-17:30）", "每天 22:00-次日2:00", "24小时"):
            hours = parse_hours(text)
            assert (week_on(hours, date(2026, 7, 15)) == hours.mask(7)).all()

    def test_the_season_is_that_of_each_date(self):
        hours = parse_hours("夏季 每天 18:00-21:00；冬季 每天 18:00-20:00")
        assert to_spans(week_on(hours, date(2026, 9, 30))) == "周一至周三 18:00-21:00；周四至周日 18:00-20:00"

    def test_what_runs_past_midnight_belongs_to_the_next_date(self):
        hours = parse_hours("每天 22:00-次日2:00（节假日除外）")
        lost = parse_hours("每天 22:00-次日2:00").mask(5) & ~week_on(hours, date(2026, 4, 30))
        assert to_spans(lost) == to_spans(
            np.repeat([False, True], [4 * 48, 3 * 48]) & parse_hours("每天 22:00-次日2:00").mask(5)
        )

    def test_a_table_of_days_holds_the_masks(self):
        hours = parse_hours("周一至周五 8:00-17:00，节假日 9:00-12:00")
        table = day_table(hours)
        assert table.shape == (12, 14, 48)
        assert (table[4, :7].reshape(-1) == hours.mask(5)).all()
        assert (table[4, 7:].sum(axis=1) == 6).all()
        month, row = day_rows([date(2026, 10, 7), date(2026, 10, 10), date(2026, 10, 11)])
        assert (month.tolist(), row.tolist()) == ([9, 9, 9], [9, 2, 6])
        assert (day_on(hours, date(2026, 10, 10)) == table[9, 2]).all()

    def test_a_week_runs_from_monday_to_sunday(self):
        for n in range(7):
            assert week_of(date(2026, 10, 5) + timedelta(days=n)) == week_of(date(2026, 10, 5))


class TestCalendar:
    def test_moratorium_holds_by_the_noon_of_its_dates(self):
        stages = {
            d: Calendar().stage_on(date.fromisoformat(f"2026-{d}"))
            for d in ("04-30", "05-01", "07-31", "08-01", "09-15", "09-16")
        }
        names = [s.stage_id if s else "" for s in stages.values()]
        assert names == ["", "all_gear", "all_gear", "most_gear", "most_gear", ""]
        assert all(s.source for s in MORATORIUM)

    def test_settings_may_be_texts_and_tables(self):
        late = {"stage_id": "late", "name": "迟", "name_en": "late", "first": "05-01", "last": "09-19"}
        calendar = Calendar(
            moratorium=(late,),
            typhoon_stops=("2026-08-12", date(2026, 8, 11)),
            closures=({"venue_id": "V1", "first": "2026-07-01", "last": "2026-07-31"},),
        )
        assert calendar.stage_on(date(2026, 9, 19)).stage_id == "late"
        assert calendar.typhoon_stops == (date(2026, 8, 11), date(2026, 8, 12))
        assert calendar.is_stopped(date(2026, 8, 12))
        assert calendar.closed_on(date(2026, 7, 31)) == {"V1"}
        assert not calendar.closed_on(date(2026, 8, 1))

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: Calendar(typhoon_stops=("12 August",)), "typhoon_stops"),
            (lambda: Calendar(typhoon_stops=(7,)), "typhoon_stops"),
            (lambda: Calendar(typhoon_stops=(datetime(2026, 8, 12, 6),)), "typhoon_stops"),  # noqa: DTZ001
            (lambda: Closure("V1", date(2026, 7, 2), date(2026, 7, 1)), "first must not be after last"),
            (lambda: Closure("V1", "soon", date(2026, 7, 1)), "closures.first"),
            (lambda: Stage("a", "a", "a", "5-1", "09-16"), "MM-DD"),
            (lambda: Stage("a", "a", "a", "09-16", "05-01"), "first must not be after last"),
            (lambda: Calendar(closures=("V1",)), "Closure must be given as a table"),
        ],
    )
    def test_what_is_no_date_is_refused(self, make, message):
        with pytest.raises(ValueError, match=message):
            make()
