"""Pages subtracted from one another: every sum that can be worked out from them is one that may be shown."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.maps import publish
from xsgeo.maps.differences import merge_crossed, withheld_columns
from xsgeo.maps.publish import HIDDEN, MERGED, PublishRules

RULES = PublishRules()


def published(keys, column, whole, parts, withheld):
    """Indicators, over the groups, of every number on the pages: rows and total of the county and of each cluster."""
    rows = [np.ones(len(keys))]
    if HIDDEN not in whole:
        rows += [whole == k for k in set(whole)]
    for name in sorted(set(column) - withheld):
        mine = column == name
        rows.append(mine)
        if HIDDEN not in parts[mine]:
            rows += [mine & (parts == k) for k in set(parts[mine])]
    return np.array(rows, dtype=float)


def cells_of(keys, column):
    names = np.array([f"{k}{c}" for k, c in zip(keys, column, strict=True)])
    _, cell = np.unique(names, return_inverse=True)
    return cell


def leaks(keys, column, employer, n, whole, parts, withheld):  # noqa: PLR0917  # one table in columns
    """Sets of cells whose sum follows from the published numbers and may not be shown: all sets are tried."""
    cell = cells_of(keys, column)
    k = int(cell.max()) + 1
    first = [np.flatnonzero(cell == i)[0] for i in range(k)]
    table = published(keys, column, whole, parts, withheld)[:, first]
    _, values, vectors = np.linalg.svd(table)
    null = vectors[(values > 1e-9).sum() :]
    subsets = np.array(list(product([0, 1], repeat=k)), dtype=float)
    derivable = np.abs(subsets @ null.T).max(axis=1, initial=0) < 1e-9
    return [
        s for s in subsets[derivable][1:] if not publish.may_show(employer[s[cell] > 0], n[s[cell] > 0], RULES)
    ]  # fmt: skip


groups = st.lists(
    st.tuples(st.sampled_from("RSTU"), st.sampled_from("abc"), st.integers(0, 24), st.integers(1, 60)),
    min_size=12,
    max_size=90,
)


@settings(max_examples=150, deadline=None)
@given(groups)
def test_no_difference_of_pages_counts_fewer_than_five_employers(rows):
    keys = np.array([r[0] for r in rows], dtype=object)
    column = np.array([r[1] for r in rows], dtype=object)
    employer, n = np.array([r[2] for r in rows]), np.array([r[3] for r in rows])
    if not publish.may_show(employer, n, RULES):
        return
    withheld = withheld_columns(column, employer, n, RULES)
    whole, parts = merge_crossed(keys, column, employer, n, RULES, withheld=withheld)
    assert leaks(keys, column, employer, n, whole, parts, withheld) == []
    told = ~np.isin(parts.astype(str), (MERGED, HIDDEN))
    assert (parts[told] == keys[told]).all()


def crossed(cells):
    """Groups of ten workers, one employer each: cells maps (town, cluster) to how many."""
    pairs = [key for key, k in cells.items() for _ in range(k)]
    keys, column = (np.array([p[i] for p in pairs], dtype=object) for i in (0, 1))
    return keys, column, np.arange(len(pairs)), np.full(len(pairs), 10)


def test_tables_that_are_safe_alone_leak_together_unless_they_are_merged():
    cells = {(t, c): 8 for t in "STU" for c in "ab"} | {("S", "c"): 2, ("T", "c"): 9, ("U", "c"): 9}
    keys, column, employer, n = crossed(cells)
    alone = np.full(len(keys), HIDDEN, dtype=object)
    for c in "abc":
        mine = column == c
        alone[mine] = publish.merge_small(keys[mine], employer[mine], n[mine], RULES)
    whole = publish.merge_small(keys, employer, n, RULES)
    assert leaks(keys, column, employer, n, whole, alone, frozenset())
    whole, parts = merge_crossed(keys, column, employer, n, RULES)
    assert leaks(keys, column, employer, n, whole, parts, frozenset()) == []
    assert set(whole) == set("STU")


def test_nothing_is_merged_where_every_cell_may_be_shown():
    keys, column, employer, n = crossed({(t, c): 6 for t in "STU" for c in "abc"})
    whole, parts = merge_crossed(keys, column, employer, n, RULES)
    assert (whole == keys).all()
    assert (parts == keys).all()


def test_order_of_rows_does_not_matter():
    cells = {(t, c): 3 + (7 * i) % 8 for i, (t, c) in enumerate(product("QRSTU", "abcd"))}
    keys, column, employer, n = crossed(cells)
    turn = np.random.RandomState(1).permutation(len(keys))
    straight = merge_crossed(keys, column, employer, n, RULES)
    turned = merge_crossed(keys[turn], column[turn], employer[turn], n[turn], RULES)
    for one, other in zip(straight, turned, strict=True):
        assert (one[turn] == other).all()


def test_a_cluster_that_may_not_be_counted_takes_another_with_it():
    column = np.array(["a"] * 9 + ["b"] * 7 + ["c"] * 2, dtype=object)
    assert withheld_columns(column, np.arange(18), np.full(18, 10), RULES) == {"b", "c"}
    assert withheld_columns(column[:16], np.arange(16), np.full(16, 10), RULES) == frozenset()


@pytest.mark.parametrize("by", ["town_id", "reason"])
def test_county_and_cluster_pages_of_the_demonstration(demonstration, by):
    workers = pd.DataFrame(demonstration.workers.drop(columns="geometry")).sort_index()
    reasons = np.random.RandomState(0).choice(["served", "closed", "not_shared", "unknown"], len(workers))
    keys = (workers["town_id"].astype(str) if by == "town_id" else pd.Series(reasons)).to_numpy(dtype=object)
    column = workers["cluster_id"].astype(str).to_numpy(dtype=object)
    employer, n = publish.employers(workers), workers["n_workers"].to_numpy(np.int64)
    whole, parts = merge_crossed(keys, column, employer, n, RULES)
    assert MERGED not in whole
    assert 0.5 < np.mean(parts == keys) <= 1
    table = published(keys, column, whole, parts, frozenset())
    cell = cells_of(keys, column)
    first = [np.flatnonzero(cell == i)[0] for i in range(int(cell.max()) + 1)]
    _, values, vectors = np.linalg.svd(table[:, first])
    null = vectors[(values > 1e-9).sum() :]
    for i in range(len(first)):  # no cell of fewer than five employers can be worked out
        if np.abs(null[:, i]).max(initial=0) < 1e-9:
            assert publish.may_show(employer[cell == i], n[cell == i], RULES)
