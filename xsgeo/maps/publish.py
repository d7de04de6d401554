"""What a page that anyone may forward is allowed to say about workers.

A planner's page leaves the office: it is sent on, printed, put on a screen. So pages are public unless a later option
says otherwise, and a public page never carries the count of one employer, nor a count that covers fewer than five
employers, nor one in which a single employer makes up more than 70% (the threshold and the dominance rule of the
statistical offices, see the OECD glossary and Hundepool et al. 2012, *Statistical Disclosure Control*).

The usual remedy blanks small cells, and then a second cell in each row and column so that the first cannot be worked
out from the total. Here small cells are *merged* instead (`merge_small`): every table stays a partition of all workers
whose parts each pass the rule, so its sums are still exactly those of `xsgeo.access.summarise`, and no subtraction
inside it gives a small count. Where everything together does not pass, nothing is counted and the page says so.

On the map the same idea draws areas (`areas`): each town is cut into squares, the squares into smaller ones, and a
square is cut only into parts that pass. Their counts are rounded to 5 besides. Below that, `places` says where groups
are and which state prevails there, a category and never a count.

Differences between the pages of one run (the county less ten clusters) are the business of `xsgeo.maps.differences`.
What neither does: protect against differences between two runs with other data. Rounding blunts that; a release to the
public at large needs a statistician.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import REASONS
from xsgeo.crs import project

MERGED = "merged"
HIDDEN = "hidden"
CELL_M = 150.0
AREA_CELLS_M = (2400.0, 1200.0, 600.0)
"""Sides of the squares that towns are cut into, by depth; depth 0 is the town itself."""


@dataclass(frozen=True)
class PublishRules:
    """When a count may be shown.

    Parameters
    ----------
    min_employers
        Fewest employers a count must cover.
    max_share
        Largest share of the count that one employer may make up.
    round_to
        Counts on the map are rounded to a multiple of this.

    Examples
    --------
    >>> PublishRules().min_employers
    5
    """

    min_employers: int = 5
    max_share: float = 0.7
    round_to: int = 5

    def __post_init__(self) -> None:
        if self.min_employers < 1 or not 0 < self.max_share <= 1 or self.round_to < 1:
            msg = "min_employers and round_to must be at least 1, and max_share above 0 and at most 1"
            raise ValueError(msg)

    @property
    def hides(self) -> bool:
        """Whether there is any count that these rules would not show."""
        return self.min_employers > 1 or self.max_share < 1 or self.round_to > 1


def employers(workers: pd.DataFrame) -> NDArray[np.intp]:
    """Number the employers; a group without one stands for itself.

    Parameters
    ----------
    workers
        Groups, index ``group_id``, column ``employer_id`` where known.

    Returns
    -------
    numpy.ndarray
        A number per row, equal where the employer is.

    Examples
    --------
    >>> frame = pd.DataFrame({"employer_id": ["E1", "E1", ""]}, index=["a", "b", "c"])
    >>> employers(frame).tolist()
    [1, 1, 0]
    """
    if "employer_id" not in workers:
        return np.arange(len(workers), dtype=np.intp)
    given = workers["employer_id"].astype(object)
    names = given.where(given.notna(), "").astype(str).to_numpy(dtype=object)
    own = np.array([f"\0{i}" for i in workers.index], dtype=object)
    _, number = np.unique(np.where(names == "", own, names).astype(str), return_inverse=True)
    return number.astype(np.intp)


def may_show(employer: NDArray[np.intp], n: NDArray[np.int64] | NDArray[np.float64], rules: PublishRules) -> bool:
    """Whether the count of these groups may be shown.

    Parameters
    ----------
    employer
        Employer of each group, as `employers` numbers them.
    n
        Workers of each group.
    rules
        The rule.

    Examples
    --------
    >>> n = np.array([10, 10, 10, 10, 10])
    >>> may_show(np.arange(5), n, PublishRules()), may_show(np.zeros(5, dtype=int), n, PublishRules())
    (True, False)
    """
    if len(n) == 0:
        return False
    each = np.bincount(employer, weights=n)
    each = each[each > 0]
    return len(each) >= rules.min_employers and bool(each.max() <= rules.max_share * each.sum())


def merge_small(
    keys: NDArray[np.object_],
    employer: NDArray[np.intp],
    n: NDArray[np.int64] | NDArray[np.float64],
    rules: PublishRules,
) -> NDArray[np.object_]:
    """Give groups whose key may not be counted on its own a key that may.

    Keys that fail the rule become one key, `MERGED`; while that fails too, the smallest other key joins it. When all
    keys together fail, every group gets `HIDDEN`.

    Parameters
    ----------
    keys
        Key of each group: its town, its reason, its square.
    employer, n
        As for `may_show`.
    rules
        The rule.

    Returns
    -------
    numpy.ndarray
        Key of each group to count by.

    Examples
    --------
    Town B has two employers, too few, so it is merged with C, the smaller of the other two:

    >>> keys = np.array(["A"] * 6 + ["B"] * 2 + ["C"] * 5, dtype=object)
    >>> merged = merge_small(keys, np.arange(13), np.full(13, 10), PublishRules())
    >>> sorted(set(merged))
    ['A', 'merged']
    """
    answer = keys.copy()
    names = sorted(set(keys))
    sizes = {k: int(n[keys == k].sum()) for k in names}
    small = [k for k in names if not may_show(employer[keys == k], n[keys == k], rules)]
    if not small:
        return answer
    large = sorted((k for k in names if k not in set(small)), key=lambda k: (sizes[k], k))
    while True:
        rest = np.isin(keys.astype(str), np.array(small, dtype=str))
        if may_show(employer[rest], n[rest], rules):
            answer[rest] = MERGED
            return answer
        if not large:
            answer[:] = HIDDEN
            return answer
        small.append(large.pop(0))


def rounded(n: int, rules: PublishRules) -> int:
    """Round a count for the map; what is there never becomes nothing.

    Examples
    --------
    >>> rounded(1, PublishRules()), rounded(133, PublishRules())
    (5, 135)
    """
    return max(rules.round_to, int(np.floor(n / rules.round_to + 0.5)) * rules.round_to)


def cells(workers: pd.DataFrame, *, cell_m: float = CELL_M) -> pd.Series:
    """Number the squares in which the groups stand, from the south-west.

    Parameters
    ----------
    workers
        Groups with ``lon`` and ``lat``.
    cell_m
        Side of a square in metres (EPSG:4550).

    Returns
    -------
    pandas.Series
        Number on the index of `workers`, from 0 without a gap.

    Examples
    --------
    >>> frame = pd.DataFrame({"lon": [121.9, 121.90001, 121.92], "lat": 29.2}, index=["a", "b", "c"])
    >>> cells(frame).tolist()
    [0, 0, 1]
    """
    _, number = np.unique(_square(workers, cell_m), return_inverse=True)
    return pd.Series(number.astype(np.intp).ravel(), index=workers.index, name="cell")


def _square(workers: pd.DataFrame, cell_m: float) -> NDArray[np.int64]:
    x, y = project(workers["lon"].to_numpy(float), workers["lat"].to_numpy(float))
    return np.floor(y / cell_m).astype(np.int64) * 1_000_000 + np.floor(x / cell_m).astype(np.int64)


def places(workers: pd.DataFrame, groups: pd.DataFrame, *, cell_m: float = CELL_M) -> pd.DataFrame:
    """Where workers are and which state prevails there, without any count.

    Parameters
    ----------
    workers
        Groups with ``lon``, ``lat``, ``n_workers``.
    groups
        What `xsgeo.access.coverage` said of them.
    cell_m
        Side of a square in metres.

    Returns
    -------
    pandas.DataFrame
        Index as `cells` numbers them; ``lon`` and ``lat`` of the group nearest to the middle of the square's workers,
        to 4 decimals; ``state``, ``served`` where at least half of the workers are, else the commonest reason;
        ``is_near``, whether any of them has a venue within the cut-off.

    Examples
    --------
    >>> index = ["a", "b"]
    >>> workers = pd.DataFrame({"lon": 121.9, "lat": 29.2, "n_workers": [60, 50]}, index=index)
    >>> groups = pd.DataFrame({"reason": ["closed", "served"], "is_nominal": True}, index=index)
    >>> places(workers, groups)["state"].tolist()
    ['closed']
    """
    cell = cells(workers, cell_m=cell_m).to_numpy()
    n = workers["n_workers"].to_numpy(np.int64)
    why = groups["reason"].astype(str).to_numpy()
    by_state = np.stack([np.bincount(cell, weights=n * (why == r)) for r in REASONS], axis=1)
    total = by_state.sum(axis=1)
    served = REASONS.index("served")
    complaint = by_state.copy()
    complaint[:, served] = -1
    state = np.where(by_state[:, served] * 2 >= total, served, complaint.argmax(axis=1))
    order = np.argsort(cell, kind="stable")
    at = middles(workers, np.split(order, np.searchsorted(cell[order], np.arange(1, len(total)))))
    near = np.bincount(cell, weights=groups["is_nominal"].to_numpy(bool)) > 0
    return pd.DataFrame(
        {
            "lon": at[:, 0],
            "lat": at[:, 1],
            "state": np.array(REASONS, dtype=object)[state],
            "is_near": near,
        },
        index=pd.RangeIndex(len(total), name="cell"),
    )


def middles(workers: pd.DataFrame, parts: list[NDArray[np.intp]]) -> NDArray[np.float64]:
    """Where each part of the workers stands: at the group nearest to their middle, which is surely on land.

    Parameters
    ----------
    workers
        Groups, sorted by id, with ``lon``, ``lat`` and ``n_workers``.
    parts
        Row numbers of each part.

    Returns
    -------
    numpy.ndarray
        Longitude and latitude of each part, shape (n, 2), to 4 decimals.

    Examples
    --------
    >>> frame = pd.DataFrame({"lon": [121.9, 121.91, 121.92], "lat": 29.2, "n_workers": 1}, index=["a", "b", "c"])
    >>> middles(frame, [np.array([0, 1, 2])]).tolist()
    [[121.91, 29.2]]
    """
    if not parts:
        return np.zeros((0, 2))
    rows = np.concatenate(parts)
    part = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    n, xy = workers["n_workers"].to_numpy(float)[rows], workers[["lon", "lat"]].to_numpy(float)[rows]
    mean = (
        np.stack([np.bincount(part, weights=n * axis) for axis in xy.T], axis=1) / np.bincount(part, weights=n)[:, None]
    )
    away = ((xy - mean[part]) ** 2).sum(axis=1).round(12)
    # Rows are in the order of ids, and of equals the first is taken.
    nearest = np.lexsort((np.arange(len(rows)), away, part))[np.flatnonzero(np.diff(part, prepend=-1))]
    return np.asarray(xy[nearest].round(4))


@dataclass(frozen=True)
class Area:
    """Workers of a square, or of what was left of one, whose count may be shown.

    Attributes
    ----------
    rows
        Row numbers of its groups.
    first, last
        Depths at which it is drawn; 0 is the whole town.
    counts
        Rounded workers by state; states that may not be counted alone stand together under `MERGED`, and everything
        under `HIDDEN`, with 0, where nothing may be counted.
    """

    rows: NDArray[np.intp]
    first: int
    last: int
    counts: dict[str, int]


def areas(workers: pd.DataFrame, groups: pd.DataFrame, *, rules: PublishRules) -> list[Area]:
    """Cut each town into squares as small as their counts may be shown for.

    Parameters
    ----------
    workers
        Groups with ``town_id``, ``lon``, ``lat``, ``n_workers``, ``employer_id``.
    groups
        What `xsgeo.access.coverage` said of them.
    rules
        When a count may be shown.

    Returns
    -------
    list of Area
        At every depth from 0 to 3 each group is in exactly one of them.
    """
    squares = [_square(workers, side) for side in AREA_CELLS_M]
    employer = employers(workers)
    n = workers["n_workers"].to_numpy(np.int64)
    why = groups["reason"].astype(str).to_numpy(dtype=object)
    found: list[Area] = []

    def cut(rows: NDArray[np.intp], first: int) -> None:
        for depth in range(first, len(squares)):
            parts = list(_parts(rows, squares[depth], employer, n, rules))
            if len(parts) > 1:
                found.append(Area(rows, first, depth, _counts(rows, why, employer, n, rules)))
                for part in parts:
                    cut(part, depth + 1)
                return
        found.append(Area(rows, first, len(squares), _counts(rows, why, employer, n, rules)))

    town = workers["town_id"].astype(str).to_numpy()
    for name in np.unique(town):
        cut(np.flatnonzero(town == name), 0)
    return found


def _parts(
    rows: NDArray[np.intp],
    square: NDArray[np.int64],
    employer: NDArray[np.intp],
    n: NDArray[np.int64],
    rules: PublishRules,
) -> Iterator[NDArray[np.intp]]:
    keys = square[rows].astype(str).astype(object)
    merged = merge_small(keys, employer[rows], n[rows], rules)
    for key in sorted(set(merged)):
        yield rows[merged == key]


def _counts(
    rows: NDArray[np.intp],
    why: NDArray[np.object_],
    employer: NDArray[np.intp],
    n: NDArray[np.int64],
    rules: PublishRules,
) -> dict[str, int]:
    keys = merge_small(why[rows], employer[rows], n[rows], rules)
    if HIDDEN in keys:
        return {HIDDEN: 0}
    return {str(k): rounded(int(n[rows][keys == k].sum()), rules) for k in sorted(set(keys))}
