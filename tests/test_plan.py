"""The exact plan against enumeration and against another solver, and the promises a planner reads off it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import access, plan
from xsgeo.candidates import ACTIONS
from xsgeo.errors import PlanError
from xsgeo.plan import greedy_coverage, maximal_coverage, propose
from xsgeo.settings import SitingRules, Standard

EVENINGS = "周一至周五 18:00-22:00"


def random_case(seed, *, n_sites=None, n_groups=None, share=None):
    """A covering question with ties, idle sites, groups nobody covers and groups without workers."""
    random = np.random.RandomState(seed)
    n_sites = n_sites or random.randint(1, 10)
    n_groups = n_groups or random.randint(1, 13)
    cover = random.rand(n_sites, n_groups) < (share or random.choice([0.15, 0.3, 0.5]))
    sites, groups = [f"s{i:03}" for i in range(n_sites)], [f"g{i:04}" for i in range(n_groups)]
    weights = pd.Series(random.randint(0, random.choice([2, 4, 50]), n_groups), index=groups)
    s, g = np.nonzero(cover)
    covers = pd.DataFrame({"site_id": np.array(sites)[s], "group_id": np.array(groups)[g]})
    prefer = pd.Series(random.randint(1, 6, n_sites), index=sites)
    return weights, covers, prefer, int(random.randint(0, n_sites + 2))


def covered_by(chosen, weights, covers):
    return int(weights[covers.loc[covers["site_id"].isin(chosen), "group_id"].unique()].sum())


def best_by_enumeration(weights, covers, prefer, n_sites):
    """Most workers; then least cost; then the plan that has what stands first in the order of preference."""
    reach = {site: covered_by([site], weights, covers) for site in covers["site_id"].unique()}
    order = sorted(reach, key=lambda site: (prefer[site], -reach[site], site))
    sets = {site: set(covers.loc[covers["site_id"] == site, "group_id"]) for site in order}
    count = weights.to_dict()
    best, answer = None, ()
    for size in range(min(n_sites, len(order)) + 1):
        for chosen in combinations(order, size):
            workers = sum(count[group] for group in set().union(*(sets[site] for site in chosen)))
            rank = (workers, -sum(prefer[site] for site in chosen), [site in chosen for site in order])
            if best is None or rank > best:
                best, answer = rank, chosen
    return best[0], set(answer)


class TestExact:
    @pytest.mark.parametrize("start", range(0, 320, 40))
    def test_equals_enumeration(self, start):
        for seed in range(start, start + 40):
            weights, covers, prefer, n_sites = random_case(seed)
            if seed % 3 == 0:
                prefer[:] = 1
            answer = maximal_coverage(weights, covers, n_sites=n_sites, prefer=None if seed % 3 == 0 else prefer)
            workers, chosen = best_by_enumeration(weights, covers, prefer, n_sites)
            assert answer.objective == answer.bound == workers, seed
            assert set(answer.sites.index) == chosen, seed
            assert (answer.status, answer.gap, answer.is_settled) == ("optimal", 0, True)

    def test_ties_are_settled_among_more_sites_than_a_block_holds(self):
        for seed in range(12):
            weights, covers, prefer, _ = random_case(seed, n_sites=24, n_groups=30, share=0.08)
            weights[:] = 1
            prefer[:] = 1 if seed % 2 else prefer
            answer = maximal_coverage(weights, covers, n_sites=3, prefer=prefer)
            workers, chosen = best_by_enumeration(weights, covers, prefer, 3)
            assert (answer.objective, set(answer.sites.index)) == (workers, chosen), seed

    @pytest.mark.parametrize("seed", [1, 2])
    def test_equals_another_solver_at_medium_size(self, seed):
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, eye_array, hstack

        weights, covers, _, _ = random_case(seed, n_sites=60, n_groups=400, share=0.06)
        sites, groups = sorted(covers["site_id"].unique()), list(weights.index)
        at = ([groups.index(g) for g in covers["group_id"]], [sites.index(s) for s in covers["site_id"]])
        cover = csr_array((np.ones(len(covers)), at), shape=(len(groups), len(sites)))
        few = LinearConstraint(np.r_[np.ones(len(sites)), np.zeros(len(groups))].reshape(1, -1), ub=6)
        linked = LinearConstraint(hstack([cover, -eye_array(len(groups))]).tocsr(), lb=0)
        kinds = np.r_[np.ones(len(sites)), np.zeros(len(groups))]
        price = np.r_[np.zeros(len(sites)), -weights.to_numpy(float)]
        other = milp(
            price, constraints=[few, linked], integrality=kinds, bounds=Bounds(0, 1), options={"mip_rel_gap": 0}
        )
        answer = maximal_coverage(weights, covers, n_sites=6, time_limit_s=60)
        assert answer.status == "optimal"
        assert answer.objective == round(-other.fun)
        assert greedy_coverage(weights, covers, n_sites=6).objective <= answer.objective

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, 10**6))
    def test_greedy_and_more_sites(self, seed):
        weights, covers, prefer, n_sites = random_case(seed)
        answer = maximal_coverage(weights, covers, n_sites=n_sites, prefer=prefer)
        greedy = greedy_coverage(weights, covers, n_sites=n_sites, prefer=prefer)
        more = maximal_coverage(weights, covers, n_sites=n_sites + 1, prefer=prefer)
        assert (1 - 1 / np.e) * answer.objective <= greedy.objective <= answer.objective <= greedy.bound
        assert answer.objective <= more.objective
        assert (greedy.status == "optimal") == (greedy.objective == greedy.bound)

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, 10**6))
    def test_rows_add_up_and_say_what_the_sites_do(self, seed):
        weights, covers, prefer, n_sites = random_case(seed)
        answer = maximal_coverage(weights, covers, n_sites=n_sites, prefer=prefer)
        sites = answer.sites
        assert len(sites) <= n_sites
        assert sites["order"].tolist() == list(range(1, len(sites) + 1))
        assert sites["n_workers_added"].sum() == answer.objective == covered_by(sites.index, weights, covers)
        assert (sites["n_workers_added"] > 0).all()
        assert sites["n_workers_added"].is_monotonic_decreasing
        for n, site in enumerate(sites.index):
            before = covered_by(sites.index[:n], weights, covers)
            adds = covered_by(sites.index[: n + 1], weights, covers) - before
            assert sites.at[site, "n_workers_added"] == adds
            assert sites.at[site, "n_workers_in_reach"] == covered_by([site], weights, covers)
            assert adds == max(covered_by([*sites.index[:n], s], weights, covers) - before for s in sites.index[n:])
            assert weights[answer.assigned == site].sum() == adds
        assert answer.assigned.index.equals(weights.index)

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 10**6), st.randoms(use_true_random=False))
    def test_the_order_of_rows_changes_nothing(self, seed, random):
        weights, covers, prefer, n_sites = random_case(seed)
        kept = weights.copy(), covers.copy(), prefer.copy()

        def shuffled(frame):
            order = list(range(len(frame)))
            random.shuffle(order)
            return frame.iloc[order]

        answer = maximal_coverage(weights, covers, n_sites=n_sites, prefer=prefer)
        twice = pd.concat([covers, covers])
        again = maximal_coverage(shuffled(weights), shuffled(twice), n_sites=n_sites, prefer=shuffled(prefer))
        pd.testing.assert_frame_equal(again.sites, answer.sites)
        pd.testing.assert_series_equal(again.assigned.reindex(weights.index), answer.assigned)
        pd.testing.assert_series_equal(weights, kept[0])
        pd.testing.assert_frame_equal(covers, kept[1])
        pd.testing.assert_series_equal(prefer, kept[2])


class TestHonesty:
    """No answer that is not proven says so."""

    def hard(self):
        return random_case(5, n_sites=200, n_groups=3000, share=0.03)[:2]

    def test_no_time_gives_the_greedy_answer_and_says_so(self):
        weights, covers = self.hard()
        answer = maximal_coverage(weights, covers, n_sites=20, time_limit_s=1e-9)
        greedy = greedy_coverage(weights, covers, n_sites=20)
        assert answer.status == "time_limit"
        assert answer.objective == greedy.objective
        assert answer.bound > answer.objective
        assert 0 < answer.gap < 1
        assert not answer.is_settled
        assert "time_limit" in repr(answer)
        assert "optimal" not in repr(answer)

    def test_a_search_cut_short_keeps_a_valid_bound(self):
        weights, covers = self.hard()
        answer = maximal_coverage(weights, covers, n_sites=20, time_limit_s=1.5)
        assert answer.status == "time_limit"
        assert answer.bound >= answer.objective + 1
        assert answer.objective >= greedy_coverage(weights, covers, n_sites=20).objective
        assert answer.sites["n_workers_added"].sum() == answer.objective

    def test_a_bound_that_is_not_met_is_no_optimum(self, monkeypatch):
        weights = pd.Series([3, 4, 4, 3], index=list("abcd"))
        covers = pd.DataFrame({"site_id": list("LLMMRR"), "group_id": list("abbccd")})
        plain = plan.best_cover
        monkeypatch.setattr(plan, "best_cover", lambda case, watch: replace(plain(case, watch), bound=15.0))
        answer = maximal_coverage(weights, covers, n_sites=2)
        assert (answer.objective, answer.bound, answer.status, answer.is_settled) == (14, 15, "unproven", False)

    def test_a_tie_left_open_is_told(self, monkeypatch):
        weights = pd.Series([5, 5], index=list("ab"))
        covers = pd.DataFrame({"site_id": list("LR"), "group_id": list("ab")})
        monkeypatch.setattr(plan, "settled", lambda case, best, watch, dual: (best, False))
        answer = maximal_coverage(weights, covers, n_sites=1)
        assert (answer.status, answer.is_settled) == ("optimal", False)

    def test_progress_is_told_and_ctrl_c_keeps_the_best(self):
        weights, covers = self.hard()
        told = []

        def stop(progress):
            told.append(progress)
            raise KeyboardInterrupt

        answer = maximal_coverage(weights, covers, n_sites=20, time_limit_s=60, progress=stop)
        assert told
        assert answer.status == "interrupted"
        assert answer.bound > answer.objective >= greedy_coverage(weights, covers, n_sites=20).objective


class TestTies:
    weights = pd.Series([5, 5], index=["a", "b"])

    def choose(self, covers, prefer=None, n_sites=1):
        frame = pd.DataFrame(covers, columns=["site_id", "group_id"])
        return maximal_coverage(self.weights, frame, n_sites=n_sites, prefer=prefer).sites.index.tolist()

    def test_cheaper_then_more_reach_then_id(self):
        assert self.choose([("s2", "a"), ("s1", "b")]) == ["s1"]
        assert self.choose([("s2", "a"), ("s1", "b")], prefer=pd.Series({"s1": 2, "s2": 1})) == ["s2"]

    def test_one_dear_site_gives_way_to_two_cheap_ones(self):
        covers = [("big", "a"), ("big", "b"), ("s1", "a"), ("s2", "b")]
        cheap = pd.Series({"big": 5, "s1": 1, "s2": 1})
        assert self.choose(covers, cheap, n_sites=2) == ["s1", "s2"]
        assert self.choose(covers, cheap, n_sites=1) == ["big"]

    def test_a_cheap_action_never_costs_a_worker(self):
        covers = [("dear", "a"), ("dear", "b"), ("cheap", "a")]
        assert self.choose(covers, pd.Series({"dear": 5, "cheap": 1})) == ["dear"]

    def test_the_first_of_many_equal_sites(self):
        ids = [f"s{i:02}" for i in range(40)]
        covers = pd.DataFrame({"site_id": ids[::-1], "group_id": [f"g{i:02}" for i in range(40)]})
        weights = pd.Series(3, index=covers["group_id"])
        answer = maximal_coverage(weights, covers, n_sites=3)
        assert answer.sites.index.tolist() == ids[:3]
        pairs = pd.concat([covers, covers.assign(site_id=covers["site_id"] + "-dearer")])
        prefer = pd.Series({site: 1 + site.endswith("dearer") for site in pairs["site_id"]})
        assert maximal_coverage(weights, pairs, n_sites=17, prefer=prefer).sites.index.tolist() == ids[:17]

    def test_no_site_more_than_needed(self):
        assert self.choose([("s1", "a"), ("s1", "b"), ("s2", "a")], n_sites=5) == ["s1"]


class TestBadQuestions:
    weights = pd.Series([5, 5], index=["a", "b"])
    covers = pd.DataFrame({"site_id": ["s1"], "group_id": ["a"]})

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"n_sites": -1}, "n_sites must be 0 or more, got -1"),
            ({"time_limit_s": 0}, "time_limit_s must be above 0, got 0"),
            ({"time_limit_s": float("nan")}, "time_limit_s must be above 0, got nan"),
            ({"weights": pd.Series([5, -1], index=["a", "b"])}, "`weights` of 'b' must be a whole number of 0 or more"),
            ({"weights": pd.Series([5, 1.5], index=["a", "b"])}, "`weights` of 'b' must be a whole number"),
            ({"weights": pd.Series([5, None], index=["a", "b"])}, "`weights` of 'b' must be a whole number"),
            ({"weights": pd.Series([5, np.inf], index=["a", "b"])}, "`weights` of 'b' must be a whole number"),
            ({"weights": pd.Series([5, 5], index=["a", "a"])}, "`weights` repeats the id 'a'"),
            ({"weights": pd.Series([5], index=["b"])}, "names the group 'a', which has no weight"),
            ({"prefer": pd.Series({"s1": 0})}, "`prefer` of 's1' must be a whole number of 1 or more, got 0"),
            ({"prefer": pd.Series({"s2": 1})}, "`prefer` of 's1' must be a whole number of 1 or more, got nan"),
            ({"prefer": pd.Series([1, 2], index=["s1", "s1"])}, "`prefer` repeats the id 's1'"),
        ],
    )
    def test_message(self, change, message):
        question = {"weights": self.weights, "covers": self.covers, "n_sites": 1, **change}
        with pytest.raises(PlanError, match=message):
            maximal_coverage(**question)

    @pytest.mark.parametrize("n_sites", [0, 3])
    def test_nothing_to_choose_is_no_fault(self, n_sites):
        answer = maximal_coverage(self.weights, self.covers.iloc[:0], n_sites=n_sites)
        assert (answer.objective, answer.bound, answer.status, answer.gap) == (0, 0, "optimal", 0)
        assert answer.sites.empty
        assert (answer.assigned == "").all()
        nobody = maximal_coverage(self.weights.iloc[:0], self.covers.iloc[:0], n_sites=n_sites)
        assert nobody.sites.empty

    def test_no_site_allowed(self):
        assert maximal_coverage(self.weights, self.covers, n_sites=0).sites.empty


# --- proposals -------------------------------------------------------------------------------------------------------


def small_town():
    """Three groups by a palace shut in the evening, by a factory's own room, and by nothing."""
    index = pd.Index(["near", "shut_out", "far", "glad", "lost"], name="group_id")
    workers = pd.DataFrame(
        {
            "n_workers": [100, 30, 40, 20, 7],
            "town_id": ["T1", "T2", "T1", "T1", "T1"],
            "cluster_id": ["knitting", "fishing", "knitting", "fishing", "fishing"],
            "employer_id": ["P1", "P2", "P1", "P3", "P1"],
            "free_hours": EVENINGS,
        },
        index=index,
    )
    venues = pd.DataFrame(
        {
            "status": "open",
            "serves": ["workers", "own_staff"],
            "share_terms": ["open", "none"],
            "employer_id": ["", "P3"],
            "open_hours": ["周一至周五 8:00-17:00", "每天 18:00-22:00"],
        },
        index=pd.Index(["V1", "V2"], name="venue_id"),
    )
    minutes = pd.DataFrame(
        [("near", "V1", 10.0), ("shut_out", "V2", 5.0), ("glad", "V2", 0.0)],
        columns=["group_id", "venue_id", "minutes"],
    )
    candidates = pd.DataFrame(
        {
            "action": ["build", "convert", "open_longer", "share"],
            "refers_to": ["", "S1", "V1", "V2"],
            "name": ["", "泵站", "老文化宫", "活动室"],
            "open_hours": ["", "", *venues["open_hours"]],
            "available_hours": ["", "每天 8:00-22:00", "", ""],
        },
        index=pd.Index(["build:near", "convert:S1", "open_longer:V1", "share:V2"], name="site_id"),
    )
    ways = pd.DataFrame(
        [
            ("near", "build:near", 0.0),
            ("far", "convert:S1", 3.0),
            ("near", "open_longer:V1", 10.0),
            ("shut_out", "share:V2", 5.0),
            ("glad", "share:V2", 0.0),
            ("lost", "build:near", 1.0),
        ],
        columns=["group_id", "site_id", "minutes"],
    )
    return workers, venues, minutes, candidates, ways


