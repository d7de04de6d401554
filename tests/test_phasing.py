"""The phased plan against enumeration of every choice, and what it says when nothing fits."""

from __future__ import annotations

import importlib
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from xsgeo import phasing
from xsgeo.candidates import ACTIONS
from xsgeo.errors import PlanError
from xsgeo.phasing import InfeasibleError, Seats, Terms
from xsgeo.phasing.lessons import all_rooms, most_workers
from xsgeo.phasing.rooms import rooms_of
from xsgeo.phasing.seated import relax
from xsgeo.settings import CostRules
from xsgeo.siting.watch import Watch


def case(seed, *, n_sites=3, n_groups=7):
    random = np.random.RandomState(seed)
    ids = [f"s{s}|{p}" for s in range(n_sites) for p in ("day", "eve")][: n_sites * 2 - seed % 2]
    actions = pd.DataFrame(
        {
            "site_id": [i.split("|")[0] for i in ids],
            "action": "open_longer",
            "pattern": [i.split("|")[1] for i in ids],
            "cost_once": random.randint(0, 9, len(ids)).astype(float),
            "cost_per_year": random.randint(0, 4, len(ids)).astype(float),
            "capacity": np.where(random.rand(len(ids)) < 0.7, random.randint(1, 5, len(ids)), np.nan),
            "town_id": random.choice(["T1", "T2"], len(ids)),
            "owner_system": random.choice(["union", "party"], len(ids)),
        },
        index=pd.Index(ids, name="action_id"),
    )
    groups = [f"g{n}" for n in range(n_groups)]
    weights = pd.Series(random.randint(1, 40, n_groups), index=groups)
    towns = pd.Series(random.choice(["T1", "T2"], n_groups), index=groups)
    pairs = [(a, g) for a in ids for g in groups if random.rand() < 0.4]
    covers = pd.DataFrame(pairs, columns=["action_id", "group_id"])
    return actions, weights, towns, covers, random


def every_choice(actions, terms):
    """Every way to give actions years that keeps to sites, budgets and limits, one a row."""
    n_years, sites = len(terms.budgets), actions["site_id"].to_numpy()
    years = np.array(list(itertools.product(range(n_years + 1), repeat=len(actions))))
    taken = years > 0
    fits = np.ones(len(years), dtype=bool)
    for site in set(sites):
        n = taken[:, sites == site].sum(axis=1)
        fits &= (n <= 1) & ((n >= 1) | (site not in terms.must)) & ((n == 0) | (site not in terms.must_not))
    if terms.most_actions is not None:
        fits &= taken.sum(axis=1) <= terms.most_actions
    for column, mosts in terms.most_by.items():
        for value, most in mosts.items():
            fits &= taken[:, (actions[column] == value).to_numpy()].sum(axis=1) <= most
    once, yearly = actions["cost_once"].to_numpy(), actions["cost_per_year"].to_numpy()
    at = range(1, n_years + 1)
    spent = np.column_stack([(years == t) @ once + (taken & (years <= t)) @ yearly for t in at])
    budget = np.array(terms.budgets, dtype=float)
    if terms.carries:
        spent, budget = spent.cumsum(axis=1), budget.cumsum()
    return years[fits & (spent <= budget + 1e-9).all(axis=1)]


def served(actions, weights, covers, years, year):
    """Whether each group is served by then; of one choice, or of one a row."""
    matrix = np.zeros((len(actions), len(weights)), dtype=int)
    matrix[actions.index.get_indexer(covers["action_id"]), weights.index.get_indexer(covers["group_id"])] = 1
    return ((years > 0) & (years <= year)).astype(int) @ matrix > 0


def worth(actions, weights, covers, years, terms):
    people = weights.to_numpy(float)
    at = range(len(terms.budgets))
    return sum(terms.discount**t * (served(actions, weights, covers, years, t + 1) @ people) for t in at)


def added_in_town(actions, weights, towns, covers, years, *, town):
    """Workers of a town that the choices serve at the end of two years."""
    return served(actions, weights, covers, years, 2) @ np.where(towns == town, weights, 0.0)


@pytest.mark.parametrize("seed", range(120))
def test_it_is_the_best_of_every_choice(seed):
    actions, weights, towns, covers, random = case(seed)
    kind = seed % 4
    terms = Terms(
        budgets=tuple(random.randint(2, 14, 2).astype(float)),
        discount=0.9,
        carries=kind == 1,
        most_actions=2 if kind == 2 else None,
        most_by={"owner_system": {"union": 1}} if kind == 3 else {},
    )
    choices = every_choice(actions, terms)
    best = worth(actions, weights, covers, choices, terms).max()
    found = phasing.solve(phasing.task(weights, towns, actions, covers, terms=terms))
    assert found.status == "optimal"
    assert found.objective == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    years = actions.index.map(found.actions["year"].to_dict()).fillna(0).to_numpy(int)
    assert (years == choices).all(axis=1).any()
    assert worth(actions, weights, covers, years, terms) == pytest.approx(best)
    assert found.by_year["n_workers_added"].iloc[-1] == found.actions["n_workers_added"].sum()


