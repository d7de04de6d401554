"""The only door for files: a study folder in, whole files out.

Reading gives every cell as text with the row number a spreadsheet shows, and hands it to `xsgeo.validation`; nothing is
guessed here. Text is decoded as UTF-8 (with or without BOM) and then as GB18030, both strictly: libraries that guess an
encoding are wrong on short Chinese files, and ``errors="replace"`` mangles names in silence. Workbooks are read with
calamine, which also reports merged cells; GeoJSON is read by feature, so that one bad ring names its feature and does
not hide the rest of the file.

Writing goes to a file aside, is flushed to the disk and put in place at once, so that a failed run leaves the old file
whole.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import shapely

from xsgeo.crs import WGS84
from xsgeo.errors import Fault, StudyError
from xsgeo.schemas import TABLES, Table
from xsgeo.settings import SitingRules, Standard, TravelRules
from xsgeo.study import About, Study, assemble
from xsgeo.validation import (
    Checked,
    RawTable,
    check_nodes,
    check_places,
    check_references,
    check_table,
    check_wholes,
)

SETTINGS_FILE = "study.toml"


@dataclass(frozen=True)
class StudyCheck:
    """What reading a study folder came to.

    Attributes
    ----------
    study
        The study, or None where there is any fault.
    reconciliation
        One row a table: rows in = used + rejected + blank, and workers in = used + rejected.
    faults
        Everything that is wrong.
    """

    study: Study | None
    reconciliation: pd.DataFrame
    faults: tuple[Fault, ...]


def read_study(folder: str | Path) -> Study:
    """Read and check a study folder.

    Parameters
    ----------
    folder
        Folder with ``study.toml`` and the tables it names.

    Returns
    -------
    Study
        All tables, checked.

    Raises
    ------
    StudyError
        With every fault of every table, when there is any: a study is used whole or not at all.
    """
    checked = check_study(folder)
    if checked.study is None:
        raise StudyError(checked.faults)
    return checked.study


def check_study(folder: str | Path) -> StudyCheck:
    """Read a study folder and say everything that is wrong with it.

    Parameters
    ----------
    folder
        Folder with ``study.toml`` and the tables it names.

    Raises
    ------
    StudyError
        Only when the folder or its ``study.toml`` cannot be used at all.
    """
    root = Path(folder)
    settings = _read_settings(root)
    about = _read_about(settings)
    checked: dict[str, Checked] = {}
    faults: list[Fault] = []
    for name, table in TABLES.items():
        try:
            checked[name] = check_table(_read_table(root, settings, table), table)
        except StudyError as error:
            faults.extend(error.faults)
    for result in checked.values():
        faults.extend(result.faults)
    faults.extend(_check_across(checked))
    reconciliation = _reconcile(checked, faults)
    if faults:
        return StudyCheck(None, reconciliation, tuple(sorted(faults)))
    study = assemble({n: c.frame for n, c in checked.items()}, about, reconciliation=reconciliation)
    return StudyCheck(study, reconciliation, ())


def _check_across(checked: Mapping[str, Checked]) -> Iterator[Fault]:
    import geopandas as gpd

    yield from check_references(checked)
    yield from check_wholes(checked)
    if {"land", "boundary"} <= set(checked):
        shapes = {n: checked[n].frame for n in ("land", "boundary")}
        if all(f["geometry"].notna().all() and len(f) for f in shapes.values()):
            land, boundary = (gpd.GeoDataFrame(f, geometry="geometry", crs=WGS84) for f in shapes.values())
            yield from check_places(checked, land, boundary)
    if {"roads", "ferries"} <= set(checked):
        yield from check_nodes(checked["roads"], checked["ferries"])


def _reconcile(checked: Mapping[str, Checked], faults: list[Fault]) -> pd.DataFrame:
    """Count each row once: used, rejected or blank. A fault of a whole table rejects all of its rows."""
    rows = []
    for name, result in checked.items():
        mine = [f for f in faults if f.file == result.raw.file and f.sheet == result.raw.sheet]
        numbers = set(result.frame.index)
        bad = {f.row for f in mine} & numbers
        if any(f.row not in numbers for f in mine):
            bad = numbers
        row: dict[str, object] = {
            "table": name,
            "file": result.raw.file,
            "rows_in": len(result.raw.cells),
            "rows_used": len(numbers) - len(bad),
            "rows_rejected": len(bad),
            "rows_blank": result.n_blank,
        }
        if "n_workers" in result.table.columns:
            counted = result.frame["n_workers"].fillna(0)
            rejected = counted[counted.index.isin(bad)].sum()
            row |= {
                "workers_in": int(counted.sum()),
                "workers_used": int(counted.sum() - rejected),
                "workers_rejected": int(rejected),
            }
        rows.append(row)
    counts = ["workers_in", "workers_used", "workers_rejected"]
    frame = pd.DataFrame(
        rows, columns=["table", "file", "rows_in", "rows_used", "rows_rejected", "rows_blank", *counts]
    )
    return frame.set_index("table").astype(dict.fromkeys(counts, "Int64"))


def _read_settings(root: Path) -> dict[str, Any]:
    path = root / SETTINGS_FILE
    if not path.is_file():
        raise StudyError([Fault(root.name or str(root), 0, "", str(root), "no_study")])
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError([Fault(SETTINGS_FILE, 0, "", str(error), "bad_settings")]) from error


_SECTIONS = {
    "standard": ("standard", Standard),
    "travel": ("travel_rules", TravelRules),
    "siting": ("siting_rules", SitingRules),
}


def _read_about(settings: Mapping[str, Any]) -> About:
    known = {"title", "title_en", "as_of", "demonstration", "tables", *_SECTIONS}
    faults = [Fault(SETTINGS_FILE, 0, key, key, "unknown_setting") for key in settings if key not in known]
    faults += [
        Fault(SETTINGS_FILE, 0, key, key, "missing_setting")
        for key in ("title", "title_en", "as_of")
        if not settings.get(key)
    ]
    records: dict[str, Any] = {}
    for section, (attribute, kind) in _SECTIONS.items():
        given = settings.get(section, {})
        names = {f.name for f in dataclasses.fields(kind)}
        unknown = sorted(set(given) - names)
        faults += [Fault(SETTINGS_FILE, 0, f"{section}.{key}", key, "unknown_setting") for key in unknown]
        try:
            values = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items() if k in names}
            records[attribute] = kind(**values)
        except (TypeError, ValueError) as error:
            faults.append(Fault(SETTINGS_FILE, 0, section, str(error), "bad_settings"))
    if faults:
        raise StudyError(faults)
    return About(
        title=str(settings["title"]),
        title_en=str(settings["title_en"]),
        as_of=str(settings["as_of"]),
        is_demonstration=bool(settings.get("demonstration", False)),
        **records,
    )


def _read_table(root: Path, settings: Mapping[str, Any], table: Table) -> RawTable:
    entry = settings.get("tables", {}).get(table.name, {})
    name = str(entry.get("file") or _usual_file(root, table))
    raw = read_cells(_inside(root, name), name, sheet=str(entry.get("sheet", "")))
    given = {k: v for k, v in entry.items() if k in table.columns and k not in raw.cells.columns}
    return dataclasses.replace(raw, cells=raw.cells.assign(**{k: str(v) for k, v in given.items()}))


def _usual_file(root: Path, table: Table) -> str:
    """File of a table that ``study.toml`` does not name: its own name, in the first format that is there."""
    names = [table.name + suffix for suffix in _READERS]
    return next((n for n in names if (root / n).is_file()), names[0])


def _inside(root: Path, name: str) -> Path:
    """Resolve a file name of ``study.toml``, refusing whatever leads out of the folder.

    GDAL opens ``/vsicurl/...`` and URLs given as file names, so a ledger could make a planner's machine call out.
    """
    path = (root / name).resolve()
    if "://" in name or name.startswith("/vsi") or not path.is_relative_to(root.resolve()):
        raise StudyError([Fault(SETTINGS_FILE, 0, "file", name, "outside_folder")])
    if not path.is_file():
        raise StudyError([Fault(name, 0, "", name, "missing_file")])
    return path


def read_cells(path: Path, name: str, *, sheet: str = "") -> RawTable:
    """Read one table as text cells.

    Parameters
    ----------
    path
        File to read: ``.csv``, ``.xlsx``, ``.xls``, ``.ods``, ``.geojson``, ``.json``, ``.gpkg`` or ``.parquet``.
    name
        Name to show in messages.
    sheet
        Sheet of a workbook or layer of a GeoPackage; the first one when empty.

    Returns
    -------
    RawTable
        Text cells under the file's own headers; the index counts rows as a spreadsheet does, the header being row 1.

    Raises
    ------
    StudyError
        When the file cannot be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise StudyError([Fault(name, 0, "", path.suffix or name, "unreadable_file")])
    return reader(path, name, sheet)


