"""From the caller's frames to arrays and back, the same way for every model.

Sites are those that the pairs or the costs name, in the order of preference; demand is sorted by id. What comes back is
on the caller's own index, in the caller's order. A pair that is given twice counts once (of minutes, the least).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.errors import PlanError
from xsgeo.siting.cover_case import Case, Floors
from xsgeo.siting.problem import (
    Floats,
    Limits,
    Places,
    Sense,
    Sites,
    Siting,
    Status,
    Whole,
    no_lacks,
    site_limits,
    whole_numbers,
)
from xsgeo.siting.watch import Watch


def covering_case(weights: pd.Series, covers: pd.DataFrame, limits: Limits) -> tuple[Case, Places]:
    """Check a covering question and put it into arrays.

    Returns
    -------
    case, order
        The question, and the caller's row of each demand row.
    """
    weight = whole_numbers(weights, "weights")
    order = demand_order(weights.index)
    site, demand, names = paired(weights.index, covers, limits)
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    weight, row = weight[order], rank[demand]
    if not weight.all():
        heavy = weight[row] > 0
        site, row = site[heavy], row[heavy]
    cover = _matrix(site, row, shape=(len(names), len(weight)))
    sites = site_limits(names, limits, reach=(cover @ weight).astype(np.float64))
    place = _places(names, sites.ids)
    case = Case(cover[place], weight, sites, None)
    return Case(case.cover, weight, sites, _floors(weights, limits, weight, order)), order


def _matrix(site: Places, row: Places, *, shape: tuple[int, int]) -> csr_array:
    """Ones where a site covers a row, the rows of each site in order and each once."""
    key = site * shape[1] + row
    if (key[1:] <= key[:-1]).any():
        cover = csr_array((np.ones(len(key), dtype=np.int64), (site, row)), shape=shape)
        cover.sum_duplicates()
        cover.data[:] = 1
        return cover
    begins = np.searchsorted(key, np.arange(shape[0] + 1) * shape[1])
    return csr_array((np.ones(len(key), dtype=np.int64), row, begins), shape=shape)


def _places(names: NDArray[np.object_], ids: NDArray[np.object_]) -> Places:
    """Where each id stands among all names."""
    number = {name: at for at, name in enumerate(names.tolist())}
    return np.fromiter((number[each] for each in ids.tolist()), dtype=np.intp, count=len(ids))


def demand_order(index: pd.Index) -> Places:
    """The rows sorted by id.

    Examples
    --------
    >>> demand_order(pd.Index(["b", "a"])).tolist()
    [1, 0]
    """
    return np.asarray(np.argsort(index.to_numpy(), kind="stable"), dtype=np.intp)


def paired(demands: pd.Index, pairs: pd.DataFrame, limits: Limits) -> tuple[Places, Places, NDArray[np.object_]]:
    """Number of the site and of the demand of each pair, and the sorted ids of the sites."""
    codes, found = _numbered(pairs["site_id"])
    extra = [] if limits.cost is None else list(limits.cost.index)
    names = np.array(sorted(set(found.tolist()) | set(extra)), dtype=object)
    demand = np.asarray(demands.get_indexer(pairs["group_id"]), dtype=np.intp)
    if len(demand) and demand.min() < 0:
        msg = f"the pairs name the group {pairs['group_id'].iloc[int(np.argmin(demand))]!r}, which has no weight"
        raise PlanError(msg)
    if len(codes) and codes.min() < 0:
        msg = f"the pairs name no site for the group {pairs['group_id'].iloc[int(np.argmin(codes))]!r}"
        raise PlanError(msg)
    return _places(names, found)[codes], demand, names


def _numbered(column: pd.Series) -> tuple[Places, NDArray[np.object_]]:
    """Number the values in the order of their first appearance, -1 where one is missing.

    Looking up a text takes far longer than seeing that it is the one before, and pairs mostly stand site by site: where
    they do, only one of each run of equal ones is looked up.
    """
    values = column.to_numpy()
    begins = _begins(values)
    if 4 * len(begins) < len(values):
        codes, found = pd.factorize(values[begins])
        return np.repeat(codes, np.diff(begins, append=len(values))), np.asarray(found, dtype=object)
    codes, found = pd.factorize(column)
    return codes, np.asarray(found, dtype=object)


def _begins(values: NDArray[Any]) -> Places:
    """Where a value is not the one before."""
    try:
        return np.flatnonzero(np.concatenate([np.ones(min(len(values), 1), dtype=bool), values[1:] != values[:-1]]))
    except TypeError:
        # Of a missing value it may not be asked whether it is the one before.
        return np.arange(len(values))


def _floors(weights: pd.Series, limits: Limits, weight: Whole, order: Places) -> Floors | None:
    """Least weight of each town; None where no floor is asked for."""
    if not isinstance(limits.floor, Mapping) and limits.floor == 0:
        return None
    kind, names = towns_of(weights, limits, order)
    totals = np.bincount(kind, weight, len(names))
    shares = np.array([float(floor_of(limits, name)) for name in names])
    if ((shares < 0) | (shares > 1) | ~np.isfinite(shares)).any():
        msg = f"`floor` must be a share from 0 to 1, got {limits.floor}"
        raise PlanError(msg)
    return Floors(kind, np.ceil(shares * totals - 1e-9))


def floor_of(limits: Limits, town: object) -> float:
    """The share asked for in one town; 0 where none is.

    Examples
    --------
    >>> floor_of(Limits(floor={"T1": 0.5}), "T1"), floor_of(Limits(floor={"T1": 0.5}), "T2")
    (0.5, 0.0)
    """
    return limits.floor.get(town, 0.0) if isinstance(limits.floor, Mapping) else limits.floor


def towns_of(weights: pd.Series, limits: Limits, order: Places) -> tuple[Places, list[object]]:
    """Number of the town of each demand row in sorted order, and the names."""
    if limits.towns is None:
        msg = "a floor needs `towns`, the town of each group"
        raise PlanError(msg)
    given = limits.towns.reindex(weights.index)
    if given.isna().any():
        msg = f"`towns` has no town for the group {given.index[int(np.argmax(given.isna()))]!r}"
        raise PlanError(msg)
    names = sorted(given.unique())
    return pd.Index(names, dtype=object).get_indexer(given.to_numpy(dtype=object)[order]).astype(np.intp), names


def first_coverer(cover: csr_array, chosen: Places) -> Places:
    """The first chosen site in the order of preference that covers each demand row; -1 where none does.

    Examples
    --------
    >>> first_coverer(csr_array(np.array([[1, 0], [1, 1]])), np.array([1])).tolist()
    [1, 1]
    """
    first = np.full(cover.shape[1], -1, dtype=np.intp)
    for at in sorted((int(at) for at in chosen), reverse=True):
        first[cover.indices[cover.indptr[at] : cover.indptr[at + 1]]] = at
    return first


def nearest_open(minutes: Floats, opened: Places) -> Places:
    """The nearest open site of each demand row, the first in the order of preference among equals; -1 where none.

    Examples
    --------
    >>> nearest_open(np.array([[3.0, 9.0], [np.inf, np.inf]]), np.array([0, 1])).tolist()
    [0, -1]
    """
    if not len(opened):
        return np.full(len(minutes), -1, dtype=np.intp)
    near = minutes[:, opened]
    return np.where(np.isfinite(near.min(axis=1)), opened[np.argmin(near, axis=1)], -1)


def told(index: pd.Index, order: Places, sites: Sites, site_of: Places) -> pd.Series:
    """Who goes where, on the caller's index; empty where nobody serves."""
    names = np.append(sites.ids, "").astype(object)
    answer = np.empty(len(index), dtype=object)
    answer[order] = names[site_of]
    return pd.Series(answer, index=index, name="site_id", dtype=object)


