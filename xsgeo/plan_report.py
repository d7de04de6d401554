"""A plan over years as planners read it: the list, the years, the cards and what stands in the way, from numbers alone.

Sentences come from the catalogue and are filled with the figures of `xsgeo.phasing.cards`; nothing is said that is not
one of those figures, so a card cannot praise. Prices carry their basis wherever they are shown.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from xsgeo.catalogue import Language, say
from xsgeo.hours.telling import told
from xsgeo.report import names_of

if TYPE_CHECKING:
    from xsgeo.phasing import InfeasibleError, Phased
    from xsgeo.phasing.cards import Card
    from xsgeo.settings import CostRules
    from xsgeo.study import Study


def plan_table(plan: Phased, study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """List the actions of a plan, by year.

    Parameters
    ----------
    plan
        What `xsgeo.phasing.solve` chose.
    study
        The study, for names.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        Index ``year``; ``action``, ``name``, ``town``, ``plan_hours``, ``n_workers_added``, ``cost_once`` and
        ``cost_per_year`` in 万元.
    """
    towns = names_of(study.towns, language)
    rows = plan.actions
    return pd.DataFrame(
        {
            "action": [say(f"page.action.{a}", language) for a in rows["action"]],
            "name": [n or say("proposal.ground", language) for n in rows["name"]],
            "town": [towns.get(t, t) for t in rows["town_id"]],
            "plan_hours": [told(text, month=study.standard.month, language=language) for text in rows["open_hours"]],
            "n_workers_added": rows["n_workers_added"].to_numpy(),
            "cost_once": rows["cost_once"].to_numpy(),
            "cost_per_year": rows["cost_per_year"].to_numpy(),
        },
        index=pd.Index(rows["year"].to_numpy(), name="year"),
    )


def plan_words(plan: Phased, costs: CostRules, *, language: Language = "zh") -> str:
    """Say what a plan does, what it costs and how sure it is.

    Parameters
    ----------
    plan
        What `xsgeo.phasing.solve` chose.
    costs
        The prices, for their basis.
    language
        Language of the sentence.
    """
    last = plan.by_year.iloc[-1]
    words = say(
        "programme.words",
        language,
        n_actions=len(plan.actions),
        n_years=len(plan.by_year),
        n_workers=f"{int(last['n_workers_added']):,}",
        spent=f"{plan.by_year['spent'].sum():,.1f}",
        budget=f"{plan.by_year['budget'].sum():,.1f}",
        objective=f"{plan.objective:,.0f}",
        bound=f"{plan.bound:,.0f}",
        gap=f"{plan.gap:.2%}",
        status=say(f"status.{plan.status}", language),
        seconds=f"{plan.seconds:.1f}",
        basis=say(f"choice.{costs.basis}", language),
    )
    shut = plan.actions[plan.actions["action"] == "close"]
    if shut.empty:
        return words
    saved = f"{-shut['cost_per_year'].sum():,.1f}"
    lost = f"{-int(shut['n_workers_added'].sum()):,}"
    return f"{words}\n{say('programme.closed', language, n=len(shut), saved=saved, lost=lost)}"


def card_words(card: Card, study: Study, *, language: Language = "zh", anchors: Mapping[str, str] | None = None) -> str:
    """Write one card.

    Parameters
    ----------
    card
        What `xsgeo.phasing.cards` made.
    study
        The study, for names.
    language
        ``zh`` or ``en``; ``both`` writes one after the other.
    anchors
        Names of sites by id, for the next-best one; its id is shown where there is none.

    Returns
    -------
    str
        Some lines of text.
    """
    if language == "both":
        return "\n".join(card_words(card, study, language=lang, anchors=anchors) for lang in ("zh", "en"))
    name = card.name or say("proposal.ground", language)
    towns = names_of(study.towns, language)
    title = say(
        "card.title" if card.open_hours else "card.title_closed",
        language,
        year=card.year,
        action=say(f"page.action.{card.action}", language),
        name=name,
        town=towns.get(card.town_id, card.town_id),
        hours=told(card.open_hours, month=study.standard.month, language=language),
    )
    comma = "; " if language == "en" else "；"
    obstacles = comma.join(say(f"obstacle.{o}", language) for o in card.obstacles) or say("card.none", language)
    body = _lost_lines(card, study, language) if card.action == "close" else _won_lines(card, study, language, anchors)
    return "\n".join([title, *body, say("card.way", language, obstacles=obstacles)])


def _won_lines(card: Card, study: Study, language: Language, anchors: Mapping[str, str] | None) -> list[str]:
    """Who gains by an action, and what is lost without it."""
    lines = [
        say("card.cost", language, once=f"{card.cost_once:.1f}", yearly=f"{card.cost_per_year:.1f}"),
        say("card.who", language, n=f"{card.n_workers:,}", **_tallies(card, study, language)),
        say("card.why", language, reasons=_reasons(card, language)),
        say("card.change", language, **_changes(card, language)),
        say("card.lost", language, n=f"{card.n_lost:,}"),
    ]
    if not card.next_best:
        return [*lines, say("card.no_next", language)]
    other = (anchors or {}).get(card.next_best) or card.next_best
    return [*lines, say("card.next", language, name=other, n=f"{card.n_next_best:,}")]


def _lost_lines(card: Card, study: Study, language: Language) -> list[str]:
    """Who loses by a closing, and what it saves."""
    saves = say("card.saves", language, once=f"{card.cost_once:.1f}", yearly=f"{-card.cost_per_year:.1f}")
    if not card.n_workers:
        return [saves, say("card.loses_nobody", language)]
    return [
        saves,
        say("card.loses", language, n=f"{-card.n_workers:,}", **_tallies(card, study, language)),
        say("card.then", language, reasons=_reasons(card, language)),
        say("card.left", language, **_changes(card, language)),
    ]


def _tallies(card: Card, study: Study, language: Language) -> dict[str, str]:
    shifts = {s: say(f"choice.{s}", language) for s in card.shifts}
    return {
        "towns": _tally(card.towns, names_of(study.towns, language), language),
        "clusters": _tally(card.clusters, names_of(study.clusters, language), language),
        "shifts": _tally(card.shifts, shifts, language),
    }


def _reasons(card: Card, language: Language) -> str:
    return _tally(card.reasons, {r: say(f"reason.{r}", language) for r in card.reasons}, language)


def _changes(card: Card, language: Language) -> dict[str, str]:
    fields = ("minutes_before", "minutes_after", "hours_before", "hours_after")
    return {name: _figure(getattr(card, name), language) for name in fields}


def lack_words(error: InfeasibleError, study: Study, *, language: Language = "zh") -> str:
    """Say what would have to give where no plan keeps to the terms.

    Parameters
    ----------
    error
        What `xsgeo.phasing.solve` raised.
    study
        The study, for names of towns.
    language
        Language of the words.
    """
    towns = names_of(study.towns, language)
    comma = ", " if language == "en" else "、"
    lines = [say("programme.infeasible", language)]
    if len(error.beyond):
        told = comma.join(
            say(
                "lack.beyond",
                language,
                name=towns.get(town, town),
                n=_people(row.n_short),
                nobody=_people(row.n_nobody),
            )
            for town, row in error.beyond.iterrows()
        )
        lines.append(say("programme.beyond", language, told=told))
    for family, rows in error.lacks.groupby("family", sort=False):
        count = _money if family == "budgets" else _people
        told = comma.join(
            say(f"lack.{family}", language, name=towns.get(name, name), n=count(lacking))
            for name, lacking in zip(rows["name"], rows["lacking"], strict=True)
        )
        lines.append(say(f"programme.lack.{family}", language, told=told))
    if error.lacks.empty:
        lines.append(say("programme.no_single_way", language))
    return "\n".join(lines)


def _people(lacking: float) -> str:
    """Whole workers, or whole actions: a part of one is one."""
    return f"{math.ceil(lacking - 1e-4):,}"


def _money(lacking: float) -> str:
    """万元, rounded up to a tenth: what is told must be enough."""
    return f"{math.ceil(lacking * 10 - 1e-4) / 10:,.1f}"


def comparison(rows: Mapping[str, Phased]) -> pd.DataFrame:
    """Set plans of the same money side by side.

    Parameters
    ----------
    rows
        Plans by the name of the way they were made.

    Returns
    -------
    pandas.DataFrame
        Index ``way``; ``n_actions``, ``n_workers_added`` at the end, ``objective``, ``spent``, ``share_best``.
    """
    table = pd.DataFrame(
        {
            name: {
                "n_actions": len(plan.actions),
                "n_workers_added": int(plan.by_year["n_workers_added"].iloc[-1]),
                "objective": plan.objective,
                "spent": float(plan.by_year["spent"].sum()),
            }
            for name, plan in rows.items()
        }
    ).T
    table.index.name = "way"
    counts = {"n_actions": "int64", "n_workers_added": "int64"}
    return table.assign(share_best=table["objective"] / max(float(table["objective"].max()), 1e-9)).astype(counts)


def _tally(counts: Mapping[str, int], names: Mapping[str, str], language: Language, *, most: int = 4) -> str:
    # Names of clusters hold commas of their own, in English.
    comma, form = (", ", "{name} ({n:,})") if language == "en" else ("、", "{name}{n:,}")
    first = list(counts.items())[:most]
    text = comma.join(form.format(name=names.get(key, key), n=n) for key, n in first)
    return text + say("card.more", language) if len(counts) > most else text


def _figure(value: float, language: Language) -> str:
    return say("card.none", language) if math.isnan(value) else f"{value:,.1f}"


def names_of_sites(candidates: pd.DataFrame) -> dict[str, str]:
    """Name of each site that has one, by id.

    Parameters
    ----------
    candidates
        Index ``site_id``; column ``name``.
    """
    return {str(i): str(n) for i, n in candidates["name"].items() if n}


def card_table(cards: Sequence[Card]) -> pd.DataFrame:
    """Put cards into a table, one row each, for a program or a spreadsheet.

    Parameters
    ----------
    cards
        What `xsgeo.phasing.cards` made.

    Returns
    -------
    pandas.DataFrame
        Index ``action_id``; the fields of `xsgeo.phasing.cards.Card`; counts by town and the like as ``key n``,
        parted by ``|``.
    """
    from xsgeo.phasing.cards import Card

    rows = [dataclasses.asdict(card) for card in cards]
    for row in rows:
        for key, value in row.items():
            if isinstance(value, dict):
                row[key] = "|".join(f"{k} {n}" for k, n in value.items())
            elif isinstance(value, tuple):
                row[key] = "|".join(value)
    columns = [f.name for f in dataclasses.fields(Card)]
    return pd.DataFrame(rows, columns=columns).set_index("action_id")