def _read_csv(path: Path, name: str, sheet: str) -> RawTable:
    text = _decode(path.read_bytes(), name)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise StudyError([Fault(name, 0, "", str(error), "unreadable_file")]) from error
    if not rows:
        raise StudyError([Fault(name, 0, "", "", "empty_file")])
    header, body = rows[0], rows[1:]
    ragged = [
        Fault(name, i, "", str(len(row)), "ragged_row", (("expected", str(len(header))),))
        for i, row in enumerate(body, 2)
        if row and len(row) != len(header)
    ]
    if ragged:
        raise StudyError(ragged)
    body = [row or [""] * len(header) for row in body]
    cells = pd.DataFrame(body, columns=header, index=range(2, len(body) + 2), dtype=object)
    return RawTable(name, cells)


def _decode(data: bytes, name: str) -> str:
    """Text in one of the two encodings offices use; the one that gets further names the line that is no text."""
    furthest = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    line = data[:furthest].count(b"\n") + 1
    raise StudyError([Fault(name, line, "", repr(data[furthest : furthest + 8]), "not_text")])


def _read_workbook(path: Path, name: str, sheet: str) -> RawTable:
    from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = sheet or book.sheet_names[0]
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, WorksheetNotFound, IndexError) as error:
        raise StudyError([Fault(name, 0, "", str(error), "unreadable_file", sheet=sheet)]) from error
    if not rows:
        raise StudyError([Fault(name, 0, "", "", "empty_file", sheet=sheet)])
    body = [[_cell_text(v) for v in row] for row in rows[1:]]
    cells = pd.DataFrame(body, columns=[_cell_text(v) for v in rows[0]], index=range(2, len(rows) + 1), dtype=object)
    named = [c != "" or bool((cells.iloc[:, i] != "").any()) for i, c in enumerate(cells.columns)]
    return RawTable(name, cells.loc[:, named], sheet)


