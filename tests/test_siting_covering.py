"""Maximal covering against enumeration, its promises, its honesty, and what it says when there is no answer."""

from __future__ import annotations

import signal
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.siting_cases import assert_answer, random_limits, small_case
from xsgeo.errors import PlanError
from xsgeo.siting import Limits, Quota, maximal_covering, warm_up


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    warm_up()


def dense_case(seed=3, n_sites=120, n_groups=1500):
    """Sites and groups in a few dense places, where a bound is hard to prove."""
    random = np.random.RandomState(seed)
    centres = random.rand(6, 2)
    groups = centres[random.choice(6, n_groups)] + 0.08 * random.randn(n_groups, 2)
    sites = centres[random.choice(6, n_sites)] + 0.08 * random.randn(n_sites, 2)
    near = np.hypot(*(sites[:, None] - groups[None]).transpose(2, 0, 1)) < 0.07
    site, group = np.nonzero(near)
    names = np.array([f"s{i:03}" for i in range(n_sites)]), np.array([f"g{i:04}" for i in range(n_groups)])
    weights = pd.Series(random.randint(1, 40, n_groups), index=names[1])
    return weights, pd.DataFrame({"site_id": names[0][site], "group_id": names[1][group]})


class TestExact:
    @pytest.mark.parametrize("start", range(0, 1000, 125))
    def test_equals_enumeration(self, start):
        for seed in range(start, start + 125):
            case = small_case(seed)
            limits, keeps = random_limits(case, seed % 4)
            method = ("auto", "branch", "highs", "benders")[seed // 4 % 4]
            answer = maximal_covering(case.weights, case.covers, limits, method=method, settle=seed % 4 == 0)
            assert_answer(answer, case.covered[keeps].max() if keeps.any() else None, seed)
            if answer.status == "optimal":
                assert case.workers[(answer.assignment != "").to_numpy()].sum() == answer.objective
                assert set(answer.assignment) - {""} <= set(answer.chosen)
                assert keeps[(case.sets == [site in answer.chosen for site in case.sites]).all(axis=1)].all()

    @pytest.mark.parametrize("seed", [1, 2])
    def test_three_ways_agree_where_branching_is_needed(self, seed):
        weights, covers = dense_case(seed)
        answers = [
            maximal_covering(weights, covers, Limits(n_sites=12), method=method, time_limit_s=60)
            for method in ("branch", "highs")
        ]
        assert answers[0].objective == answers[1].objective
        assert {answer.status for answer in answers} == {"optimal"}
        assert answers[0].method == "branch"

    def test_branching_keeps_a_budget_and_fixed_sites(self):
        weights, covers = dense_case(4, n_sites=60, n_groups=600)
        sites = sorted(covers["site_id"].unique())
        cost = pd.Series(1 + np.arange(len(sites)) % 4, index=sites)
        limits = Limits(budget=14, cost=cost, fixed={sites[5]}, forbidden={sites[7]})
        answers = [maximal_covering(weights, covers, limits, method=m, time_limit_s=60) for m in ("branch", "highs")]
        assert answers[0].objective == answers[1].objective
        for answer in answers:
            assert answer.status == "optimal"
            assert cost[list(answer.chosen)].sum() <= 14
            assert sites[5] in answer.chosen
            assert sites[7] not in answer.chosen


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_more_never_serves_fewer(seed):
    case = small_case(seed)
    limits, _ = random_limits(case, 2)
    answer = maximal_covering(case.weights, case.covers, limits)
    if answer.status == "infeasible":
        return
    for more in (
        replace(limits, n_sites=limits.n_sites + 1),
        replace(limits, budget=limits.budget + 1),
        replace(limits, forbidden=()),
        replace(limits, floor=0.0),
    ):
        assert maximal_covering(case.weights, case.covers, more).objective >= answer.objective


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed, random):
    case = small_case(seed)
    limits, _ = random_limits(case, seed % 4)

    def shuffled(frame):
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order]

    kept = case.weights.copy(), case.covers.copy()
    answer = maximal_covering(case.weights, case.covers, limits)
    mixed = replace(limits, cost=shuffled(limits.cost))
    again = maximal_covering(shuffled(case.weights), shuffled(pd.concat([case.covers] * 2)), mixed)
    assert again.chosen == answer.chosen
    pd.testing.assert_series_equal(again.assignment.reindex(case.weights.index), answer.assignment)
    pd.testing.assert_series_equal(case.weights, kept[0])
    pd.testing.assert_frame_equal(case.covers, kept[1])


