"""Crowding: published figures, answers by enumeration and by linear programmes, and what may never happen.

The toy county with everybody coming at once (``peak_share`` 1), by hand. Each room holds 50. In the evenings the 80 of
g2 may use V2 alone, from 18:30 to 21:00 on five days, which is enough: 50 of 80 sit, a share of 0.625. The 60 of the
night shift g3 have the palace V1 to themselves from 9:30 to 14:30: 50 of 60, 0.833. The 20 of g6 sit in V3, all of
them. The others have no usable half hour: 0. On Monday at 18:30 come 80 + 20, of whom 50 + 20 sit.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from xsgeo import access, crowding, search, workflow
from xsgeo.crowding.catchment import shared_out
from xsgeo.crowding.flow import fair_shares
from xsgeo.crowding.streams import two_step_on_network
from xsgeo.datasets import toy_county
from xsgeo.settings import Standard

EVENING = "每天 18:00-22:00"


def frames(people, seats, ways):
    """Groups, venues and minutes from plain dictionaries."""
    workers = pd.DataFrame({"n_workers": people}, index=pd.Index(list(people), name="group_id"))
    venues = pd.DataFrame({"capacity": seats}, index=pd.Index(list(seats), name="venue_id"))
    table = pd.DataFrame(ways, columns=["group_id", "venue_id", "minutes"])
    return workers, venues, table


# --- decay -------------------------------------------------------------------------------------------------------


def test_zones_as_pysal_documents_them():
    # pysal/access, weights.step_fn, example: thresholds at 20, 40 and 60.
    steps = crowding.Decay("step", steps={20: 1, 40: 0.68, 60: 0.22})
    assert steps.weights(np.arange(0, 71, 10), 100).tolist() == [1, 1, 1, 0.68, 0.68, 0.22, 0.22, 0]


def test_normal_curve_as_pysal_documents_it():
    # pysal/access, weights.gaussian(sigma=20), example.
    found = crowding.Decay("normal", width_min=20).weights([0, 20, 40, 60], 60)
    assert found == pytest.approx([1.0, 0.6065306597126334, 0.1353352832366127, 0.011108996538242306], rel=1e-14)


def test_power_as_pysal_documents_it():
    # pysal/access, weights.gravity(scale=20, alpha=-2, min_dist=1), example, less its factor of 20^2.
    found = crowding.Decay("power", exponent=2, least_min=1).weights([0, 1, 2, 20, 40], 60) * 400
    assert found == pytest.approx([400.0, 400.0, 100.0, 1.0, 0.25])


def test_zones_of_the_paper_are_thirds_of_the_cutoff():
    # Luo and Qi 2009: 0-10, 10-20, 20-30 minutes weigh 1, 0.68, 0.22.
    found = crowding.Decay("step").weights([0, 10, 10.01, 20, 20.01, 30], 30)
    assert found.tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22]


def test_gaussian_of_the_paper_ends_in_zero():
    # Dai 2010; half way: (e^-0.125 - e^-0.5) / (1 - e^-0.5).
    expected = [1.0, (np.exp(-0.125) - np.exp(-0.5)) / (1 - np.exp(-0.5)), 0.0]
    assert crowding.Decay("gaussian").weights([0, 15, 30], 30) == pytest.approx(expected)


def test_linear_and_exponential_curves():
    assert crowding.Decay("linear").weights([0, 6, 15], [15, 15, 15]) == pytest.approx([1, 0.6, 0])
    assert crowding.Decay("exponential", rate_per_min=0.1).weights([0, 10], 15) == pytest.approx([1, np.exp(-1)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": "wide"},
        {"form": "normal"},
        {"form": "power", "exponent": -1},
        {"form": "exponential", "rate_per_min": 0},
        {"form": "power", "exponent": 1, "least_min": 0},
        {"form": "step", "steps": {10: 0.5, 20: 1}},
        {"form": "step", "steps": {10: -1}},
    ],
)
def test_a_decay_that_means_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=r"decay|least_min|weights"):
        crowding.Decay(**wrong)


# --- published figures -------------------------------------------------------------------------------------------

# Three tracts with 100, 50 and 10 people and 15, 20 and 100 doctors: pysal/access, tests/test_hospital_example.py; its
# minutes inbound, outbound and across are given here by scenario. The figures are what access 1.1.10 returns for them:
# two-step with weight 1/minutes within 61, two-step within 30, enhanced with its default zones (10, 20, 30), and
# two-step with its gaussian of width 20 within 61.
HOSPITALS = {
    (40, 40, 80): (
        (0.331444116980, 0.579828132067, 7.286418169863),
        (0.15, 0.4, 10.0),
        (0.15, 0.4, 10.0),
        (0.594825613235, 0.836276674985, 3.370360492721),
    ),
    (20, 40, 80): (
        (0.435340220876, 0.683724235963, 5.727976611421),
        (0.775, 1.025, 0.625),
        (0.757142857143, 1.007142857143, 0.892857142857),
        (0.748715651469, 0.990166713219, 1.062009919218),
    ),
    (40, 20, 80): (
        (0.331071913161, 0.577857785779, 7.299991939492),
        (0.136363636364, 0.333333333333, 10.469696969697),
        (0.140449438202, 0.352112676056, 10.334942237696),
        (0.588243196707, 0.803509590429, 3.600020080787),
    ),
    (20, 20, 40): (
        (0.442568395399, 0.666758279966, 5.740524646185),
        (0.761363636364, 0.958333333333, 1.094696969697),
        (0.747592295345, 0.959255533199, 1.227799380553),
        (0.772568097429, 0.905992539652, 1.244356327453),
    ),
}


def hospitals(inbound, outbound, across):
    same = [(i, i, 1.0) for i in (1, 2, 3)]
    ways = [(1, 3, inbound), (2, 3, inbound), (3, 1, outbound), (3, 2, outbound), (1, 2, across), (2, 1, across)]
    return frames({1: 100, 2: 50, 3: 10}, {1: 15, 2: 20, 3: 100}, [*same, *ways])


@pytest.mark.parametrize(("ways", "figures"), HOSPITALS.items())
def test_two_step_gives_the_figures_of_pysal(ways, figures):
    methods = [
        (61, crowding.Decay("power", exponent=1)),
        (30, "none"),
        (100, crowding.Decay("step", steps={10: 1, 20: 0.68, 30: 0.22})),
        (61, crowding.Decay("normal", width_min=20)),
    ]
    for (cutoff, decay), expected in zip(methods, figures, strict=True):
        found = crowding.two_step_floating_catchment(*hospitals(*ways), cutoff_min=cutoff, decay=decay)
        assert found.to_numpy() == pytest.approx(expected, abs=1e-11)


def test_three_step_gives_the_figures_of_pysal():
    # access 1.1.10; the scenario in which no way is beyond the cut-off, as PySAL's shares count those ways too.
    found = crowding.two_step_floating_catchment(
        *hospitals(20, 20, 40), cutoff_min=61, decay=crowding.Decay("power", exponent=1), three_steps=True
    )
    assert found.to_numpy() == pytest.approx([0.174802148080, 0.424035508557, 9.631800976419], abs=1e-11)


def test_the_three_zones_of_soukhov_and_others():
    # ipeaGIT/accessibility, tests/testthat/test-spatial_availability.R, after Soukhov et al. 2023: 66,833, 133,203 and
    # 9,963 jobs are available to zones of 50,000, 150,000 and 10,000. Per head that is the two-step catchment.
    far = {"A": (15, 30, 100), "B": (30, 15, 100), "C": (100, 100, 15)}
    people = {"A": 50_000, "B": 150_000, "C": 10_000}
    ways = [(zone, place, took) for zone, row in far.items() for place, took in zip("123", row, strict=True)]
    args = frames(people, {"1": 100_000, "2": 100_000, "3": 10_000}, ways)
    decay = crowding.Decay("exponential", rate_per_min=0.1)
    found = crowding.two_step_floating_catchment(*args, cutoff_min=1e3, decay=decay)
    assert (found * pd.Series(people)).round().to_dict() == {"A": 66_833, "B": 133_203, "C": 9_963}


def test_the_five_cells_of_the_accessibility_package():
    # ipeaGIT/accessibility, tests/testthat/test-floating_catchment_area.R: 0.0168, 0.1561, 0.1561, 0.1145, 0 jobs a
    # head within 45 minutes. Jobs, people and who reaches what follow from the figures in test-cumulative_cutoff.R; how
    # the 2,404 people of b and c divide does not, and makes no difference.
    reach = {"a": "a", "b": "abcd", "c": "abcd", "d": "abd", "e": "e"}
    people = {"a": 606, "b": 1_000, "c": 1_404, "d": 1_864, "e": 29}
    args = frames(people, {"a": 82, "b": 308, "c": 100, "d": 109, "e": 0}, [(g, v, 9) for g in reach for v in reach[g]])
    found = crowding.two_step_floating_catchment(*args, cutoff_min=45, decay="none")
    assert found.round(4).tolist() == [0.0168, 0.1561, 0.1561, 0.1145, 0.0]
    everywhere = frames(people, dict(args[1]["capacity"]), [(g, v, 9) for g in reach for v in reach])
    assert crowding.two_step_floating_catchment(*everywhere, cutoff_min=45, decay="none").round(4).eq(0.1222).all()


# --- floating catchments -----------------------------------------------------------------------------------------


@st.composite
def ways(draw):
    """People, seats and minutes (NaN where there is no way) of a few groups and venues."""
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    people = draw(st.lists(st.integers(0, 50), min_size=n, max_size=n))
    seats = draw(st.lists(st.integers(0, 20), min_size=m, max_size=m))
    far = draw(st.lists(st.sampled_from([np.nan, 0.0, 3.0, 10.0, 15.0, 20.0]), min_size=n * m, max_size=n * m))
    return np.array(people, float), np.array(seats, float), np.array(far).reshape(n, m)


DECAYS = [
    crowding.Decay("none"),
    crowding.Decay("step"),
    crowding.Decay("gaussian"),
    crowding.Decay("linear"),
    crowding.Decay("exponential", rate_per_min=0.2),
    crowding.Decay("power", exponent=1.5),
    crowding.Decay("normal", width_min=6),
]


def catchment_of(people, seats, far, **options):
    group, venue = np.nonzero(~np.isnan(far))
    pairs = zip(group.tolist(), venue.tolist(), far[group, venue].tolist(), strict=True)
    return crowding.two_step_floating_catchment(
        *frames(dict(enumerate(people)), dict(enumerate(seats)), list(pairs)), cutoff_min=15, **options
    ).to_numpy()


@given(ways(), st.sampled_from(DECAYS))
@settings(max_examples=60, deadline=None)
def test_catchments_follow_the_formula_and_hand_out_every_seat_within_reach(case, decay):
    people, seats, far = case
    with np.errstate(invalid="ignore"):
        weight = np.where(far <= 15, decay.weights(np.nan_to_num(far), 15), 0.0)
    found = catchment_of(people, seats, far, decay=decay)
    crowd = people @ weight
    ratio = np.array([s / c if c > 0 else 0.0 for s, c in zip(seats, crowd, strict=True)])
    assert found == pytest.approx(weight @ ratio)
    assert found @ people == pytest.approx(seats[crowd > 0].sum())


def test_only_the_quickest_way_between_two_counts_and_strangers_are_left_out():
    pairs = [("a", "x", 14.0), ("a", "x", 3.0), ("a", "gone", 1.0), ("gone", "x", 1.0), ("b", "x", 15.1)]
    args = frames({"a": 10, "b": 10}, {"x": 5}, pairs)
    found = crowding.two_step_floating_catchment(*args, cutoff_min=15, decay="step")
    assert found.to_dict() == {"a": 0.5, "b": 0.0}


def test_each_mode_has_its_own_catchment():
    workers, venues, table = frames({"a": 10, "b": 10}, {"x": 5}, [("a", "x", 12.0), ("b", "x", 12.0)])
    table["mode"] = ["walk", "ebike"]
    limits = {"walk": 10.0, "ebike": 15.0}
    found = crowding.two_step_floating_catchment(workers, venues, table, cutoff_min=limits, decay="none")
    assert found.to_dict() == {"a": 0.0, "b": 0.5}


def test_the_callers_frames_come_back_as_they_were():
    args = hospitals(20, 20, 40)
    before = [frame.copy(deep=True) for frame in args]
    crowding.two_step_floating_catchment(*args, cutoff_min=30)
    for frame, kept in zip(args, before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


@pytest.mark.parametrize(
    ("people", "seats", "message"),
    [({"a": None}, {"x": 1}, "n_workers is missing"), ({"a": -1}, {"x": 1}, "below 0"), ({"a": 1}, {"x": -1}, "below")],
)
def test_amounts_that_make_no_sense_are_refused(people, seats, message):
    with pytest.raises(ValueError, match=message):
        crowding.two_step_floating_catchment(*frames(people, seats, [("a", "x", 1.0)]), cutoff_min=15)


def test_a_repeated_id_is_refused():
    workers, venues, table = frames({"a": 1}, {"x": 1}, [("a", "x", 1.0)])
    with pytest.raises(ValueError, match="repeats the id 'a'"):
        crowding.two_step_floating_catchment(pd.concat([workers, workers]), venues, table, cutoff_min=15)


# --- on a network ------------------------------------------------------------------------------------------------


def network(seed, n=60):
    random = np.random.RandomState(seed)
    start, end = random.randint(0, n, (2, 3 * n))
    graph = search.build_graph(start, end, random.randint(1, 9, 3 * n) * 60_000, n)
    people, seats = random.randint(0, 40, n).astype(float), random.randint(0, 30, 7).astype(float)
    return graph, search.at_nodes(random.choice(n, 7, replace=False)), people, seats


@pytest.mark.parametrize("engine", ["numba", "scipy"])
@pytest.mark.parametrize("decay", DECAYS, ids=lambda decay: decay.form)
def test_streamed_catchments_equal_those_of_the_table(engine, decay):
    graph, venues, people, seats = network(5)
    pairs = search.within(graph, venues, limit_ms=900_000, engine="scipy")
    venue = np.repeat(np.arange(len(seats)), np.diff(pairs.first))
    expected = shared_out(pairs.target, venue, decay.weights(pairs.ms / 60_000, 15), people, seats)
    found, ratio = two_step_on_network(
        graph, venues, seats=seats, people=people, limit_ms=900_000, decay=decay, engine=engine
    )
    assert found == pytest.approx(expected, rel=1e-12)
    assert found @ people == pytest.approx(seats[ratio > 0].sum())


def test_streamed_catchments_are_the_same_to_the_bit_on_any_number_of_threads():
    graph, _, people, _ = network(6, n=400)
    venues, seats = search.at_nodes(np.arange(300)), np.arange(300.0)
    one, *others = [
        two_step_on_network(
            graph, venues, seats=seats, people=people, limit_ms=900_000, n_threads=threads, engine="numba"
        )[0]
        for threads in (1, 2, 5)
    ]
    assert all(one.tobytes() == other.tobytes() for other in others)


def test_people_may_stand_beside_the_nodes():
    graph = search.build_graph([0, 1], [1, 0], [60_000, 60_000], 2)
    at = search.doors([0, 1], [1, 0], [30_000, 0], 2)
    found, _ = two_step_on_network(
        graph, search.at_nodes([0]), seats=[9], people=[2, 1], limit_ms=60_000, decay="none", at=at
    )
    assert found.tolist() == [0.0, 9.0]


@pytest.mark.parametrize("wrong", [{"seats": [1, 2]}, {"people": [1]}, {"seats": [-1]}, {"people": [1, np.nan]}])
def test_numbers_that_do_not_fit_the_network_are_refused(wrong):
    graph = search.build_graph([0, 1], [1, 0], [60_000, 60_000], 2)
    given_numbers = {"seats": [1], "people": [1, 1]} | wrong
    with pytest.raises(ValueError, match="numbers, 0 or more"):
        two_step_on_network(graph, search.at_nodes([0]), limit_ms=60_000, **given_numbers)


# --- the fair assignment -----------------------------------------------------------------------------------------


@st.composite
def halls(draw, n_claimants=5, n_rooms=4):
    """Heads, seats and which claimant may use which room."""
    n, m = draw(st.integers(1, n_claimants)), draw(st.integers(1, n_rooms))
    heads = draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    seats = draw(st.lists(st.integers(0, 12), min_size=m, max_size=m))
    may = draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))
    peak = draw(st.sampled_from([1.0, 0.5, 0.1, 0.37]))
    return np.array(heads), np.array(seats), np.array(may).reshape(n, m), peak


def shares(heads, seats, may, peak):
    claimant, room = np.nonzero(may)
    return fair_shares(claimant, room, heads, seats, peak_share=peak)


def by_enumeration(heads, seats, may, peak):
    """The part of the claimants with fewest seats a head, all parts tried; then the next, without its rooms."""
    share = [1.0 if n == 0 else 0.0 for n in heads]
    left, rooms = [i for i, n in enumerate(heads) if n and may[i].any()], set(range(len(seats)))
    while left:
        parts = list(chain.from_iterable(combinations(left, k) for k in range(1, len(left) + 1)))
        ratios = {}
        for part in parts:
            theirs = {r for i in part for r in np.flatnonzero(may[i])} & rooms
            ratios[part] = Fraction(int(sum(seats[r] for r in theirs)), int(sum(heads[i] for i in part)))
        least = min(ratios.values())
        worst = max((part for part in parts if ratios[part] == least), key=len)
        for i in worst:
            share[i] = min(1.0, float(least / Fraction(peak).limit_denominator(10_000)))
        rooms -= {r for i in worst for r in np.flatnonzero(may[i])}
        left = [i for i in left if i not in worst]
    return share


def most_seated(heads, seats, may, peak):
    """The greatest number that can sit, by a linear programme."""
    claimant, room = np.nonzero(may)
    if not len(claimant):
        return 0.0
    rows = [np.where(claimant == i, 1.0, 0.0) for i in range(len(heads))]
    rows += [np.where(room == r, 1.0, 0.0) for r in range(len(seats))]
    limits = np.concatenate([heads * peak, seats])
    return -linprog(-np.ones(len(claimant)), A_ub=np.array(rows), b_ub=limits, method="highs").fun


@given(halls())
@settings(max_examples=150, deadline=None)
def test_shares_are_those_of_trying_every_part(case):
    assert shares(*case) == pytest.approx(by_enumeration(*case), abs=1e-9)


@given(halls(8, 6))
@settings(max_examples=80, deadline=None)
def test_nobody_stands_who_could_sit(case):
    heads, _, _, peak = case
    assert (shares(*case) * heads * peak).sum() == pytest.approx(most_seated(*case), abs=1e-6)


@given(halls(4, 3))
@settings(max_examples=25, deadline=None)
def test_no_assignment_serves_the_worst_off_better(case):
    # Level by level: everybody not yet settled gets as much as all of them can; who can get no more is settled.
    heads, seats, may, peak = case
    claimant, room = np.nonzero(may)
    asks = [i for i in range(len(heads)) if heads[i] and may[i].any()]
    got = {}
    inside = [np.where(claimant == i, 1.0, 0.0) / max(heads[i] * peak, 1e-9) for i in range(len(heads))]

    def best(goal, level):
        floor = {i: got.get(i, level) for i in asks}
        rows = [np.append(np.where(room == r, 1.0, 0.0), 0.0) for r in range(len(seats))]
        rows += [np.append(-inside[i], 1.0 if level is None and i not in got else 0.0) for i in asks]
        rows += [np.append(inside[i], 0.0) for i in asks]
        bound = [*seats, *(-(floor[i] or 0.0) + 1e-10 for i in asks), *(1.0 for _ in asks)]
        cost = -np.append(np.zeros(len(claimant)), 1.0) if goal is None else -np.append(inside[goal], 0.0)
        return -linprog(cost, A_ub=np.array(rows), b_ub=bound, method="highs").fun

    while len(got) < len(asks):
        level = best(None, None)
        stuck = [i for i in asks if i not in got and best(i, level) < level + 1e-7]
        assert stuck
        got |= dict.fromkeys(stuck, level)
    found = shares(*case)
    assert [found[i] for i in asks] == pytest.approx([got[i] for i in asks], abs=1e-6)


@given(halls(), st.data())
@settings(max_examples=100, deadline=None)
def test_more_seats_a_new_room_or_fewer_people_never_leave_anybody_worse_off(case, data):
    heads, seats, may, peak = case
    before = shares(*case)
    more = seats.copy()
    more[data.draw(st.integers(0, len(seats) - 1))] += data.draw(st.integers(1, 20))
    column = np.array(data.draw(st.lists(st.booleans(), min_size=len(heads), max_size=len(heads))))
    built = np.append(seats, data.draw(st.integers(0, 20))), np.column_stack([may, column])
    fewer = heads.copy()
    fewer[data.draw(st.integers(0, len(heads) - 1))] //= 2
    for after in (shares(heads, more, may, peak), shares(heads, *built, peak), shares(fewer, seats, may, peak)):
        assert (after >= before - 1e-12).all()


@given(halls(), st.data())
@settings(max_examples=60, deadline=None)
def test_letting_more_people_in_never_seats_fewer_of_them(case, data):
    heads, seats, may, peak = case
    wider = may | np.array(data.draw(st.lists(st.booleans(), min_size=may.size, max_size=may.size))).reshape(may.shape)
    before, after = (shares(heads, seats, admits, peak) @ heads for admits in (may, wider))
    assert after >= before - 1e-9


def test_letting_more_people_in_can_crowd_out_those_who_had_the_room_to_themselves():
    heads, seats = np.array([10, 10]), np.array([10])
    assert shares(heads, seats, np.array([[True], [False]]), 1.0).tolist() == [1.0, 0.0]
    assert shares(heads, seats, np.array([[True], [True]]), 1.0).tolist() == [0.5, 0.5]


@given(halls(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_makes_no_difference_to_the_bit(case, random):
    heads, seats, may, peak = case
    i, j = list(range(len(heads))), list(range(len(seats)))
    random.shuffle(i)
    random.shuffle(j)
    shuffled = shares(heads[i], seats[j], may[np.ix_(i, j)], peak)
    assert shuffled.tolist() == shares(*case)[i].tolist()


def test_numbers_beyond_32_bits_are_counted_too():
    # Two million people a claimant and a third of a million seats a room: flows by exact ratios would not fit.
    heads, seats = np.array([2_000_003, 1_999_993, 7]), np.array([333_331, 333_337, 1])
    may = np.array([[True, False, False], [True, True, False], [False, True, True]])
    expected = by_enumeration(heads, seats, may, 1.0)
    assert shares(heads, seats, may, 1.0) == pytest.approx(expected, rel=1e-3)


def test_blocks_that_fit_32_bits_one_by_one_but_not_together_fare_as_alone():
    heads, seats = np.array([40_009, 39_989, 30_011]), np.array([3_001, 20_011])
    may = np.array([[True, False], [True, True], [False, True]])
    copies = 6
    together = np.kron(np.eye(copies, dtype=bool), may)
    found = shares(np.tile(heads, copies), np.tile(seats, copies), together, 1.0)
    assert found == pytest.approx(np.tile(by_enumeration(heads, seats, may, 1.0), copies), rel=1e-12)
    assert len(set(shares(heads, seats, may, 1.0))) > 1


def test_too_many_people_for_one_count_are_refused():
    with pytest.raises(ValueError, match="too many people or seats"):
        shares(np.array([2**31]), np.array([5]), np.array([[True]]), 1.0)


# --- seats by half hour ------------------------------------------------------------------------------------------

FREE = [EVENING, "周一至周五 17:30-20:00", "周六、周日 9:00-21:00", "周二至周日 12:00-13:30；周一 19:00-23:00"]
OPEN = [EVENING, "周一至周五 8:30-17:00", "每天 9:00-21:00", "周六 9:00-12:00", "周一、周三 19:00-21:30"]


@st.composite
def towns(draw):
    """A town of a few groups and rooms, with everything that the measures look at."""
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    workers = pd.DataFrame(
        {
            "n_workers": draw(st.lists(st.integers(1, 90), min_size=n, max_size=n)),
            "free_hours": draw(st.lists(st.sampled_from(FREE), min_size=n, max_size=n)),
            "employer_id": [f"P{i}" for i in range(n)],
        },
        index=pd.Index([f"g{i}" for i in range(n)], name="group_id"),
    )
    venues = pd.DataFrame(
        {
            "status": draw(st.lists(st.sampled_from(["open", "open", "open", "closed"]), min_size=m, max_size=m)),
            "serves": draw(st.lists(st.sampled_from(["everyone", "everyone", "own_staff"]), min_size=m, max_size=m)),
            "employer_id": "P0",
            "room_id": draw(st.lists(st.sampled_from(["", "", "R1"]), min_size=m, max_size=m)),
            "open_hours": draw(st.lists(st.sampled_from(OPEN), min_size=m, max_size=m)),
            "capacity": draw(st.lists(st.sampled_from([0.0, 1.0, 3.0, 8.0, np.nan]), min_size=m, max_size=m)),
        },
        index=pd.Index([f"v{i}" for i in range(m)], name="venue_id"),
    )
    took = draw(st.lists(st.sampled_from([0.0, 7.0, 14.0, 22.0]), min_size=n * m, max_size=n * m))
    ids = [(g, v) for g in workers.index for v in venues.index]
    table = pd.DataFrame(ids, columns=["group_id", "venue_id"]).assign(minutes=took)
    return workers, venues, table


PEAK = Standard(peak_share=0.1, min_hours_per_week=3.0)


def half_hour_by_half_hour(workers, venues, table, standard):
    """Share of each group in each half hour, NaN where it has no room: every half hour by enumeration."""
    one = {v: access.usable_slots(workers, venues.loc[[v]], table, standard=standard) for v in venues.index}
    seats = crowding.seats_of_rooms(venues)
    room = venues["room_id"].where(venues["room_id"] != "", venues.index.to_series())
    out = np.full((len(workers), 336), np.nan)
    heads = workers["n_workers"].to_numpy()
    known = {}
    for slot in range(336):
        may = np.array(
            [[any(one[v][g, slot] for v in venues.index[room == r]) for r in seats.index] for g in range(len(workers))]
        ).reshape(len(workers), len(seats))
        if may.tobytes() not in known:
            unlimited = may[:, seats.isna().to_numpy()].any(axis=1)
            limited = np.nan_to_num(seats.to_numpy()).astype(int)
            share = by_enumeration(np.where(unlimited, 0, heads), limited, may, standard.peak_share)
            known[may.tobytes()] = np.where(may.any(axis=1), share, np.nan)
        out[:, slot] = known[may.tobytes()]
    return out


@given(towns())
@settings(max_examples=12, deadline=None)
def test_the_week_is_that_of_each_half_hour_by_itself(town):
    workers = town[0]
    expected = half_hour_by_half_hour(*town, PEAK)
    best = np.sort(np.nan_to_num(expected), axis=1)[:, ::-1][:, 5]  # three hours are six half hours
    assert crowding.seated(*town, standard=PEAK).to_numpy() == pytest.approx(best, abs=1e-9)
    county = crowding.seated_by_half_hour(*town, standard=PEAK)
    heads = workers["n_workers"].to_numpy()[:, None]
    assert county["n_free"].to_numpy() == pytest.approx((heads * ~np.isnan(expected)).sum(axis=0))
    assert county["n_seated"].to_numpy() == pytest.approx(np.nansum(heads * 0.1 * expected, axis=0), abs=1e-5)
    assert county["n_unseated"].to_numpy() == pytest.approx(county["n_come"] - county["n_seated"], abs=1e-5)


@given(towns(), st.data())
@settings(max_examples=25, deadline=None)
def test_seats_hours_and_rooms_never_crowd_anybody_out(town, data):
    workers, venues, table = town
    venues = venues.assign(room_id="")
    before = crowding.seated(workers, venues, table, standard=PEAK)
    v = data.draw(st.sampled_from(list(venues.index)))
    larger, longer = venues.copy(), venues.copy()
    larger.loc[v, "capacity"] += 2
    longer.loc[v, "open_hours"] = "全天"
    built = pd.concat([venues, venues.loc[[v]].set_axis(["new"]).assign(status="open", capacity=4.0)])
    known = pd.concat([table, table[table["venue_id"] == v].assign(venue_id="new")])
    for changed, minutes in ((larger, table), (longer, table), (built, known)):
        assert (crowding.seated(workers, changed, minutes, standard=PEAK) >= before - 1e-12).all()


@given(towns(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_frames_makes_no_difference(town, random):
    shuffled = []
    for frame in town:
        rows = list(range(len(frame)))
        random.shuffle(rows)
        shuffled.append(frame.iloc[rows])
    assert (
        crowding.seated(*shuffled, standard=PEAK).reindex(town[0].index).equals(crowding.seated(*town, standard=PEAK))
    )
    mine, theirs = (crowding.seats_per_worker(*args, standard=PEAK) for args in (town, shuffled))
    assert theirs.reindex(mine.index).to_numpy() == pytest.approx(mine.to_numpy(), nan_ok=True)


@given(towns())
@settings(max_examples=15, deadline=None)
def test_every_known_seat_that_somebody_could_use_is_shared_out(town):
    # The identity of the catchments holds in every half hour, so also for the mean over a week of one half hour.
    workers, venues, table = town
    workers, venues = workers.assign(free_hours="周一 18:00-18:30"), venues.assign(open_hours=EVENING)
    table = table.assign(minutes=0.0)
    found = crowding.seats_per_worker(workers, venues, table, standard=PEAK, decay="none", summary="mean")
    seats = crowding.seated_by_half_hour(workers, venues, table, standard=PEAK).loc[36, "n_seats"]
    assert (found.fillna(0) * workers["n_workers"] * 0.1).sum() == pytest.approx(seats)


def town(people, capacity, **columns):
    """Groups and rooms a door apart, all free and open in the evening."""
    workers, venues, _ = frames(people, capacity, [])
    workers["free_hours"] = EVENING
    venues = venues.assign(status="open", serves="everyone", open_hours=EVENING, **columns)
    table = pd.DataFrame([(g, v, 9.0) for g in people for v in capacity], columns=["group_id", "venue_id", "minutes"])
    return workers, venues, table


def test_a_room_has_its_seats_once_however_many_its_plaques():
    one = town({"a": 100}, {"x": 4}, room_id="R1")
    two = town({"a": 100}, {"x": 4, "y": 4}, room_id="R1")
    apart = town({"a": 100}, {"x": 4, "y": 4}, room_id="")
    assert [crowding.seated(*case, standard=Standard())["a"] for case in (one, two, apart)] == pytest.approx(
        [0.4, 0.4, 0.8]
    )
    assert crowding.seats_per_worker(*two, standard=Standard())["a"] == pytest.approx(0.4)


def test_a_room_of_unknown_capacity_has_no_limit_and_is_counted():
    case = town({"a": 100, "b": 50}, {"x": 4, "y": np.nan})
    table = case[2][(case[2]["group_id"] == "a") | (case[2]["venue_id"] == "x")]
    found = crowding.seated(case[0], case[1], table, standard=Standard())
    assert found.to_dict() == {"a": 1.0, "b": pytest.approx(0.8)}
    row = crowding.seated_by_half_hour(case[0], case[1], table, standard=Standard()).loc[38]
    assert row[["n_come", "n_seated", "n_unlimited", "n_seats", "n_rooms_unknown"]].tolist() == [15, 14, 10, 4, 1]
    by_catchment = crowding.seats_per_worker(case[0], case[1].loc[["y"]], table, standard=Standard())
    assert by_catchment.isna().all()


def test_rooms_not_in_use_have_no_seats():
    case = town({"a": 100}, {"x": 4, "y": 40})
    case[1].loc["y", "status"] = "planned"
    assert crowding.seated(*case, standard=Standard())["a"] == pytest.approx(0.4)
    assert crowding.seats_of_rooms(case[1]).to_dict() == {"x": 4.0}


def test_groups_of_unknown_position_are_in_nobodys_way():
    case = town({"a": 100, "b": 100}, {"x": 10})
    located = pd.Series({"a": True, "b": False})
    assert crowding.seated(*case, standard=Standard(), located=located).to_dict() == {"a": 1.0, "b": 0.0}


def test_a_share_must_last_for_as_many_hours_as_the_standard_asks():
    # Free for two evenings of four hours, on the other of which a crowd takes most of the ten seats.
    workers, venues, table = town({"a": 100, "crowd": 300}, {"x": 10})
    workers["free_hours"] = ["周一、周二 18:00-22:00", "周二 18:00-22:00"]
    for needed, share in ((3.0, 1.0), (3.5, 0.25), (6.0, 0.25), (6.5, 0.0)):
        standard = Standard(min_hours_per_week=needed)
        assert crowding.seated(workers, venues, table, standard=standard)["a"] == pytest.approx(share)


def test_summaries_of_the_catchment_over_the_week():
    workers, venues, table = town({"a": 100, "crowd": 300}, {"x": 10})
    workers["free_hours"] = ["周一、周二 18:00-22:00", "周二 18:00-22:00"]
    found = {
        summary: crowding.seats_per_worker(workers, venues, table, standard=Standard(), decay="none", summary=summary)
        for summary in ("enough", "mean", "min")
    }
    assert [found[s]["a"] for s in ("enough", "mean", "min")] == pytest.approx([0.25, 0.625, 0.25])
    with pytest.raises(ValueError, match="summary must be one of"):
        crowding.seats_per_worker(workers, venues, table, standard=Standard(), summary="median")


def test_the_two_measures_disagree_either_way_and_say_which():
    # Five of a and of b come, for two rooms of five, of which a may use one: b goes to the other, which only the
    # assignment sees.
    workers, venues, table = town({"a": 50, "b": 50}, {"x": 5, "y": 5})
    table = table[(table["group_id"] == "b") | (table["venue_id"] == "x")]
    found = crowding.disagreements(workers, venues, table, standard=Standard(), decay="none")
    assert found["enough_by"].to_dict() == {"a": "assignment"}
    # Ten of each of c, d, e come, for two rooms of ten. c may use both and adds up a half of either, which makes a seat
    # for everybody; but d has only the one and e only the other, so that two thirds of each sit.
    workers, venues, table = town({"c": 100, "d": 100, "e": 100}, {"x": 10, "y": 10})
    table = table[(table["group_id"] + table["venue_id"]).isin(["cx", "cy", "dx", "ey"])]
    found = crowding.disagreements(workers, venues, table, standard=Standard(), decay="none")
    assert found.round(6).to_dict("index") == {
        "c": {"n_workers": 100, "seats_per_worker": 1.0, "seated": 0.666667, "enough_by": "catchment"}
    }


def test_no_venue_and_no_way_are_no_fault():
    workers, venues, table = town({"a": 10}, {"x": 5})
    for case in ((workers, venues.iloc[:0], table), (workers, venues, table.iloc[:0])):
        assert crowding.seated(*case, standard=Standard()).tolist() == [0.0]
        assert crowding.seats_per_worker(*case, standard=Standard()).isna().all()
        assert crowding.seated_by_half_hour(*case, standard=Standard())["n_come"].sum() == 0


@pytest.mark.parametrize("column", ["n_workers", "capacity"])
def test_negative_people_and_seats_are_refused(column):
    workers, venues, table = town({"a": 10}, {"x": 5})
    (workers if column == "n_workers" else venues)[column] = -1
    with pytest.raises(ValueError, match=f"{column} is below 0"):
        crowding.seated(workers, venues, table, standard=Standard())


def test_the_toy_county_by_hand():
    county = toy_county()
    standard = dataclasses.replace(county.standard, peak_share=1.0)
    found = workflow.reach(county)
    args = county.workers, county.venues, found.minutes
    located = found.snapped["reason"].eq("")
    seated = crowding.seated(*args, standard=standard, located=located)
    assert seated.round(3).to_dict() == {
        "g1": 0.0, "g2": 0.625, "g3": 0.833, "g4": 0.0, "g5": 0.0, "g6": 1.0, "g7": 0.0,
    }  # fmt: skip
    county_wide = crowding.seated_by_half_hour(*args, standard=standard, located=located)
    assert county_wide.loc[37, ["n_come", "n_seated", "n_seats"]].tolist() == [100, 70, 100]
    assert county_wide.loc[36, ["n_come", "n_seated", "n_seats"]].tolist() == [20, 20, 50]
    rungs = access.coverage(*args, located=located, standard=standard, seated=seated)["reason"].astype(str)
    assert rungs.to_dict() == {
        "g1": "closed", "g2": "crowded", "g3": "crowded", "g4": "out_of_reach", "g5": "not_shared", "g6": "served",
        "g7": "unknown",
    }  # fmt: skip


def test_reach_counts_seats_when_asked_to():
    county = toy_county()
    about = dataclasses.replace(county.about, standard=dataclasses.replace(county.standard, peak_share=1.0))
    crowd = dataclasses.replace(county, about=about)
    assert workflow.reach(crowd).seated is None
    found = workflow.reach(crowd, seats=True)
    assert found.groups["reason"].eq("crowded").sum() == 2
    assert found.groups["is_served"].equals(found.seated.eq(1.0) & found.groups["usable_hours"].ge(4))
    assert workflow.judged(found, county.standard).groups["reason"].eq("crowded").sum() == 0
