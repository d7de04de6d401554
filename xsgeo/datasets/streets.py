"""Invented local streets that complete the digitised main roads, so that a 15-minute walk has something to walk on.

No open geometry of the county's small roads could be had, and the main-road skeleton says nothing within a walk. So
streets are invented, from a seed, and marked ``synthetic``. They are made to behave as streets do: blocks turned
their own way in each settlement, ragged edges, winding lanes between hamlets, dead ends.

The graph is one relative-neighbourhood graph of all street corners (Toussaint 1980): two corners are linked when no
third is nearer to both. It contains the minimum spanning tree, so nothing that could be linked is left alone; it
has no crossings; its degree of about 2.5 is that of real rural networks. Some of the Gabriel graph's further links
(Gabriel and Sokal 1969) are put back to close blocks. Corners on main roads take part, and that is where streets
join them.

Three things are then forbidden: a street over water, a street across a main road where there is no corner, and a
street that no main road can be reached from on its own island. Streets are slow (20 km/h), so that they save no more
than a minute or two on the facts' times from the county seat.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

from xsgeo.crs import METRES, WGS84, lengths_m, project, unproject
from xsgeo.datasets.settlements import far_apart, land_of, nearest_seat, settlements
from xsgeo.datasets.skeleton import in_metres, joint_places, split_roads

STREET_KMH = 20.0
SHORE_M = 15.0
"""Streets keep this far from the water, so that rounding to 5 decimals (about a metre) cannot wet them."""

LONGEST_M = 420.0
CORNER_GAP_M = 42.0
JOINT_STEP_M = 170.0
LANE_STEP_M = 150.0
LANE_GAP_M = 115.0
BESIDE_M = 280.0
LONGEST_LANE_M = 4500.0
GABRIEL_SHARE = 0.1
LANE_GABRIEL_SHARE = 0.3


@dataclass(frozen=True)
class StreetMap:
    """Main roads with the streets that join them.

    Attributes
    ----------
    roads
        The ``roads`` table: pieces of the skeleton and streets, EPSG:4326, index edge_id.
    corners
        Street corners that are in use: index node id, with x, y (EPSG:4550), lon, lat, land_id, town_id, kind (of their
        settlement; ``lane`` and ``joint`` between settlements), settlement_id and is_walkable.
    """

    roads: gpd.GeoDataFrame
    corners: pd.DataFrame


def street_map(
    skeleton: gpd.GeoDataFrame,
    ferries: pd.DataFrame,
    towns: pd.DataFrame,
    points: pd.DataFrame,
    land: gpd.GeoDataFrame,
    *,
    random: np.random.RandomState,
) -> StreetMap:
    """Complete the main roads with invented streets.

    Parameters
    ----------
    skeleton
        Main roads as `xsgeo.datasets.skeleton.skeleton_roads` gives them.
    ferries
        Crossings; an island that has a landing and no main road gets its streets from the landing.
    towns
        Index town_id, with name, lon, lat, population and is_urban.
    points
        Named points of the facts: index id, with lon and lat.
    land
        Pieces of land, EPSG:4326, index land_id.
    random
        Source of chance; the same state gives the same streets.

    Returns
    -------
    StreetMap
        Every street lies on one piece of land, meets main roads at shared nodes only, and leads to one.
    """
    ground = land.geometry.to_crs(METRES).buffer(-SHORE_M)
    ends = {*ferries["from_node"], *ferries["to_node"]}
    landings = points.loc[sorted(ends - {*skeleton["u"], *skeleton["v"]})]
    joints = _on_land(joint_places(skeleton, step_m=JOINT_STEP_M, landings=landings), ground)
    sites = settlements(towns, points, ground, joints, random=random)
    corners = _corners(sites, joints, ground, in_metres(skeleton), random=random)
    corners["town_id"] = _towns_of(corners, sites)
    links = _links(corners, skeleton, land, random=random)
    corners, links = _name_corners(corners, links)
    joined = corners[corners["edge_id"] != ""]
    main = split_roads(skeleton, joined.rename_axis("node").reset_index()[["node", "edge_id", "along_m", "lon", "lat"]])
    roads = gpd.GeoDataFrame(pd.concat([main, _street_rows(corners, links)]), crs=WGS84)
    return StreetMap(roads, corners.drop(columns=["edge_id", "along_m", "rank"]))


def relative_neighbours(
    xy: NDArray[np.float64], *, gabriel_share: float = 0.0, random: np.random.RandomState | None = None
) -> NDArray[np.intp]:
    """Pairs of points that no third point is nearer to both of: the relative-neighbourhood graph.

    Parameters
    ----------
    xy
        At least three points, not all in a line, no two the same; shape (n, 2), metres.
    gabriel_share
        Share of the Gabriel graph's further links (no third point within the circle over the link) to put back.
    random
        Source of chance for that share; needed when the share is above 0.

    Returns
    -------
    numpy.ndarray
        Shape (m, 2), the smaller position first, rows in order.

    Raises
    ------
    ValueError
        When a share is asked for without a source of chance.

    Notes
    -----
    Both graphs are parts of the Delaunay triangulation. A link of length d is tested against every point within
    d √3/2 of its middle, the circle round the lune that must be empty.

    Examples
    --------
    >>> relative_neighbours(np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 1.0]])).tolist()
    [[0, 2], [1, 2]]
    """
    simplices = Delaunay(xy).simplices
    sides = np.sort(np.concatenate([simplices[:, [0, 1]], simplices[:, [1, 2]], simplices[:, [0, 2]]]), axis=1)
    pairs = np.unique(sides, axis=0).astype(np.intp)
    a, b = xy[pairs[:, 0]], xy[pairs[:, 1]]
    middle, d = (a + b) / 2, np.hypot(*(a - b).T)
    near = cKDTree(xy).query_ball_point(middle, d * np.sqrt(0.75), return_sorted=True)
    link = np.repeat(np.arange(len(pairs)), [len(n) for n in near])
    third = xy[np.concatenate(near).astype(np.intp)]
    limit = d[link] * (1 - 1e-9)
    in_lune = np.maximum(np.hypot(*(third - a[link]).T), np.hypot(*(third - b[link]).T)) < limit
    in_circle = np.hypot(*(third - middle[link]).T) < limit / 2
    is_relative = np.bincount(link, in_lune, minlength=len(pairs)) == 0
    is_gabriel = np.bincount(link, in_circle, minlength=len(pairs)) == 0
    if gabriel_share:
        if random is None:
            msg = "gabriel_share above 0 needs a source of chance: pass random=numpy.random.RandomState(seed)"
            raise ValueError(msg)
        is_relative |= is_gabriel & (random.random_sample(len(pairs)) < gabriel_share)
    return np.asarray(pairs[is_relative])


def _on_land(joints: pd.DataFrame, ground: gpd.GeoSeries) -> pd.DataFrame:
    x, y = project(joints["lon"].to_numpy(float), joints["lat"].to_numpy(float))
    joints = joints.assign(x=x, y=y, land_id=land_of(x, y, ground))
    return joints[joints["land_id"] != ""].reset_index(drop=True)


def _corners(
    sites: pd.DataFrame,
    joints: pd.DataFrame,
    ground: gpd.GeoSeries,
    main: NDArray[np.object_],
    *,
    random: np.random.RandomState,
) -> pd.DataFrame:
    """All corners, most wanted first, none nearer than the gap to another; coordinates are rounded here, once."""
    lanes, used = _lanes(sites, joints, ground, main, random=random)
    centres = cKDTree(sites[["x", "y"]].to_numpy())
    away, which = centres.query(joints[["x", "y"]].to_numpy(), k=8)
    inside = (away < sites["radius_m"].to_numpy()[which]).any(axis=1)
    inside[used] = True
    blocks = [_blocks(sites.loc[i], ground, random=random).assign(settlement_id=i, rank=1) for i in sites.index]
    doors = joints[inside].assign(kind="joint", settlement_id="", rank=0)
    corners = pd.concat([doors, *blocks, lanes.assign(kind="lane", settlement_id="", rank=2)], ignore_index=True)
    texts = ["node", "edge_id"]
    corners[texts] = corners[texts].fillna("")
    lon, lat = unproject(corners["x"].to_numpy(), corners["y"].to_numpy())
    corners["lon"], corners["lat"] = lon.round(5), lat.round(5)
    corners["x"], corners["y"] = project(corners["lon"].to_numpy(), corners["lat"].to_numpy())
    kept = far_apart(corners[["x", "y"]].to_numpy(), CORNER_GAP_M)
    corners = corners.iloc[kept].reset_index(drop=True)
    towns = sites[sites["is_walkable"]]
    away = np.hypot(*(corners[[c]].to_numpy() - towns[c].to_numpy() for c in ("x", "y")))
    return corners.assign(is_walkable=(away < towns["radius_m"].to_numpy()).any(axis=1))


def _blocks(site: pd.Series, ground: gpd.GeoSeries, *, random: np.random.RandomState) -> pd.DataFrame:
    """Corners of one settlement: a turned and shaken grid, thinner and ragged towards the edge."""
    step, radius = float(site["spacing_m"]), float(site["radius_m"])
    n = int(np.ceil(1.4 * radius / step))
    i, j = (g.ravel().astype(float) for g in np.meshgrid(np.arange(-n, n + 1), np.arange(-n, n + 1)))
    shake = 0.42 if site["kind"] in ("hamlet", "village", "resort") else 0.24
    # Long and narrow blocks, every other row moved on: what surveyors lay out, not a chess board.
    u = (i + 0.5 * (j % 2) * random.random_sample()) * step + step * shake * random.uniform(-1, 1, len(i))
    v = j * step * random.uniform(0.8, 1.15) + step * shake * random.uniform(-1, 1, len(i))
    turn, phase = random.uniform(0, np.pi), random.uniform(0, 2 * np.pi, 2)
    angle, away = np.arctan2(v, u), np.hypot(u, v)
    reach = radius * (1 + 0.22 * np.cos(2 * angle + phase[0]) + 0.15 * np.cos(3 * angle + phase[1]))
    kept = (away < reach) & (random.random_sample(len(i)) > 0.08 + 0.5 * (away / reach) ** 3)
    x = float(site["x"]) + u * np.cos(turn) - v * np.sin(turn)
    y = float(site["y"]) + u * np.sin(turn) + v * np.cos(turn)
    kept &= shapely.contains_xy(ground[site["land_id"]], x, y)
    return pd.DataFrame({"x": x[kept], "y": y[kept], "land_id": site["land_id"], "kind": site["kind"]})


def _lanes(
    sites: pd.DataFrame,
    joints: pd.DataFrame,
    ground: gpd.GeoSeries,
    main: NDArray[np.object_],
    *,
    random: np.random.RandomState,
) -> tuple[pd.DataFrame, list[int]]:
    """Corners along winding lanes between settlements and main roads, and the joints that lanes lead to."""
    barrier = shapely.union_all(main)
    shapely.prepare(barrier)
    paths: list[NDArray[np.float64]] = []
    on: list[str] = []
    used = set[int]()
    for land_id, piece in ground.items():
        here, doors = sites[sites["land_id"] == land_id], joints[joints["land_id"] == land_id]
        hubs = np.vstack([here[["x", "y"]].to_numpy(), doors[["x", "y"]].to_numpy()])
        if len(here) == 0 or len(hubs) < 4:
            continue
        for a, b in relative_neighbours(hubs, gabriel_share=LANE_GABRIEL_SHARE, random=random):
            if a >= len(here) or np.hypot(*(hubs[a] - hubs[b])) > LONGEST_LANE_M:
                continue
            path = _winding(hubs[a], hubs[b], piece, barrier, random=random)
            if path is None or _runs_beside(path, paths):
                continue
            paths.append(path)
            on += [str(land_id)] * len(path)
            if b >= len(here):
                used.add(int(doors.index[b - len(here)]))
    lanes = pd.DataFrame(np.vstack([np.empty((0, 2)), *paths]), columns=["x", "y"]).assign(land_id=on)
    return lanes.iloc[far_apart(lanes[["x", "y"]].to_numpy(), LANE_GAP_M)], sorted(used)


def _runs_beside(path: NDArray[np.float64], lanes: list[NDArray[np.float64]]) -> bool:
    """Whether half of a new lane lies close to older ones; nobody builds two lanes side by side."""
    if not lanes:
        return False
    return bool(np.median(cKDTree(np.vstack(lanes)).query(path)[0]) < BESIDE_M)


def _winding(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    piece: shapely.Geometry,
    barrier: shapely.Geometry,
    *,
    random: np.random.RandomState,
) -> NDArray[np.float64] | None:
    """Points between a and b along a lane that winds, or runs straight where winding would leave the land."""
    length = float(np.hypot(*(b - a)))
    n = max(2, round(length / LANE_STEP_M))
    t = np.arange(n + 1) / n
    swing = min(0.12 * length, 180.0) * random.uniform(-1, 1, 2)
    aside = swing[0] * np.sin(np.pi * t) + 0.6 * swing[1] * np.sin(2 * np.pi * t)
    normal = np.array([-(b - a)[1], (b - a)[0]]) / length
    straight = a + t[:, None] * (b - a)
    for path in (straight + aside[:, None] * normal, straight):
        # The last steps may touch the road that the lane leads to.
        inner = shapely.LineString(path[1:-1]) if n > 2 else shapely.Point(path[1])
        if shapely.contains_properly(piece, shapely.LineString(path)) and not shapely.intersects(barrier, inner):
            return np.asarray(path[1:-1])
    return None


def _towns_of(corners: pd.DataFrame, sites: pd.DataFrame) -> NDArray[np.object_]:
    """Town of each corner: its settlement's, and the nearest seat's in seats (two share one town) and between."""
    seats = sites[sites["kind"] == "seat"]
    nearest = nearest_seat(corners, seats)
    own = corners["settlement_id"].map(sites["town_id"]).to_numpy()
    between = corners["kind"].isin(["seat", "lane", "joint"]).to_numpy()
    return np.where(between, nearest, own)


def _links(
    corners: pd.DataFrame, skeleton: gpd.GeoDataFrame, land: gpd.GeoDataFrame, *, random: np.random.RandomState
) -> NDArray[np.intp]:
    """Pairs of corners that a street may link, of those parts alone that lead to a main road."""
    found = []
    for land_id in sorted(set(corners["land_id"])):
        here = np.flatnonzero(corners["land_id"] == land_id)
        if len(here) > 3:
            xy = corners[["x", "y"]].to_numpy()[here]
            found.append(here[relative_neighbours(xy, gabriel_share=GABRIEL_SHARE, random=random)])
    pairs = np.concatenate(found)
    xy = corners[["x", "y"]].to_numpy()
    is_door = (corners["rank"] == 0).to_numpy()
    short = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) <= LONGEST_M
    pairs = pairs[short & ~is_door[pairs].all(axis=1)]
    lines = _lines(corners, pairs)
    pairs = pairs[_is_dry(lines, corners["land_id"].to_numpy()[pairs[:, 0]], land)]
    pairs = pairs[~_crosses_main(corners, pairs, skeleton)]
    n = len(corners)
    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    part = connected_components(graph, directed=False)[1]
    joined = np.isin(part, part[is_door])
    return np.asarray(pairs[joined[pairs[:, 0]]])


def _lines(corners: pd.DataFrame, pairs: NDArray[np.intp]) -> NDArray[np.object_]:
    lonlat = corners[["lon", "lat"]].to_numpy(float)
    return np.asarray(shapely.linestrings(lonlat[pairs]), dtype=object)


def _is_dry(lines: NDArray[np.object_], land_id: NDArray[np.object_], land: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    dry = np.zeros(len(lines), dtype=bool)
    for key, piece in land.geometry.items():
        mine = land_id == key
        shapely.prepare(piece)
        dry[mine] = shapely.contains_properly(piece, lines[mine])
    return dry


def _crosses_main(corners: pd.DataFrame, pairs: NDArray[np.intp], skeleton: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Whether a street meets a main road anywhere but at a joint that is its own end."""
    lines = _lines(corners, pairs)
    doors = corners[corners["edge_id"] != ""].rename_axis("node")
    named = doors.drop(columns="node").reset_index()[["node", "edge_id", "along_m", "lon", "lat"]]
    main = split_roads(skeleton, named.assign(node=named["node"].astype(str))).geometry.to_numpy()
    street, road = shapely.STRtree(main).query(lines, predicate="intersects")
    met = shapely.intersection(lines[street], main[road])
    is_door = (corners["rank"] == 0).to_numpy()
    tips = shapely.points(corners[["lon", "lat"]].to_numpy(float))
    own = np.zeros(len(met), dtype=bool)
    for end in (0, 1):
        corner = pairs[street, end]
        own |= is_door[corner] & shapely.equals(met, tips[corner])
    crosses = np.zeros(len(pairs), dtype=bool)
    crosses[street[~own]] = True
    return crosses


