"""The command: parse, call, print.

Everything a planner does without Python stands here and nothing else: each command reads a study, calls one function of
the library and prints what came back. Libraries are imported inside the commands, so that ``xsgeo --help`` answers at
once. What is asked for goes to standard output (so it can be piped), what is happening goes to standard error. Exit
code 0 is success, 2 is an input that cannot be used; the old outputs are then untouched.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsgeo.catalogue import Language, say
from xsgeo.errors import OutputError, StudyError, XsgeoError

if TYPE_CHECKING:
    import pandas as pd
    from rich.progress import TaskID

    from xsgeo.study import Study

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="谁能在下班后走进一间开着门的活动室，谁不能，为什么，怎么补。\n\n"
    "Who can reach a room that is open when they are free, who cannot and why, and what would mend it.",
)

roads_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="路网：导入与检查。 Roads: import and check.")
app.add_typer(roads_app, name="roads")


class Lang(StrEnum):
    """Language of what is printed."""

    zh = "zh"
    en = "en"
    both = "both"


class By(StrEnum):
    """What a coverage table is broken down by."""

    town = "town"
    cluster = "cluster"
    shift = "shift"
    reason = "reason"
    place = "place"
    means = "means"


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


class CheckFormat(StrEnum):
    """How a check is printed."""

    table = "table"
    json = "json"


StudyFolder = Annotated[Path, typer.Argument(metavar="DIR", help="数据文件夹 / study folder")]
LangOption = Annotated[Lang, typer.Option("--lang", help="语言 / language")]
FormatOption = Annotated[Format, typer.Option("--format", help="输出格式 / how to print")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="同时写成文件 / write it too (.csv, .xlsx, .gpkg, .json)")
]


def main() -> None:
    """Run the command line; turn an unusable input into one message and exit code 2."""
    lang = _asked_language(sys.argv)
    try:
        app()
    except (StudyError, OutputError) as error:
        typer.echo(error.text(lang), err=True)
        raise SystemExit(2) from None
    except XsgeoError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from None
    except OSError as error:
        typer.echo(say("cli.cannot_write", lang, error=error), err=True)
        raise SystemExit(2) from None


def _asked_language(arguments: list[str]) -> Language:
    """Language asked for, for messages that arise before or outside the command's own options."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else following if word == "--lang" else ""
        if value in {"en", "both"}:
            return "en" if value == "en" else "both"
    return "zh"


@app.command()
def check(
    study: StudyFolder,
    out: Annotated[Path | None, typer.Option("--out", help="退改工作簿 / workbook of what to mend (.xlsx)")] = None,
    form: Annotated[CheckFormat, typer.Option("--format", help="输出格式 / how to print")] = CheckFormat.table,
    lang: LangOption = Lang.zh,
) -> None:
    """检查方案，逐表核对行数和人数。 Check a study and reconcile rows and workers, table by table."""
    from xsgeo import fixes, io, outputs, report

    result = io.check_study(study)
    if form is CheckFormat.json:
        typer.echo(json.dumps(fixes.records(result), ensure_ascii=False, indent=1))
    else:
        typer.echo(_plain(report.reconciliation_table(result.reconciliation, language=lang.value), lang.value))
        for note in result.notes:
            typer.echo(note.text(lang.value))
    if out is not None:
        book = fixes.workbook(result, language=lang.value)
        for path in outputs.write_files({out.name: book}, out.parent):
            typer.echo(say("cli.written", lang.value, path=path), err=True)
    if result.faults:
        raise StudyError(result.faults)
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
def coverage(
    study: StudyFolder,
    by: Annotated[By | None, typer.Option("--by", help="按什么分组 / what to break down by")] = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """算出谁有阵地可去，谁没有，为什么。 Who is served, who is not, and why."""
    from xsgeo import report, workflow

    checked = _read(study)
    table = workflow.coverage_table(workflow.reach(checked, on_stage=_stages(lang.value)), by=by.value if by else None)
    shown = table
    if form is Format.table:
        typer.echo(report.standard_words(checked, language=lang.value), err=True)
        shown = report.coverage_table(table, checked, language=lang.value)
    typer.echo(_show(shown, form, lang.value))
    _write(table, out, checked, lang.value)


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

    checked = _read(study)
    plan = workflow.analyse(checked, n_sites=sites, on_stage=_stages(lang.value)).plan
    typer.echo(report.plan_words(plan, language=lang.value), err=True)
    table = report.proposal_table(plan, checked, language=lang.value)
    typer.echo(_show(table, form, lang.value))
    _write(table, out, checked, lang.value)


@app.command()
def maps(
    study: StudyFolder,
    out: Annotated[Path, typer.Option("--out", help="输出文件夹 / where to write")] = Path("maps"),
    cluster: Annotated[list[str] | None, typer.Option("--cluster", help="只画这个集群 / only this cluster")] = None,
    lang: LangOption = Lang.both,
) -> None:
    """画出全县和每个产业集群的地图，断网也能打开。 One page a cluster, opened without a network."""
    from xsgeo import workflow

    on_stage = _stages(lang.value)
    analysis = workflow.analyse(_read(study), on_stage=on_stage)
    pages = workflow.write_maps(analysis, out, clusters=cluster, language=lang.value, on_stage=on_stage)
    for page in pages:
        typer.echo(str(page))


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


@roads_app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="道路文件、地名、经纬度范围或 boundary / file, place, bounding box")],
    study: Annotated[Path, typer.Option("--study", metavar="DIR", help="数据文件夹 / study folder")],
    halo: Annotated[float, typer.Option("--halo", min=0, help="县界外保留几公里 / km kept beyond the county")] = 3.0,
    tags: Annotated[Path | None, typer.Option("--tags", help="自己的标签表 / your own table of tags")] = None,
    lang: LangOption = Lang.zh,
) -> None:
    """导入真实路网，替换方案中的道路和渡运。 Bring real roads into a study."""
    from xsgeo import io, roads

    boundary = _read(study).boundary if (study / io.SETTINGS_FILE).is_file() else None
    with _progress(lang.value) as on_progress:
        imported = roads.import_roads(source, boundary=boundary, halo_km=halo, tags=tags, on_progress=on_progress)
    for path in roads.write_roads(imported, study):
        typer.echo(str(path))
    typer.echo(roads.summary_text(imported, language=lang.value), err=True)


