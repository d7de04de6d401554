"""Where the rows of a ledger are: degrees of any datum to WGS-84, and a test that the datum is the one declared.

Coordinates copied from Amap or Baidu look like any others and lie half a kilometre or a whole one off, which is a wrong
town or a wrong gap. What a source declares in ``study.toml`` is therefore tested. Each other datum is tried in its
place, and the points are asked three things: do they come nearer to points known from elsewhere (an employer's own
room, a group at its employer's, a town hall at the seat), do fewer of them fall into the sea, do they come nearer to
the roads. The shift is nearly the same for all points of a county, so a few dozen tell it from the error of single
ones. A table that would be placed decidedly better by another datum is refused with the evidence; nothing is shifted on
suspicion.

An address without coordinates is matched against the study's own names, towns, villages and employers, and gets the
accuracy that deserves: for a town the distance within which nearly all of its known points lie, for a village the
distance at which rows that have both coordinates and an address of a village lie from it. A village whose place nobody
knows tells the town and no more, so its rows stand at the town's seat with the town's accuracy. Beyond the limit of
`xsgeo.settings.TravelRules` such a row is then *unknown*, which is the truth. Two villages of one name are told apart
by the town that the address or the row names; where that does not help, the row is a fault that lists both.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo.checked import Checked
from xsgeo.crs import DATUMS, Datum, Degrees, from_wgs84, parse_datum, project, to_wgs84
from xsgeo.errors import Fault
from xsgeo.ledgers import squeeze
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
_AREA = re.compile(r"^(?:\w{2,8}?省)?(?:\w{2,8}?市)?\w{1,6}?(?:县|(?<![社小园发业街景新])区)(?=.)")
_LEAST_TOWN_M = 1000.0
_SHARE_OF_TOWN = 0.95
_NAME_LENGTH = 4
_LEAST_VILLAGE_M = 500.0
_VILLAGE_M = 1000.0
"""A merged village has several hamlets: without better knowledge a door in it lies within 1 km of its point."""
_VILLAGE_ENDS = ("村", "社区", "村委会", "居委会", "委员会")
_AFTER_VILLAGE = re.compile(r"\d|[一二三四五六七八九十]+[组号]|[(,、.]|$")


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
    """Prepare land and roads, WGS-84 shapes, for `check_datum`."""
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


def place_by_address(tables: Mapping[str, Checked]) -> dict[str, Checked]:
    """Give rows that have an address and no coordinates the place their address names.

    Parameters
    ----------
    tables
        Parsed tables by name, names resolved and coordinates in WGS-84.

    Returns
    -------
    dict
        The same tables; a row placed has ``accuracy_m`` filled in and a note, one that cannot be has a fault.
    """
    done = dict(tables)
    for name, checked in tables.items():
        if "address" not in checked.table.columns or "towns" not in tables:
            continue
        frame = checked.frame
        empty = frame[["lon", "lat"]].isna().all(axis=1) & (frame["address"] != "")
        named = checked.named() if empty.any() else set()
        bare = [
            row for row in frame.index[empty] if (row, "lon") not in checked.excused and _unnamed(checked, row, named)
        ]
        if bare:
            done[name] = _place(checked, bare, Gazetteer(tables))
    return done


def _unnamed(checked: Checked, row: int, named: set[tuple[str, str, int, str]]) -> bool:
    part, number = checked.place(row)
    return not any((part.raw.file, part.raw.sheet, number, part.headers.get(c, c)) in named for c in ("lon", "lat"))


def _place(checked: Checked, rows: list[int], gazetteer: Gazetteer) -> Checked:
    frame = checked.frame.copy()
    faults, notes = list(checked.faults), list(checked.notes)
    excused = set(checked.excused)
    for row in rows:
        address = str(frame.at[row, "address"])
        found = gazetteer.find(address, str(frame.at[row, "town_id"]))
        excused |= {(row, "lon"), (row, "lat")}
        if len(found) != 1:
            places = "、".join(sorted(p.name for p in found))
            code = "ambiguous_address" if found else "unmatched_address"
            faults.append(checked.fault(row, "address", address, code, places=places))
            continue
        place = found[0]
        stated = frame.at[row, "accuracy_m"]
        accuracy = max(place.accuracy_m, 0.0 if pd.isna(stated) else float(stated))
        frame.loc[row, ["lon", "lat", "accuracy_m"]] = [place.lon, place.lat, accuracy]
        notes.append(
            checked.note(row, "address", address, "placed_by_address", name=place.name, accuracy=f"{accuracy:.0f}")
        )
    return dataclasses.replace(
        checked, frame=frame, faults=tuple(faults), notes=tuple(notes), excused=frozenset(excused)
    )


@dataclass(frozen=True)
class Place:
    """A named place and how well it places what is said to be there."""

    name: str
    lon: float
    lat: float
    accuracy_m: float
    town_id: str


class Gazetteer:
    """Names of a study that an address may hold: its towns, its villages and its employers.

    Parameters
    ----------
    tables
        Parsed tables by name, names resolved and coordinates in WGS-84; ``towns`` must be there.
    """

    def __init__(self, tables: Mapping[str, Checked]) -> None:
        towns = tables["towns"].frame.dropna(subset=["lon", "lat"]).drop_duplicates("town_id")
        self.book = NameBook(towns, "towns")
        spread = _spread_of_towns(towns, tables)
        self.towns = {
            town: Place(name, lon, lat, spread[town], town)
            for town, name, lon, lat in _rows(towns, "town_id", "name", "lon", "lat")
        }
        self.employers: list[tuple[str, Place]] = []
        if "employers" in tables:
            frame = tables["employers"].frame.dropna(subset=["lon", "lat"])
            for name, lon, lat, off, town in _rows(frame, "name", "lon", "lat", "accuracy_m", "town_id"):
                if len(name) >= _NAME_LENGTH:
                    accuracy = 100.0 + (0.0 if pd.isna(off) else off)
                    self.employers.append((squeeze(name), Place(name, lon, lat, accuracy, town)))
        self.villages: dict[str, Place] = {}
        self.village_words: Mapping[str, set[str]] = {}
        if "villages" in tables:
            self._learn_villages(tables)

    def _learn_villages(self, tables: Mapping[str, Checked]) -> None:
        frame = tables["villages"].frame.drop_duplicates("village_id")
        self.village_words = NameBook(frame, "villages").words
        columns = ("village_id", "name", "lon", "lat", "accuracy_m", "town_id")
        for village, name, lon, lat, off, town in _rows(frame, *columns):
            seat = self.towns.get(town)
            accuracy = _VILLAGE_M + (0.0 if pd.isna(off) else off)
            if not pd.isna(lon):
                self.villages[village] = Place(name, lon, lat, accuracy, town)
            elif seat:
                self.villages[village] = dataclasses.replace(seat, name=f"{seat.name}（{name}）")
        spread = self._spread_of_villages(tables)
        located = frame.loc[frame["lon"].notna(), "village_id"].astype(str)
        if spread:
            self.villages |= {v: dataclasses.replace(self.villages[v], accuracy_m=spread) for v in located}

    def _spread_of_villages(self, tables: Mapping[str, Checked]) -> float:
        """Distance within which nearly all rows that have coordinates lie from the village of their address; or 0."""
        apart = []
        located = tables["villages"].frame.dropna(subset=["lon", "lat"])["village_id"].astype(str)
        known = set(located)
        for checked in tables.values():
            if "address" not in checked.frame:
                continue
            frame = checked.frame.dropna(subset=["lon", "lat"])
            for address, town, lon, lat in _rows(frame[frame["address"] != ""], "address", "town_id", "lon", "lat"):
                _, named = self._named(squeeze(_AREA.sub("", squeeze(address))), town)
                if len(named) == 1 and named & known:
                    place = self.villages[named.pop()]
                    x, y = project(np.array([lon, place.lon]), np.array([lat, place.lat]))
                    apart.append(math.hypot(x[0] - x[1], y[0] - y[1]))
        if len(apart) < MIN_KNOWN:
            return 0.0
        far = sorted(apart)[math.ceil(_SHARE_OF_TOWN * len(apart)) - 1]
        return max(_LEAST_VILLAGE_M, math.ceil(far / 100.0) * 100.0)

    def find(self, address: str, town_id: str) -> list[Place]:
        """Places that an address can mean; more than one is a contradiction between the address and the town given."""
        plain = squeeze(_AREA.sub("", squeeze(address)))
        firms = [place for name, place in self.employers if name in plain]
        if firms:
            longest = max(len(p.name) for p in firms)
            return [p for p in firms if len(p.name) == longest]
        towns, villages = self._named(plain, town_id)
        return [self.towns[i] for i in sorted(towns)] + [self.villages[v] for v in sorted(villages)]

    def _named(self, plain: str, town_id: str) -> tuple[set[str], set[str]]:
        """Towns and villages that an address can mean, given the town of its row; one in all where it is clear.

        The village of the row's own town is meant rather than its namesake elsewhere. One that only another town has
        contradicts the row if the address says in so many words that it is a village.
        """
        word = max((w for w in self.book.words if plain.startswith(w)), key=len, default="")
        towns = {i for i in self.book.words[word] if i in self.towns} if word else set()
        if town_id in self.towns:
            towns = {town_id} if not towns or town_id in towns else {*towns, town_id}
        if len(towns) > 1:
            return towns, set()
        villages, in_full = self._village_at(plain.removeprefix(word))
        here = {v for v in villages if not towns or self.villages[v].town_id in towns}
        if here:
            return set(), here
        return towns, villages if in_full else set()

    def _village_at(self, plain: str) -> tuple[set[str], bool]:
        """Villages that the beginning of a text names, and whether it says 村 or 社区: 东门 may be a street as well."""
        words = (w for w in self.village_words if len(w) > 1 and plain.startswith(w))
        for word in sorted(words, key=len, reverse=True):
            rest = plain[len(word) :]
            in_full = word.endswith(_VILLAGE_ENDS) or rest.startswith(_VILLAGE_ENDS)
            if in_full or _AFTER_VILLAGE.match(rest):
                return {v for v in self.village_words[word] if v in self.villages}, in_full
        return set(), False


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns, without their labels."""
    yield from frame[[*columns]].itertuples(index=False, name=None)


