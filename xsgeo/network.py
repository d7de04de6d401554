"""The road network: built and checked, points snapped to it, handed to OSMnx when an analyst asks.

A network here is a few flat arrays in the order of the edge ids, not a graph object: the search that follows wants
arrays, and sorting by id first is what makes every answer independent of the order of the rows. Each edge costs its
stated length at the speed of the mode; the shape only says where along the edge a point lies.

Points are snapped to *edges*, never to nodes: on country roads the nearest node may be a kilometre off. Four rules
keep a snap honest.

* **Own land.** A point is joined only to a road on its own piece of land, so no straight line ever crosses a strait,
  however narrow. A road that touches one piece belongs to it whole, stretches over an inlet included. Of a road that
  touches several (a bridge), each piece has the stretch that lies on it, and nobody has the stretch over water.
  Polygons that touch are one piece, because large coastlines come cut into sheets.
* **Entrances.** Expressways are entered at their nodes alone, by cars too; nobody steps onto a ferry in mid-strait.
* **No traps.** A road that leads in and not out again (or out and not in) takes no point, because one-way streets cut
  at the edge of the data would make thousands unreachable. What may be joined is, within each part of the network that
  hangs together and on each piece of land, the greatest part in which one can go from everywhere to everywhere. An
  island or a hamlet with roads of its own keeps them.
* **A limit.** Beyond `TravelRules.snap_limit_m` the travel time is unknown, which is not the same as long.

Ties go to the least edge id, and two edges tie when they are within a millimetre: a tie decided by the last bit of a
float would differ between machines.

Traps kept out: scipy adds up repeated entries of a sparse matrix (3 and 4 minutes on parallel edges became 7) and
drops zeros that arrive through a dense one, so `adjacency` takes the least of parallel arcs itself and stores zeros
explicitly. One-way roads bind cars and e-bikes; people on foot walk both ways. An edge from a node to itself is a
real thing (a loop round a block) and points on it are served; an edge of no length is not, and is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from xsgeo.crs import WGS84, to_metres
from xsgeo.errors import NetworkError
from xsgeo.search import Graph, build_graph, numba_is_there
from xsgeo.search.plain import least_arcs
from xsgeo.settings import MODES, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

QUAY_M = 100.0
"""A point this far off land still belongs to the nearest piece: quays are newer than coastlines."""

OFF_LAND_ROAD_M = 500.0
"""A road that touches no land belongs to the nearest piece within this distance, else to none."""

CLOSED_MIDWAY = ("expressway", "bridge_exp")
"""Road classes that are entered at their nodes alone."""

# Closer than this is the same: less than any survey, more than any rounding of floats.
_TIE_M = 0.001
_NODE_SPREAD_M = 10.0
_CHORD_SHARE = 0.98
_SMALL_JOB = 50_000


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
    forward_min, backward_min
        By mode, minutes from tail to head and from head to tail; infinite where the mode may not go.
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
    forward_min: Mapping[str, Floats]
    backward_min: Mapping[str, Floats]
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

    def to_here(self, mode: str) -> Graph:
        """The ways of a mode turned round, so that a search from a place finds who gets there; laid out once."""
        key = f"graph {mode}"
        if key not in self.laid_out:
            start, end, minutes = arcs(self, mode=mode)
            self.laid_out[key] = build_graph(end, start, to_ms(minutes), len(self.node_ids), x=self.x, y=self.y)
        return cast("Graph", self.laid_out[key])

    def __repr__(self) -> str:
        """One line that says what is held."""
        pieces = len(np.unique(self.land_pieces))
        return (
            f"<Network: nodes {len(self.node_ids):,}, edges {len(self.edge_ids):,}, "
            f"ferries {len(self.ferry_ids)}, pieces of land {pieces}>"
        )


def build_network(
    roads: gpd.GeoDataFrame,
    ferries: pd.DataFrame,
    land: gpd.GeoDataFrame,
    *,
    rules: TravelRules | None = None,
    closed_ferries: Collection[str] = (),
) -> Network:
    """Check roads and ferries and lay them out for snapping and searching.

    Parameters
    ----------
    roads
        One LineString an edge, drawn from ``u`` to ``v``; index ``edge_id``; columns ``u``, ``v``, ``road_class``,
        ``length_m`` (m), ``speed_kmh`` (km/h, for cars), ``walk``, ``ebike``, ``drive`` and ``oneway`` (flags).
    ferries
        Index ``ferry_id``; columns ``from_node``, ``to_node`` (road nodes), ``crossing_min``, ``wait_min`` (min),
        ``takes_cars`` (flag). Everyone on foot or e-bike is carried, cars where the ferry takes them; both ways.
    land
        Polygons of land and islands.
    rules
        Speeds of walkers and e-bikes, and the snap limit; the defaults of `TravelRules` when left out.
    closed_ferries
        Ids of ferries that do not sail.

    Returns
    -------
    Network
        An edge costs its length over the speed (`minutes_for`), a ferry ``wait_min + crossing_min``.

    Raises
    ------
    NetworkError
        Naming the edges or ferries of every fault found: no roads or no land; a repeated id; a line that is missing
        or is not one LineString; a length that is missing, zero or negative, or more than 2% shorter than the
        straight line between its ends (geodesic); a car road without a speed; ends of edges more than 10 m apart at
        one node; a ferry whose landing is no road node, or whose minutes are missing or negative; a closed ferry that
        does not exist; land that crosses itself.
    ValueError
        When a frame has no CRS.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> network
    <Network: nodes 6, edges 4, ferries 1, pieces of land 2>
    >>> dict(zip(network.edge_ids, network.forward_min["walk"].tolist()))
    {'AB': 10.0, 'BC': 10.0, 'CD': 20.0, 'EF': 10.0}
    """
    rules = rules or TravelRules()
    _check_unique(roads.index, "edge id")
    roads = roads.set_axis(roads.index.astype(str)).sort_index()
    land_polygons, land_pieces = _pieces_of_land(land)
    lines, nodes = _checked_roads(roads)
    index = pd.Index(nodes.index)
    tail, head = (index.get_indexer(pd.Index(roads[end].astype(str))) for end in ("u", "v"))
    length_m = roads["length_m"].to_numpy(dtype=float)
    forward_min, backward_min = _minutes(roads, length_m, rules)
    stretch_lines, stretch_edges, stretch_pieces = _stretches(lines, land_polygons, land_pieces)
    return Network(
        rules=rules,
        node_ids=_objects(index),
        x=nodes["x"].to_numpy(dtype=float),
        y=nodes["y"].to_numpy(dtype=float),
        edge_ids=_objects(roads.index),
        tail=tail,
        head=head,
        length_m=length_m,
        lines=lines,
        forward_min=forward_min,
        backward_min=backward_min,
        enterable=~roads["road_class"].isin(CLOSED_MIDWAY).to_numpy(dtype=bool),
        **_checked_ferries(ferries, index, closed_ferries),
        land_polygons=land_polygons,
        land_pieces=land_pieces,
        stretch_lines=stretch_lines,
        stretch_edges=stretch_edges,
        stretch_pieces=stretch_pieces,
    )


def snap(points: gpd.GeoDataFrame, network: Network, *, mode: str, rules: TravelRules | None = None) -> pd.DataFrame:
    """Say where each point joins the network, or why it does not.

    Parameters
    ----------
    points
        Points in any CRS; a column ``accuracy_m`` (m) is heeded where there is one, and blank there means exact.
    network
        From `build_network`.
    mode
        ``walk``, ``ebike`` or ``drive``: only edges that the mode may use and enter midway are considered.
    rules
        Snap limit and accuracy limit; the network's own when left out.

    Returns
    -------
    pandas.DataFrame
        On the index of `points`:

        ``edge``
            Id of the edge; empty where the point is not joined.
        ``position``
            Where on the edge, as a share of its length from ``u`` (0) to ``v`` (1).
        ``snap_m``
            Straight way to the edge in metres; also given where it is too far.
        ``x``, ``y``
            The place on the edge, metres (EPSG:4550).
        ``reason``
            Empty, or ``inexact`` (placed less exactly than `TravelRules.max_accuracy_m`, or without coordinates),
            ``no_road`` (not on land, or no road for the mode on that piece of land), ``too_far`` (beyond the limit),
            ``trap`` (beyond the limit, and the roads within it cannot be both left and come back to).

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> joined = snap(county.workers, network, mode="walk")
    >>> joined.loc[["g1", "g4"], "edge"].to_dict(), float(joined.at["g4", "position"])
    ({'g1': 'AB', 'g4': 'CD'}, 1.0)
    >>> joined.at["g7", "reason"], round(joined.at["g7", "snap_m"])
    ('too_far', 1649)
    """
    rules = rules or network.rules
    check_mode(mode)
    places = _objects(to_metres(points[[points.geometry.name]]).geometry.array)
    inexact = _inexact(points, places, rules)
    piece = np.full(len(places), -1, dtype=np.intp)
    piece[~inexact] = _own_piece(places[~inexact], network)
    joinable, trapped = _joinable(network, mode)
    stretch = _nearest_stretch(places, piece, network, f"joinable {mode}", joinable)
    near = stretch >= 0
    edge = np.full(len(places), -1, dtype=np.intp)
    edge[near] = network.stretch_edges[stretch[near]]
    position, snap_m, x, y = (np.full(len(places), np.nan) for _ in range(4))
    lines = network.stretch_lines[stretch[near]]
    snap_m[near] = shapely.distance(places[near], lines)
    feet = _feet(places[near], lines)
    x[near], y[near] = shapely.get_x(feet), shapely.get_y(feet)
    position[near] = _position(feet, network.lines[edge[near]])
    limit_m = rules.snap_limit_m + _TIE_M
    lost = ~inexact & ~(snap_m <= limit_m)
    stretch[~lost] = -1
    stretch[lost] = _nearest_stretch(places[lost], piece[lost], network, f"trapped {mode}", trapped)
    trap = stretch >= 0
    trap[trap] = shapely.distance(places[trap], network.stretch_lines[stretch[trap]]) <= limit_m
    reason = np.select([inexact, trap, edge < 0, lost], ["inexact", "trap", "no_road", "too_far"], default="")
    joined = reason == ""
    return pd.DataFrame(
        {
            "edge": np.where(joined, network.edge_ids[edge], ""),
            "position": np.where(joined, position, np.nan),
            "snap_m": snap_m,
            "x": np.where(joined, x, np.nan),
            "y": np.where(joined, y, np.nan),
            "reason": reason,
        },
        index=points.index,
    )


def arcs(network: Network, *, mode: str) -> tuple[Ints, Ints, Floats]:
    """List every way from node to node that a mode may go in one step.

    Parameters
    ----------
    network
        From `build_network`.
    mode
        ``walk``, ``ebike`` or ``drive``.

    Returns
    -------
    start, end
        Positions in `Network.node_ids`. Parallel arcs and loops are all listed.
    minutes
        Minutes of each; ferries count their mean wait.
    """
    check_mode(mode)
    forward, backward = network.forward_min[mode], network.backward_min[mode]
    out, back = np.isfinite(forward), np.isfinite(backward)
    carried = network.ferry_takes_cars if mode == "drive" else np.ones(len(network.ferry_ids), dtype=bool)
    one, other, ferry_min = network.ferry_tail[carried], network.ferry_head[carried], network.ferry_min[carried]
    start = np.concatenate([network.tail[out], network.head[back], one, other])
    end = np.concatenate([network.head[out], network.tail[back], other, one])
    return start, end, np.concatenate([forward[out], backward[back], ferry_min, ferry_min])


def adjacency(start: Ints, end: Ints, minutes: Floats, n_nodes: int) -> csr_array:
    """Arrange arcs as the sparse matrix that scipy's searches take.

    Of parallel arcs the least stays, loops go, and arcs of no minutes stay as stored zeros.

    Parameters
    ----------
    start, end
        Nodes by number.
    minutes
        Minutes of each arc, none negative.
    n_nodes
        Rows and columns of the matrix.

    Examples
    --------
    >>> import numpy as np
    >>> matrix = adjacency(np.array([0, 0, 1]), np.array([1, 1, 2]), np.array([4.0, 3.0, 0.0]), 3)
    >>> matrix.data.tolist(), matrix.indices.tolist(), matrix.indptr.tolist()
    ([3.0, 0.0], [1, 2], [0, 1, 2, 2])
    """
    first, ends, least = least_arcs(start, end, minutes, n_nodes)
    return csr_array((least, ends.astype(np.int32), first.astype(np.int32)), shape=(n_nodes, n_nodes))


def components(network: Network, mode: str) -> pd.Series[int]:
    """Number the parts of the network within which a mode can go from every node to every other and back.

    A part of its own is an island without a ferry, or a one-way street that leads in and never out.

    Parameters
    ----------
    network
        From `build_network`.
    mode
        ``walk``, ``ebike`` or ``drive``; ferries that carry the mode count.

    Returns
    -------
    pandas.Series
        ``components`` by node id, 0 for the part with most nodes (then the least id); nodes that no road or ferry of
        the mode touches are left out.
    """
    start, end, minutes = arcs(network, mode=mode)
    _, label = connected_components(
        adjacency(start, end, minutes, len(network.node_ids)), directed=True, connection="strong"
    )
    touched = np.unique(np.concatenate([start, end]))
    _, first, inverse, size = np.unique(label[touched], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(size), dtype=np.intp)
    # Nodes are in the order of their ids, so the first node of a part is its least id.
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    index = pd.Index(network.node_ids[touched], name="node_id")
    return pd.Series(rank[inverse], index=index, name="components")


def to_multidigraph(
    roads: gpd.GeoDataFrame, ferries: pd.DataFrame, *, mode: str = "drive", rules: TravelRules | None = None
) -> nx.MultiDiGraph:
    """Hand the network to OSMnx: the same roads as a graph in its convention.

    Parameters
    ----------
    roads, ferries
        As for `build_network`.
    mode
        Whose network: only edges the mode may use, in the directions it may use them, as OSMnx's ``network_type``.
    rules
        Speeds of walkers and e-bikes.

    Returns
    -------
    networkx.MultiDiGraph
        OSMnx takes a text for a list of nodes, so nodes and edges are numbered in the order of their ids and carry the
        ids beside: nodes with ``node_id``, ``x``, ``y`` (degrees) and ``street_count``; edges, keyed from 0 among
        parallels, with ``edge_id`` (of road or ferry), ``osmid``, ``length`` (m; of a ferry the geodesic),
        ``travel_time`` (s; of a ferry with its wait), ``speed_kph``, ``highway`` (our road class, or ``ferry``),
        ``oneway``, ``reversed`` and ``geometry``. It passes OSMnx's strict validation.

    Raises
    ------
    NetworkError
        As `build_network`, land apart.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> graph = to_multidigraph(county.roads, county.ferries, mode="walk")
    >>> [(a["edge_id"], a["travel_time"] / 60) for *_, a in graph.edges(data=True) if not a["reversed"]]
    [('AB', 10.0), ('BC', 10.0), ('CD', 20.0), ('Y1', 20.0), ('EF', 10.0)]
    """
    from osmnx.convert import graph_from_gdfs

    check_mode(mode)
    rules = rules or TravelRules()
    _check_unique(roads.index, "edge id")
    roads = roads.set_axis(roads.index.astype(str)).sort_index().to_crs(WGS84)
    _, nodes = _checked_roads(roads)
    index = pd.Index(nodes.index)
    sailing = _checked_ferries(ferries, index, ())
    edges = pd.concat([_road_edges(roads, index, mode, rules), _ferry_edges(sailing, nodes, mode)], ignore_index=True)
    edges["osmid"] = pd.factorize(edges["edge_id"])[0]
    edges["key"] = edges.groupby(["u", "v"], sort=False).cumcount()
    ends = edges.loc[~edges["reversed"], ["u", "v"]].to_numpy().ravel()
    places = pd.DataFrame(
        {"node_id": index, "x": nodes["lon"].to_numpy(), "y": nodes["lat"].to_numpy()},
        index=pd.RangeIndex(len(nodes), name="osmid"),
    ).assign(street_count=np.bincount(ends, minlength=len(nodes)))
    used = places.loc[np.unique(ends)]
    shapes = shapely.points(used["x"], used["y"])
    return graph_from_gdfs(_geo_frame(used.assign(geometry=shapes)), _geo_frame(edges.set_index(["u", "v", "key"])))


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
    """
    if mode not in MODES:
        msg = f"mode must be one of {', '.join(MODES)}, got {mode!r}"
        raise ValueError(msg)


