"""Where the demonstration county's streets are: built-up seats, estates, resorts, named villages, invented hamlets.

Seats, estates, resorts and named villages stand where the facts put them. No village coordinates were found, so
hamlets are invented: they have no name at all, lest a real village be put in a wrong place, and they lie where
people of a hilly county live, near a road or near the shore, never two within sight of one another.

A seat's radius grows with the root of its population, which keeps its density constant. A hamlet belongs to the
nearest seat on its own island; nearest-seat areas put about three quarters of the land into the right town, so they
decide nothing but where invented people live.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from xsgeo.crs import project

SEAT_RADIUS_M = 190.0
"""Radius of a seat of a thousand residents; 丹城 and 石浦 come out about 2 km wide, as their built-up areas are."""

BIG_TOWN_RESIDENTS = 40_000
"""From this many residents on, people in the seat of a town usually walk, as those of subdistricts do."""

N_HAMLETS = 326
HAMLET_GAP_M = 620.0

_SITES: tuple[tuple[str, str, str, float, float], ...] = (
    ("K01", "park", "贤庠镇", 1200.0, 200.0),
    ("K02", "park", "西周镇", 1100.0, 190.0),
    ("K03", "park", "爵溪街道", 800.0, 160.0),
    ("K04", "park", "丹西街道", 1300.0, 190.0),
    ("K05", "park", "鹤浦镇", 700.0, 170.0),
    ("K06", "park", "新桥镇", 900.0, 170.0),
    ("K07", "park", "定塘镇", 600.0, 160.0),
    ("S01", "resort", "丹东街道", 450.0, 110.0),
    ("S02", "resort", "石浦镇", 400.0, 90.0),
    ("S03", "resort", "石浦镇", 400.0, 110.0),
    ("S04", "resort", "石浦镇", 450.0, 110.0),
    ("S05", "resort", "高塘岛乡", 300.0, 90.0),
    ("S07", "village", "泗洲头镇", 300.0, 75.0),
    ("J_CG", "village", "石浦镇", 800.0, 105.0),
    ("J_DMW", "village", "丹东街道", 900.0, 130.0),
    ("J_DM", "village", "东陈乡", 320.0, 80.0),
    ("J_HK", "village", "大徐镇", 300.0, 80.0),
    ("J_XZE", "village", "贤庠镇", 300.0, 80.0),
    ("J_DMD", "village", "石浦镇", 420.0, 75.0),
)
"""Named places of the facts that have streets: id, kind, town, radius and distance between streets in metres."""


def settlements(
    towns: pd.DataFrame,
    points: pd.DataFrame,
    ground: gpd.GeoSeries,
    access: pd.DataFrame,
    *,
    random: np.random.RandomState,
) -> pd.DataFrame:
    """Return every place that has streets.

    Parameters
    ----------
    towns
        Index town_id, with name, lon, lat, population and is_urban.
    points
        Named points of the facts: index id, with lon and lat.
    ground
        Pieces of land in EPSG:4550, index land_id, drawn in a little so that streets keep off the shore.
    access
        Places where a street may join a main road: columns x, y (metres) and land_id.
    random
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        Index settlement_id, ordered seats, parks, resorts, villages, hamlets; columns kind, town_id, land_id, x, y,
        radius_m, spacing_m (between neighbouring streets) and is_walkable (whether its people usually walk).
    """
    seats = _seats(towns)
    named = _named(towns, points)
    fixed = pd.concat([seats, named.sort_values("kind", kind="stable")])
    fixed["land_id"] = land_of(fixed["x"].to_numpy(), fixed["y"].to_numpy(), ground)
    fixed = fixed[fixed["land_id"] != ""]
    hamlets = _hamlets(ground, access, fixed, random=random)
    hamlets["town_id"] = nearest_seat(hamlets, fixed[fixed["kind"] == "seat"])
    return pd.concat([fixed, hamlets])


def _seats(towns: pd.DataFrame) -> pd.DataFrame:
    x, y = project(towns["lon"].to_numpy(float), towns["lat"].to_numpy(float))
    radius_m = SEAT_RADIUS_M * np.sqrt(towns["population"].to_numpy(float) / 1000)
    return pd.DataFrame(
        {
            "kind": "seat",
            "town_id": towns.index,
            "x": x,
            "y": y,
            "radius_m": radius_m,
            "spacing_m": np.interp(radius_m, [400.0, 2000.0], [85.0, 125.0]),
            "is_walkable": (towns["is_urban"] | (towns["population"] >= BIG_TOWN_RESIDENTS)).to_numpy(bool),
        },
        index=pd.Index(towns.index, name="settlement_id"),
    )


def _named(towns: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame(_SITES, columns=["settlement_id", "kind", "town", "radius_m", "spacing_m"])
    frame = frame.set_index("settlement_id")
    at = points.loc[frame.index]
    frame["x"], frame["y"] = project(at["lon"].to_numpy(float), at["lat"].to_numpy(float))
    ids = pd.Series(towns.index, index=towns["name"])
    return frame.assign(town_id=frame.pop("town").map(ids), is_walkable=False)


def land_of(x: NDArray[np.float64], y: NDArray[np.float64], ground: gpd.GeoSeries) -> NDArray[np.object_]:
    """Id of the piece of land under each point, or empty text for one in the water.

    Examples
    --------
    >>> ground = gpd.GeoSeries([shapely.box(0, 0, 9, 9)], index=["L01"])
    >>> land_of(np.array([5.0, 20.0]), np.array([5.0, 5.0]), ground).tolist()
    ['L01', '']
    """
    found = np.full(len(x), "", dtype=object)
    for land_id, piece in ground.items():
        shapely.prepare(piece)
        found[shapely.contains_xy(piece, x, y)] = land_id
    return found


def nearest_seat(places: pd.DataFrame, seats: pd.DataFrame) -> NDArray[np.object_]:
    """Town of each place: that of the nearest seat on its own piece of land, or anywhere when there is none.

    Parameters
    ----------
    places, seats
        Columns x, y (metres) and land_id; seats also town_id.

    Examples
    --------
    >>> seats = pd.DataFrame({"x": [0.0, 50.0], "y": 0.0, "land_id": ["L1", "L2"], "town_id": ["T1", "T2"]})
    >>> places = pd.DataFrame({"x": [40.0, 40.0, 40.0], "y": 0.0, "land_id": ["L1", "L2", "L3"]})
    >>> nearest_seat(places, seats).tolist()
    ['T1', 'T2', 'T2']
    """
    away = np.hypot(
        places["x"].to_numpy()[:, None] - seats["x"].to_numpy(), places["y"].to_numpy()[:, None] - seats["y"].to_numpy()
    )
    other = places["land_id"].to_numpy()[:, None] != seats["land_id"].to_numpy()
    # 1000 km is farther than anything here: another island comes after every seat of one's own.
    return np.asarray(seats["town_id"].to_numpy()[np.argmin(away + 1e6 * other, axis=1)])


def _hamlets(
    ground: gpd.GeoSeries, access: pd.DataFrame, fixed: pd.DataFrame, *, random: np.random.RandomState
) -> pd.DataFrame:
    """Invented hamlets, near roads and shores, clear of the other settlements."""
    inhabited = ground[ground.index.isin(access["land_id"])]
    x, y, land_id = _likely_places(inhabited, access, random=random)
    taken = cKDTree(fixed[["x", "y"]].to_numpy())
    away, which = taken.query(np.column_stack([x, y]))
    clear = away > 0.8 * fixed["radius_m"].to_numpy()[which] + 250
    x, y, land_id = x[clear], y[clear], land_id[clear]
    chosen = far_apart(np.column_stack([x, y]), HAMLET_GAP_M)[:N_HAMLETS]
    n = len(chosen)
    return pd.DataFrame(
        {
            "kind": "hamlet",
            "x": x[chosen],
            "y": y[chosen],
            "land_id": land_id[chosen],
            "radius_m": 130 + 190 * random.random_sample(n) ** 1.5,
            "spacing_m": 60 + 20 * random.random_sample(n),
            "is_walkable": False,
        },
        index=pd.Index([f"hamlet {i:03d}" for i in range(1, n + 1)], name="settlement_id"),
    )


def _likely_places(
    ground: gpd.GeoSeries, access: pd.DataFrame, *, random: np.random.RandomState
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    """Points of each inhabited piece of land in chance order, kept with a chance that falls with the way to a road."""
    found: list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]] = []
    for land_id, piece in ground.items():
        west, south, east, north = piece.bounds
        n = int((east - west) * (north - south) / 40_000)
        x, y = west + (east - west) * random.random_sample(n), south + (north - south) * random.random_sample(n)
        chance = random.random_sample(n)
        shapely.prepare(piece)
        inside = shapely.contains_xy(piece, x, y)
        x, y, chance = x[inside], y[inside], chance[inside]
        doors = access.loc[access["land_id"] == land_id, ["x", "y"]].to_numpy()
        road_m = cKDTree(doors).query(np.column_stack([x, y]))[0]
        shore = shapely.get_coordinates(shapely.segmentize(piece.boundary, 40.0))
        shore_m = cKDTree(shore).query(np.column_stack([x, y]))[0]
        likely = 0.5 * np.exp(-road_m / 700) + 0.25 * np.exp(-shore_m / 300 - road_m / 2500) + 0.008
        kept = (chance < likely) & (shore_m > 120)
        found.append((x[kept], y[kept], np.full(int(kept.sum()), land_id, dtype=object)))
    x, y, land = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = random.permutation(len(x))
    return x[order], y[order], land[order]


def far_apart(xy: NDArray[np.float64], gap_m: float) -> NDArray[np.intp]:
    """Positions of the points that are kept when each must lie at least a gap from every point kept before it.

    Parameters
    ----------
    xy
        Points, metres, most wanted first.
    gap_m
        Least distance between two kept points.

    Examples
    --------
    >>> far_apart(np.array([[0.0, 0.0], [3.0, 0.0], [6.0, 0.0]]), 5.0).tolist()
    [0, 2]
    """
    kept = np.ones(len(xy), dtype=bool)
    pairs = cKDTree(xy).query_pairs(gap_m * (1 - 1e-9), output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    for first, second in pairs:
        if kept[first]:
            kept[second] = False
    return np.flatnonzero(kept)
