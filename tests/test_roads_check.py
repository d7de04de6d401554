from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.ascii_roads import draw
from xsgeo.catalogue import WORDS
from xsgeo.crs import WGS84
from xsgeo.errors import NetworkError
from xsgeo.network import build_network
from xsgeo.roads import check_roads, fault_text
from xsgeo.roads.check import LEVELS

ROW = "A----B----C"


def found(map_, roads=None, ferries=None, **options):
    """Faults as (edge, code), notes on stubs left out."""
    faults = check_roads(
        map_.roads if roads is None else roads, map_.ferries if ferries is None else ferries, map_.land, **options
    )
    for language in ("zh", "en"):
        for _, fault in faults.iterrows():
            assert "{" not in fault_text(fault, language=language)
    assert faults["level"].tolist() == [LEVELS[code] for code in faults["code"]]
    return list(zip(faults["edge_id"], faults["code"], strict=True))


def details(map_, code, roads=None, ferries=None, **options):
    faults = check_roads(
        map_.roads if roads is None else roads, map_.ferries if ferries is None else ferries, map_.land, **options
    )
    return faults.set_index("code").loc[code, "details"]


def workers_at(map_, **n_workers):
    points = map_.points("".join(n_workers))
    return points.assign(n_workers=list(n_workers.values())).rename_axis("group_id")


def changed(map_, edge, **values):
    roads = map_.roads.copy()
    for column, value in values.items():
        roads[column] = roads[column].astype(object)
        roads.at[edge, column] = value
    return roads


def test_good_roads_have_no_faults(toy):
    assert len(check_roads(toy.roads, toy.ferries, toy.land, workers=toy.workers, boundary=toy.boundary)) == 0


# --- lengths and lines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length_m", "code"),
    [
        (500.0, None),
        (509.0, None),
        (491.0, None),
        (None, "length_missing"),
        (np.nan, "length_missing"),
        (np.inf, "length_missing"),
        ("long", "length_missing"),
        (-500.0, "length_negative"),
        (0.0, "length_zero"),
        (480.0, "length_short"),
        (520.0, "length_bends"),
        (5000.0, "length_differs"),
    ],
)
def test_lengths(length_m, code):
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    assert found(map_, changed(map_, "AB", length_m=length_m)) == ([("AB", code)] if code else [])


def test_a_line_that_winds_and_is_stated_straight():
    map_ = draw("A----B\n  C   ", {"ACB": {}})
    straight_m = 500.0
    assert found(map_, changed(map_, "ACB", length_m=straight_m)) == [("ACB", "length_differs")]


@pytest.mark.parametrize("line", [None, shapely.LineString(), shapely.Point(122.9, 29.1), shapely.Point()])
def test_lines_that_are_none(line):
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    roads = map_.roads.copy()
    roads.loc[["AB"], "geometry"] = gpd.GeoSeries([line], index=["AB"], crs=WGS84)
    assert found(map_, roads) == [("AB", "no_line")]


def test_an_id_given_twice():
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    assert found(map_, map_.roads.rename(index={"BC": "AB"})) == [("AB", "repeated_id")]


@pytest.mark.parametrize("blank", [None, "", np.nan])
def test_an_end_without_a_node(blank):
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    assert found(map_, changed(map_, "BC", v=blank)) == [("BC", "no_node")]


def test_a_line_drawn_against_its_nodes():
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    assert found(map_, changed(map_, "BC", u="C", v="B")) == [("BC", "node_elsewhere")]
    assert details(map_, "node_elsewhere", changed(map_, "BC", u="C", v="B")) == {"node": "B", "gap_m": 500.0}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"speed_kmh": 0.0}, "speed_missing"),
        ({"speed_kmh": None}, "speed_missing"),
        ({"speed_kmh": -30}, "speed_missing"),
        ({"speed_kmh": 3.0}, "speed_odd"),
        ({"speed_kmh": 300.0}, "speed_odd"),
        ({"speed_kmh": 0.0, "drive": False}, None),
        ({"walk": False, "ebike": False, "drive": False}, "no_mode"),
    ],
)
def test_speeds_and_users(values, code):
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    codes = found(map_, changed(map_, "AB", **values))
    assert [c for c in codes if c[1] not in {"trap", "no_way_in"}] == ([("AB", code)] if code else [])


