"""Take a plaque's name and address apart: place, kind of venue, what is left, and what stands in brackets.

Two spellings of one venue may share little more than half of their characters (石浦镇职工之家 and
象山县石浦职工之家（总工会）), two venues of two towns nine tenths (丹东街道职工之家 and 丹西街道职工之家). Comparing
whole names is therefore worse than useless. What tells venues apart is what remains once county, town, kind and the
keeper's own title are gone, and a number behind it; what remains is often nothing, and that is told too: an empty core
is no evidence.

Where what remains differs in one character alone, the character decides: 大岙 for 大奥 is a slip of the pen, 上湾 and
下湾, 东区 and 西区, 第一分会 and 第二分会 are two places named after one another (`are_counterparts`). Traditional
characters are read as simplified ones, those at least that stand on plaques.

An address is a road or village, a house number, a building behind it, and a storey, which a room number tells too. A
storey that differs is weak evidence (one office has two floors), a house or building that differs is strong.
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
    r"(?:(?P<number>\d+)(?:号|弄)?(?:-?(?P<part>(?<=弄)\d+(?=号)|(?<=-)\d+))?)?"
)
_FLOOR = re.compile(r"(\d+|[一二三四五六七八九十]+)(?:楼|层|f)")
_BUILDING = re.compile(r"(\d+|[一二三四五六七八九十]+|[a-z])(?:幢|栋|座|号楼)")
_ROOM = re.compile(r"(?<!\d)(\d{1,2})\d{2}(?:室|房)?$")
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_COUNTERPARTS = (
    *("东南西北中", "上中下", "大小", "前中后", "内外里", "新老旧", "左右"),
    *("一二三四五六七八九十", "甲乙丙丁"),
)
_SIMPLE = str.maketrans(
    "鎮鄉縣區島東門頭漁橋灣鶴賢牆塗陳曉黃職樓層號館會黨團婦書體動務勞員驛園廣場廠業機電針織車輪農總聯協學圖閱覽愛興濱綠"
    "遠龍馬鳳塢嶺嶼壩衛醫寧後裡裏產發術藝禮點棟單陽豐華國慶麗長鐵鋼溝處樂聲視絡臺灘壇龜戶診療築運輸輔導議調護舊條幹",
    "镇乡县区岛东门头渔桥湾鹤贤墙涂陈晓黄职楼层号馆会党团妇书体动务劳员驿园广场厂业机电针织车轮农总联协学图阅览爱兴滨绿"
    "远龙马凤坞岭屿坝卫医宁后里里产发术艺礼点栋单阳丰华国庆丽长铁钢沟处乐声视络台滩坛龟户诊疗筑运输辅导议调护旧条干",
)


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
        Storey, as told or by the room number (305 is on the third).
    building
        Building behind the house number (3幢, A座), without the word.
    """

    road: str
    number: str
    floor: str
    building: str = ""


class PlaceWords:
    """Names and old names of the study's towns, longest first, and the county's.

    Parameters
    ----------
    towns
        Index ``town_id``; columns ``name`` and, where there are, ``aliases`` parted by ``|``.
    county
        The county's name (象山县), which may stand before the town's without its suffix (象山石浦).

    Examples
    --------
    >>> towns = pd.DataFrame({"name": ["石浦镇"]}, index=pd.Index(["T1"], name="town_id"))
    >>> PlaceWords(towns, county="象山县").take("象山县石浦镇渔港路1号")
    ('渔港路1号', ('T1',))
    """

    def __init__(self, towns: pd.DataFrame, *, county: str = "") -> None:
        self.county = re.sub(r"[县市区]$", "", county)
        words: dict[str, set[str]] = {}
        for town_id, row in towns.iterrows():
            for name in (str(row["name"]), *_aliases(row)):
                bare = re.sub(r"(?:街道|镇|乡)$", "", name)
                for word in map(squeezed, (name, bare)):
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
        rest = text[found.end() :]
        if not re.search(r"(?:街道|镇|乡)$", found[0]):  # 西周镇镇安路 has one suffix and a road that begins like one
            rest = re.sub(r"^(?:街道|镇|乡)(?=.)", "", rest)
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
    AddressParts(road='渔港路', number='128', floor='2', building='')
    >>> split_address("石浦镇渔港路一二八号3幢405室", places)
    AddressParts(road='渔港路', number='128', floor='4', building='3')
    """
    text, _ = places.take(squeezed(address))
    text = re.sub(r"[〇零一二三四五六七八九]{2,}(?=号)", lambda figures: figures[0].translate(_FIGURES), text)
    floor, text = _cut(_FLOOR, text)
    # An estate may stand before its street; the one with a house number says more.
    streets = list(_STREET.finditer(text))
    street = next((s for s in streets if s["number"]), streets[0] if streets else None)
    if not street:
        return AddressParts("", "", floor)
    number = street["number"] or ""
    building, rest = _cut(_BUILDING, text[street.end() :])
    room = _ROOM.search(rest)
    return AddressParts(
        street["road"],
        f"{number}-{street['part']}" if street["part"] else number,
        floor or (str(int(room[1])) if room else ""),
        building,
    )


def are_counterparts(one: str, other: str) -> bool:
    """Whether two names differ in one character alone, and those two tell places apart (东 and 西, 一 and 二, a and b).

    Examples
    --------
    >>> are_counterparts("上湾村", "下湾村"), are_counterparts("水产第1分会", "水产第2分会")
    (True, True)
    >>> are_counterparts("大岙村", "大奥村"), are_counterparts("湾村", "上湾村"), are_counterparts("", "")
    (False, False, False)
    """
    if len(one) != len(other):
        return False
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(apart) != 1:
        return False
    a, b = apart[0]
    both_latin = a.isascii() and b.isascii() and a.isalnum() and b.isalnum()
    return both_latin or any(a in row and b in row for row in _COUNTERPARTS)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """First number or letter that a pattern finds, in digits, and the text without it."""
    found = pattern.search(text)
    if not found:
        return "", text
    word = found[1] if found[1].isascii() and not found[1].isdecimal() else str(arabic(found[1]))
    return word, text[: found.start()] + text[found.end() :]


@lru_cache(maxsize=100_000)
def squeezed(text: str) -> str:
    """Full-width to half-width, traditional to simplified, small letters, no white space.

    Examples
    --------
    >>> squeezed("石浦鎮 ＡＢＣ")
    '石浦镇abc'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower().translate(_SIMPLE)


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
