"""The classical models on the toy county: every answer against every choice of its sites."""

from __future__ import annotations

import dataclasses
import itertools

import pandas as pd
import pytest
from typer.testing import CliRunner

from xsgeo import classical, workflow
from xsgeo.cli import app
from xsgeo.datasets import toy_county
from xsgeo.errors import PlanError


@pytest.fixture(scope="module")
def seen():
    return workflow.prospect(toy_county())


@pytest.fixture(scope="module")
def answers(seen):
    return {
        (m, n): classical.answer(toy_county(), m, n_sites=n, prospect=seen) for m in classical.MODELS for n in (1, 2, 3)
    }


def every_choice(found, n_sites):
    sites = found.prospect.candidates.index
    for n in range(n_sites + 1):
        yield from itertools.combinations(sites, n)


def times(found, chosen):
    """By how many of the chosen sites each group is covered."""
    pairs = found.pairs[found.pairs["site_id"].isin(chosen)]
    return pairs.groupby("group_id")["site_id"].nunique().reindex(found.weights.index, fill_value=0)


def nearest(found, chosen):
    pairs = found.pairs[found.pairs["site_id"].isin(chosen)]
    return pairs.groupby("group_id")["minutes"].min().reindex(found.weights.index, fill_value=float("inf"))


WORTH = {
    "mclp": lambda f, c: f.weights[times(f, c) > 0].sum(),
    "backup": lambda f, c: f.weights[times(f, c) > 0].sum() + f.weights[times(f, c) > 1].sum(),
    "p-median": lambda f, c: -(nearest(f, c) * f.weights).sum(),
    "p-center": lambda f, c: -nearest(f, c).max(),
}


@pytest.mark.parametrize("n_sites", [1, 2, 3])
@pytest.mark.parametrize("model", sorted(WORTH))
def test_no_choice_of_as_many_sites_is_better(answers, model, n_sites):
    found = answers[model, n_sites]
    best = max(WORTH[model](found, chosen) for chosen in every_choice(found, n_sites))
    assert found.siting.status == "optimal"
    assert found.siting.objective == found.siting.bound == pytest.approx(abs(best))
    assert len(found.siting.chosen) <= n_sites


def test_set_covering_needs_as_few_sites_as_any_choice(answers):
    found = answers["lscp", 1]
    fewest = min(len(c) for c in every_choice(found, 4) if (times(found, c) > 0).all())
    assert found.siting.objective == len(found.siting.chosen) == fewest
    assert (times(found, found.siting.chosen) > 0).all()


def test_seats_limit_how_many_are_covered():
    study = toy_county()
    few = dataclasses.replace(study.about.costs, new_room_capacity=3)
    study = dataclasses.replace(study, about=dataclasses.replace(study.about, costs=few))
    found = classical.answer(study, "capacitated", n_sites=2, must=["build:g1", "convert:S1"])
    # A tenth of the workers come at the same time, so three seats are enough for thirty.
    assert found.siting.objective == 60
    assert classical.chosen_sites(found)["n_workers"].to_dict() == {"build:g1": 30, "convert:S1": 30}


def test_the_pairs_are_those_of_the_plan(seen):
    found = classical.answer(toy_county(), "mclp", prospect=seen)
    covered = found.pairs.groupby("site_id")["group_id"].agg(sorted).to_dict()
    assert covered == {"build:g1": ["g1"], "convert:S1": ["g4"], "open_longer:V1": ["g1"], "share:V3": ["g5"]}
    assert found.weights.to_dict() == {"g1": 100, "g4": 40, "g5": 30}


def test_minutes_go_beyond_the_cut_off():
    found = classical.answer(toy_county(), "p-median", n_sites=1)
    ways = found.pairs.set_index(["group_id", "site_id"])["minutes"]
    # D to C 20, C to B 10, and the ferry takes the island's group over.
    assert ways["g4", "open_longer:V1"] == pytest.approx(30)
    assert ways.max() > 15
    sites = classical.chosen_sites(found)
    assert (sites["mean_min"] * sites["n_workers"]).sum() == pytest.approx(found.siting.objective)


def test_groups_nobody_can_serve_are_named_and_left_out_on_request(seen):
    left = classical.answer(toy_county(), "lscp", must_not=["share:V3"], prospect=seen)
    assert left.unreachable.to_dict() == {"g5": 30}
    assert left.siting.status == "optimal"
    asked = classical.answer(toy_county(), "lscp", must_not=["share:V3"], skip_unreachable=False, prospect=seen)
    assert asked.siting.status == "infeasible"
    assert asked.siting.lacks[["rule", "subject", "amount"]].to_numpy().tolist() == [["uncovered", "g5", 30]]


def test_sites_may_be_asked_for_excluded_and_rationed(seen):
    def chosen(**limits):
        return classical.answer(toy_county(), "mclp", prospect=seen, **limits).siting

    assert "build:g1" in chosen(n_sites=2, must=["build:g1"]).chosen
    assert "open_longer:V1" not in chosen(n_sites=2, must_not=["open_longer:V1"]).chosen
    assert chosen(n_sites=3, most_by={"town_id": {"T1": 1}}).objective == 130
    with pytest.raises(PlanError, match="'build:g9'"):
        chosen(must=["build:g9"])
    with pytest.raises(PlanError, match="'bacop'"):
        classical.answer(toy_county(), "bacop")


def test_what_a_cluster_needs_counts_here_too():
    study = toy_county()
    needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["shower"], "at_least": [float("nan")]})
    found = classical.answer(dataclasses.replace(study, needs=needs), "mclp")
    assert found.unreachable.empty
    assert set(found.pairs.loc[found.pairs["group_id"].isin(["g5", "g6"]), "site_id"]) == {"equip:V3"}


@pytest.mark.parametrize("model", ["mclp", "p-center"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_says_what_was_found_and_how_sure_it_is(toy_folder, tmp_path, model, language):
    out = tmp_path / "out"
    args = ["plan", str(toy_folder), "--model", model, "--sites", "2", "--lang", language, "--out", str(out)]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0
    assert {"zh": "已证明最优", "en": "proven optimal"}[language] in done.stderr
    assert {"mclp": "140", "p-center": "分钟" if language == "zh" else "minutes"}[model] in done.stderr
    assert "老文化宫" in done.stdout
    assert {p.name for p in out.iterdir()} >= {"answer.xlsx", "sites.xlsx", "assignment.xlsx", "unreachable.xlsx"}


def test_the_command_explains_a_question_without_an_answer(toy_folder):
    args = ["plan", str(toy_folder), "--model", "lscp", "--must-not", "share:V3"]
    skipped = CliRunner().invoke(app, args)
    assert skipped.exit_code == 0
    assert "g5" in skipped.stderr
    assert "30人" in skipped.stderr
    asked = CliRunner().invoke(app, [*args, "--no-skip-unreachable"])
    assert asked.exit_code == 2
    assert "无解" in asked.stderr
    assert "g5" in asked.stderr
