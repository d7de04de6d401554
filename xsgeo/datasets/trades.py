"""The eleven industry clusters of the demonstration county as numbers: sizes, shifts, where people live.

The facts describe each cluster in words. What is made of them here are judgements, kept apart from the code that deals
people out by them, so that a reader who knows the county can put them right without reading any.

Free time is time off shift *and* awake. The facts give a night shift the whole day from 08:00 to 20:00; somebody
who works from 20:00 to 08:00 sleeps from 08:30 to 15:30, so 15:30 to 19:30 is left. Crews count when they are
ashore; how many are ashore in which month is told by the cluster's month weights, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Trade:
    """How one cluster's people work, live and rest.

    Attributes
    ----------
    label
        What its invented employers are called, after the town.
    mean_size
        Workers to an employer.
    places
        Share of groups by the place they set out from.
    shifts
        Shift, hours off shift and awake, and share of groups.
    women, under_35
        Share among the workers.
    reach_m
        How far from its anchors an employer stands, about.
    anchors
        Named points of the facts round which its employers stand, by town; the seat where none is given.
    size_spread
        Standard deviation of the logarithm of an employer's size: factories differ more than restaurants.
    """

    label: str
    mean_size: float
    places: Mapping[str, float]
    shifts: tuple[tuple[str, str, float], ...]
    women: float
    under_35: float
    reach_m: float = 600.0
    anchors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    size_spread: float = 0.8


def _places(workplace: float, dormitory: float, home: float) -> Mapping[str, float]:
    return MappingProxyType({"workplace": workplace, "dormitory": dormitory, "home": home})


_SUNDAY_OFF = "周一至周六 18:00-22:30；周日 8:00-22:30"
_OVERTIME = "周一至周六 21:00-22:30；周日 8:00-22:30"
_DAY_OF_TWO = "每天 20:00-22:30"
_NIGHT_OF_TWO = "每天 15:30-19:30"

TRADES: Mapping[str, Trade] = MappingProxyType(
    {
        "fishing": Trade(
            "渔业合作社", 80, _places(0.25, 0.0, 0.75), (("ashore", "每天 8:00-21:00", 1.0),), 0.12, 0.25, 500,
            MappingProxyType({
                "石浦镇": ("F01", "V11", "J_DMD"), "鹤浦镇": ("F02", "HP"), "高塘岛乡": ("F03", "GT"),
                "爵溪街道": ("JX",), "贤庠镇": ("J_XZE",), "东陈乡": ("J_DM",),
            }),
        ),
        "knitting": Trade(
            "针织厂", 55, _places(0.15, 0.45, 0.4),
            (
                ("long_day", _OVERTIME, 0.45), ("day", _SUNDAY_OFF, 0.3),
                ("two_shift_day", _DAY_OF_TWO, 0.13), ("two_shift_night", _NIGHT_OF_TWO, 0.12),
            ),
            0.68, 0.35, 700, MappingProxyType({"爵溪街道": ("K03",), "丹西街道": ("K04",)}), 1.2,
        ),
        "auto_parts": Trade(
            "汽配厂", 75, _places(0.15, 0.4, 0.45),
            (
                ("two_shift_day", _DAY_OF_TWO, 0.38), ("two_shift_night", _NIGHT_OF_TWO, 0.32),
                ("day", "周一至周六 17:30-22:30；周日 8:00-22:30", 0.3),
            ),
            0.36, 0.45, 800, MappingProxyType({"西周镇": ("K02",), "丹西街道": ("K04",)}), 1.2,
        ),
        "port_equipment": Trade(
            "装备厂", 80, _places(0.2, 0.4, 0.4),
            (
                ("day", "周一至周五 17:30-22:00；周六、周日 8:00-22:00", 0.5),
                ("two_shift_day", _DAY_OF_TWO, 0.27), ("two_shift_night", _NIGHT_OF_TWO, 0.23),
            ),
            0.15, 0.35, 800, MappingProxyType({"贤庠镇": ("K01", "K01", "XX"), "鹤浦镇": ("K05",)}), 1.2,
        ),
        "marine_economy": Trade(
            "水产加工厂", 48, _places(0.2, 0.3, 0.5),
            (("early", "每天 13:00-18:00", 0.55), ("day", _SUNDAY_OFF, 0.45)),
            0.52, 0.25, 600,
            MappingProxyType({"石浦镇": ("F01", "SP"), "鹤浦镇": ("F02", "HP"), "高塘岛乡": ("F03", "GT")}),
        ),
        "tourism": Trade(
            "旅游服务部", 40, _places(0.35, 0.2, 0.45),
            (("split", "周一至周四 8:00-11:00，14:00-16:30；周五至周日 14:00-16:30", 1.0),), 0.56, 0.4, 500,
            MappingProxyType({
                "石浦镇": ("S02", "S03", "S04"), "丹东街道": ("S01", "J_DMW", "DD"), "新桥镇": ("K06",),
                "高塘岛乡": ("S05", "GT"), "泗洲头镇": ("S07",), "东陈乡": ("J_DM",),
            }),
        ),
        "film_tv": Trade(
            "影视公司", 40, _places(0.45, 0.3, 0.25),
            (("irregular", "每天 10:00-12:00，14:00-17:00，20:00-23:00", 1.0),), 0.42, 0.6, 500,
            MappingProxyType({"新桥镇": ("K06",), "定塘镇": ("K06", "DT"), "石浦镇": ("S02",)}),
        ),
        "catering": Trade(
            "餐馆", 30, _places(0.4, 0.15, 0.45),
            (("split", "每天 14:00-16:30，22:00-23:30", 1.0),), 0.57, 0.4, 500,
            MappingProxyType({"石浦镇": ("S02", "SP")}),
        ),
        "transport": Trade(
            "运输队", 50, _places(0.4, 0.05, 0.55),
            (
                ("flexible", "每天 10:00-11:30，14:00-16:00，20:30-23:00", 0.8),
                ("flexible", "每天 9:30-11:30，13:00-15:00，22:00-23:30", 0.2),
            ),
            0.12, 0.45, 900,
        ),
        "veg_basket": Trade(
            "果蔬合作社", 60, _places(0.25, 0.0, 0.75),
            (("field", "每天 13:00-17:00，19:00-20:30", 0.75), ("early", "每天 12:00-17:00", 0.25)), 0.45, 0.12, 2500,
            MappingProxyType({"定塘镇": ("K07", "DT")}),
        ),
        "makers": Trade(
            "创客工坊", 15, _places(0.55, 0.05, 0.4),
            (("flexible", "周一至周五 18:30-22:30；周六、周日 9:00-22:30", 1.0),), 0.42, 0.75, 400,
        ),
    }
)  # fmt: skip
"""The eleven clusters; sizes and shares are judgements, hours follow the facts' description of each shift."""
