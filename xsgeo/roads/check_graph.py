"""Faults of how edges hang together: pieces apart, one-way traps, twins, stubs, ferries that land nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from xsgeo import timetables
from xsgeo.crs import to_metres
from xsgeo.roads.frame import Flags, Found, Ints, Objects, RoadArrays
from xsgeo.settings import ROAD_MODES, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd

STUB_M = 20.0
"""A dead end shorter than this is usually a slip of the hand."""

_SHOWN = 5


@dataclass(frozen=True, eq=False)
class FerryArrays:
    """Ferries in the order of their ids.

    Attributes
    ----------
    ids
        Ferry ids.
    ends
        Positions of the landings among the road nodes (n, 2); -1 where there is no such node.
    problems
        What is wrong with the timetable of each, as (code, figures).
    takes_cars
        Whether cars are carried.
    landings
        Ids of the landings as stated (n, 2).
    """

    ids: Objects
    ends: Ints
    problems: tuple[tuple[tuple[str, dict[str, str]], ...], ...]
    takes_cars: Flags
    landings: Objects


def ferries_as_arrays(ferries: pd.DataFrame, roads: RoadArrays) -> FerryArrays:
    """Lay a table of ferries out as arrays."""
    ferries = ferries.set_axis(ferries.index.astype(str)).sort_index(kind="stable")
    landings = np.stack([ferries[end].astype(str).to_numpy(dtype=object) for end in ("from_node", "to_node")], axis=1)
    index = pd.Index(roads.nodes)
    rows = ferries.to_dict("records")
    return FerryArrays(
        ids=ferries.index.to_numpy(dtype=object),
        ends=index.get_indexer(pd.Index(landings.reshape(-1))).reshape(-1, 2).astype(np.intp),
        problems=tuple(tuple((code, figures) for _, code, figures in timetables.problems(row)) for row in rows),
        takes_cars=ferries["takes_cars"].to_numpy(dtype=bool),
        landings=landings,
    )


def ferry_faults(ferries: FerryArrays) -> Found:
    """Landings that are no road node, crossings to where they came from, timetables that cannot be.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> county = toy_county()
    >>> ferry_faults(ferries_as_arrays(county.ferries.assign(to_node="Z"), arrays_of(county.roads)))
    [('Y1', 'landing_unknown', {'node': 'Z'})]
    """
    found: Found = []
    for i, ferry in enumerate(ferries.ids.tolist()):
        found += [
            (ferry, "landing_unknown", {"node": ferries.landings[i, end]}) for end in (0, 1) if ferries.ends[i, end] < 0
        ]
        if ferries.landings[i, 0] == ferries.landings[i, 1]:
            found.append((ferry, "landing_same", {"node": ferries.landings[i, 0]}))
        found += [(ferry, code, dict(figures)) for code, figures in ferries.problems[i]]
    return found


def isolated(roads: RoadArrays, ferries: FerryArrays, workers: gpd.GeoDataFrame | None) -> Found:
    """Pieces that no road or ferry joins to the longest one, with the workers whose nearest road they are.

    Parameters
    ----------
    roads, ferries
        From `xsgeo.roads.frame.arrays_of` and `ferries_as_arrays`.
    workers
        Points with ``n_workers``; nobody when None.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> county = toy_county()
    >>> roads = arrays_of(county.roads)
    >>> no_boats = ferries_as_arrays(county.ferries.iloc[:0], roads)
    >>> [(edge, figures["n_workers"]) for edge, _, figures in isolated(roads, no_boats, county.workers)]
    [('EF', 50)]
    """
    whole = (roads.ends >= 0).all(axis=1)
    sails = (ferries.ends >= 0).all(axis=1)
    pairs = np.concatenate([roads.ends[whole], ferries.ends[sails]])
    piece = _labels(pairs[:, 0], pairs[:, 1], len(roads.nodes), "weak")[roads.ends[whole, 0]]
    edges = np.flatnonzero(whole)
    if not len(edges):
        return []
    numbers, first, number, count = np.unique(piece, return_index=True, return_inverse=True, return_counts=True)
    total_m = np.bincount(number, weights=np.nan_to_num(roads.drawn_m[edges])).round(3)
    main = int(np.lexsort((first, -total_m))[0])
    living = _living(roads, workers)
    found: Found = []
    for i in range(len(numbers)):
        if i == main:
            continue
        edge = roads.ids[edges[first[i]]]
        figures: dict[str, Any] = {"n_edges": int(count[i]), "length_km": round(float(total_m[i]) / 1000, 2)}
        groups = living[living["edge"].isin(edges[number == i])]
        if len(groups):
            figures |= {"n_groups": len(groups), "n_workers": int(groups["n_workers"].sum())}
            ids = tuple(sorted(groups.index.astype(str)))
            figures |= {"group_ids": ids, "groups": " ".join(ids[:_SHOWN])}
            found.append((edge, "isolated_workers", figures))
        else:
            found.append((edge, "isolated", figures))
    return found


def _living(roads: RoadArrays, workers: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Nearest edge of each group within the snap limit (column ``edge``, a position), and its ``n_workers``."""
    nobody = pd.DataFrame({"edge": [], "n_workers": []})
    if workers is None or not len(workers):
        return nobody
    places = np.asarray(to_metres(workers[[workers.geometry.name]]).geometry, dtype=object)
    known = ~(shapely.is_missing(places) | shapely.is_empty(places))
    reach_m = TravelRules().snap_limit_m
    row, edge = shapely.STRtree(roads.lines).query_nearest(places[known], max_distance=reach_m, all_matches=False)
    groups = workers[known].iloc[row]
    return pd.DataFrame({"edge": edge, "n_workers": groups["n_workers"].to_numpy()}, index=groups.index)


