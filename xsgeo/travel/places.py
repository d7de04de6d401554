"""The two ends of a journey: places joined to the network, and the ways between a place and the nodes around it.

450 plaques hang in some 330 rooms and 8,000 worker groups stand at fewer places, so both ends are first reduced to
distinct places; only the answers are spread over all rows again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo import search
from xsgeo.network import Floats, Ints, Network, minutes_for, snap, to_ms
from xsgeo.settings import TravelRules

if TYPE_CHECKING:
    import geopandas as gpd

Millis = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Places:
    """Distinct coordinates joined to the network, and the points at each.

    The points of place ``i`` are `row[first[i] : first[i] + count[i]]`. `edge` and `share` say where it joins,
    `leg_ms` how long it takes to get there, `xy` where it is.
    """

    first: Ints
    count: Ints
    row: Ints
    edge: Ints
    share: Floats
    leg_ms: Millis
    xy: Floats

    def __len__(self) -> int:
        """Number of places."""
        return len(self.first)

    def take(self, numbers: Ints) -> Places:
        """Return some of the places."""
        return Places(
            first=self.first[numbers],
            count=self.count[numbers],
            row=self.row,
            edge=self.edge[numbers],
            share=self.share[numbers],
            leg_ms=self.leg_ms[numbers],
            xy=self.xy[numbers],
        )


def places_of(
    points: gpd.GeoDataFrame, network: Network, mode: str, rules: TravelRules, *, merged: bool = True
) -> Places:
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
    return Places(
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


def doors(places: Places, network: Network, mode: str, *, leaving: bool) -> search.Doors:
    """Ways between the places and the ends of their edges, legs included: from the place, or to it."""
    along, against = _milestones(places, network, mode)
    ahead, back = (minutes[places.edge] for minutes in network.passage(mode))
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


def _milestones(places: Places, network: Network, mode: str) -> tuple[Millis, Millis]:
    """Ms from the tail of its edge to each place, and from the place to the tail; 0 on roads closed in that direction.

    Rounded once for each place, so that the parts of an edge add up to the edge.
    """
    ahead, back = (minutes[places.edge] for minutes in network.passage(mode))
    along, against = (
        np.rint(places.share * to_ms(np.where(np.isfinite(minutes), minutes, 0.0))).astype(np.int64)
        for minutes in (ahead, back)
    )
    return along, against


def shortcuts(leaving: Places, arriving: Places, network: Network, mode: str) -> tuple[Ints, Ints, Millis]:
    """Ways that touch no node: straight along one edge, and nothing at all between the same coordinates.

    Parameters
    ----------
    leaving, arriving
        Where the ways begin and end.
    network, mode
        As for `doors`.

    Returns
    -------
    leaving, arriving, ms
        Numbers of the places at both ends, and the way between, legs included.
    """
    end, start = matches(arriving.edge, leaving.edge)
    edge = arriving.edge[end]
    ahead = arriving.share[end] - leaving.share[start]
    (from_along, from_against), (to_along, to_against) = (_milestones(p, network, mode) for p in (leaving, arriving))
    onward, back = to_along[end] - from_along[start], from_against[start] - to_against[end]
    ms = np.where(ahead >= 0, onward, back) + leaving.leg_ms[start] + arriving.leg_ms[end]
    forward, backward = network.passage(mode)
    may = np.isfinite(np.where(ahead > 0, forward[edge], backward[edge])) | (ahead == 0)
    ms[(leaving.xy[start] == arriving.xy[end]).all(axis=1)] = 0
    return start[may], end[may], ms[may]


def matches(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Positions in both arrays of every pair of equal values.

    Examples
    --------
    >>> here, there = matches(np.array([7, 8]), np.array([8, 7, 8]))
    >>> here.tolist(), there.tolist()
    ([0, 1, 1], [1, 0, 2])
    """
    order = np.argsort(other, kind="stable")
    low, high = (np.searchsorted(other[order], one, side) for side in ("left", "right"))
    return np.repeat(np.arange(len(one)), high - low), order[ranges(low, high - low)]


def spread(starts: Places, ends: Places, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """From pairs of places to pairs of points: origin, destination, and the pair of places each came from."""
    n_pairs = starts.count[start] * ends.count[end]
    pair = np.repeat(np.arange(len(start)), n_pairs)
    within = ranges(np.zeros(len(start), dtype=np.intp), n_pairs)
    origin, destination = np.divmod(within, ends.count[end][pair])
    return (
        starts.row[origin + starts.first[start][pair]],
        ends.row[destination + ends.first[end][pair]],
        pair,
    )


def ranges(first: Ints, count: Ints) -> Ints:
    """``first[i], first[i] + 1, ...``, `count[i]` of them, for each ``i`` in turn.

    Examples
    --------
    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(count)
    step = np.repeat(first - ends + count, count)
    return np.asarray(np.arange(len(step)) + step, dtype=np.intp)
