from __future__ import annotations

import pytest

from tests.osm_maps import osm_file
from xsgeo import schemas
from xsgeo.roads import import_roads

pytest.importorskip("osmium", reason="the extra 'osm' is not installed")

STREET = {"highway": "residential"}
BOAT = {"route": "ferry", "duration": "00:10", "interval": "20", "name": "石浦—鹤浦"}
STRAIT = "A-B~~~~C-D"
"""A town and an island, 500 m of water between; streets AB and CD."""


def imported(tmp_path, picture, ways, **options):
    return import_roads(osm_file(tmp_path, picture, ways, **options))


def codes(result):
    return set(result.summary["code"])


def landings(result):
    pairs = zip(result.ferries.index, result.ferries["from_node"], result.ferries["to_node"], strict=True)
    return {ferry: chr(int(one[1:])) + chr(int(other[1:])) for ferry, one, other in pairs}


def test_a_ferry_between_two_streets(tmp_path):
    result = imported(tmp_path, STRAIT, [("AB", STREET), ("CD", STREET), ("BC", BOAT)])
    assert result.ferries.reset_index().to_dict("records") == [
        {
            "ferry_id": "w3-0",
            "name": "石浦—鹤浦",
            "from_node": f"n{ord('B')}",
            "to_node": f"n{ord('C')}",
            "crossing_min": 10.0,
            "wait_min": 10.0,
            "first": "",
            "last": "",
            "takes_cars": False,
            "stops_in_gale": True,
            "basis": "sourced",
            "as_of": "",
            "source": "OpenStreetMap",
        }
    ]
    assert result.roads.index.tolist() == ["w1-0", "w2-0"]
    declared = schemas.TABLES["ferries"].columns
    given = [result.ferries.index.name, *result.ferries.columns]
    assert given == [c for c in declared if c in given]
    assert {c for c, column in declared.items() if column.required} <= set(given)


@pytest.mark.parametrize(
    ("duration", "minutes"), [("00:20", 20), ("20", 20), ("PT20M", 20), ("0:05:30", 5.5), ("soon", 2.5), ("", 2.5)]
)
def test_minutes_as_stated_or_by_the_speed_of_the_boat(tmp_path, duration, minutes):
    boat = {**BOAT, "duration": duration}
    result = imported(tmp_path, STRAIT, [("AB", STREET), ("CD", STREET), ("BC", boat)])
    # 500 m at 12 km/h are two and a half minutes.
    assert result.ferries["crossing_min"].tolist() == pytest.approx([minutes], abs=0.01)
    assert result.ferries["basis"].tolist() == ["sourced" if minutes != 2.5 else "estimate"]
    assert ("ferry_duration" in codes(result)) == (minutes == 2.5)


def test_without_an_interval_the_wait_is_that_of_the_table_and_an_estimate(tmp_path):
    boat = {"route": "ferry", "duration": "10"}
    ferries = imported(tmp_path, STRAIT, [("AB", STREET), ("CD", STREET), ("BC", boat)]).ferries
    assert (ferries["wait_min"].tolist(), ferries["basis"].tolist()) == ([15.0], ["estimate"])
    assert ferries["name"].tolist() == ["无名渡线w3-0"]


@pytest.mark.parametrize(
    ("tags", "carries"),
    [({}, False), ({"motor_vehicle": "yes"}, True), ({"motorcar": "yes"}, True), ({"motorcar": "no"}, False)],
)
def test_cars_only_where_the_tags_say_so(tmp_path, tags, carries):
    result = imported(tmp_path, STRAIT, [("AB", STREET), ("CD", STREET), ("BC", {**BOAT, **tags})])
    assert result.ferries["takes_cars"].tolist() == [carries]


