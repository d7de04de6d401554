"""Set covering, backup, capacity, worst off first, alternatives and curves against enumeration."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from tests.siting_cases import assert_answer, random_limits, small_case
from xsgeo.errors import PlanError
from xsgeo.siting import (
    Limits,
    alternatives,
    backup_covering,
    capacitated_covering,
    capacitated_p_median,
    maximal_covering,
    pareto,
    set_covering,
    worst_off_first,
)

THOUSAND = pytest.mark.parametrize("start", range(0, 1000, 250))


@THOUSAND
def test_set_covering(start):
    for seed in range(start, start + 250):
        case = small_case(seed)
        limits, keeps = random_limits(case, (0, 1, 2)[seed % 3])
        everyone = (case.times[:, case.workers > 0] > 0).all(axis=1) & keeps
        cost = case.sets @ case.cost.to_numpy()
        answer = set_covering(case.weights, case.covers, limits)
        assert_answer(answer, cost[everyone].min() if everyone.any() else None, seed)
        if answer.status == "optimal":
            assert (answer.assignment[case.workers > 0] != "").all()


@THOUSAND
def test_backup_covering(start):
    for seed in range(start, start + 250):
        case = small_case(seed)
        limits, keeps = random_limits(case, 0)
        once = ("required", "free", 1, 3)[seed % 4]
        value = (case.times > 1) @ case.workers
        if once == "required":
            keeps &= (case.times[:, case.workers > 0] > 0).all(axis=1)
        elif once != "free":
            value = value + once * case.covered
        answer = backup_covering(case.weights, case.covers, limits, once=once)
        assert_answer(answer, value[keeps].max() if keeps.any() else None, seed)


def seats_taken(case, seats, chosen):
    """Workers who find a seat: a maximum flow."""
    n_sites, n_groups = case.cover.shape
    arcs = np.zeros((n_sites + n_groups + 2,) * 2, dtype=np.int32)
    arcs[0, 1 : n_groups + 1] = case.workers
    arcs[1 : n_groups + 1, n_groups + 1 : -1] = case.cover.T * case.workers[:, None]
    arcs[n_groups + 1 : -1, -1] = seats * chosen
    return maximum_flow(csr_array(arcs), 0, n_sites + n_groups + 1).flow_value


@THOUSAND
def test_capacitated_covering(start):
    for seed in range(start, start + 250):
        case = small_case(seed, most_sites=5)
        limits, keeps = random_limits(case, seed % 3)
        seats = case.random.randint(0, case.workers.sum() + 1, len(case.sites))
        best = max((seats_taken(case, seats, chosen) for chosen in case.sets[keeps]), default=None)
        answer = capacitated_covering(case.weights, case.covers, pd.Series(seats, index=case.sites), limits)
        assert_answer(answer, best, seed)
        if answer.status == "optimal":
            used = answer.details.groupby("site_id")["n_workers"].sum().reindex(case.sites, fill_value=0)
            assert (used.to_numpy() <= seats).all()
            assert answer.details["n_workers"].sum() == answer.objective


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_capacitated_p_median(start):
    from scipy.optimize import linear_sum_assignment

    for seed in range(start, start + 250):
        case = small_case(seed, most_sites=4)
        limits, keeps = random_limits(case, seed % 3)
        workers = np.minimum(case.workers, 3)
        ways, minutes = case.ways()
        seats = case.random.randint(0, 2 * workers.sum() // len(case.sites) + 2, len(case.sites))
        best = np.inf
        each = np.repeat(np.arange(len(workers)), workers)
        for chosen in case.sets[keeps]:
            place = np.repeat(np.flatnonzero(chosen), seats[chosen])
            table = np.where(np.isfinite(minutes), minutes, 1e6)[np.ix_(each, place)]
            if len(place) >= len(each):
                row, column = linear_sum_assignment(table)
                best = min(best, table[row, column].sum())
        best = None if best >= 1e6 else best
        weights = pd.Series(workers, index=case.weights.index)
        answer = capacitated_p_median(weights, ways, pd.Series(seats, index=case.sites), limits)
        assert_answer(answer, best, seed)


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_worst_off_first(start):
    for seed in range(start, start + 250):
        case = small_case(seed, most_sites=6)
        limits, keeps = random_limits(case, 0)
        town = case.random.randint(0, 3, len(case.workers))
        towns = [each for each in np.unique(town) if case.workers[town == each].sum()]
        given = Limits(**{**vars(limits), "towns": pd.Series(town, index=case.weights.index)})
        answer = worst_off_first(case.weights, case.covers, given)
        if not keeps.any():
            assert_answer(answer, None, seed)
            continue
        if not towns:
            assert answer.details.empty
            continue
        inside = [(case.times > 0) @ (case.workers * (town == t)) / case.workers[town == t].sum() for t in towns]
        shares = np.sort(np.array(inside).T, axis=1)
        rank = [(*np.round(row, 9), workers) for row, workers in zip(shares, case.covered, strict=True)]
        best = max(each for each, kept in zip(rank, keeps, strict=True) if kept)
        assert_answer(answer, best[-1], seed)
        assert np.allclose(answer.details["share"], best[:-1]), seed


class TestAlternatives:
    @pytest.mark.parametrize("seed", range(40))
    def test_all_plans_within_a_share_in_order(self, seed):
        case = small_case(seed, most_sites=6)
        limits, keeps = random_limits(case, 0)
        found = alternatives(
            lambda given: maximal_covering(case.weights, case.covers, given), limits, within=0.2, most=100
        )
        if not keeps.any():
            assert (found.plans, found.is_complete) == ((), True)
            return
        best = case.covered[keeps].max()
        near = keeps & (case.covered >= 0.8 * best - 1e-9)
        told = [frozenset(plan.chosen) for plan in found.plans]
        values = [plan.objective for plan in found.plans]
        assert found.is_complete
        assert values == sorted(values, reverse=True)
        assert len(set(told)) == len(told)
        for chosen, workers in zip(case.sets[near], case.covered[near], strict=True):
            names = frozenset(site for site, is_open in zip(case.sites, chosen, strict=True) if is_open)
            assert any(names >= plan and value >= workers for plan, value in zip(told, values, strict=True))
        for at, plan in enumerate(told):
            assert not any(plan >= earlier for earlier in told[:at])

    def test_what_they_share(self):
        weights = pd.Series([50, 10, 10], index=list("abc"))
        covers = pd.DataFrame({"site_id": ["s1", "s2", "s3"], "group_id": list("abc")})
        found = alternatives(lambda given: maximal_covering(weights, covers, given), Limits(n_sites=2))
        assert [plan.chosen for plan in found.plans] == [("s1", "s2"), ("s1", "s3")]
        assert found.shared == ("s1",)
        assert found.table().to_dict("index") == {
            "s1": {1: True, 2: True},
            "s2": {1: True, 2: False},
            "s3": {1: False, 2: True},
        }

    def test_of_other_models(self):
        weights = pd.Series([1, 1], index=list("ab"))
        covers = pd.DataFrame({"site_id": ["s1", "s1", "s2", "s2"], "group_id": list("abab")})
        found = alternatives(lambda given: set_covering(weights, covers, given), Limits(), within=0)
        assert [plan.chosen for plan in found.plans] == [("s1",), ("s2",)]
        assert found.is_complete

    def test_bad_question(self):
        with pytest.raises(PlanError, match="most at least 1"):
            alternatives(lambda given: None, Limits(), most=0)


@pytest.mark.parametrize("curve", [("n_served", "cost"), ("n_served", "worst_share"), ("worst_share", "cost")])
@pytest.mark.parametrize("seed", range(20))
def test_no_point_of_a_curve_is_beaten(curve, seed):
    of, against = curve
    case = small_case(seed, most_sites=6)
    town = case.random.randint(0, 2, len(case.workers))
    limits = Limits(cost=case.cost, towns=pd.Series(town, index=case.weights.index))
    points = pareto(case.weights, case.covers, limits, of=of, against=against, n_points=6)
    shares = [
        (case.times > 0) @ (case.workers * (town == each)) / case.workers[town == each].sum()
        for each in np.unique(town)
        if case.workers[town == each].sum()
    ]
    measures = {
        "cost": -(case.sets @ case.cost.to_numpy()).astype(float),
        "n_served": case.covered.astype(float),
        "worst_share": np.min(shares, axis=0) if shares else np.ones(len(case.sets)),
    }
    for row in points.itertuples():
        at = int(np.flatnonzero((case.sets == [site in row.chosen for site in case.sites]).all(axis=1))[0])
        assert abs(row.cost + measures["cost"][at]) < 1e-9
        assert row.n_served == measures["n_served"][at]
        if "cost" in curve and of == "n_served":
            one, other = measures[of], measures[against]
            assert not ((one > one[at] + 1e-9) & (other >= other[at] - 1e-9)).any()
            assert not ((one >= one[at] - 1e-9) & (other > other[at] + 1e-9)).any()
    assert points[against].is_monotonic_increasing


class TestInfeasible:
    weights = pd.Series({"a": 4, "b": 6})
    covers = pd.DataFrame({"site_id": ["s1", "s2"], "group_id": ["a", "b"]})

    def rows(self, answer):
        assert answer.status == "infeasible"
        return answer.lacks.to_numpy().tolist()

    def test_who_cannot_be_covered(self):
        answer = set_covering(pd.Series({"a": 4, "b": 6, "c": 9}), self.covers)
        assert self.rows(answer) == [["uncovered", "c", 9, "workers"]]

    def test_how_many_sites_more(self):
        assert self.rows(set_covering(self.weights, self.covers, Limits(n_sites=1))) == [["n_sites", "", 1.0, "sites"]]
        assert self.rows(backup_covering(self.weights, self.covers, Limits(n_sites=0)))[0][2] == 2.0

    def test_who_finds_no_seat(self):
        ways = self.covers.assign(minutes=1.0)
        answer = capacitated_p_median(self.weights, ways, pd.Series({"s1": 4, "s2": 5}), Limits())
        assert self.rows(answer) == [["no_seat", "b", 1.0, "workers"]]


def test_bad_capacity():
    covers = pd.DataFrame({"site_id": ["s1"], "group_id": ["a"]})
    with pytest.raises(PlanError, match="`capacity` of 's1' must be a whole number"):
        capacitated_covering(pd.Series({"a": 1}), covers, pd.Series({"s2": 1}), Limits())
    with pytest.raises(PlanError, match="`once` must be"):
        backup_covering(pd.Series({"a": 1}), covers, Limits(), once=0)
    with pytest.raises(PlanError, match="no curve of 'cost'"):
        pareto(pd.Series({"a": 1}), covers, Limits(), of="cost", against="cost")
