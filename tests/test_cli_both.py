"""Both languages at once: each sentence says each language once, whatever words it is made of."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xsgeo.catalogue import WORDS, Both, either, listed, say
from xsgeo.cli import app
from xsgeo.schemas import TABLES

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
CHANGE = '[[change]]\ntable = "venues"\naction = "set"\nid = "V1"\nopen_hours = "周一至周五 8:00-21:00"\n'
EVENING = f'title = "夜间开放"\ntitle_en = "Evenings"\n{CHANGE}'
ASKED = (
    ["coverage", "--by", "town", "--on", "2026-10-03"],
    ["coverage", "--standard", "all"],
    ["coverage", "--seats"],
    ["gaps", "--min-workers", "1"],
    ["why"],
    ["why", "g1"],
    ["compare", "evening.toml", "--by", "town"],
    ["equity"],
    ["quality", "--draws", "2"],
    ["sensitivity"],
    ["standards"],
)


def lines_of(*words: object) -> list[str]:
    answer = CliRunner().invoke(app, [str(w) for w in words])
    return [line for line in (answer.stdout + answer.stderr).splitlines() if line.strip()]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_a_sentence_in_both_languages_says_each_of_them_once(words, toy_folder):
    (toy_folder / "evening.toml").write_text(EVENING, "utf-8")
    command, *rest = [toy_folder / w if w.endswith(".toml") else w for w in words]
    lines = lines_of(command, toy_folder, *rest, "--lang", "both")
    assert lines
    sentences = [line for line in lines if "  " not in line.strip()]  # each cell of a table is said in both
    assert [line for line in sentences if line.count(" / ") > 1] == []


def test_so_does_every_fault(tmp_path):
    lines = lines_of("check", SAMPLES, "--lang", "both")
    assert [line for line in lines if "row" in line and line.count(" / ") > 1 and "  " not in line] == []


def test_texts_in_both_languages_are_taken_apart_and_kept():
    town = either("石浦镇", "Shipu", "both")
    assert (town, either("", "", "zh"), either("甲", "甲", "both")) == ("石浦镇 / Shipu", "", "甲")
    assert listed([town, "A1"], "both") == "石浦镇、A1 / Shipu, A1"
    flow = say("compare.flow", "both", before=town, after=town, n=5)
    assert flow == "“石浦镇”变为“石浦镇”：5人 / Shipu to Shipu: 5 workers"
    again = pickle.loads(pickle.dumps(town))  # noqa: S301  # our own bytes
    assert isinstance(again, Both)
    assert (again, again.zh, again.en) == (town, "石浦镇", "Shipu")
    assert str(Both("甲\n乙", "A\nB")) == "甲\n乙\nA\nB"


def test_several_standards_are_told_once_each_and_their_date_once(toy_folder):
    said = CliRunner().invoke(app, ["coverage", str(toy_folder), "--standard", "all"]).stderr
    assert said.count("数据日期2026-01-01") == 1
    assert said.count("十分钟生活圈") == said.count("工会驿站500米圈") == 1


def test_a_change_of_a_share_is_in_points(toy_folder):
    (toy_folder / "evening.toml").write_text(EVENING, "utf-8")
    head, row, *_ = lines_of("compare", toy_folder, toy_folder / "evening.toml")
    assert "覆盖率增减(百分点)" in head
    assert "+29.4" in row.split()  # 160 of 340 before, 260 after
    assert "29.4%" not in row


def test_every_table_has_a_name_in_words():
    assert [name for name in TABLES if f"table.{name}" not in WORDS] == []
