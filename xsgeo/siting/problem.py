"""What may be chosen, and what comes of it: the two records that every siting model shares.

`Limits` holds all that a planner may say about sites, whatever the model: how many, how dear, which stand already and
must stay, which may be closed, which must not be, how many in a town or of an owner, how large a share of each town
must be served. Every model reads the same record, so a question is asked of another model by changing one name.

`Siting` holds an answer together with how sure it is. Its status is ``optimal`` if and only if the bound meets the
objective: exactly where both are whole numbers, within one part in a million where they are minutes. A solver's own
word is never enough, and the objective is counted again from the chosen sites.

How existing sites are meant: one that is ``fixed`` is open in every answer; one that is ``forbidden`` in none; one that
is ``existing`` may stay or be closed, and among equal answers it stays. All open sites count towards ``n_sites``, the
fixed ones too, as in the models as they were published; whoever plans p new rooms beside k that stay asks for p + k.

Sites are put in the order of preference (existing first, then cost, then own reach where a model knows it, then id)
before anything is computed, and so is demand by id. That is why the order of rows never changes an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.errors import PlanError

Status = Literal["optimal", "time_limit", "interrupted", "unproven", "infeasible"]
Sense = Literal["max", "min"]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-6
"""Relative distance between bound and objective that counts as none where the objective is a sum of real numbers."""


@dataclass(frozen=True)
class Quota:
    """At least and at most so many of some sites.

    Attributes
    ----------
    name
        What the sites have in common: a town, an owner.
    sites
        Their ids.
    least, most
        How many of them may be open; None for no upper limit.

    Examples
    --------
    >>> Quota("石浦", frozenset({"s1", "s2"}), most=1).most
    1
    """

    name: str
    sites: frozenset[object]
    least: int = 0
    most: int | None = None


def quotas_by(labels: pd.Series, *, least: int = 0, most: int | None = None) -> tuple[Quota, ...]:
    """Make the same quota for each town or owner.

    Parameters
    ----------
    labels
        Town or owner of each site, on ids of sites.
    least, most
        As in `Quota`.

    Returns
    -------
    tuple of Quota
        One for each label, in the order of the labels.

    Examples
    --------
    >>> [quota.name for quota in quotas_by(pd.Series({"s1": "b", "s2": "a"}), most=1)]
    ['a', 'b']
    """
    return tuple(
        Quota(str(name), frozenset(labels.index[labels == name]), least, most)
        for name in sorted(labels.dropna().unique())
    )


@dataclass(frozen=True, eq=False)
class Limits:
    """What may be chosen.

    Attributes
    ----------
    n_sites
        Most sites open at the end, the fixed ones included; None for any number.
    budget
        Most that the open sites may cost together, in the unit of `cost`; None for no limit.
    cost
        Cost of each site, 0 or more, on ids of sites; None: each costs 1.
    fixed
        Ids of sites that are open in every answer.
    existing
        Ids of sites that are there and may stay or be closed; among equal answers they stay.
    forbidden
        Ids of sites that are open in no answer.
    quotas
        How many of a town's or an owner's sites.
    towns
        Town of each demand group, for `floor`.
    floor
        Share of the weight of each town that must be covered, 0 to 1: one for all, or one a town.
    excluded
        Sets of sites of which not all may be open at once; `xsgeo.siting.alternatives` adds the plans it knows here.

    Examples
    --------
    >>> Limits(n_sites=2, fixed={"s1"}).n_sites
    2
    """

    n_sites: int | None = None
    budget: float | None = None
    cost: pd.Series | None = None
    fixed: Collection[object] = ()
    existing: Collection[object] = ()
    forbidden: Collection[object] = ()
    quotas: tuple[Quota, ...] = ()
    towns: pd.Series | None = None
    floor: float | Mapping[object, float] = 0.0
    excluded: tuple[frozenset[object], ...] = ()


def no_lacks() -> pd.DataFrame:
    """An empty table of what stands in the way.

    Examples
    --------
    >>> no_lacks().columns.tolist()
    ['rule', 'subject', 'amount', 'unit']
    """
    return pd.DataFrame({"rule": [], "subject": [], "amount": [], "unit": []})


@dataclass(frozen=True, eq=False)
class Siting:
    """Chosen sites, who goes where, and how sure it is that nothing is better.

    Attributes
    ----------
    chosen
        Ids of the open sites, sorted.
    assignment
        Site of each demand group, on the caller's ids; empty where none serves it.
    objective
        What the model counts, by the chosen sites; NaN where there is no answer.
    bound
        No answer is better than this.
    status
        ``optimal`` if and only if bound and objective meet; ``time_limit``, ``interrupted``, ``unproven``; or
        ``infeasible``, and then `lacks` says why.
    sense
        Whether more is better (``max``) or less (``min``).
    seconds
        Time taken.
    method
        What found the proof or the bound.
    is_settled
        Whether the answer is the first of its equals in the order of preference.
    lacks
        Empty, or what stands in the way: ``rule``, ``subject`` and ``amount``, how much would have to give, and
        ``unit``.
    details
        Figures of the model beside the objective, where there are any: flows, shares of towns.
    """

    chosen: tuple[object, ...]
    assignment: pd.Series
    objective: float
    bound: float
    status: Status
    sense: Sense
    seconds: float
    method: str
    is_settled: bool = False
    lacks: pd.DataFrame = field(default_factory=no_lacks)
    details: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def gap(self) -> float:
        """Distance between bound and objective as a share of the larger of them; 0 for a proven optimum."""
        if not np.isfinite(self.objective) or not np.isfinite(self.bound):
            return float("nan") if self.status == "infeasible" else float("inf")
        most = max(abs(self.objective), abs(self.bound))
        return abs(self.bound - self.objective) / most if most else 0.0

    def __repr__(self) -> str:
        """One line that says what is held and how sure it is."""
        if self.status == "infeasible":
            return f"<Siting: infeasible, {len(self.lacks)} reasons, {self.method}>"
        return (
            f"<Siting: {len(self.chosen)} sites, objective {self.objective:,.10g}, bound {self.bound:,.10g}, "
            f"gap {self.gap:.2%}, {self.status}, {self.method}>"
        )


def lacking(rows: Sequence[tuple[str, object, float, str]]) -> pd.DataFrame:
    """The table of what stands in the way.

    Examples
    --------
    >>> lacking([("uncovered", "d", 3, "workers")]).to_dict("records")
    [{'rule': 'uncovered', 'subject': 'd', 'amount': 3, 'unit': 'workers'}]
    """
    return pd.DataFrame(rows, columns=["rule", "subject", "amount", "unit"])


@dataclass(frozen=True, eq=False)
class Sites:
    """`Limits` in arrays, on sites in the order of preference.

    Attributes
    ----------
    ids, cost
        Of each site.
    lower, upper
        Whether it must be open, and whether it may be.
    n_sites, budget
        As in `Limits`.
    quotas
        Which sites, least, most, and the name.
    excluded
        Places of which not all may be open.
    """

    ids: NDArray[np.object_]
    cost: Floats
    lower: Flags
    upper: Flags
    n_sites: int | None
    budget: float | None
    quotas: tuple[tuple[Flags, int, int | None, str], ...]
    excluded: tuple[Places, ...]

    def __len__(self) -> int:
        """Number of sites."""
        return len(self.ids)

    @property
    def is_plain(self) -> bool:
        """Whether one number alone limits the choice."""
        one = (self.n_sites is None) != (self.budget is None)
        return one and not self.quotas and not self.excluded

    def only(self, keep: Places) -> Sites:
        """The same limits on some of the sites; a set that can no longer be complete is no limit any more."""
        place = np.full(len(self), -1, dtype=np.intp)
        place[keep] = np.arange(len(keep))
        excluded = tuple(moved for held in self.excluded if (moved := place[held]).min(initial=0) >= 0)
        quotas = tuple((held[keep], least, most, name) for held, least, most, name in self.quotas)
        return Sites(
            self.ids[keep], self.cost[keep], self.lower[keep], self.upper[keep],
            self.n_sites, self.budget, quotas, excluded,
        )  # fmt: skip

    def allow(self, chosen: Places) -> bool:
        """Whether these sites may be open together."""
        is_open = np.zeros(len(self), dtype=bool)
        is_open[chosen] = True
        if (self.lower & ~is_open).any() or (is_open & ~self.upper).any():
            return False
        if self.n_sites is not None and is_open.sum() > self.n_sites:
            return False
        if self.budget is not None and self.cost[is_open].sum() > self.budget * (1 + 1e-12) + 1e-9:
            return False
        for held, least, most, _ in self.quotas:
            n = int((held & is_open).sum())
            if n < least or (most is not None and n > most):
                return False
        return not any(is_open[held].all() for held in self.excluded)


def site_limits(ids: NDArray[np.object_], limits: Limits, *, reach: Floats | None = None) -> Sites:
    """Check the limits and put them into arrays, the sites in the order of preference.

    Parameters
    ----------
    ids
        Of the sites that a model knows, in any order.
    limits
        What the planner said.
    reach
        What each site would do by itself; more comes first among sites of one cost.

    Examples
    --------
    >>> site_limits(np.array(["b", "a"], dtype=object), Limits(n_sites=1, fixed=["b"])).ids.tolist()
    ['b', 'a']
    """
    if limits.n_sites is not None and limits.n_sites < 0:
        msg = f"n_sites must be 0 or more, got {limits.n_sites}"
        raise PlanError(msg)
    if limits.budget is not None and not limits.budget >= 0:
        msg = f"budget must be 0 or more, got {limits.budget}"
        raise PlanError(msg)
    known, there = pd.Index(ids, dtype=object), set(ids.tolist())
    for name in ("fixed", "forbidden", "existing"):
        strange = sorted(set(getattr(limits, name)) - there, key=str)
        if strange and name == "fixed":
            msg = f"`{name}` names the site {strange[0]!r}, which is not there"
            raise PlanError(msg)
    both = sorted(set(limits.fixed) & set(limits.forbidden), key=str)
    if both:
        msg = f"the site {both[0]!r} is both fixed and forbidden"
        raise PlanError(msg)
    cost = _costs(known, limits.cost)
    stays = known.isin(list(limits.existing)) | known.isin(list(limits.fixed))
    reached = np.zeros(len(known)) if reach is None else reach
    by_id = np.argsort(np.argsort(known.to_numpy(), kind="stable"), kind="stable")
    order = np.lexsort((by_id, -reached, cost, ~stays))
    known = known[order]
    excluded = tuple(
        places for held in limits.excluded if (places := known.get_indexer(sorted(held, key=str))).min(initial=0) >= 0
    )
    quotas = tuple((known.isin(list(q.sites)), q.least, q.most, q.name) for q in limits.quotas)
    lower, upper = known.isin(list(limits.fixed)), ~known.isin(list(limits.forbidden))
    ordered = known.to_numpy(dtype=object)
    return Sites(ordered, cost[order], lower, upper, limits.n_sites, limits.budget, quotas, excluded)


def _costs(known: pd.Index, given: pd.Series | None) -> Floats:
    if given is None:
        return np.ones(len(known))
    if not given.index.is_unique:
        msg = f"`cost` repeats the id {given.index[given.index.duplicated()][0]!r}"
        raise PlanError(msg)
    cost: Floats = given.reindex(known).to_numpy(np.float64, na_value=np.nan)
    bad = ~(np.isfinite(cost) & (cost >= 0))
    if bad.any():
        at = int(np.argmax(bad))
        msg = f"`cost` of {known[at]!r} must be a number of 0 or more, got {cost[at]}"
        raise PlanError(msg)
    return cost


def whole_numbers(values: pd.Series, name: str, *, least: int = 0) -> Whole:
    """Check that a Series holds whole numbers from `least` on, on ids that do not repeat.

    Examples
    --------
    >>> whole_numbers(pd.Series([3.0, 0.0], index=["a", "b"]), "weights").tolist()
    [3, 0]
    """
    if not values.index.is_unique:
        msg = f"`{name}` repeats the id {values.index[values.index.duplicated()][0]!r}"
        raise PlanError(msg)
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    bad = ~((numbers >= least) & (numbers == np.floor(numbers)) & np.isfinite(numbers))
    if bad.any():
        at = int(np.argmax(bad))
        msg = f"`{name}` of {values.index[at]!r} must be a whole number of {least} or more, got {values.iloc[at]}"
        raise PlanError(msg)
    return np.asarray(numbers, dtype=np.int64)


def meets(objective: float, bound: float, *, is_whole: bool) -> bool:
    """Whether bound and objective are the same number, as far as numbers of their kind can be.

    Examples
    --------
    >>> meets(10.0, 10.4, is_whole=True), meets(10.0, 10.4, is_whole=False)
    (True, False)
    """
    if is_whole:
        return bool(abs(objective - bound) < 0.5)
    return bool(abs(objective - bound) <= TOLERANCE * max(1.0, abs(objective), abs(bound)))
