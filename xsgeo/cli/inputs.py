"""Commands about what goes in: check, init, schema, demo."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from xsgeo.catalogue import say
from xsgeo.cli.shared import CheckFormat, Lang, LangOption, StudyFolder, plain
from xsgeo.errors import StudyError

app = typer.Typer()


@app.command()
def check(
    study: StudyFolder,
    out: Annotated[Path | None, typer.Option("--out", help="补正工作簿 / workbook of what to mend (.xlsx)")] = None,
    form: Annotated[CheckFormat, typer.Option("--format", help="输出格式 / how to print")] = CheckFormat.table,
    lang: LangOption = Lang.zh,
) -> None:
    """检查方案，逐表核对行数和人数。 Check a study and reconcile rows and workers, table by table."""
    from xsgeo import fixes, io, outputs, report, sharing

    result = io.check_study(study)
    if form is CheckFormat.json:
        typer.echo(json.dumps(fixes.records(result), ensure_ascii=False, indent=1))
    else:
        typer.echo(plain(report.reconciliation_table(result.reconciliation, language=lang.value), lang.value))
        if len(result.by_file):
            typer.echo(say("files.lead", lang.value))
            typer.echo(plain(report.reconciliation_table(result.by_file, language=lang.value), lang.value))
        for note in result.notes:
            typer.echo(note.text(lang.value))
    if out is not None:
        book = fixes.workbook(result, language=lang.value)
        for path in outputs.write_files({out.name: book}, out.parent):
            typer.echo(say("cli.written", lang.value, path=path), err=True)
    if result.faults:
        raise StudyError(result.faults)
    if result.study is not None:
        sharing.room_labels(result.study.venues, result.study.room_pairs)  # raises where verdicts contradict
    if form is CheckFormat.table:
        typer.echo(say("cli.checked", lang.value))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新数据文件夹 / folder of the new study")],
    title: Annotated[str, typer.Option("--title", help="方案名称 / name of the study")] = "新方案",
    title_en: Annotated[str, typer.Option("--title-en", help="英文名称 / its English name")] = "New study",
    as_of: Annotated[str, typer.Option("--as-of", help="数据日期 / date of the data, YYYY-MM-DD")] = "",
) -> None:
    """新建空方案，附可填写的模板。 Make an empty study with workbooks to fill in."""
    from xsgeo import templates

    today = as_of or dt.datetime.now(tz=dt.UTC).date().isoformat()
    for path in templates.write_empty_study(folder, title=title, title_en=title_en, as_of=today):
        typer.echo(str(path))


@app.command()
def schema(
    table: Annotated[str | None, typer.Argument(help="表名 / name of a table")] = None, lang: LangOption = Lang.both
) -> None:
    """打印数据字典。 Print the data dictionary."""
    from xsgeo import schemas

    if table is not None and table not in schemas.TABLES:
        raise typer.BadParameter(say("cli.no_table", lang.value, table=table, tables=", ".join(schemas.TABLES)))
    typer.echo(schemas.dictionary(table, language=lang.value))


@app.command()
def demo(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="写到哪里 / where to write")],
    facts: Annotated[Path, typer.Option("--facts", help="事实表文件夹 / folder of the facts")] = Path("data/facts"),
) -> None:
    """由事实表生成演示县。 Build the demonstration county from the facts."""
    from xsgeo import datasets, io

    for path in io.write_study(datasets.build_xiangshan(facts), datasets.study_toml(), out):
        typer.echo(str(path))
