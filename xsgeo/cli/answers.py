"""Commands that answer: coverage, propose, maps."""

from __future__ import annotations

import dataclasses
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsgeo.catalogue import Language, say
from xsgeo.cli.measures import StandardOption, chosen_standards, coverage_by_standard
from xsgeo.cli.shared import (
    By,
    Format,
    FormatOption,
    Lang,
    LangOption,
    OutOption,
    StudyFolder,
    read,
    show,
    stages,
    write,
)

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import Study

app = typer.Typer()


class For(StrEnum):
    """For whom pages are."""

    public = "public"
    internal = "internal"


class Background(StrEnum):
    """Map service of the background."""

    tianditu = "tianditu"
    gaode = "gaode"


@app.command()
def coverage(
    study: StudyFolder,
    *,
    by: Annotated[By | None, typer.Option("--by", help="按什么分组 / what to break down by")] = None,
    standard: StandardOption = None,
    on: Annotated[str | None, typer.Option("--on", help="按这一天所在的一周 / the week of a date, YYYY-MM-DD")] = None,
    month: Annotated[int | None, typer.Option("--month", min=1, max=12, help="按某月的平常一周 / a month")] = None,
    year: Annotated[bool, typer.Option("--year", help="逐月并全年平均 / every month and their average")] = False,
    seats: Annotated[bool, typer.Option("--seats", help="把座位也算上 / count seats too")] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """算出谁有阵地可去，谁没有，为什么。 Who is served, who is not, and why."""
    from xsgeo import report, standards

    day = _asked_time(on, month, year=year, by=by, lang=lang)
    checked = read(study)
    chosen = chosen_standards(standard, checked, lang.value)
    season = day.month if day else month
    chosen = chosen if season is None else [dataclasses.replace(s, month=season) for s in chosen]
    if seats and (year or len(chosen) > 1):
        raise typer.BadParameter(say("cli.seats_alone", lang.value))
    if len(chosen) > 1:
        if day or year:
            raise typer.BadParameter(say("cli.one_standard", lang.value))
        coverage_by_standard(checked, chosen, by=by, form=form, out=out, lang=lang)
        return
    checked = standards.measured_by(checked, chosen[0])
    key = by.value if by else None
    table, words = _at_time(checked, key, day=day, month=month, year=year, seats=seats, lang=lang)
    shown = table
    typer.echo(report.standard_words(checked, language=lang.value, months="1-12" if year else ""), err=True)
    if words:
        typer.echo(words, err=True)
    if seats:
        typer.echo(report.seats_words(checked, language=lang.value), err=True)
    if form is Format.table:
        # Where seats are not counted, a nought would say that nowhere is full.
        counted = table if seats else table.drop(columns="n_crowded").drop(index="crowded", errors="ignore")
        shown = report.coverage_table(counted, checked, language=lang.value)
    typer.echo(show(shown, form, lang.value))
    write(table, out, checked, lang.value)


def _asked_time(on: str | None, month: int | None, *, year: bool, by: By | None, lang: Lang) -> date | None:
    """The date asked for; a question put in two ways, or in none that has an answer, is refused."""
    if (on is not None) + (month is not None) + year > 1:
        raise typer.BadParameter(say("cli.one_time", lang.value))
    if year and by is By.reason:
        raise typer.BadParameter(say("cli.year_reason", lang.value))
    try:
        return None if on is None else date.fromisoformat(on)
    except ValueError:
        raise typer.BadParameter(say("cli.bad_date", lang.value, text=on)) from None


def _at_time(
    study: Study, by: str | None, *, day: date | None, month: int | None, year: bool, seats: bool, lang: Lang
) -> tuple[pd.DataFrame, str]:
    """Coverage at the time asked for, and a sentence that says what time that is."""
    from xsgeo import access, report, workflow

    language: Language = lang.value
    words = report.week_words(day, study, language=language) if day else ""
    found = workflow.reach(study, on=day, seats=seats, on_stage=stages(language))
    if year:
        return workflow.year_table(found, by=by), say("cli.year", language)
    if day is None and month is None:
        return workflow.coverage_table(found, by=by), ""
    present = access.present(study.workers, study.clusters, month=month, on=day, calendar=study.about.calendar)
    return workflow.coverage_table(found, by=by, present=present), words or say("cli.month", language, month=month)


@app.command()
def propose(
    study: StudyFolder,
    sites: Annotated[int | None, typer.Option("--sites", min=0, help="选几处 / how many sites")] = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """在盲区选点，并证明没有更好的选法。 Choose sites for the gaps, with a proven bound."""
    from xsgeo import report, workflow

    checked = read(study)
    plan = workflow.analyse(checked, n_sites=sites, on_stage=stages(lang.value)).plan
    typer.echo(report.plan_words(plan, language=lang.value), err=True)
    table = report.proposal_table(plan, checked, language=lang.value)
    typer.echo(show(table, form, lang.value))
    write(table, out, checked, lang.value)


@app.command()
def maps(
    study: StudyFolder,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", help="输出文件夹，默认maps / where to write, maps by default")
    ] = None,
    cluster: Annotated[list[str] | None, typer.Option("--cluster", help="只画这个集群 / only this cluster")] = None,
    audience: Annotated[
        For, typer.Option("--audience", help="给谁看；内部版含单位人数 / internal pages number each employer")
    ] = For.public,
    tiles: Annotated[
        Background | None, typer.Option("--tiles", help="在线底图，须联网 / a background from a map service")
    ] = None,
    plan_page: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            exists=True,
            dir_okay=False,
            metavar="PLAN.html",
            help="xsgeo plan --map画的方案页，放在一起并从目录链接 / a plan's page",
        ),
    ] = None,
    tiles_key: Annotated[str, typer.Option("--tiles-key", help="天地图密钥 / your own key for Tianditu")] = "",
    lang: LangOption = Lang.both,
) -> None:
    """画出全县和每个产业集群的地图，断网也能打开。 One page a cluster, opened without a network."""
    from xsgeo import workflow
    from xsgeo.maps import AUDIENCE_FOLDERS, Tiles, is_internal, is_plan

    service = None if tiles is None else Tiles(tiles.value, key=tiles_key)
    drawn = "" if plan_page is None else plan_page.read_text("utf-8", errors="replace")
    if plan_page is not None and not is_plan(drawn):  # it would be put among the pages as it is
        raise typer.BadParameter(say("cli.not_a_plan_page", lang.value, path=plan_page))
    if audience is For.public and is_internal(drawn):
        raise typer.BadParameter(say("cli.plan_not_public", lang.value, path=plan_page))
    on_stage = stages(lang.value)
    checked = read(study)
    unknown = next((name for name in cluster or () if name not in checked.clusters.index), None)
    if unknown is not None:
        known = "、".join(map(str, checked.clusters.index)) if lang is Lang.zh else ", ".join(checked.clusters.index)
        raise typer.BadParameter(say("cli.no_cluster", lang.value, cluster=unknown, clusters=known))
    analysis = workflow.analyse(checked, on_stage=on_stage)
    pages = workflow.write_maps(
        analysis,
        out or AUDIENCE_FOLDERS[audience.value],
        clusters=cluster,
        language=lang.value,
        audience=audience.value,
        tiles=service,
        plan_page=drawn,
        on_stage=on_stage,
    )
    for page in pages:
        typer.echo(str(page))
