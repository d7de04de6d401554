"""Coverage of a whole study as a table: of an ordinary week, of those present at a time, or over the year.

The sums are those of `xsgeo.access`; what is added here is the means of travel, which no ledger states, and the names
by which a planner asks for a breakdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xsgeo import access, network
from xsgeo.workflow.reaching import Reach

if TYPE_CHECKING:
    import pandas as pd

BREAKDOWNS = {
    "town": "town_id",
    "cluster": "cluster_id",
    "shift": "shift",
    "reason": "reason",
    "place": "place",
    "means": "means",
}
"""What a coverage table can be broken down by, and the column that says it."""


def coverage_table(found: Reach, *, by: str | None = None, present: pd.Series | None = None) -> pd.DataFrame:
    """Coverage by town, cluster, shift, reason, place or means, or of the whole.

    Parameters
    ----------
    found
        What `reach` found.
    by
        What to break down by; None for one row.
    present
        Workers of each group who are there at that time (`xsgeo.access.present`).

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.access.summarise`.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> coverage_table(reach(toy_county()), by="town")["share_effective"].round(3).to_dict()
    {'T1': 0.483, 'T2': 0.4}
    """
    workers = found.study.workers.assign(means=found.means)
    return access.summarise(workers, found.groups, by=None if by is None else BREAKDOWNS[by], present=present)


def year_table(found: Reach, *, by: str | None = None) -> pd.DataFrame:
    """Coverage of the workers present, month by month, or averaged over the year by town, cluster, shift and so on.

    Parameters
    ----------
    found
        What `reach` found.
    by
        What to break the year down by, any of `BREAKDOWNS` but the reason; months when None.

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.access.summarise_year`; without `by` a row a month and a last one, ``year``.

    Raises
    ------
    ValueError
        When broken down by reason: a group may have another one in each month, and they are columns of the table.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.workflow import reach
    >>> year_table(reach(toy_county())).index[[0, -1]].tolist()
    [1, 'year']
    """
    if by == "reason":
        msg = "a year is not broken down by reason: its table has a column for each"
        raise ValueError(msg)
    study = found.study
    year = access.yearly(
        study.workers,
        study.venues,
        found.minutes,
        located=found.snapped["reason"] == "",
        standard=study.standard,
        clusters=study.clusters,
        needs=study.needs,
        sailings=network.sailings(study.ferries),
    )
    workers = study.workers.assign(means=found.means)
    if by is not None:
        return access.summarise_year(workers, year, by=BREAKDOWNS[by])
    months = access.summarise_year(workers, year, by="month")
    months.loc["year"] = access.summarise_year(workers, year).iloc[0]
    return months
