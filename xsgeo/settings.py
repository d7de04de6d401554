"""Parameters as frozen records, with the unit in every name.

A measure takes the record it needs as an argument; there is no module-wide switch to forget. The defaults are the
planning assumptions of the design, each with its source, and a study may state its own in ``study.toml``; what was
used is printed on every output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MODES = ("walk", "ebike", "drive")


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


@dataclass(frozen=True)
class TravelRules:
    """How people move, and how far a point may lie from the network.

    Parameters
    ----------
    walk_kmh, ebike_kmh
        Speeds on the network. E-bikes are limited to 25 km/h (GB 17761-2018) and planned with 18.
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
    snap_limit_m: float = 500.0
    max_accuracy_m: float = 500.0

    def __post_init__(self) -> None:
        for name in ("walk_kmh", "ebike_kmh", "snap_limit_m", "max_accuracy_m"):
            if not getattr(self, name) > 0:
                msg = f"{name} must be above 0, got {getattr(self, name)}"
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
    """

    n_sites: int = 10
    open_hours: str = "周一至周五 12:00-14:00,17:00-22:00; 周六至周日 9:00-22:00"
    min_gap_workers: int = 50
    time_limit_s: float = 20.0

    def __post_init__(self) -> None:
        if self.n_sites < 0 or self.min_gap_workers < 0 or self.time_limit_s <= 0:
            msg = "n_sites and min_gap_workers must be 0 or more, and time_limit_s above 0"
            raise ValueError(msg)
