"""Door-to-door minutes: worked maps, the toy county, and brute force over edges cut at every snapped point."""

from __future__ import annotations

import itertools
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from osmnx.routing import route_to_gdf, shortest_path

from tests.ascii_roads import RoadMap, draw
from tests.road_oracle import all_ways, travel_cases
from xsgeo.crs import METRES, WGS84
from xsgeo.network import build_network, snap, to_multidigraph
from xsgeo.settings import MODES, ROAD_MODES, TravelRules
from xsgeo.study import Study
from xsgeo.travel import k_nearest, minutes_between, path, snap_by_mode, travel_minutes, usual_means

SHORT_WAIT = TravelRules(bus_wait_min=1.25)
"""With a shorter wait than the county's, the bus is taken on small maps too."""

FACTS = Path(__file__).parents[1] / "data" / "facts"


def way(road_map: RoadMap, pair: str, *, mode: str = "walk", closed: tuple[str, ...] = (), **options: object) -> float:
    """Minutes from the first letter's place to the second's; NaN where there is none within a day."""
    network = road_map.network(closed_ferries=closed)
    table = travel_minutes(
        road_map.points(pair[0]), road_map.points(pair[1]), network, cutoff_min=1440.0, modes=mode, **options
    )
    return float(table["minutes"].iloc[0]) if len(table) else np.nan


def by_pair(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    return table.set_index(list(table.columns[:2]))["minutes"].to_dict()


# --- worked maps: walking is 80 m a minute, e-biking 300, a street by car 500 ---------------------------------------


def test_the_toy_county_worked_by_hand(toy: Study):
    network = build_network(toy.roads, toy.ferries, toy.land)
    table = travel_minutes(toy.workers, toy.venues, network, cutoff_min=15, modes="walk")
    assert list(table.columns) == ["group_id", "venue_id", "minutes", "mode", "minutes_back", "ferries"]
    assert table["minutes_back"].equals(table["minutes"])
    assert (table["ferries"] == "").all()
    minutes = {
        (g, v): round(m, 6) for g, v, m in zip(table["group_id"], table["venue_id"], table["minutes"], strict=True)
    }
    assert minutes == {
        ("g1", "V1"): 10, ("g2", "V1"): 0, ("g2", "V2"): 10, ("g3", "V1"): 10, ("g3", "V2"): 0,
        ("g5", "V3"): 10, ("g6", "V3"): 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "minutes"), [("walk", 900 / 80), ("ebike", 900 / 300), ("drive", 300 / 80 + 600 / 500)]
)
def test_a_way_is_leg_and_network_and_leg_and_cars_are_walked_to(mode: str, minutes: float):
    town = draw(
        """
        p......
        .......
        A------B
        ......q.
        """,
        {"AB": {}},
    )
    assert way(town, "pq", mode=mode) == pytest.approx(minutes)


def test_ferries_are_taken_with_their_wait_and_islands_joined_by_nothing_else():
    sea = draw("A----B~~C----D", {"AB": {}, "CD": {}}, {"BC": {"crossing_min": 7.0, "wait_min": 8.0}})
    assert way(sea, "AD") == pytest.approx(2 * 500 / 80 + 15)
    assert way(sea, "AD", mode="ebike") == pytest.approx(2 * 500 / 300 + 15)
    assert way(sea, "AD", mode="drive") == pytest.approx(2 * 500 / 500 + 15)
    assert np.isnan(way(sea, "AD", closed=("BC",)))


def test_cars_stay_ashore_where_the_ferry_takes_none():
    sea = draw("A----B~~C----D", {"AB": {}, "CD": {}}, {"BC": {"takes_cars": False}})
    assert np.isnan(way(sea, "AD", mode="drive"))
    assert way(sea, "AD") == pytest.approx(27.5)


def test_an_island_within_two_hundred_metres_is_not_joined():
    strait = draw("A----B~C----D\n    p.~q.....", {"AB": {}, "CD": {}})
    assert np.isnan(way(strait, "pq"))
    assert np.isnan(way(strait, "BC", mode="drive"))