# --- checking ----------------------------------------------------------------------------------------------------


def _check_unique(ids: pd.Index[Any], what: str) -> None:
    repeated = sorted({str(i) for i in ids[ids.astype(str).duplicated()]})
    if repeated:
        raise NetworkError(_fault(repeated, what, "is given more than once"))


def _fault(ids: Collection[str], what: str, problem: str) -> str:
    """One line that names up to ten ids and counts the rest."""
    named = list(ids)
    more = f" and {len(named) - 10} more" if len(named) > 10 else ""
    return f"{what} {', '.join(named[:10])}{more}: {problem}"


def _checked_roads(roads: gpd.GeoDataFrame) -> tuple[Objects, pd.DataFrame]:
    """Shapes in metres and the nodes (index node id; lon, lat, x, y), or every fault at once."""
    if not len(roads):
        msg = "there are no roads"
        raise NetworkError(msg)
    degrees = _objects(roads.geometry.to_crs(WGS84).array)
    undrawn = shapely.is_missing(degrees) | shapely.is_empty(degrees)
    undrawn |= ~np.isin(shapely.get_type_id(degrees), [shapely.GeometryType.LINESTRING])
    if undrawn.any():
        raise NetworkError(_fault(roads.index[undrawn], "edge", "the geometry is not one LineString"))
    lines = _objects(to_metres(roads[[roads.geometry.name]]).geometry.array)
    nodes, spread = _nodes(roads, degrees, lines)
    length_m = roads["length_m"].to_numpy(dtype=float)
    speed_kmh = roads["speed_kmh"].to_numpy(dtype=float)
    chord_m = _chords_m(degrees)
    long_enough = length_m >= _CHORD_SHARE * chord_m
    positive = (length_m > 0) & np.isfinite(length_m)
    tests = {
        "u or v is missing": roads[["u", "v"]].isna().any(axis=1).to_numpy(dtype=bool),
        "length_m must be above 0": ~positive,
        "length_m is shorter than the straight line between the ends": positive & ~long_enough,
        "a road for cars needs speed_kmh above 0": roads["drive"].to_numpy(dtype=bool)
        & ~((speed_kmh > 0) & np.isfinite(speed_kmh)),
        "an end of the line is not where the other edges have that node (is it drawn from u to v?)": spread,
    }
    faults = [_fault(roads.index[bad], "edge", problem) for problem, bad in tests.items() if bad.any()]
    if faults:
        raise NetworkError("\n".join(faults))
    return lines, nodes


