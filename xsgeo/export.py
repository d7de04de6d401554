"""Tables as bytes: CSV, Excel workbook, GeoPackage, JSON. The same rows give the same bytes, and nothing in them runs.

A venue called ``=HYPERLINK("...")`` is a name, and stays one. Workbook writers turn such text into live formulas and
addresses into links unless told not to, and a CSV file cannot even say that a cell is text: there, and only there, the
cell gets an apostrophe in front, as OWASP advises, and the manifest names it. Numbers are never prefixed. GeoPackage
and JSON run nothing and stay as they are.

Writers stamp what they write with the moment; here the moment is fixed. Rows are sorted by their index unless their
order means something. A CSV file begins with a byte-order mark, because Excel takes it for GBK otherwise; `xsgeo.io`
reads either.

Each writer takes a table that `plain` has prepared and returns the bytes with a note of the cells it had to change.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from xsgeo.crs import WGS84

if TYPE_CHECKING:
    from collections.abc import Iterator

Changed = list[dict[str, object]]
"""Cells a writer changed: ``row`` as a spreadsheet counts, ``column``, ``change``."""

DECIMALS = 9
"""Decimals of a number in a file; the ninth of a degree is a tenth of a millimetre."""

WORKBOOK_OPTIONS: Mapping[str, Any] = MappingProxyType(
    {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
)
"""What xlsxwriter is always opened with: a text is written as text, so nothing typed into a ledger runs."""

WORKBOOK_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # a workbook's property has no zone
"""When workbooks for filling in were made, as they say: whenever it was, or equal ones would not be equal."""

_LIVE = "=+-@"
_BLANK_STARTS = "\t\r\n"
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_LONGEST_CELL = 32_767
_LARGEST_EXACT = 2**53
_FIXED = dt.datetime(1980, 1, 1)  # noqa: DTZ001  # what a zip file holds has no zone
_FIXED_GPKG = "1980-01-01T00:00:00Z"


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows sorted by index, equal ones by what they hold, so that the order they came in is forgotten.

    Parameters
    ----------
    frame
        Any table.

    Returns
    -------
    pandas.DataFrame
        The same rows.

    Examples
    --------
    >>> ordered(pd.DataFrame({"n": [1, 2]}, index=["b", "a"])).index.tolist()
    ['a', 'b']
    """
    if frame.index.is_unique:
        return frame.sort_index()
    texts = [tuple(map(str, row)) for row in frame.itertuples(index=False, name=None)]
    places = sorted(range(len(frame)), key=lambda i: (str(frame.index[i]), texts[i]))
    return frame.iloc[places]


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn a table into columns of text, numbers and flags, the index first; points become lon and lat.

    Parameters
    ----------
    frame
        Any table; a GeoDataFrame keeps its geometry in the column ``geometry``.

    Returns
    -------
    pandas.DataFrame
        A new table with a plain index. Numbers are rounded to `DECIMALS`, tallies and lists become JSON, categories
        become text, missing values None.

    Examples
    --------
    >>> table = pd.DataFrame({"towns": [{"T1": 9}], "share": [1 / 3]}, index=pd.Index(["g"], name="gap_id"))
    >>> plain(table).to_dict("records")
    [{'gap_id': 'g', 'towns': '{"T1": 9}', 'share': 0.333333333}]
    """
    table = pd.DataFrame(frame.reset_index() if frame.index.names != [None] else frame.reset_index(drop=True))
    table.columns = _names(table.columns)
    return pd.DataFrame(
        {c: table[c] if c == "geometry" else pd.Series(list(map(_value, table[c])), dtype=object) for c in table}
    )


def _names(columns: pd.Index) -> list[str]:
    """Text of each header, those that repeat with a number behind."""
    seen: dict[str, int] = {}
    names = []
    for column in map(_text, columns):
        seen[column.casefold()] = seen.get(column.casefold(), 0) + 1
        count = seen[column.casefold()]
        names.append(column if count == 1 else f"{column}.{count}")
    return names


def _value(value: object) -> object:
    if isinstance(value, Mapping | list | tuple | set | frozenset | np.ndarray):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return _text(json.dumps(items, ensure_ascii=False, sort_keys=True, default=str))
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return round(float(value), DECIMALS) + 0.0 if math.isfinite(value) else str(float(value))
    return _text(value)


def _text(value: object) -> str:
    """Text that can be written as UTF-8 and holds no zero byte, where half of all readers stop."""
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def is_live(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV file could take this text for a formula.

    Examples
    --------
    >>> [is_live(t) for t in ("=1+1", "＝1+1", " @SUM(A1)", "-5", "+86 574", "石浦=鹤浦")]
    [True, True, True, False, True, False]
    """
    if _NUMBER.fullmatch(text):
        return False
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return first in tuple(_LIVE) or text[:1] in tuple(_BLANK_STARTS)


