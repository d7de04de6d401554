from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.errors import StudyError
from xsgeo.roads.meaning import Sailing, barrier_flags, crossing_min, meaning_of, parse_duration, parse_maxspeed
from xsgeo.roads.tags import COLUMNS, read_tags, tag_table_text

TABLE = read_tags()
EVERYBODY, NOBODY = (True, True, True), (False, False, False)
WALK, NO_CAR, CAR = (True, False, False), (True, True, False), (False, False, True)


def flags(tags):
    meaning = meaning_of(tags, TABLE)
    return (meaning.walk, meaning.ebike, meaning.drive)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, EVERYBODY),
        ({"highway": "motorway"}, CAR),
        ({"highway": "footway"}, WALK),
        ({"highway": "footway", "bicycle": "yes"}, NO_CAR),
        ({"highway": "footway", "bicycle": "designated", "electric_bicycle": "no"}, WALK),
        ({"highway": "cycleway"}, NO_CAR),
        ({"highway": "cycleway", "foot": "no"}, (False, True, False)),
        ({"highway": "steps", "access": "yes"}, WALK),
        ({"highway": "track"}, NO_CAR),
        ({"highway": "track", "motor_vehicle": "yes"}, EVERYBODY),
        ({"highway": "track", "vehicle": "yes"}, NO_CAR),
        ({"highway": "track", "motor_vehicle": "agricultural"}, NO_CAR),
        ({"highway": "residential", "access": "destination"}, EVERYBODY),
        ({"highway": "residential", "access": "no", "foot": "yes"}, WALK),
        ({"highway": "residential", "access": "private", "bicycle": "permissive"}, (False, True, False)),
        ({"highway": "residential", "vehicle": "no"}, WALK),
        ({"highway": "residential", "vehicle": "no", "bicycle": "yes"}, NO_CAR),
        ({"highway": "residential", "motor_vehicle": "no"}, NO_CAR),
        ({"highway": "residential", "motor_vehicle": "no", "motorcar": "yes"}, EVERYBODY),
        ({"highway": "residential", "motorcar": "no"}, NO_CAR),
        ({"highway": "primary", "bicycle": "use_sidepath", "foot": "use_sidepath"}, CAR),
        ({"highway": "path", "bicycle": "dismount"}, WALK),
        ({"highway": "trunk", "motorroad": "yes"}, CAR),
        ({"highway": "trunk", "motorroad": "yes", "foot": "yes"}, (True, False, True)),
        ({"highway": "trunk", "motorroad": "no"}, EVERYBODY),
        ({"highway": "service", "service": "emergency_access"}, NO_CAR),
        ({"highway": "service", "area": "yes"}, WALK),
        ({"highway": "primary", "oneway": "reversible"}, WALK),
        ({"highway": "primary", "oneway": "alternating"}, EVERYBODY),
        ({"man_made": "pier"}, WALK),
        ({"highway": "ｒｅｓｉｄｅｎｔｉａｌ"}, EVERYBODY),
    ],
)
def test_who_may_use_a_way(tags, expected):
    assert flags(tags) == expected


@pytest.mark.parametrize(
    ("tags", "reason", "said"),
    [
        ({"highway": "proposed"}, "not_in_table", "highway=proposed"),
        ({"highway": "no"}, "not_in_table", "highway=no"),
        ({"waterway": "river"}, "not_in_table", ""),
        ({"highway": "service", "access": "private"}, "closed", "highway=service"),
        ({"highway": "busway"}, "closed", "highway=busway"),
        ({"route": "ferry", "foot": "no", "motor_vehicle": "yes"}, "ferry_cars_only", "route=ferry"),
    ],
)
def test_a_way_that_is_left_out_says_why(tags, reason, said):
    meaning = meaning_of(tags, TABLE)
    assert (meaning.dropped, meaning.notes) == (reason, ((reason, said),))


@pytest.mark.parametrize(
    ("tags", "drive", "ebike"),
    [
        ({}, 0, 0),
        ({"oneway": "yes"}, 1, 1),
        ({"oneway": "1"}, 1, 1),
        ({"oneway": "true"}, 1, 1),
        ({"oneway": "no"}, 0, 0),
        ({"oneway": "-1"}, -1, -1),
        ({"oneway": "reverse"}, -1, -1),
        ({"oneway": "yes", "oneway:bicycle": "no"}, 1, 0),
        ({"oneway": "yes", "oneway:bicycle": "-1"}, 1, -1),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, 1, 0),
        ({"oneway": "yes", "cycleway": "lane"}, 1, 1),
        ({"oneway:motor_vehicle": "yes"}, 1, 0),
        ({"oneway:bicycle": "yes"}, 0, 1),
        ({"junction": "roundabout"}, 1, 1),
        ({"junction": "circular", "oneway": "no"}, 0, 0),
        ({"oneway": "sometimes"}, 0, 0),
    ],
)
def test_directions(tags, drive, ebike):
    meaning = meaning_of({"highway": "residential", **tags}, TABLE)
    assert (meaning.drive_direction, meaning.ebike_direction) == (drive, ebike)


