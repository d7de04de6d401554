"""The demonstration study of Xiangshan county, built from the facts kept in ``data/facts``.

Real are the towns, the estimates of people and workers, the land, the main roads and ferries, and fourteen venues
with what sources tell of them. Invented are local streets, employers, groups of workers, all other venues and all
convertible buildings: what could not be found must not look found, so each such row says ``synthetic`` and its name
begins with 合成. The invented parts sum to the facts' totals, which is what makes the county worth looking at.

Every stage draws from a stream of its own, seeded from the one seed, so a change to how rooms are invented leaves
the streets as they were. The streams are numpy's ``RandomState``, whose numbers are frozen for good: the same facts
and seed give the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from xsgeo.crs import METRES, WGS84, project
from xsgeo.datasets.people import Ground, employers, workers
from xsgeo.datasets.rooms import real_venues, synthetic_assets, synthetic_venues
from xsgeo.datasets.skeleton import skeleton_ferries, skeleton_roads
from xsgeo.datasets.streets import street_map
from xsgeo.datasets.unions import unions
from xsgeo.schemas import TABLES

SEED = 330225
"""The county's division code."""

AS_OF = "2026-11-22"
"""When the facts were put together."""

CODES_DAY = "2022-10-31"
"""The day of the statistical division codes from which the villages are taken."""

CENSUS_DAY = "2020-11-01"
"""The day that the estimates of residents are scaled to."""

BUILT = ("villages", "unions")
"""Optional tables that the demonstration has."""

_DAYS = MappingProxyType({"towns": CENSUS_DAY, "villages": CODES_DAY})

_OLD_NAMES = MappingProxyType(
    {
        "330225001": "丹城|丹城镇",
        "330225002": "丹城|丹城镇",
        "330225101": "昌国",
        "330225102": "下沈",
    }
)
"""Names from before 2001, when 丹城 was split in two, 昌国 joined 石浦 and 下沈 joined 西周."""

_RANKS = MappingProxyType({"subdistrict": "Subdistrict", "town": "Town", "township": "Township"})

_ISLANDS = MappingProxyType(
    {
        "大陆部分": ("330225001",),
        "南田岛": ("330225103",),
        "高塘岛": ("330225204",),
        "花岙岛": ("S05",),
        "檀头山岛": ("S06",),
        "东门岛": ("V11",),
    }
)
"""Points of the facts that lie on a piece of land whose name the facts tell."""

_NEEDS = MappingProxyType(
    {
        "fishing": "码头边的职工之家：休息、调解、安全培训、读书、渔嫂驿站；夜间靠岸也能进门",
        "knitting": "晚间健身、舞蹈、暑期托管、读书、婚恋联谊、技能比武；从宿舍走得到",
        "auto_parts": "全天开放或开到深夜的活动室，健身、读书，技能等级培训教室",
        "port_equipment": "综合服务中心：课堂、图书、戏曲，能开职代会和年会的礼堂",
        "marine_economy": "码头附近能洗浴的驿站，下午开放",
        "tourism": "工作日淡时开放，景区内设职工驿站",
        "film_tv": "法律援助与讨薪窗口，休息、充电，全天开放的驿站",
        "catering": "午后和深夜开放，技能比武",
        "transport": "沿街一楼的户外劳动者驿站，可停车、可充电",
        "veg_basket": "村文化礼堂，农闲时办讲座",
        "makers": "共享办公、咖啡沙龙、培训教室",
    }
)
"""What each cluster asks of a venue: the facts' note, in Chinese."""


@dataclass(frozen=True)
class Facts:
    """The facts files as they stand, every cell a text except where a number is asked for.

    Attributes
    ----------
    towns, villages, clusters, by_town, places, nodes, edges
        The CSV files of the same meaning.
    land, limit
        Land of the county and its hand-drawn limit, EPSG:4326.
    """

    towns: pd.DataFrame
    villages: pd.DataFrame
    clusters: pd.DataFrame
    by_town: pd.DataFrame
    places: pd.DataFrame
    nodes: pd.DataFrame
    edges: pd.DataFrame
    land: gpd.GeoDataFrame
    limit: gpd.GeoDataFrame


