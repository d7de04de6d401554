"""A plan over years from a whole study: its promise is what the ladder says when its rooms are really opened."""

from __future__ import annotations

import dataclasses
import io
import itertools
import math
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from xsgeo import phasing, plan_book, plan_report, programme, sharing, workflow
from xsgeo.cli import app
from xsgeo.datasets import toy_county
from xsgeo.errors import PlanError, StudyError
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


def test_seats_make_a_plan_no_better_for_those_whom_no_door_serves(county):
    terms = Terms(budgets=(6.0,))
    question = programme.ask(county, terms, seats=True)
    crowded = county.workers.index[question.prospect.reach.groups["reason"].astype(str) == "crowded"]
    of_them = question.task.groups.isin(crowded)
    seated = phasing.solve(question.task, time_limit_s=30)
    roomy = phasing.solve(dataclasses.replace(question.task, states=()))
    assert of_them.any()
    assert seated.objective <= roomy.bound + 1e-6
    assert seated.objective <= seated.bound + 1e-6


def crowded_toy(**more):
    """The second room holds four, and eight of the dyers' 80 come at once: forty find no seat."""
    toy = toy_county()
    return dataclasses.replace(toy, venues=toy.venues.assign(capacity=[np.nan, 4.0, 30.0], **more))


def test_who_finds_no_seat_today_is_gained_by_whatever_adds_seats():
    toy = crowded_toy()
    question = programme.ask(toy, Terms(budgets=(200.0,)), seats=True)
    before = question.prospect.reach
    assert before.groups["reason"].astype(str)["g2"] == "crowded"
    assert before.seated["g2"] == 0.5
    mine = set(question.covers.loc[question.covers["group_id"] == "g2", "action_id"].str.partition(":")[0])
    assert mine == {"build", "enlarge", "open_longer"}
    made = programme.plan(question)
    assert made.plan.status == "optimal"
    # 100 who find the palace shut, 40 without a seat, 40 too far away, 30 behind the shipowner's door.
    assert made.plan.by_year["n_workers_added"].tolist() == [100 + 40 + 40 + 30]
    assert made.after["reason"].astype(str)["g2"] == "served"
    assert sum(card.n_workers for card in made.cards) == 210
    assert {"crowded": 40, "closed": 100} in [dict(card.reasons) for card in made.cards]


def test_a_full_room_is_no_help_at_the_hours_it_keeps_and_enlarging_it_is():
    toy = crowded_toy()
    # Longer hours only: the dyers are free from six, and the room keeps 18:00-21:00 already.
    costs = CostRules(patterns={"late": "周一至周五 21:00-22:00"}, new_room_capacity=1)
    question = programme.ask(toy, Terms(budgets=(200.0,)), seats=True, costs=costs)
    longer = question.covers[question.covers["action_id"].str.startswith("open_longer:V2")]
    assert longer.empty
    barred = frozenset(s for s in question.actions["site_id"] if s != "enlarge:V2")
    only = programme.plan(programme.ask(toy, Terms(budgets=(200.0,), must_not=barred), seats=True, costs=costs))
    assert only.plan.actions.index.tolist() == ["enlarge:V2|enlarged"]
    assert only.plan.by_year["n_workers_added"].tolist() == [40]
    assert only.after["reason"].astype(str)["g2"] == "served"
    small = programme.plan(
        programme.ask(
            toy,
            Terms(budgets=(200.0,), must_not=barred),
            seats=True,
            costs=dataclasses.replace(costs, enlarged_seats=1),
        )
    )
    # One seat more, a tenth of the people at a time: ten workers.
    assert small.plan.by_year["n_workers_added"].tolist() == [10]
    assert small.after["reason"].astype(str)["g2"] == "crowded"


