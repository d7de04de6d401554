"""Time crowding against its peers and write CROWDING.md beside this file: ``python -m benchmarks.crowding``.

Floating catchments on the synthetic network of 200,000 nodes, 5,000 venues and half a million people, within a quarter
of an hour by car: about twenty million pairs. PySAL's `access` has no network of its own: it is given a table of costs.
So two figures are told apart, its arithmetic on a table that is already there, and the same with the searches that a
user of it would make through pandana. xsgeo's figure has its searches in it both times.

Each engine runs in a process of its own, called with its name and the folder to leave its answer in. Ratios are of CPU
time in one run on one machine. PySAL access and pandana must be in the environment, or they are left out and named.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import apart
from benchmarks.networks import RoadNetwork, load

HERE = Path(__file__).parent
NETWORKS = HERE.parent / ".tools" / "networks"
QUARTER_MS = 900_000
STEPS: dict[float, float] = {5: 1.0, 10: 0.68, 15: 0.22}
SIGMA_MIN = 5.0
DECAYS = {
    "none": "two-step, weights 0 and 1 (Luo and Wang 2003)",
    "step": "enhanced two-step, zones of 5, 10, 15 minutes (Luo and Qi 2009)",
    "normal": "enhanced two-step, normal curve of 5 minutes",
}
DEADLINE_S = 1800

Floats = NDArray[np.float64]
Job = Callable[[], Floats]


def supply_and_demand(net: RoadNetwork) -> tuple[Floats, Floats]:
    """Seats of each venue, seeded, and people at each node."""
    seats = np.random.RandomState(3).randint(5, 100, len(net.venues)).astype(np.float64)
    return seats, np.bincount(net.people, minlength=len(net.x)).astype(np.float64)


def xsgeo(net: RoadNetwork, decay: str, folder: Path) -> Job:
    """Searches and sums in one go; laying out the network, compiling and loading are not counted."""
    from xsgeo import search
    from xsgeo.crowding.decay import Decay
    from xsgeo.crowding.streams import two_step_on_network

    search.warm_up()
    curve = {
        "none": Decay("none"),
        "step": Decay("step", steps=STEPS),
        "normal": Decay("normal", width_min=SIGMA_MIN),
    }[decay]
    graph = search.build_graph(net.end, net.start, net.ms, len(net.x), x=net.x, y=net.y)
    seats, people = supply_and_demand(net)
    few = search.at_nodes(net.venues[:1])
    two_step_on_network(graph, few, seats=[1.0], people=people, limit_ms=1000, decay=curve, engine="numba")

    def answer() -> Floats:
        doors = search.at_nodes(net.venues)
        return two_step_on_network(
            graph, doors, seats=seats, people=people, limit_ms=QUARTER_MS, decay=curve, engine="numba"
        )[0]

    return answer


def costs(net: RoadNetwork) -> Any:
    """The table of costs that `access` is given: origin, destination, minutes."""
    import pandas as pd

    from xsgeo import search

    graph = search.build_graph(net.end, net.start, net.ms, len(net.x), x=net.x, y=net.y)
    pairs = search.within(graph, search.at_nodes(net.venues), limit_ms=QUARTER_MS, engine="numba")
    venue = np.repeat(np.arange(len(net.venues)), np.diff(pairs.first))
    return pd.DataFrame({"origin": pairs.target.astype(np.int64), "dest": venue, "cost": pairs.ms / 60_000})


def pysal(net: RoadNetwork, decay: str, folder: Path) -> Job:
    """PySAL access on a table of costs that is already in memory: its arithmetic alone."""
    import pandas as pd
    from access import Access, weights  # type: ignore[import-not-found, unused-ignore]

    seats, people = supply_and_demand(net)
    curve = {"none": None, "step": weights.step_fn(STEPS), "normal": weights.gaussian(SIGMA_MIN)}[decay]
    model = Access(
        demand_df=pd.DataFrame({"node": np.arange(len(people)), "people": people}),
        demand_index="node",
        demand_value="people",
        supply_df=pd.DataFrame({"venue": np.arange(len(seats)), "seats": seats}),
        supply_index="venue",
        supply_value="seats",
        cost_df=costs(net),
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )

    def answer() -> Floats:
        found = model.two_stage_fca(name="a", weight_fn=curve, max_cost=QUARTER_MS / 60_000)
        return np.asarray(found["a_seats"].reindex(np.arange(len(people))).fillna(0), dtype=np.float64)

    return answer


def pandana(net: RoadNetwork, decay: str, folder: Path) -> Job:
    """The table of costs by pandana's `nodes_in_range`; building its hierarchy is not counted."""
    import pandas as pd
    from pandana import Network  # type: ignore[import-not-found, unused-ignore]

    nodes = pd.Series(net.x), pd.Series(net.y)
    weights = pd.DataFrame({"s": net.ms / 1000})
    # Searched from the venues along reversed roads, as xsgeo does.
    network = Network(*nodes, pd.Series(net.end), pd.Series(net.start), weights, twoway=False)

    def answer() -> Floats:
        table = network.nodes_in_range(net.venues, QUARTER_MS / 1000)
        return np.array([float(len(table))])

    return answer


ENGINES: dict[str, Callable[[RoadNetwork, str, Path], Job]] = {"xsgeo": xsgeo, "pysal": pysal, "pandana": pandana}


