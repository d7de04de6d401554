"""Words of dates: kinds of day, the week or the year an answer is for."""

from __future__ import annotations

WORDS = {
    "day_kind.workday": ("工作日", "workday"),
    "day_kind.make_up": ("调休上班日", "make-up workday"),
    "day_kind.weekend": ("周末", "weekend"),
    "day_kind.holiday": ("节假日", "public holiday"),
    "calendar.unknown_year": (
        "{year}年的放假安排还没有收录（已收录到{last}年），涉及该年的日期无法判断；请改用按月，或等通知收录后再算。",
        "The public holidays of {year} are not known yet (the last notice at hand is of {last}), so dates that depend "
        "on them cannot be answered; ask for a month, or wait for the notice.",
    ),
    "cli.on": (
        "按{date}（{weekday}，{kind}）所在的一周计算：{first}至{last}，其中节假日{n_holidays}天、调休上班{n_make_up}天{more}。",
        "For the week of {date} ({weekday}, {kind}): {first} to {last}, with {n_holidays} public holidays and "
        "{n_make_up} make-up workdays{more}.",
    ),
    "cli.on.stage": ("；{stage}期间", "; {stage} in force"),
    "cli.on.typhoon": ("；台风停航{n}天", "; {n} days of typhoon stop"),
    "cli.month": ("按{month}月的平常一周计算。", "For an ordinary week of month {month}."),
    "cli.year": (
        "按各月在岗人数加权的全年平均（平常周，不含节假日）。",
        "Average of the year, weighted by the workers present in each month (ordinary weeks, no holidays).",
    ),
    "cli.one_time": ("--on、--month、--year只能给一个。", "give one of --on, --month and --year"),
    "cli.one_standard": ("--on、--year一次只能按一项标准。", "--on and --year take one standard at a time"),
    "cli.year_reason": (
        "--year的表里每种原因各占一列，不能再按原因分组。",
        "the table of --year has a column for each reason and is not broken down by it",
    ),
    "cli.seats_alone": (
        "--seats一次只能按一项标准，也不能与--year同用。",
        "--seats takes one standard at a time, and not --year",
    ),
    "cli.seats": (
        "已计座位：同一时段来的按有空职工的{share}计（规划设定）{needed}；"
        "在用的{n_rooms}间中有{n_unknown}间没有填容纳人数，按坐得下计。",
        "Seats are counted: of the workers who are free, {share} come at a time (a planning assumption){needed}; "
        "{n_unknown} of {n_rooms} rooms in use state no capacity and are taken to hold everybody.",
    ),
    "cli.seats.needed": ("，其中{share}坐得下才算", ", of whom {share} have to find a seat"),
    "cli.bad_date": ("“{text}”不是日期，请写成2026-10-03这样", "{text!r} is not a date; write it like 2026-10-03"),
    "column.month": ("月份", "month"),
    "column.n_present": ("在岗人数", "present"),
    "column.n_effective_present": ("在岗且用得上", "present and served"),
    "column.share_effective_present": ("在岗有效覆盖率", "effective share of those present"),
    "total.year": ("全年", "whole year"),
}
