"""Files in and out: formats, encodings, refusals, and writes that are whole or not at all."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlsxwriter

from xsgeo import io
from xsgeo.catalogue import WORDS
from xsgeo.datasets import toy_county
from xsgeo.errors import StudyError
from xsgeo.schemas import TABLES


def codes(folder: Path) -> set[tuple[str, int, str, str]]:
    return {(f.file, f.row, f.column, f.code) for f in io.check_study(folder).faults}


def test_a_study_written_and_read_is_the_same_study(toy_folder):
    study, toy = io.read_study(toy_folder), toy_county()
    assert study.about == toy.about
    for name in TABLES:
        before, after = getattr(toy, name), getattr(study, name)
        flat = [c for c in before.columns if c != "geometry"]
        one, other = (pd.DataFrame(f[flat]).set_axis(f.index.astype(object)) for f in (before, after))
        pd.testing.assert_frame_equal(other, one, check_dtype=False, rtol=1e-12)
        if "geometry" in before:
            assert (shapely.hausdorff_distance(before.geometry.array, after.geometry.array) < 2e-5).all()


def test_the_same_tables_give_the_same_bytes_whatever_the_row_order(toy_folder, tmp_path):
    toy = toy_county()
    shuffled = {n: getattr(toy, n).sample(frac=1, random_state=3) for n in TABLES}
    io.write_study(shuffled, (toy_folder / "study.toml").read_text("utf-8"), tmp_path / "again")
    assert {path.name for path in toy_folder.iterdir()} == {path.name for path in (tmp_path / "again").iterdir()}
    for path in toy_folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_rows_and_workers_reconcile(toy_folder):
    table = io.read_study(toy_folder).reconciliation
    assert (table["rows_in"] == table["rows_used"] + table["rows_rejected"] + table["rows_blank"]).all()
    assert table.loc["workers", ["rows_in", "workers_in", "workers_used", "workers_rejected"]].tolist() == [
        7,
        340,
        340,
        0,
    ]
    assert table["workers_in"].isna()["towns"]


def test_bad_and_blank_rows_are_counted_and_named(toy_folder):
    path = toy_folder / "workers.csv"
    lines = path.read_text("utf-8").splitlines()
    lines.insert(1, "," * lines[0].count(","))
    path.write_text(
        "\n".join(lines).replace(",40,20,20,", ",-4,20,20,").replace(",30,15,15,", ",三十多,15,15,"), "utf-8"
    )
    check = io.check_study(toy_folder)
    row = check.reconciliation.loc["workers"]
    assert check.study is None
    assert row.iloc[1:5].tolist() == [8, 5, 2, 1]
    assert row["workers_in"] == row["workers_used"] + row["workers_rejected"]
    assert ("workers.csv", 6, "n_workers", "below_minimum") in codes(toy_folder)
    assert ("workers.csv", 7, "n_workers", "approximate_number") in codes(toy_folder)


def test_all_faults_of_all_tables_come_at_once(toy_folder):
    for name, old, new in (
        ("venues.csv", "周一至周五 8:00-17:00", "看情况"),
        ("venues.csv", "V2", "V1"),
        ("workers.csv", ",T1,", ",T9,"),
        ("towns.csv", "29.09", "31.09"),
        ("towns.csv", "population", "人口数量"),
        ("ferries.csv", ",C,", ",Z,"),
    ):
        path = toy_folder / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    (toy_folder / "assets.csv").unlink()
    found = codes(toy_folder)
    assert {
        ("venues.csv", 2, "open_hours", "unreadable_hours"),
        ("venues.csv", 2, "venue_id", "repeated_id"),
        ("venues.csv", 3, "venue_id", "repeated_id"),
        ("workers.csv", 2, "town_id", "unknown_reference"),
        ("towns.csv", 2, "lon", "outside_county"),
        ("towns.csv", 1, "人口数量", "unknown_column"),
        ("ferries.csv", 2, "from_node", "unknown_node"),
        ("assets.csv", 0, "", "missing_file"),
    } <= found
    with pytest.raises(StudyError, match="faults found"):
        io.read_study(toy_folder)


def test_a_point_in_the_sea_says_how_far(toy_folder):
    path = toy_folder / "venues.csv"
    text = path.read_text("utf-8")
    lon = text.splitlines()[1].split(",")[10]
    path.write_text(text.replace(lon, "123.0243", 1), "utf-8")
    fault = next(f for f in io.check_study(toy_folder).faults if f.code == "in_the_sea")
    assert fault.row == 2
    assert 200 < int(dict(fault.details)["distance"]) < 400
    assert "落在海里" in fault.text("zh")


def test_a_point_may_lie_off_the_shore_as_far_as_its_own_accuracy(toy_folder):
    path = toy_folder / "venues.csv"
    frame = pd.read_csv(path, dtype=str).fillna("")
    frame.loc[0, ["lon", "accuracy_m"]] = ["123.0243", "400"]
    frame.to_csv(path, index=False)
    assert not codes(toy_folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_offices_use(toy_folder, encoding):
    path = toy_folder / "venues.csv"
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    assert io.read_study(toy_folder).venues.loc["V1", "name"] == "老文化宫"


def test_bytes_that_are_no_text_name_the_line(toy_folder):
    path = toy_folder / "venues.csv"
    path.write_bytes(path.read_bytes().replace("职工之家".encode(), b"\xff\xff\xff", 1))
    assert ("venues.csv", 3, "", "not_text") in codes(toy_folder)


@pytest.mark.parametrize(("line", "cells"), [("V9,1,2", 3), ("V9" + "," * 40, 41)])
def test_a_ragged_row_is_named_not_shifted(toy_folder, line, cells):
    path = toy_folder / "venues.csv"
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    fault = next(f for f in io.check_study(toy_folder).faults if f.code == "ragged_row")
    assert (fault.row, fault.value) == (5, str(cells))


@pytest.mark.parametrize("text", ["", '"a,b\n1,2\n'])
def test_an_empty_file_and_an_open_quote_are_refused(toy_folder, text):
    (toy_folder / "assets.csv").write_text(text, "utf-8")
    assert {c for f, _, _, c in codes(toy_folder) if f == "assets.csv"} <= {"empty_file", "unreadable_file"}
    assert codes(toy_folder)


def test_chinese_headers_choices_and_full_width_digits_are_read_from_a_workbook(toy_folder):
    frame = pd.read_csv(toy_folder / "venues.csv", dtype=str).fillna("")
    columns = TABLES["venues"].columns
    frame["kind"] = frame["kind"].replace({"workers_palace": "工人文化宫", "workers_home": "职工之家"})
    frame["share_terms"] = frame["share_terms"].replace({"open": "开放", "none": "不共享"})
    frame.loc[0, "capacity"] = "５０"
    (toy_folder / "venues.csv").unlink()
    with xlsxwriter.Workbook(toy_folder / "venues.xlsx") as book:
        sheet = book.add_worksheet("阵地台账")
        for i, name in enumerate(frame.columns):
            sheet.write_string(0, i, f" {columns[name].title.replace('(', '（').replace(')', '）')} ")
            for j, value in enumerate(frame[name], 1):
                sheet.write(j, i, float(value) if name in {"lon", "lat", "year"} else value)
    study = io.read_study(toy_folder)
    assert study.venues["kind"].tolist() == ["workers_palace", "workers_home", "workers_home"]
    assert study.venues.loc["V1", "capacity"] == 50
    assert study.venues.loc["V3", "share_terms"] == "none"


def test_a_workbook_fault_names_the_sheet(toy_folder):
    (toy_folder / "towns.csv").unlink()
    with xlsxwriter.Workbook(toy_folder / "towns.xlsx") as book:
        book.add_worksheet("镇乡").write_row(0, 0, ["镇乡编号", "名称"])
    assert {f.sheet for f in io.check_study(toy_folder).faults if f.file == "towns.xlsx"} == {"镇乡"}


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_points_are_read_from_gis_files(toy_folder, suffix):
    path = toy_folder / "towns.csv"
    towns = toy_county().towns.reset_index().drop(columns=["lon", "lat"])
    path.unlink()
    towns.to_file(toy_folder / f"towns.{suffix}")
    assert io.read_study(toy_folder).towns.geometry.geom_equals_exact(toy_county().towns.geometry, 1e-6).all()


def test_a_layer_in_metres_is_refused(toy_folder):
    (toy_folder / "towns.csv").unlink()
    toy_county().towns.to_crs("EPSG:4550").to_file(toy_folder / "towns.gpkg")
    assert "wrong_crs" in {c for _, _, _, c in codes(toy_folder)}


def test_one_bad_ring_names_its_feature_and_the_rest_is_still_read(toy_folder):
    path = toy_folder / "land.geojson"
    data = json.loads(path.read_text("utf-8"))
    data["features"][1]["geometry"]["coordinates"] = [[[1, 2]]]
    path.write_text(json.dumps(data), "utf-8")
    assert [(f, r) for f, r, _, c in codes(toy_folder) if c == "unreadable_shape"] == [("land.geojson", 3)]


@pytest.mark.parametrize("name", ["../outside.csv", "/vsicurl/x.csv", "https://example.org/a.csv", "/etc/hostname"])
def test_a_file_outside_the_folder_is_refused(toy_folder, name):
    (toy_folder.parent / "outside.csv").write_text("a", "utf-8")
    with (toy_folder / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write(f'[tables.towns]\nfile = "{name}"\n')
    assert ("study.toml", 0, "file", "outside_folder") in codes(toy_folder)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("title = ", "bad_settings"),
        ('title = "a"', "missing_setting"),
        ('title="a"\ntitle_en="a"\nas_of="a"\nspeed=3', "unknown_setting"),
        ('title="a"\ntitle_en="a"\nas_of="a"\n[travel]\nwalk_mph=3', "unknown_setting"),
        ('title="a"\ntitle_en="a"\nas_of="a"\n[travel]\nwalk_kmh=-3', "bad_settings"),
        ('title="a"\ntitle_en="a"\nas_of="a"\n[standard]\ncutoff_min=3', "wrong_setting"),
        ('title="a"\ntitle_en="a"\nas_of="a"\n[siting]\nopen_hours="周八 8:00-9:00"', "unreadable_hours"),
    ],
)
def test_bad_settings_are_named(toy_folder, text, code):
    (toy_folder / "study.toml").write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        io.check_study(toy_folder)
    assert code in {f.code for f in caught.value.faults}


def test_a_folder_that_is_not_there_is_one_fault(tmp_path):
    with pytest.raises(StudyError) as caught:
        io.read_study(tmp_path / "nowhere")
    assert [f.code for f in caught.value.faults] == ["no_study"]


def test_settings_for_a_whole_table_fill_its_missing_column(toy_folder):
    frame = pd.read_csv(toy_folder / "towns.csv", dtype=str).fillna("").drop(columns="as_of")
    frame.to_csv(toy_folder / "towns.csv", index=False)
    with (toy_folder / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write('[tables.towns]\nas_of = "2020-11-01"\n')
    assert set(io.read_study(toy_folder).towns["as_of"]) == {"2020-11-01"}


def test_a_failed_write_leaves_every_old_file_whole_and_no_litter(tmp_path, monkeypatch):
    io.write_files({"a.txt": "old a", "b.txt": "old b"}, tmp_path)
    real = os.fsync
    calls = []

    def full_disk(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="is full"):
        io.write_files({"a.txt": "new a", "b.txt": "new b"}, tmp_path)
    assert {p.name: p.read_text("utf-8") for p in tmp_path.iterdir()} == {"a.txt": "old a", "b.txt": "old b"}


def test_parquet_is_read_where_pyarrow_is_installed(toy_folder):
    pytest.importorskip("pyarrow", reason="reading Parquet needs pyarrow, which is not a dependency")
    (toy_folder / "towns.csv").unlink()
    gpd.GeoDataFrame(toy_county().towns.reset_index()).to_parquet(toy_folder / "towns.parquet")
    assert len(io.read_study(toy_folder).towns) == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("roads.csv", ",1600,", ",0,", ("roads.csv", 4, "length_m", "below_minimum")),
        ("roads.csv", ",1600,", ",900,", ("roads.csv", 4, "length_m", "short_road")),
        ("ferries.csv", ",C,E,", ",C,C,", ("ferries.csv", 2, "to_node", "same_landing")),
    ],
)
def test_what_could_not_be_routed_on_is_refused_at_the_door(toy_folder, name, old, new, fault):
    path = toy_folder / name
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert fault in codes(toy_folder)


def change(folder: Path, table: str, edit) -> None:
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str).fillna("")
    edit(frame)
    frame.to_csv(path, index=False)


def many_groups(folder: Path) -> None:
    """Three hundred groups at the first employer."""
    path = folder / "workers.csv"
    frame = pd.read_csv(path, dtype=str).fillna("")
    more = pd.concat([frame.iloc[[0]]] * 300).assign(group_id=[f"m{i}" for i in range(300)], n_workers="1")
    more["n_women"] = more["n_under_35"] = "0"
    pd.concat([frame, more]).to_csv(path, index=False)
    change(folder, "employers", lambda f: f.__setitem__("n_workers", ["580", "40", "20"]))
    change(folder, "clusters", lambda f: f.__setitem__("n_workers", ["60", "580"]))


def test_one_repeated_id_is_two_faults_and_one_more_not_three_hundred(toy_folder):
    many_groups(toy_folder)
    change(toy_folder, "employers", lambda f: f.__setitem__("employer_id", ["P2", "P2", "P3"]))
    faults = io.check_study(toy_folder).faults
    assert [(f.file, f.code) for f in faults] == [
        ("employers.csv", "repeated_id"), ("employers.csv", "repeated_id"), ("workers.csv", "reference_pending")
    ]  # fmt: skip
    assert "304行" in faults[2].text("zh")
    check = io.check_study(toy_folder)
    assert check.reconciliation.loc["workers", ["rows_in", "rows_rejected", "rows_used"]].tolist() == [307, 304, 3]


@pytest.mark.parametrize("line", ["P1,甲厂", "，".join("甲乙")])
def test_one_row_that_cannot_be_read_does_not_make_hundreds_of_faults(toy_folder, line):
    many_groups(toy_folder)
    path = toy_folder / "employers.csv"
    lines = path.read_text("utf-8").split("\n")
    path.write_text("\n".join([lines[0], line, *lines[2:]]), "utf-8")
    faults = io.check_study(toy_folder).faults
    assert len(faults) == 2
    assert [f.code for f in faults if f.file == "workers.csv"] == ["reference_pending"]


@pytest.mark.parametrize("value", ["-100", "约100", "0"])
def test_one_bad_number_of_workers_is_one_fault(toy_folder, value):
    change(toy_folder, "workers", lambda f: f.__setitem__("n_workers", [value, *f["n_workers"][1:]]))
    assert len(io.check_study(toy_folder).faults) == 1


def test_groups_that_sum_to_less_than_their_employer_and_cluster_are_noted_with_figures(toy_folder):
    change(toy_folder, "workers", lambda f: f.__setitem__("n_workers", ["90", *f["n_workers"][1:]]))
    check = io.check_study(toy_folder)
    assert check.faults == ()
    below = {n.file: n for n in check.notes if n.code == "sum_below"}
    assert set(below) == {"employers.csv", "clusters.csv"}
    assert "少10人，涉及1行：P1" in below["employers.csv"].text("zh")
    assert "10 workers fewer" in below["clusters.csv"].text("en")


def test_groups_above_their_cluster_are_a_fault_unless_the_cluster_is_an_estimate(toy_folder):
    change(toy_folder, "clusters", lambda f: f.__setitem__("n_workers", ["60", "270"]))
    assert [(f.file, f.code) for f in io.check_study(toy_folder).faults] == [("clusters.csv", "wrong_sum")]
    change(toy_folder, "clusters", lambda f: f.__setitem__("basis", "estimate"))
    check = io.check_study(toy_folder)
    assert check.faults == ()
    assert [n.code for n in check.notes if n.file == "clusters.csv" and n.code.startswith("sum")] == ["sum_above"]


@pytest.mark.parametrize("table", ["workers", "venues"])
def test_a_table_of_headers_only_is_a_fault_where_no_question_could_be_answered(table, toy_folder):
    path = toy_folder / f"{table}.csv"
    path.write_text(path.read_text("utf-8").split("\n")[0] + "\n", "utf-8")
    assert (f"{table}.csv", 0, "", "no_rows") in codes(toy_folder)
    assert len(codes(toy_folder)) == 1


def test_a_county_states_the_hours_its_actions_may_keep(toy_folder):
    settings = toy_folder / "study.toml"
    given = settings.read_text("utf-8")
    settings.write_text(given + '\n[costs.patterns]\nnight = "每天 18:00-22:00"\n', "utf-8")
    assert dict(io.read_study(toy_folder).about.costs.patterns) == {"night": "每天 18:00-22:00"}
    settings.write_text(given + '\n[costs.patterns]\nnight = "看情况开放"\n', "utf-8")
    with pytest.raises(StudyError) as caught:
        io.check_study(toy_folder)
    assert [(f.column, f.code) for f in caught.value.faults] == [("costs.patterns.night", "unreadable_hours")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('as_of = "2026-01-01foo"', "as_of"), ('as_of = "2026-02-30"', "as_of"), ("title = 3", "title"),
        ('demonstration = "no"', "demonstration"), ("[travel]\nwalk_kmh = inf", "travel.walk_kmh"),
        ("[travel]\nwalk_kmh = nan", "travel.walk_kmh"), ("[travel]\nwalk_kmh = true", "travel.walk_kmh"),
        ('[travel]\nwalk_kmh = "4"', "travel.walk_kmh"), ("[standard]\ncutoff_min = { walk = inf }",
        "standard.cutoff_min"), ('[standard]\nfunctions = ["skydiving"]', "standard.functions"),
        ('[standard]\nfunctions = "reading"', "standard.functions"), ("[standard]\nmin_hours_per_week = nan",
        "standard.min_hours_per_week"), ("[siting]\nn_sites = 2.5", "siting.n_sites"), ("siting = 3", "siting"),
        ("[costs.patterns]\nnight = 3", "costs.patterns"), ('[costs.once]\nshare = "1"', "costs.once"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_one_clear_fault(toy_folder, text, place):
    good = {"title": '"a"', "title_en": '"a"', "as_of": '"2026-01-01"'}
    key = text.split(" ")[0]
    head = "\n".join(f"{k} = {v}" for k, v in good.items() if k != key)
    (toy_folder / "study.toml").write_text(f"{head}\n{text}\n", "utf-8")
    with pytest.raises(StudyError) as caught:
        io.check_study(toy_folder)
    assert [(f.column, f.code) for f in caught.value.faults] == [(place, "wrong_setting")]
    assert "@" not in caught.value.text("en")


def test_parquet_says_what_it_needs_where_pyarrow_is_not_installed(toy_folder):
    if importlib.util.find_spec("pyarrow"):
        pytest.skip("pyarrow is installed")
    (toy_folder / "towns.csv").unlink()
    (toy_folder / "towns.parquet").write_bytes(b"PAR1")
    fault = next(f for f in io.check_study(toy_folder).faults if f.file == "towns.parquet")
    assert "pyarrow" in fault.text("zh")


def test_every_table_has_its_words():
    assert {n: WORDS[f"table.{n}"] for n in TABLES} == {n: (t.zh, n) for n, t in TABLES.items()}
