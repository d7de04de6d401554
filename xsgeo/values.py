"""One text of a ledger to one value: read when it is certain, refused with the reason when it is not.

Town offices write numbers as people do: ``１２０``, ``1,200``, ``120人``, ``一百二十``, ``约200``, ``200多``. All but
the last two say exactly one number and are read. The last two do not, and a planner who wants them counted as 200 can
write 200; a reader that strips 约 would turn somebody's guess into a figure. The same holds for coordinates: degrees,
minutes and seconds are read in the forms that have one meaning, two numbers in one cell are told apart by China's own
ranges (longitudes 73-136, latitudes 3-54 do not overlap), and a longitude in the column of latitudes is named, never
turned.

Chinese numerals are read by writing the result out again: only what comes back character for character was understood,
so 一百二 (102 to a machine, 120 to a speaker) is refused.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NoReturn

Axis = Literal["lon", "lat"]

CHINA_LON = (73.0, 136.0)
CHINA_LAT = (3.0, 54.0)
"""Degrees of China, generously; that the two do not overlap is what tells a swapped pair."""

UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person": ("人", "名", "个人", "位"),
        "m2": ("平方米", "平米", "平方", "m2", "㎡", "m^2", "sqm"),
        "m": ("米", "m"),
        "min": ("分钟", "min", "分"),
        "km/h": ("公里/时", "公里/小时", "千米/时", "km/h", "公里每小时"),
        "degree": ("度", "°"),
        "year": ("年",),
        "employer": ("家", "个单位", "家单位", "户"),
        "star": ("星级", "颗星", "星"),
    }
)
"""Words that say a declared unit, in a cell or in a header."""

_OTHER_UNITS = (
    "万人", "千人", "家", "户", "间", "处", "个", "座", "亩", "公顷", "公里", "千米", "km", "平方公里", "小时", "天",
    "元", "万元", "%",
)  # fmt: skip

_ANY_UNIT = "|".join(re.escape(u) for u in (*_OTHER_UNITS, *(w for words in UNITS.values() for w in words)))

_PLAIN = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_TIMES_WRITTEN = re.compile(r"([+-]?\d+(?:\.\d+)?)([百千万亿])")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_ABOUT = re.compile(
    r"^(?:大约|大概|约|近|将近|超过?|逾|至少|至多|不足|不到|不少于|上)|(?:左右|上下|以上|以下|以内|多|余|几|\+)$|^[>＞<＜≥≤≈~]|[几数]"
)
_RANGE = re.compile(r"[\d.,]+\s*(?:-|~|—|–|至|到)\s*[\d.,]+")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::[\d.]+)?)?")
_LONG_ID = re.compile(r"\d{15}\d*0+|\d(?:\.\d+)?[eE]\+?(?:1[5-9]|[2-9]\d)")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})

_DIGITS = "零一二三四五六七八九"
_FINANCIAL = str.maketrans("〇○壹贰叁肆伍陆柒捌玖拾佰仟萬億两兩", "零零一二三四五六七八九十百千万亿二二")
_STEPS: Mapping[str, int] = MappingProxyType({"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000})
_CHINESE = re.compile(r"[零一二三四五六七八九十百千万亿]+")

_DMS = re.compile(
    r"(?P<before>东经|西经|北纬|南纬|[EWNS])?\s*(?P<sign>-?)(?P<deg>\d{1,3}(?:\.\d+)?)\s*[°度d]?\s*"
    r"(?:(?P<min>\d{1,2}(?:\.\d+)?)\s*(?:['′’‘分])\s*)?(?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:''|′′|[\"″”“秒])\s*)?"
    r"(?P<after>东经|西经|北纬|南纬|[EWNS])?",
    re.IGNORECASE,
)
_PARTED = re.compile(r"(\d{1,3})[: ](\d{1,2})[: ](\d{1,2}(?:\.\d+)?)")
_SIDES: Mapping[str, tuple[Axis, int]] = MappingProxyType(
    {
        "东经": ("lon", 1), "E": ("lon", 1), "西经": ("lon", -1), "W": ("lon", -1),
        "北纬": ("lat", 1), "N": ("lat", 1), "南纬": ("lat", -1), "S": ("lat", -1),
    }
)  # fmt: skip


class Unclear(ValueError):  # noqa: N818 - it says what the text is, and is caught as a ValueError
    """A text that is not certainly a value; `code` is the fault, `details` its sentence needs."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


def _refuse(code: str, **details: str) -> NoReturn:
    raise Unclear(code, **details)


def fold_width(text: str) -> str:
    """Fold full-width characters, odd degree signs and the typographic minus.

    Examples
    --------
    >>> fold_width("１２１º５６′，−３")
    '121°56′,-3'
    """
    if text.isascii():
        return text.strip()
    plain = re.sub(r"[º˚]", "°", text).replace("−", "-").replace("″", '"')
    return unicodedata.normalize("NFKC", plain).strip()


