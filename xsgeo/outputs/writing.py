"""Files put in place at once and only when all of them are on the disk, and the manifest last.

Where the hashes in ``manifest.json`` fit the files beside it, that set of files is complete and of one run
(`xsgeo.outputs.verify`). Nothing is written through a link that lies in the way, and the system's refusals are told in
a planner's words.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from xsgeo.disk import writing
from xsgeo.outputs.locks import WAIT_S, lock
from xsgeo.outputs.names import check_names

MANIFEST = "manifest.json"
_ASIDE = ".xsgeo-{pid}-{number}.part"
_STRAYS = ".xsgeo-*.part"


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
    check_names(data, root)
    with writing(root):
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
