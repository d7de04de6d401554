"""The network: what it refuses, where points join it, and its likeness in OSMnx."""

from __future__ import annotations

from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from osmnx.convert import validate_graph
from scipy.sparse.csgraph import dijkstra

from tests.ascii_roads import RoadMap, draw, lay_out
from xsgeo.crs import WGS84, to_metres
from xsgeo.errors import NetworkError
from xsgeo.network import (
    OFF_LAND_ROAD_M,
    QUAY_M,
    Network,
    adjacency,
    arcs,
    build_network,
    components,
    minutes_for,
    snap,
    to_multidigraph,
)
from xsgeo.settings import MODES, TravelRules


def where(road_map: RoadMap, names: str, *, mode: str = "walk", **options: object) -> pd.DataFrame:
    return snap(road_map.points(names), road_map.network(), mode=mode, **options)


# --- building ---------------------------------------------------------------------------------------------------


def test_minutes_are_length_over_speed_of_the_mode():
    network = draw("A-------B", {"AB": {"length_m": 1200.0, "speed_kmh": 40.0}}).network()
    assert {mode: network.forward_min[mode].tolist() for mode in MODES} == {
        "walk": [15.0],
        "ebike": [4.0],
        "drive": [1.8],
        "bus": [15.0],
    }


def test_speeds_come_from_the_rules():
    network = draw("A----B", {"AB": {}}).network(rules=TravelRules(walk_kmh=6.0, ebike_kmh=15.0))
    assert network.forward_min["walk"].tolist() == [5.0]
    assert network.forward_min["ebike"].tolist() == [2.0]


def test_oneway_binds_vehicles_and_not_walkers():
    network = draw("A----B", {"AB": {"oneway": True}}).network()
    assert np.isfinite(network.backward_min["walk"]).all()
    assert np.isinf(network.backward_min["ebike"]).all()
    assert np.isinf(network.backward_min["drive"]).all()
    assert np.isfinite(network.forward_min["drive"]).all()


def test_closed_modes_are_infinite_even_without_a_speed():
    network = draw("A----B", {"AB": {"drive": False, "speed_kmh": np.nan}}).network()
    assert np.isinf(network.forward_min["drive"]).all()
    assert arcs(network, mode="drive")[0].tolist() == []


def test_ferries_cost_wait_and_crossing_and_carry_cars_only_where_they_do():
    sea = draw("A--B~~~C--D", {"AB": {}, "CD": {}}, {"BC": {"takes_cars": False}})
    network = sea.network()
    start, end, minutes = arcs(network, mode="ebike")
    crossing = {(network.node_ids[i], network.node_ids[j]): m for i, j, m in zip(start, end, minutes, strict=True)}
    assert crossing["B", "C"] == crossing["C", "B"] == 15.0
    by_car = arcs(network, mode="drive")
    assert ("B", "C") not in {(network.node_ids[i], network.node_ids[j]) for i, j in zip(*by_car[:2], strict=True)}


def test_a_closed_ferry_does_not_sail():
    sea = draw("A--B~~~C--D", {"AB": {}, "CD": {}}, {"BC": {}, "AD": {}})
    assert sea.network(closed_ferries=["BC"]).ferry_ids.tolist() == ["AD"]


def test_the_order_of_rows_changes_nothing():
    roads = {name: {} for name in ("AB", "AD", "BE", "DE", "CF")}
    town = draw("A---B~~C\n|   |~~|\nD---E~~F", roads, {"BC": {}, "EF": {}})
    one = town.network()
    other = build_network(town.roads.iloc[::-1], town.ferries.iloc[::-1], town.land)
    for field in ("node_ids", "x", "y", "edge_ids", "tail", "head", "length_m", "ferry_ids", "stretch_edges"):
        assert np.array_equal(getattr(one, field), getattr(other, field)), field


def test_frames_come_back_as_they_were():
    sea = draw("A--B~~~C--D", {"CD": {}, "AB": {}}, {"BC": {}})
    copies = sea.roads.copy(), sea.ferries.copy(), sea.land.copy(), sea.places.copy()
    where(sea, "A")
    for before, after in zip(copies, (sea.roads, sea.ferries, sea.land, sea.places), strict=True):
        pd.testing.assert_frame_equal(before, after)


