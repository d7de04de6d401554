"""The page of a plan over years: what is done where in which year, whom it serves, for how much, and how sure it is.

It is a page like the others (`xsgeo.maps.pages`), one file that asks for nothing, and it opens with what a county
office has to decide on: so much money over so many years serves so many more workers, from this share to that, and
whether anything better is possible. Each action is a mark whose shape and colour say what is done and whose number is
its rank; a slider takes the map through the years. Behind each mark stands its reason card, of figures only
(`xsgeo.phasing.cards`): who gains, minutes and hours before and after, what is lost without it, the next-best site, and
what stands in the way, said as plainly as the gain.

The page is public unless asked otherwise. What may be counted is settled for the totals, the years and the actions
together (`xsgeo.maps.plan_counts`); means over the workers of an action that may not be counted are left out with it,
and an employer's own room is called by its kind and town. Prices are assumptions and the page says so.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.catalogue import WORDS, Language, say
from xsgeo.hours.telling import told
from xsgeo.maps.audience import RULES, Audience
from xsgeo.maps.canvas import FONT
from xsgeo.maps.facts import basis_of
from xsgeo.maps.frame import both_names, dress, page_map, standard_facts, view_of
from xsgeo.maps.gains import PlanLayer, add_gains
from xsgeo.maps.ground import add_land, add_roads, add_towns
from xsgeo.maps.layers import add_venues
from xsgeo.maps.pack import pack_xy
from xsgeo.maps.page import render_offline
from xsgeo.maps.plan_counts import may_part, told_actions, told_years
from xsgeo.maps.publish import PublishRules, employers, may_show, rounded
from xsgeo.maps.rows import open_venues
from xsgeo.maps.sites import site_names
from xsgeo.settings import CostRules

if TYPE_CHECKING:
    from xsgeo.phasing import Phased
    from xsgeo.phasing.cards import Card
    from xsgeo.study import Study

TOOLS = ("hash.js", "picture.js", "plancard.js")
"""Scripts of the page beside its own; they come before it."""

Naming = Callable[[str], list[str]]
_COARSE = 10  # the curve of money is of other plans; it is rounded so many times more coarsely


@dataclasses.dataclass(frozen=True, eq=False)
class _Drawn:
    """A plan, whom its actions gain or lose, and what of that may be told.

    `of`, `action`, `year`, `loses`, `employer` and `n` have one row for each action and each group of its people.
    """

    study: Study
    plan: Phased
    workers: pd.DataFrame
    is_served: NDArray[np.bool_]
    covers: pd.DataFrame
    actions: pd.DataFrame
    sites: pd.DataFrame
    rules: PublishRules
    everybody: bool
    of: NDArray[np.intp]
    action: NDArray[np.object_]
    year: NDArray[np.intp]
    loses: NDArray[np.bool_]
    employer: NDArray[np.intp]
    n: NDArray[np.float64]
    years: list[int]
    told: frozenset[str]

    @property
    def n_years(self) -> int:
        return len(self.plan.by_year)

    @property
    def since(self) -> pd.Series:
        """Year from which each group is served; 0 today, missing never."""
        year = self.plan.served_from.reindex(self.workers.index).fillna(0).to_numpy(np.float64)
        year = np.where(self.is_served, 0.0, np.where(year > 0, year, np.nan))
        return pd.Series(year, index=self.workers.index, name="since")

    @property
    def until(self) -> pd.Series:
        """Year from which a group that is served today no longer is; missing never."""
        year = pd.Series(self.year[self.loses], index=self.workers.index[self.of[self.loses]], dtype=np.float64)
        return year.groupby(level=0).min().reindex(self.workers.index).rename("until")

    @property
    def is_plain(self) -> bool:
        """Whether each action gains whole groups and none loses any, so that its people are a set of groups."""
        whole = np.isclose(self.n, self.workers["n_workers"].to_numpy(float)[self.of])
        return bool(whole.all() and not self.loses.any())

    @property
    def share_before(self) -> float:
        n = self.workers["n_workers"].to_numpy(np.int64)
        return float(n[self.is_served].sum()) / max(1, self.n_workers)

    @property
    def n_workers(self) -> int:
        return int(self.workers["n_workers"].sum())


def render_plan(
    study: Study,
    groups: pd.DataFrame,
    plan: Phased,
    cards: Sequence[Card],
    *,
    people: pd.DataFrame,
    covers: pd.DataFrame,
    actions: pd.DataFrame,
    sites: pd.DataFrame,
    money: pd.DataFrame | None = None,
    language: Language = "both",
    audience: Audience = "public",
    rules: PublishRules | None = None,
) -> str:
    """Draw a plan over years as a self-contained page.

    Parameters
    ----------
    study
        The study.
    groups
        What `xsgeo.access.coverage` says of ``study.workers`` today.
    plan, cards
        The actions by year (`xsgeo.phasing.solve`) and the card of each, in its order.
    people
        ``action_id``, ``group_id`` and ``n``: workers whom each action of the plan gains or, closing a room, loses
        (`xsgeo.programme.people`).
    covers
        ``action_id`` and ``group_id``: whom each action that could be taken serves.
    actions
        The actions that could be taken, index ``action_id``, column ``site_id``.
    sites
        The sites they stand on, index ``site_id``: ``name``, ``refers_to``, ``town_id``.
    money
        What more or less money would do (`xsgeo.phasing.money`); left out when None.
    language
        Language of the page; ``both`` puts English beside the Chinese.
    audience
        ``internal`` tells every number, names employers' own rooms, and says so at its head.
    rules
        When a count may be shown; those of the audience when None.

    Returns
    -------
    str
        HTML; the same input gives the same text, whatever the order of its rows.

    Raises
    ------
    PageError
        When the page would fetch something.

    Examples
    --------
    >>> from xsgeo import programme
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.phasing import Terms
    >>> made = programme.plan(programme.ask(toy_county(), Terms((3.0, 3.0))))
    >>> "Content-Security-Policy" in programme.page(made)
    True
    """
    rules = rules or RULES[audience]
    drawn = _prepared(study, groups, plan, people=people, covers=covers, actions=actions, sites=sites, rules=rules)
    view = view_of(drawn.workers, study.towns)
    m = page_map(view)
    add_land(m, study.land, language=language)
    add_roads(m, study.roads, language=language)
    add_gains(m, drawn.workers, drawn.since, until=drawn.until, language=language)
    venues = open_venues(pd.DataFrame(study.venues.drop(columns="geometry", errors="ignore")))
    month = study.standard.month
    is_internal = audience == "internal"
    add_venues(m, venues, towns=study.towns, month=month, language=language, name_own=is_internal, show=False)
    add_towns(m, study.towns, language=language)
    items = [_item(number, card, drawn) for number, card in enumerate(cards, start=1)]
    at = plan.actions[["lon", "lat"]].to_numpy(float)
    steps = {"points": pack_xy(at), "items": items, "years": drawn.n_years, "font": FONT}
    m.add_child(PlanLayer("steps", steps, m=m, language=language))
    data = {
        "audience": audience,
        "names": [study.title, study.about.title_en or study.title],
        "headline": _headline(drawn),
        "years": _years(drawn),
        "money": _money(money, drawn),
        "facts": _facts(drawn),
        "find": {"ids": [str(v) for v in venues.index]},
        "view": view,
    }
    banner = say("page.internal", language) if is_internal else ""
    dress(m.get_root(), data, script="plan.js", tools=TOOLS, styles=("plan.css",), language=language, banner=banner)
    return render_offline(m.get_root(), title=_title(study, language, is_internal=is_internal), language=language)


def _title(study: Study, language: Language, *, is_internal: bool) -> str:
    first: Language = "en" if language == "en" else "zh"
    name = (study.about.title_en or study.title) if first == "en" else study.title
    mark = f"[{say('page.internal', first)}] " if is_internal else ""
    return f"{mark}{say('page.plan.overline', first)} · {name}"


def _prepared(
    study: Study,
    groups: pd.DataFrame,
    plan: Phased,
    *,
    people: pd.DataFrame,
    covers: pd.DataFrame,
    actions: pd.DataFrame,
    sites: pd.DataFrame,
    rules: PublishRules,
) -> _Drawn:
    """Put everything in order and settle what may be told."""
    workers = pd.DataFrame(study.workers.drop(columns="geometry", errors="ignore")).sort_index()
    people = people.sort_values(["action_id", "group_id"])
    of = workers.index.get_indexer(people["group_id"])
    action = people["action_id"].astype(str).to_numpy(dtype=object)
    done = plan.actions.rename(index=str).loc[action]
    year, loses = done["year"].to_numpy(np.intp), (done["action"] == "close").to_numpy()
    employer, n = employers(workers), people["n"].to_numpy(np.float64)
    everybody = may_show(employer, workers["n_workers"].to_numpy(np.int64), rules)
    mine = employer[of]
    years = told_years(year, mine, n, len(plan.by_year), rules=rules) if everybody else []
    told = told_actions(action, year, mine, n, years=years, rules=rules)
    is_served = groups.loc[workers.index, "is_served"].to_numpy(bool)
    return _Drawn(
        study, plan, workers, is_served, covers, actions, sites, rules, everybody, of, action, year, loses, mine, n,
        years, told,
    )  # fmt: skip


# ---- what the page says ---------------------------------------------------------------------------------------------


def _headline(drawn: _Drawn) -> dict[str, object]:
    plan, years = drawn.plan, drawn.plan.by_year
    gained = int(years["n_workers_added"].iloc[-1]) if len(years) else 0
    total, before = drawn.n_workers, drawn.share_before
    tells = bool(drawn.years)
    return {
        "n_workers": total if drawn.everybody else None,
        "share_before": before if drawn.everybody else round(before, 2),
        "gained": _number(gained, drawn.rules) if tells else None,
        "share_after": before + gained / total if tells and total else None,
        "n_years": len(years),
        "n_actions": len(plan.actions),
        "spent": round(float(years["spent"].sum()), 2),
        "budget": round(float(years["budget"].sum()), 2),
        "status": plan.status,
        "gap": round(plan.gap, 6),
    }


def _number(n: int, rules: PublishRules) -> int:
    """Rounded where the rules hide anything; nobody is nobody."""
    return int(np.sign(n)) * rounded(abs(n), rules) if n else 0


def _years(drawn: _Drawn) -> list[dict[str, object]]:
    """By year: money, actions, and workers gained by its end where that may be told."""
    total = max(1, drawn.n_workers)
    rows: list[dict[str, object]] = []
    for year, row in drawn.plan.by_year.iterrows():
        gained = int(row["n_workers_added"])
        is_told = year in drawn.years
        rows.append(
            {
                "year": int(year),
                "spent": round(float(row["spent"]), 2),
                "budget": round(float(row["budget"]), 2),
                "n_actions": int((drawn.plan.actions["year"] == year).sum()),
                "gained": _number(gained, drawn.rules) if is_told else None,
                "share": drawn.share_before + gained / total if is_told else None,
            }
        )
    return rows


def _money(money: pd.DataFrame | None, drawn: _Drawn) -> list[dict[str, object]]:
    """Points of the curve of money; none where the total may not be told."""
    if money is None or not drawn.years:
        return []
    step = drawn.rules.round_to * (_COARSE if drawn.rules.hides else 1)
    return [
        {
            "scale": float(scale),
            "budget": round(float(row["budget"]), 2),
            "gained": round(float(row["n_workers_most"]) / step) * step,
        }
        for scale, row in money.sort_index().iterrows()
    ]


def _facts(drawn: _Drawn) -> dict[str, object]:
    costs = drawn.study.about.costs
    known = f"choice.{costs.basis}" in WORDS
    return standard_facts(drawn.study) | {
        "basis_workers": basis_of(drawn.workers, drawn.workers["n_workers"].to_numpy(float)),
        "prices": [say(f"choice.{costs.basis}", s) if known else str(costs.basis) for s in ("zh", "en")],
        "prices_source": "" if costs.source == CostRules().source else costs.source,
        "is_assumed": costs.basis in {"estimate", "synthetic"},
    }


# ---- the card of an action ------------------------------------------------------------------------------------------


def _item(number: int, card: Card, drawn: _Drawn) -> dict[str, object]:
    """What the page says of an action; None for every figure that may not be told."""
    study, rules = drawn.study, drawn.rules
    is_nobody = not (drawn.action == card.action_id).any()
    is_told = card.action_id in drawn.told or (is_nobody and bool(drawn.years))
    row = drawn.sites.loc[[card.site_id]].assign(name=card.name, town_id=card.town_id)
    lost = _lost(card, drawn) if is_told else None
    return {
        "number": number,
        "year": card.year,
        "action": card.action,
        "names": site_names(row, study, name_own=not rules.hides)[0],
        "town": both_names(study.towns, card.town_id),
        "hours": [told(card.open_hours, month=study.standard.month, language=lang) for lang in ("zh", "en")],
        "once": round(card.cost_once, 2),
        "yearly": round(card.cost_per_year, 2),
        "n": _number(card.n_workers, rules) if is_told else None,
        "towns": _tally(card.towns, lambda k: both_names(study.towns, k), rules),
        "clusters": _tally(card.clusters, lambda k: both_names(study.clusters, k), rules),
        "shifts": _tally(card.shifts, lambda k: _word("choice", k), rules) if is_told else [],
        "reasons": _tally(card.reasons, lambda k: _word("reason", k), rules),
        "minutes": _pair(card.minutes_before, card.minutes_after, is_told=is_told),
        "hours_used": _pair(card.hours_before, card.hours_after, is_told=is_told),
        "lost": lost,
        "next": _next(card, drawn, is_told=lost is not None),
        "obstacles": [[say(f"obstacle.{o}", "zh"), say(f"obstacle.{o}", "en")] for o in card.obstacles],
    }


def _word(group: str, key: str) -> list[str]:
    word = f"{group}.{key}"
    return [say(word, "zh"), say(word, "en")] if word in WORDS else [key, key]


def _pair(before: float, after: float, *, is_told: bool) -> list[float | None] | None:
    """Figures before and after, the one missing where there is none, both where neither may be told."""
    return [None if math.isnan(x) else round(x, 1) for x in (before, after)] if is_told else None


def _tally(counts: Mapping[str, int], names: Naming, rules: PublishRules) -> list[dict[str, object]]:
    """Names, most workers first; how many only where nothing need be hidden, for they cross the other tables."""
    return [{"names": names(key), "n": None if rules.hides else n} for key, n in counts.items()]


def _lost(card: Card, drawn: _Drawn) -> int | None:
    """Workers whom no other action would serve, where that may be told beside the action's own number."""
    if not drawn.rules.hides:
        return card.n_lost
    if not drawn.is_plain:
        return None
    mine = drawn.action == card.action_id
    alone = mine & ~drawn.workers.index[drawn.of].isin(_served_by_others(card, drawn))
    is_whole = int(drawn.n[alone].sum()) == card.n_lost
    may = is_whole and may_part(mine, alone, drawn.employer, drawn.n, drawn.rules)
    return _number(card.n_lost, drawn.rules) if may else None


