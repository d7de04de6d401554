"""The cells of one column to values, by the kind that is declared of it.

Each parser takes the texts of a column and gives the values together with the rows it could not read, so that a table
is parsed column by column and no cell is guessed. A ledger says the same things over and over, eight thousand rows and
forty ways to write their hours, so each distinct text is read once and looked up afterwards.

A parser says only that a text is a value of its kind; whether the value is allowed is asked later
(`xsgeo.validation.check_bounds`), since names become ids and degrees become WGS-84 in between.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from xsgeo import hours, timetables
from xsgeo.catalogue import WORDS
from xsgeo.errors import HoursError, phrase
from xsgeo.ledgers import squeeze
from xsgeo.values import Unclear, fold_width, is_error, is_rounded_id, read_date, read_degrees, read_number

BLANK = frozenset({"", "nan", "null", "-", "/", "－", "／", "—", "——", "–", "不详", "未知", "暂无"})
"""What people write where they have nothing to say, in small letters."""

_LONGEST_BLANK = 5
_ROUNDED_FROM = 15
_REST = re.compile(r"休息|放假|轮休|调休|休假|闭|\boff\b")
_TRUE = frozenset({"1", "true", "yes", "y", "是", "有"})
_FALSE = frozenset({"0", "false", "no", "n", "否", "无"})

NUMERIC = frozenset({"integer", "number", "flag", "weights", "geometry"})
"""Kinds whose missing values are NaN or None; a missing text is an empty one."""

Bad = list[tuple[Hashable, str, dict[str, object]]]
Parser = Callable[[pd.Series, pa.Column], tuple[pd.Series, Bad]]


def stripped(cells: pd.Series) -> pd.Series:
    """Text of each cell without blanks around it; shapes stay, and what stands for nothing is empty.

    Examples
    --------
    >>> stripped(pd.Series([" 12 ", "——", None], dtype=object)).tolist()
    ['12', '', '']
    """
    values = cells.to_list()
    if set(map(type, values)) <= {str}:
        clean = {v: _said(v) for v in set(values)}
        return pd.Series([clean[v] for v in values], index=cells.index, dtype=object)
    return pd.Series([_strip(v) for v in values], index=cells.index, dtype=object)


def _strip(value: object) -> object:
    if isinstance(value, shapely.Geometry):
        return value
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else _said(str(value))


def _said(text: str) -> str:
    """Text without blanks around it, empty where it stands for nothing."""
    text = text.strip()
    return "" if len(text) < _LONGEST_BLANK and text.casefold() in BLANK else text


def _each(cells: pd.Series, read: Callable[[str], Any], code: str) -> tuple[pd.Series, Bad]:
    """Read each distinct text once; `read` raises ValueError for a bad one, which may say its own code and details."""
    texts = cells.to_list()
    values: dict[str, Any] = dict.fromkeys(texts)
    wrong: dict[str, tuple[str, dict[str, object]]] = {}
    for text in values:
        if not text:
            continue
        try:
            values[text] = read(text)
        except Unclear as error:
            wrong[text] = (error.code, dict(error.details))
        except ValueError as error:
            residue = error.residue if isinstance(error, HoursError) else ""
            wrong[text] = (code, {"residue": residue})
    bad: Bad = []
    if wrong:
        bad = [(row, *wrong[text]) for row, text in zip(cells.index, texts, strict=True) if text in wrong]
    return pd.Series([values[t] for t in texts], index=cells.index, dtype=object), bad


def _flag(text: str) -> bool:
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def _parse_number(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    unit, axis = column.metadata["unit"], column.metadata["axis"]
    values, bad = _each(
        cells, lambda t: read_degrees(t, axis=axis) if axis else read_number(t, unit=unit), "not_a_number"
    )
    return values.astype(float), bad


def _parse_integer(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    unit = column.metadata["unit"]
    values, bad = _each(cells, lambda t: read_number(t, unit=unit), "not_a_number")
    numbers = values.astype(float)
    bad += [(row, "not_an_integer", {}) for row in numbers.index[(numbers % 1).fillna(0) != 0]]
    return numbers.where(numbers % 1 == 0), bad


def _parse_flag(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _flag, "not_a_flag")


def _text(text: str) -> str:
    if is_error(text):
        code = "error_cell"
        raise Unclear(code)
    return unicodedata.normalize("NFC", text)


def _id(text: str) -> str:
    # Nearly all ids are E0012 or 330225101, which neither fold nor have lost a digit.
    if text.isascii() and text.isalnum() and (text[0].isalpha() or (text.isdigit() and len(text) < _ROUNDED_FROM)):
        return text
    if is_rounded_id(text):
        code = "long_number"
        raise Unclear(code)
    return fold_width(_text(text))


def _parse_text(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _text, "missing_value")


def _parse_id(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _id, "missing_value")


def _parse_date(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, read_date, "not_a_date")


def _parse_time(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, lambda t: timetables.write_time(timetables.read_time(t)), "not_a_time")


def _parse_times(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, lambda t: "|".join(map(timetables.write_time, timetables.read_times(t))), "not_a_time")


def _parse_hours(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, lambda t: hours.parse_hours(t).text, "unreadable_hours")


def _free_hours(text: str) -> str:
    """Refuse a rest day among free hours: of a door 周日休息 says that it is shut, of a worker that he is free."""
    rest = _REST.search(text)
    if rest:
        raise HoursError(text, rest.group())
    return hours.parse_hours(text).text


def _parse_free_hours(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    return _each(cells, _free_hours, "unreadable_free_hours")


def _words(choices: tuple[str, ...]) -> dict[str, str]:
    """Every word that means a choice: its code, and the catalogue's Chinese and English."""
    words: dict[str, str] = {}
    for choice in choices:
        for word in (choice, *WORDS[f"choice.{choice}"]):
            words.setdefault(squeeze(word), choice)
    return words


