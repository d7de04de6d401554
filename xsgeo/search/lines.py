"""Which of many lines is nearest to a point: a uniform grid of segments, searched by compiled loops.

A tree over half a million points or lines spends its time on boxes. Streets are spread evenly enough that a grid whose
cells hold about two segments finds the nearest one in the point's own cell or the ring around it, of which only those
cells are looked at that begin nearer than what was found. Segments are copied into their cells, so that a cell is one
run of memory, and points are taken cell by cell.

Lines belong to groups (pieces of land), and a point looks only at lines of its own group. A tie of less than `tie` goes
to the line with the lesser number. That needs a second look at the same cells, which is taken only when another line
came that close: at a crossing many do, elsewhere none.
"""

# Compiled functions take arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_MOST_CELLS = 8_000_000
_POINTS = 16_384


def _compiled(function: _Function) -> _Function:
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


@dataclass(frozen=True, eq=False, repr=False)
class LineGrid:
    """Segments by cell: those of cell ``i * ny + j`` stand in ``first[cell] : first[cell + 1]``.

    Attributes
    ----------
    first
        Where the segments of each cell begin.
    segment
        Both ends of each: x, y, x, y.
    line, group
        The line each belongs to, and the group of that line.
    x0, y0, cell, nx, ny
        Corner, width of a cell, and cells each way.
    groups
        Groups that have a line.
    """

    first: Int64s
    segment: Floats
    line: Int32s
    group: Int32s
    x0: float
    y0: float
    cell: float
    nx: int
    ny: int
    groups: Int64s


def build_grid(xy: Floats, vertex_line: Int64s, line_group: Int64s) -> LineGrid:
    """Put the segments of lines into a grid.

    Parameters
    ----------
    xy
        Vertices of all lines, line by line.
    vertex_line
        The line of each vertex, ascending.
    line_group
        The group of each line.
    """
    joined = np.flatnonzero(vertex_line[1:] == vertex_line[:-1])
    segment = np.ascontiguousarray(np.concatenate([xy[joined], xy[joined + 1]], axis=1))
    line = vertex_line[joined].astype(np.int32)
    low, high = xy.min(axis=0), xy.max(axis=0)
    area = float(np.prod(np.maximum(high - low, 1.0)))
    cell = max(np.sqrt(2 * area / max(len(segment), 1)), np.sqrt(area / _MOST_CELLS))
    nx, ny = (int(n) for n in np.floor((high - low) / cell) + 1)
    count = np.zeros(nx * ny + 1, dtype=np.int64)
    _fill(segment, low[0], low[1], cell, nx, ny, count[1:], np.empty(0, dtype=np.int32))
    first = np.cumsum(count)
    member = np.empty(first[-1], dtype=np.int32)
    _fill(segment, low[0], low[1], cell, nx, ny, first[:-1].copy(), member)
    return LineGrid(
        first=first,
        segment=segment[member],
        line=line[member],
        group=line_group[line[member]].astype(np.int32),
        x0=float(low[0]),
        y0=float(low[1]),
        cell=float(cell),
        nx=nx,
        ny=ny,
        groups=np.unique(line_group[line]),
    )


def nearest_line(
    grid: LineGrid, x: Floats, y: Floats, group: Int64s, *, tie: float, n_threads: int | None = None
) -> Int64s:
    """Find the nearest line of the point's own group, or of several within `tie` of the nearest the least.

    Parameters
    ----------
    grid
        From `build_grid`.
    x, y, group
        Points, and the group of each.
    tie
        Lines whose distances differ by no more than this are equally near.
    n_threads
        Threads; as many as there are processors when None. The answer does not depend on it.

    Returns
    -------
    array
        The line of each point, -1 where its group has none.
    """
    x, y = np.ascontiguousarray(x, dtype=float), np.ascontiguousarray(y, dtype=float)
    line, own = np.full(len(x), -1, dtype=np.int64), np.ascontiguousarray(group, dtype=np.int32)
    asked = np.flatnonzero(np.isin(own, grid.groups) & np.isfinite(x) & np.isfinite(y))
    asked = _by_cell(asked, x, y, grid.x0, grid.y0, grid.cell, grid.nx, grid.ny)

    def job(part: Int64s) -> Int64s:
        # Copied cell by cell here: reading all over the place is what takes time.
        return _look(
            grid.first, grid.segment, grid.line, grid.group, grid.x0, grid.y0, grid.cell, grid.nx, grid.ny,
            x[part], y[part], own[part], tie,
        )  # fmt: skip

    parts = [asked[i : i + _POINTS] for i in range(0, len(asked), _POINTS)]
    with ThreadPoolExecutor(n_threads or os.cpu_count() or 1) as pool:
        for part, found in zip(parts, pool.map(job, parts), strict=True):
            line[part] = found
    return line