class TestPropose:
    rules = SitingRules(n_sites=3, open_hours="周一至周五 18:00-21:00")

    def ask(self, town=None, **change):
        workers, venues, minutes, candidates, ways = town or small_town()
        located = pd.Series(workers.index != "lost", index=workers.index)
        groups = access.coverage(workers, venues, minutes, located=located, standard=Standard())
        rules = replace(self.rules, **change)
        args = {"venues": venues, "minutes": minutes, "standard": Standard(), "rules": rules}
        return propose(workers, groups, candidates, ways, **args)

    def test_worked_by_hand(self):
        answer = self.ask()
        assert answer.status == "optimal"
        assert answer.objective == 170
        rows = answer.sites[["order", "action", "n_workers_added", "reason", "towns", "clusters"]].to_dict("index")
        assert rows == {
            "open_longer:V1": {
                "order": 1, "action": "open_longer", "n_workers_added": 100, "reason": "closed",
                "towns": {"T1": 100}, "clusters": {"knitting": 100},
            },
            "convert:S1": {
                "order": 2, "action": "convert", "n_workers_added": 40, "reason": "out_of_reach",
                "towns": {"T1": 40}, "clusters": {"knitting": 40},
            },
            "share:V2": {
                "order": 3, "action": "share", "n_workers_added": 30, "reason": "not_shared",
                "towns": {"T2": 30}, "clusters": {"fishing": 30},
            },
        }  # fmt: skip
        assert answer.assigned.to_dict() == {"near": "open_longer:V1", "shut_out": "share:V2", "far": "convert:S1"}

    def test_the_best_single_site(self):
        assert self.ask(n_sites=1).sites.index.tolist() == ["open_longer:V1"]
        assert self.ask(n_sites=0).sites.empty

    def test_a_building_is_had_only_when_it_can_be_had(self):
        workers, venues, minutes, candidates, ways = small_town()
        candidates.loc["convert:S1", "available_hours"] = "周六至周日 8:00-22:00"
        answer = self.ask((workers, venues, minutes, candidates, ways))
        assert "convert:S1" not in answer.sites.index
        assert answer.objective == 130

    def test_hours_had_already_count(self):
        workers, venues, minutes, candidates, ways = small_town()
        minutes.loc[len(minutes)] = ("far", "V1", 1.0)
        venues.loc["V1", "open_hours"] = "周一 18:00-22:00"
        standard = Standard(min_hours_per_week=5.0)
        located = pd.Series(True, index=workers.index)
        groups = access.coverage(workers, venues, minutes, located=located, standard=standard)
        assert groups.loc["far", "usable_hours"] == 3.0
        args = {"venues": venues, "minutes": minutes, "standard": standard}
        rules = replace(self.rules, open_hours="周二 18:00-20:30")
        answer = propose(workers, groups, candidates, ways, rules=rules, **args)
        assert answer.assigned["far"] == "convert:S1"
        short = replace(rules, open_hours="周二 18:00-20:00")
        assert propose(workers, groups, candidates, ways, rules=short, **args).assigned["far"] == ""

    def test_frames_come_back_as_they_were(self):
        town, kept = small_town(), small_town()
        self.ask(town)
        for after, before in zip(town, kept, strict=True):
            pd.testing.assert_frame_equal(after, before)

    def test_unknown_action(self):
        workers, venues, minutes, candidates, ways = small_town()
        candidates.loc["share:V2", "action"] = "pray"
        with pytest.raises(PlanError, match=r"candidate 'share:V2' has the action 'pray'"):
            self.ask((workers, venues, minutes, candidates, ways))

    def test_repeated_candidate(self):
        workers, venues, minutes, candidates, ways = small_town()
        with pytest.raises(PlanError, match="repeat the id 'build:near'"):
            self.ask((workers, venues, minutes, pd.concat([candidates, candidates.iloc[[0]]]), ways))

    def test_geometry_travels_along(self):
        import geopandas as gpd

        workers, venues, minutes, candidates, ways = small_town()
        places = gpd.GeoDataFrame(candidates, geometry=gpd.points_from_xy([121.9] * 4, [29.2] * 4), crs="EPSG:4326")
        sites = self.ask((workers, venues, minutes, places, ways)).sites
        assert sites.geometry.notna().all()
        assert sites.crs == "EPSG:4326"


