"""Time, news and Ctrl-C: what may end a search early, in one place.

A search that is stopped must hand over the best it has, with its bound. An exception thrown in the middle of a loop, or
worse in the middle of a solver's callback, would lose both, so nothing here is ended by one. While a search listens,
the first Ctrl-C only raises a flag; the loops look at it at the same points at which they look at the clock. The second
Ctrl-C is the ordinary one again, for whoever will not wait. Where no signal may be caught (a thread that is not the
main one) the clock alone counts. A progress function that itself raises KeyboardInterrupt stops the search likewise.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Literal

from xsgeo.errors import PlanError

Ending = Literal["time_limit", "interrupted", "unproven"]


@dataclass(frozen=True)
class Progress:
    """How far a search is.

    Attributes
    ----------
    stage
        What is being done: ``search``, ``bound``, ``windows``, ``branch``, ``solve``.
    objective
        Best answer so far; NaN before the first.
    bound
        What no answer can pass; NaN before it is known.
    seconds
        Since the search began.

    Examples
    --------
    >>> Progress("search", 30.0, 32.0, 1.5).bound
    32.0
    """

    stage: str
    objective: float
    bound: float
    seconds: float


class Watch:
    """The clock of one search, and the ear for Ctrl-C.

    Parameters
    ----------
    time_limit_s
        Seconds from now.
    progress
        Called with a `Progress` now and then.

    Raises
    ------
    PlanError
        When there is no time at all.

    Examples
    --------
    >>> Watch(60.0).is_over
    False
    """

    def __init__(self, time_limit_s: float, progress: Callable[[Progress], object] | None = None) -> None:
        if not time_limit_s > 0:
            msg = f"time_limit_s must be above 0, got {time_limit_s}"
            raise PlanError(msg)
        self.began = time.perf_counter()
        self.deadline = self.began + time_limit_s
        self.is_interrupted = False
        self._progress = progress

    @property
    def seconds(self) -> float:
        """Time since the beginning."""
        return time.perf_counter() - self.began

    @property
    def left_s(self) -> float:
        """Time left, never below 0."""
        return max(0.0, self.deadline - time.perf_counter())

    @property
    def is_over(self) -> bool:
        """Whether the search must end."""
        return self.is_interrupted or time.perf_counter() >= self.deadline

    @property
    def ending(self) -> Ending:
        """What to call an end without proof."""
        if self.is_interrupted:
            return "interrupted"
        return "time_limit" if time.perf_counter() >= self.deadline else "unproven"

    def tell(self, stage: str, objective: float = float("nan"), bound: float = float("nan")) -> None:
        """Pass the news on."""
        if self._progress is None:
            return
        try:
            self._progress(Progress(stage, float(objective), float(bound), self.seconds))
        except KeyboardInterrupt:
            self.is_interrupted = True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Turn the first Ctrl-C into a flag as long as this lasts."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)
        if before is None or before is signal.SIG_IGN:
            yield
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.is_interrupted = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