def test_an_expressway_is_one_way_unless_it_says_otherwise():
    assert meaning_of({"highway": "motorway"}, TABLE).drive_direction == 1
    assert meaning_of({"highway": "motorway", "oneway": "no"}, TABLE).drive_direction == 0
    assert meaning_of({"highway": "motorway_link"}, TABLE).drive_direction == 0


def test_who_may_not_ride_has_no_direction():
    assert meaning_of({"highway": "footway", "oneway": "yes"}, TABLE).drive_direction == 0


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("50.5", 50.5),
        (" 50 km/h", 50),
        ("50kmh", 50),
        ("50 mph", 80.5),
        ("25mph", 40.2),
        ("６０", 60),
        ("60;40", None),
        ("60|40", None),
        ("walk", None),
        ("none", None),
        ("signals", None),
        ("CN:urban", None),
        ("0", None),
        ("-50", None),
        ("5000", None),
        ("", None),
        ("约60", None),
        ("10 knots", None),
    ],
)
def test_maxspeed(text, kmh):
    assert parse_maxspeed(text) == kmh


@pytest.mark.parametrize(
    ("tags", "kmh", "notes"),
    [
        ({}, 20, ()),
        ({"maxspeed": "30"}, 30, ()),
        ({"maxspeed": "60;40"}, 20, (("maxspeed_unsure", "maxspeed=60;40"),)),
        ({"maxspeed": "0"}, 20, (("maxspeed_unsure", "maxspeed=0"),)),
        ({"maxspeed:forward": "30", "maxspeed:backward": "30"}, 30, ()),
        ({"maxspeed:forward": "30", "oneway": "yes"}, 30, ()),
        ({"maxspeed:backward": "30", "oneway": "-1"}, 30, ()),
        ({"maxspeed:forward": "30"}, 20, (("maxspeed_unsure", "maxspeed:forward=30"),)),
        ({"maxspeed": "signals", "motor_vehicle": "no"}, 20, ()),
    ],
)
def test_speed_is_the_limit_where_it_is_certain_and_else_that_of_the_class(tags, kmh, notes):
    meaning = meaning_of({"highway": "residential", **tags}, TABLE)
    assert (meaning.speed_kmh, meaning.notes) == (kmh, notes)


def test_a_service_way_is_as_slow_as_its_kind():
    assert meaning_of({"highway": "service", "service": "parking_aisle"}, TABLE).speed_kmh == 10


@pytest.mark.parametrize(
    ("tags", "note"),
    [
        ({"access": "aliens"}, ("access_unknown", "access=aliens")),
        ({"bicycle": "yes;no"}, ("access_unknown", "bicycle=yes;no")),
        ({"oneway": "sometimes"}, ("oneway_unknown", "oneway=sometimes")),
        ({"oneway:foot": "yes"}, ("oneway_foot", "oneway:foot=yes")),
        ({"access:conditional": "no @ (22:00-06:00)"}, ("conditional", "access:conditional")),
    ],
)
def test_what_is_passed_over_is_noted_once(tags, note):
    assert meaning_of({"highway": "residential", **tags}, TABLE).notes == (note,)
    assert flags({"highway": "residential", **tags}) == EVERYBODY


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, EVERYBODY),
        ({"barrier": "no"}, EVERYBODY),
        ({"barrier": "gate"}, EVERYBODY),
        ({"barrier": "gate", "locked": "yes"}, NOBODY),
        ({"barrier": "gate", "locked": "yes", "foot": "yes"}, WALK),
        ({"barrier": "gate", "access": "private"}, NOBODY),
        ({"barrier": "gate", "motor_vehicle": "private"}, NO_CAR),
        ({"barrier": "bollard"}, NO_CAR),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, EVERYBODY),
        ({"barrier": "bollard", "bicycle": "no"}, WALK),
        ({"barrier": "cycle_barrier"}, WALK),
        ({"barrier": "stile"}, WALK),
        ({"barrier": "yes"}, NO_CAR),
        ({"barrier": "something new"}, NO_CAR),
        ({"barrier": "toll_booth", "access": "yes"}, EVERYBODY),
    ],
)
def test_who_passes_a_barrier(tags, expected):
    assert barrier_flags(tags, TABLE) == expected


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:20", 20),
        ("0:20", 20),
        ("20", 20),
        ("PT20M", 20),
        ("pt20m", 20),
        ("1:05:00", 65),
        ("01:05:30", 65.5),
        ("PT1H5M", 65),
        ("PT1H", 60),
        ("P1DT1H", 1500),
        ("20 min", 20),
        ("20 minutes", 20),
        ("1 h", 60),
        ("1.5 hours", 90),
        ("20分钟", 20),
        ("１小时５分", 65),
        ("", None),
        ("0", None),
        ("PT", None),
        ("00:00", None),
        ("00:75", None),
        ("soon", None),
        ("-20", None),
    ],
)
def test_duration(text, minutes):
    assert parse_duration(text) == minutes


