"""Door-to-door minutes: one long table between the network and everything that is measured on it.

The question is always "who is within the cut-off of what", so the search starts at the destinations, which are few,
runs on the reversed network, and stops at the cut-off. Reversed, because a one-way street is near in one direction
only and the way that counts is from the worker to the venue.

What a pair costs is ``access leg + way on the network + egress leg``. The legs are straight, at the speed of the mode;
a car is walked to. Both ends lie somewhere along an edge, so the way on the network starts with part of an edge and
ends with part of one, or stays on one edge from beginning to end, in a direction in which the mode may go. Two points
with the very same coordinates are 0 minutes apart: nobody walks out to the road to enter the building they are in.

450 plaques hang in some 330 rooms and 8,000 worker groups stand at fewer places, so both ends are first reduced to
distinct positions on the network; only the answers are spread over all rows again. Searches run in chunks whose
memory does not grow with the number of destinations.

Minutes are floats and are rounded nowhere. A way of exactly the cut-off is within it: sums of floats that exceed it by
less than a millionth of a minute are set to the cut-off itself, since 15.000000000000002 is a quarter of an hour to
everybody but the machine. Tables are sorted by id, and the same input gives the same bits whatever the row order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from xsgeo.network import Floats, Ints, Network, adjacency, arcs, check_mode, minutes_for, snap
from xsgeo.settings import MODES, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd
    from scipy.sparse import csr_array

_CHUNK_CELLS = 2_000_000
_ROUNDING_MIN = 1e-6


def travel_minutes(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    network: Network,
    *,
    cutoff_min: Mapping[str, float] | float,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
    origin_name: str = "group_id",
    destination_name: str = "venue_id",
) -> pd.DataFrame:
    """Minutes from each origin to each destination that it can reach within the cut-off of its own mode.

    Parameters
    ----------
    origins, destinations
        Points with unique ids as index; ``accuracy_m`` (m) is heeded where there is such a column. They may be the
        same frame. Points that `xsgeo.network.snap` does not join have no rows in the answer.
    network
        From `xsgeo.network.build_network`.
    cutoff_min
        Longest door-to-door time in minutes, the same for all or by mode; a mode that is absent cannot be used.
    modes
        ``walk``, ``ebike`` or ``drive``: one for all, or a Series on the index of `origins` (see `usual_means`).
    rules
        Speeds of the legs and the snap limit; the network's own when left out.
    origin_name, destination_name
        Names of the two id columns.

    Returns
    -------
    pandas.DataFrame
        Long table with the two id columns, ``minutes`` (float, not rounded) and ``mode``; one row a pair within the
        cut-off, sorted by origin and destination.

    Raises
    ------
    ValueError
        When an id is repeated, an origin has no mode or an unknown one, or a cut-off is not above 0 and finite.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> travel_minutes(county.workers, county.venues, network, cutoff_min=15, modes="walk").round(6)
      group_id venue_id  minutes  mode
    0       g1       V1     10.0  walk
    1       g2       V1      0.0  walk
    2       g2       V2     10.0  walk
    3       g3       V1     10.0  walk
    4       g3       V2      0.0  walk
    5       g5       V3     10.0  walk
    6       g6       V3      0.0  walk
    """
    rules = rules or network.rules
    for ids in (origins.index, destinations.index):
        _check_ids(ids)
    cutoffs = _cutoffs(cutoff_min)
    own_mode = _own_modes(origins.index, modes)
    found: list[tuple[Ints, Ints, Floats]] = []
    for mode, cutoff in cutoffs.items():
        rows = np.flatnonzero(own_mode == mode)
        if len(rows):
            starts = _doors(origins.iloc[rows], network, mode, rules)
            ends = _doors(destinations, network, mode, rules)
            pairs = _pairs(starts, ends, network, mode, cutoff)
            found.extend((rows[start], end, minutes) for start, end, minutes in pairs)
    return _long_table(found, own_mode, origins.index, destinations.index, (origin_name, destination_name))


def minutes_between(
    points: gpd.GeoDataFrame,
    network: Network,
    *,
    cutoff_min: Mapping[str, float] | float,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
    origin_name: str = "group_id",
    destination_name: str = "neighbour_id",
) -> pd.DataFrame:
    """Minutes from each point to each other point within the cut-off, and 0 to itself; for clustering.

    Parameters
    ----------
    points
        Points with unique ids as index.
    network, cutoff_min, modes, rules
        As for `travel_minutes`. The mode is that of the point set out from, so one-way streets and points of
        different modes make there and back differ.
    origin_name, destination_name
        Names of the two id columns.

    Returns
    -------
    pandas.DataFrame
        Long table as of `travel_minutes`; a point that does not join the network has no row, not even to itself.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> near = minutes_between(county.workers.loc[["g1", "g2"]], network, cutoff_min=15, modes="walk")
    >>> near[["group_id", "neighbour_id", "minutes"]].to_numpy().tolist()
    [['g1', 'g1', 0.0], ['g1', 'g2', 10.0], ['g2', 'g1', 10.0], ['g2', 'g2', 0.0]]
    """
    return travel_minutes(
        points,
        points,
        network,
        cutoff_min=cutoff_min,
        modes=modes,
        rules=rules,
        origin_name=origin_name,
        destination_name=destination_name,
    )


def snap_by_mode(
    points: gpd.GeoDataFrame,
    network: Network,
    *,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
) -> pd.DataFrame:
    """Where each point joins the network by its own mode; a reason that is not empty means travel times are unknown.

    Parameters
    ----------
    points, network, rules
        As for `xsgeo.network.snap`.
    modes
        One mode for all, or a Series on the index of `points`.

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.network.snap` and ``mode``, on the index of `points`.

    Raises
    ------
    ValueError
        When an id is repeated, or a point has no mode or an unknown one.
    """
    _check_ids(points.index)
    own_mode = _own_modes(points.index, modes)
    parts = [snap(points[own_mode == mode], network, mode=mode, rules=rules) for mode in MODES]
    return pd.concat(parts).reindex(points.index).assign(mode=own_mode)


def usual_means(workers: pd.DataFrame, towns: pd.DataFrame) -> pd.Series[str]:
    """How each group usually travels: as its row says, else on foot in urban towns and by e-bike elsewhere.

    The default follows TD/T 1062-2021: a living circle is walked in built-up areas and ridden in villages.

    Parameters
    ----------
    workers
        Columns ``town_id`` and, where known, ``means``; blank means not known.
    towns
        Index ``town_id``, column ``is_urban`` (flag).

    Returns
    -------
    pandas.Series
        ``usual_means`` on the index of `workers`: ``walk``, ``ebike`` or ``drive``.

    Raises
    ------
    ValueError
        When a group without stated means names an unknown town, or its means are not among the modes.

    Examples
    --------
    >>> import pandas as pd
    >>> towns = pd.DataFrame({"is_urban": [True, False]}, index=["t1", "t2"])
    >>> workers = pd.DataFrame({"town_id": ["t1", "t2", "t2"], "means": ["", None, "drive"]}, index=["a", "b", "c"])
    >>> usual_means(workers, towns).to_dict()
    {'a': 'walk', 'b': 'ebike', 'c': 'drive'}
    """
    stated = workers["means"] if "means" in workers.columns else pd.Series("", index=workers.index, dtype=object)
    stated = stated.astype(object).where(stated.notna(), "")
    urban = workers["town_id"].map(towns["is_urban"])
    lost = (stated == "") & urban.isna()
    if lost.any():
        msg = f"no such town: {', '.join(sorted(workers.loc[lost, 'town_id'].astype(str).unique())[:10])}"
        raise ValueError(msg)
    default = np.where(urban.eq(True), "walk", "ebike")
    means = stated.where(stated != "", default).astype(str)
    for mode in sorted(means.unique()):
        check_mode(mode)
    return means.rename("usual_means")


# --- checking ----------------------------------------------------------------------------------------------------


def _check_ids(ids: pd.Index[Any]) -> None:
    if not ids.is_unique:
        msg = f"ids must be unique; repeated: {', '.join(sorted(map(str, ids[ids.duplicated()].unique()))[:10])}"
        raise ValueError(msg)


def _cutoffs(cutoff_min: Mapping[str, float] | float) -> dict[str, float]:
    by_mode = dict(cutoff_min) if isinstance(cutoff_min, Mapping) else dict.fromkeys(MODES, cutoff_min)
    for mode, minutes in by_mode.items():
        check_mode(mode)
        if not 0 < minutes < np.inf:
            msg = f"cutoff_min must be above 0 and finite, got {minutes} for {mode}"
            raise ValueError(msg)
    return {mode: float(by_mode[mode]) for mode in MODES if mode in by_mode}


def _own_modes(ids: pd.Index[Any], modes: pd.Series[str] | str) -> NDArray[np.object_]:
    if isinstance(modes, str):
        check_mode(modes)
        return np.full(len(ids), modes, dtype=object)
    own = modes.reindex(ids)
    strange = ~own.isin(MODES)
    if strange.any():
        named = ", ".join(f"{i} ({mode})" for i, mode in own[strange].head(10).items())
        msg = f"modes must give one of {', '.join(MODES)} for each point; not so for {named}"
        raise ValueError(msg)
    return np.asarray(own, dtype=object)


# --- ends --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Doors:
    """Points joined to the network: distinct positions on it, and the points at each.

    `edge` and `share` describe the positions, in the order of the edges and along them. The points of position ``i``
    are `row[first[i] : first[i] + count[i]]`, their legs and places likewise.
    """

    edge: Ints
    share: Floats
    first: Ints
    count: Ints
    row: Ints
    leg_min: Floats
    place: Floats


def _doors(points: gpd.GeoDataFrame, network: Network, mode: str, rules: TravelRules) -> _Doors:
    snapped = snap(points, network, mode=mode, rules=rules)
    row = np.flatnonzero(snapped["reason"].eq(""))
    edge = pd.Index(network.edge_ids).get_indexer(pd.Index(snapped["edge"].iloc[row]))
    share = snapped["position"].to_numpy(dtype=float)[row]
    order = np.lexsort((row, share, edge))
    row, edge, share = row[order], edge[order], share[order]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (share[1:] != share[:-1])
    first = np.flatnonzero(new)
    leg_kmh = rules.ebike_kmh if mode == "ebike" else rules.walk_kmh
    shapes = np.asarray(points.geometry.array, dtype=object)[row]
    return _Doors(
        edge=edge[first],
        share=share[first],
        first=first,
        count=np.diff(np.append(first, len(row))),
        row=row,
        leg_min=minutes_for(snapped["snap_m"].to_numpy(dtype=float)[row], leg_kmh),
        place=np.stack([shapely.get_x(shapes), shapely.get_y(shapes)], axis=1),
    )


# --- searching ---------------------------------------------------------------------------------------------------


def _pairs(
    starts: _Doors, ends: _Doors, network: Network, mode: str, cutoff: float
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Rows of origins and destinations within the cut-off, and their minutes, chunk by chunk."""
    if not len(starts.edge) or not len(ends.edge):
        return
    limit = cutoff + _ROUNDING_MIN
    graph = _reversed_graph(ends, network, mode)
    n_nodes = len(network.node_ids)
    to_head, to_tail = _parts_of_edge(starts, network, mode, leaving=True)
    step = max(1, _CHUNK_CELLS // max(graph.shape[0], len(starts.edge)))
    for begin in range(0, len(ends.edge), step):
        chunk = np.arange(begin, min(begin + step, len(ends.edge)))
        from_nodes = dijkstra(graph, indices=n_nodes + chunk, limit=limit)
        by_head = from_nodes[:, network.head[starts.edge]] + to_head
        by_tail = from_nodes[:, network.tail[starts.edge]] + to_tail
        minutes = np.minimum(by_head, by_tail, out=by_head)
        end, start, direct = _along_one_edge(starts, ends, chunk, network, mode)
        minutes[end, start] = np.minimum(minutes[end, start], direct)
        end, start = np.nonzero(minutes <= limit)
        yield _spread(starts, ends, (start, chunk[end], minutes[end, start]), cutoff)


def _reversed_graph(ends: _Doors, network: Network, mode: str) -> csr_array:
    """The network turned round, with one more node for each end, from which arcs lead out and none in."""
    start, end, minutes = arcs(network, mode=mode)
    by_head, by_tail = _parts_of_edge(ends, network, mode, leaving=False)
    door = len(network.node_ids) + np.arange(len(ends.edge))
    use_head, use_tail = np.isfinite(by_head), np.isfinite(by_tail)
    return adjacency(
        np.concatenate([end, door[use_head], door[use_tail]]),
        np.concatenate([start, network.head[ends.edge[use_head]], network.tail[ends.edge[use_tail]]]),
        np.concatenate([minutes, by_head[use_head], by_tail[use_tail]]),
        len(network.node_ids) + len(ends.edge),
    )


def _parts_of_edge(doors: _Doors, network: Network, mode: str, *, leaving: bool) -> tuple[Floats, Floats]:
    """Minutes between each position and the head, and the tail, of its edge; leaving the position or coming to it."""
    forward, backward = network.forward_min[mode][doors.edge], network.backward_min[mode][doors.edge]
    rest = 1 - doors.share
    if leaving:
        return _part(rest, forward), _part(doors.share, backward)
    return _part(rest, backward), _part(doors.share, forward)


def _part(share: Floats, minutes: Floats) -> Floats:
    # No part of a road closed in this direction is no obstacle: who stands at its end is at the node.
    return np.multiply(share, minutes, out=np.zeros(len(share)), where=share > 0)


def _along_one_edge(
    starts: _Doors, ends: _Doors, chunk: Ints, network: Network, mode: str
) -> tuple[Ints, Ints, Floats]:
    """Pairs on one edge: number of the end within the chunk, number of the start, minutes straight along the edge."""
    low, high = (np.searchsorted(starts.edge, ends.edge[chunk], side) for side in ("left", "right"))
    count = high - low
    end = np.repeat(np.arange(len(chunk)), count)
    start = _ranges(low, count)
    edge = ends.edge[chunk][end]
    ahead = ends.share[chunk][end] - starts.share[start]
    onward = _part(ahead, network.forward_min[mode][edge])
    return end, start, np.where(ahead >= 0, onward, _part(-ahead, network.backward_min[mode][edge]))


def _spread(starts: _Doors, ends: _Doors, found: tuple[Ints, Ints, Floats], cutoff: float) -> tuple[Ints, Ints, Floats]:
    """From pairs of positions to pairs of points, legs added."""
    start, end, minutes = found
    n_pairs = starts.count[start] * ends.count[end]
    pair = np.repeat(np.arange(len(start)), n_pairs)
    within = _ranges(np.zeros(len(start), dtype=np.intp), n_pairs)
    origin, destination = np.divmod(within, ends.count[end][pair])
    origin += starts.first[start][pair]
    destination += ends.first[end][pair]
    total = minutes[pair] + starts.leg_min[origin] + ends.leg_min[destination]
    total[(starts.place[origin] == ends.place[destination]).all(axis=1)] = 0.0
    near = total <= cutoff + _ROUNDING_MIN
    return starts.row[origin[near]], ends.row[destination[near]], np.minimum(total[near], cutoff)


def _ranges(first: Ints, count: Ints) -> Ints:
    """``first[i], first[i] + 1, ...``, `count[i]` of them, for each ``i`` in turn."""
    ends = np.cumsum(count)
    step = np.repeat(first - ends + count, count)
    return np.asarray(np.arange(len(step)) + step, dtype=np.intp)


def _long_table(
    found: list[tuple[Ints, Ints, Floats]],
    own_mode: NDArray[np.object_],
    origin_ids: pd.Index[Any],
    destination_ids: pd.Index[Any],
    names: tuple[str, str],
) -> pd.DataFrame:
    origin, destination = (np.concatenate([np.empty(0, dtype=np.intp), *(part[i] for part in found)]) for i in (0, 1))
    minutes = np.concatenate([np.empty(0), *(part[2] for part in found)])
    order = np.lexsort((_rank(destination_ids)[destination], _rank(origin_ids)[origin]))
    origin, destination = origin[order], destination[order]
    return pd.DataFrame(
        {
            names[0]: origin_ids.take(origin),
            names[1]: destination_ids.take(destination),
            "minutes": minutes[order],
            "mode": pd.Series(own_mode[origin], dtype=str),
        }
    )


def _rank(ids: pd.Index[Any]) -> Ints:
    rank = np.empty(len(ids), dtype=np.intp)
    rank[ids.argsort()] = np.arange(len(ids))
    return rank
