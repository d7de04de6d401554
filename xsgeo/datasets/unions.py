"""Grass-roots unions of the invented employers, as the law has them founded.

How many unions the county has, and who belongs to which, was not found. What is known is the rule: a workplace with
twenty-five members or more has a committee of its own, a smaller one may join with others (Trade Union Law, 2021,
article 11). So each invented employer of that size gets a union, and the smaller ones of a town and cluster share one;
an employer without members belongs to none. Nothing is drawn by lot, and members add up to those of the employers.
"""

from __future__ import annotations

import pandas as pd

from xsgeo.datasets.people import short_name
from xsgeo.datasets.trades import TRADES

OWN_FROM = 25
"""Members from which a workplace has a committee of its own."""


def unions(firms: pd.DataFrame, towns: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Found the unions of invented employers.

    Parameters
    ----------
    firms
        Index employer_id; name, town_id, cluster_id and n_members.
    towns
        Name of each town by id.

    Returns
    -------
    unions
        Index union_id; name, aliases (empty), kind, town_id, cluster_id, n_employers, n_members.
    union_id
        Union of each employer on the index of ``firms``, empty where it has none.

    Examples
    --------
    >>> firms = pd.DataFrame(
    ...     {"name": ["合成·甲", "合成·乙"], "town_id": "T1", "cluster_id": "knitting", "n_members": [30, 4]},
    ...     index=pd.Index(["E1", "E2"], name="employer_id"),
    ... )
    >>> made, ids = unions(firms, pd.Series({"T1": "石浦镇"}))
    >>> made["name"].tolist(), made["n_members"].tolist(), ids.tolist()
    (['合成·甲工会', '合成·石浦针织厂联合工会'], [30, 4], ['G0001', 'G0002'])
    """
    members = firms[firms["n_members"] > 0].sort_index()
    own = members["n_members"] >= OWN_FROM
    key = members.index.to_series().where(own, members["cluster_id"] + " " + members["town_id"])
    grouped = members.assign(key=key, own=own).groupby("key", sort=False)
    frame = grouped.agg(
        own=("own", "first"),
        first=("name", "first"),
        town_id=("town_id", "first"),
        cluster_id=("cluster_id", "first"),
        n_employers=("name", "size"),
        n_members=("n_members", "sum"),
    )
    frame = frame.assign(is_joint=~frame["own"]).sort_values("is_joint", kind="stable")
    joint = [
        f"合成·{short_name(towns[town])}{TRADES[cluster].label}联合工会"
        for town, cluster in zip(frame["town_id"], frame["cluster_id"], strict=True)
    ]
    ids = pd.Index([f"G{i:04d}" for i in range(1, len(frame) + 1)], name="union_id")
    by_key = dict(zip(frame.index, ids, strict=True))
    made = frame.assign(
        name=(frame["first"] + "工会").where(frame["own"], pd.Series(joint, index=frame.index)),
        kind=frame["own"].map({True: "single_union", False: "joint_union"}),
        aliases="",
    ).set_axis(ids)
    columns = ["name", "aliases", "kind", "town_id", "cluster_id", "n_employers", "n_members"]
    return made[columns], key.map(by_key).reindex(firms.index).fillna("").rename("union_id")