def test_a_ferry_says_what_it_knows():
    tags = {"route": "ferry", "duration": "00:10", "interval": "00:30", "opening_hours": "06:00-18:30"}
    meaning = meaning_of({**tags, "motor_vehicle": "yes"}, TABLE)
    assert meaning.sailing == Sailing(10, 12, 15, True, "06:00", "18:30")
    assert (meaning.walk, meaning.ebike, meaning.drive, meaning.notes) == (True, True, True, ())


def test_a_ferry_that_says_nothing_gets_the_table_and_no_cars():
    meaning = meaning_of({"route": "ferry"}, TABLE)
    assert math.isnan(meaning.sailing.duration_min)
    assert (meaning.sailing.wait_min, meaning.sailing.is_timed, meaning.drive) == (15, False, False)
    assert meaning.notes == (("no_interval", ""),)


def test_a_ferry_tagged_as_a_road_too_is_a_ferry():
    assert meaning_of({"route": "ferry", "highway": "service"}, TABLE).sailing is not None


def test_what_a_ferry_says_and_the_table_of_ferries_cannot_is_noted():
    tags = {"route": "ferry", "duration": "soon", "interval": "often", "opening_hours": "Jun-Sep", "oneway": "yes"}
    codes = [code for code, _ in meaning_of({**tags, "bicycle": "no"}, TABLE).notes]
    assert codes == ["ferry_no_ebike", "ferry_oneway", "duration_unsure", "interval_unsure", "sailings_unsure"]


@pytest.mark.parametrize(("duration", "stated"), [(20, True), (0.5, False), (600, False)])
def test_a_duration_no_boat_could_keep_is_not_believed(duration, stated):
    # 4 km in half a minute, and in ten hours.
    minutes, is_stated = crossing_min(Sailing(duration, 12, 15, False, "", ""), 4000.0)
    assert (minutes, is_stated) == (20, stated)


words = st.sampled_from(["yes", "no", "-1", "private", "gate", "50", "PT1H", "", "=1+1", "是", "\x00"]) | st.text()


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(TABLE.keys)), words), st.sampled_from(["residential", "motorway", "?"]))
def test_no_tags_break_the_reading(tags, highway):
    meaning = meaning_of({**tags, "highway": highway}, TABLE)
    assert meaning.dropped or meaning.walk or meaning.ebike or meaning.drive
    assert meaning.dropped or meaning.sailing or 1 <= meaning.speed_kmh <= 140


# --- the table as a file -----------------------------------------------------------------------------------------


def test_the_shipped_table_opens_in_excel_and_has_a_remark_in_both_languages_on_each_row():
    from importlib import resources

    assert resources.files("xsgeo.roads").joinpath("tags.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    header, *rows = (line.split(",") for line in tag_table_text().splitlines())
    assert tuple(header) == COLUMNS
    for row in rows:
        assert re.search(r"[\u4e00-\u9fff]", row[8]), row
        assert row[9], row


def test_a_planners_edit_counts(tmp_path):
    path = tmp_path / "标签 表.csv"
    path.write_text(
        tag_table_text().replace("highway,footway,street,10,1,0,0", "highway,footway,street,10,1,1,0"), "utf-8"
    )
    assert meaning_of({"highway": "footway"}, read_tags(path)).ebike
    assert read_tags(path).sha256 != TABLE.sha256


def test_a_table_saved_by_excel_in_chinese_windows_is_read(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_bytes(tag_table_text().replace("1,1,1", "是,是,是").encode("gb18030"))
    assert read_tags(path).rows == TABLE.rows


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("highway,steps,street", "highway,steps,stairs", "not_a_choice"),
        ("highway,steps,street,10,1", "highway,steps,street,10,maybe", "not_a_flag"),
        ("highway,steps,street,10", "highway,steps,street,fast", "not_a_number"),
        ("highway,steps,street,10", "highway,steps,street,0", "below_minimum"),
        ("highway,steps,street,10", "highway,steps,street,400", "above_maximum"),
        ("highway,steps,street,10", "highway,steps,street,", "missing_value"),
        ("highway,steps,street", "highway,path,street", "duplicate_id"),
        ("route,ferry,,12,1,1,0,15", "route,ferry,,12,1,1,0,", "missing_value"),
        ("access,private,,,0", "access,private,,,", "missing_value"),
        ("key,value,road_class", "key,value,class", "missing_column"),
    ],
)
def test_a_bad_table_is_refused_by_row_and_column(tmp_path, old, new, code):
    assert old in tag_table_text()
    path = tmp_path / "tags.csv"
    path.write_text(tag_table_text().replace(old, new, 1), "utf-8")
    with pytest.raises(StudyError) as caught:
        read_tags(path)
    fault = caught.value.faults[0]
    assert fault.code == code
    assert fault.text("zh")
    assert fault.text("en")


def test_all_faults_of_a_table_come_at_once(tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text(tag_table_text().replace("street,10,1", "stroad,10,?"), "utf-8")
    with pytest.raises(StudyError) as caught:
        read_tags(path)
    assert len(caught.value.faults) > 10


def test_a_table_that_is_not_there(tmp_path):
    with pytest.raises(StudyError, match="is missing"):
        read_tags(tmp_path / "tags.csv")
