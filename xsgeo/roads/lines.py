"""Roads that somebody has already made something of: graphs saved by OSMnx, and layers of lines from a GIS.

**Graphs.** OSMnx writes each two-way street as two arcs and says of each whether it is ``reversed``; after its
simplification that word, and ``highway`` itself, may be lists. What is trusted here is the graph: an arc with a partner
the other way (same ends, same OSM ids, same length) is a two-way street, an arc without one is one-way. Lengths are
drawn anew, geodesic, because a GraphML file may carry ``nan`` and OSMnx measures on a sphere; a node without a
position is refused, since an edge could not be drawn to it. Beware of a graph saved with ``network_type="walk"``: in
it every street is two-way, and nothing in the file says so. Such a graph is read, and the summary warns.

**Lines.** A column ``highway`` (as in OSM) or ``fclass`` (as in Geofabrik's extracts) sends the rows through the table
of tags; otherwise a column ``road_class``, or its Chinese header, is needed, and the other columns of the table of
roads are heeded where they are there. Lines meet where they share a vertex and nowhere else: where two cross without
one, only a person knows whether there is a junction or a bridge, and `xsgeo.roads.check` lists them. Any CRS is
accepted that the file itself states.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
import shapely

from xsgeo.catalogue import say
from xsgeo.crs import WGS84, lengths_m
from xsgeo.errors import NetworkError, StudyError
from xsgeo.io import read_cells
from xsgeo.network import CLOSED_MIDWAY
from xsgeo.roads.meaning import Meaning, meaning_of
from xsgeo.roads.tags import TagTable
from xsgeo.roads.ways import Floats, Ints, Note, RawWay, Ways, arrange, clean_name, collect
from xsgeo.schemas import ROAD_CLASSES, TABLES
from xsgeo.settings import ROAD_MODES

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx

GRAPH_SUFFIXES = (".graphml",)
LINE_SUFFIXES = (".gpkg", ".geojson", ".json", ".parquet", ".geoparquet")

# What networkx and OSMnx raise on a file that is no graph of OSMnx: they take its shape for granted.
_NOT_A_GRAPH = (ParseError, ValueError, KeyError, TypeError, AttributeError, SyntaxError)
_MADE_REF = -(2**62)
_OSM_DECIMALS, _DRAWN_DECIMALS = 7, 6
_SAME_LENGTH = 0.01
_YES_NO = {"f": "no", "t": "yes"}
_GEOFABRIK_ONEWAY = {"f": "yes", "t": "-1", "b": "no"}
_FLAGS = dict.fromkeys(("1", "true", "yes", "y", "是"), True) | dict.fromkeys(("0", "false", "no", "n", "否"), False)


# --- graphs ------------------------------------------------------------------------------------------------------


def read_graphml(path: Path, table: TagTable) -> tuple[Ways, str]:
    """Read a graph saved by OSMnx.

    Parameters
    ----------
    path
        The file.
    table
        From `xsgeo.roads.tags.read_tags`.

    Returns
    -------
    ways
        One way for each street between two nodes.
    date
        Date on which the graph was made, as it says, or empty.

    Raises
    ------
    NetworkError
        When the file is broken or not of OSMnx, or has a node without a position.
    """
    graph = _load(path)
    arcs = sorted(((u, v, k, data) for u, v, k, data in graph.edges(keys=True, data=True)), key=lambda a: a[:3])
    lines = _arc_lines(graph, arcs, path.name)
    pairs = _paired(arcs, lengths_m(lines))
    tags = [_arc_tags(data) for *_, data in arcs]
    meanings: dict[Meaning, int] = {}
    kinds = []
    for i, is_oneway in pairs:
        meaning = _arc_meaning(tags[i], table)
        if is_oneway:
            meaning = replace(meaning, drive_direction=int(meaning.drive), ebike_direction=int(meaning.ebike))
        kinds.append(meanings.setdefault(meaning, len(meanings)))
    chosen = [i for i, _ in pairs]
    stated = np.array([_number(arcs[i][3].get("length")) for i in chosen], dtype=float)
    drawn = lengths_m(lines[chosen])
    wrong = [n for n, (s, d) in enumerate(zip(stated, drawn, strict=True)) if not abs(s - d) <= 0.02 * d]
    notes = [Note("edge", "mended", "length_redrawn", "", [f"g{n}-0" for n in wrong])] if wrong else []
    if not any(is_oneway for _, is_oneway in pairs) and any(m.drive for m in meanings):
        notes.append(Note("way", "assumed", "no_oneway", "", chosen))
    names = [clean_name(str(tags[i].get("name", ""))) for i in chosen]
    return _from_lines(
        lines[chosen],
        [(arcs[i][0], arcs[i][1]) for i in chosen],
        kinds=np.array(kinds, dtype=np.int64),
        meanings=tuple(meanings),
        names=np.array(names, dtype=object),
        notes=notes,
    ), str(graph.graph.get("created_date", ""))


def _load(path: Path) -> nx.MultiDiGraph:
    from networkx import NetworkXError
    from osmnx.io import load_graphml

    try:
        graph = load_graphml(path)
        coordinates = {n: (_number(d.get("x")), _number(d.get("y"))) for n, d in graph.nodes(data=True)}
    except (NetworkXError, *_NOT_A_GRAPH) as error:
        said = str(error)[:200]
        raise NetworkError(say("roads.fail.broken", "both", file=path.name, error=said)) from error
    if "crs" not in graph.graph:
        raise NetworkError(say("roads.fail.no_crs", "both", file=path.name))
    nowhere = sorted(str(n) for n, xy in coordinates.items() if not np.isfinite(xy).all())
    if nowhere:
        given = {"file": path.name, "n": len(nowhere), "nodes": " ".join(nowhere[:10])}
        raise NetworkError(say("roads.fail.node_nowhere", "both", **given))
    return graph


def _arc_lines(graph: nx.MultiDiGraph, arcs: list[Any], name: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Line of each arc in degrees; straight where the graph gives no shape."""
    import geopandas as gpd

    place = {n: (float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True)}
    shapes = []
    for u, v, _, data in arcs:
        shape = data.get("geometry")
        inner = list(shape.coords)[1:-1] if isinstance(shape, shapely.LineString) else []
        shapes.append(shapely.LineString([place[u], *inner, place[v]]))
    series = gpd.GeoSeries(shapes, crs=graph.graph["crs"]).to_crs(WGS84)
    _check_degrees(series.to_numpy(), name)
    return np.asarray(series, dtype=object)


