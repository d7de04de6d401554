"""Invented employers and groups of workers whose sums are the facts' own.

The facts estimate how many people work in each industry cluster, town by town. Everything finer is invented here and
says so in its name: how many work at one employer, where it stands, who lives in a dormitory. What is invented must
still add up, so numbers are dealt out by largest remainders (Hamilton's method), which keeps every total exactly. What
is assumed of each cluster's sizes and shifts stands in `xsgeo.datasets.trades`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from xsgeo.crs import project, unproject
from xsgeo.datasets.trades import TRADES

GROUP_SIZE = 13.5
"""Workers to a group, about: with the facts' 130,500 workers it gives about 8,000 groups."""

ACCURACY_M = 30.0
VAGUE_SHARE = 0.01
VAGUE_M = 1500.0
"""A few groups are known by their village alone, as in every ledger; a run must count them as unknown."""

QUAY_M = 5.0
"""Nobody works or lives nearer to the water."""

SMALLEST_EMPLOYER = 3

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
