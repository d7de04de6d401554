"""The same questions put to each engine: one function an engine and question, all answering with the same checksum.

Run as ``python -m benchmarks.engines SIZE ENGINE QUESTION FOLDER``; prints one line of JSON. Each run is a process of
its own, so that its peak memory is its own, and engines cannot warm the caches for one another.

Questions: ``nearest`` (the venue nearest to each node, within an hour), ``five`` (the five nearest), ``pairs`` (every
node within 15 minutes of each venue, in blocks that are added up and dropped), ``held`` (the same, kept in memory),
``snap`` (half a million points to the nearest edge), ``isochrone`` (the area within 15 minutes of a venue) and
``county`` (the demonstration study read, checked, laid out and snapped).

xsgeo's graph for ``pairs`` and ``held`` is laid out by a process of its own and read from a file, so that the peak is
that of searching; the CPU seconds of that process count as building, as does folding the graph. The C++ loop reads the
same arrays.

Where an engine cannot answer for all venues in reasonable time it answers for the first few, its time is multiplied,
and ``share`` says so. Building what an engine searches is timed apart.
"""

# ruff: noqa: T201, S603

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from benchmarks.networks import SIZES, RoadNetwork, load

HOUR_MS, QUARTER_MS = 3_600_000, 900_000
Answer = tuple[int, int]
Job = Callable[[], Answer]


def _matrix(net: RoadNetwork, *, reverse: bool) -> csr_array:
    from xsgeo.search.plain import least_arcs

    start, end = (net.end, net.start) if reverse else (net.start, net.end)
    first, ends, ms = least_arcs(start, end, net.ms, len(net.x))
    return csr_array((ms.astype(float), ends.astype(np.int32), first.astype(np.int32)), shape=(len(net.x),) * 2)


# --- xsgeo -------------------------------------------------------------------------------------------------------


def xsgeo(net: RoadNetwork, question: str) -> Job:
    """The compiled engine, loaded and compiled before the clock starts."""
    from xsgeo import search

    search.warm_up()
    graph = search.build_graph(net.end, net.start, net.ms, len(net.x), x=net.x, y=net.y)
    venues = search.at_nodes(net.venues)
    k = 1 if question == "nearest" else 5

    def near() -> Answer:
        ms, _ = search.k_nearest(graph, venues, k, limit_ms=HOUR_MS, engine="numba")
        return int((ms >= 0).sum()), int(ms[ms >= 0].sum())

    return near


def lay_out(net: RoadNetwork, path: Path) -> None:
    """Lay the graph out and put it into a file, with the CPU seconds it took."""
    from xsgeo import search

    begin = time.process_time()
    graph = search.build_graph(net.start, net.end, net.ms, len(net.x), x=net.x, y=net.y)
    cpu_s = time.process_time() - begin
    rest = np.array([graph.longest_ms, graph.bits]), np.array([cpu_s]), net.venues
    aside = path.with_suffix(".part.npz")
    np.savez(aside, graph.rank, graph.number, graph.first, graph.arcs, *rest)
    aside.replace(path)


def laid_out(size: str, folder: Path) -> tuple[Any, Any, float]:
    """The graph of a size and its venues, from the file, and the CPU seconds it took to lay it out."""
    from xsgeo import search

    path = folder / f"{size}.graph.npz"
    if not path.exists():
        subprocess.run([sys.executable, "-m", "benchmarks.engines", size, "layout", "", str(folder)], check=True)
    with np.load(path) as saved:
        rank, number, first, arcs, (longest_ms, bits), (cpu_s,), venues = (saved[name] for name in saved.files)
    return search.Graph(rank, number, first, arcs, int(longest_ms), int(bits)), venues, float(cpu_s)


