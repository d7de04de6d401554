"""How a layer of ours stands on a folium map: a folium `Layer` whose data go beside it and are drawn by our own script.

A layer works on any `folium.Map`, and a `folium.LayerControl` lists it. What it draws is packed numbers on one canvas,
because one object a row takes ten megabytes and half a minute at 10,000 rows.

The template below holds constants and ids, nothing else. What comes from a study goes into a `DataBlock` and is read by
the package's own script (`xsgeo.maps.page` says why). Layer names come from the catalogue, never from data, because
Leaflet's layer control shows them as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import folium
from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from xsgeo.catalogue import WORDS, Language, say
from xsgeo.maps.page import DataBlock, RawText, asset

SCRIPTS = ("core.js", "map.js")
FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
"""Fonts that Chinese systems have; a page carries none, a subset of one would be larger than the page."""


class CanvasLayer(Layer):  # type: ignore[misc]  # folium carries no types
    """One layer drawn by the package's own script from a data block.

    Parameters
    ----------
    drawn
        Kind of layer, as ``map.js`` knows it.
    data
        What it draws.
    m
        Map it will stand on; its id becomes part of the layer's.
    language
        Language of the layer's name in a layer control.
    show
        Whether it is switched on at first.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = xsgeo.layers.{{ this.drawn }}({{ this.get_name()|tojson }});
        {% if this.show %}{{ this.get_name() }}.addTo({{ this._parent.get_name() }});{% endif %}
        {% endmacro %}
        """
    )

    scripts: tuple[str, ...] = SCRIPTS

    def __init__(
        self, drawn: str, data: Mapping[str, object], *, m: folium.Map, language: Language, show: bool = True
    ) -> None:
        super().__init__(name=say(f"page.layer.{drawn}", language), overlay=True, show=show)
        self.drawn: str = drawn
        same = sum(isinstance(c, CanvasLayer) and c.drawn == drawn for c in m._children.values())
        self._name = drawn
        self._id = f"{m.get_name()}_{same}" if same else m.get_name()
        self.data = data
        self.language = language

    def render(self, **kwargs: object) -> None:
        """Put the scripts, the words and the data on the page, then the layer itself."""
        figure = self.get_root()
        for name in self.scripts:
            figure.header.add_child(RawText(f"<script>{asset(name)}</script>"), name=f"xsgeo_{name}")
        if "xsgeo_words" not in figure.html._children:  # once a page; a layer is one of many
            figure.html.add_child(words_block(self.language), name="xsgeo_words")
        block = f"{self.get_name()}_data"
        figure.html.add_child(DataBlock(block, self.data), name=block)
        # Not Layer.render, which would add the layer once more at each rendering, under a random name.
        MacroElement.render(self, **kwargs)


def compose(m: folium.Map, *layers: Callable[[folium.Map], folium.Map]) -> folium.Map:
    """Put layers on a map one after another, the first lowest.

    Parameters
    ----------
    m
        Any folium map.
    *layers
        Functions that take a map and return it: `functools.partial` or a lambda of those of `xsgeo.maps`, or one's own.

    Returns
    -------
    folium.Map
        What the last of them returned.

    Examples
    --------
    >>> from functools import partial
    >>> import pandas as pd
    >>> from xsgeo.maps import add_towns
    >>> towns = pd.DataFrame({"name": ["石浦镇"], "lon": [121.94], "lat": [29.21]}, index=["shipu"])
    >>> compose(folium.Map(tiles=None), partial(add_towns, towns=towns)).__class__.__name__
    'Map'
    """
    for layer in layers:
        m = layer(m)
    return m


def words_block(language: Language) -> DataBlock:
    """Every word of the pages, for their scripts."""
    words = {k: list(v) for k, v in WORDS.items() if k.startswith(("page.", "reason.", "mode.", "choice."))}
    return DataBlock("xsgeo_words", {"language": language, "words": words})