def test_repr_counts_what_is_held():
    assert repr(draw("A--B~~C", {"AB": {}}).network()) == "<Network: nodes 2, edges 1, ferries 0, pieces of land 2>"


# --- refusing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length_m", [0.0, -500.0, np.nan, np.inf])
def test_lengths_that_are_no_lengths_are_refused_by_name(length_m: float):
    with pytest.raises(NetworkError, match=r"^edge AB: length_m must be above 0$"):
        draw("A---B---C", {"AB": {"length_m": length_m}, "BC": {}}).network()


def test_a_length_shorter_than_the_straight_line_is_refused_beyond_two_percent():
    assert draw("A---------B", {"AB": {"length_m": 985.0}}).network().length_m.tolist() == [985.0]
    with pytest.raises(NetworkError, match=r"edge AB: length_m is shorter than the straight line"):
        draw("A---------B", {"AB": {"length_m": 975.0}}).network()


@pytest.mark.parametrize("speed_kmh", [0.0, -30.0, np.nan])
def test_a_car_road_without_a_speed_is_refused(speed_kmh: float):
    with pytest.raises(NetworkError, match=r"edge AB: a road for cars needs speed_kmh above 0"):
        draw("A---B", {"AB": {"speed_kmh": speed_kmh}}).network()


def test_a_line_drawn_backwards_is_refused():
    town = draw("A---B---C", {"AB": {}, "BC": {}})
    town.roads.loc["BC", "geometry"] = shapely.reverse(town.roads.loc["BC", "geometry"])
    with pytest.raises(NetworkError, match=r"edge BC: an end of the line is not where the other edges have that node"):
        town.network()


@pytest.mark.parametrize("shape", [None, shapely.LineString(), shapely.Point(122, 29)])
def test_a_road_that_is_not_one_line_is_refused(shape: object):
    town = draw("A---B---C", {"AB": {}, "BC": {}})
    town.roads["geometry"] = gpd.GeoSeries([town.roads.geometry.iloc[0], shape], index=town.roads.index, crs=WGS84)
    with pytest.raises(NetworkError, match=r"edge BC: the geometry is not one LineString"):
        town.network()


def test_a_repeated_edge_id_is_refused():
    town = draw("A---B---C", {"AB": {}, "BC": {}})
    with pytest.raises(NetworkError, match=r"edge id AB: is given more than once"):
        build_network(town.roads.set_axis(["AB", "AB"]), town.ferries, town.land)


def test_a_missing_node_id_is_refused():
    with pytest.raises(NetworkError, match=r"edge BC: u or v is missing"):
        draw("A---B---C", {"AB": {}, "BC": {"v": None}}).network()


@pytest.mark.parametrize(
    ("ferry", "problem"),
    [
        ({"to_node": "X"}, "a landing is not a node of the roads"),
        ({"to_node": "B"}, "both landings are the same node"),
        ({"wait_min": -1.0}, "wait_min: give minutes of 0 or more, two departures, or a headway_min above 0"),
        ({"crossing_min": np.nan}, "crossing_min: it must be above 0"),
        ({"crossing_min": 0.0}, "crossing_min: it must be above 0"),
    ],
)
def test_ferries_that_lead_nowhere_are_refused(ferry: dict[str, object], problem: str):
    with pytest.raises(NetworkError, match=f"ferry BC: {problem}"):
        draw("A--B~~~C--D", {"AB": {}, "CD": {}}, {"BC": ferry}).network()


def test_a_closed_ferry_must_exist():
    with pytest.raises(NetworkError, match=r"closed ferry ZZ: there is no such ferry"):
        draw("A--B", {"AB": {}}).network(closed_ferries=["ZZ"])


