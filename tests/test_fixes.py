"""The workbook that goes back: rows where they were, faults where they are, nothing live, same bytes."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from xsgeo import fixes, io

HOSTILE = ['=HYPERLINK("http://x")', "@SUM(1)", "http://example.org", "mailto:a@b.c", "+1", "007", "{=1}", "\x01\u202e"]


@pytest.fixture
def dirty(toy_folder):
    path = toy_folder / "venues.csv"
    frame = pd.read_csv(path, dtype=str).fillna("")
    frame.loc[0, ["capacity", "open_hours", "town_id"]] = ["约50", "看情况", "T7"]
    frame.loc[2, "name"] = HOSTILE[0]
    path.write_text("全县阵地" + "," * (len(frame.columns) - 1) + "\n" + frame.to_csv(index=False), "utf-8")
    (toy_folder / "assets.csv").unlink()
    return toy_folder


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names}


def test_rows_stand_where_they_stood_and_say_what_is_wrong(dirty):
    check = io.check_study(dirty)
    found = sheets(fixes.workbook(check))
    rows = found["阵地"]
    assert rows[0][0] == "全县阵地"
    assert rows[2][0] == "V1"
    assert all(f"【{c}】" in rows[2][-1] for c in ("capacity", "open_hours", "town_id"))
    assert "请填确数" in rows[2][-1]
    assert [r[-1] for r in rows[3:]] == ["", ""]
    summary = "\n".join(str(v) for row in found["汇总"] for v in row if v)
    assert "共4处要改" in summary
    assert "assets.csv" in summary
    assert "读入行 = 采用 + 需补正 + 空行" in summary


def test_each_bad_cell_has_its_colour_and_its_comment(dirty):
    with zipfile.ZipFile(BytesIO(fixes.workbook(io.check_study(dirty)))) as parts:
        comments = "".join(parts.read(n).decode() for n in parts.namelist() if "comments" in n)
    assert len(re.findall(r'<comment ref="[A-Z]+3"', comments)) == 3


@pytest.mark.parametrize("word", HOSTILE)
def test_nothing_typed_into_a_ledger_is_live_in_the_answer(word, dirty):
    path = dirty / "venues.csv"
    path.write_text(path.read_text("utf-8").replace("职工之家", '"' + word.replace('"', '""') + '"', 1), "utf-8")
    data = fixes.workbook(io.check_study(dirty))
    with zipfile.ZipFile(BytesIO(data)) as parts:
        pages = [
            parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")
        ]
        links = [n for n in parts.namelist() if "_rels/sheet" in n and b"hyperlink" in parts.read(n)]
    assert not any("<f>" in page or "<hyperlink" in page for page in pages)
    assert not links
    assert word.strip("\x01") in str(sheets(data)["阵地"]) or not word.isprintable()


def test_the_answer_is_the_same_bytes_and_can_be_read_again(dirty):
    data = fixes.workbook(io.check_study(dirty))
    assert data == fixes.workbook(io.check_study(dirty))
    (dirty / "venues.csv").unlink()
    (dirty / "答复.xlsx").write_bytes(data)
    with (dirty / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write('[tables.venues]\nfile = "答复.xlsx"\nsheet = "阵地"\n')
    again = io.check_study(dirty)
    assert {(f.row, f.column, f.code) for f in again.faults if f.file == "答复.xlsx"} == {
        (3, "capacity", "approximate_number"), (3, "open_hours", "unreadable_hours"),
        (3, "town_id", "unknown_reference"),
    }  # fmt: skip


def test_records_are_json_with_both_languages(dirty):
    check = io.check_study(dirty)
    data = json.loads(json.dumps(fixes.records(check), ensure_ascii=False))
    assert data["ok"] is False
    fault = next(f for f in data["faults"] if f["code"] == "approximate_number")
    assert (fault["table"], fault["file"], fault["row"], fault["column"]) == ("venues", "venues.csv", 3, "capacity")
    assert "约50" in fault["zh"]
    assert "approximate" in fault["en"]
    assert {r["table"] for r in data["reconciliation"]} >= {"venues", "workers"}


def test_a_study_without_faults_says_so(toy_folder):
    assert "没有要改的地方。" in str(sheets(fixes.workbook(io.check_study(toy_folder)))["汇总"])
