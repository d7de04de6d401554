"""Commands about rooms, gaps and plans: what they print, what they write, and what they refuse."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_share_prints_and_writes_every_table(run, toy_folder, tmp_path, lang):
    code, out, err = run("share", toy_folder, "--review", tmp_path / "pairs.xlsx", "--out", tmp_path, "--lang", lang)
    assert code == 0, err
    assert "V1" in out
    names = {p.name for p in tmp_path.glob("*.xlsx")}
    assert {"pairs.xlsx", "opportunities.xlsx", "complements.xlsx", "cross_town.xlsx", "calendar.xlsx"} <= names


def test_the_draft_calendar_is_printed_too(run, toy_folder):
    _, out, _ = run("share", toy_folder)
    assert [line.partition("（前")[0] for line in out.splitlines() if "（前" in line] == [
        "共享潜力", "时段互补", "跨镇使用", "共享日历（草案）",
    ]  # fmt: skip


def test_answers_that_wait_in_a_workbook_are_not_written_over(run, toy_folder, tmp_path):
    path = tmp_path / "复核.xlsx"
    path.write_bytes(b"")
    code, out, err = run("share", toy_folder, "--review", path)
    assert (code, out) == (2, "")
    assert "复核.xlsx" in err
    assert path.read_bytes() == b""
    assert run("share", toy_folder, "--review", tmp_path / "pairs.csv")[0] == 2


def test_a_verdict_that_is_no_verdict_is_one_message(run, toy_folder, tmp_path):
    path = tmp_path / "复核.csv"
    path.write_text("阵地甲编号,阵地乙编号,是否同一处\nV1,V9,是\n", "utf-8")
    code, _, err = run("share", toy_folder, "--confirm", path)
    assert code == 2
    assert "复核.csv，第2行，“阵地乙编号”列" in err
    assert "Traceback" not in err


def test_verdicts_are_confirmed_from_the_command(run, toy_folder, tmp_path):
    path = tmp_path / "复核.csv"
    path.write_text("阵地甲编号,阵地乙编号,是否同一处\nV1,V2,是\n", "utf-8")
    code, _, err = run("share", toy_folder, "--confirm", path)
    assert code == 0
    assert (toy_folder / "room_pairs.csv").read_text("utf-8").splitlines()[1].startswith("V1+V2,V1,V2,same")
    assert "同一处1对" in err


def test_check_refuses_verdicts_that_contradict_each_other(run, toy_folder):
    assert run("check", toy_folder)[0] == 0
    rows = ["pair_id,venue_a,venue_b,verdict", "V1+V2,V1,V2,same", "V2+V3,V2,V3,same", "V1+V3,V1,V3,different"]
    (toy_folder / "room_pairs.csv").write_text("\n".join(rows) + "\n", "utf-8")
    code, out, err = run("check", toy_folder)
    assert code == 2
    assert "V1+V3" in err
    assert "没有问题" not in out


@pytest.mark.parametrize("method", ["dbscan", "hdbscan", "kmeans"])
def test_gaps_by_every_method(run, toy_folder, method):
    code, out, err = run("gaps", toy_folder, "--method", method, "--min-workers", 20, "--format", "json")
    assert code == 0, err
    assert sum(row["n_workers"] for row in json.loads(out)) > 0


def test_the_sensitivity_of_gaps_is_a_table(run, toy_folder):
    code, out, err = run("gaps", toy_folder, "--sensitivity", "--min-workers", 20, "--lang", "en")
    assert code == 0
    assert "dbscan 5 min 20" in out
    assert "agreement is 1 for the same gaps" in err
    assert "1.00" in out


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_plan_says_what_it_costs_and_how_sure_it_is(run, toy_folder, tmp_path, lang):
    asked = ("--budget", "5,5", "--years", 2, "--alternatives", 2, "--money", "--ways", "--robust")
    code, out, err = run("plan", toy_folder, *asked, "--out", tmp_path / "方 案", "--lang", lang)
    assert code == 0, err
    assert "0.00%" in err
    names = {p.name for p in (tmp_path / "方 案").glob("*.xlsx")}
    assert {"plan.xlsx", "years.xlsx", "cards.xlsx", "money.xlsx", "ways.xlsx", "regret.xlsx"} <= names
    assert {"venues_with_plan.xlsx", "assets_with_plan.xlsx", "workers_with_plan.xlsx"} <= names
    assert "{" not in out


def test_a_plan_as_json_is_its_actions(run, toy_folder):
    code, out, _ = run("plan", toy_folder, "--budget", "30", "--format", "json")
    assert code == 0
    assert {row["year"] for row in json.loads(out)} == {1}


@pytest.mark.parametrize("wrong", [("--budget", "30;40"), ("--budget", "30,40", "--years", "3"), ("--budget", "-3")])
def test_a_budget_that_cannot_be_read_is_one_message(run, toy_folder, wrong):
    code, out, err = run("plan", toy_folder, *wrong)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_a_floor_nobody_can_reach_is_explained(run, toy_folder):
    code, out, err = run("plan", toy_folder, "--budget", "1", "--floor", "1")
    assert (code, out) == (2, "")
    assert "没有方案能同时满足" in err
