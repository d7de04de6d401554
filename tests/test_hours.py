"""Texts of hours against weeks worked by hand, refusals with the part they name, and properties against brute force."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from opening_hours import OpeningHours

from xsgeo import hours
from xsgeo.hours import SLOTS, HoursError, day_tables, erode, masks, parse_hours, shrink, to_spans

Mask = NDArray[np.bool_]


def week(written: str) -> Mask:
    """Half hours of "12345 0830-1130 1330-1700 | 6 0900-2600": days 1 (Monday) to 7, then spans on the half hour."""
    mask = np.zeros(SLOTS, dtype=bool)
    for rule in filter(str.strip, written.split("|")):
        days, *spans = rule.split()
        for day in days:
            for span in spans:
                first, end = (int(clock[:2]) * 2 + int(clock[2:]) // 30 for clock in span.split("-"))
                for slot in range(first, end):
                    mask[((int(day) - 1) * 48 + slot) % SLOTS] = True
    return mask


def test_the_yardstick_of_these_tests() -> None:
    assert np.flatnonzero(week("1 0000-0100 | 7 2330-2430")).tolist() == [0, 1, 335]


# --- Chinese texts ----------------------------------------------------------------------------------------------------

YEAR_ROUND = {
    # days
    "周一至周五 8:00-17:00": "12345 0800-1700",
    "周一到周五8点到17点": "12345 0800-1700",
    "星期一至星期六 8:00-17:00": "123456 0800-1700",
    "礼拜天9:00-12:00": "7 0900-1200",
    "周1-5 9-17点": "12345 0900-1700",
    "周一、三、五 18:30-20:30": "135 1830-2030",
    "周一、周三和周五 18:00-20:30": "135 1800-2030",
    "周一，周三，周五 9:00-11:00": "135 0900-1100",
    "周一三五晚上六点半到九点": "135 1830-2100",
    "周六日 9:00-17:00": "67 0900-1700",
    "周六、日 9:00-17:00": "67 0900-1700",
    "周六周日 9:00-17:00": "67 0900-1700",
    "双休日 9:00-16:00": "67 0900-1600",
    "周末全天": "67 0000-2400",
    "工作日 8:30-17:30，双休日 9:00-16:00": "12345 0830-1730 | 67 0900-1600",
    "工作日（周一至周五）的晚上6点到9点": "12345 1800-2100",
    "周五至周一 9:00-17:00": "5671 0900-1700",
    "周日至周四 9:00-21:00，周五、周六 9:00-23:00": "71234 0900-2100 | 56 0900-2300",
    "每日8时30分至17时": "1234567 0830-1700",
    "9:00-17:00": "1234567 0900-1700",
    "全年无休 9:00-21:00": "1234567 0900-2100",
    "开放时间：周一至周五 8:30-17:00": "12345 0830-1700",
    "9:00-17:00（周一至周五），9:00-12:00（周六）": "12345 0900-1700 | 6 0900-1200",
    "9:00-17:00 周一至周五；9:00-12:00 周六": "12345 0900-1700 | 6 0900-1200",
    # parts of the day
    "周一至周五 上午8:30-11:30，下午1:30-5:00": "12345 0830-1130 1330-1700",
    "上午：8点半到11点半 下午：2点-5点": "1234567 0830-1130 1400-1700",
    "5:30-10:00": "1234567 0530-1000",
    "周一至周六 5:30-9:00，10:30-13:00": "123456 0530-0900 1030-1300",
    "五点半到九点": "1234567 0530-0900",
    "早上5:30-9:00，中午11:00-13:00": "1234567 0530-0900 1100-1300",
    "早8点-晚8点": "1234567 0800-2000",
    "周一至周五 早上8点半到晚上9点": "12345 0830-2100",
    "晚上6点到9点": "1234567 1800-2100",
    "每晚7点到9点": "1234567 1900-2100",
    "夜间开放18:00-21:00": "1234567 1800-2100",
    "晚上6:00-12:00": "1234567 1800-2400",
    "中午12点到2点": "1234567 1200-1400",
    "中午11:30-13:00": "1234567 1130-1300",
    "凌晨2:00-10:00": "1234567 0200-1000",
    "下午5点到9点": "1234567 1700-2100",
    "晚上8点到夜里1点": "1234567 2000-2500",
    "晚上10点-2点": "1234567 2200-2600",
    "晚上6点到晚上12点": "1234567 1800-2400",
    "八点半至十七点三十分": "1234567 0830-1730",
    "从早上八点到下午五点半": "1234567 0800-1730",
    # all day, and past midnight
    "24小时": "1234567 0000-2400",
    "24h": "1234567 0000-2400",
    "全天开放": "1234567 0000-2400",
    "每天全天24小时": "1234567 0000-2400",
    "0:00-23:59": "1234567 0000-2400",
    "8:00-次日8:00": "1234567 0000-2400",
    "周五 18:00-次日2:00": "5 1800-2600",
    "周日 22:00-06:00": "7 2200-3000",
    "周六晚上10点到凌晨2点": "6 2200-2600",
    "周日 20:00至第二天早上6点": "7 2000-3000",
    "18:00-0:00": "1234567 1800-2400",
    # signs
    "周一至周五８：００～１１：３０，１３：３０—１７：００": "12345 0800-1130 1330-1700",
    "周一—周五 8∶00–17∶00": "12345 0800-1700",
    "周一至周五\u30008:00\u00a0-\u00a017:00": "12345 0800-1700",
    "周一至周五 8:30-11:30；13:30-17:00": "12345 0830-1130 1330-1700",
    "周一至周五 8:30-11:30/13:30-17:00": "12345 0830-1130 1330-1700",
    "周一至周五8:00-17:00\n周六、周日9:00-16:00": "12345 0800-1700 | 67 0900-1600",
    "周一至周五：\r\n上午8:30-11:30\r\n下午13:30-17:00\r\n周六：\r\n9:00-12:00": (
        "12345 0830-1130 1330-1700 | 6 0900-1200"
    ),
    "周一至周五（8:30-11:30，13:30-17:00），周六（9:00-11:00）。": "12345 0830-1130 1330-1700 | 6 0900-1100",
    # closures and breaks
    "周二至周日9:00-16:30（周一闭馆）": "234567 0900-1630",
    "9:00-17:00，逢周一闭馆": "234567 0900-1700",
    "除周一外，每天9:00-17:00": "234567 0900-1700",
    "除周一闭馆外，每天9:00-17:00": "234567 0900-1700",
    "每天9:00-17:00（周一除外）": "234567 0900-1700",
    "周一至周五 8:30-17:00，周六、周日：休息": "12345 0830-1700",
    "周二至周日 9:00-17:00（16:30停止入场），周一全天闭馆": "234567 0900-1700",
    "周一至周五 8:30-17:00（12:00-13:30午休）": "12345 0830-1200 1330-1700",
    "周一至周五 8:30-17:00 午休：12:00-13:30": "12345 0830-1200 1330-1700",
    "周一至周五 8:30-17:00，中午休息12:00-13:30": "12345 0830-1200 1330-1700",
    "每天9:00-17:00（中午不休息）": "1234567 0900-1700",
    "不开放": "",
    "每天闭馆": "",
    # a later rule for fewer days
    "每天9:00-17:00，周六9:00-12:00": "123457 0900-1700 | 6 0900-1200",
    "周一至周六 8:30-17:00（周六 9:00-12:00）": "12345 0830-1700 | 6 0900-1200",
    "周一至周五 8:30-17:00（周六 9:00-12:00）": "12345 0830-1700 | 6 0900-1200",
    "周一至周五 8:30-11:30，13:30-17:00（周五 13:30-16:00）": "1234 0830-1130 1330-1700 | 5 0830-1130 1330-1600",
    "周一至周五 8:30-11:30；周一至周五 13:30-17:00": "12345 0830-1130 1330-1700",
    "8:30-11:30，13:00-17:00（14:00-14:30休息）": "1234567 0830-1130 1300-1400 1430-1700",
    "周二至周日 9:00-17:00（周一闭馆；需预约）": "234567 0900-1700",
    # free time of people
    "周一至周六 18:00-22:30；周日 8:00-22:30": "123456 1800-2230 | 7 0800-2230",
    "周一至周六 12:00-12:30、18:00-22:30；周日全天": "123456 1200-1230 1800-2230 | 7 0000-2400",
    "周一至周五 12:00-14:00,17:00-22:00; 周六至周日 9:00-22:00": "12345 1200-1400 1700-2200 | 67 0900-2200",
    # only whole half hours count
    "8:15-8:45": "",
    "8:10-12:20": "1234567 0830-1200",
    "8:00-8:15，8:15-8:30": "1234567 0800-0830",
}

SUMMER_AND_WINTER = {
    "周一至周五 8:30-11:30，13:30-17:00（夏季14:00-17:30）": (
        "12345 0830-1130 1330-1700",
        "12345 0830-1130 1400-1730",
    ),
    "8:30-11:30（夏季8:00-11:00），13:30-17:00（夏季14:00-17:30）": (
        "1234567 0830-1130 1330-1700",
        "1234567 0800-1100 1400-1730",
    ),
    "8:30-11:30，13:30-17:00（夏季8:00-11:00，14:30-17:30）": (
        "1234567 0830-1130 1330-1700",
        "1234567 0800-1100 1430-1730",
    ),
    "13:30-17:00（夏季14:00-17:30，冬季13:00-16:30）": ("1234567 1300-1630", "1234567 1400-1730"),
    "夏季8:00-18:00；冬季8:30-17:00": ("1234567 0830-1700", "1234567 0800-1800"),
    "夏令时 8:00-18:00，冬令时 8:30-17:00，周一闭馆": ("234567 0830-1700", "234567 0800-1800"),
    "夏季(5月1日-9月30日)8:00-20:00；冬季(10月1日-4月30日)8:30-17:00": ("1234567 0830-1700", "1234567 0800-2000"),
    "8:00-18:00（夏季），8:30-17:00（冬季）": ("1234567 0830-1700", "1234567 0800-1800"),
    "周一至周五 夏季8:00-18:00，冬季8:30-17:00": ("12345 0830-1700", "12345 0800-1800"),
    "周一至周五 8:30-17:00；夏季 8:00-18:00": ("12345 0830-1700", "12345 0800-1800"),
    "5月1日至9月30日 8:00-20:00；10月1日至次年4月30日 8:30-17:00": ("1234567 0830-1700", "1234567 0800-2000"),
    "7、8月 8:00-20:00，其余月份 8:30-17:00": ("1234567 0830-1700", "1234567 0800-2000"),
    "7月、8月 8:00-20:00": ("", "1234567 0800-2000"),
    "11月至次年3月 9:00-16:00；4月至10月 9:00-17:00": ("1234567 0900-1600", "1234567 0900-1700"),
    "五月初至九月底 9:00-18:00；10月-4月 9:00-17:00": ("1234567 0900-1700", "1234567 0900-1800"),
    "夏季 9:00-17:00，冬季闭馆": ("", "1234567 0900-1700"),
    "夏季：\n周一至周五 8:00-18:00\n周六 9:00-12:00\n冬季：\n周一至周五 8:30-17:00": (
        "12345 0830-1700",
        "12345 0800-1800 | 6 0900-1200",
    ),
}


@pytest.mark.parametrize(("text", "expected"), YEAR_ROUND.items())
def test_chinese_hours_of_every_month(text: str, expected: str) -> None:
    read = parse_hours(text)
    assert {to_spans(read.mask(month)) for month in range(1, 13)} == {to_spans(week(expected))}
    assert (read.mask(1) == week(expected)).all()


@pytest.mark.parametrize(("text", "winter", "summer"), [(text, *both) for text, both in SUMMER_AND_WINTER.items()])
def test_chinese_hours_by_season(text: str, winter: str, summer: str) -> None:
    read = parse_hours(text)
    assert to_spans(read.mask(1)) == to_spans(week(winter))
    assert to_spans(read.mask(7)) == to_spans(week(summer))


@pytest.mark.parametrize(
    ("season", "months"),
    [
        ("夏季", {6, 7, 8, 9}),
        ("冬季", {10, 11, 12, 1, 2, 3, 4, 5}),
        ("5月1日至9月30日", {5, 6, 7, 8, 9}),
        ("5月16日-9月14日", {6, 7, 8}),
        ("5月15日-9月15日", {5, 6, 7, 8, 9}),
        ("每年11月1日起至次年3月31日止", {11, 12, 1, 2, 3}),
        ("夏季（5-9月）", {5, 6, 7, 8, 9}),
        ("6-9月（夏季）", {6, 7, 8, 9}),
        ("夏季：5月1日—9月30日", {5, 6, 7, 8, 9}),
        ("冬季11月至3月", {11, 12, 1, 2, 3}),
        ("7月、8月", {7, 8}),
        ("三月至五月", {3, 4, 5}),
        ("2月29日-4月30日", {3, 4}),
    ],
)
def test_a_month_belongs_to_the_season_of_its_15th(season: str, months: set[int]) -> None:
    read = parse_hours(f"{season} 9:00-17:00；其余月份闭馆")
    assert {month for month in range(1, 13) if read.mask(month).any()} == months


@pytest.mark.parametrize(
    "text", ["夏季(5月1日-9月30日)8:00-20:00；冬季8:30-17:00", "冬季8:30-17:00；夏季(5-9月)8:00-20:00"]
)
def test_a_season_without_dates_is_the_rest_of_the_year(text: str) -> None:
    read = parse_hours(text)
    summer = week("1234567 0800-2000")
    assert [month for month in range(1, 13) if (read.mask(month) == summer).all()] == [5, 6, 7, 8, 9]
    assert (read.mask(10) == week("1234567 0830-1700")).all()


HOLIDAYS = {
    # text: what is said of holidays, and hours of a holiday that is a Monday or a Saturday
    "周一至周五 8:00-17:00": ("as_usual", 9, 0),
    "周一至周日 9:00-17:00，节假日照常": ("as_usual", 8, 8),
    "周一至周五 9:00-17:00；法定节假日正常开放": ("as_usual", 8, 0),
    "周一至周五 8:00-17:00，节假日除外": ("closed", 0, 0),
    "周一至周五，节假日除外，8:00-17:00": ("closed", 0, 0),
    "节假日除外，周一至周五 8:00-17:00": ("closed", 0, 0),
    "周一至周五 8:30-11:30，13:30-17:00（夏季14:00-17:30），节假日除外": ("closed", 0, 0),
    "每天9:00-17:00（国家法定节假日闭馆）": ("closed", 0, 0),
    "除法定节假日外，每天 9:00-17:00": ("closed", 0, 0),
    "每天9:00-17:00（不含节假日）": ("closed", 0, 0),
    "周一至周六 9:00-17:00，周日及节假日休息": ("closed", 0, 0),
    "工作日 8:30-17:30": ("closed", 0, 0),
    "工作日 8:30-17:30，双休日 9:00-16:00": ("as_usual", 9, 7),
    "周六、周日及节假日 9:00-17:00": ("open", 8, 8),
    "周一至周五 8:00-17:00，节假日 9:00-12:00": ("open", 3, 3),
    "每天（含节假日）9:00-17:00": ("open", 8, 8),
    "周六日9:00-17:00（含节假日）": ("open", 8, 8),
    "周二至周日9:00-16:30，周一闭馆（法定节假日除外）": ("open", 7.5, 7.5),
    "Mo-Fr 08:00-17:00": ("as_usual", 9, 0),
    "Mo-Fr 08:00-17:00; PH off": ("closed", 0, 0),
    "Mo-Fr 08:00-17:00, PH off": ("closed", 0, 0),
    "Mo-Fr 08:00-17:00; PH,Sa 09:00-12:00": ("open", 3, 3),
    "PH closed; Mo-Su 09:00-17:00": ("closed", 0, 0),
    "Mo-Fr 08:00-17:00; PH 09:00-12:00,13:00-15:00": ("open", 5, 5),
}


@pytest.mark.parametrize(("text", "said", "monday", "saturday"), [(text, *said) for text, said in HOLIDAYS.items()])
def test_public_holidays(text: str, said: str, monday: float, saturday: float) -> None:
    read = parse_hours(text)
    assert read.holidays == said
    assert [read.holiday_mask(1, day).sum() / 2 for day in (0, 5)] == [monday, saturday]


def test_holiday_hours_follow_the_season() -> None:
    read = parse_hours("夏季 周六日及节假日 9:00-18:00，冬季 周六日及节假日 9:00-16:00")
    assert [read.holiday_mask(month, 2).sum() / 2 for month in (1, 7)] == [7, 9]
    read = parse_hours("Mo-Fr 08:00-17:00; Jun-Aug PH 10:00-12:00")
    assert [read.holiday_mask(month, 2).sum() / 2 for month in (1, 7)] == [0, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("周一至周五 9:00-17:00，需预约", True),
        ("需提前3个工作日预约，周一至周五 9:00-17:00", True),
        ("9:00-17:00（电话预约）", True),
        ("周一至周五 9:00-17:00；周六 9:00-12:00（预约开放）", True),
        ('Mo-Fr 09:00-17:00 "by appointment"', True),
        ("周一至周五 9:00-17:00，无需预约", False),
        ("周一至周五 9:00-17:00", False),
    ],
)
def test_appointments(text: str, said: bool) -> None:
    assert parse_hours(text).by_appointment is said


# --- OpenStreetMap's syntax -------------------------------------------------------------------------------------------

OSM = {
    "24/7": ("1234567 0000-2400", None),
    "24/7; PH off": ("1234567 0000-2400", None),
    "24/7; Su off": ("123456 0000-2400", None),
    "off": ("", None),
    "09:00-17:00": ("1234567 0900-1700", None),
    "Mo-Fr 08:30-11:30,13:30-17:00": ("12345 0830-1130 1330-1700", None),
    "Mo-Fr 08:30-11:30,13:30-17:00; PH off": ("12345 0830-1130 1330-1700", None),
    "Mo-Fr 08:30-17:00; Sa 09:00-12:00; Su off": ("12345 0830-1700 | 6 0900-1200", None),
    "Mo,We,Fr 18:00-20:30": ("135 1800-2030", None),
    "Su-Th 09:00-21:00; Fr,Sa 09:00-23:00": ("71234 0900-2100 | 56 0900-2300", None),
    "Mo-Su 09:00-17:00; Sa off": ("123457 0900-1700", None),
    "Mo-Fr 5:30-9:00": ("12345 0530-0900", None),
    "Mo-Su 09:00-17:00; We 12:00-17:00 off": ("124567 0900-1700 | 3 0900-1200", None),
    "Mo-Fr 08:00-12:00, We 14:00-18:00": ("12345 0800-1200 | 3 1400-1800", None),
    "Mo-Fr 18:00-02:00": ("12345 1800-2600", None),
    "Mo-Su 18:00-26:00": ("1234567 1800-2600", None),
    "Su 22:00-06:00": ("7 2200-3000", None),
    "Mo-Fr 08:10-12:20": ("12345 0830-1200", None),
    "Jun-Aug Mo-Fr 08:00-20:00; Sep-May Mo-Fr 08:30-17:00": ("12345 0830-1700", "12345 0800-2000"),
    "Mo-Fr 09:00-17:00; Jul,Aug 09:00-20:00": ("12345 0900-1700", "1234567 0900-2000"),
    "Jun-Aug: Mo-Fr 08:00-20:00": ("", "12345 0800-2000"),
    "May 01-Sep 30 08:00-20:00; Oct 01-Apr 30 08:30-17:00": ("1234567 0830-1700", "1234567 0800-2000"),
    "Nov 16-Feb 14 10:00-12:00": ("1234567 1000-1200", ""),
    "Mo-Fr 08:30-17:00 open; Jul off": ("12345 0830-1700", ""),
    "We 12:00-17:00 off": ("", None),
}


@pytest.mark.parametrize(("text", "january", "july"), [(text, *both) for text, both in OSM.items()])
def test_osm_hours(text: str, january: str, july: str | None) -> None:
    read = parse_hours(text)
    assert to_spans(read.mask(1)) == to_spans(week(january))
    assert to_spans(read.mask(7)) == to_spans(week(january if july is None else july))


@pytest.mark.parametrize("text", OSM)
def test_osm_hours_are_the_librarys_minute_by_minute(text: str) -> None:
    library = OpeningHours(text, auto_country=False, auto_timezone=False)
    for month in (1, 7):
        monday = datetime(2026, 1, 12) if month == 1 else datetime(2026, 7, 13)  # noqa: DTZ001
        minutes = [library.is_open(monday + timedelta(minutes=minute)) for minute in range(7 * 1440)]
        assert (parse_hours(text).mask(month) == np.array(minutes).reshape(SLOTS, 30).all(axis=1)).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Su-Th 18:00-02:00; Fr,Sa 18:00-04:00", "71234 1800-2600 | 56 1800-2800"),
        ("Mo-Su 18:00-02:00; Fr,Sa 18:00-24:00", "71234 1800-2600 | 56 1800-2400"),
        ("Mo-Fr 18:00-02:00; Sa,Su off", "12345 1800-2600"),
        ("Sa-Mo 22:00-03:00; Su off", "61 2200-2700"),
        ("Mo-Fr 08:00-12:00, Fr 20:00-02:00; Sa 10:00-12:00", "12345 0800-1200 | 5 2000-2600 | 6 1000-1200"),
        ("Mo-Su 20:00-02:00; We 22:00-24:00 off", "124567 2000-2600 | 3 2000-2200 2400-2600"),
    ],
)
def test_a_night_belongs_to_its_evening(text: str, expected: str) -> None:
    """Where the library lets the next day's rule cut the end off a night."""
    assert to_spans(parse_hours(text).mask(3)) == to_spans(week(expected))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Mo-Fr 08:30-11:30，13:30-17:00", "Mo-Fr 08:30-11:30,13:30-17:00"),
        ("mo-fr 8:30–17:00", "Mo-Fr 08:30-17:00"),
        ("Mon-Fri 08:30-17:00; Saturday 09:00-12:00", "Mo-Fr 08:30-17:00; Sa 09:00-12:00"),
        ("Mo-Fr 08:30-17:00\nSa 09:00-12:00\n", "Mo-Fr 08:30-17:00; Sa 09:00-12:00"),
        ("Jul 10-20 08:30-17:00", "Jul 08:30-17:00"),
        ("Ｍｏ－Ｆｒ ０８：３０－１７：００", "Mo-Fr 08:30-17:00"),
    ],
)
def test_osm_as_typed_in_a_workbook(text: str, same: str) -> None:
    assert parse_hours(text).months == parse_hours(same).months


