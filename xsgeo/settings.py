"""Parameters as frozen records, with the unit in every name.

A measure takes the record it needs as an argument; there is no module-wide switch to forget. The defaults are the
planning assumptions of the design, each with its source, and a study may state its own in ``study.toml``; what was
used is printed on every output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ROAD_MODES = ("walk", "ebike", "drive")
"""Modes for which a table of roads says whether they may use an edge."""

MODES = (*ROAD_MODES, "bus")
"""Modes that travel times can be asked for; those by bus are an approximation (`xsgeo.network.model`)."""


@dataclass(frozen=True)
class Standard:
    """What counts as served: how far by which means, and how many hours a week.

    Parameters
    ----------
    standard_id
        Short name used in file names and on the command line.
    name, name_en
        How planners call it.
    cutoff_min
        Longest door-to-door time by mode, in minutes. A mode that is absent cannot be used.
    min_hours_per_week
        Usable hours a week from which a worker counts as served.
    functions
        Functions a venue must have; empty asks for none.
    source
        Where the figures come from.
    month
        Month (1-12) whose opening hours are used; seasons differ.
    peak_share
        Share of the workers who are free that come at the same time. A planning assumption: no count of visits is
        published for the county.
    min_seated_share
        Share of a group that must find a seat; below it the group is crowded out.
    source_url
        Where the source can be read, where it can.

    Examples
    --------
    >>> Standard().cutoff_min["walk"]
    15.0
    """

    standard_id: str = "walk15"
    name: str = "15分钟职工阵地服务圈"
    name_en: str = "15-minute venue circle"
    cutoff_min: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(MODES, 15.0))
    min_hours_per_week: float = 4.0
    functions: tuple[str, ...] = ()
    source: str = "GB 50180-2018; TD/T 1062-2021"
    month: int = 11
    peak_share: float = 0.10
    min_seated_share: float = 1.0
    source_url: str = ""

    def __post_init__(self) -> None:
        unknown = sorted(set(self.cutoff_min) - set(MODES))
        if unknown or not self.cutoff_min or min(self.cutoff_min.values()) <= 0:
            msg = f"cutoff_min needs positive minutes by mode ({', '.join(MODES)}), got {dict(self.cutoff_min)}"
            raise ValueError(msg)
        if not 0 < self.min_hours_per_week <= 168:
            msg = f"min_hours_per_week must be above 0 and at most 168, got {self.min_hours_per_week}"
            raise ValueError(msg)
        if self.month not in range(1, 13):
            msg = f"month must be 1 to 12, got {self.month}"
            raise ValueError(msg)
        for name in ("peak_share", "min_seated_share"):
            if not 0 < getattr(self, name) <= 1:
                msg = f"{name} must be above 0 and at most 1, got {getattr(self, name)}"
                raise ValueError(msg)


@dataclass(frozen=True)
class TravelRules:
    """How people move, and how far a point may lie from the network.

    Parameters
    ----------
    walk_kmh, ebike_kmh
        Speeds on the network, on the flat. E-bikes are limited to 25 km/h (GB 17761-2018) and planned with 18.
    bus_wait_min
        Mean wait for a bus in minutes. No timetable of the county's buses was found; 20 to 30 is what planners reckon
        with, and the lower end is taken.
    bus_car_share
        Speed of a bus, stops included, as a share of the free speed of cars. A planning assumption.
    snap_limit_m
        Longest way from a point to the network; beyond it the point's travel time is unknown.
    max_accuracy_m
        A point placed less exactly than this is unknown, not near or far: 500 m is half of a 15-minute walk.

    Examples
    --------
    >>> TravelRules(snap_limit_m=300).snap_limit_m
    300
    """

    walk_kmh: float = 4.8
    ebike_kmh: float = 18.0
    bus_wait_min: float = 20.0
    bus_car_share: float = 0.6
    snap_limit_m: float = 500.0
    max_accuracy_m: float = 500.0

    def __post_init__(self) -> None:
        for name in ("walk_kmh", "ebike_kmh", "snap_limit_m", "max_accuracy_m"):
            if not getattr(self, name) > 0:
                msg = f"{name} must be above 0, got {getattr(self, name)}"
                raise ValueError(msg)
        if not self.bus_wait_min >= 0 or not 0 < self.bus_car_share <= 1:
            msg = f"bus_wait_min must be 0 or more and bus_car_share above 0 and at most 1, got {self}"
            raise ValueError(msg)


@dataclass(frozen=True)
class SitingRules:
    """What a new or mended room would offer, and how many to propose.

    Parameters
    ----------
    n_sites
        How many sites to choose.
    open_hours
        Opening hours a proposed venue would keep.
    min_gap_workers
        A gap with fewer unserved workers than this is listed but gets no candidate site of its own.
    time_limit_s
        How long the solver may search before it must hand over its best answer with its bound.

    Examples
    --------
    >>> SitingRules(n_sites=5).min_gap_workers
    50
    """

    n_sites: int = 10
    open_hours: str = "周一至周五 12:00-14:00,17:00-22:00; 周六至周日 9:00-22:00"
    min_gap_workers: int = 50
    time_limit_s: float = 20.0

    def __post_init__(self) -> None:
        if self.n_sites < 0 or self.min_gap_workers < 0 or self.time_limit_s <= 0:
            msg = "n_sites and min_gap_workers must be 0 or more, and time_limit_s above 0"
            raise ValueError(msg)


def _prices() -> dict[str, float]:
    return {
        "open_longer": 0.5,
        "share": 1.0,
        "equip": 3.0,
        "enlarge": 10.0,
        "close": 0.0,
        "convert": 20.0,
        "convert_low": 8.0,
        "convert_mid": 20.0,
        "convert_high": 50.0,
        "rent": 5.0,
        "build": 80.0,
    }


def _patterns() -> dict[str, str]:
    return {
        "evenings": "周一至周五 17:30-21:30",
        "weekends": "周六至周日 10:00-20:00",
        "full": "周一至周五 17:30-21:30; 周六至周日 10:00-20:00",
    }


@dataclass(frozen=True)
class CostRules:
    """What actions cost, in ten thousand yuan (万元), and the hours they may keep.

    Every default is a planning assumption: no public source was found that states prices by action. A county writes its
    own into ``[costs]`` of ``study.toml``.

    Parameters
    ----------
    once
        Paid once, by action; ``convert_low``, ``convert_mid`` and ``convert_high`` by class of costs.
    staff_yuan_per_hour
        Pay of whoever keeps a room open, yuan an hour.
    rent_per_year
        Rent of a shop.
    new_room_capacity
        People at a time in a room that is converted, rented or built.
    enlarged_seats
        People at a time by whom a room grows that is enlarged.
    patterns
        Opening hours an action may keep, by name.
    upkeep_per_year
        Water, power and repair of a room that is open today, staff apart.
    running_per_year
        What a room costs a year in all, by ``venue_id``, where the county knows; it is freed when the room is closed.
    discount
        What a worker served a year later counts, against one served now.
    basis
        Where the prices come from: ``sourced``, ``derived``, ``estimate`` or ``synthetic``.
    source
        The same in words.

    Examples
    --------
    >>> CostRules(staff_yuan_per_hour=30).once["share"]
    1.0
    """

    once: Mapping[str, float] = field(default_factory=_prices)
    staff_yuan_per_hour: float = 25.0
    rent_per_year: float = 3.0
    new_room_capacity: int = 60
    enlarged_seats: int = 30
    upkeep_per_year: float = 1.0
    running_per_year: Mapping[str, float] = field(default_factory=dict)
    patterns: Mapping[str, str] = field(default_factory=_patterns)
    discount: float = 0.95
    basis: str = "estimate"
    source: str = "规划假设，待以本县造价与用工成本替换"

    def __post_init__(self) -> None:
        wrong = {k: v for k, v in self.once.items() if not 0 <= v < float("inf")}
        if wrong or not self.patterns:
            msg = f"once needs amounts of 0 or more in 万元, and patterns at least one, got {wrong} and {self.patterns}"
            raise ValueError(msg)
        running = {k: v for k, v in self.running_per_year.items() if not 0 <= v < float("inf")}
        if running:
            msg = f"running_per_year needs amounts of 0 or more in 万元, got {running}"
            raise ValueError(msg)
        for name in ("staff_yuan_per_hour", "rent_per_year", "upkeep_per_year"):
            if not 0 <= getattr(self, name) < float("inf"):
                msg = f"{name} must be 0 or more, got {getattr(self, name)}"
                raise ValueError(msg)
        if min(self.new_room_capacity, self.enlarged_seats) < 1 or not 0 < self.discount <= 1:
            msg = (
                f"new_room_capacity and enlarged_seats must be 1 or more and discount above 0 and at most 1, got {self}"
            )
            raise ValueError(msg)
