"""Questions asked of a whole study: what if, what would mend it, and why.

The stages they go through are those of `xsgeo.workflow`, in the same order; here stands what a question adds to them:
the study as it would be, a second answer to hold beside the first, the places further out that a remedy may need. Both
sides of a comparison come from the same study by the same rules, and two studies that were measured by different rules
are refused, because nobody could tell then what made the difference.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xsgeo import compare, ladder, scenarios, travel, workflow
from xsgeo.errors import Fault, StudyError, listing
from xsgeo.network import Network
from xsgeo.references import NameBook
from xsgeo.remedies import cheapest_changes, counted_with_seats, remedies
from xsgeo.scenarios import AS_IT_IS, Scenario
from xsgeo.schemas import TABLES
from xsgeo.study import Study
from xsgeo.workflow import Reach, Stage

BEYOND_MIN = 45.0
"""So much further than the cut-off a place is looked for where none is in reach."""

N_COUNTED = 20
"""Changes that are counted again where seats are: each takes an assignment of the whole study."""


# ---- what if --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Two answers and what lies between them.

    Attributes
    ----------
    before, after
        Who gets where and who is served, on either side.
    changed
        What `xsgeo.compare.compare` said of each group.
    titles
        What the sides are called, in Chinese and English.
    scenarios
        What was changed on each side; empty scenarios for whole studies.
    """

    before: Reach
    after: Reach
    changed: pd.DataFrame
    titles: tuple[tuple[str, str], tuple[str, str]]
    scenarios: tuple[Scenario, Scenario]


def compare_scenarios(
    study: Study,
    after: Scenario,
    *,
    before: Scenario = AS_IT_IS,
    seats: bool = False,
    on_stage: Stage | None = None,
) -> Comparison:
    """Ask who would gain and who would lose.

    Parameters
    ----------
    study
        The study both scenarios change.
    after
        What is asked about.
    before
        What it is held against; the study as it is when left out.
    seats
        Count seats on both sides, so that a change may fill a room, or empty one.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Comparison
        Both answers and the comparison group by group; sum it with `xsgeo.compare.summarise_changes` and
        `xsgeo.compare.flows`.

    Raises
    ------
    StudyError
        When a change does not fit the study; with every fault of both scenarios.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> change = scenarios.Change("venues", "set", "V1", (("open_hours", "每天 8:00-21:00"),))
    >>> evening = Scenario("夜间", changes=(change,))
    >>> int(compare_scenarios(toy_county(), evening).changed["n_gained"].sum())
    100
    """
    studies = []
    faults: list[Fault] = []
    for scenario in (before, after):
        try:
            studies.append(scenarios.apply(study, scenario))
        except StudyError as error:
            faults += error.faults
    if faults:
        raise StudyError(set(faults))
    first = _asked(studies[0], before, seats=seats, on_stage=on_stage)
    roads_same = all(getattr(studies[0], name) is getattr(studies[1], name) for name in ("roads", "ferries"))
    built = first.network if roads_same else None
    second = first if before == after else _asked(studies[1], after, built=built, seats=seats, on_stage=on_stage)
    titles = tuple((s.title, s.title_en or s.title) for s in (before, after))
    return Comparison(first, second, _held(first, second), (titles[0], titles[1]), (before, after))


def _asked(
    study: Study, scenario: Scenario, *, built: Network | None = None, seats: bool, on_stage: Stage | None
) -> Reach:
    return workflow.reach(study, built=built, on=scenario.on, seats=seats, on_stage=on_stage)


