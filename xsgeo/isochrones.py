"""The area from which a place is reached in time, as polygons: for drawing, never for counting.

People are counted by their minutes. A polygon drawn round the streets takes in the hillside between them, and one
drawn by hull or alpha shape takes in half as much again of the county; planners have counted people in such shapes
often enough. What is drawn here is the streets themselves, each as far as it is within the time, with a margin on both
sides.

The margin is not made by buffering and uniting thousands of lines. Distances to the reached streets are put into a
raster, and the line where the distance is the margin is drawn through it, which differs from the exact buffers by
about two hundredths of the area and takes a small part of the time (benchmarks/RESULTS.md). The raster of a longer
time starts as that of the shorter one and is only ever lowered, and contours follow flat triangles, so the polygons
are nested by construction. In the end they are cut to the land: there is nobody to serve on the water, and a ferry is
no place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo.crs import METRES, WGS84
from xsgeo.network import Floats, Network, minutes_for, snap
from xsgeo.settings import TravelRules
from xsgeo.travel import leg_kmh, minutes_at_nodes

if TYPE_CHECKING:
    import geopandas as gpd

_CELLS_A_MARGIN = 1.5
# A contour of more points than the first goes through polynomials of so many terms each way, if it is no wider.
_FEW_POINTS, _WIDEST_M, _TERMS = 5_000, 100_000.0, 5
# What a processor's second cache holds of the powers.
_AT_ONCE = 8192
_Filled = tuple[list[Any], list[NDArray[np.uint32]], list[NDArray[np.uint32]]]


def isochrones(
    place: gpd.GeoDataFrame,
    network: Network,
    *,
    minutes: Sequence[float] = (5.0, 10.0, 15.0),
    mode: str,
    margin_m: float = 60.0,
    rules: TravelRules | None = None,
) -> gpd.GeoDataFrame:
    """Draw from where a place is reached within some minutes. For drawing only: people are counted by their minutes.

    Parameters
    ----------
    place
        A frame of one row: the place to get to.
    network
        From `xsgeo.network.build_network`.
    minutes
        Longest times in minutes; the way from the network to the place counts.
    mode
        ``walk``, ``ebike`` or ``drive``.
    margin_m
        How far on both sides of the reached streets the area extends, in metres.
    rules
        Speeds of the legs and the snap limit; the network's own when left out.

    Returns
    -------
    geopandas.GeoDataFrame
        Index ``minutes``, ascending; ``geometry`` in EPSG:4326: polygons or multipolygons on land, each within the
        next; empty where nothing is reached or the place does not join the network.

    Raises
    ------
    ValueError
        When there is not exactly one place, or minutes or margin are not above 0.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> areas = isochrones(county.venues.loc[["V1"]], network, minutes=[10, 5], mode="walk")
    >>> areas.index.tolist(), bool(areas.geometry[10.0].covers(areas.geometry[5.0]))
    ([5.0, 10.0], True)
    """
    import geopandas as gpd

    levels = sorted({float(level) for level in minutes})
    if len(place) != 1 or not levels or levels[0] <= 0 or margin_m <= 0:
        msg = f"isochrones need one place, and minutes and margin above 0; got {len(place)}, {levels}, {margin_m}"
        raise ValueError(msg)
    reached = _reached(place, network, mode=mode, levels=levels, rules=rules or network.rules)
    shapes = _drawn(reached, margin_m)
    shapes = _on_land(shapes, network)
    index = pd.Index(levels, name="minutes")
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(in_degrees(shapes), index=index, crs=WGS84))


def _reached(
    place: gpd.GeoDataFrame, network: Network, *, mode: str, levels: list[float], rules: TravelRules
) -> list[Floats]:
    """The reached parts of streets at each level, as segments (x, y, x, y)."""
    joined = snap(place, network, mode=mode, rules=rules).iloc[0]
    if joined["reason"]:
        return [np.empty((0, 4)) for _ in levels]
    own, share = int(network.edge_index.get_loc(joined["edge"])), float(joined["position"])
    leg_min = float(minutes_for(joined["snap_m"], leg_kmh(mode, rules)))
    node_min = minutes_at_nodes(place, network, mode=mode, cutoff_min=levels[-1], rules=rules)
    ahead, back = network.forward_min[mode], network.backward_min[mode]
    at_tail, at_head = node_min[network.tail], node_min[network.head]
    by_tail = np.flatnonzero(np.isfinite(at_tail) & np.isfinite(back))
    by_head = np.flatnonzero(np.isfinite(at_head) & np.isfinite(ahead))
    reached = []
    for level in levels:
        from_tail = np.minimum((level - at_tail[by_tail]) / back[by_tail], 1.0)
        from_head = np.maximum(1.0 - (level - at_head[by_head]) / ahead[by_head], 0.0)
        tails, from_tail = by_tail[from_tail >= 0], from_tail[from_tail >= 0]
        heads, from_head = by_head[from_head <= 1], from_head[from_head <= 1]
        # The way to the nodes says nothing of a long street whose ends are both too far.
        left = level - leg_min
        begin, end = max(0.0, share - left / ahead[own]), min(1.0, share + left / back[own])
        edge = np.concatenate([tails, heads, [own]])
        low = np.concatenate([np.zeros(len(tails)), from_head, [begin]])
        high = np.concatenate([from_tail, np.ones(len(heads)), [end]])
        reached.append(_cut(network, edge, low, high))
    return reached


def _cut(network: Network, edge: NDArray[np.intp], low: Floats, high: Floats) -> Floats:
    """The segments of edges between two shares of their length."""
    first, xy, at = _vertices(network)
    count = first[edge + 1] - first[edge] - 1
    row = np.repeat(np.arange(len(edge)), count)
    vertex = first[edge][row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    begin, end = at[vertex], at[vertex + 1]
    begin_cut, end_cut = np.maximum(begin, low[row]), np.minimum(end, high[row])
    kept = begin_cut < end_cut
    vertex, begin, end = vertex[kept], begin[kept], end[kept]
    step = (xy[vertex + 1] - xy[vertex]) / np.maximum(end - begin, 1e-12)[:, None]
    one = xy[vertex] + step * (begin_cut[kept] - begin)[:, None]
    other = xy[vertex] + step * (end_cut[kept] - begin)[:, None]
    return np.concatenate([one, other], axis=1)


def _vertices(network: Network) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Where the vertices of each edge begin, their coordinates, and their shares of the length before them."""
    if "vertices" not in network.laid_out:
        xy, edge = shapely.get_coordinates(network.lines, return_index=True)
        first = np.searchsorted(edge, np.arange(len(network.lines) + 1))
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        length = along[first[1:] - 1] - along[first[:-1]]
        share = (along - along[first[edge]]) / np.maximum(length, 1e-9)[edge]
        network.laid_out["vertices"] = first, xy, share
    return cast("tuple[NDArray[np.intp], Floats, Floats]", network.laid_out["vertices"])


