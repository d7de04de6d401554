"""Named changes to a study: what if it opened in the evening, what if the boats stopped, what if there were a road.

A question of this kind is a difference from what is, so it is written as one: a small TOML file that a planner can
read, send and keep, and never a second copy of the ledgers. A copy would drift from them, and then a comparison would
show two studies that differ in more than the thing asked about.

The form::

    title = "石浦驿站晚间开放"

    [when]                 # all of it may be left out
    month = 6              # or: on = "2026-06-15"
    gale = true            # ferries that stop in a gale do not sail

    [[change]]
    table = "venues"       # venues, roads, ferries, workers or assets
    action = "set"         # set, add or remove
    id = "V001"
    open_hours = "每天 9:00-21:00"

A change names the declared columns of its table; `set` keeps what it does not name, `add` has to give what the table
requires. The values pass through the very parsers and bounds that a ledger's cells pass through, in WGS-84, and names
of towns are turned into ids as they are there. A row is changed by one entry only, so the order of the entries means
nothing. Every fault of every entry is told at once, and a study that was given is never altered: the answer is another.

A gale and a month are put into the study as well (boats that stop are gone from ``ferries``, the standard has the
month), so whatever takes a study needs to know nothing of scenarios. A date alone stays with the scenario, since a
study has no day of its own.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import hashlib
import json
import tomllib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xsgeo.checked import Checked
from xsgeo.crs import WGS84
from xsgeo.errors import Fault, StudyError, listing, phrase
from xsgeo.ledgers import RawTable
from xsgeo.references import NameBook
from xsgeo.schemas import TABLES, Table
from xsgeo.study import Study
from xsgeo.validation import check_bounds, check_nodes, check_places, check_wholes, parse_table

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


# ---- the file -------------------------------------------------------------------------------------------------------


def read_scenario(path: str | Path) -> Scenario:
    r"""Read a scenario file.

    Parameters
    ----------
    path
        A TOML file of the form told at the head of this module.

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
    if month is not None and (isinstance(month, bool) or month not in range(1, 13)):
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
            faults.append(_fault(file, number, key, str(value), "bad_kind"))
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


# ---- the study it makes ---------------------------------------------------------------------------------------------


def apply(study: Study, scenario: Scenario) -> Study:
    """Return the study as it would be.

    Parameters
    ----------
    study
        The study; it stays as it is.
    scenario
        What is otherwise. Its ``on`` is not a study's: hand it to whatever asks about a day.

    Returns
    -------
    Study
        Another study: changed rows, the month in its standard, boats that a gale stops gone from its ``ferries``, and
        the scenario's hash among its ``sources``. Rows keep their order by id.

    Raises
    ------
    StudyError
        With every fault of every change, each with its number, the column, the value and the remedy.

    Notes
    -----
    Changed groups of workers are not held against the head count of their employer: a new shift may be asked about
    without rewriting the ledger of employers.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> evening = Scenario("夜间", changes=(Change("venues", "set", "V1", (("open_hours", "每天 8:00-21:00"),)),))
    >>> apply(toy_county(), evening).venues.at["V1", "open_hours"]
    '每天 8:00-21:00'
    """
    if scenario == AS_IT_IS:
        return study
    entries = _entries(study, scenario)
    faults = [fault for entry in entries for fault in entry.faults]
    touched = sorted({e.table.name for e in entries})
    tables = {name: [e for e in entries if e.table.name == name] for name in touched}
    faults += _faults_of_form(study, scenario)
    if not faults:
        faults += list(_check_across(study, tables, scenario))
    if faults:
        raise StudyError(set(faults))
    frames = {name: _changed(getattr(study, name), TABLES[name], changed) for name, changed in tables.items()}
    if scenario.gale:
        ferries = frames.get("ferries", study.ferries)
        frames["ferries"] = ferries[~ferries["stops_in_gale"].astype(bool)]
    about = study.about
    month = scenario.on.month if scenario.on is not None else scenario.month
    if month is not None:
        about = dataclasses.replace(about, standard=dataclasses.replace(about.standard, month=month))
    title_en = f"{about.title_en} ({scenario.title_en or scenario.title})"
    about = dataclasses.replace(about, title=f"{about.title}（{scenario.title}）", title_en=title_en)
    digest = hashlib.sha256(write_scenario(scenario).encode()).hexdigest()
    sources = {**study.sources, scenario.file: digest}
    return dataclasses.replace(study, about=about, sources=sources, **frames)


@dataclass(frozen=True)
class _Entry:
    """A change whose table, action and id make sense, with its values read."""

    number: int
    change: Change
    table: Table
    checked: Checked
    faults: tuple[Fault, ...]


def _fault(file: str, number: int, column: str, value: str, code: str, **details: str) -> Fault:
    return Fault(file, number, column, value, code, tuple(sorted(details.items())), counts="entry")