def compare_studies(before: Study, after: Study, *, seats: bool = False, on_stage: Stage | None = None) -> Comparison:
    """Hold two whole studies side by side, two years of one county for example.

    Parameters
    ----------
    before, after
        Studies measured by the same standard and the same travel rules; groups are told apart by their ids.
    seats, on_stage
        As in `compare_scenarios`.

    Raises
    ------
    StudyError
        When their standards or travel rules differ, naming each setting: a difference would be the rules' as much as
        the county's.

    Examples
    --------
    A county and itself: nobody gains, nobody loses.

    >>> from xsgeo.datasets import toy_county
    >>> changed = compare_studies(toy_county(), toy_county()).changed
    >>> int(changed["n_gained"].sum()), int(changed["n_lost"].sum())
    (0, 0)
    """
    faults = []
    for section, name in (("standard", "standard"), ("travel", "travel_rules")):
        rules, others = getattr(before.about, name), getattr(after.about, name)
        for field in dataclasses.fields(rules):
            one, other = getattr(rules, field.name), getattr(others, field.name)
            if one != other:
                key = f"{section}.{field.name}"
                faults.append(Fault("study.toml", 0, key, str(other), "unlike_rules", (("other", str(one)),)))
    if faults:
        raise StudyError(faults)
    first, second = (workflow.reach(study, seats=seats, on_stage=on_stage) for study in (before, after))
    titles = tuple((s.title, s.about.title_en) for s in (before, after))
    return Comparison(first, second, _held(first, second), (titles[0], titles[1]), (AS_IT_IS, AS_IT_IS))


def _held(before: Reach, after: Reach) -> pd.DataFrame:
    workers, then = (pd.DataFrame(r.study.workers.assign(means=r.means)) for r in (before, after))
    return compare.compare(workers, before.groups, after.groups, workers_after=then)


# ---- what would mend it ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Mending:
    """The cheapest change for each group, and what each change would do.

    Attributes
    ----------
    changes
        What `xsgeo.remedies.cheapest_changes` found, one row a group that is not served.
    remedies
        What `xsgeo.remedies.remedies` ranked, one row a change; where seats are counted, what
        `xsgeo.remedies.counted_with_seats` made of the first of them.
    """

    changes: pd.DataFrame
    remedies: pd.DataFrame


def mend(found: Reach, *, workers: pd.DataFrame | None = None, n_counted: int = N_COUNTED) -> Mending:
    """Find what would mend it, for everybody or for some.

    Where `found` counted seats, they are counted for the changes too.

    Parameters
    ----------
    found
        What `xsgeo.workflow.reach` found; the changes are for its date.
    workers
        The groups asked about; all of the study when None. Gains are counted among them.
    n_counted
        How many changes are counted with seats, the others being left out; of no account where seats are not asked for.

    Returns
    -------
    Mending
        Changes by group, and remedies ranked by the workers they would serve.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> mend(workflow.reach(toy_county())).remedies["n_workers_gained"].to_dict()
    {'extend:V1:weekdays 17:00-19:30': 100, 'convert:S1': 40, 'share:V3': 30}
    """
    study = found.study
    some = study.workers if workers is None else workers
    frames = (some, study.venues, found.minutes, found.groups.loc[some.index])
    ask = {
        **_context(found),
        "beyond": _beyond(found, some),
        "assets": study.assets,
        "open_hours": study.about.siting_rules.open_hours,
    }
    changes = cheapest_changes(*frames, snapped=found.snapped, seated=found.seated, **ask)
    ranked = remedies(*frames, changes, **ask)
    if found.seated is None:
        return Mending(changes, ranked)
    everybody = (study.workers, study.venues, found.minutes, found.groups)
    located = found.snapped["reason"] == ""
    return Mending(
        changes,
        counted_with_seats(*everybody, ranked.head(n_counted), among=some.index, located=located, **ask),
    )


def _context(found: Reach) -> dict[str, Any]:
    """Return what the answer was asked with: standard, needs, boats and day."""
    return {"standard": found.study.standard, **workflow.conditions(found.study, on=found.on)}


def _beyond(found: Reach, workers: pd.DataFrame) -> pd.DataFrame:
    """Minutes to assets within the standard, and for those who have no venue in reach to any place further out."""
    study = found.study
    reason = found.groups["reason"].reindex(workers.index).astype(str)
    far = workers[(reason == "out_of_reach").to_numpy()]
    others = workers[~reason.isin(["out_of_reach", "served", "unknown"]).to_numpy()]
    cutoffs = study.standard.cutoff_min
    longer = {mode: minutes + BEYOND_MIN for mode, minutes in cutoffs.items()}
    used = study.venues[study.venues["status"] == "open"]
    parts = [
        travel.travel_minutes(
            some,
            places,
            found.network,
            cutoff_min=limit,
            modes=found.means.loc[some.index],
            destination_name="place_id",
        )
        for some, places, limit in ((far, used, longer), (far, study.assets, longer), (others, study.assets, cutoffs))
        if len(some) and len(places)
    ]
    empty = pd.DataFrame({"group_id": [], "place_id": [], "minutes": [], "mode": []})
    return pd.concat(parts, ignore_index=True) if parts else empty


