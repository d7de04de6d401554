"""Refuse a hostile file before a parser sees it.

A study folder comes by e-mail from eighteen offices, so anything may be in it. A 10 KB workbook with one value in its
last cell makes the parser ask for half a terabyte and aborts the process; 1.5 MB of shared strings unpack to 1.5 GB; a
file name may be a URL that the GIS library opens. None of that raises an exception one could catch. So `check_file` is
called on every file before anything parses it, and works in two steps.

*A scan*, streaming and in constant memory. A zip container must be plain (one directory at its end that says the
truth, no part twice, none overlapping), hold few parts, and unpack to 200 MB at most and 100 times its size at most,
counted by unpacking and not by what it claims; no XML part may declare entities; no value may stand alone in a far
corner. What a sheet says of its own extent (``<dimension>``) is no evidence: honest programs write the whole sheet
there.
Text files are measured for their cells and their nesting. A GeoPackage must be one, since GDAL opens whatever the
content says and not what the suffix says, and must hold plain tables alone: a view of four lines yields rows for ever.

*A trial*: workbooks, and layers too large to be proven good by their schema, are parsed once in a child
process with limits of memory and CPU (`xsgeo.trial`). What passes there is parsed again by the reader, which then needs
no more; what does not, ends the child and not the program. The child costs about 30 ms besides the second parsing. CPU
seconds are counted rather than the clock's, so that a busy computer refuses nothing more; on Windows a child has a
stop-watch only.

Everything refused is a `StudyError` that names the file and says what to do.
"""

from __future__ import annotations

import re
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from xsgeo.disk import reading
from xsgeo.errors import Fault, StudyError


@dataclass(frozen=True)
class Limits:
    """What a file may be and ask for.

    Attributes
    ----------
    file_mb
        Size of a file on the disk, in megabytes.
    layer_mb
        Size of a GeoPackage or Parquet file, in megabytes.
    unpacked_mb
        Size of everything in a zip container, unpacked, in megabytes.
    ratio
        Unpacked to packed size of a container; one that unpacks to less than 10 MB may have any.
    n_parts
        Parts of a container.
    n_cells
        Cells of a table.
    depth
        Nesting of JSON.
    trial_mb, trial_s
        Memory and CPU seconds that parsing a workbook may take. A layer gets more by its size on the disk, since
        nothing in it is packed.
    """

    file_mb: int = 200
    layer_mb: int = 1000
    unpacked_mb: int = 200
    ratio: int = 100
    n_parts: int = 5000
    n_cells: int = 20_000_000
    depth: int = 64
    trial_mb: int = 400
    trial_s: int = 4


LIMITS = Limits()
"""The limits in force: a workbook of some three million cells passes."""

_SETTINGS_FILE = "study.toml"
_MB = 2**20
_CHUNK = 2**20
_SMALL_MB = 10
_ZIP, _OLE, _SQLITE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\x00"
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}) | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"
}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def inside(root: Path, name: str) -> Path:
    r"""Resolve a file name that a study gives, refusing whatever leads out of the study's folder.

    Parameters
    ----------
    root
        The study folder.
    name
        File name as it stands in ``study.toml``.

    Returns
    -------
    Path
        The resolved path. Whether there is a file is not asked.

    Raises
    ------
    StudyError
        ``outside_folder`` for URLs, ``/vsi...`` names of GDAL, network shares, drives, absolute paths, ``..`` and
        symbolic links that lead out; ``device_name`` for names that Windows takes for a device.

    Examples
    --------
    >>> inside(Path("data"), "venues.csv").name
    'venues.csv'
    >>> inside(Path("data"), r"\\server\share\venues.csv")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    xsgeo.errors.StudyError: 1 faults found:
    ...
    """
    # Words first: merely resolving a network share would already call the server.
    slashed = name.replace("\\", "/")
    if "\0" in name or ":" in name or slashed.startswith("/") or PureWindowsPath(name).drive:
        raise _refusal(_SETTINGS_FILE, "outside_folder", name, column="file")
    if any(is_device(part) for part in PurePosixPath(slashed).parts):
        raise _refusal(_SETTINGS_FILE, "device_name", name, column="file")
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise _refusal(_SETTINGS_FILE, "outside_folder", name, column="file")
    return path


def is_device(name: str) -> bool:
    """Whether Windows takes a file name for a device, whatever its suffix.

    Examples
    --------
    >>> is_device("NUL.csv"), is_device("com1"), is_device("console.csv")
    (True, True, False)
    """
    return name.split(".", maxsplit=1)[0].rstrip(" ").lower() in _DEVICES


