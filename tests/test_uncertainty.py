"""Positions that move within their accuracy: where they may go, what it does to the headline, and that it repeats."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely

from xsgeo import uncertainty, workflow
from xsgeo.crs import to_metres, unproject
from xsgeo.datasets.toy import _ORIGIN_M


def placed(table, **rows):
    """Rows of a table at other places: metres east and north of A, and how exactly."""
    for key, (x, y, accuracy_m) in rows.items():
        lon, lat = unproject(np.array([_ORIGIN_M[0] + x]), np.array([_ORIGIN_M[1] + y]))
        table = table.assign(
            geometry=table.geometry.where(table.index != key, shapely.Point(lon[0], lat[0])),
            accuracy_m=table["accuracy_m"].where(table.index != key, accuracy_m),
        )
    return table


def with_workers(toy, **rows):
    return dataclasses.replace(toy, workers=placed(toy.workers, **rows))


def drawn(study, *, draws, seed=1):
    """Places of all draws, one row a draw and place, and the places themselves."""
    places = uncertainty._places(study, workflow.reach(study).network)
    return places, np.stack(list(uncertainty._draws(places, draws=draws, seed=seed)))


def test_exact_positions_stay_and_the_interval_has_no_width(toy):
    table = uncertainty.headline(workflow.reach(toy), by="town", draws=5)
    for end in ("low", "median", "high"):
        assert table[f"share_effective_{end}"].tolist() == table["share_effective"].tolist()
    assert table["n_moved"].eq(0).all()


def test_places_are_drawn_uniformly_from_their_discs(toy):
    study = with_workers(toy, g1=(800, 1000, 200), g2=(400, 1500, 50))
    places, xy = drawn(study, draws=2000)
    assert places.accuracy_m.tolist() == [50, 200]  # in the order of their coordinates
    away = np.hypot(*(xy - places.xy).transpose(2, 0, 1)) / places.accuracy_m
    assert away.max() <= 1
    # Of a uniform disc a quarter lies within half of its radius, and every direction is as likely.
    assert (away < 0.5).mean() == pytest.approx(0.25, abs=0.02)
    assert (xy - places.xy).mean(axis=0) / places.accuracy_m[:, None] == pytest.approx(np.zeros((2, 2)), abs=0.03)


def test_rows_at_the_same_place_move_together_and_are_known_as_well_as_the_best(toy):
    study = with_workers(toy, g1=(800, 1000, 200), g2=(800, 1000, 30), g3=(800, 1000, 900))
    study = dataclasses.replace(study, venues=placed(study.venues, V1=(800, 1000, 40)))
    places, xy = drawn(study, draws=2)
    assert len(places.xy) == 1
    assert places.accuracy_m.tolist() == [30]
    moved = uncertainty._moved(study, places, xy[0])
    assert moved.workers.geometry["g1"] == moved.workers.geometry["g2"] == moved.venues.geometry["V1"]
    # g3 is placed so roughly that it is unknown wherever it stands.
    assert moved.workers.geometry["g3"] == study.workers.geometry["g3"]
    assert moved.workers.geometry["g4"] == study.workers.geometry["g4"]
    assert moved.workers.at["g1", "lon"] == moved.workers.geometry["g1"].x


def test_a_place_that_one_row_knows_exactly_does_not_move(toy):
    study = with_workers(toy, g1=(800, 1000, 200), g2=(800, 1000, 0))
    assert len(drawn(study, draws=1)[0].xy) == 0


def test_nobody_is_moved_into_the_sea_or_onto_another_island(toy):
    # Land ends at 2,100 m east and begins again at 2,700 m; g5 stands 20 m off the second shore, on a quay.
    study = with_workers(toy, g1=(2090, 0, 400), g2=(1000, 1000, 400), g5=(2680, 0, 450))
    places, xy = drawn(study, draws=500)
    east = xy[:, :, 0] - _ORIGIN_M[0]
    order = np.argsort(places.xy[:, 0])
    inland, shore, quay = (east[:, i] for i in order)
    assert inland.min() < 650
    assert shore.max() <= 2100.01
    assert quay.min() >= 2599.99
    # The cut disc is filled as evenly as the whole one was: g1 keeps the half of it that is land.
    assert (shore < 2090 - 200).mean() == pytest.approx(0.39, abs=0.07)
    assert places.shore.tolist() == sorted(order[1:].tolist())


def test_a_place_that_finds_no_land_stays_where_it_was(toy, monkeypatch):
    monkeypatch.setattr(uncertainty, "TRIES", 0)
    places, xy = drawn(with_workers(toy, g1=(2099.9, 0, 400)), draws=40)
    stayed = (xy[:, 0] == places.xy[0]).all(axis=1)
    assert 10 < stayed.sum() < 30
    assert xy[:, 0, 0].max() <= _ORIGIN_M[0] + 2100


def test_the_interval_is_that_of_the_positions_drawn(toy):
    # g1 stands 50 m short of 15 minutes (1,200 m) from V1, 300 m uncertain along and across: reach is a coin's toss.
    study = with_workers(toy, g1=(-350, 0, 300))
    study = dataclasses.replace(study, venues=study.venues.assign(open_hours="全天"))
    found = workflow.reach(study)
    row = uncertainty.headline(found, draws=19).loc["all"]
    places, xy = drawn(study, draws=19)
    served = [workflow.reach(uncertainty._moved(study, places, at)).groups["is_nominal"]["g1"] for at in xy]
    assert 3 < sum(served) < 16
    assert found.groups["is_nominal"]["g1"]
    assert row["share_nominal_high"] == row["share_nominal"]
    assert row["share_nominal_low"] == pytest.approx(row["share_nominal"] - 100 / 340)
    assert row["share_nominal_median"] == (row["share_nominal"] if sum(served) >= 10 else row["share_nominal_low"])
    assert (row["n_draws"], row["seed"], row["level"], row["n_moved"]) == (19, 1, 0.9, 1)


def test_the_same_seed_gives_the_same_draws_whatever_the_order_of_rows(toy):
    study = with_workers(toy, g1=(-350, 0, 300), g2=(700, 40, 100), g4=(1500, 1200, 250))
    study = dataclasses.replace(study, venues=placed(study.venues, V1=(790, 5, 60)))
    turned = dataclasses.replace(study, workers=study.workers.iloc[::-1], venues=study.venues.iloc[::-1])
    one, other = (uncertainty.headline(workflow.reach(s), by="town", draws=9, seed=4) for s in (study, turned))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    _, more = drawn(study, draws=12, seed=4)
    _, fewer = drawn(turned, draws=5, seed=4)
    assert (more[:5] == fewer).all()
    assert not (more == drawn(study, draws=12, seed=5)[1]).any()


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"level": 1.0}, {"level": 0.0}])
def test_nonsense_is_refused(toy, wrong):
    with pytest.raises(ValueError, match="draws must be"):
        uncertainty.headline(workflow.reach(toy), **wrong)


def test_quality_counts_workers_by_what_their_answer_rests_on(toy):
    basis = pd.Series({"g1": "sourced", "g2": "sourced", "g3": "derived", "g4": "estimate", "g5": None})
    workers = toy.workers.assign(basis=basis.reindex(toy.workers.index).where(lambda b: b.index != "g6", "sourced"))
    venues = toy.venues.assign(basis=["sourced", "synthetic", "derived"])
    row = uncertainty.quality(workflow.reach(dataclasses.replace(toy, workers=workers, venues=venues))).loc["all"]
    # g1, g2 by V1: sourced; g3 by V2: synthetic; g4 by none: estimate; g5: unstated; g6 by V3: derived; g7: unstated.
    shares = {"sourced": 180, "synthetic": 60, "estimate": 40, "unstated": 40, "derived": 20}
    assert {name: row[f"share_{name}"] * 340 for name in shares} == pytest.approx(shares)


def test_quality_weighs_metres_by_workers_and_names_why_a_position_is_unknown(toy):
    study = with_workers(
        toy, g1=(100, 10, 0), g2=(100, 20, 0), g3=(100, 30, 0), g4=(1500, 700, 900), g5=(2400, 0, 0), g6=(3000, 40, 0)
    )
    found = workflow.reach(study)
    row = uncertainty.quality(found).loc["all"]
    # 100 workers at 10 m, 80 at 20, 60 at 30, 20 at 40: half of 260 are within 20 m, 95% of them within 40 m.
    assert [row["snap_median_m"], row["snap_p95_m"], row["snap_max_m"]] == pytest.approx([20, 40, 40], abs=0.01)
    unknown = {"inexact": 40, "no_road": 30, "too_far": 10}
    assert {name: row[f"share_{name}"] * 340 for name in unknown} == pytest.approx(unknown)
    assert row["share_unknown"] * 340 == pytest.approx(80)
    by_shift = uncertainty.quality(found, by="shift")
    assert by_shift.index.tolist() == workflow.coverage_table(found, by="shift").index.tolist()
    assert (by_shift["share_unknown"] * by_shift["n_workers"]).sum() == pytest.approx(80)


@pytest.mark.parametrize("by", ["town", "cluster", "reason", "place", "means"])
def test_quality_stands_beside_every_breakdown(toy, by):
    found = workflow.reach(toy)
    table = uncertainty.quality(found, by=by)
    expected = workflow.coverage_table(found, by=by)
    assert table.index.equals(expected.index)
    there = table["n_workers"] > 0
    parts = [f"share_{name}" for name in uncertainty.BASES]
    assert table.loc[there, parts].sum(axis=1).tolist() == pytest.approx([1.0] * there.sum())


def test_moving_leaves_the_callers_frames_alone(toy):
    study = with_workers(toy, g1=(100, 10, 90))
    before = to_metres(study.workers).geometry.copy()
    uncertainty.headline(workflow.reach(study), draws=2)
    assert to_metres(study.workers).geometry.equals(before)
