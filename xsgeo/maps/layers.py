"""Layers for a folium map: each function takes a map, adds one layer and returns the map.

They work on any `folium.Map`, one's own included, and compose by being called one after another, as
`GeoDataFrame.explore(m=m)` does. A layer is a folium `Layer`, so a `folium.LayerControl` lists it; what it draws is
packed numbers on one canvas, because one object a row takes ten megabytes and half a minute at 10,000 rows.

The templates below hold constants and ids, nothing else. What comes from a study goes into a `DataBlock` beside them
and is read by the package's own script (`xsgeo.maps.page` says why). Layer names come from the catalogue, never from
data, because Leaflet's layer control shows them as HTML.

No boundary of the county or of a town is drawn, and there is no tile layer: in China a published map with lines of
administrative areas needs a review, and tiles carry a datum of their own. The land itself is the background.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template
from numpy.typing import NDArray

from xsgeo.access import REASONS
from xsgeo.catalogue import WORDS, Language, say
from xsgeo.hours.telling import english_hours
from xsgeo.maps.pack import pack_flags, pack_parts, pack_xy, to_text
from xsgeo.maps.page import DataBlock, RawText, asset
from xsgeo.maps.publish import AREA_CELLS_M, CELL_M, MERGED, Area, PublishRules, areas, cells, middles, places
from xsgeo.schemas import VENUE_KINDS
from xsgeo.settings import Standard

SCRIPTS = ("core.js", "map.js")
FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
"""Fonts that Chinese systems have; a page carries none, a subset of one would be larger than the page."""

ROAD_GROUPS: Mapping[str, str] = MappingProxyType({"bridge_exp": "expressway", "bridge_local": "local"})
MAX_ROAD_VERTICES = 75_000
MAX_REACH_BYTES = 300_000
PRACTICAL_MIN = 1e-9


class CanvasLayer(Layer):  # type: ignore[misc]  # folium carries no types
    """One layer drawn by the package's own script from a data block.

    Parameters
    ----------
    drawn
        Kind of layer, as ``map.js`` knows it.
    data
        What it draws.
    m
        Map it will stand on; its id becomes part of the layer's.
    language
        Language of the layer's name in a layer control.
    show
        Whether it is switched on at first.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = xsgeo.layers.{{ this.drawn }}({{ this.get_name()|tojson }});
        {% if this.show %}{{ this.get_name() }}.addTo({{ this._parent.get_name() }});{% endif %}
        {% endmacro %}
        """
    )

    scripts: tuple[str, ...] = SCRIPTS

    def __init__(
        self, drawn: str, data: Mapping[str, object], *, m: folium.Map, language: Language, show: bool = True
    ) -> None:
        super().__init__(name=say(f"page.layer.{drawn}", language), overlay=True, show=show)
        self.drawn: str = drawn
        same = sum(isinstance(c, CanvasLayer) and c.drawn == drawn for c in m._children.values())
        self._name = drawn
        self._id = f"{m.get_name()}_{same}" if same else m.get_name()
        self.data = data
        self.language = language

    def render(self, **kwargs: object) -> None:
        """Put the scripts, the words and the data on the page, then the layer itself."""
        figure = self.get_root()
        for name in self.scripts:
            figure.header.add_child(RawText(f"<script>{asset(name)}</script>"), name=f"xsgeo_{name}")
        if "xsgeo_words" not in figure.html._children:  # once a page; a layer is one of many
            figure.html.add_child(words_block(self.language), name="xsgeo_words")
        block = f"{self.get_name()}_data"
        figure.html.add_child(DataBlock(block, self.data), name=block)
        # Not Layer.render, which would add the layer once more at each rendering, under a random name.
        MacroElement.render(self, **kwargs)


def compose(m: folium.Map, *layers: Callable[[folium.Map], folium.Map]) -> folium.Map:
    """Put layers on a map one after another, the first lowest.

    Parameters
    ----------
    m
        Any folium map.
    *layers
        Functions that take a map and return it: `functools.partial` or a lambda of those of this module, or one's own.

    Returns
    -------
    folium.Map
        What the last of them returned.

    Examples
    --------
    >>> from functools import partial
    >>> towns = pd.DataFrame({"name": ["石浦镇"], "lon": [121.94], "lat": [29.21]}, index=["shipu"])
    >>> compose(folium.Map(tiles=None), partial(add_towns, towns=towns)).__class__.__name__
    'Map'
    """
    for layer in layers:
        m = layer(m)
    return m


def words_block(language: Language) -> DataBlock:
    """Every word of the pages, for their scripts."""
    words = {k: list(v) for k, v in WORDS.items() if k.startswith(("page.", "reason.", "mode.", "choice."))}
    return DataBlock("xsgeo_words", {"language": language, "words": words})


def add_land(m: folium.Map, land: gpd.GeoDataFrame, *, language: Language = "both") -> folium.Map:
    """Paint the land, and the sea around it.

    Parameters
    ----------
    m
        Any folium map.
    land
        Polygons in WGS-84 degrees; everything else is painted as sea.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(geometry=[shapely.box(121.8, 29.1, 121.9, 29.2)], crs="EPSG:4326")
    >>> add_land(folium.Map(tiles=None), square).__class__.__name__
    'Map'
    """
    polygons = shapely.get_parts(land.sort_index().geometry.to_numpy())
    rings = shapely.get_rings(polygons)
    parts = [shapely.get_coordinates(r) for r in rings]
    return m.add_child(CanvasLayer("land", {"rings": pack_parts(parts)}, m=m, language=language))


def add_roads(
    m: folium.Map,
    roads: gpd.GeoDataFrame,
    *,
    lines: Mapping[str, object] | None = None,
    language: Language = "both",
) -> folium.Map:
    """Draw the roads, by class.

    Parameters
    ----------
    m
        Any folium map.
    roads
        Index ``edge_id``, column ``road_class``, LineStrings in WGS-84 degrees.
    lines
        What `road_lines` made of them, where several maps share it.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map.
    """
    data = {"classes": road_lines(roads) if lines is None else lines}
    return m.add_child(CanvasLayer("roads", data, m=m, language=language))


def road_lines(roads: gpd.GeoDataFrame) -> dict[str, object]:
    """Join road edges into lines and pack them, by class.

    Classes are taken from the expressways down until `MAX_ROAD_VERTICES` vertices are in, so that a study with the
    streets of a whole province still makes a page that can be sent.

    Parameters
    ----------
    roads
        As for `add_roads`.

    Returns
    -------
    dict
        What `xsgeo.maps.pack.pack_parts` makes of each class.
    """
    group = roads["road_class"].astype(str).replace(dict(ROAD_GROUPS))
    classes: dict[str, object] = {}
    left = MAX_ROAD_VERTICES
    for name in ("expressway", "class1", "class2", "county", "local", "street"):
        lines = shapely.line_merge(shapely.union_all(roads.geometry[group == name].to_numpy()))
        parts = [shapely.get_coordinates(p) for p in shapely.get_parts(shapely.normalize(lines))]
        left -= sum(len(p) for p in parts)
        if left < 0:
            break
        if parts:
            classes[name] = pack_parts(parts)
    return classes


def add_towns(
    m: folium.Map, towns: pd.DataFrame, *, active: Iterable[str] | None = None, language: Language = "both"
) -> folium.Map:
    """Write the names of the towns where they do not run into one another.

    Parameters
    ----------
    m
        Any folium map.
    towns
        Index ``town_id``; columns ``name``, ``name_en``, ``lon``, ``lat`` and, where known, ``population``.
    active
        Towns that the map is about; the others are greyed. All when None.
    language
        Language of the layer's name.

    Returns
    -------
    folium.Map
        The same map. Where names would overlap, the town with fewer people is left out until the map is zoomed in.
    """
    towns = towns.sort_index()
    people = towns["population"].fillna(0).to_numpy(float) if "population" in towns else np.zeros(len(towns))
    on = np.ones(len(towns), dtype=bool) if active is None else towns.index.isin(list(active))
    english = towns["name_en"] if "name_en" in towns else towns["name"]
    data = {
        "points": pack_xy(towns[["lon", "lat"]].to_numpy(float)),
        "names": [[str(zh), str(en)] for zh, en in zip(towns["name"], english.fillna(towns["name"]), strict=True)],
        "order": np.lexsort((np.arange(len(towns)), -people, ~on)).tolist(),
        "active": [bool(x) for x in on],
        "font": FONT,
    }
    return m.add_child(CanvasLayer("towns", data, m=m, language=language))


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


def whole(n: object) -> int | None:
    """Whole number, or None where it is missing."""
    return None if pd.isna(n) else int(n)  # type: ignore[call-overload]


def text_of(frame: pd.DataFrame, column: str) -> pd.Series:
    """Column as text on the frame's index, empty where missing or where there is no such column."""
    if column not in frame:
        return pd.Series("", index=frame.index, dtype=object)
    given = frame[column].astype(object)
    return given.where(given.notna(), "").astype(str).astype(object)


