"""The bound of windows against looking at every choice of sites, and the answers found with it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import block_diag, csr_array

from tests.siting_cases import assert_answer, random_limits, small_case
from xsgeo.siting import Limits, maximal_covering
from xsgeo.siting.cover_case import reduced
from xsgeo.siting.frames import covering_case
from xsgeo.siting.lagrange import Dual
from xsgeo.siting.maximal import root_dual
from xsgeo.siting.swap import affordable
from xsgeo.siting.villages import shaken_villages, villages
from xsgeo.siting.watch import Watch
from xsgeo.siting.windows import UNIT, Prices, Search, Windows, closed_by

NONE = np.empty(0, dtype=np.intp)


def paid(prices, chosen):
    """What a choice of sites pays, in units."""
    times = prices.cover[np.flatnonzero(chosen)].sum(axis=0)
    overlaps = (np.maximum(times - 1, 0) * prices.twice).sum()
    return int(prices.hole[times == 0].sum() + overlaps + prices.dear[np.flatnonzero(chosen)].sum())


def some_prices(seed):
    random = np.random.RandomState(seed)
    n_sites, n_rows = random.randint(1, 10), random.randint(1, 15)
    cover = csr_array((random.rand(n_sites, n_rows) < 0.4).astype(np.int64))
    hole, twice = random.randint(0, 30, n_rows), random.randint(0, 30, n_rows)
    return Prices(cover, hole, twice, random.randint(0, 40, n_sites) * random.randint(0, 2, n_sites))


class TestSearch:
    def test_finds_the_cheapest_choice(self):
        for seed in range(30):
            prices = some_prices(seed)
            every = product([False, True], repeat=prices.cover.shape[0])
            least = min(paid(prices, np.array(chosen)) for chosen in every)
            for limit in (10_000, least + 1, least, max(least - 1, 0)):
                search = Search(prices, limit)
                assert search.run(100_000)
                assert search.limit == min(least, limit), (seed, limit)

    def test_finds_the_cheapest_choice_among_many_sites(self):
        # Beside the question 130 sites stand alone, each with a row too dear to be left out: they cost nothing.
        random, lone = np.random.RandomState(0), csr_array(np.eye(130, dtype=np.int64))
        for seed in range(100, 110):
            prices = some_prices(seed)
            every = product([False, True], repeat=prices.cover.shape[0])
            least = min(paid(prices, np.array(chosen)) for chosen in every)
            cover = csr_array(block_diag([prices.cover, lone]))
            hole = np.concatenate([prices.hole, np.full(130, 10_000)])
            twice, dear = (np.concatenate([price, np.zeros(130, dtype=int)]) for price in (prices.twice, prices.dear))
            order = random.permutation(cover.shape[0])
            for limit in (least, least + 1, 5_000):
                search = Search(Prices(cover[order], hole, twice, dear[order]), limit)
                assert search.run(100_000)
                assert search.limit == min(least, limit), (seed, limit)

    def test_may_be_stopped_and_run_on(self):
        prices = some_prices(36)
        whole, bit_by_bit = Search(prices, 10_000), Search(prices, 10_000)
        assert whole.run(100_000)
        turns = 1
        while not bit_by_bit.run(1):
            turns += 1
        assert turns > 3
        assert (bit_by_bit.limit, bit_by_bit.n_nodes) == (whole.limit, whole.n_nodes)


def village(seed, *, n_sites=70, n_groups=700, radius=0.16):
    """Sites and groups in one dense place."""
    random = np.random.RandomState(seed)
    sites, groups = 0.5 + 0.16 * random.randn(n_sites, 2), 0.5 + 0.16 * random.randn(n_groups, 2)
    site, group = np.nonzero(np.hypot(*(sites[:, None] - groups[None]).transpose(2, 0, 1)) < radius)
    names = np.array([f"s{i:03}" for i in range(n_sites)]), np.array([f"g{i:04}" for i in range(n_groups)])
    weights = pd.Series(random.randint(1, 40, n_groups), index=names[1])
    return weights, pd.DataFrame({"site_id": names[0][site], "group_id": names[1][group]})


def windows_of(weights, covers, limits, *, objective=0, steps=400):
    """The reduced question and its windows, and its charges after so many steps."""
    _, case = reduced(covering_case(weights, covers, limits)[0])
    watch = Watch(60.0)
    dual = root_dual(case, None, watch, target=0.0, steps=steps)
    fixed = np.flatnonzero(case.sites.lower)
    made = Windows(case.cover, case.weight, dual, fixed, objective=objective, n_open=4)
    made.run(watch, np.inf)
    return case, dual, made


class TestBound:
    @pytest.mark.parametrize("kind", [0, 1])
    def test_is_never_below_the_best_plan(self, kind):
        n_below = 0
        for seed in range(60):
            small = small_case(seed)
            limits, keeps = random_limits(small, kind)
            limits = Limits(limits.n_sites, limits.budget, limits.cost, fixed=small.sites[:1] if seed % 3 == 0 else ())
            keeps &= small.sets[:, 0] | (seed % 3 > 0)
            if not keeps.any():
                continue
            _, dual, made = windows_of(small.weights, small.covers, limits, steps=seed % 5)
            best = small.covered[keeps].max()
            assert made.bound >= best - 1e-6, seed
            n_below += made.bound < dual.bound - 0.5
        assert n_below > 0

    def test_no_better_plan_opens_a_closed_site(self):
        n_closed = 0
        for seed in range(80):
            small = small_case(seed)
            limits = Limits(n_sites=1 + seed % 3)
            _, case = reduced(covering_case(small.weights, small.covers, limits)[0])
            sets = np.array(list(product([False, True], repeat=len(case.sites))))
            sets = sets[sets.sum(axis=1) <= limits.n_sites]
            worth = ((sets.astype(int) @ case.cover.toarray()) > 0) @ case.weight
            objective = max(int(worth.max(initial=0)) - seed % 4, 0)
            _, _, made = windows_of(small.weights, small.covers, limits, objective=objective, steps=20)
            closed = closed_by(made)
            assert not sets[worth > objective][:, closed].any(), seed
            n_closed += int(closed.sum())
        assert n_closed > 20

    def test_lies_below_the_relaxed_program_in_a_village(self):
        weights, covers = village(3)
        best = maximal_covering(weights, covers, Limits(n_sites=4), method="highs", time_limit_s=60)
        _, dual, made = windows_of(weights, covers, Limits(n_sites=4), steps=1500)
        assert best.status == "optimal"
        assert best.objective <= made.bound < dual.bound - 0.25 * (dual.bound - best.objective)
        for window in made.windows:
            assert window.is_exact
        assert made.paid == sum(window.proven for window in made.windows) * UNIT


class TestAnswer:
    def test_equals_enumeration(self):
        for seed in range(80):
            case = small_case(seed)
            limits, keeps = random_limits(case, seed % 4)
            answer = maximal_covering(case.weights, case.covers, limits, method="windows")
            assert_answer(answer, case.covered[keeps].max() if keeps.any() else None, seed)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_equals_the_solver_in_a_village(self, seed):
        weights, covers = village(seed)
        answers = [
            maximal_covering(weights, covers, Limits(n_sites=4), method=method, time_limit_s=60)
            for method in ("windows", "highs")
        ]
        assert answers[0].objective == answers[1].objective
        assert {answer.status for answer in answers} == {"optimal"}

    def test_ctrl_c_keeps_bound_and_plan(self):
        weights, covers = village(3)
        told = []

        def press(progress):
            told.append(progress)
            if progress.stage == "windows":
                raise KeyboardInterrupt

        limits = Limits(n_sites=4)
        answer = maximal_covering(weights, covers, limits, method="windows", time_limit_s=60, progress=press)
        assert told[-1].stage == "windows"
        assert answer.status == "interrupted"
        assert answer.bound > answer.objective >= told[-1].objective > 0
        assert answer.method == "windows"


class TestVillages:
    def test_sites_belong_where_they_share_most(self):
        cover = csr_array(np.array([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 1, 1], [0, 0, 0, 0, 1]]))
        dual = Dual(0.0, np.zeros(5), np.array([1.0, 0, 1.0, 0]), np.zeros(4), np.zeros(4))
        weight = np.array([1, 5, 2, 1, 1])
        assert villages(cover, weight, dual, NONE).tolist() == [0, 0, 1, 1]

    def test_a_plan_is_bettered_and_fixed_sites_stay(self):
        weights, covers = village(7)
        limits = Limits(n_sites=5, fixed={"s003"})
        _, case = reduced(covering_case(weights, covers, limits)[0])
        dual = root_dual(case, None, Watch(60.0), steps=200)
        first = affordable(case.sites, np.arange(len(case.sites)))
        plan = shaken_villages(case.cover, case.weight, case.sites, first, dual=dual, watch=Watch(60.0))
        assert case.worth(plan) > case.worth(first)
        assert case.allows(plan)
        assert len(plan) == 5
