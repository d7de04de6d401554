"""Roads and ferries checked, every fault named with its edge, and laid out as a `Network`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from xsgeo import timetables
from xsgeo.crs import WGS84, to_metres
from xsgeo.errors import NetworkError
from xsgeo.network.land import objects, pieces_of_land, stretches
from xsgeo.network.model import TIE_M, Flags, Floats, Ints, Network, Objects
from xsgeo.network.speeds import edge_minutes, slopes
from xsgeo.settings import TravelRules

if TYPE_CHECKING:
    import geopandas as gpd

CLOSED_MIDWAY = ("expressway", "bridge_exp")
"""Road classes that are entered at their nodes alone."""

_NODE_SPREAD_M = 10.0
_CHORD_SHARE = 0.98
# Steeper than stairs: the figure is in another unit, or the length is.
_STEEPEST = 1.0


def build_network(
    roads: gpd.GeoDataFrame,
    ferries: pd.DataFrame,
    land: gpd.GeoDataFrame,
    *,
    rules: TravelRules | None = None,
    closed_ferries: Collection[str] = (),
    gale: bool = False,
) -> Network:
    """Check roads and ferries and lay them out for snapping and searching.

    Parameters
    ----------
    roads
        One LineString an edge, drawn from ``u`` to ``v``; index ``edge_id``; columns ``u``, ``v``, ``road_class``,
        ``length_m`` (m), ``speed_kmh`` (km/h, for cars), ``walk``, ``ebike``, ``drive`` and ``oneway`` (flags), and
        ``rise_m`` (height of ``v`` above ``u``, m) where it is known.
    ferries
        Index ``ferry_id``; columns ``from_node``, ``to_node`` (road nodes), ``crossing_min`` (min), ``takes_cars``
        (flag), and at least one of ``wait_min`` (mean wait, min), ``departures`` (HH:MM, parted by |) and
        ``headway_min``; ``first``, ``last`` (HH:MM) and ``stops_in_gale`` (flag) where they are known. Everyone on
        foot or e-bike is carried, cars where the ferry takes them; both ways.
    land
        Polygons of land and islands.
    rules
        Speeds, wait for a bus and snap limit; the defaults of `TravelRules` when left out.
    closed_ferries
        Ids of ferries that do not sail.
    gale
        Whether a gale blows: ferries with ``stops_in_gale`` do not sail either.

    Returns
    -------
    Network
        An edge costs its length over the speed (`xsgeo.network.speeds`), a ferry its mean wait plus the crossing
        (`xsgeo.timetables.wait_min`). When it sails is told by `sailings`, not by the network.

    Raises
    ------
    NetworkError
        Naming the edges or ferries of every fault found: no roads or no land; a repeated id; a line that is missing
        or is not one LineString; a length that is missing, zero or negative, or more than 2% shorter than the
        straight line between its ends (geodesic); a car road without a speed; ends of edges more than 10 m apart at
        one node; a rise that is not less than the length; a ferry whose landing is no road node, that has no crossing
        time or wait, or whose timetable contradicts itself; a closed ferry that does not exist; land that crosses
        itself.
    ValueError
        When a frame has no CRS.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> network
    <Network: nodes 6, edges 4, ferries 1, pieces of land 2>
    >>> dict(zip(network.edge_ids, network.forward_min["walk"].tolist()))
    {'AB': 10.0, 'BC': 10.0, 'CD': 20.0, 'EF': 10.0}
    """
    rules = rules or TravelRules()
    check_unique(roads.index, "edge id")
    roads = roads.set_axis(roads.index.astype(str)).sort_index()
    land_polygons, land_pieces = pieces_of_land(land)
    lines, nodes = checked_roads(roads)
    index = pd.Index(nodes.index)
    tail, head = (index.get_indexer(pd.Index(roads[end].astype(str))) for end in ("u", "v"))
    forward_min, backward_min, (ride_forward_min, ride_backward_min) = edge_minutes(roads, rules)
    stretch_lines, stretch_edges, stretch_pieces = stretches(lines, land_polygons, land_pieces)
    return Network(
        rules=rules,
        node_ids=objects(index),
        x=nodes["x"].to_numpy(dtype=float),
        y=nodes["y"].to_numpy(dtype=float),
        edge_ids=objects(roads.index),
        tail=tail,
        head=head,
        length_m=roads["length_m"].to_numpy(dtype=float),
        lines=lines,
        twin=_twins(tail, head, lines),
        forward_min=forward_min,
        backward_min=backward_min,
        ride_forward_min=ride_forward_min,
        ride_backward_min=ride_backward_min,
        enterable=~roads["road_class"].isin(CLOSED_MIDWAY).to_numpy(dtype=bool),
        **checked_ferries(ferries, index, closed_ferries, gale=gale),
        land_polygons=land_polygons,
        land_pieces=land_pieces,
        stretch_lines=stretch_lines,
        stretch_edges=stretch_edges,
        stretch_pieces=stretch_pieces,
    )


def _twins(tail: Ints, head: Ints, lines: Objects) -> Ints:
    """Of each edge the least other one that is the same line drawn the other way; -1 where there is none."""
    ends = pd.DataFrame({"low": np.minimum(tail, head), "high": np.maximum(tail, head)})
    many = np.flatnonzero(ends.duplicated(keep=False).to_numpy() & (tail != head))
    ways = pd.DataFrame({"edge": many, "tail": tail[many], "head": head[many]})
    pairs = ways.merge(ways, left_on=["tail", "head"], right_on=["head", "tail"], suffixes=("", "_other"))
    one, other = pairs["edge"].to_numpy(), pairs["edge_other"].to_numpy()
    same = shapely.equals_exact(lines[one], shapely.reverse(lines[other]), tolerance=TIE_M)
    twin = np.full(len(tail), len(tail), dtype=np.intp)
    np.minimum.at(twin, one[same], other[same])
    return np.where(twin == len(tail), -1, twin)


def check_unique(ids: pd.Index[Any], what: str) -> None:
    """Refuse ids that are given more than once.

    Raises
    ------
    NetworkError
        Naming up to ten of them.
    """
    repeated = sorted({str(i) for i in ids[ids.astype(str).duplicated()]})
    if repeated:
        raise NetworkError(_fault(repeated, what, "is given more than once"))


def _fault(ids: Collection[str], what: str, problem: str) -> str:
    """One line that names up to ten ids and counts the rest."""
    named = list(ids)
    more = f" and {len(named) - 10} more" if len(named) > 10 else ""
    return f"{what} {', '.join(named[:10])}{more}: {problem}"


def checked_roads(roads: gpd.GeoDataFrame) -> tuple[Objects, pd.DataFrame]:
    """Shapes in metres and the nodes (index node id; lon, lat, x, y), or every fault at once."""
    if not len(roads):
        msg = "there are no roads"
        raise NetworkError(msg)
    degrees = objects(roads.geometry.to_crs(WGS84).array)
    undrawn = shapely.is_missing(degrees) | shapely.is_empty(degrees)
    undrawn |= ~np.isin(shapely.get_type_id(degrees), [shapely.GeometryType.LINESTRING])
    if undrawn.any():
        raise NetworkError(_fault(roads.index[undrawn], "edge", "the geometry is not one LineString"))
    lines = objects(to_metres(roads[[roads.geometry.name]]).geometry.array)
    tips = _tips(degrees)
    nodes, spread = _nodes(roads, tips, _tips(lines))
    length_m = roads["length_m"].to_numpy(dtype=float)
    speed_kmh = roads["speed_kmh"].to_numpy(dtype=float)
    chord_m = geodesic_m(*tips[0].T, *tips[1].T)
    long_enough = length_m >= _CHORD_SHARE * chord_m
    positive = (length_m > 0) & np.isfinite(length_m)
    tests = {
        "u or v is missing": roads[["u", "v"]].isna().any(axis=1).to_numpy(dtype=bool),
        "length_m must be above 0": ~positive,
        "length_m is shorter than the straight line between the ends": positive & ~long_enough,
        "a road for cars needs speed_kmh above 0": roads["drive"].to_numpy(dtype=bool)
        & ~((speed_kmh > 0) & np.isfinite(speed_kmh)),
        "rise_m must be less than length_m": ~(np.abs(slopes(roads)) < _STEEPEST) & positive,
        "an end of the line is not where the other edges have that node (is it drawn from u to v?)": spread,
    }
    faults = [_fault(roads.index[bad], "edge", problem) for problem, bad in tests.items() if bad.any()]
    if faults:
        raise NetworkError("\n".join(faults))
    return lines, nodes


def _tips(lines: Objects) -> tuple[Floats, Floats]:
    """First and last point of each line; all coordinates at once, because asking each line for its ends is slow."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    change = np.flatnonzero(np.diff(line))
    return xy[np.append(0, change + 1)], xy[np.append(change, len(xy) - 1)]


