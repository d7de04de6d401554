"""Small random siting questions, and their answers by looking at every set of sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xsgeo.siting import Limits, quotas_by


@dataclass(frozen=True)
class Small:
    """A question with ties, idle sites, groups nobody covers and groups without workers, and all sets of sites."""

    random: np.random.RandomState
    cover: np.ndarray
    workers: np.ndarray
    weights: pd.Series
    covers: pd.DataFrame
    cost: pd.Series
    sets: np.ndarray

    @property
    def sites(self):
        return list(self.cost.index)

    @property
    def times(self):
        """How often each set covers each group."""
        return self.sets.astype(int) @ self.cover.astype(int)

    @property
    def covered(self):
        """Workers covered by each set."""
        return (self.times > 0) @ self.workers

    def ways(self):
        """Minutes to the sites that cover a group, some of them equal; and as a matrix, infinite elsewhere."""
        minutes = self.random.randint(0, 30, self.cover.shape) + self.random.choice([0, 0.25], self.cover.shape)
        site, group = np.nonzero(self.cover)
        return self.covers.assign(minutes=minutes[site, group]), np.where(self.cover, minutes, np.inf).T


def small_case(seed, *, most_sites=8):
    random = np.random.RandomState(seed)
    n_sites, n_groups = random.randint(1, most_sites + 1), random.randint(1, 13)
    cover = random.rand(n_sites, n_groups) < random.choice([0.15, 0.3, 0.5])
    workers = random.randint(0, random.choice([2, 4, 50]), n_groups)
    sites, groups = np.array([f"s{i}" for i in range(n_sites)]), np.array([f"g{i:02}" for i in range(n_groups)])
    site, group = np.nonzero(cover)
    covers = pd.DataFrame({"site_id": sites[site], "group_id": groups[group]})
    cost = pd.Series(random.randint(0, 6, n_sites), index=sites)
    sets = (np.arange(2**n_sites)[:, None] >> np.arange(n_sites) & 1).astype(bool)
    return Small(random, cover, workers, pd.Series(workers, index=groups), covers, cost, sets)


def random_limits(case, kind):
    """Limits of one kind (a number; a budget; both; number, quotas and floors), and which sets keep them."""
    random, sets, n = case.random, case.sets, len(case.sites)
    most, budget = int(random.randint(0, n + 1)), int(random.randint(0, case.cost.sum() + 1))
    given, keeps = {"cost": case.cost}, np.ones(len(sets), dtype=bool)
    if kind != 1:
        given["n_sites"] = most
        keeps &= sets.sum(axis=1) <= most
    if kind in (1, 2):
        given["budget"] = budget
        keeps &= sets @ case.cost.to_numpy() <= budget
    if kind == 3:
        owner = pd.Series(random.randint(0, 2, n).astype(str), index=case.sites)
        given["quotas"] = quotas_by(owner, least=int(random.randint(0, 2)), most=int(random.randint(1, 3)))
        for quota in given["quotas"]:
            count = sets[:, [site in quota.sites for site in case.sites]].sum(axis=1)
            keeps &= (count >= quota.least) & (count <= quota.most)
        town, floor = random.randint(0, 2, len(case.workers)), float(random.choice([0, 0.3, 0.6]))
        given |= {"towns": pd.Series(town, index=case.weights.index), "floor": floor}
        for each in np.unique(town):
            inside = case.workers * (town == each)
            keeps &= (case.times > 0) @ inside >= floor * inside.sum() - 1e-9
    if n > 1 and random.rand() < 0.5:
        fixed, forbidden = random.choice(n, 2, replace=False)
        given |= {"fixed": {case.sites[fixed]}, "forbidden": {case.sites[forbidden]}}
        keeps &= sets[:, fixed] & ~sets[:, forbidden]
    return Limits(**given), keeps


def assert_answer(answer, best, seed):
    """`best` is the value by enumeration, None where no set keeps the limits."""
    if best is None or not np.isfinite(best):
        assert answer.status == "infeasible", (seed, answer)
        assert len(answer.lacks), seed
        assert (answer.lacks["amount"] > 0).all(), seed
        return
    assert answer.status == "optimal", (seed, answer, best)
    assert abs(answer.objective - best) <= 1e-6 * max(1, abs(best)), (seed, answer, best)
    assert abs(answer.bound - best) <= 2e-6 * max(1, abs(best)), (seed, answer, best)
    if answer.sense == "max":
        assert answer.bound >= answer.objective
    else:
        assert answer.bound <= answer.objective
