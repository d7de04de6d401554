"""Roads fetched from Overpass, with a deadline of our own and no trust in what comes back.

OSMnx knows where Overpass and Nominatim live, how to introduce itself, how large an area may be asked for at once and
where answers are kept; its settings are used for all of that. Its request loop is not: it tries for ever when the
server is busy, takes an answer that says ``"remark": "runtime error: Query timed out"`` for the whole answer, and
stumbles over a half-written cache file until somebody deletes it by hand. Here

* all requests of one import share one deadline, and each has a limited number of attempts;
* an answer that carries a remark, breaks off, or names a node that it does not contain is refused as a whole: a
  county with half of its roads looks like a county with poor access;
* an answer is kept only once it has been found whole, and put in place at once; a broken file in the cache is deleted
  and its request sent anew.

The answer goes through the same table of tags as a file does, so that a county fetched and the same county read from
an extract come out alike.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from xsgeo.catalogue import say
from xsgeo.crs import WGS84, lengths_m
from xsgeo.errors import NetworkError
from xsgeo.outputs import write_files
from xsgeo.roads.tags import WAY_KEYS, TagTable
from xsgeo.roads.ways import Progress, RawWay, Ways, collect

if TYPE_CHECKING:
    import geopandas as gpd

_BUSY = frozenset({429, 500, 502, 503, 504})
_MOST_BYTES = 2**30
_CHUNK_BYTES = 2**16
_CONNECT_S = 10.0


@dataclass(frozen=True)
class FetchRules:
    """How long and how often to ask.

    Attributes
    ----------
    deadline_s
        Seconds after which an import gives up, all requests together.
    attempts
        How often one request is sent at most.
    pause_s
        Pause after the first failed attempt; each further pause is longer by as much.
    """

    deadline_s: float = 300.0
    attempts: int = 3
    pause_s: float = 10.0


@dataclass(frozen=True, eq=False)
class Answer:
    """What Overpass said.

    Attributes
    ----------
    ways
        Ready to be cut.
    date
        Date of the data, ISO 8601.
    sha256
        Hash of the answers.
    """

    ways: Ways
    date: str
    sha256: str


@dataclass(frozen=True)
class Line:
    """A way out: the session requests go through, and the clock that says when to stop.

    Attributes
    ----------
    session
        A ``requests.Session`` or what behaves like one.
    rules
        Deadline and attempts.
    ends_at
        Reading of the clock at which to give up.
    clock, sleep
        As in `time`.
    """

    session: Any
    rules: FetchRules
    ends_at: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def left_s(self) -> float:
        """Seconds until the deadline."""
        return self.ends_at - self.clock()


def open_line(rules: FetchRules | None = None) -> Line:
    """Open a session and start the clock."""
    import requests

    rules = rules or FetchRules()
    return Line(requests.Session(), rules, time.monotonic() + rules.deadline_s)


def fetch_ways(
    area: shapely.Polygon, table: TagTable, *, line: Line | None = None, on_progress: Progress | None = None
) -> Answer:
    """Fetch the ways of a rectangle.

    Parameters
    ----------
    area
        Rectangle in degrees.
    table
        From `xsgeo.roads.tags.read_tags`.
    line
        Session and deadline; a fresh one when None.
    on_progress
        Told of the stages ``fetch`` (in pieces of the area) and ``ways``.

    Raises
    ------
    NetworkError
        When there is no whole answer before the deadline, or the server refuses.
    """
    from osmnx import settings

    line = line or open_line()
    url = settings.overpass_url.rstrip("/") + "/interpreter"
    boxes = list(_boxes(area, float(settings.max_query_area_size)))
    ways: dict[int, dict[str, Any]] = {}
    nodes: dict[int, dict[str, Any]] = {}
    digest, dates = hashlib.sha256(), []
    for number, box in enumerate(boxes):
        text = _ask(line, "POST", url, {"data": _query(box, table, settings.requests_timeout)}, _fault_of_roads)
        answer = json.loads(text)
        digest.update(text.encode("utf-8"))
        dates.append(str(answer["osm3s"]["timestamp_osm_base"]))
        for element in answer["elements"]:
            (ways if element["type"] == "way" else nodes)[int(element["id"])] = element
        if on_progress is not None:
            on_progress("fetch", number + 1, len(boxes))
    barriers = {i: n["tags"] for i, n in nodes.items() if "barrier" in n.get("tags", {})}
    collected = collect(_raw(ways, nodes), table, barriers=barriers, on_progress=on_progress)
    return Answer(collected, min(dates), digest.hexdigest())


def find_place(name: str, *, line: Line | None = None, on_progress: Progress | None = None) -> gpd.GeoDataFrame:
    """Find the limit of a place by its name.

    Parameters
    ----------
    name
        As one would type it, such as ``象山县``.
    line
        Session and deadline; a fresh one when None.
    on_progress
        Told of the stage ``place``.

    Returns
    -------
    geopandas.GeoDataFrame
        One polygon, EPSG:4326.

    Raises
    ------
    NetworkError
        When no place of that name has a limit, or there is no answer before the deadline.
    """
    import geopandas as gpd
    from osmnx import settings

    line = line or open_line()
    url = settings.nominatim_url.rstrip("/") + "/search"
    asked = {"format": "json", "polygon_geojson": "1", "limit": "5", "q": name}
    places = json.loads(_ask(line, "GET", url, asked, _fault_of_places))
    if on_progress is not None:
        on_progress("place", 1, 1)
    for place in places:
        outline = place.get("geojson")
        if isinstance(outline, dict) and outline.get("type") in {"Polygon", "MultiPolygon"}:
            shape = shapely.from_geojson(json.dumps(outline))
            return gpd.GeoDataFrame({"name": [name]}, geometry=[shape], crs=WGS84)
    raise NetworkError(say("roads.fail.no_place", "both", name=name))


# --- questions ---------------------------------------------------------------------------------------------------


def _query(box: shapely.Polygon, table: TagTable, timeout_s: float) -> str:
    """All highways, known or not, so that the summary can name what is left out; of other keys what the table has."""
    west, south, east, north = box.bounds
    frame = f"({south:.6f},{west:.6f},{north:.6f},{east:.6f})"
    others = [pair for pair in table.rows if pair[0] in WAY_KEYS and pair[0] != "highway"]
    wanted = ['"highway"', *(f"{json.dumps(key)}={json.dumps(value, ensure_ascii=False)}" for key, value in others)]
    ways = "".join(f"way[{tag}]{frame};" for tag in wanted)
    return f"[out:json][timeout:{timeout_s:.0f}];({ways});(._;>;);out body;"


def _boxes(area: shapely.Polygon, most_m2: float) -> Iterator[shapely.Polygon]:
    """The rectangle in pieces, none larger than may be asked for at once."""
    west, south, east, north = area.bounds
    middle = (south + north) / 2
    sides = [[(west, middle), (east, middle)], [(west, south), (west, north)]]
    width_m, height_m = lengths_m([shapely.LineString(s) for s in sides])
    across, up = (max(1, math.ceil(side / math.sqrt(most_m2))) for side in (width_m, height_m))
    xs, ys = np.linspace(west, east, across + 1), np.linspace(south, north, up + 1)
    for i in range(across):
        for j in range(up):
            yield shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])


def _raw(ways: Mapping[int, dict[str, Any]], nodes: Mapping[int, dict[str, Any]]) -> Iterator[RawWay]:
    for way_id in sorted(ways):
        refs = [int(ref) for ref in ways[way_id]["nodes"]]
        xy = np.array([(nodes[ref]["lon"], nodes[ref]["lat"]) for ref in refs], dtype=float).reshape(-1, 2)
        tags = {str(k): str(v) for k, v in ways[way_id].get("tags", {}).items()}
        yield way_id, refs, xy, tags


# --- answers -----------------------------------------------------------------------------------------------------


def _fault_of_roads(answer: Any) -> str:
    """What is wrong with an answer of Overpass, or nothing."""
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        return "not an answer of Overpass"
    if "remark" in answer:
        return f"remark: {answer['remark']}"
    if not isinstance(answer.get("osm3s"), dict) or "timestamp_osm_base" not in answer["osm3s"]:
        return "no date of the data"
    try:
        nodes = {e["id"] for e in answer["elements"] if e["type"] == "node" and "lon" in e and "lat" in e}
        needed = {ref for e in answer["elements"] if e["type"] == "way" for ref in e["nodes"]}
    except (KeyError, TypeError) as error:
        return f"an element is broken: {error!r}"
    lost = needed - nodes
    return f"{len(lost)} nodes of its ways are missing" if lost else ""


def _fault_of_places(answer: Any) -> str:
    is_list = isinstance(answer, list) and all(isinstance(p, dict) for p in answer)
    return "" if is_list else "not an answer of Nominatim"


def _fault(text: str, vet: Callable[[Any], str]) -> str:
    try:
        return vet(json.loads(text))
    except ValueError as error:
        return f"cut short or not JSON ({error})"


# --- asking ------------------------------------------------------------------------------------------------------


def _ask(line: Line, method: str, url: str, asked: Mapping[str, str], vet: Callable[[Any], str]) -> str:
    """A whole answer, from the cache or from the server."""
    from osmnx import settings

    key = hashlib.sha256(json.dumps([method, url, dict(asked)]).encode("utf-8")).hexdigest()
    kept = Path(settings.cache_folder) / f"xsgeo-{key}.json" if settings.use_cache else None
    if kept is not None and kept.is_file():
        text = kept.read_bytes().decode("utf-8", errors="replace")
        if not _fault(text, vet):
            return text
        kept.unlink()
    text = _fetch(line, method, url, asked, vet)
    if kept is not None:
        write_files({kept.name: text}, kept.parent)
    return text


def _fetch(line: Line, method: str, url: str, asked: Mapping[str, str], vet: Callable[[Any], str]) -> str:
    """A whole answer from the server, before the deadline and within the attempts."""
    faults = []
    for attempt in range(1, line.rules.attempts + 1):
        if line.left_s <= 0:
            faults.append("deadline passed")
            break
        status, text, wait_s = _send(line, method, url, asked)
        fault = text if status == 0 else _fault(text, vet) if status == 200 else f"HTTP {status}"
        if not fault:
            return text
        faults.append(fault[:200])
        if status not in {0, 200, *_BUSY}:
            break
        if attempt < line.rules.attempts:
            line.sleep(max(0.0, min(max(wait_s, line.rules.pause_s * attempt), line.left_s)))
    given = {"n": len(faults), "faults": "; ".join(faults)}
    raise NetworkError(say("roads.fail.no_answer", "both", **given))


def _send(line: Line, method: str, url: str, asked: Mapping[str, str]) -> tuple[int, str, float]:
    """Status (0 where there was none), text or what went wrong, and the seconds the server asks us to wait."""
    import requests
    from osmnx import settings

    agent = f"xsgeo/{metadata.version('xsgeo')} {settings.http_user_agent}"
    options: dict[str, Any] = {
        "headers": {"User-Agent": agent, "Accept-Language": settings.http_accept_language},
        "timeout": (min(_CONNECT_S, line.left_s), line.left_s),
        "stream": True,
        ("data" if method == "POST" else "params"): dict(asked),
        **settings.requests_kwargs,
    }
    body = bytearray()
    try:
        with line.session.request(method, url, **options) as response:
            wait = str(response.headers.get("Retry-After", ""))
            for chunk in response.iter_content(_CHUNK_BYTES):
                body += chunk
                if line.left_s <= 0:
                    return 0, "deadline passed while the answer was coming", 0.0
                if len(body) > _MOST_BYTES:
                    return 0, "the answer is larger than 1 GB", 0.0
            return int(response.status_code), body.decode("utf-8"), float(wait) if wait.isdigit() else 0.0
    except (requests.RequestException, UnicodeDecodeError) as error:
        return 0, f"{type(error).__name__}: {error}", 0.0