def check_file(path: Path, name: str, *, limits: Limits = LIMITS) -> None:
    """Refuse a file that would harm whoever parses it.

    Parameters
    ----------
    path
        A file that is there.
    name
        Name to show in messages.
    limits
        What a file may ask for.

    Raises
    ------
    StudyError
        Naming the file, what is wrong with it and what to do.
    """
    with reading(path, name):
        _check(path, name, limits)


def _check(path: Path, name: str, limits: Limits) -> None:
    suffix = path.suffix.lower()
    is_layer = suffix in {".gpkg", ".parquet"}
    allowed_mb = limits.layer_mb if is_layer else limits.file_mb
    size = path.stat().st_size
    if size > allowed_mb * _MB:
        raise _refusal(name, "file_too_large", f"{size / _MB:.0f} MB", limit=f"{allowed_mb} MB")
    with path.open("rb") as stream:
        head = stream.read(16)
        stream.seek(0)
        if head.startswith(_ZIP):
            _check_zip(stream, name, limits)
        elif suffix in {".geojson", ".json"}:
            _check_nesting(stream, name, limits)
        elif suffix == ".csv":
            _check_rows(stream, name, limits)
        elif head.startswith(_OLE) and suffix == ".xlsx":
            _check_password(stream, name)
    if suffix == ".gpkg":
        if not _is_proven_geopackage(path, name):
            _try(path, name, "layer", limits)
    elif suffix == ".parquet":
        _try(path, name, "parquet", limits)
    elif head.startswith((_ZIP, _OLE)) or suffix in {".xlsx", ".xls", ".ods"}:
        _try(path, name, "workbook", limits)


def check_cells(name: str, n_rows: int, n_columns: int, *, limits: Limits = LIMITS) -> None:
    """Refuse a table that would be large although its file is small, as rows that each bring a column of their own.

    Parameters
    ----------
    name
        Name to show in messages.
    n_rows, n_columns
        The table that is about to be made.
    limits
        What a file may ask for.

    Raises
    ------
    StudyError
        When rows times columns pass the limit.

    Examples
    --------
    >>> check_cells("台账.csv", 2000, 30)
    """
    if n_rows * n_columns > limits.n_cells:
        raise _refusal(name, "too_many_cells", f"{n_rows:,} × {n_columns:,}", limit=f"{limits.n_cells:,}")


def _refusal(name: str, code: str, value: str = "", *, column: str = "", **details: str) -> StudyError:
    return StudyError([Fault(name, 0, column, value, code, tuple(details.items()))])


# ---- zip containers -------------------------------------------------------------------------------------------------

_END = b"PK\x05\x06"
_LONG_END, _LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
_LARGEST_DIRECTORY = 4 * _MB
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MEDIA = ("/media/", "/embeddings/")
_MARKUP = (".xml", ".rels", ".vml")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FAR = re.compile(rb'r="([A-Z]{3}[0-9]{1,7}|[A-Z]{1,2}[0-9]{7})"')
_ROW = b"<row "
_OVERLAP = 128
_MOST_FAR = 1000  # in one piece: enough to name one
_SPARSE = 100  # rows of the sheet for each that holds something


def _check_zip(stream: BinaryIO, name: str, limits: Limits) -> None:
    parts = _directory(stream, name, limits)
    size = stream.seek(0, 2)
    budget = min(limits.unpacked_mb * _MB, max(limits.ratio * size, _SMALL_MB * _MB))
    if sum(p.file_size for p in parts) > budget:
        raise _bomb(name, sum(p.file_size for p in parts), size, limits)
    unpacked = 0
    for part in parts:
        here = 0
        scan = _Scan(part.filename, name)
        for piece in _unpack(stream, part, name):
            here += len(piece)
            if unpacked + here > budget:
                raise _bomb(name, unpacked + here, size, limits)
            scan.take(piece)
        if here != part.file_size:
            raise _refusal(name, "odd_container", part.filename)
        scan.end(limits)
        unpacked += here


def _bomb(name: str, unpacked: int, size: int, limits: Limits) -> StudyError:
    return _refusal(
        name,
        "zip_bomb",
        f"{size / _MB:.1f} MB → {unpacked / _MB:.0f} MB",
        limit=f"{limits.unpacked_mb} MB",
        ratio=str(limits.ratio),
    )


