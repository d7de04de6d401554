"""Which piece of land a road or a point belongs to, so that no straight line ever crosses a strait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from xsgeo.crs import to_metres
from xsgeo.errors import NetworkError
from xsgeo.network.model import Ints, Network, Objects

if TYPE_CHECKING:
    import geopandas as gpd

QUAY_M = 100.0
"""A point this far off land still belongs to the nearest piece: quays are newer than coastlines."""

OFF_LAND_ROAD_M = 500.0
"""A road that touches no land belongs to the nearest piece within this distance, else to none."""


def pieces_of_land(land: gpd.GeoDataFrame) -> tuple[Objects, Ints]:
    """Polygons in metres and the number of the piece each belongs to; polygons that touch are one piece.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> polygons, pieces = pieces_of_land(toy_county().land)
    >>> len(polygons), pieces.tolist()
    (2, [0, 1])
    """
    polygons = shapely.get_parts(objects(to_metres(land[[land.geometry.name]]).geometry.array))
    if not len(polygons):
        msg = "there is no land: without it a point could be joined to a road across water"
        raise NetworkError(msg)
    invalid = ~shapely.is_valid(polygons)
    if invalid.any():
        msg = f"{int(invalid.sum())} polygons of the land are invalid: {shapely.is_valid_reason(polygons[invalid][0])}"
        raise NetworkError(msg)
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    touching = csr_array((np.ones(len(one)), (one, other)), shape=(len(polygons), len(polygons)))
    _, pieces = connected_components(touching, directed=False)
    return polygons, pieces.astype(np.intp)


def stretches(lines: Objects, polygons: Objects, pieces: Ints) -> tuple[Objects, Ints, Ints]:
    """What may be snapped to from each piece of land: lines, their edges, the pieces; in the order of the edges."""
    tree = shapely.STRtree(lines)
    # Asked this way round, each polygon is prepared once for all the lines.
    polygon, edge = tree.query(polygons, predicate="intersects")
    touches = pd.DataFrame({"edge": edge, "piece": pieces[polygon], "polygon": polygon})
    belongs = touches[["edge", "piece"]].drop_duplicates()
    n_pieces = np.bincount(belongs["edge"], minlength=len(lines))
    whole = belongs[(n_pieces == 1)[belongs["edge"]]]
    bridges = touches[(n_pieces > 1)[touches["edge"]]]
    on_land = shapely.intersection(lines[bridges["edge"]], polygons[bridges["polygon"]])
    parts, row = shapely.get_parts(on_land, return_index=True)
    proper = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, cut = parts[proper], bridges.iloc[row[proper]]
    off_land = np.flatnonzero(n_pieces == 0)
    (offshore, shore) = shapely.STRtree(polygons).query_nearest(
        lines[off_land], max_distance=OFF_LAND_ROAD_M, all_matches=False
    )
    stretch = np.concatenate([lines[whole["edge"]], parts, lines[off_land[offshore]]])
    edges = np.concatenate([whole["edge"], cut["edge"], off_land[offshore]]).astype(np.intp)
    owner = np.concatenate([whole["piece"], cut["piece"], pieces[shore]]).astype(np.intp)
    order = np.lexsort((owner, edges))
    return stretch[order], edges[order], owner[order]


def own_piece(places: Objects, network: Network) -> Ints:
    """Number of the piece of land each point stands on, or lies within `QUAY_M` of; -1 at sea."""
    piece = np.full(len(places), -1, dtype=np.intp)
    if not len(places):
        return piece
    polygon, row = shapely.STRtree(places).query(network.land_polygons, predicate="intersects")
    piece[row] = network.land_pieces[polygon]
    at_sea = np.flatnonzero(piece < 0)
    row, polygon = shapely.STRtree(network.land_polygons).query_nearest(
        places[at_sea], max_distance=QUAY_M, all_matches=False
    )
    piece[at_sea[row]] = network.land_pieces[polygon]
    return piece


def objects(values: Any) -> Objects:
    """Anything as an array of objects.

    Examples
    --------
    >>> objects([None, "a"]).dtype
    dtype('O')
    """
    return np.asarray(values, dtype=object)
