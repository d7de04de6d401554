"""Time the siting models against spopt, CBC and plain HiGHS, and write SITING.md: ``python -m benchmarks.siting``.

Every engine answers in a process of its own; what counts is CPU time, of the process and of the solvers it starts, from
tables to answer, the building of the model included. Ratios of one run on one machine are fair, seconds are not. Two
kinds of country: ``even`` (sites and groups anywhere) and ``villages`` (most of both in a few dense places, where sites
overlap much and a bound is harder to prove). Engines that are not installed are left out and named.
"""

# ruff: noqa: T201, S603

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DEADLINE_S = 400

CASES = {
    "mclp-500-even": ("mclp", 500, 5_000, 0.08, "even", 20, 60),
    "mclp-500-villages": ("mclp", 500, 5_000, 0.06, "villages", 20, 60),
    "mclp-2000-even": ("mclp", 2_000, 20_000, 0.09, "even", 20, 60),
    "mclp-2000-villages": ("mclp", 2_000, 20_000, 0.045, "villages", 20, 60),
    "mclp-5000-even": ("mclp", 5_000, 100_000, 0.045, "even", 50, 60),
    "mclp-5000-villages": ("mclp", 5_000, 100_000, 0.018, "villages", 50, 60),
    "lscp-500-even": ("lscp", 500, 5_000, 0.075, "even", 0, 240),
    "lscp-500-villages": ("lscp", 500, 5_000, 0.06, "villages", 0, 60),
    "p-median-500-even": ("p-median", 500, 5_000, 0.0, "even", 20, 180),
    "p-median-500-villages": ("p-median", 500, 5_000, 0.0, "villages", 20, 180),
}
ENGINES = {
    "mclp-500-even": ("xsgeo", "cbc reduced", "highs reduced", "spopt"),
    "mclp-500-villages": ("xsgeo", "cbc reduced", "highs reduced", "spopt"),
    "lscp-500-even": ("xsgeo", "highs plain", "spopt"),
    "lscp-500-villages": ("xsgeo", "highs plain", "spopt"),
}
Found = tuple[float, float, str]


