"""Why there is no answer, and by how much what would have to give.

"Infeasible" is no answer to a planner. So the limits are made elastic: each may be broken, and how much it is broken is
paid for (elastic programming, Brown and Graves 1975). What is broken in the cheapest answer is the shortest list of
what stands in the way. The limits are in different units, so each breach is measured as a share of what it breaks;
within that, the least. It is *a* smallest list, not the only one: two limits may collide, and either could give.

References
----------
Brown, G. and Graves, G. (1975). Elastic programming: a new approach to large-scale mixed integer optimisation.
ORSA/TIMS conference, Las Vegas.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.siting.cover_case import Case
from xsgeo.siting.cover_program import split
from xsgeo.siting.problem import Limits, Sites, lacking, no_lacks
from xsgeo.siting.program import Program
from xsgeo.siting.watch import Watch

_Breach = tuple[str, object, str, slice]


def covering(case: Case, weights: pd.Series, limits: Limits, watch: Watch) -> pd.DataFrame:
    """Say which limits of a covering question collide, and by how much each would have to give."""
    from xsgeo.siting.frames import demand_order, towns_of

    program, x, breaches = elastic_sites(case.sites)
    if case.floors is not None:
        several, alone, gain = split(replace(case, sites=case.sites))
        del alone
        y = program.columns(len(gain))
        n = len(gain)
        if n:
            minus = csr_array((np.full(n, -1.0), np.arange(n), np.arange(n + 1)), shape=(n, n))
            program.rows([(x, case.cover[:, several].T), (y, minus)], lower=0.0)
        at = np.arange(len(case.weight))
        towns = csr_array((case.weight, (case.floors.kind, at)), shape=(len(case.floors.least), len(at)))
        by_site = towns[:, ~several] @ case.cover[:, ~several].T
        _, names = towns_of(weights, limits, demand_order(weights.index))
        totals = np.bincount(case.floors.kind, case.weight, len(names))
        slack = program.columns(len(names), cost=1.0 / np.maximum(totals, 1), upper=totals)
        eye = csr_array((np.ones(len(names)), np.arange(len(names)), np.arange(len(names) + 1)))
        program.rows([(x, by_site), (y, towns[:, several]), (slack, eye)], lower=case.floors.least - 1e-7)
        for k, name in enumerate(names):
            breaches.append(("floor", name, "workers", slice(slack.start + k, slack.start + k + 1)))
    return cheapest_breach(program, breaches, watch)


def elastic_sites(sites: Sites) -> tuple[Program, slice, list[_Breach]]:
    """The limits on sites, each of which may be broken at a price; and where the breaches stand."""
    program, n = Program(), len(sites)
    x = program.columns(n, lower=sites.lower, upper=sites.upper, whole=True)
    breaches: list[_Breach] = []

    def breakable(rule: str, subject: object, unit: str, row: object, *, least: float, most: float) -> None:
        size = max(abs(least) if np.isfinite(least) else 0.0, abs(most) if np.isfinite(most) else 0.0, 1.0)
        over = program.columns(2, cost=1.0 / size, upper=np.inf)
        program.rows([(x, row), (over, [[1.0, -1.0]])], lower=least, upper=most)
        breaches.append((rule, subject, unit, over))

    if sites.n_sites is not None:
        breakable("n_sites", "", "sites", np.ones((1, n)), least=-np.inf, most=float(sites.n_sites))
    if sites.budget is not None:
        breakable("budget", "", "cost", sites.cost[None, :], least=-np.inf, most=sites.budget)
    for held, least, most, name in sites.quotas:
        row = held.astype(np.float64)[None, :]
        breakable("quota", name, "sites", row, least=float(least), most=np.inf if most is None else float(most))
    for together in sites.excluded:
        row = np.zeros((1, n))
        row[0, together] = 1.0
        breakable("excluded", tuple(sorted(sites.ids[together])), "plans", row, least=-np.inf, most=len(together) - 1.0)
    return program, x, breaches


def cheapest_breach(program: Program, breaches: list[_Breach], watch: Watch) -> pd.DataFrame:
    """Solve the elastic program and list what was broken."""
    answer = program.solve(watch, stage="explain")
    if answer.values is None:
        return no_lacks()
    rows = [(rule, subject, float(answer.values[at].sum()), unit) for rule, subject, unit, at in breaches]
    return lacking([(*row[:2], round(row[2], 6), row[3]) for row in rows if row[2] > 1e-6])
