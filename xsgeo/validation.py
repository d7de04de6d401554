"""Text cells to checked values: every cell that is not good is named, none is guessed and none disappears.

A table arrives as text with the row numbers a spreadsheet shows. `match_headers` finds the declared columns under the
headers a ledger uses, `parse` turns cells into values, and pandera applies the bounds and choices that
`xsgeo.schemas` declares. Parsing comes first because pandas' own coercion turns ``１２３`` and ``约200`` into NaN in
silence. Work is done once per distinct text, since a ledger says the same things over and over.

Cross-table checks stand here too: references, points on land, parts and wholes. They take frames, not files, so a
study built in code is held to the same rules as one that was read.
"""

from __future__ import annotations

import datetime as dt
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
from xsgeo.crs import WGS84, project, to_metres
from xsgeo.errors import Fault, HoursError
from xsgeo.schemas import TABLES, Table

if TYPE_CHECKING:
    import geopandas as gpd

SHORE_TOLERANCE_M = 100.0
"""A quay or a sea wall may lie this far outside a coastline drawn on a 25 m grid."""

NODE_SPREAD_M = 10.0
"""Ends of edges at one node may lie this far apart, as `xsgeo.network` allows too."""

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_REST = re.compile(r"休息|放假|轮休|调休|休假|闭|\boff\b")
_TRUE = frozenset({"1", "true", "yes", "y", "是", "有"})
_FALSE = frozenset({"0", "false", "no", "n", "否", "无"})
_BLANK = frozenset({"", "nan", "null", "-", "/", "不详", "未知"})
_LONGEST_BLANK = 5


