"""The four tables of sharing with names for ids: rooms and what an open door gains, pairs, towns, and the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xsgeo.catalogue import Language, say
from xsgeo.report import names_of

if TYPE_CHECKING:
    from xsgeo.study import Study


def opportunity_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Name the rooms of `xsgeo.sharing.opportunities`; rooms that gain nobody are left out.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``venue_id``; ``room_id``, ``name``, ``town``, ``kind``, ``owner_system`` and the counts of `table`.
        Plaques of one room gain the same workers, which the equal ``room_id`` shows.

    Examples
    --------
    >>> from xsgeo import share, workflow
    >>> from xsgeo.datasets import toy_county
    >>> found = workflow.reach(toy_county())
    >>> opportunity_table(share.tables(found)["opportunities"], found.study)[["name", "n_if_both"]].to_dict("index")
    {'V1': {'name': '老文化宫', 'n_if_both': 100}, 'V3': {'name': '丙船队活动室', 'n_if_both': 30}}
    """
    from xsgeo import sharing

    gains = table[table["n_if_both"] > 0]
    venues = study.venues.loc[gains.index]
    about = {
        "room_id": sharing.room_labels(study.venues, study.room_pairs).loc[gains.index],
        "name": venues["name"],
        "town": venues["town_id"].map(names_of(study.towns, language)),
        "kind": [say(f"choice.{k}", language) for k in venues["kind"]],
        "owner_system": [say(f"choice.{o}", language) for o in venues["owner_system"]],
    }
    return pd.concat([pd.DataFrame(about, index=gains.index), gains], axis=1)


def pair_table(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Name the rooms of `xsgeo.sharing.complements`.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.

    Returns
    -------
    pandas.DataFrame
        Index ``venue_a``; ``name_a`` and ``name_b`` beside the columns of `table`.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> pairs = pd.DataFrame({"venue_a": ["V1"], "venue_b": ["V2"], "hours_gained": [9.0]})
    >>> pair_table(pairs, toy_county()).to_dict("index")
    {'V1': {'name_a': '老文化宫', 'venue_b': 'V2', 'name_b': '职工之家', 'hours_gained': 9.0}}
    """
    name = study.venues["name"]
    named = table.assign(name_a=table["venue_a"].map(name), name_b=table["venue_b"].map(name))
    first = ["venue_a", "name_a", "venue_b", "name_b"]
    return named[[*first, *(c for c in table.columns if c not in first)]].set_index("venue_a")


def cross_town_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Name the towns of `xsgeo.sharing.cross_town`; those at home are left out.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.
    language
        Language of the names.

    Returns
    -------
    pandas.DataFrame
        Index ``town_id``, the name; ``venue_town_id``, ``n_workers``, ``n_only_there``; most who depend on it first.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> rows = {"town_id": ["T1", "T1"], "venue_town_id": ["T1", "T2"], "n_workers": [140, 9], "n_only_there": [0, 4]}
    >>> cross_town_table(pd.DataFrame(rows), toy_county()).to_dict("index")
    {'陆上镇': {'venue_town_id': '岛上镇', 'n_workers': 9, 'n_only_there': 4}}
    """
    names = names_of(study.towns, language)
    away = table[table["town_id"] != table["venue_town_id"]]
    order = ["n_only_there", "n_workers", "town_id", "venue_town_id"]
    away = away.sort_values(order, ascending=[False, False, True, True])
    named = away.assign(town_id=away["town_id"].map(names), venue_town_id=away["venue_town_id"].map(names))
    return named.set_index("town_id")


def calendar_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Say the week of `xsgeo.sharing.draft_calendar` in words.

    Parameters
    ----------
    table
        What it gave.
    study
        The study, for names.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``room_id``; ``name`` of its first plaque, ``weekday``, ``start``, ``end``, ``use``, ``cluster_id`` by
        name, ``n_workers``.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> block = {"room_id": "V1", "weekday": 0, "start": "18:00", "end": "20:00", "use": "shared", "n_workers": 9}
    >>> week = calendar_table(pd.DataFrame([block | {"cluster_id": "knitting"}]), toy_county())
    >>> week.loc["V1", ["name", "weekday", "use", "cluster_id"]].tolist()
    ['老文化宫', '周一', '共享', '针织']
    """
    from xsgeo import sharing

    rooms = sharing.room_labels(study.venues, study.room_pairs)
    first = study.venues["name"].groupby(rooms).first()
    clusters = names_of(study.clusters, language)
    return table.assign(
        name=table["room_id"].map(first),
        weekday=[say(f"weekday.{d}", language) for d in table["weekday"]],
        use=[say(f"use.{u}", language) for u in table["use"]],
        cluster_id=[clusters.get(c, c) for c in table["cluster_id"]],
    )[["room_id", "name", "weekday", "start", "end", "use", "cluster_id", "n_workers"]].set_index("room_id")
