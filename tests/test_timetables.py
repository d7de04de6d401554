"""Times of ferries: read, refused, made into a mean wait and into half hours of the week."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ascii_roads import draw
from xsgeo import network, timetables
from xsgeo.errors import NetworkError


def slots(spans: str) -> np.ndarray:
    """The half hours of a week from spans of hours like ``6-20``, alike on all days."""
    day = np.zeros(48, dtype=bool)
    for span in spans.split():
        begin, end = (round(2 * float(hour)) for hour in span.split("-"))
        day[begin:end] = True
    return np.tile(day, 7)


def service(**values: object) -> np.ndarray:
    ferry = pd.DataFrame([{"first": "", "last": "", "crossing_min": 10.0, **values}], index=["F"])
    return network.sailings(ferry)["F"]


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        ({}, "0-24"),
        ({"first": "06:00", "last": "20:00"}, "6-20"),
        ({"first": "06:00", "last": "20:00", "crossing_min": 30.0}, "6-20.5"),
        ({"first": "06:00", "last": "20:00", "crossing_min": 29.9}, "6-20"),
        ({"first": "06:10", "last": "19:50"}, "6.5-20"),
        ({"first": "06:10"}, "6.5-24"),
        ({"last": "20:00"}, "0-20"),
        ({"first": None, "last": np.nan}, "0-24"),
        ({"departures": "09:00|07:00|17:00"}, "7-17"),
        ({"departures": "09:00|17:00", "first": "08:00", "last": "18:00"}, "8-18"),
        ({"first": "12:00", "last": "23:45", "crossing_min": 50.0}, "0-0.5 12-24"),
        ({"first": "12:00", "last": "12:00"}, ""),
        ({"first": "12:00", "last": "12:00", "crossing_min": 3000.0}, "0-24"),
    ],
)
def test_a_service_is_the_half_hours_wholly_between_first_sailing_and_last_arrival(values, spans):
    np.testing.assert_array_equal(service(**values), slots(spans))


def test_sailings_are_by_id_and_need_no_column_but_the_crossing():
    found = timetables.sailings(pd.DataFrame({"crossing_min": [5.0, 6.0]}, index=["b", "a"]))
    assert list(found) == ["b", "a"]
    assert all(mask.all() for mask in found.values())


@pytest.mark.parametrize("text", ["", "noon", "7", "24:01", "12:60", "-1:00", "7.30", "07:30pm", "1:2"])
def test_what_is_no_time_is_refused(text: str):
    with pytest.raises(ValueError, match="not a time of day"):
        timetables.read_time(text)


def test_times_of_spreadsheets_and_full_width_are_read():
    assert [timetables.read_time(t) for t in ("6:30", "06:30:00", " ０６：３０ ")] == [390] * 3
    assert timetables.read_times("17:00，07:00；07:00、 9:05") == (420, 545, 1020)


@settings(max_examples=100, deadline=None)
@given(st.sets(st.integers(0, 1440), min_size=2, max_size=20))
def test_the_mean_wait_is_that_of_somebody_who_comes_at_any_minute(departures: set[int]):
    times = tuple(sorted(departures))
    # A person who comes uniformly within minute m waits on average from m and a half to the next departure.
    waits = [min(t for t in times if t > m) - m - 0.5 for m in range(times[0], times[-1])]
    assert timetables.mean_wait(times) == pytest.approx(np.mean(waits))


def test_what_is_stated_wins_then_departures_then_the_interval():
    ferries = pd.DataFrame(
        {
            "wait_min": [9.0, np.nan, np.nan, np.nan],
            "departures": ["06:00|07:00", "06:00|07:00", "06:00", ""],
            "headway_min": [40.0, 40.0, 40.0, np.nan],
        }
    )
    assert timetables.wait_min(ferries).tolist() == [9.0, 30.0, 20.0, pytest.approx(np.nan, nan_ok=True)]


def test_a_network_waits_as_the_timetable_says():
    sea = draw("A--B~~~C--D", {"AB": {}, "CD": {}}, {"BC": {"crossing_min": 7.0}})
    timed = sea.ferries.assign(wait_min=np.nan, departures="06:00|07:00|09:00", headway_min=np.nan)
    built = network.build_network(sea.roads, timed, sea.land)
    assert built.ferry_min.tolist() == [pytest.approx(7 + (60**2 + 120**2) / (2 * 180))]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"first": "20:00", "last": "06:00"}, r"last: the first sailing \(20:00\) is after the last \(06:00\)"),
        ({"first": "6"}, "first: '6' is not a time written HH:MM"),
        ({"departures": "06:00|25:00"}, "departures: '06:00|25:00' is not a time"),
        ({"departures": "05:00|21:00", "last": "20:00"}, "departures: departures at 21:00 are outside 00:00-20:00"),
        ({"departures": "05:00", "first": "06:00"}, "departures: departures at 05:00 are outside 06:00-24:00"),
        ({"crossing_min": 0.0}, "crossing_min: it must be above 0"),
        ({"wait_min": np.nan}, "wait_min: give minutes of 0 or more, two departures, or a headway_min above 0"),
        ({"wait_min": np.nan, "departures": "06:00"}, "wait_min: give minutes"),
        ({"wait_min": np.nan, "headway_min": 0.0}, "wait_min: give minutes"),
        ({"wait_min": np.inf}, "wait_min: give minutes"),
    ],
)
def test_impossible_timetables_are_refused_by_name(values: dict[str, object], message: str):
    sea = draw("A--B~~~C--D", {"AB": {}, "CD": {}}, {"BC": {}})
    with pytest.raises(NetworkError, match=f"ferry BC: {message}"):
        network.build_network(sea.roads, sea.ferries.assign(**values), sea.land)
