"""Climb the ladder of one group rung by rung, with the figures that decide each.

A reason is one word, and a town office that is told "closed when free" asks at once: which doors, how far, open when?
The frames here answer that for one group: what each rung asks, what was found and what was needed, and every venue in
reach with what stands in its way. They state what `xsgeo.access.coverage` went by and decide nothing: hours come from
the same function, asked about one door at a time, so the ladder cannot tell another story than the answer.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from xsgeo import access
from xsgeo.access.masks import text
from xsgeo.crowding import When
from xsgeo.remedies.pairs import asked, lacking_of, near_pairs, without_functions
from xsgeo.settings import Standard

RUNGS = tuple(reason for reason in access.REASONS if reason != "served")


def venues_near(
    group_id: str,
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    **when: Unpack[When],
) -> pd.DataFrame:
    """List the venues in use that a group can reach, and what it could do there.

    Parameters
    ----------
    group_id
        The group.
    workers, venues, minutes, standard, **when
        As in `xsgeo.access.coverage`.

    Returns
    -------
    pandas.DataFrame
        Index ``venue_id``, nearest first: ``name``, ``minutes``, ``open_hours``, ``hours_open`` a week in which it is
        open when the group is free and could be there, ``admits``, ``lacking`` functions (joined by ``|``),
        ``capacity`` (missing where not known), ``usable_hours`` a week that the group has there as things are.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> near = venues_near("g3", found.study.workers, found.study.venues, found.minutes, standard=found.study.standard)
    >>> near[["minutes", "hours_open", "usable_hours"]].round(1).to_dict("index")  # doctest: +NORMALIZE_WHITESPACE
    {'V2': {'minutes': 0.0, 'hours_open': 0.0, 'usable_hours': 0.0},
     'V1': {'minutes': 10.0, 'hours_open': 25.0, 'usable_hours': 25.0}}
    """
    me = workers.loc[[group_id]]
    used = venues[text(venues, "status") == "open"].sort_index()
    ways, pairs = near_pairs(minutes[minutes["group_id"] == group_id], me, used, standard)
    near = used.take(pairs["venue"])
    ids = near.index.astype(str)
    of_pair = dict(zip(pairs.index, ids, strict=True))
    asking = me.loc[[group_id] * len(ids)].set_axis(ids)
    rows = ways.assign(group_id=ways["group_id"].map(of_pair))
    let_in = near.assign(serves="everyone", share_terms="open")
    ask = asked(standard, when)
    pair = pd.DataFrame({"group_id": group_id, "venue_id": ids})
    admits = access.admits(workers, venues, pair).to_numpy(bool)
    lacking = [lacking_of(me.iloc[0], has, ask) for has in text(near, "functions")]
    hours_open = access.usable_hours(asking, let_in, rows, **without_functions(ask)).to_numpy(np.float64)
    return pd.DataFrame(
        {
            "name": text(near, "name"),
            "minutes": pairs["minutes"].to_numpy(np.float64),
            "open_hours": text(near, "open_hours"),
            "hours_open": hours_open,
            "admits": admits,
            "lacking": lacking,
            "capacity": near["capacity"].to_numpy(np.float64) if "capacity" in near else np.nan,
            "usable_hours": np.where(admits & (np.array(lacking, dtype=object) == ""), hours_open, 0.0),
        },
        index=pd.Index(near.index, name="venue_id"),
    )


def ladder(
    group_id: str,
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    standard: Standard,
    seated: pd.Series | None = None,
    **when: Unpack[When],
) -> pd.DataFrame:
    """Climb the ladder of one group.

    Parameters
    ----------
    group_id
        The group.
    workers, venues, minutes, standard, seated, **when
        As in `xsgeo.access.coverage`.
    groups
        What it said of them.

    Returns
    -------
    pandas.DataFrame
        Index ``rung`` (`RUNGS`, from the top): ``passed``; ``found`` and ``needed``, venues in reach for
        ``out_of_reach``, usable hours a week for ``closed``, ``not_shared`` and ``no_function``, the share that finds a
        seat for ``crowded``, missing where nothing is counted; ``n_venues`` that pass. The first rung that fails is the
        reason; those below it are told too, since mending one shows the next.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> study = found.study
    >>> rungs = ladder("g5", study.workers, study.venues, found.minutes, found.groups, standard=study.standard)
    >>> rungs.loc[["out_of_reach", "closed", "not_shared"], "passed"].to_dict()
    {'out_of_reach': True, 'closed': True, 'not_shared': False}
    """
    near = venues_near(group_id, workers, venues, minutes, standard=standard, **when)
    is_known = str(groups.at[group_id, "reason"]) != "unknown"
    ask = asked(standard, when)
    me = workers.loc[[group_id]]
    doors = venues.loc[near.index]
    everyone = doors.assign(serves="everyone", share_terms="open")
    admitted = doors[near["admits"].to_numpy(bool)]
    bare = without_functions(ask)
    tried = ((everyone, bare), (admitted, bare), (doors, ask))
    hours = [float(access.usable_hours(me, some, minutes, **question).iloc[0]) for some, question in tried]
    has_all = near["lacking"] == ""
    counts = [near["hours_open"] > 0, (near["hours_open"] > 0) & near["admits"], near["usable_hours"] > 0]
    enough = standard.min_hours_per_week
    seat = np.nan if seated is None else float(seated.get(group_id, np.nan))
    rows = {
        "unknown": (is_known, np.nan, np.nan, np.nan),
        "out_of_reach": (len(near) > 0, len(near), 1, len(near)),
        "closed": (hours[0] >= enough, hours[0], enough, counts[0].sum()),
        "not_shared": (hours[1] >= enough, hours[1], enough, counts[1].sum()),
        "no_function": (hours[2] >= enough, hours[2], enough, (counts[2] & has_all).sum()),
        "crowded": (not seat < standard.min_seated_share, seat, standard.min_seated_share, np.nan),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["passed", "found", "needed", "n_venues"])
    table.index.name = "rung"
    return table.astype({"passed": bool, "found": float, "needed": float, "n_venues": float})
