"""Parts held against their whole: women or members against all workers, groups against employer and cluster.

More than the whole is a fault; less is a note, because a ledger may know of fewer groups than there are. An estimate is
not contradicted by a count.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from xsgeo.checked import Checked
from xsgeo.errors import Fault, listing, phrase
from xsgeo.ledgers import Note
from xsgeo.validation.bounds import MOST_NAMED


def check_wholes(tables: Mapping[str, Checked]) -> list[Fault]:
    """Parts larger than their whole: women or members above all workers, groups above their employer or cluster.

    Parameters
    ----------
    tables
        Checked tables by name, names resolved.

    Notes
    -----
    Only what can be told is told: a row whose figure is itself a fault is neither a part nor a whole, nor is an
    employer one of whose groups is. An estimate is not contradicted by a count; `compare_wholes` says how they differ.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> from xsgeo.schemas import TABLES
    >>> groups = pd.DataFrame({"n_workers": [10.0], "n_women": [12.0], "n_under_35": [0.0]}, index=[2])
    >>> workers = Checked(RawTable("workers.csv", pd.DataFrame()), TABLES["workers"], groups, {}, (), 0)
    >>> [(fault.column, fault.value, fault.code) for fault in check_wholes({"workers": workers})]
    [('n_women', '12', 'part_exceeds')]
    """
    faults = []
    for name, parts in (("workers", ("n_women", "n_under_35")), ("employers", ("n_members",))):
        if name not in tables:
            continue
        checked = tables[name]
        whole = checked.frame["n_workers"].mask(_is_faulty(checked, "n_workers"))
        for part in parts:
            over = (checked.frame[part] > whole) & ~_is_faulty(checked, part)
            for row in checked.frame.index[over]:
                value = f"{checked.frame.at[row, part]:g}"
                faults.append(checked.fault(row, part, value, "part_exceeds", whole=f"{whole[row]:g}"))
    for compared in _sums(tables):
        table = phrase(f"table.{compared.part}")
        faults += [
            compared.whole.fault(row, "n_workers", f"{stated:g}", "wrong_sum", expected=f"{found:g}", table=table)
            for row, stated, found, is_estimate in compared.rows
            if found > stated and not is_estimate
        ]
    return faults


def compare_wholes(tables: Mapping[str, Checked]) -> list[Note]:
    """Notes on sums of groups that differ from what their employers or clusters state and are not faults.

    Parameters
    ----------
    tables
        As in `check_wholes`.

    Returns
    -------
    list of Note
        At most two for each whole: how many workers are missing from its parts, and by how many they pass an estimate.

    Examples
    --------
    >>> from xsgeo.ledgers import RawTable
    >>> from xsgeo.schemas import TABLES
    >>> raw = RawTable("a.csv", pd.DataFrame())
    >>> firms = pd.DataFrame({"employer_id": ["E1"], "n_workers": [10.0], "basis": ["sourced"]}, index=[2])
    >>> groups = pd.DataFrame({"employer_id": ["E1"], "n_workers": [8.0]}, index=[2])
    >>> employers = Checked(raw, TABLES["employers"], firms, {}, (), 0)
    >>> workers = Checked(raw, TABLES["workers"], groups, {}, (), 0)
    >>> [note.code for note in compare_wholes({"employers": employers, "workers": workers})]
    ['sum_below']
    """
    notes = []
    for compared in _sums(tables):
        below = [(row, stated - found) for row, stated, found, _ in compared.rows if found < stated]
        above = [(row, found - stated) for row, stated, found, rough in compared.rows if found > stated and rough]
        for code, rows in (("sum_below", below), ("sum_above", above)):
            if not rows:
                continue
            key = compared.whole.table.key
            named = [str(compared.whole.frame.at[row, key]) for row, _ in rows[:MOST_NAMED]]
            more = [phrase("place.more")] if len(rows) > MOST_NAMED else []
            words = {"table": phrase(f"table.{compared.part}"), "places": listing(*named, *more)}
            counts = {"n": len(rows), "apart": f"{sum(apart for _, apart in rows):g}"}
            notes.append(compared.whole.note(rows[0][0], "n_workers", "", code, **words, **counts))
    return notes


@dataclass(frozen=True)
class _Compared:
    """A table whose workers another one counts again; rows: label, stated, sum of the parts, whether an estimate."""

    whole: Checked
    part: str
    rows: list[tuple[Hashable, float, float, bool]]


def _sums(tables: Mapping[str, Checked]) -> Iterator[_Compared]:
    """Employers and clusters with the sum of their groups; those with an unread or faulty figure are passed over."""
    if "workers" not in tables:
        return
    groups = tables["workers"]
    unread = _is_faulty(groups, "n_workers")
    for name in ("employers", "clusters"):
        if name not in tables or groups.frame.empty:
            continue
        whole = tables[name]
        key = whole.table.key
        sums = groups.frame.groupby(key)["n_workers"].sum()
        unclear = {*groups.frame.loc[unread | _is_faulty(groups, key), key]}
        certain = ~_is_faulty(whole, "n_workers") & ~_is_faulty(whole, key) & whole.frame[key].isin(sums.index)
        frame = whole.frame[certain & ~whole.frame[key].isin(unclear)]
        found = frame[key].map(sums)
        differ = frame["n_workers"].notna() & (found != frame["n_workers"])
        columns = zip(
            frame.index[differ],
            frame.loc[differ, "n_workers"],
            found[differ],
            frame.loc[differ, "basis"] == "estimate",
            strict=True,
        )
        yield _Compared(whole, "workers", [(row, float(a), float(b), bool(e)) for row, a, b, e in columns])


def _is_faulty(checked: Checked, name: str) -> pd.Series:
    """Whether a fault is known of the cell of each row in a column."""
    bad = []
    for offset, part in checked.by_file():
        label = part.headers.get(name, name)
        bad += [f.row + offset for f in part.faults if f.column == label]
    return pd.Series(checked.frame.index.isin(bad), index=checked.frame.index)
