"""Seats counted on the command line, sentences said in both languages, and questions that nobody answers to."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from xsgeo import explain, io, questions, report, scenarios
from xsgeo.cli import app
from xsgeo.errors import PageError, StudyError
from xsgeo.scenarios import Change, Scenario

RUNNER = CliRunner()


@pytest.fixture
def full_folder(toy_folder):
    """The toy county with two seats in V2, which 80 people, a tenth at a time, want; and nobody knows V1's."""
    path = toy_folder / "venues.csv"
    rows = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    at = rows[0].index("capacity")
    for row in rows[1:]:
        row[at] = {"V1": "", "V2": "2"}.get(row[0], row[at])
    path.write_text("\n".join(map(",".join, rows)) + "\n", "utf-8")
    return toy_folder


def ask(*options):
    return RUNNER.invoke(app, list(map(str, options)))


def test_seats_are_counted_when_asked_for_and_what_was_assumed_is_said(full_folder):
    plain = ask("coverage", full_folder)
    assert "容纳不下" not in plain.stdout  # a nought there would say that no room is full
    assert "容纳不下" not in ask("coverage", full_folder, "--by", "reason").stdout
    counted = ask("coverage", full_folder, "--seats")
    assert "容纳不下" in counted.stdout
    assert "有空职工的10%" in counted.stderr
    assert "3间中有1间没有填容纳人数" in counted.stderr
    row = json.loads(ask("coverage", full_folder, "--seats", "--format", "json").stdout)[0]
    assert row["n_crowded"] == 80
    assert row["n_effective"] == 80
    reasons = ("unknown", "out_of_reach", "closed", "not_shared", "no_function", "crowded", "served")
    assert sum(row[f"n_{reason}"] for reason in reasons) == row["n_workers"]


@pytest.mark.parametrize("more", [["--year"], ["--standard", "all"]])
def test_seats_go_with_one_week_and_one_standard(toy_folder, more):
    result = ask("coverage", toy_folder, "--seats", *more)
    assert result.exit_code == 2
    assert "--seats" in result.stderr


def test_a_sentence_in_both_languages_says_each_once(toy):
    said = report.standard_words(toy, language="both")
    assert said == f"{report.standard_words(toy)} / {report.standard_words(toy, language='en')}"
    assert said.count("15 min by walk") == said.count("步行15分钟") == 1


def test_why_and_compare_count_seats_when_asked(full_folder):
    plain, counted = (ask("why", full_folder, *more) for more in ([], ["--seats"]))
    assert "座位" not in plain.stdout
    assert "老文化宫" in plain.stdout
    assert "职工之家一带再添6个座位" in counted.stdout
    assert "会被挤掉" in counted.stdout
    assert "有空职工的10%" in counted.stderr
    scenario = full_folder / "more.toml"
    change = '[[change]]\ntable = "venues"\naction = "set"\nid = "V2"\ncapacity = 8\n'
    scenario.write_text(f'title = "添座"\n{change}', "utf-8")
    gained = [
        json.loads(ask("compare", full_folder, scenario, *more, "--format", "json").stdout)[0]["n_gained"]
        for more in ([], ["--seats"])
    ]
    assert gained == [0, 80]


def test_a_name_that_nobody_has_is_told_before_anything_is_searched(toy):
    with pytest.raises(StudyError, match="no group, town or cluster"):
        questions.whose(toy, "无此地")


def test_a_comparison_names_its_sides_and_says_when_nothing_happens(toy_folder):
    scenario = toy_folder / "gale.toml"
    scenario.write_text('title = "大风"\n[when]\ngale = true\n', "utf-8")
    result = ask("compare", toy_folder, scenario)
    assert "“现状”改为“大风”" in result.stderr
    assert "没有职工受益或受损" in result.stdout
    sides = (("现状", "As it is"), ("大风", "Gale"))
    assert explain.sides_line(sides, language="en") == 'From "As it is" to "Gale":'


def test_no_chinese_is_left_in_an_english_message(toy):
    set_hours = Change("venues", "set", "V9", (("open_hours", "全天"),))
    wrong = Scenario("x", changes=(set_hours, Change("venue", "put", "V1")))
    with pytest.raises(StudyError) as caught:
        scenarios.apply(toy, wrong)
    said = caught.value.text("en").replace("全天", "")
    assert not any("\u4e00" <= letter <= "\u9fff" or letter == "、" for letter in said), said
    assert "table venues" in said
    assert "阵地" in caught.value.text("zh")


def test_a_file_named_as_something_else_is_refused_before_anything_is_worked_out(toy_folder, tmp_path):
    scenario = toy_folder / "same.toml"
    scenario.write_text('title = "同"\n', "utf-8")
    picture, page = tmp_path / "a.png", tmp_path / "a.txt"
    for asked in (["equity", toy_folder, "--figure", picture], ["compare", toy_folder, scenario, "--map", page]):
        result = ask(*asked)
        assert result.exit_code == 2
        assert "结尾" in result.stderr
        assert not result.stdout
    assert not picture.exists()
    assert not page.exists()


def test_a_scenario_leaves_somebody_to_ask_about(toy):
    gone = tuple(Change("workers", "remove", group) for group in toy.workers.index)
    with pytest.raises(StudyError, match="no group of workers is left"):
        scenarios.apply(toy, Scenario("空", changes=gone))
    left = scenarios.apply(toy, Scenario("余", changes=gone[1:]))
    assert left.workers.index.tolist() == ["g1"]


def test_a_map_that_cannot_be_drawn_leaves_no_table_behind(toy_folder, tmp_path, monkeypatch):
    scenario = toy_folder / "same.toml"
    scenario.write_text('title = "同"\n', "utf-8")

    def broken(*_args, **_options):
        raise PageError("no")

    monkeypatch.setattr("xsgeo.maps.render_comparison", broken)
    result = ask("compare", toy_folder, scenario, "--out", tmp_path / "a.csv", "--map", tmp_path / "a.html")
    assert isinstance(result.exception, PageError)
    assert not list(tmp_path.glob("a.*"))


def test_a_day_that_is_none_is_named_whole(toy_folder):
    settings = toy_folder / "study.toml"
    settings.write_text(settings.read_text("utf-8") + '[calendar]\ntyphoon_stops = ["2026-02-30"]\n', "utf-8")
    with pytest.raises(StudyError) as caught:
        io.read_study(toy_folder)
    assert "“2026-02-30”" in caught.value.text("zh")
    assert "应为日期" in caught.value.text("zh")
