"""Pages without a browser: what may be counted, what is in the file, and that nothing in it came alive in Python."""

from __future__ import annotations

import ast
import base64
import dataclasses
import hashlib
import json
import re
from pathlib import Path

import folium
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import TEXTS, infest, infested_plan
from xsgeo import maps, workflow
from xsgeo.access import REASONS, summarise
from xsgeo.catalogue import WORDS
from xsgeo.errors import PageError
from xsgeo.maps import layers, pack, page, publish
from xsgeo.maps.publish import HIDDEN, MERGED, PublishRules
from xsgeo.schemas import VENUE_KINDS

ASSETS = Path(maps.__file__).parent / "assets"
RULES = PublishRules()


def block(text: str, name: str):
    """What a page's data block holds, and that its JSON could not be taken for markup."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found, f"no block {name}"
    assert not set("<>&") & set(found[1])
    return json.loads(found[1])


def drawn(study, **options):
    found = workflow.analyse(study)
    plan = found.plan
    note = {k: getattr(plan, k) for k in ("status", "objective", "bound", "gap")}
    return maps.render_pages(study, found.reach.groups, found.reach.minutes, plan.sites, found.gaps, note, **options)


@pytest.fixture(scope="module")
def toy_pages():
    from xsgeo.datasets import toy_county

    return drawn(toy_county())


@pytest.fixture(scope="module")
def pages(analysis):
    note = {k: getattr(analysis.plan, k) for k in ("status", "objective", "bound", "gap")}
    found = analysis.reach
    return maps.render_pages(
        found.study,
        found.groups,
        found.minutes,
        analysis.plan.sites,
        analysis.gaps,
        note,
        gap_labels=analysis.gap_labels,
    )


# ---- the file --------------------------------------------------------------------------------------------------------


def test_vendored_files_are_those_of_the_manifest():
    for library in json.loads((ASSETS / "MANIFEST.json").read_text("utf-8"))["libraries"]:
        for entry in library["files"]:
            data = (ASSETS / "vendor" / entry["file"]).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert library["name"] in (ASSETS / "LICENSES.md").read_text("utf-8")


def test_pages_of_the_county_are_small_and_carry_licence_and_attribution(pages):
    assert len(pages) == 13
    for name, text in pages.items():
        assert len(text.encode("utf-8")) < 1_500_000, name
        assert "OpenStreetMap contributors" in text, name
        assert ("Redistribution and use in source and binary forms" in text) == (name != "index.html")


def test_nothing_in_a_page_names_a_file_to_fetch(pages):
    for text in pages.values():
        constant = re.sub(r'<script type="application/json".*?</script>', "", text, flags=re.DOTALL)
        assert not re.search(
            r"""<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*href="(?!data:)|@import|url\(["']?http""", constant
        )


def test_policy_allows_the_scripts_of_the_page_and_no_other(pages):
    for text in pages.values():
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        directives = dict(d.strip().split(" ", 1) for d in policy.split(";"))
        assert directives["connect-src"] == "'none'"
        expected = {
            "'sha256-" + base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() + "'"
            for s in re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        }
        assert set(directives["script-src"].split()) == expected


def test_policy_comes_before_anything_it_governs(pages):
    for text in pages.values():
        assert text.index("Content-Security-Policy") < text.index("<script") < text.index("<body>")


def test_same_study_gives_the_same_bytes_whatever_the_order_of_rows(toy):
    found = workflow.analyse(toy)
    turned = dataclasses.replace(
        toy, **{t: getattr(toy, t).iloc[::-1] for t in ("towns", "clusters", "workers", "venues", "roads", "land")}
    )
    arguments = [found.reach.groups, found.reach.minutes, found.plan.sites, found.gaps]
    first = maps.render_pages(toy, *arguments, {"status": "optimal"})
    again = maps.render_pages(turned, *(a.iloc[::-1] for a in arguments), {"status": "optimal"})
    assert first == again


