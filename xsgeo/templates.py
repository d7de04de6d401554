"""An empty study to fill in: workbooks with the right headers, lists to choose from, notes and one example row.

A ledger that starts from a template has few faults. Each workbook is drawn from the declaration of its table, so it can
ask for nothing the reader does not know; its choices are Chinese lists, its id columns are formatted as text (a number
cell would cut an 18-digit id), and its example row carries the id 示例, by which the reader skips it. What is written
here reads back as a study of empty tables without a fault: a planner may run ``xsgeo check`` at every step.

Roads, land and the boundary are not typed in by hand; they begin as empty files that a GIS or an import replaces.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xsgeo import outputs
from xsgeo.catalogue import say
from xsgeo.errors import OutputError
from xsgeo.export import WORKBOOK_CREATED, WORKBOOK_OPTIONS
from xsgeo.schemas import TABLES, Table
from xsgeo.sources import SETTINGS_FILE

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROWS = 2000
"""Rows that have lists to choose from and formats."""

_EXAMPLES = {
    "id": "A1", "text": "示例", "integer": "120", "number": "80", "flag": "是", "date": "2026-05-01",
    "hours": "周一至周五 8:30-11:30，13:30-17:00；周六、周日 9:00-21:00",
    "free_hours": "周一至周五 18:00-22:00；双休日 8:00-22:00", "weights": " ".join(["1"] * 12),
}  # fmt: skip
_OF_COLUMN = {
    "lon": "121.8738", "lat": "29.4719", "accuracy_m": "20", "year": "2018", "star": "3", "first": "6:00",
    "last": "18:00", "town_id": "甲镇", "cluster_id": "针织", "employer_id": "", "union_id": "", "n_women": "60",
    "n_under_35": "40", "n_members": "100", "aliases": "", "name_en": "Example", "room_id": "",
}  # fmt: skip


def study_files(*, title: str, title_en: str, as_of: str) -> dict[str, bytes]:
    """Return the files of an empty study.

    Parameters
    ----------
    title, title_en
        Name of the study.
    as_of
        Date of the data, ISO 8601.

    Returns
    -------
    dict
        Content by file name: ``study.toml``, a workbook for each table that people keep, empty files for the others.

    Examples
    --------
    >>> sorted(study_files(title="甲县", title_en="A", as_of="2026-01-01"))[:3]
    ['assets.xlsx', 'boundary.geojson', 'clusters.xlsx']
    """
    files = {SETTINGS_FILE: _settings(title, title_en, as_of).encode("utf-8")}
    for name, table in TABLES.items():
        if table.shape == "polygon":
            files[f"{name}.geojson"] = b'{"type":"FeatureCollection","features":[]}\n'
        elif table.shape == "line":
            files[f"{name}.csv"] = (",".join(table.columns) + "\n").encode("utf-8")
        else:
            files[f"{name}.xlsx"] = template(table)
    return files


def write_empty_study(folder: str | Path, *, title: str, title_en: str, as_of: str) -> list[Path]:
    """Write an empty study that reads back without a fault.

    Parameters
    ----------
    folder
        Folder to write to; made when absent.
    title, title_en, as_of
        As in `study_files`.

    Raises
    ------
    OutputError
        When the folder holds a study already, or cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     files = write_empty_study(folder, title="石浦试点", title_en="Shipu", as_of="2026-01-01")
    ...     "study.toml" in {path.name for path in files}
    True
    """
    root = Path(folder)
    files = study_files(title=title, title_en=title_en, as_of=as_of)
    if any((root / name).exists() for name in files):
        raise OutputError(code="has_study", path=str(root))
    return outputs.write_files(files, root)


def _settings(title: str, title_en: str, as_of: str) -> str:
    lines = [f"{key} = {_quoted(value)}" for key, value in (("title", title), ("title_en", title_en), ("as_of", as_of))]
    lines += ["", "# 坐标系 datum：WGS-84（GPS）、CGCS2000（天地图）、GCJ-02（高德、腾讯）、BD-09（百度）"]
    lines += ['# 一张表有几个文件：files = ["台账/*.xlsx", { file = "台账/石浦.xlsx", datum = "GCJ-02" }]', ""]
    for name, table in TABLES.items():
        if table.shape == "point":
            lines += [f"[tables.{name}]", f'file = "{name}.xlsx"', 'datum = "WGS-84"', ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    plain = "".join(c for c in text if c.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def template(table: Table) -> bytes:
    """Return the workbook of one table: headers, an example row, lists to choose from, and a sheet of notes.

    Parameters
    ----------
    table
        Declaration of the table.

    Examples
    --------
    >>> template(TABLES["towns"])[:2]
    b'PK'
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    with Workbook(stream, dict(WORKBOOK_OPTIONS)) as book:
        book.set_properties({"created": WORKBOOK_CREATED, "author": "xsgeo", "title": table.zh})
        sheet = book.add_worksheet(table.zh)
        notes = book.add_worksheet(say("template.notes", "zh"))
        choices = book.add_worksheet(say("template.choices", "zh"))
        choices.hide()
        _headers(book, sheet, table)
        _lists(sheet, choices, table)
        _notes(book, notes, table)
    return stream.getvalue()


