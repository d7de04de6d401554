"""Isochrones: the streets that are reached, nested, on land, and close to exact buffers."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ascii_roads import RoadMap, draw, lay_out
from xsgeo.crs import METRES, WGS84, to_metres
from xsgeo.isochrones import in_degrees, isochrones
from xsgeo.settings import TravelRules
from xsgeo.travel import node_minutes


def areas(road_map: RoadMap, name: str, **options: object) -> gpd.GeoSeries:
    options = {"mode": "walk", "minutes": [5, 10], **options}
    return to_metres(isochrones(road_map.points(name), road_map.network(), **options)).geometry


def street(road_map: RoadMap, edge: str, begin: float, end: float) -> shapely.LineString:
    return shapely.ops.substring(to_metres(road_map.roads).geometry[edge], begin, end, normalized=True)


def agreement(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return one.intersection(other).area / one.union(other).area


@pytest.fixture
def cross() -> RoadMap:
    blank = "\n".join(["." * 31] * 6)
    return draw(f"{blank}\n.....A---------B---------C.....\n{blank}\n", {"AB": {}, "BC": {}})


def test_streets_are_drawn_as_far_as_the_minutes_go(cross: RoadMap):
    got = areas(cross, "B", minutes=[5, 10, 15])
    for minutes, share in ((5, 0.4), (10, 0.8), (15, 1.0)):
        reached = shapely.union_all([street(cross, "AB", 1 - share, 1), street(cross, "BC", 0, share)])
        assert agreement(got[minutes], reached.buffer(60)) > 0.98


def test_a_place_on_a_long_street_reaches_only_along_it():
    road = draw("." * 40 + "\n...A----------------p--------------B...\n" + "." * 40, {"AB": {}})
    (area,) = areas(road, "p", minutes=[5])
    at = 17 / 32
    assert agreement(area, street(road, "AB", at - 4 / 32, at + 4 / 32).buffer(60)) > 0.98


def test_oneway_streets_are_drawn_where_one_comes_from():
    ring = draw(
        """
        ..................
        .A------p------B..
        .|.............|..
        .D-------------C..
        ..................
        """,
        {name: {"oneway": True} for name in ("AB", "BC", "CD", "DA")},
    )
    (area,) = areas(ring, "p", minutes=[1], mode="ebike", margin_m=30)
    assert agreement(area, street(ring, "AB", 4 / 14, 7 / 14).buffer(30)) > 0.95


def test_the_leg_counts(cross: RoadMap):
    town = draw("p....\n.....\n.....\n.....\nA----------B", {"AB": {}})
    assert areas(town, "p", minutes=[4.9], mode="walk")[4.9].is_empty
    assert areas(town, "p", minutes=[6.0], mode="walk")[6.0].area > 0


def test_what_is_drawn_lies_on_land_and_ferries_are_not_drawn():
    sea = draw("A----B~~~~~~C----D", {"AB": {}, "CD": {}}, {"BC": {"crossing_min": 3.0, "wait_min": 0.0}})
    (area,) = areas(sea, "B", minutes=[12])
    land = to_metres(sea.land).geometry.union_all()
    assert area.difference(land).area < 1e-3
    assert len(area.geoms) == 2


def test_where_the_place_does_not_join_the_network_nothing_is_drawn():
    town = draw("p....\n.....\n.....\nA----------B", {"AB": {}})
    got = areas(town, "p", rules=TravelRules(snap_limit_m=100))
    assert got.is_empty.all()
    assert got.index.tolist() == [5.0, 10.0]


@pytest.mark.parametrize("options", [{"minutes": []}, {"minutes": [0.0]}, {"margin_m": 0.0}])
def test_questions_that_make_no_sense_are_refused(cross: RoadMap, options: dict[str, object]):
    with pytest.raises(ValueError, match="isochrones need one place"):
        areas(cross, "B", **options)
    with pytest.raises(ValueError, match="isochrones need one place"):
        areas(cross, "AB")


@st.composite
def _towns(case: st.DrawFn) -> RoadMap:
    spot = st.tuples(st.integers(1, 30), st.integers(1, 30))
    spots = sorted(case(st.sets(spot, min_size=3, max_size=9)))
    nodes = {f"n{i}": (50.0 * x, 50.0 * y) for i, (x, y) in enumerate(spots)}
    pairs = st.lists(st.sampled_from(sorted(nodes)), min_size=2, max_size=2, unique=True)
    roads = {
        f"e{i}": {"via": via, "oneway": i % 4 == 3}
        for i, via in enumerate(case(st.lists(pairs, min_size=1, max_size=12)))
    }
    return lay_out(nodes, roads, {}, [shapely.box(0, 0, 1600, 700), shapely.box(0, 720, 1600, 1600)])


@settings(max_examples=40, deadline=None)
@given(town=_towns(), mode=st.sampled_from(["walk", "drive"]))
def test_longer_times_hold_shorter_ones_and_the_nodes_reached(town: RoadMap, mode: str):
    network = town.network()
    place = town.places.iloc[[0]]
    levels = [0.7, 1.0, 3.0, 9.0, 20.0]
    got = to_metres(isochrones(place, network, minutes=levels, mode=mode)).geometry
    for shorter, longer in zip(got.iloc[:-1], got.iloc[1:], strict=True):
        assert shorter.difference(longer).area < 1e-3
    minutes = node_minutes(place, network, mode=mode, cutoff_min=20)
    spots = to_metres(town.places).geometry
    for level in levels:
        for node in minutes.index[minutes <= level - 1e-3]:
            on_land = to_metres(town.land).geometry.distance(spots[node]).min() == 0
            assert not on_land or got[level].buffer(0.01).covers(spots[node]), (node, level)


@pytest.mark.parametrize("width_m", [300.0, 20_000.0, 99_000.0, 150_000.0])
def test_long_contours_go_into_degrees_as_single_points_do(width_m: float):
    random = np.random.RandomState(0)
    shapes = shapely.multipoints([360_000.0, 3_200_000.0] + random.random_sample((2, 4_000, 2)) * width_m)
    exact = gpd.GeoSeries(shapes, crs=METRES).to_crs(WGS84).array
    gap = shapely.get_coordinates(in_degrees(shapes)) - shapely.get_coordinates(np.asarray(exact, dtype=object))
    # A ten-millionth of a degree is a centimetre.
    assert np.abs(gap).max() < 1e-8
