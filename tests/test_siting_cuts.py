"""Set covering's proof: cuts that no cover violates, a tree that equals enumeration, loops that equal plain ones."""

# Values of cuts and solvers are arrays, no frames.
# ruff: noqa: PD011

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from xsgeo.siting import Limits, cover_kernels, cover_tree, kernels, reduce, set_covering, setcover
from xsgeo.siting.cover_case import Case
from xsgeo.siting.frames import covering_case
from xsgeo.siting.local_cuts import SIZES, local_cuts, tightened
from xsgeo.siting.problem import Sites
from xsgeo.siting.program import Program, site_columns
from xsgeo.siting.relaxation import Relaxation
from xsgeo.siting.watch import Watch


def rings(seed, n_sites=12, n_rows=20):
    """Sites by rows, two to four sites a row, every row and site in use; and all covers."""
    random = np.random.RandomState(seed)
    table = np.zeros((n_sites, n_rows), dtype=np.int64)
    for row in range(n_rows):
        table[random.choice(n_sites, random.randint(2, 5), replace=False), row] = 1
    sets = (np.arange(2**n_sites)[:, None] >> np.arange(n_sites) & 1).astype(np.int64)
    return csr_array(table), sets[((sets @ table) > 0).all(axis=1)]


def country(seed, n_sites=200, radius=0.13):
    """Sites and groups anywhere: a set cover whose relaxation opens many sites by half."""
    random = np.random.RandomState(seed)
    sites, groups = random.rand(n_sites, 2), random.rand(8 * n_sites, 2)
    site, group = np.nonzero(np.hypot(*(sites[:, None] - groups[None]).transpose(2, 0, 1)) < radius)
    names = np.array([f"s{i:03}" for i in range(n_sites)]), np.array([f"g{i:04}" for i in range(len(groups))])
    covers = pd.DataFrame({"site_id": names[0][site], "group_id": names[1][group]})
    return pd.Series(1, index=np.unique(covers["group_id"])), covers


class TestCuts:
    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 10**6), st.sampled_from([*SIZES, (40, 26)]))
    def test_no_cover_violates_a_cut_whatever_the_point(self, seed, size):
        cover, covers = rings(seed)
        point = np.random.RandomState(seed).choice(
            [0.0, 0.2, 1 / 3, 0.5, 1.0], cover.shape[0], p=[0.2, 0.2, 0.3, 0.2, 0.1]
        )
        cuts = local_cuts(cover.T.tocsr(), point, size)
        for k, right in enumerate(cuts.right):
            part = slice(cuts.begins[k], cuts.begins[k + 1])
            worth = covers[:, cuts.places[part]] @ cuts.values[part]
            # A cut knows the rows of its window; all rows together may ask for more.
            assert worth.min() >= right
            assert point[cuts.places[part]] @ cuts.values[part] < right
            assert (cuts.values[part] == np.rint(cuts.values[part])).all()

    def test_five_in_a_ring_need_three(self):
        ring = csr_array(np.eye(5, dtype=np.int64) + np.roll(np.eye(5, dtype=np.int64), 1, axis=1))
        cuts = local_cuts(ring.T.tocsr(), np.full(5, 0.5), SIZES[0])
        assert sorted(cuts.places) == [0, 1, 2, 3, 4]
        assert (cuts.right / cuts.values).tolist() == [3.0] * 5

    @pytest.mark.parametrize("seed", range(4))
    def test_they_raise_the_bound_and_not_above_the_best(self, seed):
        cover, covers = rings(seed, 14, 30)
        program = Program()
        x = program.columns(14, cost=1.0, whole=True)
        program.rows([(x, cover.T)], lower=1.0)
        relaxation = Relaxation(program, Watch(60.0))
        relaxation.solve()
        before, best = relaxation.value, covers.sum(axis=1).min()
        outcome, value = tightened(relaxation, cover.T.tocsr(), best - 0.99, rounds=9)
        assert before <= value <= best + 1e-6
        assert value > before + 0.1 or before > best - 0.99
        assert outcome == "solved"


