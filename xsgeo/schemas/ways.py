"""How they get there: stretches of road, and crossings."""

from __future__ import annotations

from xsgeo.schemas.columns import Table, column, provenance
from xsgeo.schemas.words import ROAD_CLASSES

ROADS = Table(
    "roads",
    "道路",
    "a stretch of road between two nodes",
    {
        "edge_id": column("id", "路段编号", "id"),
        "u": column("id", "起点", "node it starts from"),
        "v": column("id", "终点", "node it leads to"),
        "road_class": column("choice", "道路等级", "class of road", choices=ROAD_CLASSES),
        "name": column("text", "路名", "name", required=False),
        "length_m": column("number", "长度(米)", "length along the road, winding included", unit="m", minimum=0.1),
        "speed_kmh": column("number", "车速(公里/时)", "free speed of a car", unit="km/h", minimum=1, maximum=140),
        "walk": column("flag", "可步行", "whether people may walk on it"),
        "ebike": column("flag", "可骑行", "whether e-bikes may use it"),
        "drive": column("flag", "可行车", "whether cars may use it"),
        "oneway": column("flag", "单行", "whether it leads from u to v only"),
        "rise_m": column(
            "number",
            "高差(米)",
            "height of v above u, negative downhill; blank: flat",
            required=False,
            unit="m",
            synonyms=("高差",),
        ),
        "source": column(
            "choice",
            "数据来源",
            "where its line comes from",
            choices=("osm", "digitised", "synthetic"),
        ),
        "geometry": column("geometry", "线形", "LineString in WGS-84 degrees"),
    },
    "edge_id",
    "line",
)

FERRIES = Table(
    "ferries",
    "渡运航线",
    "a crossing",
    {
        "ferry_id": column("id", "航线编号", "id"),
        "name": column("text", "名称", "name"),
        "from_node": column("id", "起点", "road node of one landing"),
        "to_node": column("id", "终点", "road node of the other landing"),
        "crossing_min": column("number", "航行时间(分钟)", "time on the water", unit="min", minimum=0),
        "wait_min": column(
            "number",
            "平均候船(分钟)",
            "mean wait for a boat; blank: worked out from the departures or the interval",
            required=False,
            unit="min",
            minimum=0,
        ),
        "headway_min": column(
            "number",
            "发船间隔(分钟)",
            "time from one sailing to the next; half of it is the mean wait",
            required=False,
            unit="min",
            minimum=0,
            synonyms=("间隔(分钟)", "发船间隔"),
        ),
        "first": column("time", "首班", "first sailing; blank: all day", required=False, synonyms=("首班时间",)),
        "last": column("time", "末班", "last sailing; blank: all day", required=False, synonyms=("末班时间",)),
        "departures": column(
            "times",
            "班次时刻",
            "departures of a day; the mean wait of who comes at any moment between them is sum(gap²) / (2 sum(gap))",
            required=False,
            synonyms=("时刻表", "班次"),
        ),
        "takes_cars": column("flag", "可载车", "whether cars are carried"),
        "stops_in_gale": column("flag", "大风停航", "whether it stops in a gale"),
        **provenance(),
    },
    "ferry_id",
    "none",
)
