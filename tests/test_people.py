"""Dealing out people so that nobody is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsgeo.datasets.people import apportion, heavy_tailed, shuffled_shares
from xsgeo.datasets.trades import TRADES
from xsgeo.hours import parse_hours
from xsgeo.schemas import SHIFTS

WEIGHTS = st.lists(st.floats(0, 1000), min_size=1, max_size=30).filter(lambda w: sum(w) > 1e-3)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 100_000), WEIGHTS)
def test_apportion_keeps_the_total_and_stays_within_one_of_the_exact_share(total: int, weights: list[float]) -> None:
    dealt = apportion(total, weights)
    exact = total * np.array(weights) / sum(weights)
    assert dealt.sum() == total
    assert (np.abs(dealt - exact) < 1 + 1e-6).all()
    assert (dealt >= 0).all()


def test_apportion_by_the_textbook() -> None:
    # Hamilton's method on Balinski and Young's example of six states and 36 seats.
    assert apportion(36, [27744, 25178, 19951, 14610, 9225, 3292]).tolist() == [10, 9, 7, 5, 4, 1]


@pytest.mark.parametrize(("total", "n"), [(600, 200), (5000, 40), (3, 1)])
def test_sizes_sum_to_the_total_and_none_is_too_small(total: int, n: int) -> None:
    sizes = heavy_tailed(total, n, spread=1.2, random=np.random.RandomState(3))
    assert sizes.sum() == total
    assert sizes.min() >= 3


def test_shares_are_kept_exactly() -> None:
    drawn = shuffled_shares([("a", 0.5), ("b", 0.3), ("c", 0.2)], 1000, random=np.random.RandomState(0))
    assert {k: drawn.count(k) for k in "abc"} == {"a": 500, "b": 300, "c": 200}


@pytest.mark.parametrize("cluster_id", sorted(TRADES))
def test_a_trade_is_whole_and_its_free_hours_leave_time_for_sleep(cluster_id: str) -> None:
    trade = TRADES[cluster_id]
    assert sum(trade.places.values()) == pytest.approx(1)
    assert sum(share for _, _, share in trade.shifts) == pytest.approx(1)
    for shift, text, _ in trade.shifts:
        assert shift in SHIFTS
        free = parse_hours(text).mask(11)
        # Eight hours of sleep and, ashore aside, some work: nobody is free all day.
        assert 10 <= free.sum() / 2 <= 7 * 14
        if shift == "two_shift_night":
            assert not free.reshape(7, 48)[:, 17:31].any(), "08:30 to 15:30 is a night worker's night"
