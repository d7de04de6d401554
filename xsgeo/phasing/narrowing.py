"""The same question with fewer actions and fewer rows, once most actions are known not to matter.

Groups are rows of their own because some action serves one and not the other. When that action is out of the running
they are alike again, and one row does for both: a third of the solver's time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from xsgeo.phasing.model import Task


def narrowed(task: Task, kept: NDArray[np.intp]) -> Task:
    """Ask the same with fewer actions, and join the rows that these serve alike.

    Parameters
    ----------
    task
        The question, without seats and without closings.
    kept
        Rows of the actions that may be taken.

    Returns
    -------
    Task
        Any choice of these actions is worth the same in both.

    Examples
    --------
    >>> import pandas as pd
    >>> from xsgeo.phasing import Terms, task
    >>> actions = pd.DataFrame({"site_id": ["s", "t"], "cost_once": 1.0, "cost_per_year": 0.0}, index=["a", "b"])
    >>> pairs = pd.DataFrame({"action_id": ["a", "a", "b"], "group_id": ["g", "h", "h"]})
    >>> weights, towns = pd.Series([3, 4], index=["g", "h"]), pd.Series("T1", index=["g", "h"])
    >>> asked = task(weights, towns, actions, pairs, terms=Terms((1.0,)))
    >>> narrowed(asked, np.array([0])).weight.tolist()
    [7.0]
    """
    to, first = alike(task.cover[kept], task.town if task.workers else None)
    some = to >= 0
    weight = np.bincount(to[some], weights=task.weight[some], minlength=len(first))
    return replace(
        task,
        actions=task.actions.iloc[kept],
        cover=csr_array(task.cover[kept][:, first]),
        weight=np.asarray(weight, dtype=np.float64),
        row_of=np.where(task.row_of >= 0, to[task.row_of], -1) if len(to) else task.row_of,
        first=task.first[first],
        town=task.town[first],
        site=np.unique(task.site[kept], return_inverse=True)[1].astype(np.intp),
    )


def alike(cover: csr_array, towns: NDArray[np.object_] | None = None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the rows that the same actions serve.

    Parameters
    ----------
    cover
        Actions by rows.
    towns
        Of each row, where rows of two towns are to stay apart.

    Returns
    -------
    to : numpy.ndarray
        For each row the number of its kind, -1 where no action serves it.
    first : numpy.ndarray
        The first row of each kind.

    Examples
    --------
    >>> to, first = alike(csr_array(np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])))
    >>> to.tolist(), first.tolist()
    ([0, -1, 0], [0])
    """
    rows = csr_array(cover.T)
    rows.eliminate_zeros()
    rows.sort_indices()
    kinds: dict[tuple[bytes, object], int] = {}
    to = np.full(rows.shape[0], -1, dtype=np.intp)
    first: list[int] = []
    for i in np.flatnonzero(np.diff(rows.indptr) > 0):
        key = rows.indices[rows.indptr[i] : rows.indptr[i + 1]].tobytes(), None if towns is None else towns[i]
        to[i] = kinds.setdefault(key, len(kinds))
        if to[i] == len(first):
            first.append(int(i))
    return to, np.array(first, dtype=np.intp)
