"""Run the benchmark and write RESULTS.md beside this file: ``python -m benchmarks.run [--size 10M] [--slow]``.

Every figure is a ratio of CPU times measured in the same run on the same machine; seconds are shown only to tell how
long the run was. Engines that are not installed are left out and named. An answer that differs from xsgeo's is marked.
"""

# ruff: noqa: T201, S603

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NETWORKS = HERE.parent / ".tools" / "networks"
DEADLINE_S = 240

QUESTIONS = {
    "nearest": ("The nearest venue of every node", "xsgeo", ["scipy", "igraph", "networkx", "pandana", "pandarm"]),
    "five": ("The five nearest venues of every node", "xsgeo", ["pandana", "pandarm"]),
    "pairs": ("Every node within 15 minutes of each venue, added up", "xsgeo",
              ["scipy", "igraph", "networkx", "pandana", "pandarm"]),
    "held": ("The same, all pairs held and sorted", "xsgeo", []),
    "snap": ("Half a million points to the nearest edge", "grid", ["strtree"]),
    "isochrone": ("Twelve 15-minute isochrones", "isochrones", ["osmnx"]),
}  # fmt: skip
SLOW = {
    ("200k", "pandana", ""), ("200k", "pandarm", ""), ("200k", "igraph", "pairs"),
    ("2M", "pandana", ""), ("2M", "pandarm", ""), ("2M", "networkx", ""), ("2M", "igraph", ""),
    ("2M", "scipy", "pairs"),
    ("10M", "pandana", ""), ("10M", "pandarm", ""), ("10M", "networkx", ""), ("10M", "igraph", ""),
    ("10M", "scipy", "pairs"),
}  # fmt: skip
"""Left out unless asked for with ``--slow``: each takes longer than all the rest together."""


def ask(size: str, engine: str, question: str) -> dict[str, Any]:
    """Run one engine on one question in a process of its own."""
    print(f"{size} {question} {engine} ...", end=" ", flush=True)
    command = [sys.executable, "-m", "benchmarks.engines", size, engine, question, str(NETWORKS)]
    try:
        out = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, cwd=HERE.parent, check=False)
    except subprocess.TimeoutExpired:
        print("too slow")
        return {"failed": f"not done in {DEADLINE_S} s"}
    if out.returncode:
        print("failed")
        return {"failed": out.stderr.strip().splitlines()[-1][:120] if out.stderr.strip() else "killed"}
    found: dict[str, Any] = json.loads(out.stdout[out.stdout.rindex('{"build_s"') :])
    print(f"{found['cpu_s']:.3f} s CPU")
    return found


def section(size: str, question: str) -> list[str]:
    """Ask every engine one question and return its table in Markdown."""
    title, ours, others = QUESTIONS[question]
    base = ask(size, ours, question)
    lines = [
        f"### {title}, {size} nodes",
        "",
        "| engine | CPU, times xsgeo's | wall, times xsgeo's | CPU s | build, CPU s | peak MB | same answer |",
        "|---|---|---|---|---|---|---|",
    ]
    for engine in (ours, *(engine for engine in others if not {(size, engine, ""), (size, engine, question)} & SLOW)):
        found = base if engine == ours else ask(size, engine, question)
        if "failed" in found or "failed" in base:
            lines.append(f"| {engine} | {found.get('failed', '-')} | | | | | |")
            continue
        cpu, wall = found["cpu_s"] / base["cpu_s"], found["wall_s"] / base["wall_s"]
        part = "" if found["share"] == 1 else f" (from {found['share']:.1%} of the venues)"
        lines.append(
            f"| {engine}{part} | {cpu:.1f} | {wall:.1f} | {found['cpu_s']:.3f} | {found['build_s']:.1f} "
            f"| {found['peak_mb']:.0f} | {agreement(found, base, question)} |"
        )
    if question in ("pairs", "held") and "failed" not in base:
        ns = 1e9 * base["cpu_s"] / base["n"]
        lines += ["", f"{base['n']:,} pairs, {ns:.0f} ns CPU a pair."]
    if question == "isochrone" and "failed" not in base:
        lines += ["", f"Agreement with exact buffers of the same streets (area): {base['total'] / 1000:.3f}."]
    return [*lines, ""]


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


def heading() -> list[str]:
    """Say where and with what this was run."""
    names = ("numba", "numpy", "scipy", "shapely", "networkx", "igraph", "pandana", "pandarm", "osmnx")
    versions = []
    for name in names:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    return [
        "# Benchmark results",
        "",
        "Written by `make bench`. Ratios of CPU time in one run on one machine; greater means slower than xsgeo.",
        "Compilation is left out: it is done once, when xsgeo is set up.",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} processors; {', '.join(versions)}.",
        "igraph (GPL), pandana and pandarm (AGPL) are installed for this comparison alone.",
        "",
    ]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", action="append", choices=["20k", "200k", "2M", "10M"])
    parser.add_argument("--question", action="append", choices=list(QUESTIONS))
    parser.add_argument("--slow", action="store_true", help="also the engines that take minutes")
    given = parser.parse_args()
    if given.slow:
        SLOW.clear()
    lines = heading()
    for size in given.size or ["20k", "200k", "2M"]:
        for question in given.question or QUESTIONS:
            if question in ("snap", "isochrone") and size != "200k":
                continue
            if size in ("2M", "10M") and question in ("five", "held"):
                continue
            lines += section(size, question)
    (HERE / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
