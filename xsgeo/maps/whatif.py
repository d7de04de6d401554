"""What if: everything a page needs to reckon coverage anew when a venue is moved, opened, shut or shared.

The page must give the library's answer, not one like it, so it is given what the library reckons with, in the library's
own units, and nothing is approximated on the way.

* **The road graph** in whole milliseconds, edge by edge, as `xsgeo.search` has it. Nodes carry as many decimals as the
  roads were written with, at most a billionth of a degree, a tenth of a millimetre, so that the position which the page
  writes into a scenario is that of the node again when Python reads it; 13,600 nodes and 18,300 edges take 220 kB.
* **Nodes a venue may stand on.** A venue in the page stands on a road node: dropped anywhere, it is put on the nearest
  one on the same piece of land, and the page shows where. That is what makes the answer exact and reproducible, since
  joining the network midway along an edge would need every edge's shape. A node may be taken when `xsgeo.network.snap`
  puts a venue with its coordinates on that very node, by every means the workers use.
* **The demand** (`xsgeo.maps.demand`, or on an internal page the groups themselves) with its doors: which nodes a row
  is how many milliseconds from.
* **Pairs of rows and venues as they are**, from `xsgeo.travel`, with half hours there and back and the boats between;
  only a venue that is moved or new is searched from, in the page.
* **Weeks by pattern**, for all twelve months, as `xsgeo.access.masks` has them.

Ways by boat need the landings (`xsgeo.travel.boats`); where boats and one-way streets come together the way back is a
search of its own, which the page does not make: venues then stay where they are, and everything else can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from xsgeo import network as roads
from xsgeo.access.admission import equipped, meets_pairs
from xsgeo.access.masks import Pairs, find_pairs, text
from xsgeo.catalogue import Language
from xsgeo.crs import WGS84, to_metres, unproject
from xsgeo.hours import day_tables
from xsgeo.maps.canvas import SCRIPTS, CanvasLayer
from xsgeo.maps.pack import pack_flags, pack_steps, pack_whole, pack_xy
from xsgeo.maps.rows import open_venues
from xsgeo.network import Ints, Network, to_ms
from xsgeo.network.land import own_piece
from xsgeo.network.model import TIE_M
from xsgeo.settings import MODES, Standard
from xsgeo.travel import snap_by_mode, travel_minutes
from xsgeo.travel.boats import FAR, Journey, landings_within
from xsgeo.travel.frames import limit_ms
from xsgeo.travel.places import doors, places_of

if TYPE_CHECKING:
    import geopandas as gpd

    from xsgeo.study import Study

DECIMALS = (5, 6, 7, 8, 9)
"""Decimals of a degree by which nodes may be told: the ninth is a tenth of a millimetre, less than what counts as the
same place."""

NEW_KIND = "workers_home"
"""Kind of a venue that is dropped on the map."""


class WhatIfLayer(CanvasLayer):
    """What the changes of a reader do, drawn and reckoned by a script of its own."""

    scripts = (*SCRIPTS, "dock.js", "reckon.js", "whatif.js")


def add_whatif(
    m: folium.Map,
    demand: gpd.GeoDataFrame,
    study: Study,
    network: Network,
    *,
    is_public: bool = True,
    language: Language = "both",
) -> folium.Map:
    """Let the reader of a page move, open, shut and share venues, and see who is served then.

    Parameters
    ----------
    m
        A map with the layers ``land``, ``venues`` and ``workers`` of `xsgeo.maps.layers`.
    demand
        Rows to reckon with, index ``group_id``: what `xsgeo.maps.demand.demand_table` returns, or a study's groups with
        their ``means``.
    study
        The study: its venues, land, standard, needs and timetables.
    network
        Its network.
    is_public
        Whether `demand` is an aggregation made for publishing; the page says by which table it reckons.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.
    """
    data = whatif_data(demand, study, network, is_public=is_public)
    return m.add_child(WhatIfLayer("whatif", data, m=m, language=language))


def whatif_data(
    demand: gpd.GeoDataFrame, study: Study, network: Network, *, is_public: bool = True
) -> dict[str, object]:
    """Pack what the page's script reckons with.

    Parameters
    ----------
    demand, study, network, is_public
        As for `add_whatif`.

    Returns
    -------
    dict
        ``rows``, ``venues``, ``near``, ``weeks``, ``graph``, ``boats``, ``rule`` and what a new venue is like; numbers
        are packed by `xsgeo.maps.pack`.
    """
    demand, standard = demand.sort_index(), study.standard
    if is_public:  # c10 stands before c2 among texts; the page numbers rows as they come
        demand = demand.loc[sorted(demand.index, key=lambda name: (len(name), name))]
    venues = open_venues(study.venues)
    modes = [m for m in MODES if m in standard.cutoff_min and (demand["means"] == m).any()]
    minutes = travel_minutes(demand, venues, network, cutoff_min=standard.cutoff_min, modes=demand["means"])
    pairs = find_pairs(demand, venues, minutes)
    near = pairs.only(pairs.are_within(standard.cutoff_min))
    boats = _Boats.of(network, modes, standard, near.boats)
    known = snap_by_mode(demand, network, modes=demand["means"])["reason"].eq("").to_numpy()
    asking = sorted(set(text(study.needs, "cluster_id").astype(str)))
    return {
        "audience": "public" if is_public else "internal",
        "rule": _rule(standard, modes),
        "rows": _rows(demand, venues, known, modes=modes, asking=asking, towns=study.towns.sort_index().index),
        "towns": [str(t) for t in study.towns.sort_index().index],
        "venues": _venues(venues, study, asking),
        "near": _near(near, boats, len(venues)),
        "weeks": _weeks(demand, venues, study.about.siting_rules.open_hours),
        "graph": _graph(network, modes, study.land),
        "doors": [_doors(demand, network, mode) for mode in modes],
        "boats": boats.packed(study.ferries),
        "may_move": not any(boats.landings[m] and not network.is_symmetrical(m) for m in modes),
        "new": {"kind": NEW_KIND, "functions": _all_functions(study), "hours": study.about.siting_rules.open_hours},
    }


def _rule(standard: Standard, modes: Sequence[str]) -> dict[str, object]:
    return {
        "modes": list(modes),
        "limit_ms": [limit_ms(standard.cutoff_min[m]) for m in modes],
        "cutoff_min": [float(standard.cutoff_min[m]) for m in modes],
        "min_hours": float(standard.min_hours_per_week),
        "month": standard.month,
    }


# ---- rows and venues ------------------------------------------------------------------------------------------------


def _rows(
    demand: pd.DataFrame,
    venues: pd.DataFrame,
    known: NDArray[np.bool_],
    *,
    modes: Sequence[str],
    asking: Sequence[str],
    towns: pd.Index,
) -> dict[str, object]:
    owners = _owners(venues)
    n = demand["n_workers"].to_numpy(np.float64)
    whole = {c: demand[c].to_numpy(np.float64, na_value=np.nan) == n for c in ("n_women", "n_under_35") if c in demand}
    none = np.zeros(len(demand), dtype=bool)
    flags = np.stack([known, whole.get("n_women", none), whole.get("n_under_35", none)])
    return {
        "count": len(demand),
        "points": pack_xy(demand[["lon", "lat"]].to_numpy(float)),
        "n": pack_whole(demand["n_workers"].to_numpy(np.int64)),
        "mode": pack_whole(pd.Index(modes).get_indexer(demand["means"].astype(str))),
        "asks": pack_whole(pd.Index(asking, dtype=object).get_indexer(text(demand, "cluster_id").astype(str))),
        "owner": pack_whole(owners.get_indexer(text(demand, "employer_id").astype(str))),
        "town": pack_whole(towns.get_indexer(text(demand, "town_id").astype(str))),
        "known_women_young": pack_flags(flags),
    }


def _owners(venues: pd.DataFrame) -> pd.Index:
    """Employers who have a room of their own, by number."""
    return pd.Index(sorted(set(text(venues, "employer_id").astype(str)) - {""}), dtype=object)


def _venues(venues: pd.DataFrame, study: Study, asking: Sequence[str]) -> dict[str, object]:
    """What the script has to know of each venue beside what the page shows of it."""
    one_each = pd.DataFrame({"cluster_id": [*asking, ""]})
    pair = np.indices((len(one_each), len(venues))).reshape(2, -1)
    meets = meets_pairs(one_each, venues, pair[0], pair[1], study.needs).reshape(len(one_each), len(venues))
    meets &= equipped(venues, study.standard.functions).to_numpy()
    return {
        "id": [str(v) for v in venues.index],
        "owner": pack_whole(_owners(venues).get_indexer(text(venues, "employer_id").astype(str))),
        "fit": pack_flags(np.ascontiguousarray(meets)),
    }


def _all_functions(study: Study) -> str:
    """Everything that anybody asks of a venue: a new one is thought of as equipped."""
    asked = [
        *study.standard.functions,
        *"|".join(text(study.needs, "functions").astype(str)).replace(" ", "|").split("|"),
    ]
    return "|".join(sorted(set(asked) - {""}))


def _near(near: Pairs, boats: _Boats, n_venues: int) -> dict[str, object]:
    """Ways from rows to each venue as it is, venue by venue, and what of a week each takes."""
    order = np.lexsort((near.ferries, near.group, near.place))
    of_boats = np.array([boats.number(names) for names in near.boats], dtype=np.int64)
    row, place = near.group[order], near.place[order]
    kinds = np.stack([near.before[order], near.after[order], of_boats[near.ferries[order]]], axis=1)
    distinct, kind = np.unique(kinds, axis=0, return_inverse=True)
    first = np.searchsorted(place, np.arange(n_venues + 1))
    steps = np.diff(row, prepend=0)
    new = first[:-1][first[:-1] < first[1:]]
    steps[new] = row[new]
    return {
        "count": pack_whole(np.diff(first)),
        "row": pack_whole(steps),
        "kind": pack_whole(kind.reshape(-1)),
        "kinds": distinct.tolist(),
    }


def _weeks(demand: pd.DataFrame, venues: pd.DataFrame, new_hours: str) -> dict[str, object]:
    """Free time of the rows and hours of the venues, month by month, each distinct week once."""
    of_row, free = day_tables(pd.Series(text(demand, "free_hours"), dtype=object))
    of_venue, opening = day_tables(pd.Series([*text(venues, "open_hours"), new_hours], dtype=object))
    weeks = np.concatenate([t[:, :, :7].reshape(len(t) * 12, 336) for t in (free, opening)])
    distinct, number = np.unique(weeks, axis=0, return_inverse=True)
    number = number.reshape(-1, 12)
    return {
        "distinct": pack_flags(distinct),
        "free": number[: len(free)].tolist(),
        "open": number[len(free) :].tolist(),
        "of_row": pack_whole(of_row),
        "of_venue": pack_whole(of_venue[:-1]),
        "of_new": int(of_venue[-1]),
    }


# ---- roads and boats ------------------------------------------------------------------------------------------------


def _graph(network: Network, modes: Sequence[str], land: gpd.GeoDataFrame) -> dict[str, object]:
    order = _along_a_curve(network.x, network.y)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    decimals, steps = _node_steps(network)
    lon, lat = steps[order].T
    tail, head = rank[network.tail], rank[network.head]
    sort = np.lexsort((np.arange(len(tail)), head, tail))
    graph: dict[str, object] = {
        "n": len(order),
        "decimals": decimals,
        "lon": pack_steps(lon),
        "lat": pack_steps(lat),
        "tail": pack_steps(tail[sort]),
        "head": pack_whole((head - tail)[sort]),
        "piece": pack_steps(_usable(network, modes, steps[order] / 10**decimals, order)),
        "rings": _rings(network, land),
        "ms": _lengths(network, modes, sort),
        "symmetrical": [bool(network.is_symmetrical(m)) for m in modes],
    }
    if "bus" in modes:
        ahead, back = (_whole_ms(m[sort]) for m in (network.ride_forward_min, network.ride_backward_min))
        graph["ride"] = {"ratio": 0.0, "ahead": pack_whole(ahead), "back": _turned(ahead, back)}
        graph["wait_ms"] = int(to_ms(np.array([network.rules.bus_wait_min]))[0])
    return graph


def _lengths(network: Network, modes: Sequence[str], sort: Ints) -> list[dict[str, object]]:
    """Milliseconds of each edge by mode; those of later modes as differences from the first one's at another speed."""
    packed: list[dict[str, object]] = []
    first = np.zeros(len(sort), dtype=np.int64)
    for mode in modes:
        ahead, back = (_whole_ms(m[mode][sort]) for m in (network.forward_min, network.backward_min))
        open_both = (ahead > 0) & (first > 0)
        ratio = round(float(np.median(ahead[open_both] / first[open_both])), 9) if packed and open_both.any() else 0.0
        guess = np.floor(np.maximum(first, 0) * ratio + 0.5).astype(np.int64)
        packed.append({"ratio": ratio, "ahead": pack_whole(ahead - guess), "back": _turned(ahead, back)})
        first = first if len(packed) > 1 else ahead
    return packed