def test_a_ferry_that_calls_on_the_way_is_cut_and_its_minutes_are_shared_by_length(tmp_path):
    picture = "A-B~~~C~~~~~~D-E"
    result = imported(tmp_path, picture + "\n      F", [("AB", STREET), ("CF", STREET), ("DE", STREET), ("BCD", BOAT)])
    assert landings(result) == {"w4-0": "BC", "w4-1": "CD"}
    assert result.ferries["crossing_min"].tolist() == pytest.approx([10 * 4 / 11, 10 * 7 / 11], abs=0.01)


def test_routes_that_part_in_mid_water_join_every_pair_of_landings(tmp_path):
    picture = """
        A-B~~X~~C-D
             ~
             E-F
    """
    ways = [
        ("AB", STREET),
        ("CD", STREET),
        ("EF", STREET),
        ("BX", BOAT),
        ("XC", BOAT),
        ("XE", {**BOAT, "interval": "60"}),
    ]
    result = imported(tmp_path, picture, ways)
    assert landings(result) == {"w4-0+w5-0": "BC", "w4-0+w6-0": "BE", "w5-0+w6-0": "CE"}
    assert result.ferries["crossing_min"].tolist() == [20, 20, 20]
    assert result.ferries["wait_min"].tolist() == [10, 30, 30]


def test_a_landing_beside_the_road_is_joined_and_listed(tmp_path):
    # C lies 60 m from D, the end of the street on the island.
    picture = "A--------B~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~C-----D----E"
    result = imported(tmp_path, picture, [("AB", STREET), ("DE", STREET), ("BC", BOAT)], cell_m=10.0)
    assert landings(result) == {"w3-0": "BD"}
    assert "landing_joined" in codes(result)


def test_a_landing_far_from_any_road_is_not_joined(tmp_path):
    picture = "A--------B~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~C-----------D----E"
    result = imported(tmp_path, picture, [("AB", STREET), ("DE", STREET), ("BC", BOAT)], cell_m=10.0)
    assert len(result.ferries) == 0
    assert "ferry_without_road" in codes(result)


def test_a_narrow_channel_is_not_joined_to_one_bank_at_both_ends(tmp_path):
    # The ferry is 60 m long and both of its ends lie within 100 m of the street AB; no street is on the other bank.
    result = imported(tmp_path, "A---B--C~~~~~D", [("AB", STREET), ("CD", BOAT)], cell_m=10.0)
    assert len(result.ferries) == 0


def test_a_ferry_without_a_road_is_listed(tmp_path):
    result = imported(tmp_path, "A-B~~~~C\nD-E", [("AB", STREET), ("DE", STREET), ("BC", BOAT)])
    assert len(result.ferries) == 0
    row = result.summary.set_index("code").loc["ferry_without_road"]
    assert (row["item"], row["action"], row["examples"]) == ("ferry", "dropped", "w3-0")


def test_a_pier_leads_to_the_boat(tmp_path):
    pier = {"man_made": "pier"}
    result = imported(tmp_path, "A-B-P~~~~C-D", [("AB", STREET), ("BP", pier), ("CD", STREET), ("PC", BOAT)])
    assert landings(result) == {"w4-0": "PC"}
    assert result.roads.loc["w2-0", ["walk", "ebike", "drive"]].tolist() == [True, False, False]


def test_sailings_are_read_where_they_are_plain(tmp_path):
    boat = {**BOAT, "opening_hours": "Mo-Su 06:00-17:30"}
    ferries = imported(tmp_path, STRAIT, [("AB", STREET), ("CD", STREET), ("BC", boat)]).ferries
    assert (ferries["first"].tolist(), ferries["last"].tolist()) == (["06:00"], ["17:30"])


def test_relations_are_counted(tmp_path):
    path = osm_file(tmp_path, STRAIT, [("AB", STREET), ("CD", STREET), ("BC", BOAT)])
    relation = '<relation id="9"><member type="way" ref="3" role=""/><tag k="route" v="ferry"/></relation></osm>'
    path.write_text(path.read_text("utf-8").replace("</osm>", relation), "utf-8")
    assert "ferry_relation" in codes(import_roads(path))
