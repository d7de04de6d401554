"""Where things are: points on land and in the county, roads whose ends meet, ferries that land somewhere.

A road cannot be shorter than the straight line between its ends, and a node cannot be in two places. A timetable that
contradicts itself is named here too, beside the ferry it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from xsgeo import timetables
from xsgeo.checked import Checked
from xsgeo.crs import WGS84, project, to_metres
from xsgeo.errors import Fault
from xsgeo.validation.parsing import degrees_text

if TYPE_CHECKING:
    import geopandas as gpd

SHORE_TOLERANCE_M = 100.0
"""A quay or a sea wall may lie this far outside a coastline drawn on a 25 m grid."""

SHORTEST_SHARE = 0.98
"""A road cannot be shorter than the straight line between its ends, give or take the projection, as in `network`."""

NODE_SPREAD_M = 10.0
"""Ends of edges at one node may lie this far apart, as `xsgeo.network` allows too."""


def check_places(tables: Mapping[str, Checked], land: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame) -> list[Fault]:
    """Points in the sea or outside the county.

    Parameters
    ----------
    tables
        Checked tables by name; those with points are looked at.
    land, boundary
        Land and limit of the county, EPSG:4326.

    Notes
    -----
    A point may lie as far from land as its own stated accuracy, and always 100 m: the coastline is drawn on a 25 m grid
    and quays stand in the water.
    """
    import geopandas as gpd

    ground = shapely.union_all(to_metres(land).geometry.array)
    limit = shapely.union_all(boundary.geometry.array)
    shapely.prepare(ground)
    shapely.prepare(limit)
    faults = []
    for checked in tables.values():
        if checked.table.shape != "point":
            continue
        frame = checked.frame[checked.frame[["lon", "lat"]].notna().all(axis=1)]
        degrees = shapely.points(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float))
        metres = gpd.GeoSeries(degrees, index=frame.index, crs=WGS84).pipe(lambda s: to_metres(s.to_frame("geometry")))
        allowed = np.maximum(frame["accuracy_m"].fillna(0).to_numpy(float), SHORE_TOLERANCE_M)
        inside = shapely.intersects(limit, degrees)
        # Swapped coordinates project to infinity: they are outside already, and distance would be NaN.
        spots = np.where(inside, metres.geometry.array, None)
        wrong = ~inside | ~shapely.dwithin(ground, spots, allowed)
        away = np.full(len(frame), np.inf)
        away[wrong] = shapely.distance(ground, spots[wrong])
        for row, ok, distance in zip(frame.index[wrong], inside[wrong], away[wrong], strict=True):
            shown = f"{degrees_text(frame.at[row, 'lon'])}, {degrees_text(frame.at[row, 'lat'])}"
            if ok:
                faults.append(checked.fault(row, "lon", shown, "in_the_sea", distance=f"{distance:.0f}"))
            else:
                faults.append(checked.fault(row, "lon", shown, "outside_county"))
    return faults


def check_sailings(ferries: Checked) -> list[Fault]:
    """Timetables that contradict themselves, crossings of no time, and boats nobody knows how long to wait for.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> from xsgeo.schemas import TABLES
    >>> boat = {"crossing_min": 20.0, "headway_min": float("nan"), "wait_min": float("nan")}
    >>> raw = RawTable("ferries.csv", pd.DataFrame())
    >>> ferries = Checked(raw, TABLES["ferries"], pd.DataFrame(boat, [2]), {}, (), 0)
    >>> [fault.code for fault in check_sailings(ferries)]
    ['no_wait']
    """
    faults = []
    shown = {(f.row, f.column) for f in ferries.faults}
    for row, ferry in ferries.frame.to_dict("index").items():
        for column, code, details in timetables.problems(ferry):
            # A cell that could not be read, or is outside its bounds, has been named already.
            if (row, ferries.headers.get(column, column)) not in shown:
                value = ferry.get(column)
                faults.append(ferries.fault(row, column, "" if pd.isna(value) else value, code, **details))
    return faults


def check_nodes(roads: Checked, ferries: Checked) -> list[Fault]:
    """Nodes in two places, roads shorter than a straight line, ferries that land nowhere, and impossible timetables."""
    frame = roads.frame[roads.frame["geometry"].notna()]
    lines = frame["geometry"].to_numpy()
    parts = []
    for column, which in (("u", 0), ("v", -1)):
        ends = shapely.get_point(lines, which)
        x, y = project(shapely.get_x(ends), shapely.get_y(ends))
        parts.append(
            pd.DataFrame({"row": frame.index, "column": column, "node": frame[column].to_numpy(), "x": x, "y": y})
        )
    ends = pd.concat(parts)
    # The place where most edges put a node is where it is; among equals the first in the file.
    votes = ends.groupby(["node", "x", "y"], sort=False).size().reset_index(name="n")
    home = votes.sort_values("n", ascending=False, kind="stable").drop_duplicates("node").set_index("node")
    apart_m = np.hypot(*(ends[c].to_numpy() - home.loc[ends["node"], c].to_numpy() for c in ("x", "y")))
    gaps = ends[apart_m > NODE_SPREAD_M]
    faults = [roads.fault(r.row, r.column, r.node, "shape_gap") for r in gaps.itertuples()]
    start, end = parts
    chord_m = np.hypot(start["x"] - end["x"], start["y"] - end["y"]).to_numpy()
    length_m = frame["length_m"].to_numpy(float)
    for row in frame.index[length_m < SHORTEST_SHARE * chord_m]:
        shown = f"{frame.at[row, 'length_m']:g}"
        faults.append(
            roads.fault(row, "length_m", shown, "short_road", chord=f"{chord_m[frame.index.get_loc(row)]:.0f}")
        )
    same = ferries.frame.index[ferries.frame["from_node"] == ferries.frame["to_node"]]
    faults += [ferries.fault(r, "to_node", ferries.frame.at[r, "to_node"], "same_landing") for r in same]
    for column in ("from_node", "to_node"):
        values = ferries.frame[column]
        faults += [ferries.fault(r, column, v, "unknown_node") for r, v in values[~values.isin(home.index)].items()]
    return faults + check_sailings(ferries)