def traps(roads: RoadArrays, ferries: FerryArrays) -> Found:
    """Parts that a vehicle can enter and not leave, or leave and not enter.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> county = toy_county()
    >>> roads = arrays_of(county.roads.assign(oneway=[False, False, True, False]))
    >>> ferries = ferries_as_arrays(county.ferries, roads)
    >>> [(edge, code, figures["mode"]) for edge, code, figures in traps(roads, ferries)]
    [('CD', 'trap', 'ebike'), ('CD', 'trap', 'drive')]
    """
    found: Found = []
    for mode in ("ebike", "drive"):
        usable = roads.flags[:, ROAD_MODES.index(mode)] & (roads.ends >= 0).all(axis=1)
        both = usable & ~roads.is_oneway
        sails = (ferries.ends >= 0).all(axis=1) & (ferries.takes_cars | (mode != "drive"))
        start = np.concatenate([roads.ends[usable, 0], roads.ends[both, 1], *ferries.ends[sails].T])
        end = np.concatenate([roads.ends[usable, 1], roads.ends[both, 0], *ferries.ends[sails].T[::-1]])
        if not len(start):
            continue
        homes = _homes(start, end, len(roads.nodes))
        entered = _reached(start, end, homes, len(roads.nodes))
        left = _reached(end, start, homes, len(roads.nodes))
        for code, caught in (("trap", entered & ~left), ("no_way_in", ~entered)):
            found += _parts(roads, np.flatnonzero(usable), caught, mode, code)
    return found


def _homes(start: Ints, end: Ints, n_nodes: int) -> Ints:
    """One node of the largest part of each piece within which one can go everywhere and back."""
    strong = _labels(start, end, n_nodes, "strong")
    weak = _labels(start, end, n_nodes, "weak")
    touched = np.unique(np.concatenate([start, end]))
    size = np.bincount(strong[touched], minlength=strong.max() + 1)
    order = touched[np.lexsort((touched, -size[strong[touched]]))]
    _, first = np.unique(weak[order], return_index=True)
    return order[first]


def _reached(start: Ints, end: Ints, homes: Ints, n_nodes: int) -> Flags:
    """Whether each node can be reached from a home; nodes that the mode never touches count as reached."""
    starts = np.concatenate([start, np.full(len(homes), n_nodes)])
    ends = np.concatenate([end, homes])
    graph = csr_array((np.ones(len(starts)), (starts, ends)), shape=(n_nodes + 1, n_nodes + 1))
    reached = np.ones(n_nodes + 1, dtype=bool)
    reached[np.concatenate([start, end])] = False
    reached[breadth_first_order(graph, n_nodes, return_predecessors=False)] = True
    return reached[:n_nodes]


