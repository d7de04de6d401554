"""Closing rooms: the plan against enumeration of every choice, on cases where hours add up over rooms."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xsgeo import phasing
from xsgeo.errors import PlanError
from xsgeo.phasing import Terms
from xsgeo.settings import CostRules

N_SLOTS = 336
ENOUGH = 4


class Case:
    """Three actions at two sites, two rooms that may be closed, seven groups with hours drawn at random."""

    def __init__(self, seed):
        random = np.random.RandomState(seed)
        self.groups = pd.Index([f"g{n}" for n in range(7)])
        ids = ["close:R0|closed", "close:R1|closed", "share:R0|day", "s1|day", "s1|eve"]
        sites = [i.split("|")[0] for i in ids]
        self.actions = pd.DataFrame(
            {
                "site_id": sites,
                "action": ["close", "close", "share", "build", "build"],
                "place": ["share:R0", "close:R1", "share:R0", "s1", "s1"],
                "cost_once": [float(random.randint(0, 2)), 0.0, *random.randint(0, 9, 3).astype(float)],
                "cost_per_year": [-float(random.randint(0, 5)), -2.0, *random.randint(0, 4, 3).astype(float)],
                "town_id": "T1",
                "owner_system": "union",
            },
            index=pd.Index(ids, name="action_id"),
        )
        self.weights = pd.Series(random.randint(1, 40, len(self.groups)), index=self.groups)
        self.towns = pd.Series(random.choice(["T1", "T2"], len(self.groups)), index=self.groups)

        def hours(share):
            week = np.zeros((len(self.groups), N_SLOTS), dtype=bool)
            week[:, :6] = random.rand(len(self.groups), 6) < share
            return week

        self.always = hours(0.25)
        self.rooms = {"close:R0|closed": hours(0.4), "close:R1|closed": hours(0.4)}
        self.adds = {a: hours(0.6) for a in ids if not a.startswith("close")}

    def usable(self, shut):
        week = self.always.copy()
        for name, hours in self.rooms.items():
            if name not in shut:
                week |= hours
        return week

    def served(self, done):
        """Served by the hours that are left, or by these with one action; from the definition."""
        left = self.usable(done)
        answer = left.sum(axis=1) >= ENOUGH
        for action in done & set(self.adds):
            answer |= (left | self.adds[action]).sum(axis=1) >= ENOUGH
        return answer

    def task(self, terms, **more):
        def serves(usable, asked):
            own = usable.sum(axis=1) >= ENOUGH
            pairs = [("", g) for g in self.groups[asked & own]]
            for action, adds in self.adds.items():
                enough = asked & ~own & ((usable | adds).sum(axis=1) >= ENOUGH)
                pairs += [(action, g) for g in self.groups[enough]]
            return pd.DataFrame(pairs, columns=["action_id", "group_id"])

        keeps, covers = phasing.closing_ways(self.groups, self.always, self.rooms, serves)
        today = self.usable(set()).sum(axis=1) >= ENOUGH
        lacking = [
            (a, g)
            for a, adds in self.adds.items()
            for g in self.groups[~today & ((self.usable(set()) | adds).sum(axis=1) >= ENOUGH)]
        ]
        pairs = pd.concat([pd.DataFrame(lacking, columns=["action_id", "group_id"]), covers]).drop_duplicates()
        asked = ~today | self.groups.isin(keeps.loc[keeps["action_id"] == "", "group_id"])
        return phasing.task(
            self.weights[asked],
            self.towns,
            self.actions,
            pairs[pairs["group_id"].isin(self.groups[asked])],
            terms=terms,
            keeps=keeps,
            **more,
        )

    def choices(self, terms):
        """Every way to give actions years that keeps to places and budgets."""
        n_years = terms.n_years
        once, yearly = self.actions["cost_once"].to_numpy(), self.actions["cost_per_year"].to_numpy()
        for years in itertools.product(range(n_years + 1), repeat=len(self.actions)):
            taken = np.array(years) > 0
            if self.actions["place"][taken].duplicated().any():
                continue
            spent = [
                float((np.array(years) == t) @ once + (taken & (np.array(years) <= t)) @ yearly)
                for t in range(1, n_years + 1)
            ]
            if all(s <= b + 1e-9 for s, b in zip(spent, terms.budgets, strict=True)):
                yield np.array(years), sum(spent)

    def worth(self, years, terms):
        before = self.served(set())
        total = 0.0
        for t in range(terms.n_years):
            done = {a for a, y in zip(self.actions.index, years, strict=True) if 0 < y <= t + 1}
            total += terms.discount**t * float(self.weights @ (self.served(done).astype(int) - before.astype(int)))
        return total


@pytest.mark.parametrize("seed", range(24))
def test_with_closings_it_is_the_best_of_every_choice_and_the_cheapest_of_equals(seed):
    case, terms = Case(seed), Terms(budgets=(2.0, 1.0), discount=0.9)
    choices = list(case.choices(terms))
    worths = np.array([case.worth(years, terms) for years, _ in choices])
    found = phasing.solve(case.task(terms))
    assert found.status == "optimal"
    assert found.objective == pytest.approx(worths.max(), abs=1e-6)
    years = found.actions["year"].reindex(case.actions.index).fillna(0).to_numpy(int)
    assert case.worth(years, terms) == pytest.approx(found.objective, abs=1e-6)
    assert (found.by_year["spent"] <= found.by_year["budget"] + 1e-6).all()
    least = min(spent for (_, spent), w in zip(choices, worths, strict=True) if w >= worths.max() - 1e-6)
    assert found.by_year["spent"].sum() == pytest.approx(least)
    assert found.actions["n_workers_added"].sum() == found.by_year["n_workers_added"].iloc[-1]


def test_the_cases_have_closings_in_their_plans_that_cost_somebody_a_room():
    plans = [phasing.solve(Case(seed).task(Terms(budgets=(2.0, 1.0), discount=0.9))).actions for seed in range(24)]
    shut = pd.concat(plans).query("action == 'close'")
    assert (shut["n_workers_added"] < 0).any()
    assert (shut["n_workers_added"] == 0).any()
    assert any((plan["action"] != "close").any() and (plan["action"] == "close").any() for plan in plans)


@pytest.mark.parametrize("seed", range(12))
def test_more_money_never_serves_fewer_though_rooms_may_close(seed):
    last = -np.inf
    for budget in (0.0, 2.0, 5.0, 20.0):
        found = phasing.solve(Case(seed).task(Terms(budgets=(budget, budget))))
        assert found.objective >= max(last - 1e-6, 0.0)
        last = found.objective


@pytest.mark.parametrize("seed", range(12))
def test_floors_and_the_worst_off_count_what_closing_loses(seed):
    case, terms = Case(seed), Terms(budgets=(2.0, 1.0), discount=0.9)
    before = case.served(set())
    workers = {t: float(case.weights[case.towns == t].sum()) + 5 for t in sorted(set(case.towns))}
    today = {t: float(case.weights[(case.towns == t) & before].sum()) for t in workers}
    task = case.task(terms, workers=workers, served_today=today)

    def shares(years):
        done = {a for a, y in zip(case.actions.index, years, strict=True) if y}
        return pd.Series({t: case.weights[(case.towns == t) & case.served(done)].sum() / n for t, n in workers.items()})

    choices = [(years, shares(years).min()) for years, _ in case.choices(terms)]
    best = max(share for _, share in choices)
    found = phasing.worst_off_first(task)
    assert phasing.town_shares(task, found).min() == pytest.approx(best, abs=1e-5)
    pd.testing.assert_series_equal(
        phasing.town_shares(task, found),
        shares(found.actions["year"].reindex(case.actions.index).fillna(0).to_numpy(int)),
        check_names=False,
        check_dtype=False,
    )
    floored = replace(task, terms=replace(terms, floors=dict.fromkeys(workers, best)))
    among = max(case.worth(years, terms) for years, share in choices if share >= best - 1e-9)
    assert phasing.solve(floored).objective == pytest.approx(among, abs=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_robust_plans_and_alternatives_know_of_closings(seed):
    case, terms = Case(seed), Terms(budgets=(2.0, 1.0), discount=0.9)
    task = case.task(terms)
    plan, regret = phasing.robust({"as_is": task, "gale": task})
    assert regret.to_numpy().max() == pytest.approx(0, abs=1e-3)
    best = phasing.solve(task)
    assert plan.objective == pytest.approx(best.objective, abs=1e-3)
    plans = phasing.alternatives(task, best, most=2, within=1.0)
    sets = [frozenset(p.actions.index) for p in plans]
    worths = [
        case.worth(years, terms)
        for years, _ in case.choices(terms)
        if not sets[0] <= set(case.actions.index[years > 0])
    ]
    if len(plans) > 1:
        assert plans[1].objective == pytest.approx(max(worths), abs=1e-6)


def test_a_closing_counts_for_no_limit_and_may_be_asked_for():
    case = Case(1)
    terms = Terms(budgets=(0.0, 0.0), most_actions=0, must=frozenset({"close:R1"}))
    found = phasing.solve(case.task(terms))
    assert "close:R1" in set(found.actions["site_id"])


def test_a_room_costs_its_staff_and_upkeep_or_what_the_county_says():
    rooms = pd.DataFrame(
        {"name": "甲", "town_id": "T1", "owner_system": "union", "open_hours": ["每天 8:00-18:00", ""], "lon": 121.9,
         "lat": 29.2},
        index=["V1", "V2"],
    )  # fmt: skip
    costs = CostRules(staff_yuan_per_hour=20, upkeep_per_year=2, running_per_year={"V2": 6.5})
    actions = phasing.closing_actions(rooms, costs=costs, month=11)
    assert actions["cost_per_year"].round(6).to_dict() == {
        "close:V1|closed": pytest.approx(-(70 * 52 * 20 / 10_000 + 2)),
        "close:V2|closed": -6.5,
    }
    with pytest.raises(ValueError, match="running_per_year"):
        CostRules(running_per_year={"V1": -1.0})


def test_too_many_rooms_near_one_group_are_refused_with_the_group():
    week = np.zeros((1, N_SLOTS), dtype=bool)
    rooms = {f"close:R{n}|closed": np.eye(1, N_SLOTS, n, dtype=bool) for n in range(9)}
    with pytest.raises(PlanError, match="9 closable rooms matter to the group 'g'"):
        phasing.closing_ways(pd.Index(["g"]), week, rooms, lambda *_: pd.DataFrame())


def test_what_is_kept_open_must_be_listed():
    case = Case(1)
    keeps = pd.DataFrame({"group_id": ["g0"], "action_id": [""], "unless": [("close:R9|closed",)]})
    covers = pd.DataFrame({"action_id": [], "group_id": []})
    with pytest.raises(PlanError, match=r"'close:R9\|closed', which is not listed"):
        phasing.task(case.weights, case.towns, case.actions, covers, terms=Terms(budgets=(1.0,)), keeps=keeps)