def test_callers_frames_come_back_as_they_were(toy):
    found = workflow.analyse(toy)
    before = [f.copy() for f in (toy.workers, toy.venues, found.reach.groups, found.plan.sites, found.gaps)]
    maps.render_pages(toy, found.reach.groups, found.reach.minutes, found.plan.sites, found.gaps, {})
    after = (toy.workers, toy.venues, found.reach.groups, found.plan.sites, found.gaps)
    for a, b in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(a), pd.DataFrame(b))


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_language_makes_a_page_marked_as_such(toy, language):
    text = drawn(toy, language=language)["county.html"]
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in text
    assert block(text, "xsgeo_words")["language"] == language


def test_every_word_the_scripts_ask_for_is_in_the_catalogue():
    for script in ASSETS.glob("*.js"):
        for key in re.findall(r"(?<!nameOf\()'((?:page|choice)\.[a-z_.]+[a-z])'", script.read_text("utf-8")):
            assert key in WORDS, f"{script.name}: {key}"
    for kind in VENUE_KINDS:
        assert f"choice.{kind}" in WORDS
        assert re.search(rf"\b{kind}: '", (ASSETS / "core.js").read_text("utf-8"))


def test_unknown_cluster_is_refused_with_the_names_there_are(toy):
    with pytest.raises(PageError, match=r"no cluster 'nothing'.*fishing"):
        drawn(toy, clusters=["nothing"])


def test_one_cluster_alone(toy):
    some, every = drawn(toy, clusters=["fishing"]), drawn(toy)
    assert list(some) == ["cluster_fishing.html"]
    assert some["cluster_fishing.html"] == every["cluster_fishing.html"]


def test_cluster_id_that_no_file_can_have_is_refused():
    with pytest.raises(PageError, match="file name"):
        maps.pages.cluster_page("../../evil")


# ---- figures ---------------------------------------------------------------------------------------------------------


def test_headlines_are_those_of_coverage(analysis, pages):
    workers, groups = analysis.reach.study.workers, analysis.reach.groups
    expected = summarise(workers, groups, by="cluster_id")
    for name in expected.index:
        headline = block(pages[f"cluster_{name}.html"], "xsgeo_page")["headline"]
        assert headline == pytest.approx(expected.loc[name, list(headline)].to_dict(), abs=0)
    county = block(pages["county.html"], "xsgeo_page")["headline"]
    assert county == pytest.approx(summarise(workers, groups).iloc[0][list(county)].to_dict(), abs=0)


def test_tables_of_every_page_sum_to_its_headline(pages):
    for name, text in pages.items():
        if name == "index.html":
            continue
        data = block(text, "xsgeo_page")
        whole = data["headline"]["n_workers"]
        assert sum(r["n"] for r in data["reasons"]) in {0, whole}
        assert sum(t["n_workers"] for t in data["towns"]) in {0, whole}


def test_towns_and_reasons_of_the_county_are_those_of_coverage(analysis, pages):
    workers, groups = analysis.reach.study.workers, analysis.reach.groups
    data = block(pages["county.html"], "xsgeo_page")
    by_reason = summarise(workers, groups, by="reason")["n_workers"]
    assert {r["reason"]: r["n"] for r in data["reasons"]} == by_reason[by_reason > 0].to_dict()
    names = analysis.reach.study.towns["name"]
    by_town = summarise(workers, groups, by="town_id").rename(index=names)
    for town in data["towns"]:
        assert not town["merged"]
        expected = by_town.loc[town["names"][0]]
        assert town["n_workers"] == expected["n_workers"]
        assert town["share_effective"] == pytest.approx(expected["share_effective"], abs=0)


def test_index_says_what_the_pages_say(pages):
    for link in block(pages["index.html"], "xsgeo_page")["links"]:
        headline = block(pages[link["file"]], "xsgeo_page")["headline"]
        assert {k: link[k] for k in headline} == headline


