"""The answer to a bad ledger is a workbook: the rows as they were sent, with what is wrong marked where it is wrong.

A list of faults on a screen does not help eighteen town offices; a workbook they can open, mend and send back does. So
each table keeps its own sheet, its rows stay in the rows they came in, a bad cell is red with the reason in a comment,
and the last column says everything that is wrong with the row in one sentence, for those who print. That column is
ignored when the sheet is read again. The first sheet adds it all up.

Every cell is written as a text, whatever it looks like: what was typed into a ledger must neither become a formula nor
a link, nor lose the digits of an id, on its way back. The same check gives the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from xsgeo.catalogue import Language, say
from xsgeo.errors import Fault
from xsgeo.export import WORKBOOK_CREATED, WORKBOOK_OPTIONS
from xsgeo.ledgers import RawTable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xsgeo.io import StudyCheck

MAX_COMMENTS = 2000
"""Comments of one sheet; beyond them cells are coloured and the last column says why. Excel slows down with more."""

_LONGEST_CELL = 32_000
_SHOWN_SHAPE = 120
_SHEET_NAME = 31
_COUNTS = ("rows_in", "rows_used", "rows_rejected", "rows_blank", "workers_in", "workers_used", "workers_rejected")


def records(check: StudyCheck) -> dict[str, Any]:
    """Return a check as plain values, for JSON.

    Parameters
    ----------
    check
        What `xsgeo.io.check_study` gave.

    Returns
    -------
    dict
        ``ok``; ``reconciliation``, one entry a table; ``files``, one entry a file of the tables that are kept in
        several; ``faults`` and ``notes``, each with table, file, sheet, row,
        column, value, code and the sentence in both languages.

    Examples
    --------
    >>> import pandas as pd
    >>> from xsgeo.io import StudyCheck
    >>> check = StudyCheck(None, pd.DataFrame(), (Fault("a.csv", 0, "", "a.csv", "missing_file"),))
    >>> records(check)["faults"][0]["code"]
    'missing_file'
    """
    tables = {(raw.file, raw.sheet): name for name, raws in check.raws.items() for raw in raws}
    return {
        "ok": not check.faults,
        "title": check.title,
        "reconciliation": _plain(check.reconciliation),
        "files": _plain(check.by_file),
        "faults": [_record(f, tables) for f in check.faults],
        "notes": [_record(n, tables) for n in check.notes],
    }


def _plain(counts: pd.DataFrame) -> list[dict[str, Any]]:
    table = counts.reset_index().astype(object)
    return list(table.where(table.notna(), None).to_dict("records")) if len(counts) else []


def _record(fault: Fault, tables: Mapping[tuple[str, str], str]) -> dict[str, object]:
    return {
        "table": tables.get((fault.file, fault.sheet), ""),
        "file": fault.file,
        "sheet": fault.sheet,
        "row": fault.row or None,
        "column": fault.column,
        "value": fault.value,
        "code": fault.code,
        "zh": fault.text("zh"),
        "en": fault.text("en"),
    }


def workbook(check: StudyCheck, *, language: Language = "zh") -> bytes:
    """Write the workbook that goes back to whoever keeps the ledgers.

    Parameters
    ----------
    check
        What `xsgeo.io.check_study` gave.
    language
        Language of the messages.

    Returns
    -------
    bytes
        An .xlsx file: a summary, then one sheet a table that came from a sheet or has a fault. Rows stand in the rows
        they came in, so that the numbers in the messages hold.

    Examples
    --------
    >>> from xsgeo.io import StudyCheck
    >>> workbook(StudyCheck(None, pd.DataFrame(), ()))[:2]
    b'PK'
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    by_table: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in check.faults:
        by_table[fault.file, fault.sheet].append(fault)
    with Workbook(stream, dict(WORKBOOK_OPTIONS)) as book:
        heading = say("fixes.title", language, title="")
        book.set_properties({"created": WORKBOOK_CREATED, "author": "xsgeo", "title": heading})
        _Summary(book, check, language).write()
        used = {say("fixes.summary", language).casefold()}
        for name, raws in check.raws.items():
            title = say(f"table.{name}", "en" if language == "en" else "zh")
            for raw in raws:
                faults = by_table[raw.file, raw.sheet]
                if faults or raw.rows:
                    several = f"{title} {PurePosixPath(raw.file).stem}" if len(raws) > 1 else title
                    _Sheet(book, _sheet_name(several, used), raw, language).write(faults)
    return stream.getvalue()


