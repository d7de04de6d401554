"""What could be done at each site, when it would then be open, what it costs, and whom it would serve.

A site of `xsgeo.candidates` is a place; an *action* is a place, a thing done to it and the hours it then keeps. A room
may be opened on weekday evenings, at weekends, or both, and each is an action with its own price, because whoever sits
behind the desk is paid by the hour. At most one action is taken at a site.

Prices are planning assumptions until a county writes its own into ``[costs]`` of ``study.toml``: no public source was
found that states them by action, so they are called estimates wherever they are shown. An action has what is paid once
and what is paid every year from then on, in ten thousand yuan (万元), the unit of the budgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import access, hours
from xsgeo.access.masks import text as _text
from xsgeo.errors import PlanError
from xsgeo.settings import CostRules, Standard

COLUMNS = (
    "site_id",
    "action",
    "pattern",
    "open_hours",
    "cost_once",
    "cost_per_year",
    "capacity",
    "town_id",
    "owner_system",
    "name",
    "lon",
    "lat",
)


class UnpricedError(PlanError):
    """An action has no price.

    Attributes
    ----------
    missing
        A site of each action without a price, by the name the price is looked for under.
    """

    def __init__(self, missing: Mapping[str, str], priced: Sequence[str]) -> None:
        self.missing = dict(missing)
        told = "; ".join(f"{kind!r} (site {site!r})" for kind, site in missing.items())
        super().__init__(
            f"there is no price for {told}: add it to [costs.once] of study.toml; priced are {list(priced)}"
        )


_WEEKS = 52
_YUAN = 10_000.0


def possible_actions(candidates: pd.DataFrame, *, costs: CostRules, month: int) -> pd.DataFrame:
    """List the actions that could be taken, with hours, prices and seats.

    Parameters
    ----------
    candidates
        What `xsgeo.candidates.candidate_sites` laid out; beside its columns, where known, ``capacity`` (people at a
        time), ``owner_system`` and ``cost_class`` (of a building to convert).
    costs
        Prices and opening patterns.
    month
        Month whose opening hours count.

    Returns
    -------
    pandas.DataFrame
        Index ``action_id`` (``site_id|pattern``), sorted; the columns of `COLUMNS`. ``cost_once`` and
        ``cost_per_year`` in 万元; ``capacity`` missing where nobody knows it.

    Raises
    ------
    UnpricedError
        Where an action or a class of costs is not in the table of prices; it names a site of each.

    Examples
    --------
    >>> sites = pd.DataFrame(
    ...     {"action": ["open_longer"], "town_id": "T1", "name": "老文化宫", "open_hours": "周一至周五 8:00-17:00",
    ...      "available_hours": "", "lon": 121.9, "lat": 29.2},
    ...     index=pd.Index(["open_longer:V1"], name="site_id"),
    ... )
    >>> actions = possible_actions(sites, costs=CostRules(), month=11)
    >>> actions[["pattern", "cost_per_year"]].round(2).to_dict("list")
    {'pattern': ['evenings', 'full', 'weekends'], 'cost_per_year': [2.6, 5.2, 2.6]}
    """
    once = action_prices(candidates, costs)
    today = _masks(candidates, "open_hours", month)
    limit = _masks(candidates, "available_hours", month)
    limit[_text(candidates, "available_hours") == ""] = True
    rows = []
    for name, text in sorted(costs.patterns.items()):
        added = (hours.parse_hours(text).mask(month) & limit & ~today).sum(axis=1) / 2
        rent = costs.rent_per_year * (candidates["action"] == "rent").to_numpy()
        rows.append(
            pd.DataFrame(
                {
                    "site_id": candidates.index,
                    "action": candidates["action"].to_numpy(),
                    "pattern": name,
                    "open_hours": text,
                    "cost_once": once,
                    "cost_per_year": added * _WEEKS * costs.staff_yuan_per_hour / _YUAN + rent,
                    "capacity": _capacity(candidates, costs),
                    "added": added,
                    "kept": (today & limit).any(axis=1),
                    **{c: _text(candidates, c) for c in ("town_id", "owner_system", "name")},
                    "lon": candidates["lon"].to_numpy(),
                    "lat": candidates["lat"].to_numpy(),
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    # Where a room is open at those hours already the pattern adds nothing to it; but to share the hours that are kept,
    # or to equip the room for them, is an action of its own, and one is enough however many patterns lie within them.
    idle = (table["added"] == 0) & table["action"].isin(["open_longer", "share", "equip"])
    as_it_is = (
        idle
        & table["action"].isin(["share", "equip"])
        & table["kept"]
        & ~table[idle].duplicated("site_id").reindex(table.index, fill_value=False)
    )
    table = table[~idle | as_it_is]
    table.index = pd.Index((table["site_id"] + "|" + table["pattern"]).astype(object), name="action_id")
    return table[list(COLUMNS)].sort_index()


def weeks(sites: pd.DataFrame, proposed: Sequence[str], *, month: int) -> NDArray[np.bool_]:
    """Half hours in which each site would be open to every worker: today's and the proposed, as far as it can be had.

    Parameters
    ----------
    sites
        One row an action; columns ``open_hours`` and ``available_hours`` (blank: no limit).
    proposed
        Proposed hours of each row; blank for no more than today's.
    month
        Month whose hours count.

    Returns
    -------
    numpy.ndarray
        Bool, rows by 336.
    """
    today, limit = _masks(sites, "open_hours", month), _masks(sites, "available_hours", month)
    limit[_text(sites, "available_hours") == ""] = True
    masks = {text: hours.parse_hours(text).mask(month) for text in set(proposed) - {""}}
    masks[""] = np.zeros(hours.SLOTS, dtype=bool)
    added = np.array([masks[text] for text in proposed], dtype=bool).reshape(len(sites), hours.SLOTS)
    return np.asarray((today | added) & limit)


def action_prices(candidates: pd.DataFrame, costs: CostRules) -> NDArray[np.float64]:
    """Look up what is paid once for each site.

    Parameters
    ----------
    candidates
        Sites; columns ``action`` and, of buildings to convert, ``cost_class``.
    costs
        Prices.

    Returns
    -------
    numpy.ndarray
        万元, in the order of the sites.

    Raises
    ------
    UnpricedError
        When an action has no price; it names a site of each.
    """
    kind = candidates["action"].astype(str)
    graded = _text(candidates, "cost_class")
    key = kind.where(~((kind == "convert") & (graded != "")), "convert_" + graded)
    missing = sorted(set(key[~key.isin(list(costs.once))]))
    if missing:
        raise UnpricedError({k: str(candidates.index[key == k][0]) for k in missing}, sorted(costs.once))
    return np.asarray(key.map(dict(costs.once)).to_numpy(np.float64))


def _capacity(candidates: pd.DataFrame, costs: CostRules) -> NDArray[np.float64]:
    """People at a time; new rooms have the usual number, old ones what the ledger says."""
    stated = (
        pd.to_numeric(candidates["capacity"], errors="coerce") if "capacity" in candidates else pd.Series(dtype=float)
    )
    known = stated.reindex(candidates.index).to_numpy(np.float64, na_value=np.nan)
    new = candidates["action"].isin(["build", "rent", "convert"]).to_numpy()
    return np.where(np.isnan(known) & new, float(costs.new_room_capacity), known)


def coverage_by_action(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    candidates: pd.DataFrame,
    candidate_minutes: pd.DataFrame,
    *,
    usable: NDArray[np.bool_],
    patterns: Mapping[str, str],
    standard: Standard,
    sailings: Mapping[str, NDArray[np.bool_]] | None = None,
) -> pd.DataFrame:
    """Find whom each action would serve by itself.

    Parameters
    ----------
    workers, groups, usable, standard, sailings
        As in `xsgeo.access.would_serve`.
    candidates, candidate_minutes
        Sites, and the minutes from groups to them.
    patterns
        Opening hours by name.

    Returns
    -------
    pandas.DataFrame
        ``action_id`` and ``group_id``, one row for each pair, sorted.
    """
    parts = []
    for name, text in sorted(patterns.items()):
        pairs = access.would_serve(
            workers,
            groups,
            candidates,
            candidate_minutes,
            usable=usable,
            open_hours=text,
            standard=standard,
            sailings=sailings,
        )
        parts.append(pairs.assign(action_id=pairs["site_id"] + "|" + name)[["action_id", "group_id"]])
    return pd.concat(parts).sort_values(["action_id", "group_id"], ignore_index=True)


def _masks(frame: pd.DataFrame, column: str, month: int) -> NDArray[np.bool_]:
    texts = pd.Series(_text(frame, column), index=frame.index, dtype=object)
    number, masks = hours.masks(texts, month=month)
    never = np.zeros((1, hours.SLOTS), dtype=bool)
    return np.concatenate([masks, never])[number].copy()
