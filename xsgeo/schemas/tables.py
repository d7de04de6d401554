"""Every table of a study, in the order in which a reader meets them: places, people, rooms, ways, and the map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xsgeo.schemas.columns import Table
from xsgeo.schemas.people import CLUSTERS, EMPLOYERS, NEEDS, UNIONS, WORKERS
from xsgeo.schemas.places import BOUNDARY, LAND, TOWNS, VILLAGES
from xsgeo.schemas.rooms import ASSETS, ROOM_PAIRS, VENUES
from xsgeo.schemas.ways import FERRIES, ROADS

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            TOWNS,
            VILLAGES,
            CLUSTERS,
            NEEDS,
            UNIONS,
            EMPLOYERS,
            WORKERS,
            VENUES,
            ROOM_PAIRS,
            ASSETS,
            ROADS,
            FERRIES,
            LAND,
            BOUNDARY,
        )
    }
)
