"""Bounded searches on a directed graph: arrays in, arrays out; neither frames nor files nor geometry.

The four questions of access planning are answered here, each by one function: who is within the cut-off of what
(`within`, or `within_blocks` where the answers need not all be held at once), what is nearest (`nearest`), what are the
k nearest (`k_nearest`), and by which way (`paths`). Memory grows with the answers and not with nodes times sources.

**Whole milliseconds.** Every arc, leg and limit is an integer number of milliseconds, so sums are exact, equal on every
machine and for every number of threads, and two engines either agree to the bit or one of them is wrong. What is
rounded is each arc, once, by at most half a millisecond: a way of n arcs is within n/2 ms of the sum of unrounded
times. A walker does 1.3 mm in a millisecond; no survey is as exact.

**Doors.** Sources and targets are rarely nodes: a point on a street is some way from both ends. A door is therefore a
list of (node, ms), the ways between it and the nodes around. What two doors have between them that touches no node
(both on one street, both in one building) goes in as shortcuts.

**Two engines, one answer.** The compiled engine is numba's (`xsgeo.search.kernels`); the plain one is scipy's
Dijkstra on the same integers (`xsgeo.search.plain`). Tests hold them equal to the bit, so which one runs is a matter
of time alone: left to itself a small job runs plain as long as the compiled engine is not loaded, because loading
takes about a second. `warm_up` compiles and loads; setting up does it once, and what was compiled is kept on the
disk.

Traps kept out: parallel arcs count by their least (scipy would add them up), loops are dropped, arcs of 0 ms stay;
of two sources equally far the one with the lesser number is nearest, whatever the order of rows or threads.
"""

from __future__ import annotations

from xsgeo.search.graph import Doors, Graph, Int32s, Ints, Pairs, at_nodes, build_graph, doors, shortcuts
from xsgeo.search.queries import k_nearest, nearest, paths, warm_up, within, within_blocks
from xsgeo.search.running import Engine, numba_is_there

__all__ = [
    "Doors",
    "Engine",
    "Graph",
    "Int32s",
    "Ints",
    "Pairs",
    "at_nodes",
    "build_graph",
    "doors",
    "k_nearest",
    "nearest",
    "numba_is_there",
    "paths",
    "shortcuts",
    "warm_up",
    "within",
    "within_blocks",
]
