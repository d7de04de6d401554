"""What if and why, as they are asked: of a study, by name, from the command line."""

from __future__ import annotations

import dataclasses
import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from xsgeo import cli, io, questions, workflow
from xsgeo.errors import StudyError
from xsgeo.scenarios import Change, Scenario

EVENING = """\
title = "夜间开放"
title_en = "Evenings"
[[change]]
table = "venues"
action = "set"
id = "V1"
open_hours = "周一至周五 8:00-21:00"
"""


@pytest.fixture(scope="module")
def county():
    from xsgeo.datasets import toy_county

    return workflow.reach(toy_county())


def asked(*words: object):
    return CliRunner().invoke(cli.app, [str(w) for w in words])


# ---- why


@pytest.mark.parametrize(
    ("whom", "kind", "key"),
    [
        ("", "all", ""),
        ("g5", "group", "g5"),
        ("T2", "town", "T2"),
        ("岛上镇", "town", "T2"),
        ("岛上", "town", "T2"),
        ("Island", "town", "T2"),
        ("fishing", "cluster", "fishing"),
        ("渔业", "cluster", "fishing"),
        ("yuye", "cluster", "fishing"),
    ],
)
def test_whom_by_id_or_by_any_name(county, whom, kind, key):
    answer = questions.why(county, whom)
    assert (answer.kind, answer.key) == (kind, key)


@pytest.mark.parametrize(("whom", "code"), [("V1", "nobody_of_name"), ("岛上村", "nobody_of_name")])
def test_nobody_of_the_name_is_said(county, whom, code):
    with pytest.raises(StudyError) as caught:
        questions.why(county, whom)
    assert caught.value.faults[0].code == code


def test_a_name_of_two_is_said(toy):
    clusters = toy.clusters.assign(name=["岛上", "针织"])
    found = workflow.reach(dataclasses.replace(toy, clusters=clusters))
    with pytest.raises(StudyError, match="may be any of T2 岛上镇, fishing 岛上"):
        questions.why(found, "岛上")


def test_reasons_of_a_town_sum_to_its_workers(county):
    answer = questions.why(county, "T1")
    assert answer.reasons["n_workers"].to_dict() == {"served": 140, "closed": 100, "out_of_reach": 40, "unknown": 10}
    assert answer.reasons["share_workers"].sum() == pytest.approx(1)
    assert answer.mending.remedies["n_workers_gained"].to_dict() == {
        "extend:V1:weekdays 17:00-19:30": 100,
        "convert:S1": 40,
    }


# ---- two studies


def test_two_studies_measured_differently_are_refused(toy):
    about = dataclasses.replace(toy.about, standard=dataclasses.replace(toy.standard, min_hours_per_week=6.0))
    with pytest.raises(StudyError) as caught:
        questions.compare_studies(toy, dataclasses.replace(toy, about=about))
    assert [(f.column, f.code) for f in caught.value.faults] == [("standard.min_hours_per_week", "unlike_rules")]


def test_two_studies_of_the_same_rules_are_compared(toy):
    fewer = dataclasses.replace(toy, workers=toy.workers.drop("g7"))
    changed = questions.compare_studies(toy, fewer).changed
    assert changed["n_left"].to_dict()["g7"] == 10
    assert changed[["n_gained", "n_lost"]].to_numpy().sum() == 0


def test_faults_of_both_scenarios_are_told_at_once(toy):
    wrong = [Scenario(n, changes=(Change("venues", "remove", n),), file=f"{n}.toml") for n in ("X", "Y")]
    with pytest.raises(StudyError) as caught:
        questions.compare_scenarios(toy, wrong[1], before=wrong[0])
    assert [f.file for f in caught.value.faults] == ["X.toml", "Y.toml"]


# ---- the commands


def test_compare_from_the_command_line(toy_folder, tmp_path):
    scenario = tmp_path / "夜间.toml"
    scenario.write_text(EVENING, "utf-8")
    table, page = tmp_path / "out" / "a.csv", tmp_path / "out" / "a.html"
    out = asked("compare", toy_folder, scenario, "--by", "town", "--out", table, "--map", page)
    assert out.exit_code == 0, out.output
    assert "陆上镇" in out.stdout
    assert "“下班时不开”变为“已服务”：100人" in out.stdout
    assert pd.read_csv(table)["n_gained"].tolist() == [100, 0]
    assert "夜间开放" in page.read_text("utf-8")
    swapped = asked("compare", toy_folder, scenario, scenario, "--format", "json", "--lang", "en")
    assert json.loads(swapped.stdout)[0]["n_gained"] == 0
    as_study = asked("compare", toy_folder, toy_folder, "--format", "json")
    assert json.loads(as_study.stdout)[0]["n_lost"] == 0


def test_compare_refuses_three_scenarios_and_a_bad_one(toy_folder, tmp_path):
    scenario = tmp_path / "a.toml"
    scenario.write_text(EVENING.replace("V1", "V9"), "utf-8")
    out = asked("compare", toy_folder, scenario)
    assert isinstance(out.exception, StudyError)
    assert asked("compare", toy_folder, scenario, scenario, scenario).exit_code == 2
    assert asked("compare", toy_folder, scenario, toy_folder).exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_why_from_the_command_line(toy_folder, lang):
    group = asked("why", toy_folder, "g5", "--lang", lang)
    assert group.exit_code == 0, group.output
    assert "✗" in group.stdout
    assert "丙船队活动室" in group.stdout
    town = asked("why", toy_folder, "T1", "--lang", lang)
    assert town.exit_code == 0, town.output
    assert "老文化宫" in town.stdout
    assert asked("why", toy_folder, "--lang", lang, "--top", 0).exit_code == 0


def test_why_says_the_town_offices_sentence(toy_folder):
    out = asked("why", toy_folder, "陆上").stdout
    assert "陆上镇：290名职工，140名用得上（48.3%）。" in out
    assert "老文化宫工作日延长至19:30" in out


def test_why_for_machines(toy_folder, tmp_path):
    group = json.loads(asked("why", toy_folder, "g1", "--format", "json").stdout)
    assert (group["kind"], group["n_workers"], group["groups"][0]["reason"]) == ("group", 100, "closed")
    assert [r["rung"] for r in group["ladder"]][:3] == ["unknown", "out_of_reach", "closed"]
    assert group["changes"][0]["change_id"] == "extend:V1:weekdays 17:00-19:30"
    whole = json.loads(asked("why", toy_folder, "--format", "json", "--top", 1).stdout)
    assert len(whole["remedies"]) == 1
    assert sum(r["n_workers"] for r in whole["reasons"]) == 340
    out = asked("why", toy_folder, "--format", "csv", "--out", tmp_path / "r.csv")
    assert out.stdout.splitlines()[0].startswith("change_id,action,place_id")
    assert len(pd.read_csv(tmp_path / "r.csv")) == 3


def test_the_folder_and_memory_tell_the_same(toy, toy_folder):
    read = questions.mend(workflow.reach(io.read_study(toy_folder)))
    pd.testing.assert_frame_equal(read.remedies, questions.mend(workflow.reach(toy)).remedies)