def to_csv(table: pd.DataFrame, title: str = "") -> tuple[bytes, Changed]:
    """CSV in UTF-8 with a byte-order mark; shapes as well-known text.

    Parameters
    ----------
    table
        From `plain`.
    title
        Not used: a CSV file has no place for it.

    Examples
    --------
    >>> to_csv(pd.DataFrame({"name": ["=1+1"]}))[1]
    [{'row': 2, 'column': 'name', 'change': 'prefixed'}]
    """
    table = _with_text_shapes(table)
    changed: Changed = []
    columns = {}
    for column in table:
        live = [isinstance(v, str) and is_live(v) for v in table[column]]
        changed += [{"row": i + 2, "column": column, "change": "prefixed"} for i, is_one in enumerate(live) if is_one]
        values = [f"'{v}" if is_one else v for v, is_one in zip(table[column], live, strict=True)]
        header = f"'{column}" if is_live(column) else column
        changed += [{"row": 1, "column": column, "change": "prefixed"}] * (header != column)
        columns[header] = pd.Series(values, dtype=object)
    # With this line end a cell that holds a bare carriage return is quoted; else a reader would begin a new row there.
    text = pd.DataFrame(columns, columns=list(columns)).to_csv(index=False, lineterminator="\r\n")
    return ("\ufeff" + text).encode("utf-8"), sorted(changed, key=lambda c: (c["row"], c["column"]))


def to_xlsx(table: pd.DataFrame, title: str = "") -> tuple[bytes, Changed]:
    """Excel workbook of one sheet, in which every text is a text.

    Parameters
    ----------
    table
        From `plain`.
    title
        Name of the sheet; letters Excel refuses are left out.

    Examples
    --------
    >>> to_xlsx(pd.DataFrame({"name": ["=1+1"]}))[1]
    []
    """
    import xlsxwriter

    table = _with_text_shapes(table)
    changed: Changed = []
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, dict(WORKBOOK_OPTIONS)) as book:
        book.set_properties({"created": _FIXED, "author": "xsgeo", "title": title[:255]})
        sheet = book.add_worksheet(sheet_name(title))
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(table):
            cells = [column, *table[column]]
            widths = [text_width(str(c)[:60]) for c in cells if c is not None]
            sheet.set_column(number, number, min(max(widths) + 2, 60))
            for row, value in enumerate(cells):
                if isinstance(value, str) and len(value) > _LONGEST_CELL:
                    value = value[: _LONGEST_CELL - 1] + "…"  # noqa: PLW2901
                    changed.append({"row": row + 1, "column": column, "change": "cut"})
                _write_cell(sheet, row, number, value, bold if row == 0 else None)
    return stream.getvalue(), sorted(changed, key=lambda c: (c["row"], c["column"]))