def _whole_ms(minutes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Milliseconds, -1 where one may not go."""
    return np.where(np.isfinite(minutes), to_ms(np.where(np.isfinite(minutes), minutes, 0.0)), -1)


def _turned(ahead: NDArray[np.int64], back: NDArray[np.int64]) -> str:
    """What the way back takes beyond the way there; nothing where all are alike."""
    return pack_whole(back - ahead) if (back != ahead).any() else ""


def _along_a_curve(x: NDArray[np.float64], y: NDArray[np.float64]) -> Ints:
    """Nodes in an order in which neighbours are near each other, so that differences are small (Morton's curve)."""
    code = np.zeros(len(x), dtype=np.int64)
    cells = [((axis - axis.min()) / 16.0).astype(np.int64) for axis in (x, y)]
    for bit in range(16):
        for turn, cell in enumerate(cells):
            code |= ((cell >> bit) & 1) << (2 * bit + turn)
    return np.lexsort((np.arange(len(x)), code))


def node_lonlat(network: Network) -> NDArray[np.float64]:
    """Longitude and latitude of each node as a page tells them, shape (n, 2).

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> built = roads.build_network(county.roads, county.ferries, county.land)
    >>> node_lonlat(built)[1].round(6).tolist()
    [123.008218, 29.096815]
    """
    decimals, steps = _node_steps(network)
    return np.asarray(steps / 10**decimals, dtype=np.float64)


def _node_steps(network: Network) -> tuple[int, NDArray[np.int64]]:
    """Decimals that tell every node, and its longitude and latitude in steps of the last of them."""
    lonlat = np.stack(unproject(network.x, network.y), axis=1)
    for decimals in DECIMALS:
        steps = np.rint(lonlat * 10**decimals).astype(np.int64)
        if np.abs(lonlat - steps / 10**decimals).max(initial=0.0) < 10.0 ** -DECIMALS[-1]:
            break
    return decimals, steps


def _usable(network: Network, modes: Sequence[str], lonlat: NDArray[np.float64], order: Ints) -> Ints:
    """Piece of land of each node that a venue may stand on, -1 for the others."""
    import geopandas as gpd

    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lonlat[:, 0], lonlat[:, 1]), crs=WGS84)
    usable = np.ones(len(points), dtype=bool)
    for mode in modes:
        at = roads.snap(points, network, mode=mode)
        edge = network.edge_index.get_indexer(at["edge"])
        end = np.where(at["position"] == 0.0, network.tail[edge], network.head[edge])
        whole = at["position"].isin([0.0, 1.0]).to_numpy() & (at["snap_m"].to_numpy() <= TIE_M)
        usable &= at["reason"].eq("").to_numpy() & whole & (end == order)
    piece = own_piece(np.asarray(to_metres(points).geometry.array, dtype=object), network)
    return np.where(usable, piece, -1)