HOURS = ("", EVENINGS, "每天 12:00-14:00", "周六至周日 9:00-22:00")


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_plan_keeps_its_word(data):
    """Do what the plan says, measure again: at least the workers it promised are served besides those of before."""
    draw = data.draw
    standard = Standard(min_hours_per_week=draw(st.sampled_from((2.0, 5.0, 12.0))))
    index = pd.Index([f"g{i}" for i in range(draw(st.integers(1, 6)))], name="group_id")
    workers = pd.DataFrame(
        {
            "n_workers": [draw(st.integers(1, 9)) for _ in index],
            "free_hours": [draw(st.sampled_from((EVENINGS, "每天 9:00-15:00", "周六 8:00-22:00"))) for _ in index],
            "town_id": "T1",
            "cluster_id": "c",
        },
        index=index,
    )
    venues = pd.DataFrame(
        {
            "status": "open",
            "serves": ["everyone", "members"],
            "open_hours": [draw(st.sampled_from(HOURS)) for _ in "ab"],
        },
        index=pd.Index(["V0", "V1"], name="venue_id"),
    )
    actions = [draw(st.sampled_from(ACTIONS[2:])) for _ in range(draw(st.integers(0, 4)))]
    limits = [draw(st.sampled_from(("", "每天 13:00-22:00"))) for _ in actions]
    candidates = pd.DataFrame(
        {"action": ["open_longer", "share", *actions], "open_hours": [*venues["open_hours"], *[""] * len(actions)]},
        index=pd.Index(["c-V0", "c-V1", *(f"c-{i}" for i in range(len(actions)))], name="site_id"),
    )
    candidates["available_hours"] = ["", "", *limits]
    near = st.sampled_from((None, 0.0, 8.0))
    ways = [(g, s, m) for g in index for s in candidates.index if (m := draw(near)) is not None]
    ways = pd.DataFrame(ways, columns=["group_id", "site_id", "minutes"])
    minutes = ways[ways["site_id"].isin(["c-V0", "c-V1"])].rename(columns={"site_id": "venue_id"})
    minutes["venue_id"] = minutes["venue_id"].str[2:]
    located = pd.Series(True, index=index)
    before = access.coverage(workers, venues, minutes, located=located, standard=standard)
    rules = SitingRules(n_sites=draw(st.integers(0, 4)), open_hours="每天 12:00-20:00")
    answer = propose(workers, before, candidates, ways, venues=venues, minutes=minutes, standard=standard, rules=rules)
    chosen = candidates.loc[answer.sites.index]
    both = "每天 13:00-20:00"
    new = pd.DataFrame({"status": "open", "serves": "everyone"}, index=chosen.index)
    new["open_hours"] = np.where(chosen["available_hours"] == "", rules.open_hours, both)
    old = new.assign(open_hours=chosen["open_hours"]).rename(index=lambda i: i + "-today")
    ways = ways.rename(columns={"site_id": "venue_id"})
    doubled = ways.assign(venue_id=ways["venue_id"] + "-today")
    after = access.coverage(
        workers, pd.concat([venues, new, old]), pd.concat([minutes, ways, doubled]), located=located, standard=standard
    )
    gained = workers.loc[after["is_served"] & ~before["is_served"], "n_workers"].sum()
    assert gained >= answer.objective
    assert after.loc[answer.assigned.index[answer.assigned != ""], "is_served"].all()
    if len(chosen) == 1:
        assert gained == answer.objective


