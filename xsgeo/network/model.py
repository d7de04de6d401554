"""A network as flat arrays, and every way from node to node that a mode may go in one step.

A search wants arrays, not a graph object, and sorting by id first is what makes every answer independent of the order
of rows. What is worked out from the arrays (graphs laid out for searching, trees for snapping) is kept in `laid_out`
for the next question; nothing else is ever changed.

**The bus is an approximation.** No timetable of the county's buses was found, so a bus here is not a line but a faster
way along the roads: one walks on the road network, waits a mean time at any node of a road that a bus could use, rides
along such roads at a share of the speed of cars, stops included, gets off at any node and walks on; boarding again
means waiting again. It says nothing of where lines run or when the last bus leaves, and it is called an approximation
wherever its minutes are shown. In arrays, nodes are counted twice: position n is the node on foot, and
``n + len(node_ids)`` the same node aboard; points join the network on foot, so only the ways between know of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.search import Graph, build_graph
from xsgeo.search.arcs import least_arcs
from xsgeo.settings import MODES, TravelRules

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

TIE_M = 0.001
"""Closer than this is the same place: less than any survey, more than any rounding of floats."""


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """Roads and ferries as flat arrays, edges and nodes in the order of their ids.

    Attributes
    ----------
    rules
        Speeds and limits the network was built with.
    node_ids, x, y
        Node ids, and their easting and northing in metres (EPSG:4550).
    edge_ids, tail, head, length_m, lines
        Edge ids, the nodes they lead from and to (positions in `node_ids`), length, and shape in metres.
    twin
        Position of the edge that is the same line drawn the other way, -1 where there is none.
    forward_min, backward_min
        By mode, minutes from tail to head and from head to tail; infinite where the mode may not go. Those of ``bus``
        are on foot, as one goes to the bus.
    ride_forward_min, ride_backward_min
        The same aboard a bus; infinite where none goes.
    enterable
        Whether a point may join the edge midway; false on expressways.
    ferry_ids, ferry_tail, ferry_head, ferry_min, ferry_takes_cars
        Ferries in service: landings (positions in `node_ids`), mean wait plus crossing in minutes, both ways alike.
    land_polygons, land_pieces
        Land in metres, and the number of the piece each polygon belongs to.
    stretch_lines, stretch_edges, stretch_pieces
        What a point on each piece of land may snap to: a line, its edge, the piece.
    laid_out
        What was worked out from these arrays and is kept for the next question; nothing else is ever changed.
    """

    rules: TravelRules
    node_ids: Objects
    x: Floats
    y: Floats
    edge_ids: Objects
    tail: Ints
    head: Ints
    length_m: Floats
    lines: Objects
    twin: Ints
    forward_min: Mapping[str, Floats]
    backward_min: Mapping[str, Floats]
    ride_forward_min: Floats
    ride_backward_min: Floats
    enterable: Flags
    ferry_ids: Objects
    ferry_tail: Ints
    ferry_head: Ints
    ferry_min: Floats
    ferry_takes_cars: Flags
    land_polygons: Objects
    land_pieces: Ints
    stretch_lines: Objects
    stretch_edges: Ints
    stretch_pieces: Ints
    laid_out: dict[str, Any] = field(default_factory=dict, init=False)

    @property
    def edge_index(self) -> pd.Index[str]:
        """The edge ids as an index, to find edges by their ids."""
        if "edge index" not in self.laid_out:
            self.laid_out["edge index"] = pd.Index(self.edge_ids)
        return cast("pd.Index[str]", self.laid_out["edge index"])

    def graph_size(self, mode: str) -> int:
        """Number of nodes in the graphs of a mode; by bus each node of the roads counts twice, on foot and aboard."""
        return len(self.node_ids) * (2 if mode == "bus" else 1)

    def carries(self, mode: str) -> Flags:
        """Which ferries carry the mode: all of them walkers, e-bikes and bus passengers, some of them cars."""
        return self.ferry_takes_cars if mode == "drive" else np.ones(len(self.ferry_ids), dtype=bool)

    def passage(self, mode: str) -> tuple[Floats, Floats]:
        """Minutes ahead and back along each edge for who stands on it, its twin in the other direction included.

        A street digitised as two one-way edges on one line is one street to whoever lives on it.
        """
        key = f"passage {mode}"
        if key not in self.laid_out:
            ahead, back = self.forward_min[mode], self.backward_min[mode]
            other = self.twin >= 0
            twin = self.twin[other]
            both = ahead.copy(), back.copy()
            both[0][other] = np.minimum(ahead[other], back[twin])
            both[1][other] = np.minimum(back[other], ahead[twin])
            self.laid_out[key] = both
        return cast("tuple[Floats, Floats]", self.laid_out[key])

    def is_symmetrical(self, mode: str) -> bool:
        """Whether every way of the mode takes as long in the other direction, to the millisecond."""
        key = f"symmetrical {mode}"
        if key not in self.laid_out:
            ahead, back = (to_ms(np.where(np.isfinite(m), m, -1.0)) for m in self.passage(mode))
            self.laid_out[key] = np.array_equal(ahead, back) and (mode != "bus" or self._rides_both_ways())
        return cast("bool", self.laid_out[key])

    def _rides_both_ways(self) -> bool:
        start, end, minutes = _open(self, self.ride_forward_min, self.ride_backward_min)
        one, other = (least_arcs(*arc, to_ms(minutes), len(self.node_ids)) for arc in ((start, end), (end, start)))
        return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))

    def to_here(self, mode: str, *, dry: bool = False) -> Graph:
        """The ways of a mode turned round, so that a search from a place finds who gets there; laid out once.

        Parameters
        ----------
        mode
            One of `xsgeo.settings.MODES`.
        dry
            Whether to leave the ferries out.
        """
        return self._graph(mode, dry=dry, turned=True)

    def from_here(self, mode: str, *, dry: bool = False) -> Graph:
        """The ways of a mode, so that a search from a place finds where one gets from there; laid out once.

        Parameters
        ----------
        mode, dry
            As for `to_here`.
        """
        return self._graph(mode, dry=dry, turned=self.is_symmetrical(mode))

    def _graph(self, mode: str, *, dry: bool, turned: bool) -> Graph:
        dry = dry and bool(self.carries(mode).any())
        key = f"graph {mode} {dry} {turned}"
        if key not in self.laid_out:
            start, end, minutes = arcs(self, mode=mode, dry=dry)
            ends = (end, start) if turned else (start, end)
            layers = self.graph_size(mode) // max(len(self.node_ids), 1)
            x, y = (np.tile(axis, layers) for axis in (self.x, self.y))
            self.laid_out[key] = build_graph(*ends, to_ms(minutes), self.graph_size(mode), x=x, y=y)
        return cast("Graph", self.laid_out[key])

    def __repr__(self) -> str:
        """One line that says what is held."""
        pieces = len(np.unique(self.land_pieces))
        return (
            f"<Network: nodes {len(self.node_ids):,}, edges {len(self.edge_ids):,}, "
            f"ferries {len(self.ferry_ids)}, pieces of land {pieces}>"
        )


def arcs(network: Network, *, mode: str, dry: bool = False) -> tuple[Ints, Ints, Floats]:
    """List every way from node to node that a mode may go in one step.

    Parameters
    ----------
    network
        From `xsgeo.network.build_network`.
    mode
        One of `xsgeo.settings.MODES`.
    dry
        Whether to leave the ferries out.

    Returns
    -------
    start, end
        Positions in `Network.node_ids`; by bus, a node aboard is the position plus the number of nodes. Parallel arcs
        and loops are all listed.
    minutes
        Minutes of each; ferries count their mean wait, and so does boarding a bus.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> [len(arcs(network, mode="walk", dry=dry)[0]) for dry in (False, True)]
    [10, 8]
    """
    check_mode(mode)
    parts = [_open(network, network.forward_min[mode], network.backward_min[mode])]
    if not dry:
        carried = network.carries(mode)
        one, other, minutes = network.ferry_tail[carried], network.ferry_head[carried], network.ferry_min[carried]
        parts += [(one, other, minutes), (other, one, minutes)]
    if mode == "bus":
        n_nodes = len(network.node_ids)
        start, end, minutes = _open(network, network.ride_forward_min, network.ride_backward_min)
        stops = np.unique(np.concatenate([start, end]))
        wait = np.full(len(stops), network.rules.bus_wait_min)
        parts += [(start + n_nodes, end + n_nodes, minutes)]
        parts += [(stops, stops + n_nodes, wait), (stops + n_nodes, stops, np.zeros(len(stops)))]
    starts, ends, all_minutes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return starts, ends, all_minutes


def _open(network: Network, forward: Floats, backward: Floats) -> tuple[Ints, Ints, Floats]:
    """The edges in the directions in which they are open."""
    out, back = np.isfinite(forward), np.isfinite(backward)
    start = np.concatenate([network.tail[out], network.head[back]])
    end = np.concatenate([network.head[out], network.tail[back]])
    return start, end, np.concatenate([forward[out], backward[back]])


def minutes_for(length_m: Floats, speed_kmh: Floats | float) -> Floats:
    """Minutes that a way takes: ``60 * length / (1000 * speed)``, in an order of operations that keeps 800 m exact.

    Parameters
    ----------
    length_m
        Lengths in metres.
    speed_kmh
        Speed in km/h, one for all or one each.

    Examples
    --------
    >>> import numpy as np
    >>> minutes_for(np.array([800.0]), 4.8).tolist()
    [10.0]
    """
    return np.asarray(60 * length_m / (1000 * speed_kmh), dtype=float)


def to_ms(minutes: Floats) -> NDArray[np.int64]:
    """Minutes as whole milliseconds, the unit of every search.

    Examples
    --------
    >>> import numpy as np
    >>> to_ms(np.array([10.0, 0.00001])).tolist()
    [600000, 1]
    """
    return np.rint(minutes * 60_000).astype(np.int64)


def check_mode(mode: str) -> None:
    """Refuse a mode that is not one of `xsgeo.settings.MODES`.

    Raises
    ------
    ValueError
        Naming the modes there are.

    Examples
    --------
    >>> check_mode("boat")
    Traceback (most recent call last):
        ...
    ValueError: mode must be one of walk, ebike, drive, bus, got 'boat'
    """
    if mode not in MODES:
        msg = f"mode must be one of {', '.join(MODES)}, got {mode!r}"
        raise ValueError(msg)
