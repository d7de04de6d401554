"""Is there a seat: near, open, admitted and equipped is not served if the room is full.

Two measures of one thing, which disagree on purpose:

* `two_step_floating_catchment` and, by half hours of the week, `seats_per_worker`: seats per worker as the literature
  counts them (two-step floating catchments, with a choice of decay). Comparable with anybody's; blind to queues.
* `seated` and `seated_by_half_hour`: an exact assignment of those who come to the seats there are, the worst-off first.
* `disagreements`: where the one finds seats enough and the other does not.

Crowding is where a planning system is easily wrong without anybody noticing, so the assumptions are few and said: the
share of free workers who come at the same time (`Standard.peak_share`), one figure for everybody; a room's seats are
counted once however many plaques hang on its door; a room whose capacity nobody has written down is taken to have no
limit, never to be empty or average, and is counted (`seated_by_half_hour`).

The parts: `decay`, `catchment` (frames), `streams` (the same on a network, without the table of pairs), `claims` (who
could sit where and when), `flow` (the fair assignment), `seats` (the measures by half hour).
"""

from __future__ import annotations

from xsgeo.crowding.catchment import two_step_floating_catchment
from xsgeo.crowding.claims import When, find_claims, room_ids, seats_of_rooms
from xsgeo.crowding.decay import Decay
from xsgeo.crowding.seats import disagreements, seated, seated_by_half_hour, seats_per_worker

__all__ = [
    "Decay",
    "When",
    "disagreements",
    "find_claims",
    "room_ids",
    "seated",
    "seated_by_half_hour",
    "seats_of_rooms",
    "seats_per_worker",
    "two_step_floating_catchment",
]
