"""What the commands have in common: options, the study read once, tables and stages printed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsgeo.catalogue import Language, say

if TYPE_CHECKING:
    import pandas as pd
    from rich.progress import TaskID

    from xsgeo.study import Study


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


def write(table: pd.DataFrame, out: Path | None, study: Study, language: Language) -> None:
    """Write a table to the file asked for, if one was, and say so."""
    from xsgeo import outputs

    if out is not None:
        for path in outputs.write_table(table, out, study=study, keep_order=True):
            typer.echo(say("cli.written", language, path=path), err=True)


def check_suffix(path: Path | None, suffix: str, language: Language) -> None:
    """Refuse a file whose name says it is something else than what will be in it, before anything is worked out."""
    if path is not None and path.suffix.lower() != suffix:
        raise typer.BadParameter(say("cli.suffix", language, name=path.name, suffix=suffix))


@contextmanager
def progress(language: Language) -> Iterator[Callable[[str, int, int | None], None]]:
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


def read(folder: Path) -> Study:
    """Read the study; its faults end the command."""
    from xsgeo import io

    return io.read_study(folder)


def stages(language: Language) -> Callable[[str], None]:
    """Print each stage as it begins, with the seconds since the command started."""
    start = time.perf_counter()

    def tell(stage: str) -> None:
        typer.echo(f"[{time.perf_counter() - start:5.1f} s] {say(f'stage.{stage}', language)}", err=True)

    return tell


def show(table: pd.DataFrame, form: Format, language: Language) -> str:
    """Lay a table out in the form asked for."""
    if form is Format.csv:
        return str(table.to_csv(lineterminator="\n")).rstrip("\n")
    if form is Format.json:
        return str(table.reset_index().to_json(orient="records", force_ascii=False, indent=1))
    return plain(table, language)


_STYLES = {
    "lon": ".5f",
    "lat": ".5f",
    "gap_most": ".2%",
    "gap_worst": ".2%",
    "gini": ".3f",
    "palma": ".2f",
    "fgt0": ".1%",
    "fgt1": ".1%",
    "fgt2": ".3f",
    "agreement": ".2f",
    "cutoff_min": "g",
    "min_hours_per_week": "g",
    "hours_change": "+.1f",
}
_WIDE = 1000  # a table is never cut: the terminal or a file may wrap it, an ellipsis would hide a number


def plain(table: pd.DataFrame, language: Language) -> str:
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
    if column == "share_change":
        return f"{100 * float(str(value)):+.1f}"  # points, as the head of the column says
    if isinstance(value, float):
        usual = {"share": ".1%", "n": ",.0f"}.get(column.partition("_")[0], ",.1f")
        style = _STYLES.get(column, usual)
        return "∞" if value == float("inf") else format(value, style)
    return f"{value:,}" if isinstance(value, int) else str(value)
