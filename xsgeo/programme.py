"""The order of the stages of a plan over years, from a study to a plan with its cards, and nothing else.

A plan is made of what `xsgeo.workflow` finds (who is served, the gaps, the sites that could mend them), priced and
asked by `xsgeo.phasing`. `apply_plan` then really opens the rooms it names and runs the ladder again, so the figures on
the cards are those of the same measure as everything else, and the promise of the model can be checked against it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xsgeo import access, hours, network, phasing, workflow
from xsgeo.phasing.cards import Card, cards
from xsgeo.plan import of_use
from xsgeo.sensitivity import at_speed
from xsgeo.settings import CostRules

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xsgeo.phasing import Phased, Task, Terms
    from xsgeo.siting.watch import Progress
    from xsgeo.study import Study
    from xsgeo.workflow import Prospect, Reach

Stage = Callable[[str], None]

MORATORIUM_MONTH = 6
SLOW = 0.8


@dataclass(frozen=True, eq=False, repr=False)
class Question:
    """Everything that is known before a plan is chosen.

    Attributes
    ----------
    prospect
        Who is served, the gaps and the candidate sites (`xsgeo.workflow.prospect`).
    actions
        What could be done at what price.
    covers
        Whom each action serves.
    task
        The question in arrays.
    """

    prospect: Prospect
    actions: pd.DataFrame
    covers: pd.DataFrame
    task: Task


@dataclass(frozen=True, eq=False, repr=False)
class Programme:
    """A plan over years and what it means.

    Attributes
    ----------
    question
        What was asked.
    plan
        The actions by year, with bound and gap.
    after
        What `xsgeo.access.coverage` says of each group with the plan done.
    cards
        One card an action.
    """

    question: Question
    plan: Phased
    after: pd.DataFrame
    cards: list[Card]


def ask(
    study: Study,
    terms: Terms,
    *,
    costs: CostRules | None = None,
    closed_ferries: Collection[str] = (),
    seats: bool = False,
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
        Count seats by half hour in the rooms the plan opens.
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
        When an action has no price, or the terms name what is not there.
    """
    prices = costs or study.about.costs
    seen = workflow.prospect(study, closed_ferries=closed_ferries, on_stage=on_stage)
    found, standard = seen.reach, study.standard
    (on_stage or _silent)("actions")
    sites = described(seen.candidates, study)
    actions = phasing.possible_actions(sites, costs=prices, month=standard.month)
    covers = _covers(found, sites, seen.minutes, prices)
    covers = covers[covers["action_id"].isin(actions.index)].reset_index(drop=True)
    by_town = access.summarise(study.workers, found.groups, by="town_id")
    floors = {t: max(floor_everywhere, terms.floors.get(t, 0.0)) for t in by_town.index} | dict(terms.floors)
    unserved = ~found.groups["reason"].astype(str).isin(["served", "unknown", "crowded"])
    people = study.workers.loc[unserved]
    task = phasing.task(
        people["n_workers"],
        people["town_id"],
        actions,
        covers,
        terms=dataclasses.replace(terms, floors={t: f for t, f in floors.items() if f > 0}, discount=prices.discount),
        served_today=by_town["n_effective"].to_dict(),
        workers=by_town["n_workers"].to_dict(),
        seats=_seats(people, actions, sites, study) if seats else None,
    )
    return Question(dataclasses.replace(seen, candidates=sites), actions, covers, task)


def plan(
    question: Question,
    *,
    worst_off_first: bool = False,
    time_limit_s: float = 60.0,
    progress: Callable[[Progress], object] | None = None,
) -> Programme:
    """Choose the actions and make their cards.

    Parameters
    ----------
    question
        What `ask` found.
    worst_off_first
        Raise the least served town as far as the money goes before serving the most.
    time_limit_s
        Seconds after which the best plan must be handed over with its bound.
    progress
        Hears how far the search is.

    Returns
    -------
    Programme
        The plan, what it really does, and a card for each action.

    Raises
    ------
    InfeasibleError
        When nothing keeps to the terms; it says what would have to give.
    """
    choose = phasing.worst_off_first if worst_off_first else phasing.solve
    chosen = choose(question.task, time_limit_s=time_limit_s, progress=progress)
    return explained(question, chosen)


def explained(question: Question, chosen: Phased) -> Programme:
    """Carry a plan out on paper and make its cards.

    Parameters
    ----------
    question
        What `ask` found.
    chosen
        Any plan of it.

    Returns
    -------
    Programme
        The plan, what it really does, and its cards.
    """
    found = question.prospect.reach
    after = apply_plan(question, chosen)
    made = cards(
        question.task,
        chosen,
        found.study.workers,
        found.groups,
        after,
        minutes=question.prospect.minutes,
        covers=question.covers,
        candidates=question.prospect.candidates,
        costs=found.study.about.costs,
    )
    return Programme(question, chosen, after, made)