def is_error(text: str) -> bool:
    """Whether a cell shows the error of a formula, like ``#REF!``."""
    return text.upper() in _ERRORS


def read_number(text: str, *, unit: str = "") -> float:
    """Return the one number a text says.

    Parameters
    ----------
    text
        Text of a cell, not empty.
    unit
        Declared unit of the column, a key of `UNITS`; that unit may follow the number.

    Raises
    ------
    Unclear
        ``approximate_number``, ``number_range``, ``date_in_number``, ``wrong_unit``, ``long_number``, ``error_cell`` or
        ``not_a_number``.

    Examples
    --------
    >>> read_number("１,２００"), read_number("12人", unit="person"), read_number("一百二十"), read_number("1.2万")
    (1200.0, 12.0, 120.0, 12000.0)
    >>> read_number("约200")
    Traceback (most recent call last):
        ...
    xsgeo.values.Unclear: approximate_number
    """
    plain = fold_width(text)
    if _PLAIN.fullmatch(plain):
        return float(plain.replace(",", ""))
    _refuse_other_things(plain)
    bare = _without_unit(plain, unit)
    if bare != plain and _PLAIN.fullmatch(bare):
        return float(bare.replace(",", ""))
    times = _TIMES_WRITTEN.fullmatch(bare)
    if times:
        return round(float(times[1]) * _STEPS[times[2]], 6)
    number = _chinese_number(bare)
    if number is not None:
        return float(number)
    if _ABOUT.search(bare) and re.search(rf"[\d{_DIGITS}十百千万]", bare):
        _refuse("approximate_number", number="".join(re.findall(r"[\d.]+", bare)[:1]))
    if re.fullmatch(rf".*?[\d{_DIGITS}十百千万]\s*(?:{_ANY_UNIT})", bare):
        _refuse("wrong_unit", unit=UNITS[unit][0] if unit in UNITS else "")
    _refuse("not_a_number")


def _refuse_other_things(plain: str) -> None:
    if is_error(plain):
        _refuse("error_cell")
    if _DATE.fullmatch(plain):
        _refuse("date_in_number")
    if _SCIENTIFIC.fullmatch(plain) and _LONG_ID.fullmatch(plain):
        _refuse("long_number")
    if _RANGE.fullmatch(re.sub(r"[^\d.,~—–至到-]+$", "", plain)):
        _refuse("number_range")


def _without_unit(plain: str, unit: str) -> str:
    """Take the declared unit off, longest word first."""
    for word in sorted(UNITS.get(unit, ()), key=len, reverse=True):
        folded = fold_width(word)
        if plain.casefold().endswith(folded.casefold()) and len(plain) > len(folded):
            return plain[: -len(folded)].strip()
    return plain


def _chinese_number(text: str) -> int | None:
    """Number of a Chinese numeral, or None where it is none or may be read in two ways."""
    plain = text.translate(_FINANCIAL)
    if not _CHINESE.fullmatch(plain):
        return None
    if len(plain) >= 4 and not set(plain) & set(_STEPS):
        return int("".join(str(_DIGITS.index(c)) for c in plain))
    total = section = digit = 0
    for character in plain:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif _STEPS[character] < 10_000:
            section += (digit or 1) * _STEPS[character]
            digit = 0
        else:
            below = section + digit
            total = (total + below) * _STEPS[character] if character == "亿" else total + below * _STEPS[character]
            section = digit = 0
    number = total + section + digit
    written = _write_chinese(number)
    return number if plain in {written, written.removeprefix("一") if written.startswith("一十") else written} else None


def _write_chinese(number: int) -> str:
    """Write a number below 10**12 out in full.

    Examples
    --------
    >>> _write_chinese(120), _write_chinese(1005), _write_chinese(20300)
    ('一百二十', '一千零五', '二万零三百')
    """
    if number == 0:
        return _DIGITS[0]
    text, gap = "", False
    for step, mark in ((100_000_000, "亿"), (10_000, "万"), (1, "")):
        section = number // step % 10_000
        if not section:
            gap = bool(text)
            continue
        text += ("零" if text and (gap or section < 1000) else "") + _write_section(section) + mark
        gap = False
    return text


def _write_section(number: int) -> str:
    text, gap = "", False
    for step, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // step % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + mark
        gap = digit == 0
    return text