def _cell_text(value: object) -> str:
    """Text of a workbook cell: 12.0 is how a spreadsheet stores 12."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _read_geojson(path: Path, name: str, sheet: str) -> RawTable:
    try:
        features = json.loads(path.read_bytes().decode("utf-8-sig"))["features"]
        records = [dict(f.get("properties") or {}) for f in features]
        geometries = [f.get("geometry") for f in features]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StudyError([Fault(name, 0, "", str(error)[:120], "unreadable_file")]) from error
    index = range(2, len(records) + 2)
    cells = pd.DataFrame(records, index=index, dtype=object).map(lambda v: "" if v is None else str(v))
    return RawTable(name, cells.fillna("").assign(**_places([_shape(g) for g in geometries])))


def _shape(geometry: object) -> shapely.Geometry | None:
    """Return the shape of one feature, or None, which the check then reports with the feature's row."""
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException:
        return None


def _read_layer(path: Path, name: str, sheet: str) -> RawTable:
    import geopandas as gpd

    try:
        frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path, layer=sheet or None)
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise StudyError([Fault(name, 0, "", str(error)[:120], "unreadable_file", sheet=sheet)]) from error
    if frame.crs is None or not frame.crs.equals(WGS84):
        raise StudyError([Fault(name, 0, "", str(frame.crs), "wrong_crs", sheet=sheet)])
    cells = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(object)
    cells = cells.where(cells.notna(), "").map(str).set_axis(range(2, len(frame) + 2), axis=0)
    return RawTable(name, cells.assign(**_places(list(frame.geometry))), sheet)


