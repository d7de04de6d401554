from __future__ import annotations

from collections import Counter
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.osm_maps import osm_file, places
from xsgeo import schemas
from xsgeo.crs import WGS84, lengths_m
from xsgeo.network import arcs, build_network
from xsgeo.roads import import_roads
from xsgeo.roads.edges import ROAD_COLUMNS, cut, roads_of
from xsgeo.roads.tags import read_tags
from xsgeo.roads.ways import collect

pytest.importorskip("osmium", reason="the extra 'osm' is not installed")

STREET = {"highway": "residential"}
TABLE = read_tags()


def imported(tmp_path, picture, ways, **options):
    return import_roads(osm_file(tmp_path, picture, ways, **options))


def ends(roads):
    """Letters of u and v by edge, with g for the far side of a barrier."""
    letter = {f"n{ord(c)}{g}": c + g for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for g in ("", "g")}
    return {edge: letter[u] + letter[v] for edge, u, v in zip(roads.index, roads["u"], roads["v"], strict=True)}


def codes(result):
    return Counter(result.summary["code"])


def reaches(result, start, mode):
    """Nodes a mode can get to."""
    land = gpd.GeoDataFrame(geometry=[shapely.box(*result.roads.total_bounds).buffer(0.01)], crs=WGS84)
    network = build_network(result.roads, result.ferries, land)
    one, other, _ = arcs(network, mode=mode)
    seen, queue = set(), [list(network.node_ids).index(f"n{ord(start)}")]
    while queue:
        node = queue.pop()
        if node not in seen:
            seen.add(node)
            queue += other[one == node].tolist()
    return {chr(int(network.node_ids[n][1:].rstrip("g"))) for n in seen}


# --- cutting -----------------------------------------------------------------------------------------------------


def test_a_way_is_cut_where_another_meets_it_and_keeps_its_shape(tmp_path):
    picture = """
        A--B--C
           |
           D
    """
    roads = imported(tmp_path, picture, [("ABC", {**STREET, "name": "后堂街"}), ("DB", STREET)]).roads
    assert ends(roads) == {"w1-0": "AB", "w1-1": "BC", "w2-0": "DB"}
    assert roads["name"].tolist() == ["后堂街", "后堂街", ""]
    assert roads["length_m"].tolist() == pytest.approx([300, 300, 200], abs=0.05)
    at = places(picture)
    assert list(roads.at["w1-0", "geometry"].coords) == [at["A"], at["B"]]


def test_points_between_junctions_shape_the_edge_and_are_no_nodes(tmp_path):
    roads = imported(tmp_path, "A-B\n  C-D", [("ABCD", STREET)]).roads
    assert ends(roads) == {"w1-0": "AD"}
    assert len(roads.geometry.iloc[0].coords) == 4
    assert roads["length_m"].iloc[0] == pytest.approx(500, abs=0.05)


def test_ways_that_cross_without_a_common_node_do_not_meet(tmp_path):
    roads = imported(tmp_path, " C\nA-B\n D", [("AB", STREET), ("CD", {**STREET, "bridge": "yes", "layer": "1"})]).roads
    assert ends(roads) == {"w1-0": "AB", "w2-0": "CD"}


def test_a_change_of_tags_keeps_its_node(tmp_path):
    result = imported(tmp_path, "A--B--C", [("AB", STREET), ("BC", {"highway": "primary"})])
    assert ends(result.roads) == {"w1-0": "AB", "w2-0": "BC"}


def test_a_ring_met_at_one_node_is_a_loop(tmp_path):
    roads = imported(tmp_path, "A--B-C\n   D-E", [("AB", STREET), ("BCEDB", STREET)]).roads
    assert ends(roads) == {"w1-0": "AB", "w2-0": "BB"}


def test_a_way_that_passes_a_point_twice_is_cut_there(tmp_path):
    assert ends(imported(tmp_path, "A-B-C\n  E-D", [("ABCDEB", STREET)]).roads) == {"w1-0": "AB", "w1-1": "BB"}


def test_a_roundabout_goes_round_one_way(tmp_path):
    ring = {**STREET, "junction": "roundabout"}
    result = imported(tmp_path, "A-B-C-D\n  F-E", [("BCEFB", ring), ("AB", STREET), ("CD", STREET)])
    assert ends(result.roads) == {"w1-0": "BC", "w1-1": "CB", "w2-0": "AB", "w3-0": "CD"}
    assert result.roads["oneway"].to_dict() == {"w1-0": True, "w1-1": True, "w2-0": False, "w3-0": False}


