"""What a plan over years is chosen from: the question put to `xsgeo.phasing`, from a study and what is asked of it.

Rooms, buildings and ground that could be opened come from `xsgeo.workflow`; here they are priced, and three things are
added that only a plan knows. Rooms may be *closed* where the planner says so. With seats, a group that is crowded out
today can be *gained*: by rooms that open when they are shut today, by new rooms, and by rooms that are *enlarged*. And
the same question can be asked in other states of the world, for a robust plan.

**Seats.** Whoever could use a room today is taken to come to it in every half hour in which he could, so the seats left
to newcomers are rather too few than too many: none in the crowded hours, all of them when the room is shut today. A
group looks for seats in the half hours it gains; one that is crowded out looks for them in all of its free time, and
counts for those of it who find none today.

**Closing and seats are not asked together**: whom a closing sends to the next room would need seats there, and nobody
counts them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xsgeo import access, crowding, hours, network, phasing, sharing, workflow
from xsgeo.errors import PlanError
from xsgeo.plan import of_use
from xsgeo.sensitivity import at_speed
from xsgeo.settings import CostRules

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from xsgeo.phasing import Task, Terms
    from xsgeo.study import Study
    from xsgeo.workflow import Prospect, Reach

Stage = Callable[[str], None]

MORATORIUM_MONTH = 6
SLOW = 0.8

STANDING = ("close", "enlarge")
"""Actions at rooms that are there, which no door of their own is opened for."""


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
        Ids of venues that may be closed, with all plaques of their room; every other room stays.
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
    if seats and closable:
        msg = "no room can be closed in a plan with seats: whom a closing sends elsewhere would need seats there"
        raise PlanError(msg)
    prices = costs or study.about.costs
    seen = workflow.prospect(study, closed_ferries=closed_ferries, seats=seats, on_stage=on_stage)
    (on_stage or _silent)("actions")
    sites = described(seen.candidates, study)
    actions = phasing.possible_actions(sites, costs=prices, month=study.standard.month)
    seen = dataclasses.replace(seen, candidates=sites)
    if seats:
        return _with_seats(seen, actions, terms, prices, everywhere=floor_everywhere)
    plaques = _plaques(study, closable)
    shut = phasing.closing_actions(study.venues.loc[sorted(closable)], costs=prices, month=study.standard.month)
    seen, actions = _joined(seen, actions, shut)
    covers, keeps = _standing(seen.reach, _openable(seen.candidates), seen.minutes, actions, plaques, prices=prices)
    task = _task(seen.reach, actions, covers, _floored(terms, seen.reach, floor_everywhere, prices), keeps=keeps)
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
    sites = _openable(base.prospect.candidates)
    ways = travel.travel_minutes(
        state.workers,
        sites,
        found.network,
        cutoff_min=state.standard.cutoff_min,
        modes=found.means,
        destination_name="site_id",
    )
    covers, keeps = _standing(found, sites, ways, base.actions, base.plaques, prices=state.about.costs)
    return _task(found, base.actions, covers, base.task.terms, keeps=keeps)


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


def _task(
    found: Reach,
    actions: pd.DataFrame,
    covers: pd.DataFrame,
    terms: Terms,
    *,
    keeps: pd.DataFrame,
) -> Task:
    """The question without seats: whom no door serves today, and whom a closing might leave without."""
    workers, by_town = found.study.workers, _by_town(found)
    asked = _unserved(found) | workers.index.isin(keeps.loc[keeps["action_id"] == "", "group_id"])
    people = workers.loc[asked]
    return phasing.task(
        people["n_workers"],
        people["town_id"],
        actions,
        covers[covers["group_id"].isin(people.index)],
        terms=terms,
        served_today=by_town["n_effective"].to_dict(),
        workers=by_town["n_workers"].to_dict(),
        keeps=keeps,
    )


def _by_town(found: Reach) -> pd.DataFrame:
    return access.summarise(found.study.workers, found.groups, by="town_id")


def _unserved(found: Reach) -> NDArray[np.bool_]:
    reasons = found.groups["reason"].astype(str)
    lacking: NDArray[np.bool_] = ~reasons.isin(["served", "unknown", "crowded"]).to_numpy()
    return lacking


def _floored(terms: Terms, found: Reach, everywhere: float, prices: CostRules) -> Terms:
    floors = dict.fromkeys(_by_town(found).index, everywhere) | dict(terms.floors)
    return dataclasses.replace(terms, floors={t: f for t, f in floors.items() if f > 0}, discount=prices.discount)


def _openable(sites: pd.DataFrame) -> pd.DataFrame:
    return sites[~sites["action"].isin(STANDING)]


# ---- rooms that may be closed ----------------------------------------


def _plaques(study: Study, closable: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Venues of each room that may be closed, by the action that closes it."""
    rooms = sharing.room_labels(study.venues, study.room_pairs)
    wrong = [i for i in sorted(closable) if i not in rooms.index or study.venues.loc[i, "status"] != "open"]
    if wrong:
        msg = f"venue {wrong[0]!r} cannot be closed: no venue of that id is open today"
        raise PlanError(msg)
    twice = rooms.loc[sorted(closable)]
    if twice.duplicated().any():
        same = sorted(twice.index[twice == twice[twice.duplicated()].iloc[0]])
        msg = f"venues {same[0]!r} and {same[1]!r} hang on one room: name one of them"
        raise PlanError(msg)
    return {f"close:{i}|closed": tuple(str(v) for v in rooms.index[rooms == rooms[i]]) for i in sorted(closable)}


