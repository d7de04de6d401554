"""Door-to-door minutes: one long table between the network and everything that is measured on it.

The question is always "who is within the cut-off of what", so the search starts at the destinations, which are few,
runs on the reversed network, and stops at the cut-off. Reversed, because a one-way street is near in one direction
only and the way that counts is from the worker to the venue.

What a pair costs is ``access leg + way on the network + egress leg``. The legs are straight, at the speed of the mode;
a car is walked to. Both ends lie somewhere along an edge, so the way on the network starts with part of an edge and
ends with part of one, or stays on one edge from beginning to end, in a direction in which the mode may go. Two points
with the very same coordinates are 0 minutes apart: nobody walks out to the road to enter the building they are in.

450 plaques hang in some 330 rooms and 8,000 worker groups stand at fewer places, so both ends are first reduced to
distinct places; only the answers are spread over all rows again. `xsgeo.search` does the searching, with memory that
grows with the answers.

Inside, time is counted in whole milliseconds: each edge is rounded once, each place along an edge once, each leg once,
so the parts of an edge add up to the edge, sums are exact, and the same input gives the same bits on every machine
whatever the order of rows, the engine or the number of threads. A way over n roads is within n/2 + 2 ms of the sum of
unrounded times, a centimetre's walk for a dozen. The cut-off is rounded likewise, and a way of exactly the cut-off
is within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo import search
from xsgeo.crs import METRES, WGS84, to_metres
from xsgeo.network import Floats, Ints, Network, arcs, check_mode, minutes_for, snap, to_ms
from xsgeo.settings import MODES, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd

_MS = 60_000.0


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
    _engine: search.Engine = "auto",
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
        Long table with the two id columns, ``minutes`` (whole milliseconds as a float) and ``mode``; one row a pair
        within the cut-off, sorted by origin and destination.

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
            starts = _places(origins.iloc[rows], network, mode, rules)
            ends = _places(destinations, network, mode, rules)
            pairs = _pairs(starts, ends, network, mode=mode, limit_ms=_limit_ms(cutoff), engine=_engine)
            start, end, ms = _spread(starts, ends, pairs)
            found.append((rows[start], end, np.minimum(ms / _MS, cutoff)))
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


def k_nearest(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    network: Network,
    k: int = 1,
    *,
    cutoff_min: Mapping[str, float] | float,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
    origin_name: str = "group_id",
    destination_name: str = "venue_id",
    _engine: search.Engine = "auto",
) -> pd.DataFrame:
    """The k nearest destinations of each origin, by one search from all destinations at once.

    The same rows could be picked from `travel_minutes`; this never makes the others, which pays when there are many.

    Parameters
    ----------
    origins, destinations, network, cutoff_min, modes, rules, origin_name, destination_name
        As for `travel_minutes`.
    k
        How many destinations.

    Returns
    -------
    pandas.DataFrame
        Long table as of `travel_minutes` with the column ``rank`` (1 for the nearest) beside, sorted by origin and
        rank. Of destinations equally far the one with the lesser id comes first.

    Raises
    ------
    ValueError
        As `travel_minutes`, and when k is below 1.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> k_nearest(county.workers.loc[["g2", "g5"]], county.venues, network, cutoff_min=15, modes="walk")
      group_id venue_id  minutes  mode  rank
    0       g2       V1      0.0  walk     1
    1       g5       V3     10.0  walk     1
    """
    rules = rules or network.rules
    for ids in (origins.index, destinations.index):
        _check_ids(ids)
    destinations = destinations.sort_index()
    own_mode = _own_modes(origins.index, modes)
    found: list[tuple[Ints, Ints, Floats]] = []
    for mode, cutoff in _cutoffs(cutoff_min).items():
        rows = np.flatnonzero(own_mode == mode)
        starts = _places(origins.iloc[rows], network, mode, rules)
        ends = _places(destinations, network, mode, rules, merged=False)
        ms, end = search.k_nearest(
            network.to_here(mode),
            _doors(ends, network, mode, leaving=False),
            k,
            limit_ms=min(_limit_ms(cutoff), network.to_here(mode).greatest_limit_ms),
            targets=_doors(starts, network, mode, leaving=True),
            shortcuts=_shortcuts(starts, ends, network, mode),
            engine=_engine,
        )
        place, rank = np.nonzero(end >= 0)
        start, one, ms = _spread(starts, ends, (place, end[place, rank], ms[place, rank]))
        found.append((rows[start], one, np.minimum(ms / _MS, cutoff)))
    table = _long_table(found, own_mode, origins.index, destinations.index, (origin_name, destination_name))
    table = table.sort_values([origin_name, "minutes", destination_name], ignore_index=True)
    return table.assign(rank=table.groupby(origin_name, sort=False).cumcount() + 1)


def node_minutes(
    place: gpd.GeoDataFrame, network: Network, *, mode: str, cutoff_min: float, rules: TravelRules | None = None
) -> pd.Series[float]:
    """Minutes from each node of the network to one place, the leg at the place included.

    Parameters
    ----------
    place
        A frame of one row.
    network, rules
        As for `travel_minutes`.
    mode
        ``walk``, ``ebike`` or ``drive``.
    cutoff_min
        Longest time in minutes.

    Returns
    -------
    pandas.Series
        ``node_minutes`` by node id; NaN beyond the cut-off, everywhere if the place does not join the network.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> node_minutes(county.venues.loc[["V1"]], network, mode="walk", cutoff_min=15).dropna().to_dict()
    {'A': 10.0, 'B': 0.0, 'C': 10.0}
    """
    minutes = minutes_at_nodes(place, network, mode=mode, cutoff_min=cutoff_min, rules=rules or network.rules)
    return pd.Series(minutes, index=pd.Index(network.node_ids, name="node_id"), name="node_minutes")


def minutes_at_nodes(
    place: gpd.GeoDataFrame, network: Network, *, mode: str, cutoff_min: float, rules: TravelRules
) -> Floats:
    """As `node_minutes`, without the ids: an array in the order of ``network.node_ids``."""
    ends = _places(place, network, mode, rules)
    graph = network.to_here(mode)
    cutoff = _cutoffs({mode: cutoff_min})[mode]
    pairs = search.within(
        graph, _doors(ends, network, mode, leaving=False), limit_ms=min(_limit_ms(cutoff), graph.greatest_limit_ms)
    )
    minutes = np.full(len(network.node_ids), np.nan)
    minutes[pairs.target] = np.minimum(pairs.ms / _MS, cutoff)
    return minutes


def path(
    origin: gpd.GeoDataFrame,
    destination: gpd.GeoDataFrame,
    network: Network,
    *,
    mode: str,
    rules: TravelRules | None = None,
) -> gpd.GeoDataFrame:
    """The way from one point to another, piece by piece; of ways equally long one with the fewest edges.

    Parameters
    ----------
    origin, destination
        Frames of one row each.
    network, rules
        As for `travel_minutes`.
    mode
        ``walk``, ``ebike`` or ``drive``.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a piece, in order, EPSG:4326: ``via`` (id of the road or ferry, empty for the legs to and from the
        network), ``minutes``, and the ``geometry`` as travelled. The minutes add up to those of `travel_minutes`.
        Empty when there is no way or a point does not join the network, or when both points are the same.

    Raises
    ------
    ValueError
        When a frame has not exactly one row.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> way = path(county.workers.loc[["g1"]], county.workers.loc[["g6"]], network, mode="walk")
    >>> way[["via", "minutes"]].to_numpy().tolist()
    [['AB', 10.0], ['BC', 10.0], ['Y1', 20.0], ['EF', 10.0]]
    """
    import geopandas as gpd

    if len(origin) != 1 or len(destination) != 1:
        msg = f"path needs one origin and one destination, got {len(origin)} and {len(destination)}"
        raise ValueError(msg)
    start, end = (_places(points, network, mode, rules or network.rules) for points in (origin, destination))
    pieces: list[_Piece] = []
    if len(start) and len(end) and not (start.xy == end.xy).all():
        ends = [to_metres(points).geometry.iloc[0] for points in (origin, destination)]
        pieces = [piece for piece in _pieces(start, end, network, mode, ends) if piece[1] or piece[2].length > 0]
    table = pd.DataFrame({"via": pd.Series([via for via, *_ in pieces], dtype=str)})
    table["minutes"] = np.array([ms for _, ms, _ in pieces], dtype=float) / _MS
    shapes = gpd.GeoSeries([shape for *_, shape in pieces], crs=METRES)
    return gpd.GeoDataFrame(table, geometry=shapes).to_crs(WGS84)


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


def _limit_ms(cutoff: float) -> int:
    # Half of the milliseconds that 32 bits hold is twelve days: longer than any way.
    return min(round(cutoff * _MS), 2**30)


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
class _Places:
    """Distinct coordinates joined to the network, and the points at each.

    The points of place ``i`` are `row[first[i] : first[i] + count[i]]`. `edge` and `share` say where it joins,
    `leg_ms` how long it takes to get there, `xy` where it is.
    """

    first: Ints
    count: Ints
    row: Ints
    edge: Ints
    share: Floats
    leg_ms: NDArray[np.int64]
    xy: Floats

    def __len__(self) -> int:
        return len(self.first)


def _places(
    points: gpd.GeoDataFrame, network: Network, mode: str, rules: TravelRules, *, merged: bool = True
) -> _Places:
    """Join points to the network, those of the same coordinates once; or each by itself, in the order of the rows."""
    snapped = snap(points, network, mode=mode, rules=rules)
    row = np.flatnonzero(snapped["reason"].eq(""))
    shapes = np.asarray(points.geometry.array, dtype=object)[row]
    xy = np.stack([shapely.get_x(shapes), shapely.get_y(shapes)], axis=1)
    order = np.lexsort((row, xy[:, 1], xy[:, 0])) if merged else np.arange(len(row))
    row, xy = row[order], xy[order]
    new = np.ones(len(row), dtype=bool)
    new[1:] = (xy[1:] != xy[:-1]).any(axis=1) | (not merged)
    first = np.flatnonzero(new)
    one = snapped.iloc[row[first]]
    return _Places(
        first=first,
        count=np.diff(np.append(first, len(row))),
        row=row,
        edge=network.edge_index.get_indexer(pd.Index(one["edge"])),
        share=one["position"].to_numpy(dtype=float),
        leg_ms=to_ms(minutes_for(one["snap_m"].to_numpy(dtype=float), leg_kmh(mode, rules))),
        xy=xy[first],
    )


def leg_kmh(mode: str, rules: TravelRules) -> float:
    """Speed of the straight way between a point and the network; a car is walked to.

    Examples
    --------
    >>> leg_kmh("drive", TravelRules())
    4.8
    """
    return rules.ebike_kmh if mode == "ebike" else rules.walk_kmh


# --- searching ---------------------------------------------------------------------------------------------------


def _pairs(
    starts: _Places, ends: _Places, network: Network, *, mode: str, limit_ms: int, engine: search.Engine
) -> tuple[Ints, Ints, NDArray[np.int64]]:
    """Places of origins and destinations within the limit and the ms between, sorted by origin and destination."""
    graph = network.to_here(mode)
    pairs = search.within(
        graph,
        _doors(ends, network, mode, leaving=False),
        limit_ms=min(limit_ms, graph.greatest_limit_ms),
        targets=_doors(starts, network, mode, leaving=True),
        shortcuts=_shortcuts(starts, ends, network, mode),
        engine=engine,
    )
    end, start, ms = pairs.by_target(len(starts))
    return start, end, ms


def _doors(places: _Places, network: Network, mode: str, *, leaving: bool) -> search.Doors:
    """Ways between the places and the ends of their edges, legs included: from the place, or to it."""
    along, against = _milestones(places, network, mode)
    ahead, back = (minutes[mode][places.edge] for minutes in (network.forward_min, network.backward_min))
    rest = [to_ms(np.where(np.isfinite(m), m, 0.0)) - past for m, past in ((ahead, along), (back, against))]
    by_head, by_tail = (rest[0], against) if leaving else (rest[1], along)
    headward, tailward = (ahead, back) if leaving else (back, ahead)
    # No part of a road closed in this direction is no obstacle: who stands at its end is at the node.
    heads, tails = np.isfinite(headward) | (places.share == 1), np.isfinite(tailward) | (places.share == 0)
    number = np.arange(len(places))
    return search.doors(
        np.concatenate([number[heads], number[tails]]),
        np.concatenate([network.head[places.edge[heads]], network.tail[places.edge[tails]]]),
        np.concatenate([(by_head + places.leg_ms)[heads], (by_tail + places.leg_ms)[tails]]),
        len(places),
    )


def _milestones(places: _Places, network: Network, mode: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ms from the tail of its edge to each place, and from the place to the tail; 0 on roads closed in that direction.

    Rounded once for each place, so that the parts of an edge add up to the edge.
    """
    ahead, back = (minutes[mode][places.edge] for minutes in (network.forward_min, network.backward_min))
    along, against = (
        np.rint(places.share * to_ms(np.where(np.isfinite(minutes), minutes, 0.0))).astype(np.int64)
        for minutes in (ahead, back)
    )
    return along, against


