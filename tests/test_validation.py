"""Cells to values: what is certain is read, what is not is named, nothing becomes NaN in silence."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import cells, io, validation
from xsgeo.ledgers import RawTable, squeeze
from xsgeo.schemas import TABLES, column
from xsgeo.validation import check_table


def one(kind: str, text: str, **rules):
    """Parse one cell of one kind: its value, and the codes of what is wrong."""
    texts = cells.stripped(pd.Series([text], index=[2], dtype=object))
    values, bad = cells.PARSERS[kind](texts, column(kind, "x", "x", **rules))
    return values.iloc[0], [code for _, code, _ in bad]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3.5", -3.5),
        ("１２３", 123),
        ("1,200", 1200),
        (" 7 ", 7),
        ("+4", 4),
        ("12,345,678.9", 12345678.9),
        ("一百", 100),
    ],
)
def test_certain_numbers_are_read(text, value):
    assert one("number", text) == (value, [])


@pytest.mark.parametrize(
    "text", ["一百二", "∞", "inf", "1e5", "1,20", "12,", "0x10", "--5", "1.2.3", "12 000", "(5)", "三四", "12元5角"]
)
def test_uncertain_numbers_are_named_not_guessed(text):
    value, bad = one("number", text)
    assert math.isnan(value)
    assert bad == ["not_a_number"]


@given(st.text(max_size=12))
def test_any_text_is_a_number_a_blank_or_a_fault(text):
    value, bad = one("number", text)
    assert math.isfinite(value) or bad or text.strip().casefold() in cells.BLANK


def test_a_fraction_is_not_a_count():
    assert one("integer", "2.5")[1] == ["not_an_integer"]


@pytest.mark.parametrize(("text", "value"), [("是", True), ("1", True), ("否", False), ("FALSE", False)])
def test_flags(text, value):
    assert one("flag", text) == (value, [])


@pytest.mark.parametrize(("kind", "text", "code"), [
    ("flag", "也许", "not_a_flag"),
    ("date", "2026-02-30", "not_a_date"),
    ("weights", "1 1 1", "not_weights"),
    ("weights", "1 1 1 1 1 1 1 1 1 1 1 -1", "not_weights"),
    ("geometry", "POINT (nan 1)", "unreadable_shape"),
    ("geometry", "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "unreadable_shape"),
    ("geometry", "LINESTRING EMPTY", "unreadable_shape"),
    ("hours", "随时", "unreadable_hours"),
    ("free_hours", "周一至周六 18:00-22:00；周日休息", "unreadable_free_hours"),
    ("free_hours", "下班后", "unreadable_free_hours"),
])  # fmt: skip
def test_what_does_not_parse_is_named(kind, text, code):
    assert one(kind, text)[1] == [code]


def test_days_off_are_free_hours_when_they_are_written_as_hours():
    text = "周一至周五 18:00-22:00；双休日 8:00-22:00"
    assert one("free_hours", text) == (text, [])


def test_a_choice_may_be_written_in_chinese_english_or_code():
    for text in ("职工之家", "workers' home", "workers_home", " 职工之家 "):
        assert one("choice", text, choices=("workers_home",)) == ("workers_home", [])


def test_a_set_keeps_each_member_once_and_names_a_stranger():
    assert one("set", "阅览、健身|reading", choices=("reading", "fitness")) == ("reading|fitness", [])
    assert one("set", "阅览、跳伞", choices=("reading", "fitness"))[1] == ["not_a_choice"]


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20))
def test_width_blanks_and_case_of_a_header_do_not_matter(text):
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in text)
    assert squeeze(f" {full_width.upper()}\u3000") == squeeze(text)


def towns(**changes) -> RawTable:
    row = {
        "town_id": "T1", "name": "甲镇", "name_en": "A", "lon": "121.9", "lat": "29.2",
        "is_urban": "是", "is_island": "否",
    }  # fmt: skip
    return RawTable("towns.csv", pd.DataFrame([row | changes], index=[2], dtype=object))


def faults(raw: RawTable) -> list[tuple[int, str, str]]:
    return [(f.row, f.column, f.code) for f in check_table(raw, TABLES["towns"]).faults]


def test_a_good_row_has_no_fault():
    assert faults(towns()) == []


@pytest.mark.parametrize(("changes", "fault"), [
    ({"name": ""}, (2, "name", "missing_value")),
    ({"lon": "190"}, (2, "lon", "above_maximum")),
    ({"lat": "-91"}, (2, "lat", "below_minimum")),
    ({"lat": "29.2E"}, (2, "lat", "wrong_axis")),
    ({"population": "-1"}, (2, "population", "below_minimum")),
    ({"basis": "听说"}, (2, "basis", "not_a_choice")),
    ({"书记": "某"}, (1, "书记", "unknown_column")),
    ({"镇乡编号": "T1"}, (1, "镇乡编号", "repeated_column")),
])  # fmt: skip
def test_each_bad_cell_is_named(changes, fault):
    assert faults(towns(**changes)) == [fault]


def test_a_cell_that_did_not_parse_is_not_called_missing_as_well():
    assert faults(towns(lon="东面")) == [(2, "lon", "not_degrees_text")]


def test_a_missing_column_is_named_in_chinese():
    raw = towns()
    assert faults(RawTable(raw.file, raw.cells.drop(columns="is_urban"))) == [(1, "是否城区", "missing_column")]


def test_an_unknown_header_near_a_known_one_is_suggested_never_taken():
    fault = check_table(towns(nam_en="x"), TABLES["towns"]).faults[0]
    assert "name_en" in fault.text("zh")
    assert fault.code == "unknown_column"


def test_the_caller_s_cells_are_untouched():
    raw = towns(name="")
    before = raw.cells.copy()
    check_table(raw, TABLES["towns"])
    pd.testing.assert_frame_equal(raw.cells, before)


CELLS = st.sampled_from(
    ["", "T1", "甲镇", "121.9", "29.2", "190", "-91", "-1", "3", "是", "否", "也许", "估计", "听说"]
)
ROWS = st.lists(st.lists(CELLS, min_size=10, max_size=10), max_size=5)
COLUMNS = ["town_id", "name", "name_en", "lon", "lat", "accuracy_m", "population", "is_urban", "is_island", "basis"]


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_what_is_passed_without_pandera_is_what_pandera_passes(rows):
    raw = RawTable("towns.csv", pd.DataFrame(rows, columns=COLUMNS, index=range(2, len(rows) + 2), dtype=object))
    quick = check_table(raw, TABLES["towns"]).faults
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation.bounds, "_is_clean", lambda values, column: False)
        assert quick == check_table(raw, TABLES["towns"]).faults


def test_a_suggested_column_is_named_in_both_languages():
    fault = check_table(towns(nam_en="x"), TABLES["towns"]).faults[0]
    assert "did you mean 英文名 name_en?" in fault.text("en")
    assert "是否为“英文名 name_en”" in fault.text("zh")


def test_choices_in_an_english_message_are_english():
    fault = check_table(towns(basis="听说"), TABLES["towns"]).faults[0]
    assert "Choose from: sourced, derived, estimate, synthetic" in fault.text("en")
    assert "有出处、推算" in fault.text("zh")


def test_a_room_for_its_own_staff_that_does_not_say_whose_is_noted(toy_folder):
    path = toy_folder / "venues.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame["employer_id"] = ""
    frame.to_csv(path, index=False)
    notes = io.check_study(toy_folder).notes
    said = [(n.code, n.row, n.text("zh")) for n in notes if n.code == "staff_of_nobody"]
    assert [(code, row) for code, row, _ in said] == [("staff_of_nobody", 4)]
    assert "1处只对本单位职工开放" in said[0][2]
    assert "own staff" in next(n for n in notes if n.code == "staff_of_nobody").text("en")
