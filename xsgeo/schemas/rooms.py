"""Where they could go: plaques on doors, which of them share a room, and buildings that could become one."""

from __future__ import annotations

from xsgeo.schemas.columns import Table, column, of_town, point, provenance
from xsgeo.schemas.words import ASSET_KINDS, BUILD_MODES, FUNCTIONS, OWNERS, SERVES, SHARE_TERMS, VENUE_KINDS

VENUES = Table(
    "venues",
    "阵地",
    "a plaque on a door",
    {
        "venue_id": column("id", "编号", "id", synonyms=("阵地编号", "台账编号")),
        "room_id": column(
            "id",
            "活动室编号",
            "the room behind the plaque, where a person has confirmed it",
            required=False,
        ),
        "name": column("text", "名称", "name on the plaque", synonyms=("阵地名称", "阵地")),
        "kind": column("choice", "类别", "kind of venue", choices=VENUE_KINDS, synonyms=("阵地类别", "类型")),
        "owner_system": column(
            "choice",
            "权属部门",
            "who owns or runs it",
            choices=OWNERS,
            synonyms=("权属", "主管部门"),
        ),
        "employer_id": column(
            "id",
            "所属单位",
            "the employer whose own room it is",
            required=False,
            refers_to="employers",
        ),
        "serves": column("choice", "服务对象", "who may come in", choices=SERVES),
        "share_terms": column(
            "choice",
            "共享条件",
            "on what terms others may use it",
            choices=SHARE_TERMS,
            synonyms=("共享方式",),
        ),
        "town_id": of_town(),
        "address": column("text", "地址", "address", required=False, synonyms=("详细地址", "地点", "坐落")),
        **point(),
        "area_m2": column(
            "number",
            "建筑面积(平方米)",
            "floor area",
            required=False,
            unit="m2",
            minimum=0,
            synonyms=("建筑面积", "面积"),
        ),
        "capacity": column(
            "integer",
            "容纳人数",
            "people at a time",
            required=False,
            unit="person",
            minimum=0,
            synonyms=("可容纳人数", "容量"),
        ),
        "functions": column("set", "功能室", "what can be done there", required=False, choices=FUNCTIONS),
        "open_hours": column("hours", "开放时间", "opening hours; blank: not known", required=False),
        "shareable_hours": column("hours", "可共享时段", "hours in which others could use it", required=False),
        "build_mode": column("choice", "建设方式", "how it was provided", required=False, choices=BUILD_MODES),
        "year": column(
            "integer",
            "建成年份",
            "year it opened",
            required=False,
            unit="year",
            minimum=1900,
            maximum=2100,
            synonyms=("建成时间", "建成年度"),
        ),
        "star": column("integer", "星级", "stars given", required=False, unit="star", minimum=0, maximum=5),
        "status": column("choice", "状态", "state", choices=("open", "closed", "planned")),
        **provenance(),
    },
    "venue_id",
    "point",
)

ROOM_PAIRS = Table(
    "room_pairs",
    "挂牌复核",
    "two plaques of which a person has said whether they hang on one room",
    {
        "pair_id": column("id", "编号", "id"),
        "venue_a": column("id", "阵地甲编号", "one plaque", refers_to="venues"),
        "venue_b": column("id", "阵地乙编号", "the other plaque", refers_to="venues"),
        "verdict": column("choice", "是否同一处", "what was found", choices=("same", "different")),
        **provenance(),
    },
    "pair_id",
    "none",
    optional=True,
)

ASSETS = Table(
    "assets",
    "可改造资产",
    "a building that could become a venue",
    {
        "asset_id": column("id", "资产编号", "id"),
        "name": column("text", "名称", "name"),
        "kind": column("choice", "类别", "kind of building", choices=ASSET_KINDS),
        "owner_system": column("choice", "权属部门", "who owns it", choices=OWNERS),
        "town_id": of_town(),
        **point(),
        "area_m2": column("number", "建筑面积(平方米)", "floor area", required=False, unit="m2", minimum=0),
        "available_hours": column("hours", "可用时段", "hours in which it could be used", required=False),
        "cost_class": column("choice", "改造费用档", "cost of conversion", choices=("low", "mid", "high")),
        **provenance(),
    },
    "asset_id",
    "point",
)
