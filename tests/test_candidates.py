"""What could be done and where: rooms before buildings before ground, ground only where somebody can stand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.access import coverage
from xsgeo.candidates import ACTIONS, candidate_sites
from xsgeo.crs import project, unproject
from xsgeo.gaps import find_gaps
from xsgeo.settings import SitingRules, Standard

EVENINGS = "周一至周五 18:00-22:00"
WORKDAYS = "周一至周五 8:00-17:00"
STANDARD = Standard()
RULES = SitingRules(open_hours="周一至周五 18:00-21:00", min_gap_workers=50)
GYM = pd.DataFrame({"cluster_id": ["knitting"], "functions": ["gym"], "at_least": [1]})
ORIGIN_M = (500_000.0, 3_220_000.0)


def degrees(x, y):
    lon, lat = unproject(ORIGIN_M[0] + np.asarray(x, float), ORIGIN_M[1] + np.asarray(y, float))
    return lon, lat


def polygon(*corners):
    return shapely.Polygon(np.column_stack(degrees(*zip(*corners, strict=True))))


def street(*ends):
    return shapely.LineString(np.column_stack(degrees(*zip(*ends, strict=True))))


LAND = gpd.GeoDataFrame(
    {"land_id": ["L1"]}, geometry=[polygon((-500, -500), (9500, -500), (9500, 600), (-500, 600))], crs="EPSG:4326"
).set_index("land_id")
ROADS = gpd.GeoDataFrame(
    {"edge_id": ["street", "expressway"], "walk": [True, False]},
    geometry=[street((0, 0), (5000, 0)), street((5000, 0), (9000, 0))],
    crs="EPSG:4326",
).set_index("edge_id")


def people(rows, **columns):
    """Groups at metres east and north of the origin: (x, y, workers)."""
    x, y, n = (np.array(values) for values in zip(*rows, strict=True))
    lon, lat = degrees(x, y)
    index = pd.Index([f"g{i:03}" for i in range(len(rows))], name="group_id")
    base = {"n_workers": n, "lon": lon, "lat": lat, "town_id": "T1", "cluster_id": "knitting", "employer_id": "P1"}
    return pd.DataFrame({**base, "free_hours": EVENINGS, **columns}, index=index)


def doors(**columns):
    n = len(next(iter(columns.values())))
    index = pd.Index([f"V{i}" for i in range(n)], name="venue_id")
    base = {"name": "室", "status": "open", "serves": "workers", "share_terms": "open", "open_hours": WORKDAYS}
    return pd.DataFrame(
        {**base, "town_id": "T1", "lon": 123.0, "lat": 29.1, "accuracy_m": 30.0, **columns}, index=index
    )


def buildings(*kinds):
    index = pd.Index([f"S{i}" for i in range(len(kinds))], name="asset_id")
    return pd.DataFrame(
        {
            "name": "楼",
            "kind": list(kinds),
            "town_id": "T2",
            "lon": 123.0,
            "lat": 29.1,
            "available_hours": "每天 8:00-22:00",
        },
        index=index,
    )


def lay_out(
    workers, venues=None, assets=None, *, near=(), between=(), min_workers=1, rules=RULES, standard=STANDARD,
    needs=None, **options,
):  # fmt: skip
    """Coverage, gaps and candidates of a few frames; `near` holds (group, venue) ten minutes apart."""
    venues = doors(serves=[]) if venues is None else venues
    assets = buildings() if assets is None else assets
    minutes = pd.DataFrame(list(near), columns=["group_id", "venue_id"]).assign(minutes=10.0)
    located = pd.Series(True, index=workers.index)
    groups = coverage(workers, venues, minutes, located=located, standard=standard, needs=needs)
    table = pd.DataFrame(list(between), columns=["group_id", "neighbour_id"]).assign(minutes=1.0)
    labels, gaps = find_gaps(workers, groups, table, min_workers=min_workers)
    frames = {"venues": venues, "assets": assets, "minutes": minutes, "roads": ROADS, "land": LAND}
    asked = {"standard": standard, "rules": rules, "needs": needs}
    return candidate_sites(workers, groups, labels, gaps, **frames, **asked, **options)


class TestRooms:
    workers = people([(0, 0, 30)])

    def test_a_room_open_to_all_opens_longer_and_another_is_shared(self):
        venues = doors(serves=["workers", "own_staff"], share_terms=["none", "none"], employer_id=["", "P9"])
        sites = lay_out(self.workers, venues, near=[("g000", "V0"), ("g000", "V1")])
        assert sites["action"].to_dict() == {"open_longer:V0": "open_longer", "share:V1": "share"}
        assert sites["refers_to"].tolist() == ["V0", "V1"]
        assert sites["open_hours"].tolist() == [WORKDAYS, WORKDAYS]
        assert sites["accuracy_m"].tolist() == [30.0, 30.0]

    @pytest.mark.parametrize(
        "change",
        [{"status": ["closed"]}, {"open_hours": ["每天 17:00-22:00"]}, {"serves": ["women"], "status": ["planned"]}],
    )
    def test_a_room_that_would_gain_nobody_is_no_candidate(self, change):
        assert lay_out(self.workers, doors(**change), near=[("g000", "V0")]).empty

    @pytest.mark.parametrize("asked", [{"standard": Standard(functions=("gym",))}, {"needs": GYM}])
    def test_a_room_that_lacks_what_is_asked_for_is_equipped(self, asked):
        shut = {"serves": ["workers", "own_staff"], "share_terms": ["none", "none"], "employer_id": ["", "P9"]}
        venues = doors(**shut, functions=["reading", "reading"], shareable_hours=["", "每天 18:00-22:00"])
        near = [("g000", "V0"), ("g000", "V1")]
        sites = lay_out(self.workers, venues, near=near, **asked)
        assert sites["action"].to_dict() == {"equip:V0": "equip", "equip:V1": "equip"}
        assert sites["available_hours"].tolist() == ["", "每天 18:00-22:00"]
        has = lay_out(self.workers, venues.assign(functions=["reading|gym", ""]), near=near, **asked)
        assert has["action"].to_dict() == {"equip:V1": "equip", "open_longer:V0": "open_longer"}
        assert lay_out(self.workers, venues.assign(status="planned"), near=near, **asked).empty

    def test_the_plaque_that_lacks_nothing_speaks_for_its_room(self):
        venues = doors(serves=["workers"] * 2, functions=["reading", "gym"], room_id=["R1", "R1"])
        sites = lay_out(self.workers, venues, near=[("g000", "V0"), ("g000", "V1")], needs=GYM)
        assert sites.index.tolist() == ["open_longer:V1"]

    def test_far_rooms_are_no_candidates(self):
        assert lay_out(self.workers, doors(serves=["workers"])).empty

    def test_plaques_of_one_room_count_once_and_the_open_door_speaks(self):
        venues = doors(serves=["women", "workers", "workers"], share_terms=["none"] * 3, room_id=["R1", "R1", None])
        sites = lay_out(self.workers, venues, near=[("g000", "V0"), ("g000", "V1"), ("g000", "V2")])
        assert sites.index.tolist() == ["open_longer:V1", "open_longer:V2"]

    def test_plaques_without_a_room_are_rooms_of_their_own(self):
        venues = doors(serves=["workers"] * 2, room_id=["", ""])
        assert len(lay_out(self.workers, venues, near=[("g000", "V0"), ("g000", "V1")])) == 2

    def test_sharing_stays_within_the_hours_that_can_be_shared(self):
        closed = {"serves": ["members"], "share_terms": ["none"]}
        useless = doors(**closed, shareable_hours=["周六 8:00-12:00"])
        assert lay_out(self.workers, useless, near=[("g000", "V0")]).empty
        useful = doors(**closed, shareable_hours=["每天 18:00-22:00"])
        sites = lay_out(self.workers, useful, near=[("g000", "V0")])
        assert sites.loc["share:V0", "available_hours"] == "每天 18:00-22:00"


def test_buildings_are_converted_and_shops_are_rented():
    sites = lay_out(people([(0, 0, 30)]), assets=buildings("pump_station", "idle_shop", "school_hall"))
    assert sites["action"].to_dict() == {"convert:S0": "convert", "convert:S2": "convert", "rent:S1": "rent"}
    assert (sites["available_hours"] == "每天 8:00-22:00").all()
    assert set(sites["action"]) <= set(ACTIONS)


class TestGround:
    def test_the_medoid_of_a_gap_comes_first_and_its_neighbours_are_spared(self):
        workers = people([(0, 0, 20), (100, 0, 20), (200, 0, 20), (1000, 0, 5)])
        chain = [("g000", "g001"), ("g001", "g002"), ("g002", "g003")]
        sites = lay_out(workers, between=chain)
        assert sites.index.tolist() == ["build:g001", "build:g003"]
        row = sites.loc["build:g001"]
        assert (row["gap_id"], row["town_id"], row["refers_to"], row["name"]) == ("G01", "T1", "", "")
        assert (row["lon"], row["lat"]) == (workers.at["g001", "lon"], workers.at["g001", "lat"])
        assert (row.geometry.x, row.geometry.y) == (row["lon"], row["lat"])

    def test_small_gaps_and_the_scattered_draw_none(self):
        workers = people([(0, 0, 49), (2000, 0, 50), (4000, 0, 60)])
        assert lay_out(workers, min_workers=50).index.tolist() == ["build:g001", "build:g002"]
        assert lay_out(workers, min_workers=1).index.tolist() == ["build:g001", "build:g002"]

    @pytest.mark.parametrize(
        ("place", "stands"),
        [
            ((1000, 490), True),
            ((1000, 510), False),  # beyond 500 m of the street
            ((1000, 700), False),  # in the sea
            ((8000, 0), False),  # beside the expressway only
            ((5400, 0), True),
        ],
    )
    def test_only_on_land_by_a_street(self, place, stands):
        sites = lay_out(people([(*place, 60)]))
        assert len(sites) == int(stands)

    def test_a_longer_limit_reaches_further(self):
        assert len(lay_out(people([(1000, 590, 60)]), snap_limit_m=600.0)) == 1

    def test_shifts_at_one_door_are_one_place(self):
        sites = lay_out(people([(0, 0, 30), (0, 0, 30)]), between=[("g000", "g001")])
        assert sites.index.tolist() == ["build:g000"]

    def test_the_densest_are_kept(self):
        workers = people([(0, 0, 60), (2000, 0, 90), (4000, 0, 70)])
        assert lay_out(workers, max_new=2).index.tolist() == ["build:g001", "build:g002"]

    @pytest.mark.parametrize(
        ("away_m", "status", "stands"), [(40, "open", False), (60, "open", True), (0, "closed", True)]
    )
    def test_nobody_builds_where_a_room_in_use_stands(self, away_m, status, stands):
        lon, lat = degrees([away_m], [0])
        sites = lay_out(people([(0, 0, 60)]), doors(lon=lon, lat=lat, status=[status]))
        assert sites.index.tolist() == ["build:g000"] * stands

    def test_nor_where_an_asset_stands_and_the_next_place_of_the_gap_is_taken(self):
        lon, lat = degrees([1000], [0])
        workers = people([(1000, 0, 60), (1100, 0, 30)])
        assets = buildings("pump_station").assign(lon=lon, lat=lat)
        between = [("g000", "g001")]
        assert lay_out(workers, assets=assets, between=between).index.tolist() == ["build:g001", "convert:S0"]
        assert "build:g000" in lay_out(workers, assets=assets, between=between, beside_m=0.0).index

    def test_the_served_draw_none(self):
        workers = people([(0, 0, 60)])
        venues = doors(open_hours=["每天 17:00-22:00"])
        assert lay_out(workers, venues, near=[("g000", "V0")]).empty


def test_empty_answer_has_its_columns():
    sites = lay_out(people([(0, 700, 60)]))
    assert sites.empty
    assert sites.index.name == "site_id"
    assert {"action", "refers_to", "name", "town_id", "gap_id", "open_hours", "available_hours", "lon", "lat"} <= set(
        sites
    )
    assert sites.crs == "EPSG:4326"


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(-4, 4), st.integers(1, 99)), min_size=1, max_size=25),
    st.randoms(use_true_random=False),
)
def test_spread_wide_enough_and_nowhere_left_out_in_any_order(rows, random):
    workers = people([(100 * x, 100 * y, n) for x, y, n in rows])
    everywhere = [("g000", other) for other in workers.index]
    kept = workers.copy()
    sites = lay_out(workers, between=everywhere, rules=SitingRules(open_hours=EVENINGS, min_gap_workers=1))
    at = np.column_stack(project(sites["lon"].to_numpy(), sites["lat"].to_numpy()))
    away = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    assert (away[~np.eye(len(at), dtype=bool)] > 300).all()
    all_ = np.column_stack(project(workers["lon"].to_numpy(), workers["lat"].to_numpy()))
    assert (np.hypot(*(all_[:, None] - at[None, :]).transpose(2, 0, 1)).min(axis=1) <= 300).all()

    order = list(range(len(workers)))
    random.shuffle(order)
    again = lay_out(workers.iloc[order], between=everywhere, rules=SitingRules(open_hours=EVENINGS, min_gap_workers=1))
    pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(sites))
    pd.testing.assert_frame_equal(workers, kept)
