"""Standards as data: what "within reach" means, by whom it was said, and when.

Two reports can differ by thirty points because one walks ten minutes and the other rides fifteen, so no number leaves
xsgeo without the name of its standard, and the standards stand in one file (``standards.toml``) that a planner can read
beside the law. A study adds its own under ``[standards.<id>]`` in ``study.toml``, in the same words; it may not reuse
an id of ours, because two numbers under one name is how reports come to disagree.

A standard says *how far by which means*. A group whose usual means the standard names goes by those; any other group
goes by the slowest means it names (`means`). A walking standard is thus asked of everybody on foot: a rider can walk,
and to call all riders out of reach would measure the standard's silence and not the county. A distance (``radius_m``)
becomes minutes of walking at the study's own speed, along roads and from door to door; that is stricter than a circle
drawn on a map.

What a standard leaves open (the month whose hours are used, the share that comes at once, the share that must find a
seat) is the study's, so that several standards are compared on common inputs.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xsgeo.catalogue import Language, either
from xsgeo.errors import Fault
from xsgeo.settings import MODES, Standard, TravelRules

if TYPE_CHECKING:
    import pandas as pd

    from xsgeo.study import About, Study

SECTION = "standards"
_SHARED = ("month", "peak_share", "min_seated_share")
_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")


def named(standard_id: str, about: About | None = None) -> Standard:
    """Find a standard by its id: one of ours, or one of the study's.

    Parameters
    ----------
    standard_id
        Id, as `available` lists them.
    about
        What the study says of itself; without it only our own are known, at the default speeds.

    Returns
    -------
    Standard
        Ready to measure by; what it leaves open is the study's.

    Raises
    ------
    ValueError
        Naming the ids there are.

    Examples
    --------
    >>> dict(named("gb10").cutoff_min)
    {'walk': 10.0}
    """
    known = available(about)
    if standard_id not in known:
        msg = f"there is no standard {standard_id!r}; there are {', '.join(known)}"
        raise ValueError(msg)
    return known[standard_id]


def available(about: About | None = None) -> dict[str, Standard]:
    """Every standard by its id: the study's own first, then those that come with xsgeo.

    Parameters
    ----------
    about
        What the study says of itself, or None.

    Returns
    -------
    dict of str to Standard
        In a fixed order. The standard the study is measured by stands first and wins over one of the same id.

    Examples
    --------
    >>> list(available())
    ['gb15', 'gb10', 'gb5', 'culture15', 'village15', 'town30', 'station500']
    """
    if about is None:
        return {key: _made(key, entry, TravelRules(), {}) for key, entry in _shipped().items()}
    shared = {name: getattr(about.standard, name) for name in _SHARED}
    ours = {key: _made(key, entry, about.travel_rules, shared) for key, entry in _shipped().items()}
    return {about.standard.standard_id: about.standard} | {
        key: standard for key, standard in (dict(about.standards) | ours).items() if key != about.standard.standard_id
    }


def source(standard: Standard, language: Language = "zh") -> str:
    """Say where a standard comes from, with its date and its address where there is one.

    Parameters
    ----------
    standard
        A standard.
    language
        Language of the words; a study's own source is said as it stands there.

    Examples
    --------
    >>> source(named("town30"), "en")
    'Planning assumption (2026): a venue in town within 30 minutes by usual means; no published standard to cite yet'
    """
    entry = _shipped().get(standard.standard_id, {})
    english = str(entry["source_en"]) if entry.get("source") == standard.source else standard.source
    zh, en = (f"{words} {standard.source_url}".rstrip() for words in (standard.source, english))
    return either(zh, en, language)


def measured_by(study: Study, standard: Standard | str) -> Study:
    """Return the study with another standard; every table stays as it is.

    Parameters
    ----------
    study
        A study.
    standard
        A standard, or the id of one.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> measured_by(toy_county(), "gb5").standard.standard_id
    'gb5'
    """
    chosen = named(standard, study.about) if isinstance(standard, str) else standard
    return dataclasses.replace(study, about=dataclasses.replace(study.about, standard=chosen))


def means(usual: pd.Series[str], standard: Standard) -> pd.Series[str]:
    """How each group travels by a standard.

    Parameters
    ----------
    usual
        Usual means of each group (`xsgeo.travel.usual_means`).
    standard
        The standard.

    Returns
    -------
    pandas.Series
        ``means`` on the same index: the usual means where the standard names them, else the slowest it names.

    Examples
    --------
    >>> import pandas as pd
    >>> means(pd.Series(["walk", "ebike"], index=["a", "b"]), named("gb15")).to_dict()
    {'a': 'walk', 'b': 'walk'}
    """
    slowest = next(mode for mode in MODES if mode in standard.cutoff_min)
    return usual.where(usual.isin(list(standard.cutoff_min)), slowest).rename("means")


def read(
    entries: object, *, rules: TravelRules, standard: Standard, file: str
) -> tuple[dict[str, Standard], list[Fault]]:
    """Read the ``[standards.<id>]`` of a study.

    Parameters
    ----------
    entries
        What stands under ``standards`` in ``study.toml``.
    rules
        The study's speeds, for distances.
    standard
        The study's standard: what an entry leaves open is taken from it.
    file
        Name of the file, for messages.

    Returns
    -------
    standards
        Those without a fault, by id, in the order of the ids.
    faults
        Everything wrong, each with the key, the value and the remedy.

    Examples
    --------
    >>> entry = {"near": {"name": "近处", "name_en": "near", "radius_m": 400, "source": "本县"}}
    >>> found, faults = read(entry, rules=TravelRules(), standard=Standard(), file="study.toml")
    >>> dict(found["near"].cutoff_min), faults
    ({'walk': 5.0}, [])
    """
    if not isinstance(entries, Mapping):
        return {}, [Fault(file, 0, SECTION, str(entries), "standard_table")]
    shared = {name: getattr(standard, name) for name in _SHARED}
    found: dict[str, Standard] = {}
    faults: list[Fault] = []
    for key in sorted(entries):
        wrong = [
            Fault(file, 0, ".".join([SECTION, key, *column]), str(value), code, details)
            for column, value, code, details in _faults_of(key, entries[key])
        ]
        faults += wrong
        if not wrong:
            found[key] = _made(key, entries[key], rules, shared)
    return found, faults


_Wrong = tuple[tuple[str, ...], object, str, tuple[tuple[str, str], ...]]


def _faults_of(key: str, entry: object) -> Iterator[_Wrong]:
    """Column (below the entry), value, code and details of everything wrong with one entry."""
    if not _ID.fullmatch(key):
        yield (), key, "standard_id", ()
    if key in _shipped():
        yield (), key, "standard_taken", ()
    if not isinstance(entry, Mapping):
        yield (), entry, "standard_table", ()
        return
    known = {f.name for f in dataclasses.fields(Standard)} - {"standard_id"} | {"radius_m"}
    yield from (((name,), name, "unknown_setting", ()) for name in sorted(set(entry) - known))
    yield from (((n,), n, "missing_setting", ()) for n in ("name", "name_en", "source") if not entry.get(n))
    if ("radius_m" in entry) == ("cutoff_min" in entry):
        yield (), key, "standard_distance", ()
    for name, (fits, code) in _CHECKS.items():
        if name in entry and not fits(entry[name]):
            yield (name,), entry[name], code, ()
    if "cutoff_min" in entry:
        yield from _faults_of_cutoffs(entry["cutoff_min"])
    yield from _faults_of_functions(entry.get("functions", []))


def _faults_of_cutoffs(cutoffs: object) -> Iterator[_Wrong]:
    if not isinstance(cutoffs, Mapping) or not cutoffs:
        yield ("cutoff_min",), cutoffs, "standard_cutoffs", (("modes", ", ".join(MODES)),)
        return
    for mode, minutes in cutoffs.items():
        if mode not in MODES:
            yield ("cutoff_min", mode), mode, "standard_mode", (("modes", ", ".join(MODES)),)
        elif not _is_number(minutes, least=0, most=24 * 60):
            yield ("cutoff_min", mode), minutes, "standard_minutes", ()


def _faults_of_functions(functions: object) -> Iterator[_Wrong]:
    from xsgeo.schemas import TABLES

    choices = TABLES["venues"].columns["functions"].metadata["choices"]
    if not isinstance(functions, list):
        yield ("functions",), functions, "standard_list", ()
        return
    details = (("functions", "、".join(choices)),)
    yield from ((("functions",), name, "standard_function", details) for name in functions if name not in choices)


def _is_number(value: object, *, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least < value <= most


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_month(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12


def _between(most: float) -> Callable[[object], bool]:
    return lambda value: _is_number(value, least=0, most=most)


_CHECKS: Mapping[str, tuple[Callable[[object], bool], str]] = MappingProxyType(
    {
        "name": (_is_text, "standard_text"),
        "name_en": (_is_text, "standard_text"),
        "source": (_is_text, "standard_text"),
        "source_url": (_is_text, "standard_text"),
        "radius_m": (_between(100_000), "standard_metres"),
        "min_hours_per_week": (_between(168), "standard_hours"),
        "month": (_is_month, "standard_month"),
        "peak_share": (_between(1), "standard_share"),
        "min_seated_share": (_between(1), "standard_share"),
    }
)


def _made(key: str, entry: Mapping[str, Any], rules: TravelRules, shared: Mapping[str, Any]) -> Standard:
    values = {**shared, **{name: tuple(v) if isinstance(v, list) else v for name, v in entry.items()}}
    values.pop("source_en", None)
    radius_m = values.pop("radius_m", None)
    if radius_m is not None:
        values["cutoff_min"] = {"walk": 60 * radius_m / (1000 * rules.walk_kmh)}
    return Standard(standard_id=key, **values)


@cache
def _shipped() -> Mapping[str, Mapping[str, Any]]:
    text = files("xsgeo").joinpath("standards.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))
