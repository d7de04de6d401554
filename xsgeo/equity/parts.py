"""Workers by town, cluster, shift, sex, age or island: who has how many hours, and whose doing the unevenness is.

Whose position is unknown has no hours, not zero hours: those workers are left out of the distribution, counted beside
it, and stay in the denominator of the share served, as everywhere. Women and under-35s are counted within groups, so a
group lends its hours to both halves of itself: differences within a group are not seen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xsgeo.access.masks import aligned
from xsgeo.equity.inequality import average, concentration, deprivation, fgt, gini, palma, shortfall, theil_parts

DIMENSIONS = ("town", "cluster", "shift", "sex", "age", "island")
_COLUMN = {"town": "town_id", "cluster": "cluster_id", "shift": "shift"}
_PART = {"sex": ("n_women", "women", "men"), "age": ("n_under_35", "under_35", "from_35")}
UNSTATED = "unstated"


def strata(workers: pd.DataFrame, *, by: str, towns: pd.DataFrame | None = None) -> pd.DataFrame:
    """Split the groups by town, cluster, shift, sex, age or island, with the workers of each part.

    Parameters
    ----------
    workers
        Groups, index ``group_id``; column ``n_workers`` and, as asked for, ``town_id``, ``cluster_id``, ``shift``,
        ``n_women``, ``n_under_35``.
    by
        One of `DIMENSIONS`.
    towns
        Index ``town_id``, column ``is_island``; needed for ``island`` alone.

    Returns
    -------
    pandas.DataFrame
        Columns ``group_id``, ``key`` and ``n_workers``, one row a group and part that has workers; ``unstated`` where
        the table does not say. Each group's parts sum to its workers.

    Raises
    ------
    ValueError
        When `by` is none of them, or ``island`` is asked for without `towns`.

    Examples
    --------
    >>> workers = pd.DataFrame({"n_workers": [10], "n_women": [4.0]}, index=pd.Index(["a"], name="group_id"))
    >>> strata(workers, by="sex").to_numpy().tolist()
    [['a', 'women', 4.0], ['a', 'men', 6.0]]
    """
    if by not in DIMENSIONS or (by == "island" and towns is None):
        msg = f"by must be one of {', '.join(DIMENSIONS)}, and island needs the towns; got {by!r}"
        raise ValueError(msg)
    n = workers["n_workers"].to_numpy(np.float64)
    if by in _PART:
        column, one, other = _PART[by]
        part = workers[column].to_numpy(np.float64, na_value=np.nan).clip(0, n)
        parts = [
            (one, np.nan_to_num(part)),
            (other, np.nan_to_num(n - part)),
            (UNSTATED, np.where(np.isnan(part), n, 0)),
        ]
        rows = [pd.DataFrame({"group_id": workers.index, "key": key, "n_workers": of}) for key, of in parts]
        table = pd.concat(rows, ignore_index=True)
    else:
        keys = _island(workers["town_id"], towns) if towns is not None and by == "island" else workers[_COLUMN[by]]
        texts = keys.astype(object).where(keys.notna() & keys.ne(""), UNSTATED).to_numpy()
        table = pd.DataFrame({"group_id": workers.index, "key": texts, "n_workers": n})
    return table[table["n_workers"] > 0].reset_index(drop=True)


def equity(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    by: str,
    min_hours_per_week: float,
    towns: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Who has how much, part by part, and what part each has in the unevenness of the whole.

    Parameters
    ----------
    workers, towns
        As for `strata`.
    groups
        What `xsgeo.access.coverage` said of them: ``usable_hours``, ``is_served``.
    by
        One of `DIMENSIONS`.
    min_hours_per_week
        The standard's hours a week: the line of hour poverty.

    Returns
    -------
    pandas.DataFrame
        One row a part, the worst-off first (least share served, then fewest hours, then key), and ``all`` last; index
        named as `by`. Columns: ``n_workers``, ``n_unknown`` (position unknown: in no column below but
        ``share_effective``, where they count as not served), ``share_effective``, ``mean_hours`` a week, ``gini``,
        ``palma``, ``fgt0``, ``fgt1``, ``fgt2`` of usable hours, ``share_of_workers``, ``share_of_gap`` (of FGT 1) and
        ``share_of_gini`` (of relative deprivation); each of the last three sums to 1 over the parts, or is missing
        where there is nothing to share out.

    Raises
    ------
    ValueError
        As `strata`, when the line is not above 0, and when `groups` lacks a group of `workers`.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [10, 30], "shift": ["day", "night"]}, index=index)
    >>> groups = pd.DataFrame({"usable_hours": [0.0, 8.0], "is_served": [False, True]}, index=index)
    >>> table = equity(workers, groups, by="shift", min_hours_per_week=4)
    >>> table[["share_effective", "gini", "share_of_gap"]]  # doctest: +NORMALIZE_WHITESPACE
           share_effective  gini  share_of_gap
    shift
    day               0.00   NaN           1.0
    night             1.00  0.00           0.0
    all               0.75  0.25           1.0
    """
    parts = _joined(strata(workers, by=by, towns=towns), aligned(groups, workers.index, "groups"))
    known = parts[parts["hours"].notna()]
    short = known["n_workers"] * deprivation(known["hours"], known["n_workers"]) if len(known) else known["n_workers"]
    gap = known["n_workers"] * shortfall(known["hours"].to_numpy(np.float64), min_hours_per_week, 1)
    rows = {key: _row(part, min_hours_per_week) for key, part in parts.groupby("key")}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=_row(parts, min_hours_per_week).index)
    for name, amount in (("workers", parts["n_workers"]), ("gap", gap), ("gini", short)):
        sums = amount.groupby(parts["key"].reindex(amount.index)).sum().reindex(table.index, fill_value=0.0)
        table[f"share_of_{name}"] = sums / sums.sum() if sums.sum() > 0 else np.nan
    table = table.rename_axis("key").reset_index().sort_values(["share_effective", "mean_hours", "key"])
    whole = _row(parts, min_hours_per_week).to_frame().T.assign(key="all")
    for name in ("workers", "gap", "gini"):
        whole[f"share_of_{name}"] = table[f"share_of_{name}"].sum(min_count=1)
    table = pd.concat([table, whole[table.columns]], ignore_index=True).set_index("key").rename_axis(by)
    return table.astype(float).astype({"n_workers": "int64", "n_unknown": "int64"})


