"""Other cut-offs, speeds and standards give what the study would give if it had been measured by them."""

from __future__ import annotations

import dataclasses

import pytest

from xsgeo import access, sensitivity, standards, travel, workflow


@pytest.fixture
def riders(toy):
    """The toy county with one group of each means of travel that there is on its roads."""
    means = toy.workers["means"].where(~toy.workers.index.isin(["g1", "g4"]), "ebike")
    return dataclasses.replace(toy, workers=toy.workers.assign(means=means.where(toy.workers.index != "g5", "drive")))


def test_each_row_is_what_the_whole_way_would_give(riders):
    table = sensitivity.sensitivity(riders)
    assert table.index.tolist() == [f"{s}/{c}" for s in ("-20%", "0%", "+20%") for c in (10, 15, 20, 30)]
    for _, row in table.iterrows():
        factor = 1 + float(row["speed"].rstrip("%")) / 100
        standard = dataclasses.replace(
            riders.standard, cutoff_min=dict.fromkeys(riders.standard.cutoff_min, row["cutoff_min"])
        )
        found = workflow.reach(standards.measured_by(sensitivity.at_speed(riders, factor), standard))
        expected = access.summarise(riders.workers, found.groups).loc["all"]
        assert row[expected.index].tolist() == pytest.approx(expected.tolist())


def test_the_row_of_the_study_itself_is_marked_and_is_its_headline(toy):
    table = sensitivity.sensitivity(toy)
    (own,) = table.index[table["is_standard"]]
    assert own == "0%/15"
    assert table.at[own, "n_effective"] == 160
    assert table.at[own, "n_nominal"] == 290
    assert not sensitivity.sensitivity(toy, cutoffs_min=[12], speeds=[1])["is_standard"].any()


def test_the_toy_county_at_other_speeds_by_hand(toy):
    # On foot D is 20 minutes from C; 25% faster it is 16, a third faster 15. E is 20 minutes by boat at any speed.
    table = sensitivity.sensitivity(toy, cutoffs_min=[15, 16, 20], speeds=[1, 1.25, 4 / 3])
    assert table["n_out_of_reach"].tolist() == [40, 40, 0, 40, 0, 0, 0, 0, 0]


def test_a_boat_keeps_its_timetable(toy):
    fast = sensitivity.at_speed(toy, 100)
    roads = workflow.reach(fast).network
    minutes = travel.travel_minutes(toy.workers, toy.venues, roads, cutoff_min=30, modes="walk", rules=roads.rules)
    over = minutes.set_index(["group_id", "venue_id"]).at[("g5", "V2"), "minutes"]
    assert over == pytest.approx(20, abs=0.01)


def test_longer_or_faster_never_lowers_nominal_coverage(riders):
    table = sensitivity.sensitivity(riders).set_index(["speed", "cutoff_min"])["n_nominal"].unstack()
    grid = table.loc[["-20%", "0%", "+20%"]].to_numpy()
    assert (grid[:, 1:] >= grid[:, :-1]).all()
    assert (grid[1:] >= grid[:-1]).all()


def test_the_order_of_what_is_asked_makes_no_difference(toy):
    one = sensitivity.sensitivity(toy, cutoffs_min=[20, 10, 10], speeds=[1.2, 1])
    assert one.index.tolist() == ["0%/10", "0%/20", "+20%/10", "+20%/20"]


@pytest.mark.parametrize("wrong", [{"cutoffs_min": []}, {"cutoffs_min": [0]}, {"speeds": [-1]}, {"speeds": []}])
def test_nonsense_is_refused(toy, wrong):
    with pytest.raises(ValueError, match="above 0"):
        sensitivity.sensitivity(toy, **wrong)


def test_standards_that_share_a_search_give_what_each_gives_alone(riders):
    known = standards.available(riders.about)
    found = sensitivity.by_standard(riders, known.values())
    assert list(found) == list(known)
    table = sensitivity.standards_table(found)
    for key, standard in known.items():
        alone = workflow.reach(standards.measured_by(riders, standard))
        assert found[key].study.standard.standard_id == key
        assert found[key].groups.equals(alone.groups)
        expected = access.summarise(riders.workers, alone.groups).loc["all"]
        assert table.loc[key, expected.index].tolist() == pytest.approx(expected.tolist())


def test_minutes_are_not_judged_by_a_standard_they_do_not_reach(toy):
    found = workflow.reach(toy)
    with pytest.raises(ValueError, match="further"):
        workflow.judged(found, standards.named("town30"))
    with pytest.raises(ValueError, match="means"):
        workflow.judged(found, standards.named("village15"))
