"""Network, minutes and coverage of a whole study: who gets where, who is served, and why the others are not.

The minutes do not depend on hours, dates or seats, so another standard or another week is judged on the minutes that
are there (`judged`, `judge`) and nothing is searched twice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xsgeo import access, crowding, network, sharing, standards, travel
from xsgeo.settings import Standard
from xsgeo.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.network import Network

Stage = Callable[[str], None]


@dataclass(frozen=True, eq=False, repr=False)
class Reach:
    """Who gets where in time, and who is served.

    Attributes
    ----------
    study
        The study, its plaques with the rooms that people have confirmed in ``room_id``.
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
    tell = on_stage or silent
    study = dataclasses.replace(study, venues=sharing.with_rooms(study.venues, study.room_pairs))
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


def conditions(study: Study, *, on: date | None = None) -> crowding.When:
    """What every question about a study's time is asked with: needs of clusters, boats, the day, closures.

    Parameters
    ----------
    study
        The study.
    on
        A date whose week is meant; an ordinary week when None.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> sorted(conditions(toy_county()))
    ['calendar', 'needs', 'on', 'sailings']
    """
    return crowding.When(
        needs=study.needs, sailings=network.sailings(study.ferries), on=on, calendar=study.about.calendar
    )


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

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> found = reach(toy_county())
    >>> groups, seated = judge(found.study, found.minutes, found.snapped, seats=True)
    >>> int(groups["is_served"].sum()), seated.round(2).tolist()
    (3, [0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0])
    """
    frames = study.workers, study.venues, minutes
    located, standard = snapped["reason"] == "", study.standard
    when = conditions(study, on=on)
    seated = crowding.seated(*frames, located=located, standard=standard, **when) if seats else None
    return access.coverage(*frames, located=located, standard=standard, seated=seated, **when), seated


def silent(stage: str) -> None:
    """Say nothing.

    Examples
    --------
    >>> silent("network")
    """