def _paired(arcs: list[Any], length_m: Floats) -> list[tuple[int, bool]]:
    """One arc of each street, and whether the street is one-way."""
    waiting: dict[tuple[Any, Any, str], list[int]] = {}
    oneway: dict[int, bool] = {}
    for i, (u, v, _, data) in enumerate(arcs):
        osmid = data.get("osmid", "")
        key = " ".join(sorted(str(o) for o in osmid)) if isinstance(osmid, list) else str(osmid)
        partners = waiting.get((v, u, key), [])
        near = [j for j in partners if abs(length_m[i] - length_m[j]) <= _SAME_LENGTH * length_m[i]]
        if near:
            partners.remove(near[0])
            oneway[near[0]] = False
        else:
            waiting.setdefault((u, v, key), []).append(i)
            oneway[i] = True
    return sorted(oneway.items())


def _arc_tags(data: Mapping[str, Any]) -> dict[str, str]:
    """Tags of an arc; directions are the graph's own affair, and a bridge that is part of an edge is none."""
    own = {"geometry", "length", "oneway", "reversed", "junction", "osmid", "speed_kph", "travel_time"}
    tags = {}
    for key, value in data.items():
        if key in own or (key == "bridge" and isinstance(value, list)):
            continue
        parts = value if isinstance(value, list) else [value]
        tags[str(key)] = str(parts[0]) if key == "name" else ";".join(dict.fromkeys(str(p) for p in parts))
    return tags


