"""The question with seats: those whom no door serves today, and those who find no seat.

Whoever could use a room today is taken to come to it in every half hour in which he could, so the seats left to
newcomers are rather too few than too many: none in the crowded hours, all of them when the room is shut today. A group
looks for seats in the half hours it gains; one that is crowded out looks for them in all of its free time, and counts
for those of it who find none today.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from xsgeo import crowding, hours, network, phasing
from xsgeo.options.gained import by_town, covered_by, floored, joined, unserved, usable_by

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xsgeo.phasing import Task, Terms
    from xsgeo.settings import CostRules
    from xsgeo.study import Study
    from xsgeo.workflow import Prospect, Reach


def with_seats(
    seen: Prospect, actions: pd.DataFrame, terms: Terms, prices: CostRules, *, everywhere: float
) -> tuple[Prospect, pd.DataFrame, pd.DataFrame, Task]:
    """The question with seats: those whom no door serves, and those who find no seat today."""
    import numpy as np
    import pandas as pd

    found, study = seen.reach, seen.reach.study
    month, ids = study.standard.month, study.workers.index
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
    larger = phasing.enlargements(study.venues, claims, crowded, costs=prices, month=month)
    openable = seen.candidates
    usable = np.where(crowded[:, None], False, usable_by(found))
    lacking = found.groups.assign(reason=found.groups["reason"].astype(str).replace("crowded", "closed"))
    open_to_new = _not_full(openable, study, left)
    at_doors = dataclasses.replace(found, groups=lacking)
    covers = covered_by(at_doors, open_to_new, _ways_to(seen.minutes, open_to_new), prices, usable=usable)
    covers = covers[covers["action_id"].isin(actions.index)]
    more = phasing.enlarged_for(larger, study.venues, claims, ids, crowded, standard=study.standard)
    seen, both = joined(seen, actions, larger, _ways_to_rooms(found.minutes, larger))
    asked = unserved(found) | crowded
    people = study.workers.loc[asked]
    missing = np.where(crowded, 1.0 - _seated(found), 1.0)
    number, masks = hours.masks(people["free_hours"], month=month)
    seats = phasing.Seats(masks[number] & ~usable[asked], _room(seen, both, left), study.standard.peak_share)
    towns, heads = by_town(found), study.workers["n_workers"]
    found_seats = (heads * np.where(crowded, _seated(found), 0.0)).groupby(study.workers["town_id"]).sum()
    task = phasing.task(
        people["n_workers"] * missing[asked],
        people["town_id"],
        both,
        pd.concat([covers, more], ignore_index=True),
        terms=floored(terms, found, everywhere, prices),
        served_today=towns["n_effective"].add(found_seats, fill_value=0.0).to_dict(),
        workers=towns["n_workers"].to_dict(),
        seats=seats,
    )
    return seen, both, pd.concat([covers, more], ignore_index=True), task


def _seated(found: Reach) -> NDArray[np.float64]:
    """Share of each group that finds a seat today."""
    import numpy as np

    if found.seated is None:
        return np.zeros(len(found.groups))
    return np.asarray(found.seated.fillna(0.0), dtype=np.float64)


def _not_full(sites: pd.DataFrame, study: Study, left: pd.DataFrame) -> pd.DataFrame:
    """Sites at the hours in which a newcomer finds a seat; those that have none are left out."""
    month = study.standard.month
    kept = phasing.weeks(sites, ["" for _ in sites.index], month=month)
    allowed = phasing.weeks(sites.assign(open_hours="周一至周日 0:00-24:00"), ["" for _ in sites.index], month=month)
    rooms = crowding.room_ids(study.venues).reindex(sites["refers_to"])
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
