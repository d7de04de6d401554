"""Measures of unevenness: published answers, brute force, and the principles they are known by."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xsgeo import equity, workflow

# Gross domestic product a head of the 32 Mexican states in 1940 and their regions (Hanson 1998), from the example data
# of libpysal; the answers are those of PySAL inequality: Gini, Theil and TheilD.
MEXICO = [
    10384, 22361, 9573, 3758, 2934, 8578, 8537, 6909, 17816, 12132, 4359, 2181, 4414, 5309, 3408, 3327, 6936, 4836,
    9073, 1892, 3569, 11016, 21965, 4372, 4840, 6399, 2459, 7508, 3605, 5203, 7990, 3734,
]  # fmt: skip
REGIONS = [2, 1, 2, 5, 5, 1, 1, 3, 4, 2, 3, 5, 3, 3, 4, 3, 3, 2, 1, 5, 3, 3, 5, 2, 2, 1, 5, 1, 3, 3, 5, 2]

amounts = st.floats(0, 100, allow_subnormal=False).map(lambda x: round(x, 3))
people = st.lists(st.tuples(amounts, st.integers(1, 30)), min_size=1, max_size=12)


def apart(rows: list[tuple[float, int]]) -> tuple[np.ndarray, np.ndarray]:
    values, weights = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    assume(values.sum() > 0)
    return values, weights


def test_the_gini_coefficient_of_mexico_is_pysals():
    assert equity.gini(MEXICO) == pytest.approx(0.35372371173452849, abs=1e-12)


def test_theils_index_of_mexico_and_its_part_between_regions_are_pysals():
    between, within = equity.theil_parts(MEXICO, REGIONS)
    assert equity.theil(MEXICO) == pytest.approx(0.20894344, abs=5e-9)
    assert between == pytest.approx(0.0345889, abs=5e-8)
    assert between + within == pytest.approx(equity.theil(MEXICO), abs=1e-12)


def test_the_concentration_index_is_the_one_of_the_world_banks_worked_example():
    # Deaths under five in India, 1982-92, by wealth group; O'Donnell and others (2008), Analyzing Health Equity Using
    # Household Survey Data, World Bank: -0.1694.
    births = [29939, 28776, 26528, 24689, 19739]
    rate = [154.7, 152.9, 119.5, 86.9, 54.3]
    assert equity.concentration(rate, [1, 2, 3, 4, 5], births) == pytest.approx(-0.1694, abs=5e-5)


def test_poverty_is_the_one_of_the_handbooks_worked_example():
    # Haughton and Khandker (2009), Handbook on Poverty and Inequality, World Bank, chapter 4: country C, line 125.
    country = [100, 110, 150, 160]
    assert [equity.fgt(country, 125, alpha) for alpha in (0, 1, 2)] == pytest.approx([0.5, 0.08, 0.0136])


def test_palma_splits_who_straddles_a_boundary():
    # Half have 1 and half have 3: the tenth with most has 0.3 of 2, the four tenths with fewest 0.4 of 2.
    assert equity.palma([1, 3], [50, 50]) == pytest.approx(0.3 / 0.4)
    assert equity.palma([0, 1]) == np.inf


@given(people)
def test_gini_is_the_mean_difference_of_all_pairs(rows):
    values, weights = apart(rows)
    pairs = (weights[:, None] * weights * np.abs(values[:, None] - values)).sum()
    brute = pairs / (2 * weights.sum() * (weights * values).sum())
    assert equity.gini(values, weights) == pytest.approx(brute, abs=1e-9)


@given(people)
def test_every_measure_stays_in_its_bounds(rows):
    values, weights = apart(rows)
    least = weights.min() / weights.sum()
    assert -1e-12 <= equity.gini(values, weights) <= 1 - least + 1e-9
    assert 0 <= equity.theil(values, weights) <= np.log(1 / least) + 1e-9
    assert equity.palma(values, weights) >= 0.25 - 1e-9
    assert abs(equity.concentration(values, weights, weights)) <= 1
    poor = [equity.fgt(values, 7.5, alpha, weights) for alpha in (0, 1, 2)]
    assert 1 + 1e-12 >= poor[0] >= poor[1] - 1e-12
    assert poor[1] >= poor[2] - 1e-12 >= -1e-12


@given(people, st.floats(0.1, 50))
def test_the_unit_of_time_makes_no_difference(rows, factor):
    values, weights = apart(rows)
    for measure in (equity.gini, equity.theil, equity.palma):
        assert measure(values * factor, weights) == pytest.approx(measure(values, weights), rel=1e-6, abs=1e-6)
    scaled = equity.fgt(values * factor, 7.3 * factor, 1, weights)
    assert scaled == pytest.approx(equity.fgt(values, 7.3, 1, weights), abs=1e-9)


@given(people, st.integers(2, 4), st.randoms(use_true_random=False))
def test_splitting_or_repeating_groups_makes_no_difference(rows, times, chance):
    values, weights = apart(rows)
    more = [(v, w) for v, w in zip(values, weights, strict=True) for _ in range(times)]
    chance.shuffle(more)
    many, each = (np.array(part) for part in zip(*more, strict=True))
    for measure in (equity.gini, equity.theil, equity.palma):
        assert measure(many, each) == pytest.approx(measure(values, weights), rel=1e-9, abs=1e-9)
        assert measure(np.repeat(values, weights.astype(int))) == pytest.approx(
            measure(values, weights), rel=1e-9, abs=1e-9
        )
    assert equity.fgt(many, 9, 2, each) == pytest.approx(equity.fgt(values, 9, 2, weights), abs=1e-12)


@given(people, st.integers(0, 11), st.integers(0, 11), st.floats(0.01, 0.5))
def test_an_hour_given_by_who_has_more_to_who_has_fewer_evens_things_out(rows, one, other, part):
    values, _ = apart(rows)
    low, high = sorted((one % len(values), other % len(values)), key=lambda i: values[i])
    assume(values[high] - values[low] > 0.01)
    after = values.copy()
    after[low] += part * (values[high] - values[low])
    after[high] -= part * (values[high] - values[low])
    assert equity.gini(after) < equity.gini(values)
    assert equity.theil(after) < equity.theil(values)
    assert equity.palma(after) <= equity.palma(values) + 1e-9
    assert equity.fgt(after, 50, 2) <= equity.fgt(values, 50, 2) + 1e-12


@given(people, st.lists(st.sampled_from("abc"), min_size=12, max_size=12))
def test_parts_add_up_exactly(rows, letters):
    values, weights = apart(rows)
    keys = np.array(letters[: len(values)])
    between, within = equity.theil_parts(values, keys, weights)
    assert between + within == pytest.approx(equity.theil(values, weights), abs=1e-9)
    assert between >= 0
    assert within >= 0
    mean = (values * weights).sum() / weights.sum()
    short = weights * equity.deprivation(values, weights)
    assert short.sum() / weights.sum() / mean == pytest.approx(equity.gini(values, weights), abs=1e-9)
    for alpha in (0, 1, 2):
        parts = [
            (weights[keys == k].sum(), equity.fgt(values[keys == k], 9, alpha, weights[keys == k])) for k in set(keys)
        ]
        whole = sum(n * poor for n, poor in parts) / weights.sum()
        assert whole == pytest.approx(equity.fgt(values, 9, alpha, weights), abs=1e-12)


@given(people)
def test_the_lorenz_curve_rises_and_sags(rows):
    values, weights = apart(rows)
    curve = equity.lorenz(values, weights).to_numpy()
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [1, 1]
    steps = np.diff(curve, axis=0)
    assert (steps[:, 0] > 0).all()
    slopes = steps[:, 1] / steps[:, 0]
    assert (np.diff(slopes) >= -1e-6).all()
    area = ((curve[1:, 1] + curve[:-1, 1]) / 2 * steps[:, 0]).sum()
    assert 1 - 2 * area == pytest.approx(equity.gini(values, weights), abs=1e-9)


def test_where_nobody_has_an_hour_inequality_is_undefined_and_poverty_is_whole():
    assert all(np.isnan(measure([0, 0])) for measure in (equity.gini, equity.theil, equity.palma))
    assert np.isnan(equity.theil_parts([0, 0], ["a", "b"])).all()
    assert equity.fgt([0, 0], 4, 2) == 1
    assert equity.lorenz([0, 0]).to_numpy().tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize(("values", "weights"), [([-1], [1]), ([1], [-1]), ([np.nan], [1]), ([1], [0]), ([1], [1, 2])])
def test_what_cannot_be_measured_is_refused(values, weights):
    with pytest.raises(ValueError, match="weights"):
        equity.gini(values, weights)
    with pytest.raises(ValueError, match="line"):
        equity.fgt([1], 0, 1)


# --- the toy county, worked by hand: 330 known workers, 2,900 hours; 170 of them have none ---------------------------


@pytest.fixture
def judged(toy):
    return toy, workflow.reach(toy).groups


def test_the_toy_county_by_town(judged):
    toy, groups = judged
    table = equity.equity(toy.workers, groups, by="town", min_hours_per_week=4)
    assert table.index.tolist() == ["T2", "T1", "all"]
    assert table["n_workers"].tolist() == [50, 290, 340]
    assert table["n_unknown"].tolist() == [0, 10, 10]
    assert table["share_effective"].tolist() == pytest.approx([20 / 50, 140 / 290, 160 / 340])
    assert table["mean_hours"].tolist() == pytest.approx([400 / 50, 2500 / 280, 2900 / 330])
    assert table["fgt0"].tolist() == pytest.approx([30 / 50, 140 / 280, 170 / 330])
    assert table["fgt2"].tolist() == table["fgt0"].tolist()  # who is short here has nothing at all
    assert table["share_of_gap"].tolist() == pytest.approx([30 / 170, 140 / 170, 1])
    # Each worker without hours is 2,900/330 short of the others; g2 is short of g6 and g3, g6 of g3.
    short = {"T2": 30 * 2900 + 20 * 5 * 60, "T1": 140 * 2900 + 80 * (7.5 * 20 + 12.5 * 60)}
    whole = sum(short.values())
    assert table["share_of_gini"].tolist() == pytest.approx([short["T2"] / whole, short["T1"] / whole, 1])
    assert table.at["all", "gini"] == pytest.approx(whole / 330 / 2900)


def test_the_summary_of_the_toy_county(judged):
    toy, groups = judged
    size = toy.workers["employer_id"].map(toy.employers["n_workers"])
    said = equity.summary(toy.workers, groups, by="town", min_hours_per_week=4, rank_by=size)
    assert (said["worst"], said["worst_share"], said["n_unknown"]) == ("T2", 0.4, 10)
    # P3 (20 workers, 20 h), P2 (30 known, 0 h), P1 (280, 2,500 h) by size 20, 40, 280.
    ranks = np.array([10, 35, 190]) / 330
    expected = 2 * (np.array([20, 30, 280]) * (np.array([20, 0, 2500 / 280]) - 2900 / 330) * ranks).sum() / 2900
    assert said["concentration"] == pytest.approx(expected)
    assert said["theil_between"] + said["theil_within"] == pytest.approx(said["theil"])


@pytest.mark.parametrize("by", equity.DIMENSIONS)
def test_parts_are_all_workers_whatever_they_are_split_by(judged, by):
    toy, groups = judged
    table = equity.equity(toy.workers, groups, by=by, min_hours_per_week=4, towns=toy.towns)
    assert table.drop(index="all")["n_workers"].sum() == 340 == table.at["all", "n_workers"]
    assert table.drop(index="all")[
        ["share_of_workers", "share_of_gap", "share_of_gini"]
    ].sum().tolist() == pytest.approx([1] * 3)
    assert table.at["all", "gini"] == pytest.approx(
        equity.equity(toy.workers, groups, by="town", min_hours_per_week=4).at["all", "gini"]
    )


def test_who_is_not_counted_by_sex_is_a_part_of_its_own(judged):
    toy, _ = judged
    workers = toy.workers.assign(n_women=toy.workers["n_women"].where(toy.workers.index != "g3"))
    parts = equity.strata(workers, by="sex").groupby("key")["n_workers"].sum()
    assert parts.to_dict() == {"women": 140, "men": 140, "unstated": 60}


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(chance):
    from xsgeo.datasets import toy_county

    toy = toy_county()
    groups = pd.DataFrame(
        {
            "usable_hours": [0.1, 12.7, 25.3, 3.3, 0.7, 20.9, np.nan],
            "is_served": [False, True, True, False, False, True, False],
        },
        index=toy.workers.index,
    )
    order = chance.sample(range(7), 7)
    for by in equity.DIMENSIONS:
        one = equity.equity(toy.workers, groups, by=by, min_hours_per_week=4, towns=toy.towns)
        other = equity.equity(toy.workers.iloc[order], groups, by=by, min_hours_per_week=4, towns=toy.towns)
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_group_that_nobody_judged_is_refused_and_not_taken_for_served(judged):
    toy, groups = judged
    for ask in (equity.equity, equity.summary):
        with pytest.raises(ValueError, match="`groups` lacks 1 groups of `workers`, the first is 'g1'"):
            ask(toy.workers, groups.iloc[1:], by="town", min_hours_per_week=4)


def test_a_dimension_that_there_is_not_is_refused(judged):
    toy, groups = judged
    with pytest.raises(ValueError, match="town, cluster"):
        equity.equity(toy.workers, groups, by="height", min_hours_per_week=4)
    with pytest.raises(ValueError, match="needs the towns"):
        equity.strata(toy.workers, by="island")
    assert (
        equity.equity(
            toy.workers, groups.assign(usable_hours=np.nan, is_served=False), by="shift", min_hours_per_week=4
        ).at["all", "n_unknown"]
        == 340
    )
