"""Which row of a sheet is its header, which are records, and what the others are.

Decisions. The header is the row with the most known columns among the first thirty. Merged cells are filled inside the
merge and nowhere else, and never where filling would count people twice. A total is checked against the sum of the rows
it stands for. A row above the header that holds numbers is a record somebody pasted in the wrong place, and a fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from xsgeo.errors import Fault, StudyError
from xsgeo.ledgers.grids import Grid, Note, RawTable
from xsgeo.ledgers.headers import read_header, squeeze
from xsgeo.schemas import Table
from xsgeo.values import looks_numeric

ADDITIVE_UNITS = frozenset({"person", "m2"})
"""Units of figures that add up: one merged over two rows would be counted twice."""

_HEADER_WITHIN = 30
_NUMBERS_OF_A_RECORD = 2

_TOTAL = re.compile(r"(?P<of>.{0,12}?)(?P<word>合计|总计|共计|累计|小计|total|subtotal|sum)[:：]?", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:填表|制表|审核|审批|复核|经办|负责人|联系人|联系电话|电话|填报|上报|报送|盖章|签字|单位[(（]?盖章|日期"
    r"|备注|附注|说明|注)(?:人|员|单位|时间|日期)?\s*\d*\s*[:：(（、.].*|第\s*\d+\s*页.*|(?:以下|此处)?(?:空白|无正文).*",
    re.DOTALL,
)
_EXAMPLE = re.compile(r"(?:示例|样例|example).*", re.IGNORECASE | re.DOTALL)
_EXAMPLE_STARTS = frozenset("示样eE")


def find_header(rows: Sequence[Sequence[str]], table: Table) -> int:
    """Return the position of the row that is the header: the one with the most known columns near the top.

    Parameters
    ----------
    rows
        Text cells of a sheet, merged ranges filled.
    table
        Declaration of the table.

    Examples
    --------
    >>> from xsgeo.schemas import TABLES
    >>> find_header([["全县阵地台账", ""], ["", ""], ["编号", "名称"], ["1", "甲"]], TABLES["venues"])
    2
    """
    best, most = -1, 0
    for i, row in enumerate(rows[:_HEADER_WITHIN]):
        found = {read_header(text, table).name for text in {t.strip() for t in row} if text} - {""}
        if len(found) > most:
            best, most = i, len(found)
    if best >= 0:
        return best
    return next((i for i, row in enumerate(rows) if any(t.strip() for t in row)), 0)


def lay_out(grid: Grid, table: Table) -> RawTable:
    """Find the table in a sheet.

    Parameters
    ----------
    grid
        The sheet as it stands.
    table
        Declaration of the table that it holds.

    Returns
    -------
    RawTable
        Records under the sheet's own headers; titles, totals and the like set aside, each with a note.

    Examples
    --------
    >>> from xsgeo.schemas import TABLES
    >>> grid = Grid("a.csv", [["全县集群"], ["集群编号", "名称"], ["k", "针织"], ["合计", ""]])
    >>> raw = lay_out(grid, TABLES["clusters"])
    >>> raw.header_row, raw.cells.index.tolist(), raw.aside, [n.code for n in raw.notes]
    (2, [3], (1, 4), ['title_row', 'total_row'])
    """
    rows = _filled(grid)
    at = find_header(rows, table)
    labels = _labels(rows[at], rows[at + 1 :])
    parts = _Parts(grid, table, labels, at)
    for i, row in enumerate(rows):
        if i != at:
            parts.sort(i, row)
    return parts.finish()


def as_written(grid: Grid) -> RawTable:
    """Take the first row of a sheet as its header and every other one as a record, for tables without a declaration.

    Parameters
    ----------
    grid
        The sheet as it stands.

    Raises
    ------
    StudyError
        When rows differ in length in a file where that shifts cells, or the file itself has faults.

    Examples
    --------
    >>> as_written(Grid("a.csv", [["key", "value"], ["highway", "trunk"]])).cells.to_dict("records")
    [{'key': 'highway', 'value': 'trunk'}]
    """
    header, body = grid.rows[0], grid.rows[1:]
    width = len(header)
    expected = (("expected", str(width)),)
    faults = [
        Fault(grid.file, i, "", str(len(row)), "ragged_row", expected, grid.sheet)
        for i, row in enumerate(body, 2)
        if grid.is_ragged and len(row) != width
    ]
    if faults or grid.faults:
        raise StudyError([*faults, *grid.faults])
    labels = _labels(header, body)
    cells = [[row[c] if c < len(row) else "" for c in labels] for row in body]
    frame = pd.DataFrame(cells, columns=list(labels.values()), index=range(2, len(body) + 2), dtype=object)
    return RawTable(grid.file, frame, grid.sheet, notes=grid.notes, rows=grid.rows)


def _filled(grid: Grid) -> Sequence[Sequence[str]]:
    """Rows with each merged range holding its text throughout: downwards for rows, sideways for headers and titles."""
    if not grid.merges:
        return grid.rows
    rows = [list(row) for row in grid.rows]
    for top, left, bottom, right in grid.merges:
        text = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            for c in range(left, min(right + 1, len(row))):
                row[c] = text
    return rows


def _labels(header: Sequence[str], below: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the label of each column in use: its header, made unlike any other; the letter where it has none."""
    labels: dict[int, str] = {}
    for c, text in enumerate(header):
        plain = text.strip()
        if not plain and not any(len(row) > c and row[c].strip() for row in below):
            continue
        label = text if plain else f"{letters(c)}列"
        labels[c] = label if label not in labels.values() else f"{label} ({letters(c)}列)"
    return labels


