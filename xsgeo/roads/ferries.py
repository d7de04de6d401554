"""Ferries from landing to landing, out of stretches of water that OpenStreetMap draws in pieces.

A ferry is usable when both of its ends are nodes of the roads. OSM draws one as a line, or as several lines that meet
in mid-water where routes part; so lines are followed across nodes that no road touches until they come to land, and
each pair of landings becomes one crossing, on the quickest way between them.

A landing is often drawn at the edge of the quay, a few metres from the nearest road. Such an end is joined to the
nearest road node within `LANDING_M`, and never over more than a third of the crossing: otherwise both ends of a ferry
over a narrow channel might be joined to one bank. What is joined is listed in the summary; what finds no road is left
out and listed too.

Minutes on the water are the stated duration, shared out by length where a line is cut, or length over the speed in the
table of tags. The wait is half the stated interval or the table's. Boats are taken to stop in a gale: on this coast
they do, and OSM has no tag for it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo.catalogue import say
from xsgeo.crs import project
from xsgeo.roads.edges import Segments, edge_ids, is_ferry
from xsgeo.roads.meaning import Sailing, crossing_min
from xsgeo.roads.ways import Floats, Note, Ways

LANDING_M = 100.0
"""How far a ferry's end may lie from the road node it is joined to."""

FERRY_COLUMNS = (
    *("name", "from_node", "to_node", "crossing_min", "wait_min"),
    *("first", "last", "takes_cars", "stops_in_gale", "basis", "as_of", "source"),
)


@dataclass(frozen=True)
class Leg:
    """One stretch of water.

    Attributes
    ----------
    ferry_id
        Id of the stretch.
    ends
        Node ids of its two ends.
    crossing_min, is_stated
        Minutes on the water, and whether the source states them.
    takes_cars
        Whether cars are carried.
    name
        Name of the line, or empty.
    sailing
        What the tags say of its times.
    """

    ferry_id: str
    ends: tuple[str, str]
    crossing_min: float
    is_stated: bool
    takes_cars: bool
    name: str
    sailing: Sailing


def ferries_of(
    ways: Ways, segments: Segments, road_nodes: Mapping[str, tuple[float, float]], *, date: str = ""
) -> tuple[pd.DataFrame, list[Note]]:
    """Turn stretches of ferries into the table of ferries.

    Parameters
    ----------
    ways, segments
        From a reader, and from `xsgeo.roads.edges.cut`; roads are passed over.
    road_nodes
        Longitude and latitude by id of the nodes that roads touch.
    date
        Date of the data, ISO 8601 or empty.

    Returns
    -------
    ferries
        Index ``ferry_id`` in order; the columns of `FERRY_COLUMNS`.
    notes
        Landings that were joined, ferries without a road, durations that were worked out.
    """
    segments = segments.take(is_ferry(ways)[segments.way])
    legs = _legs(ways, segments)
    joined, join_notes = _joined(segments, road_nodes)
    landings = {**{node: node for node in road_nodes}, **joined}
    crossings = _crossings(legs, landings)
    used = {leg.ferry_id for _, _, path in crossings for leg in path}
    lost = [leg.ferry_id for leg in legs if leg.ferry_id not in used]
    guessed = [leg.ferry_id for leg in legs if leg.ferry_id in used and not leg.is_stated]
    notes = list(join_notes)
    notes += [Note("ferry", "dropped", "ferry_without_road", "", lost)] if lost else []
    notes += [Note("ferry", "assumed", "ferry_duration", "", guessed)] if guessed else []
    rows = [_row(start, end, path, date[:10]) for start, end, path in crossings]
    frame = pd.DataFrame(rows, columns=["ferry_id", *FERRY_COLUMNS]).set_index("ferry_id")
    return frame.sort_index(), notes


def _legs(ways: Ways, segments: Segments) -> list[Leg]:
    way_m = np.bincount(segments.way, weights=segments.length_m, minlength=len(ways.way_ids))
    legs = []
    for i, ferry_id in enumerate(edge_ids(ways, segments).tolist()):
        way = segments.way[i]
        meaning = ways.meanings[ways.kinds[way]]
        if meaning.sailing is None:
            continue
        minutes, is_stated = crossing_min(meaning.sailing, float(way_m[way]))
        share = float(segments.length_m[i] / way_m[way])
        ends = (str(segments.u[i]), str(segments.v[i]))
        name = str(ways.names[way])
        legs.append(Leg(ferry_id, ends, minutes * share, is_stated, meaning.drive, name, meaning.sailing))
    return legs