@pytest.mark.parametrize("seed", range(24))
def test_sites_asked_for_are_taken_and_those_excluded_are_not(seed):
    actions, weights, towns, covers, _ = case(seed)
    terms = Terms(budgets=(9.0, 7.0), must=frozenset({"s0"}), must_not=frozenset({"s1"} if seed % 2 else ()))
    task = phasing.task(weights, towns, actions, covers, terms=terms)
    choices = every_choice(actions, terms)
    if not len(choices):
        with pytest.raises(InfeasibleError):
            phasing.solve(task)
        return
    found = phasing.solve(task)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(worth(actions, weights, covers, choices, terms).max())
    assert "s0" in set(found.actions["site_id"])


@pytest.mark.parametrize("seed", range(16))
def test_however_little_is_looked_at_first_the_proof_is_the_same(seed, monkeypatch):
    actions, weights, towns, covers, _ = case(seed, n_sites=4, n_groups=14)
    terms = Terms(budgets=(9.0, 9.0))
    task = phasing.task(weights, towns, actions, covers, terms=terms)
    best = worth(actions, weights, covers, every_choice(actions, terms), terms).max()
    for share in (0.0, 0.1, 1.0):
        # The package names its function as the module is named, so the module is asked for by name.
        monkeypatch.setattr(importlib.import_module("xsgeo.phasing.solve"), "_SHARE", share)
        found = phasing.solve(task)
        assert found.status == "optimal"
        assert found.objective == pytest.approx(best)


@pytest.mark.parametrize("seed", range(40))
def test_among_equals_it_is_the_cheapest(seed):
    actions, weights, towns, covers, _ = case(seed)
    terms = Terms(budgets=(9.0, 9.0), discount=1.0)
    task = phasing.task(weights, towns, actions, covers, terms=terms)
    found = phasing.solve(task)
    choices = every_choice(actions, terms)
    values = worth(actions, weights, covers, choices, terms)
    left = np.where(choices > 0, 3 - choices, 0)
    costs = (choices > 0) @ actions["cost_once"].to_numpy() + left @ actions["cost_per_year"].to_numpy()
    assert found.by_year["spent"].sum() == pytest.approx(costs[values >= values.max() - 1e-6].min())


@pytest.mark.parametrize("seed", range(60))
def test_floors_are_kept_or_the_lack_is_told(seed):
    actions, weights, towns, covers, random = case(seed)
    workers = {t: float(weights[towns == t].sum()) + 10 for t in ("T1", "T2")}
    terms = Terms(budgets=(8.0, 8.0), floors={t: float(random.choice([0.2, 0.5, 0.8])) for t in ("T1", "T2")})
    task = phasing.task(weights, towns, actions, covers, terms=terms, workers=workers)
    choices = every_choice(actions, terms)
    short = np.zeros(len(choices))
    for town, floor in terms.floors.items():
        added = added_in_town(actions, weights, towns, covers, choices, town=town)
        short += np.maximum(0.0, floor * workers[town] - added)
    if (short <= 1e-9).any():
        best = worth(actions, weights, covers, choices[short <= 1e-9], terms).max()
        assert phasing.solve(task).objective == pytest.approx(best)
        return
    with pytest.raises(InfeasibleError) as caught:
        phasing.solve(task)
    lacks = caught.value.lacks
    assert lacks.loc[lacks["family"] == "floors", "lacking"].sum() == pytest.approx(short.min(), abs=1e-4)


def test_what_presolve_alone_calls_infeasible_is_asked_again(monkeypatch):
    actions, weights, towns, covers, random = case(24)
    workers = {t: float(weights[towns == t].sum()) + 10 for t in ("T1", "T2")}
    terms = Terms(budgets=(8.0, 8.0), floors={t: float(random.choice([0.2, 0.5, 0.8])) for t in ("T1", "T2")})
    task = phasing.task(weights, towns, actions, covers, terms=terms, workers=workers)
    found = phasing.solve(task)
    monkeypatch.setattr("xsgeo.phasing.program.TOLERANCE", 1e-6)
    assert phasing.solve(task).objective == pytest.approx(found.objective)


