"""The order of the stages, and nothing else.

Each stage is a function of its own module that takes frames and gives frames; a reader who wants to know what the
package does reads `analyse` from top to bottom. Whoever wants to change one stage calls the others by hand in the same
order. What must travel together from stage to stage is `Reach` (who gets where, and who is served) and `Analysis`
(what would mend it).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xsgeo import access, candidates, crowding, gaps, network, outputs, plan, standards, travel
from xsgeo.catalogue import Language
from xsgeo.errors import PageError
from xsgeo.settings import SitingRules, Standard
from xsgeo.study import Study

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from xsgeo.maps import Audience, Tiles
    from xsgeo.network import Network
    from xsgeo.plan import Plan

Stage = Callable[[str], None]

LINK_MIN = 5.0
"""Unserved groups within so many minutes of each other belong to the same gap."""


@dataclass(frozen=True, eq=False, repr=False)
class Reach:
    """Who gets where in time, and who is served.

    Attributes
    ----------
    study
        The study.
    network
        Its roads and ferries, laid out for searching.
    means
        Usual means of each group, on the index of ``study.workers``.
    snapped
        Where each group joins the network and why not (`xsgeo.network.snap`), on the same index.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes``, ``mode``.
    groups
        What `xsgeo.access.coverage` said of each group.
    seated
        Share of each group that finds a seat (`xsgeo.crowding.seated`), None where seats were not counted.
    on
        The date whose week was judged, None for an ordinary week of the standard's month.
    """

    study: Study
    network: Network
    means: pd.Series
    snapped: pd.DataFrame
    minutes: pd.DataFrame
    groups: pd.DataFrame
    seated: pd.Series | None = None
    on: date | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Prospect:
    """What a plan can be made of.

    Attributes
    ----------
    reach
        Who gets where and who is served.
    gap_labels, gaps
        As in `Analysis`.
    candidates
        Every site a plan could choose (`xsgeo.candidates.candidate_sites`).
    minutes
        Long table of minutes from groups to those sites, ``site_id`` in the place of ``venue_id``.
    rules
        The rules they were laid out by.
    """

    reach: Reach
    gap_labels: pd.Series
    gaps: pd.DataFrame
    candidates: gpd.GeoDataFrame
    minutes: pd.DataFrame
    rules: SitingRules


@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """A whole run: who is served, where the gaps are, what would mend them.

    Attributes
    ----------
    reach
        Who gets where and who is served.
    gap_labels
        ``gap_id`` of each group, empty where it is in none.
    gaps
        One row a gap (`xsgeo.gaps.find_gaps`).
    candidates
        Every site the plan could choose (`xsgeo.candidates.candidate_sites`).
    plan
        The sites chosen, with bound and gap (`xsgeo.plan.propose`).
    """

    reach: Reach
    gap_labels: pd.Series
    gaps: pd.DataFrame
    candidates: gpd.GeoDataFrame
    plan: Plan


def reach(
    study: Study,
    *,
    closed_ferries: Collection[str] = (),
    built: Network | None = None,
    on: date | None = None,
    seats: bool = False,
    on_stage: Stage | None = None,
) -> Reach:
    """Find who can reach which venue, who is served, and why the others are not.

    Parameters
    ----------
    study
        The study.
    closed_ferries
        Ids of ferries that do not sail.
    built
        The study's network, where it has been built already; `closed_ferries` is then left out of account.
    on
        A date whose week is judged in place of an ordinary one of the standard's month (`xsgeo.access.coverage`).
    seats
        Count seats, so that a group too few of whom find one is ``crowded`` (`xsgeo.crowding.seated`).
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Reach
        Minutes and the answer for each group.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> groups = reach(toy_county()).groups
    >>> groups["reason"].astype(str).to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'g1': 'closed', 'g2': 'served', 'g3': 'served', 'g4': 'out_of_reach', 'g5': 'not_shared', 'g6': 'served',
     'g7': 'unknown'}
    """
    tell = on_stage or _silent
    tell("network")
    roads = built or network.build_network(
        study.roads, study.ferries, study.land, rules=study.about.travel_rules, closed_ferries=closed_ferries
    )
    tell("minutes")
    means = standards.means(travel.usual_means(study.workers, study.towns), study.standard)
    snapped = travel.snap_by_mode(study.workers, roads, modes=means)
    cutoff_min = study.standard.cutoff_min
    minutes = travel.travel_minutes(study.workers, study.venues, roads, cutoff_min=cutoff_min, modes=means)
    tell("coverage")
    groups, seated = judge(study, minutes, snapped, on=on, seats=seats)
    return Reach(study, roads, means, snapped, minutes, groups, seated, on)


def judged(found: Reach, standard: Standard) -> Reach:
    """Judge the same minutes by another standard, of the same means and no longer cut-offs.

    Parameters
    ----------
    found
        What `reach` found.
    standard
        The other standard.

    Returns
    -------
    Reach
        As `reach` of the study with that standard, on the same date or else in an ordinary week of its month, without
        searching again; the table of minutes keeps its longer rows.

    Raises
    ------
    ValueError
        When a group travels otherwise by that standard, or its cut-off is longer than the minutes go.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> import dataclasses
    >>> county = toy_county()
    >>> near = dataclasses.replace(county.standard, cutoff_min={"walk": 5.0})
    >>> judged(reach(county), near).groups["is_nominal"].sum().item()
    3
    """
    longest = found.study.standard.cutoff_min
    usual = travel.usual_means(found.study.workers, found.study.towns)
    if not standards.means(usual, standard).equals(found.means.rename("means")):
        msg = f"standard {standard.standard_id} has other means of travel than the minutes were measured by"
        raise ValueError(msg)
    if any(limit > longest[mode] for mode, limit in standard.cutoff_min.items() if mode in longest):
        msg = f"standard {standard.standard_id} goes further than the minutes were measured: {dict(longest)}"
        raise ValueError(msg)
    study = standards.measured_by(found.study, standard)
    groups, seated = judge(study, found.minutes, found.snapped, on=found.on, seats=found.seated is not None)
    return dataclasses.replace(found, study=study, groups=groups, seated=seated)


def judge(
    study: Study, minutes: pd.DataFrame, snapped: pd.DataFrame, *, on: date | None = None, seats: bool = False
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Ask for seats and coverage with all that the study says of boats, needs and dates.

    Parameters
    ----------
    study
        The study.
    minutes
        Long table ``group_id``, ``venue_id``, ``minutes``, ``mode``.
    snapped
        Where each group joins the network, and why not.
    on, seats
        As in `reach`.

    Returns
    -------
    groups : pandas.DataFrame
        What `xsgeo.access.coverage` says.
    seated : pandas.Series or None
        Share of each group that finds a seat.
    """
    frames = study.workers, study.venues, minutes
    located, standard = snapped["reason"] == "", study.standard
    when = crowding.When(
        needs=study.needs, sailings=network.sailings(study.ferries), on=on, calendar=study.about.calendar
    )
    seated = crowding.seated(*frames, located=located, standard=standard, **when) if seats else None
    return access.coverage(*frames, located=located, standard=standard, seated=seated, **when), seated


