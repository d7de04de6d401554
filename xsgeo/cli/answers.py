"""Commands that answer: coverage, propose, maps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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

app = typer.Typer()


@app.command()
def coverage(
    study: StudyFolder,
    by: Annotated[By | None, typer.Option("--by", help="按什么分组 / what to break down by")] = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """算出谁有阵地可去，谁没有，为什么。 Who is served, who is not, and why."""
    from xsgeo import report, workflow

    checked = read(study)
    table = workflow.coverage_table(workflow.reach(checked, on_stage=stages(lang.value)), by=by.value if by else None)
    shown = table
    if form is Format.table:
        typer.echo(report.standard_words(checked, language=lang.value), err=True)
        shown = report.coverage_table(table, checked, language=lang.value)
    typer.echo(show(shown, form, lang.value))
    write(table, out, checked, lang.value)


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
    out: Annotated[Path, typer.Option("--out", help="输出文件夹 / where to write")] = Path("maps"),
    cluster: Annotated[list[str] | None, typer.Option("--cluster", help="只画这个集群 / only this cluster")] = None,
    lang: LangOption = Lang.both,
) -> None:
    """画出全县和每个产业集群的地图，断网也能打开。 One page a cluster, opened without a network."""
    from xsgeo import workflow

    on_stage = stages(lang.value)
    analysis = workflow.analyse(read(study), on_stage=on_stage)
    pages = workflow.write_maps(analysis, out, clusters=cluster, language=lang.value, on_stage=on_stage)
    for page in pages:
        typer.echo(str(page))