def letters(column: int) -> str:
    """Name a column counted from 0 as a spreadsheet does.

    Examples
    --------
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    text, n = "", column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        text = chr(65 + rest) + text
    return text


class _Parts:
    """Sorts the rows of one sheet into records and what is set aside."""

    def __init__(self, grid: Grid, table: Table, labels: Mapping[int, str], at: int) -> None:
        self.grid, self.table, self.labels, self.at = grid, table, labels, at
        self.width = len(grid.rows[at])
        self.is_gapless = list(labels) == list(range(self.width))
        self.heads = {squeeze(t) for t in labels.values()}
        self.means = {c: read_header(label, table) for c, label in labels.items()}
        self.required = [c for c, h in self.means.items() if h.name and table.columns[h.name].required]
        self.keys = [c for c, h in self.means.items() if h.name == table.key]
        self.records: dict[int, list[str]] = {}
        self.totals: dict[int, list[str]] = {}
        self.aside: list[int] = []
        self.notes = list(grid.notes)
        self.faults = list(grid.faults)

    def sort(self, i: int, row: Sequence[str]) -> None:
        """Put a row with the records, or aside with what it is."""
        own = self.grid.rows[i] if self.grid.merges and i > self.at else row
        if not any(t.strip() for t in own):
            row = own  # a row that has nothing of its own is blank, whatever ranges are merged over it
        if i > self.at and (not self.grid.is_ragged or len(row) == self.width) and self._is_plain(row):
            self.records[i + 1] = self._cells(row)
            return
        said = list(dict.fromkeys(t.strip() for t in row if t.strip()))
        if i < self.at:
            self._above(i, said)
        elif self.grid.is_ragged and said and len(row) != self.width:
            # One lone cell is a footer saved without its commas; any other length shifts cells into wrong columns.
            self._below(i, row, said) if len(row) == 1 else self._ragged(i, len(row))
        else:
            self._below(i, row, said)

    def _is_plain(self, row: Sequence[str]) -> bool:
        """Whether a row is a record at first sight: enough of it is filled in, and it says something of its own.

        What `_kind` would say of it is the same; nearly all rows are plain, and this asks little of each.
        """
        first = next(filter(None, map(str.strip, row)), "")
        if not first or squeeze(first) in self.heads:
            return False
        for c in self.keys:
            key = row[c].strip() if c < len(row) else ""
            if key[:1] in _EXAMPLE_STARTS and _EXAMPLE.fullmatch(key):
                return False
        filled, wanted = 0, max(len(self.required), 1)
        for c in self.required:
            text = row[c].strip() if c < len(row) else ""
            if text and text != first:
                filled += 1
                if filled * 2 >= wanted:
                    return True
        return False

    def _cells(self, row: Sequence[str]) -> list[str]:
        if self.is_gapless and len(row) == self.width:
            return list(row)
        return [row[c] if c < len(row) else "" for c in self.labels]

    def _ragged(self, i: int, width: int) -> None:
        self.aside.append(i + 1)
        expected = str(self.width)
        self.faults.append(self._fault(i, "", str(width), "ragged_row", expected=expected))

    def _above(self, i: int, said: list[str]) -> None:
        self.aside.append(i + 1)
        if sum(looks_numeric(t) for t in said) >= _NUMBERS_OF_A_RECORD:
            self.faults.append(self._fault(i, "", "，".join(said)[:60], "row_above_header"))
        elif said:
            self._note(i, " ".join(said), "title_row")

    def _below(self, i: int, row: Sequence[str], said: list[str]) -> None:
        kind = self._kind(row, said)
        if kind == "record":
            self.records[i + 1] = self._cells(row)
            return
        self.aside.append(i + 1)
        if kind == "section_row":
            self.faults.append(self._fault(i, "", said[0], kind))
            return
        self._note(i, " ".join(said)[:60], kind)
        if kind == "total_row":
            self.totals[i + 1] = self._cells(row)

    def _kind(self, row: Sequence[str], said: list[str]) -> str:
        """Say what a row below the header is; a blank one is a record, to be counted with them."""
        if said and all(squeeze(t) in self.heads for t in said):
            return "repeated_header"
        if any(_EXAMPLE.fullmatch(row[c].strip()) for c in self.keys if c < len(row)):
            return "example_row"
        filled = sum(1 for c in self.required if c < len(row) and row[c].strip() not in {"", *said[:1]})
        if not said or filled * 2 >= max(len(self.required), 1):
            return "record"
        words = [t for t in said if not looks_numeric(t)]
        if any(_TOTAL.fullmatch(re.sub(r"\s+", "", w)) for w in words[:2]):
            return "total_row"
        if _FOOTER.fullmatch(said[0]):
            return "footer_row"
        return "section_row" if len(said) == 1 and words and len(self.labels) > 2 else "record"

    def finish(self) -> RawTable:
        """Hand the table over, once all rows are sorted."""
        self._check_merges()
        self._check_marks()
        columns = list(self.labels.values())
        records = self._frame(self.records, columns)
        return RawTable(
            self.grid.file, records, self.grid.sheet, header_row=self.at + 1, aside=tuple(sorted(self.aside)),
            totals=self._frame(self.totals, columns), faults=tuple(self.faults), notes=tuple(self.notes),
            datum=next((h.datum for h in self.means.values() if h.datum), None), rows=self.grid.rows,
            positions={label: c for c, label in self.labels.items()},
        )  # fmt: skip

    def _frame(self, rows: Mapping[int, list[str]], columns: list[str]) -> pd.DataFrame:
        return pd.DataFrame(list(rows.values()), columns=columns, index=list(rows), dtype=object)

    def _check_merges(self) -> None:
        """Merged records: say so, and refuse where filling would guess."""
        for top, left, bottom, right in self.grid.merges:
            rows = [i for i in range(top, bottom + 1) if i + 1 in self.records]
            columns = [c for c in range(left, right + 1) if c in self.labels]
            if not rows or not columns or not self._text(top, left):
                continue
            first = columns[0]
            label = self.labels[first]
            unit = self.table.columns[self.means[first].name].metadata["unit"] if self.means[first].name else ""
            span = {"first": f"{letters(left)}{top + 1}", "last": f"{letters(right)}{bottom + 1}"}
            if len(columns) > 1:
                self.faults += [self._fault(i, label, self._text(top, left), "merged_across", **span) for i in rows]
            elif len(rows) > 1 and unit in ADDITIVE_UNITS:
                self.faults += [self._fault(i, label, self._text(top, left), "merged_count", **span) for i in rows]
            elif len(rows) > 1:
                self._note(top, self._text(top, left), "merged_cells", column=label, **span)

    def _check_marks(self) -> None:
        """Cells that are not what they show: an id that lost its digits, a formula that was never worked out."""
        for (i, c), code in sorted(self.grid.marks.items()):
            if i + 1 not in self.records or c not in self.labels or self.means[c].role in {"ignored", "personal"}:
                continue
            is_id = bool(self.means[c].name) and self.table.columns[self.means[c].name].metadata["kind"] == "id"
            if code != "date" or is_id:
                shown = self._text(i, c)
                self.faults.append(self._fault(i, self.labels[c], shown, "date_in_id" if code == "date" else code))

    def _text(self, i: int, c: int) -> str:
        return self.grid.rows[i][c].strip() if c < len(self.grid.rows[i]) else ""

    def _fault(self, i: int, column: str, value: str, code: str, **details: str) -> Fault:
        return Fault(self.grid.file, i + 1, column, value, code, tuple(sorted(details.items())), self.grid.sheet)

    def _note(self, i: int, value: str, code: str, *, column: str = "", **details: str) -> None:
        pairs = tuple(sorted(details.items()))
        self.notes.append(Note(self.grid.file, i + 1, column, value, code, pairs, self.grid.sheet))


def is_subtotal(label: str) -> bool:
    """Whether the words of a total stand for the rows since the last one: 小计, or a total of something named.

    Examples
    --------
    >>> is_subtotal("小计"), is_subtotal("石浦镇合计"), is_subtotal("合 计")
    (True, True, False)
    """
    found = _TOTAL.fullmatch(re.sub(r"\s+", "", label))
    return found is not None and (bool(found["of"]) or found["word"].casefold() in {"小计", "subtotal"})
