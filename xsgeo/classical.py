"""The classical siting models, asked on a county's own sites and workers.

Somebody who knows the literature asks for a model by its name. The names mean the same here as in the books
(`xsgeo.siting`), and the question is put on the same candidate sites and the same unserved workers as the plan over
years, so the answers can be laid side by side. They know neither money nor years: sites are counted.

The covering models read who would be *served* at a site (cut-off, hours, boats, what a cluster needs), at the opening
hours the study proposes. The p-median and p-center models read minutes alone, and for those the cut-off must not hide
the ways that are too long: minutes are searched up to `FAR_MIN`.

Groups nobody can serve would make some of these questions unanswerable (everyone is to be covered, everyone is to go
somewhere). They are found first, named, and left out unless the caller wants the question as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from xsgeo import access, network, siting, travel, workflow
from xsgeo.candidates import ACTIONS
from xsgeo.errors import PlanError
from xsgeo.gaps import UNSERVED
from xsgeo.options import described
from xsgeo.plan import of_use
from xsgeo.siting import Limits, Quota, Siting
from xsgeo.workflow.reaching import silent

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import Study
    from xsgeo.workflow import Prospect

Model = Literal["mclp", "lscp", "p-median", "p-center", "backup", "capacitated"]
MODELS: tuple[Model, ...] = get_args(Model)

FAR_MIN = 120.0
"""Longest way that the p-median and p-center models know."""

UNITS: dict[Model, str] = {
    "mclp": "workers",
    "lscp": "sites",
    "p-median": "worker_minutes",
    "p-center": "minutes",
    "backup": "times_covered",
    "capacitated": "workers",
}
"""What each model's objective and bound count; see `xsgeo.catalogue` for the words."""

_BY_MINUTES = ("p-median", "p-center")


@dataclass(frozen=True, eq=False, repr=False)
class Classical:
    """A classical question and its answer.

    Attributes
    ----------
    model
        One of `MODELS`.
    prospect
        Who is served today, and the candidate sites.
    weights
        Workers of each unserved group that the question was about, on ids of groups.
    pairs
        ``site_id`` and ``group_id``: whom each site covers; with ``minutes`` for the models that read minutes.
    unreachable
        Workers of each unserved group that no site covers, or that has no way to one.
    is_skipped
        Whether those were left out of the question.
    siting
        The answer.
    """

    model: Model
    prospect: Prospect
    weights: pd.Series
    pairs: pd.DataFrame
    unreachable: pd.Series
    is_skipped: bool
    siting: Siting


def answer(
    study: Study,
    model: Model,
    *,
    n_sites: int | None = None,
    must: Collection[str] = (),
    must_not: Collection[str] = (),
    most_by: Mapping[str, Mapping[str, int]] | None = None,
    skip_unreachable: bool = True,
    closed_ferries: Collection[str] = (),
    prospect: Prospect | None = None,
    time_limit_s: float = 60.0,
    on_stage: Callable[[str], None] | None = None,
) -> Classical:
    """Ask a classical model which sites to open.

    Parameters
    ----------
    study
        The study.
    model
        ``mclp`` (most workers covered by p sites), ``lscp`` (fewest sites that cover everybody), ``p-median`` (fewest
        worker minutes), ``p-center`` (fewest minutes of the farthest), ``backup`` (workers covered once plus workers
        covered twice), or ``capacitated`` (most workers that find room).
    n_sites
        Most sites, those of `must` included; the study's own number when None. ``lscp`` does not read it.
    must, must_not
        Ids of sites that have to be taken, and that must not be.
    most_by
        Most sites by town or owner: ``{"town_id": {"330225101": 3}}``.
    skip_unreachable
        Leave out groups that no site can serve, where the model would have no answer with them.
    closed_ferries
        Ids of ferries that do not sail.
    prospect
        What `xsgeo.workflow.prospect` found, where it has been found already; `closed_ferries` is then left out of
        account.
    time_limit_s
        Seconds after which the best answer must be handed over with its bound.
    on_stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Classical
        The answer, and whom it leaves out.

    Raises
    ------
    PlanError
        When the model is not known, or the limits name what is not there.

    Examples
    --------
    Without the shipowner's room nobody can serve the 30 on the island; two sites serve the others.

    >>> from xsgeo.datasets import toy_county
    >>> found = answer(toy_county(), "lscp", must_not=["share:V3"])
    >>> found.siting.objective, found.unreachable.to_dict()
    (2.0, {'g5': 30})
    """
    if model not in MODELS:
        msg = f"model must be one of {', '.join(MODELS)}, got {model!r}"
        raise PlanError(msg)
    seen = prospect or workflow.prospect(study, closed_ferries=closed_ferries, on_stage=on_stage)
    seen = dataclasses.replace(seen, candidates=described(seen.candidates, study))
    asked = _limits(model, seen, n_sites, must, must_not, most_by=most_by or {})
    pairs = _ways(seen) if model in _BY_MINUTES else _covers(seen)
    unserved = seen.reach.groups["reason"].astype(str).isin(UNSERVED)
    weights = study.workers.loc[unserved, "n_workers"]
    pairs = pairs[pairs["group_id"].isin(weights.index)].reset_index(drop=True)
    may = pairs.loc[~pairs["site_id"].isin(list(must_not)), "group_id"]
    lost = weights[~weights.index.isin(may)]
    if skip_unreachable:
        weights = weights.drop(lost.index)
        pairs = pairs[pairs["group_id"].isin(weights.index)].reset_index(drop=True)
    (on_stage or silent)("plan")
    found = _solved(model, weights, pairs, asked, seen, time_limit_s)
    return Classical(model, seen, weights, pairs, lost, skip_unreachable, found)


