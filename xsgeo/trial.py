"""Parse one file in a process of its own, under limits, and say by the exit code whether it could be done.

A 10 KB workbook can make a parser ask for half a terabyte and take the whole program with it: the parser is native
code, and an allocation it cannot get ends the process before Python sees an exception. So `xsgeo.guard` first runs this
file as a child. A file that the child parses within its limits is then parsed again by the reader in the usual way,
which needs no more than the child did; nothing but an exit code comes back, so there is no protocol to get wrong.

Run by path and in safe-path mode, this file imports nothing of xsgeo and nothing from the current folder: a child
starts in some 30 ms, and a ``python_calamine.py`` lying in a study folder is not what it imports.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

PASSED, OVER_LIMIT = 0, 9


def main(arguments: list[str]) -> int:
    """Parse ``[kind, path, extra megabytes, CPU seconds]`` and return the exit code.

    Parameters
    ----------
    arguments
        Kind of file (``workbook``, ``layer`` or ``parquet``), its path, the megabytes that parsing may take beyond
        what the libraries themselves take, and the seconds of CPU.

    Returns
    -------
    int
        0 when it could be parsed, or when the parser refused it in an orderly way, which the reader will then report;
        9 when a limit was met. A limit may also end the process at once, with another code.
    """
    kind, path, megabytes, seconds = arguments
    try:
        parse = _PARSERS[kind]()
        limit(int(megabytes), int(seconds))
        parse(path)
    except MemoryError:
        return OVER_LIMIT
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        # GDAL words its want of memory as an ordinary error; calamine's errors are orderly refusals.
        return OVER_LIMIT if "memory" in str(error).lower() else PASSED
    return PASSED


def limit(megabytes: int, seconds: int) -> None:
    """Take away memory and CPU from this process, where the system can; Windows has only the parent's stop-watch."""
    try:
        import resource
    except ImportError:
        return
    status = Path("/proc/self/statm")
    held = int(status.read_bytes().split()[0]) * resource.getpagesize() if status.exists() else 0
    memory = held + megabytes * 2**20
    for kind, soft in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        below = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
        resource.setrlimit(kind, (below, hard))


def _workbook() -> Callable[[str], None]:
    from python_calamine import CalamineError, CalamineWorkbook

    def by_content(path: str) -> CalamineWorkbook:
        return CalamineWorkbook.from_filelike(BytesIO(Path(path).read_bytes()))

    def parse(path: str) -> None:
        for opened in (CalamineWorkbook.from_path, by_content):  # the second for a file whose suffix is wrong
            try:
                book = opened(path)
            except CalamineError:
                continue
            for name in book.sheet_names:
                with suppress(CalamineError):
                    book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            return

    return parse


def _layer() -> Callable[[str], None]:
    from pyogrio import list_layers, raw

    def parse(path: str) -> None:
        for name, _ in list_layers(path):
            raw.read(path, layer=name)

    return parse


def _parquet() -> Callable[[str], None]:
    import geopandas as gpd

    def parse(path: str) -> None:
        gpd.read_parquet(path)

    return parse


_PARSERS: Mapping[str, Callable[[], Callable[[str], None]]] = MappingProxyType(
    {"workbook": _workbook, "layer": _layer, "parquet": _parquet}
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
