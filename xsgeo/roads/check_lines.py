"""Faults of single edges and of how they are drawn: lengths, lines, nodes, water, lines that meet without a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from xsgeo.crs import to_metres
from xsgeo.network import CLOSED_MIDWAY
from xsgeo.roads.frame import Flags, Found, Objects, RoadArrays
from xsgeo.settings import ROAD_MODES

if TYPE_CHECKING:
    import geopandas as gpd

LENGTH_SHARE = 0.02
"""A stated length may differ from the drawn one by this share."""

BENDS_SHARE = 1.5
"""A stated length up to this many times the drawn one is that of a road whose bends were not drawn."""

GAP_M = 5.0
"""A dead end this near to another road was probably meant to meet it."""

OVER_WATER_M = 100.0
"""Longest stretch off the land that passes: coastlines are drawn on a 25 m grid, and quays are newer than they."""

NODE_SPREAD_M = 10.0
"""How far the ends of edges may lie apart at one node, as in `xsgeo.network.build_network`."""

SPEEDS_KMH = (5.0, 140.0)
BRIDGES = ("bridge_exp", "bridge_local")

_SLACK_M = 0.001


def plain_faults(roads: RoadArrays) -> Found:
    """Ids given twice, missing lines and nodes, lengths that are none or not the line's, rises, loops.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> plain_faults(arrays_of(toy_county().roads.assign(length_m=[800.0, 0.0, 1600.0, 800.0])))
    [('BC', 'length_zero', {})]
    """
    ids, count = np.unique(roads.ids, return_counts=True)
    found: Found = [(edge, "repeated_id", {}) for edge in ids[count > 1].tolist()]
    found += [(edge, "no_line", {}) for edge in roads.ids[~roads.is_drawn].tolist()]
    blank = roads.ends < 0
    found += [(roads.ids[i], "no_node", {"end": "uv"[side]}) for i, side in zip(*np.nonzero(blank), strict=True)]
    stated, drawn = roads.length_m, roads.drawn_m
    finite = np.isfinite(stated)
    found += [(edge, "length_missing", {}) for edge in roads.ids[~finite].tolist()]
    found += [(edge, "length_zero", {}) for edge in roads.ids[stated == 0].tolist()]
    negative = np.flatnonzero(finite & (stated < 0)).tolist()
    found += [(roads.ids[i], "length_negative", {"length_m": round(float(stated[i]), 1)}) for i in negative]
    short = finite & (stated > 0) & (stated < (1 - LENGTH_SHARE) * roads.chord_m)
    for i in np.flatnonzero(short).tolist():
        figures = {"length_m": round(float(stated[i]), 1), "chord_m": round(float(roads.chord_m[i]), 1)}
        found.append((roads.ids[i], "length_short", figures))
    differs = finite & (stated > 0) & ~short & (np.abs(stated - drawn) > LENGTH_SHARE * drawn + _SLACK_M)
    bends = differs & (stated > drawn) & (stated <= BENDS_SHARE * drawn)
    for i in np.flatnonzero(differs).tolist():
        figures = {"length_m": round(float(stated[i]), 1), "drawn_m": round(float(drawn[i]), 1)}
        found.append((roads.ids[i], "length_bends" if bends[i] else "length_differs", figures))
    for i in np.flatnonzero((stated > 0) & (np.abs(roads.rise_m) >= stated)).tolist():
        figures = {"rise_m": round(float(roads.rise_m[i]), 1), "length_m": round(float(stated[i]), 1)}
        found.append((roads.ids[i], "rise_impossible", figures))
    loops = np.flatnonzero((roads.ends[:, 0] == roads.ends[:, 1]) & ~blank[:, 0]).tolist()
    return found + [(roads.ids[i], "loop", {"node": roads.nodes[roads.ends[i, 0]]}) for i in loops]


def speed_faults(roads: RoadArrays) -> Found:
    """Roads for cars without a speed or with an odd one, and roads nobody may use.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> speed_faults(arrays_of(toy_county().roads.assign(drive=True, speed_kmh=[30.0, 30.0, 0.0, 200.0])))
    [('CD', 'speed_missing', {}), ('EF', 'speed_odd', {'speed_kmh': 200.0})]
    """
    drive = roads.flags[:, ROAD_MODES.index("drive")]
    good = (roads.speed_kmh > 0) & np.isfinite(roads.speed_kmh)
    odd = drive & good & ((roads.speed_kmh < SPEEDS_KMH[0]) | (roads.speed_kmh > SPEEDS_KMH[1]))
    found: Found = [(edge, "speed_missing", {}) for edge in roads.ids[drive & ~good].tolist()]
    for i in np.flatnonzero(odd).tolist():
        found.append((roads.ids[i], "speed_odd", {"speed_kmh": round(float(roads.speed_kmh[i]), 1)}))
    return found + [(edge, "no_mode", {}) for edge in roads.ids[~roads.flags.any(axis=1)].tolist()]


def node_faults(roads: RoadArrays) -> Found:
    """Ends that lie elsewhere than the first edge of the same node.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> node_faults(arrays_of(toy_county().roads.assign(v=["B", "C", "D", "A"])))
    [('EF', 'node_elsewhere', {'node': 'A', 'gap_m': 3800.0})]
    """
    rows = np.flatnonzero(roads.is_drawn)
    tips = [shapely.get_coordinates(shapely.get_point(roads.lines[rows], at)) for at in (0, -1)]
    xy = np.stack(tips, axis=1).reshape(-1, 2)
    node, edge = roads.ends[rows].reshape(-1), np.repeat(rows, 2)
    xy, node, edge = xy[node >= 0], node[node >= 0], edge[node >= 0]
    _, first, which = np.unique(node, return_index=True, return_inverse=True)
    gap_m = np.hypot(*(xy - xy[first][which]).T)
    return [
        (roads.ids[edge[i]], "node_elsewhere", {"node": roads.nodes[node[i]], "gap_m": round(float(gap_m[i]), 1)})
        for i in np.flatnonzero(gap_m > NODE_SPREAD_M).tolist()
    ]


def over_water(roads: RoadArrays, land: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame | None) -> Found:
    """Roads with a long stretch off the land that are not marked as a bridge.

    Parameters
    ----------
    roads
        From `xsgeo.roads.frame.arrays_of`.
    land
        Polygons of land and islands.
    boundary
        Where the land is known; the hull of the land when None.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> county = toy_county()
    >>> mainland = county.land.iloc[:1]
    >>> [edge for edge, *_ in over_water(arrays_of(county.roads), mainland, county.boundary)]
    ['EF']
    """
    ground = shapely.union_all(to_metres(land[[land.geometry.name]]).geometry.array)
    limit = ground.convex_hull if boundary is None else shapely.union_all(to_metres(boundary).geometry.array)
    shapely.prepare(ground)
    shapely.prepare(limit)
    plain = roads.is_drawn & ~np.isin(roads.road_class, BRIDGES)
    off = np.flatnonzero(plain & ~shapely.covers(ground, roads.lines) & shapely.intersects(limit, roads.lines))
    wet = shapely.intersection(shapely.difference(roads.lines[off], ground), limit)
    parts, which = shapely.get_parts(_merged(wet), return_index=True)
    longest_m = np.zeros(len(off))
    np.maximum.at(longest_m, which, shapely.length(parts))
    return [
        (roads.ids[off[i]], "over_water", {"wet_m": round(float(longest_m[i]))})
        for i in np.flatnonzero(longest_m >= OVER_WATER_M).tolist()
    ]


def _merged(lines: Objects) -> Objects:
    """Lines of several parts joined where the parts touch."""
    return np.asarray(shapely.line_merge(lines), dtype=object)


def unjoined(roads: RoadArrays, dead: Flags) -> Found:
    """Drawn lines that meet another without a node, and dead ends that all but touch one.

    Only lines somebody drew are looked at: where lines of OSM cross without a node, one passes over the other. So do
    expressways.

    Parameters
    ----------
    roads
        From `xsgeo.roads.frame.arrays_of`.
    dead
        From `xsgeo.roads.check_graph.dead_ends`.
    """
    drawn = roads.is_drawn & (roads.source == "digitised")
    rows = np.flatnonzero(drawn & ~np.isin(roads.road_class, (*BRIDGES, *CLOSED_MIDWAY)))
    lines = roads.lines[rows]
    tree = shapely.STRtree(lines)
    one, other = tree.query(lines, predicate="intersects")
    pairs = [(i, j) for i, j in zip(rows[one].tolist(), rows[other].tolist(), strict=True) if i < j]
    apart = sorted((i, j) for i, j in pairs if not set(roads.ends[i].tolist()) & set(roads.ends[j].tolist()))
    found: Found = [(roads.ids[i], "not_joined", {"other": roads.ids[j]}) for i, j in apart]
    met = set(apart) | {(j, i) for i, j in apart}
    for side in (0, -1):
        ends = rows[dead[rows, side]]
        tips = shapely.get_point(roads.lines[ends], side)
        at, near = tree.query(tips, predicate="dwithin", distance=GAP_M)
        nearest: dict[int, tuple[float, int]] = {}
        for i, j, tip in zip(ends[at].tolist(), rows[near].tolist(), tips[at], strict=True):
            if i != j and (i, j) not in met:
                gap_m = float(shapely.distance(tip, roads.lines[j]))
                nearest[i] = min(nearest.get(i, (gap_m, j)), (gap_m, j))
        found += [
            (roads.ids[i], "gap", {"other": roads.ids[j], "gap_m": round(gap_m, 1)})
            for i, (gap_m, j) in sorted(nearest.items())
            if not set(roads.ends[i].tolist()) & set(roads.ends[j].tolist())
        ]
    return found