def _rings(network: Network, land: gpd.GeoDataFrame) -> list[int]:
    """Piece of land of each ring, in the order in which the land is drawn."""
    import geopandas as gpd

    polygons = shapely.get_parts(land.sort_index().geometry.to_numpy())
    _, of_ring = shapely.get_rings(polygons, return_index=True)
    inside = gpd.GeoDataFrame(geometry=shapely.point_on_surface(polygons), crs=WGS84)
    piece = own_piece(np.asarray(to_metres(inside).geometry.array, dtype=object), network)
    return [int(p) for p in piece[of_ring]]


def _doors(demand: gpd.GeoDataFrame, network: Network, mode: str) -> dict[str, object]:
    """How far the rows of a mode are from which nodes, leaving; and, where that differs, coming home."""
    rows = np.flatnonzero(demand["means"].to_numpy(dtype=object) == mode)
    places = places_of(demand.iloc[rows], network, mode, network.rules, merged=False)
    rank = np.empty(len(network.x), dtype=np.int64)
    rank[_along_a_curve(network.x, network.y)] = np.arange(len(network.x))
    packed: dict[str, object] = {"row": pack_steps(rows[places.row])}
    for name, leaving in (("leaving", True), ("arriving", False)):
        if leaving or not network.is_symmetrical(mode):
            found = doors(places, network, mode, leaving=leaving)
            packed[name] = {
                "count": pack_whole(np.diff(found.first)),
                "node": pack_steps(rank[found.node]),
                "ms": pack_whole(found.ms),
            }
    return packed


