"""Commands that ask: compare, why."""

from __future__ import annotations

import json
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
    plain,
    read,
    show,
    stages,
    write,
)

if TYPE_CHECKING:
    from xsgeo.questions import Comparison, Why
    from xsgeo.study import Study

app = typer.Typer()

_TOP = 10


@app.command()
def compare(  # noqa: PLR0917  # options of a command, given by name
    study: StudyFolder,
    scenario: Annotated[
        list[Path],
        typer.Argument(
            metavar="A.toml [B.toml]",
            help="一个情景与现状比，两个互相比；也可以是另一个数据文件夹 / one scenario, two, or another study",
        ),
    ],
    by: Annotated[By | None, typer.Option("--by", help="按什么分组 / what to break down by")] = None,
    seats: Annotated[bool, typer.Option("--seats", help="把座位也算上 / count seats too")] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
    page: Annotated[Path | None, typer.Option("--map", help="画成地图 / draw a map too (.html)")] = None,
    lang: LangOption = Lang.zh,
) -> None:
    """比较两种做法：谁受益，谁受损。 Who gains and who loses."""
    from xsgeo import compare as comparing
    from xsgeo import explain, outputs, report, workflow

    check_suffix(page, ".html", lang.value)
    checked = read(study)
    answer = _compared(checked, scenario, lang.value, seats=seats)
    column = None if by is None else workflow.BREAKDOWNS[by.value]
    table = comparing.summarise_changes(answer.changed, by=column)
    shown = table
    if form is Format.table:
        typer.echo(report.standard_words(answer.after.study, language=lang.value), err=True)
        if seats:
            typer.echo(report.seats_words(answer.after.study, language=lang.value), err=True)
        typer.echo(explain.sides_line(answer.titles, language=lang.value), err=True)
        shown = explain.changes_table(table, checked, language=lang.value)
    typer.echo(show(shown, form, lang.value))
    if form is Format.table:
        for line in explain.flow_lines(comparing.flows(answer.changed), language=lang.value):
            typer.echo(line)
    drawn = "" if page is None else _drawn(answer, lang.value)  # before any file is written: a fault here leaves none
    write(table, out, answer.after.study, lang.value)
    if page is not None:
        for path in outputs.write_files({page.name: drawn}, page.parent):
            typer.echo(say("cli.written", lang.value, path=path), err=True)


def _drawn(answer: Comparison, language: Language) -> str:
    from xsgeo.maps import render_comparison

    return render_comparison(
        answer.before.study,
        answer.after.study,
        answer.changed,
        titles=answer.titles,
        scenarios=answer.scenarios,
        language=language,
    )


def _compared(study: Study, paths: list[Path], language: Language, *, seats: bool) -> Comparison:
    from xsgeo import questions, scenarios

    if len(paths) > 2 or (len(paths) == 2 and any(p.is_dir() for p in paths)):
        raise typer.BadParameter(say("cli.too_many", language))
    on_stage = stages(language)
    if paths[0].is_dir():
        return questions.compare_studies(study, read(paths[0]), seats=seats, on_stage=on_stage)
    asked = [scenarios.read_scenario(path) for path in paths]
    before = asked[0] if len(asked) == 2 else scenarios.AS_IT_IS
    return questions.compare_scenarios(study, asked[-1], before=before, seats=seats, on_stage=on_stage)


@app.command()
def why(  # noqa: PLR0917  # options of a command, given by name
    study: StudyFolder,
    whom: Annotated[
        str,
        typer.Argument(
            metavar="WHOM", help="职工群体、镇乡或产业集群，编号或名称；不写为全县 / group, town or cluster"
        ),
    ] = "",
    top: Annotated[int, typer.Option("--top", min=0, help="列出几条办法 / how many remedies")] = _TOP,
    seats: Annotated[bool, typer.Option("--seats", help="把座位也算上 / count seats too")] = False,
    form: Annotated[Format, typer.Option("--format", help="输出格式 / how to print")] = Format.table,
    out: OutOption = None,
    lang: LangOption = Lang.zh,
) -> None:
    """说明为什么用不上，改哪一处最管用。 Why they are not served, and what would mend it."""
    from xsgeo import questions, report, workflow

    checked = read(study)
    questions.whose(checked, whom)  # a name that nobody answers to is told before the searching, not after
    found = workflow.reach(checked, seats=seats, on_stage=stages(lang.value))
    answer = questions.why(found, whom, n_counted=max(questions.N_COUNTED, 2 * top))
    if form is Format.json:
        typer.echo(json.dumps(_records(answer, top), ensure_ascii=False, indent=1))
    elif form is Format.csv:
        typer.echo(show(answer.mending.remedies.head(top), form, lang.value))
    else:
        typer.echo(report.standard_words(checked, language=lang.value), err=True)
        if seats:
            typer.echo(report.seats_words(checked, language=lang.value), err=True)
        for line in _lines(answer, checked, top, lang.value, seats=seats):
            typer.echo(line)
    write(answer.mending.remedies, out, checked, lang.value)


def _lines(answer: Why, study: Study, top: int, language: Language, *, seats: bool) -> list[str]:
    from xsgeo import explain
    from xsgeo.remedies import remedy_words

    lines = [explain.whom_line(answer.kind, answer.key, answer.workers, answer.groups, study, language=language)]
    if answer.kind == "group":
        lines += explain.rung_lines(answer.ladder, language=language)
        if len(answer.venues):
            lines += [plain(explain.venues_table(answer.venues, language=language), language)]
        for _, change in answer.mending.changes.iterrows():
            words = remedy_words(change, explain.places(study), language=language)
            lines.append(say("why.remedy", language, words=words))
        return lines
    lines += [plain(explain.reasons_table(answer.reasons, language=language), language)]
    if top and len(answer.mending.remedies):
        table = explain.remedies_table(answer.mending.remedies, study, top=top, language=language)
        lead = "why.remedies_seats" if seats else "why.remedies"
        lines += [say(lead, language, n=len(answer.mending.remedies), top=len(table)), plain(table, language)]
    return lines


def _records(answer: Why, top: int) -> dict[str, object]:
    """Everything of the answer as plain values."""
    frames = {
        "groups": answer.groups if answer.kind == "group" else answer.groups.head(0),
        "ladder": answer.ladder,
        "venues": answer.venues,
        "reasons": answer.reasons,
        "changes": answer.mending.changes if answer.kind == "group" else answer.mending.changes.head(0),
        "remedies": answer.mending.remedies.head(top),
    }
    tables = {
        name: json.loads(frame.reset_index().to_json(orient="records", force_ascii=False))
        for name, frame in frames.items()
        if len(frame)
    }
    return {"kind": answer.kind, "key": answer.key, "n_workers": int(answer.workers["n_workers"].sum()), **tables}