def test_closing_says_what_it_loses_and_the_ladder_agrees():
    toy = toy_county()
    asked = Terms(budgets=(0.0,), must=frozenset({"close:V2"}), must_not=frozenset({"open_longer:V1"}))
    question = programme.ask(toy, asked, closable=["V2"])
    made = programme.plan(question)
    before = question.prospect.reach.groups["is_served"]
    weights = toy.workers["n_workers"]
    lost = before & ~made.after["is_served"]
    assert lost.any()
    card = next(c for c in made.cards if c.action == "close")
    assert card.n_workers == -int(weights[lost].sum())
    assert sum(card.towns.values()) == sum(card.reasons.values()) == -card.n_workers
    net = int(weights[made.after["is_served"]].sum()) - int(weights[before].sum())
    assert made.plan.by_year["n_workers_added"].iloc[-1] == net
    for language, word in (("zh", "用不上"), ("en", "lose what they have")):
        assert word in plan_report.card_words(card, toy, language=language)
        assert f"{-card.n_workers:,}" in plan_report.plan_words(made.plan, toy.about.costs, language=language)
    assert programme.marked(made)["venues"].loc["V2", "plan_action"] == "close"


@pytest.mark.parametrize(("place", "pair"), [("toy", ("V1", "V2")), ("county", ("V343", "V344"))])
def test_with_seats_whoever_a_closing_sends_elsewhere_needs_a_seat_there(place, pair, county):
    study = crowded_toy() if place == "toy" else county
    question = programme.ask(study, Terms(budgets=(0.0,)), seats=True, closable=pair)
    task, heads, venues = question.task, study.workers["n_workers"], study.venues

    def sitting(shut):
        """From the study itself: take the plaques down, deal out the seats, and count who sits."""
        rooms = sharing.room_labels(venues, study.room_pairs)
        status = venues["status"].mask(rooms.isin(rooms[list(shut)]), "closed")
        found = workflow.reach(dataclasses.replace(study, venues=venues.assign(status=status)), seats=True)
        reasons = found.groups["reason"].astype(str)
        part = found.seated.where(reasons == "crowded", 1.0).where(reasons.isin(["crowded", "served"]), 0.0)
        return float(heads @ part)

    for n in range(3):
        for shut in itertools.combinations(pair, n):
            years = task.actions.index.isin([f"close:{v}|closed" for v in shut]).astype(np.intp)
            told = phasing.counted(task, years)
            assert told.objective == pytest.approx(sitting(shut) - sitting(()), abs=1e-6)
            assert told.actions["n_workers_added"].sum() == pytest.approx(told.objective, abs=max(n, 1) / 2)


def test_with_seats_closing_frees_money_and_the_plan_is_told_in_words():
    toy = crowded_toy()
    fixed = programme.plan(programme.ask(toy, Terms(budgets=(3.0,)), seats=True))
    question = programme.ask(toy, Terms(budgets=(3.0,)), seats=True, closable=["V1"])
    made = programme.plan(question)
    assert made.plan.status == "optimal"
    assert made.plan.objective >= fixed.plan.objective - 1e-6
    forced = programme.ask(
        toy, Terms(budgets=(3.0,), must=frozenset({"close:V1"})), seats=True, closable=["V1"], floor_everywhere=0.0
    )
    closing = programme.plan(forced)
    assert closing.plan.objective <= made.plan.objective + 1e-6
    card = next(c for c in closing.cards if c.action == "close")
    assert card.n_workers <= 0
    assert "关停" in plan_report.card_words(card, toy)
    assert programme.marked(closing)["venues"].loc["V1", "plan_action"] == "close"
    assert not closing.after["is_served"].equals(fixed.after["is_served"])
    assert set(programme.usual_states(forced)) == {"as_is", "gale", "moratorium", "slow_roads"}


def test_of_every_choice_with_closings_the_ladder_serves_what_the_model_says(county):
    workers, venues = county.workers, county.venues
    usual = workers["town_id"].isin(["330225109"])
    small = dataclasses.replace(county, workers=workers[usual])
    here = venues[(venues["town_id"] == "330225109") & (venues["status"] == "open")]
    near = here.index[~sharing.room_labels(county.venues, county.room_pairs)[here.index].duplicated()][:4]
    question = programme.ask(small, Terms(budgets=(4.0,)), closable=list(near))
    task = question.task
    weights = small.workers["n_workers"]
    before = question.prospect.reach.groups["is_served"]
    shut = np.flatnonzero(task.closes)
    assert len(shut) == len(near)
    for code in range(2 ** len(shut)):
        years = np.zeros(len(task.actions), dtype=np.intp)
        years[shut] = [code >> k & 1 for k in range(len(shut))]
        after = programme.apply_plan(question, phasing.counted(task, years))["is_served"]
        expected = int(weights[after].sum()) - int(weights[before].sum())
        assert phasing.counted(task, years).by_year["n_workers_added"].iloc[-1] == expected
    plain = phasing.solve(programme.ask(small, Terms(budgets=(4.0,))).task)
    assert phasing.solve(task).objective >= plain.objective - 1e-6


