"""The pages: the county, one for each industry cluster, and an index of them.

A page answers one question, who is served and why the others are not, so it opens with one number, effective coverage,
and everything else explains that number: the reasons, the towns, the gaps, what is proposed. The same facts stand in
tables beside the map, for readers who cannot use a map, for print and for checking.

Figures of a page are those of `xsgeo.access.summarise`, exactly; small ones are merged, never changed
(`xsgeo.maps.publish`). Python sends numbers and the page's script words them, because a later page that lets a planner
move a venue must word new numbers by itself. Layout is constant HTML; see `xsgeo.maps.page` for why nothing from a
ledger is in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from branca.element import Element, Figure
from numpy.typing import NDArray

from xsgeo.access import REASONS, summarise
from xsgeo.catalogue import Language, say
from xsgeo.errors import PageError
from xsgeo.maps import audience as audiences
from xsgeo.maps import demand, finding, layers, publish, times, whatif
from xsgeo.maps.actions import add_actions
from xsgeo.maps.audience import Audience, file_name
from xsgeo.maps.differences import merge_crossed, withheld_columns
from xsgeo.maps.pack import pack_parts, pack_xy, to_text
from xsgeo.maps.page import DataBlock, OfflineMap, RawText, asset, render_offline, render_online
from xsgeo.maps.publish import HIDDEN, MERGED, PublishRules
from xsgeo.maps.rooms import add_rooms, add_sharing
from xsgeo.maps.tiles import Tiles, shift_page
from xsgeo.maps.week import week
from xsgeo.network import Network, sailings
from xsgeo.schemas import BASES
from xsgeo.settings import MODES
from xsgeo.standards import means
from xsgeo.study import Study
from xsgeo.travel import usual_means

if TYPE_CHECKING:
    import geopandas as gpd

COUNTY_PAGE = "county.html"
INDEX_PAGE = "index.html"
_SIMPLE_LAND_DEG = 0.0006  # about 60 m: a pixel of the index's small maps
_SIMPLE_CELL_M = 450.0
_FEW = "few"


@dataclass(frozen=True)
class _Scope:
    """What one page is about: the county, or one cluster's part of it."""

    study: Study
    workers: pd.DataFrame
    groups: pd.DataFrame
    minutes: pd.DataFrame
    cluster_id: str
    rules: PublishRules
    language: Language
    roads: Mapping[str, object]
    weeks: times.Weeks
    safe: pd.DataFrame
    withheld: frozenset[str]
    audience: Audience
    tiles: Tiles | None

    @property
    def is_internal(self) -> bool:
        return self.audience == "internal"

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of it may be counted, not even all together."""
        return self.cluster_id in self.withheld


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
    rules = rules or audiences.RULES[audience]
    asked = None if clusters is None else {cluster_page(c) for c in _cluster_ids(study, clusters)}
    names = _cluster_ids(study, None)
    workers = pd.DataFrame(study.workers.drop(columns="geometry", errors="ignore")).sort_index()
    groups = groups.loc[workers.index]
    proposals = _public_proposals(_with_employers(proposals, workers, site_labels), study, rules)
    gaps = _public_gaps(_with_employers(gaps, workers, gap_labels), study, rules)
    weeks = times.weeks_by_month(
        workers, study.venues, minutes, standard=study.standard, needs=study.needs, sailings=sailings(study.ferries)
    )
    safe, withheld = _safe_keys(workers, groups, names, rules)
    roads = layers.road_lines(study.roads)
    whole = _Scope(study, workers, groups, minutes, "", rules, language, roads, weeks, safe, withheld, audience, tiles)
    scopes = {COUNTY_PAGE: whole} | {cluster_page(c): _cluster_scope(whole, c) for c in names}
    named = {page: file_name(page, audience=audience, is_online=tiles is not None) for page in (INDEX_PAGE, *scopes)}
    links = [_link(named[page], scope) for page, scope in scopes.items()]
    pages = {named[INDEX_PAGE]: _index_page(scopes, links)} if asked is None else {}
    for page, scope in scopes.items():
        if asked is not None and page not in asked:
            continue
        extras = _Extras(
            proposals[_concerns(proposals, scope.cluster_id)], gaps[_concerns(gaps, scope.cluster_id)], sharing, actions
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


def cluster_page(cluster_id: str) -> str:
    """File name of a cluster's page.

    Raises
    ------
    PageError
        When the id could not be a file name on every system.

    Examples
    --------
    >>> cluster_page("fishing")
    'cluster_fishing.html'
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", cluster_id):
        msg = f"the cluster id {cluster_id!r} cannot be part of a file name: use letters, digits, - and _"
        raise PageError(msg)
    return f"cluster_{cluster_id}.html"


