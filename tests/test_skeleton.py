"""Digitised main roads: lengths, cuts, and where streets may join."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from xsgeo.crs import lengths_m
from xsgeo.datasets.skeleton import joint_places, skeleton_ferries, skeleton_roads, split_roads


@pytest.fixture
def edges() -> pd.DataFrame:
    """A motorway A-B, a county road A-C-D with a bend, a bridge D-E and a ferry E-F."""
    rows = [
        ("A", "B", "高速", "expressway", 3.0, 85, 0, "LINESTRING(121.90 29.20, 121.93 29.20)"),
        ("A", "D", "县道", "county", 3.0, 33, 1, "LINESTRING(121.90 29.20, 121.90 29.21, 121.91 29.21)"),
        ("D", "E", "桥", "bridge_local", 0.2, 30, 1, "LINESTRING(121.91 29.21, 121.92 29.21)"),
        ("E", "F", "轮渡", "ferry", 1.1, None, 1, "LINESTRING(121.92 29.21, 121.92 29.22)"),
    ]
    columns = ["from", "to", "road", "class", "approx_km", "free_speed_kmh", "walk_bike_allowed", "wkt_wgs84"]
    return pd.DataFrame(rows, columns=columns).assign(approx_min=[2, 5, 1, 25])


def test_a_road_is_as_long_as_told_but_never_shorter_than_its_line(edges: pd.DataFrame) -> None:
    roads = skeleton_roads(edges)
    drawn = lengths_m(roads.geometry.to_numpy())
    assert list(roads.index) == ["S01", "S02", "S03"]
    assert roads.loc["S02", "length_m"] == 3000.0
    # The facts round the bridge to 0.2 km; its line is nearly a kilometre.
    assert roads.loc["S03", "length_m"] == pytest.approx(drawn[2], abs=0.05)
    assert not roads.loc["S01", ["walk", "ebike"]].any()


def test_the_wait_is_what_is_left_of_the_whole_crossing(edges: pd.DataFrame) -> None:
    ferry = skeleton_ferries(edges).loc["F1"]
    assert (ferry["from_node"], ferry["to_node"]) == ("E", "F")
    assert ferry["crossing_min"] + ferry["wait_min"] == 25


def test_streets_may_join_no_motorway_node_no_motorway_and_no_bridge(edges: pd.DataFrame) -> None:
    places = joint_places(skeleton_roads(edges), step_m=300)
    assert {"A", "B"}.isdisjoint(places["node"])
    assert {"D", "E"} <= set(places["node"])
    assert set(places["edge_id"]) == {"", "S02"}


def test_a_landing_without_a_road_can_be_joined(edges: pd.DataFrame) -> None:
    landings = pd.DataFrame({"lon": [121.92], "lat": [29.22]}, index=["F"])
    assert "F" in set(joint_places(skeleton_roads(edges), step_m=300, landings=landings)["node"])


def test_pieces_follow_the_whole_road_and_share_out_its_length(edges: pd.DataFrame) -> None:
    roads = skeleton_roads(edges)
    places = joint_places(roads, step_m=300)
    cuts = places[places["edge_id"] != ""].reset_index(drop=True)
    cuts["node"] = [f"N{i}" for i in cuts.index]
    pieces = split_roads(roads, cuts)
    mine = pieces[pieces.index.str.startswith("S02.")]
    assert len(mine) == len(cuts) + 1
    assert list(mine["u"]) == ["A", *cuts["node"]]
    assert list(mine["v"]) == [*cuts["node"], "D"]
    assert mine["length_m"].sum() == pytest.approx(3000.0, abs=0.1 * len(mine))
    # A cut is rounded to 5 decimals, which moves it by less than a metre.
    assert shapely.hausdorff_distance(shapely.union_all(mine.geometry.array), roads.geometry["S02"]) < 1e-5
    bend = shapely.Point(121.90, 29.21)
    assert min(shapely.distance(shapely.points(g.coords), bend).min() for g in mine.geometry) == 0
    assert set(pieces.index) - set(mine.index) == {"S01", "S03"}


def test_the_ends_of_pieces_stand_where_their_nodes_do(edges: pd.DataFrame) -> None:
    roads = skeleton_roads(edges)
    cuts = pd.DataFrame({"node": ["N1"], "edge_id": ["S02"], "along_m": [500.0], "lon": [121.9], "lat": [29.20451]})
    pieces = split_roads(roads, cuts)
    assert np.allclose(shapely.get_coordinates(shapely.get_point(pieces.geometry["S02.01"], -1)), [121.9, 29.20451])
    assert np.allclose(shapely.get_coordinates(shapely.get_point(pieces.geometry["S02.02"], 0)), [121.9, 29.20451])
