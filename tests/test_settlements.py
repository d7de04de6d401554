"""Where invented people live."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.datasets.settlements import far_apart, land_of, nearest_seat

POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=40)


def _far_apart_by_hand(xy: np.ndarray, gap: float) -> list[int]:
    kept: list[int] = []
    for i, p in enumerate(xy):
        if all(np.hypot(*(p - xy[k])) >= gap for k in kept):
            kept.append(i)
    return kept


@settings(max_examples=150, deadline=None)
@given(POINTS, st.integers(1, 30))
def test_far_apart_is_the_greedy_choice(points: list[tuple[int, int]], gap: int) -> None:
    xy = np.array(points, dtype=float)
    # Half a metre more, so that no distance between whole-number points is the gap itself.
    assert far_apart(xy, gap + 1e-3).tolist() == _far_apart_by_hand(xy, gap + 1e-3)


def test_a_place_belongs_to_a_seat_on_its_own_island() -> None:
    seats = pd.DataFrame({"x": [0.0, 100.0], "y": 0.0, "land_id": ["L1", "L2"], "town_id": ["T1", "T2"]})
    place = pd.DataFrame({"x": [90.0], "y": [0.0], "land_id": ["L1"]})
    assert nearest_seat(place, seats).tolist() == ["T1"]


def test_land_of_a_point_in_a_lake_is_none() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    ground = gpd.GeoSeries([ring, shapely.box(20, 0, 30, 10)], index=["L1", "L2"])
    assert land_of(np.array([1.0, 5.0, 25.0]), np.array([1.0, 5.0, 5.0]), ground).tolist() == ["L1", "", "L2"]
