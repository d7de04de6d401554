"""How much of an answer is the cut-off and the speed: the same measure at other limits, in one table.

A planner is asked "why fifteen minutes?" and "who walks at 4.8?", and the honest reply is a table and not an argument.
Everything but the two is held still: the same tables, week, doors and hours, so that a difference between two rows is
the limit or the speed and never noise.

The minutes are searched once for each speed, at the longest cut-off, and only judged again for the shorter ones. A
speed factor goes to walkers, e-bikes and cars alike, and to the legs to and from the road, because a slow day is slow
for everybody; a boat keeps its timetable, so its wait and crossing stay. Snapping depends on metres alone and does not
move.

`by_standard` asks the like of whole standards. Standards by which everybody travels in the same way share one search.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import pandas as pd

from xsgeo import access, standards, travel, workflow
from xsgeo.settings import MODES, Standard
from xsgeo.study import Study
from xsgeo.workflow import Reach

CUTOFFS_MIN = (10.0, 15.0, 20.0, 30.0)
SPEEDS = (0.8, 1.0, 1.2)


def sensitivity(
    study: Study,
    *,
    cutoffs_min: Sequence[float] = CUTOFFS_MIN,
    speeds: Sequence[float] = SPEEDS,
    on_stage: workflow.Stage | None = None,
) -> pd.DataFrame:
    """Coverage at several cut-offs and speeds.

    Parameters
    ----------
    study
        The study; its standard says which means count, the hours a week and the functions.
    cutoffs_min
        Cut-offs in minutes, the same for every means the standard names.
    speeds
        Factors on every speed; 1 is the study's own.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    pandas.DataFrame
        One row a speed and cut-off, in ascending order; index ``setting``, such as ``+20%/15``. Columns ``speed`` (the
        change, ``-20%``, ``0%``), ``cutoff_min``, ``is_standard`` (whether these are the study's own cut-off and
        speed) and those of `xsgeo.access.summarise`.

    Raises
    ------
    ValueError
        When there is no cut-off or speed, or one of them is not above 0.

    Examples
    --------
    Half as fast, a way of ten minutes takes twenty.

    >>> from xsgeo.datasets import toy_county
    >>> table = sensitivity(toy_county(), cutoffs_min=(10, 20), speeds=(0.5, 1))
    >>> table["n_nominal"].to_dict()
    {'-50%/10': 160, '-50%/20': 290, '0%/10': 290, '0%/20': 330}
    """
    for name, values in (("cutoffs_min", cutoffs_min), ("speeds", speeds)):
        if not values or min(values) <= 0:
            msg = f"{name} must be one or more numbers above 0, got {tuple(values)}"
            raise ValueError(msg)
    rows = []
    for speed in sorted(set(speeds)):
        longest = _at(study.standard, max(cutoffs_min))
        widest = workflow.reach(standards.measured_by(at_speed(study, speed), longest), on_stage=on_stage)
        for cutoff in sorted(set(cutoffs_min)):
            found = workflow.judged(widest, _at(study.standard, cutoff))
            own = speed == 1 and set(study.standard.cutoff_min.values()) == {cutoff}
            change = f"{round(100 * (speed - 1), 6):+g}%" if speed != 1 else "0%"
            labels = pd.DataFrame(
                {"speed": change, "cutoff_min": float(cutoff), "is_standard": own}, index=[f"{change}/{cutoff:g}"]
            )
            rows.append(_row(found, labels))
    return pd.concat(rows).rename_axis("setting")


def by_standard(
    study: Study, chosen: Iterable[Standard], *, on_stage: workflow.Stage | None = None
) -> dict[str, Reach]:
    """Who is served, by each of several standards.

    Parameters
    ----------
    study
        The study.
    chosen
        The standards, such as ``xsgeo.standards.available(study.about).values()``.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    dict of str to Reach
        What `xsgeo.workflow.reach` finds by each standard, by its id, in the order given.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> found = by_standard(toy_county(), [standards.named("gb5"), standards.named("gb10")])
    >>> {key: int(reach.groups["is_nominal"].sum()) for key, reach in found.items()}
    {'gb5': 3, 'gb10': 5}
    """
    wanted = list(chosen)
    usual = travel.usual_means(study.workers, study.towns)
    alike: dict[tuple[str, ...], list[Standard]] = {}
    for standard in wanted:
        alike.setdefault(tuple(standards.means(usual, standard)), []).append(standard)
    roads = None
    found: dict[str, Reach] = {}
    for members in alike.values():
        limits = {
            mode: max(s.cutoff_min[mode] for s in members if mode in s.cutoff_min)
            for mode in MODES
            if any(mode in s.cutoff_min for s in members)
        }
        longest = dataclasses.replace(members[0], cutoff_min=limits)
        widest = workflow.reach(standards.measured_by(study, longest), built=roads, on_stage=on_stage)
        roads = widest.network
        found |= {standard.standard_id: workflow.judged(widest, standard) for standard in members}
    return {standard.standard_id: found[standard.standard_id] for standard in wanted}


def standards_table(found: dict[str, Reach]) -> pd.DataFrame:
    """Coverage of the whole study by each standard, side by side.

    Parameters
    ----------
    found
        What `by_standard` found.

    Returns
    -------
    pandas.DataFrame
        One row a standard, index ``standard_id``; the columns of `xsgeo.access.summarise`.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> standards_table({"walk15": reach(toy_county())})["share_effective"].round(3).to_dict()
    {'walk15': 0.471}
    """
    rows = [_row(reach, pd.DataFrame(index=[key])) for key, reach in found.items()]
    return pd.concat(rows).rename_axis("standard_id")


def at_speed(study: Study, factor: float) -> Study:
    """Return the study with everybody on land faster or slower by a factor.

    Parameters
    ----------
    study
        A study.
    factor
        Above 0; 1 changes nothing.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> at_speed(toy_county(), 1.25).about.travel_rules.walk_kmh
    6.0
    """
    rules = study.about.travel_rules
    speeds = [f.name for f in dataclasses.fields(rules) if f.name.endswith("_kmh")]
    faster = {name: getattr(rules, name) * factor for name in speeds}
    about = dataclasses.replace(study.about, travel_rules=dataclasses.replace(rules, **faster))
    return dataclasses.replace(
        study, about=about, roads=study.roads.assign(speed_kmh=study.roads["speed_kmh"] * factor)
    )


def _at(standard: Standard, cutoff: float) -> Standard:
    return dataclasses.replace(standard, cutoff_min=dict.fromkeys(standard.cutoff_min, float(cutoff)))


def _row(found: Reach, labels: pd.DataFrame) -> pd.DataFrame:
    table = access.summarise(found.study.workers, found.groups)
    return pd.concat([labels, table.set_axis(labels.index)], axis=1)
