"""Run the benchmark and write RESULTS.md beside this file: ``python -m benchmarks.run [--size 200k] [--slow]``.

Every figure is a ratio of CPU times measured in the same run on the same machine; seconds are shown only to tell how
long the run was. Engines that are not installed are left out and named. An answer that differs from xsgeo's is marked.

``--slow`` runs what takes minutes or much memory instead, beside xsgeo again, and writes RESULTS-slow.md: pandana and
pandarm at 200k nodes, which spend a minute each on setting up, and the network of ten million nodes.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import apart

HERE = Path(__file__).parent
NETWORKS = HERE.parent / ".tools" / "networks"
DEADLINE_S, SLOW_DEADLINE_S = 240, 1800
QUICK_S = 20

QUESTIONS = {
    "nearest": ("The nearest venue of every node", "xsgeo", ["scipy", "igraph", "networkx", "pandana", "pandarm"]),
    "five": ("The five nearest venues of every node", "xsgeo", ["pandana", "pandarm"]),
    "pairs": ("Every node within 15 minutes of each venue, added up", "xsgeo",
              ["cpp", "scipy", "igraph", "networkx", "pandana", "pandarm"]),
    "held": ("The same, all pairs held and sorted", "xsgeo", []),
    "snap": ("Half a million points to the nearest edge", "grid", ["strtree"]),
    "isochrone": ("Twelve 15-minute isochrones", "isochrones", ["osmnx"]),
}  # fmt: skip
ASKED = {
    "20k": ("nearest", "five", "pairs", "held"),
    "200k": ("nearest", "five", "pairs", "held", "snap", "isochrone"),
    "2M": ("nearest", "pairs"),
}
SLOWLY_ASKED = {"200k": ("nearest", "five", "pairs"), "10M": ("pairs",)}
"""What is asked of each size, usually and of the slow."""
ALWAYS = {"xsgeo", "cpp", "grid", "strtree", "isochrones", "osmnx"}
QUICK_ENOUGH = {"20k": {"scipy", "igraph", "networkx", "pandana", "pandarm"}, "200k": {"scipy", "networkx"}}
"""Engines asked at each size, beside those always asked; scipy is asked for the nearest venue at 2M too."""
SLOW = {"200k": {"xsgeo", "pandana", "pandarm"}, "10M": {"xsgeo", "cpp"}}

GOALS = [
    ("nearest", "200k", "scipy", 5.0),
    ("nearest", "200k", "pandana", 40.0),
    ("nearest", "2M", "scipy", 12.0),
    ("five", "200k", "pandana", 3.0),
    ("pairs", "20k", "scipy", 3.0),
    ("pairs", "20k", "pandana", 20.0),
    ("pairs", "200k", "scipy", 30.0),
    ("pairs", "200k", "pandana", 60.0),
    ("pairs", "10M", "cpp", 1 / 1.1),
    ("snap", "200k", "strtree", 25.0),
    ("isochrone", "200k", "osmnx", 75.0),
]
"""Question, size, the engine compared with, and how many times xsgeo's CPU time it should take at least."""

Found = dict[tuple[str, str, str], dict[str, Any]]


def engines(size: str, question: str, *, slow: bool) -> list[str]:
    """The engines that answer a question at a size, xsgeo's first."""
    _, ours, others = QUESTIONS[question]
    asked = SLOW[size] if slow else ALWAYS | QUICK_ENOUGH.get(size, set())
    if not slow and question == "nearest":
        asked |= {"scipy"} if size == "2M" else {"scipy", "igraph"}
    return [ours, *(engine for engine in others if engine in asked)]


def ask(size: str, engine: str, question: str, *, deadline_s: int) -> dict[str, Any]:
    """Run one engine on one question in a process of its own."""
    arguments = ["-m", "benchmarks.engines", size, engine, question, str(NETWORKS)]
    return apart.ask(f"{size} {question} {engine}", arguments, deadline_s=deadline_s)


def section(size: str, question: str, results: Found, *, slow: bool) -> list[str]:
    """Ask every engine one question and return its table in Markdown."""
    title, ours, _ = QUESTIONS[question]
    lines = [
        f"### {title}, {size} nodes",
        "",
        "| engine | CPU, times xsgeo's | wall, times xsgeo's | CPU s | build, CPU s | peak MB | same answer |",
        "|---|---|---|---|---|---|---|",
    ]
    asked = engines(size, question, slow=slow)
    deadline_s = SLOW_DEADLINE_S if slow else DEADLINE_S
    # Two rounds, because other work on the machine comes and goes; the better of both counts.
    rounds = [{engine: ask(size, engine, question, deadline_s=deadline_s) for engine in asked}]
    rounds.append({e: ask(size, e, question, deadline_s=deadline_s) for e in asked if quick(rounds[0][e])})
    base: dict[str, Any] = {"failed": "-"}
    for engine in asked:
        both = [answers[engine] for answers in rounds if engine in answers]
        found = results[question, size, engine] = min(both, key=lambda answer: answer.get("cpu_s", np.inf))
        base = found if engine == ours else base
        if "failed" in found or "failed" in base:
            lines.append(f"| {engine} | {found.get('failed', '-')} | | | | | |")
            continue
        found["ratio"] = found["cpu_s"] / base["cpu_s"]
        part = "" if found["share"] == 1 else f" (from {found['share']:.1%} of the venues)"
        lines.append(
            f"| {engine}{part} | {found['ratio']:.1f} | {found['wall_s'] / base['wall_s']:.1f} | {found['cpu_s']:.3f} "
            f"| {found['build_s']:.1f} | {found['peak_mb']:.0f} | {agreement(found, base, question)} |"
        )
    if question in ("pairs", "held") and "failed" not in base:
        base["ns"] = 1e9 * base["cpu_s"] / base["n"]
        lines += ["", f"{base['n']:,} pairs, {base['ns']:.1f} ns CPU a pair."]
    if question == "isochrone" and "failed" not in base:
        lines += ["", f"Agreement with exact buffers of the same streets (area): {base['total'] / 1000:.3f}."]
    return [*lines, ""]


