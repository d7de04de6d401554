"""When workers are free and when venues are open, half hour by half hour through the week.

The finding that everything began with is one picture: rooms that are open while everybody is at work. It is drawn from
two rows of 336 numbers. How many venues are open is public. When workers are free is told as a share in steps, because
two neighbouring half hours differ by one employer's shift, and the difference of exact counts would be its size.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo import hours
from xsgeo.maps.publish import PublishRules, employers, may_show

STEPS = 20
"""A public page tells shares of workers in twentieths."""


def open_share(texts: pd.Series, *, weight: NDArray[np.float64] | None = None, month: int) -> NDArray[np.float64]:
    """Share of the rows that are open, or free, in each half hour of the week.

    Parameters
    ----------
    texts
        Hours as `xsgeo.hours.masks` reads them; rows without any are left out of both sides of the share.
    weight
        Workers of each row; rows count alike when None.
    month
        1 to 12.

    Returns
    -------
    numpy.ndarray
        336 shares, from Monday 0:00; zero where no row has hours.

    Examples
    --------
    >>> share = open_share(pd.Series(["周一 9:00-10:00", "周一 9:30-11:00"]), month=11)
    >>> share[18:22].tolist()
    [0.5, 1.0, 0.5, 0.5]
    """
    codes, patterns = hours.masks(texts, month=month)
    n = np.ones(len(texts)) if weight is None else weight
    by_pattern = np.bincount(codes[codes >= 0], weights=n[codes >= 0], minlength=len(patterns))
    total = by_pattern.sum()
    return by_pattern @ patterns / total if total else np.zeros(hours.SLOTS)


def week(workers: pd.DataFrame, venues: pd.DataFrame, *, month: int, rules: PublishRules) -> dict[str, object]:
    """What a page says of the week.

    Parameters
    ----------
    workers
        Groups: ``free_hours``, ``n_workers``, ``employer_id``.
    venues
        Plaques in use: ``open_hours``.
    month
        1 to 12.
    rules
        When a count may be shown.

    Returns
    -------
    dict
        ``venues``: thousandths of them that are open in each of 336 half hours; ``workers``: thousandths that are
        free, in steps, and None where nothing may be told.

    Examples
    --------
    >>> workers = pd.DataFrame({"free_hours": ["每天 18:00-22:00"], "n_workers": [30]}, index=["a"])
    >>> venues = pd.DataFrame({"open_hours": ["周一至周五 8:00-17:00"]}, index=["V1"])
    >>> found = week(workers, venues, month=11, rules=PublishRules())
    >>> found["workers"] is None, found["venues"][16:19]
    (True, [1000, 1000, 1000])
    """
    n = workers["n_workers"].to_numpy(np.int64)
    free: list[int] | None = None
    if may_show(employers(workers), n, rules):
        share = open_share(workers["free_hours"], weight=n.astype(float), month=month)
        steps = STEPS if rules.round_to > 1 else 1000
        free = [int(x) * (1000 // steps) for x in np.floor(share * steps + 0.5)]
    opened = open_share(venues["open_hours"], month=month)
    return {"venues": [int(x) for x in np.floor(opened * 1000 + 0.5)], "workers": free}
