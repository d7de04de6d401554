"""The page of a plan: it says what the plan says, no more of anybody than may be said, and works without a network."""

from __future__ import annotations

import base64
import dataclasses
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.hostile import TEXTS, infest
from tests.test_axe import OPEN, violations
from tests.test_maps import block
from tests.test_maps_audience import CANARY, said
from tests.test_naughty import constant
from tests.test_pages import browser, painted, visit  # noqa: F401  # fixtures
from xsgeo import maps, programme, workflow
from xsgeo.cli import app
from xsgeo.errors import PageError
from xsgeo.maps import PublishRules, plan_counts, publish
from xsgeo.phasing import Terms

RULES = PublishRules()
MONEY = pd.DataFrame(
    {"budget": [0.0, 20.0, 40.0], "n_workers_most": [0, 9321, 15432], "gap_most": 0.0},
    index=pd.Index([0.0, 0.5, 1.0], name="scale"),
)


TIMES = 8


def crowded(study):
    """The study with each group parted among so many employers, which may be counted."""
    parts = [
        study.workers.assign(employer_id=[f"{e}.{k}" for e in study.workers["employer_id"]]).rename(
            lambda g, k=k: f"{g}.{k}"
        )
        for k in range(TIMES)
    ]
    return dataclasses.replace(study, workers=pd.concat(parts).sort_index().rename_axis("group_id"))


@pytest.fixture(scope="module")
def made():
    """A plan of the toy county with many employers, and one group of a single one."""
    from xsgeo.datasets import toy_county

    study = crowded(toy_county())
    alone = study.workers["employer_id"].where(~study.workers.index.str.startswith("g5."), "E.alone")
    study = dataclasses.replace(study, workers=study.workers.assign(employer_id=alone))
    return programme.plan(programme.ask(study, Terms((2.0, 70.0))))


@pytest.fixture(scope="module")
def toy_made():
    from xsgeo.datasets import toy_county

    return programme.plan(programme.ask(toy_county(), Terms((3.0, 3.0))))


@pytest.fixture(scope="module")
def page(made):
    return programme.page(made, money=MONEY)


def with_study(found: programme.Programme, study) -> programme.Programme:
    """The same plan of a study whose texts were changed."""
    prospect = found.question.prospect
    reach = dataclasses.replace(prospect.reach, study=study)
    question = dataclasses.replace(found.question, prospect=dataclasses.replace(prospect, reach=reach))
    return dataclasses.replace(found, question=question)


# ---- what may be told ------------------------------------------------------------------------------------------------

PEOPLE = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(0, 14), st.integers(1, 40)), min_size=1, max_size=40
)
"""Year, action of that year, employer and workers of each group."""


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_no_sum_and_no_difference_of_what_is_told_is_of_few_employers(people):
    year, place, employer, n = (np.array(x, dtype=np.int64) for x in zip(*people, strict=True))
    action = np.array([f"{y}.{p}" for y, p in zip(year, place, strict=True)], dtype=object)
    years = plan_counts.told_years(year, employer, n, 3, rules=RULES)
    told = plan_counts.told_actions(action, year, employer, n, years=years, rules=RULES)

    def passes(some) -> bool:
        return not some.any() or publish.may_show(employer[some], n[some], RULES)

    if not years:
        assert not passes(np.ones(len(n), dtype=bool))
        assert not told
        return
    assert years[-1] == 3
    for after, until in pairwise([0, *years]):
        between = (year > after) & (year <= until)
        assert passes(between)
        mine = np.isin(action.astype(str), sorted(told)) & between
        assert passes(between & ~mine), "what is left of a year when its told actions are taken away"
    for name in told:
        assert passes(action == name)