def seated(actions, weights, covers, years, terms, *, seats):
    """Workers seated by year, by a linear program written from the definition, half hour by half hour."""
    total = 0.0
    for t in range(len(terms.budgets)):
        done = [a for a in range(len(actions)) if 0 < years[a] <= t + 1]
        pairs = [
            (g, a) for a in done for g in range(len(weights))
            if ((covers["action_id"] == actions.index[a]) & (covers["group_id"] == weights.index[g])).any()
        ]  # fmt: skip
        if not pairs:
            continue
        rows, limits = [], []
        for g in range(len(weights)):
            rows.append([float(p[0] == g) for p in pairs])
            limits.append(float(weights.iloc[g]))
        for a in done:
            for h in np.flatnonzero(np.isfinite(seats.left[a]) & (seats.left[a] > 0)):
                rows.append([seats.peak_share * float(p[1] == a and seats.free[p[0], h]) for p in pairs])
                limits.append(seats.left[a, h])
        answer = linprog(-np.ones(len(pairs)), A_ub=np.array(rows), b_ub=limits, bounds=(0, None))
        total += terms.discount**t * -answer.fun
    return total


def some_seats(actions, random):
    """Seats of five groups' rooms, in eight half hours of one evening."""
    free = np.zeros((5, 336), dtype=bool)
    free[:, 36:44] = random.rand(5, 8) < 0.6
    left = np.zeros((len(actions), 336))
    left[:, 36:44] = random.randint(1, 5, (len(actions), 8)) * (random.rand(len(actions), 8) < 0.8)
    left[actions["capacity"].isna().to_numpy()] = np.inf
    return Seats(free, left, peak_share=0.1)


