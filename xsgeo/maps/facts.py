"""What a page says in words and tables: its headline, the reasons, the towns, and by what it was measured.

Figures are those of `xsgeo.access.summarise`, exactly; small ones are merged, never changed (`xsgeo.maps.publish`).
Python sends numbers and the page's script words them, because a page that lets a planner move a venue must word new
numbers by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import REASONS, summarise
from xsgeo.maps.audience import ledger
from xsgeo.maps.frame import both_names, standard_facts
from xsgeo.maps.publish import HIDDEN, MERGED, employers, may_show, rounded
from xsgeo.maps.rows import text_of, within_cutoff
from xsgeo.maps.scope import Scope
from xsgeo.maps.week import week
from xsgeo.schemas import BASES
from xsgeo.settings import MODES

_FEW = "few"


def page_data(
    scope: Scope,
    venues: pd.DataFrame,
    plan_note: Mapping[str, object],
    links: Sequence[Mapping[str, object]],
    *,
    reached: pd.Series,
    index: str,
) -> dict[str, object]:
    """Everything that the script of a map's page puts into words.

    Parameters
    ----------
    scope
        What the page is about.
    venues
        Open plaques, as `xsgeo.maps.rows.open_venues` returns them.
    plan_note
        ``status``, ``objective``, ``bound`` and ``gap`` of the plan.
    links
        The other pages, as `link` describes them.
    reached
        What `reached_by` says of the plaques.
    index
        File name of the index.
    """
    cluster = scope.study.clusters.loc[scope.cluster_id] if scope.cluster_id else None
    rooms = text_of(venues, "room_id")
    doors = rooms.where(rooms != "", venues["lon"].round(5).astype(str) + " " + venues["lat"].round(5).astype(str))
    near = venues[(reached != "").to_numpy()] if scope.cluster_id else venues
    plan = dict.fromkeys(("status", "objective", "bound", "gap")) if "" in scope.withheld else plan_note
    private = {"ledger": ledger(scope.workers, scope.groups, scope.study.employers)} if scope.is_internal else {}
    return {
        **private,
        "audience": scope.audience,
        "tiles": "" if scope.tiles is None else scope.tiles.service,
        "index": index,
        "week": week(scope.workers, near, month=scope.study.standard.month, rules=scope.rules),
        "kind": "cluster" if scope.cluster_id else "county",
        "names": scope.names,
        "headline": headline(scope),
        "reasons": _reasons(scope),
        "towns": _towns(scope),
        "facts": facts(scope),
        "plan": {k: plan.get(k) for k in ("status", "objective", "bound", "gap")},
        "plaques": len(venues),
        "max_accuracy_m": scope.study.about.travel_rules.max_accuracy_m,
        "rooms": int(doors.nunique()),
        "months": None if cluster is None else [float(w) for w in cluster["month_weights"]],
        "needs": "" if cluster is None or pd.isna(cluster.get("venue_needs")) else str(cluster.get("venue_needs", "")),
        "links": list(links),
        "view": scope.view,
    }


def headline(scope: Scope) -> dict[str, object]:
    """Workers of a page, how many have a venue near and how many are served; shares alone where none may be counted."""
    row = summarise(scope.workers, scope.groups).iloc[0]
    if scope.is_withheld:  # a share of whole percents does not tell of how many
        shares = {name: round(float(row[name]), 2) for name in ("share_nominal", "share_effective")}
        return {"n_workers": None, "n_nominal": None, "n_effective": None, **shares}
    return {
        "n_workers": int(row["n_workers"]),
        "n_nominal": int(row["n_nominal"]),
        "n_effective": int(row["n_effective"]),
        "share_nominal": float(row["share_nominal"]),
        "share_effective": float(row["share_effective"]),
    }


def link(file: str, scope: Scope) -> dict[str, object]:
    """What the other pages say of one: its file, its names and its headline."""
    return {"file": file, "cluster": scope.cluster_id, "names": scope.names, **headline(scope)}


def _reasons(scope: Scope) -> list[dict[str, object]]:
    """Return unserved and served workers by reason, merged where need be; empty where nothing may be counted."""
    safe = scope.safe["reason"].to_numpy(dtype=object)
    if HIDDEN in safe:
        return []
    table = summarise(scope.workers.assign(published=safe), scope.groups, by="published")
    known = [r for r in [*REASONS, MERGED] if r in table.index]
    return [{"reason": r, "n": int(table.at[r, "n_workers"])} for r in known]


def _towns(scope: Scope) -> list[dict[str, object]]:
    """Coverage by town, worst first; towns that may not be counted alone are one row without a place."""
    safe = scope.safe["town"].to_numpy(dtype=object)
    if HIDDEN in safe:
        return []
    table = summarise(scope.workers.assign(published=safe), scope.groups, by="published")
    towns = scope.study.towns
    rows: list[dict[str, object]] = []
    for key, row in table.sort_values(["share_effective", "n_workers"]).iterrows():
        known = key in towns.index
        rows.append(
            {
                "names": both_names(towns, str(key)) if known else None,
                "at": [round(float(towns.at[key, c]), 4) for c in ("lat", "lon")] if known else None,
                "merged": 0 if known else int(scope.workers.loc[safe == key, "town_id"].nunique()),
                "n_workers": int(row["n_workers"]),
                "share_nominal": float(row["share_nominal"]),
                "share_effective": float(row["share_effective"]),
                **({"n_employers": _n_employers(scope.workers[safe == key])} if scope.is_internal else {}),
            }
        )
    return sorted(rows, key=lambda r: bool(r["merged"]))


def _n_employers(workers: pd.DataFrame) -> int:
    return len(np.unique(employers(workers)))


def reached_by(scope: Scope, venues: pd.DataFrame) -> pd.Series:
    """Workers within the cut-off of each plaque, rounded, as text: empty for none, ``few`` where it may not be said.

    Parameters
    ----------
    scope
        What the page is about.
    venues
        Open plaques.
    """
    n = scope.workers["n_workers"].to_numpy(np.int64)
    employer = employers(scope.workers)
    near = within_cutoff(scope.minutes, scope.workers, venues, standard=scope.study.standard)
    order = np.argsort(near[:, 1], kind="stable")
    group, venue = near[order, 0], near[order, 1]
    starts = np.searchsorted(venue, np.arange(len(venues) + 1))
    said = []
    for low, high in pairwise(starts):
        rows = group[low:high]
        if len(rows) == 0:
            said.append("")
        elif may_show(employer[rows], n[rows], scope.rules):
            said.append(str(rounded(int(n[rows].sum()), scope.rules)))
        else:
            said.append(_FEW)
    return pd.Series(said, index=venues.index, dtype=object)


def facts(scope: Scope) -> dict[str, object]:
    """By what the page was measured, and where its figures come from."""
    study, standard = scope.study, scope.study.standard
    return standard_facts(study) | {
        "cutoff": [[mode, float(standard.cutoff_min[mode])] for mode in MODES if mode in standard.cutoff_min],
        "basis_workers": basis_of(scope.workers, scope.workers["n_workers"].to_numpy(float)),
        "basis_venues": basis_of(study.venues, np.ones(len(study.venues))),
    }


def basis_of(frame: pd.DataFrame, weight: NDArray[np.float64]) -> list[list[object]]:
    """Shares of the figures by where they come from, as ``[basis, share]``.

    Parameters
    ----------
    frame
        Rows with ``basis``, where it is known.
    weight
        What each row counts.

    Examples
    --------
    >>> basis_of(pd.DataFrame({"basis": ["sourced", "sourced", ""]}), np.array([1.0, 2.0, 1.0]))
    [['sourced', 0.75], ['unstated', 0.25]]
    """
    given = text_of(frame, "basis").to_numpy(dtype=str)
    total = float(weight.sum())
    shares = [("unstated" if b == "" else b, float(weight[given == b].sum())) for b in (*BASES, "")]
    return [[b, round(s / total, 4)] for b, s in shares if s and total]
