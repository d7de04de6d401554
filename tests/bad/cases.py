"""The catalogue of bad ledgers: each is the toy county with one thing wrong, and what must be said of it.

A case names the file, sheet, row, column and code of the fault that must be found; others may be found beside it. Files
are built by code, binary ones too, so that every case can be read here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

import xlsxwriter

Build = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    name: str
    build: Build
    file: str
    row: int
    column: str
    code: str
    sheet: str = ""
    batch: tuple[str, int, str, str] | None = None
    """Table, row, column and value of a case that can be read together with others of its kind."""


def load(folder: Path, table: str) -> list[list[str]]:
    return list(csv.reader(StringIO((folder / f"{table}.csv").read_text("utf-8"), newline="")))


def dump(rows: list[list[str]]) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def cell(table: str, row: int, column: str, value: str, code: str, *, shown: str = "") -> Case:
    """One cell of a CSV file, by the row a spreadsheet shows."""

    def build(folder: Path) -> None:
        rows = load(folder, table)
        rows[row - 1][rows[0].index(column)] = value
        (folder / f"{table}.csv").write_text(dump(rows), "utf-8")

    batch = (table, row, column, value) if table in {"workers", "venues"} and not column.endswith("_id") else None
    return Case(f"{table}.{column}={value!r}", build, f"{table}.csv", row, shown or column, code, batch=batch)


def build_batch(folder: Path, cases: list[Case]) -> dict[str, int]:
    """Write all cases of a batch into one study, a row each, and return the rows by the names of the cases."""
    tables = {c.batch[0]: load(folder, c.batch[0]) for c in cases}
    good = {table: [list(row) for row in rows] for table, rows in tables.items()}
    at = {}
    for case in cases:
        table, row, column, value = case.batch
        rows = tables[table]
        changed = [f"case{len(rows)}", *good[table][row - 1][1:]]
        changed[rows[0].index(column)] = value
        rows.append(changed)
        at[case.name] = len(rows)
    for table, rows in tables.items():
        (folder / f"{table}.csv").write_text(dump(rows), "utf-8")
    return at


def header(table: str, column: str, label: str, code: str, *, shown: str | None = None) -> Case:
    """One header of a CSV file."""

    def build(folder: Path) -> None:
        rows = load(folder, table)
        rows[0][rows[0].index(column)] = label
        (folder / f"{table}.csv").write_text(dump(rows), "utf-8")

    return Case(f"{table} header {label!r}", build, f"{table}.csv", 1, label if shown is None else shown, code)


def text(name: str, table: str, change, row: int, column: str, code: str) -> Case:  # noqa: PLR0917
    """The whole text of a CSV file."""

    def build(folder: Path) -> None:
        path = folder / f"{table}.csv"
        made = change(path.read_text("utf-8"))
        path.write_bytes(made if isinstance(made, bytes) else made.encode("utf-8"))

    return Case(name, build, f"{table}.csv", row, column, code)


def book(name: str, table: str, write, row: int, column: str, code: str, *, sheet: str = "表") -> Case:  # noqa: PLR0917
    """A table as a workbook: its cells are text, and `write` then spoils some."""

    def build(folder: Path) -> None:
        rows = load(folder, table)
        (folder / f"{table}.csv").unlink()
        with xlsxwriter.Workbook(folder / f"{table}.xlsx") as workbook:
            page = workbook.add_worksheet("表")
            for r, values in enumerate(rows):
                for c, value in enumerate(values):
                    page.write_string(r, c, value)
            write(workbook, page, {label: c for c, label in enumerate(rows[0])}, rows)

    return Case(name, build, f"{table}.xlsx", row, column, code, sheet)


def geojson(name: str, table: str, change, row: int, column: str, code: str) -> Case:  # noqa: PLR0917
    """A table as GeoJSON; towns are turned into it first."""

    def build(folder: Path) -> None:
        path = folder / f"{table}.geojson"
        if not path.exists():
            rows = load(folder, table)
            records = [dict(zip(rows[0], r, strict=True)) for r in rows[1:]]
            (folder / f"{table}.csv").unlink()
            features = [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [float(r.pop("lon")), float(r.pop("lat"))]},
                    "properties": r,
                }
                for r in records
            ]
            data = {"type": "FeatureCollection", "features": features}
        else:
            data = json.loads(path.read_text("utf-8"))
        made = change(data)
        path.write_bytes(made if isinstance(made, bytes) else json.dumps(made or data).encode("utf-8"))

    return Case(name, build, f"{table}.geojson", row, column, code)


def settings(name: str, more: str, code: str, *, file: str = "study.toml", column: str = "") -> Case:
    """Lines added to study.toml."""

    def build(folder: Path) -> None:
        with (folder / "study.toml").open("a", encoding="utf-8") as stream:
            stream.write(more)

    return Case(name, build, file, 0, column, code)


def with_line(i: int, line: str) -> Callable[[str], str]:
    def change(source: str) -> str:
        lines = source.split("\n")
        lines.insert(i, line)
        return "\n".join(lines)

    return change


def shape(i: int, geometry: object):
    def change(data) -> None:
        data["features"][i]["geometry"] = geometry

    return change


NUMBERS = [
    cell("workers", 2, "n_workers", value, code)
    for value, code in {
        "约100": "approximate_number", "100多": "approximate_number", "100余人": "approximate_number",
        "近百": "approximate_number", "100左右": "approximate_number", "100+": "approximate_number",
        ">100": "approximate_number", "十几": "approximate_number", "上百人": "approximate_number",
        "90-100": "number_range", "90～100": "number_range", "90至100人": "number_range",
        "2024-01-01": "date_in_number", "2024年1月1日": "date_in_number", "2024-01-01 00:00:00": "date_in_number",
        "100家": "wrong_unit", "100%": "wrong_unit", "100元": "wrong_unit",
        "一百二": "not_a_number", "三四": "not_a_number", "若干": "not_a_number", "廿": "not_a_number",
        "1e2": "not_a_number", "1,00": "not_a_number", "100,": "not_a_number", "∞": "not_a_number",
        "inf": "not_a_number", "0x64": "not_a_number", "--100": "not_a_number", "1.0.0": "not_a_number",
        "1 00": "not_a_number", "(100)": "not_a_number", "100人50": "not_a_number", "=100": "not_a_number",
        "3.3E+17": "long_number", "#REF!": "error_cell", "#N/A": "error_cell",
        "-100": "below_minimum", "－１００": "below_minimum", "−100": "below_minimum", "0": "below_minimum",
        "100.5": "not_an_integer", "一点五": "not_a_number", "": "missing_value", "不详": "missing_value",
        "NaN": "missing_value", "——": "missing_value",
    }.items()
]  # fmt: skip

CELLS = [
    cell("venues", 2, "area_m2", "3亩", "wrong_unit"),
    cell("venues", 2, "area_m2", "约80㎡", "approximate_number"),
    cell("venues", 2, "area_m2", "-80", "below_minimum"),
    cell("venues", 2, "capacity", "50平方米", "wrong_unit"),
    cell("venues", 2, "year", "1800", "below_minimum"),
    cell("venues", 2, "year", "2018-05-01", "date_in_number"),
    cell("venues", 2, "star", "六星", "above_maximum"),
    cell("venues", 2, "as_of", "2026-02-30", "not_a_date"),
    cell("venues", 2, "as_of", "5/1/2026", "not_a_date"),
    cell("venues", 2, "as_of", "45292", "not_a_date"),
    cell("venues", 2, "as_of", "2026年5月", "not_a_date"),
    cell("venues", 2, "kind", "网吧", "not_a_choice"),
    cell("venues", 2, "functions", "阅览、跳伞", "not_a_choice"),
    cell("venues", 2, "open_hours", "看情况", "unreadable_hours"),
    cell("venues", 2, "open_hours", "周一至周五 8:00-5:00", "unreadable_hours"),
    cell("venues", 2, "name", "#VALUE!", "error_cell"),
    cell("venues", 3, "venue_id", "V1", "repeated_id"),
    cell("venues", 3, "venue_id", "Ｖ１", "repeated_id"),
    cell("venues", 2, "venue_id", "", "missing_value"),
    cell("venues", 2, "venue_id", "330902000000000000", "long_number"),
    cell("venues", 2, "venue_id", "3.30902E+17", "long_number"),
    cell("workers", 2, "free_hours", "周一至周六 18:00-22:00；周日休息", "unreadable_free_hours"),
    cell("workers", 2, "n_women", "120", "part_exceeds"),
    cell("employers", 2, "n_members", "300", "part_exceeds"),
    cell("employers", 2, "n_workers", "279", "wrong_sum"),
    cell("towns", 2, "is_urban", "也许", "not_a_flag"),
    cell("clusters", 2, "month_weights", "1 1 1", "not_weights"),
    cell("clusters", 2, "month_weights", "1 1 1 1 1 1 1 1 1 1 1 约1", "not_weights"),
    cell("ferries", 2, "from_node", "Z", "unknown_node"),
    cell("roads", 2, "geometry", "LINESTRING (121.5 29.1, 121.6 29.1)", "shape_gap", shown="v"),
    cell("roads", 2, "geometry", "LINESTRING (500000 3220000, 500800 3220000)", "not_degrees"),
    cell("roads", 2, "geometry", "LINESTRING (1 2", "unreadable_shape"),
    cell("roads", 2, "length_m", "-1", "below_minimum"),
]

PLACES = [
    cell("venues", 2, "lon", "123°61′", "bad_degrees"),
    cell("venues", 2, "lon", "123.5°30′", "bad_degrees"),
    cell("venues", 2, "lon", "123°00′61″", "bad_degrees"),
    cell("venues", 2, "lat", "29.09E", "wrong_axis"),
    cell("venues", 2, "lon", "北纬29.09", "wrong_axis"),
    cell("venues", 2, "lon", "文化路1号", "not_degrees_text"),
    cell("venues", 2, "lon", "123,008", "not_degrees_text"),
    cell("venues", 2, "lon", "123.008,29.0968", "two_in_one"),
    cell("venues", 2, "lon", "190", "above_maximum"),
    cell("venues", 2, "lat", "-91", "below_minimum"),
    cell("venues", 2, "lat", "", "missing_value"),
    cell("venues", 2, "lon", "0", "outside_county"),
    cell("venues", 2, "lat", "39.09", "outside_county", shown="lon"),
    cell("venues", 2, "lon", "123.0243", "in_the_sea"),
    cell("venues", 2, "lon", "2024-01-01", "date_in_number"),
    text("swapped", "venues", lambda t: t.replace("123.008217942092,29.096815057560544", "29.0968,123.0082"), 2, "lon",
         "swapped"),
    text("swapped in words", "venues", lambda t: t.replace(
        "123.008217942092,29.096815057560544", "北纬29.0968,东经123.0082"), 2, "lon", "wrong_axis"),
    text("no coordinates, no such address", "venues", lambda t: t.replace(
        ",T1,,123.008217942092,29.096815057560544", ",T7,某路1号,,"), 2, "address", "unmatched_address"),
    text("no coordinates, address of another town", "venues", lambda t: t.replace(
        ",T1,,123.008217942092,29.096815057560544", ",T1,岛上镇渔港路1号,,"), 2, "address", "ambiguous_address"),
    text("one cell, unclear", "venues", lambda t: t.replace("lon,lat", "坐标,备注").replace(
        "123.008217942092,29.096815057560544", "123.008217942092,"), 2, "坐标", "unclear_point"),
    text("row in an unknown datum", "venues", lambda t: t.replace("address", "坐标系").replace(
        ",T1,,123.008", ",T1,北京54,123.008"), 2, "坐标系", "unknown_datum"),
]  # fmt: skip

REFERENCES = [
    cell("workers", 2, "town_id", "T9", "unknown_reference"),
    cell("workers", 2, "town_id", "陆尚镇", "unknown_reference"),
    cell("workers", 2, "cluster_id", "针织1", "unknown_reference"),
    cell("workers", 2, "employer_id", "甲厂分厂", "unknown_reference"),
    cell("venues", 4, "employer_id", "P8", "unknown_reference"),
    cell("venues", 2, "town_id", "", "missing_value"),
    Case(
        "an old name of two towns",
        lambda folder: (
            text("", "towns", lambda t: t.replace("land,", "land,老城"), 0, "",
                 "").build(folder),
            cell("workers", 2, "town_id", "老城", "").build(folder),
        )[0],
        "workers.csv", 2, "town_id", "ambiguous_reference",
    ),
]  # fmt: skip

HEADERS = [
    header("venues", "area_m2", "面积(亩)", "wrong_unit_header"),
    header("workers", "n_workers", "职工人数（万人）", "wrong_unit_header"),
    header("venues", "star", "星际", "unknown_column"),
    header("venues", "star", "名称(全称)", "repeated_column"),
    header("venues", "star", "阵地名称", "repeated_column"),
    header("venues", "kind", "责任人", "missing_column", shown="类别"),
    header("venues", "year", "", "unnamed_column", shown="T列"),
    header("venues", "name", "名称(拼音)", "unknown_column"),
    Case(
        "the header names another datum than study.toml",
        lambda folder: (
            header("venues", "lon", "经度(GCJ-02)", "").build(folder),
            settings("", '[tables.venues]\ndatum = "WGS-84"\n', "").build(folder),
        )[0],
        "venues.csv", 1, "经度(GCJ-02)", "datum_conflict",
    ),
]  # fmt: skip

LINES = [
    text("a comma too few", "venues", lambda t: t + "V9,1,2\n", 5, "", "ragged_row"),
    text("a comma too many", "venues", lambda t: t.replace("老文化宫,", "老文化宫,,"), 2, "", "ragged_row"),
    text("a quote never closed", "venues", lambda t: t.replace("V3,", 'V3,"'), 4, "", "unreadable_file"),
    text("a quote that swallows rows", "venues", lambda t: t.replace("老文化宫", '"老文化宫').replace(
        "丙船队活动室", '丙船队活动室"'), 2, "", "swallowed_rows"),
    text("semicolons", "towns", lambda t: t.replace(",", ";"), 1, "", "wrong_delimiter"),
    text("tabs", "towns", lambda t: t.replace(",", "\t"), 1, "", "wrong_delimiter"),
    text("full-width commas", "towns", lambda t: t.replace(",", "，"), 1, "", "wrong_delimiter"),
    text("bytes of no text", "venues", lambda t: t.encode().replace("职工之家".encode(), b"\xff\xff\xff", 1), 3, "",
         "not_text"),
    text("UTF-16", "venues", lambda t: t.encode("utf-16"), 1, "", "not_text"),
    text("a line of UTF-8 in GB18030", "venues", lambda t: b"\n".join(
        line.encode("utf-8" if i == 1 else "gb18030") for i, line in enumerate(t.split("\n"))), 2, "",
        "mixed_encoding"),
    text("nothing at all", "venues", lambda t: "", 0, "", "empty_file"),
    text("blank lines only", "venues", lambda t: "\n,,,\n\n", 0, "", "empty_file"),
    text("a record above the header", "workers", with_line(0, "g0,P1,knitting,T1,厂区,123,29.1,0,5" + "," * 8), 1, "",
         "row_above_header"),
    text("a row with one word", "workers", with_line(3, "陆上镇" + "," * 16), 4, "", "section_row"),
    text("a total that is too small", "workers", with_line(8, "合计" + "," * 8 + "330" + "," * 8), 9, "n_workers",
         "wrong_total"),
    text("a subtotal of the wrong rows", "workers", with_line(3, "小计" + "," * 8 + "100" + "," * 8), 4, "n_workers",
         "wrong_total"),
    text("a total of women", "workers", with_line(8, "总 计：" + "," * 9 + "1" + "," * 7), 9, "n_women", "wrong_total"),
    text("a total that is about right", "workers", with_line(8, "合计" + "," * 8 + "约340" + "," * 8), 9, "n_workers",
         "approximate_number"),
]  # fmt: skip


def _merge_count(workbook, page, at, rows) -> None:
    page.merge_range(1, at["n_workers"], 2, at["n_workers"], "180")


def _merge_across(workbook, page, at, rows) -> None:
    page.merge_range(1, at["cluster_id"], 1, at["town_id"], "knitting")


def _dates(column: str):
    def write(workbook, page, at, rows) -> None:
        page.write_datetime(1, at[column], date(2024, 1, 2), workbook.add_format({"num_format": "yyyy-mm-dd"}))

    return write


def _number(column: str, value: float):
    return lambda workbook, page, at, rows: page.write_number(1, at[column], value)


def _formula(column: str, formula: str, value: str):
    return lambda workbook, page, at, rows: page.write_formula(1, at[column], formula, None, value)


def _second_sheet(workbook, page, at, rows) -> None:
    other = workbook.add_worksheet("岛上镇")
    for r, values in enumerate(rows):
        other.write_row(r, 0, values)


BOOKS = [
    book("people merged over two rows", "workers", _merge_count, 2, "n_workers", "merged_count"),
    book("a cell merged over two columns", "workers", _merge_across, 2, "cluster_id", "merged_across"),
    book("a number formatted as a date", "workers", _dates("n_workers"), 2, "n_workers", "date_in_number"),
    book("an id that became a date", "workers", _dates("group_id"), 2, "group_id", "date_in_id"),
    book("an 18-digit id as a number", "workers", _number("group_id", 330902199001011234), 2, "group_id",
         "long_number"),
    book("a count of 16 digits", "workers", _number("n_workers", 1e16), 2, "n_workers", "long_number"),
    book("a failed formula", "workers", _formula("n_workers", "=1/0", "#DIV/0!"), 2, "n_workers", "error_cell"),
    book("a failed formula among the optional", "workers", _formula("n_women", "=X!A1", "#REF!"), 2, "n_women",
         "error_cell"),
    book("a formula without its result", "workers", _formula("n_women", "=1+1", ""), 2, "n_women",
         "formula_without_value"),
    book("a true in a count", "workers", lambda w, p, at, rows: p.write_boolean(1, at["n_workers"], True), 2,
         "n_workers", "not_a_number"),
    book("a second sheet of the same table", "workers", _second_sheet, 0, "", "unread_sheet"),
    book("a blank row in the key", "workers", lambda w, p, at, rows: p.write_string(1, 0, " "), 2, "group_id",
         "missing_value"),
    Case("a workbook without cells", lambda folder: _other_book(folder, lambda w: w.add_worksheet("空")), "towns.xlsx",
         0, "", "empty_file", "空"),
    Case("text called xlsx", lambda folder: _bytes(folder, "towns.xlsx", b"town_id,name"), "towns.xlsx", 0, "",
         "unreadable_file"),
    Case("nothing called xlsx", lambda folder: _bytes(folder, "towns.xlsx", b""), "towns.xlsx", 0, "",
         "unreadable_file"),
    Case("text called xls", lambda folder: _bytes(folder, "towns.xls", b"town_id\tname"), "towns.xls", 0, "",
         "unreadable_file"),
    Case("text called gpkg", lambda folder: _bytes(folder, "towns.gpkg", b"SQLite format 4"), "towns.gpkg", 0, "",
         "not_geopackage"),
]  # fmt: skip


def _other_book(folder: Path, write) -> None:
    (folder / "towns.csv").unlink()
    with xlsxwriter.Workbook(folder / "towns.xlsx") as workbook:
        write(workbook)


def _bytes(folder: Path, name: str, data: bytes) -> None:
    (folder / "towns.csv").unlink()
    (folder / name).write_bytes(data)


def _twice(data) -> bytes:
    return json.dumps(data).replace('"name": "', '"name": "x", "name": "', 1).encode()


def _with(**members: object):
    return lambda data: {**data, **members}


_RING = [[123.0, 29.0], [123.1, 29.1], [123.1, 29.0], [123.0, 29.1], [123.0, 29.0]]

FEATURES = [
    geojson("a town without geometry", "towns", shape(0, None), 2, "lon", "missing_value"),
    geojson("a town with an empty point", "towns", shape(1, {"type": "Point", "coordinates": []}), 3, "lon",
            "missing_value"),
    geojson("a town that is a line", "towns", shape(0, {"type": "LineString", "coordinates": _RING[:2]}), 2, "",
            "not_a_point"),
    geojson("a town with words for coordinates", "towns", shape(0, {"type": "Point", "coordinates": ["a", "b"]}), 2,
            "lon", "missing_value"),
    geojson("a town in metres", "towns", shape(0, {"type": "Point", "coordinates": [500000, 3220000]}), 2, "lon",
            "above_maximum"),
    geojson("a town with its axes swapped", "towns", shape(0, {"type": "Point", "coordinates": [29.09, 123.01]}), 2,
            "lon", "swapped"),
    geojson("a town at NaN", "towns", lambda d: json.dumps(d).replace("[123.008217942092,", "[NaN,").encode(), 2, "lon",
            "missing_value"),
    geojson("a key given twice", "towns", _twice, 2, "name", "repeated_key"),
    geojson("a feature that is a word", "towns", lambda d: {**d, "features": ["镇", *d["features"]]}, 2, "",
            "not_a_feature"),
    geojson("a CRS in metres", "towns", _with(crs={"properties": {"name": "EPSG:4550"}}), 0, "", "wrong_crs"),
    geojson("a list", "towns", lambda d: json.dumps(d["features"]).encode(), 0, "", "unreadable_file"),
    geojson("features that are no list", "towns", _with(features={}), 0, "", "unreadable_file"),
    geojson("half a file", "towns", lambda d: json.dumps(d).encode()[:200], 0, "", "unreadable_file"),
    geojson("no JSON", "towns", lambda d: b"<kml/>", 0, "", "unreadable_file"),
    geojson("land with one vertex", "land", shape(1, {"type": "Polygon", "coordinates": [[[1, 2]]]}), 3, "geometry",
            "unreadable_shape"),
    geojson("land as a bowtie", "land", shape(0, {"type": "Polygon", "coordinates": [_RING]}), 2, "geometry",
            "unreadable_shape"),
    geojson("land with a hole of nothing", "land", shape(0, {"type": "Polygon", "coordinates": []}), 2, "geometry",
            "unreadable_shape"),
    geojson("land of an unknown kind", "land", shape(0, {"type": "Circle", "coordinates": [1, 2]}), 2, "geometry",
            "unreadable_shape"),
    geojson("land without geometry", "land", shape(0, None), 2, "geometry", "unreadable_shape"),
    geojson("land in metres", "land", shape(0, {"type": "Polygon", "coordinates": [
        [[500000, 3220000], [501000, 3220000], [501000, 3221000], [500000, 3220000]]]}), 2, "geometry", "not_degrees"),
]  # fmt: skip

FOLDERS = [
    settings("a datum nobody knows", '[tables.venues]\ndatum = "北京54"\n', "unknown_datum",
             column="tables.venues.datum"),
    settings("a file that is not there", '[tables.venues]\nfile = "阵地.csv"\n', "missing_file", file="阵地.csv"),
    settings("a file outside", '[tables.venues]\nfile = "../a.csv"\n', "outside_folder", column="file"),
    settings("a format nobody reads", '[tables.venues]\nfile = "study.toml"\n', "unreadable_file"),
    Case("a table missing", lambda folder: (folder / "assets.csv").unlink(), "assets.csv", 0, "", "missing_file"),
]  # fmt: skip


def extra(name: str, files: dict[str, str], file: str, row: int, column: str, code: str) -> Case:  # noqa: PLR0917
    """Files that the toy county does not have, and columns given to its employers or venues."""

    def build(folder: Path) -> None:
        for path, source in files.items():
            if path.endswith("+"):
                table, column = path.rstrip("+").split(".")
                rows = load(folder, table)
                at = rows[0].index(column)
                rows[1][at] = source
                (folder / f"{table}.csv").write_text(dump(rows), "utf-8")
            else:
                (folder / path).write_text(source, "utf-8")

    return Case(name, build, file, row, column, code)


def split(name: str, change, entry: str, file: str, row: int, column: str, code: str) -> Case:  # noqa: PLR0917
    """The venues in three files, of which `change` spoils the second."""

    def build(folder: Path) -> None:
        rows = load(folder, "venues")
        (folder / "venues.csv").unlink()
        for i, label in enumerate("abc"):
            part = [list(rows[0]), list(rows[1 + i])]
            if label == "b":
                change(part)
            (folder / f"v-{label}.csv").write_text(dump(part), "utf-8")
        with (folder / "study.toml").open("a", encoding="utf-8") as stream:
            stream.write(f"[tables.venues]\n{entry}\n")

    return Case(name, build, file, row, column, code)


def _set(column: str, value: str):
    def change(part: list[list[str]]) -> None:
        part[1][part[0].index(column)] = value

    return change


_ALL = 'files = ["v-*.csv"]'
FILES = [
    split("a bad cell in the second file", _set("capacity", "约50"), _ALL, "v-b.csv", 2, "capacity",
          "approximate_number"),
    split("an id in two files", _set("venue_id", "V1"), _ALL, "v-a.csv", 2, "venue_id", "repeated_id"),
    split("an id in two files, seen from the other", _set("venue_id", "V1"), _ALL, "v-b.csv", 2, "venue_id",
          "repeated_id"),
    split("a header of one file that nobody knows", lambda part: part[0].__setitem__(2, "星际"), _ALL, "v-b.csv", 1,
          "星际", "unknown_column"),
    split("a second file in the sea", _set("lon", "123.0243"), _ALL, "v-b.csv", 2, "lon", "in_the_sea"),
    split("a town nobody knows in one file", _set("town_id", "T9"), _ALL, "v-b.csv", 2, "town_id",
          "unknown_reference"),
    split("a file listed twice", _set("name", "x"), 'files = ["v-a.csv", "v-a.csv", "v-b.csv", "v-c.csv"]',
          "study.toml", 0, "tables.venues.files", "repeated_file"),
    split("a pattern that fits nothing", _set("name", "x"), 'files = ["v-*.xlsx"]', "v-*.xlsx", 0, "", "missing_file"),
    split("a pattern that leads out", _set("name", "x"), 'files = ["../v-*.csv"]', "study.toml", 0, "file",
          "outside_folder"),
    split("a list of numbers", _set("name", "x"), "files = [3]", "study.toml", 0, "tables.venues.files",
          "wrong_setting"),
    split("a file of a list in a datum nobody knows", _set("name", "x"),
          'files = ["v-a.csv", "v-c.csv", { file = "v-b.csv", datum = "北京54" }]', "study.toml", 0,
          "tables.venues.datum", "unknown_datum"),
    split("a file of a list with a key nobody knows", _set("name", "x"), 'files = [{ file = "v-b.csv", dtum = "x" }]',
          "study.toml", 0, "tables.venues.files.dtum", "unknown_setting"),
]  # fmt: skip

_VILLAGES = "village_id,name,town_id,lon,lat\nC1,东门村,T1,,\nC2,东门村,T2,,\nC3,渔港社区,T2,,\n"
_UNIONS = "union_id,name,kind,town_id\nG1,甲厂工会,单独建会,T1\nG2,针织联合工会,联合建会,T1\n"
TABLES_MORE = [
    extra("a village of another town", {"villages.csv": _VILLAGES, "venues.address+": "渔港社区1号", "venues.lon+": "",
          "venues.lat+": ""}, "venues.csv", 2, "address", "ambiguous_address"),
    extra("a village of two towns, and no town", {"villages.csv": _VILLAGES, "venues.address+": "东门村1号",
          "venues.lon+": "", "venues.lat+": "", "venues.town_id+": "T7"}, "venues.csv", 2, "address",
          "ambiguous_address"),
    extra("a village for a town", {"villages.csv": _VILLAGES, "venues.town_id+": "渔港社区"}, "venues.csv", 2,
          "town_id", "unknown_reference"),
    extra("a village of no town", {"villages.csv": _VILLAGES.replace("T2", "T7", 1)}, "villages.csv", 3, "town_id",
          "unknown_reference"),
    extra("a village twice", {"villages.csv": _VILLAGES.replace("C2", "C1")}, "villages.csv", 3, "village_id",
          "repeated_id"),
    extra("a village with half a place", {"villages.csv": _VILLAGES.replace("T1,,", "T1,123.0,")},
          "villages.csv", 2, "lat", "missing_value"),
    extra("a village outside the county", {"villages.csv": _VILLAGES.replace("T1,,", "T1,121.9,29.2")},
          "villages.csv", 2, "lon", "outside_county"),
    extra("a union nobody knows", {"unions.csv": _UNIONS, "employers.union_id+": "甲厂工回"}, "employers.csv", 2,
          "union_id", "unknown_reference"),
    extra("a union of no such kind", {"unions.csv": _UNIONS.replace("单独建会", "独立建会")}, "unions.csv", 2, "kind",
          "not_a_choice"),
    extra("a union of no such town", {"unions.csv": _UNIONS.replace("T1", "T8", 1)}, "unions.csv", 2, "town_id",
          "unknown_reference"),
    extra("a union of a row that is out of shape", {"unions.csv": _UNIONS.replace("G1,", "G1,,"),
          "employers.union_id+": "G1"}, "employers.csv", 2, "union_id", "reference_pending"),
    cell("clusters", 3, "n_workers", "279", "wrong_sum"),
    text("workers without a row", "workers", lambda t: t.split("\n")[0] + "\n", 0, "", "no_rows"),
    text("venues without a row", "venues", lambda t: t.split("\n")[0] + "\n\n,,,\n", 0, "", "no_rows"),
    text("an employer out of shape", "employers", lambda t: t.replace("P1,", "P1,,", 1), 2, "", "ragged_row"),
    settings("a table nobody knows", '[tables.venue]\nfile = "venues.csv"\n', "unknown_setting",
             column="tables.venue"),
    settings("a key nobody knows", '[tables.venues]\nfiel = "venues.csv"\n', "unknown_setting",
             column="tables.venues.fiel"),
    settings("a datum that is a list", '[tables.venues]\ndatum = ["WGS-84"]\n', "wrong_setting",
             column="tables.venues.datum"),
]  # fmt: skip

CASES = [*NUMBERS, *CELLS, *PLACES, *REFERENCES, *HEADERS, *LINES, *BOOKS, *FEATURES, *FOLDERS, *FILES, *TABLES_MORE]