def test_all_faults_are_told_at_once_and_long_lists_are_cut():
    many = {f"e{i:02}": {"via": "AB", "length_m": -1.0} for i in range(12)}
    with pytest.raises(NetworkError) as caught:
        draw("A---B---C", {**many, "BC": {"speed_kmh": 0.0}}).network()
    assert str(caught.value).splitlines() == [
        "edge e00, e01, e02, e03, e04, e05, e06, e07, e08, e09 and 2 more: length_m must be above 0",
        "edge BC: a road for cars needs speed_kmh above 0",
    ]


def test_no_roads_and_no_land_are_refused():
    town = draw("A---B", {"AB": {}})
    with pytest.raises(NetworkError, match="there are no roads"):
        build_network(town.roads.iloc[:0], town.ferries, town.land)
    with pytest.raises(NetworkError, match="there is no land"):
        build_network(town.roads, town.ferries, town.land.iloc[:0])


def test_land_that_crosses_itself_is_refused():
    town = draw("A---B", {"AB": {}})
    bowtie = gpd.GeoDataFrame(geometry=[shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], crs=WGS84)
    with pytest.raises(NetworkError, match="1 polygons of the land are invalid: Self-intersection"):
        build_network(town.roads, town.ferries, bowtie)


def test_a_frame_without_crs_is_refused():
    town = draw("A---B", {"AB": {}})
    with pytest.raises(ValueError, match="no CRS"):
        build_network(town.roads, town.ferries, town.land.set_crs(None, allow_override=True))


def test_an_unknown_mode_is_refused():
    town = draw("A---B", {"AB": {}})
    with pytest.raises(ValueError, match="mode must be one of walk, ebike, drive, bus, got 'boat'"):
        where(town, "A", mode="boat")


# --- the sparse matrix -------------------------------------------------------------------------------------------


def test_parallel_arcs_keep_the_least_and_arcs_of_no_minutes_stay():
    start, end = np.array([0, 0, 1, 2, 2]), np.array([1, 1, 2, 0, 2])
    matrix = adjacency(start, end, np.array([4.0, 3.0, 0.0, 5.0, 1.0]), 3)
    assert matrix.nnz == 3
    assert dijkstra(matrix).tolist() == [[0, 3, 3], [5, 0, 0], [5, 8, 0]]


def test_an_empty_network_is_an_empty_matrix():
    nothing = np.empty(0, dtype=np.intp)
    assert adjacency(nothing, nothing, np.empty(0), 2).toarray().tolist() == [[0, 0], [0, 0]]


# --- snapping ---------------------------------------------------------------------------------------------------


def test_points_join_the_nearest_edge_and_not_the_nearest_node():
    town = draw(
        """
        A--------------------B
                  p
                      C------D
        """,
        {"AB": {}, "CD": {}},
    )
    got = where(town, "p").loc["p"]
    assert (got["edge"], got["reason"]) == ("AB", "")
    assert got["position"] == pytest.approx(10 / 21)
    assert got["snap_m"] == pytest.approx(100.0, abs=1e-6)


def test_position_is_by_length_along_a_bent_line():
    town = draw(
        """
        A---------k
                  |
                  |
                p |
                  B
        """,
        {"AkB": {}},
    )
    got = where(town, "p").loc["p"]
    assert got["position"] == pytest.approx(13 / 14)
    assert got["snap_m"] == pytest.approx(200.0, abs=1e-6)


def test_ends_of_edges_are_exactly_nought_and_one():
    got = where(draw("A----B----C\n     k     ", {"AkB": {}, "BC": {}}), "ABC")
    assert got["edge"].tolist() == ["AkB", "AkB", "BC"]
    assert got["position"].tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(("at_m", "position"), [(0.0004, 0.0), (799.9996, 1.0), (0.4, 0.0005)])
def test_within_a_millimetre_of_a_node_is_at_the_node(at_m: float, position: float):
    town = lay_out(
        {"A": (0.0, 0.0), "B": (800.0, 0.0), "p": (at_m, 5.0)}, {"AB": {}}, {}, [shapely.box(-9, -9, 900, 9)]
    )
    got = where(town, "p").at["p", "position"]
    assert got == position if position in (0.0, 1.0) else got == pytest.approx(position)