# --- how edges hang together -------------------------------------------------------------------------------------


def test_parallel_edges_are_noted_and_the_quickest_counts():
    map_ = draw("A----B\n  C   ", {"AB": {}, "ACB": {}})
    assert found(map_) == [("ACB", "parallel")]
    assert details(map_, "parallel") == {"length_m": 539.8, "other": "AB", "other_m": 500.0}
    # The network that routing uses takes the quicker one, whichever comes first.
    assert build_network(map_.roads, map_.ferries, map_.land).length_m.min() == pytest.approx(500)


def test_an_edge_drawn_twice_is_a_warning():
    map_ = draw("A----B", {"AB": {}, "BA": {}})
    assert found(map_) == [("BA", "duplicate")]


def test_edges_for_different_vehicles_are_no_parallels():
    car = {"walk": True, "ebike": False, "drive": True, "oneway": False}
    bike = {"id": "ABe", "walk": False, "ebike": True, "drive": False, "oneway": False}
    assert found(draw("A----B", {"AB": {"walk": True, **car}, "ABe": {"via": ("A", "B"), **bike}})) == []


def test_two_carriageways_are_no_parallels_for_those_who_may_only_drive():
    car = {"walk": False, "ebike": False, "oneway": True}
    assert found(draw("A----B\n  C   ", {"AB": car, "BCA": car})) == []


def test_a_loop_and_a_stub():
    map_ = draw("A--B-C\n   E-D\n", {"AB": {}, "BCDEB": {}})
    assert found(map_) == [("BCDEB", "loop")]
    map_ = draw("A----B-C", {"AB": {}, "BC": {}}, cell_m=9.0)
    assert found(map_) == [("BC", "stub")]
    assert details(map_, "stub") == {"length_m": 18.0}


def test_a_short_street_that_leads_on_or_to_a_ferry_is_no_stub():
    assert found(draw("A----B-C----D", {"AB": {}, "BC": {}, "CD": {}}, cell_m=9.0)) == []
    island = draw("A----B-C~~~~D----E", {"AB": {}, "BC": {}, "DE": {}}, {"CD": {}}, cell_m=9.0)
    assert found(island) == []


def test_a_piece_apart_is_named_with_those_who_live_there():
    map_ = draw("A----B  C--D", {"AB": {}, "CD": {}})
    assert found(map_) == [("CD", "isolated")]
    workers = workers_at(map_, A=50, C=30, D=12)
    assert found(map_, workers=workers) == [("CD", "isolated_workers")]
    expected = {"n_edges": 1, "length_km": 0.3, "n_groups": 2, "n_workers": 42}
    expected |= {"groups": "C D", "group_ids": ("C", "D")}
    assert details(map_, "isolated_workers", workers=workers) == expected


def test_a_ferry_joins_an_island():
    picture = "A----B~~~~C----D"
    assert found(draw(picture, {"AB": {}, "CD": {}})) == [("CD", "isolated")]
    assert found(draw(picture, {"AB": {}, "CD": {}}, {"BC": {}})) == []


def test_workers_beyond_the_snap_limit_live_on_no_piece():
    map_ = draw("A----B  C--D        E", {"AB": {}, "CD": {}})
    assert found(map_, workers=workers_at(map_, E=9)) == [("CD", "isolated")]


def test_workers_without_a_place_live_nowhere():
    map_ = draw("A----B  C--D", {"AB": {}, "CD": {}})
    workers = workers_at(map_, C=9)
    workers.geometry = [None]
    assert found(map_, workers=workers) == [("CD", "isolated")]


def test_a_street_that_swallows_cars_and_one_that_only_lets_them_out():
    sink = {"oneway": True}
    map_ = draw("A----B----C----D", {"AB": {}, "BC": {}, "CD": sink})
    assert found(map_) == [("CD", "trap"), ("CD", "trap")]
    assert [d["mode"] for d in check_roads(map_.roads, map_.ferries, map_.land)["details"]] == ["ebike", "drive"]
    source = draw("A----B----C----D", {"AB": {}, "BC": {}, "DC": sink})
    assert found(source) == [("DC", "no_way_in"), ("DC", "no_way_in")]


