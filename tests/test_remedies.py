"""Remedies: the cheapest change is the cheapest of all there are, and each gain is what happens when it is made."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xsgeo import access, hours, questions, scenarios, workflow
from xsgeo.remedies import (
    DAYS,
    Extension,
    as_scenario,
    cheapest_changes,
    extended_hours,
    least_extension,
    remedies,
    remedy_words,
)
from xsgeo.remedies.stretches import LEAST_ALONE
from xsgeo.settings import Standard

# ---- stretches


def touches(opened, day, start, end):
    return opened[day, max(start - 1, 0) : end + 1].any()


def by_hand(wanted, opened, needed):
    """Look at every stretch, one by one."""
    best = None
    for rank, (name, days) in enumerate(DAYS.items()):
        for start in range(48):
            for end in range(start + 1, 49):
                gain = sum(int(wanted[d, start:end].sum()) for d in days)
                cost = sum(int((~opened[d, start:end]).sum()) for d in days)
                alone = not all(touches(opened, d, start, end) for d in days)
                if gain < needed or not cost or (alone and end - start < LEAST_ALONE):
                    continue
                key = (alone, cost, -gain, end, -start, rank)
                if best is None or key < best[0]:
                    best = (key, Extension(name, start, end, cost, not alone))
    return best and best[1]


@st.composite
def weeks(draw):
    week = np.zeros((7, 48), dtype=bool)
    for _ in range(draw(st.integers(0, 3))):
        days = draw(st.sampled_from([*DAYS.values(), (1, 3, 5), (6,)]))
        start = draw(st.integers(0, 46))
        week[list(days), start : draw(st.integers(start + 1, 48))] = True
    return week


@given(weeks(), weeks(), st.integers(1, 20))
@settings(max_examples=12, deadline=None)
def test_the_least_stretch_is_the_least_of_all_stretches(free, opened, needed):
    wanted = free & ~opened
    assert least_extension(wanted.reshape(-1), opened.reshape(-1), needed) == by_hand(wanted, opened, needed)


@given(weeks(), st.sampled_from(list(DAYS)), st.integers(0, 47), st.integers(1, 48), st.integers(1, 12))
@example(np.zeros((7, 48), dtype=bool), "weekdays", 2, 1, 1)  # 1:00 without its nought may be the afternoon's
@settings(max_examples=40, deadline=None)
def test_extended_hours_read_back_to_the_sum(opened, days, start, length, month):
    added = Extension(days, start, min(start + length, 48), 0, touches=False)
    text = hours.to_spans(opened.reshape(-1)) if opened.any() else ""
    week = hours.parse_hours(extended_hours(text, added, month=month)).mask(month)
    assert np.array_equal(week, opened.reshape(-1) | added.mask())


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("周一至周五 8:30-11:30，13:30-17:00（夏季14:00-17:30）", "weekdays", 35, 43),
        ("周一至周五 8:00-17:00（节假日除外）", "weekdays", 34, 42),
        ("周二至周日 9:00-16:30（周一闭馆）", "every_day", 33, 40),
        ("工作日 8:30-17:00", "weekend", 18, 30),
        ("Mo-Fr 08:30-17:00", "weekdays", 34, 43),
    ],
)
def test_extended_hours_are_right_in_the_month_asked_for(text, days, start, end):
    added = Extension(days, start, end, 0, touches=True)
    for month in (1, 7):
        new = hours.parse_hours(extended_hours(text, added, month=month))
        assert np.array_equal(new.mask(month), hours.parse_hours(text).mask(month) | added.mask())


# ---- one group, one venue: every stretch tried by asking for coverage


FREE = ["周一至周五 18:00-22:00", "每天 20:00-22:30", "周一至周六 17:30-22:30；周日 8:00-22:30", "每天 6:00-9:00"]
OPEN = ["周一至周五 8:00-17:00", "每天 8:30-11:30，13:30-17:00", "周六、周日 9:00-16:30", "周二至周日 9:00-19:00", ""]
STRETCHES = [(d, s, e) for d in DAYS for s in range(48) for e in range(s + 1, 49)]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_nothing_cheaper_serves_the_group(seed):
    random = np.random.RandomState(seed)
    free, opened = FREE[random.randint(len(FREE))], OPEN[random.randint(len(OPEN))]
    minutes, least = float(random.choice([0, 9, 14])), float(random.choice([2, 4, 7]))
    standard = Standard(min_hours_per_week=least)
    workers = pd.DataFrame({"n_workers": [5], "free_hours": [free]}, index=pd.Index(["g"], name="group_id"))
    venue = {"status": "open", "serves": "everyone", "share_terms": "open"}
    venues = pd.DataFrame({**venue, "open_hours": [opened]}, index=pd.Index(["v"], name="venue_id"))
    way = pd.DataFrame({"group_id": ["g"], "venue_id": ["v"], "minutes": [minutes]})
    located = pd.Series(True, index=workers.index)
    groups = access.coverage(workers, venues, way, located=located, standard=standard)
    if groups.at["g", "reason"] == "served":
        pytest.skip("served already")
    change = cheapest_changes(workers, venues, way, groups, standard=standard).loc["g"]

    ids = [f"{i}" for i in range(len(STRETCHES))]
    week = hours.parse_hours(opened).mask(11).reshape(7, 48) if opened else np.zeros((7, 48), dtype=bool)
    each = [week.reshape(-1) | Extension(d, s, e, 0, touches=False).mask() for d, s, e in STRETCHES]
    many = pd.DataFrame(
        {**venue, "open_hours": [hours.to_spans(w) for w in each]}, index=pd.Index(ids, name="venue_id")
    )
    copies = workers.loc[["g"] * len(ids)].set_axis(pd.Index(ids, name="group_id"))
    ways = pd.DataFrame({"group_id": ids, "venue_id": ids, "minutes": minutes})
    tried = access.coverage(copies, many, ways, located=pd.Series(True, index=copies.index), standard=standard)
    found = []
    for (days, start, end), new, one in zip(STRETCHES, each, tried.itertuples(), strict=True):
        cost = int(new.sum() - week.sum())
        alone = not all(touches(week, d, start, end) for d in DAYS[days])
        if one.is_served and cost and not (alone and end - start < LEAST_ALONE):
            found.append((alone, cost, -one.usable_hours, end, -start, list(DAYS).index(days)))
    if not found:
        assert change["action"] == "none"
        return
    _, cost, _, end, start, days = min(found)
    assert (change["action"], change["place_id"]) == ("extend", "v")
    assert (change["hours_added"], change["days"]) == (cost / 2, list(DAYS)[days])
    assert (change["start"], change["end"]) == (-start, end)


# ---- what each reason asks for, on the county worked by hand


@pytest.fixture(scope="module")
def county():
    from xsgeo.datasets import toy_county

    return workflow.reach(toy_county())


def words(found, language="zh"):
    study = found.study
    mending = questions.mend(found)
    names = pd.concat([study.venues[["name"]], study.assets[["name"]]])
    return {g: remedy_words(row, names, language=language) for g, row in mending.changes.iterrows()}


def test_each_reason_has_its_remedy(county):
    assert words(county) == {
        "g1": "老文化宫工作日延长至19:30",
        "g4": "改造丁泵站为阵地",
        "g5": "丙船队活动室向全体职工开放共享",
        "g7": "核实坐标，或补上附近的道路：离道路太远",
    }
    assert words(county, "en")["g1"] == "keep 老文化宫 open to 19:30 on weekdays"


def test_ranked_by_whom_they_serve(county):
    table = questions.mend(county).remedies
    assert table[["n_workers_gained", "n_workers_asked", "reason"]].to_dict("index") == {
        "extend:V1:weekdays 17:00-19:30": {"n_workers_gained": 100, "n_workers_asked": 100, "reason": "closed"},
        "convert:S1": {"n_workers_gained": 40, "n_workers_asked": 40, "reason": "out_of_reach"},
        "share:V3": {"n_workers_gained": 30, "n_workers_asked": 30, "reason": "not_shared"},
    }


def reached(toy, **venue_cells):
    changes = tuple(
        scenarios.Change("venues", "set", venue_id, tuple(cells.items())) for venue_id, cells in venue_cells.items()
    )
    return workflow.reach(scenarios.apply(toy, scenarios.Scenario("试", changes=changes)))


def test_a_room_is_equipped_with_what_it_lacks(toy):
    standard = dataclasses.replace(toy.standard, functions=("reading", "tea"))
    study = dataclasses.replace(toy, about=dataclasses.replace(toy.about, standard=standard))
    changes = questions.mend(workflow.reach(study)).changes
    assert changes.loc["g2", ["reason", "action", "place_id", "functions"]].tolist() == [
        "no_function", "equip", "V2", "tea",
    ]  # fmt: skip
    assert changes.at["g1", "action"] == "equip+extend"
    assert changes.at["g5", "action"] == "share+equip"


def test_what_a_cluster_needs_is_what_its_room_lacks(toy):
    needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["rest|shower|reading"], "at_least": [2.0]})
    mending = cheapest_changes(
        toy.workers,
        toy.venues,
        workflow.reach(toy).minutes,
        access.coverage(
            toy.workers, toy.venues, workflow.reach(toy).minutes, standard=toy.standard, needs=needs,
            located=pd.Series(toy.workers.index != "g7", index=toy.workers.index),
        ),
        standard=toy.standard,
        needs=needs,
    )  # fmt: skip
    assert mending.loc["g6", ["reason", "action", "functions"]].tolist() == ["no_function", "equip", "rest"]
    assert mending.at["g5", "action"] == "share+equip"


def test_a_room_is_shared_at_the_hours_it_states(toy):
    found = reached(toy, V3={"open_hours": "每天 8:00-12:00", "shareable_hours": "每天 18:00-22:00"})
    change = questions.mend(found).changes.loc["g5"]
    assert change[["reason", "action", "place_id", "hours_added"]].tolist() == ["closed", "share", "V3", 0.0]
    written = as_scenario(change, found.study.venues, standard=toy.standard)
    assert [(c.action, c.row_id) for c in written.changes] == [("add", "V3-shared")]
    after = workflow.reach(scenarios.apply(found.study, written))
    assert after.groups.at["g5", "is_served"]
    short = reached(toy, V3={"open_hours": "每天 8:00-12:00", "shareable_hours": "周一 18:00-20:00"})
    assert questions.mend(short).changes.at["g5", "action"] == "none"


def test_hours_nobody_has_written_down_are_asked_about_first(toy):
    found = reached(toy, V1={"open_hours": ""})
    change = questions.mend(found).changes.loc["g1"]
    assert (change["manner"], found.groups.at["g1", "reason"]) == ("unwritten", "closed")
    assert remedy_words(change, found.study.venues).startswith("核实老文化宫的开放时间")


def test_too_little_free_time_is_nobodys_door(toy):
    change = scenarios.Change("workers", "set", "g1", (("free_hours", "周一 18:00-20:00"),))
    found = workflow.reach(scenarios.apply(toy, scenarios.Scenario("忙", changes=(change,))))
    assert questions.mend(found).changes.loc["g1", ["reason", "action", "change_id"]].tolist() == ["closed", "none", ""]


def test_seats_that_are_missing(county):
    study = county.study
    groups = county.groups.assign(reason=county.groups["reason"].astype(str))
    groups.loc["g2", "reason"] = "crowded"
    seated = pd.Series(1.0, index=study.workers.index)
    seated["g2"] = 0.25
    change = cheapest_changes(
        study.workers, study.venues, county.minutes, groups, standard=study.standard, seated=seated
    ).loc["g2"]
    # 80 workers, a tenth of whom come at once; a quarter of them sits. V1 is nearer, and shut when they are free.
    assert (change["action"], change["seats"], change["place_id"]) == ("seats", 6, "V2")


def test_gains_with_seats_are_what_happens_and_tell_who_is_crowded_out(toy):
    # Only P3's people use their room of 2 seats; let the island's other 30 in and nobody finds a seat often enough.
    seats = toy.venues["capacity"].astype(float).mask(toy.venues.index == "V3", 2.0).mask(toy.venues.index == "V2", 6.0)
    hours = toy.venues["open_hours"].mask(toy.venues.index == "V3", "周一至周五 18:30-21:30")
    venues = toy.venues.assign(capacity=seats, open_hours=hours)
    found = workflow.reach(dataclasses.replace(toy, venues=venues), seats=True)
    study = found.study
    assert found.groups.loc[["g2", "g6"], "reason"].astype(str).tolist() == ["crowded", "served"]
    remedies = questions.mend(found).remedies
    assert remedies.loc["seats:V2", ["seats", "n_workers_gained", "n_workers_lost"]].tolist() == [2, 80, 0]
    assert remedies.loc["share:V3", ["n_workers_gained", "n_workers_lost"]].tolist() == [0, 20]
    ask = {"assets": study.assets, "open_hours": study.about.siting_rules.open_hours}
    for change_id, row in remedies.iterrows():
        scenario = as_scenario(row, study.venues, standard=study.standard, **ask)
        changed = questions.compare_scenarios(study, scenario, seats=True).changed
        expected = row["n_workers_gained"], row["n_workers_lost"]
        assert (changed["n_gained"].sum(), changed["n_lost"].sum()) == expected, change_id
    assert questions.mend(workflow.reach(study)).remedies.at["share:V3", "n_workers_gained"] == 30
    assert len(questions.mend(found, n_counted=1).remedies) == 1


def test_far_from_everything_the_nearest_place_and_how_far_beyond(toy):
    study = dataclasses.replace(toy, assets=toy.assets.head(0))
    change = questions.mend(workflow.reach(study)).changes.loc["g4"]
    assert (change["action"], change["place_id"], change["change_id"]) == ("reach", "V2", "")
    assert (change["minutes"], change["minutes_beyond"]) == (pytest.approx(20, abs=1e-3), pytest.approx(5, abs=1e-3))


# ---- gains are what happens


def gained(before, scenario):
    answer = questions.compare_scenarios(before.study, scenario)
    assert answer.changed["n_lost"].sum() == 0
    return int(answer.changed["n_gained"].sum())


def test_every_gain_of_the_toy_is_what_happens_when_the_change_is_made(county):
    study = county.study
    ask = {"assets": study.assets, "open_hours": study.about.siting_rules.open_hours}
    offered = questions.mend(county).remedies
    assert len(offered)
    for _, row in offered.iterrows():
        assert gained(county, as_scenario(row, study.venues, standard=study.standard, **ask)) == row["n_workers_gained"]


def test_gains_of_the_demonstration_are_what_happens(demonstration):
    found = workflow.reach(demonstration)
    some = demonstration.workers[demonstration.workers["town_id"].isin(["330225101", "330225002"])]
    mending = questions.mend(found, workers=some)
    whole = questions.mend(found).remedies
    assert (whole["n_workers_gained"] >= whole["n_workers_asked"]).all()
    assert set(mending.changes.index) == set(some.index[found.groups.loc[some.index, "reason"] != "served"])
    ask = {"assets": demonstration.assets, "open_hours": demonstration.about.siting_rules.open_hours}
    for action in ("extend", "share", "share+extend", "convert"):
        row = whole[whole["action"] == action].iloc[0]
        made = scenarios.apply(
            demonstration, as_scenario(row, demonstration.venues, standard=demonstration.standard, **ask)
        )
        after = workflow.reach(made, built=found.network)
        newly = after.groups["is_served"] & ~found.groups["is_served"]
        assert not (found.groups["is_served"] & ~after.groups["is_served"]).any()
        assert int(demonstration.workers.loc[newly, "n_workers"].sum()) == row["n_workers_gained"], action


def test_the_order_of_rows_means_nothing(county):
    study = county.study
    straight = questions.mend(county)
    back = dataclasses.replace(study, workers=study.workers.iloc[::-1], venues=study.venues.iloc[::-1])
    turned = dataclasses.replace(county, study=back, minutes=county.minutes.iloc[::-1], groups=county.groups.iloc[::-1])
    pd.testing.assert_frame_equal(straight.remedies, questions.mend(turned).remedies)
    pd.testing.assert_frame_equal(straight.changes, questions.mend(turned).changes.sort_index())


def test_what_cannot_be_applied_is_refused(county):
    change = questions.mend(county).changes.loc["g7"]
    with pytest.raises(ValueError, match="no change that can be applied: 'survey'"):
        as_scenario(change, county.study.venues, standard=county.study.standard)


def test_callers_frames_come_back_as_they_were(county):
    study = county.study
    frames = (study.workers, study.venues, county.minutes, county.groups)
    before = [f.copy() for f in frames]
    changes = cheapest_changes(*frames, standard=study.standard)
    remedies(*frames, changes, standard=study.standard)
    assert all(f.equals(b) for f, b in zip(frames, before, strict=True))