def _cluster_ids(study: Study, clusters: Sequence[str] | None) -> list[str]:
    present = set(study.workers["cluster_id"].astype(str))
    if clusters is None:
        return [str(c) for c in study.clusters.index.sort_values() if str(c) in present]
    for name in clusters:
        if name not in study.clusters.index:
            msg = f"there is no cluster {name!r}; the study has {', '.join(map(str, study.clusters.index))}"
            raise PageError(msg)
        if name not in present:
            msg = f"the cluster {name!r} has no workers to draw"
            raise PageError(msg)
    return sorted(set(clusters))


def _cluster_scope(whole: _Scope, cluster_id: str) -> _Scope:
    workers = whole.workers[whole.workers["cluster_id"].astype(str) == cluster_id]
    minutes = whole.minutes[whole.minutes["group_id"].isin(workers.index)]
    groups = whole.groups.loc[workers.index]
    told = whole.safe.loc[workers.index]
    safe = pd.DataFrame({"town": told["town_of_cluster"], "reason": told["reason_of_cluster"]}, index=workers.index)
    return replace(whole, workers=workers, groups=groups, minutes=minutes, cluster_id=cluster_id, safe=safe)


def _safe_keys(
    workers: pd.DataFrame, groups: pd.DataFrame, names: Sequence[str], rules: PublishRules
) -> tuple[pd.DataFrame, frozenset[str]]:
    """Town and reason by which each group is counted, on the county's page and its cluster's, and what has no total.

    The county itself is called "" there.
    """
    employer, n = publish.employers(workers), workers["n_workers"].to_numpy(np.int64)
    column = workers["cluster_id"].astype(str).to_numpy(dtype=object)
    pageless = frozenset(set(map(str, column)) - set(names))
    withheld = withheld_columns(column, employer, n, rules) | pageless
    if not publish.may_show(employer, n, rules):
        withheld |= {"", *names}
    safe = pd.DataFrame(index=workers.index)
    for what, given in (("town", workers["town_id"]), ("reason", groups["reason"])):
        keys = given.astype(str).to_numpy(dtype=object)
        safe[what], safe[f"{what}_of_cluster"] = merge_crossed(keys, column, employer, n, rules, withheld=withheld)
    return safe, withheld


# ---- what a page says -----------------------------------------------------------------------------------------------


def _headline(scope: _Scope) -> dict[str, object]:
    row = summarise(scope.workers, scope.groups).iloc[0]
    if scope.is_withheld:  # a share of whole percents does not tell of how many
        shares = {name: round(float(row[name]), 2) for name in ("share_nominal", "share_effective")}
        return {"n_workers": None, "n_nominal": None, "n_effective": None, **shares}
    return {
        "n_workers": int(row["n_workers"]),
        "n_nominal": int(row["n_nominal"]),
        "n_effective": int(row["n_effective"]),
        "share_nominal": float(row["share_nominal"]),
        "share_effective": float(row["share_effective"]),
    }


def _names(scope: _Scope) -> list[str]:
    if not scope.cluster_id:
        return [scope.study.title, scope.study.about.title_en or scope.study.title]
    return _both(scope.study.clusters, scope.cluster_id)


def _link(file: str, scope: _Scope) -> dict[str, object]:
    return {"file": file, "cluster": scope.cluster_id, "names": _names(scope), **_headline(scope)}


