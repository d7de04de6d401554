"""What standards, sensitivity, equity and quality come to, in the words and tables a planner reads.

The measures give ids and numbers; this module gives them names, leaves out the columns a reader does not need beside
the others, and says the main thing in a sentence, so that a table is looked up and not deciphered. It stands beside
`xsgeo.report`, which does the same for coverage and proposals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from xsgeo import equity, figures, report, standards
from xsgeo.catalogue import Language, listed, say

if TYPE_CHECKING:
    from xsgeo.settings import Standard
    from xsgeo.study import Study

_TABLE_OF = {"town": "town_id", "cluster": "cluster_id"}
_OTHER_CURVES = 3
_LEAN = 0.01  # a concentration index nearer to 0 than this is called none


def standards_table(known: Mapping[str, Standard], *, language: Language = "zh") -> pd.DataFrame:
    """List standards with their figures and sources.

    Parameters
    ----------
    known
        By id, as `xsgeo.standards.available` gives.
    language
        Language of names and sources.

    Returns
    -------
    pandas.DataFrame
        Index ``standard_id``; ``name``, ``cutoffs``, ``min_hours_per_week``, ``functions``, ``source``.

    Examples
    --------
    >>> standards_table(standards.available()).loc["gb10", "cutoffs"]
    '步行10分钟'
    """
    rows = {
        key: {
            "name": report.standard_name(standard, language=language),
            "cutoffs": report.cutoff_words(standard, language=language),
            "min_hours_per_week": standard.min_hours_per_week,
            "functions": listed((say(f"choice.{name}", language) for name in standard.functions), language),
            "source": standards.source(standard, language),
        }
        for key, standard in known.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("standard_id")


def standards_text(known: Mapping[str, Standard], *, language: Language = "zh") -> str:
    """List standards for reading, one paragraph each.

    Parameters
    ----------
    known, language
        As for `standards_table`.

    Examples
    --------
    >>> print(standards_text(standards.available(), language="en").splitlines()[0])
    gb15  15-minute living circle (GB 50180-2018): 15 min by walk; at least 4 usable hours a week
    """
    lines = []
    for key, row in standards_table(known, language=language).iterrows():
        functions = report.function_words(known[str(key)], language=language)
        hours = f"{row['min_hours_per_week']:g}"
        words = {"name": row["name"], "cutoffs": row["cutoffs"], "source": row["source"]}
        lines.append(say("standard.line", language, id=key, hours=hours, functions=functions, **words))
    return "\n".join([*lines, say("standard.own", language)])


def by_standard_table(table: pd.DataFrame, known: Mapping[str, Standard], *, language: Language = "zh") -> pd.DataFrame:
    """Give coverage by several standards the standards' names.

    Parameters
    ----------
    table
        What `xsgeo.sensitivity.standards_table` gave.
    known
        The standards by id.
    language
        Language of the names.

    Examples
    --------
    >>> known = standards.available()
    >>> by_standard_table(pd.DataFrame({"n_workers": [9]}, index=["gb10"]), known, language="en").index.tolist()
    ['10-minute living circle (GB 50180-2018)']
    """
    names = {key: report.standard_name(standard, language=language) for key, standard in known.items()}
    return table.drop(columns="n_served", errors="ignore").rename(index=names)


def sensitivity_table(table: pd.DataFrame, *, language: Language = "zh") -> pd.DataFrame:
    """Give the rows of a sensitivity table words, and leave out what is the same in all of them.

    Parameters
    ----------
    table
        What `xsgeo.sensitivity.sensitivity` gave.
    language
        Language of the words.

    Examples
    --------
    >>> rows = pd.DataFrame({"speed": ["-20%"], "cutoff_min": [10.0], "is_standard": [False]}, index=["-20%/10"])
    >>> sensitivity_table(rows.rename_axis("setting")).index.tolist()
    ['慢20%，10分钟']
    """
    cases = [
        say("sensitivity.case", language, speed=_speed(str(speed), language), minutes=f"{minutes:g}")
        for speed, minutes in zip(table["speed"], table["cutoff_min"], strict=True)
    ]
    here = [say("sensitivity.here", language) if own else "" for own in table["is_standard"]]
    shown = table.drop(columns=["speed", "cutoff_min", "n_workers", "n_served"], errors="ignore")
    return shown.assign(is_standard=here).set_axis(cases).rename_axis("setting")


def equity_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Give the rows of an equity table names.

    Parameters
    ----------
    table
        What `xsgeo.equity.equity` gave.
    study
        The study, for the names of towns and clusters.
    language
        Language of the names.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> table = pd.DataFrame({"gini": [0.2, 0.3], "n_unknown": [0, 0]}, index=pd.Index(["T1", "all"], name="town"))
    >>> equity_table(table, toy_county()).to_dict()
    {'gini': {'陆上镇': 0.2, '全部': 0.3}}
    """
    by = str(table.index.name)
    names = _names(study, by, [str(key) for key in table.index], language)
    shown = table.drop(columns="n_unknown").rename(index=names)
    return shown.rename_axis(_TABLE_OF.get(by, by))


