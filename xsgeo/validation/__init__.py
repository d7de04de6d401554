"""Text cells to checked values: every cell that is not good is named, none is guessed and none disappears.

A table arrives as text with the row numbers a spreadsheet shows. `match_headers` finds the declared columns under the
headers a ledger uses, `parse_table` turns cells into values, and `check_bounds` holds them to what `xsgeo.schemas`
declares. Between the two a study resolves names to ids and turns coordinates into WGS-84, which is why they are two
steps; `check_table` does both for a table that needs neither.

Cross-table checks stand here too: parts and wholes, points on land, nodes. They take frames, not files, so a study
built in code is held to the same rules as one that was read. A mistake is named once, where it was made: what merely
follows from it (a negative number of workers is less than its women, a sum over a row that was not read is too small)
is left out, since a planner who mends the one mends the other.

* `parsing`: headers to columns, cells to values;
* `bounds`: one table held to its declaration and to its own totals;
* `wholes`: parts against the whole, in one table and across tables;
* `ground`: points on land, roads and ferries that meet.
"""

from __future__ import annotations

from xsgeo.validation.bounds import check_bounds, check_table, check_totals
from xsgeo.validation.ground import (
    NODE_SPREAD_M,
    SHORE_TOLERANCE_M,
    SHORTEST_SHARE,
    check_nodes,
    check_places,
    check_sailings,
)
from xsgeo.validation.parsing import match_headers, parse_table
from xsgeo.validation.wholes import check_wholes, compare_wholes

__all__ = [
    "NODE_SPREAD_M",
    "SHORE_TOLERANCE_M",
    "SHORTEST_SHARE",
    "check_bounds",
    "check_nodes",
    "check_places",
    "check_sailings",
    "check_table",
    "check_totals",
    "check_wholes",
    "compare_wholes",
    "match_headers",
    "parse_table",
]