def _reasons(scope: _Scope) -> list[dict[str, object]]:
    """Return unserved and served workers by reason, merged where need be; empty where nothing may be counted."""
    safe = scope.safe["reason"].to_numpy(dtype=object)
    if HIDDEN in safe:
        return []
    table = summarise(scope.workers.assign(published=safe), scope.groups, by="published")
    known = [r for r in [*REASONS, MERGED] if r in table.index]
    return [{"reason": r, "n": int(table.at[r, "n_workers"])} for r in known]


def _towns(scope: _Scope) -> list[dict[str, object]]:
    """Coverage by town, worst first; towns that may not be counted alone are one row without a place."""
    safe = scope.safe["town"].to_numpy(dtype=object)
    if HIDDEN in safe:
        return []
    table = summarise(scope.workers.assign(published=safe), scope.groups, by="published")
    towns = scope.study.towns
    rows: list[dict[str, object]] = []
    for key, row in table.sort_values(["share_effective", "n_workers"]).iterrows():
        known = key in towns.index
        rows.append(
            {
                "names": _both(towns, str(key)) if known else None,
                "at": [round(float(towns.at[key, c]), 4) for c in ("lat", "lon")] if known else None,
                "merged": 0 if known else int(scope.workers.loc[safe == key, "town_id"].nunique()),
                "n_workers": int(row["n_workers"]),
                "share_nominal": float(row["share_nominal"]),
                "share_effective": float(row["share_effective"]),
                **({"n_employers": _n_employers(scope.workers[safe == key])} if scope.is_internal else {}),
            }
        )
    return sorted(rows, key=lambda r: bool(r["merged"]))


def _n_employers(workers: pd.DataFrame) -> int:
    return len(np.unique(publish.employers(workers)))


def _reached(scope: _Scope, venues: pd.DataFrame) -> pd.Series:
    """Workers within the cut-off of each plaque, rounded, as text: empty for none, ``few`` where it may not be said."""
    n = scope.workers["n_workers"].to_numpy(np.int64)
    employer = publish.employers(scope.workers)
    near = layers.within_cutoff(scope.minutes, scope.workers, venues, standard=scope.study.standard)
    order = np.argsort(near[:, 1], kind="stable")
    group, venue = near[order, 0], near[order, 1]
    starts = np.searchsorted(venue, np.arange(len(venues) + 1))
    said = []
    for low, high in pairwise(starts):
        rows = group[low:high]
        if len(rows) == 0:
            said.append("")
        elif publish.may_show(employer[rows], n[rows], scope.rules):
            said.append(str(publish.rounded(int(n[rows].sum()), scope.rules)))
        else:
            said.append(_FEW)
    return pd.Series(said, index=venues.index, dtype=object)


def _basis(frame: pd.DataFrame, weight: NDArray[np.float64]) -> list[list[object]]:
    """Shares of the figures by where they come from, as ``[basis, share]``."""
    given = layers.text_of(frame, "basis").to_numpy(dtype=str)
    total = float(weight.sum())
    shares = [("unstated" if b == "" else b, float(weight[given == b].sum())) for b in (*BASES, "")]
    return [[b, round(s / total, 4)] for b, s in shares if s and total]


def _facts(scope: _Scope) -> dict[str, object]:
    study, standard = scope.study, scope.study.standard
    return {
        "standard": [standard.name, standard.name_en],
        "source": standard.source,
        "cutoff": [[mode, float(standard.cutoff_min[mode])] for mode in MODES if mode in standard.cutoff_min],
        "hours": float(standard.min_hours_per_week),
        "month": standard.month,
        "as_of": study.about.as_of,
        "demonstration": bool(study.about.is_demonstration),
        "basis_workers": _basis(scope.workers, scope.workers["n_workers"].to_numpy(float)),
        "basis_venues": _basis(study.venues, np.ones(len(study.venues))),
    }


