"""The searches: both engines against brute force, against each other and against scipy, on a great many graphs."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from xsgeo import search
from xsgeo.search import (
    Doors,
    Graph,
    Pairs,
    at_nodes,
    build_graph,
    doors,
    k_nearest,
    nearest,
    paths,
    queries,
    running,
    shortcuts,
    within,
)

ENGINES = ("scipy", "numba")
FAR = 10**12


@pytest.fixture(params=["scipy", "numba", "lanes"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> search.Engine:
    """Each engine; the compiled one also made to search sixteen at once, and by tiles of two nodes."""
    if request.param == "lanes":
        monkeypatch.setattr(running, "LANES_PAY", 1)
        monkeypatch.setattr(running, "_OVERLAP", 0.001)
        monkeypatch.setattr(queries, "_TILE", 1)
    return "scipy" if request.param == "scipy" else "numba"


@dataclass(frozen=True)
class Case:
    """A graph with doors and shortcuts as plain lists, and the least ms between all of them by brute force."""

    n_nodes: int
    arcs: list[tuple[int, int, int]]
    sources: list[list[tuple[int, int]]]
    targets: list[list[tuple[int, int]]]
    shorts: list[tuple[int, int, int]]

    def graph(self, *, seed: int | None = None) -> Graph:
        """The layout; with a seed, in a random order of arcs and with nodes scattered at random places."""
        arcs, place = self.arcs, None
        if seed is not None:
            random = np.random.RandomState(seed)
            arcs = [arcs[i] for i in random.permutation(len(arcs))]
            place = random.random_sample((2, self.n_nodes))
        columns = np.array(arcs, dtype=np.int64).reshape(-1, 3).T
        xy = {} if place is None else {"x": place[0], "y": place[1]}
        return build_graph(*columns, self.n_nodes, **xy)

    def ends(self) -> tuple[Doors, Doors, Pairs]:
        """Sources, targets and shortcuts for the search."""
        joined = []
        for given_doors in (self.sources, self.targets):
            ways = [(door, node, ms) for door, ways in enumerate(given_doors) for node, ms in ways]
            joined.append(doors(*np.array(ways, dtype=np.int64).reshape(-1, 3).T, len(given_doors)))
        return *joined, shortcuts(*np.array(self.shorts, dtype=np.int64).reshape(-1, 3).T, len(self.sources))

    def node_ms(self) -> np.ndarray:
        """Least ms between all nodes, by Floyd and Warshall."""
        far = np.full((self.n_nodes, self.n_nodes), FAR)
        np.fill_diagonal(far, 0)
        for start, end, ms in self.arcs:
            far[start, end] = min(far[start, end], ms)
        for middle in range(self.n_nodes):
            far = np.minimum(far, far[:, [middle]] + far[[middle], :])
        return far

    def source_ms(self) -> np.ndarray:
        """Least ms from each source to each node."""
        between, nowhere = self.node_ms(), np.full(self.n_nodes, FAR)
        rows = [np.min([nowhere, *[ms + between[node] for node, ms in ways]], axis=0) for ways in self.sources]
        return np.array(rows).reshape(-1, self.n_nodes)

    def door_ms(self) -> np.ndarray:
        """Least ms from each source to each target."""
        reached = self.source_ms()
        far = np.full((len(self.sources), len(self.targets)), FAR)
        for target, ways in enumerate(self.targets):
            for node, ms in ways:
                far[:, target] = np.minimum(far[:, target], reached[:, node] + ms)
        for source, target, ms in self.shorts:
            far[source, target] = min(far[source, target], ms)
        return far


_ms = st.one_of(st.sampled_from([0, 0, 1, 5, 5, 10]), st.integers(0, 40), st.integers(0, 1_000_000))


@st.composite
def _cases(case: st.DrawFn) -> Case:
    """Parallel arcs, loops, arcs of no ms, nodes without arcs, doors without ways, ties: all of them often."""
    n_nodes = case(st.integers(1, 9))
    node = st.integers(0, n_nodes - 1)
    arcs = case(st.lists(st.tuples(node, node, _ms), max_size=30))
    door = st.lists(st.tuples(node, _ms), max_size=3)
    sources, targets = case(st.lists(door, max_size=5)), case(st.lists(door, max_size=5))
    shorts = []
    if sources and targets:
        pair = st.tuples(st.integers(0, len(sources) - 1), st.integers(0, len(targets) - 1), _ms)
        shorts = case(st.lists(pair, max_size=4))
    return Case(n_nodes, arcs, sources, targets, shorts)


def table(pairs: Pairs, n_targets: int) -> np.ndarray:
    far = np.full((len(pairs.first) - 1, n_targets), FAR)
    source = np.repeat(np.arange(len(pairs.first) - 1), np.diff(pairs.first))
    assert len(np.unique(source * (n_targets + 1) + pairs.target)) == len(pairs)
    far[source, pairs.target] = pairs.ms
    return far


def cut(far: np.ndarray, limit_ms: int) -> np.ndarray:
    return np.where(far <= limit_ms, far, FAR)


def least(far: np.ndarray, k: int, limit_ms: int) -> tuple[list[list[int]], list[list[int]]]:
    """ms and sources of the k nearest of each target, from the table of all."""
    ranked = [sorted((ms, source) for source, ms in enumerate(column) if ms <= limit_ms)[:k] for column in far.T]
    padded = [row + [(-1, -1)] * (k - len(row)) for row in ranked]
    return [[ms for ms, _ in row] for row in padded], [[source for _, source in row] for row in padded]


# --- against brute force -----------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=_cases(), limit_ms=st.sampled_from([0, 7, 45, 900_000, 10**9]), seed=st.integers(0, 9))
def test_within_equals_brute_force(engine: search.Engine, case: Case, limit_ms: int, seed: int):
    graph, (sources, targets, shorts) = case.graph(seed=seed), case.ends()
    to_nodes = within(graph, sources, limit_ms=limit_ms, engine=engine)
    assert np.array_equal(table(to_nodes, case.n_nodes), cut(case.source_ms(), limit_ms))
    to_doors = within(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shorts, engine=engine)
    assert np.array_equal(table(to_doors, len(targets)), cut(case.door_ms(), limit_ms))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=_cases(), k=st.integers(1, 4), limit_ms=st.sampled_from([0, 7, 45, 10**9]), seed=st.integers(0, 9))
def test_nearest_equals_brute_force(engine: search.Engine, case: Case, k: int, limit_ms: int, seed: int):
    graph, (sources, targets, shorts) = case.graph(seed=seed), case.ends()
    ms, source = k_nearest(graph, sources, k, limit_ms=limit_ms, engine=engine)
    assert (ms.tolist(), source.tolist()) == least(case.source_ms(), k, limit_ms)
    ms, source = k_nearest(graph, sources, k, limit_ms=limit_ms, targets=targets, shortcuts=shorts, engine=engine)
    assert (ms.tolist(), source.tolist()) == least(case.door_ms(), k, limit_ms)
    if k == 1:
        one = nearest(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shorts, engine=engine)
        assert [a.tolist() for a in one] == [ms[:, 0].tolist(), source[:, 0].tolist()]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=100, deadline=None)
@given(case=_cases(), limit_ms=st.sampled_from([45, 10**9]))
def test_paths_are_shortest_and_have_the_fewest_arcs(engine: search.Engine, case: Case, limit_ms: int):
    graph = case.graph(seed=1)
    least_ms: dict[tuple[int, int], int] = {}
    for start, end, ms in case.arcs:
        least_ms[start, end] = min(ms, least_ms.get((start, end), FAR))
    likeness = nx.DiGraph()
    likeness.add_nodes_from(range(case.n_nodes))
    # One arc weighs a little: the least sum is then the shortest way with the fewest arcs.
    likeness.add_edges_from((u, v, {"cost": ms * 1000 + 1}) for (u, v), ms in least_ms.items() if u != v)
    cost = nx.single_source_dijkstra_path_length(likeness, 0, weight="cost")
    for target, way in enumerate(paths(graph, at_nodes([0]), range(case.n_nodes), limit_ms=limit_ms, engine=engine)):
        if len(way):
            steps = list(itertools.pairwise(way.tolist()))
            assert (way[0], way[-1]) == (0, target)
            assert sum(least_ms[step] * 1000 + 1 for step in steps) == cost[target]
        else:
            assert target not in cost or cost[target] // 1000 > limit_ms


def _road_like(n_nodes: int, random: np.random.RandomState) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start = random.randint(0, n_nodes, 3 * n_nodes)
    end = np.clip(start + random.randint(-4, 5, 3 * n_nodes), 0, n_nodes - 1)
    return start, end, random.choice([0, 1, 50, 700, 9000], 3 * n_nodes) * random.randint(1, 9, 3 * n_nodes)


def test_two_thousand_seeded_graphs_equal_scipy():
    random = np.random.RandomState(7)
    for _ in range(2000):
        n_nodes = random.randint(2, 40)
        start, end, ms = _road_like(n_nodes, random)
        sources = random.choice(n_nodes, random.randint(1, 6))
        limit_ms = int(random.choice([100, 5000, 60_000, 2_000_000]))
        graph = build_graph(start, end, ms, n_nodes)
        pairs = within(graph, at_nodes(sources), limit_ms=limit_ms, engine="numba", n_threads=1)
        matrix = np.full((n_nodes, n_nodes), np.inf)
        np.minimum.at(matrix, (start, end), ms)
        row, column = np.nonzero(np.isfinite(matrix))
        sparse = csr_array((matrix[row, column], (row, column)), shape=matrix.shape)
        want = dijkstra(sparse, indices=sources, limit=limit_ms)
        want[np.arange(len(sources)), sources] = 0
        assert np.array_equal(table(pairs, n_nodes), np.where(np.isfinite(want), want, FAR))
        near_ms, near = nearest(graph, at_nodes(sources), limit_ms=limit_ms, engine="numba")
        first = np.where(np.isfinite(want.min(axis=0)), want.argmin(axis=0), -1)
        assert np.array_equal(near, first)
        assert np.array_equal(near_ms, np.where(first < 0, -1, want.min(axis=0)))


# --- what must not matter ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def big() -> tuple[Graph, Doors, Doors]:
    random = np.random.RandomState(3)
    graph = build_graph(*_road_like(3000, random), 3000, x=np.arange(3000.0), y=random.random_sample(3000))
    return graph, at_nodes(random.choice(3000, 700, replace=False)), at_nodes(random.choice(3000, 500))


@pytest.mark.parametrize("n_threads", [1, 2, 3, 8])
def test_threads_change_not_a_bit(big: tuple[Graph, Doors, Doors], n_threads: int):
    graph, sources, targets = big
    one = within(graph, sources, limit_ms=40_000, targets=targets, engine="scipy")
    other = within(graph, sources, limit_ms=40_000, targets=targets, engine="numba", n_threads=n_threads)
    for column in ("first", "target", "ms"):
        assert np.array_equal(getattr(one, column), getattr(other, column)), column
    assert len(one) > 1000


@pytest.mark.parametrize("engine", ENGINES)
def test_blocks_hold_every_source_once_and_their_sums_are_the_whole(big: tuple[Graph, Doors, Doors], engine: str):
    graph, sources, _ = big
    whole = within(graph, sources, limit_ms=40_000, engine=engine)
    blocks = list(search.within_blocks(graph, sources, limit_ms=40_000, engine=engine))
    assert sorted(np.concatenate([numbers for numbers, _ in blocks]).tolist()) == list(range(len(sources)))
    assert sum(int(pairs.ms.sum(dtype=np.int64)) for _, pairs in blocks) == whole.ms.sum(dtype=np.int64)
    if engine == "numba":
        assert len(blocks) > 5


def test_a_reader_who_stops_early_leaves_no_thread_behind(big: tuple[Graph, Doors, Doors]):
    graph, sources, _ = big
    blocks = search.within_blocks(graph, sources, limit_ms=40_000, engine="numba", n_threads=2)
    assert len(next(blocks)[0])
    blocks.close()


@pytest.mark.parametrize("limit_ms", [0, 3_000, 40_000, 10**9])
def test_sixteen_at_once_find_what_one_by_one_find(
    big: tuple[Graph, Doors, Doors], monkeypatch: pytest.MonkeyPatch, limit_ms: int
):
    graph, sources, targets = big
    shorts = shortcuts([0, 5, 5, 699], [1, 2, 2, 499], [50, 7000, 0, limit_ms + 1], len(sources))
    found = []
    for overlap in (1e9, 1e-9):
        monkeypatch.setattr(running, "_OVERLAP", overlap)
        found.append(within(graph, sources, limit_ms=limit_ms, engine="numba"))
        found.append(within(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shorts, engine="numba"))
    for one, other in (found[::2], found[1::2]):
        for column in ("first", "target", "ms"):
            assert np.array_equal(getattr(one, column), getattr(other, column)), column


@pytest.mark.parametrize(("apart", "together"), [(1, True), (9, False)])
def test_sources_are_searched_together_only_where_they_reach_the_same(apart: int, together: bool):
    street = np.arange(999)
    graph = build_graph(street, street + 1, np.full(999, 1000), 1000)
    sources = at_nodes(np.arange(0, 100 * apart, apart))
    bits, head = running.buckets(graph, 9_000)
    own = [np.empty((4096, 3), dtype=np.int32), 4096, np.full(1000, 9_001, dtype=np.int32), head]
    seeds = np.stack([sources.node, sources.ms], axis=1).astype(np.int32)
    assert running._overlap(graph, (sources, seeds, 9_000, bits), np.arange(100), own) is together


def test_where_nodes_are_changes_no_answer(big: tuple[Graph, Doors, Doors]):
    random = np.random.RandomState(3)
    plain = build_graph(*_road_like(3000, random), 3000)
    one, other = (within(graph, big[1], limit_ms=20_000, engine="numba") for graph in (plain, big[0]))
    assert np.array_equal(one.target, other.target)
    assert np.array_equal(one.ms, other.ms)
    assert not np.array_equal(plain.number, big[0].number)


def test_near_nodes_are_near_in_the_layout():
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(32), np.arange(32)))
    none = np.empty(0, dtype=np.int64)
    along = build_graph(none, none, none, 1024, x=x, y=y).number
    step = np.hypot(np.diff(x[along]), np.diff(y[along]))
    assert step.max() < 2.5
    assert sorted(along.tolist()) == list(range(1024))


def test_pairs_by_target_are_sorted_by_target_and_source(big: tuple[Graph, Doors, Doors]):
    graph, sources, targets = big
    pairs = within(graph, sources, limit_ms=9_000, targets=targets)
    source, target, ms = pairs.by_target(len(targets))
    assert np.array_equal(np.lexsort((source, target)), np.arange(len(pairs)))
    far = np.full((len(sources), len(targets)), FAR)
    far[source, target] = ms
    assert np.array_equal(far, table(pairs, len(targets)))


@settings(max_examples=100, deadline=None)
@given(case=_cases())
def test_a_folded_graph_keeps_every_distance_of_its_core(case: Case):
    graph = case.graph(seed=2)
    folded = graph.contracted
    assert sorted(folded.place.tolist()) == list(range(case.n_nodes))
    n_core = int(folded.levels[1])
    start = np.repeat(np.arange(case.n_nodes), np.diff(folded.first))
    end, ms = folded.arcs[:, 0], folded.arcs[:, 1]
    assert (end[start < n_core] < n_core).all()
    assert (end[start >= n_core] < start[start >= n_core]).all()
    above = np.repeat(np.arange(case.n_nodes), np.diff(folded.down_first))
    assert (folded.down_arcs[:, 0] > above).all()
    assert (folded.down_arcs[:, 0] >= n_core).all()
    assert max(ms.max(initial=0), folded.down_arcs[:, 1].max(initial=0)) <= graph.longest_ms
    core = Case(
        n_core,
        [arc for arc in zip(start.tolist(), end.tolist(), ms.tolist(), strict=True) if arc[0] < n_core],
        [],
        [],
        [],
    )
    place = folded.place[graph.rank]
    kept = np.flatnonzero(place < n_core)
    assert np.array_equal(core.node_ms()[np.ix_(place[kept], place[kept])], case.node_ms()[np.ix_(kept, kept)])


# --- corners -----------------------------------------------------------------------------------------------------


def test_parallel_arcs_count_by_their_least_and_loops_go():
    graph = build_graph([0, 0, 0, 1], [1, 1, 0, 2], [4000, 3000, 1, 0], 3)
    assert len(graph.arcs) == 2
    for engine in ENGINES:
        assert within(graph, at_nodes([0]), limit_ms=9000, engine=engine).ms.tolist() == [0, 3000, 3000]


@pytest.mark.parametrize("engine", ENGINES)
def test_exactly_the_limit_is_within_and_one_more_is_not(engine: search.Engine):
    graph = build_graph([0], [1], [900_000], 2)
    assert len(within(graph, at_nodes([0]), limit_ms=900_000, engine=engine)) == 2
    assert len(within(graph, at_nodes([0]), limit_ms=899_999, engine=engine)) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_no_trouble(engine: search.Engine):
    none = np.empty(0, dtype=np.int64)
    graph = build_graph(none, none, none, 0)
    assert within(graph, at_nodes(none), limit_ms=5, engine=engine).first.tolist() == [0]
    assert nearest(graph, at_nodes(none), engine=engine)[0].tolist() == []
    lonely = build_graph(none, none, none, 2)
    assert nearest(lonely, at_nodes([1]), engine=engine)[1].tolist() == [-1, 0]
    assert within(lonely, at_nodes([1]), limit_ms=5, targets=at_nodes(none), engine=engine).first.tolist() == [0, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_sums_at_the_edge_of_32_bits(engine: search.Engine):
    graph = build_graph([0, 1, 2], [1, 2, 3], [2**30 - 10, 2**30 - 10, 2**30 - 10], 4)
    limit_ms = graph.greatest_limit_ms
    assert within(graph, at_nodes([0]), limit_ms=limit_ms, engine=engine).ms.tolist() == [0, 2**30 - 10]
    with pytest.raises(ValueError, match="limit_ms must be from 0 to"):
        within(graph, at_nodes([0]), limit_ms=limit_ms + 1, engine=engine)


def test_a_star_of_thousands_of_arcs_makes_room_for_itself():
    spokes = np.arange(1, 20_001)
    graph = build_graph(np.zeros(20_000, int), spokes, 20_001 - spokes, 20_001)
    pairs = within(graph, at_nodes([0, 0]), limit_ms=20_000, engine="numba", n_threads=1)
    assert np.diff(pairs.first).tolist() == [20_001, 20_001]
    assert nearest(graph, at_nodes([0]), engine="numba")[0][1:].tolist() == (20_001 - spokes).tolist()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ms": [-1]}, "ms must be from 0"),
        ({"ms": [2**31]}, "ms must be from 0"),
        ({"ms": [1.5]}, "ms must be whole numbers, got float64"),
        ({"end": [2]}, "end must be from 0 to below 2, got 2 to 2"),
        ({"start": [-1]}, "start must be from 0 to below 2"),
    ],
)
def test_arcs_that_are_no_arcs_are_refused(change: dict[str, list[float]], problem: str):
    with pytest.raises(ValueError, match=problem):
        build_graph(**{"start": [0], "end": [1], "ms": [1], **change}, n_nodes=2)


def test_questions_that_make_no_sense_are_refused():
    graph = build_graph([0], [1], [1], 2)
    with pytest.raises(ValueError, match="doors must be at nodes from 0 to below 2"):
        within(graph, at_nodes([2]), limit_ms=5)
    with pytest.raises(ValueError, match="the ways of doors must be from 0"):
        within(graph, doors([0], [0], [-1], 1), limit_ms=5)
    with pytest.raises(ValueError, match="limit_ms must be from 0"):
        within(graph, at_nodes([0]), limit_ms=-1)
    with pytest.raises(ValueError, match="limit_ms and the way to a target may be 2,147,483,646 together"):
        within(graph, at_nodes([0]), targets=doors([0], [0], [2**30 - 1], 1), limit_ms=2**30)
    with pytest.raises(ValueError, match="k must be 1 or more, got 0"):
        k_nearest(graph, at_nodes([0]), 0)
    with pytest.raises(ValueError, match="engine must be auto, numba or scipy, got 'igraph'"):
        within(graph, at_nodes([0]), limit_ms=5, engine="igraph")


# --- the choice of engine ----------------------------------------------------------------------------------------


def loaded_after(code: str) -> set[str]:
    lines = [code, "import sys", "print('\\n'.join(sys.modules))"]
    out = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    return set(out.stdout.split())


def test_a_small_job_neither_waits_for_numba_nor_imports_it():
    small = "from xsgeo.search import *; within(build_graph([0], [1], [1], 2), at_nodes([0]), limit_ms=5)"
    assert "numba" not in loaded_after(small)
    assert "numba" in loaded_after(small + "; warm_up()")


def test_without_numba_everything_runs_plain(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "xsgeo.search.kernels", raising=False)
    for module in (running, queries):
        monkeypatch.setattr(module, "numba_is_there", lambda: False)
    monkeypatch.setattr(running, "_SMALL_JOB", 0)
    assert not search.warm_up()
    graph = build_graph([0], [1], [1], 2)
    assert nearest(graph, at_nodes([0]))[0].tolist() == [0, 1]