def _shortcuts(starts: _Places, ends: _Places, network: Network, mode: str) -> search.Pairs:
    """Ways that touch no node: straight along one edge, and nothing at all between the same coordinates."""
    end, start = _matches(ends.edge, starts.edge)
    edge = ends.edge[end]
    ahead = ends.share[end] - starts.share[start]
    (from_along, from_against), (to_along, to_against) = (_milestones(p, network, mode) for p in (starts, ends))
    onward, back = to_along[end] - from_along[start], from_against[start] - to_against[end]
    ms = np.where(ahead >= 0, onward, back) + starts.leg_ms[start] + ends.leg_ms[end]
    open_way = np.where(ahead > 0, network.forward_min[mode][edge], network.backward_min[mode][edge])
    may = np.isfinite(open_way) | (ahead == 0)
    ms[(starts.xy[start] == ends.xy[end]).all(axis=1)] = 0
    return search.shortcuts(end[may], start[may], ms[may], len(ends))


# --- paths -------------------------------------------------------------------------------------------------------

_Piece = tuple[str, int, shapely.LineString]


def _pieces(start: _Places, end: _Places, network: Network, mode: str, ends: list[shapely.Point]) -> list[_Piece]:
    """Id, ms and shape of each piece of the way, legs and parts of edges included; none where there is no way."""
    n = len(network.node_ids)
    arc_start, arc_end, minutes = arcs(network, mode=mode)
    leaving, arriving = _doors(start, network, mode, leaving=True), _doors(end, network, mode, leaving=False)
    direct = _shortcuts(start, end, network, mode)
    # Both ends become nodes, so that the search sees every way, that along a single edge included.
    graph = search.build_graph(
        np.concatenate([arc_start, np.full(len(leaving.node), n), arriving.node, np.full(len(direct), n)]),
        np.concatenate([arc_end, leaving.node, np.full(len(arriving.node), n + 1), np.full(len(direct), n + 1)]),
        np.concatenate([to_ms(minutes), leaving.ms, arriving.ms, direct.ms]),
        n + 2,
    )
    (way,) = search.paths(graph, search.at_nodes([n]), [n + 1])
    if not len(way):
        return []
    legs = int(start.leg_ms[0]), int(end.leg_ms[0])
    first, last = (
        ("", ms, _leg(network, place, point)) for ms, place, point in zip(legs, (start, end), ends, strict=True)
    )
    if len(way) == 2:
        share = start.share[0], end.share[0]
        middle = [_part(network, start.edge[0], share, int(direct.ms[0]) - sum(legs))]
    else:
        out, into = (float(network.head[place.edge[0]] == node) for place, node in ((start, way[1]), (end, way[-2])))
        out_ms, into_ms = leaving.ms[leaving.node == way[1]].min(), arriving.ms[arriving.node == way[-2]].min()
        middle = [
            _part(network, start.edge[0], (start.share[0], out), int(out_ms) - legs[0]),
            *(_step(network, mode, one, other) for one, other in pairwise(way[1:-1])),
            _part(network, end.edge[0], (into, end.share[0]), int(into_ms) - legs[1]),
        ]
    return [first, *middle, ("", last[1], shapely.reverse(last[2]))]