def _headers(book: Workbook, sheet: Worksheet, table: Table) -> None:
    must = book.add_format({"bold": True, "bg_color": "#BFD7EA", "border": 1})
    may = book.add_format({"bold": True, "bg_color": "#ECECEC", "border": 1})
    pale = book.add_format({"italic": True, "font_color": "#8A8A8A", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    for c, (name, column) in enumerate(table.columns.items()):
        form: Format = must if column.required else may
        sheet.write_string(0, c, column.title, form)
        sheet.write_comment(0, c, asks(name, table), {"author": "xsgeo", "x_scale": 1.5})
        sheet.write_string(1, c, example(name, table), pale)
        kind = column.metadata["kind"]
        sheet.set_column(c, c, 30 if kind in {"hours", "free_hours"} else 14, text if kind in {"id", "hours"} else None)
    sheet.freeze_panes(1, 0)


def asks(name: str, table: Table) -> str:
    """Say in Chinese what a column asks for.

    Examples
    --------
    >>> asks("capacity", TABLES["venues"])
    '容纳人数：可不填；整数；单位：人'
    """
    column = table.columns[name]
    rule: dict[str, Any] = column.metadata
    parts = [say("template.required" if column.required else "template.optional", "zh")]
    if rule["refers_to"]:
        parts.append(say("template.refers", "zh", table=TABLES[rule["refers_to"]].zh))
    elif rule["kind"] in {"choice", "flag"}:
        parts.append(say("template.pick", "zh"))
    else:
        parts.append(say(f"kind.{rule['kind']}", "zh"))
    if rule["unit"]:
        parts.append(say("template.unit", "zh", unit=say(f"unit.{rule['unit']}", "zh")))
    if rule["choices"] and rule["kind"] == "set":
        parts.append("、".join(say(f"choice.{c}", "zh") for c in rule["choices"]))
    return f"{column.title}：{'；'.join(parts)}"


def example(name: str, table: Table) -> str:
    """Return the text of a column in the example row.

    Examples
    --------
    >>> example("venue_id", TABLES["venues"]), example("kind", TABLES["venues"])
    ('示例', '工人文化宫')
    """
    rule = table.columns[name].metadata
    if name == table.key:
        return say("template.example", "zh")
    if name in _OF_COLUMN:
        return _OF_COLUMN[name]
    if rule["choices"]:
        return say(f"choice.{rule['choices'][0]}", "zh")
    return _EXAMPLES.get(rule["kind"], "")


def _lists(sheet: Worksheet, choices: Worksheet, table: Table) -> None:
    """Lists to choose from stand in a hidden sheet: a list inside a cell's rule may hold 255 characters only."""
    for c, (name, column) in enumerate(table.columns.items()):
        rule = column.metadata
        if rule["kind"] == "flag":
            words = ["是", "否"]
        elif rule["kind"] == "choice":
            words = [say(f"choice.{choice}", "zh") for choice in rule["choices"]]
        else:
            continue
        choices.write_string(0, c, name)
        for r, word in enumerate(words, 1):
            choices.write_string(r, c, word)
        letter = _letters(c)
        source = f"='{say('template.choices', 'zh')}'!${letter}$2:${letter}${len(words) + 1}"
        sheet.data_validation(1, c, ROWS, c, {"validate": "list", "source": source, "input_title": column.title[:32]})


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _notes(book: Workbook, sheet: Worksheet, table: Table) -> None:
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, say("template.lead", "zh", what=table.zh), bold)
    for r, name in enumerate(table.columns, 2):
        sheet.write_string(r, 0, asks(name, table))
