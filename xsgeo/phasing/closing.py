"""Closing a room: what it saves, and what holds only while the room stays open.

A plan need not only add. A county pays for rooms that serve nobody whom another room does not serve as well, and that
money may do more elsewhere. Rooms are fixed unless the planner names those that may be closed; to close one is then an
action with a negative yearly cost, and whoever has nothing else loses what he has.

Whom a closing leaves unserved cannot be read off a list of rooms: hours add up over rooms, so a group may lose nothing
by either of two closings and everything by both. What each group needs is therefore found for every set of rooms near
it that might stay open, and kept as *ways*: the least sets of rooms with which it is served, by itself or by an action.
That is exact, and it grows as two to the number of closable rooms near one group; beyond `MOST_NEAR` it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo import hours
from xsgeo.access.masks import text
from xsgeo.errors import PlanError
from xsgeo.settings import CostRules

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Parts = tuple[tuple[str, tuple[str, ...]], ...]

CLOSE = "close"
"""The action that closes a room."""

MOST_NEAR = 8
"""Most closable rooms near one group; 256 sets of them are looked at."""

_WEEKS = 52
_YUAN = 10_000.0


@dataclass(frozen=True, eq=False)
class Ways:
    """What holds only while rooms that may be closed stay open.

    Attributes
    ----------
    row, action
        Of each way: the row that is served, and the action it takes; -1 where nothing has to be done.
    voids
        Bool, ways by actions: the actions that end it, each the closing of a room.
    always
        Actions by rows: whom each serves whatever is closed.
    today
        Rows served today: 1, else 0.
    """

    row: NDArray[np.intp]
    action: NDArray[np.intp]
    voids: csr_array
    always: csr_array
    today: Floats


def closings(actions: pd.DataFrame) -> NDArray[np.bool_]:
    """Which actions close a room.

    Parameters
    ----------
    actions
        Column ``action``, if any.

    Examples
    --------
    >>> closings(pd.DataFrame({"action": ["share", "close"]})).tolist()
    [False, True]
    """
    if "action" not in actions:
        return np.zeros(len(actions), dtype=bool)
    return np.asarray((actions["action"] == CLOSE).to_numpy(), dtype=bool)


def closing_actions(rooms: pd.DataFrame, *, costs: CostRules, month: int) -> pd.DataFrame:
    """Price the closing of rooms.

    A room costs what its upkeep costs and what is paid to whoever keeps it open, hour by hour, unless the county has
    written down what it costs (``running_per_year`` in ``[costs]``). That much is freed every year once it is closed.

    Parameters
    ----------
    rooms
        One row a room, index ``venue_id``; columns ``name``, ``town_id``, ``owner_system``, ``open_hours``, ``lon``,
        ``lat``.
    costs
        Prices.
    month
        Month whose opening hours count.

    Returns
    -------
    pandas.DataFrame
        Index ``action_id``; the columns of `xsgeo.phasing.possible_actions`, ``cost_per_year`` 0 or less.

    Examples
    --------
    >>> rooms = pd.DataFrame(
    ...     {"name": "老阅览室", "town_id": "T1", "owner_system": "union", "open_hours": "周一至周五 8:00-12:00",
    ...      "lon": 121.9, "lat": 29.2},
    ...     index=["V1"],
    ... )
    >>> closing_actions(rooms, costs=CostRules(), month=11)[["action", "cost_per_year"]].to_dict("index")
    {'close:V1|closed': {'action': 'close', 'cost_per_year': -3.6}}
    """
    texts = pd.Series(text(rooms, "open_hours"), index=rooms.index, dtype=object)
    number, masks = hours.masks(texts, month=month)
    kept = np.concatenate([masks, np.zeros((1, hours.SLOTS), dtype=bool)])[number].sum(axis=1) / 2
    usual = kept * _WEEKS * costs.staff_yuan_per_hour / _YUAN + costs.upkeep_per_year
    stated = pd.Series(dict(costs.running_per_year), dtype=float).reindex(rooms.index).to_numpy(np.float64)
    site_ids = [f"{CLOSE}:{i}" for i in rooms.index]
    return pd.DataFrame(
        {
            "site_id": site_ids,
            "action": CLOSE,
            "pattern": "closed",
            "open_hours": "",
            "cost_once": float(costs.once.get(CLOSE, 0.0)),
            "cost_per_year": -np.where(np.isnan(stated), usual, stated),
            "capacity": np.nan,
            **{c: text(rooms, c) for c in ("town_id", "owner_system", "name")},
            "lon": rooms["lon"].to_numpy(),
            "lat": rooms["lat"].to_numpy(),
        },
        index=pd.Index([f"{s}|closed" for s in site_ids], name="action_id", dtype=object),
    ).sort_index()


def closing_ways(
    groups: pd.Index,
    always: Bools,
    rooms: Mapping[str, Bools],
    serves: Callable[[Bools, Bools], pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find what each group needs to stay open: by itself, and with each action.

    Parameters
    ----------
    groups
        Ids of groups.
    always
        Half hours that each group can use in rooms that stay open whatever is decided; bool, groups by 336.
    rooms
        The same of each room that may be closed, by the id of the action that closes it.
    serves
        Given the half hours that each group can use and which groups are asked about: ``action_id`` and ``group_id``
        of the pairs that are served, with an empty ``action_id`` where the hours are enough by themselves.

    Returns
    -------
    keeps : pandas.DataFrame
        ``group_id``, ``action_id`` and ``unless``, as `xsgeo.phasing.task` reads them; of each pair the least sets.
    covers : pandas.DataFrame
        ``action_id`` and ``group_id``: every pair that some set of open rooms makes true, of groups near a closable
        room.

    Raises
    ------
    PlanError
        When more than `MOST_NEAR` of the rooms matter to one group.

    Examples
    --------
    One group has two hours in each of two rooms, and two hours are enough.

    >>> week = np.zeros((1, 336), dtype=bool)
    >>> one, two = week.copy(), week.copy()
    >>> one[0, :4] = two[0, 4:8] = True
    >>> def serves(usable, asked):
    ...     enough = asked & (usable.sum(axis=1) >= 4)
    ...     return pd.DataFrame({"action_id": "", "group_id": np.array(["g"])[enough]})
    >>> keeps, _ = closing_ways(pd.Index(["g"]), week, {"close:A|closed": one, "close:B|closed": two}, serves)
    >>> keeps["unless"].tolist()
    [('close:A|closed',), ('close:B|closed',)]
    """
    names = sorted(rooms)
    matters = np.array([(rooms[n] & ~always).any(axis=1) for n in names], dtype=bool).reshape(len(names), len(groups)).T
    n_near = matters.sum(axis=1)
    if n_near.max(initial=0) > MOST_NEAR:
        worst = int(n_near.argmax())
        msg = (
            f"{n_near[worst]} closable rooms matter to the group {groups[worst]!r}, at most {MOST_NEAR} can be compared"
        )
        raise PlanError(msg)
    places = np.argsort(~matters, axis=1, kind="stable")
    least: dict[tuple[str, object], list[int]] = {}
    row = {g: n for n, g in enumerate(groups)}
    for mask in sorted(range(2 ** int(n_near.max(initial=0))), key=lambda m: (m.bit_count(), m)):
        asked = (n_near > 0) & (n_near >= mask.bit_length())
        found = serves(_with_open(always, rooms, names, places, mask), asked)
        for action, group in zip(found["action_id"], found["group_id"], strict=True):
            kept = least.setdefault((action, group), [])
            if not any(k & mask == k for k in kept):
                kept.append(mask)
    keeps = [
        (g, a, tuple(sorted(names[places[row[g], j]] for j in range(mask.bit_length()) if mask >> j & 1)))
        for (a, g), masks in sorted(least.items())
        for mask in masks
        if mask
    ]
    covers = [(a, g) for a, g in sorted(least) if a]
    return (
        pd.DataFrame(keeps, columns=["group_id", "action_id", "unless"], dtype=object),
        pd.DataFrame(covers, columns=["action_id", "group_id"], dtype=object),
    )