def summary(
    workers: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    by: str,
    min_hours_per_week: float,
    towns: pd.DataFrame | None = None,
    rank_by: pd.Series | None = None,
) -> pd.Series:
    """Say the unevenness of the whole in a handful of figures.

    Parameters
    ----------
    workers, groups, by, min_hours_per_week, towns
        As for `equity`.
    rank_by
        What workers are ranked by for the concentration index, on the index of `workers`, such as the size of their
        employer; groups where it is missing are left out of that figure.

    Returns
    -------
    pandas.Series
        ``worst`` (key of the worst-off part), ``worst_share`` (its share served), ``gini``, ``palma``, ``theil``,
        ``theil_between`` and ``theil_within`` the parts, ``concentration`` (missing without a ranking), ``fgt0``,
        ``fgt1``, ``fgt2``, ``n_unknown``.

    Examples
    --------
    >>> index = pd.Index(["a", "b"], name="group_id")
    >>> workers = pd.DataFrame({"n_workers": [10, 30], "shift": ["day", "night"]}, index=index)
    >>> groups = pd.DataFrame({"usable_hours": [0.0, 8.0], "is_served": [False, True]}, index=index)
    >>> said = summary(workers, groups, by="shift", min_hours_per_week=4)
    >>> said["worst"], said["gini"]
    ('day', 0.25)
    """
    table = equity(workers, groups, by=by, min_hours_per_week=min_hours_per_week, towns=towns)
    parts = _joined(strata(workers, by=by, towns=towns), groups).dropna(subset=["hours"])
    whole, worst = table.loc["all"], table.index[0]
    figures = {"worst": worst, "worst_share": float(table["share_effective"].iloc[0])}
    figures |= {name: float(whole[name]) for name in ("gini", "palma", "fgt0", "fgt1", "fgt2")}
    figures |= {"theil": np.nan, "theil_between": np.nan, "theil_within": np.nan, "concentration": np.nan}
    if len(parts):
        between, within = theil_parts(parts["hours"], parts["key"], parts["n_workers"])
        figures |= {"theil": between + within, "theil_between": between, "theil_within": within}
    if rank_by is not None:
        ranked = pd.DataFrame({"hours": groups["usable_hours"], "n": workers["n_workers"], "by": rank_by}).dropna()
        if len(ranked):
            figures["concentration"] = concentration(ranked["hours"], ranked["by"], ranked["n"])
    return pd.Series({**figures, "n_unknown": int(whole["n_unknown"])}, name="summary", dtype=object)


def _joined(parts: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Parts in the order of key and group, with the hours of each group and whether it is served."""
    of = groups.loc[parts["group_id"]]
    joined = parts.assign(hours=of["usable_hours"].to_numpy(np.float64), is_served=of["is_served"].to_numpy(dtype=bool))
    return joined.sort_values(["key", "group_id"], ignore_index=True)


def _row(parts: pd.DataFrame, line: float) -> pd.Series:
    n = parts["n_workers"].to_numpy(np.float64)
    known = parts[parts["hours"].notna()]
    hours, weight = known["hours"].to_numpy(np.float64), known["n_workers"].to_numpy(np.float64)
    figures = {
        "n_workers": round(n.sum()),
        "n_unknown": round(n.sum() - weight.sum()),
        "share_effective": (n * parts["is_served"].to_numpy(bool)).sum() / n.sum() if n.sum() else np.nan,
        **dict.fromkeys(("mean_hours", "gini", "palma", "fgt0", "fgt1", "fgt2"), np.nan),
    }
    if weight.sum() > 0:
        figures |= {"mean_hours": average(hours, weight), "gini": gini(hours, weight), "palma": palma(hours, weight)}
        figures |= {f"fgt{alpha}": fgt(hours, line, alpha, weight) for alpha in (0, 1, 2)}
    return pd.Series(figures, dtype=float)


def _island(town: pd.Series, towns: pd.DataFrame) -> pd.Series:
    return town.map(towns["is_island"]).map({True: "island", False: "mainland"})
