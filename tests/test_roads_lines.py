from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from xsgeo.crs import WGS84, lengths_m
from xsgeo.errors import NetworkError
from xsgeo.roads import import_roads

EXTRACTS = Path(__file__).parents[2] / "shared" / "testdata" / "osm"
A, B, C, D = (122.90, 29.10), (122.91, 29.10), (122.92, 29.10), (122.91, 29.11)


def line(*points):
    return shapely.LineString(points)


def layer(tmp_path, shapes, *, name="roads.gpkg", crs=WGS84, **columns):
    path = tmp_path / name
    gpd.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
    return path


def graph(edges, nodes=None, **attributes):
    """A graph as OSMnx would save it: nodes 1..4 at A..D."""
    made = nx.MultiDiGraph(crs="epsg:4326", created_date="2026-01-02 03:04:05", **attributes)
    for n, (x, y) in (nodes or dict(enumerate((A, B, C, D), 1))).items():
        made.add_node(n, x=x, y=y)
    for u, v, data in edges:
        made.add_edge(u, v, **{"highway": "residential", "oneway": False, "reversed": False, "length": 973.0, **data})
    return made


def saved(tmp_path, made):
    from osmnx.io import save_graphml

    path = tmp_path / "graph.graphml"
    save_graphml(made, path)
    return path


def codes(result):
    return set(result.summary["code"])


# --- graphs ------------------------------------------------------------------------------------------------------


def test_two_arcs_are_one_street_and_an_arc_alone_is_one_way(tmp_path):
    arcs = [(1, 2, {"osmid": 7}), (2, 1, {"osmid": 7, "reversed": True}), (2, 3, {"osmid": 8, "oneway": True})]
    result = import_roads(saved(tmp_path, graph(arcs)))
    assert result.roads[["u", "v", "oneway"]].to_numpy().tolist() == [["n1", "n2", False], ["n2", "n3", True]]
    assert result.roads.index.tolist() == ["g0-0", "g1-0"]
    assert (result.manifest["kind"], result.manifest["date"]) == ("graphml", "2026-01-02 03:04:05")


def test_parallel_streets_of_one_way_are_told_apart_by_length(tmp_path):
    bent = line(A, D, B)
    arcs = [
        (1, 2, {"osmid": 7}),
        (1, 2, {"osmid": 7, "geometry": bent}),
        (2, 1, {"osmid": 7, "geometry": bent.reverse()}),
    ]
    roads = import_roads(saved(tmp_path, graph(arcs))).roads
    assert sorted(zip(roads["length_m"].round(), roads["oneway"], strict=True)) == [(973, True), (2584, False)]


def test_a_real_graph_saved_by_osmnx_is_as_long_as_its_source(tmp_path):
    if not EXTRACTS.is_dir():
        pytest.skip("the real extracts are not here")
    pytest.importorskip("osmium", reason="the extra 'osm' is not installed")
    osmnx = pytest.importorskip("osmnx")
    path = EXTRACTS / "West-Oakland.osm.bz2"
    made = osmnx.graph_from_xml(path, simplify=True, retain_all=True)
    made.remove_edges_from([(u, v, k) for u, v, k, d in made.edges(keys=True, data=True) if "highway" not in d])
    made.remove_nodes_from(list(nx.isolates(made)))
    of_file, of_graph = import_roads(path), import_roads(saved(tmp_path, made))
    # OSMnx merged 30.8 m of a public street with a private way; its one edge says access=private and is closed whole.
    length_m = [r.roads["length_m"].sum() for r in (of_file, of_graph)]
    assert length_m[0] - length_m[1] == pytest.approx(30.83, abs=0.01)
    one_way_m = [r.roads.loc[r.roads["oneway"], "length_m"].sum() for r in (of_file, of_graph)]
    assert one_way_m[0] == pytest.approx(one_way_m[1], abs=0.1)


def test_our_own_network_goes_out_to_osmnx_and_comes_back(tmp_path, toy):
    from xsgeo.network import to_multidigraph

    made = to_multidigraph(toy.roads, toy.ferries.iloc[:0], mode="walk")
    nx.set_edge_attributes(made, "residential", "highway")
    roads = import_roads(saved(tmp_path, made)).roads
    assert roads["length_m"].sort_values().tolist() == pytest.approx([800, 800, 800, 1600], abs=0.1)


def test_a_length_of_nan_is_drawn_anew(tmp_path):
    arcs = [(1, 2, {"osmid": 7, "length": float("nan")}), (2, 3, {"osmid": 8, "length": 973.0})]
    result = import_roads(saved(tmp_path, graph(arcs)))
    assert result.roads["length_m"].tolist() == pytest.approx(lengths_m([line(A, B), line(B, C)]), abs=0.001)
    assert result.summary.set_index("code").loc["length_redrawn", ["action", "n", "examples"]].tolist() == [
        "mended",
        1,
        "g0-0",
    ]


