"""The road network: built and checked, points snapped to it, handed to OSMnx when an analyst asks.

A network here is a few flat arrays in the order of the edge ids, not a graph object: the search that follows wants
arrays, and sorting by id first is what makes every answer independent of the order of the rows. Each edge costs its
stated length at the speed of the mode; the shape only says where along the edge a point lies.

The parts, each below the next:

* `speeds`: length to minutes by mode, slopes and the bus; `model`: the arrays, and the ways from node to node;
* `land`: which piece of land a road or point is on; `build`: tables checked and laid out;
* `graphs`: matrices and connected parts; `snapping`: where points join; `handover`: the same roads for OSMnx.

Ties go to the least edge id, and two edges tie when they are within a millimetre: a tie decided by the last bit of a
float would differ between machines. One-way roads bind cars and e-bikes; people on foot walk both ways. Two one-way
edges drawn on one line in opposite directions are one street to whoever lives on it, who may leave by either. An edge
from a node to itself is a real thing (a loop round a block) and points on it are served; an edge of no length is not,
and is refused. A ferry costs its mean wait and the crossing, both ways alike; when it sails is a matter of masks of the
week (`sailings`), which meet the hours of people and doors later, and what a gale stops is left out when the network is
built (``gale=True``).
"""

from __future__ import annotations

from xsgeo.network.build import CLOSED_MIDWAY, build_network
from xsgeo.network.graphs import adjacency, components
from xsgeo.network.handover import to_multidigraph
from xsgeo.network.land import OFF_LAND_ROAD_M, QUAY_M
from xsgeo.network.model import Flags, Floats, Ints, Network, Objects, arcs, check_mode, minutes_for, to_ms
from xsgeo.network.snapping import snap
from xsgeo.network.speeds import BUS_CLASSES
from xsgeo.timetables import sailings

__all__ = [
    "BUS_CLASSES",
    "CLOSED_MIDWAY",
    "OFF_LAND_ROAD_M",
    "QUAY_M",
    "Flags",
    "Floats",
    "Ints",
    "Network",
    "Objects",
    "adjacency",
    "arcs",
    "build_network",
    "check_mode",
    "components",
    "minutes_for",
    "sailings",
    "snap",
    "to_ms",
    "to_multidigraph",
]