def test_years_are_told_only_where_enough_employers_gain():
    year = np.array([1] * 5 + [2] * 4 + [3] * 5)
    n = np.full(14, 10)
    assert plan_counts.told_years(year, np.arange(14), n, 3, rules=RULES) == [1, 3]
    assert plan_counts.told_years(year, np.arange(14), n, 3, rules=PublishRules(1, 1.0, 1)) == [1, 2, 3]
    last = np.array([1] * 6 + [2] * 6 + [3])
    assert plan_counts.told_years(last, np.arange(13), np.full(13, 10), 3, rules=RULES) == [1, 3]
    assert plan_counts.told_years(np.array([1, 2]), np.arange(2), n[:2], 2, rules=RULES) == []


def test_action_of_few_takes_another_with_it_and_one_that_is_alone_in_its_year_hides_nothing_else():
    action = np.array(["a"] * 6 + ["b"] + ["c"] * 6 + ["d"] * 8, dtype=object)
    year = np.array([1] * 13 + [2] * 8)
    n = np.full(21, 10)
    told = plan_counts.told_actions(action, year, np.arange(21), n, years=[1, 2], rules=RULES)
    assert told == {"c", "d"}


# ---- what the page says ----------------------------------------------------------------------------------------------


def test_headline_years_and_actions_are_those_of_the_plan(made, page):
    data, steps = block(page, "xsgeo_page"), block(page, "steps_map_page_data")["items"]
    plan = made.plan
    head = data["headline"]
    gained = int(plan.by_year["n_workers_added"].iloc[-1])
    assert gained > 300
    assert abs(head["gained"] - gained) <= 2.5
    groups, n = made.question.prospect.reach.groups, made.question.prospect.reach.study.workers["n_workers"]
    before = int(n[groups["is_served"]].sum())
    assert head["share_before"] == pytest.approx(before / n.sum())
    assert head["share_after"] == pytest.approx((before + gained) / n.sum())
    assert (head["status"], head["n_actions"], head["n_years"]) == (plan.status, len(plan.actions), 2)
    assert [y["spent"] for y in data["years"]] == pytest.approx(plan.by_year["spent"].tolist(), abs=0.005)
    assert [s["number"] for s in steps] == list(range(1, len(steps) + 1))
    assert [(s["action"], s["year"]) for s in steps] == [
        (str(a), int(y)) for a, y in zip(plan.actions["action"], plan.actions["year"], strict=True)
    ]
    for step, card in zip(steps, made.cards, strict=True):
        assert step["n"] is None or abs(step["n"] - card.n_workers) <= 2.5
        assert step["once"] == pytest.approx(card.cost_once, abs=0.005)
        assert step["lost"] is None or abs(step["lost"] - card.n_lost) <= 2.5
        assert len(step["obstacles"]) == len(card.obstacles)
    assert any(s["n"] is not None for s in steps)


def test_public_counts_pass_the_rule_and_those_that_do_not_are_absent(made, page):
    workers = made.question.prospect.reach.study.workers
    people = programme.people(made.question, made.plan)
    for step, card in zip(block(page, "steps_map_page_data")["items"], made.cards, strict=True):
        mine = workers.index.isin(people.loc[people["action_id"] == card.action_id, "group_id"])
        may = publish.may_show(publish.employers(workers)[mine], workers["n_workers"].to_numpy()[mine], RULES)
        if not may:
            assert step["n"] is None
        if step["n"] is None:
            figures = [step["lost"], step["minutes"], step["hours_used"], (step["next"] or {"n": None})["n"]]
            assert figures == [None] * 4
        assert all(t["n"] is None for key in ("towns", "clusters", "shifts", "reasons") for t in step[key])
        assert step["n"] is None or step["n"] % 5 == 0
    assert {p["gained"] % 50 for p in block(page, "xsgeo_page")["money"]} == {0}


