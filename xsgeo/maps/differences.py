"""Keep what several pages say together from telling what none of them says alone.

`xsgeo.maps.publish.merge_small` makes each table safe by itself. But the county's page and the pages of its clusters
count the same workers twice over, by town for the county and by town for each cluster, so whoever has all the files can
subtract: a town's workers less those of ten clusters are the eleventh cluster's. This module looks at all the pages as
the statistical offices look at linked tables (Hundepool et al. 2012, chapter 4) and merges further rows until no
difference between published numbers is a count that may not be shown.

Which differences there are need not be guessed. Numbers that stand on a page alone can be taken away from both sides;
what is left is a table of hidden cells, town by cluster, of which the row sums (county less what the clusters say) and
the column sums (the merged row of each cluster's page) are known. With row weights ``a`` and column weights ``b`` a
reader can work out the sum over cells of ``a + b``, and it is a count of somebody where that is 0 or 1 for each cell.
Every such count is a union of disjoint ones of these kinds: the cells of one town; and, for a set C of clusters, the
cells outside C of all towns that C has, and the cells of C outside the towns that have nothing but C. Both the least
number of employers and the largest share of one survive disjoint union, so it is enough that every set of these kinds
passes. They are all tried while no more than `MAX_EXACT` clusters have hidden cells; beyond that, sets of up to three.

What is protected: numbers of workers by town, by cluster and by reason, on all pages of one run, against exact
subtraction. What is not: two runs with different data; numbers rounded to 5 on the map, which bound but do not tell;
the share of a row that is served, which says nothing of how many work for one employer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from xsgeo.maps.publish import HIDDEN, MERGED, PublishRules, may_show, merge_small

MAX_EXACT = 12
_CHUNK = 256


@dataclass(frozen=True)
class _People:
    """What the rules ask of any set of groups."""

    employer: NDArray[np.intp]
    n: NDArray[np.int64]
    rules: PublishRules

    def may_show(self, rows: NDArray[np.bool_]) -> bool:
        return may_show(self.employer[rows], self.n[rows], self.rules)


def withheld_columns(
    column: NDArray[np.object_], employer: NDArray[np.intp], n: NDArray[np.int64], rules: PublishRules
) -> frozenset[str]:
    """Clusters whose total may not be told, and those that keep them from being worked out from the county's.

    Parameters
    ----------
    column
        Cluster of each group.
    employer, n, rules
        As for `xsgeo.maps.publish.may_show`.

    Examples
    --------
    B has two employers; the county less A would tell it, so A is withheld as well:

    >>> column = np.array(["A"] * 6 + ["B"] * 2, dtype=object)
    >>> sorted(withheld_columns(column, np.arange(8), np.full(8, 10), PublishRules()))
    ['A', 'B']
    """
    merged = merge_small(column, employer, n, rules)
    return frozenset(str(c) for c in column[np.isin(merged.astype(str), (MERGED, HIDDEN))])


def merge_crossed(
    keys: NDArray[np.object_],
    column: NDArray[np.object_],
    employer: NDArray[np.intp],
    n: NDArray[np.int64],
    rules: PublishRules,
    *,
    withheld: frozenset[str] = frozenset(),
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Give each group the key it is counted by on the whole's page and the one on its cluster's page.

    Parameters
    ----------
    keys
        Town, or reason, of each group.
    column
        Cluster of each group.
    employer, n, rules
        As for `xsgeo.maps.publish.may_show`.
    withheld
        Clusters of which nothing is told, as `withheld_columns` finds them, or that have no page.

    Returns
    -------
    tuple of numpy.ndarray
        Keys of the whole and keys of the clusters; in each, small ones are `MERGED`, and `HIDDEN` where nothing may be
        told. No sum or difference of the numbers counted so is one that may not be shown.

    Examples
    --------
    Town S has six employers of cluster A and one of B. Either page alone would be safe, but 7 less 6 is one employer;
    so A no longer says S alone:

    >>> keys = np.array(["S"] * 7 + ["T"] * 12, dtype=object)
    >>> column = np.array(["A"] * 6 + ["B"] + ["A"] * 6 + ["B"] * 6, dtype=object)
    >>> whole, parts = merge_crossed(keys, column, np.arange(19), np.full(19, 10), PublishRules())
    >>> sorted(set(whole)), sorted(set(parts[column == "A"]))
    (['S', 'T'], ['hidden'])
    """
    people = _People(employer, n, rules)
    whole = merge_small(keys, employer, n, rules)
    parts = np.full(len(keys), HIDDEN, dtype=object)
    for name in sorted(set(map(str, column)) - withheld):
        mine = column == name
        parts[mine] = merge_small(keys[mine], employer[mine], n[mine], rules)
    for thorough in (False, True):
        while True:
            leak = _find_leak(whole, parts, column, people, withheld, thorough=thorough)
            if leak is None:
                break
            if not _hide_more(keys, whole, parts, column, n, leak):
                whole[:] = HIDDEN
                parts[:] = HIDDEN
                return whole, parts
    for name in set(map(str, column)):
        if set(parts[column == name]) == {MERGED}:  # a page whose every row is merged has no table
            parts[column == name] = HIDDEN
    return whole, parts


