"""The fuzzer runs, finds nothing in a few hundred texts, and would find a promise that is broken."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "fuzz.py"


@pytest.fixture(scope="module")
def fuzz():
    spec = importlib.util.spec_from_file_location("fuzz", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("target", ["hours", "numbers", "headers"])
def test_texts_drawn_by_lot_keep_every_promise(target, fuzz, capsys):
    assert fuzz.run_by_lot(getattr(fuzz, target), seconds=0, runs=150, seed=3) == 0
    assert capsys.readouterr().out == "150 texts\n"


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is built for Linux alone")
@pytest.mark.parametrize(("target", "runs"), [("hours", "800"), ("numbers", "3000"), ("headers", "300")])
def test_texts_bred_by_atheris_keep_every_promise(target, runs):
    command = [sys.executable, str(TOOL), "--target", target, "--runs", runs]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"number_of_executed_units: {runs}" in done.stderr


def test_a_broken_promise_is_found(fuzz, monkeypatch):
    monkeypatch.setattr("xsgeo.values.read_number", lambda text, unit="": float("nan"))
    with pytest.raises(fuzz.Broken, match="a number that is none"):
        fuzz.run_by_lot(fuzz.numbers, seconds=0, runs=1, seed=3)
