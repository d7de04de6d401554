"""Coordinates turned into WGS-84, and a test that the datum is the one declared.

Coordinates copied from Amap or Baidu look like any others and lie half a kilometre or a whole one off, which is a wrong
town or a wrong gap. What a source declares in ``study.toml`` is therefore tested. Each other datum is tried in its
place, and the points are asked three things: do they come nearer to points known from elsewhere (an employer's own
room, a group at its employer's, a town hall at the seat), do fewer of them fall into the sea, do they come nearer to
the roads. The shift is nearly the same for all points of a county, so a few dozen tell it from the error of single
ones. A table that would be placed decidedly better by another datum is refused with the evidence; nothing is shifted on
suspicion.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo.checked import Checked
from xsgeo.crs import DATUMS, Datum, Degrees, from_wgs84, parse_datum, project, to_wgs84
from xsgeo.errors import Fault
from xsgeo.references import NameBook
from xsgeo.schemas import TABLES

MIN_KNOWN = 5
"""Points known from elsewhere that a verdict on a datum needs."""

MIN_POINTS = 12
"""Points that a verdict by sea or roads alone needs."""

_LEAST_SHIFT_M = 250.0
_ROAD_WIDTH_M = 10.0
_WET_M = 100.0
_NEARER = 1.6
_BEARINGS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
_SEAT = re.compile(r"(?:人民政府|镇政府|乡政府|政府|街道办事处|办事处|便民服务中心|党群服务中心)$")


def declared_datum(entry: Mapping[str, object]) -> tuple[Datum | None, str]:
    """Return the datum that a table of ``study.toml`` declares, and the word where it is not known.

    Examples
    --------
    >>> declared_datum({"datum": "GCJ-02"}), declared_datum({}), declared_datum({"datum": "北京54"})
    (('GCJ-02', ''), (None, ''), (None, '北京54'))
    """
    word = str(entry.get("datum", ""))
    datum = parse_datum(word)
    return datum, "" if datum else word


def convert(checked: Checked, declared: Datum | None) -> Checked:
    """Turn the coordinates of a parsed table into WGS-84.

    Parameters
    ----------
    checked
        A parsed table of points.
    declared
        Datum that ``study.toml`` declares; None takes the one in the header, and WGS-84 where there is none.

    Returns
    -------
    Checked
        The same with WGS-84 degrees, a note on what was done, and a fault where header and declaration differ.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> frame = pd.DataFrame({"lon": [121.8742], "lat": [29.4806]}, index=[2])
    >>> read = Checked(RawTable("towns.csv", pd.DataFrame()), TABLES["towns"], frame, {}, (), 0)
    >>> placed = convert(read, "GCJ-02")
    >>> placed.frame.round(4).to_numpy().tolist(), placed.notes[0].code
    ([[121.8702, 29.4833]], 'datum_converted')
    """
    if checked.table.shape != "point":
        return checked
    stated = checked.raw.datum
    if declared and stated and _same(declared) != _same(stated):
        fault = checked.fault(checked.raw.header_row, "lon", stated, "datum_conflict", declared=declared)
        return dataclasses.replace(checked, faults=(*checked.faults, fault))
    datum: Datum = declared or stated or "WGS-84"
    datums = pd.Series(datum, index=checked.frame.index, dtype=object)
    if checked.row_datum is not None:
        datums = checked.row_datum.where(checked.row_datum.notna(), datum)
    frame, notes = checked.frame, list(checked.notes)
    for one in DATUMS:
        rows = frame.index[(datums == one) & frame[["lon", "lat"]].notna().all(axis=1)]
        if _same(one) == "WGS-84" or rows.empty:
            continue
        lon, lat = to_wgs84(frame.loc[rows, "lon"].to_numpy(float), frame.loc[rows, "lat"].to_numpy(float), datum=one)
        places = pd.DataFrame({"lon": lon, "lat": lat}, index=rows)
        frame = frame.assign(**{c: places[c].reindex(frame.index).fillna(frame[c]) for c in ("lon", "lat")})
        notes.append(checked.note(0, "", "", "datum_converted", n=len(rows), datum=one))
    if not declared and not stated and checked.row_datum is None and frame["lon"].notna().any():
        notes.append(checked.note(0, "", "", "datum_assumed"))
    return dataclasses.replace(checked, frame=frame, notes=tuple(notes))


def _same(datum: Datum) -> Datum:
    """CGCS2000 is WGS-84 to within centimetres."""
    return "WGS-84" if datum == "CGCS2000" else datum


@dataclass(frozen=True)
class Ground:
    """What tells where points may be.

    Attributes
    ----------
    land
        Land of the county, one shape in metres (EPSG:4550).
    roads
        Tree over the lines of roads in metres; None without roads.
    """

    land: shapely.Geometry
    roads: shapely.STRtree | None


def ground_of(land: pd.Series, roads: pd.Series | None) -> Ground:
    """Prepare land and roads, WGS-84 shapes, for `check_datum`.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> ground_of(county.land.geometry, None).roads is None
    True
    """
    whole = shapely.union_all(_to_metres(land.to_numpy()))
    shapely.prepare(whole)
    lines = None if roads is None else roads.dropna().to_numpy()
    return Ground(whole, shapely.STRtree(_to_metres(lines)) if lines is not None and len(lines) else None)


def _to_metres(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.transform(shapes, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1]))))


def check_datum(
    checked: Checked, declared: Datum | None, ground: Ground, known: pd.DataFrame | None = None
) -> list[Fault]:
    """Find out whether the points of a table fit another datum decidedly better than the one they were read by.

    Parameters
    ----------
    checked
        A table whose coordinates `convert` turned into WGS-84.
    declared
        Datum it was converted from; None is WGS-84.
    ground
        Land and roads.
    known
        ``lon`` and ``lat`` (WGS-84) of points known from elsewhere, indexed by row of the table.

    Returns
    -------
    list of Fault
        At most one, for the whole table, with how many points lie how far in which direction and what tells so.
    """
    datum = _same(declared or checked.raw.datum or "WGS-84")
    frame = checked.frame[checked.frame[["lon", "lat"]].notna().all(axis=1)]
    if checked.row_datum is not None:
        frame = frame[checked.row_datum.reindex(frame.index).isna()]
    if len(frame) < MIN_KNOWN:
        return []
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    # Each place once: many groups set out from one gate.
    _, once, at = np.unique(lon + 1j * lat, return_index=True, return_inverse=True)
    read = from_wgs84(lon[once], lat[once], datum=datum)
    places: Places = {d: project(*to_wgs84(*read, datum=d)) for d in DATUMS if _same(d) == d}
    if not all(np.isfinite(p).all() for xy in places.values() for p in xy):
        return []
    tried = _Tried(places, at, datum, frame.index)
    for evidence in (_by_known, _by_sea, _by_roads):
        other = evidence(tried, ground, known)
        if other:
            east, north = (float(np.median((a - b)[at])) for a, b in zip(places[datum], places[other], strict=True))
            bearing = _BEARINGS[round(math.degrees(math.atan2(east, north)) / 22.5) % 16]
            return [
                checked.fault(
                    0, "", "", "wrong_datum", n=len(frame), declared=datum, datum=other,
                    distance=f"{math.hypot(east, north):.0f}", bearing=f"@bearing.{bearing}",
                    evidence=f"@evidence.{evidence.__name__.removeprefix('_by_')}",
                )
            ]  # fmt: skip
    return []


Places = Mapping[Datum, tuple[Degrees, Degrees]]
"""Metres of points by the datum that they may be in."""


@dataclass(frozen=True)
class _Tried:
    """Each distinct point of a table in every datum, which of them a row stands at, the datum read, the rows."""

    places: Places
    at: NDArray[np.intp]
    datum: Datum
    rows: pd.Index


def _by_known(tried: _Tried, ground: Ground, known: pd.DataFrame | None) -> Datum | None:
    """Another datum brings the points to where they are known to be: a shift far above its own uncertainty."""
    places, at, datum, rows = tried.places, tried.at, tried.datum, tried.rows
    here = np.flatnonzero(rows.isin(known.index)) if known is not None else np.zeros(0, dtype=int)
    if known is None or len(here) < MIN_KNOWN:
        return None
    where = known.loc[rows[here]]
    x, y = project(where["lon"].to_numpy(float), where["lat"].to_numpy(float))
    apart = {d: (px[at[here]] - x, py[at[here]] - y) for d, (px, py) in places.items()}
    middle = {d: float(np.hypot(np.median(dx), np.median(dy))) for d, (dx, dy) in apart.items()}
    dx, dy = apart[datum]
    spread = float(np.median(np.hypot(dx - np.median(dx), dy - np.median(dy))))
    best = min(middle, key=lambda d: middle[d])
    certain = middle[datum] > max(_LEAST_SHIFT_M, 4.0 * spread / math.sqrt(len(here)))
    return best if best != datum and certain and middle[best] < 0.4 * middle[datum] else None


def _by_sea(tried: _Tried, ground: Ground, known: pd.DataFrame | None) -> Datum | None:
    """Another datum brings points ashore: at least five, and most of those that are in the sea."""
    places, at, datum, rows = tried.places, tried.at, tried.datum, tried.rows
    if len(rows) < MIN_POINTS:
        return None
    dry = {d: np.asarray(shapely.dwithin(ground.land, shapely.points(*xy), _WET_M)) for d, xy in places.items()}
    wet = {d: int((~is_dry)[at].sum()) for d, is_dry in dry.items()}
    best = min(wet, key=lambda d: (wet[d], d))
    saved = wet[datum] - wet[best]
    return best if best != datum and saved >= max(5, 0.02 * len(rows)) and wet[best] <= 0.25 * wet[datum] else None


def _by_roads(tried: _Tried, ground: Ground, known: pd.DataFrame | None) -> Datum | None:
    """Another datum brings the points decidedly nearer to the roads, point by point and not by chance.

    Distances are compared as logarithms, since a few points far from any road would outweigh all others.
    """
    places, at, datum, rows = tried.places, tried.at, tried.datum, tried.rows
    if ground.roads is None or len(rows) < MIN_POINTS:
        return None
    off = {}
    for d in (datum, *(d for d in places if d != datum)):
        spots = shapely.points(*places[d])
        _, distance = ground.roads.query_nearest(spots, return_distance=True, all_matches=False)
        off[d] = np.log(distance + _ROAD_WIDTH_M)[at]
        # No other datum can bring points nearer than onto a road: those that are there already need no comparison.
        if d == datum and off[d].mean() - math.log(_ROAD_WIDTH_M) <= math.log(_NEARER):
            return None
    best = min(off, key=lambda d: float(off[d].mean()))
    nearer = off[datum] - off[best]
    error = float(nearer.std(ddof=1)) / math.sqrt(len(nearer))
    return best if best != datum and nearer.mean() > max(math.log(_NEARER), 4.0 * error) else None


def known_points(checked: Checked, tables: Mapping[str, Checked]) -> pd.DataFrame:
    """Points of a table that other tables place: an employer's room, a group at work, an office at a town's seat.

    Parameters
    ----------
    checked
        A parsed table of points, names resolved.
    tables
        The tables that may be trusted, by name, converted to WGS-84.

    Returns
    -------
    pandas.DataFrame
        ``lon`` and ``lat`` by row of the table.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> raw = RawTable("a.csv", pd.DataFrame())
    >>> firms = pd.DataFrame({"employer_id": ["E1"], "lon": [121.87], "lat": [29.48]}, index=[2])
    >>> groups = pd.DataFrame({"employer_id": ["E1", "E1"], "place": ["workplace", "home"]}, index=[2, 3])
    >>> employers = Checked(raw, TABLES["employers"], firms, {}, (), 0)
    >>> workers = Checked(raw, TABLES["workers"], groups, {}, (), 0)
    >>> known_points(workers, {"employers": employers}).to_dict("index")
    {2: {'lon': 121.87, 'lat': 29.48}}
    """
    frame = checked.frame
    parts = []
    if "employers" in tables and "employer_id" in frame and checked.table.name != "employers":
        at_work = frame[frame["place"] == "workplace"] if "place" in frame else frame
        parts.append(_seen(at_work["employer_id"], tables["employers"], "employer_id"))
    if "towns" in tables and "name" in frame and checked.table.name != "towns":
        book = NameBook(tables["towns"].frame, "towns")
        halls = frame.loc[frame["name"].astype(str).str.contains(_SEAT.pattern), "name"].astype(str)
        found = {row: book.find(_SEAT.sub("", name)) for row, name in halls.items()}
        towns = pd.Series({row: ids[0] for row, ids in found.items() if len(ids) == 1}, dtype=object)
        parts.append(_seen(towns, tables["towns"], "town_id"))
    known = pd.concat(parts) if parts else pd.DataFrame(columns=["lon", "lat"])
    return known[~known.index.duplicated()].dropna()


def _seen(ids: pd.Series, other: Checked, key: str) -> pd.DataFrame:
    places = other.frame.drop_duplicates(key).set_index(key)[["lon", "lat"]]
    wanted = ids[ids.isin(places.index)]
    return places.loc[wanted].set_axis(wanted.index, axis=0)


def point_tables(tables: Mapping[str, Checked]) -> list[str]:
    """Names of the tables of points, the ones that place others first.

    Examples
    --------
    >>> point_tables(dict.fromkeys(["workers", "roads", "employers", "towns"]))
    ['towns', 'employers', 'workers']
    """
    order = ["towns", "employers"]
    return [n for n in (*order, *(t for t in TABLES if t not in order)) if n in tables and TABLES[n].shape == "point"]