def _with_open(
    always: Bools, rooms: Mapping[str, Bools], names: list[str], places: NDArray[np.intp], mask: int
) -> Bools:
    """Half hours each group can use with some of the closable rooms near it open."""
    usable = always.copy()
    for j in range(mask.bit_length()):
        if mask >> j & 1:
            for n, name in enumerate(names):
                mine = places[:, j] == n
                usable[mine] |= rooms[name][mine]
    return usable


def on_what(keeps: pd.DataFrame | None) -> dict[object, Parts]:
    """All that each group's ways depend on, as one key.

    Parameters
    ----------
    keeps
        What `closing_ways` found.

    Examples
    --------
    >>> on_what(pd.DataFrame({"group_id": ["g"], "action_id": [""], "unless": [("close:A|closed",)]}))
    {'g': (('', ('close:A|closed',)),)}
    """
    parts: dict[object, set[tuple[str, tuple[str, ...]]]] = {}
    if keeps is not None:
        for group, action, unless in zip(keeps["group_id"], keeps["action_id"], keeps["unless"], strict=True):
            parts.setdefault(group, set()).add((str(action), tuple(sorted(unless))))
    return {group: tuple(sorted(rows)) for group, rows in parts.items()}


def find_ways(keeps: pd.DataFrame, cover: csr_array, actions: pd.Index, groups: pd.Index) -> Ways:
    """Put what has to stay open into arrays.

    Parameters
    ----------
    keeps
        What `closing_ways` found.
    cover
        Actions by rows, while nothing is closed.
    actions, groups
        Ids of the actions, and of one group of each row.

    Returns
    -------
    Ways
        The ways, sorted.

    Raises
    ------
    PlanError
        When an action is named that is not listed.
    """
    row_of = {g: row for row, g in enumerate(groups)}
    mine = [(row_of[g], parts) for g, parts in on_what(keeps).items() if g in row_of]
    found = sorted((row, action, unless) for row, parts in mine for action, unless in parts)
    unknown = {i for _, action, unless in found for i in (action, *unless)} - {"", *actions}
    if unknown:
        msg = f"what is kept open names the action {min(unknown)!r}, which is not listed"
        raise PlanError(msg)
    row = np.array([r for r, _, _ in found], dtype=np.intp)
    action = np.array([actions.get_loc(a) if a else -1 for _, a, _ in found], dtype=np.intp)
    ends = [(k, actions.get_loc(c)) for k, (_, _, unless) in enumerate(found) for c in unless]
    at = np.array(ends, dtype=np.intp).reshape(-1, 2)
    voids = csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(len(found), len(actions)))
    needs = action >= 0
    depends = csr_array((np.ones(int(needs.sum())), (action[needs], row[needs])), shape=cover.shape)
    depends.sum_duplicates()
    depends.data[:] = 1.0
    always = csr_array(cover - cover.multiply(depends))
    always.eliminate_zeros()
    today = np.zeros(len(groups))
    today[row[~needs]] = 1.0
    return Ways(row, action, voids, always, today)
