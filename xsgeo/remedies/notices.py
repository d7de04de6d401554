"""A change as it is written down: a scenario that applies it, and a sentence that says it."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pandas as pd

from xsgeo import hours
from xsgeo.catalogue import Language, either, listed, say
from xsgeo.errors import HoursError
from xsgeo.remedies.cheapest import STEPS
from xsgeo.remedies.rooms import seats_of_plaque
from xsgeo.remedies.stretches import Extension, clock
from xsgeo.scenarios import Change, Scenario
from xsgeo.schemas import FUNCTIONS
from xsgeo.settings import Standard


def as_scenario(
    change: pd.Series,
    venues: pd.DataFrame,
    *,
    standard: Standard,
    assets: pd.DataFrame | None = None,
    open_hours: str = "",
) -> Scenario:
    """Write a remedy as a scenario, to be kept, compared or sent.

    Parameters
    ----------
    change
        A row of `remedies` or of `cheapest_changes` that has a ``change_id``.
    venues
        Plaques of the study.
    standard
        The standard the remedy was found by.
    assets, open_hours
        As in `cheapest_changes`, for a conversion.

    Returns
    -------
    Scenario
        Its title is the remedy in words.

    Raises
    ------
    ValueError
        When the change is none that can be applied.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> change = pd.Series({"action": "extend", "place_id": "V1", "days": "weekdays", "start": 34, "end": 42})
    >>> as_scenario(change, toy_county().venues, standard=Standard()).changes[0].cells
    (('open_hours', '周一至周五 8:00-17:00；周一至周五 17:00-21:00'),)
    """
    places = venues if change["action"] != "convert" else assets
    steps = set(str(change["action"]).split("+"))
    if places is None or not steps <= {*STEPS, "convert", "seats"}:
        msg = f"this is no change that can be applied: {change['action']!r}"
        raise ValueError(msg)
    titles = [remedy_words(change, places, language=language) for language in ("zh", "en")]
    row = places.loc[change["place_id"]]
    if "seats" in steps:
        seats = int(seats_of_plaque(venues, str(row.name)) + change["seats"])
        made: tuple[Change, ...] = (Change("venues", "set", str(row.name), (("capacity", str(seats)),)),)
    elif "convert" in steps:
        made = _converted(row, standard, open_hours)
    else:
        made = _mended(row, steps, change, standard.month)
    return Scenario(titles[0], titles[1], changes=made)


def _mended(venue: pd.Series, steps: set[str], change: pd.Series, month: int) -> tuple[Change, ...]:
    cells: dict[str, str] = {}
    if "equip" in steps:
        there = [f for f in _text(venue, "functions").split("|") if f]
        cells["functions"] = "|".join([*there, *str(change["functions"]).split("|")])
    if "extend" in steps:
        added = Extension(str(change["days"]), int(change["start"]), int(change["end"]), 0, touches=False)
        cells["open_hours"] = extended_hours(_text(venue, "open_hours"), added, month=month)
    limit = _text(venue, "shareable_hours")
    if "share" not in steps or not limit:
        opened = {"serves": "workers", "share_terms": "open"} if "share" in steps else {}
        return (Change("venues", "set", str(venue.name), tuple((cells | opened).items())),)
    # A plaque of its own on the same door: whoever may come in today keeps the hours there are.
    place = ("room_id", "name", "kind", "owner_system", "town_id", "address", "lon", "lat", "accuracy_m")
    kept = (*place, "area_m2", "capacity", "functions")
    plaque = {name: _text(venue, name) for name in kept if _text(venue, name)}
    plaque.setdefault("room_id", str(venue.name))  # one room, whose seats are there once
    plaque |= cells | {"serves": "workers", "share_terms": "open", "open_hours": limit, "status": "open"}
    shared = Change("venues", "add", f"{venue.name}-shared", tuple((plaque | {"basis": "estimate"}).items()))
    return (shared, Change("venues", "set", str(venue.name), tuple(cells.items()))) if cells else (shared,)


def _converted(asset: pd.Series, standard: Standard, open_hours: str) -> tuple[Change, ...]:
    limit = _text(asset, "available_hours")
    week = hours.parse_hours(open_hours).mask(standard.month)
    if limit:
        week = week & hours.parse_hours(limit).mask(standard.month)
    kept = ("name", "owner_system", "town_id", "lon", "lat", "accuracy_m", "area_m2")
    venue = {name: _text(asset, name) for name in kept if _text(asset, name)}
    venue |= {
        "kind": "workers_home",
        "serves": "everyone",
        "share_terms": "open",
        "open_hours": hours.to_spans(week) if limit else open_hours,
        "functions": "|".join(FUNCTIONS),
        "build_mode": "converted",
        "status": "open",
        "basis": "estimate",
    }
    return (Change("venues", "add", f"{asset.name}-converted", tuple(venue.items())),)


def extended_hours(text: str, added: Extension, *, month: int) -> str:
    """Write the hours of a venue with a stretch added.

    The ledger's own text stays in front where both together are understood and mean the sum in every month, so that
    seasons and holidays are kept. Where they are not, the week of the month is written out.

    Parameters
    ----------
    text
        Hours as the ledger writes them; blank for none.
    added
        The stretch.
    month
        Month whose week is written out where need be.

    Examples
    --------
    >>> extended_hours("周六、周日 8:30-17:00", Extension("weekend", 34, 43, 18, touches=True), month=11)
    '周六、周日 8:30-17:00；周六、周日 17:00-21:30'
    """
    stretch = _notice(added)
    if not text:
        return stretch
    old = hours.parse_hours(text)
    joined = f"{text}；{stretch}"
    with suppress(HoursError):
        new = hours.parse_hours(joined)
        sums = (np.array_equal(new.mask(m), old.mask(m) | added.mask()) for m in range(1, 13))
        if new.holidays == old.holidays and all(sums):
            return joined
    return hours.to_spans(old.mask(month) | added.mask())


def _notice(added: Extension) -> str:
    """A stretch without its leading nought, as notices have it, where it can be read in one way so: 1:00 cannot."""
    whole = hours.to_spans(added.mask())
    short = whole.replace(" 0", " ")
    with suppress(HoursError):
        if np.array_equal(hours.parse_hours(short).mask(1), added.mask()):
            return short
    return whole


def _text(row: pd.Series, name: str) -> str:
    value = row.get(name, "")
    if pd.isna(value) or value == "":
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def remedy_words(change: pd.Series, places: pd.DataFrame, *, language: Language = "zh") -> str:
    """Say a change in words, without its number.

    Parameters
    ----------
    change
        A row of `cheapest_changes` or `remedies`.
    places
        Venues, or venues and assets: index of ids, column ``name``.
    language
        Language of the words.

    Returns
    -------
    str
        One clause.

    Examples
    --------
    >>> venues = pd.DataFrame({"name": ["石浦驿站"]}, index=["V9"])
    >>> change = pd.Series({"action": "extend", "place_id": "V9", "days": "weekdays", "start": 34, "end": 44})
    >>> remedy_words(change, venues)
    '石浦驿站工作日增开17:00-22:00'
    >>> remedy_words(pd.concat([change, pd.Series({"manner": "later"})]), venues)
    '石浦驿站工作日延长至22:00'
    """
    if language == "both":
        zh, en = remedy_words(change, places), remedy_words(change, places, language="en")
        return either(zh, en, language)
    place_id, action = str(change["place_id"]), str(change["action"])
    values = {
        "name": str(places["name"].get(place_id, place_id)) if place_id else "",
        "days": say(f"days.{change['days']}", language) if change.get("days") else "",
        "start": clock(int(change.get("start", 0))),
        "end": clock(int(change.get("end", 0))),
        "functions": _functions(str(change.get("functions", "")), language),
        "seats": int(change.get("seats", 0)),
        "minutes": _rounded(change.get("minutes")),
        "beyond": _rounded(change.get("minutes_beyond")),
    }
    clauses: list[str] = []
    for step in action.split("+"):
        if clauses:
            values["name"] = say("remedies.it", language)
        key = step
        if step == "extend":
            key = f"extend_{change.get('manner') or 'besides'}"
        if step == "survey":
            key = f"survey_{change.get('detail') or 'position'}"
        clauses.append(say(f"remedies.{key}", language, **values))
    return say("remedies.and", language).join(clauses)


def _functions(text: str, language: Language) -> str:
    return listed((say(f"choice.{name}", language) for name in text.split("|") if name), language)


def _rounded(value: object) -> str:
    return "" if value is None or pd.isna(value) else f"{float(str(value)):.0f}"
