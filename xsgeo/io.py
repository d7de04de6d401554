"""The only door for files: a study folder in, whole files out.

Here the steps of reading stand in their order and nothing else: `xsgeo.readers` turns each file into text cells,
`xsgeo.validation` cells into values, `xsgeo.references` names into ids, `xsgeo.placing` coordinates and addresses into
WGS-84, and `xsgeo.validation` again holds the result to what is declared. Every fault of every table is collected on
the way. The count is kept by row: what a file holds below and above its header is used, rejected or blank.

What is written goes through `xsgeo.outputs`, so that a failed run leaves the old files whole.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from xsgeo import guard
from xsgeo.crs import DATUMS, WGS84, Datum
from xsgeo.errors import Fault, HoursError, StudyError
from xsgeo.hours import parse_hours
from xsgeo.ledgers import Note, RawTable, read_header
from xsgeo.outputs import hash_files, write_files
from xsgeo.placing import (
    check_datum,
    convert,
    declared_datum,
    ground_of,
    known_points,
    place_by_address,
    point_tables,
)
from xsgeo.readers import READERS, read_file
from xsgeo.references import check_references, resolve_references
from xsgeo.schemas import TABLES, Table
from xsgeo.settings import SitingRules, Standard, TravelRules
from xsgeo.study import About, Study, assemble
from xsgeo.validation import Checked, check_bounds, check_nodes, check_places, check_wholes, parse_table

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
    notes
        What a planner should know and is not wrong: titles and totals found, merged cells filled, hidden sheets.
    raws
        Each table that could be read, as it stands in its file.
    title
        Name of the study.
    """

    study: Study | None
    reconciliation: pd.DataFrame
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...] = ()
    raws: Mapping[str, RawTable] = field(default_factory=dict)
    title: str = ""


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
    faults: list[Fault] = []
    parsed: dict[str, Checked] = {}
    for name, table in TABLES.items():
        try:
            parsed[name] = parse_table(_read_table(root, settings, table), table)
        except StudyError as error:
            faults.extend(error.faults)
    datums, found = _declared_datums(settings)
    faults += found
    parsed = resolve_references(parsed)
    parsed = place_by_address({name: convert(p, datums.get(name)) for name, p in parsed.items()})
    checked = {name: check_bounds(p) for name, p in parsed.items()}
    faults += [f for result in checked.values() for f in result.faults]
    faults += _check_across(checked, datums)
    notes = [n for result in checked.values() for n in result.notes]
    notes += [Note(c.raw.file, 0, "", "", "empty_table", (), c.raw.sheet) for c in checked.values() if c.frame.empty]
    reconciliation = _reconcile(checked, faults)
    raws = {name: result.raw for name, result in checked.items()}
    found_all = tuple(sorted(set(faults)))
    if found_all:
        return StudyCheck(None, reconciliation, found_all, tuple(sorted(notes)), raws, about.title)
    study = assemble({n: c.frame for n, c in checked.items()}, about, reconciliation=reconciliation)
    read = hash_files(root, [SETTINGS_FILE, *reconciliation["file"]])
    study = dataclasses.replace(study, sources=read)
    return StudyCheck(study, reconciliation, (), tuple(sorted(notes)), raws, about.title)


def _declared_datums(settings: Mapping[str, Any]) -> tuple[dict[str, Datum], list[Fault]]:
    """Datum of each table that ``study.toml`` gives one, and the words it gives that are none."""
    datums: dict[str, Datum] = {}
    faults = []
    for name, entry in settings.get("tables", {}).items():
        datum, unknown = declared_datum(entry)
        if datum:
            datums[name] = datum
        elif unknown:
            choices = (("choices", "、".join(DATUMS)),)
            faults.append(Fault(SETTINGS_FILE, 0, f"tables.{name}.datum", unknown, "unknown_datum", choices))
    return datums, faults


def _check_across(checked: Mapping[str, Checked], datums: Mapping[str, Datum]) -> Iterator[Fault]:
    import geopandas as gpd

    yield from check_references(checked)
    yield from check_wholes(checked)
    if {"land", "boundary"} <= set(checked):
        shapes = {n: checked[n].frame for n in ("land", "boundary")}
        if all(f["geometry"].notna().all() and len(f) for f in shapes.values()):
            land, boundary = (gpd.GeoDataFrame(f, geometry="geometry", crs=WGS84) for f in shapes.values())
            shifted = list(_check_datums(checked, datums))
            yield from shifted
            # Points read by the wrong datum fall into the sea by the dozen; the one fault says it all.
            files = {(f.file, f.sheet) for f in shifted}
            right = {n: c for n, c in checked.items() if (c.raw.file, c.raw.sheet) not in files}
            yield from check_places(right, land, boundary)
    if {"roads", "ferries"} <= set(checked):
        yield from check_nodes(checked["roads"], checked["ferries"])


