"""Rooms behind the plaques, and the links that sharing them would make, as layers for any folium map.

Two kinds of link are worth drawing. Where two rooms near one another complete each other's hours
(`xsgeo.sharing.complements`), the line joins the rooms. Where a room would serve workers who are shut out of it today,
lines go out to them; not to each group, which would tell where single employers are, but to squares of half a
kilometre, and how many they are is told only by the rule of all pages.
"""

from __future__ import annotations

import folium
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import access
from xsgeo.catalogue import Language
from xsgeo.maps.actions import LinkedLayer
from xsgeo.maps.canvas import FONT
from xsgeo.maps.pack import pack_xy
from xsgeo.maps.publish import PublishRules, cells, employers, may_show, middles, rounded
from xsgeo.maps.rows import open_venues, text_of, whole
from xsgeo.settings import Standard

TOP = 15
"""Rooms and pairs of rooms drawn; more would be a thicket."""
_SQUARE_M = 500.0
_LINK_COLUMNS = ("kind", "lon", "lat", "lon_to", "lat_to", "name", "name_to", "hours_gained", "n_workers")


def add_rooms(m: folium.Map, venues: pd.DataFrame, *, language: Language = "both", show: bool = True) -> folium.Map:
    """Ring the rooms on whose door more than one plaque hangs.

    Parameters
    ----------
    m
        Any folium map.
    venues
        Plaques, index ``venue_id``: ``lon``, ``lat``, ``status``, ``kind``, ``name`` and ``room_id``, the room each
        hangs on, blank where it is not known to share one (`xsgeo.sharing.room_labels`).
    language
        Language of the layer's name.
    show
        Whether it is switched on at first.

    Returns
    -------
    folium.Map
        The same map. Names of employers' own rooms are not shown.

    Examples
    --------
    >>> venues = pd.DataFrame(
    ...     {"lon": 121.9, "lat": 29.2, "status": "open", "kind": "library", "name": ["A", "B"], "room_id": "R"},
    ...     index=["V1", "V2"],
    ... )
    >>> [layer.data["items"] for layer in add_rooms(folium.Map(tiles=None), venues)._children.values()]
    [[{'names': ['A', 'B'], 'kinds': ['library', 'library']}]]
    """
    opened = open_venues(venues)
    room = text_of(opened, "room_id").to_numpy(dtype=object)
    own = text_of(opened, "employer_id") != ""
    names, kinds = (c.astype(str).tolist() for c in (text_of(opened, "name").where(~own, ""), opened["kind"]))
    rows_of: dict[str, list[int]] = {}
    for row in np.flatnonzero(room != "").tolist():
        rows_of.setdefault(room[row], []).append(row)
    shared = [rows_of[key] for key in sorted(rows_of) if len(rows_of[key]) > 1]
    at = opened[["lon", "lat"]].to_numpy(float)
    data = {
        "points": pack_xy(at[[rows[0] for rows in shared]].reshape(-1, 2)),
        "items": [{"names": [names[i] for i in rows], "kinds": [kinds[i] for i in rows]} for rows in shared],
        "font": FONT,
    }
    return m.add_child(LinkedLayer("rooms", data, m=m, language=language, show=show))


