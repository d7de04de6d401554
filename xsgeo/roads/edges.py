"""Ways cut into edges where they meet.

A node is a point that two ways share, a point a way passes twice, an end of a way, or a barrier; everything between two
nodes is one edge with its whole shape. Nodes where one way ends and the next begins are kept even where nothing
branches off: merging them would save a third of the edges, but an edge could then no longer be traced to its way, and
its id would hang on tags of its neighbours. Ids are the way's id and the number of the edge along it (``w123-0``,
``w123-1``), so an import repeated gives the same ids, and a wider clip does not renumber.

* **One flag, two vehicles.** The table of roads has one ``oneway`` flag, which binds cars and e-bikes alike. Where a
  street is one-way for one of them only, two edges are made of it: ``w123-4`` for cars and walkers, ``w123-4e`` for
  e-bikes. Walkers go both ways everywhere.
* **A barrier is an edge.** Where a bollard or a private gate stands on a way, the metre behind it becomes an edge of
  its own that the barred modes may not use. The rest of the street stays reachable from its own side, which shutting
  the whole edge would deny. Where a barrier stands on a crossing of several ways nobody can tell which it closes:
  nothing is closed, and the summary lists it.
* **No edge without length.** Two nodes in one place, joined by an edge of no length, become one node.
* **Large bridges** (100 m and longer: 大桥 in JTG D60) become the road classes for bridges, which is what marks an edge
  as allowed over water.
* **No rise is read.** OpenStreetMap has no heights: ``ele`` stands on peaks, not on streets, and ``incline`` is "up" as
  often as a figure, and that of the steepest stretch as often as of the whole. ``rise_m`` stays blank, which is flat; a
  planner who has a terrain model fills it in.

Lengths are geodesic. All of this is done on flat arrays, for a province at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from xsgeo.crs import WGS84, lengths_m
from xsgeo.roads.meaning import Meaning
from xsgeo.roads.ways import Floats, Ints, Note, Ways
from xsgeo.settings import ROAD_MODES

if TYPE_CHECKING:
    import geopandas as gpd

Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

ROAD_COLUMNS = (
    *("u", "v", "road_class", "name", "length_m", "speed_kmh"),
    *("walk", "ebike", "drive", "oneway", "source", "geometry"),
)

LARGE_BRIDGE_M = 100.0
"""A bridge is a large one (大桥) from this length on: JTG D60-2015, table 1.0.5."""

GATE_M = 1.0
"""Length of the edge that stands for a barrier, where the way is long enough for it."""

_BRIDGES = {"expressway": "bridge_exp"}


@dataclass(frozen=True, eq=False)
class Points:
    """Points of all ways in one row, each way in runs without a gap.

    Attributes
    ----------
    way
        Position of the way each point belongs to.
    run
        Number of the run; a way has more than one where the file lacks some of its points.
    ref, xy
        Id of the point and its position in degrees.
    gate
        Position in the sorted ids of barriers where the stretch after this point is a barrier, else -1.
    is_made
        Whether the point was put in to end a barrier.
    """

    way: Ints
    run: Ints
    ref: Ints
    xy: Floats
    gate: Ints
    is_made: Flags


@dataclass(frozen=True, eq=False)
class Segments:
    """Stretches between nodes, of roads and ferries alike.

    Attributes
    ----------
    way
        Position of the way.
    number
        Number along the way, from 0.
    u, v
        Node ids.
    lines, length_m
        Shape in degrees, and geodesic length.
    gate
        As in `Points`.
    """

    way: Ints
    number: Ints
    u: Objects
    v: Objects
    lines: Objects
    length_m: Floats
    gate: Ints

    def take(self, keep: Flags | Ints) -> Segments:
        """Return some of the stretches."""
        return Segments(**{name: values[keep] for name, values in vars(self).items()})


def cut(ways: Ways) -> tuple[Segments, list[Note]]:
    """Cut ways into stretches between nodes.

    Parameters
    ----------
    ways
        From a reader.

    Returns
    -------
    segments
        Roads and ferries, in the order of way and number.
    notes
        Points the source lacks, barriers passed over, nodes merged, stretches that cannot be drawn.

    Examples
    --------
    >>> from xsgeo.roads.tags import read_tags
    >>> from xsgeo.roads.ways import collect
    >>> at = {n: (121.87 + n / 1000, 29.47) for n in range(4)}
    >>> raw = [(7, [1, 2, 3]), (8, [0, 2])]
    >>> ways = collect([(i, r, np.array([at[n] for n in r]), {"highway": "path"}) for i, r in raw], read_tags())
    >>> segments, _ = cut(ways)
    >>> list(zip(edge_ids(ways, segments).tolist(), segments.u.tolist(), segments.v.tolist()))
    [('w7-0', 'n1', 'n2'), ('w7-1', 'n2', 'n3'), ('w8-0', 'n0', 'n2')]
    """
    points, notes = _points(ways)
    refs, node = np.unique(points.ref, return_inverse=True)
    first, last = _run_ends(points.run)
    is_node = (np.bincount(node, minlength=len(refs)) > 1)[node] | first | last
    points, is_node, gate_notes = _with_gates(ways, points, node, is_node)
    segments = _segments(ways, points, is_node)
    segments, mended = _without_nothings(segments)
    too_wide = np.array([b[2] - b[0] > 180 for b in shapely.bounds(segments.lines)], dtype=bool)
    if too_wide.any():
        mended.append(Note("edge", "dropped", "crosses_180", "", edge_ids(ways, segments)[too_wide]))
    return segments.take(~too_wide), [*notes, *gate_notes, *mended]


def edge_ids(ways: Ways, segments: Segments) -> Objects:
    """Ids of stretches: the letter, the way's id, a dash, the number along the way."""
    pairs = zip(ways.way_ids[segments.way].tolist(), segments.number.tolist(), strict=True)
    return np.array([f"{ways.way_letter}{way}-{number}" for way, number in pairs], dtype=object)


