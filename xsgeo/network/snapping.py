"""Where points join the network, or why they do not.

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
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import connected_components

from xsgeo.crs import to_metres
from xsgeo.network.graphs import adjacency
from xsgeo.network.land import objects, own_piece
from xsgeo.network.model import TIE_M, Flags, Floats, Ints, Network, Objects, arcs, check_mode
from xsgeo.search import numba_is_there
from xsgeo.settings import TravelRules

if TYPE_CHECKING:
    import geopandas as gpd

_SMALL_JOB = 50_000


def snap(points: gpd.GeoDataFrame, network: Network, *, mode: str, rules: TravelRules | None = None) -> pd.DataFrame:
    """Say where each point joins the network, or why it does not.

    Parameters
    ----------
    points
        Points in any CRS; a column ``accuracy_m`` (m) is heeded where there is one, and blank there means exact.
    network
        From `build_network`.
    mode
        One of `xsgeo.settings.MODES`: only edges that the mode may use and enter midway are considered; a bus is
        walked to.
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
    >>> from xsgeo.network import build_network
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
    # A bus is walked to.
    mode = "walk" if mode == "bus" else mode
    places = objects(to_metres(points[[points.geometry.name]]).geometry.array)
    inexact = _inexact(points, places, rules)
    piece = np.full(len(places), -1, dtype=np.intp)
    piece[~inexact] = own_piece(places[~inexact], network)
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
    limit_m = rules.snap_limit_m + TIE_M
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


def _inexact(points: gpd.GeoDataFrame, places: Objects, rules: TravelRules) -> Flags:
    nowhere = shapely.is_missing(places) | shapely.is_empty(places)
    if "accuracy_m" not in points.columns:
        return np.asarray(nowhere, dtype=bool)
    accuracy_m = points["accuracy_m"].to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(nowhere | (accuracy_m > rules.max_accuracy_m), dtype=bool)


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
        tie=TIE_M,
    )
    stretch[asked[found >= 0]] = chosen[found[found >= 0]]
    return stretch


def _nearest(places: Objects, tree: shapely.STRtree) -> Ints:
    """The nearest line of each point; the first line wins a tie of less than a millimetre."""
    _, distance = tree.query_nearest(places, return_distance=True, all_matches=False)
    row, line = tree.query(places, predicate="dwithin", distance=distance + TIE_M)
    first = np.full(len(places), len(tree.geometries), dtype=np.intp)
    np.minimum.at(first, row, line)
    return first


def _feet(places: Objects, lines: Objects) -> Objects:
    return objects(shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, places)))


def _position(feet: Objects, lines: Objects) -> Floats:
    """Share of the line's length before each foot; exactly 0 or 1 within a millimetre of an end."""
    length = shapely.length(lines)
    along = shapely.line_locate_point(lines, feet)
    share = along / length
    return np.where(along < TIE_M, 0.0, np.where(along > length - TIE_M, 1.0, share))
