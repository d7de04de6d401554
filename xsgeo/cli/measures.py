"""Commands that measure: standards, sensitivity, equity, quality."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsgeo.catalogue import Language, say
from xsgeo.cli.shared import (
    By,
    Format,
    FormatOption,
    Lang,
    LangOption,
    OutOption,
    StudyFolder,
    check_suffix,
    read,
    show,
    stages,
    write,
)

if TYPE_CHECKING:
    from xsgeo.settings import Standard
    from xsgeo.study import Study

app = typer.Typer()


StandardOption = Annotated[
    list[str] | None,
    typer.Option("--standard", help="按哪项标准，可重复；all 为全部 / by which standard, repeatable, or all"),
]


class Dimension(StrEnum):
    """What equity is looked at by."""

    town = "town"
    cluster = "cluster"
    shift = "shift"
    sex = "sex"
    age = "age"
    island = "island"


@app.command("standards")
def list_standards(
    study: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="数据文件夹 / study folder")] = None,
    form: FormatOption = Format.table,
    lang: LangOption = Lang.zh,
) -> None:
    """列出服务标准及其出处。 List the standards and where they come from."""
    from xsgeo import findings, standards

    known = standards.available(None if study is None else read(study).about)
    if form is Format.table:
        typer.echo(findings.standards_text(known, language=lang.value))
    else:
        typer.echo(show(findings.standards_table(known, language=lang.value), form, lang.value))


@app.command("sensitivity")
def sensitivity_(
    study: StudyFolder, form: FormatOption = Format.table, out: OutOption = None, lang: LangOption = Lang.zh
) -> None:
    """换一换路程上限和速度，结果差多少。 The same measure at other cut-offs and speeds."""
    from xsgeo import findings, report, sensitivity

    checked = read(study)
    table = sensitivity.sensitivity(checked, on_stage=_once(lang.value))
    typer.echo(report.standard_words(checked, language=lang.value), err=True)
    if form is Format.table:
        typer.echo(show(findings.sensitivity_table(table, language=lang.value), form, lang.value))
        typer.echo(say("sensitivity.note", lang.value))
    else:
        typer.echo(show(table, form, lang.value))
    write(table, out, checked, lang.value)


@app.command("equity")
def equity_(
    study: StudyFolder,
    *,
    by: Annotated[Dimension, typer.Option("--by", help="按什么比较 / what to compare")] = Dimension.town,
    figure: Annotated[Path | None, typer.Option("--figure", help="洛伦兹曲线图 / Lorenz curves (.svg)")] = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """可用时长分得匀不匀，谁最少，缺口在哪里。 How evenly usable hours are spread, and who has fewest."""
    from xsgeo import equity, findings, report, workflow

    check_suffix(figure, ".svg", lang.value)
    checked = read(study)
    groups = workflow.reach(checked, on_stage=stages(lang.value)).groups
    line = checked.standard.min_hours_per_week
    table = equity.equity(checked.workers, groups, by=by.value, min_hours_per_week=line, towns=checked.towns)
    typer.echo(report.standard_words(checked, language=lang.value), err=True)
    if form is Format.table:
        size = checked.workers["employer_id"].map(checked.employers["n_workers"]).astype(float)
        said = equity.summary(
            checked.workers, groups, by=by.value, min_hours_per_week=line, towns=checked.towns, rank_by=size
        )
        typer.echo(show(findings.equity_table(table, checked, language=lang.value), form, lang.value))
        typer.echo(findings.equity_text(said, table, checked, language=lang.value))
    else:
        typer.echo(show(table, form, lang.value))
    write(table, out, checked, lang.value)
    if figure is not None:
        _write_figure(
            findings.lorenz_figure(checked.workers, groups, table, checked, language=lang.value), figure, lang
        )


@app.command("quality")
def quality_(
    study: StudyFolder,
    *,
    by: Annotated[By | None, typer.Option("--by", help="按什么分组 / what to break down by")] = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="移动几次 / how many draws")] = 99,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="随机种子 / seed")] = 1,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """结果有多可靠：位置误差、不明比例、数据依据。 How far the figures can be relied on."""
    import pandas as pd

    from xsgeo import findings, report, uncertainty, workflow

    checked = read(study)
    key = by.value if by else None
    tell = stages(lang.value)
    found = workflow.reach(checked, on_stage=tell)
    facts = uncertainty.quality(found, by=key)
    interval = uncertainty.headline(found, by=key, draws=draws, seed=seed, on_stage=tell)
    table = pd.concat([facts, interval.drop(columns=["n_workers", "share_effective"])], axis=1)
    typer.echo(report.standard_words(checked, language=lang.value), err=True)
    if form is Format.table:
        typer.echo(show(findings.quality_table(facts, interval, checked, language=lang.value), form, lang.value))
        if key is None:
            typer.echo(findings.quality_text(facts.loc["all"], interval.loc["all"], language=lang.value))
        else:
            typer.echo(say("quality.limits", lang.value))
    else:
        typer.echo(show(table, form, lang.value))
    write(table, out, checked, lang.value)


def chosen_standards(ids: list[str] | None, study: Study, language: Language) -> list[Standard]:
    """Return the standards asked for; the study's own when none is."""
    from xsgeo import standards

    known = standards.available(study.about)
    if not ids:
        return [study.standard]
    asked = list(known) if "all" in ids else list(dict.fromkeys(ids))
    for key in asked:
        if key not in known:
            raise typer.BadParameter(say("standard.unknown", language, value=key, known=", ".join(known)))
    return [known[key] for key in asked]


def coverage_by_standard(
    study: Study, chosen: list[Standard], *, by: By | None, form: Format, out: Path | None, lang: Lang
) -> None:
    """Print coverage by several standards: one table of them, or one table each where it is broken down."""
    import pandas as pd

    from xsgeo import findings, report, sensitivity, workflow

    language: Language = lang.value
    known = {standard.standard_id: standard for standard in chosen}
    found = sensitivity.by_standard(study, chosen, on_stage=_once(language))
    typer.echo(report.standards_words(study, chosen, language=language), err=True)
    if by is None:
        table = sensitivity.standards_table(found)
        shown = findings.by_standard_table(table, known, language=language)
        typer.echo(show(shown if form is Format.table else table, form, language))
        write(table, out, study, language)
        return
    tables = {key: workflow.coverage_table(reach, by=by.value) for key, reach in found.items()}
    marked = {key: pd.concat({key: part}, names=["standard_id"]).reset_index(0) for key, part in tables.items()}
    whole = pd.concat(marked.values())
    if form is Format.table:
        for key, part in tables.items():
            typer.echo(report.standard_name(known[key], language=language))
            typer.echo(show(report.coverage_table(part, study, language=language), form, language))
    else:
        typer.echo(show(whole, form, language))
    write(whole, out, study, language)


def _write_figure(svg: str, path: Path, lang: Lang) -> None:
    from xsgeo import outputs

    if not svg:
        typer.echo(say("figure.nothing", lang.value), err=True)
        return
    for written in outputs.write_files({path.name: svg}, path.parent):
        typer.echo(say("cli.written", lang.value, path=written), err=True)


def _once(language: Language) -> Callable[[str], None]:
    """Print each stage the first time it is met: a sweep meets the same ones again and again."""
    tell, met = stages(language), set[str]()

    def tell_once(stage: str) -> None:
        if stage not in met:
            met.add(stage)
            tell(stage)

    return tell_once