def listed(choices: tuple[str, ...]) -> str:
    """Detail of a fault that names the choices there are, in the reader's language.

    Examples
    --------
    >>> listed(()), listed(("open",)) == phrase("choice.open")
    ('', True)
    """
    return phrase(*(f"choice.{c}" for c in choices))


def _parse_choice(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    # An unknown word is passed on as it is: the declared check names it together with the words it may be.
    words = _words(column.metadata["choices"])
    return _each(cells, lambda t: words.get(squeeze(t), t), "not_a_choice")


def _parse_set(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    words = _words(column.metadata["choices"])

    def read(text: str) -> str:
        members = [words.get(squeeze(part)) for part in re.split(r"[|、,，;；]", text) if part.strip()]
        if None in members:
            raise ValueError(text)
        return "|".join(dict.fromkeys(m for m in members if m is not None))

    values, bad = _each(cells, read, "not_a_choice")
    choices = listed(column.metadata["choices"])
    return values, [(row, code, {"choices": choices}) for row, code, _ in bad]


def _parse_weights(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    def read(text: str) -> tuple[float, ...]:
        try:
            weights = tuple(read_number(part) for part in fold_width(text).split())
        except Unclear:
            raise ValueError(text) from None
        if len(weights) != 12 or min(weights) < 0:
            raise ValueError(text)
        return weights

    return _each(cells, read, "not_weights")


def _parse_geometry(cells: pd.Series, column: pa.Column) -> tuple[pd.Series, Bad]:
    shapes = np.array([c if isinstance(c, shapely.Geometry) else None for c in cells], dtype=object)
    written = np.array([s is None for s in shapes], dtype=bool)
    shapes[written] = shapely.from_wkt(cells.to_numpy()[written], on_invalid="ignore")
    good = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    bounds = shapely.bounds(shapes)
    good &= np.isfinite(bounds).all(axis=1)
    in_degrees = (np.abs(bounds) <= np.array([180.0, 90.0, 180.0, 90.0])).all(axis=1)
    bad: Bad = [(row, "not_degrees", {}) for row in cells.index[good & ~in_degrees]]
    bad += [(row, "unreadable_shape", {}) for row in cells.index[~good | (in_degrees & ~shapely.is_valid(shapes))]]
    shapes[~good | ~in_degrees | ~shapely.is_valid(shapes)] = None
    return pd.Series(shapes, index=cells.index, dtype=object), bad


PARSERS: Mapping[str, Parser] = MappingProxyType(
    {
        "id": _parse_id,
        "text": _parse_text,
        "integer": _parse_integer,
        "number": _parse_number,
        "flag": _parse_flag,
        "date": _parse_date,
        "choice": _parse_choice,
        "set": _parse_set,
        "time": _parse_time,
        "times": _parse_times,
        "hours": _parse_hours,
        "free_hours": _parse_free_hours,
        "weights": _parse_weights,
        "geometry": _parse_geometry,
    }
)