def test_under_five_employers_nothing_is_counted_unless_the_page_is_internal(toy_made):
    public = programme.page(toy_made, money=MONEY)
    data, steps = block(public, "xsgeo_page"), block(public, "steps_map_page_data")["items"]
    head = data["headline"]
    assert (head["gained"], head["share_after"], head["n_workers"], data["money"]) == (None, None, None, [])
    assert head["share_before"] == round(head["share_before"], 2)
    assert [y["gained"] for y in data["years"]] == [None, None]
    assert all(s["n"] is None for s in steps)
    inside = programme.page(toy_made, audience="internal")
    exact = block(inside, "steps_map_page_data")["items"]
    assert [s["n"] for s in exact] == [c.n_workers for c in toy_made.cards]
    assert sum(t["n"] for t in exact[0]["towns"]) == exact[0]["n"]
    assert block(inside, "xsgeo_page")["headline"]["gained"] == int(toy_made.plan.by_year["n_workers_added"].iloc[-1])


def test_internal_page_says_so_and_public_page_does_not(toy_made):
    inside, public = (programme.page(toy_made, audience=a) for a in ("internal", "public"))
    assert "内部资料 请勿外传" in re.search(r'<p class="xs-banner"[^>]*>(.*?)</p>', inside)[1]
    assert "内部资料" in re.search(r"<title>(.*?)</title>", inside, re.DOTALL)[1]
    assert maps.is_internal(inside)
    assert not maps.is_internal(public)
    assert '<p class="xs-banner"' not in public


def test_an_employers_own_room_is_not_named(made, page):
    study = made.question.prospect.reach.study
    own = study.venues[study.venues["employer_id"].fillna("") != ""]
    shared = own[own.index.isin(made.question.prospect.candidates.loc[made.plan.actions["site_id"], "refers_to"])]
    assert len(shared) > 0
    assert not [name for name in shared["name"] if name in page]
    inside = programme.page(made, audience="internal")
    assert all(name in inside for name in shared["name"])


def test_canaries_in_columns_that_are_not_public_are_not_on_the_page(toy_made):
    study = toy_made.question.prospect.reach.study
    spoilt = {}
    for table in ("employers", "workers", "venues", "unions", "towns", "clusters", "assets"):
        frame = getattr(study, table)
        spoilt[table] = frame.assign(**dict.fromkeys(("telephone", "keeper", "person", "legal_id", "evidence"), CANARY))
    spoilt["employers"] = spoilt["employers"].assign(name=CANARY)
    spoilt["venues"] = spoilt["venues"].assign(address=CANARY)
    text = programme.page(with_study(toy_made, dataclasses.replace(study, **spoilt)))
    assert CANARY not in text
    inside = programme.page(toy_made, audience="internal")
    for card in toy_made.cards:
        assert f'"n":{card.n_workers}' in said(inside)
        assert f'"n":{card.n_workers}' not in said(text)


def test_same_bytes_whatever_the_order_of_rows(toy_made):
    study = toy_made.question.prospect.reach.study
    turned = dataclasses.replace(study, workers=study.workers.iloc[::-1], venues=study.venues.iloc[::-1])
    found = with_study(toy_made, turned)
    question = dataclasses.replace(found.question, covers=found.question.covers.iloc[::-1])
    assert programme.page(dataclasses.replace(found, question=question)) == programme.page(toy_made)


def test_small_and_asks_for_nothing(page):
    assert len(page.encode()) < 1_000_000
    assert "Content-Security-Policy" in page
    assert not re.search(
        r'<(?:img|link|script|a)\b[^>]*(?:src|href)="(?!data:|#)', re.sub(r"(?s)<script.*?</script>", "", page)
    )


def test_prices_that_are_assumed_are_said_to_be(toy_made):
    facts = block(programme.page(toy_made), "xsgeo_page")["facts"]
    assert facts["is_assumed"]
    assert facts["prices"][0]


# ---- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_page_in_english_names_its_month_and_tells_why_years_without_actions_cost(visit, toy_made):  # noqa: F811
    shown = visit(programme.page(toy_made, language="en")).page
    assert "November" in shown.inner_text("#xs-notes")
    assert "what was begun earlier goes on costing" in shown.inner_text("#xs-years")
    assert not re.search(r"[\u4e00-\u9fff]", shown.inner_text("#xs-notes"))


