"""From tables to arrays: names are looked up as pandas does, whatever they are, and a missing one is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xsgeo.errors import PlanError
from xsgeo.siting import Limits, set_covering
from xsgeo.siting.frames import covering_case, paired


class TestPairs:
    @pytest.mark.parametrize("n", [1, 4_000])
    @pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
    def test_a_missing_site_is_refused(self, n, missing):
        pairs = pd.DataFrame({"site_id": ["s"] * n + [missing], "group_id": ["a"] * n + ["b"]})
        with pytest.raises(PlanError, match="no site for the group 'b'"):
            paired(pd.Index(["a", "b"]), pairs, Limits())

    @pytest.mark.parametrize("n", [1, 4_000])
    @pytest.mark.parametrize("group", ["c", None])
    def test_an_unknown_group_is_refused(self, n, group):
        pairs = pd.DataFrame({"site_id": ["s"] * (n + 1), "group_id": ["a"] * n + [group]})
        with pytest.raises(PlanError, match="which has no weight"):
            paired(pd.Index(["a", "b"]), pairs, Limits())

    @pytest.mark.parametrize("kind", ["str", "string", "category", "object", "int"])
    def test_ids_of_every_kind(self, kind):
        ids = np.array([3, 1, 2, 1, 3] * 800)
        column = pd.Series(ids) if kind == "int" else pd.Series(ids.astype(str)).astype(kind)
        site, demand, names = paired(
            pd.Index(sorted(set(column))), pd.DataFrame({"site_id": column, "group_id": column}), Limits()
        )
        assert names.tolist() == sorted(set(column))
        assert site.tolist() == demand.tolist() == (ids - 1).tolist()


def country(seed):
    random = np.random.RandomState(seed)
    near = np.hypot(*(random.rand(60, 1, 2) - random.rand(1, 500, 2)).transpose(2, 0, 1)) < 0.25
    site, group = np.nonzero(near[:, near.any(axis=0)])
    pairs = pd.DataFrame({"site_id": [f"s{at}" for at in site], "group_id": [f"g{at}" for at in group]})
    return pd.Series(random.randint(0, 3, group.max() + 1), index=pd.unique(pairs["group_id"])), pairs


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_many_rows_and_rows_given_twice_change_nothing(seed):
    weights, pairs = country(seed)
    assert len(pairs) > 4_000
    shuffled = weights.sample(frac=1, random_state=seed)
    mixed = pd.concat([pairs, pairs[::3]]).sample(frac=1, random_state=seed)
    case, other = (covering_case(*question, Limits())[0] for question in ((weights, pairs), (shuffled, mixed)))
    for name in ("indptr", "indices", "data"):
        assert getattr(case.cover, name).tolist() == getattr(other.cover, name).tolist()
    answer, again = set_covering(weights, pairs), set_covering(shuffled, mixed)
    assert (answer.status, answer.chosen) == ("optimal", again.chosen)
    pd.testing.assert_series_equal(again.assignment.reindex(weights.index), answer.assignment)