def _check_datums(checked: Mapping[str, Checked], datums: Mapping[str, Datum]) -> Iterator[Fault]:
    roads = checked["roads"].frame["geometry"] if "roads" in checked else None
    ground = ground_of(checked["land"].frame["geometry"], roads)
    trusted: dict[str, Checked] = {}
    for name in point_tables(checked):
        found = check_datum(checked[name], datums.get(name), ground, known_points(checked[name], trusted))
        yield from found
        if not found:
            trusted[name] = checked[name]


def _reconcile(checked: Mapping[str, Checked], faults: list[Fault]) -> pd.DataFrame:
    """Count each row once: used, rejected or blank. A fault of a whole table rejects all of its rows.

    Rows set aside (titles, totals, footers, an example) are blank unless they are themselves faulty.
    """
    rows = []
    for name, result in checked.items():
        raw = result.raw
        mine = {f.row for f in faults if f.file == raw.file and f.sheet == raw.sheet}
        numbers, aside = set(result.frame.index), set(raw.aside)
        empty = set(raw.cells.index) - numbers
        of_rows = numbers | aside | empty
        bad = numbers if mine - of_rows else mine & numbers
        row: dict[str, object] = {
            "table": name,
            "file": raw.file,
            "rows_in": raw.n_rows,
            "rows_used": len(numbers) - len(bad),
            "rows_rejected": len(bad) + len(mine & (aside | empty)),
            "rows_blank": len((aside | empty) - mine),
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
    except (ValueError, RecursionError) as error:
        raise StudyError([Fault(SETTINGS_FILE, 0, "", str(error), "bad_settings")]) from error


_SECTIONS = {
    "standard": ("standard", Standard),
    "travel": ("travel_rules", TravelRules),
    "siting": ("siting_rules", SitingRules),
}


def _check_proposed_hours(rules: SitingRules | None) -> list[Fault]:
    """Hours that a proposed venue would keep and that nobody can read."""
    if rules is None:
        return []
    try:
        parse_hours(rules.open_hours)
    except HoursError as error:
        details = (("residue", error.residue),)
        return [Fault(SETTINGS_FILE, 0, "siting.open_hours", rules.open_hours, "unreadable_hours", details)]
    return []


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
    faults += _check_proposed_hours(records.get("siting_rules"))
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
    raw = read_cells(_inside(root, name), name, sheet=str(entry.get("sheet", "")), table=table)
    there = {read_header(str(label), table).name for label in raw.cells.columns}
    given = {} if raw.has_no_columns else {k: v for k, v in entry.items() if k in table.columns and k not in there}
    return dataclasses.replace(raw, cells=raw.cells.assign(**{k: str(v) for k, v in given.items()}))


def _usual_file(root: Path, table: Table) -> str:
    """File of a table that ``study.toml`` does not name: its own name, in the first format that is there."""
    names = [table.name + suffix for suffix in READERS]
    return next((n for n in names if (root / n).is_file()), names[0])


def _inside(root: Path, name: str) -> Path:
    """Resolve a file name of ``study.toml``, refusing whatever leads out of the folder."""
    path = guard.inside(root, name)
    if not path.is_file():
        raise StudyError([Fault(name, 0, "", name, "missing_file")])
    return path


def read_cells(path: Path, name: str, *, sheet: str = "", table: Table | None = None) -> RawTable:
    """Read one table as text cells.

    Parameters
    ----------
    path
        File to read: ``.csv``, ``.xlsx``, ``.xls``, ``.ods``, ``.geojson``, ``.json``, ``.gpkg`` or ``.parquet``.
    name
        Name to show in messages.
    sheet
        Sheet of a workbook or layer of a GeoPackage; the first visible one when empty.
    table
        Declaration of the table: titles, totals and merged cells are then understood. Without it the header is row 1.

    Returns
    -------
    RawTable
        Text cells under the file's own headers; the index counts rows as a spreadsheet does.

    Raises
    ------
    StudyError
        When the file cannot be read.
    """
    if path.suffix.lower() not in READERS:
        raise StudyError([Fault(name, 0, "", path.suffix or name, "unreadable_file")])
    guard.check_file(path, name)
    return read_file(path, name, sheet=sheet, table=table)


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
