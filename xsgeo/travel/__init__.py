"""Door-to-door minutes: one long table between the network and everything that is measured on it.

The question is always "who is within the cut-off of what", so the search starts at the destinations, which are few,
runs on the reversed network, and stops at the cut-off. Reversed, because a one-way street is near in one direction
only and the way that counts is from the worker to the venue.

What a pair costs is ``access leg + way on the network + egress leg``. The legs are straight, at the speed of the mode;
a car is walked to. Both ends lie somewhere along an edge, so the way on the network starts with part of an edge and
ends with part of one, or stays on one edge from beginning to end, in a direction in which the mode may go. Two points
with the very same coordinates are 0 minutes apart: nobody walks out to the road to enter the building they are in.

450 plaques hang in some 330 rooms and 8,000 worker groups stand at fewer places, so both ends are first reduced to
distinct places; only the answers are spread over all rows again. `xsgeo.search` does the searching, with memory that
grows with the answers.

Inside, time is counted in whole milliseconds: each edge is rounded once, each place along an edge once, each leg once,
so the parts of an edge add up to the edge, sums are exact, and the same input gives the same bits on every machine
whatever the order of rows, the engine or the number of threads. A way over n roads is within n/2 + 2 ms of the sum of
unrounded times, a centimetre's walk for a dozen. The cut-off is rounded likewise, and a way of exactly the cut-off
is within it.

The parts, each below the next:

* `means`: by which means people go; `places`: points as places joined to the network; `frames`: the long table;
* `ways`: there and back, with ferries or dry; `minutes`, `nearest`, `paths`: the questions.
"""

from __future__ import annotations

from xsgeo.travel.means import snap_by_mode, usual_means
from xsgeo.travel.minutes import minutes_between, travel_minutes
from xsgeo.travel.nearest import k_nearest, minutes_at_nodes, node_minutes
from xsgeo.travel.paths import path
from xsgeo.travel.places import leg_kmh

__all__ = [
    "k_nearest",
    "leg_kmh",
    "minutes_at_nodes",
    "minutes_between",
    "node_minutes",
    "path",
    "snap_by_mode",
    "travel_minutes",
    "usual_means",
]
