"""Choose actions by year within yearly budgets, so that most workers are served soonest, and prove it.

The model is the maximal covering location problem of Church and ReVelle (1974) stretched over years, with prices that
differ, as Schilling (1980) first did; each action a may be taken in one year t and serves from then on::

    maximise    sum_t d^t sum_i w_i y_it
    subject to  y_it <= sum over actions a that serve i, over s <= t, of x_as       served by what has been done
                sum_t sum over actions a of one site of x_at <= 1                    one action a site, once
                sum_a once_a x_at + yearly_a sum_(s<=t) x_as <= budget_t             each year pays for itself
                sum over i in town k of w_i y_iT + served today >= floor_k * workers  at the end
                x in {0, 1},  0 <= y <= 1

With seats, a group is no longer served by a door alone: ``z_iat`` of its workers go to action a, and in every half hour
as many of those who are free then as come at the same time (``peak_share``) must fit in the seats that are left then::

    y_it = sum_a z_iat,   z_iat <= w_i sum_(s<=t) x_as,   peak_share * sum of z_iat over i free at h <= left_ah x_a

A room that may be closed is an action too, at a negative yearly cost. What holds only while rooms of a set K stay open
is a *way* v: a group is served today, or action a serves it, for as long as none of K is closed::

    y_it <= sum over a that serve i whatever is closed + sum over its ways v_kt
    v_kt <= sum over s <= t of x_as        where the way needs action a
    v_kt <= 1 - sum over s <= t of x_cs    for each room c of K that the action c closes

Workers served today enter the objective as a constant taken away, so that it counts those added less those lost.

With seats, ways are not enough: whom a closing sends elsewhere takes a seat there. A year is then in one *state*, the
set of rooms closed by then, and who lacks a seat is told for every state (`xsgeo.phasing.states`).

Groups that the same actions serve, of one town, one free pattern and the same ways, are one row. Money not spent does
not carry over, as in a county's yearly budget, unless `carries` says so.

Where two plans serve the same workers the cheaper is better; that is settled by a second pass (`xsgeo.phasing.solve`).

References
----------
Church, R. and ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science Association 32,
101-118. Schilling, D. A. (1980). Dynamic location modeling for public-sector facilities: a multicriteria approach.
Decision Sciences 11, 714-724.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.phasing.closing import Floats, Ways, closings, find_ways, on_what
from xsgeo.phasing.states import Seats, State, Without, check_states, in_order, joined
from xsgeo.siting.problem import Status


class UnknownSiteError(PlanError):
    """A site is asked for or excluded at which nothing can be done.

    Attributes
    ----------
    site_id
        The site.
    """

    def __init__(self, site_id: str, message: str) -> None:
        self.site_id = site_id
        super().__init__(message)


@dataclass(frozen=True)
class Terms:
    """What a plan must keep to.

    Attributes
    ----------
    budgets
        万元 of each year; as many as there are years.
    discount
        What a worker served a year later counts.
    carries
        Whether money not spent is left for the next year.
    most_actions
        Most actions in all; None for no limit.
    most_by
        Most actions by town or owner: ``{"town_id": {"330225101": 3}, "owner_system": {"union": 5}}``.
    floors
        Least share of a town's workers served at the end, by town id.
    must, must_not
        Sites that have to be taken, and that must not be.

    Examples
    --------
    >>> Terms(budgets=(30, 40, 30)).n_years
    3
    """

    budgets: tuple[float, ...]
    discount: float = 0.95
    carries: bool = False
    most_actions: int | None = None
    most_by: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.budgets or any(not 0 <= b < np.inf for b in self.budgets):
            msg = f"budgets needs an amount of 0 or more for each year, got {self.budgets}"
            raise PlanError(msg)
        if not 0 < self.discount <= 1:
            msg = f"discount must be above 0 and at most 1, got {self.discount}"
            raise PlanError(msg)
        wrong = {k: v for k, v in self.floors.items() if not 0 <= v <= 1}
        if wrong:
            msg = f"a floor is a share from 0 to 1, got {wrong}"
            raise PlanError(msg)

    @property
    def n_years(self) -> int:
        """How many years the plan has."""
        return len(self.budgets)


@dataclass(frozen=True, eq=False)
class Phased:
    """Actions by year, what they do, and how sure it is that nothing does more.

    Attributes
    ----------
    actions
        One row a chosen action, index ``action_id``: ``year`` from 1, ``n_workers_added`` to those of the years
        before and of the actions before it, and the columns of the actions; in the order of year and gain.
    served_from
        Year from which each group is served, 0 where none of the actions serves it; on ids of groups. With seats, the
        year from which all of it has a seat.
    by_year
        Index ``year``: ``n_workers_added`` in all by then, ``spent``, ``budget``.
    objective, bound
        Workers, discounted by year, and what no plan passes.
    status
        ``optimal`` only where bound and objective meet within one part in a million.
    seconds
        Time taken.
    """

    actions: pd.DataFrame
    served_from: pd.Series
    by_year: pd.DataFrame
    objective: float
    bound: float
    status: Status
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the bound that may still be missing."""
        return max(0.0, (self.bound - self.objective) / self.bound) if self.bound > 0 else 0.0

    def __repr__(self) -> str:
        """One line that says what is held and how sure it is."""
        n = int(self.by_year["n_workers_added"].iloc[-1]) if len(self.by_year) else 0
        return (
            f"<Phased: {len(self.actions)} actions in {len(self.by_year)} years, {n:,} workers added, "
            f"gap {self.gap:.2%}, {self.status}>"
        )


