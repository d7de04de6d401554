"""Sharing on a whole study: verdicts stay beside the ledgers, and the command says what it found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from xsgeo import io, share, sharing, workflow
from xsgeo.errors import StudyError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path):
    others = shutil.ignore_patterns("facts", "samples", "labelled", "scenarios")
    return shutil.copytree(ROOT / "data", tmp_path / "方 案", ignore=others)


def verdicts(*rows):
    index = pd.Index([f"{a}+{b}" for a, b, _ in rows], name="pair_id", dtype=object)
    return pd.DataFrame(list(rows), columns=["venue_a", "venue_b", "verdict"], index=index)


def test_the_county_is_named_by_its_boundary(demonstration):
    assert share.county_name(demonstration) == "象山县"


def test_verdicts_are_kept_and_a_newer_one_replaces_the_older(folder):
    study = io.read_study(folder)
    ledger = (folder / "venues.csv").read_bytes()
    share.keep_verdicts(folder, study, verdicts(("V101", "V109", "same"), ("V101", "V110", "different")))
    again = io.read_study(folder)
    assert again.room_pairs["verdict"].to_dict() == {"V101+V109": "same", "V101+V110": "different"}
    assert sharing.room_labels(again.venues, again.room_pairs)["V109"] == "R001"
    share.keep_verdicts(folder, again, verdicts(("V101", "V109", "different")))
    kept = io.read_study(folder)
    assert kept.room_pairs["verdict"].tolist() == ["different", "different"]
    share.keep_verdicts(folder, kept, verdicts(("V101", "V109", "open")))
    assert io.read_study(folder).room_pairs.index.tolist() == ["V101+V110"]
    assert (folder / "venues.csv").read_bytes() == ledger


def test_verdicts_that_contradict_the_study_are_refused_and_nothing_is_written(folder):
    study = io.read_study(folder)
    assert study.venues.loc["V102", "room_id"] == study.venues.loc["V103", "room_id"]
    with pytest.raises(StudyError, match="V102"):
        share.keep_verdicts(folder, study, verdicts(("V102", "V103", "different")))
    assert not (folder / share.FILE).exists()
    given = verdicts(("V102", "V103", "different")).assign(source="复核.xlsx", row=7)
    with pytest.raises(StudyError) as caught:
        share.keep_verdicts(folder, study, given)
    assert "复核.xlsx，第7行：“V102+V103”填的是“否”，但V102与V103在台账中同属活动室" in caught.value.text("zh")


def test_a_pair_written_by_hand_is_replaced_and_withdrawn_whatever_its_id(toy_folder):
    by_hand = "pair_id,venue_a,venue_b,verdict\n1,V2,V1,same\n2,V3,V1,different\n"
    (toy_folder / share.FILE).write_text(by_hand, "utf-8")
    share.keep_verdicts(toy_folder, io.read_study(toy_folder), verdicts(("V1", "V2", "different")))
    assert io.read_study(toy_folder).room_pairs["verdict"].to_dict() == {"2": "different", "V1+V2": "different"}
    share.keep_verdicts(toy_folder, io.read_study(toy_folder), verdicts(("V1", "V3", "open")))
    assert io.read_study(toy_folder).room_pairs.index.tolist() == ["V1+V2"]


def test_verdicts_are_not_kept_where_the_study_would_not_read_them(toy, toy_folder):
    with (toy_folder / "study.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[tables.room_pairs]\nfile = "挂牌.csv"\n')
    with pytest.raises(StudyError, match="挂牌"):
        share.keep_verdicts(toy_folder, toy, verdicts(("V1", "V2", "same")))
    assert not (toy_folder / share.FILE).exists()


def test_pairs_that_were_decided_are_not_asked_again():
    pairs = pd.DataFrame({"venue_a": ["V1", "V2"], "venue_b": ["V2", "V3"]})
    left = share.undecided(pairs, verdicts(("V3", "V2", "different")))
    assert left["venue_a"].tolist() == ["V1"]
    assert list(share.undecided(pairs.iloc[:0], verdicts()).columns) == ["venue_a", "venue_b"]


def test_every_table_of_the_toy_county(toy):
    found = share.tables(workflow.reach(toy))
    assert list(found) == ["opportunities", "complements", "cross_town", "calendar"]
    gains = found["opportunities"]
    assert set(gains.index) == set(toy.venues.index)
    assert gains["n_if_both"].max() == gains["n_if_both"].iloc[0] > 0
