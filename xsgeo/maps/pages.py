"""The pages: the county, one for each industry cluster, and an index of them.

A page answers one question, who is served and why the others are not, so it opens with one number, effective coverage,
and everything else explains that number: the reasons, the towns, the gaps, what is proposed. The same facts stand in
tables beside the map, for readers who cannot use a map, for print and for checking.

What a page is about is settled first, for all pages together (`xsgeo.maps.scope`), then what each says
(`xsgeo.maps.facts`), what of the gaps and sites may be shown (`xsgeo.maps.sites`) and what is drawn, here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from xsgeo.catalogue import Language
from xsgeo.maps.actions import add_actions
from xsgeo.maps.audience import RULES, Audience, file_name
from xsgeo.maps.demand import demand_table
from xsgeo.maps.facts import link, page_data, reached_by
from xsgeo.maps.finding import pinyin
from xsgeo.maps.frame import TOOLS, dress, page_map
from xsgeo.maps.ground import add_land, add_roads, add_towns, road_lines
from xsgeo.maps.index_page import index_page
from xsgeo.maps.layers import (
    add_catchments,
    add_gaps,
    add_proposals,
    add_venues,
    add_workers,
    gap_items,
    proposal_items,
)
from xsgeo.maps.page import OfflineMap, render_offline, render_online
from xsgeo.maps.publish import PublishRules, areas
from xsgeo.maps.rooms import add_rooms, add_sharing
from xsgeo.maps.rows import open_venues, text_of
from xsgeo.maps.scope import Scope, cluster_ids, cluster_page, cluster_scope, safe_keys
from xsgeo.maps.sites import concerns, public_gaps, public_proposals, with_employers
from xsgeo.maps.tiles import Tiles, shift_page
from xsgeo.maps.times import add_times, weeks_by_month
from xsgeo.maps.whatif import add_whatif
from xsgeo.network import Network, sailings
from xsgeo.standards import means
from xsgeo.study import Study
from xsgeo.travel import usual_means

if TYPE_CHECKING:
    import geopandas as gpd

COUNTY_PAGE = "county.html"
INDEX_PAGE = "index.html"


def render_pages(  # noqa: PLR0917  # the stages of one analysis, in their order
    study: Study,
    groups: pd.DataFrame,
    minutes: pd.DataFrame,
    proposals: pd.DataFrame,
    gaps: pd.DataFrame,
    plan_note: Mapping[str, object],
    *,
    clusters: Sequence[str] | None = None,
    language: Language = "both",
    gap_labels: pd.Series | None = None,
    site_labels: pd.Series | None = None,
    rules: PublishRules | None = None,
    network: Network | None = None,
    audience: Audience = "public",
    tiles: Tiles | None = None,
    sharing: pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    plan_page: str = "",
) -> dict[str, str]:
    """Draw the maps of a study as self-contained pages.

    Parameters
    ----------
    study
        The study.
    groups
        What `xsgeo.access.coverage` said of ``study.workers``.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes`` and, unless it has been cut already, ``mode``.
    proposals
        Index ``site_id``; ``action``, ``name``, ``lon``, ``lat``, ``order`` (from 1), ``n_workers_added``, ``towns``
        and ``clusters`` (workers by id, or text); ``n_employers`` where known.
    gaps
        Index ``gap_id``; ``n_workers``, ``town_id``, ``lon``, ``lat``, ``main_reason`` (or ``reason``); ``name``,
        ``clusters`` (workers by id) and ``n_employers`` where known.
    plan_note
        ``status``, ``objective``, ``bound`` and ``gap`` of the plan.
    clusters
        Draw the pages of these clusters and no other, with links to all; every page when None.
    language
        Language of the pages; ``both`` puts English beside the Chinese.
    gap_labels
        ``gap_id`` of each group, as `xsgeo.gaps.find_gaps` returns it; tells how many employers stand behind a gap.
    site_labels
        ``site_id`` by which each group would be served, as `xsgeo.plan.Plan` assigns it; tells the same of a proposal.
    rules
        When a count may be shown. A number of a gap or a proposal is exact where ``n_employers`` passes, withheld
        where it does not, and rounded where it is not known.
    network
        The study's roads as the minutes were found on them; with them the county's page can reckon anew when a venue is
        moved, opened or shared (`xsgeo.maps.whatif`), by groups put together until they may be counted, or by the
        groups themselves where `rules` let every one of them be.
    audience
        ``internal`` puts every group and employer with its number on the pages, which then say so at their head and in
        their names (``county.internal.html``).
    tiles
        A map service to fetch the background from; such pages need the network, say so, and are named so
        (``county.online.html``). None, as a rule: the study's own land and roads.
    sharing
        Links to draw between rooms (`xsgeo.maps.rooms.sharing_links`); none when None.
    actions
        Actions of a plan by year (`xsgeo.maps.actions.add_actions`); none when None.
    plan_page
        File name, beside these pages, of the page of a plan (`xsgeo.maps.render_plan`), which the index then links to;
        empty for none.

    Returns
    -------
    dict
        Text of each page by file name: ``index.html``, ``county.html``, ``cluster_<cluster_id>.html``. The same input
        gives the same text, whatever the order of its rows.

    Raises
    ------
    PageError
        When a cluster is not in the study, or has a name no file can have; when a page would fetch something.
    """
    rules = rules or RULES[audience]
    asked = None if clusters is None else {cluster_page(c) for c in cluster_ids(study, clusters)}
    names = cluster_ids(study)
    workers = pd.DataFrame(study.workers.drop(columns="geometry", errors="ignore")).sort_index()
    groups = groups.loc[workers.index]
    proposals = public_proposals(with_employers(proposals, workers, site_labels), study, rules)
    gaps = public_gaps(with_employers(gaps, workers, gap_labels), study, rules)
    weeks = weeks_by_month(
        workers, study.venues, minutes, standard=study.standard, needs=study.needs, sailings=sailings(study.ferries)
    )
    safe, withheld = safe_keys(workers, groups, names, rules)
    roads = road_lines(study.roads)
    whole = Scope(study, workers, groups, minutes, "", rules, language, roads, weeks, safe, withheld, audience, tiles)
    scopes = {COUNTY_PAGE: whole} | {cluster_page(c): cluster_scope(whole, c) for c in names}
    named = {page: file_name(page, audience=audience, is_online=tiles is not None) for page in (INDEX_PAGE, *scopes)}
    links = [link(named[page], scope) for page, scope in scopes.items()]
    pages = {named[INDEX_PAGE]: index_page([*scopes.values()], links, plan=plan_page)} if asked is None else {}
    for page, scope in scopes.items():
        if asked is not None and page not in asked:
            continue
        extras = _Extras(
            proposals[concerns(proposals, scope.cluster_id)], gaps[concerns(gaps, scope.cluster_id)], sharing, actions
        )
        others = [k for k in links if k["file"] != named[page]]
        here = network if scope is whole else None
        pages[named[page]] = _map_page(scope, extras, plan_note, others, index=named[INDEX_PAGE], network=here)
    return pages


@dataclass(frozen=True, eq=False)
class _Extras:
    """What a page shows beside the answer itself."""

    proposals: pd.DataFrame
    gaps: pd.DataFrame
    sharing: pd.DataFrame | None
    actions: pd.DataFrame | None


def _map_page(
    scope: Scope,
    extras: _Extras,
    plan_note: Mapping[str, object],
    links: Sequence[Mapping[str, object]],
    *,
    index: str,
    network: Network | None = None,
) -> str:
    study, language = scope.study, scope.language
    venues = open_venues(pd.DataFrame(study.venues.drop(columns="geometry", errors="ignore")))
    reached = reached_by(scope, venues)
    m = page_map(scope.view)
    _draw(m, scope, extras, venues, reached)
    network = network if scope.tiles is None else None  # a page that is shifted for display exports no positions
    rows = None if network is None else _demand(scope)
    if network is not None and rows is not None and len(rows):
        add_whatif(m, rows, study, network, is_public=scope.rules.hides, language=language)
    data: Mapping[str, object] = page_data(scope, venues, plan_note, links, reached=reached, index=index) | {
        "find": _find(study, venues, extras.proposals, extras.gaps)
    }
    if scope.tiles is not None:
        data = shift_page(m, data, datum=scope.tiles.datum)
    dress(m.get_root(), data, script="panel.js", tools=TOOLS, language=language, banner=scope.banner)
    if scope.tiles is not None:
        return render_online(m.get_root(), title=scope.title, language=language, image_host=scope.tiles.host)
    return render_offline(m.get_root(), title=scope.title, language=language)


def _draw(m: OfflineMap, scope: Scope, extras: _Extras, venues: pd.DataFrame, reached: pd.Series) -> None:
    """Put the layers of a page on its map."""
    study, language = scope.study, scope.language
    standard = study.standard
    if scope.tiles is None:
        add_land(m, study.land, language=language)
    else:
        scope.tiles.add_to(m)
    add_catchments(m, scope.workers, scope.groups, venues, scope.minutes, standard=standard, language=language)
    if scope.tiles is None:
        add_roads(m, study.roads, lines=scope.roads, language=language)
    found = areas(scope.workers, scope.groups, rules=scope.rules)
    add_workers(m, scope.workers, scope.groups, rules=scope.rules, found=found, language=language)
    add_times(
        m,
        scope.workers,
        scope.groups,
        scope.weeks,
        month=standard.month,
        rules=scope.rules,
        found=found,
        language=language,
    )
    add_gaps(m, extras.gaps, language=language)
    if extras.sharing is not None:
        add_sharing(m, extras.sharing, language=language, show=False)
    add_rooms(m, venues, language=language, show=False)
    add_venues(
        m,
        venues,
        reached=reached,
        towns=study.towns,
        month=standard.month,
        language=language,
        name_own=scope.is_internal,
    )
    add_towns(m, study.towns, active=set(scope.workers["town_id"].astype(str)), language=language)
    add_proposals(m, extras.proposals, language=language)
    if extras.actions is not None:
        add_actions(m, extras.actions, language=language, show=False)


def _demand(scope: Scope) -> gpd.GeoDataFrame:
    """Rows to reckon with in the page: what may be published of the groups, or the groups where all of them may."""
    study = scope.study
    usual = means(usual_means(study.workers, study.towns), study.standard)
    if not scope.rules.hides:
        return study.workers.assign(means=usual)
    known = scope.groups["reason"] != "unknown"
    asking = dict.fromkeys(text_of(study.needs, "cluster_id"))
    return demand_table(study.workers, means=usual, located=known, rules=scope.rules, asking=asking)


def _find(study: Study, venues: pd.DataFrame, proposals: pd.DataFrame, gaps: pd.DataFrame) -> dict[str, object]:
    """How the names on the map are found by pinyin, in the order in which their layers number them."""
    own = text_of(venues, "employer_id") != ""
    return {
        "ids": [str(v) for v in venues.index],
        "towns": pinyin(study.towns.sort_index()["name"].astype(str)),
        "venues": pinyin(text_of(venues, "name").where(~own, "")),
        "proposals": pinyin(str(item["names"][0]) for item in proposal_items(proposals)),  # type: ignore[index]
        "gaps": pinyin(str(item["name"]) for item in gap_items(gaps)),
    }
