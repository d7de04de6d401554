"""Turn a folium map into one file that opens with no network, and let nothing in it come alive.

Two facts about folium and branca decide this module (both were tried, not read). First, `MacroElement.render` compiles
text that is already rendered as a *template*, in an environment without a sandbox: a ledger cell with ``{{ }}`` or
``{% %}`` in a popup, a tooltip, a GeoJson property or a layer name is evaluated as Python on the planner's machine, and
innocent dirt (``50{% off %}``) crashes the page after the old file has been emptied. Escaping for HTML does not touch
braces. Second, a default folium page asks six other hosts for code and pictures and is blank without them.

So data has one door here. Layers hold constants and ids in their templates; what comes from a ledger becomes JSON in a
``<script type="application/json">`` block (`DataBlock`), whose text branca prints and never compiles, and in which
``<``, ``>`` and ``&`` do not occur, so it can neither end its element nor be taken for markup. Our own constant scripts
read it and write it to the page as text, never as HTML. `check_literal` proves on first use that the installed folium
keeps this bargain, and every page is checked again for its own blocks.

Leaflet comes from the package (``assets/vendor``), the only library a page needs: no jQuery, no Bootstrap, no icon
font. A Content-Security-Policy of hashes is the last wall: whatever got in by a way nobody thought of would not run,
and could reach no host. Hashes, unlike nonces, keep the file the same from run to run; so do ids that are given, not
drawn.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, ClassVar

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.template import Template

from xsgeo.catalogue import Language
from xsgeo.errors import PageError

VENDORED: Mapping[str, str] = MappingProxyType({"leaflet": "leaflet.js", "leaflet_css": "leaflet.css"})
"""Names under which folium asks for a library, and the file of ``assets/vendor`` that answers."""

LANGUAGE_TAGS: Mapping[Language, str] = MappingProxyType({"zh": "zh-CN", "en": "en", "both": "zh-CN"})

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ESCAPED = re.compile(r"\\[ubfr]|" + _INVISIBLE.pattern)
"""What the JSON of a text with an invisible character holds; a backslash of the text itself may look like it."""

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_DATA = re.compile(r'<script type="application/json".*?</script>', re.DOTALL)
_OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|object|embed)\b[^>]*?\b(?:src|data)\s*=\s*["']?(?!data:)[^"'\s>]
      | <link\b[^>]*?\bhref\s*=\s*["']?(?!data:)[^"'\s>]
      | url\(\s*["']?(?:https?:)?//
      | @import""",
    re.IGNORECASE | re.VERBOSE,
)


class RawText(Element):  # type: ignore[misc]  # branca carries no types
    """Text that stands on the page as it is; branca prints it and never compiles it.

    Parameters
    ----------
    text
        Constant markup, a script of the package, or what `DataBlock` made.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "RawText"
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


class DataBlock(RawText):
    r"""Data for the page's scripts, as JSON that cannot be mistaken for markup or template.

    Parameters
    ----------
    block_id
        Id of the element, a constant of the caller.
    value
        What `json_text` takes.

    Raises
    ------
    PageError
        When the id is not a plain word.

    Examples
    --------
    >>> print(DataBlock("d", {"name": "{{7*7}}</script>"}).text)
    <script type="application/json" id="d">{"name":"{{7*7}}\u003c/script\u003e"}</script>
    """

    def __init__(self, block_id: str, value: object) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", block_id):
            msg = f"a data block's id must be a plain word, got {block_id!r}"
            raise PageError(msg)
        super().__init__(f'<script type="application/json" id="{block_id}">{json_text(value)}</script>')


class OfflineMap(folium.Map):  # type: ignore[misc]  # folium carries no types
    """A folium map that asks for Leaflet alone and starts without tiles, control or attribution.

    Everything a `folium.Map` can hold can be added; what needs a library that is not vendored is refused when the page
    is made, not when it is opened. The template is folium's, less what a page of ours sets itself: folium's own forbids
    zooming on a phone, which shuts out whoever needs larger letters.

    Parameters
    ----------
    map_id
        Id of the map; ids of layers follow from it, so the same input gives the same page.
    location
        Latitude and longitude of the middle.
    **options
        Options of Leaflet's map, in snake case.

    Examples
    --------
    >>> OfflineMap("county", location=(29.4, 121.8)).get_name()
    'map_county'
    """

    default_js: ClassVar[list[tuple[str, str]]] = [x for x in folium.Map.default_js if x[0] == "leaflet"]
    default_css: ClassVar[list[tuple[str, str]]] = [x for x in folium.Map.default_css if x[0] == "leaflet_css"]
    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        {% endmacro %}
        {% macro html(this, kwargs) %}
        <div class="folium-map" id={{ this.get_name()|tojson }}></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
            {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        {% endmacro %}
        """
    )

    def __init__(self, map_id: str, *, location: tuple[float, float], **options: object) -> None:
        settings: dict[str, Any] = {"attribution_control": False, "zoom_control": False, **options}
        super().__init__(location=location, tiles=None, **settings)
        self._id = map_id


@cache
def asset(name: str) -> str:
    """Text of one of the package's own scripts, style sheets or vendored files.

    Parameters
    ----------
    name
        File under ``xsgeo/maps/assets``.
    """
    return (files("xsgeo.maps") / "assets" / name).read_text("utf-8").replace("\r\n", "\n")