def test_where_a_county_has_its_prices_from_is_told_and_the_default_is_not(toy_made):
    assert block(programme.page(toy_made), "xsgeo_page")["facts"]["prices_source"] == ""
    study = toy_made.question.prospect.reach.study
    costs = dataclasses.replace(study.about.costs, source="县财政局2026年目录")
    made = with_study(toy_made, dataclasses.replace(study, about=dataclasses.replace(study.about, costs=costs)))
    assert block(programme.page(made), "xsgeo_page")["facts"]["prices_source"] == "县财政局2026年目录"


def test_command_draws_the_page_and_the_index_links_to_it(toy_folder, tmp_path):
    run = CliRunner().invoke
    page = tmp_path / "方案.html"
    asked = ["plan", str(toy_folder), "--budget", "3,3", "--map", str(page), "--out", str(tmp_path / "plan")]
    found = run(app, asked)
    assert found.exit_code == 0, found.output
    assert page.read_text("utf-8") == (tmp_path / "plan" / "plan.html").read_text("utf-8")
    found = run(app, ["maps", str(toy_folder), "--out", str(tmp_path / "maps"), "--plan", str(page)])
    assert found.exit_code == 0, found.output
    assert (tmp_path / "maps" / "plan.html").is_file()
    assert block((tmp_path / "maps" / "index.html").read_text("utf-8"), "xsgeo_page")["plan"] == "plan.html"


def test_internal_pages_have_a_name_of_their_own_and_stay_out_of_public_folders(toy_folder, tmp_path):
    run = CliRunner().invoke
    asked = ["plan", str(toy_folder), "--budget", "3,3", "--audience", "internal", "--map", str(tmp_path / "p.html")]
    found = run(app, asked)
    assert found.exit_code == 0, found.output
    inside = tmp_path / "p.internal.html"
    assert inside.is_file()
    refused = run(app, ["maps", str(toy_folder), "--out", str(tmp_path / "maps"), "--plan", str(inside)])
    assert refused.exit_code == 2
    assert not (tmp_path / "maps").exists()
    with pytest.raises(PageError, match="internal"):
        workflow.write_maps(None, tmp_path / "maps", plan_page=inside.read_text("utf-8"))


@pytest.mark.parametrize("content", ["employer_id,name\nE1,某厂\n".encode(), b"PK\x03\x04\xff\xfe", b""])
def test_a_file_that_is_no_plan_page_is_not_put_among_the_maps(toy_folder, tmp_path, content):
    other = tmp_path / "employers.html"
    other.write_bytes(content)
    refused = CliRunner().invoke(app, ["maps", str(toy_folder), "--out", str(tmp_path / "maps"), "--plan", str(other)])
    assert (refused.exit_code, type(refused.exception)) == (2, SystemExit)
    assert not (tmp_path / "maps").exists()


