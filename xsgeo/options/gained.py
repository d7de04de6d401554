"""Whom actions gain, asked of a study: what closing rooms, seats and other states of the world all begin with.

The study is that of `xsgeo.workflow.Reach`, whose plaques know the rooms that people have confirmed.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from xsgeo import access, network, phasing, sharing
from xsgeo.plan import of_use

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xsgeo.phasing import Terms
    from xsgeo.settings import CostRules
    from xsgeo.workflow import Prospect, Reach

STANDING = ("close", "enlarge")
"""Actions at rooms that are there, which no door of their own is opened for."""


def by_town(found: Reach) -> pd.DataFrame:
    """Workers of each town, and those who are served."""
    return access.summarise(found.study.workers, found.groups, by="town_id")


def unserved(found: Reach) -> NDArray[np.bool_]:
    """Whom no door serves today, though their place is known; those crowded out have a door."""
    reasons = found.groups["reason"].astype(str)
    lacking: NDArray[np.bool_] = ~reasons.isin(["served", "unknown", "crowded"]).to_numpy()
    return lacking


def floored(terms: Terms, found: Reach, everywhere: float, prices: CostRules) -> Terms:
    """The terms with the floor of every town that has none of its own, and the discount."""
    floors = dict.fromkeys(by_town(found).index, everywhere) | dict(terms.floors)
    return dataclasses.replace(terms, floors={t: f for t, f in floors.items() if f > 0}, discount=prices.discount)


def openable(sites: pd.DataFrame) -> pd.DataFrame:
    """Sites that a door of their own is opened for."""
    return sites[~sites["action"].isin(STANDING)]


def usable_by(found: Reach, venues: pd.DataFrame | None = None) -> NDArray[np.bool_]:
    """Half hours each group can use, of all venues or of some."""
    study = found.study
    places = study.venues if venues is None else venues
    return access.usable_slots(
        study.workers,
        places,
        found.minutes[found.minutes["venue_id"].isin(places.index)],
        standard=study.standard,
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )


def covered_by(
    found: Reach, sites: pd.DataFrame, ways: pd.DataFrame, prices: CostRules, *, usable: NDArray[np.bool_]
) -> pd.DataFrame:
    """Whom each action would serve, with all that the study says of boats and of what clusters need."""
    study = found.study
    return phasing.coverage_by_action(
        study.workers,
        found.groups,
        sites,
        of_use(study.workers, sites, ways, study.venues, study.needs),
        usable=usable,
        patterns=prices.patterns,
        standard=study.standard,
        sailings=network.sailings(study.ferries),
    )


def joined(
    seen: Prospect, actions: pd.DataFrame, more: pd.DataFrame, minutes: pd.DataFrame | None = None
) -> tuple[Prospect, pd.DataFrame]:
    """Put actions at rooms that are there beside the others; of those of one room at most one is taken."""
    import geopandas as gpd
    import pandas as pd

    if more.empty:
        return seen, actions
    study = seen.reach.study
    refers = [site_id.partition(":")[2] for site_id in more["site_id"]]
    rooms = study.venues.loc[refers]
    columns = ["action", "name", "town_id", "lon", "lat", "owner_system", "capacity"]
    rows = more.set_index("site_id")[columns].assign(
        refers_to=refers,
        gap_id="",
        open_hours=rooms["open_hours"].fillna("").to_numpy(),
        available_hours="",
        cost_class="",
        accuracy_m=rooms["accuracy_m"].to_numpy() if "accuracy_m" in rooms else float("nan"),
        geometry=gpd.points_from_xy(more["lon"], more["lat"], crs=seen.candidates.crs),
    )
    sites = pd.concat([seen.candidates, gpd.GeoDataFrame(rows, crs=seen.candidates.crs)]).sort_index()
    both = pd.concat([actions, more]).sort_index()
    label = sharing.room_labels(study.venues, study.room_pairs)
    room = label.reindex(sites["refers_to"].reindex(both["site_id"]))
    own = both["site_id"].to_numpy(dtype=object)
    both["place"] = ("room " + room).where(room.notna(), "").to_numpy(dtype=object)
    both["place"] = both["place"].where(both["place"] != "", own)
    ways = seen.minutes if minutes is None else pd.concat([seen.minutes, minutes], ignore_index=True)
    return dataclasses.replace(seen, candidates=sites, minutes=ways), both
