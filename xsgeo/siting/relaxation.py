"""A program without whole numbers that is solved again and again, while rows come and bounds move.

`xsgeo.siting.program` solves once. Cuts and branching ask hundreds of programs, each the one before with a few rows
more or a site decided, and HiGHS answers each in a fraction of the time if it may go on from where it stood. Of each
only two things are wanted: its value and where it is attained, or that it has passed the value from which on nothing
better than the known answer can come, at which the solver stops by itself.

Values of trial branches may be cut off after some steps. They guide a choice and prove nothing.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from xsgeo.siting.problem import Floats, Places, Whole
from xsgeo.siting.program import Program, listen, status_word
from xsgeo.siting.watch import Watch

Outcome = Literal["solved", "beyond", "stopped"]
"""Solved; no value below the goal, or none at all; or neither, because there is no more time or the solver gave up."""


class Relaxation:
    """The relaxation of a program, held by the solver.

    Parameters
    ----------
    program
        What to relax.
    watch
        Says when to stop.

    Attributes
    ----------
    value, values, reduced_costs
        Of the last one that was solved.
    lower, upper
        Bounds of the columns as they stand.

    Examples
    --------
    >>> program = Program()
    >>> x = program.columns(2, cost=[3.0, 2.0], whole=True)
    >>> program.rows([(x, [[1.0, 2.0]])], lower=1.0)
    >>> relaxation = Relaxation(program, Watch(10.0))
    >>> relaxation.solve(), relaxation.value
    ('solved', 1.0)
    >>> relaxation.decide(np.zeros(2), np.array([1.0, 0.0]))
    >>> relaxation.solve(), relaxation.value
    ('solved', 3.0)
    """

    def __init__(self, program: Program, watch: Watch) -> None:
        import highspy

        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("parallel", "off")
        solver.setOptionValue("presolve", "off")
        solver.setOptionValue("solver", "simplex")
        program.pass_to(solver, is_relaxed=True)
        listen(solver, watch, "bound")
        self._solver, self._watch = solver, watch
        self.lower, self.upper = program.bounds
        self.n_rows = program.n_rows
        self.value = -np.inf
        self.values = self.reduced_costs = np.empty(0)

    def stop_beyond(self, goal: float) -> None:
        """Stop a solution as soon as its value is known to lie beyond this."""
        self._solver.setOptionValue("objective_bound", goal)

    def solve(self) -> Outcome:
        """Solve, from the last solution on."""
        outcome = self._run()
        if outcome == "solved":
            solution = self._solver.getSolution()
            self.value = float(self._solver.getInfo().objective_function_value)
            self.values = np.asarray(solution.col_value, dtype=np.float64)
            self.reduced_costs = np.asarray(solution.col_dual, dtype=np.float64)
        return outcome

    def _run(self) -> Outcome:
        if self._watch.is_over:
            return "stopped"
        # The solver's clock counts from its first run on.
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + self._watch.left_s)
        self._solver.run()
        word = status_word(self._solver)
        if word == "infeasible":
            return "beyond"
        return "solved" if word == "optimal" else "stopped"

    def add_rows(self, begins: Whole, places: Places, values: Floats, least: Floats) -> None:
        """Add rows, sums of columns that are at least so much; the last of `begins` is the end."""
        n = len(least)
        self._solver.addRows(
            n, least, np.full(n, np.inf), int(begins[-1]), begins[:-1].astype(np.int32), places.astype(np.int32), values
        )
        self.n_rows += n

    def decide(self, lower: Floats, upper: Floats) -> None:
        """Put other bounds on the columns."""
        at = np.flatnonzero((lower != self.lower) | (upper != self.upper)).astype(np.int32)
        if len(at):
            self._solver.changeColsBounds(len(at), at, lower[at], upper[at])
        self.lower, self.upper = lower.copy(), upper.copy()

    def tried(self, column: int, *, steps: int) -> tuple[float, float]:
        """About the values with a column at 0 and at 1, infinite where that leads beyond; all else is left as it is."""
        basis: Any = self._solver.getBasis()
        self._solver.setOptionValue("simplex_iteration_limit", steps)
        found = []
        for value in (0.0, 1.0):
            self._solver.changeColBounds(column, value, value)
            outcome = self._run()
            found.append(np.inf if outcome == "beyond" else float(self._solver.getInfo().objective_function_value))
            self._solver.changeColBounds(column, self.lower[column], self.upper[column])
            self._solver.setBasis(basis)
        self._solver.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        return found[0], found[1]