def apply_plan(question: Question, chosen: Phased, *, year: int | None = None) -> pd.DataFrame:
    """Open the rooms of a plan and ask again who is served.

    Each action is a second door beside the room's own: open to every worker, at the hours of today and those of the
    action as far as the room can be had. A room that is there has what it has; a converted, rented or new one has every
    function. What the room's keeper does with it does not change.

    Parameters
    ----------
    question
        What `ask` found.
    chosen
        A plan of it.
    year
        Only what is done by then; all of it when None.

    Returns
    -------
    pandas.DataFrame
        What `xsgeo.access.coverage` says of each group.
    """
    import pandas as pd

    found = question.prospect.reach
    study = found.study
    done = chosen.actions if year is None else chosen.actions[chosen.actions["year"] <= year]
    sites = question.prospect.candidates.loc[done["site_id"]]
    doors = pd.DataFrame(
        {
            "status": "open",
            "serves": "everyone",
            "share_terms": "open",
            "employer_id": "",
            "open_hours": [
                hours.to_spans(week)
                for week in phasing.weeks(sites, done["open_hours"].tolist(), month=study.standard.month)
            ],
            "functions": _functions(sites, study.venues),
            "capacity": done["capacity"].to_numpy(),
            "town_id": done["town_id"].to_numpy(),
        },
        index=pd.Index(done.index, name="venue_id"),
    )
    at = done.reset_index()[["site_id", "action_id"]].rename(columns={"action_id": "venue_id"})
    ways = question.prospect.minutes.merge(at, on="site_id").drop(columns="site_id")
    venues = pd.concat([pd.DataFrame(study.venues.drop(columns="geometry")), doors])
    minutes = pd.concat([found.minutes, ways], ignore_index=True)
    return workflow.judge(dataclasses.replace(study, venues=venues), minutes, found.snapped)[0]


def marked(programme: Programme) -> dict[str, pd.DataFrame]:
    """Give the study's own tables back with the plan in added columns.

    Parameters
    ----------
    programme
        A plan.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``venues`` and ``assets`` with ``plan_year`` (0: nothing is done), ``plan_action``, ``plan_hours`` and
        ``plan_workers``; ``workers`` with ``reason_before``, ``reason_after`` and ``served_from``.
    """
    question, chosen = programme.question, programme.plan
    study = question.prospect.reach.study
    refers = question.prospect.candidates["refers_to"]
    done = chosen.actions.assign(row=refers.reindex(chosen.actions["site_id"]).to_numpy()).set_index("row")
    out = {}
    for name in ("venues", "assets"):
        frame = getattr(study, name)
        mine = done[done.index.isin(frame.index)].reindex(frame.index)
        out[name] = frame.assign(
            plan_year=mine["year"].fillna(0).astype(int),
            plan_action=mine["action"].fillna(""),
            plan_hours=mine["open_hours"].fillna(""),
            plan_workers=mine["n_workers_added"].fillna(0).astype(int),
        )
    out["workers"] = study.workers.assign(
        reason_before=question.prospect.reach.groups["reason"].astype(str),
        reason_after=programme.after["reason"].astype(str),
        served_from=chosen.served_from.reindex(study.workers.index).fillna(0).astype(int),
    )
    return out


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
        the same actions.
    """
    study = question.prospect.reach.study
    gale = [str(i) for i in study.ferries.index[study.ferries["stops_in_gale"].astype(bool)]]
    june = dataclasses.replace(study.standard, month=MORATORIUM_MONTH)
    return {
        "as_is": question.task,
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
    sites = base.prospect.candidates
    ways = travel.travel_minutes(
        state.workers,
        sites,
        found.network,
        cutoff_min=state.standard.cutoff_min,
        modes=found.means,
        destination_name="site_id",
    )
    covers = _covers(found, sites, ways, state.about.costs)
    by_town = access.summarise(state.workers, found.groups, by="town_id")
    unserved = ~found.groups["reason"].astype(str).isin(["served", "unknown", "crowded"])
    people = state.workers.loc[unserved]
    return phasing.task(
        people["n_workers"],
        people["town_id"],
        base.actions,
        covers[covers["action_id"].isin(base.actions.index)],
        terms=base.task.terms,
        served_today=by_town["n_effective"].to_dict(),
        workers=by_town["n_workers"].to_dict(),
    )


def _covers(found: Reach, sites: pd.DataFrame, ways: pd.DataFrame, prices: CostRules) -> pd.DataFrame:
    """Whom each action would serve, with all that the study says of boats and of what clusters need."""
    study, standard = found.study, found.study.standard
    sailings = network.sailings(study.ferries)
    usable = access.usable_slots(
        study.workers, study.venues, found.minutes, standard=standard, needs=study.needs, sailings=sailings
    )
    return phasing.coverage_by_action(
        study.workers,
        found.groups,
        sites,
        of_use(study.workers, sites, ways, study.venues, study.needs),
        usable=usable,
        patterns=prices.patterns,
        standard=standard,
        sailings=sailings,
    )


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
        `candidates` with ``owner_system``, ``capacity`` (people at a time) and ``cost_class``; blank for new ground.
    """
    out = candidates.copy()
    for column, default in (("owner_system", ""), ("capacity", float("nan")), ("cost_class", "")):
        values: dict[object, object] = {}
        for frame in (study.venues, study.assets):
            if column in frame:
                values |= frame[column].to_dict()
        out[column] = [values.get(row, default) for row in out["refers_to"]]
    return out


def _seats(people: pd.DataFrame, actions: pd.DataFrame, sites: pd.DataFrame, study: Study) -> phasing.Seats:
    month = study.standard.month
    number, masks = hours.masks(people["free_hours"], month=month)
    weeks: NDArray[np.bool_] = phasing.weeks(sites.loc[actions["site_id"]], actions["open_hours"].tolist(), month=month)
    return phasing.Seats(masks[number], weeks, study.standard.peak_share)


def _functions(sites: pd.DataFrame, venues: pd.DataFrame) -> list[str]:
    """What each site's second door has."""
    from xsgeo.schemas import FUNCTIONS

    has = venues["functions"].to_dict() if "functions" in venues else {}
    rooms = sites["action"].isin(["open_longer", "share"])
    return [
        str(has.get(row) or "") if is_room else "|".join(FUNCTIONS)
        for row, is_room in zip(sites["refers_to"], rooms, strict=True)
    ]


def _silent(stage: str) -> None:
    """Say nothing."""