def test_what_may_be_closed_must_be_open_and_named_once(county):
    terms = Terms(budgets=(5.0,))
    with pytest.raises(PlanError, match="'V-none' cannot be closed"):
        programme.ask(county, terms, closable=["V-none"])
    pairs = pd.DataFrame({"venue_a": ["V1"], "venue_b": ["V2"], "verdict": ["same"]})
    toy = toy_county()
    with pytest.raises(PlanError, match="'V1' and 'V2' hang on one room"):
        programme.ask(dataclasses.replace(toy, room_pairs=pairs), terms, closable=["V1", "V2"])
    with pytest.raises(PlanError, match="'V9' cannot be closed"):
        programme.ask(toy, terms, closable=["V9"], seats=True)


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
    by = asked.covers[asked.covers["group_id"].isin(["g5", "g6"])]["action_id"]
    assert set(by.str.partition("|")[0]) == {"equip:V3"}
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


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--closable", "V9"], ["V9", "V1"]),
        (["--seats", *(f"--closable=V{n}" for n in range(6))], ["最多5处", "写了6处", "32种"]),
        (["--must", "share:V99"], ["share:V99", "open_longer:V1"]),
        (["--budget", "30,40", "--years", "3"], ["2年", "3"]),
        (["--budget", "30,x"], ["30,x", "30,40,30"]),
        (["--budget", "-1"], ["-1", "30,40,30"]),
    ],
)
def test_what_is_badly_asked_is_named_before_anything_is_worked_out(toy_folder, more, told):
    done = CliRunner().invoke(app, ["plan", str(toy_folder), *more])
    assert done.exit_code
    for word in told:
        assert word in str(done.exception)


def edited(folder, table, edit):
    """Change one table of a study: the header and its rows, cell by cell."""
    path = folder / f"{table}.csv"
    rows = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    path.write_text("\n".join(",".join(row) for row in edit(rows)) + "\n", "utf-8")


def moved(to, *, keep_rest=False):
    """Put the first row elsewhere; the others are dropped, or kept."""

    def edit(rows):
        first = [to.get(key, cell) for key, cell in zip(rows[0], rows[1], strict=True)]
        return [rows[0], first, *(rows[2:] if keep_rest else [])]

    return edit


def asked_in_vain(folder, *more):
    done = CliRunner().invoke(app, ["plan", str(folder), *more])
    assert done.exit_code
    return done.exception.text("zh") if isinstance(done.exception, StudyError) else str(done.exception)


def test_two_rows_with_one_id_and_a_building_outside_are_named_with_their_row_and_the_remedy(toy_folder):
    edited(toy_folder, "assets", lambda rows: [*rows, rows[1]])
    told = asked_in_vain(toy_folder)
    for word in ("assets.csv，第2行", "第3行", "asset_id", "S1", "唯一"):
        assert word in told
    edited(toy_folder, "assets", moved({"lon": "122.9"}))
    told = asked_in_vain(toy_folder)
    for word in ("assets.csv，第2行", "lon", "122.9", "核对"):
        assert word in told


def test_a_building_in_the_sea_is_named_with_its_row_and_the_remedy(tmp_path):
    folder = tmp_path / "县"
    shutil.copytree(Path(__file__).parents[1] / "data", folder)
    edited(folder, "assets", moved({"lon": "122.05", "lat": "29.05"}, keep_rest=True))
    told = asked_in_vain(folder)
    for word in ("assets.csv，第2行", "lon", "122.05", "海"):
        assert word in told
    assert told.count("assets.csv") == 1


