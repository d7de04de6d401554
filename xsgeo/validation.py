"""Text cells to checked values: every cell that is not good is named, none is guessed and none disappears.

A table arrives as text with the row numbers a spreadsheet shows. `match_headers` finds the declared columns under the
headers a ledger uses, `parse_table` turns cells into values, and `check_bounds` holds them to what `xsgeo.schemas`
declares, with pandera. Between the two a study resolves names to ids and turns coordinates into WGS-84, which is why
they are two steps; `check_table` does both for a table that needs neither. Parsing comes first because pandas' own
coercion turns ``１２３`` and ``约200`` into NaN in silence. Work is done once per distinct text, since a ledger says
the same things over and over.

Cross-table checks stand here too: references, points on land, parts and wholes. They take frames, not files, so a
study built in code is held to the same rules as one that was read.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from xsgeo import hours
from xsgeo.catalogue import WORDS, say
from xsgeo.crs import DATUMS, WGS84, parse_datum, project, to_metres
from xsgeo.errors import Fault, HoursError
from xsgeo.ledgers import (
    ADDITIVE_UNITS,
    Note,
    RawTable,
    header_words,
    ignored_headers,
    is_subtotal,
    read_header,
    squeeze,
)
from xsgeo.schemas import Table
from xsgeo.values import (
    CHINA_LAT,
    CHINA_LON,
    UNITS,
    Unclear,
    fold_width,
    is_error,
    is_rounded_id,
    read_date,
    read_degrees,
    read_number,
    read_point,
)

if TYPE_CHECKING:
    import geopandas as gpd

SHORE_TOLERANCE_M = 100.0
"""A quay or a sea wall may lie this far outside a coastline drawn on a 25 m grid."""

SHORTEST_SHARE = 0.98
"""A road cannot be shorter than the straight line between its ends, give or take the projection, as in `network`."""

NODE_SPREAD_M = 10.0
"""Ends of edges at one node may lie this far apart, as `xsgeo.network` allows too."""

_NAMELESS = re.compile(r"[A-Z]{1,3}列")
_REST = re.compile(r"休息|放假|轮休|调休|休假|闭|\boff\b")
_TRUE = frozenset({"1", "true", "yes", "y", "是", "有"})
_FALSE = frozenset({"0", "false", "no", "n", "否", "无"})
_BLANK = frozenset({"", "nan", "null", "-", "/", "－", "／", "—", "——", "–", "不详", "未知", "暂无"})
_LONGEST_BLANK = 5


@dataclass(frozen=True)
class Checked:
    """A parsed table with what was wrong in it.

    Attributes
    ----------
    frame
        Declared columns of the rows that parsed, still indexed by row number.
    headers
        Header in the file of each declared column.
    faults
        What is wrong so far.
    n_blank
        Rows with nothing in them.
    notes
        What a planner should know and is not wrong.
    excused
        Cells, by row and declared column, that are empty because of a fault named elsewhere.
    row_datum
        Datum of each row, where the ledger has a column for it.
    """

    raw: RawTable
    table: Table
    frame: pd.DataFrame
    headers: Mapping[str, str]
    faults: tuple[Fault, ...]
    n_blank: int
    notes: tuple[Note, ...] = ()
    excused: frozenset[tuple[Hashable, str]] = frozenset()
    row_datum: pd.Series | None = None

    def fault(self, row: Hashable, column: str, value: object, code: str, **details: object) -> Fault:
        """A fault of this table, placed where the planner finds it."""
        pairs = tuple(sorted((k, str(v)) for k, v in details.items()))
        header = self.headers.get(column, column)
        return Fault(self.raw.file, int(str(row)), header, str(value), code, pairs, self.raw.sheet)

    def note(self, row: Hashable, column: str, value: object, code: str, **details: object) -> Note:
        """A note of this table, placed where the planner finds it."""
        return Note(**vars(self.fault(row, column, value, code, **details)))


def match_headers(raw: RawTable, table: Table) -> tuple[dict[str, str], list[Fault]]:
    """Find the declared column under each header of the file.

    Parameters
    ----------
    raw
        The table as read.
    table
        Its declaration.

    Returns
    -------
    headers
        Header of the file by declared column.
    faults
        Unknown, repeated and missing columns.
    """
    headers: dict[str, str] = {}
    faults = []

    def wrong(label: str, code: str, **details: str) -> None:
        faults.append(Fault(raw.file, raw.header_row, label, label, code, tuple(details.items()), raw.sheet))

    for label in map(str, raw.cells.columns):
        found = read_header(label, table)
        if found.role in {"ignored", "personal", "datum"}:
            continue
        names = ("lon", "lat") if found.role == "point" else (found.name,)
        if _NAMELESS.fullmatch(label):
            wrong(label, "unnamed_column")
        elif found.role == "unknown":
            near = say("fault.near", "zh", near=table.columns[found.name].title) if found.name else ""
            wrong(label, "unknown_column", near=near or _near(squeeze(label), header_words(table)))
        elif found.problem:
            wrong(label, "wrong_unit_header", unit=UNITS.get(table.columns[found.name].metadata["unit"], ("",))[0])
        elif any(name in headers for name in names):
            wrong(label, "repeated_column")
        else:
            headers |= dict.fromkeys(names, label)
    for name, column in table.columns.items():
        if column.required and name not in headers and not raw.has_no_columns and not _may_lack(name, headers):
            wrong(column.title, "missing_column")
    return headers, faults


def _may_lack(name: str, headers: Mapping[str, str]) -> bool:
    """Coordinates may be left out altogether where there are addresses to place the rows by."""
    return name in {"lon", "lat"} and "address" in headers and not {"lon", "lat"} & set(headers)


def _near(word: str, known: Mapping[str, str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return say("fault.near", "zh", near=known[close[0]]) if close else ""


def check_table(raw: RawTable, table: Table) -> Checked:
    """Parse and check one table on its own.

    Parameters
    ----------
    raw
        The table as read.
    table
        Its declaration.

    Returns
    -------
    Checked
        Values, faults and the number of blank rows. Rows with a fault are still in the frame where they parsed; the
        reconciliation counts them as rejected.
    """
    return check_bounds(parse_table(raw, table))


def parse_table(raw: RawTable, table: Table) -> Checked:
    """Turn the cells of one table into values, without asking yet whether they are allowed.

    Parameters
    ----------
    raw
        The table as read.
    table
        Its declaration.
    """
    headers, faults = match_headers(raw, table)
    faults = [*raw.faults, *faults]
    cells = raw.cells[[*headers.values()]].set_axis([*headers], axis=1).apply(_stripped)
    blank = cells.isin(_BLANK).all(axis=1)
    cells = cells[~blank]
    notes = (*raw.notes, *ignored_headers(raw, table))
    parsed = Checked(raw, table, pd.DataFrame(index=cells.index), headers, (), int(blank.sum()), notes)
    named = {(f.row, f.column) for f in faults}
    excused: set[tuple[Hashable, str]] = set()
    for name in headers if named else ():
        cells[name] = cells[name].mask(np.array([(row, headers[name]) in named for row in cells.index], dtype=bool), "")
    cells, found, split = _split_points(parsed, cells)
    faults += found
    columns: dict[str, pd.Series] = {}
    for name in (n for n in table.columns if n in headers):
        values, bad = _PARSERS[table.columns[name].metadata["kind"]](cells[name], table.columns[name])
        columns[name] = values
        faults += [parsed.fault(row, name, cells.at[row, name], code, **more) for row, code, more in bad]
    frame = pd.DataFrame(columns, index=cells.index)
    for name in table.columns:
        if name not in frame.columns:
            frame[name] = table.empty(name)
    if table.shape == "point":
        frame, found = _unswapped(parsed, frame)
        faults += found
        excused |= {(f.row, name) for f in found for name in ("lon", "lat")}
    row_datum, found = _row_datum(parsed, frame)
    frame = _fill(frame[[*table.columns]], table)
    return dataclasses.replace(
        parsed, frame=frame, faults=(*faults, *found), notes=(*notes, *split), excused=frozenset(excused),
        row_datum=row_datum,
    )  # fmt: skip


def _split_points(parsed: Checked, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault], list[Note]]:
    """Coordinates that stand in one cell, under a header of their own or in the first of two columns."""
    if not {"lon", "lat"} <= set(cells.columns):
        return cells, [], []
    together = parsed.headers["lon"] == parsed.headers["lat"]
    one_sided = (cells["lon"] == "") != (cells["lat"] == "")
    faults, notes = [], []
    for row in cells.index[(cells["lon"] != "") if together else one_sided]:
        text = cells.at[row, "lon"] or cells.at[row, "lat"]
        name = "lon" if cells.at[row, "lon"] else "lat"
        try:
            lon, lat = read_point(text)
        except Unclear as error:
            if together:
                faults.append(parsed.fault(row, "lon", text, error.code))
                cells.loc[row, ["lon", "lat"]] = ""
            continue
        cells.loc[row, ["lon", "lat"]] = [repr(lon), repr(lat)]
        if not together:
            notes.append(parsed.note(row, name, text, "point_split", lon=_degrees(lon), lat=_degrees(lat)))
    return cells, faults, notes


def _degrees(value: float) -> str:
    """Degrees to a tenth of a metre, without idle zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _unswapped(parsed: Checked, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows whose longitude can only be a latitude and the other way round: named, never turned."""
    swapped = frame["lon"].between(*CHINA_LAT) & frame["lat"].between(*CHINA_LON)
    faults = [
        parsed.fault(row, "lon", f"{_degrees(lon)}, {_degrees(lat)}", "swapped", lon=_degrees(lat), lat=_degrees(lon))
        for row, lon, lat in frame.loc[swapped, ["lon", "lat"]].itertuples()
    ]
    return frame.assign(**{name: frame[name].mask(swapped) for name in ("lon", "lat")}), faults


def _row_datum(parsed: Checked, frame: pd.DataFrame) -> tuple[pd.Series | None, list[Fault]]:
    """Datum of each row where a column says it."""
    labels = [c for c in parsed.raw.cells.columns if read_header(str(c), parsed.table).role == "datum"]
    if not labels or parsed.table.shape != "point":
        return None, []
    texts = _stripped(parsed.raw.cells.loc[frame.index, labels[0]])
    datums = texts.map(parse_datum)
    unknown = texts[(texts != "") & datums.isna()]
    faults = [
        parsed.fault(row, labels[0], text, "unknown_datum", choices="、".join(DATUMS)) for row, text in unknown.items()
    ]
    return datums.where(datums.notna(), None), faults


def check_bounds(parsed: Checked) -> Checked:
    """Hold parsed values to what `xsgeo.schemas` declares of them: filled in, unique, within bounds, a known word.

    Parameters
    ----------
    parsed
        What `parse_table` gave, perhaps with names resolved and points placed since.

    Returns
    -------
    Checked
        The same with the faults added, and with the totals of the ledger checked.
    """
    found = [] if parsed.raw.has_no_columns else _bounds(parsed)
    broken = {(f.row, f.column) for f in parsed.faults}
    broken |= {(int(str(row)), parsed.headers.get(name, name)) for row, name in parsed.excused}
    faults = [f for f in found if (f.row, f.column) not in broken]
    faults += check_totals(parsed)
    return dataclasses.replace(parsed, faults=(*parsed.faults, *faults))


def _bounds(parsed: Checked) -> list[Fault]:
    table, frame = parsed.table, parsed.frame
    rules = {
        n: pa.Column(None, c.checks, nullable=c.nullable, unique=n == table.key)
        for n, c in table.columns.items()
        if n in parsed.headers or _may_lack(n, parsed.headers)
    }
    # Empty text is how a missing id or name is kept; to pandera it must be missing.
    texts = {n: frame[n].mask(frame[n] == "", None) for n in rules if frame[n].dtype == object and n != "geometry"}
    try:
        pa.DataFrameSchema(rules).validate(frame.assign(**texts), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    codes = {"not_nullable": "missing_value", "field_uniqueness": "duplicate_id"}
    faults = []
    for name, check, row in cases[["column", "check", "index"]].itertuples(index=False):
        rule = table.columns[name].metadata
        empty = check == "not_nullable" or name not in parsed.headers
        shown = "" if empty else parsed.raw.cells.at[row, parsed.headers[name]]
        details = {k: f"{rule[k]:g}" for k in ("minimum", "maximum") if rule[k] is not None}
        details["choices"] = _choices(rule["choices"])
        faults.append(parsed.fault(row, name, shown, codes.get(check, check), **details))
    return faults


def check_totals(parsed: Checked) -> list[Fault]:
    """Totals that are not the sum of their rows.

    Parameters
    ----------
    parsed
        A parsed table; the figures that add up (people, floor area) are checked.

    Notes
    -----
    小计 and 石浦镇合计 stand for the rows since the last total of any kind; a bare 合计 for those or for all rows above
    it, since offices mean either. A column in which a cell could not be read is passed over: that fault comes first.
    """
    totals = parsed.raw.totals
    if totals is None or totals.empty:
        return []
    faults = []
    for name, label in parsed.headers.items():
        rule = parsed.table.columns[name].metadata
        unread = {f.row for f in parsed.faults if f.column == label} & set(parsed.frame.index)
        if rule["unit"] not in ADDITIVE_UNITS or rule["kind"] not in {"integer", "number"} or unread:
            continue
        figures = parsed.frame[name].fillna(0)
        start = 0
        for row in totals.index:
            since, above = (float(figures[(figures.index > s) & (figures.index < row)].sum()) for s in (start, 0))
            start = row
            faults += _wrong_total(parsed, row, name, since=since, above=above)
    return faults


def _wrong_total(parsed: Checked, row: int, name: str, *, since: float, above: float) -> list[Fault]:
    totals = parsed.raw.totals
    text = "" if totals is None else str(totals.at[row, parsed.headers[name]]).strip()
    if text in _BLANK or totals is None:
        return []
    try:
        stated = read_number(text, unit=parsed.table.columns[name].metadata["unit"])
    except Unclear as error:
        return [parsed.fault(row, name, text, error.code, **error.details)]
    part_only = any(is_subtotal(t) for t in totals.loc[row].astype(str) if t.strip())
    allowed = {since} if part_only else {since, above}
    if any(math.isclose(stated, sum_, rel_tol=1e-9, abs_tol=0.05) for sum_ in allowed):
        return []
    return [parsed.fault(row, name, text, "wrong_total", expected=f"{since if part_only else above:g}")]


def _fill(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Missing text is an empty text: NaN would fall out of every group-by in silence."""
    texts = [n for n, c in table.columns.items() if c.metadata["kind"] not in _NUMERIC]
    return frame.assign(**{n: frame[n].where(frame[n].notna(), "") for n in texts if n != "geometry"})


_NUMERIC = frozenset({"integer", "number", "flag", "weights", "geometry"})

Bad = list[tuple[Hashable, str, dict[str, object]]]
Parser = Callable[[pd.Series, pa.Column], tuple[pd.Series, Bad]]


def _stripped(cells: pd.Series) -> pd.Series:
    """Text of each cell without blanks around it; shapes stay, and what stands for nothing is empty."""
    texts = [v if isinstance(v, shapely.Geometry) else "" if v is None or _is_nan(v) else str(v).strip() for v in cells]
    empty = ["" if isinstance(t, str) and len(t) < _LONGEST_BLANK and t.casefold() in _BLANK else t for t in texts]
    return pd.Series(empty, index=cells.index, dtype=object)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _each(cells: pd.Series, read: Callable[[str], Any], code: str) -> tuple[pd.Series, Bad]:
    """Read each distinct text once; `read` raises ValueError for a bad one, which may say its own code and details."""
    values: dict[str, Any] = {"": None}
    wrong: dict[str, tuple[str, dict[str, object]]] = {}
    for text in cells[cells != ""].unique():
        try:
            values[text] = read(text)
        except Unclear as error:
            values[text], wrong[text] = None, (error.code, dict(error.details))
        except ValueError as error:
            residue = error.residue if isinstance(error, HoursError) else ""
            values[text], wrong[text] = None, (code, {"residue": residue})
    bad: Bad = [(row, *wrong[text]) for row, text in cells.items() if text in wrong] if wrong else []
    return pd.Series([values[t] for t in cells], index=cells.index, dtype=object), bad


def _flag(text: str) -> bool:
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def _parse_number(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    unit, axis = column.metadata["unit"], column.metadata["axis"]
    values, bad = _each(
        cells, lambda t: read_degrees(t, axis=axis) if axis else read_number(t, unit=unit), "not_a_number"
    )
    return values.astype(float), bad


def _parse_integer(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    unit = column.metadata["unit"]
    values, bad = _each(cells, lambda t: read_number(t, unit=unit), "not_a_number")
    numbers = values.astype(float)
    bad += [(row, "not_an_integer", {}) for row in numbers.index[(numbers % 1).fillna(0) != 0]]
    return numbers.where(numbers % 1 == 0), bad


def _parse_flag(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _flag, "not_a_flag")


def _text(text: str) -> str:
    if is_error(text):
        code = "error_cell"
        raise Unclear(code)
    return unicodedata.normalize("NFC", text)


def _id(text: str) -> str:
    if is_rounded_id(text):
        code = "long_number"
        raise Unclear(code)
    return fold_width(_text(text))


def _parse_text(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _text, "missing_value")


def _parse_id(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _id, "missing_value")


def _parse_date(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, read_date, "not_a_date")


def _parse_hours(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, lambda t: hours.parse_hours(t).text, "unreadable_hours")


def _free_hours(text: str) -> str:
    """Refuse a rest day among free hours: of a door 周日休息 says that it is shut, of a worker that he is free."""
    rest = _REST.search(text)
    if rest:
        raise HoursError(text, rest.group())
    return hours.parse_hours(text).text


def _parse_free_hours(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _free_hours, "unreadable_free_hours")


def _words(choices: tuple[str, ...]) -> dict[str, str]:
    """Every word that means a choice: its code, and the catalogue's Chinese and English."""
    words: dict[str, str] = {}
    for choice in choices:
        for word in (choice, *WORDS[f"choice.{choice}"]):
            words.setdefault(squeeze(word), choice)
    return words


def _choices(choices: tuple[str, ...]) -> str:
    return "、".join(say(f"choice.{c}", "zh") for c in choices)


def _parse_choice(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    # An unknown word is passed on as it is: the declared check names it together with the words it may be.
    words = _words(column.metadata["choices"])
    return _each(cells, lambda t: words.get(squeeze(t), t), "not_a_choice")


def _parse_set(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    words = _words(column.metadata["choices"])

    def read(text: str) -> str:
        members = [words.get(squeeze(part)) for part in re.split(r"[|、,，;；]", text) if part.strip()]
        if None in members:
            raise ValueError(text)
        return "|".join(dict.fromkeys(m for m in members if m is not None))

    values, bad = _each(cells, read, "not_a_choice")
    choices = _choices(column.metadata["choices"])
    return values, [(row, code, {"choices": choices}) for row, code, _ in bad]


def _parse_weights(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    def read(text: str) -> tuple[float, ...]:
        try:
            weights = tuple(read_number(part) for part in fold_width(text).split())
        except Unclear:
            raise ValueError(text) from None
        if len(weights) != 12 or min(weights) < 0:
            raise ValueError(text)
        return weights

    return _each(cells, read, "not_weights")


def _parse_geometry(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    shapes = np.array([c if isinstance(c, shapely.Geometry) else None for c in cells], dtype=object)
    written = np.array([s is None for s in shapes], dtype=bool)
    shapes[written] = shapely.from_wkt(cells.to_numpy()[written], on_invalid="ignore")
    good = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    bounds = shapely.bounds(shapes)
    good &= np.isfinite(bounds).all(axis=1)
    in_degrees = (np.abs(bounds) <= np.array([180.0, 90.0, 180.0, 90.0])).all(axis=1)
    bad: Bad = [(row, "not_degrees", {}) for row in cells.index[good & ~in_degrees]]
    bad += [(row, "unreadable_shape", {}) for row in cells.index[~good | (in_degrees & ~shapely.is_valid(shapes))]]
    shapes[~good | ~in_degrees | ~shapely.is_valid(shapes)] = None
    return pd.Series(shapes, index=cells.index, dtype=object), bad


_PARSERS: Mapping[str, Parser] = MappingProxyType(
    {
        "id": _parse_id,
        "text": _parse_text,
        "integer": _parse_integer,
        "number": _parse_number,
        "flag": _parse_flag,
        "date": _parse_date,
        "choice": _parse_choice,
        "set": _parse_set,
        "hours": _parse_hours,
        "free_hours": _parse_free_hours,
        "weights": _parse_weights,
        "geometry": _parse_geometry,
    }
)


def check_wholes(tables: Mapping[str, Checked]) -> list[Fault]:
    """Parts larger than their whole: women or members above all workers, groups above their employer."""
    faults = []
    for name, parts in (("workers", ("n_women", "n_under_35")), ("employers", ("n_members",))):
        if name not in tables:
            continue
        checked = tables[name]
        whole = checked.frame["n_workers"]
        for part in parts:
            over = checked.frame[part] > whole
            for row in checked.frame.index[over]:
                value = f"{checked.frame.at[row, part]:g}"
                faults.append(checked.fault(row, part, value, "part_exceeds", whole=f"{whole[row]:g}"))
    if "workers" in tables and "employers" in tables:
        faults += _check_employer_sums(tables["workers"], tables["employers"])
    return faults


def _check_employer_sums(workers: Checked, employers: Checked) -> list[Fault]:
    sums = workers.frame.groupby("employer_id")["n_workers"].sum()
    stated = employers.frame.drop_duplicates("employer_id").set_index("employer_id")["n_workers"]
    over = sums.index[sums > stated.reindex(sums.index)]
    rows = employers.frame.index[employers.frame["employer_id"].isin(over)]
    return [
        employers.fault(
            row,
            "n_workers",
            f"{stated[employers.frame.at[row, 'employer_id']]:g}",
            "wrong_sum",
            expected=f"{sums[employers.frame.at[row, 'employer_id']]:g}",
            table=workers.table.zh,
        )
        for row in rows
    ]


def check_places(tables: Mapping[str, Checked], land: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame) -> list[Fault]:
    """Points in the sea or outside the county.

    Parameters
    ----------
    tables
        Checked tables by name; those with points are looked at.
    land, boundary
        Land and limit of the county, EPSG:4326.

    Notes
    -----
    A point may lie as far from land as its own stated accuracy, and always 100 m: the coastline is drawn on a 25 m grid
    and quays stand in the water.
    """
    import geopandas as gpd

    ground = shapely.union_all(to_metres(land).geometry.array)
    limit = shapely.union_all(boundary.geometry.array)
    shapely.prepare(ground)
    shapely.prepare(limit)
    faults = []
    for checked in tables.values():
        if checked.table.shape != "point":
            continue
        frame = checked.frame[checked.frame[["lon", "lat"]].notna().all(axis=1)]
        degrees = shapely.points(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
        metres = gpd.GeoSeries(degrees, index=frame.index, crs=WGS84).pipe(lambda s: to_metres(s.to_frame("geometry")))
        allowed = np.maximum(frame["accuracy_m"].fillna(0).to_numpy(float), SHORE_TOLERANCE_M)
        inside = shapely.intersects(limit, degrees)
        # Swapped coordinates project to infinity: they are outside already, and distance would be NaN.
        away = np.where(inside, shapely.distance(ground, np.where(inside, metres.geometry.array, None)), np.inf)
        wrong = ~inside | (away > allowed)
        for row, ok, distance in zip(frame.index[wrong], inside[wrong], away[wrong], strict=True):
            shown = f"{_degrees(frame.at[row, 'lon'])}, {_degrees(frame.at[row, 'lat'])}"
            if ok:
                faults.append(checked.fault(row, "lon", shown, "in_the_sea", distance=f"{distance:.0f}"))
            else:
                faults.append(checked.fault(row, "lon", shown, "outside_county"))
    return faults


def check_nodes(roads: Checked, ferries: Checked) -> list[Fault]:
    """Nodes in two places, roads shorter than a straight line, and ferries that land nowhere or where they start."""
    frame = roads.frame[roads.frame["geometry"].notna()]
    lines = frame["geometry"].to_numpy()
    parts = []
    for column, which in (("u", 0), ("v", -1)):
        ends = shapely.get_point(lines, which)
        x, y = project(shapely.get_x(ends), shapely.get_y(ends))
        parts.append(
            pd.DataFrame({"row": frame.index, "column": column, "node": frame[column].to_numpy(), "x": x, "y": y})
        )
    ends = pd.concat(parts)
    # The place where most edges put a node is where it is; among equals the first in the file.
    votes = ends.groupby(["node", "x", "y"], sort=False).size().reset_index(name="n")
    home = votes.sort_values("n", ascending=False, kind="stable").drop_duplicates("node").set_index("node")
    apart_m = np.hypot(*(ends[c].to_numpy() - home.loc[ends["node"], c].to_numpy() for c in ("x", "y")))
    gaps = ends[apart_m > NODE_SPREAD_M]
    faults = [roads.fault(r.row, r.column, r.node, "shape_gap") for r in gaps.itertuples()]
    start, end = parts
    chord_m = np.hypot(start["x"] - end["x"], start["y"] - end["y"]).to_numpy()
    length_m = frame["length_m"].to_numpy(float)
    for row in frame.index[length_m < SHORTEST_SHARE * chord_m]:
        shown = f"{frame.at[row, 'length_m']:g}"
        faults.append(
            roads.fault(row, "length_m", shown, "short_road", chord=f"{chord_m[frame.index.get_loc(row)]:.0f}")
        )
    same = ferries.frame.index[ferries.frame["from_node"] == ferries.frame["to_node"]]
    faults += [ferries.fault(r, "to_node", ferries.frame.at[r, "to_node"], "same_landing") for r in same]
    for column in ("from_node", "to_node"):
        values = ferries.frame[column]
        faults += [ferries.fault(r, column, v, "unknown_node") for r, v in values[~values.isin(home.index)].items()]
    return faults
