"""Venues and convertible buildings: the few that sources name, and invented ones that say so in their name.

The number of workers' homes in the county, their rooms and their hours were not found. What sources do tell of
fourteen real venues is kept as it is: their position is good to 800 to 2,500 m only, too coarse for a 15-minute
circle, so a run counts them as unknown and not as near; what no source tells stays blank. The fifteenth, the
county's own workers' palace, is known from hearsay alone and is left out. Three columns must be filled in for every
venue and are judgements here: ``kind`` (our class of it), ``serves`` (workers, or everyone where the source says
so) and ``share_terms`` (none, since no source tells of any).

Everything else is invented, ``synthetic``, with a name that begins with 合成. The scale follows the reference numbers
for real rooms of other counties. Hours follow the finding that the project began with: most rooms are open on
weekdays in office hours, and shut when workers are free. One room often bears several plaques
(职工之家, 青年之家, 妇女之家), so rooms are invented first and plaques hung on them; plaques of one room differ by a
few metres, as ledgers do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.datasets.people import Ground, apportion, short_name, shuffled_shares

N_PLAQUES = 436
"""Invented plaques; with the fourteen real venues 450."""

ACCURACY_M = 20.0

_OFFICE = (
    ("周一至周五 8:30-11:30，13:30-17:00", 5.0),
    ("周一至周五 8:30-11:30，14:00-17:30", 2.0),
    ("周一至周五 8:30-11:30，13:30-17:00（夏季14:00-17:30）", 2.0),
    ("周一至周五 8:00-17:00（节假日除外）", 1.0),
    ("周一至周五 8:30-17:00", 1.0),
    ("工作日 8:30-17:00", 1.0),
)
_EVENING = (
    ("周一至周五 8:30-11:30，13:30-17:00，18:00-20:30", 3.0),
    ("周一至周六 17:30-21:00", 3.0),
    ("周一至周五 18:00-21:00；周六、周日 9:00-21:00", 2.0),
    ("周二、周四、周六 18:30-21:00", 1.0),
)
_WEEKEND = (
    ("周一至周五 8:30-17:00；周六、周日 9:00-16:30", 2.0),
    ("周二至周日 9:00-16:30（周一闭馆）", 1.0),
    ("周六、周日 8:30-17:00", 1.0),
)
_DAILY = (("每天 9:00-21:00", 2.0), ("每天 8:30-20:30", 1.0), ("每天 8:00-17:00", 1.0))
_ALWAYS = (("全天开放", 1.0),)
_UNKNOWN = (("", 1.0),)
_CALENDARS = (_OFFICE, _EVENING, _WEEKEND, _DAILY, _ALWAYS, _UNKNOWN)


@dataclass(frozen=True)
class RoomType:
    """A kind of invented room.

    Attributes
    ----------
    label
        What it is called, after the town.
    kind, owner_system, serves, share_terms
        As in the ``venues`` table.
    n
        How many.
    stands
        Draw by kind of street corner, or ``employer`` for a room inside an employer's premises.
    calendars
        Weights of office hours, evenings, weekends, daily, always, not known.
    area_m2
        Least and largest floor area.
    functions
        What such rooms can have; each has the first and some of the others.
    also
        Further plaques that may hang on its door: label, kind, owner, serves.
    """

    label: str
    kind: str
    owner_system: str
    serves: str
    share_terms: str
    n: int
    stands: Mapping[str, float] | str
    calendars: tuple[float, ...]
    area_m2: tuple[float, float]
    functions: tuple[str, ...]
    also: tuple[tuple[str, str, str, str], ...] = ()


_CENTRE = MappingProxyType({"seat": 1.0})
_TOWN = MappingProxyType({"seat": 1.0, "park": 0.6, "village": 0.3})
_VILLAGE = MappingProxyType({"hamlet": 1.0, "village": 1.0})
_MIXED = MappingProxyType({"seat": 0.8, "park": 0.5, "hamlet": 0.6, "village": 0.8})
_STREET = MappingProxyType({"seat": 1.0, "park": 0.8, "resort": 1.5, "village": 0.4})
_ESTATE = MappingProxyType({"park": 1.0})

_UNION_PLAQUE = ("职工之家", "workers_home", "union", "workers")
_YOUTH_PLAQUE = ("青年之家", "youth_home", "youth_league", "youth")
_WOMEN_PLAQUE = ("妇女之家", "women_home", "women_federation", "women")
_BOOK_PLAQUE = ("职工书屋", "library", "union", "workers")

_EVERYWHERE = ("reading", "table_tennis", "rest", "tea", "class", "fitness")
ROOM_TYPES: tuple[RoomType, ...] = (
    RoomType("工人文化宫", "workers_palace", "union", "workers", "open", 1, _CENTRE, (1, 0, 0, 0, 0, 0),
             (5400, 5600), ("hall", "class", "fitness", "ball", "dance", "reading")),
    RoomType("职工文体活动中心", "culture_centre", "union", "workers", "appointment", 22, _CENTRE,
             (62, 14, 12, 10, 0, 2), (400, 2600),
             ("fitness", "ball", "table_tennis", "billiards", "dance", "class", "reading", "hall"),
             (_BOOK_PLAQUE, _YOUTH_PLAQUE)),
    RoomType("职工之家", "workers_home", "union", "members", "agreement", 30, _TOWN, (64, 12, 10, 8, 0, 6),
             (80, 420), _EVERYWHERE, (_YOUTH_PLAQUE, _WOMEN_PLAQUE, _BOOK_PLAQUE)),
    RoomType("职工之家", "workers_home", "employer", "own_staff", "none", 80, "employer", (55, 24, 6, 8, 2, 5),
             (40, 300), _EVERYWHERE, (_BOOK_PLAQUE,)),
    RoomType("工会委员会活动室", "workers_home", "union", "members", "agreement", 24, "employer", (62, 22, 6, 6, 0, 4),
             (50, 260), _EVERYWHERE, (_WOMEN_PLAQUE,)),
    RoomType("职工驿站", "rest_station", "union", "everyone", "open", 30, _STREET, (48, 6, 12, 22, 10, 2),
             (18, 60), ("rest", "charging", "tea", "internet", "shower")),
    RoomType("文化礼堂", "culture_hall", "village", "everyone", "open", 44, _VILLAGE, (68, 8, 14, 6, 0, 4),
             (200, 620), ("hall", "opera", "reading", "dance", "tea"), (_WOMEN_PLAQUE, _UNION_PLAQUE)),
    RoomType("党群服务中心", "party_centre", "party", "everyone", "appointment", 34, _MIXED, (74, 6, 10, 8, 0, 2),
             (120, 620), ("class", "reading", "mediation", "tea", "hall"),
             (_UNION_PLAQUE, _YOUTH_PLAQUE, _WOMEN_PLAQUE)),
    RoomType("学校体育馆", "school_venue", "education", "own_staff", "agreement", 18, _TOWN, (78, 0, 16, 0, 0, 6),
             (500, 1200), ("ball", "table_tennis", "fitness", "hall")),
    RoomType("图书分馆", "library", "culture", "everyone", "open", 8, _CENTRE, (25, 12, 38, 25, 0, 0),
             (120, 520), ("reading", "internet", "class")),
    RoomType("文化站", "culture_centre", "culture", "everyone", "open", 6, _CENTRE, (67, 0, 33, 0, 0, 0),
             (300, 900), ("hall", "dance", "opera", "reading")),
    RoomType("园区职工活动中心", "workers_home", "zone", "workers", "agreement", 6, _ESTATE, (67, 17, 16, 0, 0, 0),
             (150, 800), ("ball", "table_tennis", "billiards", "reading", "class"), (_YOUTH_PLAQUE, _BOOK_PLAQUE)),
    RoomType("青年之家", "youth_home", "youth_league", "youth", "appointment", 4, _CENTRE, (50, 25, 25, 0, 0, 0),
             (60, 240), ("co_working", "internet", "class", "tea")),
    RoomType("妇女之家", "women_home", "women_federation", "women", "appointment", 4, _MIXED, (75, 0, 25, 0, 0, 0),
             (50, 200), ("class", "childcare", "mediation", "dance")),
    RoomType("职工法律服务点", "legal_point", "union", "workers", "open", 5, _TOWN, (80, 20, 0, 0, 0, 0),
             (20, 80), ("legal_aid", "mediation")),
)  # fmt: skip
"""Rooms of the demonstration, 316 in all; numbers and shares are judgements."""

_REAL: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "V01": ("culture_centre", "workers", "class|reading|opera|hall|internet"),
        "V02": ("culture_centre", "workers", "co_working|class"),
        "V03": ("rest_station", "workers", "rest"),
        "V04": ("rest_station", "workers", "rest"),
        "V05": ("rest_station", "workers", "rest"),
        "V06": ("rest_station", "workers", "rest"),
        "V07": ("culture_centre", "workers", "class"),
        "V08": ("culture_centre", "workers", "class"),
        "V09": ("culture_centre", "workers", "class"),
        "V10": ("workers_home", "workers", "internet|tea|billiards|reading"),
        "V11": ("workers_home", "workers", "reading"),
        "V12": ("legal_point", "workers", "mediation"),
        "V13": ("workers_home", "workers", "class"),
        "V14": ("legal_point", "workers", "legal_aid|mediation"),
    }
)
"""Kind, whom it serves, and those of the functions told by its source that the schema knows."""

_BUILD = MappingProxyType({"改建": "converted", "改建(泵站)": "converted", "自建": "own", "共建": "co_built"})

VENUE_COLUMNS = (
    "room_id", "name", "kind", "owner_system", "employer_id", "serves", "share_terms", "town_id", "address", "lon",
    "lat", "accuracy_m", "area_m2", "capacity", "functions", "open_hours", "shareable_hours", "build_mode", "year",
    "star", "status",
)  # fmt: skip


def real_venues(places: pd.DataFrame, town_ids: Mapping[str, str]) -> pd.DataFrame:
    """Return the venues that sources name, with what sources tell and nothing else.

    Parameters
    ----------
    places
        The facts' places: index place_id, with name_zh, town_zh, lon, lat, coord_accuracy_m, area_m2, build_mode, year
        and source, text, empty where nothing is told.
    town_ids
        town_id by name of the town.

    Returns
    -------
    pandas.DataFrame
        Index venue_id (V01 to V14), with the columns of ``venues`` except basis and as_of. Opening hours are blank: the
        only ones told are those of V01 *before* its rebuilding.
    """
    rows = places.loc[list(_REAL)]
    number = {c: pd.to_numeric(rows[c].where(rows[c] != "")) for c in ("area_m2", "lon", "lat", "coord_accuracy_m")}
    # A year or a month is a year; "2018-19" and "by 2023" are not.
    year = pd.to_numeric(rows["year"].str.extract(r"^(\d{4})(?:-(?:0[1-9]|1[0-2]))?$", expand=False))
    frame = pd.DataFrame(
        {
            "room_id": "",
            "name": rows["name_zh"],
            "kind": [_REAL[i][0] for i in rows.index],
            "owner_system": "union",
            "employer_id": "",
            "serves": [_REAL[i][1] for i in rows.index],
            "share_terms": "none",
            "town_id": rows["town_zh"].map(town_ids),
            "address": "",
            "lon": number["lon"],
            "lat": number["lat"],
            "accuracy_m": number["coord_accuracy_m"],
            "area_m2": number["area_m2"],
            "capacity": np.nan,
            "functions": [_REAL[i][2] for i in rows.index],
            "open_hours": "",
            "shareable_hours": "",
            "build_mode": rows["build_mode"].map(_BUILD).fillna(""),
            "year": year,
            "star": np.nan,
            "status": "open",
            # The facts write "seed" for the account of the union's work that the project set out from.
            "source": rows["source"].str.replace("seed", "项目起始材料"),
        }
    )
    return frame.rename_axis("venue_id")


def synthetic_venues(
    towns: pd.DataFrame, firms: pd.DataFrame, ground: Ground, *, random: np.random.RandomState
) -> pd.DataFrame:
    """Invent rooms and the plaques on their doors.

    Parameters
    ----------
    towns
        Index town_id, with name, x and y (EPSG:4550) of the seat.
    firms
        Employers as `xsgeo.datasets.people.employers` gives them.
    ground
        Where rooms may stand.
    random
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        Index venue_id (V101, ...), with the columns of ``venues`` except provenance: 436 plaques on 316 rooms.
    """
    parts = [_rooms(t, towns, firms, ground, random=random) for t in ROOM_TYPES]
    rooms = pd.concat(parts, ignore_index=True)
    rooms["room_id"] = [f"R{i:03d}" for i in range(1, len(rooms) + 1)]
    plaques = pd.concat([rooms, _more_plaques(rooms, random=random)], ignore_index=True)
    plaques = plaques.sort_values(["room_id", "hung"], ignore_index=True)
    # A ledger's clerks each read the map for themselves: a few metres apart.
    for c in ("lon", "lat"):
        shift = random.randint(-4, 5, len(plaques)) * 1e-5
        plaques[c] = (plaques[c] + shift * (plaques["hung"] > 0)).round(5)
    plaques["name"] = _names(plaques, towns, firms)
    return plaques.set_axis(pd.Index([f"V{i}" for i in range(101, 101 + len(plaques))], name="venue_id"))[
        [*VENUE_COLUMNS]
    ]


def _rooms(
    room: RoomType, towns: pd.DataFrame, firms: pd.DataFrame, ground: Ground, *, random: np.random.RandomState
) -> pd.DataFrame:
    frame = _in_firms(room.n, firms, random=random) if room.stands == "employer" else _in_towns(
        room, towns, firms, ground, random=random
    )  # fmt: skip
    calendar = shuffled_shares([(str(i), w) for i, w in enumerate(room.calendars) if w], room.n, random=random)
    hours = np.empty(room.n, dtype=object)
    for i, texts in enumerate(_CALENDARS):
        mine = np.array(calendar) == str(i)
        hours[mine] = shuffled_shares(texts, int(mine.sum()), random=random)
    low, high = room.area_m2
    area = (low + (high - low) * random.random_sample(room.n) ** 1.6).round(-1)
    modes = (("own", 4.0), ("joint", 2.0), ("co_built", 2.0), ("rented", 1.0), ("converted", 1.0))
    return frame.assign(
        hung=0,
        label=room.label,
        kind=room.kind,
        owner_system=room.owner_system,
        serves=room.serves,
        share_terms=_some(random, room.n, 0.85, room.share_terms, "none"),
        area_m2=area,
        capacity=np.maximum(5, (area / random.uniform(4, 9, room.n) / 5).round() * 5),
        functions=[_functions(room.functions, random=random) for _ in range(room.n)],
        open_hours=hours,
        shareable_hours=_shareable(room, random=random),
        build_mode=shuffled_shares(modes, room.n, random=random),
        year=2006 + np.floor(20 * random.random_sample(room.n) ** 0.7),
        star=np.where(random.random_sample(room.n) < 0.3, random.randint(1, 6, room.n), np.nan),
        status=shuffled_shares((("open", 94.0), ("closed", 3.0), ("planned", 3.0)), room.n, random=random),
        address="",
        accuracy_m=ACCURACY_M,
        type=ROOM_TYPES.index(room),
    )


def _some(random: np.random.RandomState, n: int, share: float, yes: str, no: str) -> NDArray[np.object_]:
    return np.where(random.random_sample(n) < share, yes, no).astype(object)


def _functions(choices: tuple[str, ...], *, random: np.random.RandomState) -> str:
    kept = [f for f, r in zip(choices[1:], random.random_sample(len(choices) - 1), strict=True) if r < 0.45]
    return "|".join([choices[0], *kept])


def _shareable(room: RoomType, *, random: np.random.RandomState) -> NDArray[np.object_]:
    """Hours in which others could use the room; half of the ledgers leave them blank."""
    if room.share_terms == "none":
        return np.full(room.n, "", dtype=object)
    text = "周六、周日 8:30-17:00" if room.kind == "school_venue" else _AFTER_WORK
    return _some(random, room.n, 0.5, text, "")


def _in_firms(n: int, firms: pd.DataFrame, *, random: np.random.RandomState) -> pd.DataFrame:
    """Rooms inside employers of 40 workers and more, the larger the likelier."""
    large = firms[firms["n_workers"] >= 40]
    chance = large["n_workers"].to_numpy(float) ** 0.8
    chosen = np.sort(random.choice(len(large), n, replace=False, p=chance / chance.sum()))
    frame = large.iloc[chosen][["town_id", "lon", "lat"]]
    return frame.rename_axis("employer_id").reset_index()


def _in_towns(
    room: RoomType, towns: pd.DataFrame, firms: pd.DataFrame, ground: Ground, *, random: np.random.RandomState
) -> pd.DataFrame:
    """Rooms dealt over the towns that have such places, more where more work, fewer a head in large ones."""
    draw = room.stands if not isinstance(room.stands, str) else _MIXED
    corners = ground.corners
    has = set(corners.loc[corners["kind"].isin(list(draw)), "town_id"])
    ids = [t for t in towns.index if t in has]
    staff = firms.groupby("town_id")["n_workers"].sum().reindex(ids).fillna(0)
    n_each = apportion(room.n, (staff.to_numpy(float) + 500) ** 0.6)
    parts = []
    for town_id, n in zip(ids, n_each, strict=True):
        x, y = towns.loc[town_id, ["x", "y"]]
        corner = ground.near(town_id, x, y, reach_m=6000.0, n=int(n), random=random, draw=draw)
        parts.append(ground.beside(corner, random=random).assign(town_id=town_id))
    return pd.concat(parts, ignore_index=True)[["town_id", "lon", "lat"]].assign(employer_id="")


def _more_plaques(rooms: pd.DataFrame, *, random: np.random.RandomState) -> pd.DataFrame:
    """Further plaques on rooms that may bear them, as many as the demonstration needs."""
    doors = [(i, k) for i, t in enumerate(rooms["type"]) for k in range(len(ROOM_TYPES[t].also))]
    chosen = sorted(random.permutation(len(doors))[: N_PLAQUES - len(rooms)])
    rows = []
    for i, k in (doors[c] for c in chosen):
        room = rooms.iloc[i].to_dict()
        label, kind, owner, serves = ROOM_TYPES[room["type"]].also[k]
        if room["serves"] == "own_staff":
            owner, serves = "employer", "own_staff"
        rows.append({**room, "hung": k + 1, "label": label, "kind": kind, "owner_system": owner, "serves": serves})
    return pd.DataFrame(rows)


def _names(plaques: pd.DataFrame, towns: pd.DataFrame, firms: pd.DataFrame) -> list[str]:
    town = plaques["town_id"].map(towns["name"]).map(short_name)
    number = plaques.groupby(["town_id", "label"]).cumcount() + 1
    host = plaques["employer_id"].map(firms["name"])
    rows = zip(host, town, plaques["label"], number, strict=True)
    return [f"{h}{label}" if isinstance(h, str) else f"合成·{t}{label}{i:02d}" for h, t, label, i in rows]


_AFTER_SCHOOL = "周一至周五 18:00-21:00；周六、周日 8:30-21:00"
_AFTER_WORK = "周一至周五 18:00-21:00；周六、周日 9:00-17:00"

_ASSETS: tuple[tuple[str, str, str, int, Mapping[str, float], tuple[float, float], str, str], ...] = (
    ("泵站", "pump_station", "village", 12, _VILLAGE, (40, 160), "low", "每天 6:00-22:00"),
    ("学校报告厅", "school_hall", "education", 10, _TOWN, (300, 900), "low", _AFTER_SCHOOL),
    ("党群服务中心", "party_centre", "party", 10, _MIXED, (120, 500), "low", _AFTER_WORK),
    ("文化礼堂", "culture_hall", "village", 10, _VILLAGE, (200, 600), "low", "每天 8:00-21:00"),
    ("闲置店面", "idle_shop", "zone", 10, _STREET, (50, 220), "mid", "全天"),
    ("闲置厂房", "idle_factory", "zone", 8, _TOWN, (600, 2400), "high", "全天"),
)  # fmt: skip


def synthetic_assets(
    towns: pd.DataFrame, firms: pd.DataFrame, ground: Ground, *, random: np.random.RandomState
) -> pd.DataFrame:
    """Invent buildings that could become venues.

    Parameters
    ----------
    towns, firms, ground, random
        As for `synthetic_venues`.

    Returns
    -------
    pandas.DataFrame
        Index asset_id (A01, ...), with the columns of ``assets`` except provenance: 60 rows of all six kinds. The four
        pump stations that really were converted are venues (V03 to V06), not assets.
    """
    parts = []
    for label, kind, owner, n, draw, (low, high), cost, hours in _ASSETS:
        room = RoomType(label, kind, owner, "", "", n, draw, (), (low, high), ())
        frame = _in_towns(room, towns, firms, ground, random=random)
        frame["area_m2"] = (low + (high - low) * random.random_sample(n) ** 1.4).round(-1)
        parts.append(frame.assign(label=label, kind=kind, owner_system=owner, available_hours=hours, cost_class=cost))
    frame = pd.concat(parts, ignore_index=True)
    frame["name"] = _names(frame, towns, firms)
    index = pd.Index([f"A{i:02d}" for i in range(1, len(frame) + 1)], name="asset_id")
    columns = ["name", "kind", "owner_system", "town_id", "lon", "lat", "area_m2", "available_hours", "cost_class"]
    return frame[columns].assign(accuracy_m=ACCURACY_M).set_axis(index)
