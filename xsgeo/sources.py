"""The files of each table: eighteen town offices send eighteen workbooks, each in its own datum.

``study.toml`` names the files of a table singly, in a list or by a pattern, and may say of each what else would be said
of the whole table: its datum, its sheet, a value for a column that the file does not have::

    [tables.venues]
    datum = "WGS-84"
    files = ["ledgers/*.xlsx", { file = "ledgers/石浦.xlsx", datum = "GCJ-02" }]

A file that is named and also fits a pattern is read once, as named. Files are read in the order of their names, so the
order of the list changes nothing. What leads out of the study's folder is refused file by file (`xsgeo.guard.inside`),
whatever pattern found it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from xsgeo import guard
from xsgeo.errors import Fault, StudyError, phrase
from xsgeo.readers import READERS
from xsgeo.schemas import TABLES, Table

SETTINGS_FILE = "study.toml"

_OF_FILE = frozenset({"sheet", "datum"})
_OF_TABLE = frozenset({"file", "files"})
_PROVENANCE = frozenset({"basis", "as_of", "source"})
_WILD = frozenset("*?[")
_SCRATCH = ("~$", ".")
"""How the names begin of what Excel and the system leave beside a workbook that is open."""


@dataclass(frozen=True, order=True)
class Source:
    """One file of a table.

    Attributes
    ----------
    name
        File name inside the study folder, with slashes.
    sheet
        Sheet of a workbook or layer of a GeoPackage; the first one that fits when empty.
    path
        Where it lies.
    given
        Datum, and the value of columns that the file does not have.
    """

    name: str
    sheet: str
    path: Path = field(compare=False)
    given: Mapping[str, str] = field(compare=False, default_factory=dict)


def table_entries(settings: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], list[Fault]]:
    """What ``study.toml`` says of each table, and what in it cannot be.

    Parameters
    ----------
    settings
        The parsed file.

    Returns
    -------
    entries
        By table; a table that is not mentioned has none.
    faults
        Tables and keys that nobody knows.

    Examples
    --------
    >>> table_entries({"tables": {"venue": {}}})[1][0].code
    'unknown_setting'
    """
    tables = settings.get("tables", {})
    if not isinstance(tables, Mapping):
        return {}, [_wrong("tables", tables, "setting.section")]
    entries: dict[str, Mapping[str, Any]] = {}
    faults = []
    for name, entry in tables.items():
        if name not in TABLES:
            faults.append(Fault(SETTINGS_FILE, 0, f"tables.{name}", name, "unknown_setting"))
        elif not isinstance(entry, Mapping):
            faults.append(_wrong(f"tables.{name}", entry, "setting.section"))
        else:
            entries[name] = entry
            faults += list(_wrong_keys(f"tables.{name}", entry, TABLES[name], more=_OF_TABLE))
    return entries, faults


def _wrong_keys(place: str, entry: Mapping[str, Any], table: Table, *, more: Iterable[str]) -> Iterator[Fault]:
    known = {*table.columns, *_PROVENANCE, *_OF_FILE, *more}
    for key, value in entry.items():
        if key not in known:
            yield Fault(SETTINGS_FILE, 0, f"{place}.{key}", key, "unknown_setting")
        elif isinstance(value, list | Mapping) and key not in _OF_TABLE:
            yield _wrong(f"{place}.{key}", value, "setting.text")


def _wrong(place: str, value: object, reason: str) -> Fault:
    return Fault(SETTINGS_FILE, 0, place, str(value), "wrong_setting", (("reason", phrase(reason)),))


def sources_of(root: Path, table: Table, entry: Mapping[str, Any]) -> tuple[list[Source], list[Fault]]:
    """Find the files of one table.

    Parameters
    ----------
    root
        The study folder.
    table
        Declaration of the table.
    entry
        What ``study.toml`` says of it.

    Returns
    -------
    sources
        In the order of their names; none for an optional table that is neither named nor there.
    faults
        Files that are missing, listed twice or outside the folder.
    """
    shared = {k: str(v) for k, v in entry.items() if k not in _OF_TABLE}
    listed = [item for key in ("file", "files") for item in _items(entry.get(key, []))]
    if not any(key in entry for key in _OF_TABLE):
        usual = _usual_file(root, table)
        listed = [usual] if usual else []
    faults: list[Fault] = []
    singly: dict[tuple[Path, str], Source] = {}
    by_pattern: dict[tuple[Path, str], Source] = {}
    for item in listed:
        try:
            name, given = _named(item, shared, table)
            found = list(_found(root, name))
        except StudyError as error:
            faults += error.faults
            continue
        is_pattern = found != [name]
        for one in found:
            try:
                source = _source(root, one, given)
            except StudyError as error:
                faults += error.faults
                continue
            key = (source.path, source.sheet)
            if key in singly and not is_pattern:
                faults.append(Fault(SETTINGS_FILE, 0, f"tables.{table.name}.files", one, "repeated_file"))
            (by_pattern if is_pattern else singly)[key] = source
    named = {path for path, _ in singly}
    sources = [*singly.values(), *(s for (path, _), s in by_pattern.items() if path not in named)]
    return sorted(sources), faults


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _named(item: object, shared: Mapping[str, str], table: Table) -> tuple[str, dict[str, str]]:
    """File name or pattern of one entry of a list, and what is said of it."""
    place = f"tables.{table.name}.files"
    if isinstance(item, str) and item:
        return item, dict(shared)
    if not isinstance(item, Mapping) or not isinstance(item.get("file"), str) or not item["file"]:
        raise StudyError([_wrong(place, item, "setting.text")])
    faults = list(_wrong_keys(place, item, table, more=("file",)))
    if faults:
        raise StudyError(faults)
    return item["file"], {**shared, **{k: str(v) for k, v in item.items() if k != "file"}}


def _found(root: Path, name: str) -> Iterator[str]:
    """Names of the files that a name or pattern stands for; the name itself where it is no pattern or a real file."""
    guard.inside(root, name)
    if not _WILD & set(name) or (root / name).is_file():
        yield name
        return
    paths = (p for p in root.glob(name.replace("\\", "/")) if p.suffix.lower() in READERS and p.is_file())
    names = sorted(p.relative_to(root).as_posix() for p in paths if not p.name.startswith(_SCRATCH))
    if not names:
        raise StudyError([Fault(name, 0, "", name, "missing_file")])
    yield from names


def _source(root: Path, name: str, given: Mapping[str, str]) -> Source:
    path = guard.inside(root, name)
    if not path.is_file():
        raise StudyError([Fault(name, 0, "", name, "missing_file")])
    plain = PurePosixPath(name.replace("\\", "/")).as_posix()
    return Source(plain, given.get("sheet", ""), path, {k: v for k, v in given.items() if k != "sheet"})


def _usual_file(root: Path, table: Table) -> str:
    """File of a table that ``study.toml`` does not name: its own name, in the first format that is there."""
    names = [table.name + suffix for suffix in READERS]
    there = next((n for n in names if (root / n).is_file()), "")
    return there or ("" if table.optional else names[0])
