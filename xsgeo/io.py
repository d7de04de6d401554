"""The only door for files: a study folder in, whole files out.

Here the steps of reading stand in their order and nothing else: `xsgeo.studyfile` reads ``study.toml``, `xsgeo.sources`
finds the files of each table, `xsgeo.readers` turns each into text cells, `xsgeo.validation` cells into values,
`xsgeo.placing` coordinates into WGS-84, `xsgeo.references` names into ids, `xsgeo.placing` again addresses into places,
and `xsgeo.validation` holds the result to what is declared. Every fault of every table is collected on the way. The
count is kept by row and by file: what a file holds below and above its header is used, rejected or blank.

What is written goes through `xsgeo.outputs`, so that a failed run leaves the old files whole.
"""

from __future__ import annotations

import dataclasses
import gc
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from xsgeo import guard
from xsgeo.checked import Checked, join
from xsgeo.crs import DATUMS, WGS84, Datum
from xsgeo.errors import Fault, StudyError
from xsgeo.ledgers import Note, RawTable, read_header
from xsgeo.outputs import hash_files, write_files
from xsgeo.placing import check_datum, convert, declared_datum, ground_of, known_points, place_by_address, point_tables
from xsgeo.readers import READERS, read_file
from xsgeo.references import check_references, resolve_references
from xsgeo.schemas import TABLES, Table
from xsgeo.sources import SETTINGS_FILE, Source, sources_of, table_entries
from xsgeo.study import Study, assemble
from xsgeo.studyfile import read_about, read_settings
from xsgeo.validation import check_bounds, check_nodes, check_places, check_wholes, compare_wholes, parse_table

