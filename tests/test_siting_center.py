"""The p-center problem by the tree, which small questions are not asked of, against enumeration; and cut short."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.siting_cases import assert_answer, random_limits, small_case
from xsgeo.siting import Limits, center, p_center, setcover, warm_up


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    warm_up()


def country(seed, n_sites=60, n_groups=400):
    """Every way between sites and groups that lie anywhere."""
    random = np.random.RandomState(seed)
    minutes = np.hypot(*(random.rand(n_sites, 1, 2) - random.rand(1, n_groups, 2)).transpose(2, 0, 1))
    sites, groups = [f"s{at:02}" for at in range(n_sites)], [f"g{at:03}" for at in range(n_groups)]
    ways = {"site_id": np.repeat(sites, n_groups), "group_id": np.tile(groups, n_sites)}
    return pd.Series(1, index=groups), pd.DataFrame(ways).assign(minutes=np.round(100 * minutes.ravel(), 1))


def farthest(ways, chosen):
    """Minutes of whoever has the farthest to go to the nearest of some sites."""
    return ways[ways["site_id"].isin(chosen)].groupby("group_id")["minutes"].min().max()


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_equals_enumeration(start, monkeypatch):
    monkeypatch.setattr(setcover, "_is_large", lambda *_: True)
    for seed in range(start, start + 100):
        case = small_case(seed)
        limits, keeps = random_limits(case, seed % 3)
        ways, minutes = case.ways()
        heavy = minutes[case.workers > 0]
        radius = [heavy[:, chosen].min(axis=1, initial=np.inf).max(initial=0.0) for chosen in case.sets]
        best = np.array(radius)[keeps].min() if keeps.any() else None
        assert_answer(p_center(case.weights, ways, limits), best, seed)


@pytest.mark.parametrize("seed", range(3))
def test_a_search_cut_short_holds_the_answer_between_both_ends(seed, monkeypatch):
    weights, ways = country(seed)
    whole = p_center(weights, ways, Limits(n_sites=7), time_limit_s=60)
    assert whole.status == "optimal"
    assert whole.objective == farthest(ways, whole.chosen)
    ends = []
    for branches in ((), (0,), (0, 2)):
        monkeypatch.setattr(center, "_BRANCHES", branches)
        answer = p_center(weights, ways, Limits(n_sites=7), time_limit_s=60)
        assert answer.bound <= whole.objective <= answer.objective
        assert answer.objective == farthest(ways, answer.chosen)
        assert len(answer.chosen) <= 7
        assert (answer.status == "optimal") == (answer.bound == answer.objective)
        ends.append(answer.gap)
    assert ends == sorted(ends, reverse=True)
    assert ends[1] < 0.2 < ends[0]
