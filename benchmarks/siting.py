"""Time the siting models against spopt, CBC and plain HiGHS, and write SITING.md: ``python -m benchmarks.siting``.

Every engine answers in a process of its own; what counts is CPU time, of the process and of the solvers it starts, from
tables to answer, the building of the model included; what each engine imports, and the compiled loops of this package,
are loaded before (spopt takes ten seconds of CPU for that). Whoever is done in less than three seconds is asked again,
up to five times, and the least counts, as in RESULTS.md. Ratios of one run on one machine are fair, seconds are
not. Two kinds of country: ``even`` (sites and groups anywhere) and ``villages`` (most of both in a few dense places,
where sites overlap much and a bound is harder to prove). Engines that are not installed are left out and named.

At the end the twenty smallest p-median instances of the OR-Library, if they stand in ``shared/testdata/orlib_pmed``
beside the repository: the exact answer within a time limit, and interchange alone.

The environment, from the root of the repository::

    uv venv bench && uv pip install --python bench -e . pulp spopt && bench/bin/python -m benchmarks.siting
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import apart

HERE = Path(__file__).parent
DEADLINE_S = 400
ROUNDS, QUICK_S = 5, 3.0
PMED = HERE.parents[1] / "shared" / "testdata" / "orlib_pmed"
PMED_LIMIT_S = 20

CASES = {
    "mclp-500-even": ("mclp", 500, 5_000, 0.08, "even", 20, 60),
    "mclp-500-villages": ("mclp", 500, 5_000, 0.06, "villages", 20, 60),
    "mclp-2000-even": ("mclp", 2_000, 20_000, 0.09, "even", 20, 60),
    "mclp-2000-villages": ("mclp", 2_000, 20_000, 0.045, "villages", 20, 60),
    "mclp-5000-even": ("mclp", 5_000, 100_000, 0.045, "even", 50, 60),
    "mclp-5000-villages": ("mclp", 5_000, 100_000, 0.018, "villages", 50, 60),
    "lscp-500-even": ("lscp", 500, 5_000, 0.075, "even", 0, 240),
    "lscp-500-villages": ("lscp", 500, 5_000, 0.06, "villages", 0, 60),
    "p-median-500-even": ("p-median", 500, 5_000, 0.0, "even", 20, 60),
    "p-median-500-villages": ("p-median", 500, 5_000, 0.0, "villages", 20, 60),
}
ENGINES = {
    "mclp-500-even": ("xsgeo", "cbc reduced", "highs reduced", "spopt"),
    "mclp-500-villages": ("xsgeo", "cbc reduced", "highs reduced", "spopt"),
    "lscp-500-even": ("xsgeo", "highs plain", "spopt"),
    "lscp-500-villages": ("xsgeo", "highs plain", "spopt"),
}
GOALS = [
    ("mclp-500-{}", "spopt", 50.0),
    ("mclp-500-{}", "cbc reduced", 5.0),
    ("lscp-500-{}", "highs plain", 8.0),
    ("mclp-2000-{}", "gap", 0.002),
    ("mclp-5000-{}", "gap", 0.008),
    ("p-median-500-{}", "gap", 0.002),
]
"""Of both kinds of country: how many times xsgeo's CPU time an engine should take at least, or the gap at most."""
Found = tuple[float, float, str]
Results = dict[tuple[str, str], dict[str, Any]]


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
    import highspy  # noqa: F401

    from xsgeo import siting

    siting.warm_up()
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
    import highspy  # noqa: F401

    from xsgeo.siting import Limits, warm_up
    from xsgeo.siting.cover_case import reduced
    from xsgeo.siting.cover_program import exact_cover
    from xsgeo.siting.frames import covering_case
    from xsgeo.siting.watch import Watch

    if engine == "cbc reduced":
        import pulp
    warm_up()
    weights, pairs, _ = tables(case)
    n, limit = CASES[case][5:]

    def run() -> Found:
        whole, _ = covering_case(weights, pairs, Limits(n_sites=n))
        _, small = reduced(whole)
        if engine == "highs reduced":
            found = exact_cover(small, None, np.inf, Watch(limit))
            value = small.worth(found.chosen) if found.chosen is not None else np.nan
            return value, found.bound, "optimal" if value == found.bound else "time_limit"
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
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    weights, pairs, _ = tables(case)

    def run() -> Found:
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
    import pulp
    from spopt.locate import LSCP, MCLP

    model, n_sites, n_groups, radius, kind, n, limit = CASES[case]
    sites, groups, workers = places(n_sites, n_groups, kind)
    apart = np.hypot(*(groups[:, None, :] - sites[None, :, :]).transpose(2, 0, 1))
    kept = (apart <= radius).any(axis=1) if model == "lscp" else np.ones(n_groups, dtype=bool)

    def run() -> Found:
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
    if case == "pmed":
        return pmed(engine)
    run = makers[engine](case) if engine in makers else reduced_by_others(case, engine)
    answers, began = [], time.perf_counter()
    while not answers or (len(answers) < ROUNDS and time.perf_counter() - began < QUICK_S):
        wall, cpu = time.perf_counter(), _cpu()
        value, bound, status = run()
        took = {"cpu_s": _cpu() - cpu, "wall_s": time.perf_counter() - wall}
        answers.append({"value": value, "bound": bound, "status": status, **took})
    return min(answers, key=lambda each: each["cpu_s"])


