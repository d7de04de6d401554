"""Hundreds of hostile strings through every text of a study onto pages of every kind: nothing runs, nothing is lost.

The strings are the Big List of Naughty Strings, read where it lies beside the repository, and those of our own list.
"""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.hostile import TEXTS
from tests.test_maps_audience import render
from tests.test_pages import browser, painted, visit  # noqa: F401  # fixtures
from xsgeo import maps, workflow
from xsgeo.study import Study

LIST = Path(__file__).parents[2] / "shared" / "testdata" / "blns" / "blns.json"
CHUNK = 120


def strings() -> list[str]:
    listed = json.loads(LIST.read_text("utf-8")) if LIST.is_file() else []
    return [*TEXTS, *listed]


ALL = strings()
CHUNKS = [ALL[i : i + CHUNK] for i in range(0, len(ALL), CHUNK)]
FREE = {
    "towns": ("name", "name_en", "aliases", "source"),
    "clusters": ("name", "name_en", "union_label", "venue_needs", "source"),
    "employers": ("name", "source"),
    "venues": ("name", "address", "source"),
    "workers": ("source",),
}
"""Columns in which a ledger may hold any text."""


def spoil(study: Study, texts: list[str]) -> Study:
    """The study with the texts, row after row and column after column, each column beginning elsewhere."""
    tables = {}
    for table, columns in FREE.items():
        frame = getattr(study, table)
        named = {}
        for shift, column in enumerate(c for c in columns if c in frame):
            named[column] = [texts[(i + 7 * shift) % len(texts)] for i in range(len(frame))]
        tables[table] = frame.assign(**named)
    whole = " ".join(texts)
    standard = dataclasses.replace(study.standard, name=whole, name_en=whole, source=whole)
    about = dataclasses.replace(study.about, title=whole, title_en=whole, as_of=whole, standard=standard)
    return dataclasses.replace(study, about=about, **tables)


def extras(study: Study, texts: list[str]) -> dict[str, pd.DataFrame]:
    """Links and actions of a caller's own making, with such texts."""
    lon, lat = study.venues["lon"].iloc[0], study.venues["lat"].iloc[0]
    at = {"lon": lon, "lat": lat}
    n = len(texts)
    links = pd.DataFrame({"kind": ["complement"] * n, **at, "lon_to": lon + 0.01, "lat_to": lat, "name": texts})
    actions = pd.DataFrame({"year": 2027, "action": texts, **at, "n_workers_added": 1, "name": texts}, index=range(n))
    return {
        "sharing": links.assign(name_to=texts[::-1], hours_gained=1.0, n_workers=None),
        "actions": actions,
    }


def constant(text: str) -> str:
    """A page without its data, its title and its banner."""
    text = re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.DOTALL)
    return re.sub(r"<title>.*?</title>", "", text, flags=re.DOTALL)


@pytest.fixture(scope="module")
def toy_analysis():
    from xsgeo.datasets import toy_county

    return workflow.analyse(toy_county())


@pytest.fixture(scope="module")
def clean(toy_analysis) -> dict[str, str]:
    study = toy_analysis.reach.study
    more = extras(study, ["甲"])
    return {n: constant(t) for a in ("public", "internal") for n, t in render(toy_analysis, audience=a, **more).items()}


@pytest.mark.skipif(not LIST.is_file(), reason="the list is not there")
def test_the_list_is_whole():
    assert len(ALL) > 450


@pytest.mark.parametrize("number", range(len(CHUNKS)))
def test_what_stands_outside_the_data_is_the_same_whatever_the_study_holds(toy_analysis, clean, number):
    study = toy_analysis.reach.study
    bad = spoil(study, CHUNKS[number])
    for audience in ("public", "internal"):
        pages = render(toy_analysis, bad, audience=audience, **extras(study, CHUNKS[number]))
        for name, text in pages.items():
            assert constant(text) == clean[name], name
            for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL):
                json.loads(block)
                assert not set("<>&") & set(block)


@pytest.mark.browser
@pytest.mark.parametrize("number", range(len(CHUNKS)))
def test_nothing_runs_and_no_map_is_blank(visit, toy_analysis, number):  # noqa: F811
    study = toy_analysis.reach.study
    bad = spoil(study, CHUNKS[number])
    more = extras(study, CHUNKS[number])
    pages = render(toy_analysis, bad, audience="internal", **more)
    pages |= {"county.html": render(toy_analysis, bad, **more)["county.html"]}
    for name in ("county.html", "county.internal.html", "index.internal.html"):
        seen = visit(pages[name], name=name)
        seen.assert_quiet()
        assert seen.page.locator("main img, main script, main iframe, main object").count() == 0
        if "index" in name:
            continue
        assert painted(seen.page, "land") > 100
        for kind in ("actions", "sharing"):
            seen.page.evaluate(f"xsgeo.registry.{kind}.addTo(map_page)")
            shown = f"[...xsgeo.registry.{kind}.data.items.keys()].map((i) => xsgeo.registry.{kind}.painter.card(i))"
            assert seen.page.evaluate(f"{shown}.every((n) => !n.querySelector('img, script, iframe'))")
        said = seen.page.evaluate("xsgeo.registry.actions.data.items.map((i) => i.name)")
        assert sorted(said) == sorted(maps.page._visible(t) for t in CHUNKS[number])
        seen.assert_quiet()


@pytest.mark.browser
@pytest.mark.skipif(not LIST.is_file(), reason="the list is not there")
def test_every_string_by_itself_is_a_venues_name(visit, demonstration):  # noqa: F811
    found = workflow.analyse(demonstration)
    n = len(demonstration.venues)
    names = [ALL[i % len(ALL)] for i in range(n)]
    venues = demonstration.venues.assign(name=names, employer_id="", address=names[::-1])
    study = dataclasses.replace(demonstration, venues=venues)
    text = render(found, study, clusters=["fishing"])["cluster_fishing.html"]
    seen = visit(text)
    told = seen.page.evaluate("xsgeo.registry.venues.data.items.map((item) => item.name)")
    opened = layers_names(venues)
    assert told == [maps.page._visible(t) for t in opened]
    assert painted(seen.page, "venues") > 300
    assert seen.page.locator("#xs-venues img, #xs-venues script").count() == 0
    seen.assert_quiet()


def layers_names(venues: pd.DataFrame) -> list[str]:
    return maps.layers.open_venues(pd.DataFrame(venues))["name"].tolist()
