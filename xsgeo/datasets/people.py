"""Invented employers and groups of workers whose sums are the facts' own.

The facts estimate how many people work in each industry cluster, town by town, and describe the cluster's shifts in
words. Everything finer is invented here and says so in its name: how many work at one employer, where it stands,
who lives in a dormitory. What is invented must still add up, so numbers are dealt out by largest remainders
(Hamilton's method), which keeps every total exactly.

Free time is time off shift *and* awake. The facts give a night shift the whole day from 08:00 to 20:00; somebody
who works from 20:00 to 08:00 sleeps from 08:30 to 15:30, so 15:30 to 19:30 is left. Crews count when they are
ashore; how many are ashore in which month is told by the cluster's month weights, not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from xsgeo.crs import project, unproject

GROUP_SIZE = 13.5
"""Workers to a group, about: with the facts' 130,500 workers it gives about 8,000 groups."""

ACCURACY_M = 30.0
VAGUE_SHARE = 0.01
VAGUE_M = 1500.0
"""A few groups are known by their village alone, as in every ledger; a run must count them as unknown."""

QUAY_M = 5.0
"""Nobody works or lives nearer to the water."""

SMALLEST_EMPLOYER = 3


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

_HOME_DRAW = MappingProxyType(
    {"seat": 1.0, "park": 0.12, "resort": 0.25, "village": 0.7, "hamlet": 0.55, "lane": 0.1, "joint": 0.25}
)
HOME_REACH_M = 2600.0
DORMITORY_REACH_M = 260.0


