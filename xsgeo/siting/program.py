"""Mixed-integer programs, put together block by block and handed to HiGHS.

Every model of siting is a few blocks of columns (is the site open, is the group served, how many go where) and a few
blocks of rows that tie them. `Program` takes such blocks as sparse matrices, so no model ever loops over its rows in
Python: that loop is where common modelling layers spend their minutes.

What the solver says is taken apart with care. Its "optimal" only means that its own tolerances were met, so the answer
is rounded here and counted again by whoever asked. A bound is handed over only if it is one. Presolve has called
programs infeasible that are not (1.15, a row of whole numbers whose side is 1e-6 from one). Its callbacks are used to
ask the `Watch` whether to go on and to tell how far the search is; an exception must never cross them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array

from xsgeo.errors import PlanError
from xsgeo.siting.problem import Floats, Sites
from xsgeo.siting.watch import Watch

Word = Literal["optimal", "infeasible", "time_limit", "interrupted", "unproven"]


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver found.

    Attributes
    ----------
    values
        Of each column; None where there is no answer.
    bound
        No answer has a lesser value than this; minus infinity where nothing is known.
    word
        Why the solver stopped.
    duals, reduced_costs
        Of rows and columns, after a program without whole numbers.
    """

    values: Floats | None
    bound: float
    word: Word
    duals: Floats
    reduced_costs: Floats