def test_parallel_edges_keep_their_own_ids(tmp_path):
    assert ends(imported(tmp_path, "A-B\n C", [("AB", STREET), ("ACB", STREET)]).roads) == {"w1-0": "AB", "w2-0": "AB"}


def test_a_way_drawn_against_its_direction_is_turned_round(tmp_path):
    roads = imported(tmp_path, "A-B-C", [("ABC", {**STREET, "oneway": "-1"})]).roads
    assert (ends(roads), roads["oneway"].tolist()) == ({"w1-0": "CA"}, [True])
    at = places("A-B-C")
    assert list(roads.geometry.iloc[0].coords) == [at["C"], at["B"], at["A"]]


def test_the_table_is_that_of_the_schema(tmp_path):
    roads = imported(tmp_path, "A-B", [("AB", STREET)]).roads
    declared = schemas.TABLES["roads"].columns
    given = [roads.index.name, *roads.columns]
    assert given == [c for c in declared if c in given]
    assert {c for c, column in declared.items() if column.required} <= set(given)
    assert tuple(roads.columns) == ROAD_COLUMNS
    assert roads.crs == WGS84


# --- one-way for one of two --------------------------------------------------------------------------------------


def test_a_street_one_way_for_cars_alone_is_two_edges(tmp_path):
    result = imported(tmp_path, "A--B", [("AB", {**STREET, "oneway": "yes", "oneway:bicycle": "no"})])
    flags = result.roads[["walk", "ebike", "drive", "oneway"]].to_dict("index")
    assert flags == {
        "w1-0": {"walk": True, "ebike": False, "drive": True, "oneway": True},
        "w1-0e": {"walk": False, "ebike": True, "drive": False, "oneway": False},
    }
    assert [reaches(result, "B", mode) for mode in ("walk", "ebike", "drive")] == [{"A", "B"}, {"A", "B"}, {"B"}]
    assert codes(result)["ebike_apart"] == 1
    assert result.manifest["counts"]["length_km"] == 0.3


def test_e_bikes_against_the_cars(tmp_path):
    result = imported(tmp_path, "A--B", [("AB", {**STREET, "oneway": "yes", "oneway:bicycle": "-1"})])
    assert ends(result.roads) == {"w1-0": "AB", "w1-0e": "BA"}
    assert (reaches(result, "A", "ebike"), reaches(result, "B", "ebike")) == ({"A"}, {"A", "B"})


def test_one_edge_where_only_one_vehicle_is_bound(tmp_path):
    result = imported(tmp_path, "A--B", [("AB", {"highway": "cycleway", "oneway": "yes"})])
    assert result.roads[["ebike", "drive", "oneway"]].to_dict("index") == {
        "w1-0": {"ebike": True, "drive": False, "oneway": True}
    }


# --- barriers ----------------------------------------------------------------------------------------------------


def test_a_bollard_stops_cars_and_nobody_else_and_both_sides_stay_open(tmp_path):
    result = imported(tmp_path, "A--B--C", [("ABC", STREET)], nodes={"B": {"barrier": "bollard"}})
    assert ends(result.roads) == {"w1-0": "AB", "w1-1": "BBg", "w1-2": "BgC"}
    assert result.roads["drive"].tolist() == [True, False, True]
    assert result.roads["length_m"].tolist() == pytest.approx([300, 1, 299], abs=0.02)
    assert [reaches(result, "A", m) for m in ("walk", "ebike", "drive")] == [{"A", "B", "C"}] * 2 + [{"A", "B"}]
    assert result.summary.loc[result.summary["code"] == "barrier", "value"].tolist() == ["barrier=bollard"]


def test_an_open_gate_is_no_barrier(tmp_path):
    result = imported(tmp_path, "A--B--C", [("ABC", STREET)], nodes={"B": {"barrier": "gate"}})
    assert ends(result.roads) == {"w1-0": "AC"}


def test_a_barrier_that_stops_nobody_who_could_come_is_none(tmp_path):
    result = imported(tmp_path, "A--B--C", [("ABC", {"highway": "footway"})], nodes={"B": {"barrier": "bollard"}})
    assert ends(result.roads) == {"w1-0": "AC"}


def test_a_barrier_where_one_way_ends_and_the_next_begins(tmp_path):
    result = imported(tmp_path, "A--B--C", [("AB", STREET), ("CB", STREET)], nodes={"B": {"barrier": "bollard"}})
    assert ends(result.roads) == {"w1-0": "ABg", "w1-1": "BgB", "w2-0": "CB"}
    assert reaches(result, "A", "drive") == {"A", "B"}
    assert "C" not in reaches(result, "A", "drive")
    assert reaches(result, "A", "walk") == {"A", "B", "C"}