def _parts(roads: RoadArrays, edges: Ints, caught: Flags, mode: str, code: str) -> Found:
    """One fault for each connected part of the nodes caught, named by its least edge."""
    inside = caught[roads.ends[edges]].all(axis=1)
    touching = edges[caught[roads.ends[edges]].any(axis=1)]
    part = _labels(roads.ends[edges[inside], 0], roads.ends[edges[inside], 1], len(roads.nodes), "weak")
    owner = np.where(caught[roads.ends[touching, 0]], roads.ends[touching, 0], roads.ends[touching, 1])
    found: Found = []
    _, first, number = np.unique(part[owner], return_index=True, return_inverse=True)
    for i, at in enumerate(first.tolist()):
        members = touching[number == i]
        length_m = float(np.nansum(roads.drawn_m[members]))
        figures = {"mode": mode, "n_edges": len(members), "length_m": round(length_m, 1)}
        found.append((roads.ids[touching[at]], code, figures))
    return found


def twins(roads: RoadArrays) -> Found:
    """Edges between the same two nodes that serve the same mode the same way: the quickest counts.

    Examples
    --------
    >>> import pandas as pd
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> roads = toy_county().roads
    >>> again = roads.loc[["AB"]].rename(index={"AB": "AB2"})
    >>> twins(arrays_of(pd.concat([roads, again])))
    [('AB2', 'duplicate', {'length_m': 800.0, 'other': 'AB', 'other_m': 800.0})]
    """
    low, high = roads.ends.min(axis=1), roads.ends.max(axis=1)
    proper = np.flatnonzero((low >= 0) & (low != high))
    pair = low[proper] * (len(roads.nodes) + 1) + high[proper]
    _, group, size = np.unique(pair, return_inverse=True, return_counts=True)
    several = size[group] > 1
    members = proper[several][np.lexsort((proper[several], roads.length_m[proper[several]], group[several]))]
    found: Found = []
    earlier: list[int] = []
    for i in members.tolist():
        if earlier and (low[i], high[i]) != (low[earlier[0]], high[earlier[0]]):
            earlier = []
        rival = next((j for j in earlier if _rivals(roads, i, j)), None)
        if rival is not None:
            same = bool(shapely.equals(roads.lines[i], roads.lines[rival])) and roads.is_drawn[i]
            figures = {"length_m": round(float(roads.length_m[i]), 1), "other": roads.ids[rival]}
            figures["other_m"] = round(float(roads.length_m[rival]), 1)
            found.append((roads.ids[i], "duplicate" if same else "parallel", figures))
        earlier.append(i)
    return found


def _rivals(roads: RoadArrays, i: int, j: int) -> bool:
    """Whether two edges between the same nodes serve one mode in one direction."""
    if (roads.flags[i] & roads.flags[j])[ROAD_MODES.index("walk")]:
        return True
    opposed = bool(roads.is_oneway[i] and roads.is_oneway[j] and roads.ends[i, 0] != roads.ends[j, 0])
    return bool((roads.flags[i] & roads.flags[j]).any()) and not opposed


def dead_ends(roads: RoadArrays, ferries: FerryArrays) -> Flags:
    """Whether each end of each edge (n, 2) is touched by no other edge and no ferry.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.roads.frame import arrays_of
    >>> roads = arrays_of(toy_county().roads)
    >>> dead_ends(roads, ferries_as_arrays(toy_county().ferries, roads)).tolist()
    [[True, False], [False, False], [False, True], [False, True]]
    """
    sides = roads.ends.reshape(-1)
    landings = ferries.ends.reshape(-1)
    used = np.bincount(sides[sides >= 0], minlength=len(roads.nodes))
    used += np.bincount(landings[landings >= 0], minlength=len(roads.nodes))
    return np.asarray((roads.ends >= 0) & (used[roads.ends] == 1), dtype=bool)


def stubs(roads: RoadArrays, dead: Flags) -> Found:
    """Short edges that lead nowhere."""
    short = np.flatnonzero(dead.any(axis=1) & (roads.drawn_m < STUB_M))
    return [(roads.ids[i], "stub", {"length_m": round(float(roads.drawn_m[i]), 1)}) for i in short.tolist()]


def _labels(start: Ints, end: Ints, n_nodes: int, connection: str) -> Ints:
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(n_nodes, n_nodes))
    _, label = connected_components(graph, directed=True, connection=connection)
    return np.asarray(label, dtype=np.intp)