def test_merged_classes_get_what_all_of_them_allow(tmp_path):
    arcs = [
        (1, 2, {"osmid": [7, 8], "highway": ["primary", "footway"], "maxspeed": ["60", "40"], "name": ["甲路", "乙路"]})
    ]
    result = import_roads(saved(tmp_path, graph(arcs)))
    road = result.roads.iloc[0]
    assert (road["walk"], road["ebike"], road["drive"], road["road_class"]) == (True, False, False, "street")
    assert (road["speed_kmh"], road["name"]) == (10.0, "甲路")
    assert "several_values" in codes(result)


def test_a_graph_without_any_one_way_street_is_suspected(tmp_path):
    both = [(1, 2, {"osmid": 7}), (2, 1, {"osmid": 7, "reversed": True})]
    assert "no_oneway" in codes(import_roads(saved(tmp_path, graph(both))))
    assert "no_oneway" not in codes(import_roads(saved(tmp_path, graph(both[:1]))))


def test_a_node_without_a_position_is_named(tmp_path):
    path = saved(tmp_path, graph([(1, 2, {"osmid": 7})]))
    text = path.read_text("utf-8").replace("</graph>", '<edge source="2" target="99" id="5"/></graph>')
    path.write_text(text, "utf-8")
    with pytest.raises(NetworkError, match="have no position: 99"):
        import_roads(path)


def test_a_position_that_is_no_number_is_named(tmp_path):
    path = saved(tmp_path, graph([(1, 2, {"osmid": 7})], nodes={1: A, 2: (float("nan"), 29.0)}))
    with pytest.raises(NetworkError, match="have no position: 2"):
        import_roads(path)


@pytest.mark.parametrize("cut", [0.0, 0.5, 0.95])
def test_a_graph_cut_short_is_refused(tmp_path, cut):
    path = saved(tmp_path, graph([(1, 2, {"osmid": 7})]))
    data = path.read_bytes()
    path.write_bytes(data[: int(cut * len(data))])
    with pytest.raises(NetworkError, match="cut short"):
        import_roads(path)


def test_a_graph_of_something_else_is_refused(tmp_path):
    path = tmp_path / "friends.graphml"
    nx.write_graphml(nx.karate_club_graph(), path)
    with pytest.raises(NetworkError, match=r"friends\.graphml"):
        import_roads(path)


def test_billion_laughs_are_refused(tmp_path):
    path = tmp_path / "bomb.graphml"
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><graphml>&a11;</graphml>', "utf-8")
    with pytest.raises(NetworkError, match=r"bomb\.graphml"):
        import_roads(path)


# --- lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["roads.gpkg", "roads.geojson"])
def test_lines_with_osm_tags(tmp_path, name):
    path = layer(
        tmp_path,
        [line(A, B, C), line(B, D)],
        name=name,
        highway=["primary", "footway"],
        oneway=["yes", None],
        name_=["甲路", None],
    )
    roads = import_roads(path).roads
    assert roads[["u", "v"]].to_numpy().tolist() == [["p0", "p1"], ["p1", "p3"], ["p1", "p2"]]
    assert roads["road_class"].tolist() == ["class2", "class2", "street"]
    assert roads["oneway"].tolist() == [True, True, False]
    assert set(roads["source"]) == {"osm"}


def test_lines_that_cross_without_a_vertex_do_not_meet(tmp_path):
    path = layer(tmp_path, [line(A, C), line((122.91, 29.09), D)], highway=["primary"] * 2)
    assert len(import_roads(path).roads) == 2


def test_an_extract_of_geofabrik(tmp_path):
    path = layer(
        tmp_path,
        [line(A, B), line(B, C), line(C, D), line(D, A), line(A, (122.9, 29.2))],
        osm_id=["11", "12", "13", "14", "15"],
        fclass=["track_grade3", "secondary", "tertiary", "trunk", "unknown"],
        oneway=["B", "T", "F", "F", "B"],
        maxspeed=[0, 60, 0, 80, 0],
        bridge=["F", "F", "T", "F", "F"],
    )
    result = import_roads(path)
    roads = result.roads
    assert roads.index.tolist() == ["w11-0", "w12-0", "w13-0", "w14-0"]
    assert roads["speed_kmh"].tolist() == [15, 60, 30, 80]
    assert roads["oneway"].tolist() == [False, True, True, True]
    assert roads["road_class"].tolist() == ["street", "county", "bridge_local", "class1"]
    # "T" runs against the line as drawn.
    assert list(roads.at["w12-0", "geometry"].coords) == [C, B]
    assert "maxspeed_unsure" not in codes(result)


def test_other_tags_of_gdal_are_read(tmp_path):
    path = layer(tmp_path, [line(A, B)], highway=["residential"], other_tags=['"oneway"=>"-1","bicycle"=>"no"'])
    road = import_roads(path).roads.iloc[0]
    assert (road["oneway"], road["ebike"], list(road["geometry"].coords)) == (True, False, [B, A])


