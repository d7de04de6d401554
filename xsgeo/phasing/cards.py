"""A card for each action: who gains, what changes for them, what is lost without it, and what stands in the way.

A planner has to defend each line of a plan before people who know the room. So a card holds figures only, each counted
again from the plan and the tables it was made of, and the sentences are made from the figures alone
(`xsgeo.plan_report`). What stands in the way is said as plainly as the gain: an owner who has to agree, hours that
cannot be extended, a position nobody has surveyed, a price nobody has asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import tally
from xsgeo.phasing.counting import gains, keeps_limits, losses, spending, wanted, workers_at_end, years_of
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.rooms import rooms_of
from xsgeo.settings import CostRules

OBSTACLES = (
    "other_owner",
    "agreement",
    "staff",
    "space",
    "limited_hours",
    "coarse_position",
    "estimated_price",
    "seats_unknown",
    "no_room",
)
_COARSE_M = 100.0


@dataclass(frozen=True)
class Card:
    """What one action means.

    Attributes
    ----------
    action_id, site_id, action, name, town_id, year, open_hours
        What is done where, from when, and the hours then kept.
    cost_once, cost_per_year
        万元.
    n_workers
        Workers served by it, counted to the first action that serves them; of a closing, below 0, those who lose what
        they have.
    towns, clusters, shifts, reasons
        The same by town, cluster, shift, and why they are not served today (of a closing: then); most first.
    minutes_before, minutes_after
        Their way to the nearest venue of today, and to this one (of a closing: to the nearest that is left), mean over
        workers; NaN where none is in reach.
    hours_before, hours_after
        Hours a week they can use, mean over workers.
    n_lost
        Workers whom no other action of the plan would serve.
    next_best, n_next_best
        The site that would serve most in its stead for no more money, and how many fewer the whole plan then serves;
        empty for a closing.
    obstacles
        Some of `OBSTACLES`.
    """

    action_id: str
    site_id: str
    action: str
    name: str
    town_id: str
    year: int
    open_hours: str
    cost_once: float
    cost_per_year: float
    n_workers: int
    towns: Mapping[str, int]
    clusters: Mapping[str, int]
    shifts: Mapping[str, int]
    reasons: Mapping[str, int]
    minutes_before: float
    minutes_after: float
    hours_before: float
    hours_after: float
    n_lost: int
    next_best: str
    n_next_best: int
    obstacles: tuple[str, ...]


def cards(
    task: Task,
    plan: Phased,
    workers: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    minutes: pd.DataFrame,
    candidates: pd.DataFrame,
    costs: CostRules,
) -> list[Card]:
    """Make the card of each action of a plan, in its order.

    Parameters
    ----------
    task, plan
        The question and its answer.
    workers
        Groups, index ``group_id``; columns ``n_workers``, ``town_id``, ``cluster_id``, ``shift``.
    before, after
        What `xsgeo.access.coverage` says of them today, and with the plan done.
    minutes
        Long table of minutes from groups to sites: ``group_id``, ``site_id``, ``minutes``.
    candidates
        Sites, index ``site_id``; columns ``available_hours``, ``accuracy_m`` and, where known, ``is_shut``: whether the
        room there is not open to everybody today.
    costs
        The prices.

    Returns
    -------
    list of Card
        One for each action.
    """
    years = years_of(task, plan)
    ways = minutes.groupby(["site_id", "group_id"])["minutes"].min()
    mine = gains(task, years) | losses(task, years)
    at = {action_id: int(task.actions.index.get_loc(action_id)) for action_id in plan.actions.index}
    everybody = _Tables(workers, before, after, ways, workers_at_end(task, years), _most_alone(task))
    return [
        _card(task, years, row, _people(task, mine[at[action_id]]), everybody, candidates.loc[row["site_id"]], costs)
        for action_id, row in plan.actions.iterrows()
    ]


@dataclass(frozen=True, eq=False)
class _Tables:
    """What is known of the groups, minutes by site and group, workers served at the end and by each action alone."""

    workers: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    ways: pd.Series
    at_end: float
    most_alone: NDArray[np.float64]


def _people(task: Task, share: NDArray[np.float64]) -> pd.Series:
    """Workers of each group that are in some share of their rows."""
    of_group = np.where(task.row_of >= 0, share[task.row_of], 0.0) * task.heads
    n = pd.Series(of_group, index=task.groups)
    return n[n > 1e-6]


def _card(  # noqa: PLR0917  # the parts of one card, in their order
    task: Task,
    years: NDArray[np.intp],
    row: pd.Series,
    n: pd.Series,
    tables: _Tables,
    site: pd.Series,
    costs: CostRules,
) -> Card:
    ids, at = n.index, int(task.actions.index.get_loc(row.name))
    who, before, after = (t.loc[ids] for t in (tables.workers, tables.before, tables.after))
    closes = bool(task.closes[at])
    other, fewer = ("", 0) if closes else _next_best(task, years, at, tables.at_end, tables.most_alone)
    key = pd.MultiIndex.from_product([[str(row["site_id"])], list(ids)])
    way = after["nearest_min"] if closes else tables.ways.reindex(key).set_axis(ids)
    heads = n.round().astype(np.int64)
    return Card(
        action_id=str(row.name),
        site_id=str(row["site_id"]),
        action=str(row["action"]),
        name=str(row["name"]),
        town_id=str(row["town_id"]),
        year=int(row["year"]),
        open_hours=str(row["open_hours"]),
        cost_once=float(row["cost_once"]),
        cost_per_year=float(row["cost_per_year"]),
        n_workers=int(row["n_workers_added"]),
        towns=tally(who["town_id"], heads),
        clusters=tally(who["cluster_id"], heads),
        shifts=tally(who["shift"], heads),
        reasons=tally((after if closes else before)["reason"].astype(str), heads),
        minutes_before=_mean(before["nearest_min"], n),
        minutes_after=_mean(way, n),
        hours_before=_mean(before["usable_hours"], n),
        hours_after=_mean(after["usable_hours"], n),
        n_lost=0 if closes else _lost(task, years, at, tables.at_end),
        next_best=other,
        n_next_best=fewer,
        obstacles=_obstacles(row, site, costs),
    )


def _most_alone(task: Task) -> NDArray[np.float64]:
    """Workers whom each action could serve if it were the only one; with seats, as many as it has seats for."""
    if not task.states:
        return np.full(len(task.actions), np.inf)
    return rooms_of(task, task.states[0]).earn(np.zeros(len(task.weight)))


def _lost(task: Task, years: NDArray[np.intp], action: int, at_end: float) -> int:
    without = years.copy()
    without[action] = 0
    return round(at_end - workers_at_end(task, without))


def _next_best(
    task: Task, years: NDArray[np.intp], action: int, at_end: float, most_alone: NDArray[np.float64]
) -> tuple[str, int]:
    """Site that serves most in an action's stead, in its year, within the limits and for no more money in any year."""
    without = years.copy()
    without[action] = 0
    gain = np.minimum(task.cover @ wanted(task, without, task.terms.n_years), most_alone)
    room = spending(task, years) + 1e-9
    best, most = "", 0.0
    free = ~np.isin(task.site, task.site[years > 0])
    free &= ~np.isin(task.actions["site_id"].to_numpy(dtype=object), list(task.terms.must_not))
    for other in np.lexsort((np.arange(len(gain)), -gain)):
        if gain[other] <= most:
            break
        tried = without.copy()
        tried[other] = years[action]
        if free[other] and (spending(task, tried) <= room).all() and keeps_limits(task, tried):
            best, most = str(task.actions["site_id"].iloc[other]), float(gain[other])
            break
    if not best:
        return "", 0
    tried = without.copy()
    tried[other] = years[action]
    return best, max(0, round(at_end - workers_at_end(task, tried)))


def _obstacles(action: pd.Series, site: pd.Series, costs: CostRules) -> tuple[str, ...]:
    owner = str(action["owner_system"] or "")
    accuracy = site.get("accuracy_m", float("nan"))
    found = {
        "other_owner": owner not in {"", "union"},
        "agreement": action["action"] == "share" or (action["action"] == "equip" and bool(site.get("is_shut", False))),
        "staff": action["action"] == "close",
        "space": action["action"] == "enlarge",
        "limited_hours": bool(str(site.get("available_hours") or "")),
        "coarse_position": pd.notna(accuracy) and float(accuracy) > _COARSE_M,
        "estimated_price": costs.basis in {"estimate", "synthetic"},
        "seats_unknown": pd.isna(action["capacity"]) and action["action"] != "close",
        "no_room": action["action"] == "build",
    }
    return tuple(o for o in OBSTACLES if found[o])


def _mean(values: pd.Series, n_workers: pd.Series) -> float:
    known = values.notna().to_numpy()
    weight = n_workers.to_numpy(np.float64)[known]
    return float(np.average(values.to_numpy(np.float64)[known], weights=weight)) if weight.sum() > 0 else float("nan")