def test_a_ferry_without_a_wait_is_still_a_ferry():
    sea = draw("A----B~~C----D", {"AB": {}, "CD": {}}, {"BC": {"crossing_min": 4.0, "wait_min": 0.0}})
    assert way(sea, "AD") == pytest.approx(16.5)


def test_roads_that_cross_without_a_shared_node_do_not_meet():
    expressway = {"road_class": "expressway", "walk": False, "ebike": False, "speed_kmh": 90.0}
    town = draw(
        """
              C
              |
        EA----|----BF
              |
              D
        """,
        {"AB": expressway, "CD": {}, "EA": {}, "BF": {}},
    )
    assert way(town, "CD", mode="drive") == pytest.approx(0.8)
    assert way(town, "EF", mode="drive") == pytest.approx(0.2 + 1000 / 1500 + 0.2)
    assert np.isnan(way(town, "ED", mode="drive"))
    assert np.isnan(way(town, "EF"))


def test_expressways_are_for_cars_between_interchanges():
    town = draw(
        """
        A---------B
        |         |
        C----m----D
        """,
        {
            "AB": {"road_class": "expressway", "walk": False, "ebike": False, "speed_kmh": 120.0},
            "AC": {},
            "BD": {},
            "CmD": {"length_m": 3000.0},
        },
    )
    assert way(town, "CD", mode="drive") == pytest.approx(0.4 + 0.5 + 0.4)
    assert way(town, "CD") == pytest.approx(3000 / 80)


def test_of_parallel_edges_the_quicker_counts():
    town = draw("A----B\n  k   ", {"AB": {"length_m": 900.0}, "AkB": {"length_m": 600.0}, "BA": {"length_m": 800.0}})
    assert way(town, "AB") == pytest.approx(7.5)
    assert way(town, "BA") == pytest.approx(7.5)


def test_two_points_on_one_edge_go_straight_along_it():
    town = draw("A--p----q--B", {"AB": {}})
    assert way(town, "pq") == way(town, "qp") == pytest.approx(500 / 80)


def test_two_points_on_one_edge_may_find_a_quicker_way_round():
    town = draw("A-p------q-B\nk           ", {"AB": {"length_m": 8800.0}, "AkB": {}})
    around_m = town.roads.at["AkB", "length_m"]
    assert way(town, "pq") == pytest.approx((2 * 2 / 11 * 8800 + around_m) / 80)
    assert way(town, "pq") < 7 / 11 * 8800 / 80


def test_a_oneway_street_is_left_by_its_end_and_come_to_by_its_beginning():
    block = draw(
        """
        A-p--q-B
        |      |
        D------C
        """,
        {"AB": {"oneway": True}, "BC": {"oneway": True}, "CD": {"oneway": True}, "DA": {"oneway": True}},
    )
    around_m = 2 * (700 + 200)
    assert way(block, "pq", mode="ebike") == pytest.approx(300 / 300)
    assert way(block, "qp", mode="ebike") == pytest.approx((around_m - 300) / 300)
    assert way(block, "qp", mode="drive") == pytest.approx((around_m - 300) / 500)
    assert way(block, "qp") == pytest.approx(300 / 80)


def test_a_oneway_street_into_a_dead_end_takes_no_point():
    trap = draw("A-----B--p--C", {"AB": {}, "BC": {"oneway": True}})
    assert way(trap, "Ap", mode="drive") == way(trap, "pA", mode="drive") == pytest.approx(600 / 500 + 300 / 80)
    assert way(trap, "Ap") == pytest.approx(900 / 80)
    assert np.isnan(way(trap, "AC", mode="drive"))


def test_a_node_at_the_end_of_a_oneway_street_is_the_node():
    # Both B's edges lead away from B or to it; standing at B none of them has to be travelled the wrong way.
    town = draw("A----B----C\n          k", {name: {"oneway": True} for name in ("AB", "BC", "CkA")})
    home_m = town.roads.at["CkA", "length_m"]
    assert way(town, "BC", mode="drive") == pytest.approx(1.0)
    assert way(town, "AB", mode="drive") == pytest.approx(1.0)
    assert way(town, "BA", mode="drive") == pytest.approx((500 + home_m) / 500, abs=1e-4)