def test_an_employers_name_is_on_no_page(analysis, pages):
    study = analysis.reach.study
    own = study.venues[study.venues["employer_id"].fillna("") != ""]
    names = set(study.employers["name"]) | set(own["name"])
    assert len(names) > 100
    for text in pages.values():
        said = "".join(re.findall(r'<script type="application/json".*?</script>', text, re.DOTALL))
        said = re.sub(r"[A-Za-z0-9+/=]{200,}", "", said)  # packed numbers
        assert not [n for n in names if n in said]


def test_canaries_in_columns_that_are_not_public_are_on_no_page(toy):
    public = {"name", "name_en", "kind", "town_id", "open_hours", "serves", "share_terms", "status", "basis"}
    spoilt = {}
    for table in ("towns", "employers", "workers", "venues", "clusters"):
        frame = getattr(toy, table)
        text = [c for c in frame if c not in public and frame[c].map(lambda v: isinstance(v, str)).all() and len(frame)]
        keep = {
            "cluster_id",
            "employer_id",
            "free_hours",
            "shareable_hours",
            "shift",
            "place",
            "functions",
            "means",
            "venue_needs",
        }
        spoilt[table] = frame.assign(
            **{c: "CANARY" for c in text if c not in keep}, telephone="CANARY", person="CANARY"
        )
    study = dataclasses.replace(toy, **spoilt)
    for name, text in drawn(study).items():
        assert "CANARY" not in text, name


# ---- what may be counted ---------------------------------------------------------------------------------------------


def test_nothing_is_counted_by_town_where_there_are_under_five_employers(toy_pages):
    data = block(toy_pages["county.html"], "xsgeo_page")
    assert (data["reasons"], data["towns"]) == ([], [])
    assert set(block(toy_pages["county.html"], "workers_map_page_data")["total"]) == {0}
    assert data["headline"]["n_workers"] is None


def test_rule_of_five_and_rule_of_dominance():
    five = np.arange(5)
    assert publish.may_show(five, np.array([10, 10, 10, 10, 10]), RULES)
    assert not publish.may_show(five[:4], np.array([10, 10, 10, 10]), RULES)
    assert not publish.may_show(five, np.array([100, 10, 10, 10, 10]), RULES)
    assert publish.may_show(five, np.array([93, 10, 10, 10, 10]), RULES)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(0, 12), st.integers(1, 400)), min_size=1, max_size=60))
def test_merged_tables_hold_only_what_may_be_shown_and_lose_nobody(rows):
    keys = np.array([r[0] for r in rows], dtype=object)
    employer = np.array([r[1] for r in rows])
    n = np.array([r[2] for r in rows])
    merged = publish.merge_small(keys, employer, n, RULES)
    if HIDDEN in merged:
        assert set(merged) == {HIDDEN}
        assert not publish.may_show(employer, n, RULES) or len(set(keys)) > 1
        return
    for key in set(merged):
        assert publish.may_show(employer[merged == key], n[merged == key], RULES)
    kept = merged != MERGED
    assert (merged[kept] == keys[kept]).all()


def test_areas_part_the_workers_at_every_depth_and_each_count_may_be_shown(analysis):
    workers = pd.DataFrame(analysis.reach.study.workers).sort_index()
    groups = analysis.reach.groups.loc[workers.index]
    employer, n = publish.employers(workers), workers["n_workers"].to_numpy()
    found = publish.areas(workers, groups, rules=RULES)
    for depth in range(len(publish.AREA_CELLS_M) + 1):
        here = [a.rows for a in found if a.first <= depth <= a.last]
        assert np.array_equal(np.sort(np.concatenate(here)), np.arange(len(workers)))
    for area in found:
        if HIDDEN not in area.counts:
            assert publish.may_show(employer[area.rows], n[area.rows], RULES)
            assert all(c % 5 == 0 for c in area.counts.values())
            assert abs(sum(area.counts.values()) - n[area.rows].sum()) <= 2.5 * len(area.counts) + 5


