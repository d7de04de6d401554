r"""Who finds a seat when there are too few: an exact assignment, and of all the largest ones the fairest.

Claimants may sit in some rooms and not in others; rooms have so many seats. Very many assignments seat as many people
as can be seated, and they differ in who is left standing. One of them is taken by rule, the same whatever the order of
the rows: the one that gives the worst-off claimants the greatest share of them a seat, then the next worst-off, and so
on (lexicographic max-min). It seats as many as any (Megiddo 1974), and its shares are unique.

How it is found. For a share per head :math:`\lambda`, minimum cuts tell for which claimants :math:`T` the rooms that
any of them may use hold less than :math:`\lambda` a head. Start with what the rooms hold per head, on the whole; if no
part has less, everybody gets that; else the minimal cut parts them in two that no longer concern each other, and each
is asked again (the principal partition; Fujishige 1980). All blocks, of all half hours, are cut in one maximum flow a
round. Flows are whole numbers, so nothing is lost to rounding: :math:`\lambda` is a ratio of two of them.

Why more seats never leave anybody worse off, and not only not everybody. Write :math:`f(T)` for the seats of the rooms
that anybody in :math:`T` may use and :math:`n(T)` for the heads. Claimants with a share below :math:`\lambda` are the
least minimiser of :math:`f - \lambda n`, those with at most :math:`\lambda` the greatest. Seats added to a room add to
:math:`f` some :math:`h` that does not fall as :math:`T` grows. If :math:`B` minimises :math:`f+h-\lambda n` and
:math:`A` is the greatest minimiser of :math:`f-\lambda n`, then :math:`A \cap B` minimises the former too, as
:math:`f - \lambda n` is submodular; so those below :math:`\lambda` afterwards were at or below :math:`\lambda` before,
for every :math:`\lambda`. A new room, and fewer people coming, are the same case. *Letting more people in* is not: it
seats no fewer in all, yet those who had a room to themselves may have to share it.

References
----------
Megiddo 1974, Mathematical Programming 7, 97-107; Fujishige 1980, Mathematics of Operations Research 5, 186-196.
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MOST_FLOW = 2**31 - 1
_FINEST_SHARE = 10_000


def fair_shares(claimant: Ints, room: Ints, heads: Ints, seats: Ints, *, peak_share: float) -> Floats:
    """Share of each claimant's visitors who find a seat, as many in all as can be, the worst-off first.

    Parameters
    ----------
    claimant, room
        Who may sit where, one pair of numbers each, without repeats.
    heads
        People of each claimant, whole.
    seats
        Seats of each room, whole.
    peak_share
        Share of the people who come; taken to a ten-thousandth.

    Returns
    -------
    numpy.ndarray
        Shares of those who come, 0 to 1; 1 for claimants without heads and 0 for those without rooms.

    Examples
    --------
    Room 0 holds 10, room 1 holds 60. Claimant 0 may use the first, 1 both, 2 the second; 50 of each come.

    >>> pairs = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    >>> fair_shares(*pairs, np.array([50, 50, 50]), np.array([10, 60]), peak_share=1.0).tolist()
    [0.2, 0.6, 0.6]
    """
    peak = Fraction(peak_share).limit_denominator(_FINEST_SHARE)
    share = np.where(heads > 0, 0.0, 1.0)
    asks = heads[claimant] > 0
    claimant, room = claimant[asks], room[asks]
    block_c, block_r, n_blocks = _blocks(claimant, room, len(heads), len(seats))
    p, q = (np.full(n_blocks, part, dtype=np.int64) for part in (peak.numerator, peak.denominator))
    short = _short(claimant, room, heads, seats, (block_c, block_r, p, q))
    share[claimant] = 1.0
    keep = short[claimant]
    claimant, room = claimant[keep], room[keep]
    while len(claimant):
        block_c, block_r, n_blocks = _blocks(claimant, room, len(heads), len(seats))
        people, places = _totals(block_c, heads, n_blocks), _totals(block_r, seats, n_blocks)
        one_room = np.bincount(block_r[block_r >= 0], minlength=n_blocks) == 1
        whole = one_room | (np.bincount(block_c[block_c >= 0], minlength=n_blocks) == 1) | (places == 0)
        split = ~whole[block_c[claimant]]
        p, q = _ratios(places, people)
        short = _short(claimant[split], room[split], heads, seats, (block_c, block_r, p, q))
        whole[np.setdiff1d(np.arange(n_blocks), block_c[short])] = True
        done = np.flatnonzero(block_c >= 0)[whole[block_c[block_c >= 0]]]
        share[done] = np.minimum(1.0, places[block_c[done]] / (people[block_c[done]] * float(peak)))
        theirs = np.zeros(len(seats), dtype=bool)
        theirs[room[short[claimant]]] = True
        keep = ~whole[block_c[claimant]] & (short[claimant] | ~theirs[room])
        claimant, room = claimant[keep], room[keep]
    return share


def _blocks(claimant: Ints, room: Ints, n_claimants: int, n_rooms: int) -> tuple[Ints, Ints, int]:
    """Connected parts of the claimants and rooms that have a pair, numbered; -1 for the others."""
    n = n_claimants + n_rooms
    links = csr_array((np.ones(len(claimant), dtype=np.int8), (claimant, n_claimants + room)), shape=(n, n))
    label = connected_components(links, directed=False)[1]
    used = np.zeros(n, dtype=bool)
    used[claimant] = used[n_claimants + room] = True
    number = np.full(n, -1, dtype=np.int64)
    kept, number[used] = np.unique(label[used], return_inverse=True)
    return number[:n_claimants], number[n_claimants:], len(kept)


def _totals(block: Ints, amount: Ints, n_blocks: int) -> Ints:
    # Sums in floats are exact to 2^53, far beyond any county.
    inside = block >= 0
    return np.rint(np.bincount(block[inside], weights=amount[inside], minlength=n_blocks)).astype(np.int64)


def _ratios(places: Ints, people: Ints) -> tuple[Ints, Ints]:
    """Seats per head as p / q, small enough for flows; rounded down where the exact one is not."""
    common = np.maximum(np.gcd(places, people), 1)
    p, q = places // common, people // common
    most = _MOST_FLOW // np.maximum(places, 1)
    coarse = q > most
    p[coarse], q[coarse] = places[coarse] * most[coarse] // people[coarse], most[coarse]
    return p, q


def _short(claimant: Ints, room: Ints, heads: Ints, seats: Ints, blocks: tuple[Ints, Ints, Ints, Ints]) -> Bools:
    """Claimants who get fewer than p / q seats a head of their block, in the least such set."""
    block_c, block_r, p, q = blocks
    answer = np.zeros(len(heads), dtype=bool)
    if not len(claimant):
        return answer
    present, pair_block = np.unique(block_c[claimant], return_inverse=True)
    flow = np.maximum(_totals(block_c, heads, len(p)) * p, _totals(block_r, seats, len(p)) * q)[present]
    if flow.max() > _MOST_FLOW:
        msg = f"too many people or seats to count in one go: {int(flow.max()):,}"
        raise ValueError(msg)
    wanted, offered = (heads * p[block_c])[claimant], (seats * q[block_r])[room]
    for portion in _portions(flow):
        part = (pair_block >= portion.start) & (pair_block < portion.stop)
        answer[_cut(claimant[part], room[part], wanted[part], offered[part])] = True
    return answer


def _portions(flow: Ints) -> list[range]:
    """Runs of blocks whose flows together fit into 32 bits."""
    runs, begin, filled = [], 0, 0
    for i, amount in enumerate(flow.tolist()):
        if filled + amount > _MOST_FLOW:
            runs.append(range(begin, i))
            begin, filled = i, 0
        filled += amount
    return [*runs, range(begin, len(flow))]


def _cut(claimant: Ints, room: Ints, wanted: Ints, offered: Ints) -> Ints:
    """Claimants on the source's side of the least minimum cut; `wanted` and `offered` belong to the pair's two ends."""
    people, c = np.unique(claimant, return_inverse=True)
    places, r = np.unique(room, return_inverse=True)
    want, offer = np.zeros(len(people), dtype=np.int64), np.zeros(len(places), dtype=np.int64)
    want[c], offer[r] = wanted, offered
    source, sink = len(people) + len(places), len(people) + len(places) + 1
    start = np.concatenate([np.full(len(people), source), c, len(people) + np.arange(len(places))])
    end = np.concatenate([np.arange(len(people)), len(people) + r, np.full(len(places), sink)])
    most = np.concatenate([want, want[c], offer]).astype(np.int32)
    graph = csr_array((most, (start, end)), shape=(sink + 1, sink + 1))
    left = cast("csr_array", graph - maximum_flow(graph, source, sink).flow)
    left.eliminate_zeros()
    reached = breadth_first_order(left, source, return_predecessors=False)
    return np.asarray(people[reached[reached < len(people)]], dtype=np.int64)
