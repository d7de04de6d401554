"""Gaps against a plain DBSCAN written from its definition, and against cases drawn by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.gaps import UNSERVED, find_gaps, medoid


def people(n_workers, why="closed", **columns):
    index = pd.Index([f"g{i}" for i in range(len(n_workers))], name="group_id")
    base = {"n_workers": n_workers, "town_id": "T1", "cluster_id": "knitting", "lat": 29.2}
    workers = pd.DataFrame({**base, "lon": 121.9 + 0.001 * np.arange(len(index)), **columns}, index=index)
    return workers, pd.DataFrame({"reason": why}, index=index)


def ways(*rows):
    return pd.DataFrame(rows, columns=["group_id", "neighbour_id", "minutes"]).astype({"minutes": float})


class TestFindGaps:
    def test_a_chain_is_one_gap_and_a_strait_parts(self):
        workers, groups = people([30, 30, 30, 30])
        labels, gaps = find_gaps(
            workers, groups, ways(("g0", "g1", 5), ("g1", "g2", 4), ("g2", "g3", 40)), min_workers=30
        )
        assert labels.tolist() == ["G01", "G01", "G01", "G02"]
        assert gaps["n_workers"].tolist() == [90, 30]

    def test_one_direction_is_enough_and_the_shorter_counts(self):
        workers, groups = people([10, 10])
        labels, _ = find_gaps(workers, groups, ways(("g1", "g0", 3), ("g0", "g1", 9)), min_workers=20)
        assert labels.tolist() == ["G01", "G01"]

    def test_no_minutes_apart_is_near(self):
        workers, groups = people([10, 10])
        labels, _ = find_gaps(workers, groups, ways(("g0", "g1", 0)), min_workers=20)
        assert labels.tolist() == ["G01", "G01"]

    def test_a_repeated_pair_is_not_twice_as_far(self):
        workers, groups = people([10, 10])
        labels, _ = find_gaps(workers, groups, ways(("g0", "g1", 3), ("g0", "g1", 3)), min_workers=20)
        assert labels.tolist() == ["G01", "G01"]

    def test_the_scattered_are_in_no_gap(self):
        workers, groups = people([19, 20])
        labels, gaps = find_gaps(workers, groups, ways(), min_workers=20)
        assert labels.tolist() == ["", "G01"]
        assert gaps["n_groups"].tolist() == [1]

    @pytest.mark.parametrize("why", ["served", "unknown"])
    def test_the_served_and_the_unknown_join_nothing(self, why):
        workers, groups = people([50, 50, 50])
        groups.loc["g1", "reason"] = why
        labels, _ = find_gaps(workers, groups, ways(("g0", "g1", 1), ("g1", "g2", 1)))
        assert labels.tolist() == ["G01", "", "G02"]

    def test_a_row_says_who_they_are(self):
        workers, groups = people(
            [30, 20, 20],
            ["closed", "out_of_reach", "out_of_reach"],
            town_id=["T2", "T1", "T1"],
            cluster_id=["b", "a", "c"],
        )
        _, gaps = find_gaps(workers, groups, ways(("g0", "g1", 1), ("g1", "g2", 1)))
        row = gaps.loc["G01"]
        assert row["towns"] == {"T1": 40, "T2": 30}
        assert list(row["clusters"].items()) == [("b", 30), ("a", 20), ("c", 20)]
        assert (row["town_id"], row["cluster_id"], row["reason"]) == ("T1", "b", "out_of_reach")
        assert [row[f"n_{why}"] for why in UNSERVED] == [40, 30, 0, 0, 0]
        assert (row["medoid_id"], row["lon"]) == ("g1", workers.at["g1", "lon"])

    def test_nobody_unserved(self):
        workers, groups = people([5], "served")
        labels, gaps = find_gaps(workers, groups, ways())
        assert labels.tolist() == [""]
        assert gaps.empty
        assert {"n_workers", "lon", "n_closed"} <= set(gaps.columns)

    @pytest.mark.parametrize("bad", [{"link_min": 0}, {"link_min": float("nan")}, {"min_workers": 0}])
    def test_bad_parameters(self, bad):
        workers, groups = people([5])
        with pytest.raises(ValueError, match="link_min must be above 0"):
            find_gaps(workers, groups, ways(), **bad)


class TestMedoid:
    def test_weights_pull(self):
        points = pd.DataFrame({"lon": [121.9, 121.91, 121.92], "lat": 29.2, "n_workers": [1, 1, 9]}, index=list("abc"))
        assert medoid(points) == "c"

    def test_ties_and_shared_doors_go_to_the_least_id(self):
        points = pd.DataFrame({"lon": [121.9, 121.91, 121.91], "lat": 29.2, "n_workers": [2, 1, 1]}, index=list("cba"))
        assert medoid(points) == "a"
        assert medoid(points.iloc[[2, 0, 1]]) == "a"

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 9)), min_size=1, max_size=30))
    def test_equals_trying_every_point(self, rows):
        from xsgeo.crs import project

        points = pd.DataFrame(rows, columns=["lon", "lat", "n_workers"])
        points["lon"] = 121.8 + points["lon"] / 1000
        points["lat"] = 29.2 + points["lat"] / 1000
        points.index = [f"p{i:02}" for i in range(len(points))]
        x, y = project(points["lon"].to_numpy(), points["lat"].to_numpy())
        sums = {
            at: sum(n * np.hypot(x[i] - x[j], y[i] - y[j]) for j, n in enumerate(points["n_workers"]))
            for i, at in enumerate(points.index)
        }
        assert sums[medoid(points)] == pytest.approx(min(sums.values()), abs=0.02)


def dbscan_by_definition(n, minutes, weight, link_min, min_workers):
    """Core groups that reach one another, with what lies beside them (Ester et al. 1996, definitions 1 to 6)."""
    near = [{j for j in range(n) if i == j or minutes.get(frozenset((i, j)), 99.0) <= link_min} for i in range(n)]
    core = {i for i in range(n) if sum(weight[j] for j in near[i]) >= min_workers}
    found, left = [], set(core)
    while left:
        frontier, cluster = [min(left)], set()
        while frontier:
            i = frontier.pop()
            cluster.add(i)
            frontier += [j for j in near[i] & core if j not in cluster]
        left -= cluster
        found.append((cluster, {j for i in cluster for j in near[i]} - core))
    return found


@st.composite
def neighbourhoods(draw):
    n = draw(st.integers(1, 9))
    weight = [draw(st.integers(1, 9)) for _ in range(n)]
    pairs = {(i, j) for i in range(n) for j in range(n) if i != j and draw(st.integers(0, 3)) == 0}
    rows = [(f"g{i}", f"g{j}", draw(st.sampled_from((0.0, 2.0, 5.0, 6.0)))) for i, j in sorted(pairs)]
    return weight, rows, draw(st.integers(1, 15))


@settings(max_examples=80, deadline=None)
@given(neighbourhoods(), st.randoms(use_true_random=False))
def test_equals_the_definition_in_any_order(case, random):
    weight, rows, min_workers = case
    workers, groups = people(weight)
    before = workers.copy()
    labels, gaps = find_gaps(workers, groups, ways(*rows), min_workers=min_workers)
    least = {}
    for a, b, took in rows:
        pair = frozenset((int(a[1:]), int(b[1:])))
        least[pair] = min(took, least.get(pair, 99.0))
    expected = dbscan_by_definition(len(weight), least, weight, 5.0, min_workers)
    found = {gap_id: set(labels.index[labels == gap_id].str[1:].astype(int)) for gap_id in gaps.index}
    assert len(found) == len(expected)
    cores = set().union(*(core for core, _ in expected))
    for core, border in expected:
        (gap,) = (members for members in found.values() if members & core)
        assert gap & cores == core
        assert gap <= core | border
    in_some = set().union(*found.values())
    assert in_some == cores.union(*(border for _, border in expected))
    assert gaps["n_workers"].is_monotonic_decreasing
    assert gaps["n_workers"].sum() == workers.loc[labels != "", "n_workers"].sum()

    order = list(range(len(weight)))
    random.shuffle(order)
    random.shuffle(rows)
    mixed = workers.iloc[order]
    again, table = find_gaps(mixed, groups.iloc[order], ways(*rows), min_workers=min_workers)
    assert again.index.equals(mixed.index)
    pd.testing.assert_series_equal(again.sort_index(), labels)
    pd.testing.assert_frame_equal(table, gaps)
    pd.testing.assert_frame_equal(workers, before)
