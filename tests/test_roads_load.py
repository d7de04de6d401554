from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.osm_maps import osm_file, places
from xsgeo.catalogue import WORDS
from xsgeo.crs import WGS84
from xsgeo.errors import NetworkError, StudyError
from xsgeo.roads import import_roads, summary_text, tag_table_text
from xsgeo.roads.load import SUMMARY_COLUMNS

pytest.importorskip("osmium", reason="the extra 'osm' is not installed")

STREET = {"highway": "residential"}
ROW = "A---------B---------C---------D"
"""Three streets of a kilometre in a row."""


@pytest.fixture
def row(tmp_path):
    return osm_file(tmp_path, ROW, [("AB", STREET), ("BC", STREET), ("CD", STREET)])


def around(letter, km=0.1):
    """A square of this half side about a place."""
    point = gpd.GeoSeries([shapely.Point(places(ROW)[letter])], crs=WGS84).to_crs("EPSG:4550")
    return gpd.GeoDataFrame(geometry=point.buffer(1000 * km, cap_style="square")).to_crs(WGS84)


@pytest.mark.parametrize(
    ("halo_km", "kept"), [(0, ["w1-0"]), (0.8, ["w1-0"]), (0.95, ["w1-0", "w2-0"]), (3, ["w1-0", "w2-0", "w3-0"])]
)
def test_edges_are_kept_whole_where_they_touch_the_boundary_and_its_halo(row, halo_km, kept):
    result = import_roads(row, boundary=around("A"), halo_km=halo_km)
    assert result.roads.index.tolist() == kept
    edges = result.summary[result.summary["item"] == "edge"].set_index("code")["n"]
    assert edges["cut"] == edges["used"] + edges.get("outside", 0) == 3
    assert result.manifest["halo_km"] == halo_km


def test_a_clip_does_not_change_ids(row):
    whole = import_roads(row)
    part = import_roads(row, boundary=around("D"), halo_km=0)
    assert part.roads.index.tolist() == ["w3-0"]
    pd.testing.assert_frame_equal(pd.DataFrame(part.roads), pd.DataFrame(whole.roads.loc[["w3-0"]]))


def test_a_ferry_whose_landing_lies_outside_is_left_out(tmp_path):
    ways = [("AB", STREET), ("BC", {"route": "ferry", "duration": "10", "interval": "10"}), ("CD", STREET)]
    path = osm_file(tmp_path, ROW, ways)
    assert len(import_roads(path).ferries) == 1
    result = import_roads(path, boundary=around("A"), halo_km=0)
    assert (result.roads.index.tolist(), len(result.ferries)) == (["w1-0"], 0)
    assert "ferry_without_road" in set(result.summary["code"])


def test_nothing_inside_the_boundary_is_refused(row):
    far = gpd.GeoDataFrame(geometry=[shapely.box(121, 28, 121.1, 28.1)], crs=WGS84)
    with pytest.raises(NetworkError, match="no road inside"):
        import_roads(row, boundary=far)


def test_a_negative_halo_is_refused(row):
    with pytest.raises(ValueError, match="halo_km"):
        import_roads(row, boundary=around("A"), halo_km=-1)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("no/such.osm.pbf", "there is no file"),
        ("nosuch.osm", "there is no file"),
        ("nosuch.gpkg", "there is no file"),
        ("https://example.invalid/china.osm.pbf", "is not a file"),
        ("/vsicurl/https://example.invalid/x.gpkg", "is not a file"),
        ("roads.docx", "there is no file"),
        ("122,29,121,30", "write west,south,east,north"),
        ("121,29,122,99", "write west,south,east,north"),
        ("boundary", "no boundary was given"),
    ],
)
def test_a_source_that_is_none_is_refused_without_asking_anybody(source, said, monkeypatch):
    from xsgeo.roads import overpass

    monkeypatch.setattr(overpass, "_fetch", lambda *a: pytest.fail("asked the network"))
    with pytest.raises(NetworkError, match=said):
        import_roads(source)


