"""Gains where rooms can be full: make each change and share the seats out again.

A door that opens longer serves nobody who finds no seat behind it, and a door that opens to all may fill with others.
So where seats are counted a gain is not read off hours: the change is made, everybody in the county comes again, and
the seats are dealt out anew (`xsgeo.crowding.seated`). Letting more people in can crowd some of those out who were
served before; they are counted, and not hidden in a difference.

This costs an assignment a change, half a second in a county, so it is asked of the leading changes and not of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Unpack

import pandas as pd

from xsgeo import access
from xsgeo.crowding import When, room_ids, seated
from xsgeo.remedies.notices import as_scenario
from xsgeo.remedies.pairs import asked
from xsgeo.scenarios import Change
from xsgeo.settings import Standard

_COUNTED: Mapping[str, str] = MappingProxyType(
    {"n_workers_gained": "int64", "n_groups_gained": "int64", "n_workers_lost": "int64", "reason": "object"}
)


def counted_with_seats(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    ranked: pd.DataFrame,
    *,
    among: pd.Index,
    standard: Standard,
    located: pd.Series | None = None,
    beyond: pd.DataFrame | None = None,
    assets: pd.DataFrame | None = None,
    open_hours: str = "",
    **when: Unpack[When],
) -> pd.DataFrame:
    """Count again, with seats, whom each of some changes would serve, and whom it would crowd out.

    Parameters
    ----------
    workers, venues, minutes
        As in `xsgeo.access.coverage`: everybody, since all of them want seats.
    groups
        What it said of them with seats counted.
    ranked
        Rows of what `xsgeo.remedies.remedies` gave.
    among
        Ids of the groups that are asked about.
    standard, located, **when
        As in `xsgeo.access.coverage`.
    beyond, assets, open_hours
        As in `xsgeo.remedies.cheapest_changes`. A converted building's seats are not known, so they have no limit.

    Returns
    -------
    pandas.DataFrame
        The rows of `ranked`, most workers first, then fewest hours added, then by id; ``n_workers_gained``,
        ``n_groups_gained`` and ``reason`` counted again, and ``n_workers_lost``, those who have a seat today and would
        not have one then.

    Examples
    --------
    Two seats more in V2 are wanted where two are too few for the 80 of g2, of whom a tenth comes at a time.

    >>> import dataclasses
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.questions import mend
    >>> from xsgeo.workflow import reach
    >>> county = toy_county()
    >>> small = county.venues.assign(capacity=[40.0, 6.0, 40.0])
    >>> found = reach(dataclasses.replace(county, venues=small), seats=True)
    >>> mend(found).remedies.loc["seats:V2", ["seats", "n_workers_gained", "n_workers_lost"]].to_dict()
    {'seats': 2, 'n_workers_gained': 80, 'n_workers_lost': 0}
    """
    ask = asked(standard, when) | {"located": located}
    heads, reasons = workers["n_workers"], groups["reason"].astype(str)
    was = groups["is_served"].reindex(workers.index).eq(True)
    rows = {}
    for change_id, change in ranked.iterrows():
        written = as_scenario(change, venues, standard=standard, assets=assets, open_hours=open_hours)
        then, ways = _made(venues, minutes, written.changes, change, beyond)
        share = seated(workers, then, ways, **ask)
        now = access.coverage(workers, then, ways, seated=share, **ask)["is_served"].eq(True)
        gained = among[(now & ~was).loc[among].to_numpy()]
        rows[change_id] = {
            "n_workers_gained": int(heads.loc[gained].sum()),
            "n_groups_gained": len(gained),
            "n_workers_lost": int(heads[was & ~now].sum()),
            "reason": next(iter(access.tally(reasons.loc[gained], heads.loc[gained])), ""),
        }
    counted = pd.DataFrame.from_dict(rows, orient="index", columns=list(_COUNTED)).astype(dict(_COUNTED))
    table = ranked.drop(columns=list(_COUNTED), errors="ignore").join(counted)
    by = ["n_workers_gained", "hours_added", "_id"]
    table = table.assign(_id=table.index).sort_values(by, ascending=[False, True, True])
    return table[[*ranked.columns, "n_workers_lost"]]


def _made(
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    changes: tuple[Change, ...],
    row: pd.Series,
    beyond: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Venues and minutes with a change made; a new plaque is as far as its door, or as its building."""
    then = pd.DataFrame(venues.drop(columns="geometry", errors="ignore")).astype(object)
    then["room_id"] = room_ids(venues).astype(object)
    for change in changes:
        cells: dict[str, object] = dict(change.cells)
        if "capacity" in cells:
            cells["capacity"] = float(str(cells["capacity"]))
        if change.action == "add":
            cells.setdefault("capacity", float("nan"))
            then.loc[change.row_id] = pd.Series({name: cells.get(name, "") for name in then.columns})
            source = minutes.rename(columns={"venue_id": "place_id"})
            if row["action"] == "convert" and beyond is not None:
                source = beyond
            fresh = source[source["place_id"] == row["place_id"]].assign(venue_id=change.row_id)
            minutes = pd.concat([minutes, fresh[[c for c in minutes.columns if c in fresh]]], ignore_index=True)
        else:
            for name, value in cells.items():
                then.at[change.row_id, name] = value
    return then, minutes