def test_a_loop_is_travelled_the_shorter_way_round():
    loop = draw(
        """
        A----B-----p
             |     |
             q-----k
        """,
        {"AB": {}, "BpkqB": {}},
    )
    assert way(loop, "Ap") == pytest.approx((500 + 600) / 80)
    assert way(loop, "Aq") == pytest.approx((500 + 200) / 80)
    assert way(loop, "pq") == pytest.approx((600 + 200) / 80)


def test_a_oneway_loop_is_travelled_one_way_round():
    loop = draw("A----B-----p\n     |     |\n     q-----k", {"AB": {}, "BpkqB": {"oneway": True}})
    assert way(loop, "Aq", mode="ebike") == pytest.approx((500 + 600 + 200 + 600) / 300)
    assert way(loop, "qA", mode="ebike") == pytest.approx((200 + 500) / 300)
    assert way(loop, "qp", mode="ebike") == pytest.approx((200 + 600) / 300)


def test_points_of_the_same_coordinates_are_nought_apart_however_far_the_road():
    town = draw("A-----B\n       \n       \n   p  q", {"AB": {}})
    assert way(town, "pp") == 0.0
    assert way(town, "pq") == pytest.approx((300 + 300 + 300) / 80)


def test_beyond_the_snap_limit_nothing_is_known_not_even_next_door():
    town = draw("A-----B\n       \n       \n   p  q", {"AB": {}})
    assert np.isnan(way(town, "pp", rules=TravelRules(snap_limit_m=299)))


# --- the table ---------------------------------------------------------------------------------------------------


@pytest.fixture
def town() -> RoadMap:
    return draw(
        """
        A----B----C----D
        |    p         |
        E-q--F----G----H
        """,
        {name: {} for name in ("AB", "BC", "CD", "AE", "DH", "EF", "FG", "GH")},
    )


def test_a_way_of_exactly_the_cutoff_is_within_it(town: RoadMap):
    # In thirds of a kilometre the float sum of 18.75 minutes is reached only to the last bits.
    points, network = town.points("AD"), town.network()
    exact = float(travel_minutes(points[:1], points[1:], network, cutoff_min=99.0, modes="walk")["minutes"].iloc[0])
    assert exact == pytest.approx(18.75)
    for cutoff in (18.75, exact, np.nextafter(exact, 0)):
        table = travel_minutes(points[:1], points[1:], network, cutoff_min=cutoff, modes="walk")
        assert table["minutes"].tolist() == [min(exact, cutoff)]
    assert travel_minutes(points[:1], points[1:], network, cutoff_min=18.749, modes="walk").empty


def test_a_longer_cutoff_only_adds_rows(town: RoadMap):
    points, network = town.points("ABCDEFGHpq"), town.network()
    short = travel_minutes(points, points, network, cutoff_min=10.1, modes="walk")
    long = travel_minutes(points, points, network, cutoff_min=20.0, modes="walk")
    kept = long[long["minutes"] <= 10.1].reset_index(drop=True)
    pd.testing.assert_frame_equal(short, kept, check_exact=True)
    assert len(long) > len(short)


def test_each_group_goes_by_its_own_means_within_its_own_cutoff(town: RoadMap):
    groups = town.points("AAA").set_axis(["foot", "bike", "car"])
    modes = pd.Series({"car": "drive", "foot": "walk", "bike": "ebike"})
    table = travel_minutes(
        groups, town.points("BCD"), town.network(), cutoff_min={"walk": 6.25, "ebike": 3.4}, modes=modes
    )
    assert table[["group_id", "venue_id", "mode"]].to_numpy().tolist() == [
        ["bike", "B", "ebike"],
        ["bike", "C", "ebike"],
        ["foot", "B", "walk"],
    ]


def test_rows_are_sorted_and_columns_named(town: RoadMap):
    points = town.points("HGFEDCBA")
    table = travel_minutes(
        points, points, town.network(), cutoff_min=7, modes="walk", origin_name="here", destination_name="there"
    )
    assert list(table.columns) == ["here", "there", "minutes", "mode", "minutes_back", "ferries"]
    pd.testing.assert_frame_equal(table, table.sort_values(["here", "there"], ignore_index=True))
    assert table.index.tolist() == list(range(len(table)))


