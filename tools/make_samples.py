"""Build data/samples, a study whose ledgers are as dirty as they come, and its answer in docs.

    python tools/make_samples.py

The county is the toy one of `xsgeo.datasets`; every name in the ledgers is synthetic. The ledgers show what town
offices send: titles, merged towns, totals, 约 and 多, an id cut by a number cell, coordinates in one cell, in degrees
and minutes, swapped. `docs/ledgers.md` lists what xsgeo says of each, and `docs/fixes.xlsx` is the workbook that
``xsgeo check data/samples --out docs/fixes.xlsx`` writes.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

import xlsxwriter

from xsgeo import fixes, io, schemas
from xsgeo.datasets import toy_county
from xsgeo.schemas import TABLES

ROOT = Path(__file__).parents[1]
SETTINGS = """\
# 样例：六点县的脏台账。县、单位、阵地均为虚构，供演示“检查—补正—再报”之用。
title = "六点县（脏台账样例）"
title_en = "Six-node county, dirty ledgers"
as_of = "2026-05-01"
demonstration = true

[tables.employers]
file = "用人单位.xlsx"
datum = "WGS-84"

[tables.workers]
file = "职工群体.csv"
datum = "WGS-84"

[tables.venues]
file = "阵地台账.xlsx"
datum = "WGS-84"
"""
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=None)  # noqa: DTZ001 - a property of the file, not a moment


def venues() -> bytes:
    """Return 阵地台账.xlsx: a printed form, with a title, a merged town, a hidden row and a total."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("阵地台账")
        book.add_worksheet("旧表").hide()
        sheet.merge_range("A1:M1", "六点县职工阵地台账（2026年）")
        sheet.write_string("A2", "填报单位：陆上镇总工会")
        head = [
            "序号", "编号*", "阵地名称（全称）", "类别", "权属部门", "服务对象", "共享条件", "乡镇（街道）", "详细地址",
            "坐标（经度，纬度）", "建筑面积（㎡）", "开放时间", "状态", "联系电话",
        ]  # fmt: skip
        for c, label in enumerate(head):
            sheet.write_string(2, c, label)
        lines = (
            "1|V1|合成·老文化宫|工人文化宫|工会|全体职工|开放|陆上镇||123.0082,29.0968|１，２００|每天 8:00-17:00|开放",
            "2|V2|合成·码头职工之家|职工之家|工会|所有人|开放|||29°05′48.5″N 123°00′59″E|约100|每天 18:00-21:00|开放",
            "3|V3|合成·丙船队活动室|职工之家|企业|本单位职工|不共享|||海边，见附图|50平方米|看门人在就开|开放",
            "4|V3|合成·泵站书屋|职工书屋|村社|全体职工|预约|岛上镇|岛上镇渔港路1号||半亩|每天 9:00-21:00|开放",
            "5|V5|合成·青年之家|网吧|共青团|青年职工|开放|路上镇||123.0082,29.0968|80|全天|开放",
            "|合计|||||||||1500||",
            "填表人：略||||||||||||",
        )
        rows = [line.split("|") for line in lines]
        for r, row in enumerate(rows, 3):
            for c, value in enumerate(row):
                sheet.write_string(r, c, value)
        sheet.merge_range("H4:H6", "陆上镇")
        sheet.set_row(4, None, None, {"hidden": True})
    return stream.getvalue()