def small_questions(seed):
    """A question by its limits, and the least cost of a cover that keeps them; None if none does."""
    random = np.random.RandomState(seed)
    cover, covers = rings(seed)
    names = [f"s{j:02}" for j in range(12)]
    site, group = cover.tocoo().coords
    pairs = pd.DataFrame({"site_id": np.array(names)[site], "group_id": group})
    cost = [np.ones(12), random.randint(1, 5, 12).astype(float), np.round(1 + random.rand(12), 3)][seed % 3]
    limits, keeps = Limits(cost=pd.Series(cost, index=names)), np.ones(len(covers), dtype=bool)
    if seed % 2:
        limits, keeps = (
            replace(limits, fixed={names[3]}, forbidden={names[5]}),
            (covers[:, 3] == 1) & (covers[:, 5] == 0),
        )
    if seed % 5 == 1:
        limits, keeps = replace(limits, n_sites=5), keeps & (covers.sum(axis=1) <= 5)
    if seed % 5 == 2:
        limits, keeps = replace(limits, excluded=(frozenset(names[:2]),)), keeps & (covers[:, :2].sum(axis=1) < 2)
    if seed % 5 == 3:
        limits, keeps = replace(limits, budget=7.0), keeps & (covers @ cost <= 7.0 + 1e-9)
    reached = set(pairs["group_id"][~pairs["site_id"].isin(list(limits.forbidden))])
    best = (covers @ cost)[keeps].min() if keeps.any() and len(reached) == 20 else None
    return pd.Series(1, index=range(20)), pairs, limits, best


@pytest.mark.parametrize("start", range(0, 150, 50))
def test_the_tree_equals_enumeration(start, monkeypatch):
    monkeypatch.setattr(setcover, "_LARGE", 0)
    runs = []
    monkeypatch.setattr(cover_tree._Search, "run", lambda self, run=cover_tree._Search.run: runs.append(run(self)))
    for seed in range(start, start + 50):
        weights, pairs, limits, best = small_questions(seed)
        answer = set_covering(weights, pairs, limits)
        if best is None:
            assert answer.status == "infeasible", seed
            continue
        assert answer.status == "optimal", seed
        assert answer.objective == pytest.approx(best, abs=1e-9), seed
        assert best - 1e-6 < answer.bound <= best + 1e-9, seed
    assert len(runs) > 20


@pytest.mark.parametrize("seed", range(8))
def test_whether_a_number_is_enough_is_answered_and_no_more(seed, monkeypatch):
    monkeypatch.setattr(setcover, "_is_large", lambda *_: True)
    cover, covers = rings(seed, 14, 40)
    none, best = np.zeros(14, dtype=bool), int(covers.sum(axis=1).min())
    sites = Sites(np.arange(14).astype(object), np.ones(14), none, ~none, None, None, (), ())
    case = Case(cover, np.ones(40, dtype=np.int64), sites)
    for most in (best - 1, best, best + 2):
        chosen, bound, is_infeasible = setcover.cheapest_cover(case, Watch(60.0), cover_tree.Aim(most))
        assert (len(chosen) <= most) == (most >= best)
        assert (cover[chosen].sum(axis=0) > 0).all()
        assert bound == best if most < best else bound <= best
        assert not is_infeasible
    for n in (0, 1):
        chosen, bound, _ = setcover.cheapest_cover(case, Watch(60.0), cover_tree.Aim(best - 1, n))
        assert len(chosen) >= best >= bound > best - 3


class TestTree:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_equals_the_solver_alone(self, seed, monkeypatch):
        weights, covers = country(seed, 120, 0.15)
        cost = pd.Series(np.random.RandomState(seed).randint(2, 6, 120), index=[f"s{i:03}" for i in range(120)])
        for limits in (Limits(), Limits(cost=cost)):
            answer = set_covering(weights, covers, limits)
            monkeypatch.setattr(setcover, "_is_large", lambda *_: False)
            plain = set_covering(weights, covers, limits)
            monkeypatch.undo()
            assert (answer.status, answer.objective, answer.bound) == (plain.status, plain.objective, plain.bound)

    def test_stopped_in_the_tree_it_keeps_a_true_bound(self, monkeypatch):
        # Without cuts there is something left to branch on.
        monkeypatch.setattr(cover_tree, "SIZES", ())
        weights, covers = country(6)
        whole = set_covering(weights, covers)
        assert whole.status == "optimal"

        def press(progress):
            if progress.stage == "branch":
                raise KeyboardInterrupt

        answer = set_covering(weights, covers, progress=press)
        assert answer.status == "interrupted"
        assert 0 < answer.bound <= whole.objective <= answer.objective
        assert answer.bound < answer.objective
        assert set(covers["group_id"][covers["site_id"].isin(answer.chosen)]) == set(weights.index)

    def test_no_time_keeps_a_true_bound(self):
        weights, covers = country(5)
        answer = set_covering(weights, covers, time_limit_s=1e-9)
        assert answer.status == "time_limit"
        assert answer.bound < answer.objective

    def test_what_the_solver_cannot_say_is_left_to_the_general_one(self, monkeypatch):
        monkeypatch.setattr(Relaxation, "solve", lambda _self: "stopped")
        weights, covers = country(5, 120, 0.15)
        answer = set_covering(weights, covers)
        monkeypatch.undo()
        assert (answer.status, answer.objective) == ("optimal", set_covering(weights, covers).objective)


