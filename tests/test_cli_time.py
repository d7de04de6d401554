"""Coverage at a time: a date, a month, a year, on the command line and through a study's own settings and needs."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
from typer.testing import CliRunner

from xsgeo import io, report, workflow
from xsgeo.cli import app
from xsgeo.errors import CalendarError, StudyError
from xsgeo.hours import Calendar

RUNNER = CliRunner()


def ask(folder, *options):
    result = RUNNER.invoke(app, ["coverage", str(folder), *options])
    assert result.exit_code == 0, result.output
    return result


def rows(result):
    return json.loads(result.stdout)


def test_a_date_is_named_with_its_kind_and_its_week(toy_folder):
    said = ask(toy_folder, "--on", "2026-10-10").stderr
    assert "2026-10-10（周六，调休上班日）" in said
    assert "2026-10-05至2026-10-11，其中节假日3天、调休上班1天" in said
    assert "按10月开放时间" in said
    assert "public holiday" in ask(toy_folder, "--on", "2026-10-03", "--lang", "en").stderr


def test_a_holiday_week_serves_fewer_where_rooms_shut(toy_folder):
    """The toy's palace and rooms keep weekday hours; a year's longest break leaves them too few."""
    usual, broken = (rows(ask(toy_folder, "--on", d, "--format", "json"))[0] for d in ("2026-03-11", "2026-02-18"))
    assert usual["n_effective"] == 160
    assert usual["n_workers"] == broken["n_workers"] == 340
    assert broken["n_effective"] <= usual["n_effective"]


def test_a_month_gives_what_the_standard_of_that_month_gives(toy_folder):
    row = rows(ask(toy_folder, "--month", "5", "--format", "json"))[0]
    assert row["n_effective"] == 160
    assert 0 <= row["n_effective_present"] <= row["n_present"]


def test_a_year_has_twelve_months_and_their_average(toy_folder):
    result = ask(toy_folder, "--year", "--format", "json")
    table = pd.DataFrame(rows(result)).set_index("month")
    assert table.index.tolist() == [*range(1, 13), "year"]
    months = table.loc[list(range(1, 13))]
    assert table.loc["year", "n_present"] == pytest.approx(months["n_present"].mean())
    assert table.loc["year", "share_effective"] == pytest.approx(
        months["n_effective"].sum() / months["n_present"].sum()
    )
    assert "1-12月" in result.stderr
    assert "全年" in ask(toy_folder, "--year").stdout
    towns = rows(ask(toy_folder, "--year", "--by", "town", "--format", "json"))
    assert sum(t["n_present"] for t in towns) == pytest.approx(table.loc["year", "n_present"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--on", "2026-10-03", "--month", "5"), "--on"),
        (("--year", "--month", "5"), "--year"),
        (("--year", "--by", "reason"), "--year"),
        (("--on", "3 October"), "3 October"),
        (("--on", "2026-10-03", "--standard", "all"), "--on"),
        (("--month", "13"), "--month"),
    ],
)
def test_a_question_without_an_answer_is_refused(toy_folder, options, words):
    result = RUNNER.invoke(app, ["coverage", str(toy_folder), *options])
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_year_nobody_has_announced_is_refused(toy_folder):
    result = RUNNER.invoke(app, ["coverage", str(toy_folder), "--on", "2027-05-01"])
    assert isinstance(result.exception, CalendarError)
    assert result.exception.year == 2027
    assert not result.stdout


def test_a_study_states_its_typhoons_and_closures(toy_folder):
    path = toy_folder / "study.toml"
    text = path.read_text("utf-8")
    shut = 'closures = [{ venue_id = "V1", first = 2026-08-01, last = "2026-08-31" }]'
    path.write_text(f"{text}\n[calendar]\ntyphoon_stops = [2026-08-12]\n{shut}\n", "utf-8")
    study = io.read_study(toy_folder)
    assert study.about.calendar == Calendar(
        typhoon_stops=("2026-08-12",), closures=({"venue_id": "V1", "first": "2026-08-01", "last": "2026-08-31"},)
    )
    before, after = (workflow.reach(study, on=date(2026, month, 12)).groups["is_served"] for month in (9, 8))
    assert before["g3"]
    assert not after["g3"]
    assert "台风停航1天" in report.week_words(date(2026, 8, 12), study)
    assert "伏季休渔" in report.week_words(date(2026, 8, 12), study)


@pytest.mark.parametrize(
    "settings",
    [
        'typhoon_stops = ["soon"]',
        "typhoon_stops = 3",
        'closures = ["V1"]',
        "closed = 1",
        'closures = [{ venue = "V1" }]',
    ],
)
def test_a_calendar_that_is_none_is_named(toy_folder, settings):
    path = toy_folder / "study.toml"
    path.write_text(path.read_text("utf-8") + f"\n[calendar]\n{settings}\n", "utf-8")
    with pytest.raises(StudyError) as caught:
        io.read_study(toy_folder)
    assert any(f.column.startswith("calendar") for f in caught.value.faults)


def test_needs_are_read_and_honoured(toy_folder):
    (toy_folder / "needs.csv").write_text(
        "需求编号,产业集群,所需功能,至少几项\nN1,fishing,childcare|shower,1\n", "utf-8"
    )
    study = io.read_study(toy_folder)
    assert study.needs.loc["N1", ["cluster_id", "functions"]].tolist() == ["fishing", "childcare|shower"]
    groups = workflow.reach(study).groups
    fishing = study.workers["cluster_id"] == "fishing"
    assert (groups.loc[fishing, "reason"] != "served").all()
    assert "no_function" in groups.loc[fishing, "reason"].tolist()
    assert groups.loc[~fishing, "is_served"].any()
