"""Gaps and proposed sites as a page may show them: names, places, and numbers only where enough employers stand behind.

A proposal names a room and says how many it would serve. Where the room is an employer's own its name would name the
employer, so it is called by its kind and its town; where few employers would gain, the number is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.catalogue import Language, say
from xsgeo.maps.frame import both_names
from xsgeo.maps.publish import PublishRules, employers, rounded
from xsgeo.maps.rows import text_of
from xsgeo.study import Study

_PROPOSAL_COLUMNS = ("order", "action", "name", "lon", "lat", "n_workers_added", "towns", "clusters")
_GAP_COLUMNS = ("name", "n_workers", "lon", "lat", "main_reason", "town_id")


def public_proposals(proposals: pd.DataFrame, study: Study, rules: PublishRules) -> pd.DataFrame:
    """Proposals with the numbers and names that may be shown, and ``concerns``, the clusters each is about.

    Parameters
    ----------
    proposals
        As for `xsgeo.maps.render_pages`, with ``n_employers`` where known.
    study
        The study, for names.
    rules
        When a count may be shown.
    """
    if proposals.empty:
        return pd.DataFrame(columns=[*_PROPOSAL_COLUMNS, "concerns"])
    frame = pd.DataFrame(proposals).sort_values("order")
    numbers = _public_count(frame, "n_workers_added", rules)
    return frame.assign(
        n_workers_added=pd.Series(numbers, index=frame.index, dtype=object),
        name=site_names(frame, study, name_own=not rules.hides),
        concerns=[_who(v, study.clusters) for v in frame["clusters"]],
        towns=[_spelt(v, study.towns) for v in frame["towns"]],
        clusters=[_spelt(v, study.clusters) for v in frame["clusters"]],
    )


def public_gaps(gaps: pd.DataFrame, study: Study, rules: PublishRules) -> pd.DataFrame:
    """Gaps with the numbers that may be shown, and ``concerns``, the clusters each is about.

    Parameters
    ----------
    gaps
        As for `xsgeo.maps.render_pages`, with ``n_employers`` where known.
    study, rules
        As for `public_proposals`.
    """
    if gaps.empty:
        return pd.DataFrame(columns=[*_GAP_COLUMNS, "concerns"])
    frame = pd.DataFrame(gaps).sort_index()
    town_names = study.towns["name"].astype(str)
    tallies = frame["clusters"] if "clusters" in frame else pd.Series([None] * len(frame), index=frame.index)
    named = frame["name"] if "name" in frame else frame["town_id"].astype(str).map(town_names).fillna("")
    return frame.assign(
        n_workers=pd.Series(_public_count(frame, "n_workers", rules), index=frame.index, dtype=object),
        main_reason=frame["main_reason"] if "main_reason" in frame else frame["reason"].astype(str),
        name=named,
        concerns=[_who(v, study.clusters) for v in tallies],
    )


def with_employers(table: pd.DataFrame, workers: pd.DataFrame, labels: pd.Series | None) -> pd.DataFrame:
    """Add ``n_employers`` to gaps or proposals whose groups are known.

    Parameters
    ----------
    table
        Gaps or proposals by id.
    workers
        Groups with ``employer_id``.
    labels
        Id of the gap or proposal of each group; nothing is added when None.
    """
    if labels is None or table.empty or "n_employers" in table:
        return table
    employer = pd.Series(employers(workers), index=workers.index)
    behind = employer.groupby(labels.reindex(workers.index).fillna("").astype(str)).nunique()
    return table.assign(n_employers=behind.reindex(table.index.astype(str)).to_numpy())


def site_names(sites: pd.DataFrame, study: Study, *, name_own: bool) -> list[list[str]]:
    """Chinese and English name of each site: new ground is called by its town, an employer's room by its kind.

    Parameters
    ----------
    sites
        ``name``, ``refers_to`` (a venue, or empty) and ``town_id``.
    study
        The study, for names and for whose a room is.
    name_own
        Name employers' own rooms, for a page that stays in the office.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> toy = toy_county()
    >>> own = pd.DataFrame({"name": ["丙船队食堂"], "refers_to": ["V3"], "town_id": [toy.towns.index[0]]})
    >>> site_names(own, toy, name_own=True)[0][0]
    '丙船队食堂'
    >>> "丙" in site_names(own, toy, name_own=False)[0][0]
    False
    """
    own = study.venues.index[(text_of(study.venues, "employer_id") != "").to_numpy() & (not name_own)]
    kinds = study.venues.loc[own, "kind"].astype(str).to_dict()
    columns = (text_of(sites, c) for c in ("name", "refers_to", "town_id"))
    names: list[list[str]] = []
    for name, place, town_id in zip(*columns, strict=True):
        towns = both_names(study.towns, town_id)
        if place in kinds:
            word = f"choice.{kinds[place]}"
            names.append([say("page.site.own", s, town=town, kind=say(word, s)) for s, town in _spoken(towns)])
        elif name:
            names.append([name, name])
        else:
            names.append([say("page.site.new", s, town=town) for s, town in _spoken(towns)])
    return names


def _spoken(both: list[str]) -> list[tuple[Language, str]]:
    return [("zh", both[0]), ("en", both[1])]


def concerns(frame: pd.DataFrame, cluster_id: str) -> NDArray[np.bool_]:
    """Rows that are about a cluster, or may be; every row for the county.

    Examples
    --------
    >>> concerns(pd.DataFrame({"concerns": [["fishing"], None, []]}), "fishing").tolist()
    [True, True, False]
    """
    if not cluster_id:
        return np.ones(len(frame), dtype=bool)
    return np.array([who is None or cluster_id in who for who in frame["concerns"]], dtype=bool)


def _public_count(frame: pd.DataFrame, column: str, rules: PublishRules) -> list[int | None]:
    """Exact where enough employers are known to stand behind it, withheld where too few, else rounded."""
    known = frame["n_employers"] if "n_employers" in frame else pd.Series(np.nan, index=frame.index)
    answer: list[int | None] = []
    for n, behind in zip(frame[column], known, strict=True):
        if pd.isna(n):
            answer.append(None)
        elif pd.isna(behind):
            answer.append(rounded(int(n), rules))
        else:
            answer.append(int(n) if behind >= rules.min_employers else None)
    return answer


def _ids(value: object) -> list[str]:
    """Ids of a tally, most workers first; text has none."""
    if not isinstance(value, Mapping):
        return []
    return sorted(map(str, value), key=lambda k: (-value[k], k))


def _spelt(value: object, table: pd.DataFrame) -> list[str]:
    """Names of a tally's ids in both languages, most workers first; text stays as it is."""
    if isinstance(value, Mapping):
        both = [both_names(table, k) for k in _ids(value)]
        return ["、".join(zh for zh, _ in both), ", ".join(en for _, en in both)]
    text = "" if value is None or pd.isna(value) else str(value)
    return [text, text]


def _who(value: object, clusters: pd.DataFrame) -> list[str] | None:
    """Clusters whose workers a gap or proposal is about; None where that is not known."""
    if isinstance(value, Mapping):
        return _ids(value)
    if isinstance(value, str) and value:
        return [str(k) for k, name in clusters["name"].items() if str(name) in value]
    return None
