"""What a reader can ask a page, asked in a real Chromium: half hours, names, changes, and the address of it all."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest

from tests.test_maps import block
from tests.test_pages import browser, painted, visit  # noqa: F401  # fixtures
from xsgeo import maps, workflow
from xsgeo.access import usable_slots
from xsgeo.datasets import toy_county
from xsgeo.maps import finding, publish, times
from xsgeo.maps.publish import PublishRules

EVERYTHING = PublishRules(min_employers=1, max_share=1.0, round_to=1)


@pytest.fixture(scope="module")
def county(analysis):
    return analysis.reach


@pytest.fixture(scope="module")
def pages(county):
    sites = pd.DataFrame(columns=["order", "action", "name", "lon", "lat", "n_workers_added", "towns", "clusters"])
    gaps = pd.DataFrame(columns=["name", "n_workers", "lon", "lat", "main_reason", "town_id"])
    study = dataclasses.replace(county.study, clusters=county.study.clusters.iloc[:1])  # one other page is enough
    return maps.render_pages(study, county.groups, county.minutes, sites, gaps, {}, network=county.network)


@pytest.fixture(scope="module")
def small():
    found = workflow.analyse(toy_county(), n_sites=1)
    reach = found.reach
    pages = maps.render_pages(
        reach.study,
        reach.groups,
        reach.minutes,
        found.plan.sites,
        found.gaps,
        {},
        rules=EVERYTHING,
        network=reach.network,
    )
    return pages["county.html"]


def until(page, true):
    """Wait for something in the page to be so; Playwright's own way of asking is forbidden by the page's policy."""
    wait = f"""async () => {{
      const start = performance.now();
      while (!({true}) && performance.now() - start < 5000) await new Promise((done) => setTimeout(done, 10));
      return Boolean({true});
    }}"""
    assert page.evaluate(wait), true


def open_tool(page, name):
    page.click(f".xs-dock-button[aria-controls=xs-{name}]")


# ---- half hours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("month", [1, 5, 7, 11])
def test_weeks_of_squares_are_those_of_usable_slots(county, month):
    study, minutes = county.study, county.minutes
    weeks = times.weeks_by_month(study.workers, study.venues, minutes, standard=study.standard, needs=study.needs)
    standard = dataclasses.replace(study.standard, month=month)
    expected = usable_slots(study.workers, study.venues, minutes, standard=standard, needs=study.needs)
    assert np.array_equal(weeks.usable[weeks.kind_of_month[month - 1]], expected)


def test_bits_and_counts_of_a_page_are_those_of_usable_slots(county, pages):
    import base64

    data = block(pages["county.html"], "times_map_page_data")
    study = county.study
    workers = study.workers.sort_index()
    groups = county.groups.loc[workers.index]
    standard = dataclasses.replace(study.standard, month=5)
    slots = usable_slots(workers, study.venues, county.minutes, standard=standard, needs=study.needs)
    kind, n = data["kind_of_month"][4], workers["n_workers"].to_numpy()
    weeks = np.unpackbits(np.frombuffer(base64.b64decode(data["weeks"]), np.uint8).reshape(-1, 42), axis=1).astype(bool)
    cell = publish.cells(workers).to_numpy()
    mostly = np.stack(
        [2 * (n[cell == c] @ slots[cell == c]) >= n[cell == c].sum() for c in range(0, cell.max() + 1, 50)]
    )
    assert np.array_equal(weeks[unpacked(data["places"][kind])[::50]], mostly)
    areas = publish.areas(workers, groups, rules=PublishRules())
    told = weeks[unpacked(data["areas"][kind])]
    assert all(
        np.array_equal(t, 2 * (n[a.rows] @ slots[a.rows]) >= n[a.rows].sum()) for t, a in zip(told, areas, strict=True)
    )
    assert np.abs(np.array(data["usable"][kind]) - n @ slots).max() <= data["step"] / 2
    assert data["total"] == n.sum()


def unpacked(text):
    """Whole numbers of `xsgeo.maps.pack.pack_whole`, read the slow way."""
    import base64

    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    return np.array(numbers)


@pytest.mark.browser
def test_nine_on_a_tuesday_in_may(visit, county, pages):  # noqa: F811
    seen = visit(pages["county.html"])
    page, study = seen.page, county.study
    open_tool(page, "times")
    page.select_option("#xs-times-month", "5")
    page.select_option("#xs-times-day", "1")
    page.fill("#xs-times-slot", "42")
    workers = study.workers.sort_index()
    standard = dataclasses.replace(study.standard, month=5)
    slots = usable_slots(workers, study.venues, county.minutes, standard=standard, needs=study.needs)[:, 48 + 42]
    n = workers["n_workers"].to_numpy()
    assert abs(int(page.get_attribute("#xs-times-count", "data-n")) - n @ slots) <= 50
    assert page.inner_text(".xs-times-when") == "周二 21:00–21:30"
    cell = publish.cells(workers).to_numpy()
    on = 2 * np.bincount(cell, weights=n * slots) >= np.bincount(cell, weights=n)
    drawn = "(n) => [...Array(n).keys()].map((i) => xsgeo.registry.times.painter.isPlaceOn(i))"
    assert page.evaluate(drawn, len(on)) == on.tolist()
    assert painted(page, "times") > 500
    assert page.locator(".leaflet-xsgeo-workers-pane canvas").count() == 0
    open_tool(page, "times")
    assert page.locator(".leaflet-xsgeo-workers-pane canvas").count() == 1
    seen.assert_quiet()


@pytest.mark.browser
def test_slider_goes_by_keyboard_and_says_where_it_is(visit, small):  # noqa: F811
    page = visit(small).page
    open_tool(page, "times")
    page.locator("#xs-times-slot").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#xs-times-slot", "aria-valuetext") == "周二 21:30–22:00"
    page.keyboard.press("Home")
    assert page.get_attribute("#xs-times-slot", "aria-valuetext") == "周二 00:00–00:30"
    page.keyboard.press("Escape")
    assert page.locator("#xs-times").is_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-controls')") == "xs-times"


@pytest.mark.browser
def test_toy_county_by_the_half_hour(visit, small):  # noqa: F811
    page = visit(small).page
    open_tool(page, "times")
    page.select_option("#xs-times-day", "0")
    counts = {}
    for slot in (19, 37, 38, 42):
        page.fill("#xs-times-slot", str(slot))
        counts[slot] = int(page.get_attribute("#xs-times-count", "data-n"))
    assert counts == {19: 60, 37: 100, 38: 100, 42: 20}  # the night shift; g2 and g6; again; g6 alone


def test_counts_are_rounded_by_how_many_there_are():
    assert [times.count_step(n, PublishRules()) for n in (10_000, 10_001, 20_001, 500_000, 10**9)] == [
        5,
        10,
        50,
        500,
        5000,
    ]
    assert times.count_step(130_500, EVERYTHING) == 1


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("query", ["石浦", "shipu", "sp", "SHI PU", "Shipu"])
def test_a_town_is_found_by_characters_pinyin_and_initials(visit, pages, query):  # noqa: F811
    seen = visit(pages["county.html"])
    seen.page.fill("#xs-find", query)
    assert seen.page.inner_text("#xs-find-0 .xs-find-name") == "石浦镇"
    seen.page.focus("#xs-find")
    seen.page.keyboard.press("Enter")
    assert "石浦" in seen.page.inner_text(".leaflet-popup-content h3")
    assert seen.page.evaluate("map_page.getZoom()") >= 13
    seen.assert_quiet()


@pytest.mark.browser
def test_find_is_a_combobox_for_the_keyboard(visit, pages):  # noqa: F811
    page = visit(pages["county.html"]).page
    page.fill("#xs-find", "石浦")
    box = page.locator("#xs-find")
    assert (box.get_attribute("role"), box.get_attribute("aria-expanded")) == ("combobox", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == "xs-find-1"
    assert page.get_attribute("#xs-find-1", "aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    n = page.locator("#xs-find-list [role=option]").count()
    assert box.get_attribute("aria-activedescendant") == f"xs-find-{n - 1}"
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.fill("#xs-find", "没有这样的名字")
    assert "没有找到" in page.inner_text("#xs-find-list")


@pytest.mark.browser
def test_a_venue_is_found_and_its_card_opened(visit, pages):  # noqa: F811
    page = visit(pages["county.html"]).page
    name = page.evaluate("xsgeo.registry.venues.data.items.find((v) => v.name).name")
    page.fill("#xs-find", name)
    page.click("#xs-find-0")
    assert name in page.inner_text(".leaflet-popup-content")


def test_an_employers_own_room_is_not_found_by_name(county, pages):
    venues = maps.layers.open_venues(county.study.venues)
    own = (maps.layers.text_of(venues, "employer_id") != "").to_numpy()
    spelt = np.array(block(pages["county.html"], "xsgeo_page")["find"]["venues"], dtype=object)
    assert own.sum() > 100
    assert set(spelt[own]) == {""}
    assert (spelt[~own] != "").mean() > 0.9


def test_pinyin_of_hostile_names_is_letters_and_spaces():
    from tests.hostile import TEXTS

    assert all(re.fullmatch(r"[a-z0-9 ]*", spelt) for spelt in finding.pinyin([f"厂{t}" for t in TEXTS]))


# ---- the address -----------------------------------------------------------------------------------------------------


def go(page, hash_):
    page.evaluate("(h) => { window.location.hash = h; }", hash_)
    page.wait_for_timeout(30)  # hashchange is a task of its own


@pytest.mark.browser
def test_address_brings_back_what_was_seen(visit, small, tmp_path):  # noqa: F811
    seen = visit(small, name="first.html")
    page = seen.page
    assert "#" not in page.url
    page.evaluate("map_page.setView([29.1, 123.02], 12.5, {animate: false})")
    page.evaluate("document.getElementById('xs-layer-roads').click()")
    open_tool(page, "times")
    page.select_option("#xs-times-month", "6")
    page.fill("#xs-times-slot", "40")
    open_tool(page, "whatif")
    page.evaluate("""() => {
      const week = new Uint8Array(336).fill(1, 30, 90);
      xsgeo.api.whatif.change('V1', {week, serves: 'members'});
      xsgeo.api.whatif.put('V3', L.latLng(29.0969, 123.031));
      xsgeo.api.whatif.change('V2', {open: false});
    }""")
    told = page.get_attribute("#xs-whatif-effective", "data-n")
    page.evaluate("xsgeo.api.openCard({kind: 'venues', items: [1], at: xsgeo.registry.venues.painter.position(1)})")
    page.wait_for_timeout(500)
    address = page.url.split("#")[1]
    seen.assert_quiet()

    again = visit(small, name="second.html")
    go(again.page, address)
    page = again.page
    assert page.get_attribute("#xs-whatif-effective", "data-n") == told
    assert not page.is_checked("#xs-layer-roads")
    assert page.evaluate("[xsgeo.api.whatif.month(), xsgeo.api.whatif.edits.size]") == [6, 3]
    assert "职工之家" in page.inner_text(".leaflet-popup-content h3")
    assert page.evaluate("xsgeo.api.whatif.scenario()") == seen.page.evaluate("xsgeo.api.whatif.scenario()")
    page.wait_for_timeout(300)
    parts = [dict(p.split("=", 1) for p in text.split("&")) for text in (address, page.url.split("#")[1])]
    assert {k: v for k, v in parts[0].items() if k != "v"} == {k: v for k, v in parts[1].items() if k != "v"}
    again.assert_quiet()

    third = visit(small, name="third.html")
    go(third.page, "v=29.1,123.02,12.5&t=90&m=6")
    assert third.page.inner_text(".xs-times-when") == "周二 21:00–21:30"
    assert third.page.evaluate("[map_page.getZoom(), xsgeo.api.times.at.month]") == [12.5, 6]
    third.assert_quiet()


HASHES = [
    "w=" + ";".join(["V1,x:1"] * 400),
    "v=" + "9" * 20000,
    "w=",
    "v=1,2",
    "v=a,b,c",
    "v=99,999,50",
    "v=29.1,123.0,NaN",
    "t=9999",
    "t=-1",
    "t=1e2",
    "m=13",
    "m=0",
    "o=__proto__,constructor",
    "s=constructor:x",
    "s=__proto__:x",
    "s=venues:nothing",
    "s=venues:%E0%A4%A",
    "s=workers:a:b",
    "s=gaps:%00",
    "w=V1",
    "w=V1,x:2",
    "w=V1,p:1e9:1",
    "w=V1,h:%3Cimg%20src=x%3E",
    "w=~1,s:everyone",
    "w=nothing,x:1",
    "&&&=&=;",
    "%",
    "w=%",
    "w=V1,s:<img src=x onerror=window.hacked=1>",
    "s=towns:<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "x=javascript:window.hacked=1",
]


@pytest.mark.browser
def test_hostile_addresses_do_nothing(visit, small):  # noqa: F811
    seen = visit(small)
    before = seen.page.evaluate("[map_page.getZoom(), map_page.getCenter().lat]")
    for text in HASHES:
        seen.page.evaluate("xsgeo.api.whatif.reset()")
        go(seen.page, text)
        assert seen.page.evaluate("window.hacked") is None, text
        if not text.startswith("w=V1,x:1"):
            assert seen.page.evaluate("xsgeo.api.whatif.edits.size") == 0, text[:200]
    assert seen.page.evaluate("[map_page.getZoom(), map_page.getCenter().lat]") == before
    assert seen.page.locator("main img, .xs-dock img").count() == 0
    seen.assert_quiet()


# ---- changes by hand -------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_venue_is_changed_from_its_card_by_keyboard(visit, small):  # noqa: F811
    seen = visit(small)
    page = seen.page
    page.locator("#xs-venues .xs-point").first.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content .xs-button").first.focus()
    page.keyboard.press("Enter")
    assert "老文化宫" in page.inner_text("#xs-whatif h3")
    page.locator(".xs-whatif-hours > summary").focus()
    page.keyboard.press("Enter")
    page.select_option("#xs-hours-days", "work")
    page.select_option("#xs-hours-from", "34")
    page.select_option("#xs-hours-to", "42")
    page.locator("#xs-whatif .xs-button:has-text('设为开放')").focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#xs-whatif-hours-text").startswith("周一至周五 08:00-21:00")
    assert page.get_attribute("#xs-whatif-effective", "data-n") == "260"  # the toy county's own arithmetic
    assert page.evaluate("document.activeElement.textContent").startswith("设为开放")
    page.locator("#xs-whatif-open").focus()
    page.keyboard.press("Space")
    assert page.get_attribute("#xs-whatif-effective", "data-n") == "100"
    page.click("#xs-whatif .xs-button:has-text('还原')")
    assert page.get_attribute("#xs-whatif-effective", "data-n") == "160"
    seen.assert_quiet()


@pytest.mark.browser
def test_a_mark_is_dragged_to_the_nearest_node(visit, small):  # noqa: F811
    seen = visit(small)
    page = seen.page
    page.evaluate("xsgeo.api.whatif.choose('V2')")
    page.evaluate("map_page.setView([29.1, 123.012], 13, {animate: false})")
    grip = page.locator(".xs-grip").bounding_box()
    spot = page.evaluate("""() => {
      const home = map_page.getContainer().getBoundingClientRect();
      const p = map_page.latLngToContainerPoint([29.0972, 123.0003]);
      return [p.x + home.x, p.y + home.y];
    }""")
    page.mouse.move(grip["x"] + 17, grip["y"] + 17)
    page.mouse.down()
    page.mouse.move(*spot, steps=8)
    page.mouse.up()
    until(page, "xsgeo.api.whatif.edits.has('V2')")
    where = page.evaluate(
        "(() => { const w = xsgeo.api.whatif; return w.reckoner().position(w.edits.get('V2').node); })()"
    )
    assert where["lon"] == pytest.approx(123.0, abs=1e-6)
    assert "最近的路口" in page.inner_text("#xs-whatif")
    seen.assert_quiet()


# ---- sheets of a phone -----------------------------------------------------------------------------------------------


def on_a_phone(visit, text):  # noqa: F811
    return visit(text, width=390, height=844, has_touch=True, is_mobile=True)


def sheet(page):
    """State of the sheet in use, its top, and where the map ends."""
    return page.evaluate("""() => {
      const node = [...document.querySelectorAll('.xs-drawer')].filter((n) => n.offsetHeight).pop();
      for (const moving of node.getAnimations()) moving.finish();
      const map = document.querySelector('.folium-map').getBoundingClientRect();
      return [node.dataset.sheet, Math.round(node.getBoundingClientRect().top), Math.round(map.bottom)];
    }""")


@pytest.mark.browser
def test_sheet_peeks_stands_half_and_full_and_the_map_ends_above_it(visit, small):  # noqa: F811
    seen = on_a_phone(visit, small)
    page = seen.page
    handle = page.locator("#xs-panel > .xs-handle")
    state, top, end = sheet(page)
    assert (state, handle.get_attribute("aria-expanded")) == ("half", "true")
    assert top <= end <= top + 16
    assert 0.4 < (844 - top) / 844 < 0.5
    handle.tap()
    assert sheet(page)[:2] == ["full", 52]
    handle.tap()
    state, top, end = sheet(page)
    assert (state, top, handle.get_attribute("aria-expanded")) == ("peek", 844 - 72, "false")
    assert top <= end <= top + 16
    assert page.evaluate("map_page.getSize().y") == end
    share = page.inner_text("#xs-effective")
    assert share in handle.inner_text()
    assert share in handle.get_attribute("aria-label")
    handle.focus()
    for key, state in (
        ("ArrowUp", "half"),
        ("ArrowUp", "full"),
        ("ArrowDown", "half"),
        ("End", "peek"),
        ("Enter", "half"),
    ):
        page.keyboard.press(key)
        assert sheet(page)[0] == state, key
    seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("to", "state"), [(800, "peek"), (450, "half"), (90, "full")])
def test_sheet_is_dragged_and_stays_where_it_is_let_go(visit, small, to, state):  # noqa: F811
    page = on_a_phone(visit, small).page
    box = page.locator("#xs-panel > .xs-handle").bounding_box()
    page.mouse.move(195, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(195, to, steps=6)
    page.mouse.move(195, to, steps=2)
    page.evaluate("new Promise((done) => setTimeout(done, 60))")  # let go, not thrown
    page.mouse.move(195, to + 1)
    page.mouse.up()
    assert sheet(page)[0] == state


@pytest.mark.browser
def test_a_mark_is_dragged_by_touch_while_the_tool_peeks(visit, small):  # noqa: F811
    seen = on_a_phone(visit, small)
    page = seen.page
    page.evaluate("xsgeo.api.whatif.choose('V2')")
    handle = page.locator("#xs-dock-panes .xs-handle")
    assert page.locator("#xs-panel").is_hidden()
    page.evaluate("map_page.setView([29.1, 123.012], 13, {animate: false})")
    handle.press("End")
    top, end = sheet(page)[1:]
    grip = page.locator(".xs-grip").bounding_box()
    assert grip["y"] + grip["height"] < top <= end
    before = handle.inner_text()
    touch = page.context.new_cdp_session(page)
    x, y = grip["x"] + 17, grip["y"] + 17
    to = page.evaluate("map_page.latLngToContainerPoint([29.0972, 123.0003])")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        points = [{"x": x + (to["x"] - x) * step / 8, "y": y + (to["y"] - y) * step / 8}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, "xsgeo.api.whatif.edits.has('V2')")
    assert "有效覆盖率" in before
    assert handle.inner_text() != before
    assert sheet(page)[0] == "peek"
    page.locator("#xs-dock-panes .xs-drawer-close").tap()
    assert page.locator("#xs-dock-panes").is_hidden()
    assert page.locator("#xs-panel").is_visible()
    seen.assert_quiet()


# ---- size and looks --------------------------------------------------------------------------------------------------


def test_county_page_stays_small(pages):
    assert len(pages["county.html"].encode()) < 1_500_000
    sizes = {
        name: len(json.dumps(block(pages["county.html"], f"{name}_map_page_data"))) for name in ("whatif", "times")
    }
    assert sizes["whatif"] < 320_000
    assert sizes["times"] < 80_000


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 860), (390, 844)])
@pytest.mark.parametrize("tool", ["times", "whatif"])
def test_tools_stay_on_the_map_or_below_it(visit, pages, width, height, tool):  # noqa: F811
    page = visit(pages["county.html"], width=width, height=height).page
    open_tool(page, tool)
    pane, home = page.locator(f"#xs-{tool}").bounding_box(), page.locator(".folium-map").bounding_box()
    assert home["x"] <= pane["x"]
    assert pane["x"] + pane["width"] <= home["x"] + home["width"]
    if width > 760:
        assert home["y"] <= pane["y"]
    else:  # below the map, which stays whole
        assert home["y"] + home["height"] <= pane["y"]
    inner = f"(() => {{ const n = document.getElementById('xs-{tool}'); return n.scrollWidth <= n.clientWidth; }})()"
    assert page.evaluate(inner)