def _page_data(
    scope: _Scope,
    venues: pd.DataFrame,
    plan_note: Mapping[str, object],
    links: Sequence[Mapping[str, object]],
    *,
    index: str,
) -> dict[str, object]:
    cluster = scope.study.clusters.loc[scope.cluster_id] if scope.cluster_id else None
    rooms = layers.text_of(venues, "room_id")
    doors = rooms.where(rooms != "", venues["lon"].round(5).astype(str) + " " + venues["lat"].round(5).astype(str))
    reached = venues[(_reached(scope, venues) != "").to_numpy()] if scope.cluster_id else venues
    employers = scope.study.employers
    plan = dict.fromkeys(("status", "objective", "bound", "gap")) if "" in scope.withheld else plan_note
    private = {"ledger": audiences.ledger(scope.workers, scope.groups, employers)} if scope.is_internal else {}
    return {
        **private,
        "audience": scope.audience,
        "tiles": "" if scope.tiles is None else scope.tiles.service,
        "index": index,
        "week": week(scope.workers, reached, month=scope.study.standard.month, rules=scope.rules),
        "kind": "cluster" if scope.cluster_id else "county",
        "names": _names(scope),
        "headline": _headline(scope),
        "reasons": _reasons(scope),
        "towns": _towns(scope),
        "facts": _facts(scope),
        "plan": {k: plan.get(k) for k in ("status", "objective", "bound", "gap")},
        "plaques": len(venues),
        "rooms": int(doors.nunique()),
        "months": None if cluster is None else [float(w) for w in cluster["month_weights"]],
        "needs": "" if cluster is None or pd.isna(cluster.get("venue_needs")) else str(cluster.get("venue_needs", "")),
        "links": list(links),
        "view": _view(scope),
    }


def _view(scope: _Scope) -> list[list[float]]:
    """South-west and north-east of what the page is about."""
    frames = [scope.workers[["lat", "lon"]]]
    if not scope.cluster_id:
        frames.append(scope.study.towns[["lat", "lon"]])
    at = np.concatenate([f.to_numpy(float) for f in frames])
    return [at.min(axis=0).round(4).tolist(), at.max(axis=0).round(4).tolist()]


# ---- gaps and proposals ---------------------------------------------------------------------------------------------


def _public_count(frame: pd.DataFrame, column: str, rules: PublishRules) -> list[int | None]:
    """Exact where enough employers are known to stand behind it, withheld where too few, else rounded."""
    known = frame["n_employers"] if "n_employers" in frame else pd.Series(np.nan, index=frame.index)
    answer: list[int | None] = []
    for n, behind in zip(frame[column], known, strict=True):
        if pd.isna(n):
            answer.append(None)
        elif pd.isna(behind):
            answer.append(publish.rounded(int(n), rules))
        else:
            answer.append(int(n) if behind >= rules.min_employers else None)
    return answer


def _ids(value: object) -> list[str]:
    """Ids of a tally, most workers first; text has none."""
    if not isinstance(value, Mapping):
        return []
    return sorted(map(str, value), key=lambda k: (-value[k], k))


def _spelt(value: object, table: pd.DataFrame) -> list[str]:
    """Names of a tally's ids in both languages, most workers first; text stays as it is."""
    if isinstance(value, Mapping):
        both = [_both(table, k) for k in _ids(value)]
        return ["、".join(zh for zh, _ in both), ", ".join(en for _, en in both)]
    text = "" if value is None or pd.isna(value) else str(value)
    return [text, text]


def _both(table: pd.DataFrame, key: str) -> list[str]:
    """Chinese and English name of a town or cluster; the id where it is not known."""
    if key not in table.index:
        return [key, key]
    zh = str(table.at[key, "name"])
    en = table.at[key, "name_en"] if "name_en" in table else zh
    return [zh, zh if pd.isna(en) or not en else str(en)]


def _public_proposals(proposals: pd.DataFrame, study: Study, rules: PublishRules) -> pd.DataFrame:
    if proposals.empty:
        return pd.DataFrame(columns=[*_PROPOSAL_COLUMNS, "concerns"])
    frame = pd.DataFrame(proposals).sort_values("order")
    numbers = _public_count(frame, "n_workers_added", rules)
    return frame.assign(
        n_workers_added=pd.Series(numbers, index=frame.index, dtype=object),
        name=_site_names(frame, study, name_own=not rules.hides),
        concerns=[_who(v, study.clusters) for v in frame["clusters"]],
        towns=[_spelt(v, study.towns) for v in frame["towns"]],
        clusters=[_spelt(v, study.clusters) for v in frame["clusters"]],
    )