# --- what is refused --------------------------------------------------------------------------------------------------

REFUSED = {
    # words that are in no vocabulary
    "随叫随到": "随叫随到",
    "以现场公告为准": "以现场公告为准",
    "周一至周五 三班倒": "三班倒",
    "周一至周五下班后": "下班后",
    "周一至周五 18:00以后": "18:00以后",
    "约9:00-17:00": "约",
    "每天 9:00-17:00左右": "左右",
    "非工作日 9:00-17:00": "非",
    "每月第一个周六 9:00-11:00": "每月第一个",
    "隔周周六 9:00-11:00": "隔周",
    "周八 9:00-10:00": "周八",
    "周一到周五早九晚五": "九晚五",
    "寒暑假 9:00-17:00": "寒暑假",
    "每天9:00-17:00，春节除外": "春节",
    "夏令营 9:00-10:00": "夏令营",
    "2026年5月1日 9:00-17:00": "2026年5月1日",
    "5月中旬至9月 8:00-9:00": "5月中旬至",
    "8:30-17:00，延长至21:00": "延长至21:00",
    "周一上午闭馆，9:00-17:00": "上午",
    "①8:30-11:30 ②13:30-17:00": "①",
    "9:00-17:00，电话12345678": "电话12345678",
    "无": "无",
    "不详": "不详",
    "/": "/",
    "周一至周五 8:00-17:00 PH off": "PH",
    "周一至周日 9:00-17:00（周末可预约）": "可预约",
    # times that do not exist, or may be two
    "8:00-5:00": "8:00-5:00",
    "周一至周五 8:30-11:30，1:30-5:00": "1:30-5:00",
    "8:30-11:30，01:30-05:00": "01:30-05:00",
    "周日一点到三点": "一点到三点",
    "4:30-9:00": "4:30-9:00",
    "下午1:30-5:00；周六 5:30-9:00": "5:30-9:00",
    "8:30-11:30，5:30-9:00": "5:30-9:00",
    "12:00-1:30": "12:00-1:30",
    "8:00-8:00": "8:00-8:00",
    "上午14:00-17:00": "上午14:00-17:00",
    "下午9:30-11:00": "下午9:30-11:00",
    "上午8点到5点": "上午8点到5点",
    "晚上1点到3点": "晚上1点到3点",
    "8:70-9:00": "8:70-9:00",
    "8:30-25:00": "8:30-25:00",
    "每天 8:00-次日9:00": "8:00-次日9:00",
    "8.30-11.30": "8.30-11.30",
    "0830-1130": "0830-1130",
    "9:00-17:00，18:00-": "18:00-",
    "8:00-12:00，11:00-17:00": "11:00-17:00",
    "全天 8:00-20:00": "8:00-20:00",
    "三零点到四点": "三零点到四点",
    "十十点到四点": "十十点到四点",
    "上午：下午2:00-5:00": "上午：下午2:00-5:00",
    "周一至周五 8:30-17:00，夏季8:00-18:00；9:00-12:00": "9:00-12:00",
    "含9:00-17:00": "含",
    "9:00-17:00，午休": "午休",
    "除周一 9:00-17:00": "除周一",
    # hours without days, days without hours
    "": "",
    "需提前预约": "需提前预约",
    "周一闭馆": "周一闭馆",
    "周一至周五": "周一至周五",
    "周一至周五 8:30-17:00；周末": "周末",
    "周一至周五 9:00-17:00；周六日预约开放": "周六日",
    "上午、下午": "上午",
    "节假日：": "节假日",
    # two readings
    "8:30-11:30，13:30-17:00；夏季14:00-17:30": "夏季14:00-17:30",
    "每天9:00-17:00，周六18:00-21:00": "周六18:00-21:00",
    "9:00-17:00，周一闭馆，节假日除外": "节假日除外",
    "周一至周五8:00-17:00，周六9:00-12:00；夏季8:00-18:00": "夏季8:00-18:00",
    "夏季 周一至周五 8:00-18:00；周六 9:00-12:00": "周六 9:00-12:00",
    "夏季8:00-18:00，周一闭馆；冬季8:30-17:00": "周一闭馆",
    "8:30-11:30，13:30-17:00（周一至周五）": "周一至周五",
    "8:30-11:30，13:30-17:00（中午不休息）": "中午不休息",
    "周一至周五 8:30-17:00（19:00-21:00）": "19:00-21:00",
    "每天周一至周五 8:00-17:00": "周一至周五",
    "周一至周五、节假日除外，8:00-17:00": "周一至周五、节假日除外",
    "周一至周五 9:00-17:00，周六 9:00-12:00，周日闭馆（节假日除外）": (
        "周一至周五 9:00-17:00，周六 9:00-12:00，周日闭馆（节假日除外）"
    ),
    "9:00-12:00（夏季18:00-20:00）": "夏季18:00-20:00",
    "8:30-11:30，13:30-17:00（夏季8:00-17:30）": "夏季8:00-17:30",
    "8:30-11:30，13:30-17:00（节假日9:00-12:00）": "节假日9:00-12:00",
    "13:30-17:00含周一12:00-13:00": "含周一",
    "9:00-17:00（周六；周日）": "周六",
    # contradictions
    "周一至周五（含周六）9:00-17:00": "含周六",
    "周六 9:00-12:00（周六 10:00-12:00）": "周六 10:00-12:00",
    "闭馆；周一 9:00-12:00": "闭馆",
    "周六、周日及节假日 9:00-17:00，节假日闭馆": "周六、周日及节假日 9:00-17:00",
    "周一至周五 9:00-17:00，周五至周日 10:00-20:00": "周五至周日 10:00-20:00",
    "周六 9:00-12:00；每天 14:00-17:00": "每天 14:00-17:00",
    "周一 9:00-17:00，周一闭馆": "周一闭馆",
    "周六日 9:00-17:00，周六闭馆；周日闭馆": "周六闭馆",
    "8:30-11:30（夏季8:00-14:00），13:30-17:00": "8:30-11:30",
    "工作日（周一至周六）9:00-17:00": "周一至周六",
    "8:30-17:00（12:00-18:00午休）": "12:00-18:00午休",
    "周一至周日 9:00-17:00，节假日照常，节假日闭馆": "闭馆",
    "五月初至九月底 9:00-18:00；冬季 9:00-17:00": "冬季 9:00-17:00",
    "夏季（6-9月）8:00-18:00；夏季（5-9月）8:30-17:00": "夏季（5-9月）",
    "夏季8:00-18:00": "夏季",
    "周一至周五 冬季（11-3月）8:30-17:00，周六 9:00-11:00；6-9月 8:00-9:00": "6-9月 8:00-9:00",
    # no season
    "9:00-17:00，10月1日至10月7日闭馆": "10月1日至10月7日",
    "2月31日至9月30日 8:00-18:00": "2月31日至9月30日",
    "13月 9:00-10:00": "13月",
    "13月至14月 9:00-10:00": "13月至14月",
    "夏季5-9月 10-4月 8:00-18:00": "10-4月",
    "夏季（5-9月）8:00-18:00；冬季（9-4月）8:30-17:00": "夏季（5-9月）",
    "7、13月 9:00-10:00": "7、13月",
    "其余月份 9:00-17:00": "其余月份",
    # brackets
    "周一至周五 8:30-17:00（": "（",
    "周一至周五 8:30-17:00）": "）",
    # OpenStreetMap
    "Mo-Fr": "Mo-Fr",
    "Mo-Fr 08:00-05:00": "08:00-05:00",
    "Mo-Fr 8:30-11:30,1:30-5:00": "1:30-5:00",
    "Mo-Fr 08:00-12:00; 13:00-17:00": "13:00-17:00",
    "Mo-Fr 08:00-12:00; Mo-Fr 13:00-17:00": "Mo-Fr 13:00-17:00",
    "Mo-Fr 8am-5pm": "am",
    "Mo-Fr 08:00+": "+",
    "Mo-Fr 08:00,09:00": "08:00",
    "Mo Tu 08:00-09:00": "Tu",
    "Mo-Fr 08:00-09:00 Sa 09:00-10:00": "Sa",
    "Mo-Fr 08:00-12:00, 24/7": "24/7",
    "Dec 25 off": "Dec 25",
    "sunrise-sunset": "sunrise",
    "SH off": "SH",
    "PH off": "PH off",
    "Mo-Fr 08:00-17:00; PH open": "PH",
    "Mo[1] 10:00-12:00": "[1]",
    "week 1-20 Mo 10:00-12:00": "week",
    "2026 Mo 10:00-12:00": "2026",
    "Mo-Fr 08:00-17:00; Oct 01-Oct 07 off": "Oct 01-Oct 07",
    'Mo-Fr 08:00-17:00 || "call"': "||",
    "Mo-Fr 08:00-17:00; call us": "call",
}


