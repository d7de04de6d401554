"""The whole way on the toy county, and what must and must not change when a study changes."""

from __future__ import annotations

import dataclasses
from datetime import date

import pandas as pd
import pytest

from xsgeo import crowding, questions, uncertainty, workflow
from xsgeo.errors import NetworkError, PageError


def test_stages_are_told_in_their_order(toy, tmp_path):
    told = []
    analysis = workflow.analyse(toy, on_stage=told.append)
    workflow.write_maps(analysis, tmp_path, on_stage=told.append)
    assert told == ["network", "minutes", "coverage", "gaps", "plan", "pages"]


def test_one_site_opens_the_palace_longer_for_100(toy):
    plan = workflow.analyse(toy, n_sites=1).plan
    assert plan.sites.index.tolist() == ["open_longer:V1"]
    assert (plan.objective, plan.bound, plan.status) == (100, 100, "optimal")


def test_enough_sites_serve_all_whose_position_is_known(toy):
    plan = workflow.analyse(toy, n_sites=9).plan
    assert plan.objective == 100 + 40 + 30
    assert set(plan.sites["action"]) == {"open_longer", "share", "convert"}


def test_plaques_confirmed_to_share_a_room_share_its_seats_and_the_ledger_stays(toy):
    columns = {"venue_a": ["V1"], "venue_b": ["V2"], "verdict": ["same"]}
    confirmed = pd.DataFrame(columns, index=pd.Index(["V1+V2"], name="pair_id"))
    before = toy.venues.copy()
    apart, together = (
        crowding.seats_of_rooms(workflow.reach(study).study.venues)
        for study in (toy, dataclasses.replace(toy, room_pairs=confirmed))
    )
    assert together["V1"] == max(apart["V1"], apart["V2"])
    assert set(apart.index) - set(together.index) == {"V2"}
    pd.testing.assert_frame_equal(toy.venues, before)


def test_no_sites_is_no_plan_and_not_a_crash(toy):
    assert workflow.analyse(toy, n_sites=0).plan.sites.empty


def test_pages_are_one_a_cluster_the_county_and_the_index(toy, tmp_path):
    pages = workflow.write_maps(workflow.analyse(toy), tmp_path / "地图")
    assert sorted(p.name for p in pages) == [
        "cluster_fishing.html",
        "cluster_knitting.html",
        "county.html",
        "index.html",
    ]


def test_an_unknown_cluster_writes_nothing(toy, tmp_path):
    with pytest.raises(PageError, match="no cluster 'nowhere'"):
        workflow.write_maps(workflow.analyse(toy), tmp_path / "out", clusters=["nowhere"])
    assert not (tmp_path / "out").exists()


def test_the_order_of_rows_changes_no_page(toy, tmp_path):
    shuffled = dataclasses.replace(
        toy,
        **{
            n: getattr(toy, n).sample(frac=1, random_state=1) for n in ("workers", "venues", "roads", "towns", "assets")
        },
    )
    for study, name in ((toy, "a"), (shuffled, "b")):
        workflow.write_maps(workflow.analyse(study), tmp_path / name)
    pages = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert pages == sorted(path.name for path in (tmp_path / "b").iterdir())
    assert "index.html" in pages
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_a_closed_ferry_must_exist(toy):
    with pytest.raises(NetworkError):
        workflow.reach(toy, closed_ferries=["nowhere"])


def test_the_study_comes_back_as_it_was(toy, tmp_path):
    before = {f.name: getattr(toy, f.name).copy() for f in dataclasses.fields(toy) if f.name != "about"}
    workflow.write_maps(workflow.analyse(toy), tmp_path)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(toy, name)), pd.DataFrame(frame))


def test_sums_over_any_breakdown_are_the_whole(toy):
    found = workflow.reach(toy)
    whole = workflow.coverage_table(found).iloc[0]
    for by in ("town", "cluster", "shift", "reason", "place", "means"):
        table = workflow.coverage_table(found, by=by)
        for column in ("n_workers", "n_nominal", "n_effective", "n_closed", "n_unknown"):
            assert table[column].sum() == whole[column], (by, column)


def test_a_question_about_a_date_stays_about_it(toy):
    # 工作日 is shut on the three holidays of that week: who had 12.5 hours has 7.5, the make-up Saturday counted.
    hours = toy.venues["open_hours"].mask(toy.venues.index == "V2", "工作日 18:00-21:00")
    standard = dataclasses.replace(toy.standard, min_hours_per_week=8.0)
    study = dataclasses.replace(toy, venues=toy.venues.assign(open_hours=hours))
    study = dataclasses.replace(study, about=dataclasses.replace(study.about, standard=standard))
    holiday = date(2026, 10, 7)
    ordinary, found = workflow.reach(study), workflow.reach(study, on=holiday)
    assert ordinary.groups.at["g2", "is_served"]
    assert not found.groups.at["g2", "is_served"]
    assert found.on == holiday
    again = workflow.judged(found, standard)
    pd.testing.assert_frame_equal(again.groups, found.groups)
    row = uncertainty.headline(found, draws=2).loc["all"]
    assert row["share_effective"] < workflow.coverage_table(ordinary).at["all", "share_effective"]
    assert row["share_effective_low"] == row["share_effective_high"] == row["share_effective"]
    changes = questions.why(found).mending.changes
    assert "g2" in changes.index
    assert "g2" not in questions.why(ordinary).mending.changes.index
