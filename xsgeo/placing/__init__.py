"""Where the rows of a ledger are: degrees of any datum, or an address, to WGS-84.

* `datums`: coordinates turned into WGS-84, and a test that the datum is the one declared;
* `addresses`: rows with an address and no coordinates placed by the study's own names.

What cannot be placed is a fault, and what can be placed only roughly says how roughly. Beyond the limit of
`xsgeo.settings.TravelRules` such a row is then *unknown*, which is the truth.
"""

from __future__ import annotations

from xsgeo.placing.addresses import Gazetteer, Place, place_by_address
from xsgeo.placing.datums import (
    MIN_KNOWN,
    MIN_POINTS,
    Ground,
    check_datum,
    convert,
    declared_datum,
    ground_of,
    known_points,
    point_tables,
)

__all__ = [
    "MIN_KNOWN",
    "MIN_POINTS",
    "Gazetteer",
    "Ground",
    "Place",
    "check_datum",
    "convert",
    "declared_datum",
    "ground_of",
    "known_points",
    "place_by_address",
    "point_tables",
]