def employers() -> bytes:
    """Return 用人单位.xlsx: what a spreadsheet does to ids, dates and formulas."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"created": _EPOCH})
        sheet = book.add_worksheet("Sheet1")
        head = [
            "单位编号",
            "企业名称",
            "所属乡镇",
            "产业",
            "经度（度）",
            "纬度（度）",
            "职工人数（人）",
            "会员数",
            "备注",
        ]
        for c, label in enumerate(head):
            sheet.write_string(0, c, label)
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        rows = [
            ["P1", "合成·甲厂", "陆上", "针织产业集群", "123", "29.0968"],
            ["P2", "合成·乙船队", "dao shang", "渔业", "29.0968", "123.0308"],
            ["", "合成·丙船队", "岛上镇", "海鲜", "123°02′20.5″", "29°65′"],
            ["合计", "", "", "", "", ""],
        ]
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row):
                sheet.write_string(r, c, value)
        sheet.write_string("G2", "二百八十")
        sheet.write_formula("H2", "=Sheet9!A1", None, "#REF!")
        sheet.write_number("A4", 913302250000012345)
        sheet.write_datetime("G3", dt.datetime(1900, 2, 9), date)  # noqa: DTZ001 - a cell has no time zone
        sheet.write_number("G4", 20)
        sheet.write_number("G5", 340)
    return stream.getvalue()


def workers() -> bytes:
    """Return 职工群体.csv in GB18030, with words where numbers belong."""
    lines = [
        "群体编号,单位编号,产业集群,所属镇乡,所在,经度,纬度,职工人数,女职工人数,班制,空闲时间,出行方式",
        "g1,P1,针织,陆上镇,厂区,123,29.0968,一百人,50,白班,周一至周五 18:00-22:00,步行",
        "g2,P1,针织,陆上镇,厂区,123.0082,29.0968,80多,40,白班,周一至周五 18:00-22:00,步行",
        "g3,P1,针织,陆上镇,厂区,123.0164,29.0968,60,70,两班倒夜班,周一至周五 9:00-15:00，周日休息,步行",
        "岛上镇,,,,,,,,,,,",
        "g4,P2,渔业,岛上镇,厂区,123.0308,29.0968,30-40,15,在岸,周一至周五 18:00-22:00,步行",
        "g5,P2,渔业,岛上镇,厂区,123.0243,29.0968,30,15,在岸,周一至周五 18:00-22:00,步行",
        "g6,P9,渔业,岛上镇,厂区,123.0308,29.0968,20人,10,在岸,周一至周五 18:00-22:00,飞机",
        ",,,,,,,,,,,",
    ]
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def ledgers() -> dict[str, bytes]:
    """Return the files of the dirty study, without those that the toy county writes itself."""
    return {
        "study.toml": SETTINGS.encode("utf-8"),
        "阵地台账.xlsx": venues(),
        "用人单位.xlsx": employers(),
        "职工群体.csv": workers(),
    }


def write(folder: Path) -> None:
    """Write the study: its ledgers, and the other tables of the toy county."""
    study = toy_county()
    io.write_study({name: getattr(study, name) for name in TABLES}, SETTINGS, folder)
    for name in ("employers", "workers", "venues"):
        (folder / f"{name}.csv").unlink()
    for name, data in ledgers().items():
        (folder / name).write_bytes(data)


def page(check: io.StudyCheck) -> str:
    """Return the page that lists what is said of the samples."""
    counts = check.reconciliation.loc[["employers", "workers", "venues"]]
    lines = [
        "# 脏台账样例",
        "",
        "`data/samples` 是一套故意写坏的台账（六点县，名称均为虚构）。运行",
        "",
        "```bash",
        "xsgeo check data/samples --out docs/fixes.xlsx",
        "```",
        "",
        "得到补正工作簿 [fixes.xlsx](fixes.xlsx)：每表一页，行不挪位，红格是要改的地方，最后一列写明怎么改。",
        "This page is written by `tools/make_samples.py`.",
        "",
        "| 表 | 读入行 | 采用 | 需补正 | 空行 |",
        "|---|---|---|---|---|",
        *(
            f"| {TABLES[str(n)].zh} | {r.rows_in} | {r.rows_used} | {r.rows_rejected} | {r.rows_blank} |"
            for n, r in counts.iterrows()
        ),
        "",
        f"## 要改的地方（{len(check.faults)}处）",
        "",
        *(f"- {fault.text('zh')}" for fault in check.faults),
        "",
        "## 看懂了、不用改的",
        "",
        *(f"- {note.text('zh')}" for note in check.notes),
    ]
    return "\n".join(lines) + "\n"


def words() -> str:
    """Return the page of the data dictionary, which is what ``xsgeo schema`` prints."""
    lead = "由 `xsgeo schema` 生成；单张表用 `xsgeo schema venues`。Written by `tools/make_samples.py`."
    return f"# 数据字典 · Data dictionary\n\n{lead}\n\n{schemas.dictionary()}\n"


def main() -> None:
    """Write the samples, the workbook and the pages."""
    folder, docs = ROOT / "data" / "samples", ROOT / "docs"
    write(folder)
    check = io.check_study(folder)
    (docs / "fixes.xlsx").write_bytes(fixes.workbook(check))
    (docs / "ledgers.md").write_text(page(check), "utf-8")
    (docs / "dictionary.md").write_text(words(), "utf-8")
    print(f"{len(check.faults)} faults, {len(check.notes)} notes")


if __name__ == "__main__":
    main()
