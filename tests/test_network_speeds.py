"""Slopes, e-bikes and buses: minutes of an edge against formulas worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ascii_roads import draw
from xsgeo.errors import NetworkError
from xsgeo.network import arcs, components
from xsgeo.network.speeds import BUS_CLASSES, ebike_kmh, walk_kmh
from xsgeo.schemas import ROAD_CLASSES
from xsgeo.settings import MODES, TravelRules

SLOPES = st.floats(-0.9, 0.9)


def test_tobler_himself_walks_five_kilometres_an_hour_on_the_flat_and_six_slightly_downhill():
    flat = 6 * np.exp(-3.5 * 0.05)
    assert flat == pytest.approx(5.037, abs=0.001)
    assert walk_kmh(np.array([-0.05]), flat)[0] == pytest.approx(6.0)
    assert walk_kmh(np.array([0.0]), 4.8)[0] == 4.8


@settings(max_examples=100, deadline=None)
@given(SLOPES)
def test_walking_follows_toblers_function_whatever_the_speed_on_the_flat(slope: float):
    tobler = 6 * np.exp(-3.5 * abs(slope + 0.05))
    assert walk_kmh(np.array([slope]), 4.8)[0] == pytest.approx(tobler * 4.8 / (6 * np.exp(-0.175)))


def test_an_ebike_keeps_its_speed_until_the_motor_gives_out_and_is_then_pushed():
    speeds = ebike_kmh(np.array([-0.3, 0.0, 0.04, 0.05, 0.2, 0.4]), TravelRules())
    assert speeds[:3].tolist() == [18.0] * 3
    # 320 W at the wheel lift 130 kg up one in twenty at 4.2 m/s.
    assert speeds[3] == pytest.approx(3.6 * 320 / (130 * 9.80665 * 0.06))
    assert speeds[4] == pytest.approx(3.6 * 320 / (130 * 9.80665 * 0.21))
    assert (np.diff(speeds[3:]) < 0).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(SLOPES, min_size=2, max_size=5))
def test_an_ebike_is_never_slower_than_its_rider_on_foot_nor_faster_than_on_the_flat(slopes: list[float]):
    slope = np.array(sorted(slopes))
    rules = TravelRules()
    speed = ebike_kmh(slope, rules)
    assert (speed <= rules.ebike_kmh).all()
    assert (speed >= np.minimum(walk_kmh(slope, rules.walk_kmh), rules.ebike_kmh)).all()
    assert (np.diff(speed) <= 1e-12).all()


def test_a_blank_rise_is_flat_and_a_flat_network_is_symmetrical():
    town = draw("A----B----C", {"AB": {"rise_m": np.nan}, "BC": {"rise_m": 0.0}})
    assert town.network().forward_min["walk"].tolist() == [6.25, 6.25]
    assert all(town.network().is_symmetrical(mode) for mode in MODES)


def test_what_is_symmetrical_is_told_by_mode():
    hill = draw("A----B", {"AB": {"rise_m": 50.0, "road_class": "local"}}).network()
    assert [hill.is_symmetrical(mode) for mode in MODES] == [False, False, True, False]
    oneway = draw("A----B", {"AB": {"oneway": True, "road_class": "local"}}).network()
    assert [oneway.is_symmetrical(mode) for mode in MODES] == [True, False, False, False]
    twins = draw("A----B", {"AB": {"oneway": True}, "BA": {"oneway": True}}).network()
    assert [twins.is_symmetrical(mode) for mode in MODES] == [True] * 4


@pytest.mark.parametrize("rise_m", [500.0, -500.0, 700.0])
def test_a_rise_that_is_no_less_than_the_length_is_refused(rise_m: float):
    with pytest.raises(NetworkError, match="edge AB: rise_m must be less than length_m"):
        draw("A----B", {"AB": {"rise_m": rise_m}}).network()


def test_a_bus_is_slower_than_cars_by_the_share_and_goes_where_they_may():
    roads = {
        "AB": {"road_class": "local", "speed_kmh": 40.0},
        "BC": {"road_class": "county", "oneway": True, "speed_kmh": 40.0},
        "CD": {"road_class": "local", "drive": False},
    }
    built = draw("A----B----C----D", roads).network(rules=TravelRules(bus_car_share=0.5))
    assert built.ride_forward_min.tolist() == [1.5, 1.5, np.inf]
    assert built.ride_backward_min.tolist() == [1.5, np.inf, np.inf]
    assert built.forward_min["bus"].tolist() == built.forward_min["walk"].tolist()
    assert built.graph_size("bus") == 2 * built.graph_size("walk") == 8
    start, end, minutes = arcs(built, mode="bus")
    boards = (end == start + 4) & (start < 4)
    assert sorted(start[boards].tolist()) == [0, 1, 2]
    assert set(minutes[boards]) == {20.0}
    assert set(minutes[(start == end + 4)]) == {0.0}


def test_buses_use_local_roads_and_better_but_no_expressway():
    assert set(ROAD_CLASSES) - set(BUS_CLASSES) == {"expressway", "bridge_exp", "street"}


def test_parts_of_a_network_by_bus_are_told_of_nodes_on_foot():
    town = draw("A----B    C----D", {"AB": {"road_class": "local"}, "CD": {}})
    assert components(town.network(), "bus").to_dict() == {"A": 0, "B": 0, "C": 1, "D": 1}