def equity_text(figures_of: pd.Series, table: pd.DataFrame, study: Study, *, language: Language = "zh") -> str:
    """Say in sentences who is worst off, how uneven it is, and which part makes it so.

    Parameters
    ----------
    figures_of
        What `xsgeo.equity.summary` gave.
    table
        What `xsgeo.equity.equity` gave.
    study
        The study.
    language
        Language of the sentences.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> county = toy_county()
    >>> groups = reach(county).groups
    >>> table = equity.equity(county.workers, groups, by="town", min_hours_per_week=4, towns=county.towns)
    >>> said = equity.summary(county.workers, groups, by="town", min_hours_per_week=4, towns=county.towns)
    >>> print(equity_text(said, table, county).splitlines()[0])
    按镇乡（街道）看，最薄弱的是岛上镇：有效覆盖率40.0%，全部为47.1%。
    """
    by, whole, parts = str(table.index.name), table.loc["all"], table.drop(index="all")
    names = _names(study, by, [str(key) for key in table.index], language)
    by_word, line = say(f"by.{by}", language), f"{study.standard.min_hours_per_week:g}"
    worst = {"worst": names[str(figures_of["worst"])], "share": f"{figures_of['worst_share']:.1%}"}
    said = [say("equity.worst", language, by=by_word, whole=f"{whole['share_effective']:.1%}", **worst)]
    if figures_of["gini"] == figures_of["gini"]:
        spread = {name: f"{figures_of[name]:.3f}" for name in ("gini", "theil")}
        between = figures_of["theil_between"] / figures_of["theil"] if figures_of["theil"] > 0 else 0.0
        spread |= {"palma": _ratio(figures_of["palma"]), "between": f"{between:.1%}"}
        said.append(say("equity.spread", language, by=by_word, **spread))
    for key, column in (("equity.poverty", "share_of_gap"), ("equity.behind", "share_of_gini")):
        if parts[column].notna().any():
            cause = parts[column].idxmax()
            part = {"part": f"{parts.at[cause, column]:.1%}", "workers": f"{parts.at[cause, 'share_of_workers']:.1%}"}
            fgt = {"fgt0": f"{figures_of['fgt0']:.1%}", "fgt1": f"{figures_of['fgt1']:.1%}"}
            fgt |= {"fgt2": f"{figures_of['fgt2']:.3f}", "line": line}
            said.append(say(key, language, cause=names[str(cause)], **part, **fgt))
    if figures_of["concentration"] == figures_of["concentration"]:
        value = float(figures_of["concentration"])
        lean = "none" if abs(value) < _LEAN else "large" if value > 0 else "small"
        meaning = say(f"equity.towards_{lean}", language)
        said.append(say("equity.concentration", language, value=f"{value:+.3f}", meaning=meaning))
    if figures_of["n_unknown"]:
        said.append(say("equity.unknown", language, n=f"{figures_of['n_unknown']:,}"))
    return "\n".join([*said, say("equity.hours", language, line=line)])


def lorenz_figure(
    workers: pd.DataFrame, groups: pd.DataFrame, table: pd.DataFrame, study: Study, *, language: Language = "zh"
) -> str:
    """Draw the Lorenz curves of all workers and of the parts that make most of the unevenness.

    Parameters
    ----------
    workers, groups
        The groups and what `xsgeo.access.coverage` said of them.
    table
        What `xsgeo.equity.equity` gave.
    study
        The study, for names, standard and date.
    language
        Language of the words.

    Returns
    -------
    str
        An SVG file; empty where nobody has an hour.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> county = toy_county()
    >>> groups = reach(county).groups
    >>> table = equity.equity(county.workers, groups, by="town", min_hours_per_week=4, towns=county.towns)
    >>> lorenz_figure(county.workers, groups, table, county)[:4]
    '<svg'
    """
    by = str(table.index.name)
    parts = equity.strata(workers, by=by, towns=study.towns).sort_values(["key", "group_id"])
    hours = groups["usable_hours"].reindex(parts["group_id"]).to_numpy(float)
    parts = parts.assign(hours=hours).dropna(subset=["hours"])
    if not (parts["hours"] * parts["n_workers"]).sum() > 0:
        return ""
    most = table.drop(index="all").dropna(subset=["gini"]).sort_values("share_of_gini", ascending=False, kind="stable")
    names = _names(study, by, [str(key) for key in table.index], language)
    curves = {}
    for key in ["all", *most.index[:_OTHER_CURVES]]:
        part = parts if key == "all" else parts[parts["key"] == key]
        label = say("figure.curve", language, name=names[key], gini=f"{table.at[key, 'gini']:.2f}")
        curves[label] = equity.lorenz(part["hours"], part["n_workers"])
    whole = next(iter(curves.values()))
    low = float(pd.Series(whole["share_hours"].to_numpy(), index=whole["share_workers"]).pipe(_at, 0.4))
    title = say("figure.title", language, share=f"{low:.1%}")
    notes = [say("figure.note", language), report.standard_words(study, language=language)]
    return figures.lorenz_svg(curves, title=title, notes=notes, language=language)


