"""Datums found out and refused, coordinates converted, addresses placed with an honest accuracy."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely

from xsgeo import io
from xsgeo.crs import from_wgs84, project, unproject
from xsgeo.ledgers import RawTable
from xsgeo.placing import check_datum, convert, ground_of, known_points, place_by_address
from xsgeo.schemas import TABLES
from xsgeo.validation import check_bounds, parse_table

LEFT, FOOT = project(np.array([121.9]), np.array([29.2]))


def degrees(x, y):
    """Metres east and north of a corner of the county to degrees."""
    return unproject(LEFT[0] + np.asarray(x, float), FOOT[0] + np.asarray(y, float))


def ground():
    """A piece of land 6 km square, with a street each kilometre, east-west."""
    corner = np.array([[0, 0], [6000, 0], [6000, 6000], [0, 6000], [0, 0]])
    land = shapely.Polygon(np.column_stack(degrees(corner[:, 0], corner[:, 1])))
    roads = [shapely.LineString(np.column_stack(degrees([0, 6000], [y, y]))) for y in range(0, 6001, 1000)]
    return ground_of(pd.Series([land]), pd.Series(roads))


def assets(lon, lat, **more):
    rows = pd.DataFrame({"asset_id": [f"A{i}" for i in range(len(lon))], "lon": lon, "lat": lat, **more})
    cells = rows.astype(str).astype(object).set_axis(range(2, len(rows) + 2))
    return parse_table(RawTable("a.csv", cells), TABLES["assets"])


def points(n, *, seed=0, spread=15.0):
    """Points by the streets, not near the coast."""
    rng = np.random.RandomState(seed)
    return degrees(rng.uniform(2000, 4000, n), rng.choice([2000, 3000, 4000], n) + rng.normal(0, spread, n))


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_a_ledger_in_another_datum_is_refused_with_the_evidence(datum):
    lon, lat = from_wgs84(*points(60), datum=datum)
    table = convert(assets(lon, lat), None)
    fault = check_datum(table, None, ground())[0]
    details = dict(fault.details)
    assert (fault.code, details["datum"], details["n"]) == ("wrong_datum", datum, "60")
    assert 460 < float(details["distance"]) < 510 if datum == "GCJ-02" else 1000 < float(details["distance"]) < 1200
    assert f"像是{datum}坐标" in fault.text("zh")
    assert "@" not in fault.text("en")
    assert check_datum(convert(assets(lon, lat), datum), datum, ground()) == []


@pytest.mark.parametrize("seed", range(20))
def test_a_ledger_in_the_declared_datum_is_not_suspected(seed):
    assert check_datum(convert(assets(*points(40, seed=seed, spread=60)), None), None, ground()) == []


@pytest.mark.parametrize("seed", range(10))
def test_five_known_points_are_enough(seed):
    rng = np.random.RandomState(seed)
    x, y = rng.uniform(1000, 5000, (2, 5))
    true = degrees(x, y)
    read = from_wgs84(*degrees(x + rng.normal(0, 80, 5), y + rng.normal(0, 80, 5)), datum="GCJ-02")
    table = convert(assets(*read), None)
    known = pd.DataFrame({"lon": true[0], "lat": true[1]}, index=table.frame.index)
    no_roads = dataclasses.replace(ground(), roads=None)
    assert [dict(f.details)["datum"] for f in check_datum(table, None, no_roads, known)] == ["GCJ-02"]
    good = convert(assets(*degrees(x + rng.normal(0, 80, 5), y + rng.normal(0, 80, 5))), None)
    assert check_datum(good, None, no_roads, known) == []


def test_points_that_fall_into_the_sea_tell_the_datum_without_roads():
    rng = np.random.RandomState(1)
    true = degrees(rng.uniform(5600, 5990, 30), rng.uniform(1000, 5000, 30))
    table = convert(assets(*from_wgs84(*true, datum="GCJ-02")), None)
    fault = check_datum(table, None, dataclasses.replace(ground(), roads=None))[0]
    assert dict(fault.details)["evidence"] == "@evidence.sea"


def test_each_row_may_state_its_own_datum():
    lon, lat = degrees([3000.0, 3000.0], [3000.0, 3000.0])
    gcj = from_wgs84(lon, lat, datum="GCJ-02")
    table = assets([lon[0], gcj[0][1]], [lat[0], gcj[1][1]], 坐标系=["GPS", "高德地图"])
    done = convert(table, None)
    assert np.ptp(done.frame["lon"]) < 1e-9
    assert np.ptp(done.frame["lat"]) < 1e-9
    assert [n.code for n in done.notes] == ["datum_converted"]


def test_a_wrong_declaration_in_a_whole_study_is_one_fault_and_not_a_hundred(demonstration, tmp_path):
    tables = {n: getattr(demonstration, n) for n in TABLES}
    lon, lat = (demonstration.venues[c].to_numpy(float) for c in ("lon", "lat"))
    x, y = from_wgs84(lon, lat, datum="GCJ-02")
    tables["venues"] = demonstration.venues.assign(lon=x, lat=y)
    head = 'title = "a"\ntitle_en = "a"\nas_of = "2026-01-01"\n'
    io.write_study(tables, head, tmp_path)
    faults = io.check_study(tmp_path).faults
    assert [(f.file, f.code) for f in faults] == [("venues.csv", "wrong_datum")]
    assert "这450个点" in faults[0].text("zh")
    (tmp_path / "study.toml").write_text(head + '[tables.venues]\ndatum = "gcj02"\n', "utf-8")
    study = io.read_study(tmp_path)
    assert np.abs(study.venues["lon"].to_numpy(float) - lon).max() < 1e-8


def town_tables(address: str, town: str = "T1", **more: str):
    towns = pd.DataFrame(
        {
            "town_id": ["T1", "T2"], "name": ["石浦镇", "西周镇"], "name_en": ["Shipu Town", "Xizhou Town"],
            "aliases": ["昌国", ""], "lon": ["121.9", "121.6"], "lat": ["29.2", "29.4"],
            "is_urban": "是", "is_island": "否",
        }
    ).set_axis([2, 3])  # fmt: skip
    venue = {
        "venue_id": "V1", "name": "职工之家", "kind": "职工之家", "owner_system": "工会", "serves": "所有人",
        "share_terms": "开放", "town_id": town, "address": address, "status": "开放", **more,
    }  # fmt: skip
    return {
        "towns": parse_table(RawTable("towns.csv", towns.astype(object)), TABLES["towns"]),
        "venues": parse_table(RawTable("v.csv", pd.DataFrame([venue], index=[2], dtype=object)), TABLES["venues"]),
    }


@pytest.mark.parametrize("address", ["石浦镇渔港路1号", "浙江省宁波市象山县石浦镇渔港路", "昌国卫城", "渔港路1号"])
def test_an_address_places_a_row_at_its_town_as_well_as_it_can(address):
    venues = check_bounds(place_by_address(town_tables(address))["venues"])
    assert venues.faults == ()
    assert venues.frame.loc[2, ["lon", "lat"]].tolist() == [121.9, 29.2]
    assert venues.frame.at[2, "accuracy_m"] >= 1000
    assert [n.code for n in venues.notes] == ["placed_by_address"]


@pytest.mark.parametrize(("address", "town", "code"), [
    ("西周镇镇安路", "T1", "ambiguous_address"), ("渔港路1号", "T9", "unmatched_address"), ("", "T1", "missing_value"),
])  # fmt: skip
def test_an_address_that_places_nothing_is_named(address, town, code):
    venues = check_bounds(place_by_address(town_tables(address, town, lon="", lat=""))["venues"])
    assert {f.code for f in venues.faults} == {code}


def test_known_points_are_the_employers_of_rooms_and_of_groups_at_work(demonstration, tmp_path):
    io.write_study({n: getattr(demonstration, n) for n in TABLES}, "", tmp_path)
    parsed = {
        n: parse_table(io.read_cells(tmp_path / f"{n}.csv", n, table=TABLES[n]), TABLES[n])
        for n in ("towns", "employers", "workers")
    }
    known = known_points(parsed["workers"], {n: parsed[n] for n in ("towns", "employers")})
    workers = parsed["workers"].frame
    assert len(known) == (workers["place"].eq("workplace") & workers["employer_id"].ne("")).sum()


def village_tables(address: str, town: str = "T1", *, known: str = "", places: int = 0):
    """Towns with four villages: 东门村 in both, 渔港社区 with a place and 山下村委会 without one in 石浦."""
    tables = town_tables(address, town)
    rows = [
        ("C1", "东门村", "T1", "121.95", "29.21"), ("C2", "东门村", "T2", "121.65", "29.41"),
        ("C3", "渔港社区", "T1", "121.94", "29.2"), ("C4", "山下村委会", "T1", "", ""),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["village_id", "name", "town_id", "lon", "lat"], index=range(2, 6), dtype=object)
    tables["villages"] = parse_table(RawTable("villages.csv", frame), TABLES["villages"])
    if places:
        x, y = project(np.array([121.94] * places), np.array([29.2] * places))
        lon, lat = unproject(x + np.linspace(100, 720, places), y)
        venue = tables["venues"].frame.iloc[[0]]
        more = (
            pd.concat([venue] * places).assign(lon=lon, lat=lat, address=f"{known}1号").set_axis(range(3, 3 + places))
        )
        frame = pd.concat([venue, more])
        tables["venues"] = dataclasses.replace(tables["venues"], frame=frame)
    return tables


@pytest.mark.parametrize(
    ("address", "town", "lon"),
    [
        ("石浦镇东门村12号", "T1", 121.95), ("东门村民委员会旁", "T1", 121.95), ("西周镇东门村", "T2", 121.65),
        ("宁波市象山县石浦镇渔港社区3幢", "T1", 121.94), ("石浦镇渔港12号", "T1", 121.94), ("渔港", "T1", 121.94),
        ("东门路12号", "T1", 121.9), ("石浦镇东门外大街", "T1", 121.9), ("石浦镇山下村1号", "T1", 121.9),
    ],
)  # fmt: skip
def test_an_address_is_placed_at_its_village_and_namesakes_are_told_apart_by_the_town(address, town, lon):
    venues = check_bounds(place_by_address(village_tables(address, town))["venues"])
    assert venues.faults == ()
    assert venues.frame.at[2, "lon"] == lon
    assert venues.frame.at[2, "accuracy_m"] >= 1000


@pytest.mark.parametrize(("address", "town"), [("东门村12号", "T9"), ("石浦镇渔港社区", "T2"), ("渔港社区", "T2")])
def test_a_village_that_contradicts_the_row_or_has_a_namesake_is_a_fault_with_both(address, town):
    venues = place_by_address(village_tables(address, town))["venues"]
    assert [f.code for f in venues.faults] == ["ambiguous_address"]
    assert "、" in dict(venues.faults[0].details)["places"]


def test_a_village_without_a_place_tells_the_town_and_says_so():
    venues = place_by_address(village_tables("石浦镇山下村1号"))["venues"]
    assert dict(venues.notes[-1].details)["name"] == "石浦镇（山下村委会）"
    towns = place_by_address(village_tables("石浦镇"))["venues"]
    assert venues.frame.at[2, "accuracy_m"] == towns.frame.at[2, "accuracy_m"]


def test_the_accuracy_of_a_village_is_what_rows_with_coordinates_show():
    venues = place_by_address(village_tables("东门村", known="石浦镇渔港社区", places=6))["venues"]
    assert venues.frame.at[2, "lon"] == 121.95
    assert venues.frame.at[2, "accuracy_m"] == 800
    few = place_by_address(village_tables("东门村", known="石浦镇渔港社区", places=4))["venues"]
    assert few.frame.at[2, "accuracy_m"] == 1000


def test_villages_without_coordinates_are_no_fault_and_no_point(demonstration):
    assert demonstration.villages.geometry.isna().all()
    assert len(demonstration.villages) == 410
