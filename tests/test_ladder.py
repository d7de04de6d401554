"""The ladder told is the ladder climbed: the first rung that fails is the reason, with the figures that decided it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xsgeo import workflow
from xsgeo.ladder import RUNGS, ladder, venues_near
from xsgeo.network import sailings


@pytest.fixture(scope="module")
def county():
    from xsgeo.datasets import toy_county

    return workflow.reach(toy_county())


def rungs(found, group_id):
    study = found.study
    return ladder(group_id, study.workers, study.venues, found.minutes, found.groups, standard=study.standard)


def test_rungs_of_the_toy_worked_by_hand(county):
    told = {g: rungs(county, g)["found"].fillna(-1).tolist() for g in county.groups.index}
    # unknown has no figure; then venues in reach, hours open, hours open to them, hours equipped; seats are not counted
    assert told == {
        "g1": [-1, 1, 0, 0, 0, -1],
        "g2": [-1, 2, 12.5, 12.5, 12.5, -1],
        "g3": [-1, 2, 25, 25, 25, -1],
        "g4": [-1, 0, 0, 0, 0, -1],
        "g5": [-1, 1, 15, 0, 0, -1],
        "g6": [-1, 1, 20, 20, 20, -1],
        "g7": [-1, 0, 0, 0, 0, -1],
    }


def reason_of(table):
    failed = table.index[~table["passed"]]
    return failed[0] if len(failed) else "served"


def test_the_first_rung_that_fails_is_the_reason(county):
    assert {g: reason_of(rungs(county, g)) for g in county.groups.index} == county.groups["reason"].astype(
        str
    ).to_dict()
    assert tuple(rungs(county, "g1").index) == RUNGS


def test_the_first_rung_that_fails_is_the_reason_in_the_demonstration(demonstration):
    found = workflow.reach(demonstration)
    by_reason = found.groups.groupby(found.groups["reason"].astype(str))
    ask = {"standard": demonstration.standard, "sailings": sailings(demonstration.ferries)}
    frames = (demonstration.workers, demonstration.venues, found.minutes)
    for group_id in [g for _, part in by_reason for g in part.index[:: max(1, len(part) // 2)]]:
        table = ladder(group_id, *frames, found.groups, needs=demonstration.needs, **ask)
        assert reason_of(table) == found.groups.at[group_id, "reason"], group_id
        hours = found.groups.at[group_id, "usable_hours"]
        assert np.isnan(hours) or table.at["no_function", "found"] == hours


def test_venues_near_say_what_stands_in_the_way(county):
    study = county.study
    near = venues_near("g5", study.workers, study.venues, county.minutes, standard=study.standard)
    assert near.loc["V3", ["admits", "lacking", "hours_open", "usable_hours"]].tolist() == [False, "", 15.0, 0.0]
    assert venues_near("g4", study.workers, study.venues, county.minutes, standard=study.standard).empty


def test_too_few_seats_are_a_rung(county):
    study = county.study
    seated = pd.Series(0.4, index=study.workers.index)
    frames = (study.workers, study.venues, county.minutes, county.groups)
    table = ladder("g2", *frames, standard=study.standard, seated=seated)
    assert table.loc["crowded", ["passed", "found", "needed"]].tolist() == [False, 0.4, 1.0]