def test_a_tie_goes_to_the_least_id_whatever_the_order_of_rows():
    town = draw("A------B\n        \n   p    \n        \nC------D", {"CD": {}, "AB": {}})
    for roads in (town.roads, town.roads.iloc[::-1]):
        network = build_network(roads, town.ferries, town.land)
        assert snap(town.points("p"), network, mode="walk")["edge"].tolist() == ["AB"]


def test_expressways_are_joined_by_nobody_between_their_nodes():
    town = draw(
        """
        A-----------B
           p
        C-----------D
        """,
        {
            "AB": {"road_class": "expressway", "walk": False, "ebike": False},
            "CD": {"road_class": "bridge_exp"},
        },
    )
    assert where(town, "p", mode="drive")["reason"].tolist() == ["no_road"]


def test_only_edges_of_the_mode_are_joined():
    town = draw("A-----B\n  p\nC-----D\n      \nE-----F", {"AB": {"walk": False}, "CD": {"drive": False}, "EF": {}})
    edges = {mode: where(town, "p", mode=mode).at["p", "edge"] for mode in MODES}
    assert edges == {"walk": "CD", "ebike": "AB", "drive": "AB", "bus": "CD"}


def test_the_snap_limit_is_kept_and_the_distance_told():
    town = draw("A-----B\n      \n      \n      \np     q", {"AB": {}})
    for enough in (400, 400.5):
        assert where(town, "p", rules=TravelRules(snap_limit_m=enough))["reason"].tolist() == [""]
    far = where(town, "p", rules=TravelRules(snap_limit_m=399.5)).loc["p"]
    assert (far["edge"], far["reason"]) == ("", "too_far")
    assert far["snap_m"] == pytest.approx(400.0, abs=1e-6)
    assert np.isnan(far[["position", "x", "y"]].astype(float)).all()


def test_inexact_and_placeless_points_are_unknown():
    town = draw("A-----B", {"AB": {}})
    points = town.points("AABB", accuracy_m=[500.0, 501.0, np.nan, 0.0]).set_axis(list("abcd"))
    points.loc["d", "geometry"] = None
    assert snap(points, town.network(), mode="walk")["reason"].tolist() == ["", "inexact", "", "inexact"]


def test_no_points_are_no_trouble():
    town = draw("A-----B", {"AB": {}})
    got = snap(town.points("A").iloc[:0], town.network(), mode="walk")
    assert got.columns.tolist() == ["edge", "position", "snap_m", "x", "y", "reason"]
    assert len(got) == 0


def test_snapped_places_are_in_metres():
    got = where(draw("A-----B\n   p   ", {"AB": {}}), "p").loc["p"]
    assert (got["x"], got["y"]) == pytest.approx((500_350.0, 3_219_950.0), abs=1e-3)


# --- snapping: islands -------------------------------------------------------------------------------------------


def test_an_island_is_not_joined_to_the_mainland_across_a_strait():
    strait = draw(
        """
        A---B~p....
        .....~.....
        .....~.....
        """,
        {"AB": {}},
    )
    assert where(strait, "p")["reason"].tolist() == ["no_road"]


def test_an_islander_joins_the_far_road_of_the_island_and_not_the_near_one_over_the_water():
    strait = draw(
        """
        A---B~~p...
        ....~~.....
        ....~~.C--D
        """,
        {"AB": {}, "CD": {}},
    )
    got = where(strait, "p").loc["p"]
    assert (got["edge"], got["position"]) == ("CD", 0.0)


def test_of_a_bridge_each_shore_has_its_own_stretch():
    bridge = draw(
        """
        A---.~~~~~~~~.---B
        ...p~~~~~~~~~~q...
        ....~~~~~~~~~~....
        """,
        {"AB": {"road_class": "bridge_local"}},
    )
    got = where(bridge, "pq")
    assert got["edge"].tolist() == ["AB", "AB"]
    assert got["position"].tolist() == pytest.approx([3 / 17, 14 / 17])


