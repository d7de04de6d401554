"""Who may come in, and what is there: doors before rooms, rooms before seats.

A door admits a *group* when it admits all of it. Women's homes and youth homes admit a part of most groups, and to call
the group served by them would be wrong for the rest, so they count for groups of women only, or of the young only, and
how many of a group they would take is told beside the yes or no (``n_admitted`` of `xsgeo.access.coverage`).

What must be there is asked twice: a standard names functions for everybody, and a study's ``needs`` name what a cluster
asks of a room, all of it or so many of the list.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access.masks import text

_SHARED = ("open", "appointment")
PARTS = {"women": "n_women", "youth": "n_under_35"}
"""Whom a door may be meant for, and the column that counts them in a group."""


def admits(workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame) -> pd.Series:
    """Whether the whole group may come in.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; columns ``employer_id``, ``n_workers``, ``n_women``, ``n_under_35``.
    venues
        Plaques, index ``venue_id``; columns ``serves``, ``share_terms``, ``employer_id``.
    minutes
        Any table with ``group_id`` and ``venue_id``.

    Returns
    -------
    pandas.Series
        bool on the index of `minutes`; False where the group or the venue is not in the frames.

    Notes
    -----
    The rule, in one place. Share terms ``open`` and ``appointment`` let every worker in; ``agreement`` lets in whom the
    agreement names, and no table says whom, so it opens no door here; ``none`` opens none.

    ===========  ==================================  =================================================
    serves       terms ``open``, ``appointment``     terms ``agreement``, ``none``
    ===========  ==================================  =================================================
    everyone     every group                         every group
    workers      every group                         every group
    members      every group                         no group: membership is counted by employer, not
                                                     by group, and some of any group are not members
    own_staff    every group                         groups of the same ``employer_id``
    women        every group                         groups of women only
    youth        every group                         groups of workers under 35 only
    ===========  ==================================  =================================================

    A venue that would admit *part* of a group does not admit the group: to call all of it served would be wrong for
    the rest.

    Examples
    --------
    >>> workers = pd.DataFrame({"employer_id": ["P1", "P2"]}, index=pd.Index(["a", "b"], name="group_id"))
    >>> venues = pd.DataFrame(
    ...     {"serves": ["own_staff"], "share_terms": ["none"], "employer_id": ["P1"]},
    ...     index=pd.Index(["x"], name="venue_id"),
    ... )
    >>> admits(workers, venues, pd.DataFrame({"group_id": ["a", "b"], "venue_id": ["x", "x"]})).tolist()
    [True, False]
    """
    group = workers.index.get_indexer(minutes["group_id"])
    venue = venues.index.get_indexer(minutes["venue_id"])
    known = (group >= 0) & (venue >= 0)
    answer = np.zeros(len(minutes), dtype=bool)
    answer[known] = admits_pairs(workers, venues, group[known], venue[known])
    return pd.Series(answer, index=minutes.index, name="admits")


def admits_everyone(venues: pd.DataFrame) -> pd.Series:
    """Whether the door is open to every worker, whoever employs them.

    Parameters
    ----------
    venues
        Plaques; columns ``serves`` and ``share_terms``. The rule is that of `admits`.

    Returns
    -------
    pandas.Series
        bool on the index of `venues`.

    Examples
    --------
    >>> admits_everyone(pd.DataFrame({"serves": ["members", "members"], "share_terms": ["none", "open"]})).tolist()
    [False, True]
    """
    serves, terms = text(venues, "serves"), text(venues, "share_terms")
    answer = np.isin(serves, ("everyone", "workers")) | np.isin(terms, _SHARED)
    return pd.Series(answer, index=venues.index, name="admits_everyone")


def equipped(venues: pd.DataFrame, functions: tuple[str, ...]) -> pd.Series:
    """Whether the venue has every function asked for.

    Parameters
    ----------
    venues
        Plaques; column ``functions``, names parted by ``|``; blank has none.
    functions
        Functions asked for; empty asks for none.

    Returns
    -------
    pandas.Series
        bool on the index of `venues`.

    Examples
    --------
    >>> equipped(pd.DataFrame({"functions": ["reading|tea", "tea", ""]}), ("reading",)).tolist()
    [True, False, False]
    """
    return pd.Series(_has(venues, functions, len(set(functions))), index=venues.index, name="equipped")


def meets_needs(workers: pd.DataFrame, venues: pd.DataFrame, minutes: pd.DataFrame, needs: pd.DataFrame) -> pd.Series:
    """Whether the venue has what the group's cluster needs.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column ``cluster_id``.
    venues
        Plaques, index ``venue_id``; column ``functions``, names parted by ``|``.
    minutes
        Any table with ``group_id`` and ``venue_id``.
    needs
        Columns ``cluster_id``, ``functions`` asked for, parted by ``|``, and ``at_least``, how many of them a venue
        must have: all where it is missing. Several rows of one cluster must all be met; one without a row asks for
        nothing.

    Returns
    -------
    pandas.Series
        bool on the index of `minutes`; False where the group or the venue is not in the frames.

    Examples
    --------
    >>> workers = pd.DataFrame({"cluster_id": ["fishing", "film_tv"]}, index=pd.Index(["a", "b"], name="group_id"))
    >>> venues = pd.DataFrame({"functions": ["reading|rest"]}, index=pd.Index(["x"], name="venue_id"))
    >>> needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["rest|shower"]})
    >>> pairs = pd.DataFrame({"group_id": ["a", "b"], "venue_id": "x"})
    >>> meets_needs(workers, venues, pairs, needs).tolist()
    [False, True]
    >>> meets_needs(workers, venues, pairs, needs.assign(at_least=1)).tolist()
    [True, True]
    """
    group = workers.index.get_indexer(minutes["group_id"])
    venue = venues.index.get_indexer(minutes["venue_id"])
    known = (group >= 0) & (venue >= 0)
    answer = np.zeros(len(minutes), dtype=bool)
    answer[known] = meets_pairs(workers, venues, group[known], venue[known], needs)
    return pd.Series(answer, index=minutes.index, name="meets_needs")


def meets_pairs(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    group: NDArray[np.intp],
    venue: NDArray[np.intp],
    needs: pd.DataFrame | None,
) -> NDArray[np.bool_]:
    """The rule of `meets_needs`, on row numbers.

    Examples
    --------
    >>> workers, venues = pd.DataFrame({"cluster_id": ["k"]}), pd.DataFrame({"functions": ["library"]})
    >>> needs = pd.DataFrame({"cluster_id": ["k"], "functions": ["library|childcare"]})
    >>> meets_pairs(workers, venues, np.array([0]), np.array([0]), needs).tolist()
    [False]
    """
    if needs is None or needs.empty:
        return np.ones(len(group), dtype=bool)
    clusters = pd.Index(np.unique(text(needs, "cluster_id").astype(str)))
    least = needs["at_least"] if "at_least" in needs else pd.Series(np.nan, index=needs.index)
    has = np.ones((len(clusters) + 1, len(venues)), dtype=bool)  # the last row is that of clusters that ask for nothing
    rows = clusters.get_indexer(text(needs, "cluster_id"))
    for row, asked, n in zip(rows, text(needs, "functions"), least.astype(float), strict=True):
        functions = tuple(sorted(_names(asked)))
        has[row] &= _has(venues, functions, len(functions) if np.isnan(n) else min(int(n), len(functions)))
    asks = clusters.get_indexer(text(workers, "cluster_id"))
    return np.asarray(has[asks[group], venue], dtype=bool)


def _names(listed: str) -> set[str]:
    return set(re.split(r"[|\s]+", listed)) - {""}


def _has(venues: pd.DataFrame, functions: tuple[str, ...], at_least: int) -> NDArray[np.bool_]:
    """Whether each venue has so many of the functions."""
    asked, listed = set(functions), text(venues, "functions")
    answer = {one: len(asked & _names(one)) >= at_least for one in set(listed)}
    return np.array([answer[one] for one in listed], dtype=bool)


def parts_of_pairs(
    venues: pd.DataFrame, venue: NDArray[np.intp], admitted: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    """Ways on which a door that shuts out the group as a whole admits a part of it, by the column that counts it.

    Examples
    --------
    >>> venues = pd.DataFrame({"serves": ["women", "workers"]}, index=["V1", "V2"])
    >>> parts_of_pairs(venues, np.array([0, 1]), np.array([False, True]))["n_women"].tolist()
    [True, False]
    """
    serves = text(venues, "serves")
    return {column: ~admitted & (serves == whom)[venue] for whom, column in PARTS.items()}


def admits_pairs(
    workers: pd.DataFrame, venues: pd.DataFrame, group: NDArray[np.intp], venue: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """The rule of `admits`, on row numbers.

    Examples
    --------
    >>> workers = pd.DataFrame({"employer_id": ["E1", "E2"]}, index=["a", "b"])
    >>> venues = pd.DataFrame({"serves": ["own_staff"], "employer_id": ["E1"]}, index=["V1"])
    >>> admits_pairs(workers, venues, np.array([0, 1]), np.array([0, 0])).tolist()
    [True, False]
    """
    serves = text(venues, "serves")
    employers = pd.Index(np.unique(text(venues, "employer_id").astype(str)))
    owner, employer = (employers.get_indexer(text(frame, "employer_id")) for frame in (venues, workers))
    owner = np.where((serves == "own_staff") & (text(venues, "employer_id") != ""), owner, -2)  # -1 is no owner's staff
    answer = admits_everyone(venues).to_numpy()[venue] | (owner[venue] == employer[group])
    for whom, column in PARTS.items():
        answer |= (serves == whom)[venue] & _is_whole(workers, column)[group]
    return np.asarray(answer, dtype=bool)


def _is_whole(workers: pd.DataFrame, part: str) -> NDArray[np.bool_]:
    if part not in workers or "n_workers" not in workers:
        return np.zeros(len(workers), dtype=bool)
    n = workers["n_workers"].to_numpy(np.float64)
    return np.asarray(workers[part].to_numpy(np.float64, na_value=np.nan) == n, dtype=bool)
