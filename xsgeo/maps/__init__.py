"""Pages a planner keeps: one HTML file each, opened with no network, safe to forward.

`render_pages` makes the county's page, one for each industry cluster and an index. `xsgeo.maps.layers` holds the layers
they are made of, functions that take a `folium.Map` and return it, for maps of one's own; `xsgeo.maps.page` turns any
such map into a file that asks for nothing; `xsgeo.maps.publish` decides what may be counted in public.
"""

from __future__ import annotations

from xsgeo.maps.layers import (
    add_catchments,
    add_gaps,
    add_land,
    add_proposals,
    add_roads,
    add_towns,
    add_venues,
    add_workers,
)
from xsgeo.maps.page import OfflineMap, render_offline
from xsgeo.maps.pages import render_pages
from xsgeo.maps.publish import PublishRules

__all__ = [
    "OfflineMap",
    "PublishRules",
    "add_catchments",
    "add_gaps",
    "add_land",
    "add_proposals",
    "add_roads",
    "add_towns",
    "add_venues",
    "add_workers",
    "render_offline",
    "render_pages",
]