def quick(found: dict[str, Any]) -> bool:
    """Whether it was soon done, and may be asked again."""
    return bool(float(found.get("cpu_s", np.inf)) * found.get("share", 1) + found.get("build_s", 0) < QUICK_S)


def agreement(found: dict[str, Any], base: dict[str, Any], question: str) -> str:
    """Whether two answers are the same."""
    if found is base:
        return ""
    if found["share"] < 1 or question == "isochrone":
        return "-"
    if (found["n"], found["total"]) == (base["n"], base["total"]):
        return "yes"
    if question == "snap":
        return f"{abs(found['total'] - base['total']) / base['n'] * 1000:.3f} mm a point"
    return f"{found['n'] - base['n']:+,} pairs, sum {found['total'] / base['total'] - 1:+.1e}"


def county(results: Found) -> list[str]:
    """The table of setting up the demonstration county."""
    both = [ask("20k", "county", "county", deadline_s=DEADLINE_S) for _ in range(2)]
    found = results["county", "", ""] = min(both, key=lambda answer: answer.get("cpu_s", np.inf))
    lines = ["### Setting up the demonstration county, after imports", "", "| stage | CPU s | share |", "|---|---|---|"]
    if "failed" in found:
        return [*lines, f"| | {found['failed']} | |", ""]
    for stage, cpu_s in found["stages"].items():
        lines.append(f"| {stage} | {cpu_s:.2f} | {cpu_s / found['cpu_s']:.0%} |")
    return [*lines, f"| in all | {found['cpu_s']:.2f} | |", ""]


def goals(results: Found) -> list[str]:
    """What was aimed at and what was measured, as far as it was."""
    rows: list[tuple[str, str, float, bool]] = []
    for question, size, engine, goal in GOALS:
        ratio = results.get((question, size, engine), {}).get("ratio")
        if ratio is not None:
            what = f"{question}, {size}: {engine}'s CPU time, times xsgeo's"
            rows.append((what, f"{goal:.3g} or more", ratio, ratio >= goal))
    limits = (
        (("pairs", "200k", "xsgeo"), "ns", "pairs, 200k: ns of CPU a pair", 25.0),
        (("pairs", "200k", "xsgeo"), "peak_mb", "pairs, 200k: peak MB", 250.0),
        (("pairs", "10M", "xsgeo"), "peak_mb", "pairs, 10M: peak MB", 1536.0),
        (("county", "", ""), "cpu_s", "county: CPU seconds to read, check, lay out and snap", 2.0),
    )
    for key, name, title, most in limits:
        if name in results.get(key, {}):
            value = results[key][name]
            rows.append((title, f"{most:.4g} or less", value, value <= most))
    lines = ["### Goals", "", "| what | goal | measured | met |", "|---|---|---|---|"]
    lines += [f"| {what} | {goal} | {value:.3g} | {'yes' if met else 'no'} |" for what, goal, value, met in rows]
    return [*lines, ""]


def heading(*, slow: bool) -> list[str]:
    """Say where and with what this was run."""
    names = ("numba", "numpy", "scipy", "shapely", "networkx", "igraph", "pandana", "pandarm", "osmnx")
    versions = apart.versions(names)
    n_threads = os.cpu_count()
    title, command = ("# Benchmark results, of what takes minutes", "python -m benchmarks.run --slow")
    if not slow:
        title, command = "# Benchmark results", "make bench"
    return [
        title,
        "",
        f"Written by `{command}`. Ratios of CPU time in one run on one machine; greater means slower than xsgeo.",
        "Each engine answers in a process of its own, up to five times, and quick ones again in a second round of all;",
        "the least CPU time counts, for other work on the machine only ever adds. xsgeo and the",
        f"C++ loop (`benchmarks/search.cpp`) run on {n_threads} threads. Compilation is left out: it is done once,",
        "when xsgeo is set up. Building is everything before the first answer; for `pairs` it includes folding the",
        "graph.",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} processors; {versions}.",
        "igraph (GPL), pandana and pandarm (AGPL) are installed for this comparison alone.",
        "",
    ]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", action="append", choices=[*ASKED, "10M"])
    parser.add_argument("--question", action="append", choices=list(QUESTIONS))
    parser.add_argument("--slow", action="store_true", help="what takes minutes, instead")
    given = parser.parse_args()
    NETWORKS.mkdir(parents=True, exist_ok=True)
    for stale in NETWORKS.glob("*.graph.npz"):
        stale.unlink()
    results: Found = {}
    lines = [] if given.slow else county(results)
    for size, questions in (SLOWLY_ASKED if given.slow else ASKED).items():
        for question in questions:
            if size in (given.size or [size]) and question in (given.question or QUESTIONS):
                lines += section(size, question, results, slow=given.slow)
    path = HERE / ("RESULTS-slow.md" if given.slow else "RESULTS.md")
    path.write_text("\n".join([*heading(slow=given.slow), *goals(results), *lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
