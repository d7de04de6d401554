"""Roads from elsewhere, brought into the shape of a study: one call for every kind of source.

Whatever the source is, it passes through the same three steps: a reader makes `xsgeo.roads.ways.Ways` of it,
`xsgeo.roads.edges` and `xsgeo.roads.ferries` cut those into edges and crossings, and what lies outside the study is
left out here. Edges are kept whole where they touch the boundary widened by a halo: people near the limit of a county
use roads on the other side of it, and cutting a road at the line would make dead ends.

An import says what it did. Every way read is used or dropped for a stated reason, and what was assumed, mended or
passed over is counted with examples; the counts add up, which the tests hold. Nothing of the moment goes into the
result (no clock, no path of this machine), so the same source gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from xsgeo.catalogue import Language, listed, say
from xsgeo.crs import METRES, WGS84, to_metres
from xsgeo.errors import NetworkError
from xsgeo.roads import lines, osm, overpass
from xsgeo.roads.edges import cut, edge_ids, is_ferry, roads_of
from xsgeo.roads.ferries import ferries_of
from xsgeo.roads.tags import TagTable, read_tags
from xsgeo.roads.ways import Note, Progress, Ways

if TYPE_CHECKING:
    import geopandas as gpd

SUMMARY_COLUMNS = ("item", "action", "code", "value", "n", "examples")

_ITEMS = ("way", "node", "edge", "ferry")
_ACTIONS = ("read", "used", "dropped", "mended", "assumed")
_BOX = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*" + r",\s*(-?\d+(?:\.\d+)?)\s*" * 3)
_EXAMPLES = 5


@dataclass(frozen=True, eq=False, repr=False)
class RoadImport:
    """Roads brought in from elsewhere, and an account of it.

    Attributes
    ----------
    roads
        Table of roads as in `xsgeo.schemas`: index ``edge_id``; EPSG:4326.
    ferries
        Table of ferries as in `xsgeo.schemas`: index ``ferry_id``.
    summary
        What was read, used, dropped, mended and assumed: ``item``, ``action``, ``code``, ``value`` (the tag that was
        the reason), ``n``, ``examples``. For ``way``, read = used + dropped.
    manifest
        ``kind``, ``source``, ``date`` of the data, ``sha256`` of the source, ``licence``, ``tags_sha256``, ``halo_km``,
        ``counts`` and ``made_with``.
    """

    roads: gpd.GeoDataFrame
    ferries: pd.DataFrame
    summary: pd.DataFrame
    manifest: Mapping[str, Any]

    def __repr__(self) -> str:
        """One line that says what is held."""
        counts = self.manifest["counts"]
        return f"<RoadImport: {counts['edges']:,} edges, {counts['length_km']:,} km, {counts['ferries']} ferries>"


@dataclass(frozen=True)
class Source:
    """What a reader hands back.

    Attributes
    ----------
    kind
        ``osm``, ``graphml``, ``lines`` or ``overpass``.
    name
        How the source is called in the manifest.
    ways
        Its ways.
    date
        Date of its data, ISO 8601 or empty.
    sha256
        Hash of what was read.
    licence
        Licence of the data, or empty where the source states none.
    boundary
        Area the source was asked for, where it was.
    """

    kind: str
    name: str
    ways: Ways
    date: str
    sha256: str
    licence: str
    boundary: gpd.GeoDataFrame | None = None


def import_roads(
    source: str | Path,
    *,
    boundary: gpd.GeoDataFrame | None = None,
    halo_km: float = 3.0,
    tags: Path | None = None,
    on_progress: Progress | None = None,
) -> RoadImport:
    """Bring roads and ferries from elsewhere into the shape of a study.

    Parameters
    ----------
    source
        A file: OpenStreetMap (``.osm.pbf``, ``.osm``, ``.osm.bz2``, ``.osm.gz``), GraphML saved by OSMnx, or lines
        (``.gpkg``, ``.geojson``, ``.parquet``). Or, fetched from Overpass: a bounding box
        ``"west,south,east,north"`` in degrees, the name of a place, or ``"boundary"`` for `boundary` itself.
    boundary
        Limit of the study; everything is kept when None.
    halo_km
        How far beyond the boundary roads are kept, in km.
    tags
        A planner's copy of the table of tags; the one xsgeo comes with when None.
    on_progress
        Told of the stages ``fetch``, ``ways``, ``edges``, ``ferries`` and ``clip``.

    Returns
    -------
    RoadImport
        Roads, ferries, the summary and the manifest.

    Raises
    ------
    NetworkError
        When the source is missing, broken, refused or holds no road in the area, or the reader for it is not
        installed (the extra ``osm``).
    StudyError
        When the table of tags has faults.

    Examples
    --------
    >>> import tempfile
    >>> text = '''{"type": "FeatureCollection", "features": [{"type": "Feature",
    ...   "properties": {"highway": "residential", "name": "后堂街"},
    ...   "geometry": {"type": "LineString", "coordinates": [[121.87, 29.47], [121.88, 29.47]]}}]}'''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "street.geojson"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     imported = import_roads(path)
    >>> imported
    <RoadImport: 1 edges, 0.97 km, 0 ferries>
    >>> imported.roads.at["r1-0", "name"], imported.roads.at["r1-0", "road_class"]
    ('后堂街', 'street')
    """
    table = read_tags(tags)
    found = _read(source, table, boundary, halo_km, on_progress)
    area = _area(found.boundary if boundary is None else boundary, halo_km)
    segments, notes = cut(found.ways)
    _tell(on_progress, "edges", len(segments.way))
    roads, road_notes = roads_of(found.ways, segments)
    inside = np.ones(len(roads), dtype=bool) if area is None else shapely.intersects(area, roads.geometry.array)
    outside = roads.index[~inside].to_numpy()
    roads = roads[inside]
    _tell(on_progress, "clip", len(roads))
    if not len(roads):
        raise NetworkError(say("roads.fail.nothing", "both", source=found.name))
    afloat = is_ferry(found.ways)[segments.way]
    ferries, ferry_notes = ferries_of(found.ways, segments, _nodes(roads) if afloat.any() else {}, date=found.date)
    _tell(on_progress, "ferries", len(ferries))
    notes = [*found.ways.notes, *_way_notes(found.ways, segments.way), *notes, *road_notes, *ferry_notes]
    notes += [Note("edge", "read", "cut", "", edge_ids(found.ways, segments.take(~afloat)))]
    notes += [Note("edge", "used", "used", "", roads.index.to_numpy())]
    notes += [Note("ferry", "used", "used", "", ferries.index.to_numpy())] if len(ferries) else []
    notes += [Note("edge", "dropped", "outside", "", outside)] if len(outside) else []
    manifest = _manifest(found, table, roads, ferries, None if area is None else halo_km)
    return RoadImport(roads, ferries, _summary(notes), manifest)


def summary_text(imported: RoadImport, *, language: Language = "zh") -> str:
    """Say what an import did, a line each.

    Parameters
    ----------
    imported
        From `import_roads`.
    language
        Language of the sentences.
    """
    lines_of_text = []
    for row in imported.summary.to_dict("records"):
        reason = say(f"roads.note.{row['code']}", language)
        value = say("roads.summary.value", language, value=row["value"]) if row["value"] else ""
        item, action = (say(f"roads.{kind}.{row[kind]}", language) for kind in ("item", "action"))
        given = {"item": item, "action": action, "n": f"{row['n']:,}", "reason": reason, "value": value}
        line = [say("roads.summary.line", language, **given)]
        if row["action"] not in {"read", "used"}:
            line.append(say("roads.summary.examples", language, examples=row["examples"]))
        lines_of_text.append(listed(line, language, mark="", mark_en=""))
    return "\n".join(lines_of_text)


# --- readers -----------------------------------------------------------------------------------------------------


def _read(
    source: str | Path,
    table: TagTable,
    boundary: gpd.GeoDataFrame | None,
    halo_km: float,
    on_progress: Progress | None,
) -> Source:
    text = str(source)
    if isinstance(source, str) and _is_online(text):
        area, polygons = _asked_area(text, boundary, halo_km, on_progress)
        answer = overpass.fetch_ways(area, table, on_progress=on_progress)
        return Source("overpass", text, answer.ways, answer.date, answer.sha256, osm.LICENCE, polygons)
    path = Path(source)
    if "://" in text or text.startswith("/vsi"):
        raise NetworkError(say("roads.fail.not_a_file", "both", source=text))
    if not path.is_file():
        raise NetworkError(say("roads.fail.missing", "both", source=text))
    sha256 = _hash(path)
    name = path.name.casefold()
    if name.endswith(osm.SUFFIXES):
        ways, date = osm.read_osm(path, table, on_progress=on_progress)
        return Source("osm", path.name, ways, date, sha256, osm.LICENCE)
    if name.endswith(lines.GRAPH_SUFFIXES):
        ways, date = lines.read_graphml(path, table)
        return Source("graphml", path.name, ways, date, sha256, osm.LICENCE)
    if name.endswith(lines.LINE_SUFFIXES):
        ways = lines.read_lines(path, table)
        return Source("lines", path.name, ways, "", sha256, osm.LICENCE if ways.source == "osm" else "")
    known = " ".join((*osm.SUFFIXES, *lines.GRAPH_SUFFIXES, *lines.LINE_SUFFIXES))
    raise NetworkError(say("roads.fail.unknown_kind", "both", source=path.name, known=known))


def _is_online(text: str) -> bool:
    """Whether a source is to be asked for rather than opened: anything that does not look like a file."""
    suffixes = (*osm.SUFFIXES, *lines.GRAPH_SUFFIXES, *lines.LINE_SUFFIXES)
    looks_like_file = Path(text).exists() or text.casefold().endswith(suffixes) or any(c in text for c in "/\\")
    return bool(_BOX.fullmatch(text)) or not (looks_like_file or re.search(r"\.[A-Za-z0-9]{1,8}$", text))


def _asked_area(
    text: str, boundary: gpd.GeoDataFrame | None, halo_km: float, on_progress: Progress | None
) -> tuple[shapely.Polygon, gpd.GeoDataFrame | None]:
    """Rectangle to ask Overpass for, and the limit to clip to where the source itself gives one."""
    box = _BOX.fullmatch(text)
    if box:
        west, south, east, north = (float(v) for v in box.groups())
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise NetworkError(say("roads.fail.bad_box", "both", source=text))
        return shapely.box(west, south, east, north), None
    found = boundary if text == "boundary" else overpass.find_place(text, on_progress=on_progress)
    if found is None:
        raise NetworkError(say("roads.fail.no_boundary", "both"))
    area = _area(found, halo_km)
    return shapely.box(*shapely.bounds(area)) if area is not None else shapely.Polygon(), found


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# --- account -----------------------------------------------------------------------------------------------------


def _area(boundary: gpd.GeoDataFrame | None, halo_km: float) -> shapely.Geometry | None:
    """The boundary widened by the halo, in degrees."""
    if halo_km < 0:
        msg = f"halo_km must be 0 or more, got {halo_km}"
        raise ValueError(msg)
    if boundary is None:
        return None
    import geopandas as gpd

    wide = shapely.union_all(to_metres(boundary).geometry.array).buffer(1000 * halo_km)
    area: shapely.Geometry = gpd.GeoSeries([wide], crs=METRES).to_crs(WGS84).iloc[0]
    shapely.prepare(area)
    return area


def _nodes(roads: gpd.GeoDataFrame) -> dict[str, tuple[float, float]]:
    shapes = roads.geometry.to_numpy()
    ends = (shapely.get_coordinates(shapely.get_point(shapes, at)).tolist() for at in (0, -1))
    both = (zip(roads[end], xy, strict=True) for end, xy in zip(("u", "v"), ends, strict=True))
    return {str(node): (xy[0], xy[1]) for pairs in both for node, xy in pairs}


def _way_notes(ways: Ways, stretched: np.ndarray[Any, np.dtype[Any]]) -> list[Note]:
    """What became of each way, once."""
    dropped = np.array([bool(m.dropped) for m in ways.meanings], dtype=bool)[ways.kinds]
    has_edges = np.zeros(len(ways.way_ids), dtype=bool)
    has_edges[stretched] = True
    notes = [Note("way", "used", "used", "", ways.way_ids[has_edges])]
    short = ~dropped & ~has_edges
    notes += [Note("way", "dropped", "no_stretch", "", ways.way_ids[short])] if short.any() else []
    by_note: dict[tuple[str, str, str], list[int]] = {}
    for kind, meaning in enumerate(ways.meanings):
        if meaning.notes:
            ids = ways.way_ids[ways.kinds == kind].tolist()
            for code, value in meaning.notes:
                key = ("dropped" if meaning.dropped == code else "assumed", code, value)
                by_note.setdefault(key, []).extend(ids)
    return notes + [Note("way", *key, sorted(ids)) for key, ids in by_note.items()]


def _summary(notes: Iterable[Note]) -> pd.DataFrame:
    rows = [
        (_ITEMS.index(n.item), _ACTIONS.index(n.action), n.code, n.value, len(n.ids), _examples(n.ids)) for n in notes
    ]
    frame = pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))
    frame = frame.sort_values(["item", "action", "code", "n", "value"], ascending=[True, True, True, False, True])
    named = frame.assign(item=[_ITEMS[i] for i in frame["item"]], action=[_ACTIONS[i] for i in frame["action"]])
    return named.reset_index(drop=True)


def _examples(ids: Any) -> str:
    return " ".join(str(i) for i in ids[:_EXAMPLES])


def _manifest(
    found: Source, table: TagTable, roads: gpd.GeoDataFrame, ferries: pd.DataFrame, halo_km: float | None
) -> dict[str, Any]:
    used = sum(len(n.ids) for n in found.ways.notes if n.code == "read")
    return {
        "kind": found.kind,
        "source": found.name,
        "date": found.date,
        "sha256": found.sha256,
        "licence": found.licence,
        "tags_sha256": table.sha256,
        "halo_km": halo_km,
        "counts": {
            "ways_read": used,
            "edges": len(roads),
            "nodes": len(np.unique(roads[["u", "v"]].to_numpy(dtype=object).reshape(-1))),
            "ferries": len(ferries),
            # An edge made for e-bikes alone lies on one that is already counted.
            "length_km": round(float(roads.loc[~roads.index.str.endswith("e"), "length_m"].sum()) / 1000, 2),
        },
        "made_with": {"xsgeo": metadata.version("xsgeo")},
    }


def _tell(on_progress: Progress | None, stage: str, done: int) -> None:
    if on_progress is not None:
        on_progress(stage, done, done)