def _step(network: Network, mode: str, one: int, other: int) -> _Piece:
    """The quickest road or ferry from one node to the next; the least id of several."""
    onward = np.flatnonzero((network.tail == one) & (network.head == other))
    back = np.flatnonzero((network.tail == other) & (network.head == one))
    choices: list[tuple[float, str, Any]] = [
        *((network.forward_min[mode][edge], network.edge_ids[edge], network.lines[edge]) for edge in onward),
        *((network.backward_min[mode][e], network.edge_ids[e], shapely.reverse(network.lines[e])) for e in back),
    ]
    sails = network.ferry_takes_cars | (mode != "drive")
    lands = (network.ferry_tail == one) & (network.ferry_head == other)
    lands |= (network.ferry_tail == other) & (network.ferry_head == one)
    for ferry in np.flatnonzero(sails & lands):
        straight = shapely.LineString([(network.x[node], network.y[node]) for node in (one, other)])
        choices.append((network.ferry_min[ferry], network.ferry_ids[ferry], straight))
    minutes, via, shape = min(choices, key=lambda choice: choice[:2])
    return str(via), int(to_ms(np.array([minutes]))[0]), shape


def _leg(network: Network, place: _Places, point: shapely.Point) -> shapely.LineString:
    foot = shapely.get_point(_along(network, int(place.edge[0]), place.share[0], place.share[0]), 0)
    return shapely.LineString([point.coords[0], foot.coords[0]])


