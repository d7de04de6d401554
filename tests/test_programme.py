"""A plan over years from a whole study: its promise is what the ladder says when its rooms are really opened."""

from __future__ import annotations

import dataclasses
import io
import math

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from xsgeo import phasing, plan_report, programme
from xsgeo.cli import app
from xsgeo.datasets import toy_county
from xsgeo.errors import PlanError
from xsgeo.phasing import InfeasibleError, Terms
from xsgeo.phasing.cards import OBSTACLES
from xsgeo.settings import CostRules


@pytest.fixture(scope="module")
def county(demonstration):
    # Groups of three towns are enough to show every part, and take a tenth of the time.
    workers = demonstration.workers
    some = workers[workers["town_id"].isin(["330225104", "330225109", "330225107"])]
    return dataclasses.replace(demonstration, workers=some)


@pytest.fixture(scope="module")
def made(county):
    return programme.plan(programme.ask(county, Terms(budgets=(6.0, 8.0))))


def test_everybody_the_plan_promises_is_served_when_its_rooms_open(made):
    workers = made.question.prospect.reach.study.workers
    before = made.question.prospect.reach.groups["is_served"]
    promised = made.plan.served_from[made.plan.served_from > 0].index
    assert made.after["is_served"].loc[promised].all()
    assert (made.after["is_served"] | ~before).all()
    won = made.after["is_served"] & ~before
    assert int(workers["n_workers"][won].sum()) >= made.plan.by_year["n_workers_added"].iloc[-1]


def test_each_year_keeps_its_promise(made):
    for year in made.plan.by_year.index:
        now = programme.apply_plan(made.question, made.plan, year=int(year))["is_served"]
        due = made.plan.served_from[(made.plan.served_from > 0) & (made.plan.served_from <= year)].index
        assert now.loc[due].all()


def test_cards_add_up_and_say_what_is_lost(made):
    assert sum(card.n_workers for card in made.cards) == made.plan.by_year["n_workers_added"].iloc[-1]
    assert [card.action_id for card in made.cards] == made.plan.actions.index.tolist()
    end = made.plan.by_year["n_workers_added"].iloc[-1]
    question = made.question
    for card in made.cards:
        assert sum(card.towns.values()) == sum(card.reasons.values()) == card.n_workers
        assert set(card.obstacles) <= set(OBSTACLES)
        assert card.hours_after > card.hours_before
        assert card.minutes_after <= 15 + 1e-6
        others = set(made.plan.actions.index) - {card.action_id}
        still = set(question.covers.loc[question.covers["action_id"].isin(others), "group_id"])
        weights = question.prospect.reach.study.workers["n_workers"]
        assert card.n_lost == end - int(weights.loc[sorted(still)].sum())


def test_the_next_best_site_is_the_best_of_every_exchange(made):
    question, plan = made.question, made.plan
    weights = question.prospect.reach.study.workers["n_workers"]
    spent = plan.by_year["spent"].to_numpy()
    taken_sites = set(plan.actions["site_id"])
    members = question.covers.groupby("action_id")["group_id"].agg(set).to_dict()
    end = plan.by_year["n_workers_added"].iloc[-1]
    for card in made.cards[:3]:
        others = set(plan.actions.index) - {card.action_id}
        best = None
        for other, row in question.actions.iterrows():
            if row["site_id"] in taken_sites:
                continue
            more = np.array(
                [row["cost_once"] * (t == card.year) + row["cost_per_year"] * (t >= card.year) for t in (1, 2)]
            )
            own = np.array([card.cost_once * (t == card.year) + card.cost_per_year * (t >= card.year) for t in (1, 2)])
            if (spent - own + more > spent + 1e-9).any():
                continue
            served = set().union(*(members.get(a, set()) for a in others | {other}))
            n = int(weights.loc[sorted(served)].sum())
            alone = n - int(weights.loc[sorted(set().union(*(members.get(a, set()) for a in others)))].sum())
            if alone > 0:
                best = n if best is None else max(best, n)
        assert (card.next_best != "") == (best is not None)
        if best is not None:
            assert card.n_next_best == max(0, end - best)


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_cards_and_lists_are_words_from_figures(made, language):
    study = made.question.prospect.reach.study
    names = plan_report.names_of_sites(made.question.prospect.candidates)
    for card in made.cards:
        text = plan_report.card_words(card, study, language=language, anchors=names)
        assert f"{card.n_workers:,}" in text
        assert "{" not in text
        assert "nan" not in text
    table = plan_report.plan_table(made.plan, study, language=language)
    assert table["n_workers_added"].sum() == made.plan.by_year["n_workers_added"].iloc[-1]
    assert "%" in plan_report.plan_words(made.plan, study.about.costs, language=language)
    rows = plan_report.card_table(made.cards)
    assert rows.index.tolist() == made.plan.actions.index.tolist()


