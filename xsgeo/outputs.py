"""Whole files or the old ones: how anything xsgeo writes gets onto the disk.

A page half written is worse than none, because nobody sees that it is half. So every file is written aside in the same
folder, flushed to the disk, and put in place by one rename; where one of several cannot be put in place (a page open in
Excel on Windows), those already placed are taken back. A run killed at any moment leaves each file old or new, never
torn, and what it had written aside is swept by the next run. The manifest comes last: where the hashes in
``manifest.json`` fit the files beside it, that set of files is complete and of one run (`verify`).

One writer at a time: a folder is locked while files are put into it. The lock is the operating system's own (``flock``,
on Windows a locked byte), so that it ends with its process however that ends; a lock file alone would outlive a killed
run and block the next one. The file names its owner, for the message. This is twenty lines of the standard library; the
packages that offer locks do not say who holds one. The lock is held while writing only, a fraction of a second, and a
second run waits for it.

A manifest states what the outputs were made from and by: hashes of the inputs, versions, settings, the reconciliation.
It holds no clock, because the same input has to give the same bytes; who wants a date in it sets ``SOURCE_DATE_EPOCH``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xsgeo.errors import OutputError
from xsgeo.guard import is_device

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import Study

MANIFEST = "manifest.json"
LOCK = ".xsgeo.lock"
WAIT_S = 10.0
"""So long a run waits for another one that is writing into the same folder."""

_ASIDE = ".xsgeo-{pid}-{number}.part"
_STRAYS = ".xsgeo-*.part"
_LIBRARIES = (
    "folium",
    "geopandas",
    "highspy",
    "numpy",
    "opening-hours-py",
    "pandas",
    "pyogrio",
    "pyproj",
    "python-calamine",
    "scikit-learn",
    "scipy",
    "shapely",
    "xlsxwriter",
)


# ---- putting files in place -----------------------------------------------------------------------------------------


def write_files(
    files: Mapping[str, str | bytes],
    folder: str | Path,
    *,
    manifest: Mapping[str, object] | None = None,
    manifest_name: str = MANIFEST,
    wait_s: float = WAIT_S,
) -> list[Path]:
    """Write files into a folder, each put in place at once and only after all of them are on the disk.

    Parameters
    ----------
    files
        Text or bytes by file name.
    folder
        Folder to write to; made when absent.
    manifest
        What to state about the files (`describe`); their hashes are added and it is written last. None for none.
    manifest_name
        Its file name.
    wait_s
        How long to wait for another process that is writing there.

    Returns
    -------
    list of Path
        The files written, in the order given, without the manifest.

    Raises
    ------
    OutputError
        When the disk or the folder refuses, another process holds the folder, or a name is none that every system
        takes. The old files are then whole.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_files({"a.txt": "甲", "b.txt": "乙"}, folder, manifest={})]
    ['a.txt', 'b.txt']
    """
    root = Path(folder)
    data = {name: d.encode("utf-8") if isinstance(d, str) else d for name, d in files.items()}
    if manifest is not None:
        outputs = {name: hashlib.sha256(d).hexdigest() for name, d in sorted(data.items())}
        text = json.dumps({**manifest, "outputs": outputs}, ensure_ascii=False, indent=1)
        data[manifest_name] = (text + "\n").encode("utf-8")
    _check_names(data, root)
    with _in_words(root):
        root.mkdir(parents=True, exist_ok=True)
        with lock(root, wait_s=wait_s):
            for stray in root.glob(_STRAYS):
                stray.unlink()
            _write_aside_and_place(data, root)
    return [root / name for name in files]


def _write_aside_and_place(data: Mapping[str, bytes], root: Path) -> None:
    aside: list[Path] = []
    try:
        for number, content in enumerate(data.values()):
            part = root / _ASIDE.format(pid=os.getpid(), number=number)
            aside.append(part)
            # Never through a link that lies there, and with the rights the user's own files get.
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        _place({part: root / name for part, name in zip(aside, data, strict=True)})
    finally:
        for part in aside:
            part.unlink(missing_ok=True)
    _flush_folder(root)


def _place(moves: Mapping[Path, Path]) -> None:
    """Put every file in place, or none: what was there is kept under a second name until all are."""
    kept: dict[Path, Path] = {}
    done: list[Path] = []
    try:
        for part, final in moves.items():
            if final.exists():
                kept[final] = part.with_suffix(".old.part")
                _keep(final, kept[final])
        for part, final in moves.items():
            part.replace(final)
            done.append(final)
    finally:
        for final in done if len(done) < len(moves) else ():  # something, an interrupt too, came between
            if final in kept:
                kept[final].replace(final)
            else:
                final.unlink(missing_ok=True)
        for copy in kept.values():
            copy.unlink(missing_ok=True)


def _keep(final: Path, copy: Path) -> None:
    try:
        os.link(final, copy)
    except OSError:  # a memory stick has no second names
        shutil.copy2(final, copy)


def _flush_folder(root: Path) -> None:
    """Make the renames themselves last, where the system can; the files are in place either way."""
    with suppress(OSError):
        handle = os.open(root, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_CODES = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EACCES: "refused",
    errno.EPERM: "refused",
    errno.EROFS: "refused",
}


@contextmanager
def _in_words(root: Path) -> Iterator[None]:
    """Say what the system's refusal means for the planner."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        code = _CODES.get(error.errno or 0, "failed")
        reason = error.strerror or str(error)
        raise OutputError(code, path=str(root), reason=reason, number=error.errno) from error


