"""The workbook of plaques to confirm: it reads back, and what is wrong in it is named."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO

import pandas as pd
import pytest
import xlsxwriter

from xsgeo import io, review
from xsgeo.catalogue import WORDS, say
from xsgeo.errors import StudyError
from xsgeo.export import WORKBOOK_CREATED, WORKBOOK_OPTIONS
from xsgeo.sharing import RATIOS, evaluate

VENUES = pd.DataFrame({"name": ["=1+1", "石浦镇职工之家", "丙"]}, index=pd.Index(["V1", "V2", "V3"], name="venue_id"))
PAIRS = pd.DataFrame(
    {
        "venue_a": ["V1", "V1"],
        "venue_b": ["V2", "V3"],
        "probability": [0.95, 0.4],
        "distance_m": [12.3, float("nan")],
        "evidence": ["distance|core_same", "floor_different"],
    }
)
NONE = pd.DataFrame(columns=["venue_a", "venue_b", "verdict"])


def filled_in(path, rows, language="zh"):
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        heads = [say(f"review.{h}", language) for h in ("venue_a", "venue_b", "verdict")]
        for r, row in enumerate([heads, *rows]):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
    path.write_bytes(stream.getvalue())
    return path


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_a_decided_pair_comes_back_with_its_verdict(tmp_path, language):
    decided = pd.DataFrame({"venue_a": ["V2"], "venue_b": ["V1"], "verdict": ["same"]})
    path = tmp_path / "复核.xlsx"
    path.write_bytes(review.review_workbook(PAIRS, VENUES, decided, language=language))
    back = review.read_review(path, VENUES)
    # V1 and V3 wait for a verdict and stand first.
    assert back.to_dict("index") == {
        "V1+V2": {"venue_a": "V1", "venue_b": "V2", "verdict": "same", "source": "复核.xlsx", "row": 3}
    }


def test_names_are_written_as_text_and_the_same_pairs_give_the_same_bytes(tmp_path):
    once = review.review_workbook(PAIRS, VENUES, NONE)
    assert review.review_workbook(PAIRS.copy(), VENUES, NONE) == once
    path = tmp_path / "p.xlsx"
    path.write_bytes(once)
    assert io.read_cells(path, "p.xlsx").cells["阵地甲"].tolist() == ["=1+1", "=1+1"]


def test_a_workbook_written_another_day_has_the_same_bytes(monkeypatch):
    first = review.review_workbook(PAIRS, VENUES, NONE)

    class Kind(type):
        def __instancecheck__(cls, other):
            return isinstance(other, dt.datetime)

    class Later(dt.datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=tz)

    for module in (xlsxwriter.core, xlsxwriter.packager, xlsxwriter.workbook):
        monkeypatch.setattr(module, "datetime", Later, raising=False)
    assert review.review_workbook(PAIRS, VENUES, NONE) == first
    with zipfile.ZipFile(BytesIO(first)) as book:
        told = book.read("docProps/core.xml").decode("utf-8")
    assert f">{WORKBOOK_CREATED:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>" in told


def test_a_review_is_opened_with_the_options_of_every_workbook(monkeypatch):
    seen = []
    real = xlsxwriter.Workbook

    def noted(stream, options):
        seen.append(options)
        return real(stream, options)

    monkeypatch.setattr(xlsxwriter, "Workbook", noted)
    review.review_workbook(PAIRS, VENUES, NONE)
    assert seen == [dict(WORKBOOK_OPTIONS)]


def test_every_fault_of_a_filled_in_workbook_is_named_at_once(tmp_path):
    rows = [
        ("V1", "V9", "是"),
        ("V1", "V2", "也许"),
        ("V3", "V3", "是"),
        ("V2", "V3", "是"),
        ("V3", "V2", "否"),
        ("V1", "V3", ""),
    ]
    with pytest.raises(StudyError) as caught:
        review.read_review(filled_in(tmp_path / "p.xlsx", rows), VENUES)
    found = [(f.row, f.column, f.value, f.code) for f in caught.value.faults]
    assert found == [
        (2, "阵地乙编号", "V9", "review_venue"),
        (3, "是否同一处", "也许", "review_verdict"),
        (4, "阵地乙编号", "V3", "review_itself"),
        (6, "是否同一处", "否", "review_twice"),
    ]


def test_pairs_to_be_decided_come_first_and_each_says_how_it_stands(tmp_path):
    venues = VENUES.assign(
        owner_system=["union", "youth_league", ""], address=["渔港路1号", None, ""], room_id=["R", "R", ""]
    )
    pairs = pd.concat([PAIRS, PAIRS.iloc[:1].assign(venue_a="V2", venue_b="V3", probability=0.2)])
    decided = pd.DataFrame({"venue_a": ["V2"], "venue_b": ["V3"], "verdict": ["different"]})
    path = tmp_path / "p.xlsx"
    path.write_bytes(review.review_workbook(pairs, venues, decided))
    cells = io.read_cells(path, "p.xlsx").cells
    assert cells["阵地乙编号"].tolist() == ["V3", "V3", "V2"]
    assert cells["现状"].tolist() == [say(f"review.state.{s}") for s in ("open", "decided", "joined")]
    assert cells["是否同一处"].tolist() == ["", "否", ""]
    assert cells.iloc[2][["甲权属部门", "乙权属部门", "甲地址", "乙地址"]].tolist() == [
        "工会",
        "共青团",
        "渔港路1号",
        "",
    ]


def test_rows_may_be_sorted_but_not_one_column_alone(tmp_path):
    path = tmp_path / "p.csv"
    rows = [
        "阵地甲编号,阵地甲,阵地乙编号,是否同一处",
        "V2,石浦镇职工之家,V3,是",
        "V1,石浦镇职工之家,V3,否",
        "V1,石浦镇职工之家,V2,",
    ]
    path.write_text("\n".join(rows), "utf-8")
    with pytest.raises(StudyError) as caught:
        review.read_review(path, VENUES)
    assert [(f.row, f.column, f.value, f.code) for f in caught.value.faults] == [
        (3, "阵地甲", "石浦镇职工之家", "review_name")
    ]
    path.write_text("\n".join([rows[0], rows[1]]), "utf-8")
    assert review.read_review(path, VENUES)["verdict"].to_dict() == {"V2+V3": "same"}


def test_verdicts_that_nobody_recorded_are_not_written_over(tmp_path):
    path = filled_in(tmp_path / "p.xlsx", [("V1", "V2", "是"), ("V1", "V3", "否"), ("V2", "V3", "待定")])
    decided = review.read_review(path, VENUES)
    review.refuse_to_lose(tmp_path / "new.xlsx", VENUES, NONE)
    review.refuse_to_lose(path, VENUES, decided)
    with pytest.raises(StudyError, match="1 verdicts in it are not recorded"):
        review.refuse_to_lose(path, VENUES, decided.iloc[:1])


def test_a_file_that_is_not_there_is_named(tmp_path):
    for read in (lambda p: review.read_review(p, VENUES), review.read_labelled):
        with pytest.raises(StudyError, match=r"nowhere\.xlsx"):
            read(tmp_path / "nowhere.xlsx")


def test_a_workbook_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(StudyError) as caught:
        review.read_review(path, VENUES)
    assert {f.value for f in caught.value.faults} == {"阵地甲编号", "阵地乙编号", "是否同一处"}


def test_labelled_pairs_without_a_verdict_are_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("verdict,part,case\nperhaps,a,x\n", "utf-8")
    with pytest.raises(StudyError):
        review.read_labelled(path)


def labelled(path, **changes):
    one = {"name": "石浦镇职工之家", "kind": "workers_home", "owner_system": "union", "town_id": "T1", "address": ""}
    one |= {"lon": "121.9", "lat": "29.2", "accuracy_m": "20", "area_m2": "", "phone": ""}
    row = {f"{field}_{side}": value for field, value in one.items() for side in "ab"}
    pd.DataFrame([row | {"verdict": "same", "part": "甲", "case": "老厂房"} | changes]).to_csv(path, index=False)
    return path


def test_pairs_that_a_county_labels_in_its_own_words_are_measured(tmp_path):
    pairs = review.read_labelled(labelled(tmp_path / "p.csv", part=""))
    towns = pd.DataFrame({"name": ["石浦镇"]}, index=pd.Index(["T1"], name="town_id"))
    told = {by: review.case_table(evaluate(pairs, towns, by=by)).index.tolist() for by in ("part", "case")}
    assert told == {"part": ["未注明"], "case": ["老厂房"]}


def test_what_is_no_number_and_no_verdict_among_labelled_pairs_is_named(tmp_path):
    with pytest.raises(StudyError) as caught:
        review.read_labelled(labelled(tmp_path / "p.csv", lon_a="东经", accuracy_m_b="nan", verdict="是"))
    found = [(f.row, f.column, f.value, f.code) for f in caught.value.faults]
    assert sorted(found) == [
        (2, "accuracy_m_b", "nan", "not_a_number"),
        (2, "lon_a", "东经", "not_a_number"),
        (2, "verdict", "是", "labelled_verdict"),
    ]


def test_every_finding_has_its_words():
    assert {f"finding.{r}" for r in RATIOS} | {"finding.distance"} == {k for k in WORDS if k.startswith("finding.")}