def open_venues(venues: pd.DataFrame) -> pd.DataFrame:
    """Plaques whose status is open, sorted by id: the order in which pages number them."""
    return venues[text_of(venues, "status") == "open"].sort_index()


def within_cutoff(
    minutes: pd.DataFrame, workers: pd.DataFrame, venues: pd.DataFrame, *, standard: Standard
) -> NDArray[np.intp]:
    """Pairs within the cut-off as row numbers of `workers` and `venues`, shape (n, 2).

    Examples
    --------
    >>> table = pd.DataFrame({"group_id": ["a", "a"], "venue_id": ["x", "y"], "minutes": [9.0, 16.0], "mode": "walk"})
    >>> workers = pd.DataFrame(index=["a"])
    >>> within_cutoff(table, workers, pd.DataFrame(index=["x", "y"]), standard=Standard()).tolist()
    [[0, 0]]
    """
    group = workers.index.get_indexer(minutes["group_id"])
    venue = venues.index.get_indexer(minutes["venue_id"])
    keep = (group >= 0) & (venue >= 0)
    if "mode" in minutes:
        limit = minutes["mode"].astype(str).map(dict(standard.cutoff_min)).fillna(-1.0).to_numpy(float)
        keep &= minutes["minutes"].to_numpy(float) <= limit + PRACTICAL_MIN
    return np.stack([group[keep], venue[keep]], axis=1)


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
