"""The covering model as a program for HiGHS, and its answer taken with care.

A row that one site alone covers is worth its weight to that site and gets no column, which is most of the rows of a
county. What HiGHS hands over is counted again and held to the limits before it replaces the plan that was known, and
its bound is rounded down to whole workers.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.cover_case import SLACK, Case, Found
from xsgeo.siting.problem import Flags, Floats, Places
from xsgeo.siting.program import Answer, Program, site_columns
from xsgeo.siting.swap import covered_rows
from xsgeo.siting.watch import Watch


def exact_cover(
    case: Case, chosen: Places | None, bound: float, watch: Watch, *, time_limit_s: float | None = None
) -> Found:
    """Ask HiGHS, with `chosen` as a first answer.

    Examples
    --------
    >>> import pandas as pd
    >>> from xsgeo.siting import Limits
    >>> from xsgeo.siting.frames import covering_case
    >>> covers = pd.DataFrame({"site_id": list("LLRR"), "group_id": list("abbc")})
    >>> case, _ = covering_case(pd.Series({"a": 5, "b": 3, "c": 4}), covers, Limits(n_sites=1))
    >>> found = exact_cover(case, None, np.inf, Watch(5.0))
    >>> case.sites.ids[found.chosen].tolist(), found.bound
    (['L'], 8.0)
    """
    program, x, _ = cover_program(case)
    start = None if chosen is None else _start(case, chosen, program.n_columns)
    watch.tell("solve", np.nan if chosen is None else case.worth(chosen), bound)
    answer = program.solve(watch, start=start, abs_gap=1 - 2 * SLACK, time_limit_s=time_limit_s)
    if answer.word == "infeasible":
        if chosen is None:
            return Found(None, -np.inf, "highs", is_infeasible=True)
        return Found(chosen, case.worth(chosen), "highs")
    best = _better(case, chosen, answer, x)
    known = bound if not np.isfinite(answer.bound) else min(bound, float(np.floor(-answer.bound + SLACK)))
    if best is not None:
        # A bound below an answer that is there can only be the solver's rounding.
        known = max(known, case.worth(best))
    return Found(best, known, "highs")


def _better(case: Case, chosen: Places | None, answer: Answer, x: slice) -> Places | None:
    if answer.values is None:
        return chosen
    found = np.flatnonzero(answer.values[x] > 0.5)
    if not case.allows(found) or (chosen is not None and case.worth(found) <= case.worth(chosen)):
        return chosen
    return found


def cover_program(case: Case) -> tuple[Program, slice, tuple[slice, Floats, Floats]]:
    """Write the model: columns of sites, then of the rows that several sites cover.

    A row that one site alone covers is worth its weight to that site, and needs no column of its own. Also returned are
    the columns of rows, what each site is worth by itself, and the weight of each row, from which the workers covered
    can be summed.
    """
    several, alone, gain = split(case)
    program = Program()
    x = site_columns(program, case.sites, cost=-alone)
    y = program.columns(len(gain), cost=-gain)
    if len(gain):
        n = len(gain)
        minus = csr_array((np.full(n, -1.0), np.arange(n), np.arange(n + 1)), shape=(n, n))
        program.rows([(x, case.cover[:, several].T), (y, minus)], lower=0.0)
    if case.floors is not None:
        n_towns = len(case.floors.least)
        at = np.arange(len(case.weight))
        towns = csr_array((case.weight, (case.floors.kind, at)), shape=(n_towns, len(at)))
        by_site = towns[:, ~several] @ case.cover[:, ~several].T
        program.rows([(x, by_site), (y, towns[:, several])], lower=case.floors.least - 1e-7)
    return program, x, (y, alone, gain)


def split(case: Case) -> tuple[Flags, Floats, Floats]:
    """Rows that several sites cover; what each site covers alone; the weight of each row of several."""
    several = np.asarray(case.cover.sum(axis=0)).ravel() > 1
    alone = (case.cover[:, ~several] @ case.weight[~several]).astype(np.float64)
    return several, alone, case.weight[several].astype(np.float64)


def _start(case: Case, chosen: Places, n_columns: int) -> Floats:
    several, _, gain = split(case)
    start = np.zeros(n_columns)
    start[chosen] = 1.0
    start[len(case.sites) : len(case.sites) + len(gain)] = covered_rows(case.cover, chosen)[several] > 0
    return start