@pytest.mark.parametrize(("text", "residue"), REFUSED.items())
def test_what_is_not_understood_is_refused_by_name(text: str, residue: str) -> None:
    with pytest.raises(HoursError) as refusal:
        parse_hours(text)
    assert refusal.value.residue == residue
    assert refusal.value.text == text
    assert residue in text


@pytest.mark.parametrize("tail", ["？", "x", "，详询", "；以公告为准"])
def test_one_more_word_is_never_passed_over(tail: str) -> None:
    for text in [*YEAR_ROUND, *SUMMER_AND_WINTER, *HOLIDAYS, *OSM]:
        with pytest.raises(HoursError):
            parse_hours(text + tail)


@pytest.mark.parametrize(
    "text",
    [
        "8:00-" + " " * 3900 + "x",
        "周一" + " " * 3900,
        "周一、" * 1300,
        "至" * 3900,
        "(" * 3900,
        "夏季8:00-9:00；" * 300,
        "Mo," * 2000,
        "一" * 9000,
    ],
)
def test_a_long_text_is_refused_like_any_other(text: str) -> None:
    """Each of these would not end within a day if blanks or lists were matched with backtracking."""
    with pytest.raises(HoursError):
        parse_hours(text)


# --- properties -------------------------------------------------------------------------------------------------------

