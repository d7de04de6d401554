"""What is written is whole or was not written: faults of the disk, of other processes, and of names."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xsgeo
from xsgeo import io, outputs, workflow
from xsgeo.errors import OutputError, XsgeoError

ROOT = Path(__file__).parents[1]
OLD, NEW = {"a.html": "old a", "b.csv": "old b"}, {"a.html": "new a", "b.csv": "new b"}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals, forks and mounts as POSIX has them")


def held(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in folder.iterdir()}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "输出 out"
    outputs.write_files(OLD, place)
    return place


def test_text_and_bytes_are_written_and_nothing_else_is_left(folder):
    paths = outputs.write_files({"c.txt": "甲\n", "d.bin": b"\x00\xff"}, folder)
    assert [p.name for p in paths] == ["c.txt", "d.bin"]
    assert [p.read_bytes() for p in paths] == ["甲\n".encode(), b"\x00\xff"]
    assert {p.name for p in folder.iterdir()} == {*OLD, "c.txt", "d.bin"}


def failing(real, number: int, error: OSError):
    calls = []

    def call(*arguments, **named):
        calls.append(arguments)
        if len(calls) == number:
            raise error
        return real(*arguments, **named)

    return call


@pytest.mark.parametrize("number", [1, 2])
def test_a_full_disk_leaves_the_old_files(folder, monkeypatch, number):
    monkeypatch.setattr(os, "fsync", failing(os.fsync, number, OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(OutputError) as caught:
        outputs.write_files(NEW, folder)
    assert held(folder) == OLD
    assert "磁盘已满" in caught.value.text("zh")
    assert str(folder) in caught.value.text("en")
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_open_elsewhere_takes_back_those_already_placed(folder, monkeypatch, number, has_links):
    outputs.write_files({"c.txt": "stays"}, folder)
    if not has_links:
        monkeypatch.setattr(os, "link", failing(os.link, 1, OSError(errno.EPERM, "no links here")))
    monkeypatch.setattr(Path, "replace", failing(Path.replace, number, PermissionError(errno.EACCES, "in use")))
    with pytest.raises(OutputError) as caught:
        outputs.write_files({"new.txt": "new", **NEW}, folder)
    assert held(folder) == {**OLD, "c.txt": "stays"}
    assert "Excel" in caught.value.text("zh")


def test_a_run_broken_off_by_hand_takes_back_too(folder, monkeypatch):
    real, calls = Path.replace, []

    def interrupted(self, target):
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        outputs.write_files(NEW, folder)
    assert held(folder) == OLD


def test_a_folder_in_the_place_of_a_file_is_one_message(folder):
    (folder / "c.txt").mkdir()
    with pytest.raises(OutputError):
        outputs.write_files({**NEW, "c.txt": "new"}, folder)
    (folder / "c.txt").rmdir()
    assert held(folder) == OLD


def test_a_file_in_the_place_of_the_folder_is_one_message(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OutputError, match="Cannot write"):
        outputs.write_files(NEW, tmp_path / "file" / "out")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 kB, where this machine lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_is_really_full_leaves_the_old_files(small_disk):
    outputs.write_files(OLD, small_disk, manifest={})
    before = held(small_disk)
    with pytest.raises(OutputError, match="is full"):
        outputs.write_files({"a.html": "x" * 100_000, "b.csv": "y" * 400_000}, small_disk, manifest={})
    assert held(small_disk) == before
    frame = pd.DataFrame({"name": [os.urandom(200).hex() for _ in range(2000)]})
    for suffix in (".csv", ".xlsx", ".gpkg", ".json"):
        with pytest.raises(OutputError, match="is full"):
            outputs.write_table(frame, small_disk / f"a{suffix}")
    assert held(small_disk) == before


def test_a_disk_that_is_really_read_only_is_one_message(small_disk):
    outputs.write_files(OLD, small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(OutputError) as caught:
        outputs.write_files(NEW, small_disk)
    assert caught.value.code == "refused"
    assert held(small_disk) == OLD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_one_message(folder):
    folder.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="permission"):
            outputs.write_files(NEW, folder)
    finally:
        folder.chmod(0o700)
    assert held(folder) == OLD


# ---- other processes ------------------------------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from xsgeo import outputs
with outputs.lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(folder):
    with subprocess.Popen([sys.executable, "-c", HOLD, folder], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_names_the_process_that_is_writing(folder, holder):
    with pytest.raises(OutputError) as caught:
        outputs.write_files(NEW, folder, wait_s=0.1)
    assert isinstance(caught.value, XsgeoError | OSError)
    assert str(holder.pid) in caught.value.text("zh")
    assert f"process {holder.pid} on " in caught.value.text("en")
    assert {k: v for k, v in held(folder).items() if k != outputs.LOCK} == OLD


def test_a_killed_run_holds_nothing_and_its_strays_are_swept(folder, holder):
    holder.kill()
    holder.wait()
    assert (folder / outputs.LOCK).exists()
    (folder / ".xsgeo-1-0.part").write_text("half", "utf-8")
    (folder / ".xsgeo-1-0.old.part").write_text("old", "utf-8")
    (folder / "mine.part").write_text("the planner's own", "utf-8")
    outputs.write_files(NEW, folder, wait_s=0)
    assert held(folder) == {**NEW, "mine.part": "the planner's own"}


WRITE = """
import sys
from xsgeo import outputs
for run in range(60):
    text = f"{sys.argv[2]}-{run} " * 2000
    outputs.write_files({f"{n}.txt": text for n in "abcd"}, sys.argv[1], manifest={"who": text[:9]}, wait_s=60)