def _spread_of_towns(towns: pd.DataFrame, tables: Mapping[str, Checked]) -> dict[str, float]:
    """Distance from each seat within which nearly all known points of the town lie, in metres, rounded up."""
    x, y = project(towns["lon"].to_numpy(float), towns["lat"].to_numpy(float))
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(apart, np.inf)
    fallback = np.where(np.isfinite(apart.min(axis=1, initial=np.inf)), apart.min(axis=1, initial=np.inf), 5000.0)
    columns = ["town_id", "lon", "lat"]
    frames = [c.frame[columns] for c in tables.values() if c.table.name != "towns" and set(columns) <= set(c.frame)]
    points = pd.concat(frames).dropna() if frames else pd.DataFrame(columns=columns)
    spread = {}
    for town, tx, ty, far_off in zip(towns["town_id"].astype(str), x, y, fallback, strict=True):
        far = float(far_off)
        mine = points[points["town_id"] == town]
        if len(mine) >= MIN_KNOWN:
            px, py = project(mine["lon"].to_numpy(float), mine["lat"].to_numpy(float))
            distances = np.sort(np.hypot(px - tx, py - ty))
            far = float(distances[math.ceil(_SHARE_OF_TOWN * len(distances)) - 1])
        spread[town] = max(_LEAST_TOWN_M, math.ceil(far / 100.0) * 100.0)
    return spread


def point_tables(tables: Mapping[str, Checked]) -> list[str]:
    """Names of the tables of points, the ones that place others first."""
    order = ["towns", "employers"]
    return [n for n in (*order, *(t for t in TABLES if t not in order)) if n in tables and TABLES[n].shape == "point"]
