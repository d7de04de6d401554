"""Files to cells: what a workbook hides, and two corpora that nobody here wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from xsgeo import fixes, io

TESTDATA = Path(__file__).parents[2] / "shared" / "testdata"
CORPUS = sorted((TESTDATA / "geojsonhint").glob("*/*.geojson"))
NAUGHTY = TESTDATA / "blns" / "blns.json"


def towns_book(folder: Path, write) -> None:
    rows = pd.read_csv(folder / "towns.csv", dtype=str).fillna("")
    (folder / "towns.csv").unlink()
    with xlsxwriter.Workbook(folder / "towns.xlsx") as book:
        write(book, [list(rows.columns), *rows.to_numpy().tolist()])


def fill(sheet, rows, top=0):
    for r, row in enumerate(rows, top):
        for c, value in enumerate(row):
            sheet.write_string(r, c, value)


def notes(folder: Path) -> list[tuple[str, str]]:
    return [(n.code, n.value) for n in io.check_study(folder).notes if n.file == "towns.xlsx"]


def test_hidden_sheets_rows_and_columns_are_listed_and_visible_data_is_read(toy_folder):
    def write(book, rows):
        book.add_worksheet("旧").hide()
        fill(sheet := book.add_worksheet("镇乡"), rows)
        book.add_worksheet("图表")
        sheet.activate()
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})

    towns_book(toy_folder, write)
    assert {("hidden_sheet", "旧"), ("other_sheet", "图表"), ("hidden_rows", "3"), ("hidden_columns", "D")} <= set(
        notes(toy_folder)
    )
    assert len(io.read_study(toy_folder).towns) == 2


def test_the_sheet_that_holds_the_table_is_found_behind_a_cover(toy_folder):
    def write(book, rows):
        book.add_worksheet("封面").write(0, 0, "象山县")
        fill(book.add_worksheet("数据"), rows)

    towns_book(toy_folder, write)
    assert io.check_study(toy_folder).raws["towns"][0].sheet == "数据"


def test_titles_merges_and_totals_of_a_real_workbook(toy_folder):
    def write(book, rows):
        sheet = book.add_worksheet("镇乡")
        at = rows[0].index("population")
        sheet.merge_range(0, 0, 0, 5, "全县乡镇街道一览")
        fill(sheet, rows, top=2)
        sheet.write_string(4 + 1, 0, "合计")
        sheet.write_formula(5, at, "=SUM(G4:G5)", None, 2200)

    towns_book(toy_folder, write)
    check = io.check_study(toy_folder)
    assert check.faults == ()
    assert check.reconciliation.loc["towns", ["rows_in", "rows_used", "rows_blank"]].tolist() == [5, 2, 3]
    assert {c for c, _ in notes(toy_folder)} >= {"title_row", "total_row"}


def test_times_and_whole_numbers_of_cells_are_read_as_people_see_them(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_number(1, 0, 8.5 / 24, book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(1, 1, 12.0)
        sheet.write_number(1, 2, 121.93)
    assert io.read_cells(tmp_path / "a.xlsx", "a.xlsx").cells.iloc[0].tolist() == ["08:30", "12", "121.93"]


def test_an_empty_collection_of_features_is_an_empty_table(toy_folder):
    (toy_folder / "boundary.geojson").write_text('{"type":"FeatureCollection","features":[]}', "utf-8")
    check = io.check_study(toy_folder)
    assert check.faults == ()
    assert "empty_table" in {n.code for n in check.notes}


@pytest.mark.skipif(not CORPUS, reason="the corpus of bad GeoJSON is not beside this checkout")
@pytest.mark.parametrize("path", CORPUS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_any_geojson_is_read_or_refused_and_no_feature_is_lost(path, toy_folder):
    for table in ("land", "assets"):
        for old in toy_folder.glob(f"{table}.*"):
            old.unlink()
        shutil.copyfile(path, toy_folder / f"{table}.geojson")
    check = io.check_study(toy_folder)
    try:
        data = json.loads(path.read_text("utf-8-sig"))
        n = len(data["features"]) if isinstance(data.get("features"), list) else 1
    except (ValueError, AttributeError, RecursionError):
        n = None
    for table in ("land", "assets"):
        mine = [f for f in check.faults if f.file == f"{table}.geojson"]
        assert mine or n == 0
        if table in check.reconciliation.index:
            row = check.reconciliation.loc[table]
            assert row["rows_in"] == n == row["rows_used"] + row["rows_rejected"] + row["rows_blank"]
        else:
            assert all(f.row == 0 for f in mine)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the list of naughty strings is not beside this checkout")
@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_naughty_strings_are_names_like_any_other(form, toy_folder):
    words = json.loads(NAUGHTY.read_text("utf-8"))
    venues = pd.read_csv(toy_folder / "venues.csv", dtype=str).fillna("")
    rows = [{**venues.iloc[0], "venue_id": f"N{i}", "name": word} for i, word in enumerate(words)]
    frame = pd.DataFrame(rows)
    (toy_folder / "venues.csv").unlink()
    if form == "csv":
        frame.to_csv(toy_folder / "venues.csv", index=False, lineterminator="\n")
    elif form == "xlsx":
        with xlsxwriter.Workbook(toy_folder / "venues.xlsx") as book:
            fill(book.add_worksheet("阵地"), [list(frame.columns), *frame.to_numpy().tolist()])
    else:
        features = [
            {"type": "Feature", "properties": {k: v for k, v in r.items() if k not in {"lon", "lat"}},
             "geometry": {"type": "Point", "coordinates": [float(r["lon"]), float(r["lat"])]}}
            for r in rows
        ]  # fmt: skip
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (toy_folder / "venues.geojson").write_text(text, "utf-8")
    check = io.check_study(toy_folder)
    row = check.reconciliation.loc["venues"]
    assert row["rows_in"] == len(words) == row["rows_used"] + row["rows_rejected"] + row["rows_blank"]
    assert row["rows_blank"] == 0
    # What is blank or stands for nothing is no name; all others are read as they are.
    refused = {f.value.strip().casefold() for f in check.faults}
    assert refused <= {"", "-", "nan", "null", "/"}
    assert len(fixes.workbook(check)) > 10_000