def _nodes(roads: gpd.GeoDataFrame, degrees: Objects, lines: Objects) -> tuple[pd.DataFrame, Flags]:
    """Nodes in the order of their ids, and which edges end elsewhere than the first edge of the same node."""
    ends = {
        "node": np.concatenate([roads[end].astype(str).to_numpy(dtype=object) for end in ("u", "v")]),
        "edge": np.tile(np.arange(len(roads)), 2),
    }
    for shapes, names in ((degrees, ("lon", "lat")), (lines, ("x", "y"))):
        xy = np.concatenate([shapely.get_coordinates(shapely.get_point(shapes, at)) for at in (0, -1)])
        ends[names[0]], ends[names[1]] = xy[:, 0], xy[:, 1]
    table = pd.DataFrame(ends).sort_values(["node", "edge"], kind="stable")
    nodes = table.drop_duplicates("node").set_index("node").drop(columns="edge")
    gap_m = np.hypot(*(table[axis] - table["node"].map(nodes[axis]) for axis in ("x", "y")))
    spread = np.zeros(len(roads), dtype=bool)
    spread[table.loc[gap_m > _NODE_SPREAD_M, "edge"]] = True
    return nodes, spread


def _chords_m(degrees: Objects) -> Floats:
    first, last = (shapely.get_coordinates(shapely.get_point(degrees, at)) for at in (0, -1))
    return _geodesic_m(first[:, 0], first[:, 1], last[:, 0], last[:, 1])