def _drawn(reached: list[Floats], margin_m: float) -> NDArray[np.object_]:
    """The area within the margin of the segments of each level."""
    from contourpy import FillType, contour_generator

    from xsgeo.search import lines

    shapes = np.full(len(reached), shapely.MultiPolygon(), dtype=object)
    if not len(reached[-1]):
        return shapes
    cell = margin_m / _CELLS_A_MARGIN
    reach = margin_m + 1.5 * cell
    ends = reached[-1].reshape(-1, 2)
    x0, y0 = ends.min(axis=0) - reach - cell
    columns, rows = np.ceil((ends.max(axis=0) + reach + cell - (x0, y0)) / cell).astype(int) + 1
    squares = np.full((rows, columns), reach**2)
    x, y = x0 + cell * np.arange(columns), y0 + cell * np.arange(rows)
    for i, segments in enumerate(reached):
        lines.lower_squares(squares, segments, x0=float(x0), y0=float(y0), cell=cell, reach=reach)
        contours = contour_generator(
            x, y, np.sqrt(squares), quad_as_tri=True, fill_type=FillType.ChunkCombinedOffsetOffset
        )
        ((points,), (rings,), (parts,)) = cast("_Filled", contours.filled(-1.0, margin_m))
        if points is not None:
            whole = (rings, parts, np.array([0, len(parts) - 1]))
            (shapes[i],) = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, points, cast("Any", whole))
    return shapes


def _on_land(shapes: NDArray[np.object_], network: Network) -> NDArray[np.object_]:
    """The shapes cut to the land below the last, which is the greatest."""
    frame = shapely.box(*shapely.bounds(shapes[-1]))
    tree = network.laid_out.setdefault("tree land", shapely.STRtree(network.land_polygons))
    near = network.land_polygons[tree.query(frame)]
    if any(shapely.contains_properly(near, frame)):
        return shapes
    return np.asarray(shapely.intersection(shapes, shapely.union_all(near)), dtype=object)


def in_degrees(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes in metres (EPSG:4550) as longitude and latitude (EPSG:4326).

    To put every point of a long contour through the projection takes as long as all the rest of drawing it. Over a
    hundred kilometres both degrees are polynomials of the metres to within a millimetre, and those are found from 25
    points. Few points, and wider areas, are projected one by one.

    Examples
    --------
    >>> shapely.to_wkt(in_degrees(np.array([shapely.Point(402_000, 3_255_000)]))[0], rounding_precision=4)
    'POINT (121.9903 29.4088)'
    """
    import geopandas as gpd

    low, high = np.split(np.array(shapely.total_bounds(shapes)), 2)
    half = (high - low) / 2
    if shapely.get_num_coordinates(shapes).sum() < _FEW_POINTS or half.max() > _WIDEST_M / 2:
        return np.asarray(gpd.GeoSeries(shapes, crs=METRES).to_crs(WGS84).array, dtype=object)
    nodes = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
    u, v = (axis.ravel() for axis in np.meshgrid(nodes, nodes, indexing="ij"))
    known = gpd.GeoSeries(shapely.points(low + half * (1 + np.stack([u, v], axis=1))), crs=METRES).to_crs(WGS84)
    powers = np.linalg.inv(np.vander(nodes, increasing=True))
    terms = [powers @ axis.to_numpy().reshape(_TERMS, _TERMS) @ powers.T for axis in (known.x, known.y)]

    def projected(points: Floats) -> Floats:
        degrees = np.empty_like(points)
        for begin in range(0, len(points), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            x, y = ((points[part, axis] - low[axis]) / half[axis] - 1 for axis in (0, 1))
            for axis, term in enumerate(terms):
                degrees[part, axis] = np.polynomial.polynomial.polyval2d(x, y, term)
        return degrees

    return np.asarray(shapely.transform(shapes, projected), dtype=object)
