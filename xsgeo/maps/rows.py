"""Rows of a study as the layers of pages take them: venues that are drawn, who is near, text where a cell is empty."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.settings import Standard

PRACTICAL_MIN = 1e-9


def whole(n: object) -> int | None:
    """Whole number, or None where it is missing."""
    return None if pd.isna(n) else int(n)  # type: ignore[call-overload]


def text_of(frame: pd.DataFrame, column: str) -> pd.Series:
    """Column as text on the frame's index, empty where missing or where there is no such column."""
    if column not in frame:
        return pd.Series("", index=frame.index, dtype=object)
    given = frame[column].astype(object)
    return given.where(given.notna(), "").astype(str).astype(object)


def open_venues(venues: pd.DataFrame) -> pd.DataFrame:
    """Plaques whose status is open, sorted by id: the order in which pages number them."""
    return venues[text_of(venues, "status") == "open"].sort_index()


def within_cutoff(
    minutes: pd.DataFrame, workers: pd.DataFrame, venues: pd.DataFrame, *, standard: Standard
) -> NDArray[np.intp]:
    """Pairs within the cut-off as row numbers of `workers` and `venues`, shape (n, 2).

    Examples
    --------
    >>> table = pd.DataFrame({"group_id": ["a", "a"], "venue_id": ["x", "y"], "minutes": [9.0, 16.0], "mode": "walk"})
    >>> workers = pd.DataFrame(index=["a"])
    >>> within_cutoff(table, workers, pd.DataFrame(index=["x", "y"]), standard=Standard()).tolist()
    [[0, 0]]
    """
    group = workers.index.get_indexer(minutes["group_id"])
    venue = venues.index.get_indexer(minutes["venue_id"])
    keep = (group >= 0) & (venue >= 0)
    if "mode" in minutes:
        limit = minutes["mode"].astype(str).map(dict(standard.cutoff_min)).fillna(-1.0).to_numpy(float)
        keep &= minutes["minutes"].to_numpy(float) <= limit + PRACTICAL_MIN
    return np.stack([group[keep], venue[keep]], axis=1)