def analyse(
    study: Study,
    *,
    n_sites: int | None = None,
    closed_ferries: Collection[str] = (),
    on_stage: Stage | None = None,
) -> Analysis:
    """Run every stage: reach, gaps, candidate sites, plan.

    Parameters
    ----------
    study
        The study.
    n_sites
        How many sites to choose; what the study says when None.
    closed_ferries
        Ids of ferries that do not sail.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Analysis
        Everything the pages show.

    Examples
    --------
    Of three possible doors, opening the palace longer serves most.

    >>> from xsgeo.datasets import toy_county
    >>> analyse(toy_county(), n_sites=1).plan.sites["n_workers_added"].to_dict()
    {'open_longer:V1': 100}
    """
    tell = on_stage or _silent
    seen = prospect(study, n_sites=n_sites, closed_ferries=closed_ferries, on_stage=on_stage)
    tell("plan")
    found = seen.reach
    chosen = plan.propose(
        study.workers,
        found.groups,
        seen.candidates,
        seen.minutes,
        venues=study.venues,
        minutes=found.minutes,
        standard=study.standard,
        rules=seen.rules,
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )
    return Analysis(found, seen.gap_labels, seen.gaps, seen.candidates, chosen)


def prospect(
    study: Study,
    *,
    n_sites: int | None = None,
    closed_ferries: Collection[str] = (),
    seats: bool = False,
    on_stage: Stage | None = None,
) -> Prospect:
    """Run the stages before a plan: reach, gaps, candidate sites and the way to them.

    Parameters
    ----------
    study
        The study.
    n_sites
        How many sites to choose; what the study says when None.
    closed_ferries
        Ids of ferries that do not sail.
    seats
        Count seats: groups that are crowded out are then among the unserved, and rooms near them among the sites.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Prospect
        Everything a plan can be made of.
    """
    tell = on_stage or _silent
    found = reach(study, closed_ferries=closed_ferries, seats=seats, on_stage=on_stage)
    # Of rooms, more hours are what may help whoever is crowded out.
    lacking = found.groups.assign(reason=found.groups["reason"].astype(str).replace("crowded", "closed"))
    rules = study.about.siting_rules
    rules = rules if n_sites is None else dataclasses.replace(rules, n_sites=n_sites)
    tell("gaps")
    labels, table = _gaps(found, min_workers=rules.min_gap_workers)
    sites = candidates.candidate_sites(
        study.workers,
        lacking if seats else found.groups,
        labels,
        table,
        venues=study.venues,
        assets=study.assets,
        minutes=found.minutes,
        roads=study.roads,
        land=study.land,
        standard=study.standard,
        rules=rules,
        needs=study.needs,
        sailings=network.sailings(study.ferries),
        snap_limit_m=study.about.travel_rules.snap_limit_m,
    )
    ways = travel.travel_minutes(
        study.workers,
        sites,
        found.network,
        cutoff_min=study.standard.cutoff_min,
        modes=found.means,
        destination_name="site_id",
    )
    return Prospect(found, labels, table, sites, ways, rules)