def _name_corners(corners: pd.DataFrame, links: NDArray[np.intp]) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Keep the corners in use, number them from north to south, and rewrite the links to the new order."""
    used = corners.loc[np.unique(links)].sort_values(["lat", "lon"], ascending=[False, True])
    place = pd.Series(np.arange(len(used)), index=used.index)
    links = np.sort(place.to_numpy()[place.index.get_indexer(links.ravel())].reshape(-1, 2), axis=1)
    number = [str(i) for i in range(10_001, 10_001 + len(used))]
    ids = np.where(used["node"] != "", used["node"], number)
    used = used.drop(columns="node").set_axis(pd.Index(ids, name="node"), axis=0)
    return used, links[np.lexsort((links[:, 1], links[:, 0]))]


def _street_rows(corners: pd.DataFrame, links: NDArray[np.intp]) -> gpd.GeoDataFrame:
    lines = _lines(corners, links)
    ids = corners.index.to_numpy()
    columns = {
        "u": ids[links[:, 0]],
        "v": ids[links[:, 1]],
        "road_class": "street",
        "name": "",
        "length_m": lengths_m(lines).round(1),
        "speed_kmh": STREET_KMH,
        "walk": True,
        "ebike": True,
        "drive": True,
        "oneway": False,
        "source": "synthetic",
    }
    index = pd.Index([f"T{i:05d}" for i in range(1, len(links) + 1)], name="edge_id")
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=lines, crs=WGS84)
