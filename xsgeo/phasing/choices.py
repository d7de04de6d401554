"""Not one plan but a choice: others nearly as good, what more money buys, the worst-off first, and bad weather.

An optimum is rarely alone, and the second-best may be the one a town agrees to. `alternatives` asks for other plans
within a stated distance of the best and shows what all of them share. `money` draws the curve of money against workers
and against the worst-off town: each point is an exact plan of its own. `worst_off_first` raises the least served town
as far as the money goes and only then serves the most (a lexicographic order, Rawls's). `robust` takes the plan whose
greatest regret over several states of the world (a gale, the moratorium, slow roads) is least: regret is what the plan
serves less there than the plan made for that state alone (Savage 1951).
"""

# A solver's answer is no frame: its values are an array.
# ruff: noqa: PD011

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, kron

from xsgeo.errors import PlanError
from xsgeo.phasing.counting import counted, evaluate, tell, years_of
from xsgeo.phasing.lessons import all_rooms, least_share
from xsgeo.phasing.model import Phased, Task
from xsgeo.phasing.program import build, serve_rows
from xsgeo.phasing.regret import least_regret
from xsgeo.phasing.seated import branch, relax
from xsgeo.phasing.solve import InfeasibleError, greedy, solve, undominated
from xsgeo.siting.watch import Progress, Watch

Hear = Callable[[Progress], object] | None

_HASTE_S = 2.0  # for a plan that keeps the floor found so far, once somebody has asked to stop
_SAME = 1e-6  # of a share: as good as the same


def alternatives(
    task: Task, best: Phased, *, most: int = 5, within: float = 0.01, time_limit_s: float = 60.0, progress: Hear = None
) -> list[Phased]:
    """Find other plans nearly as good, best first, the first one included.

    Parameters
    ----------
    task
        The question.
    best
        Its best plan.
    most
        Most plans in all.
    within
        Share of the best plan's objective that another may lack.
    time_limit_s
        Seconds for each.
    progress
        Hears how far the search is.

    Returns
    -------
    list of Phased
        Each lacks at least one action of every plan before it, so none is another with something added.
    """
    plans, seen = [best], [frozenset(best.actions.index)]
    while len(plans) < most and seen[-1]:
        try:
            other = solve(task, time_limit_s=time_limit_s, progress=progress, exclude=tuple(seen))
        except InfeasibleError:
            break
        if other.objective < best.objective * (1 - within) - 1e-9:
            break
        plans.append(other)
        seen.append(frozenset(other.actions.index))
    return plans


def in_common(plans: Sequence[Phased]) -> pd.DataFrame:
    """Which actions the plans share.

    Parameters
    ----------
    plans
        What `alternatives` found.

    Returns
    -------
    pandas.DataFrame
        One row an action, index ``action_id``, those of most plans first: ``n_plans`` and ``plan_1``, ``plan_2``...,
        the year in each, 0 where it is left out.
    """
    ids = sorted({i for plan in plans for i in plan.actions.index})
    years = {f"plan_{n}": plan.actions["year"].reindex(ids).fillna(0).astype(int) for n, plan in enumerate(plans, 1)}
    table = pd.DataFrame(years, index=pd.Index(ids, name="action_id", dtype=object))
    table.insert(0, "n_plans", (table > 0).sum(axis=1))
    return table.sort_values("n_plans", ascending=False, kind="stable")


def money(
    task: Task, *, scales: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0), time_limit_s: float = 30.0
) -> pd.DataFrame:
    """What more or less money would do: for most workers, and for the worst-off town.

    Parameters
    ----------
    task
        The question; its floors are left out here.
    scales
        Multiples of its budgets.
    time_limit_s
        Seconds for each point.

    Returns
    -------
    pandas.DataFrame
        Index ``scale``; ``budget`` in all, and for each of the two aims, ``most`` and ``worst``: ``n_workers_`` added
        at the end, ``share_worst_`` (share served of the least served town) and ``gap_``.
    """
    at = sorted(set(scales), reverse=True)
    tasks = {
        s: replace(task, terms=replace(task.terms, budgets=tuple(b * s for b in task.terms.budgets), floors={}))
        for s in at
    }
    plans: dict[str, dict[float, Phased]] = {aim: {} for aim in (("most", "worst") if task.workers else ("most",))}
    bound, least = np.inf, _share_at_best(task) if task.workers else 0.0
    for s in at:
        # What more money cannot do, less cannot either; and with less nothing has to be proven that more has.
        most = solve(tasks[s], time_limit_s=time_limit_s, is_cheapest=False)
        bound = min(bound, most.bound)
        plans["most"][s] = replace(most, bound=max(bound, most.objective))
        if task.workers:
            plans["worst"][s] = _worst_too(tasks[s], plans["most"][s], least, time_limit_s=time_limit_s)
            least = min(least, town_shares(tasks[s], plans["worst"][s]).min() + _SAME)
    for less, more in zip(at[:0:-1], at[-2::-1], strict=True):
        if plans["most"][less].objective > plans["most"][more].objective:
            told = counted(tasks[more], years_of(task, plans["most"][less]))
            plans["most"][more] = replace(told, bound=max(plans["most"][more].bound, told.objective))
    rows = []
    for scale in scales:
        row: dict[str, float] = {"scale": scale, "budget": sum(tasks[scale].terms.budgets)}
        for aim, found in plans.items():
            plan = found[scale]
            shares = town_shares(tasks[scale], plan)
            row[f"n_workers_{aim}"] = int(plan.by_year["n_workers_added"].iloc[-1])
            row[f"share_worst_{aim}"] = float(shares.min()) if len(shares) else float("nan")
            row[f"gap_{aim}"] = plan.gap
        rows.append(row)
    return pd.DataFrame(rows).set_index("scale")