def streamed(size: str, folder: Path, question: str) -> tuple[Job, float]:
    """Xsgeo's answers within the quarter of an hour, and what laying out took before."""
    from xsgeo import search

    # Loads the loops that are asked for, and no others.
    tiny = search.build_graph([0, 1], [1, 0], [1, 1], 2)
    search.within(tiny, search.at_nodes([0] * 64), limit_ms=1, engine="numba")
    graph, nodes, before_s = laid_out(size, folder)
    venues = search.at_nodes(nodes)
    # Otherwise the first answer would count it.
    _ = graph.contracted

    def pairs() -> Answer:
        n, total = 0, 0
        for _, block in search.within_blocks(graph, venues, limit_ms=QUARTER_MS, engine="numba"):
            n, total = n + len(block), total + int(block.ms.sum(dtype=np.int64))
        return n, total

    def held() -> Answer:
        found = search.within(graph, venues, limit_ms=QUARTER_MS, engine="numba")
        return len(found), int(found.ms.sum(dtype=np.int64))

    return (pairs if question == "pairs" else held), before_s


def cpp(size: str, folder: Path) -> dict[str, Any]:
    """The plain loop of search.cpp over the same arrays, thrice if it is quick."""
    compiler = shutil.which("g++")
    if compiler is None:
        msg = "not measured: no g++ here"
        raise SystemExit(msg)
    program, arrays = folder / "search", folder / f"{size}.arrays"
    source = Path(__file__).with_name("search.cpp")
    subprocess.run([compiler, "-O3", "-march=native", "-pthread", str(source), "-o", str(program)], check=True)
    graph, venues, _ = laid_out(size, folder)
    order = np.sort(graph.rank[venues])
    sizes = np.array([graph.n_nodes, len(graph.arcs), len(order), QUARTER_MS, graph.bits, graph.longest_ms])
    with arrays.open("wb") as file:
        for part in (sizes, graph.first, graph.arcs, order):
            part.astype(np.int32).tofile(file)
    runs: list[list[str]] = []
    while len(runs) < 3 and sum(float(run[2]) for run in runs) < 10:
        command = [str(program), str(arrays), str(os.cpu_count() or 1)]
        runs.append(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    arrays.unlink()
    return {
        "build_s": 0.0,
        "cpu_s": min(float(run[2]) for run in runs),
        "wall_s": min(float(run[3]) for run in runs),
        "share": 1.0,
        "n": int(runs[0][0]),
        "total": int(runs[0][1]),
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


# --- others ------------------------------------------------------------------------------------------------------


def scipy(net: RoadNetwork, question: str) -> Job:
    """scipy.sparse.csgraph.dijkstra."""
    from scipy.sparse.csgraph import dijkstra

    matrix = _matrix(net, reverse=question == "nearest")

    def nearest() -> Answer:
        far = dijkstra(matrix, indices=net.venues, min_only=True, limit=HOUR_MS)
        return int(np.isfinite(far).sum()), int(far[np.isfinite(far)].sum())

    def pairs() -> Answer:
        n, total = 0, 0
        for begin in range(0, len(net.venues), 64):
            far = dijkstra(matrix, indices=net.venues[begin : begin + 64], limit=QUARTER_MS)
            reached = far[np.isfinite(far)]
            n, total = n + len(reached), total + int(reached.sum())
        return n, total

    return {"nearest": nearest, "pairs": pairs}[question]


def networkx(net: RoadNetwork, question: str) -> Job:
    """networkx, as OSMnx's examples use it."""
    import networkx as nx

    coo = _matrix(net, reverse=question == "nearest").tocoo()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(net.x)))
    graph.add_weighted_edges_from(zip(coo.row.tolist(), coo.col.tolist(), coo.data.tolist(), strict=True))

    def nearest() -> Answer:
        far = nx.multi_source_dijkstra_path_length(graph, set(net.venues.tolist()), cutoff=HOUR_MS)
        return len(far), int(sum(far.values()))

    def pairs() -> Answer:
        n, total = 0, 0
        for venue in _few(net, question, "networkx"):
            far = nx.single_source_dijkstra_path_length(graph, venue, cutoff=QUARTER_MS)
            n, total = n + len(far), total + int(sum(far.values()))
        return n, total

    return {"nearest": nearest, "pairs": pairs}[question]


