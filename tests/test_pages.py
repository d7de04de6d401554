"""The pages in a real Chromium with the network off: they work, they ask for nothing, and nothing in them comes alive.

Needs Playwright (from PyPI) and a Chromium of the system; without one the tests are skipped, and with
``XSGEO_REQUIRE_BROWSER=1``, as in the project's own gate, they fail instead.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile import TEXTS, infest, infested_plan
from xsgeo import maps, workflow
from xsgeo.access import summarise

pytestmark = pytest.mark.browser

REQUIRED = os.environ.get("XSGEO_REQUIRE_BROWSER") == "1"
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclasses.dataclass
class Visit:
    """An open page, what it asked for and what it said."""

    page: Any
    requests: list[str]
    said: list[str]

    def assert_quiet(self) -> None:
        assert self.requests == [self.page.url.split("#")[0]], "the page asked for more than itself"
        assert self.said == []
        assert self.page.evaluate("window.hacked") is None


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if REQUIRED:
            pytest.fail("XSGEO_REQUIRE_BROWSER=1, but there is no chromium, chromium-browser or google-chrome")
        pytest.skip("no chromium, chromium-browser or google-chrome on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, tmp_path):
    contexts = []

    def open_page(text: str, *, width: int = 1280, height: int = 860, name: str = "page.html", **options) -> Visit:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page, [], [])
        page.on("request", lambda r: seen.requests.append(r.url))
        page.on("console", lambda m: seen.said.append(m.text))
        page.on("pageerror", lambda e: seen.said.append(str(e)))
        page.on("dialog", lambda d: seen.said.append("a dialog"))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def pages(analysis) -> dict[str, str]:
    note = {k: getattr(analysis.plan, k) for k in ("status", "objective", "bound", "gap")}
    found = analysis.reach
    return maps.render_pages(found.study, found.groups, found.minutes, analysis.plan.sites, analysis.gaps, note)


COLOURS = """(id) => {
  const canvas = document.querySelector(id);
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d', {willReadFrequently: true});
  context.drawImage(canvas, 0, 0);
  const {data} = context.getImageData(0, 0, copy.width, copy.height);
  const seen = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    if (data[i + 3]) seen.set(colour, (seen.get(colour) || 0) + 1);
  }
  return [...seen.values()].sort((a, b) => b - a);
}"""


def painted(page: Any, pane: str) -> int:
    """Number of pixels of a layer's canvas that are neither empty nor of its commonest colour."""
    counts = page.evaluate(COLOURS, f".leaflet-xsgeo-{pane}-pane canvas")
    return sum(counts[1:]) if pane == "land" else sum(counts)


NAMES = ["county", *(f"cluster_{c}" for c in (
    "auto_parts", "catering", "film_tv", "fishing", "knitting", "makers", "marine_economy", "port_equipment", "tourism",
    "transport", "veg_basket",
))]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_page_opens_offline_quiet_and_drawn(visit, pages, name):
    seen = visit(pages[f"{name}.html"])
    seen.assert_quiet()
    for pane, least in (("land", 20_000), ("roads", 1_000), ("workers", 300), ("venues", 300), ("towns", 300)):
        assert painted(seen.page, pane) > least, pane


@pytest.mark.parametrize(("width", "height"), [(1280, 860), (390, 844)])
@pytest.mark.parametrize("name", ["index", "county", "cluster_fishing"])
def test_nothing_sticks_out_of_the_screen(visit, pages, name, width, height):
    page = visit(pages[f"{name}.html"], width=width, height=height).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sticking = """() => [...document.querySelectorAll('main *')].filter((n) => {
      const box = n.getBoundingClientRect();
      return box.width && (box.right > document.querySelector('main').getBoundingClientRect().right + 1);
    }).map((n) => n.outerHTML.slice(0, 100))"""
    assert page.evaluate(sticking) == []


def test_headline_is_that_of_coverage(visit, pages, analysis):
    expected = summarise(analysis.reach.study.workers, analysis.reach.groups).iloc[0]
    page = visit(pages["county.html"]).page
    assert page.inner_text("#xs-effective") == f"{expected['share_effective']:.1%}"
    lead = page.inner_text(".xs-lead")
    assert f"{int(expected['n_workers']):,}" in lead
    assert f"{int(expected['n_effective']):,}" in lead


def test_reasons_table_is_that_of_coverage(visit, pages, analysis):
    expected = summarise(analysis.reach.study.workers, analysis.reach.groups, by="reason")["n_workers"]
    page = visit(pages["county.html"]).page
    shown = [int(t.replace(",", "")) for t in page.locator(".xs-reasons td.xs-n:not(.xs-soft)").all_inner_texts()]
    assert sorted(shown) == sorted(n for why, n in expected.items() if n and why != "served")