def places(n_sites: int, n_groups: int, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sites, groups and workers; the same for every engine and every run."""
    random = np.random.RandomState(7)
    centres, share, spread = random.rand(18, 2), random.dirichlet(np.ones(18)), 0.02 + 0.05 * random.rand(18)

    def points(n: int) -> np.ndarray:
        if kind == "even":
            return random.rand(n, 2)
        which = random.choice(18, n, p=share)
        near = centres[which] + random.randn(n, 2) * spread[which][:, None]
        anywhere = random.rand(n) < 0.35
        near[anywhere] = random.rand(int(anywhere.sum()), 2)
        return np.clip(near, 0, 1)

    groups, sites = points(n_groups), points(n_sites)
    return sites, groups, 1 + random.poisson(random.gamma(1.2, 10, n_groups))


def tables(case: str) -> tuple[pd.Series, pd.DataFrame, float]:
    """Workers of groups, pairs with their distance, and the radius; for a set cover, groups in reach alone."""
    from scipy.spatial import cKDTree

    model, n_sites, n_groups, radius, kind, _, _ = CASES[case]
    sites, groups, workers = places(n_sites, n_groups, kind)
    reach = 10.0 if model == "p-median" else radius
    near = cKDTree(groups).query_ball_point(sites, reach)
    site = np.repeat(np.arange(n_sites), [len(found) for found in near])
    group = np.concatenate([np.sort(found) for found in near]).astype(np.int64)
    names = np.array([f"s{i:05}" for i in range(n_sites)]), np.array([f"g{i:06}" for i in range(n_groups)])
    pairs = pd.DataFrame({"site_id": names[0][site], "group_id": names[1][group]})
    pairs["minutes"] = np.round(1000 * np.hypot(*(sites[site] - groups[group]).T), 1)
    weights = pd.Series(workers, index=names[1])
    if model == "lscp":
        weights = weights[weights.index.isin(pairs["group_id"])]
    return weights, pairs, radius


def ours(case: str) -> Callable[[], Found]:
    """Ask this package, from tables to answer."""
    from xsgeo import siting

    model, _, _, _, _, n, limit = CASES[case]
    weights, pairs, _ = tables(case)

    def run() -> Found:
        if model == "mclp":
            answer = siting.maximal_covering(weights, pairs, siting.Limits(n_sites=n), time_limit_s=limit)
        elif model == "lscp":
            answer = siting.set_covering(weights, pairs, time_limit_s=limit)
        else:
            answer = siting.p_median(weights, pairs, siting.Limits(n_sites=n), time_limit_s=limit)
        return answer.objective, answer.bound, answer.status

    return run


def reduced_by_others(case: str, engine: str) -> Callable[[], Found]:
    """The covering program after this package's reduction, handed to another solver as it is."""
    weights, pairs, _ = tables(case)
    n, limit = CASES[case][5:]

    def run() -> Found:
        from xsgeo.siting.frames import covering_case
        from xsgeo.siting.maximal import exact_cover, reduced
        from xsgeo.siting.problem import Limits
        from xsgeo.siting.watch import Watch

        whole, _ = covering_case(weights, pairs, Limits(n_sites=n))
        _, small = reduced(whole)
        if engine == "highs reduced":
            found = exact_cover(small, None, np.inf, Watch(limit))
            value = small.worth(found.chosen) if found.chosen is not None else np.nan
            return value, found.bound, "optimal" if value == found.bound else "time_limit"
        import pulp

        model = pulp.LpProblem("mclp", pulp.LpMaximize)
        x = [pulp.LpVariable(f"x{j}", cat="Binary") for j in range(small.cover.shape[0])]
        y = [pulp.LpVariable(f"y{i}", 0, 1) for i in range(small.cover.shape[1])]
        model += pulp.LpAffineExpression([(y[i], int(small.weight[i])) for i in range(len(y))])
        by_row = small.cover.T.tocsr()
        for i in range(len(y)):
            sites = by_row.indices[by_row.indptr[i] : by_row.indptr[i + 1]]
            model += pulp.LpAffineExpression([(y[i], 1), *((x[j], -1) for j in sites)]) <= 0
        model += pulp.lpSum(x) <= n
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit, threads=1))
        value = float(pulp.value(model.objective))
        done = model.sol_status == pulp.LpSolutionOptimal
        return value, value if done else np.nan, "optimal" if done else "time_limit"

    return run


def plain_highs(case: str) -> Callable[[], Found]:
    """The set cover as it stands, by scipy's HiGHS."""
    weights, pairs, _ = tables(case)

    def run() -> Found:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        group, site = weights.index.get_indexer(pairs["group_id"]), pd.factorize(pairs["site_id"])[0]
        n = int(site.max()) + 1
        rows = csr_array((np.ones(len(site)), (group, site)), shape=(len(weights), n))
        found = milp(
            np.ones(n), constraints=LinearConstraint(rows, lb=1), integrality=np.ones(n), bounds=Bounds(0, 1),
            options={"time_limit": CASES[case][6], "mip_rel_gap": 0.0},
        )  # fmt: skip
        return float(found.fun), float(found.mip_dual_bound), "optimal" if found.status == 0 else "time_limit"

    return run