def _directory(stream: BinaryIO, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """Parts of a container that every reader of zip files sees in the same way.

    Readers differ in which of two directories they take, and Python's reads a directory of any length, so the end
    record is checked first.
    """
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT))
    tail = stream.read()
    if tail[-_END_BYTES:-18] != _END or tail.count(_END) != 1 or not tail.endswith(b"\0\0"):
        raise _refusal(name, "odd_container", "zip")
    count, directory_bytes, offset = struct.unpack("<H2L", tail[-12:-2])
    end_bytes = _END_BYTES
    if tail[-42:-38] == _LOCATOR:  # programs that stream write the long form even of a short directory
        end_bytes += 76
        record = tail[-end_bytes:-42]
        if record[:4] != _LONG_END or len(record) != 56 or tail[-34:-26] != struct.pack("<Q", size - end_bytes):
            raise _refusal(name, "odd_container", "zip")
        count, directory_bytes, offset = struct.unpack("<3Q", record[32:])
    if offset + directory_bytes != size - end_bytes:
        raise _refusal(name, "odd_container", "zip")
    if count > limits.n_parts or directory_bytes > _LARGEST_DIRECTORY:
        raise _refusal(name, "too_many_parts", str(count), limit=str(limits.n_parts))
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = sorted(archive.infolist(), key=lambda p: p.header_offset)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _refusal(name, "unreadable_file", str(error)) from error
    if len({p.filename.replace("\\", "/").lower() for p in parts}) != len(parts) or len(parts) != count:
        raise _refusal(name, "odd_container", "zip")
    if any(one.header_offset + one.compress_size > other.header_offset for one, other in pairwise(parts)):
        raise _refusal(name, "odd_container", "zip")
    for part in parts:
        if part.flag_bits & 1:
            raise _refusal(name, "locked_workbook")
        if part.compress_type not in _METHODS:
            raise _refusal(name, "odd_container", part.filename)
    return parts


