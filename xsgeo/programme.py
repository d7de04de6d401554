"""The order of the stages of a plan over years, from a study to a plan with its cards, and nothing else.

A plan is made of what `xsgeo.workflow` finds (who is served, the gaps, the sites that could mend them), priced and
asked by `xsgeo.phasing`. `apply_plan` then really opens the rooms it names and runs the ladder again, so the figures on
the cards are those of the same measure as everything else, and the promise of the model can be checked against it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xsgeo import crowding, hours, phasing, workflow
from xsgeo.options import STANDING, Question, ask, usual_states
from xsgeo.phasing import counting
from xsgeo.phasing.cards import Card, cards

__all__ = [
    "Programme",
    "Question",
    "apply_plan",
    "ask",
    "explained",
    "marked",
    "page",
    "plan",
    "usual_states",
]

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.catalogue import Language
    from xsgeo.maps import Audience
    from xsgeo.phasing import Phased
    from xsgeo.siting.watch import Progress


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
        candidates=question.prospect.candidates,
        costs=found.study.about.costs,
    )
    return Programme(question, chosen, after, made)


def people(question: Question, chosen: Phased) -> pd.DataFrame:
    """Whom each action of a plan gains or, closing a room, loses.

    Parameters
    ----------
    question
        What was asked.
    chosen
        A plan of it.

    Returns
    -------
    pandas.DataFrame
        ``action_id``, ``group_id`` and ``n``, workers; with seats a group may be shared out among actions.
    """
    import numpy as np
    import pandas as pd

    task = question.task
    years = counting.years_of(task, chosen)
    share = counting.gains(task, years) | counting.losses(task, years)
    parts = []
    for action_id in chosen.actions.index:
        of_row = share[int(task.actions.index.get_loc(action_id))]
        n = np.where(task.row_of >= 0, of_row[task.row_of], 0.0) * task.heads
        some = n > _NOBODY
        parts.append(pd.DataFrame({"action_id": str(action_id), "group_id": task.groups[some], "n": n[some]}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["action_id", "group_id", "n"])


_NOBODY = 1e-6


def page(
    programme: Programme,
    *,
    money: pd.DataFrame | None = None,
    language: Language = "both",
    audience: Audience = "public",
) -> str:
    """Draw the page of a plan.

    Parameters
    ----------
    programme
        A plan with its cards.
    money
        What more or less money would do (`xsgeo.phasing.money`); left out when None.
    language, audience
        As for `xsgeo.maps.render_plan`.

    Returns
    -------
    str
        HTML, one file that asks for nothing.
    """
    from xsgeo.maps import render_plan

    question, found = programme.question, programme.question.prospect.reach
    return render_plan(
        found.study,
        found.groups,
        programme.plan,
        programme.cards,
        people=people(question, programme.plan),
        covers=question.covers,
        actions=question.actions,
        sites=question.prospect.candidates,
        money=money,
        language=language,
        audience=audience,
    )


def apply_plan(question: Question, chosen: Phased, *, year: int | None = None) -> pd.DataFrame:
    """Open the rooms of a plan and ask again who is served.

    Each action is a second door beside the room's own: open to every worker, at the hours of today and those of the
    action as far as the room can be had. A room that is there has what it has; an equipped, converted, rented or new
    one has every function. What the room's keeper does with it does not change. Rooms the plan closes are closed with
    all their plaques, and rooms it enlarges have their seats and the new ones; seats count if they did in the question.

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

    found, study = question.prospect.reach, question.prospect.reach.study
    done = chosen.actions if year is None else chosen.actions[chosen.actions["year"] <= year]
    opened = done[~done["action"].isin(STANDING)]
    doors = _doors(question, opened)
    at = opened.reset_index()[["site_id", "action_id"]].rename(columns={"action_id": "venue_id"})
    ways = question.prospect.minutes.merge(at, on="site_id").drop(columns="site_id")
    venues = pd.concat([_changed(question, done), doors])
    minutes = pd.concat([found.minutes, ways], ignore_index=True)
    return workflow.judge(dataclasses.replace(study, venues=venues), minutes, found.snapped, seats=question.seats)[0]


def _doors(question: Question, done: pd.DataFrame) -> pd.DataFrame:
    """The second door of each site that is opened, for everybody; its seats are those of the room it leads to."""
    import pandas as pd

    study = question.prospect.reach.study
    sites = question.prospect.candidates.loc[done["site_id"]]
    weeks = phasing.weeks(sites, done["open_hours"].tolist(), month=study.standard.month)
    rooms = crowding.room_ids(study.venues).reindex(sites["refers_to"])
    return pd.DataFrame(
        {
            "status": "open",
            "serves": "everyone",
            "share_terms": "open",
            "employer_id": "",
            "room_id": rooms.fillna("").to_numpy(),
            "open_hours": [hours.to_spans(week) for week in weeks],
            "functions": _functions(sites, study.venues),
            "capacity": done["capacity"].to_numpy(),
            "town_id": done["town_id"].to_numpy(),
        },
        index=pd.Index(done.index, name="venue_id"),
    )


def _changed(question: Question, done: pd.DataFrame) -> pd.DataFrame:
    """Venues of today, with the rooms closed and enlarged that the plan closes and enlarges."""
    import pandas as pd

    study = question.prospect.reach.study
    venues = pd.DataFrame(study.venues.drop(columns="geometry"))
    shut = [v for action in done.index for v in question.plaques.get(action, ())]
    rooms = crowding.room_ids(venues)
    larger = done[done["action"] == "enlarge"]
    named = rooms.reindex(larger["site_id"].str.removeprefix("enlarge:"))
    more = pd.Series(larger["capacity"].to_numpy(), index=named.to_numpy(), dtype=float)
    seats = crowding.seats_of_rooms(venues).add(more, fill_value=0.0)
    grown = rooms.isin(more.index)
    return venues.assign(
        status=venues["status"].mask(venues.index.isin(shut), "closed"),
        capacity=venues["capacity"].astype(float).mask(grown, rooms.map(seats)),
        # A plaque that has no room of its own shares one with the door the plan opens.
        room_id=rooms.to_numpy() if question.seats else venues.get("room_id", ""),
    )


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


def _functions(sites: pd.DataFrame, venues: pd.DataFrame) -> list[str]:
    """What each site's second door has."""
    from xsgeo.schemas import FUNCTIONS

    has = venues["functions"].to_dict() if "functions" in venues else {}
    rooms = sites["action"].isin(["open_longer", "share"])
    return [
        str(has.get(row) or "") if is_room else "|".join(FUNCTIONS)
        for row, is_room in zip(sites["refers_to"], rooms, strict=True)
    ]