def test_no_pairs_are_an_empty_table_of_the_same_kinds(town: RoadMap):
    network, points = town.network(), town.points("AB")
    full = travel_minutes(points, points, network, cutoff_min=15, modes="walk")
    for origins, destinations, cutoff in (
        (points.iloc[:0], points, 15.0),
        (points, points.iloc[:0], 15.0),
        (points[:1], points[1:], 0.001),
        (points, points, {"drive": 15.0}),
    ):
        empty = travel_minutes(origins, destinations, network, cutoff_min=cutoff, modes="walk")
        pd.testing.assert_series_equal(empty.dtypes, full.dtypes)
        assert empty.empty


def test_unknown_positions_have_no_rows(town: RoadMap):
    points = town.points("AB", accuracy_m=[0.0, 1000.0])
    table = travel_minutes(points, points, town.network(), cutoff_min=15, modes="walk")
    assert table[["group_id", "venue_id"]].to_numpy().tolist() == [["A", "A"]]


def test_frames_come_back_as_they_were(town: RoadMap):
    points = town.points("ABCp")
    before = points.copy()
    travel_minutes(points, points, town.network(), cutoff_min=15, modes="walk")
    pd.testing.assert_frame_equal(points, before)


def test_minutes_between_points_of_one_frame(town: RoadMap):
    points = town.points("BpCF")
    table = minutes_between(points, town.network(), cutoff_min=5, modes="walk")
    assert {pair: round(minutes, 6) for pair, minutes in by_pair(table).items()} == {
        ("B", "B"): 0,
        ("B", "p"): 1.25,
        ("p", "B"): 1.25,
        ("C", "C"): 0,
        ("F", "F"): 0,
        ("p", "p"): 0,
    }


def test_snap_by_mode_joins_each_point_by_its_own_means():
    town = draw("A-----B\n  p  q \nC-----D", {"AB": {"walk": False}, "CD": {"drive": False, "ebike": False}})
    points = town.points("pq")
    got = snap_by_mode(points, town.network(), modes=pd.Series({"q": "drive", "p": "walk"}))
    assert got[["edge", "mode", "reason"]].to_numpy().tolist() == [["CD", "walk", ""], ["AB", "drive", ""]]
    assert got.index.equals(points.index)


@pytest.mark.parametrize("engine", ["scipy", "numba"])
def test_engines_and_blocks_change_not_a_bit(town: RoadMap, monkeypatch: pytest.MonkeyPatch, engine: str):
    points, network = town.points("ABCDEFGHpq"), town.network()
    whole = travel_minutes(points, points, network, cutoff_min=30, modes="walk")
    monkeypatch.setattr("xsgeo.search.running._BLOCK", 3)
    monkeypatch.setattr("xsgeo.search.plain._CELLS", 1)
    parts = travel_minutes(points, points, network, cutoff_min=30, modes="walk", _engine=engine)
    pd.testing.assert_frame_equal(whole, parts, check_exact=True)


# --- refusing ---------------------------------------------------------------------------------------------------


def test_repeated_ids_are_refused(town: RoadMap):
    with pytest.raises(ValueError, match="ids must be unique; repeated: A"):
        travel_minutes(town.points("AA"), town.points("B"), town.network(), cutoff_min=15, modes="walk")


@pytest.mark.parametrize("mode", ["boat", None])
def test_groups_without_a_mode_are_refused(town: RoadMap, mode: str | None):
    with pytest.raises(ValueError, match=r"not so for B \((boat|nan|None)\)"):
        travel_minutes(
            town.points("AB"),
            town.points("B"),
            town.network(),
            cutoff_min=15,
            modes=pd.Series({"A": "walk", "B": mode}),
        )


@pytest.mark.parametrize("cutoff", [0, -1.0, np.nan, np.inf, {"walk": 0.0}])
def test_cutoffs_that_are_no_time_are_refused(town: RoadMap, cutoff: object):
    with pytest.raises(ValueError, match="cutoff_min must be above 0 and finite"):
        travel_minutes(town.points("A"), town.points("B"), town.network(), cutoff_min=cutoff, modes="walk")


