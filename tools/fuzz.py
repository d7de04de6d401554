"""Throw texts at the readers of hours, numbers and headers, and stop at the first that breaks a promise.

    python tools/fuzz.py --seconds 60
    python tools/fuzz.py --target hours --seconds 180 --seed 7

Texts are made of the words of ledgers, cut, joined and mixed with any character there is; with atheris, which knows
which lines of the readers a text has reached, they are bred towards lines that none has. Without atheris (it is built
for Linux) the same texts are drawn by lot.

What is promised of any text whatever: a value, or the one error that is declared for it; the same value for the same
text in full-width characters; a value that is written out and read again is itself; no row of a sheet that is neither
a record nor set aside; every fault sayable in both languages. Exit code 1 and the text itself where a promise breaks.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import math
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOURS = (
    "周一", "周二", "周五", "周六", "周日", "周末", "双休日", "工作日", "每天", "每日", "全天", "24小时",
    "节假日", "法定节假日", "除外", "休息", "不开放", "夏季", "冬季", "暑假", "1月", "6-9月", "至", "到", "-",
    "—", "~", "、", "，", "；", ",", ";", "(", ")", "（", "）", "上午", "下午", "晚上", "中午", "凌晨", "点",
    "时", "半", "分", ":", "：", "8:30", "11:30", "13:30", "17:00", "18:00", "22:00", "24:00", "0:00", "8",
    "9点", "6点半", "三班倒", "预约", "需预约", "寒暑假", "开放", "和", "及", "Mo", "Tu-Fr", "Sa", "Su", "PH",
    "off", "open", "08:00-17:00", "24/7", "Jun-Sep", "Dec 24", "week 1-10", "||", '"by appointment"', "+",
    "次日", "第二天", "每月", "单周", "5月1日", "10月1日至10月7日", " ", "\n", "　", "另行通知",
)  # fmt: skip
NUMBERS = (
    *"零一二三四五六七八九十百千万亿两〇壹贰拾佰0123456789", ".", ",", "-", "+", "−", "E", "e", "%", "约", "近",
    "多", "余", "几", "人", "名", "家", "亩", "平方米", "㎡", "米", "年", "月", "日", "号", "°", "′", "″", "'",
    '"', "度", "分", "秒", "东经", "北纬", "N", "E", "121.93", "29.21", "2026-05-01", "2026", "/", "~", "至",
    "(", ")", " ", "　", "#REF!", "#N/A", "inf", "nan", "１２", "²", "½", "Ⅷ", "٣", "1e5", "330902199001011234",
    "不详", "——",
)  # fmt: skip
SHEET = (
    "编号", "名称", "阵地名称", "类别", "权属部门", "服务对象", "共享条件", "乡镇（街道）", "经度", "纬度",
    "坐标", "坐标系", "地址", "面积(亩)", "建筑面积（㎡）", "容纳人数", "开放时间", "状态", "备注", "联系电话",
    "合计", "小计", "石浦镇合计", "填表人：略", "示例", "序号", "V1", "V2", "工人文化宫", "职工之家", "工会",
    "所有人", "开放", "石浦镇", "121.93", "29.21", "121.93,29.21", "100", "约100", "1,200", "全天",
    "每天 9:00-21:00", "", "", "", " ", "1", "-", "GCJ-02", "WGS-84", "北京54", "=1+1", "#REF!", "周一休息",
    "2026-05-01", "阅览、健身", "经度(GCJ-02)", "经度（度）", "面积(平方米)", "名称(全称)", "xsgeo提示", "star",
    "year", "\x1d@place.text", "@choice.open",
)  # fmt: skip
TARGETS = ("hours", "numbers", "headers")
_STRANGE = (
    " ",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\ufeff",
    "\x00",
    "\n",
    "\ud800",
    "é",
    "ﬁ",
    "𠮷",
    "ｱ",
    "＋",
    "﹣",
    "İ",
    "ß",
    "\x1f",
)


class Broken(Exception):  # noqa: N818 - it says what happened to the promise
    """A promise that a text has broken."""


class Source:
    """Pieces of text out of bytes: each byte chooses the next piece, so that a small change of bytes is one of text."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        """Return the next byte, 0 beyond the end."""
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def is_used_up(self) -> bool:
        """Whether all bytes have been looked at."""
        return self.at >= len(self.data)

    def text(self, words: tuple[str, ...], *, most: int = 24) -> str:
        """Return some words run together, now and then a strange character or a piece of a word between them."""
        pieces = []
        for _ in range(1 + self.byte() % most):
            choice = self.byte()
            word = words[(choice + (256 * (self.byte() % 2) if len(words) > 256 else 0)) % len(words)]
            if choice >= 250:
                word = _STRANGE[self.byte() % len(_STRANGE)]
            elif choice >= 245:
                word = chr(self.byte() * 256 + self.byte())
            elif choice >= 238:
                word = word[: 1 + self.byte() % max(len(word), 1)]
            pieces.append(word)
            if self.is_used_up():
                break
        return "".join(pieces)


def promise(kept: bool, what: str, text: object) -> None:
    """Raise unless a promise is kept."""
    if not kept:
        msg = f"{what}: {text!r}"
        raise Broken(msg)


def wide(text: str) -> str:
    """Text with its ASCII characters full-width, as Chinese keyboards write them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def hours(data: bytes) -> None:
    """Hours are read as masks that can be written and read again, or refused with the part not understood."""
    from xsgeo.errors import HoursError
    from xsgeo.hours import parse_hours, to_spans

    text = Source(data).text(HOURS)
    try:
        read = parse_hours(text)
    except HoursError as error:
        promise(error.text == text, "the error shows another text", text)
        return
    promise(read.text == text, "the record shows another text", text)
    for month in (1, 7):
        mask = read.mask(month)
        promise(mask.shape == (336,), "a week has 336 half hours", text)
        if mask.any():
            again = parse_hours(to_spans(mask)).mask(month)
            promise(bool((again == mask).all()), "written out and read again", text)