def case_of(seed):
    weights, covers = country(seed)
    return covering_case(weights, covers, Limits(fixed={"s003"}, forbidden={"s005"} if seed % 2 else ()))[0]


class TestLoops:
    @pytest.mark.parametrize("seed", range(2))
    def test_the_search_finds_a_cover_no_dearer_than_the_greedy_one_and_always_the_same(self, seed):
        case = case_of(2 * seed)
        greedy = setcover.greedy_cover(case)
        found = [cover_tree.cheaper_cover(case, greedy, 1) for _ in range(2)]
        assert found[0].tolist() == found[1].tolist()
        assert (case.cover[found[0]].sum(axis=0) > 0).all()
        assert case.sites.cost[found[0]].sum() <= case.sites.cost[greedy].sum()
        assert case.sites.allow(found[0])

    def test_the_search_leaves_a_corner_of_the_greedy_choice(self):
        # The greedy choice takes the large middle and then both ends; the ends alone do.
        cover = csr_array(np.array([[0, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]]))
        lines, by_row = kernels.arrays(cover), kernels.arrays(cover.T.tocsr())
        best, none = np.ones(3, dtype=bool), np.zeros(3, dtype=bool)
        cover_kernels.weighted_search(lines, by_row, np.ones(3), none, best, 50, 0.0)
        assert best.tolist() == [False, True, True]

    @pytest.mark.parametrize("seed", range(4))
    def test_compiled_and_plain_leave_the_same_question(self, seed, monkeypatch):
        case = case_of(seed)
        may = np.flatnonzero(case.sites.upper)
        kept, small = setcover._small(case, may)
        greedy = setcover.greedy_cover(small)
        for module in (setcover, reduce):
            monkeypatch.setattr(module, "is_worth_compiling", lambda _n: False)
        plain_kept, plain = setcover._small(case, may)
        assert kept.tolist() == plain_kept.tolist()
        assert small.cover.toarray().tolist() == plain.cover.toarray().tolist()
        assert setcover.greedy_cover(small).tolist() == greedy.tolist()


def test_sites_that_alone_cover_a_row_are_decided():
    cover = csr_array(np.array([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1]]))
    none = np.zeros(4, dtype=bool)
    sites = Sites(np.array(list("abcd"), dtype=object), np.ones(4), none, ~none, None, None, (), ())
    case = setcover._settled(Case(cover, np.arange(1, 6), sites))
    assert case.sites.lower.tolist() == [True, False, False, False]
    assert case.cover.toarray().tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 1], [0, 1, 1]]
    assert case.weight.tolist() == [3, 4, 5]


def test_a_question_that_is_decided_at_once_asks_no_solver(monkeypatch):
    monkeypatch.setattr(Program, "pass_to", None)
    covers = pd.DataFrame({"site_id": list("aabbc"), "group_id": list("xyyzy")})
    answer = set_covering(pd.Series(1, index=list("xyz")), covers)
    assert (answer.status, answer.chosen, answer.bound) == ("optimal", ("a", "b"), 2.0)


def test_trial_branches_leave_the_relaxation_as_it_was():
    case = case_of(0)
    program = Program()
    x = site_columns(program, case.sites, cost=case.sites.cost)
    program.rows([(x, case.cover.T)], lower=1.0)
    relaxation = Relaxation(program, Watch(60.0))
    relaxation.solve()
    before, held = relaxation.value, relaxation.values.copy()
    site = int(np.argmin(np.abs(held - 0.5)))
    low, high = relaxation.tried(site, steps=10_000)
    assert min(low, high) >= before - 1e-7
    assert relaxation.solve() == "solved"
    assert relaxation.value == pytest.approx(before)
    relaxation.stop_beyond(before - 0.5)
    assert relaxation.tried(site, steps=10_000) == (np.inf, np.inf)
