from __future__ import annotations

import pickle

import pytest

from xsgeo.settings import SitingRules, Standard, TravelRules


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Standard, {"cutoff_min": {}}),
        (Standard, {"cutoff_min": {"fly": 5}}),
        (Standard, {"cutoff_min": {"walk": 0}}),
        (Standard, {"min_hours_per_week": 0}),
        (Standard, {"min_hours_per_week": 200}),
        (Standard, {"month": 13}),
        (Standard, {"peak_share": 0}),
        (Standard, {"min_seated_share": 1.5}),
        (Standard, {"min_seated_share": float("nan")}),
        (TravelRules, {"walk_kmh": 0}),
        (TravelRules, {"snap_limit_m": -1}),
        (TravelRules, {"max_accuracy_m": float("nan")}),
        (SitingRules, {"n_sites": -1}),
        (SitingRules, {"time_limit_s": 0}),
    ],
)
def test_a_senseless_parameter_is_refused(kind, values):
    with pytest.raises(ValueError, match=next(iter(values))):
        kind(**values)


def test_settings_travel_to_other_processes():
    assert pickle.loads(pickle.dumps(Standard())) == Standard()  # noqa: S301


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        Standard().month = 3