def _unpack(stream: BinaryIO, part: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Bytes of one part, as far as its packed bytes give any, whatever size it claims."""
    stream.seek(part.header_offset)
    header = stream.read(30)
    if len(header) < 30 or not header.startswith(_ZIP):
        raise _refusal(name, "odd_container", part.filename)
    stream.seek(sum(struct.unpack("<2H", header[26:30])), 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = stream.read(min(left, _CHUNK))
        if not packed:
            raise _refusal(name, "odd_container", part.filename)
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        full = True
        while full:
            try:
                piece = inflate.decompress(packed, _CHUNK)
            except zlib.error as error:
                raise _refusal(name, "unreadable_file", str(error)) from error
            full, packed = len(piece) == _CHUNK, inflate.unconsumed_tail
            yield piece


class _Scan:
    """What one part of a container says, seen piece by piece."""

    def __init__(self, part: str, name: str) -> None:
        self.part, self.name = part, name
        inner = "/" + part.replace("\\", "/").lower()
        self.is_media = any(folder in inner for folder in _MEDIA)
        self.is_markup = inner.endswith(_MARKUP) and not self.is_media
        self.n_rows = 0
        self.far, self.far_cells = "", 0
        self.rest = b""

    def take(self, piece: bytes) -> None:
        """Look at the next piece, together with the end of the one before."""
        first = not self.rest
        text = self.rest + piece
        self.rest = text[-_OVERLAP:]
        if first and not self.is_media and text.startswith(_ZIP):
            raise _refusal(self.name, "nested_zip", self.part)
        if not self.is_markup:
            return
        if first and (b"\0" in text[:64] or text[:2] in {b"\xff\xfe", b"\xfe\xff"}):
            raise _refusal(self.name, "odd_container", self.part)
        if b"<!" in text and _DECLARATION.search(text):
            raise _refusal(self.name, "xml_entities", self.part)
        self.n_rows += piece.count(_ROW)
        for found in islice(_FAR.finditer(text), _MOST_FAR):
            row, column = _row_column(found.group(1).decode())
            if row * column > self.far_cells:
                self.far, self.far_cells = found.group(1).decode(), row * column

    def end(self, limits: Limits) -> None:
        """Refuse a value so far out that the sheet would be nearly all blank and yet too large."""
        row, _ = _row_column(self.far) if self.far else (0, 0)
        if self.far_cells > limits.n_cells or row > _SPARSE * (self.n_rows + _SPARSE):
            raise _refusal(self.name, "far_cell", self.far)


def _row_column(cell: str) -> tuple[int, int]:
    """Row and column of a reference like ``XFD1048576``, both from 1."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :]), column


def _check_password(stream: BinaryIO, name: str) -> None:
    if _ENCRYPTED in stream.read(_CHUNK):
        raise _refusal(name, "locked_workbook")


# ---- text and layers ------------------------------------------------------------------------------------------------


def _check_rows(stream: BinaryIO, name: str, limits: Limits) -> None:
    cells = lines = 0
    while chunk := stream.read(_CHUNK):
        if (place := chunk.find(b"\0")) >= 0:
            line = lines + chunk[:place].count(b"\n") + 1
            raise StudyError([Fault(name, line, "", repr(chunk[place : place + 8]), "not_text")])
        lines += chunk.count(b"\n")
        cells += chunk.count(b",") + chunk.count(b"\n") + chunk.count(b"\r")
        check_cells(name, cells, 1, limits=limits)


def _check_nesting(stream: BinaryIO, name: str, limits: Limits) -> None:
    """Depth and number of values of a JSON text; brackets within strings do not count."""
    import numpy as np

    depth = values = in_string = 0
    while chunk := stream.read(_CHUNK):
        if (len(chunk) - len(chunk.rstrip(b"\\"))) % 2:
            chunk += stream.read(1)
        if b"\\" in chunk:
            chunk = re.sub(rb"\\.", b"..", chunk, flags=re.DOTALL)
        letters = np.frombuffer(chunk, dtype=np.uint8)
        quotes = np.cumsum(letters == ord('"')) + in_string
        outside = quotes % 2 == 0
        opening = outside & ((letters == ord("[")) | (letters == ord("{")))
        closing = outside & ((letters == ord("]")) | (letters == ord("}")))
        depths = depth + np.cumsum(opening.astype(np.int64) - closing)
        values += int(opening.sum()) + chunk.count(b",")
        if depths.max() > limits.depth:
            raise _refusal(name, "too_deep", str(depths.max()), limit=str(limits.depth))
        check_cells(name, values, 1, limits=limits)
        depth, in_string = int(depths[-1]), int(quotes[-1]) % 2


_APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")
_SQLITE_STEPS = 50_000_000
_LONGEST_DEFAULTS = 500_000_000
_COMPUTED = re.compile(r"^create virtual table .*\busing\s+(?!\"?rtree\b)|^create table .*\bas\s*\(", re.DOTALL)


def _is_proven_geopackage(path: Path, name: str) -> bool:
    """Whether reading takes no more than the size of the file warrants; False where that would take long to tell.

    A file is refused whose schema makes cells out of nothing: views, virtual tables and computed columns, and default
    values so long that the rows which take them would be many times the file.
    """
    with path.open("rb") as stream:
        head = stream.read(100)
    if not head.startswith(_SQLITE) or head[68:72] not in _APPLICATION_IDS:
        raise _refusal(name, "not_geopackage", name)
    steps = iter(range(_SQLITE_STEPS // 1000))
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.set_progress_handler(lambda: next(steps, None) is None, 1000)
            schema = base.execute("SELECT type, name, lower(coalesce(sql, '')) FROM sqlite_master").fetchall()
            for kind, table, sql in schema:
                if kind == "view" or _COMPUTED.search(sql):
                    raise _refusal(name, "not_geopackage", table)
                if kind == "table" and not sql.startswith("create virtual"):
                    quoted = table.replace('"', '""')
                    # count(*) would not stop at the limit of steps
                    (rows,) = base.execute(f'SELECT sum(1) FROM "{quoted}"').fetchone()  # noqa: S608
                    if "default" in sql and (rows or 0) * len(sql) > _LONGEST_DEFAULTS:
                        raise _refusal(name, "not_geopackage", table)
    except sqlite3.Error:
        return False
    return True


# ---- the trial ------------------------------------------------------------------------------------------------------

_PATIENCE = 5


def _try(path: Path, name: str, kind: str, limits: Limits) -> None:
    """Parse a file in a child process with limits; without a Python to start one, the scan has to do."""
    if not Path(sys.executable).stem.lower().startswith("python"):
        return
    size_mb = path.stat().st_size / _MB
    megabytes = limits.trial_mb + (0 if kind == "workbook" else int(12 * size_mb))
    seconds = limits.trial_s + (0 if kind == "workbook" else int(size_mb / 5))
    trial = Path(__file__).with_name("trial.py")
    command = [sys.executable, "-P", str(trial), kind, str(path), str(megabytes), str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603  # our own file, run by our own interpreter, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE * seconds,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        done = -1
    if done != 0:
        raise _refusal(name, "too_costly", name, megabytes=str(megabytes), seconds=str(seconds))