WORDS = (
    *(
        "周一",
        "至",
        "周五",
        "周六日",
        "周末",
        "工作日",
        "每天",
        "节假日",
        "除外",
        "照常",
        "闭馆",
        "休息",
        "夏季",
        "冬季",
    ),
    *(
        "5月1日",
        "9月30日",
        "6月",
        "（",
        "）",
        "，",
        "、",
        "；",
        "\n",
        " ",
        "：",
        "8:30",
        "11:30",
        "-",
        "13:30-17:00",
        "9:00-17:00",
    ),
    *(
        "14:00-17:30",
        "18:00-2:00",
        "次日",
        "晚上",
        "6点",
        "到",
        "9点半",
        "上午",
        "中午",
        "凌晨",
        "全天",
        "24小时",
        "需预约",
    ),
    *(
        "除",
        "外",
        "含",
        "不含",
        "午休",
        "12:00-13:00",
        "开放",
        "时间",
        "三",
        "五",
        "日",
        "其余月份",
        "中午不休息",
        "不开放",
    ),
    *(
        "Mo",
        "-",
        "Fr",
        "Su",
        ",",
        "; ",
        "PH",
        "off",
        "08:00-12:00",
        "18:00-02:00",
        "22:00-28:00",
        "24/7",
        "Jun",
        "Dec",
        "30",
    ),
)
any_mask = st.integers(0, 2**SLOTS - 1).map(
    lambda bits: np.array([bits >> slot & 1 for slot in range(SLOTS)], dtype=bool)
)
# Uniform bits are all short runs; weeks people keep are few and long ones.
runs = st.lists(st.tuples(st.integers(0, SLOTS - 1), st.integers(1, 120)), max_size=6)
long_runs = runs.map(
    lambda spans: np.isin(np.arange(SLOTS), [(first + step) % SLOTS for first, n in spans for step in range(n)])
)
weekly_mask = st.one_of(any_mask, long_runs)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse_hours(text)
    except HoursError:
        return
    assert all(read.mask(month).shape == (SLOTS,) for month in range(1, 13))


