"""Maximal covering by cuts on the sites alone (Cordeau, Furini and Ljubic 2019).

With the sites given, what is covered is a sum over demand rows of w_i min(1, sum of x_j over the sites that cover i).
It is concave in x, so a plane through any point lies above it everywhere, and the question becomes one of sites only::

    maximise    t
    subject to  t <= sum_{i in I} w_i + sum_j x_j sum_{i covered by j, not in I} w_i     for all sets I of rows

The plane at a point x takes into I the rows that x covers once or more. Only few planes are needed; each is found by
one pass over the data, so the number of demand rows hardly matters. They are first collected for fractional points,
where each costs a small linear program, then for whole ones, where HiGHS is asked again after each plane: it takes no
planes while it works. Rows are dealt into parts with a t each, which needs fewer rounds.

This is a second exact way beside `xsgeo.siting.lagrange`, and one checks the other. At a county's size the Lagrangian
way is much the faster of the two, because HiGHS starts anew after each plane.

References
----------
Cordeau, J.-F., Furini, F. and Ljubic, I. (2019). Benders decomposition for very large scale partial set covering and
maximal covering location problems. European Journal of Operational Research 275, 882-896.
"""

# A solver's answer is no frame: its values are an array.

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.cover_case import SLACK, Case, Found
from xsgeo.siting.cover_program import exact_cover
from xsgeo.siting.problem import Floats, Places
from xsgeo.siting.program import Program, site_columns
from xsgeo.siting.swap import covered_rows
from xsgeo.siting.watch import Watch

_PARTS = 8


class _Cuts:
    """The planes found so far."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.matrix = csr_array(case.cover.T.astype(np.float64))
        n_rows = case.cover.shape[1]
        # Rows stand as their sites do; neighbouring rows in one part make planes that differ from part to part.
        part = np.arange(n_rows) * _PARTS // max(n_rows, 1)
        self.dealt = csr_array((case.weight.astype(np.float64), (part, np.arange(n_rows))), shape=(_PARTS, n_rows))
        self.slopes: list[Floats] = []
        self.heights: list[float] = []
        self.parts: list[int] = []

    def add(self, x: Floats, held: Floats) -> bool:
        """Add the planes at `x` that lie below what is held of each part; say whether there were any."""
        times = self.matrix @ x
        worth = self.dealt @ np.minimum(times, 1.0)
        is_in = times >= 1.0 - 1e-9
        heights = self.dealt @ is_in.astype(np.float64)
        found = False
        for part in np.flatnonzero(held > worth + 1e-6 * np.maximum(1.0, worth)):
            row = self.dealt[[part]].toarray().ravel()
            self.slopes.append(np.asarray((row * ~is_in) @ self.matrix))
            self.heights.append(float(heights[part]))
            self.parts.append(int(part))
            found = True
        return found

    def program(self) -> tuple[Program, slice, slice]:
        """The question of sites alone, with the planes found so far."""
        program = Program()
        x = site_columns(program, self.case.sites)
        t = program.columns(_PARTS, cost=-1.0, upper=np.asarray(self.dealt.sum(axis=1)).ravel())
        if self.slopes:
            n = len(self.slopes)
            own = csr_array((np.ones(n), (np.arange(n), self.parts)), shape=(n, _PARTS))
            program.rows([(x, -np.array(self.slopes)), (t, own)], upper=np.array(self.heights))
        return program, x, t


def cover_by_cuts(case: Case, chosen: Places, watch: Watch) -> Found:
    """Find the plan that covers most; quotas and a budget are kept, floors are not known here.

    Parameters
    ----------
    case
        The reduced question, without floors.
    chosen
        A plan to begin with.
    watch
        Says when to stop.
    """
    if case.floors is not None:
        return exact_cover(case, chosen, float(case.easy_bound), watch)
    cuts, bound = _Cuts(case), float(case.easy_bound)
    start = np.zeros(len(case.sites))
    start[chosen] = 1.0
    cuts.add(start, np.full(_PARTS, np.inf))
    is_relaxed = True
    while not watch.is_over and case.worth(chosen) < bound:
        program, x, t = cuts.program()
        answer = program.solve(watch, is_relaxed=is_relaxed, abs_gap=1 - 2 * SLACK)
        if np.isfinite(answer.bound):
            bound = min(bound, float(np.floor(-answer.bound + SLACK)))
        if answer.values is None:
            break
        values = answer.values[x] if is_relaxed else np.rint(answer.values[x])
        found = np.flatnonzero(values > 0.5)
        if not is_relaxed and case.allows(found) and case.worth(found) > case.worth(chosen):
            chosen = found
        watch.tell("cuts", case.worth(chosen), bound)
        if not cuts.add(values, answer.values[t]):
            if not is_relaxed:
                break
            is_relaxed = False
    bound = max(bound, float(case.worth(chosen)))
    times = covered_rows(case.cover, chosen)
    return Found(chosen, max(bound, float(case.weight[times > 0].sum())), "benders")
