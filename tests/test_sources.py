"""One table in many files: joined without a row lost, each fault named under its own file, the order of no weight."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.conftest import TOY_SETTINGS
from xsgeo import fixes, io
from xsgeo.crs import from_wgs84
from xsgeo.schemas import TABLES
from xsgeo.sources import sources_of


def book(path, frame: pd.DataFrame) -> None:
    path.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("阵地")
        for c, name in enumerate(frame.columns):
            sheet.write_string(0, c, TABLES["venues"].columns[name].title)
            for r, value in enumerate(frame[name], 1):
                sheet.write_string(r, c, value)


def listed(folder, more: str) -> None:
    (folder / "study.toml").write_text(TOY_SETTINGS + more, "utf-8")


@pytest.fixture
def towns_apart(toy_folder):
    """The venues of the toy county in three workbooks, the second one read off a map in GCJ-02."""
    frame = pd.read_csv(toy_folder / "venues.csv", dtype=str).fillna("")
    (toy_folder / "venues.csv").unlink()
    for i, name in enumerate(["陆上 镇", "码头", "岛上（乡）"]):
        part = frame.iloc[[i]].copy()
        if name == "码头":
            lon, lat = from_wgs84(part["lon"].to_numpy(float), part["lat"].to_numpy(float), datum="GCJ-02")
            part = part.assign(lon=[repr(float(lon[0]))], lat=[repr(float(lat[0]))])
        book(toy_folder / "台账" / f"{name}.xlsx", part)
    (toy_folder / "台账" / "~$码头.xlsx").write_bytes(b"left by Excel")
    listed(
        toy_folder,
        '[tables.venues]\ndatum = "WGS-84"\n'
        'files = ["台账/*.xlsx", { file = "台账/码头.xlsx", datum = "GCJ-02", source = "高德" }]\n',
    )
    return toy_folder


def test_many_files_are_one_table(towns_apart, toy):
    check = io.check_study(towns_apart)
    assert check.faults == ()
    venues = check.study.venues
    assert venues.index.tolist() == ["V1", "V2", "V3"]
    for axis in ("lon", "lat"):
        assert np.abs(venues[axis].to_numpy(float) - toy.venues[axis].to_numpy(float)).max() < 1e-8
    assert {n.file for n in check.notes if n.code == "datum_converted"} == {"台账/码头.xlsx"}


def test_rows_are_counted_by_table_and_by_file_and_every_file_is_hashed(towns_apart):
    check = io.check_study(towns_apart)
    files = sorted(["台账/陆上 镇.xlsx", "台账/码头.xlsx", "台账/岛上（乡）.xlsx"])
    assert check.by_file["file"].tolist() == files
    assert check.by_file["rows_used"].tolist() == [1, 1, 1]
    row = check.reconciliation.loc["venues"]
    assert (row["file"], row["rows_in"], row["rows_used"]) == (f"{files[0]} +2", 3, 3)
    assert set(files) <= set(check.study.sources)
    assert [r["file"] for r in fixes.records(check)["files"]] == files


def test_the_order_of_the_list_changes_nothing(towns_apart, tmp_path):
    files = [f'"{p.relative_to(towns_apart).as_posix()}"' for p in (towns_apart / "台账").glob("[!~]*.xlsx")]
    books, studies = set(), set()
    for order in (files, files[::-1], [files[1], files[0], files[2]]):
        listed(towns_apart, f"[tables.venues]\nfiles = [{', '.join(order)}]\n")
        check = io.check_study(towns_apart)
        books.add(fixes.workbook(check))
        io.write_study({n: getattr(check.study, n) for n in TABLES}, "", tmp_path / "out")
        studies.add((tmp_path / "out" / "venues.csv").read_bytes())
    assert len(books) == len(studies) == 1


def spoil(folder, name: str, **values: str) -> None:
    path = folder / "台账" / name
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    names = {c.title: n for n, c in TABLES["venues"].columns.items()}
    frame = pd.DataFrame(rows[1:], columns=[names[t] for t in rows[0]], dtype=str)
    book(path, frame.assign(**values))


def test_a_bad_cell_is_named_and_marked_under_its_own_file(towns_apart):
    spoil(towns_apart, "码头.xlsx", capacity="约50")
    check = io.check_study(towns_apart)
    assert [(f.file, f.sheet, f.row, f.code) for f in check.faults] == [
        ("台账/码头.xlsx", "阵地", 2, "approximate_number")
    ]
    assert check.by_file.set_index("file")["rows_rejected"].to_dict() == {
        "台账/岛上（乡）.xlsx": 0,
        "台账/码头.xlsx": 1,
        "台账/陆上 镇.xlsx": 0,
    }
    answer = CalamineWorkbook.from_filelike(BytesIO(fixes.workbook(check)))
    sheets = {n: answer.get_sheet_by_name(n).to_python() for n in answer.sheet_names if n.startswith("阵地")}
    assert set(sheets) == {"阵地 岛上（乡）", "阵地 码头", "阵地 陆上 镇"}
    assert [n for n, rows in sheets.items() if any("大概数" in str(v) for v in rows[1])] == ["阵地 码头"]


def test_an_id_in_two_files_is_named_with_both_places(towns_apart):
    spoil(towns_apart, "码头.xlsx", venue_id="V1")
    faults = [f for f in io.check_study(towns_apart).faults if f.code == "repeated_id"]
    assert {f.file for f in faults} == {"台账/码头.xlsx", "台账/陆上 镇.xlsx"}
    assert "另见台账/陆上 镇.xlsx第2行" in faults[0].text("zh") + faults[1].text("zh")
    assert "row 2 of 台账/码头.xlsx" in faults[0].text("en") + faults[1].text("en")


def test_a_file_in_the_wrong_datum_is_refused_alone(demonstration, tmp_path):
    tables = {n: getattr(demonstration, n) for n in TABLES}
    io.write_study(tables | {"workers": demonstration.workers.iloc[:200]}, "", tmp_path)  # the few: quicker to read
    frame = pd.read_csv(tmp_path / "venues.csv", dtype=str).fillna("")
    half = frame.iloc[::2].copy()
    lon, lat = from_wgs84(half["lon"].to_numpy(float), half["lat"].to_numpy(float), datum="GCJ-02")
    half.assign(lon=lon, lat=lat).to_csv(tmp_path / "b.csv", index=False)
    frame.iloc[1::2].to_csv(tmp_path / "a.csv", index=False)
    listed(tmp_path, '[tables.venues]\nfiles = ["a.csv", "b.csv"]\n')
    assert [(f.file, f.code) for f in io.check_study(tmp_path).faults] == [("b.csv", "wrong_datum")]
    listed(tmp_path, '[tables.venues]\nfiles = ["a.csv", { file = "b.csv", datum = "高德" }]\n')
    assert io.check_study(tmp_path).faults == ()


@pytest.mark.parametrize(
    ("entry", "place", "code"),
    [
        ('files = ["台账/*.xlsx", "../outside.csv"]', "file", "outside_folder"),
        ('files = ["台账/*.xlsx", "../*.csv"]', "file", "outside_folder"),
        ('files = ["https://example.org/a.xlsx"]', "file", "outside_folder"),
        ('files = ["/vsicurl/a.xlsx"]', "file", "outside_folder"),
        ('files = ["台账/NUL.csv"]', "file", "device_name"),
        ('files = ["台账/*.csv"]', "", "missing_file"),
        ('files = ["台账/没有.xlsx"]', "", "missing_file"),
        ('files = ["台账/码头.xlsx", "台账/码头.xlsx"]', "tables.venues.files", "repeated_file"),
        ("files = [3]", "tables.venues.files", "wrong_setting"),
        ('files = [{ sheet = "阵地" }]', "tables.venues.files", "wrong_setting"),
        ('files = [{ file = "台账/码头.xlsx", dutum = "GCJ-02" }]', "tables.venues.files.dutum", "unknown_setting"),
        ('fils = ["台账/码头.xlsx"]', "tables.venues.fils", "unknown_setting"),
        ('files = ["台账/*.xlsx"]\ndatum = ["WGS-84"]', "tables.venues.datum", "wrong_setting"),
        ('files = [{ file = "台账/码头.xlsx", datum = "北京54" }]', "tables.venues.datum", "unknown_datum"),
    ],
)
def test_what_cannot_be_a_list_of_files_is_named(towns_apart, entry, place, code):
    listed(towns_apart, f"[tables.venues]\n{entry}\n")
    assert (place, code) in {(f.column, f.code) for f in io.check_study(towns_apart).faults}


@pytest.mark.parametrize("entry", ["tables = 3", "[tables]\nvenues = 3", "[tables.venue]\nfile = 'a.csv'"])
def test_tables_that_are_none_are_named(toy_folder, entry):
    (toy_folder / "study.toml").write_text(
        entry + "\n" + TOY_SETTINGS if entry == "tables = 3" else TOY_SETTINGS + entry, "utf-8"
    )
    assert {f.code for f in io.check_study(toy_folder).faults} <= {"wrong_setting", "unknown_setting"}
    assert io.check_study(toy_folder).faults


def test_a_link_out_of_the_folder_is_refused_whatever_pattern_found_it(towns_apart):
    outside = towns_apart.parent / "outside.xlsx"
    outside.write_bytes((towns_apart / "台账" / "码头.xlsx").read_bytes())
    (towns_apart / "台账" / "链接.xlsx").symlink_to(outside)
    faults = io.check_study(towns_apart).faults
    assert [(f.column, f.value, f.code) for f in faults] == [("file", "台账/链接.xlsx", "outside_folder")]


def test_a_pattern_that_is_a_file_name_is_that_file(toy_folder):
    (toy_folder / "venues.csv").rename(toy_folder / "阵地[1].csv")
    listed(toy_folder, '[tables.venues]\nfile = "阵地[1].csv"\n')
    assert len(io.read_study(toy_folder).venues) == 3


def test_a_file_that_cannot_be_read_does_not_hide_the_others(towns_apart):
    (towns_apart / "台账" / "码头.xlsx").write_bytes(b"no workbook")
    check = io.check_study(towns_apart)
    assert [(f.file, f.code) for f in check.faults] == [("台账/码头.xlsx", "unreadable_file")]
    assert check.reconciliation.loc["venues", "rows_in"] == 2


def test_an_optional_table_need_not_be_there(toy_folder):
    assert sources_of(toy_folder, TABLES["unions"], {}) == ([], [])
    assert "unions" not in io.check_study(toy_folder).reconciliation.index
    listed(toy_folder, '[tables.unions]\nfile = "unions.csv"\n')
    assert [f.code for f in io.check_study(toy_folder).faults] == ["missing_file"]
