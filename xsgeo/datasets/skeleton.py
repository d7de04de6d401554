"""Main roads and ferries of the demonstration county, from the digitised skeleton of 64 edges.

The skeleton was drawn by hand from public descriptions, its vertices are 1 to 2 km off, and it is right at county
scale: its modelled minutes agree with published ones. Two decisions keep them so.

The length of an edge is the facts' ``approx_km``, the drawn line times a winding factor, because the drawn line
cuts the bends of the road; it is never less than the drawn line.

Local streets may only be joined to an ordinary road at a node. So an ordinary road is cut where streets meet it,
and its pieces share out the length of the whole in proportion to the line; motorways and their bridges are never
cut, because one can enter them at interchanges alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo.crs import METRES, WGS84, lengths_m

EXPRESSWAYS = ("expressway", "bridge_exp")
"""Classes that are entered at interchanges alone and closed to walkers and e-bikes."""

BRIDGES = ("bridge_exp", "bridge_local")
"""Classes that no street joins between their ends."""

CROSSING_MIN = 10.0
"""Time on the water; the facts say so for 石浦-鹤浦 and the other crossing is as wide."""

SAILINGS: Mapping[str, tuple[str, str]] = MappingProxyType({"F_SP": ("06:00", "20:00"), "F_JGY": ("07:00", "16:30")})
"""First and last sailing by landing: estimates. The facts say that boats stop at night; no timetable was found."""


def skeleton_roads(edges: pd.DataFrame) -> gpd.GeoDataFrame:
    """Roads of the skeleton in the form of the ``roads`` table.

    Parameters
    ----------
    edges
        The facts' edges, in any order: from, to, road, class, approx_km, free_speed_kmh, walk_bike_allowed (0/1)
        and wkt_wgs84 (LineString from ``from`` to ``to``). Rows of class ``ferry`` are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, index edge_id (S01, S02, ... by end nodes), with the columns of ``roads``.

    Examples
    --------
    >>> edges = pd.DataFrame({
    ...     "from": ["A"], "to": ["B"], "road": ["县道"], "class": ["county"], "approx_km": [1.3],
    ...     "free_speed_kmh": [33], "walk_bike_allowed": [1], "wkt_wgs84": ["LINESTRING(121.9 29.2, 121.9 29.21)"]})
    >>> skeleton_roads(edges)[["u", "v", "road_class", "length_m", "walk"]].to_dict("index")
    {'S01': {'u': 'A', 'v': 'B', 'road_class': 'county', 'length_m': 1300.0, 'walk': True}}
    """
    kept = edges[edges["class"] != "ferry"].sort_values(["from", "to"], ignore_index=True)
    lines = gpd.GeoSeries.from_wkt(kept["wkt_wgs84"], crs=WGS84)
    drawn_m = lengths_m(lines.to_numpy())
    index = pd.Index([f"S{i:02d}" for i in range(1, len(kept) + 1)], name="edge_id")
    slow = kept["walk_bike_allowed"].astype(int).astype(bool).to_numpy()
    columns = {
        "u": kept["from"].to_numpy(),
        "v": kept["to"].to_numpy(),
        "road_class": kept["class"].to_numpy(),
        "name": kept["road"].to_numpy(),
        "length_m": np.maximum(kept["approx_km"].to_numpy(float) * 1000, drawn_m).round(1),
        "speed_kmh": kept["free_speed_kmh"].to_numpy(float),
        "walk": slow,
        "ebike": slow,
        "drive": True,
        "oneway": False,
        "source": "digitised",
    }
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=lines.to_numpy(), crs=WGS84)


def skeleton_ferries(edges: pd.DataFrame) -> pd.DataFrame:
    """Crossings of the skeleton in the form of the ``ferries`` table.

    Parameters
    ----------
    edges
        As for `skeleton_roads`; rows of class ``ferry`` are taken, with approx_min, the whole crossing in minutes.

    Returns
    -------
    pandas.DataFrame
        Index ferry_id (F1, F2, ... the quickest first), with the columns of ``ferries`` except provenance. First and
        last sailing are the estimates of `SAILINGS`, blank for other landings. Only 石浦-鹤浦, the crossing that road
        traffic uses, is taken to carry cars.

    Examples
    --------
    >>> edges = pd.DataFrame({
    ...     "from": ["A"], "to": ["B"], "road": ["轮渡"], "class": ["ferry"], "approx_min": [25]})
    >>> skeleton_ferries(edges)[["crossing_min", "wait_min"]].to_dict("index")
    {'F1': {'crossing_min': 10.0, 'wait_min': 15.0}}
    """
    kept = edges[edges["class"] == "ferry"].astype({"approx_min": float})
    kept = kept.sort_values(["approx_min", "from"], ignore_index=True)
    index = pd.Index([f"F{i}" for i in range(1, len(kept) + 1)], name="ferry_id")
    columns = {
        "name": kept["road"].to_numpy(),
        "from_node": kept["from"].to_numpy(),
        "to_node": kept["to"].to_numpy(),
        "crossing_min": CROSSING_MIN,
        "wait_min": kept["approx_min"].to_numpy() - CROSSING_MIN,
        "first": [SAILINGS.get(landing, ("", ""))[0] for landing in kept["from"]],
        "last": [SAILINGS.get(landing, ("", ""))[1] for landing in kept["from"]],
        "takes_cars": [a == "F_SP" for a in kept["from"]],
        "stops_in_gale": True,
    }
    return pd.DataFrame(columns, index=index)


def joint_places(roads: gpd.GeoDataFrame, *, step_m: float, landings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Places on ordinary roads where a street may join: their end nodes, and points a step apart between.

    Parameters
    ----------
    roads
        Skeleton roads, EPSG:4326.
    landings
        Ferry landings that no road of the skeleton reaches: index node id, with lon and lat. Streets may start there.
    step_m
        Distance between neighbouring places along a road, about; also the least distance from its ends, halved.

    Returns
    -------
    pandas.DataFrame
        Columns node (id of a skeleton node, or empty), edge_id (empty for a node), along_m (metres of the drawn line in
        the working projection), lon and lat (rounded to 5 decimals). No node of a motorway is among them.

    Examples
    --------
    >>> roads = gpd.GeoDataFrame(
    ...     {"u": ["A"], "v": ["B"], "road_class": ["county"]}, index=["S01"],
    ...     geometry=[shapely.from_wkt("LINESTRING(121.9 29.2, 121.9 29.21)")], crs="EPSG:4326")
    >>> joint_places(roads, step_m=400)[["node", "along_m"]].round(1).values.tolist()
    [['A', 0.0], ['B', 0.0], ['', 369.5], ['', 739.0]]
    """
    is_fast = roads["road_class"].isin(EXPRESSWAYS)
    fast = {*roads.loc[is_fast, "u"], *roads.loc[is_fast, "v"]}
    rows: dict[str, tuple[str, str, float, float, float]] = {}
    if landings is not None:
        rows |= {n: (n, "", 0.0, lon, lat) for n, lon, lat in landings[["lon", "lat"]].itertuples()}
    ends = zip(roads.index, roads["u"], roads["v"], roads.geometry, in_metres(roads), strict=True)
    for edge_id, u, v, line, line_m in ends:
        (lon_u, lat_u), (lon_v, lat_v) = line.coords[0], line.coords[-1]
        rows |= {n: (n, "", 0.0, *at) for n, at in ((u, (lon_u, lat_u)), (v, (lon_v, lat_v))) if n not in fast}
        if roads.at[edge_id, "road_class"] in (*EXPRESSWAYS, *BRIDGES):
            continue
        at_m, lonlat = _milestones(line_m), shapely.get_coordinates(line)
        n = round(at_m[-1] / step_m)
        for i in range(1, n):
            along = at_m[-1] * i / n
            lon, lat = (float(np.interp(along, at_m, lonlat[:, k])) for k in (0, 1))
            rows[f"{edge_id}:{i}"] = ("", edge_id, along, round(lon, 5), round(lat, 5))
    frame = pd.DataFrame(rows.values(), columns=["node", "edge_id", "along_m", "lon", "lat"])
    return frame.sort_values(["edge_id", "along_m", "node"], ignore_index=True)