def test_index_links_every_page_and_draws_each(visit, pages):
    seen = visit(pages["index.html"])
    seen.assert_quiet()
    links = seen.page.locator("a.xs-tile").evaluate_all("(nodes) => nodes.map((n) => n.getAttribute('href'))")
    assert sorted(links) == sorted(set(pages) - {"index.html"})
    for number in range(len(links)):
        assert len(seen.page.evaluate(COLOURS, f"li:nth-child({number + 1}) > a.xs-tile canvas")) > 3


def test_pages_link_to_one_another(visit, pages):
    page = visit(pages["cluster_fishing.html"]).page
    links = set(page.locator("main a").evaluate_all("(nodes) => nodes.map((n) => n.getAttribute('href'))"))
    assert links == set(pages) - {"cluster_fishing.html"}


@pytest.mark.parametrize("layer", ["roads", "towns", "venues", "gaps", "proposals", "catchments"])
def test_layer_switches_off_and_on(visit, pages, layer):
    seen = visit(pages["county.html"])
    for fold in seen.page.locator(".xs-fold").all():
        fold.evaluate("(n) => { n.open = true; }")
    box = seen.page.locator(f"#xs-layer-{layer}")
    canvas = seen.page.locator(f".leaflet-xsgeo-{layer}-pane canvas")
    if not box.is_checked():
        assert canvas.count() == 0
        box.check()
    assert canvas.count() == 1
    box.uncheck()
    assert canvas.count() == 0
    box.check()
    assert painted(seen.page, layer) > 100
    seen.assert_quiet()


def test_reasons_and_kinds_switch_off(visit, pages):
    seen = visit(pages["county.html"])
    for pane, boxes in (("workers", "input[id^=xs-workers-]"), ("venues", "input[id^=xs-venues-]")):
        before = painted(seen.page, pane)
        for box in seen.page.locator(boxes).all():
            box.evaluate("(n) => n.click()")
        assert painted(seen.page, pane) == 0 < before
    seen.assert_quiet()


def test_every_name_in_a_list_opens_its_card(visit, pages):
    seen = visit(pages["county.html"])
    for part in ("proposals", "gaps", "venues"):
        button = seen.page.locator(f"#xs-{part} .xs-point").first
        name = button.inner_text().split("\n")[0]
        button.click()
        card = seen.page.locator(".leaflet-popup-content h3").last  # the one before is still fading
        assert name.split(" ")[-1][:4] in card.inner_text()
    seen.page.locator("#xs-towns .xs-point").first.click()
    assert seen.page.evaluate("map_page.getZoom()") >= 13
    seen.assert_quiet()


def test_click_on_the_map_says_what_is_there(visit, pages):
    seen = visit(pages["county.html"])
    seen.page.evaluate("for (const k of ['venues', 'gaps', 'proposals']) xsgeo.registry[k].remove()")
    spot = """() => {
      const {data} = xsgeo.registry.workers;
      const at = xsgeo.positions(data.areas);
      const drawn = [...data.total.keys()].filter((k) => data.first[k] <= 1 && data.last[k] >= 1);
      const i = drawn.reduce((best, k) => (data.total[k] > data.total[best] ? k : best));
      const box = map_page.getContainer().getBoundingClientRect();
      const p = map_page.latLngToContainerPoint(xsgeo.latLng(at, i));
      return [p.x + box.x, p.y + box.y];
    }"""
    seen.page.mouse.click(*seen.page.evaluate(spot))
    card = seen.page.locator(".leaflet-popup-content")
    assert "名职工" in card.inner_text()
    seen.assert_quiet()


def test_keyboard_alone_reaches_text_lists_and_layers(visit, pages):
    page = visit(pages["county.html"]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "xs-skip"
    page.locator("#xs-proposals .xs-point").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".leaflet-popup-content").count() == 1
    page.locator("#xs-layer-gaps").focus()
    page.keyboard.press("Space")
    assert not page.locator("#xs-layer-gaps").is_checked()


def test_dark_screen_is_dark_and_paper_is_white(visit, pages):
    seen = visit(pages["county.html"], color_scheme="dark")
    brightness = (
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)"
    )
    assert seen.page.evaluate(brightness) < 200
    assert seen.page.evaluate("xsgeo.theme.colours === xsgeo.PALETTES.dark")
    seen.page.emulate_media(media="print")
    assert seen.page.evaluate(brightness) > 700
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert seen.page.evaluate("xsgeo.theme.colours === xsgeo.PALETTES.light")
    seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(seen.page.pdf(format="A4")) > 50_000
    seen.assert_quiet()


