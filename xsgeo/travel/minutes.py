"""Door-to-door minutes between all pairs within a cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xsgeo import search
from xsgeo.network import Ints, Network
from xsgeo.settings import TravelRules
from xsgeo.travel.boats import Journey
from xsgeo.travel.frames import MS, Found, cutoffs_by_mode, limit_ms, long_table
from xsgeo.travel.means import check_ids, own_modes
from xsgeo.travel.places import Places, places_of, spread
from xsgeo.travel.ways import pairs_within, there_and_back

if TYPE_CHECKING:
    import geopandas as gpd


def travel_minutes(
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    network: Network,
    *,
    cutoff_min: Mapping[str, float] | float,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
    back: bool = True,
    origin_name: str = "group_id",
    destination_name: str = "venue_id",
    _engine: search.Engine = "auto",
) -> pd.DataFrame:
    """Minutes from each origin to each destination that it can reach within the cut-off of its own mode.

    Parameters
    ----------
    origins, destinations
        Points with unique ids as index; ``accuracy_m`` (m) is heeded where there is such a column. They may be the
        same frame. Points that `xsgeo.network.snap` does not join have no rows in the answer.
    network
        From `xsgeo.network.build_network`.
    cutoff_min
        Longest door-to-door time in minutes, the same for all or by mode; a mode that is absent cannot be used.
    modes
        Modes of `xsgeo.settings.MODES`: one for all, or a Series on the index of `origins` (see `usual_means`).
    rules
        Speeds of the legs and the snap limit; the network's own when left out.
    back
        Whether to tell of the way back and of ferries. Without it the table has one row a pair, the quickest way there,
        and comes from one search.
    origin_name, destination_name
        Names of the two id columns.

    Returns
    -------
    pandas.DataFrame
        Long table, sorted by origin and destination, with the two id columns, ``minutes`` (whole milliseconds as a
        float) and ``mode``; and, with `back`:

        ``minutes_back``
            From the destination to the origin by the same mode; equal to ``minutes`` unless there are one-way streets
            or slopes. It may be longer than the cut-off, which is of the way there. A pair without a way back has no
            row.
        ``ferries``
            Ids of the ferries taken there or back, in order, joined by ``|``; empty when dry.

        One row is one way: a pair whose quickest way takes a ferry, there or back, has a second row with the dry way if
        there is one within the cut-off. Of ways equally long a dry one counts, then one with fewer ferries, then the
        ferries with the lesser ids. Minutes by ``bus`` are an approximation (`xsgeo.network.model`).

    Raises
    ------
    ValueError
        When an id is repeated, an origin has no mode or an unknown one, or a cut-off is not above 0 and finite.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> table = travel_minutes(county.workers, county.venues, network, cutoff_min=30, modes="walk").round(6)
    >>> table.loc[table["group_id"] == "g3", ["venue_id", "minutes", "minutes_back", "ferries"]].to_numpy().tolist()
    [['V1', 10.0, 10.0, ''], ['V2', 0.0, 0.0, ''], ['V3', 30.0, 30.0, 'Y1']]
    """
    rules = rules or network.rules
    for ids in (origins.index, destinations.index):
        check_ids(ids)
    cutoffs = cutoffs_by_mode(cutoff_min)
    own_mode = own_modes(origins.index, modes)
    found: list[Found] = []
    for mode, cutoff in cutoffs.items():
        rows = np.flatnonzero(own_mode == mode)
        if len(rows):
            starts = places_of(origins.iloc[rows], network, mode, rules)
            ends = places_of(destinations, network, mode, rules)
            journey = Journey(network, mode, _engine)
            found.append(_found(starts, ends, journey, rows, cutoff=cutoff, back=back))
    return long_table(found, own_mode, origins.index, destinations.index, (origin_name, destination_name), back=back)


def _found(starts: Places, ends: Places, journey: Journey, rows: Ints, *, cutoff: float, back: bool) -> Found:
    """Ways of one mode between points; `rows` are those of its origins among all."""
    limit = limit_ms(cutoff)
    if not back:
        start, end, ms = pairs_within(starts, ends, journey, limit, dry=False)
        origin, destination, pair = spread(starts, ends, start, end)
        return Found(rows[origin], destination, np.minimum(ms[pair] / MS, cutoff))
    ways = there_and_back(starts, ends, journey, limit)
    origin, destination, pair = spread(starts, ends, ways.start, ways.end)
    minutes, minutes_back = np.minimum(ways.ms[pair] / MS, cutoff), ways.back_ms[pair] / MS
    # Equal ways stay equal where the one was cut to a cut-off that is no whole number of milliseconds.
    minutes_back = np.where(ways.back_ms[pair] == ways.ms[pair], minutes, minutes_back)
    return Found(rows[origin], destination, minutes, minutes_back, ways.boats[pair], ways.boat_names)


def minutes_between(
    points: gpd.GeoDataFrame,
    network: Network,
    *,
    cutoff_min: Mapping[str, float] | float,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
    origin_name: str = "group_id",
    destination_name: str = "neighbour_id",
) -> pd.DataFrame:
    """Minutes from each point to each other point within the cut-off, and 0 to itself; for clustering.

    Parameters
    ----------
    points
        Points with unique ids as index.
    network, cutoff_min, modes, rules
        As for `travel_minutes`. The mode is that of the point set out from, so one-way streets and points of
        different modes make there and back differ.
    origin_name, destination_name
        Names of the two id columns.

    Returns
    -------
    pandas.DataFrame
        Long table as of `travel_minutes` with ``back=False``; a point that does not join the network has no row, not
        even to itself.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> network = build_network(county.roads, county.ferries, county.land)
    >>> near = minutes_between(county.workers.loc[["g1", "g2"]], network, cutoff_min=15, modes="walk")
    >>> near[["group_id", "neighbour_id", "minutes"]].to_numpy().tolist()
    [['g1', 'g1', 0.0], ['g1', 'g2', 10.0], ['g2', 'g1', 10.0], ['g2', 'g2', 0.0]]
    """
    return travel_minutes(
        points,
        points,
        network,
        cutoff_min=cutoff_min,
        modes=modes,
        rules=rules,
        back=False,
        origin_name=origin_name,
        destination_name=destination_name,
    )