def _places(shapes: list[shapely.Geometry | None]) -> dict[str, list[object]]:
    """Points become lon and lat, other shapes stay."""
    points = [isinstance(s, shapely.Point) and not s.is_empty for s in shapes]
    if shapes and all(points):
        xy = shapely.get_coordinates(np.array(shapes, dtype=object))
        return {"lon": [repr(float(x)) for x in xy[:, 0]], "lat": [repr(float(y)) for y in xy[:, 1]]}
    return {"geometry": list(shapes)}


_READERS: Mapping[str, Callable[[Path, str, str], RawTable]] = MappingProxyType(
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


def write_study(tables: Mapping[str, pd.DataFrame], settings: str, folder: str | Path) -> list[Path]:
    """Write a study folder that `read_study` reads.

    Parameters
    ----------
    tables
        One frame for each table of `xsgeo.schemas`, id as index or column.
    settings
        Text of ``study.toml``.
    folder
        Folder to write to; made when absent.

    Returns
    -------
    list of Path
        The files: CSV with well-known text for roads, GeoJSON for land and boundary.
    """
    root = Path(folder)
    files = {SETTINGS_FILE: settings}
    for name, table in TABLES.items():
        frame = tables[name].reset_index() if tables[name].index.name == table.key else tables[name]
        frame = pd.DataFrame(frame[[c for c in table.columns if c in frame.columns]]).sort_values(table.key)
        if table.shape == "polygon":
            files[f"{name}.geojson"] = _to_geojson(frame)
        else:
            files[f"{name}.csv"] = _to_csv(frame)
    return write_files(files, root)


def _to_csv(frame: pd.DataFrame) -> str:
    if "geometry" in frame:
        frame = frame.assign(geometry=shapely.to_wkt(frame["geometry"].to_numpy(), rounding_precision=5))
    flags = {c: frame[c].map({True: "1", False: "0"}) for c in frame if frame[c].map(type).eq(bool).all()}
    weights = {
        c: frame[c].map(lambda w: " ".join(f"{x:g}" for x in w)) for c in frame if frame[c].map(type).eq(tuple).all()
    }
    whole = {
        c: frame[c].astype("Int64")
        for c in frame.select_dtypes("number")
        if c not in {"lon", "lat"} and (frame[c].dropna() % 1 == 0).all()
    }
    return str(frame.assign(**flags, **weights, **whole).to_csv(index=False, lineterminator="\n"))


def _to_geojson(frame: pd.DataFrame) -> str:
    """One feature a line, so that a change to a coastline is a change of one line."""
    features = []
    for row in frame.to_dict("records"):
        shape = shapely.set_precision(row.pop("geometry"), 1e-5)
        properties = {str(k): v for k, v in row.items() if isinstance(v, str) and v}
        feature = {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        features.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def write_files(files: Mapping[str, str], folder: str | Path) -> list[Path]:
    """Write texts into a folder, each put in place at once and only after all of them are on the disk.

    Parameters
    ----------
    files
        Text by file name.
    folder
        Folder to write to; made when absent.

    Returns
    -------
    list of Path
        The files written, in the order given.

    Raises
    ------
    OSError
        When the disk or the folder refuses; the old files are then whole.
    """
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    aside: dict[Path, Path] = {}
    try:
        for name, text in files.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=root)
            aside[Path(temporary)] = root / name
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
        for temporary_path, final in aside.items():
            temporary_path.chmod(0o644)
            temporary_path.replace(final)
    finally:
        for temporary_path in aside:
            temporary_path.unlink(missing_ok=True)
    return list(aside.values())
