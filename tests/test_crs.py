from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Point

from xsgeo import crs

LON, LAT = st.floats(121.5, 122.5), st.floats(28.8, 29.8)


@given(LON, LAT)
def test_projection_round_trips_to_a_millimetre(lon, lat):
    back = crs.unproject(*crs.project(np.array([lon]), np.array([lat])))
    assert Geod(ellps="WGS84").inv(lon, lat, back[0][0], back[1][0])[2] < 1e-3


@given(LON, LAT, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_the_working_projection_is_within_300_ppm_of_the_geodesic(lon, lat, dlon, dlat):
    geodesic = Geod(ellps="WGS84").inv(lon, lat, lon + dlon, lat + dlat)[2]
    x, y = crs.project(np.array([lon, lon + dlon]), np.array([lat, lat + dlat]))
    assert abs(np.hypot(*(x[1] - x[0], y[1] - y[0])) - geodesic) <= 300e-6 * geodesic + 1e-6


def test_lengths_are_geodesic_and_kept_apart_line_by_line():
    lines = [LineString([(121.9, 29.2), (121.9, 29.3), (122.0, 29.3)]), LineString([(121.5, 29.0), (121.6, 29.0)])]
    geod = Geod(ellps="WGS84")
    assert crs.lengths_m(lines) == pytest.approx([geod.geometry_length(line) for line in lines], rel=1e-12)
    assert len(crs.lengths_m([])) == 0


def test_a_frame_without_crs_is_refused_and_the_caller_keeps_his_frame():
    frame = gpd.GeoDataFrame(geometry=[Point(121.9, 29.2)])
    with pytest.raises(ValueError, match="set_crs"):
        crs.to_metres(frame)
    known = frame.set_crs(crs.WGS84)
    assert crs.to_metres(known).crs == crs.METRES
    assert known.crs == crs.WGS84
