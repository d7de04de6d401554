"""A covering question in arrays, what every plan for it must keep, and the same question on fewer sites and rows.

All covering models work on a `Case`: which sites cover which demand rows, what the rows weigh, and the limits. It says
what a plan is worth and whether it is allowed, so no model counts for itself. Taking sites away keeps a case a case
(`on_sites`): rows that the sites left cannot tell apart are merged, and towns with a floor stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from xsgeo.siting.lagrange import Dual
from xsgeo.siting.problem import Floats, Places, Sites, Whole
from xsgeo.siting.reduce import merged_rows, undominated
from xsgeo.siting.swap import covered_rows, covered_weight

SLACK = 0.01
"""Workers; far above a solver's rounding, far below the one worker that plans differ by."""


@dataclass(frozen=True, eq=False)
class Floors:
    """Least weight to be covered in each town.

    Attributes
    ----------
    kind
        Number of the town of each demand row.
    least
        Of each town, in the unit of the weights.
    """

    kind: Places
    least: Floats

    def are_kept(self, cover: csr_array, weight: Whole, chosen: Places) -> bool:
        """Whether a plan reaches every floor."""
        covered = covered_rows(cover, chosen) > 0
        return bool((np.bincount(self.kind[covered], weight[covered], len(self.least)) >= self.least - 1e-9).all())


@dataclass(frozen=True, eq=False)
class Case:
    """One covering question in arrays; sites stand in the order of preference.

    Attributes
    ----------
    cover, weight
        Sites by demand rows, 1 where covered, and the weight of each row.
    sites
        Limits.
    floors
        Least weight in each town, or None.

    Examples
    --------
    Site L covers two groups of 5 and 3 workers, site R of 3 and 4.

    >>> import pandas as pd
    >>> from xsgeo.siting import Limits
    >>> from xsgeo.siting.frames import covering_case
    >>> covers = pd.DataFrame({"site_id": list("LLRR"), "group_id": list("abbc")})
    >>> case, _ = covering_case(pd.Series({"a": 5, "b": 3, "c": 4}), covers, Limits(n_sites=1))
    >>> case.worth(np.array([0])), case.worth(np.array([0, 1])), case.allows(np.array([0, 1])), case.easy_bound
    (8, 12, False, 8)
    """

    cover: csr_array
    weight: Whole
    sites: Sites
    floors: Floors | None = None

    @property
    def is_plain(self) -> bool:
        """Whether one number alone limits the choice."""
        return self.sites.is_plain and self.floors is None

    def allows(self, chosen: Places) -> bool:
        """Whether a plan keeps all limits."""
        kept = self.floors is None or self.floors.are_kept(self.cover, self.weight, chosen)
        return kept and self.sites.allow(chosen)

    def worth(self, chosen: Places) -> int:
        """Weight that the chosen sites cover together."""
        return covered_weight(self.cover, self.weight, chosen)

    @property
    def easy_bound(self) -> int:
        """No plan covers more than all that can be covered, nor than the largest reaches together."""
        open_ = np.flatnonzero(self.sites.upper)
        within = self.worth(open_)
        if self.sites.n_sites is None:
            return within
        reach = np.sort((self.cover @ self.weight)[open_])[::-1]
        fixed = int(self.sites.lower.sum())
        return int(min(within, reach[: max(self.sites.n_sites, fixed)].sum()))


@dataclass(frozen=True, eq=False)
class Found:
    """The best plan found, or None; a bound on all plans; which step had the last word; and the charges, if any."""

    chosen: Places | None
    bound: float
    method: str
    is_infeasible: bool = False
    dual: Dual | None = None


def reduced(case: Case) -> tuple[Places, Case]:
    """The same question with fewer rows and sites, and which sites they are.

    Examples
    --------
    A site that covers nothing that another does not cover too can go.

    >>> import pandas as pd
    >>> from xsgeo.siting import Limits
    >>> from xsgeo.siting.frames import covering_case
    >>> covers = pd.DataFrame({"site_id": list("LLMRR"), "group_id": list("abbbc")})
    >>> whole, _ = covering_case(pd.Series({"a": 5, "b": 3, "c": 4}), covers, Limits(n_sites=1))
    >>> keep, small = reduced(whole)
    >>> whole.sites.ids[keep].tolist(), small.cover.toarray().tolist()
    (['L', 'R'], [[1, 1, 0], [0, 1, 1]])
    """
    may = np.flatnonzero(case.sites.upper)
    held = on_sites(case, may)
    sites = held.sites
    if sites.quotas or sites.excluded:
        return may, held
    keep = undominated(held.cover, sites.cost, may_go=~sites.lower)
    return may[keep], on_sites(held, keep)


def on_sites(case: Case, keep: Places) -> Case:
    """The question on some of the sites, its rows merged."""
    kind = None if case.floors is None else case.floors.kind
    cover, weight, member = merged_rows(case.cover[keep], case.weight, kind)
    floors = None
    if case.floors is not None:
        moved = np.zeros(len(weight), dtype=np.intp)
        moved[member[member >= 0]] = case.floors.kind[member >= 0]
        floors = replace(case.floors, kind=moved)
    return Case(cover, weight, case.sites.only(keep), floors)
