"""One writer at a time: a folder is locked while files are put into it.

The lock is the operating system's own (``flock``, on Windows a locked byte), so that it ends with its process however
that ends; a lock file alone would outlive a killed run and block the next one. The file names its owner, for the
message. This is a few lines of the standard library; the packages that offer locks do not say who holds one. The lock
is held while writing only, a fraction of a second, and a second run waits for it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xsgeo.errors import OutputError

LOCK = ".xsgeo.lock"
WAIT_S = 10.0
"""So long a run waits for another one that is writing into the same folder."""


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

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with lock(Path(folder)):
    ...         held = [path.name for path in Path(folder).iterdir()]
    ...     held, list(Path(folder).iterdir())
    (['.xsgeo.lock'], [])
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