def test_a_ring_one_way_round_is_no_trap():
    ring = {"oneway": True}
    assert found(draw("A--B-C\n   E-D", {"AB": {}, "BC": ring, "CD": ring, "DE": ring, "EB": ring})) == []


def test_a_trap_is_one_fault_however_many_streets_are_in_it():
    picture = "A--B--C--D\n      F--E"
    roads = {"AB": {}, "BC": {"oneway": True}, "CD": {}, "DE": {}, "EF": {}}
    map_ = draw(picture, {**roads, "AZB": {"via": ("A", "B"), "id": "AB2"}})
    faults = check_roads(map_.roads, map_.ferries, map_.land)
    traps = faults[(faults["code"] == "trap") & (faults["details"].map(lambda d: d.get("mode") == "drive"))]
    # The larger part is home, whichever it is: from C one cannot get back to A, so A and B have no way in.
    assert traps.empty
    no_way_in = faults[(faults["code"] == "no_way_in") & (faults["details"].map(lambda d: d.get("mode") == "drive"))]
    assert no_way_in["edge_id"].tolist() == ["AB"]


def test_a_mode_that_the_ferry_does_not_carry_is_not_caught_on_the_other_side():
    one_way = {"oneway": True}
    map_ = draw("A----B~~~~C----D", {"AB": {}, "CD": one_way}, {"BC": {"takes_cars": False}})
    codes = [
        (e, c, d["mode"])
        for e, c, d in check_roads(map_.roads, map_.ferries, map_.land)[["edge_id", "code", "details"]].to_numpy()
    ]
    assert ("CD", "trap", "ebike") in codes


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"to_node": "Z"}, "landing_unknown"),
        ({"to_node": "B"}, "landing_same"),
        ({"crossing_min": np.nan}, "no_crossing"),
        ({"crossing_min": 0.0}, "no_crossing"),
        ({"wait_min": -1.0}, "no_wait"),
        ({"first": "20:00", "last": "6:00"}, "first_after_last"),
        ({"first": "soon"}, "not_a_time"),
        ({"departures": "06:00|21:00", "last": "20:00"}, "departure_outside"),
    ],
)
def test_ferries(values, code):
    map_ = draw("A----B~~~~C----D", {"AB": {}, "CD": {}}, {"BC": {}})
    codes = dict(found(map_, ferries=map_.ferries.assign(**values)))
    assert codes["BC"] == code


# --- water and drawing -------------------------------------------------------------------------------------------


def test_a_road_over_water_that_is_no_bridge():
    picture = "A----B~~~~C----D"
    map_ = draw(picture, {"AB": {}, "BC": {}, "CD": {}})
    assert found(map_) == [("BC", "over_water")]
    assert details(map_, "over_water") == {"wet_m": 400}
    bridge = draw(picture, {"AB": {}, "BC": {"road_class": "bridge_local"}, "CD": {}})
    assert found(bridge) == []


def test_a_quay_or_a_creek_is_not_over_water():
    assert found(draw("A----B~~~~C----D", {"AB": {}, "BC": {}, "CD": {}}, cell_m=20.0)) == []


def test_beyond_the_boundary_nothing_is_known_of_the_water():
    map_ = draw("A----B~~~~C----D", {"AB": {}, "BC": {}, "CD": {}})
    west = map_.roads.loc[["AB"]].geometry.union_all().buffer(0.001)
    limit = gpd.GeoDataFrame(geometry=[west], crs=WGS84)
    assert found(map_, boundary=limit) == []
    everywhere = gpd.GeoDataFrame(geometry=[map_.roads.union_all().envelope.buffer(0.01)], crs=WGS84)
    assert found(map_, boundary=everywhere) == [("BC", "over_water")]


def test_the_halo_beyond_a_land_that_is_cut_at_the_county_is_not_accused():
    # The road leads east out of the land that the study has.
    map_ = draw("A----B~~~~~~~~C", {"AB": {}, "BC": {}})
    mainland = map_.land.iloc[[0]]
    assert len(check_roads(map_.roads, map_.ferries, mainland)) == 0