def pmed(name: str) -> dict[str, Any]:
    """One instance of the OR-Library: the published optimum, the exact answer and interchange alone."""
    from xsgeo.siting import Limits, p_median, warm_up
    from xsgeo.siting.median_swap import shaken_median
    from xsgeo.siting.watch import Watch

    warm_up()
    numbers = [int(text) for text in (PMED / f"{name}.txt").read_text("ascii").split()]
    n, n_edges, p = numbers[:3]
    apart = np.full((n, n), np.inf)
    np.fill_diagonal(apart, 0)
    # Of edges given twice the last counts, as the authors say.
    for one, other, length in np.array(numbers[3 : 3 + 3 * n_edges]).reshape(-1, 3):
        apart[one - 1, other - 1] = apart[other - 1, one - 1] = length
    for via in range(n):
        apart = np.minimum(apart, apart[:, [via]] + apart[[via], :])
    names = np.array([f"{at:03}" for at in range(n)])
    ways = {"group_id": np.repeat(names, n), "site_id": np.tile(names, n), "minutes": apart.ravel()}
    began = _cpu()
    exact = p_median(pd.Series(1, index=names), pd.DataFrame(ways), Limits(n_sites=p), time_limit_s=PMED_LIMIT_S)
    between = _cpu()
    chosen = shaken_median(apart, np.arange(p), Watch(PMED_LIMIT_S), rounds=40)
    optima = dict(line.split() for line in (PMED / "pmedopt.txt").read_text("ascii").splitlines() if "pmed" in line[:4])
    return {
        "n": n, "p": p, "best": int(optima[name]), "value": exact.objective, "bound": exact.bound,
        "status": exact.status, "cpu_s": between - began,
        "heuristic": float(apart[:, chosen].min(axis=1).sum()), "heuristic_cpu_s": _cpu() - between,
    }  # fmt: skip


