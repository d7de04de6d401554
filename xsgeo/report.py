"""Tables and sentences as planners read them: names instead of ids, words from the catalogue.

Measures give ids and numbers, which is what a program wants. What is printed or sent to a town office goes through here
first, so that the command line and any later document say the same things in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from xsgeo.catalogue import Language, either, listed, say
from xsgeo.hours.calendar import day_kind, week_of

if TYPE_CHECKING:
    from xsgeo.plan import Plan
    from xsgeo.settings import Standard
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
        names = names_of(study.towns if kind == "town_id" else study.clusters, language)
    elif kind == "all":
        names = {"all": say("total.all", language)}
    elif kind == "month":
        names = {"year": say("total.year", language)}
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
    ['镇乡（街道）']
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
    towns, clusters = names_of(study.towns, language), names_of(study.clusters, language)
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


def gap_table(gaps: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """List gaps for reading.

    Parameters
    ----------
    gaps
        What `xsgeo.gaps.find_gaps` found.
    study
        The study, for the names of towns and clusters.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``gap_id``; ``n_workers``, ``n_groups``, ``towns``, ``clusters``, ``reason``, ``lon``, ``lat``.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import prospect
    >>> county = toy_county()
    >>> gap_table(prospect(county).gaps, county)["reason"].tolist()
    ['下班时不开']
    """
    towns, clusters = names_of(study.towns, language), names_of(study.clusters, language)
    return gaps[["n_workers", "n_groups"]].assign(
        towns=[_counts(t, towns, language) for t in gaps["towns"]],
        clusters=[_counts(c, clusters, language) for c in gaps["clusters"]],
        reason=[say(f"reason.{r}", language) for r in gaps["reason"]],
        lon=gaps["lon"],
        lat=gaps["lat"],
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


def standard_words(study: Study, *, language: Language = "zh", months: str = "") -> str:
    """Say by which standard a study is measured, and of what date its data are.

    Parameters
    ----------
    study
        The study.
    language
        Language of the sentence.
    months
        Months of the opening hours, where they are not the standard's own.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> print(standard_words(toy_county(), language="en", months="1-12").partition("; ")[2])
    at least 4 usable hours a week; opening hours of month 1-12). Data of 2026-01-01, demonstration data.
    """
    words = _words(study.standard, language) | ({"month": months} if months else {})
    return say("cli.standard", language, as_of=study.about.as_of, demo=_demo(study, language), **words)


def standards_words(study: Study, chosen: Sequence[Standard], *, language: Language = "zh") -> str:
    """Say by which standards a study is measured, a line each, and of what date its data are, once.

    Parameters
    ----------
    study
        The study.
    chosen
        The standards.
    language
        Language of the sentences.

    Examples
    --------
    >>> from xsgeo import standards
    >>> from xsgeo.datasets import toy_county
    >>> print(standards_words(toy_county(), [standards.named("gb5"), standards.named("gb10")]))
    标准共2个，数据日期2026-01-01，演示数据：
      五分钟生活圈（GB 50180-2018）：步行5分钟，每周可用不少于4小时，按11月开放时间
      十分钟生活圈（GB 50180-2018）：步行10分钟，每周可用不少于4小时，按11月开放时间
    """
    demo = _demo(study, language)
    lead = say("standard.several", language, n=len(chosen), as_of=study.about.as_of, demo=demo)
    lines = [say("standard.brief", language, **_words(standard, language)) for standard in chosen]
    return listed([lead, *lines], language, mark="\n", mark_en="\n")


def _words(standard: Standard, language: Language) -> dict[str, object]:
    """What a sentence on a standard has to fill in."""
    return {
        "name": standard_name(standard, language=language),
        "cutoffs": cutoff_words(standard, language=language),
        "hours": f"{standard.min_hours_per_week:g}",
        "functions": function_words(standard, language=language),
        "month": standard.month,
    }


def _demo(study: Study, language: Language) -> str:
    return say("cli.demo", language) if study.about.is_demonstration else ""


def week_words(day: date, study: Study, *, language: Language = "zh") -> str:
    """Say what kind of day a date is, and what its week holds.

    Parameters
    ----------
    day
        A date.
    study
        The study, for its moratorium and typhoon stops.
    language
        Language of the sentence.

    Raises
    ------
    CalendarError
        When no notice of holidays is known that would tell.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> print(week_words(date(2026, 10, 3), toy_county()))
    按2026-10-03（周六，节假日）所在的一周计算：2026-09-28至2026-10-04，其中节假日4天、调休上班0天。
    """
    days = week_of(day)
    kinds = [day_kind(one) for one in days]
    calendar = study.about.calendar
    stage, stops = calendar.stage_on(day), sum(map(calendar.is_stopped, days))
    more = [say("cli.on.stage", language, stage=either(stage.name, stage.name_en, language))] if stage else []
    more += [say("cli.on.typhoon", language, n=stops)] if stops else []
    return say(
        "cli.on",
        language,
        date=day,
        weekday=say(f"weekday.{day.weekday()}", language),
        kind=say(f"day_kind.{day_kind(day)}", language),
        first=days[0],
        last=days[-1],
        n_holidays=kinds.count("holiday"),
        n_make_up=kinds.count("make_up"),
        more=listed(more, language, mark="", mark_en=""),
    )


def seats_words(study: Study, *, language: Language = "zh") -> str:
    """Say what was taken for granted where seats are counted: how many come at a time, and the rooms without a figure.

    Parameters
    ----------
    study
        The study.
    language
        Language of the sentence.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> print(seats_words(toy_county()))
    已计座位：同一时段来的按有空职工的10%计（规划设定）；在用的3间中有0间没有填容纳人数，按坐得下计。
    """
    from xsgeo.crowding import seats_of_rooms

    seats = seats_of_rooms(study.venues)
    share, short = study.standard.peak_share, study.standard.min_seated_share
    return say(
        "cli.seats",
        language,
        share=f"{100 * share:g}%",
        needed="" if short == 1 else say("cli.seats.needed", language, share=f"{100 * short:g}%"),
        n_rooms=f"{len(seats):,}",
        n_unknown=f"{int(seats.isna().sum()):,}",
    )


def standard_name(standard: Standard, *, language: Language = "zh") -> str:
    """Name of a standard.

    Parameters
    ----------
    standard
        A standard.
    language
        Language of the name.

    Examples
    --------
    >>> from xsgeo.settings import Standard
    >>> standard_name(Standard())
    '15分钟职工阵地服务圈'
    """
    return either(standard.name, standard.name_en, language)


def cutoff_words(standard: Standard, *, language: Language = "zh") -> str:
    """Say how far a standard goes, by which means.

    Parameters
    ----------
    standard
        A standard.
    language
        Language of the words.

    Examples
    --------
    >>> from xsgeo.settings import Standard
    >>> cutoff_words(Standard(cutoff_min={"walk": 15.0, "ebike": 10.0}))
    '步行15分钟、电动自行车10分钟'
    """
    cutoffs = [
        say("cli.cutoff", language, mode=say(f"mode.{mode}", language), minutes=f"{minutes:g}")
        for mode, minutes in standard.cutoff_min.items()
    ]
    return listed(cutoffs, language)


def function_words(standard: Standard, *, language: Language = "zh") -> str:
    """Say which functions a standard asks for, as the end of a sentence; empty where it asks for none.

    Parameters
    ----------
    standard
        A standard.
    language
        Language of the words.

    Examples
    --------
    >>> from xsgeo.settings import Standard
    >>> function_words(Standard(functions=("library",)), language="en"), function_words(Standard())
    ("; with workers' library", '')
    """
    names = listed((say(f"choice.{name}", language) for name in standard.functions), language)
    return say("standard.functions", language, functions=names) if names else ""


def names_of(frame: pd.DataFrame, language: Language) -> dict[str, str]:
    """Names of towns or clusters by id.

    Parameters
    ----------
    frame
        Columns ``name`` and ``name_en``, id as index.
    language
        Language of the names.

    Examples
    --------
    >>> names_of(pd.DataFrame({"name": ["石浦镇"], "name_en": ["Shipu"]}, index=["T1"]), "both")
    {'T1': '石浦镇 / Shipu'}
    """
    names = zip(frame.index, frame["name"], frame["name_en"], strict=True)
    return {key: either(str(zh), str(en), language) for key, zh, en in names}


def _counts(tally: Mapping[str, int], names: Mapping[str, str], language: Language) -> str:
    counts = (say("tally.item", language, name=names.get(key, key), n=f"{n:,}") for key, n in tally.items())
    return listed(counts, language, mark_en="; ")  # an English name may hold commas itself
