"""Every number of the methods page is what its own code prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from xsgeo.scenarios import parse_scenario

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "methods.md").read_text("utf-8")
PAIRS = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("number", range(len(PAIRS)))
def test_code_prints_what_the_page_shows(number):
    code, shown = PAIRS[number]
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.rstrip() for line in out.stdout.strip().splitlines()] == [
        line.rstrip() for line in shown.strip().splitlines()
    ]


def test_there_are_examples_and_a_scenario_that_reads():
    assert len(PAIRS) == 3
    assert parse_scenario(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1]).gale
