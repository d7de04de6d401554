"""Coverage against the county worked by hand, against a brute force that goes minute by minute, and by its promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import access
from xsgeo.datasets.toy import toy_county
from xsgeo.hours import Calendar, parse_hours
from xsgeo.settings import Standard

EVENINGS = "周一至周五 18:00-22:00"
NIGHTS = "周一至周五 9:00-15:00"
STANDARD = Standard()

FREE = (EVENINGS, NIGHTS, "每天 0:00-24:00", "周六 9:00-22:00", "周一 20:00-24:00；周二 0:00-3:00", "每天 12:00-13:30")
OPEN = ("", "周一至周五 8:00-17:00", "每天 18:00-21:00", "每天 0:00-24:00", "周六至周日 9:00-17:00", "周一 0:00-6:00")
FUNCTIONS = ("", "reading", "reading|tea", "tea")
SERVES = ("everyone", "workers", "members", "own_staff", "women", "youth")
TERMS = ("open", "appointment", "agreement", "none")
EMPLOYERS = ("", "P1", "P2")


@pytest.fixture(scope="module")
def toy():
    return toy_county()


@pytest.fixture
def toy_minutes():
    rows = [
        ("g1", "V1", 10.0),
        ("g2", "V1", 0.0),
        ("g2", "V2", 10.0),
        ("g3", "V1", 10.0),
        ("g3", "V2", 0.0),
        ("g5", "V3", 10.0),
        ("g6", "V3", 0.0),
    ]
    return pd.DataFrame(rows, columns=["group_id", "venue_id", "minutes"]).assign(mode="walk")


def toy_located(workers):
    return pd.Series(workers.index != "g7", index=workers.index)


def frame(key, **columns):
    n = max(len(c) for c in columns.values() if not isinstance(c, str))
    index = pd.Index([f"{key[0]}{i}" for i in range(n)], name=f"{key}_id")
    return pd.DataFrame(columns, index=index)


class TestToyCounty:
    """Every number of the table in the docstring of `xsgeo.datasets.toy`."""

    def test_ladder(self, toy, toy_minutes):
        answer = access.coverage(
            toy.workers, toy.venues, toy_minutes, located=toy_located(toy.workers), standard=STANDARD
        )
        assert answer["reason"].to_dict() == {
            "g1": "closed",
            "g2": "served",
            "g3": "served",
            "g4": "out_of_reach",
            "g5": "not_shared",
            "g6": "served",
            "g7": "unknown",
        }
        assert answer["usable_hours"].tolist()[:6] == [0.0, 12.5, 25.0, 0.0, 0.0, 20.0]
        assert np.isnan(answer.loc["g7", "usable_hours"])
        assert answer["nearest_venue_id"].tolist() == ["V1", "V1", "V2", "", "V3", "V3", ""]
        assert answer["n_near"].tolist() == [1, 2, 2, 0, 1, 1, 0]

    def test_headline(self, toy, toy_minutes):
        located = toy_located(toy.workers)
        answer = access.coverage(toy.workers, toy.venues, toy_minutes, located=located, standard=STANDARD)
        row = access.summarise(toy.workers, answer).loc["all"]
        assert (row["n_workers"], row["n_nominal"], row["n_effective"]) == (340, 290, 160)
        assert row["share_effective"] == pytest.approx(160 / 340)
        towns = access.summarise(toy.workers, answer, by="town_id")
        assert towns["n_effective"].to_dict() == {"T1": 140, "T2": 20}
        assert towns.loc["T2", "n_not_shared"] == 30

    def test_longer_hours_change_one_group_and_nothing_else(self, toy, toy_minutes):
        located = toy_located(toy.workers)
        before = access.coverage(toy.workers, toy.venues, toy_minutes, located=located, standard=STANDARD)
        venues = pd.DataFrame(toy.venues.drop(columns="geometry"))
        venues.loc["V1", "open_hours"] = "周一至周五 8:00-21:00"
        after = access.coverage(toy.workers, venues, toy_minutes, located=located, standard=STANDARD)
        changed = before.index[before["reason"].astype(str) != after["reason"].astype(str)]
        assert changed.tolist() == ["g1"]
        assert after.loc["g1", "usable_hours"] == 12.5
        assert access.summarise(toy.workers, after)["n_effective"].item() == 260
        same = ["nearest_venue_id", "nearest_min", "is_nominal", "n_near"]
        pd.testing.assert_frame_equal(before[same], after[same])

    def test_cheapest_opening(self, toy, toy_minutes):
        located = toy_located(toy.workers)
        groups = access.coverage(toy.workers, toy.venues, toy_minutes, located=located, standard=STANDARD)
        gains = access.cheapest_opening(
            toy.workers, toy.venues, toy_minutes, groups, open_hours="周一至周五 8:00-21:00", standard=STANDARD
        )
        assert gains["n_workers_gained"].to_dict() == {"V1": 100, "V2": 0, "V3": 30}
        assert gains.loc["V1", "n_closed"] == 100
        assert gains.loc["V3", "n_not_shared"] == 30

    def test_frames_come_back_as_they_were(self, toy, toy_minutes):
        workers, venues, table = toy.workers.copy(), toy.venues.copy(), toy_minutes.copy()
        located = toy_located(workers)
        groups = access.coverage(toy.workers, toy.venues, toy_minutes, located=located, standard=STANDARD)
        kept = groups.copy()
        access.summarise(toy.workers, groups, by="town_id")
        access.cheapest_opening(toy.workers, toy.venues, toy_minutes, groups, open_hours=EVENINGS, standard=STANDARD)
        pd.testing.assert_frame_equal(pd.DataFrame(toy.workers), pd.DataFrame(workers))
        pd.testing.assert_frame_equal(pd.DataFrame(toy.venues), pd.DataFrame(venues))
        pd.testing.assert_frame_equal(toy_minutes, table)
        pd.testing.assert_frame_equal(groups, kept)


class TestAdmits:
    """The table of the docstring, cell by cell."""

    workers = pd.DataFrame(
        {
            "employer_id": ["P1", "P2", "", "P2"],
            "n_workers": [10, 10, 10, 10],
            "n_women": [10.0, 4.0, np.nan, 0.0],
            "n_under_35": [3.0, 10.0, np.nan, 0.0],
        },
        index=pd.Index(["women", "young", "loose", "men"], name="group_id"),
    )
    closed_to_most = {  # noqa: RUF012
        "everyone": [True, True, True, True],
        "workers": [True, True, True, True],
        "members": [False, False, False, False],
        "own_staff": [True, False, False, False],
        "women": [True, False, False, False],
        "youth": [False, True, False, False],
    }

    @pytest.mark.parametrize("terms", TERMS)
    @pytest.mark.parametrize("serves", SERVES)
    def test_rule(self, serves, terms):
        venues = pd.DataFrame(
            {"serves": [serves], "share_terms": [terms], "employer_id": ["P1"]}, index=pd.Index(["x"], name="venue_id")
        )
        pairs = pd.DataFrame({"group_id": self.workers.index, "venue_id": "x"})
        answer = access.admits(self.workers, venues, pairs)
        expected = [True] * 4 if terms in ("open", "appointment") else self.closed_to_most[serves]
        assert answer.tolist() == expected
        assert answer.name == "admits"
        assert access.admits_everyone(venues).item() == all(expected)

    def test_no_employer_is_nobodys_staff(self):
        venues = pd.DataFrame({"serves": ["own_staff"], "share_terms": [None], "employer_id": [None]}, index=["x"])
        pairs = pd.DataFrame({"group_id": ["loose"], "venue_id": ["x"]})
        assert not access.admits(self.workers, venues, pairs).item()

    def test_strangers_to_the_frames_are_not_admitted(self):
        venues = pd.DataFrame({"serves": ["everyone"], "share_terms": ["open"]}, index=["x"])
        pairs = pd.DataFrame({"group_id": ["women", "nobody"], "venue_id": ["y", "x"]}, index=[7, 3])
        answer = access.admits(self.workers, venues, pairs)
        assert answer.tolist() == [False, False]
        assert answer.index.tolist() == [7, 3]


class TestLadder:
    def one(self, *, standard=STANDARD, minutes=10.0, mode="walk", located=True, seated=None, **venue):
        workers = frame("group", n_workers=[10], free_hours=[EVENINGS], employer_id=["P1"])
        columns = {"status": "open", "serves": "everyone", "share_terms": "open", "open_hours": "每天 18:00-21:00"}
        venues = frame("venue", **{k: [v] for k, v in {**columns, **venue}.items()})
        table = pd.DataFrame({"group_id": ["g0"], "venue_id": ["v0"], "minutes": [minutes], "mode": [mode]})
        known = pd.Series([located], index=workers.index)
        return access.coverage(workers, venues, table, located=known, standard=standard, seated=seated).iloc[0]

    def test_served(self):
        row = self.one()
        assert (row["reason"], row["usable_hours"], row["is_served"]) == ("served", 12.5, True)

    def test_unknown_comes_before_all_else(self):
        row = self.one(located=False)
        assert row["reason"] == "unknown"
        assert not row["is_nominal"]
        assert np.isnan(row["nearest_min"])

    @pytest.mark.parametrize("status", ["closed", "planned", "", None])
    def test_a_venue_not_in_use_is_not_near(self, status):
        assert self.one(status=status)["reason"] == "out_of_reach"

    @pytest.mark.parametrize("text", ["", None, np.nan])
    def test_hours_nobody_wrote_down_are_never_open_and_are_counted(self, text):
        row = self.one(open_hours=text)
        assert (row["reason"], row["n_near"], row["n_near_without_hours"]) == ("closed", 1, 1)

    def test_cut_off_is_that_of_the_mode(self):
        standard = Standard(cutoff_min={"walk": 15.0, "ebike": 5.0})
        assert self.one(standard=standard, mode="ebike", minutes=5.0)["reason"] == "served"
        assert self.one(standard=standard, mode="ebike", minutes=5.1)["reason"] == "out_of_reach"
        assert self.one(standard=standard, mode="drive", minutes=1.0)["reason"] == "out_of_reach"

    def test_function_is_asked_after_the_door(self):
        standard = replace(STANDARD, functions=("reading", "tea"))
        assert self.one(standard=standard, functions="tea|reading|rest")["reason"] == "served"
        assert self.one(standard=standard, functions="tea")["reason"] == "no_function"
        assert (
            self.one(standard=standard, functions="tea", serves="members", share_terms="none")["reason"] == "not_shared"
        )

    def test_exactly_the_standards_hours_are_enough(self):
        assert self.one(standard=replace(STANDARD, min_hours_per_week=12.5))["reason"] == "served"
        assert self.one(standard=replace(STANDARD, min_hours_per_week=13.0))["reason"] == "closed"

    @pytest.mark.parametrize(("minutes", "hours"), [(0.0, 15.0), (0.1, 12.5), (30.0, 12.5), (30.5, 10.0)])
    def test_the_way_is_rounded_up_to_half_hours(self, minutes, hours):
        standard = Standard(cutoff_min={"walk": 60.0})
        assert self.one(standard=standard, minutes=minutes)["usable_hours"] == hours

    def test_an_hour_open_twice_counts_once(self):
        workers = frame("group", free_hours=[EVENINGS])
        venues = frame(
            "venue", status=["open"] * 2, serves=["everyone"] * 2, open_hours=["每天 18:00-21:00", "每天 20:00-22:00"]
        )
        table = pd.DataFrame({"group_id": "g0", "venue_id": ["v0", "v1"], "minutes": 0.0})
        assert access.usable_hours(workers, venues, table, standard=STANDARD).item() == 20.0

    def test_ties_of_distance_go_to_the_least_id(self):
        workers = frame("group", free_hours=[EVENINGS])
        venues = frame("venue", status=["open"] * 3, open_hours=[""] * 3).iloc[[2, 0, 1]]
        table = pd.DataFrame({"group_id": "g0", "venue_id": ["v2", "v1", "v0"], "minutes": [4.0, 3.0, 3.0]})
        known = pd.Series(True, index=workers.index)
        row = access.coverage(workers, venues, table, located=known, standard=STANDARD).iloc[0]
        assert (row["nearest_venue_id"], row["nearest_min"]) == ("v0", 3.0)

    def test_the_last_rung_asks_for_a_seat(self):
        half = pd.Series([0.5], index=["g0"])
        assert self.one(seated=half)["reason"] == "crowded"
        assert not self.one(seated=half)["is_served"]
        assert self.one(seated=half, standard=replace(STANDARD, min_seated_share=0.5))["reason"] == "served"
        assert self.one(seated=half, open_hours="")["reason"] == "closed"

    def test_a_share_that_is_not_known_crowds_nobody_out(self):
        assert self.one(seated=pd.Series([np.nan], index=["g0"]))["reason"] == "served"

    def test_month_chooses_the_season(self):
        text = "5月至9月 每天 18:00-21:00"
        assert self.one(standard=replace(STANDARD, month=7), open_hours=text)["reason"] == "served"
        assert self.one(standard=replace(STANDARD, month=11), open_hours=text)["reason"] == "closed"


def boat(first_h, last_h):
    """Half hours from the first sailing to the last arrival, every day."""
    slots = np.arange(336) % 48
    return (slots >= 2 * first_h) & (slots < 2 * last_h)


class TestThereAndBack:
    """Ways that differ there and back, and boats. Evenings are Monday to Friday 18:00-22:00, the room 18:00-21:00."""

    workers = frame("group", n_workers=[10], free_hours=[EVENINGS])
    venues = frame("venue", status=["open"], serves=["everyone"], open_hours=["每天 18:00-21:00"])
    standard = Standard(cutoff_min={"walk": 60.0})

    def answer(self, *rows, sailings=None, **given):
        table = pd.DataFrame(rows, columns=["minutes", "minutes_back", "ferries"]).assign(group_id="g0", venue_id="v0")
        known = pd.Series(True, index=self.workers.index)
        return access.coverage(
            self.workers, self.venues, table.assign(mode="walk"), located=known, standard=self.standard,
            sailings=sailings, **given,
        ).iloc[0]  # fmt: skip

    @pytest.mark.parametrize(
        ("there", "back", "hours"),
        [(0.0, 0.0, 15), (20.0, 0.0, 12.5), (0.0, 50.0, 15), (0.0, 61.0, 12.5), (50.0, 20.0, 10), (20.0, 100.0, 7.5)],
    )
    def test_each_way_is_taken_off_its_own_end(self, there, back, hours):
        assert self.answer((there, back, ""))["usable_hours"] == hours

    def test_the_cut_off_is_of_the_way_there(self):
        assert self.answer((60.0, 600.0, ""))["is_nominal"]
        assert not self.answer((61.0, 5.0, ""))["is_nominal"]

    def test_the_last_boat_home_is_caught(self):
        row = self.answer((20.0, 20.0, "F1"), sailings={"F1": boat(6, 20)})
        # Out at 18:00, there at 18:30, back on the quay at 20:00: 18:30 to 19:30.
        assert row["usable_hours"] == 5.0
        assert self.answer((20.0, 20.0, "F1"), sailings={"F1": boat(6, 18)})["reason"] == "closed"

    def test_two_boats_must_both_serve(self):
        boats = {"F1": boat(6, 21), "F2": boat(19, 23)}
        assert self.answer((0.0, 0.0, "F1|F2"), sailings=boats)["usable_hours"] == 10.0
        assert self.answer((0.0, 0.0, "F1|F2"))["usable_hours"] == 15.0

    def test_a_dry_way_beside_the_boat_is_no_second_venue(self):
        row = self.answer((20.0, 20.0, "F1"), (55.0, 55.0, ""), sailings={"F1": boat(6, 20)})
        assert (row["n_near"], row["nearest_min"]) == (1, 20.0)
        # By boat 18:30 to 19:30, dry 19:00 to 21:00: joined 18:30 to 21:00.
        assert row["usable_hours"] == 12.5

    def test_a_boat_nobody_knows_is_named(self):
        with pytest.raises(ValueError, match="'F9'"):
            self.answer((5.0, 5.0, "F9"), sailings={"F1": boat(6, 20)})

    def test_a_typhoon_stops_the_boats_of_its_days(self):
        calendar = Calendar(typhoon_stops=("2026-07-14", "2026-07-15"))
        wet, dry = (
            self.answer((20.0, 20.0, f), sailings={"F1": boat(0, 24)}, on=date(2026, 7, 13), calendar=calendar)
            for f in ("F1", "")
        )
        assert (wet["usable_hours"], dry["usable_hours"]) == (3 * 2.5, 5 * 2.5)

    def test_a_room_shut_for_a_while_is_shut_on_those_dates(self):
        calendar = Calendar(closures=({"venue_id": "v0", "first": "2026-07-14", "last": "2026-07-16"},))
        assert self.answer((20.0, 20.0, ""), on=date(2026, 7, 13), calendar=calendar)["usable_hours"] == 5.0
        assert self.answer((20.0, 20.0, ""), on=date(2026, 7, 20), calendar=calendar)["usable_hours"] == 12.5

    def test_a_proposed_room_is_reached_by_the_boats_there_are(self):
        groups = pd.DataFrame({"reason": ["closed"]}, index=self.workers.index)
        sites = frame("site", open_hours=[""])
        sites.index = pd.Index(["s0"], name="site_id")
        table = pd.DataFrame({"group_id": ["g0"], "site_id": "s0", "minutes": 20.0, "ferries": "F1"})
        for last, served in ((20, 1), (18, 0)):
            found = access.would_serve(
                self.workers, groups, sites, table, usable=np.zeros((1, 336), bool), open_hours="每天 18:00-22:00",
                standard=self.standard, sailings={"F1": boat(6, last)},
            )  # fmt: skip
            assert len(found) == served


class TestNeeds:
    workers = frame("group", n_workers=[5, 5], free_hours=[EVENINGS] * 2, cluster_id=["fishing", "film_tv"])
    venues = frame(
        "venue", status=["open"] * 2, serves=["everyone"] * 2, open_hours=["每天 18:00-21:00"] * 2,
        functions=["rest|reading", "reading"],
    )  # fmt: skip
    table = pd.DataFrame({"group_id": ["g0", "g1"], "venue_id": ["v1", "v1"], "minutes": 5.0})

    def reasons(self, *rows, table=None):
        needs = pd.DataFrame(rows, columns=["cluster_id", "functions", "at_least"])
        known = pd.Series(True, index=self.workers.index)
        table = self.table if table is None else table
        answer = access.coverage(self.workers, self.venues, table, located=known, standard=STANDARD, needs=needs)
        return answer["reason"].astype(str).tolist()

    def test_a_cluster_asks_for_itself_alone(self):
        assert self.reasons(("fishing", "rest", None)) == ["no_function", "served"]
        assert self.reasons(("fishing", "rest", None), table=self.table.assign(venue_id="v0")) == ["served", "served"]

    def test_all_of_the_list_or_so_many(self):
        assert self.reasons(("fishing", "rest|reading", None)) == ["no_function", "served"]
        assert self.reasons(("fishing", "rest|reading", 1)) == ["served", "served"]
        assert self.reasons(("fishing", "rest|reading", 9)) == ["no_function", "served"]

    def test_several_rows_must_all_be_met(self):
        rows = (("fishing", "reading", None), ("fishing", "rest|shower", 1))
        assert self.reasons(*rows) == ["no_function", "served"]
        assert self.reasons(*rows[::-1]) == ["no_function", "served"]
        assert self.reasons(*rows, table=self.table.assign(venue_id="v0")) == ["served", "served"]

    def test_no_rows_ask_for_nothing(self):
        assert self.reasons() == ["served", "served"]

    def test_longer_hours_do_not_equip_a_room(self):
        needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["rest"]})
        shut = self.venues.assign(open_hours="")
        known = pd.Series(True, index=self.workers.index)
        groups = access.coverage(self.workers, shut, self.table, located=known, standard=STANDARD, needs=needs)
        gains = access.cheapest_opening(
            self.workers, shut, self.table, groups, open_hours="每天 18:00-21:00", standard=STANDARD, needs=needs
        )
        assert gains["n_workers_gained"].to_dict() == {"v0": 0, "v1": 5}


class TestPartOfAGroup:
    def admitted(self, *doors, n_women=6, n_under_35=4):
        workers = frame("group", n_workers=[10], free_hours=[EVENINGS], n_women=[n_women], n_under_35=[n_under_35])
        venues = frame(
            "venue", status=["open"] * len(doors), serves=[d[0] for d in doors], open_hours=[d[1] for d in doors]
        )
        table = pd.DataFrame({"group_id": "g0", "venue_id": venues.index, "minutes": 5.0})
        known = pd.Series(True, index=workers.index)
        row = access.coverage(workers, venues, table, located=known, standard=STANDARD).iloc[0]
        return row["reason"], row["n_admitted"]

    def test_a_womens_home_takes_the_women_and_the_group_is_not_served(self):
        assert self.admitted(("women", "每天 18:00-21:00")) == ("not_shared", 6)
        assert self.admitted(("women", "每天 18:00-21:00"), n_women=10) == ("served", 10)
        assert self.admitted(("women", "每天 18:00-21:00"), n_women=np.nan) == ("not_shared", 0)

    def test_the_larger_part_counts_since_nobody_knows_how_they_overlap(self):
        doors = (("women", "每天 18:00-21:00"), ("youth", "每天 18:00-21:00"))
        assert self.admitted(*doors) == ("not_shared", 6)
        assert self.admitted(*doors, n_under_35=8) == ("not_shared", 8)

    def test_doors_open_to_all_count_for_the_part_too(self):
        doors = (("workers", "周一 18:00-21:00"), ("women", "周二 18:00-21:00"))
        assert self.admitted(*doors) == ("not_shared", 6)

    def test_a_part_needs_the_hours_as_well(self):
        assert self.admitted(("women", "周一 18:00-20:00")) == ("closed", 0)


class TestUsableTime:
    def test_of_a_week_by_hand(self):
        workers = frame("group", free_hours=["周一至周五 18:00-22:00；周六、周日 8:00-22:00", NIGHTS])
        venues = frame(
            "venue", status=["open"] * 3, serves=["everyone"] * 3,
            open_hours=["周一至周三 17:00-21:00", "周四 21:00-22:00；周六 9:00-15:00", "周六 14:00-18:30"],
        )  # fmt: skip
        table = pd.DataFrame({"group_id": "g0", "venue_id": venues.index, "minutes": 20.0})
        row = access.usable_time(workers, venues, table, standard=Standard()).loc["g0"]
        # Evenings 18:30 to 21:00 from Monday to Wednesday, Thursday 21:00 to 21:30, Saturday 9:00 to 18:30.
        assert row.to_dict() == {
            "usable_hours": 17.5,
            "weekday_hours": 8.0,
            "weekend_hours": 9.5,
            "evenings": 4.0,
            "longest_stay_min": 360.0,
        }
        assert not access.usable_time(workers, venues, table, standard=Standard()).loc["g1"].any()

    def test_a_stay_over_the_seam_of_the_week_is_one_stay(self):
        workers = frame("group", free_hours=["每天 0:00-24:00"])
        venues = frame("venue", status=["open"], serves=["everyone"], open_hours=["周日 22:00-次日3:00"])
        table = pd.DataFrame({"group_id": ["g0"], "venue_id": "v0", "minutes": 20.0})
        assert access.usable_time(workers, venues, table, standard=STANDARD)["longest_stay_min"].item() == 300
        dated = access.usable_time(workers, venues, table, standard=STANDARD, on=date(2026, 7, 15))
        assert dated["longest_stay_min"].item() == 180

    def test_parts_add_up_and_no_stay_is_longer_than_all(self):
        groups = access.usable_slots
        workers = frame("group", free_hours=list(FREE))
        venues = frame("venue", status=["open"] * 5, serves=["everyone"] * 5, open_hours=list(OPEN[1:]))
        pairs = [(g, v) for g in workers.index for v in venues.index]
        table = pd.DataFrame(pairs, columns=["group_id", "venue_id"]).assign(minutes=20.0)
        time = access.usable_time(workers, venues, table, standard=STANDARD)
        assert (time["weekday_hours"] + time["weekend_hours"] == time["usable_hours"]).all()
        assert (time["longest_stay_min"] <= time["usable_hours"] * 60).all()
        assert (time["usable_hours"] == groups(workers, venues, table, standard=STANDARD).sum(axis=1) / 2).all()
        assert time["usable_hours"].tolist() == access.usable_hours(workers, venues, table, standard=STANDARD).tolist()


class TestCheapestOpening:
    def gain(self, proposed, **venue):
        workers = frame("group", n_workers=[10], free_hours=[EVENINGS])
        columns = {"status": "open", "serves": "members", "share_terms": "none", "open_hours": "每天 18:00-21:00"}
        venues = frame("venue", **{k: [v] for k, v in {**columns, **venue}.items()})
        table = pd.DataFrame({"group_id": ["g0"], "venue_id": ["v0"], "minutes": [10.0]})
        known = pd.Series(True, index=workers.index)
        groups = access.coverage(workers, venues, table, located=known, standard=STANDARD)
        gains = access.cheapest_opening(workers, venues, table, groups, open_hours=proposed, standard=STANDARD)
        return gains["n_workers_gained"].item()

    def test_a_room_that_is_shared_keeps_the_hours_it_has(self):
        assert self.gain("周六 9:00-12:00") == 10

    def test_a_room_is_shared_only_when_it_can_be(self):
        assert self.gain(EVENINGS, shareable_hours="周六 9:00-12:00") == 0
        assert self.gain(EVENINGS, shareable_hours="每天 18:00-22:00") == 10

    def test_a_room_open_to_all_is_not_held_to_the_hours_it_shares(self):
        open_room = {"serves": "everyone", "open_hours": "周六 9:00-12:00"}
        assert self.gain(EVENINGS, shareable_hours="周六 9:00-12:00", **open_room) == 10

    @pytest.mark.parametrize("status", ["closed", "planned"])
    def test_a_room_not_in_use_gains_nobody(self, status):
        assert self.gain(EVENINGS, status=status) == 0


class TestErrors:
    def test_repeated_id(self, toy, toy_minutes):
        venues = pd.concat([toy.venues, toy.venues.iloc[[0]]])
        with pytest.raises(ValueError, match=r"`places` repeats the id 'V1'"):
            access.usable_hours(toy.workers, venues, toy_minutes, standard=STANDARD)

    def test_group_left_out_of_located(self, toy, toy_minutes):
        located = toy_located(toy.workers).drop("g3")
        with pytest.raises(ValueError, match=r"`located` lacks 1 groups of `workers`, the first is 'g3'"):
            access.coverage(toy.workers, toy.venues, toy_minutes, located=located, standard=STANDARD)

    def test_unknown_key(self, toy, toy_minutes):
        located = toy_located(toy.workers)
        groups = access.coverage(toy.workers, toy.venues, toy_minutes, located=located, standard=STANDARD)
        with pytest.raises(ValueError, match="got 'planet'"):
            access.summarise(toy.workers, groups, by="planet")
        with pytest.raises(ValueError, match="the first is 'g1'"):
            access.summarise(toy.workers, groups.drop("g1"))


def test_empty_tables():
    workers = frame("group", n_workers=[3, 4], free_hours=[EVENINGS, NIGHTS], town_id=["T1", None])
    venues = pd.DataFrame({"status": [], "open_hours": []}, index=pd.Index([], name="venue_id"), dtype=str)
    table = pd.DataFrame({"group_id": [], "venue_id": [], "minutes": [], "mode": []})
    known = pd.Series([True, False], index=workers.index)
    answer = access.coverage(workers, venues, table, located=known, standard=STANDARD)
    assert answer["reason"].tolist() == ["out_of_reach", "unknown"]
    assert access.nearest_min(workers, table).isna().all()
    assert not access.nominal(workers, table).any()
    gains = access.cheapest_opening(workers, venues, table, answer, open_hours=EVENINGS, standard=STANDARD)
    assert gains.empty
    nobody = access.coverage(workers.iloc[:0], venues, table, located=known, standard=STANDARD)
    assert nobody.empty
    assert access.summarise(workers.iloc[:0], nobody, by="town_id").empty


def test_a_blank_key_is_a_row_of_its_own(toy, toy_minutes):
    groups = access.coverage(toy.workers, toy.venues, toy_minutes, located=toy_located(toy.workers), standard=STANDARD)
    workers = pd.DataFrame(toy.workers.drop(columns="geometry"))
    workers.loc["g1", "means"] = None
    table = access.summarise(workers, groups, by="means")
    assert table["n_workers"].to_dict() == {"": 100, "walk": 240}


def test_reasons_are_rows_in_the_order_of_the_ladder(toy, toy_minutes):
    groups = access.coverage(toy.workers, toy.venues, toy_minutes, located=toy_located(toy.workers), standard=STANDARD)
    table = access.summarise(toy.workers, groups, by="reason")
    assert table.index.tolist() == list(access.REASONS)
    assert table["n_workers"].tolist() == [10, 40, 100, 30, 0, 0, 160]
    assert np.isnan(table.loc["no_function", "share_effective"])


# --- random small counties -------------------------------------------------------------------------------------------


@st.composite
def counties(draw):
    """Up to five groups and five venues with everything that can differ between them."""
    groups = draw(
        st.lists(st.tuples(*map(st.sampled_from, (FREE, EMPLOYERS, (0, 2, 4), (0, 4)))), min_size=1, max_size=5)
    )
    doors = st.tuples(*map(st.sampled_from, (OPEN, SERVES, TERMS, EMPLOYERS, FUNCTIONS, ("open", "open", "closed"))))
    rooms = draw(st.lists(doors, max_size=5))
    workers = pd.DataFrame(groups, columns=["free_hours", "employer_id", "n_women", "n_under_35"])
    workers.index = pd.Index([f"g{i}" for i in range(len(groups))], name="group_id")
    workers["n_workers"] = 4
    columns = ["open_hours", "serves", "share_terms", "employer_id", "functions", "status"]
    venues = pd.DataFrame(rooms, columns=columns, dtype=object)
    venues.index = pd.Index([f"v{i}" for i in range(len(rooms))], name="venue_id", dtype=object)
    rows = [
        (g, v, draw(st.sampled_from((0.0, 7.0, 15.0, 29.0, 31.0, 50.0))), draw(st.sampled_from(("walk", "ebike"))))
        for g in workers.index
        for v in venues.index
        if draw(st.booleans())
    ]
    minutes = pd.DataFrame(rows, columns=["group_id", "venue_id", "minutes", "mode"])
    located = pd.Series([draw(st.integers(0, 4)) > 0 for _ in groups], index=workers.index)
    standard = Standard(
        cutoff_min={"walk": 45.0, "ebike": 20.0},
        min_hours_per_week=draw(st.sampled_from((0.5, 2.5, 5.0, 20.0))),
        functions=draw(st.sampled_from(((), ("reading",), ("reading", "tea")))),
    )
    return workers, venues, minutes, located, standard


def minute_by_minute(workers, venues, minutes, located, standard):
    """The definition, told as a worker's week of 10,080 minutes; slow and plain."""
    answers = []
    for group_id, worker in workers.iterrows():
        weeks = {"closed": set(), "not_shared": set(), "no_function": set()}
        near = 0
        for row in minutes[minutes["group_id"] == group_id].itertuples():
            venue = venues.loc[row.venue_id]
            if (
                venue["status"] != "open"
                or row.minutes > standard.cutoff_min.get(row.mode, -1)
                or not located[group_id]
            ):
                continue
            near += 1
            stay = minutes_there(worker["free_hours"], venue["open_hours"], row.minutes, standard.month)
            weeks["closed"] |= stay
            shared = venue["share_terms"] in ("open", "appointment") or venue["serves"] in ("everyone", "workers")
            own = (
                venue["serves"] == "own_staff"
                and venue["employer_id"]
                and venue["employer_id"] == worker["employer_id"]
            )
            women = venue["serves"] == "women" and worker["n_women"] == worker["n_workers"]
            youth = venue["serves"] == "youth" and worker["n_under_35"] == worker["n_workers"]
            if shared or own or women or youth:
                weeks["not_shared"] |= stay
                if set(standard.functions) <= set(venue["functions"].split("|")):
                    weeks["no_function"] |= stay
        short = [why for why, stay in weeks.items() if len(stay) < standard.min_hours_per_week * 60]
        unreached = ["unknown"] * (not located[group_id]) + ["out_of_reach"] * (near == 0)
        why = [*unreached, *short, "served"][0]
        answers.append((why, len(weeks["no_function"]) / 60, near))
    return pd.DataFrame(answers, index=workers.index, columns=["reason", "usable_hours", "n_near"])


