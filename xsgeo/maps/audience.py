"""For whom a page is: anyone, or the office alone.

Pages are public unless somebody says otherwise in so many words. An internal page names employers and says how many
work for each, which a planner needs to talk to them and nobody else may have; so it has a folder and file names of its
own, a banner at its head on screen, paper and picture, and nothing in it can be switched to make it public. What makes
it internal is one set of rules that hides nothing, and one block of data that public pages do not have; there is no
flag in the file that a reader could turn over.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from xsgeo.access import REASONS
from xsgeo.maps.publish import PublishRules, cells
from xsgeo.maps.publish import employers as number_employers

Audience = Literal["public", "internal"]

RULES: Mapping[Audience, PublishRules] = MappingProxyType(
    {"public": PublishRules(), "internal": PublishRules(min_employers=1, max_share=1.0, round_to=1)}
)
"""What each may be told; internal hides nothing."""

FOLDERS: Mapping[Audience, str] = MappingProxyType({"public": "maps", "internal": "maps-internal"})
"""Where the command writes unless told otherwise, so that the two never lie in one folder by accident."""

PLAN_PAGE = "plan.html"
"""What the page of a plan is called beside the others."""


def is_internal(page: str) -> bool:
    """Whether the text of a page of ours is that of an internal one.

    Parameters
    ----------
    page
        HTML.

    Examples
    --------
    >>> is_internal('<script type="application/json" id="xsgeo_page">{"audience":"internal"}</script>')
    True
    """
    return '"audience":"internal"' in page


def is_plan(page: str) -> bool:
    """Whether the text of a page is that of a plan over years, drawn by xsgeo.

    Parameters
    ----------
    page
        HTML.

    Examples
    --------
    >>> is_plan("venue_id,name")
    False
    """
    return 'id="xsgeo_page"' in page and 'id="steps_' in page


def file_name(name: str, *, audience: Audience = "public", is_online: bool = False) -> str:
    """Name of a page's file, which says what is unusual about it.

    Parameters
    ----------
    name
        File name of the public page.
    audience
        For whom it is.
    is_online
        Whether it asks a map service for its background.

    Examples
    --------
    >>> file_name("county.html", audience="internal"), file_name("county.html", is_online=True)
    ('county.internal.html', 'county.online.html')
    """
    marks = ".internal" * (audience == "internal") + ".online" * is_online
    return f"{name.removesuffix('.html')}{marks}.html"


def ledger(workers: pd.DataFrame, groups: pd.DataFrame, employers: pd.DataFrame) -> dict[str, object]:
    """Every group by place, with its employer and number: for internal pages only.

    Parameters
    ----------
    workers
        Groups sorted by id, with ``employer_id``, ``lon``, ``lat``, ``n_workers`` and, where known, ``shift``.
    groups
        What `xsgeo.access.coverage` said of them.
    employers
        Index ``employer_id``, column ``name``.

    Returns
    -------
    dict
        ``names`` of the employers, ``shifts``, ``n_employers``, and by group ``place`` (as `xsgeo.maps.publish.cells`
        numbers them), ``employer``, ``shift``, ``n`` and ``reason``, each a number.

    Examples
    --------
    >>> index = pd.Index(["a"], name="group_id")
    >>> workers = pd.DataFrame({"employer_id": "E1", "lon": 121.9, "lat": 29.2, "n_workers": 12}, index=index)
    >>> groups = pd.DataFrame({"reason": ["closed"]}, index=index)
    >>> employers = pd.DataFrame({"name": ["甲厂"]}, index=["E1"])
    >>> found = ledger(workers, groups, employers)
    >>> found["names"], found["n"], found["n_employers"]
    (['甲厂'], [12], 1)
    """
    ids = workers["employer_id"].fillna("").astype(str)
    known = sorted(set(ids))
    names = employers["name"].astype(str).to_dict()
    shift = workers["shift"].fillna("").astype(str) if "shift" in workers else pd.Series("", index=workers.index)
    shifts = sorted(set(shift))
    reasons = groups["reason"].astype(str)
    return {
        "names": [names.get(key, key) for key in known],
        "shifts": shifts,
        "n_employers": len(np.unique(number_employers(workers))),
        "place": cells(workers).tolist(),
        "employer": pd.Index(known).get_indexer(ids).tolist(),
        "shift": pd.Index(shifts).get_indexer(shift).tolist(),
        "n": workers["n_workers"].astype(int).tolist(),
        "reason": [REASONS.index(r) for r in reasons],
    }
