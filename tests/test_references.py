"""Names to ids: taken when one row alone answers to all of the text, suggested otherwise."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from xsgeo.ledgers import RawTable
from xsgeo.references import NameBook, check_references, resolve_references
from xsgeo.schemas import TABLES
from xsgeo.validation import parse_table

TOWNS = pd.DataFrame(
    [
        ("330225001", "丹东街道", "Dandong Subdistrict", "丹城|丹城镇"),
        ("330225002", "丹西街道", "Danxi Subdistrict", "丹城|丹城镇"),
        ("330225101", "石浦镇", "Shipu Town", "昌国"),
        ("330225102", "西周镇", "Xizhou Town", "下沈"),
        ("330225202", "黄避岙乡", "Huangbi'ao Township", ""),
    ],
    columns=["town_id", "name", "name_en", "aliases"],
)


def book() -> NameBook:
    return NameBook(TOWNS, "towns")


@pytest.mark.parametrize("text", [
    "330225101", "330225101000", "石浦镇", "石浦", " 石 浦 ", "石浦镇政府", "象山县石浦镇",
    "浙江省宁波市象山县石浦镇", "宁波市象山县石浦", "昌国",
    "昌国镇", "Shipu Town", "shipu", "SHIPU", "Shi Pu", "shipu zhen", "Shipuzhen", "changguo",
])  # fmt: skip
def test_a_town_by_code_name_old_name_and_pinyin(text):
    assert book().find(text) == ["330225101"]


@pytest.mark.parametrize("text", ["石铺", "石浦港", "石", "", "330225199", "shipo", "石浦西周", "县石浦"])
def test_what_is_not_all_accounted_for_is_not_taken(text):
    assert book().find(text) == []


def test_a_town_that_was_split_answers_twice():
    assert book().find("丹城") == ["330225001", "330225002"]


@pytest.mark.parametrize(
    ("text", "near"), [("石铺镇", "石浦镇"), ("石浦港", "石浦镇"), ("西洲", "西周镇"), ("丹冬街道", "丹东街道")]
)
def test_a_near_miss_is_suggested(text, near):
    assert near in book().suggest(text)


def test_nothing_near_is_no_suggestion():
    assert book().suggest("北京市") == ""


def parsed(name: str, rows: list[dict[str, str]]):
    return parse_table(
        RawTable(f"{name}.csv", pd.DataFrame(rows, index=range(2, len(rows) + 2), dtype=object)), TABLES[name]
    )


def test_names_become_ids_strangers_and_doubles_are_named():
    towns = parsed("towns", TOWNS.assign(lon="121.9", lat="29.2", is_urban="是", is_island="否").to_dict("records"))
    assets = parsed(
        "assets", [{"asset_id": f"A{i}", "town_id": t} for i, t in enumerate(["石浦", "丹城", "石铺镇", "昌国"])]
    )
    tables = resolve_references({"towns": towns, "assets": assets})
    assert tables["assets"].frame["town_id"].tolist() == ["330225101", "丹城", "石铺镇", "330225101"]
    double = [f for f in tables["assets"].faults if f.code == "ambiguous_reference"]
    assert [f.row for f in double] == [3]
    assert "330225001 丹东街道、330225002 丹西街道" in double[0].text("zh")
    checked = check_references(tables)["assets"]
    stranger = checked.faults[len(tables["assets"].faults) :]
    assert [(f.row, f.code) for f in stranger] == [(4, "unknown_reference")]
    assert "是否为“330225101 石浦镇”" in stranger[0].text("zh")
    assert dict(tables["assets"].notes[-1].details)["n"] == "2"
    assert assets.frame["town_id"].tolist()[0] == "石浦"


UNIONS = [
    {"union_id": "G1", "name": "甲厂工会", "kind": "单独建会"},
    {"union_id": "G2", "name": "石浦针织联合工会", "aliases": "针织联合", "kind": "联合建会", "town_id": "石浦"},
]


def employers(*unions: str):
    return parsed("employers", [{"employer_id": f"P{i}", "union_id": u} for i, u in enumerate(unions)])


def test_unions_are_found_by_id_name_and_other_name_and_near_misses_are_suggested():
    towns = parsed("towns", TOWNS.assign(lon="121.9", lat="29.2", is_urban="是", is_island="否").to_dict("records"))
    tables = {"towns": towns, "unions": parsed("unions", UNIONS)}
    tables["employers"] = employers("G1", "甲厂工会", "甲厂", "针织联合", "", "石浦针织工会", "甲厂工回")
    done = check_references(resolve_references(tables))
    assert done["unions"].frame["town_id"].tolist() == ["", "330225101"]
    assert done["employers"].frame["union_id"].tolist()[:5] == ["G1", "G1", "G1", "G2", ""]
    strangers = [f for f in done["employers"].faults if f.code == "unknown_reference"]
    assert [f.row for f in strangers] == [8]
    assert "G1 甲厂工会" in strangers[0].text("zh")


def test_a_suggestion_in_an_english_message_is_english():
    tables = {"towns": parsed("towns", TOWNS.to_dict("records")), "assets": parsed("assets", [{"town_id": "石铺镇"}])}
    fault = next(f for f in check_references(tables)["assets"].faults if f.code == "unknown_reference")
    assert "did you mean 330225101 石浦镇?" in fault.text("en")
    assert "the table towns" in fault.text("en")
    assert not re.search("是否|乡镇|镇乡（", fault.text("en"))


def test_the_name_of_a_village_suggests_its_town_and_is_not_taken():
    villages = [{"village_id": "C1", "name": "东门渔村", "town_id": "330225101"}]
    tables = {"towns": parsed("towns", TOWNS.to_dict("records")), "villages": parsed("villages", villages)}
    tables["assets"] = parsed("assets", [{"asset_id": "A1", "town_id": "东门渔村"}])
    done = check_references(resolve_references(tables))["assets"]
    assert done.frame["town_id"].tolist() == ["东门渔村"]
    assert "330225101 石浦镇" in next(f for f in done.faults if f.code == "unknown_reference").text("zh")