def numbers(data: bytes) -> None:
    """Numbers, degrees, points and dates are read when certain, in any width, or refused with a reason."""
    from xsgeo.catalogue import WORDS
    from xsgeo.values import UNITS, Unclear, read_date, read_degrees, read_number, read_point

    source = Source(data)
    unit = ("", *UNITS)[source.byte() % (len(UNITS) + 1)]
    text = source.text(NUMBERS, most=12)
    readers: tuple[Callable[[str], Any], ...] = (
        lambda t: read_number(t, unit=unit),
        lambda t: read_degrees(t, axis="lon"),
        lambda t: read_degrees(t, axis="lat"),
        read_point,
        read_date,
    )
    for read in readers:
        try:
            value = read(text)
        except Unclear as error:
            promise(f"fault.{error.code}" in WORDS, "a reason without words", text)
            continue
        if isinstance(value, float):
            promise(math.isfinite(value), "a number that is none", text)
            promise(read(f"{value:.12f}") == round(value, 12), "written out and read again", text)
        elif isinstance(value, str):
            promise(read(value) == value, "a date written out and read again", text)
        else:
            promise(read(f"{value[0]!r},{value[1]!r}") == value, "a point written out and read again", text)
        promise(read(wide(text)) == value, "another value in full width", text)


def headers(data: bytes) -> None:
    """Any sheet is laid out without losing a row, and checked to the end."""
    from xsgeo.ledgers import Grid, lay_out, read_header
    from xsgeo.schemas import TABLES
    from xsgeo.validation import check_table

    source = Source(data)
    names = sorted(TABLES)
    table = TABLES[names[source.byte() % len(names)]]
    label = source.text((*SHEET, *table.columns, *(c.title for c in table.columns.values())), most=4)
    header = read_header(label, table)
    promise(header.name in {"", *table.columns}, "a column that is not declared", label)
    promise(read_header(wide(label), table) == header, "another header in full width", label)
    width = 1 + source.byte() % 8
    words = (*SHEET, *(c.title for c in table.columns.values()))
    rows = [[source.text(words, most=2) for _ in range(width)] for _ in range(1 + source.byte() % 8)]
    if not any(cell.strip() for row in rows for cell in row):
        return
    grid = Grid("a.csv", rows, is_ragged=bool(source.byte() % 2))
    raw = lay_out(grid, table)
    promise(raw.n_rows == len(rows) - 1, "a row that is neither a record nor set aside", rows)
    if source.byte() % 4:  # the whole check takes twenty times as long as the laying out
        return
    checked = check_table(raw, table)
    promise(len(checked.frame) + checked.n_blank == len(raw.cells), "a record that was lost", rows)
    for item in (*checked.faults, *checked.notes):
        promise(bool(item.text("zh")) and bool(item.text("en")), "a fault without words", rows)


def run(target: str, *, seconds: int, runs: int, seed: int) -> int:
    """Fuzz one target in this process; return 0 where no promise was broken."""
    test: Callable[[bytes], None] = {"hours": hours, "numbers": numbers, "headers": headers}[target]
    if importlib.util.find_spec("atheris") is None:
        return run_by_lot(test, seconds=seconds, runs=runs, seed=seed)
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["xsgeo"], enable_loader_override=False):
        for module in ("xsgeo.hours", "xsgeo.values", "xsgeo.ledgers", "xsgeo.validation"):
            importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        limits = [f"-runs={runs}"] if runs else [f"-max_total_time={seconds}"]
        more = ["-timeout=20", "-max_len=120", "-len_control=0", f"-seed={seed}", f"-artifact_prefix={folder}/"]
        atheris.Setup([sys.argv[0], *limits, *more, "-verbosity=0", "-print_final_stats=1"], test)
        atheris.Fuzz()
    return 0


def run_by_lot(test: Callable[[bytes], None], *, seconds: int, runs: int, seed: int) -> int:
    """Fuzz without atheris: bytes drawn by lot."""
    chance = random.Random(seed)  # noqa: S311 - texts, not secrets
    end = time.monotonic() + seconds
    done = 0
    while done < runs if runs else time.monotonic() < end:
        test(chance.randbytes(chance.randrange(120)))
        done += 1
    print(f"{done} texts")
    return 0


def main() -> int:
    """Fuzz every target in turn, each in a process of its own; return 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="in all")
    parser.add_argument("--runs", type=int, default=0, help="texts of each target, instead of seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=TARGETS)
    given = parser.parse_args()
    if given.target:
        return run(given.target, seconds=given.seconds, runs=given.runs, seed=given.seed)
    broken = []
    for target in TARGETS:
        print(f"== {target}", flush=True)
        asked = ["--seconds", str(max(given.seconds // len(TARGETS), 1)), "--runs", str(given.runs)]
        command = [sys.executable, str(Path(__file__)), "--target", target, "--seed", str(given.seed), *asked]
        if subprocess.run(command, check=False).returncode:
            broken.append(target)
    print(f"broken: {', '.join(broken) or 'none'}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