def _hidden(parts: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.isin(parts.astype(str), (MERGED, HIDDEN))


def _find_leak(
    whole: NDArray[np.object_],
    parts: NDArray[np.object_],
    column: NDArray[np.object_],
    people: _People,
    withheld: frozenset[str],
    *,
    thorough: bool,
) -> NDArray[np.bool_] | None:
    """Rows of a set that can be worked out and may not be shown; None where there is none."""
    rows = np.flatnonzero(_hidden(parts))
    if len(rows) == 0 or not people.n[rows].sum():
        return None
    cell_names = np.array([f"{a}\0{b}" for a, b in zip(whole[rows], column[rows], strict=True)])
    _, first, cell = np.unique(cell_names, return_index=True, return_inverse=True)
    _, node = np.unique(whole[rows][first].astype(str), return_inverse=True)
    names, of_column = np.unique(column[rows][first].astype(str), return_inverse=True)
    weights = csr_array(
        coo_array(
            (people.n[rows].astype(float), (cell.ravel(), people.employer[rows])),
            shape=(len(first), int(people.employer.max()) + 1),
        )
    )
    known = np.array([name not in withheld for name in names])
    # Where the whole tells nothing, only what stands together in one column is known, and that has passed.
    if HIDDEN in whole:
        return None
    for masks in _derivable(node, of_column, known, thorough=thorough):
        bad = _failing(masks, weights, people.rules)
        if bad is not None:
            found: NDArray[np.bool_] = np.zeros(len(whole), dtype=bool)
            found[rows] = masks[bad][cell.ravel()]
            return found
    return None


def _derivable(
    node: NDArray[np.intp], column: NDArray[np.intp], known: NDArray[np.bool_], *, thorough: bool
) -> Iterator[NDArray[np.bool_]]:
    """Sets of hidden cells whose sum is known, as masks over the cells, some hundreds at a time."""
    usable = np.flatnonzero(known)
    table = np.zeros((int(node.max()) + 1, len(known)), dtype=bool)
    table[node, column] = True
    yield np.arange(len(table))[:, None] == node
    for chosen in _subsets(usable, len(known), thorough=thorough):
        touched = (chosen.astype(np.int64) @ table.T.astype(np.int64)) > 0
        outside = (~chosen).astype(np.int64) @ table.T.astype(np.int64) > 0
        inside_column = chosen[:, column]
        yield touched[:, node] & ~inside_column
        yield inside_column & outside[:, node]


def _subsets(usable: NDArray[np.intp], n: int, *, thorough: bool) -> Iterator[NDArray[np.bool_]]:
    exact = len(usable) if len(usable) <= MAX_EXACT else 3
    largest = exact if thorough else 1
    sets = [c for size in range(min(largest, len(usable)) + 1) for c in combinations(usable.tolist(), size)]
    for start in range(0, len(sets), _CHUNK):
        some = sets[start : start + _CHUNK]
        masks = np.zeros((len(some), n), dtype=bool)
        for i, chosen in enumerate(some):
            masks[i, list(chosen)] = True
        yield masks


def _failing(masks: NDArray[np.bool_], weights: csr_array, rules: PublishRules) -> int | None:
    each = np.asarray((csr_array(masks.astype(float)) @ weights).todense())
    total = each.sum(axis=1)
    few = (each > 0).sum(axis=1) < rules.min_employers
    dominated = each.max(axis=1) > rules.max_share * total
    bad = np.flatnonzero((total > 0) & (few | dominated))
    return None if len(bad) == 0 else int(bad[total[bad].argmin()])


def _hide_more(  # noqa: PLR0917  # one table in columns
    keys: NDArray[np.object_],
    whole: NDArray[np.object_],
    parts: NDArray[np.object_],
    column: NDArray[np.object_],
    n: NDArray[np.int64],
    leak: NDArray[np.bool_],
) -> bool:
    """Merge the smallest row that widens the set; False when there is nothing left to merge."""
    shown = ~_hidden(parts)
    for near in (
        np.isin(whole.astype(str), whole[leak].astype(str)),
        np.isin(column.astype(str), column[leak].astype(str)),
    ):
        cells = sorted({(str(k), str(c)) for k, c in zip(keys[shown & near], column[shown & near], strict=True)})
        if cells:
            sizes = {cell: int(n[(keys == cell[0]) & (column == cell[1])].sum()) for cell in cells}
            key, name = min(cells, key=lambda cell: (sizes[cell], cell))
            _merge_cell(keys, parts, column == name, key, n)
            return True
    return _merge_nodes(whole, leak, n)


def _merge_cell(
    keys: NDArray[np.object_], parts: NDArray[np.object_], mine: NDArray[np.bool_], key: str, n: NDArray[np.int64]
) -> None:
    """Put a key of a cluster's page into its merged row, with the smallest other where there was none."""
    parts[mine & (keys == key)] = MERGED
    merged = set(keys[mine & (parts == MERGED)])
    others = sorted(set(keys[mine & (parts != MERGED)]))
    if len(merged) == 1 and others:
        other = min(others, key=lambda k: (int(n[mine & (keys == k)].sum()), k))
        parts[mine & (keys == other)] = MERGED


def _merge_nodes(whole: NDArray[np.object_], leak: NDArray[np.bool_], n: NDArray[np.int64]) -> bool:
    """Merge the rows of the whole's page that the set lies in, and the smallest other one."""
    inside = set(whole[leak])
    others = sorted(set(whole) - inside)
    if not others:
        return False
    other = min(others, key=lambda k: (int(n[whole == k].sum()), str(k)))
    whole[np.isin(whole.astype(str), [str(k) for k in (*inside, other)])] = MERGED
    return True