def test_drawn_lines_that_cross_without_a_node():
    picture = "  C  \n     \nA---B\n     \n  D  "
    roads = {"AB": {"source": "digitised"}, "CD": {"source": "digitised"}}
    assert ("AB", "not_joined") in found(draw(picture, roads))
    osm = {name: {"source": "osm"} for name in roads}
    assert ("AB", "not_joined") not in found(draw(picture, osm))
    bridge = {"AB": {"source": "digitised"}, "CD": {"source": "digitised", "road_class": "expressway"}}
    assert ("AB", "not_joined") not in found(draw(picture, bridge))


def test_a_dead_end_that_all_but_touches_a_road():
    picture = "A---------B\n     C\n\n\n\n\n\n\n\n     D"
    drawn = {"source": "digitised"}
    map_ = draw(picture, {"AB": drawn, "CD": drawn}, cell_m=4.0)
    assert ("CD", "gap") in found(map_)
    assert details(map_, "gap") == {"other": "AB", "gap_m": 4.0}
    assert ("CD", "gap") not in found(draw(picture, {"AB": drawn, "CD": drawn}, cell_m=6.0))


# --- the answer as a whole ---------------------------------------------------------------------------------------


def bad_map():
    map_ = draw("A----B~~~~C----D   E--F", {"AB": {}, "BC": {}, "CD": {"oneway": True}, "EF": {}})
    return map_, changed(map_, "EF", length_m=-1.0)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_rows_does_not_matter(seed):
    map_, roads = bad_map()
    shuffled = roads.sample(frac=1, random_state=seed)
    first, second = (check_roads(r, map_.ferries, map_.land) for r in (roads, shuffled))
    pd.testing.assert_frame_equal(first, second)


def test_the_gravest_comes_first_and_nothing_is_changed():
    map_, roads = bad_map()
    before = roads.copy()
    faults = check_roads(roads, map_.ferries, map_.land)
    ranks = [list(LEVELS).index(code) for code in faults["code"]]
    assert ranks == sorted(ranks)
    assert faults["code"].iloc[0] == "length_negative"
    pd.testing.assert_frame_equal(pd.DataFrame(roads), pd.DataFrame(before))


def test_what_is_an_error_is_refused_by_the_network_and_what_is_none_is_taken():
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    spoilt = {
        "length_missing": {"length_m": np.nan},
        "length_negative": {"length_m": -5.0},
        "length_zero": {"length_m": 0.0},
        "length_short": {"length_m": 400.0},
        "speed_missing": {"speed_kmh": 0.0},
        "node_elsewhere": {"u": "B", "v": "A"},
    }
    for code, values in spoilt.items():
        roads = changed(map_, "AB", **values)
        assert (LEVELS[code], [c for _, c in found(map_, roads)]) == ("error", [code])
        with pytest.raises(NetworkError, match=r"AB|BC"):
            build_network(roads, map_.ferries, map_.land)
    for values in ({"length_m": 600.0}, {"length_m": 5000.0}, {"speed_kmh": 300.0}):
        roads = changed(map_, "AB", **values)
        assert not check_roads(roads, map_.ferries, map_.land)["level"].eq("error").any()
        build_network(roads, map_.ferries, map_.land)


def test_a_frame_without_a_crs_is_refused():
    map_ = draw(ROW, {"AB": {}, "BC": {}})
    with pytest.raises(ValueError, match="no CRS"):
        check_roads(map_.roads.set_crs(None, allow_override=True), map_.ferries, map_.land)


def test_sentences_in_both_languages():
    fault = {"edge_id": "w5-0", "code": "trap", "details": {"mode": "drive", "n_edges": 3, "length_m": 120.0}}
    assert fault_text(fault) == "路段w5-0：开车进得去出不来，共3条路段、120.0米。"
    assert fault_text(fault, language="en") == "Edge w5-0: one can get in and not out (drive): 3 edge(s), 120.0 m."
    assert set(LEVELS) == {k.removeprefix("roads.check.") for k in WORDS if k.startswith("roads.check.")} - {
        "edge",
        "none",
    }
