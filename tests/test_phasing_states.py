"""Closing rooms in a plan with seats: against enumeration of every choice, each seated by a program of its own."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from xsgeo import phasing
from xsgeo.errors import PlanError
from xsgeo.phasing import Seats, Terms, Without
from xsgeo.phasing.counting import gains, losses, worth_of, years_of
from xsgeo.phasing.lessons import all_rooms, least_share, most_workers
from xsgeo.phasing.seated import relax
from xsgeo.phasing.states import number_of
from xsgeo.siting.watch import Watch

SHUT = ("close:R0|closed", "close:R1|closed")
OPEN = ("share:R0|day", "s1|day", "s1|eve", "s2|day")
PEAK = 0.2


class County:
    """Two rooms that may be closed and three sites; who lacks what in each state is drawn at random."""

    def __init__(self, seed, n_groups=6):
        random = np.random.RandomState(seed)
        self.groups = pd.Index([f"g{n}" for n in range(n_groups)])
        ids = [*SHUT, *OPEN]
        self.actions = pd.DataFrame(
            {
                "site_id": [i.split("|")[0] for i in ids],
                "action": ["close", "close", "share", "build", "build", "build"],
                "place": ["R0", "R1", "R0", "s1", "s1", "s2"],
                "cost_once": [float(random.randint(0, 2)), 0.0, *random.randint(0, 8, 4).astype(float)],
                "cost_per_year": [-float(random.randint(1, 6)), -2.0, *random.randint(0, 4, 4).astype(float)],
                "town_id": "T1",
                "owner_system": "union",
            },
            index=pd.Index(ids, name="action_id"),
        )
        self.heads = pd.Series(random.randint(5, 40, n_groups).astype(float), index=self.groups)
        self.towns = pd.Series(random.choice(["T1", "T2"], n_groups), index=self.groups)
        self.states = {}
        serves = random.rand(len(OPEN), n_groups) < 0.6
        left = random.randint(1, 6, (len(OPEN), 6)) * (random.rand(len(OPEN), 6) < 0.8)
        left = np.where(random.rand(len(OPEN), 1) < 0.2, np.inf, left)
        share = np.where(random.rand(n_groups) < 0.4, 0.0, np.round(random.rand(n_groups), 2))
        for n in range(3):
            for closed in itertools.combinations(SHUT, n):
                touched = random.rand(n_groups) < 0.5 * n
                now = np.where(touched, np.maximum(share, np.round(random.rand(n_groups), 2)), share)
                pairs = serves ^ (touched & (random.rand(*serves.shape) < 0.3))
                free = np.zeros((n_groups, 6), dtype=bool)
                free[:, : 4 + n] = random.rand(n_groups, 4 + n) < 0.7
                free = np.where(touched[:, None], free, self.states[frozenset()][2]) if closed else free
                self.states[frozenset(closed)] = self.heads * now, pairs, free, left

    def seats(self, closed):
        free, left = np.zeros((len(self.groups), 336), dtype=bool), np.zeros((len(self.actions), 336))
        free[:, :6], left[2:, :6] = self.states[closed][2], self.states[closed][3]
        return Seats(free, left, PEAK)

    def covers(self, closed):
        return pd.DataFrame(
            [(OPEN[a], self.groups[g]) for a, g in np.argwhere(self.states[closed][1])],
            columns=["action_id", "group_id"],
        )

    def task(self, terms, **more):
        states = [Without(c, s[0], self.covers(c), self.seats(c)) for c, s in self.states.items()]
        return phasing.task(
            states[0].weights,
            self.towns,
            self.actions,
            states[0].covers,
            terms=terms,
            seats=states[0].seats,
            without=states[:0:-1],
            **more,
        )

    def at(self, done, *, floors=None):
        """Workers seated less those lost, with some actions done; none where a town's floor is not reached."""
        lacking, pairs, free, left = self.states[frozenset(done & set(SHUT))]
        lost = float((lacking - self.states[frozenset()][0]).sum())
        some = [(a, g) for a, g in np.argwhere(pairs) if OPEN[a] in done]
        rows, limits = [], []
        for g, n in enumerate(lacking):
            rows.append([float(other == g) for _, other in some])
            limits.append(n)
        for a, half_hour in itertools.product({a for a, _ in some}, range(6)):
            if np.isfinite(left[a, half_hour]) and left[a, half_hour] > 0:
                rows.append([PEAK * (b == a and free[g, half_hour]) for b, g in some])
                limits.append(left[a, half_hour])
        for town, least in (floors or {}).items():
            rows.append([-float(self.towns.iloc[g] == town) for _, g in some])
            gone = float((lacking - self.states[frozenset()][0])[self.towns == town].sum())
            limits.append(-least - gone)
        if not some:
            return -lost if all(limit >= -1e-9 for limit in limits) else -np.inf
        answer = linprog(-np.ones(len(some)), A_ub=np.array(rows), b_ub=limits, bounds=(0, None))
        return -answer.fun - lost if answer.success else -np.inf

    def choices(self, terms, least=None):
        """Every way to give actions years that keeps to places, budgets and floors; its worth and its cost."""
        once, yearly = self.actions["cost_once"].to_numpy(), self.actions["cost_per_year"].to_numpy()
        known = {}
        for years in itertools.product(range(terms.n_years + 1), repeat=len(self.actions)):
            at = np.array(years)
            if self.actions["place"][at > 0].duplicated().any():
                continue
            spent = [float((at == t) @ once + ((at > 0) & (at <= t)) @ yearly) for t in range(1, terms.n_years + 1)]
            if any(s > b + 1e-9 for s, b in zip(spent, terms.budgets, strict=True)):
                continue
            worth = 0.0
            for t in range(1, terms.n_years + 1):
                done = frozenset(self.actions.index[(at > 0) & (at <= t)])
                floors = least if t == terms.n_years else None
                key = done, floors is not None
                if key not in known:
                    known[key] = self.at(done, floors=floors)
                worth += terms.discount ** (t - 1) * known[key]
            if worth > -np.inf:
                yield at, worth, sum(spent)


