"""What the page reckons is what the library reckons, row by row, on the very table that the page holds.

The page is driven in a real Chromium; Python edits the venues of the same study in the same way, travels to them, and
asks `xsgeo.access`. Nothing is compared by eye, and no tolerance is given.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.test_pages import browser, visit  # noqa: F401  # fixtures
from xsgeo import access, maps, network, scenarios, travel, workflow
from xsgeo.crs import WGS84
from xsgeo.datasets import toy_county
from xsgeo.hours import parse_hours, to_spans
from xsgeo.maps import layers, publish, whatif
from xsgeo.maps.demand import UNPLACED_M, demand_table
from xsgeo.maps.pack import pack_steps, pack_whole
from xsgeo.maps.publish import PublishRules
from xsgeo.maps.whatif import node_lonlat
from xsgeo.study import Study

EVERYTHING = PublishRules(min_employers=1, max_share=1.0, round_to=1)
SERVES = ("everyone", "workers", "members", "own_staff", "women", "youth")
TERMS = ("open", "appointment", "agreement", "none")


def page_of(study: Study, found: workflow.Reach, *, rules: PublishRules = EVERYTHING, language: str = "zh") -> str:
    sites = pd.DataFrame(columns=["order", "action", "name", "lon", "lat", "n_workers_added", "towns", "clusters"])
    gaps = pd.DataFrame(columns=["name", "n_workers", "lon", "lat", "main_reason", "town_id"])
    pages = maps.render_pages(
        study, found.groups, found.minutes, sites, gaps, {}, rules=rules, language=language, network=found.network
    )
    return pages["county.html"]


# ---- random changes --------------------------------------------------------------------------------------------------


def random_week(rng: np.random.RandomState) -> np.ndarray:
    week = np.zeros(336, dtype=bool)
    for _ in range(rng.randint(0, 5)):
        start, length = rng.randint(336), rng.randint(1, 60)
        week[np.arange(start, start + length) % 336] = rng.rand() < 0.8
    return week


def random_edits(rng: np.random.RandomState, ids: list[str], nodes: list[int]) -> dict[str, dict[str, Any]]:
    """One to three venues moved, added, shut, opened at other hours, or opened to other people, or several of these."""
    edits: dict[str, dict[str, Any]] = {}
    for k in range(rng.randint(1, 4)):
        name = f"~{k + 1}" if rng.rand() < 0.35 else str(rng.choice(ids))
        edit: dict[str, Any] = {}
        if name.startswith("~") or rng.rand() < 0.5:
            edit["node"] = int(rng.choice(nodes))
        if rng.rand() < 0.2:
            edit["open"] = False
        if rng.rand() < 0.4:
            edit["week"] = random_week(rng).astype(int).tolist()
        if rng.rand() < 0.4:
            edit["serves"] = str(rng.choice(SERVES))
        if rng.rand() < 0.4:
            edit["terms"] = str(rng.choice(TERMS))
        if edit:
            edits[name] = edit
    return edits


def edited(study: Study, edits: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The study's venues in use, changed in the same way; ``node`` says where those stand that are moved or new."""
    venues = layers.open_venues(study.venues)
    rows = {str(i): {**row, "node": -1} for i, row in venues.iterrows()}
    for name, edit in edits.items():
        if name.startswith("~"):
            rows[name] = {
                "status": "open", "serves": "everyone", "share_terms": "open", "employer_id": "",
                "functions": whatif._all_functions(study), "open_hours": study.about.siting_rules.open_hours,
            }  # fmt: skip
        row = rows[name]
        row["node"] = edit.get("node", -1)
        if edit.get("open") is False:
            row["status"] = "closed"
        if "week" in edit:
            row["open_hours"] = to_spans(np.array(edit["week"], dtype=bool))
        row["serves"] = edit.get("serves", row["serves"])
        row["share_terms"] = edit.get("terms", row["share_terms"])
    return pd.DataFrame.from_dict(rows, orient="index").drop(columns="geometry", errors="ignore").sort_index()


