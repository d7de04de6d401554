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
from pathlib import Path
from typing import TYPE_CHECKING

from xsgeo import access, candidates, gaps, network, outputs, plan, travel
from xsgeo.catalogue import Language
from xsgeo.study import Study

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

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
    """

    study: Study
    network: Network
    means: pd.Series
    snapped: pd.DataFrame
    minutes: pd.DataFrame
    groups: pd.DataFrame


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


def reach(study: Study, *, closed_ferries: Collection[str] = (), on_stage: Stage | None = None) -> Reach:
    """Find who can reach which venue, who is served, and why the others are not.

    Parameters
    ----------
    study
        The study.
    closed_ferries
        Ids of ferries that do not sail.
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
    roads = network.build_network(
        study.roads, study.ferries, study.land, rules=study.about.travel_rules, closed_ferries=closed_ferries
    )
    tell("minutes")
    means = travel.usual_means(study.workers, study.towns)
    snapped = travel.snap_by_mode(study.workers, roads, modes=means)
    cutoff_min = study.standard.cutoff_min
    minutes = travel.travel_minutes(study.workers, study.venues, roads, cutoff_min=cutoff_min, modes=means)
    tell("coverage")
    groups = access.coverage(
        study.workers, study.venues, minutes, located=snapped["reason"] == "", standard=study.standard
    )
    return Reach(study, roads, means, snapped, minutes, groups)


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
    found = reach(study, closed_ferries=closed_ferries, on_stage=on_stage)
    rules = study.about.siting_rules
    rules = rules if n_sites is None else dataclasses.replace(rules, n_sites=n_sites)
    tell("gaps")
    labels, table = _gaps(found, min_workers=rules.min_gap_workers)
    sites = candidates.candidate_sites(
        study.workers,
        found.groups,
        labels,
        table,
        venues=study.venues,
        assets=study.assets,
        minutes=found.minutes,
        roads=study.roads,
        land=study.land,
        standard=study.standard,
        rules=rules,
        snap_limit_m=study.about.travel_rules.snap_limit_m,
    )
    tell("plan")
    to_sites = travel.travel_minutes(
        study.workers,
        sites,
        found.network,
        cutoff_min=study.standard.cutoff_min,
        modes=found.means,
        destination_name="site_id",
    )
    chosen = plan.propose(
        study.workers,
        found.groups,
        sites,
        to_sites,
        venues=study.venues,
        minutes=found.minutes,
        standard=study.standard,
        rules=rules,
    )
    return Analysis(found, labels, table, sites, chosen)


def _gaps(found: Reach, *, min_workers: int) -> tuple[pd.Series, pd.DataFrame]:
    study = found.study
    unserved = study.workers[found.groups["reason"].isin(gaps.UNSERVED)]
    between = travel.minutes_between(
        unserved,
        found.network,
        cutoff_min=LINK_MIN,
        modes=found.means.reindex(unserved.index),
    )
    return gaps.find_gaps(study.workers, found.groups, between, link_min=LINK_MIN, min_workers=min_workers)


def write_maps(
    analysis: Analysis,
    folder: str | Path,
    *,
    clusters: Sequence[str] | None = None,
    language: Language = "both",
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
    on_stage
        Called with the name of the stage as it begins.

    Returns
    -------
    list of Path
        The pages.
    """
    from xsgeo import maps

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
    )
    return outputs.write_files(pages, folder, manifest=outputs.describe(found.study))


_BY = {
    "town": "town_id",
    "cluster": "cluster_id",
    "shift": "shift",
    "reason": "reason",
    "place": "place",
    "means": "means",
}


def coverage_table(found: Reach, *, by: str | None = None) -> pd.DataFrame:
    """Coverage by town, cluster, shift, reason, place or means, or of the whole.

    Parameters
    ----------
    found
        What `reach` found.
    by
        What to break down by; None for one row.

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.access.summarise`.
    """
    workers = found.study.workers.assign(means=found.means)
    return access.summarise(workers, found.groups, by=None if by is None else _BY[by])


def _silent(stage: str) -> None:
    """Say nothing."""