@cache
def by_minute(text, month):
    return np.repeat(parse_hours(text).mask(month), 30)


def minutes_there(free_text, open_text, way_min, month):
    if not open_text:
        return set()
    free, door = by_minute(free_text, month), by_minute(open_text, month)
    away = 30 * int(np.ceil(way_min / 30))
    on_time = free.copy()
    for minute in range(1, away + 1):
        on_time &= np.roll(free, minute) & np.roll(free, -minute)
    return set(np.flatnonzero(on_time & door))


@settings(max_examples=100, deadline=None)
@given(counties())
def test_equals_minute_by_minute(county):
    workers, venues, minutes, located, standard = county
    answer = access.coverage(workers, venues, minutes, located=located, standard=standard)
    expected = minute_by_minute(*county)
    assert answer["reason"].astype(str).tolist() == expected["reason"].tolist()
    assert answer["n_near"].tolist() == expected["n_near"].tolist()
    known = located.to_numpy()
    assert answer["usable_hours"].to_numpy()[known].tolist() == expected["usable_hours"].to_numpy()[known].tolist()
    assert answer["is_served"].tolist() == (expected["reason"] == "served").tolist()
    assert answer["is_nominal"].tolist() == (expected["n_near"] > 0).tolist()
    alone = access.usable_hours(workers, venues, minutes, standard=standard)
    assert alone[known].tolist() == answer["usable_hours"][known].tolist()


