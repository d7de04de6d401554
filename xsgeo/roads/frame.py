"""A table of roads in whatever state it is in, as flat arrays that the checks share.

The checks look at tables that may lack lengths, lines or nodes, so nothing is refused here: what is missing becomes
NaN, an empty id or an empty line, and it is the checks that say so. Rows are put in the order of their ids, so that of
two faulty edges the same one is named whatever the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo.crs import WGS84, lengths_m, to_metres
from xsgeo.settings import ROAD_MODES

if TYPE_CHECKING:
    import geopandas as gpd

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Objects = NDArray[np.object_]
Found = list[tuple[str, str, dict[str, Any]]]
"""Faults: id of the edge, code, figures."""


@dataclass(frozen=True, eq=False)
class RoadArrays:
    """Roads in the order of their ids.

    Attributes
    ----------
    ids
        Edge ids.
    nodes, ends
        Node ids in order, and the positions in it of each edge's u and v (n, 2); -1 where blank.
    lines, is_drawn
        Lines in metres (EPSG:4550), and whether there is one; an empty line where there is none.
    length_m, drawn_m, chord_m
        Stated length, geodesic length of the line and of the straight line between its ends; NaN where there is none.
    rise_m
        Height of v above u; NaN where it is not known.
    speed_kmh
        Speed of cars.
    flags, is_oneway
        Who may use it (n, 3), and whether only from u to v.
    road_class, source
        Class, and where the line comes from.
    """

    ids: Objects
    nodes: Objects
    ends: Ints
    lines: Objects
    is_drawn: Flags
    length_m: Floats
    drawn_m: Floats
    chord_m: Floats
    rise_m: Floats
    speed_kmh: Floats
    flags: Flags
    is_oneway: Flags
    road_class: Objects
    source: Objects


def arrays_of(roads: gpd.GeoDataFrame) -> RoadArrays:
    """Lay a table of roads out as arrays.

    Parameters
    ----------
    roads
        As for `xsgeo.roads.check.check_roads`.

    Raises
    ------
    ValueError
        When the frame has no CRS.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> table = arrays_of(toy_county().roads)
    >>> table.ids.tolist(), table.nodes[table.ends[0]].tolist()
    (['AB', 'BC', 'CD', 'EF'], ['A', 'B'])
    """
    roads = roads.set_axis(roads.index.astype(str)).sort_index(kind="stable")
    metres = np.asarray(to_metres(roads[[roads.geometry.name]]).geometry, dtype=object)
    degrees = np.asarray(roads.geometry.to_crs(WGS84), dtype=object)
    is_line = shapely.get_type_id(metres) == shapely.GeometryType.LINESTRING
    is_drawn = is_line & ~shapely.is_empty(metres) & np.isfinite(shapely.bounds(metres)).all(axis=1)
    lines = metres.copy()
    lines[~is_drawn] = shapely.LineString()
    drawn_m, chord_m = np.full(len(roads), np.nan), np.full(len(roads), np.nan)
    drawn_m[is_drawn] = lengths_m(degrees[is_drawn])
    ends_of = np.stack([shapely.get_coordinates(shapely.get_point(degrees[is_drawn], at)) for at in (0, -1)], axis=1)
    chord_m[is_drawn] = lengths_m(np.asarray(shapely.linestrings(ends_of), dtype=object))
    named = [_text(roads[end]) for end in ("u", "v")]
    nodes, place = np.unique(np.concatenate(named), return_inverse=True)
    ends = np.stack(np.split(place.reshape(-1), 2), axis=1).astype(np.intp)
    if len(nodes) and nodes[0] == "":
        nodes, ends = nodes[1:], ends - 1
    return RoadArrays(
        ids=roads.index.to_numpy(dtype=object),
        nodes=nodes,
        ends=ends,
        lines=lines,
        is_drawn=np.asarray(is_drawn, dtype=bool),
        length_m=_numbers(roads["length_m"]),
        drawn_m=drawn_m,
        chord_m=chord_m,
        rise_m=_numbers(roads["rise_m"]) if "rise_m" in roads else np.full(len(roads), np.nan),
        speed_kmh=_numbers(roads["speed_kmh"]),
        flags=np.stack([_flags(roads[mode]) for mode in ROAD_MODES], axis=1),
        is_oneway=_flags(roads["oneway"]),
        road_class=_text(roads["road_class"]),
        source=_text(roads["source"]) if "source" in roads else np.full(len(roads), "", dtype=object),
    )


def _text(column: pd.Series) -> Objects:
    filled = column.astype(object).where(column.notna(), "")
    return np.array([str(v).strip() for v in filled], dtype=object)


def _numbers(column: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan), dtype=float)


def _flags(column: pd.Series) -> Flags:
    return np.asarray(column.astype(object).where(column.notna(), False).to_numpy(dtype=bool), dtype=bool)