def spopt(case: str) -> Callable[[], Found]:
    """PySAL's spopt with its own CBC, from the full matrix of distances as it wants it."""
    model, n_sites, n_groups, radius, kind, n, limit = CASES[case]
    sites, groups, workers = places(n_sites, n_groups, kind)
    apart = np.hypot(*(groups[:, None, :] - sites[None, :, :]).transpose(2, 0, 1))
    kept = (apart <= radius).any(axis=1) if model == "lscp" else np.ones(n_groups, dtype=bool)

    def run() -> Found:
        import pulp
        from spopt.locate import LSCP, MCLP

        solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=limit, threads=1)
        if model == "lscp":
            built = LSCP.from_cost_matrix(apart[kept], service_radius=radius)
        else:
            built = MCLP.from_cost_matrix(apart, workers, service_radius=radius, p_facilities=n)
        built.problem.solve(solver)
        done = built.problem.sol_status == pulp.LpSolutionOptimal
        value = float(pulp.value(built.problem.objective))
        return value, value if done else np.nan, "optimal" if done else "time_limit"

    return run


def answer(case: str, engine: str) -> dict[str, Any]:
    """Answer one question in this process and say what it took."""
    makers = {"xsgeo": ours, "highs plain": plain_highs, "spopt": spopt}
    run = makers[engine](case) if engine in makers else reduced_by_others(case, engine)
    wall, cpu = time.perf_counter(), _cpu()
    value, bound, status = run()
    return {
        "value": value, "bound": bound, "status": status,
        "cpu_s": _cpu() - cpu, "wall_s": time.perf_counter() - wall,
    }  # fmt: skip


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def ask(case: str, engine: str) -> dict[str, Any]:
    """Run one engine in a process of its own."""
    print(f"{case} {engine} ...", end=" ", flush=True)
    command = [sys.executable, "-m", "benchmarks.siting", "--case", case, "--engine", engine]
    one = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        out = subprocess.run(
            command, capture_output=True, text=True, timeout=DEADLINE_S, cwd=HERE.parent, check=False, env=one
        )
    except subprocess.TimeoutExpired:
        print("too slow")
        return {"failed": f"not done in {DEADLINE_S} s"}
    if out.returncode:
        print("failed")
        return {"failed": out.stderr.strip().splitlines()[-1][:100]}
    found: dict[str, Any] = json.loads(out.stdout[out.stdout.rindex("{") :])
    print(f"{found['cpu_s']:.2f} s CPU, {found['value']:,.10g}, {found['status']}")
    return found


def section(case: str) -> list[str]:
    """Ask every engine one question; its table in Markdown."""
    model, n_sites, n_groups, _, kind, n, limit = CASES[case]
    most = f", p = {n}" if n else ""
    lines = [
        f"### {model}, {n_sites:,} sites, {n_groups:,} groups{most}, {kind}", "",
        f"Time limit {limit} s.", "",
        "| engine | CPU, times xsgeo's | CPU s | objective | bound | gap | status |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    base: dict[str, Any] = {}
    for engine in ENGINES.get(case, ("xsgeo",)):
        found = ask(case, engine)
        base = base or found
        if "failed" in found:
            lines.append(f"| {engine} | {found['failed']} | | | | | |")
            continue
        value, bound = found["value"], found["bound"]
        gap = abs(bound - value) / max(abs(bound), abs(value), 1e-9)
        shown = f"{bound:,.1f} | {gap:.3%}" if np.isfinite(bound) else "not told | "
        ratio = found["cpu_s"] / base["cpu_s"]
        lines.append(f"| {engine} | {ratio:.1f} | {found['cpu_s']:.2f} | {value:,.1f} | {shown} | {found['status']} |")
    return [*lines, ""]


def heading() -> list[str]:
    """Say where and with what this was run."""
    versions = []
    for name in ("numpy", "scipy", "highspy", "pulp", "spopt"):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    return [
        "# Siting: benchmark results", "",
        "Written by `python -m benchmarks.siting`. CPU time from tables to answer, building the model included, ties",
        "not settled; each engine in a process of its own, one thread. A gap is what the engine itself proved.", "",
        f"Python {platform.python_version()}; {', '.join(versions)}.", "",
    ]  # fmt: skip


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--engine")
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(answer(given.case[0], given.engine)))
        return
    lines = heading()
    for case in given.case or CASES:
        lines += section(case)
    (HERE / "SITING.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
