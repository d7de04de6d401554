"""What every page has around its map: an empty map to draw on, the frame that a script fills, the style, the notes.

The county's pages, the index, a comparison and a plan are one family, so what makes them one stands here once:
Leaflet's options, the order in which style and scripts come, the words before scripts run, the facts at the foot.
Layout is constant HTML; see `xsgeo.maps.page` for why nothing from a ledger is in it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from branca.element import Element, Figure

from xsgeo.catalogue import Language, say
from xsgeo.maps.page import DataBlock, OfflineMap, RawText, asset
from xsgeo.study import Study

TOOLS = ("search.js", "hash.js", "heat.js", "links.js", "picture.js")
"""Scripts of a map's page beside its own; they come before it."""

FRAME = ("drawer.js", "frame.js")
"""Scripts that every page with a map has."""


def page_map(view: Sequence[Sequence[float]]) -> OfflineMap:
    """Return an empty map about the middle of what a page is about.

    Parameters
    ----------
    view
        South-west and north-east, latitude first, as `view_of` gives them.

    Examples
    --------
    >>> page_map([[29.0, 121.0], [30.0, 122.0]]).location
    [29.5, 121.5]
    """
    south_west, north_east = view
    middle = ((south_west[0] + north_east[0]) / 2, (south_west[1] + north_east[1]) / 2)
    return OfflineMap("page", location=middle, zoom_snap=0.25, zoom_delta=0.75, min_zoom=7, max_zoom=18)


def view_of(*frames: pd.DataFrame) -> list[list[float]]:
    """South-west and north-east of everything in the frames, latitude first.

    Parameters
    ----------
    *frames
        Tables with ``lat`` and ``lon`` in WGS-84 degrees.

    Examples
    --------
    >>> view_of(pd.DataFrame({"lat": [29.1, 29.4], "lon": [121.9, 121.8]}))
    [[29.1, 121.8], [29.4, 121.9]]
    """
    at = np.concatenate([f[["lat", "lon"]].to_numpy(float) for f in frames])
    return [at.min(axis=0).round(4).tolist(), at.max(axis=0).round(4).tolist()]


def both_names(table: pd.DataFrame, key: str) -> list[str]:
    """Chinese and English name of a town or cluster; the id where it is not known.

    Examples
    --------
    >>> both_names(pd.DataFrame({"name": ["石浦镇"], "name_en": ["Shipu"]}, index=["shipu"]), "shipu")
    ['石浦镇', 'Shipu']
    """
    if key not in table.index:
        return [key, key]
    zh = str(table.at[key, "name"])
    en = table.at[key, "name_en"] if "name_en" in table else zh
    return [zh, zh if pd.isna(en) or not en else str(en)]


def standard_facts(study: Study) -> dict[str, object]:
    """Return by what standard, of which month and of what date a page's figures are.

    Parameters
    ----------
    study
        The study.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> standard_facts(toy_county())["month"]
    11
    """
    standard = study.standard
    return {
        "standard": [standard.name, standard.name_en],
        "source": standard.source,
        "hours": float(standard.min_hours_per_week),
        "month": standard.month,
        "as_of": study.about.as_of,
        "demonstration": bool(study.about.is_demonstration),
    }


def dress(
    figure: Figure,
    data: Mapping[str, object],
    *,
    script: str,
    tools: Sequence[str] = (),
    styles: Sequence[str] = (),
    language: Language,
    banner: str = "",
) -> None:
    """Add the empty frame, the data, and last of all the style and the script that fill and dress it.

    Parameters
    ----------
    figure
        Root of the page.
    data
        What the script reads, as the block ``xsgeo_page``.
    script
        File of ``xsgeo/maps/assets`` that fills the frame.
    tools
        Files of the same folder that add tools to it.
    styles
        Style sheets of the same folder beside the one of all pages.
    language
        Language of the page.
    banner
        What the page says at its head whether or not scripts run, in words of the catalogue; empty for nothing.
    """
    for number, text in enumerate(_frame(script, language, banner)):
        figure.html.add_child(RawText(text), name=f"xsgeo_frame_{number}", index=number)
    figure.html.add_child(DataBlock("xsgeo_page", data), name="xsgeo_page")
    shared = () if script == "index.js" else FRAME
    figure.add_child(_Dress((*shared, *tools, script), ("page.css", *styles)), name="xsgeo_dress")


class _Dress(Element):  # type: ignore[misc]  # branca carries no types
    """Goes into the head after Leaflet and the layers, because it overrides the one and uses the others."""

    def __init__(self, scripts: Sequence[str], styles: Sequence[str]) -> None:
        super().__init__()
        self.scripts = scripts
        self.styles = styles

    def render(self, **_: object) -> None:
        header = self.get_root().header
        for style in self.styles:
            header.add_child(RawText(f"<style>{asset(style)}</style>"), name=f"xsgeo_{style}")
        for script in self.scripts:
            header.add_child(RawText(f"<script>{asset(script)}</script>"), name=f"xsgeo_{script}")


def _frame(script: str, language: Language, banner: str) -> Iterator[str]:
    first: Language = "en" if language == "en" else "zh"
    if banner:
        yield f'<p class="xs-banner" role="note">{html.escape(banner)}</p>'
    if script != "index.js":
        yield f'<a class="xs-skip" href="#xs-panel">{say("page.skip", first)}</a>'
    yield '<main id="xs-panel" tabindex="-1"></main>'
    yield f"<noscript><p>{say('page.no_script', language)}</p></noscript>"
