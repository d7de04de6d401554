"""One file of a study to a table of text cells: workbooks, CSV, GeoJSON and layers.

Every reader gives every cell as text with the row number a spreadsheet shows; nothing is guessed. Text is decoded as
UTF-8 (with or without BOM) and then as GB18030, both strictly: libraries that guess an encoding are wrong on short
Chinese files, and ``errors="replace"`` mangles names in silence. A file of one encoding with a line of the other
decodes into nonsense without complaint; that line is named.

Workbooks are read with calamine, which knows merged ranges and hidden sheets but not hidden rows, and shows a failed
formula as an empty cell. Those are looked up in the sheet's own XML, so that a number never disappears because a
formula did. GeoJSON is read by feature, so that one bad ring names its feature and does not hide the rest of the file.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import shapely

from xsgeo import guard
from xsgeo.catalogue import WORDS
from xsgeo.crs import WGS84
from xsgeo.errors import Fault, StudyError
from xsgeo.ledgers import Grid, Note, RawTable, as_written, find_header, lay_out, letters, read_header
from xsgeo.schemas import Table

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_SHEET_WORDS = ("template.notes", "template.choices", "fixes.summary")
_OWN_SHEETS = frozenset(word for key in _SHEET_WORDS for word in WORDS[key])
"""Sheets that xsgeo adds to the workbooks it writes: no data of anybody's."""

_LONGEST_EXACT = 1e15
"""A number cell holds 15 digits; an id above this has lost some."""


def read_file(path: Path, name: str, *, sheet: str, table: Table | None) -> RawTable:
    """Read one table as text cells.

    Parameters
    ----------
    path
        File to read.
    name
        Name to show in messages.
    sheet
        Sheet of a workbook or layer of a GeoPackage; the first visible one when empty.
    table
        Declaration of the table, by which the header is found; without one the header is the first row.

    Raises
    ------
    StudyError
        When the file cannot be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise StudyError([Fault(name, 0, "", path.suffix or name, "unreadable_file")])
    return reader(path, name, sheet, table)


def _read_csv(path: Path, name: str, sheet: str, table: Table | None) -> RawTable:
    text, faults = _decode(path.read_bytes(), name)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise StudyError([Fault(name, reader.line_num, "", str(error), "unreadable_file")]) from error
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise StudyError([Fault(name, 0, "", "", "empty_file")])
    if table:
        _refuse_other_delimiters(rows, name, table)
    width = len(rows[find_header(rows, table) if table else 0])
    guard.check_cells(name, len(rows), width)
    for i, row in enumerate(rows):
        if any("\n" in cell and cell.count(",") >= max(width - 1, 2) for cell in row):
            faults.append(Fault(name, i + 1, "", "", "swallowed_rows"))
    body = [row or [""] * width for row in rows]
    grid = Grid(name, body, faults=tuple(faults), is_ragged=True)
    return lay_out(grid, table) if table else as_written(grid)


def _decode(data: bytes, name: str) -> tuple[str, list[Fault]]:
    """Text in one of the two encodings offices use, and the lines that are in the other one."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), _lines_in_utf8(data, name)
    except UnicodeDecodeError:
        raise StudyError(_lines_apart(data, name)) from None


def _lines_apart(data: bytes, name: str) -> list[Fault]:
    """Lines that keep a file from being text: those that are none, or those in the rarer of two encodings."""
    encodings: dict[int, str] = {}
    for i, line in enumerate(data.split(b"\n"), 1):
        if line.isascii():
            continue
        for encoding in ("utf-8", "gb18030"):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                continue
            encodings[i] = encoding
            break
        else:
            return [Fault(name, i, "", repr(line[:8]), "not_text")]
    in_utf8 = [i for i, e in encodings.items() if e == "utf-8"]
    rarer = in_utf8 if len(in_utf8) * 2 <= len(encodings) else [i for i in encodings if i not in set(in_utf8)]
    return [Fault(name, i, "", "", "mixed_encoding") for i in rarer or list(encodings)[:1]]