def test_a_classical_model_has_no_page(toy_folder, tmp_path):
    asked = ["plan", str(toy_folder), "--model", "mclp", "--sites", "1", "--map", str(tmp_path / "p.html")]
    assert CliRunner().invoke(app, asked).exit_code == 2
    assert not (tmp_path / "p.html").exists()


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_every_control_works_offline_and_quietly(visit, page):  # noqa: F811
    seen = visit(page)
    tab = seen.page
    steps = block(page, "steps_map_page_data")["items"]
    assert painted(tab, "land") > 1_000
    assert painted(tab, "gains") > 20
    all_years = painted(tab, "steps")
    assert all_years > 100
    assert "→" in tab.text_content("#xs-effective")
    tab.locator(".xs-plan-stop").nth(1).click()
    first = painted(tab, "steps")
    tab.locator(".xs-plan-stop").nth(0).click()
    assert (painted(tab, "steps"), first <= all_years) == (0, True)
    tab.locator("#xs-year").press("ArrowRight")
    assert "第1年" in tab.text_content("#xs-year-said")
    tab.wait_for_timeout(400)  # the address is written a moment after the reader rests
    assert "y=1" in tab.url
    late = next(s for s in steps if s["year"] == steps[-1]["year"])
    tab.locator(".xs-plan-list .xs-point").nth(late["number"] - 1).click()
    assert f"第{late['year']}年" in tab.text_content("#xs-year-said"), "an action shows the year in which it is done"
    card = tab.locator(".leaflet-popup-content")
    assert late["names"][0] in card.text_content()
    for word in ("谁受益", "为何用不上", "次优选择", "要过的坎", "开放时间", "造价"):
        assert word in card.text_content(), word
    tab.keyboard.press("Escape")
    card.wait_for(state="detached")
    for box in tab.locator("#xs-legend input").all():
        if box.is_visible():
            box.click()
    tab.locator("#xs-money summary").click()
    assert tab.locator("#xs-money tbody tr").count() == len(MONEY)
    tab.click(".xs-home")
    seen.assert_quiet()


