"""From which year on workers are served, as a layer for any folium map."""

from __future__ import annotations

import folium
import numpy as np
import pandas as pd

from xsgeo.catalogue import Language
from xsgeo.maps.canvas import SCRIPTS, CanvasLayer
from xsgeo.maps.pack import pack_xy, to_text
from xsgeo.maps.publish import cells, middles

NEVER = 255
"""Year of a place that no year serves."""


class PlanLayer(CanvasLayer):
    """Drawn by ``planmap.js``: a plan's actions, and where workers gain by them."""

    scripts = (*SCRIPTS, "planmap.js")


def add_gains(
    m: folium.Map,
    workers: pd.DataFrame,
    since: pd.Series,
    *,
    until: pd.Series | None = None,
    language: Language = "both",
    show: bool = True,
) -> folium.Map:
    """Show where workers are served today, from which year on, or never.

    Parameters
    ----------
    m
        Any folium map.
    workers
        Groups, index ``group_id``; ``lon``, ``lat``, ``n_workers``.
    since
        Year from which each group is served, on the same index: 0 today, 1 to 254 a year of the plan, missing never
        (`xsgeo.phasing.Phased.served_from` with 0 for those who are served already).
    until
        Year from which a group is served no longer, missing never; nobody loses anything when None.
    language
        Language of the layer's name.
    show
        Whether it is switched on at first.

    Returns
    -------
    folium.Map
        The same map. A place shows the year from which at least half of its workers are served: a category, no count.

    Examples
    --------
    >>> workers = pd.DataFrame({"lon": [121.9, 121.95], "lat": 29.2, "n_workers": 30}, index=["a", "b"])
    >>> since = pd.Series([0, 2], index=["a", "b"])
    >>> [layer.data["never"] for layer in add_gains(folium.Map(tiles=None), workers, since)._children.values()]
    [255]
    """
    workers = workers.sort_index()
    first = since.reindex(workers.index).fillna(NEVER).to_numpy(np.int64)
    last = (
        np.full(len(workers), NEVER) if until is None else until.reindex(workers.index).fillna(NEVER).to_numpy(np.int64)
    )
    cell = cells(workers).to_numpy()
    n = workers["n_workers"].to_numpy(np.float64)
    total = np.bincount(cell, weights=n)
    begins, ends = np.full((2, len(total)), NEVER, dtype=np.uint8)
    for year in sorted({0, *first[first < NEVER].tolist(), *last[last < NEVER].tolist()}):
        is_on = 2 * np.bincount(cell, weights=n * ((first <= year) & (year < last))) >= total
        begins[is_on & (begins == NEVER)] = year
        ends[~is_on & (begins < NEVER) & (ends == NEVER)] = year
    order = np.argsort(cell, kind="stable")
    at = middles(workers, np.split(order, np.searchsorted(cell[order], np.arange(1, len(total)))))
    data = {"places": pack_xy(at), "since": to_text(begins), "until": to_text(ends), "never": NEVER}
    return m.add_child(PlanLayer("gains", data, m=m, language=language, show=show))
