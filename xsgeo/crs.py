"""The only place where coordinate reference systems are named.

Coordinates are stored and exchanged as WGS-84 longitude and latitude (EPSG:4326) and measured in EPSG:4550 (CGCS2000,
3-degree Gauss-Krueger, central meridian 123 E), whose scale error over 121.5-122.5 E is 28 to 261 parts per million.
EPSG:4549, which one would reach for first, ends at 121.5 E and is up to 725 ppm off here. Lengths of roads are geodesic
on the ellipsoid, never on a sphere: the sphere that street-network libraries use is wrong by up to 3,166 ppm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

WGS84 = "EPSG:4326"
METRES = "EPSG:4550"


def to_metres(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame in the working projection, metres east and north.

    Parameters
    ----------
    frame
        Any frame with a CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        A copy in EPSG:4550.

    Raises
    ------
    ValueError
        When the frame has no CRS: a guess here would be a wrong town.
    """
    if frame.crs is None:
        msg = f"the frame has no CRS; set it with frame.set_crs({WGS84!r}) if its coordinates are WGS-84 degrees"
        raise ValueError(msg)
    return frame.to_crs(METRES)


def project(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes (WGS-84 degrees) to easting and northing (EPSG:4550 metres).

    Examples
    --------
    >>> import numpy as np
    >>> x, y = project(np.array([123.0]), np.array([29.5]))
    >>> float(x[0])
    500000.0
    """
    x, y = _transformer(WGS84, METRES).transform(lon, lat)
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def unproject(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Easting and northing (EPSG:4550 metres) to longitude and latitude (WGS-84 degrees).

    Examples
    --------
    >>> import numpy as np
    >>> lon, lat = unproject(*project(np.array([121.9]), np.array([29.2])))
    >>> round(float(lon[0]), 9), round(float(lat[0]), 9)
    (121.9, 29.2)
    """
    lon, lat = _transformer(METRES, WGS84).transform(x, y)
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


@lru_cache
def _transformer(source: str, target: str) -> Any:
    from pyproj import Transformer

    # always_xy: without it EPSG:4550 answers (northing, easting), and a map turns by 90 degrees.
    return Transformer.from_crs(source, target, always_xy=True)


def lengths_m(lines: NDArray[np.object_] | list[shapely.LineString]) -> NDArray[np.float64]:
    """Geodesic length of each line, in metres on the WGS-84 ellipsoid.

    Parameters
    ----------
    lines
        LineStrings in WGS-84 degrees.

    Examples
    --------
    >>> from shapely import LineString
    >>> round(float(lengths_m([LineString([(121.9, 29.2), (121.9, 29.21)])])[0]), 1)
    1108.4
    """
    import shapely
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    array = np.asarray(lines, dtype=object)
    xy, which = shapely.get_coordinates(array, return_index=True)
    if len(xy) < 2:
        return np.zeros(len(array))
    _, _, step = geod.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    same = which[:-1] == which[1:]
    total = np.zeros(len(array))
    np.add.at(total, which[:-1][same], np.asarray(step)[same])
    return total
