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
requires. A row is changed by one entry only, so the order of the entries means nothing. Every fault of every entry is
told at once, and a study that was given is never altered: the answer is another.

* `form`: the file, read and written;
* `entries`: each change read as a ledger's row would be;
* `applied`: the study as it would be.
"""

from __future__ import annotations

from xsgeo.scenarios.applied import apply
from xsgeo.scenarios.entries import did_you_mean
from xsgeo.scenarios.form import (
    ACTIONS,
    AS_IT_IS,
    CHANGEABLE,
    Change,
    Scenario,
    parse_scenario,
    read_scenario,
    write_scenario,
)

__all__ = [
    "ACTIONS",
    "AS_IT_IS",
    "CHANGEABLE",
    "Change",
    "Scenario",
    "apply",
    "did_you_mean",
    "parse_scenario",
    "read_scenario",
    "write_scenario",
]
