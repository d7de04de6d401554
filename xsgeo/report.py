"""Tables and sentences as planners read them: names instead of ids, words from the catalogue.

Measures give ids and numbers, which is what a program wants. What is printed or sent to a town office goes through here
first, so that the command line and any later document say the same things in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from xsgeo.catalogue import Language, say

if TYPE_CHECKING:
    from xsgeo.plan import Plan
    from xsgeo.study import Study


def coverage_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Give the rows of a coverage table names instead of ids, and leave out what is said twice.

    Parameters
    ----------
    table
        What `xsgeo.access.summarise` gave.
    study
        The study, for the names of towns and clusters.
    language
        Language of the names.

    Returns
    -------
    pandas.DataFrame
        The same rows; a key without a name stays as it is. ``n_served`` goes: it is ``n_effective`` by definition.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> table = pd.DataFrame({"n_workers": [280]}, index=pd.Index(["T1"], name="town_id"))
    >>> coverage_table(table, toy_county()).index.tolist()
    ['陆上镇']
    """
    kind = str(table.index.name)
    if kind in {"town_id", "cluster_id"}:
        names = _names(study.towns if kind == "town_id" else study.clusters, language)
    elif kind == "all":
        names = {"all": say("total.all", language)}
    else:
        prefix = "reason" if kind == "reason" else "choice"
        names = {key: say(f"{prefix}.{key}", language) for key in map(str, table.index)}
    return table.drop(columns="n_served", errors="ignore").rename(index=names)


def reconciliation_table(table: pd.DataFrame, *, language: Language = "zh") -> pd.DataFrame:
    """Give the tables of a reconciliation the names planners use.

    Parameters
    ----------
    table
        ``reconciliation`` of a study or of `xsgeo.io.check_study`.
    language
        Language of the names; English ones are the names in ``study.toml``.

    Examples
    --------
    >>> rows = pd.DataFrame({"rows_in": [18]}, index=pd.Index(["towns"], name="table"))
    >>> reconciliation_table(rows).index.tolist()
    ['乡镇街道']
    """
    from xsgeo.schemas import TABLES

    if language == "en":
        return table
    names = {n: TABLES[n].zh if language == "zh" else f"{TABLES[n].zh} / {n}" for n in map(str, table.index)}
    return table.rename(index=names)


def proposal_table(plan: Plan, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """List the proposals of a plan, in their order, for reading.

    Parameters
    ----------
    plan
        What `xsgeo.plan.propose` chose.
    study
        The study, for the names of towns and clusters.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``order``; ``action``, ``name``, ``town``, ``n_workers_added``, ``towns``, ``clusters`` (workers by name),
        ``reason``, ``lon``, ``lat``.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import analyse
    >>> county = toy_county()
    >>> proposal_table(analyse(county, n_sites=1).plan, county)[["action", "name", "towns"]].to_numpy().tolist()
    [['延长开放', '老文化宫', '陆上镇100']]
    """
    towns, clusters = _names(study.towns, language), _names(study.clusters, language)
    sites = plan.sites
    ground = say("proposal.ground", language)
    return pd.DataFrame(
        {
            "action": [say(f"page.action.{a}", language) for a in sites["action"]],
            "name": [name or ground for name in sites["name"]],
            "town": [towns.get(t, t) for t in sites["town_id"]],
            "n_workers_added": sites["n_workers_added"].to_numpy(),
            "towns": [_counts(t, towns, language) for t in sites["towns"]],
            "clusters": [_counts(c, clusters, language) for c in sites["clusters"]],
            "reason": [say(f"reason.{r}", language) for r in sites["reason"]],
            "lon": sites["lon"].round(5).to_numpy(),
            "lat": sites["lat"].round(5).to_numpy(),
        },
        index=pd.Index(sites["order"].to_numpy(), name="order"),
    )


def plan_words(plan: Plan, *, language: Language = "zh") -> str:
    """Say how much a plan adds and how sure it is that nothing adds more.

    Parameters
    ----------
    plan
        A plan.
    language
        Language of the sentence.
    """
    return say(
        "proposal.plan",
        language,
        sites=len(plan.sites),
        objective=f"{plan.objective:,}",
        bound=f"{plan.bound:,}",
        gap=f"{plan.gap:.2%}",
        status=say(f"status.{plan.status}", language),
        seconds=f"{plan.seconds:.1f}",
    )


def standard_words(study: Study, *, language: Language = "zh") -> str:
    """Say by which standard a study is measured, and of what date its data are.

    Parameters
    ----------
    study
        The study.
    language
        Language of the sentence.
    """
    standard = study.standard
    cutoffs = [
        say("cli.cutoff", language, mode=say(f"mode.{mode}", language), minutes=f"{minutes:g}")
        for mode, minutes in standard.cutoff_min.items()
    ]
    return say(
        "cli.standard",
        language,
        name=standard.name_en if language == "en" else standard.name,
        cutoffs=_comma(language).join(cutoffs),
        hours=f"{standard.min_hours_per_week:g}",
        month=standard.month,
        as_of=study.about.as_of,
        demo=say("cli.demo", language) if study.about.is_demonstration else "",
    )


def _names(frame: pd.DataFrame, language: Language) -> dict[str, str]:
    zh, en = frame["name"], frame["name_en"]
    return dict({"zh": zh, "en": en, "both": zh + " / " + en}[language])


def _counts(tally: Mapping[str, int], names: Mapping[str, str], language: Language) -> str:
    blank = " " if language == "en" else ""
    return _comma(language).join(f"{names.get(key, key)}{blank}{n:,}" for key, n in tally.items())


def _comma(language: Language) -> str:
    return ", " if language == "en" else "、"
