"""Write data/labelled/room_pairs.csv: 300 pairs of plaques, each labelled as one room or two.

The pairs are invented, in the ways ledgers really differ: three federations that write one door down three times, old
town names, brackets, a street number with and without its storey, a point read off a map or set to the town's seat; and
the other way round, doors that look like one and are not: the same name in two towns, next-door numbers, one telephone
of one town office, rooms of two firms in one yard. The towns are real, since their names are what makes it hard;
streets and firms are made up. Half of the pairs is for looking at (``part`` a), half for measuring (b).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
OUT = ROOT / "data" / "labelled" / "room_pairs.csv"
ROADS = ("文化路", "新丰路", "渔港路", "建设路", "天安路", "象山港路", "兴业大道", "滨海路", "振兴街", "育才路")
VILLAGES = ("前山村", "后塘村", "上湾村", "下湾村", "大岙村", "小岙村", "新塘村", "沙头村", "溪口村", "石桥村")
FIRMS = ("海风针织", "东岙机械", "蓝湾水产", "象湖食品", "金桥模具", "晨光服饰", "远洋船舶", "绿源农业")
HOMES = (
    ("职工之家", "workers_home", "union"),
    ("青年之家", "youth_home", "youth_league"),
    ("妇女之家", "women_home", "women_federation"),
    ("职工书屋", "library", "union"),
    ("党群服务中心", "party_centre", "party"),
    ("文化礼堂", "culture_hall", "village"),
    ("职工文体活动中心", "culture_centre", "union"),
)
Venue = dict[str, object]


class Maker:
    """Draws plaques; its stream is frozen, so the file is the same everywhere."""

    def __init__(self, towns: pd.DataFrame, seed: int) -> None:
        self.towns = towns
        self.random = np.random.RandomState(seed)

    def pick(self, words: Sequence[Any]) -> Any:
        """Draw one of several words."""
        return words[self.random.randint(len(words))]

    def town(self) -> str:
        """Draw a town."""
        return str(self.towns.index[self.random.randint(len(self.towns))])

    def short(self, town_id: str) -> str:
        """Name of a town without its suffix."""
        return str(self.towns.at[town_id, "name"]).removesuffix("街道").removesuffix("镇").removesuffix("乡")

    def place(self, town_id: str) -> tuple[float, float]:
        """Draw a point near the seat of a town."""
        row = self.towns.loc[town_id]
        east, north = self.random.uniform(-1500, 1500, 2)
        return row["lon"] + east / 97_000, row["lat"] + north / 110_900

    def moved(self, at: tuple[float, float], metres: float) -> tuple[float, float]:
        """Move a point in any direction."""
        angle = self.random.uniform(0, 2 * np.pi)
        return at[0] + metres * np.cos(angle) / 97_000, at[1] + metres * np.sin(angle) / 110_900

    def address(self, town_id: str, road: str, number: int, floor: int = 0) -> str:
        """Write an address in one of the usual ways."""
        name = self.towns.at[town_id, "name"]
        head = self.pick((f"象山县{name}", str(name), "", f"浙江省宁波市象山县{name}"))
        storey = ("", "一楼", "2楼", "三楼", "4楼", "5层")[floor]
        return f"{head}{road}{number}号{storey}"

    def venue(
        self, name: str, home: tuple[str, str, str], town_id: str, at: tuple[float, float], **more: object
    ) -> Venue:
        """Write a plaque."""
        return {
            "name": name,
            "kind": home[1],
            "owner_system": home[2],
            "town_id": town_id,
            "address": "",
            "lon": round(at[0], 5),
            "lat": round(at[1], 5),
            "accuracy_m": 20,
            "area_m2": None,
            "phone": "",
        } | more

    def road(self) -> tuple[str, int]:
        """Draw a street and a house number."""
        return str(self.pick(ROADS)), int(self.random.randint(1, 300))

    def area(self) -> int:
        """Draw a floor area in square metres."""
        return int(self.random.randint(4, 120)) * 10

    def two_homes(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """Draw two kinds of home."""
        one, other = self.random.permutation(len(HOMES))[:2]
        return HOMES[one], HOMES[other]


# One room -------------------------------------------------------------------------------------------------------------


def three_ledgers(m: Maker) -> tuple[Venue, Venue]:
    """One village room under the plaques of two federations."""
    town = m.town()
    at, village, area = m.place(town), m.pick(VILLAGES), m.area()
    one, other = m.two_homes()
    return (
        m.venue(f"{m.towns.at[town, 'name']}{village}{one[0]}", one, town, at, area_m2=area),
        m.venue(f"{village}{other[0]}", other, town, m.moved(at, m.random.uniform(0, 25)), area_m2=area),
    )


def long_and_short(m: Maker) -> tuple[Venue, Venue]:
    """The town's home, once plainly and once with county and keeper."""
    town = m.town()
    at, home, area = m.place(town), HOMES[m.random.choice([0, 1, 2, 6])], m.area()
    keeper = {"union": "总工会", "youth_league": "团委", "women_federation": "妇联"}[home[2]]
    return (
        m.venue(f"{m.towns.at[town, 'name']}{home[0]}", home, town, at, area_m2=area),
        m.venue(
            f"象山县{m.short(town)}{home[0]}（{keeper}）",
            home,
            town,
            m.moved(at, m.random.uniform(5, 60)),
            accuracy_m=50,
        ),
    )


