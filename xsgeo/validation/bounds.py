"""Parsed values held to what `xsgeo.schemas` declares of them: filled in, unique, within bounds, a known word.

pandera says all that is wrong at once; where nothing is wrong, which a quick look can tell, it is not asked. Totals are
checked here as well, since they are a ledger's own statement about its rows.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from xsgeo.cells import BLANK, listed
from xsgeo.checked import Checked
from xsgeo.errors import Fault, listing, phrase
from xsgeo.ledgers import ADDITIVE_UNITS, Note, RawTable, is_subtotal
from xsgeo.schemas import Table
from xsgeo.validation.parsing import may_lack, parse_table
from xsgeo.values import Unclear, read_number

MOST_NAMED = 3
"""Rows that one message names before it says that there are more."""


def check_table(raw: RawTable, table: Table) -> Checked:
    """Parse and check one table on its own.

    Parameters
    ----------
    raw, table
        As in `match_headers`.

    Returns
    -------
    Checked
        Values, faults and the number of blank rows. Rows with a fault are still in the frame where they parsed; the
        reconciliation counts them as rejected.

    Examples
    --------
    >>> from xsgeo.schemas import TABLES
    >>> from xsgeo.ledgers import Grid, lay_out
    >>> rows = [["编号", "名称", "经度", "纬度", "人口", "依据"], ["T1", "陆上镇", "121.87", "29.48", "-5", "sourced"]]
    >>> checked = check_table(lay_out(Grid("towns.csv", rows), TABLES["towns"]), TABLES["towns"])
    >>> [(fault.row, fault.code) for fault in checked.faults if fault.row > 1]
    [(2, 'below_minimum')]
    """
    return check_bounds(parse_table(raw, table))


def check_bounds(parsed: Checked) -> Checked:
    """Hold parsed values to what `xsgeo.schemas` declares of them: filled in, unique, within bounds, a known word.

    Parameters
    ----------
    parsed
        What `parse_table` gave, perhaps with names resolved and points placed since.

    Returns
    -------
    Checked
        The same with the faults added, and with the totals of each ledger checked. An id must be unique in all files
        of the table.

    Examples
    --------
    >>> from xsgeo.ledgers import Grid, lay_out
    >>> from xsgeo.schemas import TABLES
    >>> raw = lay_out(Grid("clusters.csv", [["集群编号", "名称"], ["k", "针织"], ["k", "模具"]]), TABLES["clusters"])
    >>> checked = check_bounds(parse_table(raw, TABLES["clusters"]))
    >>> [(fault.row, fault.code) for fault in checked.faults if fault.row > 1]
    [(2, 'repeated_id'), (3, 'repeated_id')]
    """
    faults = [f for _, part in parsed.by_file() for f in (*_new_bounds(part), *check_totals(part))]
    notes = (*parsed.notes, *_staff_of_nobody(parsed))
    return dataclasses.replace(parsed, faults=(*parsed.faults, *_duplicates(parsed), *faults), notes=notes)


def _staff_of_nobody(parsed: Checked) -> Iterator[Note]:
    """Rooms for their own staff that do not say whose: they let nobody in, which their ledger may not have meant."""
    if parsed.table.name != "venues":
        return
    own, owner, status = (parsed.frame[name].astype(str) for name in ("serves", "employer_id", "status"))
    rows = parsed.frame.index[(own == "own_staff") & owner.isin(["", "nan", "None"]) & (status == "open")]
    if len(rows):
        yield parsed.note(rows[0], "serves", parsed.frame.at[rows[0], "name"], "staff_of_nobody", n=len(rows))


def _new_bounds(part: Checked) -> Iterator[Fault]:
    """Faults of cells that nothing is known of yet: a cell that did not parse is not missing as well."""
    if part.raw.has_no_columns:
        return
    found = [*_bounds(part), *_half_points(part)]
    excused = {(row, part.headers.get(name, name)) for row, name in part.excused}
    broken = {(f.row, f.column) for f in part.faults} | excused
    yield from (f for f in found if (f.row, f.column) not in broken)


def _bounds(parsed: Checked) -> list[Fault]:
    table, frame = parsed.table, parsed.frame
    rules = {
        n: pa.Column(None, c.checks, nullable=c.nullable)
        for n, c in table.columns.items()
        if n in parsed.headers or may_lack(n, parsed.headers)
    }
    if all(_is_clean(frame[n], table.columns[n]) for n in rules):
        return []
    # Empty text is how a missing id or name is kept; to pandera it must be missing.
    texts = {n: frame[n].mask(frame[n] == "", None) for n in rules if frame[n].dtype == object and n != "geometry"}
    try:
        pa.DataFrameSchema(rules).validate(frame.assign(**texts), lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    faults = []
    for name, check, row in cases[["column", "check", "index"]].itertuples(index=False):
        rule = table.columns[name].metadata
        empty = check == "not_nullable"
        shown = "" if empty or name not in parsed.headers else parsed.raw.cells.at[row, parsed.headers[name]]
        details = {k: f"{rule[k]:g}" for k in ("minimum", "maximum") if rule[k] is not None}
        details["choices"] = listed(rule["choices"])
        faults.append(parsed.fault(row, name, shown, "missing_value" if empty else check, **details))
    return faults


def _half_points(part: Checked) -> Iterator[Fault]:
    """Rows that need no point and have half of one."""
    columns = part.table.columns
    if part.table.shape != "point" or columns["lon"].required:
        return
    empty = part.frame[["lon", "lat"]].isna()
    for name, other in (("lon", "lat"), ("lat", "lon")):
        for row in part.frame.index[empty[name] & ~empty[other]]:
            yield part.fault(row, name, "", "missing_value")


def _is_clean(values: pd.Series, column: pa.Column) -> bool:
    """Whether all values are what the declaration asks for, so that pandera, which is slower, need not say which.

    Missing numbers are NaN, missing texts and shapes are empty or None.
    """
    rule = column.metadata
    missing = (values.isna() | (values == "")).to_numpy(bool)
    given = values[~missing] if missing.any() else values
    if missing.any() and not column.nullable:
        return False
    low, high = rule["minimum"], rule["maximum"]
    if (low is not None and (given < low).any()) or (high is not None and (given > high).any()):
        return False
    return rule["kind"] != "choice" or set(given.unique()) <= set(rule["choices"])


def _duplicates(parsed: Checked) -> Iterator[Fault]:
    """Ids that stand in more than one row, of one file or of several; each row names the others."""
    key = parsed.table.key
    ids = parsed.frame[key]
    ids = ids[(ids != "") & ids.duplicated(keep=False)]
    for value, rows in ids.groupby(ids, sort=False).groups.items():
        places = {row: parsed.place(row) for row in rows}
        for row, (part, number) in places.items():
            others = [
                phrase("place.row_here", row=str(n))
                if other is part
                else phrase("place.row_of", row=str(n), file=other.raw.file)
                for label, (other, n) in places.items()
                if label != row
            ]
            more = [phrase("place.more")] if len(others) > MOST_NAMED else []
            shown = part.raw.cells.at[number, part.headers[key]] if key in part.headers else value
            yield parsed.fault(row, key, shown, "repeated_id", places=listing(*others[:MOST_NAMED], *more))


def check_totals(parsed: Checked) -> list[Fault]:
    """Totals that are not the sum of their rows.

    Parameters
    ----------
    parsed
        A parsed table; the figures that add up (people, floor area) are checked.

    Notes
    -----
    小计 and 石浦镇合计 stand for the rows since the last total of any kind; a bare 合计 for those or for all rows above
    it, since offices mean either. A column in which a cell could not be read is passed over: that fault comes first.

    Examples
    --------
    >>> from xsgeo.ledgers import Grid, lay_out
    >>> from xsgeo.schemas import TABLES
    >>> rows = [["单位编号", "单位名称", "职工人数"], ["E1", "甲", "10"], ["E2", "乙", "5"], ["合计", "", "16"]]
    >>> parsed = parse_table(lay_out(Grid("employers.csv", rows), TABLES["employers"]), TABLES["employers"])
    >>> [(fault.value, fault.code) for fault in check_totals(parsed)]
    [('16', 'wrong_total')]
    """
    totals = parsed.raw.totals
    if totals is None or totals.empty:
        return []
    faults = []
    for name, label in parsed.headers.items():
        rule = parsed.table.columns[name].metadata
        unread = {f.row for f in parsed.faults if f.column == label} & set(parsed.frame.index)
        if rule["unit"] not in ADDITIVE_UNITS or rule["kind"] not in {"integer", "number"} or unread:
            continue
        figures = parsed.frame[name].fillna(0)
        start = 0
        for row in totals.index:
            since, above = (float(figures[(figures.index > s) & (figures.index < row)].sum()) for s in (start, 0))
            start = row
            faults += _wrong_total(parsed, row, name, since=since, above=above)
    return faults


def _wrong_total(parsed: Checked, row: int, name: str, *, since: float, above: float) -> list[Fault]:
    totals = parsed.raw.totals
    text = "" if totals is None else str(totals.at[row, parsed.headers[name]]).strip()
    if text in BLANK or totals is None:
        return []
    try:
        stated = read_number(text, unit=parsed.table.columns[name].metadata["unit"])
    except Unclear as error:
        return [parsed.fault(row, name, text, error.code, **error.details)]
    part_only = any(is_subtotal(t) for t in totals.loc[row].astype(str) if t.strip())
    allowed = {since} if part_only else {since, above}
    if any(math.isclose(stated, sum_, rel_tol=1e-9, abs_tol=0.05) for sum_ in allowed):
        return []
    return [parsed.fault(row, name, text, "wrong_total", expected=f"{since if part_only else above:g}")]