def igraph(net: RoadNetwork, question: str) -> Job:
    """python-igraph (GPL): no cut-off, so each search sees the whole network."""
    import igraph as ig  # type: ignore[import-not-found, unused-ignore]

    coo = _matrix(net, reverse=question == "nearest").tocoo()
    n = len(net.x)
    ends, ms = np.stack([coo.row, coo.col], axis=1), coo.data
    if question == "nearest":
        ends = np.concatenate([ends, np.stack([np.full(len(net.venues), n), net.venues], axis=1)])
        ms = np.concatenate([ms, np.zeros(len(net.venues))])
    graph = ig.Graph(n=n + 1, edges=ends.tolist(), directed=True)
    weights = ms.tolist()

    def answer() -> Answer:
        sources = [n] if question == "nearest" else _few(net, question, "igraph")
        limit = HOUR_MS if question == "nearest" else QUARTER_MS
        far = np.array(graph.distances(source=sources, weights=weights))[:, :n]
        return int((far <= limit).sum()), int(far[far <= limit].sum())

    return answer


def pandana(net: RoadNetwork, question: str, *, module: str = "pandana") -> Job:
    """Pandana (AGPL): contraction hierarchies; weights are cut to thousandths of the unit given, here of seconds."""
    import importlib

    import pandas as pd

    coo = _matrix(net, reverse=False).tocoo()
    weights = pd.DataFrame({"s": coo.data / 1000})
    nodes = pd.Series(net.x), pd.Series(net.y)
    network = importlib.import_module(module).Network(
        *nodes, pd.Series(coo.row), pd.Series(coo.col), weights, twoway=False
    )
    venue = pd.Series(net.x[net.venues]), pd.Series(net.y[net.venues])
    if question in ("nearest", "five"):
        network.set_pois("venues", HOUR_MS / 1000, 5, *venue)

    def near() -> Answer:
        far = network.nearest_pois(HOUR_MS / 1000, "venues", num_pois=1 if question == "nearest" else 5).to_numpy()
        reached = far < HOUR_MS / 1000
        return int(reached.sum()), round(float(far[reached].sum(dtype=float)) * 1000)

    def pairs() -> Answer:
        found = network.nodes_in_range(net.venues.tolist(), QUARTER_MS / 1000)
        return len(found), round(float(found["s"].sum()) * 1000)

    return pairs if question == "pairs" else near


def pandarm(net: RoadNetwork, question: str) -> Job:
    """Pandarm (AGPL), the maintained fork of pandana."""
    return pandana(net, question, module="pandarm")


# --- snapping ----------------------------------------------------------------------------------------------------


def _points_and_edges(net: RoadNetwork) -> tuple[Any, Any]:
    random = np.random.RandomState(0)
    at = net.people[:500_000]
    points = np.stack([net.x[at], net.y[at]], axis=1) + random.normal(size=(len(at), 2)) * 60
    once = net.start < net.end
    ends = [np.stack([net.x[node[once]], net.y[node[once]]], axis=1) for node in (net.start, net.end)]
    return points, np.stack(ends, axis=1)


def grid(net: RoadNetwork, question: str) -> Job:
    """Xsgeo's grid."""
    from xsgeo import search
    from xsgeo.search import lines

    search.warm_up()
    points, edges = _points_and_edges(net)
    none = np.zeros(len(edges), dtype=np.int64)
    laid = lines.build_grid(edges.reshape(-1, 2), np.repeat(np.arange(len(edges)), 2), none)

    def answer() -> Answer:
        line = lines.nearest_line(laid, points[:, 0], points[:, 1], np.zeros(len(points), dtype=np.int64), tie=0.001)
        return len(line), _total_m(points, edges, line)

    return answer


