"""Comparisons: exactly zero where nothing changed, and sums that close where something did."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import workflow
from xsgeo.access import REASONS
from xsgeo.compare import ABSENT, STATES, compare, flows, summarise_changes
from xsgeo.questions import compare_scenarios
from xsgeo.scenarios import Change, Scenario


def answer(reasons: list[str], hours: list[float], index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({"reason": reasons, "usable_hours": hours}, index=index).assign(
        is_served=[r == "served" for r in reasons]
    )


@st.composite
def sides(draw):
    ids = draw(st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True))
    index = pd.Index([f"g{i:02}" for i in ids], name="group_id")
    n = draw(st.lists(st.integers(1, 50), min_size=len(ids), max_size=len(ids)))
    towns = draw(st.lists(st.sampled_from(["T1", "T2"]), min_size=len(ids), max_size=len(ids)))
    reasons = draw(st.lists(st.sampled_from(REASONS), min_size=len(ids), max_size=len(ids)))
    workers = pd.DataFrame({"n_workers": n, "town_id": towns}, index=index)
    return workers, answer(
        reasons, [4.0 if r == "served" else np.nan if r == "unknown" else 1.0 for r in reasons], index
    )


@given(sides())
@settings(max_examples=40, deadline=None)
def test_an_answer_against_itself_is_zero_everywhere(side):
    workers, groups = side
    changed = compare(workers, groups, groups)
    table = summarise_changes(changed, by="town_id")
    moved = ["n_gained", "n_lost", "n_arrived", "n_left", "share_change", "hours_change"]
    assert (table[moved] == 0).all(axis=None)
    matrix = flows(changed)
    assert matrix.to_numpy().sum() == np.trace(matrix.to_numpy()) == workers["n_workers"].sum()


@given(sides(), sides())
@settings(max_examples=60, deadline=None)
def test_sums_close_whatever_changes(one, other):
    changed = compare(one[0], one[1], other[1], workers_after=other[0])
    row = summarise_changes(changed).iloc[0]
    assert row["n_workers_before"] == one[0]["n_workers"].sum()
    assert row["n_workers_after"] == other[0]["n_workers"].sum()
    assert row["n_workers_before"] - row["n_left"] + row["n_arrived"] == row["n_workers_after"]
    stayed_served = (changed["n_stayed"] * changed["reason_before"].eq("served")).sum()
    arrived = (changed["n_arrived"] * changed["reason_after"].eq("served")).sum()
    assert row["n_served_after"] == stayed_served + row["n_gained"] - row["n_lost"] + arrived
    matrix = flows(changed)
    assert matrix.drop(index=ABSENT).to_numpy().sum() == row["n_workers_before"]
    assert matrix.drop(columns=ABSENT).to_numpy().sum() == row["n_workers_after"]
    by_town = summarise_changes(changed, by="town_id")
    for name in ("n_workers_before", "n_served_after", "n_gained", "n_lost"):
        assert by_town[name].sum() == row[name]


@given(sides(), sides(), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_means_nothing(one, other, random):
    def shuffled(frame):
        ids = list(frame.index)
        random.shuffle(ids)
        return frame.loc[ids]

    straight = compare(*one, other[1], workers_after=other[0])
    mixed = compare(shuffled(one[0]), shuffled(one[1]), shuffled(other[1]), workers_after=shuffled(other[0]))
    pd.testing.assert_frame_equal(straight, mixed)


def test_head_counts_that_change_make_some_arrive_or_leave_and_gain_nobody():
    index = pd.Index(["a", "b", "c"], name="group_id")
    workers = pd.DataFrame({"n_workers": [30, 10, 5], "town_id": "T1"}, index=index)
    then = workers.assign(n_workers=[40, 4, 5]).drop("c")
    before = answer(["closed", "served", "served"], [0, 5, 5], index)
    after = answer(["served", "served"], [4, 5], index[:2])
    changed = compare(workers, before, after, workers_after=then)
    assert changed[["n_gained", "n_lost", "n_arrived", "n_left"]].to_dict("list") == {
        "n_gained": [30, 0, 0],
        "n_lost": [0, 0, 0],
        "n_arrived": [10, 0, 0],
        "n_left": [0, 6, 5],
    }
    matrix = flows(changed)
    assert matrix.at["closed", "served"] == 30
    assert matrix.at[ABSENT, "served"] == 10
    assert matrix.at["served", ABSENT] == 11
    assert list(matrix.index) == list(STATES)


def test_an_answer_that_lacks_a_group_is_refused():
    index = pd.Index(["a", "b"], name="group_id")
    workers = pd.DataFrame({"n_workers": [30, 10]}, index=index)
    groups = answer(["closed", "served"], [0, 5], index)
    with pytest.raises(ValueError, match="`after` lacks 1 groups of its workers, the first is 'b'"):
        compare(workers, groups, groups.head(1))
    with pytest.raises(ValueError, match="`by` must be reason or one of"):
        summarise_changes(compare(workers, groups, groups), by="town_id")


# ---- on the county worked by hand


OPEN = Change("venues", "set", "V1", (("open_hours", "周一至周五 8:00-21:00"),))
SHUT = Change("venues", "set", "V2", (("status", "closed"),))


def test_toy_gains_and_losses_worked_by_hand(toy):
    answer = compare_scenarios(toy, Scenario("改", changes=(OPEN, SHUT)))
    gained = answer.changed[["n_gained", "n_lost"]]
    # g1 gains 18:30-21:00 at the palace; g2 keeps it there when the home shuts; nobody else is touched.
    assert gained[gained.any(axis=1)].to_dict("index") == {"g1": {"n_gained": 100, "n_lost": 0}}
    assert answer.changed.loc["g2", ["usable_hours_before", "usable_hours_after"]].tolist() == [12.5, 15.0]
    shut = compare_scenarios(toy, Scenario("关", changes=(SHUT,)))
    assert shut.changed.loc["g2", ["n_lost", "reason_after"]].tolist() == [80, "closed"]
    row = summarise_changes(shut.changed).iloc[0]
    assert (row["n_gained"], row["n_lost"], row["hours_change"]) == (0, 80, pytest.approx(-12.5 * 80 / 340))


def test_two_scenarios_that_are_the_same_differ_by_nothing(toy):
    scenario = Scenario("改", changes=(OPEN,))
    twin = dataclasses.replace(scenario, file="twin.toml")
    for before in (scenario, twin):
        answer = compare_scenarios(toy, scenario, before=before)
        assert answer.changed[["n_gained", "n_lost", "n_arrived", "n_left"]].to_numpy().sum() == 0
        assert answer.changed["usable_hours_before"].equals(
            answer.changed["usable_hours_after"].rename("usable_hours_before")
        )


def test_one_network_serves_both_sides_where_no_road_changes(toy):
    answer = compare_scenarios(toy, Scenario("改", changes=(OPEN,)))
    assert answer.before.network is answer.after.network
    gale = compare_scenarios(toy, Scenario("风", gale=True))
    assert gale.before.network is not gale.after.network


def test_the_sides_are_those_of_the_whole_way_through(toy):
    answer = compare_scenarios(toy, Scenario("改", changes=(OPEN,)))
    pd.testing.assert_frame_equal(answer.before.groups, workflow.reach(toy).groups)
