"""The actions of a plan by year, as a layer for any folium map."""

from __future__ import annotations

import folium
import numpy as np
import pandas as pd

from xsgeo.catalogue import Language
from xsgeo.maps.canvas import FONT, SCRIPTS, CanvasLayer
from xsgeo.maps.pack import pack_xy
from xsgeo.maps.rows import text_of, whole


class LinkedLayer(CanvasLayer):
    """Drawn by ``links.js``: rooms, sharing links, actions."""

    scripts = (*SCRIPTS, "links.js")


def add_actions(m: folium.Map, actions: pd.DataFrame, *, language: Language = "both", show: bool = True) -> folium.Map:
    """Mark what a plan does where, by the year in which it does it.

    Parameters
    ----------
    m
        Any folium map.
    actions
        Index ``action_id``; ``year`` (whole number), ``action`` (a remedy: ``share``, ``build``, ...), ``lon`` and
        ``lat`` in WGS-84 degrees, ``n_workers_added`` (missing where it may not be shown) and, where there is one,
        ``name``.
    language
        Language of the layer's name.
    show
        Whether it is switched on at first.

    Returns
    -------
    folium.Map
        The same map. Later years are lighter; the legend of a page switches each year.

    Examples
    --------
    >>> plan = pd.DataFrame(
    ...     {"year": [2027], "action": "share", "lon": 121.9, "lat": 29.2, "n_workers_added": [120]}, index=["A1"]
    ... )
    >>> add_actions(folium.Map(tiles=None), plan).__class__.__name__
    'Map'
    """
    ordered = actions.assign(_id=actions.index.astype(str)).sort_values(["year", "_id"])
    names = text_of(ordered, "name")
    items = [
        {"year": int(year), "action": str(action), "n_workers": whole(n), "name": name}
        for year, action, n, name in zip(
            ordered["year"], ordered["action"], ordered["n_workers_added"], names, strict=True
        )
    ]
    data = {
        "points": pack_xy(ordered[["lon", "lat"]].to_numpy(float)),
        "items": items,
        "years": [int(y) for y in np.unique(ordered["year"].to_numpy())],
        "font": FONT,
    }
    return m.add_child(LinkedLayer("actions", data, m=m, language=language, show=show))