@roads_app.command("check")
def check_roads(study: StudyFolder, form: FormatOption = Format.table, lang: LangOption = Lang.zh) -> None:
    """检查路网，逐段列出会算错时间的地方。 List what would make travel times wrong."""
    from xsgeo import roads

    checked = _read(study)
    faults = roads.check_roads(
        checked.roads, checked.ferries, checked.land, workers=checked.workers, boundary=checked.boundary
    )
    if form is Format.table:
        for _, fault in faults.iterrows():
            typer.echo(roads.fault_text(fault, language=lang.value))
        typer.echo(say("cli.roads_found", lang.value, n=len(faults), n_errors=int((faults["level"] == "error").sum())))
    else:
        typer.echo(_show(faults.set_index("edge_id"), form, lang.value))
    if (faults["level"] == "error").any():
        raise SystemExit(2)


@roads_app.command("tags")
def write_tags(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件 / where to write")] = Path("tags.csv"),
) -> None:
    """写出标签表，供修改。 Write the table of tags, to be edited."""
    from xsgeo import outputs, roads

    for path in outputs.write_files({out.name: roads.tag_table_text()}, out.parent):
        typer.echo(str(path))


def _write(table: pd.DataFrame, out: Path | None, study: Study, language: Language) -> None:
    from xsgeo import outputs

    if out is not None:
        for path in outputs.write_table(table, out, study=study, keep_order=True):
            typer.echo(say("cli.written", language, path=path), err=True)


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a bar for each stage on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(say(f"stage.{stage}", language), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield tell


def _read(folder: Path) -> Study:
    from xsgeo import io

    return io.read_study(folder)


def _stages(language: Language) -> Callable[[str], None]:
    """Print each stage as it begins, with the seconds since the command started."""
    start = time.perf_counter()

    def tell(stage: str) -> None:
        typer.echo(f"[{time.perf_counter() - start:5.1f} s] {say(f'stage.{stage}', language)}", err=True)

    return tell


def _show(table: pd.DataFrame, form: Format, language: Language) -> str:
    if form is Format.csv:
        return str(table.to_csv(lineterminator="\n")).rstrip("\n")
    if form is Format.json:
        return str(table.reset_index().to_json(orient="records", force_ascii=False, indent=1))
    return _plain(table, language)


_WIDE = 1000  # a table is never cut: the terminal or a file may wrap it, an ellipsis would hide a number


def _plain(table: pd.DataFrame, language: Language) -> str:
    """Lay a table out for the eye: Chinese is two columns wide, numbers stand to the right."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, header_style="bold")
    grid.add_column(say(f"column.{table.index.name}", language), no_wrap=True)
    for column in table.columns:
        numeric = table[column].dtype.kind in "iuf"
        grid.add_column(say(f"column.{column}", language), justify="right" if numeric else "left")
    for key, row in zip(table.index, table.itertuples(index=False), strict=True):
        grid.add_row(str(key), *(_cell(str(c), v) for c, v in zip(table.columns, row, strict=True)))
    stream = StringIO()
    Console(file=stream, width=_WIDE, no_color=True).print(grid)
    return "\n".join(line.rstrip() for line in stream.getvalue().rstrip("\n").split("\n"))


def _cell(column: str, value: object) -> str:
    import pandas as pd

    if pd.isna(value):
        return ""
    if isinstance(value, float):
        style = ".1%" if column.startswith("share_") else ".5f" if column in {"lon", "lat"} else ",.1f"
        return format(value, style)
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    main()
