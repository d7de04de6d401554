"""What the header of a column means: a declared column, both coordinates, a datum, a person, or nothing of ours.

A declared column is found under its own name, its title and every synonym of its declaration, with a unit or a datum
in brackets or without. Columns with names and telephones of people are known by their headers and not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from xsgeo.crs import Datum, parse_datum
from xsgeo.ledgers.grids import Note, RawTable
from xsgeo.schemas import TABLES, Table
from xsgeo.values import UNITS, fold_width, is_unit

_SAME_HEADER = re.compile(r" \([A-Z]+列\)$")

_COORDINATES = frozenset(
    {
        "坐标", "经纬度", "坐标经纬度", "经纬度坐标", "位置坐标", "地理坐标", "坐标位置", "定位", "坐标经度,纬度",
        "坐标经度纬度", "经度,纬度", "经度/纬度", "经度、纬度", "coordinates", "coordinate", "lonlat",
        "latlon", "latlng", "lnglat", "lon,lat", "lat,lon",
    }
)  # fmt: skip
_DATUM_HEADERS = frozenset({"坐标系", "坐标系统", "坐标系类型", "坐标类型", "坐标基准", "datum", "crs"})
_PERSONAL = frozenset(
    {
        "责任人", "负责人", "联系人", "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "身份证",
        "身份证号", "身份证号码", "法人", "法定代表人", "法人代表", "管理员", "填报人", "填表人", "姓名", "工会主席",
        "phone", "contact",
    }
)  # fmt: skip
_IGNORED = frozenset(
    {
        "序号", "序", "备注", "说明", "no", "填报单位", "填报日期", "填表日期", "xsgeo提示", "xsgeosays", "remark",
        "remarks", "note", "notes",
    }
)  # fmt: skip
_HARMLESS = frozenset(
    {
        "必填", "选填", "可选", "可不填", "可空", "全称", "单选", "多选", "下拉选择", "如有", "e", "n", "东经", "北纬",
        "十进制", "小数", "十进制度", "数字", "整数",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Header:
    """What one header means.

    Attributes
    ----------
    role
        ``column`` (declared), ``point`` (both coordinates in one cell), ``datum``, ``personal``, ``ignored`` or
        ``unknown``.
    name
        Declared column, where it is one or where it was meant.
    problem
        ``wrong_unit`` where it names a unit that is not the declared one.
    datum
        Datum that it names.
    """

    role: str
    name: str = ""
    problem: str = ""
    datum: Datum | None = None


def squeeze(text: str) -> str:
    """Fold a header or a word so that width, blanks, brackets and case do not matter.

    Examples
    --------
    >>> squeeze(" 建筑面积（平方米） ") == squeeze("建筑面积(平方米)")
    True
    """
    if text.isascii() and text.isalnum():
        return text.casefold()
    return re.sub(r"[\s_()\[\]【】:*]+", "", fold_width(text)).casefold()


@lru_cache(maxsize=64)
def _names(table: str) -> Mapping[str, str]:
    """Declared column by squeezed header."""
    names: dict[str, str] = {}
    for name, column in TABLES[table].columns.items():
        for word in (name, column.title, *column.metadata["synonyms"]):
            names.setdefault(squeeze(word), name)
    return MappingProxyType(names)


def header_words(table: Table) -> Mapping[str, str]:
    """Declared column by every header that means it, squeezed.

    Examples
    --------
    >>> header_words(TABLES["venues"])["建筑面积"]
    'area_m2'
    """
    return _names(table.name)


def read_header(text: str, table: Table) -> Header:
    """Say what a header means.

    Parameters
    ----------
    text
        Header as written.
    table
        Declaration of the table.

    Examples
    --------
    >>> read_header("＊面积（㎡）", TABLES["venues"]).name, read_header("面积(亩)", TABLES["venues"]).problem
    ('area_m2', 'wrong_unit')
    >>> read_header("经度（高德）", TABLES["venues"]).datum, read_header("备注", TABLES["venues"]).role
    ('GCJ-02', 'ignored')
    """
    names = header_words(table)
    plain = fold_width(_SAME_HEADER.sub("", text))
    word = squeeze(plain)
    if word in names:
        return Header("column", names[word])
    if table.shape == "point" and word in _COORDINATES:
        return Header("point")
    for role, words in (("datum", _DATUM_HEADERS), ("personal", _PERSONAL), ("ignored", _IGNORED)):
        if word in words:
            return Header(role)
    qualified = re.fullmatch(r"\W*(.+?)\s*[(\[【/:]\s*(.+?)\s*[)\]】]?\W*", plain)
    if qualified:
        return _qualified(squeeze(qualified[1]), qualified[2], table)
    return _with_affix(word, table)


def _qualified(base: str, inside: str, table: Table) -> Header:
    """Header with something in brackets: a unit, a datum, or a word that changes nothing."""
    names = header_words(table)
    if base in _COORDINATES and table.shape == "point":
        return Header("point", datum=parse_datum(inside))
    if base not in names:
        return Header("personal" if base in _PERSONAL else "ignored" if base in _IGNORED else "unknown")
    name = names[base]
    datum = parse_datum(inside)
    if datum and name in {"lon", "lat"}:
        return Header("column", name, datum=datum)
    if _says_unit(inside, table.columns[name].metadata["unit"]) or squeeze(inside) in _HARMLESS:
        return Header("column", name)
    return Header("column", name, problem="wrong_unit") if is_unit(inside) else Header("unknown", name)


def _with_affix(word: str, table: Table) -> Header:
    """Header with a unit behind it or a datum before it, without brackets."""
    names = header_words(table)
    for cut in range(1, len(word)):
        base, rest = word[:cut], word[cut:]
        if base in names and _says_unit(rest, table.columns[names[base]].metadata["unit"]):
            return Header("column", names[base])
        if names.get(rest) in {"lon", "lat"} and parse_datum(base):
            return Header("column", names[rest], datum=parse_datum(base))
    return Header("unknown")


def _says_unit(word: str, unit: str) -> bool:
    return squeeze(word) in {squeeze(w) for w in UNITS.get(unit, ())}


def ignored_headers(raw: RawTable, table: Table) -> Iterator[Note]:
    """Notes on the columns that are not read: numbering, remarks, people.

    Examples
    --------
    >>> import pandas as pd
    >>> raw = RawTable("a.csv", pd.DataFrame(columns=["名称", "备注", "联系电话"]))
    >>> [note.code for note in ignored_headers(raw, TABLES["venues"])]
    ['ignored_column', 'personal_column']
    """
    for label in map(str, raw.cells.columns):
        role = read_header(label, table).role
        if role in {"ignored", "personal"}:
            yield Note(raw.file, raw.header_row, label, label, f"{role}_column", (), raw.sheet)