@dataclasses.dataclass
class Library:
    """What the library says of a table: ways are searched once for all nodes that any change takes."""

    study: Study
    table: gpd.GeoDataFrame
    roads: network.Network

    def __post_init__(self) -> None:
        located = travel.snap_by_mode(self.table, self.roads, modes=self.table["means"])
        self.located = located["reason"] == ""
        self.as_it_is = self.minutes(layers.open_venues(self.study.venues))

    def minutes(self, venues: gpd.GeoDataFrame) -> pd.DataFrame:
        cutoff_min = self.study.standard.cutoff_min
        return travel.travel_minutes(self.table, venues, self.roads, cutoff_min=cutoff_min, modes=self.table["means"])

    def to_nodes(self, at: dict[int, tuple[float, float]]) -> dict[int, pd.DataFrame]:
        lon, lat = zip(*at.values(), strict=True)
        index = pd.Index([str(node) for node in at], name="venue_id")
        points = gpd.GeoDataFrame(index=index, geometry=gpd.points_from_xy(lon, lat), crs=WGS84)
        return {int(node): part for node, part in self.minutes(points).groupby("venue_id")}

    def says(self, venues: pd.DataFrame, moved: dict[int, pd.DataFrame], month: int) -> pd.DataFrame:
        stays = self.as_it_is[self.as_it_is["venue_id"].isin(venues.index[venues["node"] < 0])]
        goes = [moved[n].assign(venue_id=v) for v, n in venues["node"].items() if n >= 0 and n in moved]
        return access.coverage(
            self.table,
            venues,
            pd.concat([stays, *goes]),
            located=self.located,
            standard=dataclasses.replace(self.study.standard, month=month),
            needs=self.study.needs,
            sailings=network.sailings(self.study.ferries),
        )


ASK = """(all) => {
  const {data} = xsgeo.registry.whatif;
  const {items} = xsgeo.registry.venues.data;
  const engine = xsgeo.reckoner(data, xsgeo.registry.land.data.rings);
  return all.map(({edits, month}) => {
    const now = (id, v) => ({open: true, serves: items[v].serves, terms: items[v].terms, ...edits[id]});
    const venues = engine.ids.map(now);
    for (const [id, edit] of Object.entries(edits)) {
      if (id.startsWith('~')) venues.push({open: true, serves: 'everyone', terms: 'open', ...edit});
    }
    const result = engine.evaluate(venues, month);
    return {near: [...result.near], rung: [...result.rung].map((r) => engine.rungs[r]), usable: [...result.usable],
      nominal: result.nominal, effective: result.effective};
  });
}"""

NODES = """() => {
  const engine = xsgeo.reckoner(xsgeo.registry.whatif.data, xsgeo.registry.land.data.rings);
  const n = xsgeo.registry.whatif.data.graph.n;
  const piece = xsgeo.steps(xsgeo.registry.whatif.data.graph.piece);
  return [...Array(n).keys()].filter((i) => piece[i] >= 0)
    .map((i) => [i, engine.position(i).lon.toFixed(engine.decimals), engine.position(i).lat.toFixed(engine.decimals)]);
}"""


def assert_equal_on(page: Any, table: gpd.GeoDataFrame, found: workflow.Reach, n: int, seed: int) -> int:
    """Make random changes on both sides; return how many of them changed anything."""
    study = found.study
    rng = np.random.RandomState(seed)
    library = Library(study, table, found.network)
    nodes = {i: (float(lon), float(lat)) for i, lon, lat in page.evaluate(NODES)}
    ids = list(layers.open_venues(study.venues).index)
    asked = [{"edits": random_edits(rng, ids, list(nodes)), "month": int(rng.randint(1, 13))} for _ in range(n)]
    asked = [{"edits": {}, "month": study.standard.month}, *asked]
    answers = page.evaluate(ASK, asked)
    taken = {e["node"] for question in asked for e in question["edits"].values() if "node" in e}
    moved = library.to_nodes({node: nodes[node] for node in sorted(taken)})
    changed = 0
    for question, answer in zip(asked, answers, strict=True):
        expected = library.says(edited(study, question["edits"]), moved, question["month"])
        told = json.dumps(question)[:300]
        assert answer["rung"] == expected["reason"].astype(str).tolist(), told
        assert [bool(x) for x in answer["near"]] == expected["is_nominal"].tolist(), told
        hours = [u / 2 if r != "unknown" else np.nan for u, r in zip(answer["usable"], answer["rung"], strict=True)]
        np.testing.assert_array_equal(hours, expected["usable_hours"].to_numpy(), err_msg=told)
        sums = access.summarise(table, expected).iloc[0]
        assert (answer["nominal"], answer["effective"]) == (sums["n_nominal"], sums["n_effective"]), told
        changed += answer["rung"] != answers[0]["rung"]
    return changed


def internal_table(found: workflow.Reach) -> gpd.GeoDataFrame:
    return found.study.workers.assign(means=found.means).sort_index()


