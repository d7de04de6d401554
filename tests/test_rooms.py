"""Declarations of invented rooms; the venues themselves are in test_xiangshan."""

from __future__ import annotations

import pandas as pd
import pytest

from xsgeo.datasets.rooms import ROOM_TYPES, real_venues
from xsgeo.schemas import FUNCTIONS, OWNERS, SERVES, SHARE_TERMS, VENUE_KINDS


def test_room_types_use_the_declared_words() -> None:
    for room in ROOM_TYPES:
        assert room.kind in VENUE_KINDS
        assert room.owner_system in OWNERS
        assert room.serves in SERVES
        assert room.share_terms in SHARE_TERMS
        assert set(room.functions) <= set(FUNCTIONS)
        for _, kind, owner, serves in room.also:
            assert (kind in VENUE_KINDS, owner in OWNERS, serves in SERVES) == (True, True, True)


def test_every_kind_and_owner_is_represented() -> None:
    plaques = [(r.kind, r.owner_system) for r in ROOM_TYPES]
    plaques += [(kind, owner) for r in ROOM_TYPES for _, kind, owner, _ in r.also]
    assert {k for k, _ in plaques} == set(VENUE_KINDS)
    assert {o for _, o in plaques} == set(OWNERS)


@pytest.mark.parametrize(
    ("told", "year"), [("2018", 2018), ("2018-12", 2018), ("2018-19", None), ("by 2023", None), ("", None)]
)
def test_only_a_year_is_a_year(told: str, year: int | None) -> None:
    ids = [f"V{i:02d}" for i in range(1, 15)]
    places = pd.DataFrame(
        {
            "name_zh": "甲", "town_zh": "石浦镇", "lon": "121.9", "lat": "29.2", "coord_accuracy_m": "1000",
            "area_m2": "", "build_mode": "", "year": told, "source": "报纸",
        },
        index=pd.Index(ids, name="place_id"),
    )  # fmt: skip
    venue = real_venues(places, {"石浦镇": "330225101"}).loc["V01"]
    assert venue["year"] == year if year else pd.isna(venue["year"])
    assert venue[["open_hours", "address", "build_mode"]].eq("").all()
    assert pd.isna(venue["area_m2"])
