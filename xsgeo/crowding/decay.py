"""How much less a venue is worth, and how many fewer people it draws, the longer the way: one weight for both steps.

The literature uses one word for several curves, and a result cannot be compared before the curve is named. "Gaussian"
above all: Dai (2010) lets it end in zero at the limit, PySAL's `access` lets it run on with a width of its own, and the
zone weights 1, 0.68, 0.22 of Luo and Qi (2009) were read off a third. All three are here, under three names.

Whatever the curve, its weight counts up to the cut-off and is nothing beyond; that is the catchment, not the decay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Form = Literal["none", "step", "gaussian", "normal", "exponential", "power", "linear"]

FORMS: tuple[Form, ...] = get_args(Form)
ZONE_WEIGHTS = (1.0, 0.68, 0.22)
"""Weights of three equal zones: 0-10, 10-20 and 20-30 minutes in Luo and Qi (2009)."""

_NEEDS: Mapping[str, str] = MappingProxyType(
    {"normal": "width_min", "exponential": "rate_per_min", "power": "exponent"}
)


@dataclass(frozen=True)
class Decay:
    r"""A curve from minutes on the way, :math:`t`, to a weight; :math:`c` is the cut-off.

    Parameters
    ----------
    form
        ===============  ==================================================  ====================================
        ``none``         1                                                   Luo and Wang 2003: the original
        ``step``         weights of zones                                    Luo and Qi 2009: the enhanced
        ``gaussian``     :math:`(e^{-(t/c)^2/2}-e^{-1/2})/(1-e^{-1/2})`      Dai 2010: zero at the cut-off
        ``normal``       :math:`e^{-t^2/(2\sigma^2)}`                        Kwan 1998; PySAL's ``gaussian``
        ``exponential``  :math:`e^{-\beta t}`                                Kwan 1998
        ``power``        :math:`\max(t, t_0)^{-\beta}`                       Hansen 1959; PySAL's ``gravity``
        ``linear``       :math:`1 - t/c`                                     Kwan 1998
        ===============  ==================================================  ====================================
    steps
        Upper end of each zone in minutes, and its weight, for ``step``; three equal zones of the cut-off with
        `ZONE_WEIGHTS` when empty. An end belongs to its zone; beyond the last one the weight is 0.
    width_min
        :math:`\sigma` of ``normal``, in minutes.
    rate_per_min
        :math:`\beta` of ``exponential``, per minute.
    exponent
        :math:`\beta` of ``power``, positive.
    least_min
        :math:`t_0` of ``power``: shorter ways count as this long, or a venue next door would be worth infinitely much.

    Raises
    ------
    ValueError
        When the form is none of these, or lacks its parameter, or a weight would grow with the way.

    Examples
    --------
    >>> Decay("step", steps={10: 1, 20: 0.68, 30: 0.22}).weights([10, 10.5, 31], 60).tolist()
    [1.0, 0.68, 0.0]
    >>> Decay("gaussian").weights([0, 7.5, 15], 15).round(4).tolist()
    [1.0, 0.7014, 0.0]
    """

    form: Form = "gaussian"
    steps: Mapping[float, float] = field(default_factory=dict)
    width_min: float | None = None
    rate_per_min: float | None = None
    exponent: float | None = None
    least_min: float = 1.0

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            msg = f"decay must be one of {', '.join(FORMS)}, got {self.form!r}"
            raise ValueError(msg)
        needs = _NEEDS.get(self.form)
        if needs is not None and not (getattr(self, needs) or 0) > 0:
            msg = f"decay {self.form} needs {needs} above 0, got {getattr(self, needs)}"
            raise ValueError(msg)
        if not self.least_min > 0:
            msg = f"least_min must be above 0, got {self.least_min}"
            raise ValueError(msg)
        weights = [self.steps[end] for end in sorted(self.steps)]
        if min(weights, default=0) < 0 or weights != sorted(weights, reverse=True):
            msg = f"weights of zones must not grow with the minutes, got {dict(self.steps)}"
            raise ValueError(msg)

    def weights(self, minutes: ArrayLike, cutoff_min: ArrayLike) -> Floats:
        """Weights of ways, which must lie within the cut-off.

        Parameters
        ----------
        minutes
            Minutes on the way.
        cutoff_min
            The catchment's end: one figure, or one a way.

        Returns
        -------
        numpy.ndarray
            Weights, 0 or more, of the shape of `minutes`.
        """
        t = np.asarray(minutes, dtype=np.float64)
        c = np.broadcast_to(np.asarray(cutoff_min, dtype=np.float64), t.shape)
        if self.form == "step":
            return self._of_zones(t, c)
        end = np.exp(-0.5)
        curves: dict[str, Callable[[], Floats]] = {
            "none": lambda: np.ones_like(t),
            "gaussian": lambda: np.clip((np.exp(-0.5 * (t / c) ** 2) - end) / (1 - end), 0, None),
            "normal": lambda: np.exp(-0.5 * (t / _number(self.width_min)) ** 2),
            "exponential": lambda: np.exp(-_number(self.rate_per_min) * t),
            "power": lambda: np.maximum(t, self.least_min) ** -_number(self.exponent),
            "linear": lambda: np.clip(1 - t / c, 0, None),
        }
        return np.asarray(curves[self.form](), dtype=np.float64)

    def _of_zones(self, t: Floats, c: Floats) -> Floats:
        if not self.steps:
            # A rounding error must not put the end of a zone into the next one.
            zone = np.ceil(len(ZONE_WEIGHTS) * t / c - 1e-9).clip(1, len(ZONE_WEIGHTS)).astype(np.intp)
            return np.asarray(ZONE_WEIGHTS)[zone - 1]
        ends = np.array(sorted(self.steps), dtype=np.float64)
        of_zone = np.array([self.steps[end] for end in sorted(self.steps)] + [0.0])
        return of_zone[np.searchsorted(ends, t, side="left")]


def as_decay(decay: Decay | str) -> Decay:
    """Return the decay of a name, or the decay itself.

    Examples
    --------
    >>> as_decay("linear").form
    'linear'
    """
    return decay if isinstance(decay, Decay) else Decay(cast("Form", decay))


def _number(value: float | None) -> float:
    return float(value or 0.0)
