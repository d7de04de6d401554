"""The workbook of plaques to confirm: it reads back, and what is wrong in it is named."""

from __future__ import annotations

from io import BytesIO

import pandas as pd
import pytest
import xlsxwriter

from xsgeo import io, review
from xsgeo.catalogue import WORDS, say
from xsgeo.errors import StudyError
from xsgeo.sharing import RATIOS

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
    assert back.to_dict("index") == {"V1+V2": {"venue_a": "V1", "venue_b": "V2", "verdict": "same"}}


def test_names_are_written_as_text_and_the_same_pairs_give_the_same_bytes(tmp_path):
    once = review.review_workbook(PAIRS, VENUES, NONE)
    assert review.review_workbook(PAIRS.copy(), VENUES, NONE) == once
    path = tmp_path / "p.xlsx"
    path.write_bytes(once)
    assert io.read_cells(path, "p.xlsx").cells["阵地甲"].tolist() == ["=1+1", "=1+1"]


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
        (4, "是否同一处", "是", "review_verdict"),
        (6, "是否同一处", "否", "review_twice"),
    ]


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


def test_every_finding_has_its_words():
    assert {f"finding.{r}" for r in RATIOS} | {"finding.distance"} == {k for k in WORDS if k.startswith("finding.")}
