"""Seeded road networks of any size, like enough to real ones to time a search on, and needing no download.

Half of the nodes stand in towns whose sizes follow Zipf's law, half in the country. Roads are the relative
neighbourhood graph of the nodes with a fifth of the Gabriel graph's further links put back, which gives the degree of
about 2.8 of real road networks. Main roads are the shortest ways between neighbouring hubs (Mehlhorn's construction:
one multi-source search, then the best bridge between each two cells), at two levels. One street in ten is one-way. What
is kept is the largest strongly connected part. The same seed gives the same network on every machine.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPEED_KMH = np.array([25.0, 40.0, 60.0, 100.0])
SIZES = {"20k": (20_000, 500), "200k": (200_000, 5_000), "2M": (2_000_000, 50_000), "10M": (10_000_000, 100_000)}
"""Nodes before trimming, and venues."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Nodes in metres, arcs in milliseconds by car, and the nodes at which venues and people are."""

    x: Floats
    y: Floats
    start: Ints
    end: Ints
    ms: Ints
    length_m: Floats
    venues: Ints
    people: Ints


def make(size: str, *, seed: int = 1) -> RoadNetwork:
    """Make the network of a size in `SIZES`, with two and a half people a node."""
    n_nodes, n_venues = SIZES[size]
    random = np.random.RandomState(seed)
    side_m = 283.0 * np.sqrt(n_nodes)
    x, y = _places(n_nodes, side_m, random)
    u, v = _streets(x, y, random, share_back=0.18)
    length_m = np.hypot(x[u] - x[v], y[u] - y[v]) * (1 + 0.25 * random.random_sample(len(u))) + 1
    level = (random.random_sample(len(u)) < 0.15).astype(np.int64)
    for share, rank in ((1 / 60, 2), (1 / 1500, 3)):
        hubs = np.sort(random.choice(n_nodes, max(8, int(n_nodes * share)), replace=False))
        main = _between_hubs(u, v, length_m / (1 + level), hubs, n_nodes)
        level[main] = np.maximum(level[main], rank)
    detour = np.where(level < 2, 1.2, 1.0)
    ms = np.maximum(100, np.rint(length_m / (SPEED_KMH[level] / 3.6) * 1000 * detour)).astype(np.int64)
    oneway = (random.random_sample(len(u)) < 0.1) & (level < 3)
    flip = oneway & (random.random_sample(len(u)) < 0.5)
    u, v = np.where(flip, v, u), np.where(flip, u, v)
    start, end = np.concatenate([u, v[~oneway]]), np.concatenate([v, u[~oneway]])
    ms, length_m = np.concatenate([ms, ms[~oneway]]), np.concatenate([length_m, length_m[~oneway]])
    kept = _largest_part(start, end, n_nodes)
    number = np.cumsum(kept) - 1
    inside = kept[start] & kept[end]
    n_kept = int(kept.sum())
    return RoadNetwork(
        x=x[kept],
        y=y[kept],
        start=number[start[inside]],
        end=number[end[inside]],
        ms=ms[inside],
        length_m=length_m[inside],
        venues=np.sort(random.choice(n_kept, n_venues, replace=False)).astype(np.int64),
        people=random.randint(0, n_kept, int(2.5 * n_kept)).astype(np.int64),
    )


def load(size: str, folder: Path) -> RoadNetwork:
    """The network of a size from a folder, made first if it is not there."""
    path = folder / f"{size}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part.npz")
        np.savez(aside, **dataclasses.asdict(make(size)))
        aside.replace(path)
    with np.load(path) as saved:
        return RoadNetwork(**{name: saved[name] for name in saved.files})


def _places(n: int, side_m: float, random: np.random.RandomState) -> tuple[Floats, Floats]:
    n_towns = max(5, n // 4000)
    centre = random.random_sample((n_towns, 2)) * side_m
    size = 1 / np.arange(1, n_towns + 1) ** 0.9
    size /= size.sum()
    n_urban = n // 2
    town = random.choice(n_towns, n_urban, p=size)
    spread_m = np.maximum(600 * np.sqrt(size * n_urban / (12 * np.pi * 0.36)), 400)
    urban = centre[town] + random.normal(size=(n_urban, 2)) * spread_m[town, None]
    rural = random.random_sample((n - n_urban, 2)) * side_m
    xy = np.mod(np.concatenate([urban, rural]), side_m)
    return np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])


