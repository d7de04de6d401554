"""Time the year by every standard, after the travel table, and write YEAR.md: ``python -m benchmarks.year``.

The demonstration county, 7,954 groups and 450 plaques, judged in each of twelve months by every standard that is
available: the ladder, usable hours and who is present. Standards that ask for other means of travel have a table of
minutes of their own; reading, searching and compiling are not counted. Seconds of the wall clock and of the CPU are
both told, best of five: a machine that does other work stretches the first and not the second.
"""

# ruff: noqa: T201

from __future__ import annotations

import platform
import time
from pathlib import Path

import pandas as pd

from xsgeo import access, io, network, standards, travel
from xsgeo.settings import Standard
from xsgeo.study import Study

HERE = Path(__file__).parent
GOAL_S = 2.0
RUNS = 5

Job = tuple[pd.DataFrame, pd.Series, list[Standard]]


def jobs(study: Study) -> list[Job]:
    """Standards that share their means of travel, with the minutes they are judged by."""
    roads = network.build_network(study.roads, study.ferries, study.land, rules=study.about.travel_rules)
    usual = travel.usual_means(study.workers, study.towns)
    shared: dict[tuple[str, ...], list[Standard]] = {}
    for standard in standards.available(study.about).values():
        shared.setdefault(tuple(standards.means(usual, standard)), []).append(standard)
    found = []
    for means, alike in shared.items():
        modes = pd.Series(means, index=study.workers.index)
        limits = [s.cutoff_min for s in alike]
        furthest = {
            mode: max(each.get(mode, 0.0) for each in limits) for mode in sorted({m for e in limits for m in e})
        }
        minutes = travel.travel_minutes(study.workers, study.venues, roads, cutoff_min=furthest, modes=modes)
        located = travel.snap_by_mode(study.workers, roads, modes=modes)["reason"] == ""
        found.append((minutes, located, alike))
    return found


def judge(study: Study, todo: list[Job]) -> list[access.Year]:
    """Every month by every standard."""
    years = []
    for minutes, located, alike in todo:
        years += access.yearly_by_standard(
            study.workers,
            study.venues,
            minutes,
            located=located,
            standards=alike,
            clusters=study.clusters,
            needs=study.needs,
            sailings=network.sailings(study.ferries),
        )
    return years


def main() -> None:
    """Run, print, write."""
    study = io.read_study(HERE.parent / "data")
    todo = jobs(study)
    times = []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        years = judge(study, todo)
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = (min(part) for part in zip(*times, strict=True))
    n_pairs = sum(len(minutes) * len(alike) for minutes, _, alike in todo)
    lines = [
        "# Every month by every standard",
        "",
        f"Written by `python -m benchmarks.year` on {platform.machine()}, CPython {platform.python_version()}.",
        "",
        f"{len(study.workers):,} groups, {len(study.venues)} plaques, {len(years)} standards, 12 months,",
        f"{n_pairs:,} ways to judge: **{wall:.2f} s** by the clock, {cpu:.2f} s of CPU, best of {RUNS};",
        f"the goal is {GOAL_S:g} s.",
        "",
        "| standard | share served of those present, over the year |",
        "|---|---|",
        *(f"| {year.standard.standard_id} | {year.share_effective:.1%} |" for year in years),
        "",
    ]
    (HERE / "YEAR.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