def is_ferry(ways: Ways) -> Flags:
    """Whether each way is a ferry."""
    return np.array([m.sailing is not None for m in ways.meanings], dtype=bool)[ways.kinds]


# --- points and nodes --------------------------------------------------------------------------------------------


def _points(ways: Ways) -> tuple[Points, list[Note]]:
    """Points that are there, repeated ones once, in runs of two and more without a gap."""
    way = np.repeat(np.arange(len(ways.way_ids)), np.diff(ways.starts))
    here = np.isfinite(ways.xy).all(axis=1)
    gaps = np.cumsum(~here)
    way_here, ref, xy, gaps_here = way[here], ways.refs[here], ways.xy[here], gaps[here]
    new = np.ones(len(ref), dtype=bool)
    new[1:] = (way_here[1:] != way_here[:-1]) | (gaps_here[1:] != gaps_here[:-1])
    again = np.zeros(len(ref), dtype=bool)
    again[1:] = ~new[1:] & (ref[1:] == ref[:-1])
    run = np.cumsum(new) - 1
    keep = ~again
    keep &= np.bincount(run[keep], minlength=len(ref))[run] > 1
    notes = []
    if not here.all():
        notes.append(Note("node", "dropped", "node_missing", "", np.unique(ways.refs[~here])))
    count = int(keep.sum())
    return Points(
        way=way_here[keep],
        run=run[keep],
        ref=ref[keep],
        xy=xy[keep],
        gate=np.full(count, -1, dtype=np.int64),
        is_made=np.zeros(count, dtype=bool),
    ), notes


def _run_ends(run: Ints) -> tuple[Flags, Flags]:
    change = np.flatnonzero(np.diff(run))
    first, last = np.zeros(len(run), dtype=bool), np.zeros(len(run), dtype=bool)
    if len(run):
        first[[0, *(change + 1)]] = True
        last[[*change, len(run) - 1]] = True
    return first, last


def _with_gates(ways: Ways, points: Points, node: Ints, is_node: Flags) -> tuple[Points, Flags, list[Note]]:
    """Put a short stretch behind each barrier that bars somebody, and say which barriers were passed over."""
    if not ways.barriers:
        return points, is_node, []
    first, last = _run_ends(points.run)
    barrier_refs = np.array(sorted(ways.barriers), dtype=np.int64)
    place = np.searchsorted(barrier_refs, points.ref).clip(max=len(barrier_refs) - 1)
    at_barrier = barrier_refs[place] == points.ref
    # How many stretches meet at each node: two at a point within a way, one at its end.
    degree = np.bincount(node, weights=np.where(first | last, 1, 2))
    allowed = _mode_flags(ways)[points.way]
    passes = np.array([ways.barriers[ref][0] for ref in barrier_refs.tolist()], dtype=bool).reshape(-1, 3)
    bars = at_barrier & (allowed & ~passes[place]).any(axis=1)
    shut, unsure = (np.unique(points.ref[bars & which]) for which in (degree[node] == 2, degree[node] > 2))
    owners = np.flatnonzero(np.isin(points.ref, shut))
    _, owner = np.unique(points.ref[owners], return_index=True)
    at = np.sort(owners[owner])
    notes = [
        Note("node", action, code, f"barrier={kind}", ids)
        for action, code, refs in (("used", "barrier", shut), ("dropped", "barrier_at_junction", unsure))
        for kind, ids in _by_kind(ways, refs)
    ]
    is_node = is_node.copy()
    is_node[at] = True
    return *_insert(points, is_node, at, last, place), notes


