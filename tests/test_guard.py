"""Hostile files: each is refused before a parser sees it, in bounded memory, and this process lives on."""

from __future__ import annotations

import errno
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from tests import bombs
from xsgeo import guard, io, trial
from xsgeo.errors import StudyError

ROOT = Path(__file__).parents[1]

MEASURE = """
import json, resource, sys
from pathlib import Path
from xsgeo import io
from xsgeo.errors import StudyError

held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 500 * 2**20, resource.RLIM_INFINITY))
try:
    io.read_cells(Path(sys.argv[1]), Path(sys.argv[1]).name)
except StudyError as error:
    print(json.dumps([[f.file, f.code, f.text("zh"), f.text("en")] for f in error.faults]))
"""


def code_of(path: Path) -> str:
    with pytest.raises(StudyError) as caught:
        io.read_cells(path, path.name)
    assert [f.file for f in caught.value.faults] == [path.name]
    return caught.value.faults[0].code


@pytest.mark.parametrize("kind", bombs.ZIP_BOMBS)
def test_a_hostile_workbook_is_refused(tmp_path, kind):
    make, codes = bombs.ZIP_BOMBS[kind]
    make(tmp_path / "台账.xlsx")
    assert code_of(tmp_path / "台账.xlsx") in codes


@pytest.mark.parametrize("kind", bombs.TEXT_BOMBS)
def test_a_hostile_text_is_refused(tmp_path, kind):
    make, suffix, code = bombs.TEXT_BOMBS[kind]
    make(tmp_path / f"台账.{suffix}")
    assert code_of(tmp_path / f"台账.{suffix}") == code


@pytest.mark.parametrize("kind", bombs.LAYER_BOMBS)
def test_a_hostile_layer_is_refused(tmp_path, kind):
    make, code = bombs.LAYER_BOMBS[kind]
    make(tmp_path / "towns.gpkg")
    assert code_of(tmp_path / "towns.gpkg") == code


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by what /proc says is held")
@pytest.mark.parametrize(
    ("make", "suffix"),
    [
        (bombs.unpacks_to_too_much, "xlsx"),
        (bombs.one_string_many_times, "xlsx"),
        (bombs.shared_strings, "xlsx"),
        (bombs.last_cell_in_disguise, "xlsx"),
        (bombs.json_of_nothing, "geojson"),
        (bombs.lines_of_nothing, "csv"),
        (bombs.LAYER_BOMBS["bytes from nothing"][0], "gpkg"),
    ],
)
def test_refusing_takes_less_than_500_mb_and_the_parent_lives(tmp_path, make, suffix):
    path = tmp_path / f"台账 1.{suffix}"
    make(path)
    out = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    ((file, code, zh, en),) = json.loads(out.stdout)
    assert file == path.name
    assert code in {"zip_bomb", "too_costly", "too_many_cells", "not_geopackage"}
    assert zh.startswith(path.name)
    assert en.startswith(path.name)


def test_honest_files_pass(tmp_path):
    guard.check_file(bombs.honest(tmp_path / "台账.xlsx", rows=2000), "台账.xlsx")
    guard.check_file(bombs.geopackage(tmp_path / "towns.gpkg"), "towns.gpkg")
    ledgers = [path for path in sorted((ROOT / "data").iterdir()) if path.suffix in {".csv", ".geojson"}]
    assert len(ledgers) > 5
    for path in ledgers:
        guard.check_file(path, path.name)


def test_a_workbook_with_formats_far_out_and_a_picture_passes(tmp_path):
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for row in range(40):
            sheet.write_row(row, 0, ["a", row])
        sheet.write_blank(60, 200, None, bold)
        sheet.merge_range(0, 4, 0, 9, "<!-- a comment -->")
    bombs.pack(path, bombs.parts_of(path) | {"xl/media/image1.svg": b"<!DOCTYPE svg><svg/>" * 9})
    guard.check_file(path, path.name)


