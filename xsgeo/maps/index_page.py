"""The index: every page of a run with its headline and a small map, so that one file leads to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from branca.element import Figure

from xsgeo.access import REASONS
from xsgeo.maps.canvas import words_block
from xsgeo.maps.facts import facts
from xsgeo.maps.frame import dress
from xsgeo.maps.pack import pack_parts, pack_xy, to_text
from xsgeo.maps.page import RawText, asset, render_offline
from xsgeo.maps.publish import places
from xsgeo.maps.scope import Scope

_SIMPLE_LAND_DEG = 0.0006  # about 60 m: a pixel of the index's small maps
_SIMPLE_CELL_M = 450.0


def index_page(scopes: Sequence[Scope], links: Sequence[Mapping[str, object]], *, plan: str = "") -> str:
    """Draw the index.

    Parameters
    ----------
    scopes
        What the pages are about, the county first.
    links
        What `xsgeo.maps.facts.link` says of each.
    plan
        File name of a plan's page to link to; empty for none.

    Returns
    -------
    str
        HTML.
    """
    whole = scopes[0]
    language = whole.language
    land = whole.study.land.sort_index().geometry.to_numpy()
    simple = shapely.simplify(land, _SIMPLE_LAND_DEG, preserve_topology=False)
    rings = shapely.get_rings(shapely.get_parts(simple[~shapely.is_empty(simple)]))
    data = {
        "names": whole.names,
        "lead": "page.internal.lead" if whole.is_internal else "page.online.lead" if whole.tiles else "page.index.lead",
        "facts": facts(whole),
        "links": [dict(link) for link in links],
        "land": pack_parts([shapely.get_coordinates(r) for r in rings]),
        "dots": [_dots(scope) for scope in scopes],
        "plan": plan,
        "reasons": list(REASONS),
        "view": whole.view,
    }
    figure = Figure()
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    figure.header.add_child(RawText(viewport), name="viewport")
    figure.header.add_child(RawText(f"<script>{asset('core.js')}</script>"), name="xsgeo_core.js")
    figure.html.add_child(words_block(language), name="xsgeo_words")
    dress(figure, data, script="index.js", language=language, banner=whole.banner)
    return render_offline(figure, title=whole.title, language=language)


def _dots(scope: Scope) -> dict[str, object]:
    """Positions and states for a small map: categories, no counts."""
    spots = places(scope.workers, scope.groups, cell_m=_SIMPLE_CELL_M)
    codes = np.array([REASONS.index(s) for s in spots["state"]], dtype=np.uint8)
    return {**pack_xy(spots[["lon", "lat"]].to_numpy(float)), "states": to_text(codes)}