def test_places_say_a_state_and_stand_where_somebody_is():
    workers = pd.DataFrame(
        {"lon": [121.90001, 121.90051, 121.95], "lat": [29.20001, 29.20001, 29.2], "n_workers": [10, 30, 5]},
        index=list("abc"),
    )
    groups = pd.DataFrame(
        {"reason": ["served", "closed", "unknown"], "is_nominal": [True, True, False]}, index=list("abc")
    )
    spots = publish.places(workers, groups, cell_m=1000.0)
    assert spots["state"].tolist() == ["closed", "unknown"]
    assert spots[["lon", "lat"]].to_numpy().tolist() == [[121.9005, 29.2], [121.95, 29.2]]
    assert spots["is_near"].tolist() == [True, False]


def test_a_number_of_a_gap_is_withheld_when_too_few_employers_stand_behind_it(toy):
    found = workflow.analyse(toy)
    gaps, sites = found.gaps, found.plan.sites
    assert len(gaps)
    rest = (found.reach.groups, found.reach.minutes, sites)
    known = maps.render_pages(toy, *rest, gaps, {}, gap_labels=found.gap_labels)
    unknown = maps.render_pages(toy, *rest, gaps, {})
    many = maps.render_pages(toy, *rest, gaps.assign(n_employers=9), {})
    numbers = [
        [g["n_workers"] for g in block(p["county.html"], "gaps_map_page_data")["items"]] for p in (known, unknown, many)
    ]
    assert numbers[0] == [None] * len(gaps)
    assert numbers[1] == [publish.rounded(int(n), RULES) for n in gaps["n_workers"]]
    assert numbers[2] == gaps["n_workers"].tolist()


def test_rules_refuse_nonsense():
    with pytest.raises(ValueError, match="min_employers"):
        PublishRules(min_employers=0)


# ---- packing ---------------------------------------------------------------------------------------------------------


def unpacked(packed):
    steps = np.frombuffer(base64.b64decode(packed["xy"]), dtype="<u2").reshape(-1, 2)
    return np.array(packed["origin"]) + steps * packed["step"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(73, 135), st.floats(18, 54)), min_size=1, max_size=40))
def test_positions_come_back_to_half_a_step(points):
    lonlat = np.array(points)
    packed = pack.pack_xy(lonlat)
    assert np.abs(unpacked(packed) - lonlat).max() <= packed["step"] / 2 + 1e-6


def test_points_of_a_county_keep_four_decimals():
    lonlat = np.array([[121.5612, 28.8601], [122.0211, 29.6612], [121.9, 29.2]])
    assert np.abs(unpacked(pack.pack_xy(lonlat)) - lonlat).max() < 1e-9


def test_parts_end_where_they_end():
    parts = [np.array([[121.9, 29.2], [121.91, 29.2]]), np.array([[121.8, 29.1], [121.81, 29.1], [121.82, 29.1]])]
    packed = pack.pack_parts(parts)
    assert np.frombuffer(base64.b64decode(packed["ends"]), dtype="<u4").tolist() == [2, 5]
    assert np.allclose(unpacked(packed), np.concatenate(parts), atol=packed["step"])


def test_flags_are_padded_by_row():
    flags = np.zeros((2, 9), dtype=bool)
    flags[0, 0] = flags[1, 8] = True
    assert base64.b64decode(pack.pack_flags(flags)) == bytes([0b1000_0000, 0, 0, 0b1000_0000])


