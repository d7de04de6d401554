"""One search from all destinations at once: the nearest few of each point; and one from one place, to every node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xsgeo import search
from xsgeo.network import Floats, Network
from xsgeo.settings import TravelRules
from xsgeo.travel.frames import MS, Found, cutoffs_by_mode, limit_ms, long_table
from xsgeo.travel.means import check_ids, own_modes
from xsgeo.travel.places import doors, places_of, shortcuts, spread

if TYPE_CHECKING:
    import geopandas as gpd


def k_nearest(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    network: Network,
    k: int = 1,
    *,
    cutoff_min: Mapping[str, float] | float,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
    origin_name: str = "group_id",
    destination_name: str = "venue_id",
    _engine: search.Engine = "auto",
) -> pd.DataFrame:
    """The k nearest destinations of each origin, by one search from all destinations at once.

    The same rows could be picked from `travel_minutes`; this never makes the others, which pays when there are many.

    Parameters
    ----------
    origins, destinations, network, cutoff_min, modes, rules, origin_name, destination_name
        As for `travel_minutes`.
    k
        How many destinations.

    Returns
    -------
    pandas.DataFrame
        Long table as of `travel_minutes` with ``back=False``, with the column ``rank`` (1 for the nearest) beside,
        sorted by origin and rank. Of destinations equally far the one with the lesser id comes first.

    Raises
    ------
    ValueError
        As `travel_minutes`, and when k is below 1.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> k_nearest(county.workers.loc[["g2", "g5"]], county.venues, network, cutoff_min=15, modes="walk")
      group_id venue_id  minutes  mode  rank
    0       g2       V1      0.0  walk     1
    1       g5       V3     10.0  walk     1
    """
    rules = rules or network.rules
    for ids in (origins.index, destinations.index):
        check_ids(ids)
    destinations = destinations.sort_index()
    own_mode = own_modes(origins.index, modes)
    found: list[Found] = []
    for mode, cutoff in cutoffs_by_mode(cutoff_min).items():
        rows = np.flatnonzero(own_mode == mode)
        starts = places_of(origins.iloc[rows], network, mode, rules)
        ends = places_of(destinations, network, mode, rules, merged=False)
        leaving, arriving, short_ms = shortcuts(starts, ends, network, mode)
        ms, end = search.k_nearest(
            network.to_here(mode),
            doors(ends, network, mode, leaving=False),
            k,
            limit_ms=min(limit_ms(cutoff), network.to_here(mode).greatest_limit_ms),
            targets=doors(starts, network, mode, leaving=True),
            shortcuts=search.shortcuts(arriving, leaving, short_ms, len(ends)),
            engine=_engine,
        )
        place, rank = np.nonzero(end >= 0)
        origin, destination, pair = spread(starts, ends, place, end[place, rank])
        found.append(Found(rows[origin], destination, np.minimum(ms[place, rank][pair] / MS, cutoff)))
    table = long_table(found, own_mode, origins.index, destinations.index, (origin_name, destination_name))
    table = table.sort_values([origin_name, "minutes", destination_name], ignore_index=True)
    return table.assign(rank=table.groupby(origin_name, sort=False).cumcount() + 1)


def node_minutes(
    place: gpd.GeoDataFrame, network: Network, *, mode: str, cutoff_min: float, rules: TravelRules | None = None
) -> pd.Series[float]:
    """Minutes from each node of the network to one place, the leg at the place included.

    Parameters
    ----------
    place
        A frame of one row.
    network, rules
        As for `travel_minutes`.
    mode
        One of `xsgeo.settings.MODES`.
    cutoff_min
        Longest time in minutes.

    Returns
    -------
    pandas.Series
        ``node_minutes`` by node id; NaN beyond the cut-off, everywhere if the place does not join the network.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> node_minutes(county.venues.loc[["V1"]], network, mode="walk", cutoff_min=15).dropna().to_dict()
    {'A': 10.0, 'B': 0.0, 'C': 10.0}
    """
    minutes = minutes_at_nodes(place, network, mode=mode, cutoff_min=cutoff_min, rules=rules or network.rules)
    return pd.Series(minutes, index=pd.Index(network.node_ids, name="node_id"), name="node_minutes")


def minutes_at_nodes(
    place: gpd.GeoDataFrame, network: Network, *, mode: str, cutoff_min: float, rules: TravelRules
) -> Floats:
    """As `node_minutes`, without the ids: an array in the order of ``network.node_ids``.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> roads = build_network(county.roads, county.ferries, county.land)
    >>> minutes_at_nodes(county.venues.loc[["V1"]], roads, mode="walk", cutoff_min=15, rules=roads.rules).tolist()
    [10.0, 0.0, 10.0, nan, nan, nan]
    """
    ends = places_of(place, network, mode, rules)
    graph = network.to_here(mode)
    cutoff = cutoffs_by_mode({mode: cutoff_min})[mode]
    pairs = search.within(
        graph, doors(ends, network, mode, leaving=False), limit_ms=min(limit_ms(cutoff), graph.greatest_limit_ms)
    )
    minutes = np.full(len(network.node_ids), np.nan)
    on_foot = pairs.target < len(minutes)  # by bus, the other nodes are aboard
    minutes[pairs.target[on_foot]] = np.minimum(pairs.ms[on_foot] / MS, cutoff)
    return minutes