def test_the_study_gets_its_own_tables_back(made, county):
    tables = programme.marked(made)
    assert set(tables["venues"].columns) - set(county.venues.columns) == {
        "plan_year", "plan_action", "plan_hours", "plan_workers",
    }  # fmt: skip
    assert tables["venues"].index.equals(county.venues.index)
    done = tables["venues"]["plan_year"] > 0
    rooms = made.plan.actions["action"].isin(["open_longer", "share"])
    assert done.sum() == rooms.sum()
    assert (tables["workers"]["reason_after"] == "served").sum() >= (
        tables["workers"]["reason_before"] == "served"
    ).sum()


def test_seats_make_a_plan_no_better(county):
    terms = Terms(budgets=(6.0,))
    roomy = phasing.solve(programme.ask(county, terms).task)
    seated = phasing.solve(programme.ask(county, terms, seats=True).task, time_limit_s=30)
    assert seated.objective <= roomy.bound + 1e-6


def test_a_floor_nobody_can_reach_says_by_how_much(county):
    question = programme.ask(county, Terms(budgets=(1.0,)), floor_everywhere=0.999)
    with pytest.raises(InfeasibleError) as caught:
        programme.plan(question)
    text = plan_report.lack_words(caught.value, county)
    assert "没有方案" in text
    assert any(word in text for word in ("贤庠镇", "大徐镇", "定塘镇", "不够"))


def test_a_price_that_is_missing_is_named(county):
    with pytest.raises(PlanError, match=r"costs.once"):
        programme.ask(county, Terms(budgets=(5.0,)), costs=CostRules(once={"share": 1.0}))


def test_a_plan_without_money_does_nothing_and_says_so(county):
    made = programme.plan(programme.ask(county, Terms(budgets=(0.0, 0.0))))
    assert made.plan.actions.empty
    assert made.plan.status == "optimal"
    assert plan_report.card_table(made.cards).empty
    assert math.isclose(made.plan.objective, 0)


def test_what_a_cluster_needs_is_promised_only_where_it_is_kept():
    # The island's seamen ask for a shower, which the shipowner's room has not; the knitters ask for nothing.
    toy = toy_county()
    needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["shower"], "at_least": [np.nan]})
    plain = programme.ask(toy, Terms(budgets=(200.0,)))
    asked = programme.ask(dataclasses.replace(toy, needs=needs), Terms(budgets=(200.0,)))
    assert "g5" in set(plain.covers["group_id"])
    assert not {"g5", "g6"} & set(asked.covers["group_id"])
    for question in (plain, asked):
        made = programme.plan(question)
        promised = made.plan.served_from.index[made.plan.served_from > 0]
        before = question.prospect.reach.groups["is_served"]
        won = made.after.index[made.after["is_served"] & ~before]
        assert sorted(won) == sorted(promised)
    # Equipped with one, it serves them again.
    venues = toy.venues.assign(functions=["reading", "reading", "reading|shower"])
    mended = programme.ask(dataclasses.replace(toy, needs=needs, venues=venues), Terms(budgets=(200.0,)))
    assert "g5" in set(mended.covers["group_id"])


def test_sharing_the_hours_a_room_keeps_costs_no_staff():
    actions = programme.ask(toy_county(), Terms(budgets=(5.0,))).actions
    # The shipowner's room is open all day; to let others in is one action, whatever the pattern.
    shared = actions[actions["site_id"] == "share:V3"]
    assert len(shared) == 1
    assert shared["cost_per_year"].tolist() == [0.0]


def test_the_command_rations_towns_and_owners_and_takes_sites_asked_for(toy_folder):
    def sites(*more):
        done = CliRunner().invoke(app, ["plan", str(toy_folder), "--budget", "200", "--format", "csv", *more])
        assert done.exit_code == 0, done.stderr
        return sorted(pd.read_csv(io.StringIO(done.stdout))["site_id"])

    assert sites() == ["convert:S1", "open_longer:V1", "share:V3"]
    assert sites("--must-not", "open_longer:V1") == ["build:g1", "convert:S1", "share:V3"]
    assert sites("--most-in", "陆上镇=1") == ["open_longer:V1", "share:V3"]
    assert sites("--most-per-owner", "0") == ["build:g1"]
    assert sites("--sites", "1", "--must", "convert:S1") == ["convert:S1"]
    bad = CliRunner().invoke(app, ["plan", str(toy_folder), "--most-in", "nowhere=1"])
    assert "nowhere=1" in str(bad.exception)
