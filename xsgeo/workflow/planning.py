"""Gaps, candidate sites and the plan: what would mend it.

What a plan can be made of (`prospect`) is apart from the plan that the command proposes (`analyse`), because plans over
years and the classical siting models choose from the same sites.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xsgeo import candidates, gaps, network, plan, travel
from xsgeo.settings import SitingRules
from xsgeo.study import Study
from xsgeo.workflow.reaching import Reach, Stage, reach, silent

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from xsgeo.plan import Plan

LINK_MIN = 5.0
"""Unserved groups within so many minutes of each other belong to the same gap."""


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
        As in `Prospect`.
    plan
        The sites chosen, with bound and gap (`xsgeo.plan.propose`).
    """

    reach: Reach
    gap_labels: pd.Series
    gaps: pd.DataFrame
    candidates: gpd.GeoDataFrame
    plan: Plan


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
    study, n_sites, closed_ferries, on_stage
        As in `prospect`.

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
    tell = on_stage or silent
    seen = prospect(study, n_sites=n_sites, closed_ferries=closed_ferries, on_stage=on_stage)
    tell("plan")
    found = seen.reach
    chosen = plan.propose(
        study.workers,
        found.groups,
        seen.candidates,
        seen.minutes,
        venues=found.study.venues,
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

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> seen = prospect(toy_county())
    >>> seen.candidates.index.tolist()
    ['build:g1', 'convert:S1', 'open_longer:V1', 'share:V3']
    """
    tell = on_stage or silent
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
        venues=found.study.venues,
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

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> between_unserved(reach(toy_county()), cutoff_min=30).round(3).to_numpy().tolist()
    [['g1', 'g1', 0.0, 'walk'], ['g4', 'g4', 0.0, 'walk'], ['g5', 'g5', 0.0, 'walk']]
    """
    unserved = found.study.workers[found.groups["reason"].isin(gaps.UNSERVED)]
    return travel.minutes_between(
        unserved, found.network, cutoff_min=cutoff_min, modes=found.means.reindex(unserved.index)
    )
