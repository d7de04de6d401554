"""What lies under everything else on a map: land and sea, roads, names of towns.

No boundary of the county or of a town is drawn, and there is no tile layer: in China a published map with lines of
administrative areas needs a review, and tiles carry a datum of their own. The land itself is the background.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xsgeo.catalogue import Language
from xsgeo.maps.canvas import FONT, CanvasLayer
from xsgeo.maps.pack import pack_parts, pack_xy

ROAD_GROUPS: Mapping[str, str] = MappingProxyType({"bridge_exp": "expressway", "bridge_local": "local"})
MAX_ROAD_VERTICES = 75_000


def add_land(m: folium.Map, land: gpd.GeoDataFrame, *, language: Language = "both") -> folium.Map:
    """Paint the land, and the sea around it.

    Parameters
    ----------
    m
        Any folium map.
    land
        Polygons in WGS-84 degrees; everything else is painted as sea.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(121.8, 29.1, 121.9, 29.2)], crs="EPSG:4326")
    >>> add_land(folium.Map(tiles=None), square).__class__.__name__
    'Map'
    """
    polygons = shapely.get_parts(land.sort_index().geometry.to_numpy())
    rings = shapely.get_rings(polygons)
    parts = [shapely.get_coordinates(r) for r in rings]
    return m.add_child(CanvasLayer("land", {"rings": pack_parts(parts)}, m=m, language=language))


def add_roads(
    m: folium.Map,
    roads: gpd.GeoDataFrame,
    *,
    lines: Mapping[str, object] | None = None,
    language: Language = "both",
) -> folium.Map:
    """Draw the roads, by class.

    Parameters
    ----------
    m
        Any folium map.
    roads
        Index ``edge_id``, column ``road_class``, LineStrings in WGS-84 degrees.
    lines
        What `road_lines` made of them, where several maps share it.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.
    """
    data = {"classes": road_lines(roads) if lines is None else lines}
    return m.add_child(CanvasLayer("roads", data, m=m, language=language))


def road_lines(roads: gpd.GeoDataFrame) -> dict[str, object]:
    """Join road edges into lines and pack them, by class.

    Classes are taken from the expressways down until `MAX_ROAD_VERTICES` vertices are in, so that a study with the
    streets of a whole province still makes a page that can be sent.

    Parameters
    ----------
    roads
        As for `add_roads`.

    Returns
    -------
    dict
        What `xsgeo.maps.pack.pack_parts` makes of each class.
    """
    group = roads["road_class"].astype(str).replace(dict(ROAD_GROUPS))
    classes: dict[str, object] = {}
    left = MAX_ROAD_VERTICES
    for name in ("expressway", "class1", "class2", "county", "local", "street"):
        lines = shapely.line_merge(shapely.union_all(roads.geometry[group == name].to_numpy()))
        parts = [shapely.get_coordinates(p) for p in shapely.get_parts(shapely.normalize(lines))]
        left -= sum(len(p) for p in parts)
        if left < 0:
            break
        if parts:
            classes[name] = pack_parts(parts)
    return classes


def add_towns(
    m: folium.Map, towns: pd.DataFrame, *, active: Iterable[str] | None = None, language: Language = "both"
) -> folium.Map:
    """Write the names of the towns where they do not run into one another.

    Parameters
    ----------
    m
        Any folium map.
    towns
        Index ``town_id``; columns ``name``, ``name_en``, ``lon``, ``lat`` and, where known, ``population``.
    active
        Towns that the map is about; the others are greyed. All when None.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map. Where names would overlap, the town with fewer people is left out until the map is zoomed in.
    """
    towns = towns.sort_index()
    people = towns["population"].fillna(0).to_numpy(float) if "population" in towns else np.zeros(len(towns))
    on = np.ones(len(towns), dtype=bool) if active is None else towns.index.isin(list(active))
    english = towns["name_en"] if "name_en" in towns else towns["name"]
    data = {
        "points": pack_xy(towns[["lon", "lat"]].to_numpy(float)),
        "names": [[str(zh), str(en)] for zh, en in zip(towns["name"], english.fillna(towns["name"]), strict=True)],
        "order": np.lexsort((np.arange(len(towns)), -people, ~on)).tolist(),
        "active": [bool(x) for x in on],
        "font": FONT,
    }
    return m.add_child(CanvasLayer("towns", data, m=m, language=language))
