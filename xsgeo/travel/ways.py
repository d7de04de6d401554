"""There and back, with or without a boat: every way that a pair of places has, and what it takes.

A boat sails in its hours and not in a gale, so a way by boat and a way by land are two different things to whoever has
to be home by nine: a pair whose quickest way takes a boat gets a second row for the dry way, if that is within the
limit. And a street that is one-way, or steep, takes its time in one direction only, so the way back is counted apart.

Which boats a way takes is not asked of the search, whose kernels know minutes and nothing else. The search by land has
to be made anyway for the dry rows, and what goes by boat is put together beside it (`xsgeo.travel.boats`), so boats
cost next to nothing where there are few of them. A dry way that is as quick as one by boat is the way.

The way back is searched only where the mode has one-way streets or slopes, else it is the way there, turned round. It
may be longer than the limit; so the search is repeated, farther each time, for those pairs whose way back has not been
found yet. A pair without any way back is left out: nobody goes to a place he cannot leave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from xsgeo import search
from xsgeo.network import Ints
from xsgeo.travel.boats import FAR, Journey, known_pairs_by_boat, landings_within, pairs_by_boat
from xsgeo.travel.frames import MOST_MS
from xsgeo.travel.places import Millis, Places, doors, shortcuts

_FARTHER = (5, 16)
"""Quarters of the limit by which the way back is searched: first a little farther than the way there."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways between places, sorted by start, end, and the quickest first.

    Attributes
    ----------
    start, end
        Numbers of the places.
    ms, back_ms
        Whole milliseconds there and back.
    boats
        Position in `boat_names` of the boats taken there or back.
    boat_names
        Ids joined by ``|``; the first is empty.
    """

    start: Ints
    end: Ints
    ms: Millis
    back_ms: Millis
    boats: Ints
    boat_names: tuple[str, ...]


def pairs_within(
    starts: Places, ends: Places, journey: Journey, limit_ms: int, *, dry: bool
) -> tuple[Ints, Ints, Millis]:
    """Pairs of places within the limit and the ms from the first to the second, sorted by start and end.

    Parameters
    ----------
    starts, ends
        Where the ways begin and end.
    journey
        On what, and how.
    limit_ms
        Longest way.
    dry
        Whether to leave boats out.
    """
    network, mode = journey.network, journey.mode
    graph = network.to_here(mode, dry=dry)
    leaving, arriving, ms = shortcuts(starts, ends, network, mode)
    pairs = search.within(
        graph,
        doors(ends, network, mode, leaving=False),
        limit_ms=min(limit_ms, graph.greatest_limit_ms),
        targets=doors(starts, network, mode, leaving=True),
        shortcuts=search.shortcuts(arriving, leaving, ms, len(ends)),
        engine=journey.engine,
    )
    end, start, found_ms = pairs.by_target(len(starts))
    return start, end, found_ms


def there_and_back(starts: Places, ends: Places, journey: Journey, limit_ms: int) -> Ways:
    """Every way there within the limit, with its way back: the quickest, and the dry one where that takes a boat.

    Parameters
    ----------
    starts, ends
        Where the ways there begin and end.
    journey
        On what, and how.
    limit_ms
        Longest way there; the way back may take longer.

    Returns
    -------
    Ways
        One or two rows a pair.
    """
    n_ends = max(len(ends), 1)
    start, end, dry_ms = pairs_within(starts, ends, journey, limit_ms, dry=True)
    landings = landings_within(journey, limit_ms)
    wet_keys, wet_ms, boats = pairs_by_boat(starts, ends, journey, landings)
    dry_keys = start * n_ends + end
    keys = np.union1d(dry_keys, wet_keys)
    dry, wet = np.full(len(keys), FAR), np.full(len(keys), FAR)
    number = np.zeros(len(keys), dtype=np.intp)
    dry[np.searchsorted(keys, dry_keys)] = dry_ms
    at = np.searchsorted(keys, wet_keys)
    wet[at], number[at] = wet_ms, boats
    there = _Quickest.of(dry, wet, number, landings.sets)
    back = there
    if not journey.network.is_symmetrical(journey.mode):
        start, end = np.divmod(keys, n_ends)
        back = _way_back(starts, ends, (start, end), journey, limit_ms)
    return _rows(there, back, keys, n_ends)


@dataclass(frozen=True, eq=False)
class _Quickest:
    """Of each pair the ms of the quickest way and of the dry one, `FAR` for none, and the boats of the former."""

    ms: Millis
    boats: Ints
    dry_ms: Millis
    sets: tuple[tuple[str, ...], ...]

    @staticmethod
    def of(dry_ms: Millis, wet_ms: Millis, boats: Ints, sets: tuple[tuple[str, ...], ...]) -> _Quickest:
        """Of equal ways the dry one."""
        return _Quickest(np.minimum(dry_ms, wet_ms), np.where(dry_ms <= wet_ms, 0, boats), dry_ms, sets)


def _rows(there: _Quickest, back: _Quickest, keys: Ints, n_ends: int) -> Ways:
    """The quickest way of each pair, and the dry one where a boat is taken and it is not needed."""
    quick = np.flatnonzero(back.ms < FAR)
    sets, boats = np.unique(there.boats[quick] * len(back.sets) + back.boats[quick], return_inverse=True)
    taken = [{*there.sets[code // len(back.sets)], *back.sets[code % len(back.sets)]} for code in sets.tolist()]
    names = tuple(dict.fromkeys(["", *("|".join(sorted(ids)) for ids in taken)]))
    number = np.array([names.index("|".join(sorted(ids))) for ids in taken], dtype=np.intp)[boats]
    dry = quick[(number > 0) & (there.dry_ms[quick] < FAR) & (back.dry_ms[quick] < FAR)]
    pair, is_dry = np.concatenate([quick, dry]), np.repeat([False, True], [len(quick), len(dry)])
    order = np.lexsort((is_dry, pair))
    pair, is_dry = pair[order], is_dry[order]
    start, end = np.divmod(keys[pair], n_ends)
    return Ways(
        start=start,
        end=end,
        ms=np.where(is_dry, there.dry_ms[pair], there.ms[pair]),
        back_ms=np.where(is_dry, back.dry_ms[pair], back.ms[pair]),
        boats=np.concatenate([number, np.zeros(len(dry), dtype=np.intp)])[order],
        boat_names=names,
    )


# --- the way back ------------------------------------------------------------------------------------------------


def _way_back(starts: Places, ends: Places, pairs: tuple[Ints, Ints], journey: Journey, limit_ms: int) -> _Quickest:
    """The quickest way from the end to the start of each pair, however long, and the dry one."""
    start, end = pairs
    network, mode = journey.network, journey.mode
    greatest = min(network.from_here(mode, dry=True).greatest_limit_ms, MOST_MS)
    limits = sorted({min(limit_ms * quarters // 4, greatest) for quarters in _FARTHER} | {greatest})
    dry_ms = np.full(len(start), FAR)
    part = _dry_parts(journey)
    todo = np.flatnonzero(part[network.tail[starts.edge[start]]] == part[network.tail[ends.edge[end]]])
    for limit in limits:
        dry_ms[todo] = _dry_back(starts, ends, (start[todo], end[todo]), journey, limit)
        todo = todo[dry_ms[todo] == FAR]
    quickest = _Quickest(dry_ms, np.zeros(len(start), dtype=np.intp), dry_ms, ((),))
    for limit in limits if network.carries(mode).any() else ():
        landings = landings_within(journey, limit)
        wet = known_pairs_by_boat(ends, starts, (end, start), journey, landings)
        quickest = _Quickest.of(dry_ms, *wet, landings.sets)
        if (quickest.ms <= limit).all():
            break
    return quickest


def _dry_parts(journey: Journey) -> Ints:
    """Number of the part of the roads, in whatever direction, that each node belongs to."""
    key = f"dry parts {journey.mode}"
    kept = journey.network.laid_out
    if key not in kept:
        graph = journey.network.from_here(journey.mode, dry=True)
        ends = np.ascontiguousarray(graph.arcs[:, 0])  # which csgraph insists on
        matrix = csr_array((np.ones(len(ends), dtype=np.int8), ends, graph.first), shape=(graph.n_nodes,) * 2)
        kept[key] = connected_components(matrix, directed=False)[1][graph.rank]
    return np.asarray(kept[key])


def _dry_back(starts: Places, ends: Places, pairs: tuple[Ints, Ints], journey: Journey, limit_ms: int) -> Millis:
    """Ms by land from the end to the start of each pair within the limit, `FAR` beyond it."""
    network, mode = journey.network, journey.mode
    ms = np.full(len(pairs[0]), FAR)
    if not len(ms):
        return ms
    from_numbers, from_row = np.unique(pairs[1], return_inverse=True)
    to_numbers, to_row = np.unique(pairs[0], return_inverse=True)
    leaving, arriving = ends.take(from_numbers), starts.take(to_numbers)
    wanted = from_row * len(to_numbers) + to_row
    order = np.argsort(wanted)
    wanted = wanted[order]
    one, other, short_ms = shortcuts(leaving, arriving, network, mode)
    blocks = search.within_blocks(
        network.from_here(mode, dry=True),
        doors(leaving, network, mode, leaving=True),
        limit_ms=limit_ms,
        targets=doors(arriving, network, mode, leaving=False),
        shortcuts=search.shortcuts(one, other, short_ms, len(leaving)),
        engine=journey.engine,
    )
    # What is reached beside the pairs asked for is let go block by block.
    for numbers, found in blocks:
        key = np.repeat(numbers, np.diff(found.first)) * len(to_numbers) + found.target
        at = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
        known = wanted[at] == key
        ms[order[at[known]]] = found.ms[known]
    return ms