def test_nobody_joins_a_bridge_from_another_shore_beneath_it():
    # The bridge passes 100 m north of the islet without touching it, then the mainland's own road lies 300 m off.
    strait = draw(
        """
        A---~~~~~~~~~---B
        ....~~~~~~~~~....
        ....~~~.p.~~~....
        """,
        {"AB": {"road_class": "bridge_local"}},
    )
    assert where(strait, "p")["reason"].tolist() == ["no_road"]


def test_a_bridge_that_lands_on_an_islet_serves_it_on_the_islet_alone():
    # p stands on the islet's tip. The bridge is nearer over the water than the stretch on the islet itself.
    strait = draw(
        """
        A---~~~~~~~~~---.~~~B
        ....~~~~~~~~~....~~~.
        ....~~~~~~~p.....~~~.
        """,
        {"AB": {"road_class": "bridge_local"}},
    )
    got = where(strait, "p").loc["p"]
    assert got["position"] == pytest.approx(12.5 / 20)
    assert got["snap_m"] == pytest.approx(np.hypot(150, 200), abs=1e-3)


@pytest.mark.parametrize(("off_m", "reason"), [(QUAY_M - 1, ""), (QUAY_M + 1, "no_road")])
def test_a_quay_belongs_to_the_nearest_land_and_a_boat_to_none(off_m: float, reason: str):
    shore = lay_out(
        {"A": (0.0, 0.0), "B": (800.0, 0.0), "p": (800.0 + off_m, 0.0)}, {"AB": {}}, {}, [shapely.box(-9, -9, 800, 9)]
    )
    assert where(shore, "p")["reason"].tolist() == [reason]


@pytest.mark.parametrize(("off_m", "edge"), [(OFF_LAND_ROAD_M - 1, "AB"), (OFF_LAND_ROAD_M + 1, "")])
def test_a_road_drawn_over_water_belongs_to_the_nearest_land_or_to_none(off_m: float, edge: str):
    shore = lay_out(
        {"A": (0.0, off_m), "B": (800.0, off_m), "p": (400.0, -0.5)}, {"AB": {}}, {}, [shapely.box(-100, -900, 900, 0)]
    )
    limit = TravelRules(snap_limit_m=2000)
    assert where(shore, "p", rules=limit)["edge"].tolist() == [edge]


def test_polygons_that_touch_are_one_piece_of_land():
    sheets = lay_out(
        {"A": (10.0, 0.0), "B": (90.0, 0.0), "p": (120.0, 50.0)},
        {"AB": {}},
        {},
        [shapely.box(0, -100, 100, 100), shapely.box(100, -100, 200, 100), shapely.box(300, -100, 400, 100)],
    )
    assert len(np.unique(sheets.network().land_pieces)) == 2
    assert where(sheets, "p")["edge"].tolist() == ["AB"]


def test_a_multipolygon_is_as_good_as_its_parts():
    sea = draw("A---B~~C---D\np   ~~~   q", {"AB": {}, "CD": {}})
    whole = gpd.GeoDataFrame(geometry=[sea.land.geometry.union_all()], crs=WGS84)
    network = build_network(sea.roads, sea.ferries, whole)
    pd.testing.assert_frame_equal(snap(sea.points("pq"), network, mode="walk"), where(sea, "pq"))


# --- snapping: traps ---------------------------------------------------------------------------------------------


def test_a_point_beside_a_trap_joins_the_network_beyond_it_or_is_told():
    town = draw(
        """
        A-----B--------C
              |   p   q
        D-----E
        """,
        {"AB": {}, "BE": {}, "DE": {}, "BC": {"oneway": True}},
    )
    got = where(town, "pq", mode="drive")
    assert got.loc["p", ["edge", "reason"]].tolist() == ["BE", ""]
    assert got.at["p", "snap_m"] == pytest.approx(400.0, abs=1e-3)
    assert got.loc["q", ["edge", "reason"]].tolist() == ["", "trap"]
    assert got.at["q", "snap_m"] == pytest.approx(800.0, abs=1e-3)
    assert where(town, "pq")["edge"].tolist() == ["BC", "BC"]


