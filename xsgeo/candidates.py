"""Lay out what could be done, and where: rooms that could open longer or be shared, buildings, and new ground.

The exact plan of `xsgeo.plan` can only choose among what it is shown, so this module decides what a planner would even
consider. In the order of what they cost: a room that is there already and only has to open longer (``open_longer``),
let others in as well (``share``) or be given what it lacks (``equip``); a public building that could be made into one
(``convert``); an idle shop (``rent``); and new ground (``build``).

A room's action is named after what stands in its own way, not after the neighbours' complaint: a room open to every
worker can only open longer; one that is not has to be shared first, whatever its hours; one that helps nobody for want
of what the standard or a cluster asks for has to be equipped, and opens longer and to all with that. (A room that helps
some as it is, by longer hours or to all, is not offered to be equipped for the others.) A room counts once
however many plaques hang on its door, and only if opening it would serve somebody who is not served today.

New ground is laid where the unserved are: at the medoid of each gap, then at the densest places that remain, none
within `spacing_m` of another. It is always a place where some group already is, so it lies in a town and no geometry is
invented; places in the water of a coarse coastline, too far from a street to walk to, or where a room in use or an
asset stands already, are passed over: nobody builds beside a door that could be opened. An unserved group in no gap, or
in a small one, draws no ground of its own, but counts for any site near it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import Sailings, admits_everyone, cheapest_opening, usable_slots, would_serve
from xsgeo.crs import WGS84, project, to_metres
from xsgeo.gaps import UNSERVED
from xsgeo.settings import SitingRules, Standard

if TYPE_CHECKING:
    import geopandas as gpd

ACTIONS = ("open_longer", "share", "equip", "convert", "rent", "build")
"""What can be done at a site, the cheaper first."""

_RENTED = ("idle_shop",)
_COLUMNS = (
    "action",
    "refers_to",
    "name",
    "town_id",
    "gap_id",
    "open_hours",
    "available_hours",
    "lon",
    "lat",
    "accuracy_m",
)


def candidate_sites(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    labels: pd.Series,
    gaps: pd.DataFrame,
    *,
    venues: pd.DataFrame,
    assets: pd.DataFrame,
    minutes: pd.DataFrame,
    roads: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    standard: Standard,
    rules: SitingRules,
    needs: pd.DataFrame | None = None,
    sailings: Sailings | None = None,
    snap_limit_m: float = 500.0,
    spacing_m: float = 300.0,
    beside_m: float = 50.0,
    max_new: int = 400,
) -> gpd.GeoDataFrame:
    """Lay out every site that a plan may choose from.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``town_id``, ``lon``, ``lat``, ``free_hours`` and those that
        `xsgeo.access.admits` reads.
    groups
        What `xsgeo.access.coverage` said of them.
    labels, gaps
        What `xsgeo.gaps.find_gaps` made of them.
    venues
        Plaques, index ``venue_id``; those of one ``room_id`` are one room.
    assets
        Buildings that could become one, index ``asset_id``; columns ``kind``, ``name``, ``town_id``, ``lon``, ``lat``
        and ``available_hours``.
    minutes
        Long table of minutes from groups to venues, as in `xsgeo.access.coverage`.
    roads
        Edges with a bool column ``walk``; only where one may walk does a site have a street.
    land
        Polygons a new site must stand on.
    standard
        Cut-off by mode, hours a week and month.
    rules
        Proposed opening hours, and the fewest workers of a gap that draws a site of its own.
    needs, sailings
        What clusters ask of a room, and when ferries serve, as in `xsgeo.access.coverage`.
    snap_limit_m
        Longest way from a new site to a street, metres.
    spacing_m
        Least distance between two new sites, metres.
    beside_m
        Least distance from a new site to a room in use or an asset, metres.
    max_new
        Most new sites; the densest are kept.

    Returns
    -------
    geopandas.GeoDataFrame
        Points (EPSG:4326), index ``site_id``, sorted: ``action`` (one of `ACTIONS`), ``refers_to`` (venue or asset id,
        empty for new ground), ``name`` (empty for new ground), ``town_id``, ``gap_id`` (new ground only),
        ``open_hours`` (kept today), ``available_hours`` (beyond which it cannot be had), ``lon``, ``lat``,
        ``accuracy_m``.

    Examples
    --------
    >>> from xsgeo.access import coverage
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.gaps import find_gaps
    >>> toy, standard = toy_county(), Standard()
    >>> table = pd.DataFrame({"group_id": ["g1"], "venue_id": ["V1"], "minutes": [10.0]})
    >>> known = pd.Series(toy.workers.index != "g7", index=toy.workers.index)
    >>> groups = coverage(toy.workers, toy.venues, table, located=known, standard=standard)
    >>> nobody = pd.DataFrame({"group_id": [], "neighbour_id": [], "minutes": []})
    >>> labels, gaps = find_gaps(toy.workers, groups, nobody, min_workers=100)
    >>> sites = candidate_sites(
    ...     toy.workers, groups, labels, gaps, venues=toy.venues, assets=toy.assets, minutes=table,
    ...     roads=toy.roads, land=toy.land, standard=standard, rules=SitingRules(),
    ... )
    >>> sites["action"].to_dict()
    {'build:g1': 'build', 'convert:S1': 'convert', 'open_longer:V1': 'open_longer'}
    """
    import geopandas as gpd

    asked: _Asked = {"standard": standard, "needs": needs, "sailings": sailings}
    gains = cheapest_opening(workers, venues, minutes, groups, open_hours=rules.open_hours, **asked)
    lacking = venues[((gains["n_workers_gained"] == 0) & (venues["status"] == "open")).to_numpy()]
    served = _if_equipped(workers, venues, lacking, minutes, groups, open_hours=rules.open_hours, **asked)
    rooms = _rooms(venues, gains["n_workers_gained"], served.reindex(venues.index, fill_value=0))
    ground = _ground(workers, groups, labels, gaps, min_workers=rules.min_gap_workers)
    taken = pd.concat([venues.loc[(venues["status"] == "open").to_numpy(), ["lon", "lat"]], assets[["lon", "lat"]]])
    standing = _on_land(ground, land) & _near_a_street(ground, roads, snap_limit_m) & ~_beside(ground, taken, beside_m)
    new = _spread(ground[standing], spacing_m).head(max_new)
    sites = pd.concat([rooms, _buildings(assets), new])[list(_COLUMNS)].sort_index()
    sites.index.name = "site_id"
    return gpd.GeoDataFrame(sites, geometry=gpd.points_from_xy(sites["lon"], sites["lat"]), crs=WGS84)


class _Asked(TypedDict):
    standard: Standard
    needs: pd.DataFrame | None
    sailings: Sailings | None


def _if_equipped(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    lacking: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    open_hours: str,
    standard: Standard,
    needs: pd.DataFrame | None,
    sailings: Sailings | None,
) -> pd.Series:
    """Workers whom each of some rooms would serve if it had all that is asked for, and opened longer and to all."""
    limits = _texts(lacking, "shareable_hours")["shareable_hours"].mask(admits_everyone(lacking), "")
    pairs = would_serve(
        workers,
        groups,
        lacking.assign(available_hours=limits).rename_axis("site_id"),
        minutes.rename(columns={"venue_id": "site_id"}),
        usable=usable_slots(workers, venues, minutes, standard=standard, needs=needs, sailings=sailings),
        open_hours=open_hours,
        standard=standard,
        sailings=sailings,
    )
    n = workers["n_workers"].reindex(pairs["group_id"]).to_numpy()
    return pairs.assign(n=n).groupby("site_id")["n"].sum()


def _rooms(venues: pd.DataFrame, n_gained: pd.Series, n_if_equipped: pd.Series) -> pd.DataFrame:
    """Rooms that would gain workers if they opened longer or to all, or were equipped as well, one row each."""
    shut = ~admits_everyone(venues)
    lacks = (n_gained == 0) & (n_if_equipped > 0)
    rooms = _texts(venues, "name", "town_id", "open_hours", "shareable_hours", "room_id").assign(
        action=np.where(lacks, "equip", np.where(shut, "share", "open_longer")),
        lacks=lacks,
        shut=shut,
        gain=n_gained.where(~lacks, n_if_equipped),
        refers_to=venues.index.astype(str),
        gap_id="",
    )
    rooms["available_hours"] = rooms["shareable_hours"].where(shut, "")
    rooms["room"] = ("room " + rooms["room_id"]).where(rooms["room_id"] != "", "plaque " + rooms["refers_to"])
    # The plaque that lacks nothing and needs no agreement speaks for the room; then the one that gains most.
    order = ["lacks", "shut", "gain", "refers_to"]
    rooms = rooms[rooms["gain"] > 0].sort_values(order, ascending=[True, True, False, True])
    return _named(rooms.drop_duplicates("room"))


def _buildings(assets: pd.DataFrame) -> pd.DataFrame:
    action = np.where(assets["kind"].isin(_RENTED), "rent", "convert")
    buildings = _texts(assets, "name", "town_id", "available_hours")
    return _named(buildings.assign(action=action, refers_to=assets.index.astype(str), gap_id="", open_hours=""))


def _ground(
    workers: pd.DataFrame, groups: pd.DataFrame, labels: pd.Series, gaps: pd.DataFrame, *, min_workers: int
) -> pd.DataFrame:
    """Places of unserved groups in gaps large enough, one row a place, named after its least group.

    ``n_workers`` counts all the unserved there; ``rank`` is the place of its gap where it is the gap's medoid; ``x_m``
    and ``y_m`` are its metres.
    """
    unserved = workers.loc[groups["reason"].reindex(workers.index).isin(UNSERVED)].sort_index()
    large = gaps.index[gaps["n_workers"] >= min_workers]
    rank = pd.Series(np.arange(len(large)), index=gaps.loc[large, "medoid_id"], dtype=np.float64)
    ground = _texts(unserved, "town_id").assign(
        gap_id=labels.reindex(unserved.index).fillna(""),
        group_id=unserved.index,
        n_workers=unserved["n_workers"],
        rank=rank.reindex(unserved.index),
        action="build",
        refers_to="",
        name="",
        open_hours="",
        available_hours="",
    )
    spot = ground.groupby(["lon", "lat"], sort=False)
    ground["n_workers"] = spot["n_workers"].transform("sum")
    ground["rank"] = spot["rank"].transform("min").fillna(np.inf)
    ground = ground[ground["gap_id"].isin(large)].drop_duplicates(["lon", "lat"])
    x, y = project(ground["lon"].to_numpy(np.float64), ground["lat"].to_numpy(np.float64))
    return ground.assign(x_m=x, y_m=y)


def _on_land(points: pd.DataFrame, land: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    import shapely

    tree = shapely.STRtree(shapely.points(points[["lon", "lat"]].to_numpy(np.float64)))
    _, dry = tree.query(land.geometry.to_numpy(), predicate="covers")
    return np.isin(np.arange(len(points)), dry)


def _near_a_street(points: pd.DataFrame, roads: gpd.GeoDataFrame, limit_m: float) -> NDArray[np.bool_]:
    import shapely

    streets = to_metres(roads[roads["walk"].astype(bool)]).geometry.to_numpy()
    at = shapely.points(points[["x_m", "y_m"]].to_numpy(np.float64))
    near, _ = shapely.STRtree(streets).query_nearest(at, max_distance=limit_m, all_matches=False)
    return np.isin(np.arange(len(points)), near)


def _beside(points: pd.DataFrame, doors: pd.DataFrame, limit_m: float) -> NDArray[np.bool_]:
    from scipy.spatial import cKDTree

    if doors.empty:
        return np.zeros(len(points), dtype=bool)
    x, y = project(doors["lon"].to_numpy(np.float64), doors["lat"].to_numpy(np.float64))
    away, _ = cKDTree(np.column_stack([x, y])).query(points[["x_m", "y_m"]].to_numpy(np.float64))
    return np.asarray(away < limit_m)


def _spread(ground: pd.DataFrame, spacing_m: float) -> pd.DataFrame:
    """The gaps' medoids, then the densest places, each further than `spacing_m` from those before it."""
    from scipy.spatial import cKDTree

    if ground.empty:
        return _named(ground)
    at_m = ground[["x_m", "y_m"]].to_numpy(np.float64)
    beside = cKDTree(at_m).query_ball_point(at_m, spacing_m)
    n_workers = ground["n_workers"].to_numpy()
    dense = np.array([n_workers[near].sum() for near in beside])
    order = np.lexsort((np.arange(len(ground)), -dense, ground["rank"].to_numpy()))
    taken: list[int] = []
    blocked = np.zeros(len(ground), dtype=bool)
    for here in order:
        if not blocked[here]:
            taken.append(int(here))
            blocked[beside[here]] = True
    return _named(ground.iloc[taken])


def _texts(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Position and the named text columns, blanks as empty text."""
    out = pd.DataFrame({name: frame[name] for name in ("lon", "lat")}, index=frame.index)
    out["accuracy_m"] = frame["accuracy_m"].astype(float) if "accuracy_m" in frame else np.nan
    for name in columns:
        out[name] = frame[name].astype(object).where(frame[name].notna(), "") if name in frame else ""
    return out


def _named(sites: pd.DataFrame) -> pd.DataFrame:
    """Give each site its id: the action, and the row it was made of."""
    source = sites["refers_to"].where(sites["action"] != "build", sites.index.astype(str))
    return sites.set_axis(pd.Index((sites["action"] + ":" + source).astype(object), name="site_id"))