def test_a_barrier_on_a_crossing_closes_nothing_and_is_listed(tmp_path):
    picture = "A--B--C\n   D"
    result = imported(
        tmp_path, picture, [("ABC", STREET), ("BD", STREET)], nodes={"B": {"barrier": "gate", "access": "no"}}
    )
    assert reaches(result, "A", "drive") == {"A", "B", "C", "D"}
    row = result.summary.set_index("code").loc["barrier_at_junction"]
    assert (row["action"], row["value"], row["examples"]) == ("dropped", "barrier=gate", "66")


def test_a_barrier_at_a_dead_end_changes_nothing(tmp_path):
    result = imported(tmp_path, "A--B", [("AB", STREET)], nodes={"B": {"barrier": "bollard"}})
    assert ends(result.roads) == {"w1-0": "AB"}


def test_a_wall_across_the_way_parts_it(tmp_path):
    result = imported(tmp_path, "A--B--C", [("ABC", STREET)], nodes={"B": {"barrier": "wall"}})
    assert ends(result.roads) == {"w1-0": "AB", "w1-2": "BgC"}
    assert codes(result)["shut_barrier"] == 1


def test_two_barriers_a_hand_apart(tmp_path):
    nodes = {"B": {"barrier": "bollard"}, "C": {"barrier": "bollard"}}
    result = imported(tmp_path, "ABCD", [("ABCD", STREET)], nodes=nodes, cell_m=0.5)
    assert ends(result.roads) == {"w1-0": "AB", "w1-1": "BBg", "w1-2": "BgC", "w1-3": "CCg", "w1-4": "CgD"}
    assert (result.roads["length_m"] > 0.1).all()
    assert result.roads["length_m"].sum() == pytest.approx(1.5, abs=0.03)


def test_a_barrier_on_a_ring_that_nothing_else_meets(tmp_path):
    ring = {**STREET, "oneway": "yes"}
    result = imported(tmp_path, "A-B\nD-C", [("ABCDA", ring)], nodes={"A": {"barrier": "bollard"}})
    assert ends(result.roads) == {"w1-0": "AAg", "w1-1": "AgA"}
    assert result.roads["drive"].tolist() == [False, True]


# --- what is broken ----------------------------------------------------------------------------------------------


def test_a_way_breaks_off_where_the_file_lacks_a_point(tmp_path):
    result = imported(tmp_path, "A-B-C-D-E", [("ABCDE", STREET)], missing="C")
    assert ends(result.roads) == {"w1-0": "AB", "w1-1": "DE"}
    assert result.summary.set_index("code").loc["node_missing", "examples"] == str(ord("C"))


@pytest.mark.parametrize("letters", ["A", "AA", "CD", ""])
def test_a_way_without_two_points_is_counted_and_left_out(tmp_path, letters):
    result = imported(tmp_path, "A-B-C-D", [("AB", STREET), (letters, STREET)], missing="CD")
    assert ends(result.roads) == {"w1-0": "AB"}
    assert codes(result)["no_stretch"] == 1


def test_points_in_one_place_become_one_node(tmp_path):
    # B and C are two points of the file in one place, joined by a way of no length.
    path = osm_file(tmp_path, "A-B-C-D", [("AB", STREET), ("BC", STREET), ("CD", STREET)])
    at = {c: f'lon="{lon:.7f}" lat="{lat:.7f}"' for c, (lon, lat) in places("A-B-C-D").items()}
    path.write_text(path.read_text("utf-8").replace(at["C"], at["B"]), "utf-8")
    result = import_roads(path)
    assert ends(result.roads) == {"w1-0": "AB", "w3-0": "BD"}
    assert result.summary.set_index("code").loc["same_place", "examples"] == f"n{ord('C')}"


def test_a_repeated_point_is_taken_once(tmp_path):
    assert ends(imported(tmp_path, "A-B-C", [("ABBC", STREET)]).roads) == {"w1-0": "AC"}


def test_an_edge_across_the_180th_meridian_is_left_out(tmp_path):
    path = tmp_path / "date.osm"
    path.write_text(
        '<osm version="0.6"><node id="1" lon="179.99" lat="-17"/><node id="2" lon="-179.99" lat="-17"/>'
        '<node id="3" lon="179.98" lat="-17"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/></way>'
        '<way id="2"><nd ref="1"/><nd ref="3"/><tag k="highway" v="path"/></way></osm>',
        "utf-8",
    )
    result = import_roads(path)
    assert result.roads.index.tolist() == ["w2-0"]
    assert codes(result)["crosses_180"] == 1