@pytest.mark.parametrize("seed", range(12))
def test_seats_are_counted_in_every_half_hour(seed):
    actions, weights, towns, covers, random = case(seed, n_sites=2, n_groups=5)
    seats, terms = some_seats(actions, random), Terms(budgets=(9.0, 6.0), discount=0.9)
    best = max(seated(actions, weights, covers, y, terms, seats=seats) for y in every_choice(actions, terms))
    found = phasing.solve(phasing.task(weights, towns, actions, covers, terms=terms, seats=seats))
    assert found.objective == pytest.approx(best, rel=1e-5, abs=1e-4)
    assert found.bound >= best - 1e-4
    roomy = phasing.solve(phasing.task(weights, towns, actions, covers, terms=terms))
    assert found.objective <= roomy.objective + 1e-6
    assert found.status == "optimal"
    years = actions.index.map(found.actions["year"].to_dict()).fillna(0).to_numpy(int)
    assert seated(actions, weights, covers, years, terms, seats=seats) == pytest.approx(best, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_a_cut_holds_whatever_was_paid_and_meets_the_count_where_it_was_learned(seed):
    actions, weights, towns, covers, random = case(seed, n_sites=2, n_groups=5)
    seats = some_seats(actions, random)
    terms = Terms(budgets=(1.0,))
    task = phasing.task(weights, towns, actions, covers, terms=terms, seats=seats)
    rooms = rooms_of(task, task.states[0])
    every = np.array(list(itertools.product((0, 1), repeat=len(actions))))
    true = np.array([seated(actions, weights, covers, y, terms, seats=seats) for y in every])
    for opened, worth_there in zip(every, true, strict=True):
        cut = rooms.seat(opened.astype(float))
        assert cut.value == pytest.approx(worth_there, abs=1e-4)
        assert cut.prices.sum() + cut.earned @ opened == pytest.approx(worth_there, abs=1e-4)
        assert (cut.prices.sum() + every @ cut.earned >= true - 1e-6).all()
    prices = random.rand(len(task.weight)) * task.weight
    for rent in (None, random.rand(len(rooms.seats))):
        assert (prices.sum() + every @ rooms.earn(prices, rent) >= true - 1e-6).all()


@pytest.mark.parametrize("seed", range(3))
def test_with_seats_no_plan_passes_the_bound_however_early_the_search_ends(seed):
    actions, weights, towns, covers, random = case(seed, n_sites=2, n_groups=5)
    seats, terms = some_seats(actions, random), Terms(budgets=(9.0, 6.0), discount=0.9)
    task = phasing.task(weights, towns, actions, covers, terms=terms, seats=seats)
    best = max(seated(actions, weights, covers, y, terms, seats=seats) for y in every_choice(actions, terms))
    assert relax(all_rooms(task), most_workers(task), None, watch=Watch(60.0)).top >= best - 1e-6
    for stop_at in range(1, 5):
        heard = []

        def stop(news, heard=heard, stop_at=stop_at):
            heard.append(news)
            if len(heard) >= stop_at:
                raise KeyboardInterrupt

        cut = phasing.solve(task, progress=stop)
        assert cut.bound >= best - 1e-6
        assert cut.objective <= best + 1e-4
        assert cut.status in {"interrupted", "optimal"}


@pytest.mark.parametrize("seed", range(4))
def test_with_seats_floors_limits_and_other_plans_are_the_best_of_every_choice(seed):
    actions, weights, towns, covers, random = case(seed, n_sites=2, n_groups=5)
    seats = some_seats(actions, random)
    terms = Terms(budgets=(9.0, 6.0), discount=0.9, most_actions=1 if seed % 2 else None)
    task = phasing.task(weights, towns, actions, covers, terms=terms, seats=seats)
    choices = every_choice(actions, terms)
    worths = np.array([seated(actions, weights, covers, y, terms, seats=seats) for y in choices])
    found = phasing.solve(task)
    assert found.objective == pytest.approx(worths.max(), rel=1e-5, abs=1e-4)
    taken = set(found.actions.index)
    left = np.array([not taken <= set(actions.index[y > 0]) for y in choices])
    if taken and left.any():
        other = phasing.solve(task, exclude=(frozenset(taken),))
        assert other.objective == pytest.approx(worths[left].max(), rel=1e-5, abs=1e-4)
    workers = {t: float(weights[towns == t].sum()) for t in sorted(set(towns))}
    reached = phasing.town_shares(replace(task, workers=workers), found)
    floored = phasing.task(
        weights, towns, actions, covers, seats=seats, workers=workers,
        terms=replace(terms, floors={t: max(0.0, s - 1e-6) for t, s in reached.items()}),
    )  # fmt: skip
    again = phasing.solve(floored)
    assert again.objective == pytest.approx(worths.max(), rel=1e-5, abs=1e-4)
    assert again.bound >= worths.max() - 1e-4


@pytest.mark.parametrize("seed", range(15))
def test_more_money_never_serves_fewer_and_greedy_never_more(seed):
    actions, weights, towns, covers, _ = case(seed)
    last = 0.0
    for budget in (0.0, 3.0, 6.0, 12.0, 30.0):
        task = phasing.task(weights, towns, actions, covers, terms=Terms(budgets=(budget, budget)))
        found = phasing.solve(task)
        assert found.objective >= last - 1e-6
        last = found.objective
        by_hand = phasing.greedy(task)
        assert worth(actions, weights, covers, by_hand, task.terms) <= found.objective + 1e-6
        assert (phasing.spending(task, by_hand) <= budget + 1e-6).all()


def test_ctrl_c_hands_over_the_best_so_far_with_its_bound():
    actions, weights, towns, covers, _ = case(3, n_sites=5, n_groups=12)
    task = phasing.task(weights, towns, actions, covers, terms=Terms(budgets=(9.0, 9.0)))
    best = phasing.solve(task)
    heard = []

    def stop(news):
        heard.append(news)
        raise KeyboardInterrupt

    cut = phasing.solve(task, progress=stop)
    assert cut.status == "interrupted"
    assert heard[0].stage == "bound"
    assert cut.objective == pytest.approx(heard[0].objective)
    assert 0 < cut.objective <= best.objective <= cut.bound + 1e-6
    assert cut.gap > 0
    assert (cut.by_year["spent"] <= 9.0 + 1e-6).all()


def test_what_no_money_reaches_is_told_apart_from_what_is_short():
    actions, weights, towns, covers, _ = case(3)
    workers = {t: float(weights[towns == t].sum()) + 10 for t in ("T1", "T2")}
    terms = Terms(budgets=(0.0,), floors={"T1": 1.0, "T2": 0.01})
    with pytest.raises(InfeasibleError) as caught:
        phasing.solve(phasing.task(weights, towns, actions, covers, terms=terms, workers=workers))
    reached = float(weights[(towns == "T1") & weights.index.isin(covers["group_id"])].sum())
    assert caught.value.beyond.index.tolist() == ["T1"]
    assert caught.value.beyond.loc["T1", "n_short"] == pytest.approx(workers["T1"] - reached)
    assert caught.value.beyond.loc["T1", "n_nobody"] == pytest.approx(workers["T1"] - reached)


def test_the_order_of_rows_changes_nothing():
    actions, weights, towns, covers, random = case(3, n_sites=5, n_groups=12)
    terms = Terms(budgets=(9.0, 9.0))
    once = phasing.solve(phasing.task(weights, towns, actions, covers, terms=terms))
    for _ in range(5):
        a, w = random.permutation(len(actions)), random.permutation(len(weights))
        again = phasing.solve(
            phasing.task(weights.iloc[w], towns, actions.iloc[a], covers.sample(frac=1, random_state=1), terms=terms)
        )
        pd.testing.assert_frame_equal(again.actions, once.actions)
        pd.testing.assert_series_equal(again.served_from, once.served_from)


def test_a_site_that_must_be_taken_is_and_one_that_must_not_is_not():
    actions, weights, towns, covers, _ = case(5)
    terms = Terms(budgets=(20.0, 20.0), must=frozenset({"s1"}), must_not=frozenset({"s0"}))
    found = phasing.solve(phasing.task(weights, towns, actions, covers, terms=terms))
    assert "s1" in set(found.actions["site_id"])
    assert "s0" not in set(found.actions["site_id"])


def test_bad_questions_are_refused_with_the_row():
    actions, weights, towns, covers, _ = case(1)
    terms = Terms(budgets=(5.0,))
    for wrong, message in (
        ((weights, towns, pd.concat([actions, actions.iloc[:1]]), covers), "actions repeat the id 's0|day'"),
        ((weights, towns, actions.assign(cost_once=np.nan), covers), "'s0|day' has no cost_once"),
        ((-weights, towns, actions, covers), "group 'g0'"),
        ((weights.drop("g0"), towns, actions, pd.DataFrame({"action_id": ["s0|day"], "group_id": ["g0"]})), "'g0'"),
    ):
        with pytest.raises(PlanError, match=message.replace("|", r"\|")):
            phasing.task(*wrong, terms=terms)
    with pytest.raises(PlanError, match="no town with workers"):
        phasing.task(weights, towns, actions, covers, terms=Terms(budgets=(5.0,), floors={"T9": 0.5}))
    with pytest.raises(PlanError, match="no action is at it"):
        phasing.task(weights, towns, actions, covers, terms=Terms(budgets=(5.0,), must=frozenset({"s9"})))
    for budgets in ((), (-1.0,), (float("nan"),), (float("inf"),)):
        with pytest.raises(PlanError, match="budgets"):
            Terms(budgets=budgets)
    with pytest.raises(PlanError, match="floor"):
        Terms(budgets=(1.0,), floors={"T1": 60})


def candidates(**columns):
    base = {"action": list(ACTIONS), "town_id": "T1", "name": "", "lon": 121.9, "lat": 29.2}
    base |= {"open_hours": "周一至周五 8:00-19:30", "available_hours": ""} | columns
    return pd.DataFrame(base, index=pd.Index([f"{a}:x" for a in ACTIONS], name="site_id"))


def test_hours_that_are_kept_already_are_not_paid_again():
    actions = phasing.possible_actions(candidates(), costs=CostRules(), month=11)
    # 17:30-21:30 on five evenings, of which 17:30-19:30 is kept already: ten hours a week.
    assert actions.loc["open_longer:x|evenings", "cost_per_year"] == pytest.approx(10 * 52 * 25 / 10_000)
    assert actions.loc["rent:x|evenings", "cost_per_year"] == pytest.approx(10 * 52 * 25 / 10_000 + 3)


def test_a_room_is_opened_no_longer_than_it_can_be_had():
    sites = candidates(available_hours="周六 10:00-12:00", open_hours="")
    actions = phasing.possible_actions(sites, costs=CostRules(), month=11)
    assert "share:x|evenings" not in actions.index
    assert actions.loc["share:x|weekends", "cost_per_year"] == pytest.approx(2 * 52 * 25 / 10_000)


def test_one_action_equips_a_room_that_is_open_all_the_time():
    sites = candidates(open_hours="每天 0:00-24:00")
    actions = phasing.possible_actions(sites, costs=CostRules(), month=11)
    assert (actions["action"] == "equip").sum() == 1


def test_an_action_without_a_price_is_named():
    costs = CostRules(once={"open_longer": 1.0, "share": 1.0})
    with pytest.raises(PlanError, match=r"'build' \(site 'build:x'\).*'convert'.*'rent'"):
        phasing.possible_actions(candidates(), costs=costs, month=11)


def test_new_rooms_have_the_usual_seats_and_old_ones_what_the_ledger_says():
    sites = candidates(capacity=[12.0, np.nan, 9.0, np.nan, np.nan, 5.0])
    actions = phasing.possible_actions(sites, costs=CostRules(), month=11)
    seats = actions[actions["pattern"] == "evenings"]
    assert seats.set_index("action")["capacity"].to_dict() == {
        "build": 5.0, "convert": 60.0, "equip": 9.0, "open_longer": 12.0, "rent": 60.0,
        "share": pytest.approx(np.nan, nan_ok=True),
    }  # fmt: skip