def _served_by_others(card: Card, drawn: _Drawn) -> pd.Series:
    others = drawn.plan.actions.index.drop(card.action_id)
    return drawn.covers.loc[drawn.covers["action_id"].isin(others), "group_id"]


def _next(card: Card, drawn: _Drawn, *, is_told: bool) -> dict[str, object] | None:
    """The next-best site; how many fewer it serves only where those it would serve anew may be counted."""
    if not card.next_best:
        return None
    row = drawn.sites.loc[[card.next_best]]
    names = site_names(row, drawn.study, name_own=not drawn.rules.hides)[0]
    if not drawn.rules.hides:
        return {"names": names, "n": card.n_next_best}
    free = ~drawn.workers.index.isin(_served_by_others(card, drawn)) & ~drawn.is_served
    here = drawn.actions.index[drawn.actions["site_id"].astype(str) == card.next_best]
    n, employer = drawn.workers["n_workers"].to_numpy(np.int64), employers(drawn.workers)
    for action in here if is_told else []:
        mine = free & drawn.workers.index.isin(drawn.covers.loc[drawn.covers["action_id"] == action, "group_id"])
        if int(n[mine].sum()) == card.n_lost - card.n_next_best:
            may = may_show(employer[mine], n[mine], drawn.rules)
            return {"names": names, "n": _number(card.n_next_best, drawn.rules) if may else None}
    return {"names": names, "n": None}