def _gaps(found: Reach, *, min_workers: int) -> tuple[pd.Series, pd.DataFrame]:
    between = between_unserved(found, cutoff_min=LINK_MIN)
    return gaps.find_gaps(found.study.workers, found.groups, between, link_min=LINK_MIN, min_workers=min_workers)


def between_unserved(found: Reach, *, cutoff_min: float) -> pd.DataFrame:
    """Minutes from unserved group to unserved group, for `xsgeo.gaps`.

    Parameters
    ----------
    found
        What `reach` found.
    cutoff_min
        Longest way that is kept.

    Returns
    -------
    pandas.DataFrame
        Long table ``group_id``, ``neighbour_id``, ``minutes``.
    """
    unserved = found.study.workers[found.groups["reason"].isin(gaps.UNSERVED)]
    return travel.minutes_between(
        unserved, found.network, cutoff_min=cutoff_min, modes=found.means.reindex(unserved.index)
    )


def write_maps(
    analysis: Analysis,
    folder: str | Path,
    *,
    clusters: Sequence[str] | None = None,
    language: Language = "both",
    audience: Audience = "public",
    tiles: Tiles | None = None,
    actions: pd.DataFrame | None = None,
    plan_page: str = "",
    on_stage: Stage | None = None,
) -> list[Path]:
    """Draw the pages of an analysis and put them into a folder.

    Parameters
    ----------
    analysis
        What `analyse` found.
    folder
        Where to write; all pages are drawn before any old one is replaced, and ``manifest.json`` is put beside them.
    clusters
        Draw the pages of these clusters and no other; every page when None.
    language
        Language of the pages.
    audience
        For whom they are; ``internal`` pages name employers and their numbers, and say so.
    tiles
        A map service to fetch the background from; None for pages that work offline.
    actions
        Actions of a plan by year, to draw as a layer.
    plan_page
        Text of the page of a plan (`xsgeo.programme.page`), to put beside the pages and link to from the index.
    on_stage
        Called with the name of the stage as it begins.

    Returns
    -------
    list of Path
        The pages.

    Raises
    ------
    PageError
        When the page of a plan is internal and the others are public.
    """
    from xsgeo import maps

    if audience == "public" and maps.is_internal(plan_page):
        msg = "the page of the plan is internal and cannot stand among public ones"
        raise PageError(msg)
    beside = maps.audience.file_name(maps.PLAN_PAGE, audience=audience) if plan_page else ""
    (on_stage or _silent)("pages")
    found, chosen = analysis.reach, analysis.plan
    note = {f: getattr(chosen, f) for f in ("status", "objective", "bound", "gap")}
    pages = maps.render_pages(
        found.study,
        found.groups,
        found.minutes,
        chosen.sites,
        analysis.gaps,
        note,
        clusters=clusters,
        language=language,
        gap_labels=analysis.gap_labels,
        site_labels=chosen.assigned,
        audience=audience,
        tiles=tiles,
        actions=actions,
        plan_page=beside,
        sharing=maps.sharing_links(
            found.study.workers,
            found.study.venues,
            found.minutes,
            found.groups,
            complements=_complements(found.study),
            standard=found.study.standard,
            rules=maps.AUDIENCE_RULES[audience],
        ),
        network=found.network,
    )
    pages |= {beside: plan_page} if plan_page else {}
    return outputs.write_files(pages, folder, manifest=outputs.describe(found.study))