def _streets(x: Floats, y: Floats, random: np.random.RandomState, *, share_back: float) -> tuple[Ints, Ints]:
    """Edges of the relative neighbourhood graph, and a share of the Gabriel graph's others."""
    n = len(x)
    triangles = Delaunay(np.column_stack([x, y])).simplices.astype(np.int64)
    sides = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    key = np.unique(sides[:, 0] * n + sides[:, 1])
    u, v = key // n, key % n
    around = csr_array((np.ones(2 * len(u), dtype=np.int8), (np.r_[u, v], np.r_[v, u])), shape=(n, n))
    gabriel, relative = np.ones(len(u), dtype=bool), np.ones(len(u), dtype=bool)
    for begin in range(0, len(u), 1_000_000):
        part = slice(begin, begin + 1_000_000)
        gabriel[part], relative[part] = _empty(x, y, u[part], v[part], around)
    keep = relative | (gabriel & (random.random_sample(len(u)) < share_back))
    return u[keep], v[keep]


def _empty(x: Floats, y: Floats, u: Ints, v: Ints, around: Any) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the circle over each edge, and its lune, hold no neighbour of either end."""
    square = (x[u] - x[v]) ** 2 + (y[u] - y[v]) ** 2
    gabriel, relative = np.ones(len(u), dtype=bool), np.ones(len(u), dtype=bool)
    for end in (u, v):
        count = np.diff(around.indptr)[end]
        edge = np.repeat(np.arange(len(u)), count)
        step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        third = around.indices[around.indptr[end][edge] + step]
        other = (third != u[edge]) & (third != v[edge])
        edge, third = edge[other], third[other]
        to_u = (x[third] - x[u[edge]]) ** 2 + (y[third] - y[u[edge]]) ** 2
        to_v = (x[third] - x[v[edge]]) ** 2 + (y[third] - y[v[edge]]) ** 2
        gabriel[edge[to_u + to_v < square[edge]]] = False
        relative[edge[np.maximum(to_u, to_v) < square[edge]]] = False
    return gabriel, relative & gabriel


def _between_hubs(u: Ints, v: Ints, cost: Floats, hubs: Ints, n: int) -> Ints:
    """Edges on the shortest ways between hubs whose cells touch."""
    roads = csr_array((np.r_[cost, cost], (np.r_[u, v], np.r_[v, u])), shape=(n, n))
    far, before, hub = dijkstra(roads, indices=hubs, min_only=True, return_predecessors=True)
    across = np.flatnonzero((hub[u] != hub[v]) & np.isfinite(far[u] + far[v]))
    pair = np.minimum(hub[u], hub[v])[across].astype(np.int64) * n + np.maximum(hub[u], hub[v])[across]
    order = np.lexsort((far[u[across]] + cost[across] + far[v[across]], pair))
    _, first = np.unique(pair[order], return_index=True)
    bridge = across[order[first]]
    on_way = np.zeros(n, dtype=bool)
    walker = np.unique(np.concatenate([u[bridge], v[bridge]]))
    while len(walker):
        on_way[walker] = True
        walker = before[walker[before[walker] >= 0]].astype(np.int64)
        walker = np.unique(walker[~on_way[walker]])
    to_hub = (on_way[v] & (before[v] == u)) | (on_way[u] & (before[u] == v))
    return np.union1d(bridge, np.flatnonzero(to_hub))


def _largest_part(start: Ints, end: Ints, n: int) -> NDArray[np.bool_]:
    graph = csr_array((np.ones(len(start), dtype=np.int8), (start, end)), shape=(n, n))
    _, label = connected_components(graph, directed=True, connection="strong")
    return np.asarray(label == np.bincount(label).argmax())