# ---- one writer at a time -------------------------------------------------------------------------------------------


@contextmanager
def lock(folder: Path, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold a folder for writing; the lock ends with the process, however it ends.

    Parameters
    ----------
    folder
        A folder that is there.
    wait_s
        How long to wait for whoever holds it.

    Raises
    ------
    OutputError
        ``busy``, naming the process that holds it.
    """
    path = folder / LOCK
    until = time.monotonic() + wait_s
    while (handle := _take(path)) is None:
        if time.monotonic() >= until:
            pid, host = _owner(path)
            raise OutputError(code="busy", path=str(folder), pid=pid, host=host)
        time.sleep(0.02)
    try:
        yield
    finally:
        if sys.platform != "win32":  # Windows removes no open file, and another run may have it open by then
            path.unlink(missing_ok=True)
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink()


def _take(path: Path) -> int | None:
    """Lock the file and write our name into it; None where another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        # The owner before us may have removed the file between our opening and our locking it.
        if not _lock_handle(handle) or not _is_still(handle, path):
            os.close(handle)
            return None
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode())
    except OSError:
        os.close(handle)
        raise
    return handle


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock_handle(handle: int) -> bool:
        """Lock a byte far behind the text, because Windows lets nobody read a locked one."""
        os.lseek(handle, 2**30, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock_handle(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _owner(path: Path) -> tuple[str, str]:
    try:
        owner = json.loads(path.read_text("utf-8"))
        return str(owner["pid"]), str(owner["host"])
    except (OSError, ValueError, KeyError, TypeError):
        return "?", "?"


# ---- names ----------------------------------------------------------------------------------------------------------

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_LONGEST_STEM, _LONGEST_BYTES = 60, 200


def safe_name(stem: str, suffix: str = "") -> str:
    """File name that Windows, macOS and Linux all take, as like the given one as can be.

    Parameters
    ----------
    stem
        Any text: a venue's name, a cluster id.
    suffix
        Put behind it, with its dot.

    Returns
    -------
    str
        The name itself where it is safe. Else forbidden letters become ``_``, a device's name gets one in front, more
        than 60 characters or 200 bytes are cut, and eight digits of a hash of the whole are added, so that different
        names stay different.

    Examples
    --------
    >>> safe_name("石浦镇 职工之家（一）", ".html")
    '石浦镇 职工之家（一）.html'
    >>> safe_name("NUL", ".csv"), safe_name("a/b:c. ")
    ('_NUL-ae6de182.csv', 'a_b_c-9ddd91af')
    """
    text = unicodedata.normalize("NFC", stem)
    clean = _FORBIDDEN.sub("_", text).rstrip(". ")
    clean = f"_{clean}" if is_device(clean) or not clean else clean
    room = _LONGEST_BYTES - len(suffix.encode())
    if clean == text and len(clean) <= _LONGEST_STEM and len(clean.encode()) <= room:
        return clean + suffix
    mark = "-" + hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    cut = clean[:_LONGEST_STEM].encode()[: room - len(mark)].decode("utf-8", "ignore").rstrip(". ")
    return cut + mark + suffix


def _check_names(names: Iterable[str], root: Path) -> None:
    seen: set[str] = set()
    for name in names:
        odd = _FORBIDDEN.search(name) or name.rstrip(". ") != name or is_device(name)
        if odd or not name or len(name.encode("utf-8", "replace")) > _LONGEST_BYTES or name.casefold() in seen:
            safe = safe_name(Path(name).stem, Path(name).suffix)
            raise OutputError(code="bad_name", path=str(root), name=name, safe=safe)
        seen.add(name.casefold())


# ---- the manifest ---------------------------------------------------------------------------------------------------


def hash_files(root: str | Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of files in a folder, by name; names of files that are not there are left out.

    Parameters
    ----------
    root
        The folder.
    names
        File names within it.
    """
    paths = {name: Path(root) / name for name in sorted(set(names))}
    return {name: _hash(path) for name, path in paths.items() if path.is_file()}


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe(study: Study) -> dict[str, object]:
    """What outputs of a study are made from and by, for a manifest.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    dict
        ``xsgeo``, ``python`` and ``libraries`` (versions), ``inputs`` (SHA-256 by file), ``settings``,
        ``reconciliation`` (one record a table) and, only where ``SOURCE_DATE_EPOCH`` is set, ``made_at``. The same
        study and the same installation give the same text.
    """
    made = {"made_at": _date_asked_for()} if os.environ.get("SOURCE_DATE_EPOCH") else {}
    return {
        **versions(),
        **made,
        "inputs": dict(study.sources),
        "settings": dataclasses.asdict(study.about),
        "reconciliation": _records(study.reconciliation),
    }


def versions() -> dict[str, object]:
    """Versions of xsgeo, Python and the libraries that results depend on."""
    from xsgeo import __version__

    found = {}
    for name in _LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return {"xsgeo": __version__, "python": platform.python_version(), "libraries": found}


def _date_asked_for() -> str:
    seconds = int(os.environ["SOURCE_DATE_EPOCH"])
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC).isoformat()


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    text = frame.reset_index().to_json(orient="records", force_ascii=False)
    return list(json.loads(text))


def verify(folder: str | Path, *, manifest_name: str = MANIFEST) -> list[str]:
    """Names of the files in a folder that are not those its manifest was written for.

    Parameters
    ----------
    folder
        A folder written with a manifest.
    manifest_name
        File name of the manifest.

    Returns
    -------
    list of str
        Missing and changed files; empty when the set is complete and of one run.

    Raises
    ------
    OSError
        When there is no manifest.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write_files({"a.txt": "甲", "b.txt": "乙"}, folder, manifest={})
    ...     whole = verify(folder)
    ...     written = paths[1].write_text("丙", "utf-8")
    ...     whole, verify(folder)
    ([], ['b.txt'])
    """
    root = Path(folder)
    stated = json.loads((root / manifest_name).read_text("utf-8"))["outputs"]
    found = hash_files(root, stated)
    return [name for name, digest in stated.items() if found.get(name) != digest]


# ---- tables ---------------------------------------------------------------------------------------------------------


def write_table(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    study: Study | None = None,
    title: str = "",
    keep_order: bool = False,
    wait_s: float = WAIT_S,
) -> list[Path]:
    """Write a table as CSV, Excel workbook, GeoPackage or JSON, by the suffix of its file, with a manifest beside it.

    Parameters
    ----------
    frame
        The table; its index is written too.
    path
        File to write: ``.csv``, ``.xlsx``, ``.gpkg`` or ``.json``.
    study
        What the table was made from, for the manifest.
    title
        Name of the sheet or layer; the file's own when empty.
    keep_order
        Whether the order of rows means something. Rows are sorted by their index when it does not, so that the same
        rows give the same bytes.
    wait_s
        How long to wait for another process that is writing into the folder.

    Returns
    -------
    list of Path
        The table and its manifest, ``<file>.manifest.json``; that also names the cells of a CSV file which were
        prefixed, because a spreadsheet would have run them as formulas.

    Raises
    ------
    OutputError
        When the suffix is none of those, or the disk or the folder refuses. The old file is then whole.

    Examples
    --------
    >>> import pandas as pd
    >>> from tempfile import TemporaryDirectory
    >>> table = pd.DataFrame({"n_workers": [80, 100]}, index=pd.Index(["g2", "g1"], name="group_id"))
    >>> with TemporaryDirectory() as folder:
    ...     files = write_table(table, Path(folder, "groups.csv"))
    ...     text = files[0].read_text("utf-8-sig")
    >>> [file.name for file in files], text.splitlines()
    (['groups.csv', 'groups.csv.manifest.json'], ['group_id,n_workers', 'g1,100', 'g2,80'])
    """
    from xsgeo import export

    target = Path(path)
    writer = export.WRITERS.get(target.suffix.lower())
    if writer is None:
        raise OutputError(code="no_format", path=str(target), suffix=target.suffix, known=" ".join(export.WRITERS))
    ready = export.plain(frame if keep_order else export.ordered(frame))
    data, changed = writer(ready, title or target.stem)
    about = {**(versions() if study is None else describe(study)), "rows": len(ready), "changed_cells": changed}
    name = target.name + "." + MANIFEST
    written = write_files({target.name: data}, target.parent, manifest=about, manifest_name=name, wait_s=wait_s)
    return [*written, target.with_name(name)]
