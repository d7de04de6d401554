"""Sheets as offices keep them: headers, titles, totals, merged cells, people."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import ledgers
from xsgeo.ledgers import Grid, find_header, header_words, lay_out, read_header, squeeze
from xsgeo.schemas import TABLES
from xsgeo.validation import check_table

EMPLOYERS = TABLES["employers"]
HEAD = ["单位编号", "单位名称", "所属镇乡", "产业集群", "经度", "纬度", "职工人数"]


def firm(i: int, n: str, town: str = "石浦镇") -> list[str]:
    return [f"E{i}", f"合成·厂{i}", town, "针织", "121.9", "29.2", n]


def laid(rows, **more):
    return lay_out(Grid("单位.csv", rows, **more), EMPLOYERS)


@pytest.mark.parametrize(("label", "name"), [
    ("职工人数", "n_workers"), (" 职 工 人 数 ", "n_workers"), ("职工人数（人）", "n_workers"),
    ("*职工人数", "n_workers"), ("职工人数(必填)", "n_workers"), ("职工人数/人", "n_workers"),
    ("ｎ＿ｗｏｒｋｅｒｓ", "n_workers"),
    ("N Workers", "n_workers"),
    ("企业名称（全称）", "name"), ("经度(度)", "lon"), ("东经", "lon"), ("经度（E）", "lon"), ("【经度】", "lon"),
])  # fmt: skip
def test_headers_in_every_dress(label, name):
    assert read_header(label, EMPLOYERS).name == name
    assert not read_header(label, EMPLOYERS).problem


@pytest.mark.parametrize(("label", "role"), [
    ("序号", "ignored"), ("备注", "ignored"), ("联系电话", "personal"), ("法定代表人", "personal"),
    ("联系人（手机）", "personal"),
    ("坐标（经度，纬度）", "point"), ("经纬度", "point"), ("坐标系", "datum"), ("经济类型", "unknown"),
])  # fmt: skip
def test_headers_that_are_no_declared_column(label, role):
    assert read_header(label, EMPLOYERS).role == role


@pytest.mark.parametrize("label", ["经度(高德)", "高德经度", "经度（GCJ02）"])
def test_a_header_may_name_its_datum(label):
    assert (read_header(label, EMPLOYERS).name, read_header(label, EMPLOYERS).datum) == ("lon", "GCJ-02")


@settings(max_examples=300)
@given(
    st.sampled_from(["", *header_words(EMPLOYERS)]),
    *2 * [st.text(st.sampled_from("职工人数经度纬名称编号（）()*/:【】 ａn_workersWGS坐标高德万㎡"), max_size=4)],
)
def test_any_header_is_matched_for_certain_or_unknown(word, before, after):
    label = before + word + after
    found = read_header(label, EMPLOYERS)
    if found.role == "column" and not found.problem:
        base = [w for w in header_words(EMPLOYERS) if header_words(EMPLOYERS)[w] == found.name]
        assert any(w in squeeze(label) for w in base)


def test_titles_blank_rows_totals_and_footers_are_set_aside_and_counted_as_blank():
    rows = [
        ["全县用人单位台账"], ["填报单位：石浦镇", "", "填报日期：2026-05-01"], [], HEAD, firm(1, "10"), [],
        firm(2, "20"),
        ["小计", "", "", "", "", "", "30"], firm(3, "5"), HEAD, firm(4, "5"),
        ["合计", "", "", "", "", "", "40人"],
        ["填表人：某", "", "审核：某"], ["注：以上为年末数"],
    ]  # fmt: skip
    raw = laid(rows)
    checked = check_table(raw, EMPLOYERS)
    assert raw.header_row == 4
    assert raw.cells.index.tolist() == [5, 6, 7, 9, 11]
    assert [(n.row, n.code) for n in raw.notes] == [
        (1, "title_row"), (2, "title_row"), (8, "total_row"), (10, "repeated_header"), (12, "total_row"),
        (13, "footer_row"), (14, "footer_row"),
    ]  # fmt: skip
    assert [f.code for f in checked.faults] == []
    assert checked.frame["n_workers"].tolist() == [10, 20, 5, 5]
    assert raw.n_rows == len(rows) - 1
    assert "全县用人单位台账" in raw.notes[0].text("zh")


def test_a_total_row_with_a_record_s_columns_is_a_record():
    assert laid([HEAD, ["E1", "合计", "石浦镇", "针织", "121.9", "29.2", "5"]]).cells.shape[0] == 1


@pytest.mark.parametrize(("label", "stated", "ok"), [
    ("合计", "35", True), ("合计", "15", True), ("合计", "30", False), ("小计", "15", True), ("小计", "35", False),
    ("西周镇合计", "15", True), ("总　计：", "35", True),
])  # fmt: skip
def test_a_total_stands_for_all_rows_or_for_those_since_the_last_one(label, stated, ok):
    total = [label, "", "", "", "", "", stated]
    rows = [HEAD, firm(1, "20"), ["小计", "", "", "", "", "", "20"], firm(2, "15"), total]
    codes = [f.code for f in check_table(laid(rows), EMPLOYERS).faults]
    assert codes == ([] if ok else ["wrong_total"])


def test_a_merged_town_fills_its_own_rows_and_no_other():
    rows = [HEAD, firm(1, "1", "石浦镇"), firm(2, "2", ""), firm(3, "3", "")]
    raw = laid(rows, merges=((1, 2, 2, 2),))
    assert raw.cells["所属镇乡"].tolist() == ["石浦镇", "石浦镇", ""]
    assert [dict(n.details)["last"] for n in raw.notes] == ["C3"]
    codes = [(f.row, f.code) for f in check_table(raw, EMPLOYERS).faults]
    assert codes == [(4, "missing_value")]


def test_a_header_of_two_rows_with_merged_cells_is_one_header():
    top = ["单位编号", "单位名称", "所属镇乡", "产业集群", "位置", "", "职工人数"]
    low = ["", "", "", "", "经度", "纬度", ""]
    merges = (*((0, c, 1, c) for c in (0, 1, 2, 3, 6)), (0, 4, 0, 5))
    raw = laid([top, low, firm(1, "1")], merges=merges)
    assert list(raw.cells.columns) == HEAD
    assert raw.cells.index.tolist() == [3]


def test_the_example_row_is_skipped_wherever_it_stands():
    raw = laid([HEAD, ["示例", *firm(9, "9")[1:]], firm(1, "1"), ["示例2", *firm(9, "9")[1:]]])
    assert (raw.cells.index.tolist(), raw.aside) == ([3], (2, 4))


def test_people_are_not_read_and_the_note_says_so():
    raw = laid([[*HEAD, "联系电话", "备注"], [*firm(1, "1"), "13900000000", "无"]])
    checked = check_table(raw, EMPLOYERS)
    assert [n.code for n in checked.notes] == ["personal_column", "ignored_column"]
    assert "13900000000" not in checked.frame.astype(str).to_numpy().ravel().tolist()


@given(st.lists(st.lists(st.text(max_size=4), max_size=5), min_size=1, max_size=8))
def test_every_row_of_any_sheet_is_a_record_set_aside_or_the_header(rows):
    raw = lay_out(Grid("a.xlsx", rows), EMPLOYERS)
    header = find_header(rows, EMPLOYERS) + 1
    assert sorted([*raw.cells.index, *raw.aside, header]) == list(range(1, len(rows) + 1))


WORDS = st.sampled_from(
    [
        "", " ", "单位编号", "单位名称", "职工人数", "E1", "示例", "example", "甲厂", "石浦镇", "合计", "小计", "12",
        "填表人：略", "第 1 页",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=1, max_size=8), st.booleans())
def test_a_row_taken_at_first_sight_is_one_that_would_be_taken_anyway(rows, is_ragged):
    grid = Grid("a.csv", [HEAD, *rows], is_ragged=is_ragged)
    quick = lay_out(grid, EMPLOYERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledgers.layout._Parts, "_is_plain", lambda self, row: False)
        slow = lay_out(grid, EMPLOYERS)
    assert quick.cells.to_dict() == slow.cells.to_dict()
    assert (quick.aside, quick.notes, quick.faults) == (slow.aside, slow.notes, slow.faults)


def test_a_row_with_nothing_of_its_own_is_blank_whatever_is_merged_over_it():
    rows = [["编号", "名称", "所属镇乡", "开放时间"], ["V1", "甲", "陆上镇", "9:00-17:00"], ["", "", "", ""]]
    rows += [["V2", "乙", "岛上镇", ""]]
    merges = ((1, 2, 2, 2), (1, 3, 3, 3))  # the town over its row and the empty one, the hours over all three
    raw = lay_out(Grid("a.xlsx", rows, merges=merges), TABLES["venues"])
    assert raw.cells["编号"].tolist() == ["V1", "", "V2"]
    assert raw.cells.loc[3].tolist() == ["", "", "", ""]
    assert raw.cells["开放时间"].tolist() == ["9:00-17:00", "", "9:00-17:00"]
