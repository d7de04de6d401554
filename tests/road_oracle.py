"""Random road maps, and every way on them by the plainest means: networkx on edges cut at every snapped point.

Nothing here knows of arrays, landings or searches. Boats are told apart by trying every set of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from tests.ascii_roads import RoadMap, lay_out
from xsgeo.network import Network, snap
from xsgeo.settings import TravelRules

_cell = st.tuples(st.integers(0, 8), st.integers(0, 8))
_road = st.fixed_dictionaries(
    {
        "detour": st.sampled_from([1.0, 1.0, 1.3, 4.0]),
        "speed_kmh": st.sampled_from([20.0, 50.0]),
        "oneway": st.booleans(),
        "walk": st.sampled_from([True, True, False]),
        "ebike": st.sampled_from([True, True, False]),
        "drive": st.sampled_from([True, True, False]),
        "road_class": st.sampled_from(["street", "local", "local", "expressway"]),
    }
)
_boat = st.fixed_dictionaries(
    {
        # Five quarters of a minute are a walk of one cell, so that ways by boat and by land often take the same time.
        "crossing_min": st.sampled_from([1.25, 5.0, 7.0]),
        "wait_min": st.sampled_from([0.0, 1.25]),
        "takes_cars": st.booleans(),
    }
)
_slope = st.sampled_from([0.0, 0.0, 0.04, -0.12, 0.3])


@st.composite
def travel_cases(case: st.DrawFn, *, slopes: bool = True) -> tuple[RoadMap, list[str]]:
    """Few nodes, many roads (parallel, bent, looped, one-way, steep), a strait, boats, points at nodes and anywhere."""
    nodes = {f"n{i}": (100.0 * x, 100.0 * y) for i, (x, y) in enumerate(case(st.sets(_cell, min_size=2, max_size=7)))}
    name = st.sampled_from(sorted(nodes))
    shape = st.lists(name, min_size=2, max_size=4).filter(lambda via: all(a != b for a, b in itertools.pairwise(via)))
    roads = {}
    for i, via in enumerate(case(st.lists(shape, min_size=1, max_size=12))):
        given = case(_road)
        length_m = shapely.LineString([nodes[n] for n in via]).length * given.pop("detour")
        rise_m = case(_slope) * length_m if slopes else np.nan
        roads[f"e{i:02}"] = {"via": via, "length_m": length_m, "rise_m": rise_m, **given}
        if case(st.integers(0, 3)) == 0:
            roads[f"e{i:02}t"] = {**roads[f"e{i:02}"], "via": via[::-1], "oneway": True}
    landings = sorted({road["via"][end] for road in roads.values() for end in (0, -1)})
    crossings = st.lists(st.sampled_from(landings), min_size=2, max_size=2, unique=True)
    ferries = {}
    for i, (one, other) in enumerate(case(st.lists(crossings, max_size=3)) if len(landings) > 1 else []):
        ferries[f"f{i}"] = {"from_node": one, "to_node": other, **case(_boat)}
    coordinate = st.integers(-100, 900).map(float)
    anywhere = st.one_of(st.tuples(coordinate, coordinate), st.sampled_from(sorted(nodes.values())))
    spots = case(st.lists(anywhere, min_size=2, max_size=8))
    points = {f"p{i}": spot for i, spot in enumerate(spots)}
    land = [shapely.box(-200, -200, 430, 1000), shapely.box(470, -200, 1000, 1000)]
    return lay_out({**nodes, **points}, roads, ferries, land), list(points)


@st.composite
def boat_cases(case: st.DrawFn) -> tuple[RoadMap, list[str]]:
    """Streets and boats between few nodes, all in steps of a walk of one cell: ties and chains of boats are common."""
    nodes = {f"n{i}": (100.0 * x, 0.0) for i, x in enumerate(case(st.permutations(range(6))))}
    pair = st.lists(st.sampled_from(sorted(nodes)), min_size=2, max_size=2, unique=True)
    # A lane at each node, so that each is a node of the roads.
    roads = {f"l{i}": {"via": (f"n{i}", f"n{i}x"), "length_m": 100.0} for i in range(6)}
    for i, via in enumerate(case(st.lists(pair, max_size=4))):
        roads[f"e{i}"] = {"via": via, "length_m": 100.0 * case(st.integers(5, 9)), "oneway": case(st.booleans())}
    ferries = {}
    for i, (one, other) in enumerate(case(st.lists(pair, min_size=2, max_size=4))):
        crossing_min = 1.25 * case(st.integers(1, 6))
        ferries[f"f{i}"] = {"from_node": one, "to_node": other, "crossing_min": crossing_min, "wait_min": 0.0}
    ends = {f"{name}x": (x, 100.0) for name, (x, _) in nodes.items()}
    land = [shapely.box(-200, -200, 1000, 300)]
    return lay_out({**nodes, **ends}, roads, ferries, land), sorted(nodes)


def _minutes(road: Mapping[str, Any], mode: str, rules: TravelRules) -> tuple[float, float]:
    """Minutes from u to v and from v to u; infinite where the mode may not go."""
    rise_m = road.get("rise_m", math.nan)
    slope = 0.0 if math.isnan(rise_m) else rise_m / road["length_m"]
    ways = []
    for uphill, returning in ((slope, False), (-slope, True)):
        on_foot = rules.walk_kmh * math.exp(-3.5 * (abs(uphill + 0.05) - 0.05))
        pull = 130 * 9.80665 * (0.01 + uphill)
        powered = math.inf if pull <= 0 else 3.6 * 320 / pull
        wheels = max(min(rules.ebike_kmh, powered), min(on_foot, rules.ebike_kmh))
        kmh = {"walk": on_foot, "ebike": wheels, "drive": road["speed_kmh"]}[mode]
        shut = not road[mode] or (returning and road["oneway"] and mode != "walk")
        ways.append(math.inf if shut else road["length_m"] / 1000 / kmh * 60)
    return ways[0], ways[1]


def _with_twin(roads: Mapping[str, Any], edge_id: str, mode: str, rules: TravelRules) -> tuple[float, float]:
    """Minutes along an edge and back for who stands on it: on the same line drawn the other way, too."""
    road = roads[edge_id]
    ahead, back = _minutes(road, mode, rules)
    for other_id in sorted(roads):
        other = roads[other_id]
        opposed = (other["u"], other["v"]) == (road["v"], road["u"]) and road["u"] != road["v"]
        if opposed and shapely.equals_exact(other["geometry"], shapely.reverse(road["geometry"]), tolerance=1e-9):
            with_other, against_other = _minutes(other, mode, rules)
            return min(ahead, against_other), min(back, with_other)
    return ahead, back


def cut_graph(
    road_map: RoadMap, joined: pd.DataFrame, mode: str, rules: TravelRules, boats: Collection[str]
) -> nx.MultiDiGraph:
    """Every edge cut at every point that joins it; each point hangs on its cut by its leg.

    ``minutes`` are exact; ``ms`` are rounded as the engine says it rounds: each edge, cut and leg once.
    """
    foot = "walk" if mode == "bus" else mode
    graph = nx.MultiDiGraph()
    roads = road_map.roads.to_dict("index")
    for edge_id, road in roads.items():
        positions = sorted({0.0, 1.0, *joined.loc[joined["edge"] == edge_id, "position"]})
        names = [road["u"], *[(edge_id, position) for position in positions[1:-1]], road["v"]]
        ways = _with_twin(roads, edge_id, foot, rules)
        for whole_min, onward in zip(ways, (True, False), strict=True):
            for (one, a), (other, b) in itertools.pairwise(zip(names, positions, strict=True)):
                if math.isfinite(whole_min):
                    ends = (one, other) if onward else (other, one)
                    ms = round(b * round(whole_min * 60_000)) - round(a * round(whole_min * 60_000))
                    graph.add_edge(*ends, minutes=(b - a) * whole_min, ms=ms)
    for ferry_id, ferry in road_map.ferries.to_dict("index").items():
        if ferry_id in boats and (mode != "drive" or ferry["takes_cars"]):
            for one, other in itertools.permutations([ferry["from_node"], ferry["to_node"]]):
                _add(graph, one, other, ferry["crossing_min"] + ferry["wait_min"])
    for name, point in joined[joined["reason"] == ""].to_dict("index").items():
        road = roads[point["edge"]]
        cut = {0.0: road["u"], 1.0: road["v"]}.get(point["position"], (point["edge"], point["position"]))
        leg_min = point["snap_m"] / 1000 / (rules.ebike_kmh if mode == "ebike" else rules.walk_kmh) * 60
        _add(graph, ("door", name), cut, leg_min)
        _add(graph, cut, ("door", name), leg_min)
    if mode == "bus":
        _add_buses(graph, roads, rules)
    return graph


def _add(graph: nx.MultiDiGraph, one: object, other: object, minutes: float) -> None:
    graph.add_edge(one, other, minutes=minutes, ms=round(minutes * 60_000))


def _add_buses(graph: nx.MultiDiGraph, roads: Mapping[str, Any], rules: TravelRules) -> None:
    for road in roads.values():
        if road["road_class"] in {"class1", "class2", "county", "local", "bridge_local"}:
            ends = (road["u"], road["v"])
            for minutes, (one, other) in zip(_minutes(road, "drive", rules), (ends, ends[::-1]), strict=True):
                if math.isfinite(minutes):
                    _add(graph, ("bus", one), ("bus", other), minutes / rules.bus_car_share)
                    for stop in (one, other):
                        _add(graph, stop, ("bus", stop), rules.bus_wait_min)
                        _add(graph, ("bus", stop), stop, 0.0)


def all_ways(
    road_map: RoadMap,
    points: gpd.GeoDataFrame,
    network: Network,
    mode: str,
    *,
    weight: str = "ms",
    boats: Collection[str] | None = None,
) -> dict[tuple[str, str], float]:
    """Least weight from each point to each other one, with these boats; pairs without a way are absent."""
    joined = snap(points, network, mode=mode)
    sailing = road_map.ferries.index if boats is None else boats
    graph = cut_graph(road_map, joined, mode, network.rules, sailing)
    ways = {}
    for origin in joined.index[joined["reason"] == ""]:
        reached = nx.single_source_dijkstra_path_length(graph, ("door", origin), weight=weight)
        for destination in joined.index[joined["reason"] == ""]:
            same = points.geometry[origin].equals(points.geometry[destination])
            total = 0 if same else reached.get(("door", destination))
            if total is not None:
                ways[origin, destination] = total
    return ways


def rows_there_and_back(
    road_map: RoadMap, points: gpd.GeoDataFrame, network: Network, mode: str, cutoff: float
) -> list[tuple[Any, ...]]:
    """Rows (origin, destination, ms, ms back, boats) of the long table, boats found by trying every set of them."""
    ferries = sorted(road_map.ferries.index)
    sets = sorted((c for n in range(len(ferries) + 1) for c in itertools.combinations(ferries, n)), key=_rank)
    ways = {boats: all_ways(road_map, points, network, mode, boats=boats) for boats in sets}
    rows = []
    for pair in sorted(ways[sets[-1]]):
        quick, quick_back = (ways[sets[-1]].get(p) for p in (pair, pair[::-1]))
        if quick > cutoff * 60_000 or quick_back is None:
            continue
        taken = {next(s for s in sets if ways[s].get(p) == ways[sets[-1]][p]) for p in (pair, pair[::-1])}
        label = "|".join(sorted({boat for boats in taken for boat in boats}))
        rows.append((*pair, quick, quick_back, label))
        dry, dry_back = (ways[()].get(p) for p in (pair, pair[::-1]))
        if label and dry is not None and dry <= cutoff * 60_000 and dry_back is not None:
            rows.append((*pair, dry, dry_back, ""))
    return rows


def _rank(boats: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return len(boats), boats