def town_shares(task: Task, plan: Phased) -> pd.Series:
    """Share of each town's workers served when the plan is done.

    Parameters
    ----------
    task
        The question, with workers by town.
    plan
        A plan of it.

    Returns
    -------
    pandas.Series
        By town id, of towns with workers.
    """
    served, _, _ = evaluate(task, years_of(task, plan))
    gained = pd.Series(task.weight * (served[:, -1] - task.today), dtype=float)
    added = gained.groupby(task.town).sum()
    towns = sorted(t for t, n in task.workers.items() if n > 0)
    shares = {t: (task.served_today.get(t, 0.0) + float(added.get(t, 0.0))) / task.workers[t] for t in towns}
    return pd.Series(shares, dtype=float, name="share_effective")


def worst_off_first(task: Task, *, time_limit_s: float = 60.0, progress: Hear = None) -> Phased:
    """Raise the least served town as far as the money goes, then serve the most.

    Parameters
    ----------
    task
        The question, with workers by town.
    time_limit_s
        Seconds for each of the two steps.
    progress
        Hears how far the search is.

    Returns
    -------
    Phased
        A plan whose floors are the least share that was reached; where the first step ran out of time, the best floor
        found so far.

    Raises
    ------
    PlanError
        When workers by town are not known.
    """
    if not any(n > 0 for n in task.workers.values()):
        msg = "the worst-off town is not known: workers by town are missing"
        raise PlanError(msg)
    return _raised(task, _share_at_best(task), time_limit_s=time_limit_s, progress=progress)


def _raised(task: Task, most: float, *, time_limit_s: float, progress: Hear = None, is_cheapest: bool = True) -> Phased:
    """Raise the least share, of which it is known that it is no more than `most`, then serve as many as that allows."""
    towns = sorted(t for t, n in task.workers.items() if n > 0)
    watch = Watch(time_limit_s, progress)
    plain = replace(task, terms=replace(task.terms, floors={}))
    with watch.listening():
        reached = _least_seated(plain, most, watch) if task.states else _least(plain, most, towns, watch)
    if reached is None:
        raise InfeasibleError(pd.DataFrame(columns=["family", "name", "lacking", "unit"]))
    floored = replace(task, terms=replace(task.terms, floors=dict.fromkeys(towns, max(reached - _SAME, 0.0))))
    left_s = _HASTE_S if watch.is_interrupted else time_limit_s
    plan = solve(floored, time_limit_s=left_s, progress=progress, is_cheapest=is_cheapest)
    return replace(plan, status="interrupted") if watch.is_interrupted and plan.status != "optimal" else plan


def _least_seated(task: Task, most: float, watch: Watch) -> float | None:
    """The greatest least share with seats, as far as time goes; None where nothing keeps to the terms."""
    rooms, aim = all_rooms(task), least_share(task, most + _SAME / 2)
    years = greedy(task)
    keeps = task.terms.must <= set(task.actions["site_id"].to_numpy(dtype=object)[years > 0])
    known = relax(rooms, aim, years if keeps else None, watch=watch)
    if known.word == "infeasible":
        return None
    done = (years[:, None] > 0) & (years[:, None] <= np.arange(1, task.terms.n_years + 1))
    value = rooms.count(done.astype(np.float64), aim)[0] if keeps else 0.0
    found = branch(rooms, aim, known, (years if keeps else None, value), share=1.0, watch=watch)
    everybody = sum(n for n in task.workers.values() if n > 0)
    return None if found.word == "infeasible" else found.value / everybody


def _least(task: Task, most: float, towns: Sequence[str], watch: Watch) -> float | None:
    """The same without seats."""
    built = build(task, may=undominated(task))
    n_years = task.terms.n_years
    least = built.program.columns(1, cost=0.0, upper=min(most + _SAME / 2, 1.0))
    cost = np.zeros(built.program.n_columns)
    cost[least] = -1.0
    built.program.set_cost(cost)
    table = np.array([np.where(task.town == t, task.weight, 0.0) / task.workers[t] for t in towns])
    last = np.zeros((1, n_years))
    last[0, -1] = 1.0
    today = np.array([task.served_today.get(t, 0.0) / task.workers[t] for t in towns]) - table @ task.today
    built.program.rows([(built.y, kron(csr_array(table), last)), (least, -np.ones((len(towns), 1)))], lower=-today)
    answer = built.program.solve(watch, abs_gap=_SAME, stage="worst_off")
    return None if answer.values is None else float(answer.values[least][0])


