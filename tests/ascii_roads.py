"""Road maps drawn in the test that uses them, after the idea of Valhalla's gurka tests.

A picture says where things are and which cells are water; a mapping says which roads there are. Each character is a
square cell of `cell_m` metres, and the picture lies on the central meridian of the working projection, so that its
metres are exact::

    A----B~~~~C----D        letters and digits name places (road nodes and points alike)
       p  ~~~~             ~ is water, everything else is land

The lines between letters are for the reader's eye. Roads are named by the letters they run through: ``"AB"`` is
straight, ``"ApB"`` bends at p, and both may stand side by side as parallel edges.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xsgeo.crs import METRES, WGS84
from xsgeo.network import Network, build_network

_EAST_M, _NORTH_M = 500_000.0, 3_220_000.0
_ROAD = {"road_class": "street", "speed_kmh": 30.0, "walk": True, "ebike": True, "drive": True, "oneway": False}
_FERRY = {"crossing_min": 10.0, "wait_min": 5.0, "takes_cars": True, "stops_in_gale": True}

Spot = tuple[float, float]


@dataclass(frozen=True)
class RoadMap:
    """A map as frames: what `xsgeo.network.build_network` takes, and every named place."""

    roads: gpd.GeoDataFrame
    ferries: pd.DataFrame
    land: gpd.GeoDataFrame
    places: gpd.GeoDataFrame

    def network(self, **options: Any) -> Network:
        """Build the network of the map."""
        return build_network(self.roads, self.ferries, self.land, **options)

    def points(self, names: str, **columns: Any) -> gpd.GeoDataFrame:
        """Return the places with these one-letter names as points, with further columns if given."""
        return self.places.loc[list(names)].assign(**columns)


def draw(
    picture: str,
    roads: Mapping[str, Mapping[str, Any]],
    ferries: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    cell_m: float = 100.0,
) -> RoadMap:
    """Turn a picture into a road map.

    Examples
    --------
    >>> island = draw("A----B~~~~C", {"AB": {}}, {"BC": {}})
    >>> island.roads.loc["AB", "length_m"], len(island.land), island.ferries.index.tolist()
    (np.float64(500.0), 2, ['BC'])
    """
    rows = textwrap.dedent(picture).strip("\n").split("\n")
    width = max(map(len, rows))
    places: dict[str, Spot] = {}
    cells = []
    for i, row in enumerate(rows):
        for j, character in enumerate(row.ljust(width)):
            if character != "~":
                cells.append(shapely.box(j * cell_m, -(i + 1) * cell_m, (j + 1) * cell_m, -i * cell_m))
            if character.isalnum():
                places[character] = ((j + 0.5) * cell_m, -(i + 0.5) * cell_m)
    land = shapely.get_parts(shapely.union_all(cells))
    return lay_out(places, roads, ferries or {}, list(land))


def lay_out(
    places: Mapping[str, Spot],
    roads: Mapping[str, Mapping[str, Any]],
    ferries: Mapping[str, Mapping[str, Any]],
    land: list[shapely.Polygon],
) -> RoadMap:
    """Make a road map of places and land in metres from the corner of the map.

    A road or ferry is named by the places it runs through; an id of its own may be given as ``id`` in its mapping.
    """
    edges = []
    for name, given in roads.items():
        via = given.get("via", tuple(name))
        line = shapely.LineString([places[letter] for letter in via])
        edge = {"edge_id": name, "u": via[0], "v": via[-1], "length_m": line.length, **_ROAD, "geometry": line, **given}
        edges.append({key: value for key, value in edge.items() if key != "via"})
    crossings = [{"ferry_id": name, "from_node": name[0], "to_node": name[-1], **_FERRY, **given}
                 for name, given in ferries.items()]  # fmt: skip
    columns = ["ferry_id", "from_node", "to_node", *_FERRY]
    return RoadMap(
        roads=_to_degrees(pd.DataFrame(edges).set_index("edge_id")),
        ferries=pd.DataFrame(crossings, columns=columns).set_index("ferry_id"),
        land=_to_degrees(pd.DataFrame({"geometry": land}, index=[f"L{i}" for i in range(len(land))])),
        places=_to_degrees(pd.DataFrame({"geometry": list(map(shapely.Point, places.values()))}, index=list(places))),
    )


def _to_degrees(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = shapely.transform(np.asarray(frame["geometry"], dtype=object), lambda xy: np.add(xy, (_EAST_M, _NORTH_M)))
    return gpd.GeoDataFrame(frame.assign(geometry=shapes), geometry="geometry", crs=METRES).to_crs(WGS84)