def _lines_in_utf8(data: bytes, name: str) -> list[Fault]:
    """Lines of a GB18030 file that are UTF-8: read as GB18030 they are nonsense that nobody complains of."""
    faults = []
    for i, line in enumerate(data.split(b"\n"), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        # Two-byte sequences of UTF-8 are common words in GB18030; three bytes a character are Chinese in UTF-8.
        if any(ord(c) > 0x7FF for c in text):
            faults.append(Fault(name, i, "", text.strip()[:30], "mixed_encoding"))
    return faults


def _refuse_other_delimiters(rows: Sequence[Sequence[str]], name: str, table: Table) -> None:
    if max(map(len, rows)) > 1:
        return
    for i, row in enumerate(rows[:30]):
        for delimiter, word in (("\t", "Tab"), (";", ";"), ("，", "，"), ("|", "|")):
            parts = "".join(row).split(delimiter)
            if sum(read_header(p, table).role == "column" for p in parts if p.strip()) > 1:
                raise StudyError([Fault(name, i + 1, "", word, "wrong_delimiter")])


def _read_workbook(path: Path, name: str, sheet: str, table: Table | None) -> RawTable:
    from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet, notes, others = _choose_sheet(book, name, sheet, table)
        grid = _read_sheet(book, path, name, sheet)
    except (CalamineError, WorksheetNotFound, IndexError) as error:
        raise StudyError([Fault(name, 0, "", str(error), "unreadable_file", sheet=sheet)]) from error
    if not any(any(cell for cell in row) for row in grid.rows):
        raise StudyError([Fault(name, 0, "", "", "empty_file", sheet=sheet)])
    grid = dataclasses.replace(grid, notes=(*notes, *grid.notes))
    if table is None:
        return as_written(grid)
    lost = [Fault(name, 0, "", other, "unread_sheet", (("table", table.zh),), sheet) for other in others]
    return lay_out(dataclasses.replace(grid, faults=tuple(lost)), table)


def _choose_sheet(
    book: CalamineWorkbook, name: str, sheet: str, table: Table | None
) -> tuple[str, list[Note], list[str]]:
    """Sheet to read, notes on the ones that are not, and those that hold rows of this table and would be lost."""
    visible = [str(m.name) for m in book.sheets_metadata if str(m.visible).endswith("Visible")]
    asks = len(visible) > 1 and not sheet and table is not None
    alike = [s for s in visible if table and _looks_like(book, s, table)] if asks else visible[:1]
    used = sheet or (alike or visible or list(book.sheet_names))[0]
    others = [s for s in alike if s != used] if not sheet else []
    notes = [
        Note(name, 0, "", other, "other_sheet" if other in visible else "hidden_sheet", (), used)
        for other in book.sheet_names
        if other not in {used, *others, *_OWN_SHEETS}
    ]
    return used, notes, others


def _looks_like(book: CalamineWorkbook, sheet: str, table: Table) -> bool:
    """Whether a sheet has a header with most of the columns that the table must have, and anything below it."""
    rows = [[str(v) for v in row] for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=40)]
    if not rows:
        return False
    at = find_header(rows, table)
    found = {read_header(text, table).name for text in rows[at] if text.strip()}
    required = [n for n, c in table.columns.items() if c.required]
    return sum(n in found for n in required) * 2 >= len(required)


def _read_sheet(book: CalamineWorkbook, path: Path, name: str, sheet: str) -> Grid:
    worksheet = book.get_sheet_by_name(sheet)
    marks: dict[tuple[int, int], str] = {}
    rows = []
    for i, row in enumerate(worksheet.to_python(skip_empty_area=False)):
        rows.append([_cell_text(value) for value in row])
        for c, value in enumerate(row):
            if isinstance(value, float) and abs(value) >= _LONGEST_EXACT:
                marks[i, c] = "long_number"
            elif isinstance(value, (dt.date, dt.datetime)):
                marks[i, c] = "date"
    merges = tuple((r1, c1, r2, c2) for (r1, c1), (r2, c2) in worksheet.merged_cell_ranges or [])
    if path.suffix.lower() != ".xlsx":
        return Grid(name, rows, sheet, merges, marks, (Note(name, 0, "", "", "unknown_hidden", (), sheet),))
    hidden, more = _read_markup(path, name, sheet)
    for (i, c), (code, shown) in more.items():
        marks[i, c] = code
        if i < len(rows) and c < len(rows[i]) and shown:
            rows[i][c] = shown
    return Grid(name, rows, sheet, merges, marks, hidden)


