"""``study.toml``: what a study says of itself and of the rules it is measured by, checked before anything is read.

A setting with a wrong name, of a wrong kind or without a meaning (a walking speed of ``inf``, a function that no venue
can have) is refused with its key and the reason, all of them at once. The records of `xsgeo.settings` hold the bounds
of single figures; what they cannot know, that TOML also has infinities, lists and sections, is asked here for all of
them alike, from the kind of each default.
"""

from __future__ import annotations

import dataclasses
import math
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from xsgeo import standards
from xsgeo.errors import Fault, HoursError, StudyError, phrase
from xsgeo.hours import Calendar, parse_hours
from xsgeo.schemas import FUNCTIONS
from xsgeo.settings import CostRules, SitingRules, Standard, TravelRules
from xsgeo.sources import SETTINGS_FILE
from xsgeo.study import About
from xsgeo.values import Unclear, read_date

_SECTIONS = {
    "standard": ("standard", Standard),
    "travel": ("travel_rules", TravelRules),
    "siting": ("siting_rules", SitingRules),
    "costs": ("costs", CostRules),
    "calendar": ("calendar", Calendar),
}
_WORDS = ("title", "title_en", "as_of")


def read_settings(root: Path) -> dict[str, Any]:
    """Parse the ``study.toml`` of a folder.

    Parameters
    ----------
    root
        The study folder.

    Raises
    ------
    StudyError
        When there is none, or it is no TOML.
    """
    path = root / SETTINGS_FILE
    if not path.is_file():
        raise StudyError([Fault(root.name or str(root), 0, "", str(root), "no_study")])
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise StudyError([Fault(SETTINGS_FILE, 0, "", str(error), "bad_settings")]) from error


def read_about(settings: Mapping[str, Any]) -> About:
    """Return what a study says of itself and of its rules.

    Parameters
    ----------
    settings
        What `read_settings` gave.

    Raises
    ------
    StudyError
        With everything that is wrong.

    Examples
    --------
    >>> read_about({"title": "甲县", "title_en": "A", "as_of": "2026-05-01"}).as_of
    '2026-05-01'
    """
    known = {*_WORDS, "demonstration", "tables", standards.SECTION, *_SECTIONS}
    faults = [Fault(SETTINGS_FILE, 0, key, key, "unknown_setting") for key in settings if key not in known]
    faults += [Fault(SETTINGS_FILE, 0, key, key, "missing_setting") for key in _WORDS if not settings.get(key)]
    faults += list(_wrong_words(settings))
    records: dict[str, Any] = {}
    for section, (attribute, kind) in _SECTIONS.items():
        given = settings.get(section, {})
        found = list(_wrong_section(section, given, kind))
        faults += found
        try:
            values = {} if found else {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
            records[attribute] = kind(**values)
        except (TypeError, ValueError) as error:
            # As a detail it is told whole: cut to the length of a cell it would lose the very value it names.
            faults.append(Fault(SETTINGS_FILE, 0, section, str(error), "bad_settings", (("value", str(error)),)))
    faults += _wrong_hours(records.get("siting_rules"), records.get("costs"))
    own, found = standards.read(
        settings.get(standards.SECTION, {}),
        rules=records.get("travel_rules", TravelRules()),
        standard=records.get("standard", Standard()),
        file=SETTINGS_FILE,
    )
    faults += found
    if faults:
        raise StudyError(faults)
    return About(
        title=str(settings["title"]),
        title_en=str(settings["title_en"]),
        as_of=read_date(str(settings["as_of"])),
        is_demonstration=settings.get("demonstration", False),
        standards=own,
        **records,
    )


def _wrong_words(settings: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("title", "title_en"):
        if settings.get(key) and not isinstance(settings[key], str):
            yield _wrong(key, settings[key], "setting.text")
    if not isinstance(settings.get("demonstration", False), bool):
        yield _wrong("demonstration", settings["demonstration"], "setting.flag")
    if settings.get("as_of"):
        try:
            read_date(str(settings["as_of"]))
        except Unclear:
            yield _wrong("as_of", settings["as_of"], "setting.date")


def _wrong_section(section: str, given: object, kind: type) -> Iterator[Fault]:
    """Unknown keys of a section, and values that are not of the kind of their default."""
    if not isinstance(given, Mapping):
        yield _wrong(section, given, "setting.section")
        return
    defaults = {f.name: getattr(kind(), f.name) for f in dataclasses.fields(kind)}
    for key, value in given.items():
        place = f"{section}.{key}"
        if key not in defaults:
            yield Fault(SETTINGS_FILE, 0, place, key, "unknown_setting")
            continue
        reason = _misfit(value, defaults[key])
        if reason:
            yield _wrong(place, value, reason)
        elif key == "typhoon_stops":
            yield from (_wrong(place, day, "setting.date") for day in value if not _is_date(day))
        elif key == "functions":
            yield from (
                _wrong(place, value, "setting.functions", word=str(word), known=", ".join(FUNCTIONS))
                for word in value
                if word not in FUNCTIONS
            )


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _misfit(value: object, default: object) -> str:
    """Key of the words for what a value should be, empty where it is that; TOML knows nan, inf and true."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    fits: dict[type, tuple[bool, str]] = {
        bool: (isinstance(value, bool), "setting.flag"),
        int: (is_whole, "setting.whole"),
        float: (_is_finite(value), "setting.number"),
        str: (isinstance(value, str), "setting.text"),
        tuple: (isinstance(value, list), "setting.list"),
        dict: _fits_table(value, default),
    }
    good, reason = fits.get(type(default), (True, ""))
    return "" if good else reason


def _fits_table(value: object, default: object) -> tuple[bool, str]:
    """Whether a table holds texts where its default does, else numbers; and the words for what it should hold."""
    values = value.values() if isinstance(value, Mapping) else [None]
    if isinstance(default, Mapping) and any(isinstance(word, str) for word in default.values()):
        return all(isinstance(word, str) for word in values), "setting.text"
    return all(map(_is_finite, values)), "setting.number"


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong(place: str, value: object, reason: str, **words: str) -> Fault:
    return Fault(SETTINGS_FILE, 0, place, str(value), "wrong_setting", (("reason", phrase(reason, **words)),))


def _wrong_hours(rules: SitingRules | None, costs: CostRules | None) -> list[Fault]:
    """Hours that a proposed venue or an action would keep and that nobody can read."""
    texts = {} if rules is None else {"siting.open_hours": rules.open_hours}
    texts |= {} if costs is None else {f"costs.patterns.{name}": text for name, text in costs.patterns.items()}
    faults = []
    for place, text in texts.items():
        try:
            parse_hours(text)
        except HoursError as error:
            details = (("residue", error.residue),)
            faults.append(Fault(SETTINGS_FILE, 0, place, text, "unreadable_hours", details))
    return faults