def same_door(m: Maker) -> tuple[Venue, Venue]:
    """Two organisations at one address, written differently."""
    town = m.town()
    at, (road, number), (one, other) = m.place(town), m.road(), m.two_homes()
    floor = int(m.random.randint(1, 5))
    name = m.towns.at[town, "name"]
    return (
        m.venue(f"{name}{one[0]}", one, town, at, address=m.address(town, road, number)),
        m.venue(
            f"{m.short(town)}{other[0]}", other, town, m.moved(at, m.random.uniform(0, 40)),
            address=m.address(town, road, number, floor),
        ),
    )  # fmt: skip


def seat_and_point(m: Maker) -> tuple[Venue, Venue]:
    """One at its point, one at the town's seat for want of better; the address is the same."""
    town = m.town()
    at, (road, number), (one, other) = m.place(town), m.road(), m.two_homes()
    seat = (float(m.towns.at[town, "lon"]), float(m.towns.at[town, "lat"]))
    return (
        m.venue(f"{m.towns.at[town, 'name']}{one[0]}", one, town, at, address=m.address(town, road, number)),
        m.venue(
            f"{m.short(town)}{other[0]}", other, town, seat, accuracy_m=2000, address=m.address(town, road, number)
        ),
    )


def firm_room(m: Maker) -> tuple[Venue, Venue]:
    """A firm's room that bears the plaques of union and women's federation."""
    town = m.town()
    at, firm, area = m.place(town), m.pick(FIRMS), m.area()
    return (
        m.venue(f"{firm}有限公司工会职工之家", ("", "workers_home", "union"), town, at, area_m2=area),
        m.venue(
            f"象山{firm}公司妇女之家", ("", "women_home", "women_federation"), town,
            m.moved(at, m.random.uniform(0, 50)), area_m2=area if m.random.rand() < 0.5 else None, accuracy_m=30,
        ),
    )  # fmt: skip


def typing_slip(m: Maker) -> tuple[Venue, Venue]:
    """One character of the name is wrong, or full-width, and the telephone is the same."""
    town = m.town()
    at, village, phone = m.place(town), str(m.pick(VILLAGES)), f"0574-65{m.random.randint(100000, 999999)}"
    wrong = village.replace("塘", "糖").replace("湾", "弯").replace("岙", "奥")
    return (
        m.venue(f"{village}职工之家", HOMES[0], town, at, phone=phone),
        m.venue(f"{wrong} 职工之家", HOMES[0], town, m.moved(at, m.random.uniform(0, 60)), phone=phone, accuracy_m=50),
    )


# Two rooms ------------------------------------------------------------------------------------------------------------


def two_towns(m: Maker) -> tuple[Venue, Venue]:
    """The same home of two neighbouring towns (丹东, 丹西)."""
    home = HOMES[m.random.choice([0, 1, 2, 6])]
    at = (121.8697 + m.random.uniform(-0.004, 0.004), 29.4733 + m.random.uniform(-0.004, 0.004))
    return (
        m.venue(f"丹东街道{home[0]}", home, "330225001", at),
        m.venue(f"丹西街道{home[0]}", home, "330225002", m.moved(at, m.random.uniform(60, 280)), accuracy_m=50),
    )


def next_door(m: Maker) -> tuple[Venue, Venue]:
    """Numbers 128 and 132 of one street."""
    town = m.town()
    at, (road, number), (one, other) = m.place(town), m.road(), m.two_homes()
    further = number + int(m.random.choice([2, 4, 6]))
    return (
        m.venue(f"{m.short(town)}{one[0]}", one, town, at, address=m.address(town, road, number), area_m2=m.area()),
        m.venue(
            f"{m.towns.at[town, 'name']}{other[0]}", other, town, m.moved(at, m.random.uniform(15, 60)),
            address=m.address(town, road, further), area_m2=m.area(),
        ),
    )  # fmt: skip


def two_villages(m: Maker) -> tuple[Venue, Venue]:
    """Two villages a few hundred metres apart."""
    town = m.town()
    at = m.place(town)
    one, other = m.random.permutation(len(VILLAGES))[:2]
    home, else_home = m.two_homes()
    return (
        m.venue(f"{VILLAGES[one]}{home[0]}", home, town, at, area_m2=m.area()),
        m.venue(
            f"{VILLAGES[other]}{else_home[0]}",
            else_home,
            town,
            m.moved(at, m.random.uniform(120, 300)),
            area_m2=m.area(),
        ),
    )


