"""From the characters of a Chinese text of hours to words, with every season already told as months.

Reading stops at the first character that belongs to no word. What a lenient reader skips (非, 可, 以后, 三班倒) is what
turns a sentence into its opposite, so nothing is skipped but blanks.

Only full-width letters and a list of look-alike signs are folded, one character for one. Unicode's NFKC would also fold
① to 1, and the list "①8:30-11:30 ②13:30-17:00" would open at 18:30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from xsgeo.errors import HoursError

LONGEST_TEXT = 4_000
ALL_MONTHS = frozenset(range(1, 13))
WEEK = frozenset(range(7))
WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})
HOLIDAY = frozenset({7})
"""The eighth day: a public holiday may keep hours of its own, whatever weekday it falls on."""

_SUMMER = frozenset({6, 7, 8, 9})
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Word:
    """One word of a text of hours.

    Attributes
    ----------
    kind
        What it is, a name of `_VOCABULARY`.
    start, end
        Where it stands in the folded text.
    text
        As written.
    members
        Months of a ``season``, or days of ``days`` (0 Monday to 6 Sunday, 7 a public holiday).
    parts
        Named pieces of a ``span`` or of ``dates``; a piece that is not there is "".
    """

    kind: str
    start: int
    end: int
    text: str
    members: frozenset[int] = frozenset()
    parts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


# --- folding ----------------------------------------------------------------------------------------------------------

_LIKE = {
    "-": "~–—―‐‑‒−─━﹣﹘〜∼˜",
    ":": "∶︰﹕",
    ";": "﹔",
    ",": "﹐",
    "、": "､",
    "。": "｡",
    "(": "【〔「『{[",
    ")": "】〕」』}]",
    " ": "\t\u00a0\u3000\u202f" + "".join(map(chr, range(0x2000, 0x200B))),
    "\n": "\r\v\f\u0085\u2028\u2029",
}
_SIGNS = {like: sign for sign, likes in _LIKE.items() for like in likes}
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD = str.maketrans(_SIGNS | {full: _SIGNS.get(half, half) for full, half in _FULL_WIDTH.items()})
_INVISIBLE = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"))


def visible(text: str) -> str:
    """The text without invisible characters; a place in it is the same place in `fold` of the text.

    Examples
    --------
    >>> visible("9:00\u200b-17:00")
    '9:00-17:00'
    """
    return text.translate(_INVISIBLE)


def fold(text: str) -> str:
    """The visible text with full-width and look-alike signs made plain, one for one.

    Examples
    --------
    >>> fold("８：００～１７：００")
    '8:00-17:00'
    """
    return visible(text).translate(_FOLD)


def number(digits: str) -> int:
    """Value of 1 to 99 in Arabic or Chinese digits, -1 where it is none.

    Examples
    --------
    >>> number("08"), number("二十三"), number("零五"), number("两"), number("三零")
    (8, 23, 5, 2, -1)
    """
    if digits.isascii():
        return int(digits)
    values = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
    tens, ten, ones = digits.removeprefix("零").partition("十")
    if not ten:
        return values.get(tens, -1)
    if any(digit and digit not in values for digit in (tens, ones)):
        return -1
    return values.get(tens, 1) * 10 + values.get(ones, 0)


# --- the vocabulary ---------------------------------------------------------------------------------------------------

# Blanks are matched possessively ( *+): given back one by one, a text of blanks would cost the cube of its length.
_DIGITS = "零〇一二三四五六七八九十两"
_NUMBER = rf"(?:[0-9]{{1,2}}|[{_DIGITS}]{{1,3}})"
_TO = r" *+(?:-+|至|到) *+"
_PERIOD = "上午|早上|早晨|清晨|早|中午|午间|午后|下午|傍晚|晚上|晚间|晚|夜间|夜晚|夜里|深夜|半夜|午夜|凌晨"


def _clock(n: int) -> str:
    """Pattern of a time of day, its groups numbered `n` (1 the opening, 2 the close)."""
    # "9-17点": the first hour borrows the unit of the second.
    borrowed = rf"|(?={_TO}{_NUMBER} *+[点时])" if n == 1 else ""
    return (
        rf"(?:(?P<period{n}>{_PERIOD}) *+:? *+)?(?:"
        rf"(?P<hour{n}>[0-9]{{1,2}}) *+: *+(?P<minute{n}>[0-9]{{2}})(?::00)?(?![0-9:])"
        rf"|(?P<bell{n}>{_NUMBER}) *+(?:[点时](?![间段])"
        rf"(?: *+(?P<past{n}>半|一刻|三刻|整|{_NUMBER} *+分?)(?![0-9:点时刻{_DIGITS}]))?{borrowed}))"
    )


_SPAN = (
    rf"(?:从|自)? *+(?:当[日天])? *+{_clock(1)} *+起?{_TO}"
    rf"(?:(?P<next>次日|第二天|翌日|隔天)|当[日天])? *+的? *+{_clock(2)}(?: *+止)?"
)

_DAY_OF_MONTH = rf"(?:{_NUMBER} *+[日号]|初|底|末)"
_DATES = (
    rf"(?:每年)? *+(?P<month1>{_NUMBER}) *+(?:月份? *+(?P<day1>{_DAY_OF_MONTH})?)? *+起?{_TO}"
    rf"(?:次年|翌年|第二年|来年|当年)? *+(?P<month2>{_NUMBER}) *+月份?(?: *+(?P<day2>{_DAY_OF_MONTH}))?(?: *+止)?"
    rf"|(?:每年)? *+(?P<months>(?:{_NUMBER} *+[、,] *+)*{_NUMBER}) *+月份?"
    rf"(?! *+(?:{_NUMBER} *+[日号]|[初底末]|[上中下]旬))"
)

_WEEK = r"(?:每逢|逢每|每|逢)?(?:周|星期|礼拜) *+"
_LINK = rf"(?: *+(?:[、/和及与]|以及) *+|{_TO})"
# A day without 周 before it must not be the first half of something else: 三点, 五月, 日间.
_DAY_ALONE = r"(?:[一二三四五六](?![点时十刻半月])|[日天](?![间均常夜班]))"
_DAYS = (
    rf"{_WEEK}[一二三四五六日天](?:(?:{_LINK}| *+){_WEEK}[一二三四五六日天]|{_LINK}?{_DAY_ALONE})*"
    rf"|{_WEEK}[1-7](?:{_LINK}(?:{_WEEK})?[1-7])*(?![0-9:点时月])"
)
_EVERY_DAY = r"每天|每日|天天|全周|(?:每周|一周)(?:7|七)天|全年(?: *+365天)?(?:无休|不休)?|365天|每(?=[早晚])"
_OPEN = r"开放|营业|开馆|开门|服务|办公"
_AHEAD = rf"(?:提前|事先|预先)(?:{_NUMBER} *+个?(?:工作日|天|日|小时))?"

_VOCABULARY = {
    "break": r"[;。\n][;。\n\s]*|\.(?=\s*$)",
    "comma": r"[,、/]|以及|[和及与]",
    "open": r"\(",
    "shut": r"\)",
    "span": _SPAN,
    "dates": _DATES,
    "summer": r"夏季(?:作息)?|夏令时|夏时令|夏令(?!营)|夏天|夏(?=[ :(0-9])",
    "winter": r"冬季(?:作息)?|冬令时|冬时令|冬令(?!营)|冬天|冬(?=[ :(0-9])",
    "other_months": r"(?:其余|其他|其它)月份",
    "optional_booking": "可(?:提前|事先)?(?:电话|网上)?预约",
    "no_booking": r"(?:无需|无须|不需要?|不用|免)(?:提前)?预约",
    "booking": rf"(?:需要?|须|必须|请|应)? *+(?:{_AHEAD})?(?:电话|网上|线上|微信|现场)?(?:进行)?预约"
    r"(?:后?(?:开放|使用|参观|入场|入馆|进馆)|制)?",
    "no_break": r"(?:中午|午间)(?:不休息?|无休|不闭馆|不间断)|不午休",
    "every_day": _EVERY_DAY,
    "workdays": "工作日|平日",
    "weekend": "(?:每个?|逢)?周末|双休日|休息日",
    "days": _DAYS,
    "holiday": "(?:国家)?法定(?:节假日|节日|假日|假期)|(?:国定)?节假日|公[众共]假[期日]",
    "usual": rf"(?:均|也|都|仍)?(?:照常|正常|照样|不休息?|无休|不闭馆|不打烊)(?:对外)?(?:{_OPEN})?",
    "except": "除外",
    "without": "不包括|不包含|不含|除",
    "outside": "以外|之外|外",
    "with": "包括|包含|含",
    "lunch": "(?:中午|午间)休息(?:时间)?|午休(?:时间)?",
    "last_entry": r"(?:闭馆前(?:半小?时|[0-9]{1,2}分钟)|[0-9]{1,2}:[0-9]{2}后?)停止(?:入场|入馆|进场|进馆)",
    "closed": r"(?:全天 *+)?为?(?:闭馆日?|休馆日?|闭园|休园|闭店|休息(?!时)|休业|停业|歇业|放假|关闭|关门|关馆|停止开放"
    rf"|不(?:对外)?(?:{_OPEN})|暂停(?:对外)?(?:{_OPEN})|无空闲(?:时间)?)",
    "all_day": r"(?:全天候?)? *+(?:24|二十四) *+(?:小时|[hH])(?:全天)?|全天候?",
    "label": _PERIOD,
    "colon": ":",
    "opens": _OPEN,
    "filler": "免费|对外|错时|延时|空闲|可用|可共享|共享|时间|时段|具体|为|是|均|都|的",
}
_WORD = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _VOCABULARY.items()), re.ASCII)
_DAY_KINDS = {"every_day": WEEK, "workdays": WORKDAYS, "weekend": WEEKEND, "holiday": HOLIDAY}
# These may begin inside a stretch that is not understood, and do not end it.
_WEAK = {"comma", "opens", "filler", "label", "outside", "with", "without", "usual"}


def read_words(text: str) -> list[Word]:
    """Cut a text of hours into words, seasons resolved to months.

    Parameters
    ----------
    text
        As written.

    Returns
    -------
    list of Word
        In order, blanks left out; every name of days is of kind ``days``, every season or stretch of dates ``season``.

    Raises
    ------
    HoursError
        With the stretch that is in no vocabulary.

    Examples
    --------
    >>> [(word.kind, word.text) for word in read_words("周六日9点到11点半（需预约）")]
    [('days', '周六日'), ('span', '9点到11点半'), ('open', '（'), ('booking', '需预约'), ('shut', '）')]
    """
    folded = fold(text)
    if len(folded) > LONGEST_TEXT:
        raise HoursError(text, visible(text)[LONGEST_TEXT : LONGEST_TEXT + 60])
    words: list[Word] = []
    at = 0
    while at < len(folded):
        if folded[at] == " ":
            at += 1
            continue
        match = _WORD.match(folded, at)
        if match is None:
            raise HoursError(text, visible(text)[at : _end_of_unknown(folded, at)])
        words.append(_word(text, match))
        at = match.end()
    return _with_seasons(text, words)


def _end_of_unknown(folded: str, at: int) -> int:
    end = at + 1
    while end < len(folded) and folded[end] not in " ;。,、()\n":
        match = _WORD.match(folded, end)
        if match and match.lastgroup not in _WEAK and match.end() > end + 1:
            break
        end += 1
    return end


def _word(text: str, match: re.Match[str]) -> Word:
    # lastgroup is the last group that closed, and a kind's group closes after those inside it.
    kind = match.lastgroup or ""
    word = Word(kind, match.start(), match.end(), visible(text)[match.start() : match.end()])
    if kind in _DAY_KINDS:
        return replace(word, kind="days", members=_DAY_KINDS[kind])
    if kind == "days":
        return replace(word, members=_days(match[0]))
    if kind in {"span", "dates"}:
        word = replace(word, parts=MappingProxyType({k: v or "" for k, v in match.groupdict().items()}))
        return replace(word, members=_months(text, word)) if kind == "dates" else word
    return word


def _days(written: str) -> frozenset[int]:
    days: set[int] = set()
    last = 0
    for link, name in re.findall(rf"({_TO})?(?:{_WEEK})? *+([一二三四五六日天1-7])", written):
        day = 6 if name == "天" else ("一二三四五六日".find(name) if not name.isascii() else int(name) - 1)
        days |= {(last + step) % 7 for step in range((day - last) % 7 + 1)} if link else {day}
        last = day
    return frozenset(days)


def _months(text: str, word: Word) -> frozenset[int]:
    parts = word.parts
    if parts["months"]:
        listed = frozenset(number(name.strip()) for name in re.split("[、,]", parts["months"]))
        if not listed <= ALL_MONTHS:
            raise HoursError(text, word.text)
        return listed
    first, last = number(parts["month1"]), number(parts["month2"])
    if not {first, last} <= ALL_MONTHS:
        raise HoursError(text, word.text)
    months = months_between(first, _day(parts["day1"], 1), last, _day(parts["day2"], _DAYS_IN_MONTH[last - 1]))
    if not months:
        raise HoursError(text, word.text)
    return months


def _day(written: str, missing: int) -> int:
    if written in {"", "初", "底", "末"}:
        return {"": missing, "初": 1}.get(written, 28)
    return number(written[:-1].strip())


def months_between(first: int, first_day: int, last: int, last_day: int) -> frozenset[int]:
    """Months whose 15th lies in a stretch of dates, which may run over the new year.

    Parameters
    ----------
    first, last
        Months, 1 to 12.
    first_day, last_day
        Days of these months, both counted in.

    Returns
    -------
    frozenset of int
        Empty when no month's 15th is covered, or when a date does not exist: such a stretch is no season.

    Examples
    --------
    >>> sorted(months_between(5, 10, 9, 20)), sorted(months_between(11, 16, 2, 14))
    ([5, 6, 7, 8, 9], [1, 12])
    >>> sorted(months_between(10, 1, 10, 7))
    []
    """
    exists = 1 <= first_day <= _DAYS_IN_MONTH[first - 1] and 1 <= last_day <= _DAYS_IN_MONTH[last - 1]
    if not exists or (first == last and first_day > last_day):
        return frozenset()
    covered = [(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)]
    if first_day > 15:
        covered = covered[1:]
    if last_day < 15:
        covered = covered[:-1]
    return frozenset(covered)


# --- seasons ----------------------------------------------------------------------------------------------------------


def _with_seasons(text: str, words: Sequence[Word]) -> list[Word]:
    """Join names of seasons with their dates, and give undated names the months that are left to them."""
    shown = visible(text)
    joined = [replace(word, text=shown[word.start : word.end]) for word in _join_dates(words)]
    dated: dict[str, frozenset[int]] = {}
    for word in joined:
        name = word.parts.get("name", "")
        if name and word.members and dated.setdefault(name, word.members) != word.members:
            raise HoursError(text, word.text)
    summer = dated.get("summer") or (ALL_MONTHS - dated["winter"] if "winter" in dated else _SUMMER)
    winter = dated.get("winter") or ALL_MONTHS - summer
    named = {"summer": summer, "winter": winter}
    for word in joined:
        if word.parts.get("name") and summer & winter:
            raise HoursError(text, word.text)
    seasons = [word.members or named[word.parts["name"]] for word in joined if word.kind == "season"]
    named["other_months"] = ALL_MONTHS - frozenset().union(*seasons)
    resolved: list[Word] = []
    for word in joined:
        if word.kind not in {"season", "other_months"}:
            resolved.append(word)
            continue
        members = word.members or named[word.parts.get("name", word.kind)]
        if not members or (word.kind == "other_months" and not seasons):
            raise HoursError(text, word.text)
        resolved.append(replace(word, kind="season", members=members))
    return resolved


def _join_dates(words: Sequence[Word]) -> list[Word]:
    """夏季(5月1日-9月30日), 夏季：5-9月, 5-9月(夏季) and 7月、8月 become one word each, of kind ``season``."""
    joined: list[Word] = []
    for word in words:
        before = joined[-1] if joined else None
        if word.kind in {"summer", "winter"}:
            season = replace(word, kind="season", parts=MappingProxyType({"name": word.kind}))
        elif word.kind == "dates":
            season = replace(word, kind="season", parts=MappingProxyType({}))
        else:
            joined.append(word)
            _close_bracket(joined)
            continue
        if before and _is_one_season(before, season):
            joined[-1] = _merge(before, season)
        elif len(joined) > 1 and _goes_on(joined[-2], joined[-1], season):
            joined[-2:] = [_merge(joined[-2], season)]
        else:
            joined.append(season)
    return joined


def _close_bracket(joined: list[Word]) -> None:
    if [word.kind for word in joined[-4:]] != ["season", "open", "season", "shut"]:
        return
    outer, inner = joined[-4], joined[-2]
    if _is_one_season(outer, inner):
        joined[-4:] = [replace(_merge(outer, inner), end=joined[-1].end)]


def _is_one_season(one: Word, other: Word) -> bool:
    """Whether one word is the name of a season and the other its dates."""
    if {one.kind, other.kind} != {"season"} or (one.members and other.members):
        return False
    return _is_named(one) != _is_named(other)


def _goes_on(before: Word, sign: Word, season: Word) -> bool:
    """Whether a season goes on behind a colon (夏季：5-9月) or dates behind a comma (7月、8月)."""
    if sign.kind == "colon":
        return _is_one_season(before, season)
    is_list = sign.kind == "comma" and before.kind == "season"
    return is_list and not _is_named(before) and not _is_named(season)


def _is_named(season: Word) -> bool:
    return "name" in season.parts


def _merge(first: Word, second: Word) -> Word:
    return Word("season", first.start, second.end, "", first.members | second.members, first.parts or second.parts)