@_compiled
def _cell_of(at: float, begin: float, cell: float, n: int) -> int:
    """The column or row that a coordinate falls in; of those outside the nearest."""
    return int(min(max((at - begin) // cell, 0.0), float(n - 1)))


@_compiled
def _by_cell(asked: Int64s, x: Floats, y: Floats, x0: float, y0: float, cell: float, nx: int, ny: int) -> Int64s:
    """The points in the order of their cells."""
    place = np.zeros(nx * ny + 1, np.int64)
    own = np.empty(len(asked), np.int32)
    for a in range(len(asked)):
        own[a] = _cell_of(x[asked[a]], x0, cell, nx) * ny + _cell_of(y[asked[a]], y0, cell, ny)
        place[own[a] + 1] += 1
    for i in range(nx * ny):
        place[i + 1] += place[i]
    order = np.empty(len(asked), np.int64)
    for a in range(len(asked)):
        order[place[own[a]]] = asked[a]
        place[own[a]] += 1
    return order


@_compiled
def _square(segment: Floats, k: int, x: float, y: float) -> float:
    """Square of the distance from a point to a segment."""
    x1, y1, dx, dy = segment[k, 0], segment[k, 1], segment[k, 2] - segment[k, 0], segment[k, 3] - segment[k, 1]
    length = dx * dx + dy * dy
    share = 0.0
    if length > 0:
        share = min(1.0, max(0.0, ((x - x1) * dx + (y - y1) * dy) / length))
    to_x, to_y = x1 + share * dx - x, y1 + share * dy - y
    square: float = to_x * to_x + to_y * to_y
    return square


@_compiled
def _fill(segment: Floats, x0: float, y0: float, cell: float, nx: int, ny: int, place: Int64s, member: Int32s) -> None:
    """Count the segments that come into each cell, or with `member` put them there; `place` moves on."""
    reach = 0.5 * cell * cell * 1.001
    for k in range(len(segment)):
        left, right = min(segment[k, 0], segment[k, 2]), max(segment[k, 0], segment[k, 2])
        low, high = min(segment[k, 1], segment[k, 3]), max(segment[k, 1], segment[k, 3])
        for i in range(int((left - x0) // cell), min(int((right - x0) // cell), nx - 1) + 1):
            for j in range(int((low - y0) // cell), min(int((high - y0) // cell), ny - 1) + 1):
                # A cell farther from the segment than half its own diagonal is not crossed.
                if _square(segment, k, x0 + (i + 0.5) * cell, y0 + (j + 0.5) * cell) <= reach:
                    if len(member):
                        member[place[i * ny + j]] = k
                    place[i * ny + j] += 1


@_compiled
def _gap(at: float, begin: float, cell: float) -> float:
    """How far outside a column or row a coordinate is."""
    gap: float = max(0.0, begin - at, at - (begin + cell))
    return gap


@_compiled
def _look(
    first: Int64s,
    segment: Floats,
    line: Int32s,
    group: Int32s,
    x0: float,
    y0: float,
    cell: float,
    nx: int,
    ny: int,
    xs: Floats,
    ys: Floats,
    groups: Int32s,
    tie: float,
) -> Int64s:
    """The nearest line of each point, ring by ring around its cell, and of each ring what is near."""
    answer = np.empty(len(xs), np.int64)
    for a in range(len(xs)):
        x, y = xs[a], ys[a]
        i0, j0 = _cell_of(x, x0, cell, nx), _cell_of(y, y0, cell, ny)
        left, low = x - (x0 + i0 * cell), y - (y0 + j0 * cell)
        inside = max(0.0, min(left, cell - left, low, cell - low))
        best, second, nearest, radius = np.inf, np.inf, -1, np.inf
        ring = 0
        while ring <= max(nx, ny):
            for i in range(max(0, i0 - ring), min(nx - 1, i0 + ring) + 1):
                wide = _gap(x, x0 + i * cell, cell)
                if wide > radius:
                    continue
                step = 1 if abs(i - i0) == ring else max(1, 2 * ring)
                for j in range(j0 - ring, j0 + ring + 1, step):
                    tall = _gap(y, y0 + j * cell, cell)
                    if 0 <= j < ny and wide * wide + tall * tall <= radius * radius:
                        here, end = first[i * ny + j], first[i * ny + j + 1]
                        best, second, nearest = _closer(
                            segment, line, group, here, end, x, y, groups[a], best, second, nearest
                        )
                        radius = np.sqrt(best) + tie
            # What was not looked at yet lies at least this far off.
            if radius <= ring * cell + inside:
                break
            ring += 1
        if second <= radius * radius:
            for i in range(max(0, i0 - ring), min(nx - 1, i0 + ring) + 1):
                here, end = first[i * ny + max(0, j0 - ring)], first[i * ny + min(ny - 1, j0 + ring) + 1]
                nearest = _lesser(segment, line, group, here, end, x, y, groups[a], radius * radius, nearest)
        answer[a] = nearest
    return answer


@_compiled
def _closer(
    segment: Floats,
    line: Int32s,
    group: Int32s,
    here: int,
    end: int,
    x: float,
    y: float,
    own: int,
    best: float,
    second: float,
    nearest: int,
) -> tuple[float, float, int]:
    """Square of the least distance so far, square of the least of another line, and the nearest line."""
    for k in range(here, end):
        if group[k] == own:
            square = _square(segment, k, x, y)
            if square < best:
                if line[k] != nearest:
                    second = best
                best, nearest = square, int(line[k])
            elif line[k] != nearest and square < second:
                second = square
    return best, second, nearest


@_compiled
def _lesser(
    segment: Floats,
    line: Int32s,
    group: Int32s,
    here: int,
    end: int,
    x: float,
    y: float,
    own: int,
    within: float,
    nearest: int,
) -> int:
    """The least line among those within a distance (squared) and the nearest."""
    for k in range(here, end):
        if group[k] == own and line[k] < nearest and _square(segment, k, x, y) <= within:
            nearest = int(line[k])
    return nearest


def lower_squares(field: Floats, segment: Floats, *, x0: float, y0: float, cell: float, reach: float) -> None:
    """Lower a raster of squared distances to those from some segments, in place; beyond `reach` nothing changes.

    Parameters
    ----------
    field
        Squared distance at the points ``x0 + column * cell``, ``y0 + row * cell``; at most the square of `reach`.
    segment
        Both ends of each: x, y, x, y.
    x0, y0, cell
        The first point and the distance of points.
    reach
        How far a segment is felt.
    """
    _lower(field, np.ascontiguousarray(segment), x0, y0, cell, reach)


@_compiled
def _lower(field: Floats, segment: Floats, x0: float, y0: float, cell: float, reach: float) -> None:
    rows, columns = field.shape
    for k in range(len(segment)):
        x1, y1, x2, y2 = segment[k, 0] - x0, segment[k, 1] - y0, segment[k, 2] - x0, segment[k, 3] - y0
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        share_dx, share_dy = (dx / length, dy / length) if length > 0 else (0.0, 0.0)
        left, right = max(0, int((min(x1, x2) - reach) / cell)), min(columns, int((max(x1, x2) + reach) / cell) + 2)
        low, high = max(0, int((min(y1, y2) - reach) / cell)), min(rows, int((max(y1, y2) + reach) / cell) + 2)
        if left >= right or low >= high:
            continue
        for i in range(np.uint32(low), np.uint32(high)):
            y = i * cell - y1
            for j in range(np.uint32(left), np.uint32(right)):
                # Without a branch the compiler takes several points at once.
                x = j * cell - x1
                share = x * share_dx + y * share_dy
                share = share if share > 0.0 else 0.0
                share = share if share < 1.0 else 1.0
                to_x, to_y = share * dx - x, share * dy - y
                square = to_x * to_x + to_y * to_y
                field[i, j] = square if square < field[i, j] else field[i, j]