def test_reach_of_each_venue_is_the_minutes_table(toy):
    found = workflow.reach(toy)
    m = maps.OfflineMap("t", location=(29.2, 121.9))
    layers.add_catchments(m, toy.workers, found.groups, toy.venues, found.minutes, standard=toy.standard)
    data = block(m.get_root().render(), "catchments_map_t_data")
    spots = publish.cells(toy.workers.sort_index())
    rows = np.frombuffer(base64.b64decode(data["reach"]), dtype=np.uint8).reshape(-1, (spots.nunique() + 7) // 8)
    bits = np.unpackbits(rows, axis=1).astype(bool)
    for number, venue in enumerate(layers.open_venues(toy.venues).index):
        near = set(spots[found.minutes.loc[found.minutes["venue_id"] == venue, "group_id"]])
        assert set(np.flatnonzero(bits[data["row_of_venue"][number]])) == near


# ---- layers on a map of one's own ------------------------------------------------------------------------------------


def test_layers_return_the_map_and_stand_in_a_layer_control(toy):
    found = workflow.analyse(toy)
    m = folium.Map(location=(29.1, 123.0), tiles=None)
    assert layers.add_land(m, toy.land) is m
    assert layers.add_roads(m, toy.roads) is m
    assert layers.add_towns(m, toy.towns) is m
    assert layers.add_workers(m, toy.workers, found.reach.groups) is m
    assert layers.add_venues(m, toy.venues) is m
    assert layers.add_gaps(m, found.gaps.assign(name="盲区", main_reason=found.gaps["reason"])) is m
    assert layers.add_proposals(m, found.plan.sites.assign(towns="", clusters="")) is m
    assert maps.add_rooms(m, toy.venues.assign(room_id="R1")) is m
    pair = {"lon": 121.9, "lat": 29.2, "lon_to": 121.91, "lat_to": 29.2}
    links = pd.DataFrame(
        {"kind": ["complement"], **pair, "name": "甲", "name_to": "乙", "hours_gained": 9.0, "n_workers": None}
    )
    assert maps.add_sharing(m, links) is m
    actions = pd.DataFrame({"year": [2027], "action": "share", "lon": 121.9, "lat": 29.2, "n_workers_added": [None]})
    assert maps.add_actions(m, actions) is m
    assert m.get_root().render() == m.get_root().render()
    folium.LayerControl().add_to(m)
    text = m.get_root().render()
    drawn = ("land", "roads", "towns", "workers", "venues", "gaps", "proposals", "rooms", "sharing", "actions")
    for kind in drawn:
        assert block(text, f"{kind}_{m.get_name()}_data")
    assert json.dumps("陆地 / Land") in text


def test_two_layers_of_a_kind_have_ids_of_their_own(toy):
    m = maps.OfflineMap("t", location=(29.1, 123.0))
    layers.add_venues(m, toy.venues.iloc[:1])
    layers.add_venues(m, toy.venues.iloc[1:])
    text = maps.render_offline(m.get_root(), title="t")
    assert len(block(text, "venues_map_t_data")["items"]) == 1
    assert len(block(text, "venues_map_t_1_data")["items"]) == len(toy.venues) - 1


def test_page_that_needs_what_is_not_vendored_is_refused():
    with pytest.raises(PageError, match="offline"):
        maps.render_offline(folium.Map(location=(29.1, 123.0), tiles=None).get_root(), title="t")


def test_page_with_tiles_is_not_made_offline_in_silence():
    m = maps.OfflineMap("t", location=(29.1, 123.0))
    m.get_root().html.add_child(page.RawText('<img src="tiles/1.png">'), name="x")
    with pytest.raises(PageError, match="fetch"):
        maps.render_offline(m.get_root(), title="t")


# ---- nothing comes alive ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_hostile_text_in_every_field_is_data_and_nothing_else(toy, number):
    found = workflow.analyse(toy)
    sites, gaps = infested_plan(found.plan.sites, found.gaps, number)
    clean = maps.render_pages(toy, found.reach.groups, found.reach.minutes, found.plan.sites, found.gaps, {})
    dirty = maps.render_pages(infest(toy, number), found.reach.groups, found.reach.minutes, sites, gaps, {})
    for name, text in dirty.items():
        skeletons = [
            re.sub(r'(<script type="application/json"[^>]*>).*?</script>|<title>.*?</title>', r"\1", t, flags=re.DOTALL)
            for t in (text, clean[name])
        ]
        assert skeletons[0] == skeletons[1], "only data blocks and the title may differ"
    shown = json.dumps(block(dirty["county.html"], "xsgeo_page"), ensure_ascii=False)
    visible = page.json_text(TEXTS[number]).strip('"')
    assert json.loads(f'"{visible}"') in json.loads(json.dumps(block(dirty["county.html"], "xsgeo_page")["names"]))[0]
    assert "#standard" in shown


def test_the_naughty_strings_go_through_and_come_back():
    path = Path(__file__).parents[2] / "shared" / "testdata" / "blns" / "blns.json"
    if not path.exists():
        pytest.skip("the list of naughty strings is not here")
    strings = json.loads(path.read_text("utf-8"))
    text = page.DataBlock("d", strings).text
    back = block(text, "d")
    assert len(back) == len(strings)
    assert [page._visible(s) for s in strings] == back


def test_a_folium_that_evaluated_data_would_be_noticed(monkeypatch):
    monkeypatch.setattr(page.DataBlock, "render", lambda self, **_: self.text.replace("{{7*7}}", "49"))
    page.check_literal.cache_clear()
    with pytest.raises(PageError, match="folium"):
        maps.render_offline(maps.OfflineMap("t", location=(29.1, 123.0)).get_root(), title="t")
    monkeypatch.undo()
    page.check_literal()


def test_data_that_has_no_json_form_is_refused():
    with pytest.raises(PageError, match="JSON"):
        page.json_text({"x": float("nan")})


def test_a_block_id_is_never_data():
    with pytest.raises(PageError, match="plain word"):
        page.DataBlock('x"><script>', {})


def test_states_of_the_script_are_those_of_the_ladder():
    script = (ASSETS / "core.js").read_text("utf-8")
    unserved = re.search(r"UNSERVED = \[(.*?)\]", script)[1]
    assert set(re.findall(r"'(\w+)'", unserved)) == set(REASONS) - {"served"}


def test_compose_applies_layers_in_order_and_returns_the_map(toy):
    m = maps.OfflineMap("t", location=(29.1, 123.0))
    done = []

    def noted(name):
        def layer(m):
            done.append(name)
            return m

        return layer

    assert maps.compose(m, noted("a"), lambda m: layers.add_towns(m, toy.towns), noted("b")) is m
    assert done == ["a", "b"]
    assert "towns_map_t" in [c.get_name() for c in m._children.values()]


def test_sharing_links_are_those_of_the_measures(analysis):
    from xsgeo import sharing

    found = analysis.reach
    study = found.study
    frames = (study.workers, study.venues, found.minutes)
    pairs = sharing.complements(study.venues, standard=study.standard)
    links = maps.sharing_links(*frames, found.groups, complements=pairs, standard=study.standard, top=8)
    hours = links.loc[links["kind"] == "complement", "hours_gained"].tolist()
    assert hours == pairs["hours_gained"].head(8).tolist()
    open_hours = study.about.siting_rules.open_hours
    gains = sharing.opportunities(*frames, found.groups, open_hours=open_hours, standard=study.standard)
    served = links[links["kind"] == "serve"].drop_duplicates(["lon", "lat", "n_workers"])
    best = gains["n_if_shared"].sort_values(ascending=False, kind="stable").head(8)
    assert len(served) <= 8 < len(links[links["kind"] == "serve"])
    for told in served["n_workers"].dropna():
        assert any(told == publish.rounded(int(n), RULES) for n in best)


def test_actions_are_ordered_by_year_and_their_ids_do_not_matter(toy):
    frame = pd.DataFrame(
        {"year": [2028, 2027], "action": ["build", "share"], "lon": 121.9, "lat": 29.2, "n_workers_added": [7, None]},
        index=["a", "b"],
    )
    one, other = (maps.add_actions(maps.OfflineMap("t", location=(29.0, 121.0)), f) for f in (frame, frame.iloc[::-1]))
    data = [
        next(iter(c for c in m._children.values() if c.get_name().startswith("actions"))).data for m in (one, other)
    ]
    assert data[0] == data[1]
    assert [item["year"] for item in data[0]["items"]] == [2027, 2028]
    assert data[0]["items"][0]["n_workers"] is None


def test_no_module_of_maps_imports_the_package_that_imports_it():
    for path in Path(maps.__file__).parent.glob("*.py"):
        if path.name != "__init__.py":
            tree = ast.parse(path.read_text("utf-8"))
            named = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
            assert "xsgeo.maps" not in named, path.name
