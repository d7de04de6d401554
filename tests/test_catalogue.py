from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from xsgeo import catalogue, schemas
from xsgeo.catalogue import TOPICS, WORDS, say


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_take_the_same_values(key):
    zh, en = WORDS[key]
    assert fields(zh) == fields(en)


@pytest.mark.parametrize("key", sorted(WORDS))
def test_english_holds_no_chinese(key):
    # An example of how hours are written may be Chinese: that is what it shows.
    assert key == "remedy.unreadable_hours" or not re.search(r"[\u4e00-\u9fff]", WORDS[key][1])


def test_every_choice_of_every_table_has_its_words():
    choices = {c for t in schemas.TABLES.values() for col in t.columns.values() for c in col.metadata["choices"]}
    assert {f"choice.{c}" for c in choices} == {k for k in WORDS if k.startswith("choice.")}


def test_both_says_the_same_text_once():
    assert say("place.file", "both", file="a.csv") == "a.csv"


def test_an_unknown_key_is_refused():
    with pytest.raises(KeyError):
        say("no.such.key")


def test_a_key_stands_in_one_topic_only():
    keys = [key for topic in TOPICS for key in topic.WORDS]
    assert len(keys) == len(set(keys))


def test_every_file_of_the_folder_is_a_topic():
    files = {p.stem for p in Path(catalogue.__file__).parent.glob("*.py")} - {"__init__"}
    assert files == {topic.__name__.rsplit(".", 1)[1] for topic in TOPICS}
