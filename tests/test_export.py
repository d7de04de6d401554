"""Tables as bytes: the same rows give the same bytes, every text stays a text, every number a number."""

from __future__ import annotations

import csv
import dataclasses
import io as stdio
import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from python_calamine import CalamineWorkbook

from tests.hostile import TEXTS
from xsgeo import export, outputs, workflow
from xsgeo.errors import OutputError
from xsgeo.schemas import TABLES

LIVE = (
    '=HYPERLINK("http://example.org","x")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\0=1+1",
)
LINKS = (
    "http://example.org",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "external:c:\\a.xlsx",
    "file:///etc/passwd",
)
SUFFIXES = (".csv", ".xlsx", ".gpkg", ".json")
BLNS = Path(__file__).parents[2] / "shared" / "testdata" / "blns"


def table() -> gpd.GeoDataFrame:
    n = 40
    chance = np.random.RandomState(7)
    return gpd.GeoDataFrame(
        {
            "name": [f"第{i}职工之家" for i in range(n)],
            "n_workers": chance.randint(0, 900, n),
            "share": chance.rand(n),
            "is_open": chance.rand(n) < 0.5,
            "town": pd.Categorical([f"T{i % 3}" for i in range(n)]),
            "towns": [{f"T{i % 3}": i, "T9": 1} for i in range(n)],
            "gone": [None if i % 4 else 1.5 for i in range(n)],
        },
        geometry=gpd.points_from_xy(121.5 + chance.rand(n), 29 + chance.rand(n)),
        crs="EPSG:4326",
        index=pd.Index([f"V{i:02d}" for i in range(n)], name="venue_id"),
    )