@given(st.lists(st.sampled_from(WORDS), max_size=10))
@settings(max_examples=500, deadline=None)
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    text = "".join(words)
    residue = ""
    try:
        read = parse_hours(text)
    except HoursError as refusal:
        residue = refusal.residue
    else:
        for month in (1, 7):
            assert (parse_hours(to_spans(read.mask(month))).mask(month) == read.mask(month)).all()
    assert residue in text


@given(weekly_mask, st.integers(1, 12), st.sampled_from(["zh", "en"]))
@settings(max_examples=150, deadline=None)
def test_spans_read_back_to_the_mask(mask: Mask, month: int, language: str) -> None:
    text = to_spans(mask, language=language)  # type: ignore[arg-type]
    assert (parse_hours(text).mask(month) == mask).all()


DAY_STYLES = {
    (0, 1, 2, 3, 4): ["周一至周五", "周一到周五", "星期一—星期五", "周一、二、三、四、五", "工作日"],
    (5, 6): ["周六日", "周六、周日", "双休日", "周末", "星期六和星期日"],
    (0,): ["周一", "逢周一", "每周一", "礼拜一"],
    (2, 4): ["周三、周五", "周三五", "周三，周五"],
    (0, 1, 2, 3, 4, 5, 6): ["每天", "每日", "周一至周日", "天天", ""],
}
some_days = st.sampled_from(list(DAY_STYLES))
half_hours = st.lists(st.integers(12, 48), min_size=2, max_size=6, unique=True).map(sorted)