def two_firms(m: Maker) -> tuple[Venue, Venue]:
    """Two firms in one yard."""
    town = m.town()
    at = m.place(town)
    one, other = m.random.permutation(len(FIRMS))[:2]
    home = ("", "workers_home", "union")
    return (
        m.venue(f"{FIRMS[one]}有限公司职工之家", home, town, at, area_m2=m.area()),
        m.venue(
            f"{FIRMS[other]}有限公司职工之家", home, town, m.moved(at, m.random.uniform(40, 150)), area_m2=m.area()
        ),
    )


def one_telephone(m: Maker) -> tuple[Venue, Venue]:
    """The town office's telephone stands beside all its rooms."""
    town = m.town()
    at, phone = m.place(town), f"0574-65{m.random.randint(100000, 999999)}"
    one, other = m.random.permutation(len(VILLAGES))[:2]
    return (
        m.venue(f"{VILLAGES[one]}文化礼堂", HOMES[5], town, at, phone=phone),
        m.venue(f"{VILLAGES[other]}文化礼堂", HOMES[5], town, m.moved(at, m.random.uniform(150, 290)), phone=phone),
    )


def same_seat(m: Maker) -> tuple[Venue, Venue]:
    """Both set to the town's seat; their streets differ."""
    town = m.town()
    seat = (float(m.towns.at[town, "lon"]), float(m.towns.at[town, "lat"]))
    one, other = m.two_homes()
    (road, number), (road2, number2) = m.road(), m.road()
    return (
        m.venue(f"{m.short(town)}{one[0]}", one, town, seat, accuracy_m=2000, address=m.address(town, road, number)),
        m.venue(
            f"{m.short(town)}{other[0]}", other, town, seat, accuracy_m=2000,
            address=m.address(town, road2, number2 if road2 != road else number + 40),
        ),
    )  # fmt: skip


def two_floors(m: Maker) -> tuple[Venue, Venue]:
    """One big building, two storeys, two rooms of different size."""
    town = m.town()
    at, (road, number), (one, other) = m.place(town), m.road(), m.two_homes()
    return (
        m.venue(
            f"{m.short(town)}{one[0]}", one, town, at, address=m.address(town, road, number, 2), area_m2=m.area()
        ),
        m.venue(
            f"{m.short(town)}{other[0]}", other, town, m.moved(at, m.random.uniform(0, 30)),
            address=m.address(town, road, number, 4), area_m2=m.area() * 3,
        ),
    )  # fmt: skip


def numbered(m: Maker) -> tuple[Venue, Venue]:
    """Rest stations 1 and 2 of one estate."""
    town = m.town()
    at, home = m.place(town), ("", "rest_station", "union")
    return (
        m.venue(f"{m.short(town)}工业园区职工驿站1", home, town, at),
        m.venue(f"{m.short(town)}工业园区职工驿站2号", home, town, m.moved(at, m.random.uniform(60, 250))),
    )


SAME = (three_ledgers, long_and_short, same_door, seat_and_point, firm_room, typing_slip)
DIFFERENT = (two_towns, next_door, two_villages, two_firms, one_telephone, same_seat, two_floors, numbered)
COUNTS: tuple[tuple[Callable[[Maker], tuple[Venue, Venue]], int], ...] = (
    (three_ledgers, 36),
    (long_and_short, 24),
    (same_door, 28),
    (seat_and_point, 14),
    (firm_room, 20),
    (typing_slip, 18),
    (two_towns, 24),
    (next_door, 24),
    (two_villages, 26),
    (two_firms, 22),
    (one_telephone, 16),
    (same_seat, 14),
    (two_floors, 12),
    (numbered, 22),
)


def labelled_pairs(towns: pd.DataFrame, *, seed: int = 300) -> pd.DataFrame:
    """Make the 300 pairs, one row each: both plaques, ``verdict``, why it is hard, and which half it is in."""
    maker = Maker(towns, seed)
    rows = []
    for make, n in COUNTS:
        for i in range(n):
            one, other = make(maker)
            row: dict[str, object] = {f"{k}_a": v for k, v in one.items()} | {f"{k}_b": v for k, v in other.items()}
            verdict = "same" if make in SAME else "different"
            rows.append({"case": make.__name__, "part": "ab"[i % 2], "verdict": verdict} | row)
    table = pd.DataFrame(rows)
    table.insert(0, "pair_id", [f"P{n:03d}" for n in range(1, len(table) + 1)])
    return table


def main() -> None:
    """Write the file, or the one named."""
    towns = pd.read_csv(ROOT / "data" / "towns.csv", dtype={"town_id": str}).set_index("town_id")
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    out.write_text(labelled_pairs(towns).to_csv(index=False, lineterminator="\n"), "utf-8")


if __name__ == "__main__":
    main()
