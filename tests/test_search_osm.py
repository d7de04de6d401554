"""The searches on real streets: OpenStreetMap extracts that are read where they are and never shipped."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from xsgeo import search
from xsgeo.network import minutes_for, to_ms
from xsgeo.roads import import_roads
from xsgeo.settings import ROAD_MODES, TravelRules

EXTRACTS = Path(__file__).parents[2] / "shared" / "testdata" / "osm"
RULES = TravelRules()


@pytest.fixture(scope="module", params=["fiji-ferry.pbf", "delft-station.pbf", "West-Oakland.osm.bz2"])
def streets(request: pytest.FixtureRequest):
    path = EXTRACTS / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is not there")
    return import_roads(path)


def arcs_of(streets, mode: str) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Nodes and arcs (start, end, ms) of a mode, straight from the tables."""
    roads, ferries = streets.roads[streets.roads[mode]], streets.ferries
    kmh = {"walk": RULES.walk_kmh, "ebike": RULES.ebike_kmh}.get(mode, roads["speed_kmh"].to_numpy(dtype=float))
    ms = to_ms(minutes_for(roads["length_m"].to_numpy(dtype=float), kmh))
    back = np.ones(len(roads), dtype=bool) if mode == "walk" else ~roads["oneway"].to_numpy(dtype=bool)
    sails = ferries if mode != "drive" else ferries[ferries["takes_cars"].astype(bool)]
    over = to_ms((sails["crossing_min"] + sails["wait_min"]).to_numpy(dtype=float))
    u, v = (roads[end].astype(str).to_numpy() for end in ("u", "v"))
    a, b = (sails[end].astype(str).to_numpy() for end in ("from_node", "to_node"))
    names = sorted({*u, *v, *a, *b})
    number = {name: i for i, name in enumerate(names)}
    start, end = (
        [number[name] for part in parts for name in part] for parts in ((u, v[back], a, b), (v, u[back], b, a))
    )
    return (
        names,
        np.array(start, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.concatenate([ms, ms[back], over, over]),
    )


@pytest.mark.parametrize("mode", ROAD_MODES)
def test_real_streets_take_the_same_time_in_networkx_and_in_both_engines(streets, mode: str):
    names, start, end, ms = arcs_of(streets, mode)
    if not len(start):
        pytest.skip(f"no ways for {mode}")
    graph = search.build_graph(start, end, ms, len(names))
    likeness = nx.MultiDiGraph()
    likeness.add_weighted_edges_from(zip(start.tolist(), end.tolist(), ms.tolist(), strict=True))
    sources = np.random.RandomState(1).permutation(np.unique(start))[:12]
    limit_ms = 900_000
    answers = [search.within(graph, search.at_nodes(sources), limit_ms=limit_ms, engine=e) for e in ("scipy", "numba")]
    for i, source in enumerate(sources.tolist()):
        want = nx.single_source_dijkstra_path_length(likeness, source, cutoff=limit_ms)
        for pairs in answers:
            part = slice(pairs.first[i], pairs.first[i + 1])
            assert dict(zip(pairs.target[part].tolist(), pairs.ms[part].tolist(), strict=True)) == want


def test_each_way_is_within_half_a_millisecond_an_arc_of_unrounded_times(streets):
    roads = streets.roads[streets.roads["walk"]]
    u, v = (roads[end].astype(str) for end in ("u", "v"))
    exact = nx.MultiGraph()
    minutes = minutes_for(roads["length_m"].to_numpy(dtype=float), RULES.walk_kmh)
    exact.add_weighted_edges_from(zip(u, v, minutes * 60_000, strict=True))
    names, start, end, ms = arcs_of(streets, "walk")
    ferries = len(streets.ferries)
    graph = search.build_graph(
        start[: len(start) - 2 * ferries], end[: len(start) - 2 * ferries], ms[: len(start) - 2 * ferries], len(names)
    )
    source = names.index(u.iloc[0])
    (reached, _) = search.nearest(graph, search.at_nodes([source]), limit_ms=3_600_000, engine="numba")
    want, ways = nx.single_source_dijkstra(exact, u.iloc[0], cutoff=3_500_000)
    for name, total in want.items():
        assert abs(reached[names.index(name)] - total) <= 0.5 * len(ways[name])