def test_a_room_is_not_opened_for_those_whose_needs_it_lacks():
    index = pd.Index(["a", "b"], name="group_id")
    workers = pd.DataFrame({"n_workers": [40, 5], "town_id": "T1", "cluster_id": ["film_tv", "makers"]}, index=index)
    workers["free_hours"] = "每天 18:00-22:00"
    groups = pd.DataFrame({"reason": "closed"}, index=index)
    venues = pd.DataFrame(
        {"status": "open", "serves": "workers", "open_hours": "", "functions": ["reading"]},
        index=pd.Index(["V1"], name="venue_id"),
    )
    sites = pd.DataFrame(
        {"action": ["open_longer", "rent"], "refers_to": ["V1", "S1"]},
        index=pd.Index(["open_longer:V1", "rent:S1"], name="site_id"),
    )
    ways = pd.DataFrame([(g, s, 5.0) for g in index for s in sites.index], columns=["group_id", "site_id", "minutes"])
    near = pd.DataFrame({"group_id": index, "venue_id": "V1", "minutes": 5.0})
    needs = pd.DataFrame({"cluster_id": ["film_tv"], "functions": ["rest"]})
    rules = SitingRules(n_sites=1, open_hours="每天 19:00-21:00")
    added = {}
    for name, asked in (("free", None), ("needy", needs)):
        plan = propose(
            workers, groups, sites, ways, venues=venues, minutes=near, standard=Standard(), rules=rules, needs=asked
        )
        added[name] = plan.sites["n_workers_added"].to_dict()
    assert added == {"free": {"open_longer:V1": 45}, "needy": {"rent:S1": 45}}