def _complements(study: Study) -> pd.DataFrame:
    from xsgeo import sharing

    rooms = sharing.room_labels(study.venues, study.room_pairs)
    return sharing.complements(study.venues.assign(room_id=rooms), standard=study.standard)


BREAKDOWNS = {
    "town": "town_id",
    "cluster": "cluster_id",
    "shift": "shift",
    "reason": "reason",
    "place": "place",
    "means": "means",
}
"""What a coverage table can be broken down by, and the column that says it."""


def coverage_table(found: Reach, *, by: str | None = None, present: pd.Series | None = None) -> pd.DataFrame:
    """Coverage by town, cluster, shift, reason, place or means, or of the whole.

    Parameters
    ----------
    found
        What `reach` found.
    by
        What to break down by; None for one row.
    present
        Workers of each group who are there at that time (`xsgeo.access.present`).

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.access.summarise`.
    """
    workers = found.study.workers.assign(means=found.means)
    return access.summarise(workers, found.groups, by=None if by is None else BREAKDOWNS[by], present=present)


def year_table(found: Reach, *, by: str | None = None) -> pd.DataFrame:
    """Coverage of the workers present, month by month, or averaged over the year by town, cluster, shift and so on.

    Parameters
    ----------
    found
        What `reach` found.
    by
        What to break the year down by, any of `BREAKDOWNS` but the reason; months when None.

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.access.summarise_year`; without `by` a row a month and a last one, ``year``.

    Raises
    ------
    ValueError
        When broken down by reason: a group may have another one in each month, and they are columns of the table.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> year_table(reach(toy_county())).index[[0, -1]].tolist()
    [1, 'year']
    """
    if by == "reason":
        msg = "a year is not broken down by reason: its table has a column for each"
        raise ValueError(msg)
    study = found.study
    year = access.yearly(
        study.workers,
        study.venues,
        found.minutes,
        located=found.snapped["reason"] == "",
        standard=study.standard,
        clusters=study.clusters,
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )
    workers = study.workers.assign(means=found.means)
    if by is not None:
        return access.summarise_year(workers, year, by=BREAKDOWNS[by])
    months = access.summarise_year(workers, year, by="month")
    months.loc["year"] = access.summarise_year(workers, year).iloc[0]
    return months


def _silent(stage: str) -> None:
    """Say nothing."""
