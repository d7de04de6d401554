"""From minutes between places to the long table, and the limits they are searched by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.network import Floats, Ints, check_mode
from xsgeo.settings import MODES

MS = 60_000.0
"""Milliseconds of a minute."""

MOST_MS = 2**30
"""Half of the milliseconds that 32 bits hold, twelve days: longer than any way."""


@dataclass(frozen=True, eq=False)
class Found:
    """Ways between points of one mode: row numbers of both ends, minutes there and back, and the ferries taken."""

    origin: Ints
    destination: Ints
    minutes: Floats
    minutes_back: Floats | None = None
    ferries: Ints | None = None
    ferry_names: tuple[str, ...] = ("",)


def cutoffs_by_mode(cutoff_min: Mapping[str, float] | float) -> dict[str, float]:
    """Cut-off of each mode in the order of `MODES`, from one for all or a mapping.

    Raises
    ------
    ValueError
        When a mode is none, or its minutes are not above 0 and finite.

    Examples
    --------
    >>> cutoffs_by_mode({"drive": 30, "walk": 15})
    {'walk': 15.0, 'drive': 30.0}
    """
    by_mode = dict(cutoff_min) if isinstance(cutoff_min, Mapping) else dict.fromkeys(MODES, cutoff_min)
    for mode, minutes in by_mode.items():
        check_mode(mode)
        if not 0 < minutes < np.inf:
            msg = f"cutoff_min must be above 0 and finite, got {minutes} for {mode}"
            raise ValueError(msg)
    return {mode: float(by_mode[mode]) for mode in MODES if mode in by_mode}


def limit_ms(cutoff: float) -> int:
    """A cut-off in whole milliseconds.

    Examples
    --------
    >>> limit_ms(15.0)
    900000
    """
    return min(round(cutoff * MS), MOST_MS)


def long_table(
    found: Sequence[Found],
    own_mode: NDArray[np.object_],
    origin_ids: pd.Index[Any],
    destination_ids: pd.Index[Any],
    names: tuple[str, str],
    *,
    back: bool = False,
) -> pd.DataFrame:
    """One table of what was found by each mode, sorted by origin and destination; rows of one pair keep their order.

    Parameters
    ----------
    found
        Ways of each mode.
    own_mode
        Mode of each origin.
    origin_ids, destination_ids
        Ids by row number.
    names
        Names of the two id columns.
    back
        Whether to add ``minutes_back`` and ``ferries``.
    """
    origin = np.concatenate([np.empty(0, dtype=np.intp), *(part.origin for part in found)])
    destination = np.concatenate([np.empty(0, dtype=np.intp), *(part.destination for part in found)])
    minutes = np.concatenate([np.empty(0), *(part.minutes for part in found)])
    by_id = _rank(origin_ids)[origin] * len(destination_ids) + _rank(destination_ids)[destination]
    order = np.argsort(by_id, kind="stable")
    origin, destination = origin[order], destination[order]
    columns: dict[str, Any] = {
        names[0]: origin_ids.take(origin),
        names[1]: destination_ids.take(destination),
        "minutes": minutes[order],
        "mode": pd.Series(own_mode[origin], dtype=str),
    }
    if back:
        returns = [part.minutes if part.minutes_back is None else part.minutes_back for part in found]
        ferries = [np.array(part.ferry_names, dtype=object)[_or_zeros(part.ferries, part.origin)] for part in found]
        columns["minutes_back"] = np.concatenate([np.empty(0), *returns])[order]
        columns["ferries"] = pd.Series(np.concatenate([np.empty(0, dtype=object), *ferries])[order], dtype=str)
    return pd.DataFrame(columns)


def _or_zeros(numbers: Ints | None, like: Ints) -> Ints:
    return np.zeros(len(like), dtype=np.intp) if numbers is None else numbers


def _rank(ids: pd.Index[Any]) -> Ints:
    rank = np.empty(len(ids), dtype=np.intp)
    rank[ids.argsort()] = np.arange(len(ids))
    return rank
