"""What is said when files are written."""

from __future__ import annotations

WORDS = {
    "output.disk_full": (
        "无法写入：“{path}”所在的磁盘已满（{reason}）。原有文件未改动，请腾出空间后再试。",
        'Cannot write: the disk of "{path}" is full ({reason}). The old files are as they were. Make room first.',
    ),
    "output.refused": (
        "无法写入：没有权限写“{path}”，或其中的文件正被Excel、浏览器等打开（{reason}）。原有文件未改动。",
        'Cannot write: no permission for "{path}", or one of its files is open in Excel or elsewhere ({reason}). '
        "The old files are as they were.",
    ),
    "output.failed": (
        "无法写入：“{path}”（{reason}）。原有文件未改动。",
        'Cannot write: "{path}" ({reason}). The old files are as they were.',
    ),
    "output.busy": (
        "无法写入：另一个xsgeo（{host}上的进程{pid}）正在写“{path}”。请等它结束后再试。",
        'Cannot write: another xsgeo (process {pid} on {host}) is writing to "{path}". Try again when it has ended.',
    ),
    "output.bad_name": (
        "无法写入：“{name}”不能作文件名（Windows不认，或与另一个文件重名）。可改为“{safe}”。",
        'Cannot write: "{name}" cannot be a file name (Windows refuses it, or another file has it). '
        'It could be "{safe}".',
    ),
    "output.no_format": (
        "无法写入：不会写“{suffix}”文件（{path}），只会写{known}。",
        'Cannot write: "{suffix}" is no format for a table ({path}); there are {known}.',
    ),
}