def test_a_planners_own_lines_with_chinese_headers(tmp_path):
    path = layer(
        tmp_path,
        [line(A, B), line(B, C), line(B, D)],
        道路等级=["县道", "高速公路", "street"],
        路名=["后堂街", None, " "],
        **{"车速(公里/时)": ["33", None, "很快"], "单行": ["是", "否", ""], "可骑行": ["1", "", "也许"]},
    )
    result = import_roads(path)
    roads = result.roads
    assert roads["road_class"].tolist() == ["county", "expressway", "street"]
    assert roads["speed_kmh"].tolist() == [33, 85, 20]
    assert roads[["walk", "ebike", "drive"]].to_numpy().tolist() == [[True] * 3, [False, False, True], [True] * 3]
    assert roads["oneway"].tolist() == [True, False, False]
    assert roads["name"].tolist() == ["后堂街", "", ""]
    assert set(roads["source"]) == {"digitised"}
    assert {"maxspeed_unsure", "flag_unsure"} <= codes(result)
    assert result.manifest["licence"] == ""


def test_our_own_table_comes_back_as_it_went(tmp_path, toy):
    path = tmp_path / "roads.gpkg"
    toy.roads.reset_index().drop(columns=["u", "v"]).to_file(path)
    roads = import_roads(path).roads
    assert len(roads) == len(toy.roads)
    columns = ["road_class", "speed_kmh", "walk", "ebike", "drive", "oneway"]
    assert roads[columns].to_numpy().tolist() == toy.roads[columns].to_numpy().tolist()
    assert len(set(roads["u"]) | set(roads["v"])) == 6


def test_a_class_that_is_none_is_left_out_and_named(tmp_path):
    result = import_roads(layer(tmp_path, [line(A, B), line(B, C)], road_class=["street", "天路"]))
    assert len(result.roads) == 1
    assert result.summary.set_index("code").loc["not_in_table", "value"] == "road_class=天路"


def test_lines_in_another_projection_are_turned_into_degrees(tmp_path):
    shapes = gpd.GeoSeries([line(A, B)], crs=WGS84).to_crs("EPSG:4550")
    roads = import_roads(layer(tmp_path, shapes.tolist(), crs="EPSG:4550", highway=["path"])).roads
    assert np.asarray(roads.geometry.iloc[0].coords) == pytest.approx(np.array([A, B]), abs=1e-7)


def test_several_parts_points_and_heights(tmp_path):
    features = [
        ({"type": "MultiLineString", "coordinates": [[[*A, 5.0], [*B, 6.0]], [[*C, 1.0], [*D, 1.0]]]}, "path"),
        ({"type": "Point", "coordinates": A}, "path"),
        (None, "path"),
        ({"type": "LineString", "coordinates": [B, C]}, "path"),
    ]
    path = tmp_path / "mixed.geojson"
    made = [{"type": "Feature", "properties": {"highway": h}, "geometry": g} for g, h in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), "utf-8")
    result = import_roads(path)
    assert result.roads.index.tolist() == ["r1-0", "r4-0", "r5-0"]
    assert not shapely.has_z(result.roads.geometry.to_numpy()).any()
    assert result.summary.set_index("code").loc["not_a_line", ["n", "examples"]].tolist() == [2, "3 4"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: layer(p, [line(A, B)], kind=["x"]), "no column for the class of road"),
        (lambda p: layer(p, [shapely.Point(A)], highway=["path"]), "holds no lines"),
        (lambda p: layer(p, [shapely.Point(A)], name="p.geojson", highway=["path"]), "holds no lines"),
        (
            lambda p: layer(p, [line((500000, 3220000), (500100, 3220000))], name="m.geojson", highway=["path"]),
            "not degrees",
        ),
        (lambda p: layer(p, [line(A, B)], crs=None, highway=["path"]), "states no CRS"),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_that_cannot_be_roads_is_refused(tmp_path, make, said):
    with pytest.raises(NetworkError, match=said):
        import_roads(make(tmp_path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"ty'),
        ("b.gpkg", b"SQLite format 3\x00"),
        ("c.gpkg", b""),
    ],
)
def test_a_broken_layer_is_refused_by_name(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NetworkError, match=name):
        import_roads(path)


def test_geoparquet_is_read_or_what_it_needs_is_named(tmp_path):
    path = tmp_path / "roads.parquet"
    try:
        gpd.GeoDataFrame({"highway": ["path"]}, geometry=[line(A, B)], crs=WGS84).to_parquet(path)
    except ImportError:
        path.write_bytes(b"PAR1")
        with pytest.raises(NetworkError, match="pyarrow"):
            import_roads(path)
    else:
        assert len(import_roads(path).roads) == 1
