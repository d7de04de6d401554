"""Say who is served and why the others are not: near, open when off shift, willing to let them in, equipped.

A planner's map usually asks one thing of a venue, that it be near. The finding this package began with is that a palace
in the middle of town, open Monday to Friday in working hours, is near everybody and serves nobody. So distance gives
only *nominal* coverage here, and the headline is *effective* coverage: workers who have at least the standard's hours a
week in which they are off shift, a venue within the cut-off is open, it admits them, it has what is needed, and there
is time left to go there and come back.

Frames in, frames out: the package reads the long table of door-to-door minutes that `xsgeo.travel` makes, and knows
neither files nor the road network. Rows of that table whose group or venue is not in the frames given are left out, so
a cluster, or a county without one venue, is asked about by passing fewer rows and nothing else.

The parts, each above the next:

* `openings`: what a room kept open longer would change;
* `year`, `summary`, `usable`: twelve months and who is there in them; sums; usable time told as time;
* `ladder`: who is served, and one reason for everybody else;
* `admission`: who may come in, and what is there;
* `masks`: usable weeks by distinct pattern. Nothing is ever computed by row.

A limit to know. Time on the way is rounded up to whole half hours, so a spell shorter than an hour and a half leaves
little: the measure is rather strict than generous. And seats are counted elsewhere: what share of a group finds one is
given to the ladder, and where it is not given nobody is turned away for want of seats.
"""

from __future__ import annotations

from xsgeo.access.admission import admits, admits_everyone, equipped, meets_needs
from xsgeo.access.ladder import REASONS, coverage, nearest_min, nominal, reason
from xsgeo.access.masks import Sailings
from xsgeo.access.openings import cheapest_opening, would_serve
from xsgeo.access.summary import summarise, tally
from xsgeo.access.usable import evenings, usable_by_week, usable_hours, usable_slots, usable_time
from xsgeo.access.year import Year, present, summarise_year, yearly, yearly_by_standard

__all__ = [
    "REASONS",
    "Sailings",
    "Year",
    "admits",
    "admits_everyone",
    "cheapest_opening",
    "coverage",
    "equipped",
    "evenings",
    "meets_needs",
    "nearest_min",
    "nominal",
    "present",
    "reason",
    "summarise",
    "summarise_year",
    "tally",
    "usable_by_week",
    "usable_hours",
    "usable_slots",
    "usable_time",
    "would_serve",
    "yearly",
    "yearly_by_standard",
]