def pmed_section(results: Results) -> list[str]:
    """The table of the OR-Library's instances."""
    lines = ["### OR-Library, p-median", ""]
    if not PMED.is_dir():
        return [*lines, "Skipped: the instances are not in `shared/testdata/orlib_pmed` beside the repository.", ""]
    lines += [
        f"Time limit {PMED_LIMIT_S} s each. The first gap is to the bound that was proven, the second to the optimum.",
        "",
        "| instance | sites | p | optimum | exact | gap | status | CPU s | interchange | gap | CPU s |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for number in range(1, 21):
        name = f"pmed{number}"
        found = results["pmed", name] = ask("pmed", name)
        if "failed" in found:
            lines.append(f"| {name} | | | | {found['failed']} | | | | | | |")
            continue
        gap = (found["value"] - found["bound"]) / found["value"]
        found["miss"] = found["heuristic"] / found["best"] - 1
        lines.append(
            f"| {name} | {found['n']} | {found['p']} | {found['best']:,} | {found['value']:,.0f} | {gap:.3%} "
            f"| {found['status']} | {found['cpu_s']:.2f} | {found['heuristic']:,.0f} | {found['miss']:.3%} "
            f"| {found['heuristic_cpu_s']:.2f} |"
        )
    return [*lines, ""]


def goals(results: Results) -> list[str]:
    """What was aimed at and what was measured, as far as it was."""
    rows: list[tuple[str, str, str, bool]] = []
    for pattern, what, goal in GOALS:
        for kind in ("even", "villages"):
            case = pattern.format(kind)
            if what == "gap" and "gap" in results.get((case, "xsgeo"), {}):
                gap = results[case, "xsgeo"]["gap"]
                rows.append((f"{case}: gap", f"{goal:.1%} or less", f"{gap:.3%}", gap <= goal))
            elif "ratio" in results.get((case, what), {}):
                ratio = results[case, what]["ratio"]
                title = f"{case}: CPU time of {what}, times xsgeo's"
                rows.append((title, f"{goal:.3g} or more", f"{ratio:.1f}", ratio >= goal))
    solved = [found for (case, _), found in results.items() if case == "pmed" and "miss" in found]
    if solved:
        within = all(f["bound"] - 1e-6 <= f["best"] <= min(f["value"], f["heuristic"]) + 1e-6 for f in solved)
        missed = [found["miss"] for found in solved]
        rows += [
            ("OR-Library: bound below the optimum, no answer below it", f"{len(solved)}", f"{len(solved)}", within),
            ("OR-Library: mean gap of interchange", "0.5% or less", f"{np.mean(missed):.3%}", np.mean(missed) <= 0.005),
            ("OR-Library: worst gap of interchange", "1.5% or less", f"{max(missed):.3%}", max(missed) <= 0.015),
        ]
    lines = ["### Goals", "", "| what | goal | measured | met |", "|---|---|---|---|"]
    lines += [f"| {what} | {goal} | {value} | {'yes' if met else 'no'} |" for what, goal, value, met in rows]
    return [*lines, ""] if rows else []


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def ask(case: str, engine: str) -> dict[str, Any]:
    """Run one engine in a process of its own."""
    one = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    arguments = ["-m", "benchmarks.siting", "--case", case, "--engine", engine]
    found = apart.ask(f"{case} {engine}", arguments, deadline_s=DEADLINE_S, environment=one)
    if "failed" not in found:
        print(f"    {found['value']:,.10g}, {found['status']}")
    return found


def section(case: str, results: Results) -> list[str]:
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
        found = results[case, engine] = ask(case, engine)
        base = base or found
        if "failed" in found:
            lines.append(f"| {engine} | {found['failed']} | | | | | |")
            continue
        value, bound = found["value"], found["bound"]
        gap = abs(bound - value) / max(abs(bound), abs(value), 1e-9)
        shown = f"{bound:,.1f} | {gap:.3%}" if np.isfinite(bound) else "not told | "
        found["gap"], found["ratio"] = gap, found["cpu_s"] / base["cpu_s"]
        ratio = found["ratio"]
        lines.append(f"| {engine} | {ratio:.1f} | {found['cpu_s']:.2f} | {value:,.1f} | {shown} | {found['status']} |")
    return [*lines, ""]


def heading() -> list[str]:
    """Say where and with what this was run."""
    versions = apart.versions(("numpy", "scipy", "highspy", "pulp", "spopt"))
    return [
        "# Siting: benchmark results", "",
        "Written by `python -m benchmarks.siting`. CPU time from tables to answer, building the model included, ties",
        "not settled; imports and compiled loops loaded before; each engine in a process of its own, one thread. A gap",
        "is what the engine itself proved.", "",
        f"Python {platform.python_version()}; {versions}.", "",
    ]  # fmt: skip


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", action="append", choices=[*CASES, "pmed"], help="these alone, printed")
    parser.add_argument("--engine")
    given = parser.parse_args()
    if given.engine:
        print(json.dumps(answer(given.case[0], given.engine)))
        return
    results: Results = {}
    lines: list[str] = []
    for case in given.case or [*CASES, "pmed"]:
        lines += pmed_section(results) if case == "pmed" else section(case, results)
    text = "\n".join([*heading(), *goals(results), *lines])
    if given.case:
        print(text)
        return
    (HERE / "SITING.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
