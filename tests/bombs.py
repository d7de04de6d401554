"""Files that harm whoever parses them, each a few kilobytes, made here so that none lies in the repository."""

from __future__ import annotations

import io
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import shapely
import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{}"><sheetData>'.format(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
)
_TAIL = "</sheetData></worksheet>"


def honest(path: Path, *, rows: int = 3) -> Path:
    """A small workbook as an office would make it."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("镇乡")
        sheet.write_row(0, 0, ["镇乡编号", "名称"])
        for i in range(1, rows + 1):
            sheet.write_row(i, 0, [f"T{i}", f"第{i}镇"])
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, parts: dict[str, bytes], *, level: int = 9) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def _with(path: Path, **changed: bytes) -> None:
    names = {"sheet": SHEET, "strings": STRINGS}
    pack(path, parts_of(honest(path)) | {names[k]: v for k, v in changed.items()})


def _pour(path: Path, name: str, pieces: Iterator[bytes]) -> None:
    """A workbook with one part written piece by piece, for parts too large to hold."""
    parts = parts_of(honest(path))
    del parts[name]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for other, data in parts.items():
            archive.writestr(other, data)
        with archive.open(name, "w", force_zip64=False) as stream:
            for piece in pieces:
                stream.write(piece)


def sheet_of(body: str) -> bytes:
    return (_HEAD + body + _TAIL).encode()


def unpacks_to_too_much(path: Path) -> None:
    blank = b"<row/>" * 170_000
    _pour(path, SHEET, iter([_HEAD.encode(), *[blank] * 220, _TAIL.encode()]))


def rows_without_end(path: Path) -> None:
    row = b"<row><c><v>1</v></c></row>" * 10_000
    _pour(path, SHEET, iter([_HEAD.encode(), *[row] * 300, _TAIL.encode()]))


def one_string_many_times(path: Path) -> None:
    """Small when unpacked; the parser copies the same 32,000 letters into each of 200,000 cells."""
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 200_001))
    _with(path, sheet=sheet_of(cells), strings=b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>")


def shared_strings(path: Path) -> None:
    text = b"<si><t>" + b"x" * 100_000 + b"</t></si>"
    _pour(path, STRINGS, iter([b"<sst>", *[text] * 500, b"</sst>"]))


def last_cell(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")


def last_cell_in_disguise(path: Path) -> None:
    """The same corner behind a namespace prefix and lower case, which the parser understands."""
    body = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="xfd1048576"><x:v>1</x:v></x:c></x:row>'
    head = _HEAD.replace("<worksheet xmlns", "<x:worksheet xmlns:x").replace("<sheetData", "<x:sheetData")
    _with(path, sheet=(head + body + "</x:sheetData></x:worksheet>").encode())


def stray_at_the_bottom(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 0, " ")


def billion_laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "lol">{entities}]><sst><si><t>&l9;</t></si></sst>'
    _with(path, strings=text.encode())


def entities_in_utf16(path: Path) -> None:
    _with(path, strings='<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "b">]><sst/>'.encode("utf-16"))


def too_many_parts(path: Path) -> None:
    pack(path, parts_of(honest(path)) | {f"xl/worksheets/s{i}.xml": b"" for i in range(6000)}, level=1)


def nested(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(2**20))
    pack(path, parts_of(honest(path)) | {"xl/worksheets/inner.bin": inner.getvalue()})


def claims_less_than_it_holds(path: Path) -> None:
    """A directory that gives ten bytes for a part of 60 MB."""
    blank = b"<row/>" * 170_000
    _pour(path, SHEET, iter([_HEAD.encode(), *[blank] * 60, _TAIL.encode()]))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    start = data.rindex(SHEET.encode()) - 46
    assert struct.unpack_from("<L", data, start + 24) == (size,)
    struct.pack_into("<L", data, start + 24, 10)
    path.write_bytes(data)


def overlapping_parts(path: Path) -> None:
    """Two entries of the directory that share the same packed bytes."""
    pack(path, parts_of(honest(path)) | {"xl/worksheets/b1.xml": b"x" * 50_000, "xl/worksheets/b2.xml": b"x" * 50_000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        first = archive.getinfo("xl/worksheets/b1.xml")
    start = data.rindex(b"xl/worksheets/b2.xml") - 46
    struct.pack_into("<L", data, start + 42, first.header_offset)
    path.write_bytes(data)


def second_directory(path: Path) -> None:
    """A comment that holds an end record of its own: readers disagree on which of the two counts."""
    honest(path)
    data = path.read_bytes()
    end = data[-22:]
    path.write_bytes(data[:-2] + struct.pack("<H", len(end)) + end)


def part_twice(path: Path) -> None:
    parts = parts_of(honest(path))
    pack(path, parts | {SHEET.upper(): sheet_of("")})


ZIP_BOMBS: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "unpacks to too much": (unpacks_to_too_much, {"zip_bomb"}),
    "rows without end": (rows_without_end, {"zip_bomb"}),
    "one string many times": (one_string_many_times, {"too_costly"}),
    "shared strings": (shared_strings, {"zip_bomb"}),
    "last cell": (last_cell, {"far_cell"}),
    "last cell in disguise": (last_cell_in_disguise, {"too_costly", "far_cell"}),
    "stray at the bottom": (stray_at_the_bottom, {"far_cell"}),
    "billion laughs": (billion_laughs, {"xml_entities"}),
    "entities in UTF-16": (entities_in_utf16, {"odd_container"}),
    "too many parts": (too_many_parts, {"too_many_parts"}),
    "archive within": (nested, {"nested_zip"}),
    "directory that lies": (claims_less_than_it_holds, {"zip_bomb", "odd_container"}),
    "overlapping parts": (overlapping_parts, {"odd_container", "unreadable_file"}),
    "two directories": (second_directory, {"odd_container"}),
    "a part twice": (part_twice, {"odd_container"}),
}


def deep_json(path: Path) -> None:
    path.write_text('{"features":' + "[" * 200_000, "utf-8")


def json_of_nothing(path: Path) -> None:
    path.write_bytes(b'{"features":[' + b"{}," * 22_000_000 + b"{}]}")


def properties_each_their_own(path: Path) -> None:
    features = ",".join(f'{{"properties":{{"k{i}":1}},"geometry":null}}' for i in range(6000))
    path.write_text(f'{{"features":[{features}]}}', "utf-8")


def lines_of_nothing(path: Path) -> None:
    path.write_bytes(b"a,b\n" + b"\n" * 21_000_000)


def a_wide_head_over_blank_lines(path: Path) -> None:
    path.write_bytes(b"a" + b",a" * 5000 + b"\n" * 10_000)


TEXT_BOMBS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "deep JSON": (deep_json, "geojson", "too_deep"),
    "JSON of nothing": (json_of_nothing, "geojson", "too_many_cells"),
    "a property each": (properties_each_their_own, "geojson", "too_many_cells"),
    "lines of nothing": (lines_of_nothing, "csv", "too_many_cells"),
    "a wide head over blank lines": (a_wide_head_over_blank_lines, "csv", "too_many_cells"),
}


def geopackage(path: Path, *, rows: int = 1, script: str = "") -> Path:
    ids = [f"T{i}" for i in range(1, rows + 1)]
    frame = gpd.GeoDataFrame({"town_id": ids}, geometry=[shapely.Point(121.9, 29.4)] * rows, crs="EPSG:4326")
    frame.to_file(path, layer="towns", driver="GPKG")
    if script:
        with closing(sqlite3.connect(path)) as base:
            base.executescript(script)
    return path


_ROWS_FROM_NOTHING = """
DROP TABLE towns;
DROP TABLE gpkg_ogr_contents;
CREATE VIEW towns AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)
SELECT fid, 'T' || fid AS town_id, NULL AS geom FROM n;
"""
_BYTES_FROM_NOTHING = """
CREATE TABLE heavy (fid INTEGER PRIMARY KEY, town_id TEXT AS (hex(zeroblob(100000000))));
INSERT INTO heavy (fid) VALUES (1), (2), (3);
DELETE FROM gpkg_geometry_columns;
UPDATE gpkg_contents SET table_name = 'heavy', data_type = 'attributes', identifier = 'heavy';
DROP TABLE towns;
"""
_DEFAULTS = """
CREATE TABLE many (fid INTEGER PRIMARY KEY);
WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n WHERE fid < 2000)
INSERT INTO many SELECT fid FROM n;
ALTER TABLE many ADD COLUMN town_id TEXT DEFAULT 'long';
""".replace("long", "x" * 400_000)
_VIRTUAL = "CREATE VIRTUAL TABLE words USING fts4(a);"


def opens_another_source(path: Path) -> None:
    path.write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="towns"><SrcDataSource>/vsicurl/http://localhost:9/x</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        "utf-8",
    )


LAYER_BOMBS: dict[str, tuple[Callable[[Path], object], str]] = {
    "rows from nothing": (lambda p: geopackage(p, script=_ROWS_FROM_NOTHING), "not_geopackage"),
    "bytes from nothing": (lambda p: geopackage(p, script=_BYTES_FROM_NOTHING), "not_geopackage"),
    "long default values": (lambda p: geopackage(p, script=_DEFAULTS), "not_geopackage"),
    "a virtual table": (lambda p: geopackage(p, script=_VIRTUAL), "not_geopackage"),
    "another source": (opens_another_source, "not_geopackage"),
}