# ---- why ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class Why:
    """Why a group, or those of a town or cluster, are not served, and what would mend it.

    Attributes
    ----------
    kind
        ``group``, ``town``, ``cluster`` or ``all``.
    key
        Id of the group, town or cluster; empty for all.
    workers
        The groups it is about.
    groups
        What `xsgeo.access.coverage` said of them.
    ladder, venues
        For a group, `xsgeo.ladder.ladder` and `xsgeo.ladder.venues_near`; empty frames else.
    reasons
        One row a reason that occurs, most workers first: ``n_workers``, ``n_groups``, ``share_workers``.
    mending
        What would mend it; gains are counted among the groups it is about.
    """

    kind: str
    key: str
    workers: pd.DataFrame
    groups: pd.DataFrame
    ladder: pd.DataFrame
    venues: pd.DataFrame
    reasons: pd.DataFrame
    mending: Mending


def why(found: Reach, whom: str = "", *, n_counted: int = N_COUNTED) -> Why:
    """Say why somebody is not served, and what would mend it.

    Parameters
    ----------
    found
        What `xsgeo.workflow.reach` found.
    whom
        A group, by id; a town or a cluster, by id or any name the ledgers may call it by; everybody when empty.
    n_counted
        As in `mend`.

    Returns
    -------
    Why
        The ladder of a group, or the reasons of many, and the remedies.

    Raises
    ------
    StudyError
        When nobody, or more than one town or cluster, answers to the name.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> answer = why(workflow.reach(toy_county()), "岛上")
    >>> answer.kind, answer.key, answer.reasons["n_workers"].to_dict()
    ('town', 'T2', {'not_shared': 30, 'served': 20})
    """
    kind, key = whose(found.study, whom)
    workers = found.study.workers
    if kind == "group":
        workers = workers.loc[[key]]
    elif kind != "all":
        workers = workers[workers[f"{kind}_id"] == key]
    groups = found.groups.loc[workers.index]
    rungs, near = pd.DataFrame(), pd.DataFrame()
    if kind == "group":
        frames = (found.study.workers, found.study.venues, found.minutes)
        near = ladder.venues_near(key, *frames, **_context(found))
        rungs = ladder.ladder(key, *frames, found.groups, seated=found.seated, **_context(found))
    mending = mend(found, workers=workers, n_counted=n_counted)
    return Why(kind, key, workers, groups, rungs, near, _reasons(workers, groups), mending)


def _reasons(workers: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    by = pd.DataFrame({"n_workers": workers["n_workers"], "n_groups": 1})
    table = by.groupby(groups["reason"].astype(str)).sum()
    table["share_workers"] = table["n_workers"] / max(int(table["n_workers"].sum()), 1)
    table = table.assign(_id=table.index).sort_values(["n_workers", "_id"], ascending=[False, True])
    return table.drop(columns="_id").rename_axis("reason")


def whose(study: Study, whom: str = "") -> tuple[str, str]:
    """Find whom a name means.

    Parameters
    ----------
    study
        The study.
    whom
        As in `why`.

    Returns
    -------
    kind, key
        As in `Why`.

    Raises
    ------
    StudyError
        When nobody, or more than one town or cluster, answers to the name.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> whose(toy_county(), "岛上")
    ('town', 'T2')
    """
    whom = whom.strip()
    if not whom:
        return "all", ""
    if whom in study.workers.index:
        return "group", whom
    books = {kind: _book(study, f"{kind}s") for kind in ("town", "cluster")}
    meant = [(kind, key) for kind, book in books.items() for key in book.find(whom)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        places = listing(*(f"{key} {books[kind].names[key]}" for kind, key in meant))
        raise StudyError([Fault(study.title, 0, "", whom, "many_of_name", (("places", places),))])
    near = next((s for book in books.values() if (s := book.suggest(whom))), "")
    raise StudyError([Fault(study.title, 0, "", whom, "nobody_of_name", (("near", scenarios.did_you_mean(near)),))])


def _book(study: Study, table: str) -> NameBook:
    return NameBook(getattr(study, table).reset_index(names=TABLES[table].key), table)
