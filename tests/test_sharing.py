"""Rooms behind plaques, who would gain by sharing, and the draft week: against brute force and labelled pairs."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo import access, hours, sharing
from xsgeo.errors import StudyError
from xsgeo.settings import Standard
from xsgeo.sharing.names import AddressParts, PlaceWords, arabic, split_address, split_name
from xsgeo.sharing.rooms import PRIOR, RATIOS, SEARCH_M

ROOT = Path(__file__).parents[1]
LABELLED = ROOT / "data" / "labelled" / "room_pairs.csv"
EVENINGS = "周一至周五 18:00-21:00"


@pytest.fixture(scope="module")
def towns():
    table = pd.read_csv(ROOT / "data" / "towns.csv", dtype={"town_id": str})
    return table.set_index("town_id")


@pytest.fixture(scope="module")
def labelled():
    return pd.read_csv(LABELLED, dtype={"town_id_a": str, "town_id_b": str})


def venue(name, *, lon=121.9, lat=29.2, **more):
    usual = {"kind": "workers_home", "owner_system": "union", "town_id": "330225101", "accuracy_m": 20.0}
    return {"name": name, "lon": lon, "lat": lat} | usual | more


def plaques(*rows):
    return pd.DataFrame(list(rows), index=pd.Index([f"V{n}" for n in range(1, len(rows) + 1)], name="venue_id"))


# Names --------------------------------


@pytest.mark.parametrize(
    ("name", "core", "kind", "number"),
    [
        ("石浦镇职工之家", "", "职工之家", ""),
        ("象山县石浦职工之家（总工会）", "", "职工之家", ""),
        ("浙江省宁波市象山县石浦镇东门渔村文化礼堂", "东门渔村", "文化礼堂", ""),
        ("石浦工业园区职工驿站２号", "工业园区", "职工驿站", "2"),
        ("某某针织有限公司工会职工之家", "某某针织", "职工之家", ""),
        ("智汇·家 创客空间", "智汇家创客空间", "", ""),
    ],
)
def test_a_name_comes_apart(towns, name, core, kind, number):
    parts = split_name(name, PlaceWords(towns, county="象山县"))
    assert (parts.core, parts.kind, parts.number) == (core, kind, number)


def test_an_old_name_that_two_towns_share_means_both(towns):
    assert split_name("丹城镇职工之家", PlaceWords(towns)).town_ids == ("330225001", "330225002")


def test_a_street_named_after_the_county_stays_whole(towns):
    assert split_address("石浦镇象山港路70号", PlaceWords(towns, county="象山县")).road == "象山港路"


def test_the_street_with_the_number_is_the_address_not_the_estate_before_it(towns):
    parts = split_address("象山县西周镇机电工业园区海和路8号三楼", PlaceWords(towns, county="象山县"))
    assert (parts.road.endswith("海和路"), parts.number, parts.floor) == (True, "8", "3")


@given(st.integers(1, 99))
def test_chinese_figures_are_read(n):
    tens, ones = divmod(n, 10)
    figures = "一二三四五六七八九"
    text = ("" if tens == 0 else "十" if tens == 1 else figures[tens - 1] + "十") + (figures[ones - 1] if ones else "")
    assert arabic(text) == n


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_no_text_breaks_the_taking_apart(text):
    places = PlaceWords(pd.DataFrame({"name": ["石浦镇"], "aliases": ["昌国"]}, index=["T1"]), county="象山县")
    assert split_name(text, places) == split_name(text, places)
    assert split_address(text, places) == split_address(text, places)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("石浦镇渔港路一二八号", ("渔港路", "128", "", "")),
        ("渔港路128号3幢405室", ("渔港路", "128", "4", "3")),
        ("渔港路128号A座", ("渔港路", "128", "", "a")),
        ("渔港路66弄3号2F", ("渔港路", "66-3", "2", "")),
        ("象山县石浦镇镇安路88号", ("镇安路", "88", "", "")),
    ],
)
def test_an_address_comes_apart(towns, address, parts):
    assert split_address(address, PlaceWords(towns, county="象山县")) == AddressParts(*parts)


def test_traditional_characters_are_read_as_simplified(towns):
    places = PlaceWords(towns, county="象山县")
    assert split_name("石浦鎮東門漁村文化禮堂", places) == split_name("石浦镇东门渔村文化礼堂", places)


# Pairs --------------------------------


def test_a_number_outweighs_the_name_before_it(towns):
    one, other = (venue(f"石浦镇职工驿站{n}号", kind="rest_station") for n in "12")
    assert sharing.probability(one, other, towns) < 0.3
    homes = venue("石浦镇东门渔村职工之家2"), venue("石浦镇东门渔村妇女之家1", kind="women_home", owner_system="x")
    assert sharing.probability(*homes, towns) > 0.9


def test_a_coarse_position_never_speaks_for_a_pair(towns):
    seat = [venue(n, accuracy_m=2000.0) for n in ("甲村书屋", "乙村书屋")]
    without = [v | {"lon": float("nan"), "lat": float("nan")} for v in seat]
    assert sharing.probability(*seat, towns) <= sharing.probability(*without, towns)
    far = [seat[0], seat[1] | {"lat": 29.3}]
    assert sharing.probability(*far, towns) < sharing.probability(*seat, towns) / 2


def test_the_two_spellings_of_one_home_are_found(towns):
    venues = plaques(venue("石浦镇职工之家"), venue("象山县石浦职工之家（总工会）", lon=121.9002))
    assert sharing.find_pairs(venues, towns, county="象山县")["probability"].item() > 0.9


def test_the_homes_of_two_towns_are_not_one(towns):
    venues = plaques(
        venue("丹东街道职工之家", town_id="330225001"), venue("丹西街道职工之家", town_id="330225002", lon=121.9005)
    )
    assert sharing.find_pairs(venues, towns, county="象山县", least=0.2).empty


def test_the_odds_are_the_product_that_the_docstring_states(towns):
    venues = plaques(
        venue("石浦镇东门渔村职工之家", area_m2=200, address="石浦镇渔港路1号"),
        venue("石浦镇东门渔村妇女之家", area_m2=200, address="渔港路3号", kind="women_home", owner_system="x"),
    )
    row = sharing.find_pairs(venues, towns, least=0).iloc[0]
    sigma2 = 2 * (20 / np.sqrt(-2 * np.log(0.05))) ** 2 + 15**2
    place = SEARCH_M**2 / (2 * sigma2) * RATIOS["house_different"]
    odds = PRIOR / (1 - PRIOR) * place * RATIOS["core_same"] * RATIOS["area_same"] * RATIOS["keeper_other"]
    assert row["probability"] == pytest.approx(odds / (1 + odds))
    assert set(row["evidence"].split("|")) == {"distance", "house_different", "core_same", "area_same", "keeper_other"}


def test_where_point_and_address_agree_the_stronger_counts_alone(towns):
    near = plaques(venue("甲村书屋", address="渔港路1号"), venue("乙村书屋", address="渔港路1号", owner_system="x"))
    without = near.drop(columns="address")
    one, other = (sharing.find_pairs(v, towns, least=0)["probability"].item() for v in (near, without))
    assert one == pytest.approx(other)


def test_pairs_do_not_depend_on_the_order_of_rows(towns):
    random = np.random.RandomState(5)
    rows = [venue(f"石浦镇{c}村职工之家", lon=121.9 + random.rand() / 400) for c in "甲乙丙丁戊己"]
    venues = plaques(*rows)
    once = sharing.find_pairs(venues, towns, least=0)
    for _ in range(5):
        shuffled = venues.iloc[random.permutation(len(venues))]
        pd.testing.assert_frame_equal(sharing.find_pairs(shuffled, towns, least=0), once)


def test_every_pair_within_reach_is_looked_at(towns):
    random = np.random.RandomState(7)
    rows = [
        venue(f"石浦镇{n}村职工之家", lon=121.9 + random.rand() / 50, lat=29.2 + random.rand() / 50) for n in range(60)
    ]
    venues = plaques(*rows)
    x, y = (venues[c].to_numpy() for c in ("lon", "lat"))
    from xsgeo import crs

    east, north = crs.project(x, y)
    near = {
        (f"V{a + 1}", f"V{b + 1}")
        for a, b in itertools.combinations(range(60), 2)
        if np.hypot(east[a] - east[b], north[a] - north[b]) <= SEARCH_M + 20
    }
    found = sharing.find_pairs(venues, towns, least=0)
    pairs = {tuple(sorted(p)) for p in zip(found["venue_a"], found["venue_b"], strict=True)}
    assert pairs == {tuple(sorted(p)) for p in near}


@pytest.mark.parametrize("ids", [["a", "b"], ["b", "a"]])
def test_a_coarser_plaque_finds_a_finer_one_whichever_id_comes_first(towns, ids):
    rows = [venue("石浦镇东门渔村职工之家"), venue("石浦镇东门渔村妇女之家", lon=121.9045, accuracy_m=250.0)]
    venues = pd.DataFrame(rows, index=pd.Index(ids, name="venue_id"))
    assert sharing.find_pairs(venues, towns, least=0)[["venue_a", "venue_b"]].to_numpy().tolist() == [["a", "b"]]


def test_a_repeated_id_is_refused(towns):
    venues = plaques(venue("甲"), venue("乙")).rename(index={"V2": "V1"})
    with pytest.raises(ValueError, match="'V1'"):
        sharing.find_pairs(venues, towns)


def test_labelled_pairs_are_rebuilt_to_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, str(ROOT / "tools" / "make_pairs.py"), str(tmp_path / "p.csv")], check=True)
    assert (tmp_path / "p.csv").read_bytes() == LABELLED.read_bytes()


def test_rooms_are_found_among_the_labelled_pairs(towns, labelled):
    assert len(labelled) == 300
    half = labelled[labelled["part"] == "b"]
    told = sharing.evaluate(half, towns, county="象山县").loc["all"]
    assert told["precision"] >= 0.99
    assert told["recall"] >= 0.98
    hard = sharing.evaluate(labelled, towns, county="象山县", by="case")
    assert hard.loc["two_towns", "n_proposed"] == 0
    assert hard.loc["long_and_short", "recall"] == 1


def test_pairs_written_to_be_hard_are_told_apart(towns):
    pairs = pd.read_csv(LABELLED.with_name("hard_pairs.csv"), dtype=dict.fromkeys(["town_id_a", "town_id_b"], str))
    told = sharing.evaluate(pairs, towns, county="象山县").loc["all"]
    assert (told["n_pairs"], told["n_same"]) == (86, 43)
    assert told["precision"] >= 0.97
    assert told["recall"] >= 0.97


def test_a_pair_that_blocking_never_compares_is_not_found(towns):
    one = venue("石浦镇职工之家", address="渔港路1号", area_m2=300.0, phone="1")
    far = one | {"lon": 122.0}
    row = {f"{k}_a": one.get(k) for k in sharing.FIELDS} | {f"{k}_b": far.get(k) for k in sharing.FIELDS}
    told = sharing.evaluate(pd.DataFrame([row | {"verdict": "same"}]), towns).loc["all"]
    assert (told["n_same"], told["n_proposed"]) == (1, 0)


# Rooms --------------------------------


def test_rooms_join_through_chains_and_keep_a_stated_name():
    venues = pd.DataFrame({"room_id": ["", "", "R7", "R7", ""]}, index=list("abcde"))
    pairs = pd.DataFrame({"venue_a": ["a", "b"], "venue_b": ["b", "d"], "verdict": ["same", "same"]})
    assert sharing.room_labels(venues, pairs).to_dict() == {"a": "R7", "b": "R7", "c": "R7", "d": "R7", "e": "e"}


def test_verdicts_that_contradict_each_other_are_refused():
    venues = pd.DataFrame(index=list("abc"))
    verdicts = ["same", "same", "different"]
    pairs = pd.DataFrame({"venue_a": ["a", "b", "a"], "venue_b": ["b", "c", "c"], "verdict": verdicts})
    with pytest.raises(StudyError, match=r'"a\+c" is called two rooms, but a and b are .*, b and c are') as caught:
        sharing.room_labels(venues, pairs)
    assert "a与b已确认为同一处、b与c已确认为同一处" in caught.value.text("zh")


def test_every_contradiction_is_told_with_the_room_that_the_ledger_states():
    venues = pd.DataFrame({"room_id": ["R1", "R1", "", ""]}, index=list("abcd"))
    rows = [("b", "a", "different"), ("b", "c", "same"), ("c", "d", "same"), ("d", "a", "different")]
    with pytest.raises(StudyError) as caught:
        sharing.room_labels(venues, pd.DataFrame(rows, columns=["venue_a", "venue_b", "verdict"]))
    assert [f.value for f in caught.value.faults] == ["a+b", "a+d"]
    told = caught.value.faults[1].text("zh")
    assert all(link in told for link in ("a与b在台账中同属活动室R1", "b与c已确认为同一处", "c与d已确认为同一处"))


def test_confirmed_rooms_are_written_beside_those_of_the_ledger():
    venues = pd.DataFrame({"room_id": ["", "R1", "", "R2"]}, index=list("abcd"))
    pairs = pd.DataFrame({"venue_a": ["a"], "venue_b": ["b"], "verdict": ["same"]})
    assert sharing.with_rooms(venues, pairs)["room_id"].to_dict() == {"a": "R1", "b": "R1", "c": "", "d": "R2"}
    assert venues["room_id"].tolist() == ["", "R1", "", "R2"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=10))
def test_rooms_are_the_connected_parts(links):
    ids = [f"V{n}" for n in range(8)]
    pairs = pd.DataFrame(
        {"venue_a": [ids[a] for a, _ in links], "venue_b": [ids[b] for _, b in links], "verdict": "same"},
        columns=["venue_a", "venue_b", "verdict"],
    )
    part = {v: {v} for v in ids}
    for a, b in links:
        joined = part[ids[a]] | part[ids[b]]
        for member in joined:
            part[member] = joined
    labels = sharing.room_labels(pd.DataFrame(index=ids), pairs)
    assert labels.to_dict() == {v: min(part[v]) for v in ids}


# Opportunities and calendars --------------------------------


def small_county(seed):
    random = np.random.RandomState(seed)
    free = ["周一至周五 18:00-22:00", "每天 9:00-15:00", "周六、周日 8:00-22:00"]
    workers = pd.DataFrame(
        {
            "n_workers": random.randint(1, 90, 8),
            "free_hours": random.choice(free, 8),
            "town_id": random.choice(["T1", "T2"], 8),
            "cluster_id": random.choice(["knit", "fish"], 8),
            "employer_id": random.choice(["E1", "E2"], 8),
        },
        index=pd.Index([f"g{n}" for n in range(8)], name="group_id"),
    )
    opening = ["周一至周五 8:00-17:00", "周一至周五 18:30-21:00", "周六、周日 9:00-17:00", ""]
    venues = pd.DataFrame(
        {
            "status": "open",
            "serves": random.choice(["everyone", "own_staff", "members"], 5),
            "share_terms": random.choice(["open", "none"], 5),
            "employer_id": random.choice(["E1", "E2", ""], 5),
            "open_hours": random.choice(opening, 5),
            "shareable_hours": random.choice([EVENINGS, "", "周六、周日 9:00-12:00"], 5),
            "functions": "reading",
            "town_id": random.choice(["T1", "T2"], 5),
        },
        index=pd.Index([f"v{n}" for n in range(5)], name="venue_id"),
    )
    pairs = list(itertools.product(workers.index, venues.index))
    minutes = pd.DataFrame(pairs, columns=["group_id", "venue_id"]).assign(minutes=random.uniform(0, 20, len(pairs)))
    minutes = minutes[minutes["minutes"] <= 15]
    groups = answer(workers, venues, minutes)
    return workers, venues, minutes, groups


def answer(workers, venues, minutes):
    located = pd.Series(True, index=workers.index)
    return access.coverage(workers, venues, minutes, located=located, standard=Standard())


def gain(workers, venues, minutes, groups):
    after = answer(workers, venues, minutes)
    won = after["is_served"] & ~groups["is_served"]
    return int(workers.loc[won, "n_workers"].sum())


@pytest.mark.parametrize("seed", range(25))
def test_what_a_door_would_gain_is_what_the_ladder_says_when_it_is_opened(seed):
    workers, venues, minutes, groups = small_county(seed)
    told = sharing.opportunities(workers, venues, minutes, groups, open_hours=EVENINGS, standard=Standard())
    proposed = hours.parse_hours(EVENINGS).mask(11)
    for venue_id, row in venues.iterrows():
        today = hours.parse_hours(row["open_hours"]).mask(11) if row["open_hours"] else np.zeros(336, dtype=bool)
        limited = row["shareable_hours"] and not access.admits_everyone(venues)[venue_id]
        limit = hours.parse_hours(row["shareable_hours"]).mask(11) if limited else np.ones(336, dtype=bool)
        everyone = {"serves": "everyone", "share_terms": "open"}
        # The room as others could use it, as a second venue in the same place.
        for column, change in (
            ("n_if_shared", everyone | {"open_hours": hours.to_spans(today & limit)}),
            ("n_if_longer", {"open_hours": hours.to_spans((today | proposed) & limit)}),
            ("n_if_both", everyone | {"open_hours": hours.to_spans((today | proposed) & limit)}),
        ):
            twin = venues.loc[[venue_id]].assign(**change).rename(index={venue_id: "twin"})
            ways = minutes[minutes["venue_id"] == venue_id].assign(venue_id="twin")
            gained = gain(workers, pd.concat([venues, twin]), pd.concat([minutes, ways]), groups)
            assert told.loc[venue_id, column] == gained, column


@pytest.mark.parametrize("seed", range(10))
def test_a_door_that_does_more_gains_no_less(seed):
    workers, venues, minutes, groups = small_county(seed)
    told = sharing.opportunities(workers, venues, minutes, groups, open_hours=EVENINGS, standard=Standard())
    assert (told["n_if_both"] >= told[["n_if_shared", "n_if_longer"]].max(axis=1)).all()
    assert (told["n_if_both"] <= told["n_shut_out"]).all()
    assert told["n_if_both"].is_monotonic_decreasing


@pytest.mark.parametrize("seed", range(10))
def test_who_needs_another_town_loses_when_its_rooms_close(seed):
    workers, venues, minutes, groups = small_county(seed)
    told = sharing.cross_town(workers, venues, minutes, standard=Standard())
    for town in ("T1", "T2"):
        alone = answer(workers, venues[venues["town_id"] == town], minutes)["is_served"]
        at_home = answer(workers, venues[venues["town_id"] == workers.loc[alone.index, "town_id"].iloc[0]], minutes)
        assert set(at_home.columns) == set(groups.columns)
        for home in ("T1", "T2"):
            row = told[(told["town_id"] == home) & (told["venue_town_id"] == town)]
            there = alone & (workers["town_id"] == home)
            own = answer(workers, venues[venues["town_id"] == home], minutes)["is_served"]
            assert row["n_workers"].sum() == workers.loc[there, "n_workers"].sum()
            assert row["n_only_there"].sum() == workers.loc[there & ~own, "n_workers"].sum()


def mask(text):
    return hours.parse_hours(text).mask(11) if text else np.zeros(336, dtype=bool)


@pytest.mark.parametrize("seed", range(15))
def test_no_half_hour_of_a_room_is_promised_twice_and_nothing_outside_what_it_offers(seed):
    workers, venues, minutes, groups = small_county(seed)
    rooms = pd.Series(["R1", "R1", "R2", "R3", "R3"], index=venues.index)
    draft = sharing.draft_calendar(workers, venues, minutes, groups, rooms, standard=Standard())
    for room, rows in draft.groupby("room_id"):
        mine = venues[rooms == room]
        week = {v: [mask(mine.at[v, c]) for c in ("open_hours", "shareable_hours")] for v in mine.index}
        for_all = access.admits_everyone(mine)
        to_all = np.any([week[v][0] & for_all[v] for v in mine.index], axis=0)
        own = np.any([week[v][0] & ~for_all[v] & ~week[v][1] for v in mine.index], axis=0) & ~to_all
        offered = np.any([week[v][1] for v in mine.index], axis=0) & ~own & ~to_all
        taken = np.zeros(336, dtype=int)
        for row in rows.itertuples():
            start, end = (int(c[:2]) * 2 + int(c[3:]) // 30 + row.weekday * 48 for c in (row.start, row.end))
            taken[start:end] += 1
            inside = {"own": own, "open": to_all, "shared": offered}[row.use]
            assert inside[start:end].all()
            assert (row.n_workers > 0) == (row.use == "shared")
        assert taken.max() == 1


def test_a_large_trade_does_not_take_every_block():
    workers = pd.DataFrame(
        {"n_workers": [60, 25], "cluster_id": ["knit", "fish"], "free_hours": "周一 16:00-23:00"},
        index=pd.Index(["a", "b"], name="group_id"),
    )
    venues = pd.DataFrame(
        {"status": ["open"], "open_hours": [""], "shareable_hours": ["周一 17:00-22:00"]}, index=["V1"]
    )
    minutes = pd.DataFrame({"group_id": ["a", "b"], "venue_id": "V1", "minutes": 8.0})
    groups = pd.DataFrame({"reason": "closed"}, index=workers.index)
    rooms = pd.Series(["R1"], index=venues.index)
    draft = sharing.draft_calendar(workers, venues, minutes, groups, rooms, standard=Standard())
    # 60 against 25, then 60/3 against 25, then 60/3 against 25/3.
    assert draft["cluster_id"].tolist() == ["knit", "fish", "knit"]
    assert draft["end"].tolist() == ["19:00", "21:00", "22:00"]


def one_evening(standard=None, **more):
    workers = pd.DataFrame(
        {"n_workers": [60], "cluster_id": "knit", "free_hours": "周一 16:00-23:00"},
        index=pd.Index(["a"], name="group_id"),
    )
    venues = pd.DataFrame(
        {"status": "open", "open_hours": "周一 8:00-20:00", "shareable_hours": "周一 18:00-22:00"}
        | {"serves": "own_staff", "share_terms": "none"}
        | more.pop("venue", {}),
        index=["V1"],
    )
    minutes = pd.DataFrame({"group_id": ["a"], "venue_id": "V1", "minutes": 8.0} | more.pop("way", {}))
    groups, rooms = pd.DataFrame({"reason": "closed"}, index=workers.index), pd.Series(["R1"], index=venues.index)
    draft = sharing.draft_calendar(workers, venues, minutes, groups, rooms, standard=standard or Standard(), **more)
    return draft[["start", "end", "use"]].to_numpy().tolist()


def test_what_a_keeper_offers_is_shared_even_while_the_room_is_open_to_its_own():
    assert one_evening() == [["08:00", "18:00", "own"], ["18:00", "20:00", "shared"], ["20:00", "22:00", "shared"]]


def test_hours_that_are_everybodys_are_promised_to_nobody():
    assert one_evening(venue={"serves": "workers"}) == [["08:00", "20:00", "open"], ["20:00", "22:00", "shared"]]


def test_a_block_is_promised_only_to_those_who_can_get_home_from_it():
    assert one_evening(way={"minutes_back": 70.0})[-1] == ["18:00", "20:00", "shared"]
    last = np.zeros(336, dtype=bool)
    last[:40] = True
    late = one_evening(way={"ferries": ["F1"]}, sailings={"F1": last})
    assert late == []


def test_no_trade_is_promised_a_room_that_lacks_what_it_needs():
    gym = pd.DataFrame({"cluster_id": ["knit"], "functions": ["gym"], "at_least": [1]})
    reading = {"functions": "reading"}
    assert one_evening(venue=reading, needs=gym) == []
    assert one_evening(venue=reading, standard=Standard(functions=("gym",))) == []
    assert one_evening(venue={"functions": "reading|gym"}, needs=gym) == one_evening(venue=reading) != []


def test_no_block_is_promised_to_groups_that_nobody_judged():
    workers, venues, minutes, groups = small_county(0)
    rooms = pd.Series(venues.index, index=venues.index)
    with pytest.raises(ValueError, match="`groups` lacks 1 groups of `workers`, the first is 'g0'"):
        sharing.draft_calendar(workers, venues, minutes, groups.iloc[1:], rooms, standard=Standard())


def test_rooms_that_complete_one_another_are_those_nearby():
    venues = pd.DataFrame(
        {
            "lon": [121.9, 121.901, 121.95],
            "lat": 29.2,
            "status": "open",
            "room_id": "",
            "open_hours": ["周一 8:00-12:00", "周一 11:00-15:00", "周一 18:00-22:00"],
        },
        index=list("abc"),
    )
    told = sharing.complements(venues, standard=Standard())
    assert told[["venue_a", "venue_b", "hours_both", "hours_gained"]].to_numpy().tolist() == [["a", "b", 1.0, 3.0]]
    assert sharing.complements(venues.assign(room_id="R1"), standard=Standard()).empty


def test_plaques_of_one_room_complete_others_together():
    venues = pd.DataFrame(
        {
            "lon": [121.9, 121.9, 121.901],
            "lat": 29.2,
            "status": "open",
            "room_id": ["R1", "R1", ""],
            "open_hours": ["周一 8:00-12:00", "周一 18:00-20:00", "周一 11:00-15:00"],
        },
        index=["c", "b", "a"],
    )
    told = sharing.complements(venues, standard=Standard())
    assert told[["venue_a", "venue_b", "hours_a", "hours_b", "hours_both", "hours_gained"]].to_numpy().tolist() == [
        ["a", "b", 4.0, 6.0, 1.0, 3.0]
    ]
    assert venues["room_id"].tolist() == ["R1", "R1", ""]


def test_what_a_cluster_needs_is_asked_of_a_door_that_opens():
    workers, venues, minutes, _ = small_county(3)
    needs = pd.DataFrame({"cluster_id": ["knit"], "functions": ["gym"], "at_least": [1]})
    frames, asked = (workers, venues, minutes), {"open_hours": "每天 0:00-24:00", "standard": Standard()}
    lacking = access.coverage(*frames, located=pd.Series(True, index=workers.index), standard=Standard(), needs=needs)
    told = sharing.opportunities(*frames, lacking, **asked, needs=needs)
    others = workers["cluster_id"] != "knit"
    assert told["n_if_both"].max() <= workers.loc[others, "n_workers"].sum()
    assert (
        sharing.cross_town(*frames, standard=Standard(), needs=needs)["n_workers"].max()
        <= workers.loc[others, "n_workers"].sum()
    )