NEEDED = ("workers", "venues")
"""Tables without a row of which there is no question to answer."""


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
        Each file that could be read, as it stands, by table.
    title
        Name of the study.
    by_file
        The same count, one row a file, of the tables that are kept in several.
    """

    study: Study | None
    reconciliation: pd.DataFrame
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...] = ()
    raws: Mapping[str, tuple[RawTable, ...]] = field(default_factory=dict)
    title: str = ""
    by_file: pd.DataFrame = field(default_factory=pd.DataFrame)


def read_study(folder: str | Path) -> Study:
    r"""Read and check a study folder.

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

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from xsgeo.datasets import toy_county
    >>> settings = 'title = "六点县"\ntitle_en = "Six-node county"\nas_of = "2026-01-01"\n'
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_study({name: getattr(toy_county(), name) for name in TABLES}, settings, folder)
    ...     read_study(folder)
    <Study 六点县 (2026-01-01): 2 towns, 2 clusters, 340 workers in 7 groups, 3 venues, 4 roads>
    """
    checked = check_study(folder)
    if checked.study is None:
        raise StudyError(checked.faults)
    return checked.study


def check_study(folder: str | Path) -> StudyCheck:
    r"""Read a study folder and say everything that is wrong with it.

    Parameters
    ----------
    folder
        Folder with ``study.toml`` and the tables it names.

    Raises
    ------
    StudyError
        Only when the folder or its ``study.toml`` cannot be used at all.

    Examples
    --------
    A venue to which nobody has given a name is told with its row, and the other tables are read all the same.

    >>> from tempfile import TemporaryDirectory
    >>> from xsgeo.datasets import toy_county
    >>> settings = 'title = "六点县"\ntitle_en = "Six-node county"\nas_of = "2026-01-01"\n'
    >>> tables = {name: getattr(toy_county(), name) for name in TABLES}
    >>> nameless = tables["venues"].assign(name=["", "乙", "丙"])
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_study(tables | {"venues": nameless}, settings, folder)
    ...     check = check_study(folder)
    >>> [(fault.file, fault.row, fault.code) for fault in check.faults]
    [('venues.csv', 2, 'missing_value')]
    >>> check.reconciliation.loc[["workers", "venues"], "rows_used"].tolist()
    [7, 2]
    """
    # Reading makes a hundred thousand small things that stay, and none that refers to itself. The collector would look
    # through all there are, whatever was imported included, so often that it took a third of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return _checked(Path(folder))
    finally:
        if was_on:
            gc.enable()


def _checked(root: Path) -> StudyCheck:
    settings = read_settings(root)
    about = read_about(settings)
    parsed, datums, faults = _read_tables(root, settings)
    parsed = place_by_address(resolve_references(parsed))
    checked = check_references({name: check_bounds(p) for name, p in parsed.items()})
    faults += [f for result in checked.values() for f in result.faults]
    faults += _check_across(checked, datums)
    faults += _check_empty(checked, faults)
    notes = [n for result in checked.values() for n in result.notes] + _notes_on_empty(checked)
    notes += compare_wholes(checked)
    counts = _count(checked, faults)
    found_all, noted = tuple(sorted(set(faults))), tuple(sorted(notes))
    raws = {name: tuple(part.raw for _, part in result.by_file()) for name, result in checked.items()}
    reconciliation, by_file = _sum_up(counts), _of_several(counts)
    study = None
    if not found_all:
        study = assemble({n: c.frame for n, c in checked.items()}, about, reconciliation=reconciliation)
        names = dict.fromkeys(raw.file for files in raws.values() for raw in files)
        study = dataclasses.replace(study, sources=hash_files(root, [SETTINGS_FILE, *names]))
    return StudyCheck(study, reconciliation, found_all, noted, raws, about.title, by_file)


Datums = Mapping[tuple[str, str, str], Datum | None]
"""Datum that ``study.toml`` declares, by table, file and sheet."""


def _read_tables(root: Path, settings: Mapping[str, Any]) -> tuple[dict[str, Checked], Datums, list[Fault]]:
    """Every table with its files parsed, in WGS-84 and joined, the datum of each file, and the files that failed."""
    entries, faults = table_entries(settings)
    parsed: dict[str, Checked] = {}
    datums: dict[tuple[str, str, str], Datum | None] = {}
    for name, table in TABLES.items():
        sources, failed = sources_of(root, table, entries.get(name, {}))
        parts = []
        for source in sources:
            try:
                part = parse_table(_read_source(source, table), table)
            except StudyError as error:
                failed += error.faults
                continue
            datum, unknown = declared_datum(source.given)
            if unknown:
                choices = (("choices", "、".join(DATUMS)),)
                faults.append(Fault(SETTINGS_FILE, 0, f"tables.{name}.datum", unknown, "unknown_datum", choices))
            datums[name, part.raw.file, part.raw.sheet] = datum
            parts.append(convert(part, datum))
        faults += failed
        if parts:
            parsed[name] = join(parts, is_partial=bool(failed))
    return parsed, datums, faults


def _read_source(source: Source, table: Table) -> RawTable:
    """One file, with the columns that ``study.toml`` gives a value for all of its rows."""
    raw = read_cells(source.path, source.name, sheet=source.sheet, table=table)
    there = {read_header(str(label), table).name for label in raw.cells.columns}
    given = {k: v for k, v in source.given.items() if k in table.columns and k not in there}
    return raw if raw.has_no_columns else dataclasses.replace(raw, cells=raw.cells.assign(**given))


def _check_across(checked: Mapping[str, Checked], datums: Datums) -> Iterator[Fault]:
    import geopandas as gpd

    yield from check_wholes(checked)
    if {"land", "boundary"} <= set(checked):
        shapes = {n: checked[n].frame for n in ("land", "boundary")}
        if all(f["geometry"].notna().all() and len(f) for f in shapes.values()):
            land, boundary = (gpd.GeoDataFrame(f, geometry="geometry", crs=WGS84) for f in shapes.values())
            shifted = list(_check_datums(checked, datums))
            yield from shifted
            # Points read by the wrong datum fall into the sea by the dozen; the one fault says it all.
            files = {(f.file, f.sheet) for f in shifted}
            points = [part for name in point_tables(checked) for _, part in checked[name].by_file()]
            right = [part for part in points if (part.raw.file, part.raw.sheet) not in files]
            yield from check_places({str(i): part for i, part in enumerate(right)}, land, boundary)
    if {"roads", "ferries"} <= set(checked):
        yield from check_nodes(checked["roads"], checked["ferries"])


def _check_datums(checked: Mapping[str, Checked], datums: Datums) -> Iterator[Fault]:
    roads = checked["roads"].frame["geometry"] if "roads" in checked else None
    ground = ground_of(checked["land"].frame["geometry"], roads)
    trusted: dict[str, Checked] = {}
    for name in point_tables(checked):
        is_right = True
        for _, part in checked[name].by_file():
            declared = datums.get((name, part.raw.file, part.raw.sheet))
            found = check_datum(part, declared, ground, known_points(part, trusted))
            yield from found
            is_right = is_right and not found
        if is_right:
            trusted[name] = checked[name]


def _check_empty(checked: Mapping[str, Checked], faults: list[Fault]) -> list[Fault]:
    """Tables without a row, where nobody could do without; a template that nobody has touched yet is only noted."""
    files = {(f.file, f.sheet) for f in faults}
    return [
        Fault(part.raw.file, 0, "", "", "no_rows", (), part.raw.sheet)
        for name in NEEDED
        if name in checked and checked[name].frame.empty
        for _, part in checked[name].by_file()
        if (part.raw.file, part.raw.sheet) not in files and not _is_template(part)
    ]


def _notes_on_empty(checked: Mapping[str, Checked]) -> list[Note]:
    return [
        Note(part.raw.file, 0, "", "", "unfilled_table" if _is_template(part) else "empty_table", (), part.raw.sheet)
        for result in checked.values()
        for _, part in result.by_file()
        if part.frame.empty
    ]


def _is_template(part: Checked) -> bool:
    return any(n.code == "example_row" for n in part.notes)


_COUNTS = ["rows_in", "rows_used", "rows_rejected", "rows_blank", "workers_in", "workers_used", "workers_rejected"]


def _count(checked: Mapping[str, Checked], faults: list[Fault]) -> pd.DataFrame:
    """Count each row of each file once: used, rejected or blank."""
    named: dict[tuple[str, str], set[int]] = {}
    for fault in faults:
        named.setdefault((fault.file, fault.sheet), set()).add(fault.row)
    rows = []
    for name, result in checked.items():
        for offset, part in result.by_file():
            mine = named.get((part.raw.file, part.raw.sheet), set())
            rejected = {int(str(r)) - offset for r in result.rejected}
            rows.append({"table": name, "file": part.raw.file, **_count_file(part, mine, rejected)})
    frame = pd.DataFrame(rows, columns=["table", "file", *_COUNTS])
    return frame.set_index("table").astype(dict.fromkeys(_COUNTS[4:], "Int64"))


def _count_file(part: Checked, mine: set[int], rejected: set[int]) -> dict[str, int]:
    """Count the rows of one file. A fault of a whole file rejects all of its rows.

    Rows set aside (titles, totals, footers, an example) are blank unless they are themselves faulty.
    """
    raw = part.raw
    numbers, aside = set(part.frame.index), set(raw.aside)
    empty = set(raw.cells.index) - numbers
    bad = numbers if mine - (numbers | aside | empty) else (mine | rejected) & numbers
    counts = {
        "rows_in": raw.n_rows,
        "rows_used": len(numbers) - len(bad),
        "rows_rejected": len(bad) + len(mine & (aside | empty)),
        "rows_blank": len((aside | empty) - mine),
    }
    if "n_workers" not in part.table.columns:
        return counts
    workers = part.frame["n_workers"].fillna(0)
    lost = int(workers[workers.index.isin(bad)].sum())
    total = int(workers.sum())
    return counts | {"workers_in": total, "workers_used": total - lost, "workers_rejected": lost}


def _sum_up(counts: pd.DataFrame) -> pd.DataFrame:
    """One row a table; of several files the first is named and the others are counted."""
    files = counts.groupby("table", sort=False)["file"]
    names = files.first() + files.size().map(lambda n: f" +{n - 1}" if n > 1 else "")
    sums = counts.groupby("table", sort=False)[_COUNTS].sum(min_count=1)
    return sums.assign(file=names)[["file", *_COUNTS]].astype(dict.fromkeys(_COUNTS[:4], "int64"))


def _of_several(counts: pd.DataFrame) -> pd.DataFrame:
    return counts[counts.index.duplicated(keep=False)]


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
        One frame for each table of `xsgeo.schemas`, id as index or column; an optional one that is empty or not there
        has no file.
    settings
        Text of ``study.toml``.
    folder
        Folder to write to; made when absent.

    Returns
    -------
    list of Path
        The files: CSV with well-known text for roads, GeoJSON for land and boundary.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from xsgeo.datasets import toy_county
    >>> tables = {name: getattr(toy_county(), name) for name in TABLES}
    >>> with TemporaryDirectory() as folder:
    ...     files = write_study(tables, 'title = "六点县"', folder)
    >>> [file.name for file in files][:3]
    ['study.toml', 'towns.csv', 'clusters.csv']
    """
    root = Path(folder)
    files = {SETTINGS_FILE: settings}
    for name, table in TABLES.items():
        if table.optional and (name not in tables or tables[name].empty):
            continue
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