"""


def test_two_runs_at_once_both_end_and_leave_one_of_them_whole(tmp_path):
    runs = [subprocess.Popen([sys.executable, "-c", WRITE, tmp_path, who]) for who in "xy"]
    while any(r.poll() is None for r in runs):
        for path in tmp_path.glob("?.txt"):
            assert len(set(path.read_text("utf-8").split())) == 1
        time.sleep(0.01)
    assert [r.wait() for r in runs] == [0, 0]
    assert outputs.verify(tmp_path) == []
    assert len({p.read_text("utf-8") for p in tmp_path.glob("?.txt")}) == 1
    assert {p.name for p in tmp_path.iterdir()} == {"a.txt", "b.txt", "c.txt", "d.txt", outputs.MANIFEST}


@POSIX
@pytest.mark.parametrize("suffix", [".csv", ".html", ".xlsx", ".gpkg"])
@pytest.mark.parametrize(("kills", "manner"), [(50, "random"), (36, "step")])
def test_killed_at_any_moment_no_file_is_torn(tmp_path, suffix, kills, manner):
    if manner == "step" and suffix != ".csv":
        pytest.skip("the steps are the same whatever the format")
    program = ROOT / "tests" / "killed.py"
    out = subprocess.run(
        [sys.executable, program, tmp_path / "输出 out", suffix, str(kills), manner],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(out.stdout)
    assert found["torn"] == []
    assert found["amiss"] == []
    assert found["strays"] > 0
    assert len(found["left"]) == 3


# ---- names and links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["", "NUL.csv", "a:b.csv", "a/b.csv", "..", "a.", "a ", "a?.csv", "a\nb", "长" * 80 + ".csv", "a\u202eb.csv"],
)
def test_names_not_every_system_takes_are_refused_before_anything_is_written(folder, name):
    with pytest.raises(OutputError) as caught:
        outputs.write_files({"a.html": "new", name: "new"}, folder)
    assert caught.value.code == "bad_name"
    assert held(folder) == OLD


def test_two_names_that_are_one_on_windows_are_refused(folder):
    with pytest.raises(OutputError):
        outputs.write_files({"c.txt": "1", "C.TXT": "2"}, folder)


@given(st.text(max_size=120), st.sampled_from(["", ".html", ".csv.manifest.json"]))
def test_a_safe_name_is_safe_and_stays_as_it_is(stem, suffix):
    name = outputs.safe_name(stem, suffix)
    outputs.names.check_names([name], Path())
    assert len(name.encode()) <= 200
    assert outputs.safe_name(name) == name or len(name) > 60


@given(st.sets(st.text(alphabet="ab:?. 甲", max_size=8), max_size=8))
def test_different_texts_get_different_names(stems):
    assert len({outputs.safe_name(s) for s in stems}) == len(stems)


@POSIX
def test_a_link_that_lies_in_the_way_is_replaced_and_not_followed(folder):
    outside = folder.parent / "outside.txt"
    outside.write_text("mine", "utf-8")
    (folder / "a.html").unlink()
    (folder / "a.html").symlink_to(outside)
    (folder / f".xsgeo-{os.getpid()}-0.part").symlink_to(outside)
    outputs.write_files(NEW, folder)
    assert outside.read_text("utf-8") == "mine"
    assert held(folder) == NEW
    assert not (folder / "a.html").is_symlink()


@POSIX
def test_a_lock_that_is_a_link_is_refused(folder):
    outside = folder.parent / "outside.txt"
    outside.write_text("mine", "utf-8")
    (folder / outputs.LOCK).symlink_to(outside)
    with pytest.raises(OutputError):
        outputs.write_files(NEW, folder, wait_s=0)
    assert outside.read_text("utf-8") == "mine"


# ---- manifest -------------------------------------------------------------------------------------------------------


def test_the_manifest_says_what_the_pages_were_made_from(toy_folder, tmp_path):
    study = io.read_study(toy_folder)
    pages = workflow.write_maps(workflow.analyse(study), tmp_path / "maps")
    manifest = json.loads((tmp_path / "maps" / outputs.MANIFEST).read_text("utf-8"))
    assert set(manifest["inputs"]) == {p.name for p in toy_folder.iterdir()}
    assert manifest["inputs"] == outputs.hash_files(toy_folder, manifest["inputs"])
    assert set(manifest["outputs"]) == {p.name for p in pages}
    assert manifest["xsgeo"] == xsgeo.__version__
    assert manifest["libraries"]["pandas"] == pd.__version__
    assert manifest["settings"]["standard"]["cutoff_min"] == dict(study.standard.cutoff_min)
    rows = {r["table"]: r for r in manifest["reconciliation"]}
    assert rows["workers"]["workers_in"] == 340
    assert outputs.verify(tmp_path / "maps") == []
    pages[0].write_text("changed", "utf-8")
    assert outputs.verify(tmp_path / "maps") == [pages[0].name]


def test_a_manifest_holds_a_date_only_when_asked(toy, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert json.dumps(outputs.describe(toy)) == json.dumps(outputs.describe(toy))
    assert "made_at" not in outputs.describe(toy)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert outputs.describe(toy)["made_at"] == "2026-01-01T00:00:00+00:00"
