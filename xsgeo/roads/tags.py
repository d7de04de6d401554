"""What OpenStreetMap's tags stand for: a table a planner can open in Excel and edit.

The table (``tags.csv`` beside this module) has one row for each ``key=value`` that matters, with its road class, speed
and who may use it, and a remark in Chinese and English. It is saved with a byte order mark, because Excel otherwise
reads its Chinese as something else. Four families of rows are told apart by their key:

* ``highway``, ``man_made``, ``route`` say what a way *is*; the first row in the file that fits decides, and a way that
  fits none is left out and counted;
* ``access`` and ``barrier`` say what each value of an access tag, or of a barrier on a node, means for each mode; the
  value ``*`` stands for those not listed;
* every other key corrects the row of the way: its filled cells replace what stands there;
* ``route=ferry`` carries the speed and the wait that are assumed where the tags say neither.

How the tags of one way are read by it stands in `xsgeo.roads.meaning`.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from xsgeo.errors import Fault, StudyError
from xsgeo.io import read_cells
from xsgeo.schemas import ROAD_CLASSES
from xsgeo.settings import ROAD_MODES

COLUMNS = ("key", "value", "road_class", "speed_kmh", "walk", "ebike", "drive", "wait_min", "note_zh", "note_en")

WAY_KEYS = ("highway", "man_made", "route")
"""Keys that say what a way is."""

ACCESS_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "walk": ("foot", "access"),
        "ebike": ("electric_bicycle", "bicycle", "vehicle", "access"),
        "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
    }
)
"""Access keys of each mode, the most specific first."""

ONEWAY_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ebike": ("oneway:electric_bicycle", "oneway:bicycle", "oneway"),
        "drive": ("oneway:motorcar", "oneway:motor_vehicle", "oneway"),
    }
)
"""One-way keys of each mode, the most specific first; walkers go both ways."""

_OTHER_KEYS = frozenset(
    {"bridge", "cycleway", "duration", "interval", "junction", "locked", "maxspeed", "maxspeed:backward"}
    | {"maxspeed:forward", "oneway", "oneway:foot", "opening_hours"}
)
_FLAG_WORDS = MappingProxyType({"1": True, "是": True, "yes": True, "0": False, "否": False, "no": False})
FASTEST_KMH = 140.0
"""No road is faster: a figure above it is a slip."""


@dataclass(frozen=True)
class Row:
    """One row of the table; a blank cell is None.

    Attributes
    ----------
    road_class
        Class of `xsgeo.schemas.ROAD_CLASSES`.
    speed_kmh
        Free speed of a car, or of a boat, in km/h.
    walk, ebike, drive
        Who may use it.
    wait_min
        Mean wait for a boat in minutes.
    """

    road_class: str | None
    speed_kmh: float | None
    walk: bool | None
    ebike: bool | None
    drive: bool | None
    wait_min: float | None


@dataclass(frozen=True)
class TagTable:
    """The table as read.

    Attributes
    ----------
    rows
        Rows by key and value, in the order of the file.
    sha256
        Hash of the file, for the manifest of an import.
    """

    rows: Mapping[tuple[str, str], Row]
    sha256: str

    @property
    def correcting_keys(self) -> tuple[str, ...]:
        """Keys whose rows correct the row of a way, in the order of the file."""
        return tuple(dict.fromkeys(k for k, _ in self.rows if k not in {*WAY_KEYS, "access", "barrier"}))

    @property
    def keys(self) -> frozenset[str]:
        """Every tag key that can change what a way or a barrier means."""
        named = {key for group in (*ACCESS_KEYS.values(), *ONEWAY_KEYS.values()) for key in group}
        return frozenset({*(key for key, _ in self.rows), *WAY_KEYS, *named, *_OTHER_KEYS})


def tag_table_text() -> str:
    """Text of the table xsgeo comes with, for a planner to save and edit.

    Examples
    --------
    >>> tag_table_text().splitlines()[1].split(",")[:4]
    ['route', 'ferry', '', '12']
    """
    return _shipped().read_text(encoding="utf-8-sig")


def read_tags(path: str | Path | None = None) -> TagTable:
    """Read the table of tags.

    Parameters
    ----------
    path
        A planner's edited copy (CSV or workbook, UTF-8 or GB18030); the table xsgeo comes with when None.

    Raises
    ------
    StudyError
        With every fault of the table: an unknown or missing column, a road class, flag or number that is none, a row
        given twice, a way without class, speed or users.

    Examples
    --------
    >>> read_tags().rows["highway", "steps"]
    Row(road_class='street', speed_kmh=10.0, walk=True, ebike=False, drive=False, wait_min=None)
    """
    if path is None:
        with resources.as_file(_shipped()) as shipped:
            return _read(shipped, "tags.csv")
    return _read(Path(path), Path(path).name)


def _shipped() -> resources.abc.Traversable:
    return resources.files("xsgeo.roads").joinpath("tags.csv")


def _read(path: Path, name: str) -> TagTable:
    if not path.is_file():
        raise StudyError([Fault(name, 0, "", name, "missing_file")])
    cells = read_cells(path, name).cells
    absent = [c for c in COLUMNS[:-2] if c not in cells.columns]
    unknown = [c for c in cells.columns if c not in COLUMNS]
    faults = [Fault(name, 1, "", c, "missing_column") for c in absent]
    faults += [Fault(name, 1, str(c), str(c), "unknown_column", (("near", ""),)) for c in unknown]
    if faults:
        raise StudyError(faults)
    rows: dict[tuple[str, str], Row] = {}
    for number, record in zip(cells.index, cells.to_dict("records"), strict=True):
        cell = {str(k): unicodedata.normalize("NFKC", str(v)).strip() for k, v in record.items()}
        if not cell["key"]:
            continue
        found = list(_cell_faults(name, int(number), cell))
        if (cell["key"], cell["value"]) in rows:
            found.append(Fault(name, int(number), "value", f"{cell['key']}={cell['value']}", "duplicate_id"))
        faults += found
        if not found:
            rows[cell["key"], cell["value"]] = _row(cell)
    if faults:
        raise StudyError(faults)
    return TagTable(MappingProxyType(rows), hashlib.sha256(path.read_bytes()).hexdigest())


def _cell_faults(name: str, number: int, cell: Mapping[str, str]) -> Iterator[Fault]:
    if cell["road_class"] and cell["road_class"] not in ROAD_CLASSES:
        choices = "、".join(ROAD_CLASSES)
        yield Fault(name, number, "road_class", cell["road_class"], "not_a_choice", (("choices", choices),))
    for mode in ROAD_MODES:
        if cell[mode] and cell[mode].casefold() not in _FLAG_WORDS:
            yield Fault(name, number, mode, cell[mode], "not_a_flag")
    for column, least in (("speed_kmh", 1.0), ("wait_min", 0.0)):
        value = _plain_number(cell[column])
        if cell[column] and math.isnan(value):
            yield Fault(name, number, column, cell[column], "not_a_number")
        elif value < least:
            yield Fault(name, number, column, cell[column], "below_minimum", (("minimum", f"{least:g}"),))
        elif value > FASTEST_KMH:
            yield Fault(name, number, column, cell[column], "above_maximum", (("maximum", f"{FASTEST_KMH:g}"),))
    needed: tuple[str, ...] = ()
    if cell["key"] in WAY_KEYS:
        ferry = (cell["key"], cell["value"]) == ("route", "ferry")
        needed = ("speed_kmh", *ROAD_MODES, "wait_min" if ferry else "road_class")
    elif cell["key"] in {"access", "barrier"}:
        needed = ROAD_MODES
    for column in needed:
        if not cell[column]:
            yield Fault(name, number, column, "", "missing_value")


def _row(cell: Mapping[str, str]) -> Row:
    walk, ebike, drive = (_FLAG_WORDS[cell[mode].casefold()] if cell[mode] else None for mode in ROAD_MODES)
    speed, wait = (float(cell[c]) if cell[c] else None for c in ("speed_kmh", "wait_min"))
    return Row(cell["road_class"] or None, speed, walk, ebike, drive, wait)


def _plain_number(text: str) -> float:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else math.nan
