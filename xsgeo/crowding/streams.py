"""Floating catchments straight from a road network, for as many people and venues as it holds.

The table of minutes is what everything else stands on, and for a county it is small. For a province it is not: five
thousand venues on a network of 200,000 nodes reach twenty million pairs in fifteen minutes, to be added up twice and
thrown away. Here they are never held: each venue is searched for once, and its seats are shared out while its catchment
is at hand. Memory grows with the people and the threads, not with the pairs.

Sums are made in the order of the search, which does not depend on the number of threads; so the answer does not either,
to the bit. The two engines of `xsgeo.search` visit in another order and agree to rounding.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xsgeo import search
from xsgeo.crowding.decay import Decay, as_decay

Floats = NDArray[np.float64]

_MS = 60_000


def two_step_on_network(
    graph: search.Graph,
    venues: search.Doors,
    *,
    seats: ArrayLike,
    people: ArrayLike,
    limit_ms: int,
    decay: Decay | str = "gaussian",
    at: search.Doors | None = None,
    n_threads: int | None = None,
    engine: search.Engine = "auto",
) -> tuple[Floats, Floats]:
    """Seats per person by two-step floating catchments, searches included.

    Parameters
    ----------
    graph
        From `xsgeo.search.build_graph`. The searches run from the venues along its arcs, so for ways *to* the venues
        it is the reversed network (``Network.to_here``).
    venues
        Where the venues are.
    seats
        Seats of each venue.
    people
        People at each door of `at`, or at each node of the graph.
    limit_ms
        The catchment, in milliseconds.
    decay
        Name of a form of `Decay`, or a `Decay`; the limit is its cut-off.
    at
        Where the people are; at the nodes when None.
    n_threads, engine
        As for `xsgeo.search.within`.

    Returns
    -------
    access, ratio
        Seats per person at each door of `at` or node, and seats per (weighted) person of each venue, 0 where nobody is
        within reach. The formula is that of `xsgeo.crowding.catchment`.

    Raises
    ------
    ValueError
        When there is not one number for each venue and each place of people, or one of them is negative or missing.

    Examples
    --------
    Three nodes a kilometre apart; 30 seats at the first, for the 100 people there and the 50 at the second.

    >>> graph = search.build_graph([0, 1, 1, 2], [1, 0, 2, 1], [60_000] * 4, 3)
    >>> access, ratio = two_step_on_network(
    ...     graph, search.at_nodes([0]), seats=[30], people=[100, 50, 70], limit_ms=60_000, decay="none"
    ... )
    >>> access.round(3).tolist(), ratio.round(3).tolist()
    ([0.2, 0.2, 0.0], [0.2])
    """
    places = graph.n_nodes if at is None else len(at)
    supply, demand = _checked(seats, len(venues), "seats"), _checked(people, places, "people")
    weight = as_decay(decay).weights(np.arange(limit_ms + 1) / _MS, limit_ms / _MS)
    have, ratio = np.zeros(places), np.zeros(len(venues))
    blocks = search.within_blocks(graph, venues, limit_ms=limit_ms, targets=at, n_threads=n_threads, engine=engine)
    for numbers, pairs in blocks:
        ratio[numbers] = _handing_out()(pairs.first, pairs.target, pairs.ms, supply[numbers], demand, weight, have)
    return have, ratio


def _handing_out() -> Callable[..., Any]:
    """The compiled loop where the compiled search has been loaded anyway, else the plain one."""
    if "xsgeo.search.kernels" in sys.modules:
        from xsgeo.crowding.kernels import hand_out

        return hand_out
    return _hand_out_plainly


def _hand_out_plainly(  # noqa: PLR0917 - called as the compiled one is
    first: NDArray[np.int64],
    target: NDArray[np.int32],
    ms: NDArray[np.int32],
    seats: Floats,
    people: Floats,
    weight: Floats,
    have: Floats,
) -> Floats:
    """As `xsgeo.crowding.kernels.hand_out`, in numpy."""
    source = np.repeat(np.arange(len(first) - 1), np.diff(first))
    near = weight[ms]
    crowd = np.bincount(source, weights=people[target] * near, minlength=len(seats))
    ratio = np.divide(seats, crowd, out=np.zeros(len(seats)), where=crowd > 0)
    have += np.bincount(target, weights=ratio[source] * near, minlength=len(have))
    return ratio


def _checked(values: ArrayLike, n: int, name: str) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.shape != (n,) or not (given >= 0).all():
        msg = f"{name} must be {n:,} numbers, 0 or more, got {given.shape}"
        raise ValueError(msg)
    return given