@settings(max_examples=30, deadline=None)
@given(counties())
def test_reasons_partition_the_workers(county):
    workers, venues, minutes, located, standard = county
    answer = access.coverage(workers, venues, minutes, located=located, standard=standard)
    for by in (None, "employer_id", "reason"):
        table = access.summarise(workers, answer, by=by)
        whys = table[[f"n_{why}" for why in access.REASONS]]
        assert (whys.sum(axis=1) == table["n_workers"]).all()
        assert table["n_workers"].sum() == workers["n_workers"].sum()
        assert (table["n_effective"] <= table["n_nominal"]).all()
        assert (table["n_effective"] == table["n_served"]).all()


def widened(workers, venues, minutes, standard, kind):
    """The same county with one thing more: a venue, hours, or a door opened."""
    venues, minutes = venues.copy(), minutes.copy()
    if kind == "venue":
        more = pd.DataFrame(
            {"open_hours": ["每天 18:00-21:00"], "status": "open", "serves": "workers", "functions": ""}, index=["w"]
        )
        venues = pd.concat([venues, more])
        rows = pd.DataFrame({"group_id": workers.index, "venue_id": "w", "minutes": 5.0, "mode": "walk"})
        minutes = pd.concat([minutes, rows], ignore_index=True)
    elif kind == "hours":
        venues["open_hours"] = "每天 0:00-24:00"
    elif kind == "admission":
        venues["share_terms"] = "open"
    elif kind == "functions":
        venues["functions"] = "reading|tea"
    else:
        standard = replace(standard, cutoff_min={"walk": 60.0, "ebike": 60.0})
    return venues, minutes, standard


