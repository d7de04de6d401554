"""By boat: landings, the ways between them, and places on both sides of the water.

Boats are few (two in the county, some twenty in a province) and land nowhere but at their landings, so a way by boat
is: by land to the landing where the first boat is boarded, from there to the landing where the last one is left, and
by land from it. One search by land from each landing finds the first and the last part; all that lies between is worked
out on a graph that has only landings for nodes. What is added up are whole milliseconds, so the sums equal those of one
search over roads and boats to the bit, and the boats stand beside them.

Of ways equally long the one with fewer boats counts, then the boats with the lesser ids. The label of a way is
therefore the least set of boats with which it can be gone so fast; minutes and the number of that set go through the
sums as one integer, ``ms * n_sets + set``. Adding the same further boats to two sets does not change which of them is
less, which is what Dijkstra's search needs.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xsgeo import search
from xsgeo.network import Ints, Network, to_ms
from xsgeo.travel.places import Millis, Places, doors, ranges

FAR = np.int64(1) << 60
"""Farther than any way: what stands where there is none."""

_Boats = Mapping[int, list[tuple[int, int, str]]]
_Reached = list[list[tuple[int, int]]]


@dataclass(frozen=True, eq=False)
class Journey:
    """On what and how: the network, the mode, and the engine of the searches."""

    network: Network
    mode: str
    engine: search.Engine


@dataclass(frozen=True, eq=False)
class Landings:
    """The landings within a limit, and the ways between them that begin and end with a boat.

    `between[a, b]` is ``ms * len(sets) + number`` of the set of boats, in `sets`; `FAR` where there is none.
    """

    nodes: Ints
    between: Millis
    sets: tuple[tuple[str, ...], ...]
    limit_ms: int


def landings_within(journey: Journey, limit_ms: int) -> Landings:
    """The boats that carry the mode within the limit, from landing to landing."""
    network, mode = journey.network, journey.mode
    ferry_ms = to_ms(network.ferry_min)
    used = np.flatnonzero(network.carries(mode) & (ferry_ms <= limit_ms))
    nodes = np.unique(np.concatenate([network.ferry_tail[used], network.ferry_head[used]]))
    boats: dict[int, list[tuple[int, int, str]]] = {}
    for ferry in used.tolist():
        ends = np.searchsorted(nodes, [network.ferry_tail[ferry], network.ferry_head[ferry]]).tolist()
        for one, other in (ends, ends[::-1]):
            boats.setdefault(one, []).append((other, int(ferry_ms[ferry]), str(network.ferry_ids[ferry])))
    by_land = _between_nodes(journey, nodes, limit_ms)
    found = [_afloat(landing, boats, by_land, limit_ms) for landing in range(len(nodes))]
    sets = ((), *sorted({ids for row in found for _, ids in row.values()}, key=lambda ids: (len(ids), ids)))
    number = {ids: i for i, ids in enumerate(sets)}
    between = np.full((len(nodes), len(nodes)), FAR)
    for landing, row in enumerate(found):
        for other, (ms, ids) in row.items():
            between[landing, other] = ms * len(sets) + number[ids]
    return Landings(nodes, between, sets, limit_ms)


def _between_nodes(journey: Journey, nodes: Ints, limit_ms: int) -> _Reached:
    """By land, the other nodes that each node reaches, and in how many ms."""
    if not len(nodes):
        return []
    graph, ends = journey.network.from_here(journey.mode, dry=True), search.at_nodes(nodes)
    pairs = search.within(
        graph, ends, limit_ms=min(limit_ms, graph.greatest_limit_ms), targets=ends, engine=journey.engine
    )
    found = list(zip(pairs.target.tolist(), pairs.ms.tolist(), strict=True))
    return [found[pairs.first[i] : pairs.first[i + 1]] for i in range(len(nodes))]


def _afloat(start: int, boats: _Boats, by_land: _Reached, limit_ms: int) -> dict[int, tuple[int, tuple[str, ...]]]:
    """From a landing to each other one by ways that begin and end with a boat: ms, and the boats by id (Dijkstra)."""
    queue: list[tuple[int, int, tuple[str, ...], int]] = [(0, 0, (), start)]
    done: set[int] = set()
    left: dict[int, tuple[int, int, tuple[str, ...]]] = {}
    while queue:
        ms, _, taken, landing = heapq.heappop(queue)
        if landing in done:
            continue
        done.add(landing)
        for other, ferry_ms, ferry in boats.get(landing, ()):
            ids = tuple(sorted({*taken, ferry}))
            way = (ms + ferry_ms, len(ids), ids)
            if way[0] > limit_ms or way >= left.get(other, (way[0] + 1, 0, ())):
                continue
            left[other] = way
            for onward, land_ms in by_land[other]:
                if way[0] + land_ms <= limit_ms and onward not in done:
                    heapq.heappush(queue, (way[0] + land_ms, *way[1:], onward))
    return {other: (ms, ids) for other, (ms, _, ids) in left.items()}


def pairs_by_boat(leaving: Places, arriving: Places, journey: Journey, landings: Landings) -> tuple[Ints, Millis, Ints]:
    """Pairs (``leaving * len(arriving) + arriving``) within the limit by boat, their ms and the number of the boats."""
    n_sets = len(landings.sets)
    near, left = _to_last_landing(leaving, journey, landings)
    far, onward = _by_land(arriving, journey, landings, leaving=False)
    keys, values = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.int64)]
    for landing in range(len(landings.nodes)):
        there, ahead = np.flatnonzero(left[:, landing] < FAR), np.flatnonzero(onward[:, landing] < FAR)
        ahead = ahead[np.argsort(onward[ahead, landing], kind="stable")]
        room = landings.limit_ms - left[there, landing] // n_sets
        count = np.searchsorted(onward[ahead, landing], room, side="right")
        row, other = np.repeat(there, count), ahead[ranges(np.zeros(len(there), dtype=np.intp), count)]
        keys.append(near[row] * max(len(arriving), 1) + far[other])
        values.append(left[row, landing] + onward[other, landing] * n_sets)
    key, value = np.concatenate(keys), np.concatenate(values)
    order = np.lexsort((value, key))
    key, value = key[order], value[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    return key[first], value[first] // n_sets, value[first] % n_sets


def _to_last_landing(leaving: Places, journey: Journey, landings: Landings) -> tuple[Ints, Millis]:
    """Places that reach a boat, and their least ``ms * n_sets + set`` to each landing where they may leave the last."""
    near, out = _by_land(leaving, journey, landings, leaving=True)
    left = np.full(out.shape, FAR)
    for boarded in range(len(landings.nodes)):
        way = out[:, boarded, None] * len(landings.sets) + landings.between[boarded]
        known = (out[:, boarded, None] < FAR) & (landings.between[boarded] < FAR)
        left = np.minimum(left, np.where(known, way, FAR))
    return near, left


def _by_land(places: Places, journey: Journey, landings: Landings, *, leaving: bool) -> tuple[Ints, Millis]:
    """Places within the limit of any landing, and the ms from them to each (or to them); `FAR` beyond it."""
    nodes = landings.nodes
    if not len(nodes):
        return np.empty(0, dtype=np.intp), np.empty((0, 0), dtype=np.int64)
    network, mode = journey.network, journey.mode
    graph = (network.to_here if leaving else network.from_here)(mode, dry=True)
    ways = doors(places, network, mode, leaving=leaving)
    limit_ms = min(landings.limit_ms, graph.greatest_limit_ms)
    pairs = search.within(graph, search.at_nodes(nodes), limit_ms=limit_ms, targets=ways, engine=journey.engine)
    near, row = np.unique(pairs.target, return_inverse=True)
    ms = np.full((len(near), len(nodes)), FAR)
    ms[row, np.repeat(np.arange(len(nodes)), np.diff(pairs.first))] = pairs.ms
    return near.astype(np.intp), ms


def known_pairs_by_boat(
    leaving: Places,
    arriving: Places,
    pairs: tuple[Ints, Ints],
    journey: Journey,
    landings: Landings,
) -> tuple[Millis, Ints]:
    """Ms by boat of each pair (leaving, arriving), `FAR` where none is known, and the number of the boats.

    Every way within the limit is known.
    """
    n_sets = len(landings.sets)
    value = np.full(len(pairs[0]), FAR)
    near, left = _to_last_landing(leaving, journey, landings)
    far, onward = _by_land(arriving, journey, landings, leaving=False)
    row, other = np.full(len(leaving), -1), np.full(len(arriving), -1)
    row[near], other[far] = np.arange(len(near)), np.arange(len(far))
    row, other = row[pairs[0]], other[pairs[1]]
    both = np.flatnonzero((row >= 0) & (other >= 0))
    for landing in range(len(landings.nodes)):
        out, into = left[row[both], landing], onward[other[both], landing]
        way = np.where((out < FAR) & (into < FAR), out + np.where(into < FAR, into, 0) * n_sets, FAR)
        value[both] = np.minimum(value[both], way)
    return np.where(value < FAR, value // n_sets, FAR), np.where(value < FAR, value % n_sets, 0)
