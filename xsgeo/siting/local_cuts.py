"""Cuts for set covering that only know a neighbourhood, and why they hold.

The relaxation of a set cover may open half a site, and where sites overlap in a ring it does so all over the map: each
ring of five wants two and a half where three are needed. What is missing is local, so it can be found by looking at a
few rows at a time, a *window*, and among the rows of a map a window is a place.

For a window R and any counts a_j >= 0 let b be the least of a.x over the whole x that cover R. Then a.x >= b for every
cover of all rows: it covers R among others. Costs do not enter, and limits (quotas, budgets, fixed sites) only take
covers away, so such a cut holds in every question about these rows. The counts are found by the linear program that
asks which inequality of the window the fractional point violates most (`facet_kernels.facet`, after Applegate, Bixby,
Chvatal and Cook, who cut the travelling salesman's polytope so). It is solved over the sites the point opens at all,
and a program of thirty columns takes less than a millisecond. The counts are then made whole numbers and b is found by
enumeration in whole numbers, so no rounding error can hide in a cut.

A site j that the point does not open is counted afterwards. If it is open, the rows of R that it leaves bare must be
covered by sites already counted, at z_j at least; counting it as max(0, b - z_j) therefore keeps the cut right, whether
it is open or not. One after the other this holds for all of them (sequential lifting, Padberg 1975).

Small windows come first: they are quick, they give most, and cuts from large ones that small ones would have found make
a worse relaxation.

References
----------
Applegate, D., Bixby, R., Chvatal, V. and Cook, W. (2001). TSP cuts which do not conform to the template paradigm. In:
Computational Combinatorial Optimization, LNCS 2241, 261-303.

Padberg, M. (1975). A note on zero-one programming. Operations Research 23, 833-837.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.problem import Floats, Places, Whole
from xsgeo.siting.relaxation import Outcome, Relaxation

SIZES = ((12, 8), (20, 13), (30, 20))
"""Most sites and most rows of a window, in the order in which they are tried."""
_WORK_OF_ONE, _WORK = 20_000, 2_000_000  # nodes of searches, in one window and in a round
_MOST_CUTS, _MOST_ENTRIES = 4_000, 400_000
_WORTHWHILE = 0.004  # of the gap: what a round should close to be followed by another of its size


@dataclass(frozen=True, eq=False)
class Cuts:
    """Rows a.x >= b.

    Attributes
    ----------
    begins, places, values
        Where each begins, the sites that it counts, and what it counts them as, whole numbers.
    right
        The right sides, whole numbers.
    """

    begins: Whole
    places: Places
    values: Floats
    right: Floats

    def __len__(self) -> int:
        """Number of cuts."""
        return len(self.right)


def local_cuts(by_row: csr_array, point: Floats, size: tuple[int, int]) -> Cuts:
    """Find cuts that a fractional cover violates.

    Parameters
    ----------
    by_row
        Rows by the sites that cover them.
    point
        How far each site is open, from 0 to 1.
    size
        Most sites and most rows of a window.

    Examples
    --------
    Of three sites in a ring two are needed, and not one and a half.

    >>> ring = csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]]))
    >>> cuts = local_cuts(ring, np.full(3, 0.5), (12, 8))
    >>> cuts.places.tolist(), cuts.values.tolist(), cuts.right.tolist()
    ([0, 1, 2], [1.0, 1.0, 1.0], [2.0])
    """
    from xsgeo.siting import cut_kernels, kernels

    begins, right = np.zeros(_MOST_CUTS + 1, dtype=np.int64), np.empty(_MOST_CUTS)
    room = max(_MOST_ENTRIES, by_row.shape[1])
    places, values = np.empty(room, dtype=np.int64), np.empty(room)
    work = np.array([_WORK_OF_ONE, _WORK], dtype=np.int64)
    sizes = np.array(size, dtype=np.int64)
    n = cut_kernels.local_cuts(kernels.arrays(by_row), point, sizes, work, begins, places, values, right)
    end = int(begins[n])
    return Cuts(begins[: n + 1].copy(), places[:end].astype(np.intp), values[:end].copy(), right[:n].copy())


def tightened(
    relaxation: Relaxation, by_row: csr_array, goal: float, *, sizes: tuple[tuple[int, int], ...] = SIZES, rounds: int
) -> tuple[Outcome, float]:
    """Solve and add cuts in turn, as long as it pays and the value does not lie beyond the goal.

    Parameters
    ----------
    relaxation
        Of a program whose columns are the sites; it keeps the cuts.
    by_row
        Rows by the sites that cover them.
    goal
        Where nothing better than the known cover is left.
    sizes
        Of windows, one after the other.
    rounds
        At most, of each size.

    Returns
    -------
    outcome, value
        How it ended, and the last value that was reached; minus infinity if none was.
    """
    outcome = relaxation.solve()
    first = value = relaxation.value if outcome == "solved" else -np.inf
    for size in sizes:
        for _ in range(rounds):
            if outcome != "solved" or value > goal:
                return outcome, value
            cuts = local_cuts(by_row, relaxation.values, size)
            if not len(cuts):
                break
            # Scaled to a right side of one the solver's tolerances mean the same in every row.
            scale = np.repeat(cuts.right, np.diff(cuts.begins))
            relaxation.add_rows(cuts.begins, cuts.places, cuts.values / scale, np.full(len(cuts), 1 - 1e-9))
            outcome = relaxation.solve()
            if outcome != "solved":
                break
            gain, value = relaxation.value - value, relaxation.value
            if gain < _WORTHWHILE * (goal - first):
                break
    return outcome, value