def _arc_meaning(tags: Mapping[str, str], table: TagTable) -> Meaning:
    """Meaning of an arc; where it was merged of ways of several classes, what all of them allow."""
    parts = [meaning_of({**tags, "highway": one}, table) for one in tags.get("highway", "").split(";")]
    parts = [replace(p, drive_direction=0, ebike_direction=0) for p in parts]
    if len(parts) == 1:
        return parts[0]
    dropped = next((p for p in parts if p.dropped), None)
    if dropped is not None:
        return dropped
    walk, ebike, drive = (all(getattr(p, mode) for p in parts) for mode in ROAD_MODES)
    if not (walk or ebike or drive):
        return Meaning(dropped="closed", notes=(("closed", f"highway={tags['highway']}"),))
    least = max(parts, key=lambda p: ROAD_CLASSES.index(p.road_class))
    return replace(
        least,
        speed_kmh=min(p.speed_kmh for p in parts),
        walk=walk,
        ebike=ebike,
        drive=drive,
        notes=(*least.notes, ("several_values", f"highway={tags['highway']}")),
    )


def _from_lines(
    lines: np.ndarray[Any, np.dtype[np.object_]], ends: list[tuple[int, int]], *, notes: Iterable[Note], **fields: Any
) -> Ways:
    """Ways of lines whose ends have ids, and whose other points belong to them alone."""
    xy, way = shapely.get_coordinates(lines, return_index=True)
    counts = np.bincount(way, minlength=len(lines))
    starts = np.concatenate([[0], np.cumsum(counts)])
    refs = _MADE_REF + np.arange(len(xy), dtype=np.int64)
    if len(ends):
        refs[starts[:-1]], refs[starts[1:] - 1] = np.array(ends, dtype=np.int64).T
    used = np.array([not m.dropped for m in fields["meanings"]] or [True], dtype=bool)[fields["kinds"]]
    ids = np.arange(len(lines), dtype=np.int64)
    drawn = {"barriers": {}, "way_letter": "g", "notes": notes}
    return arrange(ids, np.where(used, counts, 0), refs[used[way]], xy[used[way]], **drawn, **fields)


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan


# --- lines -------------------------------------------------------------------------------------------------------


def read_lines(path: Path, table: TagTable) -> Ways:
    """Read a layer of lines.

    Parameters
    ----------
    path
        GeoPackage (its first layer), GeoJSON or GeoParquet.
    table
        From `xsgeo.roads.tags.read_tags`.

    Raises
    ------
    NetworkError
        When the file cannot be read, states no CRS or coordinates that are none, holds no line, or has no column that
        says what a road is.
    """
    cells, shapes = _layer(path)
    cells = cells.rename(columns=lambda c: unicodedata.normalize("NFKC", str(c)).strip().casefold())
    parts, row = shapely.get_parts(shapely.force_2d(shapes), return_index=True)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, row = parts[is_line & ~shapely.is_empty(parts)], row[is_line & ~shapely.is_empty(parts)]
    if not len(parts):
        raise NetworkError(say("roads.fail.no_lines", "both", file=path.name))
    _check_degrees(parts, path.name)
    undrawn = np.setdiff1d(np.arange(len(cells)), row)
    notes = [Note("way", "dropped", "not_a_line", "", undrawn + 2)] if len(undrawn) else []
    records = cells.iloc[row].to_dict("records")
    if {"highway", "fclass"} & set(cells.columns):
        ways = _tagged(parts, row, [_osm_tags(r) for r in records], table)
    else:
        ways = _declared(parts, cells.iloc[row], table, path.name)
    return replace(ways, notes=(*ways.notes, *notes))