def _part(network: Network, edge: int, share: tuple[float, float], ms: int) -> _Piece:
    return str(network.edge_ids[edge]), ms, _along(network, edge, *share)


def _along(network: Network, edge: int, begin: float, end: float) -> shapely.LineString:
    """The stretch of an edge from one share of its length to another, in that direction, or twice the same point."""
    from shapely.ops import substring

    shape = substring(network.lines[edge], begin, end, normalized=True)
    return shapely.LineString([*shape.coords, *shape.coords][: max(2, len(shape.coords))])


def _matches(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Positions in both arrays of every pair of equal values."""
    order = np.argsort(other, kind="stable")
    low, high = (np.searchsorted(other[order], one, side) for side in ("left", "right"))
    return np.repeat(np.arange(len(one)), high - low), order[_ranges(low, high - low)]


def _spread(
    starts: _Places, ends: _Places, found: tuple[Ints, Ints, NDArray[np.int64]]
) -> tuple[Ints, Ints, NDArray[np.int64]]:
    """From pairs of places to pairs of points."""
    start, end, ms = found
    n_pairs = starts.count[start] * ends.count[end]
    pair = np.repeat(np.arange(len(start)), n_pairs)
    within = _ranges(np.zeros(len(start), dtype=np.intp), n_pairs)
    origin, destination = np.divmod(within, ends.count[end][pair])
    return (
        starts.row[origin + starts.first[start][pair]],
        ends.row[destination + ends.first[end][pair]],
        ms[pair],
    )


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
    order = np.argsort(_rank(origin_ids)[origin] * len(destination_ids) + _rank(destination_ids)[destination])
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
