"""Text cells to checked values: every cell that is not good is named, none is guessed and none disappears.

A table arrives as text with the row numbers a spreadsheet shows. `match_headers` finds the declared columns under the
headers a ledger uses, `parse_table` turns cells into values, and `check_bounds` holds them to what `xsgeo.schemas`
declares, with pandera. Between the two a study resolves names to ids and turns coordinates into WGS-84, which is why
they are two steps; `check_table` does both for a table that needs neither. Parsing comes first because pandas' own
coercion turns ``１２３`` and ``约200`` into NaN in silence.

Cross-table checks stand here too: parts and wholes, points on land, nodes. They take frames, not files, so a study
built in code is held to the same rules as one that was read. A mistake is named once, where it was made: what merely
follows from it (a negative number of workers is less than its women, a sum over a row that was not read is too small)
is left out, since a planner who mends the one mends the other.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from xsgeo import timetables
from xsgeo.cells import BLANK, NUMERIC, PARSERS, listed, stripped
from xsgeo.checked import Checked
from xsgeo.crs import DATUMS, WGS84, parse_datum, project, to_metres
from xsgeo.errors import Fault, listing, phrase
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
from xsgeo.values import CHINA_LAT, CHINA_LON, UNITS, Unclear, read_number, read_point

if TYPE_CHECKING:
    import geopandas as gpd

SHORE_TOLERANCE_M = 100.0
"""A quay or a sea wall may lie this far outside a coastline drawn on a 25 m grid."""

SHORTEST_SHARE = 0.98
"""A road cannot be shorter than the straight line between its ends, give or take the projection, as in `network`."""

NODE_SPREAD_M = 10.0
"""Ends of edges at one node may lie this far apart, as `xsgeo.network` allows too."""

_NAMELESS = re.compile(r"[A-Z]{1,3}列")
_MOST_NAMED = 3
"""Rows that a note on a sum names."""


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
            wrong(label, "unknown_column", near=_near(found.name or _resembling(squeeze(label), table), table))
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


def _resembling(word: str, table: Table) -> str:
    """Declared column whose header a word most resembles, empty where none does."""
    known = header_words(table)
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return known[close[0]] if close else ""


def _near(name: str, table: Table) -> str:
    return phrase("fault.near", near=f"{table.columns[name].title} {name}") if name else ""


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
    cells = raw.cells[[*headers.values()]].set_axis([*headers], axis=1).apply(stripped)
    blank = (cells == "").all(axis=1)
    cells = _without_faulty(cells[~blank], headers, faults)
    parsed = Checked(raw, table, pd.DataFrame(index=cells.index), headers, (), int(blank.sum()))
    cells, found, split = _split_points(parsed, cells)
    frame, unread = _parse_columns(parsed, cells)
    faults = [*faults, *found, *unread]
    excused: set[tuple[Hashable, str]] = set()
    if table.shape == "point":
        frame, found = _unswapped(parsed, frame)
        faults += found
        excused = {(f.row, name) for f in found for name in ("lon", "lat")}
    row_datum, found = _row_datum(parsed, frame)
    return dataclasses.replace(
        parsed, frame=frame, faults=(*faults, *found), notes=(*raw.notes, *ignored_headers(raw, table), *split),
        excused=frozenset(excused), row_datum=row_datum,
    )  # fmt: skip


def _without_faulty(cells: pd.DataFrame, headers: Mapping[str, str], faults: list[Fault]) -> pd.DataFrame:
    """Cells that the reader found wrong say nothing that could be parsed."""
    named = {(f.row, f.column) for f in faults if f.row}
    for name, label in headers.items():
        rows = [row for row, column in named if column == label and row in cells.index]
        if rows:
            cells = cells.assign(**{name: cells[name].mask(cells.index.isin(rows), "")})
    return cells


def _parse_columns(parsed: Checked, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Values of every declared column, in the declared order; a column that is not there is empty."""
    table = parsed.table
    columns: dict[str, object] = {}
    faults = []
    for name, column in table.columns.items():
        if name not in cells:
            columns[name] = table.empty(name)
            continue
        kind = column.metadata["kind"]
        values, bad = PARSERS[kind](cells[name], column)
        # Missing text is an empty text: NaN would fall out of every group-by in silence.
        columns[name] = values if kind in NUMERIC else values.where(values.notna(), "")
        faults += [parsed.fault(row, name, cells.at[row, name], code, **more) for row, code, more in bad]
    return pd.DataFrame(columns, index=cells.index), faults


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
    texts = stripped(parsed.raw.cells.loc[frame.index, labels[0]])
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
        The same with the faults added, and with the totals of each ledger checked. An id must be unique in all files
        of the table.
    """
    faults = [f for _, part in parsed.by_file() for f in (*_new_bounds(part), *check_totals(part))]
    notes = (*parsed.notes, *_staff_of_nobody(parsed))
    return dataclasses.replace(parsed, faults=(*parsed.faults, *_duplicates(parsed), *faults), notes=notes)


def _staff_of_nobody(parsed: Checked) -> Iterator[Note]:
    """Rooms for their own staff that do not say whose: they let nobody in, which their ledger may not have meant."""
    if parsed.table.name != "venues":
        return
    own, owner, status = (parsed.frame[name].astype(str) for name in ("serves", "employer_id", "status"))
    rows = parsed.frame.index[(own == "own_staff") & owner.isin(["", "nan", "None"]) & (status == "open")]
    if len(rows):
        yield parsed.note(rows[0], "serves", parsed.frame.at[rows[0], "name"], "staff_of_nobody", n=len(rows))


def _new_bounds(part: Checked) -> Iterator[Fault]:
    """Faults of cells that nothing is known of yet: a cell that did not parse is not missing as well."""
    if part.raw.has_no_columns:
        return
    found = [*_bounds(part), *_half_points(part)]
    excused = {(row, part.headers.get(name, name)) for row, name in part.excused}
    broken = {(f.row, f.column) for f in part.faults} | excused
    yield from (f for f in found if (f.row, f.column) not in broken)


def _bounds(parsed: Checked) -> list[Fault]:
    table, frame = parsed.table, parsed.frame
    rules = {
        n: pa.Column(None, c.checks, nullable=c.nullable)
        for n, c in table.columns.items()
        if n in parsed.headers or _may_lack(n, parsed.headers)
    }
    if all(_is_clean(frame[n], table.columns[n]) for n in rules):
        return []
    # Empty text is how a missing id or name is kept; to pandera it must be missing.
    texts = {n: frame[n].mask(frame[n] == "", None) for n in rules if frame[n].dtype == object and n != "geometry"}
    try:
        pa.DataFrameSchema(rules).validate(frame.assign(**texts), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    faults = []
    for name, check, row in cases[["column", "check", "index"]].itertuples(index=False):
        rule = table.columns[name].metadata
        empty = check == "not_nullable"
        shown = "" if empty or name not in parsed.headers else parsed.raw.cells.at[row, parsed.headers[name]]
        details = {k: f"{rule[k]:g}" for k in ("minimum", "maximum") if rule[k] is not None}
        details["choices"] = listed(rule["choices"])
        faults.append(parsed.fault(row, name, shown, "missing_value" if empty else check, **details))
    return faults


def _half_points(part: Checked) -> Iterator[Fault]:
    """Rows that need no point and have half of one."""
    columns = part.table.columns
    if part.table.shape != "point" or columns["lon"].required:
        return
    empty = part.frame[["lon", "lat"]].isna()
    for name, other in (("lon", "lat"), ("lat", "lon")):
        for row in part.frame.index[empty[name] & ~empty[other]]:
            yield part.fault(row, name, "", "missing_value")


def _is_clean(values: pd.Series, column: pa.Column) -> bool:
    """Whether all values are what the declaration asks for, so that pandera, which is slower, need not say which.

    Missing numbers are NaN, missing texts and shapes are empty or None.
    """
    rule = column.metadata
    missing = (values.isna() | (values == "")).to_numpy(bool)
    given = values[~missing] if missing.any() else values
    if missing.any() and not column.nullable:
        return False
    low, high = rule["minimum"], rule["maximum"]
    if (low is not None and (given < low).any()) or (high is not None and (given > high).any()):
        return False
    return rule["kind"] != "choice" or set(given.unique()) <= set(rule["choices"])


def _duplicates(parsed: Checked) -> Iterator[Fault]:
    """Ids that stand in more than one row, of one file or of several; each row names the others."""
    key = parsed.table.key
    ids = parsed.frame[key]
    ids = ids[(ids != "") & ids.duplicated(keep=False)]
    for value, rows in ids.groupby(ids, sort=False).groups.items():
        places = {row: parsed.place(row) for row in rows}
        for row, (part, number) in places.items():
            others = [
                phrase("place.row_here", row=str(n))
                if other is part
                else phrase("place.row_of", row=str(n), file=other.raw.file)
                for label, (other, n) in places.items()
                if label != row
            ]
            more = [phrase("place.more")] if len(others) > _MOST_NAMED else []
            shown = part.raw.cells.at[number, part.headers[key]] if key in part.headers else value
            yield parsed.fault(row, key, shown, "repeated_id", places=listing(*others[:_MOST_NAMED], *more))


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
    if text in BLANK or totals is None:
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


def check_wholes(tables: Mapping[str, Checked]) -> list[Fault]:
    """Parts larger than their whole: women or members above all workers, groups above their employer or cluster.

    Parameters
    ----------
    tables
        Checked tables by name, names resolved.

    Notes
    -----
    Only what can be told is told: a row whose figure is itself a fault is neither a part nor a whole, nor is an
    employer one of whose groups is. An estimate is not contradicted by a count; `compare_wholes` says how they differ.
    """
    faults = []
    for name, parts in (("workers", ("n_women", "n_under_35")), ("employers", ("n_members",))):
        if name not in tables:
            continue
        checked = tables[name]
        whole = checked.frame["n_workers"].mask(_is_faulty(checked, "n_workers"))
        for part in parts:
            over = (checked.frame[part] > whole) & ~_is_faulty(checked, part)
            for row in checked.frame.index[over]:
                value = f"{checked.frame.at[row, part]:g}"
                faults.append(checked.fault(row, part, value, "part_exceeds", whole=f"{whole[row]:g}"))
    for compared in _sums(tables):
        table = phrase(f"table.{compared.part}")
        faults += [
            compared.whole.fault(row, "n_workers", f"{stated:g}", "wrong_sum", expected=f"{found:g}", table=table)
            for row, stated, found, is_estimate in compared.rows
            if found > stated and not is_estimate
        ]
    return faults


def compare_wholes(tables: Mapping[str, Checked]) -> list[Note]:
    """Notes on sums of groups that differ from what their employers or clusters state and are not faults.

    Parameters
    ----------
    tables
        Checked tables by name, names resolved.

    Returns
    -------
    list of Note
        At most two for each whole: how many workers are missing from its parts, and by how many they pass an estimate.
    """
    notes = []
    for compared in _sums(tables):
        below = [(row, stated - found) for row, stated, found, _ in compared.rows if found < stated]
        above = [(row, found - stated) for row, stated, found, rough in compared.rows if found > stated and rough]
        for code, rows in (("sum_below", below), ("sum_above", above)):
            if not rows:
                continue
            key = compared.whole.table.key
            named = [str(compared.whole.frame.at[row, key]) for row, _ in rows[:_MOST_NAMED]]
            more = [phrase("place.more")] if len(rows) > _MOST_NAMED else []
            words = {"table": phrase(f"table.{compared.part}"), "places": listing(*named, *more)}
            counts = {"n": len(rows), "apart": f"{sum(apart for _, apart in rows):g}"}
            notes.append(compared.whole.note(rows[0][0], "n_workers", "", code, **words, **counts))
    return notes


@dataclass(frozen=True)
class _Compared:
    """A table whose workers another one counts again; rows: label, stated, sum of the parts, whether an estimate."""

    whole: Checked
    part: str
    rows: list[tuple[Hashable, float, float, bool]]


def _sums(tables: Mapping[str, Checked]) -> Iterator[_Compared]:
    """Employers and clusters with the sum of their groups; those with an unread or faulty figure are passed over."""
    if "workers" not in tables:
        return
    groups = tables["workers"]
    unread = _is_faulty(groups, "n_workers")
    for name in ("employers", "clusters"):
        if name not in tables or groups.frame.empty:
            continue
        whole = tables[name]
        key = whole.table.key
        sums = groups.frame.groupby(key)["n_workers"].sum()
        unclear = {*groups.frame.loc[unread | _is_faulty(groups, key), key]}
        certain = ~_is_faulty(whole, "n_workers") & ~_is_faulty(whole, key) & whole.frame[key].isin(sums.index)
        frame = whole.frame[certain & ~whole.frame[key].isin(unclear)]
        found = frame[key].map(sums)
        differ = frame["n_workers"].notna() & (found != frame["n_workers"])
        columns = zip(
            frame.index[differ],
            frame.loc[differ, "n_workers"],
            found[differ],
            frame.loc[differ, "basis"] == "estimate",
            strict=True,
        )
        yield _Compared(whole, "workers", [(row, float(a), float(b), bool(e)) for row, a, b, e in columns])


def _is_faulty(checked: Checked, name: str) -> pd.Series:
    """Whether a fault is known of the cell of each row in a column."""
    bad = []
    for offset, part in checked.by_file():
        label = part.headers.get(name, name)
        bad += [f.row + offset for f in part.faults if f.column == label]
    return pd.Series(checked.frame.index.isin(bad), index=checked.frame.index)


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
        spots = np.where(inside, metres.geometry.array, None)
        wrong = ~inside | ~shapely.dwithin(ground, spots, allowed)
        away = np.full(len(frame), np.inf)
        away[wrong] = shapely.distance(ground, spots[wrong])
        for row, ok, distance in zip(frame.index[wrong], inside[wrong], away[wrong], strict=True):
            shown = f"{_degrees(frame.at[row, 'lon'])}, {_degrees(frame.at[row, 'lat'])}"
            if ok:
                faults.append(checked.fault(row, "lon", shown, "in_the_sea", distance=f"{distance:.0f}"))
            else:
                faults.append(checked.fault(row, "lon", shown, "outside_county"))
    return faults


def check_sailings(ferries: Checked) -> list[Fault]:
    """Timetables that contradict themselves, crossings of no time, and boats nobody knows how long to wait for."""
    faults = []
    shown = {(f.row, f.column) for f in ferries.faults}
    for row, ferry in ferries.frame.to_dict("index").items():
        for column, code, details in timetables.problems(ferry):
            # A cell that could not be read, or is outside its bounds, has been named already.
            if (row, ferries.headers.get(column, column)) not in shown:
                value = ferry.get(column)
                faults.append(ferries.fault(row, column, "" if pd.isna(value) else value, code, **details))
    return faults


def check_nodes(roads: Checked, ferries: Checked) -> list[Fault]:
    """Nodes in two places, roads shorter than a straight line, ferries that land nowhere, and impossible timetables."""
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
    return faults + check_sailings(ferries)