def named(sites: Sites, chosen: Places) -> tuple[object, ...]:
    """Ids of the chosen sites, sorted."""
    return tuple(sorted(sites.ids[chosen]))


def no_plan(
    index: pd.Index,
    status: Status,
    sense: Sense,
    watch: Watch,
    *,
    bound: float = np.nan,
    lacks: pd.DataFrame | None = None,
) -> Siting:
    """The answer without a plan, on the caller's index: ``infeasible`` with what stands in the way, or cut short.

    Examples
    --------
    >>> no_plan(pd.Index(["a"]), "infeasible", "max", Watch(1.0))
    <Siting: infeasible, 0 reasons, highs>
    """
    nobody = pd.Series("", index=index, name="site_id", dtype=object)
    why = no_lacks() if lacks is None else lacks
    return Siting((), nobody, np.nan, bound, status, sense, watch.seconds, "highs", lacks=why)


def costs_matrix(demands: pd.Index, ways: pd.DataFrame, limits: Limits) -> tuple[Floats, Sites, Places]:
    """Minutes from each demand row to each site, infinite where there is no way; rows and sites in their order.

    Returns
    -------
    minutes, sites, order
        Demand rows by sites; the limits; the caller's row of each demand row.
    """
    order = demand_order(demands)
    site, demand, names = paired(demands, ways, limits)
    minutes = ways["minutes"].to_numpy(np.float64, na_value=np.nan)
    bad = ~(np.isfinite(minutes) & (minutes >= 0))
    if bad.any():
        at = int(np.argmax(bad))
        msg = (
            f"`minutes` of the way from {ways['group_id'].iloc[at]!r} to {ways['site_id'].iloc[at]!r} must be 0 or more"
        )
        raise PlanError(msg)
    table = np.full((len(demands), len(names)), np.inf)
    np.minimum.at(table, (demand, site), minutes)
    sites = site_limits(names, limits)
    place = pd.Index(names, dtype=object).get_indexer(sites.ids)
    return np.ascontiguousarray(table[np.ix_(order, place)]), sites, order


__all__ = ["Siting", "costs_matrix", "covering_case", "first_coverer", "named", "no_plan", "told", "towns_of"]
