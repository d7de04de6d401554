"""Measure the finding of rooms on pairs that people have labelled: how many are found, how many found are right.

Precision and recall are told for each half of the labelled pairs and for each kind of difficulty, because one figure
over easy and hard pairs says more about the mixture than about the method. A pair counts as found only if
`xsgeo.sharing.find_pairs` would look at it at all: what blocking never compares, nobody is shown.
"""

from __future__ import annotations

import pandas as pd

from xsgeo.sharing.names import PlaceWords
from xsgeo.sharing.rooms import compare

FIELDS = (
    "name",
    "kind",
    "owner_system",
    "town_id",
    "address",
    "lon",
    "lat",
    "accuracy_m",
    "area_m2",
    "phone",
)


def score_pairs(labelled: pd.DataFrame, towns: pd.DataFrame, *, county: str = "") -> pd.Series:
    """Probability that the two plaques of each labelled pair are one room.

    Parameters
    ----------
    labelled
        One row a pair; columns ``<field>_a`` and ``<field>_b`` for each of `FIELDS`.
    towns, county
        As in `xsgeo.sharing.find_pairs`.

    Returns
    -------
    pandas.Series
        On the index of `labelled`; 0 for pairs that are not even looked at.

    Examples
    --------
    >>> towns = pd.DataFrame({"name": ["甲镇"]}, index=pd.Index(["T1"], name="town_id"))
    >>> one = {"name": "甲镇职工之家1", "kind": "workers_home", "owner_system": "union", "town_id": "T1", "address": "",
    ...        "lon": 121.9, "lat": 29.2, "accuracy_m": 20, "area_m2": "", "phone": ""}
    >>> other = one | {"name": "甲镇职工之家2"}
    >>> row = {f"{k}_a": v for k, v in one.items()} | {f"{k}_b": v for k, v in other.items()}
    >>> score_pairs(pd.DataFrame([row]), towns).round(2).tolist()
    [0.14]
    """
    odds, places = [], PlaceWords(towns, county=county)
    for _, row in labelled.iterrows():
        both = [{field: row[f"{field}_{side}"] for field in FIELDS} for side in "ab"]
        venues = pd.DataFrame(both, index=pd.Index(["a", "b"], name="venue_id"))
        odds.append(sum(found for _, _, found, _, _ in compare(venues, places)))
    return pd.Series(odds, index=labelled.index, name="probability", dtype=float)


def evaluate(
    labelled: pd.DataFrame, towns: pd.DataFrame, *, county: str = "", threshold: float = 0.5, by: str | None = None
) -> pd.DataFrame:
    """Precision and recall of the pairs proposed at a threshold.

    Parameters
    ----------
    labelled
        As in `score_pairs`, with ``verdict``, ``same`` or ``different``.
    towns, county
        As in `xsgeo.sharing.find_pairs`.
    threshold
        Pairs at least as likely as this are proposed.
    by
        Column to tell apart by, for instance ``case`` or ``part``; None for the whole.

    Returns
    -------
    pandas.DataFrame
        By key, in the order of appearance: ``n_pairs``, ``n_same``, ``n_proposed``, ``n_right``, and ``precision``
        and ``recall``, missing where nothing was proposed or nothing was to be found.

    Examples
    --------
    >>> towns = pd.DataFrame({"name": ["甲镇"]}, index=pd.Index(["T1"], name="town_id"))
    >>> one = {"name": "甲镇职工之家", "kind": "workers_home", "owner_system": "union", "town_id": "T1", "address": "",
    ...        "lon": 121.9, "lat": 29.2, "accuracy_m": 20, "area_m2": 300, "phone": ""}
    >>> other = one | {"name": "甲镇青年之家", "kind": "youth_home", "owner_system": "youth_league"}
    >>> row = {f"{k}_a": v for k, v in one.items()} | {f"{k}_b": v for k, v in other.items()} | {"verdict": "same"}
    >>> evaluate(pd.DataFrame([row]), towns)[["precision", "recall"]].to_dict("records")
    [{'precision': 1.0, 'recall': 1.0}]
    """
    proposed = score_pairs(labelled, towns, county=county) >= threshold
    same = labelled["verdict"] == "same"
    counts = pd.DataFrame({"n_pairs": 1, "n_same": same, "n_proposed": proposed, "n_right": same & proposed}).astype(
        int
    )
    key = pd.Series("all", index=labelled.index) if by is None else labelled[by]
    table = counts.groupby(key, sort=False).sum()
    table.index.name = by or "all"
    return table.assign(
        precision=table["n_right"] / table["n_proposed"].where(table["n_proposed"] > 0),
        recall=table["n_right"] / table["n_same"].where(table["n_same"] > 0),
    )