def _nodes(
    roads: gpd.GeoDataFrame, degrees: tuple[Floats, Floats], metres: tuple[Floats, Floats]
) -> tuple[pd.DataFrame, Flags]:
    """Nodes in the order of their ids, and which edges end elsewhere than the first edge of the same node."""
    ends = {
        "node": np.concatenate([roads[end].astype(str).to_numpy(dtype=object) for end in ("u", "v")]),
        "edge": np.tile(np.arange(len(roads)), 2),
    }
    for tips, names in ((degrees, ("lon", "lat")), (metres, ("x", "y"))):
        xy = np.concatenate(tips)
        ends[names[0]], ends[names[1]] = xy[:, 0], xy[:, 1]
    table = pd.DataFrame(ends).sort_values(["node", "edge"], kind="stable")
    nodes = table.drop_duplicates("node").set_index("node").drop(columns="edge")
    gap_m = np.hypot(*(table[axis] - table["node"].map(nodes[axis]) for axis in ("x", "y")))
    spread = np.zeros(len(roads), dtype=bool)
    spread[table.loc[gap_m > _NODE_SPREAD_M, "edge"]] = True
    return nodes, spread


def geodesic_m(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    """Geodesic distance between points in degrees, in metres.

    Examples
    --------
    >>> float(geodesic_m(*(np.array([x]) for x in (121.0, 29.0, 121.0, 30.0)))[0].round())
    110844.0
    """
    from pyproj import Geod

    _, _, distance = Geod(ellps="WGS84").inv(lon, lat, other_lon, other_lat)
    return np.asarray(distance, dtype=float)


def checked_ferries(
    ferries: pd.DataFrame, nodes: pd.Index[Any], closed: Collection[str], *, gale: bool = False
) -> dict[str, Any]:
    """The `Network` fields of the ferries that sail, or every fault at once."""
    check_unique(ferries.index, "ferry id")
    ferries = ferries.set_axis(ferries.index.astype(str)).sort_index()
    tail, head = (nodes.get_indexer(pd.Index(ferries[end].astype(str))) for end in ("from_node", "to_node"))
    tests = {
        "a landing is not a node of the roads": (tail < 0) | (head < 0),
        "both landings are the same node": (tail == head) & (tail >= 0),
    }
    faults = [_fault(ferries.index[bad], "ferry", problem) for problem, bad in tests.items() if bad.any()]
    for ferry, row in ferries.to_dict("index").items():
        faults += [_timetable_fault(str(ferry), *problem) for problem in timetables.problems(row)]
    unknown = sorted(set(closed) - set(ferries.index))
    if unknown:
        faults.append(_fault(unknown, "closed ferry", "there is no such ferry"))
    if faults:
        raise NetworkError("\n".join(faults))
    sails = ~ferries.index.isin(list(closed))
    if gale and "stops_in_gale" in ferries:
        sails &= ~ferries["stops_in_gale"].to_numpy(dtype=bool)
    minutes = timetables.wait_min(ferries).to_numpy() + ferries["crossing_min"].to_numpy(dtype=float)
    return {
        "ferry_ids": objects(ferries.index[sails]),
        "ferry_tail": tail[sails],
        "ferry_head": head[sails],
        "ferry_min": minutes[sails],
        "ferry_takes_cars": ferries["takes_cars"].to_numpy(dtype=bool)[sails],
    }


_TIMETABLE = MappingProxyType(
    {
        "not_a_time": "{text!r} is not a time written HH:MM",
        "first_after_last": "the first sailing ({first}) is after the last ({last})",
        "departure_outside": "departures at {departures} are outside {span}",
        "no_crossing": "it must be above 0",
        "no_wait": "give minutes of 0 or more, two departures, or a headway_min above 0",
    }
)


def _timetable_fault(ferry: str, column: str, code: str, details: Mapping[str, str]) -> str:
    return _fault([ferry], "ferry", f"{column}: {_TIMETABLE[code].format(**details)}")
