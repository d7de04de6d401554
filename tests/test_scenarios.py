"""Scenarios: what is written is read back, what is wrong is told at once, and the study that was given stays."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsgeo import questions, scenarios, workflow
from xsgeo.errors import StudyError
from xsgeo.scenarios import AS_IT_IS, CHANGEABLE, Change, Scenario, apply, parse_scenario, read_scenario, write_scenario
from xsgeo.schemas import TABLES

ROOT = Path(__file__).parents[1]
SAMPLES = sorted((ROOT / "data" / "scenarios").glob("*.toml"))


def changing(table: str, row_id: str, action: str = "set", **cells: str) -> Scenario:
    return Scenario("试", changes=(Change(table, action, row_id, tuple(cells.items())),))


def codes(study, scenario: Scenario) -> list[tuple[int, str, str]]:
    with pytest.raises(StudyError) as caught:
        apply(study, scenario)
    return [(f.row, f.column, f.code) for f in caught.value.faults]


def same(one, other) -> bool:
    if isinstance(one, gpd.GeoDataFrame):
        return one.crs == other.crs and one.geom_equals_exact(other, 0).all() and same(plain(one), plain(other))
    pd.testing.assert_frame_equal(one, other)
    return True


def plain(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.drop(columns="geometry"))


# ---- the file


texts = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12)
written = st.builds(
    Scenario,
    title=texts.filter(str.strip),
    title_en=texts,
    month=st.none() | st.integers(1, 12),
    gale=st.booleans(),
    changes=st.lists(
        st.builds(
            Change,
            st.sampled_from(CHANGEABLE),
            st.sampled_from(scenarios.ACTIONS),
            texts.map(str.strip),
            st.dictionaries(texts.filter(lambda k: k not in {"table", "action", "id"}), texts, max_size=3).map(
                lambda d: tuple(d.items())
            ),
        ),
        max_size=3,
    ).map(tuple),
)


@given(written)
def test_what_is_written_is_read_back(scenario):
    assert parse_scenario(write_scenario(scenario)) == scenario


def test_a_day_is_read_as_text_or_as_a_date_and_written_back():
    quoted = parse_scenario('title = "a"\n[when]\non = "2026-05-15"')
    assert quoted == parse_scenario('title = "a"\n[when]\non = 2026-05-15')
    assert quoted.on == dt.date(2026, 5, 15)
    assert parse_scenario(write_scenario(quoted)) == quoted


def test_values_become_the_texts_a_ledger_holds():
    cells = 'capacity = 30\narea_m2 = 12.5\nfunctions = ["reading", "tea"]\nas_of = 2026-01-02\nwalk = true'
    change = parse_scenario(f'title = "a"\n[[change]]\ntable = "venues"\naction = "set"\nid = "V"\n{cells}').changes[0]
    assert dict(change.cells) == {
        "capacity": "30",
        "area_m2": "12.5",
        "functions": "reading|tea",
        "as_of": "2026-01-02",
        "walk": "1",
    }


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("title = ", "", "bad_scenario"),
        ('titel = "a"\ntitle = "b"', "titel", "unknown_setting"),
        ("", "title", "missing_setting"),
        ('title = "  "', "title", "missing_setting"),
        ('title = "a"\nwhen = 6', "when", "bad_scenario"),
        ('title = "a"\nchange = 6', "change", "bad_scenario"),
        ('title = "a"\n[when]\nmonth = 13', "when.month", "bad_month"),
        ('title = "a"\n[when]\nmonth = true', "when.month", "bad_month"),
        ('title = "a"\n[when]\nmonth = 3.0', "when.month", "bad_month"),
        ('title = "a"\n[when]\nmonth = "6"', "when.month", "bad_month"),
        ('title = "a"\n[when]\non = "15 May"', "when.on", "bad_day"),
        ('title = "a"\n[when]\non = 2026-05-15T01:00:00', "when.on", "bad_day"),
        ('title = "a"\n[when]\ngale = "yes"', "when.gale", "not_a_switch"),
        ('title = "a"\n[when]\nmonth = 5\non = "2026-05-15"', "when", "two_times"),
        ('title = "a"\n[when]\nwind = 9', "when.wind", "unknown_setting"),
        ('title = "a"\n[[change]]\ntable = "venues"\nlon = [1, 2]', "lon", "bad_kind"),
        ('title = "a"\n[[change]]\ntable = "venues"\nlon = {x = 1}', "lon", "bad_kind"),
    ],
)
def test_a_bad_file_is_refused_and_named(tmp_path, text, column, code):
    path = tmp_path / "大风.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        read_scenario(path)
    assert [(f.file, f.column, f.code) for f in caught.value.faults] == [("大风.toml", column, code)]


def test_no_file_a_folder_other_bytes_and_a_flood_are_refused(tmp_path):
    (tmp_path / "gbk.toml").write_bytes('title = "石浦"'.encode("gbk"))
    (tmp_path / "flood.toml").write_bytes(b"#" * 4_000_001)
    (tmp_path / "deep.toml").write_text("title = " + "[" * 100_000, "utf-8")
    (tmp_path / "bom.toml").write_bytes(b'\xef\xbb\xbftitle = "a"')
    found = {}
    for name in ("none.toml", ".", "gbk.toml", "flood.toml", "deep.toml"):
        with pytest.raises(StudyError) as caught:
            read_scenario(tmp_path / name)
        found[name] = caught.value.faults[0].code
    assert list(found.values()) == ["no_scenario", "no_scenario", "bad_scenario", "file_too_large", "bad_scenario"]
    assert read_scenario(tmp_path / "bom.toml").title == "a"


# ---- the study it makes


def test_nothing_changed_is_the_same_study(toy):
    assert apply(toy, AS_IT_IS) is toy
    again = apply(toy, Scenario("空"))
    assert all(same(getattr(toy, n), getattr(again, n)) for n in TABLES)


def test_the_study_given_stays_as_it_was(toy):
    before = {n: getattr(toy, n).copy() for n in TABLES}
    scenario = Scenario(
        "多",
        gale=True,
        month=7,
        changes=(
            Change("venues", "set", "V1", (("open_hours", "每天 8:00-21:00"), ("capacity", "80"))),
            Change("workers", "remove", "g7"),
            Change("roads", "remove", "CD"),
        ),
    )
    after = apply(toy, scenario)
    assert all(same(before[n], getattr(toy, n)) for n in TABLES)
    assert toy.standard.month == 11
    assert after.standard.month == 7
    assert after.venues.at["V1", "capacity"] == 80
    assert "g7" not in after.workers.index
    assert after.ferries.empty
    assert list(after.roads.index) == ["AB", "BC", "EF"]
    assert "多" in after.title
    assert scenario.file in after.sources


def test_types_of_columns_stay(toy):
    place = toy.venues.loc["V1"]
    moved = changing("venues", "V2", lon=str(place["lon"]), lat=str(place["lat"]), year="1999")
    after = apply(toy, moved)
    pd.testing.assert_series_equal(after.venues.dtypes, toy.venues.dtypes)
    assert after.venues.geometry["V2"].equals(toy.venues.geometry["V1"])
    assert after.venues.crs == toy.venues.crs


ADDED = {
    "name": "新驿站", "kind": "rest_station", "owner_system": "union", "serves": "everyone", "share_terms": "open",
    "town_id": "陆上", "status": "open", "open_hours": "每天 8:00-22:00",
}  # fmt: skip


def test_a_row_is_added_with_names_for_ids_and_blank_where_nothing_is_said(toy):
    at = toy.workers.loc["g1"]
    after = apply(toy, changing("venues", "V0", "add", **ADDED, lon=str(at["lon"]), lat=str(at["lat"])))
    assert list(after.venues.index) == ["V0", "V1", "V2", "V3"]
    row = after.venues.loc["V0"]
    assert (row["town_id"], row["functions"], pd.isna(row["capacity"])) == ("T1", "", True)
    assert workflow.reach(after).groups.at["g1", "reason"] == "served"


def test_hours_are_understood_as_in_a_ledger(toy):
    assert codes(toy, changing("venues", "V1", open_hours="差不多每天")) == [(1, "open_hours", "unreadable_hours")]
    assert codes(toy, changing("workers", "g1", free_hours="周日休息")) == [(1, "free_hours", "unreadable_free_hours")]


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        (changing("towns", "T1", name="x"), (1, "table", "not_changeable")),
        (changing("venues", "V1", "move", name="x"), (1, "action", "no_such_action")),
        (changing("venues", "", name="x"), (1, "id", "no_change_id")),
        (changing("venues", "V9", name="x"), (1, "id", "unknown_id")),
        (changing("venues", "V9", "remove"), (1, "id", "unknown_id")),
        (changing("venues", "V1"), (1, "", "nothing_to_set")),
        (changing("venues", "V1", "remove", name="x"), (1, "name", "removed_with_values")),
        (changing("venues", "V1", opening="x"), (1, "opening", "unknown_key")),
        (changing("venues", "V1", venue_id="V5"), (1, "venue_id", "unknown_key")),
        (changing("venues", "V1", 备注="x"), (1, "备注", "unknown_key")),
        (changing("venues", "V1", capacity="约200"), (1, "capacity", "approximate_number")),
        (changing("venues", "V1", capacity="-1"), (1, "capacity", "below_minimum")),
        (changing("venues", "V1", kind="castle"), (1, "kind", "not_a_choice")),
        (changing("venues", "V1", name=""), (1, "name", "missing_value")),
        (changing("venues", "V1", town_id="T7"), (1, "town_id", "unknown_reference")),
        (changing("venues", "V1", employer_id="P9"), (1, "employer_id", "unknown_reference")),
        (changing("venues", "V1", lon="10"), (1, "lon", "outside_county")),
        (changing("workers", "g1", n_women="101"), (1, "n_women", "part_exceeds")),
        (changing("roads", "AB", length_m="1"), (1, "length_m", "short_road")),
        (changing("roads", "AB", geometry="LINE (1"), (1, "geometry", "unreadable_shape")),
        (changing("roads", "CD", u="A"), (1, "u", "shape_gap")),
        (changing("ferries", "Y1", to_node="C"), (1, "to_node", "same_landing")),
        (changing("ferries", "Y1", to_node="Z"), (1, "to_node", "unknown_node")),
        (changing("roads", "EF", "remove"), (1, "to_node", "unknown_node")),
    ],
)  # fmt: skip
def test_a_change_that_fits_no_study_is_refused_with_its_number_and_column(toy, scenario, fault):
    assert fault in codes(toy, scenario)


def test_every_fault_is_told_at_once_in_both_languages(toy):
    scenario = Scenario(
        "错",
        changes=(
            Change("venues", "set", "V1", (("open_hours", "看情况"), ("capcity", "3"))),
            Change("venues", "add", "V2", tuple(ADDED.items())),
            Change("venues", "set", "V1", (("name", "x"),)),
            Change("ships", "set", "S", (("name", "x"),)),
        ),
    )
    assert set(codes(toy, scenario)) == {
        (1, "open_hours", "unreadable_hours"),
        (1, "capcity", "unknown_key"),
        (2, "id", "existing_id"),
        (2, "lon", "missing_key"),
        (2, "lat", "missing_key"),
        (3, "id", "repeated_change"),
        (4, "table", "not_changeable"),
    }
    with pytest.raises(StudyError) as caught:
        apply(toy, scenario)
    text = caught.value.text("zh")
    assert (
        "scenario.toml，第1项改动，“capcity”列：“阵地”表没有“capcity”这一列。请改正列名（是否为“capacity”？）。" in text
    )
    assert 'change 3, column "id": "V1" is changed by change 1 already' in caught.value.text("en")


def test_a_fault_of_the_study_itself_is_not_laid_at_the_scenario(toy):
    broken = apply(toy, AS_IT_IS)
    roads = toy.roads.copy()
    roads.loc["CD", "length_m"] = 1.0
    broken = dataclasses.replace(toy, roads=roads)
    assert apply(broken, changing("roads", "AB", name="新名")).roads.at["AB", "name"] == "新名"


# ---- what it is for, on the county worked by hand


def reasons(study) -> dict[str, str]:
    return workflow.reach(study).groups["reason"].astype(str).to_dict()


def test_hours(toy):
    after = reasons(apply(toy, changing("venues", "V1", open_hours="周一至周五 8:00-21:00")))
    assert after == reasons(toy) | {"g1": "served"}


def test_closing(toy):
    after = reasons(apply(toy, changing("venues", "V1", status="closed")))
    assert after == reasons(toy) | {"g1": "out_of_reach", "g3": "closed"}


def test_admission(toy):
    after = reasons(apply(toy, changing("venues", "V3", serves="everyone", share_terms="open")))
    assert after == reasons(toy) | {"g5": "served"}


def test_moving_a_venue(toy):
    at = toy.workers.loc["g4"]
    after = reasons(apply(toy, changing("venues", "V2", lon=str(at["lon"]), lat=str(at["lat"]))))
    assert after == reasons(toy) | {"g2": "closed", "g4": "served"}


def test_a_gale_and_a_new_boat(toy):
    fast = changing("ferries", "Y1", crossing_min="3", wait_min="1")
    assert reasons(apply(toy, fast)) == reasons(toy) | {"g5": "served"}
    assert reasons(apply(toy, dataclasses.replace(fast, gale=True))) == reasons(toy)


def test_a_new_road(toy):
    start, end = toy.workers.loc["g4"], toy.workers.loc["g2"]
    line = f"LINESTRING ({start['lon']} {start['lat']}, {end['lon']} {end['lat']})"
    road = {
        "u": "D", "v": "B", "road_class": "local", "speed_kmh": "24", "length_m": "1800", "walk": "1", "ebike": "1",
        "drive": "1", "oneway": "0", "source": "synthetic", "geometry": line,
    }  # fmt: skip
    straight = apply(toy, changing("roads", "DB", "add", **road, name="新路"))
    assert reasons(straight) == reasons(toy)  # 22.5 minutes, and C was nearer
    assert list(straight.roads.index) == ["AB", "BC", "CD", "DB", "EF"]
    lift = straight.roads.geometry["DB"]
    assert lift.coords[0] == pytest.approx((start["lon"], start["lat"]))


def test_a_month(toy):
    summer = apply(toy, changing("venues", "V1", open_hours="周一至周五 8:00-17:00（夏季8:00-21:00）"))
    assert reasons(summer) == reasons(toy)
    assert reasons(apply(summer, Scenario("六月", month=6))) == reasons(toy) | {"g1": "served"}


# ---- the samples


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_a_sample_fits_the_demonstration_and_names_no_real_venue(path, demonstration):
    scenario = read_scenario(path)
    study = apply(demonstration, scenario)
    assert scenario.title
    assert scenario.title_en
    for change in scenario.changes:
        frame = getattr(demonstration, change.table)
        if change.table == "venues" and change.row_id in frame.index:
            assert frame.at[change.row_id, "name"].startswith("合成")
        if change.action == "add":
            row = getattr(study, change.table).loc[change.row_id]
            assert row.get("basis", row["source"]) == "synthetic"


def test_the_samples_show_what_they_say(demonstration):
    folder = ROOT / "data" / "scenarios"
    closed, evening = (read_scenario(folder / f"{name}.toml") for name in ("closures", "palace_evenings"))
    lost = questions.compare_scenarios(demonstration, closed).changed
    assert lost["n_lost"].sum() > 0
    assert lost["n_gained"].sum() == 0
    relieved = questions.compare_scenarios(demonstration, evening, seats=True).changed
    assert relieved["n_gained"].sum() > 0


def test_there_are_samples():
    assert len(SAMPLES) >= 5
