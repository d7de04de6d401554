"""Texts to numbers, degrees, points and dates: certain or refused."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import values
from xsgeo.values import Unclear


def code(read, *args, **more) -> str:
    with pytest.raises(Unclear) as caught:
        read(*args, **more)
    return caught.value.code


@pytest.mark.parametrize(("text", "unit", "number"), [
    ("120", "", 120), ("１２０", "", 120), ("1,200", "", 1200), ("１，２００", "", 1200), ("12人", "person", 12),
    ("12 名", "person", 12), ("５00人", "person", 500), ("80㎡", "m2", 80), ("80.5平方米", "m2", 80.5),
    ("一百二十", "", 120), ("两千零五", "", 2005), ("十二", "", 12), ("壹佰贰拾", "", 120), ("一千零五十", "", 1050),
    ("一百二十人", "person", 120), ("1.2万", "", 12000), ("1.2万人", "person", 12000), ("3千", "", 3000),
    ("二〇一八", "", 2018), ("2018年", "year", 2018), ("三星", "star", 3), ("−3", "", -3), ("零", "", 0),
])  # fmt: skip
def test_certain_numbers(text, unit, number):
    assert values.read_number(text, unit=unit) == number


@given(st.integers(0, 10**12 - 1))
def test_every_numeral_written_out_is_read_back(number):
    assert values._chinese_number(values._write_chinese(number)) == number


@settings(max_examples=300)
@given(st.text(st.sampled_from("零一二三四五六七八九十百千万亿两〇壹0123456789,.约多人余-~至年月日%E+ "), max_size=9))
def test_any_text_is_one_finite_number_or_refused(text):
    with suppress(Unclear):
        assert math.isfinite(values.read_number(text, unit="person"))


@settings(max_examples=300)
@given(
    st.text(st.sampled_from("0123456789.°′″'\"度分秒NSEW东经北纬-: ,"), max_size=14), st.sampled_from(["lon", "lat"])
)
def test_any_text_is_degrees_or_refused(text, axis):
    with suppress(Unclear):
        assert math.isfinite(values.read_degrees(text, axis=axis))


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 5999))
def test_degrees_minutes_and_seconds_in_every_dress_are_the_same(d, m, hundredths):
    s = hundredths / 100
    dresses = (f"{d}°{m}′{s}″", f"{d}度{m}分{s}秒", f"东经{d}°{m}'{s}\"", f"{d}:{m}:{s}", f"{d}°{m}'{s}''E")
    there = {values.read_degrees(text, axis="lon") for text in dresses}
    assert len(there) == 1
    assert there.pop() == pytest.approx(d + m / 60 + s / 3600, abs=1e-11)


@pytest.mark.parametrize(("text", "point"), [
    ("121.93,29.21", (121.93, 29.21)), ("29.21 121.93", (121.93, 29.21)), ("（121.93；29.21）", (121.93, 29.21)),
    ("经度：121.93 纬度：29.21", (121.93, 29.21)), ("东经121.93北纬29.21", (121.93, 29.21)),
    ("POINT (121.93 29.21)", (121.93, 29.21)), ("121°30′E，29°30′N", (121.5, 29.5)),
])  # fmt: skip
def test_points_in_one_cell(text, point):
    assert values.read_point(text) == pytest.approx(point)


@pytest.mark.parametrize(
    "text", ["121.93", "121.93,29.21,5", "29.2,29.3", "121.9,122.0", "2.35,48.85", "海边", "121.93,", ""]
)
def test_unclear_points_are_refused(text):
    assert code(values.read_point, text) == "unclear_point"


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "5/1/2026", "45292", "2026年5月", "昨天", "20261301"])
def test_unclear_dates_are_refused(text):
    assert code(values.read_date, text) == "not_a_date"


def test_an_id_that_kept_its_digits_is_not_called_rounded():
    assert not values.is_rounded_id("330225101000")
    assert not values.is_rounded_id("91330225MA2AFXXX0E")
    assert values.is_rounded_id("913302250000000000")
