"""A plan over years: what to do at which room when, within each year's money, with proof.

`possible_actions` prices what could be done, `coverage_by_action` says whom each would serve, `task` puts the question
and `solve` answers it. `alternatives`, `money`,
`worst_off_first` and `robust` lay out the choices beside the best plan.
"""

from __future__ import annotations

from xsgeo.phasing.actions import UnpricedError, coverage_by_action, possible_actions, weeks
from xsgeo.phasing.choices import alternatives, in_common, money, robust, town_shares, worst_off_first
from xsgeo.phasing.closing import closing_actions, closing_ways
from xsgeo.phasing.counting import counted, spending
from xsgeo.phasing.model import Phased, Task, Terms, UnknownSiteError, task
from xsgeo.phasing.seating import enlarged_for, enlargements, room_to_newcomers, seats_left
from xsgeo.phasing.solve import InfeasibleError, greedy, solve
from xsgeo.phasing.states import Seats, Without
from xsgeo.phasing.ways import by_clusters, interchange, ways

__all__ = [
    "InfeasibleError",
    "Phased",
    "Seats",
    "Task",
    "Terms",
    "UnknownSiteError",
    "UnpricedError",
    "Without",
    "alternatives",
    "by_clusters",
    "closing_actions",
    "closing_ways",
    "counted",
    "coverage_by_action",
    "enlarged_for",
    "enlargements",
    "greedy",
    "in_common",
    "interchange",
    "money",
    "possible_actions",
    "robust",
    "room_to_newcomers",
    "seats_left",
    "solve",
    "spending",
    "task",
    "town_shares",
    "ways",
    "weeks",
    "worst_off_first",
]
