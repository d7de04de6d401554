"""Who is asked about: clusters and what they need, unions, employers, and groups of workers with their shifts."""

from __future__ import annotations

from xsgeo.schemas.columns import Table, aliases, column, of_cluster, of_town, point, provenance
from xsgeo.schemas.words import FUNCTIONS, SHIFTS, UNION_KINDS
from xsgeo.settings import MODES

CLUSTERS = Table(
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
        **provenance(),
    },
    "cluster_id",
    "none",
)

NEEDS = Table(
    "needs",
    "功能需求",
    "what a venue must have to be of use to a cluster; several rows of one cluster must all be met",
    {
        "need_id": column("id", "需求编号", "id"),
        "cluster_id": of_cluster(),
        "functions": column("set", "所需功能", "what must be there", choices=FUNCTIONS),
        "at_least": column(
            "integer",
            "至少几项",
            "how many of them a venue must have; blank: all",
            required=False,
            minimum=1,
        ),
        **provenance(),
    },
    "need_id",
    "none",
    optional=True,
)

UNIONS = Table(
    "unions",
    "基层工会",
    "a grass-roots union",
    {
        "union_id": column("id", "工会编号", "id", synonyms=("工会代码",)),
        "name": column("text", "工会名称", "name", synonyms=("名称", "工会全称")),
        "aliases": aliases("简称", "曾用名"),
        "kind": column(
            "choice",
            "建会方式",
            "whether one employer, several, a trade or an area founded it",
            choices=UNION_KINDS,
            synonyms=("工会类型", "建会形式", "组建方式"),
        ),
        "town_id": of_town(required=False),
        "cluster_id": of_cluster(required=False),
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
        **provenance(),
    },
    "union_id",
    "none",
    optional=True,
)

EMPLOYERS = Table(
    "employers",
    "用人单位",
    "a workplace",
    {
        "employer_id": column("id", "单位编号", "id"),
        "name": column("text", "单位名称", "name", synonyms=("名称", "企业名称", "企业全称", "用人单位")),
        "town_id": of_town(),
        "cluster_id": of_cluster(),
        "union_id": column(
            "id",
            "所属工会",
            "the union it belongs to, by id or name",
            required=False,
            refers_to="unions",
            synonyms=("工会", "基层工会", "工会名称"),
        ),
        **point(),
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
        **provenance(),
    },
    "employer_id",
    "point",
)

WORKERS = Table(
    "workers",
    "职工群体",
    "a group of workers who share place, cluster and shift",
    {
        "group_id": column("id", "群体编号", "id"),
        "employer_id": column("id", "单位编号", "employer, by id", required=False, refers_to="employers"),
        "cluster_id": of_cluster(),
        "town_id": of_town(),
        "place": column(
            "choice",
            "所在",
            "where the group sets out from",
            choices=("workplace", "dormitory", "home"),
        ),
        **point(),
        "n_workers": column(
            "integer",
            "职工人数",
            "workers in the group",
            unit="person",
            minimum=1,
            synonyms=("人数",),
        ),
        "n_women": column("integer", "女职工人数", "women among them", required=False, unit="person", minimum=0),
        "n_under_35": column(
            "integer",
            "35岁以下人数",
            "workers under 35 among them",
            required=False,
            unit="person",
            minimum=0,
        ),
        "shift": column("choice", "班制", "shift pattern", choices=SHIFTS, synonyms=("班次",)),
        "free_hours": column("free_hours", "空闲时间", "hours of a week in which they are off shift and awake"),
        "means": column(
            "choice",
            "出行方式",
            "usual means; blank: on foot in urban towns, by e-bike elsewhere; by bus is an approximation",
            required=False,
            choices=MODES,
        ),
        **provenance(),
    },
    "group_id",
    "point",
)
