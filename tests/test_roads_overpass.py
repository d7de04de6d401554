"""Overpass and Nominatim played by a session that answers from a list: no request leaves the test."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import shapely

from xsgeo.errors import NetworkError
from xsgeo.roads import import_roads, overpass
from xsgeo.roads.overpass import FetchRules, Line, fetch_ways, find_place
from xsgeo.roads.tags import read_tags

osmnx = pytest.importorskip("osmnx")

TABLE = read_tags()
BOX = shapely.box(122.9, 29.1, 122.92, 29.12)
NODES = {1: (122.900, 29.10), 2: (122.901, 29.10), 3: (122.902, 29.10), 4: (122.905, 29.10), 5: (122.906, 29.10)}
WAYS = {
    10: ([1, 2, 3], {"highway": "residential", "name": "后堂街"}),
    11: ([3, 4], {"route": "ferry", "duration": "00:10", "interval": "20"}),
    12: ([4, 5], {"highway": "footway"}),
}


def answer(ways=WAYS, nodes=NODES, **more):
    elements = [{"type": "node", "id": i, "lon": x, "lat": y} for i, (x, y) in nodes.items()]
    elements += [{"type": "way", "id": i, "nodes": refs, "tags": tags} for i, (refs, tags) in ways.items()]
    head = {"version": 0.6, "osm3s": {"timestamp_osm_base": "2026-03-01T00:00:00Z"}}
    return json.dumps({**head, "elements": elements, **more}).encode("utf-8")


class Reply:
    """What a session's ``request`` gives back."""

    def __init__(self, body=b"", status=200, headers=None, fails=None, slow_s=0.0):
        self.body, self.status_code, self.headers = body, status, headers or {}
        self.fails, self.slow_s, self.clock = fails, slow_s, None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def iter_content(self, size):
        half = len(self.body) // 2
        for piece in (self.body[:half], self.body[half:]):
            self.clock.now += self.slow_s
            yield piece
        if self.fails:
            raise self.fails


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


class Session:
    """Answers in turn; the last one again and again."""

    def __init__(self, *replies):
        self.replies, self.asked = list(replies), []

    def request(self, method, url, **options):
        self.asked.append((method, url, options))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        reply.clock = self.clock
        return reply


def line(*replies, **rules):
    clock, session = Clock(), Session(*replies)
    session.clock = clock
    given = FetchRules(**{"deadline_s": 100.0, "attempts": 3, "pause_s": 5.0, **rules})
    return Line(session, given, clock.now + given.deadline_s, clock, clock.sleep)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(osmnx.settings, "cache_folder", tmp_path / "cache")
    monkeypatch.setattr(osmnx.settings, "use_cache", True)
    monkeypatch.setattr(requests.Session, "request", lambda *a, **k: pytest.fail("a request left the test"))
    return tmp_path / "cache"


def test_a_whole_answer_is_read_like_a_file(monkeypatch):
    way_out = line(Reply(answer()))
    monkeypatch.setattr(overpass, "open_line", lambda: way_out)
    result = import_roads("122.9,29.1,122.92,29.12")
    assert result.roads.index.tolist() == ["w10-0", "w12-0"]
    assert result.roads["name"].tolist() == ["后堂街", ""]
    assert result.ferries[["from_node", "to_node", "crossing_min"]].to_numpy().tolist() == [["n3", "n4", 10.0]]
    assert (result.manifest["kind"], result.manifest["date"]) == ("overpass", "2026-03-01T00:00:00Z")
    assert result.manifest["licence"].startswith("ODbL")