@dataclass(frozen=True, eq=False)
class _Boats:
    """Sets of boats by number, the dry way first, and the landings of each mode.

    `landings[mode]` is empty where no boat is taken within the limit.
    """

    sets: tuple[str, ...]
    landings: Mapping[str, Mapping[str, Any]]

    @staticmethod
    def of(network: Network, modes: Sequence[str], standard: Standard, taken: Sequence[str]) -> _Boats:
        found = {m: landings_within(Journey(network, m, "auto"), limit_ms(standard.cutoff_min[m])) for m in modes}
        names = {"|".join(ids) for ways in found.values() for ids in ways.sets} | set(taken)
        sets = ("", *sorted(names - {""}, key=lambda s: (s.count("|"), s)))
        rank = np.empty(len(network.x), dtype=np.int64)
        rank[_along_a_curve(network.x, network.y)] = np.arange(len(network.x))
        landings: dict[str, Mapping[str, Any]] = {}
        for mode, ways in found.items():
            one, other = np.nonzero(ways.between < FAR)
            value, n_sets = ways.between[one, other], len(ways.sets)
            number = [sets.index("|".join(ways.sets[i])) for i in (value % n_sets).tolist()]
            ways_packed = zip(one.tolist(), other.tolist(), (value // n_sets).tolist(), number, strict=True)
            landings[mode] = (
                {"node": rank[ways.nodes].tolist(), "between": [list(w) for w in ways_packed]} if len(one) else {}
            )
        return _Boats(sets, landings)

    def number(self, names: str) -> int:
        """Number of a set of boats, by their joined names."""
        return self.sets.index(names)

    def packed(self, ferries: pd.DataFrame) -> dict[str, object]:
        """When the boats of each set all sail, and the landings."""
        sailing = roads.sailings(ferries)
        masks = np.ones((len(self.sets), 336), dtype=bool)
        for number, names in enumerate(self.sets):
            for ferry in names.split("|") if names else ():
                masks[number] &= sailing[ferry]
        return {"weeks": pack_flags(masks), "landings": [self.landings[m] for m in self.landings]}
