"""The order of the stages of sharing: pairs to confirm, verdicts kept, and the four tables of what doors would gain.

Like `xsgeo.workflow`, it holds the order and nothing else. Verdicts live in the study as a small table of their own
(``room_pairs.csv``): the ledgers belong to others and are never rewritten.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import network, outputs, sharing
from xsgeo.errors import Fault, StudyError
from xsgeo.sources import SETTINGS_FILE
from xsgeo.study import Study
from xsgeo.studyfile import read_settings
from xsgeo.workflow import Reach

FILE = sharing.PAIRS_FILE
_KEPT = ("venue_a", "venue_b", "verdict", "source")


def county_name(study: Study) -> str:
    """Name of the county, which plaques may put before the town's; empty where the boundary does not say.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> county_name(toy_county())
    ''
    """
    names = [str(n) for n in study.boundary["name"]] if "name" in study.boundary else []
    found = next((m for n in names if (m := re.match(r"[\u4e00-\u9fff]{1,5}?[县区市]", n))), None)
    return found[0] if found else ""


def plaque_pairs(study: Study, *, least: float = 0.1) -> pd.DataFrame:
    """Pairs of plaques that may hang on one room.

    Parameters
    ----------
    study
        The study.
    least
        Least probability of a pair that is listed.

    Returns
    -------
    pandas.DataFrame
        What `xsgeo.sharing.find_pairs` gives.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> plaque_pairs(toy_county())["probability"].tolist()
    []
    """
    return sharing.find_pairs(study.venues, study.towns, county=county_name(study), least=least)


def undecided(pairs: pd.DataFrame, decided: pd.DataFrame) -> pd.DataFrame:
    """Pairs nobody has decided yet.

    Parameters
    ----------
    pairs
        What `plaque_pairs` gave.
    decided
        Columns ``venue_a`` and ``venue_b``.

    Returns
    -------
    pandas.DataFrame
        The rows of `pairs` that are left.

    Examples
    --------
    >>> pairs = pd.DataFrame({"venue_a": ["V1", "V1"], "venue_b": ["V2", "V3"], "probability": [0.9, 0.4]})
    >>> undecided(pairs, pd.DataFrame({"venue_a": ["V2"], "venue_b": ["V1"]}))["venue_b"].tolist()
    ['V3']
    """
    return pairs.loc[~_are_among(pairs, decided)]


def _are_among(pairs: pd.DataFrame, others: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each pair stands in another table, whichever of its plaques comes first."""
    known = {frozenset(p) for p in zip(others["venue_a"], others["venue_b"], strict=True)}
    both = zip(pairs["venue_a"], pairs["venue_b"], strict=True)
    return np.array([frozenset(p) in known for p in both], dtype=bool)


def keep_verdicts(folder: Path, study: Study, decided: pd.DataFrame) -> Path:
    """Keep verdicts in the study; a newer verdict on a pair replaces the older, ``open`` withdraws it.

    Parameters
    ----------
    folder
        The study's folder.
    study
        The study that was read from it.
    decided
        What `xsgeo.review.read_review` gave; ``source`` and ``row`` may be absent.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    StudyError
        When the verdicts, old and new together, contradict each other or the rooms that the ledger states, or when
        ``study.toml`` has the study read them from another file than the one written here.
    OutputError
        When the folder cannot be written to.
    """
    named = read_settings(folder).get("tables", {}).get("room_pairs", {})
    elsewhere = str(named.get("file") or named.get("files") or FILE)
    if elsewhere != FILE:
        raise StudyError([Fault(SETTINGS_FILE, 0, "tables.room_pairs", elsewhere, "review_elsewhere")])
    new = decided[[c for c in _KEPT if c in decided]]
    # A table written by hand has ids of its own: what is replaced is told by the plaques, not by the id of the pair.
    whole = pd.concat([study.room_pairs[~_are_among(study.room_pairs, new)], new]).sort_index().fillna("")
    whole = whole[whole["verdict"] != "open"]
    try:
        sharing.room_labels(study.venues, whole)
    except StudyError as error:
        raise StudyError(_at_row(fault, decided) for fault in error.faults) from None
    text = whole.reset_index().to_csv(index=False, lineterminator="\n")
    return outputs.write_files({FILE: text}, folder)[0]


def _at_row(fault: Fault, decided: pd.DataFrame) -> Fault:
    """Where a verdict was just given, point to its row."""
    if fault.value not in decided.index or not {"source", "row"} <= set(decided):
        return fault
    given = decided.loc[fault.value]
    return dataclasses.replace(fault, file=str(given["source"]), row=int(given["row"]))


def tables(found: Reach) -> dict[str, pd.DataFrame]:
    """What sharing would gain, as four tables.

    Parameters
    ----------
    found
        What `xsgeo.workflow.reach` found.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``opportunities``, ``complements``, ``cross_town`` and ``calendar``, as `xsgeo.sharing` gives them.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> tables(reach(toy_county()))["opportunities"].iloc[0].to_dict()
    {'n_shut_out': 100, 'n_if_shared': 0, 'n_if_longer': 100, 'n_if_both': 100}
    """
    study, minutes, groups = found.study, found.minutes, found.groups
    frames = (study.workers, study.venues, minutes)
    standard, sailings = study.standard, network.sailings(study.ferries)
    rooms = sharing.room_labels(study.venues, study.room_pairs)
    asked: dict[str, Any] = {"standard": standard, "needs": study.needs, "sailings": sailings}
    proposed = study.about.siting_rules.open_hours
    return {
        "opportunities": sharing.opportunities(*frames, groups, open_hours=proposed, **asked),
        "complements": sharing.complements(study.venues.assign(room_id=rooms), standard=standard),
        "cross_town": sharing.cross_town(*frames, **asked),
        "calendar": sharing.draft_calendar(*frames, groups, rooms, **asked),
    }
