from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Point

from xsgeo import crs

LON, LAT = st.floats(121.5, 122.5), st.floats(28.8, 29.8)


@settings(deadline=None)
@given(LON, LAT)
def test_projection_round_trips_to_a_millimetre(lon, lat):
    back = crs.unproject(*crs.project(np.array([lon]), np.array([lat])))
    assert Geod(ellps="WGS84").inv(lon, lat, back[0][0], back[1][0])[2] < 1e-3


@settings(deadline=None)
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


CHINA = (st.floats(75.0, 134.0), st.floats(4.0, 53.0))
GEOD = Geod(ellps="WGS84")


# The values that wandergis/coordtransform and, in other languages, its many descendants print for their own example.
def test_gcj02_and_bd09_are_the_published_ones():
    one = (np.array([116.404]), np.array([39.915]))
    gcj = crs.from_wgs84(*one, datum="GCJ-02")
    assert gcj[0][0] == pytest.approx(116.41024449916938, abs=1e-12)
    assert gcj[1][0] == pytest.approx(39.91640428150164, abs=1e-12)
    bd = crs._gcj_to_bd(*one)
    assert bd[0][0] == pytest.approx(116.41036949371029, abs=1e-12)
    assert bd[1][0] == pytest.approx(39.92133699351021, abs=1e-12)


@pytest.mark.parametrize("datum", crs.DATUMS)
@settings(deadline=None)
@given(lon=CHINA[0], lat=CHINA[1])
def test_every_datum_goes_there_and_back_within_a_millimetre(datum, lon, lat):
    x, y = np.array([lon]), np.array([lat])
    for first, second in ((crs.from_wgs84, crs.to_wgs84), (crs.to_wgs84, crs.from_wgs84)):
        back = second(*first(x, y, datum=datum), datum=datum)
        assert GEOD.inv(lon, lat, back[0][0], back[1][0])[2] < 1e-3


def test_the_shift_in_the_county_is_the_one_the_facts_state():
    lon, lat = np.array([121.877]), np.array([29.477])
    for datum, metres in (("GCJ-02", 491), ("BD-09", 1077), ("CGCS2000", 0), ("WGS-84", 0)):
        x, y = crs.from_wgs84(lon, lat, datum=datum)
        assert GEOD.inv(lon[0], lat[0], x[0], y[0])[2] == pytest.approx(metres, abs=1.5)


def test_outside_china_gcj02_is_wgs84_and_nothing_becomes_a_number_that_was_none():
    lon, lat = np.array([2.35, np.nan]), np.array([48.85, 29.0])
    x, y = crs.to_wgs84(lon, lat, datum="GCJ-02")
    assert (x[0], y[0]) == (2.35, 48.85)
    assert np.isnan(x[1])
    assert np.isnan(lon[1])


@pytest.mark.parametrize("word", ["GCJ02", "gcj-02", "ＧＣＪ－０２", "火星坐标系", "高德地图", "腾讯坐标"])
def test_words_for_gcj02(word):
    assert crs.parse_datum(word) == "GCJ-02"


@pytest.mark.parametrize("word", ["", "坐标系", "北京54", "西安80", "WGS-72"])
def test_other_datums_are_not_guessed(word):
    assert crs.parse_datum(word) is None
