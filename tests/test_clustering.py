"""Three ways to find places: each against what its definition says, and all against the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xsgeo import clustering, gaps


def towns(seed=3, sizes=(12, 9, 6), apart_m=3000):
    """Groups in three knots on a line, some minutes apart; walking 80 m a minute."""
    random = np.random.RandomState(seed)
    x = np.concatenate([random.uniform(0, 150, n) + k * apart_m for k, n in enumerate(sizes)])
    ids = pd.Index([f"g{n:02d}" for n in range(len(x))], name="group_id")
    at_m = np.column_stack([400_000 + x, np.full(len(x), 3_230_000.0)])
    minutes = np.abs(x[:, None] - x[None, :]) / 80
    a, b = np.nonzero(np.triu(np.ones_like(minutes, dtype=bool), 1))
    between = pd.DataFrame({"group_id": ids[a], "neighbour_id": ids[b], "minutes": minutes[a, b]})
    return ids, at_m, between, random.randint(5, 60, len(x)).astype(float), np.repeat(range(len(sizes)), sizes)


def places(numbers):
    """The partition, whatever its numbers; the scattered alone."""
    return {frozenset(np.flatnonzero(numbers == k)) for k in set(numbers) - {-1}}


@pytest.mark.parametrize("seed", range(5))
def test_all_three_find_the_knots(seed):
    ids, at_m, between, n, knot = towns(seed)
    graph = clustering.minutes_graph(ids, between, link_min=5)
    truth = places(knot)
    assert places(clustering.dbscan(graph, n, link_min=5, min_workers=20)) == truth
    assert places(clustering.hdbscan(graph, n, link_min=5, min_workers=20)) == truth
    assert places(clustering.kmeans(graph, n, at_m, n_places=3)) == truth


def test_kmeans_never_joins_what_no_minutes_join():
    ids, at_m, between, n, _ = towns(apart_m=200)
    shore = np.arange(len(ids)) < 14
    across = shore[ids.get_indexer(between["group_id"])] != shore[ids.get_indexer(between["neighbour_id"])]
    graph = clustering.minutes_graph(ids, between[~across], link_min=5)
    for k in (1, 2, 4):
        for place in places(clustering.kmeans(graph, n, at_m, n_places=k)):
            assert len({bool(shore[row]) for row in place}) == 1


def test_kmeans_is_a_fixed_point_of_its_own_rule():
    """Each group is in the place whose weighted mean is nearest, and each mean is that of its members."""
    ids, at_m, between, n, _ = towns(seed=11, apart_m=260)
    graph = clustering.minutes_graph(ids, between, link_min=1000)
    place = clustering.kmeans(graph, n, at_m, n_places=4)
    means = np.array([np.average(at_m[place == k], axis=0, weights=n[place == k]) for k in range(4)])
    away = np.linalg.norm(at_m[:, None] - means[None], axis=2)
    assert (away.argmin(axis=1) == place).all()


def test_small_places_of_hdbscan_are_dropped():
    ids, _, between, _, knot = towns()
    n = np.where(knot == 2, 1.0, 30.0)
    graph = clustering.minutes_graph(ids, between, link_min=5)
    found = clustering.hdbscan(graph, n, link_min=5, min_workers=50)
    assert (found[knot == 2] == -1).all()
    assert (found[knot != 2] >= 0).all()


def on_a_line(*at_min):
    ids = pd.Index([f"g{n:02d}" for n in range(len(at_min))], name="group_id")
    minutes = np.abs(np.subtract.outer(at_min, at_min))
    a, b = np.nonzero(np.triu(np.ones_like(minutes, dtype=bool), 1))
    return ids, pd.DataFrame({"group_id": ids[a], "neighbour_id": ids[b], "minutes": minutes[a, b]})


@pytest.mark.parametrize("apart_min", [1.0, 2.4, 2.6, 4.0])
def test_hdbscan_joins_places_less_than_half_a_link_apart_and_no_others(apart_min):
    rooms = np.arange(6) * 0.1
    first, second = rooms, rooms + rooms[-1] + apart_min
    far = rooms + second[-1] + 4.5
    ids, between = on_a_line(*first, *second, *far)
    graph = clustering.minutes_graph(ids, between, link_min=5)
    found = clustering.hdbscan(graph, np.full(18, 9.0), link_min=5, min_workers=20)
    one, other, third = frozenset(range(6)), frozenset(range(6, 12)), frozenset(range(12, 18))
    assert places(found) == ({one | other, third} if apart_min < 2.5 else {one, other, third})


def test_hdbscan_takes_in_whoever_stands_between_two_halves_of_a_place():
    rooms = np.arange(6) * 0.1
    ids, between = on_a_line(*rooms, 1.5, *(rooms + 2.5), *(rooms + 7.5))
    graph = clustering.minutes_graph(ids, between, link_min=5)
    found = clustering.hdbscan(graph, np.full(19, 9.0), link_min=5, min_workers=20)
    assert places(found) == {frozenset(range(13)), frozenset(range(13, 19))}


def test_zero_minutes_join_and_the_shorter_way_counts():
    ids = pd.Index(["a", "b", "c"])
    between = pd.DataFrame({"group_id": ["a", "b", "b"], "neighbour_id": ["b", "a", "c"], "minutes": [0.0, 4.0, 9.0]})
    graph = clustering.minutes_graph(ids, between, link_min=5)
    assert graph[0, 1] == 0
    assert graph.nnz == 5  # three on the diagonal, a to b and back
    assert places(clustering.dbscan(graph, np.ones(3), link_min=5, min_workers=2)) == {frozenset({0, 1})}


@pytest.mark.parametrize("method", clustering.METHODS)
def test_the_order_of_rows_changes_nothing(method):
    ids, at_m, between, n, _ = towns(seed=8, apart_m=900)
    from xsgeo.crs import unproject

    lon, lat = unproject(at_m[:, 0], at_m[:, 1])
    workers = pd.DataFrame(
        {"n_workers": n.astype(int), "town_id": "T1", "cluster_id": "knit", "lon": lon, "lat": lat}, ids
    )
    groups = pd.DataFrame({"reason": "closed"}, index=ids)
    once = gaps.find_gaps(workers, groups, between, method=method, n_places=5)
    random = np.random.RandomState(1)
    for _ in range(4):
        order = random.permutation(len(ids))
        again = gaps.find_gaps(
            workers.iloc[order], groups.iloc[order], between.sample(frac=1, random_state=2), method=method, n_places=5
        )
        pd.testing.assert_series_equal(again[0].sort_index(), once[0])
        pd.testing.assert_frame_equal(again[1], once[1])


def test_sensitivity_starts_with_the_choice_itself():
    ids, at_m, between, n, _ = towns(seed=8, apart_m=900)
    from xsgeo.crs import unproject

    lon, lat = unproject(at_m[:, 0], at_m[:, 1])
    workers = pd.DataFrame(
        {"n_workers": n.astype(int), "town_id": "T1", "cluster_id": "knit", "lon": lon, "lat": lat}, ids
    )
    groups = pd.DataFrame({"reason": "closed"}, index=ids)
    table = gaps.sensitivity(workers, groups, between, link_min=5, min_workers=20)
    labels, found = gaps.find_gaps(workers, groups, between, link_min=5, min_workers=20)
    first = table.iloc[0]
    assert (first["n_gaps"], first["n_workers"], first["agreement"]) == (len(found), found["n_workers"].sum(), 1)
    assert (table["n_workers"] + table["n_scattered"] == workers["n_workers"].sum()).all()
    assert (labels == "").sum() == 0 or first["n_scattered"] > 0


def test_an_unknown_method_is_refused():
    workers = pd.DataFrame({"n_workers": []})
    with pytest.raises(ValueError, match="method"):
        gaps.find_gaps(workers, pd.DataFrame({"reason": []}), pd.DataFrame(), method="ward")