def _site_names(sites: pd.DataFrame, study: Study, *, name_own: bool) -> list[list[str]]:
    """Chinese and English name of each site: new ground is called by its town, an employer's room by its kind."""
    own = study.venues.index[(layers.text_of(study.venues, "employer_id") != "").to_numpy() & (not name_own)]
    kinds = study.venues.loc[own, "kind"].astype(str).to_dict()
    columns = (layers.text_of(sites, c) for c in ("name", "refers_to", "town_id"))
    names: list[list[str]] = []
    for name, place, town_id in zip(*columns, strict=True):
        towns = _both(study.towns, town_id)
        if place in kinds:
            word = f"choice.{kinds[place]}"
            names.append([say("page.site.own", s, town=town, kind=say(word, s)) for s, town in _spoken(towns)])
        elif name:
            names.append([name, name])
        else:
            names.append([say("page.site.new", s, town=town) for s, town in _spoken(towns)])
    return names


def _spoken(both: list[str]) -> list[tuple[Language, str]]:
    return [("zh", both[0]), ("en", both[1])]


_PROPOSAL_COLUMNS = ("order", "action", "name", "lon", "lat", "n_workers_added", "towns", "clusters")
_GAP_COLUMNS = ("name", "n_workers", "lon", "lat", "main_reason", "town_id")


def _public_gaps(gaps: pd.DataFrame, study: Study, rules: PublishRules) -> pd.DataFrame:
    if gaps.empty:
        return pd.DataFrame(columns=[*_GAP_COLUMNS, "concerns"])
    frame = pd.DataFrame(gaps).sort_index()
    town_names = study.towns["name"].astype(str)
    tallies = frame["clusters"] if "clusters" in frame else pd.Series([None] * len(frame), index=frame.index)
    named = frame["name"] if "name" in frame else frame["town_id"].astype(str).map(town_names).fillna("")
    return frame.assign(
        n_workers=pd.Series(_public_count(frame, "n_workers", rules), index=frame.index, dtype=object),
        main_reason=frame["main_reason"] if "main_reason" in frame else frame["reason"].astype(str),
        name=named,
        concerns=[_who(v, study.clusters) for v in tallies],
    )


def _with_employers(table: pd.DataFrame, workers: pd.DataFrame, labels: pd.Series | None) -> pd.DataFrame:
    """Add ``n_employers`` to gaps or proposals whose groups are known."""
    if labels is None or table.empty or "n_employers" in table:
        return table
    employer = pd.Series(publish.employers(workers), index=workers.index)
    behind = employer.groupby(labels.reindex(workers.index).fillna("").astype(str)).nunique()
    return table.assign(n_employers=behind.reindex(table.index.astype(str)).to_numpy())


def _who(value: object, clusters: pd.DataFrame) -> list[str] | None:
    """Clusters whose workers a gap or proposal is about; None where that is not known."""
    if isinstance(value, Mapping):
        return _ids(value)
    if isinstance(value, str) and value:
        return [str(k) for k, name in clusters["name"].items() if str(name) in value]
    return None


def _concerns(frame: pd.DataFrame, cluster_id: str) -> NDArray[np.bool_]:
    if not cluster_id:
        return np.ones(len(frame), dtype=bool)
    return np.array([who is None or cluster_id in who for who in frame["concerns"]], dtype=bool)


# ---- pages ----------------------------------------------------------------------------------------------------------