def test_prices_that_are_missing_are_named_with_a_site_and_where_to_write_them(toy_folder):
    settings = toy_folder / "study.toml"
    settings.write_text(settings.read_text("utf-8") + "[costs]\nonce = {share = 1.0, build = 2.0}\n", "utf-8")
    told = asked_in_vain(toy_folder)
    for word in ("convert_low", "convert:S1", "open_longer:V1", "study.toml", "[costs.once]", "open_longer = "):
        assert word in told
    assert "build" not in told


def test_floors_and_sites_asked_for_go_with_seats(toy_folder):
    done = CliRunner().invoke(
        app,
        ["plan", str(toy_folder), "--budget", "50,50", "--seats", "--floor", "0.5", "--must", "convert:S1",
         "--format", "csv"],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "convert:S1" in done.stdout
    none = CliRunner().invoke(app, ["plan", str(toy_folder), "--budget", "1", "--seats", "--floor", "0.99"])
    assert none.exit_code == 2
    assert "陆上镇" in none.stderr


def test_more_money_never_serves_fewer_in_the_county(county):
    asked = programme.ask(county, Terms(budgets=(3.0, 3.0)))
    last = -1.0
    for scale in (0.5, 1.0, 2.0):
        terms = Terms(budgets=(3.0 * scale, 3.0 * scale))
        found = phasing.solve(dataclasses.replace(asked.task, terms=terms))
        assert found.objective >= last - 1e-6
        last = found.objective


def test_the_command_closes_what_may_be_closed(toy_folder):
    done = CliRunner().invoke(app, ["plan", str(toy_folder), "--budget", "5", "--closable", "V2", "--must", "close:V2"])
    assert done.exit_code == 0, done.stderr
    assert "关停" in done.stdout
    assert "其中关停1处" in done.stderr


def test_ctrl_c_keeps_the_best_so_far_prints_and_writes_it(toy_folder, tmp_path, monkeypatch):
    def stop(_news):
        raise KeyboardInterrupt

    monkeypatch.setattr("xsgeo.cli.plan._hear", lambda _language: stop)
    folder = tmp_path / "out"
    done = CliRunner().invoke(app, ["plan", str(toy_folder), "--budget", "1", "--money", "--out", str(folder)])
    assert done.exit_code == 0, done.stderr
    assert "中途停止" in done.stderr
    assert (folder / "plan.xlsx").is_file()
    assert not (folder / "money.xlsx").exists()


def test_progress_is_told_every_few_seconds_with_what_was_last_known(capsys):
    from xsgeo.cli.plan import _hear
    from xsgeo.siting.watch import Progress

    hear = _hear("zh")
    for seconds, best in ((1.0, 10.0), (6.0, float("nan")), (7.0, 12.0), (13.0, float("nan"))):
        hear(Progress("plan", best, best + 5, seconds))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "最好10人，上界15人" in lines[0]
    assert "最好12人，上界17人" in lines[1]


def test_the_workbook_says_in_words_what_the_plan_says(county, made):
    sites = plan_report.names_of_sites(made.question.prospect.candidates)
    book = plan_book.plan_workbook(made.plan, made.cards, county, {}, sites=sites)
    sheets = pd.read_excel(io.BytesIO(book), sheet_name=None, engine="calamine")
    assert list(sheets) == ["说明", "实施清单", "逐年", "理由卡"]
    done, years, cards = (sheets[name] for name in ("实施清单", "逐年", "理由卡"))
    assert done["新增服务"].tolist() == made.plan.actions["n_workers_added"].tolist()
    assert years["支出（万元）"].tolist() == pytest.approx(made.plan.by_year["spent"].tolist())
    assert cards["理由"].tolist() == [plan_report.card_words(card, county, anchors=sites) for card in made.cards]
    words = "".join(str(v) for sheet in sheets.values() for v in [*sheet.columns, *sheet.to_numpy().ravel()])
    assert "column." not in words
    assert "; " not in words


def test_other_plans_are_told_by_what_is_done_and_not_by_ids(made):
    shared = phasing.in_common([made.plan]).assign(name="宫")
    told = plan_book.alternatives_table(shared, made.question.actions, month=11)
    assert told.index.name == "action"
    assert not any("|" in str(v) for v in told.index)
    assert told["n_plans"].tolist() == shared["n_plans"].tolist()