def written(frame: pd.DataFrame, folder: Path, suffix: str, **options: object) -> bytes:
    outputs.write_table(frame, folder / f"表 1{suffix}", **options)
    return (folder / f"表 1{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_twenty_shuffles_give_the_same_bytes(tmp_path, suffix):
    frame = table()
    first = written(frame, tmp_path, suffix)
    manifest = (tmp_path / f"表 1{suffix}.manifest.json").read_bytes()
    for seed in range(20):
        assert written(frame.sample(frac=1, random_state=seed), tmp_path, suffix) == first
        assert (tmp_path / f"表 1{suffix}.manifest.json").read_bytes() == manifest


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_shuffles_of_rows_with_equal_ids_give_the_same_bytes(tmp_path, suffix):
    frame = pd.DataFrame(table()).drop(columns="geometry").set_index(pd.Index(["a", "b"] * 20, name="key"))
    assert len({written(frame.sample(frac=1, random_state=s), tmp_path, suffix) for s in range(20)}) == 1


def test_twenty_shuffles_of_a_study_give_the_same_pages(toy, tmp_path):
    seen = set()
    for seed in range(20):
        frames = {n: getattr(toy, n).sample(frac=1, random_state=seed) for n in TABLES}
        study = dataclasses.replace(toy, **frames)
        pages = workflow.write_maps(workflow.analyse(study), tmp_path)
        seen.add((tmp_path / outputs.MANIFEST).read_bytes())
        assert outputs.verify(tmp_path) == []
    assert len(pages) > 2
    assert len(seen) == 1


def test_nothing_in_a_workbook_or_a_layer_tells_when_it_was_made(tmp_path):
    written(table(), tmp_path, ".xlsx")
    with zipfile.ZipFile(tmp_path / "表 1.xlsx") as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb"\d{4}-\d\d-\d\dT", archive.read("docProps/core.xml"))) == {b"1980-01-01T"}
    layer = written(table(), tmp_path, ".gpkg")
    assert set(re.findall(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", layer)) == {b"1980-01-01T00:00:00"}


def test_the_order_is_kept_when_it_means_something(tmp_path):
    frame = table().sort_values("n_workers")
    written(frame, tmp_path, ".json", keep_order=True)
    records = json.loads((tmp_path / "表 1.json").read_text("utf-8"))
    assert [r["venue_id"] for r in records] == frame.index.tolist()


def hostile() -> pd.DataFrame:
    texts = [*LIVE, *LINKS, *TEXTS, "[x]", "'quoted", "1e5", "00123", "TRUE", ""]
    index = pd.Index([f"k{i:03d}" for i in range(len(texts))], name="id")
    return pd.DataFrame({"name": texts, "=1+1": texts, "n": -1, "share": -0.5}, index=index)


def test_no_text_of_a_workbook_is_live_and_none_is_lost():
    frame = hostile()
    data, changed = export.to_xlsx(export.plain(frame), "=表/1")
    assert changed == []
    with zipfile.ZipFile(stdio.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet.lower()
    assert not [n for n in parts if "externalLink" in n or "sheet1.xml.rels" in n]
    rows = CalamineWorkbook.from_filelike(stdio.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["id", "name", "=1+1", "n", "share"]
    clean = [re.sub(r"[\x00-\x08\x0b-\x1f]", "", t) for t in frame["name"]]
    back = [re.sub(r"_x00[01][0-9A-Fa-f]_|[\x00-\x08\x0b-\x1f]", "", str(r[1])) for r in rows[1:]]
    assert back == clean
    assert {r[3] for r in rows[1:]} == {-1}


def test_no_text_of_a_csv_file_is_live_and_numbers_stay_numbers(tmp_path):
    frame = hostile()
    text = written(frame, tmp_path, ".csv").decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(stdio.StringIO(text[1:], newline=""), strict=True))
    back = pd.DataFrame(rows[1:], columns=rows[0])
    assert len(back) == len(frame)
    assert not re.findall(r"(?:^|[\r\n])[=+@＝＋－＠]", re.sub(r'"(?:[^"]|"")*"', "", text))
    assert not [v for c in ("name", "'=1+1") for v in back[c] if v and v.lstrip()[:1] in set("=+-@＝＋－＠")]
    assert back["n"].tolist() == ["-1"] * len(frame)
    assert back["share"].tolist() == ["-0.5"] * len(frame)
    manifest = json.loads((tmp_path / "表 1.csv.manifest.json").read_text("utf-8"))
    prefixed = [c["row"] for c in manifest["changed_cells"] if c["column"] == "name"]
    assert prefixed == list(range(2, 2 + len(LIVE)))
    assert {"row": 1, "column": "=1+1", "change": "prefixed"} in manifest["changed_cells"]


def test_a_layer_and_json_hold_the_text_as_it_is(tmp_path):
    frame = hostile().iloc[: len(LIVE) - 1]  # a zero byte goes into no file
    written(frame, tmp_path, ".json")
    assert [r["name"] for r in json.loads((tmp_path / "表 1.json").read_text("utf-8"))] == frame["name"].tolist()
    written(frame, tmp_path, ".gpkg")
    assert gpd.read_file(tmp_path / "表 1.gpkg")["name"].tolist() == frame["name"].tolist()


@pytest.mark.skipif(not BLNS.is_dir(), reason="the naughty strings are not here")
def test_the_naughty_strings_go_through_every_format(tmp_path):
    source = next(p for p in sorted(BLNS.rglob("*.json")))
    texts = json.loads(source.read_text("utf-8"))
    assert len(texts) > 500
    frame = pd.DataFrame({"name": texts}, index=pd.RangeIndex(len(texts), name="id"))
    for suffix in SUFFIXES:
        written(frame, tmp_path, suffix)
    records = json.loads((tmp_path / "表 1.json").read_text("utf-8"))
    assert [r["name"] for r in records] == texts
    assert len(gpd.read_file(tmp_path / "表 1.gpkg")) == len(texts)
    rows = CalamineWorkbook.from_path(tmp_path / "表 1.xlsx").get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert [r[0] for r in rows[1:]] == list(range(len(texts)))


def test_points_become_a_layer_and_plain_tables_stay_tables(tmp_path):
    frame = table()
    written(frame, tmp_path, ".gpkg")
    back = gpd.read_file(tmp_path / "表 1.gpkg")
    assert back.crs.equals("EPSG:4326")
    assert shapely.equals_exact(back.geometry.to_numpy(), frame.geometry.to_numpy(), 1e-9).all()
    assert back["n_workers"].tolist() == frame["n_workers"].tolist()
    flat = pd.DataFrame(frame.drop(columns="geometry")).assign(lon=frame.geometry.x, lat=frame.geometry.y)
    written(flat, tmp_path, ".gpkg")
    assert gpd.read_file(tmp_path / "表 1.gpkg").geometry.geom_equals_exact(back.geometry, 1e-8).all()
    written(flat.drop(columns=["lon", "lat"]), tmp_path, ".gpkg")
    assert "geometry" not in gpd.read_file(tmp_path / "表 1.gpkg")


def test_values_of_every_kind_are_written_as_what_they_are():
    frame = pd.DataFrame(
        {
            "x": [1, 2.5, np.nan, np.inf, True, 2**60, {"b": 1, "a": [2]}, {3, 1}, (1, 2), pd.NaT, "\ud800", -0.0],
        }
    )
    values = export.plain(frame)["x"].tolist()
    assert values == [1, 2.5, None, "inf", True, 2**60, '{"a": [2], "b": 1}', "[1, 3]", "[1, 2]", None, "?", 0.0]
    data, _ = export.to_xlsx(export.plain(frame), "x")
    rows = CalamineWorkbook.from_filelike(stdio.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[6] == [str(2**60)]
    assert rows[5] == [True]


def test_a_text_too_long_for_a_cell_is_cut_and_said_so(tmp_path):
    frame = pd.DataFrame({"name": ["短", "长" * 40_000]}, index=pd.Index([1, 2], name="id"))
    written(frame, tmp_path, ".xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "表 1.xlsx").get_sheet_by_index(0).to_python()
    assert rows[2][1] == "长" * 32_766 + "…"
    manifest = json.loads((tmp_path / "表 1.xlsx.manifest.json").read_text("utf-8"))
    assert manifest["changed_cells"] == [{"row": 3, "column": "name", "change": "cut"}]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_table_and_headers_that_repeat_are_written(tmp_path, suffix):
    assert written(table().iloc[:0], tmp_path, suffix)
    twice = pd.DataFrame([[1, "a", "b"]], columns=["名称", "Name", "name"])
    assert written(twice, tmp_path, suffix)
    assert export.plain(twice).columns.tolist() == ["名称", "Name", "name.2"]


def test_the_table_comes_back_as_it_was(tmp_path):
    frame, before = table(), table()
    for suffix in SUFFIXES:
        written(frame, tmp_path, suffix)
    pd.testing.assert_frame_equal(frame, before)


def test_an_unknown_format_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(OutputError, match="no format for a table"):
        outputs.write_table(table(), tmp_path / "a.shp")
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_of_a_table_names_what_it_was_made_from(toy, tmp_path):
    found = workflow.coverage_table(workflow.reach(toy), by="town")
    paths = outputs.write_table(found, tmp_path / "覆盖 1.xlsx", study=toy, keep_order=True)
    assert [p.name for p in paths] == ["覆盖 1.xlsx", "覆盖 1.xlsx.manifest.json"]
    manifest = json.loads(paths[1].read_text("utf-8"))
    assert manifest["settings"]["title"] == toy.title
    assert manifest["rows"] == len(found)
    assert outputs.verify(tmp_path, manifest_name=paths[1].name) == []
