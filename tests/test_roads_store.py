from __future__ import annotations

import functools
import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from tests.osm_maps import osm_file
from xsgeo import io, outputs, readers
from xsgeo.errors import OutputError
from xsgeo.roads import import_roads, store, write_roads

pytest.importorskip("osmium", reason="the extra 'osm' is not installed")

STREET = {"highway": "residential"}
WAYS = [
    ("AB", {**STREET, "name": "后堂街", "oneway": "yes", "oneway:bicycle": "no"}),
    ("BC", {**STREET, "maxspeed": "50 mph"}),
    ("CD", {"route": "ferry", "duration": "00:10", "motor_vehicle": "yes"}),
    ("DE", STREET),
]


@pytest.fixture
def imported(tmp_path):
    return import_roads(osm_file(tmp_path, "A-B-C~~~~D-E", WAYS, nodes={"B": {"barrier": "bollard"}}))


@pytest.mark.parametrize("table_format", ["csv", "gpkg"])
def test_a_study_reads_what_was_written(imported, toy_folder, table_format):
    files = write_roads(imported, toy_folder, table_format=table_format)
    assert {f.name for f in files} == {f"roads.{table_format}", "ferries.csv", "roads_manifest.json"}
    study = io.read_study(toy_folder)
    columns = ["u", "v", "road_class", "name", "walk", "ebike", "drive", "oneway", "source"]
    assert study.roads[columns].to_dict("index") == imported.roads[columns].to_dict("index")
    for column in ("length_m", "speed_kmh"):
        np.testing.assert_array_equal(study.roads[column].to_numpy(float), imported.roads[column].to_numpy(float))
    # Coordinates to a centimetre: OSM has no more.
    assert study.roads.geometry.geom_equals_exact(imported.roads.geometry, 1e-8).all()
    ferry = study.ferries.loc["w3-0"]
    assert (ferry["crossing_min"], ferry["wait_min"], bool(ferry["takes_cars"])) == (10, 15, True)


def test_the_manifest_names_source_date_hash_licence_and_files(imported, tmp_path):
    files = write_roads(imported, tmp_path / "study")
    manifest = json.loads((tmp_path / "study" / "roads_manifest.json").read_text("utf-8"))
    assert manifest["source"] == "map.osm"
    assert manifest["licence"] == "ODbL 1.0, © OpenStreetMap contributors"
    assert manifest["counts"]["ferries"] == 1
    assert manifest["files"] == {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files[:-1]}
    assert str(tmp_path) not in json.dumps(manifest)


@pytest.mark.parametrize("table_format", ["csv", "gpkg"])
def test_the_same_import_gives_the_same_bytes(imported, tmp_path, table_format):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        write_roads(imported, folder, table_format=table_format)
    names = sorted(p.name for p in folders[0].iterdir())
    assert names == sorted(p.name for p in folders[1].iterdir())
    assert len(names) == 3
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


def test_what_was_there_is_kept_beside_and_is_not_read_any_more(imported, toy_folder):
    before = (toy_folder / "roads.csv").read_bytes()
    write_roads(imported, toy_folder, table_format="gpkg")
    assert not (toy_folder / "roads.csv").exists()
    assert (toy_folder / "roads.csv.old").read_bytes() == before
    assert (toy_folder / "ferries.csv.old").is_file()
    assert "w1-0" in io.read_study(toy_folder).roads.index
    write_roads(imported, toy_folder, table_format="csv")
    assert not (toy_folder / "roads.gpkg").exists()
    assert (toy_folder / "roads.gpkg.old").is_file()
    assert "w1-0" in io.read_study(toy_folder).roads.index


def test_many_edges_go_into_a_geopackage(imported, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "LARGE", len(imported.roads))
    assert (tmp_path / "roads.gpkg") in write_roads(imported, tmp_path)


def test_no_name_becomes_a_formula(tmp_path):
    ways = [
        ("AB", {**STREET, "name": '=HYPERLINK("x")'}),
        ("BC", {**STREET, "name": "@路"}),
        ("CD", {**STREET, "name": "＋路"}),
    ]
    write_roads(import_roads(osm_file(tmp_path, "A-B-C-D", ways)), tmp_path / "study")
    names = pd.read_csv(tmp_path / "study" / "roads.csv", dtype=str)["name"].tolist()
    assert names == ['\'=HYPERLINK("x")', "'@路", "'＋路"]


@pytest.mark.parametrize("table_format", ["csv", "gpkg"])
def test_a_write_that_fails_leaves_the_old_tables_whole(imported, toy_folder, table_format, monkeypatch):
    before = {p.name: p.read_bytes() for p in toy_folder.iterdir()}

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="is full"):
        write_roads(imported, toy_folder, table_format=table_format)
    after = {p.name: p.read_bytes() for p in toy_folder.iterdir() if not p.name.endswith(".old")}
    assert after == before


def test_an_import_without_ferries_leaves_an_empty_table(tmp_path, toy_folder):
    write_roads(import_roads(osm_file(tmp_path, "A-B", [("AB", STREET)])), toy_folder)
    assert len(io.read_study(toy_folder).ferries) == 0


@pytest.mark.parametrize("table_format", ["csv", "gpkg"])
def test_a_folder_somebody_writes_to_is_waited_for_and_then_refused(imported, tmp_path, table_format, monkeypatch):
    monkeypatch.setattr("xsgeo.roads.store.write_files", functools.partial(outputs.write_files, wait_s=0.1))
    with outputs.lock(tmp_path), pytest.raises(OutputError):
        write_roads(imported, tmp_path, table_format=table_format)
    assert not [p for p in tmp_path.iterdir() if p.suffix in {".csv", ".gpkg", ".old"}]


def test_old_roads_of_every_format_a_study_reads_are_set_aside(imported, tmp_path):
    for suffix in readers.READERS:
        (tmp_path / f"roads{suffix}").write_bytes(b"old")
    write_roads(imported, tmp_path, table_format="csv")
    assert [p.name for p in tmp_path.glob("roads.*") if p.suffix != ".old"] == ["roads.csv"]
    assert {p.name for p in tmp_path.glob("roads.*.old")} == {f"roads{s}.old" for s in readers.READERS}
