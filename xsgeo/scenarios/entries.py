"""Each change of a scenario read as a row of its ledger would be, with everything that is wrong with it.

The values pass through the very parsers and bounds that a ledger's cells pass through, in WGS-84, and names of towns
are turned into ids as they are there. So whatever `xsgeo check` would refuse in a ledger is refused in a scenario, in
the same words.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from xsgeo.checked import Checked
from xsgeo.errors import Fault, listing, phrase
from xsgeo.ledgers import RawTable
from xsgeo.references import NameBook
from xsgeo.scenarios.form import ACTIONS, CHANGEABLE, Change, Scenario, entry_fault
from xsgeo.schemas import TABLES, Table
from xsgeo.study import Study
from xsgeo.validation import check_bounds, parse_table


@dataclass(frozen=True)
class Entry:
    """A change whose table, action and id make sense, with its values read."""

    number: int
    change: Change
    table: Table
    checked: Checked
    faults: tuple[Fault, ...]


def faults_of_form(study: Study, scenario: Scenario) -> list[Fault]:
    """Unknown tables, actions and ids, rows changed twice, changes that say nothing.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> given = Scenario("夜间", changes=(Change("venues", "set", "V9", (("capacity", "30"),)),))
    >>> [(fault.column, fault.value, fault.code) for fault in faults_of_form(toy_county(), given)]
    [('id', 'V9', 'unknown_id')]
    """
    faults = []
    first: dict[tuple[str, str], int] = {}
    for number, change in enumerate(scenario.changes, start=1):
        found = [*_wrong_words(change), *_wrong_row(study, change)]
        key = (change.table, change.row_id)
        if change.row_id and key in first:
            found.append(("id", change.row_id, "repeated_change", {"first": str(first[key])}))
        first.setdefault(key, number)
        faults += [
            entry_fault(scenario.file, number, column, value, code, **more) for column, value, code, more in found
        ]
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
    """Return the detail of a fault that suggests what was meant, empty where nothing is near.

    Examples
    --------
    >>> did_you_mean(""), did_you_mean("V1") != ""
    ('', True)
    """
    return phrase("fault.near", near=near) if near else ""


def read_entries(study: Study, scenario: Scenario) -> list[Entry]:
    """Read the values of every change that has a table, an action and an id; `faults_of_form` tells of the others.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> given = Scenario("夜间", changes=(Change("venues", "set", "V1", (("capacity", "三十人左右"),)),))
    >>> [fault.column for fault in read_entries(toy_county(), given)[0].faults]
    ['capacity']
    """
    books: dict[str, NameBook] = {}
    entries = []
    for number, change in enumerate(scenario.changes, start=1):
        if change.table in CHANGEABLE and change.action in ACTIONS and change.row_id:
            checked, faults = _read_values(change, number, scenario.file)
            checked, found = _resolve(checked, number, study, books)
            entries.append(Entry(number, change, TABLES[change.table], checked, (*faults, *found)))
    return entries


def _read_values(change: Change, number: int, file: str) -> tuple[Checked, list[Fault]]:
    """Pass the values of a change through the parsers and bounds of its table, as one row with one cell a column."""
    table = TABLES[change.table]
    known = [c for c in table.columns if c != table.key]
    faults = [
        entry_fault(file, number, key, key, "unknown_key", table=phrase(f"table.{table.name}"), near=_near(key, known))
        for key, _ in change.cells
        if key not in known
    ]
    given = {key: text for key, text in change.cells if key in known}
    if change.action == "add":
        faults += [
            entry_fault(file, number, name, name, "missing_key")
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
            faults.append(
                entry_fault(checked.raw.file, number, name, text, "ambiguous_reference", places=places, **details)
            )
        else:
            shown = did_you_mean(book.suggest(text))
            faults.append(entry_fault(checked.raw.file, number, name, text, "unknown_reference", near=shown, **details))
    return dataclasses.replace(checked, frame=frame), faults