@dataclass(frozen=True, eq=False)
class Task:
    """One question in arrays: actions in the order of their ids, demand merged into rows."""

    actions: pd.DataFrame
    cover: csr_array  # actions by rows, while nothing is closed
    weight: Floats
    row_of: NDArray[np.intp]  # row of each group, -1 where no action serves it
    first: NDArray[np.intp]  # one group of each row
    town: NDArray[np.object_]
    groups: pd.Index
    heads: Floats  # workers of each group
    site: NDArray[np.intp]
    terms: Terms
    served_today: Mapping[str, float]
    workers: Mapping[str, float]
    states: tuple[State, ...] = ()  # with seats: as it is, then with rooms closed
    peak_share: float = 1.0
    ways: Ways | None = None

    @property
    def today(self) -> Floats:
        """Share of each row that is served today; 0 but where a room may be closed."""
        if self.ways is not None:
            return self.ways.today
        return 1.0 - self.lacking[0] if self.states else np.zeros(len(self.weight))

    @property
    def lacking(self) -> Floats:
        """Share of each row that lacks a seat in each state, states by rows."""
        n = np.array([s.lacking for s in self.states])
        return np.asarray(np.divide(n, self.weight, out=np.ones_like(n), where=self.weight > 0))

    @property
    def most(self) -> Floats:
        """Workers of each row who would be added if everything were done that may be."""
        allowed = ~np.isin(self.actions["site_id"].to_numpy(dtype=object), list(self.terms.must_not))
        covers = [s.cover for s in self.states] or [self.cover]
        reached = np.any([c.T @ allowed.astype(np.float64) > 0 for c in covers], axis=0)
        return np.asarray(self.weight * (1.0 - self.today) * reached)

    @property
    def worth_today(self) -> float:
        """Workers of the rows served today, discounted and summed over the years."""
        return float(self.weight @ self.today) * float((self.terms.discount ** np.arange(self.terms.n_years)).sum())

    @property
    def closes(self) -> NDArray[np.bool_]:
        """Whether each action closes a room."""
        return closings(self.actions)

    @property
    def once(self) -> Floats:
        """Paid once, 万元."""
        return np.asarray(self.actions["cost_once"].to_numpy(np.float64))

    @property
    def yearly(self) -> Floats:
        """Paid every year from then on, 万元."""
        return np.asarray(self.actions["cost_per_year"].to_numpy(np.float64))