def _joined(
    seen: Prospect, actions: pd.DataFrame, more: pd.DataFrame, minutes: pd.DataFrame | None = None
) -> tuple[Prospect, pd.DataFrame]:
    """Put actions at rooms that are there beside the others; of those of one room at most one is taken."""
    import geopandas as gpd
    import pandas as pd

    if more.empty:
        return seen, actions
    study = seen.reach.study
    refers = [site_id.partition(":")[2] for site_id in more["site_id"]]
    rooms = study.venues.loc[refers]
    columns = ["action", "name", "town_id", "lon", "lat", "owner_system", "capacity"]
    rows = more.set_index("site_id")[columns].assign(
        refers_to=refers,
        gap_id="",
        open_hours=rooms["open_hours"].fillna("").to_numpy(),
        available_hours="",
        cost_class="",
        accuracy_m=rooms["accuracy_m"].to_numpy() if "accuracy_m" in rooms else float("nan"),
        geometry=gpd.points_from_xy(more["lon"], more["lat"], crs=seen.candidates.crs),
    )
    sites = pd.concat([seen.candidates, gpd.GeoDataFrame(rows, crs=seen.candidates.crs)]).sort_index()
    both = pd.concat([actions, more]).sort_index()
    label = sharing.room_labels(study.venues, study.room_pairs)
    room = label.reindex(sites["refers_to"].reindex(both["site_id"]))
    own = both["site_id"].to_numpy(dtype=object)
    both["place"] = ("room " + room).where(room.notna(), "").to_numpy(dtype=object)
    both["place"] = both["place"].where(both["place"] != "", own)
    ways = seen.minutes if minutes is None else pd.concat([seen.minutes, minutes], ignore_index=True)
    return dataclasses.replace(seen, candidates=sites, minutes=ways), both


