"""The question with rooms that may be closed: whom a closing might leave without, and who keeps what."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from xsgeo import phasing, sharing
from xsgeo.errors import PlanError
from xsgeo.options.gained import by_town, covered_by, unserved, usable_by

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xsgeo.phasing import Task, Terms
    from xsgeo.settings import CostRules
    from xsgeo.study import Study
    from xsgeo.workflow import Reach


def plaques_of(study: Study, closable: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Venues of each room that may be closed, by the action that closes it."""
    rooms = sharing.room_labels(study.venues, study.room_pairs)
    wrong = [i for i in sorted(closable) if i not in rooms.index or study.venues.loc[i, "status"] != "open"]
    if wrong:
        msg = f"venue {wrong[0]!r} cannot be closed: no venue of that id is open today"
        raise PlanError(msg)
    twice = rooms.loc[sorted(closable)]
    if twice.duplicated().any():
        same = sorted(twice.index[twice == twice[twice.duplicated()].iloc[0]])
        msg = f"venues {same[0]!r} and {same[1]!r} hang on one room: name one of them"
        raise PlanError(msg)
    return {f"close:{i}|closed": tuple(str(v) for v in rooms.index[rooms == rooms[i]]) for i in sorted(closable)}


def standing(
    found: Reach,
    sites: pd.DataFrame,
    ways: pd.DataFrame,
    actions: pd.DataFrame,
    plaques: Mapping[str, tuple[str, ...]],
    *,
    prices: CostRules,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Whom each action serves, and what of it, and of today's service, needs a closable room to stay open."""
    import pandas as pd

    study = found.study
    covers = covered_by(found, sites, ways, prices, usable=usable_by(found))
    covers = covers[covers["action_id"].isin(actions.index)].reset_index(drop=True)
    if not plaques:
        return covers, pd.DataFrame(columns=["group_id", "action_id", "unless"], dtype=object)
    ids = study.workers.index
    shut = sorted({v for venues in plaques.values() for v in venues})
    always = usable_by(found, study.venues.drop(index=shut))
    rooms = {a: usable_by(found, study.venues.loc[list(venues)]) for a, venues in plaques.items()}
    known = (found.groups["reason"].astype(str) != "unknown").to_numpy()
    enough = study.standard.min_hours_per_week * 2

    def serves(usable: NDArray[np.bool_], asked: NDArray[np.bool_]) -> pd.DataFrame:
        own = asked & (usable.sum(axis=1) >= enough) & known
        rest = asked & ~own & known
        lacking = found.groups.assign(reason=pd.Series("closed", index=ids).where(rest, "served"))
        more = covered_by(dataclasses.replace(found, groups=lacking), sites, ways, prices, usable=usable)
        alone = pd.DataFrame({"action_id": "", "group_id": ids[own]})
        return pd.concat([alone, more[more["action_id"].isin(actions.index)]])

    keeps, pairs = phasing.closing_ways(ids, always, rooms, serves)
    return pd.concat([covers, pairs]).drop_duplicates(ignore_index=True), keeps


def task_of(
    found: Reach,
    actions: pd.DataFrame,
    covers: pd.DataFrame,
    terms: Terms,
    *,
    keeps: pd.DataFrame,
) -> Task:
    """The question without seats: whom no door serves today, and whom a closing might leave without."""
    workers, towns = found.study.workers, by_town(found)
    asked = unserved(found) | workers.index.isin(keeps.loc[keeps["action_id"] == "", "group_id"])
    people = workers.loc[asked]
    return phasing.task(
        people["n_workers"],
        people["town_id"],
        actions,
        covers[covers["group_id"].isin(people.index)],
        terms=terms,
        served_today=towns["n_effective"].to_dict(),
        workers=towns["n_workers"].to_dict(),
        keeps=keeps,
    )
