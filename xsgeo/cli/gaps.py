"""The command that shows where the unserved are, and how much that depends on the method."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from xsgeo.catalogue import say
from xsgeo.cli.shared import Format, FormatOption, Lang, LangOption, OutOption, StudyFolder, read, show, stages, write

app = typer.Typer()


class Method(StrEnum):
    """How people are joined into places."""

    dbscan = "dbscan"
    hdbscan = "hdbscan"
    kmeans = "kmeans"


@app.command()
def gaps(
    study: StudyFolder,
    *,
    method: Annotated[Method, typer.Option("--method", help="聚类方法 / how people are joined")] = Method.dbscan,
    link_min: Annotated[
        float,
        typer.Option(
            "--link-min", min=0.1, max=60, help="相距几分钟以内算一处 / minutes that still feel like one place"
        ),
    ] = 5.0,
    min_workers: Annotated[
        int | None, typer.Option("--min-workers", min=1, help="多少人才算一片 / workers that make a gap")
    ] = None,
    places: Annotated[int, typer.Option("--places", min=1, help="分成几片，仅 kmeans / how many, kmeans only")] = 20,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="换方法换参数，看结果变多少 / what other choices would give")
    ] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """找出用不上阵地的职工集中在哪里。 Where the unserved are, together."""
    from xsgeo import gaps as of_gaps
    from xsgeo import report, workflow

    checked = read(study)
    found = workflow.reach(checked, on_stage=stages(lang.value))
    least = checked.about.siting_rules.min_gap_workers if min_workers is None else min_workers
    reach_min = link_min * (1.5 if sensitivity else 1.0)
    frames = (checked.workers, found.groups, workflow.between_unserved(found, cutoff_min=reach_min))
    if sensitivity:
        table = of_gaps.sensitivity(*frames, link_min=link_min, min_workers=max(least, 1))
        shown = table
    else:
        _, table = of_gaps.find_gaps(
            *frames, link_min=link_min, min_workers=max(least, 1), method=method.value, n_places=places
        )
        shown = report.gap_table(table, checked, language=lang.value)
    if form is Format.table:
        typer.echo(report.standard_words(checked, language=lang.value), err=True)
        if sensitivity:
            typer.echo(say("gaps.sensitivity", lang.value), err=True)
        elif method is Method.kmeans:
            typer.echo(say("gaps.kmeans", lang.value, places=places), err=True)
        else:
            typer.echo(say("gaps.lead", lang.value, link_min=f"{link_min:g}", min_workers=least), err=True)
    typer.echo(show(shown if form is Format.table else table, form, lang.value))
    write(table, out, checked, lang.value)
