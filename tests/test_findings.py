"""Measures in the words a planner reads, in both languages."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest

from xsgeo import equity, findings, sensitivity, standards, uncertainty, workflow


@pytest.fixture
def reach(toy):
    return workflow.reach(toy)


def table_of(reach, by):
    study = reach.study
    return equity.equity(study.workers, reach.groups, by=by, min_hours_per_week=4, towns=study.towns)


def said_of(reach, by, **options):
    study = reach.study
    size = study.workers["employer_id"].map(study.employers["n_workers"])
    summary = equity.summary(study.workers, reach.groups, by=by, min_hours_per_week=4, towns=study.towns, rank_by=size)
    return findings.equity_text(summary, table_of(reach, by), study, **options)


@pytest.mark.parametrize(
    ("by", "zh", "en"),
    [
        ("town", ["岛上镇", "陆上镇", "全部"], ["Island", "Mainland", "all"]),
        ("cluster", ["渔业", "针织", "全部"], ["Fishing", "Knitting", "all"]),
        ("shift", ["在岸", "白班", "两班倒夜班", "全部"], ["ashore", "day shift", "two-shift, night", "all"]),
        ("sex", ["男职工", "女职工", "全部"], ["men", "women", "all"]),
        ("age", ["35岁及以上", "35岁以下", "全部"], ["35 and over", "under 35", "all"]),
        ("island", ["海岛镇乡", "陆上镇乡", "全部"], ["island towns", "mainland towns", "all"]),
    ],
)
def test_rows_have_names_in_both_languages(reach, by, zh, en):
    table = table_of(reach, by)
    assert findings.equity_table(table, reach.study).index.tolist() == zh
    assert findings.equity_table(table, reach.study, language="en").index.tolist() == en


def test_equity_is_said_with_the_worst_off_and_the_cause(reach):
    said = said_of(reach, "town")
    assert "最薄弱的是岛上镇：有效覆盖率40.0%，全部为47.1%" in said
    assert "每周不足4小时的职工占51.5%" in said
    assert "缺口最大的是陆上镇，占全部缺口的82.4%（职工占85.3%）" in said
    assert "按用人单位规模由小到大排序的集中指数+0.001：与单位大小基本无关" in said
    assert "位置不明的10名职工" in said
    english = said_of(reach, "sex", language="en")
    assert not re.search(r"[\u4e00-\u9fff]", english)
    assert "Gini" in english


def test_where_nobody_has_an_hour_there_is_no_figure_and_no_spread(toy):
    shut = dataclasses.replace(toy, venues=toy.venues.assign(open_hours=""))
    reach = workflow.reach(shut)
    assert findings.lorenz_figure(toy.workers, reach.groups, table_of(reach, "town"), toy) == ""
    said = said_of(reach, "town")
    assert "帕尔玛" not in said
    assert "每周不足4小时的职工占100.0%" in said


def test_the_figure_names_the_whole_the_parts_and_the_standard(reach):
    svg = findings.lorenz_figure(reach.study.workers, reach.groups, table_of(reach, "shift"), reach.study)
    assert svg.count("<polyline") == 4
    assert ">全部 0.6" in svg
    assert "标准：15分钟职工阵地服务圈" in svg
    assert "演示数据" in svg


def test_sensitivity_rows_say_speed_and_minutes(toy):
    table = sensitivity.sensitivity(toy)
    shown = findings.sensitivity_table(table)
    assert shown.index[:1].tolist() == ["慢20%，10分钟"]
    assert shown.index[shown["is_standard"] == "是"].tolist() == ["原速，15分钟"]
    assert findings.sensitivity_table(table, language="en").index[-1] == "20% faster, 30 min"


def test_standards_are_listed_with_their_sources():
    text = findings.standards_text(standards.available())
    assert "gb10  十分钟生活圈（GB 50180-2018）：步行10分钟，每周可用不少于4小时" in text
    assert "station500  工会驿站500米圈：步行6.25分钟，每周可用不少于4小时，须有休息" in text
    assert text.count("出处：") == len(standards.available())
    table = findings.standards_table(standards.available(), language="en")
    assert table.at["station500", "functions"] == "rest"
    assert not re.search(r"[\u4e00-\u9fff]", table.to_csv())


def test_quality_is_said_beside_the_number(reach):
    facts, interval = uncertainty.quality(reach), uncertainty.headline(reach, draws=3)
    said = findings.quality_text(facts.loc["all"], interval.loc["all"])
    assert "有效覆盖率47.1%。0处位置在各自精度范围内随机移动3次（种子1）" in said
    assert "另有2.9%的职工位置不明" in said
    assert "也不超过50.0%" in said
    assert "100%的结果用到估计或合成数据" in said
    shown = findings.quality_table(facts, interval, reach.study)
    assert shown.at["全部", "interval"] == "47.1%—47.1%"
    by_town = findings.quality_table(
        uncertainty.quality(reach, by="town"),
        uncertainty.headline(reach, by="town", draws=1),
        reach.study,
        language="en",
    )
    assert by_town.index.tolist() == ["Mainland", "Island"]
    assert by_town.at["Island", "interval"] == "40.0% to 40.0%"


def test_several_standards_have_their_names(toy):
    known = {"gb5": standards.named("gb5")}
    table = sensitivity.standards_table(sensitivity.by_standard(toy, known.values()))
    assert findings.by_standard_table(table, known).index.tolist() == ["五分钟生活圈（GB 50180-2018）"]
    assert isinstance(findings.by_standard_table(table, known, language="en"), pd.DataFrame)
