"""Answers to "why" and "what if" as planners read them: names for ids, sentences for rungs.

`xsgeo.questions` gives frames. What is printed or sent goes through here, so that the command line and any later
document say the same in the same words; `xsgeo.report` does it for coverage and plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from xsgeo.access import REASONS
from xsgeo.catalogue import Language, either, listed, say
from xsgeo.compare import ABSENT
from xsgeo.remedies import remedy_words
from xsgeo.report import coverage_table
from xsgeo.schemas import FUNCTIONS

if TYPE_CHECKING:
    from xsgeo.study import Study

_SELDOM = ("n_arrived", "n_left", "n_workers_after")


def changes_table(table: pd.DataFrame, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Give a comparison names instead of ids, and leave out columns in which nothing happens.

    Parameters
    ----------
    table
        What `xsgeo.compare.summarise_changes` gave.
    study
        The study, for the names of towns and clusters.
    language
        Language of the names.

    Returns
    -------
    pandas.DataFrame
        The same rows. Workers arrived and left, and the workers afterwards, stand there only where they say something.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> row = {"n_workers_before": [280], "n_workers_after": [280], "n_gained": [9], "n_arrived": [0], "n_left": [0]}
    >>> table = pd.DataFrame(row, index=pd.Index(["T1"], name="town_id"))
    >>> changes_table(table, toy_county()).to_dict("index")
    {'陆上镇': {'n_workers_before': 280, 'n_gained': 9}}
    """
    quiet = table["n_workers_before"].equals(table["n_workers_after"])
    shown = table.drop(columns=[c for c in _SELDOM if c in table and quiet])
    if str(table.index.name) == "reason":
        return shown.rename(index={r: say(f"reason.{r}", language) for r in (*REASONS, ABSENT)})
    return coverage_table(shown, study, language=language)


def flow_lines(flows: pd.DataFrame, *, language: Language = "zh") -> Iterator[str]:
    """Say who went from which reason to which, most workers first.

    Parameters
    ----------
    flows
        What `xsgeo.compare.flows` gave.
    language
        Language of the sentences.

    Yields
    ------
    str
        One line a way that somebody went; those who stay as they were are in none. Where all do, one line says so.

    Examples
    --------
    >>> flows = pd.DataFrame([[5, 90], [0, 40]], index=["closed", "served"], columns=["closed", "served"])
    >>> list(flow_lines(flows))
    ['“下班时不开”变为“已服务”：90人']
    """
    ways = [
        (-int(n), i, j, before, after)
        for i, before in enumerate(flows.index)
        for j, after in enumerate(flows.columns)
        if i != j and (n := flows.at[before, after])
    ]
    if not ways:
        yield say("compare.nobody", language)
    for n, _, _, before, after in sorted(ways):
        names = (say(f"reason.{state}", language) for state in (before, after))
        yield say("compare.flow", language, before=next(names), after=next(names), n=f"{-n:,}")


def sides_line(titles: tuple[tuple[str, str], tuple[str, str]], *, language: Language = "zh") -> str:
    """Say which two are compared, and which of them comes first.

    Parameters
    ----------
    titles
        The ``titles`` of `xsgeo.questions.Comparison`.
    language
        Language of the line.

    Examples
    --------
    >>> sides_line((("现状", "As it is"), ("大风停航", "A gale")))
    '“现状”改为“大风停航”：'
    """
    before, after = (either(*title, language) for title in titles)
    return say("compare.sides", language, before=before, after=after)


def remedies_table(
    remedies: pd.DataFrame, study: Study, *, top: int | None = None, language: Language = "zh"
) -> pd.DataFrame:
    """List remedies for reading, those that serve most first.

    Parameters
    ----------
    remedies
        What `xsgeo.remedies.remedies` ranked.
    study
        The study, for the names of venues and assets.
    top
        How many; all when None.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``order`` from 1: ``remedy`` in words, ``n_workers_gained``, ``n_workers_lost`` where seats were counted,
        ``hours_added`` a week, ``reason``.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.questions import mend
    >>> from xsgeo.workflow import reach
    >>> county = toy_county()
    >>> remedies_table(mend(reach(county)).remedies, county, top=1, language="en")["remedy"].tolist()
    ['keep 老文化宫 open to 19:30 on weekdays']
    """
    rows = remedies.head(len(remedies) if top is None else top)
    names = places(study)
    lost = {"n_workers_lost": rows["n_workers_lost"].to_numpy()} if "n_workers_lost" in rows else {}
    return pd.DataFrame(
        {
            "remedy": [remedy_words(row, names, language=language) for _, row in rows.iterrows()],
            "n_workers_gained": rows["n_workers_gained"].to_numpy(),
            **lost,
            "hours_added": rows["hours_added"].to_numpy(),
            "reason": [say(f"reason.{r}", language) if r else "" for r in rows["reason"]],
        },
        index=pd.RangeIndex(1, len(rows) + 1, name="order"),
    )


def places(study: Study) -> pd.DataFrame:
    """Names of everything a remedy may point at, venues and assets, by id.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> places(toy_county())["name"].to_dict()
    {'V1': '老文化宫', 'V2': '职工之家', 'V3': '丙船队活动室', 'S1': '丁泵站'}
    """
    return pd.concat([study.venues[["name"]], study.assets[["name"]]])


