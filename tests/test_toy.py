"""The six-node county: every answer of its docstring, worked by hand, against the library."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xsgeo
from xsgeo.datasets import toy_county


def answers(study, venues=None, closed_ferries=()):
    """Run the toy county through network, minutes and coverage."""
    venues = study.venues if venues is None else venues
    network = xsgeo.build_network(study.roads, study.ferries, study.land, closed_ferries=closed_ferries)
    minutes = xsgeo.travel_minutes(study.workers, venues, network, cutoff_min=study.standard.cutoff_min, modes="walk")
    located = xsgeo.snap(study.workers, network, mode="walk")["reason"] == ""
    return xsgeo.coverage(study.workers, venues, minutes, located=located, standard=study.standard), minutes


def test_reasons_and_usable_hours_are_those_of_the_docstring(toy):
    groups, _ = answers(toy)
    assert groups["reason"].astype(str).to_dict() == {
        "g1": "closed", "g2": "served", "g3": "served", "g4": "out_of_reach", "g5": "not_shared", "g6": "served",
        "g7": "unknown",
    }  # fmt: skip
    assert groups["usable_hours"].drop("g7").tolist() == [0, 12.5, 25, 0, 0, 20]
    assert np.isnan(groups.loc["g7", "usable_hours"])


def test_minutes_are_those_of_the_map(toy):
    _, minutes = answers(toy)
    table = {(g, v): round(m, 3) for g, v, m in minutes[["group_id", "venue_id", "minutes"]].itertuples(index=False)}
    assert table == {
        ("g1", "V1"): 10, ("g2", "V1"): 0, ("g2", "V2"): 10, ("g3", "V1"): 10, ("g3", "V2"): 0, ("g5", "V3"): 10,
        ("g6", "V3"): 0,
    }  # fmt: skip


def test_290_of_340_have_a_venue_within_reach_and_160_are_served(toy):
    groups, _ = answers(toy)
    row = xsgeo.summarise(toy.workers, groups).iloc[0]
    assert row[["n_workers", "n_nominal", "n_effective"]].tolist() == [340, 290, 160]
    assert row["share_effective"] == pytest.approx(160 / 340)
    by_town = xsgeo.summarise(toy.workers, groups, by="town_id")
    assert by_town["n_effective"].to_dict() == {"T1": 140, "T2": 20}


def test_the_palace_opening_in_the_evening_serves_100_more_and_moves_no_door(toy):
    before, minutes = answers(toy)
    longer = toy.venues.assign(
        open_hours=toy.venues["open_hours"].replace("周一至周五 8:00-17:00", "周一至周五 8:00-21:00")
    )
    after, minutes_after = answers(toy, longer)
    pd.testing.assert_frame_equal(minutes, minutes_after)
    assert after["is_nominal"].equals(before["is_nominal"])
    assert toy.workers.loc[after["is_served"], "n_workers"].sum() == 260
    changed = after.index[after["reason"].astype(str) != before["reason"].astype(str)]
    assert changed.tolist() == ["g1"]


def test_island_and_mainland_are_joined_by_the_ferry_alone(toy):
    for closed, expected in (((), 20.0), (("Y1",), None)):
        network = xsgeo.build_network(toy.roads, toy.ferries, toy.land, closed_ferries=closed)
        minutes = xsgeo.travel_minutes(toy.workers.loc[["g5"]], toy.venues, network, cutoff_min=60, modes="walk")
        found = minutes.set_index("venue_id")["minutes"].to_dict()
        assert found.get("V2") == (pytest.approx(expected, abs=1e-6) if expected else None)


def test_each_call_makes_a_county_of_its_own():
    one = toy_county()
    one.workers.loc["g1", "n_workers"] = 0
    assert toy_county().workers.loc["g1", "n_workers"] == 100