def test_an_unknown_format_names_those_that_are_known(tmp_path):
    path = tmp_path / "roads.docx"
    path.write_bytes(b"PK")
    with pytest.raises(NetworkError, match=r"\.osm\.pbf .*\.graphml .*\.gpkg"):
        import_roads(path)


def test_a_table_of_tags_with_a_fault_is_refused_before_anything_is_read(row, tmp_path):
    tags = tmp_path / "tags.csv"
    tags.write_text(tag_table_text().replace("residential,street", "residential,lane"), "utf-8")
    with pytest.raises(StudyError, match=r"residential|lane"):
        import_roads(row, tags=tags)


def test_a_planners_table_decides(row, tmp_path):
    tags = tmp_path / "tags.csv"
    tags.write_text(tag_table_text().replace("residential,street,20", "residential,local,26"), "utf-8")
    result = import_roads(row, tags=tags)
    assert result.roads[["road_class", "speed_kmh"]].drop_duplicates().to_numpy().tolist() == [["local", 26.0]]
    assert result.manifest["tags_sha256"] != import_roads(row).manifest["tags_sha256"]


def test_the_account_holds_no_path_and_no_clock(row):
    first, second = import_roads(row), import_roads(str(row))
    assert first.manifest == second.manifest
    assert str(row.parent) not in json.dumps(first.manifest)
    assert first.manifest["counts"] == {"ways_read": 3, "edges": 3, "nodes": 4, "ferries": 0, "length_km": 3.0}
    assert repr(first) == "<RoadImport: 3 edges, 3.0 km, 0 ferries>"


def test_the_summary_says_what_was_dropped_and_assumed_with_examples(tmp_path):
    ways = [
        ("AB", STREET),
        ("BC", {**STREET, "maxspeed": "60;40"}),
        ("CD", {**STREET, "maxspeed": "60;40"}),
        ("AB", {"highway": "proposed"}),
        ("AB", {"highway": "service", "access": "private"}),
    ]
    result = import_roads(osm_file(tmp_path, ROW, ways))
    assert tuple(result.summary.columns) == SUMMARY_COLUMNS
    said = result.summary.set_index("code")
    assert said.loc["maxspeed_unsure"].tolist() == ["way", "assumed", "maxspeed=60;40", 2, "2 3"]
    assert said.loc["not_in_table"].tolist() == ["way", "dropped", "highway=proposed", 1, "4"]
    assert said.loc["closed"].tolist() == ["way", "dropped", "highway=service", 1, "5"]
    text = summary_text(result)
    assert "舍去1条路线：不在标签表内（highway=proposed）。例如 4" in text.splitlines()
    english = summary_text(result, language="en")
    assert "assumed for 2 way(s): the limit is not certain: speed of the class (maxspeed=60;40); such as 2 3" in english


def test_every_note_and_stage_has_its_words():
    import re
    from pathlib import Path

    from xsgeo.roads import check, load

    text = "\n".join(p.read_text("utf-8") for p in Path(load.__file__).parent.glob("*.py"))
    notes = set(re.findall(r'Note\(\s*"\w+", "\w+", "(\w+)"', text)) | set(
        re.findall(r'notes\.append\(\("(\w+)"', text)
    )
    notes |= set(re.findall(r'\("(\w+)", f"\w+=', text)) | set(re.findall(r'dropped="(\w+)"', text))
    assert len(notes) > 25
    assert {f"roads.note.{code}" for code in notes} <= set(WORDS)
    assert {f"roads.check.{code}" for code in check.LEVELS} <= set(WORDS)
    assert {f"roads.level.{level}" for level in check.LEVELS.values()} <= set(WORDS)
    said = set(re.findall(r'"(roads\.(?:fail|stage|source|ferry|summary)\.\w+)"', text))
    assert len(said) > 15
    assert said <= set(WORDS)