def rung_lines(ladder: pd.DataFrame, *, language: Language = "zh") -> Iterator[str]:
    """Say each rung of a group's ladder in a line.

    Parameters
    ----------
    ladder
        What `xsgeo.ladder.ladder` gave.
    language
        Language of the lines.

    Yields
    ------
    str
        A mark, the rung and its figures; the first rung that fails is marked as the reason.

    Examples
    --------
    >>> from xsgeo import questions, workflow
    >>> from xsgeo.datasets import toy_county
    >>> answer = questions.why(workflow.reach(toy_county()), "g1")
    >>> for line in rung_lines(answer.ladder):
    ...     print(line)
    ✓ 位置清楚
    ✓ 够得着的阵地：1处
    ✗ 有空时开着（不论让不让进）：每周0小时，0处；标准4小时
    · 有空时开着且让进：每周0小时，0处；标准4小时
    · 有空时开着、让进、功能齐：每周0小时，0处；标准4小时
    · 座位：未计算
    """
    failed = False
    for rung, row in ladder.iterrows():
        passed = bool(row["passed"])
        counted = not pd.isna(row["found"]) or rung == "unknown"
        mark = "below" if failed or not counted else "pass" if passed else "fail"
        failed = failed or not passed
        values = {
            "found": f"{row['found']:g}",
            "needed": f"{row['needed']:g}",
            "n_venues": f"{row['n_venues']:.0f}" if not pd.isna(row["n_venues"]) else "",
            "share": f"{row['found']:.0%}",
        }
        key = f"rung.{rung}" if counted else f"rung.{rung}.uncounted"
        state = "passed" if passed else "failed"
        known = f"{key}.{state}" if rung == "unknown" else key
        yield say("rung.line", language, mark=say(f"rung.mark.{mark}", language), text=say(known, language, **values))


def venues_table(near: pd.DataFrame, *, language: Language = "zh") -> pd.DataFrame:
    """List the venues near a group for reading.

    Parameters
    ----------
    near
        What `xsgeo.ladder.venues_near` gave.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``venue_id``: ``name``, ``minutes``, ``open_hours``, ``hours_open``, ``admits`` and ``lacking`` in words,
        ``usable_hours``.

    Examples
    --------
    >>> from xsgeo import questions, workflow
    >>> from xsgeo.datasets import toy_county
    >>> answer = questions.why(workflow.reach(toy_county()), "g1")
    >>> venues_table(answer.venues)["admits"].to_dict()
    {'老文化宫': '让进'}
    """
    admits = near["admits"].map({True: say("why.admits", language), False: say("why.admits_not", language)})
    words = {f: say(f"choice.{f}", language) for f in FUNCTIONS}
    lacking = [listed((words[f] for f in text.split("|") if f), language) for text in near["lacking"]]
    hours = near["open_hours"].where(near["open_hours"] != "", say("page.venues.no_hours", language))
    shown = near.assign(admits=admits, lacking=lacking, open_hours=hours, minutes=near["minutes"].round(1))
    shown = shown.drop(columns=["capacity"] + ([] if any(lacking) else ["lacking"]))
    return shown.reset_index(drop=True).set_index("name")


def reasons_table(reasons: pd.DataFrame, *, language: Language = "zh") -> pd.DataFrame:
    """Give the reasons of many their names.

    Parameters
    ----------
    reasons
        The ``reasons`` of `xsgeo.questions.Why`.
    language
        Language of the names.

    Examples
    --------
    >>> reasons_table(pd.DataFrame({"n_workers": [9]}, index=["closed"])).index.tolist()
    ['下班时不开']
    """
    return reasons.rename(index={r: say(f"reason.{r}", language) for r in REASONS})


def whom_line(
    kind: str, key: str, workers: pd.DataFrame, groups: pd.DataFrame, study: Study, *, language: Language = "zh"
) -> str:
    """Say whom an answer is about and how many of them are served.

    Parameters
    ----------
    kind, key
        As in `xsgeo.questions.Why`.
    workers, groups
        The groups it is about, and what `xsgeo.access.coverage` said of them.
    study
        The study, for names.
    language
        Language of the line.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> print(whom_line("all", "", found.study.workers, found.groups, found.study, language="en"))
    all: 340 workers, 160 served (47.1%).
    """
    n = workers["n_workers"]
    served = groups["is_served"].to_numpy(bool)
    share = n[served].sum() / n.sum()
    values = {"n": f"{int(n.sum()):,}", "served": f"{int(n[served].sum()):,}", "share": f"{share:.1%}"}
    if kind == "group":
        row = workers.iloc[0]
        return say(
            "why.group",
            language,
            group=key,
            n=values["n"],
            town=_name(study.towns, row["town_id"], language),
            cluster=_name(study.clusters, row["cluster_id"], language),
            shift=say(f"choice.{row['shift']}", language),
            free=row["free_hours"],
            reason=say(f"reason.{groups['reason'].iloc[0]}", language),
        )
    names = {"town": study.towns, "cluster": study.clusters}
    name = say("total.all", language) if kind == "all" else _name(names[kind], key, language)
    return say("why.many", language, name=name, **values)


def _name(table: pd.DataFrame, key: str, language: Language) -> str:
    if key not in table.index:
        return key
    return either(str(table.at[key, "name"]), str(table.at[key, "name_en"]), language)