def sharing_links(
    workers: pd.DataFrame,
    venues: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    complements: pd.DataFrame,
    standard: Standard,
    top: int = TOP,
    rules: PublishRules | None = None,
) -> pd.DataFrame:
    """Lines between rooms that complete each other, and from rooms to the workers they would serve once shared.

    Parameters
    ----------
    workers, venues, minutes, standard
        As in `xsgeo.access.coverage`.
    groups
        What it said of the groups.
    complements
        What `xsgeo.sharing.complements` found.
    top
        How many pairs of rooms, and how many rooms, those that gain most.
    rules
        When a count may be shown.

    Returns
    -------
    pandas.DataFrame
        One row a line: ``kind`` (``complement`` or ``serve``), ``lon``, ``lat`` of the room, ``lon_to``, ``lat_to``,
        ``name``, ``name_to`` (blank for employers' own rooms and for squares), ``hours_gained`` a week, ``n_workers``
        that the room would serve, rounded, missing where it may not be told. Lines of one room follow one another.
    """
    rules = rules or PublishRules()
    opened = open_venues(venues)
    own = text_of(opened, "employer_id") != ""
    names = text_of(opened, "name").where(~own, "")
    at = opened[["lon", "lat"]]
    known = complements[complements["venue_a"].isin(at.index) & complements["venue_b"].isin(at.index)]
    rows: list[tuple[object, ...]] = [
        ("complement", *at.loc[a], *at.loc[b], names[a], names[b], float(gained), None)
        for a, b, gained in known[["venue_a", "venue_b", "hours_gained"]].head(top).itertuples(index=False, name=None)
    ]
    workers = workers.sort_index()
    for venue_id, members in _would_serve(workers, opened, minutes, groups, standard=standard, top=top):
        n = workers["n_workers"].to_numpy(np.int64)[members]
        told = may_show(employers(workers)[members], n, rules)
        total = rounded(int(n.sum()), rules) if told else None
        for lon, lat in _squares(workers, members):
            rows.append(("serve", *at.loc[venue_id], lon, lat, names[venue_id], "", np.nan, total))
    return pd.DataFrame(rows, columns=list(_LINK_COLUMNS)).astype({"n_workers": "Int64"})


def _would_serve(
    workers: pd.DataFrame,
    opened: pd.DataFrame,
    minutes: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    standard: Standard,
    top: int,
) -> list[tuple[str, NDArray[np.intp]]]:
    """Rooms that would serve most if only their doors opened to everybody, each with the rows of `workers`."""
    groups = groups.loc[workers.index]
    fit = opened[access.equipped(opened, standard.functions).to_numpy()]
    limits = text_of(fit, "shareable_hours").mask(access.admits_everyone(fit), "")
    usable = access.usable_slots(workers, opened, minutes, standard=standard)
    pairs = access.would_serve(
        workers,
        groups,
        fit.assign(available_hours=limits).rename_axis("site_id"),
        minutes.rename(columns={"venue_id": "site_id"}),
        usable=usable,
        open_hours="不开放",
        standard=standard,
    )
    row = workers.index.get_indexer(pairs["group_id"])
    found = [(str(v), row[np.asarray(rows)]) for v, rows in pairs.groupby("site_id").indices.items()]
    n = workers["n_workers"].to_numpy(np.int64)
    return sorted(found, key=lambda item: (-int(n[item[1]].sum()), item[0]))[:top]


def _squares(workers: pd.DataFrame, members: NDArray[np.intp]) -> NDArray[np.float64]:
    some = workers.iloc[members]
    cell = cells(some, cell_m=_SQUARE_M).to_numpy()
    return middles(some, [np.flatnonzero(cell == i) for i in range(int(cell.max()) + 1)])


def add_sharing(m: folium.Map, links: pd.DataFrame, *, language: Language = "both", show: bool = True) -> folium.Map:
    """Draw what sharing would join.

    Parameters
    ----------
    m
        Any folium map.
    links
        What `sharing_links` returns, or a frame with its columns.
    language
        Language of the layer's name.
    show
        Whether it is switched on at first.

    Returns
    -------
    folium.Map
        The same map: solid lines between rooms, dotted fans to the workers a room would serve.

    Examples
    --------
    >>> links = pd.DataFrame(
    ...     {"kind": "complement", "lon": [121.9], "lat": 29.2, "lon_to": 121.91, "lat_to": 29.2, "name": "A",
    ...      "name_to": "B", "hours_gained": 20.0, "n_workers": None}
    ... )
    >>> [layer.data["items"] for layer in add_sharing(folium.Map(tiles=None), links)._children.values()]
    [[{'kind': 'complement', 'names': ['A', 'B'], 'hours': 20.0, 'n_workers': None}]]
    """
    hours = links["hours_gained"].astype(float)
    data = {
        "points": pack_xy(links[["lon", "lat"]].to_numpy(float)),
        "ends": pack_xy(links[["lon_to", "lat_to"]].to_numpy(float)),
        "items": [
            {"kind": str(k), "names": [str(a), str(b)], "hours": None if np.isnan(h) else h, "n_workers": whole(n)}
            for k, a, b, h, n in zip(
                links["kind"], links["name"], links["name_to"], hours, links["n_workers"], strict=True
            )
        ],
        "font": FONT,
    }
    return m.add_child(LinkedLayer("sharing", data, m=m, language=language, show=show))
