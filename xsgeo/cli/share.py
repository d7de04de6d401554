"""Commands about sharing: rooms behind plaques, and who would gain if doors were opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsgeo.catalogue import Language, say
from xsgeo.cli.shared import Format, FormatOption, Lang, LangOption, StudyFolder, check_suffix, read, show, stages

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import Study

app = typer.Typer()

_TOP = 20


@app.command()
def share(
    study: StudyFolder,
    *,
    review: Annotated[
        Path | None, typer.Option("--review", help="写出待复核的挂牌对 / write the pairs to be confirmed (.xlsx)")
    ] = None,
    confirm: Annotated[
        Path | None, typer.Option("--confirm", help="读回复核结论，记入方案 / read verdicts back into the study")
    ] = None,
    evaluate: Annotated[
        Path | None, typer.Option("--evaluate", help="用已标注的样例检验 / measure on labelled pairs (.csv)")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="写出四张表 / write the four tables here")
    ] = None,
    form: FormatOption = Format.table,
    lang: LangOption = Lang.zh,
) -> None:
    """一室多用：哪些挂牌是同一处，开放给谁最有用。 Which plaques are one room, and whom an open door would serve."""
    check_suffix(review, ".xlsx", lang.value)
    if confirm is not None:
        _confirm(study, confirm, lang.value)
    checked = read(study)
    if evaluate is not None:
        _evaluate(checked, evaluate, form, lang.value)
        return
    _rooms(checked, review, lang.value)
    _tables(checked, out, form, lang.value)


def _confirm(folder: Path, workbook: Path, language: Language) -> None:
    from xsgeo import review
    from xsgeo import share as stages_of_sharing

    study = read(folder)
    decided = review.read_review(workbook, study.venues)
    path = stages_of_sharing.keep_verdicts(folder, study, decided)
    n_same = int((decided["verdict"] == "same").sum())
    typer.echo(say("share.confirmed", language, n=len(decided), n_same=n_same, path=path), err=True)


def _evaluate(study: Study, labelled: Path, form: Format, language: Language) -> None:
    from xsgeo import review, sharing
    from xsgeo.share import county_name

    pairs = review.read_labelled(labelled)
    typer.echo(say("share.labelled", language, n=len(pairs), threshold=0.5), err=True)
    for by in (None, "part", "case"):
        table = sharing.evaluate(pairs, study.towns, county=county_name(study), by=by)
        typer.echo(show(review.case_table(table, language=language), form, language))


def _rooms(study: Study, path: Path | None, language: Language) -> None:
    from xsgeo import outputs, review, sharing
    from xsgeo import share as stages_of_sharing

    pairs = stages_of_sharing.plaque_pairs(study)
    rooms = sharing.room_labels(study.venues, study.room_pairs)
    counts = sharing.count_rooms(study.venues, rooms).loc["all"]
    left = stages_of_sharing.undecided(pairs, study.room_pairs)
    open_pairs = left[(rooms.reindex(left["venue_a"]).to_numpy() != rooms.reindex(left["venue_b"]).to_numpy())]
    typer.echo(
        say(
            "share.rooms",
            language,
            n_plaques=f"{counts['n_plaques']:,}",
            n_rooms=f"{counts['n_rooms']:,}",
            n_pairs=len(open_pairs),
        ),
        err=True,
    )
    if path is not None:
        review.refuse_to_lose(path, study.venues, study.room_pairs)
        book = review.review_workbook(pairs, study.venues, study.room_pairs, language=language)
        for written in outputs.write_files({path.name: book}, path.parent):
            typer.echo(say("cli.written", language, path=written), err=True)


def _tables(study: Study, out: Path | None, form: Format, language: Language) -> None:
    from xsgeo import outputs, report, review, workflow
    from xsgeo import share as stages_of_sharing

    found = workflow.reach(study, on_stage=stages(language))
    tables = stages_of_sharing.tables(found)
    shown: dict[str, pd.DataFrame] = {
        "opportunities": review.opportunity_table(tables["opportunities"], study, language=language),
        "complements": review.pair_table(tables["complements"], study),
        "cross_town": review.cross_town_table(tables["cross_town"], study, language=language),
        "calendar": review.calendar_table(tables["calendar"], study, language=language),
    }
    if form is Format.table:
        typer.echo(report.standard_words(study, language=language), err=True)
        typer.echo(say("share.lead", language, hours=study.about.siting_rules.open_hours), err=True)
        for name, table in shown.items():
            title = say(f"share.{name}", language)
            typer.echo(f"\n{say('share.first', language, title=title, n=min(_TOP, len(table)), of=len(table))}")
            typer.echo(show(table.head(_TOP), form, language))
    else:
        typer.echo(show(tables["opportunities"], form, language))
    if out is not None:
        for name, table in shown.items():
            for path in outputs.write_table(table, out / f"{name}.xlsx", study=study, keep_order=True):
                typer.echo(say("cli.written", language, path=path), err=True)
