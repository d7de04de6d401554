"""Commands about roads: import, check, tags."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xsgeo.catalogue import say
from xsgeo.cli.shared import Format, FormatOption, Lang, LangOption, StudyFolder, progress, read, show
from xsgeo.disk import writing

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="路网：导入与检查。 Roads: import and check.")


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="道路文件、地名、经纬度范围或 boundary / file, place, bounding box")],
    study: Annotated[Path, typer.Option("--study", metavar="DIR", help="数据文件夹 / study folder")],
    halo: Annotated[float, typer.Option("--halo", min=0, help="县界外保留几公里 / km kept beyond the county")] = 3.0,
    tags: Annotated[Path | None, typer.Option("--tags", help="自己的标签表 / your own table of tags")] = None,
    lang: LangOption = Lang.zh,
) -> None:
    """导入真实路网，替换方案中的道路和渡运。 Bring real roads into a study."""
    from xsgeo import roads, sources

    boundary = read(study).boundary if (study / sources.SETTINGS_FILE).is_file() else None
    if boundary is not None and boundary.empty:  # as `xsgeo init` leaves it: nothing lies within no boundary
        boundary = None
    with progress(lang.value) as on_progress:
        imported = roads.import_roads(source, boundary=boundary, halo_km=halo, tags=tags, on_progress=on_progress)
    with writing(study):
        written = roads.write_roads(imported, study)
    for path in written:
        typer.echo(str(path))
    typer.echo(roads.summary_text(imported, language=lang.value), err=True)


@app.command("check")
def check_roads(study: StudyFolder, form: FormatOption = Format.table, lang: LangOption = Lang.zh) -> None:
    """检查路网，逐段列出会算错时间的地方。 List what would make travel times wrong."""
    from xsgeo import roads

    checked = read(study)
    faults = roads.check_roads(
        checked.roads, checked.ferries, checked.land, workers=checked.workers, boundary=checked.boundary
    )
    if form is Format.table:
        for _, fault in faults.iterrows():
            typer.echo(roads.fault_text(fault, language=lang.value))
        typer.echo(say("cli.roads_found", lang.value, n=len(faults), n_errors=int((faults["level"] == "error").sum())))
    else:
        typer.echo(show(faults.set_index("edge_id"), form, lang.value))
    if (faults["level"] == "error").any():
        raise SystemExit(2)


@app.command("tags")
def write_tags(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件 / where to write")] = Path("tags.csv"),
) -> None:
    """写出标签表，供修改。 Write the table of tags, to be edited."""
    from xsgeo import outputs, roads

    for path in outputs.write_files({out.name: roads.tag_table_text()}, out.parent):
        typer.echo(str(path))