def _geodesic_m(lon: Floats, lat: Floats, other_lon: Floats, other_lat: Floats) -> Floats:
    from pyproj import Geod

    _, _, distance = Geod(ellps="WGS84").inv(lon, lat, other_lon, other_lat)
    return np.asarray(distance, dtype=float)


def _checked_ferries(ferries: pd.DataFrame, nodes: pd.Index[Any], closed: Collection[str]) -> dict[str, Any]:
    """The `Network` fields of the ferries that sail, or every fault at once."""
    _check_unique(ferries.index, "ferry id")
    ferries = ferries.set_axis(ferries.index.astype(str)).sort_index()
    tail, head = (nodes.get_indexer(pd.Index(ferries[end].astype(str))) for end in ("from_node", "to_node"))
    parts_min = ferries[["wait_min", "crossing_min"]].to_numpy(dtype=float)
    tests = {
        "a landing is not a node of the roads": (tail < 0) | (head < 0),
        "both landings are the same node": (tail == head) & (tail >= 0),
        "wait_min and crossing_min must be 0 or more": ~((parts_min >= 0) & np.isfinite(parts_min)).all(axis=1),
    }
    faults = [_fault(ferries.index[bad], "ferry", problem) for problem, bad in tests.items() if bad.any()]
    unknown = sorted(set(closed) - set(ferries.index))
    if unknown:
        faults.append(_fault(unknown, "closed ferry", "there is no such ferry"))
    if faults:
        raise NetworkError("\n".join(faults))
    sails = ~ferries.index.isin(list(closed))
    return {
        "ferry_ids": _objects(ferries.index[sails]),
        "ferry_tail": tail[sails],
        "ferry_head": head[sails],
        "ferry_min": parts_min[sails].sum(axis=1),
        "ferry_takes_cars": ferries["takes_cars"].to_numpy(dtype=bool)[sails],
    }