@pytest.fixture
def layers_of(browser, tmp_path):  # noqa: F811
    """A map of one's own with no more than the layers that are needed to reckon."""
    contexts = []

    def open_map(found: workflow.Reach, table: gpd.GeoDataFrame, *, is_public: bool = False) -> Any:
        study = found.study
        m = maps.OfflineMap("page", location=(29.2, 121.9))
        maps.add_land(m, study.land)
        maps.add_venues(m, study.venues)
        assert whatif.add_whatif(m, table, study, found.network, is_public=is_public) is m
        path = tmp_path / "layers.html"
        path.write_text(maps.render_offline(m.get_root(), title="t"), "utf-8")
        contexts.append(browser.new_context(offline=True))
        page = contexts[-1].new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        assert said == []
        return page

    yield open_map
    for context in contexts:
        context.close()


# ---- the same answer -------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_two_hundred_random_changes_of_the_toy_county_come_out_as_in_python(layers_of):
    study = toy_county()
    found = workflow.reach(study)
    table = internal_table(found)
    assert assert_equal_on(layers_of(found, table), table, found, 200, seed=7) > 120


def with_needs(study: Study) -> Study:
    """Longer ways, so that the ferry is taken; women's homes, groups of women, and a cluster that asks for tea."""
    workers = study.workers.assign(
        n_women=np.where(study.workers.index.isin(["g2", "g5"]), study.workers["n_workers"], 1.0).astype(float),
        free_hours=["每天 17:00-23:00"] * 3 + ["周一至周日 0:00-24:00", "22:00-次日6:00"] + ["每天 17:00-23:00"] * 2,
    )
    venues = study.venues.assign(
        serves=["women", "everyone", "own_staff"],
        share_terms=["none", "open", "none"],
        functions=["tea", "reading", "tea"],
    )
    needs = pd.DataFrame({"cluster_id": ["fishing"], "functions": ["tea"], "at_least": [np.nan]})
    standard = dataclasses.replace(study.standard, cutoff_min={"walk": 42.0})
    about = dataclasses.replace(study.about, standard=standard)
    return dataclasses.replace(study, workers=workers, venues=venues, needs=needs, about=about)


@pytest.mark.browser
def test_boats_needs_and_doors_for_some_come_out_as_in_python(layers_of):
    study = with_needs(toy_county())
    found = workflow.reach(study)
    assert (found.minutes["ferries"] != "").any()
    table = internal_table(found)
    assert assert_equal_on(layers_of(found, table), table, found, 60, seed=8) > 15


@pytest.mark.browser
def test_one_way_roads_come_out_as_in_python(layers_of):
    study = toy_county()
    roads = study.roads.copy()
    back = roads.loc[["AB"]].rename(index={"AB": "BA"})
    line = roads.at["AB", "geometry"]
    (x1, y1), (x2, y2) = line.coords
    bend = shapely.LineString([(x2, y2), ((x1 + x2) / 2, y1 + 0.003), (x1, y1)])
    back = back.assign(u="B", v="A", length_m=1300.0, geometry=gpd.GeoSeries([bend], index=back.index, crs=roads.crs))
    both = pd.concat([roads, back])
    study = dataclasses.replace(
        study,
        roads=gpd.GeoDataFrame(both.assign(oneway=both.index.isin(["AB", "BA"])), crs=roads.crs),
        ferries=study.ferries.iloc[:0],
        workers=study.workers.assign(means="drive"),
        about=dataclasses.replace(
            study.about, standard=dataclasses.replace(study.standard, cutoff_min={"drive": 4.5, "walk": 15.0})
        ),
    )
    found = workflow.reach(study)
    assert not found.network.is_symmetrical("drive")
    table = internal_table(found)
    assert assert_equal_on(layers_of(found, table), table, found, 40, seed=9) > 12


@pytest.mark.browser
def test_a_bus_comes_out_as_in_python(layers_of):
    study = toy_county()
    roads = study.roads.assign(road_class="county", speed_kmh=60.0)
    standard = dataclasses.replace(study.standard, cutoff_min={"bus": 32.0})
    study = dataclasses.replace(
        study,
        roads=roads,
        ferries=study.ferries.iloc[:0],
        workers=study.workers.assign(means="bus"),
        about=dataclasses.replace(study.about, standard=standard),
    )
    found = workflow.reach(study)
    table = internal_table(found)
    assert assert_equal_on(layers_of(found, table), table, found, 30, seed=10) > 8