TERMS = Terms(budgets=(2.0, 1.0), discount=0.9)


@pytest.mark.parametrize("seed", range(10))
def test_it_is_the_best_of_every_choice_and_the_cheapest_of_equals(seed):
    county = County(seed)
    choices = list(county.choices(TERMS))
    worths = np.array([worth for _, worth, _ in choices])
    task = county.task(TERMS)
    found = phasing.solve(task)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(worths.max(), rel=1e-5, abs=1e-4)
    assert found.bound >= worths.max() - 1e-4
    assert (found.by_year["spent"] <= found.by_year["budget"] + 1e-6).all()
    years = years_of(task, found)
    same = next(worth for at, worth, _ in choices if (at == task_order(county, task, years)).all())
    assert same == pytest.approx(worths.max(), rel=1e-5, abs=1e-4)
    least = min(spent for _, worth, spent in choices if worth >= worths.max() - 1e-4)
    assert found.by_year["spent"].sum() <= least + 1e-6


def task_order(county, task, years):
    """Years on the case's own order of actions."""
    return pd.Series(years, index=task.actions.index).reindex(county.actions.index).to_numpy()


@pytest.mark.parametrize("seed", range(6))
def test_every_plan_counts_as_it_is_defined_and_its_parts_add_up(seed):
    county = County(seed)
    task = county.task(TERMS)
    random = np.random.RandomState(seed)
    choices = list(county.choices(TERMS))
    for n in random.permutation(len(choices))[:40]:
        at, worth, _ = choices[n]
        years = pd.Series(at, index=county.actions.index).reindex(task.actions.index).to_numpy()
        assert worth_of(task, years) == pytest.approx(worth, rel=1e-6, abs=1e-4)
        none = np.zeros(len(task.weight))
        share = sum(gains(task, years).values(), none) - sum(losses(task, years).values(), none)
        at_end = county.at(frozenset(county.actions.index[at > 0]))
        assert float(np.sum(task.weight @ share)) == pytest.approx(at_end, abs=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_a_lesson_of_one_state_holds_in_all_of_them_and_meets_the_count_in_its_own(seed):
    county = County(seed)
    task = county.task(TERMS)
    rooms = all_rooms(task)
    random = np.random.RandomState(seed)
    names = task.actions.index
    plans = [p for p in itertools.product((0, 1), repeat=len(names)) if not clash(task, np.array(p))]
    true = np.array([county.at(frozenset(names[np.array(p) > 0])) for p in plans])
    numbers = np.array([number_of(task.states, np.array(p) > 0) for p in plans])
    for n in random.permutation(len(plans))[:12]:
        lesson = rooms.learn(np.array(plans[n], dtype=float), int(numbers[n]))
        turns = np.array(plans)[:, rooms.whose] * rooms.among[:, numbers].T
        says = lesson.heights[numbers] + np.array(plans) @ lesson.earned + turns @ lesson.more
        assert lesson.value == pytest.approx(true[n], abs=1e-4)
        assert says[n] == pytest.approx(true[n], abs=1e-4)
        assert (says >= true - 1e-5).all()
    best = max(worth for _, worth, _ in county.choices(TERMS))
    assert relax(rooms, most_workers(task), None, watch=Watch(60.0)).top >= best - 1e-5


def clash(task, taken):
    return len(set(task.site[taken > 0])) < (taken > 0).sum()


@pytest.mark.parametrize("seed", range(6))
def test_floors_and_the_worst_off_are_counted_with_rooms_closed(seed):
    county = County(seed)
    workers = {t: float(county.heads[county.towns == t].sum()) for t in sorted(set(county.towns))}
    today = {t: n - float(county.states[frozenset()][0][county.towns == t].sum()) for t, n in workers.items()}
    town = min(workers)
    floor = min(1.0, today[town] / workers[town] + 0.05)
    terms = replace(TERMS, floors={town: floor})
    best = max(
        (worth for _, worth, _ in county.choices(terms, least={town: floor * workers[town] - today[town]})),
        default=-np.inf,
    )
    task = county.task(terms, workers=workers, served_today=today)
    if np.isinf(best):
        with pytest.raises(phasing.InfeasibleError):
            phasing.solve(task)
        return
    found = phasing.solve(task)
    assert found.objective == pytest.approx(best, rel=1e-5, abs=1e-3)
    assert found.bound >= best - 1e-3


def test_a_town_that_lacks_nobody_asks_nothing_of_rooms_that_are_shut():
    county = County(191, n_groups=5)
    workers = {t: float(county.heads[county.towns == t].sum()) for t in sorted(set(county.towns))}
    terms = replace(TERMS, floors=dict.fromkeys(workers, 1.0))
    found = phasing.solve(county.task(terms, workers=workers, served_today=workers))
    assert found.status == "optimal"
    assert found.actions.empty


def test_the_cases_close_rooms_that_cost_somebody_a_seat():
    plans = [phasing.solve(County(seed).task(TERMS)) for seed in range(10)]
    shut = [p.actions.query("action == 'close'") for p in plans]
    assert any(len(s) and (s["n_workers_added"] < 0).any() for s in shut)
    assert any(s.empty for s in shut)


def test_every_set_of_closings_has_to_be_told():
    county = County(0)
    states = [Without(c, s[0], county.covers(c), county.seats(c)) for c, s in county.states.items()]
    ask = {"terms": TERMS, "seats": states[0].seats}
    frames = states[0].weights, county.towns, county.actions, states[0].covers
    with pytest.raises(PlanError, match="every set of closings"):
        phasing.task(*frames, **ask, without=states[1:3])
    with pytest.raises(PlanError, match="every set of closings"):
        phasing.task(*frames, **ask, without=[*states[1:], states[1]])
    with pytest.raises(PlanError, match=r"'s1\|day' closes no room"):
        phasing.task(*frames, **ask, without=[replace(states[1], closed=frozenset({"s1|day"})), *states[2:]])
    with pytest.raises(PlanError, match="no number of workers"):
        phasing.task(*frames, **ask, without=[replace(states[1], weights=states[1].weights.iloc[1:]), *states[2:]])
    stranger = pd.concat([states[1].weights, pd.Series({"g9": 3.0})])
    with pytest.raises(PlanError, match="'g9' lacks a seat"):
        phasing.task(*frames, **ask, without=[replace(states[1], weights=stranger), *states[2:]])
    with pytest.raises(PlanError, match="with seats only"):
        phasing.task(*frames, terms=TERMS, without=states[1:])
    many = pd.concat([county.actions, *(county.actions.iloc[[0]].set_axis([f"c{n}"]) for n in range(4))])
    with pytest.raises(PlanError, match="at most 5"):
        phasing.task(*frames[:2], many, frames[3], **ask)
    with pytest.raises(PlanError, match="leave seats out"):
        phasing.robust({"as_is": county.task(TERMS)})


@pytest.mark.parametrize("seed", range(4))
def test_a_lesson_with_floors_holds_in_all_states_and_for_every_plan_that_reaches_them(seed):
    county = County(seed)
    workers = {t: float(county.heads[county.towns == t].sum()) for t in sorted(set(county.towns))}
    lacks = {t: float(county.states[frozenset()][0][county.towns == t].sum()) for t in workers}
    today = {t: n - lacks[t] for t, n in workers.items()}
    floors = {t: (today[t] + 0.3 * lacks[t]) / n for t, n in workers.items()}
    task = county.task(replace(TERMS, budgets=(99.0,), floors=floors), workers=workers, served_today=today)
    rooms, names = all_rooms(task), task.actions.index
    aims = most_workers(task), least_share(task, 1.0)
    plans = [p for p in itertools.product((0, 1), repeat=len(names)) if not clash(task, np.array(p))]
    numbers = np.array([number_of(task.states, np.array(p) > 0) for p in plans])
    done = [frozenset(names[np.array(p) > 0]) for p in plans]
    least = {t: 0.3 * n for t, n in lacks.items()}
    everybody = sum(workers.values())
    true = (
        np.array([county.at(d, floors=least) for d in done]),
        np.array([everybody * raised(county, d, workers, today) for d in done]),
    )
    for aim, worth in zip(aims, true, strict=True):
        for n in np.random.RandomState(seed).permutation(len(plans))[:10]:
            lesson = rooms.learn(np.array(plans[n], dtype=float), int(numbers[n]), aim)
            assert lesson.value == pytest.approx(worth[n], abs=1e-3)
            turns = np.array(plans)[:, rooms.whose] * rooms.among[:, numbers].T
            says = lesson.heights[numbers] + np.array(plans) @ lesson.earned + turns @ lesson.more
            reaches = np.isfinite(worth)
            assert (says[reaches] >= lesson.on * worth[reaches] - 1e-4).all()
            if lesson.on and np.isfinite(worth[n]):
                assert says[n] == pytest.approx(lesson.on * worth[n], abs=1e-3)
            if not np.isfinite(worth[n]):
                assert says[n] < -1e-7, "a plan that misses its floors has to be cut off"


def raised(county, done, workers, today):
    """The greatest least share of both towns, by bisection over floors."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        floors = {t: middle * n - today[t] for t, n in workers.items()}
        low, high = (middle, high) if np.isfinite(county.at(done, floors=floors)) else (low, middle)
    return low


@pytest.mark.parametrize("seed", range(4))
def test_with_seats_and_closings_the_worst_off_town_comes_first(seed):
    county = County(seed)
    workers = {t: float(county.heads[county.towns == t].sum()) for t in sorted(set(county.towns))}
    lacks = {t: float(county.states[frozenset()][0][county.towns == t].sum()) for t in workers}
    today = {t: n - lacks[t] for t, n in workers.items()}
    task = county.task(TERMS, workers=workers, served_today=today)
    every = {frozenset(county.actions.index[at > 0]) for at, _, _ in county.choices(TERMS)}
    best = max(raised(county, done, workers, today) for done in every)
    found = phasing.worst_off_first(task)
    assert phasing.town_shares(task, found).min() == pytest.approx(best, abs=1e-4)


def test_a_group_partly_served_today_is_served_from_the_year_in_which_all_of_it_is():
    county = County(0)
    first = county.states[frozenset()]
    never = {c: (first[0] if not c else first[0] + 1.0, first[1], first[2], first[3]) for c in county.states}
    never[frozenset(SHUT)] = (county.heads + 1.0, *never[frozenset(SHUT)][1:])
    county.states = never
    task = county.task(replace(TERMS, budgets=(99.0,), must=frozenset(a.split("|")[0] for a in OPEN[2:])))
    found = phasing.solve(task)
    alone = phasing.task(
        never[frozenset()][0], county.towns, county.actions.loc[list(OPEN)], county.covers(frozenset()),
        terms=task.terms, seats=replace(county.seats(frozenset()), left=county.seats(frozenset()).left[2:]),
    )  # fmt: skip
    plain = phasing.counted(alone, years_of(alone, found))
    served = first[0][first[0] > 0].index
    assert found.served_from[served].tolist() == plain.served_from[served].tolist()
    assert (found.served_from[served] > 0).any()


def test_what_is_heard_of_the_search_is_never_better_than_a_plan():
    county = County(2)
    heard = []
    found = phasing.solve(county.task(TERMS), progress=heard.append)
    told = [news.objective for news in heard if not np.isnan(news.objective)]
    assert told
    assert max(told) <= found.objective + 1e-6
    many = County(0)
    task = many.task(replace(TERMS, floors={}), workers={"T1": 2e7}, served_today={"T1": 2e7})
    assert phasing.solve(task).gap <= 1e-6