@given(some_days, half_hours, st.data())
@settings(max_examples=150, deadline=None)
def test_one_meaning_however_it_is_written(days: tuple[int, ...], times: list[int], data: st.DataObject) -> None:
    spans = list(zip(times[::2], times[1::2], strict=False))
    expected = np.zeros((7, 48), dtype=bool)
    for first, end in spans:
        expected[np.ix_(list(days), range(first, end))] = True

    def clock(slot: int) -> str:
        hour, half = divmod(slot, 2)
        styles = [
            f"{hour}:{half * 30:02d}",
            f"{hour:02d}：{half * 30:02d}",
            f"{hour}点{'半' if half else ''}",
            f"{hour}时{'30分' if half else ''}",
        ]
        return data.draw(st.sampled_from(styles))

    to, comma = (
        data.draw(st.sampled_from(["-", "～", "至", "——"])),
        data.draw(st.sampled_from(["，", "、", "/", " ", ",", "；"])),
    )
    text = (
        data.draw(st.sampled_from(DAY_STYLES[days])) + " " + comma.join(f"{clock(a)}{to}{clock(b)}" for a, b in spans)
    )
    assert (parse_hours(text).mask(5) == expected.ravel()).all(), text


@given(half_hours, half_hours)
@settings(max_examples=60, deadline=None)
def test_hours_of_different_days_add_up(workdays: list[int], weekend: list[int]) -> None:
    def say(days: str, times: list[int]) -> str:
        return days + "、".join(
            f"{a // 2:02d}:{a % 2 * 30:02d}-{b // 2:02d}:{b % 2 * 30:02d}"
            for a, b in zip(times[::2], times[1::2], strict=False)
        )

    one, other = say("周一至周五", workdays), say("周六日", weekend)
    both = parse_hours(f"{one}；{other}").mask(1)
    assert (both == (parse_hours(one).mask(1) | parse_hours(other).mask(1))).all()
    closed = parse_hours(f"{one}；{other}；周六闭馆").mask(1)
    assert not (closed & ~both).any()


