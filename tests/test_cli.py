"""The command line: what is printed, what goes wrong, and that nothing is half done."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from tests.osm_maps import osm_file
from xsgeo import schemas, workflow
from xsgeo.datasets import toy_county


def test_help_lists_every_command_with_words_in_both_languages(run):
    code, out, _ = run("--help")
    assert code == 0
    for command in ("check", "coverage", "propose", "maps", "schema", "demo"):
        assert f"  {command} " in out


def test_check_prints_the_reconciliation(run, toy_folder):
    code, out, _ = run("check", toy_folder)
    assert code == 0
    row = next(line.split() for line in out.splitlines() if "workers.csv" in line)
    assert row == ["职工群体", "workers.csv", "7", "7", "0", "0", "340", "340", "0"]
    assert "检查通过" in out


def test_check_names_every_fault_and_exits_2(run, toy_folder):
    path = toy_folder / "workers.csv"
    path.write_text(
        path.read_text("utf-8").replace(",40,20,20,", ",-4,20,20,").replace("周一至周五 9:00-15:00", "上夜班"), "utf-8"
    )
    code, out, err = run("check", toy_folder)
    assert code == 2
    assert "workers.csv，第4行，“free_hours”列" in err
    assert "workers.csv，第5行，“n_workers”列：“-4" in err
    assert next(line.split() for line in out.splitlines() if "workers.csv" in line)[2:6] == ["7", "5", "2", "0"]


@pytest.mark.parametrize("command", ["check", "coverage", "maps", "propose"])
def test_a_folder_that_is_not_there_is_one_line_and_no_traceback(run, tmp_path, command):
    code, out, err = run(command, tmp_path / "nowhere", "--lang", "en")
    assert (code, out) == (2, "")
    assert "there is no study folder" in err
    assert len(err.strip().splitlines()) == 2
    assert "Traceback" not in err


def test_facts_that_are_not_there_are_said_to_be_unreadable(run, tmp_path):
    code, _, err = run("demo", tmp_path / "out", "--facts", tmp_path / "nowhere")
    assert code == 2
    assert err.startswith(f"无法读取{tmp_path / 'nowhere' / 'towns.csv'}：找不到这个文件或文件夹。请核对文件名")
    assert "写入" not in err


def test_roads_come_into_a_study_that_init_has_just_made(run, tmp_path):
    pytest.importorskip("osmium")
    source = osm_file(tmp_path, "A--B--C", [("ABC", {"highway": "residential"})])
    assert run("init", tmp_path / "my-county")[0] == 0
    code, out, err = run("roads", "import", source, "--study", tmp_path / "my-county")
    assert (code, out.splitlines()[0]) == (0, str(tmp_path / "my-county" / "roads.csv")), err


def test_a_folder_in_the_place_of_the_table_to_write_is_named(run, toy_folder, tmp_path):
    out = tmp_path / "coverage.xlsx"
    out.mkdir()
    code, _, err = run("coverage", toy_folder, "--out", out)
    assert code == 2
    assert f"无法写入“{out}”：这是文件夹，不是文件。原有文件未改动，请换个文件名" in err


def test_a_full_disk_is_not_called_a_file_that_cannot_be_read(run, toy_folder, tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = run("coverage", toy_folder, "--out", tmp_path / "coverage.csv")
    assert code == 2
    assert f"“{tmp_path}”所在的磁盘已满。" in err
    assert "读取" not in err


def test_a_bad_study_writes_no_page(run, toy_folder, tmp_path):
    (toy_folder / "venues.csv").unlink()
    out = tmp_path / "maps"
    out.mkdir()
    (out / "index.html").write_text("old", "utf-8")
    assert run("maps", toy_folder, "--out", out)[0] == 2
    assert [p.read_text("utf-8") for p in out.iterdir()] == ["old"]


def test_a_folder_that_cannot_be_written_is_one_message(run, toy_folder, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    code, _, err = run("maps", toy_folder, "--out", tmp_path / "file" / "maps")
    assert code == 2
    assert "无法写入" in err


@pytest.mark.parametrize("by", [None, "town", "cluster", "shift", "reason", "place", "means"])
def test_coverage_prints_the_numbers_of_the_library(run, toy_folder, by):
    expected = workflow.coverage_table(workflow.reach(toy_county()), by=by)
    option = ["--by", by] if by else []
    code, out, _ = run("coverage", toy_folder, "--format", "csv", *option)
    assert code == 0
    printed = pd.read_csv(StringIO(out), index_col=0)
    expected.index = expected.index.astype(str)
    pd.testing.assert_frame_equal(printed, expected, check_index_type=False, check_dtype=False, check_names=False)


def test_coverage_as_json_and_as_a_table(run, toy_folder):
    code, out, _ = run("coverage", toy_folder, "--format", "json")
    assert json.loads(out)[0]["n_effective"] == 160
    code, out, err = run("coverage", toy_folder, "--by", "town")
    assert code == 0
    assert "有效覆盖率" in out
    assert "岛上镇" in out
    assert "40.0%" in out
    assert "演示数据" in err


def test_propose_lists_sites_with_their_proof(run, toy_folder):
    code, out, err = run("propose", toy_folder, "--sites", 1)
    assert code == 0
    assert "老文化宫" in out
    assert "已证明最优" in err


def test_maps_draws_only_the_cluster_asked_for(run, toy_folder, tmp_path):
    code, out, _ = run("maps", toy_folder, "--out", tmp_path / "m", "--cluster", "fishing", "--lang", "zh")
    assert code == 0
    names = {Path(line).name for line in out.splitlines()}
    assert names == {"cluster_fishing.html"}


def test_schema_prints_the_declaration(run):
    assert run("schema")[1].strip() == schemas.dictionary().strip()
    assert run("schema", "venues", "--lang", "en")[1].startswith("## venues: a plaque on a door")
    assert run("schema", "nothing")[0] == 2


def test_the_installed_command_answers():
    out = subprocess.run(
        [Path(sys.executable).with_name("xsgeo"), "--help"], capture_output=True, text=True, check=True
    )
    assert "Who can reach a room" in out.stdout