def task(
    weights: pd.Series,
    towns: pd.Series,
    actions: pd.DataFrame,
    covers: pd.DataFrame,
    *,
    terms: Terms,
    served_today: Mapping[str, float] | None = None,
    workers: Mapping[str, float] | None = None,
    seats: Seats | None = None,
    without: Sequence[Without] = (),
    keeps: pd.DataFrame | None = None,
) -> Task:
    """Check the question and put it into arrays.

    Parameters
    ----------
    weights
        Workers of each group that is not served, or that `keeps` says may lose what it has, on ids of groups. With
        `without`, workers who lack a seat today; 0 for those who lack one only once a room is closed.
    towns
        Town of each group, on the same ids.
    actions
        What `xsgeo.phasing.possible_actions` listed. Of the actions of one ``place`` (one site, where there is no such
        column) at most one is taken.
    covers
        ``action_id`` and ``group_id``: whom each action serves. Rows of actions that are not listed are left out.
    terms
        Budgets, floors and limits.
    served_today, workers
        Workers served already, and all workers, by town; needed where there are floors.
    seats
        Seats; None leaves them out.
    without
        With seats and actions that close rooms: the same question for every set of them that may be closed.
    keeps
        Without seats, what holds only while rooms stay open (`xsgeo.phasing.closing_ways`): ``group_id``,
        ``action_id`` (empty: the group is served today) and ``unless``, ids of the actions of which none may be taken.
        One of several rows is enough. Pairs of `covers` without a row hold whatever is closed.

    Raises
    ------
    PlanError
        When an id is repeated, a price is missing or negative, a group or town is not known, a weight is negative, or
        a set of closings is not told.
    """
    for name, index in (("actions", actions.index), ("weights", weights.index)):
        if not index.is_unique:
            msg = f"the {name} repeat the id {index[index.duplicated()][0]!r}"
            raise PlanError(msg)
    _check_prices(actions)
    _check_terms(terms, workers or {}, set(actions["site_id"]))
    shut = [str(i) for i in actions.index[closings(actions)]]
    plain = Seats(np.zeros((len(weights), 0), dtype=bool), np.zeros((len(actions), 0)), 1.0)
    shuts = sorted(without, key=lambda part: (len(part.closed), sorted(part.closed)))
    parts = [Without(frozenset(), weights, covers, seats or plain), *shuts]
    if seats is None and without:
        msg = "what is lacking once rooms are closed is asked with seats only; without them give `keeps`"
        raise PlanError(msg)
    if seats is not None:
        check_states(parts, shut)
    people, ordered, states = in_order(parts, weights, actions)
    home = towns.reindex(people.index).astype(str).to_numpy(dtype=object)
    number = {g: n for n, g in enumerate(people.index)}
    depends = {number[g]: ways for g, ways in on_what(keeps).items() if g in number}
    no_town = np.full(len(home), "", dtype=object)
    row_of, first, weight, on_rows = joined(states, home if workers else no_town, depends)
    asked = Task(
        actions=ordered,
        cover=on_rows[0].cover,
        weight=weight,
        row_of=row_of,
        first=first,
        town=home[first],
        groups=people.index,
        heads=np.max([s.lacking for s in states], axis=0),
        site=pd.factorize(ordered["place" if "place" in ordered else "site_id"], sort=True)[0].astype(np.intp),
        terms=terms,
        served_today=served_today or {},
        workers=workers or {},
        states=() if seats is None else on_rows,
        peak_share=1.0 if seats is None else seats.peak_share,
    )
    if keeps is None or keeps.empty:
        return asked
    return replace(asked, ways=find_ways(keeps, asked.cover, asked.actions.index, asked.groups[asked.first]))


def _check_prices(actions: pd.DataFrame) -> None:
    saves = closings(actions)
    for column in ("cost_once", "cost_per_year"):
        price = actions[column].to_numpy(np.float64)
        wrong = ~np.isfinite(price) | (price < 0) & ~(saves & (column == "cost_per_year"))
        if wrong.any():
            first = actions.index[wrong][0]
            msg = f"action {first!r} has no {column} of 0 or more: got {actions[column].loc[first]!r}"
            raise PlanError(msg)


def _check_terms(terms: Terms, workers: Mapping[str, float], sites: set[object]) -> None:
    unknown = sorted(set(terms.floors) - set(workers))
    if unknown:
        msg = f"there is a floor for {unknown[0]!r}, which is no town with workers"
        raise PlanError(msg)
    strange = sorted((terms.must | terms.must_not) - sites)
    if strange:
        msg = f"site {strange[0]!r} is asked for or excluded, but no action is at it"
        raise UnknownSiteError(strange[0], msg)
