"""Share the rooms there already are: find them behind their plaques, and see who could use them when.

`find_pairs` proposes plaques that hang on one door, with evidence; people confirm, and `room_labels` says which plaques
are one room. `opportunities` says who would be served if a door opened to others, `complements` which rooms complete
one another's hours, `cross_town` who uses another town's rooms, and `draft_calendar` who could have which hours of
which room.
"""

from __future__ import annotations

from xsgeo.sharing.calendars import draft_calendar
from xsgeo.sharing.evaluate import FIELDS, evaluate, score_pairs
from xsgeo.sharing.labels import PAIRS_FILE, count_rooms, room_labels, with_rooms
from xsgeo.sharing.opportunities import complements, cross_town, opportunities
from xsgeo.sharing.rooms import RATIOS, find_pairs, probability

__all__ = [
    "FIELDS",
    "PAIRS_FILE",
    "RATIOS",
    "complements",
    "count_rooms",
    "cross_town",
    "draft_calendar",
    "evaluate",
    "find_pairs",
    "opportunities",
    "probability",
    "room_labels",
    "score_pairs",
    "with_rooms",
]