def _layer(path: Path) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.object_]]]:
    """Attributes as text, blank where missing, and shapes in degrees."""
    try:
        if path.suffix.casefold() in {".geojson", ".json"}:
            raw = read_cells(path, path.name)
            if "geometry" not in raw.cells:
                raise NetworkError(say("roads.fail.no_lines", "both", file=path.name))
            return raw.cells.drop(columns="geometry").reset_index(drop=True), raw.cells["geometry"].to_numpy()
        frame = _geo_layer(path)
    except (StudyError, ImportError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, NetworkError):
            raise
        said = str(error)[:200]
        raise NetworkError(say("roads.fail.broken", "both", file=path.name, error=said)) from error
    if frame.crs is None:
        raise NetworkError(say("roads.fail.no_crs", "both", file=path.name))
    cells = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(object)
    cells = cells.where(cells.notna(), "").map(str).reset_index(drop=True)
    return cells, frame.geometry.to_crs(WGS84).to_numpy()


def _geo_layer(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.read_parquet(path) if path.suffix.casefold().endswith("parquet") else gpd.read_file(path)


def _check_degrees(shapes: np.ndarray[Any, np.dtype[np.object_]], name: str) -> None:
    xy = shapely.get_coordinates(shapes)
    if not (np.isfinite(xy).all() and (np.abs(xy[:, 0]) <= 180).all() and (np.abs(xy[:, 1]) <= 90).all()):
        raise NetworkError(say("roads.fail.not_degrees", "both", file=name))


def _osm_tags(record: Mapping[str, str]) -> dict[str, str]:
    """Tags of a row, with the dialects of Geofabrik's and GDAL's exports turned back into OSM's."""
    tags = {str(k): v for k, v in record.items() if v.strip()}
    tags |= dict(re.findall(r'"([^"]+)"=>"([^"]*)"', tags.pop("other_tags", "")))
    if "fclass" not in tags:
        return tags
    tags["highway"] = re.sub(r"_grade\d$", "", tags.pop("fclass"))
    if tags["highway"] == "ferry":
        tags["route"] = tags.pop("highway")
    for key in ("bridge", "tunnel"):
        tags[key] = _YES_NO.get(tags.get(key, "").casefold(), tags.get(key, "no"))
    tags["oneway"] = _GEOFABRIK_ONEWAY.get(tags.get("oneway", "").casefold(), tags.get("oneway", "no"))
    if tags.get("maxspeed") == "0":
        del tags["maxspeed"]
    return tags


def _tagged(
    parts: np.ndarray[Any, np.dtype[np.object_]], row: Ints, tags: list[dict[str, str]], table: TagTable
) -> Ways:
    """Ways of lines with OSM tags; their OSM ids where each has one of its own."""
    osm_ids = [_number(t.get("osm_id", t.get("osmid", ""))) for t in tags]
    has_ids = all(i.is_integer() and i > 0 for i in osm_ids) and len(set(osm_ids)) == len(osm_ids)
    ids = [int(i) for i in osm_ids] if has_ids else _row_ids(row)
    xy, refs, way = _shared_vertices(parts, _OSM_DECIMALS)
    begins = np.searchsorted(way, np.arange(len(parts) + 1))
    raw: list[RawWay] = [
        (i, refs[a:b].tolist(), xy[a:b], t)
        for i, a, b, t in zip(ids, begins[:-1].tolist(), begins[1:].tolist(), tags, strict=True)
    ]
    return replace(collect(raw, table), way_letter="w" if has_ids else "r", node_letter="p")


def _row_ids(row: Ints) -> list[int]:
    """Number of the first part of each row; further parts of the same row are numbered on from the end."""
    again = np.concatenate([[False], row[1:] == row[:-1]])
    ids: list[int] = np.where(again, row.max() + 1 + np.cumsum(again), row + 1).tolist()
    return ids


def _shared_vertices(parts: np.ndarray[Any, np.dtype[np.object_]], decimals: int) -> tuple[Floats, Ints, Ints]:
    """Vertices rounded, with one number for each place, and the line of each."""
    xy, way = shapely.get_coordinates(parts, return_index=True)
    grid = np.round(xy * 10**decimals).astype(np.int64)
    _, place = np.unique(grid, axis=0, return_inverse=True)
    return grid / 10**decimals, place.reshape(-1).astype(np.int64), way


def _declared(parts: np.ndarray[Any, np.dtype[np.object_]], cells: pd.DataFrame, table: TagTable, name: str) -> Ways:
    """Ways of lines whose columns are those of the table of roads."""
    headers = {
        word.casefold(): column
        for column, declared in TABLES["roads"].columns.items()
        for word in (column, declared.title, *declared.metadata["synonyms"])
    }
    cells = cells.rename(columns=headers)
    if "road_class" not in cells.columns:
        raise NetworkError(say("roads.fail.no_class", "both", file=name, columns="、".join(map(str, cells.columns))))
    records = cells.loc[:, ~cells.columns.duplicated()].to_dict("records")
    meanings: dict[Meaning, int] = {}
    found = [_declared_meaning({str(k): v.strip() for k, v in r.items()}, table) for r in records]
    kinds = np.array([meanings.setdefault(m, len(meanings)) for m in found], dtype=np.int64)
    used = np.array([not m.dropped for m in found])
    xy, refs, way = _shared_vertices(parts, _DRAWN_DECIMALS)
    counts = np.where(used, np.bincount(way, minlength=len(parts)), 0)
    ids = np.arange(1, len(parts) + 1, dtype=np.int64)
    names = np.array([clean_name(r.get("name", "")) for r in records], dtype=object)
    osm = all(r.get("source", "") == "osm" for r in records)
    drawn: dict[str, Any] = {"way_letter": "r", "node_letter": "p", "source": "osm" if osm else "digitised"}
    points = used[way]
    return arrange(
        ids, counts, refs[points], xy[points], kinds=kinds, meanings=tuple(meanings), names=names, barriers={}, **drawn
    )


def _declared_meaning(record: Mapping[str, str], table: TagTable) -> Meaning:
    words = {say(f"choice.{c}", language): c for c in ROAD_CLASSES for language in ("zh", "en")}
    said = record["road_class"]
    road_class = words.get(said, said)
    if road_class not in ROAD_CLASSES:
        return Meaning(dropped="not_in_table", notes=(("not_in_table", f"road_class={said}"),))
    notes = []
    usual = {r.road_class: r.speed_kmh for r in reversed(list(table.rows.values())) if r.road_class and r.speed_kmh}
    kin = {"bridge_exp": "expressway", "bridge_local": "local"}
    speed = _number(record.get("speed_kmh", ""))
    if not 1 <= speed <= 140:
        if record.get("speed_kmh"):
            notes.append(("maxspeed_unsure", f"speed_kmh={record['speed_kmh']}"))
        speed = usual.get(road_class) or usual.get(kin.get(road_class, "")) or 20.0
    flags = {}
    for column in ("walk", "ebike", "drive", "oneway"):
        text = unicodedata.normalize("NFKC", record.get(column, "")).casefold()
        usually = column == "drive" or (column != "oneway" and road_class not in CLOSED_MIDWAY)
        flags[column] = _FLAGS.get(text, usually)
        if text and text not in _FLAGS:
            notes.append(("flag_unsure", f"{column}={record[column]}"))
    if not (flags["walk"] or flags["ebike"] or flags["drive"]):
        return Meaning(dropped="closed", notes=(("closed", f"road_class={said}"),))
    return Meaning(
        road_class=road_class,
        speed_kmh=speed,
        walk=flags["walk"],
        ebike=flags["ebike"],
        drive=flags["drive"],
        ebike_direction=int(flags["oneway"] and flags["ebike"]),
        drive_direction=int(flags["oneway"] and flags["drive"]),
        notes=tuple(notes),
    )
