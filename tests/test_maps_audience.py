"""For whom a page is, what an online page may ask for, and that neither leaks into an ordinary one."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from tests.hostile import TEXTS
from tests.test_maps import block
from xsgeo import maps, workflow
from xsgeo.crs import from_wgs84
from xsgeo.errors import PageError
from xsgeo.maps import AUDIENCE_RULES, Tiles, audience, publish, week
from xsgeo.maps.tiles import shifted

CANARY = "CANARY"
PHONE = "13800571234"


def render(found, study=None, **options):
    reach, plan = found.reach, found.plan
    note = {k: getattr(plan, k) for k in ("status", "objective", "bound", "gap")}
    return maps.render_pages(
        study or reach.study, reach.groups, reach.minutes, plan.sites, found.gaps, note,
        gap_labels=found.gap_labels, site_labels=plan.assigned, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def internal(analysis):
    return render(analysis, clusters=["fishing"], audience="internal")


@pytest.fixture
def toy_analysis(toy):
    return workflow.analyse(toy)


def said(text: str) -> str:
    """What a page's data blocks say, without packed numbers."""
    blocks = "".join(re.findall(r'<script type="application/json".*?</script>', text, re.DOTALL))
    return re.sub(r"[A-Za-z0-9+/=]{200,}", "", blocks)


# ---- internal pages --------------------------------------------------------------------------------------------------


def test_internal_pages_say_so_in_name_title_and_at_their_head(internal):
    assert list(internal) == ["cluster_fishing.internal.html"]
    text = internal["cluster_fishing.internal.html"]
    banner = re.search(r'<body>.*?<p class="xs-banner"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert "内部资料 请勿外传" in banner[1]
    assert "internal, do not forward" in banner[1]
    assert "内部资料" in re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]
    assert block(text, "xsgeo_page")["audience"] == "internal"


def test_internal_pages_link_to_internal_pages_alone(toy_analysis):
    pages = render(toy_analysis, audience="internal")
    assert all(name.endswith(".internal.html") for name in pages)
    for text in pages.values():
        files = [link["file"] for link in block(text, "xsgeo_page")["links"]]
        assert set(files) <= set(pages)


def test_internal_page_names_every_group_with_its_employer_and_number(internal, analysis):
    found = block(internal["cluster_fishing.internal.html"], "xsgeo_page")["ledger"]
    study = analysis.reach.study
    workers = study.workers[study.workers["cluster_id"] == "fishing"].sort_index()
    assert found["n"] == workers["n_workers"].tolist()
    assert [found["names"][i] for i in found["employer"]] == [
        study.employers.at[e, "name"] for e in workers["employer_id"]
    ]
    assert found["place"] == publish.cells(workers).tolist()


def test_internal_tables_are_exact_and_merge_nothing(internal, analysis):
    data = block(internal["cluster_fishing.internal.html"], "xsgeo_page")
    workers = analysis.reach.study.workers
    mine = workers[workers["cluster_id"] == "fishing"]
    assert {t["names"][0]: t["n_workers"] for t in data["towns"]} == (
        mine.groupby("town_id")["n_workers"].sum().rename(analysis.reach.study.towns["name"]).to_dict()
    )
    assert sum(t["n_employers"] for t in data["towns"]) >= mine["employer_id"].nunique()


def test_public_is_the_default_and_holds_none_of_it(toy_analysis):
    for name, text in render(toy_analysis).items():
        assert "internal" not in name
        assert 'xs-banner" ' not in text
        data = block(text, "xsgeo_page")
        assert "ledger" not in data
        assert "n_employers" not in said(text)


def test_rules_of_the_public_are_those_of_publish():
    assert AUDIENCE_RULES["public"] == publish.PublishRules()
    assert AUDIENCE_RULES["public"].hides
    assert not AUDIENCE_RULES["internal"].hides


def test_canaries_in_every_column_that_is_not_public_are_on_no_public_page(toy, toy_analysis):
    n = iter(range(7_000_001, 9_000_000))
    spoilt = {}
    for table in ("employers", "workers", "venues", "unions", "room_pairs", "towns", "clusters"):
        frame = getattr(toy, table)
        hidden = ("telephone", "keeper", "evidence", "person", "address", "union_id", "legal_id", "keeper_phone")
        extra = dict.fromkeys(hidden, CANARY)
        numbers = {
            c: [next(n) for _ in range(len(frame))] for c in ("n_women", "n_under_35", "n_members", "telephone_no")
        }
        spoilt[table] = frame.assign(**extra, **numbers, phone=PHONE)
    spoilt["employers"] = spoilt["employers"].assign(name=CANARY)
    study = dataclasses.replace(toy, **spoilt)
    for name, text in render(toy_analysis, study).items():
        assert CANARY not in text, name
        assert PHONE not in text, name
        assert not re.search(r"\b[78]0\d{5}\b", said(text)), name


def test_a_county_of_few_employers_is_not_counted_even_as_a_whole(toy_analysis):
    pages = render(toy_analysis)
    for text in pages.values():
        for link in block(text, "xsgeo_page")["links"]:
            assert link["n_workers"] is None
    data = block(pages["county.html"], "xsgeo_page")
    assert data["headline"]["n_workers"] is None
    assert data["plan"]["objective"] is None
    assert data["week"]["workers"] is None


