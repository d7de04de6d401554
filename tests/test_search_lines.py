"""The grid of segments: the nearest line and the raster of distances, against brute force."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.search import lines

TIE_M = 0.001


def town(n_lines: int, *, seed: int, side: float = 1000.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lines of three vertices, some of them long, on a grid of whole metres; and a group for each."""
    random = np.random.RandomState(seed)
    begin = random.randint(0, side, (n_lines, 1, 2))
    steps = random.randint(-40, 41, (n_lines, 2, 2)) * random.choice([1, 1, 1, 8], (n_lines, 1, 1))
    xy = np.concatenate([begin, begin + np.cumsum(steps, axis=1)], axis=1).astype(float)
    return xy.reshape(-1, 2), np.repeat(np.arange(n_lines), 3), random.randint(0, 3, n_lines)


@settings(max_examples=30, deadline=None)
@given(n_lines=st.integers(1, 120), seed=st.integers(0, 10_000))
def test_the_nearest_line_of_the_own_group_is_found_and_the_first_wins_a_tie(n_lines: int, seed: int):
    xy, vertex_line, group = town(n_lines, seed=seed)
    shapes = shapely.linestrings(xy, indices=vertex_line)
    random = np.random.RandomState(seed + 1)
    # Points inside and far outside, and vertices, where several lines are equally near.
    points = np.concatenate([random.uniform(-3000, 4000, (40, 2)), random.uniform(0, 1000, (40, 2)), xy[:40]])
    own = random.randint(0, 4, len(points))
    found = lines.nearest_line(lines.build_grid(xy, vertex_line, group), *points.T, own, tie=TIE_M, n_threads=1)
    far = shapely.distance(shapely.points(points)[:, None], shapes[None, :])
    far[own[:, None] != group[None, :]] = np.inf
    expected = np.where(np.isfinite(far.min(axis=1)), (far <= far.min(axis=1)[:, None] + TIE_M).argmax(axis=1), -1)
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("n_threads", [1, 3])
def test_threads_and_the_order_of_points_change_nothing(n_threads: int):
    xy, vertex_line, group = town(500, seed=3)
    grid = lines.build_grid(xy, vertex_line, group)
    random = np.random.RandomState(4)
    points, own = random.uniform(0, 1000, (40_000, 2)), random.randint(0, 3, 40_000)
    once = lines.nearest_line(grid, *points.T, own, tie=TIE_M, n_threads=1)
    order = random.permutation(len(points))
    again = lines.nearest_line(grid, *points[order].T, own[order], tie=TIE_M, n_threads=n_threads)
    assert np.array_equal(again, once[order])


def test_points_without_coordinates_have_no_line():
    xy, vertex_line, group = town(5, seed=5)
    nowhere = np.array([np.nan, np.inf, 0.0]), np.array([0.0, 0.0, -np.inf])
    found = lines.nearest_line(lines.build_grid(xy, vertex_line, group), *nowhere, group[:3], tie=TIE_M)
    assert found.tolist() == [-1, -1, -1]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), reach=st.sampled_from([5.0, 60.0, 133.3]))
def test_a_raster_holds_the_distance_to_the_nearest_segment_as_far_as_it_is_felt(seed: int, reach: float):
    random = np.random.RandomState(seed)
    segments = random.uniform(-100, 500, (12, 4))
    segments[0, 2:] = segments[0, :2]
    shape = np.full((21, 17), reach**2)
    lines.lower_squares(shape, segments, x0=-20.0, y0=10.0, cell=20.0, reach=reach)
    x, y = np.meshgrid(-20.0 + 20.0 * np.arange(17), 10.0 + 20.0 * np.arange(21))
    shapes = shapely.linestrings(segments.reshape(-1, 2, 2))
    far = shapely.distance(shapely.points(x, y)[..., None], shapes).min(axis=-1)
    assert np.sqrt(shape) == pytest.approx(np.minimum(far, reach), abs=1e-6)
