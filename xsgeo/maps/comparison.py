"""The page of a comparison: what is changed, who gains, who loses, and where.

It is a page like the others (`xsgeo.maps.pages`), one file that asks for nothing, and it may be forwarded like them. A
difference says more of single employers than a state does, because whoever knows both sides can subtract. So its counts
go by stricter rules than those of the other pages: those who gain and those who lose are counted as two tables of their
own, each merged until every row passes `xsgeo.maps.publish`, no figure before and after stands beside one another for
anything smaller than the county, and what is shown is rounded.

Gains and losses differ in colour (blue and vermilion of Okabe and Ito's set) and in shape, a triangle up and a triangle
down, so the map can be read without either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xsgeo.access import REASONS
from xsgeo.catalogue import WORDS, Language, say
from xsgeo.compare import ABSENT, summarise_changes
from xsgeo.hours import parse_hours, to_spans
from xsgeo.maps.canvas import FONT, SCRIPTS, CanvasLayer
from xsgeo.maps.frame import both_names, dress, page_map, standard_facts, view_of
from xsgeo.maps.ground import add_land, add_roads, add_towns
from xsgeo.maps.layers import add_venues
from xsgeo.maps.pack import pack_xy, to_text
from xsgeo.maps.page import render_offline
from xsgeo.maps.publish import (
    HIDDEN,
    MERGED,
    PublishRules,
    areas,
    cells,
    employers,
    may_show,
    merge_small,
    middles,
    rounded,
)
from xsgeo.schemas import TABLES

if TYPE_CHECKING:
    from xsgeo.scenarios import Change, Scenario
    from xsgeo.study import Study

STATES = ("gained", "lost", "same")
"""What a change does to a group, in the order in which the page numbers them."""


MANY_MARKS = 12
"""More numbered changes than this would hide what they do; they are then switched off at first."""


class ChangesLayer(CanvasLayer):
    """Gains and losses, drawn by a script of their own."""

    scripts = (*SCRIPTS, "changes.js")


def render_comparison(
    before: Study,
    after: Study,
    changed: pd.DataFrame,
    *,
    titles: tuple[tuple[str, str], tuple[str, str]],
    scenarios: Sequence[Scenario] = (),
    language: Language = "both",
    rules: PublishRules | None = None,
) -> str:
    """Draw who gains and who loses as a self-contained page.

    Parameters
    ----------
    before, after
        The studies compared.
    changed
        What `xsgeo.compare.compare` said of their groups.
    titles
        What the sides are called, Chinese and English each.
    scenarios
        What was changed before and after; listed on the page and marked on its map. A change of an employer's own room
        does not name it.
    language
        Language of the page; ``both`` puts English beside the Chinese.
    rules
        When a count may be shown.

    Returns
    -------
    str
        HTML; the same input gives the same text, whatever the order of its rows.

    Raises
    ------
    PageError
        When the page would fetch something.
    """
    rules = rules or PublishRules()
    workers = _workers(before, after, changed)
    changed = changed.loc[workers.index]
    state = _states(changed)
    marks = [_mark(number, *found) for number, found in enumerate(_changes(before, after, scenarios), start=1)]
    view = view_of(after.workers, after.towns)
    m = page_map(view)
    add_land(m, after.land, language=language)
    add_roads(m, after.roads, language=language)
    m.add_child(ChangesLayer("changes", _drawn(workers, state, rules), m=m, language=language))
    venues = pd.DataFrame(after.venues.drop(columns="geometry"))
    add_venues(m, venues, towns=after.towns, month=after.standard.month, language=language)
    add_towns(m, after.towns, language=language)
    placed = [mark for mark in marks if mark["at"]]
    points = np.array([mark["at"] for mark in placed], dtype=float).reshape(-1, 2)
    badges = {"points": pack_xy(points), "items": placed, "font": FONT}
    few = len(placed) <= MANY_MARKS
    m.add_child(CanvasLayer("proposals", badges, m=m, language=language, show=few))
    data = {
        "titles": [list(title) for title in titles],
        "names": [before.about.title, before.about.title_en or before.about.title],
        "headline": _headline(changed, workers, rules),
        "towns": _by_town(after, changed, workers, rules),
        "flows": _flows(changed, workers, rules),
        "changes": marks,
        "facts": _facts(after),
        "view": view,
    }
    dress(m.get_root(), data, script="compare.js", language=language)
    name = titles[1][1] if language == "en" else titles[1][0]
    return render_offline(m.get_root(), title=name, language=language)


def _workers(before: Study, after: Study, changed: pd.DataFrame) -> pd.DataFrame:
    """Groups of both sides; where a group is on both it stands where it is afterwards."""
    keep = ["town_id", "cluster_id", "employer_id", "lon", "lat"]
    then, first = (pd.DataFrame(study.workers[keep]) for study in (after, before))
    both = pd.concat([then, first[~first.index.isin(then.index)]]).sort_index()
    n = changed[["n_workers_before", "n_workers_after"]].max(axis=1).reindex(both.index)
    return both.assign(n_workers=n.astype("int64"))


def _states(changed: pd.DataFrame) -> NDArray[np.object_]:
    gained, lost = (changed[f"n_{name}"].to_numpy() > 0 for name in ("gained", "lost"))
    return np.select([gained, lost], ["gained", "lost"], default="same").astype(object)


# ---- what may be counted --------------------------------------------------------------------------------------------


def _public(mask: NDArray[np.bool_], workers: pd.DataFrame, n: NDArray[np.int64], rules: PublishRules) -> int | None:
    """Workers among the groups of the mask, rounded; 0 for nobody, None where it may not be said."""
    if not n[mask].sum():
        return 0
    shown = may_show(employers(workers)[mask], n[mask], rules)
    return rounded(int(n[mask].sum()), rules) if shown else None


def _headline(changed: pd.DataFrame, workers: pd.DataFrame, rules: PublishRules) -> dict[str, object]:
    row = summarise_changes(changed).iloc[0]
    numbers = {}
    for name in ("gained", "lost"):
        n = changed[f"n_{name}"].to_numpy(np.int64)
        numbers[name] = _public(n > 0, workers, n, rules)
    may_tell = None not in numbers.values()
    return {
        **numbers,
        "n_workers": int(row["n_workers_after"]),
        "share_before": float(row["share_before"]),
        "share_after": float(row["share_after"]) if may_tell else None,
        "hours_change": round(float(row["hours_change"]), 2) if may_tell else None,
    }


def _by_town(
    study: Study, changed: pd.DataFrame, workers: pd.DataFrame, rules: PublishRules
) -> dict[str, list[dict[str, object]]]:
    """Gains by town and losses by town, each a table of its own that may be shown."""
    tables: dict[str, list[dict[str, object]]] = {}
    towns = study.towns
    for name in ("gained", "lost"):
        n = changed[f"n_{name}"].to_numpy(np.int64)
        tables[name] = [
            {
                "names": both_names(towns, key) if key in towns.index else None,
                "at": [round(float(towns.at[key, c]), 4) for c in ("lat", "lon")] if key in towns.index else None,
                "n": total,
            }
            for key, total in _safe_sums(workers["town_id"].astype(str).to_numpy(dtype=object), n, workers, rules)
        ]
    return tables


def _flows(changed: pd.DataFrame, workers: pd.DataFrame, rules: PublishRules) -> list[dict[str, object]]:
    """From which reason to which, those who stay as they were left out; ways that may not be counted are merged."""
    sides = [changed[f"reason_{side}"].astype(str).to_numpy(dtype=object) for side in ("before", "after")]
    moved = np.where(sides[0] != sides[1], changed["n_stayed"].to_numpy(np.int64), 0)
    keys = np.array([f"{one} {other}" for one, other in zip(*sides, strict=True)], dtype=object)
    rows: list[dict[str, object]] = []
    for key, n in _safe_sums(keys, moved, workers, rules):
        ends = key.split(" ") if key != MERGED else [MERGED, MERGED]
        rows.append({"before": ends[0], "after": ends[1], "n": n})
    return rows


def _safe_sums(
    keys: NDArray[np.object_], n: NDArray[np.int64], workers: pd.DataFrame, rules: PublishRules
) -> list[tuple[str, int]]:
    """Workers by key among those with any, merged until each may be shown and then rounded, most first."""
    some = n > 0
    if not some.any():
        return []
    safe = merge_small(keys[some], employers(workers)[some], n[some], rules)
    if HIDDEN in safe:
        return []
    sums = {str(key): int(n[some][safe == key].sum()) for key in sorted(set(safe))}
    ordered = sorted(sums.items(), key=lambda item: (item[0] == MERGED, -item[1], item[0]))
    return [(key, rounded(total, rules)) for key, total in ordered]


# ---- the map --------------------------------------------------------------------------------------------------------


def _drawn(workers: pd.DataFrame, state: NDArray[np.object_], rules: PublishRules) -> dict[str, object]:
    """Areas with counts that may be shown, and places without any."""
    as_reasons = pd.DataFrame({"reason": state}, index=workers.index)
    found = areas(workers, as_reasons, rules=rules)
    cell = cells(workers).to_numpy()
    n = workers["n_workers"].to_numpy(np.int64)
    sums = {name: np.bincount(cell, weights=n * (state == name)) for name in STATES}
    kind = np.select(
        [sums["gained"] > sums["lost"], sums["lost"] > 0], [STATES.index("gained"), STATES.index("lost")], default=2
    )
    order = np.argsort(cell, kind="stable")
    parts = np.split(order, np.searchsorted(cell[order], np.arange(1, int(cell.max(initial=-1)) + 1)))
    return {
        "places": pack_xy(middles(workers, parts)),
        "states": to_text(kind.astype(np.uint8)),
        "areas": pack_xy(middles(workers, [a.rows for a in found])),
        "first": [a.first for a in found],
        "last": [a.last for a in found],
        "counts": {name: [a.counts.get(name, 0) for a in found] for name in STATES},
        "total": [sum(a.counts.values()) for a in found],
    }


# ---- what is changed ------------------------------------------------------------------------------------------------


def _changes(before: Study, after: Study, scenarios: Sequence[Scenario]) -> list[tuple[list[str], list[float] | None]]:
    """Each change in Chinese and English, and where it is."""
    found: list[tuple[list[str], list[float] | None]] = []
    for side, scenario in enumerate(scenarios):
        if scenario.gale:
            found.append(([say("page.change.gale", language) for language in ("zh", "en")], None))
        if scenario.month is not None or scenario.on is not None:
            day = scenario.on.isoformat() if scenario.on else ""
            key, values = ("page.change.on", {"day": day}) if day else ("page.change.month", {"month": scenario.month})
            found.append(([say(key, language, **values) for language in ("zh", "en")], None))
        here, there = (after, before) if side else (before, after)
        found += [_change(change, here, there) for change in scenario.changes]
    return found


def _change(change: Change, study: Study, other: Study) -> tuple[list[str], list[float] | None]:
    frames = [getattr(s, change.table) for s in (study, other)]
    frame = next((f for f in frames if change.row_id in f.index), None)
    row = pd.Series(dict(change.cells)) if frame is None else frame.loc[change.row_id]
    at = [float(row["lon"]), float(row["lat"])] if {"lon", "lat"} <= set(row.index) else None
    is_own = bool(row.get("employer_id")) or change.table == "workers"
    texts = []
    for language in ("zh", "en"):
        table = TABLES[change.table].zh if language == "zh" else change.table
        name = say("page.change.own", language, table=table) if is_own else str(row.get("name") or change.row_id)
        told = [_cell(change.table, key, text, language) for key, text in change.cells if key not in _QUIET]
        what = say("page.change.comma", language).join(told) if change.action == "set" else ""
        texts.append(say(f"page.change.{change.action}", language, name=name, table=table, what=what))
    return texts, at


_QUIET = ("basis", "source", "as_of", "geometry")


def _cell(table: str, key: str, text: str, language: Language) -> str:
    column = TABLES[table].columns[key]
    name = column.title if language == "zh" else key.replace("_", " ")
    kind = column.metadata["kind"]
    if kind in {"choice", "set"}:
        words = [say(f"choice.{w}", language) if f"choice.{w}" in WORDS else w for w in text.split("|")]
        text = say("page.change.comma", language).join(words)
    elif kind in {"hours", "free_hours"} and language == "en" and text:
        text = to_spans(parse_hours(text).mask(11), language="en")
    return say("page.change.cell", language, name=name, value=text)


def _mark(number: int, texts: list[str], at: list[float] | None) -> dict[str, object]:
    return {"number": number, "names": texts, "at": None if at is None else [round(x, 4) for x in at]}


def _facts(study: Study) -> Mapping[str, object]:
    return standard_facts(study) | {"reasons": [*REASONS, ABSENT]}