def test_a_cutoff_for_an_unknown_mode_is_refused(town: RoadMap):
    with pytest.raises(ValueError, match="mode must be one of"):
        travel_minutes(town.points("A"), town.points("B"), town.network(), cutoff_min={"boat": 5}, modes="walk")


# --- usual means -------------------------------------------------------------------------------------------------


def test_usual_means_are_stated_or_follow_the_town():
    towns = pd.DataFrame({"is_urban": [True, False]}, index=["city", "village"])
    workers = pd.DataFrame(
        {"town_id": ["city", "village", "city", "village"], "means": ["", np.nan, "drive", "walk"]},
        index=["a", "b", "c", "d"],
    )
    means = usual_means(workers, towns)
    assert means.to_dict() == {"a": "walk", "b": "ebike", "c": "drive", "d": "walk"}
    assert means.name == "usual_means"
    assert usual_means(workers.drop(columns="means"), towns).tolist() == ["walk", "ebike", "walk", "ebike"]


def test_usual_means_of_an_unknown_town_or_mode_are_refused():
    towns = pd.DataFrame({"is_urban": [True]}, index=["city"])
    with pytest.raises(ValueError, match="no such town: atlantis"):
        usual_means(pd.DataFrame({"town_id": ["atlantis"]}, index=["a"]), towns)
    with pytest.raises(ValueError, match="got 'boat'"):
        usual_means(pd.DataFrame({"town_id": ["city"], "means": ["boat"]}, index=["a"]), towns)


# --- brute force -------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(case=travel_cases(), mode=st.sampled_from(MODES), cutoff=st.sampled_from([3.14159, 11.7, 500.0]))
def test_minutes_equal_networkx_on_edges_cut_at_every_point(case: tuple[RoadMap, list[str]], mode: str, cutoff: float):
    road_map, names = case
    network, points = road_map.network(rules=SHORT_WAIT), road_map.places.loc[names]
    want = {pair: ms for pair, ms in all_ways(road_map, points, network, mode).items() if ms <= cutoff * 60_000}
    for engine in ("scipy", "numba"):
        table = travel_minutes(points, points, network, cutoff_min=cutoff, modes=mode, back=False, _engine=engine)
        assert by_pair(table) == {pair: ms / 60_000 for pair, ms in want.items()}


@settings(max_examples=30, deadline=None)
@given(case=travel_cases(), mode=st.sampled_from(MODES))
def test_rounding_costs_at_most_half_a_millisecond_an_edge(case: tuple[RoadMap, list[str]], mode: str):
    road_map, names = case
    network, points = road_map.network(rules=SHORT_WAIT), road_map.places.loc[names]
    exact = all_ways(road_map, points, network, mode, weight="minutes")
    got = by_pair(travel_minutes(points, points, network, cutoff_min=5000.0, modes=mode, back=False))
    # A way has at most each edge on foot and by bus, each ferry, two cut edges (rounded twice) and two legs.
    n_rounded = 2 * len(road_map.roads) + len(road_map.ferries) + 4
    assert got == pytest.approx(exact, abs=n_rounded * 0.5 / 60_000)


@settings(max_examples=10, deadline=None)
@given(case=travel_cases(), seed=st.integers(0, 99))
def test_the_order_of_rows_changes_not_a_bit(case: tuple[RoadMap, list[str]], seed: int):
    road_map, names = case
    points = road_map.places.loc[names]
    modes = pd.Series([MODES[i % 4] for i in range(len(names))], index=names)
    one = travel_minutes(points, points, road_map.network(), cutoff_min=20, modes=modes)
    roads, ferries, shuffled, there = (
        frame.sample(frac=1, random_state=seed) for frame in (road_map.roads, road_map.ferries, points, points)
    )
    network = build_network(roads, ferries, road_map.land.iloc[::-1])
    other = travel_minutes(shuffled, there.iloc[::-1], network, cutoff_min=20, modes=modes)
    pd.testing.assert_frame_equal(one, other, check_exact=True)