# --- laying out --------------------------------------------------------------------------------------------------


def _minutes(
    roads: gpd.GeoDataFrame, length_m: Floats, rules: TravelRules
) -> tuple[Mapping[str, Floats], Mapping[str, Floats]]:
    """Minutes along each edge and back, by mode; infinite where the mode may not go."""
    speeds = {"walk": rules.walk_kmh, "ebike": rules.ebike_kmh, "drive": roads["speed_kmh"].to_numpy(dtype=float)}
    oneway = roads["oneway"].to_numpy(dtype=bool)
    forward, backward = {}, {}
    for mode in MODES:
        allowed = roads[mode].to_numpy(dtype=bool)
        forward[mode] = np.where(allowed, minutes_for(length_m, np.where(allowed, speeds[mode], 1.0)), np.inf)
        backward[mode] = forward[mode] if mode == "walk" else np.where(oneway, np.inf, forward[mode])
    return MappingProxyType(forward), MappingProxyType(backward)


def _pieces_of_land(land: gpd.GeoDataFrame) -> tuple[Objects, Ints]:
    """Polygons in metres and the number of the piece each belongs to; polygons that touch are one piece."""
    polygons = shapely.get_parts(_objects(to_metres(land[[land.geometry.name]]).geometry.array))
    if not len(polygons):
        msg = "there is no land: without it a point could be joined to a road across water"
        raise NetworkError(msg)
    invalid = ~shapely.is_valid(polygons)
    if invalid.any():
        msg = f"{int(invalid.sum())} polygons of the land are invalid: {shapely.is_valid_reason(polygons[invalid][0])}"
        raise NetworkError(msg)
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    touching = csr_array((np.ones(len(one)), (one, other)), shape=(len(polygons), len(polygons)))
    _, pieces = connected_components(touching, directed=False)
    return polygons, pieces.astype(np.intp)


