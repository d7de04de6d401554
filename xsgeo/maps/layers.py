"""Layers of the answer, for a folium map: workers, whom venues reach, venues, gaps, proposals.

Each function takes a map, adds one layer and returns the map, so that they work on a map of one's own and compose by
being called one after another, as `GeoDataFrame.explore(m=m)` does. What a layer is stands in `xsgeo.maps.canvas`, what
lies under these in `xsgeo.maps.ground`.
"""

from __future__ import annotations

from collections.abc import Sequence

import folium
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import REASONS
from xsgeo.catalogue import Language
from xsgeo.hours.telling import english_hours
from xsgeo.maps.canvas import FONT, SCRIPTS, CanvasLayer, compose, words_block
from xsgeo.maps.ground import add_land, add_roads, add_towns, road_lines
from xsgeo.maps.pack import pack_flags, pack_xy, to_text
from xsgeo.maps.publish import AREA_CELLS_M, CELL_M, MERGED, Area, PublishRules, areas, cells, middles, places
from xsgeo.maps.rows import open_venues, text_of, whole, within_cutoff
from xsgeo.schemas import VENUE_KINDS
from xsgeo.settings import Standard

__all__ = [
    "FONT",
    "SCRIPTS",
    "CanvasLayer",
    "add_catchments",
    "add_gaps",
    "add_land",
    "add_proposals",
    "add_roads",
    "add_towns",
    "add_venues",
    "add_workers",
    "compose",
    "gap_items",
    "open_venues",
    "proposal_items",
    "road_lines",
    "text_of",
    "venue_items",
    "whole",
    "within_cutoff",
    "words_block",
]

MAX_REACH_BYTES = 300_000


def add_workers(
    m: folium.Map,
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    rules: PublishRules | None = None,
    found: Sequence[Area] | None = None,
    language: Language = "both",
) -> folium.Map:
    """Show where workers are served, where not, and why.

    From afar, areas of at least five employers, as large as their workers are many; from near, places without any
    count (`xsgeo.maps.publish`). Groups of unknown position stand where their ledger puts them, marked as unknown.

    Parameters
    ----------
    m
        Any folium map.
    workers
        Groups, index ``group_id``: ``town_id``, ``employer_id``, ``lon``, ``lat``, ``n_workers``.
    groups
        What `xsgeo.access.coverage` said of them.
    rules
        When a count may be shown.
    found
        What `xsgeo.maps.publish.areas` made of the sorted groups, where several layers share it.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.
    """
    rules = rules or PublishRules()
    workers, groups = _ordered(workers, groups)
    place = cells(workers).to_numpy()
    spots = places(workers, groups)
    found = areas(workers, groups, rules=rules) if found is None else found
    area_of = np.zeros(len(spots), dtype=int)
    for number, area in enumerate(found):
        if area.last == len(AREA_CELLS_M):
            area_of[place[area.rows]] = number
    states = [*REASONS, MERGED]
    data = {
        "reasons": list(REASONS),
        "places": pack_xy(spots[["lon", "lat"]].to_numpy(float)),
        "states": to_text(np.array([REASONS.index(s) for s in spots["state"]], dtype=np.uint8)),
        "area_of": area_of.tolist(),
        "areas": pack_xy(middles(workers, [a.rows for a in found])),
        "first": [a.first for a in found],
        "last": [a.last for a in found],
        "total": [sum(a.counts.values()) for a in found],
        "counts": {s: [a.counts.get(s, 0) for a in found] for s in states if any(s in a.counts for a in found)},
    }
    return m.add_child(CanvasLayer("workers", data, m=m, language=language))