def read_degrees(text: str, *, axis: Axis) -> float:
    """Return the degrees a text says: decimal, or degrees, minutes and seconds.

    Parameters
    ----------
    text
        Text of a cell, not empty.
    axis
        Whether the column holds longitudes or latitudes.

    Raises
    ------
    Unclear
        ``wrong_axis`` when the text says that it is the other one, ``bad_degrees`` when minutes or seconds are 60 or
        more, ``two_in_one`` when it holds two numbers, ``not_degrees_text`` and what `read_number` refuses.

    Examples
    --------
    >>> read_degrees("121°56′12″", axis="lon"), read_degrees("北纬29度12.6分", axis="lat")
    (121.936666666667, 29.21)
    """
    plain = fold_width(text)
    if _PLAIN.fullmatch(plain) and "," not in plain:
        return float(plain)
    parted = _PARTED.fullmatch(plain)
    if parted:
        return _whole_degrees(*(float(p) for p in parted.groups()), sign=1, fraction=False)
    found = _DMS.fullmatch(plain)
    if not found:
        _refuse_other_things(plain)
        if re.search(r"\d[^\d]*[,;、/\s][^\d]*\d", plain) and len(re.findall(r"\d+\.\d+|\d+°", plain)) >= 2:
            _refuse("two_in_one")
        _refuse("not_degrees_text")
    sign = -1 if found["sign"] else 1
    for side in filter(None, (found["before"], found["after"])):
        its_axis, its_sign = _SIDES[side.upper()]
        if its_axis != axis:
            _refuse("wrong_axis")
        sign *= its_sign
    parts = [float(found[k]) if found[k] else 0.0 for k in ("deg", "min", "sec")]
    given = [found[k] for k in ("deg", "min", "sec") if found[k]]
    broken = any("." in part for part in given[:-1])
    return _whole_degrees(*parts, sign=sign, fraction=broken)


def _whole_degrees(degrees: float, minutes: float, seconds: float, *, sign: int, fraction: bool) -> float:
    if minutes >= 60 or seconds >= 60 or fraction:
        _refuse("bad_degrees")
    return sign * round(degrees + minutes / 60 + seconds / 3600, 12)


def read_point(text: str) -> tuple[float, float]:
    """Return the longitude and latitude that one cell says, in either order.

    Raises
    ------
    Unclear
        ``unclear_point`` unless exactly one order gives a place in China.

    Examples
    --------
    >>> read_point("121.93，29.21"), read_point("北纬29°12′36″ 东经121°55′48″"), read_point("(29.21, 121.93)")
    ((121.93, 29.21), (121.93, 29.21), (121.93, 29.21))
    """
    plain = re.sub(r"^\s*point\s*(?=\()", "", fold_width(text), flags=re.IGNORECASE).strip("()[]【】 ")
    plain = re.sub(r"(?<=[^\s,;])\s*(?=(?:东经|北纬|经度|纬度))", ",", plain)
    plain = re.sub(r"(?:经度|纬度|lon(?:gitude)?|lng|lat(?:itude)?)\s*[:=]?\s*", "", plain, flags=re.IGNORECASE)
    for separator in (r"\s*[,;、/|]\s*", r"\s+"):
        parts = [p for p in re.split(separator, plain) if p]
        if len(parts) == 2:
            break
    else:
        _refuse("unclear_point")
    found = {p for p in (_as_point(parts[0], parts[1]), _as_point(parts[1], parts[0])) if p}
    if len(found) != 1:
        _refuse("unclear_point")
    return found.pop()


def _as_point(first: str, second: str) -> tuple[float, float] | None:
    try:
        lon, lat = read_degrees(first, axis="lon"), read_degrees(second, axis="lat")
    except Unclear:
        return None
    inside = CHINA_LON[0] <= lon <= CHINA_LON[1] and CHINA_LAT[0] <= lat <= CHINA_LAT[1]
    return (lon, lat) if inside else None


def read_date(text: str) -> str:
    """Return the ISO date a text says.

    Raises
    ------
    Unclear
        ``not_a_date`` when no day is certain: ``5/1/2026`` is two dates, ``45292`` may be one.

    Examples
    --------
    >>> read_date("2026年5月1日"), read_date("2026/5/1"), read_date("20260501"), read_date("2026-05-01 00:00:00")
    ('2026-05-01', '2026-05-01', '2026-05-01', '2026-05-01')
    """
    plain = fold_width(text)
    found = _DATE.fullmatch(plain) or re.fullmatch(r"((?:19|20)\d{2})(\d{2})(\d{2})", plain)
    if not found:
        _refuse("not_a_date")
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        _refuse("not_a_date")


def is_rounded_id(text: str) -> bool:
    """Whether a long id has passed through a spreadsheet's number cell, which keeps 15 digits.

    Examples
    --------
    >>> is_rounded_id("330902000000000000"), is_rounded_id("3.30902E+17"), is_rounded_id("330902199001011234")
    (True, True, False)
    """
    return _LONG_ID.fullmatch(text) is not None


def is_unit(word: str) -> bool:
    """Whether a word is a unit of measurement, declared or not.

    Examples
    --------
    >>> is_unit("亩"), is_unit("平方米"), is_unit("全称")
    (True, True, False)
    """
    return re.fullmatch(_ANY_UNIT, fold_width(word), re.IGNORECASE) is not None


def looks_numeric(text: str) -> bool:
    """Whether a text is a plain number, as a cell of a record would hold."""
    return _PLAIN.fullmatch(fold_width(text)) is not None
