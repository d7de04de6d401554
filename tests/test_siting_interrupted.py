"""Ctrl-C in every model: what was found so far comes back with a bound, and never looks like an optimum."""

from __future__ import annotations

import signal

import numpy as np
import pandas as pd
import pytest

from xsgeo.siting import (
    Limits,
    backup_covering,
    capacitated_covering,
    capacitated_p_median,
    maximal_covering,
    p_center,
    p_median,
    set_covering,
    warm_up,
    worst_off_first,
)


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    warm_up()


def country(n_sites=60, n_groups=220):
    """Groups and sites anywhere; pairs with minutes."""
    random = np.random.RandomState(11)
    sites, groups = random.rand(n_sites, 2), random.rand(n_groups, 2)
    apart = np.round(30 * np.hypot(*(sites[:, None] - groups[None]).transpose(2, 0, 1)), 1)
    names = np.array([f"s{i:02}" for i in range(n_sites)]), np.array([f"g{i:03}" for i in range(n_groups)])
    site, group = np.indices(apart.shape).reshape(2, -1)
    ways = pd.DataFrame({"site_id": names[0][site], "group_id": names[1][group], "minutes": apart.ravel()})
    return pd.Series(random.randint(1, 30, n_groups), index=names[1]), ways


WEIGHTS, WAYS = country()
COVERS = WAYS[WAYS["minutes"] <= 6]
REACHED = WEIGHTS[WEIGHTS.index.isin(COVERS["group_id"])]
SEATS = pd.Series(400, index=np.unique(WAYS["site_id"]))
TOWNS = pd.Series(np.arange(len(WEIGHTS)) % 4, index=WEIGHTS.index)
TEN = Limits(n_sites=10)

MODELS = {
    "mclp": lambda **how: maximal_covering(WEIGHTS, COVERS, TEN, **how),
    "lscp": lambda **how: set_covering(REACHED, COVERS, **how),
    "p-median": lambda **how: p_median(WEIGHTS, WAYS, TEN, **how),
    "p-center": lambda **how: p_center(WEIGHTS, WAYS, TEN, **how),
    "backup, everyone once": lambda **how: backup_covering(REACHED, COVERS, Limits(n_sites=45), **how),
    "backup": lambda **how: backup_covering(WEIGHTS, COVERS, TEN, once="free", **how),
    "capacitated": lambda **how: capacitated_covering(WEIGHTS, COVERS, SEATS, TEN, **how),
    "capacitated p-median": lambda **how: capacitated_p_median(WEIGHTS, WAYS, SEATS, TEN, **how),
    "worst off first": lambda **how: worst_off_first(WEIGHTS, COVERS, Limits(n_sites=10, towns=TOWNS), levels=1, **how),
}


@pytest.mark.parametrize("model", list(MODELS))
def test_ctrl_c_keeps_the_best_so_far_with_its_gap(model):
    told = []

    def press(progress):
        told.append(progress)
        if len(told) == 1:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    answer = MODELS[model](progress=press)
    assert signal.getsignal(signal.SIGINT) is before
    assert answer.status == "interrupted"
    assert answer.chosen
    assert np.isfinite(answer.objective)
    assert np.isfinite(answer.bound)
    assert 0 < answer.gap <= 1
    assert (answer.bound > answer.objective) == (answer.sense == "max")
    assert (answer.assignment != "").any()


@pytest.mark.parametrize("model", ["lscp", "p-center", "backup", "capacitated"])
def test_what_is_handed_over_keeps_the_limits(model):
    def press(_progress):
        raise KeyboardInterrupt

    answer = MODELS[model](progress=press)
    held = COVERS[COVERS["site_id"].isin(answer.chosen)]
    if model == "lscp":
        assert set(held["group_id"]) == set(REACHED.index)
        assert answer.objective == len(answer.chosen)
    else:
        assert len(answer.chosen) <= 10
    if model == "capacitated":
        used = answer.details.groupby("site_id")["n_workers"].sum()
        assert (used <= SEATS[used.index]).all()
        assert used.sum() == answer.objective
    if model == "backup":
        times = held["group_id"].value_counts()
        assert WEIGHTS[times.index[times > 1]].sum() == answer.objective
