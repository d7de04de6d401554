"""A county of six road nodes whose every answer can be worked in the head.

It stands in open water on the central meridian of the working projection, so that its metres are exact, and it holds
one case of each thing that can go wrong. Tests, doctests and the first notebook all use it.

The map, in metres; walking is 80 m a minute, so 800 m are ten minutes::

                            D   pump station S1; group g4
                            |
                            | 1600 m
                            |
    A --- 800 m --- B --- 800 m --- C  ~ ~ ~ ferry, 20 min ~ ~ ~  E --- 800 m --- F
    g1              V1, g2          V2, g3                        g5              V3, g6
      (g7 stands 2 km north of A, 1.6 km from the nearest road)

    V1 at B   the old palace, open to all workers, Monday to Friday 08:00-17:00
    V2 at C   workers' home, open to all, every day 18:00-21:00
    V3 at F   employer P3's own room, open all day, own staff only

Everybody walks; the limit is 15 minutes and 4 usable hours a week. Usable time loses a half hour at both ends of each
free spell when the way takes 1 to 30 minutes.

========  =======  =============================  =======================================  ===========  ============
group     workers  free                           venues within 15 minutes                 usable h     reason
========  =======  =============================  =======================================  ===========  ============
g1 at A   100      Mon-Fri 18:00-22:00            V1 (10 min): shut by then                0            closed
g2 at B   80       Mon-Fri 18:00-22:00            V1 (0), V2 (10): 18:30-21:00, 5 days     12.5         served
g3 at C   60       Mon-Fri 09:00-15:00 (nights)   V2 (0): shut; V1 (10): 09:30-14:30       25           served
g4 at D   40       Mon-Fri 18:00-22:00            none: C is 20 minutes away               0            out_of_reach
g5 at E   30       Mon-Fri 18:00-22:00            V3 (10): not for them; V2 is 20 away     0            not_shared
g6 at F   20       Mon-Fri 18:00-22:00            V3 (0): 18:00-22:00, 5 days              20           served
g7        10       Mon-Fri 18:00-22:00            not on the network                       0            unknown
========  =======  =============================  =======================================  ===========  ============

So 290 of 340 workers have a venue within reach, 160 are served. Only the night shift can use the palace. If it stayed
open to 21:00, g1 would gain 18:30-21:00 on five days and 260 would be served; no door would have moved.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely

from xsgeo.crs import unproject
from xsgeo.study import About, Study, assemble

_ORIGIN_M = (500_000.0, 3_220_000.0)
_NODES = MappingProxyType(
    {"A": (0, 0), "B": (800, 0), "C": (1600, 0), "D": (1600, 1600), "E": (3000, 0), "F": (3800, 0)}
)
_ROADS = (("A", "B", 800.0), ("B", "C", 800.0), ("C", "D", 1600.0), ("E", "F", 800.0))
_EVENINGS = "周一至周五 18:00-22:00"


def toy_county() -> Study:
    """Return the six-node county described above.

    Returns
    -------
    Study
        Two towns, two clusters, three employers, seven groups (340 workers), three venues, one asset, four roads,
        one ferry.

    Examples
    --------
    >>> toy_county()
    <Study 六点县 (2026-01-01): 2 towns, 2 clusters, 340 workers in 7 groups, 3 venues, 4 roads>
    """
    tables = {
        "towns": _points(
            ["town_id", "name", "name_en", "at", "population", "is_urban", "is_island"],
            [("T1", "陆上镇", "Mainland", "B", 2000, True, False), ("T2", "岛上镇", "Island", "E", 200, True, True)],
        ),
        "clusters": _clusters(),
        "employers": _points(
            ["employer_id", "name", "town_id", "cluster_id", "at", "n_workers", "n_members"],
            [
                ("P1", "甲厂", "T1", "knitting", "A", 280, 200),
                ("P2", "乙船队", "T2", "fishing", "E", 40, 30),
                ("P3", "丙船队", "T2", "fishing", "F", 20, 20),
            ],
        ),
        "workers": _workers(),
        "venues": _venues(),
        "assets": _points(
            ["asset_id", "name", "kind", "owner_system", "town_id", "at", "area_m2", "available_hours", "cost_class"],
            [("S1", "丁泵站", "pump_station", "village", "T1", "D", 80.0, "每天 8:00-22:00", "low")],
        ),
        "roads": _roads(),
        "ferries": pd.DataFrame(
            {
                "ferry_id": ["Y1"], "name": ["渡船"], "from_node": ["C"], "to_node": ["E"], "crossing_min": [8.0],
                "wait_min": [12.0], "first": ["06:00"], "last": ["20:00"], "takes_cars": [True],
                "stops_in_gale": [True], "basis": "synthetic", "as_of": "2026-01-01", "source": "",
            }
        ),
        "land": _polygons("land_id", {"L1": (-500, -500, 2100, 3000), "L2": (2700, -500, 4300, 500)}),
        "boundary": _polygons("boundary_id", {"B1": (-1000, -1500, 5000, 4000)}),
    }  # fmt: skip
    about = About("六点县", "Six-node county", "2026-01-01", is_demonstration=True)
    return assemble(tables, about, reconciliation=pd.DataFrame())


def _degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = unproject(np.array([_ORIGIN_M[0] + x]), np.array([_ORIGIN_M[1] + y]))
    return float(lon[0]), float(lat[0])


def _points(columns: list[str], rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """Rows with a node (or metres) under ``at`` become rows with degrees and provenance."""
    frame = pd.DataFrame(rows, columns=columns)
    places = [_degrees(*(_NODES[a] if isinstance(a, str) else a)) for a in frame.pop("at")]
    return frame.assign(
        lon=[p[0] for p in places], lat=[p[1] for p in places], accuracy_m=0.0,
        basis="synthetic", as_of="2026-01-01", source="",
    )  # fmt: skip


def _clusters() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cluster_id": ["knitting", "fishing"], "name": ["针织", "渔业"], "name_en": ["Knitting", "Fishing"],
            "union_label": ["产业工会", "渔船上的工会"], "month_weights": [(1.0,) * 12, (1.0,) * 12],
            "n_workers": [280, 60], "venue_needs": "", "basis": "synthetic", "as_of": "2026-01-01", "source": "",
        }
    )  # fmt: skip


def _workers() -> pd.DataFrame:
    nights = "周一至周五 9:00-15:00"
    rows: list[tuple[object, ...]] = [
        ("g1", "P1", "knitting", "T1", "A", 100, "day", _EVENINGS),
        ("g2", "P1", "knitting", "T1", "B", 80, "day", _EVENINGS),
        ("g3", "P1", "knitting", "T1", "C", 60, "two_shift_night", nights),
        ("g4", "P1", "knitting", "T1", "D", 40, "day", _EVENINGS),
        ("g5", "P2", "fishing", "T2", "E", 30, "ashore", _EVENINGS),
        ("g6", "P3", "fishing", "T2", "F", 20, "ashore", _EVENINGS),
        ("g7", "P2", "fishing", "T1", (0, 2000), 10, "ashore", _EVENINGS),
    ]
    columns = ["group_id", "employer_id", "cluster_id", "town_id", "at", "n_workers", "shift", "free_hours"]
    frame = _points(columns, rows)
    half = (frame["n_workers"] / 2).astype(float)
    return frame.assign(place="workplace", n_women=half, n_under_35=half, means="walk")


def _venues() -> pd.DataFrame:
    frame = _points(
        [
            "venue_id",
            "name",
            "kind",
            "owner_system",
            "employer_id",
            "serves",
            "share_terms",
            "town_id",
            "at",
            "open_hours",
        ],
        [
            ("V1", "老文化宫", "workers_palace", "union", "", "workers", "open", "T1", "B", "周一至周五 8:00-17:00"),
            ("V2", "职工之家", "workers_home", "union", "", "everyone", "open", "T1", "C", "每天 18:00-21:00"),
            ("V3", "丙船队活动室", "workers_home", "employer", "P3", "own_staff", "none", "T2", "F", "全天"),
        ],
    )
    return frame.assign(
        room_id="", address="", area_m2=100.0, capacity=50.0, functions="reading", shareable_hours="",
        build_mode="own", year=2010.0, star=np.nan, status="open",
    )  # fmt: skip


def _roads() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "edge_id": u + v, "u": u, "v": v, "road_class": "local", "name": "", "length_m": length_m,
                "speed_kmh": 24.0, "walk": True, "ebike": True, "drive": True, "oneway": False, "source": "synthetic",
                "geometry": shapely.LineString([_degrees(*_NODES[u]), _degrees(*_NODES[v])]),
            }
            for u, v, length_m in _ROADS
        ]
    )  # fmt: skip


def _polygons(key: str, boxes: dict[str, tuple[float, float, float, float]]) -> pd.DataFrame:
    shapes = [
        shapely.Polygon([_degrees(x, y) for x, y in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))])
        for x1, y1, x2, y2 in boxes.values()
    ]
    return pd.DataFrame({key: list(boxes), "name": "", "geometry": shapes})