def strtree(net: RoadNetwork, question: str) -> Job:
    """Shapely's STRtree."""
    import shapely

    points, edges = _points_and_edges(net)
    tree, shapes = shapely.STRtree(shapely.linestrings(edges)), shapely.points(points)

    def answer() -> Answer:
        _, line = tree.query_nearest(shapes, all_matches=False)
        return len(line), _total_m(points, edges, line)

    return answer


def _total_m(points: Any, edges: Any, line: Any) -> int:
    one, way = edges[line, 0], edges[line, 1] - edges[line, 0]
    share = np.clip(((points - one) * way).sum(axis=1) / (way**2).sum(axis=1), 0, 1)
    return round(float(np.hypot(*(one + share[:, None] * way - points).T).sum()))


# --- isochrones --------------------------------------------------------------------------------------------------


def _study(net: RoadNetwork) -> tuple[Any, Any]:
    """The network as frames, on one rectangle of land, laid out by xsgeo; and twelve venues as points."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    from xsgeo.crs import METRES
    from xsgeo.network import build_network

    x, y = net.x + 400_000, net.y + 3_000_000
    one_way = pd.DataFrame({"u": net.start, "v": net.end, "ms": net.ms, "length_m": net.length_m})
    both = one_way.merge(one_way, left_on=["u", "v"], right_on=["v", "u"], how="left", suffixes=("", "_back"))
    edges = both[both["u_back"].isna() | (both["u"] < both["v"])]
    ends = np.stack([np.stack([x[edges[n]], y[edges[n]]], axis=1) for n in ("u", "v")], axis=1)
    roads = gpd.GeoDataFrame(
        {
            "u": edges["u"].astype(str), "v": edges["v"].astype(str), "road_class": "street",
            "length_m": edges["length_m"] * 1.0, "speed_kmh": edges["length_m"] / edges["ms"] * 3600,
            "walk": False, "ebike": False, "drive": True, "oneway": edges["u_back"].isna(),
        },
        geometry=shapely.linestrings(ends), crs=METRES,
    )  # fmt: skip
    columns = {"from_node": str, "to_node": str, "crossing_min": float, "wait_min": float, "takes_cars": bool}
    ferries = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in columns.items()})
    corners = x.min() - 9999, y.min() - 9999, x.max() + 9999, y.max() + 9999
    land = gpd.GeoDataFrame(geometry=[shapely.box(*corners)], crs=METRES)
    venues = net.venues[:: len(net.venues) // 12][:12]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x[venues], y[venues]), crs=METRES)
    return build_network(roads, ferries, land), points


def isochrones(net: RoadNetwork, question: str) -> Job:
    """Xsgeo's raster; also says, in thousandths, how well it agrees with exact buffers of the same streets."""
    import shapely

    from xsgeo import isochrones as drawing
    from xsgeo import search

    search.warm_up()
    network, points = _study(net)
    options: dict[str, Any] = {"mode": "drive", "minutes": [15.0]}
    drawing.isochrones(points.iloc[:1], network, **options)
    agreement = []
    for i in (0, 6):
        (segments,) = drawing._reached(points.iloc[[i]], network, mode="drive", levels=[15.0], rules=network.rules)
        exact = shapely.union_all(shapely.buffer(shapely.linestrings(segments.reshape(-1, 2, 2)), 60))
        (drawn,) = drawing._drawn([segments], 60.0)
        agreement.append(drawn.intersection(exact).area / drawn.union(exact).area)

    def answer() -> Answer:
        for i in range(len(points)):
            drawing.isochrones(points.iloc[[i]], network, **options)
        return len(points), int(1000 * min(agreement))

    return answer