def test_the_question_asks_for_roads_piers_and_ferries_of_the_box_and_says_who_asks():
    way_out = line(Reply(answer()))
    fetch_ways(BOX, TABLE, line=way_out)
    method, url, options = way_out.session.asked[0]
    assert (method, url) == ("POST", osmnx.settings.overpass_url + "/interpreter")
    assert options["headers"]["User-Agent"].startswith("xsgeo/")
    assert 0 < options["timeout"][1] <= 100
    query = options["data"]["data"]
    for part in (
        'way["highway"]',
        'way["route"="ferry"]',
        'way["man_made"="pier"]',
        "(29.100000,122.900000,29.120000,",
    ):
        assert part in query


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (answer(remark='runtime error: Query timed out in "query" at line 1'), "Query timed out"),
        (answer(remark=""), "remark"),
        (answer()[:-20], "cut short"),
        (b"", "cut short"),
        (b"<html>rate limited</html>", "not JSON"),
        (b"\xff\xfe", "UnicodeDecodeError"),
        (b"[]", "not an answer of Overpass"),
        (b'{"elements": []}', "no date"),
        (answer(nodes={1: NODES[1], 3: NODES[3], 4: NODES[4], 5: NODES[5]}), "1 nodes of its ways are missing"),
        (b'{"osm3s": {"timestamp_osm_base": "x"}, "elements": [{"type": "way"}]}', "an element is broken"),
    ],
)
def test_half_an_answer_is_none(body, said, cache):
    way_out = line(Reply(body), attempts=2)
    with pytest.raises(NetworkError, match=said):
        fetch_ways(BOX, TABLE, line=way_out)
    assert len(way_out.session.asked) == 2
    assert not cache.exists() or not list(cache.iterdir())


def test_a_busy_server_is_asked_again_after_a_longer_pause_each_time():
    way_out = line(Reply(status=429), Reply(status=504), Reply(answer()))
    assert len(fetch_ways(BOX, TABLE, line=way_out).ways.way_ids) == 3
    assert way_out.clock.slept == [5.0, 10.0]


def test_the_server_may_ask_for_a_longer_pause():
    way_out = line(Reply(status=429, headers={"Retry-After": "30"}), Reply(answer()))
    fetch_ways(BOX, TABLE, line=way_out)
    assert way_out.clock.slept == [30.0]


@pytest.mark.parametrize("status", [429, 504])
def test_a_server_that_stays_busy_is_given_up_after_the_attempts(status):
    way_out = line(Reply(status=status))
    with pytest.raises(NetworkError, match=f"HTTP {status}; HTTP {status}; HTTP {status}"):
        fetch_ways(BOX, TABLE, line=way_out)
    assert len(way_out.session.asked) == 3


def test_a_refusal_is_not_argued_with():
    way_out = line(Reply(status=400))
    with pytest.raises(NetworkError, match="HTTP 400"):
        fetch_ways(BOX, TABLE, line=way_out)
    assert len(way_out.session.asked) == 1


@pytest.mark.parametrize("error", [requests.ConnectionError("no route"), requests.Timeout("slow")])
def test_no_connection(error):
    with pytest.raises(NetworkError, match=str(error)):
        fetch_ways(BOX, TABLE, line=line(error))


def test_a_connection_that_breaks_off_is_tried_again():
    way_out = line(Reply(answer(), fails=requests.exceptions.ChunkedEncodingError("broken off")), Reply(answer()))
    assert len(fetch_ways(BOX, TABLE, line=way_out).ways.way_ids) == 3


def test_the_deadline_ends_pauses():
    way_out = line(Reply(status=429, headers={"Retry-After": "3600"}), attempts=10)
    with pytest.raises(NetworkError, match="deadline passed"):
        fetch_ways(BOX, TABLE, line=way_out)
    assert way_out.clock.slept == [100.0]
    assert len(way_out.session.asked) == 1


def test_the_deadline_ends_an_answer_that_drips():
    way_out = line(Reply(answer(), slow_s=60.0))
    with pytest.raises(NetworkError, match="deadline passed while the answer was coming"):
        fetch_ways(BOX, TABLE, line=way_out)
    assert len(way_out.session.asked) == 1


