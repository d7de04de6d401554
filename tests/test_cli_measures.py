"""The commands standards, sensitivity, equity and quality, and coverage by other standards."""

from __future__ import annotations

import json
from io import StringIO

import pandas as pd
import pytest

from xsgeo import equity, io, sensitivity, standards, uncertainty, workflow
from xsgeo.datasets import toy_county


def csv(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), index_col=0)


def test_standards_are_listed_without_a_study_and_with_one(run, toy_folder):
    code, out, _ = run("standards")
    assert code == 0
    assert "GB 50180-2018《城市居住区规划设计标准》" in out
    settings = toy_folder / "study.toml"
    own = '\n[standards.park]\nname="园区圈"\nname_en="Park"\nradius_m=400\nsource="本县（2026年）"\n'
    settings.write_text(settings.read_text("utf-8") + own, "utf-8")
    code, out, _ = run("standards", toy_folder, "--format", "json")
    rows = {row["standard_id"]: row for row in json.loads(out)}
    assert list(rows)[:2] == ["walk15", "park"]
    assert rows["park"]["cutoffs"] == "步行5分钟"


def test_sensitivity_prints_the_numbers_of_the_library(run, toy_folder):
    code, out, err = run("sensitivity", toy_folder, "--format", "csv")
    assert code == 0
    expected = sensitivity.sensitivity(io.read_study(toy_folder))
    pd.testing.assert_frame_equal(csv(out), expected, check_dtype=False)
    assert "标准：15分钟职工阵地服务圈" in err
    assert "慢20%，10分钟" in run("sensitivity", toy_folder)[1]


@pytest.mark.parametrize("by", equity.DIMENSIONS)
def test_equity_prints_the_numbers_of_the_library(run, toy_folder, by):
    toy = toy_county()
    groups = workflow.reach(toy).groups
    code, out, err = run("equity", toy_folder, "--by", by, "--format", "csv")
    assert code == 0
    expected = equity.equity(toy.workers, groups, by=by, min_hours_per_week=4, towns=toy.towns)
    pd.testing.assert_frame_equal(csv(out), expected, check_dtype=False)
    assert "标准：" in err
    assert "基尼系数" in run("equity", toy_folder, "--by", by)[1]


def test_equity_writes_the_figure_and_the_table(run, toy_folder, tmp_path):
    figure, table = tmp_path / "图 1.svg", tmp_path / "equity.csv"
    code, _, err = run("equity", toy_folder, "--figure", figure, "--out", table)
    assert code == 0
    assert figure.read_text("utf-8").startswith("<svg")
    assert len(table.read_text("utf-8").splitlines()) == 4
    assert str(figure) in err
    before = figure.read_bytes()
    run("equity", toy_folder, "--figure", figure)
    assert figure.read_bytes() == before


def test_quality_prints_the_headline_with_its_interval(run, toy_folder):
    code, out, err = run("quality", toy_folder, "--draws", 2, "--seed", 3)
    assert code == 0
    assert "随机移动2次（种子3）" in out
    assert "标准：" in err
    code, out, _ = run("quality", toy_folder, "--by", "town", "--draws", 2, "--format", "csv")
    expected = uncertainty.headline(workflow.reach(toy_county()), by="town", draws=2)
    columns = ["share_effective_low", "share_effective_high", "n_draws"]
    assert csv(out)[columns].to_numpy().tolist() == expected[columns].to_numpy().tolist()
    assert run("quality", toy_folder, "--draws", 0)[0] == 2


def test_coverage_by_another_standard_names_it(run, toy_folder):
    code, out, err = run("coverage", toy_folder, "--standard", "gb5", "--format", "csv")
    assert code == 0
    assert "标准：五分钟生活圈（GB 50180-2018）" in err
    assert csv(out)["n_nominal"].tolist() == [160]


def test_coverage_by_all_standards_is_one_table(run, toy_folder):
    code, out, err = run("coverage", toy_folder, "--standard", "all", "--format", "csv")
    assert code == 0
    toy = toy_county()
    known = standards.available(toy.about)
    assert csv(out).index.tolist() == list(known)
    assert err.count("每周可用不少于") == len(known)
    assert "工会驿站500米圈" in run("coverage", toy_folder, "--standard", "all")[1]


def test_coverage_by_two_standards_broken_down_names_each(run, toy_folder, tmp_path):
    asked = ["--standard", "gb10", "--standard", "gb5", "--by", "town"]
    code, out, _ = run("coverage", toy_folder, *asked)
    assert code == 0
    assert out.index("十分钟生活圈") < out.index("五分钟生活圈")
    table = csv(run("coverage", toy_folder, *asked, "--format", "csv", "--out", tmp_path / "t.csv")[1])
    assert table["standard_id"].tolist() == ["gb10", "gb10", "gb5", "gb5"]
    assert (tmp_path / "t.csv").is_file()


def test_an_unknown_standard_is_refused_with_those_there_are(run, toy_folder):
    code, out, err = run("coverage", toy_folder, "--standard", "gb20")
    assert (code, out) == (2, "")
    assert "gb15" in err
    assert "Traceback" not in err