@pytest.fixture(scope="module")
def county(analysis) -> workflow.Reach:
    return analysis.reach


@pytest.fixture(scope="module")
def public(county) -> gpd.GeoDataFrame:
    known = county.groups["reason"] != "unknown"
    return demand_table(county.study.workers, means=county.means, located=known)


@pytest.mark.browser
def test_changes_of_the_demonstration_come_out_as_in_python_on_the_published_table(layers_of, county, public):
    assert assert_equal_on(layers_of(county, public, is_public=True), public, county, 20, seed=11) > 6


@pytest.mark.browser
def test_changes_of_the_demonstration_come_out_as_in_python_group_by_group(layers_of, county):
    table = internal_table(county)
    assert assert_equal_on(layers_of(county, table), table, county, 3, seed=12) > 0


# ---- the file it makes -----------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_downloaded_scenario_gives_the_figures_of_the_page(visit, tmp_path):  # noqa: F811
    study = toy_county()
    found = workflow.reach(study)
    page = visit(page_of(study, found)).page
    page.click(".xs-dock-button:has-text('试算')")
    page.evaluate("""() => {
      const {whatif} = xsgeo.api;
      const week = new Uint8Array(336);
      for (let day = 0; day < 7; day += 1) week.fill(1, day * 48 + 35, day * 48 + 47);
      whatif.change('V1', {week, open: true});
      whatif.change('V2', {open: false});
      whatif.put('V3', L.latLng(29.0969, 123.025));
      whatif.change('V3', {serves: 'everyone', terms: 'open'});
    }""")
    page.evaluate("map_page.setView([29.109, 123.0165], 13, {animate: false})")
    page.click("#xs-whatif .xs-button:has-text('新增阵地')")
    page.click("#xs-whatif .xs-button:has-text('返回')")
    page.fill("#xs-whatif-name", '晚上开门 "试"\\')
    told = {w: int(page.get_attribute(f"#xs-whatif-{w}", "data-n")) for w in ("nominal", "effective")}
    with page.expect_download() as waiting:
        page.click("#xs-whatif-export")
    path = tmp_path / "scenario.toml"
    waiting.value.save_as(path)
    scenario = scenarios.read_scenario(path)
    assert scenario.title == '晚上开门 "试"\\'
    assert [(c.action, c.row_id) for c in scenario.changes] == [
        ("set", "V1"), ("set", "V2"), ("set", "V3"), ("add", "NEW1"),
    ]  # fmt: skip
    after = workflow.reach(scenarios.apply(study, scenario))
    sums = access.summarise(after.study.workers, after.groups).iloc[0]
    assert told == {"nominal": int(sums["n_nominal"]), "effective": int(sums["n_effective"])}
    assert told["effective"] > access.summarise(study.workers, found.groups).iloc[0]["n_effective"]


@pytest.mark.browser
def test_hours_are_written_as_the_library_writes_them(layers_of):
    study = toy_county()
    found = workflow.reach(study)
    page = layers_of(found, internal_table(found))
    rng = np.random.RandomState(3)
    weeks = [random_week(rng) for _ in range(150)] + [np.zeros(336, dtype=bool), np.ones(336, dtype=bool)]
    for language in ("zh", "en"):
        ask = "([weeks, language]) => weeks.map((w) => xsgeo.hoursText(Uint8Array.from(w), language))"
        texts = page.evaluate(ask, [[w.astype(int).tolist() for w in weeks], language])
        assert texts == [to_spans(w, language=language) for w in weeks]
    assert all((parse_hours(to_spans(w)).mask(5) == w).all() for w in weeks[:20])


# ---- where a venue may stand -----------------------------------------------------------------------------------------


@pytest.mark.browser
def test_dropped_at_sea_nothing_moves_and_on_an_island_it_stays_there(layers_of):
    study = toy_county()
    found = workflow.reach(study)
    page = layers_of(found, internal_table(found))
    engine = "xsgeo.reckoner(xsgeo.registry.whatif.data, xsgeo.registry.land.data.rings)"
    ask = f"([lon, lat]) => {engine}.nearestNode(lon, lat)"
    at = dict(zip(found.network.node_ids, node_lonlat(found.network), strict=True))
    assert page.evaluate(ask, [123.2, 29.3]) is None
    strait = (at["C"] + at["E"]) / 2
    assert page.evaluate(ask, strait.tolist()) is None
    shore = at["E"] - [0.002, 0.0]  # on the island, and no nearer to anything than to E
    node = page.evaluate(ask, shore.tolist())["node"]
    assert page.evaluate(f"(n) => {engine}.position(n).lon", node) == pytest.approx(at["E"][0], abs=1e-8)


