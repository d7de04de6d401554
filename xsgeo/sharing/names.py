"""Take a plaque's name and address apart: place, kind of venue, what is left, and what stands in brackets.

Two spellings of one venue may share little more than half of their characters (石浦镇职工之家 and
象山县石浦职工之家（总工会）), two venues of two towns nine tenths (丹东街道职工之家 and 丹西街道职工之家). Comparing
whole names is therefore worse than useless. What tells venues apart is what remains once county, town, kind and the
keeper's own title are gone, and a number behind it; what remains is often nothing, and that is told too: an empty core
is no evidence.

An address is a road or village, a house number, and a storey. A storey that differs is weak evidence (one office has
two floors), a house number that differs on the same road is strong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

_KINDS = (
    "户外劳动者服务站点",
    "户外劳动者驿站",
    "职工综合活动服务中心",
    "职工文化体育活动中心",
    "职工文体活动中心",
    "职工文化活动中心",
    "工人文化宫",
    "职工活动中心",
    "文体活动中心",
    "文化体育中心",
    "党群服务中心",
    "党员活动中心",
    "法律援助工作站",
    "法律援助站",
    "劳动争议调解室",
    "青年文明驿站",
    "工会服务站",
    "青少年宫",
    "妇女儿童驿站",
    "妇女儿童之家",
    "妇儿驿站",
    "社区学校",
    "文化礼堂",
    "文化站",
    "文体中心",
    "活动中心",
    "服务中心",
    "服务站",
    "职工之家",
    "职工小家",
    "工会之家",
    "青年之家",
    "妇女之家",
    "妇联之家",
    "党员之家",
    "会员之家",
    "爱心驿站",
    "职工驿站",
    "司机之家",
    "职工书屋",
    "农家书屋",
    "图书馆",
    "阅览室",
    "活动室",
    "俱乐部",
    "驿站",
    "书屋",
    "书吧",
    "之家",
)
_KEEPERS = re.compile(
    r"(?:总工会|联合工会|行业工会|工会联合会|工会委员会|工会|妇女联合会|妇联|团委|共青团|党委|党支部|村委会|居委会|"
    r"有限责任公司|股份有限公司|有限公司|公司|委员会|办事处|人民政府|政府)"
)
_AREA = re.compile(r"^(?:\w{2,4}省)?(?:\w{2,4}市)?(?:\w{1,4}县)?")
_BRACKETS = re.compile(r"[(\[【〔<《「](.*?)[)\]】〕>》」]")
_NUMBER = re.compile(r"(?:第)?(\d+|[一二三四五六七八九十]+)(?:号|室|站|点|分部)?$")
_STREET = re.compile(
    r"(?P<road>[\u4e00-\u9fffA-Za-z]+?(?:大道|路|街|巷|弄|道|村|社区|工业园区|工业区|园区|岛|码头|广场))"
    r"(?:(?P<number>\d+)(?:号|弄)?(?:-(?P<part>\d+))?)?"
)
_FLOOR = re.compile(r"(\d+|[一二三四五六七八九十]+)(?:楼|层|f)")
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}


@dataclass(frozen=True)
class NameParts:
    """What a plaque says of itself.

    Attributes
    ----------
    town_ids
        Towns whose name or old name stands in it; more than one where they share an old name.
    kind
        Word for the kind of venue, empty if none is known.
    core
        What is left.
    number
        Number behind it, empty if none.
    aside
        What stands in brackets.
    """

    town_ids: tuple[str, ...]
    kind: str
    core: str
    number: str
    aside: str


@dataclass(frozen=True)
class AddressParts:
    """Where a plaque says it hangs; each part empty where it does not say.

    Attributes
    ----------
    road
        Road, village or estate.
    number
        House number.
    floor
        Storey.
    """

    road: str
    number: str
    floor: str


class PlaceWords:
    """Names and old names of the study's towns, longest first, and the county's.

    Parameters
    ----------
    towns
        Index ``town_id``; columns ``name`` and, where there are, ``aliases`` parted by ``|``.
    county
        The county's name (象山县), which may stand before the town's without its suffix (象山石浦).
    """

    def __init__(self, towns: pd.DataFrame, *, county: str = "") -> None:
        self.county = re.sub(r"[县市区]$", "", county)
        words: dict[str, set[str]] = {}
        for town_id, row in towns.iterrows():
            for name in (str(row["name"]), *_aliases(row)):
                bare = re.sub(r"(?:街道|镇|乡)$", "", name)
                for word in (name, bare):
                    if len(word) > 1:
                        words.setdefault(word, set()).add(str(town_id))
        self.words = {w: tuple(sorted(ids)) for w, ids in words.items()}
        longest = sorted(self.words, key=lambda w: (-len(w), w))
        self.pattern = re.compile("|".join(map(re.escape, longest)) if longest else r"(?!)")

    def take(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return the text without province, city, county and first town, and that town's ids."""
        text = _AREA.sub("", text, count=1)
        found = self.pattern.search(text)
        if not found:
            return text, ()
        before = text[: found.start()].removesuffix(self.county) if self.county else text[: found.start()]
        rest = re.sub(r"^(?:街道|镇|乡)(?=.)", "", text[found.end() :])
        return before + rest, self.words[found[0]]


