"""p-median and p-center against enumeration and against published optima."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.siting_cases import assert_answer, random_limits, small_case
from xsgeo.errors import PlanError
from xsgeo.siting import Limits, median, p_center, p_median, warm_up
from xsgeo.siting.median_swap import MedianSwaps, shaken_median
from xsgeo.siting.watch import Watch

ORLIB = Path(__file__).parents[2] / "shared" / "testdata" / "orlib_pmed"


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    warm_up()


def of_sets(case, minutes):
    """Weighted minutes, and the most minutes, of each set of sites."""
    needed = case.workers > 0
    near = np.where(case.sets[:, None, :], minutes[needed][None], np.inf).min(axis=2, initial=np.inf)
    # No workers of an infinite way are none: a group without workers was left out above.
    return (near * case.workers[needed]).sum(axis=1), near.max(axis=1, initial=0.0)


@pytest.mark.parametrize("start", range(0, 1000, 125))
def test_equals_enumeration(start, monkeypatch):
    # Every other eighth of the cases goes the way of large tables.
    monkeypatch.setattr(median, "_SMALL", median._SMALL if start % 250 else 0)
    for seed in range(start, start + 125):
        case = small_case(seed)
        limits, keeps = random_limits(case, seed % 3)
        ways, minutes = case.ways()
        total, radius = of_sets(case, minutes)
        best = total[keeps].min() if keeps.any() else None
        answer = p_median(case.weights, ways, limits)
        assert_answer(answer, best, seed)
        assert_answer(p_center(case.weights, ways, limits), radius[keeps].min() if keeps.any() else None, seed)
        if answer.status == "optimal":
            at = case.weights.index.get_indexer(case.weights.index[(answer.assignment != "").to_numpy()])
            goes = [case.sites.index(site) for site in answer.assignment if site]
            assert abs((minutes[at, goes] * case.workers[at]).sum() - best) < 1e-6


def orlib(number):
    """Distances and p of one instance; of edges given twice the last counts, as its authors say."""
    numbers = [int(text) for text in (ORLIB / f"pmed{number}.txt").read_text("ascii").split()]
    n, n_edges, p = numbers[:3]
    apart = np.full((n, n), np.inf)
    np.fill_diagonal(apart, 0)
    for one, other, length in np.array(numbers[3 : 3 + 3 * n_edges]).reshape(-1, 3):
        apart[one - 1, other - 1] = apart[other - 1, one - 1] = length
    for via in range(n):
        apart = np.minimum(apart, apart[:, [via]] + apart[[via], :])
    return apart, p


@pytest.fixture(scope="module")
def optima():
    if not ORLIB.is_dir():
        pytest.skip("the instances are not here")
    lines = (ORLIB / "pmedopt.txt").read_text("ascii").splitlines()
    return {name: int(value) for name, value in (line.split() for line in lines if line.startswith("pmed"))}


class TestPublished:
    @pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8, 9, 10, 13, 14, 15])
    def test_exact(self, number, optima):
        apart, p = orlib(number)
        names = np.array([f"{at:03}" for at in range(len(apart))])
        ways = pd.DataFrame(
            {
                "group_id": np.repeat(names, len(names)),
                "site_id": np.tile(names, len(names)),
                "minutes": apart.ravel(),
            }
        )
        answer = p_median(pd.Series(1, index=names), ways, Limits(n_sites=p), time_limit_s=60)
        assert answer.status == "optimal"
        assert answer.objective == optima[f"pmed{number}"]
        assert answer.bound <= optima[f"pmed{number}"] + 1e-6

    def test_interchange_alone(self, optima):
        missed = []
        for name, best in optima.items():
            number = int(name.removeprefix("pmed"))
            if not (ORLIB / f"{name}.txt").is_file():
                continue
            apart, p = orlib(number)
            chosen = shaken_median(apart, np.arange(p), Watch(60), rounds=40)
            value = apart[:, chosen].min(axis=1).sum()
            assert value >= best
            missed.append(value / best - 1)
        assert np.mean(missed) <= 0.005
        assert max(missed) <= 0.015


def test_interchange_keeps_its_books():
    random = np.random.RandomState(5)
    cost = random.randint(0, 50, (40, 15)).astype(float)
    swaps = MedianSwaps(cost, np.array([0, 1, 2, 3]))
    for _ in range(30):
        at = int(random.choice(np.setdiff1d(np.arange(15), swaps.open)))
        swaps.put(int(random.randint(4)), at)
        assert swaps.objective == cost[:, swaps.open].min(axis=1).sum()
        for slot in range(4):
            for new in np.setdiff1d(np.arange(15), swaps.open):
                changed = swaps.open.copy()
                changed[slot] = new
                gained = swaps.objective - cost[:, changed].min(axis=1).sum()
                assert abs(swaps.gain[new] + swaps.extra[slot, new] - swaps.loss[slot] - gained) < 1e-9


class TestInfeasible:
    ways = pd.DataFrame({"group_id": ["a", "b"], "site_id": ["s1", "s2"], "minutes": [1.0, 2.0]})

    @pytest.mark.parametrize("model", [p_median, p_center])
    def test_who_can_go_nowhere(self, model):
        answer = model(pd.Series({"a": 1, "b": 1, "c": 4}), self.ways, Limits(n_sites=2))
        assert answer.status == "infeasible"
        assert answer.lacks[["rule", "subject"]].to_numpy().tolist() == [["uncovered", "c"]]

    @pytest.mark.parametrize("model", [p_median, p_center])
    def test_how_many_sites_are_missing(self, model):
        answer = model(pd.Series({"a": 1, "b": 1}), self.ways, Limits(n_sites=1))
        assert answer.lacks.to_numpy().tolist() == [["n_sites", "", 1.0, "sites"]]


def test_no_time_is_told():
    random = np.random.RandomState(1)
    names = np.array([f"{at:03}" for at in range(120)])
    ways = pd.DataFrame(
        {"group_id": np.repeat(names, 120), "site_id": np.tile(names, 120), "minutes": random.rand(120 * 120)}
    )
    answer = p_median(pd.Series(1, index=names), ways, Limits(n_sites=6), time_limit_s=1e-6)
    assert answer.status == "time_limit"
    assert answer.bound < answer.objective


@pytest.mark.parametrize("minutes", [-1.0, float("nan"), float("inf")])
def test_bad_minutes(minutes):
    ways = pd.DataFrame({"group_id": ["a"], "site_id": ["s1"], "minutes": [minutes]})
    with pytest.raises(PlanError, match="the way from 'a' to 's1' must be 0 or more"):
        p_median(pd.Series({"a": 1}), ways, Limits(n_sites=1))