def json_text(value: object) -> str:
    r"""JSON that can stand inside a script element: no ``<``, ``>``, ``&``, line separator or invisible control.

    Control characters and direction overrides, which can make a name show as another, are dropped from strings.

    Parameters
    ----------
    value
        Mappings, sequences, strings, numbers, booleans and None; NaN is refused.

    Raises
    ------
    PageError
        When a number is not finite or a value has no JSON form.

    Examples
    --------
    >>> json_text(["a<b", "\u202egnp.exe"])
    '["a\\u003cb","gnp.exe"]'
    """
    try:
        text = _dumps(value)
        if _ESCAPED.search(text):
            text = _dumps(_visible(value))
    except (TypeError, ValueError) as error:
        msg = f"the page's data has no JSON form: {error}"
        raise PageError(msg) from error
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    """A mapping of another kind, for `json`, which knows dictionaries alone."""
    if isinstance(value, Mapping):
        return dict(value)
    msg = f"Object of type {type(value).__name__} is not JSON serializable"
    raise TypeError(msg)


def _visible(value: object) -> object:
    if isinstance(value, str):
        return _INVISIBLE.sub("", value)
    if isinstance(value, Mapping):
        return {str(_visible(str(k))): _visible(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(v) for v in value]
    return value


def render_offline(figure: Figure, *, title: str, language: Language = "both") -> str:
    """Return the figure as one HTML file that asks the network for nothing.

    `render_online` is the same but for the pictures of one host.

    Parameters
    ----------
    figure
        Root of a map (``m.get_root()``) or a figure of one's own.
    title
        Title of the browser's tab; may come from data.
    language
        Language the page is marked as.

    Raises
    ------
    PageError
        When something on the map needs a file that is not vendored, when anything would still be fetched, or when the
        installed folium does not leave data alone.

    Examples
    --------
    >>> page = render_offline(OfflineMap("a", location=(29.4, 121.8)).get_root(), title="图 <1>")
    >>> "Content-Security-Policy" in page, "<title>图 &lt;1&gt;</title>" in page
    (True, True)
    """
    check_literal()
    return _finish(_render(figure, title), language)


def render_online(figure: Figure, *, title: str, image_host: str, language: Language = "both") -> str:
    """Return the figure as one HTML file that may ask one host for pictures and nobody for anything else.

    Parameters
    ----------
    figure, title, language
        As for `render_offline`.
    image_host
        Name of the host, a constant of the caller.

    Raises
    ------
    PageError
        As for `render_offline`, and when the host is not a plain name.

    Examples
    --------
    >>> page = render_online(OfflineMap("a", location=(29.4, 121.8)).get_root(), title="", image_host="t0.example.cn")
    >>> "img-src data: https://t0.example.cn;" in page
    True
    """
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", image_host):
        msg = f"not the name of a host: {image_host!r}"
        raise PageError(msg)
    check_literal()
    return _finish(_render(figure, title), language, images=f"data: https://{image_host}")


def _render(figure: Figure, title: str) -> str:
    for child in figure._children.values():
        child.render()
    blocks: list[DataBlock] = []
    for part in (figure.header, figure.html, figure.script):
        for name, element in part._children.items():
            if isinstance(element, JavascriptLink | CssLink):
                if name not in VENDORED:
                    msg = f"this page cannot work offline: {name!r} is not among the vendored files"
                    raise PageError(msg)
                element.code = asset(f"vendor/{VENDORED[name]}")
            elif isinstance(element, DataBlock):
                blocks.append(element)
    figure.title = html.escape(str(_visible(title)))
    page: str = figure._template.render(this=figure, kwargs={"embedded": True})
    for block in blocks:
        if block.text not in page:
            msg = "the installed folium changes data on its way into the page; no page was made"
            raise PageError(msg)
    return page


def _finish(page: str, language: Language, *, images: str = "data:") -> str:
    """Mark the language, carry Leaflet's licence, forbid everything that is not there already."""
    constant = _DATA.sub("", page)
    outside = _OUTSIDE.search(constant)
    if outside:
        msg = f"the page would fetch something: {outside[0][:120]}"
        raise PageError(msg)
    # The data blocks hold no "<", so nothing in them can pass for a script to be hashed.
    hashes = " ".join(dict.fromkeys(f"'{_sha256(text)}'" for text in _SCRIPT.findall(constant))) or "'none'"
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {images}; "
        "font-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<link rel="icon" href="data:,">',
    ]
    if "L.map(" in constant:
        head.append(f"<!-- Leaflet\n\n{asset('vendor/leaflet.LICENSE.txt').replace('--', '- -')}-->")
    tag = f'<html lang="{LANGUAGE_TAGS[language]}">\n<head>\n' + "\n".join(head)
    return page.replace("<html>\n<head>", tag, 1)


def _sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def check_literal() -> None:
    """Prove that data comes out of the installed folium as it went in.

    Raises
    ------
    PageError
        When ``{{7*7}}`` put in as data does not stand in the page as it is.
    """
    probe = "{{7*7}}{% if 1 %}{#"
    m = OfflineMap("probe", location=(0.0, 0.0))
    figure = m.get_root()
    figure.html.add_child(DataBlock("probe_data", {"name": probe}), name="probe_data")
    if probe not in _render(figure, probe) or "{{7*7}}" not in figure.render():
        msg = "the installed folium evaluates data as a template; no page is made with it"
        raise PageError(msg)
