"""What the system refuses, in a planner's words: which file, whether it was to be read or written, why, what to do.

``[Errno 13] Permission denied`` is no answer for somebody who has the ledger open in Excel. What is read or written is
therefore wrapped in `reading` or `writing`, which know which of the two it was; the number of the system's error does
not say. A file of a study that cannot be read is a fault like the others, so that it is told together with them;
what cannot be written leaves the old files as they were, and says so.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from xsgeo.catalogue import Language, say
from xsgeo.errors import Fault, OutputError, StudyError, phrase

_MEANS: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOENT: "absent",
        errno.EEXIST: "exists",
        errno.EISDIR: "is_folder",
        errno.ENOTDIR: "not_folder",
        errno.EACCES: "refused",
        errno.EPERM: "refused",
        errno.EROFS: "read_only",
        errno.EBUSY: "busy",
        errno.ENOSPC: "full",
        errno.EDQUOT: "full",
        errno.EFBIG: "too_large",
        errno.EIO: "broken",
        errno.ESTALE: "broken",
        errno.ENAMETOOLONG: "long_name",
        errno.EMFILE: "many_files",
        errno.ENFILE: "many_files",
    }
)
"""What a number of the system's means, as a key of the catalogue under ``system.``."""

_CODES: Mapping[str, str] = MappingProxyType({"full": "disk_full", "refused": "refused", "read_only": "refused"})
"""Which message of those under ``output.`` says it best."""

_ONLY_WRITING = frozenset({"exists", "read_only", "full", "too_large"})


def meaning(error: OSError) -> str:
    """Return what the system's refusal means, as a detail of a fault, which is said in the reader's language.

    Parameters
    ----------
    error
        What the system raised.

    Examples
    --------
    >>> from xsgeo.errors import Fault
    >>> fault = Fault("a.csv", 0, "", "", "cannot_read", (("reason", meaning(IsADirectoryError(errno.EISDIR, ""))),))
    >>> fault.values("zh")["reason"], fault.values("en")["reason"]
    ('这是文件夹，不是文件', 'it is a folder, not a file')
    """
    key = _key(error)
    return phrase(f"system.{key}") if key else phrase("place.text", text=_own_words(error))


def _own_words(error: OSError) -> str:
    return error.strerror or str(error)


def _key(error: OSError) -> str:
    """Key of what is meant; Python's own ``FileNotFoundError(path)`` has no number."""
    return _MEANS.get(error.errno or 0, "absent" if isinstance(error, FileNotFoundError) else "")


@contextmanager
def reading(path: Path, name: str = "") -> Iterator[None]:
    """Say in words that a file cannot be read, and why.

    Parameters
    ----------
    path
        The file.
    name
        Name to show in messages; the path's when empty.

    Raises
    ------
    StudyError
        ``cannot_read``, in the place of what the system raised.

    Examples
    --------
    >>> with reading(Path("no such file.csv")):  # doctest: +IGNORE_EXCEPTION_DETAIL
    ...     Path("no such file.csv").read_bytes()
    Traceback (most recent call last):
    ...
    xsgeo.errors.StudyError: 1 faults found:
    ...
    """
    try:
        yield
    except OSError as error:
        raise StudyError([Fault(name or str(path), 0, "", "", "cannot_read", (("reason", meaning(error)),))]) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in words that something cannot be written, and why.

    Parameters
    ----------
    path
        Folder or file that is written to; where the system names the file that it would not put in place, that one is
        named.

    Raises
    ------
    OutputError
        In the place of what the system raised.

    Examples
    --------
    >>> with writing(Path("out")):  # doctest: +IGNORE_EXCEPTION_DETAIL
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    ...
    xsgeo.errors.OutputError: ...
    """
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        key = _key(error)
        code = _CODES.get(key, "failed")
        # The first of two names, and most single ones, are those of files written aside, which nobody knows.
        named = str(error.filename2 or (error.filename if key == "is_folder" else "") or path)
        raise OutputError(code, path=named, reason=meaning(error), number=error.errno) from error


def system_text(error: OSError, language: Language = "zh") -> str:
    """Say an error of the system that met neither `reading` nor `writing`.

    Whatever is written goes through `xsgeo.outputs`, which has its own words, so what is left was being read, unless
    its kind is one that only writing meets.

    Parameters
    ----------
    error
        What the system raised.
    language
        Language of the sentence.

    Examples
    --------
    >>> system_text(FileNotFoundError(errno.ENOENT, "No such file or directory", "facts/towns.csv"), "en")
    'Cannot read facts/towns.csv: there is no such file or folder. Check the name, the permission, and that no other \
program holds it; a network drive or memory stick has to be connected.'
    """
    is_written = _key(error) in _ONLY_WRITING
    named = error.filename2 or error.filename or (error.errno is None and error.args and error.args[0])
    path = str(named or say("system.output" if is_written else "system.file", language))
    meant = _key(error)
    reason = say(f"system.{meant}", language) if meant else _own_words(error)
    return say("cli.cannot_write" if is_written else "cli.cannot_read", language, path=path, reason=reason)