def _stretches(lines: Objects, polygons: Objects, pieces: Ints) -> tuple[Objects, Ints, Ints]:
    """What may be snapped to from each piece of land: lines, their edges, the pieces; in the order of the edges."""
    tree = shapely.STRtree(lines)
    # Asked this way round, each polygon is prepared once for all the lines.
    polygon, edge = tree.query(polygons, predicate="intersects")
    touches = pd.DataFrame({"edge": edge, "piece": pieces[polygon], "polygon": polygon})
    belongs = touches[["edge", "piece"]].drop_duplicates()
    n_pieces = np.bincount(belongs["edge"], minlength=len(lines))
    whole = belongs[(n_pieces == 1)[belongs["edge"]]]
    bridges = touches[(n_pieces > 1)[touches["edge"]]]
    on_land = shapely.intersection(lines[bridges["edge"]], polygons[bridges["polygon"]])
    parts, row = shapely.get_parts(on_land, return_index=True)
    proper = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, cut = parts[proper], bridges.iloc[row[proper]]
    off_land = np.flatnonzero(n_pieces == 0)
    (offshore, shore) = shapely.STRtree(polygons).query_nearest(
        lines[off_land], max_distance=OFF_LAND_ROAD_M, all_matches=False
    )
    stretch = np.concatenate([lines[whole["edge"]], parts, lines[off_land[offshore]]])
    edges = np.concatenate([whole["edge"], cut["edge"], off_land[offshore]]).astype(np.intp)
    owner = np.concatenate([whole["piece"], cut["piece"], pieces[shore]]).astype(np.intp)
    order = np.lexsort((owner, edges))
    return stretch[order], edges[order], owner[order]


