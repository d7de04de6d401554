"""Choices beside the best plan: against enumeration, on the cases of `tests/test_phasing.py`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.test_phasing import added_in_town, case, every_choice, worth
from xsgeo import phasing
from xsgeo.errors import PlanError
from xsgeo.phasing import Terms
from xsgeo.phasing.narrowing import narrowed


def question(seed, budgets=(8.0, 8.0), **more):
    actions, weights, towns, covers, _ = case(seed)
    workers = {t: float(weights[towns == t].sum()) + 5 for t in ("T1", "T2") if (towns == t).any()}
    terms = Terms(budgets=budgets, **more)
    task = phasing.task(weights, towns, actions, covers, terms=terms, workers=workers, served_today={"T1": 2.0})
    return task, actions, weights, towns, covers, workers


@pytest.mark.parametrize("seed", range(25))
def test_alternatives_are_the_next_best_and_none_holds_another(seed):
    task, actions, weights, _, covers, _ = question(seed)
    best = phasing.solve(task)
    plans = phasing.alternatives(task, best, most=4, within=0.2)
    sets = [frozenset(p.actions.index) for p in plans]
    assert len(set(sets)) == len(sets)
    for n, other in enumerate(sets):
        assert not any(before <= other for before in sets[:n])
    assert [p.objective for p in plans] == sorted((p.objective for p in plans), reverse=True)
    worths = {}
    choices = every_choice(actions, task.terms)
    for years, value in zip(choices, worth(actions, weights, covers, choices, task.terms), strict=True):
        chosen = frozenset(actions.index[years > 0])
        worths[chosen] = max(worths.get(chosen, 0.0), value)
    for n in range(1, len(plans)):
        left = [w for chosen, w in worths.items() if not any(before <= chosen for before in sets[:n])]
        assert plans[n].objective == pytest.approx(max(left))


def test_what_plans_share_is_counted():
    task, *_ = question(4)
    plans = phasing.alternatives(task, phasing.solve(task), most=3, within=0.5)
    table = phasing.in_common(plans)
    for n, plan in enumerate(plans, 1):
        assert table[f"plan_{n}"][table[f"plan_{n}"] > 0].to_dict() == plan.actions["year"].to_dict()
    assert table["n_plans"].max() <= len(plans)


@pytest.mark.parametrize("seed", range(25))
def test_the_worst_off_town_comes_first(seed):
    task, actions, weights, towns, covers, workers = question(seed)

    choices = every_choice(actions, task.terms)
    shares = [
        ((2.0 if t == "T1" else 0.0) + added_in_town(actions, weights, towns, covers, choices, town=t)) / n
        for t, n in workers.items()
    ]
    least = np.min(shares, axis=0)
    best = least.max()
    found = phasing.worst_off_first(task)
    assert phasing.town_shares(task, found).min() == pytest.approx(best, abs=1e-5)
    among = worth(actions, weights, covers, choices[least >= best - 1e-9], task.terms).max()
    assert found.objective == pytest.approx(among, rel=1e-5)


def test_the_worst_off_town_must_be_known():
    actions, weights, towns, covers, _ = case(2)
    task = phasing.task(weights, towns, actions, covers, terms=Terms(budgets=(5.0,)))
    with pytest.raises(PlanError, match="workers by town"):
        phasing.worst_off_first(task)


@pytest.mark.parametrize("seed", range(4))
def test_more_money_moves_along_the_curve(seed):
    task, *_ = question(seed)
    curve = phasing.money(task, scales=(0.0, 0.5, 1.0, 2.0))
    assert curve["budget"].tolist() == [0.0, 8.0, 16.0, 32.0]
    assert curve["n_workers_most"].iloc[0] <= curve["n_workers_most"].iloc[-1]
    assert curve["share_worst_worst"].is_monotonic_increasing
    assert (curve["share_worst_worst"] >= curve["share_worst_most"] - 1e-5).all()


@pytest.mark.parametrize("seed", range(5))
def test_each_point_of_the_curve_is_what_it_would_be_alone(seed):
    task, *_ = question(seed, floors={"T1": 0.1})
    curve = phasing.money(task, scales=(0.5, 2.0, 1.0))
    assert curve.index.tolist() == [0.5, 2.0, 1.0]
    assert (curve[["gap_most", "gap_worst"]] < 1e-6).all(axis=None)
    for scale, row in curve.iterrows():
        alone = replace(task, terms=Terms(budgets=tuple(b * scale for b in task.terms.budgets)))
        most, worst = phasing.solve(alone), phasing.worst_off_first(alone)
        assert row["share_worst_worst"] == pytest.approx(phasing.town_shares(alone, worst).min(), abs=1e-5)
        # Nobody is lost again without closings, so those served at the end bound what the years are worth.
        assert row["n_workers_most"] * 1.95 >= most.objective - 1e-6
        assert row["n_workers_worst"] * 1.95 >= worst.objective - 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_fewer_actions_and_joined_rows_are_worth_the_same(seed):
    task, *_ = question(seed)
    random = np.random.RandomState(seed)
    for asked in (task, replace(task, workers={})):
        kept = np.flatnonzero(random.rand(len(task.actions)) < 0.6)
        small = narrowed(asked, kept)
        assert small.actions.index.equals(task.actions.index[kept])
        for years in random.randint(0, 3, (10, len(kept))):
            among = np.zeros(len(task.actions), dtype=np.intp)
            among[kept] = years
            here, there = phasing.counted(small, years.astype(np.intp)), phasing.counted(task, among)
            assert here.objective == pytest.approx(there.objective)
            assert here.served_from.equals(there.served_from)
            if asked.workers:
                pd.testing.assert_series_equal(phasing.town_shares(small, here), phasing.town_shares(task, there))


@pytest.mark.parametrize("seed", range(5))
def test_a_robust_plan_is_proven_in_three_states_and_its_bound_is_none_too_high(seed):
    actions, weights, towns, covers, random = case(seed, n_sites=3, n_groups=9)
    terms = Terms(budgets=(7.0, 7.0), most_actions=3, must_not=frozenset({"s2"}))
    states = {
        n: covers[random.rand(len(covers)) < share] for n, share in (("as_is", 1.0), ("gale", 0.7), ("june", 0.5))
    }
    tasks = {n: phasing.task(weights, towns, actions, c, terms=terms) for n, c in states.items()}
    _, regret = phasing.robust(tasks)
    choices = every_choice(actions, terms)
    values = {n: worth(actions, weights, c, choices, terms) for n, c in states.items()}
    least = np.max([v.max() - v for v in values.values()], axis=0).min()
    assert regret.loc["robust"].max() == pytest.approx(least, abs=1e-3)
    assert least - 1e-3 <= regret.attrs["least"] <= least + 1e-6


@pytest.mark.parametrize("seed", range(20))
def test_the_robust_plan_has_the_least_regret_of_every_choice(seed):
    actions, weights, towns, covers, random = case(seed)
    terms = Terms(budgets=(7.0, 7.0))
    keep = random.rand(len(covers)) < 0.5
    states = {"as_is": covers, "gale": covers[keep]}
    tasks = {n: phasing.task(weights, towns, actions, c, terms=terms) for n, c in states.items()}
    plan, regret = phasing.robust(tasks)
    choices = every_choice(actions, terms)
    values = {n: worth(actions, weights, c, choices, terms) for n, c in states.items()}
    least = np.max([v.max() - v for v in values.values()], axis=0).min()
    assert regret.loc["robust"].max() == pytest.approx(least, abs=1e-3)
    assert regret.attrs["least"] <= least + 1e-6
    for name in states:
        assert regret.loc[name, name] == pytest.approx(0, abs=1e-6)
    assert set(plan.actions.index) <= set(actions.index)


def test_states_must_have_the_same_actions():
    actions, weights, towns, covers, _ = case(2)
    terms = Terms(budgets=(5.0,))
    one = phasing.task(weights, towns, actions, covers, terms=terms)
    other = phasing.task(weights, towns, actions.iloc[1:], covers, terms=terms)
    with pytest.raises(PlanError, match="same actions"):
        phasing.robust({"as_is": one, "gale": other})


@pytest.mark.parametrize("seed", range(25))
def test_other_ways_keep_to_the_money_and_interchange_ends_where_no_exchange_helps(seed):
    task, actions, weights, _, covers, _ = question(seed)
    task.actions["lon"], task.actions["lat"] = 121.9 + np.arange(len(task.actions)) / 1000, 29.2
    gaps = pd.DataFrame({"lon": [121.9, 121.95], "lat": [29.2, 29.2]})
    exact = phasing.solve(task)
    plans = phasing.ways(task, exact, gaps)
    assert list(plans) == ["clusters", "greedy", "swapped", "exact"]
    for plan in plans.values():
        assert (plan.by_year["spent"] <= plan.by_year["budget"] + 1e-6).all()
        assert plan.objective <= exact.objective + 1e-6
    assert plans["swapped"].objective >= plans["greedy"].objective - 1e-9
    years = plans["swapped"].actions["year"].reindex(task.actions.index).fillna(0).to_numpy(int)
    here = worth(actions, weights, covers, years, task.terms)
    for other in every_choice(actions, task.terms):
        changed = np.flatnonzero(other != years)
        is_exchange = len(changed) == 1 and years[changed[0]] == 0
        if len(changed) == 2:
            is_exchange = sorted(((years[c] > 0), (other[c] > 0)) for c in changed) == [(False, True), (True, False)]
        if is_exchange:
            assert worth(actions, weights, covers, other, task.terms) <= here + 1e-6