def split_name(name: str, places: PlaceWords) -> NameParts:
    """Take a plaque's name apart.

    Parameters
    ----------
    name
        As on the plaque.
    places
        The study's towns.

    Returns
    -------
    NameParts
        Place, kind, core, number and what stands in brackets.

    Examples
    --------
    >>> towns = pd.DataFrame({"name": ["石浦镇"], "aliases": ["昌国"]}, index=pd.Index(["T1"], name="town_id"))
    >>> places = PlaceWords(towns, county="象山县")
    >>> split_name("石浦镇职工之家", places)
    NameParts(town_ids=('T1',), kind='职工之家', core='', number='', aside='')
    >>> split_name("象山县石浦职工之家（总工会）", places)
    NameParts(town_ids=('T1',), kind='职工之家', core='', number='', aside='总工会')
    >>> split_name("石浦镇东门渔村第2活动室", places).core
    '东门渔村'
    """
    text = squeezed(name)
    aside = "".join(_BRACKETS.findall(text))
    text, town_ids = places.take(_BRACKETS.sub("", text))
    kind = next((word for word in _KINDS if word in text), "")
    before, _, after = text.partition(kind) if kind else (text, "", "")
    number = _NUMBER.search(after or before)
    if number and after:
        after = after[: number.start()]
    elif number:
        before = before[: number.start()]
    core = _KEEPERS.sub("", re.sub(r"[^\w]|_", "", before.removesuffix("第") + after))
    return NameParts(town_ids, kind, core, str(arabic(number[1])) if number else "", aside)


def split_address(address: str, places: PlaceWords) -> AddressParts:
    """Take an address apart.

    Parameters
    ----------
    address
        As in the ledger; blank is allowed.
    places
        The study's towns.

    Returns
    -------
    AddressParts
        Road, house number and storey.

    Examples
    --------
    >>> places = PlaceWords(pd.DataFrame({"name": ["石浦镇"]}, index=["T1"]))
    >>> split_address("浙江省宁波市象山县石浦镇渔港路１２８号2楼", places)
    AddressParts(road='渔港路', number='128', floor='2')
    """
    text, _ = places.take(squeezed(address))
    floor = _FLOOR.search(text)
    if floor:
        text = text[: floor.start()] + text[floor.end() :]
    # An estate may stand before its street; the one with a house number says more.
    streets = list(_STREET.finditer(text))
    street = next((s for s in streets if s["number"]), streets[0] if streets else None)
    if not street:
        return AddressParts("", "", str(arabic(floor[1])) if floor else "")
    number = street["number"] or ""
    return AddressParts(
        street["road"],
        f"{number}-{street['part']}" if street["part"] else number,
        str(arabic(floor[1])) if floor else "",
    )


@lru_cache(maxsize=100_000)
def squeezed(text: str) -> str:
    """Full-width to half-width, small letters, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def arabic(text: str) -> int:
    """Read a number up to 99 in digits or Chinese figures.

    Examples
    --------
    >>> arabic("12"), arabic("十二"), arabic("二十"), arabic("三")
    (12, 12, 20, 3)
    """
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _aliases(row: pd.Series) -> Iterable[str]:
    aliases = row.get("aliases")
    return [] if aliases is None or pd.isna(aliases) else [a for a in re.split(r"[|、,，;；/]", str(aliases)) if a]
