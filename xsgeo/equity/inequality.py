"""Measures of how uneven a weighted distribution is, each with its source at its function.

Gini, Palma, Theil's T and the concentration index say how uneven; the Foster-Greer-Thorbecke family says how many fall
short of a line and by how much. Two of them can be laid at somebody's door *exactly*. The FGT measures are averages
over people, so a town's part is its own average times its share of people. The Gini coefficient is the mean relative
deprivation over the mean (Yitzhaki 1979): each is short of every better-off one by the difference, and a town's part is
the shortfall of its own. Both are never negative and sum to the whole, which a between-group term of Theil's index is
not for a single town; that one is given for the whole alone.

Where nobody has anything, inequality is undefined and the answer is missing rather than zero.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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
    values, weights
        As in `gini`.
    rank_by
        What they are ranked by, from the worst placed to the best; equals share their rank.

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
    total, mean = w.sum(), average(y, w)
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
    values, weights
        As in `gini`.

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
    values, weights
        As in `gini`; a group that straddles a boundary is split.

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
    if average(y, w) == 0:
        return float("nan")
    curve = lorenz(y, w)
    low, high = np.interp([0.4, 0.9], curve["share_workers"], curve["share_hours"])
    return float("inf") if low == 0 else float((1 - high) / low)


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    r"""Theil's T, the general entropy of degree 1.

    Parameters
    ----------
    values, weights
        As in `gini`; who has nothing adds nothing, the limit of y ln y.

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
    mean = average(y, w)
    if mean == 0:
        return float("nan")
    ratio = y / mean
    # At or above 0 by Jensen's inequality; rounding may put equal values a hair below.
    return max(0.0, float((w * ratio * np.log(np.where(ratio > 0, ratio, 1.0))).sum() / w.sum()))


def theil_parts(values: ArrayLike, keys: ArrayLike, weights: ArrayLike | None = None) -> tuple[float, float]:
    """Split Theil's T exactly into what lies between the keys and what lies within them.

    Parameters
    ----------
    values, weights
        As in `gini`.
    keys
        Town, shift or the like of each.

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
    if average(y, w) == 0:
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
    values, weights
        As in `gini`.
    line
        Hours a week below which a worker is poor in hours, above 0.
    alpha
        0, 1, 2 or any number that is not negative.

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
    return float((w * shortfall(y, line, alpha)).sum() / w.sum())


def deprivation(values: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """By how much each is short of those who have more, averaged over everybody.

    Parameters
    ----------
    values, weights
        As in `gini`.

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


def shortfall(y: Floats, line: float, alpha: float) -> Floats:
    """How far each is below a line, as a share of it to the power alpha; 0 for who is not below it.

    Raises
    ------
    ValueError
        When the line is not above 0 or alpha is negative.

    Examples
    --------
    >>> shortfall(np.array([1.0, 4.0, 5.0]), 4.0, 1).tolist()
    [0.75, 0.0, 0.0]
    """
    if not line > 0 or alpha < 0:
        msg = f"the line must be above 0 and alpha not negative, got {line} and {alpha}"
        raise ValueError(msg)
    short = (line - y).clip(0) / line
    return np.where(y < line, short**alpha, 0.0)


def average(y: Floats, w: Floats) -> float:
    """Weighted mean of checked values.

    Examples
    --------
    >>> average(np.array([0.0, 4.0]), np.array([3.0, 1.0]))
    1.0
    """
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