def quality_table(
    quality: pd.DataFrame, interval: pd.DataFrame, study: Study, *, language: Language = "zh"
) -> pd.DataFrame:
    """Put each share beside its interval and the quality of what it rests on, for reading.

    Parameters
    ----------
    quality, interval
        What `xsgeo.uncertainty.quality` and `xsgeo.uncertainty.headline` gave, broken down alike.
    study
        The study, for names.
    language
        Language of the words.

    Examples
    --------
    >>> from xsgeo import uncertainty, workflow
    >>> from xsgeo.datasets import toy_county
    >>> found = workflow.reach(toy_county())
    >>> facts, interval = uncertainty.quality(found), uncertainty.headline(found, draws=3)
    >>> quality_table(facts, interval, found.study)["interval"].tolist()
    ['47.1%—47.1%']
    """
    ends = zip(interval["share_effective_low"], interval["share_effective_high"], strict=True)
    words = [say("quality.range", language, low=f"{low:.1%}", high=f"{high:.1%}") for low, high in ends]
    shown = quality.assign(interval=pd.Series(words, index=interval.index))
    first = ["n_workers", "share_effective", "interval"]
    dull = [c for c in ("share_unstated", "share_no_road", "share_too_far") if not shown[c].any()]
    rest = [c for c in quality.columns if c not in {*first, *dull, "share_inexact"}]
    return report.coverage_table(shown[[*first, *rest]], study, language=language)


def quality_text(quality: pd.Series, interval: pd.Series, *, language: Language = "zh") -> str:
    """Say the headline with its interval, and what is not in it.

    Parameters
    ----------
    quality, interval
        The row of the whole study in what `xsgeo.uncertainty.quality` and `xsgeo.uncertainty.headline` gave.
    language
        Language of the sentences.

    Examples
    --------
    >>> from xsgeo import uncertainty, workflow
    >>> from xsgeo.datasets import toy_county
    >>> found = workflow.reach(toy_county())
    >>> facts, interval = uncertainty.quality(found), uncertainty.headline(found, draws=3)
    >>> print(quality_text(facts.loc["all"], interval.loc["all"]).splitlines()[-1])
    此区间只反映位置误差，不含班次、开放时间和路网的误差。
    """
    shares = {name: f"{interval[f'share_effective_{name}']:.1%}" for name in ("low", "median", "high")}
    counts = {"draws": int(interval["n_draws"]), "seed": int(interval["seed"]), "level": f"{interval['level']:.0%}"}
    share, unknown = quality["share_effective"], quality["share_unknown"]
    places = f"{int(interval['n_moved']):,}"
    said = [say("quality.interval", language, share=f"{share:.1%}", places=places, **shares, **counts)]
    if unknown > 0:
        said.append(say("quality.unknown", language, unknown=f"{unknown:.1%}", most=f"{share + unknown:.1%}"))
    invented = quality["share_estimate"] + quality["share_synthetic"]
    said.append(say("quality.basis", language, share=f"{invented:.0%}"))
    return "\n".join([*said, say("quality.limits", language)])


def _names(study: Study, by: str, keys: list[str], language: Language) -> dict[str, str]:
    """Names of the parts of a dimension; what has none keeps its id."""
    frame = {"town": study.towns, "cluster": study.clusters}.get(by)
    if frame is not None:
        named = report.names_of(frame, language)
    elif by == "shift":
        named = {key: say(f"choice.{key}", language) for key in keys if key not in {"all", equity.UNSTATED}}
    else:
        named = {key: say(f"stratum.{key}", language) for key in keys if key != "all"}
    known = {key: named.get(key, key) for key in keys}
    said = {"all": say("total.all", language), equity.UNSTATED: say("stratum.unstated", language)}
    return known | {key: words for key, words in said.items() if key in known}


def _speed(speed: str, language: Language) -> str:
    if speed.startswith(("+", "-")):
        kind = "faster" if speed.startswith("+") else "slower"
        return say(f"speed.{kind}", language, percent=speed[1:-1])
    return say("speed.same", language)


def _at(curve: pd.Series, share: float) -> float:
    import numpy as np

    return float(np.interp(share, curve.index, curve))


def _ratio(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:.2f}"