def _faults_of_form(study: Study, scenario: Scenario) -> list[Fault]:
    """Unknown tables, actions and ids, rows changed twice, changes that say nothing."""
    faults = []
    first: dict[tuple[str, str], int] = {}
    for number, change in enumerate(scenario.changes, start=1):
        found = [*_wrong_words(change), *_wrong_row(study, change)]
        key = (change.table, change.row_id)
        if change.row_id and key in first:
            found.append(("id", change.row_id, "repeated_change", {"first": str(first[key])}))
        first.setdefault(key, number)
        faults += [_fault(scenario.file, number, column, value, code, **more) for column, value, code, more in found]
    return faults


_Wrong = tuple[str, str, str, dict[str, str]]


def _wrong_words(change: Change) -> Iterator[_Wrong]:
    if change.table not in CHANGEABLE:
        yield "table", change.table, "not_changeable", {"choices": listing(*CHANGEABLE)}
    if change.action not in ACTIONS:
        yield "action", change.action, "no_such_action", {"choices": listing(*ACTIONS)}
    if not change.row_id:
        yield "id", "", "no_change_id", {}
    if change.action == "set" and not change.cells:
        yield "", "", "nothing_to_set", {}
    if change.action == "remove" and change.cells:
        yield change.cells[0][0], change.cells[0][0], "removed_with_values", {}


def _wrong_row(study: Study, change: Change) -> Iterator[_Wrong]:
    if change.table not in CHANGEABLE or not change.row_id:
        return
    there = getattr(study, change.table).index
    table = phrase(f"table.{change.table}")
    if change.action == "add" and change.row_id in there:
        yield "id", change.row_id, "existing_id", {"table": table}
    if change.action in {"set", "remove"} and change.row_id not in there:
        yield "id", change.row_id, "unknown_id", {"table": table, "near": _near(change.row_id, there.astype(str))}


