"""A table on its way from cells to values, with everything that was wrong with it, and where.

One table may be kept in several files: eighteen town offices send eighteen workbooks. To whoever resolves names or adds
people up they are one table; to whoever has to mend a cell they are eighteen, and a message must name the right one. So
the parts are joined into one frame whose row labels still tell part and row (`STEP` labels apart), and
`Checked.fault` turns a label back into file, sheet, row and the header of that very file. A table of one file has the
labels of its rows, and nothing of this is to be seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xsgeo.errors import Fault
from xsgeo.ledgers import Note, RawTable
from xsgeo.schemas import Table

STEP = 100_000_000
"""Labels from one part of a table to the next: more rows than a file may have."""


@dataclass(frozen=True)
class Checked:
    """A parsed table with what was wrong in it.

    Attributes
    ----------
    raw
        The table as it stands in its file; of a table of several files the first one's.
    table
        Its declaration.
    frame
        Declared columns of the rows that parsed, labelled by row number (and part, see `STEP`).
    headers
        Header in the file of each declared column.
    faults
        What is wrong so far.
    n_blank
        Rows with nothing in them.
    notes
        What a planner should know and is not wrong.
    excused
        Cells, by row and declared column, that are empty because of a fault named elsewhere.
    row_datum
        Datum of each row, where the ledger has a column for it.
    parts
        The files of a table that has several, each as it was parsed; empty for a table of one file.
    rejected
        Rows that cannot be used because of a fault named once for many.
    is_partial
        Whether a file of the table could not be read at all.
    """

    raw: RawTable
    table: Table
    frame: pd.DataFrame
    headers: Mapping[str, str]
    faults: tuple[Fault, ...]
    n_blank: int
    notes: tuple[Note, ...] = ()
    excused: frozenset[tuple[Hashable, str]] = frozenset()
    row_datum: pd.Series | None = None
    parts: tuple[Checked, ...] = ()
    rejected: frozenset[Hashable] = frozenset()
    is_partial: bool = False

    def fault(self, row: Hashable, column: str, value: object, code: str, **details: object) -> Fault:
        """A fault of this table, placed where the planner finds it."""
        part, number = self.place(row)
        pairs = tuple(sorted((k, str(v)) for k, v in details.items()))
        header = part.headers.get(column, column)
        return Fault(part.raw.file, number, header, str(value), code, pairs, part.raw.sheet)

    def note(self, row: Hashable, column: str, value: object, code: str, **details: object) -> Note:
        """A note of this table, placed where the planner finds it."""
        return Note(**vars(self.fault(row, column, value, code, **details)))

    def place(self, row: Hashable) -> tuple[Checked, int]:
        """File that a row label stands for, and the row in it."""
        label = int(str(row))
        if not self.parts:
            return self, label
        return self.parts[label // STEP], label % STEP

    def named(self) -> set[tuple[str, str, int, str]]:
        """File, sheet, row and header of the cells that a fault is known of."""
        return {(f.file, f.sheet, f.row, f.column) for f in self.faults}

    def by_file(self) -> Iterator[tuple[int, Checked]]:
        """The table file by file: what to add to a row number to get its label, and the part with its own rows."""
        if not self.parts:
            yield 0, self
            return
        part_of = self.frame.index // STEP
        for i, part in enumerate(self.parts):
            frame = self.frame[part_of == i]
            excused = frozenset((int(str(r)) % STEP, c) for r, c in self.excused if int(str(r)) // STEP == i)
            here = (part.raw.file, part.raw.sheet)
            faults = tuple(f for f in self.faults if (f.file, f.sheet) == here)
            yield (
                i * STEP,
                dataclasses.replace(part, frame=frame.set_axis(frame.index - i * STEP), faults=faults, excused=excused),
            )


def join(parts: Sequence[Checked], *, is_partial: bool = False) -> Checked:
    """Make one table of the files it is kept in.

    Parameters
    ----------
    parts
        The files as parsed, in a fixed order; at least one.
    is_partial
        Whether there were others, which could not be read.

    Returns
    -------
    Checked
        All rows, faults and notes. A single file stays as it is.

    Examples
    --------
    >>> from xsgeo.schemas import TABLES
    >>> towns = [
    ...     Checked(RawTable(f"{n}.csv", pd.DataFrame()), TABLES["towns"], pd.DataFrame({"name": [n]}, [2]), {}, (), 0)
    ...     for n in "ab"
    ... ]
    >>> whole = join(towns)
    >>> whole.frame.index.tolist(), whole.fault(whole.frame.index[1], "name", "b", "missing_value").file
    ([2, 100000002], 'b.csv')
    """
    if len(parts) == 1:
        return dataclasses.replace(parts[0], is_partial=is_partial)
    headers = {name: label for part in reversed(parts) for name, label in part.headers.items()}
    frames = [p.frame.set_axis(p.frame.index + i * STEP) for i, p in enumerate(parts)]
    first = parts[0]
    return Checked(
        first.raw,
        first.table,
        pd.concat(frames),
        {name: headers[name] for name in first.table.columns if name in headers},
        tuple(f for p in parts for f in p.faults),
        sum(p.n_blank for p in parts),
        tuple(n for p in parts for n in p.notes),
        frozenset((int(str(r)) + i * STEP, c) for i, p in enumerate(parts) for r, c in p.excused),
        parts=tuple(parts),
        is_partial=is_partial,
    )
