"""The proof that no cheaper cover is left: branch and cut for set covering.

The best cover is nearly always known before (`xsgeo.siting.cover_kernels`), so all that costs time is the bound. Local
cuts (`xsgeo.siting.local_cuts`) close most of the gap at the root; what is left takes a handful of branches, provided
they are chosen with care: of the sites that are nearest to a half, both branches of each are tried for some steps of
the simplex method, and the site is taken that raises both (strong branching). Each branch is cut again, and as the
cuts hold everywhere every other branch has them too. A site whose reduced cost says that it cannot change sides in
any better cover is decided at once, in that branch and all below it.

Of two branches the likelier one is gone into at once; where a path ends, the open branch with the lowest bound is next,
so that the bound is worth something whenever time is over. The relaxation comes first: what it opens by more than half
is nearly a cover, from which a search for a cheaper one starts, and its value says when the search may stop. As long as
a gap is left the cover known may not be the best, so there is a longer search before the cuts, and one longer still
before the first branch. A general solver with the same cuts takes three to ten times as long: it looks for its own cuts
and for covers.

With costs in whole numbers nothing below the next whole number counts; otherwise the gap is closed but for a tenth of
the tolerance that counts as none (`xsgeo.siting.problem.TOLERANCE`).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np

from xsgeo.siting.cover_case import SLACK, Case
from xsgeo.siting.local_cuts import SIZES, tightened
from xsgeo.siting.problem import TOLERANCE, Floats, Places
from xsgeo.siting.program import Program
from xsgeo.siting.relaxation import Relaxation
from xsgeo.siting.swap import covered_rows
from xsgeo.siting.watch import Watch

_ROOT_ROUNDS, _ROUNDS = 20, 3
_LOOKS = 5_000_000  # at sites, each step of a search at all of them
_SHORT, _MEDIUM, _LONG = 1, 5, 20  # searches for a cheaper cover
_CANDIDATES, _STEPS = 6, 30  # sites tried as the next to branch on, and steps of the simplex method for each
_HALF = 1e-6  # from whole, what counts as fractional


@dataclass(frozen=True)
class Aim:
    """What a search is for, and when it is to give up.

    Attributes
    ----------
    most
        Whole number: only whether a cover costs no more than this is of interest, and the first that does is enough;
        costs are whole numbers then. None: the cheapest cover.
    n_branches
        Branches to look into at most; None for as many as it takes. With 1 there are cuts and no more, with 0 there is
        the relaxation.
    """

    most: int | None = None
    n_branches: int | None = None


@dataclass(frozen=True, eq=False)
class Proof:
    """What a search has shown.

    Attributes
    ----------
    best
        The cheapest cover known.
    bound
        No cover costs less.
    is_done
        Whether nothing was left open.
    """

    best: Places
    bound: float
    is_done: bool


def cheaper_cover(case: Case, known: Places, n_steps: int, *, enough: float = 0.0) -> Places:
    """A cheaper cover than the one known, if a search finds one that keeps the limits.

    Parameters
    ----------
    case
        Costs are above 0.
    known
        A cover that keeps the limits.
    n_steps
        How long, as a multiple of what a short search takes.
    enough
        A cost at which to stop, because no cover costs less.
    """
    from xsgeo.siting import cover_kernels, kernels

    cover = kernels.arrays(case.cover)
    by_row = cover_kernels.turned(cover, case.cover.shape[1])
    fixed, best = case.sites.lower.copy(), np.zeros(len(case.sites), dtype=bool)
    alone = np.flatnonzero(np.diff(by_row[0]) == 1)
    fixed[by_row[1][by_row[0][alone]]] = best[known] = True
    steps = n_steps * min(case.cover.nnz, _LOOKS // len(best))
    cover_kernels.weighted_search(cover, by_row, case.sites.cost, fixed, best, steps, enough)
    found = np.flatnonzero(best)
    is_cheaper = case.sites.cost[found].sum() < case.sites.cost[known].sum() - 1e-9
    return found if is_cheaper and case.sites.allow(found) else known


def goal_below(cost: float, *, is_whole: bool) -> float:
    """What a cover must not cost more than to count as cheaper.

    Examples
    --------
    >>> goal_below(90.0, is_whole=True)
    89.01
    """
    return cost - 1 + SLACK if is_whole else cost - 0.1 * TOLERANCE * max(1.0, abs(cost))


def cheapest_by_branching(case: Case, program: Program, best: Places, watch: Watch, aim: Aim | None = None) -> Proof:
    """Find the cheapest cover, or show that the one known is; or find one that is cheap enough, or show there is none.

    Parameters
    ----------
    case
        The reduced question.
    program
        Its columns are the sites of the case, its rows say all that limits them.
    best
        A cover that keeps the limits.
    watch
        Says when to stop.
    aim
        What is wanted; the cheapest cover when None.
    """
    search = _Search(case, Relaxation(program, watch), best, watch, aim or Aim())
    search.run()
    bounds = [branch.bound for _, _, branch in search.open if branch.bound <= search.goal]
    closed = search.goal + 1 - SLACK if search.is_whole else search.goal
    return Proof(search.best, min([*bounds, closed]), not bounds)


@dataclass(frozen=True, eq=False)
class _Branch:
    bound: float
    lower: Floats
    upper: Floats


class _Search:
    """The branches that are open, and the best cover so far."""

    def __init__(self, case: Case, relaxation: Relaxation, best: Places, watch: Watch, aim: Aim) -> None:
        self.case, self.relaxation, self.watch, self.aim = case, relaxation, watch, aim
        self.by_row = case.cover.T.tocsr()
        self.is_whole = bool((case.sites.cost == np.floor(case.sites.cost)).all())
        self.most_rows = 2 * relaxation.n_rows + 1_000
        self.number = count()
        self.open: list[tuple[float, int, _Branch]] = []
        self.take(best)

    def take(self, cover: Places) -> None:
        """Note a cover, and look for cheaper ones only from now on."""
        self.best, self.cost = cover, float(self.case.sites.cost[cover].sum())
        self.goal = goal_below(self.cost, is_whole=self.is_whole)
        if self.aim.most is not None:
            # Nothing is left to look for, or nothing that costs more.
            self.goal = -np.inf if self.cost <= self.aim.most else min(self.goal, self.aim.most + SLACK)
        self.relaxation.stop_beyond(self.goal)

    def leave(self, branch: _Branch) -> None:
        """Put a branch aside for later."""
        heapq.heappush(self.open, (branch.bound, next(self.number), branch))

    def run(self) -> None:
        """Work until nothing is open or the time is over."""
        outcome = self.relaxation.solve()
        if outcome == "beyond":
            return
        if outcome == "solved":
            self._round()
        self._look(_SHORT)
        # Costs are 0 or more.
        self.leave(_Branch(max(self.relaxation.value, 0.0), self.relaxation.lower, self.relaxation.upper))
        if self.aim.n_branches != 0:
            if outcome == "solved" and self.aim.n_branches != 1:
                self._look(_MEDIUM)
            self._branch()

    def _branch(self) -> None:
        """Look into one open branch after the other."""
        sizes: tuple[tuple[int, int], ...] = SIZES
        rounds, at_hand, n_left = _ROOT_ROUNDS, None, self.aim.n_branches
        while self.open or at_hand:
            branch = at_hand or heapq.heappop(self.open)[2]
            at_hand = None
            if branch.bound > self.goal:
                continue
            self.relaxation.decide(branch.lower, branch.upper)
            outcome, value = tightened(self.relaxation, self.by_row, self.goal, sizes=sizes, rounds=rounds)
            branch = _Branch(max(branch.bound, value), branch.lower, branch.upper)
            if outcome == "beyond" or branch.bound > self.goal:
                continue
            if rounds == _ROOT_ROUNDS and outcome == "solved" and n_left is None:
                self._look(_LONG)
                if branch.bound > self.goal:
                    continue
            rounds, sizes = (_ROUNDS if self.relaxation.n_rows < self.most_rows else 0), SIZES[-1:]
            n_left = None if n_left is None else n_left - 1
            parts = self._parted(branch) if outcome == "solved" and n_left != 0 else None
            if parts is None:
                self.leave(branch)
                break
            # The likelier side is gone into at once: the solver is nearly there.
            at_hand = parts[0] if parts else None
            for part in parts[1:]:
                self.leave(part)
            bounds = [held for held, _, _ in self.open] + [part.bound for part in parts]
            self.watch.tell("branch", self.cost, min([self.cost, *bounds]))

    def _round(self) -> None:
        """Open what the relaxation opens by more than a half, and what it takes to cover the rest."""
        from xsgeo.siting import cover_kernels, kernels

        sites, is_open = self.case.sites, np.zeros(len(self.case.sites), dtype=bool)
        likely = sites.lower | (self.relaxation.values > 0.5)
        lines = kernels.arrays(self.case.cover), kernels.arrays(self.by_row)
        cover_kernels.greedy(*lines, sites.cost, likely, is_open)
        self._offer(np.flatnonzero(is_open))

    def _offer(self, found: Places) -> bool:
        """Whether sites are a cover that keeps the limits; if it is the cheapest so far, take it."""
        if not self.case.sites.allow(found) or not (covered_rows(self.case.cover, found) > 0).all():
            return False
        if self.case.sites.cost[found].sum() < self.cost - 1e-9:
            self.take(found)
        return True

    def _look(self, effort: int) -> None:
        """Look for a cheaper cover, unless the relaxation has shown that there is none."""
        least = self.relaxation.value
        if least <= self.goal:
            enough = float(np.ceil(least - SLACK)) if self.is_whole else least
            enough = enough if self.aim.most is None else max(enough, self.aim.most)
            self.take(cheaper_cover(self.case, self.best, effort, enough=enough))

    def _parted(self, branch: _Branch) -> list[_Branch] | None:
        """Two branches in the place of one, the likelier first; none if it is done, None if the solver is wrong."""
        values = self.relaxation.values
        split = np.flatnonzero((values > _HALF) & (values < 1 - _HALF))
        if not len(split):
            return [] if self._offer(np.flatnonzero(values > 0.5)) else None
        branch = self._settled(branch)
        site, trials = self._chosen(split, branch)
        parts = []
        for side in np.argsort(trials, kind="stable"):
            if np.isfinite(trials[side]):
                lower, upper = branch.lower.copy(), branch.upper.copy()
                lower[site] = upper[site] = float(side)
                parts.append(_Branch(branch.bound, lower, upper))
        return parts

    def _settled(self, branch: _Branch) -> _Branch:
        """Decide the sites that have one side left in every cheaper cover of this branch."""
        room, price = self.goal - self.relaxation.value, self.relaxation.reduced_costs
        free = branch.lower < branch.upper
        return _Branch(
            branch.bound,
            np.where(free & (-price > room + 1e-6), 1.0, branch.lower),
            np.where(free & (price > room + 1e-6), 0.0, branch.upper),
        )

    def _chosen(self, split: Places, branch: _Branch) -> tuple[int, tuple[float, float]]:
        """The site to branch on, and about the values of both sides."""
        value, values = self.relaxation.value, self.relaxation.values
        nearest = split[np.argsort(np.abs(values[split] - 0.5), kind="stable")[:_CANDIDATES]]
        self.relaxation.decide(branch.lower, branch.upper)
        best, most, held = int(nearest[0]), -1.0, (value, value)
        for site in nearest:
            trials = self.relaxation.tried(int(site), steps=_STEPS)
            low, high = (min(each, self.cost) - value for each in trials)
            score = max(low, 1e-4) * max(high, 1e-4)
            if score > most:
                best, most, held = int(site), score, trials
        return best, held
