"""What one page is about: the county, or one cluster's part of it, for whom, in which words, and what it may count.

The pages of a run are cut from one whole, so that what each may count can be settled together
(`xsgeo.maps.differences`): a key by which each group is counted on the county's page and on its cluster's page, and the
clusters of which nothing may be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xsgeo.catalogue import Language, say
from xsgeo.errors import PageError
from xsgeo.maps.audience import Audience
from xsgeo.maps.differences import merge_crossed, withheld_columns
from xsgeo.maps.frame import both_names, view_of
from xsgeo.maps.publish import PublishRules, employers, may_show
from xsgeo.maps.tiles import Tiles
from xsgeo.maps.times import Weeks
from xsgeo.study import Study


@dataclass(frozen=True)
class Scope:
    """What one page is about.

    Attributes
    ----------
    study
        The whole study.
    workers, groups, minutes
        Its groups that the page is about, sorted by id, what was found of them, and their minutes to venues.
    cluster_id
        The cluster; empty for the county.
    rules, audience
        When a count may be shown, and for whom the page is.
    language
        Language of the page.
    roads, weeks
        Roads and weeks of all pages of a run, made once.
    safe
        Columns ``town`` and ``reason``: the key by which each group is counted on this page.
    withheld
        Clusters that have no total; "" for the county.
    tiles
        Map service of the background, if any.
    """

    study: Study
    workers: pd.DataFrame
    groups: pd.DataFrame
    minutes: pd.DataFrame
    cluster_id: str
    rules: PublishRules
    language: Language
    roads: Mapping[str, object]
    weeks: Weeks
    safe: pd.DataFrame
    withheld: frozenset[str]
    audience: Audience
    tiles: Tiles | None

    @property
    def is_internal(self) -> bool:
        """Whether the page stays in the office."""
        return self.audience == "internal"

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of it may be counted, not even all together."""
        return self.cluster_id in self.withheld

    @property
    def names(self) -> list[str]:
        """Chinese and English name of what the page is about."""
        if not self.cluster_id:
            return [self.study.title, self.study.about.title_en or self.study.title]
        return both_names(self.study.clusters, self.cluster_id)

    @property
    def view(self) -> list[list[float]]:
        """South-west and north-east of what the page is about."""
        return view_of(self.workers) if self.cluster_id else view_of(self.workers, self.study.towns)

    @property
    def title(self) -> str:
        """Title of the browser's tab."""
        study = self.study.about
        name = (study.title_en or study.title) if self.language == "en" else study.title
        if self.is_internal:
            name = f"[{say('page.internal', 'en' if self.language == 'en' else 'zh')}] {name}"
        return f"{self.names[self.language == 'en']} · {name}" if self.cluster_id else name

    @property
    def banner(self) -> str:
        """What a page must say before anything else; empty for a public page that works offline."""
        said = [say("page.internal", self.language)] if self.is_internal else []
        said += [say("page.online", self.language, host=self.tiles.host)] if self.tiles is not None else []
        return " · ".join(said)


def cluster_page(cluster_id: str) -> str:
    """File name of a cluster's page.

    Raises
    ------
    PageError
        When the id could not be a file name on every system.

    Examples
    --------
    >>> cluster_page("fishing")
    'cluster_fishing.html'
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", cluster_id):
        msg = f"the cluster id {cluster_id!r} cannot be part of a file name: use letters, digits, - and _"
        raise PageError(msg)
    return f"cluster_{cluster_id}.html"


def cluster_ids(study: Study, clusters: Sequence[str] | None = None) -> list[str]:
    """Clusters that have workers to draw, sorted; of those asked for, where any are.

    Raises
    ------
    PageError
        When a cluster asked for is not in the study, or has no workers.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> cluster_ids(toy_county(), ["fishing"])
    ['fishing']
    """
    present = set(study.workers["cluster_id"].astype(str))
    if clusters is None:
        return [str(c) for c in study.clusters.index.sort_values() if str(c) in present]
    for name in clusters:
        if name not in study.clusters.index:
            msg = f"there is no cluster {name!r}; the study has {', '.join(map(str, study.clusters.index))}"
            raise PageError(msg)
        if name not in present:
            msg = f"the cluster {name!r} has no workers to draw"
            raise PageError(msg)
    return sorted(set(clusters))


def cluster_scope(whole: Scope, cluster_id: str) -> Scope:
    """Part of the county's scope that is one cluster's."""
    workers = whole.workers[whole.workers["cluster_id"].astype(str) == cluster_id]
    minutes = whole.minutes[workers.index.get_indexer(whole.minutes["group_id"]) >= 0]
    groups = whole.groups.loc[workers.index]
    told = whole.safe.loc[workers.index]
    safe = pd.DataFrame({"town": told["town_of_cluster"], "reason": told["reason_of_cluster"]}, index=workers.index)
    return replace(whole, workers=workers, groups=groups, minutes=minutes, cluster_id=cluster_id, safe=safe)


def safe_keys(
    workers: pd.DataFrame, groups: pd.DataFrame, names: Sequence[str], rules: PublishRules
) -> tuple[pd.DataFrame, frozenset[str]]:
    """Town and reason by which each group is counted, on the county's page and its cluster's, and what has no total.

    The county itself is called "" there.

    Parameters
    ----------
    workers, groups
        Groups sorted by id, and what was found of them.
    names
        Clusters that have a page.
    rules
        When a count may be shown.

    Returns
    -------
    pandas.DataFrame
        Columns ``town``, ``town_of_cluster``, ``reason``, ``reason_of_cluster``.
    frozenset of str
        What may not be counted, not even all together.
    """
    employer, n = employers(workers), workers["n_workers"].to_numpy(np.int64)
    column = workers["cluster_id"].astype(str).to_numpy(dtype=object)
    pageless = frozenset(set(map(str, column)) - set(names))
    withheld = withheld_columns(column, employer, n, rules) | pageless
    if not may_show(employer, n, rules):
        withheld |= {"", *names}
    safe = pd.DataFrame(index=workers.index)
    for what, given in (("town", workers["town_id"]), ("reason", groups["reason"])):
        keys = given.astype(str).to_numpy(dtype=object)
        safe[what], safe[f"{what}_of_cluster"] = merge_crossed(keys, column, employer, n, rules, withheld=withheld)
    return safe, withheld