# --- nearest -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["scipy", "numba"])
@settings(max_examples=20, deadline=None)
@given(case=travel_cases(), k=st.integers(1, 3), cutoff=st.sampled_from([3.14159, 500.0]))
def test_the_k_nearest_are_the_first_k_of_all(engine: str, case: tuple[RoadMap, list[str]], k: int, cutoff: float):
    road_map, names = case
    network, points = road_map.network(), road_map.places.loc[names]
    modes = pd.Series([MODES[i % 4] for i in range(len(names))], index=names)
    every = travel_minutes(points, points, network, cutoff_min=cutoff, modes=modes, back=False)
    ranked = every.sort_values(["group_id", "minutes", "venue_id"], ignore_index=True)
    ranked["rank"] = ranked.groupby("group_id").cumcount() + 1
    shuffled = points.iloc[::-1]
    got = k_nearest(shuffled, shuffled, network, k, cutoff_min=cutoff, modes=modes, _engine=engine)
    want = ranked[ranked["rank"] <= k].reset_index(drop=True)
    pd.testing.assert_frame_equal(got, want, check_exact=True)


# --- paths -------------------------------------------------------------------------------------------------------


def test_a_path_is_told_piece_by_piece_as_it_is_travelled():
    sea = draw(
        """
        p........~~~.....
        A-q--B...~~~C--D.
        """,
        {"AB": {}, "CD": {}, "DC": {"length_m": 900.0}},
        {"BC": {}},
    )
    way_there = path(sea.points("q"), sea.points("D"), sea.network(), mode="drive")
    assert way_there["via"].tolist() == ["AB", "BC", "CD"]
    assert way_there["minutes"].tolist() == pytest.approx([0.6, 15.0, 0.6])
    assert way_there.crs == WGS84
    assert way_there.geometry.iloc[0].coords[0] == pytest.approx(sea.places.geometry["q"].coords[0])
    assert way_there.geometry.iloc[-1].coords[-1] == pytest.approx(sea.places.geometry["D"].coords[0])
    from_door = path(sea.points("p"), sea.points("B"), sea.network(), mode="walk")
    assert from_door["via"].tolist() == ["", "AB"]
    assert from_door["minutes"].tolist() == pytest.approx([1.25, 6.25])


def test_no_path_is_an_empty_frame():
    strait = draw("A----B~C----D", {"AB": {}, "CD": {}})
    for pair in ("AD", "AA"):
        empty = path(strait.points(pair[0]), strait.points(pair[1]), strait.network(), mode="walk")
        assert empty.empty
        assert empty.columns.tolist() == ["via", "minutes", "geometry"]
    with pytest.raises(ValueError, match="path needs one origin and one destination, got 2 and 1"):
        path(strait.points("AB"), strait.points("C"), strait.network(), mode="walk")


@settings(max_examples=20, deadline=None)
@given(case=travel_cases(), mode=st.sampled_from(MODES))
def test_paths_hang_together_and_take_the_minutes_of_the_table(case: tuple[RoadMap, list[str]], mode: str):
    road_map, names = case
    network, points = road_map.network(), road_map.places.loc[names]
    minutes = by_pair(travel_minutes(points, points, network, cutoff_min=5000, modes=mode, back=False))
    for one, other in itertools.islice(itertools.permutations(names, 2), 12):
        found = path(points.loc[[one]], points.loc[[other]], network, mode=mode)
        assert found["minutes"].sum() == pytest.approx(minutes.get((one, other), 0.0), abs=1e-9)
        ends = [(line.coords[0], line.coords[-1]) for line in found.to_crs(METRES).geometry]
        assert all(np.hypot(*np.subtract(a[1], b[0])) < 0.01 for a, b in itertools.pairwise(ends))
        assert not (found["minutes"] < 0).any()