@pytest.mark.parametrize("which", ["toy", "demonstration"])
def test_a_venue_with_a_nodes_coordinates_stands_on_that_node(which, request):
    study = request.getfixturevalue(which)
    built = network.build_network(study.roads, study.ferries, study.land, rules=study.about.travel_rules)
    lonlat = node_lonlat(built)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*lonlat.T), crs=WGS84)
    at = network.snap(points, built, mode="walk")
    joined = at[at["snap_m"] < 0.001]
    assert len(joined) > 0.9 * len(at)
    assert joined["position"].isin([0.0, 1.0]).all()


# ---- what may be published -------------------------------------------------------------------------------------------


def test_every_row_of_the_published_table_may_be_counted(county, public):
    workers = county.study.workers.sort_index()
    assert public["n_workers"].mod(5).eq(0).all()
    assert abs(public["n_workers"].sum() - workers["n_workers"].sum()) < 0.005 * workers["n_workers"].sum()
    employer = pd.Series(publish.employers(workers), index=workers.index)
    alone = workers.assign(employer=employer).groupby(["town_id", "free_hours"])
    for (town, free), part in alone:
        n = part["n_workers"].to_numpy()
        if not publish.may_show(part["employer"].to_numpy(), n, PublishRules()):
            here = public[(public["town_id"] == town) & (public["free_hours"] == free)]
            assert here["n_workers"].sum() != publish.rounded(int(n.sum()), PublishRules()) or len(here) == 0
    assert set(public.columns) == {
        "town_id", "cluster_id", "means", "free_hours", "n_workers", "lon", "lat", "accuracy_m", "geometry",
    }  # fmt: skip


def test_rows_part_the_workers_and_each_passes_the_rule(county):
    from xsgeo.maps import demand

    workers = pd.DataFrame(county.study.workers.drop(columns="geometry")).sort_index()
    habits = demand._habits(workers, county.means, county.groups["reason"] != "unknown", {})
    rows = [part for _, part in demand._parts(workers, habits, PublishRules())]
    assert np.array_equal(np.sort(np.concatenate(rows)), np.arange(len(workers)))
    employer, n = publish.employers(workers), workers["n_workers"].to_numpy()
    assert all(publish.may_show(employer[part], n[part], PublishRules()) for part in rows)


def test_published_table_does_not_depend_on_the_order_of_rows(county, public):
    study = county.study
    turned = study.workers.sample(frac=1.0, random_state=1)
    again = demand_table(turned, means=county.means, located=county.groups["reason"] != "unknown")
    pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(public))


def test_published_coverage_is_near_that_of_the_groups(county, public):
    study = county.study
    library = Library(study, public, county.network)
    table = library.says(edited(study, {}), {}, study.standard.month)
    shares = [
        access.summarise(*pair).iloc[0][["share_nominal", "share_effective"]].to_numpy(float)
        for pair in ((public, table), (county.study.workers, county.groups))
    ]
    assert np.abs(shares[0] - shares[1]).max() < 0.03
    assert (table["reason"] == "unknown").equals(public["accuracy_m"] == UNPLACED_M)


def test_where_nobody_may_be_counted_there_is_nothing_to_reckon_with(toy):
    found = workflow.reach(toy)
    text = page_of(toy, found, rules=PublishRules())
    assert "whatif_map_page_data" not in text
    assert "whatif_map_page_data" in page_of(toy, found)


# ---- packing ---------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_whole_numbers_come_back_in_the_page(layers_of):
    found = workflow.reach(toy_county())
    page = layers_of(found, internal_table(found))
    numbers = np.array([0, -1, 1, 63, 64, -64, -65, 8191, 8192, 2**31, -(2**31), 2**40, 2**51, -(2**51)])
    assert page.evaluate("(t) => [...xsgeo.whole(t)]", pack_whole(numbers)) == numbers.tolist()
    assert page.evaluate("(t) => [...xsgeo.steps(t)]", pack_steps(numbers)) == numbers.tolist()
    assert page.evaluate("() => [...xsgeo.whole('')]") == []


def test_the_script_of_the_ladder_knows_the_rungs():
    script = (Path(maps.__file__).parent / "assets" / "reckon.js").read_text("utf-8")
    assert f"const RUNGS = {json.dumps(list(access.REASONS))};".replace('"', "'") in script
