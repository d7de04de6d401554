"""What the benchmarks have in common: an engine in a process of its own, and with what versions it ran.

An engine that runs out of memory or time takes its process with it and nothing else, and none profits from what another
has imported or compiled.
"""

# ruff: noqa: T201, S603

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_LONGEST = 120


def ask(
    title: str, arguments: Sequence[str], *, deadline_s: float, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run a module with the same Python and read the figures from the last JSON object it prints.

    Parameters
    ----------
    title
        What is printed while it runs.
    arguments
        What follows ``python``.
    deadline_s
        Seconds after which it is stopped.
    environment
        Its environment; this process's own when None.

    Returns
    -------
    dict
        What it printed, or ``failed`` with the last line of its complaint.
    """
    print(f"{title} ...", end=" ", flush=True)
    command = [sys.executable, *arguments]
    try:
        out = subprocess.run(
            command, capture_output=True, text=True, timeout=deadline_s, cwd=ROOT, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        print("too slow")
        return {"failed": f"not done in {deadline_s:g} s"}
    if out.returncode:
        print("failed")
        said = out.stderr.strip().splitlines()
        return {"failed": said[-1].replace(str(ROOT), ".")[:_LONGEST] if said else "killed"}
    last = next(line for line in reversed(out.stdout.splitlines()) if line.startswith("{"))
    found: dict[str, Any] = json.loads(last)
    print(f"{found['cpu_s']:.3f} s CPU")
    return found


def versions(names: Sequence[str]) -> str:
    """Name the version of each distribution, or that it is not installed."""
    told = []
    for name in names:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(f"{name} not installed")
    return ", ".join(told)
