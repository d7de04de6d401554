"""Tables as planners read them."""

from __future__ import annotations

import pytest

from xsgeo import report, workflow


@pytest.mark.parametrize(
    ("by", "zh", "en"),
    [
        (None, ["全部"], ["all"]),
        ("town", ["陆上镇", "岛上镇"], ["Mainland", "Island"]),
        ("cluster", ["渔业", "针织"], ["Fishing", "Knitting"]),
        ("shift", ["在岸", "白班", "两班倒夜班"], ["ashore", "day shift", "two-shift, night"]),
        ("means", ["步行"], ["walk"]),
        ("place", ["厂区"], ["workplace"]),
    ],
)
def test_rows_have_names_in_both_languages(toy, by, zh, en):
    table = workflow.coverage_table(workflow.reach(toy), by=by)
    assert report.coverage_table(table, toy, language="zh").index.tolist() == zh
    assert report.coverage_table(table, toy, language="en").index.tolist() == en


def test_reasons_stand_in_the_order_they_are_tried(toy):
    table = workflow.coverage_table(workflow.reach(toy), by="reason")
    assert report.coverage_table(table, toy).index.tolist() == [
        "位置不明",
        "路太远",
        "下班时不开",
        "不对其开放",
        "功能不符",
        "容纳不下",
        "已服务",
    ]


def test_the_standard_is_named_with_cutoffs_hours_month_and_date(toy):
    words = report.standard_words(toy, language="en")
    assert "15 min by walk" in words
    assert "at least 4 usable hours" in words
    assert "2026-01-01, demonstration data" in words
    assert "每周可用不少于4小时，按11月开放时间" in report.standard_words(toy)


def test_a_plan_says_its_bound_gap_and_status(toy):
    plan = workflow.analyse(toy, n_sites=1).plan
    assert report.plan_words(plan).startswith("选1处，新增服务100人；上界100人，最优性间隙0.00%，已证明最优")


def test_proposals_name_towns_and_clusters_with_counts(toy):
    row = report.proposal_table(workflow.analyse(toy, n_sites=1).plan, toy, language="en").iloc[0]
    assert (row["action"], row["towns"], row["clusters"], row["reason"]) == (
        "open longer", "Mainland 100", "Knitting 100", "closed when free",
    )  # fmt: skip