def _by_kind(ways: Ways, refs: Ints) -> Iterator[tuple[str, list[int]]]:
    kinds: dict[str, list[int]] = {}
    for ref in refs.tolist():
        kinds.setdefault(ways.barriers[ref][1], []).append(ref)
    yield from sorted(kinds.items())


def _insert(points: Points, is_node: Flags, at: Ints, last: Flags, place: Ints) -> tuple[Points, Flags]:
    """Put a point a metre after each point in `at`, or before it where a run ends there."""
    before = last[at]
    towards = np.where(before, at - 1, at + 1)
    gap_m = _straight_m(points.xy[at], points.xy[towards])
    share = np.minimum(np.divide(GATE_M, gap_m, out=np.full(len(at), 1.0), where=gap_m > 0), 1 / 3)
    made_xy = (points.xy[at] + share[:, None] * (points.xy[towards] - points.xy[at])).round(7)
    slot = np.where(before, at, at + 1)
    gate = points.gate.copy()
    gate[at[~before]] = place[at[~before]]
    made_gate = np.where(before, place[at], -1)
    return Points(
        way=np.insert(points.way, slot, points.way[at]),
        run=np.insert(points.run, slot, points.run[at]),
        ref=np.insert(points.ref, slot, points.ref[at]),
        xy=np.insert(points.xy, slot, made_xy, axis=0),
        gate=np.insert(gate, slot, made_gate),
        is_made=np.insert(points.is_made, slot, True),
    ), np.insert(is_node, slot, True)


def _straight_m(one: Floats, other: Floats) -> Floats:
    return lengths_m(np.asarray(shapely.linestrings(np.stack([one, other], axis=1)), dtype=object))


# --- stretches ---------------------------------------------------------------------------------------------------


def _segments(ways: Ways, points: Points, is_node: Flags) -> Segments:
    at = np.flatnonzero(is_node)
    same = points.run[at[1:]] == points.run[at[:-1]]
    begin, end = at[:-1][same], at[1:][same]
    size = end - begin + 1
    offset = np.concatenate([[0], np.cumsum(size)])
    take = np.repeat(begin - offset[:-1], size) + np.arange(offset[-1])
    owner = np.repeat(np.arange(len(size)), size)
    lines = np.asarray(shapely.linestrings(points.xy[take], indices=owner), dtype=object)
    way = points.way[begin]
    letter = ways.node_letter
    made = zip(points.ref[at].tolist(), points.is_made[at].tolist(), strict=True)
    labels = np.array([f"{letter}{ref}g" if is_made else f"{letter}{ref}" for ref, is_made in made], dtype=object)
    return Segments(
        way=way,
        number=np.arange(len(way)) - np.searchsorted(way, way),
        u=labels[:-1][same],
        v=labels[1:][same],
        lines=lines,
        length_m=lengths_m(lines),
        gate=points.gate[begin],
    )


def _without_nothings(segments: Segments) -> tuple[Segments, list[Note]]:
    """Make one node of the two ends of each stretch of no length, and drop the stretch."""
    nothing = segments.length_m == 0
    if not nothing.any():
        return segments, []
    count = int(nothing.sum())
    names, code = np.unique(np.concatenate([segments.u[nothing], segments.v[nothing]]), return_inverse=True)
    touching = csr_array((np.ones(count), (code[:count], code[count:])), shape=(len(names), len(names)))
    _, place = connected_components(touching, directed=False)
    _, least = np.unique(place, return_index=True)
    home = dict(zip(names, names[least[place]], strict=True))
    u, v = (np.array([home.get(node, node) for node in ends], dtype=object) for ends in (segments.u, segments.v))
    lost = [node for node, kept in home.items() if node != kept]
    notes = [Note("node", "mended", "same_place", "", lost)] if lost else []
    return replace(segments, u=u, v=v).take(~nothing), notes