def test_names_are_cleaned(tmp_path):
    roads = imported(
        tmp_path, "A-B\nC-D", [("AB", {**STREET, "name": " 后堂\u200b街\t一号 "}), ("CD", {**STREET, "ref": "G228"})]
    ).roads
    assert roads["name"].tolist() == ["后堂 街 一号", "G228"]


# --- bridges -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("highway", "cell_m", "expected"),
    [
        ("primary", 60.0, "bridge_local"),
        ("primary", 20.0, "class2"),
        ("motorway", 60.0, "bridge_exp"),
        ("footway", 60.0, "bridge_local"),
    ],
)
def test_a_bridge_of_100_m_and_more_is_a_large_one(tmp_path, highway, cell_m, expected):
    tags = {"highway": highway, "bridge": "viaduct"}
    assert imported(tmp_path, "A-B", [("AB", tags)], cell_m=cell_m).roads["road_class"].tolist() == [expected]


def test_a_large_bridge_cut_in_two_is_large_in_both_parts(tmp_path):
    ways = [("ABC", {"highway": "primary", "bridge": "yes"}), ("BD", STREET)]
    roads = imported(tmp_path, "A-B-C\n  D", ways, cell_m=40.0).roads
    assert roads["road_class"].tolist() == ["bridge_local", "bridge_local", "street"]


def test_no_bridge(tmp_path):
    ways = [("AB", {"highway": "primary", "bridge": "no"})]
    assert imported(tmp_path, "A-B", ways).roads["road_class"].tolist() == ["class2"]


# --- against a plain reading -------------------------------------------------------------------------------------

ways_of_points = st.lists(st.lists(st.integers(0, 11), min_size=0, max_size=7), min_size=1, max_size=8)


def plainly(ways, at):
    """Cut ways with loops and dictionaries: the same rule, written as one would explain it."""
    clean = [[r for i, r in enumerate(way) if i == 0 or r != way[i - 1]] for way in ways]
    clean = [way if len(way) > 1 else [] for way in clean]
    uses = Counter(r for way in clean for r in way)
    edges = {}
    for number, way in enumerate(clean):
        stretch, count = way[:1], 0
        for i, ref in enumerate(way[1:], 1):
            stretch.append(ref)
            if uses[ref] > 1 or i == len(way) - 1:
                edges[f"w{number}-{count}"] = [at[r] for r in stretch]
                stretch, count = [ref], count + 1
    return edges


@settings(max_examples=150, deadline=None)
@given(ways_of_points)
def test_equal_to_a_plain_reading_of_the_rule(ways):
    at = {i: (round(122.9 + 0.001 * (i % 4), 7), round(29.1 + 0.001 * (i // 4), 7)) for i in range(12)}
    raw = [(i, way, np.array([at[r] for r in way], dtype=float).reshape(-1, 2), STREET) for i, way in enumerate(ways)]
    collected = collect(raw, TABLE)
    roads, _ = roads_of(collected, cut(collected)[0])
    expected = plainly(ways, at)
    assert {edge: [tuple(c) for c in line.coords] for edge, line in roads.geometry.items()} == expected
    steps = [s for line in expected.values() for s in pairwise(line)]
    total = lengths_m([shapely.LineString(s) for s in steps]).sum() if steps else 0
    assert roads["length_m"].sum() == pytest.approx(total, abs=0.001)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_file_does_not_matter(tmp_path, seed):
    picture = "A-B-C-D\nE-F-G-H\n I-J-K"
    bollard = {"barrier": "bollard"}
    ways = [("ABCD", STREET), ("EFGH", {**STREET, "oneway": "-1"}), ("BFI", STREET), ("IJK", {"highway": "path"})]
    whole = import_roads(osm_file(tmp_path, picture, ways, nodes={"G": bollard, "C": bollard}))
    lines = (tmp_path / "map.osm").read_text("utf-8").split("\n")
    body = lines[1:-1]
    body = [body[i] for i in np.random.RandomState(seed).permutation(len(body))]
    path = tmp_path / "shuffled.osm"
    path.write_text("\n".join([lines[0], *body, lines[-1]]), "utf-8")
    again = import_roads(path)
    pd.testing.assert_frame_equal(pd.DataFrame(whole.roads), pd.DataFrame(again.roads))
    pd.testing.assert_frame_equal(whole.summary, again.summary)
