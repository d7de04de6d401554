"""Of all plans that cover as many workers, the one plan that is named.

An optimum is rarely alone. Plans that cover the same are told apart by cost (first the least sum), then by which come
first in the order of preference: the plan with the first site rather than one without it, then the second, and so on.
That makes the answer one answer, whatever the order of rows and the version of the solver, and never costs a worker.

A weight of its own for each site would need numbers no solver can hold, so sites are settled by the blockful. Before
that, prices decide most of them: what no optimal plan can open, and what every one must.
"""

# A solver's answer is no frame: its values are an array.

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xsgeo.siting.cover_case import SLACK, Case, on_sites
from xsgeo.siting.cover_program import cover_program, split
from xsgeo.siting.lagrange import Dual, decided
from xsgeo.siting.problem import Floats, Places, Sites
from xsgeo.siting.program import Program
from xsgeo.siting.swap import covered_rows
from xsgeo.siting.watch import Watch

_BLOCK = 16  # sites settled at once: their weights 1 to 32768 are exact for the solver


def settled(case: Case, best: Places, watch: Watch, dual: Dual | None = None) -> tuple[Places, bool]:
    """The cheapest of the plans that cover as much as `best`, and of those the first; and whether that is sure.

    Parameters
    ----------
    case
        The reduced question.
    best
        An optimal plan.
    watch
        Says when to stop.
    dual
        Charges of the question, if they are known.
    """
    least = case.worth(best)
    if least == 0 and not case.sites.lower.any() and case.is_plain:
        return best[:0], True
    best = _without_idle(case, best)
    sites = _narrowed(case, least, watch, dual)
    keep = np.flatnonzero(sites.upper)
    place = np.full(len(case.sites), -1, dtype=np.intp)
    place[keep] = np.arange(len(keep))
    small, is_settled = _settled(on_sites(replace(case, sites=sites), keep), place[best], least, watch)
    return keep[small], is_settled


def _settled(case: Case, best: Places, least: int, watch: Watch) -> tuple[Places, bool]:
    sites = case.sites
    chosen = _first(case, sites.cost, None, best, least=least, watch=watch)
    if chosen is None:
        return best, False
    best, most = chosen, float(sites.cost[chosen].sum())
    undecided = np.flatnonzero(~sites.lower)
    for block in np.split(undecided, range(_BLOCK, len(undecided), _BLOCK)):
        if sites.cost[sites.lower].sum() >= most - 1e-9 and sites.cost.min() > 0:
            break
        price = np.zeros(len(sites))
        price[block] = -(2.0 ** np.arange(len(block))[::-1])
        chosen = _first(replace(case, sites=sites), price, most, best, least=least, watch=watch)
        if chosen is None:
            return best, False
        best = chosen
        lower, upper = sites.lower.copy(), sites.upper.copy()
        lower[block] = upper[block] = np.isin(block, best)
        sites = replace(sites, lower=lower, upper=upper)
    return best, True


def _without_idle(case: Case, best: Places) -> Places:
    """Leave out open sites, the last in preference first, as long as nothing is lost by it."""
    least = case.worth(best)
    for at in sorted((int(at) for at in best), reverse=True):
        fewer = best[best != at]
        if not case.sites.lower[at] and case.worth(fewer) == least and case.allows(fewer):
            best = fewer
    return best


def _narrowed(case: Case, least: int, watch: Watch, dual: Dual | None) -> Sites:
    """Limits that every plan covering so many keeps, from the charges or the prices of the relaxed program."""
    if dual is not None:
        closed, opened = decided(dual, least - 1)
        may = case.sites.lower | ~closed
        return replace(case.sites, upper=case.sites.upper & may, lower=case.sites.lower | (opened & may))
    program, x, _ = cover_program(case)
    answer = program.solve(watch, is_relaxed=True)
    if answer.values is None:
        return case.sites
    to_lose = -answer.bound - least + SLACK
    loss = answer.reduced_costs[x]
    upper = case.sites.upper & ((loss <= to_lose) | case.sites.lower)
    lower = case.sites.lower | ((-loss > to_lose) & case.sites.upper)
    return replace(case.sites, lower=lower, upper=upper)


def _first(case: Case, price: Floats, most: float | None, best: Places, *, least: int, watch: Watch) -> Places | None:
    """The plan with the least sum of prices among those that cover `least` and cost at most `most`."""
    _, alone, gain = split(case)
    program = _priced(case, price, alone, gain)
    n = len(case.sites)
    worth = np.concatenate([alone, gain])[None, :]
    whole = slice(0, n + len(gain))
    program.rows([(whole, worth)], lower=least - 0.5)
    if most is not None:
        program.rows([(slice(0, n), case.sites.cost[None, :])], upper=most + 1e-6)
    start = np.zeros(program.n_columns)
    start[best] = 1.0
    several, _, _ = split(case)
    start[n : n + len(gain)] = covered_rows(case.cover, best)[several] > 0
    answer = program.solve(watch, start=start, abs_gap=1e-6)
    if answer.word != "optimal" or answer.values is None:
        return None
    found = np.flatnonzero(answer.values[:n] > 0.5)
    if case.worth(found) < least or (most is not None and case.sites.cost[found].sum() > most + 1e-6):
        return None
    return found


def _priced(case: Case, price: Floats, alone: Floats, gain: Floats) -> Program:
    """The covering program with other prices."""
    program, _, _ = cover_program(case)
    program.set_cost(np.concatenate([price, np.zeros(len(gain))]))
    return program