def _sheet_name(title: str, used: set[str]) -> str:
    """Name of a sheet as Excel allows it, unlike any other: one table's files have a sheet each."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", title).strip() or "xsgeo"
    name, n = plain[:_SHEET_NAME].strip(), 1
    while name.casefold() in used:
        n += 1
        name = f"{plain[: _SHEET_NAME - 4].strip()} {n}"
    used.add(name.casefold())
    return name


class _Summary:
    """The first sheet: the count, then every fault and every note."""

    def __init__(self, book: Workbook, check: StudyCheck, language: Language) -> None:
        self.sheet: Worksheet = book.add_worksheet(say("fixes.summary", language))
        self.check, self.language = check, language
        self.bold = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.row = 0

    def write(self) -> None:
        """Write the page of what there is to mend, and where."""
        check, language = self.check, self.language
        self.sheet.set_column(0, 1, 18)
        self.sheet.set_column(2, 9, 12)
        self._line(say("fixes.title", language, title=check.title), self.title)
        n = len(check.faults)
        self._line(say("fixes.lead", language, n=n) if n else say("fixes.clean", language))
        self._line(say("fixes.identity", language))
        self.row += 1
        self._count()
        for head, items in (("fixes.faults", check.faults), ("fixes.notes", check.notes)):
            if items:
                self.row += 1
                self._line(
                    f"{say(head, language)}（{len(items)}）" if language != "en" else say(head, language), self.bold
                )
                for item in items:
                    self._line(item.text(language))
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _line(self, text: str, form: object = None) -> None:
        self.sheet.write_string(self.row, 0, text[:_LONGEST_CELL], form)
        self.row += 1

    def _count(self) -> None:
        language = self.language
        n_faults = Counter(f.file for f in self.check.faults)
        heads = ["table", "file", *_COUNTS]
        for c, head in enumerate([*(say(f"column.{h}", language) for h in heads), say("fixes.n_faults", language)]):
            self.sheet.write_string(self.row, c, head, self.bold)
        self.row += 1
        for counts in (self.check.reconciliation, self.check.by_file):
            for name, line in counts.iterrows():
                files = {raw.file for raw in self.check.raws[str(name)]}
                mine = {line["file"]} & files or files
                self.sheet.write_string(self.row, 0, say(f"table.{name}", "en" if language == "en" else "zh"))
                self.sheet.write_string(self.row, 1, str(line["file"]))
                for c, head in enumerate(_COUNTS, 2):
                    if not pd.isna(line[head]):
                        self._number(c, int(line[head]))
                self._number(len(heads), sum(n_faults[f] for f in mine))
                self.row += 1
            if counts is self.check.reconciliation and len(self.check.by_file):
                self._line(say("files.lead", language), self.bold)

    def _number(self, column: int, value: int) -> None:
        self.sheet.write_number(self.row, column, value)


class _Sheet:
    """One table as it stands, with its faults marked."""

    def __init__(self, book: Workbook, title: str, raw: RawTable, language: Language) -> None:
        self.sheet: Worksheet = book.add_worksheet(title[:31])
        self.raw, self.language = raw, language
        self.rows = [list(row) for row in raw.rows] or _rows_of(raw)
        columns = raw.positions or {str(c): i for i, c in enumerate(raw.cells.columns)}
        self.columns = dict(columns)
        self.last = max((len(row) for row in self.rows), default=0)
        self.head = book.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1})
        self.bad = book.add_format({"bg_color": "#F8C8C0", "font_color": "#8B1A10", "border": 1})
        self.says = book.add_format({"font_color": "#8B1A10"})

    def write(self, faults: Sequence[Fault]) -> None:
        """Write the rows, colour what is wrong, and say why."""
        by_cell: dict[tuple[int, int], list[str]] = defaultdict(list)
        by_row: dict[int, list[str]] = defaultdict(list)
        for fault in faults:
            row = max(fault.row or self.raw.header_row, 1) - 1
            by_row[row].append(self._place(fault) + self._message(fault))
            column = self.columns.get(fault.column)
            if column is not None:
                by_cell[row, column].append(self._message(fault))
        self._cells(by_cell)
        self._messages(by_row)
        for i, ((row, column), messages) in enumerate(sorted(by_cell.items())):
            if i < MAX_COMMENTS:
                self.sheet.write_comment(row, column, "\n".join(messages), {"x_scale": 2, "author": "xsgeo"})
        self.sheet.freeze_panes(self.raw.header_row, 0)
        self.sheet.set_column(0, max(self.last - 1, 0), 14)
        self.sheet.set_column(self.last, self.last, 60)
        self.sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _cells(self, by_cell: Mapping[tuple[int, int], Sequence[str]]) -> None:
        header = self.raw.header_row - 1
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                form = self.bad if (r, c) in by_cell else self.head if r == header else None
                if text:
                    self.sheet.write_string(r, c, text[:_LONGEST_CELL], form)
                elif form:
                    self.sheet.write_blank(r, c, None, form)

    def _messages(self, by_row: Mapping[int, Sequence[str]]) -> None:
        header = self.raw.header_row - 1
        whole = by_row.get(header, ())
        self.sheet.write_string(
            header, self.last, " ".join([say("fixes.column", self.language), *whole][:20]), self.head
        )
        for row, messages in sorted(by_row.items()):
            if row != header:
                self.sheet.write_string(row, self.last, " ".join(messages)[:_LONGEST_CELL], self.says)

    def _place(self, fault: Fault) -> str:
        if not fault.column:
            return ""
        return f"【{fault.column}】" if self.language != "en" else f"[{fault.column}] "

    def _message(self, fault: Fault) -> str:
        values = fault.values(self.language)
        return say(
            "fixes.message",
            self.language,
            problem=say(f"fault.{fault.code}", self.language, **values),
            remedy=say(f"remedy.{fault.code}", self.language, **values),
        )


def _rows_of(raw: RawTable) -> list[list[str]]:
    """Rows of a file that is no sheet: its columns as a header, its features below; shapes shortened."""
    body = [[_shown(v) for v in row] for row in raw.cells.itertuples(index=False, name=None)]
    return [[str(c) for c in raw.cells.columns], *body]


def _shown(value: object) -> str:
    if not isinstance(value, shapely.Geometry):
        return "" if value is None else str(value)
    text = shapely.to_wkt(value, rounding_precision=5)
    return text if len(text) <= _SHOWN_SHAPE else f"{text[:_SHOWN_SHAPE]}..."
