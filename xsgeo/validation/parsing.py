"""Headers to declared columns and text cells to values, with a fault for every cell that is not understood.

Parsing comes before any question of bounds because pandas' own coercion turns ``１２３`` and ``约200`` into NaN in
silence. Coordinates may stand in one cell or two, and in the wrong order; what can be told apart for certain is told
apart with a note, and what cannot is a fault.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Hashable, Mapping

import pandas as pd

from xsgeo.cells import NUMERIC, PARSERS, stripped
from xsgeo.checked import Checked
from xsgeo.crs import DATUMS, parse_datum
from xsgeo.errors import Fault, phrase
from xsgeo.ledgers import Note, RawTable, header_words, ignored_headers, read_header, squeeze
from xsgeo.schemas import Table
from xsgeo.values import CHINA_LAT, CHINA_LON, UNITS, Unclear, read_point

_NAMELESS = re.compile(r"[A-Z]{1,3}列")


def match_headers(raw: RawTable, table: Table) -> tuple[dict[str, str], list[Fault]]:
    """Find the declared column under each header of the file.

    Parameters
    ----------
    raw
        The table as read.
    table
        Its declaration.

    Returns
    -------
    headers
        Header of the file by declared column.
    faults
        Unknown, repeated and missing columns.

    Examples
    --------
    >>> from xsgeo.schemas import TABLES
    >>> from xsgeo.ledgers import Grid, lay_out
    >>> rows = [["镇乡编号", "名称", "面积"], ["T1", "陆上镇", "9"]]
    >>> headers, faults = match_headers(lay_out(Grid("towns.csv", rows), TABLES["towns"]), TABLES["towns"])
    >>> headers, faults[0].column, faults[0].code
    ({'town_id': '镇乡编号', 'name': '名称'}, '面积', 'unknown_column')
    """
    headers: dict[str, str] = {}
    faults = []

    def wrong(label: str, code: str, **details: str) -> None:
        faults.append(Fault(raw.file, raw.header_row, label, label, code, tuple(details.items()), raw.sheet))

    for label in map(str, raw.cells.columns):
        found = read_header(label, table)
        if found.role in {"ignored", "personal", "datum"}:
            continue
        names = ("lon", "lat") if found.role == "point" else (found.name,)
        if _NAMELESS.fullmatch(label):
            wrong(label, "unnamed_column")
        elif found.role == "unknown":
            wrong(label, "unknown_column", near=_near(found.name or _resembling(squeeze(label), table), table))
        elif found.problem:
            wrong(label, "wrong_unit_header", unit=UNITS.get(table.columns[found.name].metadata["unit"], ("",))[0])
        elif any(name in headers for name in names):
            wrong(label, "repeated_column")
        else:
            headers |= dict.fromkeys(names, label)
    for name, column in table.columns.items():
        if column.required and name not in headers and not raw.has_no_columns and not may_lack(name, headers):
            wrong(column.title, "missing_column")
    return headers, faults


def may_lack(name: str, headers: Mapping[str, str]) -> bool:
    """Coordinates may be left out altogether where there are addresses to place the rows by.

    Examples
    --------
    >>> may_lack("lon", {"address": "地址"}), may_lack("lon", {"address": "地址", "lat": "纬度"})
    (True, False)
    """
    return name in {"lon", "lat"} and "address" in headers and not {"lon", "lat"} & set(headers)


def _resembling(word: str, table: Table) -> str:
    """Declared column whose header a word most resembles, empty where none does."""
    known = header_words(table)
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return known[close[0]] if close else ""


def _near(name: str, table: Table) -> str:
    return phrase("fault.near", near=f"{table.columns[name].title} {name}") if name else ""


def parse_table(raw: RawTable, table: Table) -> Checked:
    """Turn the cells of one table into values, without asking yet whether they are allowed.

    Parameters
    ----------
    raw, table
        As in `match_headers`.

    Examples
    --------
    >>> from xsgeo.schemas import TABLES
    >>> from xsgeo.ledgers import Grid, lay_out
    >>> rows = [["镇乡编号", "经度", "纬度"], ["T1", "121.87", "29.48"], ["T2", "29.46", "121.95"]]
    >>> parsed = parse_table(lay_out(Grid("towns.csv", rows), TABLES["towns"]), TABLES["towns"])
    >>> parsed.frame["lon"].tolist(), parsed.faults[-1].row, parsed.faults[-1].code
    ([121.87, nan], 3, 'swapped')
    """
    headers, faults = match_headers(raw, table)
    faults = [*raw.faults, *faults]
    cells = raw.cells[[*headers.values()]].set_axis([*headers], axis=1).apply(stripped)
    blank = (cells == "").all(axis=1)
    cells = _without_faulty(cells[~blank], headers, faults)
    parsed = Checked(raw, table, pd.DataFrame(index=cells.index), headers, (), int(blank.sum()))
    cells, found, split = _split_points(parsed, cells)
    frame, unread = _parse_columns(parsed, cells)
    faults = [*faults, *found, *unread]
    excused: set[tuple[Hashable, str]] = set()
    if table.shape == "point":
        frame, found = _unswapped(parsed, frame)
        faults += found
        excused = {(f.row, name) for f in found for name in ("lon", "lat")}
    row_datum, found = _row_datum(parsed, frame)
    return dataclasses.replace(
        parsed, frame=frame, faults=(*faults, *found), notes=(*raw.notes, *ignored_headers(raw, table), *split),
        excused=frozenset(excused), row_datum=row_datum,
    )  # fmt: skip


def _without_faulty(cells: pd.DataFrame, headers: Mapping[str, str], faults: list[Fault]) -> pd.DataFrame:
    """Cells that the reader found wrong say nothing that could be parsed."""
    named = {(f.row, f.column) for f in faults if f.row}
    for name, label in headers.items():
        rows = [row for row, column in named if column == label and row in cells.index]
        if rows:
            cells = cells.assign(**{name: cells[name].mask(cells.index.isin(rows), "")})
    return cells


def _parse_columns(parsed: Checked, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Values of every declared column, in the declared order; a column that is not there is empty."""
    table = parsed.table
    columns: dict[str, object] = {}
    faults = []
    for name, column in table.columns.items():
        if name not in cells:
            columns[name] = table.empty(name)
            continue
        kind = column.metadata["kind"]
        values, bad = PARSERS[kind](cells[name], column)
        # Missing text is an empty text: NaN would fall out of every group-by in silence.
        columns[name] = values if kind in NUMERIC else values.where(values.notna(), "")
        faults += [parsed.fault(row, name, cells.at[row, name], code, **more) for row, code, more in bad]
    return pd.DataFrame(columns, index=cells.index), faults


