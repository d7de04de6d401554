"""What is said when files are written, and when the system refuses to read or to write one."""

from __future__ import annotations

WORDS = {
    "output.disk_full": (
        "无法写入：“{path}”所在的磁盘已满。原有文件未改动，请腾出空间后再试。",
        'Cannot write: the disk of "{path}" is full. The old files are as they were. Make room first.',
    ),
    "output.refused": (
        "无法写入：没有权限写“{path}”，或其中的文件正被Excel、浏览器等打开（{reason}）。原有文件未改动，"
        "请关掉打开的文件，或换一个能写的文件夹。",
        'Cannot write: no permission for "{path}", or one of its files is open in Excel or elsewhere ({reason}). '
        "The old files are as they were. Close what is open, or choose another folder.",
    ),
    "output.failed": (
        "无法写入“{path}”：{reason}。原有文件未改动，请换个文件名或文件夹再试。",
        'Cannot write "{path}": {reason}. The old files are as they were. Choose another name or folder.',
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
    "cli.cannot_read": (
        "无法读取{path}：{reason}。请核对文件名和读取权限；正被别的程序打开的先关掉，网络盘、U盘要连好。",
        "Cannot read {path}: {reason}. Check the name, the permission, and that no other program holds it; a network "
        "drive or memory stick has to be connected.",
    ),
    "cli.cannot_write": (
        "无法写入{path}：{reason}。原有文件未改动，请腾出空间，或换个文件夹再试。",
        "Cannot write {path}: {reason}. The old files are as they were. Make room, or choose another folder.",
    ),
    "system.file": ("某个文件", "a file"),
    "system.output": ("输出结果", "the output"),
    "system.absent": ("找不到这个文件或文件夹", "there is no such file or folder"),
    "system.exists": ("已有同名的文件", "a file of that name is in the way"),
    "system.is_folder": ("这是文件夹，不是文件", "it is a folder, not a file"),
    "system.not_folder": ("路径当中有一段是文件，不是文件夹", "a part of its path is a file, not a folder"),
    "system.refused": ("没有权限，或正被别的程序占用", "no permission, or another program holds it"),
    "system.read_only": ("磁盘只能读，不能写", "the disk is read-only"),
    "system.busy": ("正被占用", "it is in use"),
    "system.full": ("磁盘已满", "the disk is full"),
    "system.too_large": ("文件太大，这个磁盘存不下", "the file is too large for this disk"),
    "system.broken": ("磁盘或网络盘出错", "the disk or the network drive failed"),
    "system.long_name": ("文件名太长", "the name is too long"),
    "system.many_files": ("打开的文件太多", "too many files are open"),
}