@dataclass(frozen=True)
class RawTable:
    """A table as it stands in a file: text cells under the headers of the file.

    Attributes
    ----------
    file, sheet
        Where it stands.
    cells
        Text cells; the index holds row numbers as a spreadsheet counts them. A ``geometry`` column holds shapes or
        well-known text.
    """

    file: str
    cells: pd.DataFrame
    sheet: str = ""


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
    """

    raw: RawTable
    table: Table
    frame: pd.DataFrame
    headers: Mapping[str, str]
    faults: tuple[Fault, ...]
    n_blank: int

    def fault(self, row: Hashable, column: str, value: object, code: str, **details: object) -> Fault:
        """A fault of this table, placed where the planner finds it."""
        pairs = tuple(sorted((k, str(v)) for k, v in details.items()))
        header = self.headers.get(column, column)
        return Fault(self.raw.file, int(str(row)), header, str(value), code, pairs, self.raw.sheet)


def squeeze(text: str) -> str:
    """Fold a header or a word so that width, blanks, brackets and case do not matter.

    Examples
    --------
    >>> squeeze(" 建筑面积（平方米） ") == squeeze("建筑面积(平方米)")
    True
    """
    return re.sub(r"[\s_()\[\]:]+", "", unicodedata.normalize("NFKC", text)).casefold()


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
    names: dict[str, str] = {}
    for name, column in table.columns.items():
        for word in (name, column.title, *column.metadata["synonyms"]):
            names.setdefault(squeeze(word), name)
    headers: dict[str, str] = {}
    faults = []
    for header in map(str, raw.cells.columns):
        found = names.get(squeeze(header))
        if found is None:
            near = _near(squeeze(header), names)
            faults.append(Fault(raw.file, 1, header, header, "unknown_column", (("near", near),), raw.sheet))
        elif found in headers:
            faults.append(Fault(raw.file, 1, header, header, "repeated_column", (), raw.sheet))
        else:
            headers[found] = header
    faults.extend(
        Fault(raw.file, 1, column.title, column.title, "missing_column", (), raw.sheet)
        for name, column in table.columns.items()
        if column.required and name not in headers
    )
    return headers, faults


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
    headers, faults = match_headers(raw, table)
    cells = raw.cells[[*headers.values()]].set_axis([*headers], axis=1).apply(_stripped)
    blank = cells.isin(_BLANK).all(axis=1)
    cells = cells[~blank]
    parsed = Checked(raw, table, pd.DataFrame(index=cells.index), headers, tuple(faults), int(blank.sum()))
    columns: dict[str, pd.Series] = {}
    for name in (n for n in table.columns if n in headers):
        values, bad = _PARSERS[table.columns[name].metadata["kind"]](cells[name], table.columns[name])
        columns[name] = values
        faults.extend(parsed.fault(row, name, cells.at[row, name], code, **more) for row, code, more in bad)
    frame = pd.DataFrame(columns, index=cells.index)
    broken = {(f.row, f.column) for f in faults}
    faults.extend(f for f in _bounds(parsed, frame) if (f.row, f.column) not in broken)
    for name in table.columns:
        if name not in frame.columns:
            frame[name] = "" if table.columns[name].metadata["kind"] not in ("number", "integer") else np.nan
    return Checked(raw, table, _fill(frame[[*table.columns]], table), headers, tuple(faults), int(blank.sum()))


def _bounds(parsed: Checked, frame: pd.DataFrame) -> list[Fault]:
    table = parsed.table
    rules = {
        n: pa.Column(None, c.checks, nullable=c.nullable, unique=n == table.key)
        for n, c in table.columns.items()
        if n in frame.columns
    }
    try:
        pa.DataFrameSchema(rules).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    codes = {"not_nullable": "missing_value", "field_uniqueness": "duplicate_id"}
    faults = []
    for name, check, row in cases[["column", "check", "index"]].itertuples(index=False):
        rule = table.columns[name].metadata
        shown = "" if check == "not_nullable" else parsed.raw.cells.at[row, parsed.headers[name]]
        details = {k: f"{rule[k]:g}" for k in ("minimum", "maximum") if rule[k] is not None}
        details["choices"] = _choices(rule["choices"])
        faults.append(parsed.fault(row, name, shown, codes.get(check, check), **details))
    return faults


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
    """Read each distinct text once; `read` raises ValueError, whose arguments become details, for a bad one."""
    values: dict[str, Any] = {"": None}
    wrong: dict[str, dict[str, object]] = {}
    for text in cells[cells != ""].unique():
        try:
            values[text] = read(text)
        except ValueError as error:
            values[text] = None
            residue = error.residue if isinstance(error, HoursError) else ""
            wrong[text] = {"residue": residue}
    bad: Bad = [(row, code, wrong[text]) for row, text in cells.items() if text in wrong] if wrong else []
    return pd.Series([values[t] for t in cells], index=cells.index, dtype=object), bad


def _number(text: str) -> float:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    return float(plain.replace(",", ""))


def _integer(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise ValueError(text)
    return int(value)


def _flag(text: str) -> bool:
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def _parse_number(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    values, bad = _each(cells, _number, "not_a_number")
    return values.astype(float), bad


def _parse_integer(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    values, bad = _each(cells, _number, "not_a_number")
    numbers = values.astype(float)
    bad += [(row, "not_an_integer", {}) for row in numbers.index[(numbers % 1).fillna(0) != 0]]
    return numbers.where(numbers % 1 == 0), bad


def _parse_flag(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _flag, "not_a_flag")


def _parse_text(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, lambda t: unicodedata.normalize("NFC", t), "missing_value")


def _parse_date(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, lambda t: dt.date.fromisoformat(t[:10]).isoformat(), "not_a_date")


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
        weights = tuple(_number(part) for part in text.split())
        if len(weights) != 12 or min(weights) < 0:
            raise ValueError(text)
        return weights

    return _each(cells, read, "not_weights")


def _parse_geometry(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    shapes = np.array([c if isinstance(c, shapely.Geometry) else None for c in cells], dtype=object)
    written = np.array([s is None for s in shapes])
    shapes[written] = shapely.from_wkt(cells.to_numpy()[written], on_invalid="ignore")
    good = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    good &= np.isfinite(shapely.bounds(shapes)).all(axis=1) & shapely.is_valid(shapes)
    bad: Bad = [(row, "unreadable_shape", {}) for row in cells.index[~good]]
    shapes[~good] = None
    return pd.Series(shapes, index=cells.index, dtype=object), bad


_PARSERS: Mapping[str, Parser] = MappingProxyType(
    {
        "id": _parse_text,
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


def check_references(tables: Mapping[str, Checked]) -> list[Fault]:
    """Ids that point to a row another table does not have.

    Parameters
    ----------
    tables
        Checked tables by name.
    """
    faults = []
    for checked in tables.values():
        for name, column in checked.table.columns.items():
            target = column.metadata["refers_to"]
            if not target or target not in tables:
                continue
            other = tables[target].frame
            key = TABLES[target].key
            values = checked.frame[name]
            missing = values[(values != "") & ~values.isin(other[key])]
            known = {w: f"{i} {n}" for i, n in zip(other[key], other["name"], strict=True) for w in (i, n)}
            for row, value in missing.items():
                faults.append(
                    checked.fault(
                        row,
                        name,
                        value,
                        "unknown_reference",
                        table=TABLES[target].zh,
                        near=_near(str(value), known),
                    )
                )
    return faults


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
            shown = f"{frame.at[row, 'lon']:g}, {frame.at[row, 'lat']:g}"
            if ok:
                faults.append(checked.fault(row, "lon", shown, "in_the_sea", distance=f"{distance:.0f}"))
            else:
                faults.append(checked.fault(row, "lon", shown, "outside_county"))
    return faults


def check_nodes(roads: Checked, ferries: Checked) -> list[Fault]:
    """Nodes that stand in two places, and ferry landings that no road reaches."""
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
    for column in ("from_node", "to_node"):
        values = ferries.frame[column]
        faults += [ferries.fault(r, column, v, "unknown_node") for r, v in values[~values.isin(home.index)].items()]
    return faults
