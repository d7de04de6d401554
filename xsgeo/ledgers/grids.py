"""What a sheet is before it is understood (`Grid`) and after (`RawTable`), and what is said about it (`Note`).

Both hold text alone: what a cell is worth is decided by whoever knows its column (`xsgeo.cells`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from xsgeo.catalogue import Language, say
from xsgeo.crs import Datum
from xsgeo.errors import Fault


@dataclass(frozen=True, order=True)
class Note(Fault):
    """Something about a ledger that a planner should know and that is not wrong."""

    def text(self, language: Language = "zh") -> str:
        """Say the note in one line.

        Parameters
        ----------
        language
            Language of the sentence: ``zh``, ``en`` or ``both``.
        """
        what = say(f"note.{self.code}", language, **self.values(language))
        return say("place.note", language, place=self.place(language), what=what)


@dataclass(frozen=True)
class Grid:
    """A sheet as it stands: every cell as text.

    Attributes
    ----------
    file, sheet
        Where it stands.
    rows
        Text cells, row by row; rows may differ in length.
    merges
        First row, first column, last row and last column of each merged range, counted from 0.
    marks
        What is wrong with single cells as they are stored, by row and column counted from 0: ``long_number``,
        ``error_cell``, ``formula_without_value``; ``date`` says only that the cell is formatted as one.
    notes
        What the file itself has to say: hidden sheets and rows.
    faults
        What is wrong with the file apart from its rows.
    is_ragged
        Whether the length of a row means anything: in CSV a comma too many shifts every cell behind it.
    """

    file: str
    rows: Sequence[Sequence[str]]
    sheet: str = ""
    merges: tuple[tuple[int, int, int, int], ...] = ()
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    faults: tuple[Fault, ...] = ()
    is_ragged: bool = False


@dataclass(frozen=True)
class RawTable:
    """A table as it stands in a file: text cells under the headers of the file.

    Attributes
    ----------
    file, sheet
        Where it stands.
    cells
        Text cells of the records; the index holds row numbers as a spreadsheet counts them. A ``geometry`` column holds
        shapes or well-known text.
    header_row
        Row of the header.
    aside
        Rows that hold no record: titles, totals, footers, the example of a template, and rows that are out of shape.
    totals
        Cells of the rows that hold totals, under the same headers.
    faults, notes
        What reading found.
    datum
        Datum that the headers name, as in 经度(GCJ-02).
    rows
        The whole sheet, for the workbook that goes back; empty for files without one.
    positions
        Column of the sheet, counted from 0, of each header.
    has_no_columns
        Whether the file says nothing of columns, as an empty collection of features does.

    Examples
    --------
    >>> RawTable("a.csv", pd.DataFrame({"编号": ["T1"]}, index=[3]), aside=(1,)).n_rows
    2
    """

    file: str
    cells: pd.DataFrame
    sheet: str = ""
    header_row: int = 1
    aside: tuple[int, ...] = ()
    totals: pd.DataFrame | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    datum: Datum | None = None
    rows: Sequence[Sequence[str]] = ()
    positions: Mapping[str, int] = field(default_factory=dict)
    has_no_columns: bool = False

    @property
    def n_rows(self) -> int:
        """Rows in: records, blank rows and rows set aside, without the header."""
        return len(self.cells) + len(self.aside)