def _joined(segments: Segments, road_nodes: Mapping[str, tuple[float, float]]) -> tuple[dict[str, str], list[Note]]:
    """Road node of each loose end that lies close enough to one."""
    ends = np.concatenate([segments.u, segments.v])
    names, first, count = np.unique(ends, return_index=True, return_counts=True)
    loose = [(n, int(i)) for n, i, k in zip(names, first, count, strict=True) if k == 1 and n not in road_nodes]
    if not loose or not road_nodes:
        return {}, []
    tips = np.concatenate([shapely.get_coordinates(shapely.get_point(segments.lines, at)) for at in (0, -1)])
    length_m = np.tile(segments.length_m, 2)
    ids = sorted(road_nodes)
    tree = shapely.STRtree(_places(np.array([road_nodes[n] for n in ids], dtype=float)))
    at = np.array([i for _, i in loose])
    places = _places(tips[at])
    limit_m: Floats = np.minimum(LANDING_M, length_m[at] / 3)
    (row, found), gap_m = tree.query_nearest(places, return_distance=True, all_matches=False)
    near = gap_m <= limit_m[row]
    joined = {loose[r][0]: ids[f] for r, f in zip(row[near].tolist(), found[near].tolist(), strict=True)}
    return joined, ([Note("ferry", "mended", "landing_joined", "", sorted(joined))] if joined else [])


def _places(lonlat: Floats) -> NDArray[np.object_]:
    return np.asarray(shapely.points(*project(lonlat[:, 0], lonlat[:, 1])), dtype=object)


def _crossings(legs: list[Leg], landings: Mapping[str, str]) -> list[tuple[str, str, tuple[Leg, ...]]]:
    """Each pair of landings once, with the quickest stretches of water between them; direct stretches all count."""
    water: dict[str, list[Leg]] = {}
    crossings: list[tuple[str, str, tuple[Leg, ...]]] = []
    for leg in legs:
        if all(end in landings for end in leg.ends):
            crossings.append((landings[leg.ends[0]], landings[leg.ends[1]], (leg,)))
            continue
        for end in leg.ends:
            water.setdefault(end, []).append(leg)
    for start in sorted(node for node in water if node in landings):
        for end, path in _afloat(start, water, landings).items():
            if landings[start] < landings[end]:
                crossings.append((landings[start], landings[end], path))
    return [c for c in crossings if c[0] != c[1]]


def _afloat(start: str, water: Mapping[str, list[Leg]], landings: Mapping[str, str]) -> dict[str, tuple[Leg, ...]]:
    """Quickest path from a landing to each other one without touching land between (Dijkstra's search)."""
    done: dict[str, tuple[Leg, ...]] = {}
    queue: list[tuple[float, str, tuple[str, ...], tuple[Leg, ...]]] = [(0.0, start, (), ())]
    while queue:
        minutes, node, ids, path = heapq.heappop(queue)
        if node in done:
            continue
        done[node] = path
        if node != start and node in landings:
            continue
        for leg in water.get(node, ()):
            end = leg.ends[1] if leg.ends[0] == node else leg.ends[0]
            if end not in done:
                heapq.heappush(queue, (minutes + leg.crossing_min, end, (*ids, leg.ferry_id), (*path, leg)))
    return {node: path for node, path in done.items() if node != start and node in landings}


def _row(start: str, end: str, path: tuple[Leg, ...], as_of: str) -> dict[str, object]:
    names = [leg.name for leg in path if leg.name]
    ferry_id = "+".join(leg.ferry_id for leg in path)
    return {
        "ferry_id": ferry_id,
        "name": names[0] if names else say("roads.ferry.unnamed", "zh", id=ferry_id),
        "from_node": start,
        "to_node": end,
        # To the hundredth of a minute, but never none.
        "crossing_min": max(round(math.fsum(leg.crossing_min for leg in path), 2), 0.01),
        "wait_min": round(max(leg.sailing.wait_min for leg in path), 2),
        "first": max(leg.sailing.first for leg in path),
        "last": min((leg.sailing.last for leg in path if leg.sailing.last), default=""),
        "takes_cars": all(leg.takes_cars for leg in path),
        "stops_in_gale": True,
        "basis": "sourced" if all(leg.is_stated and leg.sailing.is_timed for leg in path) else "estimate",
        "as_of": as_of,
        "source": say("roads.source.osm", "zh"),
    }
