"""One declaration for each table of a study: what its columns mean, and what a good value is.

The same declaration checks a ledger, prints the data dictionary and names the columns in messages, so the three cannot
drift apart. Checks are pandera's; what pandera does not know (Chinese headers that ledgers use, units, which table a
column refers to, how a text cell is parsed) stands in the column's ``metadata``. Everything arrives as text, because a
spreadsheet reader that guesses types turns ``0012`` into 12; `xsgeo.validation` turns text into values and names each
cell that does not parse.

Each table is declared in one place: `places`, `people`, `rooms` and `ways` by subject, `columns` for what they are made
of, `words` for what a choice may be.

Ids become the index. Points are given as ``lon`` and ``lat`` in WGS-84 degrees, lines and polygons as ``geometry``.
``basis`` says where a row's figures come from, and ``as_of`` their date.
"""

from __future__ import annotations

from xsgeo.schemas.columns import Kind, Table, column
from xsgeo.schemas.printing import dictionary
from xsgeo.schemas.tables import TABLES
from xsgeo.schemas.words import (
    ASSET_KINDS,
    BASES,
    BUILD_MODES,
    FUNCTIONS,
    OWNERS,
    ROAD_CLASSES,
    SERVES,
    SHARE_TERMS,
    SHIFTS,
    UNION_KINDS,
    VENUE_KINDS,
)

__all__ = [
    "ASSET_KINDS",
    "BASES",
    "BUILD_MODES",
    "FUNCTIONS",
    "OWNERS",
    "ROAD_CLASSES",
    "SERVES",
    "SHARE_TERMS",
    "SHIFTS",
    "TABLES",
    "UNION_KINDS",
    "VENUE_KINDS",
    "Kind",
    "Table",
    "column",
    "dictionary",
]