def _map_page(
    scope: _Scope,
    extras: _Extras,
    plan_note: Mapping[str, object],
    links: Sequence[Mapping[str, object]],
    *,
    index: str,
    network: Network | None = None,
) -> str:
    study, language = scope.study, scope.language
    venues = layers.open_venues(pd.DataFrame(study.venues.drop(columns="geometry", errors="ignore")))
    south_west, north_east = _view(scope)
    middle = ((south_west[0] + north_east[0]) / 2, (south_west[1] + north_east[1]) / 2)
    m = OfflineMap("page", location=middle, zoom_snap=0.25, zoom_delta=0.75, min_zoom=7, max_zoom=18)
    _draw(m, scope, extras, venues)
    network = network if scope.tiles is None else None  # a page that is shifted for display exports no positions
    rows = None if network is None else _demand(scope)
    if network is not None and rows is not None and len(rows):
        whatif.add_whatif(m, rows, study, network, is_public=scope.rules.hides, language=language)
    data: Mapping[str, object] = _page_data(scope, venues, plan_note, links, index=index) | {
        "find": _find(study, venues, extras.proposals, extras.gaps)
    }
    if scope.tiles is not None:
        data = shift_page(m, data, datum=scope.tiles.datum)
    dress(m.get_root(), data, script="panel.js", tools=TOOLS, language=language, banner=_banner(scope))
    if scope.tiles is not None:
        return render_online(m.get_root(), title=_title(scope), language=language, image_host=scope.tiles.host)
    return render_offline(m.get_root(), title=_title(scope), language=language)


def _draw(m: OfflineMap, scope: _Scope, extras: _Extras, venues: pd.DataFrame) -> None:
    """Put the layers of a page on its map."""
    study, language = scope.study, scope.language
    if scope.tiles is None:
        layers.add_land(m, study.land, language=language)
    else:
        scope.tiles.add_to(m)
    layers.add_catchments(
        m, scope.workers, scope.groups, venues, scope.minutes, standard=study.standard, language=language
    )
    if scope.tiles is None:
        layers.add_roads(m, study.roads, lines=scope.roads, language=language)
    layers.add_workers(m, scope.workers, scope.groups, rules=scope.rules, language=language)
    times.add_times(
        m, scope.workers, scope.groups, scope.weeks, month=study.standard.month, rules=scope.rules, language=language
    )
    layers.add_gaps(m, extras.gaps, language=language)
    if extras.sharing is not None:
        add_sharing(m, extras.sharing, language=language, show=False)
    add_rooms(m, venues, language=language, show=False)
    reached = _reached(scope, venues)
    month = study.standard.month
    layers.add_venues(
        m,
        venues,
        reached=reached,
        towns=study.towns,
        month=month,
        language=language,
        name_own=scope.is_internal,
    )
    active = set(scope.workers["town_id"].astype(str))
    layers.add_towns(m, study.towns, active=active, language=language)
    layers.add_proposals(m, extras.proposals, language=language)
    if extras.actions is not None:
        add_actions(m, extras.actions, language=language, show=False)


def _banner(scope: _Scope) -> str:
    """What a page must say before anything else; empty for a public page that works offline."""
    said = [say("page.internal", scope.language)] if scope.is_internal else []
    said += [say("page.online", scope.language, host=scope.tiles.host)] if scope.tiles is not None else []
    return " · ".join(said)


def _demand(scope: _Scope) -> gpd.GeoDataFrame:
    """Rows to reckon with in the page: what may be published of the groups, or the groups where all of them may."""
    study = scope.study
    usual = means(usual_means(study.workers, study.towns), study.standard)
    if not scope.rules.hides:
        return study.workers.assign(means=usual)
    known = scope.groups["reason"] != "unknown"
    asking = dict.fromkeys(layers.text_of(study.needs, "cluster_id"))
    return demand.demand_table(study.workers, means=usual, located=known, rules=scope.rules, asking=asking)


def _find(study: Study, venues: pd.DataFrame, proposals: pd.DataFrame, gaps: pd.DataFrame) -> dict[str, object]:
    """How the names on the map are found by pinyin, in the order in which their layers number them."""
    own = layers.text_of(venues, "employer_id") != ""
    sites = [layers.proposal_items(proposals), layers.gap_items(gaps)]
    return {
        "ids": [str(v) for v in venues.index],
        "towns": finding.pinyin(study.towns.sort_index()["name"].astype(str)),
        "venues": finding.pinyin(layers.text_of(venues, "name").where(~own, "")),
        "proposals": finding.pinyin(str(item["names"][0]) for item in sites[0]),  # type: ignore[index]
        "gaps": finding.pinyin(str(item["name"]) for item in sites[1]),
    }


