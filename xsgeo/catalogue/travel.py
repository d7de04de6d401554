"""Words of getting there: the bus, and the times at which a ferry sails."""

from __future__ import annotations

WORDS = {
    "mode.bus": ("公交（近似）", "bus (approximate)"),
    "choice.bus": ("公交（近似）", "bus (approximate)"),
    "kind.time": ("时刻，如06:30", "time, like 06:30"),
    "kind.times": ("各班时刻，以|分开", "times, parted by |"),
    "fault.not_a_time": ("“{value}”不是时刻", '"{value}" is not a time of day'),
    "remedy.not_a_time": ("请按“06:30”的样子填写；多个时刻以|分开", "Write it like 06:30; part several by |"),
    "fault.first_after_last": ("首班{first}晚于末班{last}", "the first sailing ({first}) is after the last ({last})"),
    "remedy.first_after_last": ("请核对首班与末班是否填反", "Check whether first and last are swapped"),
    "fault.departure_outside": ("班次{departures}不在{span}之内", "departures at {departures} are outside {span}"),
    "remedy.departure_outside": (
        "请改正班次，或改正首班、末班",
        "Correct the departures, or the first or last sailing",
    ),
    "fault.no_crossing": ("航行时间应大于0分钟", "the time on the water must be above 0 minutes"),
    "remedy.no_crossing": ("请填写航行需要几分钟", "Enter how many minutes the crossing takes"),
    "fault.no_wait": ("无法得知要等多久的船", "nothing says how long one waits for the boat"),
    "remedy.no_wait": (
        "请填写平均候船时间，或发船间隔，或至少两个班次",
        "Enter a mean wait, an interval, or at least two departures",
    ),
}
