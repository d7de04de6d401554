"""How good the inputs are, beside each number, and how the headline moves when uncertain positions move.

A share of workers served looks exact to the tenth of a percent, and rests on points placed to thirty metres or to a
kilometre, on ledgers and on estimates. So the rows of a coverage table get their quality beside them (`quality`) and an
interval (`headline`).

The interval answers one question only: the positions are known to within their ``accuracy_m``; what if they were
elsewhere in that disc? Each draw moves every uncertain place to a point drawn uniformly from its disc, joins it to the
roads again and judges the whole study again. Rules that keep a draw honest:

* Rows with the very same coordinates are one place, known as well as the best of its rows, and move together; else a
  dormitory would drift away from the room on its ground floor.
* A place stays on its own piece of land: a point that falls into the sea or on another island is drawn again. One that
  finds no land in `TRIES` draws stays where it was.
* A point placed less exactly than ``max_accuracy_m`` is unknown before and after, so it is not moved: its share is
  printed, and the interval does not pretend to cover it.

Places are numbered by their coordinates and each draw has its own stream of random numbers, so the interval is the same
whatever the order of the rows, and the first 50 of 99 draws are those of a run of 50. Draws are ordered and the
interval read from their ranks, (n+1)p; with 99 draws the 5th and 95th are exact (Davison and Hinkley 1997, *Bootstrap
Methods and their Application*, 5.2). It says nothing of wrong shifts, hours or roads. Ledgers put doors at the roadside
and a disc has more room away from it, so moved places lie a little further from their roads and the interval may lie a
little lower than the figure it stands beside: that is a finding about the positions, not an error.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo import workflow
from xsgeo.crs import WGS84, to_metres, unproject
from xsgeo.network import QUAY_M, Floats, Ints, Network
from xsgeo.study import Study
from xsgeo.workflow import Reach

if TYPE_CHECKING:
    import geopandas as gpd

DRAWS = 99
SEED = 1
LEVEL = 0.90
TRIES = 100
"""So often a place that falls off its land is drawn again before it stays where it was."""

BASES = ("sourced", "derived", "estimate", "synthetic", "unstated")
"""What a figure rests on, from the best to the worst."""


def quality(found: Reach, *, by: str | None = None) -> pd.DataFrame:
    """How good the inputs are behind each row of a coverage table.

    Parameters
    ----------
    found
        What `xsgeo.workflow.reach` found.
    by
        As for `xsgeo.workflow.coverage_table`; None for one row.

    Returns
    -------
    pandas.DataFrame
        The rows of `xsgeo.workflow.coverage_table`, columns: ``n_workers``, ``share_effective``; ``share_unknown``,
        and of those ``share_inexact`` (placed too roughly), ``share_no_road`` and ``share_too_far`` (a trap counts
        there); ``snap_median_m``, ``snap_p95_m`` and ``snap_max_m``, metres from the group to its road, by workers,
        of those who join one; ``share_synthetic``, ``share_estimate``, ``share_derived``, ``share_sourced``: by the
        worst of what a worker's answer rests on, the group's own row and that of its nearest venue;
        ``share_unstated`` where neither says.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> row = quality(workflow.reach(toy_county())).loc["all"]
    >>> round(float(row["share_unknown"]), 4), float(row["share_synthetic"])
    (0.0294, 1.0)
    """
    workers, groups = found.study.workers, found.groups
    table = workflow.coverage_table(found, by=by)
    key = _keys(found, by)
    n = workers["n_workers"].to_numpy(np.float64)
    why = found.snapped["reason"].reindex(workers.index).to_numpy(dtype=object)
    basis = _basis(found)
    flags = {
        "share_unknown": groups["reason"].astype(str).to_numpy() == "unknown",
        "share_inexact": why == "inexact",
        "share_no_road": why == "no_road",
        "share_too_far": np.isin(why, ["too_far", "trap"]),
    }
    flags |= {f"share_{name}": basis == name for name in reversed(BASES)}
    total = table["n_workers"].where(table["n_workers"] > 0)
    shares = {name: pd.Series(n * flag).groupby(key).sum().reindex(table.index) / total for name, flag in flags.items()}
    joined = why == ""
    snap_m = found.snapped["snap_m"].reindex(workers.index).to_numpy(np.float64)
    metres = _metres(snap_m[joined], n[joined], key[joined], table.index)
    columns = [*list(shares)[:4], *metres, *list(shares)[4:]]
    beside = pd.concat([pd.DataFrame(shares), metres], axis=1)[columns]
    return table[["n_workers", "share_effective"]].join(beside)


def headline(
    found: Reach,
    *,
    by: str | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = LEVEL,
    on_stage: workflow.Stage | None = None,
) -> pd.DataFrame:
    """How coverage moves when uncertain positions move within their accuracy.

    Parameters
    ----------
    found
        What `xsgeo.workflow.reach` found; its network is used again, and its date and seats are kept.
    by
        As for `xsgeo.workflow.coverage_table`; None for one row.
    draws
        How many times every uncertain place is moved.
    seed
        Seed of the draws.
    level
        Share of the draws between the ends of the interval.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    pandas.DataFrame
        The rows of `xsgeo.workflow.coverage_table`, columns: ``share_nominal`` and ``share_effective`` as the
        positions stand, and for each ``..._low``, ``..._median`` and ``..._high`` over the draws; ``n_draws``,
        ``seed``, ``level``; ``n_moved`` places, the same in every row.

    Raises
    ------
    ValueError
        When `draws` is below 1 or `level` not between 0 and 1.

    Examples
    --------
    The toy county's positions are exact, so nothing moves.

    >>> from xsgeo.datasets import toy_county
    >>> row = headline(workflow.reach(toy_county()), draws=3).loc["all"]
    >>> row[["share_effective_low", "share_effective", "share_effective_high", "n_moved"]].round(4).tolist()
    [0.4706, 0.4706, 0.4706, 0.0]
    """
    if draws < 1 or not 0 < level < 1:
        msg = f"draws must be at least 1 and level between 0 and 1, got {draws} and {level}"
        raise ValueError(msg)
    study = found.study
    if on_stage is not None:
        on_stage("draws")
    now = workflow.coverage_table(found, by=by)
    places = _places(study, found.network)
    kept = ["share_nominal", "share_effective"]
    again = partial(workflow.reach, built=found.network, on=found.on, seats=found.seated is not None)
    moved = [
        workflow.coverage_table(again(_moved(study, places, xy)), by=by)
        for xy in _draws(places, draws=draws, seed=seed)
    ]
    table = now[["n_workers", *kept]].copy()
    tails = {"low": (1 - level) / 2, "median": 0.5, "high": (1 + level) / 2}
    for name in kept:
        values = np.stack([draw[name].reindex(now.index).to_numpy(np.float64) for draw in moved])
        for end, p in tails.items():
            table[f"{name}_{end}"] = np.quantile(values, p, axis=0, method="weibull")
    return table.assign(n_draws=draws, seed=seed, level=level, n_moved=len(places.xy))


@dataclass(frozen=True, eq=False)
class _Places:
    """Distinct coordinates of what is uncertain, in their order, in metres (EPSG:4550).

    `rows` gives the place of each row of the groups and of the venues, -1 for rows that stay. `land` is the piece of
    land each place stands on or beside, -1 where none is near; `shore` the places whose disc reaches off it, of which
    those in `afloat` stand off it themselves, on a quay.
    """

    xy: Floats
    accuracy_m: Floats
    rows: tuple[Ints, Ints]
    pieces: NDArray[np.object_]
    land: Ints
    shore: Ints
    afloat: NDArray[np.bool_]

    def are_home(self, places: Ints, xy: Floats) -> NDArray[np.bool_]:
        """Whether each of these places, all of `shore`, would still be on its own land at these coordinates."""
        points, own = np.asarray(shapely.points(xy), dtype=object), self.land[places]
        home = np.asarray(shapely.intersects(self.pieces[own], points), dtype=bool)
        quay = np.flatnonzero(self.afloat[places])
        home[quay] = _nearest_piece(points[quay], self.pieces) == own[quay]
        return home


def _places(study: Study, network: Network) -> _Places:
    tables = (study.workers, study.venues)
    metres = [to_metres(t[[t.geometry.name]]).geometry.array for t in tables]
    accuracy_m = np.concatenate([t["accuracy_m"].to_numpy(np.float64, na_value=np.nan) for t in tables])
    accuracy_m = np.where(np.isnan(accuracy_m), 0.0, accuracy_m)
    every = np.concatenate([np.c_[shapely.get_x(points), shapely.get_y(points)] for points in metres])
    # Beyond the limit a point is unknown wherever it is moved.
    usable = (accuracy_m <= network.rules.max_accuracy_m) & ~np.isnan(every).any(axis=1)
    number = np.full(len(every), -1, dtype=np.intp)
    xy, number[usable] = _unique_rows(every[usable])
    best = np.full(len(xy), np.inf)
    np.minimum.at(best, number[usable], accuracy_m[usable])
    uncertain = best > 0
    renumbered = np.append(np.where(uncertain, np.cumsum(uncertain) - 1, -1), -1)
    rows = np.split(renumbered[number].astype(np.intp), [len(study.workers)])
    return _with_land(xy[uncertain], best[uncertain], (rows[0], rows[1]), network)


def _with_land(xy: Floats, accuracy_m: Floats, rows: tuple[Ints, Ints], network: Network) -> _Places:
    numbers = np.unique(network.land_pieces)
    pieces = np.array(
        [shapely.union_all(network.land_polygons[network.land_pieces == number]) for number in numbers], dtype=object
    )
    shores = np.asarray(shapely.boundary(pieces), dtype=object)
    shapely.prepare(pieces)
    shapely.prepare(shores)
    points = np.asarray(shapely.points(xy), dtype=object)
    land = _nearest_piece(points, pieces)
    ashore = np.flatnonzero(land >= 0)
    afloat = np.zeros(len(xy), dtype=bool)
    afloat[ashore] = ~shapely.intersects(pieces[land[ashore]], points[ashore])
    near = afloat[ashore] | (shapely.distance(shores[land[ashore]], points[ashore]) <= accuracy_m[ashore])
    return _Places(xy, accuracy_m, rows, pieces, land, ashore[near], afloat)


def _nearest_piece(points: NDArray[np.object_], pieces: NDArray[np.object_]) -> Ints:
    """Number of the piece each point stands on, or is within `QUAY_M` of; -1 at sea."""
    number = np.full(len(points), -1, dtype=np.intp)
    if len(points):
        row, piece = shapely.STRtree(pieces).query_nearest(points, max_distance=QUAY_M, all_matches=False)
        number[row] = piece
    return number


def _draws(places: _Places, *, draws: int, seed: int) -> Iterator[Floats]:
    """Coordinates of the places, draw by draw; each draw has its own stream."""
    for draw in range(draws):
        stream = np.random.RandomState([seed, draw])
        xy = _shifted(places, stream)
        lost = places.shore
        for _ in range(TRIES):
            lost = lost[~places.are_home(lost, xy[lost])]
            if not len(lost):
                break
            xy[lost] = _shifted(places, stream)[lost]
        lost = lost[~places.are_home(lost, xy[lost])]
        xy[lost] = places.xy[lost]
        yield xy


def _shifted(places: _Places, stream: np.random.RandomState) -> Floats:
    """Every place at a point drawn uniformly from its disc."""
    share, turn = stream.random_sample((2, len(places.xy)))
    away_m = places.accuracy_m * np.sqrt(share)
    away = np.c_[away_m * np.cos(2 * np.pi * turn), away_m * np.sin(2 * np.pi * turn)]
    return np.asarray(places.xy + away, dtype=np.float64)


def _moved(study: Study, places: _Places, xy: Floats) -> Study:
    lon, lat = unproject(xy[:, 0], xy[:, 1])
    workers, venues = (
        _placed(table, rows, lon, lat) for table, rows in zip((study.workers, study.venues), places.rows, strict=True)
    )
    return dataclasses.replace(study, workers=workers, venues=venues)


def _placed(table: gpd.GeoDataFrame, rows: Ints, lon: Floats, lat: Floats) -> gpd.GeoDataFrame:
    geometry = np.array(table.geometry.array, dtype=object)
    geometry[rows >= 0] = shapely.points(lon[rows[rows >= 0]], lat[rows[rows >= 0]])
    return table.set_geometry(geometry, crs=WGS84).assign(lon=shapely.get_x(geometry), lat=shapely.get_y(geometry))


def _unique_rows(xy: Floats) -> tuple[Floats, Ints]:
    distinct, number = np.unique(xy.reshape(-1, 2), axis=0, return_inverse=True)
    return distinct, np.asarray(number.reshape(-1), dtype=np.intp)


# --- what the inputs are -------------------------------------------------------------------------------------------


def _keys(found: Reach, by: str | None) -> NDArray[np.object_]:
    """Key of each group, as the coverage table has it."""
    if by is None:
        return np.full(len(found.study.workers), "all", dtype=object)
    column = workflow.BREAKDOWNS[by]
    frames = (found.study.workers.assign(means=found.means), found.groups)
    keys = next(frame[column] for frame in frames if column in frame).astype(object)
    return np.asarray(keys.where(keys.notna(), ""), dtype=object)


def _basis(found: Reach) -> NDArray[np.object_]:
    """The worst basis of the group's own row and of its nearest venue's."""
    study = found.study
    own = _rank(study.workers["basis"])
    nearest = study.venues["basis"].reindex(found.groups["nearest_venue_id"])
    rank = np.maximum(own, np.where(found.groups["nearest_venue_id"].ne(""), _rank(nearest), 0))
    return np.asarray(np.array(BASES, dtype=object)[rank], dtype=object)


def _rank(basis: pd.Series) -> Ints:
    place = {name: i for i, name in enumerate(BASES)}
    return np.asarray(basis.map(place).fillna(len(BASES) - 1), dtype=np.intp)


def _metres(snap_m: Floats, n: Floats, key: NDArray[np.object_], index: pd.Index) -> pd.DataFrame:
    """Half, 95 of 100 and all of the workers are no further from their road than so many metres."""
    table = pd.DataFrame({"key": key, "snap_m": snap_m, "n": n}).sort_values(["key", "snap_m"])
    below = table.groupby("key")["n"].cumsum() / table.groupby("key")["n"].transform("sum")
    ends = {"snap_median_m": 0.5, "snap_p95_m": 0.95, "snap_max_m": 1.0}
    first = {
        name: table[below >= share - 1e-12].groupby("key")["snap_m"].first().reindex(index)
        for name, share in ends.items()
    }
    return pd.DataFrame(first)
