"""Pairs that people have labelled, read for measuring, and the measures in words.

What a county labels itself has parts and cases of its own; the demonstration's have words in the catalogue, others keep
theirs. A number that is none would make a pair that nobody could find, so it is refused and not left out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from xsgeo.catalogue import WORDS, Language, say
from xsgeo.errors import Fault, StudyError
from xsgeo.review.workbook import cells_of


def read_labelled(path: Path) -> pd.DataFrame:
    """Read pairs that people have labelled, for `xsgeo.sharing.evaluate`.

    Parameters
    ----------
    path
        A table with ``<field>_a`` and ``<field>_b`` for each of `xsgeo.sharing.FIELDS`, ``verdict`` (``same`` or
        ``different``), and ``part`` and ``case``, any words to tell pairs apart by.

    Returns
    -------
    pandas.DataFrame
        Numbers as numbers, everything else as text.

    Raises
    ------
    StudyError
        When a column is missing, a verdict is neither word, or a number is none.
    """
    from xsgeo.sharing import FIELDS

    cells = cells_of(path)
    wanted = [f"{field}_{side}" for field in FIELDS for side in "ab"] + ["verdict", "part", "case"]
    absent = [c for c in wanted if c not in cells]
    if absent:
        raise StudyError([Fault(path.name, 0, "", c, "missing_column") for c in absent])
    names = [f"{f}_{s}" for f in ("lon", "lat", "accuracy_m", "area_m2") for s in "ab"]
    numbers = cells[names].apply(pd.to_numeric, errors="coerce")
    wrong = [("verdict", "labelled_verdict", ~cells["verdict"].isin(["same", "different"]))]
    wrong += [(c, "not_a_number", (cells[c] != "") & ~np.isfinite(numbers[c])) for c in names]
    faults = [Fault(path.name, int(str(r)), c, cells.at[r, c], code) for c, code, at in wrong for r in cells.index[at]]
    if faults:
        raise StudyError(faults)
    return cells.assign(**numbers)


def case_table(table: pd.DataFrame, *, language: Language = "zh") -> pd.DataFrame:
    """Say the kinds of difficulty of `xsgeo.sharing.evaluate` in words.

    Parameters
    ----------
    table
        What it gave.
    language
        Language of the words.

    Returns
    -------
    pandas.DataFrame
        The same rows; shares as ``share_precision`` and ``share_recall``. Kinds that are not the demonstration's keep
        the words they were labelled with.

    Examples
    --------
    >>> table = pd.DataFrame({"n_pairs": [3, 2]}, index=pd.Index(["two_floors", "老厂房"], name="case"))
    >>> case_table(table)["n_pairs"].to_dict()
    {'同楼不同层': 3, '老厂房': 2}
    """
    keys = {key: f"case.{table.index.name}.{key}" for key in map(str, table.index)}
    unstated = say("stratum.unstated", language)
    words = {key: say(name, language) if name in WORDS else key or unstated for key, name in keys.items()}
    return table.rename(index=words, columns={"precision": "share_precision", "recall": "share_recall"})
