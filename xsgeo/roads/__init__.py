"""Bring your own roads, and look them over before anything is routed on them.

`import_roads` reads OpenStreetMap files, graphs saved by OSMnx, layers of lines, or fetches a place from Overpass;
`write_roads` puts the result into a study folder; `check_roads` lists what would make travel times wrong. What
OpenStreetMap's tags mean stands in ``tags.csv``, which a planner may copy and edit.

=============  ========================================================================
module         what for
=============  ========================================================================
``tags``       the table of tags, and what it makes of the tags of one way
``ways``       ways as read, alike for every source
``osm``        OpenStreetMap files, with osmium (the extra ``osm``)
``lines``      graphs of OSMnx, and layers of lines
``overpass``   Overpass and Nominatim, with a deadline
``edges``      ways cut where they meet
``ferries``    crossings from landing to landing
``load``       the import as a whole, and its account
``store``      tables and manifest in a study folder
``check``      faults before routing
=============  ========================================================================
"""

from __future__ import annotations

from xsgeo.roads.check import check_roads, fault_text
from xsgeo.roads.load import RoadImport, import_roads, summary_text
from xsgeo.roads.store import write_roads
from xsgeo.roads.tags import read_tags, tag_table_text

__all__ = [
    "RoadImport",
    "check_roads",
    "fault_text",
    "import_roads",
    "read_tags",
    "summary_text",
    "tag_table_text",
    "write_roads",
]
