"""What the tags of one way mean for walkers, e-bikes and cars, by the table of `xsgeo.roads.tags`.

Access follows the usual reading of the tags: the most specific key that says something decides (``foot`` before
``access``; ``bicycle`` before ``vehicle`` before ``access``; ``motorcar`` before ``motor_vehicle`` before ``vehicle``).
A key of one mode may open or close a way; ``access`` and ``vehicle`` may only close it, or ``access=yes`` would put
cars on a footpath. E-bikes count as bicycles, which is what GB 17761 makes of them.

What is not certain is not used. Half of the values of ``maxspeed`` in the wild are no number ("60;40", "signals",
"CN:urban", "0"): those ways get the speed of their class, and the summary of the import says which and how many.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from xsgeo.roads.tags import ACCESS_KEYS, FASTEST_KMH, ONEWAY_KEYS, WAY_KEYS, Row, TagTable
from xsgeo.settings import ROAD_MODES

Flags = tuple[bool, bool, bool]
"""Whether walkers, e-bikes and cars may pass, in the order of `xsgeo.settings.ROAD_MODES`."""

_CLOSE_ONLY = frozenset({"access", "vehicle"})
_DIRECTIONS = MappingProxyType(
    {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1}
    | dict.fromkeys(("no", "false", "0", "reversible", "alternating"), 0)
)
_KMH_PER_MPH = 1.609344
_SLOWEST_KMH = 5.0
_BOAT_KMH = (1.0, 90.0)


@dataclass(frozen=True)
class Sailing:
    """What the tags of a ferry say of its times.

    Attributes
    ----------
    duration_min
        Minutes on the water over the whole way; NaN where it is to be worked out from the length.
    boat_kmh
        Speed assumed where no duration is given.
    wait_min
        Mean wait: half the stated interval, else the table's.
    is_timed
        Whether an interval is stated.
    first, last
        First and last sailing, HH:MM, or empty.
    """

    duration_min: float
    boat_kmh: float
    wait_min: float
    is_timed: bool
    first: str
    last: str


@dataclass(frozen=True)
class Meaning:
    """What a way is, once its tags have been read.

    Attributes
    ----------
    dropped
        Why the way is left out (``not_in_table``, ``closed``), or empty.
    road_class, speed_kmh
        As in the table of roads.
    walk, ebike, drive
        Who may use it.
    ebike_direction, drive_direction
        1 only along the way as drawn, -1 only against it, 0 both.
    is_bridge
        Whether it is tagged as a bridge.
    sailing
        Times of a ferry; None for a road.
    notes
        Things assumed or passed over, as pairs of a code and the tag.
    """

    dropped: str = ""
    road_class: str = ""
    speed_kmh: float = math.nan
    walk: bool = False
    ebike: bool = False
    drive: bool = False
    ebike_direction: int = 0
    drive_direction: int = 0
    is_bridge: bool = False
    sailing: Sailing | None = None
    notes: tuple[tuple[str, str], ...] = ()


# --- reading the tags of one way ---------------------------------------------------------------------------------


def meaning_of(tags: Mapping[str, str], table: TagTable) -> Meaning:
    """Say what a way is.

    Parameters
    ----------
    tags
        Tags of the way.
    table
        From `read_tags`.

    Examples
    --------
    >>> from xsgeo.roads.tags import read_tags
    >>> street = meaning_of({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"}, read_tags())
    >>> street.drive_direction, street.ebike_direction, street.speed_kmh
    (1, 0, 20.0)
    >>> meaning_of({"highway": "proposed"}, read_tags()).dropped
    'not_in_table'
    """
    tags = {key: unicodedata.normalize("NFKC", value).strip() for key, value in tags.items()}
    row = next((row for (key, value), row in table.rows.items() if key in WAY_KEYS and tags.get(key) == value), None)
    if row is None:
        said = next((f"{key}={tags[key]}" for key in WAY_KEYS if key in tags), "")
        return Meaning(dropped="not_in_table", notes=(("not_in_table", said),))
    for key in table.correcting_keys:
        row = _corrected(row, table.rows.get((key, tags.get(key, ""))))
    notes = [("conditional", key) for key in sorted(tags) if key.endswith(":conditional")]
    flags = access_of(tags, (bool(row.walk), bool(row.ebike), bool(row.drive)), table, notes)
    if not any(flags):
        said = next(f"{key}={tags[key]}" for key in WAY_KEYS if key in tags)
        return Meaning(dropped="closed", notes=(("closed", said),))
    if row.road_class is None:
        return _ferry(tags, row, flags, notes)
    ebike, drive = (_direction(tags, mode, notes) for mode in ("ebike", "drive"))
    if tags.get("oneway:foot", "no") not in {"no", "0", "false"} and flags[0]:
        notes.append(("oneway_foot", f"oneway:foot={tags['oneway:foot']}"))
    return Meaning(
        road_class=row.road_class,
        speed_kmh=_speed(tags, row.speed_kmh or _SLOWEST_KMH, flags[2], drive, notes),
        walk=flags[0],
        ebike=flags[1],
        drive=flags[2],
        ebike_direction=ebike if flags[1] else 0,
        drive_direction=drive if flags[2] else 0,
        is_bridge=tags.get("bridge", "no") != "no",
        notes=tuple(notes),
    )


def _corrected(row: Row, correction: Row | None) -> Row:
    if correction is None:
        return row
    return replace(row, **{name: value for name, value in vars(correction).items() if value is not None})


def access_of(
    tags: Mapping[str, str], flags: Flags, table: TagTable, notes: list[tuple[str, str]] | None = None
) -> Flags:
    """Say who may pass, given who may where the tags are silent.

    Parameters
    ----------
    tags
        Tags of a way, or of a node with a barrier.
    flags
        Who may pass where no access tag says anything.
    table
        From `read_tags`.
    notes
        List to which access values that the table does not know are added.

    Examples
    --------
    >>> from xsgeo.roads.tags import read_tags
    >>> access_of({"access": "no", "foot": "yes"}, (True, True, True), read_tags())
    (True, False, False)
    """
    answers = []
    for position, mode in enumerate(ROAD_MODES):
        answer = flags[position]
        for key in ACCESS_KEYS[mode]:
            row = table.rows.get(("access", tags.get(key, "")))
            if row is not None:
                allowed = bool(getattr(row, mode))
                answer = (answer and allowed) if key in _CLOSE_ONLY else allowed
                break
            if key in tags and notes is not None and ("access_unknown", f"{key}={tags[key]}") not in notes:
                notes.append(("access_unknown", f"{key}={tags[key]}"))
        answers.append(answer)
    return (answers[0], answers[1], answers[2])


def barrier_flags(tags: Mapping[str, str], table: TagTable) -> Flags:
    """Who may pass a barrier on a node; all three where there is none.

    Examples
    --------
    >>> from xsgeo.roads.tags import read_tags
    >>> barrier_flags({"barrier": "bollard"}, read_tags())
    (True, True, False)
    >>> barrier_flags({"barrier": "gate", "access": "private", "foot": "yes"}, read_tags())
    (True, False, False)
    """
    kind = unicodedata.normalize("NFKC", tags.get("barrier", "no")).strip()
    if kind == "no":
        return (True, True, True)
    row = table.rows.get(("barrier", kind)) or table.rows.get(("barrier", "*"))
    shut = row is None or tags.get("locked") == "yes"
    flags = (False, False, False) if row is None or shut else (bool(row.walk), bool(row.ebike), bool(row.drive))
    return access_of(tags, flags, table)


def _direction(tags: Mapping[str, str], mode: str, notes: list[tuple[str, str]]) -> int:
    opposite = tags.get("cycleway", "").startswith("opposite")
    for key in ONEWAY_KEYS[mode]:
        if key == "oneway" and mode == "ebike" and opposite:
            return 0
        if key not in tags:
            continue
        if tags[key] in _DIRECTIONS:
            return _DIRECTIONS[tags[key]]
        if ("oneway_unknown", f"{key}={tags[key]}") not in notes:
            notes.append(("oneway_unknown", f"{key}={tags[key]}"))
    # A roundabout and an expressway are one-way though nobody says so.
    return int(tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway")


def _speed(
    tags: Mapping[str, str], usual_kmh: float, drive: bool, direction: int, notes: list[tuple[str, str]]
) -> float:
    """Speed of cars: the limit where it is certain, else that of the table."""
    along, against = tags.get("maxspeed:forward"), tags.get("maxspeed:backward")
    by_direction = {1: along, -1: against, 0: along if along == against else None}[direction]
    said = tags.get("maxspeed", by_direction)
    if said is None or not drive:
        if drive and (along or against):
            sides = {"forward": along, "backward": against}
            said = ", ".join(f"maxspeed:{side}={value}" for side, value in sides.items() if value)
            notes.append(("maxspeed_unsure", said))
        return usual_kmh
    limit = parse_maxspeed(said)
    if limit is None:
        notes.append(("maxspeed_unsure", f"maxspeed={said}"))
        return usual_kmh
    return limit


def parse_maxspeed(text: str) -> float | None:
    """Speed limit in km/h, or None where it is not certain what is meant.

    Examples
    --------
    >>> [parse_maxspeed(t) for t in ("50", "５０ km/h", "50 mph", "60;40", "CN:urban", "none", "0", "500")]
    [50.0, 50.0, 80.5, None, None, None, None, None]
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|公里/小时|公里/时|mph)?", plain)
    if match is None:
        return None
    limit = float(match[1]) * (_KMH_PER_MPH if match[2] == "mph" else 1.0)
    return round(limit, 1) if _SLOWEST_KMH <= limit <= FASTEST_KMH else None


def parse_duration(text: str) -> float | None:
    """Minutes of a duration, or None where it is not understood.

    Two numbers with a colon are hours and minutes, three are hours, minutes and seconds, one is minutes.

    Examples
    --------
    >>> [parse_duration(t) for t in ("00:20", "20", "PT20M", "1:05:00", "PT1H5M", "1 h 5 min", "20分钟", "soon")]
    [20.0, 20.0, 20.0, 65.0, 65.0, 65.0, 20.0, None]
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    clock = re.fullmatch(r"(\d+):([0-5]?\d)(?::([0-5]?\d))?", plain)
    iso = re.fullmatch(r"p(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)?", plain)
    words = re.fullmatch(
        r"(?:(\d+(?:\.\d+)?)\s*(?:h|hours?|hrs?|小时))?\s*(?:(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?|分钟|分)?)?", plain
    )
    if clock:
        hours, minutes, seconds = (float(part or 0) for part in clock.groups())
        total = 60 * hours + minutes + seconds / 60
    elif iso and any(iso.groups()):
        days, hours, minutes, seconds = (float(part or 0) for part in iso.groups())
        total = 1440 * days + 60 * hours + minutes + seconds / 60
    elif words and any(words.groups()):
        total = 60 * float(words[1] or 0) + float(words[2] or 0)
    else:
        return None
    return total if total > 0 else None


def _ferry(tags: Mapping[str, str], row: Row, flags: Flags, notes: list[tuple[str, str]]) -> Meaning:
    """A ferry; the table of ferries carries walkers and e-bikes on every boat, so one for cars alone is left out."""
    walk, ebike, drive = flags
    if not walk:
        return Meaning(dropped="ferry_cars_only", notes=(("ferry_cars_only", "route=ferry"),))
    if not ebike:
        notes.append(("ferry_no_ebike", f"bicycle={tags.get('bicycle', 'no')}"))
    if tags.get("oneway", "no") not in {"no", "0", "false"}:
        notes.append(("ferry_oneway", f"oneway={tags['oneway']}"))
    duration = parse_duration(tags.get("duration", ""))
    interval = parse_duration(tags.get("interval", ""))
    if duration is None and "duration" in tags:
        notes.append(("duration_unsure", f"duration={tags['duration']}"))
    if interval is None:
        notes.append(("interval_unsure", f"interval={tags['interval']}") if "interval" in tags else ("no_interval", ""))
    hours = re.fullmatch(r"(?:mo-su )?(\d\d:\d\d)-(\d\d:\d\d)", tags.get("opening_hours", "").casefold())
    hours = hours if hours is None or hours[1] <= hours[2] <= "24:00" else None
    if hours is None and "opening_hours" in tags:
        notes.append(("sailings_unsure", f"opening_hours={tags['opening_hours']}"))
    sailing = Sailing(
        duration_min=math.nan if duration is None else duration,
        boat_kmh=row.speed_kmh or _BOAT_KMH[0],
        wait_min=(row.wait_min or 0.0) if interval is None else interval / 2,
        is_timed=interval is not None,
        first=hours[1] if hours else "",
        last=hours[2] if hours else "",
    )
    return Meaning(walk=walk, ebike=ebike, drive=drive, sailing=sailing, notes=tuple(notes))


def crossing_min(sailing: Sailing, length_m: float) -> tuple[float, bool]:
    """Minutes on the water for a whole way, and whether they are stated rather than worked out.

    A stated duration that would make the boat slower than 1 or faster than 90 km/h is a slip (hours for minutes).

    Examples
    --------
    >>> crossing_min(Sailing(25.0, 12.0, 15.0, False, "", ""), 4000.0)
    (25.0, True)
    >>> crossing_min(Sailing(math.nan, 12.0, 15.0, False, "", ""), 4000.0)
    (20.0, False)
    """
    stated = sailing.duration_min
    usual = 60 * length_m / (1000 * sailing.boat_kmh)
    if math.isnan(stated):
        return usual, False
    kmh = 60 * length_m / (1000 * stated)
    return (stated, True) if _BOAT_KMH[0] <= kmh <= _BOAT_KMH[1] else (usual, False)
