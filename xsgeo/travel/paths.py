"""The way from one point to another, piece by piece, as it is travelled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from xsgeo import search
from xsgeo.crs import METRES, WGS84, to_metres
from xsgeo.network import Network, arcs, to_ms
from xsgeo.settings import TravelRules
from xsgeo.travel.places import Places, doors, places_of, shortcuts

if TYPE_CHECKING:
    import geopandas as gpd

_MS = 60_000.0
_Piece = tuple[str, int, shapely.LineString]


def path(
    origin: gpd.GeoDataFrame,
    destination: gpd.GeoDataFrame,
    network: Network,
    *,
    mode: str,
    rules: TravelRules | None = None,
) -> gpd.GeoDataFrame:
    """The way from one point to another, piece by piece; of ways equally long one with the fewest edges.

    Parameters
    ----------
    origin, destination
        Frames of one row each.
    network, rules
        As for `travel_minutes`.
    mode
        One of `xsgeo.settings.MODES`.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a piece, in order, EPSG:4326: ``via`` (id of the road or ferry, empty for the legs to and from the
        network and for the wait at a bus stop), ``minutes``, and the ``geometry`` as travelled. The minutes add up to
        those of `travel_minutes`.
        Empty when there is no way or a point does not join the network, or when both points are the same.

    Raises
    ------
    ValueError
        When a frame has not exactly one row.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> way = path(county.workers.loc[["g1"]], county.workers.loc[["g6"]], network, mode="walk")
    >>> way[["via", "minutes"]].to_numpy().tolist()
    [['AB', 10.0], ['BC', 10.0], ['Y1', 20.0], ['EF', 10.0]]
    """
    import geopandas as gpd

    if len(origin) != 1 or len(destination) != 1:
        msg = f"path needs one origin and one destination, got {len(origin)} and {len(destination)}"
        raise ValueError(msg)
    start, end = (places_of(points, network, mode, rules or network.rules) for points in (origin, destination))
    pieces: list[_Piece] = []
    if len(start) and len(end) and not (start.xy == end.xy).all():
        ends = [to_metres(points).geometry.iloc[0] for points in (origin, destination)]
        pieces = [piece for piece in _pieces(start, end, network, mode, ends) if piece[1] or piece[2].length > 0]
    table = pd.DataFrame({"via": pd.Series([via for via, *_ in pieces], dtype=str)})
    table["minutes"] = np.array([ms for _, ms, _ in pieces], dtype=float) / _MS
    shapes = gpd.GeoSeries([shape for *_, shape in pieces], crs=METRES)
    return gpd.GeoDataFrame(table, geometry=shapes).to_crs(WGS84)


def _pieces(start: Places, end: Places, network: Network, mode: str, ends: list[shapely.Point]) -> list[_Piece]:
    """Id, ms and shape of each piece of the way, legs and parts of edges included; none where there is no way."""
    n = network.graph_size(mode)
    arc_start, arc_end, minutes = arcs(network, mode=mode)
    leaving, arriving = doors(start, network, mode, leaving=True), doors(end, network, mode, leaving=False)
    _, _, direct_ms = shortcuts(start, end, network, mode)
    # Both ends become nodes, so that the search sees every way, that along a single edge included.
    graph = search.build_graph(
        np.concatenate([arc_start, np.full(len(leaving.node), n), arriving.node, np.full(len(direct_ms), n)]),
        np.concatenate([arc_end, leaving.node, np.full(len(arriving.node), n + 1), np.full(len(direct_ms), n + 1)]),
        np.concatenate([to_ms(minutes), leaving.ms, arriving.ms, direct_ms]),
        n + 2,
    )
    (way,) = search.paths(graph, search.at_nodes([n]), [n + 1])
    if not len(way):
        return []
    legs = int(start.leg_ms[0]), int(end.leg_ms[0])
    first, last = (
        ("", ms, _leg(network, place, point)) for ms, place, point in zip(legs, (start, end), ends, strict=True)
    )
    if len(way) == 2:
        share = start.share[0], end.share[0]
        middle = [_part(network, mode, start.edge[0], share, int(direct_ms[0]) - sum(legs))]
    else:
        out, into = (float(network.head[place.edge[0]] == node) for place, node in ((start, way[1]), (end, way[-2])))
        out_ms, into_ms = leaving.ms[leaving.node == way[1]].min(), arriving.ms[arriving.node == way[-2]].min()
        middle = [
            _part(network, mode, start.edge[0], (start.share[0], out), int(out_ms) - legs[0]),
            *(_step(network, mode, one, other) for one, other in pairwise(way[1:-1])),
            _part(network, mode, end.edge[0], (into, end.share[0]), int(into_ms) - legs[1]),
        ]
    return [first, *middle, ("", last[1], shapely.reverse(last[2]))]


def _step(network: Network, mode: str, one: int, other: int) -> _Piece:
    """The quickest road or ferry from one node to the next, the least id of several; or onto a bus, or off it."""
    n_nodes = len(network.node_ids)
    aboard, (one, one_place), (other, place) = one >= n_nodes, divmod(one, n_nodes), divmod(other, n_nodes)
    if one != other:
        here = (network.x[place], network.y[place])
        return (
            "",
            0 if aboard else int(to_ms(np.array([network.rules.bus_wait_min]))[0]),
            shapely.LineString([here] * 2),
        )
    choices = [*_road_steps(network, mode, one_place, place, aboard=aboard)]
    choices += [] if aboard else [*_boat_steps(network, mode, one_place, place)]
    minutes, via, shape = min(choices, key=lambda choice: choice[:2])
    return str(via), int(to_ms(np.array([minutes]))[0]), shape


_Choice = tuple[float, str, shapely.LineString]


def _road_steps(network: Network, mode: str, one: int, other: int, *, aboard: bool) -> Iterator[_Choice]:
    by_mode = network.forward_min[mode], network.backward_min[mode]
    forward, backward = (network.ride_forward_min, network.ride_backward_min) if aboard else by_mode
    for edge in np.flatnonzero((network.tail == one) & (network.head == other)):
        yield forward[edge], network.edge_ids[edge], network.lines[edge]
    for edge in np.flatnonzero((network.tail == other) & (network.head == one)):
        yield backward[edge], network.edge_ids[edge], shapely.reverse(network.lines[edge])


def _boat_steps(network: Network, mode: str, one: int, other: int) -> Iterator[_Choice]:
    lands = (network.ferry_tail == one) & (network.ferry_head == other)
    lands |= (network.ferry_tail == other) & (network.ferry_head == one)
    for ferry in np.flatnonzero(network.carries(mode) & lands):
        straight = shapely.LineString([(network.x[node], network.y[node]) for node in (one, other)])
        yield network.ferry_min[ferry], network.ferry_ids[ferry], straight


def _leg(network: Network, place: Places, point: shapely.Point) -> shapely.LineString:
    foot = shapely.get_point(_along(network, int(place.edge[0]), place.share[0], place.share[0]), 0)
    return shapely.LineString([point.coords[0], foot.coords[0]])


def _part(network: Network, mode: str, edge: int, share: tuple[float, float], ms: int) -> _Piece:
    """Part of an edge; against the direction of a one-way edge it is part of its twin."""
    against = share[0] > share[1]
    own = (network.backward_min if against else network.forward_min)[mode][edge]
    named = network.twin[edge] if own > network.passage(mode)[int(against)][edge] else edge
    return str(network.edge_ids[named]), ms, _along(network, edge, *share)


def _along(network: Network, edge: int, begin: float, end: float) -> shapely.LineString:
    """The stretch of an edge from one share of its length to another, in that direction, or twice the same point."""
    from shapely.ops import substring

    shape = substring(network.lines[edge], begin, end, normalized=True)
    return shapely.LineString([*shape.coords, *shape.coords][: max(2, len(shape.coords))])