def _standing(
    found: Reach,
    sites: pd.DataFrame,
    ways: pd.DataFrame,
    actions: pd.DataFrame,
    plaques: Mapping[str, tuple[str, ...]],
    *,
    prices: CostRules,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Whom each action serves, and what of it, and of today's service, needs a closable room to stay open."""
    import pandas as pd

    study = found.study
    covers = _covers(found, sites, ways, prices, usable=_usable(found))
    covers = covers[covers["action_id"].isin(actions.index)].reset_index(drop=True)
    if not plaques:
        return covers, pd.DataFrame(columns=["group_id", "action_id", "unless"], dtype=object)
    ids = study.workers.index
    shut = sorted({v for venues in plaques.values() for v in venues})
    always = _usable(found, study.venues.drop(index=shut))
    rooms = {a: _usable(found, study.venues.loc[list(venues)]) for a, venues in plaques.items()}
    known = (found.groups["reason"].astype(str) != "unknown").to_numpy()
    enough = study.standard.min_hours_per_week * 2

    def serves(usable: NDArray[np.bool_], asked: NDArray[np.bool_]) -> pd.DataFrame:
        own = asked & (usable.sum(axis=1) >= enough) & known
        rest = asked & ~own & known
        lacking = found.groups.assign(reason=pd.Series("closed", index=ids).where(rest, "served"))
        more = _covers(dataclasses.replace(found, groups=lacking), sites, ways, prices, usable=usable)
        alone = pd.DataFrame({"action_id": "", "group_id": ids[own]})
        return pd.concat([alone, more[more["action_id"].isin(actions.index)]])

    keeps, pairs = phasing.closing_ways(ids, always, rooms, serves)
    return pd.concat([covers, pairs]).drop_duplicates(ignore_index=True), keeps


def _usable(found: Reach, venues: pd.DataFrame | None = None) -> NDArray[np.bool_]:
    """Half hours each group can use, of all venues or of some."""
    study = found.study
    places = study.venues if venues is None else venues
    return access.usable_slots(
        study.workers,
        places,
        found.minutes[found.minutes["venue_id"].isin(places.index)],
        standard=study.standard,
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )


def _covers(
    found: Reach, sites: pd.DataFrame, ways: pd.DataFrame, prices: CostRules, *, usable: NDArray[np.bool_]
) -> pd.DataFrame:
    """Whom each action would serve, with all that the study says of boats and of what clusters need."""
    study = found.study
    return phasing.coverage_by_action(
        study.workers,
        found.groups,
        sites,
        of_use(study.workers, sites, ways, study.venues, study.needs),
        usable=usable,
        patterns=prices.patterns,
        standard=study.standard,
        sailings=network.sailings(study.ferries),
    )


# ---- seats -----------------------------------------------------------


def _with_seats(
    seen: Prospect, actions: pd.DataFrame, terms: Terms, prices: CostRules, *, everywhere: float
) -> Question:
    """The question with seats: those whom no door serves, and those who find no seat today."""
    import numpy as np
    import pandas as pd

    found, study = seen.reach, seen.reach.study
    month, ids = study.standard.month, study.workers.index
    crowded = (found.groups["reason"].astype(str) == "crowded").to_numpy()
    claims = crowding.find_claims(
        study.workers,
        study.venues,
        found.minutes,
        standard=study.standard,
        located=found.snapped["reason"] == "",
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )
    left = phasing.seats_left(claims, study.workers, peak_share=study.standard.peak_share)
    larger = phasing.enlargements(study.venues, claims, crowded, costs=prices, month=month)
    openable = seen.candidates
    usable = np.where(crowded[:, None], False, _usable(found))
    lacking = found.groups.assign(reason=found.groups["reason"].astype(str).replace("crowded", "closed"))
    open_to_new = _not_full(openable, study, left)
    at_doors = dataclasses.replace(found, groups=lacking)
    covers = _covers(at_doors, open_to_new, _ways_to(seen.minutes, open_to_new), prices, usable=usable)
    covers = covers[covers["action_id"].isin(actions.index)]
    more = phasing.enlarged_for(larger, study.venues, claims, ids, crowded, standard=study.standard)
    seen, both = _joined(seen, actions, larger, _ways_to_rooms(found.minutes, larger))
    asked = _unserved(found) | crowded
    people = study.workers.loc[asked]
    missing = np.where(crowded, 1.0 - _seated(found), 1.0)
    number, masks = hours.masks(people["free_hours"], month=month)
    seats = phasing.Seats(masks[number] & ~usable[asked], _room(seen, both, left), study.standard.peak_share)
    by_town, heads = _by_town(found), study.workers["n_workers"]
    found_seats = (heads * np.where(crowded, _seated(found), 0.0)).groupby(study.workers["town_id"]).sum()
    task = phasing.task(
        people["n_workers"] * missing[asked],
        people["town_id"],
        both,
        pd.concat([covers, more], ignore_index=True),
        terms=_floored(terms, found, everywhere, prices),
        served_today=by_town["n_effective"].add(found_seats, fill_value=0.0).to_dict(),
        workers=by_town["n_workers"].to_dict(),
        seats=seats,
    )
    return Question(seen, both, pd.concat([covers, more], ignore_index=True), task, seats=True)


def _seated(found: Reach) -> NDArray[np.float64]:
    """Share of each group that finds a seat today."""
    import numpy as np

    if found.seated is None:
        return np.zeros(len(found.groups))
    return np.asarray(found.seated.fillna(0.0), dtype=np.float64)


def _not_full(sites: pd.DataFrame, study: Study, left: pd.DataFrame) -> pd.DataFrame:
    """Sites at the hours in which a newcomer finds a seat; those that have none are left out."""
    month = study.standard.month
    kept = phasing.weeks(sites, ["" for _ in sites.index], month=month)
    allowed = phasing.weeks(sites.assign(open_hours="周一至周日 0:00-24:00"), ["" for _ in sites.index], month=month)
    rooms = crowding.room_ids(study.venues).reindex(sites["refers_to"])
    full = kept & (left.reindex(rooms).to_numpy() == 0)
    free = allowed & ~full
    some = free.any(axis=1)
    return sites.assign(available_hours=[hours.to_spans(week) if week.any() else "" for week in free])[some]


def _room(seen: Prospect, actions: pd.DataFrame, left: pd.DataFrame) -> NDArray[np.float64]:
    """Seats that each action has for newcomers."""
    study = seen.reach.study
    sites, month = seen.candidates.loc[actions["site_id"]], study.standard.month
    rooms = crowding.room_ids(study.venues).reindex(sites["refers_to"]).set_axis(actions.index)
    weeks = phasing.weeks(sites, actions["open_hours"].tolist(), month=month)
    kept = phasing.weeks(sites, ["" for _ in sites.index], month=month)
    return phasing.room_to_newcomers(actions, rooms, weeks, kept, left)


def _ways_to(minutes: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    return minutes[minutes["site_id"].isin(sites.index)]


def _ways_to_rooms(minutes: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Minutes to the rooms that actions are at, under the ids of their sites."""
    site_of = {site_id.partition(":")[2]: site_id for site_id in actions["site_id"]}
    mine = minutes[minutes["venue_id"].isin(site_of)]
    return mine.assign(site_id=mine["venue_id"].map(site_of)).drop(columns="venue_id")


def _silent(stage: str) -> None:
    """Say nothing."""