def _cell_text(value: object) -> str:
    """Text of a workbook cell: 12.0 is how a spreadsheet stores 12."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.time):
        return value.isoformat("minutes" if not value.second else "seconds")
    return str(value)


_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_FAILED = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=\"e\"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<", re.DOTALL)
_UNSOLVED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*[^/])>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')

Marked = dict[tuple[int, int], tuple[str, str]]


def _read_markup(path: Path, name: str, sheet: str) -> tuple[tuple[Note, ...], Marked]:
    """Look up what calamine does not tell: hidden rows and columns, failed formulas, formulas without a result."""
    try:
        with zipfile.ZipFile(path) as archive:
            markup = archive.read(_part_of_sheet(archive, sheet))
    except (KeyError, OSError, zipfile.BadZipFile, ET.ParseError, StopIteration):
        return (Note(name, 0, "", "", "unknown_hidden", (), sheet),), {}
    notes = []
    rows = [
        int(a[1]) for m in _ROW.finditer(markup) if _HIDDEN.search(m[1]) and (a := re.search(rb'\br="(\d+)"', m[1]))
    ]
    if rows:
        notes.append(Note(name, 0, "", _ranges(rows), "hidden_rows", (), sheet))
    columns = []
    for m in _COLUMN.finditer(markup):
        ends = [re.search(rb'\b%s="(\d+)"' % key, m[1]) for key in (b"min", b"max")]
        if _HIDDEN.search(m[1]) and ends[0] and ends[1]:
            columns += [letters(c - 1) for c in range(int(ends[0][1]), min(int(ends[1][1]), int(ends[0][1]) + 50) + 1)]
    if columns:
        notes.append(Note(name, 0, "", "、".join(columns), "hidden_columns", (), sheet))
    marked: Marked = {}
    for m in _FAILED.finditer(markup):
        marked |= _mark(m[1], "error_cell", m[2].decode("utf-8", "replace"))
    for m in _UNSOLVED.finditer(markup):
        if b't="str"' not in m[1]:
            marked |= _mark(m[1], "formula_without_value", "")
    return tuple(notes), marked


def _mark(attributes: bytes, code: str, shown: str) -> Marked:
    place = _PLACE.search(attributes)
    if not place:
        return {}
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    return {(int(place[2]) - 1, column - 1): (code, shown)}


def _ranges(numbers: Sequence[int]) -> str:
    """Row numbers as people write them.

    Examples
    --------
    >>> _ranges([3, 4, 5, 9])
    '3-5、9'
    """
    spans: list[list[int]] = []
    for n in sorted(numbers):
        if spans and n == spans[-1][1] + 1:
            spans[-1][1] = n
        else:
            spans.append([n, n])
    return "、".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    """Name of the part of a workbook that holds a sheet."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - the guard refused entities before
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    entry = next(e for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet)
    link = next(v for k, v in entry.attrib.items() if k.endswith("}id"))
    target = next(str(e.get("Target")) for e in links if e.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


class _Members(dict[str, Any]):
    """A JSON object that remembers which of its keys were given twice: Python keeps the last in silence."""

    repeated: tuple[str, ...] = ()


def _members(pairs: list[tuple[str, Any]]) -> _Members:
    members = _Members(pairs)
    if len(members) < len(pairs):
        keys = [k for k, _ in pairs]
        members.repeated = tuple(dict.fromkeys(k for k in keys if keys.count(k) > 1))
    return members


def _read_geojson(path: Path, name: str, sheet: str, table: Table | None) -> RawTable:
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_members)
    except (ValueError, RecursionError) as error:
        raise StudyError([Fault(name, 0, "", str(error)[:120], "unreadable_file")]) from error
    features = _features(data, name)
    crs = data.get("crs")
    if crs and not re.search(r"CRS:?:?84|EPSG:?:?(?:\d*:)?4326", json.dumps(crs)):
        raise StudyError([Fault(name, 0, "", json.dumps(crs)[:60], "wrong_crs")])
    faults = [
        Fault(name, row, key, key, "repeated_key")
        for row, feature in enumerate(features, 2)
        for key in _repeated(feature)
    ]
    faults += [
        Fault(name, row, "", str(feature)[:60], "not_a_feature")
        for row, feature in enumerate(features, 2)
        if not isinstance(feature, dict)
    ]
    records = [_properties(f) for f in features]
    guard.check_cells(name, len(records), len(set().union(*records)) if records else 0)
    cells = pd.DataFrame(records, index=range(2, len(records) + 2), dtype=object)
    cells = cells.map(lambda v: "" if v is None or (isinstance(v, float) and math.isnan(v)) else _cell_text(v))
    shapes = [_shape(f.get("geometry")) if isinstance(f, dict) else None for f in features]
    return _with_places(RawTable(name, cells.fillna(""), faults=tuple(faults)), shapes, table)


