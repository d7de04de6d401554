"""The question with seats: those whom no door serves today, and those who find no seat.

Whoever could use a room today is taken to come to it in every half hour in which he could, so the seats left to
newcomers are rather too few than too many: none in the crowded hours, all of them when the room is shut today. A group
looks for seats in the half hours it gains; one that is crowded out looks for them in all of its free time, and counts
for those of it who find none today.

Where rooms may be closed, all of this is asked again for every set of them: the seats of the county are dealt out anew
among the rooms that stay open (`xsgeo.crowding`), so that whoever a closing sends elsewhere needs a seat there, and
whoever he pushes out is counted as well.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xsgeo import crowding, hours, network, phasing, workflow
from xsgeo.options.gained import by_town, covered_by, floored, joined, unserved, usable_by

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xsgeo.crowding.claims import Claims
    from xsgeo.phasing import Task, Terms
    from xsgeo.settings import CostRules
    from xsgeo.workflow import Prospect, Reach


@dataclass(frozen=True, eq=False)
class _Part:
    """What is so with some rooms closed."""

    claims: Claims
    crowded: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    lacking: pd.Series
    left: pd.DataFrame
    covers: pd.DataFrame


def with_seats(
    seen: Prospect,
    actions: pd.DataFrame,
    terms: Terms,
    prices: CostRules,
    *,
    everywhere: float,
    closable: Collection[str],
    plaques: Mapping[str, tuple[str, ...]],
) -> tuple[Prospect, pd.DataFrame, pd.DataFrame, Task]:
    """The question with seats: those whom no door serves, and those who find no seat today, or once rooms close."""
    import pandas as pd

    found, study = seen.reach, seen.reach.study
    month, ids = study.standard.month, study.workers.index
    sets = [frozenset(s) for n in range(len(plaques) + 1) for s in itertools.combinations(sorted(plaques), n)]
    parts = {s: _part(_closed(found, {v for a in s for v in plaques[a]}), seen, actions, prices) for s in sets}
    lists = [phasing.enlargements(study.venues, p.claims, p.crowded, costs=prices, month=month) for p in parts.values()]
    larger = pd.concat(lists)
    larger = larger[~larger.index.duplicated()].sort_index()
    shut = phasing.closing_actions(study.venues.loc[sorted(closable)], costs=prices, month=month)
    seen, both = joined(seen, actions, pd.concat([larger, shut]), _ways_to_rooms(found.minutes, larger))
    asked = pd.concat([p.lacking for p in parts.values()], axis=1).gt(0).any(axis=1).to_numpy()
    people = study.workers.loc[asked]
    number, masks = hours.masks(people["free_hours"], month=month)
    states = []
    for closed, part in parts.items():
        more = phasing.enlarged_for(larger, study.venues, part.claims, ids, part.crowded, standard=study.standard)
        covers = pd.concat([part.covers, more], ignore_index=True)
        room = _room(seen, both, part.left)
        seats = phasing.Seats(masks[number] & ~part.usable[asked], room, study.standard.peak_share)
        states.append(phasing.Without(closed, part.lacking[asked], covers, seats))
    towns, today = by_town(found), parts[frozenset()]
    with_a_seat = (study.workers["n_workers"] - today.lacking).where(today.crowded, 0.0)
    task = phasing.task(
        states[0].weights,
        people["town_id"],
        both,
        states[0].covers,
        terms=floored(terms, found, everywhere, prices),
        served_today=towns["n_effective"]
        .add(with_a_seat.groupby(study.workers["town_id"]).sum(), fill_value=0.0)
        .to_dict(),
        workers=towns["n_workers"].to_dict(),
        seats=states[0].seats,
        without=states[1:],
    )
    return seen, both, pd.concat([s.covers for s in states]).drop_duplicates(ignore_index=True), task


def _closed(found: Reach, shut: set[str]) -> Reach:
    """Who is served with some plaques taken down; the seats of the county are dealt out anew."""
    if not shut:
        return found
    venues = found.study.venues
    status = venues["status"].mask(venues.index.isin(list(shut)), "closed")
    study = dataclasses.replace(found.study, venues=venues.assign(status=status))
    groups, seated = workflow.judge(study, found.minutes, found.snapped, on=found.on, seats=True)
    return dataclasses.replace(found, study=study, groups=groups, seated=seated)


def _part(found: Reach, seen: Prospect, actions: pd.DataFrame, prices: CostRules) -> _Part:
    """Who lacks a seat, what seats are left, and whom actions would serve."""
    import numpy as np

    study, venues = found.study, seen.reach.study.venues
    crowded = (found.groups["reason"].astype(str) == "crowded").to_numpy()
    claims = crowding.find_claims(
        study.workers,
        study.venues,
        found.minutes,
        standard=study.standard,
        located=found.snapped["reason"] == "",
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )
    left = phasing.seats_left(claims, study.workers, peak_share=study.standard.peak_share)
    usable = np.where(crowded[:, None], False, usable_by(found))
    reasons = found.groups["reason"].astype(str).replace("crowded", "closed")
    at_doors = dataclasses.replace(found, groups=found.groups.assign(reason=reasons))
    open_to_new = _not_full(seen.candidates, venues, left, month=study.standard.month)
    covers = covered_by(at_doors, open_to_new, _ways_to(seen.minutes, open_to_new), prices, usable=usable)
    missing = np.where(crowded, 1.0 - _seated(found), unserved(found))
    lacking = (study.workers["n_workers"] * missing).astype(np.float64)
    return _Part(claims, crowded, usable, lacking, left, covers[covers["action_id"].isin(actions.index)])


def _seated(found: Reach) -> NDArray[np.float64]:
    """Share of each group that finds a seat today."""
    import numpy as np

    if found.seated is None:
        return np.zeros(len(found.groups))
    return np.asarray(found.seated.fillna(0.0), dtype=np.float64)


def _not_full(sites: pd.DataFrame, venues: pd.DataFrame, left: pd.DataFrame, *, month: int) -> pd.DataFrame:
    """Sites at the hours in which a newcomer finds a seat; those that have none are left out."""
    kept = phasing.weeks(sites, ["" for _ in sites.index], month=month)
    allowed = phasing.weeks(sites.assign(open_hours="周一至周日 0:00-24:00"), ["" for _ in sites.index], month=month)
    rooms = crowding.room_ids(venues).reindex(sites["refers_to"])
    full = kept & (left.reindex(rooms).to_numpy() == 0)
    free = allowed & ~full
    some = free.any(axis=1)
    return sites.assign(available_hours=[hours.to_spans(week) if week.any() else "" for week in free])[some]


def _room(seen: Prospect, actions: pd.DataFrame, left: pd.DataFrame) -> NDArray[np.float64]:
    """Seats that each action has for newcomers."""
    study = seen.reach.study
    sites, month = seen.candidates.loc[actions["site_id"]], study.standard.month
    rooms = crowding.room_ids(study.venues).reindex(sites["refers_to"]).set_axis(actions.index)
    weeks = phasing.weeks(sites, actions["open_hours"].tolist(), month=month)
    kept = phasing.weeks(sites, ["" for _ in sites.index], month=month)
    return phasing.room_to_newcomers(actions, rooms, weeks, kept, left)


def _ways_to(minutes: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    return minutes[minutes["site_id"].isin(sites.index)]


def _ways_to_rooms(minutes: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Minutes to the rooms that actions are at, under the ids of their sites."""
    site_of = {site_id.partition(":")[2]: site_id for site_id in actions["site_id"]}
    mine = minutes[minutes["venue_id"].isin(site_of)]
    return mine.assign(site_id=mine["venue_id"].map(site_of)).drop(columns="venue_id")
