"""What is wrong with a road network, edge by edge, before anybody's travel time hangs on it.

Routing libraries take what they are given: a negative length gives negative minutes, a missing one counts as a metre,
of two parallel edges one is kept at random or both are added up, and a street that can be entered but not left swallows
whoever is snapped to it. `check_roads` finds such things and names the edge; it changes nothing, and it goes on after
the first fault, because a planner mends a file in one go.

Faults have three levels. An ``error`` cannot be routed on, and `xsgeo.network.build_network` refuses it too. A
``warning`` can, but the minutes will probably be wrong. A ``note`` is worth a look: parallel edges are real (of which
the quickest counts, always), loops are real, and a short stub is usually a slip of the hand.

Three judgements need explaining.

* **Isolated pieces** are pieces of road that no road or ferry joins to the rest. Whoever lives on one is reported with
  it: an empty one is a note, one with workers a warning. On a coast most of them are true islands without a ferry.
* **Over water** means that a stretch of 100 m or more lies off the land, within the boundary (or within the hull of the
  land where no boundary is given: beyond it nothing is known, and roads of the halo would all be accused).
* **One-way traps** are looked for by mode, within each piece: parts that can be entered and not left, or left and not
  entered. At the edge of a clipped map they are often the clip's doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from xsgeo.catalogue import Language, listed, say
from xsgeo.roads import check_graph, check_lines
from xsgeo.roads.frame import arrays_of

if TYPE_CHECKING:
    import geopandas as gpd

LEVELS: Mapping[str, str] = MappingProxyType(
    {
        "repeated_id": "error",
        "no_line": "error",
        "no_node": "error",
        "node_elsewhere": "error",
        "length_missing": "error",
        "length_negative": "error",
        "length_zero": "error",
        "length_short": "error",
        "rise_impossible": "error",
        "speed_missing": "error",
        "landing_unknown": "error",
        "landing_same": "error",
        "not_a_time": "error",
        "first_after_last": "error",
        "departure_outside": "error",
        "no_crossing": "error",
        "no_wait": "error",
        "length_differs": "warning",
        "speed_odd": "warning",
        "no_mode": "warning",
        "duplicate": "warning",
        "over_water": "warning",
        "trap": "warning",
        "no_way_in": "warning",
        "isolated_workers": "warning",
        "not_joined": "warning",
        "gap": "warning",
        "isolated": "note",
        "length_bends": "note",
        "parallel": "note",
        "loop": "note",
        "stub": "note",
    }
)
"""Level of each fault, the gravest first; the order is that of the answer."""


def check_roads(
    roads: gpd.GeoDataFrame,
    ferries: pd.DataFrame,
    land: gpd.GeoDataFrame,
    *,
    workers: gpd.GeoDataFrame | None = None,
    boundary: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """List what would make travel times on these roads wrong.

    Parameters
    ----------
    roads
        Table of roads, whatever state it is in: index ``edge_id``; columns ``u``, ``v``, ``road_class``, ``length_m``
        (m), ``speed_kmh`` (km/h), ``walk``, ``ebike``, ``drive``, ``oneway``; ``source`` and ``rise_m`` where there
        are such.
    ferries
        Table of ferries: index ``ferry_id``; columns ``from_node``, ``to_node``, ``crossing_min``, ``wait_min``,
        ``takes_cars``; ``headway_min``, ``first``, ``last`` and ``departures`` where there are such.
    land
        Polygons of land and islands.
    workers
        Points with ``n_workers``, to say who lives on isolated pieces.
    boundary
        Limit of the study; roads beyond it are not looked at for lying over water.

    Returns
    -------
    pandas.DataFrame
        One row a fault, the gravest first: ``edge_id`` (or the id of the ferry), ``code`` (a key of `LEVELS`),
        ``level``, ``details`` (a mapping with the figures). `fault_text` puts a row into words.

    Raises
    ------
    ValueError
        When a frame has no CRS.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county = toy_county()
    >>> len(check_roads(county.roads, county.ferries, county.land, workers=county.workers))
    0
    >>> lame = county.roads.assign(length_m=[800.0, -5.0, 1600.0, 1300.0])
    >>> faults = check_roads(lame, county.ferries, county.land)
    >>> faults[["edge_id", "code"]].values.tolist()
    [['BC', 'length_negative'], ['EF', 'length_differs']]
    >>> print(fault_text(faults.loc[1], language="en"))
    Edge EF: states 1300.0 m, but its line is 800.0 m long.
    """
    table = arrays_of(roads)
    boats = check_graph.ferries_as_arrays(ferries, table)
    dead = check_graph.dead_ends(table, boats)
    found = [
        *check_lines.plain_faults(table),
        *check_lines.speed_faults(table),
        *check_lines.node_faults(table),
        *check_lines.over_water(table, land, boundary),
        *check_lines.unjoined(table, dead),
        *check_graph.twins(table),
        *check_graph.isolated(table, boats, workers),
        *check_graph.traps(table, boats),
        *check_graph.stubs(table, dead),
        *check_graph.ferry_faults(boats),
    ]
    rank = {code: i for i, code in enumerate(LEVELS)}
    rows = [(edge, code, LEVELS[code], details) for edge, code, details in found]
    rows.sort(key=lambda row: (rank[row[1]], row[0]))
    return pd.DataFrame(rows, columns=["edge_id", "code", "level", "details"])


def fault_text(fault: Mapping[str, Any] | pd.Series, *, language: Language = "zh") -> str:
    """Say one fault in one sentence.

    Parameters
    ----------
    fault
        A row of `check_roads`.
    language
        Language of the sentence.

    Examples
    --------
    >>> fault_text({"edge_id": "E1", "code": "stub", "details": {"length_m": 4.0}}, language="en")
    'Edge E1: a dead end of only 4.0 m.'
    """
    details = dict(fault["details"])
    if "mode" in details:
        details["mode"] = say(f"mode.{details['mode']}", language)
    where = say("roads.check.edge", language, edge=fault["edge_id"])
    what = say(f"roads.check.{fault['code']}", language, **details)
    return listed([where, what], language, mark="", mark_en="")