def _limits(
    model: Model,
    seen: Prospect,
    n_sites: int | None,
    must: Collection[str],
    must_not: Collection[str],
    *,
    most_by: Mapping[str, Mapping[str, int]],
) -> Limits:
    import pandas as pd

    sites = seen.candidates
    strange = sorted({*must, *must_not} - set(sites.index))
    if strange:
        msg = f"site {strange[0]!r} is asked for or excluded, but it is no candidate"
        raise PlanError(msg)
    quotas = tuple(
        Quota(label, frozenset(sites.index[sites[column].astype(str) == label]), most=most)
        for column, mosts in sorted(most_by.items())
        for label, most in sorted(mosts.items())
    )
    # Among equals the simpler action; where the cost is the objective every site counts one.
    cost = pd.Series(1.0, index=sites.index)
    if model != "lscp":
        cost = sites["action"].map({action: float(n) for n, action in enumerate(ACTIONS, start=1)})
    wanted = seen.rules.n_sites if n_sites is None else n_sites
    return Limits(n_sites=None if model == "lscp" else wanted, cost=cost, fixed=must, forbidden=must_not, quotas=quotas)


def chosen_sites(found: Classical) -> pd.DataFrame:
    """Lay out the sites of an answer.

    Parameters
    ----------
    found
        What `answer` found.

    Returns
    -------
    pandas.DataFrame
        Index ``site_id``, those with most workers first: ``action``, ``name``, ``town_id``, ``owner_system``,
        ``n_workers`` (who go there: each group to the first or nearest site that serves it, or where seats are counted
        as many as find one) and, for the models that read minutes, ``mean_min`` and ``max_min``, the way of those
        workers.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> chosen_sites(answer(toy_county(), "mclp", n_sites=2))["n_workers"].to_dict()
    {'open_longer:V1': 100, 'convert:S1': 40}
    """
    import pandas as pd

    sites = found.prospect.candidates.loc[list(found.siting.chosen), ["action", "name", "town_id", "owner_system"]]
    goes = found.siting.assignment[found.siting.assignment != ""]
    table = pd.DataFrame(
        {"site_id": goes, "group_id": goes.index, "n_workers": found.weights.reindex(goes.index)}
    ).reset_index(drop=True)
    if found.model == "capacitated" and not found.siting.details.empty:
        table = found.siting.details
    out = pd.DataFrame(sites).assign(
        n_workers=table.groupby("site_id")["n_workers"].sum().reindex(sites.index).fillna(0).astype("int64")
    )
    if found.model in _BY_MINUTES:
        least = found.pairs.groupby(["site_id", "group_id"])["minutes"].min().rename("minutes").reset_index()
        ways = table.merge(least, on=["site_id", "group_id"])
        ways["spent"] = ways["minutes"] * ways["n_workers"]
        by_site = ways.groupby("site_id")
        out["mean_min"] = (by_site["spent"].sum() / by_site["n_workers"].sum()).reindex(sites.index)
        out["max_min"] = by_site["minutes"].max().reindex(sites.index)
    return out.sort_index().sort_values("n_workers", ascending=False, kind="stable")


def _solved(  # noqa: PLR0917  # one question in its parts
    model: Model, weights: pd.Series, pairs: pd.DataFrame, limits: Limits, seen: Prospect, time_limit_s: float
) -> Siting:
    if model == "mclp":
        return siting.maximal_covering(weights, pairs, limits, time_limit_s=time_limit_s, settle=True)
    if model == "lscp":
        return siting.set_covering(weights, pairs, limits, time_limit_s=time_limit_s)
    if model == "backup":
        return siting.backup_covering(weights, pairs, limits, once=1, time_limit_s=time_limit_s)
    if model == "capacitated":
        room = _room(seen, int(weights.sum()))
        return siting.capacitated_covering(weights, pairs, room, limits, time_limit_s=time_limit_s)
    by_minutes = siting.p_median if model == "p-median" else siting.p_center
    return by_minutes(weights, pairs, limits, time_limit_s=time_limit_s)


def _covers(seen: Prospect) -> pd.DataFrame:
    """Whom each site would serve by itself at the proposed hours."""
    found, sites = seen.reach, seen.candidates
    study, standard = found.study, found.study.standard
    sailings = network.sailings(study.ferries)
    usable = access.usable_slots(
        study.workers, study.venues, found.minutes, standard=standard, needs=study.needs, sailings=sailings
    )
    return access.would_serve(
        study.workers,
        found.groups,
        sites,
        of_use(study.workers, sites, seen.minutes, study.venues, study.needs),
        usable=usable,
        open_hours=seen.rules.open_hours,
        standard=standard,
        sailings=sailings,
    )


def _ways(seen: Prospect) -> pd.DataFrame:
    """Minutes from each group to every site it could ever get to."""
    found, sites = seen.reach, seen.candidates
    far = dict.fromkeys(found.study.standard.cutoff_min, FAR_MIN)
    ways = travel.travel_minutes(
        found.study.workers, sites, found.network, cutoff_min=far, modes=found.means, destination_name="site_id"
    )
    kept = of_use(found.study.workers, sites, ways, found.study.venues, found.study.needs)
    return kept[["group_id", "site_id", "minutes"]]


def _room(seen: Prospect, everybody: int) -> pd.Series:
    """Workers each site has room for: its seats over the share that comes at the same time; unknown is no limit."""
    study, sites = seen.reach.study, seen.candidates
    costs = study.about.costs
    new = sites["action"].isin(["build", "rent", "convert"])
    seats = sites["capacity"].astype(float)
    seats = seats.mask(seats.isna() & new, float(costs.new_room_capacity))
    room = (seats / study.standard.peak_share + 1e-9).fillna(everybody)
    return room.clip(0, everybody).astype("int64")
