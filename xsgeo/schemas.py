"""One declaration for each table of a study: what its columns mean, and what a good value is.

The same declaration checks a ledger, prints the data dictionary and names the columns in messages, so the three cannot
drift apart. Checks are pandera's; what pandera does not know (Chinese headers that ledgers use, units, which table a
column refers to, how a text cell is parsed) stands in the column's ``metadata``. Everything arrives as text, because a
spreadsheet reader that guesses types turns ``0012`` into 12; `xsgeo.validation` turns text into values and names each
cell that does not parse.

Ids become the index. Points are given as ``lon`` and ``lat`` in WGS-84 degrees, lines and polygons as ``geometry``.
``basis`` says where a row's figures come from, and ``as_of`` their date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import pandera.pandas as pa

from xsgeo.catalogue import Language, say
from xsgeo.settings import MODES

Kind = Literal[
    "id",
    "text",
    "integer",
    "number",
    "flag",
    "date",
    "time",
    "times",
    "choice",
    "set",
    "hours",
    "free_hours",
    "weights",
    "geometry",
]

BASES = ("sourced", "derived", "estimate", "synthetic")
VENUE_KINDS = (
    "workers_palace",
    "culture_centre",
    "workers_home",
    "youth_home",
    "women_home",
    "rest_station",
    "library",
    "party_centre",
    "culture_hall",
    "school_venue",
    "legal_point",
)
OWNERS = (
    "union",
    "youth_league",
    "women_federation",
    "party",
    "culture",
    "education",
    "village",
    "zone",
    "employer",
)
SERVES = ("everyone", "workers", "members", "own_staff", "women", "youth")
SHARE_TERMS = ("open", "appointment", "agreement", "none")
BUILD_MODES = ("own", "joint", "co_built", "rented", "converted")
UNION_KINDS = ("single_union", "joint_union", "industry_union", "area_union")
ASSET_KINDS = ("pump_station", "school_hall", "party_centre", "culture_hall", "idle_shop", "idle_factory")
SHIFTS = (
    "day",
    "long_day",
    "two_shift_day",
    "two_shift_night",
    "early",
    "split",
    "irregular",
    "flexible",
    "field",
    "ashore",
)
ROAD_CLASSES = ("expressway", "bridge_exp", "class1", "class2", "county", "local", "bridge_local", "street")
FUNCTIONS = (
    "reading",
    "class",
    "fitness",
    "ball",
    "table_tennis",
    "billiards",
    "dance",
    "opera",
    "rest",
    "charging",
    "shower",
    "childcare",
    "legal_aid",
    "mediation",
    "hall",
    "co_working",
    "internet",
    "tea",
)


def column(
    kind: Kind,
    zh: str,
    meaning: str,
    *,
    required: bool = True,
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    refers_to: str = "",
    synonyms: tuple[str, ...] = (),
    axis: Literal["", "lon", "lat"] = "",
) -> pa.Column:
    """Declare one column.

    Parameters
    ----------
    kind
        How the text of a cell is parsed.
    zh
        Chinese header; the first one a ledger is expected to use.
    meaning
        What the value says, in English.
    required
        Whether the column must be there and filled in.
    unit
        Unit of a number.
    minimum, maximum
        Inclusive bounds of a number.
    choices
        Allowed values of a ``choice`` or members of a ``set``.
    refers_to
        Table whose ids this column holds.
    synonyms
        Further headers that mean this column.
    axis
        Whether a number is a longitude or a latitude, which may be written in degrees, minutes and seconds.
    """
    checks = []
    if minimum is not None:
        checks.append(pa.Check.ge(minimum, error="below_minimum"))
    if maximum is not None:
        checks.append(pa.Check.le(maximum, error="above_maximum"))
    if kind == "choice":
        checks.append(pa.Check.isin(choices, error="not_a_choice"))
    return pa.Column(
        None,
        checks,
        nullable=not required,
        required=required,
        title=zh,
        description=meaning,
        metadata={
            "kind": kind,
            "unit": unit,
            "minimum": minimum,
            "maximum": maximum,
            "choices": choices,
            "refers_to": refers_to,
            "synonyms": synonyms,
            "axis": axis,
        },
    )


@dataclass(frozen=True)
class Table:
    """One table of a study.

    Attributes
    ----------
    name
        Name of the table and of the attribute of `Study`.
    zh
        What planners call it.
    meaning
        What one row is.
    columns
        Declared columns by name, in the order they are written.
    key
        The id column, which becomes the index.
    shape
        ``point`` (lon and lat), ``line``, ``polygon`` or ``none``.
    optional
        Whether a study may do without the table.
    """

    name: str
    zh: str
    meaning: str
    columns: Mapping[str, pa.Column]
    key: str
    shape: Literal["point", "line", "polygon", "none"]
    optional: bool = False

    def empty(self, name: str) -> str | float:
        """What stands in a cell of the column when nothing is known: an empty text, or NaN for a number."""
        return float("nan") if self.columns[name].metadata["kind"] in {"number", "integer"} else ""


def _provenance() -> dict[str, pa.Column]:
    return {
        "basis": column(
            "choice",
            "数据依据",
            "where the row's figures come from",
            required=False,
            choices=BASES,
            synonyms=("依据",),
        ),
        "as_of": column("date", "数据日期", "date of the row's figures", required=False, synonyms=("日期", "更新日期")),
        "source": column("text", "数据来源", "source of the row's figures", required=False, synonyms=("来源", "出处")),
    }


def _point(*, required: bool = True) -> dict[str, pa.Column]:
    return {
        "lon": column(
            "number",
            "经度",
            "longitude, WGS-84",
            required=required,
            unit="degree",
            minimum=-180,
            maximum=180,
            synonyms=("lng", "longitude", "x", "东经"),
            axis="lon",
        ),
        "lat": column(
            "number",
            "纬度",
            "latitude, WGS-84",
            required=required,
            unit="degree",
            minimum=-90,
            maximum=90,
            synonyms=("latitude", "y", "北纬"),
            axis="lat",
        ),
        "accuracy_m": column(
            "number",
            "定位误差(米)",
            "how far the true place may lie from the point",
            required=False,
            unit="m",
            minimum=0,
            synonyms=("定位误差", "坐标精度"),
        ),
    }


def _town(*, required: bool = True) -> pa.Column:
    return column(
        "id",
        "所属镇乡（街道）",
        "town, by id or name",
        required=required,
        refers_to="towns",
        synonyms=(
            "所属镇乡",
            "乡镇街道",
            "镇乡",
            "乡镇",
            "街道",
            "镇乡(街道)",
            "乡镇(街道)",
            "镇(街道)",
            "所属乡镇",
            "所在镇乡",
            "所在乡镇",
        ),
    )


def _cluster(*, required: bool = True) -> pa.Column:
    return column(
        "id",
        "产业集群",
        "industry cluster, by id or name",
        required=required,
        refers_to="clusters",
        synonyms=("集群", "所属集群", "所属产业集群", "产业", "行业"),
    )


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        t.name: t
        for t in (
            Table(
                "towns",
                "镇乡（街道）",
                "a town or subdistrict",
                {
                    "town_id": column("id", "镇乡编号", "division code", synonyms=("行政区划代码", "代码")),
                    "name": column("text", "名称", "Chinese name", synonyms=("镇乡名称", "乡镇名称")),
                    "name_en": column("text", "英文名", "English name"),
                    "aliases": column(
                        "text",
                        "别名",
                        "old and other names, parted by |",
                        required=False,
                        synonyms=("曾用名", "旧名", "原名"),
                    ),
                    **_point(),
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
                    **_provenance(),
                },
                "town_id",
                "point",
            ),
            Table(
                "villages",
                "村社",
                "a village or residents' area, by which an address is placed",
                {
                    "village_id": column("id", "村社编号", "division code", synonyms=("村社代码", "区划代码")),
                    "name": column("text", "名称", "Chinese name", synonyms=("村社名称", "村名", "社区名称")),
                    "aliases": column(
                        "text",
                        "别名",
                        "old and other names, parted by |",
                        required=False,
                        synonyms=("曾用名", "旧名", "原名"),
                    ),
                    "town_id": _town(),
                    **_point(required=False),
                    **_provenance(),
                },
                "village_id",
                "point",
                optional=True,
            ),
            Table(
                "clusters",
                "产业集群",
                "an industry cluster",
                {
                    "cluster_id": column("id", "集群编号", "id"),
                    "name": column("text", "名称", "Chinese name", synonyms=("集群名称",)),
                    "name_en": column("text", "英文名", "English name"),
                    "union_label": column("text", "工会名称", "how its union is called", required=False),
                    "month_weights": column(
                        "weights",
                        "各月权重",
                        "workers present by month against the mid figure, January to December",
                    ),
                    "n_workers": column("integer", "职工人数", "workers of the cluster", unit="person", minimum=0),
                    "venue_needs": column("text", "阵地需求", "what its workers ask of a venue", required=False),
                    **_provenance(),
                },
                "cluster_id",
                "none",
            ),
            Table(
                "needs",
                "功能需求",
                "what a venue must have to be of use to a cluster; several rows of one cluster must all be met",
                {
                    "need_id": column("id", "需求编号", "id"),
                    "cluster_id": _cluster(),
                    "functions": column("set", "所需功能", "what must be there", choices=FUNCTIONS),
                    "at_least": column(
                        "integer",
                        "至少几项",
                        "how many of them a venue must have; blank: all",
                        required=False,
                        minimum=1,
                    ),
                    **_provenance(),
                },
                "need_id",
                "none",
                optional=True,
            ),
            Table(
                "unions",
                "基层工会",
                "a grass-roots union",
                {
                    "union_id": column("id", "工会编号", "id", synonyms=("工会代码",)),
                    "name": column("text", "工会名称", "name", synonyms=("名称", "工会全称")),
                    "aliases": column(
                        "text",
                        "别名",
                        "old and other names, parted by |",
                        required=False,
                        synonyms=("简称", "曾用名"),
                    ),
                    "kind": column(
                        "choice",
                        "建会方式",
                        "whether one employer, several, a trade or an area founded it",
                        choices=UNION_KINDS,
                        synonyms=("工会类型", "建会形式", "组建方式"),
                    ),
                    "town_id": _town(required=False),
                    "cluster_id": _cluster(required=False),
                    "n_employers": column(
                        "integer",
                        "覆盖单位数",
                        "workplaces that it covers",
                        required=False,
                        unit="employer",
                        minimum=0,
                        synonyms=("单位数", "覆盖企业数"),
                    ),
                    "n_members": column(
                        "integer",
                        "会员人数",
                        "its members",
                        required=False,
                        unit="person",
                        minimum=0,
                        synonyms=("会员数",),
                    ),
                    **_provenance(),
                },
                "union_id",
                "none",
                optional=True,
            ),
            Table(
                "employers",
                "用人单位",
                "a workplace",
                {
                    "employer_id": column("id", "单位编号", "id"),
                    "name": column("text", "单位名称", "name", synonyms=("名称", "企业名称", "企业全称", "用人单位")),
                    "town_id": _town(),
                    "cluster_id": _cluster(),
                    "union_id": column(
                        "id",
                        "所属工会",
                        "the union it belongs to, by id or name",
                        required=False,
                        refers_to="unions",
                        synonyms=("工会", "基层工会", "工会名称"),
                    ),
                    **_point(),
                    "n_workers": column(
                        "integer",
                        "职工人数",
                        "workers",
                        unit="person",
                        minimum=0,
                        synonyms=("职工数", "人数"),
                    ),
                    "n_members": column(
                        "integer",
                        "会员人数",
                        "union members among them",
                        required=False,
                        unit="person",
                        minimum=0,
                        synonyms=("会员数",),
                    ),
                    **_provenance(),
                },
                "employer_id",
                "point",
            ),
            Table(
                "workers",
                "职工群体",
                "a group of workers who share place, cluster and shift",
                {
                    "group_id": column("id", "群体编号", "id"),
                    "employer_id": column("id", "单位编号", "employer, by id", required=False, refers_to="employers"),
                    "cluster_id": _cluster(),
                    "town_id": _town(),
                    "place": column(
                        "choice",
                        "所在",
                        "where the group sets out from",
                        choices=("workplace", "dormitory", "home"),
                    ),
                    **_point(),
                    "n_workers": column(
                        "integer",
                        "职工人数",
                        "workers in the group",
                        unit="person",
                        minimum=1,
                        synonyms=("人数",),
                    ),
                    "n_women": column(
                        "integer", "女职工人数", "women among them", required=False, unit="person", minimum=0
                    ),
                    "n_under_35": column(
                        "integer",
                        "35岁以下人数",
                        "workers under 35 among them",
                        required=False,
                        unit="person",
                        minimum=0,
                    ),
                    "shift": column("choice", "班制", "shift pattern", choices=SHIFTS),
                    "free_hours": column(
                        "free_hours", "空闲时间", "hours of a week in which they are off shift and awake"
                    ),
                    "means": column(
                        "choice",
                        "出行方式",
                        "usual means; blank: on foot in urban towns, by e-bike elsewhere; by bus is an approximation",
                        required=False,
                        choices=MODES,
                    ),
                    **_provenance(),
                },
                "group_id",
                "point",
            ),
            Table(
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
                    "kind": column(
                        "choice", "类别", "kind of venue", choices=VENUE_KINDS, synonyms=("阵地类别", "类型")
                    ),
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
                    "share_terms": column("choice", "共享条件", "on what terms others may use it", choices=SHARE_TERMS),
                    "town_id": _town(),
                    "address": column("text", "地址", "address", required=False, synonyms=("详细地址", "地点", "坐落")),
                    **_point(),
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
                    "shareable_hours": column(
                        "hours", "可共享时段", "hours in which others could use it", required=False
                    ),
                    "build_mode": column(
                        "choice", "建设方式", "how it was provided", required=False, choices=BUILD_MODES
                    ),
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
                    **_provenance(),
                },
                "venue_id",
                "point",
            ),
            Table(
                "room_pairs",
                "挂牌复核",
                "two plaques of which a person has said whether they hang on one room",
                {
                    "pair_id": column("id", "编号", "id"),
                    "venue_a": column("id", "阵地甲编号", "one plaque", refers_to="venues"),
                    "venue_b": column("id", "阵地乙编号", "the other plaque", refers_to="venues"),
                    "verdict": column("choice", "是否同一处", "what was found", choices=("same", "different")),
                    **_provenance(),
                },
                "pair_id",
                "none",
                optional=True,
            ),
            Table(
                "assets",
                "可改造资产",
                "a building that could become a venue",
                {
                    "asset_id": column("id", "资产编号", "id"),
                    "name": column("text", "名称", "name"),
                    "kind": column("choice", "类别", "kind of building", choices=ASSET_KINDS),
                    "owner_system": column("choice", "权属部门", "who owns it", choices=OWNERS),
                    "town_id": _town(),
                    **_point(),
                    "area_m2": column("number", "建筑面积(平方米)", "floor area", required=False, unit="m2", minimum=0),
                    "available_hours": column("hours", "可用时段", "hours in which it could be used", required=False),
                    "cost_class": column("choice", "改造费用档", "cost of conversion", choices=("low", "mid", "high")),
                    **_provenance(),
                },
                "asset_id",
                "point",
            ),
            Table(
                "roads",
                "道路",
                "a stretch of road between two nodes",
                {
                    "edge_id": column("id", "路段编号", "id"),
                    "u": column("id", "起点", "node it starts from"),
                    "v": column("id", "终点", "node it leads to"),
                    "road_class": column("choice", "道路等级", "class of road", choices=ROAD_CLASSES),
                    "name": column("text", "路名", "name", required=False),
                    "length_m": column(
                        "number", "长度(米)", "length along the road, winding included", unit="m", minimum=0.1
                    ),
                    "speed_kmh": column(
                        "number", "车速(公里/时)", "free speed of a car", unit="km/h", minimum=1, maximum=140
                    ),
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
            ),
            Table(
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
                    "first": column(
                        "time", "首班", "first sailing; blank: all day", required=False, synonyms=("首班时间",)
                    ),
                    "last": column(
                        "time", "末班", "last sailing; blank: all day", required=False, synonyms=("末班时间",)
                    ),
                    "departures": column(
                        "times",
                        "班次时刻",
                        "departures of a day; the mean wait of who comes at any moment between them is "
                        "sum(gap²) / (2 sum(gap))",
                        required=False,
                        synonyms=("时刻表", "班次"),
                    ),
                    "takes_cars": column("flag", "可载车", "whether cars are carried"),
                    "stops_in_gale": column("flag", "大风停航", "whether it stops in a gale"),
                    **_provenance(),
                },
                "ferry_id",
                "none",
            ),
            Table(
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
            ),
            Table(
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
            ),
        )
    }
)


def dictionary(name: str | None = None, *, language: Language = "both") -> str:
    """Print the data dictionary as Markdown.

    Parameters
    ----------
    name
        One table; all of them when None.
    language
        Language of the headings and words.

    Raises
    ------
    KeyError
        When there is no such table; the message names those there are.

    Examples
    --------
    >>> print(dictionary("boundary", language="en").splitlines()[0])
    ## boundary: the limit of the study area, sea included
    """
    if name is not None and name not in TABLES:
        msg = f"no table {name!r}; there are {', '.join(TABLES)}"
        raise KeyError(msg)
    tables = TABLES.values() if name is None else [TABLES[name]]
    return "\n\n".join(_describe(table, language) for table in tables)


def _describe(table: Table, language: Language) -> str:
    title = table.meaning if language == "en" else table.zh if language == "zh" else f"{table.zh} / {table.meaning}"
    heads = ("dictionary.column", "dictionary.header", "dictionary.required", "dictionary.kind", "dictionary.meaning")
    lines = [
        f"## {table.name}: {title}",
        "",
        "| " + " | ".join(say(h, language) for h in heads) + " |",
        "|---" * len(heads) + "|",
    ]
    for name, declared in table.columns.items():
        rule = declared.metadata
        headers = "、".join((declared.title, *rule["synonyms"]))
        meaning = declared.description.replace("|", "\\|")
        required = (
            say("dictionary.key" if name == table.key else "dictionary.yes", language) if declared.required else ""
        )
        lines.append(f"| `{name}` | {headers} | {required} | {_values(rule, language)} | {meaning} |")
    return "\n".join(lines)


def _values(rule: Mapping[str, Any], language: Language) -> str:
    """What a cell may hold: the kind, its unit and bounds, and the words of a choice."""
    parts = [say(f"kind.{rule['kind']}", language)]
    if rule["unit"]:
        parts.append(rule["unit"])
    low, high = rule["minimum"], rule["maximum"]
    if low is not None or high is not None:
        parts.append(f"{'' if low is None else f'{low:g}'}…{'' if high is None else f'{high:g}'}")
    if rule["refers_to"]:
        parts.append(f"→ {rule['refers_to']}")
    if rule["choices"]:
        parts.append("、".join(f"{say(f'choice.{c}', 'zh')} `{c}`" for c in rule["choices"]))
    return "; ".join(parts)