@pytest.mark.browser
def test_address_brings_back_year_and_card(visit, page):  # noqa: F811
    tab = visit(page).page
    tab.evaluate("window.location.hash = '#y=1&s=steps:1'")
    tab.wait_for_selector(".leaflet-popup-content")
    assert "第1年" in tab.text_content("#xs-year-said")
    assert block(page, "steps_map_page_data")["items"][0]["names"][0] in tab.text_content(".leaflet-popup-content")
    tab.evaluate("window.location.hash = '#y=99&s=steps:999'")
    tab.wait_for_timeout(200)
    assert "第1年" in tab.text_content("#xs-year-said") or "第2年" in tab.text_content("#xs-year-said")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, page, scheme):  # noqa: F811
    tab = visit(page, color_scheme=scheme).page
    tab.evaluate(OPEN)
    assert violations(tab) == []
    tab.locator(".xs-plan-list .xs-point").first.click()
    tab.wait_for_timeout(500)  # a card fades in
    assert violations(tab) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_and_paper_is_one_sheet(visit, page, width):  # noqa: F811
    tab = visit(page, width=width, height=844).page
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert len(re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4", prefer_css_page_size=True))) == 1


def spoilt(found: programme.Programme, number: int) -> programme.Programme:
    """The plan with hostile texts in every text of its study, its prices and its cards."""
    study = infest(found.question.prospect.reach.study, number)
    costs = dataclasses.replace(study.about.costs, source=f"{TEXTS[number]} #costs")
    study = dataclasses.replace(study, about=dataclasses.replace(study.about, costs=costs))
    texts = [TEXTS[(number + k) % len(TEXTS)] for k in range(len(found.cards))]
    cards = [
        dataclasses.replace(c, name=f"{t} #card", open_hours=f"{t} #hours")
        for c, t in zip(found.cards, texts, strict=True)
    ]
    return dataclasses.replace(with_study(found, study), cards=cards)


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_what_stands_outside_the_data_is_the_same_whatever_a_ledger_holds(toy_made, number):
    for audience in ("public", "internal"):
        text = programme.page(spoilt(toy_made, number), audience=audience)
        assert constant(text) == constant(programme.page(toy_made, audience=audience))


@pytest.mark.browser
@pytest.mark.parametrize("number", range(0, len(TEXTS), 3))
def test_whatever_a_ledger_holds_stays_text(visit, made, number):  # noqa: F811
    seen = visit(programme.page(spoilt(made, number), audience="internal"))
    for name in seen.page.locator(".xs-plan-list .xs-point").all():
        name.click()
        assert "#card" in seen.page.text_content(".leaflet-popup-content")
        assert seen.page.locator("main img, main script, .leaflet-popup img, .leaflet-popup script").count() == 0
    assert "#costs" in seen.page.text_content("#xs-notes")
    assert painted(seen.page, "land") > 100
    seen.assert_quiet()


# ---- rooms that are closed, seats that are shared out ----------------------------------------------------------------


@pytest.fixture(scope="module")
def closing():
    """A plan that closes the one room of the toy county whose people have no other."""
    from xsgeo.datasets import toy_county

    question = programme.ask(crowded(toy_county()), Terms((3.0, 3.0), must=frozenset({"close:V1"})), closable={"V1"})
    return programme.plan(question)


def test_a_closing_is_told_as_what_it_takes_away(closing):
    steps = block(programme.page(closing, audience="internal"), "steps_map_page_data")["items"]
    found = {s["action"]: s for s in steps}["close"]
    card = next(c for c in closing.cards if c.action == "close")
    assert found["n"] == card.n_workers < 0
    public = programme.page(closing)
    shown = {s["action"]: s for s in block(public, "steps_map_page_data")["items"]}["close"]
    assert shown["n"] == -publish.rounded(-card.n_workers, RULES)
    assert (shown["lost"], shown["next"]) == (None, None)
    net = int(closing.plan.by_year["n_workers_added"].iloc[-1])
    assert block(public, "xsgeo_page")["headline"]["gained"] == -publish.rounded(-net, RULES) < 0


@pytest.mark.browser
def test_a_plan_that_takes_more_than_it_gives_says_so(visit, closing):  # noqa: F811
    seen = visit(programme.page(closing, language="zh"))
    assert "失去现有的去处" in seen.page.text_content(".xs-hero")
    assert "少服务" in seen.page.text_content("#xs-year-said")
    seen.page.locator(".xs-plan-list .xs-point", has_text="1").last.click()
    assert "要过的坎" in seen.page.text_content(".leaflet-popup-content")
    seen.assert_quiet()


def test_what_a_closing_takes_is_no_less_protected_than_what_is_gained():
    action = np.array(["gain"] * 6 + ["close"] * 2 + ["more"] * 9, dtype=object)
    year, n = np.ones(17, dtype=int), np.full(17, 10)
    assert plan_counts.told_years(year, np.arange(17), n, 1, rules=RULES) == [1]
    told = plan_counts.told_actions(action, year, np.arange(17), n, years=[1], rules=RULES)
    assert told == {"more"}, "130 in all, 90 and 60 gained would tell the 20 whom two employers lose"
    alone = plan_counts.told_actions(action[:8], year[:8], np.arange(8), n[:8], years=[1], rules=RULES)
    assert alone == set()
    assert plan_counts.told_years(year[6:8], np.arange(2), n[:2], 1, rules=RULES) == []


def test_places_know_from_and_until_when_they_are_served():
    workers = pd.DataFrame({"lon": [121.9, 121.95, 121.99], "lat": 29.2, "n_workers": 30}, index=["a", "b", "c"])
    since = pd.Series([0, 2, np.nan], index=workers.index)
    until = pd.Series([1, np.nan, np.nan], index=workers.index)
    m = maps.add_gains(maps.OfflineMap("t", location=(29.2, 121.9)), workers, since, until=until)
    data = next(iter(m._children.values())).data
    first, last = (list(base64.b64decode(data[k])) for k in ("since", "until"))
    assert sorted(zip(first, last, strict=True)) == [(0, 1), (2, 255), (255, 255)]


def test_with_seats_the_page_is_drawn_and_says_nothing_of_single_actions_losses():
    from xsgeo.datasets import toy_county

    made = programme.plan(programme.ask(crowded(toy_county()), Terms((2.0, 70.0)), seats=True))
    public = block(programme.page(made), "steps_map_page_data")["items"]
    assert len(public) == len(made.plan.actions) > 0
    inside = block(programme.page(made, audience="internal"), "steps_map_page_data")["items"]
    assert [s["n"] for s in inside] == [c.n_workers for c in made.cards]