def read_facts(folder: Path) -> Facts:
    """Read the facts files.

    Parameters
    ----------
    folder
        Folder with towns.csv, villages.csv, clusters.csv, clusters_by_town.csv, places.csv, roads_nodes.csv,
        roads_skeleton.csv, county_land.geojson and county_limit.geojson.

    Raises
    ------
    FileNotFoundError
        When one of them is missing.
    """

    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / name, dtype=str, keep_default_na=False, encoding="utf-8")

    def shapes(name: str) -> gpd.GeoDataFrame:
        path = folder / name
        if not path.is_file():
            raise FileNotFoundError(path)
        return gpd.read_file(path).to_crs(WGS84)

    return Facts(
        towns=table("towns.csv"),
        villages=table("villages.csv"),
        clusters=table("clusters.csv"),
        by_town=table("clusters_by_town.csv"),
        places=table("places.csv").set_index("place_id"),
        nodes=table("roads_nodes.csv").set_index("id"),
        edges=table("roads_skeleton.csv"),
        land=shapes("county_land.geojson"),
        limit=shapes("county_limit.geojson"),
    )


def build_xiangshan(facts: Path, *, seed: int = SEED) -> dict[str, pd.DataFrame | gpd.GeoDataFrame]:
    """Build every table of the demonstration study.

    Parameters
    ----------
    facts
        Folder of the facts files.
    seed
        Seed of all that is invented.

    Returns
    -------
    dict of DataFrame or GeoDataFrame
        The tables of `xsgeo.schemas.TABLES`, with their declared columns, ids as index, coordinates rounded to 5
        decimals. roads, land and boundary are GeoDataFrames in EPSG:4326; points are plain frames with lon and lat.

    Raises
    ------
    FileNotFoundError
        When a facts file is missing.
    """
    told = read_facts(Path(facts))
    towns, land = town_table(told.towns), land_pieces(told.land, _named_points(told))
    points = _named_points(told)
    skeleton, ferries = skeleton_roads(told.edges), skeleton_ferries(told.edges)
    streets = street_map(skeleton, ferries, towns, points, land, random=_stream(seed, 1))
    metres = land.geometry.to_crs(METRES)
    ground = Ground.of(streets.corners, dict(metres.items()), _in_metres(points))
    seats = _in_metres(towns)
    firms = employers(_by_town(told.by_town, towns), seats, ground, random=_stream(seed, 2))
    founded, union_id = unions(firms, towns["name"])
    groups = workers(firms, ground, random=_stream(seed, 3))
    rooms = synthetic_venues(seats, firms, ground, random=_stream(seed, 4))
    assets = synthetic_assets(seats, firms, ground, random=_stream(seed, 5))
    real = real_venues(told.places, {n: i for i, n in towns["name"].items()})
    invented = {"basis": "synthetic", "as_of": AS_OF, "source": f"合成数据，种子{seed}"}
    tables = {
        "towns": towns,
        "villages": village_table(told.villages),
        "clusters": cluster_table(told.clusters),
        "unions": founded.assign(**invented),
        "employers": firms.assign(union_id=union_id, **invented),
        "workers": groups.assign(**invented),
        "venues": pd.concat([real.assign(basis="sourced", as_of=AS_OF), rooms.assign(**invented)]),
        "assets": assets.assign(**invented),
        "roads": streets.roads,
        "ferries": ferries.assign(
            basis="estimate", as_of=AS_OF, source="手工数字化的渡线；未见时刻表，航时、候船与首末班均为估计"
        ),
        "land": land,
        "boundary": _boundary(told.limit),
    }
    return {name: _declared(frame, name) for name, frame in tables.items()}


def _stream(seed: int, stage: int) -> np.random.RandomState:
    return np.random.RandomState([seed, stage])


