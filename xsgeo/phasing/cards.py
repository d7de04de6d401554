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
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.solve import evaluate, spending, years_of
from xsgeo.settings import CostRules

OBSTACLES = (
    "other_owner",
    "agreement",
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
        Workers served by it, counted to the first action that serves them.
    towns, clusters, shifts, reasons
        The same by town, cluster, shift, and why they are not served today; most first.
    minutes_before, minutes_after
        Their way to the nearest venue of today, and to this one, mean over workers; NaN where none is in reach today.
    hours_before, hours_after
        Hours a week they can use, mean over workers.
    n_lost
        Workers whom no other action of the plan would serve.
    next_best, n_next_best
        The site that would serve most in its stead for no more money, and how many fewer the whole plan then serves.
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
    covers: pd.DataFrame,
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
    covers
        ``action_id`` and ``group_id``: whom each action serves.
    candidates
        Sites, index ``site_id``; columns ``available_hours`` and ``accuracy_m``.
    costs
        The prices.

    Returns
    -------
    list of Card
        One for each action.
    """
    years = years_of(task, plan)
    mine = _assigned(plan, covers)
    ways = minutes.groupby(["site_id", "group_id"])["minutes"].min()
    out = []
    for action_id, row in plan.actions.iterrows():
        ids = mine.index[(mine == action_id).to_numpy()]
        gained = workers.loc[ids]
        n = gained["n_workers"]
        at = int(task.actions.index.get_loc(action_id))
        other, fewer = _next_best(task, years, at)
        site = str(row["site_id"])
        key = pd.MultiIndex.from_product([[site], list(ids)])
        out.append(
            Card(
                action_id=str(action_id),
                site_id=site,
                action=str(row["action"]),
                name=str(row["name"]),
                town_id=str(row["town_id"]),
                year=int(row["year"]),
                open_hours=str(row["open_hours"]),
                cost_once=float(row["cost_once"]),
                cost_per_year=float(row["cost_per_year"]),
                n_workers=int(n.sum()),
                towns=tally(gained["town_id"], n),
                clusters=tally(gained["cluster_id"], n),
                shifts=tally(gained["shift"], n),
                reasons=tally(before["reason"].astype(str).loc[ids], n),
                minutes_before=_mean(before["nearest_min"].loc[ids], n),
                minutes_after=_mean(ways.reindex(key).set_axis(ids), n),
                hours_before=_mean(before["usable_hours"].loc[ids], n),
                hours_after=_mean(after["usable_hours"].loc[ids], n),
                n_lost=_lost(task, years, at),
                next_best=other,
                n_next_best=fewer,
                obstacles=_obstacles(row, candidates.loc[site], costs),
            )
        )
    return out


def _assigned(plan: Phased, covers: pd.DataFrame) -> pd.Series:
    """The first action of the plan, in its order, that serves each group."""
    rank = {a: n for n, a in enumerate(plan.actions.index)}
    chosen = covers[covers["action_id"].isin(rank)]
    first = chosen.assign(rank=chosen["action_id"].map(rank)).sort_values("rank", kind="stable")
    return first.drop_duplicates("group_id").set_index("group_id")["action_id"]


def _at_end(task: Task, years: NDArray[np.intp]) -> float:
    share, _, _ = evaluate(task, years)
    return float(task.weight @ share[:, -1])


def _lost(task: Task, years: NDArray[np.intp], action: int) -> int:
    without = years.copy()
    without[action] = 0
    return round(_at_end(task, years) - _at_end(task, without))


def _next_best(task: Task, years: NDArray[np.intp], action: int) -> tuple[str, int]:
    """Site that serves most in an action's stead, in its year and for no more money in any year."""
    without = years.copy()
    without[action] = 0
    covered = np.asarray(task.cover.T @ (without > 0).astype(np.float64) > 0)
    gain = task.cover @ (task.weight * ~covered)
    room = spending(task, years) + 1e-9
    best, most = "", 0.0
    free = ~np.isin(task.site, task.site[years > 0])
    for other in np.lexsort((np.arange(len(gain)), -gain)):
        if gain[other] <= most:
            break
        tried = without.copy()
        tried[other] = years[action]
        if free[other] and (spending(task, tried) <= room).all():
            best, most = str(task.actions["site_id"].iloc[other]), float(gain[other])
            break
    if not best:
        return "", 0
    tried = without.copy()
    tried[other] = years[action]
    return best, max(0, round(_at_end(task, years) - _at_end(task, tried)))


def _obstacles(action: pd.Series, site: pd.Series, costs: CostRules) -> tuple[str, ...]:
    owner = str(action["owner_system"] or "")
    accuracy = site.get("accuracy_m", float("nan"))
    found = {
        "other_owner": owner not in {"", "union"},
        "agreement": action["action"] == "share",
        "limited_hours": bool(str(site.get("available_hours") or "")),
        "coarse_position": pd.notna(accuracy) and float(accuracy) > _COARSE_M,
        "estimated_price": costs.basis in {"estimate", "synthetic"},
        "seats_unknown": pd.isna(action["capacity"]),
        "no_room": action["action"] == "build",
    }
    return tuple(o for o in OBSTACLES if found[o])


def _mean(values: pd.Series, n_workers: pd.Series) -> float:
    known = values.notna().to_numpy()
    weight = n_workers.to_numpy(np.float64)[known]
    return float(np.average(values.to_numpy(np.float64)[known], weights=weight)) if weight.sum() > 0 else float("nan")