def apportion(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Deal out a whole number in proportion to weights, by largest remainders.

    Parameters
    ----------
    total
        What to deal out, 0 or more.
    weights
        Not negative, at least one above 0.

    Returns
    -------
    numpy.ndarray
        Whole numbers that sum to ``total``; of equal remainders the earlier one is served first.

    Examples
    --------
    >>> apportion(10, [1, 1, 1]).tolist()
    [4, 3, 3]
    """
    shares = np.asarray(weights, dtype=float)
    exact = total * shares / shares.sum()
    dealt: NDArray[np.int64] = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - dealt).round(9), kind="stable")
    dealt[order[: total - int(dealt.sum())]] += 1
    return dealt


def heavy_tailed(
    total: int, n: int, *, spread: float, random: np.random.RandomState, smallest: int = SMALLEST_EMPLOYER
) -> NDArray[np.int64]:
    """Sizes of n employers that sum to the total: many small ones and a few large, log-normal.

    Parameters
    ----------
    total
        Workers in all, at least ``n * smallest``.
    n
        How many employers.
    spread
        Standard deviation of the logarithm of a size.
    random
        Source of chance.
    smallest
        Least size.

    Examples
    --------
    >>> sizes = heavy_tailed(1000, 20, spread=1.2, random=np.random.RandomState(1))
    >>> int(sizes.sum()), bool(sizes.min() >= 3), bool(sizes.max() > 3 * np.median(sizes))
    (1000, True, True)
    """
    weights = np.exp(spread * random.standard_normal(n))
    return np.asarray(smallest + apportion(total - n * smallest, weights))


@dataclass(frozen=True)
class Ground:
    """What people can stand on: street corners by town, and the land under them.

    Attributes
    ----------
    corners
        Street corners as in `xsgeo.datasets.streets.StreetMap`.
    land
        Pieces of land in EPSG:4550 by land_id, without the last metres before the water.
    points
        Named points of the facts: index id, with x and y in EPSG:4550.
    by_town
        Positions in `corners` by town_id.
    """

    corners: pd.DataFrame
    land: Mapping[str, shapely.Geometry]
    points: pd.DataFrame
    by_town: Mapping[str, NDArray[np.intp]]

    @classmethod
    def of(cls, corners: pd.DataFrame, land: Mapping[str, shapely.Geometry], points: pd.DataFrame) -> Ground:
        """Prepare for many questions; `land` is whole here."""
        inner = {k: shapely.buffer(piece, -QUAY_M) for k, piece in land.items() if k in set(corners["land_id"])}
        for piece in inner.values():
            shapely.prepare(piece)
        return cls(corners, inner, points, dict(corners.groupby("town_id").indices))

    def beside(
        self,
        corner: NDArray[np.intp],
        *,
        random: np.random.RandomState,
        nearest_m: float = 8.0,
        farthest_m: float = 40.0,
    ) -> pd.DataFrame:
        """Points beside street corners, on the corner's own land.

        Parameters
        ----------
        corner
            Positions in `corners`.
        random
            Source of chance.
        nearest_m, farthest_m
            How far from the corner.

        Returns
        -------
        pandas.DataFrame
            Columns lon and lat (rounded to 5 decimals), x and y (of the rounded point), one row a corner asked for.
        """
        turn = random.uniform(0, 2 * np.pi, len(corner))
        away = random.uniform(nearest_m, farthest_m, len(corner))
        x0, y0 = (self.corners[c].to_numpy()[corner] for c in ("x", "y"))
        x, y = x0 + away * np.cos(turn), y0 + away * np.sin(turn)
        land_id = self.corners["land_id"].to_numpy()[corner]
        wet = np.ones(len(corner), dtype=bool)
        for key in sorted(set(land_id)):
            mine = land_id == key
            wet[mine] = ~shapely.contains_xy(self.land[key], x[mine], y[mine])
        lon, lat = unproject(np.where(wet, x0, x), np.where(wet, y0, y))
        lon, lat = lon.round(5), lat.round(5)
        x, y = project(lon, lat)
        return pd.DataFrame({"lon": lon, "lat": lat, "x": x, "y": y})

    def near(
        self, town_id: str, x: float, y: float, *, reach_m: float, n: int, random: np.random.RandomState,
        draw: Mapping[str, float] | None = None,
    ) -> NDArray[np.intp]:  # fmt: skip
        """Choose corners of a town with a chance that falls with the distance from a point.

        Parameters
        ----------
        town_id
            Whose corners.
        x, y
            The point, EPSG:4550.
        reach_m
            Distance over which the chance falls to 1/e.
        n
            How many, with repetition.
        random
            Source of chance.
        draw
            Further factor of the chance by the corner's kind; kinds left out have none.
        """
        mine = self.by_town[town_id]
        away = np.hypot(self.corners["x"].to_numpy()[mine] - x, self.corners["y"].to_numpy()[mine] - y)
        chance = np.exp(-(away - away.min()) / reach_m)
        if draw is not None:
            chance *= np.array([draw.get(k, 0.0) for k in self.corners["kind"].to_numpy()[mine]])
        edges = np.cumsum(chance)
        drawn = np.searchsorted(edges, random.random_sample(n) * edges[-1], side="right")
        return np.asarray(mine[np.minimum(drawn, len(mine) - 1)])


def employers(
    by_town: pd.DataFrame, towns: pd.DataFrame, ground: Ground, *, random: np.random.RandomState
) -> pd.DataFrame:
    """Invent employers whose workers sum to the facts' number for each cluster and town.

    Parameters
    ----------
    by_town
        Columns cluster_id, town_id and n_workers, one row a cluster and town, in the order of
        the ids.
    towns
        Index town_id, with name, x and y (EPSG:4550) of the seat.
    ground
        Where they may stand.
    random
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        Index employer_id (E0001, ...), with name, town_id, cluster_id, lon, lat, accuracy_m, n_workers, n_members, and
        x and y of the point.
    """
    parts = []
    for cluster_id, town_id, total in by_town[["cluster_id", "town_id", "n_workers"]].itertuples(index=False):
        trade = TRADES[cluster_id]
        n = max(1, round(total / trade.mean_size))
        anchors = trade.anchors.get(towns.at[town_id, "name"], ())
        at = ground.points.loc[list(anchors)] if anchors else towns.loc[[town_id]]
        which = random.permutation(np.arange(n) % len(at))
        corner = np.empty(n, dtype=np.intp)
        for i, (x, y) in enumerate(at[["x", "y"]].to_numpy()):
            mine = which == i
            corner[mine] = ground.near(town_id, x, y, reach_m=trade.reach_m, n=int(mine.sum()), random=random)
        label = f"合成·{short_name(towns.at[town_id, 'name'])}{trade.label}"
        part = ground.beside(corner, random=random, nearest_m=15.0, farthest_m=60.0).assign(
            name=[f"{label}{i:03d}" for i in range(1, n + 1)],
            town_id=town_id,
            cluster_id=cluster_id,
            accuracy_m=ACCURACY_M,
            n_workers=heavy_tailed(int(total), n, spread=trade.size_spread, random=random),
        )
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    # Large employers have more of their workers in the union; 55 to 95 percent, a judgement.
    share = 0.55 + 0.4 * frame["n_workers"] / (frame["n_workers"] + 40)
    frame["n_members"] = np.floor(frame["n_workers"] * share).astype("int64")
    return frame.set_axis(pd.Index([f"E{i:04d}" for i in range(1, len(frame) + 1)], name="employer_id"))


def short_name(town: str) -> str:
    """Name of a town without its rank, as people say it.

    Examples
    --------
    >>> short_name("爵溪街道"), short_name("石浦镇"), short_name("高塘岛乡")
    ('爵溪', '石浦', '高塘岛')
    """
    return town.removesuffix("街道").removesuffix("镇").removesuffix("乡")


def workers(firms: pd.DataFrame, ground: Ground, *, random: np.random.RandomState) -> pd.DataFrame:
    """Invent groups of workers whose numbers sum to each employer's.

    Parameters
    ----------
    firms
        Employers as `employers` gives them.
    ground
        Where they may live.
    random
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        Index group_id (W00001, ...), with the columns of ``workers`` except provenance. A group at its workplace stands
        where the employer does; dormitories stand near it; homes are spread over the town's streets. ``means`` is walk
        within a built-up seat of a subdistrict or big town and ebike elsewhere. One group in a hundred is placed to
        1,500 m only.
    """
    slots = _slots(firms, random=random)
    firm = firms.loc[slots["employer_id"]]
    n_workers = _deal(slots, firm["n_workers"].to_numpy(), random=random)
    places = _stand(slots, firms, ground, random=random)
    trades = [TRADES[c] for c in firm["cluster_id"]]
    women, under_35 = ([getattr(t, name) for t in trades] for name in ("women", "under_35"))
    frame = pd.DataFrame(
        {
            "employer_id": slots["employer_id"].to_numpy(),
            "cluster_id": firm["cluster_id"].to_numpy(),
            "town_id": firm["town_id"].to_numpy(),
            "place": slots["place"].to_numpy(),
            "lon": places["lon"].to_numpy(),
            "lat": places["lat"].to_numpy(),
            "accuracy_m": np.where(random.random_sample(len(slots)) < VAGUE_SHARE, VAGUE_M, ACCURACY_M),
            "n_workers": n_workers,
            "n_women": random.binomial(n_workers, women),
            "n_under_35": random.binomial(n_workers, under_35),
            "shift": slots["shift"].to_numpy(),
            "free_hours": slots["free_hours"].to_numpy(),
            "means": np.where(places["is_walkable"], "walk", "ebike"),
        }
    )
    return frame.set_axis(pd.Index([f"W{i:05d}" for i in range(1, len(frame) + 1)], name="group_id"))


def _slots(firms: pd.DataFrame, *, random: np.random.RandomState) -> pd.DataFrame:
    """Groups without numbers yet: each cluster's shares of places and shifts, dealt over its employers."""
    n_groups = np.maximum(1, np.round(firms["n_workers"] / GROUP_SIZE)).astype(int)
    parts = []
    for cluster_id in firms["cluster_id"].drop_duplicates():
        trade, mine = TRADES[cluster_id], firms["cluster_id"] == cluster_id
        employer_id = np.repeat(firms.index[mine].to_numpy(), n_groups[mine])
        cells = [(p, s, f, a * b) for p, a in trade.places.items() for s, f, b in trade.shifts]
        kinds = np.repeat(np.arange(len(cells)), apportion(len(employer_id), [c[3] for c in cells]))
        chosen = [cells[k] for k in random.permutation(kinds)]
        part = pd.DataFrame([c[:3] for c in chosen], columns=["place", "shift", "free_hours"])
        parts.append(part.assign(employer_id=employer_id))
    slots = pd.concat(parts, ignore_index=True)
    # Homes are many; those of one employer and shift at the workplace, or in its dormitory, are one group.
    key = ["employer_id", "place", "shift", "free_hours"]
    slots = slots[(slots["place"] == "home") | ~slots.duplicated(key)]
    return slots.sort_values(["employer_id", "place", "shift"], kind="stable", ignore_index=True)


def _deal(slots: pd.DataFrame, totals: NDArray[np.int64], *, random: np.random.RandomState) -> NDArray[np.int64]:
    """Workers of each group: at least one, uneven, summing to its employer's."""
    weights = random.uniform(0.5, 1.5, len(slots))
    dealt = np.empty(len(slots), dtype=np.int64)
    _, first, count = np.unique(slots["employer_id"].to_numpy(str), return_index=True, return_counts=True)
    for start, n in zip(first, count, strict=True):
        mine = slice(start, start + n)
        dealt[mine] = 1 + apportion(int(totals[start]) - n, weights[mine])
    return dealt


def _stand(slots: pd.DataFrame, firms: pd.DataFrame, ground: Ground, *, random: np.random.RandomState) -> pd.DataFrame:
    """Point of each group, and whether its people usually walk there."""
    corner = np.empty(len(slots), dtype=np.intp)
    for employer_id, rows in slots.groupby("employer_id", sort=True).indices.items():
        firm = firms.loc[employer_id]
        for place, reach_m, draw in (
            ("workplace", 1.0, None), ("dormitory", DORMITORY_REACH_M, None), ("home", HOME_REACH_M, _HOME_DRAW),
        ):  # fmt: skip
            mine = rows[slots["place"].to_numpy()[rows] == place]
            if len(mine):
                corner[mine] = ground.near(
                    firm["town_id"], firm["x"], firm["y"], reach_m=reach_m, n=len(mine), random=random, draw=draw
                )
    frame = ground.beside(corner, random=random)
    at_work = (slots["place"] == "workplace").to_numpy()
    firm = firms.loc[slots["employer_id"]]
    for c in ("lon", "lat"):
        frame[c] = np.where(at_work, firm[c].to_numpy(), frame[c])
    return frame.assign(is_walkable=ground.corners["is_walkable"].to_numpy()[corner])


def shuffled_shares(options: Sequence[tuple[str, float]], n: int, *, random: np.random.RandomState) -> list[str]:
    """Choices for n rows in fixed shares, in chance order.

    Parameters
    ----------
    options
        Choice and weight.
    n
        How many rows.
    random
        Source of chance.

    Examples
    --------
    >>> sorted(shuffled_shares([("a", 3.0), ("b", 1.0)], 4, random=np.random.RandomState(0)))
    ['a', 'a', 'a', 'b']
    """
    dealt = np.repeat(np.arange(len(options)), apportion(n, [w for _, w in options]))
    return [options[i][0] for i in random.permutation(dealt)]