def test_a_workbook_as_programs_that_stream_write_it_passes(tmp_path):
    path = bombs.honest(tmp_path / "a.xlsx")
    whole = path.read_bytes()
    count, size, offset = struct.unpack("<H2L", whole[-12:-2])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + size, 1)
    path.write_bytes(whole[:-22] + record + locator + whole[-22:])
    assert io.read_cells(path, path.name).cells["名称"].tolist() == ["第1镇", "第2镇", "第3镇"]
    path.write_bytes(whole[:-22] + record[:-8] + bytes(8) + locator + whole[-22:])
    assert code_of(path) == "odd_container"


def test_a_layer_too_long_to_prove_is_tried(tmp_path, monkeypatch):
    path = bombs.geopackage(tmp_path / "towns.gpkg")
    tried = []
    real = guard._try
    monkeypatch.setattr(guard, "_try", lambda *a: (tried.append(a[2]), real(*a)))
    guard.check_file(path, path.name)
    assert not tried
    monkeypatch.setattr(guard, "_SQLITE_STEPS", 0)
    bombs.geopackage(path, rows=20_000)
    guard.check_file(path, path.name)
    assert tried == ["layer"]
    with pytest.raises(StudyError, match="hostile or damaged"):
        guard.check_file(path, path.name, limits=guard.Limits(trial_s=0))


def test_a_locked_workbook_says_so(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert code_of(path) == "locked_workbook"


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods", "gpkg", "geojson", "csv"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_stump_of_a_file_is_refused(tmp_path, suffix, data):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    assert code_of(path) in {"unreadable_file", "odd_container", "not_geopackage", "empty_file", "not_text"}


def test_a_cut_workbook_is_refused_wherever_it_is_cut(tmp_path):
    path = bombs.honest(tmp_path / "a.xlsx")
    whole = path.read_bytes()
    for end in range(1, len(whole), 499):
        path.write_bytes(whole[:end])
        assert code_of(path)


def test_too_large_a_file_is_refused_unread(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(201 * 2**20)
    assert code_of(path) == "file_too_large"


def test_brackets_and_quotes_within_texts_are_not_nesting(tmp_path):
    path = tmp_path / "a.geojson"
    name = "[" * 500 + '\\"{' * 500 + "\\\\" * (2**19)
    path.write_text(f'{{"features":[{{"properties":{{"name":"{name}"}},"geometry":null}}]}}', "utf-8")
    assert json.loads(path.read_text("utf-8"))
    assert io.read_cells(path, path.name).cells["name"].str.len().tolist() == [500 + 1000 + 2**19]


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "x/../../a.csv",
        "/etc/hostname",
        "/vsicurl/http://example.org/a.csv",
        "/VSIZIP/a.zip/b.csv",
        "https://example.org/a.csv",
        "GPKG:a.gpkg:towns",
        "C:\\a.csv",
        "C:a.csv",
        "\\\\server\\share\\a.csv",
        "//server/share/a.csv",
        "a.csv:stream",
        "a\0.csv",
    ],
)
def test_names_that_lead_out_are_refused(tmp_path, name):
    with pytest.raises(StudyError) as caught:
        guard.inside(tmp_path, name)
    assert [f.code for f in caught.value.faults] == ["outside_folder"]


@pytest.mark.parametrize("name", ["NUL", "con.csv", "sub/COM1.xlsx", "aux .csv", "lpt9.tar.gz"])
def test_names_of_devices_are_refused(tmp_path, name):
    with pytest.raises(StudyError) as caught:
        guard.inside(tmp_path, name)
    assert [f.code for f in caught.value.faults] == ["device_name"]