def test_an_answer_is_kept_and_not_asked_for_again(cache):
    first = fetch_ways(BOX, TABLE, line=line(Reply(answer())))
    again = line(Reply(status=500))
    second = fetch_ways(BOX, TABLE, line=again)
    assert again.session.asked == []
    assert first.sha256 == second.sha256
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("broken", [b"", answer()[:100], answer(remark="runtime error"), b"\xff\xff", b"{}"])
def test_a_broken_file_in_the_cache_is_dropped_and_fetched_once(cache, broken):
    fetch_ways(BOX, TABLE, line=line(Reply(answer())))
    (kept,) = cache.iterdir()
    kept.write_bytes(broken)
    way_out = line(Reply(answer()))
    fetch_ways(BOX, TABLE, line=way_out)
    assert len(way_out.session.asked) == 1
    assert kept.read_bytes() == answer()


def test_nothing_is_kept_where_osmnx_is_told_so(cache, monkeypatch):
    monkeypatch.setattr(osmnx.settings, "use_cache", False)
    fetch_ways(BOX, TABLE, line=line(Reply(answer())))
    assert not cache.exists()


def test_a_large_area_is_asked_for_in_pieces_and_ways_on_the_seam_count_once(monkeypatch):
    monkeypatch.setattr(osmnx.settings, "max_query_area_size", 1500.0**2)
    way_out = line(Reply(answer()))
    told = []
    result = fetch_ways(BOX, TABLE, line=way_out, on_progress=lambda *what: told.append(what))
    assert len(way_out.session.asked) == 4
    assert told[:4] == [("fetch", i, 4) for i in (1, 2, 3, 4)]
    assert result.ways.way_ids.tolist() == [10, 11, 12]


def test_a_barrier_on_a_node_is_heeded():
    elements = json.loads(answer())
    elements["elements"][1]["tags"] = {"barrier": "bollard"}
    ways = fetch_ways(BOX, TABLE, line=line(Reply(json.dumps(elements).encode()))).ways
    assert ways.barriers == {2: ((True, True, False), "bollard")}


# --- places ------------------------------------------------------------------------------------------------------

OUTLINE = {
    "type": "Polygon",
    "coordinates": [[[122.9, 29.09], [122.91, 29.09], [122.91, 29.11], [122.9, 29.11], [122.9, 29.09]]],
}


def places(*outlines):
    return json.dumps([{"display_name": "x", "geojson": o} for o in outlines]).encode("utf-8")


def test_a_place_is_found_by_name_and_its_roads_clipped_to_it(monkeypatch):
    way_out = line(Reply(places({"type": "Point", "coordinates": [0, 0]}, OUTLINE)), Reply(answer()))
    monkeypatch.setattr(overpass, "open_line", lambda: way_out)
    result = import_roads("象山县", halo_km=0.0)
    assert result.roads.index.tolist() == ["w10-0", "w12-0"]
    method, url, options = way_out.session.asked[0]
    assert (method, urlsplit(url).path) == ("GET", "/search")
    assert options["params"]["q"] == "象山县"
    assert not parse_qs(urlsplit(url).query)


def test_the_studys_own_boundary_may_be_asked_for(monkeypatch):
    import geopandas as gpd

    way_out = line(Reply(answer()))
    monkeypatch.setattr(overpass, "open_line", lambda: way_out)
    limit = gpd.GeoDataFrame(geometry=[shapely.box(122.9055, 29.09, 122.95, 29.11)], crs="EPSG:4326")
    result = import_roads("boundary", boundary=limit, halo_km=0.0)
    assert result.roads.index.tolist() == ["w12-0"]
    assert "122.9055" in way_out.session.asked[0][2]["data"]["data"]


def test_a_place_without_a_limit_is_refused():
    with pytest.raises(NetworkError, match="no place called 无此县"):
        find_place("无此县", line=line(Reply(places({"type": "Point", "coordinates": [0, 0]}))))


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"["])
def test_an_answer_that_is_no_list_of_places_is_refused(body):
    with pytest.raises(NetworkError, match=r"Nominatim|cut short"):
        find_place("象山县", line=line(Reply(body)))
