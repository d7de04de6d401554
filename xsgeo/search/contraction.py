"""Folding a graph: nodes with few neighbours are taken out, and shortcuts between their neighbours put in.

Three quarters of the nodes of a road network go this way. A node with up to five neighbours is taken out by joining
each way in to each way out; no shortest way between other nodes changes its length. A round takes out nodes none of
which are neighbours, those with the fewest neighbours first, and six rounds leave a core. This is the beginning of a
contraction hierarchy (Geisberger and others 2008) without its witness searches and without its end, where each node
costs more than it saves: half a second a million nodes, once a graph.

A search climbs from its source by the arcs that nodes had when they were taken out, runs in the core, and comes down
by the arcs that led into them. Coming down needs no queue: what a node is reached from was taken out later than the
node, so one pass in that order is enough, and it can be taken for many sources at once (`xsgeo.search.lanes`).

A shortcut is never longer than the longest arc of the graph, so sums stay within 32 bits and queues as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Bytes = NDArray[np.int8]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_ROUNDS = 6
_NEIGHBOURS = 5
# A round that takes out fewer than one node in so many is the last.
_WORTH_IT = 100


def _compiled(function: _Function) -> _Function:
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


@dataclass(frozen=True, eq=False, repr=False)
class Contracted:
    """A folded graph, by `contract`: the core first, then the nodes taken out last, and so on.

    Attributes
    ----------
    place
        Where each node of the graph stands here.
    first, arcs
        Arcs (end, ms) that leave each node: of the core within it, of others as when they were taken out.
    down_first, down_arcs
        Arcs (end, ms) from each node to nodes taken out before it, as when those were taken out.
    levels
        Where the core and each round's nodes begin, and where the last end.
    """

    place: Int32s
    first: Int32s
    arcs: Int32s
    down_first: Int32s
    down_arcs: Int32s
    levels: Ints


def contract(first: Int32s, arcs: Int32s, longest_ms: int) -> Contracted:
    """Fold a graph, given as of `xsgeo.search.Graph`.

    Examples
    --------
    A street of three nodes: the ends go in the first round, the middle in the second, and nothing is left.

    >>> folded = contract(np.array([0, 1, 3, 4], np.int32), np.array([[1, 5], [0, 5], [2, 7], [1, 7]], np.int32), 7)
    >>> folded.place.tolist(), folded.levels.tolist(), folded.down_arcs.tolist()
    ([1, 0, 2], [0, 0, 1, 3], [[1, 5], [2, 7]])
    """
    n_nodes = len(first) - 1
    taken_in = np.zeros(n_nodes, dtype=np.int8)
    rounds: list[Int32s] = []
    out: list[_Part] = []
    into: list[_Part] = []
    for number in range(1, _ROUNDS + 1):
        in_first, in_arcs = _reversed(first, arcs)
        count = _take_out(first, arcs, in_first, in_arcs, taken_in, number, _NEIGHBOURS, longest_ms)
        if count:
            rounds.append(np.flatnonzero(taken_in == number).astype(np.int32))
            out.append(_arcs_of(first, arcs, rounds[-1]))
            into.append(_arcs_of(in_first, in_arcs, rounds[-1]))
            del in_first, in_arcs
            first, arcs = _joined(first, arcs, taken_in)
        if count * _WORTH_IT < n_nodes:
            break
    rounds.append(np.flatnonzero(taken_in == 0).astype(np.int32))
    # Only nodes of the core have arcs left.
    out.append((np.diff(first)[rounds[-1]], arcs))
    del first, arcs
    levels = np.cumsum([0, *(len(nodes) for nodes in reversed(rounds))])
    place = np.empty(n_nodes, dtype=np.int32)
    for begin in levels[:-1]:
        nodes = rounds.pop()
        place[nodes] = np.arange(begin, begin + len(nodes), dtype=np.int32)
    return Contracted(place, *_laid(place, out), *_turned(place, into, int(levels[1])), levels)


_Part = tuple[Int32s, Int32s]


@_compiled
def _arcs_of(first: Int32s, arcs: Int32s, nodes: Int32s) -> _Part:
    """How many arcs each of some nodes has, and these arcs."""
    count = np.empty(len(nodes), np.int32)
    for i in range(len(nodes)):
        count[i] = first[nodes[i] + 1] - first[nodes[i]]
    found = np.empty((count.sum(), 2), np.int32)
    at = 0
    for node in nodes:
        for k in range(first[node], first[node + 1]):
            found[at] = arcs[k]
            at += 1
    return count, found


def _laid(place: Int32s, parts: list[_Part]) -> _Part:
    """Parts one after the other from the last to the first, the ends of their arcs by place; none of them is left.

    A part is let go as soon as it is copied, and an empty array takes memory only where it is written to, so both
    forms of the arcs are never held together.
    """
    first = np.zeros(len(place) + 1, dtype=np.int32)
    arcs = np.empty((sum(len(found) for _, found in parts), 2), dtype=np.int32)
    at, filled = 1, 0
    while parts:
        count, found = parts.pop()
        first[at : at + len(count)] = count
        _renamed(found, place, arcs[filled : filled + len(found)])
        at, filled = at + len(count), filled + len(found)
    np.cumsum(first, out=first)
    return first, arcs


@_compiled
def _renamed(found: Int32s, place: Int32s, arcs: Int32s) -> None:
    """Copy arcs, their ends by place."""
    for k in range(len(found)):
        arcs[k, 0], arcs[k, 1] = place[np.uint32(found[k, 0])], found[k, 1]


def _turned(place: Int32s, parts: list[_Part], begin: int) -> _Part:
    """Arcs into nodes by the places they come from, parts from the last to the first, whose nodes begin at a place."""
    first = np.zeros(len(place) + 1, dtype=np.int32)
    for _, found in parts:
        _count(found, place, first[1:])
    np.cumsum(first, out=first)
    arcs, filled = np.empty((first[-1], 2), dtype=np.int32), first[:-1].copy()
    while parts:
        count, found = parts.pop()
        _turn(count, found, place, begin, filled, arcs)
        begin += len(count)
    return first, arcs


@_compiled
def _count(found: Int32s, place: Int32s, count: Int32s) -> None:
    """Count arcs by place."""
    for k in range(len(found)):
        count[np.uint32(place[np.uint32(found[k, 0])])] += 1


@_compiled
def _turn(  # noqa: PLR0917
    count: Int32s, found: Int32s, place: Int32s, begin: int, filled: Int32s, arcs: Int32s
) -> None:
    """Put arcs into nodes that begin at a place to the places they come from."""
    k = 0
    for i in range(len(count)):
        for _ in range(count[i]):
            start = np.uint32(place[np.uint32(found[k, 0])])
            to = np.uint32(filled[start])
            arcs[to, 0], arcs[to, 1] = begin + i, found[k, 1]
            filled[start] += 1
            k += 1


@_compiled
def _reversed(first: Int32s, arcs: Int32s) -> tuple[Int32s, Int32s]:
    """The arcs by their ends, as (start, ms)."""
    n_nodes = len(first) - 1
    in_first = np.zeros(n_nodes + 1, np.int32)
    for k in range(first[n_nodes]):
        in_first[np.uint32(arcs[k, 0]) + np.uint32(1)] += 1
    for i in range(n_nodes):
        in_first[i + 1] += in_first[i]
    place = in_first[:n_nodes].copy()
    in_arcs = np.empty((first[n_nodes], 2), np.int32)
    for node in range(n_nodes):
        for k in range(first[node], first[node + 1]):
            to = np.uint32(arcs[k, 0])
            in_arcs[place[to], 0], in_arcs[place[to], 1] = node, arcs[k, 1]
            place[to] += 1
    return in_first, in_arcs


@_compiled
def _take_out(  # noqa: PLR0917
    first: Int32s,
    arcs: Int32s,
    in_first: Int32s,
    in_arcs: Int32s,
    taken_in: Bytes,
    number: int,
    most: int,
    longest_ms: int,
) -> int:
    """Mark nodes for a round, none beside another, those with the fewest neighbours first; say how many."""
    n_nodes = len(first) - 1
    kept = np.zeros(n_nodes, np.bool_)
    near = np.empty(most + 1, np.int32)
    count = 0
    for wanted in range(most + 1):
        for node in range(n_nodes):
            if taken_in[node] or kept[node]:
                continue
            if first[node + 1] - first[node] > wanted or in_first[node + 1] - in_first[node] > wanted:
                continue
            n_near = _neighbours(
                arcs[first[node] : first[node + 1]], in_arcs[in_first[node] : in_first[node + 1]], near
            )
            if n_near != wanted:
                continue
            longest = 0
            for k in range(in_first[node], in_first[node + 1]):
                for m in range(first[node], first[node + 1]):
                    if in_arcs[k, 0] != arcs[m, 0]:
                        longest = max(longest, int(in_arcs[k, 1]) + int(arcs[m, 1]))
            if longest <= longest_ms:
                taken_in[node] = number
                count += 1
                for j in range(n_near):
                    kept[near[j]] = True
    return count


@_compiled
def _neighbours(out: Int32s, into: Int32s, near: Int32s) -> int:
    """How many different nodes the arcs out and in lead to and from, as many as there is room for; these nodes."""
    n_near = 0
    for arcs in (out, into):
        for k in range(len(arcs)):
            known = False
            for j in range(n_near):
                known |= near[j] == arcs[k, 0]
            if not known and n_near < len(near):
                near[n_near] = arcs[k, 0]
                n_near += 1
    return n_near


@_compiled
def _joined(first: Int32s, arcs: Int32s, taken_in: Bytes) -> tuple[Int32s, Int32s]:
    """The arcs between the nodes that are left, and shortcuts past those just taken out; the least of parallel ones."""
    n_nodes = len(first) - 1
    # A node with five neighbours has up to ten arcs, which up to twenty replace. What is not filled takes no memory.
    room = np.empty((2 * len(arcs), 2), np.int32)
    new_first = np.zeros(n_nodes + 1, np.int32)
    slot = np.full(n_nodes, -1, np.int32)
    filled = 0
    for node in range(n_nodes):
        begin = filled
        if not taken_in[node]:
            for k in range(first[node], first[node + 1]):
                middle, ms = arcs[k, 0], arcs[k, 1]
                past = taken_in[middle] != 0
                for m in range(first[middle] if past else k, first[middle + 1] if past else k + 1):
                    end = arcs[m, 0]
                    total = ms + arcs[m, 1] if past else ms
                    if end == node:
                        continue
                    if slot[end] < begin:
                        slot[end] = filled
                        room[filled, 0], room[filled, 1] = end, total
                        filled += 1
                    elif total < room[slot[end], 1]:
                        room[slot[end], 1] = total
        new_first[node + 1] = filled
    return new_first, room[:filled]