def test_paper_holds_one_canvas_and_every_venue(visit, pages):
    seen = visit(pages["county.html"])
    zoom = seen.page.evaluate("map_page.getZoom()")
    assert seen.page.locator("#xs-venues tbody tr:visible").count() < 20
    seen.page.emulate_media(media="print")
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    n_venues = seen.page.evaluate("xsgeo.registry.venues.data.items.length")
    assert seen.page.locator("#xs-venues").is_hidden()  # one sheet; everything only when asked for
    seen.page.evaluate("document.documentElement.classList.add('xs-all')")
    assert seen.page.locator("#xs-venues tbody tr:visible").count() == n_venues > 100
    assert seen.page.locator(".folium-map canvas:visible").count() == 1
    assert len(seen.page.evaluate(COLOURS, ".xs-sheet")) > 50
    seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    seen.page.emulate_media(media="screen")
    assert seen.page.locator(".xs-sheet").count() == 0
    assert seen.page.evaluate("map_page.getZoom()") == zoom
    seen.assert_quiet()


LABELS = """() => {
  const layer = xsgeo.registry.towns;
  const placed = layer.painter.place(document.createElement('canvas').getContext('2d'), layer.view());
  const size = map_page.getSize();
  const origin = map_page.containerPointToLayerPoint([0, 0]);
  const discs = xsgeo.registry.proposals.painter.boxes(layer.view());
  const clear = ({box}) => box[0] > origin.x && box[2] < origin.x + size.x
    && box[1] > origin.y && box[3] < origin.y + size.y
    && !discs.some((d) => box[0] < d[2] && box[2] > d[0] && box[1] < d[3] && box[3] > d[1]);
  const shown = placed.filter(clear).map(({i}) => i);
  return layer.data.names.filter((_, i) => layer.data.active[i] && !shown.includes(i)).map((names) => names[0]);
}"""


@pytest.mark.parametrize("size", [(1280, 860), (390, 844)])
@pytest.mark.parametrize("name", NAMES)
def test_every_town_of_a_page_is_named_on_its_first_view(visit, pages, name, size):
    page = visit(pages[f"{name}.html"], width=size[0], height=size[1]).page
    assert page.evaluate(LABELS) == []


@pytest.mark.parametrize("zoom", [8, 9.5, 11, 13])
def test_numbers_of_proposals_stand_apart(visit, pages, zoom):
    page = visit(pages["county.html"]).page
    page.evaluate("(zoom) => map_page.setZoom(zoom, {animate: false})", zoom)
    nearest = """() => {
      const layer = xsgeo.registry.proposals;
      const discs = layer.painter.discs(layer.view());
      const gaps = discs.flatMap((a, i) => discs.slice(0, i).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
      return Math.min(...gaps) - 2 * layer.painter.radius;
    }"""
    assert page.evaluate(nearest) > 0


@pytest.mark.parametrize("part", ["proposals", "towns", "gaps", "venues"])
def test_escape_closes_a_card_and_goes_back_to_the_list(visit, pages, part):
    page = visit(pages["county.html"], width=390, height=844).page
    opener = page.locator(f"#xs-{part} .xs-point").nth(1)
    opener.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "xs-card"
    page.keyboard.press("Escape")
    assert opener.evaluate("(n) => n === document.activeElement")
    page.wait_for_selector(".leaflet-popup", state="detached")