@pytest.mark.parametrize("kind", ["venue", "hours", "admission", "functions", "cut_off"])
@settings(max_examples=25, deadline=None)
@given(county=counties())
def test_more_never_serves_fewer(kind, county):
    workers, venues, minutes, located, standard = county
    before = access.coverage(workers, venues, minutes, located=located, standard=standard)
    venues, minutes, standard = widened(workers, venues, minutes, standard, kind)
    after = access.coverage(workers, venues, minutes, located=located, standard=standard)
    assert (after["is_served"] >= before["is_served"]).all()
    assert (after["is_nominal"] >= before["is_nominal"]).all()
    assert (after["usable_hours"].fillna(0) >= before["usable_hours"].fillna(0)).all()
    rung = {why: i for i, why in enumerate(access.REASONS)}
    assert (after["reason"].astype(str).map(rung) >= before["reason"].astype(str).map(rung)).all()


@settings(max_examples=25, deadline=None)
@given(counties(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(county, random):
    workers, venues, minutes, located, standard = county

    def shuffled(frame):
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order]

    expected = access.coverage(workers, venues, minutes, located=located, standard=standard)
    mixed = shuffled(workers)
    answer = access.coverage(mixed, shuffled(venues), shuffled(minutes), located=shuffled(located), standard=standard)
    assert answer.index.equals(mixed.index)
    pd.testing.assert_frame_equal(answer.loc[workers.index], expected)
    pd.testing.assert_frame_equal(
        access.summarise(mixed, answer, by="employer_id"), access.summarise(workers, expected, by="employer_id")
    )


@settings(max_examples=30, deadline=None)
@given(counties())
def test_a_cheapest_opening_keeps_its_word(county):
    """Open one room as proposed, measure again: exactly the workers promised are gained."""
    workers, venues, minutes, located, standard = county
    before = access.coverage(workers, venues, minutes, located=located, standard=standard)
    gains = access.cheapest_opening(workers, venues, minutes, before, open_hours="每天 12:00-21:00", standard=standard)
    assert gains.index.equals(venues.index)
    for venue_id, gain in gains["n_workers_gained"].items():
        opened = venues.copy()
        opened.loc[venue_id, "serves"] = "everyone"
        twin = opened.loc[[venue_id]].assign(open_hours="每天 12:00-21:00").rename(index={venue_id: "twin"})
        way = minutes[minutes["venue_id"] == venue_id].assign(venue_id="twin")
        after = access.coverage(
            workers, pd.concat([opened, twin]), pd.concat([minutes, way]), located=located, standard=standard
        )
        assert gain == 4 * (after["is_served"].sum() - before["is_served"].sum())
    parts = gains[["n_closed", "n_not_shared", "n_no_function"]]
    assert (parts.sum(axis=1) == gains["n_workers_gained"]).all()