def osmnx(net: RoadNetwork, question: str) -> Job:
    """The recipe of OSMnx's example: ego graph, buffered nodes and edges, united. Three venues, times four."""
    import geopandas as gpd
    import networkx as nx
    import shapely

    coo = _matrix(net, reverse=True).tocoo()
    graph = nx.DiGraph()
    graph.add_nodes_from((i, {"x": x, "y": y}) for i, (x, y) in enumerate(zip(net.x, net.y, strict=True)))
    graph.add_weighted_edges_from(
        zip(coo.row.tolist(), coo.col.tolist(), coo.data.tolist(), strict=True), weight="time"
    )

    def answer() -> Answer:
        for venue in net.venues[:: len(net.venues) // 12][:3].tolist():
            near = nx.ego_graph(graph, venue, radius=QUARTER_MS, distance="time")
            at = {node: shapely.Point(data["x"], data["y"]) for node, data in near.nodes(data=True)}
            lines = gpd.GeoSeries([shapely.LineString([at[u], at[v]]) for u, v in near.edges()])
            buffers = [*gpd.GeoSeries(list(at.values())).buffer(60), *lines.buffer(60)]
            gpd.GeoSeries(buffers).union_all()
        return 12, 0

    return answer


# --- the county --------------------------------------------------------------------------------------------------


def county() -> dict[str, Any]:
    """Setting up the demonstration study, after imports and compilation: CPU seconds by stage, the least of three."""
    from xsgeo import search
    from xsgeo.io import read_study
    from xsgeo.network import build_network
    from xsgeo.travel import snap_by_mode, usual_means

    folder = Path(__file__).parent.parent / "data"
    search.warm_up()
    best: dict[str, float] = {}
    for _ in range(3):
        clock = [time.process_time()]
        study = read_study(folder)
        clock.append(time.process_time())
        roads = build_network(study.roads, study.ferries, study.land)
        clock.append(time.process_time())
        snap_by_mode(study.workers, roads, modes=usual_means(study.workers, study.towns))
        snap_by_mode(study.venues, roads, modes="walk")
        clock.append(time.process_time())
        stages = dict(zip(("read and check", "lay out", "snap"), np.diff(clock).tolist(), strict=True))
        if not best or sum(stages.values()) < sum(best.values()):
            best = stages
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"build_s": 0.0, "stages": best, "cpu_s": sum(best.values()), "peak_mb": peak_mb}


# --- running -----------------------------------------------------------------------------------------------------

FEW = {("networkx", "pairs"): 50, ("igraph", "pairs"): 10}
"""Of how many venues an engine answers, where all would take too long."""


def _few(net: RoadNetwork, question: str, engine: str) -> list[int]:
    return [int(node) for node in net.venues[: FEW[engine, question]]]


def run(size: str, engine: str, question: str, folder: Path) -> dict[str, Any]:
    """Build, ask thrice if it is quick, and say what the quickest took."""
    if engine == "county":
        return county()
    if engine == "cpp":
        return cpp(size, folder)
    begin = time.process_time()
    if engine == "xsgeo" and question in ("pairs", "held"):
        job, before_s = streamed(size, folder, question)
    else:
        job, before_s = globals()[engine](load(size, folder), question), 0.0
    build_s = time.process_time() - begin + before_s
    times: list[tuple[float, float]] = []
    answer: Answer = (0, 0)
    while len(times) < 5 and sum(cpu for cpu, _ in times) < 5:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = job()
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    share = 0.25 if engine == "osmnx" else 1.0
    if (engine, question) in FEW:
        share = min(1.0, FEW[engine, question] / SIZES[size][1])
    return {
        "build_s": build_s,
        "cpu_s": min(cpu for cpu, _ in times) / share,
        "wall_s": min(wall for _, wall in times) / share,
        "share": share,
        "n": answer[0],
        "total": answer[1],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    size_name, engine_name, question_name, where = sys.argv[1:]
    if engine_name == "layout":
        lay_out(load(size_name, Path(where)), Path(where) / f"{size_name}.graph.npz")
    else:
        print(json.dumps(run(size_name, engine_name, question_name, Path(where))))
