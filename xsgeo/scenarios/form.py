"""A scenario as a file: what it may say, read from TOML and written back to the same.

Whether the form is kept is asked here; whether rows and values fit a study is asked by `xsgeo.scenarios.apply`, since a
file is read before anybody knows which study it is meant for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xsgeo.errors import Fault, StudyError

CHANGEABLE = ("venues", "roads", "ferries", "workers", "assets")
"""Tables that a scenario may change; towns, clusters and employers are what answers are counted by."""

ACTIONS = ("set", "add", "remove")

_MAX_BYTES = 4_000_000
_TOP = ("title", "title_en", "when", "change")
_WHEN = ("month", "on", "gale")
_ENTRY = ("table", "action", "id")


@dataclass(frozen=True)
class Change:
    """One row that is otherwise than in the study.

    Attributes
    ----------
    table
        One of `CHANGEABLE`.
    action
        One of `ACTIONS`.
    row_id
        Id of the row.
    cells
        Text of each column that is given, as pairs; shapes as well-known text.

    Examples
    --------
    >>> Change("venues", "set", "V1", (("open_hours", "每天 8:00-21:00"),)).row_id
    'V1'
    """

    table: str
    action: str
    row_id: str
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scenario:
    """Named changes to a study.

    Attributes
    ----------
    title, title_en
        How it is called.
    month
        Month whose opening hours are used, 1 to 12; the standard's when None.
    on
        Day that is asked about; an ordinary week when None.
    gale
        Whether ferries that stop in a gale do not sail.
    changes
        Rows that are otherwise.
    file
        Where it was read from, for messages; two scenarios that say the same are equal whatever their files.

    Examples
    --------
    >>> Scenario("大风停航", "A gale", gale=True) == Scenario("大风停航", "A gale", gale=True, file="a.toml")
    True
    """

    title: str
    title_en: str = ""
    month: int | None = None
    on: dt.date | None = None
    gale: bool = False
    changes: tuple[Change, ...] = ()
    file: str = dataclasses.field(default="scenario.toml", compare=False)


AS_IT_IS = Scenario("现状", "As it is", file="")
"""The scenario that changes nothing."""


def read_scenario(path: str | Path) -> Scenario:
    r"""Read a scenario file.

    Parameters
    ----------
    path
        A TOML file of the form told at the head of `xsgeo.scenarios`.

    Returns
    -------
    Scenario
        What the file says. Whether its rows and values fit a study is asked by `apply`.

    Raises
    ------
    StudyError
        When there is no such file, or it has not the form of a scenario; with every fault.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "gale.toml")
    ...     _ = file.write_text('title = "大风停航"\n[when]\ngale = true\n', "utf-8")
    ...     read_scenario(file).gale
    True
    """
    file = Path(path)
    if not file.is_file():
        raise StudyError([Fault(file.name, 0, "", str(path), "no_scenario")])
    if file.stat().st_size > _MAX_BYTES:
        details = (("limit", f"{_MAX_BYTES // 1_000_000} MB"),)
        raise StudyError([Fault(file.name, 0, "", f"{file.stat().st_size / 1e6:.0f} MB", "file_too_large", details)])
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError([Fault(file.name, 0, "", str(error), "bad_scenario")]) from error
    return parse_scenario(text, file=file.name)


def parse_scenario(text: str, *, file: str = "scenario.toml") -> Scenario:
    r"""Understand the text of a scenario file.

    Parameters
    ----------
    text
        TOML.
    file
        Name to show in messages.

    Raises
    ------
    StudyError
        When it has not the form of a scenario; with every fault.

    Examples
    --------
    >>> parse_scenario('title = "大风"\n[when]\ngale = true').gale
    True
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudyError([Fault(file, 0, "", str(error), "bad_scenario")]) from error
    faults = [Fault(file, 0, key, key, "unknown_setting") for key in data if key not in _TOP]
    if not isinstance(data.get("title"), str) or not data["title"].strip():
        faults.append(Fault(file, 0, "title", "title", "missing_setting"))
    when, entries = data.get("when", {}), data.get("change", [])
    if not isinstance(when, dict):
        faults.append(Fault(file, 0, "when", str(when), "bad_scenario"))
        when = {}
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        faults.append(Fault(file, 0, "change", str(entries), "bad_scenario"))
        entries = []
    times, found = _read_when(when, file)
    faults += found
    changes = []
    for number, entry in enumerate(entries, start=1):
        change, found = _read_entry(entry, number, file)
        faults += found
        changes.append(change)
    if faults:
        raise StudyError(faults)
    return Scenario(data["title"], str(data.get("title_en", "")), changes=tuple(changes), file=file, **times)