# --- edges -------------------------------------------------------------------------------------------------------


def roads_of(ways: Ways, segments: Segments) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """Turn stretches of roads into the table of roads.

    Parameters
    ----------
    ways, segments
        From a reader, and from `cut`; ferries are passed over.

    Returns
    -------
    roads
        Index ``edge_id`` in order; the columns of `ROAD_COLUMNS`; EPSG:4326.
    notes
        Edges made for e-bikes alone, barriers nobody passes.
    """
    segments = segments.take(~is_ferry(ways)[segments.way])
    flags = _flags(ways, segments)
    shut = np.asarray(~flags.any(axis=1), dtype=bool)
    ids = edge_ids(ways, segments)
    notes = [Note("edge", "dropped", "shut_barrier", "", ids[shut])] if shut.any() else []
    segments, flags, ids = segments.take(~shut), flags[~shut], ids[~shut]
    ebike_way, drive_way = (_of_kind(ways, f"{mode}_direction", int)[segments.way] for mode in ("ebike", "drive"))
    apart = flags[:, 1] & flags[:, 2] & (ebike_way != drive_way)
    direction = np.where(flags[:, 2], drive_way, np.where(flags[:, 1], ebike_way, 0))
    shared = flags & ~np.stack([np.zeros_like(apart), apart, np.zeros_like(apart)], axis=1)
    frames = [_frame(ways, segments, ids, shared, direction)]
    if apart.any():
        own_ids = np.array([f"{edge}e" for edge in ids[apart]], dtype=object)
        own = np.tile(np.array([False, True, False]), (int(apart.sum()), 1))
        frames.append(_frame(ways, segments.take(apart), own_ids, own, ebike_way[apart]))
        notes.append(Note("edge", "used", "ebike_apart", "", own_ids))
    return _geo(pd.concat(frames).sort_index()), notes


def _frame(ways: Ways, segments: Segments, ids: Objects, flags: Flags, direction: Ints) -> pd.DataFrame:
    back = direction < 0
    lines = segments.lines.copy()
    lines[back] = shapely.reverse(lines[back])
    columns = {
        "u": np.where(back, segments.v, segments.u),
        "v": np.where(back, segments.u, segments.v),
        "road_class": _classes(ways, segments),
        "name": ways.names[segments.way],
        # A tenth of a millimetre: the shortest edge OSM can draw is a centimetre long.
        "length_m": segments.length_m.round(4),
        "speed_kmh": _of_kind(ways, "speed_kmh", float)[segments.way],
        **{mode: flags[:, i] for i, mode in enumerate(ROAD_MODES)},
        "oneway": direction != 0,
        "source": ways.source,
        "geometry": lines,
    }
    return pd.DataFrame(columns, index=pd.Index(ids, name="edge_id"), columns=list(ROAD_COLUMNS))


def _classes(ways: Ways, segments: Segments) -> Objects:
    way_m = np.bincount(segments.way, weights=segments.length_m, minlength=len(ways.way_ids))
    large = _of_kind(ways, "is_bridge", bool)[segments.way] & (way_m[segments.way] >= LARGE_BRIDGE_M)
    classes = _of_kind(ways, "road_class", object)[segments.way]
    bridges = np.array([_BRIDGES.get(c, "bridge_local") for c in classes[large]], dtype=object)
    classes[large] = bridges
    return classes


def _flags(ways: Ways, segments: Segments) -> Flags:
    flags = _mode_flags(ways)[segments.way]
    gated = segments.gate >= 0
    if gated.any():
        passes = [ways.barriers[ref][0] for ref in sorted(ways.barriers)]
        flags[gated] &= np.array(passes, dtype=bool)[segments.gate[gated]]
    return flags


def _mode_flags(ways: Ways) -> Flags:
    return np.stack([_of_kind(ways, mode, bool) for mode in ROAD_MODES], axis=1)


def _of_kind(ways: Ways, name: str, dtype: Any) -> NDArray[Any]:
    """One field of each way's meaning."""
    return np.array([getattr(m, name) for m in ways.meanings] or [getattr(Meaning(), name)], dtype=dtype)[ways.kinds]


def _geo(table: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)
