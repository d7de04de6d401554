"""What stands on the map keeps clear of what else stands there: boxes, cards, names; and says so when nothing is there.

These drive a real Chromium, as tests/test_pages.py does, and are skipped or required by the same rules.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.test_comparison import drawn
from tests.test_interactive import until
from tests.test_maps_audience import render, toy_analysis  # noqa: F401  # fixture
from tests.test_pages import browser, visit  # noqa: F401  # fixtures
from tests.test_plan_page import MONEY, made  # noqa: F401  # fixture
from xsgeo import programme, questions
from xsgeo.maps import Tiles
from xsgeo.scenarios import Change, Scenario

pytestmark = pytest.mark.browser

PHONE, DESK, NARROW = (390, 844), (1280, 860), (900, 700)
BOX = "(n) => { const r = n.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }"
MARKS = """() => {
  const layer = xsgeo.registry.steps;
  const [origin, home] = [map_page.containerPointToLayerPoint([0, 0]), map_page.getContainer().getBoundingClientRect()];
  const [dx, dy] = [home.left - origin.x, home.top - origin.y];
  return layer.painter.boxes(layer.view()).map(([x0, y0, x1, y1]) => [x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
}"""
IS_ON_TOP = """(n) => {
  const r = n.getBoundingClientRect();
  return n.contains(document.elementFromPoint((r.left + r.right) / 2, (r.top + r.bottom) / 2));
}"""


def overlap(one, other) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


@pytest.fixture(scope="module")
def plans(made):  # noqa: F811
    return {language: programme.page(made, money=MONEY, language=language) for language in ("zh", "en")}


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh"), (PHONE, "zh"), (PHONE, "en")])
def test_years_of_a_plan_cover_no_mark_and_no_other_box(visit, plans, size, language):  # noqa: F811
    tab = visit(plans[language], width=size[0], height=size[1]).page
    names = [
        ".xs-years",
        ".xs-legend",
        ".xs-credit",
        ".leaflet-control-scale",
        ".xs-north-box",
        ".leaflet-control-zoom",
    ]
    boxes = {name: tab.locator(name).evaluate(BOX) for name in names}
    if size == PHONE:
        boxes["the sheet"] = tab.locator("#xs-panel").evaluate(BOX)
    for one, other in combinations(boxes, 2):
        assert not overlap(boxes[one], boxes[other]), (one, other)
    marks = tab.evaluate(MARKS)
    assert marks
    assert not [mark for mark in marks if overlap(mark, boxes[".xs-years"])]


@pytest.mark.parametrize("size", [DESK, NARROW, PHONE])
def test_a_card_can_be_read_whole_and_closed(visit, plans, size):  # noqa: F811
    tab = visit(plans["zh"], width=size[0], height=size[1]).page
    names = tab.locator(".xs-plan-list .xs-point")
    for name in (names.first, names.last):
        name.evaluate("(n) => n.click()")
        tab.wait_for_timeout(400)  # the map slides until the card is seen whole
        card = tab.locator(".leaflet-popup-content-wrapper").evaluate(BOX)
        for control in (".xs-legend", ".xs-years", ".leaflet-control-zoom", ".leaflet-control-scale"):
            if tab.locator(control).is_visible():
                assert not overlap(card, tab.locator(control).evaluate(BOX)), control
        assert tab.locator(".leaflet-popup-close-button").evaluate(IS_ON_TOP)
    assert tab.locator(".leaflet-control-zoom").is_visible() == (size != PHONE)
    tab.locator(".leaflet-popup-close-button").click()
    until(tab, "!document.querySelector('.leaflet-popup')")
    assert tab.locator(".leaflet-control-zoom").is_visible()


def test_everything_printed_begins_with_the_sheet(visit, plans):  # noqa: F811
    tab = visit(plans["zh"]).page
    tab.emulate_media(media="print")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.evaluate("document.documentElement.classList.add('xs-all')")
    hero, chart, notes = (tab.locator(name).evaluate(BOX) for name in (".xs-hero", ".folium-map", "#xs-notes"))
    assert hero[1] < notes[1]
    assert chart[3] <= notes[1]


def test_a_page_whose_background_does_not_come_says_so_and_works(visit, toy_analysis):  # noqa: F811
    tab = visit(
        render(toy_analysis, tiles=Tiles("gaode"))["county.online.html"],
        width=390,
        height=844,
    ).page
    until(tab, "document.querySelector('.xs-banner').textContent.includes('点位和数字不受影响')")
    tab.evaluate("xsgeo.api.show('venues', 0)")
    tab.wait_for_timeout(400)
    assert tab.locator(".leaflet-popup-close-button").evaluate(IS_ON_TOP)


def test_who_gains_and_who_loses_is_told_in_sentences(visit, toy):  # noqa: F811
    same = Scenario("照旧", changes=(Change("venues", "set", "V1", (("capacity", "51"),)),))
    told = visit(drawn(questions.compare_scenarios(toy, same))).page.text_content(".xs-hero")
    for words in ("没有职工受益", "没有职工受损", "人均每周可用时间不变"):
        assert words in told


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_on_a_phone_neither_a_card_nor_what_is_found_lies_under_the_buttons(visit, toy_analysis, audience):  # noqa: F811
    mark = "" if audience == "public" else ".internal"
    text = render(toy_analysis, audience=audience)[f"county{mark}.html"]
    tab = visit(text, width=PHONE[0], height=PHONE[1]).page
    tab.evaluate("xsgeo.api.show('venues', 0)")
    until(tab, "document.querySelector('.leaflet-popup')")
    assert not tab.locator(".xs-dock-bar").is_visible()
    tab.keyboard.press("Escape")
    until(tab, "!document.querySelector('.leaflet-popup')")
    assert tab.locator(".xs-dock-bar").is_visible()
    tab.locator(".xs-find-box").fill("v")
    tab.locator("#xs-find-list").evaluate("(n) => { n.style.height = n.style.maxHeight = '330px'; }")  # as many as fit
    bar, found = (tab.locator(name).evaluate(BOX) for name in (".xs-dock-bar", "#xs-find-list"))
    assert overlap(bar, found)
    assert tab.evaluate(
        "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('#xs-find-list'))", [bar[0] + 20, bar[1] + 8]
    )