# --- OSMnx -------------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(case=travel_cases(), mode=st.sampled_from(ROAD_MODES))
def test_nodes_are_as_far_apart_as_on_the_graph_of_osmnx(case: tuple[RoadMap, list[str]], mode: str):
    road_map, _ = case
    network = road_map.network()
    graph = to_multidigraph(road_map.roads, road_map.ferries, mode=mode)
    graph = nx.relabel_nodes(graph, nx.get_node_attributes(graph, "node_id"))
    nodes = road_map.places.loc[sorted(graph.nodes)]
    joined = snap(nodes, network, mode=mode)
    # A node may be joined elsewhere: beside an expressway, or where another road runs through its place.
    itself = [node for node, row in joined.iterrows() if row["reason"] == "" and _end(road_map, row) == node]
    table = travel_minutes(nodes.loc[itself], nodes.loc[itself], network, cutoff_min=600, modes=mode, back=False)
    reached = dict(nx.all_pairs_dijkstra_path_length(graph, weight="travel_time"))
    pairs = itertools.product(itself, itself)
    want = {(one, other): reached[one][other] / 60 for one, other in pairs if other in reached[one]}
    # A leg of less than a millimetre is all that coordinates in degrees can add to the rounding of each edge.
    assert by_pair(table) == pytest.approx(want, abs=(len(road_map.roads) + 4) * 0.5 / 60_000)


def _end(road_map: RoadMap, joined: pd.Series) -> str | None:
    """The node at which a point is joined, if it is joined at one."""
    return {0.0: road_map.roads.at[joined["edge"], "u"], 1.0: road_map.roads.at[joined["edge"], "v"]}.get(
        joined["position"]
    )


def test_osmnx_finds_the_same_shortest_path(town: RoadMap):
    graph = to_multidigraph(town.roads, town.ferries, mode="drive")
    number = {name: node for node, name in graph.nodes(data="node_id")}
    path = shortest_path(graph, number["A"], number["H"], weight="travel_time")
    seconds = route_to_gdf(graph, path, weight="travel_time")["travel_time"].sum()
    assert way(town, "AH", mode="drive") == pytest.approx(seconds / 60)


# --- the county's own skeleton -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def skeleton() -> RoadMap:
    """The digitised main roads and ferries, with the whole county as one piece of land."""
    if not (FACTS / "roads_skeleton.csv").exists():
        pytest.skip("data/facts/roads_skeleton.csv is not there")
    table = pd.read_csv(FACTS / "roads_skeleton.csv")
    by_sea = table["class"] == "ferry"
    crossings = table[by_sea & table["to"].eq("F_HP")]
    table = table[~by_sea]
    lines = shapely.from_wkt(table["wkt_wgs84"])
    slow = table["walk_bike_allowed"].eq(1)
    roads = gpd.GeoDataFrame(
        {
            "u": table["from"], "v": table["to"], "road_class": table["class"], "length_m": table["approx_km"] * 1000,
            "speed_kmh": table["free_speed_kmh"], "walk": slow, "ebike": slow, "drive": True, "oneway": False,
        },
        geometry=lines, crs=WGS84,
    )  # fmt: skip
    roads.index = (table["from"] + "-" + table["to"]).rename("edge_id")
    ferries = pd.DataFrame(
        {
            "from_node": crossings["from"], "to_node": crossings["to"], "crossing_min": crossings["approx_min"],
            "wait_min": 0.0, "takes_cars": True, "stops_in_gale": True,
        }
    )  # fmt: skip
    ferries.index = (crossings["from"] + "-" + crossings["to"]).rename("ferry_id")
    nodes = pd.read_csv(FACTS / "roads_nodes.csv", index_col="id")
    places = gpd.GeoDataFrame(geometry=gpd.points_from_xy(nodes["lon_wgs84"], nodes["lat_wgs84"]), crs=WGS84)
    land = gpd.GeoDataFrame(geometry=[shapely.box(121, 28.5, 123, 30)], index=["L1"], crs=WGS84)
    return RoadMap(roads, ferries, land, places.set_index(nodes.index))


@pytest.mark.parametrize(("closed", "minutes"), [((), 39), (("F_SP-F_HP",), 57)])
def test_from_shipu_to_hepu_by_car_with_the_ferry_and_by_the_bridges(
    skeleton: RoadMap, closed: tuple[str, ...], minutes: float
):
    network = skeleton.network(closed_ferries=closed)
    seats = skeleton.places.loc[["SP", "HP"]]
    table = minutes_between(seats, network, cutoff_min=120, modes="drive")
    way_min = by_pair(table)
    assert way_min["SP", "HP"] == pytest.approx(minutes, abs=0.75)
    assert way_min["HP", "SP"] == pytest.approx(way_min["SP", "HP"])
