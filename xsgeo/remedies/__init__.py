"""Say what would mend it: for each group the cheapest change that serves it, and for each change whom it would serve.

The reason a group is not served names the kind of remedy; this module names the door, the days and the hour. "Open the
rest station to 22:00 on weekdays: 1,240 workers" is a sentence a town office can act on, and the figure in it is not a
model's: each change is applied and coverage asked again, by the same masks, and a test applies it to the study itself.

What counts as a change is kept to what a notice on a door can say, because nobody keeps a venue open on Tuesdays and
alternate Thursdays to 20:30 for the sake of an optimum. An **extension** is one stretch of time on the same days, and
the days are weekdays, the weekend or every day (`DAYS`); within that family, 3 times 1,176 stretches, all are looked
at. The cheapest is, in this order: one that touches the hours the venue keeps already on each of those days, so that
nobody has to unlock twice (two hours at least where that cannot be); the fewest half hours added to the week; the most
of them that the group wants; the earliest end; the latest start. Among venues the one that needs no other step
(sharing, equipping) comes first, then the cheaper extension, the nearer, the lesser id.

**Sharing** lets every worker in: at the hours the ledger says can be shared where it says any, and then as a plaque of
its own on the same door, since those who may come in today keep their hours; else at the hours it is open. Of the
groups without a venue in reach each gets the asset that would serve it, converted, or the nearest place there is and
how far beyond the limit it lies. Gains are of hours and doors, unless seats are asked for: then each of the leading
changes is made, the seats of the whole county are shared out anew, and whoever it would crowd out is counted as well.

Where no single change of this kind serves a group, that is said (``none``) and nothing is made up: it needs two
changes, or its free time is too short for any.
"""

from __future__ import annotations

from xsgeo.remedies.cheapest import cheapest_changes
from xsgeo.remedies.gains import remedies
from xsgeo.remedies.notices import as_scenario, extended_hours, remedy_words
from xsgeo.remedies.seats import counted_with_seats
from xsgeo.remedies.stretches import DAYS, Extension, least_extension

__all__ = [
    "DAYS",
    "Extension",
    "as_scenario",
    "cheapest_changes",
    "counted_with_seats",
    "extended_hours",
    "least_extension",
    "remedies",
    "remedy_words",
]