def _split_points(parsed: Checked, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault], list[Note]]:
    """Coordinates that stand in one cell, under a header of their own or in the first of two columns."""
    if not {"lon", "lat"} <= set(cells.columns):
        return cells, [], []
    together = parsed.headers["lon"] == parsed.headers["lat"]
    one_sided = (cells["lon"] == "") != (cells["lat"] == "")
    faults, notes = [], []
    for row in cells.index[(cells["lon"] != "") if together else one_sided]:
        text = cells.at[row, "lon"] or cells.at[row, "lat"]
        name = "lon" if cells.at[row, "lon"] else "lat"
        try:
            lon, lat = read_point(text)
        except Unclear as error:
            if together:
                faults.append(parsed.fault(row, "lon", text, error.code))
                cells.loc[row, ["lon", "lat"]] = ""
            continue
        cells.loc[row, ["lon", "lat"]] = [repr(lon), repr(lat)]
        if not together:
            notes.append(parsed.note(row, name, text, "point_split", lon=degrees_text(lon), lat=degrees_text(lat)))
    return cells, faults, notes


def degrees_text(value: float) -> str:
    """Degrees to a tenth of a metre, without idle zeros.

    Examples
    --------
    >>> degrees_text(121.9), degrees_text(29.123456789)
    ('121.9', '29.123457')
    """
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _unswapped(parsed: Checked, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows whose longitude can only be a latitude and the other way round: named, never turned."""
    swapped = frame["lon"].between(*CHINA_LAT) & frame["lat"].between(*CHINA_LON)
    faults = [
        parsed.fault(
            row,
            "lon",
            f"{degrees_text(lon)}, {degrees_text(lat)}",
            "swapped",
            lon=degrees_text(lat),
            lat=degrees_text(lon),
        )
        for row, lon, lat in frame.loc[swapped, ["lon", "lat"]].itertuples()
    ]
    return frame.assign(**{name: frame[name].mask(swapped) for name in ("lon", "lat")}), faults


def _row_datum(parsed: Checked, frame: pd.DataFrame) -> tuple[pd.Series | None, list[Fault]]:
    """Datum of each row where a column says it."""
    labels = [c for c in parsed.raw.cells.columns if read_header(str(c), parsed.table).role == "datum"]
    if not labels or parsed.table.shape != "point":
        return None, []
    texts = stripped(parsed.raw.cells.loc[frame.index, labels[0]])
    datums = texts.map(parse_datum)
    unknown = texts[(texts != "") & datums.isna()]
    faults = [
        parsed.fault(row, labels[0], text, "unknown_datum", choices="、".join(DATUMS)) for row, text in unknown.items()
    ]
    return datums.where(datums.notna(), None), faults
