"""Put the question: prospect, prices, whom each action serves, and the same in other states of the world."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xsgeo import access, phasing, workflow
from xsgeo.errors import PlanError
from xsgeo.options.closing import plaques_of, standing, task_of
from xsgeo.options.gained import floored, joined, openable
from xsgeo.options.seating import with_seats
from xsgeo.phasing.states import MOST_CLOSABLE
from xsgeo.sensitivity import at_speed
from xsgeo.settings import CostRules

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.phasing import Task, Terms
    from xsgeo.study import Study
    from xsgeo.workflow import Prospect, Stage

MORATORIUM_MONTH = 6
SLOW = 0.8


@dataclass(frozen=True, eq=False, repr=False)
class Question:
    """Everything that is known before a plan is chosen.

    Attributes
    ----------
    prospect
        Who is served, the gaps and the candidate sites (`xsgeo.workflow.prospect`), rooms that may be closed or
        enlarged among them.
    actions
        What could be done at what price.
    covers
        Whom each action serves.
    task
        The question in arrays.
    seats
        Whether seats are counted.
    plaques
        Ids of the venues of each room that may be closed, by the id of the action that closes it.
    """

    prospect: Prospect
    actions: pd.DataFrame
    covers: pd.DataFrame
    task: Task
    seats: bool = False
    plaques: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def ask(
    study: Study,
    terms: Terms,
    *,
    costs: CostRules | None = None,
    closed_ferries: Collection[str] = (),
    seats: bool = False,
    closable: Collection[str] = (),
    floor_everywhere: float = 0.0,
    on_stage: Stage | None = None,
) -> Question:
    """Find out everything that a plan is chosen from.

    Parameters
    ----------
    study
        The study.
    terms
        Budgets by year, floors and limits.
    costs
        Prices and opening patterns; the study's own when None.
    closed_ferries
        Ids of ferries that do not sail.
    seats
        Count seats by half hour, so that groups crowded out today may be gained.
    closable
        Ids of venues that may be closed, with all plaques of their room; every other room stays. With seats at most
        `xsgeo.phasing.states.MOST_CLOSABLE`.
    floor_everywhere
        Least share of every town's workers served at the end, where `terms` has no floor of the town's own.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Question
        Prospect, priced actions, whom they serve, and the question in arrays.

    Raises
    ------
    PlanError
        When an action has no price, the terms name what is not there, or a venue to close is not open.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.phasing import Terms
    >>> asked = ask(toy_county(), Terms((3.0, 3.0)), closable=["V1"])
    >>> asked.actions.loc[["close:V1|closed"], ["action", "cost_per_year"]].to_dict("list")
    {'action': ['close'], 'cost_per_year': [-6.85]}
    """
    prices = costs or study.about.costs
    seen = workflow.prospect(study, closed_ferries=closed_ferries, seats=seats, on_stage=on_stage)
    (on_stage or workflow.silent)("actions")
    sites = described(seen.candidates, study)
    actions = phasing.possible_actions(sites, costs=prices, month=study.standard.month)
    seen = dataclasses.replace(seen, candidates=sites)
    plaques = plaques_of(study, closable)
    if seats and len(plaques) > MOST_CLOSABLE:
        msg = f"{len(plaques)} rooms may be closed, at most {MOST_CLOSABLE} can be compared where seats count"
        raise PlanError(msg)
    if seats:
        asked = with_seats(
            seen, actions, terms, prices, everywhere=floor_everywhere, closable=closable, plaques=plaques
        )
        return Question(*asked, seats=True, plaques=plaques)
    shut = phasing.closing_actions(study.venues.loc[sorted(closable)], costs=prices, month=study.standard.month)
    seen, actions = joined(seen, actions, shut)
    covers, keeps = standing(seen.reach, openable(seen.candidates), seen.minutes, actions, plaques, prices=prices)
    task = task_of(seen.reach, actions, covers, floored(terms, seen.reach, floor_everywhere, prices), keeps=keeps)
    return Question(seen, actions, covers, task, plaques=plaques)


def usual_states(question: Question) -> dict[str, Task]:
    """Ask the same question as things are, in a gale, in the fishing moratorium, and on slow roads.

    Parameters
    ----------
    question
        What `ask` found.

    Returns
    -------
    dict of str to Task
        ``as_is``, ``gale`` (boats that stop in a gale do not sail), ``moratorium`` (opening hours and crews of June)
        and ``slow_roads`` (everybody on land a fifth slower, as in snow or rain), for `xsgeo.phasing.robust`; all with
        the same actions, and without seats.
    """
    study = question.prospect.reach.study
    gale = [str(i) for i in study.ferries.index[study.ferries["stops_in_gale"].astype(bool)]]
    june = dataclasses.replace(study.standard, month=MORATORIUM_MONTH)
    return {
        "as_is": _in_state(question, study) if question.seats else question.task,
        "gale": _in_state(question, study, closed_ferries=gale),
        "moratorium": _in_state(
            question, dataclasses.replace(study, about=dataclasses.replace(study.about, standard=june))
        ),
        "slow_roads": _in_state(question, at_speed(study, SLOW)),
    }


def _in_state(base: Question, state: Study, *, closed_ferries: Collection[str] = ()) -> Task:
    """The base's actions, and whom they serve in another state."""
    from xsgeo import travel

    found = workflow.reach(state, closed_ferries=closed_ferries)
    sites = openable(base.prospect.candidates)
    ways = travel.travel_minutes(
        state.workers,
        sites,
        found.network,
        cutoff_min=state.standard.cutoff_min,
        modes=found.means,
        destination_name="site_id",
    )
    covers, keeps = standing(found, sites, ways, base.actions, base.plaques, prices=state.about.costs)
    return task_of(found, base.actions, covers, base.task.terms, keeps=keeps)


def described(candidates: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Say of each candidate what the ledgers say of its room or building.

    Parameters
    ----------
    candidates
        Sites; column ``refers_to``.
    study
        The study with its venues and assets.

    Returns
    -------
    pandas.DataFrame
        `candidates` with ``owner_system``, ``capacity`` (people at a time) and ``cost_class``, blank for new ground,
        and ``is_shut``: whether its room is not open to everybody today.
    """
    out = candidates.copy()
    is_open = access.admits_everyone(study.venues).to_dict()
    out["is_shut"] = [not is_open.get(row, True) for row in out["refers_to"]]
    for column, default in (("owner_system", ""), ("capacity", float("nan")), ("cost_class", "")):
        values: dict[object, object] = {}
        for frame in (study.venues, study.assets):
            if column in frame:
                values |= frame[column].to_dict()
        out[column] = [values.get(row, default) for row in out["refers_to"]]
    return out
