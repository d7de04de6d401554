"""What the system refuses is told with the file, whether it was read or written, the reason and the remedy."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from xsgeo import disk
from xsgeo.catalogue import WORDS
from xsgeo.errors import OutputError, StudyError


def test_a_folder_where_a_file_is_to_be_read_is_named_with_reason_and_remedy(tmp_path):
    folder = tmp_path / "台账.csv"
    folder.mkdir()
    with pytest.raises(StudyError) as caught, disk.reading(folder, "台账.csv"):
        folder.read_bytes()
    (fault,) = caught.value.faults
    assert fault.text("zh").startswith("台账.csv：无法读取：这是文件夹，不是文件。请核对文件名")
    assert "写" not in fault.text("zh")
    assert "cannot be read: it is a folder, not a file. Check the name" in fault.text("en")


@pytest.mark.parametrize(
    ("number", "code", "zh", "en"),
    [
        (errno.ENOSPC, "disk_full", "磁盘已满。原有文件未改动，请腾出空间", "is full. The old files"),
        (errno.EACCES, "refused", "没有权限写“out”", "no permission for"),
        (errno.EROFS, "refused", "没有权限写“out”", "no permission for"),
        (errno.EIO, "failed", "无法写入“out”：磁盘或网络盘出错。", "the disk or the network drive failed"),
        (errno.EISDIR, "failed", "无法写入“out”：这是文件夹，不是文件。", "it is a folder, not a file"),
        (errno.EXDEV, "failed", "无法写入“out”：between disks。", "between disks"),
    ],
)
def test_what_cannot_be_written_says_so_in_the_readers_language(number, code, zh, en):
    with pytest.raises(OutputError) as caught, disk.writing(Path("out")):
        raise OSError(number, "between disks")
    assert (caught.value.code, caught.value.errno) == (code, number)
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")
    assert "读取" not in caught.value.text("zh")


def test_the_file_that_was_not_put_in_place_is_the_one_named(tmp_path):
    (tmp_path / "a.csv").mkdir()
    (tmp_path / "new").write_text("", "utf-8")
    with pytest.raises(OutputError) as caught, disk.writing(tmp_path):
        (tmp_path / "new").replace(tmp_path / "a.csv")
    assert caught.value.filename == str(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (
            FileNotFoundError(errno.ENOENT, "", "facts/towns.csv"),
            "无法读取facts/towns.csv：找不到",
            "Cannot read facts/",
        ),
        (
            FileNotFoundError("facts/land.geojson"),
            "无法读取facts/land.geojson：找不到",
            "Cannot read facts/land.geojson",
        ),
        (
            IsADirectoryError(errno.EISDIR, "", "a.osm"),
            "无法读取a.osm：这是文件夹",
            "Cannot read a.osm: it is a folder",
        ),
        (PermissionError(errno.EACCES, "", "a.xlsx"), "无法读取a.xlsx：没有权限", "Cannot read a.xlsx: no permission"),
        (OSError(errno.EIO, ""), "无法读取某个文件：磁盘", "Cannot read a file: the disk"),
        (OSError(errno.ENOSPC, ""), "无法写入输出结果：磁盘已满", "Cannot write the output: the disk is full"),
        (
            FileExistsError(errno.EEXIST, "", "out"),
            "无法写入out：已有同名的文件",
            "Cannot write out: a file of that name",
        ),
    ],
)
def test_any_other_error_of_the_system_says_whether_it_read_or_wrote(error, zh, en):
    assert disk.system_text(error, "zh").startswith(zh)
    assert disk.system_text(error, "en").startswith(en)
    assert "Errno" not in disk.system_text(error, "both")


def test_every_meaning_has_its_words():
    assert {f"system.{key}" for key in disk._MEANS.values()} | {"system.file", "system.output"} == {
        key for key in WORDS if key.startswith("system.")
    }
