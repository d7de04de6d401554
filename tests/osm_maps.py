"""OpenStreetMap files drawn in the test that uses them: letters are nodes, their places in the picture are places.

``osm_file(folder, "A--B--C", [("ABC", {"highway": "residential"})])`` writes a file of three nodes a hundred metres a
character apart, and one way (id 1) through them. A node's id is the code of its letter, so that edges and nodes can be
named in a test: A is ``n65``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from xsgeo.crs import unproject

_EAST_M, _NORTH_M = 500_000.0, 3_220_000.0

Way = tuple[str, Mapping[str, str]]


def places(picture: str, *, cell_m: float = 100.0) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each letter, to OSM's seven decimals."""
    rows = textwrap.dedent(picture).strip("\n").split("\n")
    spots = {c: (j, -i) for i, row in enumerate(rows) for j, c in enumerate(row) if c.isalnum()}
    xy = np.array(list(spots.values()), dtype=float) * cell_m
    lon, lat = unproject(xy[:, 0] + _EAST_M, xy[:, 1] + _NORTH_M)
    return {c: (round(float(x), 7), round(float(y), 7)) for c, x, y in zip(spots, lon, lat, strict=True)}


def osm_file(
    folder: Path,
    picture: str,
    ways: Sequence[Way],
    *,
    nodes: Mapping[str, Mapping[str, str]] | None = None,
    missing: str = "",
    name: str = "map.osm",
    cell_m: float = 100.0,
) -> Path:
    """Write the file; letters in `missing` are left out, as an extract leaves out what lies beyond it."""
    lines = ['<osm version="0.6" generator="test">']
    for letter, (lon, lat) in places(picture, cell_m=cell_m).items():
        if letter not in missing:
            tags = _tags((nodes or {}).get(letter, {}))
            lines.append(f'<node id="{ord(letter)}" lon="{lon:.7f}" lat="{lat:.7f}">{tags}</node>')
    for number, (letters, tags) in enumerate(ways, 1):
        refs = "".join(f'<nd ref="{ord(letter)}"/>' for letter in letters)
        lines.append(f'<way id="{number}">{refs}{_tags(tags)}</way>')
    path = folder / name
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
