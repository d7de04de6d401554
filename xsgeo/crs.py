"""The only place where coordinate reference systems are named.

Coordinates are stored and exchanged as WGS-84 longitude and latitude (EPSG:4326) and measured in EPSG:4550 (CGCS2000,
3-degree Gauss-Krueger, central meridian 123 E), whose scale error over 121.5-122.5 E is 28 to 261 parts per million.
EPSG:4549, which one would reach for first, ends at 121.5 E and is up to 725 ppm off here. Lengths of roads are geodesic
on the ellipsoid, never on a sphere: the sphere that street-network libraries use is wrong by up to 3,166 ppm.

A ledger's degrees are WGS-84 only if they were taken with a GPS. Amap and Tencent give GCJ-02, which lies about 490 m
to the east-south-east here, and Baidu BD-09, more than a kilometre off: a fifteen-minute walk. GCJ-02 has a published
forward formula and no closed inverse; the shortcut of taking the shift off once is wrong by up to two metres, so the
inverse is found by fixed-point iteration, which contracts by more than a hundred at each step and reaches a nanometre.
CGCS2000 differs from WGS-84 by centimetres and is read as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

WGS84 = "EPSG:4326"
METRES = "EPSG:4550"

Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
Degrees = NDArray[np.float64]

DATUMS: tuple[Datum, ...] = ("WGS-84", "CGCS2000", "GCJ-02", "BD-09")

_DATUM_WORDS: Mapping[str, Datum] = MappingProxyType(
    {
        "wgs84": "WGS-84", "gps": "WGS-84", "epsg4326": "WGS-84", "4326": "WGS-84",
        "cgcs2000": "CGCS2000", "2000": "CGCS2000", "国家2000": "CGCS2000", "天地图": "CGCS2000",
        "gcj02": "GCJ-02", "火星": "GCJ-02", "高德": "GCJ-02", "腾讯": "GCJ-02", "国测局": "GCJ-02",
        "bd09": "BD-09", "百度": "BD-09",
    }
)  # fmt: skip

_GCJ_AXIS_M = 6378245.0
_GCJ_ECCENTRICITY = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""Box outside which GCJ-02 is WGS-84, as the published code has it: west, south, east, north."""

_INVERSE_STEPS = 10


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

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> to_metres(toy_county().venues).crs.to_epsg()
    4550
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


def parse_datum(text: str) -> Datum | None:
    """Return the datum that a word in a ledger or in ``study.toml`` names, or None.

    Examples
    --------
    >>> parse_datum("wgs84"), parse_datum("高德地图"), parse_datum("百度坐标系"), parse_datum("北京54")
    ('WGS-84', 'GCJ-02', 'BD-09', None)
    """
    word = re.sub(r"[\s_:-]+", "", unicodedata.normalize("NFKC", text)).casefold()
    word = re.sub(r"(大地)?(坐标)?(系统?|地图|定位)?$", "", word)
    return _DATUM_WORDS.get(word)


def to_wgs84(lon: Degrees, lat: Degrees, *, datum: Datum) -> tuple[Degrees, Degrees]:
    """Turn degrees of a datum into WGS-84 degrees.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`; NaN stays NaN.
    datum
        ``WGS-84``, ``CGCS2000``, ``GCJ-02`` or ``BD-09``.

    Returns
    -------
    lon, lat
        WGS-84 degrees, within a micrometre of what `from_wgs84` would turn back into the input.

    Examples
    --------
    >>> import numpy as np
    >>> lon, lat = to_wgs84(np.array([121.8778]), np.array([29.4692]), datum="GCJ-02")
    >>> round(float(lon[0]), 4), round(float(lat[0]), 4)
    (121.8738, 29.4719)
    """
    x, y = np.array(lon, dtype=float), np.array(lat, dtype=float)
    if datum == "BD-09":
        x, y = _inverse(_gcj_to_bd, x, y, start=(x - 0.0065, y - 0.006))
    if datum in {"BD-09", "GCJ-02"}:
        x, y = _inverse(_wgs_to_gcj, x, y, start=(x, y))
    return x, y


def from_wgs84(lon: Degrees, lat: Degrees, *, datum: Datum) -> tuple[Degrees, Degrees]:
    """Turn WGS-84 degrees into degrees of a datum, by the published formulas.

    Parameters
    ----------
    lon, lat
        WGS-84 degrees; NaN stays NaN.
    datum
        ``WGS-84``, ``CGCS2000``, ``GCJ-02`` or ``BD-09``.

    Examples
    --------
    >>> import numpy as np
    >>> lon, lat = from_wgs84(np.array([116.404]), np.array([39.915]), datum="GCJ-02")
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (116.410244, 39.916404)
    """
    x, y = np.array(lon, dtype=float), np.array(lat, dtype=float)
    if datum in {"BD-09", "GCJ-02"}:
        x, y = _wgs_to_gcj(x, y)
    if datum == "BD-09":
        x, y = _gcj_to_bd(x, y)
    return x, y


def _inverse(forward: Any, lon: Degrees, lat: Degrees, *, start: tuple[Degrees, Degrees]) -> tuple[Degrees, Degrees]:
    """Solve forward(x, y) = (lon, lat): the shift changes so slowly with place that taking it off again converges."""
    x, y = start
    for _ in range(_INVERSE_STEPS):
        there_x, there_y = forward(x, y)
        x, y = x - (there_x - lon), y - (there_y - lat)
    return x, y


def _wgs_to_gcj(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    west, south, east, north = _CHINA
    shifted = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    short = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m = north_m + short + _waves(y, 12.0, 160.0, 320.0)
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m = east_m + short + _waves(x, 12.0, 150.0, 300.0)
    angle = np.radians(lat)
    magic = 1.0 - _GCJ_ECCENTRICITY * np.sin(angle) ** 2
    east_deg = np.degrees(east_m * np.sqrt(magic) / (_GCJ_AXIS_M * np.cos(angle)))
    north_deg = np.degrees(north_m * magic * np.sqrt(magic) / (_GCJ_AXIS_M * (1.0 - _GCJ_ECCENTRICITY)))
    return lon + np.where(shifted, east_deg, 0.0), lat + np.where(shifted, north_deg, 0.0)


def _waves(z: Degrees, period: float, middle: float, long: float) -> Degrees:
    short = 20.0 * np.sin(np.pi * z) + 40.0 * np.sin(np.pi * z / 3.0)
    swell = middle * np.sin(np.pi * z / period) + long * np.sin(np.pi * z / 30.0)
    return np.asarray((short + swell) * 2.0 / 3.0)


def _gcj_to_bd(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