class TestHonesty:
    def test_no_time_is_told(self):
        weights, covers = dense_case()
        answer = maximal_covering(weights, covers, Limits(n_sites=12), time_limit_s=1e-9)
        assert answer.status == "time_limit"
        assert answer.bound > answer.objective > 0
        assert 0 < answer.gap < 1
        assert "time_limit" in repr(answer)

    def test_progress_may_stop_the_search(self):
        weights, covers = dense_case()
        told = []

        def hear(progress):
            told.append(progress)
            raise KeyboardInterrupt

        answer = maximal_covering(weights, covers, Limits(n_sites=12), time_limit_s=60, progress=hear)
        assert answer.status == "interrupted"
        assert answer.bound > answer.objective > 0
        assert told[0].objective <= answer.objective
        assert told[0].seconds >= 0

    @pytest.mark.parametrize("method", ["branch", "highs"])
    def test_ctrl_c_keeps_the_best_so_far(self, method):
        weights, covers = dense_case()
        before = signal.getsignal(signal.SIGINT)
        stage = {"branch": "branch", "highs": "solve"}[method]

        def press(progress):
            if progress.stage == stage:
                signal.raise_signal(signal.SIGINT)

        answer = maximal_covering(weights, covers, Limits(n_sites=12), time_limit_s=120, method=method, progress=press)
        assert signal.getsignal(signal.SIGINT) is before
        assert answer.status == "interrupted"
        assert answer.bound > answer.objective > 0

    def test_an_existing_site_stays_among_equals(self):
        weights = pd.Series([5, 5], index=["a", "b"])
        covers = pd.DataFrame({"site_id": ["new", "old"], "group_id": ["a", "b"]})
        assert maximal_covering(weights, covers, Limits(n_sites=1), settle=True).chosen == ("new",)
        assert maximal_covering(weights, covers, Limits(n_sites=1, existing={"old"}), settle=True).chosen == ("old",)


class TestInfeasible:
    weights = pd.Series([6, 4, 10], index=["a", "b", "c"])
    covers = pd.DataFrame({"site_id": ["s1", "s2"], "group_id": ["a", "b"]})
    towns = pd.Series({"a": "T1", "b": "T1", "c": "T2"})

    def lacks(self, **given):
        answer = maximal_covering(self.weights, self.covers, Limits(**given))
        assert answer.status == "infeasible"
        assert answer.chosen == ()
        return [tuple(row) for row in answer.lacks.itertuples(index=False)]

    def test_a_floor_that_nobody_can_reach(self):
        assert self.lacks(towns=self.towns, floor={"T2": 0.5}) == [("floor", "T2", 5.0, "workers")]

    def test_too_few_sites_for_a_floor(self):
        assert self.lacks(towns=self.towns, floor={"T1": 1.0}, n_sites=1) == [("floor", "T1", 4.0, "workers")]

    def test_fixed_sites_are_more_than_allowed(self):
        assert self.lacks(fixed={"s1", "s2"}, n_sites=1) == [("n_sites", "", 1.0, "sites")]

    def test_fixed_sites_cost_more_than_there_is(self):
        cost = pd.Series({"s1": 5.0, "s2": 2.5})
        assert self.lacks(fixed={"s1", "s2"}, cost=cost, budget=7.0) == [("budget", "", 0.5, "cost")]

    def test_a_quota_of_more_sites_than_there_are(self):
        assert self.lacks(quotas=(Quota("x", frozenset({"s1"}), least=3),)) == [("quota", "x", 2.0, "sites")]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"n_sites": -1}, "n_sites must be 0 or more"),
        ({"budget": float("nan")}, "budget must be 0 or more"),
        ({"fixed": {"s9"}}, "`fixed` names the site 's9'"),
        ({"fixed": {"s1"}, "forbidden": {"s1"}}, "both fixed and forbidden"),
        ({"cost": pd.Series({"s1": -1.0})}, "`cost` of 's1' must be a number of 0 or more"),
        ({"cost": pd.Series([1.0, 1.0], index=["s1", "s1"])}, "`cost` repeats the id 's1'"),
        ({"floor": 0.5}, "a floor needs `towns`"),
        ({"floor": 0.5, "towns": pd.Series({"b": "T"})}, "no town for the group 'a'"),
        ({"floor": 2.0, "towns": pd.Series({"a": "T"})}, "`floor` must be a share"),
    ],
)
def test_bad_limits(limits, message):
    covers = pd.DataFrame({"site_id": ["s1"], "group_id": ["a"]})
    with pytest.raises(PlanError, match=message):
        maximal_covering(pd.Series({"a": 1}), covers, Limits(**limits))


def test_bad_tables():
    covers = pd.DataFrame({"site_id": ["s1"], "group_id": ["a"]})
    with pytest.raises(PlanError, match="the group 'a', which has no weight"):
        maximal_covering(pd.Series({"b": 1}), covers, Limits())
    with pytest.raises(PlanError, match="`weights` of 'a' must be a whole number"):
        maximal_covering(pd.Series({"a": 0.5}), covers, Limits())
    with pytest.raises(PlanError, match="time_limit_s must be above 0"):
        maximal_covering(pd.Series({"a": 1}), covers, Limits(), time_limit_s=0)
