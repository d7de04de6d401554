"""Ways as read, before they are cut into edges: a few flat arrays that every reader fills in the same manner.

An OSM file, an answer of Overpass, a GraphML file and a layer of lines differ in how they say where a line runs and
what it is; from here on they are alike. A way is a row of points, each with an id: two ways meet where they share a
point id and nowhere else, which is OSM's own rule and what keeps a bridge from joining the road beneath it. What the
tags mean is worked out once for each distinct set of tags, because a province has a million ways and a few thousand
sets. Ways are put in the order of their ids, so that the answer does not hang on the order of the file.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xsgeo.roads.meaning import Flags, Meaning, barrier_flags, meaning_of
from xsgeo.roads.tags import TagTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[str, int, int | None], None]
"""Told the stage (a key under ``roads.stage.`` in the catalogue), how much is done, and of how much where known."""

TOLD_EVERY = 20_000


@dataclass(frozen=True)
class Note:
    """Something an import read, left out, assumed or mended, with the ids it happened to.

    Attributes
    ----------
    item
        ``way``, ``node``, ``edge`` or ``ferry``.
    action
        ``read``, ``used``, ``dropped``, ``assumed`` or ``mended``.
    code
        Key of the words, under ``roads.note.`` in the catalogue.
    value
        The tag or value that was the reason, or empty.
    ids
        Ids of the ways, nodes or edges.
    """

    item: str
    action: str
    code: str
    value: str
    ids: Sequence[object] | NDArray[Any]


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways in the order of their ids.

    Attributes
    ----------
    way_ids
        Id of each way.
    starts
        Where the points of each way begin; one longer than `way_ids`. Ways that are left out have no points.
    refs, xy
        Id and position (degrees, NaN where the file lacks it) of each point.
    kinds, meanings
        Number of each way's meaning, and the meanings.
    names
        Name of each way, or empty.
    barriers
        Who may pass a point that carries a barrier, and the kind of barrier.
    way_letter, node_letter
        What the ids of edges and nodes begin with.
    source
        How the lines came about, as in the table of roads.
    notes
        What happened while reading.
    """

    way_ids: Ints
    starts: Ints
    refs: Ints
    xy: Floats
    kinds: Ints
    meanings: tuple[Meaning, ...]
    names: NDArray[np.object_]
    barriers: Mapping[int, tuple[Flags, str]]
    way_letter: str = "w"
    node_letter: str = "n"
    source: str = "osm"
    notes: tuple[Note, ...] = ()


RawWay = tuple[int, Sequence[int], Floats, Mapping[str, str]]
"""A way as a reader hands it over: id, point ids, positions (n, 2), tags."""


def collect(
    raw: Iterable[RawWay],
    table: TagTable,
    *,
    barriers: Mapping[int, Mapping[str, str]] | None = None,
    on_progress: Progress | None = None,
) -> Ways:
    """Gather the ways of a reader and say what each of them is.

    Parameters
    ----------
    raw
        Ways in any order; of a repeated id the first counts.
    table
        From `xsgeo.roads.tags.read_tags`.
    barriers
        Tags of the nodes with a barrier.
    on_progress
        Told of the stage ``ways``.

    Examples
    --------
    >>> from xsgeo.roads.tags import read_tags
    >>> street = (7, [1, 2], np.array([[121.87, 29.47], [121.88, 29.47]]), {"highway": "residential"})
    >>> ways = collect([street], read_tags())
    >>> ways.way_ids.tolist(), ways.refs.tolist(), ways.meanings[0].road_class
    ([7], [1, 2], 'street')
    """
    keys = table.keys
    kinds: dict[tuple[tuple[str, str], ...], int] = {}
    meanings: list[Meaning] = []
    way_ids, counts, way_kinds, refs = array("q"), array("q"), array("q"), array("q")
    points: list[Floats] = []
    names: list[str] = []
    for way_id, way_refs, xy, tags in raw:
        kind_tags = tuple(sorted((k, v) for k, v in tags.items() if k in keys or _is_conditional(k, keys)))
        kind = kinds.setdefault(kind_tags, len(kinds))
        if kind == len(meanings):
            meanings.append(meaning_of(dict(kind_tags), table))
        used = not meanings[kind].dropped
        way_ids.append(way_id)
        counts.append(len(way_refs) if used else 0)
        way_kinds.append(kind)
        names.append(clean_name(tags.get("name") or tags.get("ref") or "") if used else "")
        if used:
            refs.extend(way_refs)
            points.append(xy)
        if on_progress is not None and len(way_ids) % TOLD_EVERY == 0:
            on_progress("ways", len(way_ids), None)
    if on_progress is not None:
        on_progress("ways", len(way_ids), len(way_ids))
    return arrange(
        np.array(way_ids, dtype=np.int64),
        np.array(counts, dtype=np.int64),
        np.array(refs, dtype=np.int64),
        np.concatenate(points) if points else np.empty((0, 2)),
        kinds=np.array(way_kinds, dtype=np.int64),
        meanings=tuple(meanings),
        names=np.array(names, dtype=object),
        barriers={node: (barrier_flags(t, table), t.get("barrier", "")) for node, t in (barriers or {}).items()},
    )


def arrange(way_ids: Ints, counts: Ints, refs: Ints, xy: Floats, **fields: Any) -> Ways:
    """Put ways in the order of their ids, the first of each id, and count their points from there.

    Parameters
    ----------
    way_ids, counts
        Id of each way, and how many points it has.
    refs, xy
        Points of all ways, one way after the other.
    **fields
        The other fields of `Ways`.
    """
    ids, first = np.unique(way_ids, return_index=True)
    begins = np.concatenate([[0], np.cumsum(counts)])[:-1]
    starts = np.concatenate([[0], np.cumsum(counts[first])]).astype(np.int64)
    take = np.repeat(begins[first] - starts[:-1], counts[first]) + np.arange(starts[-1])
    notes = tuple(fields.pop("notes", ()))
    if len(ids) < len(way_ids):
        notes += (Note("way", "dropped", "repeated", "", np.sort(np.delete(way_ids, first))),)
    return Ways(
        way_ids=ids,
        starts=starts,
        refs=refs[take],
        xy=xy[take],
        kinds=fields.pop("kinds")[first],
        names=fields.pop("names")[first],
        notes=(Note("way", "read", "read", "", np.sort(way_ids)), *notes),
        **fields,
    )


def clean_name(text: str) -> str:
    r"""Name fit for one cell: composed characters, no control characters, blanks once.

    Examples
    --------
    >>> clean_name(" 后堂街\t 一号 ")
    '后堂街 一号'
    """
    plain = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in plain).split())


def _is_conditional(key: str, keys: frozenset[str]) -> bool:
    return key.endswith(":conditional") and key.removesuffix(":conditional") in keys