# --- masks by pattern -------------------------------------------------------------------------------------------------


def test_masks_parse_each_distinct_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(hours, "parse_hours", lambda text: seen.append(text) or parse_hours(text))
    texts = pd.Series(["每天 9:00-17:00", "9点到17点", "24小时", "", None, "  "] * 500)
    codes, patterns = masks(texts, month=3)
    assert sorted(seen) == ["24小时", "9点到17点", "每天 9:00-17:00"]
    assert patterns.shape == (2, SLOTS)
    assert codes[:6].tolist() == [0, 0, 1, -1, -1, -1]
    assert codes.dtype == np.intp
    assert patterns.dtype == np.bool_


def test_masks_use_the_month_and_keep_the_frame() -> None:
    texts = pd.Series(["夏季8:00-18:00；冬季8:30-17:00", "8:00-18:00"], index=["b", "a"])
    before = texts.copy()
    assert masks(texts, month=7)[0].tolist() == [0, 0]
    assert masks(texts, month=1)[0].tolist() in ([0, 1], [1, 0])
    pd.testing.assert_series_equal(texts, before)


@given(st.permutations(range(8)))
@settings(max_examples=20, deadline=None)
def test_patterns_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    texts = pd.Series(["24小时", "9点到17点", "", "周六 9:00-12:00", "9:00-17:00", "周末全天", "24h", "不开放"])
    codes, patterns = masks(texts, month=1)
    shuffled, same = masks(texts.iloc[order], month=1)
    assert (patterns == same).all()
    assert shuffled.tolist() == codes[order].tolist()


@pytest.mark.parametrize(
    "texts", [pd.Series([], dtype=object), pd.Series([np.nan, np.nan]), pd.Series(["", " "], dtype="string")]
)
def test_masks_of_nothing(texts: pd.Series) -> None:
    codes, patterns = masks(texts, month=1)
    assert codes.tolist() == [-1] * len(texts)
    assert patterns.shape == (0, SLOTS)


def test_masks_refuse_what_a_row_cannot_mean() -> None:
    with pytest.raises(HoursError, match="随叫随到"):
        masks(pd.Series(["9:00-17:00", "随叫随到"]), month=1)
    with pytest.raises(ValueError, match="month must be 1 to 12"):
        masks(pd.Series(["9:00-17:00"]), month=13)


# --- shrink -----------------------------------------------------------------------------------------------------------