def test_venue_names_of_employers_rooms_are_internal(toy, toy_analysis):
    venues = toy.venues.assign(employer_id=toy.employers.index[0], name=[f"厂内{i}" for i in range(len(toy.venues))])
    study = dataclasses.replace(toy, venues=venues)
    assert "厂内0" not in said(render(toy_analysis, study)["county.html"])
    assert "厂内0" in said(render(toy_analysis, study, audience="internal")["county.internal.html"])


# ---- the week --------------------------------------------------------------------------------------------------------


def test_week_counts_half_hours_and_tells_workers_in_steps():
    index = [f"g{i}" for i in range(9)]
    workers = pd.DataFrame(
        {"free_hours": ["周一 18:00-19:00"] * 4 + ["周一 18:30-20:00"] * 5, "n_workers": 10}, index=index
    )
    venues = pd.DataFrame({"open_hours": ["周一 18:00-20:00", "", "周一 19:00-20:00"]})
    public = week.week(workers, venues, month=11, rules=AUDIENCE_RULES["public"])
    assert public["venues"][36:40] == [500, 500, 1000, 1000]
    assert public["workers"][36:40] == [450, 1000, 550, 550]
    exact = week.week(workers, venues, month=11, rules=AUDIENCE_RULES["internal"])
    assert exact["workers"][36:40] == [444, 1000, 556, 556]


def test_week_of_few_employers_is_not_told():
    workers = pd.DataFrame({"free_hours": ["周一 18:00-19:00"], "n_workers": 10}, index=["a"])
    venues = pd.DataFrame({"open_hours": ["周一 18:00-20:00"]})
    assert week.week(workers, venues, month=1, rules=AUDIENCE_RULES["public"])["workers"] is None


# ---- online pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", ["tianditu", "gaode"])
def test_online_page_names_one_host_and_says_it_is_online(toy_analysis, service):
    tiles = Tiles(service, key="0123456789abcdef")
    pages = render(toy_analysis, tiles=tiles)
    assert set(pages) == {audience.file_name(n, is_online=True) for n in render(toy_analysis)}
    text = pages["county.online.html"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    directives = dict(d.strip().split(" ", 1) for d in policy.split(";"))
    assert directives["img-src"] == f"data: https://{tiles.host}"
    assert directives["default-src"] == directives["connect-src"] == "'none'"
    assert set(re.findall(r"https://([a-z0-9.-]+)/", re.sub(r"<!--.*?-->", "", said(text)))) == set()
    assert f"https://{tiles.host}/" in text
    assert tiles.host in re.search(r'class="xs-banner"[^>]*>(.*?)</p>', text)[1]
    assert 'id="land_map_page_data"' not in text
    assert "whatif_map_page_data" not in text


def test_offline_pages_know_no_map_service(toy_analysis):
    for text in render(toy_analysis).values():
        assert "tianditu.gov" not in text
        assert "autonavi" not in text
        assert "img-src data:;" in text


def test_positions_are_shifted_for_display_and_nowhere_else(toy, toy_analysis):
    before = toy.venues[["lon", "lat"]].copy()
    plain = render(toy_analysis)["county.html"]
    moved = render(toy_analysis, tiles=Tiles("gaode"))["county.online.html"]
    as_is = render(toy_analysis, tiles=Tiles("tianditu", key="0123456789abcdef"))["county.online.html"]
    for kind in ("venues", "workers"):
        key = "points" if kind == "venues" else "places"
        there, here, same = (block(t, f"{kind}_map_page_data")[key] for t in (moved, plain, as_is))
        expected = from_wgs84(*np.array(here["origin"])[:, None], datum="GCJ-02")
        assert there["origin"] == pytest.approx([float(expected[0][0]), float(expected[1][0])], abs=1.5e-4)
        assert there["origin"] != here["origin"]
        assert same == here
    assert block(moved, "xsgeo_page")["view"] != block(plain, "xsgeo_page")["view"]
    pd.testing.assert_frame_equal(toy.venues[["lon", "lat"]], before)


def test_shift_leaves_everything_else_alone():
    value = {"n": 3, "names": ["甲", "A"], "at": None, "items": [{"at": [29.2, 121.9]}]}
    assert shifted(value, datum="WGS-84") == value
    assert shifted(value, datum="GCJ-02")["items"][0]["at"] != [29.2, 121.9]


@pytest.mark.parametrize("key", ["", "short", *TEXTS[:6], "0123456789abcdef&x="])
def test_keys_that_are_none_are_refused(key):
    with pytest.raises(PageError, match="key"):
        Tiles("tianditu", key=key)


def test_service_and_host_must_be_known():
    with pytest.raises(PageError, match="no map service"):
        Tiles("other")
    with pytest.raises(PageError, match="host"):
        maps.render_online(maps.OfflineMap("a", location=(29.0, 121.0)).get_root(), title="", image_host="a b;*")


# ---- the command -----------------------------------------------------------------------------------------------------


def test_command_writes_internal_and_online_pages_apart(toy_folder, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from xsgeo.cli.answers import app

    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    assert run.invoke(app, ["maps", str(toy_folder), "--audience", "internal"]).exit_code == 0
    assert (tmp_path / "maps-internal" / "county.internal.html").is_file()
    assert not (tmp_path / "maps").exists()
    online = ["maps", str(toy_folder), "--tiles", "tianditu", "--tiles-key", "0123456789abcdef", "--out", "o"]
    assert run.invoke(app, online).exit_code == 0
    assert (tmp_path / "o" / "county.online.html").is_file()
    assert not (tmp_path / "o" / "county.html").exists()