FAINT = """() => {
  const parse = (text) => {
    const part = text.match(/[\\d.]+/g).map(Number);
    const scale = text.startsWith('color(') ? 255 : 1;
    return [...part.slice(0, 3).map((v) => scale * v), part[3] ?? 1];
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const [r, g, b, a] = parse(getComputedStyle(node).backgroundColor);
    if (a === 1) return [r, g, b];
    return ground(node.parentElement).map((v, i) => v * (1 - a) + [r, g, b][i] * a);
  };
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.getBoundingClientRect().width || node.closest('script, style')) continue;
    const style = getComputedStyle(node);
    const pair = [light(parse(node instanceof SVGElement ? style.fill : style.color).slice(0, 3)), light(ground(node))];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) faint.push(`${walk.currentNode.data} ${contrast.toFixed(2)}`);
  }
  return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "county", "cluster_fishing"])
def test_text_has_the_contrast_of_wcag_aa(visit, pages, name, scheme):
    page = visit(pages[f"{name}.html"], color_scheme=scheme).page
    if name != "index":
        page.locator("#xs-towns .xs-point").first.click()
    assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_language_alone(visit, toy, language):
    found = workflow.analyse(toy)
    text = maps.render_pages(
        toy, found.reach.groups, found.reach.minutes, found.plan.sites, found.gaps, {}, language=language
    )["county.html"]
    seen = visit(text)
    seen.assert_quiet()
    words = seen.page.inner_text("#xs-notes")
    assert ("usable a week" in words, "每周可用" in words) == (language == "en", language == "zh")


@pytest.fixture(scope="module")
def internal_page(analysis) -> str:
    found = analysis.reach
    pages = maps.render_pages(
        found.study, found.groups, found.minutes, analysis.plan.sites, analysis.gaps, {}, clusters=["fishing"],
        audience="internal", language="zh",
    )  # fmt: skip
    return pages["cluster_fishing.internal.html"]


def test_an_internal_page_does_not_call_exact_numbers_rounded(visit, internal_page):
    page = visit(internal_page).page
    page.evaluate("document.querySelectorAll('button').forEach((b) => b.innerText === '分时' && b.click())")
    numbers = page.eval_on_selector_all("#xs-venues td.xs-n", "cells => cells.map((c) => c.textContent)")
    assert any(n[-1] not in "05" for n in numbers)
    shown = page.inner_text("body")
    assert "取整" not in shown
    assert "人数约到" not in shown
    assert "约" not in page.inner_text("#xs-times-count")
    assert "家单位共22,000名职工，其中21,477名下班后真正有阵地可去" in page.inner_text(".xs-lead")


def test_a_public_page_says_five_employers_and_not_five_workers(visit, pages):
    page = visit(pages["cluster_transport.html"]).page
    numbers = page.eval_on_selector_all("#xs-venues td.xs-n", "cells => cells.map((c) => c.textContent)")
    assert "<5" not in numbers
    assert "不足5家" in numbers
    assert "取整" in page.inner_text("#xs-venues")


def test_a_venue_placed_too_roughly_is_not_said_to_be_reached_by_nobody(visit, pages, analysis):
    venues = analysis.reach.study.venues
    vague = venues.index[venues["accuracy_m"] > analysis.reach.study.about.travel_rules.max_accuracy_m]
    assert "V01" in vague
    page = visit(pages["county.html"]).page
    row = page.locator("#xs-venues tr", has_text=str(venues.at["V01", "name"]))
    assert row.locator("td.xs-n").text_content() == "–"
    assert "位置不够准" in page.inner_text("#xs-venues .xs-note")
    row.locator(".xs-point").evaluate("button => button.click()")
    card = page.locator(".leaflet-popup").inner_text()
    assert "位置不够准，没有计算谁能到达" in card
    assert "时限内没有职工" not in card


def test_towns_are_named_in_english_on_an_english_page(visit, analysis):
    found = analysis.reach
    text = maps.render_pages(
        found.study, found.groups, found.minutes, analysis.plan.sites, analysis.gaps, {}, clusters=["fishing"],
        language="en",
    )["cluster_fishing.html"]  # fmt: skip
    page = visit(text).page
    towns = set(found.study.towns["name"])
    assert not any(town in page.inner_text("#xs-gaps") for town in towns)
    kinds = page.eval_on_selector_all("#xs-venues th .xs-soft", "cells => cells.map((c) => c.textContent)")
    assert any("Shipu Town" in kind for kind in kinds)
    assert not any(town in kind for town in towns for kind in kinds)
    page.locator("#xs-gaps .xs-point").first.click()
    assert not any(town in page.locator(".leaflet-popup").inner_text() for town in towns)


def test_study_with_nothing_to_propose_makes_a_page(visit, toy):
    found = workflow.analyse(toy, n_sites=0)
    nothing = found.gaps.iloc[:0]
    text = maps.render_pages(toy, found.reach.groups, found.reach.minutes, found.plan.sites, nothing, {})["county.html"]
    seen = visit(text)
    seen.assert_quiet()
    assert "没有建议" in seen.page.inner_text("#xs-proposals")


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_hostile_text_is_shown_and_does_not_run(visit, toy, number):
    found = workflow.analyse(toy)
    sites, gaps = infested_plan(found.plan.sites, found.gaps, number)
    study = infest(toy, number)
    pages = maps.render_pages(study, found.reach.groups, found.reach.minutes, sites, gaps, {"status": TEXTS[number]})
    for name in ("county.html", "cluster_fishing.html", "index.html"):
        seen = visit(pages[name], name=name)
        seen.assert_quiet()
        assert "#standard" in seen.page.inner_text("main")
        assert maps.page._visible(TEXTS[number]).split()[0] in seen.page.title()
        if name != "index.html":
            assert painted(seen.page, "land") > 100
            for node in seen.page.locator("main .xs-point").all():
                node.evaluate("(n) => n.click()")
            seen.page.wait_for_timeout(20)
            seen.assert_quiet()
        assert seen.page.locator("main img, main script, main iframe").count() == 0
