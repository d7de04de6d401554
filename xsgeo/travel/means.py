"""By which means people go: as a ledger states it, or as the living-circle guideline takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.network import Network, check_mode, snap
from xsgeo.settings import MODES, TravelRules

if TYPE_CHECKING:
    import geopandas as gpd


def snap_by_mode(
    points: gpd.GeoDataFrame,
    network: Network,
    *,
    modes: pd.Series[str] | str,
    rules: TravelRules | None = None,
) -> pd.DataFrame:
    """Where each point joins the network by its own mode; a reason that is not empty means travel times are unknown.

    Parameters
    ----------
    points, network, rules
        As for `xsgeo.network.snap`.
    modes
        One mode for all, or a Series on the index of `points`.

    Returns
    -------
    pandas.DataFrame
        The columns of `xsgeo.network.snap` and ``mode``, on the index of `points`.

    Raises
    ------
    ValueError
        When an id is repeated, or a point has no mode or an unknown one.

    Examples
    --------
    >>> from xsgeo.datasets import toy_county
    >>> from xsgeo.network import build_network
    >>> county = toy_county()
    >>> roads = build_network(county.roads, county.ferries, county.land)
    >>> snap_by_mode(county.workers, roads, modes="walk")["reason"].to_dict()
    {'g1': '', 'g2': '', 'g3': '', 'g4': '', 'g5': '', 'g6': '', 'g7': 'too_far'}
    """
    check_ids(points.index)
    own_mode = own_modes(points.index, modes)
    parts = [snap(points[own_mode == mode], network, mode=mode, rules=rules) for mode in MODES]
    return pd.concat(parts).reindex(points.index).assign(mode=own_mode)


def usual_means(workers: pd.DataFrame, towns: pd.DataFrame) -> pd.Series[str]:
    """How each group usually travels: as its row says, else on foot in urban towns and by e-bike elsewhere.

    The default follows TD/T 1062-2021: a living circle is walked in built-up areas and ridden in villages.

    Parameters
    ----------
    workers
        Columns ``town_id`` and, where known, ``means``; blank means not known.
    towns
        Index ``town_id``, column ``is_urban`` (flag).

    Returns
    -------
    pandas.Series
        ``usual_means`` on the index of `workers`: ``walk``, ``ebike`` or ``drive``.

    Raises
    ------
    ValueError
        When a group without stated means names an unknown town, or its means are not among the modes.

    Examples
    --------
    >>> import pandas as pd
    >>> towns = pd.DataFrame({"is_urban": [True, False]}, index=["t1", "t2"])
    >>> workers = pd.DataFrame({"town_id": ["t1", "t2", "t2"], "means": ["", None, "drive"]}, index=["a", "b", "c"])
    >>> usual_means(workers, towns).to_dict()
    {'a': 'walk', 'b': 'ebike', 'c': 'drive'}
    """
    stated = workers["means"] if "means" in workers.columns else pd.Series("", index=workers.index, dtype=object)
    stated = stated.astype(object).where(stated.notna(), "")
    urban = workers["town_id"].map(towns["is_urban"])
    lost = (stated == "") & urban.isna()
    if lost.any():
        msg = f"no such town: {', '.join(sorted(workers.loc[lost, 'town_id'].astype(str).unique())[:10])}"
        raise ValueError(msg)
    default = np.where(urban.eq(True), "walk", "ebike")
    means = stated.where(stated != "", default).astype(str)
    for mode in sorted(means.unique()):
        check_mode(mode)
    return means.rename("usual_means")


def check_ids(ids: pd.Index[Any]) -> None:
    """Refuse ids that are given more than once.

    Raises
    ------
    ValueError
        Naming up to ten of them.

    Examples
    --------
    >>> check_ids(pd.Index(["a", "b"]))
    """
    if not ids.is_unique:
        msg = f"ids must be unique; repeated: {', '.join(sorted(map(str, ids[ids.duplicated()].unique()))[:10])}"
        raise ValueError(msg)


def own_modes(ids: pd.Index[Any], modes: pd.Series[str] | str) -> NDArray[np.object_]:
    """Mode of each point, as one for all or as a Series by id.

    Raises
    ------
    ValueError
        When a point has no mode, or one that is none.

    Examples
    --------
    >>> own_modes(pd.Index(["a", "b"]), "walk").tolist()
    ['walk', 'walk']
    """
    if isinstance(modes, str):
        check_mode(modes)
        return np.full(len(ids), modes, dtype=object)
    own = modes.reindex(ids)
    strange = ~own.isin(MODES)
    if strange.any():
        named = ", ".join(f"{i} ({mode})" for i, mode in own[strange].head(10).items())
        msg = f"modes must give one of {', '.join(MODES)} for each point; not so for {named}"
        raise ValueError(msg)
    return np.asarray(own, dtype=object)
