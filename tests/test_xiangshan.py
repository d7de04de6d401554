"""The demonstration county: sums, land, roads, provenance, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import cKDTree

from xsgeo.crs import METRES, lengths_m, project
from xsgeo.datasets import xiangshan
from xsgeo.datasets.skeleton import skeleton_roads
from xsgeo.datasets.streets import STREET_KMH
from xsgeo.hours import parse_hours
from xsgeo.network import build_network, sailings
from xsgeo.schemas import ASSET_KINDS, BUILD_MODES, OWNERS, TABLES, VENUE_KINDS
from xsgeo.settings import SitingRules, Standard, TravelRules
from xsgeo.study import About, Study, assemble
from xsgeo.travel import travel_minutes

FACTS = Path(__file__).parents[1] / "data" / "facts"
POINTS = ("employers", "workers", "venues", "assets", "towns")
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return xiangshan.build_xiangshan(FACTS)


@pytest.fixture(scope="module")
def facts() -> xiangshan.Facts:
    return xiangshan.read_facts(FACTS)


@pytest.fixture(scope="module")
def study(tables: Tables) -> Study:
    about = About("象山县", "Xiangshan", xiangshan.AS_OF, is_demonstration=True)
    return assemble(tables, about, reconciliation=pd.DataFrame())


@pytest.fixture(scope="module")
def streets(tables: Tables) -> gpd.GeoDataFrame:
    return tables["roads"].query("source == 'synthetic'")


def _minutes(roads: gpd.GeoDataFrame, ferry_min: float | None) -> nx.Graph:
    """Car minutes by the plainest means: no snapping, no module of ours."""
    graph = nx.Graph()
    for u, v, length_m, kmh in roads[["u", "v", "length_m", "speed_kmh"]].itertuples(index=False):
        minutes = length_m / 1000 / kmh * 60
        graph.add_edge(u, v, minutes=min(minutes, graph.get_edge_data(u, v, {"minutes": np.inf})["minutes"]))
    if ferry_min is not None:
        graph.add_edge("F_SP", "F_HP", minutes=ferry_min)
    return graph


# Tables


BUILT = {n: t for n, t in TABLES.items() if not t.optional or n in xiangshan.BUILT}


def test_all_tables_have_their_declared_columns_and_unique_ids(tables: Tables) -> None:
    assert set(tables) == set(BUILT)
    for name, table in BUILT.items():
        frame = tables[name]
        assert frame.index.name == table.key
        declared = [c for c in table.columns if c != table.key]
        assert list(frame.columns) == [c for c in declared if table.columns[c].required or c in frame]
        assert frame.index.is_unique
        assert frame.index.notna().all()


def test_scale(tables: Tables) -> None:
    roads, venues = tables["roads"], tables["venues"]
    assert len(tables["towns"]) == 18
    assert len(tables["clusters"]) == 11
    assert len(tables["ferries"]) == 2
    assert len(tables["assets"]) == 60
    assert len(venues) == 450
    assert 320 <= venues.loc[venues["room_id"] != "", "room_id"].nunique() + 14 <= 340
    assert 2300 <= len(tables["employers"]) <= 2700
    assert 7600 <= len(tables["workers"]) <= 8400
    assert 13_000 <= len({*roads["u"], *roads["v"]}) <= 16_000


def test_sums_by_cluster_and_town_are_the_facts_own(tables: Tables, facts: xiangshan.Facts) -> None:
    by_town = facts.by_town.assign(workers_mid=facts.by_town["workers_mid"].astype(int))
    ids = {n: i for i, n in tables["towns"]["name"].items()}
    expected = by_town.assign(town_id=by_town["town_zh"].map(ids)).set_index(["cluster_id", "town_id"])["workers_mid"]
    for name in ("workers", "employers"):
        sums = tables[name].groupby(["cluster_id", "town_id"])["n_workers"].sum()
        pd.testing.assert_series_equal(sums, expected.sort_index(), check_names=False)
    assert tables["workers"]["n_workers"].sum() == 130_500
    by_cluster = tables["workers"].groupby("cluster_id")["n_workers"].sum()
    assert by_cluster.to_dict() == tables["clusters"]["n_workers"].to_dict()
    by_employer = tables["workers"].groupby("employer_id")["n_workers"].sum()
    pd.testing.assert_series_equal(by_employer, tables["employers"]["n_workers"].sort_index(), check_names=False)


def test_parts_are_no_larger_than_their_whole(tables: Tables) -> None:
    workers, employers = tables["workers"], tables["employers"]
    assert (workers["n_workers"] >= 1).all()
    assert workers[["n_women", "n_under_35"]].le(workers["n_workers"], axis=0).all(axis=None)
    assert (employers["n_members"] <= employers["n_workers"]).all()
    women = workers["n_women"].groupby(workers["cluster_id"]).sum() / workers.groupby("cluster_id")["n_workers"].sum()
    assert women["knitting"] > 0.6
    assert women["port_equipment"] < 0.2


def test_villages_are_the_published_ones_and_have_no_invented_place(tables: Tables) -> None:
    villages = tables["villages"]
    assert len(villages) == 410
    assert set(villages["town_id"]) == set(tables["towns"].index)
    assert (villages.index.str[:9] == villages["town_id"]).all()
    assert villages[["lon", "lat", "accuracy_m"]].isna().all(axis=None)
    assert villages.loc["330225001202", ["name", "aliases"]].tolist() == ["下半河村", "下半河村委会"]


def test_unions_add_up_to_the_members_of_their_employers(tables: Tables) -> None:
    unions, firms = tables["unions"], tables["employers"]
    joined = firms[firms["union_id"] != ""].groupby("union_id")["n_members"].agg(["size", "sum"])
    assert joined["size"].to_dict() == unions["n_employers"].to_dict()
    assert joined["sum"].to_dict() == unions["n_members"].to_dict()
    own = firms["union_id"].map(unions["kind"]) == "single_union"
    assert (own == (firms["n_members"] >= 25)).all()


def test_employers_are_many_small_and_few_large(tables: Tables) -> None:
    sizes = np.sort(tables["employers"]["n_workers"].to_numpy())
    assert sizes[-len(sizes) // 10 :].sum() > 0.35 * sizes.sum()
    assert np.median(sizes) < sizes.mean() * 0.7


def test_every_text_of_hours_can_be_read(tables: Tables) -> None:
    texts = {
        *tables["venues"]["open_hours"], *tables["venues"]["shareable_hours"], *tables["workers"]["free_hours"],
        *tables["assets"]["available_hours"],
    }  # fmt: skip
    for text in sorted(texts - {""}):
        assert parse_hours(text).mask(11).any(), text
    assert (tables["workers"]["free_hours"] != "").all()


# Provenance


@pytest.mark.parametrize("name", [n for n, t in BUILT.items() if "basis" in t.columns])
def test_every_row_says_what_it_rests_on(tables: Tables, name: str) -> None:
    frame = tables[name]
    for column in ("basis", "as_of", "source"):
        assert frame[column].notna().all()
        assert (frame[column] != "").all()


@pytest.mark.parametrize("name", ["employers", "unions", "venues", "assets"])
def test_an_invented_row_bears_an_invented_name(tables: Tables, name: str) -> None:
    invented = tables[name]["basis"] == "synthetic"
    named_so = tables[name]["name"].str.startswith("合成")
    assert (invented == named_so).all()


def test_real_venues_say_only_what_sources_told(tables: Tables, facts: xiangshan.Facts) -> None:
    real = tables["venues"].query("basis == 'sourced'")
    places = facts.places.loc[real.index]
    assert list(real.index) == [f"V{i:02d}" for i in range(1, 15)]
    assert "V15" not in tables["venues"].index
    assert (real["accuracy_m"] == places["coord_accuracy_m"].astype(float)).all()
    assert (real["accuracy_m"] > TravelRules().max_accuracy_m).all()
    assert (real[["open_hours", "shareable_hours", "room_id", "employer_id", "address"]] == "").all(axis=None)
    assert real["area_m2"].dropna().to_dict() == {"V10": 1200.0}
    assert real[["capacity", "star"]].isna().all(axis=None)
    assert real["year"].dropna().to_dict() == {"V01": 2018, "V02": 2018, "V10": 2006, "V14": 2025}
    assert not real["source"].str.contains("seed").any()


def test_no_real_firm_is_an_employer(tables: Tables, facts: xiangshan.Facts) -> None:
    firms = facts.places.loc[facts.places["category"] == "employer", "name_zh"]
    assert len(firms)
    for name in firms:
        assert not tables["employers"]["name"].str.contains(name, regex=False).any()


# Venues


def test_every_kind_owner_and_build_mode_of_venue_and_asset(tables: Tables) -> None:
    venues, assets = tables["venues"], tables["assets"]
    assert set(venues["kind"]) == set(VENUE_KINDS)
    assert set(venues["owner_system"]) == set(OWNERS)
    assert set(venues["build_mode"]) - {""} == set(BUILD_MODES)
    assert set(assets["kind"]) == set(ASSET_KINDS)
    assert (assets["kind"] == "pump_station").sum() >= 10


def test_most_rooms_keep_office_hours_on_weekdays(tables: Tables) -> None:
    texts = tables["venues"].query("basis == 'synthetic'")["open_hours"]
    masks = {t: parse_hours(t).mask(11).reshape(7, 48) for t in set(texts) - {""}}
    in_office = [bool(t) and not masks[t][5:].any() and not masks[t][:, 36:].any() for t in texts]
    assert 0.55 <= np.mean(in_office) <= 0.65
    assert any(t and masks[t].all() for t in texts)
    assert 0 < (texts == "").mean() < 0.1


def test_plaques_of_one_room_hang_on_one_door(tables: Tables) -> None:
    venues = tables["venues"].query("room_id != ''")
    x, y = project(venues["lon"].to_numpy(), venues["lat"].to_numpy())
    rooms = venues.assign(x=x, y=y).groupby("room_id")
    assert (rooms.size() > 1).sum() > 60
    spread = rooms[["x", "y"]].agg(np.ptp)
    assert spread.max(axis=None) < 15
    for column in ("open_hours", "town_id", "area_m2", "employer_id"):
        assert (venues[column] == rooms[column].transform("first")).all()
    shared = venues[rooms["name"].transform("size") > 1]
    assert not shared.duplicated(["room_id", "name"]).any()
    assert not shared.duplicated(["room_id", "kind", "owner_system"]).any()


def test_an_employers_own_room_names_the_employer(tables: Tables) -> None:
    venues, employers = tables["venues"], tables["employers"]
    own = venues.query("owner_system == 'employer'")
    assert len(own) > 60
    assert (own["serves"] == "own_staff").all()
    hosted = venues[venues["employer_id"] != ""]
    assert hosted["employer_id"].isin(employers.index).all()
    assert (hosted["owner_system"] == "union").any()
    host = employers.loc[hosted["employer_id"]]
    assert (hosted["town_id"].to_numpy() == host["town_id"].to_numpy()).all()
    assert all(n.startswith(h) for n, h in zip(hosted["name"], host["name"], strict=True))


# Where things stand


@pytest.mark.parametrize("name", POINTS)
def test_every_point_is_on_land_and_rounded(tables: Tables, name: str) -> None:
    frame = tables[name]
    ground = shapely.union_all(tables["land"].geometry.array)
    shapely.prepare(ground)
    assert shapely.contains_xy(ground, frame["lon"].to_numpy(), frame["lat"].to_numpy()).all()
    assert (frame[["lon", "lat"]] == frame[["lon", "lat"]].round(5)).all(axis=None)


@pytest.mark.parametrize("name", ["employers", "workers", "assets", "venues"])
def test_invented_points_stand_by_a_street_of_their_own_island(
    tables: Tables, streets: gpd.GeoDataFrame, name: str
) -> None:
    frame = tables[name].query("basis == 'synthetic'")
    points = gpd.GeoDataFrame(frame[[]], geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs="EPSG:4326")
    piece = points.sjoin(tables["land"][["geometry"]], predicate="within")["land_id"]
    assert set(piece.index) == set(frame.index)
    lines = streets.to_crs(METRES).geometry
    pieces = gpd.GeoDataFrame(geometry=streets.geometry).sjoin(tables["land"][["geometry"]], predicate="within")
    metres = points.to_crs(METRES).geometry
    for land_id, ids in piece.groupby(piece).groups.items():
        near = shapely.STRtree(lines[pieces.index[pieces["land_id"] == land_id]].to_numpy())
        _, away = near.query_nearest(metres[ids].to_numpy(), return_distance=True, all_matches=False)
        assert away.max() < 200


def test_means_follow_the_degree_of_urbanisation(tables: Tables) -> None:
    workers, towns = tables["workers"], tables["towns"]
    on_foot = (workers["means"] == "walk").groupby(workers["town_id"].map(towns["name"])).mean()
    assert set(workers["means"]) == {"walk", "ebike"}
    assert set(on_foot.index[on_foot > 0]) == {"丹东街道", "丹西街道", "爵溪街道", "石浦镇", "西周镇"}
    assert on_foot["丹西街道"] > 0.7


def test_a_few_groups_are_placed_too_vaguely_to_be_counted(tables: Tables) -> None:
    vague = tables["workers"]["accuracy_m"] > TravelRules().max_accuracy_m
    assert 0.004 < vague.mean() < 0.02


def test_land_is_in_pieces_and_the_known_ones_are_named(tables: Tables) -> None:
    land = tables["land"]
    area = land.to_crs(METRES).area
    assert (land.geom_type == "Polygon").all()
    assert land.is_valid.all()
    assert area.is_monotonic_decreasing
    assert land["name"].head(4).tolist() == ["大陆部分", "南田岛", "高塘岛", "花岙岛"]
    assert {"檀头山岛", "东门岛"} <= set(land["name"])
    assert land["name"][land["name"] != ""].is_unique


# Roads


def test_main_roads_keep_their_62_lines_and_lengths(tables: Tables, facts: xiangshan.Facts) -> None:
    skeleton = skeleton_roads(facts.edges)
    digitised = tables["roads"].query("source == 'digitised'")
    whole = digitised.index.str.split(".").str[0]
    assert set(whole) == set(skeleton.index)
    assert len(skeleton) == 62
    for edge_id, pieces in digitised.groupby(whole):
        line = shapely.union_all(pieces.geometry.array)
        assert shapely.hausdorff_distance(line, skeleton.geometry[edge_id]) < 1.5e-5
        assert pieces["length_m"].sum() == pytest.approx(skeleton.at[edge_id, "length_m"], abs=0.1 * len(pieces))
        assert set(pieces["road_class"]) == {skeleton.at[edge_id, "road_class"]}
    assert set(facts.nodes.index) <= {*tables["roads"]["u"], *tables["roads"]["v"]}


def test_motorways_are_whole_closed_to_walkers_and_met_at_interchanges_alone(tables: Tables) -> None:
    roads = tables["roads"]
    fast = roads[roads["road_class"].isin(["expressway", "bridge_exp"])]
    assert len(fast) == 10
    assert not fast.index.str.contains(".", regex=False).any()
    assert not fast[["walk", "ebike"]].any(axis=None)
    assert roads.drop(fast.index)[["walk", "ebike"]].all(axis=None)
    nodes = {*fast["u"], *fast["v"]}
    met = roads[roads["u"].isin(nodes) | roads["v"].isin(nodes)]
    assert (met["source"] == "digitised").all()


def test_streets_are_on_one_piece_of_land(tables: Tables, streets: gpd.GeoDataFrame) -> None:
    inside = gpd.GeoDataFrame(geometry=streets.geometry).sjoin(tables["land"][["geometry"]], predicate="within")
    assert len(inside) == len(streets)
    assert inside.index.is_unique


def test_streets_meet_roads_at_shared_nodes_only(tables: Tables, streets: gpd.GeoDataFrame) -> None:
    roads = tables["roads"]
    lines = roads.geometry.to_numpy()
    left, right = shapely.STRtree(lines).query(streets.geometry.to_numpy(), predicate="intersects")
    mine = roads.index.get_indexer(streets.index)[left]
    left, right = mine[mine != right], right[mine != right]
    met = shapely.intersection(lines[left], lines[right])
    ends = [{u, v} for u, v in zip(roads["u"], roads["v"], strict=True)]
    shared = [len(ends[a] & ends[b]) for a, b in zip(left, right, strict=True)]
    assert set(shapely.get_type_id(met)) == {0}, "two roads meet in one point or not at all"
    assert set(shared) == {1}


def test_streets_of_every_island_lead_to_a_main_road_or_landing(tables: Tables, streets: gpd.GeoDataFrame) -> None:
    roads, ferries = tables["roads"], tables["ferries"]
    main = roads.query("source == 'digitised'")
    doors = {*main["u"], *main["v"], *ferries["from_node"], *ferries["to_node"]}
    graph = nx.from_pandas_edgelist(streets, "u", "v")
    assert all(doors & part for part in nx.connected_components(graph))
    inside = gpd.GeoDataFrame(geometry=streets.geometry).sjoin(tables["land"][["geometry"]], predicate="within")
    names = set(tables["land"].loc[sorted(set(inside["land_id"])), "name"])
    assert names == {"大陆部分", "南田岛", "高塘岛", "花岙岛", "东门岛"}


def test_the_whole_network_hangs_together_by_roads_and_ferries(study: Study) -> None:
    graph = nx.from_pandas_edgelist(study.roads, "u", "v")
    graph.add_edges_from(study.ferries[["from_node", "to_node"]].to_numpy().tolist())
    assert nx.is_connected(graph)


def test_streets_are_like_streets(streets: gpd.GeoDataFrame) -> None:
    graph = nx.from_pandas_edgelist(streets, "u", "v")
    degree = np.bincount([d for _, d in graph.degree])
    assert (streets["speed_kmh"] == STREET_KMH).all()
    assert np.abs(streets["length_m"] - lengths_m(streets.geometry.to_numpy())).max() <= 0.06
    assert streets["length_m"].min() > 40
    assert streets["length_m"].max() < 450
    assert 2.3 < 2 * len(streets) / len(graph) < 3.0
    assert 0.05 < degree[1] / len(graph) < 0.4, "some dead ends, not many"
    turn = (
        np.degrees(np.arctan2(*np.diff([[g.coords[0], g.coords[-1]] for g in streets.geometry], axis=1)[:, 0].T)) % 90
    )
    assert np.histogram(turn, bins=9)[0].min() > 0.07 * len(turn), "no lattice: every direction is taken"


def test_no_corner_stands_on_another(tables: Tables, streets: gpd.GeoDataFrame) -> None:
    roads = tables["roads"]
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(roads.geometry.array, i)) for i in (0, -1)])
    frame = pd.DataFrame(ends, columns=["lon", "lat"], index=[*roads["u"], *roads["v"]])
    assert (frame == frame.groupby(level=0).transform("first")).all(axis=None), "one node, one position"
    corners = frame.loc[sorted({*streets["u"], *streets["v"]})].drop_duplicates()
    xy = np.column_stack(project(*corners.to_numpy().T))
    assert len(cKDTree(xy).query_pairs(40.0)) == 0


def test_sailings_of_the_ferries_are_estimates_and_say_so(tables: Tables) -> None:
    ferries = tables["ferries"]
    assert ferries[["first", "last"]].to_numpy().tolist() == [["06:00", "20:00"], ["07:00", "16:30"]]
    assert (ferries["basis"] == "estimate").all()
    assert ferries["source"].str.contains("未见时刻表").all()
    assert [int(mask.sum()) for mask in sailings(ferries).values()] == [7 * 28, 7 * 19]


def test_the_ferry_is_worth_eighteen_minutes_by_car(tables: Tables, facts: xiangshan.Facts) -> None:
    for ferry_min, expected in ((25.0, 39), (None, 57)):
        graph = _minutes(tables["roads"], ferry_min)
        found = nx.dijkstra_path_length(graph, "SP", "HP", weight="minutes")
        alone = nx.dijkstra_path_length(_minutes(skeleton_roads(facts.edges), ferry_min), "SP", "HP", weight="minutes")
        assert found == pytest.approx(expected, abs=1)
        assert found == pytest.approx(alone, abs=0.1), "streets are no short cut"


def test_the_engine_gives_the_same_minutes_from_door_to_door(study: Study) -> None:
    seats = study.towns.loc[["330225101", "330225103"]].assign(accuracy_m=0.0)
    found = {}
    for closed in ((), ("F1",)):
        network = build_network(study.roads, study.ferries, study.land, closed_ferries=closed)
        minutes = travel_minutes(seats.iloc[[0]], seats.iloc[[1]], network, cutoff_min=90.0, modes="drive")
        found[closed] = float(minutes["minutes"].iloc[0])
    assert found[()] == pytest.approx(39, abs=1)
    assert found[("F1",)] == pytest.approx(57, abs=1)


def test_streets_save_little_on_the_facts_times_from_the_county_seat(tables: Tables, facts: xiangshan.Facts) -> None:
    seats = facts.nodes.index[facts.nodes["kind"] == "seat"]
    with_streets, alone = (
        nx.single_source_dijkstra_path_length(_minutes(r, 25.0), "DD", weight="minutes")
        for r in (tables["roads"], skeleton_roads(facts.edges))
    )
    assert len(seats) == 18
    for seat in seats:
        assert with_streets[seat] == pytest.approx(alone[seat], abs=2.0), seat


# Settings and bytes


def test_settings_are_the_defaults_written_down() -> None:
    told = tomllib.loads(xiangshan.study_toml())
    assert told["demonstration"] is True
    assert set(told["tables"]) == set(BUILT)
    assert {t["datum"] for t in told["tables"].values()} == {"WGS-84"}
    given = told["standard"]
    assert Standard(**{**given, "functions": tuple(given["functions"])}) == Standard()
    assert TravelRules(**told["travel"]) == TravelRules()
    assert SitingRules(**told["siting"]) == SitingRules()


def test_facts_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"towns\.csv"):
        xiangshan.build_xiangshan(tmp_path)


def _digest(tables: Tables) -> str:
    texts = []
    for name in sorted(tables):
        frame = tables[name]
        if "geometry" in frame:
            wkt = shapely.to_wkt(frame["geometry"].to_numpy(), rounding_precision=5)
            frame = pd.DataFrame(frame.drop(columns="geometry")).assign(wkt=wkt)
        texts.append(f"{name}\n{frame.to_csv()}")
    return hashlib.sha256("".join(texts).encode()).hexdigest()


def _shuffled_facts(folder: Path) -> Path:
    """Copy the facts with every table's rows in another order."""
    shutil.copytree(FACTS, folder)
    for path in sorted(folder.glob("*.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows.sample(frac=1, random_state=7).to_csv(path, index=False)
    return folder


def test_another_process_hash_seed_and_row_order_build_the_same_bytes(tables: Tables, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from tests.test_xiangshan import _digest\n"
        "from xsgeo.datasets.xiangshan import build_xiangshan\n"
        "print(_digest(build_xiangshan(Path(sys.argv[1]))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(_shuffled_facts(tmp_path / "facts")), str(FACTS.parents[1])],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "4711"},
    )  # fmt: skip
    assert done.stdout.strip() == _digest(tables)


def test_another_seed_invents_other_people_with_the_same_sums(tables: Tables) -> None:
    other = xiangshan.build_xiangshan(FACTS, seed=1)
    assert not other["workers"]["lon"].head(100).equals(tables["workers"]["lon"].head(100))
    assert other["workers"]["n_workers"].sum() == 130_500
    assert other["towns"].equals(tables["towns"])
