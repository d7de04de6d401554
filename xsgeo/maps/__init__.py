"""Pages a planner keeps: one HTML file each, opened with no network, safe to forward.

`render_pages` makes the county's page, one for each industry cluster and an index, `render_comparison` the page of a
comparison and `render_plan` that of a plan over years. The layers they are made of, ``add_land`` to ``add_actions``,
are functions that take a `folium.Map` and return it, for maps of one's own, and `compose` puts several on one;
`xsgeo.maps.page` turns any such map into a file that asks for nothing; `xsgeo.maps.publish` decides what may be counted
in public, `xsgeo.maps.audience` what an internal page is, and `xsgeo.maps.tiles` what it takes to have a map service's
background.
"""

from __future__ import annotations

from xsgeo.maps.actions import add_actions
from xsgeo.maps.audience import FOLDERS as AUDIENCE_FOLDERS
from xsgeo.maps.audience import PLAN_PAGE, Audience, is_internal, is_plan
from xsgeo.maps.audience import RULES as AUDIENCE_RULES
from xsgeo.maps.canvas import compose
from xsgeo.maps.comparison import render_comparison
from xsgeo.maps.gains import add_gains
from xsgeo.maps.ground import add_land, add_roads, add_towns
from xsgeo.maps.layers import add_catchments, add_gaps, add_proposals, add_venues, add_workers
from xsgeo.maps.page import OfflineMap, render_offline, render_online
from xsgeo.maps.pages import render_pages
from xsgeo.maps.plan_page import render_plan
from xsgeo.maps.publish import PublishRules
from xsgeo.maps.rooms import add_rooms, add_sharing, sharing_links
from xsgeo.maps.tiles import Tiles

__all__ = [
    "AUDIENCE_FOLDERS",
    "AUDIENCE_RULES",
    "PLAN_PAGE",
    "Audience",
    "OfflineMap",
    "PublishRules",
    "Tiles",
    "add_actions",
    "add_catchments",
    "add_gains",
    "add_gaps",
    "add_land",
    "add_proposals",
    "add_roads",
    "add_rooms",
    "add_sharing",
    "add_towns",
    "add_venues",
    "add_workers",
    "compose",
    "is_internal",
    "is_plan",
    "render_comparison",
    "render_offline",
    "render_online",
    "render_pages",
    "render_plan",
    "sharing_links",
]