def _objects(values: Any) -> Objects:
    return np.asarray(values, dtype=object)


# --- snapping ----------------------------------------------------------------------------------------------------


def _inexact(points: gpd.GeoDataFrame, places: Objects, rules: TravelRules) -> Flags:
    nowhere = shapely.is_missing(places) | shapely.is_empty(places)
    if "accuracy_m" not in points.columns:
        return np.asarray(nowhere, dtype=bool)
    accuracy_m = points["accuracy_m"].to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(nowhere | (accuracy_m > rules.max_accuracy_m), dtype=bool)


def _own_piece(places: Objects, network: Network) -> Ints:
    """Number of the piece of land each point stands on, or lies within `QUAY_M` of; -1 at sea."""
    piece = np.full(len(places), -1, dtype=np.intp)
    if not len(places):
        return piece
    polygon, row = shapely.STRtree(places).query(network.land_polygons, predicate="intersects")
    piece[row] = network.land_pieces[polygon]
    at_sea = np.flatnonzero(piece < 0)
    row, polygon = shapely.STRtree(network.land_polygons).query_nearest(
        places[at_sea], max_distance=QUAY_M, all_matches=False
    )
    piece[at_sea[row]] = network.land_pieces[polygon]
    return piece


def _joinable(network: Network, mode: str) -> tuple[Flags, Flags]:
    """Which stretches points may join, and which they may enter but not both leave and come back to."""
    key = f"joinable {mode}"
    if key not in network.laid_out:
        edge, piece = network.stretch_edges, network.stretch_pieces
        usable = network.enterable & np.isfinite(np.minimum(network.forward_min[mode], network.backward_min[mode]))
        usable &= shapely.length(network.lines) > 0
        strong, weak, size, least = _parts(network, mode)
        tail = network.tail[edge]
        inner = usable[edge] & (strong[tail] == strong[network.head[edge]])
        parts = pd.DataFrame({"group": weak[tail], "piece": piece, "part": strong[tail]})[inner].drop_duplicates()
        parts = parts.assign(size=size[parts["part"]], least=least[parts["part"]])
        best = parts.sort_values(["size", "least"], ascending=[False, True]).drop_duplicates(["group", "piece"])
        # A part is told by its number, and a part lies in one group.
        chosen = set(zip(best["piece"], best["part"], strict=True))
        joinable = inner & np.array([pair in chosen for pair in zip(piece, strong[tail], strict=True)], dtype=bool)
        network.laid_out[key] = joinable, usable[edge] & ~joinable
    return cast("tuple[Flags, Flags]", network.laid_out[key])


def _parts(network: Network, mode: str) -> tuple[Ints, Ints, Ints, Ints]:
    """Of each node its strongly and its weakly connected part; of each strong part the size and the least node."""
    start, end, minutes = arcs(network, mode=mode)
    matrix = adjacency(start, end, minutes, len(network.node_ids))
    _, strong = connected_components(matrix, directed=True, connection="strong")
    _, weak = connected_components(matrix, directed=True, connection="weak")
    _, least, size = np.unique(strong, return_index=True, return_counts=True)
    return strong.astype(np.intp), weak.astype(np.intp), size.astype(np.intp), least.astype(np.intp)


def _nearest_stretch(places: Objects, piece: Ints, network: Network, key: str, allowed: Flags) -> Ints:
    """The nearest allowed stretch on each point's own piece of land, -1 where there is none.

    The first wins a tie of less than a millimetre. A job as small as a county's is done by shapely's tree, a greater
    one by the compiled grid, which needs a second to load; both give the same.
    """
    asked = np.flatnonzero(piece >= 0)
    stretch = np.full(len(places), -1, dtype=np.intp)
    chosen = np.flatnonzero(allowed)
    if not len(asked) or not len(chosen):
        return stretch
    if len(asked) < _SMALL_JOB or not numba_is_there():
        for number in np.unique(piece[asked]):
            rows, own = asked[piece[asked] == number], chosen[network.stretch_pieces[chosen] == number]
            if len(own):
                kept = f"tree {key} {number}"
                if kept not in network.laid_out:
                    network.laid_out[kept] = shapely.STRtree(network.stretch_lines[own])
                stretch[rows] = own[_nearest(places[rows], network.laid_out[kept])]
        return stretch
    from xsgeo.search import lines

    if f"grid {key}" not in network.laid_out:
        xy, line = shapely.get_coordinates(network.stretch_lines[chosen], return_index=True)
        network.laid_out[f"grid {key}"] = lines.build_grid(xy, line, network.stretch_pieces[chosen])
    found = lines.nearest_line(
        network.laid_out[f"grid {key}"],
        shapely.get_x(places[asked]),
        shapely.get_y(places[asked]),
        piece[asked],
        tie=_TIE_M,
    )
    stretch[asked[found >= 0]] = chosen[found[found >= 0]]
    return stretch