def _near(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return did_you_mean(close[0] if close else "")


def did_you_mean(near: str) -> str:
    """Return the detail of a fault that suggests what was meant, empty where nothing is near."""
    return phrase("fault.near", near=near) if near else ""


def _entries(study: Study, scenario: Scenario) -> list[_Entry]:
    books: dict[str, NameBook] = {}
    entries = []
    for number, change in enumerate(scenario.changes, start=1):
        if change.table in CHANGEABLE and change.action in ACTIONS and change.row_id:
            checked, faults = _read_values(change, number, scenario.file)
            checked, found = _resolve(checked, number, study, books)
            entries.append(_Entry(number, change, TABLES[change.table], checked, (*faults, *found)))
    return entries


def _read_values(change: Change, number: int, file: str) -> tuple[Checked, list[Fault]]:
    """Pass the values of a change through the parsers and bounds of its table, as one row with one cell a column."""
    table = TABLES[change.table]
    known = [c for c in table.columns if c != table.key]
    faults = [
        _fault(file, number, key, key, "unknown_key", table=phrase(f"table.{table.name}"), near=_near(key, known))
        for key, _ in change.cells
        if key not in known
    ]
    given = {key: text for key, text in change.cells if key in known}
    if change.action == "add":
        faults += [
            _fault(file, number, name, name, "missing_key")
            for name in known
            if table.columns[name].required and name not in given
        ]
    cells = pd.DataFrame({table.key: [change.row_id], **{k: [v] for k, v in given.items()}}, index=[number])
    checked = check_bounds(parse_table(RawTable(file, cells.astype(object), header_row=number), table))
    found = [f for f in checked.faults if f.code != "missing_column"]
    lacking = {f.column for f in faults}
    faults += [dataclasses.replace(f, counts="entry") for f in found if f.column not in lacking]
    return checked, faults


def _resolve(checked: Checked, number: int, study: Study, books: dict[str, NameBook]) -> tuple[Checked, list[Fault]]:
    """Put ids where the change has names of towns, clusters or employers; refuse what nothing answers to."""
    faults = []
    frame = checked.frame
    for name, rule in checked.table.columns.items():
        target = rule.metadata["refers_to"]
        text = str(frame.at[number, name]) if name in checked.headers else ""
        if not target or not text or text == "nan":
            continue
        if target not in books:
            books[target] = NameBook(getattr(study, target).reset_index(), target)
        book = books[target]
        meant = book.find(text)
        details = {"table": phrase(f"table.{target}")}
        if len(meant) == 1:
            frame = frame.assign(**{name: [meant[0]]})
        elif meant:
            places = listing(*(f"{i} {book.names[i]}" for i in meant))
            faults.append(_fault(checked.raw.file, number, name, text, "ambiguous_reference", places=places, **details))
        else:
            shown = did_you_mean(book.suggest(text))
            faults.append(_fault(checked.raw.file, number, name, text, "unknown_reference", near=shown, **details))
    return dataclasses.replace(checked, frame=frame), faults


# ---- whole tables ---------------------------------------------------------------------------------------------------


def _changed(frame: pd.DataFrame, table: Table, entries: Sequence[_Entry]) -> pd.DataFrame:
    """Return the table with its changes, sorted by id, every column of the type it was."""
    import geopandas as gpd

    gone = {e.change.row_id for e in entries if e.change.action == "remove"}
    added = {e.change.row_id: e.checked.frame.iloc[0] for e in entries if e.change.action == "add"}
    kept = frame[~frame.index.isin(gone)]
    ids = [*kept.index, *added]
    columns: dict[str, pd.Series] = {}
    for name in frame.columns:
        values = [*kept[name].astype(object), *(_cell(row, name, table) for row in added.values())]
        column = pd.Series(values, index=pd.Index(ids, name=frame.index.name, dtype=object), dtype=object)
        for entry in entries:
            if entry.change.action == "set" and name in entry.checked.headers:
                column.at[entry.change.row_id] = entry.checked.frame[name].iloc[0]
        columns[name] = column
    plain = pd.DataFrame(columns).sort_index()
    plain.index.name = frame.index.name
    types = {n: t for n, t in frame.dtypes.items() if n != "geometry" and not pd.api.types.is_object_dtype(t)}
    plain = plain.astype(types)
    if "geometry" not in plain:
        return plain
    shapes = gpd.points_from_xy(plain["lon"], plain["lat"]) if table.shape == "point" else plain["geometry"]
    return gpd.GeoDataFrame(plain.drop(columns="geometry"), geometry=shapes, crs=WGS84)[list(frame.columns)]


def _cell(row: pd.Series, name: str, table: Table) -> object:
    if name == "geometry" and name not in row:
        return None
    return row[name] if name in row else table.empty(name)


def _check_across(study: Study, tables: Mapping[str, Sequence[_Entry]], scenario: Scenario) -> Iterator[Fault]:
    """Points in the sea, parts above their whole, roads and ferries that do not meet."""
    gone = [e for e in tables.get("workers", ()) if e.change.action == "remove"]
    if gone and _changed(study.workers, TABLES["workers"], tables["workers"]).empty:
        yield _fault(scenario.file, gone[-1].number, "id", gone[-1].change.row_id, "nobody_left")
    for name, entries in tables.items():
        touched = [e for e in entries if e.change.action != "remove"]
        if not touched:
            continue
        checked = _rows_of(study, name, touched, scenario.file)
        found: list[Fault] = []
        moved = [e.number for e in touched if {"lon", "lat"} & {k for k, _ in e.change.cells}]
        if TABLES[name].shape == "point" and moved:
            here = dataclasses.replace(checked, frame=checked.frame.loc[moved])
            found += check_places({name: here}, study.land, study.boundary)
        if name == "workers":
            found += check_wholes({name: checked})
        yield from (dataclasses.replace(f, counts="entry") for f in found)
    if {"roads", "ferries"} & set(tables):
        yield from _check_roads(study, tables, scenario.file)


def _rows_of(study: Study, name: str, entries: Sequence[_Entry], file: str) -> Checked:
    """Return the rows that entries change as they would be, under the numbers of the entries."""
    table = TABLES[name]
    whole = _changed(getattr(study, name), table, entries)
    frame = pd.DataFrame(whole.loc[[e.change.row_id for e in entries]].reset_index())
    frame.index = pd.Index([e.number for e in entries])
    return _as_checked(frame, table, file)


def _as_checked(frame: pd.DataFrame, table: Table, file: str) -> Checked:
    return Checked(RawTable(file, pd.DataFrame()), table, frame, {}, (), 0)


def _check_roads(study: Study, tables: Mapping[str, Sequence[_Entry]], file: str) -> Iterator[Fault]:
    """Nodes in two places, roads shorter than a line, ferries that land nowhere, put down to the change that made them.

    Rows that the scenario leaves alone have numbers past those of its entries; a fault of such a row is laid at the
    entry that has the same node.
    """
    numbered = {name: _numbered(study, name, tables.get(name, ())) for name in ("roads", "ferries")}
    roads, ferries = (_as_checked(numbered[n], TABLES[n], file) for n in ("roads", "ferries"))
    entries = [e for name in ("roads", "ferries") for e in tables.get(name, ())]
    ours = {e.number for e in entries}
    at_node: dict[Hashable, int] = {}
    for entry in entries:
        rows = study.roads if entry.table.name == "roads" else study.ferries
        ends = ("u", "v") if entry.table.name == "roads" else ("from_node", "to_node")
        if entry.change.row_id in rows.index:
            for end in ends:
                at_node.setdefault(rows.at[entry.change.row_id, end], entry.number)
        for end in ends:
            at_node.setdefault(entry.checked.frame[end].iloc[0], entry.number)
    for fault in check_nodes(roads, ferries):
        number = fault.row if fault.row in ours else at_node.get(fault.value, 0)
        if number or fault.row in ours:
            yield dataclasses.replace(fault, row=number, counts="entry")


def _numbered(study: Study, name: str, entries: Sequence[_Entry]) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(study, name)
    frame = _changed(frame, TABLES[name], entries) if entries else frame
    of_entry = {e.change.row_id: e.number for e in entries}
    past = 1_000_000 + np.arange(len(frame))
    numbers = [of_entry.get(str(row_id), int(other)) for row_id, other in zip(frame.index, past, strict=True)]
    return pd.DataFrame(frame.reset_index()).set_index(pd.Index(numbers))