def shrunk_by_hand(mask: Mask, slots: int, slots_after: int) -> Mask:
    """Walk the ring minute by minute and take the ways off the ends of every run."""
    minutes = np.repeat(mask, 30)
    left = minutes.copy()
    n = len(minutes)
    for minute in range(n):
        begins = minutes[minute] and not minutes[minute - 1]
        ends = minutes[minute] and not minutes[(minute + 1) % n]
        for step in range(slots * 30 if begins else 0):
            left[(minute + step) % n] = False
        for step in range(slots_after * 30 if ends else 0):
            left[minute - step] = False
    return left.reshape(SLOTS, 30).all(axis=1)


@given(weekly_mask, st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_shrink_takes_each_way_off_its_end(mask: Mask, slots: int, after: int) -> None:
    assert (shrink(mask, slots, after) == shrunk_by_hand(mask, slots, after)).all()
    assert (shrink(mask, slots) == shrink(mask, slots, slots)).all()


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 20), st.integers(0, 20))
def test_erode_asks_for_the_whole_window(line: list[bool], before: int, after: int) -> None:
    expected = [all(line[i - before : i + after + 1]) for i in range(before, len(line) - after)]
    assert erode(np.array(line), before, after).tolist() == expected


@given(st.lists(weekly_mask, min_size=1, max_size=4), st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_shrink_of_many_patterns_is_that_of_each(patterns: list[Mask], slots: int) -> None:
    table = np.array(patterns)
    before = table.copy()
    assert (shrink(table, slots) == np.array([shrink(row, slots) for row in table])).all()
    assert (table == before).all()
    assert not (shrink(table, slots + 1) & ~shrink(table, slots)).any()


def test_shrink_over_the_seam_of_the_week() -> None:
    assert to_spans(shrink(week("7 2200-3000"), 2)) == "周日 23:00-次日05:00"
    assert shrink(week("1234567 0000-2400"), 200).all()
    assert not shrink(week("123456 0000-2400"), 144).any()
    assert shrink(week("123456 0000-2400"), 143).sum() == 2


def test_shrink_refuses_what_is_no_week() -> None:
    with pytest.raises(ValueError, match="slots must be 0 or more"):
        shrink(np.ones(SLOTS, dtype=bool), -1)
    with pytest.raises(ValueError, match="336 half hours"):
        shrink(np.ones(48, dtype=bool), 1)


# --- telling a mask ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        (
            "12345 0830-1130 1330-1700 | 67 0900-1700",
            "周一至周五 08:30-11:30、13:30-17:00；周六、周日 09:00-17:00",
            "Mon-Fri 08:30-11:30, 13:30-17:00; Sat, Sun 09:00-17:00",
        ),
        ("1234567 0900-1700", "每天 09:00-17:00", "Mon-Sun 09:00-17:00"),
        ("1234567 0000-2400", "全天开放", "24/7"),
        ("", "不开放", "closed"),
        ("67 0000-2400", "周六、周日 全天", "Sat, Sun 00:00-24:00"),
        ("123567 0900-1700", "周一至周三、周五至周日 09:00-17:00", "Mon-Wed, Fri-Sun 09:00-17:00"),
        ("56 1800-2600", "周五、周六 18:00-次日02:00", "Fri, Sat 18:00-26:00"),
        ("7 2000-3000", "周日 20:00-次日06:00", "Sun 20:00-30:00"),
        ("7 2000-3030", "周一 00:00-06:30；周日 20:00-24:00", "Mon 00:00-06:30; Sun 20:00-24:00"),
    ],
)
def test_a_mask_is_told_as_a_planner_writes(written: str, zh: str, en: str) -> None:
    assert to_spans(week(written)) == zh
    assert to_spans(week(written), language="en") == en


def test_one_week_is_told_at_a_time() -> None:
    with pytest.raises(ValueError, match="one weekly mask"):
        to_spans(np.ones((2, SLOTS), dtype=bool))


# --- the record -------------------------------------------------------------------------------------------------------


def test_a_record_is_frozen_and_compared_by_value() -> None:
    read = parse_hours("每天 9:00-17:00")
    assert read == parse_hours("每天 9:00-17:00")
    assert len({read, parse_hours("每天 9:00-17:00")}) == 1
    assert [len(month) for month in read.months] == [42] * 12
    with pytest.raises(dataclasses.FrozenInstanceError):
        read.text = ""  # type: ignore[misc]
    read.mask(1)[:] = False
    assert read.mask(1).any()


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_are_twelve_months_and_seven_days(month: int) -> None:
    read = parse_hours("每天 9:00-17:00")
    with pytest.raises(ValueError, match="month must be 1 to 12"):
        read.mask(month)
    with pytest.raises(ValueError, match="weekday must be 0"):
        read.holiday_mask(1, 7)


def test_importing_is_light_and_chinese_needs_no_library() -> None:
    code = (
        "import sys; from xsgeo import hours; hours.parse_hours('周一至周五 8:30-17:00');"
        "print(sorted({'opening_hours', 'pandas', 'geopandas', 'holidays'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_tables_of_days_are_by_distinct_text_and_empty_where_missing() -> None:
    texts = pd.Series(["周一 8:00-12:00", None, "每天 9:00-17:00", " ", "周一 8:00-12:00"])
    codes, tables = day_tables(texts)
    assert tables.shape == (3, 12, 14, 48)
    assert codes.tolist() == [0, 2, 1, 2, 0] or codes.tolist() == [1, 2, 0, 2, 1]
    assert not tables[2].any()
    for text, code in zip(texts[[0, 2]], codes[[0, 2]], strict=True):
        assert (tables[code, 0, :7].reshape(-1) == parse_hours(text).mask(1)).all()


def test_a_table_of_days_that_was_handed_out_is_no_longer_shared() -> None:
    _, tables = day_tables(pd.Series(["周一 8:00-12:00"]))
    tables[:] = True
    assert not day_tables(pd.Series(["周一 8:00-12:00"]))[1].all()