def _nearest(places: Objects, tree: shapely.STRtree) -> Ints:
    """The nearest line of each point; the first line wins a tie of less than a millimetre."""
    _, distance = tree.query_nearest(places, return_distance=True, all_matches=False)
    row, line = tree.query(places, predicate="dwithin", distance=distance + _TIE_M)
    first = np.full(len(places), len(tree.geometries), dtype=np.intp)
    np.minimum.at(first, row, line)
    return first


def _feet(places: Objects, lines: Objects) -> Objects:
    return _objects(shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, places)))


def _position(feet: Objects, lines: Objects) -> Floats:
    """Share of the line's length before each foot; exactly 0 or 1 within a millimetre of an end."""
    length = shapely.length(lines)
    along = shapely.line_locate_point(lines, feet)
    share = along / length
    return np.where(along < _TIE_M, 0.0, np.where(along > length - _TIE_M, 1.0, share))


# --- handing to OSMnx --------------------------------------------------------------------------------------------


def _road_edges(roads: gpd.GeoDataFrame, nodes: pd.Index[Any], mode: str, rules: TravelRules) -> pd.DataFrame:
    length_m = roads["length_m"].to_numpy(dtype=float)
    forward_min, backward_min = (minutes[mode] for minutes in _minutes(roads, length_m, rules))
    u, v = (nodes.get_indexer(pd.Index(roads[end].astype(str))) for end in ("u", "v"))
    shared = pd.DataFrame(
        {
            "edge_id": roads.index,
            "highway": roads["road_class"].to_numpy(),
            "length": length_m,
            "oneway": np.isfinite(forward_min) & ~np.isfinite(backward_min),
        }
    )
    edges = _both_ways(shared, u, v, _objects(roads.geometry.array), (forward_min, backward_min))
    return edges[np.isfinite(edges["travel_time"])]


def _ferry_edges(ferries: Mapping[str, Any], nodes: pd.DataFrame, mode: str) -> pd.DataFrame:
    sails = ferries["ferry_takes_cars"] if mode == "drive" else np.ones(len(ferries["ferry_ids"]), dtype=bool)
    u, v = (ferries[end][sails] for end in ("ferry_tail", "ferry_head"))
    degrees = nodes[["lon", "lat"]].to_numpy(dtype=float)
    shared = pd.DataFrame(
        {
            "edge_id": ferries["ferry_ids"][sails],
            "highway": "ferry",
            "length": _geodesic_m(*degrees[u].T, *degrees[v].T),
            "oneway": False,
        }
    )
    shapes = _objects(shapely.linestrings(np.stack([degrees[u], degrees[v]], axis=1)))
    minutes = ferries["ferry_min"][sails]
    return _both_ways(shared, u, v, shapes, (minutes, minutes))


def _both_ways(shared: pd.DataFrame, u: Ints, v: Ints, shapes: Objects, minutes: tuple[Floats, Floats]) -> pd.DataFrame:
    there = shared.assign(u=u, v=v, geometry=shapes, travel_time=minutes[0] * 60, reversed=False)
    back = shared.assign(u=v, v=u, geometry=shapely.reverse(shapes), travel_time=minutes[1] * 60, reversed=True)
    edges = pd.concat([there, back], ignore_index=True)
    # A ferry of no minutes has no speed; OSMnx leaves a missing attribute out.
    seconds = edges["travel_time"].where(edges["travel_time"] > 0)
    return edges.assign(speed_kph=edges["length"] / seconds * 3.6)


def _geo_frame(table: pd.DataFrame) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame(table, geometry="geometry", crs=WGS84)
