"""Weeks of real dates against a brute force that goes through 2026 minute by minute, and the year's own measures.

The brute force knows nothing of the library's: its days are those of the State Council's notice, written out here, its
hours are spans written beside each text, and it counts minutes on one line of 507,000 of them, not half hours in weeks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from xsgeo import access
from xsgeo.hours import parse_hours
from xsgeo.hours.calendar import Calendar
from xsgeo.settings import Standard

DAY_MIN = 1440
FIRST, LAST = date(2026, 1, 4), date(2026, 12, 21)  # the day before the first Monday, the day after the last Sunday
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
MONDAYS = DAYS[1:-1:7]

OFF = [(1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7)]  # month, first day, last day
HOLIDAYS = {date(2026, month, day) for month, first, last in OFF for day in range(first, last + 1)}
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = 4, 0, 1, 2
STANDS_FOR = {(1, 4): FRIDAY, (2, 14): FRIDAY, (2, 28): MONDAY, (5, 9): TUESDAY, (9, 20): TUESDAY, (10, 10): WEDNESDAY}

WORK, WEEKEND, EVERY, ALL_YEAR = range(5), (5, 6), range(7), range(1, 13)
# Text, then what it means: months, weekdays, spans in minutes, and the hours of a holiday (None: those of the weekday).
HOURS = {
    "": [],
    "24小时": [(ALL_YEAR, EVERY, [(0, 1440)])],
    "周一至周五 8:00-17:00": [(ALL_YEAR, WORK, [(480, 1020)])],
    "周一至周五 8:00-17:00，节假日除外": [(ALL_YEAR, WORK, [(480, 1020)]), []],
    "工作日 9:00-11:30": [(ALL_YEAR, WORK, [(540, 690)]), []],
    "周一至周五 18:00-22:00，节假日 9:00-21:00": [(ALL_YEAR, WORK, [(1080, 1320)]), [(540, 1260)]],
    "周一至周六 17:30-22:30；周日 8:00-22:30": [(ALL_YEAR, range(6), [(1050, 1350)]), (ALL_YEAR, (6,), [(480, 1350)])],
    "周六、周日 9:00-17:00": [(ALL_YEAR, WEEKEND, [(540, 1020)])],
    "5月至9月 每天 8:00-21:00": [(range(5, 10), EVERY, [(480, 1260)])],
    "每天 22:00-次日2:00（节假日除外）": [(ALL_YEAR, EVERY, [(1320, 1560)]), []],
    "周日 18:00-次日6:00": [(ALL_YEAR, (6,), [(1080, 1800)])],
    "夏季 每天 18:00-21:00；冬季 每天 18:00-20:00": [
        (range(6, 10), EVERY, [(1080, 1260)]),
        ((1, 2, 3, 4, 5, 10, 11, 12), EVERY, [(1080, 1200)]),
    ],
    "周二、周四 18:30-21:00": [(ALL_YEAR, (1, 3), [(1110, 1260)])],
    "周五 20:00-次日4:00，节假日除外": [(ALL_YEAR, (4,), [(1200, 1680)]), []],
}
SAILINGS = {"": (0, 1440), "F1": (360, 1140), "F2": (420, 1260), "F1|F2": (420, 1140)}
SERVES = ("everyone", "workers", "members", "own_staff", "women", "youth")
FUNCTIONS = ("", "rest", "rest|reading", "rest|tea", "rest|reading|tea")
CALENDAR = Calendar(
    typhoon_stops=("2026-07-22", "2026-07-23", "2026-08-30", "2026-10-04"),
    closures=({"venue_id": "v1", "first": "2026-03-04", "last": "2026-04-11"},),
)


@cache
def minutes_of(text: str) -> np.ndarray:
    """Whether each minute of the year is within the hours."""
    rules = [r for r in HOURS[text] if isinstance(r, tuple)]
    holiday = next((r for r in HOURS[text] if isinstance(r, list)), None)
    line = np.zeros(len(DAYS) * DAY_MIN, dtype=bool)
    for n, day in enumerate(DAYS):
        here = line[n * DAY_MIN : (n + 1) * DAY_MIN]
        if day in HOLIDAYS and holiday is not None:
            for start, end in holiday:
                here[start:end] = True
            continue
        weekday = STANDS_FOR.get((day.month, day.day), day.weekday())
        for months, weekdays, spans in rules:
            for start, end in spans if day.month in months else ():
                if weekday in weekdays:
                    here[start : min(end, DAY_MIN)] = True
                if end > DAY_MIN and (weekday - 1) % 7 in weekdays:
                    here[: end - DAY_MIN] = True
    return line


@cache
def minutes_of_boats(names: str) -> np.ndarray:
    line = np.zeros(len(DAYS) * DAY_MIN, dtype=bool)
    start, end = SAILINGS[names]
    for n, day in enumerate(DAYS):
        if not (names and day in CALENDAR.typhoon_stops):
            line[n * DAY_MIN + start : n * DAY_MIN + end] = True
    return line


def stay(free: np.ndarray, there_min: float, back_min: float) -> np.ndarray:
    """Minutes at which one has been free since one set out and will be until one is back."""
    before, after = (30 * int(np.ceil(m / 30)) for m in (there_min, back_min))
    busy = np.concatenate([[0], np.cumsum(~free, dtype=np.int32)])
    out = np.zeros(len(free), dtype=bool)
    n = len(free) - before - after
    out[before : before + n] = busy[before + after + 1 :] == busy[:n]
    return out


def by_weeks(minutes: np.ndarray) -> np.ndarray:
    return np.count_nonzero(minutes[DAY_MIN:-DAY_MIN].reshape(len(MONDAYS), 7 * DAY_MIN), axis=1) / 60


@cache
def shut(venue_id: str) -> np.ndarray:
    line = np.zeros(len(DAYS) * DAY_MIN, dtype=bool)
    for closure in CALENDAR.closures:
        if closure.venue_id == venue_id:
            line[(closure.first - FIRST).days * DAY_MIN : ((closure.last - FIRST).days + 1) * DAY_MIN] = True
    return line


def study(seed: int):
    """Ten groups and six doors with everything that can differ between them."""
    random = np.random.RandomState(seed)
    texts = list(HOURS)
    n_groups, n_venues = 10, 6
    workers = pd.DataFrame(
        {
            "free_hours": random.choice(texts[1:], n_groups),
            "employer_id": random.choice(["", "P1", "P2"], n_groups),
            "cluster_id": random.choice(["c1", "c2", "c3"], n_groups),
            "n_workers": 4,
            "n_women": random.choice([0, 2, 4], n_groups),
            "n_under_35": random.choice([0, 3, 4], n_groups),
        },
        index=pd.Index([f"g{i}" for i in range(n_groups)], name="group_id"),
    )
    venues = pd.DataFrame(
        {
            "open_hours": random.choice(texts + texts[1:3], n_venues),
            "status": random.choice(["open", "open", "open", "closed"], n_venues),
            "serves": random.choice(SERVES, n_venues),
            "share_terms": random.choice(["open", "open", "agreement", "none"], n_venues),
            "employer_id": random.choice(["", "P1"], n_venues),
            "functions": random.choice(FUNCTIONS, n_venues),
        },
        index=pd.Index([f"v{i}" for i in range(n_venues)], name="venue_id"),
    )
    pairs = [(g, v) for g in workers.index for v in venues.index if random.random_sample() < 0.6]
    ways = pd.DataFrame(pairs, columns=["group_id", "venue_id"])
    ways["minutes"] = random.choice([0.0, 12.0, 30.0, 44.0, 70.0], len(ways))
    ways["minutes_back"] = ways["minutes"] + random.choice([0.0, 0.0, 25.0], len(ways))
    ways["ferries"] = random.choice(list(SAILINGS), len(ways))
    # A wet way may have a longer dry one beside it.
    wet = ways[ways["ferries"] != ""].sample(frac=0.5, random_state=random)
    dry = wet.assign(ferries="", minutes=wet["minutes"] + 15.0, minutes_back=wet["minutes_back"] + 15.0)
    ways = pd.concat([ways, dry], ignore_index=True).assign(mode="walk")
    needs = pd.DataFrame({"cluster_id": ["c1", "c2"], "functions": ["rest", "tea|reading"], "at_least": [np.nan, 1]})
    standard = Standard(
        cutoff_min={"walk": 60.0},
        min_hours_per_week=float(random.choice([0.5, 4.0, 12.0])),
        functions=[(), ("rest",)][random.randint(2)],
    )
    return workers, venues, ways, needs, standard


def admits(worker, venue) -> bool:
    if venue["share_terms"] == "open" or venue["serves"] in {"everyone", "workers"}:
        return True
    return bool(
        (
            venue["serves"] == "own_staff"
            and venue["employer_id"] != ""
            and venue["employer_id"] == worker["employer_id"]
        )
        or (venue["serves"] == "women" and worker["n_women"] == 4)
        or (venue["serves"] == "youth" and worker["n_under_35"] == 4)
    )


def fits(worker, venue, standard) -> bool:
    has = set(venue["functions"].split("|"))
    needed = {"c1": "rest" in has, "c2": bool(has & {"tea", "reading"}), "c3": True}[worker["cluster_id"]]
    return needed and set(standard.functions) <= has


def through_the_year(workers, venues, ways, standard):
    """Hours of each group in each week: near, admitted, useful, for its women, for its young; and doors in reach."""
    hours_by_week = np.zeros((len(workers), 5, len(MONDAYS)))
    n_near = np.zeros(len(workers), dtype=int)
    for g, (group_id, worker) in enumerate(workers.iterrows()):
        kinds = np.zeros(len(DAYS) * DAY_MIN, dtype=np.uint8)  # a bit for each kind of door that is open
        doors = set()
        for way in ways[ways["group_id"] == group_id].itertuples():
            venue = venues.loc[way.venue_id]
            if venue["status"] != "open" or way.minutes > standard.cutoff_min["walk"]:
                continue
            doors.add(way.venue_id)
            free = minutes_of(worker["free_hours"]) & minutes_of_boats(way.ferries)
            there = stay(free, way.minutes, way.minutes_back) & minutes_of(venue["open_hours"]) & ~shut(way.venue_id)
            let_in, fit = admits(worker, venue), fits(worker, venue, standard)
            women, young = (fit and (let_in or venue["serves"] == whom) for whom in ("women", "youth"))
            means = [True, let_in, let_in and fit, women, young]
            kinds |= there * np.uint8(sum(2**bit for bit, yes in enumerate(means) if yes))
        n_near[g] = len(doors)
        hours_by_week[g] = [by_weeks(kinds >> bit & 1) for bit in range(5)]
    return hours_by_week, n_near


@pytest.mark.parametrize("block", range(10))
def test_a_hundred_groups_through_every_minute_of_2026(block):
    for seed in range(10 * block, 10 * block + 10):
        workers, venues, ways, needs, standard = study(seed)
        expected, n_near = through_the_year(workers, venues, ways, standard)
        slots = np.arange(336) % 48 * 30
        sailings = {f: (slots >= SAILINGS[f][0]) & (slots < SAILINGS[f][1]) for f in ("F1", "F2")}
        given = {"standard": standard, "needs": needs, "sailings": sailings, "calendar": CALENDAR}
        found = access.usable_by_week(workers, venues, ways, weeks=MONDAYS, **given)
        assert found.columns.tolist() == MONDAYS
        np.testing.assert_array_equal(found.to_numpy(), expected[:, 2])
        random = np.random.RandomState(seed)
        for number in random.choice(len(MONDAYS), 2, replace=False):
            day = MONDAYS[number] + timedelta(days=int(random.randint(7)))
            located = pd.Series(random.random_sample(len(workers)) < 0.9, index=workers.index)
            answer = access.coverage(workers, venues, ways, located=located, on=day, **given)
            enough = expected[:, :, number] >= standard.min_hours_per_week
            fails = [~located.to_numpy(), n_near == 0, ~enough[:, 0], ~enough[:, 1], ~enough[:, 2]]
            whys = ["unknown", "out_of_reach", "closed", "not_shared", "no_function"]
            assert answer["reason"].astype(str).tolist() == np.select(fails, whys, default="served").tolist()
            assert answer["n_near"].tolist() == np.where(located, n_near, 0).tolist()
            counts = [4 * enough[:, 2], workers["n_women"] * enough[:, 3], workers["n_under_35"] * enough[:, 4]]
            assert answer["n_admitted"].tolist() == np.where(located, np.max(counts, axis=0), 0).tolist()


def test_the_texts_mean_what_is_written_beside_them():
    """An ordinary week of each text, by the reader of texts and by the spans."""
    for text in (t for t in HOURS if t):
        for monday, month in ((date(2026, 7, 6), 7), (date(2026, 11, 16), 11)):
            start = (monday - FIRST).days * DAY_MIN
            week = minutes_of(text)[start : start + 7 * DAY_MIN]
            assert (np.repeat(parse_hours(text).mask(month), 30) == week).all(), text


def widened(venues, ways, kind):
    """The same county with one thing more: a venue, hours, doors opened, rooms equipped, a longer cut-off."""
    if kind == "venue":
        more = pd.DataFrame({"open_hours": "周六、周日 9:00-17:00", "status": "open", "serves": "workers"}, index=["w"])
        rows = ways.drop_duplicates("group_id").assign(venue_id="w", minutes=5.0, minutes_back=5.0, ferries="")
        return pd.concat([venues, more]), pd.concat([ways, rows], ignore_index=True)
    changed = {
        "hours": {"open_hours": "24小时"},
        "admission": {"share_terms": "open"},
        "functions": {"functions": "rest|reading|tea"},
    }
    return venues.assign(**changed.get(kind, {})), ways


@pytest.mark.parametrize("kind", ["venue", "hours", "admission", "functions", "cut_off"])
def test_on_a_date_more_never_serves_fewer(kind):
    for seed in range(12):
        workers, venues, ways, needs, standard = study(seed)
        located = pd.Series(True, index=workers.index)
        given = {"located": located, "needs": needs, "on": MONDAYS[seed * 4 + 1], "calendar": CALENDAR}
        near = replace(standard, cutoff_min={"walk": 30.0 if kind == "cut_off" else 60.0})
        before = access.coverage(workers, venues, ways, standard=near, **given)
        more_venues, more_ways = widened(venues, ways, kind)
        after = access.coverage(workers, more_venues, more_ways, standard=standard, **given)
        assert (after["is_served"] >= before["is_served"]).all()
        assert (after["is_nominal"] >= before["is_nominal"]).all()
        assert (after["usable_hours"] >= before["usable_hours"]).all()
        assert (after["n_admitted"] >= before["n_admitted"]).all()
        assert (after["is_nominal"] >= after["is_served"]).all()
        assert (after["n_admitted"] >= workers["n_workers"] * after["is_served"]).all()


def test_on_a_date_the_order_of_rows_changes_nothing():
    for seed in range(8):
        workers, venues, ways, needs, standard = study(seed)
        located = pd.Series(np.arange(len(workers)) % 5 > 0, index=workers.index)
        given = {"standard": standard, "on": MONDAYS[seed * 5], "calendar": CALENDAR}
        expected = access.coverage(workers, venues, ways, located=located, needs=needs, **given)
        mixed, doors, table, asked = (f.sample(frac=1, random_state=seed) for f in (workers, venues, ways, needs))
        answer = access.coverage(mixed, doors, table, located=located, needs=asked, **given)
        pd.testing.assert_frame_equal(answer.loc[workers.index], expected)


CLUSTERS = pd.DataFrame(
    {"month_weights": [(0.35, 0.7, 0.25, 0.25, 0.95, 0.95, 0.95, 0.58, 0.4, 0.2, 0.2, 0.0), (1.0,) * 12]},
    index=pd.Index(["c1", "c2"], name="cluster_id"),
)


class TestYear:
    def test_each_month_is_what_coverage_says_of_it(self):
        for seed in range(6):
            workers, venues, ways, needs, standard = study(seed)
            located = pd.Series(np.arange(len(workers)) % 6 > 0, index=workers.index)
            given = {"located": located, "needs": needs}
            year = access.yearly(workers, venues, ways, standard=standard, clusters=CLUSTERS, **given)
            total, served = 0.0, 0.0
            for month in range(1, 13):
                answer = access.coverage(workers, venues, ways, standard=replace(standard, month=month), **given)
                assert year.reason[month].astype(str).tolist() == answer["reason"].astype(str).tolist()
                np.testing.assert_array_equal(year.usable_hours[month], answer["usable_hours"])
                there = access.present(workers, CLUSTERS, month=month)
                np.testing.assert_array_equal(year.present[month], there)
                total += there.sum()
                served += (there * answer["is_served"]).sum()
            assert year.share_effective == pytest.approx(served / total)
            months = access.summarise_year(workers, year, by="month")
            reasons = months[[f"n_{why}" for why in access.REASONS]]
            np.testing.assert_allclose(reasons.sum(axis=1), months["n_present"])
            whole = access.summarise_year(workers, year).iloc[0]
            assert whole["share_effective"] == pytest.approx(year.share_effective)
            for by in ("cluster_id", "employer_id"):
                parts = access.summarise_year(workers, year, by=by)
                assert parts["n_effective"].sum() == pytest.approx(whole["n_effective"])

    def test_several_standards_are_each_as_if_alone(self):
        workers, venues, ways, needs, standard = study(3)
        given = {"located": pd.Series(True, index=workers.index), "needs": needs, "clusters": CLUSTERS}
        standards = [replace(standard, cutoff_min={"walk": limit}) for limit in (12.0, 30.0, 60.0)]
        for standard, year in zip(
            standards, access.yearly_by_standard(workers, venues, ways, standards=standards, **given), strict=True
        ):
            alone = access.yearly(workers, venues, ways, standard=standard, **given)
            pd.testing.assert_frame_equal(year.usable_hours, alone.usable_hours)
            pd.testing.assert_frame_equal(year.reason, alone.reason)

    def test_nobody_present_has_no_share(self):
        workers, venues, ways, _, standard = study(0)
        nobody = workers.assign(n_workers=0)
        located = pd.Series(True, index=workers.index)
        year = access.yearly(nobody, venues, ways, located=located, standard=standard, clusters=CLUSTERS)
        assert np.isnan(year.share_effective)

    def test_a_column_that_is_not_there_is_refused(self):
        workers, venues, ways, _, standard = study(0)
        located = pd.Series(True, index=workers.index)
        year = access.yearly(workers, venues, ways, located=located, standard=standard, clusters=CLUSTERS)
        with pytest.raises(ValueError, match="planet"):
            access.summarise_year(workers, year, by="planet")


class TestPresent:
    crews = pd.DataFrame(
        {
            "n_workers": [100, 100, 10],
            "cluster_id": ["c1", "c1", "c9"],
            "shift": ["ashore", "day", "day"],
            "free_hours": ["24小时", "5月至9月 每天 8:00-21:00", "24小时"],
        },
        index=pd.Index(["crew", "season", "other"], name="group_id"),
    )

    def there(self, **when):
        return access.present(self.crews, CLUSTERS, **when).round(6).tolist()

    @pytest.mark.parametrize(("month", "expected"), [(5, [95, 95, 10]), (10, [20, 0, 10]), (12, [0, 0, 10])])
    def test_by_month(self, month, expected):
        assert self.there(month=month) == expected

    def test_a_month_cut_by_the_moratorium_is_on_each_side_like_the_month_beyond_for_crews(self):
        assert self.there(on=date(2026, 9, 15)) == [58, 40, 10]
        assert self.there(on=date(2026, 9, 16)) == [20, 40, 10]
        assert self.there(on=date(2026, 6, 16)) == [95, 95, 10]

    def test_a_typhoon_brings_all_crews_in(self):
        calendar = Calendar(typhoon_stops=("2026-10-13",))
        assert self.there(on=date(2026, 10, 13), calendar=calendar) == [95, 0, 10]
        assert self.there(on=date(2026, 10, 14), calendar=calendar) == [20, 0, 10]

    @pytest.mark.parametrize("when", [{}, {"month": 5, "on": date(2026, 5, 1)}])
    def test_one_time_is_asked_about(self, when):
        with pytest.raises(ValueError, match="one of them"):
            self.there(**when)


def test_a_holiday_week_differs_as_worked_by_hand():
    """5 to 11 October 2026: three holidays, a make-up Saturday worked like the Wednesday."""
    workers = pd.DataFrame(
        {"free_hours": ["周一至周五 18:00-22:00；周六、周日 8:00-22:00"]}, index=pd.Index(["a"], name="group_id")
    )
    venues = pd.DataFrame(
        {
            "status": "open",
            "serves": "workers",
            "open_hours": ["周一至周五 18:00-21:00，节假日除外", "周六 9:00-12:00"],
        },
        index=pd.Index(["evenings", "saturdays"], name="venue_id"),
    )
    table = pd.DataFrame({"group_id": "a", "venue_id": venues.index, "minutes": 20.0})
    weeks = [date(2026, 10, 14), date(2026, 10, 8)]
    hours = access.usable_by_week(workers, venues, table, standard=Standard(), weeks=weeks).loc["a"].tolist()
    # Ordinary: five evenings from 18:30 to 21:00, and Saturday 9:00 to 12:00. Holiday week: Thursday, Friday and the
    # make-up Saturday in the evening; on that Saturday neither the room of Saturdays is open nor the worker free.
    assert hours == [5 * 2.5 + 3, 3 * 2.5]