def test_names_a_planner_uses_pass(tmp_path):
    for name in ("台账 2026（石浦）.xlsx", "镇乡/阵地.csv", "console.csv", "a..b.csv", "~备份.csv"):
        assert guard.inside(tmp_path, name) == tmp_path.resolve() / name


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_not(toy_folder):
    secret = toy_folder.parent / "secret.csv"
    secret.write_text("a\n1\n", "utf-8")
    towns = toy_folder / "towns.csv"
    (toy_folder / "real.csv").write_bytes(towns.read_bytes())
    towns.unlink()
    towns.symlink_to("real.csv")
    assert not io.check_study(toy_folder).faults
    towns.unlink()
    towns.symlink_to(secret)
    assert [(f.value, f.code) for f in io.check_study(toy_folder).faults][:1] == [("towns.csv", "outside_folder")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_not_waited_for(toy_folder):
    (toy_folder / "towns.csv").unlink()
    os.mkfifo(toy_folder / "towns.csv")
    assert "missing_file" in {f.code for f in io.check_study(toy_folder).faults}


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "9" * 5000])
def test_settings_that_are_hostile_are_one_fault(toy_folder, text):
    (toy_folder / "study.toml").write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        io.check_study(toy_folder)
    assert [f.code for f in caught.value.faults] == ["bad_settings"]


def test_the_child_does_not_import_what_lies_in_the_folder(tmp_path, monkeypatch):
    (tmp_path / "python_calamine.py").write_text("import pathlib; pathlib.Path('ran').touch(); raise MemoryError")
    bombs.honest(tmp_path / "a.xlsx")
    monkeypatch.chdir(tmp_path)
    guard.check_file(Path("a.xlsx"), "a.xlsx")
    assert not (tmp_path / "ran").exists()


def test_what_the_parser_refuses_in_good_order_is_left_to_the_reader(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"no workbook at all")
    assert code_of(tmp_path / "a.xls") == "unreadable_file"


def test_the_trial_says_by_its_code_what_happened(tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "limit", lambda *_: None)
    path = bombs.honest(tmp_path / "a.xlsx")
    assert trial.main(["workbook", str(path), "1", "1"]) == trial.PASSED
    assert trial.main(["layer", str(bombs.geopackage(tmp_path / "a.gpkg")), "1", "1"]) == trial.PASSED
    assert trial.main(["workbook", str(tmp_path / "none.xlsx"), "1", "1"]) == trial.PASSED
    for error, code in (
        (MemoryError(), trial.OVER_LIMIT),
        (RuntimeError("out of Memory"), trial.OVER_LIMIT),
        (ImportError("none"), trial.PASSED),
    ):

        def fail(_: str, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(trial, "_PARSERS", {"workbook": lambda fail=fail: fail})
        assert trial.main(["workbook", "a", "1", "1"]) == code


def test_without_a_python_to_start_the_scan_has_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/opt/qgis/bin/qgis")
    guard.check_file(bombs.honest(tmp_path / "a.xlsx"), "a.xlsx")
    bombs.unpacks_to_too_much(tmp_path / "b.xlsx")
    assert code_of(tmp_path / "b.xlsx") == "zip_bomb"


# ---- what the system refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "zh"),
    [(errno.EACCES, "没有权限，或正被别的程序占用"), (errno.EIO, "磁盘或网络盘出错"), (errno.ENOENT, "找不到")],
)
def test_a_file_that_cannot_be_read_is_a_fault_among_the_others(tmp_path, monkeypatch, number, zh):
    path = tmp_path / "a.csv"
    path.write_text("venue_id\n", "utf-8")

    def refused(*_arguments, **_named):
        raise OSError(number, "system's own words", str(path))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(StudyError) as caught:
        guard.check_file(path, "a.csv")
    (fault,) = caught.value.faults
    assert fault.code == "cannot_read"
    assert fault.text("zh").startswith(f"a.csv：无法读取：{zh}")


def test_a_folder_called_as_a_table_is_not_read(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(StudyError, match="it is a folder"):
        guard.check_file(tmp_path / "a.csv", "a.csv")
