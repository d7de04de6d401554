"""The dirty sample ledgers are what the tool builds, and the answer in the docs is what the check gives."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from xsgeo import fixes, io

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_samples", ROOT / "tools" / "make_samples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def check() -> io.StudyCheck:
    return io.check_study(ROOT / "data" / "samples")


def test_the_samples_are_the_bytes_the_tool_writes(tool, tmp_path):
    tool.write(tmp_path)
    kept = ROOT / "data" / "samples"
    assert {p.name for p in tmp_path.iterdir() if not p.name.startswith(".")} == {p.name for p in kept.iterdir()}
    for path in kept.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_the_workbook_and_the_page_in_the_docs_are_what_the_check_gives(tool, check):
    assert (ROOT / "docs" / "fixes.xlsx").read_bytes() == fixes.workbook(check)
    assert (ROOT / "docs" / "ledgers.md").read_text("utf-8") == tool.page(check)


def test_the_dictionary_in_the_docs_is_what_the_command_prints(tool):
    text = (ROOT / "docs" / "dictionary.md").read_text("utf-8")
    assert text == tool.words()
    out = subprocess.run([sys.executable, "-m", "xsgeo.cli", "schema"], capture_output=True, check=True).stdout
    assert out.decode("utf-8").strip() in text.replace("\r\n", "\n")


def test_no_row_of_the_samples_is_lost(check):
    table = check.reconciliation
    assert (table["rows_in"] == table["rows_used"] + table["rows_rejected"] + table["rows_blank"]).all()
    assert len({f.code for f in check.faults}) >= 15
    assert {"merged_cells", "title_row", "total_row", "hidden_rows", "placed_by_address"} <= {
        n.code for n in check.notes
    }
