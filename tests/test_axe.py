"""Pages that everybody can use: axe-core finds nothing, the keyboard gets everywhere, and twice the size loses nothing.

These drive a real Chromium, as tests/test_pages.py does, and are skipped or required by the same rules.
"""

from __future__ import annotations

import base64
import dataclasses
import re
import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from tests.test_interactive import until
from tests.test_maps import block
from tests.test_maps_audience import render
from tests.test_pages import browser, painted, visit  # noqa: F401  # fixtures
from xsgeo import maps, workflow
from xsgeo.maps import Tiles, layers, publish

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="module")
def pages(analysis):
    found = analysis.reach
    study = found.study
    n = np.arange(4)
    actions = pd.DataFrame(
        {"year": 2027 + n // 2, "action": "share", "n_workers_added": 200, "name": ""},
        index=[f"A{i}" for i in n],
    ).assign(lon=study.venues["lon"].to_numpy()[:4], lat=study.venues["lat"].to_numpy()[:4])
    links = maps.sharing_links(
        study.workers, study.venues, found.minutes, found.groups,
        complements=workflow.drawing._complements(study), standard=study.standard,
    )  # fmt: skip
    clusters = found.study.clusters.loc[["fishing"]]  # the other clusters' pages are of the same kind
    public = render(analysis, dataclasses.replace(study, clusters=clusters), actions=actions, sharing=links)
    inside = render(analysis, clusters=["fishing"], audience="internal")
    online = render(analysis, clusters=["fishing"], tiles=Tiles("gaode"))
    return public | inside | online


def violations(page, *, within: str = "html", rules: Sequence[str] = ()) -> list[str]:
    """What axe finds in a part of a page, of the named rules or of all those of WCAG 2.1 AA."""
    import axe_playwright_python

    source = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(source.read_text("utf-8"))  # add_script_tag would be stopped by the page's own policy
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": RULES}
    found = page.evaluate(
        "([within, only]) => axe.run(within, {runOnly: only, resultTypes: ['violations']})", [within, only]
    )
    return [f"{v['id']}: {n['html'][:120]}" for v in found["violations"] for n in v["nodes"]]


OPEN = "() => { for (const d of document.querySelectorAll('details')) d.open = true; }"
KINDS = ["index.html", "county.html", "cluster_fishing.html", "cluster_fishing.internal.html"]


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing(visit, pages, name):  # noqa: F811
    page = visit(pages[name]).page
    page.evaluate(OPEN)
    assert violations(page) == []
    if name == "county.html":
        page.locator("#xs-towns .xs-point").first.click()
        until(page, "getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'")
        assert violations(page, within=".folium-map") == []  # the text beside the map is as it was
        for button in page.locator(".xs-dock-button").all():
            button.click()
            page.wait_for_selector(".leaflet-popup", state="detached")  # it fades, and is faint while it does
            assert violations(page, within=".folium-map") == []
    # Colours alone differ in the dark, so that is all that is asked anew.
    page.emulate_media(color_scheme="dark")
    until(page, "!xsgeo.isBusy()")
    page.evaluate(OPEN)
    assert violations(page, rules=["color-contrast"]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_however_far_its_sheets_are_open(visit, pages, scheme):  # noqa: F811
    page = visit(pages["county.html"], width=390, height=844, color_scheme=scheme, has_touch=True).page
    rules = ["color-contrast"] if scheme == "dark" else []  # colours alone differ in the dark
    assert violations(page, rules=rules) == []
    handle = page.locator("#xs-panel > .xs-handle")
    for state in ("full", "peek"):
        handle.click()
        assert handle.locator("xpath=..").get_attribute("data-sheet") == state
        assert violations(page, within="#xs-panel", rules=rules) == []
    for button in page.locator(".xs-dock-button").all():
        button.click()
        assert violations(page, within="#xs-dock-panes", rules=rules) == []
        page.locator("#xs-dock-panes .xs-drawer-close").click()


def test_axe_would_find_something(visit, pages):  # noqa: F811
    page = visit(pages["index.html"]).page
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(v.startswith("button-name") for v in violations(page))


def test_focus_goes_from_skip_link_through_text_and_map_and_is_seen(visit, pages):  # noqa: F811
    page = visit(pages["county.html"]).page
    stops = []
    for _ in range(400):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const n = document.activeElement;
              if (n === document.body) return null;
              const box = n.getBoundingClientRect();
              const style = getComputedStyle(n);
              const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || n.matches('.xs-skip');
              return [n.id || n.className, Boolean(n.closest('main')), box.width > 0 && box.height > 0, seen,
                      (n.getAttribute('aria-label') || n.innerText || n.title || '').trim()];
            }"""
        )
        if stop is None or (stops and stop == stops[0]):
            break
        stops.append(stop)
    else:
        pytest.fail("the keyboard does not get out of the page")
    assert stops[0][0] == "xs-skip"
    inside = [in_main for _, in_main, *_ in stops[1:]]
    assert True in inside
    assert False in inside
    assert sum(a != b for a, b in pairwise(inside)) == 1, "focus jumps between text and map"
    assert [s for s in stops if not s[2]] == [], "focus on something invisible"
    assert [s for s in stops if not s[3]] == [], "focus that does not show"
    ids = {s[0] for s in stops}
    assert {"xs-tool-picture", "xs-tool-sheet", "xs-tool-all", "xs-layer-venues"} <= ids


@pytest.mark.parametrize("name", ["index.html", "county.html", "cluster_fishing.internal.html"])
def test_twice_the_size_loses_nothing(visit, pages, name):  # noqa: F811
    """A screen of 1280 pixels at 200% is one of 640 at a scale of two (WCAG 1.4.4 and 1.4.10)."""
    large = visit(pages[name]).page
    small = visit(pages[name], width=640, height=430, device_scale_factor=2).page
    assert small.evaluate("document.documentElement.scrollWidth") <= 640
    words = "() => [...document.querySelectorAll('main h1, main h2, main p, main td, main th')].map((n) => n.innerText)"
    assert small.evaluate(words) == large.evaluate(words)
    cut = """() => [...document.querySelectorAll('main *')].filter((n) => n.scrollWidth > n.clientWidth + 1
      && getComputedStyle(n).overflow === 'hidden' && n.clientWidth).map((n) => n.outerHTML.slice(0, 100))"""
    assert small.evaluate(cut) == []


# ---- the week, the picture, paper ------------------------------------------------------------------------------------


def test_week_is_drawn_with_labels_and_told_in_a_table(visit, pages):  # noqa: F811
    seen = visit(pages["county.html"])
    strips = seen.page.locator("#xs-week svg.xs-heat")
    assert strips.count() == 2
    for i in range(2):
        text = strips.nth(i).text_content()
        assert all(day in text for day in ("周一", "周日", "0", "12", "24"))
        assert re.search(r"\d+(\.\d)?%", strips.nth(i).get_attribute("aria-label"))
    assert seen.page.locator("#xs-week tbody tr").count() == 7
    data = block(pages["county.html"], "xsgeo_page")["week"]
    assert len(data["workers"]) == len(data["venues"]) == 336
    assert all(v % 50 == 0 for v in data["workers"])
    seen.assert_quiet()


@pytest.mark.parametrize("name", ["county.html", "cluster_fishing.internal.html"])
def test_picture_is_saved_without_a_request(visit, pages, name, tmp_path):  # noqa: F811
    seen = visit(pages[name], accept_downloads=True)
    with seen.page.expect_download() as waiting:
        seen.page.locator("#xs-tool-picture").click()
    saved = tmp_path / "map.png"
    waiting.value.save_as(saved)
    assert ("internal" in waiting.value.suggested_filename) == ("internal" in name)
    data = saved.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1600
    assert height > 900
    assert len(data) > 50_000
    assert [r for r in seen.requests if not r.startswith("blob:")] == [seen.page.url]
    assert seen.said == []


def test_online_page_offers_no_picture_of_what_is_not_ours(visit, pages):  # noqa: F811
    text = pages["cluster_fishing.online.html"]
    seen = visit(text)
    assert seen.page.locator("#xs-tool-picture").count() == 0
    assert "高德" in seen.page.locator(".xs-credit").inner_text()
    assert {r.split("/")[2] for r in seen.requests if r.startswith("http")} == {"webrd01.is.autonavi.com"}
    assert painted(seen.page, "workers") > 100


@pytest.mark.parametrize("name", ["county.html", "cluster_fishing.internal.html"])
def test_a_map_is_one_sheet_of_paper(visit, pages, name):  # noqa: F811
    page = visit(pages[name]).page
    for paper in ("A4", "A3", "Letter"):
        pdf = page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, paper
        width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
        assert height > width


def test_the_sheet_says_what_counts(visit, pages):  # noqa: F811
    page = visit(pages["county.html"]).page
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for part in (".xs-hero", "#xs-reasons", "#xs-towns tbody", "#xs-week svg", "#xs-proposals", ".xs-sheet-facts"):
        assert page.locator(part).first.is_visible(), part
    assert page.locator("#xs-venues").is_hidden()
    assert "2026-11-22" in page.locator(".xs-sheet-facts").inner_text()
    page.evaluate("document.documentElement.classList.add('xs-all')")
    assert page.locator("#xs-venues").is_visible()


def test_internal_banner_is_on_screen_and_on_paper(visit, pages):  # noqa: F811
    page = visit(pages["cluster_fishing.internal.html"]).page
    assert page.locator(".xs-banner").is_visible()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".xs-banner").is_visible()


# ---- layers ----------------------------------------------------------------------------------------------------------


HIT = """([kind, x, y]) => {
  const box = map_page.getContainer().getBoundingClientRect();
  return xsgeo.registry[kind].pick(map_page.containerPointToLayerPoint([x - box.x, y - box.y]));
}"""


@pytest.mark.parametrize("kind", ["rooms", "sharing", "actions"])
def test_further_layers_are_counted_switched_and_explained(visit, pages, kind):  # noqa: F811
    seen = visit(pages["county.html"])
    seen.page.evaluate(OPEN)
    box = seen.page.locator(f"#xs-layer-{kind}")
    items = seen.page.evaluate(f"xsgeo.registry.{kind}.data.items.length")
    assert items > 0
    assert box.locator("xpath=..").locator(".xs-n").inner_text() == str(items)
    box.check()
    assert painted(seen.page, kind) > 30
    spot = f"""() => {{
      const at = xsgeo.registry.{kind}.painter.position(0);
      map_page.setView(at, 15, {{animate: false}});
      const box = map_page.getContainer().getBoundingClientRect();
      const p = map_page.latLngToContainerPoint(at);
      return [p.x + box.x, p.y + box.y];
    }}"""
    at = seen.page.evaluate(spot)
    assert seen.page.evaluate(HIT, [kind, *at])["kind"] == kind
    assert seen.page.evaluate(f"xsgeo.registry.{kind}.painter.card(0).textContent").strip()
    seen.assert_quiet()


LEDGER = """() => {
  const {ledger} = xsgeo.read('xsgeo_page');
  return xsgeo.ledgerAt(ledger, ledger.place[0], xsgeo.registry.workers.data.reasons).textContent;
}"""


def test_a_place_on_an_internal_page_tells_employers_and_numbers(visit, pages, analysis):  # noqa: F811
    seen = visit(pages["cluster_fishing.internal.html"])
    workers = analysis.reach.study.workers
    first = workers[workers["cluster_id"] == "fishing"].sort_index().iloc[0]
    name = analysis.reach.study.employers.at[first["employer_id"], "name"]
    told = seen.page.evaluate(LEDGER)
    assert name in told
    assert f"{first['n_workers']:,}" in told
    seen.assert_quiet()


# ---- fifty thousand groups -------------------------------------------------------------------------------------------


def test_fifty_thousand_groups_make_a_small_quiet_page(visit, demonstration):  # noqa: F811
    random = np.random.RandomState(7)
    land = shapely.union_all(demonstration.land.geometry.to_numpy())
    shapely.prepare(land)
    west, south, east, north = land.bounds
    points = np.column_stack([random.uniform(west, east, 300_000), random.uniform(south, north, 300_000)])
    points = points[shapely.contains_xy(land, points[:, 0], points[:, 1])][:50_000]
    assert len(points) == 50_000
    index = pd.Index([f"g{i:05d}" for i in range(50_000)], name="group_id")
    workers = pd.DataFrame(
        {
            "lon": points[:, 0],
            "lat": points[:, 1],
            "n_workers": random.randint(1, 60, 50_000),
            "employer_id": [f"e{i}" for i in random.randint(0, 9_000, 50_000)],
            "town_id": [f"t{i}" for i in random.randint(0, 18, 50_000)],
        },
        index=index,
    )
    reasons = random.choice(["served", "closed", "out_of_reach", "not_shared"], 50_000)
    groups = pd.DataFrame({"reason": reasons, "is_nominal": reasons != "out_of_reach"}, index=index)
    m = maps.OfflineMap("page", location=(29.4, 121.8), zoom_start=10)
    layers.compose(
        m,
        lambda m: layers.add_land(m, demonstration.land),
        lambda m: layers.add_roads(m, demonstration.roads),
        lambda m: layers.add_workers(m, workers, groups),
    )
    script = "document.addEventListener('DOMContentLoaded', () => { document.documentElement.dataset.ready = 'yes'; });"
    ready = f"<script>{script}</script>"
    m.get_root().header.add_child(maps.page.RawText(ready), name="ready")
    style = "<style>html, body, .folium-map { height: 100%; margin: 0; }</style>"
    m.get_root().header.add_child(maps.page.RawText(style), name="style")
    text = maps.render_offline(m.get_root(), title="50,000")
    assert len(text.encode("utf-8")) < 3_000_000
    seen = visit(text)
    for zoom in (10, 14):
        seen.page.evaluate(f"map_page.setView([29.45, 121.85], {zoom}, {{animate: false}})")
        seen.page.mouse.move(640, 430)
        seen.page.mouse.down()
        for step in range(10):
            seen.page.mouse.move(640 + 12 * step, 430 + 6 * step)
        seen.page.mouse.up()
        assert painted(seen.page, "workers") > 1_000
    seen.assert_quiet()
    drawn = block(text, "workers_map_page_data")
    assert len(base64.b64decode(drawn["states"])) == publish.cells(workers).nunique()
