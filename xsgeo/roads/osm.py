"""OpenStreetMap files (``.osm.pbf``, ``.osm``, ``.osm.bz2``, ``.osm.gz``), read with osmium.

osmium (pyosmium) is the reader of the OSM project itself: a thin skin on libosmium, with wheels for Linux, Windows and
macOS. It is an extra, because a county that has its roads in a table never needs it. OSMnx reads the XML but not the
PBF, and keeps neither the access tags of walkers and cyclists nor the barriers.

The file is read once for each sort of object: nodes for their positions, nodes with a barrier, relations of ferries
(counted only), ways. osmium's own filters skip the rest without waking Python, and nothing hangs on the order of the
objects in the file, as it would if positions were gathered on the way. osmium hands a way's positions over as
well-known binary, which is several times as fast as asking node by node; that fails where an extract lacks a node, and
then the nodes are asked. Ids below zero, which editors give to what they have not uploaded, are unknown to osmium's
table of positions: those nodes are read apart. Turn restrictions are not read: they bind cars alone, and the network
has no turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xsgeo.catalogue import say
from xsgeo.errors import NetworkError
from xsgeo.roads.tags import WAY_KEYS, TagTable
from xsgeo.roads.ways import Floats, Note, Progress, RawWay, Ways, collect

if TYPE_CHECKING:
    from osmium.osm import Way

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz", ".osm.xml")
"""Names of files that are read here."""

LICENCE = "ODbL 1.0, © OpenStreetMap contributors"

_WKB_HEAD = 9


def read_osm(path: Path, table: TagTable, *, on_progress: Progress | None = None) -> tuple[Ways, str]:
    """Read the ways of an OSM file, and the date of its data.

    Parameters
    ----------
    path
        The file.
    table
        From `xsgeo.roads.tags.read_tags`.
    on_progress
        Told of the stage ``ways``.

    Returns
    -------
    ways
        Ready to be cut.
    date
        Date the file states for its data, ISO 8601; of its youngest way where it states none, or empty.

    Raises
    ------
    NetworkError
        When osmium is not installed, the file is broken or cut short, or it holds a history of edits.
    """
    try:
        import osmium
    except ImportError as error:
        raise NetworkError(say("roads.fail.no_reader", "both")) from error
    youngest = [""]
    try:
        header = osmium.FileProcessor(path, osmium.osm.NOTHING).header
        if header.has_multiple_object_versions:
            raise NetworkError(say("roads.fail.history", "both", file=path.name))
        relations = osmium.FileProcessor(path, osmium.osm.RELATION).with_filter(
            osmium.filter.TagFilter(("route", "ferry"))
        )
        ferries = sorted(relation.id for relation in relations)
        nodes = osmium.FileProcessor(path, osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("barrier"))
        barriers = {node.id: dict(node.tags) for node in nodes}
        ways = collect(_raw(path, osmium, youngest), table, barriers=barriers, on_progress=on_progress)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise NetworkError(say("roads.fail.broken", "both", file=path.name, error=str(error)[:200])) from error
    if ferries:
        ways = replace(ways, notes=(*ways.notes, Note("ferry", "read", "ferry_relation", "", ferries)))
    stated = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
    return ways, stated or youngest[0]


def _raw(path: Path, osmium: Any, youngest: list[str]) -> Iterator[RawWay]:
    """Hand the ways over; the youngest date seen is left in the list."""
    located = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    located.ignore_errors()
    with osmium.io.Reader(path, osmium.osm.NODE) as reader:
        osmium.apply(reader, located)
    # osmium keeps no hold on a filter handed to an iterator: this name must outlive the loop.
    wanted = osmium.filter.KeyFilter(*WAY_KEYS)
    factory = osmium.geom.WKBFactory()
    below_zero: dict[int, tuple[float, float]] | None = None
    with osmium.io.Reader(path, osmium.osm.WAY) as reader:
        for way in osmium.OsmFileIterator(reader, located, wanted):
            if way.version and not way.deleted:
                youngest[0] = max(youngest[0], way.timestamp.strftime("%Y-%m-%dT%H:%M:%SZ"))
            refs = [node.ref for node in way.nodes]
            if below_zero is None and any(ref < 0 for ref in refs):
                below_zero = {n.id: (n.lon, n.lat) for n in osmium.FileProcessor(path, osmium.osm.NODE) if n.id < 0}
            yield way.id, refs, _positions(way, factory, osmium, below_zero or {}), dict(way.tags)


def _positions(way: Way, factory: Any, osmium: Any, below_zero: Mapping[int, tuple[float, float]]) -> Floats:
    try:
        binary = bytes.fromhex(factory.create_linestring(way, use_nodes=osmium.geom.ALL))
        return np.frombuffer(binary, dtype="<f8", offset=_WKB_HEAD).reshape(-1, 2)
    except (RuntimeError, osmium.InvalidLocationError):
        # A node is missing, or there are fewer than two.
        nowhere = (np.nan, np.nan)
        known = [(n.lon, n.lat) if n.location.valid() else below_zero.get(n.ref, nowhere) for n in way.nodes]
        return np.array(known, dtype=float).reshape(-1, 2)