def test_far_from_roads_and_traps_alike_is_too_far():
    town = draw("A-----B--------C", {"AB": {}, "BC": {"oneway": True}})
    close = TravelRules(snap_limit_m=50)
    off = town.points("C").translate(0, 0.001)
    points = gpd.GeoDataFrame(geometry=off, crs=WGS84)
    assert snap(points, town.network(), mode="drive", rules=close)["reason"].tolist() == ["too_far"]
    assert snap(town.points("C"), town.network(), mode="drive", rules=close)["reason"].tolist() == ["trap"]


def test_a_circle_with_no_way_out_is_a_trap():
    town = draw(
        """
        A----B----C-----D
        |    |    |  p  |
        E----F    G-----H
        """,
        {**{name: {} for name in ("AB", "AE", "BF", "EF", "CG", "DH", "GH", "CD")}, "BC": {"oneway": True}},
    )
    # Equal parts: the one with the least node is the network, and nobody comes back from the other.
    got = where(town, "p", mode="ebike", rules=TravelRules(snap_limit_m=150))
    assert got["reason"].tolist() == ["trap"]
    assert where(town, "p", mode="walk")["reason"].tolist() == [""]


def test_hamlets_and_islands_keep_roads_of_their_own():
    sea = draw(
        """
        A----B    C-p--D~~~E-q--F
        |    |    ......~~~......
        G----H    ......~~~......
        """,
        {"AB": {}, "AG": {}, "BH": {}, "GH": {}, "CD": {}, "EF": {}},
    )
    assert where(sea, "pq", mode="drive")["edge"].tolist() == ["CD", "EF"]


def test_an_island_behind_a_oneway_bridge_keeps_roads_of_its_own():
    sea = draw(
        """
        A----B~~~~C---D
        |    |~~~~| p |
        E----F~~~~G---H
        I----J~~~~.....
        """,
        {
            **{name: {} for name in ("AB", "AE", "BF", "EF", "EI", "FJ", "IJ", "CD", "CG", "DH", "GH")},
            "BC": {"oneway": True, "road_class": "bridge_local"},
        },
    )
    assert where(sea, "p", mode="drive")["edge"].tolist() == ["CD"]


# --- snapping: brute force ---------------------------------------------------------------------------------------

_grid = st.integers(0, 12)
_cell = st.tuples(_grid, _grid)
_edge = st.fixed_dictionaries(
    {
        "walk": st.booleans(),
        "drive": st.booleans(),
        "road_class": st.sampled_from(["street", "street", "expressway"]),
    }
)


@st.composite
def _snapping_cases(case: st.DrawFn) -> tuple[RoadMap, list[str]]:
    """Roads on a grid over three islands whose straits lie between grid lines or on them, and points anywhere."""
    nodes = {f"n{i}": (100.0 * x, 100.0 * y) for i, (x, y) in enumerate(case(st.sets(_cell, min_size=2, max_size=8)))}
    pairs = st.lists(st.sampled_from(sorted(nodes)), min_size=2, max_size=3, unique=True)
    roads = {
        f"e{i}": {"via": via, **case(_edge)} for i, via in enumerate(case(st.lists(pairs, min_size=1, max_size=9)))
    }
    coordinate = st.integers(-150, 1350).map(float)
    points = {
        f"p{i}": xy for i, xy in enumerate(case(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=8)))
    }
    strait, width = case(st.sampled_from([350.0, 400.0, 610.0])), case(st.sampled_from([20.0, 150.0]))
    west, east = shapely.box(-50, -50, strait, 1250), shapely.box(strait + width, -50, 1250, 1250)
    land = [west, *shapely.get_parts(east.difference(shapely.box(strait, 555, 2000, 590)))]
    return lay_out({**nodes, **points}, roads, {}, list(land)), list(points)


