"""How unevenly usable hours are spread over workers, who has fewest, and which town makes it so.

A county at 83 % can be a county where one shift has nothing. Coverage alone cannot tell, so here the usable hours a
week of `xsgeo.access.coverage` are treated as economists treat incomes: a row is a group of workers, its weight their
number, and every measure is that of the *workers*, so that splitting a group in two changes nothing.

The measures, each with its source at its function: Gini, Palma, Theil's T and the concentration index say how uneven;
the Foster-Greer-Thorbecke family says how many fall short of the standard's hours and by how much. Two of them can be
laid at somebody's door *exactly*. The FGT measures are averages over workers, so a town's part is its own average times
its share of workers. The Gini coefficient is the mean relative deprivation over the mean (Yitzhaki 1979): each worker
is short of every better-off worker by the difference, and a town's part is the shortfall of its own workers. Both are
never negative and sum to the whole, which a between-group term of Theil's index is not for a single town; that one is
given for the county alone.

Whose position is unknown has no hours, not zero hours: those workers are left out of the distribution, counted beside
it, and stay in the denominator of the share served, as everywhere. Where nobody has an hour, inequality is undefined
and the answer is missing rather than zero. Women and under-35s are counted within groups, so a group lends its hours to
both halves of itself: differences within a group are not seen.

Frames in, frames out; nothing here knows files or roads.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DIMENSIONS = ("town", "cluster", "shift", "sex", "age", "island")
_COLUMN = {"town": "town_id", "cluster": "cluster_id", "shift": "shift"}
_PART = {"sex": ("n_women", "women", "men"), "age": ("n_under_35", "under_35", "from_35")}
UNSTATED = "unstated"


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Gini coefficient of a weighted distribution.

    Parameters
    ----------
    values
        What each has, none negative.
    weights
        How many have it; one each when None.

    Returns
    -------
    float
        0 where all have the same, towards 1 where one has everything; at most ``1 - w/W`` with w the least weight.
        Missing where nobody has anything.

    Raises
    ------
    ValueError
        When a value or weight is negative or missing, or all weights are 0.

    Notes
    -----
    .. math:: G = \frac{1}{2 \mu W^2} \sum_i \sum_j w_i w_j |y_i - y_j|

    Sen (1973), *On Economic Inequality*. It is the concentration index ranked by the values themselves.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 4]), gini([0, 4], [3, 1])
    (0.0, 0.75, 0.75)
    """
    y, w = _checked(values, weights)
    return concentration(y, y, w)


