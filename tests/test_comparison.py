"""The page of a comparison: it says what the comparison says, and no more of anybody than may be said."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil

import pytest

from tests.hostile import TEXTS
from xsgeo import questions
from xsgeo.maps import PublishRules, render_comparison
from xsgeo.scenarios import Change, Scenario

SHUT = tuple(Change("venues", "set", v, (("status", "closed"),)) for v in ("V335", "V442", "V109", "V110"))
LONGER = (Change("venues", "set", "V116", (("open_hours", "每天 8:30-22:30"),)),)


def drawn(answer, **options):
    return render_comparison(
        answer.before.study, answer.after.study, answer.changed, titles=answer.titles, scenarios=answer.scenarios,
        **options,
    )  # fmt: skip


def block(page: str, name: str):
    return json.loads(re.search(rf'id="{name}">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture(scope="module")
def answer(demonstration):
    return questions.compare_scenarios(demonstration, Scenario("开一处，关几处", changes=(*LONGER, *SHUT)))


@pytest.fixture(scope="module")
def page(answer):
    return drawn(answer)


def test_headline_and_tables_are_those_of_the_comparison(answer, page):
    data = block(page, "xsgeo_page")
    gained = int(answer.changed["n_gained"].sum())
    assert gained > 1000
    assert abs(data["headline"]["gained"] - gained) <= 2.5
    assert abs(sum(t["n"] for t in data["towns"]["gained"]) - gained) <= 2.5 * len(data["towns"]["gained"])
    assert [c["number"] for c in data["changes"]] == [1, 2, 3, 4, 5]
    assert all(n % 5 == 0 for n in [f["n"] for f in data["flows"]])


def test_it_asks_for_nothing_and_says_its_policy(page):
    assert "Content-Security-Policy" in page
    assert not re.search(
        r'<(?:img|link|script|a)\b[^>]*(?:src|href)="(?!data:|#)', re.sub(r"(?s)<script.*?</script>", "", page)
    )


def test_same_bytes_whatever_the_order_of_rows(answer, page):
    def turned(study):
        return dataclasses.replace(study, workers=study.workers.iloc[::-1], venues=study.venues.iloc[::-1])

    before, after = (turned(found.study) for found in (answer.before, answer.after))
    changed = answer.changed.iloc[::-1]
    assert render_comparison(before, after, changed, titles=answer.titles, scenarios=answer.scenarios) == page


def test_nothing_is_counted_of_under_five_employers(toy):
    evening = Scenario("夜", changes=(Change("venues", "set", "V1", (("open_hours", "每天 8:00-21:00"),)),))
    page = drawn(questions.compare_scenarios(toy, evening))
    data = block(page, "xsgeo_page")
    assert data["headline"]["gained"] is None
    assert (data["headline"]["share_after"], data["headline"]["hours_change"]) == (None, None)
    assert data["towns"] == {"gained": [], "lost": []}
    assert data["flows"] == []
    counts = block(page, "changes_map_page_data")["counts"]
    assert not any(sum(counts[state]) for state in counts)
    loose = drawn(questions.compare_scenarios(toy, evening), rules=PublishRules(1, 1.0, 1))
    assert block(loose, "xsgeo_page")["headline"]["gained"] == 100


def test_nobodys_gain_is_nobody(toy):
    same = Scenario("照旧", changes=(Change("venues", "set", "V1", (("capacity", "51"),)),))
    data = block(drawn(questions.compare_scenarios(toy, same)), "xsgeo_page")
    assert (data["headline"]["gained"], data["headline"]["lost"], data["headline"]["hours_change"]) == (0, 0, 0.0)
    assert data["headline"]["share_before"] == data["headline"]["share_after"]


def test_an_employers_own_room_and_workers_are_not_named(toy):
    changes = (
        Change("venues", "set", "V3", (("serves", "everyone"), ("share_terms", "open"))),
        Change("workers", "set", "g1", (("free_hours", "每天 9:00-15:00"),)),
        Change("venues", "remove", "V2"),
    )
    scenario = Scenario("改", changes=changes, gale=True, month=6)
    page = drawn(questions.compare_scenarios(toy, scenario))
    assert "丙船队" not in page
    assert "甲厂" not in page
    named = [c["names"][0] for c in block(page, "xsgeo_page")["changes"]]
    assert named == [
        "大风，遇风停航的渡船不开",
        "按6月的开放时间",
        "一处单位自有的阵地：服务对象改为所有人，共享条件改为开放",
        "一处单位自有的职工群体：空闲时间改为每天 9:00-15:00",
        "去掉阵地：职工之家",
    ]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_language(toy, language):
    page = drawn(questions.compare_scenarios(toy, Scenario("风", "Gale", gale=True)), language=language)
    assert ("<title>Gale</title>" in page) == (language == "en")


@pytest.mark.browser
def test_in_a_browser_it_is_quiet_and_whatever_is_typed_stays_text(toy, tmp_path):
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    changes = tuple(Change("venues", "set", "V1", (("name", text),)) for text in TEXTS[:1])
    answer = questions.compare_scenarios(toy, Scenario(TEXTS[0], TEXTS[1], changes=changes))
    path = tmp_path / "compare.html"
    path.write_text(drawn(answer, rules=PublishRules(1, 1.0, 1)), "utf-8")
    said: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_context(offline=True, viewport={"width": 390, "height": 844}).new_page()
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(path.as_uri())
        tab.wait_for_selector("html[data-ready=yes]")
        assert tab.evaluate("window.hacked") is None
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        tab.set_viewport_size({"width": 1280, "height": 860})
        tab.click("#xs-legend summary")
        tab.click("#xs-layer-venues")
        tab.click("#xs-changes-gained")
        assert tab.text_content("h1").startswith(TEXTS[0])
        browser.close()
    assert said == []
