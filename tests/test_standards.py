"""Standards as data: those that come with xsgeo, a study's own, and what is wrong with them."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest

from xsgeo import io, standards, workflow
from xsgeo.errors import StudyError
from xsgeo.settings import MODES, Standard, TravelRules

OWN = """
[standards.near]
name = "园区步行圈"
name_en = "Park circle"
radius_m = 400
source = "本县方案（2026年）"
functions = ["reading"]

[standards.far]
name = "县城圈"
name_en = "Town circle"
cutoff_min = { ebike = 20, drive = 25 }
min_hours_per_week = 2
month = 3
source = "本县方案（2026年）"
"""


def with_settings(folder, text):
    path = folder / "study.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    return folder


@pytest.mark.parametrize("key", standards.available())
def test_each_standard_names_its_source_its_date_and_both_names(key):
    standard = standards.named(key)
    assert standard.standard_id == key
    assert re.search(r"20\d\d", standard.source)
    assert re.search(r"20\d\d", standards.source(standard, "en"))
    assert not re.search(r"[\u4e00-\u9fff]", standard.name_en + standards.source(standard, "en"))
    assert set(standard.cutoff_min) <= set(MODES)


def test_the_figures_are_those_of_the_texts():
    minutes = {key: dict(standard.cutoff_min) for key, standard in standards.available().items()}
    assert minutes == {
        "gb15": {"walk": 15},
        "gb10": {"walk": 10},
        "gb5": {"walk": 5},
        "culture15": {"walk": 15},
        "village15": {"ebike": 15},
        "town30": {"walk": 30, "ebike": 30, "drive": 30},
        "station500": {"walk": 6.25},  # 500 m at 4.8 km/h
    }
    assert standards.named("station500").functions == ("rest",)


def test_a_distance_is_walked_at_the_studys_own_speed(toy_folder):
    study = io.read_study(with_settings(toy_folder, "\n[travel]\nwalk_kmh = 6.0\n"))
    assert standards.named("station500", study.about).cutoff_min["walk"] == pytest.approx(5.0)


def test_what_a_standard_leaves_open_is_the_studys(toy_folder):
    text = '\n[standard]\nstandard_id = "ours"\nmonth = 5\npeak_share = 0.2\n' + OWN
    about = io.read_study(with_settings(toy_folder, text)).about
    known = standards.available(about)
    assert list(known) == ["ours", "far", "near", *standards.available()]
    assert [known[key].month for key in ("ours", "near", "far", "gb10")] == [5, 5, 3, 5]
    assert {s.peak_share for s in known.values()} == {0.2}
    assert dict(known["near"].cutoff_min) == {"walk": 5.0}
    assert known["near"].functions == ("reading",)
    assert (known["far"].min_hours_per_week, known["near"].min_hours_per_week) == (2, 4)
    assert standards.source(known["far"], "both") == "本县方案（2026年）"


def test_an_unknown_standard_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"'gb20'; there are gb15, gb10"):
        standards.named("gb20")


def test_everybody_goes_by_means_the_standard_names():
    usual = pd.Series({"a": "walk", "b": "ebike", "c": "drive"})
    assert standards.means(usual, standards.named("gb15")).tolist() == ["walk"] * 3
    assert standards.means(usual, standards.named("village15")).tolist() == ["ebike"] * 3
    assert standards.means(usual, standards.named("town30")).tolist() == ["walk", "ebike", "drive"]
    two = Standard(cutoff_min={"drive": 10.0, "ebike": 10.0})
    assert standards.means(usual, two).tolist() == ["ebike", "ebike", "drive"]


def test_a_walking_standard_asks_riders_to_walk(toy):
    riders = dataclasses.replace(toy, workers=toy.workers.assign(means="ebike"))
    found = workflow.reach(standards.measured_by(riders, "gb10"))
    assert set(found.means) == {"walk"}
    assert found.groups["is_nominal"].sum() == 5  # as on foot: g1, g2, g3, g5, g6


X = '[standards.x]\nname="a"\nname_en="a"\nsource="s"\n'
NEAR = X + "radius_m=1\n"
BAD = [
    ('[standards]\nnear = 3', "standards.near", "3", "不是一项标准"),
    ('[standards.Near]\nname="a"\nname_en="a"\nsource="s"\nradius_m=1', "standards.Near", "Near", "不合规"),
    ('[standards.gb15]\nname="a"\nname_en="a"\nsource="s"\nradius_m=1', "standards.gb15", "gb15", "同名不同数"),
    ('[standards.x]\nname="a"\nname_en="a"\nradius_m=1', "standards.x.source", "source", "请补上此项"),
    ('[standards.x]\nname="a"\nname_en="a"\nsource="s"', "standards.x", "x", "只写其中一项"),
    (NEAR + 'cutoff_min={walk=5}', "standards.x", "x", "两种"),
    (X + 'radius_m=-5', "standards.x.radius_m", "-5", "米数"),
    (X + 'radius_m=true', "standards.x.radius_m", "True", "米数"),
    (X + 'radius_m=nan', "standards.x.radius_m", "nan", "米数"),
    (X + 'cutoff_min=15', "standards.x.cutoff_min", "15", "walk = 15"),
    (X + 'cutoff_min={}', "standards.x.cutoff_min", "{}", "walk = 15"),
    (X + 'cutoff_min={fly=1}', "standards.x.cutoff_min.fly", "fly", "walk"),
    (X + 'cutoff_min={walk=0}', "standards.x.cutoff_min.walk", "0", "1440"),
    (NEAR + 'month=13', "standards.x.month", "13", "1到12"),
    (NEAR + 'min_hours_per_week=200', "standards.x.min_hours_per_week", "200", "168"),
    (NEAR + 'peak_share=2', "standards.x.peak_share", "2", "不超过1"),
    ('[standards.x]\nname=7\nname_en="a"\nsource="s"\nradius_m=1', "standards.x.name", "7", "引号"),
    (NEAR + 'functions=["swim"]', "standards.x.functions", "swim", "reading"),
    (NEAR + 'functions="rest"', "standards.x.functions", "rest", "方括号"),
    (NEAR + 'colour="red"', "standards.x.colour", "colour", "改正项名"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "value", "words"), BAD, ids=[f"{b[1]}={b[2]}" for b in BAD])
def test_a_bad_standard_is_named_with_file_key_value_and_remedy(toy_folder, text, column, value, words):
    with pytest.raises(StudyError) as refused:
        io.read_study(with_settings(toy_folder, "\n" + text + "\n"))
    (fault,) = refused.value.faults
    assert (fault.file, fault.column, fault.value) == ("study.toml", column, value)
    assert words in fault.text()
    assert "study.toml" in fault.text("en")


def test_good_standards_stand_beside_the_bad_one():
    entries = {"good": {"name": "a", "name_en": "a", "source": "s", "radius_m": 80}, "bad": {"name": "b"}}
    found, faults = standards.read(entries, rules=TravelRules(), standard=Standard(), file="study.toml")
    assert list(found) == ["good"]
    assert {f.column for f in faults} == {"standards.bad", "standards.bad.name_en", "standards.bad.source"}
    assert standards.read(7, rules=TravelRules(), standard=Standard(), file="f")[1][0].code == "standard_table"
