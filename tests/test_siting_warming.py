"""What is compiled beforehand is all that the models need: nothing is compiled while a planner's clock runs."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from xsgeo.siting import Limits, maximal_covering, p_median, set_covering, warm_up


def compiled():
    return {
        f"{name}.{key}": {str(signature) for signature in value.signatures}
        for name, module in list(sys.modules.items())
        if name.startswith("xsgeo.siting.") and name.endswith("kernels")
        for key, value in vars(module).items()
        if hasattr(value, "py_func") and value.py_func.__module__ == name
    }


def distances(n_sites, n_groups):
    random = np.random.RandomState(5)
    sites, groups = random.rand(n_sites, 2), random.rand(n_groups, 2)
    apart = np.hypot(*(sites[:, None] - groups[None]).T).T
    site, group = np.nonzero(apart < 2)
    ways = {"site_id": [f"s{i:03}" for i in site], "group_id": [f"g{i:04}" for i in group]}
    ways = pd.DataFrame(ways).assign(minutes=np.round(100 * apart[site, group], 1))
    return pd.Series(random.randint(1, 50, n_groups), index=[f"g{i:04}" for i in range(n_groups)]), ways


def test_large_questions_compile_nothing_after_the_warm_up():
    warm_up()
    before = compiled()
    assert len(before) > 10
    weights, ways = distances(150, 900)
    near = ways[ways["minutes"] <= 15]
    everyone = weights[weights.index.isin(near["group_id"])]
    for method in ("auto", "branch", "windows"):
        maximal_covering(weights, near, Limits(n_sites=9), time_limit_s=1.0, method=method)
    set_covering(everyone, near, time_limit_s=2.0)
    p_median(weights, ways, Limits(n_sites=9), time_limit_s=1.0)
    assert compiled() == before