def run(engine: str, decay: str, folder: Path) -> None:
    """Run one engine, leave its answer in the folder and print its figures."""
    net = load("200k", NETWORKS)
    job = ENGINES[engine](net, decay, folder)
    cpu, wall = [], []
    for _ in range(3 if engine == "xsgeo" else 1):
        begin, clock = time.process_time(), time.perf_counter()
        found = job()
        cpu.append(time.process_time() - begin)
        wall.append(time.perf_counter() - clock)
    np.save(folder / f"{engine}-{decay}.npy", found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": float(np.median(cpu)), "wall_s": float(np.median(wall)), "peak_mb": peak}))


def ask(engine: str, decay: str, folder: Path) -> dict[str, Any]:
    """Run one engine in a process of its own."""
    arguments = ["-W", "ignore", "-m", "benchmarks.crowding", engine, decay, str(folder)]
    return apart.ask(f"{decay} {engine}", arguments, deadline_s=DEADLINE_S)


def catchments(folder: Path) -> list[str]:
    """Compare the floating catchments and return their table in Markdown."""
    searches = ask("pandana", "none", folder)
    lines = [
        "## Two-step floating catchments, 200k nodes, 5,000 venues, 500,000 people, 15 minutes",
        "",
        "| method | xsgeo, searches included: CPU s | peak MB | PySAL access, table given: CPU s | peak MB "
        "| times xsgeo | with pandana's searches, times xsgeo | greatest difference |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for decay, title in DECAYS.items():
        ours, theirs = ask("xsgeo", decay, folder), ask("pysal", decay, folder)
        if "failed" in ours or "failed" in theirs:
            lines.append(f"| {title} | {ours.get('failed', '')} | | {theirs.get('failed', '')} | | | | |")
            continue
        both = (theirs["cpu_s"] + searches["cpu_s"]) / ours["cpu_s"] if "failed" not in searches else float("nan")
        a, b = (np.load(folder / f"{engine}-{decay}.npy") for engine in ("xsgeo", "pysal"))
        lines.append(
            f"| {title} | {ours['cpu_s']:.2f} | {ours['peak_mb']:.0f} | {theirs['cpu_s']:.1f} "
            f"| {theirs['peak_mb']:.0f} | {theirs['cpu_s'] / ours['cpu_s']:.0f} | {both:.0f} "
            f"| {np.abs(a - b).max() / b.max():.0e} of the greatest |"
        )
    note = (
        f"pandana's searches: {searches['cpu_s']:.1f} s CPU, its hierarchy not counted."
        if "failed" not in searches
        else f"pandana: {searches['failed']}."
    )
    return [*lines, "", note, ""]


def county() -> list[str]:
    """Time the demonstration county's week of seats, and check its totals by linear programmes."""
    import xsgeo
    from xsgeo import crowding, workflow

    study = xsgeo.read_study(HERE.parent / "data")
    found = workflow.reach(study)
    located = found.snapped["reason"].eq("")
    args = study.workers, study.venues, found.minutes
    spent = {}
    for measure in (crowding.seated, crowding.seats_per_worker, crowding.seated_by_half_hour):
        begin = time.process_time()
        table = measure(*args, standard=study.standard, located=located)
        spent[measure.__name__] = time.process_time() - begin
    begin = time.process_time()
    worst = max(
        abs(exact - table.loc[slot, "n_seated"]) for slot, exact in by_linear_programme(*args, study.standard, located)
    )
    programmes = time.process_time() - begin
    return [
        f"## The demonstration county: {len(study.workers):,} groups, {len(study.venues):,} plaques, a week",
        "",
        *(f"* `{name}`: {seconds:.2f} s CPU after the table of minutes" for name, seconds in spent.items()),
        f"* the totals alone by linear programmes, one a situation (HiGHS): {programmes / spent['seated']:.0f} times "
        f"`seated`; greatest difference {worst:.0e} people",
        "",
    ]


def by_linear_programme(workers: Any, venues: Any, minutes: Any, standard: Any, located: Any) -> Any:
    """Yield a half hour of each situation, and how many can be seated then, by HiGHS."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    from xsgeo.crowding.claims import find_claims

    claims = find_claims(workers, venues, minutes, standard=standard, located=located)
    come = workers["n_workers"].to_numpy() * standard.peak_share
    seats = np.where(np.isnan(claims.seats), come.sum(), claims.seats)
    for situation, on in enumerate(claims.weeks.T):
        now = np.flatnonzero(on[claims.week])
        slot = int(np.flatnonzero(claims.situation == situation)[0])
        if not len(now):
            yield slot, 0.0
            continue
        one, pair = np.ones(len(now)), np.arange(len(now))
        limits = vstack(
            [
                csr_array((one, (claims.group[now], pair)), shape=(len(come), len(now))),
                csr_array((one, (claims.room[now], pair)), shape=(len(seats), len(now))),
            ]
        )
        yield slot, -linprog(-one, A_ub=limits, b_ub=np.concatenate([come, seats]), method="highs").fun


def heading() -> list[str]:
    """Say where and with what this was run."""
    versions = apart.versions(("numba", "numpy", "pandas", "scipy", "access", "pandana"))
    return [
        "# Crowding: benchmark results",
        "",
        "Written by `python -m benchmarks.crowding`. CPU times of one run on one machine; compilation is left out, as",
        "it is done once. xsgeo searches and adds up in one pass; PySAL access is handed the table of costs,",
        "which xsgeo made for it, and its making is not counted but in the column that says so.",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} processors; {versions}.",
        "PySAL access (BSD) and pandana (AGPL) are installed for this comparison alone.",
        "",
    ]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", nargs="?", choices=list(ENGINES))
    parser.add_argument("decay", nargs="?", choices=list(DECAYS))
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    if given.engine:
        run(given.engine, given.decay, given.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        lines = [*heading(), *catchments(Path(folder)), *county()]
    (HERE / "CROWDING.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