def _index_page(scopes: Mapping[str, _Scope], links: Sequence[Mapping[str, object]]) -> str:
    whole = scopes[COUNTY_PAGE]
    language = whole.language
    land = whole.study.land.sort_index().geometry.to_numpy()
    simple = shapely.simplify(land, _SIMPLE_LAND_DEG, preserve_topology=False)
    rings = shapely.get_rings(shapely.get_parts(simple[~shapely.is_empty(simple)]))
    data = {
        "names": _names(whole),
        "lead": "page.internal.lead" if whole.is_internal else "page.online.lead" if whole.tiles else "page.index.lead",
        "facts": _facts(whole),
        "links": [dict(link) for link in links],
        "land": pack_parts([shapely.get_coordinates(r) for r in rings]),
        "dots": [_dots(scope) for scope in scopes.values()],
        "reasons": list(REASONS),
        "view": _view(whole),
    }
    figure = Figure()
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    figure.header.add_child(RawText(viewport), name="viewport")
    figure.header.add_child(RawText(f"<script>{asset('core.js')}</script>"), name="xsgeo_core.js")
    figure.html.add_child(layers.words_block(language), name="xsgeo_words")
    dress(figure, data, script="index.js", language=language, banner=_banner(whole))
    return render_offline(figure, title=_title(whole), language=language)


def _title(scope: _Scope) -> str:
    study = scope.study.about
    name = (study.title_en or study.title) if scope.language == "en" else study.title
    if scope.is_internal:
        name = f"[{say('page.internal', 'en' if scope.language == 'en' else 'zh')}] {name}"
    return f"{_names(scope)[scope.language == 'en']} · {name}" if scope.cluster_id else name


def _dots(scope: _Scope) -> dict[str, object]:
    """Positions and states for a small map: categories, no counts."""
    spots = publish.places(scope.workers, scope.groups, cell_m=_SIMPLE_CELL_M)
    codes = np.array([REASONS.index(s) for s in spots["state"]], dtype=np.uint8)
    return {**pack_xy(spots[["lon", "lat"]].to_numpy(float)), "states": to_text(codes)}


TOOLS = ("search.js", "hash.js", "heat.js", "links.js", "picture.js")
"""Scripts of a map's page beside its own; they come before it."""


def dress(
    figure: Figure,
    data: Mapping[str, object],
    *,
    script: str,
    tools: Sequence[str] = (),
    language: Language,
    banner: str = "",
) -> None:
    """Add the empty frame, the data, and last of all the style and the script that fill and dress it.

    Parameters
    ----------
    figure
        Root of the page.
    data
        What the script reads, as the block ``xsgeo_page``.
    script
        File of ``xsgeo/maps/assets`` that fills the frame.
    tools
        Files of the same folder that add tools to it.
    language
        Language of the page.
    banner
        What the page says at its head whether or not scripts run, in words of the catalogue; empty for nothing.
    """
    for number, text in enumerate(_frame(script, language, banner)):
        figure.html.add_child(RawText(text), name=f"xsgeo_frame_{number}", index=number)
    figure.html.add_child(DataBlock("xsgeo_page", data), name="xsgeo_page")
    figure.add_child(_Dress((*tools, script)), name="xsgeo_dress")


class _Dress(Element):  # type: ignore[misc]  # branca carries no types
    """Goes into the head after Leaflet and the layers, because it overrides the one and uses the others."""

    def __init__(self, scripts: Sequence[str]) -> None:
        super().__init__()
        self.scripts = scripts

    def render(self, **_: object) -> None:
        header = self.get_root().header
        header.add_child(RawText(f"<style>{asset('page.css')}</style>"), name="xsgeo_page.css")
        for script in self.scripts:
            header.add_child(RawText(f"<script>{asset(script)}</script>"), name=f"xsgeo_{script}")


def _frame(script: str, language: Language, banner: str) -> Iterator[str]:
    first: Language = "en" if language == "en" else "zh"
    if banner:
        yield f'<p class="xs-banner" role="note">{html.escape(banner)}</p>'
    if script != "index.js":
        yield f'<a class="xs-skip" href="#xs-panel">{say("page.skip", first)}</a>'
    yield '<main id="xs-panel" tabindex="-1"></main>'
    yield f"<noscript><p>{say('page.no_script', language)}</p></noscript>"