def split_roads(roads: gpd.GeoDataFrame, joints: pd.DataFrame) -> gpd.GeoDataFrame:
    """Cut roads at the nodes where streets join them; the pieces keep line, class, name and source of the whole.

    Parameters
    ----------
    roads
        Skeleton roads, EPSG:4326, index edge_id.
    joints
        Columns node (id of the new node), edge_id, along_m, lon and lat, as `joint_places` gives them.

    Returns
    -------
    geopandas.GeoDataFrame
        As ``roads``; pieces of S01 are S01.01, S01.02, ... and their lengths add up to its length within 0.1 m each.

    Examples
    --------
    >>> roads = gpd.GeoDataFrame(
    ...     {"u": ["A"], "v": ["B"], "length_m": [1200.0]}, index=pd.Index(["S01"], name="edge_id"),
    ...     geometry=[shapely.from_wkt("LINESTRING(121.9 29.2, 121.9 29.21)")], crs="EPSG:4326")
    >>> joints = pd.DataFrame(
    ...     {"node": ["N1"], "edge_id": ["S01"], "along_m": [369.6], "lon": [121.9], "lat": [29.20333]})
    >>> split_roads(roads, joints)[["u", "v", "length_m"]].to_dict("index")
    {'S01.01': {'u': 'A', 'v': 'N1', 'length_m': 399.6}, 'S01.02': {'u': 'N1', 'v': 'B', 'length_m': 800.4}}
    """
    cuts = dict(iter(joints.sort_values(["edge_id", "along_m"]).groupby("edge_id")))
    whole = roads[~roads.index.isin(list(cuts))]
    at_m = {k: _milestones(line) for k, line in zip(roads.index, in_metres(roads), strict=True)}
    rows: list[dict[str, object]] = []
    for edge_id in sorted(cuts):
        road = roads.loc[edge_id].to_dict()
        lines = _pieces(road.pop("geometry"), at_m[edge_id], cuts[edge_id])
        drawn_m = lengths_m(lines)
        share = drawn_m / drawn_m.sum()
        nodes = [road["u"], *cuts[edge_id]["node"], road["v"]]
        for i, line in enumerate(lines):
            piece = {"u": nodes[i], "v": nodes[i + 1], "length_m": round(road["length_m"] * share[i], 1)}
            rows.append({**road, **piece, "edge_id": f"{edge_id}.{i + 1:02d}", "geometry": line})
    pieces = gpd.GeoDataFrame(rows, crs=WGS84).set_index("edge_id")
    return gpd.GeoDataFrame(pd.concat([whole, pieces[[*whole.columns]]])).sort_index()


def _milestones(line_m: shapely.LineString) -> NDArray[np.float64]:
    """Metres along a line, given in the working projection, at each of its vertices."""
    steps = np.diff(shapely.get_coordinates(line_m), axis=0)
    return np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])


def _pieces(line: shapely.LineString, at_m: NDArray[np.float64], cuts: pd.DataFrame) -> list[shapely.LineString]:
    lonlat = shapely.get_coordinates(line)
    stops = [0.0, *cuts["along_m"], float(at_m[-1])]
    ends = np.vstack([lonlat[:1], cuts[["lon", "lat"]].to_numpy(float), lonlat[-1:]])
    pieces = []
    for i in range(len(stops) - 1):
        # A vertex within a metre of a cut is the cut itself.
        inner = lonlat[(at_m > stops[i] + 1.0) & (at_m < stops[i + 1] - 1.0)]
        pieces.append(shapely.LineString(np.vstack([ends[i : i + 1], inner, ends[i + 1 : i + 2]])))
    return pieces


def in_metres(roads: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Lines of the roads in the working projection (EPSG:4550)."""
    return np.asarray(roads.geometry.to_crs(METRES).array, dtype=object)
