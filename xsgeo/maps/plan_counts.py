"""Which numbers of a plan may be told, so that none of them, nor any difference of them, is a count of few employers.

A plan over years is told in three tables at once: workers gained in all, by the end of each year, and by action. They
are sums of one another, so whoever subtracts gets every difference. Therefore they are settled from the top down, each
as a partition of the one above (the idea of `xsgeo.maps.publish.merge_small`): years are told whose gain since the last
year told may be shown (`told_years`); within the years between, actions are told that may be shown, and those that may
not are left out together, the smallest of the others with them where they would not pass otherwise (`told_actions`).
A room that is closed is one of the actions: where few lose by it, its figure and that of some gain are left out
together, so that what is told of the whole, gains less losses, gives neither away.

Of an action, the workers who would have no other are told only where they and the rest of it both pass (`may_part`).

With rules that hide nothing every number is told.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xsgeo.maps.publish import HIDDEN, MERGED, PublishRules, may_show, merge_small


def told_years(
    year: NDArray[np.intp],
    employer: NDArray[np.intp],
    n: NDArray[np.float64],
    n_years: int,
    *,
    rules: PublishRules,
) -> list[int]:
    """Years for which it may be told how many workers are gained by their end, less those who lose.

    Parameters
    ----------
    year
        Year in which each group, or part of one, is gained or lost.
    employer, n
        As for `xsgeo.maps.publish.may_show`.
    n_years
        Years of the plan.
    rules
        When a count may be shown.

    Returns
    -------
    list of int
        The last year is among them unless nothing may be told. Years without a gain are told: nobody is nobody.

    Examples
    --------
    Year 2 gains two employers' workers, too few; they are told together with those of year 3.

    >>> year = np.array([1] * 5 + [2] * 2 + [3] * 5)
    >>> told_years(year, np.arange(12), np.full(12, 10), 3, rules=PublishRules())
    [1, 3]
    """

    def may(after: int, until: int) -> bool:
        some = (year > after) & (year <= until)
        return not n[some].sum() or may_show(employer[some], n[some], rules)

    told = [0]
    for number in range(1, n_years + 1):
        if may(told[-1], number):
            told.append(number)
    while told[-1] != n_years:
        told.pop()
        if not told:
            return []
        if may(told[-1], n_years):
            told.append(n_years)
    return told[1:]


def told_actions(
    action: NDArray[np.object_],
    year: NDArray[np.intp],
    employer: NDArray[np.intp],
    n: NDArray[np.float64],
    *,
    years: Sequence[int],
    rules: PublishRules,
) -> frozenset[str]:
    """Actions of which it may be told how many workers they serve.

    Parameters
    ----------
    action
        Action by which each group, or part of one, is gained or lost.
    year, employer, n, rules
        As for `told_years`.
    years
        What `told_years` allows.

    Examples
    --------
    >>> action = np.array(["a"] * 6 + ["b"] * 2 + ["c"] * 7, dtype=object)
    >>> year, employer, n = np.ones(15, dtype=int), np.arange(15), np.full(15, 10)
    >>> sorted(told_actions(action, year, employer, n, years=[1], rules=PublishRules()))
    ['c']
    """
    told: set[str] = set()
    for after, until in zip([0, *years], years, strict=False):
        mine = (year > after) & (year <= until)
        if mine.any():
            keys = merge_small(action[mine], employer[mine], n[mine], rules)
            told |= {str(k) for k in set(keys)} - {MERGED, HIDDEN}
    return frozenset(told)


def may_part(
    whole: NDArray[np.bool_],
    part: NDArray[np.bool_],
    employer: NDArray[np.intp],
    n: NDArray[np.float64],
    rules: PublishRules,
) -> bool:
    """Whether a part of a count may be told beside the whole: the part and the rest each pass, or are nobody.

    Parameters
    ----------
    whole, part
        Masks of the groups; the part lies within the whole.
    employer, n, rules
        As for `xsgeo.maps.publish.may_show`.

    Examples
    --------
    >>> whole = np.ones(7, dtype=bool)
    >>> n = np.full(7, 10)
    >>> may_part(whole, np.arange(7) < 5, np.arange(7), n, PublishRules())
    False
    >>> may_part(whole, whole, np.arange(7), n, PublishRules())
    True
    """
    sides = (part, whole & ~part)
    return all(not n[side].sum() or may_show(employer[side], n[side], rules) for side in sides)
