"""Backgrounds from a map service: for those who ask for them, on pages that say so, and never on an offline page.

A page with tiles is another kind of file. It tells the service where its reader looks, it is blank where there is no
network, and what it shows beneath is not ours. So it has a name of its own, a banner that names the host, and a
Content-Security-Policy that lets pictures come from that one host and nothing else from anywhere.

Tianditu's tiles are in CGCS2000, which differs from WGS-84 by less than a pixel, and need the user's own key. Gaode's
are in GCJ-02, some 500 m off, so everything drawn above them is moved the same way (`xsgeo.crs.from_wgs84`) on its way
into the page and only there: no table, no file of data and no other page ever holds such a coordinate.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import folium
import numpy as np
from branca.element import MacroElement
from folium.template import Template

from xsgeo.crs import Datum, from_wgs84
from xsgeo.errors import PageError
from xsgeo.maps.canvas import CanvasLayer
from xsgeo.maps.pack import pack_xy

Service = Literal["tianditu", "gaode"]

_WMTS = (
    "https://{host}/{set}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={set}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_GAODE = "https://{host}/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={{x}}&y={{y}}&z={{z}}"
_HOSTS: Mapping[str, str] = MappingProxyType({"tianditu": "t0.tianditu.gov.cn", "gaode": "webrd01.is.autonavi.com"})


@dataclass(frozen=True)
class Tiles:
    """A map service to take the background from.

    Parameters
    ----------
    service
        ``tianditu`` or ``gaode``.
    key
        The user's own key; Tianditu answers nobody without one.

    Examples
    --------
    >>> Tiles("tianditu", key="0123abcd").host
    't0.tianditu.gov.cn'
    """

    service: Service
    key: str = ""

    def __post_init__(self) -> None:
        if self.service not in _HOSTS:
            msg = f"there is no map service {self.service!r}; known are {', '.join(_HOSTS)}"
            raise PageError(msg)
        if self.service == "tianditu" and not re.fullmatch(r"[0-9A-Za-z]{8,64}", self.key):
            msg = "Tianditu needs the key of your own account: letters and digits"
            raise PageError(msg)

    @property
    def host(self) -> str:
        """The only host that the page may ask for pictures."""
        return _HOSTS[self.service]

    @property
    def datum(self) -> Datum:
        """Datum of the service's pictures."""
        return "GCJ-02" if self.service == "gaode" else "WGS-84"

    @property
    def urls(self) -> tuple[str, ...]:
        """Templates of the tiles' addresses, lowest layer first."""
        if self.service == "gaode":
            return (_GAODE.format(host=self.host),)
        return tuple(_WMTS.format(host=self.host, set=name, key=self.key) for name in ("vec", "cva"))

    def add_to(self, m: folium.Map) -> folium.Map:
        """Put the background under everything else of the map, and return the map."""
        for number, url in enumerate(self.urls):
            m.add_child(_TileLayer(url, number), name=f"tiles_{number}")
        return m


class _TileLayer(MacroElement):  # type: ignore[misc]  # branca carries no types
    """folium's own tile layer draws a random id and asks for an attribution control that the page has not."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        L.tileLayer({{ this.url|tojson }}, {maxZoom: 18}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, url: str, number: int) -> None:
        super().__init__()
        self._name = "tiles"
        self._id = str(number)
        self.url = url


def shifted(value: object, *, datum: Datum) -> object:
    """Move every coordinate in a page's data from WGS-84 into a datum, for display.

    Parameters
    ----------
    value
        What a page's data block holds: packed positions (`xsgeo.maps.pack.pack_xy`), and latitude and longitude under
        ``at`` and ``view``.
    datum
        Datum of the background.

    Examples
    --------
    >>> shifted({"at": [39.915, 116.404], "n": 3}, datum="GCJ-02")
    {'at': [39.9164, 116.4102], 'n': 3}
    """
    if isinstance(value, Mapping):
        if {"origin", "step", "xy"} <= set(value):
            return {**value, **_shifted_points(value, datum)}
        return {k: _moved(k, v, datum) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [shifted(v, datum=datum) for v in value]
    return value


def _moved(key: object, value: object, datum: Datum) -> object:
    if key == "at" and isinstance(value, list):
        return _shifted_pair(value, datum)
    if key == "view" and isinstance(value, list):
        return [_shifted_pair(corner, datum) for corner in value]
    return shifted(value, datum=datum)


def _shifted_pair(latlng: list[float], datum: Datum) -> list[float]:
    lon, lat = from_wgs84(np.array([latlng[1]]), np.array([latlng[0]]), datum=datum)
    return [round(float(lat[0]), 4), round(float(lon[0]), 4)]


def _shifted_points(packed: Mapping[str, object], datum: Datum) -> dict[str, object]:
    steps = np.frombuffer(base64.b64decode(str(packed["xy"])), dtype="<u2").reshape(-1, 2)
    step = float(packed["step"])  # type: ignore[arg-type]  # pack_xy's own number
    at = np.array(packed["origin"], dtype=float) + steps * step
    lon, lat = from_wgs84(at[:, 0], at[:, 1], datum=datum)
    return pack_xy(np.column_stack([lon, lat]), step=step)


def shift_page(m: folium.Map, data: Mapping[str, object], *, datum: Datum) -> Mapping[str, object]:
    """Move what the map's layers draw, and return the page's data moved; the frames behind them stay as they are.

    Parameters
    ----------
    m
        Map of the page.
    data
        What the page's script reads.
    datum
        Datum of the background.
    """
    for layer in m._children.values():
        if isinstance(layer, CanvasLayer):
            layer.data = shifted(layer.data, datum=datum)  # type: ignore[assignment]  # a mapping stays one
    moved: Mapping[str, object] = shifted(data, datum=datum)  # type: ignore[assignment]  # likewise
    return moved
