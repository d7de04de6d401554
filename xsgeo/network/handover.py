"""The same roads as a graph of OSMnx, for analysts who go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from xsgeo.crs import WGS84
from xsgeo.network.build import check_unique, checked_ferries, checked_roads, geodesic_m
from xsgeo.network.land import objects
from xsgeo.network.model import Floats, Ints, Objects, check_mode
from xsgeo.network.speeds import edge_minutes
from xsgeo.settings import ROAD_MODES, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx


def to_multidigraph(
    roads: gpd.GeoDataFrame, ferries: pd.DataFrame, *, mode: str = "drive", rules: TravelRules | None = None
) -> nx.MultiDiGraph:
    """Hand the network to OSMnx: the same roads as a graph in its convention.

    Parameters
    ----------
    roads, ferries
        As for `build_network`.
    mode
        ``walk``, ``ebike`` or ``drive``: only edges the mode may use, in the directions it may use them, as OSMnx's
        ``network_type``. A bus is waited for, which no edge of such a graph can say.
    rules
        Speeds of walkers and e-bikes.

    Returns
    -------
    networkx.MultiDiGraph
        OSMnx takes a text for a list of nodes, so nodes and edges are numbered in the order of their ids and carry the
        ids beside: nodes with ``node_id``, ``x``, ``y`` (degrees) and ``street_count``; edges, keyed from 0 among
        parallels, with ``edge_id`` (of road or ferry), ``osmid``, ``length`` (m; of a ferry the geodesic),
        ``travel_time`` (s; of a ferry with its wait), ``speed_kph``, ``highway`` (our road class, or ``ferry``),
        ``oneway``, ``reversed`` and ``geometry``. It passes OSMnx's strict validation.

    Raises
    ------
    NetworkError
        As `build_network`, land apart.
    ValueError
        For any other mode.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> graph = to_multidigraph(county.roads, county.ferries, mode="walk")
    >>> [(a["edge_id"], a["travel_time"] / 60) for *_, a in graph.edges(data=True) if not a["reversed"]]
    [('AB', 10.0), ('BC', 10.0), ('CD', 20.0), ('Y1', 20.0), ('EF', 10.0)]
    """
    from osmnx.convert import graph_from_gdfs

    check_mode(mode)
    if mode not in ROAD_MODES:
        msg = f"there is a graph for {', '.join(ROAD_MODES)}, not for {mode}"
        raise ValueError(msg)
    rules = rules or TravelRules()
    check_unique(roads.index, "edge id")
    roads = roads.set_axis(roads.index.astype(str)).sort_index().to_crs(WGS84)
    _, nodes = checked_roads(roads)
    index = pd.Index(nodes.index)
    sailing = checked_ferries(ferries, index, ())
    edges = pd.concat([_road_edges(roads, index, mode, rules), _ferry_edges(sailing, nodes, mode)], ignore_index=True)
    edges["osmid"] = pd.factorize(edges["edge_id"])[0]
    edges["key"] = edges.groupby(["u", "v"], sort=False).cumcount()
    ends = edges.loc[~edges["reversed"], ["u", "v"]].to_numpy().ravel()
    places = pd.DataFrame(
        {"node_id": index, "x": nodes["lon"].to_numpy(), "y": nodes["lat"].to_numpy()},
        index=pd.RangeIndex(len(nodes), name="osmid"),
    ).assign(street_count=np.bincount(ends, minlength=len(nodes)))
    used = places.loc[np.unique(ends)]
    shapes = shapely.points(used["x"], used["y"])
    return graph_from_gdfs(_geo_frame(used.assign(geometry=shapes)), _geo_frame(edges.set_index(["u", "v", "key"])))


def _road_edges(roads: gpd.GeoDataFrame, nodes: pd.Index[Any], mode: str, rules: TravelRules) -> pd.DataFrame:
    forward, backward, _ = edge_minutes(roads, rules)
    forward_min, backward_min = forward[mode], backward[mode]
    u, v = (nodes.get_indexer(pd.Index(roads[end].astype(str))) for end in ("u", "v"))
    shared = pd.DataFrame(
        {
            "edge_id": roads.index,
            "highway": roads["road_class"].to_numpy(),
            "length": roads["length_m"].to_numpy(dtype=float),
            "oneway": np.isfinite(forward_min) & ~np.isfinite(backward_min),
        }
    )
    edges = _both_ways(shared, u, v, objects(roads.geometry.array), (forward_min, backward_min))
    return edges[np.isfinite(edges["travel_time"])]


def _ferry_edges(ferries: Mapping[str, Any], nodes: pd.DataFrame, mode: str) -> pd.DataFrame:
    sails = ferries["ferry_takes_cars"] if mode == "drive" else np.ones(len(ferries["ferry_ids"]), dtype=bool)
    u, v = (ferries[end][sails] for end in ("ferry_tail", "ferry_head"))
    degrees = nodes[["lon", "lat"]].to_numpy(dtype=float)
    shared = pd.DataFrame(
        {
            "edge_id": ferries["ferry_ids"][sails],
            "highway": "ferry",
            "length": geodesic_m(*degrees[u].T, *degrees[v].T),
            "oneway": False,
        }
    )
    shapes = objects(shapely.linestrings(np.stack([degrees[u], degrees[v]], axis=1)))
    minutes = ferries["ferry_min"][sails]
    return _both_ways(shared, u, v, shapes, (minutes, minutes))


def _both_ways(shared: pd.DataFrame, u: Ints, v: Ints, shapes: Objects, minutes: tuple[Floats, Floats]) -> pd.DataFrame:
    there = shared.assign(u=u, v=v, geometry=shapes, travel_time=minutes[0] * 60, reversed=False)
    back = shared.assign(u=v, v=u, geometry=shapely.reverse(shapes), travel_time=minutes[1] * 60, reversed=True)
    edges = pd.concat([there, back], ignore_index=True)
    # A ferry of no minutes has no speed; OSMnx leaves a missing attribute out.
    seconds = edges["travel_time"].where(edges["travel_time"] > 0)
    return edges.assign(speed_kph=edges["length"] / seconds * 3.6)


def _geo_frame(table: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)