def _write_cell(sheet: Any, row: int, column: int, value: object, look: Any) -> None:
    """Write a cell as what it is; `write` would guess."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float) and abs(value) <= _LARGEST_EXACT:
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value), look)


def text_width(text: str) -> int:
    """Columns a text takes on the screen: a Chinese letter takes two.

    Examples
    --------
    >>> text_width("区·块"), text_width("A4")
    (5, 2)
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def sheet_name(title: str) -> str:
    r"""Name of a sheet that Excel takes: 31 letters at most, without ``[]:*?/\`` and outer apostrophes.

    Examples
    --------
    >>> sheet_name("覆盖/镇乡[2026]"), sheet_name("'"), sheet_name("History")
    ('覆盖镇乡2026', 'xsgeo', 'History_')
    """
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", title)[:31].strip("' ")
    return "History_" if name.casefold() == "history" else name or "xsgeo"


def to_gpkg(table: pd.DataFrame, title: str = "") -> tuple[bytes, Changed]:
    """GeoPackage of one layer in EPSG:4326, placed by ``geometry`` or ``lon`` and ``lat``; a plain table without them.

    Parameters
    ----------
    table
        From `plain`.
    title
        Name of the layer.
    """
    import geopandas as gpd
    import pyogrio

    flat = pd.DataFrame({c: _one_type(table[c]) for c in table if c != "geometry"})
    if "fid" in {c.casefold() for c in flat}:  # the row number of the format itself
        flat = flat.rename(columns={c: c + "_" for c in flat if c.casefold() == "fid"})
    shape = None
    if "geometry" in table:
        shape = gpd.GeoSeries(list(table["geometry"]), crs=WGS84)
    elif {"lon", "lat"} <= set(flat) and flat[["lon", "lat"]].dtypes.map(pd.api.types.is_numeric_dtype).all():
        shape = gpd.GeoSeries(gpd.points_from_xy(flat["lon"].astype(float), flat["lat"].astype(float)), crs=WGS84)
    stream = io.BytesIO()
    with _fixed_date():
        ready = flat if shape is None else gpd.GeoDataFrame(flat, geometry=shape)
        pyogrio.write_dataframe(ready, stream, driver="GPKG", layer=_NOT_LAYER.sub("_", title) or "xsgeo")
    return stream.getvalue(), []


_NOT_LAYER = re.compile(r"[^\w（）()·-]+")


def _one_type(cells: pd.Series) -> pd.Series:
    """A column of one type, since a layer has no other; text where the cells disagree."""
    kinds = {type(v) for v in cells if v is not None}
    if kinds == {bool}:
        return cells.astype("boolean") if cells.isna().any() else cells.astype(bool)
    if kinds == {int} and all(abs(v) < 2**63 for v in cells if v is not None):
        return cells.astype("Int64") if cells.isna().any() else cells.astype("int64")
    if kinds and kinds <= {int, float}:
        return cells.astype(float)
    return cells.map(lambda v: v if v is None else str(v))


@contextmanager
def _fixed_date() -> Iterator[None]:
    """GDAL stamps the moment into a layer, unless told which."""
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_GPKG})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def to_json(table: pd.DataFrame, title: str = "") -> tuple[bytes, Changed]:
    """JSON, one record a row; shapes as well-known text.

    Parameters
    ----------
    table
        From `plain`.
    title
        Not used: the records are the whole text.

    Examples
    --------
    >>> to_json(pd.DataFrame({"name": ["=1+1"]}))[0].decode().split()
    ['[', '{"name":', '"=1+1"}', ']']
    """
    records = _with_text_shapes(table).to_dict("records")
    lines = ",\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    return f"[\n{lines}\n]\n".encode(), []


def _with_text_shapes(table: pd.DataFrame) -> pd.DataFrame:
    if "geometry" not in table:
        return table
    import shapely

    shapes = np.array(list(table["geometry"]), dtype=object)
    return table.assign(geometry=pd.Series(list(shapely.to_wkt(shapes, rounding_precision=DECIMALS)), dtype=object))


WRITERS: Mapping[str, Callable[[pd.DataFrame, str], tuple[bytes, Changed]]] = MappingProxyType(
    {".csv": to_csv, ".xlsx": to_xlsx, ".gpkg": to_gpkg, ".json": to_json}
)
"""The formats of a table, by suffix."""
