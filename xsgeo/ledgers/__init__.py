"""A sheet as a town office keeps it, laid out as a table: header found, titles, totals and merged cells understood.

A workbook that people print has a title above the header, a total below the rows, one town merged over twenty of
them, a row of signatures, and a column 备注. None of these is a record and none may be lost or counted: every row of
the sheet is either a record, or set aside with a note that says why, or a fault. What is set aside counts as blank in
the reconciliation, so that rows in = used + rejected + blank holds for the whole sheet below and above its header;
only the header itself is not counted.

* `grids`: what a sheet is before and after;
* `headers`: what the head of a column means;
* `layout`: which row is what.
"""

from __future__ import annotations

from xsgeo.ledgers.grids import Grid, Note, RawTable
from xsgeo.ledgers.headers import Header, header_words, ignored_headers, read_header, squeeze
from xsgeo.ledgers.layout import ADDITIVE_UNITS, as_written, find_header, is_subtotal, lay_out, letters

__all__ = [
    "ADDITIVE_UNITS",
    "Grid",
    "Header",
    "Note",
    "RawTable",
    "as_written",
    "find_header",
    "header_words",
    "ignored_headers",
    "is_subtotal",
    "lay_out",
    "letters",
    "read_header",
    "squeeze",
]