def _read_when(when: Mapping[str, Any], file: str) -> tuple[dict[str, Any], list[Fault]]:
    faults = [Fault(file, 0, f"when.{key}", key, "unknown_setting") for key in when if key not in _WHEN]
    month, gale = when.get("month"), when.get("gale", False)
    on, found = _read_day(when.get("on"), file)
    faults += found
    if month is not None and (type(month) is not int or month not in range(1, 13)):
        faults.append(Fault(file, 0, "when.month", str(month), "bad_month"))
    if not isinstance(gale, bool):
        faults.append(Fault(file, 0, "when.gale", str(gale), "not_a_switch"))
    if month is not None and on is not None:
        faults.append(Fault(file, 0, "when", "month, on", "two_times"))
    return {"month": month, "on": on, "gale": gale}, faults


def _read_day(given: object, file: str) -> tuple[dt.date | None, list[Fault]]:
    if given is None or (isinstance(given, dt.date) and not isinstance(given, dt.datetime)):
        return given, []
    try:
        return dt.date.fromisoformat(str(given).strip()), []
    except ValueError:
        return None, [Fault(file, 0, "when.on", str(given), "bad_day")]


def _read_entry(entry: Mapping[str, Any], number: int, file: str) -> tuple[Change, list[Fault]]:
    faults, values = [], []
    for key, value in entry.items():
        if key in _ENTRY:
            continue
        text = _as_text(value)
        if text is None:
            faults.append(entry_fault(file, number, key, str(value), "bad_kind"))
        else:
            values.append((key, text))
    table, action, row_id = (str(entry.get(key, "")).strip() for key in _ENTRY)
    return Change(table, action, row_id, tuple(values)), faults


def _as_text(value: object) -> str | None:
    """Return the text a ledger's cell would hold, or None for what no cell could hold."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "|".join(value)
    return None


def write_scenario(scenario: Scenario) -> str:
    """Write a scenario as text that `read_scenario` reads back to the same.

    Parameters
    ----------
    scenario
        What is to be written; every value becomes a text, as a ledger's cells are.

    Returns
    -------
    str
        TOML.

    Examples
    --------
    >>> print(write_scenario(Scenario("夜间", changes=(Change("venues", "set", "V1", (("open_hours", "全天"),)),))))
    title = "夜间"
    <BLANKLINE>
    [[change]]
    table = "venues"
    action = "set"
    id = "V1"
    open_hours = "全天"
    <BLANKLINE>
    """
    lines = [f"title = {_quoted(scenario.title)}"]
    if scenario.title_en:
        lines.append(f"title_en = {_quoted(scenario.title_en)}")
    when = []
    if scenario.month is not None:
        when.append(f"month = {scenario.month}")
    if scenario.on is not None:
        when.append(f"on = {_quoted(scenario.on.isoformat())}")
    if scenario.gale:
        when.append("gale = true")
    if when:
        lines += ["", "[when]", *when]
    for change in scenario.changes:
        given = zip(_ENTRY, (change.table, change.action, change.row_id), strict=True)
        lines += ["", "[[change]]", *(f"{key} = {_quoted(text)}" for key, text in given)]
        lines += [f"{_key(key)} = {_quoted(text)}" for key, text in change.cells]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which TOML does not allow to stand as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _quoted(name)


def entry_fault(file: str, number: int, column: str, value: str, code: str, **details: str) -> Fault:
    """Fault of an entry of a scenario file, which is counted by entries and not by rows.

    Examples
    --------
    >>> entry_fault("gale.toml", 2, "open_hours", "夜里", "bad_hours").counts
    'entry'
    """
    return Fault(file, number, column, value, code, tuple(sorted(details.items())), counts="entry")