class Program:
    """A program to be minimised.

    Examples
    --------
    >>> program = Program()
    >>> x = program.columns(2, cost=[3.0, 2.0], whole=True)
    >>> program.rows([(x, [[1.0, 1.0]])], lower=1.0)
    >>> program.solve(Watch(10.0)).values.tolist()
    [0.0, 1.0]
    """

    def __init__(self) -> None:
        self._cost: list[Floats] = []
        self._lower: list[Floats] = []
        self._upper: list[Floats] = []
        self._whole: list[NDArray[np.bool_]] = []
        self._row_lower: list[Floats] = []
        self._row_upper: list[Floats] = []
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []
        self.n_columns = 0
        self.n_rows = 0

    def columns(
        self,
        n: int,
        *,
        cost: ArrayLike = 0.0,
        lower: ArrayLike = 0.0,
        upper: ArrayLike = 1.0,
        whole: bool = False,
    ) -> slice:
        """Add columns and say where they stand."""
        for held, given in ((self._cost, cost), (self._lower, lower), (self._upper, upper)):
            held.append(np.broadcast_to(np.asarray(given, dtype=np.float64), n))
        self._whole.append(np.full(n, whole))
        self.n_columns += n
        return slice(self.n_columns - n, self.n_columns)

    def rows(
        self,
        terms: list[tuple[slice, Any]],
        *,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
    ) -> None:
        """Add rows: the sum over terms (columns, matrix) lies between `lower` and `upper`."""
        blocks = [(at, coo_array(matrix)) for at, matrix in terms]
        n = blocks[0][1].shape[0]
        for at, block in blocks:
            row, column = block.coords
            self._entries.append((row + self.n_rows, column + at.start, block.data.astype(np.float64)))
        self._row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), n))
        self._row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), n))
        self.n_rows += n

    def set_cost(self, cost: Floats) -> None:
        """Put other costs on all columns."""
        self._cost = [np.asarray(cost, dtype=np.float64)]

    def solve(
        self,
        watch: Watch,
        *,
        start: Floats | None = None,
        abs_gap: float = 1e-9,
        time_limit_s: float | None = None,
        stage: str = "solve",
        is_relaxed: bool = False,
        solver_name: str = "choose",
        options: Mapping[str, float | str] | None = None,
    ) -> Answer:
        """Minimise; that nothing is allowed is believed only when HiGHS says so without its presolve as well.

        Parameters
        ----------
        watch
            Says when to stop and hears of the progress.
        start
            A first answer, for every column.
        abs_gap
            How near bound and value must be to stop.
        time_limit_s
            Less time than the watch has left.
        stage
            What to call this in the news.
        is_relaxed
            Leave out that columns are whole.
        solver_name
            How HiGHS is to solve a program without whole numbers.
        options
            Further options of HiGHS by their names.
        """
        import highspy

        nothing = np.empty(0)
        if not self.n_columns:
            is_right = all((held <= 0).all() for held in self._row_lower) and all(
                (h >= 0).all() for h in self._row_upper
            )
            return Answer(nothing if is_right else None, 0.0, "optimal" if is_right else "infeasible", nothing, nothing)
        left = watch.left_s if time_limit_s is None else min(time_limit_s, watch.left_s)
        if left <= 0 or watch.is_interrupted:
            return Answer(None, -np.inf, "interrupted" if watch.is_interrupted else "time_limit", nothing, nothing)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("parallel", "off")
        solver.setOptionValue("solver", solver_name)
        solver.setOptionValue("time_limit", left)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", abs_gap)
        for name, value in (options or {}).items():
            solver.setOptionValue(name, value)
        self.pass_to(solver, is_relaxed=is_relaxed)
        if start is not None:
            first = highspy.HighsSolution()
            first.col_value = start
            solver.setSolution(first)
        listen(solver, watch, stage)
        solver.run()
        is_whole, more = not is_relaxed and any(held.any() for held in self._whole), dict(options or {})
        if is_whole and solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible and "presolve" not in more:
            more["presolve"] = "off"
            return self.solve(watch, abs_gap=abs_gap, time_limit_s=time_limit_s, stage=stage, options=more)
        return _answer(solver, is_whole=is_whole)

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the columns."""
        return np.concatenate(self._lower), np.concatenate(self._upper)

    def pass_to(self, solver: Any, *, is_relaxed: bool) -> None:
        """Hand the program to HiGHS: as arrays, because attributes of its own model are set number by number."""
        import highspy

        shape = (self.n_rows, self.n_columns)
        matrix = csr_array(shape)
        if self._entries:
            row, column, value = (np.concatenate(part) for part in zip(*self._entries, strict=True))
            matrix = csr_array((value, (row, column)), shape=shape)
        matrix.sum_duplicates()
        kinds = np.concatenate(self._whole).astype(np.int32) * (0 if is_relaxed else int(highspy.HighsVarType.kInteger))
        by_row, minimise, offset = int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0
        solver.passModel(
            self.n_columns, self.n_rows, matrix.nnz, by_row, minimise, offset,
            np.concatenate(self._cost), *self.bounds,
            np.concatenate([*self._row_lower, np.empty(0)]), np.concatenate([*self._row_upper, np.empty(0)]),
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, kinds,
        )  # fmt: skip


def site_columns(program: Program, sites: Sites, *, cost: ArrayLike = 0.0) -> slice:
    """Add a column for each site, 1 if open, and the rows that limit which sites may be open together."""
    lower, upper = sites.lower.astype(np.float64), sites.upper.astype(np.float64)
    x = program.columns(len(sites), cost=cost, lower=lower, upper=upper, whole=True)
    if sites.n_sites is not None:
        program.rows([(x, np.ones((1, len(sites))))], upper=float(sites.n_sites))
    if sites.budget is not None:
        program.rows([(x, sites.cost[None, :])], upper=sites.budget + 1e-9)
    for held, least, most, _ in sites.quotas:
        program.rows([(x, held.astype(np.float64)[None, :])], lower=least, upper=np.inf if most is None else most)
    for together in sites.excluded:
        row = np.zeros((1, len(sites)))
        row[0, together] = 1.0
        program.rows([(x, row)], upper=len(together) - 1.0)
    return x


def listen(solver: Any, watch: Watch, stage: str) -> None:
    """Let the solver ask the watch whether to go on, and tell it how far it is."""
    import highspy

    kinds = highspy.cb.HighsCallbackType
    told = {"at": 0.0}

    def hear(kind: Any, _text: str, out: Any, back: Any, _data: Any) -> None:
        if kind == kinds.kCallbackMipInterrupt and out.running_time - told["at"] > 0.5:
            told["at"] = out.running_time
            watch.tell(stage)
        if watch.is_interrupted:
            back.user_interrupt = True

    solver.setCallback(hear, None)
    for kind in (kinds.kCallbackMipInterrupt, kinds.kCallbackSimplexInterrupt, kinds.kCallbackIpmInterrupt):
        solver.startCallback(kind)


def status_word(solver: Any) -> Word:
    """What the solver's last word means here; a word that is not listed is a fault of the model."""
    import highspy

    kinds = highspy.HighsModelStatus
    words: dict[Any, Word] = {
        kinds.kOptimal: "optimal",
        kinds.kInfeasible: "infeasible",
        # Nothing below the bound on the objective that the caller has set.
        kinds.kObjectiveBound: "infeasible",
        kinds.kUnboundedOrInfeasible: "infeasible",
        kinds.kTimeLimit: "time_limit",
        kinds.kIterationLimit: "unproven",
        kinds.kInterrupt: "interrupted",
        kinds.kMemoryLimit: "unproven",
        kinds.kSolveError: "unproven",
        kinds.kUnknown: "unproven",
    }
    word = solver.getModelStatus()
    if word not in words:
        msg = f"the solver stopped with {solver.modelStatusToString(word)!r}"
        raise PlanError(msg)
    return words[word]


def _answer(solver: Any, *, is_whole: bool) -> Answer:
    word, info, nothing = status_word(solver), solver.getInfo(), np.empty(0)
    if word in ("infeasible", "unproven"):
        return Answer(None, -np.inf, word, nothing, nothing)
    solution = solver.getSolution()
    if not is_whole:
        if word != "optimal":
            return Answer(None, -np.inf, word, nothing, nothing)
        values, duals, reduced = (
            np.asarray(held, dtype=np.float64) for held in (solution.col_value, solution.row_dual, solution.col_dual)
        )
        return Answer(values, float(info.objective_function_value), word, duals, reduced)
    has_answer = bool(info.primal_solution_status == 2)
    found = np.asarray(solution.col_value, dtype=np.float64) if has_answer else None
    bound = float(info.mip_dual_bound)
    return Answer(found, bound if np.isfinite(bound) else -np.inf, word, nothing, nothing)