def add_catchments(
    m: folium.Map,
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    *,
    standard: Standard,
    language: Language = "both",
    show: bool = False,
) -> folium.Map:
    """Shade from where a venue is within the cut-off, and know whom each one reaches.

    The shape is drawn about the places of workers who are within the cut-off by minutes; it is a drawing, and nobody is
    counted by it.

    Parameters
    ----------
    m
        Any folium map.
    workers, groups
        As for `add_workers`.
    venues
        Plaques, index ``venue_id``; those whose status is open.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, unless it has been cut already, ``mode``.
    standard
        The cut-off by mode.
    language
        Language of the layer's name.
    show
        Whether the layer is switched on at first.

    Returns
    -------
    folium.Map
        The same map.
    """
    workers, groups = _ordered(workers, groups)
    opened = open_venues(venues)
    near = within_cutoff(minutes, workers, opened, standard=standard)
    side = CELL_M
    spots = places(workers, groups, cell_m=side)
    while len(opened) * (len(spots) // 8 + 1) > MAX_REACH_BYTES:
        side *= 2
        spots = places(workers, groups, cell_m=side)
    cell = cells(workers, cell_m=side).to_numpy()
    reach = np.zeros((len(opened), len(spots)), dtype=bool)
    reach[near[:, 1], cell[near[:, 0]]] = True
    rows, row_of_venue = _distinct(reach)
    data = {
        "places": pack_xy(spots[["lon", "lat"]].to_numpy(float)),
        "near": pack_flags(np.atleast_2d(reach.any(axis=0))),
        "reach": pack_flags(rows),
        "row_of_venue": row_of_venue.tolist(),
    }
    return m.add_child(CanvasLayer("catchments", data, m=m, language=language, show=show))


def add_venues(
    m: folium.Map,
    venues: pd.DataFrame,
    *,
    reached: pd.Series | None = None,
    towns: pd.DataFrame | None = None,
    month: int | None = None,
    language: Language = "both",
    name_own: bool = False,
    show: bool = True,
) -> folium.Map:
    """Mark the venues by kind.

    Plaques on one door are one symbol. The name of an employer's own room is not shown, because it names the employer,
    unless `name_own` asks for it.

    Parameters
    ----------
    m
        Any folium map.
    venues
        Plaques, index ``venue_id``; only those whose status is ``open`` are drawn.
    reached
        Workers within the cut-off of each plaque, as text that may be shown; those with empty text are greyed.
    towns
        Index ``town_id``, column ``name``.
    month
        Month (1-12) of which the English opening hours are told; as the ledger writes them when None.
    language
        Language of the layer's name.
    name_own
        Show the names of employers' own rooms, for a map that stays in the office.
    show
        Whether the layer is switched on at first.

    Returns
    -------
    folium.Map
        The same map.
    """
    opened = open_venues(venues)
    data = {
        "points": pack_xy(opened[["lon", "lat"]].to_numpy(float)),
        "items": venue_items(opened, reached=reached, towns=towns, month=month, name_own=name_own),
        "font": FONT,
    }
    return m.add_child(CanvasLayer("venues", data, m=m, language=language, show=show))


def venue_items(
    opened: pd.DataFrame,
    *,
    reached: pd.Series | None = None,
    towns: pd.DataFrame | None = None,
    month: int | None = None,
    name_own: bool = False,
) -> list[dict[str, object]]:
    """What a public page says of each venue.

    Parameters
    ----------
    opened
        Plaques as `open_venues` returns them.
    reached, towns, month, name_own
        As for `add_venues`.

    Returns
    -------
    list of dict
        ``name`` (empty for an employer's own room), ``kind``, ``town``, ``hours`` (Chinese and English), ``serves``,
        ``terms``, ``accuracy_m``, ``reached``.
    """
    names = {} if towns is None else towns["name"].astype(str).to_dict()
    own = text_of(opened, "employer_id") != ""
    shown = text_of(opened, "name").where(~own | name_own, "")
    accuracy = opened["accuracy_m"].fillna(0) if "accuracy_m" in opened else pd.Series(0, index=opened.index)
    many = pd.Series("?", index=opened.index) if reached is None else reached.reindex(opened.index).fillna("")
    hours = text_of(opened, "open_hours")
    told = {text: [text, text if month is None else english_hours(text, month=month)] for text in set(hours)}
    columns = zip(
        shown,
        text_of(opened, "kind"),
        text_of(opened, "town_id"),
        hours,
        text_of(opened, "serves"),
        text_of(opened, "share_terms"),
        accuracy,
        many,
        strict=True,
    )
    return [
        {
            "name": name,
            "kind": kind if kind in VENUE_KINDS else "workers_home",
            "town": names.get(town, ""),
            "hours": told[text],
            "serves": serves,
            "terms": terms,
            "accuracy_m": round(float(accuracy_m)),
            "reached": str(n),
        }
        for name, kind, town, text, serves, terms, accuracy_m, n in columns
    ]


def add_gaps(m: folium.Map, gaps: pd.DataFrame, *, language: Language = "both") -> folium.Map:
    """Ring the places where unserved workers stand together.

    Parameters
    ----------
    m
        Any folium map.
    gaps
        Index ``gap_id``; ``name``, ``n_workers`` (missing where it may not be shown), ``lon``, ``lat``,
        ``main_reason``.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.
    """
    data = {"points": pack_xy(gaps[["lon", "lat"]].to_numpy(float)), "items": gap_items(gaps), "font": FONT}
    return m.add_child(CanvasLayer("gaps", data, m=m, language=language))


def gap_items(gaps: pd.DataFrame) -> list[dict[str, object]]:
    """What the page says of each gap, in the order of the frame."""
    return [
        {"id": str(i), "name": str(name), "n_workers": whole(n), "main_reason": str(why)}
        for i, name, n, why in zip(gaps.index, gaps["name"], gaps["n_workers"], gaps["main_reason"], strict=True)
    ]


def add_proposals(m: folium.Map, proposals: pd.DataFrame, *, language: Language = "both") -> folium.Map:
    """Number the sites where a venue would help most.

    Parameters
    ----------
    m
        Any folium map.
    proposals
        Index ``site_id``; ``order`` (from 1), ``action``, ``name``, ``lon``, ``lat``, ``n_workers_added``
        (missing where it may not be shown), ``towns``, ``clusters``. Names are text or a pair of Chinese and English.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.
    """
    proposals = proposals.sort_values("order")
    points = pack_xy(proposals[["lon", "lat"]].to_numpy(float))
    data = {"points": points, "items": proposal_items(proposals), "font": FONT}
    return m.add_child(CanvasLayer("proposals", data, m=m, language=language))


def proposal_items(proposals: pd.DataFrame) -> list[dict[str, object]]:
    """What the page says of each proposal, in the order of the frame."""
    columns = ["order", "action", "name", "n_workers_added", "towns", "clusters"]
    return [
        {
            "number": int(order),
            "action": str(action),
            "names": _pair(name),
            "n_workers": whole(n),
            "towns": _pair(towns),
            "clusters": _pair(clusters),
        }
        for order, action, name, n, towns, clusters in proposals[columns].itertuples(index=False, name=None)
    ]


def _pair(words: object) -> list[str]:
    """Chinese and English; one text stands for both."""
    return [str(words), str(words)] if isinstance(words, str) else [str(w) for w in words]  # type: ignore[attr-defined]


def _ordered(workers: pd.DataFrame, groups: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    workers = workers.sort_index()
    return workers, groups.loc[workers.index]


def _distinct(flags: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Distinct rows, and which of them each row is; rooms with several plaques share one."""
    if flags.size == 0:
        return flags[:1], np.zeros(len(flags), dtype=np.intp)
    # Packed, a row is one word to sort; bytes stand in the order of the flags they hold.
    packed = np.packbits(flags, axis=1)
    _, first, number = np.unique(packed.view(f"S{packed.shape[1]}").ravel(), return_index=True, return_inverse=True)
    return flags[first], number.ravel().astype(np.intp)