def _brute_snap(road_map: RoadMap, point: shapely.Point, mode: str, limit_m: float) -> tuple[str, str, float]:
    """Edge, reason and distance by looking at every edge, from the definition in the module's docstring."""
    land = list(to_metres(road_map.land).geometry)
    shore = [polygon.distance(point) for polygon in land]
    own = int(np.argmin(shore))
    if shore[own] > QUAY_M:
        return "", "no_road", np.nan
    distances = {}
    for edge_id, road in to_metres(road_map.roads).sort_index().iterrows():
        touched = [i for i, polygon in enumerate(land) if polygon.intersects(road.geometry)]
        if touched == [own]:
            line = road.geometry
        elif own in touched:
            line = road.geometry.intersection(land[own])
        elif not touched and np.argmin([polygon.distance(road.geometry) for polygon in land]) == own:
            line = road.geometry
        else:
            continue
        if road[mode] and road["road_class"] != "expressway" and line.length > 0:
            distances[edge_id] = line.distance(point)
    if not distances:
        return "", "no_road", np.nan
    least = min(distances.values())
    edge = min(edge_id for edge_id, distance in distances.items() if distance <= least + 0.0005)
    return (edge, "", least) if least <= limit_m else ("", "too_far", least)


@contextmanager
def every_job_compiled():
    """Let the compiled grid do jobs of every size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xsgeo.network.snapping._SMALL_JOB", 0)
        yield


@settings(max_examples=50, deadline=None)
@given(case=_snapping_cases(), mode=st.sampled_from(["walk", "drive"]))
def test_the_compiled_grid_snaps_as_the_tree_does_to_the_bit(case: tuple[RoadMap, list[str]], mode: str):
    road_map, names = case
    network, points = road_map.network(), road_map.places.loc[names]
    tree = snap(points, network, mode=mode)
    with every_job_compiled():
        pd.testing.assert_frame_equal(tree, snap(points, network, mode=mode), check_exact=True)


def test_the_compiled_grid_equals_the_tree_on_a_town_with_bends_ties_and_points_outside():
    random = np.random.RandomState(5)
    nodes = {f"n{i:03}": tuple(xy) for i, xy in enumerate(random.randint(0, 120, (150, 2)) * 25.0)}
    names = sorted(nodes)
    roads = {f"e{i:03}": {"via": random.choice(names, 2 + i % 4, replace=False).tolist()} for i in range(300)}
    spots = {f"p{i:04}": tuple(xy) for i, xy in enumerate(random.randint(-40, 160, (3000, 2)) * 25.0)}
    land = [shapely.box(-2000, -2000, 1510, 5000), shapely.box(1530, -2000, 5000, 5000)]
    town = lay_out({**nodes, **spots}, roads, {}, land)
    network, points = town.network(), town.places.loc[list(spots)]
    tree = snap(points, network, mode="walk")
    assert {"", "too_far"} <= set(tree["reason"])
    with every_job_compiled():
        pd.testing.assert_frame_equal(tree, snap(points, network, mode="walk"), check_exact=True)


@settings(max_examples=80, deadline=None)
@given(case=_snapping_cases(), mode=st.sampled_from(["walk", "drive"]))
def test_snapping_equals_looking_at_every_edge(case: tuple[RoadMap, list[str]], mode: str):
    road_map, names = case
    rules = TravelRules(snap_limit_m=200)
    points = road_map.places.loc[names]
    got = snap(points, road_map.network(), mode=mode, rules=rules)
    for name, point in to_metres(points).geometry.items():
        edge, reason, distance = _brute_snap(road_map, point, mode, 200)
        assert (got.at[name, "edge"], got.at[name, "reason"]) == (edge, reason), name
        assert got.at[name, "snap_m"] == pytest.approx(distance, abs=0.002, nan_ok=True)
        if edge:
            line = to_metres(road_map.roads).geometry[edge]
            foot = line.interpolate(got.at[name, "position"], normalized=True)
            assert foot.distance(shapely.Point(got.at[name, "x"], got.at[name, "y"])) < 0.002
            assert foot.distance(point) == pytest.approx(distance, abs=0.002)


@settings(max_examples=30, deadline=None)
@given(case=_snapping_cases(), seed=st.integers(0, 99))
def test_snapping_does_not_know_the_order_of_rows(case: tuple[RoadMap, list[str]], seed: int):
    road_map, names = case
    shuffled = road_map.roads.sample(frac=1, random_state=seed)
    points = road_map.places.loc[names]
    one = snap(points, road_map.network(), mode="walk")
    network = build_network(shuffled, road_map.ferries, road_map.land.iloc[::-1])
    other = snap(points.sample(frac=1, random_state=seed), network, mode="walk")
    pd.testing.assert_frame_equal(one, other.loc[names], check_exact=True)


# --- parts -------------------------------------------------------------------------------------------------------


def test_components_are_strongly_connected_and_numbered_by_size():
    sea = draw(
        """
        A---B---C~~~D---E
                 ~~~
        F---G    ~~~
        """,
        {"AB": {}, "BC": {}, "DE": {}, "FG": {"oneway": True, "walk": False}},
        {"CD": {"takes_cars": False}},
    )
    network = sea.network()
    assert components(network, "walk").to_dict() == dict.fromkeys("ABCDE", 0)
    assert components(network, "drive").to_dict() == {
        **dict.fromkeys("ABC", 0),
        **dict.fromkeys("DE", 1),
        "F": 2,
        "G": 3,
    }
    assert components(network, "walk").index.name == "node_id"


# --- OSMnx -------------------------------------------------------------------------------------------------------


def test_multidigraph_follows_the_convention_of_osmnx():
    sea = draw(
        """
        A---B~~~C
        k   |~~~
        D---E~~~
        """,
        {
            "AB": {"oneway": True},
            "AkDEB": {"walk": False},
            "EB": {"drive": False},
            "DE": {"speed_kmh": 36.0},
            "DE2": {"via": "DE"},
        },
        {"BC": {"to_node": "D"}},
    )
    graph = to_multidigraph(sea.roads, sea.ferries, mode="drive")
    validate_graph(graph, strict=True)
    assert graph.graph["crs"] == WGS84
    number = {attributes["node_id"]: node for node, attributes in graph.nodes(data=True)}
    names = {node: name for name, node in number.items()}
    assert sorted((names[u], names[v], key) for u, v, key in graph.edges(keys=True)) == [
        ("A", "B", 0), ("A", "B", 1), ("B", "A", 0), ("B", "D", 0), ("D", "B", 0),
        ("D", "E", 0), ("D", "E", 1), ("E", "D", 0), ("E", "D", 1),
    ]  # fmt: skip
    street = graph.edges[number["E"], number["D"], 0]
    assert (street["edge_id"], street["reversed"], street["oneway"], street["speed_kph"]) == ("DE", True, False, 36.0)
    assert street["length"] == pytest.approx(400.0)
    assert street["travel_time"] == pytest.approx(40.0)
    east = graph.nodes[number["E"]]
    assert street["geometry"].coords[0] == pytest.approx((east["x"], east["y"]))
    assert east["street_count"] == 2
    crossing = graph.edges[number["B"], number["D"], 0]
    assert (crossing["edge_id"], crossing["highway"], crossing["travel_time"]) == ("BC", "ferry", 900.0)
    assert crossing["length"] == pytest.approx(np.hypot(400, 200), abs=0.01)
    on_foot = to_multidigraph(sea.roads, sea.ferries, mode="walk")
    assert {edge["edge_id"] for *_, edge in on_foot.edges(data=True)} == {"AB", "BC", "DE", "DE2", "EB"}


def test_a_multidigraph_without_ferries_is_fine():
    town = draw("A---B", {"AB": {}})
    assert sorted(to_multidigraph(town.roads, town.ferries).edges(keys=True)) == [(0, 1, 0), (1, 0, 0)]


def test_minutes_for_round_figures_are_round():
    assert minutes_for(np.array([80.0, 1200.0, 300.0]), np.array([4.8, 4.8, 18.0])).tolist() == [1.0, 15.0, 1.0]


def test_network_is_not_compared_by_its_arrays():
    network: Network = draw("A---B", {"AB": {}}).network()
    assert network == network  # noqa: PLR0124
    assert network != draw("A---B", {"AB": {}}).network()