def _features(data: object, name: str) -> list[Any]:
    """Return the features of a collection; a lone feature or geometry is a collection of one."""
    if isinstance(data, dict):
        if isinstance(data.get("features"), list):
            return list(data["features"])
        if data.get("type") == "Feature":
            return [data]
        if "coordinates" in data or "geometries" in data:
            return [{"type": "Feature", "geometry": data}]
    raise StudyError([Fault(name, 0, "", "FeatureCollection?", "unreadable_file")])


def _repeated(feature: object) -> tuple[str, ...]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return (*getattr(feature, "repeated", ()), *getattr(properties, "repeated", ()))


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return dict(properties) if isinstance(properties, dict) else {}


def _shape(geometry: object) -> shapely.Geometry | None:
    """Return the shape of one feature, or None, which the check then reports with the feature's row."""
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError, RecursionError):
        return None


def _read_layer(path: Path, name: str, sheet: str, table: Table | None) -> RawTable:
    import geopandas as gpd

    try:
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path, layer=sheet or None)
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise StudyError([Fault(name, 0, "", str(error)[:120], "unreadable_file", sheet=sheet)]) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=WGS84)
    if frame.crs is None or not frame.crs.equals(WGS84):
        raise StudyError([Fault(name, 0, "", str(frame.crs), "wrong_crs", sheet=sheet)])
    cells = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(object)
    cells = cells.where(cells.notna(), "").map(_cell_text).set_axis(range(2, len(frame) + 2), axis=0)
    return _with_places(RawTable(name, cells, sheet), list(frame.geometry), table)


def _with_places(raw: RawTable, shapes: Sequence[shapely.Geometry | None], table: Table | None) -> RawTable:
    """Points become lon and lat, other shapes stay; heights go, and are counted."""
    array = np.array(list(shapes), dtype=object)
    high = shapely.has_z(array) if len(array) else np.zeros(0, dtype=bool)
    notes = list(raw.notes)
    if high.any():
        array[high] = shapely.force_2d(array[high])
        notes.append(Note(raw.file, 0, "", "", "flattened", (("n", str(int(high.sum()))),), raw.sheet))
    known = np.array([s is not None and not s.is_empty for s in array], dtype=bool)
    points = np.array([k and isinstance(s, shapely.Point) for k, s in zip(known, array, strict=True)], dtype=bool)
    faults = list(raw.faults)
    if table and table.shape == "point" and (known.any() or not {"lon", "lat"} & set(raw.cells.columns)):
        others = raw.cells.index[known & ~points]
        faults += [Fault(raw.file, int(row), "", "", "not_a_point", (), raw.sheet) for row in others]
        xy = [(s.x, s.y) if p else ("", "") for s, p in zip(array, points, strict=True)]
        cells = raw.cells.assign(
            lon=[repr(float(x)) if x != "" else "" for x, _ in xy],
            lat=[repr(float(y)) if y != "" else "" for _, y in xy],
        )
    elif table is None and len(points) and points.all():
        cells = raw.cells.assign(lon=[repr(float(s.x)) for s in array], lat=[repr(float(s.y)) for s in array])
    elif table is None or table.shape in {"line", "polygon"} or known.any():
        cells = raw.cells.assign(geometry=pd.Series(list(array), index=raw.cells.index, dtype=object))
    else:
        cells = raw.cells
    return RawTable(raw.file, cells, raw.sheet, faults=tuple(faults), notes=tuple(notes), has_no_columns=not len(cells))


READERS: Mapping[str, Callable[[Path, str, str, Table | None], RawTable]] = MappingProxyType(
    {
        ".csv": _read_csv,
        ".xlsx": _read_workbook,
        ".xls": _read_workbook,
        ".ods": _read_workbook,
        ".geojson": _read_geojson,
        ".json": _read_geojson,
        ".gpkg": _read_layer,
        ".parquet": _read_layer,
    }
)
