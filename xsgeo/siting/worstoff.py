"""Maximal covering with the worst-off town first.

The most workers in all often means one more room where there are many. Lexicographic max-min asks for more: of all
plans take those whose worst-off town has the largest share; of these, those whose second worst has; and so on, and at
the end those that cover the most workers. The towns that are worst off differ from plan to plan, so "second worst"
cannot be asked for one town after another. It can be asked through sums: the sum of the r least shares is the largest
number

    r t - sum_k max(0, t - share_k)   over all t,

which a program can maximise (Ogryczak and Sliwinski 2003). Maximising these sums for r = 1, 2, ... in turn, each held
at its best, gives exactly that order. Shares that differ by less than a millionth count as equal.

References
----------
Ogryczak, W. and Sliwinski, T. (2003). On solving linear programs with the ordered weighted averaging objective.
European Journal of Operational Research 148, 80-91.
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from xsgeo.siting import explain
from xsgeo.siting.cover_case import SLACK, Case, Floors, on_sites
from xsgeo.siting.cover_program import cover_program, split
from xsgeo.siting.frames import covering_case, first_coverer, named, no_plan, told, towns_of
from xsgeo.siting.problem import Floats, Limits, Places, Siting, Status
from xsgeo.siting.program import Program
from xsgeo.siting.swap import covered_rows, greedy
from xsgeo.siting.warming import ready
from xsgeo.siting.watch import Progress, Watch

_SAME = 1e-6  # shares that count as equal


def worst_off_first(
    weights: pd.Series,
    covers: pd.DataFrame,
    limits: Limits,
    *,
    levels: int | None = None,
    time_limit_s: float = 60.0,
    progress: Callable[[Progress], object] | None = None,
) -> Siting:
    """Choose sites that serve the worst-off town best, then the second worst, and so on; then the most workers.

    Parameters
    ----------
    weights, covers, time_limit_s, progress
        As in `xsgeo.siting.maximal_covering`.
    limits
        ``towns`` says whose share counts; towns without workers do not.
    levels
        How many of the least shares are looked at before the workers in all; every town when None.

    Returns
    -------
    Siting
        ``objective`` is the workers covered and ``bound`` the most of any plan with the same shares; ``optimal`` means
        that every level was proven. ``details`` has one row a town, worst off first: ``n_workers``, ``n_covered``,
        ``share``.

    Raises
    ------
    PlanError
        When the question is badly put.

    Examples
    --------
    >>> weights = pd.Series({"a": 9, "b": 1})
    >>> covers = pd.DataFrame({"site_id": ["L", "R"], "group_id": ["a", "b"]})
    >>> towns = pd.Series({"a": "T1", "b": "T1"})
    >>> worst_off_first(weights, covers, Limits(n_sites=1, towns=towns)).chosen
    ('L',)
    """
    ready(len(covers))
    watch = Watch(time_limit_s, progress)
    case, order = covering_case(weights, covers, limits)
    kind, names = towns_of(weights, limits, order)
    totals = np.bincount(kind, case.weight.astype(np.float64), len(names)).astype(np.float64)
    floors = case.floors or Floors(kind, np.zeros(len(names)))
    case = Case(case.cover, case.weight, case.sites, floors)
    with watch.listening():
        may = np.flatnonzero(case.sites.upper)
        small = on_sites(case, may)
        chosen, bound, is_infeasible = _by_levels(small, totals, levels, watch)
        if is_infeasible:
            lacks = explain.covering(case, weights, limits, watch)
            return no_plan(weights.index, "infeasible", "max", watch, lacks=lacks)
    opened = may[chosen] if chosen is not None else np.empty(0, dtype=np.intp)
    goes = told(weights.index, order, case.sites, first_coverer(case.cover, opened))
    value = float(case.worth(opened)) if chosen is not None else np.nan
    status: Status = "optimal" if chosen is not None and bound <= value else watch.ending
    return Siting(
        named(case.sites, opened), goes, value, bound, status, "max", watch.seconds, "highs",
        details=_by_town(case, opened, totals, names),
    )  # fmt: skip


def _by_town(case: Case, opened: Places, totals: Floats, names: list[object]) -> pd.DataFrame:
    covered = covered_rows(case.cover, opened) > 0
    kind = np.empty(0, dtype=np.intp) if case.floors is None else case.floors.kind
    n_covered = np.bincount(kind[covered], case.weight[covered], len(names)).astype(np.int64)
    towns = pd.DataFrame(
        {"n_workers": totals.astype(np.int64), "n_covered": n_covered, "share": n_covered / np.maximum(totals, 1)},
        index=pd.Index(names, name="town_id"),
    )
    return towns[towns["n_workers"] > 0].sort_values(["share", "town_id"])


def _by_levels(case: Case, totals: Floats, levels: int | None, watch: Watch) -> tuple[Places | None, float, bool]:
    """Solve level by level; the plan, a bound on its workers, and whether there is none."""
    n_towns = int((totals > 0).sum())
    held: list[float] = []
    best = _guess(case)
    most = float(case.easy_bound)
    watch.tell("search", np.nan if best is None else case.worth(best), most)
    for level in range(min(n_towns, levels if levels is not None else n_towns)):
        program, x, (total, price) = _level_program(case, totals, held, level)
        cost = np.zeros(program.n_columns)
        cost[total] = price
        program.set_cost(cost)
        answer = program.solve(watch, abs_gap=_SAME / 10, stage=f"level {level + 1}")
        if answer.word == "infeasible":
            return best, most, best is None
        if answer.values is not None:
            found = np.flatnonzero(answer.values[x] > 0.5)
            if answer.word == "optimal" or best is None or _is_fairer(case, found, best, totals, level + 1):
                best = found
        if answer.word != "optimal" or best is None:
            return best, most, False
        held.append(_sum_of_least(case, best, totals, level + 1) - _SAME)
    program, x, _ = _level_program(case, totals, held, -1)
    _, alone, gain = split(case)
    cost = np.zeros(program.n_columns)
    cost[: len(alone) + len(gain)] = -np.concatenate([alone, gain])
    program.set_cost(cost)
    answer = program.solve(watch, abs_gap=1 - 2 * SLACK)
    if answer.word == "infeasible":
        return best, most, best is None
    if answer.values is not None:
        best = np.flatnonzero(answer.values[x] > 0.5)
    if np.isfinite(answer.bound):
        most = min(most, float(np.floor(-answer.bound + SLACK)))
    return best, max(most, case.worth(best) if best is not None else 0.0), False


def _guess(case: Case) -> Places | None:
    """A plan to begin with, so that there is one whenever the search is stopped; None if it breaks a limit."""
    chosen = np.sort(greedy(case.cover, case.weight, case.sites))
    return chosen if case.allows(chosen) else None


def _is_fairer(case: Case, one: Places, other: Places, totals: Floats, n: int) -> bool:
    """Whether the n least shares of one plan add up to more than those of another."""
    return _sum_of_least(case, one, totals, n) > _sum_of_least(case, other, totals, n)


def _sum_of_least(case: Case, chosen: Places, totals: Floats, n: int) -> float:
    covered = covered_rows(case.cover, chosen) > 0
    kind = np.empty(0, dtype=np.intp) if case.floors is None else case.floors.kind
    sums = np.bincount(kind[covered], case.weight[covered], len(totals))
    return float(np.sort(sums[totals > 0] / totals[totals > 0])[:n].sum())


def _level_program(
    case: Case, totals: Floats, held: list[float], level: int
) -> tuple[Program, slice, tuple[slice, Floats]]:
    """The covering program with the sums of least shares held so far, and the next one to be maximised."""
    program, x, (y, _, _) = cover_program(case)
    several, _, _ = split(case)
    kind = np.empty(0, dtype=np.intp) if case.floors is None else case.floors.kind
    at = np.arange(len(case.weight))
    share = csr_array((case.weight / np.maximum(totals, 1)[kind], (kind, at)), shape=(len(totals), len(at)))
    share = share[np.flatnonzero(totals > 0)]
    by_site, by_row = share[:, ~several] @ case.cover[:, ~several].T, share[:, several]
    n, target = share.shape[0], (slice(0, 0), np.zeros(0))
    for r in range(max(len(held), level + 1)):
        t = program.columns(1, lower=-1.0, upper=1.0)
        short = program.columns(n, upper=2.0)
        eye = csr_array((np.ones(n), np.arange(n), np.arange(n + 1)), shape=(n, n))
        program.rows([(short, eye), (x, by_site), (y, by_row), (t, -np.ones((n, 1)))], lower=0.0)
        row = np.concatenate([[float(r + 1)], -np.ones(n)])
        if r < len(held):
            program.rows([(slice(t.start, short.stop), row[None, :])], lower=held[r])
        if r == level:
            target = slice(t.start, short.stop), -row
    return program, x, target