def _share_at_best(task: Task) -> float:
    """Share of the worst-off town if everything were done that may be, whatever it costs."""
    gained = task.most
    return min(
        (task.served_today.get(t, 0.0) + float(gained[task.town == t].sum())) / n
        for t, n in task.workers.items()
        if n > 0
    )


def _worst_too(task: Task, most: Phased, least: float, *, time_limit_s: float) -> Phased:
    """The plan that puts the worst-off first; the one that serves most, where nothing would raise them more."""
    if float(town_shares(task, most).min()) >= least - _SAME:
        return most
    return _raised(task, least, time_limit_s=time_limit_s, is_cheapest=False)


def robust(
    tasks: Mapping[str, Task], *, time_limit_s: float = 60.0, progress: Hear = None
) -> tuple[Phased, pd.DataFrame]:
    """Find the plan whose greatest regret over several states of the world is least.

    Parameters
    ----------
    tasks
        The same actions and terms in each state: a gale, a month, slow roads. The first is the state as it is. Seats
        and floors are left out of account.
    time_limit_s
        Seconds for each plan.
    progress
        Hears how far the search is.

    Returns
    -------
    plan : Phased
        The robust plan, counted in the first state.
    regret : pandas.DataFrame
        One row a plan (that of each state, then ``robust``), a column a state: workers, discounted, that the plan
        serves less there than the plan made for that state. ``attrs["least"]``: no plan's greatest regret is less.

    Raises
    ------
    PlanError
        When the states do not have the same actions, or hold seats and rooms that may be closed.
    """
    names = list(tasks)
    if any(len(t.states) > 1 for t in tasks.values()):
        msg = "a plan with seats and rooms that may be closed is not compared over states: leave seats out of `tasks`"
        raise PlanError(msg)
    cases = {n: replace(t, states=(), terms=replace(t.terms, floors={})) for n, t in tasks.items()}
    first = cases[names[0]]
    for name in names[1:]:
        if not cases[name].actions.index.equals(first.actions.index):
            msg = f"the states {names[0]!r} and {name!r} do not have the same actions"
            raise PlanError(msg)
    # Only the plan for the state as it is will be shown; of the others no more than their worth is asked.
    own = {n: solve(cases[n], time_limit_s=time_limit_s, progress=progress, is_cheapest=n == names[0]) for n in names}
    watch = Watch(time_limit_s, progress)
    with watch.listening():
        if any(case.ways is not None for case in cases.values()):
            plan, least = _least_regret(cases, own, watch)
        else:
            years, least = least_regret(cases, own, watch)
            plan = own[names[0]] if years is None else tell(first, years, own[names[0]].bound, "unproven", watch)
    plans = {**{n: years_of(first, own[n]) for n in names}, "robust": years_of(first, plan)}
    regret = {
        state: {
            name: own[state].objective - tell(cases[state], years, float("inf"), "unproven", watch).objective
            for name, years in plans.items()
        }
        for state in names
    }
    table = pd.DataFrame(regret).clip(lower=0.0)
    table.index.name = "plan"
    table.attrs["least"] = least
    return plan, table


def _least_regret(cases: Mapping[str, Task], own: Mapping[str, Phased], watch: Watch) -> tuple[Phased, float]:
    """The plan whose greatest regret is least where rooms may be closed, and what no plan's regret falls below."""
    names = list(cases)
    first = cases[names[0]]
    n_years = first.terms.n_years
    built = build(first)
    program = built.program
    regret = program.columns(1, upper=np.inf)
    worths = first.terms.discount ** np.arange(n_years)
    total = 0.0
    for name in names:
        case = cases[name]
        y = built.y
        if name != names[0]:
            y = program.columns(len(case.weight) * n_years)
            serve_rows(program, case, built.x, y)
        value = csr_array(np.outer(case.weight, worths).ravel()[None, :])
        program.rows([(y, value), (regret, np.ones((1, 1)))], lower=own[name].objective + case.worth_today)
        total = max(total, own[name].objective)
    cost = np.zeros(program.n_columns)
    cost[regret] = 1.0
    # Among plans of equal regret the one that serves most as things are.
    cost[built.y] = -np.outer(first.weight, worths).ravel() * 1e-6
    program.set_cost(cost)
    answer = program.solve(watch, abs_gap=1e-6 * max(total, 1.0), stage="robust")
    if answer.values is None:
        return own[names[0]], 0.0
    years = np.where(
        (chosen := answer.values[built.x].reshape(-1, n_years) > 0.5).any(axis=1), chosen.argmax(axis=1) + 1, 0
    ).astype(np.intp)
    return tell(first, years, own[names[0]].bound, "unproven", watch), max(0.0, answer.bound)
