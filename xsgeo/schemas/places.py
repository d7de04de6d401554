"""Where things are: towns, villages, the land and the limit of the county."""

from __future__ import annotations

from xsgeo.schemas.columns import Table, aliases, column, of_town, point, provenance

TOWNS = Table(
    "towns",
    "镇乡（街道）",
    "a town or subdistrict",
    {
        "town_id": column("id", "镇乡编号", "division code", synonyms=("行政区划代码", "代码")),
        "name": column("text", "名称", "Chinese name", synonyms=("镇乡名称", "乡镇名称")),
        "name_en": column("text", "英文名", "English name"),
        "aliases": aliases("曾用名", "旧名", "原名"),
        **point(),
        "population": column(
            "integer",
            "常住人口",
            "residents",
            required=False,
            unit="person",
            minimum=0,
            synonyms=("人口",),
        ),
        "is_urban": column("flag", "是否城区", "whether its people usually walk"),
        "is_island": column("flag", "是否海岛", "whether its seat is on an island"),
        **provenance(),
    },
    "town_id",
    "point",
)

VILLAGES = Table(
    "villages",
    "村社",
    "a village or residents' area, by which an address is placed",
    {
        "village_id": column("id", "村社编号", "division code", synonyms=("村社代码", "区划代码")),
        "name": column("text", "名称", "Chinese name", synonyms=("村社名称", "村名", "社区名称")),
        "aliases": aliases("曾用名", "旧名", "原名"),
        "town_id": of_town(),
        **point(required=False),
        **provenance(),
    },
    "village_id",
    "point",
    optional=True,
)

LAND = Table(
    "land",
    "陆地与海岛",
    "a piece of land with water all round it, or the mainland part of the county",
    {
        "land_id": column("id", "编号", "id"),
        "name": column("text", "名称", "name", required=False),
        "geometry": column("geometry", "范围", "Polygon in WGS-84 degrees"),
    },
    "land_id",
    "polygon",
)

BOUNDARY = Table(
    "boundary",
    "县域范围",
    "the limit of the study area, sea included",
    {
        "boundary_id": column("id", "编号", "id"),
        "name": column("text", "名称", "name", required=False),
        "geometry": column("geometry", "范围", "Polygon in WGS-84 degrees"),
    },
    "boundary_id",
    "polygon",
)
