"""The relative-neighbourhood graph, against its definition; the streets themselves are in test_xiangshan."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import pdist, squareform

from xsgeo.datasets.streets import relative_neighbours


def _by_definition(xy: np.ndarray, *, gabriel: bool) -> set[tuple[int, int]]:
    d = squareform(pdist(xy))
    kept = set()
    for i in range(len(xy)):
        for j in range(i + 1, len(xy)):
            others = [k for k in range(len(xy)) if k not in (i, j)]
            if gabriel:
                middle = (xy[i] + xy[j]) / 2
                between = any(np.hypot(*(xy[k] - middle)) < d[i, j] / 2 * (1 - 1e-9) for k in others)
            else:
                between = any(max(d[i, k], d[j, k]) < d[i, j] * (1 - 1e-9) for k in others)
            if not between:
                kept.add((i, j))
    return kept


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 45))
def test_relative_neighbours_equal_the_definition(seed: int, n: int) -> None:
    xy = np.random.RandomState(seed).random_sample((n, 2)) * 1000
    found = {(int(a), int(b)) for a, b in relative_neighbours(xy)}
    assert found == _by_definition(xy, gabriel=False)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 40))
def test_the_whole_share_gives_the_gabriel_graph(seed: int, n: int) -> None:
    random = np.random.RandomState(seed)
    xy = random.random_sample((n, 2)) * 1000
    found = {(int(a), int(b)) for a, b in relative_neighbours(xy, gabriel_share=1.0, random=random)}
    assert found == _by_definition(xy, gabriel=True)


def test_the_graph_holds_the_minimum_spanning_tree() -> None:
    xy = np.random.RandomState(5).random_sample((300, 2)) * 1000
    graph = nx.Graph([(int(a), int(b)) for a, b in relative_neighbours(xy)])
    tree = minimum_spanning_tree(squareform(pdist(xy))).tocoo()
    assert all(graph.has_edge(int(a), int(b)) for a, b in zip(tree.row, tree.col, strict=True))


def test_a_share_without_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="RandomState"):
        relative_neighbours(np.random.RandomState(0).random_sample((5, 2)), gabriel_share=0.5)