def _declared(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bring the declared columns into their order; those nothing is known for may be left out."""
    table = TABLES[name]
    columns = [c for c in table.columns if c != table.key and (table.columns[c].required or c in frame)]
    out = frame[columns].rename_axis(table.key)
    return gpd.GeoDataFrame(out, geometry="geometry", crs=WGS84) if "geometry" in out else out


def _named_points(told: Facts) -> pd.DataFrame:
    """Lon and lat of every named point of the facts: places by id, road nodes by id, seats by division code."""
    nodes = told.nodes.rename(columns={"lon_wgs84": "lon", "lat_wgs84": "lat"})
    seats = told.towns.set_index("code")
    return pd.concat([f[["lon", "lat"]].astype(float) for f in (told.places, nodes, seats)])


def _in_metres(points: pd.DataFrame) -> pd.DataFrame:
    x, y = project(points["lon"].to_numpy(float), points["lat"].to_numpy(float))
    return points.assign(x=x, y=y)


def town_table(towns: pd.DataFrame) -> pd.DataFrame:
    """Towns with their estimated residents.

    Parameters
    ----------
    towns
        The facts' towns: code, name_zh, pinyin, type, lon, lat, coord_confidence (H or M), coord_source,
        pop_2020_estimate and island_status, text.

    Returns
    -------
    pandas.DataFrame
        Index town_id (the division code), with the columns of ``towns``. Subdistricts are urban. A seat is taken to be
        good to 1 km, a placed one to 1.5 km, or to what its source says.
    """
    word = towns["pinyin"].map(plain_pinyin).str.rsplit(n=1).str[0]
    stated = towns["coord_source"].str.extract(r"\+-(\d(?:\.\d)?) km", expand=False).astype(float) * 1000
    frame = pd.DataFrame(
        {
            "town_id": towns["code"],
            "name": towns["name_zh"],
            "name_en": word + " " + towns["type"].map(_RANKS),
            "aliases": towns["code"].map(_OLD_NAMES).fillna(""),
            "lon": towns["lon"].astype(float).round(5),
            "lat": towns["lat"].astype(float).round(5),
            "accuracy_m": stated.fillna(1000.0),
            "population": towns["pop_2020_estimate"].astype(int),
            "is_urban": towns["type"].eq("subdistrict"),
            "is_island": towns["island_status"].str.startswith("island"),
            "basis": "estimate",
            "as_of": CENSUS_DAY,
            "source": "常住人口为估计值，18个单位合计为2020年普查的567700人；驻地坐标：" + towns["coord_source"],
        }
    )
    return frame.set_index("town_id").sort_index()


def village_table(villages: pd.DataFrame) -> pd.DataFrame:
    """Villages and residents' areas of the county, without a place: no coordinates were found.

    Parameters
    ----------
    villages
        The facts' villages: code, name, streetCode, town.

    Returns
    -------
    pandas.DataFrame
        Index village_id (the division code), with the columns of ``villages``. A village is called 下半河村 as people
        say it; its committee's name, 下半河村委会, is the alias.
    """
    plain = villages["name"].str.replace("村委会", "村")
    frame = pd.DataFrame(
        {
            "village_id": villages["code"],
            "name": plain,
            "aliases": villages["name"].where(plain != villages["name"], ""),
            "town_id": villages["streetCode"],
            "lon": np.nan,
            "lat": np.nan,
            "accuracy_m": np.nan,
            "basis": "sourced",
            "as_of": CODES_DAY,
            "source": "国家统计局统计用区划代码；坐标未查到",
        }
    )
    return frame.set_index("village_id").sort_index()


def plain_pinyin(text: str) -> str:
    """Pinyin without tone marks.

    Examples
    --------
    >>> plain_pinyin("Shípǔ Zhèn")
    'Shipu Zhen'
    """
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def cluster_table(clusters: pd.DataFrame) -> pd.DataFrame:
    """Industry clusters with their month weights and numbers of workers.

    Parameters
    ----------
    clusters
        The facts' clusters: cluster_id, zh, en, union_label_zh, month_weights_jan_dec, workers_mid, text.

    Returns
    -------
    pandas.DataFrame
        Index cluster_id, with the columns of ``clusters``; month_weights is a tuple of twelve, n_workers the facts' mid
        figure.
    """
    frame = pd.DataFrame(
        {
            "cluster_id": clusters["cluster_id"],
            "name": clusters["zh"],
            "name_en": clusters["en"],
            "union_label": clusters["union_label_zh"],
            "month_weights": [tuple(float(w) for w in t.split()) for t in clusters["month_weights_jan_dec"]],
            "n_workers": clusters["workers_mid"].astype(int),
            "venue_needs": clusters["cluster_id"].map(_NEEDS),
            "basis": "estimate",
            "as_of": AS_OF,
            "source": "职工人数与各月权重为估计值（中值），依据见data/facts/clusters.csv",
        }
    )
    return frame.set_index("cluster_id").sort_index()


def land_pieces(land: gpd.GeoDataFrame, points: pd.DataFrame) -> gpd.GeoDataFrame:
    """Land taken apart into pieces with water all round them, the largest first.

    Parameters
    ----------
    land
        Land of the county, EPSG:4326.
    points
        Named points of the facts, which name the pieces they lie on.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, index land_id (L01 is the mainland), columns name (empty where the facts tell none) and geometry.
    """
    pieces = land.explode(index_parts=False).geometry.set_precision(1e-5)
    area = pieces.to_crs(METRES).area.to_numpy()
    west = pieces.bounds["minx"].to_numpy()
    pieces = pieces.iloc[np.lexsort((west, -area))]
    index = pd.Index([f"L{i:02d}" for i in range(1, len(pieces) + 1)], name="land_id")
    frame = gpd.GeoDataFrame({"name": ""}, index=index, geometry=pieces.to_numpy(), crs=WGS84)
    for name, ids in _ISLANDS.items():
        spots = shapely.points(points.loc[list(ids), ["lon", "lat"]].to_numpy(float))
        frame.loc[frame.geometry.intersects(shapely.multipoints(spots)), "name"] = name
    return frame


def _boundary(limit: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    index = pd.Index(["330225"], name="boundary_id")
    return gpd.GeoDataFrame(
        {"name": ["象山县县域范围（手绘，含海域）"]},
        index=index,
        geometry=limit.geometry.set_precision(1e-5).to_numpy(),
        crs=WGS84,
    )


def _by_town(by_town: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
    ids: Mapping[str, str] = {n: i for i, n in towns["name"].items()}
    return pd.DataFrame(
        {
            "cluster_id": by_town["cluster_id"],
            "town_id": by_town["town_zh"].map(ids),
            "n_workers": by_town["workers_mid"].astype(int),
        }
    ).sort_values(["cluster_id", "town_id"], ignore_index=True)


def study_toml() -> str:
    """Return the text of the demonstration's ``study.toml``.

    Returns
    -------
    str
        Title, date, the file and datum of each table, and the planning assumptions with their units in their names.

    Examples
    --------
    >>> import tomllib
    >>> tomllib.loads(study_toml())["tables"]["roads"]
    {'file': 'roads.csv', 'datum': 'WGS-84', 'as_of': '2026-11-22'}
    """
    tables = "\n".join(
        f'[tables.{name}]\nfile = "{name}.{"geojson" if table.shape == "polygon" else "csv"}"\n'
        f'datum = "WGS-84"\nas_of = "{_DAYS.get(name, AS_OF)}"\n'
        for name, table in TABLES.items()
        if not table.optional or name in BUILT
    )
    return _SETTINGS.format(as_of=AS_OF, tables=tables)


_SETTINGS = """\
# 象山县演示方案。街路、用人单位、职工群体与多数阵地为合成数据；依据见 README.md。
title = "象山县职工阵地演示方案"
title_en = "Xiangshan county, demonstration study"
as_of = "{as_of}"
demonstration = true

{tables}
# 服务标准：门到门不超过几分钟，每周至少可用几小时
[standard]
standard_id = "walk15"
name = "15分钟职工阵地服务圈"
name_en = "15-minute venue circle"
cutoff_min = {{ walk = 15.0, ebike = 15.0, drive = 15.0, bus = 15.0 }}
min_hours_per_week = 4.0
functions = []
source = "GB 50180-2018; TD/T 1062-2021"
month = 11

# 出行；公交为近似：步行到路边，平均候车若干分钟，按汽车车速的一定比例行驶
[travel]
walk_kmh = 4.8
ebike_kmh = 18.0
bus_wait_min = 20.0
bus_car_share = 0.6
snap_limit_m = 500.0
max_accuracy_m = 500.0

# 选址
[siting]
n_sites = 10
open_hours = "周一至周五 12:00-14:00,17:00-22:00; 周六至周日 9:00-22:00"
min_gap_workers = 50
time_limit_s = 20.0
"""
