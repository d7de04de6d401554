"""The study as a scenario would have it, held to the rules that hold across its tables.

A gale and a month are put into the study as well (boats that stop are gone from ``ferries``, the standard has the
month), so whatever takes a study needs to know nothing of scenarios. A date alone stays with the scenario, since a
study has no day of its own.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Hashable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from xsgeo.checked import Checked
from xsgeo.crs import WGS84
from xsgeo.errors import Fault, StudyError
from xsgeo.ledgers import RawTable
from xsgeo.scenarios.entries import Entry, faults_of_form, read_entries
from xsgeo.scenarios.form import AS_IT_IS, Scenario, entry_fault, write_scenario
from xsgeo.schemas import TABLES, Table
from xsgeo.study import Study
from xsgeo.validation import check_nodes, check_places, check_wholes


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
    >>> from xsgeo.scenarios import Change
    >>> evening = Scenario("夜间", changes=(Change("venues", "set", "V1", (("open_hours", "每天 8:00-21:00"),)),))
    >>> apply(toy_county(), evening).venues.at["V1", "open_hours"]
    '每天 8:00-21:00'
    """
    if scenario == AS_IT_IS:
        return study
    entries = read_entries(study, scenario)
    faults = [fault for entry in entries for fault in entry.faults]
    touched = sorted({e.table.name for e in entries})
    tables = {name: [e for e in entries if e.table.name == name] for name in touched}
    faults += faults_of_form(study, scenario)
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


def _changed(frame: pd.DataFrame, table: Table, entries: Sequence[Entry]) -> pd.DataFrame:
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


def _check_across(study: Study, tables: Mapping[str, Sequence[Entry]], scenario: Scenario) -> Iterator[Fault]:
    """Points in the sea, parts above their whole, roads and ferries that do not meet."""
    gone = [e for e in tables.get("workers", ()) if e.change.action == "remove"]
    if gone and _changed(study.workers, TABLES["workers"], tables["workers"]).empty:
        yield entry_fault(scenario.file, gone[-1].number, "id", gone[-1].change.row_id, "nobody_left")
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


def _rows_of(study: Study, name: str, entries: Sequence[Entry], file: str) -> Checked:
    """Return the rows that entries change as they would be, under the numbers of the entries."""
    table = TABLES[name]
    whole = _changed(getattr(study, name), table, entries)
    frame = pd.DataFrame(whole.loc[[e.change.row_id for e in entries]].reset_index())
    frame.index = pd.Index([e.number for e in entries])
    return _as_checked(frame, table, file)


def _as_checked(frame: pd.DataFrame, table: Table, file: str) -> Checked:
    return Checked(RawTable(file, pd.DataFrame()), table, frame, {}, (), 0)


def _check_roads(study: Study, tables: Mapping[str, Sequence[Entry]], file: str) -> Iterator[Fault]:
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


def _numbered(study: Study, name: str, entries: Sequence[Entry]) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(study, name)
    frame = _changed(frame, TABLES[name], entries) if entries else frame
    of_entry = {e.change.row_id: e.number for e in entries}
    past = 1_000_000 + np.arange(len(frame))
    numbers = [of_entry.get(str(row_id), int(other)) for row_id, other in zip(frame.index, past, strict=True)]
    return pd.DataFrame(frame.reset_index()).set_index(pd.Index(numbers))
