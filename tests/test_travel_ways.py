"""There and back, by boat or dry, by bus, up and down hill: worked maps, and every way found by trying all boats."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ascii_roads import RoadMap, draw
from tests.road_oracle import boat_cases, rows_there_and_back, travel_cases
from xsgeo.settings import MODES, TravelRules
from xsgeo.travel import path, travel_minutes
from xsgeo.travel.boats import Journey, landings_within

# Walking is 80 m a minute, an e-bike 300, a car on a street 500.


def table_of(road_map: RoadMap, pair: str, *, mode: str = "walk", cutoff: float = 600.0, **options: object) -> list:
    """Rows from the first letter's place to the second's: minutes there, back, ferries."""
    network = road_map.network(**options)
    table = travel_minutes(
        road_map.points(pair[0]), road_map.points(pair[1]), network, cutoff_min=cutoff, modes=mode
    ).round(6)
    return table[["minutes", "minutes_back", "ferries"]].to_numpy().tolist()


# --- by boat or dry ----------------------------------------------------------------------------------------------


@pytest.fixture
def bay() -> RoadMap:
    """Across the bay it is 5 minutes by boat, round it 40 on foot."""
    return draw(
        """
        A~~~B
        |~~~|
        |~~~|
        C---D
        """,
        {"AC": {"length_m": 1200.0}, "CD": {"length_m": 800.0}, "DB": {"length_m": 1200.0}},
        {"AB": {"crossing_min": 3.0, "wait_min": 2.0}},
    )


def test_a_way_by_boat_has_a_dry_way_beside_it_if_that_is_within_the_cutoff(bay: RoadMap):
    assert table_of(bay, "AB") == [[5.0, 5.0, "AB"], [40.0, 40.0, ""]]
    assert table_of(bay, "AB", cutoff=40.0) == [[5.0, 5.0, "AB"], [40.0, 40.0, ""]]
    assert table_of(bay, "AB", cutoff=39.9) == [[5.0, 5.0, "AB"]]
    assert table_of(bay, "AC") == [[15.0, 15.0, ""]]


def test_in_a_gale_only_boats_that_stand_it_sail(bay: RoadMap):
    assert table_of(bay, "AB", gale=True) == [[40.0, 40.0, ""]]
    hardy = RoadMap(bay.roads, bay.ferries.assign(stops_in_gale=False), bay.land, bay.places)
    assert table_of(hardy, "AB", gale=True) == [[5.0, 5.0, "AB"], [40.0, 40.0, ""]]
    assert table_of(hardy, "AB", gale=True, closed_ferries=["AB"]) == [[40.0, 40.0, ""]]


def test_a_tie_between_boat_and_land_is_dry(bay: RoadMap):
    slow = RoadMap(bay.roads, bay.ferries.assign(wait_min=37.0), bay.land, bay.places)
    assert table_of(slow, "AB") == [[40.0, 40.0, ""]]
    slower = RoadMap(bay.roads, bay.ferries.assign(wait_min=36.999), bay.land, bay.places)
    assert table_of(slower, "AB") == [[39.999, 39.999, "AB"], [40.0, 40.0, ""]]


def test_cars_go_round_where_the_boat_takes_none(bay: RoadMap):
    foot_only = RoadMap(bay.roads, bay.ferries.assign(takes_cars=False), bay.land, bay.places)
    assert table_of(foot_only, "AB", mode="drive") == [[6.4, 6.4, ""]]


def test_of_equal_boats_the_fewest_then_the_least_ids_are_named():
    free = {"wait_min": 0.0}
    boats = {
        "z": {"from_node": "a", "to_node": "B", "crossing_min": 5.0, **free},
        "y": {"from_node": "a", "to_node": "B", "crossing_min": 5.0, **free},
        "x": {"from_node": "b", "to_node": "C", "crossing_min": 5.0, **free},
    }
    roads: dict[str, dict[str, object]] = {"Aa": {}, "Bb": {}, "Cc": {}}
    assert table_of(draw("A-a~~B-b~~C-c", roads, boats), "AC") == [[15.0, 15.0, "x|y"]]
    direct = {"w": {"from_node": "a", "to_node": "C", "crossing_min": 12.5, **free}}
    assert table_of(draw("A-a~~B-b~~C-c", roads, boats | direct), "AC") == [[15.0, 15.0, "w"]]


def test_a_way_there_by_land_and_back_by_boat_names_the_boat():
    # Downhill there, uphill back: 40 minutes one way, far more the other, when the boat pays.
    bay = draw(
        """
        A~~~B
        |~~~|
        |~~~|
        C---D
        """,
        {"AC": {"length_m": 800.0}, "CD": {"length_m": 800.0, "rise_m": -160.0}, "DB": {"length_m": 800.0}},
        {"AB": {"crossing_min": 45.0, "wait_min": 0.0}},
    )
    down, up = (20 + 10 / np.exp(-3.5 * (abs(s + 0.05) - 0.05)) for s in (-0.2, 0.2))
    assert down < up < 45
    assert table_of(bay, "AB") == [[pytest.approx(down), pytest.approx(up), ""]]
    quick = RoadMap(bay.roads, bay.ferries.assign(crossing_min=38.0), bay.land, bay.places)
    assert table_of(quick, "AB") == [
        [pytest.approx(down), 38.0, "AB"],
        [pytest.approx(down), pytest.approx(up), ""],
    ]


def test_a_pair_without_a_way_back_has_no_row():
    # A one-way bridge leads to the island, and none leads back; people on foot walk both ways.
    roads = {"AB": {}, "CD": {}, "BC": {"oneway": True, "road_class": "bridge_local"}}
    islands = draw("A----B~~~C----D", roads)
    assert table_of(islands, "AD", mode="drive") == []
    network, ends = islands.network(), (islands.points("A"), islands.points("D"))
    there = travel_minutes(*ends, network, cutoff_min=60, modes="drive", back=False)
    assert there["minutes"].tolist() == pytest.approx([1400 / 500])
    assert table_of(islands, "AD") == [[17.5, 17.5, ""]]


def test_ways_between_landings_are_by_the_least_boats():
    chain = draw(
        "A-a~~B-b~~C-c",
        {"Aa": {}, "Bb": {}, "Cc": {}},
        {"aB": {"crossing_min": 2.0, "wait_min": 0.0}, "bC": {"crossing_min": 3.0, "wait_min": 0.0}},
    )
    found = landings_within(Journey(chain.network(), "walk", "auto"), 3_600_000)
    names = chain.network().node_ids[found.nodes].tolist()
    between = {
        (names[i], names[j]): (
            found.between[i, j] // len(found.sets) / 60_000,
            found.sets[found.between[i, j] % len(found.sets)],
        )
        for i, j in zip(*np.nonzero(found.between < 1 << 60), strict=True)
    }
    assert between["a", "C"] == (7.5, ("aB", "bC"))
    assert between["a", "B"] == (2.0, ("aB",))
    assert between["a", "a"] == (4.0, ("aB",))
    assert landings_within(Journey(chain.network(), "walk", "auto"), 1000).nodes.tolist() == []


# --- there and back ----------------------------------------------------------------------------------------------


def test_a_oneway_street_makes_the_way_back_longer_than_the_cutoff():
    ring = draw(
        """
        A----B
        |....|
        |....|
        C----D
        """,
        {"AB": {"oneway": True}, "BD": {"length_m": 5000.0}, "DC": {"length_m": 5000.0}, "CA": {}},
    )
    assert table_of(ring, "AB", mode="drive", cutoff=2.0) == [[1.0, 20.6, ""]]
    assert table_of(ring, "AB", mode="walk") == [[6.25, 6.25, ""]]


def test_uphill_takes_longer_than_down_on_foot_and_by_ebike_and_not_by_car():
    hill = draw("A---------B", {"AB": {"rise_m": 100.0}})
    up, down = (12.5 * np.exp(3.5 * (abs(s + 0.05) - 0.05)) for s in (0.1, -0.1))
    assert table_of(hill, "AB") == [[pytest.approx(up), pytest.approx(down), ""]]
    pulled_kmh = 3.6 * 320 / (130 * 9.80665 * 0.11)
    assert table_of(hill, "AB", mode="ebike") == [[pytest.approx(60 / pulled_kmh), pytest.approx(60 / 18), ""]]
    assert table_of(hill, "AB", mode="drive") == [[2.0, 2.0, ""]]


def test_a_point_on_a_street_drawn_as_two_oneway_edges_leaves_by_either():
    street = draw(
        "....p....\nA---B---C\n",
        {"AC": {"oneway": True}, "CA": {"oneway": True}},
    )
    assert table_of(street, "pA", mode="drive") == [[pytest.approx(1.25 + 0.8), pytest.approx(1.25 + 0.8), ""]]
    assert table_of(street, "pC", mode="drive") == [[pytest.approx(1.25 + 0.8), pytest.approx(1.25 + 0.8), ""]]
    network = street.network()
    way = path(street.points("p"), street.points("A"), network, mode="drive")
    assert way["via"].tolist() == ["", "CA"]
    # Drawn a little beside each other they are two streets: whoever lives on one goes round.
    apart = draw("....p....\nA---B---C\n..D......", {"AC": {"oneway": True}, "CDA": {"oneway": True}})
    assert table_of(apart, "pA", mode="drive")[0][0] > 2.5


# --- by bus ------------------------------------------------------------------------------------------------------


def test_a_bus_is_walked_to_waited_for_and_ridden_on_roads_alone():
    line = draw(
        "A----B---------C----D",
        {"AB": {}, "BC": {"road_class": "local", "length_m": 6000.0, "speed_kmh": 40.0}, "CD": {}},
    )
    by_bus = 6.25 + 5 + 6000 / 1000 / 24 * 60 + 6.25
    rules = TravelRules(bus_wait_min=5)
    assert table_of(line, "AD", mode="bus", rules=rules) == [[by_bus, by_bus, ""]]
    half = TravelRules(bus_wait_min=5, bus_car_share=0.3)
    assert table_of(line, "AD", mode="bus", rules=half)[0][0] == by_bus + 15
    assert table_of(line, "AB", mode="bus", rules=rules) == [[6.25, 6.25, ""]]
    patient = TravelRules(bus_wait_min=100)
    assert table_of(line, "AD", mode="bus", rules=patient) == table_of(line, "AD", mode="walk")
    way = path(line.points("A"), line.points("D"), line.network(rules=rules), mode="bus")
    assert way["via"].tolist() == ["AB", "", "BC", "CD"]
    assert way["minutes"].tolist() == [6.25, 5.0, 15.0, 6.25]


@pytest.mark.parametrize("road_class", ["expressway", "bridge_exp", "street"])
def test_no_bus_goes_on_expressways_or_in_streets(road_class: str):
    line = draw("A---------B", {"AB": {"length_m": 6000.0, "road_class": road_class}})
    assert np.isinf(line.network().ride_forward_min).all()


def test_boarding_again_is_waiting_again():
    line = draw(
        "A------B-C------D",
        {n: {"road_class": c, "length_m": m, "speed_kmh": 50.0} for n, c, m in
         (("AB", "county", 5000.0), ("BC", "street", 400.0), ("CD", "class1", 5000.0))},
    )  # fmt: skip
    (row,) = table_of(line, "AD", mode="bus", rules=TravelRules(bus_wait_min=7))
    assert row[0] == 2 * (7 + 10) + 5


def test_bus_passengers_take_the_boat_on_foot():
    sea = draw(
        "A----B~~C----D",
        {n: {"road_class": "local", "length_m": 6000.0, "speed_kmh": 50.0} for n in ("AB", "CD")},
        {"BC": {"takes_cars": False}},
    )
    assert table_of(sea, "AD", mode="bus", rules=TravelRules(bus_wait_min=3)) == [[2 * 15 + 15, 2 * 15 + 15, "BC"]]


# --- against every set of boats ----------------------------------------------------------------------------------


def _check_against_every_set(case: tuple[RoadMap, list[str]], mode: str, cutoff: float, engine: str) -> None:
    road_map, names = case
    points: gpd.GeoDataFrame = road_map.places.loc[names]
    network = road_map.network(rules=TravelRules(bus_wait_min=1.25))
    want = rows_there_and_back(road_map, points, network, mode, cutoff)
    table = travel_minutes(points, points, network, cutoff_min=cutoff, modes=mode, _engine=engine)
    columns = ["group_id", "venue_id", "minutes", "minutes_back", "ferries"]
    got = list(table[columns].itertuples(index=False, name=None))
    assert got == [(one, other, ms / 60_000, back / 60_000, boats) for one, other, ms, back, boats in want]


@settings(max_examples=24, deadline=None)
@given(
    case=travel_cases(),
    mode=st.sampled_from(MODES),
    cutoff=st.sampled_from([3.14159, 11.7, 500.0]),
    engine=st.sampled_from(["scipy", "numba"]),
)
def test_rows_equal_trying_every_set_of_boats(case: tuple[RoadMap, list[str]], mode: str, cutoff: float, engine: str):
    _check_against_every_set(case, mode, cutoff, engine)


@settings(max_examples=12, deadline=None)
@given(case=boat_cases(), mode=st.sampled_from(["walk", "drive"]), cutoff=st.sampled_from([7.5, 500.0]))
def test_ties_and_chains_of_boats_equal_trying_every_set(case: tuple[RoadMap, list[str]], mode: str, cutoff: float):
    _check_against_every_set(case, mode, cutoff, "scipy")