def concentration(values: ArrayLike, rank_by: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Concentration index: whether those who rank high have more.

    Parameters
    ----------
    values
        What each has, none negative.
    rank_by
        What they are ranked by, from the worst placed to the best; equals share their rank.
    weights
        How many there are of each; one each when None.

    Returns
    -------
    float
        Between -1 (all with the worst placed) and 1; 0 where rank makes no difference. Missing where nobody has
        anything.

    Raises
    ------
    ValueError
        As `gini`, and when a rank is missing.

    Notes
    -----
    .. math:: C = \frac{2}{\mu} \operatorname{cov}_w(y, R)

    with R the fractional rank, the share of workers ranked lower plus half of those ranked equal. Kakwani, Wagstaff
    and van Doorslaer (1997), *Journal of Econometrics* 77(1), 87-103.

    Examples
    --------
    >>> concentration([0, 4], [1, 2]), concentration([4, 0], [1, 2])
    (0.5, -0.5)
    """
    y, w = _checked(values, weights)
    by = np.asarray(rank_by, dtype=np.float64)
    if by.shape != y.shape or np.isnan(by).any():
        msg = "rank_by must have a number for each value"
        raise ValueError(msg)
    total, mean = w.sum(), _mean(y, w)
    if mean == 0:
        return float("nan")
    _, inverse = np.unique(by, return_inverse=True)
    size = np.bincount(inverse, weights=w)
    rank = (np.cumsum(size) - size / 2) / total
    sums = np.bincount(inverse, weights=w * (y - mean))
    return float(2 * (sums * (rank - 0.5)).sum() / (total * mean))


def lorenz(values: ArrayLike, weights: ArrayLike | None = None) -> pd.DataFrame:
    """Points of the Lorenz curve: the share of all hours that the workers with fewest have.

    Parameters
    ----------
    values
        What each has, none negative.
    weights
        How many have it; one each when None.

    Returns
    -------
    pandas.DataFrame
        ``share_workers`` and ``share_hours`` from (0, 0) to (1, 1), one point a distinct value; straight lines
        between. Without any hours the curve is the diagonal.

    Raises
    ------
    ValueError
        As `gini`.

    Notes
    -----
    Lorenz (1905), *Publications of the American Statistical Association* 9(70), 209-219.

    Examples
    --------
    >>> lorenz([3, 1]).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    y, w = _checked(values, weights)
    level, inverse = np.unique(y, return_inverse=True)
    people = np.bincount(inverse, weights=w)
    level, people = level[people > 0], people[people > 0]
    hours = level * people
    part = hours / hours.sum() if hours.sum() > 0 else people / people.sum()
    shares = {
        "share_workers": np.r_[0.0, np.cumsum(people) / people.sum()],
        "share_hours": np.r_[0.0, np.cumsum(part)],
    }
    points = pd.DataFrame(shares).clip(upper=1.0)
    points.iloc[-1] = 1.0
    return points


def palma(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Palma ratio: what the tenth with most has over what the four tenths with fewest have.

    Parameters
    ----------
    values
        What each has, none negative.
    weights
        How many have it; one each when None. A group that straddles a boundary is split.

    Returns
    -------
    float
        0.25 where all have the same; infinite where the four tenths have nothing; missing where nobody has anything.

    Raises
    ------
    ValueError
        As `gini`.

    Notes
    -----
    ``(1 - L(0.9)) / L(0.4)`` with L the Lorenz curve. Palma (2011), *Development and Change* 42(1), 87-153; Cobham and
    Sumner (2013), CGD Working Paper 343.

    Examples
    --------
    >>> round(palma([1] * 10), 6), round(palma(range(1, 11)), 6)
    (0.25, 1.0)
    """
    y, w = _checked(values, weights)
    if _mean(y, w) == 0:
        return float("nan")
    curve = lorenz(y, w)
    low, high = np.interp([0.4, 0.9], curve["share_workers"], curve["share_hours"])
    return float("inf") if low == 0 else float((1 - high) / low)


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Theil's T, the general entropy of degree 1.

    Parameters
    ----------
    values
        What each has, none negative; who has nothing adds nothing, the limit of y ln y.
    weights
        How many have it; one each when None.

    Returns
    -------
    float
        0 where all have the same, at most ``ln(W/w)``; missing where nobody has anything.

    Raises
    ------
    ValueError
        As `gini`.

    Notes
    -----
    .. math:: T = \frac{1}{W} \sum_i w_i \frac{y_i}{\mu} \ln \frac{y_i}{\mu}

    Theil (1967), *Economics and Information Theory*.

    Examples
    --------
    >>> theil([2, 2]), round(theil([0, 4]), 6)
    (0.0, 0.693147)
    """
    y, w = _checked(values, weights)
    mean = _mean(y, w)
    if mean == 0:
        return float("nan")
    ratio = y / mean
    # At or above 0 by Jensen's inequality; rounding may put equal values a hair below.
    return max(0.0, float((w * ratio * np.log(np.where(ratio > 0, ratio, 1.0))).sum() / w.sum()))


def theil_parts(values: ArrayLike, keys: ArrayLike, weights: ArrayLike | None = None) -> tuple[float, float]:
    """Split Theil's T exactly into what lies between the keys and what lies within them.

    Parameters
    ----------
    values
        What each has, none negative.
    keys
        Town, shift or the like of each.
    weights
        How many have it; one each when None.

    Returns
    -------
    between, within
        Their sum is `theil`. Between is T if all of a key had the key's mean; within is the mean of the keys' own T
        by their shares of all hours. Both missing where nobody has anything.

    Raises
    ------
    ValueError
        As `gini`.

    Notes
    -----
    Shorrocks (1980), *Econometrica* 48(3), 613-625.

    Examples
    --------
    >>> [round(part, 6) for part in theil_parts([1, 1, 3, 3], ["a", "a", "b", "b"])]
    [0.130812, 0.0]
    """
    y, w = _checked(values, weights)
    if _mean(y, w) == 0:
        return float("nan"), float("nan")
    frame = pd.DataFrame({"key": np.asarray(keys, dtype=object), "w": w, "hours": y * w, "y": y})
    sums = frame[w > 0].groupby("key")[["w", "hours"]].sum()
    between = theil(sums["hours"] / sums["w"], sums["w"])
    shares = sums["hours"] / sums["hours"].sum()
    # A key without an hour has no unevenness of its own, and no share of the hours to weigh it by.
    own = [
        shares[key] * theil(part["y"], part["w"])
        for key, part in frame[w > 0].groupby("key")
        if part["hours"].sum() > 0
    ]
    return between, float(sum(own))


def fgt(values: ArrayLike, line: float, alpha: float, weights: ArrayLike | None = None) -> float:
    r"""Poverty of hours: how many are below the line (0), how far on average (1), the worst-off counted most (2).

    Parameters
    ----------
    values
        What each has, none negative.
    line
        Hours a week below which a worker is poor in hours, above 0.
    alpha
        0, 1, 2 or any number that is not negative.
    weights
        How many have it; one each when None.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        As `gini`, and when the line is not above 0 or alpha is negative.

    Notes
    -----
    .. math:: P_\alpha = \frac{1}{W} \sum_{y_i < z} w_i \left( \frac{z - y_i}{z} \right)^\alpha

    Foster, Greer and Thorbecke (1984), *Econometrica* 52(3), 761-766.

    Examples
    --------
    >>> [round(fgt([100, 110, 150, 160], 125, alpha), 4) for alpha in (0, 1, 2)]
    [0.5, 0.08, 0.0136]
    """
    y, w = _checked(values, weights)
    return float((w * _shortfall(y, line, alpha)).sum() / w.sum())


def deprivation(values: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """By how much each is short of those who have more, averaged over everybody.

    Parameters
    ----------
    values
        What each has, none negative.
    weights
        How many have it; one each when None.

    Returns
    -------
    numpy.ndarray
        In the unit of the values. Its weighted mean over the mean of the values is the Gini coefficient, so a town's
        part of the coefficient is the part of its workers in that sum.

    Raises
    ------
    ValueError
        As `gini`.

    Notes
    -----
    Yitzhaki (1979), *Quarterly Journal of Economics* 93(2), 321-324.

    Examples
    --------
    >>> deprivation([0, 4]).tolist()
    [2.0, 0.0]
    """
    y, w = _checked(values, weights)
    level, inverse = np.unique(y, return_inverse=True)
    people = np.bincount(inverse, weights=w)
    above = people[::-1].cumsum()[::-1] - people
    held = (level * people)[::-1].cumsum()[::-1] - level * people
    return np.asarray(((held - level * above) / w.sum())[inverse], dtype=np.float64)


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
        As `strata`, and when the line is not above 0.

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
    parts = _joined(strata(workers, by=by, towns=towns), groups)
    known = parts[parts["hours"].notna()]
    short = known["n_workers"] * deprivation(known["hours"], known["n_workers"]) if len(known) else known["n_workers"]
    gap = known["n_workers"] * _shortfall(known["hours"].to_numpy(np.float64), min_hours_per_week, 1)
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
    of = groups.reindex(parts["group_id"])
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
        figures |= {"mean_hours": _mean(hours, weight), "gini": gini(hours, weight), "palma": palma(hours, weight)}
        figures |= {f"fgt{alpha}": fgt(hours, line, alpha, weight) for alpha in (0, 1, 2)}
    return pd.Series(figures, dtype=float)


def _island(town: pd.Series, towns: pd.DataFrame) -> pd.Series:
    return town.map(towns["is_island"]).map({True: "island", False: "mainland"})


def _shortfall(y: Floats, line: float, alpha: float) -> Floats:
    if not line > 0 or alpha < 0:
        msg = f"the line must be above 0 and alpha not negative, got {line} and {alpha}"
        raise ValueError(msg)
    short = (line - y).clip(0) / line
    return np.where(y < line, short**alpha, 0.0)


def _mean(y: Floats, w: Floats) -> float:
    return float((y * w).sum() / w.sum())


def _checked(values: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    y = np.asarray(values, dtype=np.float64)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
    if y.ndim != 1 or w.shape != y.shape or not (y >= 0).all() or not (w >= 0).all() or not np.isfinite(y.sum()):
        msg = "values and weights must be two lists of the same length without negative or missing numbers"
        raise ValueError(msg)
    if not w.sum() > 0:
        msg = "somebody must be counted: the weights sum to 0"
        raise ValueError(msg)
    return y, w
